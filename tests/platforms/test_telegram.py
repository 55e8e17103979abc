"""Telegram, beyond what every network promises (test_contract.py)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.mention import Author
from chalicelib.errors import (
    BadInput,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unknown,
)
from chalicelib.http import Http
from chalicelib.platforms import telegram as module
from chalicelib.ports import ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.peer_telegram import served, telegram
from tests.platforms.peers import platform
from tests.servers.telegram import ALONE, ANNA, BOT, CHANNEL, GROUP, US, Telegram

DATA = Path(__file__).parent.parent / "data/platforms"
SAMPLE: dict[str, Any] = json.loads((DATA / "telegram_message.json").read_text())


@pytest.fixture
def server() -> Iterator[Telegram]:
    with served() as running:
        yield running


def update(kind: str = "message", /, **fields: Any) -> dict[str, Any]:
    return {"update_id": 1, kind: {**SAMPLE["message"], **fields}}


def heard(value: object) -> Any:
    (found,) = module.heard({}, value)
    return found


# in ----------------------------------------------------------------------------------------------------


def test_the_documented_update_is_the_mention_it_tells_of() -> None:
    found = heard(SAMPLE)
    assert (found.platform, found.id, found.text) == ("telegram", "1111111/1365", "/start")
    assert found.author == Author(
        id="1111111", handle="Test", name="Test Test Lastname", url="https://t.me/Test"
    )
    assert found.posted_at == datetime(2015, 9, 7, 17, 5, 32, tzinfo=UTC)
    assert (found.language, found.direct, found.url, found.reply_to) == ("en", True, "", "")


def test_a_poll_and_a_call_give_the_same(server: Telegram) -> None:
    server.say("@brand_bot Is there bread?")
    (polled,) = telegram(server).listen("").found
    (told,) = server.updates
    assert heard(told) == polled
    assert polled.url == "https://t.me/bakers/1"
    ear = platform("webhook", {"scheme": "telegram"}, {}, Http())
    assert ear.hear({}, json.dumps(told).encode()) == (polled,)


@pytest.mark.parametrize(
    ("text", "direct"),
    [
        ("@brand_bot, bread?", True),
        ("Hello @Brand_Bot", True),
        ("/help@brand_bot", True),
        ("@brand_bots is another", False),
        ("@other_bot, bread?", False),
        ("Bread!", False),
    ],
)
def test_in_a_group_is_for_us_what_names_us(server: Telegram, text: str, direct: bool) -> None:
    server.say(text)
    (found,) = telegram(server).listen("").found
    assert found.direct is direct


def test_an_answer_to_us_is_for_us_and_leads_to_what_it_answers(server: Telegram) -> None:
    ours = server.say("Fresh bread at seven.", BOT)
    server.say("Nice!", reply_to=ours.number)
    (found,) = telegram(server).listen("").found
    assert (found.text, found.direct, found.reply_to) == ("Nice!", True, f"{GROUP['id']}/{ours.number}")
    assert heard(server.updates[0]).direct


def test_below_a_post_of_our_channel_a_comment_answers_that_post(server: Telegram) -> None:
    origin = {"type": "channel", "chat": CHANNEL, "message_id": 9}
    post = {"message_id": 3, "is_automatic_forward": True, "forward_origin": origin, "text": "Bread at seven"}
    server.tell("message", {**SAMPLE["message"], "chat": GROUP, "sender_chat": CHANNEL, **post})
    server.say("Nice!", reply_to_message=post)
    (found,) = telegram(server).listen("").found
    assert (found.text, found.direct, found.reply_to) == ("Nice!", True, f"{CHANNEL['id']}/9")


def test_the_first_message_of_a_topic_answers_nothing() -> None:
    opened = {"message_id": 5, "forum_topic_created": {"name": "Bread"}}
    assert heard(update(chat=GROUP, reply_to_message=opened)).reply_to == ""


def test_what_is_edited_is_so_as_of_then() -> None:
    found = heard(update("edited_message", text="better", edit_date=1_441_645_600))
    assert (found.id, found.text, found.edited) == ("1111111/1365", "better", True)
    assert found.as_of == datetime(2015, 9, 7, 17, 6, 40, tzinfo=UTC)


def test_who_writes_for_a_group_or_without_a_name_is_called_as_telegram_has_them() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "username": "GroupAnonymousBot"}
    found = heard(update(**{"from": anonymous, "sender_chat": GROUP, "chat": GROUP}))
    assert found.author == Author(
        id=str(GROUP["id"]), handle="bakers", name="Bakers", url="https://t.me/bakers"
    )
    unnamed = heard(update(**{"from": {"id": 5, "is_bot": False, "first_name": "Bram", "last_name": "Bos"}}))
    assert unnamed.author == Author(id="5", handle="Bram Bos", name="Bram Bos")


def test_links_behind_words_and_words_below_a_photo_are_kept() -> None:
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": "https://bread.example/x"}, "?", {}]
    found = heard(update(text=None, caption="Look 🥖\n\n\nhere", caption_entities=entities, photo=[{}]))
    assert (found.text, found.links) == ("Look 🥖\nhere", ("https://bread.example/x",))


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"message": None},
        {"message": "text"},
        {"channel_post": SAMPLE["message"]},
        {"my_chat_member": {"chat": GROUP}},
        update(text=None, sticker={}),
        update(text=["x"]),
        update(chat={"id": "x"}),
        update(chat=None),
        update(message_id=0),
        update(**{"from": None}),
        update(**{"from": {**BOT, "username": "other_bot"}}),
        update(text="\u200b"),
    ],
)
def test_what_is_no_message_of_a_person_is_passed_over(server: Telegram, strange: dict[str, Any]) -> None:
    value = {**strange, "update_id": 7}
    assert module.heard({}, value) == ()
    server.answers = 200, json.dumps({"ok": True, "result": [value, 3, update(text="bread")]}).encode()
    page = telegram(server).listen("")
    assert ([found.text for found in page.found], page.cursor) == (["bread"], "7")


@pytest.mark.parametrize("value", [None, [], "x", {}, {"update_id": "1"}])
def test_a_call_that_is_no_update_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="update_id"):
        module.heard({}, value)


@pytest.mark.parametrize("number", [2**60, -1, 10**12, "1441645532", None, 1.5])
def test_a_moment_that_cannot_be_is_none(number: object) -> None:
    assert heard(update(date=number)).posted_at is None


@pytest.mark.parametrize(
    "body", [b"[]", b'{"ok": true}', b'{"ok": true, "result": 3}', b"<html>", b"", b"\xff"]
)
def test_what_is_no_answer_is_a_failure_and_not_silence(server: Telegram, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        telegram(server).listen("")


def test_a_bot_with_a_webhook_cannot_be_asked_and_says_what_to_do(server: Telegram) -> None:
    server.hooked = True
    with pytest.raises(Rejected, match="add a source of what calls us"):
        telegram(server).listen("")


# out ---------------------------------------------------------------------------------------------------


def test_an_answer_goes_where_it_was_asked_and_a_post_to_our_channel(server: Telegram) -> None:
    asked = server.say("Is there bread?", chat=ALONE)
    channel = telegram(server)
    sent = channel.publish(ReplyTo(id=f"{ALONE['id']}/{asked.number}", author="anna"), "Yes <3", "t", "en")
    said = json.loads(server.requests[-1].body)
    assert said == {"chat_id": "77", "reply_parameters": {"message_id": asked.number}, "text": "Yes <3"}
    assert (sent.url, sent.text) == ("", "Yes <3")
    sent = channel.publish(None, "Bread at seven", "t2", "en")
    assert sent.url == f"https://t.me/brandnews/{sent.remote_id.partition('/')[2]}"


def test_where_no_channel_is_set_there_are_answers_and_no_posts(server: Telegram) -> None:
    with pytest.raises(Rejected, match="no channel or group"):
        telegram(server, chat="").publish(None, "Bread", "t", "en")
    with pytest.raises(Rejected, match="not there"):
        telegram(server).publish(ReplyTo(id="somewhere", author="a"), "Hi", "t", "nl")


def test_a_group_that_became_another_is_answered_there(server: Telegram) -> None:
    asked = server.say("Is there bread?")
    server.moved = True
    to = ReplyTo(id=f"{GROUP['id']}/{asked.number}", author="anna")
    sent = telegram(server).publish(to, "Yes", "t", "en")
    assert sent.remote_id.startswith("-1005550000000/")
    assert len(server.ours()) == 1


def test_who_has_blocked_the_bot_is_no_fault_of_its_key(server: Telegram) -> None:
    asked = server.say("Is there bread?", chat=ALONE)
    server.blocked = True
    with pytest.raises(Rejected, match="blocked by the user") as refused:
        telegram(server).publish(ReplyTo(id=f"77/{asked.number}", author="anna"), "Yes", "t", "en")
    assert not isinstance(refused.value, Unauthorized)


def test_nobody_can_look_for_what_was_lost_so_that_it_is_not_sent_again(server: Telegram) -> None:
    server.fails_after_doing = True
    with pytest.raises(Unknown):
        telegram(server).publish(None, "Bread", "t", "en")
    with pytest.raises(Unavailable, match="no list of its messages"):
        telegram(server).find(None, "Bread", "t", datetime.now(UTC))
    assert len(server.ours()) == 1


def test_that_a_message_stands_is_told_and_that_it_is_gone(server: Telegram) -> None:
    channel = telegram(server)
    sent = channel.publish(None, "Bread", "t", "en")
    assert channel.read_back(sent.remote_id).remote_id == sent.remote_id
    server.messages[-1].gone = True
    assert channel.read_back(sent.remote_id) is None
    assert channel.read_back("no place") is None
    assert [each.text for each in server.messages] == ["Bread"], "to look changes nothing"


def test_other_words_stand_there_from_then_on_asked_twice_the_same(server: Telegram) -> None:
    channel = telegram(server)
    sent = channel.publish(None, "Bred", "t", "en")
    for _ in range(2):
        assert channel.edit(sent.remote_id, "Bread").remote_id == sent.remote_id
    assert [each.text for each in server.ours()] == ["Bread"]
    for gone in ("-100/99", "no place"):
        with pytest.raises(Rejected, match="not"):
            channel.edit(gone, "Bread")


def picture(**fields: Any) -> Image:
    given = {"name": "a.jpg", "type": "image/jpeg", "size": 1000, "width": 10, "height": 10, "alt": "Bread"}
    return Image(**{**given, **fields}, read=lambda: b"x", address=lambda: "https://ours.example/a.jpg")


def test_an_image_goes_by_its_address_with_the_words_below_it(server: Telegram) -> None:
    channel = telegram(server)
    sent = channel.publish(None, "Bred", "t", "en", [picture()])
    assert server.messages[-1].photo == "https://ours.example/a.jpg"
    assert sent.text == "Bred"
    assert channel.edit(sent.remote_id, "Bread").text == "Bread"
    asked = len(server.requests)
    with pytest.raises(Rejected, match="with an image Telegram takes at most 1,024 characters"):
        channel.publish(None, "🥖" * 512 + "x", "t2", "en", [picture()])
    assert len(server.requests) == asked, "it is not even asked"
    channel.publish(None, "🥖" * 512, "t3", "en", [picture()])


def test_several_images_are_an_album_that_is_corrected_and_taken_back_whole(server: Telegram) -> None:
    channel = telegram(server)
    asked = server.say("Who bakes?")
    to = ReplyTo(id=f"{asked.chat['id']}/{asked.number}", author="anna")
    sent = channel.publish(to, "We do", "t", "en", [picture(), picture(), picture()])
    first, *others = server.ours()
    assert [each.text for each in server.ours()] == ["We do", "", ""]
    assert {each.reply_to for each in server.ours()} == {asked.number}
    assert sent.remote_id == f"{asked.chat['id']}/{first.number}"
    channel.edit(sent.remote_id, "We do not")
    assert first.text == "We do not"
    channel.delete(sent.remote_id)
    assert all(each.gone for each in (first, *others))
    channel.delete(sent.remote_id)


def test_what_broke_off_while_an_album_was_taken_back_goes_on(server: Telegram) -> None:
    channel = telegram(server)
    sent = channel.publish(None, "Bread", "t", "en", [picture(), picture()])
    server.fails_after_doing = True
    with pytest.raises(Unknown):
        channel.delete(sent.remote_id)
    server.fails_after_doing = False
    assert [each.text for each in server.ours()] == ["Bread"], "the one that is asked for"
    channel.delete(sent.remote_id)
    assert server.ours() == []


@pytest.mark.parametrize("result", [[], [None], {}, None])
def test_an_answer_that_is_no_album_is_unknown(server: Telegram, result: Any) -> None:
    server.answers = 200, json.dumps({"ok": True, "result": result}).encode()
    with pytest.raises(Unknown, match="not a message"):
        telegram(server).publish(None, "Bread", "t", "en", [picture(), picture()])


@pytest.mark.parametrize("images", [[picture()] * 11, [picture(type="image/gif")], [picture(size=5_000_001)]])
def test_an_image_it_does_not_take_leaves_nothing_behind(server: Telegram, images: list[Image]) -> None:
    with pytest.raises(Rejected, match=r"images? there"):
        telegram(server).publish(None, "Bread", "t", "en", images)
    assert server.requests == []


# the key -----------------------------------------------------------------------------------------------


def test_a_key_that_holds_is_told_from_one_that_does_not(server: Telegram) -> None:
    assert telegram(server).check() is None
    with pytest.raises(Unauthorized):
        telegram(server, token="123456:another").check()
    server.revoked = True
    with pytest.raises(Unauthorized):
        telegram(server).check()


def test_the_documented_rest_is_kept(server: Telegram) -> None:
    server.answers = 429, (DATA / "telegram_rate_limited.json").read_bytes()
    with pytest.raises(RateLimited) as refused:
        telegram(server).check()
    assert refused.value.retry_after == 35


@pytest.mark.parametrize("harm", ["refuses", "revoked", "blocked", "fails_after_doing"])
def test_no_error_tells_the_token(server: Telegram, harm: str) -> None:
    setattr(server, harm, True)
    with pytest.raises(PlatformError) as refused:
        telegram(server).publish(None, "Bread", "t", "en")
    assert "fake" not in str(refused.value)


def test_how_much_room_there_is_needs_no_key() -> None:
    assert platform("telegram", {"account": US}, {}, Http()).room() == 4096


@pytest.mark.parametrize("token", ["x", "123456:", "123456:a/b", "../x:y", "1:a?b"])
def test_what_is_no_token_is_bad_input(token: str) -> None:
    with pytest.raises(BadInput, match="token"):
        platform("telegram", {"account": US}, {"token": token}, Http())


def test_length_is_that_of_utf_16(server: Telegram) -> None:
    channel = telegram(server)
    assert channel.length("  " + "🥖" * 2048 + "\n") == 4096 == channel.room()
    assert channel.publish(None, "🥖" * 2048, "t", "en").text
    with pytest.raises(Rejected, match="too long"):
        channel.publish(None, "🥖" * 2048 + "x", "t", "en")


def test_whose_pace_it_keeps_is_the_bots() -> None:
    assert module.account({"account": "@Brand_Bot"}) == module.account({"account": "brand_bot"}) == US


def test_anna_is_who_she_says(server: Telegram) -> None:
    server.say("@brand_bot Hi")
    (found,) = telegram(server).listen("").found
    assert found.author == Author(id=str(ANNA["id"]), handle="anna", name="Anna", url="https://t.me/anna")
