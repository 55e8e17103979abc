"""Reports: a month in the reader's own language, its files by a short link, and one made on demand."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from chalicelib.domain import errata
from chalicelib.domain.month import from_bytes, to_bytes
from chalicelib.domain.pulse import Failure
from tests.web import months
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import keep
from tests.web.world import NOW, World

MADE = datetime(2026, 11, 1, 6, 2, tzinfo=UTC)
FILES = ("facts.json", "mailed", "mentions.csv", "report.html", "report.json")


@pytest.fixture
def october(world: World) -> World:
    for name in FILES:
        body = to_bytes(months.full()) if name == "facts.json" else b"{}"
        world.bucket.put_once(f"veldermeer/2026-10/{name}", body, "text/plain")
    world.bucket.put_once("camping/2026-10/report.json", b"{}", "text/plain")
    return world


def as_manager(world: World) -> World:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("manager",))
    return world


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_list_names_each_month_and_how_it_stands(browser: Browser, october: World, language: str) -> None:
    browser.language = language
    as_manager(october)
    page = browser.get("/reports")
    keep(f"reports-{language}", page.body)
    assert faults(page.body.decode()) == []
    said = text_of(page.body.decode())
    told = {
        "nl": (
            "Eén verslag is er.",
            "November 2026 Nog niet",
            "Oktober 2026 Gemaakt",
            "December 2025 Geen verslag",
        ),
        "en": (
            "One report is there.",
            "November 2026 Not yet",
            "October 2026 Made",
            "December 2025 No report",
        ),
    }
    for each in told[language]:
        assert each in said
    assert "2025-11" not in page.body.decode(), "what is too long ago cannot be made"


def test_an_old_report_stays_listed(browser: Browser, world: World) -> None:
    world.bucket.put_once("veldermeer/2021-02/report.json", b"{}", "application/json")
    world.bucket.put_once("veldermeer/<b>/report.json", b"{}", "application/json")
    page = browser.get("/reports").body.decode()
    assert "Februari 2021 Gemaakt" in text_of(page)
    assert "Eén verslag is er." in text_of(page)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_report_is_read_in_the_readers_language(browser: Browser, october: World, language: str) -> None:
    browser.language = language
    page = browser.get("/reports/2026-10")
    keep(f"report-{language}", page.body)
    assert page.status_code == 200
    assert faults(page.body.decode()) == []
    assert {"nl": "Oktober 2026", "en": "October 2026"}[language] in text_of(page.body.decode())
    assert 'href="/reports/2026-10/mentions.csv"' in page.body.decode()
    assert 'href="/reports/2026-10/report.html"' in page.body.decode()
    assert "mailed" not in page.body.decode()


def test_what_strangers_wrote_stays_text(browser: Browser, october: World) -> None:
    """Under the console's own policy: nothing inline, no address that is none."""
    bad = '"><script>alert(1)</script>'
    month = months.full()
    mention = replace(month.mentions[0], author=bad, text=bad, url="javascript:alert(1)", label="positive")
    sent = replace(month.deliveries[0], title=bad, text=bad, url="javascript:alert(1)", reason=bad)
    hostile = replace(
        month, name=bad, mentions=(mention, *month.mentions[1:]), deliveries=(sent, *month.deliveries[1:])
    )
    october.bucket.kept["veldermeer/2026-10/facts.json"] = to_bytes(hostile), "application/json"
    for asked in ("", "?rows=mentions", "?rows=posts"):
        page = browser.get(f"/reports/2026-10{asked}").body.decode()
        assert faults(page) == []
        assert ("alert(1)" in text_of(page)) is bool(asked)
        assert "<script>alert" not in page
        assert 'href="javascript' not in page


def test_a_number_opens_its_rows_and_the_file_with_all(browser: Browser, october: World) -> None:
    page = browser.get("/reports/2026-10").body.decode()
    assert 'href="/reports/2026-10?rows=mentions"' in page
    rows = browser.get("/reports/2026-10?rows=mentions").body.decode()
    assert rows.count("<tr>") == 101
    assert 'href="/reports/2026-10/mentions.csv"' in rows
    assert browser.get("/reports/2026-10?rows=nowhere").status_code == 404


def test_an_erratum_stands_above_the_report(browser: Browser, october: World) -> None:
    for n, mentions in ((1, 70_216), (2, 1_219)):
        found = errata.Erratum(
            at=MADE + timedelta(days=n),
            was={"mentions": 214, "posts": 3},
            present={"mentions": mentions, "posts": 4},
        )
        october.bucket.put_once(f"veldermeer/2026-10/erratum-{n}.json", errata.to_bytes(found), "x")
    page = browser.get("/reports/2026-10").body.decode()
    assert 'class="erratum"' in page
    assert "1.219" in text_of(page)
    assert "70.216" not in text_of(page), "the last one says all"
    assert faults(page) == []


