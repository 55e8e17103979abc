"""What a brand's people said counts from the next morning on, if it helps; and is taken back as easily."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

import app
from chalicelib import stores, wiring
from chalicelib.aws.table import deltas, keys
from chalicelib.aws.table.docs import to_text
from chalicelib.aws.table.store import Store
from chalicelib.domain.audit import AuditLine, line
from chalicelib.domain.brand import Lessons
from chalicelib.domain.correction import Correction
from chalicelib.domain.delta import Delta, Taught, Why, why_not
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import BadInput, Conflict, Incomplete
from chalicelib.judge.embedded import Embedded
from chalicelib.stages import correct, relate, teach
from tests.harness.crash import Points, every_crash
from tests.harness.meter import Meter
from tests.harness.poller import Context
from tests.harness.world import TABLE_NAME, World
from tests.judge.test_teaching import ELSEWHERE, PLACES, SEEN
from tests.stages.november import BRAND, at, heard, library
from tests.stages.town import TICK

POSITIVE, NEGATIVE = Sentiment.POSITIVE, Sentiment.NEGATIVE
YESTERDAY = at("2026-11-22 10:00")
MORNING = at("2026-11-23 06:30")
"""07:30 on a Monday."""
FIRST = "tables-5+2026-11-23"
SECOND = "tables-5+2026-11-24"
MASCOT = [form.format(place) for place in PLACES for form in SEEN]


def run(now: datetime, left: int = 120_000, **other: Any) -> dict[str, int]:
    """As an hour later: the brand is read anew."""
    wiring.brands.cache_clear()
    return run_on(now, left, **other)


def run_on(now: datetime, left: int = 120_000, **other: Any) -> dict[str, int]:
    """The brand as it is remembered."""
    ports: dict[str, Any] = {
        "brands": wiring.brands(),
        "corrections": wiring.corrections(),
        "mentions": wiring.mentions(),
        "deltas": wiring.deltas(),
        "learn": wiring.learn,
        "version": wiring.judge_version,
        "pulse": wiring.pulse(),
    }
    return teach.run(**{**ports, **other}, remaining_ms=lambda: left, now=now)


def say(mention: Mention, label: Sentiment, when: datetime) -> None:
    """A person says what it is."""
    key = mention.key
    correct.correct(
        key,
        label,
        "Noor",
        "u-1",
        line=line(key.brand, when, f"{key.id}.{when:%H%M}", "verdict.correct", of=str(key)),
        brand=wiring.brands().get(key.brand),
        mentions=wiring.mentions(),
        corrections=wiring.corrections(),
        cases=wiring.cases(),
        now=when,
    )


def said(*corrections: Correction) -> None:
    """Laid in the table as the console would have, without the rest of its work."""
    store = Store(stores.client("dynamodb"), TABLE_NAME)
    for one in corrections:
        key = keys.listed_correction(MentionKey(one.brand, one.platform, one.id), one.at)
        store.put({**key, "v": 1, "brand": one.brand, "correction": to_text(one)})
        store.put(deltas.said(one.brand, one.at))


def one(id: str, text: str, label: Sentiment, when: datetime, brand: str = BRAND) -> Correction:
    was = Sentiment.NEUTRAL
    return Correction(
        brand=brand,
        platform="sandbox",
        id=id,
        text=text,
        language="nl",
        was=was,
        now=label,
        by="u-1",
        at=when,
    )


def mascot(when: datetime = YESTERDAY, brand: str = BRAND) -> None:
    """Thirty messages of the raccoon, each of which somebody said the feeling of."""
    said(
        *(one(f"m-{n}", text, POSITIVE, when + timedelta(seconds=n), brand) for n, text in enumerate(MASCOT))
    )


def deed(what: str, when: datetime = MORNING) -> AuditLine:
    return line(BRAND, when, f"r1.{what}", what, by="Mia", by_id="u-2")


def lessons() -> Lessons:
    return wiring.deltas().lessons(BRAND)


def logged() -> list[tuple[str, str, str]]:
    lines, _ = wiring.audit().month(BRAND, "2026-11", limit=1000)
    return [(each.what, each.by, each.of) for each in reversed(lines) if each.what.startswith("delta.")]


@pytest.fixture
def library_(aws: World) -> World:
    wiring.brands().put(library())
    return aws


def test_corrections_judge_along_from_the_next_morning_on(library_: World) -> None:
    mascot()
    assert run(YESTERDAY + timedelta(hours=10)) == {"taught": 0, "failed": 0}, "the same day"
    assert run(at("2026-11-23 05:59")) == {"taught": 0, "failed": 0}, "before seven"
    assert run(MORNING) == {"taught": 1, "failed": 0}
    found = lessons()
    assert (found.live, found.rev, found.judge) == (FIRST, 1, "tables-5")
    assert found.until == at("2026-11-22 23:00")
    assert logged() == [("delta.live", "", FIRST)]
    wiring.brands().latest(BRAND)
    delta = wiring.taught(wiring.brands().get(BRAND))
    assert delta is not None
    assert delta.measured["nl"].whole.cases == 30
    assert wiring.judge().read("Een wasbeer op het dak", "nl", delta).judge == FIRST


def test_what_was_corrected_this_morning_is_no_message_that_nobody_corrected(library_: World) -> None:
    mascot()
    for n in range(3):
        heard(f"now-{n}", MORNING - timedelta(minutes=9))
    said(one("now-1", "Vanmorgen", NEGATIVE, MORNING - timedelta(minutes=5)))
    run(MORNING)
    (delta,) = wiring.deltas().newest(BRAND, 9)
    assert (delta.measured["nl"].others, delta.measured["nl"].whole.cases) == (2, 30)


def test_every_hour_of_the_day_it_is_made_once(library_: World) -> None:
    mascot()
    assert sum(run(at("2026-11-22 23:00") + timedelta(hours=n))["taught"] for n in range(48)) == 1
    assert [each.version for each in wiring.deltas().newest(BRAND, 9)] == [FIRST]


def test_without_anything_new_nothing_is_asked(library_: World) -> None:
    wiring.brands().all()
    with Meter() as meter:
        run_on(MORNING)
    assert not meter.calls, "nobody corrected anything"
    mascot()
    run(MORNING)
    wiring.brands().latest(BRAND)
    with Meter() as meter:
        run_on(MORNING + timedelta(days=1))
    assert not meter.calls, "nor since"


def test_a_mention_is_judged_without_asking_for_what_was_never_taught(library_: World) -> None:
    brand = wiring.brands().get(BRAND)
    with Meter() as meter:
        assert wiring.taught(brand) is None
    assert not meter.calls
    mascot()
    run(MORNING)
    brand, _ = wiring.brands().latest(BRAND)
    with Meter() as meter:
        found = [wiring.taught(brand) for _ in range(5)]
    assert found[0] is not None
    assert sum(meter.calls.values()) <= 1, "remembered as long as it lives"


def test_a_morning_s_correction_counts_the_day_after(library_: World) -> None:
    """Also the very first one, and one between midnight and seven."""
    mascot(at("2026-11-22 23:30"))
    assert run(MORNING) == {"taught": 0, "failed": 0}
    assert lessons().rev == 0
    assert run(MORNING + timedelta(days=1)) == {"taught": 1, "failed": 0}
    assert lessons().live == SECOND


def test_a_correction_in_the_night_hides_none_of_the_day_before(library_: World) -> None:
    mascot()
    say(heard("late", at("2026-11-22 23:30")), NEGATIVE, at("2026-11-22 23:30"))
    assert run(MORNING)["taught"] == 1
    assert run(MORNING + timedelta(days=1))["taught"] == 1


def test_what_does_not_help_leaves_the_judge_alone_and_says_why(library_: World) -> None:
    said(*(one(f"n-{n}", f"Bericht {n} van de balie", Sentiment.NEUTRAL, YESTERDAY) for n in range(30)))
    assert run(MORNING) == {"taught": 1, "failed": 0}
    assert (lessons().live, logged()) == ("", [])
    (delta,) = wiring.deltas().newest(BRAND, 9)
    assert why_not(delta.measured["nl"]) is Why.CHANCE


def test_what_stopped_helping_judges_no_longer(library_: World) -> None:
    mascot()
    run(MORNING)
    random, later = Random(3), MORNING + timedelta(hours=1)
    labels = random.choices((POSITIVE, NEGATIVE, Sentiment.NEUTRAL), k=len(MASCOT))
    said(*(one(f"m-{n}", text, labels[n], later) for n, text in enumerate(MASCOT)))
    assert run(MORNING + timedelta(days=1))["taught"] == 1
    assert lessons().live == ""
    assert logged() == [("delta.live", "", FIRST), ("delta.back", "", FIRST)]


def test_what_it_would_break_elsewhere_keeps_it_out(library_: World) -> None:
    mascot()
    others = [form.format(place) for place in ELSEWHERE for form in SEEN]
    for n, text in enumerate(others):
        heard(f"quiet-{n}", YESTERDAY, text=text)
    run(MORNING)
    (delta,) = wiring.deltas().newest(BRAND, 9)
    assert delta.measured["nl"].others == len(others)
    assert why_not(delta.measured["nl"]) is Why.ELSEWHERE
    assert lessons().live == ""


def test_another_judge_is_taught_anew(library_: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mascot()
    run(MORNING)
    monkeypatch.setattr(Embedded, "version", "tables-next")
    assert run(MORNING + timedelta(hours=1))["taught"] == 1
    assert lessons().live == "tables-next+2026-11-23"
    assert [each.version for each in wiring.deltas().newest(BRAND, 9)] == [
        "tables-next+2026-11-23",
        FIRST,
    ]


def test_a_brand_that_fails_stops_no_other_and_says_so(library_: World) -> None:
    wiring.brands().put(library(id="aaa-first", name="Eerste"))
    mascot()
    mascot(brand="aaa-first")

    def learn(brand: str, *rest: Any) -> Any:
        if brand == "aaa-first":
            raise RuntimeError("made by a test")
        return wiring.learn(brand, *rest)

    assert run(MORNING, learn=learn) == {"taught": 1, "failed": 1}
    assert wiring.pulse().failures("aaa-first")["lessons"].reason == "a fault of ours: RuntimeError"
    assert lessons().live == FIRST
    assert run(MORNING + timedelta(hours=1)) == {"taught": 1, "failed": 0}, "the next hour makes it"


def test_the_call_fails_where_one_could_not_be_taught(
    library_: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("made by a test")

    mascot()
    monkeypatch.setattr(wiring, "learn", broken)
    monkeypatch.setattr(wiring, "now", lambda: MORNING)
    wiring.brands.cache_clear()
    with pytest.raises(Incomplete):
        app.relate_to_people(TICK, Context())
    assert wiring.mornings().get(BRAND, "2026-11-23"), "the morning's list is there all the same"


def test_with_little_time_left_the_next_hour_goes_on(library_: World) -> None:
    mascot()
    assert run(MORNING, left=59_000) == {"taught": 0, "failed": 0}
    assert run(MORNING + timedelta(hours=1)) == {"taught": 1, "failed": 0}


@pytest.mark.crash
def test_broken_off_anywhere_one_delta_judges_along(aws: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relate, "WINDOW", timedelta(days=2))  # fewer days to break off at

    def learn(brand: str, said: Any, until: datetime, others: Any) -> Delta:
        words = Taught(words={one.id: (0.0, float(len(others))) for one in said})
        return Delta(
            brand=brand, judge="tables-5", day="2026-11-23", until=until, taught={"nl": words}, measured={}
        )

    def fresh() -> World:
        world = aws.fresh()
        wiring.brands().put(library())
        say(heard("1", YESTERDAY), POSITIVE, YESTERDAY)
        return world

    def redeliver(world: World) -> None:
        heard("later", MORNING)
        run(MORNING + timedelta(hours=1), learn=learn)
        run(MORNING + timedelta(hours=2), learn=learn)

    def story(world: World, points: Points) -> None:
        run(MORNING, learn=learn)

    for mode, k, _ in every_crash(fresh, story, redeliver):
        where = f"{mode} call {k}"
        assert [each.version for each in wiring.deltas().newest(BRAND, 9)] == [FIRST], where
        assert (lessons().live, lessons().rev) == (FIRST, 1), where
        assert logged() == [("delta.live", "", FIRST)], where


def test_of_two_at_once_one_settles(library_: World) -> None:
    mascot()
    inner: list[dict[str, int]] = []

    def learn(*given: Any) -> Any:
        if not inner:
            inner.append({})
            inner[0] = run(MORNING)
        return wiring.learn(*given)

    assert run(MORNING, learn=learn) == {"taught": 0, "failed": 0}
    assert inner == [{"taught": 1, "failed": 0}]
    assert (lessons().rev, logged()) == (1, [("delta.live", "", FIRST)])


def test_a_correction_meanwhile_is_not_forgotten(library_: World) -> None:
    mascot()

    def learn(*given: Any) -> Any:
        say(heard("meanwhile", MORNING), NEGATIVE, MORNING)
        return wiring.learn(*given)

    run(MORNING, learn=learn)
    assert lessons().said == MORNING
    assert run(MORNING + timedelta(days=1))["taught"] == 1


# a person ------------------------------------------------------------------------------------------


@pytest.fixture
def taught(library_: World) -> None:
    mascot()
    run(MORNING)


def test_what_was_taken_back_stays_back_until_a_person_lets_one_judge(taught: None) -> None:
    teach.take_back(BRAND, 1, "Mia", deed("delta.back"), deltas=wiring.deltas())
    assert (lessons().live, lessons().held) == ("", "Mia")
    say(heard("more", MORNING), POSITIVE, MORNING)
    tomorrow = MORNING + timedelta(days=1)
    assert run(tomorrow)["taught"] == 1, "learned and measured"
    assert (lessons().live, lessons().held) == ("", "Mia"), "and not let judge"
    teach.let_judge(BRAND, lessons().rev, FIRST, deed("delta.live", tomorrow), deltas=wiring.deltas())
    assert (lessons().live, lessons().held) == (FIRST, "")
    assert logged() == [
        ("delta.live", "", FIRST),
        ("delta.back", "Mia", FIRST),
        ("delta.live", "Mia", FIRST),
    ]


def test_who_saw_something_else_changes_nothing(taught: None) -> None:
    with pytest.raises(Conflict):
        teach.take_back(BRAND, 0, "Mia", deed("delta.back"), deltas=wiring.deltas())
    teach.take_back(BRAND, 1, "Mia", deed("delta.back"), deltas=wiring.deltas())
    with pytest.raises(Conflict):
        teach.take_back(BRAND, 1, "Mia", deed("delta.back"), deltas=wiring.deltas())
    with pytest.raises(Conflict, match="no delta"):
        teach.take_back(BRAND, 2, "Mia", deed("delta.back"), deltas=wiring.deltas())


def test_nobody_lets_judge_what_did_not_help(taught: None) -> None:
    (delta,) = wiring.deltas().newest(BRAND, 9)
    wiring.deltas().add(replace(delta, day="2026-11-22", taught={}))
    wiring.deltas().add(replace(delta, judge="tables-1"))
    for version in ("tables-5+2026-11-22", "tables-1+2026-11-23", "tables-5+2026-01-01", ""):
        with pytest.raises(BadInput):
            teach.let_judge(BRAND, 1, version, deed("delta.live"), deltas=wiring.deltas())
    teach.let_judge(BRAND, 1, FIRST, deed("delta.live"), deltas=wiring.deltas())
    assert lessons().rev == 1, "it judged already"


# what was right ------------------------------------------------------------------------------------


def test_that_a_verdict_was_right_is_kept_once(library_: World) -> None:
    mention = heard("right", YESTERDAY)
    before = wiring.mentions().get(mention.key)
    for hour in range(2):
        say(mention, Sentiment.NEUTRAL, YESTERDAY + timedelta(hours=hour))
    (found,) = wiring.corrections().of(mention.key)
    assert (found.was, found.now) == (Sentiment.NEUTRAL, Sentiment.NEUTRAL)
    assert wiring.mentions().get(mention.key) == before
    lines, _ = wiring.audit().month(BRAND, "2026-11")
    assert [(each.what, each.after) for each in lines] == [("verdict.check", "neutral")]


def test_what_a_person_said_is_not_the_judge_s_merit(library_: World) -> None:
    mention = heard("wrong", YESTERDAY)
    for hour in range(3):
        say(mention, NEGATIVE, YESTERDAY + timedelta(hours=hour))
    assert [each.now for each in wiring.corrections().of(mention.key)] == [NEGATIVE]
