"""What a person does with a brand's knowledge: write a page, change it, take it away; put an answer of it,
one that was given before, or a snippet, into a draft.

The order of effects: the page's file, under its digest; the list of pages with the log's line, by which the
change counts; then the index over them. A crash before the list has changed nothing; one after it leaves a
list without its index, which whoever looks next makes.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.answered import Answered
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, Known, Snippet
from chalicelib.domain.case import Case, CaseKey, Draft, Earlier
from chalicelib.domain.drafting import from_passage, joined, plain, sign
from chalicelib.domain.knowledge import MOST, Fault, Page, Passage, faults
from chalicelib.domain.mention import Author
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Cases, KnownPages, Library
from chalicelib.stages.answer import nothing_yet, save_draft
from chalicelib.stages.claim import waits

TRIES = 5


def clean(page: Page) -> Page:
    """As it is kept: one kind of line end, nothing invisible."""
    return replace(page, title=" ".join(plain(page.title).split()), text=plain(page.text))


def wrong(brand: Brand, page: Page) -> list[Fault]:
    """What keeps a cleaned page from being kept here."""
    return faults(page, brand.languages, tuple(each.id for each in brand.departments))


def keep(
    brand: Brand, page: Page, was: str, line: AuditLine, *, known_pages: KnownPages, library: Library
) -> None:
    """Keep a page; `was` is the digest of what it changes, "" for a new one.

    Raises BadInput with what is wrong first, Conflict if somebody changed it since, or the new one's id is
    there.
    """
    page = clean(page)
    if found := wrong(brand, page):
        raise BadInput(found[0].field, f"{found[0].message}{_at(found[0])}")
    kept = library.keep(brand.id, page)
    for _ in range(TRIES):
        now = known_pages.of(brand.id)
        if now.pages.get(page.id) == kept != was:
            return None  # asked for before, and done
        _must_be(now, page.id, was)
        if not was and len(now.pages) >= MOST:
            raise BadInput("id", f"at most {MOST} pages")
        after = Known(rev=now.rev + 1, pages={**now.pages, page.id: kept})
        if _settled(brand.id, after, line, known_pages):
            return library.index(brand.id, after)
    raise Conflict(f"the pages of {brand.id} change too fast")


def remove(
    brand: Brand, id: str, was: str, line: AuditLine, *, known_pages: KnownPages, library: Library
) -> None:
    """Take a page away. Its file stays, known to nobody. Raises NotFound, Conflict."""
    for _ in range(TRIES):
        now = known_pages.of(brand.id)
        if id not in now.pages:
            raise NotFound(f"page {brand.id}/{id}")
        _must_be(now, id, was)
        rest = {each: kept for each, kept in now.pages.items() if each != id}
        after = Known(rev=now.rev + 1, pages=rest)
        if _settled(brand.id, after, line, known_pages):
            return library.index(brand.id, after)
    raise Conflict(f"the pages of {brand.id} change too fast")


def _must_be(now: Known, id: str, was: str) -> None:
    if now.pages.get(id, "") != was:
        raise Conflict(f"the page {id} was changed by someone else")


def _settled(brand: str, after: Known, line: AuditLine, known_pages: KnownPages) -> bool:
    """False where somebody changed another page meanwhile."""
    try:
        known_pages.settle(brand, after, line)
    except Conflict:
        return False
    return True


def _at(fault: Fault) -> str:
    return f" (line {fault.line})" if fault.line else ""


def put(
    key: CaseKey,
    rev: int,
    text: str,
    passage: Passage,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    now: datetime,
) -> Case:
    """Keep what a person has typed with an answer of the brand's knowledge below it. Where nobody has changed
    the system's draft yet, the answer takes its place, with address and signature. Raises as `save_draft`."""
    case = waits(cases, key, rev)
    author = Author(id=case.author, handle=case.author)
    fresh = from_passage(brand, author, passage, department=case.department)
    if untouched(case.draft, text, by):
        return save_draft(key, rev, fresh.text, by, by_id=by_id, of=fresh, cases=cases, now=now)
    of = case.draft or nothing_yet(case)
    of = replace(of, pages=tuple(dict.fromkeys((*of.pages, *fresh.pages))))
    made = joined(text, passage.answer, brand, author, department=case.department)
    return save_draft(key, rev, made, by, by_id=by_id, of=of, cases=cases, now=now)


def untouched(was: Draft | None, text: str, by: str) -> bool:
    """Nobody has typed anything yet: there is nothing, or the system's own draft."""
    theirs = was and not was.by and plain(text) in (plain(was.text), plain(sign(was.text, by)))
    return bool(theirs) or not text.strip()


def put_answered(
    key: CaseKey,
    rev: int,
    text: str,
    answered: Answered,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    now: datetime,
) -> Case:
    """Keep what was answered before, to this person's name, in the place of a draft that nobody has touched,
    else below what was typed. Raises as `save_draft`."""
    case = waits(cases, key, rev)
    author = Author(id=case.author, handle=case.author)
    source = Earlier(answered.case, answered.at, answered.by)
    if untouched(case.draft, text, by):
        made = joined("", answered.text, brand, author, department=case.department)
        of = Draft(text=made, version=1, language=answered.language, source="", earlier=(source,))
    else:
        made = joined(text, answered.text, brand, author, department=case.department)
        of = case.draft or nothing_yet(case)
        of = replace(of, earlier=tuple(dict.fromkeys((*of.earlier, source))))
    return save_draft(key, rev, made, by, by_id=by_id, of=of, cases=cases, now=now)


def put_snippet(
    key: CaseKey,
    rev: int,
    text: str,
    snippet: Snippet,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    now: datetime,
) -> Case:
    """Keep what a person has typed with a snippet below it, and its link. Raises as `save_draft`."""
    case = waits(cases, key, rev)
    author = Author(id=case.author, handle=case.author)
    added = f"{snippet.text} {snippet.link}".strip()
    made = joined(text, added, brand, author, department=case.department)
    of = case.draft or nothing_yet(case)
    of = replace(of, snippets=tuple(dict.fromkeys((*of.snippets, snippet.name))))
    return save_draft(key, rev, made, by, by_id=by_id, of=of, cases=cases, now=now)
