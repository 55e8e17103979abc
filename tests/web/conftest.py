from collections.abc import Iterator

import pytest

from tests.web.fakes import Browser, World, console, monday


@pytest.fixture
def world() -> World:
    return monday()


@pytest.fixture
def visitor(world: World) -> Iterator[Browser]:
    """A browser without a session."""
    with console(world) as browser:
        yield browser


@pytest.fixture
def browser(visitor: Browser) -> Browser:
    """Sam's browser, signed in, in Dutch."""
    return visitor.signed_in()
