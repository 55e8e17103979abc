"""The events of `docs/webhooks.md`, made from the classes in `chalicelib/domain/events.py`.

`python -m infra.webhook_docs` writes them between the marks; a test says when that was forgotten.
"""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from chalicelib.domain import events

DOC = Path(__file__).parent.parent / "docs" / "webhooks.md"
BEGIN, END = "<!-- events: made from the code -->", "<!-- end of events -->"
KINDS = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "datetime": "moment, UTC",
    "tuple[str, ...]": "list of texts",
}


def described() -> str:
    """A heading, a sentence and a table of fields an event."""
    return "\n".join(line for kind in events.TYPES for line in _event(kind))


def written(doc: str) -> str:
    """The document with its events as they are in the code."""
    before, _, rest = doc.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{described()}\n{END}{after}"


def _event(kind: Any) -> Iterator[str]:
    tree = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(tree, ast.ClassDef)
    notes = dict(_notes(tree))
    types = {
        each.target.id: ast.unparse(each.annotation)
        for each in tree.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    yield f"### {kind.type}\n"
    yield f"{inspect.getdoc(kind)}\n"
    yield "| field | form | meaning |"
    yield "|---|---|---|"
    for field in fields(kind):
        yield f"| `{field.name}` | {KINDS[types[field.name]]} | {notes.get(field.name, '')} |"
    yield ""


def _notes(tree: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The text below a field."""
    for field, note in zip(tree.body, tree.body[1:], strict=False):
        text = note.value if isinstance(note, ast.Expr) else None
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Constant):
            yield ast.unparse(field.target), " ".join(str(text.value).split())


if __name__ == "__main__":
    DOC.write_text(written(DOC.read_text()))
