"""A network's JSON API over `ports.Http`: its answers as values, its failures as the error tree.

| what came back                       | on GET        | on POST and DELETE                   |
| ------------------------------------ | ------------- | ------------------------------------ |
| 401, 403                             | Unauthorized  | Unauthorized                         |
| 429                                  | RateLimited   | RateLimited                          |
| 503 that says when to come back      | RateLimited   | Unknown                              |
| another 4xx; an address we won't open| Rejected      | Rejected                             |
| no connection                        | Unavailable   | Unavailable                          |
| 408, 5xx, no whole answer, not JSON  | Unavailable   | Unknown: it may have been done       |

Strangers fill in what these APIs carry, so values are read with the functions at the end: whatever
comes, they give a text, a moment, a link or a number of the promised form, or the value for "nothing".
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalicelib.domain.source import Quota
from chalicelib.errors import (
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
from chalicelib.ports import Answer, Http

READ_SECONDS = 10.0
WRITE_SECONDS = 20.0
REST = 60.0
"""Seconds to stay away where a network asks for rest without saying how long."""
LONGEST_REST = 24 * 3600.0
A_YEAR = 365 * 24 * 3600
"""Seconds: a larger number is a moment, no span."""


class JsonApi:
    """`platform` is named in errors; `base` has no slash at its end; `headers` go with every request."""

    def __init__(self, http: Http, platform: str, base: str, headers: Mapping[str, str]) -> None:
        self._http = http
        self._platform = platform
        self._base = base
        self._headers = {"Accept": "application/json", **headers}
        self.quota: Quota | None = None
        """What the network said with its last answer, where it did."""

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
        """Raises Unauthorized, RateLimited, Rejected, Unavailable."""
        return self._read(self._ask(path, query))

    def get_if_there(self, path: str) -> Any | None:
        """As `get`; None where the network says 404 or 410, and only there: "null" is {}."""
        answer = self._ask(path, ())
        return None if answer.status in (404, 410) else self._read(answer) or {}

    def post(self, path: str, value: Any, headers: Mapping[str, str]) -> Any:
        """Raises Unauthorized, RateLimited, Rejected, Unavailable (nothing was sent), Unknown."""
        return self._send("POST", path, value, headers)

    def put(self, path: str, value: Any) -> Any:
        """Raises as `post`."""
        return self._send("PUT", path, value, {})

    def _send(self, method: str, path: str, value: Any, headers: Mapping[str, str]) -> Any:
        sent = {**self._headers, "Content-Type": "application/json", **headers}
        try:
            answer = self._http.request(
                method,
                self._base + path,
                headers=sent,
                body=json.dumps(value).encode(),
                seconds=WRITE_SECONDS,
            )
        except HttpError as error:
            raise self._failed(error, Unknown) from error
        return self._value(answer, Unknown)

    def upload_form(self, path: str, name: str, file: tuple[bytes, str], fields: Mapping[str, str]) -> Any:
        """A form with a file (its bytes and type) under `name`, that nobody sees until a message names it. So
        it may be sent again: raises as `get`."""
        body, kind = _form(name, file, fields)
        return self._hand_in(path, body, kind)

    def _hand_in(self, path: str, body: bytes, kind: str) -> Any:
        headers = {**self._headers, "Content-Type": kind}
        try:
            answer = self._http.request(
                "POST", self._base + path, headers=headers, body=body, seconds=WRITE_SECONDS
            )
        except HttpError as error:
            raise self._failed(error, Unavailable) from error
        return self._value(answer, Unavailable)

    def delete(self, path: str) -> bool:
        """Was it there? What is not (404, 410) needs none. What a 2xx says besides is not read. Raises as
        `post`."""
        try:
            answer = self._http.request(
                "DELETE", self._base + path, headers=self._headers, seconds=WRITE_SECONDS
            )
        except HttpError as error:
            raise self._failed(error, Unknown) from error
        there = answer.status not in (404, 410)
        if there and not 200 <= answer.status < 300:
            self._value(answer, Unknown)
        return there

    def _ask(self, path: str, query: Sequence[tuple[str, str]]) -> Answer:
        url = f"{self._base}{path}?{urlencode(query)}" if query else self._base + path
        try:
            answer = self._http.request("GET", url, headers=self._headers, seconds=READ_SECONDS)
        except HttpError as error:
            raise self._failed(error, Unavailable) from error
        self.quota = quota(answer.headers, datetime.now(UTC))
        return answer

    def _read(self, answer: Answer) -> Any:
        return self._value(answer, Unavailable)

    def _failed(self, error: HttpError, unclear: type[PlatformError]) -> PlatformError:
        if isinstance(error, Blocked):
            return Rejected(self._platform, str(error))
        if isinstance(error, Unreachable):
            return Unavailable(self._platform, str(error))
        return unclear(self._platform, str(error))

    def _value(self, answer: Answer, unclear: type[PlatformError]) -> Any:
        """The JSON of a 2xx. `unclear` is raised where we cannot tell what the network did."""
        status = answer.status
        if status == 429:
            raise RateLimited(self._platform, rest(answer.headers, datetime.now(UTC)))
        if status in (401, 403):
            raise Unauthorized(self._platform, _said(answer))
        if unclear is Unavailable and asks_for_rest(answer):
            raise RateLimited(self._platform, rest(answer.headers, datetime.now(UTC)))
        if status == 408 or status >= 500:
            raise unclear(self._platform, f"HTTP {status}")
        if not 200 <= status < 300:
            raise Rejected(self._platform, _said(answer))
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise unclear(self._platform, f"HTTP {status}, but its answer is not JSON") from None


def _form(name: str, file: tuple[bytes, str], fields: Mapping[str, str]) -> tuple[bytes, str]:
    """A body of `multipart/form-data`, and its type. The boundary is made of the file, so it is not in it."""
    content, kind = file
    mark = f"webspin-{blake2s(content, digest_size=16).hexdigest()}"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="'
    texts = "".join(f'{head}{each}"\r\n\r\n{said}\r\n' for each, said in fields.items())
    saved = f"image.{kind.partition('/')[2]}"
    texts += f'{head}{name}"; filename="{saved}"\r\nContent-Type: {kind}\r\n\r\n'
    return texts.encode() + content + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def asks_for_rest(answer: Answer) -> bool:
    """429, or 503 that says when to come back."""
    return answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers)


def rest(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds to stay away: `Retry-After` (seconds or a date), else what `quota` reads as its reset."""
    after = headers.get("retry-after", "").strip()
    if after.isascii() and after.isdigit():
        return min(float(after[:9]), LONGEST_REST)
    until = _date(after) if after else _reset(headers, now)
    if until is None or until.tzinfo is None:
        return REST
    return min(max((until - now).total_seconds(), 1.0), LONGEST_REST)


