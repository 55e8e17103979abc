"""How long a case lay with each department."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as some

from chalicelib.domain.case import CaseEvent, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.handing import Stay, stays, waits_since
from chalicelib.domain.mention import MentionKey
from tests.aws.people import KEY, case, delivery
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


# since when it waits ----------------------------------------------------------------------------------


def message(minutes: int, id: str) -> CaseEvent:
    key = MentionKey(KEY.brand, KEY.platform, id)
    return CaseEvent(at=NOW + at(minutes), id=id, kind=EventKind.HEARD, mention=key)


def line(minutes: int, kind: EventKind) -> CaseEvent:
    return CaseEvent(at=NOW + at(minutes), id=f"{kind}-{minutes}", kind=kind, by="Noor")


def answered(minutes: int, id: str) -> Delivery:
    to = MentionKey(KEY.brand, KEY.platform, id)
    return delivery(state=DeliveryState.CONFIRMED, to=to, sent_at=NOW + at(minutes))


LAST = case(mention=MentionKey(KEY.brand, KEY.platform, "2"), department="youth", received_at=NOW + at(40))
FIRST, SECOND = message(0, "1"), message(40, "2")


@pytest.mark.parametrize(
    ("events", "sent", "minutes"),
    [
        ([FIRST, SECOND], [], 0),
        ([FIRST, SECOND, handed(50, "desk", "youth")], [], 50),
        ([FIRST, handed(10, "desk", "youth"), SECOND], [], 10),
        ([FIRST, SECOND], [answered(30, "1")], 40),
        ([FIRST, handed(10, "desk", "youth"), SECOND], [answered(30, "1")], 40),
        ([FIRST, line(20, EventKind.SOLVED), SECOND], [], 40),
        ([FIRST, SECOND, line(60, EventKind.SOLVED), line(90, EventKind.REOPENED)], [], 90),
        ([FIRST, SECOND, line(90, EventKind.REOPENED)], [answered(60, "2")], 90),
        ([FIRST, handed(10, "youth", "press"), handed(20, "press", "youth"), SECOND], [], 20),
        ([FIRST, SECOND, handed(50, "youth", "desk")], [], 0),  # of a case that was merged into it
        ([], [], 40),
    ],
)
def test_it_waits_since_the_first_message_without_an_answer_or_since_it_came_here(
    events: list[CaseEvent], sent: list[Delivery], minutes: int
) -> None:
    assert waits_since(LAST, events, sent) == NOW + at(minutes)


def test_where_a_merged_case_was_says_nothing_of_this_one() -> None:
    theirs = [handed(50, "desk", "youth"), line(60, EventKind.REOPENED)]
    events = [FIRST, handed(10, "desk", "youth"), SECOND, *theirs]
    assert waits_since(LAST, events, [], theirs) == NOW + at(10)
