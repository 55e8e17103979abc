"""A chat's JSON API: as `JsonApi`, where the body of an answer says more of a failure than its status.

`said(status, value, unclear)` of a module reads the object that came (or {}) and gives the error it means, or
None where the status says it all. `unclear` is the error where nobody can tell what the network did.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.errors import HttpError, PlatformError, RateLimited, Unknown
from chalicelib.platforms._http_json import LONGEST_REST, WRITE_SECONDS, JsonApi, rest, words
from chalicelib.ports import Answer, Http

Said = Callable[[int, Mapping[str, Any], type[PlatformError]], PlatformError | None]


class ChatApi(JsonApi):
    def __init__(self, http: Http, platform: str, base: str, headers: Mapping[str, str], said: Said) -> None:
        super().__init__(http, platform, base, headers)
        self._said = said

    def send(self, method: str, path: str, body: bytes, kind: str) -> Any:
        """A body of the type `kind`. Raises as `post`."""
        headers = {**self._headers, "Content-Type": kind}
        try:
            answer = self._http.request(
                method, self._base + path, headers=headers, body=body, seconds=WRITE_SECONDS
            )
        except HttpError as error:
            raise self._failed(error, Unknown) from error
        return self._value(answer, Unknown)

    def redo(self, path: str, value: Any) -> Any:
        """A POST that nobody sees the outcome of, so that it may be made again: raises as `get`."""
        return self._hand_in(path, json.dumps(value).encode(), "application/json")

    def _value(self, answer: Answer, unclear: type[PlatformError]) -> Any:
        try:
            value = json.loads(answer.body)
        except (ValueError, RecursionError):
            value = None
        told = value if isinstance(value, dict) else {}
        if answer.status == 429:
            raise RateLimited(self._platform, _rest(answer, told))
        if error := self._said(answer.status, told, unclear):
            raise error
        return super()._value(answer, unclear)


def _rest(answer: Answer, told: Mapping[str, Any]) -> float:
    """Seconds, as the body says them (Discord in parts of a second, Telegram among its parameters), else as
    the headers do."""
    parameters = told.get("parameters")
    inner = parameters if isinstance(parameters, dict) else told
    seconds = inner.get("retry_after")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds < 1e9:
        return min(float(seconds), LONGEST_REST)
    return rest(answer.headers, datetime.now(UTC))


def reason(value: Any) -> str:
    """What the network says was wrong, in one short line."""
    return " ".join(words(value, 200).split())
