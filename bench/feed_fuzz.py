"""Feeds made to break the reading of feeds, as long as one likes: `python -m bench.feed_fuzz 600`.

Each round of hypothesis begins from a seed of its own, so that a longer run sees more. What does not hold is
gathered, one document a kind of failure, the shortest; the command fails where there is any.
"""

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, process_time

from hypothesis import HealthCheck, Phase, given, seed, settings

from bench import Figure
from tests.platforms.feed_promises import held
from tests.platforms.feed_shapes import DOCUMENTS, Document

SECONDS, EXAMPLES = 600.0, 1_000
FIXED = 4_000
"""Bytes that every document is taken to have more, where time is told by its length."""


@dataclass
class Seen:
    documents: int = 0
    size: int = 0
    heard: int = 0
    """Documents with at least one message."""
    refused: int = 0
    spent: float = 0.0
    worst: tuple[float, int, str] = (0.0, 0, "")
    """Microseconds of processor time a byte; bytes; the document's beginning."""
    failures: dict[str, bytes] = field(default_factory=dict)

    def take(self, document: Document) -> None:
        self.documents += 1
        self.size += len(document[1])
        began = process_time()
        try:
            found = held(*document)
        except Exception as error:
            self._failed(error, document)
            return
        spent = process_time() - began
        self.spent += spent
        self.heard += bool(found)
        self.refused += found is None
        cost = spent * 1e6 / (len(document[1]) + FIXED)
        self.worst = max(self.worst, (cost, len(document[1]), repr(document[1][:200])))

    def _failed(self, error: Exception, document: Document) -> None:
        where = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} at {where.name}:{where.lineno}: {str(error)[:80]}"
        before = self.failures.get(kind)
        if before is None or len(document[1]) < len(before):
            self.failures[kind] = document[1]


def _round(number: int, take: Callable[[Document], None]) -> None:
    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(DOCUMENTS)
    def run(document: Document) -> None:
        take(document)

    run()


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    began, number, seen = monotonic(), 0, Seen()
    while monotonic() - began < seconds:
        _round(number, seen.take)
        number += 1
    print(Figure("feed_fuzz_seconds", round(monotonic() - began), "s"))
    print(Figure("feed_fuzz_documents", seen.documents, "documents"))
    print(Figure("feed_fuzz_heard", seen.heard, "documents"))
    print(Figure("feed_fuzz_refused", seen.refused, "documents"))
    print(Figure("feed_fuzz_bytes", seen.size, "bytes"))
    print(Figure("feed_fuzz_cpu", round(seen.spent * 1e6 / max(seen.documents, 1), 1), "us/document"))
    print(Figure("feed_fuzz_worst", round(seen.worst[0], 2), "us/byte"))
    print(f"# the worst has {seen.worst[1]} bytes: {seen.worst[2]}")
    print(Figure("feed_fuzz_failures", len(seen.failures), "kinds"))
    for kind, body in seen.failures.items():
        print(f"# {kind}: {body[:500]!r}")
    return bool(seen.failures)


if __name__ == "__main__":
    sys.exit(main())
