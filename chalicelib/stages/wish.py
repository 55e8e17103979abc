"""What somebody wants to say, as a form or a row of a file gives it, and everything that is wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.brand import Brand
from chalicelib.domain.drafting import open_blanks, plain
from chalicelib.domain.mention import SLUG
from chalicelib.domain.post import BOOST, LATENESS, LONGEST_LATENESS, QUOTE, WAYS, ImageFile, Passed, Slot
from chalicelib.errors import BadInput
from chalicelib.ports import Counts
from chalicelib.stages.images import Album

CHANNELS = 20
"""Channels one post can have."""
AHEAD = timedelta(days=366)
GRACE = timedelta(minutes=5)
"""For typing: a moment that has only just passed may still be chosen."""
ROOM = {"title": 200, "audience": 500, "why": 2000, "shares": 2000, "comment": 10_000}
IMAGES, ALT = 10, 1500
"""Of one post, whatever its networks take; and characters of what one shows."""

Counting = Callable[[str], Counts | None]
"""How the network of a channel (its id) counts; None where nothing can be published there. Raises BadInput
for a channel that is not set up well. It is the channel's platform object, so what else it can do
(`Deletes`) shows by its methods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`texts` are (channel, text). `id` comes from what was asked for (`post.post_id`): asked twice with one
    id it is one post. `goal` is the id of a goal, `shares` an address, or "" as in `Post`."""

    id: str
    title: str
    language: str
    texts: tuple[tuple[str, str], ...]
    slot: Slot
    lateness: int = LATENESS
    goal: str = ""
    audience: str = ""
    why: str = ""
    shares: str = ""
    images: tuple[ImageFile, ...] = ()
    of: Passed | None = None
    ways: tuple[tuple[str, str], ...] = ()
    """(channel, one of `WAYS`) where it is not a message of its own."""
    comment: str = ""
    """The first comment, below it on every channel that takes one there."""

    def way(self, channel: str) -> str:
        return dict(self.ways).get(channel, "")


def tidy(wish: Wish) -> Wish:
    """As it is kept: without control characters, texts trimmed, the rest on one line."""
    return replace(
        wish,
        title=_line(wish.title),
        language=wish.language.strip().lower(),
        texts=tuple(
            (channel, "" if wish.way(channel) == BOOST else plain(text)) for channel, text in wish.texts
        ),
        audience=_line(wish.audience),
        why=plain(wish.why),
        shares=_line(wish.shares),
        comment=plain(wish.comment),
        images=tuple(replace(each, alt=_line(each.alt)) for each in wish.images),
    )


def faults(
    wish: Wish,
    *,
    brand: Brand,
    counts: Counting,
    now: datetime,
    kept: Slot | None = None,
    album: Album | None = None,
) -> list[BadInput]:
    """Everything that must be mended first, in the order of a form; `field` is the Wish's own name, and
    `texts.<channel>` for one text, `texts` for their choice, `when` for the slot, `images.<n>` for one image.
    `kept`: the slot of the post that is changed; where it stays, it may have passed. `album`: None where no
    images can be added."""
    wish = tidy(wish)
    found = [*_about(wish, brand), *_shown(wish, album)]
    if not wish.texts:
        found.append(BadInput("texts", "choose a channel"))
    if len(wish.texts) > CHANNELS:
        found.append(BadInput("texts", f"at most {CHANNELS} channels"))
    if len({channel for channel, _ in wish.texts}) < len(wish.texts):
        found.append(BadInput("texts", "one text a channel"))
    for channel, text in wish.texts[:CHANNELS]:
        if way := wish.way(channel):
            wrong = _wrong_way(channel, way, text, wish, brand, counts)
        else:
            wrong = _wrong(channel, text, brand, counts) or _uncredited(text, wish.shares)
            wrong = wrong or _unfit(channel, text, wish, brand, counts, album)
        if wrong:
            found.append(BadInput(f"texts.{channel}", wrong))
    if wrong := _uncommented(wish, brand, counts):
        found.append(BadInput("comment", wrong))
    return [*found, *_moment(wish, now, wish.slot == kept)]


def _about(wish: Wish, brand: Brand) -> Iterator[BadInput]:
    if not SLUG.fullmatch(wish.id):
        yield BadInput("id", "a short name in small letters")
    if not wish.title:
        yield BadInput("title", "a working title")
    for name, room in ROOM.items():
        if len(getattr(wish, name)) > room:
            yield BadInput(name, f"at most {room} characters")
    if not (wish.language.isascii() and wish.language.isalpha() and 2 <= len(wish.language) <= 3):
        yield BadInput("language", "a language's code, such as nl or en")
    if wish.goal and brand.goal(wish.goal) is None:
        yield BadInput("goal", "a goal of this brand")
    if wish.shares and not wish.shares.startswith(("https://", "http://")):
        yield BadInput("shares", "an address begins with https://")


def refuse_text(channel: str, text: str, shares: str, brand: Brand, counts: Counting) -> None:
    """Raises BadInput (`text`) for what cannot stand on this channel, of a post that shares this."""
    if wrong := _wrong(channel, text, brand, counts) or _uncredited(text, shares):
        raise BadInput("text", wrong)


def refuse_comment(channel: str, text: str, brand: Brand, counts: Counting) -> None:
    """Raises BadInput (`text`) for what cannot be a first comment there."""
    if wrong := _wrong(channel, text, brand, counts, below=True):
        raise BadInput("text", wrong)


def _shown(wish: Wish, album: Album | None) -> Iterator[BadInput]:
    if len(wish.images) > IMAGES or (wish.images and album is None):
        yield BadInput("images", f"at most {IMAGES if album else 0} images")
    for n, image in enumerate(wish.images):
        if not image.alt:
            yield BadInput(f"images.{n}", "say what the image shows, for who cannot see it")
        elif len(image.alt) > ALT:
            yield BadInput(f"images.{n}", f"at most {ALT} characters")


def images_on(channel: str, wish: Wish, brand: Brand, album: Album | None) -> tuple[ImageFile, ...]:
    """What leaves on this channel: all of them, or none where its network takes none, or passes on."""
    return wish.images if album and not wish.way(channel) and album.takes(brand, channel) else ()


def comment_on(channel: str, wish: Wish, counts: Counting) -> str:
    """The first comment that goes below it on this channel; "" where its network takes none there, or it is a
    boost, which is no message of ours."""
    if not wish.comment or wish.way(channel) == BOOST:
        return ""
    try:
        network = counts(channel)
    except BadInput:
        return ""  # that stands against its text
    return wish.comment if getattr(network, "comments", False) else ""


def _uncommented(wish: Wish, brand: Brand, counts: Counting) -> str:
    """What stands against its first comment; "" for nothing."""
    if not wish.comment or not wish.texts:
        return ""
    takes = [channel for channel, _ in wish.texts if comment_on(channel, wish, counts)]
    if not takes:
        return "no chosen channel takes a first comment"
    wrong = (_wrong(channel, wish.comment, brand, counts, below=True) for channel in takes)
    return next(filter(None, wrong), "")


def _unfit(channel: str, text: str, wish: Wish, brand: Brand, counts: Counting, album: Album | None) -> str:
    takes = album.takes(brand, channel) if album else None
    if takes is None or (wrong := takes.wrong(wish.images)):
        return wrong if takes else ""
    network, account = counts(channel), brand.channel(channel)
    over = network.length(text) - takes.text if takes.text and wish.images and network else 0
    return f"{over} characters too long for {account.platform}" if over > 0 and account else ""


def _wrong_way(channel: str, way: str, text: str, wish: Wish, brand: Brand, counts: Counting) -> str:
    """What stands against boosting or quoting there; "" for nothing."""
    account = brand.channel(channel)
    if way not in WAYS:
        return "a way in which its network passes a message on"
    if account is None or wish.of is None or wish.of.key.platform != account.platform:
        return "only where the message stands can it be passed on so"
    if wrong := _wrong(channel, text if way == QUOTE else wish.title, brand, counts):
        return wrong
    return "" if hasattr(counts(channel), way) else "its network does not pass messages on so"


def _wrong(channel: str, text: str, brand: Brand, counts: Counting, *, below: bool = False) -> str:
    """What is wrong with one text, or with one `below` a post; "" for nothing."""
    account = brand.channel(channel)
    if account is None:
        return "there is no such channel"
    try:
        network = counts(channel)
    except BadInput as error:
        return f"the channel is not set up well: {error}"
    if network is None:
        return f"nothing can be published on {account.platform}"
    if not text:
        return "there is nothing to send"
    if left := open_blanks(text):
        return f"still to be filled in: {', '.join(left)}"
    room = (getattr(network, "comment_room", 0) if below else 0) or network.room()
    if (over := network.length(text) - room) > 0:
        return f"{over} characters too long for {account.platform}"
    return ""


def _uncredited(text: str, shares: str) -> str:
    """What somebody else made is brought with where it is from: its whole address, not one that begins so."""
    if not shares or re.search(re.escape(shares) + r"(?![\w/?&=#%-])", text):
        return ""
    return "the address of what is shared is not in it"


def _moment(wish: Wish, now: datetime, stays: bool) -> Iterator[BadInput]:
    """A moment that is chosen lies ahead. One that stays has passed where a worker that got it now would
    already ask a person."""
    if not 1 <= wish.lateness <= LONGEST_LATENESS:
        yield BadInput("lateness", f"1 to {LONGEST_LATENESS} minutes")
        return
    late = timedelta(minutes=wish.lateness)
    try:
        refuse_moment(wish.slot, now, late if stays else min(late, GRACE))
    except BadInput as fault:
        yield fault


def refuse_moment(slot: Slot, now: datetime, late: timedelta) -> None:
    """Raises BadInput (`when`) for a moment further ahead than the brake asks about (a year), or past by more
    than `late`, which would only wait for a person again."""
    if slot.at() > now + AHEAD:
        raise BadInput("when", "at most a year ahead")
    if now - slot.at() > late:
        raise BadInput("when", "that moment is past")


def _line(text: str) -> str:
    return " ".join(plain(text).split())
