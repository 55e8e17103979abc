"""A network that fails is told apart: it refused, it could not, or nobody knows (`errors.py`)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from chalicelib.errors import PlatformError, RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import _http_json, mastodon
from chalicelib.ports import Kit, ReplyTo
from tests.platforms.memory import MemoryShelf
from tests.platforms.peers import mastodon as connected
from tests.servers.mastodon import TOKEN, Mastodon

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Mastodon]:
    with Mastodon() as server:
        yield server


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (200, b"{broken", Unavailable),
        (200, b"<html>Welcome</html>", Unavailable),
        (200, b"[" * 100_000, Unavailable),
        (200, b'{"a": 1}', Unavailable),
        (200, b"", Unavailable),
        (408, b"", Unavailable),
        (500, b"<h1>Oops</h1>", Unavailable),
        (503, b"", Unavailable),
        (400, b'{"error": "Bad\\nrequest"}', Rejected),
        (404, b'{"error": "Record not found"}', Rejected),
        (410, b"<h1>Gone</h1>", Rejected),
        (401, b'{"error": "The access token is invalid"}', Unauthorized),
        (403, b'{"error": "Your login is currently disabled"}', Unauthorized),
    ],
)
def test_what_a_poll_makes_of_it(
    server: Mastodon, code: int, body: bytes, error: type[PlatformError]
) -> None:
    server.answers = (code, body)
    with pytest.raises(error) as failed:
        connected(server).listen("")
    assert type(failed.value) is error
    assert failed.value.platform == "mastodon"
    assert "\n" not in failed.value.reason
    if b'"error"' in body:
        assert failed.value.reason.startswith(f"HTTP {code}: ")


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (200, b"{broken", Unknown),
        (200, b"[]", Unknown),
        (200, b'{"id": 7}', Unknown),
        (200, b"[" * 100_000, Unknown),
        (408, b"", Unknown),
        (500, b"<h1>Oops</h1>", Unknown),
        (502, b"", Unknown),
        (422, b'{"error": "Validation failed: Text can\'t be blank"}', Rejected),
        (302, b"", Rejected),
        (401, b"", Unauthorized),
    ],
)
def test_what_an_answer_of_ours_makes_of_it(
    server: Mastodon, code: int, body: bytes, error: type[PlatformError]
) -> None:
    server.answers = (code, body)
    with pytest.raises(error) as failed:
        connected(server).publish(ReplyTo(id="1", author="anna"), "Hello", "t", "en")
    assert type(failed.value) is error


def test_a_dropped_answer_is_unknown_and_found(server: Mastodon) -> None:
    to, channel = ReplyTo(id=server.say("@brand hello"), author="anna"), connected(server)
    server.drops_answer = True
    with pytest.raises(Unknown):
        channel.publish(to, "Hello", "t", "en")
    assert channel.find(to, "Hello", "t", datetime.now(UTC)) is not None
    assert len(server.ours()) == 1


def test_silence_is_unknown_after_a_post_and_unavailable_after_a_question(
    server: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_http_json, "READ_SECONDS", 0.1)
    monkeypatch.setattr(_http_json, "WRITE_SECONDS", 0.1)
    to, channel = ReplyTo(id=server.say("@brand hello"), author="anna"), connected(server)
    server.stalls = 5
    with pytest.raises(Unknown):
        channel.publish(to, "Hello", "t", "en")
    with pytest.raises(Unavailable):
        channel.listen("")


def test_where_nobody_listens_nothing_was_sent(server: Mastodon) -> None:
    with Mastodon() as closed:
        channel = connected(closed)
    with pytest.raises(Unavailable):
        channel.publish(ReplyTo(id="1", author="anna"), "Hello", "t", "en")


def test_an_address_inside_the_network_is_refused_for_good(server: Mastodon) -> None:
    kit = Kit(http=Http(allow=frozenset()), shelf=MemoryShelf())
    channel = mastodon.connect({"instance": server.url}, {"token": TOKEN}, kit)
    with pytest.raises(Rejected):
        channel.listen("")
    with pytest.raises(Rejected):
        channel.publish(ReplyTo(id="1", author="anna"), "Hello", "t", "en")
    assert server.requests == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "9" * 400}, 86400),
        ({"retry-after": "-5"}, 60),
        ({"retry-after": "soon"}, 60),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=90))}, 90),
        ({"x-ratelimit-reset": "2026-11-23T09:14:00.000000Z"}, 120),
        ({"x-ratelimit-reset": "2026-11-23T09:00:00Z"}, 1),
        ({"x-ratelimit-reset": "2036-11-23T09:14:00Z"}, 86400),
        ({"x-ratelimit-reset": "later"}, 60),
        ({"retry-after": "30", "x-ratelimit-reset": "2026-11-23T09:14:00Z"}, 30),
    ],
)
def test_how_long_to_stay_away(headers: dict[str, str], seconds: float) -> None:
    assert _http_json.rest(headers, NOW) == seconds


def test_a_limit_in_mastodons_own_words(server: Mastodon) -> None:
    reset = datetime.now(UTC) + timedelta(seconds=200)
    server.rate_limited = {"X-RateLimit-Reset": reset.isoformat()}
    with pytest.raises(RateLimited) as limited:
        connected(server).listen("")
    assert 190 < limited.value.retry_after <= 200
