"""Tasks over SQS: `Queues.send` puts them in, `consume` takes them out.

A task of many items that fails for some of them comes back as one message for each of those; so a retry,
the dead-letter queue and its reason always concern one item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.aws.backoff import attempts
from chalicelib.aws.log import count, log, reason
from chalicelib.domain.shape import stamp
from chalicelib.errors import BadTask, WebspinError
from chalicelib.tasks import Task

if TYPE_CHECKING:  # the webhook's door loads no more than it needs
    from chalicelib.ports import Tasks

T = TypeVar("T", bound=Task)
BATCH = 10
CALL_BYTES = 256 * 1024
MAX_TRIES = 5
"""A message that failed this often goes to the dead-letter queue, with its reason. The queue's own
`maxReceiveCount` must not be lower; it catches what we could not move ourselves."""
MARGIN_MS = 10_000
"""With less time left than this no further message is begun."""

Failed = Sequence[tuple[Task, Exception]]


class Queues:
    """Implements `ports.Tasks`. `urls` by logical queue name."""

    def __init__(self, sqs: Callable[[], Any], urls: Mapping[str, str]) -> None:
        self._sqs = sqs
        self._urls = urls

    def send(self, tasks: Iterable[Task], *, delay: int = 0) -> None:
        by_queue: dict[str, list[str]] = defaultdict(list)
        for task in tasks:
            by_queue[task.queue].append(task.to_json())
        for queue, bodies in by_queue.items():
            for call in _calls(bodies):
                self._send(self._urls[queue], call, delay)

    def _send(self, url: str, bodies: list[str], delay: int) -> None:
        entries = [
            {"Id": str(i), "MessageBody": body, "DelaySeconds": delay} for i, body in enumerate(bodies)
        ]
        for _ in attempts():
            reply = self._sqs().send_message_batch(QueueUrl=url, Entries=entries)
            failed = {entry["Id"]: entry for entry in reply.get("Failed", ())}
            if not failed:  # a part that was kept out comes in an answer that looks like success
                return
            if any(entry["SenderFault"] for entry in failed.values()):
                break
            entries = [entry for entry in entries if entry["Id"] in failed]
        codes = sorted({entry["Code"] for entry in failed.values()})
        raise WebspinError(f"SQS kept {len(failed)} of {len(bodies)} tasks out: {', '.join(codes)}")


def _calls(bodies: list[str]) -> Iterator[list[str]]:
    """Runs that fit one call each."""
    run: list[str] = []
    used = 0
    for body in bodies:
        size = len(body.encode())
        if run and (len(run) == BATCH or used + size > CALL_BYTES):
            yield run
            run, used = [], 0
        run.append(body)
        used += size
    if run:
        yield run


def consume(
    event: Mapping[str, Any],
    kind: type[T],
    work: Callable[[T], Failed | None],
    *,
    tasks: Tasks,
    dead: Callable[[str, str], None],
    remaining_ms: Callable[[], int],
    at_once: int = 1,
    finish: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Do the tasks of one SQS batch; return those that failed, so that only they come back.

    `work` does one task and returns the parts of it that failed, each with its error; or it raises,
    and then the whole task failed. `dead` takes a body and a reason to the dead-letter queue. With
    `at_once` above 1, so many are done side by side: for work that waits. `finish` is called after all of
    them, before any is let go; if it fails, all come back.

    `event` is the raw Lambda event, the result Lambda's partial batch response; it has effect only
    where the event source sets `ReportBatchItemFailures` (infra/resources.yaml does).
    """

    def settled(record: Mapping[str, Any]) -> bool:
        return remaining_ms() >= MARGIN_MS and _settled(record, kind, work, tasks, dead)

    records = event["Records"]
    outcomes = _side_by_side(settled, records, at_once) if at_once > 1 else map(settled, records)
    back = [
        {"itemIdentifier": record["messageId"]}
        for record, done in zip(records, outcomes, strict=True)
        if not done
    ]
    try:
        finish()
    except Exception as error:
        _note(kind.queue, records[0], [error])
        back = [{"itemIdentifier": record["messageId"]} for record in records]
    return {"batchItemFailures": back}


def _side_by_side(
    settled: Callable[[Mapping[str, Any]], bool], records: Sequence[Mapping[str, Any]], at_once: int
) -> list[bool]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(settled, records))


def _settled(
    record: Mapping[str, Any],
    kind: type[T],
    work: Callable[[T], Failed | None],
    tasks: Tasks,
    dead: Callable[[str, str], None],
) -> bool:
    """May SQS forget this message? Yes if it is done, or lies in parts or dead in another queue."""
    last = int(record["attributes"]["ApproximateReceiveCount"]) >= MAX_TRIES
    raised: Exception | None = None
    failed: Failed = ()
    parts = 1
    try:
        task = kind.from_json(record["body"])
        parts = len(task.split())
        failed = work(task) or ()
    except Exception as error:
        raised = error
    errors = [raised] if raised else [error for _, error in failed]
    if not errors:
        return True
    _note(kind.queue, record, errors)
    hopeless = last or isinstance(errors[0], BadTask)
    try:
        if parts > 1 and failed:
            tasks.send(part for broken, _ in failed for part in broken.split())
        elif parts > 1 and hopeless:
            tasks.send(task.split())
        elif hopeless:
            dead(record["body"], reason(errors[0]))
        else:
            return False
    except Exception as error:  # neither queue took it: SQS brings the message again
        _note(kind.queue, record, [error])
        return False
    return True


def _note(queue: str, record: Mapping[str, Any], errors: Sequence[Exception]) -> None:
    """Of a message only its id is logged, never its words."""
    reasons = sorted({reason(error) for error in errors})[:5]
    told = {"queue": queue, "message_id": record["messageId"], "failed": len(errors), "reasons": reasons}
    log().warning("task failed", extra=told)
    count("TaskFailed", len(errors), queue=queue)


def redrive(
    sqs: Callable[[], Any],
    *,
    source: str,
    target: str,
    most: int,
    wait: int = 1,
    until: datetime | None = None,
) -> int:
    """Move at most `most` messages from a dead-letter queue back; how many went.

    Sent before it is deleted: a crash between repeats a message, which every worker bears. Of our
    own making as emulators lack StartMessageMoveTask. `source` and `target` are queue URLs. What died after
    `until` (None: now) is left: what dies again meanwhile would go round and round.
    """
    moved, began = 0, (until or datetime.now(UTC)).timestamp() * 1000
    while moved < most:
        reply = sqs().receive_message(
            QueueUrl=source,
            MaxNumberOfMessages=min(BATCH, most - moved),
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        letters = reply.get("Messages", ())
        messages = [letter for letter in letters if int(letter["Attributes"]["SentTimestamp"]) <= began]
        if not messages:
            break
        for message in messages:
            sqs().send_message(QueueUrl=target, MessageBody=message["Body"])
            sqs().delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    return moved


def dead_letter(sqs: Callable[[], Any], url: str, body: str, reason: str) -> None:
    """Put a message in a dead-letter queue, with why and when it failed as message attributes."""
    told = {"reason": reason or "unknown", "failed_at": stamp(datetime.now(UTC))}
    attributes = {name: {"DataType": "String", "StringValue": text} for name, text in told.items()}
    sqs().send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
