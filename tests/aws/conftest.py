"""The table's classes, as wiring makes them."""

from typing import Any

import pytest

from chalicelib.aws import backoff, clients
from chalicelib.aws.bucket import Bucket
from chalicelib.aws.pipes import Pipes
from chalicelib.aws.table.alerts import Alerts
from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.brakes import Brakes
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.followings import Followings
from chalicelib.aws.table.hooks import Hooks
from chalicelib.aws.table.measurements import Measurements
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.mornings import Mornings
from chalicelib.aws.table.opinions import Opinions
from chalicelib.aws.table.posts import Posts
from chalicelib.aws.table.promises import Promises
from chalicelib.aws.table.pulse import Pulse
from chalicelib.aws.table.shelf import Shelf
from chalicelib.aws.table.sources import Sources
from chalicelib.config import settings
from tests.harness.world import BUCKET_NAME, TABLE_NAME, World


def dynamodb() -> Any:
    return clients.client("dynamodb")


@pytest.fixture
def audit(aws: World) -> Audit:
    return Audit(dynamodb, TABLE_NAME)


@pytest.fixture
def hooks(aws: World) -> Hooks:
    return Hooks(dynamodb, TABLE_NAME)


@pytest.fixture
def pulse(aws: World) -> Pulse:
    return Pulse(dynamodb, TABLE_NAME)


@pytest.fixture
def promises(aws: World) -> Promises:
    return Promises(dynamodb, TABLE_NAME)


@pytest.fixture
def mentions(aws: World) -> Mentions:
    return Mentions(dynamodb, TABLE_NAME)


@pytest.fixture
def sources(aws: World) -> Sources:
    return Sources(dynamodb, TABLE_NAME)


@pytest.fixture
def cases(aws: World) -> Cases:
    return Cases(dynamodb, TABLE_NAME)


@pytest.fixture
def deliveries(aws: World) -> Deliveries:
    return Deliveries(dynamodb, TABLE_NAME)


@pytest.fixture
def posts(aws: World) -> Posts:
    return Posts(dynamodb, TABLE_NAME)


@pytest.fixture
def opinions(aws: World) -> Opinions:
    return Opinions(dynamodb, TABLE_NAME)


@pytest.fixture
def brakes(aws: World) -> Brakes:
    return Brakes(dynamodb, TABLE_NAME)


@pytest.fixture
def measurements(aws: World) -> Measurements:
    return Measurements(dynamodb, TABLE_NAME)


@pytest.fixture
def followings(aws: World) -> Followings:
    return Followings(dynamodb, TABLE_NAME)


@pytest.fixture
def mornings(aws: World) -> Mornings:
    return Mornings(dynamodb, TABLE_NAME)


@pytest.fixture
def bucket(aws: World) -> Bucket:
    return Bucket(lambda: clients.client("s3"), BUCKET_NAME)


@pytest.fixture
def pipes(aws: World) -> Pipes:
    of = settings()
    return Pipes(lambda: clients.client("sqs"), of.queue_urls, of.dead_urls, wait=0)


@pytest.fixture
def alerts(aws: World) -> Alerts:
    return Alerts(dynamodb, TABLE_NAME)


@pytest.fixture
def brands(aws: World) -> Brands:
    return Brands(dynamodb, TABLE_NAME)


@pytest.fixture
def shelf(aws: World) -> Shelf:
    return Shelf(dynamodb, TABLE_NAME)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been slept between tries."""
    slept: list[float] = []
    monkeypatch.setattr(backoff, "sleep", slept.append)
    return slept
