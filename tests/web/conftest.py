from collections.abc import Iterator

import pytest

from chalicelib.web import steps
from chalicelib.web.session import Tries
from tests.web.browser import Browser, console
from tests.web.monday import monday
from tests.web.world import World


@pytest.fixture
def world() -> World:
    return monday()


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A browser without a session, of which nobody has failed to sign in yet."""
    monkeypatch.setattr(steps, "tries", Tries())
    with console(world) as browser:
        yield browser


@pytest.fixture
def browser(visitor: Browser) -> Browser:
    """Sam's browser, signed in, in Dutch."""
    return visitor.signed_in()
