"""What `ports.Deliveries` promises."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.mentions import Mentions
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import LEASE, Delivery, DeliveryState, claim
from chalicelib.domain.mention import Mention
from chalicelib.errors import NotFound
from tests.aws.people import KEY, VERDICT, case, delivery, event
from tests.conftest import NOW
from tests.harness.world import World


@pytest.fixture
def planned(cases: Cases) -> Delivery:
    cases.open(case())
    cases.approve(case(rev=2), delivery(), event())
    return delivery()


def claimed(was: Delivery) -> Delivery:
    found = claim(was, NOW)
    assert found
    return found


def test_gives_back_what_it_was_given(deliveries: Deliveries, planned: Delivery) -> None:
    assert deliveries.get(planned.key) == planned
    held = claimed(planned)
    assert deliveries.claim(planned, held)
    assert deliveries.get(planned.key) == held
    sent = replace(
        held,
        state=DeliveryState.SENT,
        first_try=NOW,
        tries=1,
        remote_id="99",
        remote_url="https://x.example/99",
        sent_at=NOW,
        reason="why",
    )
    assert deliveries.settle(sent)
    assert deliveries.get(planned.key) == sent
    with pytest.raises(NotFound, match="lindebieb/sandbox/1/wall/2"):
        deliveries.get(delivery(2).key)


def test_of_two_claims_one_holds(deliveries: Deliveries, planned: Delivery) -> None:
    assert deliveries.claim(planned, claimed(planned))
    assert not deliveries.claim(planned, claimed(planned))


def test_r9_who_lost_the_lease_cannot_write_the_outcome(deliveries: Deliveries, planned: Delivery) -> None:
    first = claimed(planned)
    deliveries.claim(planned, first)
    second = claim(first, NOW + LEASE)
    assert second
    assert deliveries.claim(first, second)

    assert not deliveries.settle(replace(first, state=DeliveryState.FAILED, reason="late"))
    assert deliveries.settle(replace(second, state=DeliveryState.CONFIRMED))
    assert not deliveries.settle(replace(first, state=DeliveryState.SENT))
    assert deliveries.get(planned.key).state is DeliveryState.CONFIRMED


def test_nothing_can_be_settled_that_is_not_there(deliveries: Deliveries) -> None:
    assert not deliveries.settle(delivery())
    assert not deliveries.claim(delivery(), claimed(delivery()))


@pytest.mark.parametrize(
    ("changes", "due_at"),
    [
        ({"state": DeliveryState.PLANNED}, NOW),
        ({"state": DeliveryState.CLAIMED, "lease_until": NOW + LEASE}, NOW + LEASE),
        ({"state": DeliveryState.SENT}, NOW),
        ({"state": DeliveryState.UNKNOWN, "due": NOW + timedelta(hours=1)}, NOW + timedelta(hours=1)),
        ({"state": DeliveryState.CONFIRMED}, None),
        ({"state": DeliveryState.FAILED}, None),
    ],
)
def test_is_listed_when_it_is_to_be_looked_at(
    deliveries: Deliveries, planned: Delivery, changes: dict[str, Any], due_at: datetime | None
) -> None:
    assert deliveries.settle(replace(planned, **changes))
    late = NOW + timedelta(days=300)
    assert deliveries.due(late) == ([planned.key] if due_at else [])
    if due_at:
        assert deliveries.due(due_at) == [planned.key]
        assert deliveries.due(due_at - timedelta(milliseconds=1)) == []


def test_the_longest_due_come_first(deliveries: Deliveries, cases: Cases) -> None:
    for n in (3, 1, 2):
        key = CaseKey("lindebieb", "sandbox", f"a/b:{n}")
        cases.open(case(key))
        planned = delivery(12345, key, due=NOW + timedelta(milliseconds=500 * n))
        cases.approve(case(key, rev=2), planned, event())
    found = deliveries.due(NOW + timedelta(hours=1))
    assert [key.case.root for key in found] == ["a/b:1", "a/b:2", "a/b:3"]
    assert found[0].n == 12345
    assert deliveries.due(NOW + timedelta(hours=1), limit=1) == found[:1]


def test_a_day_lists_what_went_out_newest_first(
    deliveries: Deliveries, cases: Cases, mentions: Mentions, mention: Callable[..., Mention]
) -> None:
    """By the moment it was sent; until then, or where it never was, by the moment it was due."""
    lives: list[dict[str, Any]] = [
        {"due": NOW},
        {"due": NOW, "state": DeliveryState.CONFIRMED, "sent_at": NOW + timedelta(minutes=3)},
        {"due": NOW + timedelta(minutes=1), "state": DeliveryState.FAILED, "reason": "refused"},
        {"due": NOW, "state": DeliveryState.SENT, "sent_at": NOW + timedelta(days=1)},
    ]
    made = []
    for n, life in enumerate(lives):
        key = CaseKey("lindebieb", "sandbox", f"a/b:{n}")
        cases.open(case(key))
        cases.approve(case(key, rev=2), delivery(1, key), event())
        made.append(delivery(1, key, **life))
        assert deliveries.settle(made[-1])
    heard = mention(posted_at=NOW)
    mentions.add(heard)
    mentions.judge(heard, VERDICT, "answer")

    planned, confirmed, failed, later = made
    assert deliveries.day("lindebieb", "2026-11-23") == [confirmed, failed, planned]
    assert deliveries.day("lindebieb", "2026-11-23", limit=1) == [confirmed]
    assert deliveries.day("lindebieb", "2026-11-24") == [later]
    assert deliveries.day("lindebieb", "2026-11-22") == deliveries.day("elders", "2026-11-23") == []
    assert [listed.key for listed in mentions.day("lindebieb", "2026-11-23")[0]] == [heard.key]


def test_r26_the_expired_is_not_there(deliveries: Deliveries, planned: Delivery, aws: World) -> None:
    aws.set_ttl_past(f"C#{KEY.brand}")
    with pytest.raises(NotFound):
        deliveries.get(planned.key)
    assert deliveries.day(KEY.brand, "2026-11-23") == []
