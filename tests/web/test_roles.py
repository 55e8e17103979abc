"""Who may only read sees everything, changes nothing, and is offered nothing to change it with."""

import re

import pytest

from tests.web.access import FORM, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT, PRESS
from tests.web.world import World

ROLES = {
    ("reader",): False,
    ("agent",): True,
    ("editor",): True,
    ("manager",): True,
    ("administrator",): True,
}
"""Who may answer."""
OFFERS = re.compile(r'action="/(?:cases|sandbox)/[^"]+/(\w+)"')
READ_ONLY = "Je mag hier lezen, niet wijzigen."


@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_may_not_is_told_in_plain_words_and_loses_no_word(
    browser: Browser, world: World, language: str
) -> None:
    browser.language = language
    page = in_role(browser, world, ("reader",)).post(f"/cases/{COMPLAINT}/reply", FORM).body.decode()
    told = {"nl": "Vraag een beheerder.", "en": "You may read here, not change."}
    assert told[language] in text_of(page)
    assert "Wat vervelend</textarea>" in page
    assert faults(page) == []


@pytest.mark.parametrize(
    ("path", "deeds"),
    [
        (f"/cases/{COMPLAINT}", {"hand", "labels", "note", "reply", "snooze", "solve", "take"}),
        (f"/cases/{PRESS}", {"hand", "labels", "note", "reply", "snooze", "solve", "take"}),
        ("/sandbox/proefkanaal", {"say", "mood"}),
    ],
)
@pytest.mark.parametrize(("groups", "allowed"), ROLES.items())
def test_a_page_offers_only_what_its_reader_may_do(
    browser: Browser, world: World, path: str, deeds: set[str], groups: tuple[str, ...], allowed: bool
) -> None:
    page = in_role(browser, world, groups).get(path).body.decode()
    assert set(OFFERS.findall(page)) == (deeds if allowed else set())
    assert ('form="reply"' in page) is (allowed and path.endswith(COMPLAINT))
    assert (READ_ONLY in text_of(page)) is not allowed
    assert faults(page) == []


def test_who_may_only_read_reads_the_draft(browser: Browser, world: World) -> None:
    page = text_of(in_role(browser, world, ("reader",)).get(f"/cases/{COMPLAINT}").body.decode())
    assert "We zoeken het uit" in page
    assert "Sam de Wit van" not in page, "who does not answer is not signed for"
