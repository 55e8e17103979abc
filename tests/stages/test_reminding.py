"""What an approved reply promises is a task from that moment, and its department is reminded of it: on the
morning, and when it is past; in one mail, and never twice for one moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseState, EventKind
from chalicelib.domain.promise import Promise, PromiseState
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import answer, promising
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import COMPLAINT, Town, brand

TOMORROW = "@kees We bellen u morgen terug. We zoeken het uit. Noor, Lindebieb"
MORNING = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
"""Tuesday, when the desk opens; the reply is of the Monday."""
CLOSING = datetime(2026, 11, 17, 16, 30, tzinfo=UTC)


def told(town: Town) -> list[str]:
    """The mails about promises."""
    return [body for mail in town.world.mails() if "eloofd" in (body := vars(mail)["body"])]


def promised(town: Town) -> list[Promise]:
    return wiring.cases().dossier(town.case().key).promises


def answered(town: Town, text: str = TOMORROW) -> None:
    town.hear(COMPLAINT)
    town.drain()
    town.approve(town.case(), text=text)
    town.settle(2)


def at(town: Town, moment: datetime) -> None:
    town.now = moment
    town.tick()


def test_a_promise_is_made_with_the_yes_and_stands_until_it_is_kept(town: Town) -> None:
    answered(town)
    first, second = promised(town)
    assert (first.passage, first.due, first.dated) == ("@kees We bellen u morgen terug.", CLOSING, True)
    assert (second.dated, second.due) == (False, CLOSING + timedelta(days=1))
    assert {(each.by, each.department, each.author) for each in (first, second)} == {("Noor", "desk", "kees")}

    promising.keep(first.key, 1, "Bas", by_id="bas", promises=wiring.promises(), now=town.now)
    with pytest.raises(Conflict):
        promising.drop(first.key, 1, "Al gebeurd", "Bas", promises=wiring.promises(), now=town.now)
    assert [each.key for each in wiring.promises().open(brand().id, limit=9)[0]] == [second.key]
    (line,) = [event for event in town.history(town.case())[0] if event.kind is EventKind.KEPT]
    assert (line.by, line.text) == ("Bas", first.passage)


def test_what_a_person_said_of_it_counts(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    case, later = town.case(), town.now + timedelta(days=4)
    said = {"@kees We bellen u morgen terug.": later, "We zoeken het uit.": None}

    def approve(**said_: object) -> None:
        answer.approve(
            case.key,
            case.rev,
            TOMORROW,
            "Noor",
            brand=brand(),
            cases=wiring.cases(),
            tasks=wiring.tasks(),
            counts=None,
            now=town.now,
            **said_,  # type: ignore[arg-type]
        )

    for gone in (town.now, town.now + timedelta(days=301)):
        with pytest.raises(BadInput, match="promises"):
            approve(promised={"We zoeken het uit.": gone})
    approve(promised=said)
    (only,) = promised(town)
    assert (only.due, only.dated) == (later, True)


def test_a_reply_that_is_stopped_or_refused_takes_its_promises_along(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    wiring.desk().set_mood(brand(), "wall", "refuse")
    town.approve(town.case(), text=TOMORROW)
    town.drain()
    assert town.case().state is CaseState.STUCK
    assert [each.state for each in promised(town)] == [PromiseState.WITHDRAWN] * 2

    key = town.approve(town.case(), text=TOMORROW)
    answer.drop(key, "Noor", deliveries=wiring.deliveries(), cases=wiring.cases(), now=town.now)
    assert [each.state for each in promised(town)] == [PromiseState.WITHDRAWN] * 4
    at(town, MORNING)
    at(town, CLOSING + timedelta(days=3))
    assert told(town) == []


def test_the_department_is_told_on_the_morning_and_when_it_is_past(town: Town) -> None:
    answered(town)
    at(town, MORNING - timedelta(minutes=1))
    assert told(town) == []
    for minutes in range(15):
        at(town, MORNING + timedelta(minutes=minutes))
    (mail,) = told(town)
    assert "We bellen u morgen terug." in mail
    assert "uiterlijk 17-11 17:30, beloofd door Noor" in mail
    assert f"?case={town.case().key.slug}" in mail
    assert "We zoeken het uit." not in mail, "that is due tomorrow"

    at(town, MORNING + timedelta(days=1))  # the first is past, the second has its morning
    _, second = told(town)
    assert "had klaar moeten zijn op 17-11 17:30" in second
    assert "We zoeken het uit." in second
    for hour in range(30):
        at(town, MORNING + timedelta(days=1, hours=hour))
    assert len(told(town)) == 3, "and the second when it is past, with the first"
    at(town, MORNING + timedelta(days=9))
    assert len(told(town)) == 3


def test_nobody_is_reminded_of_what_was_kept_or_moved(town: Town) -> None:
    answered(town)
    first, second = promised(town)
    promising.keep(first.key, 1, "Noor", promises=wiring.promises(), now=town.now)
    week = town.now + timedelta(days=7)
    promising.move(
        second.key, 1, week, "Wacht", "Noor", brand=brand(), promises=wiring.promises(), now=town.now
    )
    for days in range(6):
        at(town, MORNING + timedelta(days=days))
    assert told(town) == []
    at(town, MORNING + timedelta(days=6))
    assert "We zoeken het uit." in told(town)[0]


def test_a_brand_or_department_that_is_gone_stops_no_other(town: Town) -> None:
    answered(town)
    (desk,) = brand().departments
    wiring.brands().put(replace(brand(), departments=(replace(desk, id="front"),)))
    at(town, MORNING)
    assert len(told(town)) == 1, "what was of the desk is the first department's"


@pytest.mark.crash
def test_a_reminder_is_mailed_wherever_a_tick_breaks_off(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; twice only where it broke off between the mail and the note that it went."""

    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        answered(town)
        town.now = MORNING
        return town

    def run(town: Town, points: Points) -> None:
        town.tick()

    def redeliver(town: Town) -> None:
        for _ in range(30):
            town.wait(minutes=1)
            town.tick()

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert 1 <= len(told(town)) <= 2, broken_at
        (first, _) = promised(town)
        assert first.remind == CLOSING + timedelta(hours=15, minutes=30), broken_at
        assert wiring.alerts().waiting(town.now)[0] == [], broken_at
