"""What `Queues`, `consume` and `redrive` promise: R14, R15, R16, R18."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from chalicelib.aws import clients
from chalicelib.aws.queues import CALL_BYTES, MARGIN_MS, MAX_TRIES, Queues, consume, dead_letter, redrive
from chalicelib.config import settings
from chalicelib.domain.mention import Mention
from chalicelib.errors import BadTask, Unavailable, WebspinError
from chalicelib.tasks import Hear, Poll, Task, Understand
from tests.harness.faults import kept_out
from tests.harness.poller import Poller, body_event
from tests.harness.world import World

Make = Callable[..., Mention]


def sqs() -> Any:
    return clients.client("sqs")


@pytest.fixture
def queues(aws: World) -> Queues:
    return Queues(sqs, settings().queue_urls)


def polls(count: int) -> list[Poll]:
    return [Poll("lindebieb", f"s{n}") for n in range(count)]


# sending -------------------------------------------------------------------------------------------


def test_everything_sent_arrives_on_its_own_queue(queues: Queues, aws: World, mention: Make) -> None:
    sent = polls(23)
    heard = Understand((mention(text="naïef ☕"),))
    queues.send([*sent[:12], heard, *sent[12:]])
    assert sorted(map(Poll.from_json, aws.waiting("poll")), key=str) == sorted(sent, key=str)
    assert list(map(Understand.from_json, aws.waiting("understand"))) == [heard]
    queues.send([])


def test_a_call_carries_no_more_than_sqs_takes(
    queues: Queues, aws: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[int]] = []
    real = sqs().send_message_batch

    def counted(**params: Any) -> Any:
        calls.append([len(entry["MessageBody"].encode()) for entry in params["Entries"]])
        return real(**params)

    monkeypatch.setattr(sqs(), "send_message_batch", counted)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    queues.send(Hear("lindebieb", "hook", {}, "é" * 30_000, at) for _ in range(9))
    queues.send(polls(25))
    assert len(aws.waiting("hear")) == 9
    assert max(map(sum, calls)) <= CALL_BYTES
    assert list(map(len, calls)) == [4, 4, 1, 10, 10, 5]


def test_r19_what_sqs_kept_out_is_sent_again(queues: Queues, aws: World, pauses: list[float]) -> None:
    sent = polls(20)
    with kept_out(times=2):
        queues.send(sent)
    assert sorted(map(Poll.from_json, aws.waiting("poll")), key=str) == sorted(sent, key=str)
    assert pauses


def test_r2_what_sqs_will_not_take_is_an_error(queues: Queues, pauses: list[float]) -> None:
    with kept_out(times=99), pytest.raises(WebspinError, match="kept 1 of 8 tasks out: InternalError"):
        queues.send(polls(8))
    assert len(pauses) == 4
    with kept_out(times=1, sender_fault=True), pytest.raises(WebspinError, match="kept 4 of 8"):
        queues.send(polls(8))


def test_a_delay_is_kept(queues: Queues, aws: World) -> None:
    queues.send(polls(1), delay=900)
    seen: list[Task] = []
    poller = Poller(aws, {"poll": Worker(queues, aws, Poll, seen.append)})
    assert poller.step() == 0
    assert poller.drain() == 1
    assert seen == polls(1)


# taking out ----------------------------------------------------------------------------------------


@dataclass
class Sent:
    """A stand-in for `ports.Tasks`."""

    tasks: list[Task] = field(default_factory=list)
    broken: bool = False

    def send(self, tasks: Any, *, delay: int = 0) -> None:
        if self.broken:
            raise WebspinError("no queue")
        self.tasks += tasks


@dataclass
class Outcome:
    back: list[str]
    sent: Sequence[Task]
    dead: list[tuple[str, str]]


def run(
    bodies: Sequence[str],
    work: Callable[[Any], Any],
    kind: type[Task] = Poll,
    *,
    receives: int = 1,
    left: Callable[[], int] = lambda: 60_000,
    broken: bool = False,
) -> Outcome:
    sent, dead = Sent(broken=broken), list[tuple[str, str]]()

    def bury(body: str, reason: str) -> None:
        if broken:
            raise WebspinError("no dead-letter queue")
        dead.append((body, reason))

    event = body_event("poll", *bodies, receives=receives)
    answer = consume(event, kind, work, tasks=sent, dead=bury, remaining_ms=left)
    return Outcome([failure["itemIdentifier"] for failure in answer["batchItemFailures"]], sent.tasks, dead)


def refuse(task: Task) -> None:
    raise Unavailable("feed", "mail kees@lindebieb.example?token=fakefakefake")


def test_what_is_done_does_not_come_back() -> None:
    seen: list[Task] = []
    outcome = run([task.to_json() for task in polls(3)], seen.append)
    assert seen == polls(3)
    assert outcome == Outcome([], [], [])


def test_r14_exactly_the_failed_come_back() -> None:
    def work(task: Poll) -> None:
        if task.source in ("s1", "s3"):
            refuse(task)

    outcome = run([task.to_json() for task in polls(5)], work, receives=MAX_TRIES - 1)
    assert outcome == Outcome(["m1", "m3"], [], [])


def test_r15_the_last_try_ends_in_the_dead_letter_queue_with_its_reason() -> None:
    bodies = [task.to_json() for task in polls(1)]
    outcome = run(bodies, refuse, receives=MAX_TRIES)
    assert (outcome.back, outcome.sent) == ([], [])
    ((body, reason),) = outcome.dead
    assert body == bodies[0]
    assert reason.startswith("Unavailable: feed: mail")
    assert "kees" not in reason
    assert "fakefake" not in reason


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        "null",
        "{" * 100_000,
        '{"kind":"poll","v":2,"brand":"a","source":"b"}',
        '{"kind":"hear","v":1}',
        '{"kind":"poll","v":1,"brand":"a"}',
        '{"kind":"poll","v":1,"brand":"a","source":"b","more":1}',
        '{"kind":"poll","v":1,"brand":7,"source":"b"}',
        json.dumps({"kind": "poll", "v": 1, "brand": "a", "source": "b", "pad": "x" * 1_000_000}),
        '{"kind":"poll","v":1,"brand":"\\ud800","source":1e999}',
    ],
    ids=lambda body: body[:40],
)
def test_r16_what_is_no_task_of_ours_goes_there_at_once(body: str) -> None:
    good = polls(1)[0]
    seen: list[Task] = []
    outcome = run([body, good.to_json()], seen.append)
    assert (outcome.back, seen) == ([], [good])
    ((dead_body, reason),) = outcome.dead
    assert dead_body == body
    assert reason.startswith("BadTask: ")
    assert len(reason) <= 300


def test_r16_a_task_of_another_brand_goes_there_at_once() -> None:
    def work(task: Task) -> None:
        raise BadTask("of another brand")

    assert run([polls(1)[0].to_json()], work).dead[0][1] == "BadTask: of another brand"


def test_r14_of_a_task_of_many_the_failed_parts_are_queued_one_by_one(mention: Make) -> None:
    task = Understand(tuple(mention(str(n)) for n in range(20)))
    parts = task.split()

    def work(_: Understand) -> list[tuple[Task, Exception]]:
        return [(parts[3], ValueError("three")), (parts[7], ValueError("seven"))]

    outcome = run([task.to_json()], work, Understand)
    assert outcome == Outcome([], [parts[3], parts[7]], [])


def test_a_single_part_that_fails_comes_back_and_dies_with_its_own_reason(mention: Make) -> None:
    task = Understand((mention(),))

    def work(same: Understand) -> list[tuple[Task, Exception]]:
        return [(same, ValueError("no"))]

    assert run([task.to_json()], work, Understand).back == ["m0"]
    assert run([task.to_json()], work, Understand, receives=MAX_TRIES).dead[0][1] == "ValueError: no"


def test_a_task_of_many_that_fails_whole_is_taken_apart_at_its_last_try(mention: Make) -> None:
    task = Understand((mention("1"), mention("2")))
    assert run([task.to_json()], refuse, Understand).back == ["m0"]
    assert run([task.to_json()], refuse, Understand, receives=MAX_TRIES) == Outcome([], task.split(), [])


@pytest.mark.parametrize("receives", [1, MAX_TRIES])
def test_r2_what_neither_queue_takes_comes_back(mention: Make, receives: int) -> None:
    task = Understand((mention("1"), mention("2")))
    half = [(task.split()[0], ValueError("half"))]
    assert run([task.to_json()], lambda _: half, Understand, receives=receives, broken=True).back == ["m0"]
    assert run(["not json"], refuse, broken=True, receives=receives).back == ["m0"]


def test_r18_with_little_time_left_the_rest_comes_back_untouched() -> None:
    left = iter([60_000, MARGIN_MS, MARGIN_MS - 1, MARGIN_MS - 2, 0])
    seen: list[Task] = []
    outcome = run([task.to_json() for task in polls(5)], seen.append, left=lambda: next(left))
    assert seen == polls(2)
    assert outcome.back == ["m2", "m3", "m4"]


def test_a_kill_is_not_caught() -> None:
    class Kill(BaseException):
        pass

    def work(task: Task) -> None:
        raise Kill

    with pytest.raises(Kill):
        run([polls(1)[0].to_json()], work)


# on a queue ----------------------------------------------------------------------------------------


@dataclass
class Worker:
    """A handler as `app.py` has them."""

    queues: Queues
    world: World
    kind: type[Task]
    work: Callable[[Any], Any]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        bury = partial(dead_letter, sqs, settings().dead_urls[self.kind.queue])
        left = context.get_remaining_time_in_millis
        return consume(event, self.kind, self.work, tasks=self.queues, dead=bury, remaining_ms=left)


def understand_all_but(poison: str, done: list[str]) -> Callable[[Understand], list[tuple[Task, Exception]]]:
    def work(task: Understand) -> list[tuple[Task, Exception]]:
        failed: list[tuple[Task, Exception]] = []
        for part in task.split():
            id = part.mentions[0].key.id
            if id == poison:
                failed.append((part, ValueError(f"cannot read {id}")))
            else:
                done.append(id)
        return failed

    return work


@pytest.mark.parametrize("duplicate", [False, True])
def test_r14_one_poison_among_two_hundred(queues: Queues, aws: World, mention: Make, duplicate: bool) -> None:
    ids = [str(n) for n in range(200)]
    queues.send(Understand(tuple(map(mention, ids[n : n + 20]))) for n in range(0, 200, 20))
    done: list[str] = []
    poller = Poller(
        aws,
        {"understand": Worker(queues, aws, Understand, understand_all_but("57", done))},
        duplicate=duplicate,
    )
    poller.drain()
    assert sorted(done if not duplicate else set(done)) == sorted(set(ids) - {"57"})
    dead = {
        (Understand.from_json(body).mentions[0].key.id, reason) for body, reason in aws.reasons("understand")
    }
    assert dead == {("57", "ValueError: cannot read 57")}
    assert aws.waiting("understand") == []
    assert poller.errors == []


def test_r15_the_dead_are_brought_back_and_a_repeat_brings_nothing(
    queues: Queues, aws: World, mention: Make
) -> None:
    queues.send([Understand((mention("57"),))])
    Poller(aws, {"understand": Worker(queues, aws, Understand, understand_all_but("57", []))}).drain()
    assert len(aws.waiting("understand-dead")) == 1
    urls: dict[str, Any] = {
        "source": settings().dead_urls["understand"],
        "target": settings().queue_urls["understand"],
    }
    assert redrive(sqs, **urls, most=10, wait=0) == 1
    assert redrive(sqs, **urls, most=10, wait=0) == 0
    done: list[str] = []
    Poller(aws, {"understand": Worker(queues, aws, Understand, understand_all_but("", done))}).drain()
    assert done == ["57"]
    assert aws.waiting("understand-dead") == []


def test_r15_what_dies_again_at_once_is_not_chased(queues: Queues, aws: World) -> None:
    """What is no task comes back from its worker within milliseconds."""
    source, target = settings().dead_urls["poll"], settings().queue_urls["poll"]

    class Bouncing:
        def __getattr__(self, name: str) -> Any:
            return getattr(sqs(), name)

        def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:
            sqs().send_message(QueueUrl=QueueUrl, MessageBody=MessageBody)
            dead_letter(sqs, source, MessageBody, "again")

    dead_letter(sqs, source, "no task", "")
    assert redrive(Bouncing, source=source, target=target, most=10, wait=0) == 1
    assert len(aws.waiting("poll-dead")) == 1


def test_r15_no_more_are_brought_back_than_asked_for(queues: Queues, aws: World) -> None:
    for n in range(25):
        dead_letter(sqs, settings().dead_urls["poll"], f"body {n}", "")
    urls: dict[str, Any] = {"source": settings().dead_urls["poll"], "target": settings().queue_urls["poll"]}
    assert redrive(sqs, **urls, most=12, wait=0) == 12
    assert (len(aws.waiting("poll")), len(aws.waiting("poll-dead"))) == (12, 13)
    assert aws.reasons("poll")[0][1] == "unknown"
