"""A token is renewed before it ends, and when its network refuses it, by one worker; the others go on with
the one there is, or come back.

The order of effects: read the secret anew: what somebody renewed meanwhile is believed, and nothing is
asked; take the lease (a conditional write; it outlasts the longest life of a worker); read once more; ask
the network; read a last time; write what it gave in the place of what was there, with the token and the
refresh token before it beside it; let the lease go. Who connects the account anew holds the same lease
(`stages/connect.py`). A person who pastes a key or throws one away takes none: what they did while the
network was asked stands, and what that gave is dropped.

| a crash, or no answer       | what stands                                                              |
| --------------------------- | ------------------------------------------------------------------------ |
| before the network is asked | all as it was; the next worker asks once the lease is over               |
| after it was asked          | the token there is, which is good until it ends. A refresh token that is |
|                             | good once may be used up: networks that rotate them take the one before  |
|                             | again as long as the new one was not used, and else refuse it, which the |
|                             | daily test tells a person                                                |
| after it was written        | the new one                                                              |

Nothing that is no token is written, and nothing without one (`keyring.over`). What is refused changes
nothing: who uses the token hears so from the network, and for an hour nobody asks again; where it could not
be asked, for as long as the lease.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2s

from chalicelib.domain.keyring import TOKEN, has_ended, over
from chalicelib.errors import PlatformError, Unauthorized, Unavailable
from chalicelib.ports import Once, Secrets

LEASE = timedelta(minutes=3)
"""Longer than any of our workers lives."""
REST = timedelta(hours=1)
"""So long nobody asks again with what was refused."""
Ask = Callable[[Mapping[str, str]], Mapping[str, str]]
"""What the network gives for these secrets. Raises PlatformError."""


def run(
    name: str,
    seen: str,
    *,
    platform: str,
    secrets: Secrets,
    once: Once,
    ask: Ask,
    now: datetime,
    refused: bool = False,
) -> Mapping[str, str]:
    """The secrets called `name` as they are afterwards; `seen` is the token that is to be renewed, `refused`:
    its network does not take it. Raises Unavailable where another renews it and it cannot be used
    meanwhile."""
    was = secrets.get(name, fresh=True)
    if was.get(TOKEN) != seen or once.is_open(_mark("dead", by(was)), now):
        return was
    leased = not once.is_open(_mark("rest", name), now) and takes(name, once, now)
    was = secrets.get(name, fresh=True)
    usable = not refused and not has_ended(was, now)
    kept: Mapping[str, str] | None = was
    if was.get(TOKEN) == seen:
        kept = _anew(name, was, secrets, once, ask, now, usable=usable) if leased else None
    if leased:
        leaves(name, once, now)
    if kept is None and not usable:
        raise Unavailable(platform, "its key is being renewed")
    return was if kept is None else kept


def takes(name: str, once: Once, now: datetime) -> bool:
    """May we write the tokens called so? Nobody else does until we leave them, or the lease is over."""
    return once.first(_mark("renew", name), now, now + LEASE)


def leaves(name: str, once: Once, now: datetime) -> None:
    once.offer(_mark("renew", name), now)


def _anew(
    name: str,
    was: Mapping[str, str],
    secrets: Secrets,
    once: Once,
    ask: Ask,
    now: datetime,
    *,
    usable: bool,
) -> Mapping[str, str] | None:
    """What is there afterwards; None where the network could not be asked."""
    try:
        given = _given(was, ask, usable=usable)
    except Unauthorized:
        once.offer(_mark("dead", by(was)), now + REST)
        return was
    except PlatformError:
        given = {}
    if not given.get(TOKEN):
        once.offer(_mark("rest", name), now + LEASE)
        return None
    if (there := secrets.get(name, fresh=True)) != was:
        return there
    kept = over(was, {"given_at": now.replace(microsecond=0).isoformat(), **given})
    secrets.put(name, kept)
    return kept


def by(secrets: Mapping[str, str]) -> str:
    """What renews them."""
    return secrets.get("refresh_token", "") or secrets.get(TOKEN, "")


def _mark(what: str, of: str) -> str:
    return blake2s(f"{what}\0{of}".encode(), digest_size=20).hexdigest()


def _given(was: Mapping[str, str], ask: Ask, *, usable: bool) -> Mapping[str, str]:
    """By the refresh token there is; where that is refused and the token cannot be used either, by the one
    before it: then there is nothing to lose."""
    try:
        return ask(was)
    except Unauthorized:
        before = was.get("refresh_token_before", "")
        if usable or not before:
            raise
        return {"refresh_token": before, **ask({**was, "refresh_token": before})}
