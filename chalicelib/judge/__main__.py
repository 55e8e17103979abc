"""The judge on its own: texts in, one a line; one JSON verdict a line out.

python -m chalicelib.judge [--lang nl] [--jsonl] < texts
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from typing import Any, TextIO

from chalicelib.domain.brand import Topic
from chalicelib.domain.topics import found as about
from chalicelib.judge.embedded import Embedded, Judgement

DESCRIPTION = "Reads texts, one a line, and writes one JSON verdict a line."


class LineError(ValueError):
    """A line that holds no text to judge, and what was expected."""


def main(arguments: list[str], lines: Iterable[str], out: TextIO) -> int:
    """0, or 1 if a line could not be read; its answer then has one field, `error`."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.judge", description=DESCRIPTION)
    parser.add_argument("--lang", default="", help="what a text is in if its words do not say: nl, en, de")
    parser.add_argument(
        "--jsonl", action="store_true", help='lines are JSON objects with "text" and perhaps "lang", "topics"'
    )
    asked = parser.parse_args(arguments)
    judge, failed = Embedded(), False
    for number, line in enumerate(lines, 1):
        line = line.removesuffix("\n")
        try:
            text, hint, topics = _told(line, number, asked.lang) if asked.jsonl else (line, asked.lang, ())
            answer = verdict(text, judge.judge(text, hint), topics)
        except LineError as error:
            answer, failed = {"error": str(error)}, True
        print(json.dumps(answer), file=out)
    return int(failed)


def verdict(text: str, found: Judgement, topics: Iterable[Topic]) -> dict[str, Any]:
    """The fields are those of docs/judge.md."""
    negative, neutral, positive = found.probabilities
    return {
        "language": found.language,
        "label": found.label.value,
        "p_negative": negative,
        "p_neutral": neutral,
        "p_positive": positive,
        "balanced_label": found.balanced.value,
        "intents": list(found.intents),
        "urgency": found.urgency,
        "topics": list(about(topics, text)),
        "evidence": [
            {
                "text": text[one.start : one.end],
                "start": one.start,
                "end": one.end,
                "speaks_for": one.sentiment.value,
                "weight": one.weight,
            }
            for one in found.evidence
        ],
    }


def _told(line: str, number: int, lang: str) -> tuple[str, str, tuple[Topic, ...]]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("text"), str):
        raise LineError(f'line {number}: expected a JSON object with "text"')
    hint = told.get("lang") or lang
    if not isinstance(hint, str):
        raise LineError(f'line {number}: expected "lang" to be a language code')
    topics = told.get("topics") or {}
    if not isinstance(topics, dict) or not all(_is_words(words) for words in topics.values()):
        raise LineError(f'line {number}: expected "topics" to be lists of words by name')
    return told["text"], hint, tuple(Topic(id=id, name=id, words=tuple(topics[id])) for id in topics)


def _is_words(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(word, str) and word.strip() for word in given)


def _lines() -> Iterator[str]:
    """Of standard input; bytes that are no UTF-8 are read as replacement signs."""
    return iter(TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], _lines(), sys.stdout))
