"""Slack, beyond what every network promises (test_contract.py)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from chalicelib.platforms import leaves_out, slack as module
from chalicelib.platforms._chat_api import ChatApi
from chalicelib.platforms._oauth import Client
from chalicelib.platforms._slack_files import upload
from chalicelib.platforms._slack_views import plain
from chalicelib.ports import ReplyTo
from tests.platforms.peer_slack import Called, served, slack
from tests.platforms.peers import platform
from tests.platforms.pictures import image
from tests.servers.slack import APP, CHANNEL, OTHER, TOKEN, US, Slack

DATA = Path(__file__).parent.parent / "data/platforms"
SAMPLE: dict[str, Any] = json.loads((DATA / "slack_app_mention.json").read_text())


@pytest.fixture
def server() -> Iterator[Slack]:
    with served() as running:
        yield running


def call(**event: Any) -> dict[str, Any]:
    given = {**SAMPLE["event"], **event}
    return {**SAMPLE, "event": {name: value for name, value in given.items() if value is not ...}}


def heard(value: object) -> Any:
    (found,) = module.heard({}, value)
    return found


# in ----------------------------------------------------------------------------------------------------


def test_the_documented_event_is_the_mention_it_tells_of() -> None:
    found = heard(SAMPLE)
    assert (found.platform, found.id) == ("slack", "C123ABC456/1515449522.000016")
    assert found.text == "What is the hour of the pearl, @U0LAN0Z89?"
    assert found.author == Author(id="U123ABC456", handle="U123ABC456")
    assert found.posted_at == datetime(2018, 1, 8, 22, 12, 2, 16, tzinfo=UTC)
    assert (found.direct, found.reply_to) == (True, "")
    assert found.url == (
        "https://slack.com/app_redirect?team=T123ABC456&channel=C123ABC456&message_ts=1515449522.000016"
    )


def test_a_message_that_names_us_is_told_twice_and_is_one() -> None:
    assert heard(call(type="message", channel_type="channel")) == heard(SAMPLE)


def test_a_source_that_slack_calls_reads_what_it_sends() -> None:
    ear = platform("webhook", {"scheme": "slack"}, {}, Http())
    (found,) = ear.hear({}, json.dumps(SAMPLE).encode())
    assert found == heard(SAMPLE)
    assert leaves_out("webhook", {"scheme": "slack"})[:2] == module.UNTOLD


def test_what_stands_in_a_thread_answers_what_began_it(server: Slack) -> None:
    first = server.say("Who bakes?")
    server.say("I do.", "U2", thread=first.ts)
    question, answer = Called(server).listen("").found
    assert (answer.id, answer.reply_to) == (
        f"{CHANNEL}/{first.ts}/{server.messages[1].ts}",
        f"{CHANNEL}/{first.ts}",
    )
    assert (question.id, question.reply_to) == (f"{CHANNEL}/{first.ts}", "")
    assert heard(call(thread_ts=SAMPLE["event"]["ts"])).id == heard(SAMPLE).id


@pytest.mark.parametrize(
    ("event", "direct"),
    [
        ({"type": "message", "text": "Bread!"}, False),
        ({"type": "message", "text": "Bread, <@U0LAN0Z89|brand>?"}, True),
        ({"type": "message", "text": "Bread, <@U0OTHER>?"}, False),
        ({"type": "message", "text": "Bread!", "channel_type": "im"}, True),
        ({"type": "message", "text": "Nice!", "thread_ts": "1515449000.000001", "parent_user_id": US}, True),
        (
            {"type": "message", "text": "Nice!", "thread_ts": "1515449000.000001", "parent_user_id": "U1"},
            False,
        ),
    ],
)
def test_what_is_for_us(event: dict[str, Any], direct: bool) -> None:
    assert heard(call(**event)).direct is direct


def test_who_is_named_in_the_event_is_called_so() -> None:
    profile = {"display_name": "", "real_name": "Anna de Vries", "name": "anna"}
    found = heard(call(user_profile=profile))
    assert found.author == Author(id="U123ABC456", handle="Anna de Vries", name="Anna de Vries")


def test_what_its_author_changes_is_so_and_what_only_looks_different_is_not() -> None:
    message = {**SAMPLE["event"], "type": "message", "text": "better", "edited": {"ts": "1515449600.000000"}}
    event = {"type": "message", "subtype": "message_changed", "message": message, "text": ..., "user": ...}
    found = heard(call(**event))
    assert (found.id, found.text, found.edited) == (heard(SAMPLE).id, "better", True)
    assert found.as_of == datetime(2018, 1, 8, 22, 13, 20, tzinfo=UTC)
    del message["edited"]  # a link is shown with what it leads to
    assert module.heard({}, call(**event)) == ()


@pytest.mark.parametrize("thread", ["", "1515449000.000001"])
def test_what_is_removed_is_gone(thread: str) -> None:
    more = {"thread_ts": thread} if thread else {}
    was = {**SAMPLE["event"], **more}
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "deleted_ts": was["ts"],
        "text": ...,
        "user": ...,
    }
    found = heard(call(**event, previous_message=was, event_ts="1515449700.000000"))
    assert (found.id, found.gone, found.text) == (heard(call(**more)).id, True, "")
    assert found.as_of == datetime(2018, 1, 8, 22, 15, tzinfo=UTC)
    tombstone = {"type": "message", "subtype": "message_changed", "message": {**was, "subtype": "tombstone"}}
    assert heard(call(**tombstone)).gone


def test_without_what_it_was_a_removed_message_is_known_by_its_moment() -> None:
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "deleted_ts": SAMPLE["event"]["ts"],
        "ts": "1.2",
    }
    assert heard(call(**event)).id == heard(SAMPLE).id


def test_we_do_not_hear_ourselves_nor_other_apps(server: Slack) -> None:
    slack(server).publish(None, "Bread at seven", "t", "en")
    server.say("Deployed", "U9", bot_id="B9")
    server.say("Deployed", "U9", subtype="bot_message")
    server.say("Hello", US)
    assert len(server.events) == 4
    assert Called(server).listen("").found == ()
    assert server.events[0]["event"]["bot_id"] == APP


@pytest.mark.parametrize(
    "event",
    [
        {"type": "reaction_added"},
        {"type": "message", "subtype": "channel_join"},
        {"type": "message", "subtype": "message_changed", "message": None},
        {"type": "message", "subtype": "message_deleted", "deleted_ts": None},
        {"text": ""},
        {"text": None},
        {"user": ...},
        {"ts": "1515449522"},
        {"ts": 1515449522.000016},
        {"channel": "a/b"},
        {"channel": None},
        {"thread_ts": "x"},
    ],
)
def test_what_is_no_message_of_a_person_is_passed_over(event: dict[str, Any]) -> None:
    assert module.heard({}, call(**event)) == ()


@pytest.mark.parametrize(
    "value",
    [None, [], "x", {}, {"type": "event_callback"}, {"type": "app_rate_limited", "minute_rate_limited": 1}],
)
def test_a_call_that_tells_of_no_event_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="type"):
        module.heard({}, value)


@pytest.mark.parametrize("authorizations", [None, "x", [None], [{"is_bot": True}]])
def test_strange_authorizations_lose_no_message(authorizations: object) -> None:
    assert heard({**SAMPLE, "authorizations": authorizations}).text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<@U1> and <@U1|anna>", "@U1 and @anna"),
        ("in <#C1|bread> or <#C1>", "in #bread or #C1"),
        ("<!here> <!channel|channel> <!subteam^S1|@bakers>", "@here @channel @bakers"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("<https://a.example/x_y_z|our page>, <https://a.example/_x_?a=1&amp;b=*2*>", None),
        ("<mailto:a@b.example|a@b.example> <mailto:a@b.example>", "a@b.example a@b.example"),
        ("*bold* _slanted_ ~gone~ `code` *_both_*", "bold slanted gone code both"),
        ("*<https://a.example|here>*", "here"),
        ("2 * 3 * 4, snake_case_name, ~/bin ~/etc", "2 * 3 * 4, snake_case_name, ~/bin ~/etc"),
        ("```\nsome code\n```", "some code"),
        ("a &lt;b&gt; &amp; &amp;lt;", "a <b> & &lt;"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("<", "<"),
    ],
)
def test_markup_becomes_words(said: str, shown: str | None) -> None:
    assert plain(said) == (shown or "our page, https://a.example/_x_?a=1&b=*2*")


def test_links_behind_words_are_kept() -> None:
    found = heard(
        call(text="<https://a.example/?a=1&amp;b=2|here> <https://b.example> <mailto:a@b.example|me>")
    )
    assert found.links == ("https://a.example/?a=1&b=2",)


# out ---------------------------------------------------------------------------------------------------


def test_an_answer_stands_in_the_thread_and_a_post_in_the_channel(server: Slack) -> None:
    first = server.say("Who bakes?", channel=OTHER)
    below = server.say("Yes, who?", "U2", channel=OTHER, thread=first.ts)
    channel = slack(server)
    for at in (f"{OTHER}/{first.ts}", f"{OTHER}/{first.ts}/{below.ts}"):
        sent = channel.publish(ReplyTo(id=at, author="U1"), "We do.", at, "en")
        said = json.loads(server.requests[-1].body)
        assert (said["channel"], said["thread_ts"]) == (OTHER, first.ts)
        assert sent.remote_id.startswith(f"{OTHER}/{first.ts}/")
    channel.publish(None, "Bread", "t", "en")
    said = json.loads(server.requests[-1].body)
    assert (said["channel"], "thread_ts" in said) == (CHANNEL, False)


def test_nobody_is_called_by_what_we_write(server: Slack) -> None:
    sent = slack(server).publish(None, "<!channel> & <@U1>", "t", "en")
    assert server.ours()[0].text == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert sent.text == "<!channel> & <@U1>"


def test_signs_of_style_are_signs_in_a_message_and_in_what_it_becomes(server: Slack) -> None:
    sent = slack(server).publish(None, "*bread*", "t", "en")
    slack(server).edit(sent.remote_id, "*bread* _today_")
    written = [each for each in server.requests if each.path in ("/chat.postMessage", "/chat.update")]
    assert [json.loads(each.body)["mrkdwn"] for each in written] == [False, False]


def test_an_image_is_shown_beside_words_that_lead_where_they_say_and_are_no_markup(server: Slack) -> None:
    channel = slack(server)
    sent = channel.publish(None, "*Bread* (https://a.example/b_(c)). Now", "t", "en", [image()])
    words, shown = json.loads(server.requests[-1].body)["blocks"]
    assert channel.read_back(sent.remote_id) == sent
    assert words["elements"][0]["elements"] == [
        {"type": "text", "text": "*Bread* ("},
        {"type": "link", "url": "https://a.example/b_(c)"},
        {"type": "text", "text": "). Now"},
    ]
    assert shown == {"type": "image", "slack_file": {"id": "F00000000"}, "alt_text": "A loaf"}
    assert server.files["F00000000"]["bytes"] == image().read()
    assert server.files["F00000000"]["alt"] == "A loaf"


def test_a_correction_of_words_leaves_the_images_and_their_order(server: Slack) -> None:
    channel = slack(server)
    sent = channel.publish(None, "Bred", "t", "en", [image(), image(b"x", alt="A queue")])
    channel.edit(sent.remote_id, "Bread")
    words, *shown = server.ours()[0].blocks
    assert words["elements"][0]["elements"] == [{"type": "text", "text": "Bread"}]
    assert [each["alt_text"] for each in shown] == ["A loaf", "A queue"]
    assert all(each.keys() == {"type", "slack_file", "alt_text"} for each in shown)


def test_an_image_that_slack_still_looks_through_is_waited_for(server: Slack) -> None:
    channel, waited = slack(server), list[float]()
    channel._sleep = waited.append
    server.busy = 2
    assert channel.publish(None, "Bread", "t", "en", [image()])
    assert waited == [1.0, 2.0]
    server.busy = 100
    with pytest.raises(Unavailable, match="busy"):
        channel.publish(None, "Cake", "t2", "en", [image()])
    assert len(server.ours()) == 1
    with pytest.raises(Rejected, match="no_text"):
        channel.publish(None, "", "t3", "en")


@pytest.mark.parametrize("answer", [b'{"ok": true}', b'{"ok": true, "upload_url": 3, "file_id": "F1"}'])
def test_what_is_no_place_for_an_image_has_published_nothing(server: Slack, answer: bytes) -> None:
    files = ChatApi(server_http(server), "slack", server.url, {}, lambda *_: None)
    server.answers = 200, answer
    with pytest.raises(Unavailable, match="place"):
        upload(files, server_http(server), image())


def test_an_image_that_was_not_taken_has_published_nothing(server: Slack) -> None:
    server.takes_images = False
    with pytest.raises(Unavailable, match="not taken"):
        slack(server).publish(None, "Bread", "t", "en", [image()])
    assert server.ours() == []


def server_http(server: Slack) -> Http:
    return Http(allow=frozenset({(server.host, server.port)}))


def test_a_lost_message_is_found_however_busy_its_channel(server: Slack) -> None:
    server.fails_after_doing = True
    with pytest.raises(Unknown):
        slack(server).publish(None, "Bread", "t", "en")
    for n in range(450):
        server.say(f"Message {n}")
    since = datetime.now(UTC) - timedelta(minutes=1)
    found = slack(server).find(None, "Bread", "t", since)
    assert found
    assert found.text == "Bread"
    assert slack(server).find(None, "Bread", "another", since) is None


def test_where_no_channel_is_set_there_are_answers_and_no_posts(server: Slack) -> None:
    channel = slack(server, channel="")
    with pytest.raises(Rejected, match="no channel is set"):
        channel.publish(None, "Bread", "t", "en")
    assert channel.find(None, "Bread", "t", datetime.now(UTC)) is None
    asked = server.say("Who bakes?")
    assert channel.publish(ReplyTo(id=f"{CHANNEL}/{asked.ts}", author="U1"), "We do.", "t", "en").remote_id
    with pytest.raises(Rejected, match="not there"):
        channel.publish(ReplyTo(id="somewhere", author="a"), "Hi", "t", "nl")


def test_who_did_not_look_through_all_says_so_and_posts_all_the_same(
    server: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(module, "PAGES", 2)
    for n in range(5):
        server.say(f"Bread {n}")
    channel = slack(server)
    with pytest.raises(Unavailable, match="look through"):
        channel.find(None, "Fresh bread", "t", datetime.now(UTC) - timedelta(minutes=5))
    assert channel.publish(None, "Fresh bread", "t", "en").text == "Fresh bread"


def test_a_thread_that_is_gone_holds_nothing_of_ours(server: Slack) -> None:
    to = ReplyTo(id=f"{CHANNEL}/1.000001", author="U1")
    assert slack(server).find(to, "Hi", "t", datetime.now(UTC)) is None
    assert slack(server).read_back(f"{CHANNEL}/1.000001/2.000001") is None
    assert slack(server).read_back("no place") is None


def test_other_words_stand_there_from_then_on_asked_twice_the_same(server: Slack) -> None:
    channel = slack(server)
    sent = channel.publish(None, "Bred", "t", "en")
    for _ in range(2):
        assert channel.edit(sent.remote_id, "Bread & butter").remote_id == sent.remote_id
    assert channel.read_back(sent.remote_id).text == "Bread & butter"
    assert channel.find(None, "Bred", "t", datetime.now(UTC)) is not None, "and is ours still"
    for gone in (f"{CHANNEL}/1.000001", "no place"):
        with pytest.raises(Rejected, match="not"):
            channel.edit(gone, "Bread")


def test_anothers_message_is_not_ours_to_take_away(server: Slack) -> None:
    theirs = server.say("Bread")
    with pytest.raises(Rejected, match="cant_delete_message"):
        slack(server).delete(f"{CHANNEL}/{theirs.ts}")


# its errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "word"),
    [
        ("invalid_auth", Unauthorized),
        ("not_authed", Unauthorized),
        ("account_inactive", Unauthorized),
        ("token_revoked", Unauthorized),
        ("token_expired", Unauthorized),
        ("missing_scope", Unauthorized),
        ("channel_not_found", Rejected),
        ("not_in_channel", Rejected),
        ("is_archived", Rejected),
        ("msg_too_long", Rejected),
        ("an_error_of_tomorrow", Rejected),
        ("ratelimited", RateLimited),
        ("internal_error", Unavailable),
        ("fatal_error", Unavailable),
        ("service_unavailable", Unavailable),
    ],
)
def test_each_error_has_its_word(server: Slack, error: str, word: type[PlatformError]) -> None:
    server.broken = error
    with pytest.raises(PlatformError) as refused:
        slack(server).check()
    assert type(refused.value) is word


def test_a_scope_that_is_missing_is_named(server: Slack) -> None:
    server.lacks = "channels:history"
    with pytest.raises(Unauthorized, match="missing_scope: channels:history"):
        slack(server).publish(None, "Bread", "t", "en")


def test_an_error_of_slacks_own_while_writing_is_unknown(server: Slack) -> None:
    channel = slack(server)
    sent = channel.publish(None, "Bread", "t", "en")
    server.broken = "fatal_error"
    with pytest.raises(Unknown):
        channel.delete(sent.remote_id)


@pytest.mark.parametrize("body", [b"[]", b"{}", b"ok", b"", b'{"ok": "yes"}', b"\xff", b'{"ok": false}'])
def test_what_is_no_answer_is_a_failure_and_not_silence(server: Slack, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        slack(server).find(None, "Bread", "t", datetime.now(UTC))


@pytest.mark.parametrize("messages", [None, "x", {}])
def test_a_list_that_is_none_is_a_failure(server: Slack, messages: object) -> None:
    server.answers = 200, json.dumps({"ok": True, "messages": messages}).encode()
    with pytest.raises(Unavailable, match="list"):
        slack(server).read_back(f"{CHANNEL}/1.000001")


def test_a_key_that_holds_is_told_from_one_that_does_not(server: Slack) -> None:
    assert slack(server).check() is None
    with pytest.raises(Unauthorized):
        slack(server, token="xoxb-another").check()


@pytest.mark.parametrize("workspace", ["brand", "grid.enterprise"])
def test_a_key_of_the_workspace_holds(server: Slack, workspace: str) -> None:
    server.workspace = workspace
    assert slack(server).check() is None


def test_a_key_of_another_workspace_does_not_hold(server: Slack) -> None:
    server.workspace = "another"
    with pytest.raises(Unauthorized, match="another workspace"):
        slack(server).check()
    assert slack(server, channel="").check() is None, "where none is named any will do"


def signing_in(server: Slack) -> Client:
    way = replace(module.OAUTH, token=f"{server.url}/oauth.v2.access")
    client = {"client_id": "1.2", "client_secret": "secret"}
    return Client(server_http(server), "slack", way, {}, client, lambda: datetime.now(UTC))


def test_who_installs_the_app_gives_a_token_that_renews_itself(server: Slack) -> None:
    server.code = "c"
    client = signing_in(server)
    there = client.address(redirect="https://console.example/back", state="s", verifier="")
    asked = parse_qs(urlsplit(there).query)
    assert asked["scope"] == ["chat:write,channels:history,groups:history,app_mentions:read,files:write"]
    given = client.exchange(code="c", redirect="https://console.example/back", verifier="")
    assert given["token"] == TOKEN
    renewed = client.renew(given["refresh_token"])
    assert renewed["token"] == TOKEN
    life = datetime.fromisoformat(renewed["expires_at"]) - datetime.fromisoformat(renewed["given_at"])
    assert life == timedelta(hours=12)
    with pytest.raises(Unauthorized, match="invalid_refresh_token"):
        client.renew(given["refresh_token"])
    with pytest.raises(Unauthorized, match="invalid_code"):
        client.exchange(code="c", redirect="https://console.example/back", verifier="")


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "ratelimited"])
def test_an_outage_while_a_token_is_renewed_is_no_refusal(server: Slack, error: str) -> None:
    server.answers = 200, json.dumps({"ok": False, "error": error}).encode()
    with pytest.raises(Unknown):
        signing_in(server).renew("xoxe-1-0")


LINK = f"https://brand.slack.com/archives/{CHANNEL}"


@pytest.mark.parametrize("link", [LINK, f"{LINK}/", f"{LINK}/p1515449522000016", f" {LINK} "])
def test_a_link_says_workspace_and_channel(link: str) -> None:
    assert module.account({"link": link}) == "brand.slack.com"
    assert platform("slack", {"link": link}, {"token": TOKEN}, Http()).room() == 4000


@pytest.mark.parametrize("link", ["#bread", CHANNEL, "https://evil.example/archives/C1", f"{LINK}?x=1 2"])
def test_what_is_no_link_of_a_channel_is_bad_input(link: str) -> None:
    assert module.account({"link": link}) == ""
    with pytest.raises(BadInput, match="link"):
        platform("slack", {"link": link}, {"token": TOKEN}, Http())


def test_for_answers_alone_no_link_is_needed_nor_a_key_to_tell_the_room() -> None:
    assert module.account({}) == ""
    assert platform("slack", {}, {}, Http()).room() == 4000
