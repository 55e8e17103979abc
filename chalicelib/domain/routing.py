"""Whose is it? The department that a mention's words point to, with the rule that fired."""

from chalicelib.domain.brand import Brand
from chalicelib.domain.conditions import Heard
from chalicelib.domain.matching import hits, matcher

_TOLD = {
    "nl": {
        "topic": "“{word}” is een woord van {department}",
        "watch": "“{word}” raakt zoekopdracht {watch}, die naar {department} gaat",
        "first": "geen woord wees een afdeling aan: naar {department}",
    },
    "en": {
        "topic": "“{word}” is a word of {department}",
        "watch": "“{word}” matches the watch {watch}, which goes to {department}",
        "first": "no word named a department: to {department}",
    },
}


def department(brand: Brand, of: Heard) -> tuple[str, str]:
    """The id of the department, and the rule that chose it. The first rule that fits wins.

    1. A department's topics, in the brand's order: `topic:<word>`. 2. A watch that names a department:
    `watch:<id>:<word>`. 3. The first department: `first`.
    """
    for each in brand.departments:
        if found := hits(each.topics, of.text):
            return each.id, f"topic:{found[0]}"
    for match in matcher(brand.watches).found(of):
        watch = brand.watches[match.number]
        if watch.department:
            return brand.department(watch.department).id, f"watch:{watch.id}:{match.word}"
    return brand.departments[0].id, "first"


NAMES = 5
"""Names kept of a mention: more would not fit a line."""


def names(brand: Brand, of: Heard) -> tuple[str, ...]:
    """The words of the brand's watches that a text holds, each once, at most `NAMES`."""
    found = (term for match in matcher(brand.watches).found(of) for term in match.terms)
    return tuple(dict.fromkeys(found))[:NAMES]


def told(rule: str, brand: Brand, department_id: str, language: str) -> str:
    """The rule in words, in "nl" or "en" (any other: "en"); one we do not know as it is.

    A watch that was removed since goes by its id.
    """
    words = _TOLD.get(language, _TOLD["en"])
    kind, _, word = rule.partition(":")
    if kind not in words:
        return rule
    watch = ""
    if kind == "watch":
        watch, _, word = word.partition(":")
    known = brand.watch(watch)
    to = brand.department(department_id).name
    return words[kind].format(word=word, watch=known.name if known else watch, department=to)
