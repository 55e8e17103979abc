"""Ask a colleague by mail to approve a draft. Approving by the link in it is a person's, at the console."""

from typing import Annotated

from pydantic import Field

from chalicelib.errors import BadInput, NotFound
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Case, expected, shown
from chalicelib.web.api.shapes import Given
from chalicelib.web.pages import asking


class Asking(Given):
    colleague: Annotated[str, Field(min_length=1, max_length=64, description="The id of their account")]


def ask(call: Call, case: str, body: Asking) -> Case:
    """Mail them the draft with a link of their own, good for a day; the case is laid down."""
    kept = expected(call, case)
    try:
        return shown(call, asking.ask_for(call.visit, kept, kept.rev, body.colleague))
    except NotFound:
        raise BadInput("colleague", "somebody who works here") from None
    except BadInput as error:
        raise BadInput("colleague" if error.field == "person" else error.field, error.message) from None
