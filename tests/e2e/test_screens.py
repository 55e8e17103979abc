"""Every page in a real browser: both themes, wide and narrow, by key and by thumb.

The app runs in this process with the small world of tests/web behind it, so that every state has its page and
nothing is waited for; what the deployed system does is walked through in test_browser.py.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from tests.e2e.screen import Screen, open_screen, served
from tests.security.hostile import poisoned
from tests.security.test_text import ATTACKS
from tests.web.addresses import OUTSIDE, PAGES, THERE, WRONG, opened
from tests.web.furnished import furnished

pytestmark = pytest.mark.screens
WIDE, NARROW, NARROWEST, ZOOMED = (1280, 900), (390, 844), (320, 640), (320, 256)
"""The last is a screen of 1280 by 1024 at 400%."""
LOW = (1100, 620)
"""A small laptop's, with the browser's own bars."""
ADDRESSES = [*opened(PAGES), *WRONG, *opened(OUTSIDE)]
STRANGERS = frozenset(opened(OUTSIDE))


@pytest.fixture(scope="module")
def screens(chromium: Chromium) -> Iterator[dict[bool, Screen]]:
    """Sam's, an administrator's, and a stranger's."""
    with served(furnished()) as console:
        made = {known: open_screen(chromium, console) for known in (True, False)}
        made[True].sign_in()
        yield made
        for screen in made.values():
            screen.page.context.close()


@pytest.fixture
def screen(screens: dict[bool, Screen], request: pytest.FixtureRequest) -> Screen:
    """Opened at the address of this test, in Dutch: its words are the longer ones."""
    address: str = request.node.callspec.params["address"]
    found = screens[address not in STRANGERS]
    found.page.emulate_media(color_scheme="light")
    found.resize(*WIDE)
    found.speak("nl")
    found.tell()
    found.open(address.format_map(THERE))
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_is_kept_out(screen: Screen, address: str) -> None:
    """By what axe knows of, in light and dark, wide and narrow."""
    name = _name(address)
    found = []
    for width, height in (WIDE, NARROW):
        screen.resize(width, height)
        for theme in ("light", "dark"):
            screen.page.emulate_media(color_scheme=theme)
            screen.picture(f"page-{name}-{width}-{theme}")
            found += [f"{theme} at {width}: {each}" for each in screen.grave()]
    screen.unfold()
    found += [f"unfolded: {each}" for each in screen.grave()]
    found += screen.tell()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_fits_every_screen(screen: Screen, address: str) -> None:
    """In both languages: nothing scrolls sideways, is smaller than a thumb, or stands before its turn."""
    found = []
    for language in ("nl", "en"):
        screen.speak(language)
        screen.open(address.format_map(THERE))
        for width, height in (WIDE, (1023, 800), NARROW, NARROWEST, ZOOMED):
            screen.resize(width, height)
            found += [f"{language} at {width}: beyond the edge: {each}" for each in screen.beyond()]
        screen.unfold()
        found += [f"{language} unfolded: beyond the edge: {each}" for each in screen.beyond()]
        screen.resize(*NARROW)
        found += [f"{language}: small: {each}" for each in screen.small()]
        found += [f"{language}: before its turn: {each}" for each in screen.backwards()]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("size", [LOW, ZOOMED])
def test_it_is_walked_through_by_key(screen: Screen, address: str, size: tuple[int, int]) -> None:
    screen.resize(*size)
    found = screen.by_key()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_read_as_it_was_written(screen: Screen, address: str) -> None:
    assert screen.misread(screen.open(address.format_map(THERE))) == []


def test_s15_nothing_that_was_written_runs(chromium: Chromium) -> None:
    """Attacks wherever somebody wrote: no page opens a dialog, breaks a policy or asks another host."""
    with served(poisoned(" ".join(ATTACKS))) as console:
        screen = open_screen(chromium, console)
        screen.sign_in()
        for address in opened(PAGES):
            screen.open(address.format_map(THERE))
            assert screen.tell() == [], address
        screen.page.context.close()


def _name(address: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in address).strip("-") or "today"
