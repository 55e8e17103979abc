import pytest

from tests.harness.world import World
from tests.web.api.office import Caller, Office


@pytest.fixture
def office(aws: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


@pytest.fixture
def planner(office: Office) -> Caller:
    """May write, of our brand."""
    return office.caller("write")
