"""A holding reply promises what the clock holds, and goes only while nobody is there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import clock, holding
from chalicelib.domain.brand import Brand, Channel, ClosedDays, Department, StandingApproval, Template
from chalicelib.domain.case import Action, Case, CaseKey, CaseState
from chalicelib.domain.delivery import OPENED, OVERTAKEN, REVOKED, Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.verdict import Sentiment

ZONE = "Europe/Amsterdam"
HERE = ZoneInfo(ZONE)
OFFICE: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
SATURDAY = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Ten o'clock on the brand's clock."""
HOUR = timedelta(hours=1)
MOMENTS = st.integers(0, 60 * 24 * 700).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))

BRAND = Brand(
    id="bieb",
    name="Bieb",
    zone=ZONE,
    languages=("nl", "en"),
    departments=(Department(id="desk", name="Balie", hours=OFFICE), Department(id="pers", name="Pers")),
    channels=(Channel(id="toot", platform="mastodon", name="@bieb"),),
    templates=(
        Template(
            id="h-en", language="en", when="holding", text="{author} we answer {when}. {agent}, {brand}"
        ),
        Template(id="h-nl", language="nl", when="holding", text="{author} wij antwoorden {when}. {agent}"),
    ),
)
CASE = Case(
    key=CaseKey("bieb", "mastodon", "1"),
    rev=1,
    state=CaseState.OPEN,
    action=Action.ANSWER,
    department="desk",
    mention=MentionKey("bieb", "mastodon", "1"),
    author="kees",
    title="Hoe laat?",
    language="nl",
    sentiment=Sentiment.NEUTRAL,
    channel="toot",
    received_at=SATURDAY,
    due=MONDAY,
    reckoning=(60,),
    rule="question",
)
APPROVAL = StandingApproval(
    brand="bieb",
    id="a1",
    department="desk",
    channels=("toot",),
    texts={"nl": "{author} Morgen weer. {when}. Noor"},
    until=SATURDAY + timedelta(days=30),
    signed_by="Noor",
    signed_by_id="noor",
    signed_at=SATURDAY - HOUR,
)


def under(approval: StandingApproval = APPROVAL, brand: Brand = BRAND) -> Brand:
    return replace(brand, standing=(approval,))


def planned(**changes: Any) -> Delivery:
    delivery = Delivery(
        key=DeliveryKey(CASE.key, "toot", 1),
        state=DeliveryState.PLANNED,
        text="t",
        language="nl",
        due=SATURDAY,
        approved_by="Noor",
        approved_at=SATURDAY,
        token="t",
        answer_by=MONDAY,
        lapses=MONDAY - HOUR,
    )
    return replace(delivery, **changes)


@pytest.mark.parametrize(
    ("due", "language", "said"),
    [
        ("2026-11-23 10:00", "nl", "maandag voor 10:00"),
        ("2026-11-23 10:00", "en", "Monday before 10:00"),
        ("2026-11-21 18:00", "nl", "vandaag voor 18:00"),
        ("2026-11-21 18:00", "en", "today before 18:00"),
        ("2026-11-27 09:05", "nl", "vrijdag voor 09:05"),
        ("2026-11-28 09:05", "nl", "zaterdag 28 november voor 09:05"),
        ("2026-12-07 17:00", "en", "Monday 7 December before 17:00"),
        ("2026-11-24 00:00", "nl", "maandag voor 24:00"),
        ("2026-11-23 10:00:01", "nl", "maandag voor 10:01"),
        ("2026-11-23 10:00", "de", "Monday before 10:00"),
    ],
)
def test_when_says_the_due_time(due: str, language: str, said: str) -> None:
    at = datetime.fromisoformat(due).replace(tzinfo=HERE)
    assert holding.when(at.astimezone(UTC), ZONE, language, SATURDAY) == said


