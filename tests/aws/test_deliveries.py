"""What `ports.Deliveries` promises."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.aws.table import keys
from chalicelib.aws.table.brakes import Brakes
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.posts import Posts
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import BRAKED, LATE, LEASE, Delivery, DeliveryState, claim
from chalicelib.domain.measuring import AGES
from chalicelib.domain.mention import Mention
from chalicelib.domain.post import PostKey
from chalicelib.errors import Braked, NotFound
from chalicelib.ports import Due, Outgoing
from tests.aws.people import (
    KEY,
    SATURDAY,
    VERDICT,
    case,
    delivery,
    event,
    post,
    post_delivery,
    post_event,
)
from tests.conftest import NOW
from tests.harness.faults import refusing
from tests.harness.hooks import hooked
from tests.harness.meter import Meter
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


@pytest.mark.parametrize("state", [DeliveryState.EDITING, DeliveryState.REMOVING])
def test_the_brake_stops_what_is_said_anew_and_not_what_is_taken_away(
    deliveries: Deliveries, brakes: Brakes, planned: Delivery, state: DeliveryState
) -> None:
    was = replace(planned, state=state, correction="Iets anders.", epoch=1)
    assert deliveries.move(planned, was)
    brake = brakes.pull(KEY.brand, "Sam", NOW)
    if state is DeliveryState.REMOVING:
        assert deliveries.claim(was, claimed(was))
        return
    with pytest.raises(Braked):
        deliveries.claim(was, claimed(was))
    past = replace(was, released=brake.pulled_at)
    assert deliveries.move(was, past)
    assert deliveries.claim(past, claimed(past))


def test_nothing_can_be_settled_that_is_not_there(deliveries: Deliveries) -> None:
    assert not deliveries.settle(delivery())
    assert not deliveries.claim(delivery(), claimed(delivery()))


SAID = {"sent_at": NOW}
LATER = NOW + timedelta(hours=1)
FOR_EVER = NOW + timedelta(days=300)


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"state": DeliveryState.PLANNED}, NOW),
        ({"state": DeliveryState.CLAIMED, "lease_until": NOW + LEASE}, NOW + LEASE),
        ({"state": DeliveryState.SENT}, NOW),
        ({"state": DeliveryState.SENT, "lease_until": NOW + LEASE}, NOW + LEASE),
        ({"state": DeliveryState.UNKNOWN, "due": LATER}, LATER),
        ({"state": DeliveryState.REMOVING, "due": LATER}, LATER),
        ({"state": DeliveryState.CONFIRMED, **SAID}, None),
        ({"state": DeliveryState.FAILED}, None),
        ({"state": DeliveryState.HELD}, None),
        ({"state": DeliveryState.CANCELLED}, None),
        ({"state": DeliveryState.REMOVED, **SAID}, None),
    ],
)
def test_is_due_when_it_is_to_be_looked_at(
    deliveries: Deliveries, planned: Delivery, changes: dict[str, Any], at: datetime | None
) -> None:
    assert deliveries.settle(replace(planned, **changes))
    assert deliveries.due(FOR_EVER) == ([Due(planned.key, at)] if at else [])
    if at:
        assert deliveries.due(at) == [Due(planned.key, at)]
        assert deliveries.due(at - timedelta(milliseconds=1)) == []


def test_r10_a_post_is_due_by_the_wall_until_it_was_tried(deliveries: Deliveries, posts: Posts) -> None:
    """What was reckoned when it was planned may be wrong by now."""
    reckoned = post_delivery(due=NOW)
    posts.add(post(), [reckoned], post_event())
    at = SATURDAY.at()
    assert at == datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert deliveries.due(FOR_EVER) == [Due(reckoned.key, at)]
    assert deliveries.settle(replace(reckoned, tries=1, due=NOW))
    assert deliveries.due(FOR_EVER) == [Due(reckoned.key, NOW)]


def test_the_longest_due_come_first_over_all_pages(deliveries: Deliveries, cases: Cases) -> None:
    for n in (3, 1, 2):
        key = CaseKey("lindebieb", "sandbox", f"a/b:{n}")
        cases.open(case(key))
        planned = delivery(12345, key, due=NOW + timedelta(milliseconds=500 * n))
        cases.approve(case(key, rev=2), planned, event())
    found = deliveries.due(LATER)
    roots = [due.key.owner.root for due in found if isinstance(due.key.owner, CaseKey)]
    assert roots == ["a/b:1", "a/b:2", "a/b:3"]
    assert found[0].key.n == 12345
    assert deliveries.due(LATER, limit=2) == found[:2]
    with pages_of(1):
        assert deliveries.due(LATER) == found
        assert deliveries.due(LATER, limit=2) == found[:2]


@contextmanager
def pages_of(most: int) -> Iterator[None]:
    """DynamoDB ends a page where it likes."""

    def cut(params: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**params, "Limit": most}

    with hooked(("provide-client-params.dynamodb.Query", cut)):
        yield


def test_a_reply_and_a_post_of_like_names_stand_side_by_side(
    deliveries: Deliveries, cases: Cases, posts: Posts
) -> None:
    """The index's keys hold no two of one name, and each is read back as what it is."""
    twins = [
        delivery(1, CaseKey("lindebieb", "p", "1/wall")),
        delivery(1, CaseKey("lindebieb", "p", "1")),
        post_delivery(PostKey("lindebieb", "p"), slot=None, due=NOW),
        post_delivery(PostKey("lindebieb", "p"), "wall-1", slot=None, due=NOW),
    ]
    for one in twins:
        if isinstance(one.key.owner, PostKey):
            posts.add(post(PostKey("lindebieb", "p")), twins[2:], post_event())
        else:
            cases.open(case(one.key.owner))
            cases.approve(case(one.key.owner, rev=2), one, event())
    assert {due.key for due in deliveries.due(NOW)} == {one.key for one in twins}
    assert set(deliveries.get_many([one.key for one in twins])) == set(twins)
    assert len({keys.delivery_work(one.key, "due", NOW)["work_key"] for one in twins}) == 4


