"""When a department is reminded of what it promised, and what a person may say of a promise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given

from chalicelib.domain.case import CaseKey
from chalicelib.domain.promise import PromiseKey, decided, morning, next_reminder, overdue
from chalicelib.domain.promises import Found
from tests.domain.test_promises import CALENDAR, MOMENTS, ZONE


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due", "first", "then"),
    [
        ("2026-12-03T17:00", "2026-12-03T09:00", "2026-12-07T09:00"),  # at closing: the next opening
        ("2026-12-07T10:00", "2026-12-07T09:00", "2026-12-07T10:00"),
        ("2026-12-07T09:00", "2026-12-03T09:00", "2026-12-07T09:00"),  # not before it opens: the day before
        ("2026-12-04T23:59", "2026-12-03T09:00", "2026-12-07T09:00"),  # closed on that Friday
        ("2026-12-06T12:00", "2026-12-03T09:00", "2026-12-07T09:00"),  # a Sunday
        ("2026-12-26T12:00", "2026-12-24T09:00", "2026-12-28T09:00"),  # Christmas
    ],
)
def test_reminds_on_the_morning_of_the_day_and_when_it_is_past(due: str, first: str, then: str) -> None:
    assert morning(at(due), CALENDAR) == at(first)
    assert overdue(at(due), CALENDAR) == at(then)
    assert next_reminder(at(due), at("2026-12-01T08:00"), CALENDAR) == at(first)
    assert next_reminder(at(due), at(first), CALENDAR) == at(then)
    assert next_reminder(at(due), at(then), CALENDAR) is None


def test_who_promises_for_today_is_not_reminded_of_the_morning_that_was() -> None:
    now = at("2026-12-03T11:00")
    assert next_reminder(at("2026-12-03T17:00"), now, CALENDAR) == at("2026-12-07T09:00")


@given(MOMENTS)
def test_the_morning_lies_before_it_is_due_and_the_other_not(due: datetime) -> None:
    due = due.replace(second=0)
    assert morning(due, CALENDAR) < due <= overdue(due, CALENDAR)
    assert CALENDAR.open_on(CALENDAR.today(overdue(due, CALENDAR)))


def test_a_person_gives_another_moment_or_says_that_it_is_none() -> None:
    soon, later = datetime(2026, 12, 3, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC)
    found = [Found(f"We {do}.", soon, do != "bellen") for do in ("bellen", "mailen", "komen")]
    said = {"We bellen.": later, "We mailen.": None, "Iets anders.": later}

    assert decided(found, said) == (Found("We bellen.", later, True), Found("We komen.", soon, True))


def test_a_key_is_read_back_from_an_address_and_nothing_else_is() -> None:
    key = PromiseKey(CaseKey("lindebieb", "mastodon", "https://social.example/@kees/1"), 2, 3)
    assert PromiseKey.from_slug(key.slug) == key
    for given_ in ("", "x", CaseKey("lindebieb", "mastodon", "1").slug, key.slug + "A"):
        with pytest.raises(ValueError):  # noqa: PT011
            PromiseKey.from_slug(given_)


def test_closed_for_weeks_it_is_said_the_day_before_all_the_same() -> None:
    closed = type(CALENDAR)(
        CALENDAR.hours, CALENDAR.zone, {date(2026, 11, 1) + timedelta(days=n) for n in range(60)}
    )
    assert morning(at("2026-12-10T12:00"), closed) == at("2026-12-09T09:00")
