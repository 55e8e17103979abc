"""What is held as noise: what nobody who wants something of us writes. Precision first: what a rule misses
costs a glance, what it holds wrongly costs an answer.

A rule gives its reason as one line of words and numbers: `links 9 11` is nine links and eleven words. The
pages say it in a reader's words; here it is a key. Nothing is deleted by it.

Six rules look at one text, in reading order; `bait` looks at several that came together or soon after each
other. None looks at what is addressed to us, and what turns out to be pressing is let through when it was
judged (`Hold`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zlib import crc32

from chalicelib.domain.brand import Block
from chalicelib.domain.mention import AUTHOR, DRILL, SITE, Found

LINKS, WORDS_A_LINK = 5, 2.5
"""So many links to few places, and at most so many words to each."""
SENTENCE = 8
"""Words in a row that are said, and no labels of links."""
TAGS, TAG_WORDS = 12, 8
"""So many hashtags, at most so many other words, and a link: without one it is a glad customer's photo."""
SEGMENTS, SEGMENT_WORDS, SHARED = 11, 4, 0.8
"""So many short pieces between commas, nearly all of which hold the same word; and a link."""
MARKED = 3
"""Links still in the markup of a forum, with fewer than `MARKED_WORDS` other words to each."""
MARKED_WORDS = 5
HIDDEN = 8
"""Characters that nobody sees, between letters of one word; and a link."""
SAID, DENSE = 7, 0.25
"""The same two words in a row so often, which make up so much of the text; and a link."""
COPIES, AUTHORS, TARGETS = 5, 3, 4
"""So many texts that are nearly the same, by so many authors, to so many places; or all of them by one
author.
"""
WITHOUT_LINK = 8
"""Of one author, where only who is called on differs."""
WINDOW = 8
"""Quarters of an hour in which they came."""
REMEMBERED = 16
"""Texts of a source that are compared with the next ones."""
MARK, ALIKE, SHORTEST = 12, 6, 5
"""Bytes of a text that is remembered: quarter, author, target, call, and eight by which texts are compared,
of which so many are the same in what is nearly the same. Shorter than so many words is compared with
nothing."""

_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s\])<>\"']+", re.IGNORECASE)
_TAG, _CALL = re.compile(r"#\w+"), re.compile(r"(?<![\w/])@[\w.-]+")
_WORD = re.compile(r"[^\W\d_]+")
_MARKUP = re.compile(r"\[(?:url|link)=|<a\s[^>]{0,200}?href", re.IGNORECASE)
_MARKUP_ALL = re.compile(r"\[/?(?:url|link)[^\]]{0,300}\]|<[^<>]{0,300}>", re.IGNORECASE)
_UNSEEN = re.compile(r"(?<=[a-z])[\u200b\u2060\ufeff\u180e]+(?=[a-z])", re.IGNORECASE)
_BROKEN = re.compile(
    r"\b(?:404|(?:doen|doet|werkt|werken|laadt|laden|opent) (?:\w+ ){0,2}niet|kapotte?|dode links?"
    r"|broken|dead links?|(?:not|n['’]t) (?:work|load|open)\w*)\b",
    re.IGNORECASE,
)
"""Who tells of links that do not work has to name them."""
_PIECES = re.compile(r"[,;|\n]")
_PICTURES = (
    "imgur.com", "ibb.co", "postimg.cc", "photos.google.com", "photos.app.goo.gl", "drive.google.com",
    "docs.google.com", "dropbox.com", "wetransfer.com", "we.tl", "1drv.ms", "icloud.com", "flickr.com",
    "flic.kr", "pbs.twimg.com", "pic.twitter.com", "youtu.be", "youtube.com", "vimeo.com", "gyazo.com",
    "prnt.sc", )  # fmt: skip
"""Where people lay down photos and films: what shows a complaint is no farm."""
_SHORT = (
    "t.co", "bit.ly", "buff.ly", "ow.ly", "tinyurl.com", "lnkd.in", "dlvr.it", "ift.tt", "trib.al", "goo.gl",
    "is.gd", "rb.gy", "fb.me", "wp.me",
)  # fmt: skip
"""Shorteners give each who shares the same page another address."""


