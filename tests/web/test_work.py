"""The daily work: verdicts corrected and what follows, rows done together, cases handed on, people, files."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import UNASKED, Action, CaseKey, CaseState, EventKind
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.web import export, people
from tests.web.access import granted
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

KEY = MentionKey(BRAND.id, "mastodon", "1")
CASE = CaseKey(BRAND.id, "mastodon", "1")
MIXED = MentionKey(BRAND.id, "mastodon", "6")
"""Asks for nothing, says the judge's word: mixed; `fietst.altijd` wrote it."""


def correct(browser: Browser, key: MentionKey, label: str, **more: str) -> str:
    answer = browser.post("/mentions/correct", {"to": f"{key.slug}.{label}", "back": "/mentions", **more})
    assert answer.status_code in (200, 303)
    return answer.body.decode() if answer.status_code == 200 else answer.headers["Location"]


def mood(world: World, key: MentionKey) -> Sentiment:
    verdict = world.mentions.get(key)[1]
    assert verdict
    return verdict.reading.sentiment


# corrections -----------------------------------------------------------------------------------------


def test_a_correction_takes_effect_at_once_and_keeps_what_was(browser: Browser, world: World) -> None:
    where = correct(browser, MIXED, "negative")
    page = browser.get(where.partition("#")[0]).body.decode()
    assert "Het oordeel is nu: Negatief." in text_of(page)
    assert "door Sam de Wit; was Gemengd" in text_of(page)
    assert faults(page) == []
    (kept,) = world.corrections.kept
    assert (kept.was, kept.now, kept.by) == (Sentiment.MIXED, Sentiment.NEGATIVE, "1")
    (line,) = [line for line in world.audit.lines if line.what == "verdict.correct"]
    assert (line.of, line.before, line.after, line.by) == ("mastodon/6", "mixed", "negative", "Sam de Wit")


def test_what_is_a_complaint_after_all_gets_a_case_by_the_rules(browser: Browser, world: World) -> None:
    world.heard("8", "Fijn hoor, weer dicht.", Sentiment.POSITIVE, author="ironisch", state="ignore")
    key = MentionKey(BRAND.id, "mastodon", "8")
    correct(browser, key, "negative")
    case = world.cases.get(CaseKey(BRAND.id, "mastodon", "8"))
    assert (case.state, case.action, case.rule) == (CaseState.OPEN, Action.ANSWER, "complaint")
    assert case.due > NOW
    assert case.draft is None or case.draft.by == ""
    assert world.mentions.states[key] == "answer"
    (event,) = world.cases.events[case.key]
    assert (event.kind, event.by, event.text) == (EventKind.CORRECTED, "Sam de Wit", "negative")


def test_what_asks_nothing_after_all_closes_its_case_and_undoing_opens_it_again(
    browser: Browser, world: World
) -> None:
    where = correct(browser, KEY, "neutral")
    case = world.cases.get(CASE)
    assert (case.state, case.reason) == (CaseState.SOLVED, UNASKED)
    assert world.mentions.states[KEY] == "ignore"
    page = browser.get(where.partition("#")[0]).body.decode()
    undo = re.search(r'name="to" value="([^"]+)">Ongedaan maken', page)
    assert undo
    assert browser.post("/mentions/correct", {"to": undo[1], "back": "/mentions"}).status_code == 303
    case = world.cases.get(CASE)
    assert (case.state, case.reason) == (CaseState.OPEN, "")
    assert mood(world, KEY) is Sentiment.NEGATIVE
    assert [each.now for each in world.corrections.kept] == [Sentiment.NEUTRAL, Sentiment.NEGATIVE]
    history = text_of(browser.get(f"/cases/{COMPLAINT}").body.decode())
    assert "Sam de Wit verbeterde het oordeel naar Neutraal" in history
    assert "Gesloten: er wordt niets meer van ons gevraagd" in history


def test_praise_that_was_taken_for_a_complaint_is_thanked(browser: Browser, world: World) -> None:
    correct(browser, KEY, "positive")
    case = world.cases.get(CASE)
    assert (case.state, case.action, case.sentiment) == (CaseState.OPEN, Action.THANK, Sentiment.POSITIVE)


