"""A department that is gone: its open work is the first one's wherever it is listed, and who may something in
it alone may nothing."""

from dataclasses import replace

import pytest

from chalicelib.domain.apikey import ApiKey, Scope
from chalicelib.domain.case import Case, CaseKey
from tests.conftest import NOW
from tests.web.access import HERE, grant, granted, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import NOOR, SAM
from tests.web.test_export import cells, file
from tests.web.test_pages import COMPLAINT
from tests.web.world import World


@pytest.fixture
def left(world: World) -> Case:
    """The complaint, with a department that was removed since."""
    key = CaseKey.from_slug(COMPLAINT)
    case = replace(world.cases.get(key), department="weg")
    world.cases.kept[key] = case
    return case


@pytest.mark.parametrize("path", ["/", "/cases", "/cases?department=uitlening"])
def test_its_open_work_is_listed_with_the_first_departments(
    browser: Browser, world: World, left: Case, path: str
) -> None:
    link = f"/cases/{COMPLAINT}"
    assert link in granted(browser, world, "agent", "uitlening").get(path).body.decode()
    assert browser.get(link).status_code == 200
    assert link not in granted(browser, world, "agent", "jeugd").get(path.partition("?")[0]).body.decode()
    assert browser.get(link).status_code == 404


def test_its_open_work_is_in_the_file_and_counted(browser: Browser, world: World, left: Case) -> None:
    granted(browser, world, "agent", "uitlening")
    head, *lines = cells(file(browser, "/cases", "csv"))
    (line,) = (line for line in lines if line[-1] == str(left.key))
    assert line[head.index("department")] == "uitlening"
    waits = [case.department for case in world.cases.kept.values() if case.state.waits_for_us]
    assert len(lines) == len(waits) - waits.count("jeugd")


def test_it_is_not_handed_over_to_whose_it_is_already(browser: Browser, world: World, left: Case) -> None:
    form = {"rev": f"{left.rev}", "department": "uitlening", "reason": "Het is van ons"}
    assert browser.post(f"/cases/{COMPLAINT}/hand", form).status_code == 422


def test_who_had_a_role_in_it_alone_has_none(browser: Browser, world: World) -> None:
    assert granted(browser, world, "editor", "weg").get("/cases").status_code == 403
    assert granted(browser, world, "editor", "weg", "jeugd").get("/cases").status_code == 200
    page = granted(browser, world, "editor", "weg", also=("reader",)).get("/cases").body.decode()
    assert f"/cases/{COMPLAINT}" in page, "what holds everywhere counts then"


def test_the_team_tells_what_a_role_gives_now(browser: Browser, world: World) -> None:
    granted(browser, world, "editor", "weg", "jeugd", also=("administrator",))
    world.team.kept[HERE, NOOR] = grant(world, "agent", "weg")
    page = browser.get(f"/team/{NOOR}").body.decode()
    assert "Uitlening)" not in text_of(page)
    assert '<option value="agent" selected>' not in page, "keeping it by chance would give it everywhere"
    assert faults(page) == []


@pytest.mark.parametrize(("departments", "state"), [(("weg",), "gone"), (("weg", "jeugd"), "well")])
def test_a_key_for_it_alone_is_told_to_open_nothing(
    browser: Browser, world: World, departments: tuple[str, ...], state: str
) -> None:
    kept = ApiKey(
        brand=HERE,
        id="k1",
        name="Planner",
        scope=Scope.READ,
        hash="",
        by="Sam",
        by_id=SAM,
        made_at=NOW,
        departments=departments,
    )
    world.api_keys.kept[kept.brand, kept.id] = kept
    page = in_role(browser, world, ("manager",)).get("/team/keys").body.decode()
    assert ("de afdelingen zijn er niet meer" in text_of(page)) is (state == "gone")
    assert f"/team/keys/{kept.id}/revoke" in page
    assert faults(page) == []


def test_who_removes_it_is_told(browser: Browser, world: World) -> None:
    page = (
        in_role(browser, world, ("manager",)).post("/brand/departments/jeugd", {"do": "remove"}).body.decode()
    )
    assert "Het open werk gaat naar de eerste afdeling." in text_of(page)
    assert "Rollen en sleutels voor deze afdeling geven daar niets meer" in text_of(page)