@given(
    now=MOMENTS,
    within=st.integers(1, 2_000),
    closed=st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5),
)
def test_a_promise_is_the_clocks_own_and_lies_in_opening_hours(
    now: datetime, within: int, closed: set[date]
) -> None:
    """Read back from its words it is the due time to the minute, and a moment at which somebody is there."""
    due = clock.due(now, within, OFFICE, ZONE, closed).due
    said = holding.when(due, ZONE, "en", now)
    hour, minute = map(int, said.rpartition(" ")[2].split(":"))
    local = due.astimezone(HERE)
    assert (hour, minute) == (local.hour, local.minute)
    assert said.startswith((f"{local:%A}", "today"))
    assert clock.closed_until(due - timedelta(minutes=1), OFFICE, ZONE, closed) is None


@given(
    now=MOMENTS,
    hours=st.sampled_from([OFFICE, {"fri": ("22:00-06:00",)}, {"sun": ("02:15-02:45", "08:00-09:00")}]),
)
def test_who_is_closed_opens_at_the_first_minute_that_counts(now: datetime, hours: dict[str, Any]) -> None:
    opens = clock.closed_until(now, hours, ZONE)
    first = clock.due(now, 1, hours, ZONE)
    assert (opens is None) == first.parts[0].open
    assert opens in (None, first.parts[-1].start)


def test_a_department_without_hours_is_never_closed() -> None:
    assert clock.closed_until(SATURDAY, {}, ZONE) is None


def test_the_ready_text_is_the_brands_own_in_their_language() -> None:
    dutch = holding.ready(CASE, BRAND, SATURDAY)
    english = holding.ready(replace(CASE, language="en"), BRAND, SATURDAY)
    french = holding.ready(replace(CASE, language="fr"), BRAND, SATURDAY)
    assert dutch
    assert english
    assert french
    assert dutch.text == "@kees wij antwoorden maandag voor 10:00. {agent}"
    assert english.text == "@kees we answer Monday before 10:00. {agent}, Bieb"
    assert french.text == dutch.text
    assert holding.ready(CASE, replace(BRAND, templates=()), SATURDAY) is None


@pytest.mark.parametrize(
    ("case", "now"),
    [
        (CASE, MONDAY - HOUR),  # they are there
        (replace(CASE, due=SATURDAY), SATURDAY),  # there is nothing left to promise
        (replace(CASE, promised=MONDAY), SATURDAY),
        (replace(CASE, state=CaseState.SENDING), SATURDAY),
        (replace(CASE, state=CaseState.SOLVED), SATURDAY),
        (replace(CASE, action=Action.THANK), SATURDAY),
        (replace(CASE, channel=""), SATURDAY),
        (replace(CASE, channel="gone"), SATURDAY),
        (replace(CASE, department="pers"), SATURDAY),  # always there
    ],
)
def test_none_is_ready_where_none_is_wanted(case: Case, now: datetime) -> None:
    assert holding.ready(case, BRAND, now) is None


def test_a_holiday_is_closed_too() -> None:
    days = ClosedDays(days=("2026-11-24 Personeelsdag",))
    tuesday = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    case = replace(CASE, due=tuesday + timedelta(days=1))
    assert holding.ready(case, BRAND, tuesday) is None
    ready = holding.ready(case, replace(BRAND, closed=days), tuesday)
    assert ready
    assert "woensdag voor 11:00" in ready.text


# standing approval ---------------------------------------------------------------------------------


def test_what_is_signed_keeps_only_reader_and_moment_open() -> None:
    text = holding.to_sign("{author} {when} {agent} {brand} {department} {x}", BRAND, "desk", "Noor")
    assert text == "{author} {when} Noor Bieb Balie [x]"


@pytest.mark.parametrize(
    ("approval", "case", "brand"),
    [
        (replace(APPROVAL, revoked_at=SATURDAY), CASE, BRAND),
        (replace(APPROVAL, until=SATURDAY), CASE, BRAND),
        (replace(APPROVAL, channels=("wall",)), CASE, BRAND),
        (replace(APPROVAL, department="pers"), CASE, BRAND),
        (replace(APPROVAL, department="gone"), CASE, BRAND),
        (APPROVAL, replace(CASE, language="en"), BRAND),
        (APPROVAL, replace(CASE, strict=True), BRAND),
        (APPROVAL, CASE, replace(BRAND, departments=(replace(BRAND.departments[0], four_eyes=True),))),
    ],
)
def test_only_what_was_signed_stands(approval: StandingApproval, case: Case, brand: Brand) -> None:
    assert holding.approval_for(CASE, under(), SATURDAY) == (APPROVAL, "nl")
    assert holding.approval_for(case, under(approval, brand), SATURDAY) is None


