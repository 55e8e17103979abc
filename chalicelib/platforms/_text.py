"""From what strangers publish to text we can keep: without markup, tricks or surprises.

Everything here takes time in proportion to its input, whatever that is. That is why markup is not
read with `html.parser`: it looks for the end of an unclosed comment or quote again and again, and
needs minutes for a megabyte of them.
"""

import codecs
import re
from collections.abc import Iterator
from html import unescape
from unicodedata import combining, normalize
from urllib.parse import urljoin, urlsplit

from chalicelib.domain.mention import TEXT_LIMIT

LINE_LIMIT = 300
LINKS = 50
MARKS = 30
"""Most marks one letter carries, as in Unicode's stream-safe text; more only cost time (UAX 15)."""

# C0 and C1 controls, soft hyphens and other invisible breaks, overrides of the reading direction,
# byte order marks, halves of characters
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\u202a-\u202e\u2066-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def tidy(text: str) -> str:
    """Plain text as we keep it: lines without blank ones between, NFC, at most `TEXT_LIMIT` characters."""
    lines = (" ".join(line.split()) for line in _UNSEEN.sub("", text).splitlines())
    short = "\n".join(line for line in lines if line)[:TEXT_LIMIT]
    return normalize("NFC", _calm(short))[:TEXT_LIMIT].strip()


def one_line(text: str) -> str:
    """A name or a title: at most `LINE_LIMIT` characters."""
    return " ".join(tidy(text).split())[:LINE_LIMIT].strip()


def _calm(text: str) -> str:
    """Without the marks beyond `MARKS` in a row: ordering them takes the square of their number."""
    if text.isascii() or not any(map(combining, text)):
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if combining(character) else 0
        if run <= MARKS:
            kept.append(character)
    return "".join(kept)


def link_end(found: re.Match[str]) -> int:
    """Of a link in a text, found up to a bracket: behind that where the link opened it."""
    opened = found[0].count("(") > found[0].count(")")
    return found.end() + (opened and found.string[found.end() :][:1] == ")")


# markup ----------------------------------------------------------------------------------------------

_OPENING = re.compile(r"<(?:(?P<comment>!--)|[!?]|(?P<close>/)?(?P<name>[a-zA-Z][a-zA-Z0-9]*+))")
_REST_OF_TAG = re.compile(r"""[^>=]*+(?:=\s*+(?:"[^"]*+"|'[^']*+')?+[^>=]*+)*+>""")
_HREF = re.compile(r"""\shref\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"&#\d{9,}+;?")
_SPACE = re.compile(r"\s+")
_SILENT = {
    name: re.compile(rf"</{name}(?![a-z0-9])[^>]*+>", re.IGNORECASE)
    for name in ("script", "style", "template", "iframe", "noembed", "noframes", "textarea")
}
_BLOCKS = re.compile(
    "address|article|aside|blockquote|br|center|d[dlt]|details|div|fieldset|figcaption|figure|footer|form"
    "|h[1-6r]|header|li|main|nav|[ou]l|option|p|pre|section|summary|table|tbody|t[dhr]|tfoot|thead"
)


def plain(html: str) -> str:
    """The text of HTML, each block on a line of its own; what is never shown is left out.

    Reads tags as browsers do: a comment or tag that nobody closes swallows the rest.
    """
    pieces = []
    for words, name, _ in _walked(html):
        pieces.append(_words(words))
        if _BLOCKS.fullmatch(name):
            pieces.append("\n")
    return tidy("".join(pieces))


def links(html: str, base: str = "") -> tuple[str, ...]:
    """Where the words of HTML lead, in order, at most `LINKS`; without what leads to the site of `base`."""
    own, found = _site(base), dict[str, None]()
    for _, name, tag in _walked(html) if "<a" in html.lower() else ():
        href = _HREF.search(tag) if name == "a" else None
        there = web_link(unescape(href[1] or href[2] or href[3] or ""), base) if href else ""
        if there and _site(there) != own:
            found[there] = None
        if len(found) >= LINKS:
            break
    return tuple(found)


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.") if web_link(address) else ""


def _walked(html: str) -> Iterator[tuple[str, str, str]]:
    """Words, then the tag after them: its name in small letters, and what it says if it opens."""
    at = 0
    while opening := _OPENING.search(html, at):
        name = (opening["name"] or "").lower()
        after = _after(html, opening)
        yield html[at : opening.start()], name, "" if opening["close"] else html[opening.end() : after]
        at = after
        if name in _SILENT and not opening["close"]:
            end = _SILENT[name].search(html, at)
            at = end.end() if end else len(html)
    yield html[at:], "", ""


def _after(html: str, opening: re.Match[str]) -> int:
    """Where the comment, declaration or tag ends."""
    if opening["comment"]:
        end = html.find("-->", opening.end() - 2)
        return end + 3 if end >= 0 else len(html)
    if opening["name"]:
        rest = _REST_OF_TAG.match(html, opening.end())
        return rest.end() if rest else len(html)
    return html.find(">", opening.end()) + 1 or len(html)


def _words(markup: str) -> str:
    """Entities decoded; line ends of the markup mean no more than a space."""
    if "&" in markup:
        markup = unescape(_LONG_NUMBER.sub(" ", markup))
    return _SPACE.sub(" ", markup)


# addresses and encodings -----------------------------------------------------------------------------


def web_link(given: str, base: str = "") -> str:
    """An absolute http or https address that may be shown as a link, else ""."""
    try:
        found = urljoin(base, "".join(given[:2001].split()))
        parts = urlsplit(found)
    except ValueError:
        return ""
    fit = given.strip() and parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return found if fit and len(found) <= 2000 and not _UNSEEN.search(found) else ""


_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_OLD_WESTERN = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252"})
_OTHERS = re.compile(
    r"utf-(8|16|32)(-[lb]e)?|iso8859-\d+|cp\d+|koi8-\w|gb\w+|big5\w*|shift_jis\w*|euc_\w+|iso2022_\w+"
)


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of an XML or JSON document, by its mark, its header, its declaration, or a guess."""
    for mark, encoding in _MARKED:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in _BARE:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    said = _CHARSET.search(content_type)
    declared = _DECLARED.match(body[:400])
    named = said[1] if said else declared[1].decode() if declared else "utf-8"
    for encoding in (*_candidates(named), "utf-8"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1252", "replace")


def _candidates(named: str) -> tuple[str, ...]:
    """Text that can be read as UTF-8 is UTF-8, when it is said to be Western: so many servers are wrong."""
    try:
        name = codecs.lookup(named).name
    except LookupError:
        return ()
    if name in _OLD_WESTERN:
        return ("utf-8", "cp1252")
    return (name,) if _OTHERS.fullmatch(name) else ()
