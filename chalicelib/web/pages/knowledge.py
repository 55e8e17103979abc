"""Knowledge: the brand's pages of questions and answers. Everybody reads them; managers write them."""

from collections.abc import Mapping, Sequence
from secrets import token_hex

from chalicelib.domain.knowledge import LONGEST, MOST, Fault, Page as Written, passages
from chalicelib.domain.roles import Deed
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import know
from chalicelib.web import knowing
from chalicelib.web.i18n import N_, Words
from chalicelib.web.visit import Go, Outcome, Page, Visit

NEW = "new"
FAULTS = {
    "title": N_("Give the page a title of one line, at most 100 characters."),
    "language": N_("Choose one of the languages of the organisation."),
    "department": N_("Choose a department, or everybody."),
    "at most 20,000 characters": N_("Write at most 20,000 characters on a page."),
    "a question and its answer": N_("Write at least one question and its answer."),
    "a question of at most 200 characters": N_("Ask this in at most 200 characters."),
    "an answer below this question": N_("Write an answer below this question."),
    "an answer of at most 2,000 characters": N_("Keep this answer within 2,000 characters."),
    "a question begins with ## and a space": N_("Begin a question with ## and a space."),
    "no HTML: networks show it as it stands": N_("Write no HTML: networks show it as it stands."),
    "id": N_("There are as many pages as there can be. Remove one first."),
}
"""By message, or else by field."""


def show(visit: Visit) -> Page:
    found = knowing.pages(visit)
    values = {
        "pages": [(page, len(passages(page)), _whose(page, visit)) for page in found],
        "may": visit.may(Deed.MANAGE),
        "full": len(found) >= MOST,
        "done": visit.query.get("done", ""),
    }
    return Page(template="knowledge.html", place="knowledge", values=values)


def read(visit: Visit, id: str) -> Outcome:
    """One page, or an empty form for a new one."""
    if id == NEW:
        blank = Written(id=f"k-{token_hex(6)}", title="", language=visit.brand.languages[0], text="")
        return _form(visit, blank, "")
    page, was = knowing.find(visit, id)
    return _form(visit, page, was)


def act(visit: Visit, id: str) -> Outcome:
    """Keep what was typed, show what it would be, or take the page away; `do` says which."""
    form, was = visit.form, visit.form.get("was", "")
    before = knowing.find(visit, id)[0] if id != NEW else None
    if before and form.get("do") == "remove":
        return _remove(visit, before)
    typed = know.clean(
        Written(
            id=form.get("id", "") if id == NEW else id,
            title=form.get("title", ""),
            language=form.get("language", ""),
            department=form.get("department", ""),
            text=form.get("text", ""),
        )
    )
    faults = know.wrong(visit.brand, typed)
    if any(fault.field == "id" for fault in faults):
        raise BadInput("id", "a form of ours")
    if faults or form.get("do") == "preview":
        return _form(visit, typed, was, faults=faults, preview=not faults)
    try:
        knowing.keep(visit, typed, was, before)
    except Conflict:
        return _changed(visit, typed)
    except BadInput as error:
        return _form(visit, typed, was, faults=[Fault(error.field, error.message)])
    return Go("/knowledge?done=kept")


def _remove(visit: Visit, page: Written) -> Outcome:
    was = visit.form.get("was", "")
    if visit.form.get("sure") != "yes":
        return _form(visit, page, was, removing=True)
    try:
        knowing.remove(visit, page, was)
    except Conflict:
        return _changed(visit, page)
    return Go("/knowledge?done=removed")


def _form(
    visit: Visit,
    page: Written,
    was: str,
    *,
    faults: Sequence[Fault] = (),
    preview: bool = False,
    removing: bool = False,
    theirs: Written | None = None,
) -> Page:
    may = visit.may(Deed.MANAGE)
    wrong: dict[str, list[str]] = {}
    for fault in faults:
        wrong.setdefault(fault.field, []).append(_sentence(fault, visit.words))
    values: Mapping[str, object] = {
        "it": page,
        "path": f"/knowledge/{page.id if was or theirs else NEW}",
        "was": was,
        "whose": _whose(page, visit),
        "spoken": [(code, visit.words.spoken(code)) for code in visit.brand.languages],
        "wrong": wrong,
        "passages": passages(page) if preview or not may else [],
        "preview": preview,
        "removing": removing,
        "theirs": theirs,
        "longest": LONGEST,
        "may": may,
    }
    status = 409 if theirs else 422 if faults else 200
    return Page(template="knowledge_page.html", place="knowledge", values=values, status=status)


def _changed(visit: Visit, typed: Written) -> Page:
    """409: what the page is by now, and what was typed to go on with. Raises NotFound."""
    theirs, was = knowing.find(visit, typed.id)
    return _form(visit, typed, was, theirs=theirs)


def _sentence(fault: Fault, words: Words) -> str:
    said = words.gettext(FAULTS.get(fault.message) or FAULTS[fault.field])
    return words.gettext("Line %(line)s: %(what)s", line=fault.line, what=said) if fault.line else said


def _whose(page: Written, visit: Visit) -> str:
    """The department it is for; "" for everybody."""
    return visit.brand.department(page.department).name if page.department else ""
