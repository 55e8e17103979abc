"""What is paid, by whom: the parts make up the whole, and nothing is asked for that cannot be paid."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import ledger
from chalicelib.domain.brand import Brand, Department, Watch
from chalicelib.domain.budget import NEAR, USED, Spent, budgets, called, concerns, dollars, micro, read
from chalicelib.domain.ledger import PAYERS, Book, Entry, Hold, Payer
from chalicelib.domain.source import Source

NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
BRAND = Brand(
    id="deeg",
    name="Deeg",
    zone="Europe/Amsterdam",
    languages=("nl",),
    departments=(Department(id="desk", name="Balie"), Department(id="shop", name="Winkel", budget=2_000_000)),
    watches=(
        Watch(id="naam", name="Naam", terms=("deeg",)),
        Watch(id="taart", name="Taart", terms=("taart",), department="shop", budget=1_000_000),
    ),
    budget=10_000_000,
)
SOURCE = Source(brand="deeg", id="zoek", platform="sandbox", name="Zoek", connected_at=NOW)
NAMES = st.sampled_from([Payer(f"w{n}", f"d{n % 3}") for n in range(60)] + [Payer("", "d0")])


@given(
    st.integers(0, 10**12),
    st.lists(st.lists(NAMES, max_size=6), max_size=120),
)
def test_the_parts_make_up_the_whole_to_the_last_micro_dollar(total: int, heard: list[list[Payer]]) -> None:
    found = ledger.shares(total, heard, Payer("", "desk"))
    assert sum(found.values()) == total
    assert all(amount > 0 for amount in found.values())
    assert len([one for one in found if one.watch]) <= PAYERS


@given(st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=30), st.integers(1, 10_000))
def test_each_pays_its_part_but_for_less_than_a_micro_dollar(heard: list[list[Payer]], price: int) -> None:
    found = ledger.shares(price * len(heard), heard, Payer("", "desk"))
    owed: dict[Payer, float] = {}
    for each in heard:
        for one in set(each):
            owed[one] = owed.get(one, 0.0) + price / len(set(each))
    if len(owed) <= PAYERS:
        assert all(abs(found.get(one, 0) - sum_) < 1.000001 for one, sum_ in owed.items())


def test_what_no_watch_hears_is_the_sources_own() -> None:
    desk, taart = Payer("", "desk"), Payer("taart", "shop")
    assert ledger.shares(15_000, [[], [taart], [taart, desk]], desk) == {desk: 7_500, taart: 7_500}
    assert ledger.shares(200, [], desk) == {desk: 200}
    assert ledger.shares(0, [[taart]], desk) == {}


def test_who_pays() -> None:
    assert ledger.payer(BRAND, SOURCE) == Payer("", "desk")
    assert ledger.payer(BRAND, replace(SOURCE, watch="taart")) == Payer("taart", "shop")
    assert ledger.payer(BRAND, replace(SOURCE, watch="gone")) == Payer("", "desk")
    assert ledger.payers(BRAND, ["naam", "taart"], {"taart"}) == [Payer("naam", "desk")]


@pytest.mark.parametrize(
    ("rest", "number"),
    [
        (None, 100),
        (10_000_000, 100),
        (500_100, 100),
        (499_999, 99),
        (50_100, 10),
        (50_099, 0),
        (0, 0),
        (-5, 0),
    ],
)
def test_no_more_is_asked_than_what_is_left_pays(rest: int | None, number: int) -> None:
    assert ledger.affords(rest, read=5_000, request=100, least=10, most=100) == number


def test_a_request_without_a_price_a_message_is_asked_whole_or_not() -> None:
    assert ledger.affords(100, read=0, request=100, least=1, most=50) == 50
    assert ledger.affords(99, read=0, request=100, least=1, most=50) == 0


def test_a_watch_or_its_department_that_has_nothing_left_is_not_charged_more() -> None:
    limits = budgets(BRAND)
    assert limits == {"brand": 10_000_000, "department/shop": 2_000_000, "watch/taart": 1_000_000}
    book = Book(month="2026-11", totals={"watch/taart": 1_000_000, "brand": 1_000_000})
    assert ledger.stopped_watches(BRAND, book, limits) == {"taart": "watch/taart"}
    rich = replace(book, gone_on={"watch/taart": "Noor"})
    assert ledger.stopped_watches(BRAND, rich, limits) == {}
    shop = Book(month="2026-11", totals={"department/shop": 2_000_000})
    assert ledger.stopped_watches(BRAND, shop, limits) == {"taart": "department/shop"}


def test_a_source_stops_only_where_nobody_has_money_left_for_it() -> None:
    both = replace(BRAND, watches=tuple(replace(each, budget=5) for each in BRAND.watches))
    limits = budgets(both)
    one = Book(month="2026-11", totals={"watch/taart": 5})
    all_ = replace(one, totals={"watch/taart": 5, "watch/naam": 9})
    assert ledger.all_stopped(both, SOURCE, one, limits) == ""
    assert ledger.all_stopped(both, SOURCE, all_, limits) == "watch/naam"
    assert ledger.all_stopped(both, replace(SOURCE, watched=False), all_, limits) == ""


@pytest.mark.parametrize(
    ("spent", "kinds"),
    [(7_999_999, []), (8_000_000, [NEAR]), (9_999_999, [NEAR]), (10_000_000, [USED]), (11_000_000, [USED])],
)
def test_a_budget_is_told_of_from_its_share_on_and_once(spent: int, kinds: list[str]) -> None:
    book = Book(month="2026-11", totals={"brand": spent})
    found = ledger.news(BRAND, book)
    assert [each.kind for each in found] == kinds
    told = replace(book, told=frozenset(each.mark for each in found))
    assert ledger.news(BRAND, told) == []
    raised = replace(BRAND, budget=12_500_000)
    assert [each.kind for each in ledger.news(raised, told)] == ([NEAR] if spent >= 10_000_000 else [])


def test_that_it_nears_its_end_is_no_news_after_its_end() -> None:
    book = Book(month="2026-11", totals={"brand": 9_999_999})
    (used,) = ledger.news(BRAND, book, stopped="brand")
    assert used.kind == USED
    assert ledger.news(BRAND, replace(book, told=frozenset({used.mark}))) == []


def test_one_that_goes_on_is_told_of_no_more() -> None:
    book = Book(month="2026-11", totals={"brand": 10_000_000}, gone_on={"brand": "Noor"})
    assert ledger.news(BRAND, book) == []
    assert ledger.left(book, budgets(BRAND), "brand") is None


def test_what_is_held_counts_as_spent_until_somebody_says_otherwise() -> None:
    hold = Hold(source="zoek", platform="x", payer=Payer("", "desk"), amount=700, until=0, token="t")
    line = Entry("read", "x", "zoek", "naam", "desk")
    book = Book(month="2026-11", lines={line: 300}, holds={"zoek": hold})
    assert book.all_lines == {hold.lost: 700, line: 300}
    assert ledger.by(book.all_lines, "source") == {"zoek": 1_000}
    assert ledger.by(book.all_lines, "watch") == {"": 700, "naam": 300}


ENTRIES = st.builds(
    lambda kind, source, payer: Entry(kind, "x", source, *payer),
    st.sampled_from(("read", "sent", "draft", "opinion", "lost")),
    st.sampled_from(("zoek", "wall", "bedrock")),
    NAMES,
)
HOLDS = st.builds(
    lambda source, payer, amount: Hold(
        source=source, platform="x", payer=payer, amount=amount, until=0, token="t"
    ),
    st.sampled_from(("zoek", "wall~a", "wall~b", "bedrock~c")),
    NAMES,
    st.integers(1, 10**9),
)


@given(st.dictionaries(ENTRIES, st.integers(1, 10**9), max_size=40), st.lists(HOLDS, max_size=4))
def test_whatever_it_was_for_all_parts_make_up_the_whole(lines: dict[Entry, int], holds: list[Hold]) -> None:
    book = Book(month="2026-11", lines=lines, holds={each.source: each for each in holds})
    for part in ("kind", "source", "watch", "department", "platform"):
        assert sum(ledger.by(book.all_lines, part).values()) == book.spent
    assert not any("~" in source for source in ledger.by(book.all_lines, "source"))


def test_the_month_goes_on_as_it_went() -> None:
    assert ledger.forecast(1_500, "2026-11", "UTC", NOW) == 1_500 * 30 * 24 // (15 * 24 + 12)
    assert ledger.forecast(1_500, "2026-11", "UTC", datetime(2026, 11, 1, 23, tzinfo=UTC)) is None


@given(st.integers(0, 10**12))
def test_dollars_are_written_and_read_without_loss(amount: int) -> None:
    assert micro(dollars(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [("25", 25_000_000), ("12.50", 12_500_000), ("0,005", 5_000), (" 1.000001 ", 1_000_001)],
)
def test_dollars_as_people_write_them(text: str, amount: int) -> None:
    assert micro(text) == amount


@pytest.mark.parametrize("text", ["", "-1", "1.0000001", "a lot", "1e3", "1.2.3", "²", "$5", "."])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected US dollars"):
        micro(text)


def test_a_budget_has_a_name_and_somebody_who_hears_of_it() -> None:
    scopes = ("brand", "department/shop", "watch/taart", "watch/naam")
    assert [called(each, BRAND) for each in scopes] == ["Deeg", "Winkel", "Taart", "Naam"]
    assert [concerns(each, BRAND) for each in scopes] == ["desk", "shop", "shop", "desk"]


def test_what_is_told_is_read_back() -> None:
    spent = Spent(
        brand="deeg", scope="watch/taart", kind=USED, month="2026-11", amount=5, name="Taart / gebak"
    )
    assert read(str(spent)) == spent
