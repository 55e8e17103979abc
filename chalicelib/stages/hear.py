"""Stage 1, the other door: sources that call us.

`receive` runs behind the open internet, in a Lambda that may read webhook secrets and send to one
queue: it verifies the raw bytes, queues them, and answers. `hear` does the work behind the queue, with
the same `accept` as a poll: the same message heard both ways is one mention.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.domain.mention import SLUG
from chalicelib.errors import BadInput, BadTask, BadWebhook, NotFound
from chalicelib.tasks import Hear

if TYPE_CHECKING:  # the door loads no more than it needs
    from chalicelib.ports import Brands, Hears, Mentions, Secrets, Sources, Tasks
    from chalicelib.ports.upkeep import Tell

MAX_BODY = 150_000
"""Bytes: base64 of it still fits one queue message (256 KB)."""


class Verify(Protocol):
    """`platforms/_signatures.py`: the event's id, or BadWebhook."""

    def __call__(
        self, scheme: str, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> str: ...


def answer(
    event: Mapping[str, Any],
    *,
    receive: Callable[..., Hear],
    refused: Callable[[str], None],
    line: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Answer one call of the Function URL (its payload, version 2). `line` gathers what is logged of it."""
    body = event.get("body") or ""
    raw = b64decode(body) if event.get("isBase64Encoded") else body.encode()
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    method = event.get("requestContext", {}).get("http", {}).get("method", "")
    try:
        task = receive(method, event.get("rawPath", ""), headers, raw, now=now)
    except BadWebhook as error:
        refused(error.reason)
        line.update(status=error.status, reason=error.reason)
        return _reply(error.status, {"error": error.reason})
    line.update(status=202, source=f"{task.brand}/{task.source}")
    return _reply(202, {"accepted": True})


def receive(
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Secrets,
    verify: Verify,
    tasks: Tasks,
    now: datetime,
) -> Hear:
    """Take one call at `/<brand>/<source>`. Raises BadWebhook with the status to answer.

    Nothing is written for a call that is refused. An unknown source and a wrong path look the same.
    """
    brand, source = _address(path)
    if method != "POST":
        raise BadWebhook(405, "method")
    if len(body) > MAX_BODY:
        raise BadWebhook(413, "too-big")
    secret = secrets.get(f"hook/{brand}/{source}")
    if not secret:
        raise BadWebhook(404, "unknown-source")
    keys = [secret[name] for name in ("secret", "secret_2") if secret.get(name)]
    verify(secret.get("scheme", ""), keys, headers, body, now)
    kept = {name: value[:1000] for name, value in headers.items() if name in ("content-type", "webhook-id")}
    task = Hear(brand, source, kept, b64encode(body).decode(), now.replace(microsecond=0))
    tasks.send([task])
    return task


def hear(
    task: Hear,
    *,
    sources: Sources,
    brands: Brands,
    mentions: Mentions,
    tasks: Tasks,
    connect: Callable[..., Hears],
    now: datetime,
    tell: Tell | None = None,
) -> dict[str, int]:
    """Read a verified call and keep what it tells. What we cannot read goes to the dead-letter queue
    with the field that is wrong: we said yes to it, so it must not vanish. A call of many with a bad
    one among them is queued again as calls of one."""
    from chalicelib.domain.source import called, succeeded
    from chalicelib.ports.upkeep import nobody
    from chalicelib.stages.listen import accept

    try:
        source, state = sources.get(task.brand, task.source)
        brand = brands.get(task.brand)
    except NotFound as error:
        raise BadTask(f"no source {error}") from None
    if source.paused:
        return {"paused": 1}
    platform, body = connect(source), b64decode(task.body)
    try:
        found = platform.hear(task.headers, body)
    except BadInput as error:
        parts = platform.apart(body)
        if len(parts) < 2:
            raise BadTask(str(error)) from None
        tasks.send(replace(task, body=b64encode(part).decode()) for part in parts)
        return {"apart": len(parts)}
    kept = accept(
        brand, source, found, first=False, mentions=mentions, tasks=tasks, now=now, tell=tell or nobody
    )
    after = succeeded(state, now, cursor=state.cursor, seen=state.seen, heard=False)
    if after is not state:  # a call always brings something; but not each is worth a write
        sources.set_state(source, state, replace(after, last_heard=now, meter=called(after.meter, now)))
    return {"found": len(found), "kept": kept}


def _address(path: str) -> tuple[str, str]:
    parts = path.strip("/").split("/")
    if len(parts) != 2 or not all(SLUG.fullmatch(part) for part in parts):
        raise BadWebhook(404, "unknown-source")
    return parts[0], parts[1]


def _reply(status: int, body: Mapping[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
