"""A holding reply: while a department is closed, an honest word that a colleague answers, and before when.

Its text is the brand's own, per language, with `{when}` filled in from the case's own due time, which the
working-hours clock reckoned: it promises nothing else. A person sends it as any reply; the system only under
a standing approval. It answers nothing: the case goes on waiting, and is due when it was.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import clock
from chalicelib.domain.brand import Brand, StandingApproval
from chalicelib.domain.case import Action, Case, Draft
from chalicelib.domain.delivery import OPENED, OVERTAKEN, REVOKED, Delivery
from chalicelib.domain.drafting import address, fill
from chalicelib.domain.holidays import off

WHEN = "holding"
"""What a brand's template for it is for."""
LONGEST = timedelta(days=92)
"""So far ahead a standing approval may end."""
AGAIN = timedelta(hours=24)
"""A person hears from the system by itself at most once in it."""
NIGHT = (22, 7)
"""From and to this hour, on the brand's clock."""
OURS = ("author", "when")
"""What stays open in a text until it is known who reads it, and what they may expect."""
_MINUTE = timedelta(minutes=1)

_NL_DAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
_EN_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NL_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
_EN_MONTHS = "January February March April May June July August September October November December"
_DAYS = {"nl": _NL_DAYS.split(), "en": _EN_DAYS.split()}
_MONTHS = {"nl": _NL_MONTHS.split(), "en": _EN_MONTHS.split()}
_TODAY = {"nl": "vandaag", "en": "today"}
_BEFORE = {"nl": "voor", "en": "before"}


def when(due: datetime, zone: str, language: str, now: datetime) -> str:
    """`maandag voor 10:00`, `Monday before 10:00`; also `today`, and the date where the weekday alone would
    mislead. In "nl" or "en" (any other: "en"). Never earlier than `due`."""
    language = language if language in _DAYS else "en"
    here = ZoneInfo(zone)
    whole = due.replace(second=0, microsecond=0)
    at = (whole if whole == due else whole + _MINUTE).astimezone(here)
    hour = f"{at:%H:%M}"
    if hour == "00:00":
        at, hour = at - _MINUTE, "24:00"
    ahead = (at.date() - now.astimezone(here).date()).days
    day = _DAYS[language][at.weekday()] if ahead else _TODAY[language]
    if ahead > 6:
        day += f" {at.day} {_MONTHS[language][at.month - 1]}"
    return f"{day} {_BEFORE[language]} {hour}"


def opens(case: Case, brand: Brand, now: datetime) -> datetime | None:
    """When the case's department is there again; None where it is there now, or never is away."""
    department = brand.department(case.department)
    return clock.closed_until(now, department.hours, brand.zone, off(brand, department))


def wanted(case: Case, brand: Brand, now: datetime) -> bool:
    """May a holding reply go out for it now: nobody is there, it can be answered from here, there is a due
    time to promise at which somebody is there, and nothing was promised yet?"""
    back = opens(case, brand, now)
    return (
        not case.key.drill
        and case.state.waits_for_us
        and case.action is Action.ANSWER
        and case.promised is None
        and now < case.due
        and brand.channel(case.channel) is not None
        and back is not None
        and back < case.due
    )


def ready(case: Case, brand: Brand, now: datetime) -> Draft | None:
    """The brand's own text for it, with `{agent}` for who sends it; None where none is wanted, or it has no
    text."""
    if not wanted(case, brand, now):
        return None
    for language in (case.language, *brand.languages):
        for template in brand.templates:
            if (template.when, template.language) == (WHEN, language):
                department = brand.department(case.department).name
                text = _half(template.text, brand.name, department, "{agent}")
                text = whole(text, language, case, brand, now)
                return Draft(text=text, version=1, language=language, source=template.id)
    return None


def to_sign(text: str, brand: Brand, department: str, by: str) -> str:
    """The text as `by` signs it, for this department (its id): what it will say but for `OURS`."""
    return _half(text, brand.name, brand.department(department).name, by)


def whole(text: str, language: str, case: Case, brand: Brand, now: datetime) -> str:
    """A text that was signed, for this person."""
    return (
        text.replace("{author}", address(case.author))
        .replace("{when}", when(case.due, brand.zone, language, now))
        .strip()
    )


def _half(text: str, brand: str, department: str, agent: str) -> str:
    known = {"brand": brand, "department": department, "agent": agent}
    return fill(text, known | {name: f"{{{name}}}" for name in OURS})


# standing approval ---------------------------------------------------------------------------------


def stands(approval: StandingApproval, brand: Brand, now: datetime, *, strict: bool = False) -> bool:
    """Is it signed by all it needs, not revoked, not over, and for a department that there is? `strict`: the
    case wants four eyes whatever its department does."""
    if approval.revoked_at or now >= approval.until:
        return False
    department = next((each for each in brand.departments if each.id == approval.department), None)
    if department is None:
        return False
    return approval.second_at is not None or not (strict or department.four_eyes)


def approval_for(case: Case, brand: Brand, now: datetime) -> tuple[StandingApproval, str] | None:
    """The standing approval under which the system may write to this person, and in which of its languages:
    theirs, or where nobody knows that the brand's first."""
    spoken = case.language if case.language not in ("", "und") else brand.languages[0]
    for approval in brand.standing:
        if (
            spoken in approval.texts
            and case.channel in approval.channels
            and brand.department(case.department).id == approval.department
            and stands(approval, brand, now, strict=case.wants_four_eyes(brand))
        ):
            return approval, spoken
    return None


def ends(
    case: Case, brand: Brand, now: datetime, approval: StandingApproval | None = None, *, grave: bool = False
) -> datetime:
    """Up to when what is planned `now` may leave; not after `now` where it may not. `grave`: they are angry
    or in a hurry, and under an approval that leaves the night out nothing goes to them then."""
    found = [case.due, opens(case, brand, now) or now]
    if approval:
        found.append(approval.until)
        if grave and not approval.at_night:
            found.append(_night(now, brand.zone))
    return min(found)


def _night(now: datetime, zone: str) -> datetime:
    """When it is night next; `now` where it is."""
    first, last = NIGHT
    local = now.astimezone(ZoneInfo(zone))
    if local.hour >= first or local.hour < last:
        return now
    return local.replace(hour=first, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


def why_not(delivery: Delivery, case: Case, brand: Brand, now: datetime) -> str:
    """Why a holding reply that was planned is not sent after all; "" where it is. Whether its approval was
    revoked is asked by the claim itself (`Deliveries.claim`)."""
    if not case.state.waits_for_us or case.replies != delivery.key.n:
        return OVERTAKEN
    if opens(case, brand, now) is None or (delivery.lapses and now >= delivery.lapses):
        return OPENED
    if delivery.under:
        found = next((each for each in brand.standing if each.id == delivery.under), None)
        if not found or not stands(found, brand, now, strict=case.wants_four_eyes(brand)):
            return REVOKED
        if delivery.key.channel not in found.channels:
            return REVOKED
    return ""
