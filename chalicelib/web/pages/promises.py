"""Promised: what we said that we would do, and have not yet; what is past first. Kept, moved or dropped here,
or at the case."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.promise import Promise, PromiseKey
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import promising
from chalicelib.web import promised, worklist
from chalicelib.web.i18n import Words
from chalicelib.web.pages.deeds import rev_of
from chalicelib.web.visit import Go, Outcome, Page, Visit

READ = 1_000
"""What one request brings of the index; who promised more keeps those first."""
SHOWN = 100
FIELDS = ("due", "reason")


def show(visit: Visit) -> Outcome:
    """`department` comes from the address."""
    return _page(visit, done=visit.query.get("done", ""))


def act(visit: Visit, slug: str) -> Outcome:
    """`do` says what becomes of it; then back to the case, or the list, that it was done from."""
    promise = own(visit, slug)
    try:
        done = _act(visit, promise)
    except Conflict:
        fault = visit.words.gettext("A colleague was first: look at it as it stands now.")
        return replace(_page(visit, fault=fault), status=409)
    except BadInput as error:
        return _page(visit, fault=_fault(error, visit), field=error.field, of=promise)
    back = f"/cases/{promise.key.case.slug}" if visit.form.get("back") == "case" else "/promises"
    return Go(f"{back}?done={done}")


def _act(visit: Visit, promise: Promise) -> str:
    form, member, do = visit.form, visit.member, visit.form.get("do")
    brand = visit.brand_of(promise.key.case.brand)
    key, rev, promises, now = promise.key, rev_of(visit), visit.desk.promises, visit.now
    by, by_id, reason = member.name, member.id, form.get("reason", "")
    if do == "keep":
        promising.keep(key, rev, by, by_id=by_id, promises=promises, now=now)
        return "kept"
    if do == "drop":
        promising.drop(key, rev, reason, by, by_id=by_id, promises=promises, now=now)
        return "dropped"
    if do != "move":
        raise BadInput("do", "keep, move or drop")
    due = promised.moment(form.get("due", ""), brand.zone, "due")
    promising.move(key, rev, due, reason, by, by_id=by_id, brand=brand, promises=promises, now=now)
    return "moved"


def own(visit: Visit, slug: str) -> Promise:
    """Of a department of the member's. Raises NotFound, Forbidden."""
    promise = visit.desk.promises.get(key_of(slug))
    brand = visit.brand_of(promise.key.case.brand)
    if brand.department(promise.department) not in visit.standings[brand.id].sees(brand):
        raise NotFound("no such promise")
    return promise


def key_of(slug: str) -> PromiseKey:
    """Raises NotFound for what no page of ours made."""
    try:
        return PromiseKey.from_slug(slug)
    except ValueError:
        raise NotFound("no such promise") from None


def waiting(visit: Visit, chosen: str = "") -> tuple[list[Promise], bool]:
    """What is still to be kept, of the departments that the member sees or of the one `chosen`, by when it
    is due; and whether there is more. Raises NotFound."""
    if chosen not in ("", *(each.id for each in visit.departments)):
        raise NotFound("no such department")
    asked = worklist.departments(visit, chosen)
    found, more = visit.desk.promises.open(visit.brand.id, limit=READ)
    return [each for each in found if asked is None or each.department in asked], more


def _page(
    visit: Visit, *, done: str = "", fault: str = "", field: str = "", of: Promise | None = None
) -> Page:
    """`of` is the promise whose form could not be kept."""
    chosen = visit.query.get("department", "")[:60]
    found, more = waiting(visit, chosen)
    typed = {of.key.slug: {name: visit.form.get(name, "") for name in FIELDS}} if of else {}
    rows = promised.rows(found[:SHOWN], visit.brand, visit.words, typed)
    values = {
        "rows": rows,
        "standing": _standing(found, visit.words),
        "total": len(found),
        "more": more,
        "chosen": chosen,
        "done": done,
        "fault": fault,
        "field": field,
        "wrong": of.key.slug if of else "",
        "doing": visit.form.get("do", "") if of else "",
    }
    return Page(template="promises.html", place="cases", values=values, status=422 if fault else 200)


def _standing(found: Sequence[Promise], words: Words) -> list[tuple[str, bool]]:
    """How it stands; True marks the sentence that presses."""
    late = sum(each.late(words.now) for each in found)
    if not found:
        return [(words.gettext("Nothing that we promised is still to be kept."), False)]
    count = words.count(len(found))
    said = words.ngettext(
        "%(count)s promise is open.", "%(count)s promises are open.", len(found), count=count
    )
    told = words.ngettext("%(count)s is late.", "%(count)s are late.", late, count=words.count(late))
    return [(said, False), *([(told, True)] if late else [])]


def _fault(error: BadInput, visit: Visit) -> str:
    _ = visit.words.gettext
    if error.field == "due":
        return _("Choose a day and a time still to come, within 300 days from now.")
    if error.field == "reason":
        return _("Say why; it is kept in the case's history.")
    if error.field == "by":
        return _("Your account has no name to sign with. Ask the administrator to add it.")
    raise error
