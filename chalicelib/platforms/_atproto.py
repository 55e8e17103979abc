"""The AT Protocol as one account speaks it: signed calls, short ids of posts, record keys of our own.

Protocol: https://atproto.com/specs (at-uri-scheme, record-key, tid, xrpc), read 2026-08-20.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2s
from threading import Lock
from typing import Any, TypeVar

from chalicelib.domain.mention import native_id
from chalicelib.domain.source import Quota
from chalicelib.errors import (
    HttpError,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from chalicelib.platforms._http_json import WRITE_SECONDS, JsonApi, origin, rest, words
from chalicelib.ports import Answer, Http

T = TypeVar("T")
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
HANDLE = re.compile(
    r"(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,62}"
)
DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,500}")

# ids of posts ----------------------------------------------------------------------------------------

_POST_URI = re.compile(rf"at://({DID.pattern})/{re.escape(POST)}/([A-Za-z0-9._:~-]{{1,512}})")
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_FIRST_KEY = 1_700_000_000_000_000
"""Microseconds (2023-11-14). Our keys lie in the 407 days from then: past, as those of real posts are."""


def short_id(uri: Any) -> str:
    """A post's address as an id that fits a key: `<did without did:plc:>/<record key>`; "" for anything else.

    An account's name that is too long is hashed; then only who knows the name finds the way back.
    """
    parts = _POST_URI.fullmatch(uri) if isinstance(uri, str) else None
    if not parts:
        return ""
    did, key = parts.groups()
    return native_id(f"{_owner(did)}/{key}")


def at_uri(id: str, did: str = "") -> str:
    """The address behind a short id, or "". `did` is who wrote it, for an id with a hashed name."""
    owner, _, key = id.rpartition("/")
    if owner.startswith("h."):
        found = did if did and _owner(did) == owner else ""
    else:
        found = f"did:{owner}" if ":" in owner else f"did:plc:{owner}"
    uri = f"at://{found}/{POST}/{key}"
    return uri if _POST_URI.fullmatch(uri) else ""


def _owner(did: str) -> str:
    """A bare name, `web:` and a name, or `h.` and a hash: no two are alike."""
    if plain := re.fullmatch(r"did:plc:([a-z0-9]{1,50})", did):
        return plain[1]
    given = did.removeprefix("did:")
    return given if len(given) <= 50 and "%" not in given else native_id(f"at://{did}/{POST}")


def tid(microseconds: int, clock: int) -> str:
    """A record key: 13 signs for 53 bits of time and 10 of a clock's number."""
    number = microseconds << 10 | clock
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def record_key(token: str) -> str:
    """The same key for one token every time: two tries to publish meet in one record."""
    number = int.from_bytes(blake2s(token.encode(), digest_size=8).digest(), "big")
    return tid(_FIRST_KEY + (number >> 19), number & 1023)


# calls -----------------------------------------------------------------------------------------------


class Stale(Unauthorized):
    """The token is past its time, or not known any more: renew it and ask again."""


class Missing(Rejected):
    """There is no such record."""


class Taken(Rejected):
    """There is a record of that key, and it is another."""


_ABSENT = "InvalidRequest: Could not locate record"
"""So says a server that has no name for it: packages/pds and packages/bsky of bluesky-social/atproto,
`com/atproto/repo/getRecord.ts`, read 2026-11-30."""
_KINDS: dict[str, type[Rejected]] = {
    "ExpiredToken": Stale,
    "InvalidToken": Stale,
    "RecordNotFound": Missing,
    "InvalidSwap": Taken,
}


class Xrpc(JsonApi):
    """JsonApi with this protocol's own words for a refusal: `{"error": name, "message": text}`."""

    def call(self, path: str, value: Any = None) -> Any:
        """A procedure that publishes nothing, so that it may be called again: never raises Unknown."""
        body = None if value is None else json.dumps(value).encode()
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        try:
            answer = self._http.request(
                "POST", self._base + path, headers=headers, body=body, seconds=WRITE_SECONDS
            )
        except HttpError as error:
            raise self._failed(error, Unavailable) from error
        return self._value(answer, Unavailable)

    def hand_in(self, path: str, file: tuple[bytes, str]) -> Any:
        """A file and its type. Raises as `call`."""
        return self._hand_in(path, *file)

    def _value(self, answer: Answer, unclear: type[PlatformError]) -> Any:
        status = answer.status
        if status == 429:
            raise RateLimited(self._platform, rest(answer.headers, datetime.now(UTC)))
        if status == 408 or not 400 <= status < 500:
            return super()._value(answer, unclear)
        name, said = _refusal(answer)
        if _ABSENT in said:
            raise Missing(self._platform, said)
        other: type[Rejected] = {401: Stale, 403: Unauthorized}.get(status, Rejected)
        raise _KINDS.get(name, other)(self._platform, said)


