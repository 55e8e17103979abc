"""What the console says, in both languages: whole, current, and written as people write."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.brand import ClosedDays, Department
from chalicelib.domain.source import Source, SourceState
from chalicelib.domain.verdict import INTENTS, Evidence, Sentiment
from chalicelib.judge.lexicon import LANGUAGES
from chalicelib.platforms.sandbox import MOODS
from chalicelib.web import clockface, i18n, listening
from chalicelib.web.i18n import Words, choose
from chalicelib.web.pages import sandbox
from chalicelib.web.reading import Piece, pieces
from tests.web import catalogue
from tests.web.world import BRAND, NOW, World

ZONE = "Europe/Amsterdam"


def test_every_sentence_is_translated_and_none_is_left_over() -> None:
    said, kept = catalogue.said(), catalogue.kept("nl")
    ids = {message.id for message in said if message.id}
    assert ids == {message.id for message in kept if message.id}
    for message in kept:
        strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        assert all(strings), message.id
        assert not message.fuzzy, message.id
    assert not list(kept.obsolete)


def test_translations_fill_in_what_the_sentence_gives() -> None:
    for message in catalogue.kept("nl"):
        if message.id:
            assert not [str(error) for error in message.check()], message.id


def test_the_compiled_catalogue_is_current() -> None:
    mo = catalogue.po("nl").with_suffix(".mo").read_bytes()
    assert mo == catalogue.compiled(catalogue.kept("nl")), "run: python -m tests.web.catalogue"


@pytest.mark.parametrize(
    ("kept", "accepted", "spoken", "language"),
    [
        ("en", "nl", ("nl",), "en"),
        ("", "nl-BE,nl;q=0.9,en;q=0.8", (), "nl"),
        ("", "de,en;q=0.8", ("nl",), "en"),
        ("", "de", ("nl", "en"), "nl"),
        ("xx", "", (), "en"),
        ("", ",;;q=,\x00", (), "en"),
    ],
)
def test_the_language_is_the_readers(
    kept: str, accepted: str, spoken: tuple[str, ...], language: str
) -> None:
    assert choose(kept, accepted, spoken) == language


@pytest.mark.parametrize(
    ("moment", "nl", "en"),
    [
        ("2026-11-23T08:40", "09:40", "09:40"),
        ("2026-11-22T23:30", "00:30", "00:30"),
        ("2026-11-22T22:30", "gisteren 23:30", "yesterday 23:30"),
        ("2026-11-24T09:20", "morgen 10:20", "tomorrow 10:20"),
        ("2026-11-27T10:00", "vr 27 nov 11:00", "Fri 27 Nov 11:00"),
        ("2026-11-17T10:00", "di 17 nov 11:00", "Tue 17 Nov 11:00"),
        ("2026-11-29T08:12", "zo 29 nov 09:12", "Sun 29 Nov 09:12"),
        ("2026-11-16T10:00", "ma 16 nov 11:00", "Mon 16 Nov 11:00"),
        ("2025-03-31T10:00", "ma 31 mrt 2025 12:00", "Mon 31 Mar 2025 12:00"),
    ],
)
def test_a_moment_is_as_short_as_is_clear(moment: str, nl: str, en: str) -> None:
    at = datetime.fromisoformat(f"{moment}+00:00")
    assert Words("nl", ZONE, NOW).moment(at) == nl
    assert Words("en", ZONE, NOW).moment(at) == en


@pytest.mark.parametrize(
    ("moment", "nl", "en"),
    [
        ("2026-11-23T08:40", "om 09:40", "at 09:40"),
        ("2026-11-22T22:30", "gisteren om 23:30", "yesterday at 23:30"),
        ("2026-11-24T09:20", "morgen om 10:20", "tomorrow at 10:20"),
        ("2026-11-29T08:12", "op zo 29 nov om 09:12", "on Sun 29 Nov at 09:12"),
    ],
)
def test_a_sentence_goes_on_with_a_moment(moment: str, nl: str, en: str) -> None:
    at = datetime.fromisoformat(f"{moment}+00:00")
    assert Words("nl", ZONE, NOW).at(at) == nl
    assert Words("en", ZONE, NOW).at(at) == en


@pytest.mark.parametrize(
    ("minutes", "nl", "en"),
    [
        (-5, "0 min", "0 min"),
        (28, "28 min", "28 min"),
        (123, "2 u 03", "2 h 03"),
        (1440, "1 dag", "1 day"),
        (3000, "2 dagen", "2 days"),
    ],
)
def test_spans_of_time(minutes: int, nl: str, en: str) -> None:
    length = timedelta(minutes=minutes)
    assert Words("nl", ZONE, NOW).span(length).replace("\u00a0", " ") == nl
    assert Words("en", ZONE, NOW).span(length).replace("\u00a0", " ") == en


def test_whatever_the_judge_names_has_a_word() -> None:
    assert set(i18n.INTENTS) == set(INTENTS)
    assert set(i18n.SPOKEN) == set(LANGUAGES)


def test_numbers_and_days_are_written_as_the_reader_writes_them() -> None:
    nl, en = Words("nl", ZONE, NOW), Words("en", ZONE, NOW)
    assert (nl.number(48300), en.number(48300)) == ("48.300", "48,300")
    assert (nl.count(5), en.count(5), nl.count(13)) == ("Vijf", "Five", "13")
    assert nl.day_title(date(2026, 11, 23)) == "Maandag 23 november"
    assert en.day(date(2026, 11, 23)) == "Mon 23 November"


TEXT = "Er staat niets, maar goud waard"
NEG, POS = Evidence(3, 14, Sentiment.NEGATIVE), Evidence(21, 31, Sentiment.POSITIVE)


@pytest.mark.parametrize(
    ("evidence", "limit", "marked"),
    [
        ((), 0, []),
        ((POS, NEG), 0, ["staat niets", "goud waard"]),
        ((NEG, Evidence(5, 20, Sentiment.POSITIVE)), 0, ["staat niets"]),
        ((Evidence(-3, 4, Sentiment.NEGATIVE), Evidence(9, 9, Sentiment.POSITIVE)), 0, []),
        ((Evidence(20, 999, Sentiment.POSITIVE),), 0, []),
        ((Evidence(3, 8, Sentiment.NEUTRAL),), 0, []),
        ((NEG, POS), 20, ["staat niets"]),
    ],
)
def test_evidence_is_marked_in_the_text_and_changes_none_of_it(
    evidence: tuple[Evidence, ...], limit: int, marked: list[str]
) -> None:
    found = pieces(TEXT, evidence, limit)
    assert [piece.text for piece in found if piece.mood] == marked
    whole = "".join(piece.text for piece in found)
    assert whole == (TEXT if not limit else "Er staat niets,…")
    assert pieces("") == []
    assert pieces("kort", (), 20) == [Piece("kort")]


@pytest.mark.parametrize(
    ("due", "text", "until", "tone"),
    [
        ("23T08:40", "nog 28 min", "tot 09:40", "soon"),
        ("23T10:15", "nog 2 u 03", "tot 11:15", "ample"),
        ("23T08:00", "12 min te laat", "moest 09:00", "late"),
        ("20T08:00", "Te laat", "moest vr 20 nov 09:00", "late"),
        ("24T08:20", "morgen 09:20", "", "later"),
    ],
)
def test_the_clock_says_how_long_is_left(world: World, due: str, text: str, until: str, tone: str) -> None:
    mention = world.heard("c", "x", Sentiment.NEUTRAL)
    case = world.case(mention, "x", datetime.fromisoformat(f"2026-11-{due}:00+00:00"))
    face = clockface.face(case, Words("nl", ZONE, NOW))
    assert (face.text.replace("\u00a0", " "), face.until, face.tone) == (text, until, tone)


def test_the_strip_draws_the_sum_that_gave_the_due_time(world: World) -> None:
    case = next(iter(world.cases.kept.values()))
    strip = clockface.strip(case, BRAND, Words("nl", ZONE, NOW))
    assert [segment.open for segment in strip.segments] == [True, False, True]
    assert sum(segment.width for segment in strip.segments) == pytest.approx(98.8, abs=0.2)
    assert strip.promise == "Beloofd: 1 werkuur"
    assert strip.sentence.startswith("Ontvangen zo 16:40, 20 minuten tot sluiting")
    english = clockface.strip(case, BRAND, Words("en", ZONE, NOW))
    assert english.sentence.startswith("Received Sun 16:40, 20 minutes to closing")
    at_once = clockface.strip(replace(case, due=NOW, reckoning=()), BRAND, Words("en", ZONE, NOW))
    assert at_once == clockface.Strip(segments=(), sentence="Received Mon 09:12: Mon 09:12.", promise="")


def test_open_until_is_said_only_while_open() -> None:
    department = Department(id="a", name="A", hours={"mon": ("09:00-12:00", "13:00-17:30")})
    brand = replace(BRAND, departments=(department,))
    words = Words("nl", ZONE, NOW)
    closes = clockface.closing(brand, words)
    assert closes
    assert words.time(closes) == "12:00"
    evening = Words("nl", ZONE, datetime(2026, 11, 23, 18, tzinfo=UTC))
    assert clockface.closing(brand, evening) is None
    shut = replace(brand, closed=ClosedDays(days=("2026-11-23 Studiedag",)))
    assert clockface.closing(shut, words) is None
    always = replace(shut, departments=(replace(department, always=True),))
    assert clockface.closing(always, words) == closes


SECOND = timedelta(seconds=1)
HOURS = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("interval", "state", "expected"),
    [
        (5, SourceState(), "silent"),
        (0, SourceState(), "silent"),
        (5, SourceState(last_success=NOW - timedelta(minutes=29), last_heard=NOW - DAY), "well"),
        (5, SourceState(last_success=NOW - timedelta(minutes=31), last_heard=NOW - DAY), "silent"),
        (5, SourceState(last_success=NOW - HOURS, last_heard=NOW - DAY, wait_until=NOW), "well"),
        (0, SourceState(last_success=NOW - 40 * DAY, last_heard=NOW - 40 * DAY), "well"),
        (0, SourceState(last_success=NOW - 43 * DAY, last_heard=NOW - 43 * DAY), "silent"),
        (5, SourceState(last_success=NOW, failures=1, failing_since=NOW, reason="r"), "failing"),
    ],
)
def test_silence_of_an_adapter_is_never_taken_for_silence(
    interval: int, state: SourceState, expected: str
) -> None:
    source = Source(
        brand="b",
        id="s",
        platform="feed",
        name="S",
        interval=interval,
        connected_at=NOW - timedelta(days=50),
    )
    (ear,) = listening.ears([(source, state)], BRAND, Words("en", ZONE, NOW))
    assert ear.state == expected
    assert ear.said != "As usual", "nothing came yet to know that by"
    fresh = replace(source, connected_at=NOW)
    (ear,) = listening.ears([(fresh, SourceState())], BRAND, Words("en", ZONE, NOW))
    assert (ear.state, ear.trouble, ear.deaf) == ("waiting", False, True)


def test_the_sandbox_page_names_every_mood() -> None:
    assert set(sandbox.MOODS) == set(MOODS)
