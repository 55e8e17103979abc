"""Posts from a file: everything wrong is named by its row, what would be planned is shown, then planned.

A post's id is made of what its row says, so the same file twice plans nothing twice. A row that was mended
is another post: where one of its title or its text leaves at its moment on a channel of it already, in a post
or by a row before it, it is planned only if that is chosen.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.mention import EXCERPT
from chalicelib.domain.post import Post, PostKey, post_id
from chalicelib.errors import BadInput
from chalicelib.stages import plan
from chalicelib.stages.wish import tidy
from chalicelib.web import outgoing, posts_file, sharing, wishing
from chalicelib.web.i18n import Words
from chalicelib.web.pages.calendar import GONE
from chalicelib.web.posts_file import Row
from chalicelib.web.sheet import Wrong
from chalicelib.web.visit import Go, Outcome, Page, Visit

Said = tuple[tuple[str, datetime], tuple[str, str]]
"""Channel and moment; "title" or "text", and what that is."""
MINUTE = timedelta(minutes=1)
SHOWN = 100
"""Rows of which the faults are named at once, all of them; of the others it says how many they are."""
EXAMPLE = """title;when;channels;text
Leestip voor de regen;2026-11-28 10:00;;Drie boeken voor een natte zaterdag.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """`where` and `said` in words, `field` as it is called in the file."""

    where: str
    field: str
    said: str


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the preview. `texts` are what leaves, each with its channels; `state` as `Looked.there` has
    it; `path` is the page of the post there is; `field` chooses a double."""

    title: str
    moment: str
    texts: Mapping[str, str]
    comment: str
    state: str
    path: str
    field: str


def show(visit: Visit) -> Page:
    done = tuple(_figure(visit.query.get(name, "")) for name in ("planned", "known", "left"))
    return _page(visit, "", done=done if any(done) else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is in a file: its rows as wishes; everything wrong, as (row or line, fault); by the wish's id
    those that were planned before, and those of whose title or text a post (None: a row before them) leaves
    at their moment already."""

    found: posts_file.Read
    wishes: Sequence[plan.Wish] = ()
    wrong: Sequence[tuple[int, BadInput]] = ()
    known: Mapping[str, Post] = field(default_factory=dict)
    doubles: Mapping[str, PostKey | None] = field(default_factory=dict)

    @property
    def new(self) -> list[plan.Wish]:
        return [wish for wish in self.wishes if wish.id not in self.known]

    def there(self, wish: plan.Wish) -> tuple[str, PostKey | None]:
        """What a row is beside what is planned: "new", "double" (a post says this then), "twin" (a row before
        it does), "known", or "cancelled" (that is known); and the post there is."""
        if known := self.known.get(wish.id):
            return "cancelled" if known.cancelled else "known", known.key
        if wish.id not in self.doubles:
            return "new", None
        double = self.doubles[wish.id]
        return "double" if double else "twin", double


def take(visit: Visit) -> Outcome:
    """Look through the file; with `do=plan`, and nothing wrong, plan what it says."""
    text = visit.form.get("file", "") or visit.form.get("text", "")
    looked = look(visit, text)
    is_csv, words = looked.found.is_csv, visit.words
    faults = [_fault(wrong, is_csv, words) for wrong in looked.found.wrong]
    faults += [_told(place, fault, is_csv, words) for place, fault in looked.wrong]
    if faults:
        return _page(visit, text, faults=faults)
    if visit.form.get("do") != "plan":
        preview = [_planned(visit, wish, *looked.there(wish)) for wish in looked.wishes]
        return _page(visit, text, preview=preview)
    chosen = {id for id in looked.doubles if _also(id) in visit.form}
    planned = plan_all(visit, looked, chosen)
    left = len(looked.new) - len(planned)
    return Go(f"/calendar/import?planned={len(planned)}&known={len(looked.known)}&left={left}")


def look(visit: Visit, text: str) -> Looked:
    """Read the file and everything that stands against planning it; nothing is written."""
    found = posts_file.read(text)
    wishes, seen = [], dict[str, int]()
    for row in found.rows:
        wish, faults = _wish(visit, row)
        if first := seen.get(wish.id):
            faults.append(BadInput("", f"the same as row {first}"))
        seen.setdefault(wish.id, row.place)
        wishes.append((row, wish, faults))
    known = _known(visit, [*seen][: posts_file.MOST])
    counts = wishing.counting(visit.desk, visit.brand)
    wrong = []
    for row, wish, faults in wishes:
        if wish.id not in known:
            more = plan.faults(wish, brand=visit.brand, counts=counts, now=visit.now)
            faults += [fault for fault in more if wish.texts or fault.field != "texts"]
        wrong += [(row.place, fault) for fault in faults]
    looked = Looked(found=found, wishes=[wish for _, wish, _ in wishes], wrong=wrong, known=known)
    if found.wrong or wrong:
        return looked
    return replace(looked, doubles=_doubles(visit, looked.new))


def plan_all(visit: Visit, looked: Looked, also: Collection[str]) -> list[plan.Wish]:
    """Plan what is new and no double, and of the doubles those in `also`; which those are."""
    chosen = [wish for wish in looked.new if wish.id not in looked.doubles or wish.id in also]
    for wish in chosen:
        sharing.plan(visit, wish, visit.member.name, by_id=visit.member.id)
    return chosen


