"""The words of a text, each as its stem, so that `verlengd` finds `verlengen`.

Dutch and English are stemmed by Snowball's own stemmers; other languages are taken as they are written,
without accents.
"""

import re
import sys
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from unicodedata import combining, normalize

STEMMERS = {"nl": ("dutch_stemmer", "DutchStemmer"), "en": ("english_stemmer", "EnglishStemmer")}
LONGEST = 3_000
"""Characters read of a message."""
_NAMES = re.compile(r"(?:https?://|www\.)\S+|[@#]?\b\w+@\w\S*|@[\w.@-]+")
_WORD = re.compile(r"[^\W_]+")
_SAYING_LITTLE = {
    "nl": """aan al alle als alsjeblieft alstublieft altijd ben bent bij bedankt dag dan dat de deze die
        dit doe doen doet door dus echt een eens eigenlijk elke en er ergens even gaan gaat graag goedemorgen
        goedemiddag goedenavond gewoon groet groeten had hallo heb hebben hebt heeft heel hem hen het hier hij
        hoe hoeveel hoi hun iemand iets ik in is ja je jij jou jouw jullie kan kon kunnen kunt maar mag me
        mee meer men met mij mijn misschien moet moeten mogen na naar nee nog nou nu of om ook op over s
        te ten tot u uit uw van vanaf veel via voor vraag vraagje waar wanneer want was wat we weet
        weten wel welk welke wie wij wil willen wilt word worden wordt zal ze zei zelf zich zij zijn zo zou
        zouden t toch kom komen komt krijg krijgen krijgt vind vinden""",
    "en": """a about after all also always am an and any anyone are as at be been but by can could did do does
        doing don for from get gets getting go going good got had has have hello hey hi how i if im in into is
        it its just ll know let like may me might morning much my need no now of on one or our please
        possible question quick re s she should so some someone t tell thank thanks that the their them then
        there these they this to too up us ve want was we were what when where which who whom will with
        would you your find wondering afternoon evening""",
}
"""Words that tell no question from another."""


def stems(text: str, language: str) -> list[str]:
    """Of the words that say something, in their order. Names, addresses and links are left out."""
    little, stem = _little(language), _stem
    words = _WORD.findall(normalize("NFC", _NAMES.sub(" ", text)).lower())
    return [stem(word, language) for word in words if word not in little]


def _folded(word: str) -> str:
    return "".join(c for c in normalize("NFKD", word) if not combining(c))


@cache
def _little(language: str) -> frozenset[str]:
    return frozenset(_SAYING_LITTLE.get(language, "").split())


@lru_cache(maxsize=10_000)
def _stem(word: str, language: str) -> str:
    return _folded(_stemmer(language).stemWord(word) if language in STEMMERS else word)


@cache
def _stemmer(language: str) -> Any:
    """Its package loads 33 languages, a tenth of a second; so the two are taken from beside it."""
    if "snowballstemmer" not in sys.modules:
        spec = find_spec("snowballstemmer")
        package = ModuleType("snowballstemmer")
        package.__path__ = list(spec.submodule_search_locations or ()) if spec else []
        sys.modules["snowballstemmer"] = package
    module, name = STEMMERS[language]
    return getattr(import_module(f"snowballstemmer.{module}"), name)()