def test_a_second_persons_yes_is_enough_for_four_eyes() -> None:
    brand = replace(BRAND, departments=(replace(BRAND.departments[0], four_eyes=True),))
    second = replace(APPROVAL, second_by="Sam", second_by_id="sam", second_at=SATURDAY)
    assert holding.approval_for(CASE, under(second, brand), SATURDAY) == (second, "nl")


def test_a_language_nobody_could_tell_gets_the_brands_first() -> None:
    assert holding.approval_for(replace(CASE, language="und"), under(), SATURDAY) == (APPROVAL, "nl")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "grave", "at_night", "ends"),
    [
        ("2026-11-21 15:30", False, False, "2026-11-23 09:00"),  # when they are there again
        ("2026-11-21 15:30", True, False, "2026-11-21 22:00"),
        ("2026-11-21 15:30", True, True, "2026-11-23 09:00"),
        ("2026-11-21 22:00", True, False, "2026-11-21 22:00"),  # not at all
        ("2026-11-22 06:59", True, False, "2026-11-22 06:59"),
        ("2026-11-22 07:00", True, False, "2026-11-22 22:00"),
        ("2026-11-22 03:00", False, False, "2026-11-23 09:00"),
    ],
)
def test_it_lapses_when_they_are_there_and_at_night_for_who_is_angry(
    now: str, grave: bool, at_night: bool, ends: str
) -> None:
    approval = replace(APPROVAL, at_night=at_night)
    assert holding.ends(CASE, BRAND, at(now), approval, grave=grave) == at(ends)


def test_nothing_lapses_later_than_its_approval_or_its_promise() -> None:
    soon = replace(APPROVAL, until=SATURDAY + HOUR)
    assert holding.ends(CASE, BRAND, SATURDAY, soon) == SATURDAY + HOUR
    assert holding.ends(replace(CASE, due=SATURDAY + HOUR), BRAND, SATURDAY) == SATURDAY + HOUR


@pytest.mark.parametrize(
    ("delivery", "case", "brand", "now", "reason"),
    [
        (planned(), CASE, BRAND, SATURDAY, ""),
        (planned(under="a1"), CASE, under(), SATURDAY, ""),
        (planned(), replace(CASE, replies=2), BRAND, SATURDAY, OVERTAKEN),
        (planned(), replace(CASE, state=CaseState.SENDING), BRAND, SATURDAY, OVERTAKEN),
        (planned(), replace(CASE, state=CaseState.SOLVED), BRAND, SATURDAY, OVERTAKEN),
        (planned(), CASE, BRAND, MONDAY - HOUR, OPENED),
        (planned(lapses=SATURDAY), CASE, BRAND, SATURDAY, OPENED),
        (planned(under="a1"), CASE, BRAND, SATURDAY, REVOKED),
        (planned(under="a1"), CASE, under(replace(APPROVAL, revoked_at=SATURDAY)), SATURDAY, REVOKED),
        (planned(under="a1"), CASE, under(replace(APPROVAL, until=SATURDAY)), SATURDAY, REVOKED),
        (planned(under="a1"), CASE, under(replace(APPROVAL, channels=("x",))), SATURDAY, REVOKED),
        (planned(under="a1"), replace(CASE, strict=True), under(), SATURDAY, REVOKED),
    ],
)
def test_it_is_asked_again_before_it_leaves(
    delivery: Delivery, case: Case, brand: Brand, now: datetime, reason: str
) -> None:
    case = case if case.replies else replace(case, replies=1)
    assert holding.why_not(delivery, case, brand, now) == reason
