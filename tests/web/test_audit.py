"""The log of changes as a page: what was done in plain words, by month, filtered, and as a file."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest

from chalicelib.domain import audit
from chalicelib.domain.case import CaseEvent, CaseKey, EventKind
from chalicelib.domain.logged import facts, of_case
from chalicelib.domain.post import PostEventKind
from chalicelib.web import export
from chalicelib.web.audit_words import DEEDS
from chalicelib.web.pages import audit as audit_page
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

UNDONE = (EventKind.HEARD, EventKind.EDITED, EventKind.GONE)
"""Of a case's history, what nobody here does."""


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("manager",))
    return browser


def note(world: World, what: str, minutes: int = 0, **more: str) -> None:
    at = NOW - timedelta(hours=1) + timedelta(minutes=minutes)
    world.audit.note(audit.line(BRAND.id, at, f"{what}-{minutes}", what, **more))


def page(browser: Browser, path: str = "/audit") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    html = str(answer.body.decode())
    assert faults(html) == []
    return text_of(html)


def test_an_empty_month_says_so(manager: Browser) -> None:
    assert "In deze maand is niets gewijzigd of verstuurd." in page(manager)
    assert "Nothing was changed or sent" in page(manager, "/audit?lang=en")


def test_a_line_is_told_in_plain_words(manager: Browser, world: World) -> None:
    before = {"when": "2026-11-28T10:00 Europe/Amsterdam", "state.mastodon": "planned"}
    after = {"when": "2026-11-29T20:00 Europe/Amsterdam", "state.mastodon": "held"}
    note(world, "post.moved", of="p-1", by="Noor", before=facts(before), after=facts(after))
    note(world, "post.failed", 1, of="p-1", after=facts({"channel": "mastodon"}))
    told = page(manager)
    assert "Noor verzette een bericht" in told
    assert "zaterdag 28 november 10:00".casefold() in told.casefold()
    assert "Staat, @bibveldermeer (Mastodon): vastgehouden" in told or "vastgehouden" in told
    assert "Het systeem kon een bericht niet versturen" in told
    assert "Noor moved a post" in page(manager, "/audit?lang=en")


def test_strange_words_are_shown_and_do_nothing(manager: Browser, world: World) -> None:
    note(world, "case.drafted", of="mastodon/<b>", by="<script>alert(1)</script>", after="{not json")
    note(world, "never.heard", 1, by="Noor", before='["a", 1]', after='"x"')
    told = page(manager)
    assert "<script>alert(1)</script>" in told
    assert "never.heard" in told


def test_the_filter_is_an_address(manager: Browser, world: World) -> None:
    note(world, "post.planned", 0, of="p-1", by="Noor de Vries")
    note(world, "case.solved", 1, of="mastodon/9", by="Fatma")
    assert "Fatma" not in page(manager, "/audit?by=noor")
    assert "Noor" not in page(manager, "/audit?what=case")
    assert "Hier past niets bij je filter." in page(manager, "/audit?what=case&by=noor")
    assert "In deze maand is niets" in page(manager, "/audit?month=2026-10")
    for odd in ("november", "2026-13", "2026-11-23", "%00"):
        assert manager.get(f"/audit?month={odd}").status_code == 400


def test_a_long_month_is_read_page_by_page(manager: Browser, world: World) -> None:
    for n in range(60):
        note(world, "post.planned", n - 60, of=f"p-{n}", by="Noor")
    html = manager.get("/audit").body.decode()
    assert html.count('class="row logged"') == 50
    assert "before=" in html
    rest = manager.get("/audit?month=2026-11&before=2026-11-01T00:00:00Z%2350").body.decode()
    assert rest.count('class="row logged"') == 10


def test_it_leaves_as_a_file_that_no_spreadsheet_reckons_with(manager: Browser, world: World) -> None:
    note(world, "case.solved", of="mastodon/9", by="=HYPERLINK(1)", after=facts({"text": "@kees +1"}))
    answer = manager.get("/audit?month=2026-11&as=csv")
    (row,) = csv.DictReader(StringIO(answer.body.decode("utf-8-sig")))
    assert row["who"] == "'=HYPERLINK(1)"
    assert row["what"] == "case.solved"
    found = json.loads(manager.get("/audit?month=2026-11&as=json").body)
    assert [each["who"] for each in found] == ["=HYPERLINK(1)"]


