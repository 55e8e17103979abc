"""The composer: a post's texts, channels and moment; new, or as it is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Any

from chalicelib.domain import slots
from chalicelib.domain.post import BOOST, LATENESS, ImageFile, Passed, Slot, post_id
from chalicelib.errors import BadInput
from chalicelib.stages import plan as stage
from chalicelib.web import outgoing, passing, picturing, sharing, wishing
from chalicelib.web.i18n import N_, Words
from chalicelib.web.pages.calendar import taken
from chalicelib.web.visit import Data, Go, Outcome, Page, Visit

AHEAD = timedelta(days=14)
"""How far we look for free slots."""
OFFERED = 5
TYPED = ("title", "text", "when", "goal", "audience", "why", "shares", "comment")
LATE = {
    "15": N_("15 minutes"),
    "30": N_("30 minutes"),
    "60": N_("1 hour"),
    "120": N_("2 hours"),
    "360": N_("6 hours"),
    "1440": N_("1 day"),
    "10080": N_("7 days"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A channel on the form: `text` is its own, "" where it takes the common one; `count` says how long what
    would leave is, as its network counts, "" where that sets no limit; `over`: chosen, and too long."""

    id: str
    name: str
    chosen: bool
    text: str
    count: str
    over: bool
    fault: str
    way: str
    ways: Mapping[str, str]
    """How its network can pass on what is shared, in words, by `post.WAYS`; none where it cannot."""
    images: str
    """What becomes of the post's images there; "" where it has none, or they leave with it."""
    comment: str
    """How long the first comment is there, or that none can be; "" where the post has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A channel's message that stays as it is. `typed`: what somebody would have had it be."""

    channel: str
    name: str
    text: str
    state: str
    reason: str
    typed: str


def show(visit: Visit) -> Page:
    """An empty form, or one that a link has begun: when, channel (ids with commas), title, text, shares."""
    asked = visit.query
    channels = wishing.publishing(visit.desk, visit.brand)
    named = [id for id in asked.get("channel", "").split(",") if id in channels]
    given = {name: asked.get(name, "") for name in ("when", "title", "text", "shares", "of")}
    given |= {"lateness": str(LATENESS), "language": visit.brand.languages[0]}
    given |= {f"to.{id}": "1" for id in named or channels}
    free = _free(visit, named or channels)
    given["when"] = given["when"][:16] or (free[0].wall if free else "")
    return form(visit, given, {"id": _fresh(), "free": free})


def plan(visit: Visit) -> Outcome:
    """Plan it; or put a free slot in its place, add or leave out an image, and show the form as it was filled
    in."""
    given = dict(visit.form)
    hidden = {"id": given.get("id", "")}
    images, refused = picturing.of(visit)
    if "pick" in given or picturing.asked(visit):
        given |= {"when": given["pick"]} if "pick" in given else {}
        return form(visit, given, hidden, images=images, faults=refused)
    wish, faults = read(visit, hidden["id"], images)
    counts, album = wishing.counting(visit.desk, visit.brand), wishing.album(visit.desk)
    faults += refused + stage.faults(wish, brand=visit.brand, counts=counts, now=visit.now, album=album)
    if faults:
        return form(visit, given, hidden, images=images, faults=faults)
    again, member = "again" in given, visit.member
    try:
        post = sharing.plan(visit, wish, member.name, by_id=member.id, again=again)
    except BadInput as fault:  # somebody was first to share it, or an image is gone
        return form(visit, given, hidden, images=images, faults=[fault])
    return Go(f"/posts/{post.key.id}?done=planned")


def count(visit: Visit) -> Data:
    """How long each channel's text is by now, and the first comment there, while it is being typed: as `form`
    says it."""
    fields = [
        _field(visit, id, visit.form, {}, (), None) for id in wishing.publishing(visit.desk, visit.brand)
    ]
    below = {f"{each.id}.comment": each.comment if each.chosen else "" for each in fields}
    return Data(
        {each.id: {"count": each.count, "over": each.over} for each in fields}
        | {place: {"count": said, "over": False} for place, said in below.items()}
    )


def read(
    visit: Visit, id: str, images: Sequence[ImageFile], zone: str = ""
) -> tuple[stage.Wish, list[BadInput]]:
    """What the form asks for: on each chosen channel its own text, or else the common one. `zone`: whose
    clock its moment is on, if not the brand's."""
    given, brand = visit.form, visit.brand
    chosen = [id for id in wishing.publishing(visit.desk, brand) if f"to.{id}" in given]
    texts = {id: given.get(f"text.{id}", "").strip() or given.get("text", "") for id in chosen}
    ways, named = passing.chosen(given), given.get("of", "")
    try:
        of = passing.heard(visit, named)
    except BadInput as fault:
        wish, faults = wishing.read(id, given, texts, brand, visit.now, zone, tuple(images))
        return wish, [*faults, fault]
    return wishing.read(id, given, texts, brand, visit.now, zone, tuple(images), of, ways)