def _wish(visit: Visit, row: Row) -> tuple[plan.Wish, list[BadInput]]:
    """A row as a wish; its id comes from all that it says."""
    given = {"language": visit.brand.languages[0], **{name: v for name, v in row.given.items() if v.strip()}}
    named = re.split(r"[\s,;]+", given.get("channels", "").strip())
    common = given.get("text", "")
    channels = [name for name in named if name]
    if not channels and common.strip():
        channels = [*wishing.publishing(visit.desk, visit.brand), *row.texts]
    texts = {id: row.texts.get(id, common) for id in dict.fromkeys(channels or row.texts)}
    wish, wrong = wishing.read("", given, texts, visit.brand, visit.now)
    if not texts:
        wrong.append(BadInput("text", "there is nothing to send"))
    plain = tidy(wish)
    said = [str(getattr(plain, name)) for name in wishing.PLAIN]
    said += ["comment", plain.comment] if plain.comment else []
    said += [plain.slot.wall, str(plain.lateness), *(part for pair in sorted(plain.texts) for part in pair)]
    return replace(wish, id=post_id(visit.brand.id, *said)), wrong


def _known(visit: Visit, ids: Iterable[str]) -> dict[str, Post]:
    """Those that were planned before, by id."""
    found = visit.desk.posts.get_many([PostKey(visit.brand.id, id) for id in ids])
    return {post.key.id: post for post in found}


def _doubles(visit: Visit, wishes: Sequence[plan.Wish]) -> dict[str, PostKey | None]:
    """By the wish's id, the post (None: a row before it) of the same title or text that leaves at its moment
    on a channel of it."""
    leaving = _leaving(visit, wishes)
    found: dict[str, PostKey | None] = {}
    for wish in map(tidy, wishes):
        at, title = wish.slot.at(), wish.title[:EXCERPT]
        said: list[Said] = [((channel, at), ("title", title)) for channel, _ in wish.texts]
        said += [((channel, at), ("text", text)) for channel, text in wish.texts]
        if same := [leaving[each] for each in said if each in leaving]:
            found[wish.id] = next(filter(None, same), None)
        for each in said:
            leaving.setdefault(each, None)
    return found


def _leaving(visit: Visit, wishes: Sequence[plan.Wish]) -> dict[Said, PostKey | None]:
    """What the posts say that leave on a channel and at a moment of one of these."""
    if not wishes:
        return {}
    places = {(channel, wish.slot.at()) for wish in wishes for channel, _ in wish.texts}
    moments = sorted(at for _, at in places)
    there = [
        (each.key.channel, each.at, each.text, each.key.owner)
        for each in visit.desk.deliveries.between(visit.brand.id, moments[0], moments[-1] + MINUTE)
        if each.state not in GONE and isinstance(each.key.owner, PostKey)
        if (each.key.channel, each.at) in places
    ]
    found: dict[Said, PostKey | None] = {}
    texts = {
        (post.key, variant.channel): variant.text
        for post in visit.desk.posts.get_many([owner for *_, owner in there])
        for variant in post.variants
    }
    for channel, at, title, owner in there:
        found[(channel, at), ("title", title[:EXCERPT])] = owner
        found[(channel, at), ("text", texts.get((owner, channel), ""))] = owner
    return found


def _also(id: str) -> str:
    """The field that chooses a double."""
    return f"also.{id}"


def _fault(wrong: Wrong, is_csv: bool, words: Words) -> Fault:
    return Fault(_where(wrong.place, is_csv, words), wrong.name, words.gettext(wrong.said, **wrong.values))


def _told(place: int, fault: BadInput, is_csv: bool, words: Words) -> Fault:
    field = fault.field.replace("texts.", "text.") if is_csv else fault.field
    return Fault(_where(place, is_csv, words), field, wishing.sentence(fault, words))


def _where(place: int, is_csv: bool, words: Words) -> str:
    if not place:
        return ""
    said = words.gettext("Row %(number)s") if is_csv else words.gettext("Line %(number)s")
    return said % {"number": place}


def _planned(visit: Visit, wish: plan.Wish, state: str, there: PostKey | None) -> Planned:
    texts: dict[str, list[str]] = {}
    for id, text in tidy(wish).texts:
        texts.setdefault(text, []).append(outgoing.channel(visit.brand, id, visit.words))
    return Planned(
        title=wish.title,
        moment=visit.words.long_moment(wish.slot.at()),
        texts={text: ", ".join(names) for text, names in texts.items()},
        comment=tidy(wish).comment,
        state=state,
        path=outgoing.path(there) if there else "",
        field=_also(wish.id) if state in ("double", "twin") else "",
    )


def _figure(given: str) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 0


def _page(
    visit: Visit,
    text: str,
    *,
    faults: Sequence[Fault] = (),
    preview: Sequence[Planned] = (),
    done: tuple[int, ...] = (),
) -> Page:
    rows = list(dict.fromkeys(each.where for each in faults if each.where))
    named = {"", *rows[:SHOWN]}
    values = {
        "text": text.removeprefix("\ufeff").replace("\r\n", "\n"),
        "faults": [each for each in faults if each.where in named],
        "wrong": len(faults),
        "rows_left": len(rows[SHOWN:]),
        "preview": preview,
        "fresh": sum(each.state == "new" for each in preview),
        "doubles": sum(bool(each.field) for each in preview),
        "finished": done,
        "names": posts_file.NAMES,
        "ids": wishing.publishing(visit.desk, visit.brand),
        "example": EXAMPLE,
        "most": posts_file.MOST,
    }
    status = 422 if faults else 200
    return Page(template="import.html", place="calendar", values=values, status=status)
