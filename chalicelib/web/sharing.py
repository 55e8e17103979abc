"""A post, planned by a person; and with it the good deed that it is, where it brings somebody's message to
attention that a morning's list suggested.

What belongs together is known by the address of that message, which deed and post both hold: so it does not
matter whether the post was begun on the list, in a file or through the API. The deed is done in the
transaction that keeps the post: neither is ever there without the other. Of two who make a post of one
message at once the second reads the list again, and is told.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.logged import facts
from chalicelib.domain.outreach import Deed, DeedState, Morning, Outreach
from chalicelib.domain.post import Post, PostKey
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import plan as stage
from chalicelib.stages.wish import AHEAD, tidy
from chalicelib.web import good_deeds, outgoing, wishing
from chalicelib.web.pages.calendar import GONE
from chalicelib.web.visit import Visit

BACK = timedelta(days=31)
"""So far back lie the lists and posts that are looked at."""
SHARED = "it is shared already"


@dataclass(frozen=True, slots=True)
class Before:
    """Who shared it already; the post's title and page, "" where it was done by hand."""

    by: str
    title: str = ""
    path: str = ""


def plan(visit: Visit, wish: stage.Wish, by: str, *, by_id: str = "", again: bool = True) -> Post:
    """Without `again`: raises BadInput (`shares`) where another post or a colleague shared it already."""
    desk, wish = visit.desk, tidy(wish)
    for _ in range(good_deeds.TRIES):
        if wish.shares and not again and before(visit, wish.shares, wish.id):
            raise BadInput("shares", SHARED)
        try:
            return stage.plan(
                wish,
                by,
                by_id=by_id,
                brand=visit.brand,
                posts=desk.posts,
                tasks=desk.tasks,
                counts=wishing.counting(desk, visit.brand),
                now=visit.now,
                deed=_done(visit, wish, by) if wish.shares else None,
                album=wishing.album(desk) if wish.images else None,
            )
        except Conflict:  # somebody wrote in that morning's list
            continue
    raise Conflict("many write in this list at once")


def before(visit: Visit, shares: str, id: str) -> Before | None:
    """Who shared this message before: in a post other than `id` that stands or is planned, or by hand."""
    start, end = visit.now - BACK, visit.now + AHEAD + timedelta(days=1)
    leaving = visit.desk.deliveries.between(visit.brand.id, start, end)
    owners = {each.key.owner for each in leaving if each.state not in GONE}
    asked = sorted((key for key in owners if isinstance(key, PostKey) and key.id != id), key=str)
    for post in sorted(visit.desk.posts.get_many(asked), key=lambda each: each.planned_at):
        if post.shares == shares and not post.cancelled:
            return Before(post.planned_by, post.title, outgoing.path(post.key))
    by_hand = (one for _, one in _suggested(visit, shares) if one.state is DeedState.DONE and not one.post)
    return next((Before(one.by) for one in by_hand), None)


def _done(visit: Visit, wish: stage.Wish, by: str) -> tuple[Morning, AuditLine] | None:
    """The list of which this post is an open deed, with that done, and what the log says of it."""
    for morning, found in _suggested(visit, wish.shares):
        if found.state is DeedState.OPEN:
            done = replace(found, state=DeedState.DONE, by=by, at=visit.now, post=wish.id)
            listed = tuple(done if each.id == found.id else each for each in morning.outreach)
            told = facts({"deed": found.deed.value, "author": found.author, "title": wish.title})
            line = visit.line("people.done", f"{morning.day}/{found.id}", after=told)
            return replace(morning, rev=morning.rev + 1, outreach=listed), line
    return None


def _suggested(visit: Visit, shares: str) -> list[tuple[Morning, Outreach]]:
    """What the lists of the last days say of sharing it, the newest first."""
    today = visit.words.today()
    lists = visit.desk.mornings.between(visit.brand.id, (today - BACK).isoformat(), today.isoformat())
    return [
        (morning, one)
        for morning in reversed(lists)
        for one in morning.outreach
        if one.deed is Deed.SHARE and one.url == shares
    ]
