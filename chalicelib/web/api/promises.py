"""Promises: what our replies said that we would do, and by when."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from chalicelib.domain.promise import Promise as Kept, PromiseState
from chalicelib.errors import NotFound
from chalicelib.stages import promising
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import read as case_of
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Empty,
    Given,
    Listed,
    Moment,
    Shape,
    paged,
    show,
    sortable,
)
from chalicelib.web.pages import promises as page


class PromisesAsked(Asked):
    """One department's only."""

    department: Annotated[str, Field(max_length=40)] = ""
    cursor: Cursor = None


class Promise(Shape):
    """`passage` of the reply `reply` to `case` promises something to `author`, by `due`. Not `dated`: it
    names no moment, `due` is our guess. `reason` is why it was moved or dropped."""

    id: str
    state: PromiseState
    passage: str
    due: Moment
    dated: bool
    department: str
    author: str
    by: str
    at: Moment
    reason: str
    case: str
    reply: str


class Later(Given):
    """`due` lies ahead, at most 300 days. Whoever moves it tells the customer too."""

    due: Annotated[AwareDatetime, Field(description="By when it will be done")]
    reason: Annotated[str, Field(min_length=1, max_length=promising.WHY)]


class Dropping(Given):
    reason: Annotated[
        str, Field(min_length=1, max_length=promising.WHY, description="Why it is not to be done")
    ]


def browse(call: Call, query: PromisesAsked) -> Listed[Promise]:
    """What is still to be kept, by when it is due; of a thousand that are due first."""
    found, _ = page.waiting(call.visit, query.department)

    def of(each: Kept) -> tuple[str, str]:
        return sortable(each.due), str(each.key)

    return paged("promises", found, query.cursor, of, lambda each: shown(call, each))


def of_case(call: Call, case: str) -> Listed[Promise]:
    """Every promise of this case, also what was kept or dropped; oldest first."""
    promised = call.desk.cases.dossier(case_of(call, case).key).promises
    return Listed[Promise](items=[shown(call, each) for each in promised])


def get(call: Call, promise: str) -> Promise:
    """One promise."""
    return shown(call, read(call, promise))


def keep(call: Call, promise: str, body: Empty) -> Promise:
    """It was done."""
    kept = _expected(call, promise)
    after = promising.keep(
        kept.key, kept.rev, call.by, by_id=call.key.by_id, promises=call.desk.promises, now=call.visit.now
    )
    return shown(call, after)


def move(call: Call, promise: str, body: Later) -> Promise:
    """It will be done at another moment."""
    kept = _expected(call, promise)
    after = promising.move(
        kept.key,
        kept.rev,
        body.due,
        body.reason,
        call.by,
        by_id=call.key.by_id,
        brand=call.brand,
        promises=call.desk.promises,
        now=call.visit.now,
    )
    return shown(call, after)


def drop(call: Call, promise: str, body: Dropping) -> Promise:
    """It is not to be done, or was no promise."""
    kept = _expected(call, promise)
    after = promising.drop(
        kept.key,
        kept.rev,
        body.reason,
        call.by,
        by_id=call.key.by_id,
        promises=call.desk.promises,
        now=call.visit.now,
    )
    return shown(call, after)


def read(call: Call, id: str) -> Kept:
    """Of a department that the key sees. Raises NotFound."""
    if page.key_of(id).case.brand != call.brand.id:
        raise NotFound("no such promise")
    return page.own(call.visit, id)


def _expected(call: Call, id: str) -> Kept:
    kept = read(call, id)
    call.expect(shown(call, kept))
    return kept


def shown(call: Call, promise: Kept) -> Promise:
    key, department = promise.key, call.brand.department(promise.department).id
    return show(Promise, promise, id=key.slug, case=key.case.slug, reply=str(key.n), department=department)
