"""What every network promises, written once, asked of each that can do it (`chalicelib/ports/platforms.py`).

`WEBSPIN_PEER_MASTODON=https://... WEBSPIN_PEER_MASTODON_TOKEN=...` adds a real server to all but the
failures, which nobody can order from it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import TypeVar, cast
from uuid import uuid4

import pytest

from chalicelib.domain.measuring import Numbers
from chalicelib.errors import BadInput, PlatformError, Rejected
from chalicelib.platforms import SKILLS, can, module, names
from chalicelib.ports import Listens, Page, ReplyTo, Sent
from chalicelib.ports.connecting import Checks
from tests.platforms.peers import Net, Peer, every
from tests.platforms.real_peers import REAL

T = TypeVar("T")
TEXT = "Sorry about the soup!\n\nCome by & taste again: https://soup.example/a?b=1&c=a-long-enough-path 🥣"
ABSENT = "103186126728800000"


HERE = every()
"""The networks that are simulated."""
NETS = HERE | REAL


def able(nets: dict[str, Net], skill: str) -> dict[str, Net]:
    return {
        name: net
        for name, net in nets.items()
        if net.speaks and skill not in net.lacks and can(name.partition(" ")[0], skill)
    }


def speaking(nets: dict[str, Net]) -> dict[str, Net]:
    return {name: net for name, net in nets.items() if net.speaks}


def hearing(nets: dict[str, Net]) -> dict[str, Net]:
    return {name: net for name, net in nets.items() if net.hears and not net.lists}


def traced(nets: dict[str, Net]) -> dict[str, Net]:
    return {name: net for name, net in speaking(nets).items() if net.traced}


def asked_of(nets: dict[str, Net]) -> pytest.MarkDecorator:
    asked = [pytest.param(net.open, id=name) for name, net in nets.items()]
    return pytest.mark.parametrize("peer", asked, indirect=True)


def asked_in_each_way(nets: dict[str, Net]) -> pytest.MarkDecorator:
    """Of each in all the ways in which we speak there: `kind` is post or reply."""
    asked = [
        pytest.param(net.open, way, id=f"{name} {way}") for name, net in nets.items() for way in net.ways
    ]
    return pytest.mark.parametrize(("peer", "kind"), asked, indirect=["peer"])


def asked_in_one_way(nets: dict[str, Net]) -> pytest.MarkDecorator:
    """Of each by a post, or by a reply where it takes no posts."""
    asked = [pytest.param(net.open, net.ways[0], id=name) for name, net in nets.items()]
    return pytest.mark.parametrize(("peer", "kind"), asked, indirect=["peer"])


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


def published(peer: Peer, kind: str, text: str = TEXT) -> tuple[ReplyTo | None, Sent]:
    to = whom(peer, kind)
    return to, peer.channel.publish(to, text, peer.tokens[0], "en")


def published_besides(peer: Peer, kind: str, to: ReplyTo | None) -> Sent:
    """Another message, to another where one has one answer."""
    to = whom(peer, kind) if peer.single else to
    return peer.channel.publish(to, "And thanks!", peer.tokens[1], "en")


def whom(peer: Peer, kind: str) -> ReplyTo | None:
    """A post answers nobody."""
    return stranger(peer) if kind == "reply" else None


def stranger(peer: Peer) -> ReplyTo:
    """Somebody writes, we hear it: what an answer needs to know."""
    id = peer.say("The soup was cold.")
    page = until(peer, lambda: peer.source.listen(""), lambda page: any(f.id == id for f in page.found))
    (found,) = (item for item in page.found if item.id == id)
    return ReplyTo(id=found.id, author=found.author.handle, url=found.url)


def before() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=5)


# listens -----------------------------------------------------------------------------------------------


@asked_of({name: net for name, net in NETS.items() if net.hears})
def test_what_is_said_is_heard_oldest_first(peer: Peer) -> None:
    for text in ("One.", "Two.", "Three."):
        peer.say(text)
    texts = until(peer, lambda: heard(peer.source), lambda texts: len(texts) == 3)
    assert [next(said for said in ("One.", "Two.", "Three.") if said in text) for text in texts] == [
        "One.",
        "Two.",
        "Three.",
    ]


@asked_of(hearing(NETS))
def test_a_message_comes_with_who_when_and_an_id_to_answer(peer: Peer) -> None:
    id = peer.say("The soup was <b>cold</b> & late.")
    (found,) = until(peer, lambda: peer.source.listen("").found)
    assert found.id == id
    assert "The soup was <b>cold</b> & late." in found.text
    assert found.author.handle
    assert found.author.id
    assert found.posted_at is not None
    assert abs(datetime.now(UTC) - found.posted_at) < timedelta(minutes=5)


@asked_of(hearing(NETS))
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


@asked_of({name: net for name, net in HERE.items() if net.lists})
def test_a_feed_that_did_not_change_brings_nothing_new(peer: Peer) -> None:
    peer.say("One.")
    first = peer.source.listen("")
    peer.say("Two.")
    second = peer.source.listen(first.cursor)
    assert {item.id for item in second.found} - {item.id for item in first.found} == {peer_id(second, "Two.")}


def peer_id(page: Page, text: str) -> str:
    return next(item.id for item in page.found if text in item.text)


@asked_of({name: net for name, net in NETS.items() if net.hears})
def test_before_anyone_speaks_there_is_nothing(peer: Peer) -> None:
    page = peer.source.listen("")
    assert (page.found, page.more) == ((), False)


@asked_of(hearing(HERE))
def test_a_busy_hour_is_heard_whole(peer: Peer) -> None:
    peer.say("Quiet.")
    cursor = pages(peer.source)[-1].cursor
    said = [f"Message {n:03}." for n in range(203)]
    for text in said:
        peer.say(text)
    got = pages(peer.source, cursor)
    assert [item.text[-12:] for page in got for item in page.found] == said
    assert [page.more for page in got] == [True] * (len(got) - 1) + [False]


@asked_of(hearing(NETS))
def test_we_do_not_hear_ourselves(peer: Peer) -> None:
    peer.say_as_us("Fresh bread at seven.")
    told = peer.source is not peer.our_source and peer.hears_itself
    assert until(peer, lambda: not told or heard(peer.source))
    assert heard(peer.our_source) == []


# looks again --------------------------------------------------------------------------------------------


looking = {
    name: net
    for name, net in HERE.items()
    if net.hears and can(name.partition(" ")[0], "look-again") and name != "youtube search"
}
"""Videos are not asked for again."""


@asked_of(looking)
def test_what_was_removed_is_said_to_be_gone_and_nothing_else(peer: Peer) -> None:
    ids = [peer.say(f"Message {n:02}.") for n in range(60)]
    for id in ids[3:7]:
        peer.take_away(id)
    looked = peer.source.look_again([*ids, "h.abc"])  # type: ignore[attr-defined]
    assert sorted(looked.gone) == sorted(ids[3:7])


@asked_of(looking)
def test_what_was_edited_comes_as_it_stands_there_now(peer: Peer) -> None:
    ids = [peer.say(text) for text in ("One.", "Two.", "Three.")]
    peer.change(ids[1], "Two and a half.")
    looked = peer.source.look_again(ids)  # type: ignore[attr-defined]
    found = {one.id: one for one in looked.edited}
    assert found[ids[1]].text.endswith("Two and a half.")
    assert all(one.edited and not one.gone for one in looked.edited)
    assert all("half" not in one.text for id, one in found.items() if id != ids[1])
    assert looked.gone == ()


@asked_of(looking)
def test_a_look_asks_seldom(peer: Peer) -> None:
    """A hundred messages are a few requests, and however many are missing, a few more."""
    ids = [peer.say(f"Message {n:02}.") for n in range(100)]
    peer.source.look_again(ids[:1])  # type: ignore[attr-defined]
    before = peer.asked()
    for id in ids:
        peer.take_away(id)
    looked = peer.source.look_again(ids)  # type: ignore[attr-defined]
    assert 0 < len(looked.gone) <= 10
    assert peer.asked() - before <= 15


@asked_of(looking)
@pytest.mark.parametrize("how", ["unauthorized", "rate-limited", "down"])
def test_a_network_that_does_not_answer_says_nothing_of_them(peer: Peer, how: str) -> None:
    ids = [peer.say("One.")]
    peer.source.look_again(ids)  # type: ignore[attr-defined]
    peer.fail(how)
    with pytest.raises(PlatformError):
        peer.source.look_again(ids)  # type: ignore[attr-defined]


# speaks ------------------------------------------------------------------------------------------------


@asked_in_each_way(traced(NETS))
def test_what_is_published_is_there_once_and_is_found(peer: Peer, kind: str) -> None:
    to, sent = published(peer, kind)
    assert sent.remote_id
    assert "taste again: https://soup.example/a?b=1&c=a-long-enough-path 🥣" in sent.text
    assert len(until(peer, peer.ours)) == 1
    assert until(peer, lambda: peer.channel.find(to, TEXT, peer.tokens[0], before())) == sent


@asked_in_each_way({name: net for name, net in traced(NETS).items() if net.keeps_tokens})
def test_asked_twice_with_one_token_it_is_published_once(peer: Peer, kind: str) -> None:
    to, sent = published(peer, kind)
    assert peer.channel.publish(to, TEXT, peer.tokens[0], "en").remote_id == sent.remote_id
    assert len(until(peer, peer.ours)) == 1


@asked_in_each_way(speaking(NETS))
def test_another_token_is_another_message(peer: Peer, kind: str) -> None:
    to, sent = published(peer, kind, "Sorry!")
    if peer.single:
        with pytest.raises(Rejected):
            peer.channel.publish(to, "And thanks!", peer.tokens[1], "en")
        assert peer.ours() == ["Sorry!"], "nobody's answer is written over"
        return
    other = peer.channel.publish(to, "And thanks!", peer.tokens[1], "en")
    assert other.remote_id != sent.remote_id
    assert len(until(peer, peer.ours, lambda ours: len(ours) == 2)) == 2


@asked_in_each_way(traced(NETS))
def test_what_was_not_sent_is_not_found(peer: Peer, kind: str) -> None:
    to, _ = published(peer, kind)
    assert peer.channel.find(to, "Other words.", peer.tokens[1], before()) is None
    assert peer.channel.find(ReplyTo(id=ABSENT, author="anna"), TEXT, peer.tokens[2], before()) is None


@asked_of({name: net for name, net in traced(NETS).items() if net.answers})
def test_a_long_answer_goes_on_below_our_own(peer: Peer) -> None:
    """As `Counts.threads` says; whom it is for stays who wrote."""
    to, first = published(peer, "reply", "Sorry! It was the pump. (1/2)")
    assert to
    if not peer.channel.threads:
        assert peer.channel.room() >= 1000, "what has no threads has room"
        return
    below = ReplyTo(id=first.remote_id, author=to.author)
    second = peer.channel.publish(below, "It runs again. (2/2)", peer.tokens[1], "en")
    found = until(peer, lambda: peer.channel.find(below, "It runs again. (2/2)", peer.tokens[1], before()))
    assert found == second
    if peer.keeps_tokens:
        assert peer.channel.publish(below, "It runs again. (2/2)", peer.tokens[1], "en") == second
    numbers = until(peer, lambda: peer.channel.measure(first.remote_id))
    assert numbers
    assert numbers.replies == 1
    assert len(until(peer, peer.ours, lambda ours: len(ours) == 2)) == 2


@asked_of({name: net for name, net in traced(NETS).items() if net.posts and net.answers})
def test_a_post_and_an_answer_of_the_same_words_are_two(peer: Peer) -> None:
    to, answer = published(peer, "reply")
    words = answer.text
    assert peer.channel.find(None, words, peer.tokens[1], before()) is None
    post = peer.channel.publish(None, words, peer.tokens[1], "en")
    assert until(peer, lambda: peer.channel.find(None, words, peer.tokens[1], before())) == post
    assert peer.channel.find(to, TEXT, peer.tokens[0], before()) == answer
    assert post.remote_id != answer.remote_id


@asked_in_each_way(traced(NETS))
def test_what_stands_there_can_be_read_back(peer: Peer, kind: str) -> None:
    _, sent = published(peer, kind)
    assert until(peer, lambda: peer.channel.read_back(sent.remote_id)) == sent
    assert peer.channel.read_back(ABSENT) is None


# deletes -----------------------------------------------------------------------------------------------


@asked_in_each_way(able(NETS, "delete"))
def test_what_is_deleted_is_gone_and_the_rest_stays(peer: Peer, kind: str) -> None:
    to, sent = published(peer, kind)
    other = published_besides(peer, kind, to)
    peer.channel.delete(sent.remote_id)
    assert len(until(peer, peer.ours, lambda ours: len(ours) == 1)) == 1
    if peer.traced:
        assert until(peer, lambda: peer.channel.read_back(sent.remote_id), lambda seen: seen is None) is None
        assert peer.channel.find(to, TEXT, peer.tokens[0], before()) is None
        assert until(peer, lambda: peer.channel.read_back(other.remote_id)) == other


@asked_in_one_way(able(NETS, "delete"))
def test_deleted_twice_it_is_gone_once(peer: Peer, kind: str) -> None:
    _, sent = published(peer, kind)
    for _ in range(2):
        peer.channel.delete(sent.remote_id)
    assert peer.ours() == []


# measures ----------------------------------------------------------------------------------------------


@asked_in_each_way(able(HERE, "measure"))
def test_the_figures_are_the_networks_own(peer: Peer, kind: str) -> None:
    _, sent = published(peer, kind)
    nothing = peer.channel.measure(sent.remote_id)
    assert nothing is not None
    counted = peer.react(sent.remote_id)
    assert peer.channel.measure(sent.remote_id) == counted
    for name in ("reach", "reactions", "shares", "replies"):
        before = None if getattr(counted, name) is None else 0
        assert getattr(nothing, name) == before, "what is not given is never nought"


@asked_of(able(REAL, "measure"))
def test_a_real_network_gives_figures(peer: Peer) -> None:
    _, sent = published(peer, "post")
    assert until(peer, lambda: peer.channel.measure(sent.remote_id)) == Numbers(
        reactions=0, shares=0, replies=0
    )
    assert all(isinstance(count, int) for count in peer.channel.following())


@asked_in_one_way({name: net for name, net in able(NETS, "measure").items() if name in able(NETS, "delete")})
def test_what_is_gone_has_no_figures(peer: Peer, kind: str) -> None:
    _, sent = published(peer, kind)
    peer.channel.delete(sent.remote_id)
    assert until(peer, lambda: peer.channel.measure(sent.remote_id), lambda seen: seen is None) is None
    assert peer.channel.measure(ABSENT) is None


@asked_of(able(HERE, "measure"))
def test_who_follows_us_is_counted(peer: Peer) -> None:
    assert peer.channel.following()[0] == (0 if peer.followed else None)
    assert (peer.follow() if peer.followed else (None, None)) == peer.channel.following()


# checks ------------------------------------------------------------------------------------------------


def tried(peer: Peer) -> datetime | None:
    """When the key ends, where its network says so."""
    return cast(Checks, peer.channel).check()


@asked_of(able(HERE, "check"))
def test_a_key_that_holds_holds_until_it_ends(peer: Peer) -> None:
    ends = tried(peer)
    assert ends is None or ends > datetime.now(UTC)
    assert peer.ours() == [], "to try a key is to write nothing"


# what can be asked of whom -----------------------------------------------------------------------------


@asked_of(speaking(HERE))
@pytest.mark.parametrize(
    ("skill", "deeds"),
    [
        ("delete", ("delete",)),
        ("measure", ("measure", "following")),
        ("look-again", ("look_again",)),
        ("check", ("check",)),
        ("boost", ("boost", "boosted")),
        ("quote", ("quote",)),
        ("edit", ("edit",)),
        ("comment", ("comments",)),
    ],
)
def test_what_a_module_says_it_can_its_object_does(peer: Peer, skill: str, deeds: tuple[str, ...]) -> None:
    name = type(peer.channel).__module__.rpartition(".")[2]
    assert [hasattr(peer.channel, deed) for deed in deeds] == [can(name, skill)] * len(deeds)


def speaking_here() -> set[str]:
    return {name.partition(" ")[0] for name in speaking(HERE)}


def test_every_module_says_what_it_can() -> None:
    skills = {name: {skill for skill in SKILLS if can(name, skill)} for name in names()}
    assert all(skills[name] == module(name).CAN for name in names())
    assert {name for name, these in skills.items() if "publish" in these} == {
        name.partition(" ")[0] for name, net in HERE.items() if net.posts
    }
    answered = {name for name in names() if module(name).ANSWERS == "api"}
    assert answered == {name.partition(" ")[0] for name, net in HERE.items() if net.answers}
    assert {name for name in names() if hasattr(module(name), "CHANNEL")} == speaking_here()
    deaf_and_dumb = {name for name in names() if not module(name).SOURCES and name not in speaking_here()}
    assert {name.partition(" ")[0] for name in HERE} == set(names()) - {"webhook"} - deaf_and_dumb
    with pytest.raises(BadInput, match="platform: 'carrier-pigeon' is not one of "):
        can("carrier-pigeon", "publish")


# counts ------------------------------------------------------------------------------------------------


@asked_of(speaking(NETS))
def test_length_counts_what_people_see(peer: Peer) -> None:
    assert peer.channel.room() >= 280
    texts = ("", "naïve", "e\u0301", "👩‍👩‍👧‍👦!", "🇳🇱")
    assert tuple(map(peer.channel.length, texts)) == peer.counted


@asked_in_each_way({name: net for name, net in speaking(NETS).items() if "limit" not in net.lacks})
def test_what_is_too_long_is_refused(peer: Peer, kind: str) -> None:
    to = whom(peer, kind)
    with pytest.raises(Rejected):
        peer.channel.publish(to, "x" * (peer.channel.room() + 1), peer.tokens[0], "en")
    assert peer.ours() == []
