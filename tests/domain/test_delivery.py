"""When a delivery may be taken, when it is too late, and what a person must hear of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.delivery import (
    BRAKED,
    LATE,
    LEASE,
    RESTING,
    Delivery,
    DeliveryKey,
    DeliveryState,
    anew,
    asks,
    cancelled,
    claim,
    due_at,
    next_look,
    next_try,
    token,
    too_late,
)
from chalicelib.domain.post import PostKey, Slot

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEY = DeliveryKey(PostKey("lindebieb", "open"), "wall", 1)
PLANNED = Delivery(
    key=KEY,
    state=DeliveryState.PLANNED,
    text="Zaterdag open",
    language="nl",
    title="Zaterdag",
    slot=Slot("2026-11-21T10:00", "Europe/Amsterdam"),
    lateness=120,
    due=AT,
    approved_by="Noor",
    approved_at=AT - timedelta(days=2),
    token=token(KEY),
)


@pytest.mark.parametrize("state", DeliveryState)
def test_what_can_be_taken(state: DeliveryState) -> None:
    ours = claim(replace(PLANNED, state=state), AT)
    assert (ours is None) == (state in RESTING)
    if ours:
        assert (ours.epoch, ours.lease_until) == (1, AT + LEASE)
        kept = state in (DeliveryState.SENT, DeliveryState.REMOVING, DeliveryState.EDITING)
        assert ours.state is (state if kept else DeliveryState.CLAIMED)
        assert ours.first_try == (None if kept else AT), "from here on it may have been sent"
    assert claim(replace(PLANNED, state=state), AT - timedelta(seconds=1)) is None
    assert claim(replace(PLANNED, state=state, lease_until=AT + MINUTE), AT) is None


def test_what_was_never_tried_goes_by_the_wall() -> None:
    filed_wrong = replace(PLANNED, due=AT + timedelta(hours=1))
    assert due_at(filed_wrong) == AT
    assert due_at(replace(filed_wrong, tries=1)) == AT + timedelta(hours=1), "a retry goes by its own moment"


@pytest.mark.parametrize(("after", "late"), [(0, False), (120, False), (121, True), (1440, True)])
def test_too_late(after: int, late: bool) -> None:
    assert too_late(PLANNED, AT + after * MINUTE) is late
    assert not too_late(replace(PLANNED, slot=None), AT + after * MINUTE), "a reply is never too late"


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (DeliveryState.HELD, LATE, True),
        (DeliveryState.HELD, BRAKED, False),
        (DeliveryState.FAILED, "HTTP 422", True),
        (DeliveryState.CONFIRMED, "", False),
        (DeliveryState.CONFIRMED, "could not be removed: HTTP 500", True),
        (DeliveryState.PLANNED, "HTTP 503", False),
        (DeliveryState.CANCELLED, LATE, False),
    ],
)
def test_what_a_person_must_hear_of(state: DeliveryState, reason: str, told: bool) -> None:
    assert asks(replace(PLANNED, state=state, reason=reason)) is told


def test_what_goes_anew_is_no_repeat_of_the_first() -> None:
    tried = replace(PLANNED, first_try=AT, tries=3, looks=2, epoch=7, remote_id="1", lease_until=AT)
    fresh = anew(tried)
    assert fresh.key == replace(KEY, n=2)
    assert fresh.token == token(fresh.key) != tried.token
    assert fresh == replace(PLANNED, key=fresh.key, token=fresh.token)
    assert cancelled(tried).epoch == 8


def test_waits_grow_and_stay_bounded() -> None:
    looks = [next_look(n).total_seconds() for n in (0, 1, 2, 6, 50)]
    assert looks == [20, 40, 80, 1280, 1280]
    assert [next_try(n).total_seconds() for n in (1, 2, 3, 4, 9)] == [30, 60, 120, 240, 240]