def test_planned_is_what_is_still_to_leave_of_this_brand(
    deliveries: Deliveries, posts: Posts, planned: Delivery
) -> None:
    other = PostKey("elders", "p-1")
    later, elsewhere = post_delivery(), post_delivery(other)
    posts.add(post(), [later, post_delivery(channel="gone")], post_event())
    posts.add(post(other), [elsewhere], post_event())
    deliveries.settle(post_delivery(channel="gone", state=DeliveryState.UNKNOWN))
    assert deliveries.planned("lindebieb", NOW) == [planned, later]
    assert deliveries.planned("elders", NOW) == [elsewhere]
    assert deliveries.planned("nobody", NOW) == []
    with Meter() as meter:
        deliveries.planned("nobody", NOW)
    assert meter.calls["dynamodb.Query"] <= 15, "its own months, whatever other brands have planned"


def test_held_is_what_waits_for_a_person(deliveries: Deliveries, posts: Posts, planned: Delivery) -> None:
    """A reply that failed is its case's work."""
    owner = PostKey("lindebieb", "p-1")
    given = [post_delivery(owner, channel) for channel in ("late", "broken", "fine")]
    posts.add(post(owner), given, post_event())
    late, broken, _ = given
    late = replace(late, state=DeliveryState.HELD, reason=LATE)
    broken = replace(broken, state=DeliveryState.FAILED, reason="refused", due=SATURDAY.at() + LEASE)
    braked = replace(planned, state=DeliveryState.HELD, reason=BRAKED)
    for one in (late, broken, braked):
        assert deliveries.settle(one)
    assert deliveries.held("lindebieb") == [braked, late, broken]
    assert deliveries.held("elders") == []

    assert deliveries.settle(replace(braked, state=DeliveryState.FAILED))
    assert deliveries.settle(replace(late, state=DeliveryState.PLANNED))
    assert deliveries.settle(replace(broken, state=DeliveryState.CANCELLED))
    assert deliveries.held("lindebieb") == []


