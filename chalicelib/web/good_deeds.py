"""A good deed of the morning's list: it was done, or is passed over.

A day's list is one item of the table, written under the condition of its revision: of two who do different
deeds of it at once both succeed, of two who do the same one the second is told who was first.
"""

from dataclasses import replace

from chalicelib.domain.drafting import sign
from chalicelib.domain.logged import facts
from chalicelib.domain.outreach import Deed, DeedState, Morning, Outreach
from chalicelib.domain.pasted import is_page
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.web.visit import Visit

TRIES = 5
"""Attempts to write a list that others write in too."""


def settle(visit: Visit, day: str, id: str, state: DeedState, link: str = "") -> Morning:
    """Write it down; asked twice by the same person, once. `link` is where it was done.

    Raises NotFound; BadInput (`link`: an answer is done when its address is known; `follow`: nobody is
    followed where we follow as many as follow us); Conflict where somebody else was first.
    """
    by = visit.member.name or visit.member.email
    for _ in range(TRIES):
        morning, found = find(visit, day, id)
        if found.state is not DeedState.OPEN:
            if (found.state, found.by) == (state, by):  # pressed twice
                return morning
            raise Conflict(f"{id} was {found.state.value}")
        if state is DeedState.DONE and not _sound(link, found.deed):
            raise BadInput("link", "an address begins with https://")
        if state is DeedState.DONE and found.deed is Deed.FOLLOW and full(visit, found.channel):
            raise BadInput("follow", "we follow as many people there as follow us")
        kept = link if state is DeedState.DONE else ""
        done = replace(found, state=state, by=by, at=visit.now, link=kept)
        told = {"deed": found.deed.value, "author": found.author, "url": kept}
        line = visit.line(f"people.{state.value}", f"{day}/{id}", after=facts(told))
        listed = tuple(done if each.id == id else each for each in morning.outreach)
        after = replace(morning, rev=morning.rev + 1, outreach=listed)
        try:
            visit.desk.mornings.change(after, line)
        except Conflict:
            continue
        return after
    raise Conflict("many write in this list at once")


def find(visit: Visit, day: str, id: str) -> tuple[Morning, Outreach]:
    """A day's list, and one suggestion of it. Raises NotFound."""
    morning = visit.desk.mornings.get(visit.brand.id, day)
    found = next((each for each in morning.outreach if each.id == id), None) if morning else None
    if morning is None or found is None:
        raise NotFound("no such suggestion")
    return morning, found


def text_of(found: Outreach, by: str) -> str:
    """What to place: an answer of ours, signed by who places it; others' words, as they are."""
    return sign(found.text, by) if found.deed is Deed.ANSWER else found.text


def full(visit: Visit, channel: str) -> bool:
    """Would we, with one more, follow more people there than follow us?"""
    from chalicelib.stages import relate

    desk = visit.desk
    return relate.full(visit.brand, channel, desk.followings, desk.mornings, visit.words.today())


def _sound(link: str, deed: Deed) -> bool:
    """An answer is done when its address is known; of the others none is asked."""
    if not link:
        return deed is not Deed.ANSWER
    return is_page(link)
