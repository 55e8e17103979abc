"""Copies at the console: they say so, they are folded, listed with their first one, and parted from it."""

import pytest

from chalicelib.domain.mention import MentionKey
from chalicelib.web.audit_words import DEEDS
from tests.web.access import granted, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT, PRESS
from tests.web.world import World

COPIES = f"/mentions/{PRESS}/copies"


@pytest.fixture
def taken(world: World) -> World:
    """The complaint is a copy of what the press wrote."""
    world.copied(PRESS, COMPLAINT, "krant.example", 1_200)
    return world


def said(browser: Browser, path: str) -> str:
    browser.language = "en"
    html = browser.get(path).body.decode()
    assert faults(html) == []
    return text_of(html)


def test_the_list_says_what_is_a_copy_and_shows_each_story_once(browser: Browser, taken: World) -> None:
    author = taken.mentions.get(MentionKey.from_slug(COMPLAINT))[0].author.handle
    whole = said(browser, "/mentions")
    assert f"Copy of a story on another site of @{author}" in whole
    assert "Also on 1 other site of" in whole
    assert f"of @{author}" not in said(browser, "/mentions?copies=none")
    only = said(browser, "/mentions?copies=only")
    assert f"of @{author}" in only
    assert "Also on 1 other site" not in only
    assert browser.get("/mentions?copies=x").status_code == 400


def test_the_file_of_mentions_names_the_first(browser: Browser, taken: World) -> None:
    first = MentionKey.from_slug(PRESS)
    assert str(first) in browser.get("/mentions?as=csv").body.decode("utf-8-sig")


def test_its_case_says_on_how_many_sites_it_is(browser: Browser, taken: World) -> None:
    page = said(browser, f"/cases/{PRESS}")
    assert "Also on 1 other site" in page
    assert f'{COPIES}"' in browser.get(f"/cases/{PRESS}").body.decode()


def test_its_page_lists_sites_links_and_followers(browser: Browser, taken: World) -> None:
    page = said(browser, COPIES)
    assert "Also on 1 other site. 1,200 followers in all." in page
    assert "krant.example" in page
    assert 'href="https://krant.example/1"' in browser.get(COPIES).body.decode()
    assert (
        browser.get(f"/mentions/{COMPLAINT}/copies").headers["Location"].endswith(f"{COPIES}#m-{COMPLAINT}")
    )


def test_a_copy_becomes_a_story_of_its_own(browser: Browser, taken: World) -> None:
    answer = browser.post(f"/mentions/{COMPLAINT}/part", {})
    assert answer.headers["Location"].endswith(f"/cases/{COMPLAINT}"), "it asked for an answer"
    [(line, case)] = taken.mentions.parted
    assert (line.what, line.by) == ("verdict.part", "Sam de Wit")
    assert line.what in DEEDS
    assert case is not None
    assert "No other site carries it" in said(browser, COPIES)
    browser.post(f"/mentions/{COMPLAINT}/part", {})
    assert len(taken.mentions.parted) == 1, "said twice it changes nothing"


def test_a_reader_is_not_offered_it(browser: Browser, taken: World) -> None:
    assert "/part" in browser.get(COPIES).body.decode()
    assert "/part" not in in_role(browser, taken, ("reader",)).get(COPIES).body.decode()


def test_it_is_of_whose_department_it_is(browser: Browser, taken: World) -> None:
    for department, status in (("uitlening", 303), ("jeugd", 404)):
        granted(browser, taken, "agent", department)
        assert browser.post(f"/mentions/{COMPLAINT}/part", {}).status_code == status
    assert browser.get("/mentions/bm93aGVyZQ/copies").status_code == 404
