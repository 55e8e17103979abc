"""Ask a source whose network charges for what is read: never for more than its budgets still pay for.

The order of effects: hold what the request can cost at most, ask, book what it cost in the place of that. A
crash in between leaves the whole of it in the book: the network may have charged us, so it counts as lost, at
the most that it can have been. A page that is read again, as its cursor did not move, is charged and booked
again. What the network refused cost nothing. Who asks while another does is told so.

A budget is told of once a month when it nears its end, and once when it is used: ring, then note that it was.
A crash in between may ring twice, never not at all.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
from chalicelib.errors import BadInput, BudgetUsed, Conflict, Lost, PlatformError, TooBig, Unauthorized
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

    def ask(
        self, brand: Brand, source: Source, cursor: str, connect: Callable[..., Metered], now: datetime
    ) -> Page:
        """One page. Raises BudgetUsed; Conflict where another asks it at this moment; PlatformError,
        BadInput."""
        month, limits = month_of(now, brand.zone), budgets(brand)
        book, hold, most = self._held(brand, source, month, limits, now)
        try:
            page = _asked(source, cursor, most, connect)
        except (PlatformError, BadInput) as error:
            self.ledger.settle(brand.id, month, hold, _of_failure(error, hold))
            raise
        lines = self._lines(brand, source, page, hold, book, limits)
        after = self.ledger.settle(brand.id, month, hold, lines)
        self.tell(brand, after, now)
        return page

    def look(self, brand: Brand, source: Source, connect: Callable[..., Metered], now: datetime) -> Page:
        """As `ask`, for a person who wants to see what is there. Raises BadInput where the budget is used."""
        try:
            return self.ask(brand, source, "", connect, now)
        except (BudgetUsed, Conflict) as error:
            raise BadInput("budget", str(error)) from None

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

    def _lines(
        self, brand: Brand, source: Source, page: Page, hold: Hold, book: Book, limits: Mapping[str, int]
    ) -> dict[Entry, int]:
        """What the page cost, by who pays. What it gave beside `found` is for nobody's words."""
        stopped = books.stopped_watches(brand, book, limits)
        number = max(page.read, len(page.found))
        on = [_payers(brand, source, each, hold.payer, stopped) for each in page.found]
        on += [[hold.payer]] * (number - len(on))
        found = books.shares(self.prices.cost(number), on, hold.payer)
        return {Entry(READ, source.platform, source.id, *payer): amount for payer, amount in found.items()}

    def tell(self, brand: Brand, book: Book, now: datetime, *, stopped: str = "") -> None:
        """Those whose money it is hear of a budget that nears its end, or is used."""
        if not (found := books.news(brand, book, stopped=stopped)):
            return
        for each in found:
            self.alerts.add(brand.id, bell(concerns(each.scope, brand), SPENT), [each], now)
        self.ledger.tell(brand.id, book.month, [each.mark for each in found])


def _asked(source: Source, cursor: str, most: int, connect: Callable[..., Metered]) -> Page:
    """A key that is refused is read anew once, as somebody may have renewed it."""
    try:
        return connect(source).listen(cursor, most)
    except Unauthorized:
        return connect(source, fresh=True).listen(cursor, most)


def _of_failure(error: Exception, hold: Hold) -> dict[Entry, int]:
    """What answered that it does nothing cost nothing; where we got no whole answer, it may have charged us
    for all that we asked for."""
    return {hold.lost: hold.amount} if isinstance(error.__cause__, Lost | TooBig) else {}


def _payers(
    brand: Brand, source: Source, found: Found, payer: Payer, stopped: Mapping[str, str]
) -> list[Payer]:
    """Of one message. A source that is for one watch is paid by that one, whoever else hears it."""
    if source.watch and payer.watch:
        return [payer]
    asked = matcher(brand.watches).found(heard(found, platform=found.platform or source.platform))
    return books.payers(brand, (brand.watches[match.number].id for match in asked), stopped) or [payer]
