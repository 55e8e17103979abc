"""One fresh process: import, answer one event, and say how many modules and milliseconds that took.

    python -P bench/first_answer.py <case.json>

The case says which statement to run, or which handler to call with which event and what AWS answers; the
result is the last line of standard output, as JSON. It imports nothing that the system does not load itself.
"""

import json
import sys
import time
from typing import Any

Typed = dict[str, dict[str, Any]]
"""Items by `pk|sk`."""


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        case = json.load(file)
    before = time.perf_counter()
    answer = None
    if case["handler"]:
        import app

        answer_for_aws(case["stored"], case["parameters"])
        handler = getattr(app, case["handler"])
        answer = handler(case["event"], Context())
    else:
        exec(case["statement"], {})
    took = (time.perf_counter() - before) * 1000
    loaded = sorted(sys.modules)
    result = {"ms": took, "modules": len(loaded), "loaded": loaded, "answer": answer}
    print("\n" + json.dumps(result, default=repr))


class Context:
    """What Lambda hands a handler."""

    function_name = "bench"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench"
    memory_limit_in_mb = 256
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    log_group_name = log_stream_name = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def answer_for_aws(stored: Typed, parameters: dict[str, str]) -> None:
    """Answer every call of the SDK here, before it is sent. Nothing is kept of what it writes; the bucket is
    empty."""
    from chalicelib.aws import clients

    def answer(request: Any, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        if "s3." in request.url:
            status, body = _bucket_reply(request.method)
            kind: Any = {"content-type": "application/xml"}
            return AWSResponse(request.url, status, kind, _Raw(body))
        target = request.headers.get("X-Amz-Target", b"")
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        body = json.dumps(_reply(operation, json.loads(request.body or b"{}"), stored, parameters)).encode()
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, _Raw(body))

    clients.session().register("before-send", answer)


class _Raw:
    """A body as urllib3 would give it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


def _bucket_reply(method: str) -> tuple[int, bytes]:
    if method == "PUT":
        return 200, b""
    return 404, b"<Error><Code>NoSuchKey</Code><Message>not there</Message></Error>"


def _reply(
    operation: str, asked: dict[str, Any], stored: Typed, parameters: dict[str, str]
) -> dict[str, Any]:
    match operation:
        case "GetItem":
            key = asked["Key"]
            found = stored.get(f"{key['pk']['S']}|{key['sk']['S']}")
            return {"Item": found} if found else {}
        case "BatchGetItem":
            ((table, wanted),) = asked["RequestItems"].items()
            keys = (f"{key['pk']['S']}|{key['sk']['S']}" for key in wanted["Keys"])
            return {"Responses": {table: [stored[key] for key in keys if key in stored]}}
        case "Query":
            return {"Items": _queried(asked, stored)}
        case "UpdateItem":
            waiting = {"waiting": {"SS": ["kwetterdam/feed/1"]}, "work_key": {"S": "2026"}}
            return {"Attributes": waiting} if asked.get("ReturnValues") == "ALL_NEW" else {}
        case "SendMessageBatch":
            entries: Any = asked["Entries"]
            sent = [{"Id": e["Id"], "MessageId": e["Id"], "MD5OfMessageBody": _md5(e)} for e in entries]
            return {"Successful": sent, "Failed": []}
        case "GetParameter":
            name = str(asked["Name"])
            return {"Parameter": {"Name": name, "Value": parameters.get(name, "{}")}}
        case "":  # SES speaks REST
            return {"MessageId": "1"}
    return {}


def _queried(asked: dict[str, Any], stored: Typed) -> list[Any]:
    """By partition key of the table or of an index; the sort key is not looked at."""
    attribute = {"work": "work", "by_day": "day"}.get(asked.get("IndexName", ""), "pk")
    values = asked["ExpressionAttributeValues"].values()
    return [item for item in stored.values() if item.get(attribute) in values]


def _md5(entry: dict[str, str]) -> str:
    from hashlib import md5

    return md5(entry["MessageBody"].encode(), usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    main()
