"""What `ports.StandingApprovals` promises, and the writes that hang on it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.brakes import Brakes
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.standing import StandingApprovals
from chalicelib.domain import audit as log
from chalicelib.domain.brand import Brand, Department, StandingApproval
from chalicelib.domain.case import CaseKey, EventKind
from chalicelib.domain.delivery import DeliveryState, claim
from chalicelib.errors import Braked, Conflict, NotFound, Revoked
from tests.aws.conftest import dynamodb
from tests.aws.people import KEY, case, delivery, event
from tests.conftest import NOW
from tests.harness.world import TABLE_NAME, World

DAY = timedelta(days=1)
SIGNED = StandingApproval(
    brand="lindebieb",
    id="s1",
    department="desk",
    channels=("wall",),
    texts={"nl": "Tot {when}"},
    until=NOW + 30 * DAY,
    signed_by="Noor",
    signed_by_id="noor",
    signed_at=NOW,
)
REVOKED = replace(SIGNED, rev=2, revoked_by="Sam", revoked_at=NOW)


@pytest.fixture
def standing(aws: World, monkeypatch: pytest.MonkeyPatch) -> StandingApprovals:
    monkeypatch.setattr(keys, "now", NOW.timestamp)
    return StandingApprovals(dynamodb, TABLE_NAME)


def plan(cases: Cases, key: CaseKey = KEY, **changes: Any) -> None:
    """A holding reply under it, beside a case that is there."""
    cases.open(case(key))
    made = delivery(key=key, under="s1", answer_by=NOW + DAY, approved_at=NOW, **changes)
    line = event("holding-1", kind=EventKind.HOLDING, by="Noor", by_id="noor", signed_at=NOW)
    cases.hold_off(replace(case(key), rev=2, replies=1, promised=NOW + DAY), made, line, NOW + DAY)


def test_is_kept_once_read_with_its_brand_and_changed_only_as_read(
    standing: StandingApprovals, audit: Audit
) -> None:
    brands = Brands(dynamodb, TABLE_NAME)
    bare = Brand(
        id="lindebieb",
        name="Linde",
        zone="UTC",
        languages=("nl",),
        departments=(Department(id="d", name="D"),),
    )
    brands.put(bare)
    line = log.line("lindebieb", NOW, "r1", "standing.sign", of="s1", by="Noor", by_id="noor")
    assert standing.add(SIGNED, line)
    assert not standing.add(replace(SIGNED, signed_by="Els"))
    assert standing.get("lindebieb", "s1") == SIGNED
    assert standing.of("lindebieb") == [SIGNED]
    assert standing.of("elders") == []
    assert brands.latest("lindebieb")[0] == replace(bare, standing=(SIGNED,))
    brands.put(replace(bare, name="Nieuw"))
    assert brands.latest("lindebieb")[0].standing == (SIGNED,), "written on its own"
    standing.change(REVOKED)
    with pytest.raises(Conflict):
        standing.change(REVOKED)
    assert standing.of("lindebieb") == [REVOKED]
    assert [each.what for each in audit.month("lindebieb", "2026-11")[0]] == ["standing.sign"]
    with pytest.raises(NotFound):
        standing.get("lindebieb", "none")


def test_a_person_hears_once_a_day_by_one_condition_of_the_write(
    standing: StandingApprovals, cases: Cases
) -> None:
    standing.add(SIGNED)
    plan(cases)
    other = CaseKey("lindebieb", "sandbox", "a/b/2")
    with pytest.raises(Conflict):
        plan(cases, other)
    assert cases.history(other)[1] == []
    assert cases.get(other).promised is None
    elsewhere = CaseKey("lindebieb", "mastodon", "a/b/2")
    plan(cases, elsewhere)
    sent = standing.sent("lindebieb", "s1", limit=9)
    assert {each.owner for each in sent} == {KEY, elsewhere}
    assert standing.sent("lindebieb", "s1", limit=1) != sent


def test_nothing_is_planned_under_what_is_revoked_or_unknown_or_under_the_brake(
    standing: StandingApprovals, cases: Cases, brakes: Brakes
) -> None:
    with pytest.raises(Conflict):
        plan(cases)
    standing.add(SIGNED)
    brake = brakes.pull("lindebieb", "Sam", NOW)
    with pytest.raises(Conflict):
        plan(cases)
    brakes.lift("lindebieb", brake, "Sam", NOW)
    standing.change(REVOKED)
    with pytest.raises(Conflict):
        plan(cases)
    assert cases.history(KEY)[1] == []


def test_the_claim_itself_is_refused_once_it_is_revoked(
    standing: StandingApprovals, cases: Cases, deliveries: Deliveries, brakes: Brakes
) -> None:
    standing.add(SIGNED)
    plan(cases)
    was = deliveries.get(delivery().key)
    ours = claim(was, NOW)
    assert ours
    standing.change(REVOKED)
    with pytest.raises(Revoked):
        deliveries.claim(was, ours)
    brakes.pull("lindebieb", "Sam", NOW)
    with pytest.raises((Revoked, Braked)):
        deliveries.claim(was, ours)
    assert deliveries.get(was.key).state is DeliveryState.PLANNED


def test_a_persons_own_holding_reply_counts_for_the_day(standing: StandingApprovals, cases: Cases) -> None:
    """And is not held up by it: a person decides."""
    standing.add(SIGNED)
    other = CaseKey("lindebieb", "sandbox", "2")
    for key in (KEY, other):
        cases.open(case(key))
        line = event("holding-1", kind=EventKind.HOLDING, by="Noor", by_id="noor")
        own = delivery(key=key, answer_by=NOW + DAY, approved_at=NOW)
        cases.hold_off(replace(case(key), rev=2, replies=1), own, line, NOW + DAY)
    with pytest.raises(Conflict):
        plan(cases, CaseKey("lindebieb", "sandbox", "3"))
    assert standing.sent("lindebieb", "s1", limit=9) == []
