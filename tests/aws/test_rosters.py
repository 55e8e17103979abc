"""What `ports.Rosters` promises."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.notices import Notices
from chalicelib.aws.table.rosters import Rosters
from chalicelib.domain.audit import line
from chalicelib.domain.roster import Week
from chalicelib.errors import Conflict
from tests.conftest import NOW
from tests.domain.test_roster import BACKUP, DAY
from tests.harness.meter import Meter
from tests.harness.world import TABLE_NAME, World
from tests.web.world import BRAND

MONDAY = "2026-11-23"


@pytest.fixture
def rosters(aws: World) -> Rosters:
    return Rosters(lambda: aws.client("dynamodb"), TABLE_NAME)


def week(rev: int = 1, monday: str = MONDAY) -> Week:
    return Week(brand=BRAND.id, monday=monday, rev=rev, shifts=(DAY, BACKUP))


def test_a_week_is_read_back_and_nobody_writes_over_another(rosters: Rosters) -> None:
    assert rosters.week(BRAND.id, MONDAY) == Week(brand=BRAND.id, monday=MONDAY)
    rosters.keep(week(), line(BRAND.id, NOW, "1", "roster.change"))
    assert rosters.week(BRAND.id, MONDAY) == week()
    for rev in (1, 3):
        with pytest.raises(Conflict):
            rosters.keep(week(rev))
    rosters.keep(Week(brand=BRAND.id, monday=MONDAY, rev=2))
    assert rosters.week(BRAND.id, MONDAY).shifts == ()


def test_weeks_are_read_with_one_request_and_none_else(rosters: Rosters, aws: World) -> None:
    notices = Notices(lambda: aws.client("dynamodb"), TABLE_NAME)
    notices.set_digested(BRAND.id, MONDAY)
    for monday in ("2026-11-09", "2026-11-16", MONDAY, "2026-11-30", "2026-12-07"):
        rosters.keep(week(monday=monday))
    with Meter() as meter:
        found = wiring.rosters().between(BRAND.id, "2026-11-16", "2026-11-30")
    assert [each.monday for each in found] == ["2026-11-16", MONDAY, "2026-11-30"]
    assert sum(meter.calls.values()) == 1
    assert notices.newest(BRAND.id) == ([], "")
    assert notices.colleagues(BRAND.id) == []


def test_the_brand_says_which_weeks_have_shifts_and_keeps_saying_it(rosters: Rosters, aws: World) -> None:
    brands = Brands(lambda: aws.client("dynamodb"), TABLE_NAME)
    brands.put(BRAND)
    rosters.keep(week())
    rosters.keep(week(monday="2026-11-30"))
    found, rev = brands.latest(BRAND.id)
    assert found.rostered == (MONDAY, "2026-11-30")
    brands.change(found, rev)
    rosters.keep(Week(brand=BRAND.id, monday=MONDAY, rev=2))
    assert brands.latest(BRAND.id)[0].rostered == ("2026-11-30",)
    rosters.keep(Week(brand=BRAND.id, monday="2026-11-30", rev=2))
    assert brands.latest(BRAND.id)[0] == BRAND


def test_what_ended_is_handed_over_by_one_at_a_time_and_once(rosters: Rosters) -> None:
    assert not rosters.claim_end(week(), DAY.closing, NOW, NOW), "there is no such week"
    rosters.keep(week())
    later = NOW + timedelta(minutes=9)
    assert rosters.claim_end(week(), DAY.closing, NOW, later)
    assert not rosters.claim_end(week(), DAY.closing, NOW + timedelta(minutes=1), later)
    assert rosters.claim_end(week(), DAY.closing, later, later + timedelta(minutes=9)), "who had it broke off"
    rosters.handed(week(), DAY.closing)
    assert not rosters.claim_end(week(), DAY.closing, later + timedelta(hours=1), later)
    assert rosters.claim_end(week(), BACKUP.closing, later, later)
    rosters.keep(week(2))
    assert rosters.week(BRAND.id, MONDAY).handed == {DAY.closing}, "a change of the week leaves it"
