"""Meta's Graph API, as Facebook, Instagram, Threads and WhatsApp speak it: one client, one way to refuse.

Errors: https://developers.facebook.com/docs/graph-api/guides/error-handling, read 2026-11-21. Whatever the
HTTP status, the code in the answer says what was wrong:

| code                                     | word of `errors.py`                                     |
| ---------------------------------------- | ------------------------------------------------------- |
| 190, 102 (a token); 3, 10, 200-299       | Unauthorized: a person renews the key or allows more    |
| 4, 9, 17, 32, 341, 613, 80000-80014,     | RateLimited, for as long as its headers say             |
| 130429, 131048, 131056                   |                                                         |
| 100/33, 803                              | Missing: there is no such thing, or none we may see     |
| 506                                      | Again: the same was published just before               |
| 1, 2, one below 0, none at all, what it  | Unavailable; on writing Unknown                         |
| calls transient                          |                                                         |
| another (368: blocked for a while)       | Rejected, with its own words                            |
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.errors import (
    HttpError,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from chalicelib.platforms._http_json import WRITE_SECONDS, JsonApi, count, rest, words
from chalicelib.platforms._signing import appsecret_proof
from chalicelib.platforms._text import tidy
from chalicelib.platforms._usage import minutes
from chalicelib.ports import Answer, Http, Kit

VERSION = "v26.0"
"""Of 2026-07-29; one is served for about two years."""
FACEBOOK = f"https://graph.facebook.com/{VERSION}"

KEY = {3, 10, 102, 190, *range(200, 300)}
PACE = {4, 9, 17, 32, 341, 613, 130429, 131048, 131056, *range(80000, 80015)}
THERE = {(100, 33), (803, 0)}
TWICE = 506
PASSING = {1, 2}
A_WHILE = 600.0
"""Seconds to stay away where Meta does not say how long."""


class Missing(Rejected):
    """There is no such thing, or none that we may see."""


class Again(Rejected):
    """The same was published just before."""


class Graph(JsonApi):
    """JsonApi with Meta's own words for a refusal. `secret` is the app's, where each request is to prove that
    we know it."""

    def __init__(self, http: Http, platform: str, base: str, token: str, secret: str = "") -> None:
        super().__init__(http, platform, base, {"Authorization": f"Bearer {token}"} if token else {})
        proof = appsecret_proof(secret, token) if secret and token else ""
        self._proof = [("appsecret_proof", proof)] if proof else []

    def seen(self, path: str, query: Sequence[tuple[str, str]]) -> Any | None:
        """As `get`; None where there is no such thing."""
        try:
            return self.get(path, query) or {}
        except Missing:
            return None

    def post(self, path: str, value: Any, headers: Mapping[str, str]) -> Any:
        return super().post(self._proven(path), value, headers)

    def call(self, path: str, value: Any) -> Any:
        """A POST that nobody sees the outcome of, so that it may be made again: never raises Unknown."""
        headers = {**self._headers, "Content-Type": "application/json"}
        body, url = json.dumps(value).encode(), self._base + self._proven(path)
        try:
            answer = self._http.request("POST", url, headers=headers, body=body, seconds=WRITE_SECONDS)
        except HttpError as error:
            raise self._failed(error, Unavailable) from error
        return self._value(answer, Unavailable)

    def delete(self, path: str) -> bool:
        try:
            return super().delete(self._proven(path))
        except Missing:
            return False

    def _proven(self, path: str) -> str:
        return f"{path}?{urlencode(self._proof)}" if self._proof else path

    def _ask(self, path: str, query: Sequence[tuple[str, str]]) -> Answer:
        return super()._ask(path, [*query, *self._proof])

    def _value(self, answer: Answer, unclear: type[PlatformError]) -> Any:
        error = _error(answer)
        if error is None:
            return super()._value(answer, unclear)
        code, sub, said = _code(error), count(error.get("error_subcode")) or 0, _said(error)
        if code in PACE or answer.status == 429:
            raise RateLimited(self._platform, _rest(answer.headers))
        if code in KEY or answer.status == 401:
            raise Unauthorized(self._platform, said)
        if (code, sub) in THERE or (code, 0) in THERE or answer.status == 404:
            raise Missing(self._platform, said)
        if code == TWICE:
            raise Again(self._platform, said)
        if code is None or code < 0 or code in PASSING:
            raise unclear(self._platform, said)
        if error.get("is_transient") is True or answer.status >= 500:
            raise unclear(self._platform, said)
        raise Rejected(self._platform, said)


def _rest(headers: Mapping[str, str]) -> float:
    if wait := minutes(headers):
        return wait * 60.0
    return rest(headers, datetime.now(UTC)) if "retry-after" in headers else A_WHILE


def _error(answer: Answer) -> Mapping[str, Any] | None:
    """What an answer says was wrong; None where it says nothing of the kind."""
    if b'"error"' not in answer.body:
        return None
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) else None


def _code(error: Mapping[str, Any]) -> int | None:
    """Some are below 0: -1 and -2 ask to try again. None: it is no number."""
    code = error.get("code")
    return code if type(code) is int and abs(code) < 2**53 else None


def _said(error: Mapping[str, Any]) -> str:
    """In one short line: what is meant for people, where it is said, and the code by which Meta's own pages
    tell more."""
    details = error.get("error_data")
    told = words(details.get("details"), 300) if isinstance(details, dict) else ""
    said = words(error.get("error_user_msg"), 300) or told or words(error.get("message"), 300) or "refused"
    code, sub = _code(error), count(error.get("error_subcode"))
    return f"{' '.join(said.split())} ({code}/{sub})" if sub else f"{' '.join(said.split())} ({code})"


# values ------------------------------------------------------------------------------------------------


def at(id: str) -> str:
    """The path of a thing."""
    return f"/{quote(id, safe='')}"


def unix(value: Any) -> datetime | None:
    """Seconds since 1970, as a number or in digits."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:12])
    return datetime.fromtimestamp(value, UTC) if count(value) and value < 10**11 else None


def rows(value: Any) -> list[dict[str, Any]]:
    """What is in `data`, or [] where there is none."""
    data = value.get("data") if isinstance(value, dict) else None
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def after(value: Any) -> str:
    """The network's name for what follows in a list; "" at its end."""
    paging = value.get("paging") if isinstance(value, dict) else None
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return words(cursors.get("after"), 500) if isinstance(cursors, dict) else ""


def total(value: Any, name: str) -> int | None:
    """How many there are of `name`, asked for as `name.summary(...)`."""
    edge = value.get(name) if isinstance(value, dict) else None
    summary = edge.get("summary") if isinstance(edge, dict) else None
    return count(summary.get("total_count")) if isinstance(summary, dict) else None


def folded(text: str) -> str:
    """What stays the same of our words however lines are broken there."""
    return "".join(tidy(text).split())


# keys --------------------------------------------------------------------------------------------------


def exchanged(
    kit: Kit, platform: str, base: str, path: str, query: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """A token for another: `token`, and `expires_at` where it ends. Raises Unauthorized, Unavailable and
    their kin."""
    given = Graph(kit.http, platform, base, "").get(path, query)
    token = words(given.get("access_token"), 5000) if isinstance(given, dict) else ""
    if not token:
        raise Unavailable(platform, "the answer holds no token")
    seconds = count(given.get("expires_in"))
    ends = datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds, UTC) if seconds else None
    return {"token": token, **({"expires_at": ends.isoformat(timespec="seconds")} if ends else {})}
