"""By what a message was heard: the watches that asked for it, each with the words it fits by, and where."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.brand import Brand
from chalicelib.domain.conditions import heard
from chalicelib.domain.matching import Hit, matcher
from chalicelib.domain.mention import Mention
from chalicelib.web.i18n import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """`terms` and `fields` are empty where the watch was changed since, and does not ask for it any more;
    `name` is the id of one that was removed."""

    watch: str
    name: str
    terms: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()


def matched(mention: Mention, brand: Brand) -> Iterator[Matched]:
    """Of each watch that heard it, as the brand has it now. By the language that its source said: the
    verdict's came later."""
    of, all_of_them = heard(mention), matcher(brand.watches)
    found = {brand.watches[match.number].id: match for match in all_of_them.found(of)}
    for id in mention.watches:
        watch, match = brand.watch(id), found.get(id)
        name = watch.name if watch else id
        if match is None:
            yield Matched(watch=id, name=name)
        else:
            hits = tuple(all_of_them.hits(of, [match.number]))
            yield Matched(watch=id, name=name, terms=match.terms, fields=match.fields, hits=hits)


def told(found: Matched, words: Words) -> str:
    """Naam: “bieb”, “boete*”."""
    said = [*(f"“{term}”" for term in found.terms), *found.fields]
    if not said:
        return words.gettext("%(watch)s, which was changed since", watch=found.name)
    return f"{found.name}: {', '.join(said)}"
