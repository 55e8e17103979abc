"""Whose is it? The department that a mention's words point to, with the rule that fired."""

from chalicelib.domain.brand import Brand
from chalicelib.domain.matching import fold, hits, matches
from chalicelib.domain.verdict import Reading

_RULES = {
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


def department(brand: Brand, text: str, reading: Reading) -> tuple[str, str]:
    """The id of the department, and why, in the brand's first language. The first rule that fits wins.

    1. A department's topics, in the brand's order. 2. A watch that names a department. 3. The first.
    """
    rules = _RULES.get(brand.languages[0] if brand.languages else "", _RULES["en"])
    folded = fold(text)
    for each in brand.departments:
        if found := hits(each.topics, folded):
            return each.id, rules["topic"].format(word=found[0], department=each.name)
    for watch in brand.watches:
        if watch.department and (found := matches(watch, text, reading.language)):
            to = brand.department(watch.department)
            rule = rules["watch"].format(word=found[0], watch=watch.name, department=to.name)
            return to.id, rule
    first = brand.departments[0]
    return first.id, rules["first"].format(department=first.name)