@pytest.mark.parametrize("groups", [(), ("reader",), ("agent",), ("editor",)])
def test_only_who_manages_reads_it(browser: Browser, world: World, groups: tuple[str, ...]) -> None:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=groups)
    assert browser.get("/audit").status_code == 403
    assert 'href="/audit"' not in browser.get("/status").body.decode()


def test_deeds_on_other_pages_come_into_the_log(manager: Browser, world: World) -> None:
    manager.post("/status/deliver", {})
    manager.post("/reports/2026-09", {})
    manager.post("/sandbox/proefkanaal/mood", {"mood": "down"})
    assert [(line.what, line.of, line.by) for line in world.audit.lines] == [
        ("queue.redrive", "deliver", "Sam de Wit"),
        ("report.ask", "2026-09", "Sam de Wit"),
        ("sandbox.mood", "proefkanaal", "Sam de Wit"),
    ]


def test_what_failed_elsewhere_is_in_the_log_as_failed(
    manager: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(queue: str) -> int:
        raise RuntimeError("no queue today")

    monkeypatch.setattr(world.pipes, "redrive", broken)
    assert manager.post("/status/deliver", {}).status_code == 500
    assert [line.what for line in world.audit.lines] == ["queue.redrive", "queue.redrive.failed"]


def test_a_case_in_the_log_leads_to_its_page(manager: Browser, world: World) -> None:
    note(world, "case.solved", of="mastodon/118263", by="Fatma")
    assert "/cases/" in manager.get("/audit").body.decode()
    assert COMPLAINT


@pytest.mark.parametrize(
    "what",
    [
        *(f"case.{kind.value}" for kind in EventKind if kind not in UNDONE),
        *(f"post.{kind.value}" for kind in PostEventKind),
    ],
)
def test_whatever_can_happen_to_a_case_or_a_post_is_told_in_words(what: str) -> None:
    assert what in DEEDS


def test_a_hand_over_says_from_whom_to_whom_and_why(manager: Browser, world: World) -> None:
    before, after = handed()
    note(world, "case.handed", of="mastodon/1", by="Noor", before=before, after=after)
    told = page(manager)
    assert "Noor droeg een zaak over" in told
    assert all(each in told for each in ("desk", "youth", "Het gaat over de jeugd"))


def handed() -> tuple[str, str]:
    """(before, after), as the log keeps what a hand-over does."""
    event = CaseEvent(
        at=NOW,
        id="handed-2",
        kind=EventKind.HANDED,
        by="Noor",
        text="Het gaat over de jeugd",
        before="desk",
        department="youth",
    )
    line = of_case(CaseKey(BRAND.id, "mastodon", "1"), event)
    assert line
    return line.before, line.after


def test_what_is_done_on_a_page_has_the_id_of_who_did_it(browser: Browser, world: World) -> None:
    case = CaseKey.from_slug(COMPLAINT)
    browser.post(f"/cases/{COMPLAINT}/hand", {"rev": "1", "department": "jeugd", "reason": "Jeugdboek"})
    browser.post(f"/cases/{COMPLAINT}/solve", {"rev": "2", "do": "nothing"})
    browser.post(f"/cases/{COMPLAINT}/reopen", {"rev": "3"})
    done = [(event.kind.value, event.by_id) for event in world.cases.events[case] if event.by]
    assert done[-3:] == [(kind, SAM) for kind in ("handed", "solved", "reopened")]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_month_of_very_many_lines_leaves_whole_by_a_short_link(
    manager: Browser, world: World, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """More of them than another table's file has, and than an answer carries."""
    monkeypatch.setattr(export, "MOST", 5)
    monkeypatch.setattr(export, "LARGE", 500)
    for n in range(50):
        note(world, "post.planned", n - 60, of=f"p-{n}", by="Noor")
    answer = manager.get(f"/audit?as={form}")
    assert answer.status_code == 303
    assert "-first-" not in answer.headers["Location"]
    ((name, (body, _)),) = world.bucket.kept.items()
    assert answer.headers["Location"].startswith(f"https://bucket.example/{name}")
    rows = json.loads(body) if form == "json" else list(csv.DictReader(StringIO(body.decode("utf-8-sig"))))
    assert len(rows) == 50
    monkeypatch.setattr(audit_page, "WHOLE", 10)
    assert "-first-10." in manager.get(f"/audit?as={form}").headers["Location"], "and what is cut says so"
