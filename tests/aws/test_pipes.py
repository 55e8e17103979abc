"""What `ports.Pipes` promises: the queues can be looked at without changing them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.aws import clients
from chalicelib.aws.pipes import MOST_LETTERS, Pipes
from chalicelib.aws.queues import Queues, dead_letter
from chalicelib.config import settings
from chalicelib.domain.mention import Mention
from chalicelib.errors import NotFound
from chalicelib.ports import Queue
from chalicelib.tasks import QUEUES, Deliver, Hear, Judged, Poll, Respond, Task, Understand
from tests.aws.people import VERDICT, delivery, post_delivery
from tests.conftest import NOW
from tests.harness.world import World

Make = Callable[..., Mention]


def sqs() -> Any:
    return clients.client("sqs")


def lay(queue: str, *bodies: str, reason: str = "Rejected: no") -> None:
    for body in bodies:
        dead_letter(sqs, settings().dead_urls[queue], body, reason)


def test_tells_how_full_every_queue_is(pipes: Pipes) -> None:
    assert pipes.state() == [Queue(name=name, waiting=0, at_work=0, dead=0) for name in QUEUES]
    queues = Queues(sqs, settings().queue_urls)
    queues.send(Poll("lindebieb", f"s-{n}") for n in range(3))
    queues.send([Poll("lindebieb", "later")], delay=60)
    sqs().receive_message(QueueUrl=settings().queue_urls["poll"], MaxNumberOfMessages=2)
    lay("poll", "a", "b")
    first, *others = pipes.state()
    assert first == Queue(name="poll", waiting=2, at_work=2, dead=2)
    assert all(queue == Queue(name=queue.name, waiting=0, at_work=0, dead=0) for queue in others)


def test_a_letter_read_twice_is_still_there(pipes: Pipes, aws: World) -> None:
    body = Poll("lindebieb", "news").to_json()
    lay("poll", body, body)
    first = pipes.letters("poll")
    assert len({letter.id for letter in first}) == len(first) == 2
    assert {letter.id for letter in pipes.letters("poll")} == {letter.id for letter in first}
    assert aws.waiting("poll-dead") == [body, body]
    assert pipes.state()[0].dead == 2
    assert pipes.redrive("poll") == 2, "reading hides it from nobody"
    assert pipes.letters("hear") == []


def test_at_most_some_letters_are_shown(pipes: Pipes) -> None:
    lay("poll", *(f"body {n}" for n in range(MOST_LETTERS + 5)))
    assert len(pipes.letters("poll")) == MOST_LETTERS


def test_a_letter_says_why_and_when(pipes: Pipes) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    lay("poll", "body", reason="Unavailable: mastodon: 503")
    (letter,) = pipes.letters("poll")
    assert letter.reason == "Unavailable: mastodon: 503"
    assert letter.at
    assert before < letter.at <= datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.parametrize("failed_at", ["", "yesterday", "2026-11-23T09:12:00"])
def test_what_sqs_laid_aside_itself_has_no_reason(pipes: Pipes, failed_at: str) -> None:
    told: dict[str, Any] = {"failed_at": {"DataType": "String", "StringValue": failed_at or "?"}}
    sqs().send_message(
        QueueUrl=settings().dead_urls["poll"], MessageBody="{}", MessageAttributes=told if failed_at else {}
    )
    (letter,) = pipes.letters("poll")
    assert letter.reason == ""
    assert letter.at
    assert letter.at.tzinfo


def tasks(make: Make) -> list[tuple[Task, str]]:
    heard = tuple(make(str(n)) for n in range(5))
    return [
        (Poll("lindebieb", "news"), "poll lindebieb/news"),
        (Hear("lindebieb", "hook", {"x-key": "hush"}, "aHVzaA==", NOW), "hear lindebieb/hook"),
        (Understand(heard[:1]), "understand lindebieb/sandbox/0"),
        (
            Understand(heard),
            "understand lindebieb/sandbox/0, lindebieb/sandbox/1, lindebieb/sandbox/2 +2",
        ),
        (Respond((Judged(heard[0], VERDICT),)), "respond lindebieb/sandbox/0"),
        (Deliver(delivery().key), "deliver lindebieb/sandbox/1/wall/1"),
        (Deliver(post_delivery().key), "deliver lindebieb/p-1/wall/1"),
    ]


def test_a_letter_names_what_it_is_of_and_nobody_s_words(pipes: Pipes, mention: Make) -> None:
    for task, about in tasks(mention):
        lay(task.queue, task.to_json())
        assert about in {letter.about for letter in pipes.letters(task.queue)}
    assert {task.queue for task, _ in tasks(mention)} == set(QUEUES)


@pytest.mark.parametrize(
    "body",
    [
        "hush",
        "[]",
        '"hush"',
        "{}",
        '{"kind": "hush"}',
        '{"kind": ["hush"]}',
        '{"kind": "poll", "v": 2, "brand": "hush", "source": "hush"}',
        '{"kind": "poll", "v": 1, "brand": 1, "source": "hush"}',
        '{"kind": "deliver", "v": 1, "delivery": {"owner": "hush"}}',
        "[" * 50_000,
    ],
)
def test_of_a_body_that_is_no_task_the_length_is_told(pipes: Pipes, body: str) -> None:
    lay("poll", body)
    (letter,) = pipes.letters("poll")
    assert letter.about == f"{len(body)} bytes"


def test_the_dead_go_through_once_more_a_hundred_at_a_time(pipes: Pipes, aws: World) -> None:
    lay("deliver", *(json.dumps({"n": n}) for n in range(103)))
    assert pipes.redrive("deliver") == 100
    assert (len(aws.waiting("deliver")), len(aws.waiting("deliver-dead"))) == (100, 3)
    assert pipes.redrive("deliver") == 3
    assert pipes.redrive("deliver") == 0


@pytest.mark.parametrize("name", ["", "poll-dead", "Poll", "https://sqs.example/1/poll"])
def test_a_queue_that_is_not_ours_is_not_found(pipes: Pipes, name: str) -> None:
    with pytest.raises(NotFound):
        pipes.letters(name)
    with pytest.raises(NotFound):
        pipes.redrive(name)
