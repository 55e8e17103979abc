"""The log: JSON lines without anybody's words, addresses or keys; and counters in the same stream.

Two small formats, written here: aws-lambda-powertools would load 43 modules for them in every cold start
(docs/decisions/0010-a-log-of-our-own.md). What leaves here passes `redact` (S24).
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any

from chalicelib.errors import Incomplete

SERVICE = "webspin"
MOST = 8000
"""Characters of one value that are logged."""

_correlation: ContextVar[str | None] = ContextVar("correlation", default=None)

_PRIVATE = r"(?:authorization|cookie|password|secret|token|signature|api[_-]?key|credentials?)"
_HIDDEN = (
    (re.compile(r"(https?://)[^\s/@\"']{0,200}@"), r"\1"),
    (re.compile(r"(https?://[^\s?#\"'<>]{0,2000})[?#][^\s\"'<>]*"), r"\1?[query]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 [secret]"),
    (re.compile(r"\b(?:whsec_|sk_|pk_|ghp_|xox[a-z]-|AKIA|ASIA)[\w+/=-]{6,}"), "[secret]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?"), "[secret]"),
    (
        re.compile(
            rf"(?i)(\b[\w-]{{0,30}}{_PRIVATE}[\w-]{{0,30}}\\?[\"']?\s*[:=]\s*\\?[\"']?)(?!\[|bearer|basic)[^\s\"',;&\\]+"
        ),
        r"\1[secret]",
    ),
    (re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w.:/#-])(?:\+|00)\d(?:[ ().-]{0,2}\d){7,14}(?![\w:])"), "[phone]"),
    (re.compile(r"(?<![\w.:/#-])\(?0\d(?:[ ().-]{0,2}\d){7,10}(?![\w:])"), "[phone]"),
)
_SECRET_KEY = re.compile(_PRIVATE, re.IGNORECASE)


def redact(text: str) -> str:
    """The text without e-mail addresses, telephone numbers, keys of any kind and the queries of URLs."""
    text = text[:MOST]
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def reason(error: BaseException) -> str:
    """An error as one short line that may be kept: class and message, at most 300 characters."""
    line = redact(f"{type(error).__name__}: {error}")
    return "".join(letter if letter.isprintable() else " " for letter in line[:300])


@cache
def log() -> logging.Logger:
    """The one logger, in JSON: `log().info("polled", extra={"found": 3})`."""
    logger = logging.getLogger(SERVICE)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # Lambda's own handler would write every line again
    handler = _Stdout()
    handler.setFormatter(_Json())
    logger.handlers = [handler]
    return logger


def count(name: str, value: float = 1, **dimensions: str) -> None:
    """Write one metric (CloudWatch's Embedded Metric Format).

    Every name with its dimension values is a metric that CloudWatch charges by the month: dimensions
    have few values (a queue, a reason), never a brand, a source or a person.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    metric = {
        "Namespace": SERVICE,
        "Dimensions": [sorted(dimensions)],
        "Metrics": [{"Name": name, "Unit": "Count"}],
    }
    about = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metric]}
    told = {key: redact(of) for key, of in dimensions.items()}
    _write(json.dumps({"_aws": about, **told, name: float(value)}, ensure_ascii=False))


@contextmanager
def in_handler(name: str, context: Any = None, *, whole: bool = False) -> Iterator[dict[str, Any]]:
    """Log exactly one line about a handler's call: its name, milliseconds, and what it puts in the mapping.

    `context` is Lambda's, if there is one: its request id joins all lines of the call. `whole`: of which some
    `failed`, the call fails itself, for Lambda to try again or lay it aside. Raises Incomplete then.
    """
    logger, start = log(), time.perf_counter()
    facts: dict[str, Any] = {}
    _correlation.set(getattr(context, "aws_request_id", None))
    try:
        yield facts
    except Exception as error:
        logger.exception(name, extra={**_extra(facts, start), "reason": reason(error)})
        raise
    logger.info(name, extra=_extra(facts, start))
    if whole and (count := facts.get("failed")):
        raise Incomplete(f"{count} failed")


def _extra(facts: dict[str, Any], start: float) -> dict[str, Any]:
    """The facts and the time taken; a name that a log record has itself gets a stroke after it."""
    taken = {"ms": round((time.perf_counter() - start) * 1000, 1)}
    return {f"{name}_" if name in _RECORD else name: value for name, value in facts.items()} | taken


class _Stdout(logging.Handler):
    """Writes to `sys.stdout` as it is now, not as it was at import."""

    def emit(self, record: logging.LogRecord) -> None:
        _write(self.format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"level": record.levelname, "timestamp": at, "service": SERVICE}
        if correlation := _correlation.get():
            line["correlation_id"] = correlation
        told = {name: value for name, value in vars(record).items() if name not in _RECORD}
        told = {"message": record.getMessage(), **told}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        line |= {name: _clean(name, value) for name, value in told.items()}
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=str)


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


_RECORD = {*vars(logging.makeLogRecord({})), "message", "asctime"}


def _clean(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key):
        return "[secret]"
    if isinstance(value, dict):
        return {str(name): _clean(str(name), item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(key, item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redact(str(value))
