"""The brand's knowledge as the console and the API see it: its pages, and what of them fits a case."""

from chalicelib.domain.answered import Answered
from chalicelib.domain.brand import Brand, Snippet
from chalicelib.domain.case import Action, Case, CaseKey
from chalicelib.domain.knowledge import Hit, Page
from chalicelib.domain.logged import facts
from chalicelib.errors import NotFound
from chalicelib.stages import know
from chalicelib.web.visit import Visit

SHOWN = 3
ASKED = 200
"""Characters of what is looked for."""

GLAD = (
    Snippet(
        id="quote",
        name="Aanhalen",
        language="nl",
        text="Mogen we je bericht aanhalen, met je naam erbij? Zonder je ja doen we dat niet.",
    ),
    Snippet(
        id="invite",
        name="Uitnodigen",
        language="nl",
        text="We laten je graag eens zien hoe het hier toegaat. Zin in? Stuur ons een privébericht.",
    ),
    Snippet(
        id="quote",
        name="Quote",
        language="en",
        text="May we quote your message, with your name? Without your yes we will not.",
    ),
    Snippet(
        id="invite",
        name="Invite",
        language="en",
        text="We would love to show you around one day. If you like the idea, send us a private message.",
    ),
)
"""Of ours, for who is glad."""


def pages(visit: Visit) -> list[Page]:
    """As they are now, by title."""
    desk, brand = visit.desk, visit.brand.id
    return desk.library.pages(brand, desk.known_pages.of(brand))


def find(visit: Visit, id: str) -> tuple[Page, str]:
    """A page as it is now, and its digest. Raises NotFound."""
    desk, brand = visit.desk, visit.brand.id
    known = desk.known_pages.of(brand)
    if id not in known.pages:
        raise NotFound("no such page")
    return desk.library.page(brand, known, id), known.pages[id]


def keep(visit: Visit, page: Page, was: str, before: Page | None) -> None:
    """Raises BadInput, Conflict."""
    deed = "knowledge.change" if before else "knowledge.add"
    line = visit.line(deed, page.id, before=_told(before) if before else "", after=_told(page))
    desk = visit.desk
    know.keep(visit.brand, page, was, line, known_pages=desk.known_pages, library=desk.library)


def remove(visit: Visit, page: Page, was: str) -> None:
    """Raises NotFound, Conflict."""
    line = visit.line("knowledge.remove", page.id, before=_told(page))
    desk = visit.desk
    know.remove(visit.brand, page.id, was, line, known_pages=desk.known_pages, library=desk.library)


def _told(page: Page) -> str:
    return facts(
        {"title": page.title, "language": page.language, "department": page.department, "text": page.text}
    )


def fitting(visit: Visit, case: Case, asked: str = "") -> list[Hit]:
    """What the brand may say to the case's message, in its language; or to what is `asked`. Where that finds
    nothing, or the language is none of the brand's, in any of them."""
    brand, text = visit.own(case), asked.strip()[:ASKED] or case.said or case.title
    own = (case.language,) if case.language in brand.languages and not asked.strip() else brand.languages
    for languages in dict.fromkeys((own, brand.languages)):
        found = visit.desk.library.find(
            brand.id, brand.known, text, languages, (brand.department(case.department).id,)
        )
        if found:
            return found[:SHOWN]
    return []


def put(visit: Visit, case: Case, rev: int, text: str, page: str, n: int) -> Case:
    """An answer of the brand's knowledge into a draft. Raises NotFound, BadInput, Conflict."""
    brand, member = visit.own(case), visit.member
    found = visit.desk.library.passage(brand.id, brand.known, page, n)
    if found.department not in ("", brand.department(case.department).id):
        raise NotFound("no such passage")
    return know.put(
        case.key,
        rev,
        text,
        found,
        member.name,
        by_id=member.id,
        brand=brand,
        cases=visit.desk.cases,
        now=visit.now,
    )


def before(visit: Visit, case: Case) -> list[Answered]:
    """The newest of what we answered to messages like the case's, of work that the member may see."""
    brand = visit.own(case)
    own = (case.key, *case.joined)
    found = visit.desk.answers.like(brand.id, case.said or case.title, case.language, visit.now)
    return [each for each in found if each.case not in own and _seen(visit, brand, each)][:SHOWN]


def put_before(visit: Visit, case: Case, rev: int, text: str, of: CaseKey, n: int) -> Case:
    """What was answered at another case into a draft. Raises NotFound, BadInput, Conflict."""
    brand, member = visit.own(case), visit.member
    found = visit.desk.answers.get(brand.id, of, n, visit.now)
    if not _seen(visit, brand, found):
        raise NotFound("no such answer")
    return know.put_answered(
        case.key,
        rev,
        text,
        found,
        member.name,
        by_id=member.id,
        brand=brand,
        cases=visit.desk.cases,
        now=visit.now,
    )


def let_model_draft(visit: Visit, case: Case, rev: int, text: str) -> Case:
    """Raises BadInput, Conflict."""
    from chalicelib.stages import charge, modelled

    brand, desk, member = visit.own(case), visit.desk, visit.member
    return modelled.draft(
        case.key,
        rev,
        text,
        [hit.passage for hit in fitting(visit, case)] if brand.drafter else [],
        member.name,
        by_id=member.id,
        brand=brand,
        cases=desk.cases,
        mentions=desk.mentions,
        opinions=desk.opinions,
        connect=desk.drafter,
        till=charge.Till(brand=brand, ledger=desk.ledger, alerts=desk.alerts, now=visit.now),
        now=visit.now,
    )


def _seen(visit: Visit, brand: Brand, answered: Answered) -> bool:
    return brand.department(answered.department) in visit.standings[brand.id].sees(brand)


def snippets(brand: Brand, case: Case) -> list[Snippet]:
    """Those for a case: of its department or everybody's; in its language, where there are any."""
    department = brand.department(case.department).id
    own = [each for each in brand.snippets if each.department in ("", department)]
    fit = [each for each in own if each.language == case.language] or own
    return [*fit, *(each for each in _glad(case) if each.id not in {one.id for one in fit})]


def _glad(case: Case) -> list[Snippet]:
    """What one may ask who is glad of us, in their language: to be quoted, and to come along. A brand's own
    of the same id takes its place."""
    if case.action is not Action.THANK:
        return []
    return [each for each in GLAD if each.language == case.language]


def put_snippet(visit: Visit, case: Case, rev: int, text: str, id: str) -> Case:
    """A snippet into a draft. Raises NotFound, BadInput, Conflict."""
    brand, member = visit.own(case), visit.member
    department = brand.department(case.department).id
    found = next((each for each in (*brand.snippets, *_glad(case)) if each.id == id), None)
    if found is None or found.department not in ("", department):
        raise NotFound("no such snippet")
    return know.put_snippet(
        case.key,
        rev,
        text,
        found,
        member.name,
        by_id=member.id,
        brand=brand,
        cases=visit.desk.cases,
        now=visit.now,
    )
