"""What `ports.Notices` promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.alerts import Alerts
from chalicelib.aws.table.notices import Notices
from chalicelib.domain.alerting import Notice, Ways, notice_id
from chalicelib.domain.audit import line
from chalicelib.domain.case import CaseKey
from chalicelib.domain.hush import Hush
from chalicelib.domain.post import PostKey
from chalicelib.domain.spike import Surge
from chalicelib.errors import Conflict, NotFound
from tests.conftest import NOW
from tests.harness.world import TABLE_NAME, World

BRAND = "lindebieb"
LATER = NOW + timedelta(minutes=15)


@pytest.fixture
def notices(aws: World) -> Notices:
    return Notices(lambda: aws.client("dynamodb"), TABLE_NAME)


@pytest.fixture
def alerts(aws: World) -> Alerts:
    return Alerts(lambda: aws.client("dynamodb"), TABLE_NAME)


HUSH = Hush(brand=BRAND, source="news", kind="fails", since=NOW, name="Nieuws / Streek")


def test_sources_that_were_told_of_are_kept_with_a_name_that_has_a_stroke_in_it(
    notices: Notices, alerts: Alerts
) -> None:
    assert notices.hushes(BRAND) == ()
    notices.set_hushes(BRAND, [HUSH])
    assert notices.hushes(BRAND) == (HUSH,)
    assert notices.hushes(BRAND)[0].name == HUSH.name
    alerts.add(BRAND, "desk.silent", [HUSH], NOW)
    assert alerts.claim(BRAND, "desk.silent", NOW, quiet_until=LATER) == (HUSH,)


def notice(minute: int = 0, bell: str = "desk.negative") -> Notice:
    at = NOW + timedelta(minutes=minute)
    return Notice(
        brand=BRAND,
        id=notice_id(at, bell),
        at=at,
        bell=bell,
        subject="@kees is boos",
        cases=(CaseKey(BRAND, "mastodon", "1/2"),),
        posts=(PostKey(BRAND, "p-1"),),
        surges=(Surge(BRAND, at, 40, 4, 31, 1),),
        hushes=(HUSH,),
    )


def test_a_notice_is_read_back_with_who_was_reached(notices: Notices) -> None:
    made = notice()
    notices.keep(made)
    notices.reached(made, ["mail", "chat:Noor"], None)
    assert notices.get(BRAND, made.id) == replace(made, reached=("mail", "chat:Noor"))
    for wrong in ("20200101T000000000-x.y", "!", "@1", "!digest"):
        with pytest.raises(NotFound):
            notices.get(BRAND, wrong)


def test_who_looked_first_is_kept_and_nobody_else_is_told_then(notices: Notices, alerts: Alerts) -> None:
    made = notice()
    notices.keep(made)
    notices.reached(made, ["mail"], LATER)
    assert alerts.waiting(NOW) == ([], [], [])
    assert alerts.waiting(LATER) == ([], [(BRAND, made.id)], [])
    assert notices.opened(made, "Noor", "1", NOW)
    assert not notices.opened(made, "Sam", "2", NOW)
    kept = notices.get(BRAND, made.id)
    assert (kept.opened_by, kept.opened_by_id, kept.opened_at) == ("Noor", "1", NOW)
    assert alerts.waiting(LATER) == ([], [], [])
    assert notices.claim_unopened(BRAND, made.id, LATER, again=LATER) is None


def test_who_looked_before_it_was_noted_as_sent_is_not_asked_again(notices: Notices, alerts: Alerts) -> None:
    made = notice()
    notices.keep(made)
    notices.opened(made, "Noor", "1", NOW)
    notices.reached(made, ["mail"], LATER)
    assert alerts.waiting(LATER) == ([], [], [])
    assert notices.get(BRAND, made.id).reached == ("mail",)


def test_what_nobody_opened_is_one_callers_until_later(notices: Notices, alerts: Alerts) -> None:
    made = notice()
    notices.keep(made)
    notices.reached(made, ["mail"], LATER)
    assert notices.claim_unopened(BRAND, made.id, NOW, again=LATER) is None, "too early"
    again = LATER + timedelta(minutes=10)
    found = notices.claim_unopened(BRAND, made.id, LATER, again=again)
    assert found == replace(made, reached=("mail",))
    assert notices.claim_unopened(BRAND, made.id, LATER, again=again) is None
    assert alerts.waiting(again) == ([], [(BRAND, made.id)], []), "it broke off"
    notices.settle(made, LATER)
    assert alerts.waiting(again) == ([], [], [])
    assert notices.get(BRAND, made.id).escalated_at == LATER


def test_the_newest_come_first_a_page_at_a_time(notices: Notices) -> None:
    made = [notice(minute) for minute in range(5)]
    for each in made:
        notices.keep(each)
    notices.set_ways(Ways(brand=BRAND, user="1", name="Noor"))
    notices.set_digested(BRAND, "2026-11-23")
    first, on = notices.newest(BRAND, limit=3)
    rest, end = notices.newest(BRAND, limit=3, before=on)
    assert [*first, *rest] == made[::-1]
    assert end == ""
    assert notices.newest("nobody") == ([], "")


def test_the_ways_of_a_colleague_are_their_own_and_at_one_brand(notices: Notices) -> None:
    noor = Ways(brand=BRAND, user="1", name="Noor", mail="noor@x.example", departments=("desk",))
    sam = Ways(brand=BRAND, user="2", name="Sam", chat=True)
    for each in (sam, noor):
        notices.set_ways(each, line(BRAND, NOW, each.user, "team.alerts"))
    assert notices.colleagues(BRAND) == [noor, sam]
    assert notices.colleagues("elsewhere") == []
    assert notices.ways([BRAND, "elsewhere"], "1") == {BRAND: noor}
    with pytest.raises(Conflict):
        notices.set_ways(noor)
    notices.set_ways(replace(noor, rev=2, quiet="22:00-07:00"))
    notices.forget(BRAND, "1")
    notices.forget(BRAND, "3")
    assert notices.colleagues(BRAND) == [sam]


def test_the_habit_of_hours_is_kept_small_and_whole(notices: Notices) -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    hours = {hour - timedelta(hours=n): (n % 40, n % 7) for n in range(24 * 7 * 8)}
    told = Surge(BRAND, NOW, 40, 4, 31, 1)
    assert notices.habit(BRAND) == ({}, None)
    notices.set_habit(BRAND, hours, told)
    assert notices.habit(BRAND) == (hours, told)
    notices.set_habit(BRAND, {hour: (0, 0)}, None)
    assert notices.habit(BRAND) == ({hour: (0, 0)}, None)


def test_how_far_one_looked_is_kept(notices: Notices) -> None:
    assert notices.told_until() is None
    notices.set_told_until(LATER)
    assert notices.told_until() == LATER
    assert notices.digested(BRAND) == ""
    notices.set_digested(BRAND, "2026-11-23")
    assert notices.digested(BRAND) == "2026-11-23"
