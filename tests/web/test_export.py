"""Files of a table: what a spreadsheet reads of them, which pages give them, and to whom."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.apikey import digest
from chalicelib.domain.delivery import DeliveryKey, DeliveryState
from chalicelib.domain.hook import KINDS, Hook, Pause
from chalicelib.domain.measuring import Measurement, Numbers
from chalicelib.domain.pulse import Tally
from chalicelib.domain.roles import Role
from chalicelib.domain.verdict import Sentiment
from chalicelib.ports import Queue
from chalicelib.web import cells as cells_of, pages
from chalicelib.web.pages import brake as brake_page
from tests.web.access import HERE, grant, granted, in_role
from tests.web.browser import Browser
from tests.web.checks import faults
from tests.web.fakes_people import NOOR
from tests.web.world import BRAND, NOW, World

ATTACKS = (
    '=HYPERLINK("http://x.example","klik")',
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ttab",
    "＝1",
    "＋1",
    "－1",
    "＠SUM",
    "  =1+1",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
)


def cells(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ATTACKS)
def test_s17_a_spreadsheet_reckons_with_nothing_that_strangers_wrote(text: str) -> None:
    body = cells_of.as_csv(["text"], [[text]])
    assert body.startswith(b"\xef\xbb\xbf")
    assert cells(body)[1][0].startswith("'")


@pytest.mark.parametrize(
    "text",
    [
        "kijk;=1+1",
        "kijk\n=1+1",
        "kijk;\t@SUM(A1)",
        "mooi;=cmd|' /C calc'!A0;groet",
        "mooi; \u200b=1+1",
        'mooi;"=1+1',
        "mooi\t＝1+1",
        "mooi;-(1+1)",
        "mooi;-D cmd|' /C calc'!A0",
    ],
)
def test_nor_where_it_expects_semicolons(text: str) -> None:
    """A Dutch or German spreadsheet cuts the line at `;` and a quote inside it begins no cell."""
    found = cells_of.as_csv(["a", "text"], [["x", text]]).decode("utf-8-sig").splitlines()
    for piece in re.split(r"[;\t]", ";".join(found[1:])):
        assert not piece.lstrip(' \u200b"').startswith(("=", "@", "＝", "-"))


def test_what_is_harmless_stays_as_it_is() -> None:
    said = 'Goed zo; 3 = 3, "echt" a@b.example\nwaar ;-) en ;=) of ;-D; zo ;-]\tja ;-P'
    assert cells(cells_of.as_csv(["text"], [[said]]))[1] == [said]


def test_numbers_are_numbers_and_what_is_missing_is_empty() -> None:
    row = [-3, 1.5, None, datetime(2026, 11, 23, 9, 12, tzinfo=UTC), date(2026, 11, 23), ("a", "b"), "-3"]
    line = cells_of.as_csv(list("abcdefg"), [row]).decode("utf-8-sig").split("\r\n")[1]
    assert line == '-3,1.5,"","2026-11-23T09:12:00Z","2026-11-23","a, b","\'-3"'


def test_json_has_the_same_rows_untouched() -> None:
    at = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
    body = cells_of.as_json(["n", "text", "at", "of"], [[3, "=1", at, ("a", "b")], [None, "é", at, ()]])
    assert json.loads(body) == [
        {"n": 3, "text": "=1", "at": "2026-11-23T09:12:00Z", "of": ["a", "b"]},
        {"n": None, "text": "é", "at": "2026-11-23T09:12:00Z", "of": []},
    ]


# which pages give them, and to whom --------------------------------------------------------------

FILES = {"team": "/team", "keys": "/team/keys", "waiting": "/brake", "webhooks": "/brand/webhooks"}
PAGES = Path(pages.__file__).parent
TEMPLATES = PAGES.parent / "templates"
NO_FILE = {
    "brand_file.html": "a preview: what a file of the person's own would change",
    "import.html": "a preview: the posts of a file of the person's own",
    "mention_import.html": "a preview: the mentions of a file of the person's own",
    "report_parts.html": "figures of a report, whose rows lie beside it as CSV and JSON",
}
HOOK = Hook(
    brand=BRAND.id,
    id="w-1",
    url="https://ours.example/a-secret-path",
    kinds=KINDS,
    made_at=NOW,
    made_by="=Noor",
    paused=Pause.GONE,
    reason="it answered 410",
)
KEY = {"name": "=cmd|' /C calc'!A0", "scope": "write", "id": "0123456789abcdef", "in.jeugd": "1"}


def file(browser: Browser, path: str, form: str) -> bytes:
    answer = browser.get(f"{path}?as={form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return bytes(answer.body)


def same(browser: Browser, path: str) -> list[dict[str, object]]:
    """The rows as JSON; those of the CSV are as many and have the same columns."""
    rows: list[dict[str, object]] = json.loads(file(browser, path, "json"))
    head, *lines = cells(file(browser, path, "csv"))
    assert len(lines) == len(rows)
    assert all(list(row) == head for row in rows)
    return rows


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    return in_role(browser, world, ("manager",))


def test_the_team_as_a_file(browser: Browser, world: World) -> None:
    world.team.kept[HERE, NOOR] = grant(world, "agent", "jeugd")
    world.colleagues.kept[NOOR] = replace(world.colleagues.kept[NOOR], name="=1+1")
    page = granted(browser, world, "manager")
    (noor,) = [row for row in same(page, "/team") if row["name"] == "=1+1"]
    assert noor == {
        "name": "=1+1",
        "email": world.colleagues.kept[NOOR].email,
        "role": "agent",
        "everywhere": "no",
        "departments": ["jeugd"],
        "last_seen": noor["last_seen"],
        "state": "invited",
    }
    assert "'=1+1" in [line[0] for line in cells(file(page, "/team", "csv"))]


def test_who_has_no_role_here_is_in_the_file_of_who_sees_them_only(browser: Browser, world: World) -> None:
    world.colleagues.kept[NOOR] = replace(world.colleagues.kept[NOOR], role=None)
    email = world.colleagues.kept[NOOR].email
    assert email not in file(granted(browser, world, "manager"), "/team", "csv").decode()
    assert email in file(in_role(browser, world, ("administrator",)), "/team", "csv").decode()


def test_keys_as_a_file_that_opens_nothing(manager: Browser, world: World) -> None:
    shown = manager.post("/team/keys", KEY).body.decode()
    (text,) = re.findall(r'value="(wsp_[^"]+)"', shown)
    (row,) = same(manager, "/team/keys")
    assert (row["name"], row["scope"], row["departments"]) == (KEY["name"], "write", ["jeugd"])
    assert (row["state"], row["last_used"], row["until"]) == ("well", None, None)
    secret = text.rpartition(".")[2]
    for form in ("csv", "json"):
        body = file(manager, "/team/keys", form).decode()
        assert secret not in body
        assert digest(secret) not in body
    assert cells(file(manager, "/team/keys", "csv"))[1][0].startswith("'=")
    kept = world.api_keys.get(BRAND.id, KEY["id"])
    world.api_keys.kept[BRAND.id, kept.id] = replace(kept, expires=NOW)
    assert same(manager, "/team/keys")[0]["state"] == "expired"
    manager.post(f"/team/keys/{KEY['id']}/revoke", {})
    assert same(manager, "/team/keys")[0]["state"] == "revoked"


def test_webhooks_as_a_file_without_what_may_be_a_secret(manager: Browser, world: World) -> None:
    world.hooks.add(HOOK)
    (row,) = same(manager, "/brand/webhooks")
    assert row == {
        "address": "ours.example",
        "id": "w-1",
        "events": list(KINDS),
        "state": "gone",
        "failing_since": None,
        "reason": "it answered 410",
        "added": "2026-11-23T08:12:00Z",
        "by": "=Noor",
    }
    body = file(manager, "/brand/webhooks", "csv").decode()
    assert "a-secret-path" not in body
    assert "'=Noor" in body


def test_all_that_waits_as_a_file_not_only_what_the_page_lists(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brake_page, "SHOWN", 1)
    for title in ("=1+1", "Te laat"):
        world.post(title, "2026-11-22T15:00", DeliveryState.HELD, ("mastodon",), reason="too late")
    rows = same(browser, "/brake")
    assert {row["text"] for row in rows} >= {"=1+1", "Te laat"}
    assert {row["state"] for row in rows} == {"held"}
    assert "'=1+1" in [line[1] for line in cells(file(browser, "/brake", "csv"))]


def test_whatever_waits_is_in_the_file_and_found_by_its_feeling_behind_hundreds(
    browser: Browser, world: World
) -> None:
    for n in range(310):
        angry = world.heard(f"x{n}", f"boek {n} kwijt", Sentiment.NEGATIVE)
        world.case(angry, f"boek {n}", NOW + timedelta(hours=1))
    world.case(world.heard("mixed", "fijne bieb", Sentiment.MIXED), "fijne bieb", NOW + timedelta(hours=30))
    file = browser.get("/cases?as=csv")
    rows = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig"))))
    assert len(rows) - 1 == sum(case.state.waits_for_us for case in world.cases.kept.values())
    assert "first" not in file.headers["Content-Disposition"]
    assert "fijne bieb" in browser.get("/cases?mood=mixed").body.decode()


def test_what_was_measured_of_a_post_as_a_file(browser: Browser, world: World) -> None:
    key = world.post("Gemeten", "2026-11-20T15:00", DeliveryState.CONFIRMED, ("mastodon",))
    path = f"/posts/{key.id}"
    assert "as=csv" not in browser.get(path).body.decode()
    delivery = world.posts.deliveries[DeliveryKey(key, "mastodon", 1)]
    at = NOW - timedelta(hours=1)
    world.measurements.add(delivery, Measurement(step=1, at=at, numbers=Numbers(replies=3)))
    assert f'href="{path}?as=csv"' in browser.get(path).body.decode()
    (row,) = same(browser, path)
    assert row == {
        "channel": "mastodon",
        "measured": "2026-11-23T07:12:00Z",
        "reach": None,
        "reactions": None,
        "replies": 3,
        "shares": None,
    }


@pytest.mark.parametrize("of", ["queues", "spend"])
def test_each_table_of_health_leaves_as_a_file(browser: Browser, world: World, of: str) -> None:
    world.pipes.queues = [Queue(name="deliver", waiting=1_200, at_work=1, dead=0)]
    world.pulse.count(BRAND.id, Tally(month="2026-11", mentions=12_345, sent=60, at=NOW))
    page = browser.get("/status").body.decode()
    for form in ("csv", "json"):
        assert f'href="/status?of={of}&amp;as={form}" download' in page
        answer = browser.get(f"/status?of={of}&as={form}")
        assert f"{BRAND.id}-{of}-2026-11-23.{form}" in answer.headers["Content-Disposition"]
    rows = json.loads(answer.body)
    if of == "queues":
        assert rows == [{"queue": "deliver", "waiting": 1_200, "at_work": 1, "stuck": 0}]
    else:
        numbers = {row["part"]: row["number"] for row in rows}
        assert (numbers["mentions"], numbers["sending"], numbers["alarms"]) == (12_345, 60, None)
        assert all(row["usd"] >= 0 for row in rows)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", FILES)
def test_a_page_leads_to_its_files(manager: Browser, world: World, name: str, language: str) -> None:
    manager.language = language
    manager.post("/team/keys", KEY)
    world.hooks.add(HOOK)
    world.post("Te laat", "2026-11-22T15:00", DeliveryState.HELD, ("mastodon",), reason="too late")
    page = manager.get(FILES[name]).body.decode()
    assert faults(page) == []
    for form in ("csv", "json"):
        assert f'href="{FILES[name]}?as={form}" download' in page
        answer = manager.get(f"{FILES[name]}?as={form}")
        assert f"{BRAND.id}-{name}-2026-11-23.{form}" in answer.headers["Content-Disposition"]
    assert manager.get(f"{FILES[name]}?as=xlsx").status_code == 400


@pytest.mark.parametrize("role", ["", *Role])
@pytest.mark.parametrize("path", FILES.values())
def test_who_may_see_the_page_may_have_the_file_and_nobody_else(
    browser: Browser, world: World, path: str, role: str
) -> None:
    in_role(browser, world, (role,) if role else ())
    seen = browser.get(path).status_code
    assert {browser.get(f"{path}?as={form}").status_code for form in ("csv", "json")} == {seen}


@pytest.mark.parametrize("path", FILES.values())
def test_nor_who_is_not_signed_in(visitor: Browser, path: str) -> None:
    answer = visitor.get(f"{path}?as=csv")
    assert answer.status_code == 303
    assert "Content-Disposition" not in answer.headers


def tabled() -> list[str]:
    return sorted(each.name for each in TEMPLATES.glob("*.html") if "<table" in each.read_text())


@pytest.mark.parametrize("template", tabled())
def test_every_table_leaves_as_a_file(template: str) -> None:
    """Its page offers the files, and whatever module shows it answers when it is asked for one. A module that
    shows several such templates asks once for each."""
    if template in NO_FILE:
        return
    assert "part.files(" in (TEMPLATES / template).read_text(), template
    modules = [each.read_text() for each in PAGES.glob("*.py")]
    shows = [each for each in modules if f'"{template}"' in each]
    assert shows, f"{template}: no page shows it"
    for module in shows:
        offering = [name for name in set(re.findall(r'"(\w+\.html)"', module)) if offers(name)]
        assert module.count("export.asked(") >= len(offering), template


def offers(template: str) -> bool:
    return "part.files(" in (TEMPLATES / template).read_text()


def test_no_exception_outlives_its_table() -> None:
    assert [each for each in NO_FILE if each not in tabled() or offers(each)] == []
