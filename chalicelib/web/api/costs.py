"""What networks that charge, and models, were paid this month, and what may be spent."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.web import costs
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Given, Month, Shape, show

SCOPE = "^(department|watch)/[a-z0-9][a-z0-9-]{0,39}$"


class Spending(Shape):
    """`scope`: brand, department/id or watch/id. `budget` is null where there is none; `part` of a hundred is
    used. `gone_on`: who let it go on this month."""

    scope: str
    name: str
    spent: int
    budget: int | None
    part: int
    state: costs.State
    gone_on: str | None


class Sum(Shape):
    id: str
    name: str
    amount: int


class MonthCost(Shape):
    month: Month
    spent: int


class Costs(Shape):
    """Every sum is in micro-dollars: millionths of a US dollar. `spent` is all of the running month, where
    the brand is; `lost` the part of it for requests whose answer never came, at the most that they can have
    cost; `forecast` what it will be at the month's end, if it goes on so. `watches`, `departments`,
    `sources` (or channels, or bedrock and comprehend) and `kinds` (read, sent, draft, opinion, lost) each
    make up `spent`; the id "" is no watch."""

    month: Month
    spent: int
    forecast: int | None
    lost: int
    budgets: list[Spending]
    watches: list[Sum]
    departments: list[Sum]
    sources: list[Sum]
    kinds: list[Sum]
    months: list[MonthCost]


class GoOn(Given):
    scope: Literal["brand"] | Annotated[str, Field(pattern=SCOPE, examples=["watch/name"])]


def get(call: Call) -> Costs:
    """This month so far, and the five before it."""
    found = costs.costs(call.visit)
    return show(
        Costs,
        found,
        budgets=[show(Spending, each, gone_on=each.gone_on or None) for each in found.budgets],
        watches=[show(Sum, each) for each in found.watches],
        departments=[show(Sum, each) for each in found.departments],
        sources=[show(Sum, each) for each in found.sources],
        kinds=[show(Sum, each) for each in found.kinds],
        months=[MonthCost(month=month, spent=spent) for month, spent in found.months],
    )


def go_on(call: Call, body: GoOn) -> Costs:
    """A budget stops nothing more this month. To raise it instead, change it under settings."""
    call.expect(get(call))
    costs.go_on(call.visit, body.scope)
    return get(call)
