"""What reached its department by another way than a new message: told of in time, due by its own hours, seen
by as many eyes as before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.alerting import Ways
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import Case, CaseKey, CaseState
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.promise import PromiseState
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import answer, claim, correct, give, nearly_late
from tests.stages.test_holding import SUNDAY, approval, hold_off
from tests.stages.test_threads import asked, counts, one_step
from tests.stages.town import BRAND, COMPLAINT, Town, brand

RARELY: dict[str, tuple[str, ...]] = {"mon": ("09:00-17:30",), "thu": ("09:00-12:00",)}
ADMIN = Department(
    id="admin",
    name="Administratie",
    hours=RARELY,
    complaint_within=480,
    other_within=480,
    alert_mail=("admin@lindebieb.example",),
)
TUESDAY = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)


def two() -> Brand:
    found = replace(brand(), departments=(*brand().departments, ADMIN))
    wiring.brands().put(found)
    return found


def given(town: Town, **more: Any) -> dict[str, Any]:
    return {"by_id": "n", "cases": wiring.cases(), "now": town.now, **more}


def handed(town: Town, of: Brand) -> Case:
    """By Noor, to Administratie."""
    case = town.case()

    def ring(case: Case) -> None:
        nearly_late.ring(case, of, wiring.alerts(), town.now)

    more = given(town, brand=of, ring=ring)
    return answer.hand_over(case.key, case.rev, "admin", "dat is van jullie", "Noor", **more)


def next_of_noor(town: Town, of: Brand) -> give.Given:
    return give.next_case(
        of,
        None,
        "Noor",
        "n",
        cases=wiring.cases(),
        notices=wiring.notices(),
        rosters=wiring.rosters(),
        now=town.now,
    )


def mails_of(town: Town, to: str) -> list[str]:
    return [mail.subject for mail in town.world.mails() if to in mail.destinations["ToAddresses"]]


def writes_on_tuesday(town: Town, text: str) -> Case:
    town.now = TUESDAY
    wiring.sources().set_last_tick(town.now - timedelta(minutes=1))
    town.hear(text, id="r-2", reply_to="r-1")
    town.drain()
    return town.case()


# a clock of its own ------------------------------------------------------------------------------------


def test_what_was_handed_over_is_due_by_the_hours_of_who_has_it(town: Town) -> None:
    of = two()
    done = handed(asked(town), of)
    answer.solve(done.key, done.rev, "Piet", **given(town))
    case = writes_on_tuesday(town, "Nog steeds geen antwoord van de Lindebieb, heel slecht!")
    assert (case.department, case.state) == ("admin", CaseState.OPEN)
    assert case.due == datetime(2026, 11, 23, 13, 0, tzinfo=UTC), "three hours on Thursday, five on Monday"


def test_the_system_never_promises_an_hour_at_which_nobody_is_there(town: Town) -> None:
    of = two()
    approval(town, department="admin", signed_at=town.now)
    of = wiring.brands().latest(BRAND)[0]
    done = handed(asked(town), of)
    answer.solve(done.key, done.rev, "Piet", **given(town))
    case = writes_on_tuesday(town, "Hoe laat is de Lindebieb vanavond open?")
    assert not [text for text in town.ours() if "vandaag" in text]
    assert case.due > datetime(2026, 11, 19, 8, 0, tzinfo=UTC)


# told in time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mood", ["refuse", "down", "lost"])
def test_an_answer_that_did_not_leave_is_told_of(mood: str, town: Town) -> None:
    asked(town)
    wiring.desk().set_mood(brand(), "wall", mood)
    town.approve(town.case())
    if mood == "lost":
        one_step(town)
        wiring.desk().set_mood(brand(), "wall", "down")  # nobody can look, either
    town.until(lambda: town.case().state is CaseState.STUCK, 90)
    town.settle(2)
    told = [each for each in mails_of(town, "desk@lindebieb.example") if "Antwoord niet verstuurd" in each]
    assert len(told) == 1


def test_who_stops_an_answer_is_not_told_of_it(town: Town) -> None:
    asked(town)
    key = town.approve(town.case())
    answer.hold(key, "Noor", deliveries=wiring.deliveries(), cases=wiring.cases(), now=town.now)
    answer.drop(key, "Noor", deliveries=wiring.deliveries(), cases=wiring.cases(), now=town.now)
    town.settle(3)
    assert not [each for each in mails_of(town, "desk@lindebieb.example") if "niet verstuurd" in each]


@pytest.mark.parametrize(("minutes", "told"), [(15, True), (120, False)])
def test_who_is_handed_what_is_nearly_late_hears_it(minutes: int, told: bool, town: Town) -> None:
    of = two()
    asked(town)
    town.run(town.case().due - timedelta(minutes=minutes))
    handed(town, of)
    town.settle(2)
    assert any("Bijna te laat" in each for each in mails_of(town, "admin@lindebieb.example")) is told


# as many eyes, as many promises -----------------------------------------------------------------------------


def line(town: Town, case: Case) -> AuditLine:
    return AuditLine(
        brand=BRAND, at=town.now, id="x", by="Noor", by_id="n", what="verdict.correct", of=str(case.mention)
    )


def corrected(town: Town, of: Brand, to: Sentiment) -> Case:
    correct.correct(
        town.case().mention,
        to,
        "Noor",
        "n",
        line=line(town, town.case()),
        brand=of,
        mentions=wiring.mentions(),
        corrections=wiring.corrections(),
        cases=wiring.cases(),
        now=town.now,
    )
    return town.case()


def test_who_wrote_an_answer_does_not_correct_the_second_eyes_away(town: Town) -> None:
    (desk,) = brand().departments
    of = replace(brand(), departments=(replace(desk, four_eyes_unhappy=True),))
    wiring.brands().put(of)
    case = asked(town).case()
    text = "@kees Dat klopt niet. Noor, Lindebieb"
    case = answer.save_draft(case.key, case.rev, text, "Noor", **given(town))
    after = corrected(town, of, Sentiment.NEUTRAL)
    assert (after.sentiment, after.strict) == (Sentiment.NEUTRAL, True)
    more = given(town, brand=of, tasks=wiring.tasks(), counts=counts())
    with pytest.raises(BadInput) as refused:
        answer.approve(after.key, after.rev, text, "Noor", **more)
    assert refused.value.field == "four_eyes"
    assert next_of_noor(town, of).case is None, "nor is it given to them"


def test_a_correction_keeps_what_was_promised_and_whether_it_helped(town: Town) -> None:
    town.now = SUNDAY
    asked(town)
    hold_off(town)
    town.settle(2)
    promised = town.case().promised
    assert promised
    after = corrected(town, brand(), Sentiment.MIXED)
    assert after.promised == promised
    with pytest.raises(Conflict):
        hold_off(town)


def test_what_they_read_stays_promised_though_the_rest_did_not_leave(town: Town) -> None:
    asked(town)
    first = "@kees Ik bel u morgen voor 12 uur. "
    filler = "Wat vervelend dat het boek er weer niet was toen u ervoor naar de balie kwam. " * 7
    text = f"{first}{filler}We sturen vrijdag voor 17 uur het formulier. Noor, Lindebieb"
    town.approve(town.case(), text=text, messages=2)
    one_step(town)
    wiring.desk().set_mood(brand(), "wall", "refuse")
    town.settle(3)
    case = town.case()
    dossier = wiring.cases().dossier(case.key)
    assert sorted((("morgen" in each.passage), each.state) for each in dossier.promises) == [
        (False, PromiseState.WITHDRAWN),
        (True, PromiseState.OPEN),
    ]
    wiring.desk().set_mood(brand(), "wall", "")
    assert case.draft
    town.approve(case, text=case.draft.text)
    town.settle(3)
    ours = [each for each in wiring.desk().wall(brand(), "wall") if each.ours]
    assert [each.reply_to for each in ours] == ["r-1", ours[0].id], "what was left goes on from what stands"
    assert town.case().below == ""


# the next one, however much waits ---------------------------------------------------------------------------


def test_who_speaks_one_language_gets_theirs_from_far_down_the_list(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(give, "LOOKED", 5)
    dutch = asked(town).case()
    for n in range(12):
        mention = MentionKey(BRAND, "webhook", f"d-{n}")
        sooner = dutch.due - timedelta(days=1) + timedelta(seconds=n)
        key = CaseKey(BRAND, "webhook", mention.id)
        wiring.cases().open(replace(dutch, key=key, mention=mention, language="de", due=sooner))
    wiring.notices().set_ways(Ways(brand=BRAND, user="n", name="Noor", languages=("nl",)))
    given_one = next_of_noor(town, brand())
    assert given_one.case
    assert given_one.case.key == dutch.key


def test_a_case_that_is_taken_is_given_to_nobody(town: Town) -> None:
    case = asked(town).case()
    claim.take(case.key, case.rev, "Piet", by_id="p", cases=wiring.cases(), now=town.now)
    assert COMPLAINT.startswith(case.said[:10])
    found = next_of_noor(town, brand())
    assert found.case is None
