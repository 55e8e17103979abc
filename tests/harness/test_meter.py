"""The cost meter: what AWS would charge for calls we know the price of."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws import clients
from chalicelib.aws.bucket import Bucket
from chalicelib.aws.mail import Mailer
from chalicelib.aws.queues import Queues
from chalicelib.aws.secrets import SecretStore
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.posts import Posts
from chalicelib.aws.table.sources import Sources
from chalicelib.aws.table.store import Store
from chalicelib.config import settings
from chalicelib.domain.delivery import claim
from chalicelib.domain.mention import Mention
from chalicelib.domain.source import SourceState, succeeded
from chalicelib.tasks import Poll
from tests.aws.people import SATURDAY, VERDICT, case, event, post, post_delivery, post_event, source
from tests.conftest import NOW
from tests.harness.meter import PRICES, Meter
from tests.harness.poller import Poller
from tests.harness.world import BUCKET_NAME, SENDER, TABLE_NAME, World

Make = Callable[..., Mention]


def dynamodb() -> Any:
    return clients.client("dynamodb")


def sqs() -> Any:
    return clients.client("sqs")


def units(meter: Meter, price: str) -> dict[str, float]:
    return {cause: number for (name, cause), number in meter.units.items() if name == price}


def test_a_mention_is_three_write_units_and_a_repeat_one(aws: World, mention: Make) -> None:
    mentions = Mentions(dynamodb, TABLE_NAME)
    with Meter() as meter:
        mentions.add(mention())
        mentions.judge(mention(), VERDICT, "answer")
        mentions.add(mention())
        mentions.judge(mention(), VERDICT, "answer")
    assert units(meter, "write_unit") == {
        "PutItem M/M": 1,
        "UpdateItem M/M": 1,
        "by_day UpdateItem M/M": 1,
        "PutItem M/M refused": 1,
        "UpdateItem M/M refused": 1,
    }
    assert meter.usd("us-east-1") == {"write_unit": pytest.approx(5 * 0.625e-6)}
    assert meter.total("eu-west-1") == pytest.approx(5 * 0.705e-6)
    assert meter.calls == {"dynamodb.PutItem": 2, "dynamodb.UpdateItem": 2}


def test_a_poll_that_brought_something_costs_no_index_write(aws: World) -> None:
    sources = Sources(dynamodb, TABLE_NAME)
    sources.put(source())
    before = SourceState()
    with Meter() as meter:
        sources.set_state(source(), before, succeeded(before, NOW, cursor="c", seen=b"8" * 320, heard=True))
    assert units(meter, "write_unit") == {"UpdateItem S/S": 1}


def test_a_transaction_costs_double_and_a_moved_entry_twice(aws: World) -> None:
    cases = Cases(dynamodb, TABLE_NAME)
    with Meter() as meter:
        cases.open(case())
    assert units(meter, "write_unit") == {"PutItem C/C": 1, "work PutItem C/C": 1, "by_day PutItem C/C": 1}
    with Meter() as meter:
        cases.change(case(rev=2, due=NOW + timedelta(days=1)), event())
    assert units(meter, "write_unit") == {
        "TransactWriteItems C/C": 2,
        "work TransactWriteItems C/C": 2,
        "by_day TransactWriteItems C/C": 2,
        "TransactWriteItems C/E": 2,
    }


def test_large_items_and_reads_are_counted_by_their_size(aws: World) -> None:
    store = Store(dynamodb, TABLE_NAME)
    item = {"pk": "X#a.b", "sk": "n", "document": "x" * 9000}
    with Meter() as meter:
        store.put(item)
        store.put({**item, "document": ""})
        store.get({"pk": "X#a.b", "sk": "none"})
        store.put(item)
        store.get({"pk": "X#a.b", "sk": "n"})
        store.get_all([{"pk": "X#a.b", "sk": "n"}, {"pk": "X#a.b", "sk": "none"}])
        list(store.query("#pk = :pk", {"pk": "X#a.b"}))
        list(store.query("#work = :w", {"w": "poll"}, index="work"))
        store.write_all(deletes=[{"pk": "X#a.b", "sk": "n"}])
    assert units(meter, "write_unit") == {"PutItem X/n": 27, "BatchWriteItem X/n": 9}
    assert units(meter, "read_unit") == {"GetItem": 4, "BatchGetItem": 4, "Query": 3, "Query work": 0.5}


def test_queues_keys_mail_and_lambdas_are_counted(aws: World) -> None:
    secrets = SecretStore(lambda: clients.client("ssm"), "/webspin/test")
    with Meter() as meter:
        Queues(sqs, settings().queue_urls).send(Poll("lindebieb", "x" * 40_000) for _ in range(5))
        Poller(aws, {"poll": lambda event, context: {"batchItemFailures": []}}, meter=meter).drain()
        meter.received([])
        secrets.put("hook/lindebieb/a", {"key": "fake"})
        secrets.get("hook/lindebieb/a", fresh=True)
        Mailer(lambda: clients.client("sesv2")).send(sender=SENDER, to=[SENDER] * 2, subject="s", text="t")
        meter.invoked("poll", 100.2, 512)
        meter.logged(5_000_000)
    assert units(meter, "sqs_request") == {"SendMessageBatch": 4, "receive": 5, "delete": 1}
    assert meter.count("kms_request") == 2
    assert meter.count("mail") == 2
    assert meter.count("lambda_request") == 1
    assert meter.count("lambda_gb_second") == pytest.approx(0.0505)
    assert meter.count("log_gb") == pytest.approx(0.005)


def test_files_are_counted_by_what_was_asked(aws: World) -> None:
    bucket = Bucket(lambda: clients.client("s3"), BUCKET_NAME)
    with Meter() as meter:
        bucket.put_once("a", b"1", "text/plain")
        bucket.put_once("a", b"2", "text/plain")
        bucket.get("a")
        bucket.get("none")
        bucket.names("a")
        bucket.link("a", seconds=60)
    assert units(meter, "s3_put") == {"PutObject": 2, "ListObjectsV2": 1}
    assert units(meter, "s3_get") == {"GetObject": 2}


def test_a_claim_asks_the_brake_in_the_same_transaction(aws: World) -> None:
    """Two units for a condition on an item that is not there, as for one that is."""
    Posts(dynamodb, TABLE_NAME).add(post(), [post_delivery()], post_event())
    ours = claim(post_delivery(), SATURDAY.at())
    assert ours
    with Meter() as meter:
        Deliveries(dynamodb, TABLE_NAME).claim(post_delivery(), ours)
    assert units(meter, "write_unit") == {
        "TransactWriteItems P/D": 2,
        "by_day TransactWriteItems P/D": 1,
        "work TransactWriteItems P/D": 2,
        "TransactWriteItems -": 2,
    }


def test_every_region_has_every_price() -> None:
    regions = json.loads(PRICES.read_text())["regions"]
    assert set(regions) == {"us-east-1", "eu-west-1"}
    assert set(regions["us-east-1"]) == set(regions["eu-west-1"])
