"""A person decides of what is held: this is no noise, let these through, block these, lift that.

The order of effects: what asks for work is queued as if it had just come; then it is held no more, in one
transaction with the counts and the log's line. A crash in between leaves it held, with its case open: pressed
again it changes only that. Two who press at once open one case, and the second finds nothing to do.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, OverCap
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.response import decide
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Held, Mentions, Noise, Tasks, Wanted
from chalicelib.tasks import Judged, Respond, packed

AT_ONCE = 40
"""Messages that one press lets through together: what one transaction takes."""
LOOKED = 1_000
DAYS = 8


def let_through(
    keys: Sequence[MentionKey], *, mentions: Mentions, noise: Noise, tasks: Tasks, line: AuditLine
) -> int:
    """How many were let through: those that were held. Nothing changes for the others.

    Raises NotFound where none is there.
    """
    found = mentions.get_many(keys)
    if not found:
        raise NotFound("no such mention")
    held: list[Held] = []
    work: list[Judged] = []
    for mention, verdict in found.values():
        if not mention.held or verdict is None:
            continue
        free = replace(mention, held="")
        decision = decide(free, verdict.reading, mention.heard_at)
        held.append(Held(mention, verdict, decision.state))
        if decision.action:
            work.append(Judged(free, verdict))
    tasks.send(Respond(run) for run in packed(work))
    try:
        if held:
            noise.free(held, replace(line, after=line.after or str(len(held))))
    except Conflict:  # somebody else just did
        return 0
    return len(held)


def over_cap(brand: Brand, source: str, mentions: Mentions, now: datetime) -> list[MentionKey]:
    """The newest that wait over a source's cap, `AT_ONCE` at most."""
    waits = next((each for each in brand.over if each.source == source), None)
    day = (waits.last if waits else now).astimezone(UTC).date()
    found: list[MentionKey] = []
    for back in range(DAYS):
        wanted = Wanted(state="capped", source=source)
        place = ""
        while len(found) < AT_ONCE:
            looked = mentions.look(
                brand.id,
                (day - timedelta(days=back)).isoformat(),
                limit=AT_ONCE - len(found),
                through=LOOKED,
                before=place,
                wanted=wanted,
            )
            found += [each.key for each in looked.found]
            place = looked.place
            if not place:
                break
    return found


def waiting(brand: Brand, now: datetime) -> list[OverCap]:
    """What came over the cap of its source and waits for a person to say what becomes of it."""
    return [each for each in brand.over if each.waits(now)]
