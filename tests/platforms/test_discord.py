"""Discord, beyond what every network promises (test_contract.py)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.mention import Author
from chalicelib.domain.pace import Limit
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
from chalicelib.platforms import discord as module
from chalicelib.platforms._chat_api import ChatApi
from chalicelib.platforms._discord_threads import Thread, with_news
from chalicelib.platforms._discord_views import escaped, found, plain, snowflake, unescaped
from chalicelib.platforms._text import tidy
from chalicelib.ports import ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.peer_discord import discord, served
from tests.platforms.peers import platform
from tests.servers.discord import ANNA, CHANNEL, GUILD, OTHER, TOKEN, US, Discord

DATA = Path(__file__).parent.parent / "data/platforms"
ID = "175928847299117063"
"""Of 2016-04-30 11:18:25.796, as Discord's documentation has it."""
ENDS = f"https://discord.com/channels/{GUILD}/{CHANNEL}"


@pytest.fixture
def server() -> Iterator[Discord]:
    with served() as running:
        yield running


def message(**fields: Any) -> dict[str, Any]:
    given = {
        "id": ID,
        "channel_id": CHANNEL,
        "type": 0,
        "author": ANNA,
        "content": "Supa Hot",
        "timestamp": "2016-04-30T11:18:25.796000+00:00",
        "mentions": [],
    }
    return {**given, **fields}


def read(**fields: Any) -> Any:
    return found(message(**fields), GUILD, US["id"])


def texts(server: Discord, cursor: str = "") -> list[str]:
    return [each.text for each in discord(server).listen(cursor).found]


# in ----------------------------------------------------------------------------------------------------


def test_a_message_has_who_when_and_where() -> None:
    heard = read()
    assert (heard.id, heard.text, heard.direct) == (f"{CHANNEL}/{ID}", "Supa Hot", False)
    assert heard.author == Author(
        id=ANNA["id"], handle="anna", name="Anna", url=f"https://discord.com/users/{ANNA['id']}"
    )
    assert heard.posted_at == datetime(2016, 4, 30, 11, 18, 25, 796000, UTC)
    assert heard.url == f"{ENDS}/{ID}"
    assert read(timestamp=None).posted_at == datetime(2016, 4, 30, 11, 18, 25, 796000, UTC), (
        "its number tells"
    )


def test_for_us_is_what_names_us_or_answers_us(server: Discord) -> None:
    ours = discord(server).publish(None, "Bread at seven", "t", "en")
    server.say("Nice!", reference=ours.remote_id.partition("/")[2])
    server.say(f"<@{US['id']}> more?")
    server.say(f"<@!{ANNA['id']}> look")
    server.say("Bread!")
    heard = discord(server).listen("").found
    assert [each.text for each in heard] == ["Nice!", "@brandbot more?", "@anna look", "Bread!"]
    assert [each.direct for each in heard] == [True, True, False, False]
    assert [each.reply_to for each in heard] == [ours.remote_id, "", "", ""]


def test_what_was_changed_before_we_read_it_says_so() -> None:
    heard = read(edited_timestamp="2017-07-11T17:30:00+00:00")
    assert (heard.edited, heard.as_of) == (True, datetime(2017, 7, 11, 17, 30, tzinfo=UTC))


def test_bots_webhooks_and_discord_itself_are_not_heard(server: Discord) -> None:
    server.say("Deployed", {**ANNA, "bot": True})
    server.say("Alert", webhook_id="1")
    server.say("", type=7)
    server.say("Bread!")
    assert texts(server) == ["Bread!"]


@pytest.mark.parametrize(
    "strange",
    [
        {"id": None},
        {"id": "x"},
        {"id": 5},
        {"channel_id": ["1"]},
        {"author": None},
        {"author": {"id": "x"}},
        {"content": None},
        {"content": ["x"]},
        {"content": "\u200b"},
        {"type": "0"},
    ],
)
def test_what_is_no_message_is_passed_over(server: Discord, strange: dict[str, Any]) -> None:
    server.answers = 200, json.dumps([message(**strange), None, "x", message(content="bread")]).encode()
    assert texts(server) == ["bread"]


