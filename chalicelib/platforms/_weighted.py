"""Text as X counts it: at most 280, by weights; a link is 23 however long, an emoji 2 whatever it is made of.

Rules: version 3 of the configuration at https://github.com/twitter/twitter-text (config/v3.json), read
2026-11-21. What a link is follows the same place: behind http:// or https:// a host may have any letters,
without them only Latin ones; it ends with a name of IANA's list of 2026-10-03, which lies beside this file
(`_top_level.txt`). Every step takes time in proportion to the text.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

LONGEST = 280
LINK = 23
WIDE = 2
INVALID = frozenset("\ufffe\ufeff\uffff")
"""No message may have one of these."""
LABEL, ADDRESS, SHORTENED = 63, 4096, 40
"""Characters of one part of a host as the net spells it, of an address, and of what follows https://t.co/."""

_NARROW = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""What counts one; all else counts `WIDE`."""
_SPACES = r"\s\u0085\u180e"
_TURNS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVALID = r"\ufffe\ufeff\uffff"
_IN_HOST = rf"[^!-,./:-@\[-^`{{-~\x00-\x1f\x7f{_SPACES}{_TURNS}{_INVALID}]"
"""Of a part of a host, with - and _."""
_LATIN = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_IN_PATH = rf"[a-z\p{{Cyrillic}}0-9!*';:=+,.$/%#\[\]\p{{Pd}}_~&|@{_LATIN}]"
_EMOJI = (
    r"\p{RI}\p{RI}"
    r"|[0-9#*]\ufe0f?\u20e3"
    r"|(?:(?![\u00a9\u00ae\u2122])\p{Extended_Pictographic}(?!\ufe0e)(?:\ufe0f|\p{Emoji_Modifier})?"
    r"[\U000e0020-\U000e007f]*)"
    r"(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*"
)


@cache
def _patterns() -> tuple[Any, Any, Any, Any, Any, Any]:
    import regex

    flags = regex.IGNORECASE
    link = regex.compile(
        rf"(?<!{_IN_HOST}|[@＠$#＃])(?P<scheme>https?://)?(?P<host>(?![-_]){_IN_HOST}++(?:\.{_IN_HOST}++)++)",
        flags,
    )
    latin = regex.compile(rf"(?:[a-z0-9_{_LATIN}-]++\.)++", flags)
    path = regex.compile(rf"/(?:{_IN_PATH}|\((?:{_IN_PATH}|\({_IN_PATH}+\))+\))*+", flags)
    query = regex.compile(r"\?[a-z0-9!?*'();:&=+$/%#\[\]_.,~|@-]*[a-z0-9_&=#/-]", flags)
    end = regex.compile(rf"[a-z\p{{Cyrillic}}0-9=_#/+\-){_LATIN}]", flags)
    return link, latin, path, query, end, regex.compile(_EMOJI)


@cache
def _top_level() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "_top_level.txt").read_text("utf-8").split())


def length(text: str) -> int:
    """As weighed; a text that nobody may write is as long as it is."""
    text = normalize("NFC", text)
    total, at = 0, 0
    for start, end in links(text):
        total += _plain(text[at:start]) + LINK
        at = end
    return total + _plain(text[at:])


def valid(text: str) -> bool:
    """May it be written, as it stands?"""
    return 0 < length(text) <= LONGEST and not INVALID.intersection(text)


def links(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each is, in order."""
    link, *_ = _patterns()
    at = 0
    while "." in text and (found := link.search(text, at)):
        at = found.end()
        start, host, stop = (
            found.start(),
            found.start("host"),
            _domain(text, found.start("host"), found.end()),
        )
        if not stop or not _fits(text[host:stop]):
            continue
        if found["scheme"]:
            if (end := _tail(text, stop)) - start <= ADDRESS and (end := _shortened(text, start, end)):
                yield start, end
                at = max(at, end)
            continue
        if text[start - 1 : start] in ("-", "_", ".", "/") and start:
            continue
        found_here = list(_latin(text, host, stop))
        yield from found_here[:-1]
        if found_here:
            begin, end = found_here[-1]
            end = _tail(text, end) if end == stop else end
            yield begin, end
            at = max(at, end)


def _latin(text: str, at: int, stop: int) -> Iterator[tuple[int, int]]:
    """The hosts of Latin letters within one that has others too."""
    _, latin, *_ = _patterns()
    while word := latin.search(text, at, stop):
        dot = text.find(".", word.end(), stop)
        end = _domain(text, word.start(), dot if dot >= 0 else stop)
        if end:
            yield word.start(), end
        at = end or word.end()


def _domain(text: str, start: int, stop: int) -> int:
    """Where the host that begins at `start` ends, with the last name of the list behind a full stop; 0
    where there is none."""
    dot = text.rfind(".", start, stop)
    while dot > start:
        end = _listed(text, dot + 1, stop)
        if end:
            return end
        dot = text.rfind(".", start, dot)
    return 0


def _listed(text: str, start: int, stop: int) -> int:
    """Where the name of the list that begins here ends; 0 for none."""
    part = text[start:stop].partition(".")[0].lower()
    run = 0
    while run < len(part) and part[run].isascii() and part[run].isalpha():
        run += 1
    if part.startswith("xn--"):
        run = 4
        while run < len(part) and part[run].isascii() and part[run].isalnum():
            run += 1
    ends = [run] if run else [n for n in range(min(len(part), LABEL), 0, -1) if part[:n] in _top_level()][:1]
    for end in ends:
        after = text[start + end : start + end + 1]
        closed = not (after.isascii() and (after.isalnum() or after in "@+-")) or not after
        if closed and (part[:end] in _top_level() or (part.startswith("xn--") and end > 4)):
            return start + end
    return 0


def _fits(host: str) -> bool:
    """Can each of its parts be asked for?"""
    if host.lower().startswith("xn--") and not host.isascii():
        return False
    spelled = (
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}" for part in host.split(".")
    )
    return all(1 <= len(part) <= LABEL for part in spelled)


def _tail(text: str, at: int) -> int:
    """Where the address ends: its port, its path without the signs that end a sentence, its query."""
    _, _, path, query, end, _ = _patterns()
    if text[at : at + 1] == ":":
        digits = at + 1
        while text[digits : digits + 1].isascii() and text[digits : digits + 1].isdigit():
            digits += 1
        at = digits if digits > at + 1 else at
    if found := path.match(text, at):
        stop = found.end()
        while stop > at + 1 and not end.match(text, stop - 1):
            stop -= 1
        at = stop
    asked = query.match(text, at)
    return asked.end() if asked else at


def _shortened(text: str, start: int, end: int) -> int:
    """Behind https://t.co/ only letters and digits belong to it, and not too many: then 0."""
    _, mark, rest = text[start:end].lower().partition("://t.co/")
    if not mark:
        return end
    slug = 0
    while slug < len(rest) and rest[slug].isascii() and rest[slug].isalnum():
        slug += 1
    return (
        0 if slug > SHORTENED else start + text[start:end].lower().index("://t.co/") + len("://t.co/") + slug
    )


def _plain(text: str) -> int:
    """Of a text without links."""
    *_, emoji = _patterns()
    rest, found = emoji.subn("", text) if not text.isascii() or "\u20e3" in text else (text, 0)
    return found * WIDE + sum(
        1 if any(low <= ord(one) <= high for low, high in _NARROW) else WIDE for one in rest
    )
