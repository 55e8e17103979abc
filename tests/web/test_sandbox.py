"""The sandbox's page: a post of ours looks published, each line shows what it answers, visitors answer."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.brand import Channel
from chalicelib.web.desk import WallLine
from tests.web.access import ELSEWHERE, grant, granted
from tests.web.browser import Browser
from tests.web.checks import faults
from tests.web.fakes_people import SAM
from tests.web.world import BRAND, NOW, World

PATH = "/sandbox/proefkanaal"
POST = "out-6f0c6f0e-0000-5000-8000-000000000001"
TEXT = "Zondag open! " + "Van twaalf tot vijf, met koffie en voorlezen. " * 3


def line(id: str, text: str, minutes: int, *, ours: bool = False, reply_to: str = "") -> WallLine:
    at = NOW + timedelta(minutes=minutes)
    author = "veldermeer" if ours else "veldkijker"
    return WallLine(id=id, author=author, ours=ours, text=text, at=at, reply_to=reply_to)


@pytest.fixture
def wall(world: World) -> World:
    world.lines = [
        line("in-1", "Zijn jullie zondag open?", 0),
        line(POST, TEXT, 1, ours=True),
        line("in-2", "Tot hoe laat?", 2, reply_to=POST),
        line("out-2", "Tot vijf uur.", 3, ours=True, reply_to="in-2"),
        line("in-3", "Mooi", 4, reply_to="out-deleted"),
    ]
    return world


def shown(browser: Browser, path: str = PATH) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    page = answer.body.decode()
    assert faults(page) == []
    return page


def row(page: str, id: str) -> str:
    found = re.search(rf'<li class="row[^>]*id="{id}">.*?</li>', page, re.DOTALL)
    assert found, id
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_a_post_of_ours_looks_published_under_its_own_anchor(browser: Browser, wall: World) -> None:
    page = shown(browser)
    assert f'<li class="row ours post" id="{POST}">' in page
    told = row(page, POST)
    assert "Bibliotheek Veldermeer" in told
    assert "Gepubliceerd" in told
    assert "Zondag open!" in told
    assert "1 antwoord" in told
    assert page.count("Gepubliceerd") == 1, "an answer of ours is not a post"


def test_the_newest_stands_above(browser: Browser, wall: World) -> None:
    assert re.findall(r'<li class="row[^>]*id="([^"]+)"', shown(browser)) == [
        "in-3",
        "out-2",
        "in-2",
        POST,
        "in-1",
    ]


def test_each_line_shows_what_it_answers(browser: Browser, wall: World) -> None:
    page = shown(browser)
    beginning = "Bibliotheek Veldermeer: Zondag open! Van twaalf tot vijf, met koffie en voorlezen…"
    assert f"als antwoord op {beginning}" in row(page, "in-2")
    assert f'href="#{POST}"' in page
    assert "als antwoord op @veldkijker: Tot hoe laat?" in row(page, "out-2")
    assert "als antwoord op" not in row(page, "in-3"), "what it answered is gone"


def test_a_visitor_answers_a_post_of_ours(browser: Browser, wall: World) -> None:
    page = shown(browser)
    assert f'href="{PATH}?answer={POST}#visitor"' in page
    assert f'<input type="hidden" name="answer" value="{POST}">' in shown(browser, f"{PATH}?answer={POST}")
    said = browser.post(f"{PATH}/say", {"author": "veldkijker", "text": "Leuk", "answer": POST})
    assert said.headers["Location"] == f"{PATH}?done=said"
    assert (wall.lines[-1].text, wall.lines[-1].reply_to) == ("Leuk", POST)


def test_what_is_gone_is_not_answered_and_what_was_typed_stays(browser: Browser, wall: World) -> None:
    wall.lines = [each for each in wall.lines if each.id != POST]
    refused = browser.post(f"{PATH}/say", {"author": "veldkijker", "text": "Leuk", "answer": POST})
    page = refused.body.decode()
    assert refused.status_code == 422
    assert faults(page) == []
    assert "Het bericht waarop je antwoordt staat er niet meer." in page
    assert ">Leuk</textarea>" in page
    assert 'name="answer"' not in page
    assert 'name="answer"' not in shown(browser, f'{PATH}?answer="><script>')


@pytest.mark.parametrize(
    ("deed", "form"), [("say", {"author": "kees", "text": "Hallo"}), ("mood", {"mood": "down"})]
)
def test_who_only_reads_at_another_brand_does_nothing_in_its_sandbox(
    browser: Browser, world: World, deed: str, form: dict[str, str]
) -> None:
    practice = Channel(id="oefen", platform="sandbox", name="Oefen", settings={"account": "overveen"})
    world.brands.put(replace(BRAND, id=ELSEWHERE, name="Overveen", channels=(practice,)))
    here, before = granted(browser, world, "agent"), list(world.lines)
    world.team.kept[ELSEWHERE, SAM] = grant(world, "reader", brand=ELSEWHERE, user=SAM)

    assert here.get("/sandbox/oefen").status_code == 200
    assert here.post(f"/sandbox/oefen/{deed}", form).status_code == 403
    assert world.lines == before
    assert not world.mood
