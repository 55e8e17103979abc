"""By when is something due that a sentence says? Dutch and English, on the wall clock of a brand.

A day without an hour is due when the department closes that day; where it is closed all day, or has closed
already, a minute before midnight. Working days are those on which it is open. Of several days the first
counts, and what may take "5 to 7 days" the last.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.clock import week
from chalicelib.domain.wording import pattern

MORNING, AFTERNOON, EVENING = time(12), time(18), time(22)
"""When a part of the day is over."""
LAST = time(23, 59)
SOON_AFTER_WEEKEND = 1
"""Early in a week is until Tuesday."""
FAR = timedelta(days=366)
"""Further away nothing is read."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of a department (`clock.week`), in the zone of its brand; `closed`: on which dates nobody
    works there."""

    hours: Mapping[str, Sequence[str]]
    zone: str
    closed: Container[date] = ()

    def open_on(self, day: date) -> bool:
        table = week(self.hours)
        return not any(table) or (bool(table[day.weekday()]) and day not in self.closed)

    def start(self, day: date) -> datetime:
        """Of its first hours that day; nine o'clock where it has none of its own."""
        blocks = week(self.hours)[day.weekday()]
        minutes = blocks[0][0] if blocks and day not in self.closed else 9 * 60
        return self.at(day, time(minutes // 60, minutes % 60))

    def end(self, day: date, now: datetime) -> datetime:
        """Of the day's work, if that is still to come."""
        blocks = week(self.hours)[day.weekday()]
        minutes = blocks[-1][1] if blocks and day not in self.closed else 24 * 60
        wall = LAST if minutes == 24 * 60 else time(minutes // 60, minutes % 60)
        closes = self.at(day, wall)
        return closes if closes > now else self.at(day, LAST)

    def workday(self, day: date, n: int) -> date:
        """The n-th day on which it is open after `day`; within `FAR`, else that far away."""
        for days in range(1, FAR.days):
            found = day + timedelta(days=days)
            n -= self.open_on(found)
            if n <= 0:
                return found
        return day + FAR

    def last_open(self, first: date, last: date) -> date:
        """The last day on which it is open, of this stretch; `last` if it is on none."""
        days = [last - timedelta(days=n) for n in range((last - first).days + 1)]
        return next((day for day in days if self.open_on(day)), last)

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, ZoneInfo(self.zone)).astimezone(UTC)


def read(sentence: str, now: datetime, calendar: Calendar, before: str = "") -> datetime | None:
    """The moment (UTC) by which something is said to be; None where nothing says when. `before` is what the
    same sentence said just before: an hour alone is one of the day that it names, a weekday of the week."""
    today, text = calendar.today(now), sentence.casefold()
    spans = list(_spans(text, now, today, calendar))
    text = pattern(_SPAN).sub(" ", text)
    next_week = pattern(_NEXT_WEEK).search(f"{before.casefold()} {text}") is not None
    days = [found for found in _days(text, today, calendar, next_week) if today <= found <= today + FAR]
    hour, part = _hour(text), _part(text)
    if wall := hour or part:
        day = min(days or _days(before.casefold(), today, calendar, next_week), default=today)
        if not days and calendar.at(day, wall) <= now:
            day += timedelta(days=1)
        spans.append(calendar.at(day, wall))
    elif days:
        spans.append(calendar.end(min(days), now))
    return min((each for each in spans if now < each <= now + FAR), default=None)


# a span from now -------------------------------------------------------------------------------------

_NUMBERS = {
    word: n
    for n, words in {
        1: "een één ’n a an one het the eerstvolgende",
        2: "twee two couple",
        3: "drie three enkele paar few",
        4: "vier four",
        5: "vijf five",
        6: "zes six",
        7: "zeven seven",
        8: "acht eight",
        10: "tien ten",
        14: "veertien fourteen",
    }.items()
    for word in words.split()
}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT = r"""
    (?P<unit>minu\w+|minutes?|kwartier\w*|half\s(?:uur\w*|an\shour)|uurtje|uur|uren|hours?|werkdag\w*
      |(?:working|business|work)\s?days?|dag\w*|days?|weken|week|weeks?|fortnight|maand\w*|months?)
"""
_SPAN = rf"""
    \b(?:binnen|over|within|in)\s(?:nu\sen\s|at\smost\s|maximaal\s|the\snext\s|about\s|ongeveer\s|een\s
      |a\s)?(?:(?P<first>{_NUMBER})\s?(?:à|a|tot|of|-|–|to|or)\s?)?(?:(?P<n>{_NUMBER})\s(?:of\s)?)?{_UNIT}\b
"""


def _spans(text: str, now: datetime, today: date, calendar: Calendar) -> Iterator[datetime]:
    for found in pattern(_SPAN).finditer(text):
        n, unit = _count(found["n"] or found["first"] or "1"), found["unit"]
        if unit.startswith("half"):
            yield now + timedelta(minutes=30)
        elif unit.startswith("kwartier"):
            yield now + timedelta(minutes=15 * n)
        elif unit.startswith("minu"):
            yield now + timedelta(minutes=n)
        elif unit.startswith(("uur", "uren", "hour")):
            yield now + timedelta(hours=n)
        elif unit.startswith(("werk", "work", "business")):
            yield calendar.end(calendar.workday(today, n), now)
        else:
            days = {"d": 1, "w": 7, "f": 14, "m": 30}[unit[0]]
            yield calendar.end(today + min(timedelta(days=n * days), FAR), now)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else _NUMBERS[text]


# a day ----------------------------------------------------------------------------------------------

_WEEKDAYS = (
    ("maandag", "monday"),
    ("dinsdag", "tuesday"),
    ("woensdag", "wednesday"),
    ("donderdag", "thursday"),
    ("vrijdag", "friday"),
    ("zaterdag", "saturday"),
    ("zondag", "sunday"),
)
_WEEKDAY = "|".join(name for names in _WEEKDAYS for name in names)
_MONTHS = (
    *("jan", "feb", "maart|mrt|march|mar", "apr", "mei|may", "jun"),
    *("jul", "aug", "sep", "okt|oct", "nov", "dec"),
)
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|mrt|march|mar|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|aug(?:ustus|ust)?|sep(?:tember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = rf"""
    \b(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)?\s(?:of\s)?(?P<month>{_MONTH})\b(?:\s(?P<year>20\d\d))?
  | \b(?P<month2>{_MONTH})\s(?:the\s)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)
  | \b(?P<day3>\d{{1,2}})[-/](?P<month3>\d{{1,2}})[-/](?P<year3>20\d\d)\b
"""
_NAMED = rf"\b(?P<name>{_WEEKDAY})(?:ochtend|middag|avond|'s)?\b(?!\s(?:en|and|t/m|tot\sen\smet)\s)"
_NEXT_WEEK = r"\b(?:volgende|komende|next)\sweek\b"


def _days(text: str, today: date, calendar: Calendar, next_week: bool) -> Iterator[date]:
    dated = [day for found in pattern(_DATE).finditer(text) if (day := _dated(found, today))]
    yield from dated
    monday = today - timedelta(days=today.weekday())
    named = [] if dated else pattern(_NAMED).findall(text)
    for name in named:
        n = next(n for n, names in enumerate(_WEEKDAYS) if name in names)
        ahead = (n - today.weekday() - 1) % 7 + 1
        yield monday + timedelta(days=7 + n) if next_week else today + timedelta(days=ahead)
    for said, which in _RELATIVE.items():
        if pattern(said).search(text) and not (named and which in _WEEKS):
            yield which(today, monday, calendar)


def _dated(found: re.Match[str], today: date) -> date | None:
    day = int(found["day"] or found["day2"] or found["day3"])
    word = found["month"] or found["month2"] or ""
    month = next((n for n, names in enumerate(_MONTHS, 1) if word.startswith(tuple(names.split("|")))), 0)
    year = found["year"] or found["year3"]
    try:
        dated = date(int(year or today.year), month if word else int(found["month3"]), day)
        return dated if year or dated >= today else dated.replace(year=today.year + 1)
    except ValueError:
        return None


_Which = Callable[[date, date, Calendar], date]


def _day_off(n: int) -> _Which:
    return lambda today, monday, calendar: today + timedelta(days=n)


def _this_week(today: date, monday: date, calendar: Calendar) -> date:
    return calendar.last_open(today, monday + timedelta(days=6))


def _friday(today: date, monday: date, calendar: Calendar) -> date:
    return max(today, monday + timedelta(days=4))


def _sunday(today: date, monday: date, calendar: Calendar) -> date:
    return monday + timedelta(days=6)


def _after_weekend(today: date, monday: date, calendar: Calendar) -> date:
    return calendar.workday(monday + timedelta(days=6), 1)


def _early_next_week(today: date, monday: date, calendar: Calendar) -> date:
    return monday + timedelta(days=7 + SOON_AFTER_WEEKEND)


def _in_next_week(today: date, monday: date, calendar: Calendar) -> date:
    return calendar.last_open(monday + timedelta(days=7), monday + timedelta(days=13))


def _this_month(today: date, monday: date, calendar: Calendar) -> date:
    return calendar.last_open(today, _month_end(today))


def _next_month(today: date, monday: date, calendar: Calendar) -> date:
    first = _month_end(today) + timedelta(days=1)
    return calendar.last_open(first, _month_end(first))


def _next_workday(today: date, monday: date, calendar: Calendar) -> date:
    return calendar.workday(today, 1)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


_EARLY = r"(?:begin|early|aan\shet\sbegin\svan|at\sthe\s(?:start|beginning)\sof)\s(?:van\s)?(?:de\s)?"
_END = r"(?:eind|einde|end)\s(?:van\s|of\s)?(?:de(?:ze)?\s|the\s|this\s)?"
_RELATIVE: dict[str, _Which] = {
    r"""\b(?:vandaag|vanmiddag|vanavond|vanochtend|vanmorgen|vannacht|straks|dadelijk|meteen|nu|zodadelijk
      |today|tonight|immediately|now|right\saway|straight\saway|at\sonce|this\s(?:morning|afternoon|evening))\b
      | \b(?:eind|einde|end|close)\s(?:van\s|of\s)(?:de\s|the\s)?(?:dag|day|play|business)\b(?!\stomorrow)
    """: _day_off(0),
    r"\b(?<!over)(?:morgen\w*|tomorrow\w*)\b(?<!day\safter\stomorrow) | \bfirst\sthing\b": _day_off(1),
    r"\bovermorgen\b | \bday\safter\stomorrow\b": _day_off(2),
    rf"\b(?:deze|this)\sweek\b | \b{_END}week\b": _this_week,
    r"\b(?:voor|before)\s(?:het\s|the\s)?weekend\b": _friday,
    r"\b(?:dit|komend|this|over\sthe)\sweekend\b": _sunday,
    r"\b(?:na|after)\s(?:het\s|the\s)?weekend\b": _after_weekend,
    rf"\b{_EARLY}(?:volgende|komende|next)\sweek\b": _early_next_week,
    rf"(?<!begin\s)(?<!early\s)(?<!begin\svan\s){_NEXT_WEEK}": _in_next_week,
    rf"\b(?:deze|this)\smaand\b | \bthis\smonth\b | \b{_END}(?:maand|month)\b": _this_month,
    r"\b(?:volgende|komende|next)\s(?:maand|month)\b": _next_month,
    r"\b(?:eerst)?volgende\swerkdag\b | \bnext\s(?:working|business)\sday\b": _next_workday,
}
_WEEKS = (_this_week, _in_next_week, _early_next_week)
"""Told by a weekday beside it."""

# an hour --------------------------------------------------------------------------------------------

_CLOCK = r"(?P<{0}>\d{{1,2}})(?!\d)(?:[:.](?P<{0}m>\d\d))?\s?(?P<{0}u>uur|u\b|am|pm|a\.m\.|p\.m\.)?"
_BETWEEN = (
    r"\b(?:tussen|between|van|from)\s"
    + _CLOCK.format("a")
    + r"\s?(?:en|and|to|tot|-)\s?"
    + _CLOCK.format("z")
    + r"(?!\s?(?:werk)?(?:dag|day|minu|we[e]?k))"
)
_AT = (
    r"\b(?:voor|om|tegen|rond|uiterlijk|vanaf|by|before|at|around)\s(?:about\s)?"
    + _CLOCK.format("a")
    + r"(?!\s?(?:werk|working|business)?\s?(?:dag|day|minu|we[e]?k|maand|month|euro|\d|%|[-/]))"
    + r"(?!\s?"
    + _MONTH
    + r"\b)"
)
_BARE = r"\b(?P<a>\d{1,2})(?:[:.](?P<am>\d\d))?\s?(?P<au>uur|am|pm)\b | \b(?P<b>\d{1,2}):(?P<bm>\d\d)\b"
_NOON = r"\b(?:by|before|at|around)\s(?:noon|midday|lunch\w*)\b | \btussen\sde\smiddag\b"


def _hour(text: str) -> time | None:
    if pattern(_NOON).search(text):
        return time(12)
    if found := pattern(_BETWEEN).search(text):
        return _wall(found["z"], found["zm"], found["zu"])
    if found := pattern(_AT).search(text):
        return _wall(found["a"], found["am"], found["au"])
    if found := pattern(_BARE).search(text):
        return _wall(found["a"] or found["b"], found["am"] or found["bm"], found["au"])
    return None


def _wall(hour: str, minute: str | None, half: str | None) -> time | None:
    """Without a word for it, an hour before seven is one of the afternoon: nobody works at three at night."""
    h, m = int(hour), int(minute or 0)
    if (half and half[0] == "p" and h < 12) or ((not half or half[0] == "u") and not minute and 0 < h < 7):
        h += 12
    return time(h, m) if h < 24 and m < 60 else None


_PARTS = {
    r"""\b(?:vanochtend|vanmorgen|\w*(?<!op)ochtends?|this\smorning|in\sthe\smorning|first\sthing)\b
      | \bmorning\b""": MORNING,
    r"\b(?:\w*middags?|afternoon)\b": AFTERNOON,
    r"\b(?:vanavond|\w+avond|avonds|tonight|evening)\b": EVENING,
}


def _part(text: str) -> time | None:
    return next((over for said, over in _PARTS.items() if pattern(said).search(text)), None)
