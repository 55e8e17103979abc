"""Is a page HTML as the standard has it, and can everything on it be done without a script?

Python has no parser that reports every fault, so this reads the tags by the tables in vocabulary.py: what is
not allowed there is named. tests/e2e asks a browser's own parser as well, whether it found what was written.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.web import vocabulary as words

DATETIME = re.compile(
    r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?)?|\d\d:\d\d|P[\dDTHMS]+"
)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass
class Element:
    tag: str
    given: dict[str, str]
    children: list[str] = field(default_factory=list)
    text: str = ""


class _Reader(HTMLParser):
    """An svg is skipped but for its text: what is in it is drawn, and tests/web/test_report.py reads that."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []
        self.found: list[str] = []
        self.forms: list[str] = []
        """By id or number."""
        self.filled_in: list[str] = []
        """The form of each field."""
        self.sent_from: list[str] = []
        """The form of each button."""
        self._form = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._drawn:
            if tag not in words.VOID:
                self.open.append(Element(tag, {}))
            return
        given = {name: value or "" for name, value in attrs}
        self._place(tag, given)
        self._attributes(tag, given)
        self._deed(tag, given)
        if self.open:
            self.open[-1].children.append(tag)
        if tag not in words.VOID:
            self.open.append(Element(tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._drawn and tag not in words.VOID:
            self.found.append(f"<{tag}/> does not close itself")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            return  # named by checks.py
        done = self.open.pop()
        if not self._drawn and tag != "svg":
            self._whole(done)
        for above in self.open[-1:]:
            above.text += done.text
        if tag == "form":
            self._form = ""

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.open[-1].text += data
            if self.open[-1].tag in words.NO_TEXT:
                self.found.append(f"text in <{self.open[-1].tag}>: {data.strip()[:30]}")

    @property
    def _drawn(self) -> bool:
        return any(one.tag == "svg" for one in self.open)

    def _place(self, tag: str, given: dict[str, str]) -> None:
        above = [one.tag for one in self.open]
        parent = above[-1] if above else ""
        if not parent:
            if tag != "html":
                self.found.append(f"<{tag}> outside <html>")
            return
        if parent == "html" or tag in words.FIRST:
            wanted = words.FIRST.get(tag, "html")
            first = not self.open[-1].children or parent == "html"
            if parent != wanted or not first:
                self.found.append(f"<{tag}> is not the first in a <{wanted}>")
        elif tag in words.ONLY_IN:
            if parent not in words.ONLY_IN[tag]:
                self.found.append(f"<{tag}> in <{parent}>")
        elif tag not in words.allowed_in(above):
            self.found.append(f"<{tag}> in <{parent}>")
        operated = tag in words.OPERATED and given.get("type") != "hidden"
        for outer in ("a", "button", "label"):
            if outer in above and (tag == outer or (operated and outer != "label")):
                self.found.append(f"<{tag}> in <{outer}>")
        if tag == "form" and "form" in above:
            self.found.append("<form> in <form>")

    def _attributes(self, tag: str, given: dict[str, str]) -> None:
        own = words.OWN.get(tag, set())
        for name, value in given.items():
            known = name in words.EVERYWHERE or name in own or name in words.ARIA or name.startswith("data-")
            if not known and tag != "svg":
                self.found.append(f"{name} on <{tag}>")
            if name in ("id", "for", "lang", "href", "role") and (not value or value != value.strip()):
                self.found.append(f"{name} on <{tag}> is {value!r}")
        if re.search(r"\s", given.get("id", "") + given.get("href", "")):
            self.found.append(f"a space in id or href of <{tag}>: {given}")
        checks = [
            ("lang" in given and not LANGUAGE.fullmatch(given["lang"]), "no language"),
            (given.get("dir", "auto") not in ("auto", "ltr", "rtl"), "no direction"),
            (given.get("tabindex", "0") not in ("0", "-1"), "an order of its own for the tab key"),
            ("datetime" in given and not DATETIME.fullmatch(given["datetime"]), "no moment"),
            (given.get("role", "note") not in words.ROLES, "no role that is known"),
            (tag == "input" and given.get("type", "text") not in words.TYPES, "no type of field"),
            (tag == "th" and given.get("scope") not in ("col", "row", "colgroup", "rowgroup"), "no scope"),
            (tag == "img" and "alt" not in given, "no words for a picture"),
            (tag in words.NAMELESS and "aria-label" in given and "role" not in given, "a name unheard"),
            (tag == "svg" and not {"aria-hidden", "aria-label", "aria-labelledby"} & set(given), "no name"),
        ]
        self.found += [f"{said} on <{tag}>: {given}" for wrong, said in checks if wrong]

    def _deed(self, tag: str, given: dict[str, str]) -> None:
        """What can be pressed leads somewhere without a script."""
        if tag == "form":
            self._form = given.get("id", f"number {len(self.forms) + 1}")
            self.forms.append(self._form)
            leads = given.get("method") in ("post", "get") and given.get("action", "").startswith("/")
            if not leads and given.get("method") != "dialog":
                self.found.append(f"<form> without method or address: {given}")
        elif tag == "a" and "href" not in given:
            self.found.append("<a> leads nowhere")
        elif tag == "button":
            sends = given.get("form", self._form)
            if not sends:
                self.found.append(f"<button> outside any form: {given}")
            self.sent_from.append(sends)
        elif tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.filled_in.append(given.get("form", self._form))

    def _whole(self, done: Element) -> None:
        tag, text = done.tag, done.text.strip()
        named = text or done.given.get("aria-label") or "img" in done.children
        if (
            tag in words.HEADINGS or tag in ("a", "button", "summary", "label", "legend", "th")
        ) and not named:
            self.found.append(f"<{tag}> says nothing: {done.given}")
        if tag == "details" and done.children[:1] != ["summary"]:
            self.found.append("<details> without <summary>")
        if tag == "dl":
            terms = [each for each in done.children if each in ("dt", "dd")]
            if terms and (terms[0] != "dt" or terms[-1] != "dd"):
                self.found.append("<dl> with a term or a meaning alone")
        if tag == "select" and "option" not in done.children and "optgroup" not in done.children:
            self.found.append("<select> without a choice")


def unlawful(html: str) -> list[str]:
    """What the standard does not allow on this page, or what needs a script."""
    page = _Reader()
    page.feed(html)
    page.close()
    dead = [name for name in page.forms if name in page.filled_in and name not in page.sent_from]
    return page.found + [f"form {name} cannot be sent" for name in dead]