def test_what_a_person_closed_or_answers_stays_so(browser: Browser, world: World) -> None:
    for state in (CaseState.SOLVED, CaseState.ANSWERED, CaseState.SENDING):
        world.cases.kept[CASE] = replace(world.cases.kept[CASE], state=state)
        correct(browser, KEY, "mixed" if mood(world, KEY) is Sentiment.NEGATIVE else "negative")
        assert world.cases.get(CASE).state is state


def test_a_draft_that_a_person_wrote_survives(browser: Browser, world: World) -> None:
    case = world.cases.get(CASE)
    assert case.draft
    world.cases.kept[CASE] = replace(case, draft=replace(case.draft, by="Noor", text="Eigen woorden"))
    correct(browser, KEY, "mixed")
    after = world.cases.get(CASE)
    assert after.draft
    assert after.draft.text == "Eigen woorden"


def test_saying_the_same_twice_changes_nothing(browser: Browser, world: World) -> None:
    correct(browser, KEY, "positive")
    before = world.mentions.get(KEY), world.cases.get(CASE)
    correct(browser, KEY, "positive")
    assert len(world.corrections.kept) == 1
    assert (world.mentions.get(KEY), world.cases.get(CASE)) == before


def test_that_a_verdict_is_right_is_kept_and_told(browser: Browser, world: World) -> None:
    before = world.mentions.get(KEY)
    for _ in range(2):
        where = correct(browser, KEY, "negative")
    page = browser.get(where.partition("#")[0]).body.decode()
    assert [(each.was, each.now) for each in world.corrections.kept] == [(Sentiment.NEGATIVE,) * 2]
    assert (world.mentions.get(KEY), world.cases.get(CASE).rev) == (before, 1)
    assert [line.what for line in world.audit.lines] == ["verdict.check"]
    assert "Het oordeel blijft: Negatief." in text_of(page)
    assert "Ongedaan maken" not in page


def test_in_place_the_answer_is_the_row_and_the_toast(browser: Browser, world: World) -> None:
    part = correct(browser, MIXED, "negative", part="row")
    assert "<html" not in part
    assert f'id="m-{MIXED.slug}"' in part
    assert part.count("hx-swap-oob") == 2
    assert "Het oordeel is nu: Negatief." in text_of(part)


@pytest.mark.parametrize("to", ["", "x.negative", f"{KEY.slug}.unsure", f"{KEY.slug}.", f"{KEY.slug}.boos"])
def test_nobody_says_what_cannot_be_said(browser: Browser, world: World, to: str) -> None:
    before = world.mentions.get(KEY)
    assert browser.post("/mentions/correct", {"to": to}).status_code in (400, 404)
    assert world.mentions.get(KEY) == before


def test_an_address_that_says_what_was_corrected_is_not_believed(browser: Browser) -> None:
    for said in ("x", "x.negative.positive", f"{KEY.slug}.<b>.negative", f"{KEY.slug}.negative"):
        page = browser.get(f"/mentions?corrected={said}").body.decode()
        assert "Ongedaan maken" not in page


def test_one_of_another_department_cannot_be_corrected(browser: Browser, world: World) -> None:
    jip = granted(browser, world, "agent", "jeugd")
    answer = jip.post("/mentions/correct", {"to": f"{KEY.slug}.positive"})
    assert answer.status_code == 404
    assert mood(world, KEY) is Sentiment.NEGATIVE
    page = jip.post("/bulk", {f"c.{COMPLAINT}": "1", "do": "solve"}).body.decode()
    assert "Hiervan is geen zaak." in text_of(page)
    assert world.cases.get(CASE).state is CaseState.OPEN


# several at once ---------------------------------------------------------------------------------------


