"""What we know, at a case: found for its message, put into the draft by a person, named as its source."""

import re
from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest

from chalicelib.domain.brand import Snippet
from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, Draft, EventKind, Quoted
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.knowledge import Page
from chalicelib.domain.mention import Author, MentionKey
from chalicelib.domain.verdict import Sentiment
from tests.web.access import KNOWN, granted, in_role, knows
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}"
SHELF = Page(
    id="plank",
    title="Niet op de plank",
    language="nl",
    text="## Mijn reservering ligt er niet\nLoop even langs de balie, {author}: vaak ligt het daar.",
)
YOUTH = Page(
    id="jeugd", title="Jeugd", language="nl", text="## Ligt de reservering er?\nNee.", department="jeugd"
)
ENGLISH = Page(id="shelf", title="Shelf", language="en", text="## My reservation is missing\nAsk the desk.")


def case(world: World) -> Case:
    return world.cases.get(KEY)


def shown(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    html = str(answer.body.decode())
    assert faults(html) == []
    return html


@pytest.fixture
def knowing(world: World) -> World:
    knows(world, KNOWN, SHELF, YOUTH, ENGLISH)
    asks = replace(
        case(world), said="Derde keer dat mijn reservering klaarligt en er niets ligt", language="nl"
    )
    world.cases.kept[KEY] = asks
    return world


def test_a_brand_without_knowledge_has_no_field_to_look_in(browser: Browser) -> None:
    assert 'id="known-q"' not in shown(browser, f"{PATH}/known")


def test_what_fits_stands_at_the_case_with_its_page(browser: Browser, knowing: World) -> None:
    assert f'data-hx-get="{PATH}/known"' in shown(browser, PATH)
    html = shown(browser, f"{PATH}/known")
    told = text_of(html)
    assert "Mijn reservering ligt er niet" in told
    assert "Niet op de plank" in told
    assert "/knowledge/plank" in html
    assert "/knowledge/jeugd" not in html, "another department's"
    assert "/knowledge/shelf" not in html, "another language's"
    assert html.count('name="put"') <= 3


def test_another_answer_is_looked_for_in_all_languages(browser: Browser, knowing: World) -> None:
    assert "/knowledge/open" in shown(browser, f"{PATH}/known?q=openingstijden")
    assert "/knowledge/shelf" in shown(browser, f"{PATH}/known?q=reservation")
    nothing = text_of(shown(browser, f"{PATH}/known?q=olifanten"))
    assert "Niets op onze pagina's past bij deze woorden." in nothing
    assert 'value="&#34;&gt;&lt;b&gt;"' in shown(browser, f"{PATH}/known?q=%22%3E%3Cb%3E")


def test_a_library_that_is_away_takes_no_page_from_who_is_typing(browser: Browser, knowing: World) -> None:
    """What answers 500 would be laid over the case."""
    with mock.patch.object(knowing.library, "find", side_effect=OSError("S3 is away")):
        told = text_of(shown(browser, f"{PATH}/known"))
    assert "We kunnen nu niet op onze pagina's kijken." in told


def test_an_answer_takes_the_place_of_a_draft_that_nobody_touched(browser: Browser, knowing: World) -> None:
    text = re.findall(r'name="text" value="([^"]+)"', shown(browser, f"{PATH}/known"))[0]
    answer = browser.post(f"{PATH}/put", {"rev": "1", "text": text, "put": "plank.1"})
    assert answer.headers["Location"] == f"{PATH}?done=put"
    draft = case(knowing).draft
    assert draft
    assert draft.text == (
        "Dag @regenjas42, Loop even langs de balie, @regenjas42: vaak ligt het daar.\n\n"
        "Groet, {agent} van Bibliotheek Veldermeer"
    )
    assert (draft.by, draft.source, draft.pages) == ("Sam de Wit", "", (Quoted("plank", SHELF.title),))
    html = shown(browser, f"{PATH}?done=put")
    assert "Het antwoord staat in het concept." in text_of(html)
    assert "Gemaakt van de pagina Niet op de plank." in text_of(html)
    assert "Geschreven zonder bron" not in text_of(html)
    assert knowing.tasks.sent == []


def test_what_a_person_typed_stays_above_it(browser: Browser, knowing: World) -> None:
    browser.post(f"{PATH}/put", {"rev": "1", "text": "Wat vervelend!", "put": "plank.1"})
    browser.post(f"{PATH}/put", {"rev": "2", "text": "Wat vervelend! Nog iets.", "put": "open.1"})
    draft = case(knowing).draft
    assert draft
    assert draft.text == "Wat vervelend! Nog iets.\n\nOp werkdagen van 9.00 tot 17.30 uur."
    assert [each.id for each in draft.pages] == ["plank", "open"]
    told = text_of(shown(browser, PATH))
    assert "Gemaakt van de pagina Niet op de plank." in told
    assert "Gemaakt van de pagina Openingstijden." in told


def test_who_is_late_loses_no_word_and_a_form_of_nobodys_puts_nothing(
    browser: Browser, knowing: World
) -> None:
    late = browser.post(f"{PATH}/put", {"rev": "7", "text": "Mijn woorden", "put": "plank.1"})
    assert late.status_code == 409
    assert "Mijn woorden" in late.body.decode()
    for put, status in (("plank.2", 404), ("weg.1", 404), ("jeugd.1", 404), ("../x", 400), ("", 400)):
        refused = browser.post(f"{PATH}/put", {"rev": "1", "text": "x", "put": put})
        assert refused.status_code == status, put
    assert case(knowing).rev == 1


def test_a_colleagues_case_is_taken_over_first(browser: Browser, knowing: World) -> None:
    until = knowing.now.replace(hour=23)
    taken = replace(case(knowing), taken_by="Noor", taken_by_id="noor", taken_until=until)
    knowing.cases.kept[KEY] = taken
    refused = browser.post(f"{PATH}/put", {"rev": "1", "text": "Mijn woorden", "put": "plank.1"})
    assert refused.status_code == 422
    assert "Neem hem eerst over." in text_of(refused.body.decode())
    assert "Mijn woorden" in refused.body.decode()
    assert BRAND.id == KEY.brand


# what a person changed ----------------------------------------------------------------------------


def drafted(world: World) -> str:
    """The system's draft of a page, as respond makes it."""
    text = "Dag @regenjas42, Loop even langs de balie.\n\nGroet, {agent} van Bibliotheek Veldermeer"
    draft = Draft(text=text, version=1, language="nl", source="", pages=(Quoted("plank", SHELF.title),))
    world.cases.kept[KEY] = replace(case(world), draft=draft)
    return text.replace("{agent}", "Sam de Wit")


def approval(world: World) -> CaseEvent:
    (found,) = (event for event in world.cases.events[KEY] if event.kind is EventKind.APPROVED)
    return found


def send(browser: Browser, text: str, rev: int = 1) -> None:
    answer = browser.post(f"{PATH}/reply", {"rev": str(rev), "text": text, "do": "send"})
    assert answer.status_code == 303, text_of(answer.body.decode())


def test_what_was_sent_as_it_was_drafted_says_its_page_and_no_more(browser: Browser, knowing: World) -> None:
    text = drafted(knowing)
    send(browser, text)
    assert (approval(knowing).made, approval(knowing).pages) == ("", (Quoted("plank", SHELF.title),))
    told = text_of(shown(browser, PATH))
    assert "Gemaakt van de pagina Niet op de plank." in told
    assert "Het concept was:" not in told


@pytest.mark.parametrize("kept_between", [False, True])
def test_what_a_person_changed_stands_beside_what_was_drafted(
    browser: Browser, knowing: World, kept_between: bool
) -> None:
    text = drafted(knowing)
    changed = text.replace("balie", "balie op de eerste verdieping")
    if kept_between:
        for rev in (1, 2):
            form = {"rev": str(rev), "text": f"{changed} ({rev})", "do": "save"}
            assert browser.post(f"{PATH}/reply", form).status_code == 303
    send(browser, changed, 3 if kept_between else 1)
    assert (approval(knowing).text, approval(knowing).made) == (changed, text)
    told = text_of(shown(browser, PATH))
    assert "keurde het antwoord goed, gewijzigd ten opzichte van het concept" in told
    assert "Het concept was: Dag @regenjas42, Loop even langs de balie. Groet, Sam de Wit" in told


def test_a_draft_of_an_answer_that_was_put_in_is_what_it_was_made_from(
    browser: Browser, knowing: World
) -> None:
    text = drafted(knowing)
    browser.post(f"{PATH}/put", {"rev": "1", "text": text, "put": "open.1"})
    put = case(knowing).draft
    assert put
    assert put.original == put.text
    sent = put.text.replace("{agent}", "Sam de Wit").replace("Dag", "Hallo")
    send(browser, sent, 2)
    assert approval(knowing).made == put.text.replace("{agent}", "Sam de Wit")
    assert [page.id for page in approval(knowing).pages] == ["open"]


def test_what_a_person_wrote_from_nothing_was_made_from_nothing(browser: Browser, knowing: World) -> None:
    knowing.cases.kept[KEY] = replace(case(knowing), draft=None)
    send(browser, "Wij zoeken het uit. Groet, Sam de Wit van Bibliotheek Veldermeer")
    assert (approval(knowing).made, approval(knowing).pages) == ("", ())


# snippets -----------------------------------------------------------------------------------------


FORM_LINK = Snippet(
    id="formulier",
    name="Formulier",
    language="nl",
    text="Vul vóór [dag] het formulier in, {author}; {department} belt je. {agent}",
    link="https://bieb.example/f.pdf",
)


def has(world: World, *snippets: Snippet) -> None:
    world.brands.put(replace(BRAND, snippets=snippets))


def test_a_snippet_is_written_with_the_brand_and_put_below_an_answer(browser: Browser, world: World) -> None:
    in_role(browser, world, ("manager",))
    given = {
        "name": "Formulier",
        "language": "nl",
        "text": FORM_LINK.text,
        "link": "http://x.example",
        "do": "save",
    }
    wrong = browser.post("/brand/snippets/new", given)
    assert wrong.status_code == 422
    assert faults(wrong.body.decode()) == []
    assert browser.post("/brand/snippets/new", {**given, "link": FORM_LINK.link}).status_code == 303
    assert world.brands.kept[BRAND.id].snippets == (FORM_LINK,)
    assert "Formulier" in text_of(shown(browser, "/brand"))
    assert 'name="snippet" value="formulier"' in shown(browser, PATH)
    answer = browser.post(f"{PATH}/put", {"rev": "1", "text": "Wat vervelend.", "snippet": "formulier"})
    assert answer.headers["Location"] == f"{PATH}?done=put"
    draft = case(world).draft
    assert draft
    assert draft.text == (
        "Wat vervelend.\n\nVul vóór [dag] het formulier in, @regenjas42; Uitlening belt je. {agent} "
        "https://bieb.example/f.pdf"
    )
    assert draft.snippets == ("Formulier",)
    page = shown(browser, PATH)
    assert "Met het tekstblok Formulier." in text_of(page)
    sent = browser.post(f"{PATH}/reply", {"rev": "2", "text": draft.text, "do": "send"})
    assert sent.status_code == 422
    assert "dag" in text_of(sent.body.decode()), "what is open is not sent"
    assert world.tasks.sent == []


def test_a_case_has_the_snippets_of_its_department_and_language(browser: Browser, world: World) -> None:
    youth = replace(FORM_LINK, id="jeugd", department="jeugd")
    english = replace(FORM_LINK, id="form", language="en")
    has(world, FORM_LINK, youth, english)
    page = shown(browser, PATH)
    assert re.findall(r'name="snippet" value="(\w+)"', page) == ["formulier"]
    has(world, youth, english)
    assert re.findall(r'name="snippet" value="(\w+)"', shown(browser, PATH)) == ["form"]
    for id in ("jeugd", "nergens"):
        refused = browser.post(f"{PATH}/put", {"rev": "1", "text": "x", "snippet": id})
        assert refused.status_code == 404, id
    has(world)
    assert 'name="snippet"' not in shown(browser, PATH)


# what was answered before -------------------------------------------------------------------------


def answered(
    world: World,
    n: int,
    said: str = "Mijn reservering ligt niet klaar",
    *,
    department: str = "",
    days: int = 1,
    state: DeliveryState = DeliveryState.CONFIRMED,
) -> str:
    """A message of somebody else, and what Noor answered to it so many days ago; the slug of its case."""
    key, at = CaseKey(BRAND.id, "mastodon", f"9{n}"), world.now - timedelta(days=days)
    mention = replace(
        next(iter(world.mentions.kept.values()))[0],
        key=MentionKey(key.brand, key.platform, key.root),
        author=Author(id="77", handle="anna", name="Anna de Boer"),
        text=said,
        heard_at=at,
    )
    world.mentions.add(mention)
    other = replace(case(world), key=key, mention=mention.key, author="anna", joined=())
    other = replace(other, department=department or other.department)
    world.cases.kept[key] = other
    sent = world.sent(other, state)
    text = f"Dag @anna, Anna de Boer, antwoord {n}. Bel Sam Jansen. Groet, Noor van Bibliotheek Veldermeer"
    world.cases.deliveries[key] = [replace(sent, text=text, sent_at=at, approved_at=at)]
    return key.slug


def test_what_was_answered_before_stands_with_its_date_its_approver_and_its_case(
    browser: Browser, knowing: World
) -> None:
    slugs = [answered(knowing, n, days=n) for n in (5, 1, 2, 3)]
    other = answered(knowing, 6, "Jullie koffie is heerlijk")
    old = answered(knowing, 7, days=61)
    unknown = answered(knowing, 8, state=DeliveryState.UNKNOWN)
    html = shown(browser, f"{PATH}/known")
    found = re.findall(r'name="before" value="([^"]+)[.]1"', html)
    assert found == slugs[1:], "the three newest, newest first"
    assert not {other, old, unknown} & set(found)
    told = text_of(html)
    assert "Goedgekeurd door Noor op zo 22 november" in told
    assert "Dag @regenjas42, @regenjas42, antwoord 1." in told
    assert "Anna" not in told
    assert f'href="/cases/{slugs[1]}"' in html


def test_it_is_put_into_the_draft_in_their_name_and_ours_and_names_where_it_is_from(
    browser: Browser, knowing: World
) -> None:
    slug = answered(knowing, 1)
    text = re.findall(r'name="text" value="([^"]+)"', shown(browser, f"{PATH}/known"))[0]
    answer = browser.post(f"{PATH}/put", {"rev": "1", "text": text, "before": f"{slug}.1"})
    assert answer.headers["Location"] == f"{PATH}?done=put"
    draft = case(knowing).draft
    assert draft
    assert draft.text == (
        "Dag @regenjas42, @regenjas42, antwoord 1. Bel Sam Jansen. Groet, {agent} van Bibliotheek Veldermeer"
    )
    assert [(each.case.slug, each.by) for each in draft.earlier] == [(slug, "Noor")]
    page = shown(browser, PATH)
    assert "Gemaakt van ons antwoord van zo 22 november, goedgekeurd door Noor." in text_of(page)
    assert "Geschreven zonder bron" not in text_of(page)
    assert knowing.tasks.sent == []
    browser.post(f"{PATH}/put", {"rev": "2", "text": "Wat vervelend!", "before": f"{slug}.1"})
    below = case(knowing).draft
    assert below
    assert below.text.startswith("Wat vervelend!\n\nDag @regenjas42")
    assert len(below.earlier) == 1


def test_what_a_department_answered_is_seen_by_who_sees_its_work(browser: Browser, knowing: World) -> None:
    ours, youth = answered(knowing, 1), answered(knowing, 2, department="jeugd")
    granted(browser, knowing, "agent", "uitlening")
    html = shown(browser, f"{PATH}/known")
    assert ours in html
    assert youth not in html
    for given, status in ((f"{youth}.1", 404), (f"{ours}.2", 404), ("nergens.1", 404), (f"{ours}.x", 400)):
        refused = browser.post(f"{PATH}/put", {"rev": "1", "text": "x", "before": given})
        assert refused.status_code == status, given
    assert case(knowing).rev == 1


def test_a_day_is_gathered_once(browser: Browser, knowing: World) -> None:
    answered(knowing, 1)
    shown(browser, f"{PATH}/known")
    (name,) = (each for each in knowing.bucket.kept if each.startswith("_answered/"))
    assert name == "_answered/veldermeer/1-2026-11-23.json"
    answered(knowing, 2)
    assert "antwoord 2" not in text_of(shown(browser, f"{PATH}/known"))
    knowing.now += timedelta(days=1)
    assert "antwoord 2" in text_of(shown(browser, f"{PATH}/known"))


def test_who_is_glad_is_asked_to_be_quoted_or_invited(browser: Browser, world: World) -> None:
    glad = replace(world.cases.kept[KEY], action=Action.THANK, sentiment=Sentiment.POSITIVE)
    world.cases.kept[KEY] = glad
    page = browser.get(PATH).body.decode()
    assert 'name="snippet" value="quote"' in page
    assert 'name="snippet" value="invite"' in page
    assert (
        browser.post(f"{PATH}/put", {"rev": "1", "text": "Dank je!", "snippet": "quote"}).status_code == 303
    )
    draft = world.cases.get(KEY).draft
    assert draft
    assert "Mogen we je bericht aanhalen" in draft.text
    own = Snippet(id="quote", name="Ons eigen", language="nl", text="Mogen wij u citeren?")
    world.brands.put(replace(BRAND, snippets=(own,)))
    page = text_of(browser.get(PATH).body.decode())
    assert "Mogen wij u citeren?" in page
    assert "met je naam erbij" not in page.partition("Ons eigen")[2]


def test_a_complaint_is_not_asked_for_its_praise(browser: Browser, world: World) -> None:
    assert 'value="quote"' not in browser.get(PATH).body.decode()
    assert browser.post(f"{PATH}/put", {"rev": "1", "text": "Sorry.", "snippet": "quote"}).status_code == 404
