"""What every test may ask for: an environment that reaches nothing, an AWS of its own, a mention."""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings

from chalicelib.aws.table import keys
from chalicelib.domain.mention import Author, Mention, MentionKey
from tests.harness.world import World, environment, forget

settings.register_profile("webspin", deadline=None)  # a slow machine is no fault of the code
settings.load_profile("webspin")

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
"""A Monday. Items written with this time do not expire for tests, whatever the calendar says."""


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    with mock.patch.dict(os.environ, environment()):
        forget()
        yield
    forget()


@pytest.fixture(autouse=True, scope="session")
def _own_tmp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a sandbox keeps in /tmp is no other run's."""
    with mock.patch.object(tempfile, "tempdir", str(tmp_path_factory.mktemp("sandbox"))):
        yield


@pytest.fixture(scope="session")
def _world() -> Iterator[World]:
    with World() as world:
        yield world


@pytest.fixture
def aws(_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """An empty AWS, with `NOW` as the moment that decides what has expired."""
    monkeypatch.setattr(keys, "now", NOW.timestamp)
    return _world.fresh()


@pytest.fixture
def mention() -> Callable[..., Mention]:
    """A factory: `mention("7", text="...")`; everything not given is ordinary."""

    def make(
        id: str = "1", *, brand: str = "lindebieb", platform: str = "sandbox", **changes: Any
    ) -> Mention:
        ordinary: dict[str, Any] = {
            "source": "inbox",
            "author": Author(id="7", handle="kees", name="Kees", url="https://social.example/@kees"),
            "text": "Al drie dagen staat de boekenkast dicht. Wanneer gaat hij open?",
            "posted_at": NOW,
            "heard_at": NOW,
            "url": f"https://social.example/@kees/{id}",
            "watches": ("brand",),
        }
        return Mention(key=MentionKey(brand, platform, id), **{**ordinary, **changes})

    return make
