"""A notice that nobody opened in time goes to who stands by and to those named for that, unless somebody took
or answered every case of it meanwhile.

The order of effects: claim it; send; note that it was. A crash in between sends that one again.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from chalicelib.domain.alerting import Notice, heard_by, secret_of
from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import Case
from chalicelib.stages.alert import QUIET, Bells, arrives, by_chat, by_mail, on_duty
from chalicelib.stages.alert_words import facts, unopened


def escalate(brand_id: str, id: str, *, bells: Bells, now: datetime) -> int:
    """Tell those who are named for it that nobody opened this notice; 1 if they were told."""
    notice = bells.notices.claim_unopened(brand_id, id, now, again=now + QUIET)
    if notice is None:
        return 0
    brand = bells.brands.get(brand_id)
    department = brand.department(heard_by(notice.bell)[0])
    waits = not notice.cases or any(
        _waits(each, now) for each in bells.cases.find_many(notice.cases).values()
    )
    ways = dict(_others(brand, department, notice, bells, now)) if waits else {}
    if not ways:
        bells.notices.settle(notice, None)
        return 0
    arrived = [name for name, way in ways.items() if arrives(name, way, bells)]
    if not arrived:
        return 0
    bells.notices.settle(notice, now)
    return 1


def _others(
    brand: Brand, department: Department, notice: Notice, bells: Bells, now: datetime
) -> Iterable[tuple[str, Callable[[], None]]]:
    """Who hears that nobody looked: who stands by, and those who are named for it; a mail a language."""
    standby = on_duty(brand, department, bells, now).standby
    own = {each.user: each for each in bells.notices.colleagues(brand.id)} if standby else {}
    to: dict[str, list[str]] = {brand.languages[0]: []}
    for one in standby:
        language = own[one.user].reads(brand) if one.user in own else brand.languages[0]
        if one.mail not in department.escalate_mail:
            to.setdefault(language, []).append(one.mail)
    to[brand.languages[0]] += department.escalate_mail
    say = partial(unopened, brand, department, notice)
    for language, addresses in to.items():
        each_once = tuple(dict.fromkeys(addresses))
        if each_once and brand.mail_from:
            yield f"mail:{language}", partial(by_mail, brand, each_once, *say(language), bells)
    for each in own.values():
        if each.chat and each.user in {one.user for one in standby}:
            said = say(each.reads(brand))
            way = partial(by_chat, secret_of(brand.id, each.user), *said, facts(notice, ()), bells)
            yield f"chat:{each.name}", way


def _waits(case: Case, now: datetime) -> bool:
    return case.state.waits_for_us and not case.taken(now)
