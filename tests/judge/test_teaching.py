"""What a brand's corrections teach: the same each time, measured on texts it had not seen, and taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.correction import Correction
from chalicelib.domain.delta import (
    FEWEST,
    Delta,
    Measured,
    Score,
    Taught,
    Why,
    helpful,
    why_not,
)
from chalicelib.domain.verdict import Sentiment
from chalicelib.judge.embedded import Embedded
from chalicelib.judge.teaching import delta

JUDGE = Embedded()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE
MIXED = Sentiment.MIXED
SEEN = ("Wasbeer gezien bij de {}", "De wasbeer zat weer in de {}", "Heeft iemand de wasbeer in de {} gezien")
ELSEWHERE = ("hoek", "trap", "wc", "zolder", "bus", "trein", "park")
PLACES = ("hal", "tuin", "kelder", "straat", "kast", "lift", "zaal", "garage", "keuken", "gang")

ORDINARY = [
    form.format(place)
    for place in PLACES
    for form in (
        "De lamp in de {} is aan.",
        "Heeft iemand een sleutel in de {} gezien?",
        "De fiets staat bij de {}",
        "Wie doet de {} vandaag op slot?",
    )
]
"""What nobody corrected."""


def correction(id: int, text: str, now: Sentiment, **more: object) -> Correction:
    given = {"brand": "zoo", "platform": "sandbox", "language": "nl", "was": NEUTRAL, "by": "noor"}
    at = NOON + timedelta(minutes=id)
    return Correction(**{**given, "id": str(id), "text": text, "now": now, "at": at, **more})  # type: ignore[arg-type]


def mascot() -> list[Correction]:
    """The raccoon is this brand's joy, which no other brand's judge could know."""
    texts = [form.format(place) for place in PLACES for form in SEEN]
    return [correction(id, text, POSITIVE) for id, text in enumerate(texts)]


def taught(corrections: list[Correction], until: datetime = NOON + timedelta(days=1)) -> Delta:
    return delta("zoo", corrections, JUDGE, until)


def test_what_people_say_counts_and_is_measured_on_what_was_not_taught() -> None:
    found = taught(mascot())
    measured = found.measured["nl"].whole
    assert measured.cases == 30
    assert measured.after >= 25 > measured.before
    assert found.helps
    text = "Er zit een wasbeer in de schuur"
    assert JUDGE.read(text, "nl").sentiment is not POSITIVE
    now = JUDGE.read(text, "nl", found)
    assert (now.sentiment, now.judge) == (POSITIVE, "tables-5+2026-11-24")
    praised = [text[one.start : one.end] for one in now.evidence if one.sentiment is POSITIVE]
    assert any("wasbeer" in passage for passage in praised)


def test_what_was_taught_of_one_language_leaves_the_others() -> None:
    found = taught(mascot())
    text = "There is a raccoon in the shed"
    assert JUDGE.read(text, "en", found) == JUDGE.read(text, "en")


def test_corrections_without_rhyme_or_reason_do_not_go_live() -> None:
    random = Random(3)
    words = ("boek", "balie", "kast", "deur", "lamp")
    found = taught(
        [
            correction(id, " ".join(random.choices(words, k=4)), random.choice((NEGATIVE, NEUTRAL, POSITIVE)))
            for id in range(60)
        ]
    )
    assert not found.helps


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_said_only_what_helps_on_unseen_ones_judges_along(seed: int) -> None:
    """Some of it with a reason and some without."""
    random = Random(seed)
    labels = (NEGATIVE, NEUTRAL, POSITIVE, MIXED)
    whims = [correction(200 + n, text, random.choice(labels)) for n, text in enumerate(ORDINARY)]
    known = [*mascot(), *whims[: 10 * random.randint(0, 4)]]
    others = [("nl", text) for text in random.sample(ORDINARY, 12)]
    found = delta("zoo", known, JUDGE, NOON + timedelta(days=1), others)
    helps = {language for language, each in found.measured.items() if why_not(each) is None}
    assert set(found.taught) == helps
    for language in helps:
        whole = found.measured[language].whole
        assert whole.after > whole.before


def test_the_same_corrections_in_any_order_teach_the_same() -> None:
    shuffled = mascot()
    Random(1).shuffle(shuffled)
    assert taught(shuffled) == taught(mascot())


def test_the_last_word_on_a_mention_counts_and_tomorrow_s_does_not() -> None:
    known = mascot()
    second = [correction(int(one.id), one.text, NEGATIVE, at=one.at + timedelta(hours=1)) for one in known]
    assert taught([*known, *second]) == taught(second)
    later = [correction(int(one.id), one.text, NEGATIVE, at=NOON + timedelta(days=2)) for one in known]
    assert taught([*known, *later]) == taught(known)


def test_a_handful_teaches_nothing_and_is_counted() -> None:
    found = taught(mascot()[: FEWEST - 1])
    assert (found.taught, found.helps) == ({}, False)
    (score,) = found.measured["nl"].classes.values()
    assert (score.cases, score.gained, score.lost) == (FEWEST - 1, 0, 0)
    assert why_not(found.measured["nl"]) is Why.FEW


def test_what_is_both_is_measured_and_not_learned() -> None:
    mixed = [correction(100 + id, f"Fijn boek maar wat een rij bij de {id}", MIXED) for id in range(5)]
    found, without = taught([*mascot(), *mixed]), taught(mascot())
    assert found.taught == without.taught
    assert found.measured["nl"].classes["mixed"].cases == 5
    assert found.measured["nl"].lessons == 30


def test_a_language_that_the_judge_does_not_know_is_counted_and_nothing_else() -> None:
    found = taught([correction(id, f"Zobaczyłem szopa {id}", POSITIVE, language="pl") for id in range(40)])
    assert why_not(found.measured["pl"]) is Why.FOREIGN
    assert (found.measured["pl"].whole, found.taught) == (Score(cases=40), {})


def test_the_same_words_are_never_both_learned_from_and_held_out() -> None:
    """One message shared thirty times is one lesson: nothing shows that it says more than itself."""
    words = "Wasbeer gezien bij de hal"
    found = taught([correction(id, words, POSITIVE) for id in range(30)])
    assert (found.measured["nl"].whole, found.taught) == (Score(cases=30), {})


def test_what_would_read_others_otherwise_stays_out() -> None:
    """Only wrong ones are corrected: what it would break is seen where nobody corrected."""
    others = [("nl", form.format(place)) for place in ELSEWHERE for form in SEEN]
    found = delta("zoo", mascot(), JUDGE, NOON + timedelta(days=1), others)
    assert found.measured["nl"].others == len(others)
    assert found.measured["nl"].moved > len(others) // 4
    assert why_not(found.measured["nl"]) is Why.ELSEWHERE
    assert found.taught == {}
    strangers = [("en", "The raccoon walked by")] * 20
    assert delta("zoo", mascot(), JUDGE, NOON + timedelta(days=1), strangers).helps


def test_what_nobody_corrected_teaches_what_to_leave_alone() -> None:
    """A word that both have becomes no feeling; the word that only the corrected have does."""
    alone = taught(mascot()).taught["nl"].words
    others = [("nl", text) for text in ORDINARY]
    found = delta("zoo", mascot(), JUDGE, NOON + timedelta(days=1), others)
    words = found.taught["nl"].words
    assert found.measured["nl"].moved <= len(ORDINARY) // 10
    assert words["wasbeer"][1] > alone["wasbeer"][1] > 1
    assert abs(words.get("de", (0.0, 0.0))[1]) < 0.6 * alone["de"][1]
    assert JUDGE.read("Een wasbeer op het dak", "nl", found).sentiment is POSITIVE
    assert JUDGE.read("De boeken liggen in de zaal", "nl", found).sentiment is not POSITIVE


def test_a_delta_of_another_judge_counts_for_nothing() -> None:
    other = replace(taught(mascot()), judge="tables-0")
    text = "Er zit een wasbeer in de schuur"
    assert JUDGE.read(text, "nl", other) == JUDGE.read(text, "nl")


def test_the_judge_s_name_tells_what_took_part() -> None:
    text = "Er zit een wasbeer in de schuur"
    assert JUDGE.read(text, "nl", taught(mascot())).taught_on == "2026-11-24"
    assert JUDGE.read(text, "nl").taught_on == ""


def test_a_taught_word_is_told_by_as_much_as_it_moved_the_verdict() -> None:
    moved = [0.5, 0.0]
    odds = JUDGE._feelings["nl"].pushed(
        (1.0, 1.0), Taught(words={"wasbeer": (-1.0, 2.0)}), ["de", "wasbeer"], moved
    )
    assert moved == [0.5, pytest.approx(odds[1] - odds[0])]


@pytest.mark.parametrize(
    ("gained", "lost", "helps"),
    [
        (0, 0, False),
        (4, 0, False),
        (5, 0, True),
        (5, 5, False),
        (14, 10, False),
        (20, 8, True),
        (8, 20, False),
    ],
)
def test_only_more_than_chance_helps(gained: int, lost: int, helps: bool) -> None:
    assert helpful(gained, lost) is helps


def score(cases: int, before: int, gained: int = 0, lost: int = 0) -> Score:
    return Score(cases=cases, before=before, gained=gained, lost=lost)


@pytest.mark.parametrize(
    ("classes", "others", "moved", "why"),
    [
        ({"positive": score(20, 0, gained=8)}, 0, 0, None),
        ({"positive": score(19, 0, gained=19)}, 0, 0, Why.FEW),
        ({"mixed": score(40, 0, gained=20), "positive": score(19, 0)}, 0, 0, Why.FEW),
        ({"positive": score(40, 10)}, 0, 0, Why.CHANCE),
        ({"positive": score(40, 10, gained=6, lost=4)}, 0, 0, Why.CHANCE),
        ({"positive": score(40, 0, gained=30), "negative": score(10, 10, lost=1)}, 0, 0, None),
        ({"positive": score(40, 0, gained=30), "negative": score(10, 10, lost=2)}, 0, 0, Why.CLASS),
        ({"positive": score(40, 0, gained=30), "negative": score(1, 1, lost=1)}, 0, 0, Why.CLASS),
        ({"positive": score(40, 0, gained=30)}, 100, 25, None),
        ({"positive": score(40, 0, gained=30)}, 100, 26, Why.ELSEWHERE),
    ],
)
def test_it_judges_along_only_where_it_helps(
    classes: dict[str, Score], others: int, moved: int, why: Why | None
) -> None:
    assert why_not(Measured(classes=classes, others=others, moved=moved)) is why
    assert why_not(Measured(classes=classes, known=False)) is Why.FOREIGN


@st.composite
def scores(draw: st.DrawFn) -> Score:
    before = draw(st.integers(0, 60))
    wrong = draw(st.integers(0, 60))
    return score(before + wrong, before, draw(st.integers(0, wrong)), draw(st.integers(0, before)))


@given(st.dictionaries(st.sampled_from(["negative", "neutral", "positive", "mixed"]), scores()))
def test_what_hurts_never_judges_along(classes: dict[str, Score]) -> None:
    found = Measured(classes=classes)
    if why_not(found) is None:
        assert found.whole.after > found.whole.before
        assert all(10 * each.after >= 9 * each.before for each in classes.values())
        assert found.lessons >= FEWEST
