"""The ports of what a brand is and where it listens, in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, Fed, Known
from chalicelib.domain.ledger import Book, Entry, Hold
from chalicelib.domain.mention import Found
from chalicelib.domain.source import Source, SourceState
from chalicelib.errors import BadInput, Conflict, NotFound, PlatformError, Rejected
from chalicelib.ports import Audit, FeedLink, Page, Refusal


class Brands:
    def __init__(self, audit: Audit, *brands: Brand) -> None:
        self.kept = {brand.id: brand for brand in brands}
        self.revs = {brand.id: 1 for brand in brands}
        self.audit = audit

    def get(self, brand: str) -> Brand:
        if brand not in self.kept:
            raise NotFound(brand)
        return self.kept[brand]

    def latest(self, brand: str) -> tuple[Brand, int]:
        return self.get(brand), self.revs[brand]

    def put(self, brand: Brand, *lines: AuditLine) -> None:
        self.kept[brand.id] = brand
        self.revs[brand.id] = self.revs.get(brand.id, 0) + 1
        self._noted(lines)

    def add(self, brand: Brand, *lines: AuditLine) -> None:
        if brand.id in self.kept:
            raise Conflict(brand.id)
        self.put(brand, *lines)

    def change(self, brand: Brand, rev: int, *lines: AuditLine) -> None:
        if self.revs[brand.id] != rev:
            raise Conflict(brand.id)
        self.put(brand, *lines)

    def feed(self, brand: str, fed: Fed) -> None:
        self.kept[brand] = replace(self.kept[brand], fed=fed)

    def all(self) -> list[Brand]:
        return list(self.kept.values())

    def _noted(self, lines: Iterable[AuditLine]) -> None:
        for line in lines:
            self.audit.note(line)


class KnownPages:
    """What the brand knows is seen at once."""

    def __init__(self, brands: Brands, audit: Audit) -> None:
        self._brands, self._audit = brands, audit

    def of(self, brand: str) -> Known:
        return self._brands.get(brand).known

    def settle(self, brand: str, known: Known, *lines: AuditLine) -> None:
        if known.rev != self.of(brand).rev + 1:
            raise Conflict("changed")
        self._brands.kept[brand] = replace(self._brands.get(brand), known=known)
        for line in lines:
            self._audit.note(line)


class Sources:
    def __init__(self, audit: Audit) -> None:
        self.kept: list[tuple[Source, SourceState]] = []
        self.audit = audit

    def get(self, brand: str, source: str) -> tuple[Source, SourceState]:
        found = (each for each in self.kept if (each[0].brand, each[0].id) == (brand, source))
        if (one := next(found, None)) is None:
            raise NotFound(f"source {brand}/{source}")
        return one

    def put(self, source: Source, *lines: AuditLine) -> None:
        self.kept.append((source, SourceState()))
        for line in lines:
            self.audit.note(line)

    def add(self, source: Source, *lines: AuditLine) -> None:
        if any((each.brand, each.id) == (source.brand, source.id) for each, _ in self.kept):
            raise Conflict(source.id)
        self.put(source, *lines)

    def change(self, source: Source, was: Source, *lines: AuditLine) -> None:
        kept, state = self.get(source.brand, source.id)
        if kept != was:
            raise Conflict(source.id)
        self.kept[self.kept.index((kept, state))] = (source, state)
        for line in lines:
            self.audit.note(line)

    def remove(self, source: Source, *lines: AuditLine) -> None:
        kept, state = self.get(source.brand, source.id)
        if kept != source:
            raise Conflict(source.id)
        self.kept.remove((kept, state))
        for line in lines:
            self.audit.note(line)

    def listed(self) -> list[object]:
        return []

    def of(self, brand: str) -> list[tuple[Source, SourceState]]:
        return [each for each in self.kept if each[0].brand == brand]

    def set_state(self, source: Source, was: SourceState, now: SourceState) -> bool:
        return True

    def last_tick(self) -> datetime | None:
        return None

    def set_last_tick(self, at: datetime) -> None: ...


class Secrets:
    """Set and removed; whoever reads one fails."""

    def __init__(self, now: datetime) -> None:
        self.kept: dict[str, dict[str, str]] = {}
        self.now = now

    def get(self, name: str, *, fresh: bool = False) -> Mapping[str, str]:
        raise AssertionError("the console reads no secret")

    def put(self, name: str, values: Mapping[str, str]) -> None:
        self.kept.pop(name, None)
        self.kept[name] = dict(values)

    def remove(self, name: str) -> None:
        self.kept.pop(name, None)

    def dates(self, brand: str) -> dict[str, datetime]:
        """Each set a moment after the one before."""
        set_at = {name: self.now + timedelta(milliseconds=n) for n, name in enumerate(self.kept)}
        return {name: at for name, at in set_at.items() if name.split("/")[1] == brand}


class Typed:
    """The same, for who connects accounts: reads what lies beside the tokens, never those."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def get(self, name: str, *, fresh: bool = False) -> Mapping[str, str]:
        assert name.partition("/")[0].endswith("app"), "the console reads no token"
        return self._secrets.kept.get(name, {})

    def put(self, name: str, values: Mapping[str, str]) -> None:
        self._secrets.put(name, values)

    def remove(self, name: str) -> None:
        self._secrets.remove(name)

    def dates(self, brand: str) -> dict[str, datetime]:
        return self._secrets.dates(brand)


