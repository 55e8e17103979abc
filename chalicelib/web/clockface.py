"""A case's due time as the page shows it: how long is left, until when, and the sum behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import clock
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseState, Waiting
from chalicelib.domain.holidays import off
from chalicelib.web.i18n import Words

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
READABLE = 20.0
"""Hundredths of the strip that a label needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """`tone`: late, soon, ample, later (another day) or done. `used` is a share from 0 to 1."""

    text: str
    until: str
    tone: str
    used: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of the sum, in hundredths of the strip's width; `used` is what of `width` has passed.

    `label` and `foot` are "" where there is no room for them.
    """

    label: str
    foot: str
    open: bool
    x: float
    width: float
    used: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """`sentence` is the sum in words, `promise` what was promised, in words; "" for an answer at once."""

    segments: tuple[Segment, ...]
    sentence: str
    promise: str


def face(case: Case | Waiting, words: Words) -> Face:
    """The clock in a list."""
    _, now = words.gettext, words.now
    if isinstance(case, Case) and not case.state.waits_for_us and case.state is not CaseState.SENDING:
        return _done(case, words)
    left, at = case.due - now, words.moment(case.due)
    used = _share(now - case.received_at, case.due - case.received_at)
    if left < timedelta():
        text = _("%(span)s late", span=words.span(-left)) if -left < DAY else _("Late")
        return Face(text=text, until=_("was due %(time)s", time=at), tone="late", used=1.0)
    if words.local(case.due).date() != words.today():
        return Face(text=at, until="", tone="later")
    text = _("%(span)s left", span=words.span(left))
    tone = "soon" if left < HOUR else "ample"
    return Face(text=text, until=_("until %(time)s", time=at), tone=tone, used=used)


def strip(case: Case, brand: Brand, words: Words) -> Strip:
    """The clock of a case, as it was reckoned when it came in, whatever the hours are by now."""
    closed = off(brand, brand.department(case.department))
    reckoning = clock.recall(case.due, case.reckoning)
    return Strip(
        segments=_segments(reckoning, words),
        sentence=clock.sentence(reckoning, words.language, str(words.zone), closed),
        promise=_promise(sum(part.minutes for part in reckoning.parts if part.open), words),
    )


def closing(brand: Brand, words: Words) -> datetime | None:
    """When the last department that is open now closes today; None if all are closed."""
    local = words.local(words.now)
    minute = local.hour * 60 + local.minute
    ends = [
        end
        for department in brand.departments
        if local.date() not in off(brand, department)
        for start, end in clock.week(department.hours)[local.weekday()]
        if start <= minute < end
    ]
    return words.now + timedelta(minutes=max(ends) - minute) if ends else None


def _done(case: Case, words: Words) -> Face:
    _ = words.gettext
    at = case.answered_at
    if at is None:
        return Face(text=_("Closed"), until="", tone="done")
    due = words.moment(case.due)
    when = (
        _("in time, due %(time)s", time=due) if at <= case.due else _("too late, was due %(time)s", time=due)
    )
    said = _("Closed %(time)s") if case.state is CaseState.SOLVED else _("Answered %(time)s")
    return Face(text=said % {"time": words.moment(at)}, until=when, tone="done")


def _promise(minutes: int, words: Words) -> str:
    if not minutes:
        return ""
    if minutes % 60 == 0:
        hours = minutes // 60
        return words.ngettext("Promised: %(num)s working hour", "Promised: %(num)s working hours", hours)
    return words.ngettext("Promised: %(num)s working minute", "Promised: %(num)s working minutes", minutes)


def _segments(reckoning: clock.Reckoning, words: Words) -> tuple[Segment, ...]:
    parts = reckoning.parts
    found, x = [], 0.0
    for part, width in zip(parts, _widths(parts), strict=True):
        roomy = width >= READABLE
        label = words.span(part.end - part.start) if part.open else words.gettext("closed")
        segment = Segment(
            label=label if roomy else "",
            foot=_foot(part, reckoning, words) if roomy else "",
            open=part.open,
            x=round(x, 1),
            width=round(max(width - 0.4, 0.4), 1),
            used=round(max(width - 0.4, 0.4) * _share(words.now - part.start, part.end - part.start), 1),
        )
        found.append(segment)
        x += width
    return tuple(found)


def _widths(parts: Sequence[clock.Part]) -> list[float]:
    """By length, but closed time together no wider than open time, and up to three stay readable."""
    opened = sum(part.minutes for part in parts if part.open) or 1
    closed = sum(part.minutes for part in parts if not part.open)
    squeeze = min(1.0, opened / closed) if closed else 1.0
    lengths = [part.minutes * (1.0 if part.open else squeeze) for part in parts]
    least = READABLE if len(parts) <= 3 else 0.0
    return [least + (100 - least * len(parts)) * length / sum(lengths) for length in lengths]


def _foot(part: clock.Part, reckoning: clock.Reckoning, words: Words) -> str:
    if part.open and part.end != reckoning.due:
        return words.moment(part.start)
    return words.gettext("until %(time)s", time=words.moment(part.end))


def _share(passed: timedelta, whole: timedelta) -> float:
    return max(0.0, min(1.0, passed / whole)) if whole else 1.0
