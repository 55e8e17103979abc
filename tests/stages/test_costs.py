"""A network that charges: what is paid is booked, by whom it was for, and a budget stops it in time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.aws.table.store import Store
from chalicelib.domain import ledger as books
from chalicelib.domain.brand import Brand, Department, Watch
from chalicelib.domain.hush import hush
from chalicelib.domain.ledger import Book
from chalicelib.domain.month import span
from chalicelib.domain.source import Source, SourceState
from chalicelib.errors import Lost, Rejected, Unavailable
from chalicelib.platforms import sandbox
from chalicelib.ports import Page
from chalicelib.tasks import Poll
from tests.harness.crash import Points, every_crash
from tests.harness.meter import Meter
from tests.harness.poller import Context, body_event
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.planning import BRAND
from tests.stages.test_alerting import subjects
from tests.stages.town import TICK, Town, brand

ACCOUNT = "lindebieb.paid"
MONTH = "2026-11"
PRICE = 5_000
"""Micro-dollars a message, at the sandbox that makes believe."""


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table takes one write of an item after the other, as DynamoDB does and its emulator does not."""
    lock, update = Lock(), Store.update

    def queued(*given: Any, **more: Any) -> Any:
        with lock:
            return update(*given, **more)

    monkeypatch.setattr(Store, "update", queued)


@pytest.fixture
def bill(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages the network gave, request by request: what it charges for, whatever we know."""
    given: list[int] = []
    listen = sandbox.Sandbox.listen

    def charged(self: Any, cursor: str, most: int = sandbox.PAGE) -> Page:
        page = listen(self, cursor, most)
        if self._account == ACCOUNT:
            given.append(len(page.found))
        return page

    monkeypatch.setattr(sandbox.Sandbox, "listen", charged)
    return given


def paid(town: Town, id: str = "search", **more: Any) -> Source:
    return town.source(
        id, "sandbox", {"account": ACCOUNT, "kind": "paid"}, interval=1, **{"watched": False, **more}
    )


def say(town: Town, *texts: str, account: str = ACCOUNT) -> None:
    for n, text in enumerate(texts):
        sandbox.say(wiring.shelf(), account, "kees", text, town.now + timedelta(milliseconds=n))


def many(town: Town, number: int, text: str = "De lindebieb is open", account: str = ACCOUNT) -> None:
    say(town, *(f"{text}, zegt nummer {n}" for n in range(number)), account=account)


def budget(**more: Any) -> Brand:
    """The town's brand, with two watches of two departments, and these budgets."""
    shop = Department(id="shop", name="Winkel", hours=brand().departments[0].hours)
    watches = (*brand().watches, Watch(id="cake", name="Taart", terms=("taart",), department="shop"))
    made = replace(brand(), departments=(*brand().departments, shop), watches=watches)
    watch = more.pop("cake", None)
    if watch is not None:
        made = replace(made, watches=(watches[0], replace(watches[1], budget=watch)))
    made = replace(made, **more)
    wiring.brands().put(made)
    return made


def book(month: str = MONTH) -> Book:
    return wiring.ledger().book(BRAND, month)


def sound(found: Book) -> None:
    lines = found.all_lines
    assert found.totals.get("brand", 0) == found.spent == sum(lines.values())
    for scope, total in found.totals.items():
        kind, _, id = scope.partition("/")
        assert not id or total == books.by(lines, kind).get(id, 0), scope


def state(id: str = "search") -> SourceState:
    return wiring.sources().get(BRAND, id)[1]


def ask(town: Town, id: str = "search") -> None:
    wiring.tasks().send([Poll(BRAND, id)])
    town.drain()


# what is booked ------------------------------------------------------------------------------------


def test_what_is_read_is_paid_by_the_watches_that_hear_it(town: Town, bill: list[int]) -> None:
    budget()
    paid(town)
    say(town, "Taart bij de lindebieb!", "Wat een taart", "Mooi weer", "De lindebieb is open")
    ask(town)
    found = book()
    assert sum(bill) == 4
    assert found.spent == 4 * PRICE
    assert books.by(found.lines, "watch") == {"brand": 7_500, "cake": 7_500, "": 5_000}
    assert books.by(found.lines, "department") == {"desk": 12_500, "shop": 7_500}
    assert books.by(found.lines, "source") == {"search": 20_000}
    sound(found)


def test_a_source_that_is_for_one_watch_is_paid_by_it(town: Town, bill: list[int]) -> None:
    budget()
    paid(town, watch="cake")
    say(town, "De lindebieb is open", "Mooi weer")
    ask(town)
    assert books.by(book().lines, "watch") == {"cake": 2 * PRICE}
    assert book().totals["department/shop"] == 2 * PRICE


def test_an_ask_that_brings_nothing_costs_nothing(town: Town, bill: list[int]) -> None:
    paid(town)
    ask(town)
    assert bill == [0]
    assert (book().spent, book().lines, book().holds) == (0, {}, {})


def test_a_source_that_costs_nothing_costs_no_write_either(town: Town) -> None:
    say(town, "De lindebieb is open", account="lindebieb.wall")
    town.feed("De lindebieb is open")
    town.settle(10)
    assert len(town.mentions()) == 2
    assert not book().totals
    assert len(town.world.items("E#feed#")) <= 1, "a hand of its host an hour"


def test_a_poll_that_is_paid_takes_two_writes_and_two_reads_more(town: Town) -> None:
    paid(town)
    town.source("free", "sandbox", {"account": "lindebieb.free"}, interval=1, watched=False)
    for id in ("search", "free"):
        ask(town, id)
    with Meter() as free:
        ask(town, "free")
    with Meter() as counted:
        ask(town, "search")
    assert counted.calls["dynamodb.UpdateItem"] - free.calls["dynamodb.UpdateItem"] == 2
    assert counted.calls["dynamodb.GetItem"] - free.calls["dynamodb.GetItem"] == 2
    assert counted.count("write_unit") - free.count("write_unit") == 2


def test_who_asks_while_another_does_leaves_it_to_that_one(town: Town, bill: list[int]) -> None:
    paid(town)
    many(town, 3)
    listen, inside = sandbox.Sandbox.listen, [True]

    def meanwhile(self: Any, cursor: str, most: int = sandbox.PAGE) -> Page:
        if self._account == ACCOUNT and inside.pop():
            inside.append(False)
            answer = app.poll_sources(body_event("poll", Poll(BRAND, "search").to_json()), Context())
            assert answer == {"batchItemFailures": []}
        return listen(self, cursor, most)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox.Sandbox, "listen", meanwhile)
        ask(town)
    assert bill == [3]
    assert book().spent == 3 * PRICE


