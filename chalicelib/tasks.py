"""The messages between stages, one class a queue.

A message is JSON: `{"kind": "understand", "v": 1, ...fields}`. What a worker cannot read as its own
kind and version goes to the dead-letter queue at once, with the reason.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from chalicelib.domain.delivery import DeliveryKey
from chalicelib.domain.mention import Mention
from chalicelib.domain.shape import ShapeError, dump, load
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import BadTask

VERSION = 1
ROOM = 64 * 1024
"""Bytes of one message: what SQS charges as one request."""
LONGEST_DELAY = 900
"""Seconds a queue can hold a message back."""


@dataclass(frozen=True, slots=True)
class Task:
    """Base. `queue` is the logical name of the queue it travels on, and its `kind`."""

    queue: ClassVar[str]

    def to_json(self) -> str:
        body = {"kind": self.queue, "v": VERSION, **dump(self)}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, body: str) -> Self:
        """Raises BadTask, with what is wrong and where."""
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadTask(f"not JSON: {error}") from None
        if not isinstance(found, dict):
            raise BadTask("not an object")
        kind, version = found.pop("kind", None), found.pop("v", None)
        if kind != cls.queue or version != VERSION:
            raise BadTask(f"kind {kind!r} version {version!r}, expected {cls.queue!r} {VERSION}")
        try:
            return load(cls, found)
        except ShapeError as error:
            raise BadTask(str(error)) from None

    def split(self) -> "list[Self]":
        """The same work as tasks of one item each; a task of one item is its own only part."""
        return [self]


@dataclass(frozen=True, slots=True)
class Poll(Task):
    """`until`: the moment up to which it waited, where it could not be asked (`SourceState.wait_until`)."""

    queue: ClassVar[str] = "poll"
    brand: str
    source: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hear(Task):
    """A verified webhook call, raw. `body` is base64; `headers` only those the platform reads."""

    queue: ClassVar[str] = "hear"
    brand: str
    source: str
    headers: dict[str, str]
    body: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Understand(Task):
    queue: ClassVar[str] = "understand"
    mentions: tuple[Mention, ...]

    def split(self) -> "list[Understand]":
        return [Understand((mention,)) for mention in self.mentions]


@dataclass(frozen=True, slots=True)
class Judged:
    mention: Mention
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Respond(Task):
    queue: ClassVar[str] = "respond"
    judged: tuple[Judged, ...]

    def split(self) -> "list[Respond]":
        return [Respond((item,)) for item in self.judged]


@dataclass(frozen=True, slots=True)
class Deliver(Task):
    queue: ClassVar[str] = "deliver"
    delivery: DeliveryKey


QUEUES = tuple(kind.queue for kind in (Poll, Hear, Understand, Respond, Deliver))

I = TypeVar("I", Mention, Judged)  # noqa: E741


def packed(items: Sequence[I]) -> Iterator[tuple[I, ...]]:
    """Cut items into runs that fit one message each (`ROOM` bytes of JSON)."""
    run: list[I] = []
    used = 64
    for item in items:
        size = len(json.dumps(dump(item), ensure_ascii=False).encode()) + 1
        if run and used + size > ROOM:
            yield tuple(run)
            run, used = [], 64
        run.append(item)
        used += size
    if run:
        yield tuple(run)
