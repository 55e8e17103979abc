"""How well intents and urgency are found in the corpus, and how far a strong verdict can be believed.

The corpus taught what the judge feels, and who wrote the cues had seen some of it: these figures are kind.
"""

from collections.abc import Iterator

from chalicelib.domain.verdict import STRONG, Sentiment
from chalicelib.judge.embedded import Embedded
from training.sets import LABELS, corpus, labelled


def lines(judge: Embedded) -> Iterator[str]:
    rows = corpus()
    told = [judge.judge(row["text"], row["lang"]) for row in rows]
    asked = [set(row["intents"].split(",")) - {""} for row in rows]
    for intent in sorted(set().union(*asked)):
        ours = [intent in found.intents for found in told]
        theirs = [intent in one for one in asked]
        both = sum(a and b for a, b in zip(ours, theirs, strict=True))
        yield (
            f"intent {intent:12} {sum(theirs):5} precision {both / max(1, sum(ours)):.2f} "
            f"recall {both / sum(theirs):.2f}"
        )
    off = [abs(found.urgency - int(row["urgency"])) for found, row in zip(told, rows, strict=True)]
    urgent = [int(row["urgency"]) >= 2 for row in rows]
    called = [found.urgency >= 2 for found in told]
    both = sum(a and b for a, b in zip(urgent, called, strict=True))
    near = sum(one < 2 for one in off) / len(off)
    yield (
        f"urgency right {off.count(0) / len(off):.2f}, one off at most {near:.2f}; "
        f"of 2 or 3 {sum(urgent)} precision {both / max(1, sum(called)):.2f} recall {both / sum(urgent):.2f}"
    )
    yield from _strong(judge)


def _strong(judge: Embedded) -> Iterator[str]:
    texts = labelled("airline_webcare_en", "en", "test")
    told = [judge.judge(text, "en") for text, _ in texts]
    for side in (Sentiment.NEGATIVE, Sentiment.POSITIVE):
        asked = [LABELS[label] == side.value for _, label in texts]
        ours = [found.label is side and max(found.probabilities) >= STRONG for found in told]
        both = sum(a and b for a, b in zip(asked, ours, strict=True))
        yield (
            f"strong {side.value}, airline {sum(ours):5} precision {both / max(1, sum(ours)):.2f} "
            f"recall {both / sum(asked):.2f}"
        )