def _refusal(answer: Answer) -> tuple[str, str]:
    """Its name, and all that was said in one short line."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    given = found if isinstance(found, dict) else {}
    name, message = (" ".join(words(given.get(part), 200).split()) for part in ("error", "message"))
    return name, ": ".join(part for part in (f"HTTP {answer.status}", name, message) if part)


# sessions --------------------------------------------------------------------------------------------


class Session:
    """One account, signed in when first needed. `session` gives the one of this process.

    Signing in is limited to 300 times a day, so tokens are kept in memory, and renewed when they are
    refused; only where that fails too the app password is used again. Polls run side by side: whoever
    comes while another signs in or renews waits, and takes what that brought.
    """

    def __init__(self, http: Http, platform: str, service: str, handle: str, password: str) -> None:
        self._http = http
        self._platform = platform
        self._service = service
        self._given = handle
        self._password = password
        self._host = service
        self._did = self._handle = ""
        self._lock = Lock()
        self._access: Xrpc | None = None
        self._renewal: Xrpc | None = None

    @property
    def did(self) -> str:
        self._signed_in()
        return self._did

    @property
    def handle(self) -> str:
        self._signed_in()
        return self._handle

    @property
    def quota(self) -> Quota | None:
        """What the server said with the last answer, where it did."""
        return self._access.quota if self._access else None

    def begin_anew(self) -> None:
        """Sign in with the app password, whatever tokens there are. Raises as `get` does."""
        with self._lock:
            self._sign_in()

    def get(self, nsid: str, query: Sequence[tuple[str, str]]) -> Any:
        """Raises Unauthorized, RateLimited, Rejected, Unavailable."""
        return self._ask(lambda api: api.get(f"/xrpc/{nsid}", query))

    def post(self, nsid: str, value: Any) -> Any:
        """Raises Unauthorized, RateLimited, Rejected, Unavailable (nothing was sent), Unknown."""
        return self._ask(lambda api: api.post(f"/xrpc/{nsid}", value, {}))

    def upload(self, file: tuple[bytes, str]) -> Any:
        """A file and its type, kept where no record names it for a while only. Raises as `get`."""
        return self._ask(lambda api: api.hand_in("/xrpc/com.atproto.repo.uploadBlob", file))

    def _ask(self, ask: Callable[[Xrpc], T]) -> T:
        api = self._signed_in()
        try:
            return ask(api)
        except Stale:  # refused at the door: nothing was done
            return ask(self._renewed(api))

    def _signed_in(self) -> Xrpc:
        with self._lock:
            return self._access or self._sign_in()

    def _renewed(self, refused: Xrpc) -> Xrpc:
        with self._lock:
            if self._access is not refused and self._access:
                return self._access
            return self._renew()

    def _sign_in(self) -> Xrpc:
        if not self._password:
            raise Unauthorized(self._platform, "there is no app password")
        value = {"identifier": self._given, "password": self._password}
        service = Xrpc(self._http, self._platform, self._service, {})
        return self._take(service.call("/xrpc/com.atproto.server.createSession", value))

    def _renew(self) -> Xrpc:
        if self._renewal:
            try:
                return self._take(self._renewal.call("/xrpc/com.atproto.server.refreshSession"))
            except Rejected:
                self._renewal = None
        return self._sign_in()

    def _take(self, value: Any) -> Xrpc:
        """Who we are, by which tokens, and where our records are kept."""
        given = value if isinstance(value, dict) else {}
        did, handle = words(given.get("did"), 600), words(given.get("handle"), 253)
        tokens = [words(given.get(name), 5000) for name in ("accessJwt", "refreshJwt")]
        if not DID.fullmatch(did) or not all(re.fullmatch(r"[A-Za-z0-9._~+/=-]+", token) for token in tokens):
            raise Unavailable(self._platform, "the answer to our sign-in is not one")
        self._did, self._handle = did, handle if HANDLE.fullmatch(handle) else self._given
        self._host = _home(given.get("didDoc")) or self._host
        self._access, self._renewal = (
            Xrpc(self._http, self._platform, self._host, {"Authorization": f"Bearer {token}"})
            for token in tokens
        )
        return self._access


_SESSIONS: dict[tuple[Http, str, str, str, str], Session] = {}


def session(http: Http, platform: str, service: str, handle: str, password: str) -> Session:
    """The account's session in this process, whichever source or channel asks."""
    key = (http, platform, service, handle, password)
    return _SESSIONS.get(key) or _SESSIONS.setdefault(key, Session(*key))


def _home(document: Any) -> str:
    """The server of an account's records, as its DID document names it."""
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict) and words(service.get("id"), 600).endswith("#atproto_pds"):
            return origin(service.get("serviceEndpoint"))
    return ""
