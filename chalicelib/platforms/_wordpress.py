"""What WordPress's REST API says: refusals by their codes, comments as messages, words as HTML.

Where it is: https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/, read 2026-11-30.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import (
    HttpError,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from chalicelib.platforms._http_json import WRITE_SECONDS, JsonApi, count, link, origin, words
from chalicelib.platforms._text import decoded, link_end, links, one_line, plain
from chalicelib.ports import Answer, Http
from chalicelib.ports.showing import Image

NAME = "wordpress"
API = "https://api.w.org/"
"""How the address of the API is named."""
FLOOD = 15.0
"""Seconds between two comments of one person, as WordPress asks unless a site says otherwise."""
LINKED = ("pingback", "trackback")
HEARD = ("comment", *LINKED, None)
"""Plug-ins keep notes of other types among the comments."""
_KEY = frozenset(
    {"incorrect_password", "invalid_username", "invalid_email", "application_passwords_disabled"}
)
_CLOSED = frozenset({"rest_comment_closed", "rest_comment_draft_post", "rest_comment_trash_post"})
_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'()\[\]]")


class Way:
    """To the API of a site: at `/wp-json`, or where the site says. Plays `Http` for addresses of the first.

    The site is asked only where `/wp-json` is no API: its answers are always JSON, and what else answers 404
    there knows nothing of a message.
    """

    def __init__(self, http: Http, site: str) -> None:
        self._http, self._site = http, site
        self.start = f"{site}/wp-json"
        self._root = ""

    def request(self, method: str, url: str, **how: Any) -> Answer:
        """Raises Rejected where there is no API, and Unavailable where the site does not say, besides."""
        answer = self._http.request(method, self._at(url), **how)
        makes = method == "POST" and not url[-1:].isdigit()  # only what exists has a number
        if not self._root and _none_there(answer, makes):
            self._root = self._told()
            if self._root and self._root != self.start:
                answer = self._http.request(method, self._at(url), **how)
        if answer.status in (404, 405, 410) and not _is_json(answer):
            raise Rejected(NAME, f"HTTP {answer.status}: the site shows no REST API")
        return answer

    def _at(self, url: str) -> str:
        """With plain addresses the path is a word of the query: `/index.php?rest_route=/`."""
        path = url.removeprefix(self.start)
        return (self._root or self.start) + (path.replace("?", "&", 1) if "?" in self._root else path)

    def _told(self) -> str:
        """As the site's header or page names it, without a slash at its end; "" where neither does."""
        from chalicelib.platforms._links import in_header, in_tags, joined  # few sites need it

        try:
            page = self._http.request("GET", f"{self._site}/", headers={"Accept": "text/html"})
        except HttpError as error:
            raise Unavailable(NAME, str(error)) from error
        text = decoded(page.body, page.headers.get("content-type", ""))
        for rel, address in (*in_header(page.headers), *in_tags(text)):
            there = joined(page.url, address)
            if API in rel.split() and origin("://".join(urlsplit(there)[:2])):
                return there.rstrip("/")
        return ""


def _none_there(answer: Answer, makes: bool) -> bool:
    """Was it somebody else who answered? Where something new may have been made all the same, it is not."""
    strange = (301, 302, 404, 405, 410) if makes else (200, 301, 302, 404, 405, 410)
    return answer.status in strange and not _is_json(answer)


def _is_json(answer: Answer) -> bool:
    return "json" in answer.headers.get("content-type", "").lower()


