"""Of a mail a case says where an answer goes, and whether anybody vouches for who wrote it."""

from dataclasses import replace

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import Author
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_noise import held
from tests.web.test_pages import COMPLAINT
from tests.web.world import World

URL = "mailto:shop%2Bx@mail.example?subject=Boete&in-reply-to=%3C1%40mail.example%3E"
WHERE, NOBODY = "An answer goes to shop+x@mail.example.", "Nobody vouches that this sender wrote it."


def page(browser: Browser, path: str) -> str:
    browser.language = "en"
    body = browser.get(path).body.decode()
    assert faults(body) == []
    return text_of(body)


@pytest.mark.parametrize("unproven", [False, True])
def test_the_case_of_a_mail_says_so(browser: Browser, world: World, unproven: bool) -> None:
    key = world.cases.get(CaseKey.from_slug(COMPLAINT)).mention
    mention, verdict = world.mentions.kept[key]
    author = Author(id="anna@mail.example", handle="Anna <anna@mail.example>", url=URL)
    world.mentions.kept[key] = (replace(mention, author=author, unproven=unproven), verdict)
    said = page(browser, f"/cases/{COMPLAINT}")
    assert WHERE in said
    assert (NOBODY in said) is unproven
    assert "Anna <anna@mail.example>" in said
    assert "@Anna" not in said


def test_of_other_messages_it_says_nothing(browser: Browser) -> None:
    said = page(browser, f"/cases/{COMPLAINT}")
    assert "An answer goes to" not in said
    assert NOBODY not in said


@pytest.mark.parametrize(
    ("why", "told"),
    [("spam", "Amazon takes this mail for spam."), ("virus", "Amazon found a virus in this mail.")],
)
def test_what_amazon_held_is_seen_with_why(browser: Browser, world: World, why: str, told: str) -> None:
    mention = held(world, why)
    assert told in page(browser, "/mentions?state=noise")
    assert mention.kept_from == "noise"
