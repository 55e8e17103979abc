"""Is an answer honest? Rules over its text: who speaks and for whom, nothing feigned, nothing leaked, no
empty promise. Dutch and English side by side, for people write both in one text.

The rules go by words (`honesty_words.py`) and so know nothing for certain; how often they are right is
measured on written examples (`tests/domain/test_honesty.py`) and told in `docs/answering.md`. A brand sets
which of them block; the others warn. A person decides.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain import honesty_words as says
from chalicelib.domain.wording import pattern as _pattern, sentences as _sentences


class Rule(StrEnum):
    """`UNNAMED`: who speaks, and for whom, is not in the text. `PRAISE`: of ourselves, as if by somebody
    else. `EXPERIENCE`: claimed as a customer's. `REMOVAL`: of criticism, asked for. `SALE`: pushed at a
    complaint. `PERSONAL`: data of somebody, given or asked for in public. `PROMISE`: of ours, without a date.
    """

    UNNAMED = "unnamed"
    PRAISE = "praise"
    EXPERIENCE = "experience"
    REMOVAL = "removal"
    SALE = "sale"
    PERSONAL = "personal"
    PROMISE = "promise"


BLOCK, WARN = "block", "warn"
GRAVE = (Rule.EXPERIENCE, Rule.REMOVAL, Rule.PERSONAL)
"""What cannot be mended once it was read."""
USUAL: Mapping[str, str] = {rule.value: BLOCK if rule in GRAVE else WARN for rule in Rule}
"""What a rule does where a brand has not said otherwise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`passage` is what broke the rule, as it stands in the text; "" for what is not there."""

    rule: Rule
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A text that is to be sent. `names` are of who may stand under it; `complaint`: it answers one."""

    text: str
    names: tuple[str, ...]
    organisation: str
    complaint: bool


def check(answer: Answer) -> tuple[Finding, ...]:
    """At most one finding a rule, in the order of `Rule`."""
    found = (
        _unnamed(answer),
        _praise(answer),
        _experience(answer),
        _removal(answer),
        _sale(answer),
        _personal(answer),
        _promise(answer),
    )
    return tuple(each for each in found if each)


# who speaks, and for whom ---------------------------------------------------------------------------


def _unnamed(answer: Answer) -> Finding | None:
    greeted = _pattern(says.GREETING).sub("", answer.text)
    signed = any(_is_signed(greeted, name, answer.organisation) for name in answer.names if name)
    return None if signed and _organisation(answer) else Finding(Rule.UNNAMED)


def _is_signed(text: str, name: str, organisation: str = "") -> bool:
    """By a name that is not the organisation's too, or by initials behind a mark or at a line's beginning."""
    words = [word for word in re.findall(r"[^\W\d_]+", name) if len(word) > 1]
    own = [word for word in words if word[0].isupper() and not _has_word(organisation, word)]
    if any(_has_word(text, word) for word in own if len(word) > 2):
        return True
    if words and len(words[0]) == 2 and _has_word(text, words[0]):
        return True
    all_of_them, capitals = (word[0] for word in words), (word[0] for word in words if word[0].isupper())
    initials = {"".join(all_of_them).upper(), "".join(capitals)} - {""}
    return any(re.search(rf"(?:{says.MARK}|\n){re.escape(each)}\b", text) for each in initials)


def _organisation(answer: Answer) -> str:
    """The word by which the text names the organisation; "" for none."""
    if answer.organisation.casefold() in answer.text.casefold():
        return answer.organisation
    words = re.findall(r"[^\W_]+", answer.organisation)
    telling = [word for word in words if len(word) > 3 and not _pattern(says.COMMON).fullmatch(word)]
    telling += [word for word in words if word.isupper() and len(word) > 1]
    telling = telling or [word for word in words if len(word) > 3]
    return next((word for word in telling if _has_word(answer.text, word)), "")


def _without(sentence: str, names: Iterable[str]) -> str:
    """Somebody may be called Best."""
    words = [re.escape(word) for name in names for word in name.split()]
    return re.sub(rf"\b(?:{'|'.join(words)})\b", "", sentence) if words else sentence


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?:'?s)?(?!\w)", text, re.IGNORECASE) is not None


# nothing feigned ------------------------------------------------------------------------------------


def _praise(answer: Answer) -> Finding | None:
    """What thanks somebody praises them, and a name under a text is called what it is called."""
    name = _organisation(answer)
    if not name or _pattern(says.BELONGS).search(answer.text):
        return None
    said = [each for each in _sentences(answer.text) if not _pattern(says.THANKS).search(each)]
    body = [each for each in said if len(each.split()) > 4 or not _is_signature(each, answer)]
    praised = [each for each in body if _pattern(says.PRAISED).search(_without(each, answer.names))]
    return Finding(Rule.PRAISE, praised[0]) if praised and _has_word(" ".join(body), name) else None


