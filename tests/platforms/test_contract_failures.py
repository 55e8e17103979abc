"""What every network promises of its failures: each has the right word, and none publishes twice."""

from contextlib import suppress

import pytest

from chalicelib.errors import RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from tests.platforms.peers import REST, Peer
from tests.platforms.test_contract import (
    HERE,
    TEXT,
    able,
    asked_in_each_way,
    asked_in_one_way,
    asked_of,
    before,
    peer,
    published,
    speaking,
    traced,
    tried,
    whom,
)

__all__ = ["peer"]


@asked_in_each_way(traced(HERE))
def test_a_lost_answer_is_unknown_until_it_is_found(peer: Peer, kind: str) -> None:
    to = whom(peer, kind)
    peer.fail("lost")
    with pytest.raises(Unknown):
        peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    peer.fail("")
    sent = peer.channel.find(to, TEXT, peer.tokens[0], before())
    assert sent is not None
    assert peer.channel.read_back(sent.remote_id) == sent
    assert not peer.keeps_tokens or peer.channel.publish(to, TEXT, peer.tokens[0], "en") == sent
    assert len(peer.ours()) == 1


@asked_in_each_way(traced(HERE))
def test_lists_that_lag_show_it_in_the_end(peer: Peer, kind: str) -> None:
    to, sent = published(peer, kind)
    peer.fail("lists-late")
    looks = [peer.channel.find(to, TEXT, peer.tokens[0], before()) for _ in range(3)]
    assert looks in ([None, None, sent], [sent] * 3), "who knows it by more than a list does at once"
    peer.fail("")
    assert peer.channel.read_back(sent.remote_id) == sent


@asked_in_each_way({name: net for name, net in speaking(HERE).items() if not net.traced})
def test_a_lost_answer_stays_unknown_where_nobody_can_look(peer: Peer, kind: str) -> None:
    """A person looks then; nothing is guessed. To say that one cannot look keeps it from being sent again."""
    to = whom(peer, kind)
    peer.fail("lost")
    with pytest.raises(Unknown):
        peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    peer.fail("")
    assert not peer.channel.once
    with suppress(Unavailable):
        assert peer.channel.find(to, TEXT, peer.tokens[0], before()) is None
    assert len(peer.ours()) == 1


@asked_in_each_way(speaking(HERE))
def test_a_refusal_is_final_and_publishes_nothing(peer: Peer, kind: str) -> None:
    to = whom(peer, kind)
    peer.fail("refuse")
    with pytest.raises(Rejected) as refused:
        peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    assert not isinstance(refused.value, Unauthorized)
    assert refused.value.reason
    assert peer.ours() == []


@asked_in_one_way(speaking(HERE))
@pytest.mark.parametrize(
    ("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited), ("down", Unavailable)]
)
def test_who_is_not_let_in_hears_why_wherever_they_knock(
    peer: Peer, kind: str, how: str, error: type[Exception]
) -> None:
    to, sent = published(peer, kind)
    peer.fail(how)
    channel = peer.channel
    looks = (
        lambda: channel.find(to, TEXT, peer.tokens[0], before()),
        lambda: channel.read_back(sent.remote_id),
    )
    measures = hasattr(channel, "measure")
    for knock in (
        *(lambda: peer.source.listen("") for _ in range(peer.polled)),
        *looks * peer.traced,
        *(lambda: channel.measure(sent.remote_id) for _ in range(measures)),
        *(channel.following for _ in range(measures and peer.followed)),
    ):
        with pytest.raises(error) as refused:
            knock()
        assert getattr(refused.value, "retry_after", REST) == pytest.approx(REST, abs=2)


@asked_in_each_way(speaking(HERE))
@pytest.mark.parametrize(("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited)])
def test_who_is_not_let_in_publishes_nothing(peer: Peer, kind: str, how: str, error: type[Exception]) -> None:
    to = whom(peer, kind)
    peer.fail(how)
    with pytest.raises(error):
        peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    assert peer.ours() == []
    peer.fail("")
    peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    assert len(peer.ours()) == 1


@asked_of(able(HERE, "check"))
@pytest.mark.parametrize(
    ("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited), ("down", Unavailable)]
)
def test_a_broken_key_is_told_from_an_outage(peer: Peer, how: str, error: type[Exception]) -> None:
    peer.fail(how)
    with pytest.raises(error) as refused:
        tried(peer)
    assert isinstance(refused.value, Unauthorized) is (how == "unauthorized")
    peer.fail("")
    tried(peer)


@asked_in_one_way(able(HERE, "delete"))
@pytest.mark.parametrize(
    ("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited), ("refuse", Rejected)]
)
def test_who_is_refused_deletes_nothing(peer: Peer, kind: str, how: str, error: type[Exception]) -> None:
    _, sent = published(peer, kind)
    peer.fail(how)
    with pytest.raises(error):
        peer.channel.delete(sent.remote_id)
    assert len(peer.ours()) == 1
    peer.fail("")
    peer.channel.delete(sent.remote_id)
    assert peer.ours() == []


@asked_in_one_way(able(HERE, "delete"))
def test_where_the_answer_to_a_deletion_is_lost_it_is_asked_again(peer: Peer, kind: str) -> None:
    _, sent = published(peer, kind)
    peer.fail("lost")
    with pytest.raises(Unknown):
        peer.channel.delete(sent.remote_id)
    peer.fail("")
    peer.channel.delete(sent.remote_id)
    assert peer.ours() == []
