"""The report's three charts, as what is to be drawn; the template draws it. Sizes in pixels, never scaled."""

from dataclasses import dataclass
from math import ceil, floor

from chalicelib.domain.figures_chance import interval
from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.domain.month import Earlier, Facts, before
from chalicelib.web.i18n import DAYS, LONG_DAYS, Words
from chalicelib.web.report.months import behind, kind
from chalicelib.web.report.pieces import (
    average,
    decimal,
    linked,
    month_name,
    number,
    percent,
    plain,
    short_month,
)

WIDTH, HEIGHT = 280, 132
FLOOR, CEILING = 108, 34
"""Where bars stand, and how far up the highest goes."""
MOODS = 6
"""Months in the chart of feelings."""
THOUSANDS = 10_000
"""From here on the axis counts by the thousand."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind`: now, then, free (the weekend) or zero (a dash: measured, and nothing)."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A triangle: up for positive, down for negative."""

    x: float
    y: float
    kind: str

    @property
    def path(self) -> str:
        top, foot = (-5, 4) if self.kind == "positive" else (5, -4)
        return f"M{self.x:g} {self.y + top:g}L{self.x + 5:g} {self.y + foot:g}H{self.x - 5:g}Z"


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`outcome` says in words what is to be seen. `rows` are the same numbers, as a table under `head`."""

    id: str
    title: str
    outcome: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


def charts(figures: Figures, facts: Facts, now: Earlier, words: Words) -> list[Chart]:
    """Those there are numbers for. `now` is this month as later ones see it."""
    known = {each.month: each for each in (*facts.earlier, now)}
    found = (
        _effect(known, facts.month, figures, words),
        _moods(known, facts.month, figures, words),
        _week(figures, words),
    )
    return [chart for chart in found if chart]


def _effect(known: dict[str, Earlier], month: str, figures: Figures, words: Words) -> Chart | None:
    """Twelve months; the last is this one. Reach; where no network gave any, reactions."""
    months = [before(month, by) for by in range(11, -1, -1)]
    by = kind([known[each] for each in months if each in known])
    values = [getattr(known[each], by) if each in known else None for each in months]
    given = [value for value in values if value is not None]
    if not given:
        return None
    _ = words.gettext
    most = max(*given, 1)
    thousands = most >= THOUSANDS
    step = WIDTH / len(months)
    bars, labels, lines = [], [], []
    for n, (each, value) in enumerate(zip(months, values, strict=True)):
        current = each == month
        if value is not None:
            bars.append(_bar(n, step, value / most, "now" if current else "then"))
        labels.append(
            Label(_middle(n, step), 126, short_month(each, words)[0].lower(), kind="now" if current else "")
        )
    if values[-1] is not None:
        top = bars[-1].y - 6
        labels.append(Label(WIDTH, top, _amount(values[-1], thousands, words), "end", "now"))
    if values[-2] is not None:
        y = round(FLOOR - (FLOOR - CEILING) * values[-2] / most, 1)
        lines.append(Line(0, y, WIDTH, y, "before"))
        name = month_name(months[-2], words)
        labels.append(Label(0, 12, f"{name} {_amount(values[-2], thousands, words)}", "start"))
    told = []
    for each, value in zip(months, values, strict=True):
        if each in known:
            said = words.number(value) if value is not None else ""
            opens = linked(said, behind(known[each], by, figures))
            told.append((month_name(each, words, year=True), opens or _("Not given")))
    title, unit = _("Reach per month"), _("Reach")
    if by == "reactions":
        title, unit = _("Reactions per month"), _("Reactions")
    last = ", ".join(f"{month} {plain(said)}" for month, said in told[:-3:-1])
    return Chart(
        id="chart-reach",
        title=f"{title}, × {words.number(1000)}" if thousands else title,
        outcome=f"{title}: {last}.",
        head=(_("Month"), unit),
        rows=tuple(told),
        bars=tuple(bars),
        lines=tuple(lines),
        labels=tuple(labels),
    )


def _moods(known: dict[str, Earlier], month: str, figures: Figures, words: Words) -> Chart | None:
    """Shares of positive and negative, each with its interval. Months without mentions are gaps."""
    _ = words.gettext
    months = [before(month, by) for by in range(MOODS - 1, -1, -1)]
    heard = {m: known[m] for m in months if m in known and known[m].mentions}
    if not heard:
        return None
    parts = {
        m: {
            "positive": (each.positive, interval(each.positive, each.mentions)),
            "negative": (each.negative, interval(each.negative, each.mentions)),
        }
        for m, each in heard.items()
    }
    low = min(span[0] for each in parts.values() for _part, span in each.values())
    high = max(span[1] for each in parts.values() for _part, span in each.values())
    under, over = 10 * floor(10 * low), 10 * ceil(10 * high)
    left, right, top, foot = 30, WIDTH - 76, 12, FLOOR - 4

    def y(share: float) -> float:
        return round(foot - (foot - top) * (100 * share - under) / (over - under), 1)

    lines = [
        Line(left - 4, y(p / 100), right, y(p / 100), "grid") for p in (under, (under + over) // 2, over)
    ]
    labels = [Label(left - 8, y(p / 100) + 4, str(p), "end") for p in (under, (under + over) // 2, over)]
    marks: list[Mark] = []
    step = (right - left) / MOODS
    for n, each in enumerate(months):
        x = round(left + step * (n + 0.5), 1)
        labels.append(Label(x, 126, short_month(each, words).lower(), kind="now" if each == month else ""))
        for mood, shift in (("positive", -3), ("negative", 3)) if each in parts else ():
            part, span = parts[each][mood]
            lines.append(Line(x + shift, y(span[0]), x + shift, y(span[1]), mood))
            marks.append(Mark(x + shift, y(part / heard[each].mentions), mood))
    labels += _named(marks[-2:], right + 6, words)
    return Chart(
        id="chart-moods",
        title=_("Positive and negative, % with margin"),
        outcome=_said(month, heard, words),
        head=(_("Month"), _("Mentions"), _("Positive"), _("Negative")),
        rows=tuple(
            (
                month_name(m, words, year=True),
                linked(words.number(each.mentions), behind(each, "mentions", figures)),
                linked(_ranged(each.positive, each.mentions, words), behind(each, "positive", figures)),
                linked(_ranged(each.negative, each.mentions, words), behind(each, "negative", figures)),
            )
            for m, each in heard.items()
        ),
        lines=tuple(lines),
        marks=tuple(marks),
        labels=tuple(labels),
    )


def _week(figures: Figures, words: Words) -> Chart | None:
    """What a post of each weekday brought: reach, where none gave it reactions, else how many left."""
    _ = words.gettext
    kinds = (
        ("reach", _("Reach per post, by weekday")),
        ("reactions", _("Reactions per post, by weekday")),
        ("posts", _("Posts, by weekday")),
    )
    given = [(of, title) for of, title in kinds if any(getattr(day, of).rows for day in figures.week)]
    if not given:
        return None
    of, title = given[0]
    found: list[Figure] = [getattr(day, of) for day in figures.week]
    means = [figure.value / (figure.of or 1) if figure.value is not None else None for figure in found]
    said = [words.number(f.value or 0) if of == "posts" else average(f, words) for f in found]
    most = max(*(mean for mean in means if mean is not None), 0) or 1
    step = WIDTH / 7
    bars, labels = [], []
    for n, mean in enumerate(means):
        labels.append(Label(_middle(n, step), 126, words.gettext(DAYS[n]).lower()))
        if mean is not None:
            bar = _bar(n, step, mean / most, "free" if n >= 5 else "then")
            bars.append(bar)
            labels.append(Label(_middle(n, step), bar.y - 6, said[n], kind="now"))
    rows = [
        (_(LONG_DAYS[n]), number(day.posts, words), linked(said[n], found[n]) or _("Not given"))
        for n, day in enumerate(figures.week)
    ]
    told = ", ".join(f"{_(LONG_DAYS[n])} {one}" for n, one in enumerate(said) if one)
    return Chart(
        id="chart-week",
        title=title,
        outcome=f"{title}: {told}.",
        head=(_("Day"), _("Posts"), title) if of != "posts" else (_("Day"), _("Posts")),
        rows=tuple(row if of != "posts" else row[:2] for row in rows),
        bars=tuple(bars),
        labels=tuple(labels),
    )


def _bar(n: int, step: float, share: float, kind: str) -> Bar:
    """The n-th of its row; `share` of the full height, and a dash where that is nothing."""
    width = round(step * 0.66, 1)
    x = round(_middle(n, step) - width / 2, 1)
    height = round((FLOOR - CEILING) * share, 1)
    if not height:
        return Bar(x, FLOOR - 1, width, 1, "zero")
    return Bar(x, round(FLOOR - height, 1), width, height, kind)


def _middle(n: int, step: float) -> float:
    return round(step * (n + 0.5), 1)


def _amount(value: int, thousands: bool, words: Words) -> str:
    return decimal(value / 1000, words) if thousands else words.number(value)


def _named(last: list[Mark], x: float, words: Words) -> list[Label]:
    """The names beside the last marks, far enough apart to be read."""
    said = {"positive": words.gettext("Positive"), "negative": words.gettext("Negative")}
    upper, lower = sorted(last, key=lambda mark: mark.y)
    short = max(0.0, 15 - (lower.y - upper.y)) / 2
    heights = {upper.kind: upper.y - short, lower.kind: lower.y + short}
    return [
        Label(x, round(min(max(y, 12), FLOOR) + 4, 1), said[kind], "start", kind)
        for kind, y in heights.items()
    ]


def _ranged(part: int, whole: int, words: Words) -> str:
    low, high = interval(part, whole)
    return words.gettext(
        "%(share)s (%(low)s to %(high)s%%)",
        share=percent(part, whole),
        low=floor(100 * low + 0.5),
        high=floor(100 * high + 0.5),
    )


def _said(month: str, heard: dict[str, Earlier], words: Words) -> str:
    last = heard.get(month) or list(heard.values())[-1]
    return words.gettext(
        "In %(month)s %(positive)s positive and %(negative)s negative.",
        month=month_name(last.month, words),
        positive=percent(last.positive, last.mentions),
        negative=percent(last.negative, last.mentions),
    )
