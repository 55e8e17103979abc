"""Approval by a link in the mail: opening it does nothing, its button counts once, and only as was asked."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.link import Link, digest, seal
from chalicelib.domain.roles import Role
from chalicelib.stages import answer
from tests.web import access
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import ADA, NOOR, SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}"
TEXT = "@regenjas42 Het boek ligt klaar. Sam van Bibliotheek Veldermeer"


@pytest.fixture
def asked(browser: Browser, world: World) -> str:
    """Sam wrote a draft and asked Ada; the path of her link."""
    access.drafted(world)
    answer.save_draft(KEY, 1, TEXT, "Sam de Wit", by_id=SAM, cases=world.cases, now=NOW)
    sent = browser.post(f"{PATH}/approval", {"rev": "2", "to": ADA})
    assert sent.headers["Location"].endswith("?done=asked")
    return link(world)


def link(world: World) -> str:
    ((_, text),) = world.mail.sent
    return re.search(r"(/approve/\S+)", text)[1]  # type: ignore[index]


def refused(visitor: Browser, path: str, told: str) -> None:
    """By the page, and by its button."""
    for answered in (visitor.get(path), visitor.post(path, {})):
        page = answered.body.decode()
        assert answered.status_code == 410
        assert told in text_of(page)
        assert faults(page) == []
        assert "regenjas42" not in page


def nothing_left(world: World) -> bool:
    return world.tasks.sent == [] and world.cases.deliveries == {}


# asking --------------------------------------------------------------------------------------------


def test_who_wrote_a_draft_asks_a_colleague_by_name(browser: Browser, world: World) -> None:
    access.drafted(world)
    page = browser.get(f"{PATH}/approval").body.decode()
    assert faults(page) == []
    assert "Ada" in page
    assert "Noor" not in text_of(page).partition("Collega")[2], "she was invited, and never came in"
    browser.post(f"{PATH}/approval", {"rev": "1", "to": ADA})
    ((to, text),) = world.mail.sent
    subject, _, text = text.partition("\n")
    assert to == world.colleagues.kept[ADA].email
    assert subject == "Een antwoord aan regenjas42 wacht op jouw ja"
    assert "Het boek ligt klaar." in text
    assert "Sam de Wit vraagt je" in text
    page = text_of(browser.get(f"{PATH}?done=asked").body.decode())
    assert "Sam de Wit vroeg Ada per mail om goedkeuring" in page
    assert "Er gaat niets weg voor het ja van je collega." in page


def test_asking_lays_the_case_down_and_twice_is_once(browser: Browser, world: World) -> None:
    access.drafted(world)
    case = world.cases.get(KEY)
    world.cases.kept[KEY] = replace(
        case, taken_by="Sam de Wit", taken_by_id=SAM, taken_until=NOW + timedelta(hours=1)
    )
    assert browser.post(f"{PATH}/approval", {"rev": "1", "to": ADA}).status_code == 303
    assert not world.cases.get(KEY).taken(NOW)
    again = browser.post(f"{PATH}/approval", {"rev": "1", "to": ADA})
    assert again.status_code == 409
    assert "vroeg een collega per mail" in text_of(again.body.decode())
    assert len(world.mail.sent) == 1


@pytest.mark.parametrize(
    ("make", "to", "told"),
    [
        (lambda world: None, "nobody", "Kies een collega."),
        (lambda world: None, NOOR, "Deze collega mag het niet goedkeuren."),
        (lambda world: world.colleagues.disable(world.colleagues.kept[ADA]), ADA, "Deze collega mag"),
        (lambda world: setattr(world.mail, "broken", True), ADA, "De mail kon niet weg"),
        (lambda world: world.brands.put(BRAND), ADA, "Er is geen afzender van mails ingesteld."),
    ],
)
def test_who_cannot_be_asked_is_said(
    browser: Browser, world: World, make: Callable[[World], object], to: str, told: str
) -> None:
    access.drafted(world)
    make(world)
    answered = browser.post(f"{PATH}/approval", {"rev": "1", "to": to})
    assert answered.status_code == 422
    assert told in text_of(answered.body.decode())
    assert faults(answered.body.decode()) == []
    assert world.mail.sent == []


def test_there_is_something_to_approve_first(browser: Browser, world: World) -> None:
    world.brands.kept[BRAND.id] = replace(BRAND, mail_from="wij@veldermeer.example")
    assert "Bewaar eerst een concept" in text_of(browser.get(f"{PATH}/approval").body.decode())
    assert browser.post(f"{PATH}/approval", {"rev": "1", "to": ADA}).status_code == 422


# the link ------------------------------------------------------------------------------------------


def test_a_scanner_opens_it_twice_and_nothing_happens_then_its_button_counts_once(
    asked: str, visitor: Browser, world: World
) -> None:
    visitor.cookies.clear()
    before = access.state(world)
    for _ in range(2):
        page = visitor.get(asked).body.decode()
        assert faults(page) == []
    assert access.state(world) == before
    told = text_of(page)
    assert "Derde keer dat mijn reservering" in told
    assert TEXT in told
    assert "Je bent Ada." in told
    done = visitor.post(asked, {})
    assert done.status_code == 200
    assert "Goedgekeurd" in text_of(done.body.decode())
    (delivery,) = world.cases.deliveries[KEY]
    assert (delivery.text, delivery.approved_by, delivery.written_by_id) == (TEXT, "Ada", SAM)
    approved = world.cases.events[KEY][-1]
    assert (approved.kind, approved.by_id) == (EventKind.APPROVED, ADA)
    refused(visitor, asked, "Deze link is gebruikt. Hij telt één keer.")
    assert len(world.cases.deliveries[KEY]) == 1


def test_a_button_that_another_site_presses_does_nothing(asked: str, visitor: Browser, world: World) -> None:
    assert visitor.post(asked, {}, origin="https://elders.example").status_code == 403
    assert nothing_left(world)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path[:-1] + ("A" if path[-1] != "A" else "B"),
        lambda path: path.replace("/approve/", "/approve/A", 1),
        lambda path: path.rpartition(".")[0],
        lambda path: path + "A",
        lambda path: "/approve/x",
        lambda path: "/approve/." + "x" * 3000,
    ],
)
def test_one_that_was_altered_is_refused(
    asked: str, visitor: Browser, world: World, change: Callable[[str], str]
) -> None:
    refused(visitor, change(asked), "Deze link is niet zoals we hem mailden.")
    assert nothing_left(world)


@pytest.mark.parametrize(
    "forged",
    [
        {"person": SAM},
        {"rev": 1},
        {"text": digest("Iets anders")},
        {"until": NOW + timedelta(days=30)},
    ],
)
def test_one_of_another_key_is_refused_whatever_it_says(
    asked: str, visitor: Browser, world: World, forged: dict[str, object]
) -> None:
    said = {"rev": 3, "text": digest(TEXT), "person": ADA, "until": NOW + timedelta(hours=1)} | forged
    token = seal(Link(case=KEY, **said), b"another key")  # type: ignore[arg-type]
    refused(visitor, f"/approve/{token}", "Deze link is niet zoals we hem mailden.")
    own = seal(Link(case=KEY, **said), world.desk().link_key())  # type: ignore[arg-type]
    refused(visitor, f"/approve/{own}", "Deze link is gebruikt.")  # nobody was offered it
    assert nothing_left(world)


def test_after_a_day_it_is_over(asked: str, visitor: Browser, world: World) -> None:
    world.now = NOW + timedelta(hours=23, minutes=59)
    assert visitor.get(asked).status_code == 200
    world.now = NOW + timedelta(hours=24)
    refused(visitor, asked, "Deze link was een dag geldig, en die is voorbij.")
    assert nothing_left(world)


def edit(world: World) -> None:
    answer.save_draft(KEY, 3, TEXT + " Tot dan.", "Sam de Wit", by_id=SAM, cases=world.cases, now=NOW)


def close(world: World) -> None:
    answer.solve(KEY, 3, "Sam", cases=world.cases, now=NOW)


def write_again(world: World) -> None:
    case = world.cases.get(KEY)
    line = CaseEvent(at=NOW, id="new", kind=EventKind.HEARD, mention=case.mention)
    world.cases.change(replace(case, rev=case.rev + 1), line)


@pytest.mark.parametrize("change", [edit, close, write_again])
def test_of_a_case_that_changed_meanwhile_it_is_stale(
    asked: str, visitor: Browser, world: World, change: Callable[[World], None]
) -> None:
    change(world)
    refused(visitor, asked, "Er gebeurde iets met deze zaak sinds de mail")
    assert nothing_left(world)


def no_role(world: World) -> None:
    world.colleagues.kept[ADA] = replace(world.colleagues.kept[ADA], role=None)


def reads_only(world: World) -> None:
    world.colleagues.kept[ADA] = replace(world.colleagues.kept[ADA], role=Role.READER)


def shut_out(world: World) -> None:
    world.colleagues.disable(world.colleagues.kept[ADA])


def elsewhere(world: World) -> None:
    no_role(world)
    world.team.kept[BRAND.id, ADA] = access.grant(world, "agent", "jeugd", user=ADA)


@pytest.mark.parametrize("change", [no_role, reads_only, shut_out, elsewhere])
def test_whose_role_changed_midway_is_refused(
    asked: str, visitor: Browser, world: World, change: Callable[[World], None]
) -> None:
    assert visitor.get(asked).status_code == 200
    change(world)
    refused(visitor, asked, "Jij mag dit antwoord nu niet goedkeuren.")
    assert nothing_left(world)


def test_four_eyes_set_midway_hold_for_who_wrote_it(browser: Browser, visitor: Browser, world: World) -> None:
    access.drafted(world)
    answer.save_draft(KEY, 1, TEXT, "Ada", by_id=ADA, cases=world.cases, now=NOW)
    assert browser.post(f"{PATH}/approval", {"rev": "2", "to": ADA}).status_code == 303
    brand = world.brands.kept[BRAND.id]
    desk, youth = brand.departments
    world.brands.kept[BRAND.id] = replace(brand, departments=(replace(desk, four_eyes=True), youth))
    refused(visitor, link(world), "Jij mag dit antwoord nu niet goedkeuren.")
    assert nothing_left(world)


def test_what_a_colleague_took_or_the_honesty_check_stops_is_refused_at_the_button(
    asked: str, visitor: Browser, world: World
) -> None:
    world.brands.kept[BRAND.id] = replace(
        world.brands.kept[BRAND.id], honesty={"unnamed": "block"}, name="Geheel Anders"
    )
    answered = visitor.post(asked, {})
    assert answered.status_code == 410
    assert "De eerlijkheidscontrole houdt deze tekst tegen." in text_of(answered.body.decode())
    assert nothing_left(world)
    assert world.cases.get(KEY).state is CaseState.OPEN


# what is read before the yes --------------------------------------------------------------------------


def link_to(browser: Browser, world: World, text: str) -> str:
    answer.save_draft(KEY, 1, text, "Sam de Wit", by_id=SAM, cases=world.cases, now=NOW)
    browser.post(f"{PATH}/approval", {"rev": "2", "to": ADA})
    return link(world)


def test_what_the_honesty_check_found_stands_before_the_button(browser: Browser, world: World) -> None:
    access.drafted(world)
    path = link_to(browser, world, "@regenjas42 We bellen u snel terug. Bestel nu ons nieuwe pakket!")
    page = browser.get(path).body.decode()
    assert "Kijk hier eerst naar" in text_of(page)
    assert "We bellen u snel terug" in text_of(page)
    assert faults(page) == []


def test_what_it_promises_stands_before_the_button_with_its_moment(browser: Browser, world: World) -> None:
    access.drafted(world)
    path = link_to(browser, world, f"{TEXT}. We bellen u morgen voor 12 uur.")
    page = text_of(browser.get(path).body.decode())
    assert "Je belooft" in page
    assert "morgen voor 12 uur.Uiterlijk morgen 12:00" in page
    assert browser.post(path, {}).status_code == 200


def test_a_promise_too_far_away_is_refused_with_a_reason(browser: Browser, world: World) -> None:
    access.drafted(world)
    path = link_to(browser, world, f"{TEXT}. Op 1 november 2027 sturen we u het formulier.")
    refused = browser.post(path, {})
    assert refused.status_code == 410
    assert "Open de zaak in Webspin" in text_of(refused.body.decode())
    assert nothing_left(world)