def sift(
    blocks: Sequence[Block], platform: str, found: Sequence[Found], like: bytes, now: datetime
) -> tuple[list[str], bytes]:
    """Why each is held as noise, "" for what is not; and what is remembered of them (`SourceState.like`).

    A block goes first, and holds what is addressed to us as well: a person set it, with a reason.
    """
    index = Blocked(blocks)
    fresh = [
        None if one.direct or one.gone else trace(one.text, one.author.id, now.timestamp()) for one in found
    ]
    again = {each.packed[1:] for each in fresh if each}  # a call that comes twice is one
    known = [each for each in traces(like) if each.packed[1:] not in again]
    together = [*known, *(each for each in fresh if each)]
    why = [
        index.reason(one, platform)
        or ("" if one.direct else rule(one.text) or (bait(seen, together) if seen else ""))
        for one, seen in zip(found, fresh, strict=True)
    ]
    return why, remembered(known, [each for each in fresh if each])


class Blocked:
    """The blocks of a brand, to be asked of many messages."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._authors = {each.what: each.id for each in blocks if each.kind == AUTHOR}
        self._sites = [(each.what, each.id) for each in blocks if each.kind == SITE]

    def reason(self, one: Found, platform: str) -> str:
        """`author` or `site` with the block's id; "" where none holds it."""
        of = one.platform if one.platform not in ("", DRILL) else platform
        if one.author.id and (found := self._authors.get(f"{of}/{one.author.id}")):
            return f"{AUTHOR} {found}"
        place = _place(one.url) if self._sites and one.url else ""
        return next((f"{SITE} {id}" for site, id in self._sites if place and below(site, place)), "")


def below(site: str, place: str) -> bool:
    """Is a place, as `host/path`, at this site or below it; where the site has a path, at that or below?"""
    host, _, path = place.partition("/")
    wanted, _, first = site.partition("/")
    if host != wanted and not host.endswith("." + wanted):
        return False
    return not first or path == first or path.startswith(first.rstrip("/") + "/")


def rule(text: str) -> str:
    """The reason to hold one text by itself; "" for none."""
    links = [each for each in map(_place, _LINK.findall(text)) if not _is_of(each, _PICTURES)]
    if not links:
        return ""
    bare = _LINK.sub(" ", text)
    broken = _BROKEN.search(bare) is not None
    words = _WORD.findall(_CALL.sub(" ", _TAG.sub(" ", bare)).casefold())
    marked = len(_MARKUP.findall(text))
    if marked and not broken:
        said = len(_WORD.findall(_MARKUP_ALL.sub(" ", text)))
        return f"markup {marked} {said}" if marked >= MARKED and said <= MARKED_WORDS * marked else ""
    sites = {each.partition("/")[0] for each in links}
    few = len(sites) * 2 < len(links) and len(words) <= WORDS_A_LINK * len(links)
    if len(links) >= LINKS and few and not (broken or _is_told(text)):
        return f"links {len(links)} {len(words)}"
    tags = len(_TAG.findall(bare))
    if tags >= TAGS and len(words) <= TAG_WORDS:
        return f"tags {tags} {len(words)}"
    unseen = len(_UNSEEN.findall(text))
    if unseen >= HIDDEN:
        return f"hidden {unseen}"
    return _keywords(bare) or _phrase(words)


def _is_told(text: str) -> bool:
    """Is something said of the links: in a sentence of its own, or of each what it is?"""
    said = [len(_WORD.findall(_CALL.sub(" ", _TAG.sub(" ", each)))) for each in _LINK.split(text)]
    return max(said) >= SENTENCE or min(said[1:-1], default=0) > 0


