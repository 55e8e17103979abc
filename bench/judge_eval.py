"""How well the judge reads, beside others: `make judge-eval`, with WEBSPIN_JUDGE_DATA naming the sets.

A line a figure: what is asked, what is measured with its 95 % interval, and what VADER, TextBlob and the
bare lexicon make of the same texts. Labels are the balanced ones unless the line says natural. Test parts
only, but for the line that says five parts.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from subprocess import run
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np

from bench import judge_intents, judge_pairs
from chalicelib.judge.embedded import Embedded, Judgement
from chalicelib.judge.features import HALF
from chalicelib.judge.lexicon import lexicon
from chalicelib.judge.tokens import is_said, tokens
from chalicelib.judge.weighing import weigh
from training.measures import Labels, accuracy, calibration_error, macro_f1, macro_recall
from training.recipes import recipe
from training.sentiment import scores
from training.sets import LABELS, LANGUAGES, folder, labelled, rows
from training.tongues import is_aside

Texts = list[tuple[str, int]]
Measure = Callable[[Labels, Labels], float]


class Line(NamedTuple):
    figure: str
    set: str
    language: str
    measure: Measure
    least: float
    aim: float


LINES = (
    Line("TweetEval, macro-recall", "tweeteval_sentiment_en", "en", macro_recall, 0.665, 0.69),
    Line("UMSAB en, macro-F1", "umsab_8lang", "en", macro_f1, 0.67, 0.67),
    Line("UMSAB de, macro-F1", "umsab_8lang", "de", macro_f1, 0.69, 0.71),
    Line("UMSAB fr, macro-F1", "umsab_8lang", "fr", macro_f1, 0.62, 0.64),
    Line("UMSAB es, macro-F1", "umsab_8lang", "es", macro_f1, 0.57, 0.59),
    Line("UMSAB it, macro-F1", "umsab_8lang", "it", macro_f1, 0.58, 0.60),
    Line("UMSAB pt, macro-F1", "umsab_8lang", "pt", macro_f1, 0.66, 0.68),
    Line("political tweets nl, macro-F1", "nl_political_tweets", "nl", macro_f1, 0.65, 0.70),
    Line("headlines nl, accuracy", "nl_economic_headlines", "nl", accuracy, 0.62, 0.66),
    Line("airline en, macro-F1, no text taught", "airline_webcare_en", "en", macro_f1, 0.67, 0.72),
    Line("challenge nl, accuracy", "webcare_challenge_dev", "nl", accuracy, 0.80, 0.90),
    Line("challenge en, accuracy", "webcare_challenge_dev", "en", accuracy, 0.80, 0.90),
)


STARTS = {
    "judge": "from chalicelib.judge.embedded import Embedded; Embedded().read('Wat een fijne dag')",
    "VADER": "import vaderSentiment.vaderSentiment as v; v.SentimentIntensityAnalyzer().polarity_scores('')",
    "TextBlob": "from textblob import TextBlob; TextBlob('a fine day').sentiment.polarity",
}


@cache
def judge() -> Embedded:
    return Embedded()


def main() -> None:
    if folder() is None:
        raise SystemExit("WEBSPIN_JUDGE_DATA is not set to the folder of labelled texts; see data/SOURCES.md")
    print(f"{'figure':38} {'n':>5} {'least':>6} {'aim':>5} {'judge':>6} {'95 %':>13} {'natural':>7} others")
    for line in LINES:
        print(_told(line), flush=True)
    print(_in_five_parts(), flush=True)
    for text in (*_pairs(), *_calibration(), *_tongues(), *judge_intents.lines(judge()), *_costs()):
        print(text, flush=True)


def _told(line: Line) -> str:
    texts = test_part(line.set, line.language)
    asked = np.array([label for _, label in texts])
    found = [judge().judge(text, line.language) for text, _ in texts]
    told = np.array([balanced(one) for one in found])
    likely = np.array([int(np.argmax(one.probabilities)) for one in found])
    low, high = interval(asked, told, line.measure)
    others = " ".join(
        f"{name} {line.measure(asked, np.array([reads(text, line.language) for text, _ in texts])):.3f}"
        for name, reads in others_for(line.language)
    )
    value = line.measure(asked, told)
    mark = "" if value >= line.least else "  BELOW"
    return (
        f"{line.figure:38} {len(texts):5} {line.least:6} {line.aim:5} {value:6.3f} {low:6.3f}-{high:.3f} "
        f"{line.measure(asked, likely):7.3f} {others}{mark}"
    )


def _in_five_parts() -> str:
    """The training part, each fifth read by a table that the others taught: more texts, and no kinder."""
    found = scores(recipe("nl", lambda name: True))["nl_political_tweets"]
    value, low, high = found.f1
    mark = "" if value >= 0.65 else "  BELOW"
    name = "political tweets nl, five parts"
    return f"{name:38} {found.texts:5} {0.65:6} {0.7:5} {value:6.3f} {low:6.3f}-{high:.3f}{mark}"


def test_part(name: str, language: str) -> Texts:
    return labelled(name, language, *([] if name == "webcare_challenge_dev" else ["test"]))


def balanced(found: Judgement) -> int:
    """As an index; a text in a language it does not judge is neutral."""
    return LABELS.index(found.balanced.value) if found.balanced.value in LABELS else 1


def interval(asked: Labels, told: Labels, measure: Measure) -> tuple[float, float]:
    """By 400 draws with replacement."""
    random = np.random.default_rng(1)
    draws = [random.integers(0, len(asked), len(asked)) for _ in range(400)]
    low, high = np.quantile([measure(asked[draw], told[draw]) for draw in draws], [0.025, 0.975])
    return float(low), float(high)


def others_for(language: str) -> Iterator[tuple[str, Callable[[str, str], int]]]:
    if language == "en":
        yield "VADER", _vader
        yield "TextBlob", _textblob
    yield "lexicon", _lexicon


def _vader(text: str, _: str) -> int:
    return _third(_analyzer().polarity_scores(text)["compound"], 0.05)


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def _textblob(text: str, _: str) -> int:
    from textblob import TextBlob

    return _third(TextBlob(text).sentiment.polarity, 0.05)


def _lexicon(text: str, language: str) -> int:
    said = [token for token in tokens(text) if is_said(token.text)]
    weight = weigh(said, lexicon(language), language)
    return _third(weight.good / (weight.good + HALF) - weight.bad / (weight.bad + HALF), 0.1)


def _third(score: float, wide: float) -> int:
    return 1 if abs(score) < wide else 2 if score > 0 else 0


def _lean(text: str, language: str) -> float:
    negative, _, positive = judge().judge(text, language).probabilities
    return positive - negative


def _pairs() -> Iterator[str]:
    flips = [
        (balanced(judge().judge(plain, language)) == 2 and balanced(judge().judge(denied, language)) == 0)
        for language, plain, denied in judge_pairs.negations()
    ]
    signs = [_lean(a, language) > 0 > _lean(b, language) for language, a, b in judge_pairs.negations()]
    sames = [
        balanced(judge().judge(a, language)) == balanced(judge().judge(b, language))
        for language, a, b in judge_pairs.sames()
    ]
    faces = [_lean(a, language) > _lean(b, language) for language, a, b in judge_pairs.faces()]
    for name, found, least in (
        ("negation turns positive into negative", flips, 0.85),
        ("negation turns the sign", signs, 0.85),
        ("names, links, numbers, typos change nothing", sames, 0.95),
        ("faces move the right way", faces, 0.95),
    ):
        share = sum(found) / len(found)
        print_mark = "" if share >= least else "  BELOW"
        yield f"{name:44} {len(found):5} asked {least} measured {share:.3f}{print_mark}"


def _calibration() -> Iterator[str]:
    for language, name, least in (
        ("en", "tweeteval_sentiment_en", 0.03),
        ("nl", "nl_political_tweets", 0.08),
        ("nl", "nl_economic_headlines", 0.08),
    ):
        texts = test_part(name, language)
        found = np.array([judge().judge(text, language).probabilities for text, _ in texts])
        value = calibration_error(found, np.array([label for _, label in texts]))
        yield f"calibration error {language} {name:30} asked {least} measured {value:.3f}"


def _tongues() -> Iterator[str]:
    tweets = [(row["text"], row["lang"]) for row in rows("umsab_8lang") if row["split"] == "test"]
    tweets += [(row["text"], "nl") for row in rows("nl_political_tweets") if row["split"] == "test"]
    short = [
        (row["text"], row["lang"])
        for row in rows("xed_subtitles")
        if is_aside(row["text"]) and 8 <= len(row["text"]) <= 40
    ]
    for name, texts, least in (("tweets", tweets, 0.985), ("8-40 characters", short, 0.96)):
        told = Counter((lang, judge().judge(text).language) for text, lang in texts)
        ours = sum(number for (lang, _), number in told.items() if lang in LANGUAGES)
        right = sum(told[lang, lang] for lang in LANGUAGES)
        yield f"language, {name:20} {ours:5} asked {least} measured {right / ours:.4f}"


def _costs() -> Iterator[str]:
    texts = [text for text, _ in test_part("tweeteval_sentiment_en", "en") if 90 <= len(text) <= 110][:500]
    for text in texts:
        judge().judge(text)
    spent = []
    for _ in range(5):
        began = process_time()
        for text in texts:
            judge().judge(text)
        spent.append((process_time() - began) / len(texts))
    yield f"time a message of 100 characters, warm: {1e6 * min(spent):.0f} us (asked 300, aim 150)"
    for name, code in STARTS.items():
        yield f"import, load and first message, {name}: {1000 * _started(code):.0f} ms"
    for name, reads in (("VADER", _vader), ("TextBlob", _textblob)):
        began = perf_counter()
        for text in texts:
            reads(text, "en")
        yield f"time a message, {name}: {1e6 * (perf_counter() - began) / len(texts):.0f} us"


def _started(code: str) -> float:
    """Seconds of a fresh process, without the interpreter's own start; the best of five."""

    def seconds(statement: str) -> float:
        best: Sequence[float] = []
        for _ in range(5):
            began = perf_counter()
            run([sys.executable, "-c", statement], check=True)
            best = [*best, perf_counter() - began]
        return min(best)

    return seconds(code) - seconds("pass")


if __name__ == "__main__":
    main()
