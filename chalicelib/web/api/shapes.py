"""What every resource shares: the models' manner, pages of a list, tags and places."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from hashlib import blake2s
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import from_json, to_json

from chalicelib.web.api.problem import Refusal, Wrong

T = TypeVar("T")
S = TypeVar("S", bound="Shape")
X = TypeVar("X")
ROOM = 1_000
"""Characters of a cursor."""
PAGE = 100
"""Of a list."""
SHOWN_ONCE = (
    "Its secret was shown once, when it was made, and is not kept. If it did not reach you, make another."
)
Note = Annotated[str | None, Field(description="Where its secret is not shown any more: that this is so")]


class Shape(BaseModel):
    """A thing that is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)
    once: ClassVar[frozenset[str]] = frozenset()
    """Its fields that only making it shows: they are not in the resource as it is read, nor in its tag."""

    def without_secret(self) -> Self:
        """As it is kept for who asks again."""
        return self


class Given(BaseModel):
    """A body: of the types it says, and of no field it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Empty(Given):
    """Nothing more to say: `{}`."""


class Asked(BaseModel):
    """The query of an address: all text, so it is read as what it stands for."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Listed(Shape, Generic[T]):
    """A page of a list. `next` is the cursor of the page after it, null at the end."""

    items: list[T]
    next: Annotated[str | None, Field(description="Give it as `cursor` for the next page")] = None


Cursor = Annotated[
    str | None, Field(max_length=ROOM, description="From `next` of the page before; opaque", examples=[None])
]
Month = Annotated[str, Field(pattern=r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"])]
Day = Annotated[date, Field(examples=["2026-11-23"])]
Moment = Annotated[AwareDatetime, Field(description="RFC 3339, UTC")]


def show(kind: type[S], found: Any, **more: Any) -> S:
    """What of `found` has the names of `kind`, with `more`, or that instead."""
    own = {name: getattr(found, name) for name in kind.model_fields if name not in more}
    return kind.model_validate({**own, **more})


def tag(shown: BaseModel) -> str:
    """A strong validator: another for whatever is shown otherwise."""
    return tag_of(shown.model_dump_json())


def tag_of(text: str, once: Collection[str] = ()) -> str:
    """The tag of what is shown as this text; what is shown `once` has no part in it."""
    if once:
        known = from_json(text)
        text = to_json({name: value for name, value in known.items() if name not in once}).decode()
    return f'"{blake2s(text.encode(), digest_size=16).hexdigest()}"'


def cursor(kind: str, *place: str) -> str:
    """An opaque place in the list `kind`."""
    return urlsafe_b64encode(json.dumps([kind, *place]).encode()).decode().rstrip("=")


def place(kind: str, given: str | None, parts: int) -> list[str]:
    """What `cursor` was made of, so many parts; empty where none is given. Refuses what it did not make."""
    if given is None:
        return []
    try:
        found = json.loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (ValueError, RecursionError):
        found = None
    sound = isinstance(found, list) and len(found) == parts + 1 and all(isinstance(x, str) for x in found)
    if not sound or found[0] != kind or cursor(*found) != given:
        raise no_cursor()
    return [str(part) for part in found[1:]]


def paged(
    kind: str,
    found: Iterable[X],
    given: str | None,
    of: Callable[[X], tuple[str, str]],
    look: Callable[[X], T],
    size: int = PAGE,
) -> Listed[T]:
    """The page that begins after the place `given`, of what is all at hand, each as it looks. `of` tells
    where it stands: a moment in UTC or a name, and what makes it unique then."""
    after = tuple(place(kind, given, 2))
    rest = sorted((each for each in found if of(each) > after), key=of)
    more = cursor(kind, *of(rest[size - 1])) if len(rest) > size else None
    return Listed(items=[look(each) for each in rest[:size]], next=more)


def sortable(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def no_cursor() -> Refusal:
    return Refusal(400, "", Wrong(detail="a cursor that a page of this list gave", parameter="cursor"))
