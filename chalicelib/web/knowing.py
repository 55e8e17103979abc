"""The brand's knowledge as the console and the API see it: its pages, and what of them fits a case."""

from chalicelib.domain.knowledge import Page
from chalicelib.domain.logged import facts
from chalicelib.errors import NotFound
from chalicelib.stages import know
from chalicelib.web.visit import Visit


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
