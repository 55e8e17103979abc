"""Webhooks out: the addresses that are told what happens, each with its log, and what a person does to them.

A secret is shown once, in the answer to the form that had it made, and in no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from urllib.parse import urlencode

from chalicelib.domain.hook import KINDS, TRIES, Call, CallState, Hook, Pause
from chalicelib.domain.logged import facts
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import hooks as stage
from chalicelib.web import export
from chalicelib.web.cells import Row as FileRow
from chalicelib.web.i18n import N_, Words
from chalicelib.web.noting import calling
from chalicelib.web.places import LOGGED, sound
from chalicelib.web.reasons import told
from chalicelib.web.visit import Away, File, Go, Outcome, Page, Visit

LISTED = 50
REFRESH = 3
LIST = ("address", "id", "events", "state", "failing_since", "reason", "added", "by")
COLUMNS = ("moment", "event", "id", "state", "tries", "status", "ms", "reason", "tried", "next")
EVENTS = {
    "mention": N_("A new mention, and what becomes of it where it stands"),
    "verdict": N_("A verdict, and its correction"),
    "case": N_("A case that waits"),
    "delivery": N_("What became of a post or reply"),
    "report": N_("A month's report"),
    "test": N_("A test"),
}
PAUSES = {
    Pause.PERSON: N_("Paused by a person"),
    Pause.GONE: N_("Paused: the address said that it wants no more (410)"),
    Pause.FAILING: N_("Paused: it took nothing for days"),
}
STATES = {
    CallState.WAITING: N_("waits for its next try"),
    CallState.DONE: N_("taken"),
    CallState.FAILED: N_("given up"),
    CallState.KEPT: N_("kept back while the address was paused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`state` is one of part.mark's, `said` says it in words; `reason` why the last call failed."""

    id: str
    url: str
    host: str
    kinds: tuple[str, ...]
    state: str
    said: str
    reason: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A call. `key` is the form's name for it; `mark` is one of part.mark's."""

    key: str
    at: datetime
    event: str
    mark: str
    said: str
    tries: int
    status: int
    ms: int
    reason: str
    next_at: datetime | None
    again: bool


def show(visit: Visit) -> Outcome:
    if export.asked(visit):
        return export.download(visit, "webhooks", LIST, map(_cells, visit.desk.hooks.of(visit.brand.id)))
    return _page(visit)


def add(visit: Visit) -> Outcome:
    """The new address, with its secret this once."""
    url, kinds = visit.form.get("address", "").strip(), [k for k in KINDS if visit.form.get(f"event.{k}")]
    id = visit.form.get("id", "")
    after = facts({"address": url[: stage.LONGEST], "events": ", ".join(kinds)})
    try:
        made, secret = stage.add(
            visit.brand.id,
            id,
            url,
            kinds,
            visit.line("hook.add", id[:40], after=after),
            hooks=visit.desk.hooks,
            secrets=visit.desk.secrets,
            vet=visit.desk.vet_address,
        )
    except Conflict:
        return Go(f"/brand/webhooks/{id}")
    except BadInput as error:
        if error.field not in ("address", "kinds"):
            raise
        return _page(visit, fault=error, typed=url, kinds=kinds)
    return _one(visit, made, secret=secret)


def read(visit: Visit, id: str) -> Page | File | Away:
    """One address with its log, which is a file too."""
    hook = _find(visit, id)
    if export.asked(visit):
        return export.download(visit, f"webhook-{id}", COLUMNS, map(_row, _all(visit, hook)))
    return _one(visit, hook)


def act(visit: Visit, id: str) -> Outcome:
    """What the form says: test, rotate, pause, resume, remove, or resend one call."""
    hook, desk, deed = _find(visit, id), visit.desk, visit.form.get("do", "")
    line = visit.line(f"hook.{deed}", id, before=facts({"address": hook.url}))
    match deed:
        case "test":
            stage.test(hook, line, hooks=desk.hooks, call=calling(visit, line))
        case "resend":
            at, event = _call(visit.form.get("call", ""))
            stage.resend(hook, at, event, visit.now, hooks=desk.hooks, call=calling(visit, line))
        case "rotate":
            secret = stage.rotate(hook, line, hooks=desk.hooks, secrets=desk.secrets)
            return _one(visit, desk.hooks.get(visit.brand.id, id), secret=secret)
        case "pause":
            stage.pause(hook, line, hooks=desk.hooks)
        case "resume":
            stage.resume(hook, line, hooks=desk.hooks)
        case "remove":
            stage.remove(hook, line, hooks=desk.hooks, secrets=desk.secrets)
            return Go("/brand/webhooks?done=removed")
        case _:
            raise BadInput("do", "a form of ours")
    return Go(f"/brand/webhooks/{id}?done={deed}")


def _find(visit: Visit, id: str) -> Hook:
    if len(id) > 40:
        raise NotFound("no such webhook")
    return visit.desk.hooks.get(visit.brand.id, id)


def _page(
    visit: Visit, *, fault: BadInput | None = None, typed: str = "", kinds: Sequence[str] = KINDS
) -> Page:
    words = visit.words
    found = visit.desk.hooks.of(visit.brand.id)
    values = {
        "hooks": [_listed(hook, words) for hook in found],
        "kinds": [(kind, words.gettext(EVENTS[kind]), kind in kinds) for kind in KINDS],
        "fresh": f"w-{token_hex(6)}",
        "typed": typed,
        "full": len(found) >= stage.MOST,
        "fault": told(fault.message, words) if fault else "",
        "field": fault.field if fault else "",
        "done": visit.query.get("done", ""),
    }
    return Page(template="hooks.html", place="hooks", values=values, status=422 if fault else 200)


def _one(visit: Visit, hook: Hook, *, secret: str = "") -> Page:
    before = sound(LOGGED, visit.query.get("before", ""), "before")
    calls, older = visit.desk.hooks.log(visit.brand.id, hook.id, limit=LISTED, before=before)
    at_once = any(each.next_at and each.next_at <= visit.now for each in calls) and not secret
    values = {
        "hook": _listed(hook, visit.words),
        "secret": secret,
        "renewed": hook.renewed_at,
        "made_by": hook.made_by,
        "made_at": hook.made_at,
        "calls": [_line(call, hook, visit.words) for call in calls],
        "tries": TRIES,
        "older": urlencode({"before": older}) if older else "",
        "done": visit.query.get("done", ""),
    }
    return Page(template="hook.html", place="hooks", values=values, refresh=REFRESH if at_once else 0)


def _listed(hook: Hook, words: Words) -> Listed:
    said, state = words.gettext("Runs"), "confirmed"
    if hook.paused:
        said, state = words.gettext(PAUSES[hook.paused]), "failed" if hook.troubled else "held"
    elif hook.failing_since:
        state = "unknown"
        said = words.gettext("Fails since %(time)s", time=words.moment(hook.failing_since))
    return Listed(
        id=hook.id,
        url=hook.url,
        host=hook.host,
        kinds=tuple(words.gettext(EVENTS[kind]) for kind in hook.kinds),
        state=state,
        said=said,
        reason=told(hook.reason, words),
        paused=hook.paused is not None,
    )


def _cells(hook: Hook) -> FileRow:
    """Without the path of its address, which may hold a secret."""
    state = hook.paused.value if hook.paused else "fails" if hook.failing_since else "runs"
    about = hook.host, hook.id, hook.kinds, state, hook.failing_since, hook.reason
    return *about, hook.made_at, hook.made_by


MARKS = {
    CallState.WAITING: "planned",
    CallState.DONE: "confirmed",
    CallState.FAILED: "failed",
    CallState.KEPT: "held",
}


def _line(call: Call, hook: Hook, words: Words) -> Line:
    kind = call.type.partition(".")[0]
    return Line(
        key=f"{call.at.isoformat()}_{call.id}",
        at=call.at,
        event=words.gettext(EVENTS[kind]) if kind in EVENTS else call.type,
        mark=MARKS[call.state],
        said=words.gettext(STATES[call.state]),
        tries=call.tries,
        status=call.status,
        ms=call.ms,
        reason=told(call.reason, words),
        next_at=call.next_at,
        again=call.state is not CallState.WAITING and hook.paused is None,
    )


def _call(key: str) -> tuple[datetime, str]:
    """Raises BadInput for what `_line` did not make."""
    moment, _, id = key.partition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not 1 <= len(id) <= 100:
        raise BadInput("call", "a form of ours")
    return at, id


def _all(visit: Visit, hook: Hook) -> "list[Call]":
    found, before = visit.desk.hooks.log(visit.brand.id, hook.id, limit=1000)
    while before and len(found) <= export.MOST:
        more, before = visit.desk.hooks.log(visit.brand.id, hook.id, limit=1000, before=before)
        found += more
    return found


def _row(call: Call) -> FileRow:
    tried = call.status or None
    return (
        call.at,
        call.type,
        call.id,
        call.state.value,
        call.tries,
        tried,
        call.ms,
        call.reason,
        call.tried_at,
        call.next_at,
    )
