"""The queues as the health page shows them: how full, what died and why, and once more through."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.aws import queues
from chalicelib.errors import BadTask, NotFound
from chalicelib.ports import Letter, Queue
from chalicelib.tasks import QUEUES, Deliver, Hear, Poll, Respond, Task, Understand

MOST_LETTERS = 10
MOST_REDRIVEN = 100
NAMED = 3
"""Mentions of one letter that are named; of the others it says how many."""

_KINDS: dict[str, type[Task]] = {kind.queue: kind for kind in (Poll, Hear, Understand, Respond, Deliver)}
_WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed")
_AT_WORK = "ApproximateNumberOfMessagesNotVisible"


class Pipes:
    """Implements `ports.Pipes`. `urls` and `dead` by logical queue name.

    `wait` is how many seconds SQS may look for letters: without, it asks only some of its machines.
    """

    def __init__(
        self, sqs: Callable[[], Any], urls: Mapping[str, str], dead: Mapping[str, str], *, wait: int = 1
    ) -> None:
        self._sqs = sqs
        self._urls = urls
        self._dead = dead
        self._wait = wait

    def state(self) -> list[Queue]:
        found = []
        for name in QUEUES:
            full, dead = self._count(self._urls[name]), self._count(self._dead[name])
            waiting = sum(full[each] for each in _WAITING)
            found.append(Queue(name=name, waiting=waiting, at_work=full[_AT_WORK], dead=sum(dead.values())))
        return found

    def letters(self, queue: str) -> list[Letter]:
        """At most `MOST_LETTERS`. They are hidden from nobody meanwhile."""
        url = self._url(self._dead, queue)
        found: dict[str, Letter] = {}
        while len(found) < MOST_LETTERS:
            reply = self._sqs().receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=MOST_LETTERS,
                VisibilityTimeout=0,
                WaitTimeSeconds=0 if found else self._wait,
                MessageAttributeNames=["reason", "failed_at"],
                MessageSystemAttributeNames=["SentTimestamp"],
            )
            fresh = [one for one in reply.get("Messages", ()) if one["MessageId"] not in found]
            if not fresh:
                break
            found |= {one["MessageId"]: _letter(one) for one in fresh}
        return list(found.values())[:MOST_LETTERS]

    def redrive(self, queue: str, until: datetime | None = None) -> int:
        source, target = self._url(self._dead, queue), self._url(self._urls, queue)
        return queues.redrive(
            self._sqs, source=source, target=target, most=MOST_REDRIVEN, wait=self._wait, until=until
        )

    def _count(self, url: str) -> dict[str, int]:
        names = [*_WAITING, _AT_WORK]
        told = self._sqs().get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return {name: int(told[name]) for name in names}

    def _url(self, of: Mapping[str, str], queue: str) -> str:
        if queue not in of:
            raise NotFound(f"queue {queue}")
        return of[queue]


def _letter(message: Mapping[str, Any]) -> Letter:
    told = {name: of.get("StringValue", "") for name, of in message.get("MessageAttributes", {}).items()}
    return Letter(
        id=message["MessageId"],
        about=_about(message["Body"]),
        reason=told.get("reason", ""),
        at=_moment(told.get("failed_at", "")) or _sent(message),
    )


def _about(body: str) -> str:
    """`deliver` and the key of what it is of; of a body that is no task of ours its length."""
    try:
        task = _KINDS[json.loads(body)["kind"]].from_json(body)
    except (BadTask, LookupError, TypeError, ValueError, RecursionError):
        return f"{len(body.encode())} bytes"
    return f"{task.queue} {_listed(_ids(task))}"


def _ids(task: Task) -> list[str]:
    match task:
        case Understand():
            return [str(mention.key) for mention in task.mentions]
        case Respond():
            return [str(judged.mention.key) for judged in task.judged]
        case Deliver():
            return [str(task.delivery)]
        case Poll() | Hear():
            return [f"{task.brand}/{task.source}"]
    raise TypeError(f"{type(task).__name__} names nothing")


def _listed(ids: Iterable[str]) -> str:
    first, rest = [*ids][:NAMED], [*ids][NAMED:]
    return ", ".join(first) + (f" +{len(rest)}" if rest else "")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _sent(message: Mapping[str, Any]) -> datetime | None:
    """When it was first sent: all that is known of what SQS itself laid aside."""
    millis = message.get("Attributes", {}).get("SentTimestamp", "")
    return datetime.fromtimestamp(int(millis) / 1000, UTC) if millis.isdigit() else None
