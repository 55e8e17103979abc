"""`make judge` makes the same tables of the same texts, refuses other texts, and says what is lacking."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from chalicelib.judge.table import Table
from training import card, sentiment, sets, sources
from training.learn import Floats, Pace, learn
from training.matrix import matrix
from training.recipes import recipe

ROOT = Path(__file__).parents[2]
SMALL = """
import sys
from hashlib import sha256
from training import recipes, sentiment
whole = recipes.recipe("nl", lambda name: name != "lexicon")
parts = [part._replace(texts=part.texts[:: int(sys.argv[1])]) for part in whole.parts]
raw, _ = sentiment.table(whole._replace(bits=12, rounds=2, parts=parts), lambda rows: None)
sys.stdout.buffer.write(raw)
"""


@pytest.fixture(autouse=True)
def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEBSPIN_JUDGE_DATA", raising=False)


def made(every: int, seed: int) -> bytes:
    """A small table of one text in so many, by a process in which sets have an order of their own."""
    return subprocess.run(
        [sys.executable, "-c", SMALL, str(every)],
        cwd=ROOT,
        env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": ":".join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        check=True,
    ).stdout


def test_the_same_texts_teach_the_same_bytes_and_others_teach_others() -> None:
    first = made(12, seed=1)
    assert Table("small", first).head["language"] == "nl"
    assert made(12, seed=2) == first
    assert made(13, seed=1) != first


def test_without_the_folder_dutch_and_english_are_taught_and_the_run_says_what_is_lacking() -> None:
    taught = {language for language in sets.LANGUAGES if recipe(language, lambda _: True).has_neutral()}
    assert taught == {"nl", "en"}
    told = "\n".join(card.lacks(sources.lacking(), clean=False))
    assert "WEBSPIN_JUDGE_DATA is not set" in told
    for source in sources.sources():
        assert (f"lacking: {source.file} " in told) is (source.use == "train")
    for row in ("everything", "the repository alone"):
        assert f"| {row} |" in told


def test_clean_teaches_no_set_of_doubtful_licence() -> None:
    doubtful = {source.name for source in sources.sources() if not source.clean}
    assert {"tweeteval_sentiment_en", "nl_political_tweets", "airline_webcare_en"} <= doubtful
    told = "\n".join(card.lacks([], clean=True))
    assert "CLEAN=1" in told
    assert "| clean sets only |" in told


def test_a_set_that_is_another_than_named_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBSPIN_JUDGE_DATA", str(tmp_path))
    source = sources.sources()[0]
    (tmp_path / source.file).write_bytes(b"text\tlabel\n")
    found = sha256(b"text\tlabel\n").hexdigest()[:16]
    with pytest.raises(sources.SourceError) as caught:
        sources.lacking()
    assert str(caught.value) == f"{source.file}: expected SHA-256 {source.checksum}, found {found}"


def test_what_is_for_evaluation_only_teaches_nothing() -> None:
    only = {source.name for source in sources.sources() if source.use != "train"}
    assert only == {"airline_webcare_en", "webcare_challenge_dev"}
    for path in (ROOT / "training").glob("*.py"):
        assert not any(name in path.read_text(encoding="utf-8") for name in only), path


def test_more_praise_never_says_less() -> None:
    even = sentiment.rising(np.array([1, 3, 2, 5, 4], np.float32))
    assert list(even) == [1, 2.5, 2.5, 4.5, 4.5]
    assert list(sentiment.rising(np.array([3, 2, 1], np.float32))) == [2, 2, 2]


def put(folder: Path, name: str, *rows: str) -> None:
    """English training rows, each a text and a label."""
    lines = ["text\tlabel\tlang\tsplit", *(f"{row}\ten\ttrain" for row in rows)]
    (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_what_is_read_as_unseen_is_taught_by_no_other_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSPIN_JUDGE_DATA", str(tmp_path))

    put(
        tmp_path,
        "tweeteval_sentiment_en",
        "@user The bus never came today!\tnegative",
        "the bus never came today http\tneutral",
    )
    put(tmp_path, "umsab_8lang", "The bus never came today\tnegative")
    put(tmp_path, "tweeteval_emotion_en", "The bus NEVER came today...\tanger", "The bus came at last\tjoy")
    put(tmp_path, "mozetic_polar_tweets", "@user Good morning\tpositive", "Good morning!\tpositive")
    taught = {part.name: [text for text, _ in part.texts] for part in recipe("en", lambda _: True).parts}
    assert taught["tweeteval_sentiment_en"] == ["@user The bus never came today!"]
    assert taught["tweeteval_emotion_en"] == ["The bus came at last"]
    assert len(taught["mozetic_polar_tweets"]) == 2, "a greeting is anybody's"
    assert "umsab_8lang" not in taught


def test_texts_about_other_things_are_learned_as_a_first_table_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSPIN_JUDGE_DATA", str(tmp_path))
    put(tmp_path, "tweeteval_sentiment_en", "The bus never came today!\tnegative")
    for name, label in (("irony", "irony"), ("hate", "hateful")):
        texts = (
            "@user the bus never came today",
            f"a splendid vollemole {name}",
            f"dreadful {name} wuthering",
        )
        put(tmp_path, f"tweeteval_{name}_en", *(f"{text}\t{label}" for text in texts))
    whole = recipe("en", lambda name: name != "lexicon")
    assert len(whole.others) == 4, "nor what is held apart to measure on"
    parts = [part._replace(texts=part.texts[::9]) for part in whole.parts if part.name == "corpus"]
    small = whole._replace(bits=12, rounds=1, parts=parts)
    alone, _ = sentiment.table(small._replace(others=()), lambda rows: None)
    beside, _ = sentiment.table(small, lambda rows: None)
    assert alone != beside
    assert sentiment.table(small, lambda rows: None)[0] == beside
    assert not recipe("en", lambda name: not name.startswith("tweeteval")).others, "CLEAN=1"


def test_half_of_a_table_beside_is_added() -> None:
    whole = recipe("en", lambda name: name == "corpus")
    parts = [part._replace(texts=part.texts[::9]) for part in whole.parts]
    small = whole._replace(bits=12, rounds=1, parts=parts)
    alone, _ = sentiment.table(small._replace(beside=None), lambda rows: None)
    beside, _ = sentiment.table(small, lambda rows: None)
    assert alone != beside
    assert sentiment.table(small, lambda rows: None)[0] == beside


def test_by_the_hinge_a_text_teaches_until_it_is_told_by_far_and_nothing_of_a_class_its_set_lacks() -> None:
    shown = matrix([{1: 1.0}, {2: 1.0}])
    labels, weights = np.array([0, 2]), np.ones(2, np.float32)
    open_to = np.array([[True, True, True], [True, False, True]])

    def logits(loss: Literal["log", "hinge"]) -> Floats:
        pace = Pace(epochs=300, decay=0.0, loss=loss)
        return learn(shown, labels, weights, open_to, 4, 1, pace, lambda rows: None).logits(shown)

    told = logits("hinge")
    assert np.allclose(told, [[1, -1, -1], [-1, 0, 1]], atol=0.05)
    assert (np.abs(logits("log")).max(1) > 1.5).all()
