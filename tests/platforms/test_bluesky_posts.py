"""Bluesky: a post of ours stands once under its own key, is measured and deleted, whatever comes back."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.measuring import Numbers
from chalicelib.errors import PlatformError, RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._atproto import record_key
from tests.platforms.peers import bluesky as connected
from tests.platforms.test_mastodon_posts import WRONG
from tests.servers.bluesky import TID, US, Bluesky, did_of

TEXT = "☕ Open on Sunday, @anna.test: https://library.example/sunday #zondag"
RULES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data/platforms/bluesky_text.json").read_text()
)
FIGURES = ("likeCount", "repostCount", "quoteCount", "replyCount")


@pytest.fixture
def server() -> Iterator[Bluesky]:
    with Bluesky() as server:
        yield server


# published and found -----------------------------------------------------------------------------------


def test_a_post_is_written_under_its_own_key_where_nothing_is(server: Bluesky) -> None:
    server.say("Hi", "anna.test")
    sent = connected(server).publish(None, TEXT, "token-1", "nl")
    given = json.loads(server.requests[-1].body)
    record = given.pop("record")
    key = record_key("token-1")
    assert given == {
        "repo": did_of(US),
        "collection": "app.bsky.feed.post",
        "rkey": key,
        "swapRecord": None,
    }
    assert TID.fullmatch(key)
    assert set(record) == {"$type", "text", "createdAt", "langs", "facets"}, "a post answers nothing"
    assert (record["text"], record["langs"]) == (TEXT, ["nl"])
    raw = TEXT.encode()
    marked = [raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in record["facets"]]
    assert marked == ["@anna.test", "https://library.example/sunday", "#zondag"]
    assert sent.url == f"https://bsky.app/profile/{US}/post/{key}"


def test_the_moment_it_was_first_written_stands(server: Bluesky) -> None:
    """A later try says another moment, and is told that there is a record already."""
    channel = connected(server)
    sent = channel.publish(None, TEXT, "t", "nl")
    (before,) = (post.record for post in server.ours())
    tries = [channel.publish(None, TEXT, "t", "nl"), channel.publish(None, TEXT, "t", "nl")]
    assert tries == [sent, sent]
    assert [post.record for post in server.ours()] == [before]


@pytest.mark.parametrize("how", ["fails_after_publishing", "drops_answer"])
def test_a_server_that_overwrites_and_loses_its_answer_still_has_one(server: Bluesky, how: str) -> None:
    server.overwrites = True
    channel = connected(server)
    setattr(server, how, True)
    with pytest.raises(Unknown):
        channel.publish(None, TEXT, "t", "nl")
    setattr(server, how, False)
    found = channel.find(None, TEXT, "t", datetime.now(UTC))
    assert found == channel.publish(None, TEXT, "t", "nl")
    assert len(server.ours()) == 1


@pytest.mark.parametrize(
    ("code", "body"), [(503, b""), (429, b"{}"), (200, b"[]"), (400, b'{"error": "RecordNotFound"}')]
)
def test_what_arrived_but_cannot_be_seen_is_not_called_undone(
    server: Bluesky, code: int, body: bytes
) -> None:
    channel = connected(server)
    channel.publish(None, TEXT, "t", "nl")
    server.answers, server.answers_to = (code, body), "getRecord"
    with pytest.raises(Unknown):
        channel.publish(None, "Other words", "t", "nl")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"][:30]) for case in RULES["lengths"]])
def test_texts_of_every_kind_are_published_as_they_are(server: Bluesky, case: dict[str, Any]) -> None:
    sent = connected(server).publish(None, case["text"], "t", "") if case["graphemes"] else None
    assert [post.record["text"] for post in server.ours()] == ([sent.text] if sent else [])
    assert sent is None or sent.text == case["text"]


@pytest.mark.parametrize("text", ["", "x" * 301, "👨‍👩‍👧‍👧" * 121, "é" * 300 + "!"])
def test_what_does_not_fit_is_refused_before_it_is_sent(server: Bluesky, text: str) -> None:
    with pytest.raises(Rejected, match="a text has 1 to 300 characters"):
        connected(server).publish(None, text, "t", "nl")
    assert server.requests == []
    connected(server).publish(None, "é" * 300, "t", "nl")
    assert len(server.ours()) == 1


# deleted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("misses", [False, True])
def test_a_record_that_is_gone_is_gone(server: Bluesky, misses: bool) -> None:
    server.misses = misses
    channel = connected(server)
    sent = channel.publish(None, TEXT, "t", "nl")
    for _ in range(3):
        channel.delete(sent.remote_id)
    assert server.ours() == []
    assert json.loads(server.requests[-1].body) == {
        "repo": did_of(US),
        "collection": "app.bsky.feed.post",
        "rkey": record_key("t"),
    }


def test_only_our_own_records_are_deleted(server: Bluesky) -> None:
    """A channel that was given another account since does not say that the old message is gone."""
    theirs = server.say("Hello").split("/")
    channel = connected(server)
    for id in (f"{theirs[2].removeprefix('did:plc:')}/{theirs[4]}", "103186126728800000", "../x", ""):
        with pytest.raises(Rejected, match="not a message of this account"):
            channel.delete(id)
    assert len(server.posts) == 1
    assert not any("deleteRecord" in request.path for request in server.requests)


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (400, b'{"error": "InvalidRequest"}', Rejected),
        (403, b'{"error": "Forbidden"}', Unauthorized),
        (429, b"{}", RateLimited),
        (500, b"", Unknown),
        (200, b"{broken", Unknown),
    ],
)
def test_what_becomes_of_a_deletion(
    server: Bluesky, code: int, body: bytes, error: type[PlatformError]
) -> None:
    channel = connected(server)
    id = channel.publish(None, TEXT, "t", "nl").remote_id
    server.answers, server.answers_to = (code, body), "deleteRecord"
    with pytest.raises(error) as failed:
        channel.delete(id)
    assert type(failed.value) is error


# measured ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("name", "lacks"), [("repostCount", "shares"), ("quoteCount", "shares")])
def test_a_figure_that_is_none_is_not_given(server: Bluesky, name: str, lacks: str, wrong: Any) -> None:
    channel = connected(server)
    id = channel.publish(None, TEXT, "t", "nl").remote_id
    server.miscounts = {name: wrong, "followersCount": wrong}
    assert channel.measure(id) == Numbers(reactions=0, replies=0), "a part is not the sum"
    assert channel.following() == (None, 3)


def test_a_network_that_gives_no_figures_gives_none(server: Bluesky, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = connected(server)
    id = channel.publish(None, TEXT, "t", "nl").remote_id
    view = server._view
    monkeypatch.setattr(
        server, "_view", lambda post: {k: v for k, v in view(post).items() if k not in FIGURES}
    )
    assert channel.measure(id) == Numbers()


@pytest.mark.parametrize("body", [b"[]", b"null", b"{}", b'{"posts": 7}', b'{"did": "x"}', b"{broken"])
def test_an_answer_that_is_none_measures_nothing(server: Bluesky, body: bytes) -> None:
    channel = connected(server)
    id = channel.publish(None, TEXT, "t", "nl").remote_id
    server.answers = (200, body)
    asks: list[Callable[[], object]] = [lambda: channel.measure(id), channel.following]
    for ask in asks:
        with pytest.raises(Unavailable):
            ask()


def test_measuring_and_following_are_one_question_each(server: Bluesky) -> None:
    channel = connected(server)
    id = channel.publish(None, TEXT, "t", "nl").remote_id
    server.requests.clear()
    channel.measure(id)
    channel.following()
    assert [request.path.rpartition(".")[2] for request in server.requests] == ["getPosts", "getProfile"]
