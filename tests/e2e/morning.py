"""A morning at the desk: look around, answer a case and see the answer arrive, hear a visitor."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import until
from tests.e2e.walk import Walk

WORDS = {
    "nl": {"sign-in": "Inloggen", "sent": "Bevestigd", "kept": "Bewaard", "said": "Gezegd"},
    "en": {"sign-in": "Sign in", "sent": "Confirmed", "kept": "Kept", "said": "Said"},
}
LONG = "Zwembadabonnementsopzeggingsformulier"
"""A word of somebody's message: nothing may break on it."""


def a_morning(walk: Walk) -> None:
    walk.come_in()
    look_around(walk)
    answer_the_first_case(walk)
    hear_a_visitor(walk)
    walk.go_home()


def look_around(walk: Walk) -> None:
    page = walk.page
    walk.go("/mentions")
    expect(page.locator(".row.mention").nth(19)).to_be_visible()
    page.locator("details.why summary").first.click()
    walk.picture("mentions")
    if not page.locator("#f-label").is_visible():
        page.locator(".fold summary").click()
    page.select_option("#f-label", "negative")
    page.locator(".filters button").first.click()
    expect(page).to_have_url(re.compile("label=negative"))
    moods = page.locator(".row.mention .facts .verdict")
    expect(moods.first).to_be_visible()
    assert {mood.get_attribute("data-mood") for mood in moods.all()} == {"negative"}
    walk.picture("mentions-filtered")
    walk.go("/sources")
    expect(page.locator("tbody tr")).to_have_count(len(walk.stack.setup.sources))
    walk.picture("sources")
    walk.go("/cases")
    expect(page.locator(".list > .row").first).to_be_visible()
    walk.picture("cases")
    page.locator(".row", has_text=LONG).first.locator(".button").click()
    expect(page.locator(".turn .said")).to_contain_text(LONG)
    walk.picture("case-long")


def answer_the_first_case(walk: Walk) -> None:
    page = walk.page
    walk.go("/")
    page.locator(".row .button.primary").click()
    expect(page.locator("#text")).not_to_be_empty()
    walk.picture("case")
    mine = f"Dank je, ik zoek het uit. Walk {walk.name or 'plain'}"
    page.fill("#text", mine)
    page.locator("button[value=save]").click()
    expect(page.locator(".toast")).to_contain_text(walk.words["kept"])
    expect(page.locator("#text")).to_have_value(mine)
    walk.picture("case-kept")
    page.locator("button[value=send]").click()
    confirmed = page.locator(".turn.ours .state[data-state=confirmed]")
    walk.wait(confirmed)
    expect(confirmed).to_contain_text(walk.words["sent"])
    expect(page.locator(".turn.ours .said")).to_have_text(mine)
    walk.picture("case-confirmed")
    walk.go("/sandbox/wall")
    expect(page.locator(".row.ours .said").first).to_have_text(mine)


def hear_a_visitor(walk: Walk) -> None:
    page, author = walk.page, f"visitor-{walk.name or 'plain'}"
    page.fill("#author", author)
    page.fill("#text", "De douches zijn alweer ijskoud. Wat een slechte boel, ik ben boos!")
    page.locator("form[action$='/say'] button").click()
    expect(page.locator(".toast")).to_contain_text(walk.words["said"])
    expect(page.locator(".row .who").first).to_contain_text(author)
    walk.picture("sandbox")
    walk.stack.poll("visitors")
    walk.go("/cases")
    row = page.locator(".list > .row", has_text=author)
    until(lambda: row.count() or (page.reload() and None))
    row.locator(".button").click()
    expect(page.locator(".turn .said").first).to_contain_text("ijskoud")
    walk.picture("case-of-visitor")
