"""Warn colleagues at once of what is strongly negative or strongly positive, urgent, from the press, nearly
late, or more than usual; of posts that need them, of sources that fell silent, and of budgets.

The first of a bell goes out at once; what comes within `QUIET` after it is gathered and goes out as one, so
that a storm is one message every ten minutes and not a hundred. Each ring has a bell of its own, so that
praise never makes a complaint wait; in the department's quiet hours what can wait is held until they end,
and in a colleague's own behind a bell of theirs.

The order of effects: claim what waits; keep the notice, which the links in it lead to; send it by every way;
note which arrived, and when it must have been opened; gather it for those whose quiet hours it is; take what
was told out of the set. A crash in between sends one again, and loses none.

A department is told in the brand's first language, a colleague in their own where they chose one. Who is on
duty hears it as the department does. Of a notice that nobody opened in time others hear (`escalate.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from chalicelib.domain import alerting, roster
from chalicelib.domain.alerting import Notice, Ways, heard_by, notice_id, own_bell, secret_of
from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.budget import Spent
from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.delivery import asks
from chalicelib.domain.hush import Hush
from chalicelib.domain.roster import Duty
from chalicelib.domain.spike import Surge
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import HttpError, NotFound, PlatformError
from chalicelib.ports import Alerts, Brands, Cases, Mail, Notices, Posts, Rings, Rosters, Secrets
from chalicelib.stages import duty, remind
from chalicelib.stages.alert_words import Told, Trouble, facts, message, subjects
from chalicelib.stages.remind import Reminder

QUIET = timedelta(minutes=10)
Say = Callable[[str], tuple[str, str]]
"""Subject and text, in this language."""


class Chat(Protocol):
    """`platforms/_chats.py`: tell one address, in its network's own way."""

    def __call__(self, address: str, subject: str, text: str, facts: dict[str, object]) -> None:
        """Raises PlatformError, HttpError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """What ringing takes. `failed` hears of a way that did not work, with the reason."""

    alerts: Alerts
    notices: Notices
    rosters: Rosters
    cases: Cases
    posts: Posts
    brands: Brands
    mail: Mail
    chat: Chat
    secrets: Secrets
    failed: Callable[[str, str], None]


def flush(brand_id: str, bell: str, *, bells: Bells, now: datetime) -> int:
    """Send what waits behind this bell, if it may ring now; how many cases or posts.

    A way that fails never fails the work that caused the alert. Who was reached by one way is told; where
    none arrived, all are tried again when the quiet time is over.
    """
    brand = bells.brands.get(brand_id)
    id, ring = heard_by(bell)
    department = brand.department(id)
    own = _owner(brand, bell, bells)
    quiet = own.quiet if own else department.quiet
    until = alerting.quiet_until(quiet, brand.zone, now) if ring in alerting.CAN_WAIT else None
    if until:
        bells.alerts.hold(brand_id, bell, until)
        return 0
    keys = bells.alerts.claim(brand_id, bell, now, quiet_until=now + QUIET)
    if not keys:
        return 0
    found, open_ones = list[Told](), set[Rings]()
    if ring == alerting.PROMISED:
        found += remind.found(keys, brand, department, bells.cases, now)
    elif own or not alerting.owner(bell):
        found, open_ones = _read(keys, bells, now)
    told = not found or _tell(brand, department, bell, found, bells, now)
    if told:
        closed = [key for key in keys if key not in open_ones]
        _later(brand, department, bell, closed, bells, now)
        bells.alerts.done(brand_id, bell, closed)
    return len(found) if told else 0


def _owner(brand: Brand, bell: str, bells: Bells) -> Ways | None:
    """Whose bell it is; None for a department's, and for who is to hear it no more."""
    user = alerting.owner(bell)
    own = bells.notices.ways((brand.id,), user).get(brand.id) if user else None
    return own if own and own.hears(bell) else None


def _later(
    brand: Brand, department: Department, bell: str, told: Sequence[Rings], bells: Bells, now: datetime
) -> None:
    """Gather it for each colleague who sleeps now and is not on duty."""
    if alerting.owner(bell) or heard_by(bell)[1] not in alerting.CAN_WAIT or not told:
        return
    asleep = [
        (each, until)
        for each in bells.notices.colleagues(brand.id)
        if each.hears(bell) and (until := each.until(bell, brand.zone, now))
    ]
    busy = {one.user for one in on_duty(brand, department, bells, now).on} if asleep else set()
    for one, until in asleep:
        if one.user not in busy and (one.mail or one.chat):
            theirs = own_bell(bell, one.user)
            bells.alerts.add(brand.id, theirs, told, now)
            bells.alerts.hold(brand.id, theirs, until)


def flush_waiting(
    alerts: Alerts,
    flush_one: Callable[[str, str], int],
    escalate_one: Callable[[str, str], int],
    post_one: Callable[[str, str], int],
    now: datetime,
) -> int:
    """What was gathered while a bell was quiet, what nobody opened, and mails that have not gone (`ask.py`);
    called by every tick."""
    found = alerts.waiting(now)
    told = sum(flush_one(brand, bell) for brand, bell in found.bells)
    told += sum(escalate_one(brand, id) for brand, id in found.notices)
    return told + sum(post_one(brand, id) for brand, id in found.mailings)


def on_duty(brand: Brand, department: Department, bells: Bells, at: datetime) -> Duty:
    return roster.duty(duty.shifts(brand, bells.rosters, at), department.id, brand.zone, at)


