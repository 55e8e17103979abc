"""The client of an authorization server, as RFC 6749 (section 4.1), 7591, 7636 and 9700 have it.

What is answered is bounded, never followed elsewhere, and read as a stranger's: of a token that is no token
nothing is kept. What a server says of an error never goes further than its code.

| what came back                              | exchange, register | renew                       |
| ------------------------------------------- | ------------------ | --------------------------- |
| 401; an `error` that it names               | Unauthorized       | Unauthorized                |
| 429, 503 that says when to come back        | RateLimited        | RateLimited                 |
| no connection                               | Unavailable        | Unavailable                 |
| anything else that brings no token          | Unavailable        | Unknown: it may have been   |
"""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from chalicelib.errors import (
    BadInput,
    Blocked,
    HttpError,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unknown,
    Unreachable,
)
from chalicelib.platforms._http_json import asks_for_rest, count, origin, rest, words
from chalicelib.ports import Answer, Http
from chalicelib.ports.connecting import OAuth

NAME = "Webspin"
SECONDS = 10.0
MOST = 100_000
LONGEST = 3_000
"""Characters of a token."""
LONGEST_LIFE = timedelta(days=3_650)
LATER = (
    "temporarily_unavailable",
    "server_error",
    "slow_down",
    *("ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"),
)
"""Errors that say nothing against us; the last ones are Slack's, with HTTP 200."""
_PLACE = re.compile(r"\{(\w+)\}")


