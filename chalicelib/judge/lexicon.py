"""The words a judgement rests on: read once a language, on first use.

`lexicon_<language>.txt` is made from published lexicons (its head names them); `webcare_<language>.txt`
is ours and goes before it. Both: a word or phrase, a tab, a score from -4 to 4.
"""

import os
from functools import cache
from typing import NamedTuple

LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt")


class Lexicon(NamedTuple):
    words: dict[str, float]
    phrases: dict[str, tuple[tuple[tuple[str, ...], float], ...]]
    """By first word: whole phrases with their score, longest first."""


@cache
def lexicon(language: str) -> Lexicon:
    """Of one of `LANGUAGES`."""
    words: dict[str, float] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    for name in ("lexicon", "webcare"):
        for line in _lines(f"{name}_{language}.txt"):
            entry, tab, score = line.partition("\t")
            if not tab:
                continue
            if " " in entry:
                parts = tuple(entry.split(" "))
                phrases.setdefault(parts[0], []).append((parts, float(score)))
            else:
                words[entry] = float(score)
    longest = {
        first: tuple(sorted(found, key=lambda phrase: -len(phrase[0]))) for first, found in phrases.items()
    }
    return Lexicon(words, longest)


def _lines(name: str) -> list[str]:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read().splitlines()
