"""How well the embedded judge reads: `WEBSPIN_SENTIMENT=<folder> python -m bench.judge_quality`.

Prints `name value unit`, one a line. F1, accuracy and recall are of the most likely of the three labels,
whatever the judge then made of it; `unsure` and `mixed` are the shares it called so; `decided_accuracy` is
of the rest. Only rows that nothing was fitted on (docs/judge.md says which sets its author had read).
"""

from collections import Counter
from time import perf_counter

from bench.sentiment_data import LABELS, labelled, rows
from chalicelib.domain.verdict import Reading, Sentiment
from chalicelib.judge.embedded import Embedded

SETS = (
    ("tweeteval_sentiment_en", "en", "test"),
    ("umsab_8lang", "en", "test"),
    ("airline_webcare_en", "en", "test"),
    ("nl_political_tweets", "nl", "test"),
    ("nl_economic_headlines", "nl", "test"),
    ("webcare_challenge_dev", "nl", ""),
    ("webcare_challenge_dev", "en", ""),
)
LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt")
OTHERS = ("ar", "hi")


def main() -> None:
    judge = Embedded()
    for name, language, split in SETS:
        texts = labelled(name, language, *filter(None, [split]))
        began = perf_counter()
        read = [(judge.read(text, language), label) for text, label in texts]
        spent = perf_counter() - began
        for figure, value, unit in figures(read):
            print(f"judge.{name}.{language}.{figure} {value:.3f} {unit}")
        print(f"judge.{name}.{language}.texts {len(texts)} texts")
        print(f"judge.{name}.{language}.time {1e6 * spent / len(texts):.0f} us")
    for language in (*LANGUAGES, *OTHERS):
        told = [guessed(judge, row["text"]) for row in rows("umsab_8lang") if row["lang"] == language]
        told += [guessed(judge, row["text"]) for row in rows("xed_subtitles") if row["lang"] == language]
        right = Counter(told)["und" if language in OTHERS else language]
        wrong = len(told) - right - (0 if language in OTHERS else Counter(told)["und"])
        print(f"judge.language.{language}.right {right / len(told):.3f} share")
        print(f"judge.language.{language}.wrong {wrong / len(told):.3f} share")


def guessed(judge: Embedded, text: str) -> str:
    return judge.read(text).language


def figures(read: list[tuple[Reading, int]]) -> list[tuple[str, float, str]]:
    told = [(max(range(3), key=reading.probabilities.__getitem__), label) for reading, label in read]
    confusion = Counter(told)
    recall, f1 = [], []
    for label in range(3):
        hit = confusion[label, label]
        given = sum(confusion[label, other] for other in range(3))
        there = sum(confusion[other, label] for other in range(3))
        recall.append(hit / there if there else 0.0)
        f1.append(2 * hit / (given + there) if given + there else 0.0)
    decided = [(r, label) for r, label in read if r.sentiment.value in LABELS]
    agreed = sum(LABELS[label] == reading.sentiment.value for reading, label in decided)
    return [
        ("macro_f1", sum(f1) / 3, "F1"),
        ("macro_recall", sum(recall) / 3, "share"),
        ("accuracy", sum(one == label for one, label in told) / len(told), "share"),
        ("calibration_error", calibration_error(read), "share"),
        ("unsure", share(read, Sentiment.UNSURE), "share"),
        ("mixed", share(read, Sentiment.MIXED), "share"),
        ("decided_accuracy", agreed / max(1, len(decided)), "share"),
    ]


def share(read: list[tuple[Reading, int]], sentiment: Sentiment) -> float:
    return sum(reading.sentiment is sentiment for reading, _ in read) / len(read)


def calibration_error(read: list[tuple[Reading, int]]) -> float:
    """Expected: how far certainty and accuracy lie apart, in ten bins, weighed by their size."""
    gaps = [0.0] * 11
    for reading, label in read:
        right = reading.probabilities[label] == reading.certainty
        gaps[int(10 * reading.certainty)] += right - reading.certainty
    return sum(abs(gap) for gap in gaps) / len(read)


if __name__ == "__main__":
    main()
