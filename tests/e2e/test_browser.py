"""A morning at the desk in a real browser: large and small, Dutch and English, and without JavaScript.

Every step leaves a picture in tests/output/. Where there is no browser this is left out, loudly; in CI
(`CI=true`) that is a failure.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from infra.local.emulator import ROOT
from tests.e2e.conftest import SECONDS, Stack, brought_out, review, until

pytestmark = pytest.mark.e2e
OUTPUT = ROOT / "tests" / "output"
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
HEIGHTS = {1280: 900, 390: 844}
WORDS = {
    "nl": {"sign-in": "Inloggen", "sent": "Bevestigd", "kept": "Bewaard", "said": "Gezegd"},
    "en": {"sign-in": "Sign in", "sent": "Confirmed", "kept": "Kept", "said": "Said"},
}
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation",
  (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

BEYOND_THE_EDGE = """
[...document.querySelectorAll("body *:not(.unseen):not(nav *)")]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`).slice(0, 5)
"""
"""What is cut off at the side, or makes the page wider than the screen."""
LONG = "Zwembadabonnementsopzeggingsformulier"


@dataclass
class Walk:
    """One person at one screen. `faults` is what a browser complains of behind their back."""

    page: Page
    stack: Stack
    language: str
    name: str
    """Of the pictures; "" for none."""
    faults: list[str] = field(default_factory=list)
    _steps: Iterator[int] = field(default_factory=lambda: count(1))

    def watch(self) -> None:
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("request", self._asked)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.faults.append(f"{kind} on {self.page.url}: {text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in (urlsplit(self.stack.console).netloc, ""):
            self.faults.append(f"asked for {request.url}")

    def say(self, word: str) -> str:
        return WORDS[self.language][word]

    def picture(self, step: str) -> None:
        """Keep what is seen; and nothing is wider than the screen, or without a name."""
        assert self.page.locator("html").get_attribute("lang") == self.language
        if not self.name:
            return
        self.faults += [f"{step}: beyond the edge: {found}" for found in self.page.evaluate(BEYOND_THE_EDGE)]
        screen = self.page.viewport_size
        assert screen
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({**screen, "height": max(screen["height"], height)})  # bars stay below
        self.page.screenshot(path=OUTPUT / f"walk-{self.name}-{next(self._steps):02}-{step}.png")
        self.page.set_viewport_size(screen)


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
    """With an hour of the example's people in it."""
    with brought_out(tmp_path_factory.mktemp("webspin")) as stack:
        stack.catch_up()
        stack.poll("square")
        told = review("long", f"een_lange_naam_{LONG}", f"Ik ben boos: https://wiekeling.example/{LONG * 4}")
        assert stack.call(told, id="msg_long") == 202
        visitor = stack.visitor()
        until(lambda: visitor.get("/cases").row(told["author"]["handle"]))
        until(lambda: len(visitor.get("/cases").html.split('<li class="row"')) > 10)
        yield stack


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_morning_at_the_desk(browser: Browser, world: Stack, language: str, width: int) -> None:
    context = open_context(browser, language, width)
    context.add_init_script(WATCH_POLICY)
    try:
        a_morning(Walk(context.new_page(), world, language, f"{language}-{width}"))
    finally:
        context.close()


def test_it_works_without_javascript(browser: Browser, world: Stack) -> None:
    context = open_context(browser, "nl", 1280, javascript=False)
    try:
        a_morning(Walk(context.new_page(), world, "nl", ""))
    finally:
        context.close()


def open_context(browser: Browser, language: str, width: int, *, javascript: bool = True) -> BrowserContext:
    context = browser.new_context(
        locale={"nl": "nl-NL", "en": "en-GB"}[language],
        viewport={"width": width, "height": HEIGHTS[width]},
        java_script_enabled=javascript,
    )
    context.set_default_timeout(SECONDS * 1000)
    return context


def a_morning(walk: Walk) -> None:
    """Sign in, look around, answer a case and see the answer arrive, hear a visitor, and go home."""
    walk.watch()
    come_in(walk)
    look_around(walk)
    answer_the_first_case(walk)
    hear_a_visitor(walk)
    go_home(walk)
    assert walk.faults == []


def come_in(walk: Walk) -> None:
    page, place = walk.page, walk.stack.place
    page.goto(f"{walk.stack.console}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(walk.say("sign-in"))
    walk.picture("sign-in")
    page.fill("#email", place.email)
    page.fill("#password", place.password)
    page.get_by_role("button", name=walk.say("sign-in")).click()
    expect(page.locator(".list > .row").first).to_be_visible()
    walk.picture("today")


def look_around(walk: Walk) -> None:
    page = walk.page
    page.click("nav a[href='/mentions']")
    expect(page.locator(".row.mention").nth(20)).to_be_visible()
    page.locator("details.why summary").first.click()
    walk.picture("mentions")
    page.select_option("#f-label", "negative")
    page.locator(".filters button").click()
    expect(page).to_have_url(re.compile("label=negative"))
    moods = page.locator(".row.mention .facts .verdict")
    expect(moods.first).to_be_visible()
    assert {mood.get_attribute("data-mood") for mood in moods.all()} == {"negative"}
    walk.picture("mentions-filtered")
    page.click("nav a[href='/sources']")
    expect(page.locator("tbody tr")).to_have_count(len(walk.stack.setup.sources))
    walk.picture("sources")
    page.click("nav a[href='/cases']")
    expect(page.locator(".list > .row").first).to_be_visible()
    walk.picture("cases")
    page.locator(".row", has_text=LONG).first.locator(".button").click()
    expect(page.locator(".turn .said")).to_contain_text(LONG)
    walk.picture("case-long")


def answer_the_first_case(walk: Walk) -> None:
    page = walk.page
    page.click("nav a[href='/']")
    page.locator(".row .button.primary").click()
    expect(page.locator("#text")).not_to_be_empty()
    walk.picture("case")
    mine = f"Dank je, ik zoek het uit. Walk {walk.name or 'plain'}"
    page.fill("#text", mine)
    page.locator("button[value=save]").click()
    expect(page.locator(".toast")).to_contain_text(walk.say("kept"))
    expect(page.locator("#text")).to_have_value(mine)
    walk.picture("case-kept")
    page.locator("button[value=send]").click()
    confirmed = page.locator(".turn.ours .state[data-state=confirmed]")
    if walk.name:  # who waits is shown by the page itself, three seconds later
        until(lambda: confirmed.count() or (page.reload() and None))
    expect(confirmed).to_contain_text(walk.say("sent"), timeout=SECONDS * 1000)
    expect(page.locator(".turn.ours .said")).to_have_text(mine)
    walk.picture("case-confirmed")
    page.click("nav a[href='/sandbox/wall']")
    expect(page.locator(".row.ours .said").first).to_have_text(mine)


def hear_a_visitor(walk: Walk) -> None:
    page, author = walk.page, f"visitor-{walk.name or 'plain'}"
    page.fill("#author", author)
    page.fill("#text", "De douches zijn alweer ijskoud. Wat een slechte boel, ik ben boos!")
    page.locator("form[action$='/say'] button").click()
    expect(page.locator(".toast")).to_contain_text(walk.say("said"))
    expect(page.locator(".row .who").first).to_contain_text(author)
    walk.picture("sandbox")
    walk.stack.poll("visitors")
    page.click("nav a[href='/cases']")
    row = page.locator(".list > .row", has_text=author)
    until(lambda: row.count() or (page.reload() and None))
    row.locator(".button").click()
    expect(page.locator(".turn .said").first).to_contain_text("ijskoud")
    walk.picture("case-of-visitor")


def go_home(walk: Walk) -> None:
    page = walk.page
    page.locator("form[action$='/sign-out'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(walk.say("sign-in"))
    page.goto(f"{walk.stack.console}/cases")
    expect(page).to_have_url(re.compile("/sign-in"))
