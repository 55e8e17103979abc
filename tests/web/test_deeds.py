"""What people do on a case: nothing is sent but what a named person read, and no word is lost."""

from dataclasses import replace

import pytest

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.delivery import DeliveryState
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Counts
from chalicelib.stages import answer as stage
from chalicelib.tasks import Deliver
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes import Letters
from tests.web.world import BRAND, NOW, World

KEY = CaseKey("veldermeer", "mastodon", "1")
PRESS = CaseKey("veldermeer", "feed", "4")
PATH = f"/cases/{KEY.slug}"


def test_approving_sends_exactly_the_text_that_was_read_in_the_members_name(
    browser: Browser, world: World
) -> None:
    text = "@regenjas42 Het boek ligt klaar.\nGroet, Sam de Wit"
    answer = browser.post(f"{PATH}/reply", {"text": text, "rev": "1", "do": "send"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PATH}?done=sent")
    (delivery,) = world.cases.deliveries[KEY]
    assert (delivery.text, delivery.approved_by, delivery.state) == (
        text,
        "Sam de Wit",
        DeliveryState.PLANNED,
    )
    assert world.tasks.sent == [Deliver(delivery.key)]
    page = browser.get(f"{PATH}?done=sent").body.decode()
    assert "Wordt verstuurd" in text_of(page)
    assert "Goedkeuren" not in page


def test_keeping_a_draft_sends_nothing(browser: Browser, world: World) -> None:
    answer = browser.post(f"{PATH}/reply", {"text": "Nog niet af", "rev": "1", "do": "save"})
    assert answer.headers["Location"] == f"{PATH}?done=saved"
    draft = world.cases.get(KEY).draft
    assert draft
    assert (draft.text, draft.by, draft.version) == ("Nog niet af", "Sam de Wit", 2)
    assert world.tasks.sent == []
    assert "Concept van Sam de Wit" in text_of(browser.get(PATH).body.decode())


def test_enter_alone_keeps_and_never_sends(browser: Browser, world: World) -> None:
    """A form without its button is the harmless deed."""
    browser.post(f"{PATH}/reply", {"text": "x", "rev": "1"})
    assert world.tasks.sent == []


def test_the_draft_is_signed_with_the_readers_name(browser: Browser) -> None:
    page = browser.get(PATH).body.decode()
    assert "Groet, Sam de Wit van Bibliotheek Veldermeer</textarea>" in page
    assert "{agent}" not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  \n ", "Er is nog niets om te versturen"),
        ("Groet, {agent} van [afdeling]", "Nog in te vullen: agent, afdeling."),
        ("x" * 512, "12 tekens te veel voor @bibveldermeer (Mastodon)."),
        ("x" * 10_001, "tekens te veel"),
    ],
)
def test_a_text_that_cannot_be_sent_comes_back_with_what_mends_it(
    browser: Browser, world: World, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Letters, "threads", False)
    answer = browser.post(f"{PATH}/reply", {"text": text, "rev": "1", "do": "send"})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert said in text_of(page)
    assert f"\n{text}</textarea>" in page
    assert faults(page) == []
    assert world.tasks.sent == []


@pytest.mark.parametrize("do", ["save", "send"])
def test_who_was_second_sees_both_texts_and_may_go_on(browser: Browser, world: World, do: str) -> None:
    stage.save_draft(KEY, 1, "Wat Noor schreef", "Noor", cases=world.cases, now=NOW)
    answer = browser.post(f"{PATH}/reply", {"text": "Wat Sam schreef", "rev": "1", "do": do})
    page = answer.body.decode()
    assert answer.status_code == 409
    assert "Noor wijzigde dit om 09:12" in text_of(page)
    assert "Wat Noor schreef" in page
    assert "Wat Sam schreef</textarea>" in page
    assert faults(page) == []
    assert world.tasks.sent == []
    assert browser.post(f"{PATH}/reply", {"text": "Wat Sam schreef", "rev": "2", "do": do}).status_code == 303


def test_who_is_faster_has_sent_it_and_it_is_not_sent_twice(browser: Browser, world: World) -> None:
    world.sent(world.cases.get(KEY), DeliveryState.SENT)
    world.tasks.sent.clear()
    answer = browser.post(f"{PATH}/reply", {"text": "Ook een antwoord", "rev": "1", "do": "send"})
    page = answer.body.decode()
    assert answer.status_code == 409
    assert "Noor verstuurde om 09:10 een antwoord" in text_of(page)
    assert "Ook een antwoord</textarea>" in page
    assert 'name="do"' not in page
    assert world.tasks.sent == []


