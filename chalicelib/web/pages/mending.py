"""What a person does with an answer that stands at its network: have it corrected, or take it back."""

from chalicelib.domain.brand import Brand
from chalicelib.domain.delivery import Delivery
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import mend
from chalicelib.web.pages.case import Found, counter, key_of, page, read, reply_id
from chalicelib.web.pages.deeds import both
from chalicelib.web.reasons import told
from chalicelib.web.visit import Go, Outcome, Visit


def correct(visit: Visit, slug: str) -> Outcome:
    """It says something else from now on. Whoever was second sees what the first did."""
    found, brand, sent = _named(visit, slug)
    desk, text = visit.desk, visit.form.get("correction", "")
    try:
        mend.correct(
            sent.key,
            text,
            visit.member.name,
            by_id=visit.member.id,
            case=found.case,
            brand=brand,
            cases=desk.cases,
            deliveries=desk.deliveries,
            tasks=desk.tasks,
            counts=counter(visit, brand, sent.key.channel),
            now=visit.now,
            past=visit.brake,
        )
    except Conflict:
        return both(visit, found.case, text)
    except BadInput as error:
        fault, field = told(error.message, visit.words), f"correct.{visit.form['reply']}"
        return page(visit, found, fault=fault, field=field, values={"correction": text})
    return Go(f"/cases/{slug}?done=editing")


def take_back(visit: Visit, slug: str) -> Outcome:
    found, brand, sent = _named(visit, slug)
    try:
        mend.take_back(
            sent.key,
            visit.member.name,
            by_id=visit.member.id,
            cases=visit.desk.cases,
            deliveries=visit.desk.deliveries,
            tasks=visit.desk.tasks,
            counts=counter(visit, brand, sent.key.channel),
            now=visit.now,
        )
    except Conflict:
        return both(visit, found.case, "")
    except BadInput as error:
        return page(visit, found, fault=told(error.message, visit.words), field="talk")
    return Go(f"/cases/{slug}?done=removing")


def _named(visit: Visit, slug: str) -> tuple[Found, Brand, Delivery]:
    """The case with the answer that the form names. Raises NotFound."""
    case = visit.desk.cases.get(key_of(slug))
    brand = visit.own(case)
    found = read(visit, case)
    sent = next(
        (each for each in found.deliveries if reply_id(each, case.key) == visit.form.get("reply")), None
    )
    if sent is None:
        raise NotFound("no such reply")
    return found, brand, sent
