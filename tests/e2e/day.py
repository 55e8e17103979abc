"""A day in the life: an alert, its case taken, a draft changed, approved by a second person, sent; the
customer is glad, and the case is solved by itself."""

import re
from dataclasses import replace

from playwright.sync_api import Browser, Locator, Page, expect

from infra.local.world import HOOK
from tests.e2e.chromium import OUTPUT
from tests.e2e.conftest import SECONDS, Stack, until

BRAND = HOOK[0]
AUTHOR = "woedende_wim"
ANGRY = "Gevaarlijk! Mijn moeder is op de spekgladde vloer uitgegleden en gewond. Ik ben woedend!"
"""Danger rings a bell of its own: what the example's people say meanwhile does not make it wait."""
ANSWER = "@woedende_wim Wat vervelend. De vloer is geschrobd. Groet, Robin van Zwembad De Wiekeling"
GLAD = "Bedankt, het is opgelost! Fijn dat jullie zo snel waren."


def a_day(chromium: Browser, stack: Stack) -> None:
    desk, *rest = stack.setup.brand.departments
    departments = (replace(desk, four_eyes=True), *rest)
    stack.change(replace(stack.setup, brand=replace(stack.setup.brand, departments=departments)))
    agent, second = (come_in(chromium, stack) for _ in range(2))
    try:
        somebody_is_angry(agent, stack)
        address = open_the_alert(agent, stack)
        take_and_draft(agent)
        approve(second, stack, address)
        the_customer_is_glad(agent, stack, address)
    finally:
        for page in (agent, second):
            page.context.close()


def come_in(chromium: Browser, stack: Stack) -> Page:
    """A colleague who may answer, at a large screen, in English."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SECONDS * 1000)
    page = context.new_page()
    page.goto(f"{stack.console}/")
    page.fill("#email", stack.colleague("agent"))
    page.fill("#password", stack.place.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("nav")).to_be_visible()
    return page


def somebody_is_angry(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.console}/sandbox/wall")
    page.fill("#author", AUTHOR)
    page.fill("#text", ANGRY)
    page.locator("form[action$='/say'] button").click()
    expect(page.locator(".toast")).to_be_visible()
    stack.poll("visitors")


def open_the_alert(page: Page, stack: Stack) -> str:
    """From the mail; the path of the case."""
    mails = (mail["BodyText"] for mail in until(lambda: told_of(stack)))
    (link,) = re.findall(r"https?://\S+/alerts/\S+case=\S+", next(mails))
    page.goto(link)
    expect(page.locator(".turn .said").first).to_contain_text("spekglad")
    picture(page, "case")
    return page.url.removeprefix(stack.console)


def told_of(stack: Stack) -> list[dict[str, str]]:
    return [mail for mail in stack.mails() if AUTHOR in mail["BodyText"] and "/alerts/" in mail["BodyText"]]


def take_and_draft(page: Page) -> None:
    """Their own words are for a colleague to approve."""
    page.locator("button[value=take]").click()
    expect(page.locator("button[value=lay_down]")).to_be_visible()
    page.fill("#text", ANSWER)
    page.locator("button[value=save]").first.click()
    expect(page.locator(".toast")).to_contain_text("Nothing was sent")
    expect(page.locator("#approve")).to_contain_text("A colleague approves.")
    picture(page, "drafted")
    page.locator("button[value=lay_down]").click()
    expect(page.locator("button[value=take]")).to_be_visible()


def approve(page: Page, stack: Stack, address: str) -> None:
    page.goto(f"{stack.console}/cases")
    page.locator(".list > .row", has_text=AUTHOR).locator(".button").click()
    page.wait_for_url(f"**{address}")
    expect(page.locator("#text")).to_have_value(ANSWER)
    page.locator("button[value=send]").click()
    shown(page, page.locator(".turn.ours .state[data-state=confirmed]"))
    expect(page.locator(".turn.ours .said")).to_have_text(ANSWER)
    picture(page, "sent")


def the_customer_is_glad(page: Page, stack: Stack, address: str) -> None:
    page.goto(f"{stack.console}/sandbox/wall")
    page.locator(".row.ours", has_text=ANSWER).get_by_role("link", name="Answer as a visitor").click()
    page.fill("#author", AUTHOR)
    page.fill("#text", GLAD)
    page.locator("form[action$='/say'] button").click()
    expect(page.locator(".toast")).to_be_visible()
    stack.poll("visitors")
    page.goto(f"{stack.console}{address}")
    shown(page, page.locator(".standing", has_text="by the customer's own word"))
    picture(page, "solved")
    page.goto(f"{stack.console}/alerts")
    expect(page.locator(".row", has_text="Urgent").filter(has_text=AUTHOR)).to_contain_text("opened it")
    picture(page, "alerts")


def shown(page: Page, seen: Locator) -> None:
    until(lambda: seen.count() or (page.reload() and None))
    expect(seen.first).to_be_visible()


def picture(page: Page, step: str) -> None:
    page.screenshot(path=OUTPUT / f"day-{step}.png", full_page=True)
