"""Threads: answers, mentions and a search by poll and by webhook, images and quotes, keys renewed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import threads as module
from chalicelib.ports import Kit, ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.memory import MemoryShelf
from tests.platforms.peer_instagram import image
from tests.platforms.peer_threads import served, threads
from tests.platforms.peers import platform
from tests.platforms.recorded import payload
from tests.servers.graph import SECRET, TOKEN
from tests.servers.threads import HOUR, NAME, NEXT, USER, Threads

SINCE = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[Threads]:
    with served() as running:
        yield running


def kit(server: Threads) -> Kit:
    return Kit(http=Http(allow=frozenset({(server.host, server.port)})), shelf=MemoryShelf())


def call(field: str = "replies", **value: Any) -> dict[str, Any]:
    """The recorded call with another value."""
    made: dict[str, Any] = payload("threads_replies")
    given = made["values"]["value"] | value
    made["values"] = {
        "field": field,
        "value": {name: each for name, each in given.items() if each is not ...},
    }
    return made


# in ----------------------------------------------------------------------------------------------------


def test_the_recorded_answer_and_mention_are_mentions() -> None:
    (answer,) = module.heard({}, payload("threads_replies"))
    assert (answer.platform, answer.id, answer.text) == ("threads", "8901234", "Reply")
    assert (answer.author.handle, answer.reply_to, answer.direct) == ("test_username", "567890", True)
    assert answer.author.url == "https://www.threads.com/@test_username"
    assert answer.posted_at == datetime(2024, 8, 7, 10, 33, 16, tzinfo=UTC)
    assert answer.url == "https://www.threads.net/@test_username/post/Pp"
    assert answer.as_of == datetime(2024, 8, 9, 18, 7, 57, tzinfo=UTC)
    (mention,) = module.heard({}, payload("threads_mentions"))
    assert (mention.id, mention.text, mention.reply_to, mention.direct) == ("8901234", "Reply", "", True)


def test_what_is_removed_is_gone() -> None:
    (found,) = module.heard({}, call("delete", text=..., username=...))
    assert (found.id, found.gone, found.text) == ("8901234", True, "")


def test_several_values_are_read_and_a_bad_one_takes_nothing_along() -> None:
    made = call()
    made["values"] = [None, {"field": "replies"}, {"field": "replies", "value": []}, made["values"]]
    assert [found.id for found in module.heard({}, made)] == ["8901234"]


@pytest.mark.parametrize(
    "made",
    [
        call("publish"),
        call("replies", text=""),
        call("replies", text=...),
        call("replies", username=7),
        call("replies", id=...),
        call("delete", id=7),
    ],
)
def test_what_is_no_message_of_others_is_none(made: dict[str, Any]) -> None:
    assert module.heard({}, made) == ()


@pytest.mark.parametrize("value", [None, [], {}, {"values": "x"}])
def test_a_call_without_values_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="values"):
        module.heard({}, value)


def test_a_source_that_meta_calls_reads_what_threads_sends() -> None:
    ear = platform("webhook", {"scheme": "meta"}, {}, Http())
    (found,) = ear.hear({}, json.dumps(payload("threads_replies")).encode())
    assert found.platform == "threads"


def test_answers_are_heard_however_deep_and_as_the_webhook_tells_them(server: Threads) -> None:
    first = server.say("is this vegan?", to=server.home.id)
    second = server.say("I wonder too", to=first.id, by="bram")
    found = {each.id: each for each in threads(server).listen("").found}
    assert found.keys() == {first.id, second.id}
    assert (found[first.id].reply_to, found[second.id].reply_to) == (server.home.id, first.id)
    (told,) = module.heard(
        {}, call(id=second.id, text=second.text, username="bram", replied_to={"id": first.id})
    )
    assert (told.id, told.reply_to, told.author) == (second.id, first.id, found[second.id].author)


def test_a_search_is_for_nobody_and_of_a_post_without_answers_none_are_asked(server: Threads) -> None:
    server.say("sourdough is best")
    (found,) = threads(server, kind="search", query="sourdough").listen("").found
    assert not found.direct
    threads(server).listen("")
    assert not any("conversation" in request.path for request in server.requests)


@pytest.mark.parametrize(
    "answer", [b"[]", b'{"data": 7}', b'{"data": [3, {}, {"id": "1"}, {"id": 7, "timestamp": "x"}]}']
)
@pytest.mark.parametrize("kind", ["replies", "mentions"])
def test_what_is_no_message_is_passed_over(server: Threads, kind: str, answer: bytes) -> None:
    server.answers = 200, answer
    assert threads(server, kind=kind).listen("").found == ()


# out ---------------------------------------------------------------------------------------------------


def test_a_message_may_bring_images_also_as_an_answer(server: Threads) -> None:
    asked = server.say("what does it look like?", to=server.home.id)
    to, channel = ReplyTo(id=asked.id, author="anna"), threads(server)
    channel.publish(to, "Like this", "t1", "nl", [image()])
    channel.publish(None, "All of it", "t2", "nl", [image(), image(alt="")])
    assert [(each.to, each.images) for each in server.ours()] == [
        (asked.id, (("https://images.example/1", "Bread"),)),
        ("", (("https://images.example/1", "Bread"), ("https://images.example/1", ""))),
    ]


@pytest.mark.parametrize(
    ("images", "text"),
    [
        ([image(type="image/gif")], "x"),
        ([image() for _ in range(21)], "x"),
        ([], " ".join(f"https://b.example/{n}" for n in range(6))),
    ],
)
def test_what_it_does_not_take_is_not_sent(server: Threads, images: list[Image], text: str) -> None:
    with pytest.raises(Rejected):
        threads(server).publish(None, text, "t", "nl", images)
    assert server.requests == []


def test_a_link_said_twice_is_one(server: Threads) -> None:
    text = " ".join(["https://b.example/1", *(f"https://b.example/{n}" for n in range(5))])
    assert threads(server).publish(None, text, "t", "nl").text == text


def test_a_post_can_show_another(server: Threads) -> None:
    theirs = server.say("the best bread")
    channel = threads(server)
    sent = channel.quote(ReplyTo(id=theirs.id, author="anna"), "Thank you!", "t", "nl")
    assert [each.quotes for each in server.ours()] == [theirs.id]
    assert channel.find(None, "Thank you!", "t", SINCE) == sent
    assert channel.quote(ReplyTo(id=theirs.id, author="anna"), "Thank you!", "t", "nl") == sent


@pytest.mark.parametrize(("spoils", "word"), [("ERROR", Rejected), ("EXPIRED", Unavailable)])
def test_what_cannot_be_used_says_why(server: Threads, spoils: str, word: type[Exception]) -> None:
    server.spoils = spoils
    with pytest.raises(word, match=r"FAILED_DOWNLOAD|EXPIRED"):
        threads(server).publish(None, "x", "t", "nl", [image()])
    assert server.ours() == []


def test_the_same_words_are_a_new_post_when_the_old_one_is_old(server: Threads) -> None:
    channel = threads(server)
    channel.publish(None, "Good morning", "t1", "nl")
    server.ours()[-1].at -= timedelta(hours=1)
    channel.publish(None, "Good morning", "t2", "nl")
    assert len(server.ours()) == 2


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("bread", 5),
        ("🥣", 4),
        ("❤️", 6),
        ("1", 1),
        ("#1 é", 4),
        ("🇳🇱", 8),
        ("日本", 2),
        (" x ", 1),
        ("1️⃣ #⃣", 12),
    ],
)
def test_an_emoji_counts_as_its_bytes(server: Threads, text: str, long: int) -> None:
    assert threads(server).length(text) == long


def test_figures_that_are_not_given_are_none(server: Threads) -> None:
    sent = threads(server).publish(None, "x", "t", "nl")
    server.bare = True
    with pytest.raises(Unavailable, match="no figures"):
        threads(server).measure(sent.remote_id)
    server.answers = (
        200,
        b'{"data": [{"name": "likes", "values": [{"value": 3}]}, {"name": "quotes", "values": 7}]}',
    )
    numbers = threads(server).measure(sent.remote_id)
    assert numbers
    assert (numbers.reactions, numbers.replies, numbers.shares) == (3, None, None)


# keys --------------------------------------------------------------------------------------------------


def test_a_key_of_an_hour_becomes_one_of_sixty_days_and_that_is_renewed(server: Threads) -> None:
    secrets = {"token": HOUR, "client_secret": SECRET}
    lasts = module.lasting({}, secrets, kit(server))
    assert lasts["token"] == TOKEN
    assert datetime.fromisoformat(lasts["expires_at"]) > datetime.now(UTC) + timedelta(days=59)
    assert module.renewed({}, {**secrets, **lasts}, kit(server))["token"] == NEXT
    with pytest.raises(Unauthorized):
        module.renewed({}, {"token": "old"}, kit(server))


def test_a_key_is_tried_and_must_be_of_this_account(server: Threads) -> None:
    assert threads(server).check() is None
    server.name = "other"
    with pytest.raises(Unauthorized, match="not of this account"):
        threads(server).check()


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"user": "bakery"}, "user"),
        ({"kind": "likes"}, "kind"),
        ({"kind": "search"}, "query"),
        ({"query": "bread"}, "query"),
    ],
)
def test_a_wrong_setting_is_bad_input(settings: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput, match=field):
        platform("threads", {"user": USER, "account": NAME, **settings}, {"token": "t"}, Http())
