"""What every network promises of its failures: each has the right word, and none publishes twice."""

import pytest

from chalicelib.errors import RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from tests.platforms.peers import REST, SIMULATED, Peer
from tests.platforms.test_contract import TEXT, asked_of, before, both, peer, published, whom

__all__ = ["peer"]


@asked_of(SIMULATED)
@both
def test_a_lost_answer_is_unknown_until_it_is_found(peer: Peer, kind: str) -> None:
    to = whom(peer, kind)
    peer.fail("lost")
    with pytest.raises(Unknown):
        peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    peer.fail("")
    sent = peer.channel.find(to, TEXT, peer.tokens[0], before())
    assert sent is not None
    assert peer.channel.read_back(sent.remote_id) == sent
    assert peer.channel.publish(to, TEXT, peer.tokens[0], "en") == sent
    assert len(peer.ours()) == 1


@asked_of(SIMULATED)
@both
def test_lists_that_lag_show_it_in_the_end(peer: Peer, kind: str) -> None:
    to, sent = published(peer, kind)
    peer.fail("lists-late")
    looks = [peer.channel.find(to, TEXT, peer.tokens[0], before()) for _ in range(3)]
    assert looks == [None, None, sent]
    peer.fail("")
    assert peer.channel.read_back(sent.remote_id) == sent


@asked_of(SIMULATED)
@both
def test_a_refusal_is_final_and_publishes_nothing(peer: Peer, kind: str) -> None:
    to = whom(peer, kind)
    peer.fail("refuse")
    with pytest.raises(Rejected) as refused:
        peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    assert not isinstance(refused.value, Unauthorized)
    assert refused.value.reason
    assert peer.ours() == []


@asked_of(SIMULATED)
@pytest.mark.parametrize(
    ("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited), ("down", Unavailable)]
)
def test_who_is_not_let_in_hears_why_wherever_they_knock(
    peer: Peer, how: str, error: type[Exception]
) -> None:
    to, sent = published(peer, "post")
    peer.fail(how)
    channel = peer.channel
    for knock in (
        lambda: peer.source.listen(""),
        lambda: channel.find(to, TEXT, peer.tokens[0], before()),
        lambda: channel.read_back(sent.remote_id),
        lambda: channel.measure(sent.remote_id),
        *(channel.following,) * peer.followed,
    ):
        with pytest.raises(error) as refused:
            knock()
        assert getattr(refused.value, "retry_after", REST) == pytest.approx(REST, abs=2)


@asked_of(SIMULATED)
@pytest.mark.parametrize(("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited)])
@both
def test_who_is_not_let_in_publishes_nothing(peer: Peer, kind: str, how: str, error: type[Exception]) -> None:
    to = whom(peer, kind)
    peer.fail(how)
    with pytest.raises(error):
        peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    assert peer.ours() == []
    peer.fail("")
    peer.channel.publish(to, TEXT, peer.tokens[0], "en")
    assert len(peer.ours()) == 1


@asked_of(SIMULATED)
@pytest.mark.parametrize(
    ("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited), ("refuse", Rejected)]
)
def test_who_is_refused_deletes_nothing(peer: Peer, how: str, error: type[Exception]) -> None:
    _, sent = published(peer, "post")
    peer.fail(how)
    with pytest.raises(error):
        peer.channel.delete(sent.remote_id)
    assert len(peer.ours()) == 1
    peer.fail("")
    peer.channel.delete(sent.remote_id)
    assert peer.ours() == []


@asked_of(SIMULATED)
def test_where_the_answer_to_a_deletion_is_lost_it_is_asked_again(peer: Peer) -> None:
    _, sent = published(peer, "post")
    peer.fail("lost")
    with pytest.raises(Unknown):
        peer.channel.delete(sent.remote_id)
    peer.fail("")
    peer.channel.delete(sent.remote_id)
    assert peer.ours() == []
