"""What `make judge` says and writes about what it made: the model card, and the notices with the tables."""

import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from chalicelib.judge import table as tables
from training.sentiment import Measured, Score
from training.sets import ROOT, corpus, folder
from training.sources import Source

CARD = ROOT / "docs" / "judge_card.md"
# Of the tables in the repository, and of those that the recipes of `tables-4` made without the other sets.
COSTS: dict[str, tuple[float, ...]] = {
    "everything": (0.665, 0.687, 0.693, 0.721, 0.629, 0.688, 0.938, 0.821),
    "clean sets only": (0.571, 0.579, 0, 0.636, 0.620, 0.619, 0.875, 0.821),
    "the repository alone": (0.588, 0.591, 0, 0.657, 0.444, 0.624, 0.812, 0.857),
}
NOTICES = {
    "nl_economic_headlines": "ecosent, van Atteveldt, van der Velden, Boukes; MIT licence",
    "xed_subtitles": "XED, Emily Öhman, Marc Pàmies, Kaisla Kajava, Jörg Tiedemann; CC BY 4.0",
    "mozetic_polar_tweets": "Twitter sentiment, Mozetič, Grčar, Smailović; CC BY-SA 4.0",
}
WEAKNESSES = """\
* Irony without a cue is read as it is written; that lowers no certainty.
* Facts that are bad news without a bad word, and bad words without a bad opinion (the film
  "De slechtste dag").
* News: two in five headlines about the economy are read otherwise than an expert reads them.
* Whom it is about: praise for a competitor is praise.
* Languages beside Dutch and English learned from some 2,000 tweets each, none of them to an organisation.
* Afrikaans and Frisian are taken for Dutch half of the time.
"""


def lacks(missing: Sequence[Source], clean: bool) -> Iterator[str]:
    """What will not teach in this run, and what that cost when it was measured."""
    if folder() is None:
        yield "WEBSPIN_JUDGE_DATA is not set: only what the repository holds teaches."
    for source in missing:
        yield f"lacking: {source.file} ({source.origin})"
    if clean:
        yield "CLEAN=1: sets without a clear licence do not teach."
    if missing or clean:
        yield "What that costs, as measured when the tables in the repository were made:"
        yield from (f"  {line}" for line in _costs())


def write(
    made: Mapping[str, bytes],
    scores: Mapping[str, Mapping[str, Score]],
    used: Sequence[Source],
    clean: bool,
) -> None:
    taught = [source for source in used if source.clean or not clean]
    lines = [
        "# Model card of the judge's tables",
        "",
        "Made by `make judge`; do not edit. How the judge works, and how well: [judge.md](judge.md).",
        "",
        "## Taught by",
        "",
        "| set | licence | checksum |",
        "|---|---|---|",
        f"| the corpus in `data/`, {len(corpus())} messages, written by a machine | CC0 1.0 | |",
        *(
            f"| {source.name}: {source.origin} | {source.licence} | `{source.checksum}` |"
            for source in taught
        ),
        "",
        "Weights only: no text of these sets is in a table. More: [SOURCES.md](../data/SOURCES.md).",
        "",
        "## Tables",
        "",
        "| table | bytes | SHA-256 |",
        "|---|---|---|",
        *(
            f"| `{name}.table` | {len(raw):,} | `{sha256(raw).hexdigest()[:16]}` |"
            for name, raw in sorted(made.items())
        ),
        "",
        "## Scores of texts that were not taught",
        "",
        "Each set in five parts: a part is read by tables that were taught with the other four. By the",
        "balanced label, in brackets the 95 % interval; the calibration error is that of the natural",
        "probabilities, which were fitted on these parts together. Test parts: `make judge-eval`.",
        "",
        "| table | set | texts | macro-recall | macro-F1 | accuracy | calibration error |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {of} | {score.texts} | {_with_ends(score.recall)} | {_with_ends(score.f1)} "
            f"| {score.accuracy:.3f} | {score.error:.3f} |"
            for name, found in sorted(scores.items())
            for of, score in sorted(found.items())
        ),
        "",
        "## What sets cost",
        "",
        *_costs(),
        "",
        "## Known weaknesses",
        "",
        WEAKNESSES,
    ]
    CARD.write_text("\n".join(lines), encoding="utf-8")
    notices = [NOTICES[source.name] for source in taught if source.name in NOTICES]
    text = "The tables in this folder hold weights that were learned from, among others:\n\n"
    text += "".join(f"* {notice}\n" for notice in notices)
    with open(os.path.join(tables.FOLDER, "NOTICE"), "w", encoding="utf-8") as file:
        file.write(text)


def _with_ends(found: Measured) -> str:
    value, low, high = found
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


FIGURES = (
    "TweetEval",
    "UMSAB en",
    "UMSAB de",
    "political nl",
    "headlines nl",
    "airline en",
    "challenge nl",
    "challenge en",
)


def _costs() -> Iterator[str]:
    yield f"| taught by | {' | '.join(FIGURES)} |"
    yield "|---" * (len(FIGURES) + 1) + "|"
    for name, values in COSTS.items():
        yield f"| {name} | {' | '.join(f'{value:.3f}' if value else '-' for value in values)} |"
