"""What a report is made of: figures, each with the ids of its rows, and what is told of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.figures_chance import Change
from chalicelib.domain.month import DeedRow, Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`value` is None where nobody knows it, which is never zero. `of` is the whole it is a part of, or
    how many rows gave it; None for a plain count. Times are in seconds, costs in millionths of a dollar.

    `rows` are ids in `table` (a file of the report), in the order of the facts. `label` is the name of
    whom or what it is about, where that is not in `name`.
    """

    name: str
    value: int | None
    of: int | None = None
    table: str
    rows: tuple[str, ...] = ()
    change: Change | None = None
    label: str = ""


class Row(Protocol):
    @property
    def id(self) -> str: ...


def count(
    name: str,
    table: str,
    rows: Sequence[Row],
    *,
    of: int | None = None,
    change: Change | None = None,
    label: str = "",
) -> Figure:
    """The figure of how many rows there are."""
    ids = tuple(row.id for row in rows)
    return Figure(name=name, value=len(rows), of=of, table=table, rows=ids, change=change, label=label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One message, or copies of it. `rows` is the name of its figure: how many there are.
    `reach` is that of its authors' followers together, of those that were given. `elsewhere` is that of its
    copies on other sites, which are none of these; "" where there are none."""

    rows: str
    text: str
    url: str
    author: str
    copies: int
    reach: str
    elsewhere: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A day with far more mentions than usual. `story` is what at least half of them say, `ours` the
    title of a post of ours that left that day; "" where the rows show no such thing."""

    rows: str
    day: date
    mentions: int
    usual: float
    story: str = ""
    ours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Somebody who wrote gladly more than once: how often, on how many days, of how many messages, and how
    many of these passed something on. `rows`, `all` and `passed_on` name the figures of their glad messages,
    of all, and of those that passed something on.
    """

    rows: str
    all: str
    passed_on: str
    platform: str
    author: str
    glad: int
    days: int
    shared: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekday:
    """`day` counts from Monday, 0. `reach`, `reactions` and `replies` are sums of what was given."""

    day: int
    posts: Figure
    reach: Figure
    reactions: Figure
    replies: Figure
    mentions: Figure

    @property
    def weekend(self) -> bool:
        return self.day >= 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Followers:
    """How many followed a channel as first and last given in the month, and how many it followed at last: the
    names of the figures."""

    channel: str
    first: str
    last: str
    following: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What one department handed over to another in the month, both by name. `rows`, `half` and `longest`
    name the figures: how many, how long they waited there at the median, and the one that waited longest.
    `together` is how long all of them waited, in seconds."""

    origin: str
    department: str
    rows: str
    half: str
    longest: str
    together: int


class Told(StrEnum):
    """What changed, and what it fell together with."""

    REACH = "reach"
    ANSWERS = "answers"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    WEEKEND = "weekend"
    PEAK = "peak"
    CROWDED = "crowded"
    """Most complaints came to one department."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`rows` names the figure it is about, `beside` the one it is held against."""

    told: Told
    rows: str
    beside: str = ""
    peak: Peak | None = None


class Step(StrEnum):
    """What to do, in the order of what comes first."""

    COMPLAINTS = "complaints"
    REPAIR = "repair"
    UNKNOWN = "unknown"
    """Did it leave? Whoever lets it go again may say it twice."""
    STRANDED = "stranded"
    WEEKEND = "weekend"
    LATE = "late"
    UNSERVED = "unserved"
    AIMLESS = "aimless"
    THANK = "thank"
    SILENT = "silent"
    DEEDS = "deeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`owner` is the id of a department. `about` names the source, goal or person it is about."""

    step: Step
    owner: str
    rows: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A month, reckoned. `all` holds every figure by its name, in the order of the report."""

    all: dict[str, Figure]
    stories: tuple[Story, ...]
    peaks: tuple[Peak, ...]
    fans: tuple[Fan, ...]
    week: tuple[Weekday, ...]
    followers: tuple[Followers, ...]
    weekends: tuple[date, ...]
    """Saturdays of the weekends on which no post left."""
    handovers: tuple[Handover, ...] | None = None
    """What waited most, all together, first; None where nobody knows."""
    findings: tuple[Finding, ...] = ()
    advice: tuple[Advice, ...] = ()

    @property
    def effect(self) -> str:
        """What tells how a post did: its reach; where no network gave that of any, the reactions to it."""
        silent = self["reach"].value is None and self["reactions"].value is not None
        return "reactions" if silent else "reach"

    def __getitem__(self, name: str) -> Figure:
        return self.all[name]

    def family(self, prefix: str) -> list[Figure]:
        """Figures of one kind: of each department, goal, watch."""
        return [figure for name, figure in self.all.items() if name.startswith(prefix)]


def deed_ids(deeds: Iterable[DeedRow]) -> list[str]:
    """Suggestions have no id of their own: their day and their place on its list."""
    counts: dict[str, int] = {}
    ids = []
    for row in deeds:
        counts[row.day] = counts.get(row.day, 0) + 1
        ids.append(f"{row.day}/{counts[row.day]}")
    return ids


def following_ids(facts: Facts) -> list[str]:
    return [f"{row.day}/{row.channel}" for row in facts.following]
