"""What a message shows a table: words, runs of letters, pairs and denied words by number, the rest by name.

A feature's number is the CRC of its bytes, begun differently for each family; a table keeps as many low
bits of it as it is wide. Each family's sum is divided by the root of its size, so that a long message
does not shout. What reads like a headline has every hashed feature twice, the second time with a number of
its own: words that say the same everywhere are learned once, and "falls" may still be bad news in a headline
only. Trainer and judge both call this module, so that they cannot differ.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from chalicelib.judge.faces import FACES
from chalicelib.judge.tokens import Token, is_mark
from chalicelib.judge.weighing import NOT, Weight

PAIRS, DENIALS = 0.7, 0.7
"""What these families count for beside words and runs."""
HALF = 3.0
"""A sum of scores that counts for half of all that words can say: the tenth insult adds little."""
_WORD, _RUN, _PAIR, _DENIED = 1, 2, 3, 4
"""Where the CRC of each family begins."""
_LONGEST_WORD = 40
_REACH = 5
"""Words that a negation colours."""
_STRETCHED = re.compile(r"(.)\1{2,}")
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxyz")
_ENDS = frozenset(".!?…\n,;:()")
_HEADLINE = 0x5BD1E995
"""What turns a feature's number into that of the same in a headline."""
_FULL_STOPS = frozenset(".!?…\n")
_TALK_NL = """
ik jij je jou jouw jullie ge gij u uw we wij ons onze mij me mijn k m'n is was waren zijn ben heb hebben heeft
wat zo echt heel weer
"""
_TALK = {"nl": frozenset(_TALK_NL.split())}
"""Words of who speaks and is spoken to, and how people tell, in the languages that headlines taught."""
_OPENS_NL = "de het een er dit dat deze die hier daar"
_OPENS = {"nl": frozenset(_OPENS_NL.split())}
"""What a sentence begins with, and a headline seldom: "De stoelen staan in de zaal" is no news."""
_SHORTEST, _LONGEST = 3, 16
"""Words of a headline."""
RAISES = "!^"
"""In place of a word of degree that raised a word of the lexicon. It counts there and nowhere else, lest
"heel goed" be less than "goed" because much that is heel is bad."""
_RAISE = frozenset(("nl",))
"""Where words of degree are learned so, and accents are emphasis."""
_ACCENTS = str.maketrans("áéíóúàèìòù", "aeiouaeiou")
_SEE_LINKS = frozenset(("de", "fr", "es", "it", "pt"))
"""Where it counts that there is a link, whatever it is: who passes on news feels less. Elsewhere it taught
nothing."""


class Shown(NamedTuple):
    """Of one message. `pairs` and `denied` hold (place, number): the index of the token they stand at."""

    words: list[str]
    """One a token, as it is spelled for counting; marked "!" where the lexicon knows better, and then without
    runs: "!good" was turned by a negation, "!+" is part of a phrase that praises. `RAISES` is no feature."""
    pairs: list[tuple[int, int]]
    denied: list[tuple[int, int]]
    named: dict[str, float]
    headline: bool


def counted(words: list[str]) -> int:
    """How many of `Shown.words` are features."""
    return len(words) - words.count(RAISES)


def plain(text: str) -> str:
    """Without the accents of emphasis: "héél" is "heel", "níet" is "niet"."""
    return text if text.isascii() else text.translate(_ACCENTS)


@lru_cache(20_000)
def spelled(text: str) -> str:
    """A token as it is counted: "looongggg" is "loong", every number is "0"."""
    if text[0].isdigit():
        return "0"
    return _STRETCHED.sub(_shrunk, text[:_LONGEST_WORD])


def _shrunk(found: re.Match[str]) -> str:
    return found[1] if found[1] in _CONSONANTS else found[1] * 2


