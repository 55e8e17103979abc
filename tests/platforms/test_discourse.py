"""Discourse: a forum read whole and in order, by poll or by its webhook; what moderators do to us."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import BadInput, Rejected, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import discourse as module
from chalicelib.ports import ReplyTo
from tests.platforms.peers import discourse, platform
from tests.servers.discourse import US, Discourse

CALL: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data/platforms/discourse_post_created.json").read_text()
)
HEADERS = {"x-discourse-event": "post_created", "x-discourse-instance": "https://forum.example"}
SINCE = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[Discourse]:
    with Discourse() as running:
        yield running


def ids(server: Discourse, cursor: str) -> tuple[list[str], str]:
    """The texts, and the cursor to go on with."""
    texts: list[str] = []
    while True:
        page = discourse(server).listen(cursor)
        texts += [item.text for item in page.found]
        cursor = page.cursor
        if not page.more:
            return texts, cursor


# in ----------------------------------------------------------------------------------------------------


def test_an_answer_leads_to_what_it_answers_and_a_topic_has_its_title(server: Discourse) -> None:
    first = server.say("Bread\n\nWho bakes @brand bread?")
    server.say("I do.", "bram", topic=first.topic)
    server.say("Not me.", "cor", topic=first.topic, reply_to=2)
    topic, answer, third = discourse(server).listen("").found
    host = f"{server.host}:{server.port}"
    assert topic.text == "Bread\nWho bakes @brand bread?"
    assert (topic.id, topic.reply_to, topic.direct) == (f"{host}/42/1", "", True)
    assert (answer.id, answer.reply_to, answer.direct) == (f"{host}/42/2", f"{host}/42/1", False)
    assert third.reply_to == f"{host}/42/2"
    assert topic.author.url == f"{server.url}/u/anna"


def test_who_answers_us_is_for_us_and_we_do_not_hear_ourselves(server: Discourse) -> None:
    ours = server.say("Fresh bread at seven.", US)
    server.say("Nice!", topic=ours.topic, reply_to=1)
    (found,) = discourse(server).listen("").found
    assert (found.text, found.direct) == ("Nice!", True)


def test_a_day_away_is_heard_whole_in_order_and_once_with_gaps_where_messages_were_removed(
    server: Discourse,
) -> None:
    server.say("before")
    _, cursor = ids(server, "")
    said = [server.say(f"message {n}") for n in range(1_234)]
    for post in [*said[100:260], said[-1]]:
        post.deleted = True
    texts, cursor = ids(server, cursor)
    assert texts == [post.raw for post in said if not post.deleted]
    assert ids(server, cursor) == ([], cursor)


@pytest.mark.parametrize(
    "strange",
    [
        {},
        None,
        "text",
        {"id": "1"},
        {"id": 9_000, "topic_id": None, "post_number": 1, "username": "a", "cooked": "x"},
        {"id": 9_000, "topic_id": 1, "post_number": 1, "username": None, "cooked": "x"},
        {"id": 9_000, "topic_id": 1, "post_number": 1, "username": "a", "cooked": ["x"]},
        {"id": 9_000, "topic_id": 1, "post_number": 2, "username": "a", "cooked": "moved", "post_type": 3},
        {"id": 9_000, "topic_id": 1, "post_number": 2, "username": "a", "cooked": "x", "hidden": True},
        {"id": 9_000, "topic_id": 1, "post_number": 2, "username": "a", "cooked": "<p></p>"},
    ],
)
def test_what_is_no_message_is_passed_over(server: Discourse, strange: object) -> None:
    good = {"id": 5, "topic_id": 1, "post_number": 1, "username": "a", "cooked": "<p>bread</p>"}
    server.answers = 200, json.dumps({"latest_posts": [strange, good]}).encode()
    assert [item.text for item in discourse(server).listen("").found] == ["bread"]


@pytest.mark.parametrize("body", [b"[]", b'{"latest_posts": 3}', b"<html>", b""])
def test_what_is_no_answer_is_a_failure_and_not_silence(server: Discourse, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        discourse(server).listen("")


def test_the_recorded_call_is_the_mention_that_a_poll_gives() -> None:
    (found,) = module.heard(HEADERS, CALL)
    assert found.text == "hello @brand"
    assert (found.platform, found.id) == ("discourse", "forum.example/42/2")
    assert found.author.handle == "test"
    assert found.url == "https://forum.example/t/help/42/2"
    polled = module.found(CALL["post"], "https://forum.example", "brand")
    assert polled
    assert (polled.id, polled.text, polled.direct) == (found.id, found.text, True)


@pytest.mark.parametrize(
    ("event", "edited", "gone"), [("post_edited", True, False), ("post_destroyed", False, True)]
)
def test_what_is_edited_or_removed_there_is_so_here(event: str, edited: bool, gone: bool) -> None:
    (found,) = module.heard({**HEADERS, "x-discourse-event": event}, CALL)
    assert (found.id, found.edited, found.gone) == ("forum.example/42/2", edited, gone)
    assert bool(found.text) is not gone


@pytest.mark.parametrize("event", ["topic_created", "user_created", "ping", ""])
def test_what_else_a_forum_tells_is_no_message(event: str) -> None:
    assert module.heard({**HEADERS, "x-discourse-event": event}, CALL) == ()


@pytest.mark.parametrize("value", [None, [], {}, {"post": None}, {"post": "x"}])
def test_a_call_without_a_message_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="post"):
        module.heard(HEADERS, value)


def test_a_source_that_a_forum_calls_reads_what_it_sends() -> None:
    ear = platform("webhook", {"scheme": "discourse"}, {}, Http())
    (found,) = ear.hear(HEADERS, json.dumps(CALL).encode())
    assert found.id == "forum.example/42/2"
    ours = {"id": "1", "author": {"handle": "a"}, "text": "x"}
    told = {"type": "mention.created", "timestamp": "2026-11-23T09:12:00Z", "data": ours}
    (found,) = ear.hear({}, json.dumps(told).encode())
    assert found.id == "1"


# out ---------------------------------------------------------------------------------------------------


def test_an_answer_names_its_place_and_a_topic_its_title_and_our_name_for_it(server: Discourse) -> None:
    asked = server.say("Who bakes?")
    to = ReplyTo(id=f"{server.host}:{server.port}/{asked.topic}/1", author="anna")
    channel = discourse(server)
    channel.publish(to, "We do.", "t1", "nl")
    assert json.loads(server.requests[-1].body) == {
        "raw": "We do.",
        "topic_id": 42,
        "reply_to_post_number": 1,
    }
    channel.publish(None, "Bread at seven\n\nCome by.", "t2", "nl")
    topic = json.loads(server.requests[-1].body)
    assert topic["title"] == "Bread at seven"
    assert topic["external_id"].startswith("webspin-")
    assert topic["external_id"].isascii()


def test_what_waits_for_a_moderator_is_unknown_and_never_written_twice(server: Discourse) -> None:
    server.enqueues = True
    with pytest.raises(Unknown, match="moderator"):
        discourse(server).publish(None, "Bread at seven", "t", "nl")
    assert discourse(server).find(None, "Bread at seven", "t", SINCE) is None


def test_what_only_moderators_still_see_is_gone(server: Discourse) -> None:
    sent = discourse(server).publish(None, "Bread at seven", "t", "nl")
    server.posts[0].deleted = server.moderates = True
    assert discourse(server).read_back(sent.remote_id) is None
    assert discourse(server).measure(sent.remote_id) is None


def test_the_forums_own_reason_is_told(server: Discourse) -> None:
    with pytest.raises(Rejected, match="too long"):
        discourse(server).publish(None, "x" * 32_001, "t", "nl")
    with pytest.raises(Rejected, match="not there"):
        discourse(server).publish(ReplyTo(id="somewhere", author="a"), "Hi", "t", "nl")


@pytest.mark.parametrize("host", ["forum.example", f"{'forum-' * 12}.example"])
def test_an_id_leads_to_its_place_however_long_the_forums_name(host: str) -> None:
    post = {**CALL["post"], "topic_id": 9_999_999_999, "post_number": 12_345_678}
    found = module.found(post, f"https://{host}", "")
    assert found
    assert found.id.endswith("/9999999999/12345678")
    assert len(found.id) <= 64


@pytest.mark.parametrize(
    "forum", ["", "forum.example", "http://forum.example", "https://a@forum.example", "x"]
)
def test_what_is_no_forum_is_bad_input(forum: str) -> None:
    with pytest.raises(BadInput, match="forum"):
        platform("discourse", {"forum": forum, "account": "brand"}, {"api_key": "k"}, Http())
