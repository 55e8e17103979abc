"""A metered source from the console and for a program: it costs, warns, stops, is raised, and goes on."""

import csv
import re

import pytest

from chalicelib import wiring
from chalicelib.domain import apikey
from chalicelib.domain.apikey import ApiKey, Scope
from chalicelib.domain.audit import line
from chalicelib.domain.ledger import Entry
from chalicelib.platforms import sandbox
from chalicelib.web import costs
from tests.stages.planning import BRAND
from tests.stages.test_costs import PRICE, book, many, one_at_a_time as one_at_a_time, state
from tests.stages.town import COMPLAINT, Town
from tests.web.api.office import Caller, problem
from tests.web.browser import Browser
from tests.web.checks import text_of

ACCOUNT = "lindebieb.wall"


@pytest.fixture
def program(town: Town, console: Browser) -> Caller:
    """With a key of Sam's, the manager."""
    secret = f"{7:043}"
    key = ApiKey(
        brand=BRAND,
        id="k7",
        name="Boekhouding",
        scope=Scope.ADMIN,
        hash=apikey.digest(secret),
        by="Sam de Wit",
        by_id="sam",
        made_at=town.now,
    )
    wiring.api_keys().add(key, line(BRAND, town.now, "k7", "key.make"))
    return Caller(console.client, key, apikey.written(BRAND, "k7", secret))


def page(console: Browser, path: str) -> str:
    answer = console.get(path)
    assert answer.status_code == 200, answer.body
    return " ".join(text_of(answer.body.decode()).split())


def set_budget(console: Browser, usd: str) -> None:
    """On the page of the brand."""
    html = console.get("/brand?edit=budget").body.decode()
    mark = re.search(r'name="mark" value="(\w+)"', html)
    assert mark
    answer = console.post("/brand/budget", {"mark": mark[1], "budget": usd, "warn_at": "80"})
    assert answer.status_code == 303, text_of(answer.body.decode())


def add_source(console: Browser) -> None:
    form = {"kind": "sandbox-paid", "name": "Zoeken", "channel": "wall", "watch": "", "watched": "yes"}
    answer = console.post("/sources/new", {**form, "interval": "1"})
    assert answer.headers["Location"].startswith("/sources/zoeken"), text_of(answer.body.decode())


def write(town: Town, number: int, what: str) -> None:
    many(town, number, f"{what}: de lindebieb", account=ACCOUNT)


def test_from_a_budget_to_its_end_and_on(town: Town, console: Browser, program: Caller) -> None:
    set_budget(console, "0.10")  # twenty messages
    add_source(console)
    town.settle(2)
    assert "Nothing in November 2026" in page(console, "/costs")
    write(town, 14, "een")
    town.settle(2)
    assert "US$ 0.07 in November 2026 so far." in page(console, "/costs")
    assert not _mails(town)
    write(town, 3, "twee")
    town.settle(2)
    assert _mails(town) == ["Budget van Lindebieb bijna op"]
    said = page(console, "/costs")
    assert "Lindebieb US$ 0.09 of 0.10, 85 %" in said
    assert "Nearly used." in said
    write(town, 9, "drie")
    town.settle(15)
    assert book().spent == 20 * PRICE
    assert _mails(town) == ["Budget van Lindebieb bijna op", "Budget van Lindebieb op"]
    for path in ("/sources", "/unheard", "/status", "/sources/zoeken"):
        assert "budget of Lindebieb is used" in page(console, path), path
    assert "US$ 0.10" in page(console, "/sources/zoeken")
    assert "Used. Until the first of the month what it pays for is not read" in page(console, "/costs")
    notice = next(each for each in wiring.notices().newest(BRAND)[0] if each.spent)
    assert "What it pays for is not read until the first" in page(console, notice.path)

    found = program.get("/costs").json_body
    assert found["spent"] == 100_000
    assert [(each["scope"], each["budget"], each["state"]) for each in found["budgets"]] == [
        ("brand", 100_000, "used")
    ]
    assert sum(each["amount"] for each in found["watches"]) == found["spent"]
    (source,) = (each for each in program.get("/sources").json_body["items"] if each["id"] == "zoeken")
    assert (source["state"], source["stopped_by"], source["meter"]["spent"]) == ("stopped", "brand", 100_000)
    (alert, _) = program.get("/alerts").json_body["items"][:2]
    assert [each["state"] for each in alert["budgets"]] == ["used"]

    set_budget(console, "0.12")
    town.settle(4)
    assert book().spent == 24 * PRICE, "it went on up to the new one"
    assert state("zoeken").stopped == "brand"
    unseen = program.ask("POST", "/costs/go-on", {"scope": "brand"}, if_match='"x"')
    assert problem(unseen)["status"] == 412
    none = program.change("/costs/go-on", {"scope": "watch/brand"}, "/costs")
    assert problem(none)["status"] == 404
    done = program.change("/costs/go-on", {"scope": "brand"}, "/costs")
    assert done.json_body["budgets"][0]["gone_on"] == "Sam de Wit via Boekhouding"
    town.drain()
    assert book().spent == 26 * PRICE
    assert state("zoeken").stopped == ""
    assert "Sam de Wit via Boekhouding let it go on this month" in page(console, "/costs")
    lines, _ = wiring.audit().month(BRAND, "2026-11")
    assert {"brand.change", "budget.go-on"} <= {each.what for each in lines}
    assert "let a budget go on this month" in page(console, "/audit")