def test_a_message_that_came_meanwhile_is_read_first(browser: Browser, world: World) -> None:
    case = world.cases.get(KEY)
    world.cases.change(replace(case, rev=2))
    world.cases.note(KEY, CaseEvent(at=NOW, id="9", kind=EventKind.HEARD, mention=case.mention))
    page = browser.post(f"{PATH}/reply", {"text": "Beste", "rev": "1", "do": "send"}).body.decode()
    assert "Er kwam om 09:12 een nieuw bericht binnen" in text_of(page)


def test_where_no_channel_reaches_a_person_places_the_answer(browser: Browser, world: World) -> None:
    path = f"/cases/{PRESS.slug}"
    page = browser.get(path).body.decode()
    assert "Daar beantwoord" in page
    assert "Goedkeuren" not in page
    for wrong in ("", "ftp://x.example", "javascript:alert(1)", "https://", "https://x y.example"):
        refused = browser.post(f"{path}/solve", {"url": wrong, "rev": "1", "do": "answered"})
        assert refused.status_code == 422
        assert faults(refused.body.decode()) == []
    given = {"url": "https://bode.example/1#reactie", "rev": "1", "do": "answered"}
    assert browser.post(f"{path}/solve", given).status_code == 303
    assert world.cases.get(PRESS).state is CaseState.SOLVED
    closed = browser.get(path).body.decode()
    assert 'href="https://bode.example/1#reactie"' in closed
    assert "Sam de Wit sloot de zaak" in text_of(closed)
    assert browser.post(f"{path}/reply", {"text": "x", "rev": "2", "do": "send"}).status_code == 409


def test_a_case_can_be_closed_without_an_answer(browser: Browser, world: World) -> None:
    answer = browser.post(f"{PATH}/solve", {"note": "Dubbel", "rev": "1", "do": "close"})
    assert answer.headers["Location"] == f"{PATH}?done=closed"
    assert world.cases.events[KEY][-1].text == "Dubbel"
    with pytest.raises(Conflict):
        stage.save_draft(KEY, 1, "x", "Noor", cases=world.cases, now=NOW)


def test_a_message_of_the_conversation_leads_to_its_case(browser: Browser, world: World) -> None:
    world.cases.link(KEY, "77")
    answer = browser.get(f"/cases/{CaseKey('veldermeer', 'mastodon', '77').slug}")
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)


def test_the_sandbox_is_played_from_its_page(browser: Browser, world: World) -> None:
    path = "/sandbox/proefkanaal"
    form = {"author": "@veldkijker", "text": "Hallo\r\ndaar"}
    assert browser.post(f"{path}/say", form).headers["Location"] == f"{path}?done=said"
    assert (world.lines[-1].author, world.lines[-1].text) == ("veldkijker", "Hallo\ndaar")
    for wrong in ({"author": "twee woorden", "text": "x"}, {"author": "a", "text": " "}):
        refused = browser.post(f"{path}/say", wrong)
        assert refused.status_code == 422
        assert faults(refused.body.decode()) == []
    assert browser.post(f"{path}/mood", {"mood": "down"}).status_code == 303
    assert world.mood == "down"
    assert browser.post(f"{path}/mood", {"mood": "cheerful"}).status_code == 400
    assert browser.get("/sandbox/veldermeer").status_code == 200  # links to messages hold the account


def test_a_channel_that_is_not_set_up_well_hides_no_case(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(brand: Brand, channel: str) -> Counts | None:
        raise BadInput("base_url", "is missing")

    monkeypatch.setattr(world, "counts", broken)
    assert browser.get(PATH).status_code == 200
    assert browser.post(f"{PATH}/reply", {"text": "Beste", "rev": "1", "do": "send"}).status_code == 303


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", ("Hoe wij schrijven", "Informeel (je)")), ("en", ("How we write", "Informal (je)"))],
)
def test_who_writes_has_the_brands_voice_at_hand(
    browser: Browser, world: World, language: str, said: tuple[str, str]
) -> None:
    browser.language = language
    assert said[0] not in text_of(browser.get(PATH).body.decode()), "nothing is said of it"
    story = "Wij zijn er voor iedereen.\nOok op zondag, {agent}."
    world.brands.put(replace(BRAND, story=story, tone="informal", disclosure="Namens de bibliotheek."))
    page = browser.get(PATH).body.decode()
    assert all(each in text_of(page) for each in (*said, "Namens de bibliotheek.", "Ook op zondag, {agent}."))
    assert f"<summary>{said[0]}</summary>" in page.partition('id="reply"')[2], "beside the draft"
    assert faults(page) == []
