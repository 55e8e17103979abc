"""Every key is tried once a day: does it hold, and until when? Who is told of what, once for one cause."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.hush import ENDS, REFUSED, Hush
from chalicelib.domain.keyring import Holder

HOUR = 7
"""Of the brand's day, from which it is tried."""
AGAIN = timedelta(hours=1)
"""After so long one is tried again of which nothing could be learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What came of trying the key of a channel or source, `channel/id` or `source/id`. `tried` last, `held`
    when its network took it last, `refused` since when it does not, `ends`: by then somebody must act.
    `reason`: why it is not known, or refused."""

    of: str
    tried: datetime
    held: datetime | None = None
    refused: datetime | None = None
    ends: datetime | None = None
    reason: str = ""


def key_of(holder: Holder) -> str:
    return f"{holder.kind}/{holder.id}"


def is_due(was: Tested | None, zone: str, now: datetime) -> bool:
    """One that was never tried at once; any other once a day of the brand's."""
    if was is None:
        return True
    if was.reason and not was.refused:
        return now - was.tried >= AGAIN
    here = now.astimezone(ZoneInfo(zone))
    return here.hour >= HOUR and was.tried.astimezone(here.tzinfo).date() < here.date()


def took(of: str, now: datetime, ends: datetime | None) -> Tested:
    return Tested(of=of, tried=now, held=now, ends=ends)


def refused(was: Tested | None, of: str, now: datetime, reason: str) -> Tested:
    was = was or Tested(of=of, tried=now)
    return replace(was, tried=now, refused=was.refused or now, ends=None, reason=reason)


def unknown(was: Tested | None, of: str, now: datetime, reason: str) -> Tested:
    """An outage is no broken key: what was known of it stands."""
    was = was or Tested(of=of, tried=now)
    return was if was.refused else replace(was, tried=now, reason=reason)


def lapses(each: Iterable[tuple[Holder, str, Tested]], now: datetime) -> dict[tuple[str, str], Hush]:
    """What is to be told of these keys, each with the account that it is for: by account and what is wrong,
    so that several of one account are one. The first of them leads to where it is mended."""
    found: dict[tuple[str, str], Hush] = {}
    for holder, account, tested in each:
        kind = _kind(tested, now)
        since = tested.refused if kind == REFUSED else tested.ends
        if kind and since:
            whole = since.replace(microsecond=0)
            told = Hush(
                brand=holder.brand, source=mended_at(holder), kind=kind, since=whole, name=holder.name
            )
            found.setdefault((account, kind), told)
    return found


def mended_at(holder: Holder) -> str:
    """As `Hush.path` reads it."""
    return holder.id if holder.kind == "source" else f"channel:{holder.id}"


def _kind(tested: Tested, now: datetime) -> str:
    if tested.refused:
        return REFUSED
    left = tested.ends - now if tested.ends else None
    return next((kind for days, kind in ENDS.items() if left and left <= timedelta(days=days)), "")