def _is_signature(sentence: str, answer: Answer) -> bool:
    return any(_is_signed(f"\n{sentence}", name) for name in answer.names)


def _experience(answer: Answer) -> Finding | None:
    return _first(Rule.EXPERIENCE, answer.text, says.LIVED)


def _removal(answer: Answer) -> Finding | None:
    before = ""
    for sentence in _sentences(answer.text):
        asked = _pattern(says.TIED).search(sentence) or _pattern(says.ASKED).search(sentence)
        asked = asked or (
            _pattern(says.THAT).search(sentence) and _pattern(rf"\b{says.CRITICISM}\b").search(before)
        )
        if asked and _pattern(says.TO_THEM).search(sentence) and not _pattern(says.BY_US).search(sentence):
            return Finding(Rule.REMOVAL, sentence)
        before = sentence
    return None


def _sale(answer: Answer) -> Finding | None:
    if not answer.complaint:
        return None
    for sentence in _sentences(answer.text):
        made_good = _pattern(says.MADE_GOOD).search(sentence) and not _pattern(says.AGAIN).search(sentence)
        if _pattern(says.OFFERED).search(sentence) and not made_good:
            return Finding(Rule.SALE, sentence)
    return None


# nothing leaked -------------------------------------------------------------------------------------


def _personal(answer: Answer) -> Finding | None:
    sentences = list(_sentences(answer.text))
    for number, sentence in enumerate(sentences):
        around = " ".join(sentences[max(0, number - 1) : number + 2])
        if _gives(sentence, answer) or _asks(sentence, around):
            return Finding(Rule.PERSONAL, sentence)
    return None


def _gives(sentence: str, answer: Answer) -> bool:
    if _pattern(says.BANK).search(sentence) or _gives_address(sentence):
        return True
    if any(_pattern(each).search(sentence) for each in (says.NUMBERED, says.CITIZEN, says.BORN)):
        return True
    return _gives_phone(sentence) or _gives_mail(sentence, answer)


def _gives_address(sentence: str) -> bool:
    found = _pattern(says.STREET, flags=0).search(sentence) or _pattern(says.STREET_TYPED).search(sentence)
    theirs, ours = (_pattern(each).search(sentence) for each in (says.THEIR_PLACE, says.OUR_PLACE))
    return found is not None and bool(theirs or not ours)


def _gives_phone(sentence: str) -> bool:
    for found in _pattern(says.PHONE).finditer(sentence):
        if sum(c.isdigit() for c in found[0]) < 9 or re.search(says.OF_ALL, found[0]):
            continue
        before = sentence[: found.start()]
        mobile = re.match(r"(?:\+?31|0)\W{0,2}6|(?:\+?32|0)\W{0,2}4\d\d|(?:\+?44|0)\W{0,2}7", found[0])
        ours = _pattern(says.OUR_PHONE).search(sentence) or (
            not mobile and _pattern(says.CALLED).search(before)
        )
        if _pattern(says.THEIR_PHONE).search(before) or not ours:
            return True
    return False


def _gives_mail(sentence: str, answer: Answer) -> bool:
    for found in _pattern(says.MAIL).finditer(sentence):
        words = [word.casefold() for word in re.findall(r"[^\W_]{3,}", answer.organisation)]
        ours = any(word in found[0].casefold().partition("@")[2] for word in words)
        named = "." in found[0].partition("@")[0]
        if _pattern(says.FREE).search(found[0]) or not (ours or _pattern(says.OFFICE).search(found[0])):
            return True
        if named and not _pattern(says.OFFICE).search(found[0]) and not ours:
            return True
    return False


def _asks(sentence: str, around: str) -> bool:
    asked = _pattern(says.ASKS).search(sentence)
    return (
        asked is not None
        and not _pattern(says.PRIVATE).search(around)
        and not _pattern(says.WARNED).search(sentence)
    )


# no promise without a date --------------------------------------------------------------------------


def _promise(answer: Answer) -> Finding | None:
    sentences = list(_sentences(answer.text))
    for number, sentence in enumerate(sentences):
        read = _pattern(says.NO_PROMISE).sub(" ", sentence)
        if sentence.endswith("?") or not _pattern(says.PROMISED).search(read):
            continue
        near = " ".join(sentences[number : number + 2])
        if not _pattern(says.WHEN).search(near) and not _pattern(says.TERM).search(answer.text):
            return Finding(Rule.PROMISE, sentence)
    return None


# reading --------------------------------------------------------------------------------------------


def _first(rule: Rule, text: str, pattern: str) -> Finding | None:
    return next(
        (Finding(rule, sentence) for sentence in _sentences(text) if _pattern(pattern).search(sentence)), None
    )


def blocking(findings: Iterable[Finding], settings: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules among them that stop a text at a brand with these `settings` (`Brand.honesty`)."""
    does = {**USUAL, **settings}
    return tuple(each.rule for each in findings if does[each.rule] == BLOCK)