def test_rows_are_corrected_together_and_each_outcome_is_told(browser: Browser, world: World) -> None:
    form = {f"m.{KEY.slug}": "1", f"m.{MIXED.slug}": "1", "do": "negative", "back": "/mentions?label=mixed"}
    page = browser.post("/bulk", form).body.decode()
    said = text_of(page)
    assert "Het was al Negatief." in said
    assert "Nu Negatief; was Gemengd." in said
    assert 'href="/mentions?label=mixed"' in page
    assert mood(world, MIXED) is Sentiment.NEGATIVE
    assert faults(page) == []


def test_cases_are_closed_together_and_one_that_does_not_wait_says_so(browser: Browser, world: World) -> None:
    late = CaseKey(BRAND.id, "mastodon", "5")
    world.cases.kept[late] = replace(world.cases.kept[late], state=CaseState.SENDING)
    form = {f"m.{KEY.slug}": "1", f"m.{MIXED.slug}": "1", f"c.{late.slug}": "1", "do": "solve"}
    said = text_of(browser.post("/bulk", form).body.decode())
    assert world.cases.get(CASE).state is CaseState.SOLVED
    assert world.cases.get(late).state is CaseState.SENDING
    assert "Hiervan is geen zaak." in said
    assert "2 regels zijn niet gelukt." in said


def test_a_case_that_moved_on_since_the_list_was_shown_is_not_closed_with_the_others(
    browser: Browser, world: World
) -> None:
    page = browser.get("/cases").body.decode()
    assert f'name="c.{COMPLAINT}" value="1"' in page
    world.cases.kept[CASE] = replace(world.cases.kept[CASE], rev=2, said="Nu bel ik mijn advocaat!")
    said = text_of(browser.post("/bulk", {f"c.{COMPLAINT}": "1", "do": "solve"}).body.decode())
    assert "Het wacht niet meer, of iemand anders wijzigde het." in said
    assert world.cases.get(CASE).state is CaseState.OPEN


def test_cases_are_handed_over_together_with_a_reason(browser: Browser, world: World) -> None:
    form = {f"c.{COMPLAINT}": "1", "do": "hand", "department": "jeugd"}
    assert "Schrijf waarom het van hen is." in text_of(browser.post("/bulk", form).body.decode())
    said = text_of(browser.post("/bulk", {**form, "reason": "Jeugdboek"}).body.decode())
    assert "Overgedragen aan Jeugd." in said
    assert world.cases.get(CASE).department == "jeugd"


def test_more_rows_than_a_page_shows_are_refused(browser: Browser) -> None:
    form = {f"m.{MentionKey(BRAND.id, 'mastodon', str(n)).slug}": "1" for n in range(51)}
    assert browser.post("/bulk", {**form, "do": "negative"}).status_code == 400


# one case ----------------------------------------------------------------------------------------------


def test_a_case_is_handed_over_with_its_reason_and_its_promise(browser: Browser, world: World) -> None:
    due = world.cases.get(CASE).due
    form = {"rev": "1", "department": "jeugd", "reason": "Het boek is een jeugdboek"}
    answer = browser.post(f"/cases/{COMPLAINT}/hand", form)
    assert answer.status_code == 303
    case = world.cases.get(CASE)
    assert (case.department, case.handed, case.due) == ("jeugd", True, due)
    page = text_of(browser.get(f"/cases/{COMPLAINT}").body.decode())
    assert "Sam de Wit droeg het over aan Jeugd: Het boek is een jeugdboek" in page


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": " "}, 422),
        ({"department": "uitlening"}, 422),
        ({"department": "x"}, 422),
        ({"rev": "2"}, 409),
    ],
)
def test_a_hand_over_needs_a_reason_and_another_department(
    browser: Browser, world: World, changes: dict[str, str], status: int
) -> None:
    form = {"rev": "1", "department": "jeugd", "reason": "Jeugdboek", **changes}
    answer = browser.post(f"/cases/{COMPLAINT}/hand", form)
    assert answer.status_code == status
    assert faults(answer.body.decode()) == []
    assert world.cases.get(CASE).department == "uitlening"


