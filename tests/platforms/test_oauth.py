"""The client of an authorization server: what it asks, and what it makes of every answer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.errors import BadInput, RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms._oauth import Client, filled
from chalicelib.ports.connecting import OAuth as Way
from tests.servers.base import Reply
from tests.servers.oauth import OAuth

HERE = "http://127.0.0.1:4580/connect/back/x"
WAY = Way(
    authorize="{server}/oauth/authorize",
    token="{server}/oauth/token",
    scopes=("read", "write"),
    pkce=True,
)
US = {"client_id": "us", "client_secret": "s:e c&"}


@pytest.fixture
def server() -> Iterator[OAuth]:
    with OAuth() as one:
        one.client("us", US["client_secret"], HERE)
        yield one


def client(server: OAuth, way: Way = WAY, us: dict[str, str] = US) -> Client:
    http = Http(frozenset({(server.host, server.port)}))
    return Client(http, "anywhere", way, {"server": server.url}, us, now)


def now() -> datetime:
    return datetime.now(UTC)


def code(server: OAuth, of: Client) -> str:
    there = of.address(redirect=HERE, state="s", verifier="v")
    return parse_qs(urlsplit(server.agree(there)).query)["code"][0]


@pytest.mark.parametrize("basic", [True, False])
@pytest.mark.parametrize("pkce", [True, False])
def test_a_code_brings_tokens(server: OAuth, basic: bool, pkce: bool) -> None:
    server.basic = basic
    ours = client(server, replace(WAY, basic=basic, pkce=pkce))
    began = datetime.now(UTC)
    given = ours.exchange(code=code(server, ours), redirect=HERE, verifier="v")
    assert given["token"] in server.given
    assert given["refresh_token"] in server.refreshing
    ends = datetime.fromisoformat(given["expires_at"])
    assert timedelta(seconds=7190) < ends - began <= timedelta(seconds=7202)
    assert set(given) == {"token", "refresh_token", "expires_at", "given_at"}
    body = server.requests[-1].body.decode()
    assert ("client_secret" in body) is not basic


def test_a_network_has_names_of_its_own(server: OAuth) -> None:
    way = replace(WAY, client="client_key", separator=",", extra={"prompt": "consent"}, pkce=False)
    asked = parse_qs(urlsplit(client(server, way).address(redirect=HERE, state="s", verifier="v")).query)
    assert asked["client_key"] == ["us"]
    assert asked["scope"] == ["read,write"]
    assert asked["prompt"] == ["consent"]
    assert "client_id" not in asked
    assert "code_challenge" not in asked


def test_a_refresh_token_brings_new_ones(server: OAuth) -> None:
    server.rotates = True
    ours = client(server)
    first = ours.exchange(code=code(server, ours), redirect=HERE, verifier="v")
    second = ours.renew(first["refresh_token"])
    assert second["token"] != first["token"]
    assert second["refresh_token"] != first["refresh_token"]
    with pytest.raises(Unauthorized, match="invalid_grant"):
        ours.renew(first["refresh_token"])


def test_a_client_is_made_where_the_network_makes_them(server: OAuth) -> None:
    ours = client(server, replace(WAY, registers="{server}/api/v1/apps"), {"client_id": "-"})
    made = ours.register(HERE)
    assert server.clients[made["client_id"]] == (made["client_secret"], {HERE})


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        ({"expires_in": "5184000"}, 5_184_000),
        ({"expires_in": 10**15}, 3_650 * 86_400),
        ({"expires_in": 0}, None),
        ({"expires_in": -5}, None),
        ({"expires_in": "soon"}, None),
        ({"expires_in": 1e30}, None),
        ({"expires_in": True}, None),
    ],
)
def test_when_it_ends_is_read_or_not_known(server: OAuth, answer: dict[str, Any], given: int | None) -> None:
    body = json.dumps({"access_token": "x", **answer}).encode()
    server.fails, server.says = 200, body
    kept = client(server).renew("r")
    life = (
        datetime.fromisoformat(kept["expires_at"]) - datetime.fromisoformat(kept["given_at"])
        if "expires_at" in kept
        else None
    )
    assert life == (timedelta(seconds=given) if given else None)


@pytest.mark.parametrize("name", ["refresh_token_expires_in", "refresh_expires_in"])
def test_when_the_refresh_token_ends_is_read(server: OAuth, name: str) -> None:
    answer = {"access_token": "x", "refresh_token": "r", name: 86_400}
    server.fails, server.says = 200, json.dumps(answer).encode()
    kept = client(server).renew("r")
    assert kept["refresh_expires_at"][:10] == (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


def test_a_token_that_is_wrapped_is_found(server: OAuth) -> None:
    server.fails, server.says = 200, b'{"data": [{"access_token": "x", "user_id": "1"}]}'
    assert client(server).renew("r")["token"] == "x"


NO_TOKEN = [
    b"",
    b"<html>",
    b"null",
    b"[]",
    b"{}",
    b'{"access_token": ""}',
    b'{"access_token": null}',
    b'{"access_token": "a\\nb"}',
    b'{"access_token": "\\u00e9"}',
    b'{"access_token": "' + b"x" * 3_001 + b'"}',
    b'{"data": ["x"]}',
    b'{"x": "' + b"x" * 100_000 + b'"}',
]


@pytest.mark.parametrize("body", NO_TOKEN)
def test_what_is_no_token_is_none(server: OAuth, body: bytes) -> None:
    server.fails, server.says = 200, body
    with pytest.raises(Unavailable):
        client(server).exchange(code="c", redirect=HERE, verifier="v")
    with pytest.raises(Unknown):
        client(server).renew("r")


@pytest.mark.parametrize(
    ("status", "body", "exchange", "renew"),
    [
        (400, b'{"error": "invalid_grant"}', Unauthorized, Unauthorized),
        (200, b'{"error": "invalid_grant"}', Unauthorized, Unauthorized),
        (400, b'{"error": {"type": "OAuthException", "code": 190}}', Unauthorized, Unauthorized),
        (401, b"", Unauthorized, Unauthorized),
        (400, b'{"error": "temporarily_unavailable"}', Unavailable, Unknown),
        (404, b"<html>", Unavailable, Unknown),
        (302, b"", Unavailable, Unknown),
        (500, b'{"error": "invalid_grant"}', Unavailable, Unknown),
        (429, b"", RateLimited, RateLimited),
    ],
)
def test_a_refusal_is_told_from_an_outage(
    server: OAuth, status: int, body: bytes, exchange: type[Exception], renew: type[Exception]
) -> None:
    server.fails, server.says = status, body
    with pytest.raises(exchange) as first:
        client(server).exchange(code="c", redirect=HERE, verifier="v")
    with pytest.raises(renew) as second:
        client(server).renew("r")
    assert (type(first.value), type(second.value)) == (exchange, renew)


def test_an_error_says_no_more_than_its_code(server: OAuth) -> None:
    server.fails = 400
    server.says = b'{"error": "bad token=abc", "error_description": "your token abc"}'
    with pytest.raises(Unauthorized) as refused:
        client(server).renew("r")
    assert "abc" not in str(refused.value)


def test_a_lost_answer_is_not_taken_for_no(server: OAuth) -> None:
    server.drops = True
    with pytest.raises(Unavailable):
        client(server).exchange(code="c", redirect=HERE, verifier="v")
    with pytest.raises(Unknown):
        client(server).renew("r")


def test_who_is_not_there_was_not_asked(server: OAuth) -> None:
    there = client(server)
    server.__exit__(None, None, None)
    with pytest.raises(Unavailable):
        there.renew("r")


def test_nobody_is_followed_elsewhere(server: OAuth) -> None:
    """A token endpoint that sends our secret on does not get it sent on."""
    with OAuth() as other:
        server.answer = lambda request: Reply(307, b"", {"Location": f"{other.url}/oauth/token"})  # type: ignore[method-assign]
        with pytest.raises(Unknown):
            client(server).renew("r")
        assert other.requests == []


@pytest.mark.parametrize(
    "server", ["http://social.example", "ftp://x.example", "https://a@b.example", "https://", "", "x"]
)
def test_a_token_travels_to_no_address_in_clear_text(server: str) -> None:
    with pytest.raises(BadInput):
        filled("{server}/oauth/token", {"server": server})


def test_a_setting_stays_within_its_place() -> None:
    assert filled("https://x.example/{tenant}/token", {"tenant": "../a?b#c"}) == (
        "https://x.example/..%2Fa%3Fb%23c/token"
    )
    assert filled("{server}/token", {"server": "https://x.example/"}) == "https://x.example/token"


def test_an_address_inside_the_network_is_not_asked() -> None:
    inside = Client(Http(), "anywhere", WAY, {"server": "https://127.0.0.1"}, US, now)
    with pytest.raises(Rejected):
        inside.renew("r")
