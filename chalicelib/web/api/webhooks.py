"""Webhooks out: the addresses that are told what happens, and what became of each call."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field

from chalicelib.domain import events
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.events import Event
from chalicelib.domain.hook import KINDS, CallState, Hook, Pause
from chalicelib.domain.logged import facts
from chalicelib.errors import Conflict, NotFound
from chalicelib.stages import hooks as stage
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import (
    SHOWN_ONCE,
    Asked,
    Cursor,
    Empty,
    Given,
    Listed,
    Moment,
    Note,
    Shape,
    cursor,
    no_cursor,
    place,
    show,
)
from chalicelib.web.noting import calling
from chalicelib.web.places import LOGGED

PAGE = 100
EVER = Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))


class CallsAsked(Asked):
    cursor: Cursor = None


class Webhook(Shape):
    """`kinds` are the events it is told of; `paused` says by what it stands still, null while it runs."""

    id: str
    url: str
    kinds: list[str]
    made_at: Moment
    made_by: str
    renewed_at: Annotated[Moment | None, Field(description="When its secret was renewed last")]
    paused: Pause | None
    failing_since: Moment | None
    reason: str


class NewWebhook(Given):
    address: Annotated[str, Field(min_length=1, max_length=stage.LONGEST)]
    kinds: Annotated[list[str], Field(min_length=1, max_length=len(KINDS), examples=[["case"]])]


class MadeWebhook(Webhook):
    """`secret` signs its calls, and is shown this once: null where it was made before, and `note` says so."""

    once = frozenset({"secret", "note"})
    secret: str | None
    note: Note = None

    def without_secret(self) -> Self:
        return self.model_copy(update={"secret": None, "note": SHOWN_ONCE})


class Resend(Given):
    """A call of the log, by its `id` and the moment it is `at`."""

    id: Annotated[str, Field(min_length=1, max_length=100)]
    at: Annotated[AwareDatetime, EVER]


class HookCall(Shape):
    """One event and what became of telling it."""

    id: str
    at: Moment
    type: str
    state: CallState
    tries: int
    status: int
    ms: int
    reason: str
    next_at: Moment | None


def browse(call: Call) -> Listed[Webhook]:
    """All addresses of the brand."""
    return Listed[Webhook](items=[show(Webhook, each) for each in call.desk.hooks.of(call.brand.id)])


def get(call: Call, webhook: str) -> Webhook:
    """One address."""
    return show(Webhook, _find(call, webhook))


def add(call: Call, body: NewWebhook) -> MadeWebhook:
    """Tell another address what happens."""
    after = facts({"address": body.address, "events": ", ".join(body.kinds)})
    try:
        made, secret = stage.add(
            call.brand.id,
            call.new_id,
            body.address,
            body.kinds,
            call.visit.line("hook.add", call.new_id, after=after),
            hooks=call.desk.hooks,
            secrets=call.desk.secrets,
            vet=call.desk.vet_address,
        )
    except Conflict:
        made, secret = _find(call, call.new_id), ""
    return show(MadeWebhook, made, secret=secret or None, note=None if secret else SHOWN_ONCE)


def calls(call: Call, webhook: str, query: CallsAsked) -> Listed[HookCall]:
    """Its calls of the last 30 days, newest first."""
    _find(call, webhook)
    found = place("calls", query.cursor, 1)
    if found and not LOGGED.fullmatch(found[0]):
        raise no_cursor()
    log, last = call.desk.hooks.log(call.brand.id, webhook, limit=PAGE, before=found[0] if found else "")
    return Listed[HookCall](
        items=[show(HookCall, each) for each in log], next=cursor("calls", last) if last else None
    )


def pause(call: Call, webhook: str, body: Empty) -> Webhook:
    """It is told nothing until it is resumed."""
    hook = _expected(call, webhook)
    stage.pause(hook, _line(call, hook, "pause"), hooks=call.desk.hooks)
    return get(call, webhook)


def resume(call: Call, webhook: str, body: Empty) -> Webhook:
    """It is told again from here on."""
    hook = _expected(call, webhook)
    stage.resume(hook, _line(call, hook, "resume"), hooks=call.desk.hooks)
    return get(call, webhook)


def rotate(call: Call, webhook: str, body: Empty) -> MadeWebhook:
    """A new secret; for a day calls are signed with both."""
    hook = _expected(call, webhook)
    secret = stage.rotate(hook, _line(call, hook, "rotate"), hooks=call.desk.hooks, secrets=call.desk.secrets)
    return show(MadeWebhook, _find(call, webhook), secret=secret, note=None)


def test(call: Call, webhook: str, body: Empty) -> HookCall:
    """An event that says nothing, at once."""
    hook, hooks = _find(call, webhook), call.desk.hooks
    line = replace(_line(call, hook, "test"), at=call.first_asked, id=call.new_id)
    event = events.test(hook.brand, line.by, line.at, line.id)
    if not call.asked_again or not _known(call, hook, event):
        stage.test(hook, line, hooks=hooks, call=calling(call.visit, line))
    return show(HookCall, hooks.call(hook.brand, hook.id, event.at, event.id))


def resend(call: Call, webhook: str, body: Resend) -> HookCall:
    """An event once more, under its own id."""
    hook, hooks = _find(call, webhook), call.desk.hooks
    known = hooks.call(hook.brand, hook.id, body.at, body.id)
    tried = known.tried_at is not None and known.tried_at >= call.first_asked
    if not call.asked_again or not tried:
        again = calling(call.visit, _line(call, hook, "resend"))
        stage.resend(hook, body.at, body.id, call.visit.now, hooks=hooks, call=again)
    return show(HookCall, hooks.call(hook.brand, hook.id, body.at, body.id))


def remove(call: Call, webhook: str, body: Empty) -> Webhook:
    """For good."""
    hook = _expected(call, webhook)
    line = _line(call, hook, "remove")
    stage.remove(hook, line, hooks=call.desk.hooks, secrets=call.desk.secrets)
    return show(Webhook, hook)


def _find(call: Call, id: str) -> Hook:
    if len(id) > 40:
        raise NotFound("no such webhook")
    return call.desk.hooks.get(call.brand.id, id)


def _expected(call: Call, id: str) -> Hook:
    hook = _find(call, id)
    call.expect(show(Webhook, hook))
    return hook


def _line(call: Call, hook: Hook, deed: str) -> AuditLine:
    return call.visit.line(f"hook.{deed}", hook.id, before=facts({"address": hook.url}))


def _known(call: Call, hook: Hook, event: Event) -> bool:
    """Did a crash come after it was queued? Then it is called with the others."""
    try:
        return bool(call.desk.hooks.call(hook.brand, hook.id, event.at, event.id))
    except NotFound:
        return False
