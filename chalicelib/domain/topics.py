"""What is it about? By the brand's own list of topics; and words that its mentions suggest for that list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from chalicelib.domain.brand import Topic
from chalicelib.domain.matching import hits

LEAST = 3
"""Mentions that must hold a word before it is suggested."""
WIDEST = 0.2
"""The share of the mentions above which a word is no topic: everybody uses it."""
SHORTEST = 4
_SMALL = [
    "about",
    "after",
    "again",
    "also",
    "altijd",
    "alleen",
    "always",
    "andere",
    "anders",
    "because",
    "been",
    "before",
    "beter",
    "bijna",
    "daar",
    "daarom",
    "deze",
    "door",
    "even",
    "ever",
    "every",
    "everything",
    "gewoon",
    "goed",
    "graag",
    "great",
    "haar",
    "hallo",
    "have",
    "heeft",
    "hello",
    "helemaal",
    "here",
    "hier",
    "hoeveel",
    "iedereen",
    "iemand",
    "into",
    "jaar",
    "jullie",
    "just",
    "kunnen",
    "laat",
    "later",
    "maar",
    "meer",
    "mensen",
    "might",
    "misschien",
    "moet",
    "mijn",
    "naar",
    "never",
    "niemand",
    "niet",
    "niets",
    "nooit",
    "nothing",
    "onze",
    "ooit",
    "over",
    "people",
    "please",
    "really",
    "snel",
    "some",
    "something",
    "soms",
    "someone",
    "steeds",
    "still",
    "thank",
    "thanks",
    "that",
    "their",
    "them",
    "then",
    "there",
    "they",
    "thing",
    "this",
    "today",
    "toch",
    "toen",
    "twee",
    "vandaag",
    "veel",
    "very",
    "vooral",
    "waar",
    "waarom",
    "wanneer",
    "want",
    "week",
    "weer",
    "well",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "with",
    "without",
    "worden",
    "would",
    "years",
    "your",
    "zeer",
    "zelf",
    "zijn",
    "zodat",
    "zonder",
    "zoveel",
    "bedankt",
    "dank",
    "kreeg",
    "krijg",
    "krijgen",
    "gisteren",
    "yesterday",
    "morgen",
    "tomorrow",
    "weken",
    "weeks",
    "dagen",
    "days",
    "uren",
    "hours",
    "minuten",
    "minutes",
    "komt",
    "gaat",
    "doet",
    "werd",
    "wordt",
    "omdat",
    "tegen",
    "sinds",
    "nadat",
    "from",
    "could",
    "should",
    "does",
    "doesn",
    "didn",
    "isn",
    "wasn",
    "being",
    "only",
    "other",
    "than",
    "more",
    "most",
    "much",
    "many",
    "make",
    "made",
    "good",
    "best",
    "http",
    "https",
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`word` stands in `mentions` of the texts, and says more than most of what it is about."""

    word: str
    mentions: int


def found(listed: Iterable[Topic], text: str) -> tuple[str, ...]:
    """Ids of the topics whose words the text holds, in the list's order."""
    return tuple(topic.id for topic in listed if hits(topic.words, text))


def suggested(texts: Sequence[str], known: Iterable[Topic] = (), most: int = 20) -> list[Suggestion]:
    """Words and pairs of words that many of the texts share and no known topic holds; the likeliest first.

    A pair goes before its words where it stands in more than half of the texts that hold either.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_grams(text)))
    words = tuple(word for topic in known for word in topic.words)
    wide = max(LEAST, WIDEST * len(texts))
    fit = {gram: n for gram, n in counts.items() if LEAST <= n <= wide and not hits(words, gram)}
    whole = {
        word for gram, n in fit.items() if " " in gram for word in gram.split(" ") if 2 * n > counts[word]
    }
    kept = [(gram, n) for gram, n in fit.items() if gram not in whole]
    kept.sort(key=lambda pair: (-pair[1] * log(len(pair[0])), pair[0]))
    return [Suggestion(gram, n) for gram, n in kept[:most]]


def _grams(text: str) -> Iterator[str]:
    last = ""
    for piece in text.lower().split():
        word = piece.strip(".,;:!?…()[]\"'“”‘’*-")
        telling = len(word) >= SHORTEST and word.isalpha() and word not in _SMALL
        if telling:
            yield word
            if last:
                yield f"{last} {word}"
        last = word if telling and word == piece.rstrip("\"'”’") else ""
