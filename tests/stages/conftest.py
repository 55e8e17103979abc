"""The town of `town.py`, and the server its feeds come from."""

from collections.abc import Iterator

import pytest

from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import Town


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    with Feeds() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(aws, feeds, monkeypatch)
