"""The page of what listening costs: true to the book, in the reader's words, and managers alone change it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.ledger import Book, Entry, Hold, Payer
from chalicelib.domain.source import Source, SourceState
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, NOW, World

MONTH = "2026-11"
NAME = Entry("read", "sandbox", "muur", "naam", "uitlening")
LOST = Hold(
    source="muur", platform="sandbox", payer=Payer("", "uitlening"), amount=200_000, until=0, token="t"
)


def kept(world: World, *, spent: int = 3_800_000, **more: object) -> None:
    book = Book(
        month=MONTH,
        lines={NAME: spent},
        holds={"muur": LOST},
        totals={
            "brand": spent + LOST.amount,
            "department/uitlening": spent + LOST.amount,
            "watch/naam": spent,
        },
    )
    world.ledger.kept[MONTH] = replace(book, **more)  # type: ignore[arg-type]


def budget(world: World, micro: int | None) -> None:
    world.brands.put(replace(world.brands.kept[BRAND.id], budget=micro))


def page(browser: Browser, world: World, role: str = "manager") -> str:
    answer = in_role(browser, world, (role,)).get("/costs")
    html = answer.body.decode()
    assert answer.status_code == 200
    assert not faults(html)
    return " ".join(text_of(html).split())


def test_where_nothing_was_paid_that_is_said(browser: Browser, world: World) -> None:
    said = page(browser, world)
    assert (
        "Niets in november 2026: niemand vroeg geld voor wat gelezen, verstuurd of voorgesteld werd." in said
    )
    assert "Budget instellen" in said


def test_it_tells_who_paid_and_what_may_be_lost(browser: Browser, world: World) -> None:
    kept(world)
    said = page(browser, world)
    assert "US$ 4,00 in november 2026 tot nu toe." in said
    assert "Gaat het zo door, dan US$ 5,36 aan het eind." in said, "22 days and 9 hours of 30 are gone"
    assert "US$ 0,20 daarvan is voor vragen waarop nooit antwoord kwam" in said
    assert "Onze naam3,80Geen zoekopdracht0,20" in said
    assert "Uitlening4,00" in said


@pytest.mark.parametrize(
    ("micro", "said", "button"),
    [
        (None, "geen budget", False),
        (40_000_000, "US$ 4,00 van 40,00, 10 %", False),
        (5_000_000, "Bijna op.", True),
        (4_000_000, "Op. Tot de eerste van de maand wordt wat eruit betaald wordt niet gelezen", True),
    ],
)
def test_a_budget_says_how_much_is_used(
    browser: Browser, world: World, micro: int | None, said: str, button: bool
) -> None:
    kept(world)
    budget(world, micro)
    shown = page(browser, world)
    assert said in shown
    assert ("Deze maand laten doorgaan" in shown) is button
    assert "Deze maand laten doorgaan" not in page(browser, world, "reader")


def test_one_that_was_told_to_be_used_is_shown_so_though_a_little_is_left(
    browser: Browser, world: World
) -> None:
    kept(world, told=frozenset({"used brand 4010000"}))
    budget(world, 4_010_000)
    assert "Op. Tot de eerste van de maand" in page(browser, world)


def test_letting_go_on_is_in_the_log_and_asks_what_was_stopped(browser: Browser, world: World) -> None:
    kept(world)
    budget(world, 4_000_000)
    for id, stopped in (("muur", "brand"), ("krant", "")):
        source = Source(brand=BRAND.id, id=id, platform="sandbox", name=id, connected_at=NOW)
        world.sources.kept.append((source, SourceState(stopped=stopped)))
    sam = in_role(browser, world, ("manager",))
    assert sam.post("/costs", {"scope": "brand"}).status_code == 303
    assert world.ledger.kept[MONTH].gone_on == {"brand": "Sam de Wit"}
    assert [line.what for line in world.audit.lines] == ["budget.go-on"]
    assert [getattr(task, "source", "") for task in world.tasks.sent] == ["muur"]
    assert "Sam de Wit liet het deze maand doorgaan: het houdt niets tegen." in page(browser, world)
    assert sam.post("/costs", {"scope": "watch/naam"}).status_code == 404, "it has none"


def test_a_month_is_the_brands_own(browser: Browser, world: World) -> None:
    world.now = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    kept(world)
    assert "Niets in december 2026" in page(browser, world)


def test_its_file_has_every_line(browser: Browser, world: World) -> None:
    kept(world)
    rows = json.loads(in_role(browser, world, ("reader",)).get("/costs?as=json").body)
    assert [(row["kind"], row["watch"], row["micro_usd"]) for row in rows] == [
        ("lost", "", 200_000),
        ("read", "naam", 3_800_000),
    ]
