"""One piece of a brand, checked by its form as the whole file would be."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.brandfile.faults import plain
from chalicelib.brandfile.lines import Document, Fault, Path
from chalicelib.brandfile.values import APART


def checked(form: Any, value: Any, document: Document, under: Path = ()) -> tuple[Any, list[Fault]]:
    """The form filled in (None if it cannot be), and what is wrong; secrets are kept apart. `under` is where
    in the document it stands."""
    try:
        return TypeAdapter(form).validate_python(value, context=APART), []
    except ValidationError as error:
        return None, list(plain(error, document, under))
