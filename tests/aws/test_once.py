"""What may happen once, in a table whose expiry lags."""

from datetime import timedelta

import pytest

from chalicelib.aws.table.once import Once
from tests.aws.conftest import dynamodb
from tests.conftest import NOW
from tests.harness.world import TABLE_NAME, World

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def once(aws: World) -> Once:
    return Once(dynamodb, TABLE_NAME)


def test_a_step_is_taken_once_and_only_if_it_was_offered(once: Once) -> None:
    assert not once.is_open("a", NOW)
    assert not once.spend("a", NOW)
    once.offer("a", LATER)
    assert once.is_open("a", NOW)
    assert not once.is_open("b", NOW)
    assert once.spend("a", NOW)
    assert not once.spend("a", NOW)
    assert not once.is_open("a", NOW)


def test_a_step_that_is_too_old_is_none_also_while_the_table_keeps_it(once: Once) -> None:
    once.offer("a", LATER)
    assert not once.is_open("a", LATER)
    assert not once.spend("a", LATER)


def test_only_the_first_is_the_first_until_its_time_is_over(once: Once) -> None:
    assert once.first("a", NOW, LATER)
    assert not once.first("a", NOW, LATER)
    assert not once.first("a", LATER - timedelta(seconds=1), LATER)
    assert once.first("a", LATER, LATER + timedelta(minutes=5))
