"""One person at one screen: what they see is kept as a picture, what is wrong with it is noted."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.e2e.chromium import LONGEST, OUTPUT
from tests.e2e.conftest import SECONDS, Stack, until

HEIGHTS = {1280: 900, 390: 844}
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation",
  (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

BEYOND_THE_EDGE = """
[...document.querySelectorAll("body *:not(.unseen):not(nav *):not(thead, thead *)")]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`).slice(0, 5)
"""
"""What is cut off at the side, or makes the page wider than the screen. Heads of tables are seen with their
columns; where a row is a card they are for the ear."""
TO_MEND = "status of 422"
"""What a browser says of a form that came back to be mended: no fault."""
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"


@dataclass
class Walk:
    """`words` are those of the page's language. `faults` is what a browser complains of behind one's back."""

    page: Page
    stack: Stack
    language: str
    name: str
    """Of the pictures; "" for none, and then without JavaScript."""
    words: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _steps: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("request", self._asked)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and TO_MEND not in text:
            self.faults.append(f"{kind} on {self.page.url}: {text}")

    def _asked(self, request: Request) -> None:
        ours = (urlsplit(self.stack.console).netloc, urlsplit(self.stack.emulator.endpoint).netloc, "")
        if urlsplit(request.url).netloc not in ours:
            self.faults.append(f"asked for {request.url}")

    def come_in(self) -> None:
        page, place = self.page, self.stack.place
        page.goto(f"{self.stack.console}/")
        expect(page.get_by_role("heading", level=1)).to_have_text(self.words["sign-in"])
        self.picture("sign-in")
        page.fill("#email", place.email)
        page.fill("#password", place.password)
        page.get_by_role("button", name=self.words["sign-in"]).click()
        expect(page.locator("nav")).to_be_visible()
        self.picture("today")

    def go(self, path: str) -> None:
        """By the navigation; where the screen is small some of it is behind a button."""
        links = self.page.locator(f"nav a[href='{path}']")
        if not links.first.is_visible():
            self.page.click("nav .more summary")
        links.locator("visible=true").first.click()
        self.page.wait_for_url(f"**{path}")

    def go_home(self) -> None:
        page = self.page
        page.locator("form[action$='/sign-out'] button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(self.words["sign-in"])
        page.goto(f"{self.stack.console}/cases")
        expect(page).to_have_url(re.compile("/sign-in"))

    def wait(self, seen: Locator) -> None:
        """For what the page shows by itself some seconds later; whoever looks on asks again and again."""
        if self.name:
            until(lambda: seen.count() or (self.page.reload() and None))
        expect(seen).to_be_visible(timeout=SECONDS * 1000)

    def picture(self, step: str, language: str = "") -> None:
        """Keep what is seen on screens of both sizes; nothing is wider than they are, or in another
        language than the walk's (or than this one)."""
        assert self.page.locator("html").get_attribute("lang") == (language or self.language)
        if not self.name:
            return
        screen, number = self.page.viewport_size, next(self._steps)
        for width, height in HEIGHTS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            found = self.page.evaluate(BEYOND_THE_EDGE)
            self.faults += [f"{step} at {width}: beyond the edge: {each}" for each in found]
            wide, high = self.page.evaluate(SIZE)
            if wide > width:
                self.faults.append(f"{step} at {width}: {wide} pixels wide")
            high = min(max(height, high), LONGEST)
            self.page.set_viewport_size({"width": width, "height": high})  # bars stay below
            self.page.screenshot(path=OUTPUT / f"walk-{self.name}-{number:02}-{step}-{width}.png")
        if screen:
            self.page.set_viewport_size(screen)


def take(
    browser: Browser,
    stack: Stack,
    language: str,
    name: str,
    width: int,
    walk: Callable[[Walk], None],
    words: dict[str, str],
) -> None:
    """Let a person with a fresh browser walk; without a name without JavaScript."""
    context = _open(browser, language, width, javascript=bool(name))
    context.add_init_script(WATCH_POLICY)
    try:
        person = Walk(context.new_page(), stack, language, name, words)
        walk(person)
        assert person.faults == []
    finally:
        context.close()


def _open(browser: Browser, language: str, width: int, *, javascript: bool) -> BrowserContext:
    context = browser.new_context(
        locale={"nl": "nl-NL", "en": "en-GB"}[language],
        viewport={"width": width, "height": HEIGHTS[width]},
        java_script_enabled=javascript,
    )
    context.set_default_timeout(SECONDS * 1000)
    return context
