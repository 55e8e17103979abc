"""A program asks a colleague by mail; the link in it, on the real stores: mailed, opened, pressed, spent."""

import re
from dataclasses import replace

import pytest
from chalice.test import Client

import app
from chalicelib import console, wiring
from chalicelib.domain.case import CaseKey
from chalicelib.stages import answer
from tests.conftest import NOW
from tests.harness.world import SENDER, World, forget
from tests.web.api.office import OURS, Caller, Office, brand, problem
from tests.web.browser import Browser
from tests.web.fakes_people import ADA, NOOR


@pytest.fixture
def slug(office: Office) -> str:
    wiring.brands().put(replace(brand(OURS), mail_from=SENDER))
    case = office.case(office.heard())
    text = "@kees Het ligt klaar. {agent} van Linde"
    answer.save_draft(case.key, 1, text, "Noor", by_id=NOOR, cases=wiring.cases(), now=NOW)
    return case.key.slug


def test_the_mail_that_a_program_asks_for_is_approved_once_by_whom_it_is_for(
    aws: World, office: Office, planner: Caller, slug: str
) -> None:
    asked = planner.change(f"/cases/{slug}/approval", {"colleague": ADA}, f"/cases/{slug}")
    assert (asked.status_code, asked.json_body["rev"]) == (200, 3), asked.body
    mail = vars(aws.mails()[-1])
    path = re.search(r"/approve/\S+", mail["body"])
    assert path
    browser = Browser(Client(app.app))
    page = browser.get(path[0])
    assert page.status_code == 200, page.body
    assert b"Het ligt klaar. Ada van Linde" in page.body
    assert browser.post(path[0], {}).status_code == 200
    (sent,) = planner.get(f"/cases/{slug}/replies").json_body["items"]
    assert (sent["text"], sent["approved_by"]) == ("@kees Het ligt klaar. Ada van Linde", "Ada")
    assert browser.get(path[0]).status_code == browser.post(path[0], {}).status_code == 410
    _, deliveries = wiring.cases().history(CaseKey.from_slug(slug))
    assert len(deliveries) == 1


@pytest.mark.parametrize("who", [NOOR, "nobody"])
def test_who_may_not_approve_is_not_asked(planner: Caller, slug: str, who: str) -> None:
    refused = problem(planner.change(f"/cases/{slug}/approval", {"colleague": who}, f"/cases/{slug}"))
    assert (refused["status"], [each["pointer"] for each in refused["errors"]]) == (422, ["#/colleague"])


def test_the_key_that_signs_is_made_once_and_is_the_same_in_every_process(office: Office) -> None:
    first = console._link_key()
    assert len(first) == 32
    forget()
    assert console._link_key() == first
