"""WhatsApp: messages that its webhook tells, answers within a day, and what became of them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import platforms
from chalicelib.domain.mention import native_id
from chalicelib.errors import (
    BadInput,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Undelivered,
    Unknown,
)
from chalicelib.http import Http
from chalicelib.platforms import whatsapp as module
from chalicelib.ports import ReplyTo
from tests.platforms.peer_whatsapp import served, whatsapp
from tests.platforms.peers import platform
from tests.platforms.recorded import payload
from tests.servers.whatsapp import ANNA, DISPLAY, NUMBER, WhatsApp

SINCE = datetime.now(UTC) - timedelta(minutes=5)
WAMID = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="


@pytest.fixture
def server() -> Iterator[WhatsApp]:
    with served() as running:
        yield running


def call(**message: Any) -> dict[str, Any]:
    """The recorded call with another message."""
    made: dict[str, Any] = payload("whatsapp_text_message")
    given = made["entry"][0]["changes"][0]["value"]["messages"][0] | message
    kept = {name: each for name, each in given.items() if each is not ...}
    made["entry"][0]["changes"][0]["value"]["messages"] = [kept]
    return made


def asked(server: WhatsApp) -> ReplyTo:
    said = server.say("In blue?")
    return ReplyTo(id=module.short(said.id), author=ANNA)


def tell(server: WhatsApp, channel: Any) -> None:
    """The webhook is told what lies ready."""
    while server.calls:
        assert channel.told(module.named(server.calls.pop(0))) == ()


# in ----------------------------------------------------------------------------------------------------


def test_the_recorded_message_is_a_mention() -> None:
    (found,) = module.heard({}, payload("whatsapp_text_message"))
    assert (found.platform, found.text) == ("whatsapp", "Does it come in another color?")
    assert (found.author.id, found.author.handle, found.author.name) == (ANNA, ANNA, "Sheena Nelson")
    assert found.posted_at == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
    assert (found.url, found.direct, found.reply_to) == (f"https://wa.me/{ANNA}", True, "")
    assert module.wamid(found.id) == WAMID


def test_who_hides_their_number_is_heard_and_has_no_link() -> None:
    (found,) = module.heard({}, call(**{"from": "NL.13491208655302741918"}))
    assert (found.author.handle, found.url) == ("NL.13491208655302741918", "")


@pytest.mark.parametrize(
    ("kind", "part", "text"),
    [
        ("image", {"id": "1", "caption": "Is this it?"}, "Is this it?"),
        ("button", {"payload": "x", "text": "Yes"}, "Yes"),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Blue"}}, "Blue"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "Red"}}, "Red"),
    ],
)
def test_what_stands_with_an_image_or_was_chosen_are_words(
    kind: str, part: dict[str, Any], text: str
) -> None:
    (found,) = module.heard({}, call(**{"type": kind, kind: part}))
    assert found.text == text


@pytest.mark.parametrize(
    "message",
    [
        {"from": DISPLAY},
        {"from": ...},
        {"id": ...},
        {"id": 7},
        {"type": "image", "image": {"id": "1"}},
        {"type": "reaction", "reaction": {"message_id": "x", "emoji": "+", "text": "x"}},
        {"type": "system", "system": {"body": "changed their number"}},
        {"type": "interactive", "interactive": {"type": ["x"]}},
        {"type": ["text"]},
        {"text": {"body": " \n"}},
        {"text": "x"},
    ],
)
def test_our_own_and_what_has_no_words_is_no_message(message: dict[str, Any]) -> None:
    assert module.heard({}, call(**message)) == ()


@pytest.mark.parametrize("value", [None, [], {}, {"entry": {}}])
def test_a_call_without_entries_is_refused(value: object) -> None:
    for read in (lambda: module.heard({}, value), lambda: module.named(value)):
        with pytest.raises(BadInput, match="entry"):
            read()


def test_a_bad_one_among_many_takes_nothing_along() -> None:
    made = payload("whatsapp_text_message")
    value = made["entry"][0]["changes"][0]["value"]
    value["messages"] = [None, {}, {"type": "text"}, *value["messages"]]
    value["contacts"] = "x"
    made["entry"][0]["changes"] += [None, {"field": "messages"}, {"field": "messages", "value": 3}]
    made["entry"] += [3, {"changes": 3}]
    assert [found.author.name for found in module.heard({}, made)] == [""]


def test_what_answers_ours_or_theirs_says_so(server: WhatsApp) -> None:
    to, channel = asked(server), whatsapp(server)
    sent = channel.publish(to, "Yes, in blue.", "t", "en")
    server.say("Thanks", context=server.ours()[0].id)
    server.say("And in red?", context=server.said[0].id)
    found = [each for told in server.calls for each in module.heard({}, told)]
    assert [each.reply_to for each in found] == ["", sent.remote_id, to.id]


@pytest.mark.parametrize("given", ["wamid.QQ==", "wamid.Q+/Q", WAMID, f"wamid.{'QUJD' * 16}"])
def test_a_name_fits_a_key_and_leads_back(given: str) -> None:
    id = module.short(given)
    assert len(id) <= 64
    assert native_id(id) == id
    assert module.wamid(id) == given


def test_a_name_that_is_too_long_is_hashed_and_leads_nowhere() -> None:
    id = module.short(f"wamid.{'QUJD' * 17}")
    assert id.startswith("h.")
    assert module.wamid(id) == ""


# out ---------------------------------------------------------------------------------------------------


def test_an_answer_goes_to_who_wrote_below_what_they_wrote(server: WhatsApp) -> None:
    to = asked(server)
    whatsapp(server).publish(to, "Yes: https://b.example/1", "t1", "en")
    (answer,) = server.ours()
    assert (answer.to, answer.context, answer.token) == (ANNA, server.said[0].id, "t1")
    assert json.loads(server.requests[-1].body)["text"] == {
        "preview_url": True,
        "body": "Yes: https://b.example/1",
    }
    recorded = payload("whatsapp_send_text")["request"]
    assert json.loads(server.requests[-1].body).keys() - recorded.keys() == {"biz_opaque_callback_data"}


def test_no_posts_are_taken(server: WhatsApp) -> None:
    with pytest.raises(Rejected, match="answers only"):
        whatsapp(server).publish(None, "Hello everybody", "t", "en")
    assert server.requests == []


def test_after_a_day_a_person_answers_and_the_case_says_why() -> None:
    assert platforms.answering("whatsapp", age=timedelta(hours=23)).how == "api"
    late = platforms.answering("whatsapp", age=timedelta(hours=24, minutes=1))
    assert (late.how, late.why_not) == ("browser", module.TOO_LATE)


def test_what_comes_too_late_all_the_same_is_refused(server: WhatsApp) -> None:
    to, server.closed = asked(server), True
    with pytest.raises(Rejected, match="131047"):
        whatsapp(server).publish(to, "Yes", "t", "en")


def test_too_many_to_one_person_waits(server: WhatsApp) -> None:
    to, server.refuses = asked(server), (131056, 0)
    with pytest.raises(RateLimited):
        whatsapp(server).publish(to, "Yes", "t", "en")


# what became of it -------------------------------------------------------------------------------------


def test_an_answer_stands_there_once_whatsapp_says_so(server: WhatsApp) -> None:
    to, channel = asked(server), whatsapp(server)
    sent = channel.publish(to, "Yes", "t", "en")
    assert channel.read_back(sent.remote_id) is None
    tell(server, channel)
    assert channel.read_back(sent.remote_id).remote_id == sent.remote_id


def test_a_lost_answer_is_found_by_its_token_and_not_sent_again(server: WhatsApp) -> None:
    to, channel = asked(server), whatsapp(server)
    server.fails_after_publishing = True
    with pytest.raises(Unknown):
        channel.publish(to, "Yes", "t", "en")
    server.fails_after_publishing = False
    with pytest.raises(Unavailable, match="not told yet"):
        channel.find(to, "Yes", "t", SINCE)
    tell(server, channel)
    found = channel.find(to, "Yes", "t", SINCE)
    assert channel.publish(to, "Yes", "t", "en") == found
    assert channel.find(to, "Yes", "t", SINCE, lambda id: False) is None
    assert len(server.ours()) == 1


def test_what_is_noted_of_ours_is_forgotten_after_three_months(server: WhatsApp) -> None:
    channel = whatsapp(server)
    channel.publish(asked(server), "Yes", "t", "en")
    tell(server, channel)
    ends = channel._shelf.ends.values()
    assert len(ends) == 2, "by its name, and by our token"
    assert all(timedelta(days=89) < end - datetime.now(UTC) <= timedelta(days=90) for end in ends)


def test_what_did_not_arrive_says_why_in_whatever_order_it_is_told(server: WhatsApp) -> None:
    to, channel = asked(server), whatsapp(server)
    sent = channel.publish(to, "Yes", "t", "en")
    (said,) = server.ours()
    why = {"code": 131047, "title": "x", "error_data": {"details": "More than 24 hours"}}
    server.becomes(said, "failed", why)
    server.becomes(said, "sent")
    tell(server, channel)
    with pytest.raises(Undelivered, match=r"More than 24 hours \(131047\)"):
        channel.read_back(sent.remote_id)
    assert channel.find(to, "Yes", "t", SINCE) is None
    with pytest.raises(Undelivered, match=r"More than 24 hours"):
        channel.publish(to, "Yes", "t", "en")
    assert len(server.ours()) == 1


def test_what_was_read_did_arrive(server: WhatsApp) -> None:
    to, channel = asked(server), whatsapp(server)
    sent = channel.publish(to, "Yes", "t", "en")
    (said,) = server.ours()
    for status in ("read", "delivered", "failed", "warning"):
        server.becomes(said, status)
    tell(server, channel)
    assert channel.read_back(sent.remote_id)


def test_the_recorded_outcome_is_read_and_names_nobody() -> None:
    call = payload("whatsapp_status")
    assert module.heard({}, call) == ()
    ((name, token, status),) = module.named(call)
    assert (name.startswith("ours."), token) == (True, "")
    assert status.startswith("failed Message failed to send because more than 24 hours have passed")


def test_what_is_no_outcome_is_passed_over() -> None:
    call = payload("whatsapp_status")
    value = call["entry"][0]["changes"][0]["value"]
    value["statuses"] = [
        None,
        {},
        {"id": "x"},
        {"id": 7, "status": "sent"},
        {"id": "x", "status": "failed", "errors": 3},
    ]
    assert [status for _, _, status in module.named(call)] == ["failed"]


# keys --------------------------------------------------------------------------------------------------


def test_a_key_is_tried(server: WhatsApp) -> None:
    assert whatsapp(server).check() is None
    assert "appsecret_proof" in server.requests[-1].query
    server.expired_token = True
    with pytest.raises(Unauthorized):
        whatsapp(server).check()


@pytest.mark.parametrize("number", ["", "+31 6", "1/2"])
def test_what_is_no_number_is_bad_input(number: str) -> None:
    with pytest.raises(BadInput, match="number"):
        platform("whatsapp", {"number": number}, {"token": "t"}, Http())
    assert platform("whatsapp", {"number": NUMBER}, {"token": "t"}, Http()).room() == 4_096
