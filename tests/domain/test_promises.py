"""What is found of promises in answers, by when each is due, and how often that is right."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.promises import MOST, find
from chalicelib.domain.when import FAR, Calendar, read

EXAMPLES = Path(__file__).parents[1] / "data" / "promises.tsv"
ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 12, 2, 14, 10, tzinfo=ZONE)
"""A Wednesday; the examples are labelled as if sent then."""
HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
CALENDAR = Calendar(HOURS, "Europe/Amsterdam", {date(2026, 12, 4), date(2026, 12, 25), date(2026, 12, 26)})
"""Closed on that Friday, and at Christmas."""
GUESS = "?"


@dataclass(frozen=True)
class Example:
    part: str
    language: str
    promised: dict[str, str]
    """Due by passage, `GUESS` where it says no moment."""
    text: str


def examples() -> list[Example]:
    """By those of the part `tune` the rules were mended; `held` was written before them, and never looked
    at."""
    rows = [line.split("\t") for line in EXAMPLES.read_text("utf-8").splitlines()[1:]]
    return [Example(part, language, _promised(said), text) for part, language, said, text in rows]


def _promised(said: str) -> dict[str, str]:
    found = [each.partition(" ") for each in said.split(" | ")] if said != "-" else []
    return {passage: due for due, _, passage in found}


def found(text: str, now: datetime = NOW) -> dict[str, str]:
    return {
        each.passage: f"{each.due.astimezone(ZONE):%Y-%m-%dT%H:%M}" if each.dated else GUESS
        for each in find(text, now, CALENDAR)
    }


def test_each_example_says_what_is_promised_in_it() -> None:
    for each in examples():
        assert all(passage in each.text for passage in each.promised), each.text


@pytest.mark.parametrize(
    ("part", "precision", "recall", "right"),
    [("tune", 0.98, 0.98, 0.98), ("held", 0.88, 0.80, 0.92), ("several", 0.90, 0.90, 0.90)],
)
def test_how_often_promises_are_found_on_written_examples(
    part: str, precision: float, recall: float, right: float, capsys: pytest.CaptureFixture[str]
) -> None:
    these = [each for each in examples() if each.part == part]
    told: Counter[str] = Counter()
    for each in these:
        got = found(each.text)
        both = got.keys() & each.promised.keys()
        told["right"] += len(both)
        told["wrong"] += len(got.keys() - both)
        told["missed"] += len(each.promised.keys() - both)
        told["due"] += sum(got[passage] == each.promised[passage] for passage in both)

    share = {
        "precision": told["right"] / (told["right"] + told["wrong"]),
        "recall": told["right"] / (told["right"] + told["missed"]),
        "due right": told["due"] / told["right"],
    }
    with capsys.disabled():
        said = ", ".join(f"{name} {value:.2f}" for name, value in share.items())
        print(f"\npromises, {part}, {len(these)} answers: {said}")
    assert {each.language for each in these} == {"nl", "en"}
    assert any(not each.promised for each in these)
    assert share["precision"] >= precision
    assert share["recall"] >= recall
    assert share["due right"] >= right


def test_there_are_examples_enough() -> None:
    assert len(examples()) >= 150


@pytest.mark.parametrize(
    ("promised", "none"),
    [
        ("We bellen u morgen terug.", "Als u dat wilt bellen we u morgen terug."),
        ("We will ring you today.", "They will ring you today."),
        ("We bellen u maandag.", "We zijn maandag open."),
        ("I'll send it tomorrow.", "I sent it yesterday."),
        ("Zodra ik meer weet, laat ik het je weten.", "Zodra u het formulier stuurt, laten we het u weten."),
        ("Wij sturen u vandaag een mail.", "Wij sturen u elke maand een mail."),
    ],
)
def test_a_promise_is_ours_still_to_come_and_hangs_on_nothing(promised: str, none: str) -> None:
    assert list(found(promised)) == [promised]
    assert found(none) == {}


def test_one_sentence_promises_as_often_as_it_names_a_moment_for_what_it_promises() -> None:
    assert found("Morgen bellen we u en dinsdag sturen we het formulier.") == {
        "Morgen bellen we u": "2026-12-03T17:00",
        "dinsdag sturen we het formulier.": "2026-12-08T17:00",
    }
    for one in (
        "We zoeken het uit en bellen u morgen.",  # one moment for both
        "We bellen u morgen, en we zijn maandag weer open.",  # the other is no promise
        "We bellen u tussen maandag en woensdag.",
        "We'll call you tomorrow and call us on Monday.",
    ):
        assert list(found(one)) == [one]


@pytest.mark.parametrize(
    ("first", "then", "due"),
    [
        ("Volgende week dinsdag bellen we u", "donderdag sturen we het contract.", "2026-12-10T17:00"),
        ("Dinsdag bellen we u", "donderdag sturen we het contract.", "2026-12-03T17:00"),
        ("Maandag bellen we u", "om 16 uur mailen we u.", "2026-12-07T16:00"),
        ("Maandag bellen we u", "morgen om 16 uur mailen we u.", "2026-12-03T16:00"),
        ("Maandag bellen we u", "'s avonds mailen we u.", "2026-12-07T22:00"),
        ("We'll call you on Tuesday", "email you in the afternoon.", "2026-12-08T18:00"),
        ("Maandag bellen we u", "binnen een uur mailen we u.", "2026-12-02T15:10"),
    ],
)
def test_the_second_of_two_is_of_the_day_or_the_week_of_the_first_unless_it_says_another(
    first: str, then: str, due: str
) -> None:
    joint = "and" if first.startswith("We'll") else "en"
    assert found(f"{first} {joint} {then}") == {
        first: found(first + ".")[first + "."],
        then: due,
    }


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("vandaag", "2026-12-02T17:00"),
        ("morgen", "2026-12-03T17:00"),
        ("overmorgen", "2026-12-04T23:59"),
        ("morgenochtend", "2026-12-03T12:00"),
        ("maandag voor 10 uur", "2026-12-07T10:00"),
        ("maandag om half tien", "2026-12-07T17:00"),
        ("woensdag", "2026-12-09T17:00"),
        ("binnen twee werkdagen", "2026-12-07T17:00"),
        ("binnen 5 tot 7 werkdagen", "2026-12-14T17:00"),
        ("binnen een week", "2026-12-09T17:00"),
        ("volgende week dinsdag", "2026-12-08T17:00"),
        ("eind van de maand", "2026-12-31T17:00"),
        ("3 januari", "2027-01-03T23:59"),
        ("01/02/2027", "2027-02-01T17:00"),
        ("om 10 uur", "2026-12-03T10:00"),
        ("for Tuesday at 3 pm", "2026-12-08T15:00"),
        ("by 5", "2026-12-02T17:00"),
        ("between 2 and 4pm tomorrow", "2026-12-03T16:00"),
        ("in half an hour", "2026-12-02T14:40"),
        ("next week", "2026-12-11T17:00"),
        ("within 24 hours", "2026-12-03T14:10"),
        ("31 februari", None),
        ("ooit", None),
        ("in 3 jaar", None),
    ],
)
def test_when_is_read_on_the_wall_clock_of_the_department(said: str, due: str | None) -> None:
    at = read(said, NOW, CALENDAR)
    assert (at and f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}") == due


def test_after_hours_today_is_until_midnight() -> None:
    late = NOW.replace(hour=18)
    assert found("Ik kijk er vandaag nog naar.", late) == {"Ik kijk er vandaag nog naar.": "2026-12-02T23:59"}


def test_who_is_always_there_has_no_closing_time() -> None:
    always = Calendar({}, "Europe/Amsterdam")
    due = read("binnen twee werkdagen", NOW, always)
    assert due == datetime(2026, 12, 4, 23, 59, tzinfo=ZONE)


def test_what_names_no_moment_is_due_after_two_working_days_and_says_so() -> None:
    (only,) = find("We komen erop terug.", NOW, CALENDAR)
    assert (only.dated, only.due) == (False, datetime(2026, 12, 7, 17, tzinfo=ZONE))


def test_the_same_words_twice_are_one_promise_and_there_is_an_end_to_them() -> None:
    assert len(find("We bellen u morgen. We bellen u morgen.", NOW, CALENDAR)) == 1
    many = " ".join(f"We sturen u morgen brief {n} terug." for n in range(30))
    assert len(find(many, NOW, CALENDAR)) == MOST


MOMENTS = st.integers(1_577_836_800, 2_208_988_800).map(lambda s: datetime.fromtimestamp(s, UTC))
WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "we bellen u morgen binnen 2 3 99 999 tot werkdagen uur maandag voor 10:00 31 februari december "
        "next week by 5pm the end of month I'll call you over 40 weken , . van en",
    )
)


@given(
    st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join)),
    MOMENTS,
)
def test_whatever_is_written_a_promise_stands_in_it_and_lies_ahead(text: str, at: datetime) -> None:
    for each in find(text, at, CALENDAR):
        assert each.passage in text
        assert at < each.due <= at + FAR + timedelta(days=10)
