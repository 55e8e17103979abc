"""Stage 1, the other door: sources that call us.

`receive` runs behind the open internet, in a Lambda that may read webhook secrets and send to one queue: it
verifies the raw bytes, answers those who only ask whether we are there, queues the others, and answers
them. What one message of the queue does not hold goes packed, or in several (`parcels.py`). `hear` does the
work behind the queue, with the same `accept` as a poll: the same message heard both ways is one mention.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from chalicelib.domain.knock import SIGNINGS, UNPROVEN, Greeting, Knock, slots
from chalicelib.domain.mention import SLUG
from chalicelib.errors import BadInput, BadTask, BadWebhook, NotFound
from chalicelib.tasks import Hear

if TYPE_CHECKING:  # the door loads no more than it needs
    from chalicelib.domain.knock import Pace
    from chalicelib.domain.source import Source, SourceState
    from chalicelib.ports import Brands, Hears, Mentions, Secrets, Sources, Tasks
    from chalicelib.ports.upkeep import Tell
    from chalicelib.stages.listen import Told

MAX_BODY = 3_000_000
"""Bytes: so much Meta may put into one call; a Lambda takes 6 MB."""
SMALL = 64_000
"""Bytes of a call that proves nothing: anybody may send as many as they like."""
ROOM = 150_000
"""Bytes of which base64 still fits one queue message (256 KB)."""
JSON = "application/json"
TRIES = 3
"""Others may write the source's state between our look and our write."""

_WORD = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Verify(Protocol):
    """`platforms/_signatures.py`: what the call says, or BadWebhook."""

    def __call__(self, scheme: str, secrets: Sequence[str], knock: Knock) -> bytes: ...


class Greet(Protocol):
    """`platforms/_handshakes.py`: the answer to who asks before it calls, or BadWebhook."""

    def __call__(self, scheme: str, kept: Mapping[str, str], knock: Knock) -> Greeting: ...


class Heard(Protocol):
    """`ports.Noise.heard`."""

    def __call__(self, source: Source, number: int, at: datetime) -> int: ...


def alone(source: Source, number: int, at: datetime) -> int:
    """Plays `Heard` where nobody counts."""
    return 0


class Ping(Protocol):
    """The same: the answer to a verified call that tells nothing; None for one that does."""

    def __call__(self, scheme: str, knock: Knock, body: bytes) -> Greeting | None: ...


KEPT = ("content-type", "webhook-id", "x-discourse-event", "x-discourse-instance")
"""Headers that go along with a call, for who reads it."""
LEASED, DENIED = "hub-lease", "hub-denied"
"""Headers of what no caller sends: the seconds for which a feed's hub will call, or why it does not."""


