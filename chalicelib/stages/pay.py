"""Ask a source whose network charges for what is read: never for more than its budgets still pay for.

The order of effects: hold what the request can cost at most; read where the source stands; ask, keep, queue
and move the cursor, as `listen.py` does; book what it cost in the place of what is held. Until then nobody
else asks this source: a page is not paid for twice. A crash in between leaves the whole of it in the book:
the network may have charged us, so it counts as lost, at the most that it can have been. A page that is read
again is charged and booked again. What the network refused cost nothing.

A budget is told of once a month when it nears its end, and once when it is used: ring, then note that it was.
A crash in between may ring twice, never not at all.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from chalicelib.domain import ledger as books
from chalicelib.domain.alerting import SPENT, bell
from chalicelib.domain.brand import Brand
from chalicelib.domain.budget import budgets, concerns
from chalicelib.domain.conditions import heard
from chalicelib.domain.ledger import READ, Book, Entry, Hold, Payer
from chalicelib.domain.matching import matcher
from chalicelib.domain.mention import Found
from chalicelib.domain.month import month_of
from chalicelib.domain.source import Source
from chalicelib.errors import (
    BudgetUsed,
    Conflict,
    Lost,
    PlatformError,
    TooBig,
    Unauthorized,
    Unavailable,
)
from chalicelib.ports import Alerts, Ledger, Metered, Page, Prices

TRIES = 20
"""Others may take what is left of a budget between our look and our hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What pays for a source: its network's prices, the book, and who is told. `most` messages at once, where
    that is fewer than the network gives."""

    prices: Prices
    ledger: Ledger
    alerts: Alerts
    most: int = 0

    def hold(self, brand: Brand, source: Source, now: datetime) -> "Held":
        """Raises BudgetUsed; Conflict where another asks it at this moment."""
        month, limits = month_of(now, brand.zone), budgets(brand)
        book, hold, most = self._held(brand, source, month, limits, now)
        return Held(purse=self, brand=brand, source=source, now=now, book=book, hold=hold, most=most)

    def look(self, brand: Brand, source: Source, connect: Callable[..., Metered], now: datetime) -> Page:
        """For a person who wants to see what is there. Raises PlatformError, BadInput."""
        try:
            held = self.hold(brand, source, now)
        except BudgetUsed:
            raise Unavailable(source.platform, "its budget for this month is used") from None
        except Conflict:
            raise Unavailable(source.platform, "it is asked by another at this moment") from None
        with held:
            return held.ask("", connect)

    def _held(
        self, brand: Brand, source: Source, month: str, limits: Mapping[str, int], now: datetime
    ) -> tuple[Book, Hold, int]:
        """The book as it was before, what is held now, and for how many messages that is."""
        payer, prices = books.payer(brand, source), self.prices
        for _ in range(TRIES):
            book = self.ledger.book(brand.id, month)
            before = book.holds.get(source.id)
            if before and now.timestamp() < before.until:
                raise Conflict(f"source {source.brand}/{source.id} is being asked")
            most = self._most(brand, source, book, limits, payer, now)
            hold = Hold(
                source=source.id,
                platform=source.platform,
                payer=payer,
                amount=prices.cost(most),
                until=int((now + books.HELD).timestamp()),
                token=secrets.token_hex(4),
            )
            if self.ledger.reserve(brand.id, book, hold, limits):
                return book, hold, most
        raise Conflict(f"the book of {brand.id} is written by others all the time")

    def _most(
        self,
        brand: Brand,
        source: Source,
        book: Book,
        limits: Mapping[str, int],
        payer: Payer,
        now: datetime,
    ) -> int:
        prices = self.prices
        worst = books.tightest(book, limits, books.scopes(payer))
        most = books.affords(
            worst[1] if worst else None,
            read=prices.read,
            request=prices.request,
            least=prices.least,
            most=max(prices.least, min(prices.most, self.most or prices.most)),
        )
        used = books.all_stopped(brand, source, book, limits) or (worst[0] if worst and not most else "")
        if used:
            self.tell(brand, book, now, stopped=used)
            raise BudgetUsed(used)
        return most

    def tell(self, brand: Brand, book: Book, now: datetime, *, stopped: str = "") -> None:
        """Those whose money it is hear of a budget that nears its end, or is used."""
        if not (found := books.news(brand, book, stopped=stopped)):
            return
        for each in found:
            self.alerts.add(brand.id, bell(concerns(each.scope, brand), SPENT), [each], now)
        self.ledger.tell(brand.id, book.month, [each.mark for each in found])


@dataclass(kw_only=True, slots=True)
class Held:
    """What is held for one request at a source, whom nobody else asks meanwhile. Leaving it books what it
    cost, also where the work on it failed; only a crash leaves it held."""

    purse: Purse
    brand: Brand
    source: Source
    now: datetime
    book: Book
    hold: Hold
    most: int
    lines: dict[Entry, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, Exception):
            after = self.purse.ledger.settle(self.brand.id, self.book.month, self.hold, self.lines)
            self.purse.tell(self.brand, after, self.now)

    def ask(self, cursor: str, connect: Callable[..., Metered]) -> Page:
        """One page, of no more messages than are paid for; a key that is refused is read anew once, as
        somebody may have renewed it. Raises PlatformError, BadInput."""
        try:
            try:
                page = connect(self.source).listen(cursor, self.most)
            except Unauthorized:
                page = connect(self.source, fresh=True).listen(cursor, self.most)
        except PlatformError as error:
            if isinstance(error.__cause__, Lost | TooBig):  # it may have charged us for all that we asked for
                self.lines = {self.hold.lost: self.hold.amount}
            raise
        self.lines = self._cost(page)
        return page

    def _cost(self, page: Page) -> dict[Entry, int]:
        """By who pays. What the network gave beside `found` is for nobody's words."""
        stopped = books.stopped_watches(self.brand, self.book, budgets(self.brand))
        number = max(page.read, len(page.found))
        on = [_payers(self.brand, self.source, each, self.hold.payer, stopped) for each in page.found]
        on += [[self.hold.payer]] * (number - len(on))
        found = books.shares(self.purse.prices.cost(number), on, self.hold.payer)
        return {
            Entry(READ, self.source.platform, self.source.id, *payer): amount
            for payer, amount in found.items()
        }


def _payers(
    brand: Brand, source: Source, found: Found, payer: Payer, stopped: Mapping[str, str]
) -> list[Payer]:
    """Of one message. A source that is for one watch is paid by that one, whoever else hears it."""
    if source.watch and payer.watch:
        return [payer]
    asked = matcher(brand.watches).found(heard(found, platform=found.platform or source.platform))
    return books.payers(brand, (brand.watches[match.number].id for match in asked), stopped) or [payer]
