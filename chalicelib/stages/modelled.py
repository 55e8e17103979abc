"""Have a language model draft an answer, because a person asked for it. Nothing is sent.

The order of effects: note it as asked, put by what it can cost, ask, book what it cost, keep the draft. A
crash after the note wastes one of the day's; it never asks more than the budgets. Who does not answer leaves
the case as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.brand import Brand, Drafter
from chalicelib.domain.case import Case, CaseKey, Draft, Quoted
from chalicelib.domain.drafting import address, framed, joined
from chalicelib.domain.knowledge import Passage
from chalicelib.domain.ledger import DRAFT
from chalicelib.domain.mention import Author, Mention
from chalicelib.domain.modelled import Written, data, order, read
from chalicelib.errors import BadInput, BudgetUsed, PlatformError
from chalicelib.ports import Cases, Drafts, Mentions, Opinions
from chalicelib.stages.answer import nothing_yet, save_draft
from chalicelib.stages.claim import to_work_on
from chalicelib.stages.know import untouched

if TYPE_CHECKING:
    from chalicelib.stages.charge import Till

Connect = Callable[[Drafter], Drafts]


def draft(
    key: CaseKey,
    rev: int,
    text: str,
    passages: Sequence[Passage],
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    mentions: Mentions,
    opinions: Opinions,
    connect: Connect,
    till: "Till | None" = None,
    now: datetime,
) -> Case:
    """In the place of a draft that nobody has touched, else below what was typed.

    Raises as `save_draft`; BadInput ("model") where the brand has none, the day's number is reached, or no
    draft came; ("budget") where it cannot be paid for.
    """
    case = to_work_on(cases, key, rev, by, by_id, now)
    drafter = brand.drafter
    if drafter is None:
        raise BadInput("model", "this brand lets no model draft")
    if not opinions.spend(brand.id, now, 1, drafter.a_day, of="drafts"):
        raise BadInput("model", "a model drafted as often today as the brand allows")
    found = mentions.get_many([case.mention]).get(case.mention)
    message = found[0] if found else None
    said = message.text if message else case.said or case.title
    language = case.language if case.language in brand.languages else brand.languages[0]
    try:
        answered = _asked(
            connect(drafter), drafter, case, message, order(brand, language), data(said, passages), till
        )
    except BudgetUsed as used:
        raise BadInput("budget", f"the budget of {used.scope} is used") from None
    except PlatformError:
        answered = ""
    ours = " ".join((brand.story, brand.disclosure, address(case.author)))
    written = read(answered, passages, ours)
    if written is None:
        raise BadInput("model", "the model gave no draft; ask it again later")
    made, of = _made(case, text, written, language, by, brand)
    of = replace(of, model=drafter.model)
    return save_draft(key, rev, made, by, by_id=by_id, of=of, cases=cases, now=now)


def _asked(
    model: Drafts,
    drafter: Drafter,
    case: Case,
    message: Mention | None,
    order: str,
    data: str,
    till: "Till | None",
) -> str:
    """Paid for by the watches that heard the message, else the department. Raises BudgetUsed and
    PlatformError."""
    if till is None:
        return model.write(order, data)
    from chalicelib.stages import charge

    on = [charge.payers(till.brand, message, case.department)]
    with charge.charged(till, DRAFT, drafter.by, on, model.costs(order, data), lambda: model.spent):
        return model.write(order, data)


def _made(case: Case, text: str, written: Written, language: str, by: str, brand: Brand) -> tuple[str, Draft]:
    """The draft's text, and what it is made from."""
    author = Author(id=case.author, handle=case.author)
    pages = tuple(dict.fromkeys(Quoted(each.page, each.title) for each in written.used))
    if untouched(case.draft, text, by):
        made = framed(written.text, language, brand, author, department=case.department)
        return made, Draft(text=made, version=1, language=language, source="", pages=pages)
    of = case.draft or nothing_yet(case)
    made = joined(text, written.text, brand, author, department=case.department)
    return made, replace(of, pages=tuple(dict.fromkeys((*of.pages, *pages))))
