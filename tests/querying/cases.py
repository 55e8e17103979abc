"""The written cases of `tests/data/queries.txt`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.conditions import Heard

FILE = Path(__file__).parent.parent / "data" / "queries.txt"
_ABOUT = re.compile(r"\{((?:\w+=\S*? ?)*)\} ?")
_WRONG = re.compile(r"(.*): (\d+) (.+)")


@dataclass(frozen=True, slots=True)
class Case:
    """`fits` with these `terms` (None: it is not said which), or not."""

    line: int
    query: str
    of: Heard
    fits: bool
    terms: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    line: int
    query: str
    column: int
    said: str


def lines() -> Iterator[tuple[int, str, str]]:
    """Number, mark and rest of each line that says something."""
    for number, line in enumerate(FILE.read_text("utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            yield number, line[0], line[1:].removeprefix(" ")


def cases() -> list[Case]:
    query, found = "", []
    for number, mark, rest in lines():
        if mark == "?":
            query = rest
        elif mark in "+-":
            text, _, terms = rest.partition(" => ")
            of = heard(text)
            named = tuple(terms.split(" | ")) if terms else None
            found.append(Case(number, query, of, mark == "+", named))
    return found


def wrong() -> list[Wrong]:
    """The sign is the last number after a colon."""
    found = []
    for number, mark, rest in lines():
        if mark == "!":
            match = _WRONG.fullmatch(f" {rest}" if rest.startswith(":") else rest)
            assert match, f"line {number}"
            found.append(
                Wrong(number, match[1].strip() if match[1].isspace() else match[1], int(match[2]), match[3])
            )
    return found


def heard(text: str) -> Heard:
    about = _ABOUT.match(text)
    if not about:
        return Heard(text=text)
    said = dict(pair.partition("=")[::2] for pair in about[1].split())
    return Heard(
        text=text[about.end() :],
        language=said.get("lang", ""),
        platform=said.get("platform", ""),
        author=said.get("author", "").replace("_", " "),
        name=said.get("name", "").replace("_", " "),
        url=said.get("url", ""),
        followers=int(said["followers"]) if "followers" in said else None,
        reply="reply" in said,
        direct="direct" in said,
        links=tuple(filter(None, said.get("links", "").split(","))),
    )
