"""Posts from a file, YAML or CSV: what each row says, and where it cannot be read.

A CSV has a header, and commas, semicolons or tabs; a YAML is a list of posts, or has one under `posts`.
Names are those of `NAMES`; a text for one channel is a column `text.<channel>`, in YAML an entry of `texts`.
Every value is taken as it is written: a YAML is never constructed, so a date stays the text it is, and
nothing in it is ever run. To YAML a hashtag begins a comment; here `#tag` behind a value belongs to it, and
where it cannot, that is said. A comment has a space after its #.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.web import sheet
from chalicelib.web.i18n import N_
from chalicelib.web.multipart import is_garbled
from chalicelib.web.request import LONGEST
from chalicelib.web.sheet import QUOTE, Wrong

NAMES = (
    "title",
    "when",
    "language",
    "goal",
    "audience",
    "why",
    "shares",
    "comment",
    "lateness",
    "channels",
    "text",
)
MOST = 100
"""Posts of one file."""
DEEPEST, NODES = 5, 20_000
"""A YAML of posts is no deeper and has no more parts."""


@dataclass(frozen=True, slots=True)
class Row:
    """`given` by NAMES; `texts` by channel."""

    place: int
    given: dict[str, str]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """All rows, also those that are too many."""

    is_csv: bool
    rows: list[Row]
    wrong: list[Wrong]


def read(text: str) -> Read:
    """All rows that can be read, and everything that cannot."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    is_csv = _is_csv(text)
    rows: list[Row] = []
    wrong: list[Wrong] = []
    if "\ufffd" in text or is_garbled(text):
        wrong.append(Wrong(0, "", N_("The file is not in UTF-8. Save it as “CSV UTF-8” or as plain text.")))
    elif len(text) > LONGEST:
        wrong.append(
            Wrong(
                0,
                "",
                N_("The file is too large: at most %(most)s characters. Cut it in two."),
                {"most": LONGEST},
            )
        )
    else:
        for found in _from_csv(text) if is_csv else _from_yaml(text):
            (rows if isinstance(found, Row) else wrong).append(found)  # type: ignore[arg-type]
    if len(rows) > MOST:
        wrong.append(Wrong(0, "", N_("A file has at most %(most)s posts."), {"most": MOST}))
    if not rows and not wrong:
        wrong.append(Wrong(0, "", N_("There is no post in it.")))
    return Read(is_csv, rows, wrong)


# CSV ---------------------------------------------------------------------------------------------


def _is_csv(text: str) -> bool:
    """Does its first line name a column, or at least have several, and nothing that only a YAML has?"""
    head = sheet.head(text)
    cells = [cell.strip().strip('"').lower() for cell in head.split(sheet.delimiter(head))]
    return bool(set(cells) & set(NAMES) or len(cells) > 1) and head[0] not in "-[{#%&*!" and ":" not in head


def _from_csv(text: str) -> Iterator[Row | Wrong]:
    records = sheet.records(text)
    start, header = sheet.header(records)
    if header is None:
        yield Wrong(start, "", QUOTE)
        return
    yield from sheet.unknown(start, header, NAMES, free="text.")
    if missing := _missing(start, header):
        yield from missing
        return
    for place, cells in records:
        if cells is None:
            yield Wrong(place, "", QUOTE)
        elif any(cell.strip() for cell in cells):
            yield from _row(place, header, cells)


def _row(place: int, names: list[str], cells: list[str]) -> Iterator[Row | Wrong]:
    yield from sheet.beside(place, names, cells)
    pairs = dict(zip(names, cells, strict=False))
    yield Row(
        place,
        {name: value for name, value in pairs.items() if name in NAMES},
        {n[5:]: value for n, value in pairs.items() if n.startswith("text.") and value.strip()},
    )