@pytest.mark.parametrize("strange", [{"mentions": "x"}, {"mentions": [None]}, {"referenced_message": 3}])
def test_what_is_strange_beside_the_words_loses_none(strange: dict[str, Any]) -> None:
    assert read(**strange).text == "Supa Hot"


@pytest.mark.parametrize("body", [b"{}", b"null", b"<html>", b"", b"\xff"])
def test_what_is_no_answer_is_a_failure_and_not_silence(server: Discord, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        discord(server).listen("")
    with pytest.raises(Unavailable):
        discord(server).check()


def test_a_bot_that_is_given_no_words_says_so_and_is_not_deaf_in_silence(server: Discord) -> None:
    server.mute = True
    server.say("Bread!")
    with pytest.raises(Rejected, match="Message Content Intent"):
        discord(server).listen("")
    server.say(f"<@{US['id']}> bread?")
    assert texts(server) == ["@brandbot bread?"], "one without words may be a picture of tomorrow"


def test_a_picture_alone_is_no_fault(server: Discord) -> None:
    server.say("", attachments=[{"filename": "a.jpg"}])
    page = discord(server).listen("")
    assert (page.found, page.cursor) == ((), server.messages[0].id)


def test_what_was_there_long_before_us_is_not_read_back_to_its_beginning(server: Discord) -> None:
    for n in range(130):
        server.say(f"Message {n}")
    page = discord(server).listen("")
    assert (len(page.found), page.found[0].text, page.more) == (100, "Message 30", False)


# threads -----------------------------------------------------------------------------------------------


def test_what_is_said_in_threads_is_one_conversation_with_what_they_hang_on(server: Discord) -> None:
    first, ours = server.say("Who bakes?"), server.say("Fresh bread", US)
    cursor = discord(server).listen("").cursor
    theirs, below = server.begin(first), server.begin(ours)
    server.say("We do", channel=theirs)
    server.say("Good!", channel=below)
    server.say("In the channel")
    answer = server.say("You do?", channel=theirs)
    server.say("We do.", channel=theirs, reference=answer.id)
    server.say("Thanks", US, channel=theirs)
    page = discord(server).listen(cursor)
    assert [(each.text, each.reply_to, each.direct) for each in page.found] == [
        ("We do", f"{CHANNEL}/{first.id}", False),
        ("Good!", f"{CHANNEL}/{ours.id}", True),
        ("In the channel", "", False),
        ("You do?", f"{CHANNEL}/{first.id}", False),
        ("We do.", f"{CHANNEL}/{first.id}", False),
    ]
    assert page.found[0].url == f"https://discord.com/channels/{GUILD}/{theirs}/{server.messages[2].id}"
    assert texts(server, page.cursor) == []
    server.say("Still here?", channel=theirs)
    assert texts(server, page.cursor) == ["Still here?"]


def test_who_writes_in_a_thread_is_answered_there(server: Discord) -> None:
    thread = server.begin(server.say("Who bakes?"))
    asked = server.say("You?", channel=thread)
    to, channel = ReplyTo(id=f"{thread}/{asked.id}", author="anna"), discord(server)
    sent = channel.publish(to, "We do", "t", "en")
    assert server.ours()[0].channel == thread
    assert channel.find(to, "We do", "t2", datetime.now(UTC)) == sent == channel.read_back(sent.remote_id)


def test_a_thread_that_hangs_on_nothing_is_a_conversation_of_its_own(server: Discord) -> None:
    server.say("Hello")
    cursor = discord(server).listen("").cursor
    thread = server.begin()
    server.say("Who bakes?", channel=thread)
    (found,) = discord(server).listen(cursor).found
    assert found.reply_to == f"{thread}/{thread}"


def test_threads_of_others_and_private_ones_are_not_read(server: Discord) -> None:
    cursor = discord(server).listen("").cursor
    first, other = server.say("Hello"), server.say("Hello", channel=OTHER)
    server.say("not for all", channel=server.begin(first, kind=12))
    server.say("elsewhere", channel=server.begin(other, OTHER))
    assert texts(server, cursor) == ["Hello"]


def test_a_busy_thread_is_read_whole_and_nothing_beside_it_is_lost(server: Discord) -> None:
    first, second = server.say("One"), server.say("Two")
    cursor = discord(server).listen("").cursor
    busy, quiet = server.begin(first), server.begin(second)
    said = []
    for n in range(230):
        said.append(server.say(f"busy {n}", channel=busy).content)
        if n % 50 == 0:
            said.append(server.say(f"quiet {n}", channel=quiet).content)
            said.append(server.say(f"channel {n}").content)
    heard: list[str] = []
    more = True
    while more:
        page = discord(server).listen(cursor)
        heard += [each.text for each in page.found if each.text not in heard]
        cursor, more = page.cursor, page.more
    assert sorted(heard) == sorted(said)
    assert texts(server, cursor) == []


@pytest.mark.parametrize("threads", [None, {}, "x"])
def test_a_list_of_threads_that_is_none_is_a_failure(server: Discord, threads: object) -> None:
    api = ChatApi(Http(allow=frozenset({(server.host, server.port)})), "discord", server.url, {}, NOTHING)
    server.answers = 200, json.dumps({"threads": threads}).encode()
    with pytest.raises(Unavailable, match="threads"):
        with_news(api, GUILD, CHANNEL, 0)


@pytest.mark.parametrize("odd", [None, 3, {"id": "x"}, {"last_message_id": None}, {"last_message_id": "x"}])
def test_what_is_no_thread_is_passed_over(server: Discord, odd: Any) -> None:
    api = ChatApi(Http(allow=frozenset({(server.host, server.port)})), "discord", server.url, {}, NOTHING)
    good = {"id": "2", "parent_id": CHANNEL, "type": 11, "last_message_id": "9"}
    given = [{**good, **odd} if isinstance(odd, dict) else odd, good]
    server.answers = 200, json.dumps({"threads": given}).encode()
    assert with_news(api, GUILD, CHANNEL, 0) == [Thread("2", 9)]


def NOTHING(status: int, told: Any, unclear: Any) -> None:
    return None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "**bold** *slanted* _too_ __under__ ~~gone~~ ||hidden|| `code`",
            "bold slanted too under gone hidden code",
        ),
        ("***both*** **a *b* c**", "both a b c"),
        ("# Title\n> quoted\n-# small\n>>> all", "Title\nquoted\nsmall\nall"),
        ("<@1> <@!1> <@2> <@&3> <#4>", "@anna @anna @2 @3 #4"),
        ("<:bread:12> <a:wave:34>", ":bread: :wave:"),
        ("<t:1499794027> <t:1499794027:R>", "2017-07-11 17:27 UTC 2017-07-11 17:27 UTC"),
        ("[our page](https://a.example/x) <https://b.example/_x_> https://c.example/*x*", None),
        (r"\*no\* ¯\_(ツ)\_/¯ 2 * 3 * 4 snake_case_name", "*no* ¯_(ツ)_/¯ 2 * 3 * 4 snake_case_name"),
        ("```py\nx = 1\n```", "py\nx = 1"),
        ("a <b>b</b> & c < d", "a <b>b</b> & c < d"),
        ("<t:99999999999>", "<t:99999999999>"),
    ],
)
def test_markup_becomes_words(said: str, shown: str | None) -> None:
    assert plain(said, {"1": "anna"}) == (shown or "our page https://b.example/_x_ https://c.example/*x*")


