"""A morning and a week at the desk in a real browser, in Dutch and in English, and without JavaScript.

The Dutch walk is on a large screen, the English one on a small one. Every step of both leaves a picture of
each size in tests/output/. Where there is no browser this is left out, loudly; in CI
(`CI=true`) that is a failure.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e import morning, week
from tests.e2e.conftest import Stack, brought_out, review, until
from tests.e2e.walk import take

pytestmark = pytest.mark.e2e
SCREENS = [("nl", 1280), ("en", 390)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """With an hour of the example's people in it, and the month before."""
    with brought_out(tmp_path_factory.mktemp("webspin")) as stack:
        stack.catch_up()
        stack.poll("square")
        name, word = f"een_lange_naam_{morning.LONG}", morning.LONG
        told = review("long", name, f"Ik ben boos: https://wiekeling.example/{word * 4}")
        assert stack.call(told, id="msg_long") == 202
        visitor = stack.visitor()
        until(lambda: visitor.get("/cases").row(name))
        until(lambda: len(visitor.get("/cases").html.split('<li class="row"')) > 10)
        stack.remember()
        yield stack


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_a_morning_at_the_desk(chromium: Browser, world: Stack, language: str, width: int) -> None:
    words = morning.WORDS[language]
    take(chromium, world, language, f"morning-{language}", width, morning.a_morning, words)


def test_it_works_without_javascript(chromium: Browser, world: Stack) -> None:
    take(chromium, world, "nl", "", 1280, morning.a_morning, morning.WORDS["nl"])


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_a_week_ahead(chromium: Browser, world: Stack, language: str, width: int) -> None:
    take(chromium, world, language, f"week-{language}", width, week.a_week_ahead, week.WORDS[language])
