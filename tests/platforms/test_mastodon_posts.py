"""Mastodon: a post of ours stands once, is known among all else we have there, is measured and deleted."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.measuring import Numbers
from chalicelib.errors import PlatformError, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.ports import ReplyTo
from tests.platforms.peers import mastodon as connected
from tests.servers.mastodon import Mastodon

TEXT = "Open on Sunday!\n\nFrom noon: https://library.example/sunday?x=1 #zondag"
WRONG: list[Any] = [None, -1, "12", 1.5, True, 2**53, [], {}, float("nan")]


@pytest.fixture
def server() -> Iterator[Mastodon]:
    with Mastodon() as server:
        yield server


def now() -> datetime:
    return datetime.now(UTC)


# published and found -----------------------------------------------------------------------------------


def test_a_post_is_public_and_carries_the_key(server: Mastodon) -> None:
    connected(server).publish(None, TEXT, "token-1", "nl")
    request = server.requests[-1]
    assert json.loads(request.body) == {"status": TEXT, "visibility": "public", "language": "nl"}
    assert request.headers["idempotency-key"] == "token-1"


def test_a_post_is_sent_as_it_was_written(server: Mastodon) -> None:
    """Nobody's name is put in front of it, and names in it stay."""
    sent = connected(server).publish(None, "Thanks @anna@elsewhere.example!", "t", "")
    assert json.loads(server.requests[-1].body)["status"] == "Thanks @anna@elsewhere.example!"
    assert sent.text == "Thanks @anna!"


def test_what_we_passed_on_is_not_taken_for_ours(server: Mastodon) -> None:
    """The same words of somebody else, boosted by us while our own post was on its way."""
    theirs = server.say(TEXT, "partner@elsewhere.example")
    server.boost(theirs, server.account)
    channel = connected(server)
    assert channel.find(None, TEXT, "t", now()) is None
    server.requests.clear()
    sent = channel.publish(None, TEXT, "t", "nl")
    server.boost(theirs, server.account)
    assert channel.find(None, TEXT, "t", now()) == sent


def test_a_server_that_lists_boosts_all_the_same_misleads_nobody(
    server: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.boost(server.say(TEXT, "partner@elsewhere.example"), server.account)
    monkeypatch.setattr(server, "ours_listed", lambda request: server.all_ours())
    assert connected(server).find(None, TEXT, "t", now()) is None


def test_boosts_do_not_use_up_what_we_look_through(server: Mastodon) -> None:
    channel = connected(server)
    sent = channel.publish(None, TEXT, "t", "nl")
    theirs = server.say("Look at this", "partner@elsewhere.example")
    for _ in range(300):
        server.boost(theirs, server.account)
    assert channel.find(None, TEXT, "t", now()) == sent


def test_our_answer_with_the_same_words_is_not_our_post(server: Mastodon) -> None:
    channel = connected(server)
    to = ReplyTo(id=server.say("@brand hello"), author="anna")
    answer = channel.publish(to, "Hi @anna", "t-1", "en")
    assert channel.find(None, "Hi @anna", "t-2", now()) is None
    post = channel.publish(None, "Hi @anna", "t-2", "en")
    assert channel.find(None, "Hi @anna", "t-2", now()) == post
    assert channel.find(to, "Hi @anna", "t-1", now()) == answer


def test_of_two_of_the_same_words_the_one_that_is_free_is_found(server: Mastodon) -> None:
    channel = connected(server)
    first, second = (channel.publish(None, TEXT, token, "nl") for token in ("t-1", "t-2"))
    assert channel.find(None, TEXT, "t", now(), lambda id: id != second.remote_id) == first
    assert channel.find(None, TEXT, "t", now(), lambda id: False) is None


@pytest.mark.parametrize("how", ["fails_after_publishing", "drops_answer"])
def test_a_server_that_ignores_the_key_and_loses_its_answer_still_has_one(server: Mastodon, how: str) -> None:
    server.ignores_key = True
    channel = connected(server)
    setattr(server, how, True)
    with pytest.raises(Unknown):
        channel.publish(None, TEXT, "t", "nl")
    setattr(server, how, False)
    assert channel.find(None, TEXT, "t", now()) is not None
    assert len(server.ours()) == 1


# deleted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (200, b"{}", None),
        (200, b"", None),
        (204, b"", None),
        (404, b'{"error": "Record not found"}', None),
        (410, b"", None),
        (302, b"", Rejected),
        (422, b'{"error": "No"}', Rejected),
        (401, b"", Unauthorized),
        (403, b"", Unauthorized),
        (408, b"", Unknown),
        (503, b"<h1>Down</h1>", Unknown),
    ],
)
def test_what_becomes_of_a_deletion(
    server: Mastodon, code: int, body: bytes, error: type[PlatformError] | None
) -> None:
    server.answers = (code, body)
    if error is None:
        connected(server).delete("7")
    else:
        with pytest.raises(error) as failed:
            connected(server).delete("7")
        assert type(failed.value) is error
    asked = [each.method for each in server.requests if each.path == "/api/v1/statuses/7"]
    assert asked == ["DELETE", *["GET"] * (code in (404, 410))], "is it gone, or can the server not delete?"


def test_where_nobody_listens_nothing_was_deleted() -> None:
    with Mastodon() as closed:
        channel = connected(closed)
    with pytest.raises(Unavailable):
        channel.delete("7")


def test_a_lost_answer_to_a_deletion_is_unknown(server: Mastodon) -> None:
    channel = connected(server)
    sent = channel.publish(None, TEXT, "t", "nl")
    server.drops_answer = True
    with pytest.raises(Unknown):
        channel.delete(sent.remote_id)
    assert server.ours() == []


def test_an_id_from_elsewhere_cannot_leave_its_place_in_the_path(server: Mastodon) -> None:
    channel = connected(server)
    channel.delete("../accounts/x?y=1")
    assert channel.measure("../accounts/x?y=1") is None
    assert {r.path for r in server.requests} == {"/api/v1/statuses/..%2Faccounts%2Fx%3Fy%3D1"}


# measured ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", WRONG)
def test_a_figure_that_is_none_is_not_given(server: Mastodon, wrong: Any) -> None:
    channel = connected(server)
    id = channel.publish(None, TEXT, "t", "nl").remote_id
    server.miscounts = {"reblogs_count": wrong, "followers_count": wrong}
    assert channel.measure(id) == Numbers(reactions=0, shares=None, replies=0)
    assert channel.following() == (None, 3)


def test_a_server_that_gives_no_figures_gives_none(server: Mastodon) -> None:
    server.answers = (200, b'{"id": "7", "content": "Hello"}')
    assert connected(server).measure("7") == Numbers()
    assert connected(server).following() == (None, None)


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b"{}", b'{"id": 7}', b"{broken"])
def test_an_answer_that_is_no_message_measures_nothing(server: Mastodon, body: bytes) -> None:
    server.answers = (200, body)
    channel = connected(server)
    for ask in (lambda: channel.measure("7"), channel.following):
        with pytest.raises(Unavailable):
            ask()
