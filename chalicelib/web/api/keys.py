"""Keys: which there are; made and taken back by a key of scope admin, no longer than it lives itself."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from chalicelib.domain.apikey import NAME_ROOM, ApiKey, Scope
from chalicelib.errors import BadInput, NotFound
from chalicelib.web import access_keys
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import (
    SHOWN_ONCE,
    Asked,
    Cursor,
    Empty,
    Given,
    Listed,
    Moment,
    Note,
    Shape,
    paged,
    show,
    sortable,
)


class KeysAsked(Asked):
    cursor: Cursor = None


class Key(Shape):
    """`by` made it: what it sends is approved by them. `used` is the day it was last used, "" for never."""

    id: str
    name: str
    scope: Scope
    departments: list[str]
    by: str
    made_at: Moment
    expires: Moment | None
    revoked_at: Moment | None
    used: str


class NewKey(Given):
    """`until` is the last day it works, the brand's own; without `departments` it sees the cases of all."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_ROOM)]
    scope: Scope
    departments: Annotated[list[str], Field(max_length=50, default_factory=list)]
    until: date | None = None


class MadeKey(Key):
    """`text` is the key itself, shown this once: null where it was made before, and `note` says so."""

    once = frozenset({"text", "note"})
    text: str | None
    note: Note = None

    def without_secret(self) -> Self:
        return self.model_copy(update={"text": None, "note": SHOWN_ONCE})


def browse(call: Call, query: KeysAsked) -> Listed[Key]:
    """All keys of the brand, also those that open nothing any more, by when they were made."""
    found = call.desk.api_keys.of(call.brand.id)
    return paged("keys", found, query.cursor, lambda each: (sortable(each.made_at), each.id), _shown)


def get(call: Call, key: str) -> Key:
    """One key."""
    return _shown(_read(call, key))


def make(call: Call, body: NewKey) -> MadeKey:
    """A key that may no more than the one that asks, made in the same member's name."""
    if there := _made_before(call):
        return show(MadeKey, there, text=None, note=SHOWN_ONCE)
    _narrower(call, body)
    made, text = access_keys.make(
        call.visit,
        body.name,
        body.scope,
        by=call.key.by,
        by_id=call.key.by_id,
        departments=body.departments,
        until=body.until,
        id=call.new_id,
    )
    return show(MadeKey, made, text=text or None, note=None if text else SHOWN_ONCE)


def revoke(call: Call, key: str, body: Empty) -> Key:
    """It opens nothing from here on."""
    kept = _read(call, key)
    call.expect(_shown(kept))
    return _shown(access_keys.revoke(call.visit, kept))


def _shown(key: ApiKey) -> Key:
    return show(Key, key)


def _read(call: Call, id: str) -> ApiKey:
    return call.desk.api_keys.get(call.brand.id, id)


def _made_before(call: Call) -> ApiKey | None:
    """By this very request, whatever became of the key, or of its last day, since."""
    if not call.asked_again:
        return None
    try:
        return _read(call, call.new_id)
    except NotFound:
        return None


def _narrower(call: Call, body: NewKey) -> None:
    """Raises BadInput for what the key that asks may not itself."""
    ends = access_keys.end_of(body.until, call.visit)
    if call.key.expires and (ends is None or ends > call.key.expires):
        raise BadInput("until", "a day on which this key works")
