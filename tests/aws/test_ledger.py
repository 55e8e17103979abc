"""A brand's book in the table: once, whole, and never beyond a budget, however many write it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Lock
from typing import Any

import pytest

from chalicelib.aws.table import keys
from chalicelib.aws.table.ledger import Ledger
from chalicelib.aws.table.store import Store
from chalicelib.domain import ledger as books
from chalicelib.domain.audit import line
from chalicelib.domain.ledger import Book, Entry, Hold, Payer
from tests.aws.conftest import dynamodb
from tests.conftest import NOW
from tests.harness.world import TABLE_NAME, World, laid

MONTH = "2026-11"
DESK, CAKE = Payer("", "desk"), Payer("cake", "shop")


@pytest.fixture
def ledger(aws: World) -> Ledger:
    return Ledger(dynamodb, TABLE_NAME)


def held(source: str = "search", amount: int = 1_000, payer: Payer = DESK, token: str = "a") -> Hold:
    return Hold(source=source, platform="x", payer=payer, amount=amount, until=10, token=token)


def read(source: str = "search", payer: Payer = DESK) -> Entry:
    return Entry("read", "x", source, *payer)


def reserve(ledger: Ledger, hold: Hold, limits: Mapping[str, int] | None = None) -> bool:
    return ledger.reserve("deeg", ledger.book("deeg", MONTH), hold, limits or {})


def sound(book: Book) -> None:
    """The totals are what the lines make up."""
    lines = book.all_lines
    assert book.totals.get("brand", 0) == book.spent == sum(lines.values())
    for scope, total in book.totals.items():
        kind, _, id = scope.partition("/")
        if id:
            assert total == books.by(lines, kind).get(id, 0), scope


def test_an_empty_book(ledger: Ledger) -> None:
    assert ledger.book("deeg", MONTH) == Book(month=MONTH)
    assert ledger.books("deeg", [MONTH, "2026-10"]) == [Book(month=MONTH), Book(month="2026-10")]
    assert laid() == []


def test_what_is_held_becomes_what_it_cost(ledger: Ledger) -> None:
    hold = held(payer=CAKE)
    assert reserve(ledger, hold)
    before = ledger.book("deeg", MONTH)
    assert before.holds == {"search": hold}
    assert before.totals == {"brand": 1_000, "department/shop": 1_000, "watch/cake": 1_000}
    after = ledger.settle("deeg", MONTH, hold, {read(payer=CAKE): 300, read(): 5})
    assert after == ledger.book("deeg", MONTH)
    assert (after.holds, after.lines) == ({}, {read(payer=CAKE): 300, read(): 5})
    assert after.totals == {"brand": 305, "department/shop": 300, "watch/cake": 300, "department/desk": 5}
    sound(after)


def test_each_write_is_one_request_and_its_repeat_changes_nothing(ledger: Ledger) -> None:
    hold = held()
    book = ledger.book("deeg", MONTH)
    assert ledger.reserve("deeg", book, hold, {"brand": 1_000})
    assert ledger.reserve("deeg", book, hold, {"brand": 1_000}), "the SDK asked twice"
    assert ledger.book("deeg", MONTH).spent == 1_000
    first = ledger.settle("deeg", MONTH, hold, {read(): 300})
    assert ledger.settle("deeg", MONTH, hold, {read(): 300}) == first
    sound(first)


def test_of_two_at_one_source_one_asks(ledger: Ledger) -> None:
    book = ledger.book("deeg", MONTH)
    assert ledger.reserve("deeg", book, held(token="a"), {})
    assert not ledger.reserve("deeg", book, held(token="b"), {})


def test_what_a_dead_worker_held_is_lost_and_stays_counted(ledger: Ledger) -> None:
    dead, next_ = held(token="a", payer=CAKE), held(token="b", amount=700)
    assert reserve(ledger, dead)
    assert reserve(ledger, next_)
    late = ledger.settle("deeg", MONTH, dead, {read(payer=CAKE): 1})
    assert late.lines == {dead.lost: 1_000}, "it came after it was given up"
    after = ledger.settle("deeg", MONTH, next_, {read(): 200})
    assert after.lines == {dead.lost: 1_000, read(): 200}
    sound(after)


@pytest.mark.parametrize("scope", ["brand", "department/shop", "watch/cake"])
def test_nothing_is_held_beyond_a_budget_unless_somebody_lets_it_go_on(ledger: Ledger, scope: str) -> None:
    limits = {scope: 1_500}
    assert reserve(ledger, held("one", payer=CAKE), limits)
    assert not reserve(ledger, held("two", payer=CAKE), limits)
    assert reserve(ledger, held("two", 500, payer=CAKE), limits)
    said = line("deeg", NOW, "r", "budget.go-on", of=scope, by="Noor")
    ledger.let_go_on("deeg", MONTH, scope, "Noor", said)
    assert ledger.book("deeg", MONTH).gone_on == {scope: "Noor"}
    assert reserve(ledger, held("three", payer=CAKE), limits)


def test_a_budget_of_others_holds_nobody_back(ledger: Ledger) -> None:
    assert reserve(ledger, held(), {"department/shop": 0, "watch/cake": 0})


def test_what_was_told_is_known(ledger: Ledger) -> None:
    ledger.tell("deeg", MONTH, ["near brand 5"])
    ledger.tell("deeg", MONTH, ["used brand 5"])
    assert ledger.book("deeg", MONTH).told == {"near brand 5", "used brand 5"}


def test_a_page_of_very_many_payers_fits_one_write(ledger: Ledger) -> None:
    hold = held(amount=10**6)
    assert reserve(ledger, hold)
    heard = [[Payer(f"{'w' * 36}{n:04}", f"{'d' * 38}{n % 20:02}")] for n in range(100)]
    shares = books.shares(10**6, heard, DESK)
    after = ledger.settle(
        "deeg", MONTH, hold, {read("s" * 40, payer): sum_ for payer, sum_ in shares.items()}
    )
    assert after.spent == 10**6
    sound(after)


def test_many_workers_at_once_spend_all_of_a_budget_and_no_more(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each asks for what is left, at most 40 messages of 7: the last one asks for fewer. The table takes one
    write of an item after the other, as DynamoDB does and its emulator does not."""
    budget, workers, rounds = 5_000, 8, 12
    start, one_at_a_time, update = Barrier(workers), Lock(), Store.update

    def queued(*given: Any, **more: Any) -> Any:
        with one_at_a_time:
            return update(*given, **more)

    monkeypatch.setattr(Store, "update", queued)

    def work(number: int) -> int:
        mine, spent = Ledger(dynamodb, TABLE_NAME), 0
        start.wait()
        for n in range(rounds):
            for _ in range(200):
                book = mine.book("deeg", MONTH)
                most = books.affords(
                    books.left(book, {"brand": budget}, "brand"), read=7, request=0, least=1, most=40
                )
                hold = held(f"s{number}", most * 7, token=f"{n}")
                if not most:
                    return spent
                if mine.reserve("deeg", book, hold, {"brand": budget}):
                    break
            cost = hold.amount if n % 3 else hold.amount // 14 * 7
            mine.settle("deeg", MONTH, hold, {read(f"s{number}"): cost})
            spent += cost
        return spent

    with ThreadPoolExecutor(workers) as pool:
        spent = sum(pool.map(work, range(workers)))
    after = ledger.book("deeg", MONTH)
    sound(after)
    assert after.spent == spent
    assert budget - 7 < spent <= budget
    assert not after.holds


def test_it_holds_no_words_of_anybody(ledger: Ledger) -> None:
    reserve(ledger, replace(held(), payer=CAKE))
    (item,) = laid()
    assert item["pk"]["S"] == keys.book("deeg", MONTH)["pk"]
    assert "ttl" not in item
