"""One person: everything they wrote to us, their tone over time, their cases and our replies, and what makes
them a fan. What they wrote and did, never what they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from chalicelib.domain.case import Case, CaseKey, CaseState
from chalicelib.domain.mention import unslug
from chalicelib.domain.outreach import Fan
from chalicelib.domain.people import Person, Read, fans, met, to_read
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import Listing, Wanted
from chalicelib.stages.relate import line_of
from chalicelib.web import cells, export, mention_rows, people, render
from chalicelib.web.clockface import Face, face
from chalicelib.web.i18n import Words
from chalicelib.web.mention_rows import Row
from chalicelib.web.visit import Outcome, Page, Visit

DAYS = 90
SPAN = timedelta(days=DAYS)
"""Looked back over on one page; further back is behind the link."""
ROWS, MOST = 25, 100
"""Messages on one page, and read whole at once for a file."""
SPANS = 5
"""That a file goes back over, one after the other: a message is kept for a year after it was heard."""
COLUMNS = ("posted", "network", "author", "text", "url", "language", "feeling", "intents", "case", "id")
WIDTH, HEIGHT, MARK = 640, 72, 12


@dataclass(frozen=True, slots=True)
class Mark:
    """One message on the line of their tone; `x` and `y` are its corner."""

    mood: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Affair:
    """A case of theirs."""

    slug: str
    title: str
    face: Face
    state: str
    replies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is of a person in these days, newest first: in short (`listings`), and some of it whole.
    `more` is the place behind what is shown, "" where that is all."""

    platform: str
    author: str
    listings: Sequence[Listing]
    shown: Sequence[Listing]
    more: str
    whole: Read
    cases: dict[CaseKey, Case]


def show(visit: Visit, platform: str, author: str) -> Outcome:
    """`until` (yyyy-mm-dd, a UTC day) comes from the address: the last day that is looked at; and
    `after`, the place in those days that a page of ours gave."""
    words = visit.words
    last = last_day(visit, _asked(visit))
    if export.asked(visit):
        return export.download(
            visit, "person", COLUMNS, _cells(visit, Wanted(platform=platform, author=name_of(author)), last)
        )
    after = visit.query.get("after", "")
    found = find(visit, platform, name_of(author), last, after=after, most=ROWS)
    rows = [_row(visit, each, found) for each in found.shown]
    first = last - SPAN + timedelta(days=1)
    here = people.path(platform, found.author)
    kept = {"until": last.isoformat()}
    values = {
        "author": found.author,
        "network": words.network(platform),
        "url": page_of(found),
        "rows": rows,
        "newest": next((row.slug for row in rows if row.slug), ""),
        "count": len(found.listings),
        "marks": _marks(found.shown, first, last),
        "size": (WIDTH, HEIGHT),
        "since": words.day(first),
        "until": words.day(last),
        "told": _told(found, words),
        "affairs": [affair(each, words) for each in found.cases.values()],
        "fan": fan_of(found, visit),
        "file": f"{here}?as=",
        "back": f"{here}?" + urlencode({**kept, **({"after": after} if after else {})}),
        "rest": f"{here}?" + urlencode({**kept, "after": found.more}) if found.more else "",
        "older": f"{here}?until={(last - SPAN).isoformat()}",
        "days": DAYS,
        "toast": mention_rows.toast(visit),
    }
    return Page(template="person.html", place="people", values=values)


def name_of(author: str) -> str:
    """Raises NotFound for what no page of ours made."""
    try:
        return unslug(author)
    except ValueError:
        raise NotFound("no such person") from None


def _asked(visit: Visit) -> date | None:
    """Raises NotFound."""
    given = visit.query.get("until", "")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise NotFound("no such day") from None


def last_day(visit: Visit, asked: date | None) -> date:
    """Today, or the day asked for where we can have heard anything by then."""
    today = visit.now.astimezone(UTC).date()
    return min(asked, today) if asked and asked.year >= 2000 else today


def find(visit: Visit, platform: str, author: str, last: date, *, after: str = "", most: int = MOST) -> Found:
    """A request a day, several at a time; one for the messages, two for the cases."""
    wanted = Wanted(platform=platform, author=author)
    listings = sorted(people.of_days(visit, last, DAYS, wanted), key=_at, reverse=True)
    place = _placed(after)
    rest = [each for each in listings if place is None or _at(each) < place]
    shown, more = rest[:most], rest[most:]
    one = _one(visit, listings)
    known = [each.key for each in shown] + (to_read(one) if one else [])
    asked = [CaseKey(*_parts(each)) for each in shown if each.state in ("answer", "thank")]
    led = visit.desk.cases.find_many(asked)
    return Found(
        platform=platform,
        author=author,
        listings=listings,
        shown=shown,
        more=_place(shown[-1]) if more else "",
        whole=visit.desk.mentions.get_many(known),
        cases={case.key: case for case in led.values() if visit.owns(case)},
    )


