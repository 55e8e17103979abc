"""Webmention: a page elsewhere says that it links to ours, and is looked at whether it does.

W3C Recommendation (https://www.w3.org/TR/webmention/), microformats2 (h-entry), read 2026-11-21. Nothing is
signed: that the page links to ours is the proof. So a page is fetched by the one door out, once for each word
of it; one that does not answer, or links to us no more, tells nothing, or is gone here.
"""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import HttpError
from chalicelib.platforms._http_json import moment
from chalicelib.platforms._syndication import canonical
from chalicelib.platforms._text import _walked, decoded, one_line, plain, web_link
from chalicelib.ports import Http

SECONDS, BYTES = 8.0, 1_000_000
EXCERPT = 600
"""Characters of a page that does not say which part of it is what it has to say."""
_FORM = re.compile(rb"(?:source|target)=")
_ADDRESS = re.compile(r"""\s(?:href|src)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
_CLASS = re.compile(r"""\sclass\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
_AT = re.compile(r"""\sdatetime\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""", re.IGNORECASE)
_EMPTY = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
"""Tags that nothing closes."""
_PARTS = ("p-name", "e-content", "p-summary", "p-author")


def asked(body: bytes) -> tuple[str, str] | None:
    """Source and target; None for a body that is no such form."""
    if not _FORM.match(body):
        return None
    form = parse_qs(body[:10_000].decode("utf-8", "replace"), max_num_fields=20)
    source, target = (form.get(name, [""])[0].strip() for name in ("source", "target"))
    return (source, target) if source and target else None


def heard(source: str, target: str, site: str, http: Http) -> tuple[Found, ...]:
    """The page that links to one of ours, as it stands now; gone where it does so no more. Nothing for what
    is no page, or none of another site."""
    there = web_link(source)
    if not there or not _within(target, site) or _within(there, site):
        return ()
    try:
        answer = http.request(
            "GET", there, headers={"Accept": "text/html, */*;q=0.5"}, seconds=SECONDS, max_bytes=BYTES
        )
    except HttpError:
        return ()
    if answer.status not in (200, 404, 410):
        return ()
    text = decoded(answer.body, answer.headers.get("content-type", "")) if answer.status == 200 else ""
    if target not in _links(text, answer.url):
        nobody = Author(id="", handle="")
        return (Found(id=native_id(there), author=nobody, text="", posted_at=None, edited=True, gone=True),)
    return (_found(there, text),)


def _within(address: str, site: str) -> bool:
    """Is it a page of the site, with www. or without?"""
    try:
        page, ours = urlsplit(address), urlsplit(site)
    except ValueError:
        return False
    hosts = [(each.hostname or "").removeprefix("www.") for each in (page, ours)]
    folder = ours.path.rstrip("/")
    return (
        page.scheme in ("http", "https")
        and hosts[0] == hosts[1] != ""
        and (page.path == folder or page.path.startswith(f"{folder}/") or not folder)
    )


def _links(text: str, base: str) -> set[str]:
    """Where its tags lead, as whole addresses."""
    found = set()
    for _, name, tag in _walked(text):
        for each in _ADDRESS.finditer(f" {tag}") if name and tag else ():
            try:
                found.add(urljoin(base, unescape(each[1] or each[2] or each[3] or "").strip()))
            except ValueError:
                continue
    return found


def _found(source: str, text: str) -> Found:
    host = (urlsplit(source).hostname or "").removeprefix("www.")
    parts, at = _entry(text)
    name = one_line(plain(parts.get("p-author", "")))[:100] or host
    title = one_line(plain(parts.get("p-name", "")))
    said = plain(parts.get("e-content", "") or parts.get("p-summary", ""))
    if not said:
        title, said = title or _title(text), plain(text)[:EXCERPT]
    body = said if not title or said.startswith(title) else f"{title}\n{said}"
    return Found(
        id=native_id(source),
        author=Author(id=native_id(f"{host} {name}"), handle=name, name=name, url=f"https://{host}/"),
        text=body or host,
        posted_at=moment(at),
        url=source,
        address=canonical(source),
        direct=True,
        edited=True,
    )


def _title(text: str) -> str:
    _, _, rest = text.partition("<title")
    return one_line(plain(rest.partition(">")[2].partition("</title")[0]))


def _entry(text: str) -> tuple[Mapping[str, str], str]:
    """The HTML of the parts of its first h-entry, by name, and when it was published."""
    parts: dict[str, list[str]] = {}
    open_parts: list[tuple[int, str]] = []
    depth, inside, at = 0, 0, ""
    for words, name, tag in _walked(text):
        for _, part in open_parts:
            parts[part].append(words)
        if not name:
            continue
        classes = _classes(tag)
        if tag and not _EMPTY.fullmatch(name):
            depth += 1
            inside = inside or (depth if "h-entry" in classes else 0)
            for part in _PARTS if inside else ():
                if part in classes and part not in parts:
                    parts[part] = []
                    open_parts.append((depth, part))
        elif not tag:
            depth -= 1
            open_parts = [each for each in open_parts if each[0] <= depth]
            if inside and depth < inside:
                break
        if inside and "dt-published" in classes and not at and (said := _AT.search(f" {tag}")):
            at = said[1] or said[2] or ""
        for _, part in open_parts:
            parts[part].append(f"<{name}>" if tag else f"</{name}>")
    return {name: "".join(pieces) for name, pieces in parts.items()}, at


def _classes(tag: str) -> frozenset[str]:
    found = _CLASS.search(f" {tag}")
    return frozenset((found[1] or found[2] or found[3] or "").split()) if found else frozenset()
