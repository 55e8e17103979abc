"""A drill at the console: started, worked on as real cases are, marked wherever it is shown, and ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import audit
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.drill import Drill
from chalicelib.stages.ask import message
from chalicelib.tasks import Understand
from tests.web import access
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

ID = "0123456789abcdef"
FORM = {"id": ID, "lines": "marit: Wat een puinhoop!\n\n@jan: Klopt dat?", "hours": "2"}


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    return access.in_role(browser, world, ("manager",))


def said(browser: Browser, path: str) -> str:
    page = browser.get(path).body.decode()
    assert faults(page) == []
    return text_of(page)


def case_of(world: World, drill: Drill, n: int = 0) -> Case:
    """As it comes of the drill's message."""
    real = world.cases.get(CaseKey.from_slug(COMPLAINT))
    mention = drill.mentions()[n]
    case = replace(
        real,
        key=drill.keys[n],
        mention=mention.key,
        author=mention.author.handle,
        channel="",
        received_at=NOW - timedelta(minutes=20),
        draft=None,
    )
    world.mentions.add(mention)
    world.cases.open(case)
    return case


def four_eyed(brand: Brand) -> Brand:
    return replace(brand, departments=tuple(replace(each, four_eyes=True) for each in brand.departments))


# start and end -------------------------------------------------------------------------------------


def test_a_manager_starts_one_with_our_story_or_their_own_lines(manager: Browser, world: World) -> None:
    page = manager.get("/drills").body.decode()
    assert "Geen oefening in de afgelopen week" in text_of(page)
    assert f"datalek bij {BRAND.name}" in page
    assert f"data leak at {BRAND.name}" in manager.get("/drills?story=en").body.decode()
    answer = manager.post("/drills", FORM)
    assert answer.headers["Location"].endswith(f"/drills/{ID}?done=started")
    (drill,) = world.drills.of(BRAND.id)
    assert [(line.author, line.text) for line in drill.lines] == [
        ("marit", "Wat een puinhoop!"),
        ("jan", "Klopt dat?"),
    ]
    assert (drill.by, drill.until) == ("Sam de Wit", NOW + timedelta(hours=2))
    assert [line.what for line in world.audit.lines] == ["drill.start"]
    (task,) = world.tasks.sent
    assert isinstance(task, Understand)
    assert [each.key.platform for each in task.mentions] == ["drill", "drill"]
    page = said(manager, answer.headers["Location"])
    assert "De eerste zaken komen binnen een minuut" in page
    assert "Nog geen zaak" in page
    assert "Loopt tot" in said(manager, "/drills")
    manager.post("/drills", FORM)
    assert len(world.drills.of(BRAND.id)) == 1, "the same form again starts nothing more"
    other = manager.post("/drills", FORM | {"id": "f" * 16})
    assert other.status_code == 409
    assert "Er loopt nog een oefening" in text_of(other.body.decode())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lines": "geen bericht"}, "Regel 1 is geen bericht"),
        ({"lines": ""}, "Schrijf 1 tot 20 berichten"),
        ({"hours": "25"}, "Een oefening duurt 1 tot 24 uur"),
        ({"hours": "twee"}, "Een oefening duurt 1 tot 24 uur"),
    ],
)
def test_what_cannot_be_started_is_said_and_nothing_typed_is_lost(
    manager: Browser, world: World, change: dict[str, str], told: str
) -> None:
    refused = manager.post("/drills", FORM | change)
    page = refused.body.decode()
    assert refused.status_code == 422
    assert told in text_of(page)
    assert faults(page) == []
    assert (FORM | change)["lines"] in page
    assert world.drills.of(BRAND.id) == []
    assert world.tasks.sent == []


def test_who_is_no_manager_reads_how_it_went(browser: Browser, world: World) -> None:
    access.drill(world)
    reader = access.in_role(browser, world, ("reader",))
    assert "Een manager begint er een." in said(reader, "/drills")
    assert "Oefening beëindigen" not in said(reader, "/drills/d1")
    assert reader.get("/drills/none").status_code == 404


def test_a_manager_ends_it(manager: Browser, world: World) -> None:
    case = case_of(world, access.drill(world))
    answer = manager.post("/drills/d1/end", {})
    assert "Beëindigd door Sam de Wit" in said(manager, answer.headers["Location"])
    assert world.cases.get(case.key).state is CaseState.SOLVED
    assert case.key.slug not in manager.get("/cases").body.decode()
    assert [line.what for line in world.audit.lines] == ["drill.end"]
    assert "De oefening is voorbij" in said(manager, f"/cases/{case.key.slug}")
    assert manager.post("/drills/d1/end", {}).status_code == 303, "again it changes nothing"
    assert len(world.audit.lines) == 1


