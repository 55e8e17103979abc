"""What every network promises, written once and asked of each that can do it (docs: `chalicelib/ports.py`).

`WEBSPIN_PEER_MASTODON=https://... WEBSPIN_PEER_MASTODON_TOKEN=...` adds a real server to all but the
failures, which nobody can order from it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import TypeVar
from uuid import uuid4

import pytest

from chalicelib.errors import RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.ports import Listens, Page, ReplyTo, Sent
from tests.platforms.peers import FEED, REAL, REST, SEARCHES, SIMULATED, Opens, Peer

T = TypeVar("T")
TEXT = "Sorry about the soup!\n\nCome by & taste again: https://soup.example/a?b=1&c=a-long-enough-path 🥣"
ABSENT = "103186126728800000"


def asked_of(peers: dict[str, Opens]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "peer", [pytest.param(peers[name], id=name) for name in peers], indirect=True
    )


@pytest.fixture
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    with request.param() as opened:
        opened.tokens = [str(uuid4()) for _ in range(3)]
        yield opened


def until(peer: Peer, ask: Callable[[], T], good: Callable[[T], bool] = bool) -> T:
    """The first good answer within the peer's patience, else the last one."""
    end = monotonic() + peer.patience
    while not good(answer := ask()) and monotonic() < end:
        sleep(0.5)
    return answer


def pages(source: Listens, cursor: str = "") -> list[Page]:
    """Listen until there is no more; at most ten pages."""
    found = [source.listen(cursor)]
    while found[-1].more and len(found) < 10:
        found.append(source.listen(found[-1].cursor))
    return found


def heard(source: Listens, cursor: str = "") -> list[str]:
    return [item.text for page in pages(source, cursor) for item in page.found]


def answered(peer: Peer, text: str = TEXT) -> tuple[ReplyTo, Sent]:
    to = stranger(peer)
    return to, peer.channel.reply(to, text, peer.tokens[0], "en")


def stranger(peer: Peer) -> ReplyTo:
    """Somebody writes, we hear it: what an answer needs to know."""
    id = peer.say("The soup was cold.")
    page = until(peer, lambda: peer.source.listen(""), lambda page: any(f.id == id for f in page.found))
    (found,) = (item for item in page.found if item.id == id)
    return ReplyTo(id=found.id, author=found.author.handle, url=found.url)


def before() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=5)


# listens -----------------------------------------------------------------------------------------------


@asked_of(SIMULATED | SEARCHES | FEED | REAL)
def test_what_is_said_is_heard_oldest_first(peer: Peer) -> None:
    for text in ("One.", "Two.", "Three."):
        peer.say(text)
    texts = until(peer, lambda: heard(peer.source), lambda texts: len(texts) == 3)
    assert [next(said for said in ("One.", "Two.", "Three.") if said in text) for text in texts] == [
        "One.",
        "Two.",
        "Three.",
    ]


@asked_of(SIMULATED | SEARCHES | REAL)
def test_a_message_comes_with_who_when_and_an_id_to_answer(peer: Peer) -> None:
    id = peer.say("The soup was <b>cold</b> & late.")
    (found,) = until(peer, lambda: peer.source.listen("").found)
    assert found.id == id
    assert "The soup was <b>cold</b> & late." in found.text
    assert found.author.handle
    assert found.author.id
    assert found.posted_at is not None
    assert abs(datetime.now(UTC) - found.posted_at) < timedelta(minutes=5)


@asked_of(SIMULATED | SEARCHES | REAL)
def test_nothing_is_heard_twice(peer: Peer) -> None:
    peer.say("One.")
    first = until(peer, lambda: peer.source.listen(""), lambda page: bool(page.found))
    nothing = peer.source.listen(first.cursor)
    assert (nothing.found, nothing.cursor, nothing.more) == ((), first.cursor, False)
    peer.say("Two.")
    second = until(peer, lambda: peer.source.listen(first.cursor), lambda page: bool(page.found))
    assert len(second.found) == 1
    assert "Two." in second.found[0].text
    assert second.cursor not in (first.cursor, "")


@asked_of(FEED)
def test_a_feed_that_did_not_change_brings_nothing_new(peer: Peer) -> None:
    peer.say("One.")
    first = peer.source.listen("")
    peer.say("Two.")
    second = peer.source.listen(first.cursor)
    assert {item.id for item in second.found} - {item.id for item in first.found} == {peer_id(second, "Two.")}


def peer_id(page: Page, text: str) -> str:
    return next(item.id for item in page.found if text in item.text)


@asked_of(SIMULATED | SEARCHES | FEED | REAL)
def test_before_anyone_speaks_there_is_nothing(peer: Peer) -> None:
    page = peer.source.listen("")
    assert (page.found, page.more) == ((), False)


@asked_of(SIMULATED | SEARCHES)
def test_a_busy_hour_is_heard_whole(peer: Peer) -> None:
    peer.say("Quiet.")
    cursor = pages(peer.source)[-1].cursor
    said = [f"Message {n:03}." for n in range(203)]
    for text in said:
        peer.say(text)
    got = pages(peer.source, cursor)
    assert [item.text[-12:] for page in got for item in page.found] == said
    assert [page.more for page in got] == [True] * (len(got) - 1) + [False]


