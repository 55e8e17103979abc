"""What networks and models are paid this month: by watch, department, source and what for, against what
may be spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain import ledger as books
from chalicelib.domain.brand import Brand
from chalicelib.domain.budget import WHOLE, budgets, called
from chalicelib.domain.ledger import LOST, Book
from chalicelib.domain.logged import facts
from chalicelib.domain.month import before, month_of
from chalicelib.errors import NotFound
from chalicelib.tasks import Poll
from chalicelib.web.i18n import N_, Words
from chalicelib.web.visit import Visit

MODELS = ("bedrock", "comprehend")
"""What stands for the source of what a model was paid."""
BACK = 5
"""Months before this one that are shown."""
STALE = 75
"""Seconds within which every worker knows a brand as it is now."""
NOBODY = N_("No watch")
State = Literal["well", "near", "used", "unlimited"]
ROWS = ("month", "kind", "network", "source", "watch", "department", "micro_usd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A budget, or the brand without one: micro-dollars. `part` of it is used, of a hundred; `path`: where it
    is changed; `gone_on`: who let it go on."""

    scope: str
    name: str
    spent: int
    budget: int | None
    part: int
    state: State
    gone_on: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One row of a table: an id, its name, micro-dollars."""

    id: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """`lost` is the part of `spent` whose answer never came; `forecast` None on the month's first day."""

    book: Book
    month: str
    spent: int
    forecast: int | None
    lost: int
    budgets: tuple[Spending, ...]
    watches: tuple[Sum, ...]
    departments: tuple[Sum, ...]
    sources: tuple[Sum, ...]
    kinds: tuple[Sum, ...]
    months: tuple[tuple[str, int], ...]
    """Of this month and those before it, the newest first; only those in which something was paid."""


def costs(visit: Visit) -> Costs:
    from chalicelib.web.report.titles import PAID

    brand = visit.brand
    month = month_of(visit.now, brand.zone)
    found = visit.desk.ledger.books(brand.id, [before(month, by) for by in range(BACK + 1)])
    book = found[0]
    lines = book.all_lines
    named = {model: f"Amazon {model.capitalize()}" for model in MODELS} | {
        each.id: each.name for each in brand.channels
    }
    named |= {source.id: source.name for source, _ in visit.desk.sources.of(brand.id)}
    kinds = {kind: visit.words.gettext(said) for kind, said in PAID.items()}
    watches = {each.id: each.name for each in brand.watches} | {"": visit.words.gettext(NOBODY)}
    departments = {each.id: each.name for each in brand.departments}
    return Costs(
        book=book,
        month=month,
        spent=book.spent,
        forecast=books.forecast(book.spent, month, brand.zone, visit.now) if book.spent else None,
        lost=books.by(lines, "kind").get(LOST, 0),
        budgets=tuple(spendings(brand, book)),
        watches=_sums(books.by(lines, "watch"), watches),
        departments=_sums(books.by(lines, "department"), departments),
        sources=_sums(books.by(lines, "source"), named),
        kinds=_sums(books.by(lines, "kind"), kinds),
        months=tuple((each.month, each.spent) for each in found if each.spent),
    )


def spendings(brand: Brand, book: Book) -> Sequence[Spending]:
    """The brand's first, also where it has no budget."""
    limits = budgets(brand)
    return [_spending(scope, brand, book, limits) for scope in dict.fromkeys((WHOLE, *limits))]


def _spending(scope: str, brand: Brand, book: Book, limits: Mapping[str, int]) -> Spending:
    budget, spent = limits.get(scope), book.totals.get(scope, 0)
    part = 0 if budget is None else min(100, 100 * spent // budget) if budget else 100
    kind, _, id = scope.partition("/")
    paths = {"watch": f"/sources/watches/{id}", "department": f"/brand/departments/{id}"}
    told = f"used {scope} {budget}" in book.told
    state: State = "unlimited"
    if budget is not None:
        state = "used" if spent >= budget or told else "near" if part >= brand.warn_at else "well"
    return Spending(
        scope=scope,
        name=called(scope, brand),
        spent=spent,
        budget=budget,
        part=part,
        state=state,
        gone_on=book.gone_on.get(scope, ""),
        path=paths.get(kind, "/brand?edit=budget#budget"),
    )


def _sums(found: Mapping[str, int], names: Mapping[str, str]) -> tuple[Sum, ...]:
    return tuple(Sum(id=id, name=names.get(id, id), amount=amount) for id, amount in found.items())


def of_source(visit: Visit, source: str) -> int:
    """Micro-dollars of this month, from the book itself."""
    book = visit.desk.ledger.book(visit.brand.id, month_of(visit.now, visit.brand.zone))
    return books.by(book.all_lines, "source").get(source, 0)


def rows(found: Sequence[Book]) -> list[tuple[str | int, ...]]:
    """The lines of these months, for a file."""
    return [(book.month, *entry, amount) for book in found for entry, amount in book.all_lines.items()]


def go_on(visit: Visit, scope: str) -> None:
    """Let a budget stop nothing more this month. Raises NotFound where there is none."""
    brand = visit.brand
    if scope not in budgets(brand):
        raise NotFound(f"no budget {scope}")
    month = month_of(visit.now, brand.zone)
    line = visit.line("budget.go-on", scope, after=facts({"month": month}))
    visit.desk.ledger.let_go_on(brand.id, month, scope, visit.member.name, line)
    wake(visit)


def wake(visit: Visit, delay: int = 0) -> None:
    """Sources that a budget stopped are asked: whether there is one again they find out themselves."""
    found = visit.desk.sources.of(visit.brand.id)
    waiting = [Poll(source.brand, source.id) for source, state in found if state.stopped]
    if waiting:
        visit.desk.tasks.send(waiting, delay=delay)


def said(micro: int, words: Words) -> str:
    """In dollars, as a reader writes them."""
    return words.usd(micro / 1_000_000)