# its cases -----------------------------------------------------------------------------------------


def test_it_is_marked_on_every_list_and_page(browser: Browser, world: World) -> None:
    case = case_of(world, access.drill(world))
    assert "@marit OEFENING" in said(browser, "/cases")
    assert "@marit OEFENING" in said(browser, "/")
    page = said(browser, f"/cases/{case.key.slug}")
    assert "OEFENINGHet bericht is verzonnen." in page
    for not_here in (
        "Alles over deze persoon",
        "Voeg een andere zaak",
        "Plak het adres",
        "Goedkeuren en versturen",
    ):
        assert not_here not in page
    browser.language = "en"
    assert "@marit DRILL" in said(browser, "/cases")


def test_an_answer_is_kept_counts_and_goes_nowhere(browser: Browser, world: World) -> None:
    drill = access.drill(world)
    case = case_of(world, drill)
    path = f"/cases/{case.key.slug}"
    form = {"rev": "1", "text": "@marit Wij zoeken het uit. Sam de Wit, Veldermeer", "do": "send"}
    answer = browser.post(f"{path}/reply", form)
    assert answer.headers["Location"].endswith("?done=practised")
    page = said(browser, answer.headers["Location"])
    assert "Bewaard als het antwoord van de oefening. Er is niets verstuurd." in page
    assert "Wij zoeken het uit." in page
    assert "Opnieuw openen" not in page
    assert world.tasks.sent == []
    assert world.cases.deliveries.get(case.key, []) == []
    assert world.cases.get(case.key).state is CaseState.ANSWERED
    again = browser.post(f"{path}/reply", form)
    assert again.status_code == 409
    page = said(browser, "/drills/d1")
    assert "Beantwoord1 van de 2" in page
    assert "Beantwoord door Sam de Wit na 20" in page
    assert browser.post(f"{path}/reopen", {"rev": "2"}).status_code == 409


def test_where_four_eyes_are_wanted_somebody_else_approves(browser: Browser, world: World) -> None:
    world.brands.kept[BRAND.id] = four_eyed(BRAND)
    case = case_of(world, access.drill(world))
    form = {"rev": "1", "text": "@marit Wij zoeken het uit. Sam, Veldermeer", "do": "send"}
    refused = browser.post(f"/cases/{case.key.slug}/reply", form)
    assert refused.status_code == 422
    assert "Een collega keurt het goed" in text_of(refused.body.decode())
    assert world.cases.get(case.key).state is CaseState.OPEN


def test_its_page_tells_who_took_what_and_who_opened_the_alert(browser: Browser, world: World) -> None:
    case = case_of(world, access.drill(world))
    at = NOW - timedelta(minutes=15)
    world.cases.note(case.key, CaseEvent(at=at, id="taken-2", kind=EventKind.TAKEN, by="Noor", by_id="noor"))
    told = replace(
        access.notice(),
        id="20261123T085500000-uitlening.negative.drill",
        bell="uitlening.negative.drill",
        at=NOW - timedelta(minutes=17),
        subject="OEFENING: @marit is ontevreden",
        cases=(case.key,),
    )
    world.notices.keep(told)
    world.notices.keep(access.notice())
    page = said(browser, "/drills/d1")
    assert "Opgepakt door Noor" in page
    assert "Niemand opende deze." in page
    assert page.count("is ontevreden") == 1, "no other alert than its own"
    assert browser.get(told.path).status_code == 200
    assert "OEFENING: @marit is ontevreden" in said(browser, "/alerts")
    world.notices.opened(told, "Sam de Wit", SAM, NOW)
    assert "Geopend door Sam de Wit" in said(browser, "/drills/d1")


def test_the_log_says_that_it_was_a_drill(browser: Browser, world: World) -> None:
    drill = access.drill(world)
    case_of(world, drill)
    administrator = access.in_role(browser, world, ("administrator",))
    for what, of in (("drill.start", "d1"), ("case.approved", "drill/d1-01")):
        world.audit.note(audit.line(BRAND.id, NOW, what, what, of=of, by="Sam de Wit"))
    page = said(administrator, "/audit")
    assert "begon een oefening" in page
    assert "OEFENING d1-01" in page
    assert 'href="/drills/d1"' in administrator.get("/audit").body.decode().replace("/api", "")


def test_who_is_asked_by_a_note_reads_that_it_is_a_drill(world: World) -> None:
    case = case_of(world, access.drill(world))
    event = CaseEvent(at=NOW, id="n", kind=EventKind.NOTED, by="Noor", text="@Sam kijk je mee?")
    subject, text = message(case, event, BRAND)
    assert "OEFENING: " in subject
    assert "OEFENING: " in text
