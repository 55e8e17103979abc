"""Everything that matters, in a real browser with JavaScript switched off, on both sizes of screen.

The app runs in this process, as in test_screens.py.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium, Locator, Page, expect

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.verdict import Sentiment
from tests.e2e.screen import Screen, open_screen, served
from tests.web.addresses import THERE
from tests.web.fakes_people import CODE, PASSWORD
from tests.web.furnished import furnished
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, World

pytestmark = pytest.mark.screens
KEY = CaseKey(BRAND.id, "mastodon", "1")
TITLE = "Voorlezen op zaterdag"


@pytest.fixture
def world() -> World:
    world = furnished()
    world.users.factors.add("sam@veldermeer.example")
    return world


@pytest.fixture(params=[1280, 390])
def screen(chromium: Chromium, world: World, request: pytest.FixtureRequest) -> Iterator[Screen]:
    """Sam's, who has just come in: by password, then by the code of a second factor."""
    with served(world) as console:
        size = {"width": request.param, "height": 844}
        made = open_screen(chromium, console, javascript=False, viewport=size)
        come_in(made)
        yield made
        assert made.tell() == []
        made.page.context.close()


def come_in(screen: Screen) -> None:
    page = screen.page
    screen.open("/mentions")
    page.fill("#email", "sam@veldermeer.example")
    page.fill("#password", PASSWORD)
    press(page, "Inloggen")
    page.fill("#code", CODE)
    page.locator("main form button").first.click()
    expect(page).to_have_url(f"{screen.console}/mentions")


def press(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def test_a_wrong_code_lets_nobody_in(screen: Screen, world: World) -> None:
    page = screen.page
    page.locator(".foot form button").click()
    screen.open("/cases")
    page.fill("#email", "sam@veldermeer.example")
    page.fill("#password", PASSWORD)
    press(page, "Inloggen")
    page.fill("#code", "654321")
    page.locator("main form button").first.click()
    expect(page.locator("#code")).to_be_visible()
    screen.open("/cases")
    expect(page.locator("#email")).to_be_visible()


def test_a_mention_is_found_and_corrected(screen: Screen, world: World) -> None:
    page = screen.page
    if not page.locator("#f-label").is_visible():
        page.locator(".fold summary").click()
    page.select_option("#f-label", "negative")
    press(page.locator(".filters"), "Toon")
    row = page.locator(".row.mention", has_text="regenjas42")
    row.locator("summary").click()
    press(row, "Neutraal")
    expect(page.locator(".toast")).to_be_visible()
    reading = world.mentions.get(MentionKey(BRAND.id, "mastodon", "1"))[1]
    assert reading
    assert reading.reading.sentiment is Sentiment.NEUTRAL


def test_an_answer_is_approved_and_sent(screen: Screen, world: World) -> None:
    page = screen.page
    screen.open(f"/cases/{COMPLAINT}")
    mine = "@regenjas42 Het boek ligt nu bij de balie. Groet, Sam van Bibliotheek Veldermeer"
    page.fill("#text", mine)
    page.locator("button[value=save]").click()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("#text")).to_have_value(mine)
    page.locator("button[value=send]").click()
    expect(page.locator(".turn.ours .said")).to_have_text(mine)
    (delivery,) = world.cases.history(KEY)[1]
    assert (delivery.text, delivery.approved_by) == (mine, "Sam de Wit")


def test_a_post_is_planned_for_saturday(screen: Screen, world: World) -> None:
    page = screen.page
    screen.open("/calendar")
    page.locator("a.entry[data-state=empty][href*='when=2026-12-05T10:00']").click()
    when = page.locator("#when").input_value()
    page.fill("#title", TITLE)
    page.fill("#text", "Kom luisteren naar een verhaal.")
    page.locator("main button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    (post,) = [post for post in world.posts.kept.values() if post.title == TITLE]
    assert (post.slot.wall, post.slot.at().isoweekday()) == (when, 6)


def test_the_brake_is_pressed_and_let_go(screen: Screen, world: World) -> None:
    page = screen.page
    page.locator(".brake button").click()
    expect(page.locator(".halt")).to_be_visible()
    assert world.brakes.get(BRAND.id)
    page.locator(".halt a").click()
    for choice in page.locator("main select").all():
        choice.select_option("release")
    page.locator("main button.primary").click()
    expect(page.locator(".halt")).to_have_count(0)
    assert world.brakes.get(BRAND.id) is None


def test_a_report_is_read_to_the_rows_of_its_numbers(screen: Screen) -> None:
    page = screen.page
    screen.open("/reports")
    page.locator("main .row a", has_text="Lezen").first.click()
    expect(page.locator(".report .statement")).to_be_visible()
    page.locator(".heads a.opens").first.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    page.locator("main .up a").click()
    expect(page.locator(".report .statement")).to_be_visible()


def test_a_table_leaves_as_a_file(screen: Screen) -> None:
    page = screen.page
    with page.expect_download() as leaving:
        page.locator("main a[href*='as=json']").first.click()
    rows = json.loads(leaving.value.path().read_text("utf-8"))
    assert any("regenjas42" in json.dumps(row) for row in rows)


def test_a_good_deed_is_done(screen: Screen, world: World) -> None:
    page = screen.page
    screen.open("/people")
    page.locator(".row.good button[value=done]").first.click()
    expect(page.locator(".row.good", has_text="Gedaan door Sam de Wit")).to_be_visible()


def test_a_case_is_closed_and_a_post_cancelled(screen: Screen, world: World) -> None:
    page = screen.page
    screen.open(f"/cases/{COMPLAINT}")
    page.locator("summary", has_text="Sluiten zonder antwoord").click()
    page.locator("form[action$='/solve'] button").first.click()
    expect(page.locator(".toast")).to_be_visible()
    assert not world.cases.get(KEY).state.waits_for_us
    screen.open(f"/posts/{THERE['planned']}")
    page.locator("details", has=page.locator("form[action$='/cancel']")).locator("summary").click()
    page.locator("form[action$='/cancel'] button").click()
    expect(page.locator(".toast")).to_be_visible()