def test_what_is_closed_can_be_opened_again_and_is_due_anew(browser: Browser, world: World) -> None:
    browser.post(f"/cases/{COMPLAINT}/solve", {"rev": "1", "do": "close"})
    page = browser.get(f"/cases/{COMPLAINT}").body.decode()
    assert f'action="/cases/{COMPLAINT}/reopen"' in page
    assert browser.post(f"/cases/{COMPLAINT}/reopen", {"rev": "2"}).status_code == 303
    case = world.cases.get(CASE)
    assert (case.state, case.answered_at) == (CaseState.OPEN, None)
    assert case.due > NOW
    assert "Sam de Wit heropende de zaak" in text_of(browser.get(f"/cases/{COMPLAINT}").body.decode())
    assert browser.post(f"/cases/{COMPLAINT}/reopen", {"rev": "3"}).status_code == 409


def test_cases_are_listed_by_what_is_asked(browser: Browser, world: World) -> None:
    browser.post(f"/cases/{COMPLAINT}/solve", {"rev": "1", "do": "close"})
    done = browser.get("/cases?state=done").body.decode()
    assert COMPLAINT in done
    assert faults(done) == []
    assert COMPLAINT not in browser.get("/cases").body.decode()
    assert "Met dit filter wacht er niets." in text_of(browser.get("/cases?mood=negative").body.decode())
    youth = browser.get("/cases?department=jeugd").body.decode()
    assert "juf.op.klompen" in youth
    assert "stadslezer" not in youth
    assert browser.get("/cases?state=x").status_code == 400


def test_my_drafts_are_found(browser: Browser, world: World) -> None:
    assert "regenjas42" not in browser.get("/cases?mine=1").body.decode()
    browser.post(f"/cases/{COMPLAINT}/reply", {"rev": "1", "text": "Mijn woorden", "do": "save"})
    assert "regenjas42" in browser.get("/cases?mine=1").body.decode()
    assert "Jouw concepten die wachten" in text_of(browser.get("/").body.decode())


# people ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_person_has_a_page_with_what_they_wrote_and_their_cases(
    browser: Browser, world: World, language: str
) -> None:
    browser.language = language
    world.heard("9", "Wat een fijne bieb. https://x.example", Sentiment.POSITIVE, state="thank", when=NOW)
    page = browser.get(people.path("mastodon", "regenjas42")).body.decode()
    said = text_of(page)
    assert "Derde keer dat mijn reservering" in said
    assert f"/cases/{COMPLAINT}" in page
    assert page.count('class="verdict" data-mood="positive"') >= 1
    assert {"nl": "Wat we niet doen", "en": "What we do not do"}[language] in said
    assert faults(page) == []


def test_who_never_wrote_has_an_empty_page_and_nonsense_has_none(browser: Browser) -> None:
    page = browser.get(people.path("mastodon", "niemand"))
    assert page.status_code == 200
    assert "Niets in deze 90 dagen" in text_of(page.body.decode())
    assert faults(page.body.decode()) == []
    for address in ("/people/mastodon/!!", "/people/mastodon/YQ==", "/people/mastodon/_w"):
        assert browser.get(address).status_code == 404


