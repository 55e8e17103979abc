"""A post that stands at its network is made to say something else: by a named person, once, both texts in
its history."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.post import PostEventKind, PostKey
from chalicelib.errors import BadInput, Conflict
from tests.stages.town import BRAND, POST, Town

SATURDAY = "2026-11-21T10:00"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NEW = "Zaterdag zijn we open van 10 tot 18 uur. Kom langs!"


@pytest.fixture
def key(town: Town) -> PostKey:
    """It stands there."""
    made = town.plan(SATURDAY, images=(town.image(),))
    town.now = AT - MINUTE
    town.run(AT + 2 * MINUTE)
    assert town.ours() == [POST]
    return made


def mood(mood: str) -> None:
    wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", mood)


def asked(town: Town, key: PostKey, text: str = NEW, minutes: int = 3) -> Delivery:
    town.correct(town.delivery(key).key, text)
    town.run(town.now + minutes * MINUTE)
    return town.delivery(key)


def test_it_says_the_new_text_and_its_history_has_both_and_who_said_yes(town: Town, key: PostKey) -> None:
    after = asked(town, key)
    assert town.ours() == [NEW]
    assert (after.state, after.text, after.correction) == (DeliveryState.CONFIRMED, NEW, "")
    assert (after.approved_by, after.reason) == ("Sam", "")
    going, done = town.post(key).history[-2:]
    assert (going.kind, going.by, going.before, going.text) == (PostEventKind.EDITING, "Sam", POST, NEW)
    assert done.kind is PostEventKind.EDITED
    lines = wiring.desk().wall(wiring.brands().get(BRAND), "wall")
    assert [line.images for line in lines if line.ours] == [("Een brood, opengesneden.",)]
    assert town.world.mails() == []


def test_a_second_correction_is_one_too(town: Town, key: PostKey) -> None:
    asked(town, key)
    asked(town, key, POST)
    assert town.ours() == [POST]
    kinds = [event.kind for event in town.post(key).history]
    assert kinds.count(PostEventKind.EDITED) == 2


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        (POST, "text", "that is what it says"),
        ("", "text", "there is nothing to send"),
        ("x" * 501, "text", "1 characters too long for sandbox"),
        ("Dag {naam}", "text", "still to be filled in: naam"),
    ],
)
def test_what_cannot_stand_there_is_told_and_nothing_is_asked(
    town: Town, key: PostKey, text: str, field: str, said: str
) -> None:
    with pytest.raises(BadInput, match=f"{field}: {said}"):
        town.correct(town.delivery(key).key, text)
    assert town.delivery(key).state is DeliveryState.CONFIRMED


def test_what_does_not_stand_there_is_not_corrected(town: Town) -> None:
    key = town.plan(SATURDAY)
    with pytest.raises(Conflict):
        town.correct(town.delivery(key).key, NEW)


def test_nobody_says_yes_without_a_name(town: Town, key: PostKey) -> None:
    with pytest.raises(BadInput, match="a named person approves"):
        town.correct(town.delivery(key).key, NEW, by="")


def test_what_the_network_refuses_says_what_it_said_and_a_person_is_told(town: Town, key: PostKey) -> None:
    mood("refuse")
    after = asked(town, key)
    assert town.ours() == [POST]
    assert (after.state, after.text, after.correction) == (DeliveryState.CONFIRMED, POST, "")
    assert after.reason == "could not be corrected: it was told to refuse"
    assert ["niet verbeterd" in vars(mail)["subject"] for mail in town.world.mails()] == [True]


def test_a_lost_answer_is_asked_again_and_then_looked_for(town: Town, key: PostKey) -> None:
    mood("lost")
    after = asked(town, key, minutes=20)
    assert town.ours() == [NEW]
    assert (after.state, after.text, after.reason) == (DeliveryState.CONFIRMED, NEW, "")


def test_while_nobody_answers_nothing_is_said_of_it(town: Town, key: PostKey) -> None:
    mood("down")
    assert asked(town, key, minutes=20).state is DeliveryState.EDITING
    mood("")
    town.run(town.now + timedelta(hours=2))
    after = town.delivery(key)
    assert (after.state, after.text) == (DeliveryState.CONFIRMED, POST)
    assert after.reason.startswith("could not be corrected")
