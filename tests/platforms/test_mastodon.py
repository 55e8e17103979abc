"""Mastodon, beyond what every network promises (test_contract.py): what is heard, and the room there is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.mention import Author, native_id
from chalicelib.errors import BadInput, PlatformError, Rejected, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import mastodon
from chalicelib.platforms.mastodon import STATUSES
from chalicelib.ports import Kit
from tests.platforms.memory import MemoryShelf
from tests.platforms.peers import mastodon as connected
from tests.servers.mastodon import Mastodon

DATA = Path(__file__).parent.parent / "data/platforms"


@pytest.fixture
def server() -> Iterator[Mastodon]:
    with Mastodon() as server:
        yield server


def page(server: Mastodon, items: Any, **settings: str) -> Any:
    """The module, with a server that answers everything with `items`."""
    server.answers = (200, json.dumps(items).encode())
    return connected(server, **settings)


def sample(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


def status(**fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = sample("mastodon_notification_mention")[0]["status"]
    return {name: value for name, value in {**found, **fields}.items() if value is not ...}


# listening ---------------------------------------------------------------------------------------------


def test_the_documented_notification(server: Mastodon) -> None:
    (found,) = page(server, sample("mastodon_notification_mention")).listen("").found
    assert found.id == "103186126728896492"
    assert found.text == "@brand sup!"
    assert found.author == Author(id="971724", handle="anna")
    assert found.posted_at == datetime(2019, 11, 23, 7, 49, 1, 940000, UTC)
    assert found.url == "https://social.example/@anna/103186126728896492"
    assert (found.reply_to, found.language, found.direct) == ("103186038209478945", "en", True)


def test_the_documented_timeline_lacks_an_author_and_is_passed_over(server: Mastodon) -> None:
    """The cursor moves all the same: what cannot be used today cannot be used tomorrow."""
    heard = page(server, sample("mastodon_hashtag_timeline"), kind="hashtag", tag="cats").listen("")
    assert (heard.found, heard.cursor) == ((), "103206185588894565")


def test_it_asks_as_documented(server: Mastodon) -> None:
    server.say("@brand hello")
    source, tagged = connected(server), connected(server, kind="hashtag", tag="#bread")
    cursor = source.listen("").cursor
    source.listen(cursor)
    tagged.listen("7")
    asked = [(request.path, request.query) for request in server.requests]
    assert asked == [
        ("/api/v1/notifications", {"types[]": ["mention"], "limit": ["80"]}),
        ("/api/v1/notifications", {"types[]": ["mention"], "limit": ["80"], "min_id": [cursor]}),
        ("/api/v1/timelines/tag/bread", {"limit": ["40"], "min_id": ["7"]}),
    ]


def test_a_hashtag_needs_no_token(server: Mastodon) -> None:
    server.say("Lovely #bread", acct="anna@elsewhere.example", language="nl")
    (found,) = connected(server, "", kind="hashtag", tag="bread").listen("").found
    assert (found.text, found.author.handle, found.language) == (
        "Lovely #bread",
        "anna@elsewhere.example",
        "nl",
    )
    assert (found.author.followers, found.direct) == (12, False)
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize(
    ("visibility", "heard"),
    [
        ("public", 1),
        ("unlisted", 1),
        ("private", 0),
        ("direct", 0),
        ("local", 0),
        ("", 0),
        (None, 0),
        (..., 0),
    ],
)
def test_only_what_everybody_may_read_is_heard(server: Mastodon, visibility: Any, heard: int) -> None:
    items = [status(visibility=visibility)]
    assert len(page(server, items, kind="hashtag", tag="x").listen("").found) == heard


def test_a_warning_is_part_of_what_was_said(server: Mastodon) -> None:
    server.say("@brand there was a spider in it", warning="Your soup")
    (found,) = connected(server).listen("").found
    assert found.text == "Your soup\n@brand there was a spider in it"


@pytest.mark.parametrize("account", ["anna", "@Anna", "anna@127.0.0.1"])
def test_our_name_is_known_in_all_its_forms(server: Mastodon, account: str) -> None:
    items = [status()]
    assert page(server, items, kind="hashtag", tag="x", account=account).listen("").found == ()
    assert page(server, items, kind="hashtag", tag="x", account="ann").listen("").found != ()


HOSTILE: list[Any] = [
    None,
    7,
    "x",
    [],
    {},
    {"id": None, "type": "mention"},
    {"id": "1", "type": "follow", "status": status()},
    {"id": "1", "type": "mention", "status": None},
    {"id": "1", "type": "mention", "status": []},
    *(
        {"id": "1", "type": "mention", "status": status(**change)}
        for change in (
            {"id": ...},
            {"id": 5},
            {"id": ""},
            {"account": ...},
            {"account": "anna"},
            {"account": {"id": "1"}},
            {"account": {"id": "1", "acct": ["anna"]}},
            {"content": ...},
            {"content": None},
            {"content": {"a": 1}},
            {"content": "<p> </p>"},
            {"visibility": ["public"]},
        )
    ),
]


def test_items_of_no_use_harm_no_other(server: Mastodon) -> None:
    good = {"id": "99", "type": "mention", "status": status()}
    heard = page(server, [good, *HOSTILE, good]).listen("7")
    assert [found.text for found in heard.found] == ["@brand sup!", "@brand sup!"]
    assert heard.cursor == "99"


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"url": "http://social.example/1"}, "url", ""),
        ({"url": "javascript:alert(1)"}, "url", ""),
        ({"url": "https://good.example@evil.example/"}, "url", ""),
        ({"url": "https://[/"}, "url", ""),
        ({"url": {}}, "url", ""),
        ({"created_at": "2026-11-23T09:12:00"}, "posted_at", None),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "posted_at", None),
        ({"created_at": 1764000000}, "posted_at", None),
        ({"created_at": ...}, "posted_at", None),
        ({"language": None}, "language", ""),
        ({"language": 7}, "language", ""),
        ({"in_reply_to_id": 7}, "reply_to", ""),
        ({"in_reply_to_id": "a#b"}, "reply_to", native_id("a#b")),
        ({"id": "a#b"}, "id", native_id("a#b")),
        ({"content": "<p>half \ud83d</p>"}, "text", "half ?"),
    ],
)
def test_a_field_of_no_use_is_left_out(
    server: Mastodon, change: dict[str, Any], field: str, value: Any
) -> None:
    (found,) = page(server, [status(**change)], kind="hashtag", tag="x").listen("").found
    assert getattr(found, field) == value


@pytest.mark.parametrize("followers", [-1, 1.5, True, "12", None, 10**30])
def test_followers_are_a_number_or_unknown(server: Mastodon, followers: Any) -> None:
    account = {"id": "1", "acct": "anna", "followers_count": followers}
    (found,) = page(server, [status(account=account)], kind="hashtag", tag="x").listen("").found
    assert found.author.followers is None


def test_a_server_that_ignores_the_cursor_does_not_keep_us_busy(server: Mastodon) -> None:
    items = [{"id": "99", "type": "mention", "status": status()}] * 80
    source = page(server, items)
    assert source.listen("7").more
    assert not source.listen("99").more


# counting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://soup.example", 23),
        ("http://soup.example/" + "x" * 300, 23),
        ("See https://soup.example/menu.", 28),
        ("(https://soup.example/menu)", 25),
        ("soup.example/menu", 17),
        ("@anna@elsewhere.example hi", 8),
        ("@anna hi", 8),
        ("x@anna@elsewhere.example", 24),
        ("mail anna@elsewhere.example", 27),
        ("https://social.example/@anna@elsewhere.example", 23),
        ("👩‍👩‍👧‍👦 e\u0301 🇳🇱\r\n", 6),
    ],
)
def test_length_as_the_server_counts(server: Mastodon, text: str, length: int) -> None:
    assert connected(server).length(text) == length


def test_room_is_what_the_server_says_asked_once(server: Mastodon) -> None:
    server.max_characters = 5000
    channel = connected(server)
    assert (channel.room(), channel.room()) == (5000, 5000)
    assert len(server.requests) == 1


def test_the_documented_instance(server: Mastodon) -> None:
    assert page(server, sample("mastodon_instance_v2")).room() == 500


@pytest.mark.parametrize("said", [None, 0, -1, "500", True, 1e9])
def test_room_is_the_usual_while_the_server_does_not_say(server: Mastodon, said: Any) -> None:
    channel = page(server, {"configuration": {"statuses": {"max_characters": said}}})
    assert channel.room() == 500
    server.answers = (500, b"")
    assert channel.room() == 500
    server.answers, server.max_characters = None, 700
    assert channel.room() == 700


# settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "instance"),
        ({"instance": "social.example"}, "instance"),
        ({"instance": "http://social.example"}, "instance"),
        ({"instance": "ftp://social.example"}, "instance"),
        ({"instance": "https://"}, "instance"),
        ({"instance": "https://[social.example"}, "instance"),
        ({"instance": "https://social.example/@brand"}, "instance"),
        ({"instance": "https://social.example?x=1"}, "instance"),
        ({"instance": "https://us@social.example"}, "instance"),
        ({"instance": "https://social.example\r\nX: 1"}, "instance"),
        ({"instance": "https://social.example", "kind": "search"}, "kind"),
        ({"instance": "https://social.example", "kind": "hashtag"}, "tag"),
        ({"instance": "https://social.example", "tag": "bread"}, "tag"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], field: str) -> None:
    kit = Kit(http=Http(allow=frozenset()), shelf=MemoryShelf())
    with pytest.raises(BadInput) as refused:
        mastodon.connect(settings, {}, kit)
    assert refused.value.field == field


# looking again -----------------------------------------------------------------------------------------


def test_many_are_asked_for_at_once_and_what_is_missing_alone(server: Mastodon) -> None:
    ids = [server.say(f"bericht {n}") for n in range(45)]
    for id in (ids[3], ids[30]):
        server.take_away(id)
    before = len(server.requests)
    assert connected(server).look_again(ids).gone == (ids[3], ids[30])
    assert len(server.requests) - before == 3 + 2
    assert connected(server).look_again(["h.abc", ""]).gone == ()
    assert len(server.requests) - before == 5, "an id that is not the server's is not asked for"


def test_a_look_asks_for_ten_alone_at_most(server: Mastodon) -> None:
    ids = [server.say(f"bericht {n}") for n in range(12)]
    for id in ids:
        server.take_away(id)
    assert connected(server).look_again(ids).gone == tuple(ids[:10])


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (403, b"{}"), (401, b"{}"), (404, b"{}"), (200, b"{}"), (200, b"x")]
)
def test_what_cannot_be_asked_for_is_not_said_to_be_removed(
    server: Mastodon, status: int, body: bytes
) -> None:
    server.answers = (status, body)
    with pytest.raises(PlatformError):
        connected(server).look_again(["103186126728896492"])
    server.answers = None
    server.rate_limited = {}
    with pytest.raises(PlatformError):
        connected(server).look_again(["103186126728896492"])


@pytest.mark.parametrize("status", [401, 403, 500, 502])
def test_nor_what_is_missing_and_answered_otherwise_than_with_404(server: Mastodon, status: int) -> None:
    """Listed among many it is not, and alone it is refused."""
    module = connected(server)
    asked: list[str] = []
    whole = server.answer

    def answer(request: Any) -> Any:
        asked.append(request.path)
        server.answers = (status, b"{}") if len(asked) > 1 else None
        return whole(request)

    server.answer = answer  # type: ignore[method-assign]
    with pytest.raises(PlatformError):
        module.look_again(["103186126728896400"])
    assert len(asked) == 2


# servers that speak its language in part ---------------------------------------------------------------


def test_where_nothing_can_be_deleted_nothing_is_said_to_be_gone(server: Mastodon) -> None:
    channel = connected(server)
    sent = channel.publish(None, "Open!", "token", "en")
    server.deletes_nothing = True
    with pytest.raises(Rejected, match="deletes nothing"):
        channel.delete(sent.remote_id)
    channel.delete("103186126728800000")


def test_a_server_that_gives_all_at_once_is_believed_that_nothing_is_there(server: Mastodon) -> None:
    channel = connected(server)
    channel.publish(None, "Open!", "token", "en")
    server.gives_all = True
    since = datetime.now(UTC) - timedelta(minutes=5)
    assert channel.find(None, "Closed!", "other", since) is None
    for n in range(STATUSES):
        channel.publish(None, f"Open {n}!", f"token-{n}", "en")
    with pytest.raises(Unavailable, match="to look through"):
        channel.find(None, "Closed!", "other", since)
