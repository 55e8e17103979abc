"""What is held as noise, and what must not be: written examples, half of them not looked at while tuning."""

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from chalicelib.domain import noise

DATA = Path(__file__).parents[1] / "data" / "noise.tsv"
AT = 1_796_000_000.0


class Example(NamedTuple):
    split: str
    label: str
    rule: str
    language: str
    group: str
    author: str
    text: str


def examples() -> list[Example]:
    lines = DATA.read_text(encoding="utf-8").split("\n")
    return [Example(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def found(listed: list[Example]) -> dict[Example, str]:
    """The reason for each; those of a group come together, a minute apart."""
    reasons, groups = {}, defaultdict(list)
    for n, each in enumerate(listed):
        trace = noise.trace(each.text, each.author, AT + 60 * n) if each.group != "-" else None
        if trace:
            groups[each.group].append(trace)
        reasons[each, n] = (noise.rule(each.text), trace)
    return {
        Example(*each[:-1], f"{n} {each.text}"): reason
        or (noise.bait(trace, groups[each.group]) if trace else "")
        for (each, n), (reason, trace) in reasons.items()
    }


@pytest.mark.parametrize("split", ["seen", "held"])
def test_precision_and_recall(split: str) -> None:
    told = found([each for each in examples() if each.split == split])
    held = [each for each, reason in told.items() if reason]
    noisy = [each for each in told if each.label == "noise"]
    right = [each for each in held if each.label == "noise"]
    print(
        f"{split}: {len(told)} examples, precision {len(right) / len(held):.2f},"
        f" recall {len(right) / len(noisy):.2f}"
    )
    assert [each.text for each in held if each.label == "talk"] == []
    assert len(right) >= 0.8 * len(noisy), [each.text for each in noisy if each not in held]


def test_there_are_enough_examples_of_both_in_both_languages() -> None:
    listed = examples()
    assert len(listed) >= 120
    for label in ("noise", "talk"):
        for language in ("nl", "en"):
            assert sum((each.label, each.language) == (label, language) for each in listed) >= 25


def test_each_rule_says_what_it_found() -> None:
    told = found(examples())
    named = {each.rule: reason for each, reason in told.items() if each.rule and reason}
    assert {rule: reason.partition(" ")[0] for rule, reason in named.items()} == {
        rule: rule for rule in named
    }
    assert named.keys() == {"links", "tags", "keywords", "markup", "hidden", "phrase", "bait"}
    nine = " ".join(f"https://farm.example/{n}" for n in range(9))
    assert noise.rule(f"one two three four five six {nine} seven eight nine ten eleven") == "links 9 11"
