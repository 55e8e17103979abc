"""From what a form or a row of a file gives to a wish for a post; what is wrong with it, in words."""

import re
from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.drafting import plain
from chalicelib.domain.post import LATENESS, ImageFile, Passed, Slot
from chalicelib.domain.slots import slot_of
from chalicelib.errors import BadInput, WebspinError
from chalicelib.ports import Counts
from chalicelib.stages import plan
from chalicelib.stages.images import Album
from chalicelib.stages.wish import Counting
from chalicelib.web import outgoing
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.reasons import told

ORDER = (
    "id",
    "by",
    "title",
    "shares",
    "images",
    "image",
    "texts",
    "comment",
    "when",
    "lateness",
    "language",
    "goal",
    "audience",
    "why",
)
WALL = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00)?", re.ASCII)
PLAIN = ("title", "language", "goal", "audience", "why", "shares")


def counting(desk: Desk, brand: Brand) -> Counting:
    """How each channel's network counts; None for a channel on which nothing can be published."""

    def counts(channel: str) -> Counts | None:
        return desk.counts(brand, channel) if desk.can(brand, channel, "publish") else None

    return counts


def album(desk: Desk) -> Album:
    """Where images of posts lie, and which a channel takes."""
    return Album(bucket=desk.bucket, takes=desk.images)


def publishing(desk: Desk, brand: Brand) -> list[str]:
    """The channels on which posts can leave, by id."""
    return [channel.id for channel in brand.channels if desk.can(brand, channel.id, "publish")]


def commented(desk: Desk, brand: Brand) -> list[str]:
    """Those on which a post can have a first comment below it."""
    return [id for id in publishing(desk, brand) if desk.can(brand, id, "comment")]


def length(desk: Desk, brand: Brand, channel: str, text: str, *, below: bool = False) -> tuple[int, int]:
    """How long a text is as it would leave, or go `below` a post, by the count of its channel's network, and
    how long it may be; 0 where that sets no limit."""
    try:
        counts = desk.counts(brand, channel)
    except WebspinError:
        counts = None  # said at its field when the post is planned
    if counts is None:
        return 0, 0
    room = getattr(counts, "comment_room", 0) if below else 0
    return counts.length(plain(text)), room or counts.room()


def read(
    id: str,
    given: Mapping[str, str],
    texts: Mapping[str, str],
    brand: Brand,
    now: datetime,
    zone: str = "",
    images: tuple[ImageFile, ...] = (),
    of: Passed | None = None,
    ways: tuple[tuple[str, str], ...] = (),
) -> tuple[plan.Wish, list[BadInput]]:
    """The wish, and what could not be read of it: then a stand-in is in its place.

    `given` has the names of a Wish, `when` a wall time of `zone`, or else of the brand's.
    """
    faults = []
    try:
        slot = slot_at(given.get("when", ""), zone or brand.zone)
    except BadInput as fault:
        faults.append(fault)
        slot = slot_of(now, brand.zone)
    late = given.get("lateness", "").strip() or str(LATENESS)
    if not (late.isascii() and late.isdecimal() and len(late) < 7):
        faults.append(BadInput("lateness", "a number of minutes"))
        late = str(LATENESS)
    wish = plan.Wish(
        id=id,
        texts=tuple(texts.items()),
        slot=slot,
        lateness=int(late),
        images=images,
        of=of,
        ways=tuple((channel, way) for channel, way in ways if channel in texts),
        comment=given.get("comment", ""),
        **{name: given.get(name, "") for name in PLAIN},
    )
    return wish, faults


def slot_at(given: str, zone: str) -> Slot:
    """A wall time as forms and tables give it. What says more (seconds, an offset) is not cut to fit.

    Raises BadInput (`when`).
    """
    found = WALL.fullmatch(given.strip())
    try:
        if found:
            return Slot(f"{found[1]}T{found[2]}", zone)
    except ValueError:
        pass  # a day or an hour that there is not
    form = f"a moment as 2026-11-28T10:00, on the clock of {zone}"
    raise BadInput("when", form if given.strip() else "a date and time")


def zone_of(given: Mapping[str, str], kept: Slot, brand: Brand) -> str:
    """The clock that `when` of a form is on: its own for the moment of the post as it was kept, the
    brand's for any other."""
    same = (given.get("when", ""), given.get("zone", "")) == (kept.wall, kept.zone)
    return kept.zone if same else brand.zone


def sentences(faults: list[BadInput], brand: Brand, words: Words) -> dict[str, str]:
    """By field, in the order of the form, of each the first; a channel's begins with its name."""
    found: dict[str, str] = {}
    for fault in sorted(faults, key=lambda each: ORDER.index(each.field.partition(".")[0])):
        name = outgoing.channel(brand, channel_of(fault.field), words)
        said = sentence(fault, words)
        found.setdefault(fault.field, f"{name}: {said}" if name else said)
    return found


def sentence(fault: BadInput, words: Words) -> str:
    return told(fault.message, words)


def channel_of(field: str) -> str:
    """The channel that a fault's field names; "" for none."""
    return field.partition(".")[2] if field.startswith("texts.") else ""
