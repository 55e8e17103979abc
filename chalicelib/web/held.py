"""What is held, in a reader's words: why, and how many by what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.mention import AUTHOR, CAPPED, MUTED, SITE
from chalicelib.stages import noise
from chalicelib.web.i18n import N_, Words
from chalicelib.web.visit import Visit

KINDS = {
    "noise": N_("by a rule"),
    "blocked": N_("blocked"),
    "muted": N_("while muted"),
    "capped": N_("over the cap"),
}
"""Of the counts (`ports.Noise.counts`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A source of which so many wait over its cap."""

    source: str
    count: int
    said: str


def told(held: str, brand: Brand, words: Words) -> str:
    """`Mention.held` in words; "" for what is not held."""
    kind, _, rest = held.partition(" ")
    _ = words.gettext
    if kind in (AUTHOR, SITE):
        block = next((each for each in brand.blocks if each.id == rest), None)
        if block is None:
            return _("From an author or a site that was blocked then.")
        return _("%(name)s is blocked: %(why)s", name=block.name, why=block.why)
    if kind == MUTED:
        return _("Its source was muted when it came.")
    if kind == "virus":
        return _("Amazon found a virus in this mail.")
    if kind == "spam":
        return _("Amazon takes this mail for spam.")
    if kind == CAPPED:
        return _("It came over what its source may bring an hour.")
    return _by_rule(kind, rest, words)


def _by_rule(kind: str, rest: str, words: Words) -> str:
    first, _, more = rest.partition(" ")
    if not first.isdecimal():
        return ""
    number = int(first)
    _ = words.gettext
    if kind in ("links", "markup", "tags") and more.isdecimal():
        beside = words.ngettext("%(num)s word", "%(num)s words", int(more))
        if kind == "tags":
            said = words.ngettext("%(num)s hashtag", "%(num)s hashtags", number)
        else:
            said = words.ngettext("%(num)s link", "%(num)s links", number)
        return _("%(many)s, %(few)s: the shape of a link farm.", many=said, few=beside)
    if kind == "keywords":
        return _("A list of %(num)s search terms around %(word)s, with a link.", num=number, word=more)
    if kind == "phrase":
        return _("“%(words)s” %(num)s times, with a link.", num=number, words=more)
    if kind == "hidden":
        return _("%(num)s characters between its letters that nobody sees, with a link.", num=number)
    if kind == "bait" and more.isdecimal():
        by = words.ngettext("%(num)s author", "%(num)s authors", int(more))
        return _(
            "The same text %(num)s times with another link or other names, by %(by)s.", num=number, by=by
        )
    return ""


def over(visit: Visit, names: Mapping[str, str] | None = None) -> list[Over]:
    """What waits over a cap; `names` of sources, where they are known."""
    return [
        _over(each.source, each.held, each.last, names or {}, visit)
        for each in noise.waiting(visit.brand, visit.now)
    ]


def _over(source: str, count: int, last: datetime, names: Mapping[str, str], visit: Visit) -> Over:
    words = visit.words
    number, name = words.number(count), names.get(source, source)
    if last.replace(minute=0, second=0, microsecond=0) == visit.now.replace(
        minute=0, second=0, microsecond=0
    ):
        said = words.gettext("%(count)s more this hour from %(source)s", count=number, source=name)
    else:
        at = words.moment(last)
        said = words.gettext(
            "%(count)s more from %(source)s, until %(time)s", count=number, source=name, time=at
        )
    return Over(source=source, count=count, said=said)


def counted(counts: Mapping[str, int], words: Words) -> str:
    """Of one source: `12 by a rule, 3 while muted`; "" where it had none."""
    found = [(counts.get(kind, 0), said) for kind, said in KINDS.items()]
    return ", ".join(f"{words.number(count)} {words.gettext(said)}" for count, said in found if count > 0)
