"""One person: everything they wrote to us, their tone over time, their cases and our replies, and what makes
them a fan. What they wrote and did, never what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.case import Case, CaseKey, CaseState
from chalicelib.domain.mention import unslug
from chalicelib.domain.outreach import Fan
from chalicelib.domain.people import Person, Read, fans, met
from chalicelib.errors import NotFound
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
MOST = 100
"""Messages read whole."""
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
    """What there is of a person, newest first."""

    platform: str
    author: str
    listings: Sequence[Listing]
    whole: Read
    cases: dict[CaseKey, Case]


def show(visit: Visit, platform: str, author: str) -> Outcome:
    """`until` (yyyy-mm-dd, a UTC day) comes from the address: the last day that is looked at."""
    words = visit.words
    last = last_day(visit, _asked(visit))
    found = find(visit, platform, name_of(author), last)
    if export.asked(visit):
        return export.download(visit, "person", COLUMNS, _cells(found))
    rows = [_row(visit, each, found) for each in found.listings]
    first = last - SPAN + timedelta(days=1)
    values = {
        "author": found.author,
        "network": words.network(platform),
        "url": page_of(found),
        "rows": rows,
        "marks": _marks(found.listings, first, last),
        "size": (WIDTH, HEIGHT),
        "since": words.day(first),
        "until": words.day(last),
        "told": _told(found, words),
        "affairs": [_affair(each, words) for each in found.cases.values()],
        "fan": fan_of(found, visit),
        "file": f"{people.path(platform, found.author)}?until={last.isoformat()}&as=",
        "back": f"{people.path(platform, found.author)}?until={last.isoformat()}",
        "older": f"{people.path(platform, found.author)}?until={(last - SPAN).isoformat()}",
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


def find(visit: Visit, platform: str, author: str, last: date) -> Found:
    """A request a day, several at a time; one for the messages, two for the cases."""
    wanted = Wanted(platform=platform, author=author)
    listings = people.of_days(visit, last, DAYS, wanted)[:MOST]
    whole = visit.desk.mentions.get_many([each.key for each in listings])
    asked = [CaseKey(*_parts(each)) for each in listings if each.state in ("answer", "thank")]
    led = visit.desk.cases.find_many(asked)
    cases = {case.key: case for case in led.values() if visit.owns(case)}
    return Found(platform=platform, author=author, listings=listings, whole=whole, cases=cases)


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


def _affair(case: Case, words: Words) -> Affair:
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
    lines = [line_of(each, visit.brand.zone) for each in found.listings]
    one: Person | None = next(iter(met(lines)), None)
    if one is None or not one.glad:
        return None
    return next(iter(fans([one], found.whole)), None)


def _cells(found: Found) -> list[cells.Row]:
    rows: list[cells.Row] = []
    for each in found.listings:
        mention, verdict = found.whole.get(each.key, (None, None))
        rows.append(
            (
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
        )
    return rows
