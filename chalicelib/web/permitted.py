"""How one message may be answered: by Webspin, by a person in a browser, by a person somehow, or not at all;
why, what it costs, and how much of the network's allowance is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import Case, Waiting
from chalicelib.domain.figures_sent import LEFT
from chalicelib.ports import Allowance, Answering, Terms
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.reasons import told
from chalicelib.web.visit import Visit

NO_ACCOUNT = "no account of ours is connected there"
GONE = "the account it was heard by is not connected any more"


class How(StrEnum):
    API = "api"
    BROWSER = "browser"
    PERSON = "person"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Used:
    """So many of an allowance's messages left this account in the stretch of time until now."""

    allowance: Allowance
    messages: int

    @property
    def left(self) -> int:
        return max(0, self.allowance.messages - self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`why` it is not `API`, as `reasons.py` words it. `terms` of the network, where it is and they are
    known, and how much of each of its allowances is `used`."""

    how: How
    why: str
    terms: Terms | None = None
    used: tuple[Used, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A way, in words. `read`: the day on which the network's terms were read last. `connects`: an account of
    ours would change it."""

    how: How
    said: str
    why: str
    price: str
    allowances: tuple[str, ...]
    read: str
    full: bool
    connects: bool


def way(visit: Visit, case: Case, brand: Brand) -> Way:
    """How this case may be answered now; asks the table for what left lately, where the network counts."""
    channel, found = brand.channel(case.channel), _answering(visit.desk, case, brand, visit.now)
    if channel and found.how == How.API:
        return _by_api(visit, brand, channel, found.terms)
    how = How.PERSON if found.how == How.BROWSER and not case.url else How(found.how)
    return Way(how=how, why=found.why_not)


def refused(desk: Desk, case: Case, brand: Brand, now: datetime) -> str:
    """Why what answers this case cannot leave by the channel that reaches it; "" where it can, and where no
    channel does."""
    if brand.channel(case.channel) is None:
        return ""
    found = _answering(desk, case, brand, now)
    return "" if found.how == How.API else found.why_not


def by_hand(desk: Desk, case: Case | Waiting, brand: Brand, now: datetime) -> bool:
    """Is it for a person to answer where it stands, as no account of ours can, or not this message?"""
    if case.key.drill:
        return False
    return brand.channel(case.channel) is None or _answering(desk, case, brand, now).how != How.API


def _answering(desk: Desk, case: Case | Waiting, brand: Brand, now: datetime) -> Answering:
    """How the message that waits can be answered, by the account that reaches it."""
    channel = brand.channel(case.channel)
    age = max(now - case.received_at, timedelta())
    platform, settings = (channel.platform, channel.settings) if channel else (case.platform, {})
    found = desk.answering(platform, settings, direct=case.direct, age=age)
    if channel is None and found.how == How.API:
        return Answering(How.BROWSER, GONE if case.channel else NO_ACCOUNT)
    return found


def _by_api(visit: Visit, brand: Brand, channel: Channel, terms: Terms | None) -> Way:
    if terms is None:
        return Way(how=How.API, why="")
    longest = max((each.within for each in terms.allowances), default=timedelta())
    left = visit.desk.deliveries.between(brand.id, visit.now - longest, visit.now) if longest else []
    sent = [each for each in left if each.key.channel == channel.id and each.state in LEFT]
    used = [
        Used(each, sum(one.messages for one in sent if visit.now - each.within <= one.at))
        for each in terms.allowances
    ]
    return Way(how=How.API, why="", terms=terms, used=tuple(used))


def in_words(found: Way, messages: Sequence[str], words: Words) -> Told:
    """`messages`: as the answer would leave, which is what a price is of."""
    _ = words.gettext
    said = {
        How.API: _("By Webspin, after a person's yes"),
        How.BROWSER: _("By a person, in the browser"),
        How.PERSON: _("By a person who can reach them"),
        How.NEVER: _("Not to be answered"),
    }
    return Told(
        how=found.how,
        said=said[found.how],
        why=told(found.why, words),
        price=_price(found.terms, messages, words) if found.terms else "",
        allowances=tuple(_allowance(each, words) for each in found.used),
        read=words.day(found.terms.checked) if found.used and found.terms else "",
        full=any(each.left == 0 for each in found.used),
        connects=found.why in (NO_ACCOUNT, GONE),
    )


def _price(terms: Terms, messages: Sequence[str], words: Words) -> str:
    _ = words.gettext
    price, linked = terms.cost(messages), terms.linked
    if linked is not None:
        return _(
            "Costs %(price)s US dollars there as it stands: %(bare)s a message, %(linked)s with a link in it",
            price=words.price(price),
            bare=words.price(terms.price),
            linked=words.price(linked),
        )
    if not price:
        return _("Costs nothing there")
    return _("Costs %(price)s US dollars there", price=words.price(price))


def _allowance(used: Used, words: Words) -> str:
    number, span = words.number, words.span(used.allowance.within)
    return words.gettext(
        "%(left)s of %(all)s messages in %(span)s are left",
        left=number(used.left),
        all=number(used.allowance.messages),
        span=span,
    )