class WordPressApi(JsonApi):
    """JsonApi with this API's own words for a refusal: `{"code": name, "message": text}`."""

    def upload(self, image: Image) -> str:
        """Its address at the site. One that was uploaded before is uploaded again: nothing shows it."""
        kind = image.type.partition("/")[2]
        name = f"{re.sub(r'[^a-z0-9-]', '', image.name.lower())[:60] or 'image'}.{kind}"
        headers = {
            **self._headers,
            "Content-Type": image.type,
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        try:
            answer = self._http.request(
                "POST", self._base + "/media", headers=headers, body=image.read(), seconds=WRITE_SECONDS
            )
        except HttpError as error:
            raise self._failed(error, Unavailable) from error
        made = self._value(answer, Unavailable)
        address = words(made.get("source_url"), 2000) if isinstance(made, dict) else ""
        if not address.startswith(("https://", "http://")):
            raise Unavailable(self._platform, "the answer is not an image")
        return address

    def _value(self, answer: Answer, unclear: type[PlatformError]) -> Any:
        if not 400 <= answer.status < 500 or answer.status in (408, 429):
            return super()._value(answer, unclear)
        code, told = _refusal(answer)
        if code == "comment_flood":
            raise RateLimited(self._platform, FLOOD)
        if code in _KEY or (answer.status in (401, 403) and code not in _CLOSED):
            raise Unauthorized(self._platform, told)
        raise Rejected(self._platform, told)


def _refusal(answer: Answer) -> tuple[str, str]:
    """Its code, and all that was said in one short line."""
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        value = None
    given = value if isinstance(value, dict) else {}
    code, message = words(given.get("code"), 100), one_line(plain(words(given.get("message"), 300)))
    return code, ": ".join(part for part in (f"HTTP {answer.status}", code, message) if part)


def place_of(given: str) -> str:
    """A site's address without a slash at its end, perhaps with a folder; "" for what is none. No password
    travels in clear text."""
    try:
        parts = urlsplit(given.strip())
    except ValueError:
        return ""
    base = origin(f"{parts.scheme}://{parts.netloc}")
    plainly = not (parts.query or parts.fragment) and re.fullmatch(r"(/[\w.~-]+)*/?", parts.path)
    return base + parts.path.rstrip("/") if base and plainly else ""


def utc(value: Any) -> datetime | None:
    """Of `date_gmt`, which says no zone."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def said(value: Any) -> str:
    """The plain text of a `{"rendered": ...}`."""
    return plain(words(value.get("rendered"), 200_000)) if isinstance(value, dict) else ""


def content(item: Mapping[str, Any]) -> str:
    return said(item.get("content"))


def found(given: Mapping[str, Any], site: str) -> Found | None:
    """None for one without words or author. Of a page that links here (a pingback) that page is its link."""
    id, name, text = (
        count(given.get("id")),
        one_line(words(given.get("author_name"), 300)),
        content(given),
    )
    if not (id and text) or given.get("status", "approved") != "approved" or given.get("type") not in HEARD:
        return None
    theirs, user, above = link(given.get("author_url")), count(given.get("author")), given.get("parent")
    handle = name or "anonymous"
    linked = given.get("type") in LINKED
    address = link(given.get("link"))
    rendered = given.get("content")
    return Found(
        id=native_id(f"{site}/{id}"),
        author=Author(
            id=f"{site}/u{user}" if user else native_id(f"{site} {theirs or handle}"),
            handle=handle,
            name=name,
            url=theirs,
        ),
        text=text,
        posted_at=utc(given.get("date_gmt")),
        url=theirs if linked and theirs else address,
        reply_to=native_id(f"{site}/{above}") if count(above) else "",
        direct=True,
        links=links(words(rendered.get("rendered"), 200_000), address) if isinstance(rendered, dict) else (),
    )


def html(text: str) -> str:
    """Plain words as HTML: paragraphs, lines, and links that lead somewhere."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "\n\n".join(f"<p>{_linked(part)}</p>" for part in paragraphs)


def comment(text: str) -> str:
    """Plain words as a comment: the site makes its own paragraphs and links of it."""
    return escape(text.strip(), quote=False)


def _linked(text: str) -> str:
    pieces, at = [], 0
    for each in _LINK.finditer(text):
        end = link_end(each)
        address = unrun(escape(text[each.start() : end]))
        pieces += [_escaped(text[at : each.start()]), f'<a href="{address}">{address}</a>']
        at = end
    return "".join([*pieces, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return unrun(escape(text, quote=False)).replace("\n", "<br>\n")


def unrun(html: str) -> str:
    """What only looks like a shortcode is shown, and not run."""
    return html.replace("[", "&#91;")


def folded(text: str) -> str:
    """What stays the same however a site dresses quotes, dashes and white space."""
    return "".join(each for each in text if each.isalnum()).casefold()