def test_a_person_s_messages_are_paged_through_and_leave_whole(browser: Browser, world: World) -> None:
    path = people.path("mastodon", "veelschrijver")
    for number in range(130):
        when = NOW - timedelta(hours=number // 2)  # two at each moment
        world.heard(f"v{number}", f"Bericht-{number}.", Sentiment.NEUTRAL, author="veelschrijver", when=when)
    for number, back in ((130, 100), (131, 364)):
        when = NOW - timedelta(days=back)
        world.heard(f"v{number}", f"Bericht-{number}.", Sentiment.NEUTRAL, author="veelschrijver", when=when)
    seen: list[str] = []
    at = path
    for _ in range(9):
        page = browser.get(at).body.decode()
        assert faults(page) == []
        seen += re.findall(r"Bericht-\d+\.", text_of(page))
        if len(seen) == 130:
            break
        assert "Schreef 130 keer over ons" in text_of(page), "and not as often as one page shows"
        found = re.search(r'rel="next" href="([^"]+)"', page)
        assert found
        at = found[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(f"Bericht-{number}." for number in range(130))
    rows = json.loads(browser.get(f"{path}?as=json").body)
    assert len(rows) == len({row["id"] for row in rows}) == 132
    assert [row["posted"] for row in rows] == sorted((row["posted"] for row in rows), reverse=True)
    for place in ("x", "2026-11-23x~x", "~x"):
        assert browser.get(f"{path}?after={place}").status_code == 400


def test_those_who_wrote_are_found_by_name_and_by_what_they_wrote(browser: Browser) -> None:
    everyone = browser.get("/people/met").body.decode()
    assert faults(everyone) == []
    assert people.path("mastodon", "regenjas42") in everyone
    for query, has, not_ in (
        ("name=REGEN", "regenjas42", "stadslezer"),
        ("mood=glad", "leest.in.bad", "regenjas42"),
        ("mood=unhappy", "regenjas42", "leest.in.bad"),
        ("platform=feed", "Veldermeerse Bode", "regenjas42"),
    ):
        page = browser.get(f"/people/met?{query}").body.decode()
        assert has in page
        assert not_ not in page
    assert browser.get("/people/met?days=400").status_code == 400


# files -------------------------------------------------------------------------------------------------

TABLES = [
    "/mentions",
    "/cases",
    "/cases?state=done",
    "/calendar",
    "/people",
    "/people/met",
    "/status",
    "/reports",
]


@pytest.mark.parametrize("path", [*TABLES, people.path("mastodon", "regenjas42")])
def test_every_table_leaves_as_csv_and_json(browser: Browser, path: str) -> None:
    mark = "&" if "?" in path else "?"
    as_csv, as_json = (browser.get(f"{path}{mark}as={form}") for form in ("csv", "json"))
    assert as_csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.csv"', as_csv.headers["Content-Disposition"])
    assert as_json.headers["Content-Type"] == "application/json"
    lines = list(csv.DictReader(io.StringIO(as_csv.body.decode("utf-8-sig"), newline="")))
    rows = json.loads(as_json.body)
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert list(line) == list(row)
    assert browser.get(f"{path}{mark}as=xlsx").status_code == 400


def test_a_file_keeps_the_filters_and_has_every_row(browser: Browser, world: World) -> None:
    world.mentions.kept.clear()
    for n in range(130):
        feeling = Sentiment.NEGATIVE if n % 2 else Sentiment.POSITIVE
        world.heard(f"m{n}", f"=bericht {n}", feeling, when=NOW.replace(hour=n % 8))
    page = browser.get("/mentions?label=negative").body.decode()
    link = re.search(r'href="(/mentions\?[^"]*as=csv)"', page)
    assert link
    body = browser.get(link[1].replace("&amp;", "&")).body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    assert len(rows) == 65
    assert {row["feeling"] for row in rows} == {"negative"}
    assert all(row["text"].startswith("'=bericht") for row in rows)


def test_what_is_too_large_for_an_answer_goes_by_a_short_link(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "LARGE", 100)
    answer = browser.get("/mentions?as=csv")
    assert answer.status_code == 303
    (name,) = (each for each in world.bucket.kept if each.startswith("_exports/"))
    assert answer.headers["Location"].startswith(f"https://bucket.example/{name}?seconds=300&save_as=")


def test_an_endless_table_ends_and_says_so(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST", 2)
    answer = browser.get("/mentions?as=json")
    assert len(json.loads(answer.body)) == 2
    assert "-first-2.json" in answer.headers["Content-Disposition"]


def test_the_colours_are_the_readers_choice(browser: Browser) -> None:
    assert "data-theme" not in browser.get("/").body.decode()
    assert '<html lang="nl" data-theme="dark">' in browser.get("/?theme=dark").body.decode()
    assert 'data-theme="dark"' in browser.get("/cases").body.decode()
    assert "data-theme" not in browser.get("/?theme=auto").body.decode()
    assert "data-theme" not in browser.get("/?theme=x").body.decode()
