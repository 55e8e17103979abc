"""From what a form or a row of a file gives to a wish for a post; what is wrong with it, in words."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.post import LATENESS, Slot
from chalicelib.domain.slots import slot_of
from chalicelib.errors import BadInput
from chalicelib.ports import Counts
from chalicelib.stages import plan
from chalicelib.stages.wish import Counting
from chalicelib.web import outgoing
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.reasons import told

ORDER = ("id", "by", "title", "shares", "texts", "when", "lateness", "language", "goal", "audience", "why")
PLAIN = ("title", "language", "goal", "audience", "why", "shares")


def counting(desk: Desk, brand: Brand) -> Counting:
    """How each channel's network counts; None for a channel on which nothing can be published."""

    def counts(channel: str) -> Counts | None:
        return desk.counts(brand, channel) if desk.can(brand, channel, "publish") else None

    return counts


def publishing(desk: Desk, brand: Brand) -> list[str]:
    """The channels on which posts can leave, by id."""
    return [channel.id for channel in brand.channels if desk.can(brand, channel.id, "publish")]


def read(
    id: str, given: Mapping[str, str], texts: Mapping[str, str], brand: Brand, now: datetime
) -> tuple[plan.Wish, list[BadInput]]:
    """The wish, and what could not be read of it: then a stand-in is in its place.

    `given` has the names of a Wish, `when` a wall time of the brand's zone.
    """
    faults = []
    try:
        slot = Slot(given.get("when", "").strip().replace(" ", "T")[:16], brand.zone)
    except ValueError:
        faults.append(BadInput("when", "a date and time"))
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
        **{name: given.get(name, "") for name in PLAIN},
    )
    return wish, faults


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