def word_number(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"), _WORD)


def runs(word: str) -> list[int]:
    """The runs of three to five bytes in a word and its two ends; none of marks and faces."""
    if not word[0].isalpha():
        return []
    whole = f"<{word}>".encode("utf-8", "replace")
    size = len(whole)
    return [crc32(whole[at : at + n], _RUN) for n in (3, 4, 5) for at in range(size - n + 1)]


def told(numbers: list[int], headline: bool) -> list[int]:
    """The numbers under which these features are learned."""
    return numbers + [number ^ _HEADLINE for number in numbers] if headline else numbers


def is_headline(tokens: Sequence[Token], language: str) -> bool:
    """A few words without a full stop, a face, or anybody who speaks. Names and links make no difference."""
    talk = _TALK.get(language)
    if not talk:
        return False
    words = 0
    for token in tokens:
        text = token.text
        if text[0].isalpha():
            words += 1
            if words > _LONGEST or text in talk or (words == 1 and text in _OPENS[language]):
                return False
        elif text in FACES or (is_mark(text) and not _FULL_STOPS.isdisjoint(text)):
            return False
    return words >= _SHORTEST


def is_linked(text: str) -> bool:
    return "http" in text or "www." in text


def shown(tokens: Sequence[Token], weight: Weight, language: str, *, ironic: bool, linked: bool) -> Shown:
    negators = NOT[language]
    folds = language in _RAISE
    words = [spelled(plain(token.text) if folds else token.text) for token in tokens]
    pairs, denied = [], []
    since, last, marks, loud, stretched = _REACH, "", "", 0, False
    raising = {hit.raised for hit in weight.hits} if language in _RAISE else frozenset()
    for at, (token, word) in enumerate(zip(tokens, words, strict=True)):
        if token.start in raising:
            words[at] = RAISES
            continue
        if last:
            pairs.append((at, crc32(f"{last} {word}".encode("utf-8", "replace"), _PAIR)))
        last = word
        if word[0] in _ENDS:
            since = _REACH
            marks += token.text
        elif word in negators:
            since = 0
        elif word[0].isalpha():
            if since < _REACH:
                denied.append((at, crc32(word.encode("utf-8", "replace"), _DENIED)))
            since += 1
            loud += token.loud
            stretched = stretched or len(word) < len(token.text)
    named = weighed(weight, ironic)
    named["bias"] = named[f"long {min(counted(words).bit_length(), 7)}"] = 0.25
    if loud:
        named[f"loud {min(loud, 3)}"] = 0.25
    if stretched:
        named["stretched"] = 0.25
    for mark in "!?":
        if mark in marks:
            named[f"{mark} {min(marks.count(mark), 3)}"] = 0.25
    if linked and language in _SEE_LINKS:
        named["link"] = 1.0
    if headline := is_headline(tokens, language):
        named["headline"] = 0.5
    _mark(words, tokens, weight)
    return Shown(words, pairs, denied, named, headline)


def _mark(words: list[str], tokens: Sequence[Token], weight: Weight) -> None:
    """A word that a negation turned, and those of a phrase, are no longer counted as they are spelled."""
    places = None
    for hit in weight.hits:
        if hit.turned >= 0 or hit.phrase:
            places = places or {token.start: at for at, token in enumerate(tokens)}
            if hit.turned >= 0:
                at = places[hit.turned]
                words[at] = f"!{words[at]}"
                continue
            at = places[hit.start]
            while at < len(tokens) and tokens[at].start < hit.end:
                words[at] = "!+" if hit.score > 0 else "!-"
                at += 1


def weighed(weight: Weight, ironic: bool) -> dict[str, float]:
    """What the lexicon makes of it. The values are those of which the trials came out best."""
    good, bad = weight.good / (weight.good + HALF), weight.bad / (weight.bad + HALF)
    lean = max(-5, min(5, round(weight.good - weight.bad)))
    named = {"good": 2 * good, "bad": 2 * bad, f"lean {lean}": 0.7}
    if good and bad:
        named["both"] = 2 * min(good, bad)
    if weight.hits:
        named["last good" if weight.hits[-1].score > 0 else "last bad"] = 0.5
    if turned := -sum(hit.score for hit in weight.hits if hit.turned >= 0 > hit.score):
        named["turned good"] = 2 * turned / (turned + HALF)
    if weight.nots:
        named["not"] = min(weight.nots, 3) / 3
    if ironic:
        named["ironic"] = 0.5
        named["ironic praise"] = 2 * good
    return named
