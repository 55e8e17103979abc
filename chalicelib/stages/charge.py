"""Pay for what is not read: messages of ours at a network that charges for them, and what models say.

The order of effects is that of `pay.py`: hold what it can cost at most; ask; book what it cost in the place
of that. Each request has a hold of its own. A crash in between leaves the whole of it in the book, as lost:
who asks again for the same message finds that hold, and no second one; of a model's it stays.

A person's yes to an answer is asked for once more where its budget is used (`Till.used`); what they said yes
to leaves and is booked, whatever is left by then. What goes without a person is held back, or not asked.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import ledger as books
from chalicelib.domain.alerting import SPENT, bell
from chalicelib.domain.brand import Brand
from chalicelib.domain.budget import budgets, concerns
from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.ledger import SENT, Book, Entry, Hold, Payer
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.month import month_of
from chalicelib.errors import BudgetUsed, Conflict, NotFound, Rejected
from chalicelib.ports import Alerts, Cases, Ledger, Mentions

TRIES = 20
"""Others may write the book between our look and our hold."""
NOT_DONE = ("ThrottlingException", "TooManyRequestsException", "ModelNotReadyException")
"""Why a model did not begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """The book of a brand, for one request at the moment `now`: of its month it is."""

    brand: Brand
    ledger: Ledger
    alerts: Alerts
    now: datetime

    @property
    def month(self) -> str:
        return month_of(self.now, self.brand.zone)

    def used(self, payers: Sequence[Payer], amount: int) -> str:
        """The scope of a budget of theirs that has not so much left, of which is told; "" where none is."""
        book = self.ledger.book(self.brand.id, self.month)
        scope = self._short(book, payers, amount)
        if scope:
            self.tell(book, stopped=scope)
        return scope

    def hold(self, name: str, platform: str, payers: Sequence[Payer], amount: int, *, must: bool) -> Hold:
        """Put by for one request, that is known by this `name`; what is held for it already stands. It is
        held whatever is left, where it `must` be. Raises BudgetUsed."""
        limits = {} if must else budgets(self.brand)
        for _ in range(TRIES):
            book = self.ledger.book(self.brand.id, self.month)
            if known := book.holds.get(name):
                return known
            if not must and (scope := self._short(book, payers, amount)):
                self.tell(book, stopped=scope)
                raise BudgetUsed(scope)
            hold = Hold(
                source=name,
                platform=platform,
                payer=payers[0],
                amount=amount,
                until=int((self.now + books.HELD).timestamp()),
                token=secrets.token_hex(4),
            )
            if self.ledger.reserve(self.brand.id, book, hold, limits):
                return hold
        raise Conflict(f"the book of {self.brand.id} is written by others all the time")

    def settle(self, hold: Hold, lines: Mapping[Entry, int]) -> None:
        """What it cost, in the place of what is held; those whose money it is hear where a budget nears its
        end."""
        self.tell(self.ledger.settle(self.brand.id, self.month, hold, lines))

    def tell(self, book: Book, *, stopped: str = "") -> None:
        if not (found := books.news(self.brand, book, stopped=stopped)):
            return
        for each in found:
            self.alerts.add(self.brand.id, bell(concerns(each.scope, self.brand), SPENT), [each], self.now)
        self.ledger.tell(self.brand.id, book.month, [each.mark for each in found])

    def _short(self, book: Book, payers: Sequence[Payer], amount: int) -> str:
        limits = budgets(self.brand)
        of = dict.fromkeys(scope for payer in payers for scope in books.scopes(payer))
        worst = books.tightest(book, limits, of)
        return worst[0] if worst and worst[1] < amount else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one message of ours costs its network, in micro-dollars."""

    till: Till
    delivery: Delivery
    platform: str
    price: int
    payers: Sequence[Payer]

    def used(self) -> str:
        return self.till.used(self.payers, self.price)

    def hold(self) -> Hold:
        return self.till.hold(self._name, self.platform, self.payers, self.price, must=True)

    def settle(self, *, sent: bool) -> None:
        """Nothing, where nothing is held: it was settled before."""
        till = self.till
        if hold := till.ledger.book(till.brand.id, till.month).holds.get(self._name):
            till.settle(hold, self._lines if sent else {})

    @property
    def _name(self) -> str:
        """By the token under which the network knows it, which each of several has of its own."""
        return f"{self.delivery.key.channel}~{self.delivery.token}"

    @property
    def _lines(self) -> dict[Entry, int]:
        parts = books.shares(self.price, [self.payers], self.payers[0])
        place = SENT, self.platform, self.delivery.key.channel
        return {Entry(*place, *payer): amount for payer, amount in parts.items()}


def payers(brand: Brand, message: Mention | None, department: str) -> Sequence[Payer]:
    """Of what is done about a message: the watches that heard it; else the department whose work it is, as of
    a post."""
    known = [watch for watch in (message.watches if message else ()) if brand.watch(watch)]
    return books.payers(brand, known, ()) or [Payer("", brand.department(department).id)]


def _read(key: MentionKey | None, mentions: Mentions) -> Mention | None:
    try:
        return mentions.get(key)[0] if key else None
    except NotFound:
        return None


def bill(
    delivery: Delivery,
    platform: str,
    price: int,
    *,
    brand: Brand,
    cases: Cases,
    mentions: Mentions,
    ledger: Ledger,
    alerts: Alerts,
    now: Callable[[], datetime],
) -> Bill:
    """Of the month in which it was first tried."""
    owner = delivery.key.owner
    department = cases.get(owner).department if isinstance(owner, CaseKey) else ""
    return Bill(
        till=Till(brand=brand, ledger=ledger, alerts=alerts, now=delivery.first_try or now()),
        delivery=delivery,
        platform=platform,
        price=price,
        payers=payers(brand, _read(delivery.to, mentions), department),
    )


@contextmanager
def charged(
    till: Till, kind: str, platform: str, on: Sequence[Sequence[Payer]], most: int, spent: Callable[[], int]
) -> Iterator[None]:
    """One request of a model for so many texts, each with who pays. What was refused, or put off, cost what
    it had cost by then; of one whose answer never came all that it can have been counts. Raises BudgetUsed,
    and then nothing is asked."""
    payers = [*dict.fromkeys(payer for each in on for payer in each)]
    hold = till.hold(f"{platform}~{secrets.token_hex(6)}", platform, payers, most, must=False)
    try:
        yield
    except Exception as error:
        known = isinstance(error, Rejected) or getattr(error, "reason", "") in NOT_DONE
        till.settle(hold, _lines(kind, platform, on, spent()) if known else {hold.lost: hold.amount})
        raise
    till.settle(hold, _lines(kind, platform, on, spent()))


def _lines(kind: str, platform: str, on: Sequence[Sequence[Payer]], spent: int) -> dict[Entry, int]:
    found = books.shares(spent, on, on[0][0])
    return {Entry(kind, platform, platform, *payer): amount for payer, amount in found.items()}


def over(case: Case, cost: int, till: Till, mentions: Mentions) -> str:
    """The scope of the budget that an answer which costs so many micro-dollars would pass; "" where there is
    none."""
    if not cost:
        return ""
    return till.used(payers(till.brand, _read(case.mention, mentions), case.department), cost)
