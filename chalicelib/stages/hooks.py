"""What a person does to webhooks out: add one, renew its secret, pause it, let it go on, remove it, test it,
send an event once more.

The secret is made here, kept under a name that was never used, and given back once to be shown; nobody
reads it again but who signs with it. The order of effects: the secret, then the address that names it, with
the log's line, then what is no longer valid is wiped. A crash in between leaves a secret that nothing names;
so does who was second, and nobody's secret is overwritten.
"""

import secrets as chance
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import events, hook
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.hook import KINDS, Call, Hook, Pause
from chalicelib.domain.mention import SLUG
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Hooks, Secrets
from chalicelib.stages.notify import call_of

MOST = 10
"""Addresses a brand may have: each is another copy of all that happens."""
LONGEST = 500


def add(
    brand: str,
    id: str,
    url: str,
    kinds: Collection[str],
    line: AuditLine,
    *,
    hooks: Hooks,
    secrets: Secrets,
    vet: Callable[[str], None],
) -> tuple[Hook, str]:
    """The new address, and its secret. `id` is the form's, so that one form adds one address.

    Raises BadInput, with the field `address` or `kinds`; Conflict where this form was sent before.
    """
    url = url.strip()
    if not SLUG.fullmatch(id) or len(id) > 36:
        raise BadInput("id", "a form of ours")
    if not 1 <= len(url) <= LONGEST:
        raise BadInput("address", "an address begins with https://")
    vet(url)
    wanted = tuple(kind for kind in KINDS if kind in kinds)
    if not wanted:
        raise BadInput("kinds", "choose at least one event")
    there = hooks.of(brand)
    if any(each.id == id for each in there):
        raise Conflict(f"webhook {id} is there")
    if len(there) >= MOST:
        raise BadInput("address", f"at most {MOST} addresses")
    made = Hook(
        brand=brand, id=id, url=url, kinds=wanted, made_at=line.at, made_by=line.by, slot=chance.token_hex(4)
    )
    secret = _secret(made, secrets)
    if not hooks.add(made, line):
        _wipe(made, [made.slot], secrets)
        raise Conflict(f"webhook {id} is there")
    return made, secret


def rotate(was: Hook, line: AuditLine, *, hooks: Hooks, secrets: Secrets) -> str:
    """A new secret; for a day calls are signed with the one before too. Raises Conflict."""
    now = hook.renewed(was, chance.token_hex(4), line.at)
    secret = _secret(now, secrets)
    try:
        hooks.change(was, now, line)
    except Conflict:
        _wipe(now, [now.slot], secrets)
        raise
    _wipe(was, set(_slots(was)) - set(_slots(now)), secrets)
    return secret


def pause(was: Hook, line: AuditLine, *, hooks: Hooks) -> None:
    hooks.change(was, replace(was, paused=Pause.PERSON), line)


def resume(was: Hook, line: AuditLine, *, hooks: Hooks) -> None:
    """From now on it hears again; what was kept back meanwhile a person sends by hand."""
    hooks.change(was, replace(was, paused=None, failing_since=None, reason=""), line)


def remove(was: Hook, line: AuditLine, *, hooks: Hooks, secrets: Secrets) -> None:
    """For good; its secrets are wiped after it, its log goes by itself."""
    hooks.change(was, replace(was, removed=True), line)
    _wipe(was, _slots(was), secrets)


def test(of: Hook, line: AuditLine, *, hooks: Hooks, call: Callable[[], None]) -> Call:
    """An event that says nothing, at once."""
    _running(of)
    asked = call_of(of, events.test(of.brand, line.by, line.at, line.id), line.at)
    hooks.queue([asked])
    call()
    return asked


def resend(of: Hook, at: datetime, id: str, now: datetime, *, hooks: Hooks, call: Callable[[], None]) -> None:
    """An event once more, under the same id. Raises NotFound."""
    _running(of)
    hooks.settle(hook.again(hooks.call(of.brand, of.id, at, id), now))
    call()


def _running(of: Hook) -> None:
    if of.paused:
        raise BadInput("do", "let it go on first")


def _slots(of: Hook) -> list[str]:
    return [of.slot, *(slot for slot, _ in of.older)]


def _wipe(of: Hook, slots: Iterable[str], secrets: Secrets) -> None:
    for slot in slots:
        secrets.put(hook.secret(of, slot), {})


def _secret(of: Hook, secrets: Secrets) -> str:
    made = f"whsec_{b64encode(chance.token_bytes(32)).decode()}"
    secrets.put(hook.secret(of, of.slot), {"secret": made})
    return made
