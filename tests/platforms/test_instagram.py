"""Instagram: comments by poll and by webhook, who names us elsewhere, posts in two steps, keys renewed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import BadInput, RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import instagram as module
from chalicelib.platforms.webhook import Webhook
from chalicelib.ports import Kit, ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.memory import MemoryShelf
from tests.platforms.peer_instagram import image, instagram, served
from tests.platforms.peers import platform
from tests.platforms.recorded import payload
from tests.servers.graph import SECRET, TOKEN
from tests.servers.instagram import ANNA, HOUR, NEXT, USER, Instagram

SINCE = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[Instagram]:
    with served() as running:
        yield running


def kit(server: Instagram) -> Kit:
    return Kit(http=Http(allow=frozenset({(server.host, server.port)})), shelf=MemoryShelf())


def comment(**value: Any) -> dict[str, Any]:
    """The recorded call with another value."""
    call: dict[str, Any] = payload("instagram_comments")
    given = call["entry"][0]["changes"][0]["value"] | value
    call["entry"][0]["changes"][0]["value"] = {name: each for name, each in given.items() if each is not ...}
    return call


# in ----------------------------------------------------------------------------------------------------


def test_the_recorded_comment_is_a_mention() -> None:
    (found,) = module.heard({}, payload("instagram_comments"))
    assert (found.platform, found.id, found.text) == ("instagram", "17919697626119712", "is this in stock?")
    assert (found.author.id, found.author.handle) == (ANNA, "some_user")
    assert found.author.url == "https://www.instagram.com/some_user/"
    assert found.reply_to == "17919697626119700"
    assert found.posted_at == datetime(2025, 8, 21, 12, 28, tzinfo=UTC)
    assert found.direct


@pytest.mark.parametrize(
    "value",
    [
        {"from": {"id": USER, "username": "bakery"}},
        {"from": {"id": "2105722729836161", "username": "bakery", "self_ig_scoped_id": "2105722729836161"}},
        {"from": ...},
        {"from": "x"},
        {"from": {"id": "1", "username": 7}},
        {"text": ""},
        {"text": ["x"]},
        {"id": ...},
        {"id": 7},
    ],
)
def test_our_own_and_what_is_no_comment_is_no_message(value: dict[str, Any]) -> None:
    assert module.heard({}, comment(**value)) == ()


def test_a_comment_below_a_post_answers_the_post() -> None:
    (found,) = module.heard({}, comment(parent_id=...))
    assert found.reply_to == "18172143295349192"
    (found,) = module.heard({}, comment(parent_id=..., media=None))
    assert found.reply_to == ""


@pytest.mark.parametrize("value", [None, [], {}, {"object": "instagram", "entry": {}}])
def test_a_call_without_entries_is_refused(value: object) -> None:
    for read in (lambda: module.heard({}, value), lambda: module.named(value)):
        with pytest.raises(BadInput, match="entry"):
            read()


def test_the_poll_and_the_webhook_tell_of_the_same_comment(server: Instagram) -> None:
    first = server.say("is this vegan?")
    second = server.say("I wonder too", to=first.id)
    found = {each.id: each for each in instagram(server).listen("").found}
    assert found.keys() == {first.id, second.id}
    assert (found[first.id].reply_to, found[second.id].reply_to) == (server.home.id, first.id)
    assert found[second.id].url == f"https://www.instagram.com/p/{server.home.id}/"
    call = comment(
        id=second.id, parent_id=first.id, text=second.text, **{"from": {"id": second.by, "username": "anna"}}
    )
    (told,) = module.heard({}, call)
    assert (told.id, told.reply_to, told.text, told.author) == (
        second.id,
        first.id,
        second.text,
        found[second.id].author,
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"[]",
        b'{"data": 7}',
        b'{"data": [3, {}, {"id": "1", "comments": {"data": [{"id": 7}, {"id": "a b"}, 3]}}]}',
    ],
)
def test_what_is_no_comment_is_passed_over(server: Instagram, answer: bytes) -> None:
    server.answers = 200, answer
    assert instagram(server).listen("").found == ()


# who names us elsewhere --------------------------------------------------------------------------------


def hears(server: Instagram, **settings: str) -> Webhook:
    """A source that Meta calls, with the account as the channel that answers."""
    channel = instagram(server, **settings)
    through = replace(kit(server), through=lambda network: channel if network == "instagram" else None)
    return Webhook("meta", "", through)


def mentions(media: str, comment: str = "") -> bytes:
    call = payload("instagram_mentions_comment")
    value = {"media_id": media, **({"comment_id": comment} if comment else {})}
    call["entry"][0]["changes"][0]["value"] = value
    return json.dumps(call).encode()


def test_the_recorded_mention_names_a_comment_and_tells_no_words() -> None:
    call = payload("instagram_mentions_comment")
    assert module.heard({}, call) == ()
    assert module.named(call) == (("17887498072083530", "17887498072083520"),)


def test_who_names_us_elsewhere_is_asked_for_and_answered_there(server: Instagram) -> None:
    theirs = server.theirs
    said = server.say("@bakery have you seen this?", to=theirs.id)
    (caption,) = hears(server, by_page="yes").hear({}, mentions(theirs.id))
    assert (caption.id, caption.text) == (f"m/{theirs.id}", "Look what I found @bakery")
    assert caption.url == f"https://www.instagram.com/p/{theirs.id}/"
    (below,) = hears(server, by_page="yes").hear({}, mentions(theirs.id, said.id))
    assert (below.id, below.reply_to) == (f"m/{theirs.id}/{said.id}", caption.id)
    assert (below.text, below.author.handle, below.direct) == ("@bakery have you seen this?", "anna", True)
    channel = instagram(server, by_page="yes")
    for found, where in ((caption, ""), (below, said.id)):
        to = ReplyTo(id=found.id, author=found.author.handle, url=found.url)
        sent = channel.publish(to, f"Thanks for {where or 'this'}", "t", "nl")
        assert channel.read_back(sent.remote_id) == sent
        assert (server.ours()[-1].media, server.ours()[-1].parent) == (theirs.id, where)


def test_an_answer_elsewhere_whose_outcome_is_lost_cannot_be_looked_for(server: Instagram) -> None:
    to, channel = ReplyTo(id=f"m/{server.theirs.id}", author="anna"), instagram(server, by_page="yes")
    server.fails_after_publishing = True
    with pytest.raises(Unknown):
        channel.publish(to, "Thanks", "t", "nl")
    with pytest.raises(Unavailable, match="not listed"):
        channel.find(to, "Thanks", "t", SINCE)


def test_a_key_of_instagram_hears_no_words_elsewhere_and_asks_for_none(server: Instagram) -> None:
    assert hears(server).hear({}, mentions(server.theirs.id)) == ()
    assert server.requests == []
    assert Webhook("meta", "", kit(server)).hear({}, mentions(server.theirs.id)) == ()


def test_what_names_us_below_our_own_post_is_told_once_as_a_comment(server: Instagram) -> None:
    said = server.say("@bakery nice")
    assert hears(server, by_page="yes").hear({}, mentions(server.home.id, said.id)) == ()


def test_what_we_may_not_see_is_passed_over_and_a_bad_key_is_not(server: Instagram) -> None:
    server.private = True
    assert hears(server, by_page="yes").hear({}, mentions(server.theirs.id)) == ()
    server.expired_token = True
    with pytest.raises(Unauthorized):
        hears(server, by_page="yes").hear({}, mentions(server.theirs.id))


@pytest.mark.parametrize(
    "answer", [b"[]", b"{}", b'{"mentioned_media": 3}', b'{"mentioned_media": {"owner": 3}}']
)
def test_what_is_no_mention_is_passed_over(server: Instagram, answer: bytes) -> None:
    server.answers = 200, answer
    assert hears(server, by_page="yes").hear({}, mentions(server.theirs.id)) == ()


# out ---------------------------------------------------------------------------------------------------


def test_a_post_waits_until_its_image_is_ready(server: Instagram) -> None:
    server.slow = 2
    sent = instagram(server).publish(None, "Fresh bread", "t", "nl", [image()])
    (container,) = server.containers.values()
    assert (container["image_url"], container["caption"]) == ("https://images.example/1", "Fresh bread")
    assert container["alt_text"] == "Bread"
    assert sent.url == f"https://www.instagram.com/p/{sent.remote_id}/"


def test_several_images_are_one_post(server: Instagram) -> None:
    instagram(server).publish(None, "Fresh bread", "t", "nl", [image(alt=""), image(alt="Rolls")])
    (post,) = server.ours()
    assert len(post.images) == 2
    assert [each.get("alt_text") for each in server.containers.values()] == [None, "Rolls", None]


def test_the_same_words_to_a_second_person_in_one_thread_are_a_second_answer(server: Instagram) -> None:
    top, channel = server.say("Nice bread!"), instagram(server)
    asked = [server.say(text, to=top.id) for text in ("Open on Sunday?", "Here too?")]
    first, second = (
        channel.publish(ReplyTo(id=each.id, author="anna"), "Yes, till five!", each.id, "en")
        for each in asked
    )
    assert first.remote_id != second.remote_id
    assert [each.text for each in server.ours()] == ["Yes, till five!"] * 2


def test_an_image_that_takes_long_is_tried_again_later_and_shows_nothing(server: Instagram) -> None:
    server.slow = 9
    with pytest.raises(Unavailable, match="busy"):
        instagram(server).publish(None, "Fresh bread", "t", "nl", [image()])
    assert server.ours() == []


@pytest.mark.parametrize(
    ("spoils", "word", "said"), [("ERROR", Rejected, "cannot be used"), ("EXPIRED", Unavailable, "EXPIRED")]
)
def test_an_image_that_cannot_be_used_says_why(
    server: Instagram, spoils: str, word: type[Exception], said: str
) -> None:
    server.spoils = spoils
    with pytest.raises(word, match=said):
        instagram(server).publish(None, "Fresh bread", "t", "nl", [image()])
    assert server.ours() == []


@pytest.mark.parametrize(
    ("images", "text"),
    [
        ([], "x"),
        ([image(type="image/png")], "x"),
        ([image(size=8_000_001)], "x"),
        ([image(alt="x" * 1001)], "x"),
        ([image() for _ in range(11)], "x"),
        ([image()], " ".join(f"#t{n}" for n in range(31))),
        ([image()], " ".join(f"@t{n}" for n in range(21))),
    ],
)
def test_what_it_does_not_take_is_not_sent(server: Instagram, images: list[Image], text: str) -> None:
    with pytest.raises(Rejected):
        instagram(server).publish(None, text, "t", "nl", images)
    with pytest.raises(Rejected):
        instagram(server).publish(ReplyTo(id=server.home.id, author="a"), "x", "t", "nl", [image()])
    assert server.requests == []


def test_the_same_words_are_a_new_post_when_the_old_one_is_old(server: Instagram) -> None:
    channel = instagram(server)
    channel.publish(None, "Good morning", "t1", "nl", [image()])
    server.ours()[-1].at -= timedelta(hours=1)
    channel.publish(None, "Good morning", "t2", "nl", [image()])
    assert len(server.ours()) == 2


def test_the_limit_of_a_day_is_waited_for(server: Instagram) -> None:
    server.refuses = (9, 2207042)
    with pytest.raises(RateLimited):
        instagram(server).publish(None, "Fresh", "t", "nl", [image()])


def test_an_answer_to_an_answer_is_found_beside_it(server: Instagram) -> None:
    first = server.say("is this vegan?")
    second = server.say("I wonder too", to=first.id)
    to, channel = ReplyTo(id=second.id, author="anna"), instagram(server)
    sent = channel.publish(to, "It is.", "t", "nl")
    assert server.ours()[-1].parent == first.id
    assert channel.find(to, "It is.", "t", SINCE) == sent
    assert channel.find(to, "It is.", "t", SINCE, lambda id: id != sent.remote_id) is None


def test_the_same_words_twice_on_purpose_are_two_posts(server: Instagram) -> None:
    channel = instagram(server)
    first = channel.publish(None, "Bread at seven", "t1", "en", [image()])
    second = channel.publish(None, "Bread at seven", "t2", "en", [image()])
    assert first.remote_id != second.remote_id
    assert channel.publish(None, "Bread at seven", "t1", "en", [image()]) == first
    assert channel.find(None, "Bread at seven", "t1", SINCE) == first
    assert channel.find(None, "Bread at seven", "t2", SINCE) == second
    assert len(server.ours()) == 2


def test_a_post_whose_answer_was_lost_is_never_made_again(server: Instagram) -> None:
    channel = instagram(server)
    channel.publish(None, "Bread at seven", "t0", "en", [image()])
    server.fails_after_publishing = True
    with pytest.raises(Unknown):
        channel.publish(None, "Bread at seven", "t1", "en", [image()])
    server.fails_after_publishing = False
    with pytest.raises(Unknown, match="looked for"):
        channel.publish(None, "Bread at seven", "t1", "en", [image()])
    server.lists_late = 1
    with pytest.raises(Unavailable, match="not listed yet"):
        channel.find(None, "Bread at seven", "t1", SINCE)
    assert channel.find(None, "Bread at seven", "t1", SINCE)
    assert len(server.ours()) == 2


def test_what_was_not_shown_yet_goes_on_with_what_was_made(server: Instagram) -> None:
    channel = instagram(server)
    channel._containers._sleep = lambda seconds: None
    server.slow = 100
    with pytest.raises(Unavailable, match="busy"):
        channel.publish(None, "Bread at seven", "t1", "en", [image()])
    assert channel.find(None, "Bread at seven", "t1", SINCE) is None
    (container,) = server.containers.values()
    container["busy"] = 0
    channel.publish(None, "Bread at seven", "t1", "en", [image()])
    assert len(server.containers) == len(server.ours()) == 1


def test_a_container_that_ended_is_made_anew(server: Instagram) -> None:
    channel = instagram(server)
    channel._containers._sleep = lambda seconds: None
    server.slow = 100
    with pytest.raises(Unavailable):
        channel.publish(None, "Bread at seven", "t1", "en", [image()])
    server.slow = 0
    server.containers.clear()
    assert channel.publish(None, "Bread at seven", "t1", "en", [image()])
    assert len(server.ours()) == 1


# keys --------------------------------------------------------------------------------------------------


def test_a_key_of_an_hour_becomes_one_of_sixty_days_and_that_is_renewed(server: Instagram) -> None:
    secrets = {"token": HOUR, "client_secret": SECRET}
    lasts = module.lasting({}, secrets, kit(server))
    assert lasts["token"] == TOKEN
    ends = datetime.fromisoformat(lasts["expires_at"])
    assert timedelta(days=59) < ends - datetime.now(UTC) < timedelta(days=60)
    assert module.renewed({}, {**secrets, **lasts}, kit(server))["token"] == NEXT


def test_a_key_that_is_not_renewed_is_kept(server: Instagram) -> None:
    with pytest.raises(Unauthorized):
        module.renewed({}, {"token": "old"}, kit(server))
    with pytest.raises(Unauthorized):
        module.renewed({"by_page": "yes"}, {"token": TOKEN}, kit(server))
    for answer in (b"{}", b'{"access_token": ""}', b'{"access_token": 3}', b"[]"):
        server.answers = 200, answer
        with pytest.raises(Unavailable):
            module.renewed({}, {"token": TOKEN}, kit(server))


def test_a_key_is_tried_and_must_be_of_this_account(server: Instagram) -> None:
    assert instagram(server).check() is None
    server.name = "other"
    with pytest.raises(Unauthorized, match="not of this account"):
        instagram(server).check()
    server.expired_token = True
    with pytest.raises(Unauthorized, match="expired"):
        instagram(server).check()


@pytest.mark.parametrize("user", ["", "bakery", "1/2", "@1"])
def test_what_is_no_number_is_bad_input(user: str) -> None:
    with pytest.raises(BadInput, match="user"):
        platform("instagram", {"user": user, "account": "bakery"}, {"token": "t"}, Http())


def test_an_answer_has_less_room_than_a_post(server: Instagram) -> None:
    channel = instagram(server)
    assert channel.length("x" * 301) == 301
    assert channel.length("x" * 300, "anna") == 300 <= channel.room()
    assert channel.length(" " + "x" * 302, "anna") == channel.room() + 2