def test_it_goes_on_from_the_console_and_the_file_says_every_line(town: Town, console: Browser) -> None:
    set_budget(console, "0.01")
    add_source(console)
    write(town, 3, "een")
    town.settle(2)
    assert state("zoeken").stopped == "brand"
    assert console.post("/costs", {"scope": "brand"}).status_code == 303
    town.drain()
    assert book().spent == 3 * PRICE
    head, *table = csv.reader(console.get("/costs?as=csv").body.decode("utf-8-sig").splitlines())
    assert tuple(head) == costs.ROWS
    assert sum(int(row[-1]) for row in table) == book().spent


def test_an_answer_over_its_budget_asks_for_one_more_yes(
    town: Town, console: Browser, program: Caller
) -> None:
    """From the console and for a program; and it is seen what was paid for what."""
    html = console.get("/brand/channels/wall").body.decode()
    assert "As if it charged for what you write" in html
    given = {"name": "Sandbox", "id": "wall", "platform": "sandbox", "paid": "yes"}
    mark = re.search(r'name="mark" value="(\w+)"', html)
    answer = console.post("/brand/channels/wall", given | ({"mark": mark[1]} if mark else {}))
    assert answer.status_code == 303, text_of(answer.body.decode())
    set_budget(console, "0.02")  # one answer
    for n in range(3):
        town.hear(f"{COMPLAINT} Ook nummer {n} wacht.", author=f"kees{n}", id=f"r-{n}")
    town.drain()
    first, second, third = town.cases()
    text = "We kijken het vandaag na. Sam de Wit, Lindebieb"
    form = {"rev": str(first.rev), "text": text, "do": "send"}
    assert console.post(f"/cases/{first.key.slug}/reply", form).status_code == 303
    town.settle(3)
    assert book().lines == {Entry("sent", "sandbox", "wall", "brand", "desk"): 15_000}

    path, form = f"/cases/{second.key.slug}", {**form, "rev": str(second.rev)}
    refused = console.post(f"{path}/reply", form)
    said = refused.body.decode()
    assert refused.status_code == 422
    assert "The budget that pays for this is used." in text_of(said)
    assert 'id="exceed" name="exceed"' in said
    assert 'href="#exceed"' in said
    assert console.post(f"{path}/reply", {**form, "exceed": "yes"}).status_code == 303
    town.settle(3)
    assert book().spent == 30_000

    path = f"/cases/{third.key.slug}"
    body: dict[str, object] = {"text": text}
    etag = program.etag(path)
    refused = program.ask("POST", f"{path}/replies", body, if_match=etag, idempotency_key="one")
    told = problem(refused)
    assert (told["status"], told["errors"][0].get("pointer")) == (422, "#/exceed"), told
    body |= {"exceed": True}
    sent = program.ask("POST", f"{path}/replies", body, if_match=etag, idempotency_key="two")
    assert sent.status_code == 201, sent.body
    town.settle(3)
    found = program.get("/costs").json_body
    assert found["spent"] == 45_000
    assert found["kinds"] == [{"id": "sent", "name": "Answers and posts", "amount": 45_000}]
    assert found["sources"] == [{"id": "wall", "name": "Sandbox", "amount": 45_000}]
    assert "Answers and posts" in page(console, "/costs")


def test_what_a_person_types_as_a_budget_is_kept_or_told(town: Town, console: Browser) -> None:
    html = console.get("/brand?edit=budget").body.decode()
    mark = re.search(r'name="mark" value="(\w+)"', html)
    assert mark
    answer = console.post("/brand/budget", {"mark": mark[1], "budget": "veel", "warn_at": "80"})
    assert answer.status_code == 422
    assert "Write US dollars as 25 or 12.50. This says veel." in text_of(answer.body.decode())
    set_budget(console, "12,50")
    assert wiring.brands().latest(BRAND)[0].budget == 12_500_000
    set_budget(console, "")
    assert wiring.brands().latest(BRAND)[0].budget is None


def _mails(town: Town) -> list[str]:
    return [subject for mail in town.world.mails() if (subject := vars(mail)["subject"]).startswith("Budget")]


def test_the_sandbox_says_what_it_would_charge() -> None:
    (paid,) = sandbox.PRICES.values()
    assert (paid.read, paid.cost(3)) == (PRICE, 3 * PRICE)