@asked_of({"sandbox": SIMULATED["sandbox"]} | SEARCHES | REAL)
def test_we_do_not_hear_ourselves(peer: Peer) -> None:
    peer.say_as_us("Fresh bread at seven.")
    assert until(peer, lambda: peer.source is peer.our_source or heard(peer.source))
    assert heard(peer.our_source) == []


# replies -----------------------------------------------------------------------------------------------


@asked_of(SIMULATED | REAL)
def test_an_answer_is_published_under_its_message(peer: Peer) -> None:
    to, sent = answered(peer)
    assert sent.remote_id
    assert "taste again: https://soup.example/a?b=1&c=a-long-enough-path 🥣" in sent.text
    assert len(until(peer, peer.ours)) == 1
    assert until(peer, lambda: peer.channel.find(to, TEXT, peer.tokens[0], before())) == sent


@asked_of(SIMULATED | REAL)
def test_asked_twice_with_one_token_it_is_published_once(peer: Peer) -> None:
    to, sent = answered(peer)
    assert peer.channel.reply(to, TEXT, peer.tokens[0], "en").remote_id == sent.remote_id
    assert len(until(peer, peer.ours)) == 1


@asked_of(SIMULATED | REAL)
def test_another_token_is_another_answer(peer: Peer) -> None:
    to, sent = answered(peer, "Sorry!")
    other = peer.channel.reply(to, "And thanks!", peer.tokens[1], "en")
    assert other.remote_id != sent.remote_id
    assert len(until(peer, peer.ours, lambda ours: len(ours) == 2)) == 2


@asked_of(SIMULATED | REAL)
def test_what_was_not_sent_is_not_found(peer: Peer) -> None:
    to, _ = answered(peer)
    assert peer.channel.find(to, "Other words.", peer.tokens[1], before()) is None
    assert peer.channel.find(ReplyTo(id=ABSENT, author=to.author), TEXT, peer.tokens[2], before()) is None


@asked_of(SIMULATED | REAL)
def test_what_stands_there_can_be_read_back(peer: Peer) -> None:
    _, sent = answered(peer)
    assert until(peer, lambda: peer.channel.read_back(sent.remote_id)) == sent
    assert peer.channel.read_back(ABSENT) is None


# counts ------------------------------------------------------------------------------------------------


@asked_of(SIMULATED | REAL)
def test_length_counts_what_people_see(peer: Peer) -> None:
    assert peer.channel.room() >= 300
    assert [peer.channel.length(text) for text in ("", "naïve", "e\u0301", "👩‍👩‍👧‍👦!", "🇳🇱")] == [
        0,
        5,
        1,
        2,
        1,
    ]


@asked_of(SIMULATED | REAL)
def test_what_is_too_long_is_refused(peer: Peer) -> None:
    to = stranger(peer)
    with pytest.raises(Rejected):
        peer.channel.reply(to, "x" * (peer.channel.room() + 1), peer.tokens[0], "en")
    assert peer.ours() == []


# failures ----------------------------------------------------------------------------------------------


@asked_of(SIMULATED)
def test_a_lost_answer_is_unknown_until_it_is_found(peer: Peer) -> None:
    to = stranger(peer)
    peer.fail("lost")
    with pytest.raises(Unknown):
        peer.channel.reply(to, TEXT, peer.tokens[0], "en")
    peer.fail("")
    sent = peer.channel.find(to, TEXT, peer.tokens[0], before())
    assert sent is not None
    assert peer.channel.read_back(sent.remote_id) == sent
    assert peer.channel.reply(to, TEXT, peer.tokens[0], "en") == sent
    assert len(peer.ours()) == 1


@asked_of(SIMULATED)
def test_lists_that_lag_show_it_in_the_end(peer: Peer) -> None:
    to, sent = answered(peer)
    peer.fail("lists-late")
    looks = [peer.channel.find(to, TEXT, peer.tokens[0], before()) for _ in range(3)]
    assert looks == [None, None, sent]
    peer.fail("")
    assert peer.channel.read_back(sent.remote_id) == sent


@asked_of(SIMULATED)
def test_a_refusal_is_final_and_publishes_nothing(peer: Peer) -> None:
    to = stranger(peer)
    peer.fail("refuse")
    with pytest.raises(Rejected) as refused:
        peer.channel.reply(to, TEXT, peer.tokens[0], "en")
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
    to, sent = answered(peer)
    peer.fail(how)
    channel = peer.channel
    for knock in (
        lambda: peer.source.listen(""),
        lambda: channel.find(to, TEXT, peer.tokens[0], before()),
        lambda: channel.read_back(sent.remote_id),
    ):
        with pytest.raises(error) as refused:
            knock()
        assert getattr(refused.value, "retry_after", REST) == pytest.approx(REST, abs=2)


@asked_of(SIMULATED)
@pytest.mark.parametrize(("how", "error"), [("unauthorized", Unauthorized), ("rate-limited", RateLimited)])
def test_who_is_not_let_in_publishes_nothing(peer: Peer, how: str, error: type[Exception]) -> None:
    to = stranger(peer)
    peer.fail(how)
    with pytest.raises(error):
        peer.channel.reply(to, TEXT, peer.tokens[0], "en")
    assert peer.ours() == []
    peer.fail("")
    peer.channel.reply(to, TEXT, peer.tokens[0], "en")
    assert len(peer.ours()) == 1
