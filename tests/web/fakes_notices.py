"""Alerts that were told, and the ways of colleagues, in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib import ports
from chalicelib.domain.alerting import Notice, Ways
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.case import CaseKey
from chalicelib.domain.hush import Hush
from chalicelib.domain.spike import Counts, Surge
from chalicelib.errors import Conflict, NotFound
from tests.web.fakes import Audit


class Notices:
    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.kept: dict[tuple[str, str], Notice] = {}
        self.of: dict[tuple[str, str], Ways] = {}

    def keep(self, notice: Notice) -> None:
        self.kept[notice.brand, notice.id] = notice

    def reached(self, notice: Notice, ways: Sequence[str], open_by: datetime | None) -> None:
        self.keep(replace(self.get(notice.brand, notice.id), reached=tuple(ways)))

    def get(self, brand: str, id: str) -> Notice:
        if (brand, id) not in self.kept:
            raise NotFound("no such alert")
        return self.kept[brand, id]

    def newest(self, brand: str, *, limit: int = 50, before: str = "") -> tuple[list[Notice], str]:
        ids = sorted(
            (id for of, id in self.kept if of == brand and (not before or id < before)), reverse=True
        )
        found = [self.kept[brand, id] for id in ids[:limit]]
        return found, found[-1].id if len(ids) > limit else ""

    def unsay(self, cases: Sequence[CaseKey], since: datetime) -> None:
        raise NotImplementedError("stage 3's")

    def opened(self, notice: Notice, by: str, by_id: str, now: datetime) -> bool:
        kept = self.get(notice.brand, notice.id)
        if kept.opened_at:
            return False
        self.keep(replace(kept, opened_by=by, opened_by_id=by_id, opened_at=now))
        return True

    def claim_unopened(self, brand: str, id: str, now: datetime, *, again: datetime) -> Notice | None:
        raise NotImplementedError("the tick's")

    def settle(self, notice: Notice, escalated_at: datetime | None) -> None:
        raise NotImplementedError("the tick's")

    def colleagues(self, brand: str) -> list[Ways]:
        return [ways for (of, _), ways in self.of.items() if of == brand]

    def ways(self, brands: Sequence[str], user: str) -> dict[str, Ways]:
        return {brand: self.of[brand, user] for brand in brands if (brand, user) in self.of}

    def set_ways(self, ways: Ways, *lines: AuditLine) -> None:
        was = self.of.get((ways.brand, ways.user))
        if ways.rev != (was.rev if was else 0) + 1:
            raise Conflict("other ways by now")
        self.of[ways.brand, ways.user] = ways
        self.audit.lines += lines

    def forget(self, brand: str, user: str) -> None:
        self.of.pop((brand, user), None)

    def habit(self, brand: str) -> tuple[Mapping[datetime, Counts], Surge | None]:
        raise NotImplementedError("the watch's")

    def set_habit(self, brand: str, hours: Mapping[datetime, Counts], told: Surge | None) -> None:
        raise NotImplementedError("the watch's")

    def hushes(self, brand: str) -> tuple[Hush, ...]:
        raise NotImplementedError("the watch's")

    def set_hushes(self, brand: str, told: Sequence[Hush]) -> None:
        raise NotImplementedError("the watch's")

    def lapses(self, brand: str) -> tuple[Hush, ...]:
        raise NotImplementedError("the daily test's")

    def set_lapses(self, brand: str, told: Sequence[Hush]) -> None:
        raise NotImplementedError("the daily test's")

    def digested(self, brand: str) -> str:
        raise NotImplementedError("the morning's")

    def set_digested(self, brand: str, day: str) -> None:
        raise NotImplementedError("the morning's")

    def told_until(self) -> datetime | None:
        raise NotImplementedError("the tick's")

    def set_told_until(self, at: datetime) -> None:
        raise NotImplementedError("the tick's")


class Alerts:
    """Only what was rung."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, ports.Rings]] = []

    def add(self, brand: str, bell: str, found: Iterable[ports.Rings], now: datetime) -> bool:
        self.rung += [(bell, each) for each in found]
        return True

    def claim(self, *args: object, **named: object) -> tuple[ports.Rings, ...]:
        raise NotImplementedError

    def done(self, *args: object) -> None:
        raise NotImplementedError

    def hold(self, *args: object) -> None:
        raise NotImplementedError

    def waiting(self, now: datetime) -> ports.Ringing:
        raise NotImplementedError
