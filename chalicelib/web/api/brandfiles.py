"""The whole brand as one file: as it is read by a person, and by a program. No secret is ever in it."""

import json
from typing import Annotated, Any

from pydantic import Field

from chalicelib.brandfile.file import BrandFileError
from chalicelib.errors import BadInput, Conflict
from chalicelib.web.api.call import Call
from chalicelib.web.api.problem import Refusal, Wrong, pointer
from chalicelib.web.api.shapes import Given, Shape
from chalicelib.web.pages import brand_file as page
from chalicelib.web.request import LONGEST


class BrandFile(Shape):
    """The same twice: `text` is YAML, `file` the values in it."""

    id: str
    text: str
    file: dict[str, Any]


class NewFile(Given):
    """One of both: `text` is YAML or JSON, `file` the values themselves."""

    text: Annotated[str, Field(max_length=LONGEST)] = ""
    file: dict[str, Any] | None = None


def get(call: Call) -> BrandFile:
    """The brand with its sources."""
    return _shown(call, page.here(call.visit))


def replace(call: Call, body: NewFile) -> BrandFile:
    """Make the brand what the file says. A source that it does not name stays; secrets stay too."""
    was = page.here(call.visit)
    call.expect(_shown(call, was))
    found = understood(call, body)
    if (found.rev, found.kept) != (was.rev, was.sources):
        raise Conflict("somebody changed it first")
    page.put(call.visit, found)
    return get(call)


def understood(call: Call, body: NewFile) -> page.Understood:
    """What the file makes of the brand. Raises Refusal with everything that is wrong, each at its place."""
    if bool(body.text) is (body.file is not None):
        raise BadInput("text", "either text or file")
    text = body.text.removeprefix("\ufeff") or json.dumps(body.file, ensure_ascii=False)
    try:
        return page.understood(call.visit, text)
    except page.OtherBrand as error:
        raise Refusal(422, "", Wrong(detail=error.message, pointer=_place(body, 1, ("id",)))) from None
    except BrandFileError as error:
        wrong = (Wrong(detail=each.said, pointer=_place(body, each.line, each.path)) for each in error.found)
        raise Refusal(422, "Nothing was changed.", *wrong) from None


def _shown(call: Call, was: page.Here) -> BrandFile:
    found, text = page.as_file(call.visit, was)
    return BrandFile(id=str(found["id"]), text=text, file=found)


def _place(body: NewFile, line: int, path: tuple[str | int, ...]) -> str:
    """In a text by its line, `#/text/12/zone`; in a file where it stands, `#/file/departments/0/hours`."""
    return pointer(("text", line, *path[-1:])) if body.text else pointer(("file", *path))