@pytest.mark.parametrize("owner", ["post", "reply"])
def test_a_confirmed_one_is_to_be_measured_at_each_age(
    deliveries: Deliveries, posts: Posts, planned: Delivery, owner: str
) -> None:
    posts.add(post(), [post_delivery()], post_event())
    life: dict[str, Any] = {"state": DeliveryState.CONFIRMED, "sent_at": NOW}
    confirmed = replace(post_delivery() if owner == "post" else planned, **life)
    for step, age in enumerate(AGES):
        assert deliveries.settle(replace(confirmed, measured=step))
        assert list(deliveries.to_measure(NOW + age)) == [confirmed.key]
        assert list(deliveries.to_measure(NOW + age - timedelta(milliseconds=1))) == []
    assert deliveries.settle(replace(confirmed, measured=len(AGES)))
    assert list(deliveries.to_measure(FOR_EVER)) == []


def listed(given: Delivery, at: datetime, text: str) -> Outgoing:
    return Outgoing(
        key=given.key, at=at, state=given.state, text=text, language=given.language, reason=given.reason
    )


def test_between_lists_what_left_and_what_is_still_to(
    deliveries: Deliveries,
    cases: Cases,
    posts: Posts,
    mentions: Mentions,
    mention: Callable[..., Mention],
    aws: World,
) -> None:
    """By the moment it was sent; until then, or where it never was, by the moment it was due. From the
    index alone, whichever UTC months that are."""
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    tick = timedelta(milliseconds=1)
    lives: list[dict[str, Any]] = [
        {"due": NOW, "text": "Dag Kees,\nwat vervelend."},
        {"due": NOW, "state": DeliveryState.CONFIRMED, "sent_at": NOW + timedelta(minutes=3)},
        {"due": new_year - tick, "state": DeliveryState.FAILED, "reason": "refused", "text": "x" * 200},
        {"due": NOW, "state": DeliveryState.SENT, "sent_at": new_year, "text": ""},
    ]
    made = []
    for n, life in enumerate(lives):
        key = CaseKey("lindebieb", "sandbox", f"a/b:{n}")
        cases.open(case(key))
        cases.approve(case(key, rev=2), delivery(1, key), event())
        made.append(delivery(1, key, **life))
        assert deliveries.settle(made[-1])
    cancelled = post_delivery(state=DeliveryState.CANCELLED)
    posts.add(post(), [cancelled], post_event())
    heard = mention(posted_at=NOW)
    mentions.add(heard)
    mentions.judge(heard, VERDICT, "answer")

    planned, confirmed, failed, later = made
    november = [
        listed(planned, NOW, "Dag Kees,"),
        listed(confirmed, NOW + timedelta(minutes=3), "Dag Kees, vervelend! We kijken het na."),
        listed(cancelled, SATURDAY.at(), "Voorlezen op zaterdag"),
    ]
    december = [listed(failed, new_year - tick, "x" * 120)]
    january = [listed(later, new_year, "")]
    everything = november + december + january
    a_day = timedelta(days=1)
    with Meter() as meter:
        assert deliveries.between("lindebieb", NOW - a_day, new_year + a_day) == everything
    assert meter.calls == {"dynamodb.Query": 3}

    def found(start: datetime, end: datetime) -> list[Outgoing]:
        return deliveries.between("lindebieb", start, end)

    assert found(NOW, new_year) == november + december
    assert found(new_year - tick, new_year) == december
    assert found(new_year, new_year + tick) == january
    assert found(NOW + tick, SATURDAY.at()) == november[1:2]
    assert found(NOW - a_day, NOW) == found(NOW, NOW) == found(NOW, NOW - a_day) == []
    assert deliveries.between("elders", NOW - a_day, new_year) == []
    assert [one.key for one in mentions.day("lindebieb", "2026-11-23")[0]] == [heard.key]
    with Meter() as meter:
        found(NOW, datetime(2026, 12, 1, tzinfo=UTC))
    assert meter.calls == {"dynamodb.Query": 1}


def test_r26_the_expired_is_not_there(
    deliveries: Deliveries, posts: Posts, planned: Delivery, aws: World
) -> None:
    posts.add(post(), [post_delivery()], post_event())
    assert [("ttl" in item) for item in aws.items(f"P#{KEY.brand}")] == [False] * 3, "our own words stay"
    aws.set_ttl_past(f"C#{KEY.brand}")
    with pytest.raises(NotFound):
        deliveries.get(planned.key)
    left = deliveries.between(KEY.brand, NOW - timedelta(days=1), FOR_EVER)
    assert [one.key for one in left] == [post_delivery().key]
    assert deliveries.planned(KEY.brand, NOW) == [post_delivery()]