def _read(keys: Iterable[Rings], bells: Bells, now: datetime) -> tuple[list[Told], set[Rings]]:
    """What is to be told, the worst first; and the posts whose outcome is still to be written: their bell
    rang just before."""
    found: list[Case] = []
    others: list[Told] = []
    open_ones: set[Rings] = set()
    for key in keys:
        try:
            if isinstance(key, Surge | Hush | Spent):
                others.append(key)
                continue
            if isinstance(key, CaseKey):
                found.append(bells.cases.get(key))
                continue
            deliveries = bells.posts.get(key)[1]
        except NotFound:
            continue
        asking = [Trouble(key, each) for each in deliveries if asks(each)]
        others += asking
        if not asking and any(not each.state.rests and each.due <= now for each in deliveries):
            open_ones.add(key)
    found.sort(key=lambda case: (case.sentiment is not Sentiment.NEGATIVE, case.due))
    return [*found, *others], open_ones


def _tell(
    brand: Brand, department: Department, bell: str, found: Sequence[Told], bells: Bells, now: datetime
) -> bool:
    """By every way there is; True if one of them arrived, or there is none."""
    notice = Notice(
        brand=brand.id,
        id=notice_id(now, bell),
        at=now,
        bell=bell,
        subject="",
        cases=tuple(dict.fromkeys(key for each in found if (key := _case_of(each)))),
        posts=tuple(dict.fromkeys(each.post for each in found if isinstance(each, Trouble))),
        surges=tuple(each for each in found if isinstance(each, Surge)),
        hushes=tuple(each for each in found if isinstance(each, Hush)),
        spent=tuple(each for each in found if isinstance(each, Spent)),
    )
    say = partial(message, brand, department, notice, found)
    others = subjects(brand, department, notice, found)
    notice = replace(notice, subject=say(brand.languages[0])[0], subjects=others)
    bells.notices.keep(notice)
    ways = dict(_ways(brand, department, notice, say, facts(notice, found), bells, now))
    reached = tuple(name for name, way in ways.items() if arrives(name, way, bells))
    if not reached and ways:
        return False
    open_by = now + timedelta(minutes=department.escalate_after)
    watched = notice.escalates and bool(
        department.escalate_mail or on_duty(brand, department, bells, open_by).standby
    )
    bells.notices.reached(notice, reached, open_by if watched else None)
    return True


def _case_of(told: Told) -> CaseKey | None:
    """The case that it leads to."""
    if isinstance(told, Reminder):
        return told.promise.key.case
    return told.key if isinstance(told, Case) else None


def _ways(
    brand: Brand,
    department: Department,
    notice: Notice,
    say: Say,
    told: dict[str, object],
    bells: Bells,
    now: datetime,
) -> Iterable[tuple[str, Callable[[], None]]]:
    """The department's own, then those of who is on duty and of colleagues who asked to be told; each address
    once. Of a colleague's own bell theirs alone."""
    if alerting.owner(notice.bell):
        if one := _owner(brand, notice.bell, bells):
            yield from _own_ways(brand, department, one, say, told, bells)
        return
    said = say(brand.languages[0])
    if department.alert_mail and brand.mail_from:
        yield "mail", lambda: by_mail(brand, department.alert_mail, *said, bells)
    if department.alert_webhook:
        yield "webhook", lambda: by_chat(f"alert/{brand.id}/{department.id}", *said, told, bells)
    for each in _who(brand, department, notice, bells, now):
        yield from _own_ways(brand, department, each, say, told, bells)


def _who(brand: Brand, department: Department, notice: Notice, bells: Bells, now: datetime) -> Iterable[Ways]:
    """Who is on duty hears everything, also without ways of their own, and in hours that are quiet for
    others: then by mail at least."""
    own = {each.user: each for each in bells.notices.colleagues(brand.id)}
    told = {
        user: each
        for user, each in own.items()
        if each.hears(notice.bell) and not each.until(notice.bell, brand.zone, now)
    }
    for each in on_duty(brand, department, bells, now).on:
        ways = own.get(each.user) or Ways(brand=brand.id, user=each.user, name=each.name)
        told[each.user] = replace(ways, mail=ways.mail or each.mail)
    return told.values()


def _own_ways(
    brand: Brand,
    department: Department,
    one: Ways,
    say: Say,
    told: dict[str, object],
    bells: Bells,
) -> Iterable[tuple[str, Callable[[], None]]]:
    said = say(one.reads(brand))
    if one.mail and brand.mail_from and one.mail not in department.alert_mail:
        yield f"mail:{one.name}", lambda: by_mail(brand, (one.mail,), *said, bells)
    if one.chat:
        secret = secret_of(brand.id, one.user)
        yield f"chat:{one.name}", lambda: by_chat(secret, *said, told, bells)


def arrives(name: str, way: Callable[[], None], bells: Bells) -> bool:
    """Did it arrive?"""
    try:
        way()
    except (PlatformError, HttpError) as error:
        bells.failed(name.partition(":")[0], str(error))
        return False
    return True


def by_mail(brand: Brand, to: Sequence[str], subject: str, text: str, bells: Bells) -> None:
    bells.mail.send(sender=brand.mail_from, to=to, subject=subject, text=text)


def by_chat(secret: str, subject: str, text: str, told: dict[str, object], bells: Bells) -> None:
    bells.chat(bells.secrets.get(secret).get("url", ""), subject, text, told)
