"""Teaches which language a text is in: `chalicelib/judge/tables/language.table`."""

from collections.abc import Callable, Iterator
from math import sqrt
from random import Random
from zlib import crc32

import numpy as np

from chalicelib.judge import features
from chalicelib.judge.language import OTHER
from chalicelib.judge.tokens import is_word, tokens
from training.learn import Pace, learn
from training.matrix import NAMED, PLACES, matrix, runs, word_number
from training.quantise import packed
from training.sets import LANGUAGES, corpus, rows
from training.tongue_words import OTHERS, OURS

CLASSES = (*LANGUAGES, OTHER)
BITS = 15
PACE = Pace(epochs=2, decay=1e-4, ground=1e-8)
MOST = 6_000
"""Texts a language and set."""
SETS = (
    "umsab_8lang",
    "xed_subtitles",
    "mozetic_polar_tweets",
    "nl_political_tweets",
    "nl_economic_headlines",
    "tweeteval_sentiment_en",
)
MADE = 1_500
"""Texts made of small words, a language."""
OURS_FIRST = 0.7
"""Added to the log odds of the seven: the texts made of other languages' words are more than life holds."""
ASIDE = 5
"""Of so many subtitles one is kept for measuring; which ones, a checksum of the text says."""

Text = tuple[str, str]


def is_aside(text: str) -> bool:
    return crc32(text.encode("utf-8", "replace")) % ASIDE == 0


def texts(allowed: Callable[[str], bool]) -> Iterator[Text]:
    """(words joined by spaces, class): whole texts, and pieces of them of one to six words."""
    random = Random(5)
    for text, name in _whole(allowed):
        words = [features.spelled(token.text) for token in tokens(text) if is_word(token.text)]
        words = [word for word in words if word[0] < "\u0250"]
        if words:
            yield " ".join(words), name
            size = random.randint(1, 6)
            at = random.randrange(max(1, len(words) - size))
            yield " ".join(words[at : at + size]), name
    for name, listed in (OURS | OTHERS).items():
        small = listed.split()
        for _ in range(MADE if name in LANGUAGES else MADE // 3):
            made = random.choices(small, k=random.randint(1, 7))
            yield " ".join(made), name if name in LANGUAGES else OTHER


def _whole(allowed: Callable[[str], bool]) -> Iterator[Text]:
    for name in filter(allowed, SETS):
        told = dict.fromkeys((*LANGUAGES, "pl", "sv", "ar", "hi"), 0)
        for row in rows(name):
            lang = row["lang"]
            aside = row["split"] == "test" or (name == "xed_subtitles" and is_aside(row["text"]))
            if not aside and told[lang] < MOST:
                told[lang] += 1
                yield row["text"], lang if lang in LANGUAGES else OTHER
    for row in corpus():
        yield row["text"], row["lang"]


def row(text: str) -> dict[int, float]:
    numbers = [number for word in text.split(" ") for number in (word_number(word), *runs(word))]
    found: dict[int, float] = {NAMED + PLACES["bias"]: 1.0}
    for number in numbers:
        found[number] = found.get(number, 0.0) + 1 / sqrt(len(numbers))
    return found


def table(allowed: Callable[[str], bool], tell: Callable[[int], None]) -> bytes:
    told = list(texts(allowed))
    shown = matrix(row(text) for text, _ in told)
    labels = np.array([CLASSES.index(name) for _, name in told])
    share = len(labels) / len(CLASSES) / np.bincount(labels, minlength=len(CLASSES))
    open_to = np.ones((len(labels), len(CLASSES)), bool)
    weights = share[labels].astype(np.float32)
    found = learn(shown, labels, weights, open_to, BITS, 1, PACE, tell)
    relative = found.weights[:, :-1] - found.weights[:, -1:]
    head = {
        "bits": BITS,
        "languages": LANGUAGES,
        "bias": [round(float(bias) + OURS_FIRST, 3) for bias in relative[(1 << BITS) + PLACES["bias"]]],
    }
    return packed(head, relative[: 1 << BITS])