def form(
    visit: Visit,
    given: Mapping[str, str],
    hidden: Mapping[str, Any],
    *,
    images: Sequence[ImageFile] = (),
    faults: Sequence[BadInput] = (),
    settled: Sequence[Settled] = (),
    values: Mapping[str, Any] | None = None,
    status: int = 0,
) -> Page:
    """The form with what was typed. `hidden`: id, of a post that is changed rev, and its free slots if known.
    `values` say that it is a change, and `settled` what of it stays as it is."""
    brand, words = visit.brand, visit.words
    said = wishing.sentences(list(faults), brand, words)
    late = given.get("lateness", "") or str(LATENESS)
    shares = given.get("shares", "").strip()
    language = given.get("language", "")
    of = _passed(visit, given.get("of", ""))
    shown = {
        "action": "/calendar/new",
        "heading": words.gettext("New post"),
        "changing": False,
        "settled": settled,
        "of": given.get("of", ""),
        "images": images,
        "commented": [outgoing.channel(brand, each, words) for each in wishing.commented(visit.desk, brand)],
        "takes": picturing.limits(visit, wishing.publishing(visit.desk, brand)),
        "rev": 0,
        "zone": brand.zone,
        "moment": "",
        "gone": (),
        "happened": "",
        **hidden,
        "given": {name: given.get(name, "") for name in TYPED},
        "again": "again" in given,
        "shared": None if values or not shares else sharing.before(visit, shares, hidden["id"]),
        "late": late,
        "lates": {key: words.gettext(word) for key, word in LATE.items()} | _unusual(late, words),
        "language": language,
        "spoken": {code: words.spoken(code) for code in (*brand.languages, language) if code},
        "fields": [
            _field(visit, id, given, said, images, of)
            for id in wishing.publishing(visit.desk, brand)
            if id not in [each.channel for each in settled]
        ],
        "free": hidden.get("free") or _free(visit, [c.id for c in brand.channels if f"to.{c.id}" in given]),
        "faults": said,
        **(values or {}),
    }
    return Page(
        template="composer.html",
        place="calendar",
        values=shown,
        status=status or (422 if faults else 200),
    )


def _field(
    visit: Visit,
    id: str,
    given: Mapping[str, str],
    said: Mapping[str, str],
    images: Sequence[ImageFile],
    of: Passed | None,
) -> Field:
    way = given.get(f"way.{id}", "")
    own = given.get(f"text.{id}", "").replace("\r\n", "\n")
    text = own if own.strip() else given.get("text", "")
    length, room = wishing.length(visit.desk, visit.brand, id, text)
    ways = passing.ways(visit, id, of)
    return Field(
        id=id,
        name=outgoing.channel(visit.brand, id, visit.words),
        chosen=f"to.{id}" in given,
        text=own,
        count=_count(length, room, visit.words) if room else "",
        over=bool(room) and length > room and f"to.{id}" in given,
        fault=said.get(f"texts.{id}", ""),
        way=way,
        ways={way: passing.named(visit, way) for way in (("", *ways) if ways else ())},
        images="" if way else picturing.note(visit, id, images),
        comment=_commented(visit, id, given.get("comment", ""), way),
    )


def _commented(visit: Visit, id: str, text: str, way: str) -> str:
    words = visit.words
    if not text.strip():
        return ""
    if way == BOOST or not visit.desk.can(visit.brand, id, "comment"):
        return words.gettext("No first comment there.")
    length, room = wishing.length(visit.desk, visit.brand, id, text, below=True)
    said = _count(length, room, words) if room else words.number(length)
    return words.gettext("First comment: %(count)s", count=said)


def _passed(visit: Visit, slug: str) -> Passed | None:
    """None also for what we did not hear, which is said where it is planned."""
    try:
        return passing.heard(visit, slug)
    except BadInput:
        return None


def _count(length: int, room: int, words: Words) -> str:
    number = words.number
    if length > room:
        over = length - room
        return words.ngettext("%(count)s too many", "%(count)s too many", over, count=number(over))
    if length:
        return words.gettext("%(length)s of %(room)s", length=number(length), room=number(room))
    return words.gettext("at most %(room)s", room=number(room))


def _free(visit: Visit, channels: Sequence[str]) -> list[Slot]:
    """The next moments at which one of these channels has a slot without a post."""
    brand, now = visit.brand, visit.now
    found = visit.desk.deliveries.between(brand.id, now, now + AHEAD)
    return slots.next_slots(brand, channels, taken(found), now, OFFERED)


def _unusual(late: str, words: Words) -> dict[str, str]:
    """A lateness that no entry of the list has."""
    usual = late in LATE or not (late.isascii() and late.isdecimal() and len(late) < 7)
    return {} if usual else {late: words.span(timedelta(minutes=int(late)))}


def _fresh() -> str:
    """An id of its own for each form that is opened: sent twice it is one post."""
    return post_id(token_hex(16))
