"""Alerts: for each bell the set of cases or posts its department must hear of, and when it may be told."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from chalicelib.aws.log import log
from chalicelib.aws.table import keys
from chalicelib.aws.table.store import Refused, Store, Update
from chalicelib.domain.budget import NEAR, USED, Spent, read as read_spent
from chalicelib.domain.case import CaseKey
from chalicelib.domain.hush import Hush, read as read_hush
from chalicelib.domain.post import PostKey
from chalicelib.domain.spike import Surge, read as read_surge
from chalicelib.ports.upkeep import Ringing

Rings = CaseKey | PostKey | Surge | Hush | Spent

BELL = "N#"
MOST = 200
"""Cases one alert can name. In a storm the rest is on the department's list, where the alert leads."""


class Alerts:
    """Implements `ports.Alerts`.

    `work_key` is when the department may be told: the end of its quiet time, or at once. That end is
    left standing when all is told; once past, it means at once as well. Notices that somebody must open
    (`notices.py`) and mails that are to go out (`mailings.py`) wait in the same place of the index: one
    question finds all.
    """

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def add(self, brand: str, bell: str, found: Iterable[Rings], now: datetime) -> bool:
        if not (waiting := set(map(str, found))):
            return False
        try:
            item = self._store.update(
                _key(brand, bell),
                _ADD,
                {
                    "v": keys.VERSION,
                    "brand": brand,
                    "alert": keys.ALERT,
                    "now": keys.moment(now),
                    "cases": waiting,
                    "most": MOST,
                },
                condition="attribute_not_exists(#waiting) OR size(#waiting) < :most",
                returns="ALL_NEW",
            )
        except Refused:
            log().warning("alert full", extra={"brand": brand, "bell": bell})
            return True
        return bool(item["work_key"] <= keys.moment(now))

    def claim(self, brand: str, bell: str, now: datetime, *, quiet_until: datetime) -> tuple[Rings, ...]:
        try:
            item = self._store.update(
                _key(brand, bell),
                "SET #quiet_until = :until, #work_key = :until",
                {"until": keys.moment(quiet_until), "now": keys.moment(now)},
                condition="attribute_exists(#waiting) "
                "AND (attribute_not_exists(#quiet_until) OR #quiet_until <= :now)",
                returns="ALL_NEW",
            )
        except Refused:
            return ()
        return tuple(map(_read, sorted(item["waiting"])))

    def done(self, brand: str, bell: str, found: Iterable[Rings]) -> None:
        if not (told := set(map(str, found))):
            return
        key = _key(brand, bell)
        try:
            self._store.update(key, _NOTHING_WAITS, {"told": told}, condition="#waiting = :told")
        except Refused:  # others came in between, or these were told before
            self._take_away(key, told)

    def hold(self, brand: str, bell: str, until: datetime) -> None:
        change, values = "SET #quiet_until = :until, #work_key = :until", {"until": keys.moment(until)}
        try:
            self._store.update(_key(brand, bell), change, values, condition="attribute_exists(#waiting)")
        except Refused:
            return  # told meanwhile

    def waiting(self, now: datetime) -> Ringing:
        where, values = (
            "#work = :alert AND #work_key < :until",
            {"alert": keys.ALERT, "until": keys.until(now)},
        )
        found = Ringing([], [], [])
        for item in self._store.query(where, values, index="work"):
            brand = item["pk"].partition("#")[2]
            if item["sk"].startswith(BELL):
                found.bells.append((brand, item["sk"].removeprefix(BELL)))
            elif item["sk"].startswith(keys.MAILING):
                found.mailings.append((brand, item["sk"].removeprefix(keys.MAILING)))
            else:
                found.notices.append((brand, item["sk"]))
        return found

    def _take_away(self, key: keys.Item, told: set[str]) -> None:
        try:
            self._store.update(
                key, "DELETE #waiting :told", {"told": told}, condition="attribute_exists(#pk)"
            )
            self._store.update(key, _NOTHING_WAITS, {}, condition="attribute_not_exists(#waiting)")
        except Refused:
            return  # the usual case: some still wait


def ringing(brand: str, bell: str, found: Iterable[CaseKey | PostKey], now: datetime) -> Update:
    """What adds to a bell, for a transaction of something else."""
    return (
        _key(brand, bell),
        _ADD,
        {
            "v": keys.VERSION,
            "brand": brand,
            "alert": "alert",
            "now": keys.moment(now),
            "cases": set(map(str, found)),
        },
        "",
    )


_ADD = (
    "SET #v = :v, #brand = :brand, #work = :alert, #work_key = if_not_exists(#quiet_until, :now) "
    "ADD #waiting :cases"
)
_NOTHING_WAITS = "REMOVE #waiting, #work, #work_key"


def _key(brand: str, bell: str) -> keys.Item:
    return keys.brand(brand, f"{BELL}{bell}")


def _read(text: str) -> Rings:
    """A post's key has two parts, a case's three; no network has the empty name that a surge, a budget or a
    source has there, and of these a surge goes on with a moment."""
    parts = text.split("/", 2)
    if len(parts) == 2:
        return PostKey(*parts)
    if parts[1]:
        return CaseKey(*parts)
    if parts[2].partition("/")[0] in (NEAR, USED):
        return read_spent(text)
    return read_surge(text) if parts[2][:1].isdigit() else read_hush(text)
