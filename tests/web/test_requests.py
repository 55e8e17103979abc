"""What a page asks of AWS: counted on the calls really made, with a filled table behind the console."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from chalice.test import Client

from app import app
from chalicelib import wiring
from chalicelib.domain.audit import line
from chalicelib.domain.brand import Channel
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.month import to_bytes
from chalicelib.domain.post import PostKey, post_id
from chalicelib.domain.roster import Week
from chalicelib.stages import know
from chalicelib.tasks import QUEUES
from chalicelib.web.desk import Desk
from tests.domain.test_roster import shift
from tests.harness.meter import Meter
from tests.harness.world import World as Aws
from tests.web import months
from tests.web.access import KNOWN, in_role
from tests.web.browser import Browser
from tests.web.test_pages import COMPLAINT, PAGES, PRESS
from tests.web.test_people import FOLLOW, morning
from tests.web.world import BRAND, NOW, World

DEPARTMENTS = len(BRAND.departments)
MOST = 6
BRAKE = 18
"""A UTC month each, from the last one to a year ahead."""
TODAY = DEPARTMENTS + 8
"""The brake; of each department its list; the cases; their mentions; two for the sources; three for what goes
out and what needs a decision: Today is made of more than any other page."""
LATE = PostKey(BRAND.id, post_id("Te laat"))
ANSWERED = CaseKey(BRAND.id, "mastodon", "5")


@pytest.fixture
def desk(aws: Aws, world: World) -> Desk:
    """The desk as it is wired, with Monday's world in its table and something sent today."""
    world.sent(world.cases.get(ANSWERED), DeliveryState.CONFIRMED)
    wiring.brands().put(BRAND)
    for mention, verdict in world.mentions.kept.values():
        wiring.mentions().add(mention)
        assert verdict
        wiring.mentions().judge(mention, verdict, world.mentions.states[mention.key])
    for source, _ in world.sources.kept:
        wiring.sources().put(source)
    for key, case in world.cases.kept.items():
        wiring.cases().open(replace(case, rev=1))
        first, *later = world.cases.events[key]
        wiring.cases().note(key, first)
        for delivery in world.cases.deliveries.get(key, []):
            wiring.cases().approve(case, delivery, later[0])
    world.post("Te laat", "2026-11-23T06:00", DeliveryState.HELD)
    world.post("Voorlezen", "2026-11-28T15:00")
    for each in list(world.posts.kept):
        post, deliveries = world.posts.get(each)
        assert wiring.posts().add(post, deliveries, world.posts.history(each)[0])
    return replace(wiring.desk(), users=world.users, now=lambda: world.now)


@pytest.fixture
def signed_in(desk: Desk) -> Iterator[Browser]:
    with mock.patch.object(wiring, "desk", return_value=desk):
        browser = Browser(Client(app)).signed_in()
        browser.get("/sources")  # a minute's memory of the brand
        yield browser


@pytest.mark.parametrize(
    ("path", "most"),
    [
        *((path, {"/": TODAY, "/brake": BRAKE}.get(path, MOST)) for path in PAGES.values()),
        ("/cases?department=jeugd", 3),
        (f"/cases/{ANSWERED.slug}", MOST),
        ("/calendar", 4),  # the brake, and one a UTC month
        ("/calendar?month=2026-02", 4),
        ("/promises", 3),
        (f"/mentions/{COMPLAINT}/copies", 4),  # the mention, its copies and its case
        ("/accuracy", 4),  # the welcome, what counts, what was learned, what could not be
        ("/calendar/import", 1),
        ("/calendar/new", 3),
        (f"/posts/{LATE.id}", 4),
        (f"/posts/{LATE.id}/change", 4),
    ],
)
def test_a_page_asks_little_of_aws(signed_in: Browser, path: str, most: int) -> None:
    with Meter() as meter:
        answer = signed_in.get(path)
    assert answer.status_code == (404 if path == PAGES["not-found"] else 200)
    assert sum(meter.calls.values()) <= most, meter.calls
    assert not [name for name in meter.calls if not name.startswith("dynamodb.")]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/people", {"dynamodb": 4}),
        ("/people?day=2026-11-20", {"dynamodb": 3}),
        ("/reports", {"dynamodb": 2, "s3": 1}),
        ("/reports/2026-10", {"dynamodb": 2, "s3": 2}),
        ("/reports/2026-10/report.html", {"dynamodb": 1, "s3": 1}),
        ("/status", {"dynamodb": 7, "sqs": 2 * len(QUEUES)}),
    ],
)
def test_upkeep_asks_little_of_aws(signed_in: Browser, desk: Desk, path: str, most: dict[str, int]) -> None:
    """One of the table's is the welcome, which every page asks for; people, reports and health also ask for
    what could not be made, and health for schedules and keys."""
    desk.mornings.add(morning(FOLLOW))
    desk.bucket.put_once("veldermeer/2026-10/facts.json", to_bytes(months.full()), "application/json")
    for name in ("report.html", "report.json"):
        desk.bucket.put_once(f"veldermeer/2026-10/{name}", b"{}", "application/json")
    with Meter() as meter:
        answer = signed_in.get(path)
    assert answer.status_code in (200, 303)
    asked = Counter(name.partition(".")[0] for name in meter.calls.elements())
    assert all(asked[service] <= most.get(service, 0) for service in asked), meter.calls


