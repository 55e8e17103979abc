"""The duty roster as people read and change it."""

from typing import Any

import pytest

from chalicelib.domain.roles import Grant, Role
from chalicelib.domain.roster import Shift, Week
from tests.domain.test_roster import shift
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import ADA, NOOR, SAM
from tests.web.world import BRAND, NOW, World

MONDAY = "2026-11-23"
SHIFT = {
    "do": "add",
    "week": MONDAY,
    "department": "uitlening",
    "colleague": SAM,
    "start": "2026-11-23T09:00",
    "end": "2026-11-23T17:00",
}


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    return in_role(browser, world, ("manager",))


def kept(world: World, monday: str = MONDAY) -> tuple[Shift, ...]:
    return world.rosters.week(BRAND.id, monday).shifts


def test_a_shift_is_put_on_the_roster_and_taken_off(manager: Browser, world: World) -> None:
    answer = manager.post("/roster", SHIFT)
    page = manager.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "De dienst staat op het rooster." in text_of(page)
    assert "09:00-17:00 Sam nu" in text_of(page)
    (one,) = kept(world)
    assert (one.user, one.name, one.mail) == (SAM, "Sam", "sam@veldermeer.example")
    assert manager.post("/roster", SHIFT).status_code == 303, "the same once more is one"
    assert len(kept(world)) == 1
    manager.post("/roster", {"do": "remove", "week": MONDAY, "shift": one.id})
    assert kept(world) == ()
    assert manager.post("/roster", {"do": "remove", "week": MONDAY, "shift": one.id}).status_code == 303
    told = [line for line in world.audit.lines if line.what == "roster.change"]
    assert [(bool(line.before), bool(line.after)) for line in told] == [(False, True), (True, False)]
    assert "Sam 2026-11-23T09:00/2026-11-23T17:00 uitlening" in told[0].after


def test_a_shift_stands_in_the_week_in_which_it_begins(manager: Browser, world: World) -> None:
    night = {**SHIFT, "start": "2026-11-29T23:00", "end": "2026-11-30T07:00", "standby": "yes"}
    manager.post("/roster", night)
    page = text_of(manager.get("/roster?week=2026-11-25").body.decode())
    assert "23:00-ma 07:00 Sam (achterwacht)" in page
    assert "Sam (" not in text_of(manager.get("/roster?week=2026-11-30").body.decode())


def test_who_reads_sees_it_and_changes_nothing(browser: Browser, world: World) -> None:
    world.rosters.keep(
        Week(brand=BRAND.id, monday=MONDAY, rev=1, shifts=(shift(SHIFT["start"], SHIFT["end"], of="jeugd"),))
    )
    reader = in_role(browser, world, ("reader",))
    page = reader.get("/roster").body.decode()
    assert faults(page) == []
    assert "09:00-17:00 Noor" in text_of(page)
    assert "<button name" not in page
    assert reader.post("/roster", SHIFT).status_code == 403
    empty = reader.get("/roster?week=2027-01-04").body.decode()
    assert faults(empty) == []
    assert "Deze week staat er niemand op het rooster." in text_of(empty)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"colleague": NOOR}, "Kies iemand die bij deze afdeling mag antwoorden."),
        ({"department": "nergens"}, "Kies er een uit de lijst."),
        ({"end": "2026-11-23T08:00"}, "Kies een moment na het begin"),
        ({"start": "morgen"}, "Kies een dag en een tijd"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    manager: Browser, world: World, wrong: dict[str, str], said: str
) -> None:
    refused = manager.post("/roster", {**SHIFT, **wrong})
    assert refused.status_code == 422
    assert faults(refused.body.decode()) == []
    assert said in text_of(refused.body.decode())
    assert kept(world) == ()


def test_last_week_is_copied_beside_what_is_there_for_who_still_may(manager: Browser, world: World) -> None:
    last = (
        shift("2026-11-16T09:00", "2026-11-16T17:00", ADA, of="uitlening"),
        shift("2026-11-17T09:00", "2026-11-17T17:00", "gone", of="uitlening"),
        shift("2026-11-18T09:00", "2026-11-18T17:00", SAM, of="jeugd"),
    )
    world.rosters.keep(Week(brand=BRAND.id, monday="2026-11-16", rev=1, shifts=last))
    manager.post("/roster", SHIFT)
    for _ in range(2):
        answer = manager.post("/roster", {"do": "copy", "week": MONDAY})
    page = manager.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert [(each.start, each.name) for each in kept(world)] == [
        ("2026-11-23T09:00", "Ada"),
        ("2026-11-23T09:00", "Sam"),
        ("2026-11-25T09:00", "Sam"),
    ]


def test_of_two_managers_at_once_both_shifts_are_there(
    manager: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, once = world.rosters.keep, [True]

    def slower(week: Week, *lines: Any) -> None:
        if once and once.pop():
            other = shift("2026-11-24T09:00", "2026-11-24T17:00", ADA, of="uitlening")
            keep(Week(brand=BRAND.id, monday=MONDAY, rev=1, shifts=(other,)))
        keep(week, *lines)

    monkeypatch.setattr(world.rosters, "keep", slower)
    assert manager.post("/roster", SHIFT).status_code == 303
    assert [each.user for each in kept(world)] == [SAM, ADA]


def test_a_manager_of_one_department_changes_that_one(browser: Browser, world: World) -> None:
    world.team.kept[BRAND.id, SAM] = Grant(
        brand=BRAND.id,
        user=SAM,
        name="Sam",
        email="sam@veldermeer.example",
        role=Role.MANAGER,
        departments=("jeugd",),
        since=NOW,
    )
    other = shift(SHIFT["start"], SHIFT["end"], ADA, of="uitlening")
    world.rosters.keep(Week(brand=BRAND.id, monday=MONDAY, rev=1, shifts=(other,)))
    assert browser.post("/roster", SHIFT).status_code == 422
    assert browser.post("/roster", {**SHIFT, "department": "jeugd"}).status_code == 303
    browser.post("/roster", {"do": "remove", "week": MONDAY, "shift": other.id})
    assert [each.department for each in kept(world)] == ["uitlening", "jeugd"]
    assert "Uitlening" not in text_of(browser.get("/roster").body.decode())


def test_who_loses_the_role_is_on_no_shift_any_more(browser: Browser, world: World) -> None:
    administrator = in_role(browser, world, ("administrator",))
    world.team.kept[BRAND.id, NOOR] = Grant(
        brand=BRAND.id, user=NOOR, name="Noor", email="noor@veldermeer.example", role=Role.AGENT, since=NOW
    )
    over = shift("2026-11-22T09:00", "2026-11-22T17:00", NOOR, of="uitlening")
    here = shift("2026-11-23T09:00", "2026-11-23T17:00", NOOR, of="uitlening")
    there = shift("2026-12-07T09:00", "2026-12-07T17:00", NOOR, of="jeugd")
    others = shift("2026-11-23T09:00", "2026-11-23T17:00", ADA, of="uitlening")
    for monday, shifts in (("2026-11-16", (over,)), (MONDAY, (here, others)), ("2026-12-07", (there,))):
        world.rosters.keep(Week(brand=BRAND.id, monday=monday, rev=1, shifts=shifts))
    administrator.post(f"/team/{NOOR}/role", {"role": "agent", "in.jeugd": "1", "seen": "1", "where": "here"})
    assert (kept(world), kept(world, "2026-12-07")) == ((others,), (there,))
    administrator.post(f"/team/{NOOR}/role", {"role": "", "seen": "2", "where": "here"})
    assert kept(world, "2026-12-07") == ()
    assert kept(world, "2026-11-16") == (over,), "what was is told as it was"