def test_links_behind_words_are_kept() -> None:
    assert read(content="[here](https://a.example/?x=1) https://b.example").links == (
        "https://a.example/?x=1",
    )


# out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# Nieuws\n- een\n5. vijf\n> zei hij", "\\# Nieuws\n\\- een\n5\\. vijf\n\\> zei hij"),
        ("#brood -5 graden, 1.5 > 1", "#brood -5 graden, 1.5 > 1"),
        ("5*3*2 __init__ ||geheim||", "5\\*3\\*2 \\_\\_init\\_\\_ \\|\\|geheim\\|\\|"),
        ("[gratis](https://x.example) <#5> <@123>", "\\[gratis](https://x.example) \\<#5> \\<@123>"),
        ("C:\\*.* `rm` ~~x~~", "C:\\\\\\*.\\* \\`rm\\` \\~\\~x\\~\\~"),
        ("https://a.example/_b_*c*.", "https://a.example/_b_*c*."),
    ],
)
def test_what_looks_like_style_is_shown_as_it_was_written(server: Discord, text: str, written: str) -> None:
    """And so it is known again, and counted."""
    channel, since = discord(server), datetime.now(UTC)
    sent = channel.publish(None, text, "t", "nl")
    assert [each.content for each in server.ours()] == [written]
    assert channel.find(None, text, "t", since) == channel.read_back(sent.remote_id) == sent
    assert (sent.text, channel.length(text)) == (text, len(written))
    assert channel.edit(sent.remote_id, f"{text} *nu*").text == f"{text} *nu*"
    assert [each.content for each in server.ours()] == [rf"{written} \*nu\*"]


