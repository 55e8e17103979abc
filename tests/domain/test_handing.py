"""How long a case lay with each department."""

from datetime import timedelta

from hypothesis import given, strategies as some

from chalicelib.domain.case import CaseEvent, EventKind
from chalicelib.domain.handing import Stay, stays
from tests.conftest import NOW


def at(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def handed(minutes: int, origin: str, to: str) -> CaseEvent:
    return CaseEvent(
        at=NOW + at(minutes), id=f"h-{minutes}", kind=EventKind.HANDED, origin=origin, department=to
    )


HEARD = CaseEvent(at=NOW, id="1", kind=EventKind.HEARD)


def test_each_department_has_the_time_that_it_lay_there() -> None:
    events = [HEARD, handed(30, "desk", "youth"), handed(50, "youth", "press")]
    assert stays(events, "press", NOW + at(60)) == (
        Stay("desk", at(30)),
        Stay("youth", at(20)),
        Stay("press", at(10)),
    )


def test_what_was_never_handed_over_tells_nothing() -> None:
    assert stays([HEARD], "desk", NOW + at(60)) == ()


def test_a_later_message_begins_nothing_anew() -> None:
    again = CaseEvent(at=NOW + at(40), id="2", kind=EventKind.HEARD)
    found = stays([again, HEARD, handed(30, "desk", "youth")], "youth", NOW + at(60))
    assert [each.length for each in found] == [at(30), at(30)]


@given(some.lists(some.integers(0, 10_000), min_size=1, max_size=6), some.integers(0, 10_000))
def test_together_they_are_the_whole_time_and_none_is_negative(moments: list[int], rest: int) -> None:
    events = [HEARD, *(handed(minutes, "desk", "youth") for minutes in moments)]
    end = NOW + at(max(moments) + rest)
    found = stays(events, "youth", end)
    assert sum((each.length for each in found), timedelta()) == end - NOW
    assert all(each.length >= timedelta() for each in found)
