"""Posts from a file, YAML or CSV: what each row says, and where it cannot be read.

A CSV has a header, and commas, semicolons or tabs; a YAML is a list of posts, or has one under `posts`.
Names are those of `NAMES`; a text for one channel is a column `text.<channel>`, in YAML an entry of `texts`.
Every value is taken as it is written: a YAML is never constructed, so a date stays the text it is, and
nothing in it is ever run.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from chalicelib.web.i18n import N_
from chalicelib.web.request import LONGEST

NAMES = ("title", "when", "language", "goal", "audience", "why", "shares", "lateness", "channels", "text")
MOST = 100
"""Posts of one file."""
DEEPEST, NODES = 5, 20_000
"""A YAML of posts is no deeper and has no more parts."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """`place` is the row of a CSV (the header is 1) or the line of a YAML; 0: the file as a whole. `said`
    takes `values` when it is translated."""

    place: int
    name: str
    said: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """`given` by NAMES; `texts` by channel."""

    place: int
    given: dict[str, str]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    is_csv: bool
    rows: list[Row]
    wrong: list[Wrong]


def read(text: str) -> Read:
    """All rows that can be read, and everything that cannot."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    is_csv = _is_csv(text)
    rows: list[Row] = []
    wrong: list[Wrong] = []
    if "\ufffd" in text or "\0" in text:
        wrong.append(Wrong(0, "", N_("The file is not in UTF-8. Save it as “CSV UTF-8” or as plain text.")))
    elif len(text) > LONGEST:
        wrong.append(
            Wrong(
                0,
                "",
                N_("The file is too large: at most %(most)s characters. Cut it in two."),
                {"most": f"{LONGEST:,}".replace(",", "\u202f")},
            )
        )
    else:
        for found in _from_csv(text) if is_csv else _from_yaml(text):
            (rows if isinstance(found, Row) else wrong).append(found)  # type: ignore[arg-type]
    if len(rows) > MOST:
        wrong.append(Wrong(0, "", N_("A file has at most %(most)s posts."), {"most": str(MOST)}))
    if not rows and not wrong:
        wrong.append(Wrong(0, "", N_("There is no post in it.")))
    return Read(is_csv, rows[:MOST], wrong)


# CSV ---------------------------------------------------------------------------------------------


def _is_csv(text: str) -> bool:
    """Does its first line name a column, and nothing that only a YAML has?"""
    head = _head(text)
    names = {name.strip().strip('"').lower() for name in head.split(_delimiter(head))}
    return bool(names & set(NAMES)) and head[0] not in "-[{" and ":" not in head


def _head(text: str) -> str:
    return text.lstrip().partition("\n")[0]


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _from_csv(text: str) -> Iterator[Row | Wrong]:
    head = _head(text)
    rows = csv.reader(StringIO(text.lstrip(), newline=""), delimiter=_delimiter(head), strict=True)
    try:
        names = [name.strip().lower() for name in next(rows)]
        yield from _columns(names)
        if missing := _missing(names):
            yield from missing
            return
        for place, cells in enumerate(rows, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names):
                yield Wrong(place, "", N_("The row has more cells than there are columns."))
                continue
            pairs = dict(zip(names, cells, strict=False))
            yield Row(
                place,
                {name: value for name, value in pairs.items() if name in NAMES},
                {n[5:]: value for n, value in pairs.items() if n.startswith("text.") and value.strip()},
            )
    except csv.Error:
        yield Wrong(rows.line_num, "", N_("A quotation mark is not closed, or stands within a cell."))


def _columns(names: list[str]) -> Iterator[Wrong]:
    for name in names:
        if name not in NAMES and not name.startswith("text."):
            yield Wrong(1, name, N_("There is no column of this name."))
    for name in {name for name in names if names.count(name) > 1}:
        yield Wrong(1, name, N_("This column is there twice."))


def _missing(names: list[str]) -> list[Wrong]:
    texts = any(name == "text" or name.startswith("text.") for name in names)
    missing = [name for name in ("title", "when") if name not in names] + ([] if texts else ["text"])
    return [Wrong(1, name, N_("This column is missing.")) for name in missing]


# YAML --------------------------------------------------------------------------------------------


def _from_yaml(text: str) -> Iterator[Row | Wrong]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if wrong := _bomb(yaml.parse(text, Loader=loader)):
            yield wrong
            return
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark.line + 1 if error.problem_mark else 0
        yield Wrong(place, "", N_("This is not YAML: look at the indents, colons and quotation marks."))
        return
    except yaml.YAMLError:
        yield Wrong(0, "", N_("This is not YAML: look at the indents, colons and quotation marks."))
        return
    if isinstance(root, yaml.MappingNode):
        inside = [value for _, name, value in _entries(root) if name == "posts"]
        if wrong := next((value for value in inside if isinstance(value, Wrong)), None):
            yield wrong
            return
        root = inside[0] if inside else root
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        yield Wrong(_line(root), "", N_("Write a list of posts, each beginning with a dash."))
        return
    for node in root.value:
        yield from _post(node)


def _bomb(events: Iterable[Any]) -> Wrong | None:
    """What no list of posts has: aliases, several documents, depth, thousands of parts."""
    import yaml

    depth = documents = 0
    for number, event in enumerate(events):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        place = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return Wrong(place, "", N_("References (*) are not read. Write it out."))
        if documents > 1:
            return Wrong(place, "", N_("Write one list; “---” begins another."))
        if depth > DEEPEST or number > NODES:
            return Wrong(place, "", N_("This is no list of posts: it goes too deep."))
    return None


def _post(node: Any) -> Iterator[Row | Wrong]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        yield Wrong(_line(node), "", N_("A post is a list of names with values, such as “title: …”."))
        return
    given: dict[str, str] = {}
    texts: dict[str, str] = {}
    for line, name, value in _entries(node):
        if isinstance(value, Wrong):
            yield value
        elif name == "texts" and isinstance(value, yaml.MappingNode):
            for at, channel, text in _entries(value):
                if isinstance(text, Wrong):
                    yield text
                elif isinstance(text, yaml.ScalarNode):
                    texts[channel] = _plain(text) or ""
                else:
                    yield Wrong(at, f"texts.{channel}", N_("Write one value here."))
        elif name not in NAMES:
            yield Wrong(line, name, N_("There is no such name."))
        elif (said := _plain(value)) is None:
            yield Wrong(line, name, N_("Write one value here."))
        else:
            given[name] = said
    yield Row(_line(node), given, texts)


def _entries(node: Any) -> Iterator[tuple[int, str, Any]]:
    """Line, name and value of each entry; a Wrong as the value of what has no plain name, or one a second
    time."""
    import yaml

    seen = set[str]()
    for key, value in node.value:
        line, name = _line(key), key.value if isinstance(key, yaml.ScalarNode) else ""
        if not name:
            yield line, name, Wrong(line, "", N_("Write one name before the colon."))
        elif name in seen:
            yield line, name, Wrong(line, name, N_("This name is there twice."))
        else:
            yield line, name, value
        seen.add(name)


def _plain(node: Any) -> str | None:
    """A scalar as it is written, a list of scalars with commas; None for anything else."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag.endswith(":null") else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        parts = [_plain(each) for each in node.value]
        return None if None in parts else ",".join(part or "" for part in parts)
    return None


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
