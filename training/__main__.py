"""`make judge`: from the sets in WEBSPIN_JUDGE_DATA and the repository's own corpus to the judge's tables.

Writes `chalicelib/judge/tables/*.table`, the lexicons, and the model card `docs/judge_card.md`. The same
files in give the same files out. CLEAN=1 leaves out the sets without a clear licence.
"""

import os
import sys
from hashlib import sha256
from multiprocessing import Pool, Queue
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: two processes are enough, and sums keep their order

from chalicelib.judge import table as tables
from training import card, lexicons, sentiment, tongues
from training.recipes import recipe
from training.sets import LANGUAGES, folder
from training.sources import SourceError, lacking, sources

if TYPE_CHECKING:
    Counted = Queue[int]

Made = tuple[bytes | None, dict[str, sentiment.Score]]
NAMES = ("en", "language", *(name for name in LANGUAGES if name != "en"))
"""The slowest first."""
_done: "Counted"


def clean_only() -> bool:
    return os.environ.get("CLEAN", "") not in ("", "0")


def allowed(name: str) -> bool:
    known = {source.name: source.clean for source in sources()}
    return not clean_only() or known.get(name, True)


def main() -> int:
    began = monotonic()
    try:
        missing = lacking()
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    for line in card.lacks(missing, clean_only()):
        print(line)
    if folder() is not None and not any(source.name.startswith("lexicon") for source in missing):
        lexicons.write(allowed)
    made = _made()
    for name, (raw, _) in made.items():
        path = os.path.join(tables.FOLDER, f"{name}.table")
        if raw is None:
            print(f"{name}: nothing here teaches it; such messages are left to a person")
            if os.path.exists(path):
                os.remove(path)
            continue
        with open(path, "wb") as file:
            file.write(raw)
        print(f"{name:8} {len(raw):8} bytes  sha256 {sha256(raw).hexdigest()[:16]}")
    card.write(
        {name: raw for name, (raw, _) in made.items() if raw is not None},
        {name: scores for name, (_, scores) in made.items()},
        [source for source in sources() if source not in missing and source.use == "train"],
        clean_only(),
    )
    print(f"in {monotonic() - began:.0f} s")
    return 0


def _made() -> dict[str, Made]:
    """Every table, by name: two at a time, with a bar that says how far."""
    done: Counted = Queue()
    whole, so_far = sum(_rows(name) for name in NAMES), 0
    with Pool(2, _begin, (done,), maxtasksperchild=1) as pool:
        asked = [(name, pool.apply_async(_make, (name,))) for name in NAMES]
        while not all(answer.ready() for _, answer in asked):
            try:
                so_far += done.get(timeout=1)
            except Empty:
                continue
            _bar(so_far / whole)
        _bar(1.0)
        print()
        return {name: answer.get() for name, answer in asked}


def _bar(share: float) -> None:
    if sys.stdout.isatty():
        filled = round(40 * min(1.0, share))
        print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {100 * min(1.0, share):3.0f} %", end="", flush=True)


def _begin(done: "Counted") -> None:
    global _done
    _done = done


def _make(name: str) -> Made:
    if name == "language":
        return tongues.table(allowed, _done.put), {}
    found = recipe(name, allowed)
    return sentiment.table(found, _done.put) if found.has_neutral() else (None, {})


def _rows(name: str) -> int:
    """About how many rows are learned, each time counted."""
    if name == "language":
        return tongues.PACE.epochs * sum(1 for _ in tongues.texts(allowed))
    found = recipe(name, allowed)
    if not found.has_neutral():
        return 0
    texts = sum(len(part.texts) for part in found.parts)
    each = texts + len(found.others)
    times = found.rounds + sentiment.FOLDS * found.rounds_aside
    times += sentiment.FOLDS + 1 if found.beside else 0
    first = sentiment.FIRST * texts * (sentiment.FOLDS + 1) if found.others else 0
    return found.pace.epochs * each * times + first


if __name__ == "__main__":
    sys.exit(main())
