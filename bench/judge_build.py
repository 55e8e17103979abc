"""Build what the embedded judge ships, from data that lie elsewhere (`sentiment_data.py`).

    WEBSPIN_SENTIMENT=<folder> python -m bench.judge_build lexicon    writes chalicelib/judge/lexicon_*.txt
    WEBSPIN_SENTIMENT=<folder> python -m bench.judge_build fit        prints the constants for embedded.py

The words and scores come from published lists whose licences let them be passed on. The training parts of
labelled texts say which of those words to leave out, and fit ten constants; no text leaves this program.
Sets that may be used for evaluation only are not read here.
"""

import sys
from collections import Counter, defaultdict
from math import exp, log, sqrt
from pathlib import Path
from random import Random

from bench.sentiment_data import LABELS, labelled, rows
from chalicelib.judge.embedded import features
from chalicelib.judge.lexicon import lexicon
from chalicelib.judge.tokens import tokens
from chalicelib.judge.weighing import weigh

TRAINED = {
    "nl": ("nl_political_tweets", "nl_economic_headlines", "xed_subtitles"),
    "en": ("tweeteval_sentiment_en", "mozetic_polar_tweets"),
}
HEADS = {
    "nl": """# Dutch words from -4 (furious) to 4 (delighted); made by bench/judge_build.py, not by hand.
# Sources: the sentiment lexicon of Pattern (CLiPS, University of Antwerp; PDDL), LUPJE (MIT,
# copyright 2020 Jeffrey Luppes).
""",
    "en": """# English words from -4 (furious) to 4 (delighted); made by bench/judge_build.py, not by hand.
# Sources: the sentiment lexicon of Pattern (CLiPS, University of Antwerp; PDDL), VADER (MIT,
# copyright 2016 C.J. Hutto).
""",
}
SEEN, AGREES = 8, 0.1
"""A word seen this often must lean its own way by this much (log odds), or it is left out."""
WEAKEST = 0.4


def build_lexicons() -> None:
    for language in ("nl", "en"):
        scores: dict[str, list[float]] = defaultdict(list)
        for row in rows("lexicon_pattern"):
            if row["lang"] == language:
                scores[row["word"]].append(float(row["polarity"]) * 3.5)
        if language == "nl":
            for row in rows("lexicon_lupje_nl"):
                scores[row["word"].lower()].append(float(row["score"]) * 0.7)
        else:
            for row in rows("lexicon_vader_en"):
                scores[row["word"].lower()] += [float(row["valence"])] * 2  # counts twice
        seen = counts(language)
        kept = {word: sum(found) / len(found) for word, found in scores.items() if fit_to_read(word)}
        lines = [
            f"{word}\t{score:.1f}\n"
            for word, score in sorted(kept.items())
            if abs(score) >= WEAKEST and agrees(score, *seen[word])
        ]
        path = Path(__file__).parents[1] / "chalicelib" / "judge" / f"lexicon_{language}.txt"
        path.write_text(HEADS[language] + "".join(lines), encoding="utf-8")
        print(f"lexicon_{language} {len(lines)} words")


def fit_to_read(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and all(char.isalpha() or char == "'" for char in word)


def counts(language: str) -> dict[str, tuple[float, float]]:
    """How often each word stands in negative and in positive texts, as if there were as many of both."""
    found: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for name in TRAINED[language]:
        texts = [(text, label) for text, label in labelled(name, language, "train") if label != 1]
        of = Counter(label for _, label in texts)
        for text, label in texts:
            weight = len(texts) / 2 / of[label]
            for word in {token.text for token in tokens(text)}:
                negative, positive = found[word]
                found[word] = (negative + weight * (label == 0), positive + weight * (label == 2))
    return found


def agrees(score: float, negative: float, positive: float) -> bool:
    if negative + positive < SEEN:
        return True
    leaning = log((positive + 2) / (negative + 2))
    return (leaning if score > 0 else -leaning) >= AGREES


def fit() -> None:
    """Multinomial logistic regression against neutral, each label counting the same."""
    english = labelled("tweeteval_sentiment_en", "en", "train")
    headlines = labelled("nl_economic_headlines", "nl", "train")
    sample = Random(3)
    data = balanced(sample.sample(english, 6000), "en", 1.0)
    data += balanced(labelled("nl_political_tweets", "nl", "train"), "nl", 1.0)
    data += balanced(sample.sample(headlines, 3000), "nl", 0.1)
    size, total = len(data[0][0]), sum(weight for _, _, weight in data)
    constants = [[0.0] * size, [0.0] * size]
    speed = [[0.0] * size, [0.0] * size]
    spread = [[1e-8] * size, [1e-8] * size]
    for step in range(300):
        slope = [[0.0] * size, [0.0] * size]
        for given, label, weight in data:
            odds = [exp(sum(c * f for c, f in zip(row, given, strict=True))) for row in constants]
            for side, its_label in enumerate((0, 2)):
                error = (odds[side] / (1 + sum(odds)) - (label == its_label)) * weight / total
                for i, value in enumerate(given):
                    slope[side][i] += error * value
        for side in (0, 1):
            for i in range(size):
                towards = slope[side][i] + 1e-3 * constants[side][i]
                speed[side][i] = 0.9 * speed[side][i] + 0.1 * towards
                spread[side][i] = 0.99 * spread[side][i] + 0.01 * towards**2
                rate = 0.3 if step < 180 else 0.08
                constants[side][i] -= rate * speed[side][i] / (sqrt(spread[side][i]) + 1e-6)
    for name, row in zip((LABELS[0], LABELS[2]), constants, strict=True):
        print(name, tuple(round(value, 2) for value in row), f"from {len(data)} texts")


def balanced(
    texts: list[tuple[str, int]], language: str, weight: float
) -> list[tuple[tuple[float, ...], int, float]]:
    of = Counter(label for _, label in texts)
    found = []
    for text, label in texts:
        cut = tokens(text)
        given = features(weigh(cut, lexicon(language), language), any("!" in token.text for token in cut))
        found.append((given, label, weight * len(texts) / 3 / of[label]))
    return found


if __name__ == "__main__":
    {"lexicon": build_lexicons, "fit": fit}[sys.argv[1]]()
