"""API keys: made by a manager, shown once, taken back at any time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from chalicelib.domain.apikey import NAME_ROOM, ApiKey, Scope
from chalicelib.domain.roles import remaining
from chalicelib.errors import BadInput
from chalicelib.web import access_keys, export
from chalicelib.web.cells import Row as FileRow
from chalicelib.web.i18n import N_, Words
from chalicelib.web.visit import Go, Outcome, Page, Visit

SCOPES = {
    Scope.READ: N_("read everything"),
    Scope.WRITE: N_("answer, plan and stop, as an editor"),
    Scope.ADMIN: N_("what a manager does"),
}
FAULTS = {
    "name": N_("Give it a name of at most 60 characters."),
    "scope": N_("Choose what it may do."),
    "until": N_("Choose a day within two years, or none."),
    "departments": N_("Choose departments of this organisation."),
    "by": N_("Your account has no name to sign with. Ask the administrator to add it."),
}
COLUMNS = ("name", "scope", "departments", "by", "made", "until", "last_used", "state")
ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`state`: well, or why it opens nothing: revoked or expired."""

    id: str
    name: str
    may: str
    departments: tuple[str, ...]
    by: str
    made: datetime
    until: datetime | None
    used: str
    state: str


def show(visit: Visit) -> Outcome:
    if export.asked(visit):
        keys = visit.desk.api_keys.of(visit.brand.id)
        return export.download(visit, "keys", COLUMNS, (_cells(key, visit) for key in keys))
    return _page(visit, {}, done=visit.query.get("done", ""))


def make(visit: Visit) -> Page:
    """The only page that ever shows the key. The form's own id makes a form that is sent twice one key."""
    form = visit.form
    try:
        if not ID.fullmatch(form.get("id", "")):
            raise BadInput("id", "a form of ours")
        if form.get("scope") not in list(Scope):
            raise BadInput("scope", "read, write or admin")
        key, text = access_keys.make(
            visit,
            form.get("name", ""),
            Scope(form["scope"]),
            by=visit.member.name,
            by_id=visit.member.id,
            departments=[each.id for each in visit.brand.departments if f"in.{each.id}" in form],
            until=_day(form.get("until", "")),
            id=form["id"],
        )
    except BadInput as error:
        if error.field not in FAULTS:
            raise
        return _page(visit, form, fault=visit.words.gettext(FAULTS[error.field]), field=error.field)
    return _page(visit, {}, made=key, text=text)


def revoke(visit: Visit, id: str) -> Outcome:
    access_keys.revoke(visit, visit.desk.api_keys.get(visit.brand.id, id))
    return Go("/team/keys?done=revoked")


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise BadInput("until", "a day") from None


def _page(
    visit: Visit,
    given: Mapping[str, str],
    *,
    fault: str = "",
    field: str = "",
    made: ApiKey | None = None,
    text: str = "",
    done: str = "",
) -> Page:
    words = visit.words
    values = {
        "rows": [_row(key, visit) for key in visit.desk.api_keys.of(visit.brand.id)],
        "scopes": [(scope.value, words.gettext(said)) for scope, said in SCOPES.items()],
        "given": given,
        "id": token_hex(8),
        "room": NAME_ROOM,
        "today": words.today().isoformat(),
        "fault": fault,
        "field": field,
        "made": made,
        "text": text,
        "done": done,
    }
    return Page(template="keys.html", place="team", values=values, status=422 if fault else 200)


def _row(key: ApiKey, visit: Visit) -> Row:
    return Row(
        id=key.id,
        name=key.name,
        may=visit.words.gettext(SCOPES[key.scope]),
        departments=tuple(visit.brand.department(each).name for each in _departments(key, visit)),
        by=key.by,
        made=key.made_at,
        until=key.expires,
        used=_used(key, visit.words),
        state=_state(key, visit),
    )


def _cells(key: ApiKey, visit: Visit) -> FileRow:
    """Nothing of the key itself, nor of its hash."""
    about = key.name, key.scope.value, key.departments, key.by, key.made_at
    return *about, key.expires, key.used or None, _state(key, visit)


def _state(key: ApiKey, visit: Visit) -> str:
    if key.revoked_at:
        return "revoked"
    if remaining(key.departments, visit.brand) is None:
        return "gone"
    return "well" if key.works(visit.now) else "expired"


def _departments(key: ApiKey, visit: Visit) -> tuple[str, ...]:
    """Those of the key that are there."""
    return remaining(key.departments, visit.brand) or ()


def _used(key: ApiKey, words: Words) -> str:
    return words.day(date.fromisoformat(key.used)) if key.used else words.gettext("never")