def quota(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """`X-RateLimit-*`, `RateLimit-*` as Bluesky says it, or `X-Rate-Limit-*` as X does: how many requests are
    left, of how many, and until when (ISO 8601, or seconds since 1970, or from now)."""
    left, of = _ratelimit(headers, "remaining").partition(".")[0], _ratelimit(headers, "limit")
    if not _number(left):
        return None
    return Quota(left=int(left), of=int(of) if _number(of) else None, until=_reset(headers, now))


def _reset(headers: Mapping[str, str], now: datetime) -> datetime | None:
    said = _ratelimit(headers, "reset")
    if not (said.isascii() and said.isdigit()):
        return moment(said)
    seconds = int(said[:10])
    return datetime.fromtimestamp(seconds, UTC) if seconds > A_YEAR else now + timedelta(seconds=seconds)


def _ratelimit(headers: Mapping[str, str], name: str) -> str:
    forms = (f"x-ratelimit-{name}", f"ratelimit-{name}", f"x-rate-limit-{name}")
    return next((headers[form] for form in forms if headers.get(form)), "").strip()


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def _date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _said(answer: Answer) -> str:
    """What the network says was wrong, in one short line."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    told = found if isinstance(found, dict) else {}
    several = told.get("errors")
    first = several[0] if isinstance(several, list) and several else told.get("message")
    error = told.get("error")
    said = words(error.get("message") if isinstance(error, dict) else error or first, 200)
    return f"HTTP {answer.status}: {' '.join(said.split())}" if said else f"HTTP {answer.status}"


def words(value: Any, limit: int) -> str:
    """Text of at most `limit` characters that can be stored; "" for anything else than text.

    JSON can spell half a surrogate pair, which no UTF-8 can hold: it becomes a question mark.
    """
    return value[:limit].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def moment(value: Any) -> datetime | None:
    """ISO 8601 with a zone, as UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


def link(value: Any) -> str:
    """An https address without a name in front of its host; "" for anything else."""
    text = words(value, 2001)
    if len(text) > 2000 or not text.isprintable() or " " in text or "\\" in text:
        return ""
    try:
        parts = urlsplit(text)
        return text if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc else ""
    except ValueError:
        return ""


def origin(given: Any) -> str:
    """A server's address without a slash at its end, else "". A token never travels in clear text."""
    base = words(given, 300).rstrip("/")
    try:
        parts = urlsplit(base)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in ("127.0.0.1", "localhost", "::1"))
    return base if host and safe and base == f"{parts.scheme}://{parts.netloc}" and "@" not in base else ""


def count(value: Any) -> int | None:
    """A number of things, at most what 53 bits hold; None for anything else."""
    return value if type(value) is int and 0 <= value < 2**53 else None
