"""Canned answers of AWS and of the internet: no emulator, no socket, so that what is measured is ours.

    with CannedAws() as aws:
        aws.answers["GetItem"] = lambda asked: {"Item": {...}}
        ...
    aws.asked  # [("PutItem", {...}), ...]

Answers are in the service's own JSON, as on the wire; the SDK serialises, signs and parses as always.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from io import BytesIO
from types import TracebackType
from typing import Any, Self

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.errors import Unreachable
from chalicelib.ports import Answer
from tests.harness.hooks import hooked

Asked = dict[str, Any]


class CannedAws:
    """Answers DynamoDB, SQS, SSM and SES on `before-send`.

    An operation that is not in `answers` gets the plainest success. With `keep` the calls are kept in
    `asked`; without, only counted in `count`.
    """

    def __init__(self, *, keep: bool = True) -> None:
        self.answers: dict[str, Callable[[Asked], Asked]] = dict(_PLAIN)
        self.asked: list[tuple[str, Asked]] = []
        self.count = 0
        self._keep = keep
        self._entered = ExitStack()

    def __enter__(self) -> Self:
        self._entered.enter_context(hooked(("before-send", self._send)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered.close()

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        target = request.headers.get("X-Amz-Target", b"")
        name = target.decode() if isinstance(target, bytes) else str(target)
        operation = name.rpartition(".")[2] or "SendEmail"  # SES alone tells it by the path
        asked: Asked = json.loads(request.body or b"{}")
        self.count += 1
        if self._keep:
            self.asked.append((operation, asked))
        answer = self.answers.get(operation, _nothing)(asked)
        return _response(request.url, 200, answer)


def _response(url: str, status: int, body: Asked) -> AWSResponse:
    raw = json.dumps(body).encode()
    headers = HTTPHeaders()
    headers["content-type"] = "application/x-amz-json-1.0"
    return AWSResponse(url, status, headers, _Raw(raw))


class _Raw(BytesIO):
    """As much of urllib3's answer as botocore reads."""

    def stream(self, **_: Any) -> Any:
        yield self.read()


def _nothing(asked: Asked) -> Asked:
    return {}


def _batch_sent(asked: Asked) -> Asked:
    done = [
        {"Id": entry["Id"], "MessageId": entry["Id"], "MD5OfMessageBody": ""} for entry in asked["Entries"]
    ]
    return {"Successful": done, "Failed": []}


def _nothing_held(asked: Asked) -> Asked:
    return {"Responses": {table: [] for table in asked["RequestItems"]}, "UnprocessedKeys": {}}


_PLAIN: Mapping[str, Callable[[Asked], Asked]] = {
    "SendMessageBatch": _batch_sent,
    "SendMessage": lambda _: {"MessageId": "m", "MD5OfMessageBody": ""},
    "Query": lambda _: {"Items": [], "Count": 0},
    "BatchGetItem": _nothing_held,
    "BatchWriteItem": lambda _: {"UnprocessedItems": {}},
    "GetParameter": lambda asked: {"Parameter": {"Name": asked["Name"], "Value": "{}", "Version": 1}},
    "SendEmail": lambda _: {"MessageId": "m"},
}


class CannedHttp:
    """Implements `ports.Http` from a mapping of URL to an answer, an error to raise, or a function of
    (method, headers, body) that gives or raises one. An unknown URL is Unreachable. `requests` are kept."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.answers: dict[str, Any] = dict(answers or {})
        self.requests: list[tuple[str, str, Mapping[str, str], bytes | None]] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10,
        max_bytes: int = 2_000_000,
        redirects: int = 3,
    ) -> Answer:
        self.requests.append((method, url, headers or {}, body))
        found = self.answers.get(url, Unreachable(f"nothing answers at {url}"))
        if not isinstance(found, (Answer, Exception)):
            found = found(method, headers or {}, body)
        if isinstance(found, Exception):
            raise found
        answer: Answer = found
        return answer


def answer(
    body: bytes | str | Mapping[str, Any] | list[Any] = b"", status: int = 200, **headers: str
) -> Answer:
    """An Answer in short; a mapping or list is sent as JSON. `content_type=` is written `content-type`."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=body, url="")
