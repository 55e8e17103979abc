"""A week ahead: plan posts, stop everything and let it go, do good, read last month's report."""

import re
from datetime import datetime

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import until
from tests.e2e.visitor import ZONE
from tests.e2e.walk import Walk

MORNING = 7
"""From this hour on there is a list of good deeds."""
WORDS = {
    "nl": {
        "sign-in": "Inloggen",
        "planned": "Gepland",
        "stands": "Alles staat stil",
        "held": "Vastgehouden",
        "let": "Gedaan. Er is niets meer om over te beslissen.",
        "sent": "Bevestigd",
        "row": "Rij 3",
        "two": "2 berichten gepland",
        "by": "Gedaan door Administrator",
        "month": "Oktober",
        "waits": "De lijst komt",
    },
    "en": {
        "sign-in": "Sign in",
        "planned": "Planned",
        "stands": "Everything stands still",
        "held": "Held back",
        "let": "Done. Nothing is left to decide on.",
        "sent": "Confirmed",
        "row": "Row 3",
        "two": "2 posts planned",
        "by": "Done by Administrator",
        "month": "October",
        "waits": "The list comes",
    },
}


def a_week_ahead(walk: Walk) -> None:
    walk.come_in()
    plan_for_saturday(walk)
    stop_everything(walk)
    bring_a_file(walk)
    do_good(walk)
    read_the_report(walk)
    walk.go("/status")
    expect(walk.page.locator("section[aria-labelledby=queues] tbody tr")).to_have_count(5)
    walk.picture("health")
    walk.go_home()


def plan_for_saturday(walk: Walk) -> None:
    """By a slot that the calendar shows to be empty."""
    page = walk.page
    walk.go("/calendar")
    walk.picture("calendar")
    slot = empty_on_saturday(walk)
    when = str(slot.get_attribute("href")).partition("when=")[2]
    slot.click()
    expect(page.locator("#when")).to_have_value(when)
    title = f"Zaterdag zwemmen {walk.name}"
    write(walk, title)
    walk.picture("composer")
    page.locator("button.primary").click()
    expect(page.locator(".toast")).to_contain_text(walk.words["planned"])
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    walk.picture("post-planned")
    page.locator("main .up a").click()
    entry = page.locator(".entry[data-state=planned]", has_text=title)
    expect(entry).to_contain_text(when[11:])
    page.locator(".switch a").last.click()
    expect(page.locator(".row", has_text=title)).to_be_visible()
    walk.picture("calendar-list")


def empty_on_saturday(walk: Walk) -> Locator:
    """In this month's calendar, or a later one's."""
    for _ in range(4):
        for slot in walk.page.locator(".day.weekend a.entry[data-state=empty]").all():
            when = str(slot.get_attribute("href")).partition("when=")[2]
            if datetime.fromisoformat(when).weekday() == 5:
                return slot
        with walk.page.expect_navigation():
            walk.page.locator(".steps-to a").last.click()
    raise AssertionError("no Saturday has an empty slot")


def stop_everything(walk: Walk) -> None:
    """Press the brake: what would leave now waits, until it is let go."""
    page = walk.page
    page.locator(".brake button").click()
    expect(page.locator(".halt")).to_contain_text(walk.words["stands"])
    page.goto(f"{walk.stack.console}/calendar/new?when={datetime.now(ZONE):%Y-%m-%dT%H:%M}")
    title = f"Nu vrij {walk.name}"
    text = write(walk, title)
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    walk.wait(page.locator(".leg .state[data-state=held]"))
    expect(page.locator(".leg .state")).to_contain_text(walk.words["held"])
    walk.picture("post-held")
    walk.go("/")
    expect(page.locator(".halt")).to_be_visible()
    walk.picture("today-halted")
    walk.go("/calendar")
    walk.picture("calendar-halted")
    page.locator(".halt a").click()
    expect(page.locator(".row", has_text=title)).to_be_visible()
    walk.picture("brake")
    for choice in page.locator("main select").all():
        choice.select_option("release")
    page.locator("main button.primary").click()
    expect(page.locator(".toast")).to_have_text(walk.words["let"])
    expect(page.locator(".halt")).to_have_count(0)
    walk.picture("brake-off")
    walk.go("/calendar")
    page.locator(".switch a").last.click()
    page.locator(".row a", has_text=title).click()
    walk.wait(page.locator(".leg .state[data-state=confirmed]"))
    expect(page.locator(".leg .state")).to_contain_text(walk.words["sent"])
    walk.picture("post-confirmed")
    page.locator(".leg a", has_text=re.compile("daar|there")).click()
    expect(page.locator(".row.post .said", has_text=text)).to_have_count(1)
    walk.picture("sandbox-post")


def write(walk: Walk, title: str) -> str:
    """Fill in the form, which counts as one writes; the text."""
    text = f"{title}. Kom langs, het water is warm."
    walk.page.fill("#title", title)
    walk.page.fill("#text", text)
    expect(walk.page.locator(".channel .count")).to_contain_text(f"{len(text)} ")
    return text


def bring_a_file(walk: Walk) -> None:
    """A table with one fault: it is named by its row, mended, and planned."""
    page = walk.page
    walk.go("/calendar")
    page.click("a[href='/calendar/import']")
    page.locator("details.history summary").click()
    walk.picture("import")
    year = datetime.now(ZONE).year + 1
    table = f"title;when;text\nVakantierooster {walk.name};{year}-01-08 12:00;Kijk op de site, {walk.name}.\n"
    table += f"Nieuwjaarsduik {walk.name};{year}-13-01 12:00;Wie durft er, {walk.name}?\n"
    page.fill("#text", table)
    page.locator("button[value=check]").click()
    expect(page.locator("#faults li")).to_have_count(1)
    expect(page.locator("#faults li")).to_contain_text(walk.words["row"])
    walk.picture("import-fault")
    page.fill("#text", table.replace("-13-01", "-01-01"))
    page.locator("button[value=check]").click()
    expect(page.locator("main tbody tr")).to_have_count(2)
    walk.picture("import-preview")
    page.locator("button[value=plan]").click()
    expect(page.locator(".toast")).to_contain_text(walk.words["two"])
    walk.picture("import-planned")


def do_good(walk: Walk) -> None:
    page = walk.page
    walk.go("/people")
    if datetime.now(ZONE).hour < MORNING:
        expect(page.locator("main")).to_contain_text(walk.words["waits"])
    else:
        until(lambda: page.locator(".row.good").count() or (page.reload() and None))
        walk.picture("people")
        deed = page.locator(".row.good", has=page.locator("button[value=done]")).first
        name = deed.locator("h3").inner_text()
        deed.locator("button[value=done]").click()
        expect(page.locator(".row.good", has_text=name)).to_contain_text(walk.words["by"])
    walk.picture("people-done")


def read_the_report(walk: Walk) -> None:
    """Open last month's, and from a number the rows behind it; and the file that the mail is about."""
    page = walk.page
    walk.go("/reports")
    walk.picture("reports")
    page.locator("main .row a.button").first.click()
    expect(page.locator(".report .statement")).to_be_visible()
    walk.picture("report")
    page.locator(".heads a.opens").first.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    walk.picture("report-rows")
    page.locator("main .up a").click()
    page.locator(".standing a").click()
    expect(page.locator(".statement")).to_be_visible()
    assert page.url.startswith(walk.stack.emulator.endpoint), page.url
    walk.picture("report-file", "nl")  # the file speaks the brand's language
    page.goto(f"{walk.stack.console}/reports")
