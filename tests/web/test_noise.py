"""Noise in the console: blocked with a reason, seen with why and how many, taken out and let through."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.brand import OverCap
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.source import FOR_GOOD
from chalicelib.domain.verdict import Sentiment
from chalicelib.tasks import Respond
from tests.web.access import PAPER, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_brand import mark
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

ANGRY = "Dit is een schande, ik wacht al weken!"


@pytest.fixture(autouse=True)
def english(browser: Browser) -> None:
    browser.language = "en"


def held(world: World, why: str, id: str = "n1", state: str = "noise", source: str = "krant") -> Mention:
    world.heard(id, ANGRY, Sentiment.NEGATIVE, intents=("complaint",), state=state)
    key = MentionKey(BRAND.id, "mastodon", id)
    mention, verdict = world.mentions.get(key)
    world.mentions.kept[key] = (replace(mention, source=source, held=why), verdict)
    return world.mentions.kept[key][0]


def judged(world: World) -> list[MentionKey]:
    """What was queued to become a case."""
    sent = [task for task in world.tasks.sent if isinstance(task, Respond)]
    return [each.mention.key for task in sent for each in task.judged]


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    body = answer.body.decode()
    assert faults(body) == []
    return text_of(body)


def test_an_author_is_blocked_from_a_message_with_a_reason_and_lifted_again(
    browser: Browser, world: World
) -> None:
    form = page(browser, f"/noise/block?mention={COMPLAINT}")
    assert "This author: @regenjas42 on Mastodon" in form
    given = {"mention": COMPLAINT, "kind": "author", "why": ""}
    refused = browser.post("/noise/block", given)
    assert (refused.status_code, faults(refused.body.decode())) == (422, [])
    assert "Say why" in text_of(refused.body.decode())
    assert browser.post("/noise/block", {**given, "why": "scheldt iedereen uit"}).status_code == 303
    (block,) = world.brands.kept[BRAND.id].blocks
    assert (block.what, block.why, block.by) == ("mastodon/regenjas42", "scheldt iedereen uit", "Sam de Wit")
    told = page(browser, "/noise?done=blocked")
    assert "scheldt iedereen uit" in told
    assert "author on Mastodon" in told
    assert browser.post("/noise/block", {"lift": block.id}).status_code == 303
    assert world.brands.kept[BRAND.id].blocks == ()
    assert [line.what for line in world.audit.lines][-2:] == ["block.add", "block.lift"]
    assert browser.post("/noise/block", {"lift": block.id}).status_code == 404


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("co.uk", "Under this ending stand the sites of everybody"),
        ("blogspot.com", "Many people who have nothing to do with each other write on this site"),
        ("geen site", "This is no address of a site"),
    ],
)
def test_a_site_that_is_everybodys_is_not_blocked_by_mistake(
    browser: Browser, world: World, site: str, said: str
) -> None:
    given = {"kind": "site", "site": site, "why": "reclame"}
    answer = browser.post("/noise/block", given)
    assert (answer.status_code, faults(answer.body.decode())) == (422, [])
    assert said in text_of(answer.body.decode())
    assert world.brands.kept[BRAND.id].blocks == ()
    again = browser.post("/noise/block", {**given, "all": "1"}).status_code
    assert (again == 303) is (site == "blogspot.com")


def test_what_is_held_is_seen_under_a_filter_with_why_and_taken_out(browser: Browser, world: World) -> None:
    mention = held(world, "links 9 11")
    assert ANGRY not in page(browser, "/mentions")
    shown = page(browser, "/mentions?state=noise")
    assert ANGRY in shown
    assert "9 links, 11 words: the shape of a link farm." in shown
    world.sources.put(PAPER)
    assert "1 by a rule" in page(browser, "/noise")
    assert browser.post("/noise/through", {"mention": mention.key.slug}).status_code == 303
    assert world.mentions.get(mention.key)[0].held == ""
    assert world.mentions.states[mention.key] == "answer"
    assert judged(world) == [mention.key]
    assert "Nothing is held this month." in page(browser, "/noise")


def test_no_noise_may_lift_the_block_that_held_it(browser: Browser, world: World) -> None:
    browser.post("/noise/block", {"kind": "site", "site": "farm.example", "why": "reclame"})
    (block,) = world.brands.kept[BRAND.id].blocks
    mention = held(world, f"site {block.id}")
    assert "farm.example is blocked: reclame" in page(browser, "/mentions?state=noise")
    browser.post("/noise/through", {"mention": mention.key.slug, "lift": "yes"})
    assert world.brands.kept[BRAND.id].blocks == ()
    assert world.mentions.get(mention.key)[0].held == ""


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("keywords 13 sofa", "A list of 13 search terms around sofa"),
        ("phrase 9 essay writing", "“essay writing” 9 times"),
        ("hidden 12", "12 characters between its letters that nobody sees"),
        ("markup 4 9", "4 links, 9 words"),
        ("tags 15 4", "15 hashtags, 4 words"),
        ("bait 6 5", "The same text 6 times with another link or other names, by 5 authors."),
        ("muted", "Its source was muted when it came."),
        ("site gone", "From an author or a site that was blocked then."),
    ],
)
def test_every_reason_is_said_in_words(browser: Browser, world: World, why: str, said: str) -> None:
    held(world, why)
    assert said in page(browser, "/mentions?state=noise")


def test_what_is_over_a_cap_is_one_line_and_let_through_or_left(browser: Browser, world: World) -> None:
    world.sources.put(PAPER)
    over = OverCap(source="krant", held=2, last=NOW)
    world.brands.kept[BRAND.id] = replace(world.brands.kept[BRAND.id], over=(over,))
    for n in range(2):
        held(world, "capped", f"c{n}", "capped")
    for path in ("/", "/cases", "/noise", "/status"):
        assert "2 more this hour from" in page(browser, path)
    assert browser.post("/noise/through", {"source": "krant", "do": "leave"}).status_code == 303
    assert "more this hour" not in page(browser, "/cases")
    world.brands.kept[BRAND.id] = replace(world.brands.kept[BRAND.id], over=(over,))
    assert browser.post("/noise/through", {"source": "krant", "do": "through"}).status_code == 303
    assert len(judged(world)) == 2
    assert world.brands.kept[BRAND.id].over == ()
    assert [line.what for line in world.audit.lines][-2:] == ["source.leave", "source.let-through"]


def test_a_source_is_muted_for_a_while_or_for_good_and_heard_again(browser: Browser, world: World) -> None:
    in_role(browser, world, ("manager",))
    world.sources.put(PAPER)

    def press(do: str, **more: str) -> str:
        given = {"do": do, "mark": mark(browser, "/sources/krant"), **more}
        assert browser.post("/sources/krant", given).status_code == 303
        return world.sources.get(BRAND.id, "krant")[0].muted

    assert press("mute", until="8") == "2026-11-23T16:12:00Z"
    assert "Muted until" in page(browser, "/sources/krant")
    assert press("unmute") == ""
    assert press("mute", until="") == FOR_GOOD
    assert "Muted until somebody says so" in page(browser, "/sources/krant")
    world.now = NOW + timedelta(days=900)
    assert world.sources.get(BRAND.id, "krant")[0].mutes(world.now)


def test_at_a_case_and_a_person_is_the_way_to_block(browser: Browser) -> None:
    for path in (f"/cases/{COMPLAINT}", "/mentions"):
        found = re.findall(r'href="([^"]*/noise/block\?mention=[^"]+)"', browser.get(path).body.decode())
        assert found, path