def answer(
    event: Mapping[str, Any],
    *,
    receive: Callable[[str, str, str, Knock], Greeting],
    refused: Callable[[str], None],
    line: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Answer one call of the Function URL (its payload, version 2). `line` gathers what is logged of it."""
    context = event.get("requestContext", {})
    try:
        brand, source, word = _address(event.get("rawPath", ""))
        line["source"] = f"{brand}/{source}"
        knock = Knock(
            now=now,
            headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
            body=_body(event),
            query=_query(event.get("rawQueryString") or ""),
            url=f"https://{context.get('domainName', '')}/{brand}/{source}",
            word=word,
        )
        told = receive(context.get("http", {}).get("method", ""), brand, source, knock)
    except BadWebhook as error:
        refused(error.reason)
        line.update(status=error.status, reason=error.reason)
        return _reply(Greeting(error.status, json.dumps({"error": error.reason}), JSON))
    line["status"] = told.status
    return _reply(told)


def receive(
    method: str,
    brand: str,
    source: str,
    knock: Knock,
    *,
    secrets: Secrets,
    verify: Verify,
    greet: Greet,
    ping: Ping,
    pace: Pace,
    tasks: Tasks,
) -> Greeting:
    """Take one call for a source. Raises BadWebhook with the status to answer.

    Nothing is written for a call that is refused, and made-up addresses are not all looked up (`Pace`). An
    unknown source and a wrong path look the same. While a secret is replaced both are tried, the newest
    first.
    """
    if not pace.looks_up(f"{brand}/{source}", knock.now):
        raise BadWebhook(429, "too-many")
    kept = [each for each in (secrets.get(name) for name in slots(brand, source)) if each]
    kept.sort(key=lambda each: each.get("since", ""), reverse=True)
    if not kept:
        raise BadWebhook(404, "unknown-source")
    pace.met(f"{brand}/{source}")
    if method == "GET":
        return _first(kept, knock, lambda each: _greeted(each, brand, source, knock, greet, pace, tasks))
    if method != "POST":
        raise BadWebhook(405, "method")
    return _first(kept, knock, lambda each: _taken(each, brand, source, knock, verify, ping, pace, tasks))


def _first(
    kept: Sequence[Mapping[str, str]], knock: Knock, take: Callable[[Mapping[str, str]], Greeting]
) -> Greeting:
    """By the first secret that fits. One that cannot be used refuses every call: passed over in silence it
    would be found on the day the other one is withdrawn."""
    wrong: list[BadWebhook] = []
    for each in kept:
        if each.get("scheme") not in SIGNINGS:
            raise BadWebhook(401, "secret")
        if knock.word and not SIGNINGS[each["scheme"]].in_path:
            raise BadWebhook(404, "unknown-source")
        try:
            return take(each)
        except BadWebhook as error:
            if error.reason == "secret" or error.status in (429, 503):
                raise
            wrong.append(error)
    raise wrong[0]


def _greeted(
    kept: Mapping[str, str],
    brand: str,
    source: str,
    knock: Knock,
    greet: Greet,
    pace: Pace,
    tasks: Tasks,
) -> Greeting:
    """What a feed's hub says of how long it calls goes to the queue (`subscribe.py`)."""
    answer = greet(kept["scheme"], kept, knock)
    if kept["scheme"] == "websub" and pace.allows(f"{brand}/{source}", knock.now):
        mode, at = knock.query.get("hub.mode"), knock.now.replace(microsecond=0)
        if mode == "subscribe":
            said = {LEASED: knock.query.get("hub.lease_seconds", "")[:10]}
            tasks.send([Hear(brand, source, said, "", at)])
        elif mode == "denied":
            said = {
                DENIED: " ".join(knock.query.get("hub.reason", "").split())[:200] or "it does not say why"
            }
            tasks.send([Hear(brand, source, said, "", at)])
    return answer


def _taken(
    kept: Mapping[str, str],
    brand: str,
    source: str,
    knock: Knock,
    verify: Verify,
    ping: Ping,
    pace: Pace,
    tasks: Tasks,
) -> Greeting:
    scheme = kept["scheme"]
    if scheme in UNPROVEN and len(knock.body) > SMALL:
        raise BadWebhook(413, "too-big")
    body = verify(scheme, [kept[name] for name in ("secret", "secret_2") if kept.get(name)], knock)
    if answer := ping(scheme, knock, body):
        return answer
    if not pace.allows(f"{brand}/{source}", knock.now):
        raise BadWebhook(429, "too-many")
    told = {name: knock.headers[name][:1000] for name in KEPT if name in knock.headers}
    parts, at = _parts(body), knock.now.replace(microsecond=0)
    tasks.send(Hear(brand, source, told, b64encode(part).decode(), at) for part in parts)
    status = SIGNINGS[scheme].status
    return Greeting(status, json.dumps({"accepted": True}), JSON) if status == 202 else Greeting(status)


def _parts(body: bytes) -> list[bytes]:
    if len(body) <= ROOM:
        return [body]
    from chalicelib.domain.parcels import fitting

    try:
        return fitting(body, ROOM)
    except ValueError:
        raise BadWebhook(413, "too-big") from None


def hear(
    task: Hear,
    *,
    sources: Sources,
    brands: Brands,
    mentions: Mentions,
    tasks: Tasks,
    connect: Callable[..., Hears],
    told: Told,
    now: datetime,
    heard: Heard = alone,
    tell: Tell | None = None,
) -> dict[str, int]:
    """Read a verified call and keep what it tells. What we cannot read goes to the dead-letter queue
    with the field that is wrong: we said yes to it, so it must not vanish; its source says so first. Where
    everybody knows the address, what is none of that is dropped and counted. The
    first call of a hub may be the whole feed: what of several has no date is history. A call of many with a
    bad one among them is queued again as calls of one, each packed where it must be."""
    from chalicelib.domain.knock import PUBLIC
    from chalicelib.domain.source import called, succeeded
    from chalicelib.ports.upkeep import nobody
    from chalicelib.stages.listen import Came, accept, measured

    try:
        source, state = sources.get(task.brand, task.source)
        brand = brands.get(task.brand)
    except NotFound as error:
        raise BadTask(f"no source {error}") from None
    if source.paused:
        return {"paused": 1}
    if task.headers.keys() & {LEASED, DENIED}:
        from chalicelib.stages import subscribe

        subscribe.told(sources, source, state, task.headers, now)
        return {"leased": 1}
    platform, body = connect(source), b64decode(task.body)
    try:
        found = platform.hear(task.headers, body)
    except BadInput as error:
        if source.settings.get("scheme") in PUBLIC:
            return {"junk": 1}
        parts = platform.apart(body)
        fault = error
        if len(parts) > 1:
            if not (large := _again(task, parts, tasks)):
                return {"apart": len(parts)}
            fault = BadInput(
                "data", f"{large} of {len(parts)} are too large to be read alone, the others are"
            )
        _note_unread(sources, source, state, fault, now)
        raise BadTask(str(fault)) from None
    came = Came(heard(source, 0, now) if source.cap else 0, state.like, call=True)
    before = came.number
    first = state.last_success is None and sum(one.article and not one.posted_at for one in found) > 1
    kept = accept(
        brand, source, found, came, first=first, mentions=mentions, tasks=tasks, now=now, tell=tell or nobody
    )
    if source.cap and came.number > before:
        heard(source, came.number - before, now)
    delays, waits = measured(source, state, kept, told, now, noted=False)
    after = succeeded(
        state,
        now,
        cursor=state.cursor,
        seen=state.seen,
        heard=False,
        delays=delays,
        awaited=waits,
        like=came.like,
    )
    noted = False
    if after is not state:  # a call always brings something; but not each is worth a write
        after = replace(after, last_heard=now, meter=called(after.meter, now))
        noted = sources.set_state(source, state, after)
    if not noted and came.like != state.like:
        _remember(sources, source, state, came.like)
    return {"found": len(found), "kept": len(kept)}


def _again(task: Hear, parts: Sequence[bytes], tasks: Tasks) -> int:
    """Queue calls of one message, each packed where it must be; how many no message of the queue holds. Cut
    further, one would be two that each say half."""
    from chalicelib.domain.parcels import whole

    packed = [whole(part, ROOM) for part in parts]
    fit = [part for part in packed if len(part) <= ROOM]
    tasks.send(replace(task, body=b64encode(part).decode()) for part in fit)
    return len(packed) - len(fit)


def _remember(sources: Sources, source: Source, state: SourceState, like: bytes) -> None:
    """What the next calls are compared with (`noise.bait`). Of two calls at once each adds its own."""
    from chalicelib.domain import noise

    before = noise.traces(state.like)
    fresh = [each for each in noise.traces(like) if each not in before]
    for _ in range(TRIES):
        known = [each for each in noise.traces(state.like) if each not in fresh]
        after = replace(state, rev=state.rev + 1, like=noise.remembered(known, fresh))
        if sources.set_state(source, state, after):
            return
        _, state = sources.get(source.brand, source.id)


def _note_unread(
    sources: Sources, source: Source, state: SourceState, error: BadInput, now: datetime
) -> None:
    """At the source too, once for a reason: it says so until something comes that can be read."""
    from chalicelib.domain.source import UNREADABLE, failed

    after = failed(state, now, f"{UNREADABLE}: {error}", source.interval)
    if state.reason != after.reason:
        sources.set_state(source, state, after)


def _address(path: str) -> tuple[str, str, str]:
    """Brand, source, and what stands behind it."""
    parts = path.strip("/").split("/")
    brand, source, word = (*parts, "", "")[:3]
    good = len(parts) in (2, 3) and SLUG.fullmatch(brand) and SLUG.fullmatch(source)
    if not good or (word and not _WORD.fullmatch(word)):
        raise BadWebhook(404, "unknown-source")
    return brand, source, word


def _body(event: Mapping[str, Any]) -> bytes:
    """The bytes that were sent."""
    body = event.get("body") or ""
    if len(body) > 2 * MAX_BODY:
        raise BadWebhook(413, "too-big")
    try:
        raw = b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except ValueError:
        raise BadWebhook(400, "malformed") from None
    if len(raw) > MAX_BODY:
        raise BadWebhook(413, "too-big")
    return raw


def _query(raw: str) -> dict[str, str]:
    """Of a name that stands twice, the first."""
    try:
        pairs = parse_qsl(raw[:4000], keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise BadWebhook(400, "malformed") from None
    return dict(reversed(pairs))


def _reply(told: Greeting) -> dict[str, Any]:
    headers = {"content-type": told.content_type, "x-content-type-options": "nosniff"}
    if told.status == 429:
        headers["retry-after"] = "10"
    return {"statusCode": told.status, "headers": headers, "body": told.body}
