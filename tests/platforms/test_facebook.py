"""Facebook: what is written on a Page, by poll or by webhook; keys of Pages, posts with images, refusals."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import facebook as module
from chalicelib.ports import Kit, ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.memory import MemoryShelf
from tests.platforms.peer_facebook import facebook, served
from tests.platforms.peers import platform
from tests.platforms.recorded import payload
from tests.servers.facebook import APP, PAGE, PERSON, Facebook
from tests.servers.graph import SECRET, TOKEN

SINCE = datetime.now(UTC) - timedelta(minutes=5)
COMMENT = "122131676912594941_1213590066982748"


@pytest.fixture
def server() -> Iterator[Facebook]:
    with served() as running:
        yield running


def image(**changes: Any) -> Image:
    kept = {"name": "n", "type": "image/png", "size": 9, "width": 1, "height": 1, "alt": "Bread"}
    return Image(read=lambda: b"", address=lambda: "https://images.example/1", **{**kept, **changes})


def change(**value: Any) -> dict[str, Any]:
    """The recorded call with another value."""
    call: dict[str, Any] = payload("facebook_page_feed_comment")
    given = call["entry"][0]["changes"][0]["value"]
    given |= value
    call["entry"][0]["changes"][0]["value"] = {name: each for name, each in given.items() if each is not ...}
    return call


# in ----------------------------------------------------------------------------------------------------


def test_the_recorded_comment_is_a_mention() -> None:
    (found,) = module.heard({}, payload("facebook_page_feed_comment"))
    assert (found.platform, found.id, found.text) == ("facebook", COMMENT, "meow 2")
    assert (found.author.id, found.author.name) == ("9012345678901234", "Test Person")
    assert found.author.handle == "Test Person"
    assert found.url == "https://www.facebook.com/448242228374517/posts/122131676912594941"
    assert found.reply_to == "122131676912594941_542072878449250"
    assert found.posted_at == datetime(2025, 3, 22, 18, 20, 4, tzinfo=UTC)
    assert (found.direct, found.edited, found.gone) == (True, False, False)


def test_the_recorded_edit_is_one_of_the_same_message_told_later() -> None:
    (found,) = module.heard({}, payload("facebook_page_feed_post_edited"))
    (first,) = module.heard({}, payload("facebook_page_feed_comment"))
    assert (found.id, found.text, found.edited) == (first.id, "meow 3", True)
    assert found.as_of
    assert first.as_of
    assert found.as_of > first.as_of
    assert found.reply_to == "448242228374517_122131676912594941"


def test_a_removal_takes_the_words_with_it() -> None:
    (found,) = module.heard({}, change(verb="remove", message=...))
    assert (found.id, found.gone, found.text, found.author.handle) == (COMMENT, True, "", "")


def test_what_a_visitor_posts_is_heard_and_begins_a_conversation() -> None:
    call = change(item="status", comment_id=..., parent_id=..., message="Is this vegan?")
    (found,) = module.heard({}, call)
    assert (found.id, found.text, found.reply_to) == (
        "448242228374517_122131676912594941",
        "Is this vegan?",
        "",
    )


@pytest.mark.parametrize(
    "value",
    [
        {"from": {"id": PAGE, "name": "Us"}},
        {"from": {"id": PAGE, "name": "Us"}, "verb": "remove"},
        {"item": "reaction", "message": ...},
        {"item": "reaction", "verb": "remove"},
        {"verb": "hide"},
        {"message": ...},
        {"message": " \n"},
        {"comment_id": ...},
        {"comment_id": 7},
        {"item": None},
    ],
)
def test_our_own_and_what_has_no_words_is_no_message(value: dict[str, Any]) -> None:
    assert module.heard({}, change(**value)) == ()


def test_who_may_not_be_known_stays_without_a_name() -> None:
    for given in (..., None, "x", {"id": 7}):
        (found,) = module.heard({}, change(**{"from": given}))
        assert (found.author.id, found.author.handle, found.text) == ("", "", "meow 2")


def test_a_mention_elsewhere_comes_without_words_and_is_left_to_the_poll() -> None:
    assert module.heard({}, payload("facebook_page_mention")) == ()


def test_a_bad_one_among_many_takes_nothing_along() -> None:
    call = payload("facebook_page_feed_comment")
    good = call["entry"][0]["changes"][0]
    call["entry"][0]["changes"] = [None, 3, {"field": "feed"}, {"field": "feed", "value": []}, good]
    call["entry"] += [None, {"changes": "x"}, {}]
    assert [found.id for found in module.heard({}, call)] == [COMMENT]


@pytest.mark.parametrize("value", [None, [], {}, {"object": "page", "entry": {}}])
def test_a_call_without_entries_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="entry"):
        module.heard({}, value)


def test_a_source_that_meta_calls_reads_what_it_sends() -> None:
    ear = platform("webhook", {"scheme": "meta"}, {}, Http())
    (found,) = ear.hear({}, json.dumps(payload("facebook_page_feed_comment")).encode())
    assert found.platform == "facebook"


def test_the_poll_and_the_webhook_tell_of_the_same_message(server: Facebook) -> None:
    first = server.say("Is this vegan?", to=server.home.id)
    second = server.say("I wonder too", to=first.id, by="7")
    post = server.say("Nice place")
    found = {each.id: each for each in facebook(server).listen("").found}
    assert found.keys() == {first.id, second.id, post.id}
    assert found[second.id].reply_to == first.id
    assert found[first.id].reply_to == server.home.id
    assert found[post.id].reply_to == ""
    call = change(comment_id=second.id, parent_id=first.id, post_id=server.home.id, message=second.text)
    (told,) = module.heard({}, call)
    assert (told.id, told.reply_to, told.text) == (second.id, first.id, found[second.id].text)


def test_strangers_without_a_name_are_heard_too(server: Facebook) -> None:
    server.nameless = True
    server.say("Is this vegan?", to=server.home.id)
    (found,) = facebook(server).listen("").found
    assert (found.text, found.author.handle) == ("Is this vegan?", "")


@pytest.mark.parametrize(
    "answer",
    [b"[]", b"3", b'{"data": 7}', b'{"data": [3, {}, {"id": 7}, {"id": "a b"}], "paging": {"next": 1}}'],
)
def test_what_is_no_message_is_passed_over(server: Facebook, answer: bytes) -> None:
    server.answers = 200, answer
    assert facebook(server).listen("").found == ()


# out ---------------------------------------------------------------------------------------------------


def test_a_post_shows_the_card_of_its_first_link_and_an_answer_none(server: Facebook) -> None:
    channel = facebook(server)
    channel.publish(None, "Read https://bread.example/a, and https://b.example.", "t1", "nl")
    assert server.ours()[-1].link == "https://bread.example/a"
    asked = server.say("Where?", to=server.home.id)
    channel.publish(ReplyTo(id=asked.id, author="Anna"), "See https://bread.example/a", "t2", "nl")
    assert json.loads(server.requests[-2].body) == {"message": "See https://bread.example/a"}


def test_images_go_first_unseen_with_what_they_show_and_then_the_post(server: Facebook) -> None:
    sent = facebook(server).publish(
        None, "Fresh https://b.example/", "t", "nl", [image(), image(alt="Rolls")]
    )
    (post,) = server.ours()
    assert sent.remote_id == post.id
    assert [server.photos[each]["alt_text_custom"] for each in post.photos] == ["Bread", "Rolls"]
    assert all(each["published"] is False for each in server.photos.values())
    assert post.link == ""


@pytest.mark.parametrize(
    "images",
    [
        [image(type="image/webp")],
        [image(size=10_000_001)],
        [image(alt="x" * 1001)],
        [image() for _ in range(11)],
    ],
)
def test_an_image_that_it_does_not_take_stops_the_post(server: Facebook, images: list[Image]) -> None:
    with pytest.raises(Rejected):
        facebook(server).publish(None, "Fresh", "t", "nl", images)
    with pytest.raises(Rejected):
        facebook(server).publish(ReplyTo(id=server.home.id, author="a"), "Fresh", "t", "nl", [image()])
    assert server.requests == []


def test_an_image_that_was_not_taken_in_is_no_post(server: Facebook) -> None:
    server.answers = 500, b"oops"
    with pytest.raises(Unavailable):
        facebook(server).publish(None, "Fresh", "t", "nl", [image()])


def test_an_answer_to_an_answer_is_found_beside_it(server: Facebook) -> None:
    first = server.say("Is this vegan?", to=server.home.id)
    second = server.say("I wonder too", to=first.id)
    to, channel = ReplyTo(id=second.id, author="Anna"), facebook(server)
    sent = channel.publish(to, "It is.", "t", "nl")
    assert server.ours()[-1].parent == first.id
    assert channel.find(to, "It is.", "t", SINCE) == sent
    assert channel.find(to, "It is.", "t", SINCE, lambda id: id != sent.remote_id) is None


def test_a_visitors_post_is_answered_below_it(server: Facebook) -> None:
    post = server.say("Nice place")
    to = ReplyTo(id=post.id, author="Anna")
    sent = facebook(server).publish(to, "Thanks!", "t", "nl")
    assert server.ours()[-1].post == post.id
    assert facebook(server).find(to, "Thanks!", "t", SINCE) == sent


def test_a_tagged_post_elsewhere_is_answered_below_it(server: Facebook) -> None:
    post = server.say("I love them", tags=True)
    to = ReplyTo(id=post.id, author="Anna")
    sent = facebook(server).publish(to, "Thanks!", "t", "nl")
    assert facebook(server).find(to, "Thanks!", "t", SINCE) == sent


def test_a_block_is_told_in_facebooks_words_and_not_tried_again(server: Facebook) -> None:
    server.refuses = (368, 0)
    with pytest.raises(Rejected, match="368") as refused:
        facebook(server).publish(None, "Fresh", "t", "nl")
    assert type(refused.value) is Rejected


def test_the_same_words_to_a_second_person_in_one_thread_are_a_second_answer(server: Facebook) -> None:
    top, channel = server.say("Nice bread!", to=server.home.id), facebook(server)
    asked = [
        server.say(text, to=top.id, by=by) for text, by in (("Open on Sunday?", "222"), ("Here too?", "333"))
    ]
    to = [ReplyTo(id=each.id, author=each.by) for each in asked]
    first, second = (channel.publish(each, "Yes, till five!", each.author, "en") for each in to)
    assert first.remote_id != second.remote_id
    assert [each.text for each in server.ours()] == ["Yes, till five!"] * 2
    assert channel.find(to[0], "Yes, till five!", "222", SINCE, lambda id: id != second.remote_id) == first


def test_below_however_many_comments_an_answer_goes(
    server: Facebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OURS", 2)
    post = server.say("We love them", tags=True)
    for n in range(11):
        server.say(f"Me too {n}", to=post.id)
    to, channel = ReplyTo(id=post.id, author="Anna"), facebook(server)
    assert channel.publish(to, "Thank you!", "t", "en").text == "Thank you!"
    with pytest.raises(Unavailable, match="look through"):
        channel.find(to, "Other words", "t2", SINCE)


def test_what_facebook_calls_a_repeat_and_does_not_list_is_unknown(server: Facebook) -> None:
    channel = facebook(server)
    sent = channel.publish(None, "Bread at seven", "t1", "en")
    assert channel.publish(None, "Bread at seven", "t1", "en") == sent
    server.lists_late = 1
    with pytest.raises(Unknown, match="Duplicate"):
        channel.publish(None, "Bread at seven", "t2", "en")


def test_what_somebody_else_wrote_is_not_ours_to_find_or_delete(server: Facebook) -> None:
    asked = server.say("It is.", to=server.home.id)
    to = ReplyTo(id=server.home.id, author="a")
    assert facebook(server).find(to, "It is.", "t", SINCE) is None
    with pytest.raises(Unauthorized):
        facebook(server).delete(asked.id)
    with pytest.raises(Unauthorized):
        facebook(server).edit(asked.id, "It is not.")


def test_a_correction_leaves_the_card_of_the_link_where_it_was(server: Facebook) -> None:
    sent = facebook(server).publish(None, "Bread at seven: https://bakery.example/bread", "t", "en")
    assert facebook(server).edit(sent.remote_id, "Bread at eight").text == "Bread at eight"
    (post,) = server.ours()
    assert (post.text, post.link) == ("Bread at eight", "https://bakery.example/bread")


@pytest.mark.parametrize("body", [b"{}", b'{"success": false}', b"[]"])
def test_what_does_not_say_that_it_was_corrected_is_unknown(server: Facebook, body: bytes) -> None:
    sent = facebook(server).publish(None, "Bread at seven", "t", "en")
    server.answers = 200, body
    with pytest.raises(Unknown):
        facebook(server).edit(sent.remote_id, "Bread at eight")


# keys --------------------------------------------------------------------------------------------------


def kit(server: Facebook) -> Kit:
    return Kit(http=Http(allow=frozenset({(server.host, server.port)})), shelf=MemoryShelf())


def test_a_persons_key_becomes_the_pages_which_does_not_end(server: Facebook) -> None:
    settings, secrets = {"page": PAGE, "client_id": APP}, {"token": PERSON, "client_secret": SECRET}
    assert module.lasting(settings, secrets, kit(server)) == {"token": TOKEN}
    with pytest.raises(Unauthorized, match="does not look after"):
        module.lasting({**settings, "page": "1"}, secrets, kit(server))
    with pytest.raises(Unauthorized):
        module.lasting(settings, {**secrets, "token": "other"}, kit(server))


def test_a_key_says_when_it_ends_where_the_app_is_known(server: Facebook) -> None:
    assert facebook(server).check() is None
    channel = facebook(server, client_id=APP)
    assert channel.check() is None
    server.ends = (1_900_000_000, 1_800_000_000)
    assert channel.check() == datetime.fromtimestamp(1_800_000_000, UTC)
    server.expired_token = True
    with pytest.raises(Unauthorized):
        channel.check()
    with pytest.raises(Unauthorized):
        facebook(server).check()


def test_a_key_of_another_page_does_not_hold(server: Facebook) -> None:
    server.answers = 200, b'{"id": "1"}'
    with pytest.raises(Unauthorized, match="not of this Page"):
        facebook(server).check()
    server.answers = 200, b'{"data": {"is_valid": true, "profile_id": "1"}}'
    with pytest.raises(Unauthorized):
        facebook(server, client_id=APP).check()
    server.answers = 200, b"{}"
    with pytest.raises(Unavailable):
        facebook(server, client_id=APP).check()


@pytest.mark.parametrize("settings", [{"page": ""}, {"page": "bakery"}, {"page": "1/2"}, {"kind": "groups"}])
def test_what_is_no_page_is_bad_input(settings: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="page"):
        platform("facebook", {"page": PAGE, **settings}, {"token": "t"}, Http())
