"""What went wrong, as RFC 9457 has it: one type a kind, and each field that is wrong by its JSON pointer."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.errors import BadInput

MEDIA = "application/problem+json"
TITLES = {
    400: "The request cannot be read",
    401: "A key is asked for",
    403: "This key may not do that",
    404: "There is no such thing here",
    409: "It is not in a state for this",
    412: "It was changed since you read it",
    413: "The body is too large",
    415: "A body is JSON",
    422: "Something in the body has to be mended",
    428: "Name what you read",
    429: "Too many requests",
    500: "A fault of ours",
}
"""By status. The last part of a problem's type is its status too: it stands on the page of the API."""


class Wrong(BaseModel):
    """One thing that is wrong: `pointer` into the body, or the name of a `parameter` or `header`."""

    model_config = ConfigDict(extra="forbid")

    detail: str
    pointer: Annotated[str | None, Field(description="JSON pointer into the body, as a fragment")] = None
    parameter: str | None = None
    header: str | None = None


class Problem(BaseModel):
    """`application/problem+json`, RFC 9457. `reference` is what our log has of it."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    detail: str | None = None
    reference: str | None = None
    errors: list[Wrong] = []


class Refusal(Exception):
    """An answer that is a problem. `headers` go with it."""

    def __init__(
        self, status: int, detail: str = "", *errors: Wrong, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def body(status: int, detail: str, errors: Sequence[Wrong], reference: str, base: str) -> bytes:
    found = Problem(
        type=f"{base}/docs#problem-{status}",
        title=TITLES[status],
        status=status,
        detail=detail or None,
        reference=reference or None,
        errors=list(errors),
    )
    return found.model_dump_json(exclude_none=True).encode()


def of_input(found: Sequence[BadInput]) -> Refusal:
    """422, with each fault at its field: `texts.mastodon` is `#/texts/mastodon`."""
    errors = [Wrong(detail=each.message, pointer=pointer(each.field.split("."))) for each in found]
    return Refusal(422, "", *errors)


def of_body(error: ValidationError) -> Refusal:
    """400 for what is no JSON, else 422."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in found):
        return Refusal(400, "The body is not JSON.")
    return Refusal(422, "", *(Wrong(detail=each["msg"], pointer=pointer(each["loc"])) for each in found))


def of_query(error: ValidationError) -> Refusal:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return Refusal(400, "", *(Wrong(detail=each["msg"], parameter=f"{each['loc'][0]}") for each in found))


def pointer(parts: Sequence[Any]) -> str:
    """Into the body, as a fragment."""
    kept = [str(part) for part in parts if part != ""]
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in kept)
