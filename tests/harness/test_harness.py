"""The harnesses themselves: a harness that sees nothing makes every test pass."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import pytest

from chalicelib.aws import clients
from chalicelib.aws.mail import Mailer
from chalicelib.aws.queues import Queues, consume, dead_letter
from chalicelib.aws.secrets import SecretStore
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.sources import Sources
from chalicelib.config import settings
from chalicelib.domain.mention import Mention
from chalicelib.errors import Blocked, Unreachable
from chalicelib.tasks import Poll
from tests.aws.people import VERDICT
from tests.harness.crash import Crash, Points, every_crash
from tests.harness.hooks import apart
from tests.harness.poller import Context, Poller
from tests.harness.transport import CannedAws, CannedHttp, answer
from tests.harness.world import SENDER, TABLE_NAME, World

Make = Callable[..., Mention]


def dynamodb() -> Any:
    return clients.client("dynamodb")


def sqs() -> Any:
    return clients.client("sqs")


# crash ---------------------------------------------------------------------------------------------


@dataclass
class Network:
    posted: list[str] = field(default_factory=list)
    name: str = "network"

    def post(self, text: str) -> str:
        self.posted.append(text)
        return text


@dataclass
class Story:
    """Keep a mention, queue its work, then do it: post its id."""

    aws: World
    mention: Mention
    network: Network = field(default_factory=Network)

    def listen(self) -> None:
        Mentions(dynamodb, TABLE_NAME).add(self.mention)
        Queues(sqs, settings().queue_urls).send([Poll("lindebieb", self.mention.key.id)])

    def poller(self, network: Any) -> Poller:
        def work(task: Poll) -> None:
            network.post(task.source)

        def handler(event: dict[str, Any], context: Any) -> Any:
            bury = partial(dead_letter, sqs, settings().dead_urls["poll"])
            tasks, left = Queues(sqs, settings().queue_urls), context.get_remaining_time_in_millis
            return consume(event, Poll, work, tasks=tasks, dead=bury, remaining_ms=left)

        return Poller(self.aws, {"poll": handler})


def test_a_story_is_broken_off_at_every_call_and_brought_to_its_end(aws: World, mention: Make) -> None:
    def run(story: Story, points: Points) -> None:
        story.listen()
        story.poller(points.wrap(story.network)).drain()

    def redeliver(story: Story) -> None:
        story.listen()
        story.poller(story.network).drain()

    seen = []
    for mode, k, story in every_crash(lambda: Story(aws.fresh(), mention()), run, redeliver):
        seen.append((mode, k))
        assert len(aws.items("M#")) == 1
        assert "1" in story.network.posted
    assert seen == [*(("before", k) for k in (1, 2, 3)), *(("after", k) for k in (1, 2, 3)), ("whole", 3)]


def test_a_crash_before_a_call_leaves_it_undone_and_one_after_it_done(aws: World, mention: Make) -> None:
    mentions = Mentions(dynamodb, TABLE_NAME)
    with pytest.raises(Crash, match="before call 1, PutItem"), Points("before", 1):
        mentions.add(mention("1"))
    with pytest.raises(Crash, match="after call 1, PutItem"), Points("after", 1):
        mentions.add(mention("2"))
    assert [item["pk"]["S"] for item in aws.items("M#")] == ["M#lindebieb#sandbox#2"]


def test_a_crash_is_no_exception_and_what_is_no_call_is_no_point() -> None:
    assert not issubclass(Crash, Exception)
    points = Points("before", 99)
    network = points.wrap(Network())
    with points:
        assert network.name == "network"
        network.post("a")
    network.post("b")
    assert points.names == ["Network.post"]


# poller --------------------------------------------------------------------------------------------


def test_what_a_handler_raises_brings_its_whole_batch_again(aws: World) -> None:
    calls: list[int] = []

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        calls.append(len(event["Records"]))
        if len(calls) == 1:
            raise ValueError("first")
        return {"batchItemFailures": []}

    Queues(sqs, settings().queue_urls).send(Poll("lindebieb", f"s{n}") for n in range(3))
    poller = Poller(aws, {"poll": handler})
    assert poller.drain() == 6
    assert calls == [3, 3]
    assert [str(error) for error in poller.errors] == ["first"]


def test_what_kills_its_worker_is_moved_by_sqs_itself(aws: World) -> None:
    waits: list[int] = []
    receives: list[str] = []

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        receives.append(event["Records"][0]["attributes"]["ApproximateReceiveCount"])
        raise MemoryError

    Queues(sqs, settings().queue_urls).send([Poll("lindebieb", "s")])
    Poller(aws, {"poll": handler}, wait=lambda: waits.append(1)).drain()
    assert receives == ["1", "2", "3", "4", "5", "6"]
    assert len(aws.waiting("poll-dead")) == 1
    assert len(waits) == 6


def test_batches_can_come_twice_and_in_another_order(aws: World) -> None:
    seen: list[str] = []

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        seen.extend(Poll.from_json(record["body"]).source for record in event["Records"])
        return {"batchItemFailures": []}

    Queues(sqs, settings().queue_urls).send(Poll("lindebieb", f"{n}") for n in range(10))
    Poller(aws, {"poll": handler}, duplicate=True, order=Random(7)).drain()
    assert sorted(seen) == sorted([str(n) for n in range(10)] * 2)
    assert seen[:10] != [str(n) for n in range(10)]


def test_a_worker_that_never_ends_is_found_out(aws: World) -> None:
    queues = Queues(sqs, settings().queue_urls)

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        queues.send([Poll("lindebieb", "again")])
        return {"batchItemFailures": []}

    queues.send([Poll("lindebieb", "s")])
    with pytest.raises(AssertionError, match="not quiet"):
        Poller(aws, {"poll": handler}).drain()


# transport -----------------------------------------------------------------------------------------


def test_canned_aws_answers_without_an_emulator(mention: Make) -> None:
    with apart(), CannedAws() as aws:
        mentions = Mentions(dynamodb, "t")
        assert mentions.add(mention())
        assert mentions.judge(mention(), VERDICT, "answer")
        assert mentions.get_many([mention().key]) == {}
        Queues(sqs, {"poll": "https://sqs.eu-west-1.amazonaws.com/1/poll"}).send([Poll("a", "b")])
        assert SecretStore(lambda: clients.client("ssm"), "/x").get("hook/a/b") == {}
        mailer = Mailer(lambda: clients.client("sesv2"))
        mailer.send(sender=SENDER, to=[SENDER], subject="s", text="t")
        aws.answers["Query"] = lambda asked: {"Items": [{"pk": {"S": "S#a#b"}, "interval": {"N": "5"}}]}
        assert [listed.source for listed in Sources(dynamodb, "t").listed()] == ["b"]
        operations = [operation for operation, _ in aws.asked]
    assert operations == [
        "PutItem",
        "UpdateItem",
        "BatchGetItem",
        "SendMessageBatch",
        "GetParameter",
        "SendEmail",
        "Query",
    ]
    assert aws.asked[0][1]["Item"]["pk"] == {"S": "M#lindebieb#sandbox#1"}


def test_canned_http_answers_by_address() -> None:
    web = CannedHttp(
        {
            "https://a.example/": answer({"x": 1}, content_type="application/json"),
            "https://b.example/": Blocked("no"),
            "https://c.example/": lambda method, headers, body: answer(body or b"", 201),
        }
    )
    found = web.request("GET", "https://a.example/")
    assert (found.status, found.body, found.headers) == (
        200,
        b'{"x": 1}',
        {"content-type": "application/json"},
    )
    assert web.request("POST", "https://c.example/", body=b"hi").body == b"hi"
    with pytest.raises(Blocked):
        web.request("GET", "https://b.example/")
    with pytest.raises(Unreachable, match="none"):
        web.request("GET", "https://none.example/")
    assert [(method, url) for method, url, _, _ in web.requests][1] == ("POST", "https://c.example/")
