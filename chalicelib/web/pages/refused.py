"""What the door refused of one source in the last day, and what to do about each reason."""

from collections.abc import Mapping

from chalicelib.domain.source import Source
from chalicelib.errors import NotFound
from chalicelib.web.i18n import N_
from chalicelib.web.visit import Page, Visit

REASONS: Mapping[str, str] = {
    "missing": N_("It is not signed. Look whether the secret is filled in where it comes from."),
    "malformed": N_("Its signature is not in the form that this kind of caller uses. Look at who calls."),
    "stale": N_("Its time is more than five minutes from ours. Look at the clock where it comes from."),
    "wrong": N_("It was signed with another secret, or changed on its way."),
    "secret": N_("Our secret cannot be used. Set it anew."),
    "token": N_("It asked with another word than ours."),
    "challenge": N_("It asked for something that we do not give back."),
    "topic": N_("It asked about another feed than ours, or at an address without our word."),
    "mode": N_("It asked for something that we do not know."),
    "method": N_("It asked in a way that this kind of caller does not use."),
    "too-big": N_("It was larger than 3 MB, or could not be cut into smaller parts."),
    "too-many": N_("There were more than we take at once. It will come again."),
    "unreachable": N_("Its network did not tell us its keys. It will come again."),
    "unknown-source": N_("Its address is not whole, or the secret is not set."),
}


def show(visit: Visit, id: str) -> Page:
    """Raises NotFound for a source that does not call us."""
    source = calling(visit, id)
    found = visit.desk.refusals.of(source.brand, id, visit.now)
    words = visit.words
    values = {
        "source": source,
        "refusals": [
            {
                "at": each.at,
                "status": each.status,
                "said": words.gettext(REASONS[each.reason]) if each.reason in REASONS else each.reason,
            }
            for each in found
        ],
    }
    return Page(template="refused.html", place="sources", values=values)


def calling(visit: Visit, id: str) -> Source:
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    if source.platform != "webhook":
        raise NotFound(f"{id} does not call us")
    return source
