"""A morning and a week at the desk in a real browser, in Dutch and in English, and without JavaScript.

The Dutch walk is on a large screen, the English one on a small one. Every step of both leaves a picture of
each size in tests/output/. Where there is no browser this is left out, loudly; in CI
(`CI=true`) that is a failure.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e import morning, week
from tests.e2e.conftest import Stack, brought_out, review, until
from tests.e2e.walk import OUTPUT, take

pytestmark = pytest.mark.e2e
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


SCREENS = [("nl", 1280), ("en", 390)]


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        said = f"NO BROWSER FOUND ({', '.join(NAMES)}): the console was not tried in one."
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        plugins = request.config.pluginmanager
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            plugins.getplugin("terminalreporter").write_line(f"\n{said}", yellow=True)
        pytest.skip(said)
    OUTPUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


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
def test_a_morning_at_the_desk(browser: Browser, world: Stack, language: str, width: int) -> None:
    words = morning.WORDS[language]
    take(browser, world, language, f"morning-{language}", width, morning.a_morning, words)


def test_it_works_without_javascript(browser: Browser, world: Stack) -> None:
    take(browser, world, "nl", "", 1280, morning.a_morning, morning.WORDS["nl"])


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_a_week_ahead(browser: Browser, world: Stack, language: str, width: int) -> None:
    take(browser, world, language, f"week-{language}", width, week.a_week_ahead, week.WORDS[language])
