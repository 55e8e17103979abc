"""Stage 1. Ask the sources whose minute has come, keep what is new, and send it on.

The order of effects, in `poll`: keep every mention, queue them all, then move the cursor. A crash
half way repeats work and loses none: keeping is conditional, understanding bears repeats, and the
cursor is written only if nobody else moved it. A page with very much that is new is kept in parts: after each
is noted what of the page is known, and the same cursor is asked again. A source that fails is written down at
the source with the reason, and stops nothing else.

One that may not be asked yet (`domain/pace.py`) waits: moment and reason are written down, then its task is
sent on to come back at that moment. Of several tasks one waits; where that is lost the tick finds the source.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil

from chalicelib.domain.brand import Brand
from chalicelib.domain.conditions import heard
from chalicelib.domain.matching import matcher
from chalicelib.domain.mention import DRILL, TEXT_LIMIT, Found, Mention, MentionKey
from chalicelib.domain.pace import DOWN
from chalicelib.domain.source import (
    ID_BYTES,
    Source,
    SourceState,
    failed,
    halfway,
    seen_mark,
    succeeded,
    waiting,
)
from chalicelib.errors import BadInput, NotFound, PlatformError, RateLimited, Unauthorized, Waits
from chalicelib.ports import Brands, Listens, Mentions, Page, Sources, Tasks
from chalicelib.ports.upkeep import Tell, nobody
from chalicelib.tasks import LONGEST_DELAY, Poll, Understand, packed

PART = 500
"""New messages that one poll keeps, so that it ends in time; the next poll takes the rest."""

LeaveAlone = Callable[[Source, float], None]
"""What this source brought asks that nobody asks for it for so many seconds."""

CUT = 2_000
"""Messages that are remembered beside those of a page that was cut off."""


def poll(
    task: Poll,
    *,
    sources: Sources,
    brands: Brands,
    mentions: Mentions,
    tasks: Tasks,
    connect: Callable[..., Listens],
    leave_alone: LeaveAlone,
    now: datetime,
    tell: Tell = nobody,
) -> dict[str, int]:
    """Ask one source. What it did wrong is kept at the source, not raised: its next turn comes anyway."""
    try:
        source, state = sources.get(task.brand, task.source)
    except NotFound:  # removed while its turn was in the queue
        return {"gone": 1}
    if source.paused:
        return {"paused": 1}
    if state.waits(now) and task.until:
        return _wait(task, state, tasks, now) if task.until == state.wait_until else {"passed": 1}
    brand = brands.get(task.brand)
    try:
        page = _ask(source, state.cursor, connect)
    except Waits as error:
        after = waiting(state, now, error.retry_after, error.reason, dead=error.reason == DOWN)
        if sources.set_state(source, state, after):
            return _wait(task, after, tasks, now)
        return {"passed": 1}  # by whoever wrote it meanwhile
    except (PlatformError, BadInput) as error:  # BadInput: a setting of the source is wrong
        rest = error.retry_after if isinstance(error, RateLimited) else 0
        reason = (
            error.reason if isinstance(error, PlatformError) else f"the source is not set up well: {error}"
        )
        sources.set_state(source, state, failed(state, now, reason, source.interval, rest))
        return {"failed": 1}
    fresh = _fresh(page, state)
    fresh, later = fresh[:PART], fresh[PART:]
    first = page.older or state.last_success is None
    kept = accept(brand, source, fresh, first=first, mentions=mentions, tasks=tasks, now=now, tell=tell)
    if later:
        left = {found.id for found in later}
        seen = _seen(page, state, (found for found in page.found if found.id not in left))
        after = halfway(state, now, seen=seen, counted=0 if first else _number(fresh))
        more = sources.set_state(source, state, after)  # else somebody else goes on
    else:
        wait = page.wait if page.wait > source.interval * 60 else 0
        if wait:
            leave_alone(source, wait)
        news = [each for each in fresh if not each.edited]
        _move_cursor(sources, source, state, page, now, fresh=news, first=first, wait=wait)
        more = page.more
    if more:
        tasks.send([task])
    return {"found": len(page.found), "new": len(fresh), "kept": kept}


def _wait(task: Poll, state: SourceState, tasks: Tasks, now: datetime) -> dict[str, int]:
    """Its task comes back when it may be asked, in steps as long as a queue holds anything back."""
    if state.wait_until:
        left = ceil((state.wait_until - now).total_seconds())
        tasks.send([replace(task, until=state.wait_until)], delay=min(left, LONGEST_DELAY))
    return {"waits": 1}


def _fresh(page: Page, state: SourceState) -> list[Found]:
    """What the last page did not have, or had with another text."""
    known, ids = frozenset(state.marks), state.ids
    marked = ((found, seen_mark(found.id, found.text)) for found in page.found)
    return [
        replace(found, edited=True) if mark[:ID_BYTES] in ids else found
        for found, mark in marked
        if mark not in known
    ]


def _seen(page: Page, state: SourceState, found: Iterable[Found]) -> bytes:
    """The marks of what of a page is known; of one that was cut off, with those there were."""
    marks = [seen_mark(one.id, one.text) for one in found]
    ids = {mark[:ID_BYTES] for mark in marks}
    before = [mark for mark in state.marks if mark[:ID_BYTES] not in ids] if page.cut else []
    return b"".join([*before[-CUT:], *marks])


def _number(fresh: Iterable[Found]) -> int:
    """Without edits."""
    return sum(not found.edited for found in fresh)


def _ask(source: Source, cursor: str, connect: Callable[..., Listens]) -> Page:
    """One page; a key that is refused is read anew once, as somebody may have renewed it."""
    try:
        return connect(source).listen(cursor)
    except Unauthorized:
        return connect(source, fresh=True).listen(cursor)


def accept(
    brand: Brand,
    source: Source,
    found: Iterable[Found],
    *,
    first: bool,
    mentions: Mentions,
    tasks: Tasks,
    now: datetime,
    tell: Tell = nobody,
) -> int:
    """Keep what is for this brand and queue it for stage 2; how many were queued. Safe to repeat.

    What was kept before and has no verdict is queued again, as it was kept: a crash may have come
    between keeping and queueing. What has one is in the hands of the message that brought it.
    """
    kept = [_kept(brand, source, one, first, mentions, now) for one in found]
    waiting = [mention for mention in kept if mention]
    if brand.hooks:
        from chalicelib.domain import events

        news = (mention for mention in waiting if not (mention.history or mention.edit))
        tell(brand, "mention", map(events.mention, news))
    tasks.send(Understand(run) for run in packed(waiting))
    return len(waiting)


def _kept(
    brand: Brand, source: Source, found: Found, first: bool, mentions: Mentions, now: datetime
) -> Mention | None:
    """The mention, if it is to be judged: it is new, was edited or removed, or still waits for a verdict."""
    mention = _mention(brand, source, found, first, now)
    if found.edited or found.gone:
        from chalicelib.stages import follow  # few are

        after = follow.gone(mention, mentions, now) if found.gone else follow.edited(mention, mentions, now)
        if after:
            return after
    asked = not source.watched or mention.direct or mention.watches
    if asked and found.address and not found.edited:
        first_one = mentions.at(found.address, mention)
        if first_one != mention.key:
            from chalicelib.stages import follow

            if before := follow.under(first_one, mention, mentions):
                return follow.edited(before, mentions, now)
    return _as_kept(mention, mentions) if asked and not found.gone else None


def _as_kept(mention: Mention, mentions: Mentions) -> Mention | None:
    """The mention as the table holds it, if it still waits for a verdict."""
    if mentions.add(mention):
        return mention
    try:
        before, verdict = mentions.get(mention.key)
    except NotFound:  # past its time, and not yet swept away
        return None
    return None if verdict else before


def _mention(brand: Brand, source: Source, found: Found, first: bool, now: datetime) -> Mention:
    """A mention of ours, if a watch asks for it.

    History is what was posted before we began to listen here; on a first poll also what has no date.
    """
    found = replace(found, text=found.text[:TEXT_LIMIT])
    platform = found.platform if found.platform not in ("", DRILL) else source.platform
    asked = matcher(brand.watches).found(heard(found, platform=platform))
    watches = [brand.watches[match.number] for match in asked]
    posted = min(found.posted_at.astimezone(UTC), now) if found.posted_at else now
    channel = brand.channel(source.channel)
    undated = found.posted_at is None and first
    return Mention(
        key=MentionKey(brand.id, platform, found.id),
        source=source.id,
        author=found.author,
        text=found.text,
        posted_at=posted.replace(microsecond=0),
        heard_at=now.replace(microsecond=0),
        url=found.url,
        reply_to=found.reply_to,
        language=found.language,
        watches=tuple(watch.id for watch in watches),
        direct=found.direct,
        channel=channel.id if channel and channel.reaches(platform) else "",
        history=undated or posted < source.connected_at,
        aside=bool(watches) and not found.direct and all(watch.aside for watch in watches),
    )


def _move_cursor(
    sources: Sources,
    source: Source,
    state: SourceState,
    page: Page,
    now: datetime,
    *,
    fresh: Sequence[Found],
    first: bool,
    wait: float,
) -> None:
    """What was there before we listened is in no day's tally, and of no delay."""
    seen = _seen(page, state, page.found) if page.found else state.seen
    posted = [one.posted_at for one in fresh if one.posted_at]
    after = succeeded(
        state,
        now,
        cursor=page.cursor,
        seen=seen,
        heard=bool(fresh),
        counted=0 if first else len(fresh),
        posted=posted if first else [at for at in posted if at >= source.connected_at],
        first=first,
        quota=page.quota,
        wait=wait,
    )
    if after is not state:
        sources.set_state(source, state, after)
