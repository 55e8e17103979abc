"""What `ports.Measurements` and `ports.Followings` promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.followings import Followings
from chalicelib.aws.table.measurements import Measurements
from chalicelib.aws.table.posts import Posts
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.measuring import AGES, Following, Measurement, Numbers
from tests.aws.people import KEY, POST, case, delivery, event, post, post_delivery, post_event
from tests.conftest import NOW
from tests.harness.world import World

FOR_EVER = NOW + timedelta(days=300)


@pytest.fixture
def confirmed(posts: Posts) -> Delivery:
    given = post_delivery(state=DeliveryState.CONFIRMED, sent_at=NOW)
    posts.add(post(), [given, post_delivery(channel="masto")], post_event())
    return given


def measurement(step: int, reach: int | None = None) -> Measurement:
    return Measurement(step=step, at=NOW + AGES[step - 1], numbers=Numbers(reach=reach, replies=0))


def test_each_measurement_moves_the_delivery_on_to_its_next(
    measurements: Measurements, deliveries: Deliveries, confirmed: Delivery
) -> None:
    for step, age in enumerate(AGES, 1):
        assert list(deliveries.to_measure(NOW + age)) == [confirmed.key]
        assert measurements.add(deliveries.get(confirmed.key), measurement(step, step * 10))
        assert list(deliveries.to_measure(NOW + age)) == []
        assert deliveries.get(confirmed.key).measured == step
    assert list(deliveries.to_measure(FOR_EVER)) == []
    assert measurements.of(POST) == [(confirmed.key, measurement(step, step * 10)) for step in (1, 2, 3)]


def test_not_given_is_never_zero(measurements: Measurements, confirmed: Delivery) -> None:
    measurements.add(confirmed, measurement(1))
    ((_, found),) = measurements.of(POST)
    assert found.numbers == Numbers(reach=None, reactions=None, replies=0, shares=None)


def test_of_two_who_measure_one_counts(
    measurements: Measurements, deliveries: Deliveries, confirmed: Delivery
) -> None:
    assert measurements.add(confirmed, measurement(1, 10))
    assert not measurements.add(confirmed, measurement(1, 99))
    assert measurements.of(POST) == [(confirmed.key, measurement(1, 10))]
    removing = replace(deliveries.get(confirmed.key), state=DeliveryState.REMOVING)
    assert deliveries.settle(removing)
    assert not measurements.add(replace(removing, state=DeliveryState.CONFIRMED), measurement(2))


def test_after_an_outage_a_step_may_be_left_out(
    measurements: Measurements, deliveries: Deliveries, confirmed: Delivery
) -> None:
    assert measurements.add(confirmed, measurement(2, 20))
    assert list(deliveries.to_measure(NOW + AGES[2] - timedelta(seconds=1))) == []
    assert list(deliveries.to_measure(NOW + AGES[2])) == [confirmed.key]


def test_what_does_not_measure_is_asked_no_more(
    measurements: Measurements, deliveries: Deliveries, confirmed: Delivery
) -> None:
    measurements.skip(confirmed)
    assert list(deliveries.to_measure(FOR_EVER)) == []
    assert measurements.of(POST) == []
    now = deliveries.get(confirmed.key)
    measurements.skip(confirmed)  # read before: changes nothing
    assert deliveries.get(confirmed.key) == now


def test_a_reply_is_measured_under_its_case(
    measurements: Measurements, cases: Cases, deliveries: Deliveries, aws: World
) -> None:
    cases.open(case())
    cases.approve(case(rev=2), delivery(), event())
    sent = replace(delivery(), state=DeliveryState.CONFIRMED, sent_at=NOW)
    assert deliveries.settle(sent)
    assert measurements.add(sent, measurement(1, 5))
    assert measurements.of(KEY) == [(sent.key, measurement(1, 5))]
    assert cases.get(KEY) == case(rev=2)
    events, found = cases.history(KEY)
    assert len(events) == 2
    assert [one.measured for one in found] == [1]
    assert all("ttl" in item for item in aws.items(f"C#{KEY.brand}")), "it goes when the case goes"


def test_of_all_channels_the_oldest_comes_first(measurements: Measurements, posts: Posts) -> None:
    first, second = (
        post_delivery(channel=channel, state=DeliveryState.CONFIRMED, sent_at=NOW) for channel in ("b", "a")
    )
    posts.add(post(), [first, second], post_event())
    measurements.add(second, replace(measurement(1), at=NOW + timedelta(hours=2)))
    measurements.add(first, measurement(1))
    assert [key.channel for key, _ in measurements.of(POST)] == ["b", "a"]


def test_followers_are_kept_a_day_and_the_last_counts(followings: Followings) -> None:
    days = [
        Following(channel="masto", day="2026-11-29", followers=0, following=3),
        Following(channel="masto", day="2026-11-30", followers=None, following=4),
        Following(channel="masto", day="2026-12-01", followers=12, following=None),
    ]
    followings.put("lindebieb", replace(days[0], followers=99))
    for day in [*days, Following(channel="wall", day="2026-11-30"), replace(days[1], channel="masto-2")]:
        followings.put("lindebieb", day)
    assert followings.of("lindebieb", "masto", "2026-11-29", "2026-12-01") == days
    assert followings.of("lindebieb", "masto", "2026-11-30", "2026-11-30") == days[1:2]
    assert followings.of("lindebieb", "masto", "2026-12-01", "2026-11-30") == []
    assert followings.of("elders", "masto", "2026-01-01", "2026-12-31") == []
