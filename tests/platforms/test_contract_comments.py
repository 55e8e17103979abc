"""What every network promises of a first comment below a post of ours (skill `comment`), of each whose module
has it."""

import pytest

from chalicelib.errors import Unavailable, Unknown
from chalicelib.ports import ReplyTo
from tests.platforms.peers import Peer
from tests.platforms.test_contract import HERE, able, asked_of, before, peer, traced

__all__ = ["peer"]

POST, COMMENT = "Fresh bread at seven.", "All about it: https://bakery.example/bread?b=1&c=2"
COMMENTS = able(HERE, "comment")


def posted(peer: Peer) -> ReplyTo:
    sent = peer.channel.publish(None, POST, peer.tokens[0], "en")
    return ReplyTo(id=sent.remote_id, author="", post=True)


@asked_of(COMMENTS)
def test_a_first_comment_stands_below_our_post_and_addresses_nobody(peer: Peer) -> None:
    post = posted(peer)
    sent = peer.channel.publish(post, COMMENT, peer.tokens[1], "en")
    assert sent.remote_id != post.id
    there = peer.channel.read_back(sent.remote_id)
    assert there
    assert there.text.split() in (COMMENT.split(), [])
    assert len(peer.ours()) == 2


@asked_of(traced(COMMENTS))
def test_a_first_comment_is_found_below_its_post_and_below_no_other(peer: Peer) -> None:
    post, other = posted(peer), None
    assert peer.channel.find(post, COMMENT, peer.tokens[1], before()) is None
    sent = peer.channel.publish(post, COMMENT, peer.tokens[1], "en")
    found = peer.channel.find(post, COMMENT, peer.tokens[1], before())
    assert found
    assert found.remote_id == sent.remote_id
    assert peer.channel.find(post, "Something else.", peer.tokens[2], before()) is None
    assert peer.channel.find(other, COMMENT, peer.tokens[2], before()) is None, "it is no post"


@asked_of(traced(COMMENTS))
def test_a_first_comment_whose_answer_was_lost_is_found_and_not_made_twice(peer: Peer) -> None:
    post = posted(peer)
    peer.fail("lost")
    with pytest.raises((Unknown, Unavailable)):
        peer.channel.publish(post, COMMENT, peer.tokens[1], "en")
    peer.fail("")
    sent = peer.channel.find(post, COMMENT, peer.tokens[1], before())
    assert (sent is not None) == (len(peer.ours()) == 2)
    sent = sent or peer.channel.publish(post, COMMENT, peer.tokens[1], "en")
    assert len(peer.ours()) == 2


@asked_of({name: net for name, net in COMMENTS.items() if name in able(HERE, "delete")})
def test_a_first_comment_goes_and_may_be_gone_already(peer: Peer) -> None:
    post = posted(peer)
    sent = peer.channel.publish(post, COMMENT, peer.tokens[1], "en")
    delete = peer.channel.delete
    delete(sent.remote_id)
    delete(post.id)
    delete(sent.remote_id)
    assert peer.ours() == []
