"""Is it the same story? On pairs that were written for it, one by one: the rule was tuned on the one half of
them, and the other was written before the rule and not looked at again."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from chalicelib.domain.copies import (
    LEAST,
    OF_HEAD,
    OF_WHOLE,
    SHARE,
    WITHIN,
    body,
    is_story,
    marks,
    same,
    share,
    site,
)
from chalicelib.domain.mention import Author, Edit, Mention, MentionKey
from tests.conftest import NOW

PAIRS = Path(__file__).parents[1] / "data" / "copies.jsonl"
SHORT = (
    "Gefeliciteerd!",
    "Van harte gefeliciteerd met jullie jubileum, wat een mooie bibliotheek!",
    "👍",
    "",
)


@dataclass(frozen=True)
class Pair:
    half: str
    kind: str
    same: bool
    one: str
    other: str


@cache
def pairs() -> tuple[Pair, ...]:
    lines = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    said = {line["text"]: line["said"] for line in lines if "text" in line}
    return tuple(
        Pair(line["half"], line["kind"], line["same"], said[line["a"]], said[line["b"]])
        for line in lines
        if "a" in line
    )


def mention(text: str, host: str = "blad.example", **more: object) -> Mention:
    plain = Mention(
        key=MentionKey("lindebieb", "feed", f"https://{host}/1"),
        source="news",
        author=Author(id=host, handle=host),
        text=text,
        posted_at=NOW,
        heard_at=NOW,
        url=f"https://{host}/1",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def found(one: str, other: str) -> bool:
    """As a stage finds it: both are stories, they share a mark, and they are the same."""
    first, second = mention(one), mention(other, "krant.example")
    met = set(marks(one)) & set(marks(other))
    return is_story(first) and is_story(second) and bool(met) and same(first, second)


@pytest.mark.parametrize("half", ["tuning", "held"])
def test_copies_are_told_from_rewrites_and_templates(half: str, capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[tuple[bool, bool]] = Counter()
    wrong = []
    for pair in (each for each in pairs() if each.half == half):
        told = found(pair.one, pair.other)
        counts[told, pair.same] += 1
        wrong += [pair.kind] if told is not pair.same else []
    hit, false, missed = counts[True, True], counts[True, False], counts[False, True]
    precision, recall = hit / (hit + false), hit / (hit + missed)
    with capsys.disabled():
        print(
            f"\n{half}: {sum(counts.values())} pairs, precision {precision:.1%}, recall {recall:.1%} {wrong}"
        )
    assert precision >= 0.95
    assert recall >= 0.9


def test_there_are_enough_pairs_of_every_kind() -> None:
    kinds = Counter((pair.half, pair.same) for pair in pairs())
    assert sum(kinds.values()) >= 80
    assert min(kinds.values()) >= 15


def test_stories_of_different_pairs_have_nothing_in_common() -> None:
    """Of the texts that were written apart, no two are ever grouped."""
    apart = [pair.one for pair in pairs() if "rewrite" in pair.kind]
    assert not any(
        found(one, other) for one, other in combinations(dict.fromkeys(apart), 2) if not _kin(one, other)
    )


def _kin(one: str, other: str) -> bool:
    return any({one, other} == {pair.one, pair.other} and pair.same for pair in pairs())


@pytest.mark.parametrize("text", SHORT)
def test_what_many_people_write_is_no_story(text: str) -> None:
    assert not is_story(mention(text))
    assert not is_story(mention(" ".join([text] * 2)))


def test_a_story_is_an_item_of_a_site_that_is_news() -> None:
    long = pairs()[0].one
    assert is_story(mention(long))
    for less in (
        {"url": ""},
        {"direct": True},
        {"history": True},
        {"reply_to": "1"},
        {"posted_at": NOW - WITHIN - timedelta(minutes=1)},
        {"edit": Edit(1, NOW, gone=True)},
    ):
        assert not is_story(mention(long, **less))


def test_copies_are_of_other_sites_and_of_days() -> None:
    text = pairs()[0].one
    first = mention(text)
    assert same(first, mention(text, "krant.example"))
    assert not same(first, mention(text, "www.blad.example"))
    assert not same(first, mention(text, "krant.example", posted_at=NOW + WITHIN + timedelta(minutes=1)))
    assert site(mention(text, "amp.blad.example")) == site(mention(text, "m.blad.example")) == "blad.example"
    assert site(mention(text, url="http://[broken")) == ""


WORDS = st.lists(st.from_regex(r"[a-zé]{2,9}", fullmatch=True), min_size=LEAST, max_size=200)


@given(WORDS, st.integers(LEAST, 200))
@settings(max_examples=200)
def test_a_beginning_of_a_text_is_a_copy_of_it(words: list[str], length: int) -> None:
    text, cut = " ".join(words), " ".join(words[:length])
    assert share(text, cut) == share(cut, text) == 1.0
    assert share(text, text.upper()) == 1.0
    assert len(marks(text)) <= OF_HEAD + OF_WHOLE
    assert marks(text) == tuple(sorted(marks(text)))
    if length >= 40:
        assert set(marks(cut)) & set(marks(text))


INTRO = (
    "In onze eigen stad merken inwoners er volgens de gemeente voorlopig weinig van, maar winkeliers aan de "
    "markt houden hun hart vast en hebben zondagavond nog overlegd over wat zij maandagochtend hun klanten "
    "kunnen vertellen als die met vragen komen over het nieuws van vandaag."
)


def test_a_copy_with_another_beginning_is_found() -> None:
    """The local paper's own introduction before the wire's story, or in the place of its first words."""
    story = [line.one.partition("\n")[2] for line in pairs()[:3]]
    said = " ".join(story)
    assert found(f"Kop\n{said}", f"Andere kop\n{INTRO} {said}")
    assert found(f"Kop\n{said}", f"Andere kop\n{INTRO} {' '.join(said.split()[40:])}")


def test_a_copy_with_words_changed_is_found() -> None:
    """Wherever they are changed, as long as four fifths stand: in 99 of 100."""
    draw = Random(7)
    told: Counter[bool] = Counter()
    texts = [pair.one for pair in pairs() if len(body(pair.one)) >= 60]
    for _ in range(1_000):
        text = draw.choice(texts)
        title, _, rest = text.partition("\n")
        words = rest.split()
        for at in draw.sample(range(len(words)), draw.randint(1, 5)):
            words[at] = f"anders{at}"
        other = f"{title}\n{' '.join(words)}"
        if share(text, other) >= SHARE:
            told[found(text, other)] += 1
    assert told.total() > 300
    assert told[False] <= told.total() / 100


@given(st.text(max_size=400), st.text(max_size=400))
@settings(max_examples=200)
def test_any_text_has_a_share_and_marks(one: str, other: str) -> None:
    assert 0.0 <= share(one, other) == share(other, one) <= 1.0
    assert len(marks(one)) <= OF_HEAD + OF_WHOLE
    assert body(one) == body(one)


def test_a_long_text_is_read_in_one_go() -> None:
    """Neither a credit nor what leads on is looked for more than once in each place."""
    heavy = ["lees verder " * 1_600, "(" * 20_000, "by " * 6_000, "… " * 10_000, "the post " * 2_200]
    for text in (*heavy, " " * 20_000 + "x"):
        assert share(text, text) in (0.0, 1.0)
