"""Bluesky: an answer stands once under its message, whatever became of the server's own; and few sign-ins."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.mention import native_id
from chalicelib.errors import PlatformError, RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import _atproto, _http_json, bluesky
from chalicelib.ports import Kit, ReplyTo
from tests.platforms.memory import MemoryShelf
from tests.platforms.peers import bluesky as connected
from tests.platforms.test_bluesky import sample
from tests.servers.bluesky import PASSWORD, US, Bluesky, did_of

SIGN_IN = "/xrpc/com.atproto.server.createSession"


@pytest.fixture
def server() -> Iterator[Bluesky]:
    with Bluesky() as server:
        yield server


def heard(server: Bluesky, *said: str) -> ReplyTo:
    """The newest of what strangers said to us, as a reply needs it."""
    for text in said or ("My soup is cold",):
        server.say(f"@{US} {text}")
    found = connected(server).listen("").found[-1]
    return ReplyTo(id=found.id, author=found.author.handle)


def put(server: Bluesky) -> dict[str, Any]:
    """The last record we sent."""
    body: dict[str, Any] = json.loads(server.requests[-1].body)
    return body


def together(*servers: Bluesky, password: str = PASSWORD, **settings: str) -> list[Any]:
    """Two objects of one account in one process."""
    allow = frozenset((server.host, server.port) for server in servers)
    kit = Kit(http=Http(allow=allow), shelf=MemoryShelf())
    given = {"service": servers[0].url, "handle": US, **settings}
    return [bluesky.connect(given, {"app_password": password}, kit) for _ in range(2)]


# what is sent ------------------------------------------------------------------------------------------


def test_the_next_part_of_a_long_answer_leaves_before_readers_get_the_first(server: Bluesky) -> None:
    """As on the network itself, which shows a message seconds after it was written."""
    to = heard(server)
    server.shows_late = True
    first = connected(server).publish(to, "It was the pump. (1/2)", "token-1", "en")
    connected(server).publish(
        ReplyTo(id=first.remote_id, author=to.author), "It runs. (2/2)", "token-2", "en"
    )
    (one, two) = (post.record["reply"] for post in server.ours())
    assert two["root"] == one["root"]
    assert two["parent"]["uri"].endswith(first.remote_id.partition("/")[2])
    gone = ReplyTo(id=f"{first.remote_id[:-3]}222", author=to.author)
    with pytest.raises(Rejected, match="not there any more"):
        connected(server).publish(gone, "It runs. (2/2)", "token-3", "en")


def test_the_answer_is_sent_as_documented(server: Bluesky) -> None:
    to = heard(server)
    connected(server).publish(to, "Go to soup.example/é", "token-1", "en")
    sent, documented = put(server), sample("bluesky_create_record_reply")["request"]
    parent = next(post for post in server.posts.values() if post.rkey == to.id.partition("/")[2])
    assert sent["swapRecord"] is None
    assert {name: value for name, value in sent.items() if name not in ("record", "rkey", "swapRecord")} == {
        "repo": did_of(US),
        "collection": documented["collection"],
    }
    assert set(sent["record"]) == set(documented["record"]) - {"facets"}, "no link: example is not an end"
    assert sent["record"]["reply"] == {"root": parent.ref, "parent": parent.ref}
    assert sent["record"]["langs"] == ["en"]
    made = datetime.fromisoformat(sent["record"]["createdAt"])
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=1)


def test_links_names_and_tags_work_in_it(server: Bluesky) -> None:
    to = heard(server)
    text = "☕ @anna.test, @nobody.test: see https://soup.example #soup"
    connected(server).publish(to, text, "token-1", "")
    record = put(server)["record"]
    assert "langs" not in record
    features = [(facet["index"]["byteStart"], facet["features"][0]) for facet in record["facets"]]
    assert features == [
        (4, {"$type": "app.bsky.richtext.facet#mention", "did": did_of("anna.test")}),
        (34, {"$type": "app.bsky.richtext.facet#link", "uri": "https://soup.example"}),
        (55, {"$type": "app.bsky.richtext.facet#tag", "tag": "soup"}),
    ]


def test_a_conversation_keeps_its_beginning(server: Bluesky) -> None:
    first = server.say("Who has soup?", "bram.test")
    server.say(f"@{US} has", parent=first)
    connected(server).publish(heard_last(server), "We have!", "token-1", "en")
    assert put(server)["record"]["reply"]["root"] == server.posts[first].ref
    assert put(server)["record"]["reply"]["parent"]["uri"] != first


def heard_last(server: Bluesky) -> ReplyTo:
    found = connected(server).listen("").found[-1]
    return ReplyTo(id=found.id, author=found.author.handle)


@pytest.mark.parametrize(
    "root", [None, 7, [], {"uri": 7, "cid": "x"}, {"uri": "at://x", "cid": "x"}, {"cid": "x"}]
)
def test_a_beginning_that_is_none_is_not_repeated(server: Bluesky, root: Any) -> None:
    uri = server.say(f"@{US} hello", reply={"root": root, "parent": root})
    connected(server).publish(heard_last(server), "Hello!", "token-1", "en")
    assert put(server)["record"]["reply"]["root"] == server.posts[uri].ref


def test_a_reply_to_our_answer_belongs_to_it(server: Bluesky) -> None:
    """The case is linked by the id of what we sent; what answers that must name the same."""
    sent = connected(server).publish(heard(server), "Sorry!", "token-1", "en")
    (ours,) = server.ours()
    server.say("Thanks", parent=ours.uri)
    assert connected(server).listen("").found[-1].reply_to == native_id(sent.remote_id) == sent.remote_id
    assert sent.url == f"https://bsky.app/profile/{US}/post/{ours.rkey}"


@pytest.mark.parametrize("did", ["did:web:soup.example", "did:web:" + "a" * 60 + ".example"])
def test_who_has_a_name_of_another_kind_is_answered_too(server: Bluesky, did: str) -> None:
    uri = server.say(f"@{US} hello", "web.test", did=did)
    connected(server).publish(heard_last(server), "Hello!", "token-1", "en")
    assert put(server)["record"]["reply"]["parent"]["uri"] == uri


def test_what_is_gone_or_closed_is_not_answered(server: Bluesky, monkeypatch: pytest.MonkeyPatch) -> None:
    to, channel = heard(server), connected(server)
    view = server._view
    monkeypatch.setattr(server, "_view", lambda post: {**view(post), "viewer": {"replyDisabled": True}})
    with pytest.raises(Rejected, match="does not take answers"):
        channel.publish(to, "Hello", "t", "en")
    server.posts.clear()
    for id in (to.id, "103186126728800000", "../x", ""):
        with pytest.raises(Rejected, match="not there any more"):
            channel.publish(ReplyTo(id=id, author="anna.test"), "Hello", "t", "en")
    assert server.ours() == []


# once --------------------------------------------------------------------------------------------------


def test_what_arrived_first_stands(server: Bluesky) -> None:
    to, channel = heard(server), connected(server)
    first = channel.publish(to, "Sorry!", "token-1", "en")
    assert channel.publish(to, "Other words", "token-1", "en") == first
    assert [post.record["text"] for post in server.ours()] == ["Sorry!"]


def test_where_the_condition_is_ignored_there_is_still_one(server: Bluesky) -> None:
    server.overwrites = True
    to, channel = heard(server), connected(server)
    assert channel.publish(to, "Sorry!", "t", "en") == channel.publish(to, "Sorry!", "t", "en")
    assert len(server.ours()) == 1


def test_a_dropped_answer_is_unknown_and_found(server: Bluesky) -> None:
    to, channel = heard(server), connected(server)
    server.drops_answer = True
    with pytest.raises(Unknown):
        channel.publish(to, "Sorry!", "t", "en")
    found = channel.find(to, "Sorry!", "t", datetime.now(UTC))
    assert found is not None
    assert channel.read_back(found.remote_id) == found


def test_silence_is_unknown_only_after_the_record_was_sent(
    server: Bluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_http_json, "READ_SECONDS", 0.1)
    monkeypatch.setattr(_http_json, "WRITE_SECONDS", 0.1)
    monkeypatch.setattr(_atproto, "WRITE_SECONDS", 0.1)
    to = heard(server)
    server.stalls = 5
    with pytest.raises(Unavailable):
        connected(server).publish(to, "Sorry!", "t", "en")
    server.stalls = 0
    with Bluesky() as gone:
        channel = connected(gone)
    with pytest.raises(Unavailable):
        channel.publish(to, "Sorry!", "t", "en")
    assert server.ours() == []


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (200, b"{broken", Unknown),
        (200, b"[]", Unknown),
        (200, b'{"uri": 7}', Unknown),
        (200, b'{"uri": "at://did:plc:x/app.bsky.feed.like/3m"}', Unknown),
        (408, b"", Unknown),
        (500, b"<h1>Oops</h1>", Unknown),
        (502, b'{"error": "UpstreamFailure"}', Unknown),
        (302, b"", Rejected),
        (400, b'{"error": "InvalidRequest", "message": "Record/text\\nmust not"}', Rejected),
        (400, b"[" * 100_000, Rejected),
        (413, b'{"error": 7}', Rejected),
        (403, b'{"error": "Forbidden"}', Unauthorized),
    ],
)
def test_what_becomes_of_an_answer_of_ours(
    server: Bluesky, code: int, body: bytes, error: type[PlatformError]
) -> None:
    to, channel = heard(server), connected(server)
    server.answers, server.answers_to = (code, body), "putRecord"
    with pytest.raises(error) as failed:
        channel.publish(to, "Hello", "t", "en")
    assert type(failed.value) is error
    assert "\n" not in failed.value.reason
    if b"message" in body:
        assert failed.value.reason == "HTTP 400: InvalidRequest: Record/text must not"


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"uri": "x", "value": {}}', b'{"posts": 7}', b"{broken"])
def test_a_look_that_shows_nothing_whole_is_no_answer(server: Bluesky, body: bytes) -> None:
    to, channel = heard(server), connected(server)
    id = channel.publish(to, "Hello", "t", "en").remote_id
    server.answers = (200, body)
    looks: list[Callable[[], object]] = [
        lambda: channel.find(to, "Hello", "t", datetime.now(UTC)),
        lambda: channel.read_back(id),
    ]
    for look in looks:
        with pytest.raises(Unavailable):
            look()


# sessions ----------------------------------------------------------------------------------------------


def test_one_sign_in_serves_every_source_and_channel(server: Bluesky) -> None:
    to = heard(server)
    server.sign_ins = 0
    for platform in together(server):
        platform.listen("")
        platform.publish(to, "Hello", "t", "en")
    together(server, password="other fake")
    assert (server.sign_ins, server.renewals) == (1, 0)


def test_a_token_past_its_time_is_renewed_once_without_the_password(server: Bluesky) -> None:
    to, channel = heard(server), connected(server)
    channel.listen("")
    server.sign_ins = 0
    for n in range(3):
        server.access.clear()
        channel.publish(to, f"Hello {n}", f"token-{n}", "en")
    assert (server.sign_ins, server.renewals, len(server.ours())) == (0, 3, 3)


def test_polls_side_by_side_sign_in_and_renew_once(server: Bluesky) -> None:
    source, other = together(server)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: (source if n % 2 else other).listen(""), range(8)))
        server.access.clear()
        list(pool.map(lambda n: (source if n % 2 else other).listen(""), range(8)))
    assert (server.sign_ins, server.renewals) == (1, 1)


def test_where_renewal_fails_the_password_is_used_again(server: Bluesky) -> None:
    channel = connected(server)
    channel.listen("")
    server.access.clear()
    server.renewal.clear()
    channel.listen("")
    assert (server.sign_ins, server.renewals) == (2, 1)


def test_a_wrong_password_is_tried_once_and_none_not_at_all(server: Bluesky) -> None:
    with pytest.raises(Unauthorized, match="Invalid identifier or password"):
        connected(server, "fake and wrong").listen("")
    with pytest.raises(Unauthorized, match="no app password"):
        connected(server, "").listen("")
    assert [request.path for request in server.requests] == [SIGN_IN]


def test_a_token_that_is_never_good_ends_in_a_refusal(server: Bluesky) -> None:
    server.answers = (401, b'{"error": "AuthMissing"}')
    server.answers_to = "listNotifications"
    with pytest.raises(Unauthorized):
        connected(server).listen("")
    assert len(server.requests) == 4, "sign in, ask, renew, ask"


def test_records_are_kept_where_the_account_lives(server: Bluesky) -> None:
    with Bluesky() as home:
        server.home, home.access, home.renewal = home.url, server.access, server.renewal
        channel, _ = together(server, home)
        channel.listen("")
        home.access.clear()
        channel.listen("")
    assert [request.path for request in server.requests] == [SIGN_IN]
    assert home.renewals == 1


@pytest.mark.parametrize(
    "home", ["http://pds.example", "https://us@pds.example", "pds.example", "https://[x"]
)
def test_a_home_that_is_not_safe_is_not_gone_to(server: Bluesky, home: str) -> None:
    server.home = home
    connected(server).listen("")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"did": "anna"},
        {"did": None},
        {"accessJwt": ""},
        {"accessJwt": "a\r\nX: 1"},
        {"refreshJwt": 7},
    ],
)
def test_a_sign_in_that_is_not_understood_is_tried_again_later(server: Bluesky, change: Any) -> None:
    whole = {"did": did_of(US), "handle": US, "accessJwt": "a", "refreshJwt": "b"}
    server.answers = (200, json.dumps({**whole, **change}).encode())
    with pytest.raises(Unavailable):
        connected(server).listen("")
    assert len(server.requests) == 1


def test_a_sign_in_that_was_lost_published_nothing(server: Bluesky) -> None:
    to = heard(server)
    server.answers, server.answers_to = (500, b""), "createSession"
    with pytest.raises(Unavailable):
        connected(server).publish(to, "Hello", "t", "en")


def test_a_password_never_stands_in_what_we_say(server: Bluesky) -> None:
    server.locked = True
    with pytest.raises(Unauthorized) as refused:
        connected(server).listen("")
    assert PASSWORD not in str(refused.value)


NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 200)}, 200),
        ({"ratelimit-reset": str(int(NOW.timestamp()) - 5)}, 1),
        ({"ratelimit-reset": "9" * 400}, 86400),
        ({"ratelimit-reset": "soon"}, 60),
        ({"ratelimit-reset": "²"}, 60),
        ({"retry-after": "30", "ratelimit-reset": str(int(NOW.timestamp()) + 200)}, 30),
        ({}, 60),
    ],
)
def test_how_long_to_stay_away(headers: dict[str, str], seconds: float) -> None:
    assert _http_json.rest(headers, NOW) == seconds


def test_a_limit_on_signing_in_is_a_limit(server: Bluesky) -> None:
    server.rate_limited = {"RateLimit-Reset": str(int(datetime.now(UTC).timestamp()) + 300)}
    with pytest.raises(RateLimited) as limited:
        connected(server).listen("")
    assert 290 < limited.value.retry_after <= 300
