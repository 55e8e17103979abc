"""YAML as plain texts, lists and mappings, with the line of each: so that a fault can name its place.

Every scalar stays the text that was written (`no` is a language, not false; 9:30 is not 570), built from
PyYAML's events, which make no objects. Anchors, tags and a second document are refused: a brand file
needs none of them, and they are how a small file becomes a large one.
"""

import re
from dataclasses import dataclass, field

import yaml

Path = tuple[str | int, ...]
DEPTH = 12
_HALF = re.compile("[\\ud800-\\udfff]")
"""Half of a sign, which an escape can write and nothing can keep."""

HINTS = {
    "mapping values are not allowed": "a text with a colon in it needs quotes, and names of a group line up",
    "'\\t' that cannot start": "a tab; indent with spaces",
    "that cannot start any token": "a text that begins with this sign needs quotes",
    "expected <block end>": "the lines do not line up, or a text goes on after its closing quote or }",
    "unexpected end of stream": "a quote is opened and never closed",
    "could not find expected ':'": "a name without a colon, or a line that is indented too little",
    "expected ',' or '}'": "a text that begins with { needs quotes",
    "expected ',' or ']'": "a list that begins with [ is not closed, or its text needs quotes",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`said` is wrong at `path`; in a console's form the path is the field, in a file the line helps."""

    line: int
    said: str
    path: Path = ()

    def __str__(self) -> str:
        where = f"{place(self.path)}: " if self.path else ""
        return f"line {self.line}: {where}{self.said}"


@dataclass(slots=True)
class Document:
    """`value` is None where the text could not be read; `lines` holds the line of every path."""

    value: object = None
    lines: dict[Path, int] = field(default_factory=lambda: {(): 1})
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of this path, or of the nearest group around it that was written."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


@dataclass(slots=True)
class _Group:
    """A list or mapping that is still open; `key` waits for its value."""

    value: list[object] | dict[str, object]
    path: Path
    key: str | None = None


class _Stop(Exception):
    """Reading on makes no sense."""


def parse(text: str) -> Document:
    """Never raises: what is wrong lies in the document's `faults`."""
    builder = _Builder()
    document = builder.document
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        document.faults.append(_syntax(error))
        document.value = None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        document.faults.append(Fault(line, "a sign that cannot stand in a text; write it anew"))
        document.value = None
    except _Stop:
        document.value = None
    return document


class _Builder:
    def __init__(self) -> None:
        self.document = Document()
        self._open: list[_Group] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        assert event.start_mark is not None
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            self._stop(line, "a text that begins with * needs quotes")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(line, "--- begins a second document; a brand file has one")
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self._open.pop()
        elif isinstance(event, (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            if event.anchor or event.tag not in (None, "!"):
                self._stop(line, "a text that begins with & or ! needs quotes")
            self._value(event, line)

    def _value(self, event: yaml.NodeEvent, line: int) -> None:
        group = self._open[-1] if self._open else None
        if group and isinstance(group.value, dict) and group.key is None:
            self._name(group, event, line)
            return
        made: list[object] | dict[str, object] | str | None
        if isinstance(event, yaml.ScalarEvent):
            if _HALF.search(event.value):
                self._stop(line, "a sign that cannot stand in a text; write it anew")
            empty = event.implicit[0] and event.value in ("", "~", "null")
            made = None if empty else event.value
        else:
            made = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(group, made)
        self.document.lines.setdefault(path, line)
        if isinstance(made, (list, dict)):
            if len(self._open) >= DEPTH:
                self._stop(line, "too many groups within groups")
            self._open.append(_Group(made, path))

    def _name(self, group: _Group, event: yaml.NodeEvent, line: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(line, "a text that begins with { or [ needs quotes")
            return
        if _HALF.search(event.value):
            self._stop(line, "a sign that cannot stand in a text; write it anew")
        path = (*group.path, event.value)
        if path in self.document.lines:
            first = self.document.lines[path]
            self._fault(line, f"stands here a second time (first on line {first})", path)
        else:
            self.document.lines[path] = line
        group.key = event.value

    def _put(self, group: _Group | None, made: object) -> Path:
        if group is None:
            self.document.value = made
            return ()
        if isinstance(group.value, list):
            group.value.append(made)
            return (*group.path, len(group.value) - 1)
        assert group.key is not None
        key, group.key = group.key, None
        group.value.setdefault(key, made)
        return (*group.path, key)

    def _fault(self, line: int, said: str, path: Path = ()) -> None:
        self.document.faults.append(Fault(line, said, path))

    def _stop(self, line: int, text: str) -> None:
        self._fault(line, text)
        raise _Stop


def place(path: Path) -> str:
    """`departments[0].hours.mon`"""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")


def _syntax(error: yaml.MarkedYAMLError) -> Fault:
    problem = f"{error.problem or error.context}"
    unclosed = "unexpected end of stream" in problem
    mark = (error.context_mark if unclosed else None) or error.problem_mark
    hint = next((hint for sign, hint in HINTS.items() if sign in problem), problem)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Fault(line, f"column {column}: {hint}")
