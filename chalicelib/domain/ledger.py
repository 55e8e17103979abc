"""A brand's book of a month: what networks that charge were paid, for whom, and what may still be spent.

Every sum is in whole micro-dollars. A message that was read is paid for by the watches that heard it, in
equal parts; one that no watch heard by the source's own payer (`payer`). The parts make up the whole, to the
last micro-dollar. What a watch or department has no budget left for is not put on it: the others pay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.brand import Brand
from chalicelib.domain.month import span
from chalicelib.domain.source import Source

if TYPE_CHECKING:  # who only reads a book, as the month's report does, needs no budgets
    from chalicelib.domain.budget import Spent

READ, LOST, SENT, DRAFT, OPINION = "read", "lost", "sent", "draft", "opinion"
"""Kinds: messages that were read; requests whose answer never came to us, at the most that they can have
cost; answers and posts; drafts of a model, and second opinions."""
HELD = timedelta(minutes=5)
"""So long a request may take: longer than the worker that asks lives."""
PAYERS = 40
"""On how many watches the cost of one page is put; what is left goes on their departments."""


class Payer(NamedTuple):
    """A watch ("": none) and the department whose money it is, by id."""

    watch: str
    department: str


class Entry(NamedTuple):
    """One line of the book."""

    kind: str
    platform: str
    source: str
    watch: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What is put by for a request that is under way: the most that it can cost. One a source; where several
    may be under way `source` has a name behind it, after a `~`."""

    source: str
    platform: str
    payer: Payer
    amount: int
    until: int
    """Seconds since 1970: after it nobody waits for its answer."""
    token: str

    @property
    def lost(self) -> Entry:
        """The line that it is, where nobody ever said what came of it."""
        return Entry(LOST, self.platform, self.source.partition("~")[0], *self.payer)

    @property
    def scopes(self) -> tuple[str, ...]:
        return scopes(self.payer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """`totals` by scope, with what is held; `gone_on` by scope who let it go on; `told` are marks."""

    month: str
    lines: dict[Entry, int] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    gone_on: dict[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    @property
    def all_lines(self) -> dict[Entry, int]:
        """With what is held: until somebody says what it cost, it may have cost all of that."""
        found = defaultdict(int, self.lines)
        for hold in self.holds.values():
            found[hold.lost] += hold.amount
        return {entry: amount for entry, amount in sorted(found.items()) if amount}

    @property
    def spent(self) -> int:
        return sum(self.all_lines.values())


def scopes(payer: Payer) -> tuple[str, ...]:
    """Whose budgets it is paid from."""
    from chalicelib.domain.budget import WHOLE, of_department, of_watch

    found = (WHOLE, of_department(payer.department))
    return (*found, of_watch(payer.watch)) if payer.watch else found


def payer(brand: Brand, source: Source) -> Payer:
    """Who pays for what no watch hears: the watch that the source is for, or the first department."""
    watch = brand.watch(source.watch)
    if watch is None:
        return Payer("", brand.departments[0].id)
    return _payer_of(watch.id, brand)


def _payer_of(watch: str, brand: Brand) -> Payer:
    found = brand.watch(watch)
    return Payer(watch, brand.department(found.department if found else "").id)


# what may be spent -------------------------------------------------------------------------------


def left(book: Book, limits: Mapping[str, int], scope: str) -> int | None:
    """None: as much as you like."""
    if scope not in limits or scope in book.gone_on:
        return None
    return limits[scope] - book.totals.get(scope, 0)


def tightest(book: Book, limits: Mapping[str, int], of: Iterable[str]) -> tuple[str, int] | None:
    """The scope with the least left, and how much that is; None where none of these has a budget."""
    found = [(rest, scope) for scope in of if (rest := left(book, limits, scope)) is not None]
    return (min(found)[1], min(found)[0]) if found else None


def affords(rest: int | None, *, read: int, request: int, least: int, most: int) -> int:
    """How many messages may be asked for at once; 0 where there is not enough left to ask at all."""
    if rest is None:
        return most
    number = min(most, (rest - request) // read if read else most if rest >= request else 0)
    return number if number >= least else 0


def stopped_watches(brand: Brand, book: Book, limits: Mapping[str, int]) -> dict[str, str]:
    """Watches that nothing more is put on, with the scope of the budget that is used."""
    found = {}
    for watch in brand.watches:
        worst = tightest(book, limits, scopes(_payer_of(watch.id, brand))[1:])
        if worst and worst[1] <= 0:
            found[watch.id] = worst[0]
    return found


def all_stopped(brand: Brand, source: Source, book: Book, limits: Mapping[str, int]) -> str:
    """The scope of a budget that is used, where none of those that this source is read for has money left; ""
    where somebody has."""
    if source.watch or not source.watched or not brand.watches:
        return ""
    found = stopped_watches(brand, book, limits)
    return next(iter(found.values())) if len(found) == len(brand.watches) else ""


def news(brand: Brand, book: Book, *, stopped: str = "") -> "list[Spent]":
    """What is to be told of its budgets and was not yet. `stopped`: the scope for which a source waits
    now."""
    from chalicelib.domain.budget import NEAR, USED, Spent, budgets, called

    found = []
    for scope, amount in budgets(brand).items():
        rest = left(book, {scope: amount}, scope)
        if rest is None:
            continue
        near = book.totals.get(scope, 0) * 100 >= amount * brand.warn_at
        kind = USED if scope == stopped or rest <= 0 else NEAR if near else ""
        if kind == NEAR and f"{USED} {scope} {amount}" in book.told:
            continue
        if kind:
            found.append(
                Spent(
                    brand=brand.id,
                    scope=scope,
                    kind=kind,
                    month=book.month,
                    amount=amount,
                    name=called(scope, brand),
                )
            )
    return [each for each in found if each.mark not in book.told]


# who pays ----------------------------------------------------------------------------------------


def shares(total: int, heard: Sequence[Collection[Payer]], others: Payer) -> dict[Payer, int]:
    """A page's cost, put on who pays: each message counts the same, and of a message each of its payers. One
    without a payer is `others`'. They make up `total`: largest remainder, then the order of their names."""
    pages = [sorted(set(each)) or [others] for each in heard] or [[others]]
    whole = lcm(*(len(each) for each in pages))
    weights: defaultdict[Payer, int] = defaultdict(int)
    for each in pages:
        for one in each:
            weights[one] += whole // len(each)
    weights = _folded(weights)
    parts = {one: divmod(total * weight, whole * len(pages)) for one, weight in weights.items()}
    found = {one: share for one, (share, _) in parts.items()}
    last = sorted(parts, key=lambda one: (-parts[one][1], one))[: total - sum(found.values())]
    for one in last:
        found[one] += 1
    return {one: share for one, share in sorted(found.items()) if share}


def _folded(weights: Mapping[Payer, int]) -> "defaultdict[Payer, int]":
    """Of very many payers, the smallest without their watch: a write has so much room."""
    found: defaultdict[Payer, int] = defaultdict(int)
    for place, one in enumerate(sorted(weights, key=lambda one: (-weights[one], one))):
        found[one if place < PAYERS else Payer("", one.department)] += weights[one]
    return found


def payers(brand: Brand, watches: Iterable[str], stopped: Collection[str]) -> list[Payer]:
    """Of a message that these watches heard."""
    return [_payer_of(watch, brand) for watch in watches if watch not in stopped]


# what a page says of it ----------------------------------------------------------------------------


def by(lines: Mapping[Entry, int], name: str) -> dict[str, int]:
    """Sums by one part of an entry, the largest first."""
    found: defaultdict[str, int] = defaultdict(int)
    for entry, amount in lines.items():
        found[getattr(entry, name)] += amount
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def forecast(spent: int, month: str, zone: str, now: datetime) -> int | None:
    """What it will be at the month's end, if it goes on as up to the last full hour; None on its first
    day."""
    start, end = span(month, zone)
    gone = now.replace(minute=0, second=0, microsecond=0) - start
    if gone < timedelta(days=1):
        return None
    return max(spent, spent * int((end - start).total_seconds()) // int(gone.total_seconds()))
