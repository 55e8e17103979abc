"""What networks and models cost: this month so far, what may be spent, and where the money goes."""

from chalicelib.domain.month import before, month_of
from chalicelib.domain.roles import Deed
from chalicelib.web import costs, export
from chalicelib.web.report.pieces import month_name
from chalicelib.web.visit import Go, Outcome, Page, Visit


def show(visit: Visit) -> Outcome:
    if export.asked(visit):
        month = month_of(visit.now, visit.brand.zone)
        months = [before(month, by) for by in range(costs.BACK + 1)]
        kept = visit.desk.ledger.books(visit.brand.id, months)
        return export.download(visit, "costs", costs.ROWS, costs.rows(kept))
    words, found = visit.words, costs.costs(visit)
    values = {
        "costs": found,
        "usd": lambda micro: costs.said(micro, words),
        "month": month_name(found.month, words, year=True),
        "months": [(month_name(month, words, year=True), amount) for month, amount in found.months],
        "may": visit.may(Deed.MANAGE),
        "kept": visit.query.get("kept", "") == "on",
    }
    return Page(template="costs.html", place="sources", values=values)


def go_on(visit: Visit) -> Outcome:
    """A budget that is used stops nothing more this month. Raises NotFound."""
    costs.go_on(visit, visit.form.get("scope", ""))
    return Go("/costs?kept=on")
