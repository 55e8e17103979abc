"""Holding replies and standing approvals at the console: what is shown is what is sent, and who signed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.brand import StandingApproval
from chalicelib.domain.case import CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from tests.web import access
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import NOOR, SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}"
TEXT = "Wij antwoorden {when}. Sam van Bibliotheek Veldermeer"
FORM = {
    "id": "0123456789abcdef",
    "department": "uitlening",
    "on.mastodon": "1",
    "text.nl": f"  {TEXT} ",
    "until": "2026-12-24",
}


@pytest.fixture
def closed(world: World) -> World:
    access.closed(world)
    return world


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    return access.in_role(browser, world, ("manager",))


def said(browser: Browser, path: str) -> str:
    page = browser.get(path).body.decode()
    assert faults(page) == []
    return text_of(page)


def signed(world: World) -> list[StandingApproval]:
    return world.standing.of(BRAND.id)


# a case --------------------------------------------------------------------------------------------


def test_while_they_are_closed_a_holding_reply_lies_ready_and_one_press_sends_it(
    browser: Browser, closed: World
) -> None:
    was = closed.cases.get(KEY)
    page = said(browser, PATH)
    assert "Wachtbericht Uitlening is nu gesloten." in page
    assert access.HOLDING in page
    answer = browser.post(f"{PATH}/holding", {"rev": "1", "text": access.HOLDING})
    assert answer.headers["Location"].endswith("?done=held-off")
    (delivery,) = closed.cases.deliveries[KEY]
    assert (delivery.text, delivery.approved_by, delivery.under) == (access.HOLDING, "Sam de Wit", "")
    after = closed.cases.get(KEY)
    assert (after.state, after.due, after.draft) == (CaseState.OPEN, was.due, was.draft)
    page = said(browser, answer.headers["Location"])
    assert "De zaak blijft wachten op antwoord." in page
    assert "Ze weten dat er voor die tijd antwoord komt." in page
    assert "Sam de Wit stuurde een wachtbericht" in page
    assert "Wachtbericht goedkeuren en versturen" not in page
    assert COMPLAINT in browser.get("/cases").body.decode(), "it waits for its answer"


def test_while_they_are_there_none_is_shown_and_none_is_sent(browser: Browser, world: World) -> None:
    assert "Wachtbericht" not in said(browser, PATH)
    refused = browser.post(f"{PATH}/holding", {"rev": "1", "text": access.HOLDING})
    assert refused.status_code == 422
    assert "Dit wachtbericht is er nu niet" in text_of(refused.body.decode())
    assert faults(refused.body.decode()) == []
    assert world.tasks.sent == []


@pytest.mark.parametrize("text", ["", "@regenjas42 Wij antwoorden vandaag voor 09:30. Sam de Wit"])
def test_another_text_than_the_ready_one_is_refused(browser: Browser, closed: World, text: str) -> None:
    assert browser.post(f"{PATH}/holding", {"rev": "1", "text": text}).status_code == 422
    assert closed.tasks.sent == []


def test_who_is_second_reads_who_was_first(browser: Browser, closed: World) -> None:
    browser.post(f"{PATH}/holding", {"rev": "1", "text": access.HOLDING})
    again = browser.post(f"{PATH}/holding", {"rev": "1", "text": access.HOLDING})
    assert again.status_code == 409
    assert "Er ging om 09:12 een wachtbericht uit" in text_of(again.body.decode())
    assert len(closed.cases.deliveries[KEY]) == 1


def test_who_may_only_read_sees_no_button(browser: Browser, closed: World) -> None:
    reader = access.in_role(browser, closed, ("reader",))
    assert "Wachtbericht goedkeuren" not in said(reader, PATH)


# signing -------------------------------------------------------------------------------------------


def test_a_manager_signs_exactly_what_is_shown(manager: Browser, world: World) -> None:
    page = said(manager, "/standing")
    assert "Nog geen: er gaat niets vanzelf uit" in page
    assert "Je tekent als Sam de Wit." in page
    answer = manager.post("/standing", FORM)
    assert answer.status_code == 303
    (approval,) = signed(world)
    assert approval.texts == {"nl": TEXT}
    assert (approval.signed_by, approval.signed_by_id, approval.channels) == (
        "Sam de Wit",
        SAM,
        ("mastodon",),
    )
    assert f"{approval.until:%d %H:%M}" == "25 00:00"
    page = said(manager, answer.headers["Location"])
    assert TEXT in page
    assert "Het geldt binnen een minuut" in page
    assert "24 december" in page
    assert "geldt" in said(manager, "/standing")
    assert [line.what for line in world.audit.lines] == ["standing.sign"]
    manager.post("/standing", FORM)
    assert len(signed(world)) == 1, "the same form again signs nothing more"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text.nl": "Tot gauw. Sam van Veldermeer"}, "zet {when} waar dat hoort"),
        ({"text.nl": ""}, "in minstens één taal"),
        ({"text.nl": f"{TEXT} [naam]"}, "Nog in te vullen: naam"),
        ({"text.nl": f"{TEXT} {{x}}"}, "Nog in te vullen: x"),
        ({"text.nl": f"{TEXT} {'x' * 600}"}, "te lang voor een van de kanalen"),
        ({"until": ""}, "Kies een laatste dag"),
        ({"until": "2026-11-22"}, "Kies een laatste dag"),
        ({"until": "2027-02-24"}, "Kies een laatste dag"),
        ({"department": "elders"}, "Kies een afdeling"),
        ({"on.mastodon": None}, "Kies minstens één kanaal"),
        ({"text.nl": f"{TEXT} Haal je klacht weg, dan helpen we je."}, "vonden"),
    ],
)
def test_what_cannot_be_signed_is_said_and_nothing_typed_is_lost(
    manager: Browser, world: World, change: dict[str, str | None], told: str
) -> None:
    form = {name: value for name, value in (FORM | change).items() if value is not None}
    refused = manager.post("/standing", form)
    page = refused.body.decode()
    assert refused.status_code == 422
    assert told in text_of(page)
    assert faults(page) == []
    assert signed(world) == []
    if typed := form["text.nl"]:
        assert typed.strip()[:40] in page


def test_the_honesty_check_is_read_before_signing_and_what_blocks_is_not_signed(
    manager: Browser, world: World
) -> None:
    nameless = FORM | {"text.nl": "Wij antwoorden {when}."}
    refused = manager.post("/standing", nameless)
    assert refused.status_code == 422
    assert 'name="seen" value="unnamed"' in refused.body.decode()
    assert manager.post("/standing", nameless | {"seen": "unnamed"}).status_code == 303
    world.brands.kept[BRAND.id] = replace(BRAND, honesty={"unnamed": "block"})
    refused = manager.post("/standing", nameless | {"seen": "unnamed"})
    assert "houdt deze tekst tegen" in text_of(refused.body.decode())
    assert signed(world) == []


def test_where_four_eyes_are_wanted_somebody_else_signs_second(manager: Browser, world: World) -> None:
    desk, youth = BRAND.departments
    world.brands.kept[BRAND.id] = replace(BRAND, departments=(replace(desk, four_eyes=True), youth))
    path = manager.post("/standing", FORM).headers["Location"].partition("?")[0]
    page = said(manager, path)
    assert "wacht op de handtekening van een collega" in page
    assert "Ook tekenen" not in page, "not the same person"
    refused = manager.post(f"{path}/second", {"rev": "1"})
    assert (refused.status_code, "als eerste" in text_of(refused.body.decode())) == (422, True)
    world.standing.change(replace(signed(world)[0], rev=2, signed_by="Noor", signed_by_id=NOOR))
    assert "Ook tekenen" in said(manager, path)
    assert manager.post(f"{path}/second", {"rev": "1"}).status_code == 409
    assert manager.post(f"{path}/second", {"rev": "2"}).status_code == 303
    (approval,) = signed(world)
    assert (approval.second_by, approval.second_by_id) == ("Sam de Wit", SAM)


def test_who_answers_cases_revokes_it_at_once(browser: Browser, world: World) -> None:
    access.standing(world)
    agent = access.in_role(browser, world, ("agent",))
    assert "Een manager tekent er een." in said(agent, "/standing")
    answer = agent.post("/standing/s1/revoke", {"rev": "1"})
    assert "Er gaat niets meer mee uit." in said(agent, answer.headers["Location"])
    (approval,) = signed(world)
    assert (approval.revoked_by, approval.revoked_at) == ("Sam de Wit", NOW)
    again = agent.post("/standing/s1/revoke", {"rev": "1"})
    assert again.status_code == 409
    assert agent.get("/standing/none").status_code == 404


@pytest.mark.parametrize(("first", "second"), [(NOOR, "y"), ("x", NOOR)])
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("role", {"role": "agent", "seen": "1"}),
        ("role", {"role": "manager", "seen": "1", "in.jeugd": "yes"}),
        ("role", {"role": "", "seen": "1"}),
        ("access", {"do": "disable"}),
    ],
)
def test_what_somebody_signed_stands_no_longer_than_they_may_sign(
    browser: Browser, world: World, first: str, second: str, path: str, form: dict[str, str]
) -> None:
    administrator = access.in_role(browser, world, ("administrator",))
    world.team.kept[BRAND.id, NOOR] = access.grant(world, "manager")
    access.standing(world)
    world.standing.change(replace(signed(world)[0], rev=2, signed_by_id=first, second_by_id=second))
    assert administrator.post(f"/team/{NOOR}/{path}", form).status_code == 303
    (approval,) = signed(world)
    assert (approval.revoked_by, approval.revoked_at) == ("Sam de Wit", NOW)
    revoked = [line for line in world.audit.lines if line.what == "standing.revoke"]
    assert [(line.brand, line.of, line.by) for line in revoked] == [(BRAND.id, "s1", "Sam de Wit")]


def test_what_somebody_signed_outlasts_a_role_that_still_signs_and_what_others_signed(
    browser: Browser, world: World
) -> None:
    administrator = access.in_role(browser, world, ("administrator",))
    world.team.kept[BRAND.id, NOOR] = access.grant(world, "agent")
    access.standing(world)
    assert administrator.post(f"/team/{NOOR}/role", {"role": "manager", "seen": "1"}).status_code == 303
    assert signed(world)[0].revoked_at is None
    world.standing.change(replace(signed(world)[0], rev=2, signed_by_id="somebody"))
    assert administrator.post(f"/team/{NOOR}/access", {"do": "disable"}).status_code == 303
    assert signed(world)[0].revoked_at is None


# what went under it --------------------------------------------------------------------------------


def answered(world: World) -> None:
    """Noor's standing approval sent something to the complaint."""
    approval = access.standing(world)
    case = world.cases.get(KEY)
    delivery = Delivery(
        key=DeliveryKey(KEY, "mastodon", 1),
        state=DeliveryState.CONFIRMED,
        to=case.mention,
        to_author=case.author,
        text="Wij antwoorden vandaag voor 09:40. Noor, Bibliotheek Veldermeer",
        language="nl",
        due=NOW,
        approved_by="Noor",
        approved_at=NOW,
        token="t",
        sent_at=NOW,
        answer_by=case.due,
        lapses=NOW + timedelta(minutes=5),
        under=approval.id,
    )
    line = CaseEvent(
        at=NOW,
        id="holding-1",
        kind=EventKind.HOLDING,
        by="Noor",
        by_id=NOOR,
        text=delivery.text,
        signed_at=approval.signed_at,
    )
    world.cases.hold_off(replace(case, rev=2, replies=1, promised=case.due), delivery, line, NOW)


def test_each_case_and_the_approval_itself_show_what_was_sent(browser: Browser, world: World) -> None:
    answered(world)
    case = said(browser, PATH)
    assert "Wachtbericht met het doorlopend akkoord van Noor van ma 23 november" in case
    assert "Wij, met het doorlopend akkoord van Noor" in case
    page = browser.get("/standing/s1").body.decode()
    assert faults(page) == []
    assert "Wij antwoorden vandaag voor 09:40." in text_of(page)
    assert PATH in page


def test_who_sees_one_department_sees_nothing_of_anothers(browser: Browser, world: World) -> None:
    answered(world)
    youth = access.granted(browser, world, "agent", "jeugd")
    page = said(youth, "/standing/s1")
    assert "voor 09:40" not in page
    assert "Er ging nog niets mee uit." in page
