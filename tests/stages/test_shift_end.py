"""Who is on duty hears it; who stands by hears that nobody looked; nothing stays with who went home."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.alerting import Ways, secret_of
from chalicelib.domain.brand import Department
from chalicelib.domain.case import CaseEvent, EventKind
from chalicelib.domain.roster import Shift, Week
from chalicelib.stages import answer, claim
from tests.domain.test_roster import shift
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.chats import Chats
from tests.servers.feeds import Feeds
from tests.stages.planning import BRAND
from tests.stages.test_alerting import chats as chats, desk, hear, mails, notices, subjects
from tests.stages.town import COMPLAINT, COMPLIMENT, Town, brand

MONDAY = "2026-11-16"
DAY = shift("2026-11-16T09:00", "2026-11-16T10:20")
"""Noor; it is 10:12 there."""
NEXT = shift("2026-11-16T10:20", "2026-11-16T17:00", "sam")
STANDBY = shift("2026-11-16T09:00", "2026-11-16T23:00", "jip", standby=True)


def rota(*shifts: Shift) -> None:
    wiring.rosters().keep(Week(brand=BRAND, monday=MONDAY, rev=1, shifts=shifts))
    wiring.brands().latest(BRAND)


def to(town: Town, n: int = -1) -> list[str]:
    found: list[str] = mails(town)[n]["destinations"]["ToAddresses"]
    return found


def laid(town: Town) -> list[CaseEvent]:
    events, _ = wiring.cases().history(town.case().key)
    return [event for event in events if event.kind is EventKind.LAID_DOWN]


def take(town: Town, user: str = "noor", **given: Any) -> None:
    case = town.case()
    claim.take(case.key, case.rev, user.title(), by_id=user, cases=wiring.cases(), now=town.now, **given)


# alerts --------------------------------------------------------------------------------------------


def test_who_is_on_duty_is_told_without_ways_of_their_own(town: Town) -> None:
    rota(DAY, NEXT, STANDBY)
    hear(town, COMPLAINT, 1)
    assert [to(town, 0), to(town, 1)] == [["desk@lindebieb.example"], ["noor@x.nl"]]
    assert notices()[0].reached == ("mail", "mail:Noor")


def test_who_is_on_duty_hears_everything_in_their_chat_too(town: Town, chats: Chats) -> None:
    rota(DAY)
    wiring.secrets().put(secret_of(BRAND, "noor"), {"url": chats.address("discord")})
    own = Ways(brand=BRAND, user="noor", name="Noor", chat=True, departments=("else",), quiet="00:00-10:30")
    wiring.notices().set_ways(own)
    hear(town, COMPLIMENT, 1)
    assert notices()[0].reached == ("mail", "mail:Noor", "chat:Noor")
    town.settle(30)
    assert len(notices()) == 1


def test_who_stands_by_hears_first_that_nobody_looked(town: Town) -> None:
    desk(escalate_mail=("hoofd@lindebieb.example",), escalate_after=15)
    rota(STANDBY)
    hear(town, COMPLAINT, 1)
    assert len(mails(town)) == 1
    town.settle(16)
    assert to(town) == ["jip@x.nl", "hoofd@lindebieb.example"]
    assert subjects(town)[-1].startswith("Niemand keek:")


def test_standby_alone_is_somebody_to_tell(town: Town) -> None:
    desk(escalate_after=15)
    rota(STANDBY)
    hear(town, COMPLAINT, 1)
    town.settle(16)
    assert to(town) == ["jip@x.nl"]
    town.settle(30)
    assert len([each for each in subjects(town) if each.startswith("Niemand keek: @kees is")]) == 1


def test_who_stands_by_hears_that_nobody_looked_in_their_own_language(town: Town) -> None:
    desk(escalate_after=15, escalate_mail=("hoofd@lindebieb.example",))
    rota(STANDBY)
    wiring.notices().set_ways(Ways(brand=BRAND, user="jip", name="Jip", told_in="en"))
    hear(town, COMPLAINT, 1)
    town.settle(16)
    said = {mail["destinations"]["ToAddresses"][0]: mail for mail in mails(town)[-2:]}
    assert said["jip@x.nl"]["subject"].startswith("Nobody looked: @kees is unhappy")
    assert "@kees is unhappy" in said["jip@x.nl"]["body"]
    assert said["hoofd@lindebieb.example"]["subject"].startswith("Niemand keek: @kees is ontevreden")


# the end of a shift ----------------------------------------------------------------------------------


def test_at_the_end_of_a_shift_the_next_one_reads_how_it_stands(town: Town) -> None:
    desk(alert_mail=(), other_within=300)
    hear(town, "Hoe laat gaat de Lindebieb open?", 1, "vraag")
    rota(DAY, NEXT, STANDBY)
    case = town.case()
    text = "@vraag We gaan om negen uur open. Groet, Noor van Lindebieb"
    answer.save_draft(case.key, case.rev, text, "Noor", by_id="noor", cases=wiring.cases(), now=town.now)
    take(town)
    town.until(lambda: bool(mails(town)), minutes=20)
    assert to(town) == ["sam@x.nl"]
    assert subjects(town) == ["Overdracht Balie: 1 open, 0 te laat"]
    body = mails(town)[0]["body"]
    assert "De dienst van Noor bij Balie eindigde om 16-11 10:20." in body
    for heading in ("Neergelegd omdat de dienst eindigde:", "Achtergelaten met een concept:"):
        assert f"{heading}\n@vraag: Hoe laat gaat de Lindebieb open? (uiterlijk 16-11 15:12)" in body
    assert "Te beantwoorden voor 16-11 17:00: 1" in body
    assert f"https://console.example/cases/{case.key.slug}" in body
    assert town.case().taken_until is None
    assert [(event.by, event.text) for event in laid(town)] == [("", "Noor")]
    town.settle(30)
    assert len(mails(town)) == 1


@pytest.mark.parametrize(
    ("others", "expected", "said"),
    [
        ((STANDBY,), ["jip@x.nl"], "geen volgende dienst op het rooster"),
        ((replace(NEXT, start="2026-11-16T12:00"),), ["desk@lindebieb.example"], "begint 16-11 12:00 (Sam)"),
        ((), ["desk@lindebieb.example"], "geen volgende dienst op het rooster"),
    ],
)
def test_where_nobody_is_next_it_says_when_somebody_is(
    town: Town, others: tuple[Shift, ...], expected: list[str], said: str
) -> None:
    rota(DAY, *others)
    town.until(lambda: bool(mails(town)), minutes=20)
    assert to(town) == expected
    assert said in mails(town)[0]["body"]


def test_who_goes_on_or_took_it_after_the_shift_keeps_it(town: Town) -> None:
    hear(town, "Hoe laat gaat de Lindebieb open?", 1, "vraag")
    rota(DAY, replace(NEXT, user="noor"))
    take(town)
    town.settle(20)
    assert laid(town) == []
    assert town.case().is_with("Noor", "noor")


def test_a_colleagues_case_stays_with_them(town: Town) -> None:
    hear(town, "Hoe laat gaat de Lindebieb open?", 1, "vraag")
    rota(DAY, NEXT)
    take(town, "sam")
    town.settle(20)
    assert town.case().is_with("Sam", "sam")


def test_what_is_of_another_department_stays_with_who_is_on_duty_there(town: Town) -> None:
    both = (*brand().departments, Department(id="youth", name="Jeugd"))
    wiring.brands().put(replace(brand(), departments=both))
    hear(town, "Hoe laat gaat de Lindebieb open?", 1, "vraag")
    rota(replace(DAY, department="youth"), replace(NEXT, user="noor"))
    take(town)
    town.settle(20)
    assert town.case().is_with("Noor", "noor"), "their own shift at the desk goes on"


@pytest.mark.crash
def test_whatever_breaks_nothing_stays_with_who_went_home_and_the_next_one_hears_it(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail may come twice, and never not at all."""

    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        desk(alert_mail=())
        town.hear("Hoe laat gaat de Lindebieb open?", id="r-1", author="vraag")
        town.drain()
        rota(DAY, NEXT)
        take(town)
        town.now = town.now.replace(minute=20)
        return town

    def run(town: Town, points: Points) -> None:
        town.tick()

    def redeliver(town: Town) -> None:
        town.tick()
        for _ in range(2):
            town.now += timedelta(minutes=10)
            town.tick()

    for mode, k, town in every_crash(fresh, run, redeliver):
        assert len(laid(town)) == 1, f"{mode} call {k}"
        assert town.case().taken_until is None, f"{mode} call {k}"
        most = 1 if mode == "whole" else 2
        told = [subject for subject in subjects(town) if subject.startswith("Overdracht")]
        assert 1 <= len(told) <= most, f"{mode} call {k}"
