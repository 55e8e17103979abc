"""A visitor of the console over HTTP, without a browser: keeps cookies, fills in the forms a page has."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from functools import cached_property
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from tests.web.checks import text_of

SECONDS = 30
ZONE = ZoneInfo("Europe/Amsterdam")
"""The example brand's."""


@dataclass
class Form:
    """`fields` as they are filled in on the page; `buttons` are the (name, value) that may be pressed."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class Answer:
    """What came back. A redirect is not followed."""

    status: int
    headers: Message
    html: str

    @cached_property
    def text(self) -> str:
        """What a person reads, with single spaces."""
        return told(self.html)

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    def form(self, action: str, press: str = "") -> Form:
        """The form whose address ends so; of several the one with that button."""
        all = forms(self.html)
        found = [form for form in all if form.action.endswith(action)]
        if press and len(found) > 1:
            found = [form for form in found if ("do", press) in form.buttons]
        assert len(found) == 1, f"{action}: {[form.action for form in all]} in: {self.text[:500]}"
        return found[0]

    def row(self, author: str) -> str:
        """The text of the only list row that begins with this author; "" if there is none."""
        rows = [told(f"<li{row}") for row in self.html.split('<li class="row')[1:]]
        found = [row for row in rows if f"@{author} " in row]
        assert len(found) <= 1, found
        return found[0] if found else ""


def told(html: str) -> str:
    """The text of a page or a part of it; what stands apart is kept apart."""
    return text_of(re.sub(r"</(?:p|dt|dd|td|th|li|h[1-3])>|<br>", r"\g<0> ", html))


@dataclass(frozen=True)
class Planned:
    """A post: its page, when it is to leave, and what it says."""

    path: str
    moment: datetime
    text: str


class Visitor:
    """`console` without a slash at its end."""

    def __init__(self, console: str, language: str = "en") -> None:
        self.host = urlsplit(console).netloc
        self.language = language
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        headers = {"Origin": f"http://{self.host}", "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), headers)

    def submit(self, page: Answer, action: str, press: str = "", **filled: str) -> Answer:
        """Send a form of the page with some fields filled in; `press` is the value of its button `do`."""
        form = page.form(action, press)
        assert set(filled) <= set(form.fields), form
        if press:
            assert ("do", press) in form.buttons, form
            filled["do"] = press
        return self.post(form.action, {**form.fields, **filled})

    def plan(self, moment: datetime, title: str) -> Planned:
        """Plan a post on the form, for the minute of this moment."""
        page = self.get(f"/calendar/new?when={moment.astimezone(ZONE):%Y-%m-%dT%H:%M}")
        text = f"{title}. Kom langs, het water is warm."
        planned = self.submit(page, "/calendar/new", title=title, text=text)
        path, _, done = planned.location.partition("?")
        assert (planned.status, done) == (303, "done=planned"), planned.text
        return Planned(path, moment, text)

    def sign_in(self, email: str, password: str, at: str = "/") -> Answer:
        """Go to a page, be sent to sign in, do so, and arrive."""
        asked = self.get(at)
        assert asked.status == 303, asked.text
        assert asked.location.startswith("/sign-in?next="), asked.location
        entered = self.submit(self.get(asked.location), "/sign-in", email=email, password=password)
        assert (entered.status, entered.location) == (303, at), entered.text
        return self.get(at)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        sent = {"Accept": "text/html", "Accept-Language": self.language, **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection(self.host, timeout=SECONDS)
        try:
            connection.request(method, path, body or None, sent)
            got = connection.getresponse()
            answer = Answer(got.status, got.headers, got.read().decode())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in line:
                del self.cookies[name]
        return answer


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._typed = ""
        """The name of the text area that is open."""
        self._chosen = ""
        """The name of the select that is open."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
            self._by_id[given.get("id", "")] = self.forms[-1]
        elif tag == "input" and self.forms and "name" in given:
            if given.get("type") != "checkbox" or "checked" in given:
                self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "select" and self.forms:
            self._chosen = given["name"]
        elif tag == "option" and self._chosen:
            fields = self.forms[-1].fields
            if "selected" in given or self._chosen not in fields:
                fields[self._chosen] = given["value"]
        elif tag == "textarea" and self.forms and "name" in given:
            self._typed = given["name"]
            self.forms[-1].fields[self._typed] = ""
        elif tag == "button" and "name" in given:
            form = self._by_id[given["form"]] if "form" in given else self.forms[-1]
            form.buttons.add((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._chosen = ""
        if tag == "textarea" and self._typed:
            fields = self.forms[-1].fields
            fields[self._typed] = fields[self._typed].removeprefix("\n")  # as HTML says
            self._typed = ""

    def handle_data(self, data: str) -> None:
        if self._typed:
            self.forms[-1].fields[self._typed] += data


def forms(html: str) -> list[Form]:
    """In order."""
    page = _Forms()
    page.feed(html)
    page.close()
    return page.forms