@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.text("ab \n\\*_#->[]()<1. ", max_size=30).map("https://{0} {0}https://{0}".format)
)
def test_whatever_is_sent_is_read_as_it_was_written(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(st.text("ab \n*_#->[](1.|`~", max_size=30))
def test_nothing_that_is_sent_is_read_as_style(text: str) -> None:
    """By our own reading of Discord's markup."""
    assert plain(escaped(text), {}) == tidy(text)


def test_an_answer_names_what_it_answers_and_calls_nobody_else(server: Discord) -> None:
    asked = server.say("Who bakes?", channel=OTHER)
    sent = discord(server).publish(
        ReplyTo(id=f"{OTHER}/{asked.id}", author="anna"), "@everyone we do", "t", "en"
    )
    said = json.loads(server.requests[-1].body)
    assert said["message_reference"] == {"message_id": asked.id}
    assert said["allowed_mentions"] == {"parse": [], "replied_user": True}
    assert sent.url == f"https://discord.com/channels/{GUILD}/{OTHER}/{sent.remote_id.partition('/')[2]}"


def test_what_answers_nothing_any_more_is_not_sent_at_all(server: Discord) -> None:
    with pytest.raises(Rejected, match="Unknown message"):
        discord(server).publish(ReplyTo(id=f"{CHANNEL}/5", author="anna"), "We do", "t", "en")
    with pytest.raises(Rejected, match="not there"):
        discord(server).publish(ReplyTo(id="somewhere", author="anna"), "We do", "t", "en")
    assert server.ours() == []


def test_once_it_forgot_our_name_for_it_a_lost_message_is_found_by_its_words(server: Discord) -> None:
    for n in range(150):
        server.say(f"Message {n}")
    server.fails_after_doing = True
    with pytest.raises(Unknown):
        discord(server).publish(None, "Bread ", "t", "en")
    server.forgets, server.fails_after_doing = True, False
    since = datetime.now(UTC) - timedelta(minutes=1)
    channel = discord(server)
    found = channel.find(None, "Bread ", "t", since)
    assert found
    assert found.remote_id == f"{CHANNEL}/{server.ours()[0].id}"
    assert channel.find(None, "Bread", "t", since, lambda id: id != found.remote_id) is None
    assert channel.find(None, "Bread", "t", datetime.now(UTC) + timedelta(hours=1)) is None


def test_where_too_much_was_said_since_nothing_is_guessed(server: Discord) -> None:
    for n in range(1_001):
        server.say(f"Message {n}")
    with pytest.raises(Unavailable, match="too much"):
        discord(server).find(None, "Bread", "t", datetime.now(UTC) - timedelta(hours=1))


def test_other_words_stand_there_from_then_on_asked_twice_the_same(server: Discord) -> None:
    channel = discord(server)
    sent = channel.publish(None, "Bred", "t", "en")
    for _ in range(2):
        assert channel.edit(sent.remote_id, "Bread").text == "Bread"
    assert channel.read_back(sent.remote_id).text == "Bread"
    for gone in (f"{CHANNEL}/5", "no place"):
        with pytest.raises(Rejected, match=r"Unknown Message|not there"):
            channel.edit(gone, "Bread")


def picture(**fields: Any) -> Image:
    given = {"name": "a", "type": "image/jpeg", "size": 9, "width": 10, "height": 10, "alt": "A loaf"}
    return Image(**{**given, **fields}, read=lambda: b"\xff\xd8\r\n--x", address=lambda: "")


def test_images_go_with_it_and_say_what_they_show(server: Discord) -> None:
    sent = discord(server).publish(
        None, "Brood & kéés", "t", "nl", [picture(), picture(type="image/png", alt="")]
    )
    assert server.ours()[0].files == [("image0.jpeg", "A loaf"), ("image1.png", "")]
    assert sent.text == "Brood & kéés"
    assert b"\xff\xd8\r\n--x\r\n--webspin-" in server.requests[-1].body


@pytest.mark.parametrize(
    "images",
    [
        [picture()] * 11,
        [picture(), picture(type="image/tiff")],
        [picture(size=10 * 1024 * 1024 + 1)],
        [picture(alt="x" * 1025)],
    ],
)
def test_an_image_it_does_not_take_leaves_nothing_behind(server: Discord, images: list[Image]) -> None:
    with pytest.raises(Rejected, match="there"):
        discord(server).publish(None, "Bread", "t", "en", images)
    assert server.requests == []


# its errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "told", "word", "said"),
    [
        (401, {"message": "401: Unauthorized", "code": 0}, Unauthorized, "401: Unauthorized"),
        (403, {"message": "Missing Access", "code": 50001}, Rejected, "Missing Access"),
        (404, {"message": "Unknown Channel", "code": 10003}, Rejected, "Unknown Channel"),
        (
            400,
            {"message": "Invalid Form Body", "errors": {"a": {"b": {"_errors": []}}}},
            Rejected,
            "Invalid Form",
        ),
        (400, {"errors": {"a": {"_errors": [{"message": "too long"}]}}}, Rejected, "too long"),
        (405, None, Rejected, "HTTP 405"),
        (500, {"message": "oops"}, Unavailable, "HTTP 500"),
        (408, None, Unavailable, "HTTP 408"),
    ],
)
def test_each_error_has_its_word(
    server: Discord, status: int, told: object, word: type[PlatformError], said: str
) -> None:
    server.answers = status, json.dumps(told).encode()
    with pytest.raises(PlatformError, match=said) as refused:
        discord(server).listen("")
    assert type(refused.value) is word


