"""A table of learned weights: read from the package, checked, and looked up by a feature's number.

A file is one line `webspin-table 1 <sha256 of all that follows>`, one line of JSON, and then the columns one
after the other, each of 2**bits bytes: a weight is (byte - 128) * scale. Made by `make judge`.
"""

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

MAGIC = "webspin-table 1"
FOLDER = os.path.join(os.path.dirname(__file__), "tables")
_MOST_WORDS = 20_000
"""Words whose sums are kept, a table."""


class TableError(Exception):
    """A table that is not as it was made: its name, and the checksums asked and found."""


class Table:
    """`head` is the JSON line; `columns` are bytes of equal length, a power of two."""

    def __init__(self, name: str, raw: bytes) -> None:
        """Raises TableError for anything but the whole file as it was written."""
        first, _, rest = raw.partition(b"\n")
        asked, found = first.decode("ascii", "replace"), f"{MAGIC} {sha256(rest).hexdigest()}"
        if asked != found:
            raise TableError(f"table {name}: expected {found!r}, found {asked[:100]!r}")
        head, _, body = rest.partition(b"\n")
        self.name = name
        self.head: Mapping[str, Any] = json.loads(head)
        size = 1 << self.head["bits"]
        self.mask = size - 1
        self.scale: float = self.head["scale"]
        self.columns = [body[at : at + size] for at in range(0, len(body), size)]
        self._get = [column.__getitem__ for column in self.columns]

    def sums(self, numbers: Sequence[int]) -> tuple[float, ...]:
        """The weights of these features together, a column."""
        mask, zero = self.mask, 128 * len(numbers)
        places = [number & mask for number in numbers]
        return tuple(self.scale * (sum(map(get, places)) - zero) for get in self._get)


def present() -> list[str]:
    """The names of the tables in the package."""
    return sorted(name[:-6] for name in os.listdir(FOLDER) if name.endswith(".table"))


def load(name: str) -> Table:
    """Raises TableError if it is not as it was made, or not there."""
    try:
        with open(os.path.join(FOLDER, f"{name}.table"), "rb") as file:
            return Table(name, file.read())
    except OSError as error:
        raise TableError(f"table {name}: {error.strerror}") from error


def written(head: Mapping[str, Any], columns: Sequence[bytes]) -> bytes:
    """A file that `Table` reads."""
    rest = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    rest += b"\n" + b"".join(columns)
    return f"{MAGIC} {sha256(rest).hexdigest()}\n".encode() + rest
