"""What would come of an answer, before it is approved: how it leaves, what is found in it and promised."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.case import Case
from chalicelib.domain.honesty import Rule, blocking
from chalicelib.stages import answer, promising
from chalicelib.web import permitted
from chalicelib.web.api import cases
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Text
from chalicelib.web.api.shapes import Given, Moment, Shape, show
from chalicelib.web.pages import case as page
from chalicelib.web.permitted import How


class ReplyWish(Given):
    text: Text


class Doubt(Shape):
    """What the honesty check found: `passage` is what broke the rule, "" for what is not there; `blocks`: it
    is sent only with a reason."""

    rule: Rule
    passage: str
    blocks: bool


class Promised(Shape):
    """What the text promises, and by when, were it sent now; not `dated`: it names no moment, `due` is our
    guess."""

    passage: str
    due: Moment
    dated: bool


class Allowance(Shape):
    """The account may send `messages` in any `seconds`; `left` of them are left now."""

    messages: int
    seconds: int
    left: int


class Answering(Shape):
    """`how`: by Webspin (`api`), by a person in the browser or otherwise, or never; `why` it is not `api`.
    What the network asks for these messages in USD, and its allowances, as read on the day `checked`; null
    where they are not known."""

    how: How
    why: str
    price_usd: float | None
    allowances: list[Allowance]
    checked: date | None


class ReplyTrial(Shape):
    """`messages`: as it would leave; several where its network takes no text so long in one. `answering`:
    how the case may be answered at all."""

    answering: Answering
    messages: list[str]
    doubts: list[Doubt]
    promises: list[Promised]


def reply(call: Call, case: str, body: ReplyWish) -> ReplyTrial:
    """What the honesty check finds in an answer to this case, in the name of who made the key, and what it
    promises."""
    kept = cases.read(call, case)
    found = answer.found_in(body.text, kept, call.brand, call.key.by, call.by)
    promised = promising.promised_in(body.text, kept, call.brand, call.visit.now)
    stops = blocking(found, call.brand.honesty)
    counts = page.counter(call.visit, call.brand, kept.channel)
    messages = answer.messages_of(body.text, kept, counts)
    return ReplyTrial(
        answering=_answering(call, kept, messages),
        messages=list(messages),
        doubts=[Doubt(rule=each.rule, passage=each.passage, blocks=each.rule in stops) for each in found],
        promises=[show(Promised, each) for each in promised],
    )


def _answering(call: Call, case: Case, messages: Sequence[str]) -> Answering:
    way = permitted.way(call.visit, case, call.brand)
    return Answering(
        how=way.how,
        why=way.why,
        price_usd=way.terms.cost(messages) if way.terms else None,
        allowances=[
            Allowance(
                messages=each.allowance.messages,
                seconds=round(each.allowance.within.total_seconds()),
                left=each.left,
            )
            for each in way.used
        ],
        checked=way.terms.checked if way.terms else None,
    )
