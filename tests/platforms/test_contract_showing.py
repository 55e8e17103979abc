"""What every network promises of images, boosts, quotes and corrections (`chalicelib/ports/showing.py`), of
each whose module has them."""

from dataclasses import replace
from typing import cast

import pytest

from chalicelib.errors import RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms import images
from chalicelib.ports import ReplyTo, Sent
from chalicelib.ports.showing import Boosts, Edits, Images, Quotes, Shows
from tests.images import SMALL, image
from tests.platforms.peers import Net, Peer
from tests.platforms.test_contract import (
    ABSENT,
    HERE,
    able,
    asked_in_one_way,
    asked_of,
    before,
    peer,
    published,
    stranger,
    traced,
)

__all__ = ["peer"]

TEXT = "Fresh bread at seven."
ALT = ("A loaf of bread, cut open.", "The queue before the door, at six.")


def showing(nets: dict[str, Net]) -> dict[str, Net]:
    return {name: net for name, net in nets.items() if net.posts and images(name.partition(" ")[0])}


def takes(peer: Peer) -> Images:
    found = images(type(peer.channel).__module__.rpartition(".")[2])
    assert found
    return found


def shows(peer: Peer) -> Shows:
    return cast("Shows", peer.channel)


@asked_of(showing(HERE))
def test_images_stand_with_their_message_each_with_what_it_shows(peer: Peer) -> None:
    few = ALT[: takes(peer).most]
    shown = [image(kind, alt) for kind, alt in zip(takes(peer).types, few, strict=False)]
    sent = shows(peer).publish(None, TEXT, peer.tokens[0], "en", shown)
    assert peer.shown(sent.remote_id) in (None, [each.alt for each in shown])
    assert len(peer.ours()) == 1


@asked_of({name: net for name, net in showing(traced(HERE)).items() if net.keeps_tokens})
def test_asked_twice_with_one_token_there_is_one_message_with_its_images(peer: Peer) -> None:
    shown = [image(takes(peer).types[0])]
    first, second = (shows(peer).publish(None, TEXT, peer.tokens[0], "en", shown) for _ in range(2))
    assert first.remote_id == second.remote_id
    assert peer.shown(first.remote_id) in (None, [ALT[0]])
    assert len(peer.ours()) == 1


@asked_of(showing(traced(HERE)))
def test_a_lost_answer_is_found_with_its_images(peer: Peer) -> None:
    shown = [image(takes(peer).types[0])]
    peer.fail("lost")
    with pytest.raises((Unknown, Unavailable)) as lost:  # Unavailable: that of an image already
        shows(peer).publish(None, TEXT, peer.tokens[0], "en", shown)
    peer.fail("")
    sent = peer.channel.find(None, TEXT, peer.tokens[0], before())
    assert (sent is None) == (peer.ours() == []) == isinstance(lost.value, Unavailable)
    sent = sent or shows(peer).publish(None, TEXT, peer.tokens[0], "en", shown)
    assert len(peer.ours()) == 1
    assert peer.shown(sent.remote_id) in (None, [ALT[0]])


@asked_of(showing(HERE))
def test_an_image_that_does_not_reach_the_network_has_published_nothing(peer: Peer) -> None:
    """Where it is sent before its message that is never "we do not know": who tries again does no harm. A
    network that fetches it has its message by then."""
    shown = [image(takes(peer).types[0])]
    peer.fail("down")
    with pytest.raises((Unavailable, Unknown)):
        shows(peer).publish(None, TEXT, peer.tokens[0], "en", shown)
    peer.fail("")
    assert peer.ours() == []


@asked_of(showing(HERE))
def test_what_the_network_will_not_take_is_refused_before_anything_is_written(peer: Peer) -> None:
    limits = takes(peer)
    good = image(limits.types[0])
    wrong = [
        [good] * (limits.most + 1),
        [replace(good, type="image/bmp")],
        [replace(good, size=limits.size + 1)],
        *([replace(good, alt="x" * (limits.alt + 1))] for _ in range(limits.alt > 0)),
    ]
    for shown in wrong:
        with pytest.raises(Rejected) as refused:
            shows(peer).publish(None, TEXT, peer.tokens[0], "en", shown)
        assert refused.value.reason
        assert limits.wrong(shown), "so it is told before anything is planned"
    assert peer.ours() == []


@pytest.mark.parametrize("name", showing(HERE))
def test_what_it_takes_is_data_with_its_source(name: str) -> None:
    limits = images(name.partition(" ")[0])
    assert limits
    assert limits.most >= 1
    assert set(limits.types) <= set(SMALL)
    assert limits.size >= 100_000
    assert limits.alt == 0 or limits.alt >= 100
    assert limits.source.startswith("https://") or name == "sandbox"


# boosts and quotes -------------------------------------------------------------------------------------


def passing_on(nets: dict[str, Net], skill: str) -> dict[str, Net]:
    return {name: net for name, net in able(nets, skill).items() if net.hears}


@asked_of(passing_on(HERE, "boost"))
def test_what_is_boosted_is_so_once_and_can_be_taken_back(peer: Peer) -> None:
    of, boosts = stranger(peer), cast("Boosts", peer.channel)
    first, second = (boosts.boost(of, peer.tokens[0]) for _ in range(2))
    assert first == second == peer.channel.read_back(first.remote_id)
    assert boosts.boosted(of, peer.tokens[0]) == first
    for _ in range(2):
        peer.channel.delete(first.remote_id)
    assert boosts.boosted(of, peer.tokens[0]) is None
    assert peer.channel.read_back(first.remote_id) is None


