"""Something we want to say: a text per channel, and the moment on the wall at which it leaves.

A post is a plan; what becomes of it is told by its deliveries (`delivery.py`), one a channel.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2s
from zoneinfo import ZoneInfo

from chalicelib.domain.mention import SLUG, MentionKey

LATENESS = 120
"""Minutes a post may be late before a person is asked, unless it says otherwise."""
LONGEST_LATENESS = 7 * 24 * 60
KINDS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
_NAME = re.compile(r"[0-9a-f]{32}-(\d{1,5})x(\d{1,5})-(\d{1,7})\.(jpg|png|webp|gif)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PostKey:
    """`id` comes from what was asked for (a form, a row of a file), so that asking twice is one post."""

    brand: str
    id: str

    def __post_init__(self) -> None:
        if not (SLUG.fullmatch(self.brand) and SLUG.fullmatch(self.id)):
            raise ValueError("brand and id are short names in small letters")

    def __str__(self) -> str:
        return f"{self.brand}/{self.id}"


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment on the wall: `2026-11-28T10:00` in `Europe/Amsterdam`, whatever the clocks do until then."""

    wall: str
    zone: str

    def __post_init__(self) -> None:
        if datetime.fromisoformat(self.wall).tzinfo is not None or len(self.wall) != 16:
            raise ValueError("a wall time is written 2026-11-28T10:00")
        try:
            self.at()
        except OverflowError:
            raise ValueError("a moment of the calendar, which has an end either way") from None

    def at(self) -> datetime:
        """The moment in UTC, by the rules of today.

        A time that the clocks skip is as much later as they skip (02:30 is 03:30); of a time that comes
        twice the first is meant.
        """
        return datetime.fromisoformat(self.wall).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ImageFile:
    """`name` is made of its bytes: `<digest>-<width>x<height>-<bytes>.<kind>`. `alt` is what it says to who
    does not see it."""

    name: str
    alt: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError("an image's name is made of its bytes")

    @property
    def type(self) -> str:
        return KINDS[self.name.rpartition(".")[2]]

    @property
    def width(self) -> int:
        return int(self._told()[0])

    @property
    def height(self) -> int:
        return int(self._told()[1])

    @property
    def size(self) -> int:
        return int(self._told()[2])

    def _told(self) -> tuple[str, ...]:
        found = _NAME.fullmatch(self.name)
        return found.groups() if found else ()


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody's message as its network knows it, so that it can be boosted or quoted there. `author` is
    their handle."""

    key: MentionKey
    author: str


BOOST, QUOTE = WAYS = ("boost", "quote")
"""The ways of a network's own in which a message is brought to attention: as it is, or with words of ours."""
COMMENT = "comment"
"""Beside them: what goes below a post of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What leaves on one channel. `n` counts its sendings: a new one after a failure is a new delivery.
    `way`: one of `WAYS`; "" for a message of its own."""

    channel: str
    text: str
    n: int = 1
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`rev` grows by one a write; every change is conditional on it.

    `goal` is the id of a goal of the brand, or "". `shares` is the address of someone else's message that
    this one brings to attention, with credit in its text; "" for our own words.
    """

    key: PostKey
    rev: int
    title: str
    """The working title; never sent."""
    language: str
    variants: tuple[Variant, ...]
    slot: Slot
    lateness: int = LATENESS
    """Minutes after its moment from which a person is asked instead."""
    goal: str = ""
    audience: str = ""
    why: str = ""
    shares: str = ""
    of: Passed | None = None
    """The message at `shares`, where we heard it."""
    images: tuple[ImageFile, ...] = ()
    """Of every channel whose network takes some."""
    comment: str = ""
    """Goes below it on every channel whose network takes one there."""
    planned_by: str
    planned_at: datetime
    cancelled: bool = False


class PostEventKind(StrEnum):
    """What can happen to a post, in the order in which it can within one moment."""

    PLANNED = "planned"
    CHANGED = "changed"
    MOVED = "moved"
    RELEASED = "released"
    CANCELLED = "cancelled"
    HELD = "held"
    UNKNOWN = "unknown"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    REMOVING = "removing"
    REMOVED = "removed"
    EDITING = "editing"
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEvent:
    """One line of a post's history; `id` comes from what caused it, so that a repeat writes the same item."""

    at: datetime
    id: str
    kind: PostEventKind
    by: str = ""
    by_id: str = ""
    """Who `by` is, for the log of changes alone."""
    channel: str = ""
    way: str = ""
    """How the message goes out to which it happened: one of `WAYS`, or `COMMENT`, the first comment there; ""
    for a message of its own, and for the post as a whole."""
    text: str = ""
    """The reason given, or what was changed."""
    url: str = ""
    before: str = ""
    """What it said before it was corrected; `text` is then what it says."""


def post_id(*parts: str) -> str:
    """The same for the same parts, and for no other."""
    return "p-" + blake2s("\0".join(parts).encode(), digest_size=10).hexdigest()