def challenge(verifier: str) -> str:
    """RFC 7636: only who has the verifier can use the code."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def filled(address: str, settings: Mapping[str, str]) -> str:
    """With its places filled in. Raises BadInput, naming the setting that is not there, or for an address on
    which a token would travel in clear text."""

    def place(found: re.Match[str]) -> str:
        value = settings.get(found[1], "").rstrip("/")
        if not value:
            raise BadInput(found[1], "is needed to ask there")
        return value if found.start() == 0 else quote(value, safe="")

    made = _PLACE.sub(place, address)
    parts = urlsplit(made)
    if not origin(f"{parts.scheme}://{parts.netloc}"):
        raise BadInput("", "an address of a server, with https")
    return made


class Client:
    """Of one network's way (`oauth`) for one account's `settings`, as `client` names us: `client_id` and
    `client_secret`, which may be "". `now` is read when an answer came."""

    def __init__(
        self,
        http: Http,
        platform: str,
        oauth: OAuth,
        settings: Mapping[str, str],
        client: Mapping[str, str],
        now: Callable[[], datetime],
    ) -> None:
        self._http = http
        self._platform = platform
        self._oauth = oauth
        self._settings = settings
        self._client = client
        self._now = now

    def address(self, *, redirect: str, state: str, verifier: str) -> str:
        """Where the person is asked."""
        asked = {
            "response_type": "code",
            self._oauth.client: self._client["client_id"],
            "redirect_uri": redirect,
            "scope": self._oauth.separator.join(self._oauth.scopes),
            "state": state,
            **self._oauth.extra,
        }
        if self._oauth.pkce:
            asked |= {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
        there = filled(self._oauth.authorize, self._settings)
        return f"{there}{'&' if urlsplit(there).query else '?'}{urlencode(asked)}"

    def exchange(self, *, code: str, redirect: str, verifier: str) -> dict[str, str]:
        """The secrets that a code brings."""
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        if self._oauth.pkce:
            asked["code_verifier"] = verifier
        return self._tokens(asked, Unavailable)

    def renew(self, refresh_token: str) -> dict[str, str]:
        """The secrets that a refresh token brings."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token}, Unknown)

    def register(self, redirect: str) -> dict[str, str]:
        """A client of our own, made there: `client_id` and `client_secret`."""
        asked = {"client_name": NAME, "redirect_uris": redirect, "scopes": " ".join(self._oauth.scopes)}
        found = self._ask(filled(self._oauth.registers, self._settings), asked, {}, Unavailable)
        made = {name: _sign(found.get(name)) for name in ("client_id", "client_secret")}
        if not made["client_id"]:
            raise Unavailable(self._platform, "the answer to our sign-in is not one")
        return made

    def _tokens(self, asked: dict[str, str], unclear: type[PlatformError]) -> dict[str, str]:
        id, secret = self._client["client_id"], self._client.get("client_secret", "")
        headers = {}
        if self._oauth.basic and secret:
            both = f"{quote_plus(id)}:{quote_plus(secret)}".encode()
            headers["Authorization"] = f"Basic {b64encode(both).decode()}"
        else:
            asked |= {self._oauth.client: id, **({"client_secret": secret} if secret else {})}
        found = self._ask(filled(self._oauth.token, self._settings), asked, headers, unclear)
        several = found.get("data")  # as Instagram wraps it
        if "access_token" not in found and isinstance(several, list) and several:
            found = several[0] if isinstance(several[0], dict) else {}
        given = _given(found, self._now())
        if not given:
            raise unclear(self._platform, "the answer to our sign-in is not one")
        return given

    def _ask(
        self, url: str, asked: Mapping[str, str], headers: Mapping[str, str], unclear: type[PlatformError]
    ) -> dict[str, Any]:
        sent = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            **headers,
        }
        body = urlencode(asked).encode()
        try:
            answer = self._http.request(
                "POST", url, headers=sent, body=body, seconds=SECONDS, max_bytes=MOST, redirects=0
            )
        except Blocked as error:
            raise Rejected(self._platform, str(error)) from None
        except Unreachable as error:
            raise Unavailable(self._platform, str(error)) from None
        except HttpError as error:
            raise unclear(self._platform, str(error)) from None
        return self._read(answer, unclear)

    def _read(self, answer: Answer, unclear: type[PlatformError]) -> dict[str, Any]:
        if asks_for_rest(answer):
            raise RateLimited(self._platform, rest(answer.headers, self._now()))
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        said = found.get("error") if isinstance(found, dict) else None
        code = _code(said)
        if answer.status >= 500 or code in LATER:
            raise unclear(self._platform, f"HTTP {answer.status}")
        if answer.status == 401 or (said and answer.status < 500):
            raise Unauthorized(self._platform, f"HTTP {answer.status}: {code}" if code else "HTTP 401")
        if not 200 <= answer.status < 300 or not isinstance(found, dict):
            raise unclear(self._platform, f"HTTP {answer.status}, but its answer is not JSON")
        return found


def _code(said: Any) -> str:
    """An error's code and nothing else of it."""
    if isinstance(said, dict):
        said = said.get("type") or said.get("code")
    text = words(said, 60)
    return text if re.fullmatch(r"[A-Za-z_.-]+", text) else "refused" if said else ""


def _given(found: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Our secrets of what a server answered; {} where it gives no token."""
    token = _sign(found.get("access_token"))
    if not token:
        return {}
    whole = now.replace(microsecond=0)
    refresh_life = found.get("refresh_token_expires_in") or found.get("refresh_expires_in")
    given = {
        "token": token,
        "refresh_token": _sign(found.get("refresh_token")),
        "expires_at": _end(found.get("expires_in"), whole),
        "refresh_expires_at": _end(refresh_life, whole),
        "given_at": whole.isoformat(),
    }
    return {name: value for name, value in given.items() if value}


def _sign(value: Any) -> str:
    """A token, or "" for what can be none."""
    text = words(value, LONGEST + 1)
    return text if len(text) <= LONGEST and re.fullmatch(r"[\x21-\x7e]+", text) else ""


def _end(value: Any, now: datetime) -> str:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    seconds = count(value)
    return (now + min(timedelta(seconds=min(seconds, 10**10)), LONGEST_LIFE)).isoformat() if seconds else ""