class Refusals:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], list[Refusal]] = {}

    def of(self, brand: str, source: str, now: datetime) -> list[Refusal]:
        return self.kept.get((brand, source), [])


class Outside:
    """Feeds and pages, by address; what else is asked is not known."""

    def __init__(self) -> None:
        self.feeds: dict[str, tuple[Found, ...] | PlatformError] = {}
        self.pages: dict[str, tuple[FeedLink, ...]] = {}
        self.older: set[str] = set()
        """Feeds that have older pages."""
        self.tried: list[tuple[Source, dict[str, str]]] = []
        self.calendars: dict[str, tuple[str, ...]] = {}

    def read_calendar(self, address: str, first: date, last: date) -> tuple[str, ...]:
        if address not in self.calendars:
            raise BadInput("feed", "this is not a calendar")
        return self.calendars[address]

    def try_source(self, source: Source, secrets: Mapping[str, str]) -> Page:
        self.tried.append((source, dict(secrets)))
        url = source.settings.get("url", source.platform)
        if url in self.pages:
            raise Rejected("feed", "is not a feed: it is a web page")
        found = self.feeds.get(url, Rejected("feed", "answered 404"))
        if isinstance(found, PlatformError):
            raise found
        return Page(found=found, cursor="", more=url in self.older)

    def feeds_at(self, url: str) -> tuple[FeedLink, ...]:
        if url not in self.pages:
            raise Rejected("feed", "answered 404")
        return self.pages[url]


class Ledger:
    """The books of a test by month, whatever brand."""

    def __init__(self, audit: Audit) -> None:
        self.kept: dict[str, Book] = {}
        self._audit = audit

    def book(self, brand: str, month: str) -> Book:
        return self.kept.get(month, Book(month=month))

    def books(self, brand: str, months: list[str]) -> list[Book]:
        return [self.book(brand, month) for month in months]

    def let_go_on(self, brand: str, month: str, scope: str, by: str, *lines: AuditLine) -> None:
        book = self.book(brand, month)
        self.kept[month] = replace(book, gone_on={**book.gone_on, scope: by})
        for line in lines:
            self._audit.note(line)

    def reserve(self, brand: str, book: Book, hold: Hold, limits: Mapping[str, int]) -> bool:
        self.kept[book.month] = replace(book, holds={**book.holds, hold.source: hold})
        return True

    def settle(self, brand: str, month: str, hold: Hold, lines: Mapping[Entry, int]) -> Book:
        book = self.book(brand, month)
        holds = {name: each for name, each in book.holds.items() if name != hold.source}
        sums = {entry: book.lines.get(entry, 0) + amount for entry, amount in lines.items()}
        self.kept[month] = replace(book, holds=holds, lines={**book.lines, **sums})
        return self.kept[month]

    def tell(self, brand: str, month: str, marks: list[str]) -> None:
        raise NotImplementedError
