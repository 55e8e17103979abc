"""The corpus in `data/` is whole: its form, its labels, nothing in it twice, and a card that counts right."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from bench.corpus import FOLDER, figures, first, kappa, rows, second

COLUMNS = ["id", "lang", "sector", "text", "sentiment", "intents", "urgency", "topic", "phenomenon"]
SENTIMENTS = {"negative", "neutral", "positive", "mixed", "unsure"}
INTENTS = {"question", "complaint", "compliment", "suggestion", "order", "leaving", "thanks"}
INTENTS |= {"spam", "press", "job"}
NEAR = 0.6
"""Character 5-grams shared, above which two texts count as copies."""


RARE = 12
"""Copies share a 5-gram that no more texts than this have."""


def grams(text: str) -> set[str]:
    folded = re.sub(r"\W+", " ", text.lower())
    return {folded[i : i + 5] for i in range(max(1, len(folded) - 4))}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.tsv")), ids=lambda path: path.stem)
def test_every_row_is_whole(path: Path) -> None:
    for row in rows(path):
        assert list(row) == COLUMNS, row
        assert None not in row.values(), row
        assert row["lang"] in ("nl", "en")
        assert row["sentiment"] in SENTIMENTS, row
        assert set(filter(None, row["intents"].split(","))) <= INTENTS, row
        assert row["urgency"] in "0123"
        assert row["text"].strip(), row


def test_no_id_and_no_text_stands_twice() -> None:
    everyone = first()
    assert len({row["id"] for row in everyone}) == len({row["text"] for row in everyone}) == len(everyone)


def test_no_text_is_a_near_copy_of_another() -> None:
    sets = [grams(row["text"]) for row in first()]
    holders: dict[str, list[int]] = {}
    for number, own in enumerate(sets):
        for gram in own:
            holders.setdefault(gram, []).append(number)
    rare = (each for each in holders.values() if 2 <= len(each) <= RARE)
    pairs = {pair for each in rare for pair in combinations(each, 2)}
    near = [(a, b) for a, b in pairs if len(sets[a] & sets[b]) / len(sets[a] | sets[b]) > NEAR]
    assert near == []


def test_the_second_label_is_of_the_same_messages_in_the_same_words() -> None:
    ids = {row["id"] for row in first()}
    for id, row in second().items():
        assert id in ids
        assert row["sentiment"] in SENTIMENTS
        assert set(filter(None, row["intents"].split(","))) <= INTENTS
        assert row["urgency"] in "0123"


def test_the_card_says_what_is_measured() -> None:
    card = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    for line in figures():
        name, value, _ = str(line).split()
        assert f"| `{name}` | {value} |" in card, line


def test_kappa_is_none_by_chance_and_one_when_all_agree() -> None:
    assert kappa([("a", "a"), ("b", "b")]) == 1
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0
