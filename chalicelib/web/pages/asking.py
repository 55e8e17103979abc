"""Ask a colleague by mail to approve a draft."""

from chalicelib.domain.case import Case
from chalicelib.errors import BadInput, Conflict, NotFound, PlatformError
from chalicelib.ports import Account
from chalicelib.stages import by_mail
from chalicelib.web.pages.case import key_of
from chalicelib.web.pages.deeds import once_more, rev_of, taken
from chalicelib.web.visit import Go, Outcome, Page, Visit


def show(visit: Visit, slug: str) -> Outcome:
    """Who may approve it, by name."""
    case = visit.desk.cases.get(key_of(slug))
    visit.own(case)
    return _page(visit, case)


def ask(visit: Visit, slug: str) -> Outcome:
    case = visit.desk.cases.get(key_of(slug))
    visit.own(case)
    _ = visit.words.gettext
    try:
        ask_for(visit, case, rev_of(visit), visit.form.get("to", ""))
    except Conflict:
        return once_more(visit, visit.desk.cases.get(case.key), {})
    except NotFound:
        return _page(visit, case, fault=_("Choose a colleague."))
    except PlatformError:
        fault = _("The mail could not be sent, so nobody was asked. Try it again in a moment.")
        return _page(visit, visit.desk.cases.get(case.key), fault=fault)
    except BadInput as error:
        return _page(visit, case, fault=fault_of(error, visit, case))
    return Go(f"/cases/{slug}?done=asked")


def ask_for(visit: Visit, case: Case, rev: int, to: str) -> Case:
    """Have the colleague with this id asked. Raises as `by_mail.ask`; NotFound for nobody; BadInput ("mail")
    where the brand sends no mail."""
    brand, desk = visit.own(case), visit.desk
    if not brand.mail_from:
        raise BadInput("mail", "set who its mails are from")
    person = desk.colleagues.get(to)
    base = brand.console_url or visit.origin
    _ = visit.words.gettext

    def send(token: str, text: str) -> None:
        lines = (
            _(
                "%(name)s asks you to approve an answer to %(author)s:",
                name=visit.member.name,
                author=case.author,
            ),
            text,
            _("Read the message and approve it here. The link is yours, is good for a day, and counts once:"),
            f"{base}/approve/{token}",
            _("Opening it sends nothing."),
        )
        subject = _("An answer to %(author)s waits for your yes", author=case.author)
        desk.mail.send(
            sender=brand.mail_from, to=(person.email,), subject=_one_line(subject), text="\n\n".join(lines)
        )

    return by_mail.ask(
        case.key,
        rev,
        person,
        visit.member.name,
        by_id=visit.member.id,
        brand=brand,
        cases=desk.cases,
        team=desk.team,
        once=desk.once,
        secret=desk.link_key(),
        send=send,
        now=visit.now,
    )


def _page(visit: Visit, case: Case, *, fault: str = "") -> Page:
    brand, draft = visit.own(case), case.draft
    may: list[Account] = []
    if draft and draft.by:
        others = (each for each in visit.desk.colleagues.all() if each.id != visit.member.id)
        known = (each for each in others if each.enabled and not each.invited)
        grants = {grant.user: grant for grant in visit.desk.team.grants(brand.id)}
        may = [each for each in known if by_mail.may_approve(each, grants.get(each.id), case, brand)]
    values = {
        "case": case,
        "slug": case.key.slug,
        "draft": draft if draft and draft.by else None,
        "people": sorted(may, key=lambda each: each.name.casefold()),
        "mails": bool(brand.mail_from),
        "fault": fault,
    }
    return Page(
        template="ask_approval.html", place="cases", values=values, status=422 if fault else 200, brand=brand
    )


def fault_of(error: BadInput, visit: Visit, case: Case) -> str:
    _ = visit.words.gettext
    if error.field == "taken":
        return taken(visit, case)
    if error.field == "text":
        return _("Keep a draft first: that is what a colleague approves.")
    if error.field == "mail":
        return _("No sender of mails is set. A manager does so: Brand, Mail.")
    return _("This colleague may not approve it. Choose another.")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:150]