def test_the_documented_rest_is_kept(server: Discord) -> None:
    limited = json.loads((DATA / "discord_webhook_execute.json").read_text())["rate_limited"]
    server.answers = limited["status"], json.dumps(limited["body"]).encode()
    with pytest.raises(RateLimited) as refused:
        discord(server).check()
    assert refused.value.retry_after == 64.57


def test_what_is_left_of_one_place_is_not_taken_for_all(server: Discord) -> None:
    assert discord(server).listen("").quota is None
    assert Limit(50, timedelta(seconds=1)) == module.LIMIT


def test_anothers_message_is_not_ours_to_take_away(server: Discord) -> None:
    theirs = server.say("Bread")
    with pytest.raises(Rejected, match="Missing Permissions"):
        discord(server).delete(f"{CHANNEL}/{theirs.id}")


def test_a_key_that_holds_is_told_from_one_that_does_not(server: Discord) -> None:
    assert discord(server).check() is None
    with pytest.raises(Unauthorized):
        discord(server, token="another").check()


@pytest.mark.parametrize(
    "link",
    [
        ENDS,
        f"{ENDS}/",
        f"{ENDS}/{ID}",
        f"https://ptb.discord.com/channels/{GUILD}/{CHANNEL}",
        f"https://discordapp.com/channels/{GUILD}/{CHANNEL}",
    ],
)
def test_a_link_says_server_and_channel(link: str) -> None:
    assert module.account({"link": link}) == GUILD
    assert platform("discord", {"link": link}, {"token": TOKEN}, Http())


@pytest.mark.parametrize(
    "link",
    [
        "",
        CHANNEL,
        "https://discord.gg/x",
        "https://evil.example/channels/1/2",
        f"https://discord.com/channels/@me/{ID}",
    ],
)
def test_what_is_no_link_of_a_channel_is_bad_input(link: str) -> None:
    assert module.account({"link": link}) == ""
    with pytest.raises(BadInput, match="link"):
        platform("discord", {"link": link}, {"token": TOKEN}, Http())


def test_ids_of_a_moment_begin_with_it() -> None:
    at = datetime(2016, 4, 30, 11, 18, 25, 796000, UTC)
    assert int(snowflake(at)) <= int(ID) < int(snowflake(at + timedelta(milliseconds=1)))
    assert snowflake(datetime(2001, 1, 1, tzinfo=UTC)) == "0"
