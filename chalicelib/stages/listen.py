"""Stage 1. Ask the sources whose minute has come, keep what is new, and send it on.

The order of effects, in `poll`: keep every mention, queue them all, then move the cursor. A crash
half way repeats work and loses none: keeping is conditional, understanding bears repeats, and the
cursor is written only if nobody else moved it. A source that fails is written down at the source
with the reason, and stops nothing else.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from chalicelib.domain import events
from chalicelib.domain.brand import Brand
from chalicelib.domain.matching import watches_of
from chalicelib.domain.mention import DRILL, TEXT_LIMIT, Found, Mention, MentionKey
from chalicelib.domain.source import Source, SourceState, failed, seen_mark, succeeded
from chalicelib.errors import BadInput, NotFound, PlatformError, RateLimited, Unauthorized
from chalicelib.ports import Brands, Listens, Mentions, Page, Sources, Tasks
from chalicelib.ports.upkeep import Tell, nobody
from chalicelib.tasks import Poll, Understand, packed


def poll(
    task: Poll,
    *,
    sources: Sources,
    brands: Brands,
    mentions: Mentions,
    tasks: Tasks,
    connect: Callable[..., Listens],
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
    brand = brands.get(task.brand)
    try:
        page = _ask(source, state.cursor, connect)
    except (PlatformError, BadInput) as error:  # BadInput: a setting of the source is wrong
        rest = error.retry_after if isinstance(error, RateLimited) else 0
        reason = (
            error.reason if isinstance(error, PlatformError) else f"the source is not set up well: {error}"
        )
        sources.set_state(source, state, failed(state, now, reason, source.interval, rest))
        return {"failed": 1}
    fresh = [found for found in page.found if not state.knows(found.id)]
    first = page.older or state.last_success is None
    kept = accept(brand, source, fresh, first=first, mentions=mentions, tasks=tasks, now=now, tell=tell)
    _move_cursor(sources, source, state, page, now, fresh=fresh, first=first)
    if page.more:
        tasks.send([task])
    return {"found": len(page.found), "new": len(fresh), "kept": kept}


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
    made = [_mention(brand, source, one, first, now) for one in found]
    kept = [_as_kept(mention, mentions) for mention in made if mention]
    waiting = [mention for mention in kept if mention]
    tell(brand, "mention", (events.mention(mention) for mention in waiting if not mention.history))
    tasks.send(Understand(run) for run in packed(waiting))
    return len(waiting)


def _as_kept(mention: Mention, mentions: Mentions) -> Mention | None:
    """The mention as the table holds it, if it still waits for a verdict."""
    if mentions.add(mention):
        return mention
    try:
        before, verdict = mentions.get(mention.key)
    except NotFound:  # past its time, and not yet swept away
        return None
    return None if verdict else before


def _mention(brand: Brand, source: Source, found: Found, first: bool, now: datetime) -> Mention | None:
    """A mention of ours, or None where no watch asks for it.

    History is what was posted before we began to listen here; on a first poll also what has no date.
    """
    text = found.text[:TEXT_LIMIT]
    watches = watches_of(brand.watches, text, found.language)
    if source.watched and not found.direct and not watches:
        return None
    posted = min(found.posted_at.astimezone(UTC), now) if found.posted_at else now
    platform = found.platform if found.platform not in ("", DRILL) else source.platform
    channel = brand.channel(source.channel)
    undated = found.posted_at is None and first
    return Mention(
        key=MentionKey(brand.id, platform, found.id),
        source=source.id,
        author=found.author,
        text=text,
        posted_at=posted.replace(microsecond=0),
        heard_at=now.replace(microsecond=0),
        url=found.url,
        reply_to=found.reply_to,
        language=found.language,
        watches=watches,
        direct=found.direct,
        channel=channel.id if channel and channel.reaches(platform) else "",
        history=undated or posted < source.connected_at,
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
) -> None:
    """What was there before we listened is in no day's tally, and of no delay."""
    seen = b"".join(seen_mark(found.id) for found in page.found) if page.found else state.seen
    wait = page.wait if page.wait > source.interval * 60 else 0
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