def test_the_numbers_of_an_erratum_open_the_rows_it_was_made_of(browser: Browser, october: World) -> None:
    folder = "veldermeer/2026-10"
    kept = from_bytes(october.bucket.get(f"{folder}/facts.json") or b"")
    later = replace(kept, mentions=kept.mentions[:7])
    found = errata.between(kept, None, later)
    assert found is not None
    october.bucket.put_once(f"{folder}/later-1.json", to_bytes(later), "x")
    october.bucket.put_once(f"{folder}/erratum-1.json", errata.to_bytes(found), "x")
    page = browser.get("/reports/2026-10").body.decode()
    for name in found.present:
        figure = errata.FIGURES[name]
        assert f'href="/reports/2026-10?rows={figure}"' in page
        assert (f'href="/reports/2026-10?rows={figure}&amp;later=1"' in page) == bool(found.present[name])
        if not found.present[name]:
            continue
        opened = browser.get(f"/reports/2026-10?rows={figure}&later=1").body.decode()
        assert opened.count("<tr>") == 1 + (found.present[name] or 0)
        assert 'href="/reports/2026-10/later-1.json"' in opened
    for wrong in ("2", "x", "../1"):
        assert browser.get(f"/reports/2026-10?rows=mentions&later={wrong}").status_code == 404


@pytest.mark.parametrize(
    ("file", "save_as"),
    [
        ("report.html", ""),
        ("mentions.csv", "veldermeer-2026-10-mentions.csv"),
        ("facts.json", "veldermeer-2026-10-facts.json"),
    ],
)
def test_a_file_is_opened_by_a_fresh_short_link(
    browser: Browser, october: World, file: str, save_as: str
) -> None:
    answer = browser.get(f"/reports/2026-10/{file}")
    assert answer.status_code == 303
    link = f"https://bucket.example/veldermeer/2026-10/{file}?seconds=300&save_as={save_as}"
    assert answer.headers["Location"] == link
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/reports/2026-10/mailed",
        "/reports/2026-10/other.csv",
        "/reports/2026-09/report.json",
        "/reports/2026-10/" + quote("../../camping/2026-10/report.json", safe=""),
        "/reports/" + quote("../camping/2026-10", safe="") + "/report.json",
        "/reports/2026-10/" + quote('report.json"\r\nSet-Cookie: a=b', safe=""),
        "/reports/2026-13/report.json",
        "/reports/2026-10%0a/report.json",
    ],
)
def test_no_other_name_is_ever_linked_to(browser: Browser, october: World, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_another_brands_report_is_not_this_ones(browser: Browser, october: World) -> None:
    october.bucket.put_once("camping/2026-09/report.json", b"{}", "x")
    assert browser.get("/reports/2026-09/report.json").status_code == 404
    assert "Eén verslag" in text_of(browser.get("/reports").body.decode())


def test_a_visitor_without_a_session_gets_no_link(visitor: Browser, october: World) -> None:
    answer = visitor.get("/reports/2026-10/report.html")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_report_on_demand_is_waited_for(browser: Browser, world: World, language: str) -> None:
    browser.language = language
    as_manager(world)
    before = browser.get("/reports/2026-08").body.decode()
    assert {"nl": "Maak het verslag", "en": "Make the report"}[language] in text_of(before)
    answer = browser.post("/reports/2026-08", {})
    assert (answer.status_code, world.asked) == (303, [("veldermeer", "2026-08")])
    waiting = browser.get(answer.headers["Location"]).body
    keep(f"report-waiting-{language}", waiting)
    assert 'http-equiv="refresh"' in waiting.decode()
    assert faults(waiting.decode()) == []
    world.now = NOW + timedelta(minutes=4)
    slow = browser.get(answer.headers["Location"]).body
    keep(f"report-slow-{language}", slow)
    assert 'http-equiv="refresh"' not in slow.decode()
    assert {"nl": "langer dan gewoonlijk", "en": "longer than usual"}[language] in text_of(slow.decode())
    assert faults(slow.decode()) == []


def test_once_it_is_there_the_page_waits_no_more(browser: Browser, october: World) -> None:
    page = browser.get(f"/reports/2026-10?asked={int(NOW.timestamp())}").body.decode()
    assert 'http-equiv="refresh"' not in page
    assert "mentions.csv" in page


def test_what_is_there_is_not_made_again(browser: Browser, october: World) -> None:
    as_manager(october)
    answer = browser.post("/reports/2026-10", {})
    assert (answer.headers["Location"], october.asked) == ("/reports/2026-10", [])


@pytest.mark.parametrize(
    ("month", "status"),
    [("2026-11", 400), ("2026-12", 400), ("2025-11", 400), ("1999-01", 404), ("2026-00", 404), ("x", 404)],
)
def test_only_a_month_that_can_be_evaluated_is_asked_for(
    browser: Browser, world: World, month: str, status: int
) -> None:
    assert browser.post(f"/reports/{month}", {}).status_code == 403, "an agent has no upkeep to do"
    as_manager(world)
    assert browser.post(f"/reports/{month}", {}).status_code == status
    assert world.asked == []


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2026-11", "Het verslag komt op di 1 december."),
        ("2027-03", "Het verslag komt op do 1 april 2027."),
        ("2026-09", "Een manager kan het verslag van een voorbije maand laten maken."),
        ("2024-01", "wat we daarvoor hoorden is niet bewaard"),
        ("2999-12", "Deze maand is nog niet voorbij"),
    ],
)
def test_a_month_without_a_report_says_why(browser: Browser, world: World, month: str, said: str) -> None:
    page = browser.get(f"/reports/{month}").body.decode()
    assert said in text_of(page)
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert faults(page) == []


