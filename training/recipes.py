"""Which sets teach each language, and how much each of them counts."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from chalicelib.judge.lexicon import lexicon
from training.learn import Pace
from training.sets import LABELS, corpus, labelled, rows

OWN = "corpus"
STRONG = 1.4
CAREFUL = Pace(rate=0.03, ground=1e-8)
"""Where the corpus teaches: faster, "the clerk is pleasant" is blame, as most that is said of clerks."""
DENIES = {
    "nl": ("niet", "niet echt", "helemaal niet", "nooit", "vind ik niet"),
    "en": ("not", "isn't", "wasn't really", "never", "don't think it is", "didn't find it"),
}
OTHERS = (
    "tweeteval_offensive_en",
    "tweeteval_hate_en",
    "tweeteval_irony_en",
    "tweeteval_emotion_en",
)
"""Not those of complaints: they share texts with what the judge is measured on and never taught with."""
FEW = 3
_WORDS = re.compile(r"\w+")
FEELS = {"anger": 0, "sadness": 0, "joy": 2, "optimism": 2}


class Part(NamedTuple):
    """A set's texts in one language. `weight` is that of a text, each label of a set counting the same.

    `polar`: the set knows no neutral. `anchor`: it is measured on, in parts that it was not taught with.
    `ordered`: its texts stand by year and topic, and so do those parts: what comes is about something else.
    """

    name: str
    texts: list[tuple[str, int]]
    weight: float
    polar: bool = False
    anchor: bool = False
    ordered: bool = False


class Recipe(NamedTuple):
    language: str
    bits: int
    pace: Pace
    rounds: int
    """Times it is learned, in another order each: the mean of the weights is the table."""
    parts: list[Part]
    ordered: bool = False
    """Whether more praise, as the lexicon counts it, may never say less, nor more blame."""
    rounds_aside: int = 1
    """As `rounds`, of the tables that read what they were not taught with."""
    beside: Pace | None = None
    """At which another table is learned, once: half of its weights are added."""
    others: tuple[str, ...] = ()
    """Texts of sets about other things than feelings. They are learned too, as a first table reads them: so
    are the words beside those that the labelled texts taught it."""

    def has_neutral(self) -> bool:
        return any(part.texts and not part.polar for part in self.parts)


Allowed = Callable[[str], bool]


def recipe(language: str, allowed: Allowed) -> Recipe:
    parts = [part for part in _parts(language) if part.texts and allowed(part.name)]
    if language == "en":
        once, hinge = _once(parts), CAREFUL._replace(loss="hinge")
        return Recipe(
            language, 20, CAREFUL._replace(drop=0.3), 2, once, beside=hinge, others=_others(once, allowed)
        )
    if language == "nl":
        return Recipe(language, 19, CAREFUL._replace(epochs=6), 6, parts, ordered=True, rounds_aside=3)
    return Recipe(language, 18, Pace(drop=0.3 if language == "de" else 0.0), 6, parts)


def _parts(language: str) -> Iterator[Part]:
    if language == "nl":
        yield Part("nl_political_tweets", labelled("nl_political_tweets", "nl", "train"), 8.0, anchor=True)
        yield Part(
            "nl_economic_headlines", labelled("nl_economic_headlines", "nl", "train"), 1.6, anchor=True
        )
        yield Part("xed_subtitles", _polar("xed_subtitles", "nl"), 0.3, polar=True)
    elif language == "en":
        # Not UMSAB: its English tweets are these, and would be read by tables that were taught with them.
        tweets = labelled("tweeteval_sentiment_en", "en", "train", "val")
        yield Part("tweeteval_sentiment_en", tweets, 1.0, anchor=True, ordered=True)
        yield Part("mozetic_polar_tweets", _polar("mozetic_polar_tweets", "en"), 0.1, polar=True)
        yield Part("tweeteval_emotion_en", _emotions(), 0.3, polar=True)
        yield Part("tweeteval_offensive_en", _offences(), 0.2, polar=True)
    else:
        yield Part("umsab_8lang", labelled("umsab_8lang", language, "train", "val"), 1.0, anchor=True)
        yield Part("xed_subtitles", _polar("xed_subtitles", language), 0.2, polar=True)
        yield Part("mozetic_polar_tweets", _polar("mozetic_polar_tweets", language), 0.1, polar=True)
    if language in DENIES:
        yield Part("lexicon", _lessons(language), 0.1, polar=True)
    yield Part(OWN, own(language), 4.0, anchor=True)


def _others(parts: Sequence[Part], allowed: Allowed) -> tuple[str, ...]:
    """Those that no anchor and no test part holds: what is held apart is not read either."""
    known = _measured() | {_said(text) for part in parts if part.anchor for text, _ in part.texts}
    found = (row["text"] for name in OTHERS if allowed(name) for row in rows(name) if row["split"] == "train")
    return tuple(text for text in dict.fromkeys(found) if _said(text) not in known)


def _measured() -> set[tuple[str, ...]]:
    """What the English test parts say."""
    return {_said(text) for text, _ in labelled("tweeteval_sentiment_en", "en", "test")}


def _said(text: str) -> tuple[str, ...]:
    return tuple(word for word in _WORDS.findall(text.lower()) if word not in ("user", "http"))


def _once(parts: Sequence[Part]) -> list[Part]:
    """Without what was there before or is in a test part, but for marks, names and links: what is held apart
    is taught nowhere else. A few words alone may be said by anybody."""
    met = _measured()
    found = []
    for part in parts:
        texts = []
        for text, label in part.texts:
            said = _said(text)
            if len(said) <= FEW or said not in met:
                met.add(said)
                texts.append((text, label))
        found.append(part._replace(texts=texts))
    return found


def own(language: str) -> list[tuple[str, int]]:
    return [
        (row["text"], LABELS.index(row["sentiment"]))
        for row in corpus()
        if row["lang"] == language and row["sentiment"] in LABELS
    ]


def _lessons(language: str) -> list[tuple[str, int]]:
    """The lexicon's strong words, alone; and praise denied."""
    found = []
    for word, score in lexicon(language).words.items():
        if abs(score) >= STRONG:
            found.append((word, 2 if score > 0 else 0))
        if score >= STRONG:
            found += [(f"{no} {word}", 0) for no in DENIES[language]]
    return found


def _polar(name: str, language: str) -> list[tuple[str, int]]:
    return [(text, label) for text, label in labelled(name, language, "train") if label != 1]


def _emotions() -> list[tuple[str, int]]:
    found = rows("tweeteval_emotion_en")
    return [(row["text"], FEELS[row["label"]]) for row in found if row["split"] == "train"]


def _offences() -> list[tuple[str, int]]:
    found = rows("tweeteval_offensive_en")
    return [(row["text"], 0) for row in found if row["split"] == "train" and row["label"] == "offensive"]