def _at(listing: Listing) -> tuple[datetime, str]:
    return listing.posted_at, listing.key.slug


def _place(listing: Listing) -> str:
    return f"{listing.posted_at.astimezone(UTC).replace(tzinfo=None).isoformat()}~{listing.key.slug}"


def _placed(after: str) -> tuple[datetime, str] | None:
    """The moment and name that a place stands for; None for the beginning. Raises BadInput."""
    if not after:
        return None
    at, _, slug = after.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise BadInput("after", "a place that a page of ours gave") from None
    return moment.replace(tzinfo=UTC), slug


def _one(visit: Visit, listings: Sequence[Listing]) -> Person | None:
    return next(iter(met(line_of(each, visit.brand.zone) for each in listings)), None)


def _parts(listing: Listing) -> tuple[str, str, str]:
    return listing.key.brand, listing.key.platform, listing.key.id


def _row(visit: Visit, listing: Listing, found: Found) -> Row:
    mention, verdict = found.whole.get(listing.key, (None, None))
    return mention_rows.of_listing(visit, listing, mention, verdict)


def page_of(found: Found) -> str:
    """Their page at the network, as it came with their newest message."""
    urls = (mention.author.url for mention, _ in found.whole.values())
    return next((url for url in urls if render.link(url)), "")


def _marks(listings: Sequence[Listing], first: date, last: date) -> list[Mark]:
    """Glad above the line, unhappy below it, all else on it; the newest at the right."""
    start = datetime.combine(first, datetime.min.time(), UTC)
    length = datetime.combine(last + timedelta(days=1), datetime.min.time(), UTC) - start
    middle = (HEIGHT - MARK) // 2
    height = {"positive": middle - 20, "negative": middle + 20}
    return [
        Mark(
            each.label,
            round((each.posted_at - start) / length * (WIDTH - MARK)),
            height.get(each.label, middle),
        )
        for each in reversed(listings)
    ]


def _told(found: Found, words: Words) -> list[str]:
    """What they wrote, in counts; of whom we know nothing, nothing."""
    if not found.listings:
        return []
    glad = sum(each.label == "positive" for each in found.listings)
    angry = sum(each.label == "negative" for each in found.listings)
    total = len(found.listings)
    times = words.ngettext("Wrote about us once.", "Wrote about us %(num)s times.", total)
    said = [times]
    if glad:
        said.append(words.ngettext("%(count)s gladly.", "%(count)s gladly.", glad, count=words.count(glad)))
    if angry:
        count = words.count(angry)
        said.append(words.ngettext("%(count)s complaint.", "%(count)s complaints.", angry, count=count))
    return said


def affair(case: Case, words: Words) -> Affair:
    _ = words.gettext
    state = {
        CaseState.OPEN: _("Waits for us"),
        CaseState.SENDING: _("On its way"),
        CaseState.STUCK: _("Not sent"),
        CaseState.ANSWERED: _("Answered"),
        CaseState.SOLVED: _("Closed"),
    }[case.state]
    return Affair(
        slug=case.key.slug, title=case.title, face=face(case, words), state=state, replies=case.replies
    )


def fan_of(found: Found, visit: Visit) -> Fan | None:
    """The parts of the score by which the morning ranks fans: days glad, then passed on, then glad."""
    one = _one(visit, found.listings)
    if one is None or not one.glad:
        return None
    return next(iter(fans([one], found.whole)), None)


def _cells(visit: Visit, wanted: Wanted, last: date) -> Iterator[cells.Row]:
    """All that is kept of them, newest first."""
    for span in range(SPANS):
        listings = people.of_days(visit, last - span * SPAN, DAYS, wanted)
        for start in range(0, len(listings), MOST):
            yield from _whole(visit, listings[start : start + MOST])


def _whole(visit: Visit, listings: Sequence[Listing]) -> Iterator[cells.Row]:
    whole = visit.desk.mentions.get_many([each.key for each in listings])
    for each in listings:
        mention, verdict = whole.get(each.key, (None, None))
        yield (
            each.posted_at,
            each.key.platform,
            each.author,
            mention.text if mention else each.excerpt,
            mention.url if mention else "",
            each.language,
            each.label,
            verdict.reading.intents if verdict else (),
            "yes" if each.state in ("answer", "thank") else "no",
            str(each.key),
        )
