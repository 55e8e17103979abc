"""What a text's words weigh together: hits of the lexicon, turned by negation, raised and lowered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.judge.faces import FACES
from chalicelib.judge.lexicon import Lexicon
from chalicelib.judge.tokens import Token, is_mark


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _degrees(more: str, less: str) -> dict[str, float]:
    return dict.fromkeys(more.split(), 1.3) | dict.fromkeys(less.split(), 0.7)


NOT = {
    "nl": _set("niet nie geen nooit nergens nauwelijks amper zonder niemand niks niets noch"),
    "en": _set(
        """not no never none nobody nothing without hardly barely neither nor cannot ain't don't doesn't
        didn't isn't wasn't aren't weren't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't dont
        doesnt didnt isnt wasnt wont cant"""
    ),
    "de": _set(
        "nicht nich ned kein keine keinen keiner keinem keines nie niemals nichts niemand ohne kaum weder"
    ),
    "fr": _set("pas jamais rien aucun aucune sans ni personne guère"),
    "es": _set("no nunca jamás nada sin ni tampoco ningún ninguna ninguno nadie apenas"),
    "it": _set("non nn mai niente nulla senza né nessuno nessuna nessun"),
    "pt": _set("não nao n nunca jamais nada sem nem nenhum nenhuma ninguém tampouco"),
}
_DEGREE = {
    "nl": _degrees(
        """heel erg zo super zeer echt ontzettend mega enorm ongelooflijk bijzonder absoluut totaal helemaal
        extreem onwijs gewoonweg veel wat""",
        "beetje redelijk best aardig enigszins vrij soms ietwat",
    ),
    "en": _degrees(
        """very really so extremely super absolutely totally incredibly truly completely too such most
        ridiculously insanely utterly""",
        "slightly somewhat bit kinda fairly rather quite sometimes sort",
    ),
    "de": _degrees(
        "sehr so total echt mega super voll extrem richtig wirklich absolut besonders viel", "etwas"
    ),
    "fr": _degrees(
        "très trop tellement vraiment super hyper si extrêmement absolument tout", "assez peu plutôt"
    ),
    "es": _degrees("muy tan super súper demasiado realmente totalmente mucho", "algo poco bastante"),
    "it": _degrees("molto tanto troppo davvero così super veramente assolutamente", "abbastanza poco"),
    "pt": _degrees("muito mt mto tão super demais realmente totalmente bem", "pouco meio"),
}
_BUT = {
    "nl": _set("maar echter alleen"),
    "en": _set("but however yet"),
    "de": _set("aber jedoch"),
    "fr": _set("mais pourtant"),
    "es": _set("pero sino"),
    "it": _set("ma però"),
    "pt": _set("mas porém"),
}
_GLUE = _set("een de het a an the")
"""Between a word of degree and what it raises."""
_REACH = 7
"""Words that a negation reaches ahead within its clause."""
_TURNED_GOOD, _TURNED_BAD = -0.75, -0.35
"""What is left of praise, and of blame, behind a negation."""
_BEFORE_BUT = 0.6
_LOUD = 1.25
_STRETCHED = re.compile(r"(.)\1{2,}")


class Hit(NamedTuple):
    """A passage `text[start:end]` that counts for `score`."""

    start: int
    end: int
    score: float
    turned: int = -1
    """Where the word begins that a negation turned; `start` is then the negation's, if it was the first."""
    phrase: bool = False
    """Several words that the lexicon knows as one."""
    raised: int = -1
    """Where the word begins that raised it ("heel"), if no negation turned it."""


@dataclass(slots=True)
class Weight:
    """`good` and `bad` are sums of scores, both 0 or more; `nots` negations that turned nothing."""

    hits: list[Hit] = field(default_factory=list)
    nots: int = 0
    good: float = 0.0
    bad: float = 0.0


def weigh(tokens: Sequence[Token], lexicon: Lexicon, language: str) -> Weight:
    """One pass over the tokens. `language` chooses the small words."""
    weight = Weight()
    negators, degrees, but = NOT[language], _DEGREE[language], _BUT[language]
    denial = -1  # index of the last negation that still reaches ahead
    used = True  # has it turned anything?
    degree, raised = 1.0, -1
    before_but = 0  # hits that the last "but" plays down
    i = 0
    while i < len(tokens):
        token = tokens[i]
        text = token.text
        if is_mark(text):
            weight.nots += not used
            denial, used, degree, raised = -1, True, 1.0, -1
            i += 1
            continue
        phrase, length = _phrase(tokens, i, lexicon)
        score = phrase if length else _score(text, lexicon)
        last = tokens[i + max(length, 1) - 1]
        if not length and text in negators:
            weight.nots += not used
            denial, used = i, False
        elif text in but:
            before_but = len(weight.hits)
            weight.nots += not used
            denial, used = -1, True
        if score:
            start, turned = token.start, -1
            score *= degree * (_LOUD if token.loud else 1.0)
            own = any(part.text in negators for part in tokens[i : i + length])
            if denial >= 0 and denial != i and i - denial <= _REACH and not own and text not in FACES:
                score *= _TURNED_GOOD if score > 0 else _TURNED_BAD
                turned = start
                start, used = (start if used else tokens[denial].start), True
            weight.hits.append(Hit(start, last.end, score, turned, length > 1, raised if turned < 0 else -1))
            degree, raised = degrees.get(text, 1.0), -1
        elif text not in negators and text not in _GLUE:
            degree = degrees.get(text, 1.0)
            raised = token.start if degree > 1 else -1
        i += max(length, 1)
    weight.nots += not used
    for n, hit in enumerate(weight.hits[:before_but]):
        weight.hits[n] = hit._replace(score=hit.score * _BEFORE_BUT)
    weight.good = sum(hit.score for hit in weight.hits if hit.score > 0)
    weight.bad = -sum(hit.score for hit in weight.hits if hit.score < 0)
    return weight


def spared(weight: Weight, good: bool) -> Weight:
    """As if none of its praise were there, or none of its blame."""
    kept = [hit for hit in weight.hits if (hit.score > 0) is not good]
    return Weight(kept, weight.nots, 0.0 if good else weight.good, weight.bad if good else 0.0)


def _phrase(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[float, int]:
    """The longest phrase that begins here: its score and length, or 0 and 0."""
    begun = lexicon.phrases.get(tokens[at].text)
    if begun and at + 1 < len(tokens):
        second = tokens[at + 1].text
        for parts, score in begun:
            if parts[1] == second and tuple(one.text for one in tokens[at : at + len(parts)]) == parts:
                return score, len(parts)
    return 0.0, 0


def _score(text: str, lexicon: Lexicon) -> float:
    words = lexicon.words
    if (score := words.get(text)) is not None:
        return score
    if (score := FACES.get(text)) is not None:
        return score
    if _STRETCHED.search(text):  # "suuuper", "geweldigggg"
        for left in (r"\1\1", r"\1"):
            if (score := words.get(_STRETCHED.sub(left, text))) is not None:
                return score * 1.2
    if not text.isascii():
        return _plain_score(text, words)
    return 0.0


def _plain_score(text: str, words: dict[str, float]) -> float:
    """Of the word without accents: "héél", "níet"."""
    from unicodedata import combining, normalize

    return words.get("".join(c for c in normalize("NFD", text[:60]) if not combining(c)), 0.0)
