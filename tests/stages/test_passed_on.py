"""Somebody's message brought to attention in its network's own way: boosted as it is, or quoted with words of
ours; once, in a post like any other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.post import BOOST, QUOTE, Passed, PostKey
from chalicelib.errors import BadInput
from chalicelib.web.desk import WallLine
from tests.stages.town import BRAND, POST, Town

SATURDAY = "2026-11-21T10:00"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
THEIRS = "in-00000001"
OF = Passed(MentionKey(BRAND, "sandbox", THEIRS), "anna")


@pytest.fixture
def heard(town: Town) -> Town:
    """Anna wrote something on the wall."""
    desk = wiring.desk()
    desk.say(wiring.brands().get(BRAND), "wall", "anna", "Mooie bieb!", town.now, "")
    return town


def ours() -> list[WallLine]:
    return [line for line in wiring.desk().wall(wiring.brands().get(BRAND), "wall") if line.ours]


def mood(mood: str) -> None:
    wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", mood)


def planned(town: Town, way: str, **more: Any) -> PostKey:
    return town.plan(SATURDAY, **{"of": OF, "ways": (("wall", way),), **more})


def left(town: Town, minutes: int = 5) -> None:
    town.now = AT - MINUTE
    town.run(AT + minutes * MINUTE)


def test_a_boost_leaves_without_words_of_ours_and_stands_there_once(heard: Town) -> None:
    key = planned(heard, BOOST)
    left(heard)
    (line,) = ours()
    assert (line.text, line.passes_on) == ("", THEIRS)
    delivery = heard.delivery(key)
    assert (delivery.state, delivery.text, delivery.way) == (DeliveryState.CONFIRMED, "", BOOST)


def test_a_quote_has_our_words_and_needs_no_address_in_them(heard: Town) -> None:
    planned(heard, QUOTE, shares="https://social.example/@anna/1")
    left(heard)
    (line,) = ours()
    assert (line.text, line.passes_on) == (POST, THEIRS)


@pytest.mark.parametrize("way", [BOOST, QUOTE])
def test_a_lost_answer_is_looked_for_and_nothing_leaves_twice(heard: Town, way: str) -> None:
    mood("lost")
    key = planned(heard, way)
    left(heard, 10)
    assert len(ours()) == 1
    assert heard.post(key).states == [DeliveryState.CONFIRMED]


@pytest.mark.parametrize("way", [BOOST, QUOTE])
def test_it_is_taken_away_as_any_message(heard: Town, way: str) -> None:
    key = planned(heard, way)
    left(heard)
    heard.remove(heard.delivery(key).key)
    heard.run(heard.now + 2 * MINUTE)
    assert ours() == []
    assert heard.delivery(key).state is DeliveryState.REMOVED


def test_a_boost_has_no_words_to_correct(heard: Town) -> None:
    key = planned(heard, BOOST)
    left(heard)
    with pytest.raises(BadInput, match="a boost has no words of ours"):
        heard.correct(heard.delivery(key).key, "Toch iets")


def test_a_boost_becomes_a_quote_before_it_leaves(heard: Town) -> None:
    key = planned(heard, BOOST)
    heard.change(key, ways=(("wall", QUOTE),), texts=(("wall", "Dank je, Anna!"),))
    left(heard)
    assert [(line.text, line.passes_on) for line in ours()] == [("Dank je, Anna!", THEIRS)]


def test_what_was_taken_away_by_its_writer_is_not_passed_on_and_a_person_hears(town: Town) -> None:
    key = planned(town, BOOST)
    left(town)
    delivery = town.delivery(key)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "the message is not there any more")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"of": None}, "only where the message stands can it be passed on so"),
        ({"of": Passed(MentionKey(BRAND, "mastodon", "1"), "anna")}, "only where the message stands"),
        ({"ways": (("wall", "shout"),)}, "a way in which its network passes a message on"),
        ({"ways": (("wall", QUOTE),), "text": ""}, "there is nothing to send"),
        ({"ways": (("wall", QUOTE),), "text": "x" * 501}, "1 characters too long"),
    ],
)
def test_what_stands_against_it_is_told_at_its_channel(
    heard: Town, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=f"texts.wall: {said}"):
        planned(heard, BOOST, **changes)
