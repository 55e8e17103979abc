"""What a brand answered before: a file of a day in S3, read by whoever looks, made by who finds none.

Its name is the day's, so it never changes; the bucket throws it away after two days. A process keeps the last
one that it read of a brand.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log, sqrt

from chalicelib.domain.answered import Answered
from chalicelib.domain.case import CaseKey
from chalicelib.domain.shape import dump, load
from chalicelib.errors import NotFound
from chalicelib.knowledge.stems import LONGEST, stems
from chalicelib.ports import Bucket

FORM = "1"
"""Of the file; another one is made anew."""
ALIKE = 0.35
"""How alike two messages are, from 0 to 1, of which the one's answer is offered for the other."""
Gather = Callable[[str, datetime], list[Answered]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A reply, with the stems of the message that it answered, each once."""

    answered: Answered
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _File:
    entries: tuple[Entry, ...]


class Answers:
    """Implements `ports.Answers`."""

    def __init__(self, bucket: Bucket, gather: Gather) -> None:
        self._bucket, self._gather = bucket, gather
        self._read: dict[str, tuple[str, tuple[Entry, ...]]] = {}

    def like(self, brand: str, text: str, language: str, now: datetime) -> list[Answered]:
        entries = [each for each in self._of(brand, now) if each.answered.language == language]
        return alike(entries, stems(text[:LONGEST], language))

    def get(self, brand: str, case: CaseKey, n: int, now: datetime) -> Answered:
        for each in self._of(brand, now):
            if (each.answered.case, each.answered.n) == (case, n):
                return each.answered
        raise NotFound(f"answer {case}/{n}")

    def _of(self, brand: str, now: datetime) -> tuple[Entry, ...]:
        name = f"_answered/{brand}/{FORM}-{now.astimezone(UTC):%Y-%m-%d}.json"
        known, entries = self._read.get(brand, ("", ()))
        if known != name:
            body = self._bucket.get(name)
            if body is None:
                body = _made(self._gather(brand, now))
                self._bucket.put_once(name, body, "application/json")
            entries = load(_File, json.loads(body)).entries
            self._read[brand] = name, entries
        return entries


def _made(found: list[Answered]) -> bytes:
    entries = tuple(Entry(each, tuple(sorted(set(stems(each.asked, each.language))))) for each in found)
    return json.dumps(dump(_File(entries)), ensure_ascii=False, separators=(",", ":")).encode()


def alike(entries: Collection[Entry], words: Collection[str]) -> list[Answered]:
    """In their own order those whose message asked what these words ask: the more they share, and the rarer
    that is, the surer."""
    often = Counter(word for each in entries for word in each.words)
    wanted = set(words)

    def weight(of: Collection[str]) -> float:
        return sum(log(1 + (len(entries) + 1) / (often[word] + 0.5)) for word in of)

    whole, found = weight(wanted), []
    for each in entries:
        shared = wanted.intersection(each.words)
        if shared and weight(shared) / sqrt(whole * weight(each.words)) >= ALIKE:
            found.append(each.answered)
    return found
