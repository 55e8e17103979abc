"""The brand's own accuracy: by language and class, honest about few cases; taken back, let count again."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest

from chalicelib.domain.brand import Lessons
from chalicelib.domain.delta import Measured, Score
from chalicelib.domain.pulse import Failure
from chalicelib.web.learned import Standing
from tests.web.access import in_role, taught
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, NOW, World

LIVE = "tables-5+2026-11-23"


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    taught(world)
    return in_role(browser, world, ("manager",))


def page(browser: Browser, path: str = "/accuracy?lang=en") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    html = str(answer.body.decode())
    assert faults(html) == []
    return text_of(html)


def press(browser: Browser, do: str, rev: int = 1, version: str = "") -> int:
    answer = browser.post("/accuracy", {"do": do, "rev": str(rev), "version": version})
    return int(answer.status_code)


def test_each_class_is_told_with_its_number_of_cases(manager: Browser) -> None:
    told = page(manager)
    assert "Your corrections count in every new verdict, as measured on" in told
    assert "Negative12 (few)59" in told, "of few no share is told"
    assert "Positive319 (29%)23 (74%)" in told
    assert "Together4314 (33%)32 (74%)" in told
    assert "Neutral1 (few)0–" in told
    assert "Nothing was learned yet: there are 1 of the 20 messages that it takes." in told
    assert "People mostly correct what is wrong, so that Webspin looks worse here than it is." in told
    dutch = page(manager, "/accuracy?lang=nl")
    assert "Nauwkeurigheid" in dutch
    assert "Mensen verbeteren vooral wat fout is" in dutch


def test_nobody_said_anything_yet(browser: Browser, world: World) -> None:
    told = page(browser)
    assert "Nobody said yet whether a verdict is right" in told
    assert "To the mentions" in told
    world.deltas.standing = Lessons(said=NOW)
    assert "Counted tomorrow morning" in page(browser)


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (Measured(known=False), "Webspin does not know this language."),
        (Measured(classes={"positive": Score(cases=40)}), "not right more often, beyond chance"),
        (
            Measured(
                classes={
                    "positive": Score(cases=40, gained=30),
                    "negative": Score(cases=9, before=9, lost=3),
                }
            ),
            "gets too much wrong that is right without it",
        ),
        (
            Measured(classes={"positive": Score(cases=40, gained=30)}, others=90, moved=60),
            "of 90 messages that nobody corrected it would read 60 otherwise",
        ),
    ],
)
def test_why_what_was_learned_does_not_count(
    browser: Browser, world: World, measured: Measured, said: str
) -> None:
    taught(world)
    world.deltas.kept = [replace(world.deltas.kept[0], taught={}, measured={"nl": measured})]
    world.deltas.standing = replace(world.deltas.standing, live="")
    told = page(browser)
    assert said in told
    assert "Your corrections do not count in new verdicts yet." in told


def test_it_is_taken_back_and_let_count_again(manager: Browser, world: World) -> None:
    assert press(manager, "back") == 303
    assert (world.deltas.standing.live, world.deltas.standing.held) == ("", "Sam de Wit")
    told = page(manager)
    assert "Your corrections do not count in new verdicts: Sam de Wit took back what they taught." in told
    assert "What was learned is right more often, and does not count now." in told
    assert press(manager, "live", 2, LIVE) == 303
    assert (world.deltas.standing.live, world.deltas.standing.held) == (LIVE, "")
    lines = [(line.what, line.of, line.by) for line in world.audit.lines]
    assert lines == [("delta.back", LIVE, "Sam de Wit"), ("delta.live", LIVE, "Sam de Wit")]
    log = page(manager, "/audit?lang=en")
    assert "Sam de Wit took back what corrections taught" in log
    assert "Sam de Wit let corrections count in new verdicts" in log


def test_an_older_one_counts_instead(manager: Browser, world: World) -> None:
    assert press(manager, "live", 1, "tables-5+2026-11-20") == 303
    assert "as measured on Fri 20 November" in page(manager)


def test_what_was_seen_otherwise_or_never_given_changes_nothing(manager: Browser, world: World) -> None:
    before = world.deltas.standing
    assert press(manager, "back", 3) == 409
    assert press(manager, "live", 1, "tables-5+2026-11-19") == 400, "it did not help"
    for form in (
        {"do": "back"},
        {"do": "back", "rev": "-1"},
        {"do": "x", "rev": "1"},
        {"do": "back", "rev": "²"},
    ):
        assert manager.post("/accuracy", form).status_code == 400
    assert world.deltas.standing == before


def test_who_may_only_read_gets_no_button(browser: Browser, world: World) -> None:
    taught(world)
    told = in_role(browser, world, ("reader",)).get("/accuracy?lang=en").body.decode()
    assert 'action="/accuracy"' not in told
    assert "Counts now" in told


def test_what_could_not_be_learned_is_told_until_it_was(manager: Browser, world: World) -> None:
    world.pulse.failed(BRAND.id, Failure(what="lessons", at=NOW, reason="a fault of ours: KeyError"))
    assert "Nothing could be learned from the corrections" in page(manager)
    world.deltas.standing = replace(world.deltas.standing, until=NOW + timedelta(hours=15))
    assert "Nothing could be learned" not in page(manager)


def test_it_is_a_file_too(manager: Browser) -> None:
    body = manager.get("/accuracy?as=csv").body.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(body)))
    assert rows[0] == ["language", "feeling", "cases", "right_alone", "right_taught", "why_not"]
    assert rows[1:] == [
        ["nl", "negative", "12", "5", "9", ""],
        ["nl", "positive", "31", "9", "23", ""],
        ["en", "neutral", "1", "0", "", "few"],
    ]
    found = json.loads(manager.get("/accuracy?as=json").body)
    assert [each["right_taught"] for each in found] == [9, 23, None]


@pytest.mark.parametrize("path", ["/mentions", "/brand", "/reports"])
def test_it_is_found_from_where_one_would_look(manager: Browser, path: str) -> None:
    assert 'href="/accuracy"' in manager.get(path).body.decode()


def test_what_is_not_there_any_more_does_not_count(world: World) -> None:
    taught(world)
    assert Standing(lessons=world.deltas.standing, deltas=()).live is None