def _keywords(text: str) -> str:
    """A list of what people search for: short pieces, with the same word in nearly all of them."""
    pieces = [_WORD.findall(piece.casefold()) for piece in _PIECES.split(text)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < SEGMENTS or max(map(len, pieces)) > SEGMENT_WORDS:
        return ""
    often = Counter(word for piece in pieces for word in set(piece) if len(word) > 3)
    word, count = max(often.items(), key=lambda pair: pair[1], default=("", 0))
    distinct = {" ".join(piece) for piece in pieces}
    return f"keywords {len(pieces)} {word}" if count >= SHARED * len(distinct) >= SHARED * SEGMENTS else ""


def _phrase(words: Sequence[str]) -> str:
    """The same two words in a row in sentences that differ; who says one sentence again and again is
    angry."""
    pairs = Counter(pair for pair in pairwise(words) if min(map(len, pair)) > 3)
    phrase, count = max(pairs.items(), key=lambda pair: pair[1], default=(("", ""), 0))
    if count < SAID or 2 * count < DENSE * len(words):
        return ""
    after = {word for *pair, word in zip(words, words[1:], words[2:], strict=False) if tuple(pair) == phrase}
    return f"phrase {count} {' '.join(phrase)}" if len(after) > count / 2 else ""


def _place(link: str) -> str:
    """Host and path, without what only says how one came there."""
    bare = re.sub(r"^https?://", "", link.lower()).removeprefix("www.")
    return re.split(r"[?#]", bare, maxsplit=1)[0].rstrip("/.,;:!)")


def _is_of(place: str, sites: Iterable[str]) -> bool:
    return any(below(site, place) for site in sites)


# several that are alike ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of a text with a link, or that calls on several: in `MARK` bytes."""

    packed: bytes

    @property
    def quarter(self) -> int:
        return self.packed[0]

    @property
    def author(self) -> int:
        return self.packed[1]

    @property
    def target(self) -> int:
        """0: no link, or one that says nothing of where it leads."""
        return self.packed[2]

    @property
    def call(self) -> int:
        return self.packed[3]

    def like(self, other: "Trace") -> bool:
        same = sum(a == b for a, b in zip(self.packed[4:], other.packed[4:], strict=True))
        near = (self.quarter - other.quarter) % 256 <= WINDOW or (
            other.quarter - self.quarter
        ) % 256 <= WINDOW
        return near and same >= ALIKE


def trace(text: str, author: str, epoch: float) -> Trace | None:
    """None for what is compared with nothing. `epoch` in seconds."""
    bare = _LINK.sub(" ", text)
    calls = sorted({each.casefold() for each in _CALL.findall(bare)})
    places = sorted({each for each in map(_place, _LINK.findall(text)) if not _is_of(each, _PICTURES)})
    words = _WORD.findall(_CALL.sub(" ", bare).casefold())
    if len(words) < SHORTEST or not (places or calls):
        return None
    leads = [each for each in places if not _is_of(each, _SHORT)]
    head = bytes((int(epoch // 900) % 256, _byte(author), _byte(*leads), _byte(*calls)))
    hashes = [crc32(word.encode()) for word in set(words)]
    least = (min((each * odd_ + n) & 0xFFFFFFFF for each in hashes) for n, odd_ in enumerate(_ODD))
    return Trace(head + bytes((each * 0x9E3779B1 & 0xFFFFFFFF) >> 24 for each in least))


_ODD = (2654435761, 2246822519, 3266489917, 668265263, 374761393, 2891336453, 1181783497, 3812015801)


def _byte(*words: str) -> int:
    """0 for none."""
    return 1 + crc32(" ".join(words).encode()) % 255 if words and words[0] else 0


def bait(one: Trace, others: Iterable[Trace]) -> str:
    """The reason to hold a text, by those before it and beside it (itself among them); "" for none."""
    alike = [each for each in others if each.like(one)]
    authors = {each.author for each in alike}
    targets = {each.target for each in alike if each.target}
    mine = [each for each in alike if each.author == one.author]
    if len(alike) >= COPIES and len(authors) >= AUTHORS and len(targets) >= TARGETS and one.target:
        return f"bait {len(alike)} {len(authors)}"
    places = {(each.target, each.call) for each in mine}
    least = COPIES if one.target else WITHOUT_LINK
    return f"bait {len(mine)} 1" if len(mine) >= least and len(places) >= least else ""


def remembered(known: Sequence[Trace], fresh: Sequence[Trace]) -> bytes:
    """The newest `REMEMBERED` of what was known and what came, as a source keeps them."""
    return b"".join(each.packed for each in (*known, *fresh)[-REMEMBERED:])


def traces(packed: bytes) -> list[Trace]:
    return [Trace(packed[at : at + MARK]) for at in range(0, len(packed) - MARK + 1, MARK)]
