"""Makes `chalicelib/judge/lexicon_*.txt` from published word lists whose licences let them be passed on.

Training texts say which words to leave out; no text leaves this module.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from math import log

from chalicelib.judge.tokens import tokens
from training.sets import LANGUAGES, ROOT, labelled, rows

JUDGE = ROOT / "chalicelib" / "judge"
NAMES = {
    "nl": "Dutch", "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese",
}  # fmt: skip
SEEN_IN = {
    "nl": ("nl_political_tweets", "nl_economic_headlines", "xed_subtitles"),
    "en": ("tweeteval_sentiment_en", "mozetic_polar_tweets"),
}
OTHERS_IN = ("umsab_8lang", "mozetic_polar_tweets", "xed_subtitles")
PATTERN = "the sentiment lexicon of Pattern (CLiPS, University of Antwerp; PDDL)"
LUPJE = "LUPJE (MIT,\n# copyright 2020 Jeffrey Luppes)"
VADER = "VADER (MIT,\n# copyright 2016 C.J. Hutto)"
AFINN = "AFINN-165 multilingual (MIT,\n# Finn Årup Nielsen and Daniel Kocich)"
FROM = {
    "nl": (PATTERN, LUPJE), "en": (PATTERN, VADER), "de": (AFINN,), "fr": (PATTERN, AFINN),
    "es": (AFINN,), "it": (PATTERN, AFINN), "pt": (AFINN,),
}  # fmt: skip
SEEN, AGREES = 8, 0.1
"""A word seen this often must lean its own way by this much (log odds), or it is left out."""
WEAKEST = 0.4


def write(allowed: Callable[[str], bool]) -> None:
    """`allowed` says by name which sets of texts may say so."""
    for language in LANGUAGES:
        path = JUDGE / f"lexicon_{language}.txt"
        path.write_text(_head(language) + "".join(_lines(language, allowed)), encoding="utf-8")


def _head(language: str) -> str:
    return (
        f"# {NAMES[language]} words from -4 (furious) to 4 (delighted); made by training/lexicons.py, "
        "not by hand.\n"
        f"# Sources: {', '.join(FROM[language])}.\n"
    )


def _lines(language: str, allowed: Callable[[str], bool]) -> list[str]:
    scores: dict[str, list[float]] = defaultdict(list)
    for row in rows("lexicon_pattern"):
        if row["lang"] == language and row["polarity"]:
            scores[row["word"].lower()].append(float(row["polarity"]) * 3.5)
    if language == "nl":
        for row in rows("lexicon_lupje_nl"):
            scores[row["word"].lower()].append(float(row["score"]) * 0.7)
    elif language == "en":
        for row in rows("lexicon_vader_en"):
            scores[row["word"].lower()] += [float(row["valence"])] * 2  # counts twice
    else:
        for row in rows("lexicon_afinn_multilingual"):
            if row["lang"] == language:
                scores[row["word"].lower()].append(float(row["score"]) * 0.7)
    seen = _counts(language, allowed)
    kept = {word: sum(found) / len(found) for word, found in scores.items() if _is_one_word(word)}
    return [
        f"{word}\t{score:.1f}\n"
        for word, score in sorted(kept.items())
        if abs(score) >= WEAKEST and _agrees(score, *seen[word])
    ]


def _is_one_word(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and all(char.isalpha() or char == "'" for char in word)


def _counts(language: str, allowed: Callable[[str], bool]) -> dict[str, tuple[float, float]]:
    """How often each word stands in negative and in positive texts, as if there were as many of both."""
    found: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for name in filter(allowed, SEEN_IN.get(language, OTHERS_IN)):
        texts = [(text, label) for text, label in labelled(name, language, "train") if label != 1]
        of = Counter(label for _, label in texts)
        for text, label in texts:
            weight = len(texts) / 2 / of[label]
            for word in sorted({token.text for token in tokens(text)}):
                negative, positive = found[word]
                found[word] = (negative + weight * (label == 0), positive + weight * (label == 2))
    return found


def _agrees(score: float, negative: float, positive: float) -> bool:
    if negative + positive < SEEN:
        return True
    leaning = log((positive + 2) / (negative + 2))
    return (leaning if score > 0 else -leaning) >= AGREES