@pytest.mark.parametrize("asked", ["x", "-1", "99999999999", "9999999999", "²", "1e3", '"><script>'])
def test_an_address_that_no_page_gave_waits_for_nothing(browser: Browser, world: World, asked: str) -> None:
    page = browser.get(f"/reports/2026-09?asked={quote(asked)}")
    assert page.status_code == 200
    assert 'http-equiv="refresh"' not in page.body.decode()


@pytest.mark.parametrize(
    ("reason", "nl", "en"),
    [
        ("2026-08 has more than 100,000 mentions", "te veel voor één verslag", "too many for one report"),
        ("mail: MessageRejected", "De mail werd geweigerd", "The mail was refused"),
        ("a fault of ours: KeyError", "Webspin maakte een fout", "Webspin made a mistake"),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_report_that_could_not_be_made_says_why(
    browser: Browser, world: World, reason: str, nl: str, en: str, language: str
) -> None:
    browser.language = language
    as_manager(world)
    asked = int((NOW - timedelta(seconds=20)).timestamp())
    world.pulse.failed("veldermeer", Failure(what="2026-08", at=NOW - timedelta(hours=1), reason=reason))
    assert 'http-equiv="refresh"' in browser.get(f"/reports/2026-08?asked={asked}").body.decode()
    world.pulse.failed("veldermeer", Failure(what="2026-08", at=NOW, reason=reason))
    for path in (f"/reports/2026-08?asked={asked}", "/reports/2026-08", "/reports"):
        page = browser.get(path).body.decode()
        assert {"nl": nl, "en": en}[language] in text_of(page), path
        assert 'http-equiv="refresh"' not in page
        assert "KeyError" not in page
        assert "/status" not in page.partition("<main")[2].partition("</main>")[0]
        assert faults(page) == []


def test_a_correction_that_could_not_be_made_is_told_above_the_report(
    browser: Browser, october: World
) -> None:
    october.pulse.failed(
        "veldermeer", Failure(what="2026-10/late", at=NOW, reason="a fault of ours: KeyError")
    )
    page = browser.get("/reports/2026-10").body.decode()
    assert "Webspin maakte een fout" in text_of(page)
    assert faults(page) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_files_are_called_by_what_they_hold(browser: Browser, october: World, language: str) -> None:
    browser.language = language
    october.bucket.put_once(
        "veldermeer/2026-10/erratum-2.json", b'{"at":"2026-11-02T06:00:00Z","was":{},"is":{}}', "x"
    )
    page = browser.get("/reports/2026-10").body.decode()
    shown = text_of(page)
    for each in {
        "nl": ("Vermeldingen, als tabel", "Alle cijfers", "Verbetering 2"),
        "en": ("Mentions, as a table", "All figures", "Correction 2"),
    }[language]:
        assert each in shown
    assert not re.search(r"(facts|erratum-2)\.json|mentions\.csv", shown)
    rows = browser.get("/reports/2026-10?rows=month-2026-09").body.decode()
    assert "earlier.csv" not in rows, "a report of before has no such file"
    assert "mentions.csv" in browser.get("/reports/2026-10?rows=mentions").body.decode()
