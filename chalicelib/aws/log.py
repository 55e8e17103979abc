"""The log: JSON lines without anybody's words, addresses or keys; and counters in the same stream.

aws-lambda-powertools does the work and is imported on first use. What leaves here passes `redact` (S24).
"""

import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

SERVICE = "webspin"
MOST = 8000
"""Characters of one value that are logged."""

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
def log() -> Any:
    """The powertools Logger: `log().info("polled", extra={"found": 3})`."""
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

    class Redacting(LambdaPowertoolsFormatter):
        def serialize(self, log: Any) -> str:
            return str(super().serialize({key: _clean(key, value) for key, value in log.items()}))

    return Logger(service=SERVICE, logger_handler=_Stdout(), logger_formatter=Redacting())


def count(name: str, value: float = 1, **dimensions: str) -> None:
    """Write one metric (Embedded Metric Format).

    Every name with its dimension values is a metric that CloudWatch charges by the month: dimensions
    have few values (a queue, a reason), never a brand, a source or a person.
    """
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace=SERVICE) as metric:
        for dimension, of in dimensions.items():
            metric.add_dimension(name=dimension, value=of)


@contextmanager
def in_handler(name: str, context: Any = None) -> Iterator[dict[str, Any]]:
    """Log exactly one line about a handler's call: its name, milliseconds, and what it puts in the mapping.

    `context` is Lambda's, if there is one: its request id joins all lines of the call.
    """
    logger, start = log(), time.perf_counter()
    facts: dict[str, Any] = {}
    logger.set_correlation_id(getattr(context, "aws_request_id", None))
    try:
        yield facts
    except Exception as error:
        logger.exception(name, extra={**_extra(facts, start), "reason": reason(error)})
        raise
    logger.info(name, extra=_extra(facts, start))


def _extra(facts: dict[str, Any], start: float) -> dict[str, Any]:
    """The facts and the time taken; a name that a log record has itself gets a stroke after it."""
    taken = {"ms": round((time.perf_counter() - start) * 1000, 1)}
    return {f"{name}_" if name in _RECORD else name: value for name, value in facts.items()} | taken


class _Stdout(logging.Handler):
    """Writes to `sys.stdout` as it is now, not as it was at import."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(self.format(record) + "\n")
        sys.stdout.flush()


_RECORD = {*vars(logging.makeLogRecord({})), "message", "asctime"}
_OWN = {"level", "location", "timestamp", "service", "correlation_id"}


def _clean(key: str, value: Any) -> Any:
    if key in _OWN:
        return value
    if _SECRET_KEY.search(key):
        return "[secret]"
    if isinstance(value, dict):
        return {str(name): _clean(str(name), item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(key, item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redact(str(value))
