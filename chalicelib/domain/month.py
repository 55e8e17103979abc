"""The facts of one month, frozen as they were when the report was made; every figure is reckoned from these.

Rows only, in a fixed order (by moment, then id): what they amount to is in `figures.py`. What a network or
source did not give is None, never zero.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.shape import dump, load
from chalicelib.domain.source import Outage

VERSION = 1
UNASKED = frozenset({"ignore", "capped"})
"""The states of what opened no case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRow:
    """`id` is the mention's key as text; `reach` its author's followers when we heard it."""

    id: str
    at: datetime
    platform: str
    author: str
    language: str
    label: str
    """A Sentiment's value; "unsure" where nobody knows."""
    state: str
    """What was decided: answer, thank or ignore."""
    intents: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    department: str = ""
    text: str = ""
    """The excerpt."""
    url: str = ""
    source: str = ""
    """Id of the source that brought it; "" where that is not known any more."""
    passed_on: bool = False
    """It brings something of somebody else on (`people.passes_on`)."""
    story: str = ""
    """Stands for its whole text (`figures_heard.story_of`); "" in facts of before this was kept."""
    reach: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A message that is held as noise; `held` is why (`Mention.held`)."""

    id: str
    at: datetime
    platform: str
    author: str
    language: str
    text: str
    """The excerpt."""
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """A copy of a story on another site (`copies.py`). `copy_of` is the id of the first's mention, which an
    earlier month may have; `reach` its author's followers when we heard it."""

    id: str
    at: datetime
    platform: str
    author: str
    site: str
    copy_of: str
    language: str = ""
    text: str = ""
    """The excerpt."""
    url: str = ""
    source: str = ""
    reach: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A turn of a case (`turns.py`): messages of this month that waited for us, and the answer that followed.

    `id` is the case's with the number of the turn, `slug` its page in the console; `received_at` is the
    first message's.
    """

    id: str
    slug: str
    action: str
    department: str
    platform: str
    author: str
    title: str
    label: str
    state: str
    received_at: datetime
    due: datetime
    answered_at: datetime | None = None
    closed: bool = False
    """A person closed it without an answer; or who wrote did, with thanks: `by_them`."""
    by_them: bool = False
    unsure: bool = False
    """Nobody knew whether its answer left."""
    intents: tuple[str, ...] = ()
    carried: bool = False
    """It came in an earlier month, and could not be judged when that was reported: it is judged here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    """A case that waited, handed over `at` by the department `origin`, where it waited since `since`, to
    `department`; both by id. `slug` is its page in the console."""

    id: str
    """The case's, with the event's."""
    slug: str
    platform: str
    title: str
    at: datetime
    origin: str
    department: str
    since: datetime
    reason: str = ""
    """How it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A post or reply that left, or should have left, in this month. Numbers are the oldest measurement's
    (`step` of `measuring.AGES`; 0: never measured)."""

    id: str
    kind: str
    """post or reply."""
    slug: str
    """The post's id, or the case's slug."""
    channel: str
    platform: str
    at: datetime
    """When it left; if it did not, when it should have."""
    due: datetime
    state: str
    reason: str = ""
    title: str = ""
    text: str = ""
    """Its first line."""
    url: str = ""
    by: str = ""
    despite: tuple[str, ...] = ()
    """The rules of `honesty.py` that would have stopped it; `anyway` is why it went out all the same."""
    anyway: str = ""
    holding: bool = False
    """A holding reply: it answers nothing."""
    under: str = ""
    """The standing approval by which the system sent it, `by` being who signed that."""
    way: str = ""
    """A post's: boost or quote; "" for a message of its own."""
    goal: str = ""
    audience: str = ""
    why: str = ""
    shares: str = ""
    step: int = 0
    counted_at: datetime | None = None
    reach: int | None = None
    reactions: int | None = None
    replies: int | None = None
    shared: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingRow:
    channel: str
    day: str
    followers: int | None = None
    following: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source that was connected before the month ended, and how it is when the facts are frozen;
    `failing_since` only if that was before the month ended, and of the `outages` those that touch it."""

    id: str
    name: str
    platform: str
    last_success: datetime | None = None
    last_heard: datetime | None = None
    failing_since: datetime | None = None
    reason: str = ""
    outages: tuple[Outage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedRow:
    """A suggestion of one of the month's mornings."""

    day: str
    deed: str
    state: str
    platform: str
    author: str
    url: str
    by: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What an earlier month's report said, for comparison; only what was reported."""

    month: str
    mentions: int
    positive: int
    negative: int
    reach: int | None = None
    reached: int = 0
    """Posts whose network gave their reach."""
    reactions: int | None = None
    reacted: int = 0
    """Posts whose network gave their reactions."""
    cases: int = 0
    on_time: int = 0
    wait: int | None = None
    """Seconds to an answer, the median."""
    posts: int = 0
    """That should have left, and of those that left on their moment:"""
    punctual: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What a part of the work costs (`spend.py`): `mentions` and `sending` for one, any other for a month."""

    name: str
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """What a network that charges was paid in `month` (`yyyy-mm`; this one or the one before): a line of the
    book (`ledger.py`), in micro-dollars. `id` is of all but the sum."""

    id: str
    month: str
    kind: str
    platform: str
    source: str
    watch: str
    department: str
    micro_usd: int


FLAT = (Rate(name="house", usd=2.0), Rate(name="mentions", usd=0.000_002_5))
"""By which months were reckoned before rates were kept with their facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """`kind` is a watch's."""

    id: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`month` is `yyyy-mm` in `zone`; `language` the brand's first, in which the report is written."""

    v: int
    brand: str
    name: str
    month: str
    zone: str
    language: str
    frozen_at: datetime
    goals: tuple[Named, ...]
    channels: tuple[Named, ...]
    departments: tuple[Named, ...]
    """The first is where unclaimed work goes."""
    watches: tuple[Named, ...] = ()
    mentions: tuple[MentionRow, ...] = ()
    """Talk of us (`kinds.py`)."""
    beside: tuple[MentionRow, ...] = ()
    """What watches for topics and peers heard, also where it is of us as well."""
    held: tuple[HeldRow, ...] = ()
    """What was held as noise when this was gathered; it is in no other figure."""
    copies: tuple[CopyRow, ...] | None = None
    """Talk of us that is a copy of a story: in neither of the two above, and None in facts of before copies
    were known."""
    cases: tuple[CaseRow, ...] = ()
    handovers: tuple[HandoverRow, ...] | None = None
    """None in facts of before these were kept: nobody knows how many there were."""
    deliveries: tuple[DeliveryRow, ...] = ()
    following: tuple[FollowingRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    deeds: tuple[DeedRow, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    """Up to eleven months before this one, oldest first."""
    since: datetime | None = None
    """Where the rows begin, if not with the month: where the report of the month before ended, on the clock
    of another zone."""
    began: datetime | None = None
    """When the first was known of the brand, if that was in this month (`began`)."""
    rates: tuple[Rate, ...] = FLAT
    costs: tuple[CostRow, ...] = ()

    @property
    def known(self) -> bool:
        """Was anything known of the brand, then or before? Else the month is one that it did not exist in."""
        rows = (
            self.mentions,
            self.copies,
            self.cases,
            self.deliveries,
            self.following,
            self.sources,
            self.deeds,
        )
        return any(rows) or bool(self.earlier)


def stretch(facts: Facts) -> tuple[datetime, datetime]:
    """From when to when its rows are."""
    start, end = span(facts.month, facts.zone)
    return facts.since or start, end


def began(month: str, zone: str, signs: Iterable[datetime]) -> datetime | None:
    """The first of the signs of life of a brand without an earlier report, if it lies within the month.

    Signs are when its sources were connected, and what left or should have; not what was heard: a source
    brings what is older than its connection, too.
    """
    start, end = span(month, zone)
    first = min(signs, default=start)
    return first if start < first < end else None


def judged(case: CaseRow, facts: Facts) -> bool:
    """Can it be said whether it was answered in time? It was answered, or its time has come without; a person
    who closed it without an answer knew why."""
    unknown = case.unsure or case.closed
    return case.answered_at is not None or (case.due < facts.frozen_at and not unknown)


def unjudged(facts: Facts) -> tuple[str, ...]:
    """Ids of the turns of which nothing could be said yet: the next month judges them."""
    return tuple(case.id for case in facts.cases if not (case.closed or judged(case, facts)))


def complains(row: MentionRow | CaseRow) -> bool:
    """What is called a complaint: negative, and meant as one."""
    return row.label == "negative" and "complaint" in row.intents


def to_bytes(facts: Facts) -> bytes:
    """Canonical JSON: the same bytes for the same facts."""
    return json.dumps(dump(facts), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def from_bytes(body: bytes) -> Facts:
    """What `to_bytes` was given, moments to the millisecond. Raises ValueError (`shape.ShapeError`)."""
    return load(Facts, json.loads(body))


def span(month: str, zone: str) -> tuple[datetime, datetime]:
    """The month's first moment and the next one's, in UTC. Raises ValueError for what is not `yyyy-mm`."""
    year, number = _read(month)
    here = ZoneInfo(zone)
    start = datetime(year, number, 1, tzinfo=here)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=here)
    return start.astimezone(UTC), end.astimezone(UTC)


def month_of(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m")


def before(month: str, by: int = 1) -> str:
    """The month so many months earlier."""
    year, number = _read(month)
    count = year * 12 + number - 1 - by
    return f"{count // 12:04}-{count % 12 + 1:02}"


def _read(month: str) -> tuple[int, int]:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", month):
        raise ValueError("a month is written 2026-11")
    first = date.fromisoformat(f"{month}-01")
    return first.year, first.month
