"""The labelled texts and word lists that the judge is built and measured with; they lie elsewhere.

`WEBSPIN_SENTIMENT` names the folder of `*.tsv.gz` files: tab separated, one header line, with the columns
`text`, `label`, `lang` and `split` (word lists have their own). Most may not be passed on, so none are here.
"""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

LABELS = ("negative", "neutral", "positive")


def folder() -> Path:
    """Exits with a sentence where the data are not."""
    named = os.environ.get("WEBSPIN_SENTIMENT", "")
    if not named or not Path(named).is_dir():
        raise SystemExit("WEBSPIN_SENTIMENT is not set to a folder of labelled texts; see docs/judge.md")
    return Path(named)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of `<name>.tsv.gz`, or of `<name>.tsv`, as mappings by column."""
    path = folder() / f"{name}.tsv.gz"
    raw = gzip.decompress(path.read_bytes()) if path.exists() else path.with_suffix("").read_bytes()
    columns, *lines = (line.split("\t") for line in raw.decode().removesuffix("\n").split("\n"))
    for line in lines:
        yield dict(zip(columns, line, strict=False))


def labelled(name: str, language: str, *splits: str) -> list[tuple[str, int]]:
    """(text, index in `LABELS`) of the rows in `language`; of these splits only, where any are named."""
    return [
        (row["text"], LABELS.index(row["label"]))
        for row in rows(name)
        if row["lang"] == language and row["label"] in LABELS and (not splits or row["split"] in splits)
    ]
