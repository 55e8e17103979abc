"""Stage 5, by mail: who wrote a draft asks a colleague to approve it, who does so by a signed link.

Asking lays the case down, with its line of the history, in one conditional write; then the link is offered,
then mailed. A crash in between leaves a case that nobody has, and one asks again. Opening the link shows it
and changes nothing, however often. Its button approves: as that person, with what they may at that moment,
exactly the text that was mailed, of the case as it was. Approving is conditional on that (`answer.approve`);
so of two presses one counts, and after it the link is spent.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import roles
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, EventKind
from chalicelib.domain.deed import Deed
from chalicelib.domain.drafting import plain, sign
from chalicelib.domain.link import GOOD_FOR, Link, digest, mark, opened, seal
from chalicelib.domain.roles import Grant
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Account, Brands, Cases, Colleagues, Counts, Once, Tasks, Team
from chalicelib.stages import answer
from chalicelib.stages.claim import freed, to_work_on

STALE, USED, NOT_THEIRS = "stale", "used", "role"
"""Why a link is refused, beside `link.ALTERED` and `link.OVER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a good link leads to: exactly `text` is approved."""

    link: Link
    case: Case
    brand: Brand
    person: Account
    text: str


def may_approve(person: Account, grant: Grant | None, case: Case, brand: Brand) -> bool:
    """May they, with their grant here, answer this case as it is now, and is the draft another's where four
    eyes are wanted? A drill's is answered in the console only."""
    if case.key.drill:
        return False
    groups = (person.role.value,) if person.role else ()
    standing = roles.standing(groups, roles.at(brand, grant))
    if not (person.enabled and standing and standing.may(Deed.ANSWER)):
        return False
    if brand.department(case.department) not in standing.sees(brand):
        return False
    own = case.draft is not None and case.draft.is_of(person.name, person.id)
    return not (own and case.wants_four_eyes(brand))


def ask(
    key: CaseKey,
    rev: int,
    person: Account,
    by: str,
    *,
    by_id: str,
    brand: Brand,
    cases: Cases,
    team: Team,
    once: Once,
    secret: bytes,
    send: Callable[[str, str], None],
    now: datetime,
) -> Case:
    """Have `person` asked: `send` mails them, given the link's token and the text. Raises Conflict where the
    case changed since `rev`; BadInput where a colleague works on it ("taken"), there is no draft of a
    person's ("text"), or they may not approve it ("person"); and what `send` raises."""
    case = to_work_on(cases, key, rev, by, by_id, now)
    if not (case.draft and case.draft.by):
        raise BadInput("text", "keep a draft first")
    if not may_approve(person, team.grant(brand.id, person.id), case, brand):
        raise BadInput("person", "somebody who may approve it")
    asked = replace(freed(case), rev=case.rev + 1)
    line = CaseEvent(
        at=now, id=f"asked-{asked.rev}", kind=EventKind.ASKED, by=by, by_id=by_id, text=person.name
    )
    cases.change(asked, line)
    text = _text(asked, person)
    link = Link(key, asked.rev, digest(text), person.id, now + GOOD_FOR)
    token = seal(link, secret)
    once.offer(mark(token), link.until)
    send(token, text)
    return asked


def look(
    token: str,
    *,
    secret: bytes,
    brands: Brands,
    cases: Cases,
    colleagues: Colleagues,
    team: Team,
    once: Once,
    now: datetime,
) -> Opened:
    """What the link leads to, as it is now. Changes nothing. Raises BadInput ("link") with the reason."""
    link = opened(token, secret, now)
    if not once.is_open(mark(token), now):
        raise BadInput("link", USED)
    try:
        case, brand = cases.get(link.case), brands.get(link.case.brand)
        person = colleagues.get(link.person)
    except NotFound:
        raise BadInput("link", STALE) from None
    text = _text(case, person)
    if case.rev != link.rev or not case.state.waits_for_us or digest(text) != link.text:
        raise BadInput("link", STALE)
    if not may_approve(person, team.grant(brand.id, person.id), case, brand):
        raise BadInput("link", NOT_THEIRS)
    return Opened(link=link, case=case, brand=brand, person=person, text=text)


def approve(
    token: str,
    found: Opened,
    *,
    refused: str = "",
    cases: Cases,
    tasks: Tasks,
    once: Once,
    counts: Counts | None,
    over: answer.Over = answer.paid,
    now: datetime,
) -> None:
    """Approve what `look` found just now, as its person; `refused` as in `answer.approve`. Raises BadInput
    ("link", or as that)."""
    try:
        answer.approve(
            found.case.key,
            found.link.rev,
            found.text,
            found.person.name,
            by_id=found.person.id,
            messages=len(answer.messages_of(found.text, found.case, counts)),
            over=over,
            refused=refused,
            brand=found.brand,
            cases=cases,
            tasks=tasks,
            counts=counts,
            now=now,
        )
    except Conflict:
        raise BadInput("link", STALE) from None
    once.spend(mark(token), now)


def _text(case: Case, person: Account) -> str:
    return plain(sign(case.draft.text, person.name)) if case.draft else ""
