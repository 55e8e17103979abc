"""S24: what people wrote, who they are and our keys are not in the log; one line a call."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.log import count, in_handler, log, reason, redact

Capture = pytest.CaptureFixture[str]

CANARIES = [
    "kees.de-vries+bieb@post.lindebieb.example",
    "+31 6 12345678",
    "0031612345678",
    "06-12345678",
    "(020) 555 01 23",
    "+1 (555) 010-9999",
    "canaryCanary123456",
    "whsec_ZmFrZWZha2VmYWtlZmFrZQ==",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmYWtlIn0.ZmFrZQ",
    "AKIAFAKEFAKEFAKEFAKE",
]
CARRIERS = [
    "{}",
    "mail {} now",
    "token={}",
    '{{"secret": "{}"}}',
    "Authorization: Bearer {}",
    "password: '{}'",
    "X-Api-Key: {}",
    "https://x.example/hook?key={}&page=2",
    "https://x.example/hook#{}",
    "https://user:{}@x.example/",
]
NEEDS_CARRIER = {"canaryCanary123456"}
PAIRS = [
    (canary, carrier)
    for canary in CANARIES
    for carrier in CARRIERS
    if not (canary in NEEDS_CARRIER and carrier in ("{}", "mail {} now"))
]


def lines(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(("canary", "carrier"), PAIRS)
def test_s24_a_canary_is_not_in_the_log(capsys: Capture, canary: str, carrier: str) -> None:
    text = carrier.format(canary)
    log().info(text)
    log().warning("extra", extra={"told": text, "deep": {"list": [text]}, "token": canary})
    try:
        raise ValueError(text)
    except ValueError as error:
        log().exception("failed", extra={"reason": reason(error)})
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 3
    assert canary not in out
    assert canary.replace(" ", "") not in out.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "polled lindebieb/mastodon/115579203841123456",
        "2026-11-23T09:12:00.123Z",
        "2026-11-23 09:12:00",
        "https://x.example/feed/0612345678/items",
        "answered 500 after 10.25 s, 1024 bytes, 3 of 20",
        "id 0f8fad5b-d9cb-469f-a165-70867728950e",
        "h.mzxw6ytboi2tmnbr",
        "the token expired",
    ],
)
def test_what_we_need_to_read_stays(text: str) -> None:
    assert redact(text) == text


def test_redacting_is_quick_whatever_it_is_given() -> None:
    for hostile in ("a" * 10**6, "a-" * 10**6, "https://" * 10**5, "0 " * 10**6, "token" * 10**5):
        assert len(redact(hostile)) <= 8100


def test_one_line_tells_of_a_call(capsys: Capture) -> None:
    with in_handler("poll", SimpleNamespace(aws_request_id="r-1")) as line:
        line["found"] = 3
        line["name"] = "not a log record's"
    (told,) = lines(capsys)
    assert (told["message"], told["level"], told["correlation_id"]) == ("poll", "INFO", "r-1")
    assert (told["found"], told["name_"]) == (3, "not a log record's")
    assert told["ms"] >= 0


def test_one_line_tells_of_a_call_that_failed(capsys: Capture) -> None:
    def handler() -> None:
        with in_handler("poll") as line:
            line["found"] = 3
            raise ValueError("kees@lindebieb.example")

    with pytest.raises(ValueError, match="kees@"):
        handler()
    (told,) = lines(capsys)
    assert (told["message"], told["level"], told["found"]) == ("poll", "ERROR", 3)
    assert told["reason"] == "ValueError: [e-mail]"
    assert "correlation_id" not in told


def test_a_count_is_one_line_of_the_embedded_metric_format(capsys: Capture) -> None:
    count("TaskFailed", 2, queue="poll")
    (told,) = lines(capsys)
    (metrics,) = told["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "webspin"
    assert metrics["Dimensions"] == [["queue"]]
    assert metrics["Metrics"] == [{"Name": "TaskFailed", "Unit": "Count"}]
    assert (told["TaskFailed"], told["queue"]) == (2.0, "poll")


def test_a_reason_is_one_short_line() -> None:
    assert reason(ValueError("a\nb\x00\ud800" + "c" * 999)) == "ValueError: a b  " + "c" * 283
