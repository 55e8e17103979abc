"""What a person does to webhooks out: add one, renew its secret, pause it, let it go on, remove it, test it,
send an event once more.

The secret is made here, kept under its own name, and given back once to be shown; nobody reads it again but
who signs with it. The order of effects: the secret, then the address that uses it, with the log's line. A
crash in between leaves a secret that nothing names.
"""

import secrets as chance
from base64 import b64encode
from collections.abc import Callable, Collection
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
    if len(hooks.of(brand)) >= MOST:
        raise BadInput("address", f"at most {MOST} addresses")
    made = Hook(brand=brand, id=id, url=url, kinds=wanted, made_at=line.at, made_by=line.by)
    secret = _secret(made, secrets)
    if not hooks.add(made, line):
        raise Conflict(f"webhook {id} is there")
    return made, secret


def rotate(was: Hook, line: AuditLine, *, hooks: Hooks, secrets: Secrets) -> str:
    """A new secret; for a day calls are signed with both. Raises Conflict."""
    now = hook.renewed(was, line.at)
    secret = _secret(now, secrets)
    hooks.change(was, now, line)
    return secret


def pause(was: Hook, line: AuditLine, *, hooks: Hooks) -> None:
    hooks.change(was, replace(was, paused=Pause.PERSON), line)


def resume(was: Hook, line: AuditLine, *, hooks: Hooks) -> None:
    """From now on it hears again; what was kept back meanwhile a person sends by hand."""
    hooks.change(was, replace(was, paused=None, failing_since=None, reason=""), line)


def remove(was: Hook, line: AuditLine, *, hooks: Hooks, secrets: Secrets) -> None:
    """For good; its secrets are wiped after it, its log goes by itself."""
    hooks.change(was, replace(was, removed=True), line)
    for slot in ("a", "b"):
        secrets.put(hook.secret(was, slot), {})


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


def _secret(of: Hook, secrets: Secrets) -> str:
    made = f"whsec_{b64encode(chance.token_bytes(32)).decode()}"
    secrets.put(hook.secret(of, of.slot), {"secret": made})
    return made
