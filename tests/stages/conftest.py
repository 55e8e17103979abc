"""The town of `town.py`, the server its feeds come from, and a manager at its console.

What is told in this folder is days long, on a clock of its own: `make flow`.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chalice.test import Client

import app
from chalicelib import wiring
from chalicelib.aws.table import keys
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import Town, brand
from tests.web.browser import Browser
from tests.web.fakes_people import Users


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        apart = any(item.get_closest_marker(mark) for mark in ("crash", "fuzz"))
        if Path(__file__).parent in item.path.parents and not apart:
            item.add_marker("flow")


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    with Feeds() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(aws, feeds, monkeypatch)


@pytest.fixture
def console(town: Town, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Sam the manager at the console, in English, in a town whose director gets the month's report."""
    users = Users()
    users.valid["id-sam"] = replace(users.valid["id-sam"], groups=("manager",))
    monkeypatch.setattr(wiring, "users", lambda: users)
    monkeypatch.setattr(keys, "now", lambda: town.now.timestamp())
    wiring.brands().put(replace(brand(), report_mail=("director@lindebieb.example",)))
    browser = Browser(Client(app.app)).signed_in()
    browser.language = "en"
    return browser
