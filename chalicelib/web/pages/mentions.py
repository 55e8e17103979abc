"""Mentions: the timeline, newest first, with filters that are an address.

The table lists by UTC day; the page shows the brand's days. So it reads backwards from the end of the
day that is asked for, and its place (`from`) is a UTC day with the table's own cursor in it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from urllib.parse import urlencode

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import BadInput
from chalicelib.ports import Listing
from chalicelib.web.i18n import SPOKEN
from chalicelib.web.reading import LABELS, Piece, View, label, pieces, view
from chalicelib.web.visit import Page, Visit
from chalicelib.web.worklist import SHOWN

ROWS = 40
READS = 4
"""Reads of the day index for one page; what lies further back is behind the link."""
QUIET = 31
"""Days in a row without a mention, after which nothing older is looked for."""
FILTERS = ("label", "platform", "language", "watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`case` is the slug to look under, "" where the mention asked for nothing."""

    id: str
    at: datetime
    author: str
    network: str
    url: str
    lang: str
    said: tuple[Piece, ...]
    mood: str
    label: str
    view: View | None
    case: str


def show(visit: Visit) -> Page:
    """`day` (yyyy-mm-dd, the brand's day) and the filters come from the address."""
    chosen = {name: visit.query.get(name, "")[:60] for name in FILTERS}
    day = _day(visit)
    found, older = read(visit, day, chosen)
    known = visit.desk.mentions.get_many([listing.key for listing in found])
    rows = [_row(visit, listing, *known.get(listing.key, (None, None))) for listing in found]
    by_day = groupby(rows, key=lambda row: visit.words.local(row.at).date())
    kept = {name: value for name, value in chosen.items() if value}
    asked = {"day": day.isoformat(), **kept} if visit.query.get("day") else kept
    values = {
        "days": [(visit.words.day_title(each), list(group)) for each, group in by_day],
        "day": day.isoformat(),
        "today": visit.words.today().isoformat(),
        "chosen": chosen,
        "choices": _choices(visit, {listing.key.platform for listing in found} | {chosen["platform"]} - {""}),
        "tally": _tally(visit, rows, asked),
        "filtered": bool(kept),
        "older": "/mentions?" + urlencode({**asked, "from": older}) if older else "",
        "quiet": QUIET,
        "continued": bool(visit.query.get("from")),
    }
    return Page(template="mentions.html", place="mentions", values=values)


def _day(visit: Visit) -> date:
    given = visit.query.get("day", "")
    if not given:
        return visit.words.today()
    return _date(given, "day", "a date such as 2026-11-23")


def _date(given: str, field: str, expected: str) -> date:
    """A day with days and time zones around it: neither the year 1 nor 9999 has those."""
    try:
        found = date.fromisoformat(given)
    except ValueError:
        raise BadInput(field, expected) from None
    if not 1900 <= found.year < 3000:
        raise BadInput(field, expected)
    return found


def read(visit: Visit, day: date, chosen: dict[str, str]) -> tuple[list[Listing], str]:
    """The rows of one page, and the place where the next begins ("" after many quiet days).

    Days without any mention cost little: a page that goes on reads over them.
    """
    end = datetime.combine(day + timedelta(days=1), time(), visit.words.zone).astimezone(UTC)
    utc_day, cursor = _place(visit, end)
    found: list[Listing] = []
    heard = 0
    continued = bool(visit.query.get("from"))
    for _ in range(QUIET if continued else READS):
        listed, cursor = visit.desk.mentions.day(
            visit.brand.id, utc_day.isoformat(), limit=ROWS, before=cursor
        )
        heard += bool(listed)
        found += [each for each in listed if each.posted_at < end and _fits(each, chosen)]
        if not cursor:
            utc_day -= timedelta(days=1)
        if len(found) >= ROWS or heard == READS:
            break
    return found, f"{utc_day.isoformat()}~{cursor}" if heard or not continued else ""


def _place(visit: Visit, end: datetime) -> tuple[date, str]:
    given = visit.query.get("from", "")
    if not given:
        return (end - timedelta(seconds=1)).date(), ""
    day, _, cursor = given.partition("~")
    expected = "a place that a page of ours gave"
    if cursor and (cursor.count("#") < 2 or len(cursor) > 200):
        raise BadInput("from", expected)
    return _date(day, "from", expected), cursor


def _fits(listing: Listing, chosen: dict[str, str]) -> bool:
    wanted, platform, language, watch = (chosen[name] for name in FILTERS)
    return (
        wanted in ("", listing.label)
        and platform in ("", listing.key.platform)
        and language in ("", listing.language)
        and (not watch or watch in listing.watches)
    )


def _row(visit: Visit, listing: Listing, mention: Mention | None, verdict: Verdict | None) -> Row:
    words = visit.words
    evidence = verdict.reading.evidence if verdict else ()
    said = mention.text if mention else listing.excerpt
    return Row(
        id=listing.key.id,
        at=listing.posted_at,
        author=listing.author,
        network=words.network(listing.key.platform),
        url=mention.url if mention else "",
        lang=listing.language if listing.language not in ("", "und", words.language) else "",
        said=tuple(pieces(said, evidence, SHOWN)),
        mood=listing.label,
        label=label(listing.label, words),
        view=view(mention, verdict, visit.brand, words) if mention and verdict else None,
        case=_case(listing) if listing.state in ("answer", "thank") and _is_ours(visit, verdict) else "",
    )


def _case(listing: Listing) -> str:
    """The case page finds the conversation that this message belongs to."""
    return CaseKey(listing.key.brand, listing.key.platform, listing.key.id).slug


def _is_ours(visit: Visit, verdict: Verdict | None) -> bool:
    """The work of a department of the member's, as far as we can tell from here."""
    return verdict is None or visit.brand.department(verdict.department) in visit.departments


def _tally(visit: Visit, rows: list[Row], asked: dict[str, str]) -> list[tuple[str, str, int, str]]:
    """The feelings on this page: (mood, word, count, address of those rows)."""
    counts = Counter(row.mood for row in rows)
    return [
        (mood, visit.words.gettext(said), counts[mood], "/mentions?" + urlencode({**asked, "label": mood}))
        for mood, said in LABELS.items()
    ]


def _choices(visit: Visit, seen: set[str]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, word). `seen` are platforms of this page's rows."""
    words, brand = visit.words, visit.brand
    platforms = {channel.platform for channel in brand.channels} | seen
    return {
        "label": [(mood, words.gettext(said)) for mood, said in LABELS.items()],
        "platform": [(each, words.network(each)) for each in sorted(platforms)],
        "language": [(code, words.gettext(said)) for code, said in SPOKEN.items()],
        "watch": [(watch.id, watch.name) for watch in brand.watches],
    }
