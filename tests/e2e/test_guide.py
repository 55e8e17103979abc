"""The guide for the first time, in a real browser on both sizes of screen, with JavaScript and without.

From an empty installation to the page that waits for the first mention. The app runs in this process, as in
test_screens.py; what the deployed system does with it is in test_welcome.py.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser as Chromium, expect

from tests.e2e.screen import Screen, open_screen, served
from tests.web import fakes_brand
from tests.web.access import FEED
from tests.web.monday import monday
from tests.web.test_source import ITEMS
from tests.web.world import World

pytestmark = pytest.mark.screens


@pytest.fixture
def empty() -> World:
    world = monday()
    world.brands = fakes_brand.Brands(world.audit)
    world.sources.kept.clear()
    world.mentions.kept.clear()
    world.outside.feeds[FEED] = ITEMS
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("administrator",))
    return world


@pytest.fixture(params=[(1280, True), (390, True), (390, False)], ids=["wide", "narrow", "narrow, no script"])
def screen(chromium: Chromium, empty: World, request: pytest.FixtureRequest) -> Iterator[Screen]:
    width, javascript = request.param
    with served(empty) as console:
        size = {"width": width, "height": 844}
        made = open_screen(chromium, console, javascript=javascript, viewport=size)
        made.sign_in()
        made.speak("nl")
        yield made
        assert made.tell() == []
        made.page.context.close()


def press(screen: Screen, name: str) -> None:
    with screen.page.expect_navigation():
        screen.page.get_by_role("button", name=name, exact=True).click()


def look(screen: Screen, step: str) -> None:
    """As a person would: is it readable, and does it fit?"""
    screen.picture(f"guide-{screen.page.viewport_size['width']}-{step}")  # type: ignore[index]
    if screen.scripted:
        assert screen.beyond() == []
        assert screen.grave() == []


def test_from_nothing_to_where_the_first_mention_comes(screen: Screen, empty: World) -> None:
    page = screen.page
    screen.open("/")
    expect(page).to_have_url(f"{screen.console}/welcome")
    look(screen, "1-brand")
    page.locator("[name=name]").fill("Bakkerij Deeg")
    page.locator("[name=zone]").fill("Europe/Amsterdam")
    page.locator("[name='hours.mon']").fill("07:00-12:30, 13:00-18:00")
    press(screen, "Bewaren en verder")

    expect(page.locator("[name=terms]")).to_be_visible()
    page.locator("[name=name]").fill("Deeg")
    page.locator("[name=terms]").fill("bakkerij deeg\nmarkt")
    press(screen, "Probeer het")
    look(screen, "2-watch")
    assert empty.brands.kept["bakkerij-deeg"].watches == (), "tried, and not kept"
    press(screen, "Bewaren en verder")

    page.locator("[name=url]").fill(FEED)
    press(screen, "Kijken wat er staat")
    expect(page.locator("mark").first).to_have_text("Markt")
    look(screen, "3-source")
    assert empty.sources.kept == []
    press(screen, "Hier luisteren en verder")

    look(screen, "4-channel")
    page.locator("nav.picks a").first.click()
    page.locator("[name=name]").fill("Prikbord")
    press(screen, "Bewaren en verder")

    look(screen, "5-done")
    brand = empty.brands.kept["bakkerij-deeg"]
    assert (brand.zone, [watch.name for watch in brand.watches]) == ("Europe/Amsterdam", ["Deeg"])
    assert brand.departments[0].hours["mon"] == ("07:00-12:30", "13:00-18:00")
    assert [channel.name for channel in brand.channels] == ["Prikbord"]
    assert len(empty.sources.kept) == 1
    page.get_by_role("link", name="Bekijk de vermeldingen").click()
    expect(page.locator("h1")).to_have_text("Vermeldingen")
