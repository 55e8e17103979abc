"""Alerts in the console: opening one is its receipt; how one is told oneself; and what happens to that when
one's role is taken away."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from chalicelib.domain.alerting import Notice, Ways, secret_of
from chalicelib.domain.case import CaseKey
from tests.web import access
from tests.web.access import granted, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import NOOR, SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

HERE = BRAND.id
FORM = {"mail": "yes", "in.uitlening": "yes", "in.jeugd": "yes", "quiet": "", "digest": ""}


def told(world: World, bell: str = "uitlening.negative", cases: tuple[CaseKey, ...] = ()) -> Notice:
    made = replace(access.notice(), bell=bell, id=f"20261123T080500000-{bell}", surges=())
    made = replace(made, cases=cases or made.cases)
    world.notices.keep(made)
    return made


def kept(world: World, user: str = SAM) -> Ways | None:
    return world.notices.of.get((HERE, user))


# the receipt -------------------------------------------------------------------------------------


def test_who_follows_the_link_is_noted_and_comes_to_the_case(browser: Browser, world: World) -> None:
    notice = told(world)
    answer = browser.get(f"{notice.path}?{urlencode({'case': COMPLAINT})}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{COMPLAINT}")
    found = world.notices.get(HERE, notice.id)
    assert (found.opened_by, found.opened_by_id, found.opened_at) == ("Sam de Wit", SAM, NOW)
    page = text_of(browser.get("/alerts").body.decode())
    assert "Sam de Wit opende de melding" in page
    assert "mail, chat (Noor)" in page


def test_the_first_who_looked_stays(browser: Browser, world: World) -> None:
    notice = told(world)
    world.notices.opened(notice, "Noor", NOOR, NOW)
    browser.get(notice.path)
    assert world.notices.get(HERE, notice.id).opened_by == "Noor"


@pytest.mark.parametrize("case", ["", "x", "//evil.example", "bGluZGViaWViL3dlYmhvb2svci0x"])
def test_a_link_leads_nowhere_but_to_what_was_told(browser: Browser, world: World, case: str) -> None:
    other = CaseKey(HERE, "mastodon", "9/9")
    notice = told(world, cases=(CaseKey.from_slug(COMPLAINT), other))
    answer = browser.get(f"{notice.path}?{urlencode({'case': case, 'post': case})}")
    assert answer.status_code == 200
    assert faults(answer.body.decode()) == []


def test_what_is_more_than_usual_is_told_with_what_is_usual(browser: Browser, world: World) -> None:
    world.notices.keep(access.notice())
    page = browser.get(access.notice().path).body.decode()
    assert "40 berichten in een uur" in text_of(page)
    assert 'href="/mentions?label=negative"' in page


def test_a_colleague_of_another_department_neither_sees_nor_opens_it(browser: Browser, world: World) -> None:
    notice = told(world)
    granted(browser, world, "agent", "jeugd")
    assert browser.get(notice.path).status_code == 404
    assert notice.subject not in browser.get("/alerts").body.decode()
    assert world.notices.get(HERE, notice.id).opened_at is None


def test_what_nobody_opened_and_what_went_on_is_said(browser: Browser, world: World) -> None:
    told(world)
    late = told(world, "uitlening.late")
    world.notices.keep(replace(late, escalated_at=NOW))
    told(world, "uitlening.positive")
    page = text_of(browser.get("/alerts").body.decode())
    assert page.count("Nog niemand opende de melding.") == 2, "praise need not be opened"
    assert "ging de melding om 09:12 door naar anderen" in page


def test_an_alert_has_its_title_in_the_language_of_who_reads_it(browser: Browser, world: World) -> None:
    notice = told(world, cases=(CaseKey.from_slug(COMPLAINT), CaseKey(HERE, "mastodon", "9/9")))
    world.notices.keep(replace(notice, subject="@kees is ontevreden", subjects={"en": "@kees is unhappy"}))
    for path in ("/alerts", notice.path):
        for language, title in (("nl", "@kees is ontevreden"), ("en", "@kees is unhappy")):
            browser.language = language
            assert title in text_of(browser.get(path).body.decode())


# one's own ways ----------------------------------------------------------------------------------


def test_one_chooses_how_one_is_told(browser: Browser, world: World) -> None:
    page = browser.get("/me/alerts").body.decode()
    assert faults(page) == []
    form = {
        **FORM,
        "rev": "0",
        "secret": "https://hooks.slack.com/services/T0/B0/fake",
        "quiet": "22:00-07:30",
    }
    assert browser.post("/me/alerts", {**form, "digest": "daily"}).status_code == 303
    assert kept(world) == Ways(
        brand=HERE,
        user=SAM,
        name="Sam de Wit",
        mail="sam@veldermeer.example",
        chat=True,
        quiet="22:00-07:30",
        digest="daily",
    )
    assert world.secrets.kept[secret_of(HERE, SAM)] == {"url": form["secret"]}
    after = browser.get("/me/alerts").body.decode()
    assert form["secret"] not in after
    assert [line.what for line in world.audit.lines] == ["secret.set", "team.alerts"]


def test_one_chooses_the_language_one_is_told_in(browser: Browser, world: World) -> None:
    page = browser.get("/me/alerts").body.decode()
    assert "Die van het merk: Nederlands" in text_of(page)
    browser.post("/me/alerts", {**FORM, "rev": "0", "told_in": "en"})
    own = kept(world)
    assert own
    assert own.told_in == "en"
    assert '"language": "en"' in world.audit.lines[-1].after
    page = browser.get("/me/alerts").body.decode()
    assert faults(page) == []
    assert '<option value="en" lang="en" selected>English</option>' in page
    refused = browser.post("/me/alerts", {**FORM, "rev": "1", "told_in": "fr"})
    assert refused.status_code == 422
    assert 'id="told_in-fault"' in refused.body.decode()


def test_a_chat_is_taken_away_and_what_is_left_empty_stays(browser: Browser, world: World) -> None:
    address = "https://chat.example/in"
    browser.post("/me/alerts", {**FORM, "rev": "0", "secret": address})
    browser.post("/me/alerts", {"rev": "1", "in.jeugd": "yes", "quiet": "", "digest": "", "secret": ""})
    own = kept(world)
    assert own
    assert (own.mail, own.chat, own.departments) == ("", True, ("jeugd",))
    browser.post("/me/alerts", {**FORM, "rev": "2", "no_chat": "yes"})
    own = kept(world)
    assert own
    assert (own.chat, own.departments) == (False, ())
    assert world.secrets.kept == {}


def test_one_way_only_is_said_to_be_little(browser: Browser, world: World) -> None:
    browser.post("/me/alerts", {**FORM, "rev": "0"})
    assert "Je hebt maar één weg." in text_of(browser.get("/me/alerts").body.decode())
    browser.post("/me/alerts", {**FORM, "rev": "1", "secret": "https://chat.example/in"})
    assert "Je hebt maar één weg." not in text_of(browser.get("/me/alerts").body.decode())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quiet": "22-7"}, "Schrijf stille uren als 22:00-07:30."),
        ({"digest": "hourly"}, "Kies er een uit de lijst."),
        ({"secret": "javascript:alert(1)"}, "Kopieer het opnieuw."),
        ({"secret": "https://x.webhook.office.com/webhookb2/x"}, "Microsoft stopte met zulke adressen."),
        ({"secret": "https://api.telegram.org/bot1:x/sendMessage"}, "Zet het nummer van de chat erachter"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_kept(
    browser: Browser, world: World, change: dict[str, str], said: str
) -> None:
    answer = browser.post("/me/alerts", {**FORM, "rev": "0", **change})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert said in text_of(page)
    assert f'id="{next(iter(change))}-fault"' in page
    assert faults(page) == []
    assert (kept(world), world.secrets.kept) == (None, {})


def test_an_old_page_keeps_nothing(browser: Browser, world: World) -> None:
    browser.post("/me/alerts", {**FORM, "rev": "0"})
    answer = browser.post("/me/alerts", {"rev": "0", "quiet": "22:00-07:30"})
    assert answer.status_code == 409
    own = kept(world)
    assert own
    assert (own.mail, own.quiet) == ("sam@veldermeer.example", "")


def test_one_hears_of_no_department_that_one_does_not_see(browser: Browser, world: World) -> None:
    granted(browser, world, "agent", "jeugd")
    browser.post("/me/alerts", {**FORM, "rev": "0"})
    own = kept(world)
    assert own
    assert own.departments == ("jeugd",)


# a role that changes -----------------------------------------------------------------------------


def test_who_has_no_role_any_more_is_told_nothing(browser: Browser, world: World) -> None:
    in_role(browser, world, ("administrator",))
    world.team.kept[HERE, NOOR] = access.grant(world, "agent")
    world.notices.set_ways(Ways(brand=HERE, user=NOOR, name="Noor"))
    browser.post(f"/team/{NOOR}/role", {"role": "", "seen": "1"})
    assert kept(world, NOOR) is None


def test_who_sees_less_is_told_less(browser: Browser, world: World) -> None:
    in_role(browser, world, ("administrator",))
    world.team.kept[HERE, NOOR] = access.grant(world, "agent")
    world.notices.set_ways(Ways(brand=HERE, user=NOOR, name="Noor"))
    browser.post(f"/team/{NOOR}/role", {"role": "agent", "seen": "1", "in.jeugd": "yes"})
    own = kept(world, NOOR)
    assert own
    assert own.departments == ("jeugd",)


def test_who_is_let_in_no_longer_is_told_nothing(browser: Browser, world: World) -> None:
    in_role(browser, world, ("administrator",))
    world.team.kept[HERE, NOOR] = access.grant(world, "agent")
    world.notices.set_ways(Ways(brand=HERE, user=NOOR, name="Noor"))
    browser.post(f"/team/{NOOR}/access", {"do": "disable"})
    assert kept(world, NOOR) is None
