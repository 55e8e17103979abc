"""Mastodon: an answer reaches its reader, and is known again whatever became of the server's own answer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.errors import Rejected, Unavailable
from chalicelib.platforms.mastodon import addressed
from chalicelib.ports import ReplyTo
from tests.platforms.peers import mastodon as connected
from tests.servers.mastodon import Mastodon, Status


@pytest.fixture
def server() -> Iterator[Mastodon]:
    with Mastodon() as server:
        yield server


def test_the_answer_names_its_reader_and_carries_the_key(server: Mastodon) -> None:
    id = server.say("@brand hello")
    connected(server).publish(ReplyTo(id=id, author="anna@elsewhere.example"), "Hoi!", "token-1", "nl")
    request = server.requests[-1]
    assert json.loads(request.body) == {
        "status": "@anna@elsewhere.example Hoi!",
        "in_reply_to_id": id,
        "visibility": "public",
        "language": "nl",
    }
    assert request.headers["idempotency-key"] == "token-1"


@pytest.mark.parametrize(
    ("author", "text", "sent"),
    [
        ("anna", "Hello", "@anna Hello"),
        ("anna", "Hello @Anna.", "Hello @Anna."),
        ("anna", "@anna", "@anna"),
        ("anna", "@annabel hello", "@anna @annabel hello"),
        ("anna", "@anna@elsewhere.example hello", "@anna @anna@elsewhere.example hello"),
        ("anna", "@anna.b hello", "@anna @anna.b hello"),
        ("anna", "mail x@anna", "@anna mail x@anna"),
        ("anna@elsewhere.example", "@anna hello", "@anna@elsewhere.example @anna hello"),
        ("anna@elsewhere.example", "Hi @anna@elsewhere.example!", "Hi @anna@elsewhere.example!"),
        ("a.*", "Hello @abc", "@a.* Hello @abc"),
        ("", "Hello", "Hello"),
    ],
)
def test_the_name_is_put_in_front_once(author: str, text: str, sent: str) -> None:
    assert addressed(text, author) == sent


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, @anna@elsewhere.example: come by.",
        "Two\n\nparagraphs\nand a line  with  space ",
        "1 < 2 & <b>not bold</b> \"quoted\" 'so'",
        "See https://soup.example/menu?day=1&kind=a-very-long-name-for-a-soup#top, or call.",
        "#bread and café ☕ and 👩‍👩‍👧‍👦",
        "Cafe\u0301 of the old kind",
        "Donau\u00addampf\u200bschiff",
    ],
)
def test_our_own_words_are_known_again_in_its_html(server: Mastodon, text: str) -> None:
    to, channel = ReplyTo(id=server.say("@brand hello"), author="anna@elsewhere.example"), connected(server)
    sent = channel.publish(to, text, "t", "en")
    assert channel.find(to, text, "t", datetime.now(UTC)) == sent


@pytest.mark.parametrize(("age", "found"), [(0, True), (59, True), (61, False)])
def test_only_what_was_posted_since_counts(server: Mastodon, age: int, found: bool) -> None:
    """The clocks may differ by a minute; an older answer of the same words is another answer."""
    since = datetime.now(UTC)
    to = ReplyTo(id=server.say("@brand hello"), author="anna")
    ours(server, "@anna Thanks!", to.id, since - timedelta(seconds=age))
    assert (connected(server).find(to, "Thanks!", "t", since) is not None) is found


def test_it_is_found_among_many(server: Mastodon) -> None:
    since = datetime.now(UTC)
    to = ReplyTo(id=server.say("@brand hello"), author="anna")
    ours(server, "@anna Thanks!", to.id, since)
    for n in range(150):
        ours(server, f"@bram Thanks {n}!", "", since + timedelta(seconds=n))
    channel = connected(server)
    assert channel.find(to, "Thanks!", "t", since) is not None
    assert [request.path for request in server.requests].count("/api/v1/accounts/verify_credentials") == 1


def test_where_it_cannot_look_far_enough_it_does_not_say_no(server: Mastodon) -> None:
    since = datetime.now(UTC)
    for n in range(300):
        ours(server, f"Message {n}", "", since + timedelta(seconds=n))
    with pytest.raises(Unavailable, match="200 messages"):
        connected(server).find(ReplyTo(id="1", author="anna"), "Thanks!", "t", since)
    assert (
        connected(server).find(ReplyTo(id="1", author="anna"), "x", "t", since + timedelta(hours=1)) is None
    )


def ours(server: Mastodon, text: str, reply_to: str, at: datetime) -> Status:
    id = server.say(text, server.account, reply_to=reply_to, at=at)
    return next(status for status in server.statuses if status.id == id)


def test_a_network_that_ignores_the_key_is_why_we_look_first(server: Mastodon) -> None:
    server.ignores_key = True
    to, channel = ReplyTo(id=server.say("@brand hello"), author="anna"), connected(server)
    for _ in range(2):
        channel.publish(to, "Hello", "t", "en")
    assert len(server.ours()) == 2
    assert channel.find(to, "Hello", "t", datetime.now(UTC)) is not None


def test_an_answer_to_what_is_gone_is_refused_in_its_words(server: Mastodon) -> None:
    with pytest.raises(Rejected, match="does not appear to exist"):
        connected(server).publish(ReplyTo(id="1", author="anna"), "Hello", "t", "en")


def test_an_id_from_elsewhere_cannot_leave_its_place_in_the_path(server: Mastodon) -> None:
    assert connected(server).read_back("../accounts/verify_credentials?x=1") is None
    assert server.requests[-1].path == "/api/v1/statuses/..%2Faccounts%2Fverify_credentials%3Fx%3D1"
