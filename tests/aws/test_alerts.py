"""What `ports.Alerts` promises."""

from datetime import timedelta

import pytest

from chalicelib.aws.table import alerts as module
from chalicelib.aws.table.alerts import Alerts
from chalicelib.domain.case import CaseKey
from tests.conftest import NOW

QUIET = timedelta(minutes=5)
DESK = ("lindebieb", "desk")


def key(n: int) -> CaseKey:
    return CaseKey("lindebieb", "sandbox", f"a/{n}")


def test_what_was_added_is_claimed_once_and_done(alerts: Alerts) -> None:
    alerts.add(*DESK, [key(1)], NOW)
    assert alerts.waiting(NOW) == ([DESK], [], [])
    assert alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET) == (key(1),)
    assert alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET) == ()
    alerts.done(*DESK, [key(1)])
    assert alerts.waiting(NOW + 10 * QUIET)[0] == []
    assert alerts.claim(*DESK, NOW + 10 * QUIET, quiet_until=NOW + 11 * QUIET) == ()


def test_a_repeat_adds_nothing(alerts: Alerts) -> None:
    for _ in range(3):
        alerts.add(*DESK, [key(1), key(1)], NOW)
    alerts.add(*DESK, [], NOW)
    assert alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET) == (key(1),)


def test_what_comes_in_the_quiet_time_is_gathered(alerts: Alerts) -> None:
    alerts.add(*DESK, [key(1)], NOW)
    alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET)
    alerts.add(*DESK, [key(2)], NOW + QUIET / 5)
    alerts.done(*DESK, [key(1)])
    alerts.add(*DESK, [key(3)], NOW + QUIET / 2)

    just_before = NOW + QUIET - timedelta(seconds=1)
    assert alerts.waiting(just_before)[0] == []
    assert alerts.claim(*DESK, just_before, quiet_until=NOW + 2 * QUIET) == ()
    assert alerts.waiting(NOW + QUIET)[0] == [DESK]
    assert alerts.claim(*DESK, NOW + QUIET, quiet_until=NOW + 2 * QUIET) == (key(2), key(3))


def test_long_after_the_last_one_an_alert_goes_out_at_once(alerts: Alerts) -> None:
    alerts.add(*DESK, [key(1)], NOW)
    alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET)
    alerts.done(*DESK, [key(1)])
    later = NOW + timedelta(days=2)
    alerts.add(*DESK, [key(2)], later)
    assert alerts.waiting(later)[0] == [DESK]
    assert alerts.claim(*DESK, later, quiet_until=later + QUIET) == (key(2),)


def test_what_was_claimed_and_not_sent_is_claimed_again(alerts: Alerts) -> None:
    alerts.add(*DESK, [key(1)], NOW)
    alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET)
    assert alerts.waiting(NOW + QUIET)[0] == [DESK]
    assert alerts.claim(*DESK, NOW + QUIET, quiet_until=NOW + 2 * QUIET) == (key(1),)


def test_done_may_be_said_twice_and_of_nothing(alerts: Alerts) -> None:
    alerts.add(*DESK, [key(1), key(2)], NOW)
    for told in ([key(1)], [key(1)], [], [key(2)], [key(2)]):
        alerts.done(*DESK, told)
    alerts.done("lindebieb", "press", [key(1)])
    assert alerts.waiting(NOW + QUIET)[0] == []
    alerts.add(*DESK, [key(3)], NOW)
    assert alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET) == (key(3),)


def test_departments_and_brands_do_not_hear_each_others(alerts: Alerts) -> None:
    places = [("elders", "desk"), DESK, ("lindebieb", "press")]
    for n, place in enumerate(places):
        alerts.add(*place, [key(n)], NOW)
    assert sorted(alerts.waiting(NOW)[0]) == places
    assert alerts.claim("lindebieb", "press", NOW, quiet_until=NOW + QUIET) == (key(2),)


def test_r24_a_storm_does_not_fill_the_item(alerts: Alerts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for n in range(10):
        alerts.add(*DESK, [key(n)], NOW)
    assert len(alerts.claim(*DESK, NOW, quiet_until=NOW + QUIET)) == 3