@asked_of(passing_on(HERE, "boost"))
def test_where_the_answer_to_a_boost_is_lost_it_is_asked_again(peer: Peer) -> None:
    of, boosts = stranger(peer), cast("Boosts", peer.channel)
    peer.fail("lost")
    with pytest.raises(Unknown):
        boosts.boost(of, peer.tokens[0])
    peer.fail("")
    sent = boosts.boost(of, peer.tokens[0])
    assert peer.channel.read_back(sent.remote_id) == sent


@asked_of(passing_on(HERE, "boost"))
def test_a_boost_has_no_figures_of_ours(peer: Peer) -> None:
    """Whoever likes it likes what somebody else wrote."""
    sent = cast("Boosts", peer.channel).boost(stranger(peer), peer.tokens[0])
    numbers = peer.channel.measure(sent.remote_id)
    assert numbers is None or not any((numbers.reach, numbers.reactions, numbers.replies, numbers.shares))


@asked_of(passing_on(HERE, "boost"))
@pytest.mark.parametrize(
    ("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited), ("refuse", Rejected)]
)
def test_who_is_refused_boosts_nothing(peer: Peer, how: str, error: type[Exception]) -> None:
    of, boosts = stranger(peer), cast("Boosts", peer.channel)
    peer.fail(how)
    with pytest.raises(error):
        boosts.boost(of, peer.tokens[0])
    peer.fail("")
    with pytest.raises(Rejected):
        boosts.boost(ReplyTo(id=ABSENT, author="anna"), peer.tokens[1])


@asked_of(passing_on(HERE, "quote"))
def test_a_quote_is_a_message_of_ours(peer: Peer) -> None:
    of, quotes = stranger(peer), cast("Quotes", peer.channel)
    sent = quotes.quote(of, TEXT, peer.tokens[0], "en")
    assert TEXT in sent.text
    assert quotes.quote(of, TEXT, peer.tokens[0], "en").remote_id == sent.remote_id
    assert peer.channel.find(None, TEXT, peer.tokens[0], before()) == sent
    assert peer.channel.read_back(sent.remote_id) == sent
    assert len(peer.ours()) == 1
    if hasattr(peer.channel, "delete"):
        peer.channel.delete(sent.remote_id)
        assert peer.ours() == []


@asked_of(passing_on(traced(HERE), "quote"))
def test_where_the_answer_to_a_quote_is_lost_it_is_found(peer: Peer) -> None:
    of, quotes = stranger(peer), cast("Quotes", peer.channel)
    peer.fail("lost")
    with pytest.raises(Unknown):
        quotes.quote(of, TEXT, peer.tokens[0], "en")
    peer.fail("")
    assert peer.channel.find(None, TEXT, peer.tokens[0], before())
    assert len(peer.ours()) == 1


@asked_of(passing_on(HERE, "quote"))
def test_what_is_not_there_or_too_long_is_not_quoted(peer: Peer) -> None:
    of, quotes = stranger(peer), cast("Quotes", peer.channel)
    with pytest.raises(Rejected):
        quotes.quote(ReplyTo(id=ABSENT, author="anna"), TEXT, peer.tokens[0], "en")
    with pytest.raises(Rejected):
        quotes.quote(of, "x" * (peer.channel.room() + 1), peer.tokens[1], "en")
    assert peer.ours() == []


# edits -------------------------------------------------------------------------------------------------

OTHER = "Fresh bread at eight, not at seven."


def edits(peer: Peer) -> Edits:
    return cast("Edits", peer.channel)


def said(peer: Peer) -> list[str]:
    """What stands there of these two texts, to each message one."""
    return [next(text for text in (OTHER, TEXT) if text in ours) for ours in peer.ours()]


def stands(peer: Peer, kind: str) -> Sent:
    return published(peer, kind, TEXT)[1]


@asked_in_one_way(able(HERE, "edit"))
def test_what_is_corrected_says_so_from_then_on_and_is_the_same_message(peer: Peer, kind: str) -> None:
    sent = stands(peer, kind)
    for _ in range(2):
        assert edits(peer).edit(sent.remote_id, OTHER).remote_id == sent.remote_id
    assert said(peer) == [OTHER]


@asked_in_one_way(able(HERE, "edit"))
def test_where_the_answer_to_a_correction_is_lost_it_is_asked_again(peer: Peer, kind: str) -> None:
    sent = stands(peer, kind)
    peer.fail("lost")
    with pytest.raises(Unknown):
        edits(peer).edit(sent.remote_id, OTHER)
    peer.fail("")
    edits(peer).edit(sent.remote_id, OTHER)
    assert said(peer) == [OTHER]


@asked_in_one_way(able(HERE, "edit"))
@pytest.mark.parametrize(
    ("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited), ("refuse", Rejected)]
)
def test_who_is_refused_corrects_nothing(peer: Peer, kind: str, how: str, error: type[Exception]) -> None:
    sent = stands(peer, kind)
    peer.fail(how)
    with pytest.raises(error):
        edits(peer).edit(sent.remote_id, OTHER)
    peer.fail("")
    assert said(peer) == [TEXT]


@asked_in_one_way(able(HERE, "edit"))
def test_what_is_not_there_cannot_be_corrected(peer: Peer, kind: str) -> None:
    stands(peer, kind)
    with pytest.raises(Rejected):
        edits(peer).edit(ABSENT, OTHER)
    assert said(peer) == [TEXT]


@asked_of({name: net for name, net in showing(HERE).items() if name in able(HERE, "edit")})
def test_a_correction_of_the_words_leaves_the_images(peer: Peer) -> None:
    sent = shows(peer).publish(None, TEXT, peer.tokens[0], "en", [image(takes(peer).types[0])])
    edits(peer).edit(sent.remote_id, OTHER)
    assert peer.shown(sent.remote_id) in (None, [ALT[0]])
    assert said(peer) == [OTHER]