# the brake -----------------------------------------------------------------------------------------


@pytest.fixture
def post_planned(posts: Posts) -> Delivery:
    posts.add(post(), [post_delivery()], post_event())
    return post_delivery()


def sending(was: Delivery) -> Delivery:
    found = claim(was, SATURDAY.at())
    assert found
    return found


@pytest.mark.parametrize("owner", ["post", "reply"])
def test_the_brake_wins_over_who_read_before_it_was_pulled(
    deliveries: Deliveries, brakes: Brakes, planned: Delivery, post_planned: Delivery, owner: str
) -> None:
    ours = post_planned if owner == "post" else planned
    was = deliveries.get(ours.key)
    brakes.pull("lindebieb", "Fatma", NOW)
    with pytest.raises(Braked):
        deliveries.claim(was, sending(was))
    assert deliveries.get(ours.key) == was


def test_the_brake_of_another_brand_holds_nothing(
    deliveries: Deliveries, brakes: Brakes, post_planned: Delivery
) -> None:
    brakes.pull("elders", "Noor", NOW)
    assert deliveries.claim(post_planned, sending(post_planned))


def test_what_was_released_goes_under_that_pull_and_no_other(
    deliveries: Deliveries, brakes: Brakes, post_planned: Delivery
) -> None:
    brake = brakes.pull("lindebieb", "Fatma", NOW + timedelta(microseconds=123_456))
    released = replace(post_planned, released=brake.pulled_at)
    assert deliveries.settle(released)
    brakes.lift("lindebieb", brake, "Noor", NOW)
    second = brakes.pull("lindebieb", "Noor", NOW + timedelta(minutes=1))
    with pytest.raises(Braked):
        deliveries.claim(released, sending(released))
    brakes.lift("lindebieb", second, "Noor", NOW)
    brakes.pull("lindebieb", "Fatma", brake.pulled_at)
    was = deliveries.get(released.key)
    assert deliveries.claim(was, sending(was))


def test_once_claimed_the_brake_holds_it_no_more(
    deliveries: Deliveries, brakes: Brakes, post_planned: Delivery
) -> None:
    """It may be on the network already: it must be looked up."""
    ours = sending(post_planned)
    assert deliveries.claim(post_planned, ours)
    brakes.pull("lindebieb", "Fatma", NOW)
    again = claim(ours, SATURDAY.at() + LEASE)
    assert again
    assert deliveries.claim(ours, again)


@pytest.mark.parametrize("pulled", [False, True])
def test_r12_an_edit_between_read_and_claim_wins(
    deliveries: Deliveries, posts: Posts, brakes: Brakes, post_planned: Delivery, pulled: bool
) -> None:
    """Also under the brake: whoever lost must not hold what somebody changed."""
    was = deliveries.get(post_planned.key)
    edited = replace(was, text="Zondag om elf uur.", epoch=was.epoch + 1)
    posts.change(post(rev=2), [(was, edited)], post_event("e2"))
    if pulled:
        brakes.pull("lindebieb", "Fatma", NOW)
    assert not deliveries.claim(was, sending(was))
    assert deliveries.get(was.key) == edited


def test_r19_claims_that_ask_the_same_brake_at_once_are_tried_again(
    deliveries: Deliveries, post_planned: Delivery, pauses: list[float]
) -> None:
    reasons = "None", "TransactionConflict"
    with refusing("TransactWriteItems", "TransactionCanceledException", times=2, reasons=reasons) as seen:
        assert deliveries.claim(post_planned, sending(post_planned))
    assert seen.times == 3


def test_r12_what_was_held_or_changed_since_it_was_read_is_not_moved(
    deliveries: Deliveries, posts: Posts
) -> None:
    """Whoever holds it without another epoch has written another state."""
    was = post_delivery()
    posts.add(post(), [was], post_event())
    held = replace(was, state=DeliveryState.HELD, reason=LATE)
    assert deliveries.settle(held)
    later = replace(was, due=was.due + timedelta(hours=1))
    assert not deliveries.move(was, later)
    assert deliveries.get(was.key) == held
    assert deliveries.settle(was)
    assert not deliveries.move(replace(was, epoch=was.epoch + 1), later)
    assert deliveries.move(was, later)
    assert deliveries.get(was.key) == later
