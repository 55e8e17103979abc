"""What a brand's corrections teach: the same each time, measured on texts it had not seen, and taken back."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from chalicelib.domain.correction import Correction
from chalicelib.domain.delta import FEWEST, Delta, helpful
from chalicelib.domain.verdict import Sentiment
from chalicelib.judge.embedded import Embedded
from chalicelib.judge.teaching import delta

JUDGE = Embedded()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE
SEEN = ("Wasbeer gezien bij de {}", "De wasbeer zat weer in de {}", "Heeft iemand de wasbeer in de {} gezien")
PLACES = ("hal", "tuin", "kelder", "straat", "kast", "lift", "zaal", "garage", "keuken", "gang")


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
    measured = found.measured["nl"]
    assert measured.cases == 30
    assert measured.after >= 25 > measured.before
    assert found.helps
    text = "Er zit een wasbeer in de schuur"
    assert JUDGE.read(text, "nl").sentiment is not POSITIVE
    now = JUDGE.read(text, "nl", found)
    assert (now.sentiment, now.judge) == (POSITIVE, "tables-2+2026-11-24")
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


def test_a_handful_teaches_nothing() -> None:
    found = taught(mascot()[: FEWEST - 1])
    assert (found.taught, found.measured, found.helps) == ({}, {}, False)


def test_a_delta_of_another_judge_counts_for_nothing() -> None:
    found = taught(mascot())
    other = Delta(brand="zoo", judge="tables-0", made_at=NOON, taught=found.taught, measured=found.measured)
    text = "Er zit een wasbeer in de schuur"
    assert JUDGE.read(text, "nl", other) == JUDGE.read(text, "nl")


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
