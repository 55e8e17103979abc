"""The table's classes, as wiring makes them."""

from typing import Any

import pytest

from chalicelib.aws import backoff, clients
from chalicelib.aws.table.alerts import Alerts
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.shelf import Shelf
from chalicelib.aws.table.sources import Sources
from tests.harness.world import TABLE_NAME, World


def dynamodb() -> Any:
    return clients.client("dynamodb")


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
