"""People: the morning's list of good deeds, and those who are glad of us and pass it on.

Each suggestion is done by a person, here or at the network.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

from chalicelib.domain.brand import Brand
from chalicelib.domain.drafting import open_placeholders
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.outreach import Deed, DeedState, Fan, Morning, Outreach
from chalicelib.errors import BadInput, Conflict
from chalicelib.web import cells, export, good_deeds, outgoing, render
from chalicelib.web.i18n import Words
from chalicelib.web.reading import wrote
from chalicelib.web.reasons import told
from chalicelib.web.visit import Go, Outcome, Page, Visit

BACK = 6
"""Earlier days that the page links to."""
COLUMNS = ("deed", "network", "author", "text", "url", "messages", "glad", "state", "by", "at", "link")
SAID = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A suggestion. `state` is a DeedState's value; `made`: where the calendar takes it over."""

    id: str
    deed: str
    state: str
    title: str
    reason: str
    author: str
    network: str
    channel: str
    url: str
    said: str
    lang: str
    text: str
    missing: str
    """What of the text is still to be filled in, by name; "" for nothing."""
    made: str
    by: str
    at: datetime | None
    link: str
    post: str
    full: bool
    """Nobody more can be followed there: we follow as many as follow us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FanRow:
    """`said` is what they wrote last, "" where that is not known any more."""

    author: str
    network: str
    url: str
    reason: str
    shared: int
    days: int
    said: str
    lang: str


def show(visit: Visit) -> Outcome:
    """`day` (yyyy-mm-dd, the brand's day) comes from the address."""
    day = _day(visit, visit.query.get("day", ""))
    if export.asked(visit):
        morning = visit.desk.mornings.get(visit.brand.id, day.isoformat())
        rows = map(_cells, morning.outreach if morning else ())
        return export.download(visit, f"good-deeds-{day.isoformat()}", COLUMNS, rows)
    return _page(visit, day)


def _cells(found: Outreach) -> cells.Row:
    about = found.deed.value, found.platform, found.author, found.excerpt, found.url, found.times, found.glad
    return *about, found.state.value, found.by or None, found.at, found.link or None


def act(visit: Visit, id: str) -> Outcome:
    """Done or passed over, as the form says."""
    day = _day(visit, visit.form.get("day", ""))
    state = {"done": DeedState.DONE, "pass": DeedState.PASSED}.get(visit.form.get("do", ""))
    if state is None:
        raise BadInput("do", "done or pass")
    try:
        good_deeds.settle(visit, day.isoformat(), id, state, visit.form.get("link", "").strip())
    except BadInput as error:
        if error.field == "follow":
            return _page(visit, day, full=id)
        return _page(visit, day, fault=id, typed=visit.form.get("link", "").strip())
    except Conflict:
        _, found = good_deeds.find(visit, day.isoformat(), id)
        if found.state is DeedState.OPEN:
            raise
        return _page(visit, day, first=found)
    return Go(f"/people?day={day.isoformat()}#d-{quote(id, safe='')}")


def _day(visit: Visit, given: str) -> date:
    """The day that is asked for; else today."""
    if not given:
        return visit.words.today()
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = date.min
    if len(given) != 10 or not 1900 <= day.year < 3000:
        raise BadInput("day", "a date such as 2026-11-23")
    return day


def _page(
    visit: Visit,
    day: date,
    *,
    first: Outreach | None = None,
    fault: str = "",
    full: str = "",
    typed: str = "",
) -> Page:
    """`first`: the deed that somebody else was first with; `fault`: of which suggestion the link is wrong;
    `full`: which one would have us follow more than follow us."""
    words, start = visit.words, day - timedelta(days=BACK)
    mornings = visit.desk.mornings.between(visit.brand.id, start.isoformat(), day.isoformat())
    morning = next((each for each in mornings if each.day == day.isoformat()), None)
    rows = []
    if morning:
        follow = [each for each in morning.outreach if each.deed is Deed.FOLLOW]
        channels = {each.channel for each in follow if each.state is DeedState.OPEN}
        full_at = {channel for channel in channels if good_deeds.full(visit, channel)}
        rows = [_row(each, full_at, visit) for each in morning.outreach]
    values = {
        "heading": words.day_title(day),
        "day": day.isoformat(),
        "today": day == words.today(),
        "coming": day >= words.today(),
        "made": morning is not None,
        "failed": _failed(visit, day) if morning is None else "",
        "open": sum(row.state == "open" for row in rows),
        "rows": rows,
        "fans": _fans(morning.fans, visit) if morning else [],
        "withheld": [outgoing.channel(visit.brand, each, words) for each in morning.withheld]
        if morning
        else [],
        "earlier": [_tally(each, words) for each in reversed(mornings) if each is not morning],
        "before": (start - timedelta(days=1)).isoformat(),
        "first": _told(first, words) if first else "",
        "fault": fault,
        "fault_is_of": next((row.deed for row in rows if row.id == fault), ""),
        "full": full,
        "typed": typed,
    }
    status = 409 if first else 422 if fault or full else 200
    return Page(template="people.html", place="people", values=values, status=status)


def _failed(visit: Visit, day: date) -> str:
    """Why the list of a day could not be made; "" where nothing failed."""
    found = visit.desk.pulse.failures(visit.brand.id).get(day.isoformat())
    return told(found.reason, visit.words) if found else ""


def _tally(morning: Morning, words: Words) -> tuple[str, str, int, int]:
    """A day's address and name, how much was done of how much."""
    done = sum(each.state is DeedState.DONE for each in morning.outreach)
    return morning.day, words.day_title(date.fromisoformat(morning.day)), done, len(morning.outreach)


def _row(found: Outreach, full_at: Collection[str], visit: Visit) -> Row:
    words, text = visit.words, good_deeds.text_of(found, visit.member.name)
    share = {"title": _title(found, words), "text": text, "shares": found.url, "of": found.mention.slug}
    return Row(
        id=found.id,
        deed=found.deed.value,
        state=found.state.value,
        title=_title(found, words),
        reason=_reason(found, visit.brand, words),
        author=found.author,
        network=words.network(found.platform),
        channel=outgoing.channel(visit.brand, found.channel, words),
        url=found.url,
        said=found.excerpt,
        lang=_other(found.language, words),
        text=text,
        missing=", ".join(open_placeholders(text)) if found.deed is Deed.ANSWER else "",
        made="/calendar/new?" + urlencode(share) if found.deed is Deed.SHARE else "",
        by=found.by,
        at=found.at,
        link=found.link,
        post=found.post,
        full=found.deed is Deed.FOLLOW and found.channel in full_at,
    )


def _title(found: Outreach, words: Words) -> str:
    """What to do, as a sentence's beginning."""
    _ = words.gettext
    name = render.handle(found.author) or _("somebody")
    return {
        Deed.FOLLOW: _("Follow %(name)s", name=name),
        Deed.SHARE: _("Share what %(name)s wrote", name=name),
        Deed.ANSWER: _("Answer %(name)s", name=name),
    }[found.deed]


def _reason(found: Outreach, brand: Brand, words: Words) -> str:
    if found.deed is Deed.ANSWER:
        return words.gettext("Asks something that we know about.")
    aside = brand.watch(found.aside)
    about = words.gettext("Writes about what %(watch)s listens for.", watch=aside.name) if aside else ""
    return " ".join(filter(None, (wrote(found.times, found.glad, words), about)))


def _told(found: Outreach, words: Words) -> str:
    """Who was first, with what."""
    _, at = words.gettext, words.at(found.at) if found.at else ""
    if found.state is DeedState.PASSED:
        return _("%(name)s passed this over %(time)s", name=found.by, time=at)
    return _("%(name)s did this %(time)s", name=found.by, time=at)


def _fans(fans: Sequence[Fan], visit: Visit) -> list[FanRow]:
    words = visit.words
    known = visit.desk.mentions.get_many([fan.last for fan in fans]) if fans else {}

    def said(key: MentionKey) -> tuple[str, str]:
        if key not in known:
            return "", ""
        mention, verdict = known[key]
        return _short(mention.text), _other(verdict.reading.language if verdict else "", words)

    found = []
    for fan in fans:
        text, lang = said(fan.last)
        row = FanRow(
            author=fan.author,
            network=words.network(fan.platform),
            url=fan.url,
            reason=wrote(fan.times, fan.glad, words),
            shared=fan.shared,
            days=fan.days,
            said=text,
            lang=lang,
        )
        found.append(row)
    return found


def _short(text: str) -> str:
    return text if len(text) <= SAID else text[:SAID].rsplit(None, 1)[0] + "…"


def _other(language: str, words: Words) -> str:
    """The language if it is another than the page's."""
    return language if language not in ("", "und", words.language) else ""
