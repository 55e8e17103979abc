"""The labelled texts and word lists that the judge learns from; most may not be passed on and lie elsewhere.

`data/SOURCES.md` names them. `WEBSPIN_JUDGE_DATA` names the folder of `*.tsv.gz` files: tab separated, one
header line, with the columns `text`, `label`, `lang` and `split` (word lists have their own).
"""

import csv
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "data" / "corpus"
LABELS = ("negative", "neutral", "positive")
LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt")

Row = dict[str, str]


def folder() -> Path | None:
    named = os.environ.get("WEBSPIN_JUDGE_DATA", "")
    return Path(named) if named else None


def rows(name: str) -> Iterator[Row]:
    """The rows of `<name>.tsv.gz`, or of `<name>.tsv`; none where the set is not there."""
    at = folder()
    if at is None:
        return
    path = at / f"{name}.tsv.gz"
    if path.exists():
        raw = gzip.decompress(path.read_bytes())
    elif path.with_suffix("").exists():
        raw = path.with_suffix("").read_bytes()
    else:
        return
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


def corpus() -> list[Row]:
    """The repository's own messages, with the label of their writer."""
    found: list[Row] = []
    for path in sorted(CORPUS.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return found
