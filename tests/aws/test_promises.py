"""What `ports.Promises` and `ports.Cases` promise of promises."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.table.alerts import Alerts
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.promises import Promises
from chalicelib.domain.case import CaseKey, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.promise import Promise, PromiseKey, PromiseState
from chalicelib.errors import Conflict, NotFound
from tests.aws.people import KEY, case, delivery, event
from tests.conftest import NOW

DUE = NOW + timedelta(days=1)
BELL = ("lindebieb", "desk.promised")


def promise(i: int = 1, key: CaseKey = KEY, **changes: Any) -> Promise:
    ordinary = Promise(
        key=PromiseKey(key, 1, i),
        rev=1,
        state=PromiseState.OPEN,
        passage="We kijken het morgen na.",
        due=DUE,
        dated=True,
        department="desk",
        author="kees",
        by="Fatma",
        by_id="fatma",
        at=NOW,
        remind=DUE - timedelta(hours=8),
    )
    return replace(ordinary, **changes)


def approved(cases: Cases, *promises: Promise) -> Delivery:
    cases.open(case())
    made = delivery(promises=len(promises))
    cases.approve(case(rev=2), made, event("reply-1", kind=EventKind.APPROVED), promises)
    return made


def test_they_are_made_with_the_approval_or_not_at_all(cases: Cases, promises: Promises) -> None:
    first, second = promise(), promise(2, due=DUE - timedelta(hours=3), dated=False)
    approved(cases, first, second)
    with pytest.raises(Conflict):
        cases.approve(case(rev=2), delivery(2), event("reply-2"), [promise(3)])

    assert promises.get(first.key) == first
    assert cases.dossier(KEY).promises == [first, second]
    listed = [replace(each, remind=None) for each in (second, first)]
    assert promises.open("lindebieb", limit=10) == (listed, False)
    assert promises.open("lindebieb", limit=1)[1]
    assert promises.open("veldermeer", limit=10) == ([], False)
    with pytest.raises(NotFound):
        promises.get(PromiseKey(KEY, 1, 3))


def test_of_two_who_keep_one_the_second_is_refused(cases: Cases, promises: Promises) -> None:
    approved(cases, promise())
    kept = promise(rev=2, state=PromiseState.KEPT, remind=None)
    line = event("kept", minutes=5, kind=EventKind.KEPT, by="Fatma", text=kept.passage)
    promises.change(kept, line)
    with pytest.raises(Conflict):
        promises.change(replace(kept, state=PromiseState.DROPPED), line)

    assert promises.get(kept.key) == kept
    assert line in cases.history(KEY)[0]
    assert promises.open("lindebieb", limit=10) == ([], False)
    assert promises.to_remind(DUE, limit=10) == []


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.CANCELLED])
def test_what_nobody_heard_is_withdrawn_with_its_reply(
    cases: Cases, promises: Promises, deliveries: Deliveries, state: DeliveryState
) -> None:
    sent = approved(cases, promise(), promise(2))
    cases.conclude(None, replace(sent, state=state), event("over", kind=EventKind(state.value)))

    assert {each.state for each in cases.dossier(KEY).promises} == {PromiseState.WITHDRAWN}
    assert promises.open("lindebieb", limit=10) == ([], False)
    assert promises.to_remind(DUE, limit=10) == []
    with pytest.raises(Conflict):
        promises.change(promise(rev=2), event("moved", kind=EventKind.MOVED))


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.CONFIRMED])
def test_what_may_have_been_heard_stays(cases: Cases, promises: Promises, state: DeliveryState) -> None:
    sent = approved(cases, promise())
    cases.conclude(None, replace(sent, state=state), event("on", kind=EventKind(state.value)))
    assert promises.get(promise().key) == promise()


def test_a_reminder_rings_once_and_then_waits_for_the_next(
    cases: Cases, promises: Promises, alerts: Alerts
) -> None:
    was = promise()
    approved(cases, was)
    assert was.remind
    assert promises.to_remind(was.remind - timedelta(seconds=1), limit=10) == []
    assert promises.to_remind(was.remind, limit=10) == [was.key]

    assert promises.remind(was, DUE, was.remind)
    assert not promises.remind(was, DUE, was.remind), "a repeat rings no more"
    assert alerts.waiting(was.remind)[0] == [BELL]
    assert alerts.claim(*BELL, was.remind, quiet_until=DUE) == (KEY,)
    assert promises.to_remind(was.remind, limit=10) == []

    again = promises.get(was.key)
    assert (again.remind, again.rev) == (DUE, 1)
    assert promises.remind(again, None, DUE)
    last = promises.get(was.key)
    assert last.remind is None
    assert not promises.remind(last, None, DUE)


def test_what_was_moved_meanwhile_does_not_ring(cases: Cases, promises: Promises, alerts: Alerts) -> None:
    was = promise()
    approved(cases, was)
    moved = promise(rev=2, due=DUE + timedelta(days=7), remind=DUE + timedelta(days=6))
    promises.change(moved, event("moved", kind=EventKind.MOVED))
    assert not promises.remind(was, DUE, NOW)
    assert alerts.waiting(DUE)[0] == []
