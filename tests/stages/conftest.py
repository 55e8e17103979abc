"""The town of `town.py`, and the server its feeds come from.

What is told in this folder is days long, on a clock of its own: `make flow`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import Town


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("crash"):
            item.add_marker("flow")


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    with Feeds() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(aws, feeds, monkeypatch)