def _missing(place: int, names: list[str]) -> list[Wrong]:
    """Of a header of which some names are known; else it is told already that none is."""
    texts = any(name == "text" or name.startswith("text.") for name in names)
    missing = [name for name in ("title", "when") if name not in names] + ([] if texts else ["text"])
    return [Wrong(place, name, N_("This column is missing.")) for name in missing]


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
        entries = list(_entries(root))
        if inside := [value for _, name, value in entries if name == "posts"]:
            yield from (value for *_, value in entries if isinstance(value, Wrong))
            others = [(key, name) for key, name, _ in entries if name not in ("", "posts")]
            yield from (Wrong(_line(key), name, N_("There is no such name.")) for key, name in others)
            root = inside[0]
    if root is None or isinstance(root, Wrong):
        return
    if not isinstance(root, yaml.SequenceNode):
        yield Wrong(_line(root), "", N_("Write a list of posts, each beginning with a dash."))
        return
    for node in root.value:
        yield from _post(node, text + "\n")


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


def _post(node: Any, source: str) -> Iterator[Row | Wrong]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        yield Wrong(_line(node), "", N_("A post is a list of names with values, such as “title: …”."))
        return
    given: dict[str, str] = {}
    texts: dict[str, str] = {}
    column = node.start_mark.column
    for key, name, value in _entries(node):
        if isinstance(value, Wrong):
            yield value
        elif name == "texts" and isinstance(value, yaml.MappingNode):
            for at, channel, text in _entries(value):
                within = value.start_mark.column
                if isinstance(said := _said(at, text, f"texts.{channel}", within, source), Wrong):
                    yield said
                else:
                    texts[channel] = said
        elif name not in NAMES:
            yield Wrong(_line(key), name, N_("There is no such name."))
        elif isinstance(said := _said(key, value, name, column, source), Wrong):
            yield said
        else:
            given[name] = said
    yield Row(_line(node), given, texts)


def _said(key: Any, node: Any, name: str, column: int, source: str) -> str | Wrong:
    """A value as it is written, with the hashtags behind it; channels may be a list. `column` is that of the
    names beside it."""
    import yaml

    if isinstance(node, Wrong):
        return node
    if isinstance(node, yaml.SequenceNode) and name == "channels":
        parts = [each.value for each in node.value if isinstance(each, yaml.ScalarNode)]
        if len(parts) == len(node.value):
            return ",".join(parts)
    if not isinstance(node, yaml.ScalarNode):
        return Wrong(_line(key), name, N_("Write one value here."))
    said = "" if node.tag.endswith(":null") else str(node.value)
    if node.style in ("|", ">"):
        return said
    end = node.end_mark.index
    behind = source[end : source.index("\n", end)]
    tag = re.match(r"\s*#\w", behind)
    one_line = not node.style and node.start_mark.line == node.end_mark.line
    if (tag and (not one_line or re.search(r"\s#\s", behind))) or _lost(key, node, column, source):
        return Wrong(
            _line(key), name, N_("YAML leaves out what is behind a #. Put the value in quotation marks.")
        )
    return (said + behind).strip() if tag else said


def _lost(key: Any, node: Any, column: int, source: str) -> bool:
    """Does YAML take a hashtag for a comment between a name and its value, or below that, further in than the
    name?"""
    between = source[key.end_mark.index : node.start_mark.index].lstrip(":")
    below = re.compile(r"[^\n]*((?:\n[ \t]*(?:#[^\n]*)?(?=\n|\Z))*)").match(source, node.end_mark.index)
    within = re.compile(rf"[ \t]{{{column + 1},}}#\w")
    lines = below[1].split("\n") if below else []
    return bool(re.search(r"(?:^|\n)\s*#\w", between)) or any(map(within.match, lines))


def _entries(node: Any) -> Iterator[tuple[Any, str, Any]]:
    """Key, name and value of each entry; a Wrong as the value of what has no plain name, or one a second
    time."""
    import yaml

    seen = set[str]()
    for key, value in node.value:
        line, name = _line(key), key.value if isinstance(key, yaml.ScalarNode) else ""
        if not name:
            yield key, name, Wrong(line, "", N_("Write one name before the colon."))
        elif name in seen:
            yield key, name, Wrong(line, name, N_("This name is there twice."))
        else:
            yield key, name, value
        seen.add(name)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