@pytest.mark.parametrize(
    ("error", "spent"),
    [
        (Rejected("sandbox", "HTTP 400"), 0),
        (Unavailable("sandbox", "HTTP 503"), 0),
        (Unavailable("sandbox", "timed out"), sandbox.PAGE * PRICE),
    ],
    ids=["refused", "down", "no answer came"],
)
def test_a_request_whose_answer_never_came_counts_whole(
    town: Town, error: Exception, spent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if spent:
        error.__cause__ = Lost("timed out")
    paid(town)

    def fails(*args: Any) -> Page:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(sandbox.Sandbox, "listen", fails)
        ask(town)
    found = book()
    assert found.spent == spent
    assert books.by(found.lines, "kind") == ({"lost": spent} if spent else {})
    assert state().failures == 1


# warned and stopped ----------------------------------------------------------------------------------


def test_it_warns_once_and_stops_before_more_is_spent(town: Town, bill: list[int]) -> None:
    made = budget(budget=10 * PRICE)
    paid(town)
    many(town, 8)
    town.settle(3)
    assert [each for each in subjects(town) if "Budget" in each] == ["Budget van Lindebieb bijna op"]
    many(town, 30, "Nog een over de lindebieb")
    town.settle(3)
    assert sum(bill) == 10, "it asked for no more than was left"
    assert book().spent == 10 * PRICE
    assert state().stopped == "brand"
    town.settle(40)
    told = [each for each in subjects(town) if "Budget" in each]
    assert told == ["Budget van Lindebieb bijna op", "Budget van Lindebieb op"], "each once"
    assert sum(bill) == 10
    found, was = wiring.sources().get(BRAND, "search")
    assert hush(found, was, made.zone, (), town.now + timedelta(days=200)) is None
    app.relate_to_people(TICK, Context())
    assert not wiring.notices().hushes(BRAND), "a source without money is not dead"
    sound(book())


def test_what_was_not_read_is_read_when_the_month_begins(town: Town, bill: list[int]) -> None:
    made = budget(budget=2 * PRICE)
    paid(town)
    many(town, 3)
    town.settle(2)
    assert state().stopped == "brand"
    _, end = span(MONTH, made.zone)
    town.now = end - timedelta(minutes=1)
    assert wiring.sources().listed()
    town.settle(13)
    assert state().stopped == ""
    assert sum(bill) == 3
    assert book("2026-12").spent == PRICE
    assert len(town.mentions()) == 3


@pytest.mark.parametrize("how", ["raised", "let go on"])
def test_it_goes_on_when_a_person_says_so(town: Town, bill: list[int], how: str) -> None:
    made = budget(budget=2 * PRICE)
    paid(town)
    many(town, 5)
    town.settle(2)
    assert sum(bill) == 2
    if how == "raised":
        wiring.brands().put(replace(made, budget=4 * PRICE))
    else:
        wiring.ledger().let_go_on(BRAND, MONTH, "brand", "Noor")
    town.settle(11)
    assert sum(bill) == (4 if how == "raised" else 5)
    assert state().stopped == ("brand" if how == "raised" else "")


def test_a_watch_without_money_stops_its_own_source_and_no_other(town: Town, bill: list[int]) -> None:
    budget(cake=PRICE)
    paid(town, "cakes", watch="cake")
    paid(town, "all")
    many(town, 3, "Taart bij de lindebieb")
    town.settle(3)
    assert state("cakes").stopped == "watch/cake"
    assert state("all").stopped == ""
    assert book().totals["watch/cake"] == PRICE + 3 * PRICE // 2 or book().totals["watch/cake"] == PRICE
    told = [each for each in subjects(town) if "Budget" in each]
    assert told == [], "the shop has no address"
    sound(book())


def test_a_source_of_which_every_watch_is_without_money_stops(town: Town, bill: list[int]) -> None:
    made = budget()
    wiring.brands().put(replace(made, watches=tuple(replace(each, budget=0) for each in made.watches)))
    paid(town, watched=True)
    many(town, 3)
    town.settle(2)
    assert bill == []
    assert state().stopped == "watch/brand"


def test_a_look_at_a_source_is_paid_and_small(town: Town, bill: list[int]) -> None:
    source = paid(town)
    many(town, 9)
    assert len(wiring.try_source(source, {}).found) == 1
    assert book().spent == PRICE
    budget(budget=PRICE)
    with pytest.raises(Unavailable, match="its budget for this month is used"):
        wiring.try_source(source, {})
    assert book().spent == PRICE


# broken off ------------------------------------------------------------------------------------------


@contextmanager
def breakable(points: Points, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connect = wiring.source_platform
    with monkeypatch.context() as patch:
        patch.setattr(wiring, "source_platform", lambda *args, **more: points.wrap(connect(*args, **more)))
        yield


@pytest.mark.crash
def test_wherever_it_breaks_off_all_that_was_charged_is_booked(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch, bill: list[int]
) -> None:
    limit = 200 * PRICE

    def fresh() -> Town:
        bill.clear()
        town = Town(aws.fresh(), feeds, monkeypatch)
        budget(budget=limit)
        paid(town)
        many(town, 3)
        return town

    def run(town: Town, points: Points) -> None:
        with breakable(points, monkeypatch):
            wiring.tasks().send([Poll(BRAND, "search")])
            town.drain()

    def redeliver(town: Town) -> None:
        town.settle(15)

    for mode, k, town in every_crash(fresh, run, redeliver):
        found, where = book(), f"{mode} call {k}"
        assert sum(bill) * PRICE <= found.spent <= limit, where
        assert found.spent <= sum(bill) * PRICE + sandbox.PAGE * PRICE, f"{where}: one page too much at most"
        assert not found.holds, where
        assert len(town.judged()) == 3, where
        sound(found)
