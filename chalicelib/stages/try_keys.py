"""Every key is tried once a day: of each channel and source whose module can ask whether it holds. The first
department is told of one that is refused, and of one that ends, 14, 7 and 1 days ahead: once for one cause,
however many places the same account has. An outage says nothing of a key.

The order of effects: try what is due; ring; keep what was rung for, without what is over; keep what was
learned. A crash in between tries again, and may ring twice for one cause, never not at all.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.alerting import KEYS, bell
from chalicelib.domain.brand import Brand
from chalicelib.domain.hush import FAILS, REFUSED, Hush
from chalicelib.domain.keyring import NOT_YET, Holder
from chalicelib.domain.tested import (
    Tested,
    is_due,
    key_of,
    lapses,
    mended_at,
    refused,
    took,
    unknown,
)
from chalicelib.errors import BadInput, NotFound, PlatformError, Unauthorized, WebspinError
from chalicelib.ports import Alerts, Brands, Notices, Pulse, Sources

MARGIN_MS = 25_000
"""No key is tried when the Lambda has less than this left: one may take a network's 20 s."""
log = logging.getLogger("webspin")


class Try(Protocol):
    """Ask the network whether a key holds."""

    def __call__(self, holder: Holder, *, fresh: bool = False) -> datetime | None:
        """Until when nobody need do anything about it. `fresh`: read it anew. Raises PlatformError; NotFound
        where there is no key to try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`tries`: can a platform try its keys? `account_of`: whose requests its network counts together, ""
    where it does not say."""

    tries: Callable[[str], bool]
    account_of: Callable[[Holder], str]
    ask: Try


def run(
    *,
    brands: Brands,
    sources: Sources,
    alerts: Alerts,
    notices: Notices,
    pulse: Pulse,
    keys: Keys,
    remaining_ms: Callable[[], int],
    now: datetime,
) -> dict[str, int]:
    """How many keys were tried, how many are refused, and how many brands could not be looked at."""
    counts = {"keys_tried": 0, "keys_refused": 0, "keys_unlooked": 0}
    for brand in brands.all():
        try:
            new = _brand(brand, sources, alerts, notices, pulse, keys, remaining_ms, now)
        except Exception as error:  # one brand must not take the others along
            counts["keys_unlooked"] += 1
            log.error("keys not tried", exc_info=error, extra={"brand": brand.id})
            continue
        counts["keys_tried"] += len(new)
        counts["keys_refused"] += sum(each.refused is not None for each in new)
    return counts


def _brand(
    brand: Brand,
    sources: Sources,
    alerts: Alerts,
    notices: Notices,
    pulse: Pulse,
    keys: Keys,
    remaining_ms: Callable[[], int],
    now: datetime,
) -> list[Tested]:
    """What was learned now."""
    known = pulse.tested(brand.id)
    holders = [each for each in _holders(brand, sources) if keys.tries(each.platform)]
    new: list[Tested] = []
    for holder in holders:
        of = key_of(holder)
        if remaining_ms() < MARGIN_MS:
            break
        if is_due(known.get(of), brand.zone, now) and (found := _tried(holder, known.get(of), keys.ask, now)):
            new.append(found)
    after = {**known, **{each.of: each for each in new}}
    _tell(brand, holders, after, alerts, notices, keys, now)
    for each in new:
        pulse.test(brand.id, each)
    return new


def _holders(brand: Brand, sources: Sources) -> Iterator[Holder]:
    for channel in brand.channels:
        yield Holder(
            kind="channel",
            brand=brand.id,
            id=channel.id,
            platform=channel.platform,
            name=channel.name,
            settings=channel.settings,
        )
    for source, _ in sources.of(brand.id):
        if not source.paused and source.interval > 0:
            yield Holder(
                kind="source",
                brand=brand.id,
                id=source.id,
                platform=source.platform,
                name=source.name,
                settings=source.settings,
            )


def _tried(holder: Holder, was: Tested | None, ask: Try, now: datetime) -> Tested | None:
    """None where there is nothing to try: no key, or none yet."""
    of = key_of(holder)
    try:
        try:
            return took(of, now, ask(holder))
        except Unauthorized:
            return took(of, now, ask(holder, fresh=True))
    except (NotFound, BadInput):
        return None
    except Unauthorized as error:
        return None if error.reason == NOT_YET else refused(was, of, now, error.reason)
    except PlatformError as error:
        return unknown(was, of, now, error.reason)
    except Exception as error:  # one key must not take the others along
        known = isinstance(error, WebspinError)
        log.warning("key not tried", exc_info=None if known else error, extra={"brand": holder.brand})
        return unknown(was, of, now, str(error) if known else "a fault of ours")


def _tell(
    brand: Brand,
    holders: Iterable[Holder],
    tested: Mapping[str, Tested],
    alerts: Alerts,
    notices: Notices,
    keys: Keys,
    now: datetime,
) -> None:
    accounts = {mended_at(each): keys.account_of(each) or each.secret for each in holders}
    each = [
        (holder, accounts[mended_at(holder)], tested[key_of(holder)])
        for holder in holders
        if key_of(holder) in tested
    ]
    found = lapses(each, now)
    told = notices.lapses(brand.id)
    before = {(accounts.get(one.source, ""), one.kind) for one in told}
    news = [one for cause, one in found.items() if cause not in before]
    if news:
        deaf = _deaf(notices.hushes(brand.id), accounts)
        news = [one for one in news if one.kind != REFUSED or accounts[one.source] not in deaf]
    if news:
        alerts.add(brand.id, bell(brand.departments[0].id, KEYS), news, now)
    after = tuple(found.values())
    if set(after) != set(told):
        notices.set_lapses(brand.id, after)


def _deaf(hushes: Iterable[Hush], accounts: Mapping[str, str]) -> set[str]:
    """Accounts of sources that were told of already, as they do not answer."""
    return {accounts[one.source] for one in hushes if one.kind == FAILS and one.source in accounts}
