"""The button that gives the next case, and what one says of oneself for it; who is on duty, on the pages."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.alerting import Ways
from chalicelib.domain.brand import Topic
from chalicelib.domain.case import CaseKey
from chalicelib.domain.roster import Week
from tests.domain.test_roster import shift
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, World

TOPICS = (
    Topic(id="lift", name="Lift", words=("lift",)),
    Topic(id="boetes", name="Boetes", words=("boete*",)),
)
KEY = CaseKey.from_slug(COMPLAINT)


@pytest.mark.parametrize("path", ["/", "/cases"])
def test_who_answers_is_given_the_case_that_is_due_first(browser: Browser, world: World, path: str) -> None:
    assert "Geef me de volgende" in text_of(browser.get(path).body.decode())
    first = min(world.cases.waits(BRAND.id).cases, key=lambda each: each.due)
    answer = browser.post("/cases/next", {})
    assert answer.headers["Location"] == f"/cases/{first.key.slug}?done=taken"
    assert world.cases.get(first.key).taken_by_id == SAM
    assert "Geef me de volgende" not in text_of(in_role(browser, world, ("reader",)).get(path).body.decode())


def test_who_has_as_many_as_they_want_reads_so(browser: Browser, world: World) -> None:
    browser.post("/me/alerts", {"rev": "0", "capacity": "1"})
    assert browser.post("/cases/next", {}).headers["Location"].endswith("done=taken")
    page = browser.get(browser.post("/cases/next", {}).headers["Location"]).body.decode()
    assert faults(page) == []
    assert "Je hebt zoveel zaken als je tegelijk wilt." in text_of(page)


def test_where_nothing_fits_it_is_said(browser: Browser, world: World) -> None:
    world.cases.kept = {KEY: world.cases.get(KEY)}
    browser.post("/me/alerts", {"rev": "0", "speaks.fr": "yes"})
    page = browser.get(browser.post("/cases/next", {}).headers["Location"]).body.decode()
    assert faults(page) == []
    assert "Er wacht niets dat niemand heeft en dat bij je past." in text_of(page)


def test_languages_and_how_many_at_once_are_kept_beside_the_ways(browser: Browser, world: World) -> None:
    form = {"rev": "0", "mail": "yes", "speaks.nl": "yes", "speaks.de": "yes", "capacity": "3"}
    assert browser.post("/me/alerts", form).status_code == 303
    own = world.notices.of[BRAND.id, SAM]
    assert (own.languages, own.capacity) == (("nl", "de"), 3)
    for wrong in ("0", "51", "veel", "1e3"):
        refused = browser.post("/me/alerts", {**form, "rev": "1", "capacity": wrong})
        assert refused.status_code == 422, wrong
        assert "Een heel getal van 1 tot en met 50." in text_of(refused.body.decode())
        assert faults(refused.body.decode()) == []
    assert world.notices.of[BRAND.id, SAM] == own


def test_the_subjects_one_knows_are_chosen_where_the_brand_has_any(browser: Browser, world: World) -> None:
    assert "Onderwerpen die je kent" not in text_of(browser.get("/me/alerts").body.decode())
    world.brands.put(replace(BRAND, topics=TOPICS))
    page = browser.get("/me/alerts").body.decode()
    assert faults(page) == []
    assert "Onderwerpen die je kent" in text_of(page)
    form = {"rev": "0", "capacity": "3", "knows.lift": "yes", "knows.taart": "yes"}
    assert browser.post("/me/alerts", form).status_code == 303
    assert world.notices.of[BRAND.id, SAM].topics == ("lift",), "only what the brand has"
    assert '"knows": "lift"' in world.audit.lines[-1].after
    assert re.search(r'id="knows.lift"[^>]* checked', browser.get("/me/alerts").body.decode())
    browser.post("/me/alerts", {**form, "rev": "1", "knows.boetes": "yes"})
    assert world.notices.of[BRAND.id, SAM].topics == (), "all of them, also those to come"


def test_the_button_keeps_a_subject_for_who_knows_it_and_the_case_says_what_it_is(
    browser: Browser, world: World
) -> None:
    world.brands.put(replace(BRAND, topics=TOPICS))
    case = replace(world.cases.get(KEY), topics=("boetes",), due=world.now + timedelta(hours=3))
    world.cases.kept = {KEY: case}
    browser.post("/me/alerts", {"rev": "0", "knows.lift": "yes"})
    world.notices.of[BRAND.id, "noor"] = Ways(brand=BRAND.id, user="noor", name="Noor", topics=("boetes",))
    assert browser.post("/cases/next", {}).headers["Location"].endswith("given=none")
    page = browser.get(f"/cases/{COMPLAINT}").body.decode()
    assert faults(page) == []
    assert "OnderwerpBoetes" in text_of(page)
    world.now = case.due - timedelta(minutes=30)
    assert browser.post("/cases/next", {}).headers["Location"].endswith("done=taken")


def test_lists_and_cases_say_who_is_on_duty_until_when(browser: Browser, world: World) -> None:
    assert "Dienst:" not in text_of(browser.get("/cases").body.decode())
    shifts = (
        shift("2026-11-23T09:00", "2026-11-23T17:00", "noor", of="uitlening"),
        shift("2026-11-23T09:00", "2026-11-23T17:00", "sam", of="uitlening", standby=True),
        shift("2026-11-24T08:00", "2026-11-24T17:00", "ada", of="jeugd"),
    )
    world.rosters.keep(Week(brand=BRAND.id, monday="2026-11-23", rev=1, shifts=shifts))
    page = browser.get("/cases").body.decode()
    assert faults(page) == []
    said = text_of(page)
    assert "Uitlening, Noor tot 17:00, achterwacht: Sam." in said
    assert "Jeugd, nu niemand; Ada vanaf morgen 08:00." in said
    case = browser.get(f"/cases/{COMPLAINT}").body.decode()
    assert faults(case) == []
    assert "DienstNoor tot 17:00, achterwacht: Sam" in text_of(case)
    world.cases.kept[KEY] = replace(world.cases.kept[KEY], department="jeugd")
    assert "Noor tot 17:00" not in text_of(browser.get(f"/cases/{COMPLAINT}").body.decode())


def test_a_case_tells_how_long_it_lay_with_each_department(browser: Browser, world: World) -> None:
    assert "Hoe lang hij waar lag" not in text_of(browser.get(f"/cases/{COMPLAINT}").body.decode())
    browser.post(f"/cases/{COMPLAINT}/hand", {"rev": "1", "department": "jeugd", "reason": "jeugdboek"})
    world.now += timedelta(minutes=95)
    page = browser.get(f"/cases/{COMPLAINT}").body.decode()
    assert faults(page) == []
    assert re.search(r"Hoe lang hij waar lagUitlening [^,]+, Jeugd 1\su\s35", text_of(page))
