"""A colleague is asked in a note: by mail at once, once, and under Asked of me until they write one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case import CaseKey, Colleague, EventKind
from chalicelib.domain.roles import Grant, Role
from chalicelib.errors import BadInput, Rejected
from chalicelib.stages import answer, ask
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import ADA, NOOR, SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}"


@pytest.fixture
def world(world: World) -> World:
    brand = replace(BRAND, mail_from="wij@veldermeer.example", console_url="https://console.example")
    world.brands.put(brand)
    return world


def note(browser: Browser, text: str, **form: str) -> str:
    """The page that follows."""
    answer = browser.post(f"{PATH}/note", {"note": text, **form})
    assert answer.status_code == 303, answer.body
    return browser.get(answer.headers["Location"]).body.decode()


def grant(world: World, user: str, name: str, *departments: str) -> None:
    world.team.kept[BRAND.id, user] = Grant(
        brand=BRAND.id,
        user=user,
        name=name,
        email="",
        role=Role.AGENT,
        departments=departments,
        since=NOW,
    )


def as_noor(world: World) -> None:
    """Who visits is Noor from now on."""
    member = world.users.valid["id-sam"]
    world.users.valid["id-sam"] = replace(member, id=NOOR, name="Noor", email="noor@veldermeer.example")


def test_who_is_asked_hears_of_it_by_mail_with_the_note_and_the_title_and_no_more(
    browser: Browser, world: World
) -> None:
    page = note(browser, "@ada Mag dit terug? <b>Graag</b>")
    assert faults(page) == []
    assert "Per mail gevraagd: Ada." in text_of(page)
    ((to, mail),) = world.mail.sent
    assert to == "ada@veldermeer.example"
    case = world.cases.get(KEY)
    mention, _ = world.mentions.get(case.mention)
    told = ("Sam de Wit vraagt je iets", "@ada Mag dit terug?", case.title, f"https://console.example{PATH}")
    assert all(each in mail for each in told)
    assert mention.text not in mail
    assert [each.id for each in case.asked] == [ADA]


def test_a_note_sent_twice_mails_once(browser: Browser, world: World) -> None:
    for _ in range(3):
        note(browser, "@ada Mag dit terug?")
    assert len(world.mail.sent) == 1
    assert [event.kind for event in world.cases.events[KEY]].count(EventKind.NOTED) == 1


def test_a_repeat_goes_on_where_the_first_one_broke_off(world: World) -> None:
    brand = world.brands.get(BRAND.id)
    team = colleagues_of(world)

    class Lost(Exception): ...

    class Breaks:
        def claim(self, *_: object, **__: object) -> None:
            raise Lost

    given: dict[str, Any] = {"by_id": SAM, "id": "one", "brand": brand, "cases": world.cases, "now": NOW}
    given |= {"colleagues": lambda: team, "mail": world.mail}
    with pytest.raises(Lost):
        ask.note(KEY, "@ada Mag dit?", "Sam", mailings=Breaks(), **given)  # type: ignore[arg-type]
    assert world.mail.sent == []
    for _ in range(2):
        ask.note(KEY, "@ada Mag dit?", "Sam", mailings=world.mailings, **given)
    assert [to for to, _ in world.mail.sent] == ["ada@veldermeer.example"]


def colleagues_of(world: World) -> list[Colleague]:
    return [Colleague(each.id, each.name, each.email) for each in world.colleagues.all()]


def test_a_word_that_is_nobodys_name_is_told_and_the_note_is_kept(browser: Browser, world: World) -> None:
    page = note(browser, "@regenjas42 en @noor schreven eerder")
    assert faults(page) == []
    assert "De notitie is bewaard." in text_of(page)
    assert "@regenjas42, @noor" in text_of(page), "Noor has no role here: she may not see this case"
    assert world.mail.sent == []
    assert world.cases.get(KEY).asked == ()


@pytest.mark.parametrize(("departments", "asked"), [((), True), (("uitlening",), True), (("jeugd",), False)])
def test_only_who_may_see_the_case_is_asked(
    browser: Browser, world: World, departments: tuple[str, ...], asked: bool
) -> None:
    grant(world, NOOR, "Noor", *departments)
    note(browser, "@noor Weet jij dit?")
    assert bool(world.mail.sent) is asked


def test_whose_account_is_switched_off_is_not_asked(browser: Browser, world: World) -> None:
    grant(world, NOOR, "Noor")
    world.colleagues.disable(world.colleagues.get(NOOR))
    assert "@noor" in text_of(note(browser, "@noor Weet jij dit?"))
    assert world.mail.sent == []


def test_what_is_asked_of_me_stands_on_today_and_in_a_list_until_i_write_a_note(
    browser: Browser, world: World
) -> None:
    grant(world, NOOR, "Noor")
    note(browser, "@noor Weet jij dit?")
    assert COMPLAINT not in browser.get("/cases?mine=asked").body.decode()
    assert "Wacht op een woord van Noor." in text_of(browser.get(PATH).body.decode())
    as_noor(world)
    today = browser.get("/").body.decode()
    assert faults(today) == []
    assert "Eén zaak wacht op een woord van jou." in text_of(today)
    asked = browser.get("/cases?mine=asked").body.decode()
    assert faults(asked) == []
    assert COMPLAINT in asked
    assert "Gevraagd: Noor" in text_of(asked)
    assert "Er is je iets gevraagd over deze zaak." in text_of(browser.get(PATH).body.decode())
    note(browser, "Ja, dat mag")
    assert COMPLAINT not in browser.get("/cases?mine=asked").body.decode()
    empty = browser.get("/cases?mine=asked").body.decode()
    assert "Een zaak waarover een collega je iets vraagt, staat hier" in text_of(empty)


def test_without_a_script_a_colleague_is_chosen_from_a_list(browser: Browser, world: World) -> None:
    page = browser.get(f"{PATH}/ask").body.decode()
    assert faults(page) == []
    assert f'<option value="{ADA}">Ada' in page
    assert "Sam" not in page.partition("<select")[2].partition("</select>")[0], "nobody asks themselves"
    assert "Per mail gevraagd: Ada." in text_of(note(browser, "Mag dit terug?", ask=ADA))
    refused = browser.post(f"{PATH}/note", {"note": "Mag dit terug?", "ask": "nobody"})
    assert refused.status_code == 422
    assert "van wie deze zaak mogen zien" in text_of(refused.body.decode())
    assert faults(refused.body.decode()) == []
    assert len(world.mail.sent) == 1


def test_who_types_an_at_is_offered_names(browser: Browser) -> None:
    assert b'"ada": "Ada"' in browser.get(f"{PATH}/ask?as=names").body


def test_who_could_not_be_mailed_still_has_it_on_the_list(browser: Browser, world: World) -> None:
    world.mail.broken = True
    page = text_of(note(browser, "@ada Mag dit terug?"))
    assert "Niet iedereen kon een mail krijgen." in page
    assert [each.id for each in world.cases.get(KEY).asked] == [ADA]


def test_a_mail_that_could_not_go_goes_later_by_the_clock_and_once(browser: Browser, world: World) -> None:
    world.mail.broken = True
    note(browser, "@ada Mag dit terug?")
    ((id, _),) = world.cases.mailings.items()
    brand, why = world.brands.get(BRAND.id), []

    def post(minutes: int) -> int:
        now = NOW + timedelta(minutes=minutes)
        failed = lambda way, reason: why.append(way)  # noqa: E731
        return ask.post(brand, id, mailings=world.mailings, mail=world.mail, failed=failed, now=now)

    assert [post(8), post(9)] == [0, 0]
    assert why == ["mail"], "not while the first one has it"
    world.mail.broken = False
    assert [post(18), post(18), post(60)] == [1, 0, 0]
    assert [to for to, _ in world.mail.sent] == ["ada@veldermeer.example"]


def test_a_mail_that_is_refused_is_not_tried_again(world: World) -> None:
    class Refuses:
        def send(self, **_: object) -> None:
            raise Rejected("mail", "MessageRejected")

    given: dict[str, Any] = {"brand": world.brands.get(BRAND.id), "cases": world.cases, "mail": Refuses()}
    team = colleagues_of(world)
    noted = ask.note(
        KEY, "@ada Mag dit?", "Sam", colleagues=lambda: team, mailings=world.mailings, now=NOW, **given
    )
    assert noted.unmailed == ("Ada",)
    assert world.cases.mailings == {}


def test_who_asks_more_than_ten_asks_nobody(world: World) -> None:
    team = [Colleague(f"u{n}", f"Naam{n}", f"n{n}@x.example") for n in range(11)]
    given: dict[str, Any] = {"cases": world.cases, "mail": world.mail, "mailings": world.mailings, "now": NOW}
    with pytest.raises(BadInput, match="at most 10"):
        ask.note(
            KEY, " ".join(f"@n{n}" for n in range(11)), "Sam", colleagues=lambda: team, brand=BRAND, **given
        )
    assert world.cases.get(KEY).rev == 1


def test_a_new_message_keeps_the_question_and_opening_again_does_not(browser: Browser, world: World) -> None:
    note(browser, "@ada Mag dit terug?")
    case = world.cases.get(KEY)
    answer.solve(KEY, case.rev, "Sam", by_id=SAM, cases=world.cases, now=NOW)
    later = NOW + timedelta(minutes=1)
    answer.reopen(KEY, case.rev + 1, "Sam", by_id=SAM, brand=BRAND, cases=world.cases, now=later)
    assert world.cases.get(KEY).asked == ()