def test_what_we_know_costs_a_case_one_file_and_its_page_nothing(
    signed_in: Browser, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """That is where the sandbox has another index; where it has this one, it costs none."""
    with Meter() as without:
        assert 'id="known"' in signed_in.get(f"/cases/{COMPLAINT}").body.decode()
    signed_in.get(f"/cases/{COMPLAINT}/known")  # the day's file of what was answered before
    written = line(BRAND.id, NOW, "r1", "knowledge.add")
    for sandbox in ("writes", "reads"):
        (tmp_path / sandbox).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "writes"))
    wiring.library.cache_clear()
    know.keep(BRAND, KNOWN, "", written, known_pages=desk.known_pages, library=desk.library)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "reads"))
    wiring.library.cache_clear()
    wiring.brands().latest(BRAND.id)  # a minute's memory of the brand
    with Meter() as meter:
        assert 'id="known"' in signed_in.get(f"/cases/{COMPLAINT}").body.decode()
    assert meter.calls == without.calls
    for files in (1, 0):
        with Meter() as meter:
            page = signed_in.get(f"/cases/{COMPLAINT}/known?q=open").body.decode()
        assert "Hoe laat zijn jullie open?" in page
        assert meter.calls["s3.GetObject"] == files
        assert sum(meter.calls.values()) - files <= 2, meter.calls


def test_what_was_answered_before_costs_a_sandbox_one_file_a_day(signed_in: Browser, desk: Desk) -> None:
    wiring.answers.cache_clear()
    told = signed_in.get(f"/cases/{COMPLAINT}/known").body.decode()
    assert ANSWERED.slug not in told, "nothing like it"
    wiring.answers.cache_clear()
    for files in (1, 0):
        with Meter() as meter:
            assert signed_in.get(f"/cases/{COMPLAINT}/known").status_code == 200
        assert meter.calls["s3.GetObject"] == files
        assert sum(meter.calls.values()) <= 3, meter.calls


def test_counting_while_it_is_typed_asks_nothing_of_aws(signed_in: Browser, world: World) -> None:
    in_role(signed_in, world, ("editor",)).get("/sources")
    with Meter() as meter:
        answer = signed_in.post("/calendar/count", {"text": "Kom langs", "to.mastodon": "1"})
    assert answer.status_code == 200
    assert not meter.calls


def test_the_pages_are_made_of_what_is_in_the_table(signed_in: Browser) -> None:
    assert "regenjas42" in signed_in.get("/").body.decode()
    assert ANSWERED.slug in signed_in.get("/").body.decode()
    assert f'href="/posts/{LATE.id}">Beslissen' in signed_in.get("/").body.decode()
    assert "Voorlezen" in signed_in.get("/calendar").body.decode()
    assert "Te laat" in signed_in.get("/brake").body.decode()
    assert "Noor plande het" in signed_in.get(f"/posts/{LATE.id}").body.decode()
    assert "goes to @bibveldermeer (Mastodon)" in signed_in.get(f"/cases/{COMPLAINT}?lang=en").body.decode()
    assert "Open the original" in signed_in.get(f"/cases/{PRESS}").body.decode()


def test_counting_a_text_reads_no_secret(desk: Desk) -> None:
    settings = {"instance": "https://social.example", "account": "bieb"}
    brand = replace(BRAND, channels=(Channel(id="m", platform="mastodon", name="@bieb", settings=settings),))
    with Meter() as meter:
        counts = desk.counts(brand, "m")
        assert counts
        assert counts.length("Zie https://social.example/een-lang-adres-dat-anders-telt") == 27
        assert desk.counts(brand, "none") is None
    assert not meter.calls


def test_a_post_is_planned_stopped_and_let_go_with_the_table_behind_it(
    signed_in: Browser, world: World
) -> None:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("manager",))
    wish = {
        "id": "p-1",
        "title": "Zaterdag",
        "text": "Kom langs",
        "when": "2026-11-28T10:00",
        "language": "nl",
    }
    for _ in range(2):
        answer = signed_in.post("/calendar/new", {**wish, "to.proefkanaal": "1"})
        assert answer.headers["Location"] == "/posts/p-1?done=planned"
    assert "Kom langs" in signed_in.get("/posts/p-1").body.decode()
    assert signed_in.post("/brake", {}).status_code == 303
    page = signed_in.get("/brake").body.decode()
    assert "Alles staat stil" in page
    given = dict.fromkeys(re.findall(r'<select id="([PC][^"]+)"', page), "release")
    assert "P.p-1.proefkanaal.1" in given
    assert signed_in.post("/brake/release", given).headers["Location"] == "/brake?done=all"
    assert "Alles staat stil" not in signed_in.get("/posts/p-1").body.decode()
    assert signed_in.post("/posts/p-1/cancel", {"rev": "1"}).status_code == 409, "its release was a change"
    assert signed_in.post("/posts/p-1/cancel", {"rev": "2"}).status_code == 303


@pytest.mark.parametrize(("path", "most"), [("/cases", 3), (f"/cases/{COMPLAINT}", MOST + 1)])
def test_a_roster_costs_one_request_and_none_where_there_is_none(
    signed_in: Browser, desk: Desk, path: str, most: int
) -> None:
    """Of a case one keeps that somebody looks at it."""
    with Meter() as without:
        signed_in.get(path)
    shifts = (shift("2026-11-23T09:00", "2026-11-23T17:00", of="uitlening"),)
    desk.rosters.keep(Week(brand=BRAND.id, monday="2026-11-23", rev=1, shifts=shifts))
    wiring.brands().latest(BRAND.id)
    with Meter() as meter:
        page = signed_in.get(path).body.decode()
    assert "Noor tot 17:00" in page
    assert sum(meter.calls.values()) == sum(without.calls.values()) + 1 <= most, meter.calls
