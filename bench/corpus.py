"""How much of the corpus there is, and how far its two labels agree. `python -m bench.corpus`"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import Figure, Line

FOLDER = Path(__file__).parent.parent / "data" / "corpus"

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def first() -> list[Row]:
    return [row for path in sorted(FOLDER.glob("*.tsv")) for row in rows(path)]


def second() -> dict[str, Row]:
    return {row["id"]: row for path in sorted((FOLDER / "second").glob("*.tsv")) for row in rows(path)}


def figures() -> Iterator[Line]:
    ones, others = first(), second()
    pairs = [(row, others[row["id"]]) for row in ones if row["id"] in others]
    for language, number in sorted(Counter(row["lang"] for row in ones).items()):
        yield Figure(f"corpus_{language}", number, "messages")
    yield Figure("corpus_labelled_twice", len(pairs), "messages")
    for language in ("nl", "en"):
        labels = [(a["sentiment"], b["sentiment"]) for a, b in pairs if a["lang"] == language]
        yield Figure(f"sentiment_agreement_{language}", round(agreement(labels), 4), "share")
        yield Figure(f"sentiment_kappa_{language}", round(kappa(labels), 4), "kappa")
    for column in ("urgency", "intents"):
        labels = [(_folded(a[column]), _folded(b[column])) for a, b in pairs]
        yield Figure(f"{column}_agreement", round(agreement(labels), 4), "share")


def agreement(labels: Sequence[tuple[str, str]]) -> float:
    return sum(a == b for a, b in labels) / len(labels)


def kappa(labels: Sequence[tuple[str, str]]) -> float:
    """Cohen's: agreement beyond what the two distributions would give by chance."""
    ones, others = Counter(a for a, _ in labels), Counter(b for _, b in labels)
    chance = sum(ones[label] * others[label] for label in ones) / len(labels) ** 2
    return (agreement(labels) - chance) / (1 - chance)


def _folded(value: str) -> str:
    return ",".join(sorted(value.split(",")))


if __name__ == "__main__":
    for line in figures():
        print(line)
