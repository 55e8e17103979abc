"""Trustpilot: stars, titles and words; what its webhook tells; one answer to each review."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.mention import Author
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import trustpilot as module, webhook
from chalicelib.ports import Kit, ReplyTo
from tests.platforms.memory import MemoryShelf
from tests.platforms.peer_trustpilot import running, trustpilot
from tests.platforms.peers import platform
from tests.servers.trustpilot import Trustpilot

CALL: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data/platforms/trustpilot_service_review_created.json").read_text()
)


@pytest.fixture
def server() -> Iterator[Trustpilot]:
    with running() as server:
        yield server


def kit(through: Callable[[str], Any]) -> Kit:
    return Kit(http=Http(), shelf=MemoryShelf(), through=through)


def to(id: str) -> ReplyTo:
    return ReplyTo(id=id, author="Anna")


def event(name: str, **fields: Any) -> dict[str, Any]:
    (given,) = CALL["events"]
    data = {key: value for key, value in {**given["eventData"], **fields}.items() if value is not ...}
    return {"events": [{**given, "eventName": name, "eventData": data}]}


# in ----------------------------------------------------------------------------------------------------


def test_a_review_is_its_stars_title_and_words(server: Trustpilot) -> None:
    server.say("Arrived after two weeks.", "Anna", 2, "Late")
    (found,) = trustpilot(server).listen("").found
    assert found.text == "★★☆☆☆\nLate\nArrived after two weeks."
    assert found.author == Author(id="c-anna", handle="Anna", name="Anna")
    assert (found.language, found.direct) == ("en", True)
    assert found.url == f"https://www.trustpilot.com/reviews/{found.id}"


def test_a_title_that_only_begins_the_words_is_said_once(server: Trustpilot) -> None:
    server.say("Arrived after two weeks.", title="Arrived after two…")
    assert [each.text for each in trustpilot(server).listen("").found] == ["★★☆☆☆\nArrived after two weeks."]


def test_the_recorded_call_becomes_the_same_mention_as_the_poll() -> None:
    (found,) = module.heard({}, CALL)
    assert found.id == "5f0e0f0e0f0e0f0e0f0e0f0e"
    assert found.text == "★★☆☆☆\nLate\nArrived late"
    assert found.author == Author(id="5f0e0f0e0f0e0f0e0f0e0f0f", handle="A Person", name="A Person")
    assert found.posted_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert (found.platform, found.language, found.edited, found.gone) == ("trustpilot", "en", False, False)


def test_a_changed_and_a_removed_review_are_told() -> None:
    (changed,) = module.heard(
        {}, event("service-review-updated", updatedAt="2026-11-22T10:00:00Z", text="Fine")
    )
    assert (changed.edited, changed.as_of) == (True, datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert module.heard({}, event("service-review-deleted", text=...)) == (), "who proves nothing"


def test_what_a_call_names_is_asked_for_and_what_trustpilot_says_of_it_stands(server: Trustpilot) -> None:
    review = server.say("Arrived late", title="Late")
    channel = trustpilot(server)
    call = {
        "events": [
            *event("service-review-updated", id=review.id, text="Forged")["events"],
            *event("service-review-deleted", id="5f0e999999")["events"],
            *event("product-review-created", id="5f0e777777")["events"],
        ]
    }
    hook = webhook.Webhook("unsigned", "", kit(lambda name: channel if name == "trustpilot" else None))
    changed, gone = hook.hear({}, json.dumps(call).encode())
    assert (changed.text, changed.platform) == ("★★☆☆☆\nLate\nArrived late", "trustpilot")
    assert (gone.id, gone.gone) == ("5f0e999999", True)


@pytest.mark.parametrize("id", ["forged-1", "5f0e999999", "../x"])
def test_what_trustpilot_does_not_have_is_no_review_whatever_a_call_says(server: Trustpilot, id: str) -> None:
    hook = webhook.Webhook("unsigned", "", kit(lambda name: trustpilot(server)))
    call = event("service-review-created", id=id)
    assert [found for found in hook.hear({}, json.dumps(call).encode()) if not found.gone] == []


def test_without_an_account_nothing_of_a_call_is_believed_and_it_says_what_to_choose() -> None:
    hook = webhook.Webhook("unsigned", "", kit(lambda name: None))
    with pytest.raises(BadInput, match="has to be chosen at this source"):
        hook.hear({}, json.dumps(CALL).encode())
    assert hook.hear({}, json.dumps(event("product-review-created")).encode()) == ()
    with pytest.raises(BadInput, match=r"eventData\.id: is missing"):
        hook.hear({}, json.dumps(event("service-review-created", id=...)).encode())
    with pytest.raises(BadInput):
        hook.hear({}, b'{"events": 5}')


def test_another_event_tells_nothing_and_a_broken_one_says_where() -> None:
    assert module.heard({}, event("product-review-created")) == ()
    with pytest.raises(BadInput, match=r"events\[0\].eventData.id: is missing"):
        module.heard({}, event("service-review-created", id=...))
    strange: object
    for strange in ({}, [], None, {"events": {}}):
        with pytest.raises(BadInput, match="events: expected a list"):
            module.heard({}, strange)


# answers -----------------------------------------------------------------------------------------------


def test_a_colleague_who_was_just_faster_is_not_written_over(server: Trustpilot) -> None:
    review = server.say("Late")
    server.just_answered = "From a colleague"
    with pytest.raises(Rejected, match="has an answer already"):
        trustpilot(server).publish(to(review.id), "From me", "t1", "en")
    assert server.ours() == ["From a colleague"]


def test_an_earlier_try_that_did_arrive_is_ours(server: Trustpilot) -> None:
    review = server.say("Late")
    server.just_answered = "Sorry,\nAnna"
    assert trustpilot(server).publish(to(review.id), "Sorry, Anna", "t1", "en").remote_id == review.id


def test_an_answer_that_does_not_show_is_unknown(server: Trustpilot) -> None:
    review = server.say("Late")
    server.lists_late = 2
    with pytest.raises(Unknown, match="does not show"):
        trustpilot(server).publish(to(review.id), "Sorry", "t1", "en")
    assert server.ours() == ["Sorry"]


def test_an_answer_that_cannot_be_looked_at_is_unknown(
    server: Trustpilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, channel = server.say("Late"), trustpilot(server)

    def down(remote_id: str) -> None:
        raise Unavailable("trustpilot", "HTTP 503")

    monkeypatch.setattr(channel, "read_back", down)
    with pytest.raises(Unknown, match="503"):
        channel.publish(to(review.id), "Sorry", "t1", "en")
    assert server.ours() == ["Sorry"]


def test_who_answers_goes_along_where_it_is_set(server: Trustpilot) -> None:
    review = server.say("Late")
    trustpilot(server, business_user="u7").publish(to(review.id), "Sorry", "t1", "en")
    posted = next(each for each in server.requests if each.method == "POST")
    assert json.loads(posted.body) == {"message": "Sorry", "authorBusinessUserId": "u7"}


@pytest.mark.parametrize("id", ["../business-units", "gone0000", ""])
def test_what_is_no_review_is_not_answered(server: Trustpilot, id: str) -> None:
    with pytest.raises(Rejected, match="not there any more"):
        trustpilot(server).publish(to(id), "Sorry", "t1", "en")
    with pytest.raises(Rejected):
        trustpilot(server).publish(None, "Open day!", "t1", "en")


# the key -----------------------------------------------------------------------------------------------


def test_a_key_is_tried(server: Trustpilot) -> None:
    assert trustpilot(server).check() is None
    with pytest.raises(Unauthorized, match="Unauthorized"):
        trustpilot(server, "another").check()


@pytest.mark.parametrize("unit", ["", "../x", "short", "46d6 a890"])
def test_a_business_is_named_as_trustpilot_does(unit: str) -> None:
    with pytest.raises(BadInput, match="business_unit: the business as Trustpilot names it"):
        platform("trustpilot", {"business_unit": unit}, {}, Http())
