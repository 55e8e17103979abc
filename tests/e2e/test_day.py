"""A day in the life, in a real browser, in a world in which nobody was told of anything yet."""

import pytest
from playwright.sync_api import Browser

from tests.e2e import day
from tests.e2e.conftest import brought_out

pytestmark = pytest.mark.e2e


def test_from_the_alert_to_the_customers_own_word(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with brought_out(tmp_path_factory.mktemp("webspin")) as stack:
        day.a_day(chromium, stack)
