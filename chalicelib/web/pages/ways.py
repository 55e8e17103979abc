"""How one wants to be told of a brand's work oneself, beside what one's department gets."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.brandfile.values import is_address
from chalicelib.domain.alerting import Ways, chat_of, quiet_block, secret_of
from chalicelib.domain.logged import facts
from chalicelib.domain.roles import Standing
from chalicelib.errors import BadInput, Conflict
from chalicelib.web import keeping
from chalicelib.web.i18n import LANGUAGES, N_, SOURCE, SPOKEN
from chalicelib.web.pages.entry import refused
from chalicelib.web.visit import Go, Outcome, Page, Visit

DIGESTS = ("", "daily", "weekly")


def show(visit: Visit) -> Outcome:
    own = of(visit)
    return _page(visit, own, done=visit.query.get("done", ""))


def keep(visit: Visit) -> Outcome:
    """What the form says; the address of a chat on its own, as it is a secret."""
    was, form, words = of(visit), visit.form, visit.words
    wish = replace(
        was,
        rev=was.rev + 1,
        name=visit.member.name,
        mail=visit.member.email if form.get("mail") else "",
        departments=_departments(visit),
        quiet=form.get("quiet", "").strip(),
        digest=form.get("digest", ""),
        languages=tuple(code for code in SPOKEN if form.get(f"speaks.{code}")),
        topics=_topics(visit),
        told_in=form.get("told_in", ""),
        capacity=_capacity(form.get("capacity", ""), was),
    )
    try:
        _must_fit(wish)
        if form.get("rev") != str(was.rev):
            raise Conflict("other ways by now")
        wish = replace(wish, chat=_chat(visit, was))
        visit.desk.notices.set_ways(wish, visit.line("team.alerts", visit.member.email, after=_told(wish)))
    except BadInput as error:
        said = refused(error, words) if error.field == "secret" else words.gettext(FAULTS[error.field])
        return _page(visit, replace(wish, rev=was.rev), faults={error.field: said}, status=422)
    except Conflict:
        return _page(visit, of(visit), conflict=True, status=409)
    return Go("/me/alerts?done=kept")


def of(visit: Visit) -> Ways:
    """The member's own at the brand; rev 0 where there are none yet."""
    brand, member = visit.brand.id, visit.member
    found = visit.desk.notices.ways([brand], member.id).get(brand)
    return found or Ways(brand=brand, user=member.id, name=member.name, rev=0)


def follow(visit: Visit, brand: str, user: str, now_is: Standing | None) -> None:
    """Before somebody's role at a brand becomes this one: they are told of no more than they may then see."""
    own = visit.desk.notices.ways([brand], user).get(brand)
    if own is None:
        return
    if now_is is None:
        visit.desk.notices.forget(brand, user)
    elif now_is.departments and not set(own.departments or ("",)) <= set(now_is.departments):
        rest = [each for each in now_is.departments if not own.departments or each in own.departments]
        narrowed = replace(own, departments=tuple(rest or now_is.departments), rev=own.rev + 1)
        visit.desk.notices.set_ways(narrowed)


FAULTS = {
    "quiet": N_("Write quiet hours as 22:00-07:30."),
    "digest": N_("Choose one of the list."),
    "told_in": N_("Choose one of the list."),
    "capacity": N_("A whole number from 1 to 50."),
}
MOST = 50
"""Cases at once."""


def _must_fit(wish: Ways) -> None:
    try:
        quiet_block(wish.quiet)
    except ValueError:
        raise BadInput("quiet", "two times, such as 22:00-07:30") from None
    if wish.digest not in DIGESTS:
        raise BadInput("digest", "daily, weekly or nothing")
    if wish.told_in not in ("", *LANGUAGES):
        raise BadInput("told_in", "a language that we have words in, or nothing")
    if not 1 <= wish.capacity <= MOST:
        raise BadInput("capacity", f"1 to {MOST}")


def _capacity(given: str, was: Ways) -> int:
    """What the field says, 0 for what is no number."""
    return int(given) if given.isdecimal() and len(given) < 4 else 0 if given else was.capacity


def _departments(visit: Visit) -> tuple[str, ...]:
    """Those that were chosen; () for all that there are, where the member sees them all."""
    seen = [each.id for each in visit.departments]
    chosen = tuple(id for id in seen if visit.form.get(f"in.{id}"))
    return () if len(chosen) == len(visit.brand.departments) else chosen or tuple(seen)


def _topics(visit: Visit) -> tuple[str, ...]:
    """Those that were chosen; () for all that there are, which those to come are part of."""
    chosen = tuple(each.id for each in visit.brand.topics if visit.form.get(f"knows.{each.id}"))
    return () if len(chosen) == len(visit.brand.topics) else chosen


def _chat(visit: Visit, was: Ways) -> bool:
    """Is there an address of a chat from now on? Set or taken away first. Raises BadInput."""
    name, address = secret_of(was.brand, was.user), visit.form.get("secret", "").strip()
    if visit.form.get("no_chat"):
        if was.chat:
            keeping.drop_secret(visit, name)
        return False
    if not address:
        return was.chat
    if not keeping.usable(address) or not is_address(address):
        raise BadInput("secret", "an address that begins with https://")
    chat_of(address)
    keeping.put_secret(visit, name, {"url": address})
    return True


def _told(ways: Ways) -> str:
    kinds = [kind for kind, on in (("mail", ways.mail), ("chat", ways.chat)) if on]
    told = {"alert": ", ".join(kinds), "departments": ", ".join(ways.departments)}
    told |= {"languages": ", ".join(ways.languages), "capacity": str(ways.capacity)}
    told |= {"language": ways.told_in} if ways.told_in else {}
    told |= {"knows": ", ".join(ways.topics)} if ways.topics else {}
    return facts({**told, "hours": ways.quiet, "digest": ways.digest})


def _page(
    visit: Visit,
    own: Ways,
    *,
    faults: Mapping[str, str] | None = None,
    conflict: bool = False,
    done: str = "",
    status: int = 200,
) -> Page:
    departments = visit.departments
    values: dict[str, Any] = {
        "own": own,
        "departments": [
            (each.id, each.name, not own.departments or each.id in own.departments) for each in departments
        ],
        "spoken": [(code, visit.words.gettext(name), code in own.languages) for code, name in SPOKEN.items()],
        "topics": [(each.id, each.name, each.id in own.topics) for each in visit.brand.topics],
        "ours": LANGUAGES.get(visit.brand.languages[0], LANGUAGES[SOURCE]),
        "faults": faults or {},
        "conflict": conflict,
        "done": done,
        "sends": bool(visit.brand.mail_from),
        "mailed": any(visit.member.email in each.alert_mail for each in departments),
    }
    return Page(template="ways.html", place="me", values=values, status=status)
