"""Stage 1. Ask the sources whose minute has come, keep what is new, and send it on.

The order of effects, in `poll`: keep every mention, queue them all, then move the cursor. A crash
half way repeats work and loses none: keeping is conditional, understanding bears repeats, and the
cursor is written only if nobody else moved it. What is held as noise or comes over its source's cap is kept
like all else, with why, and stage 2 counts it (`Came`). What other sites may take over is held against what
was heard before (`copies.py`) once it is kept. A page with very much that is new is kept in parts: after each
is noted what of the page is known, and the same cursor is asked again. A source that fails is written down at
the source with the reason, and stops nothing else. Where its network charges, `pay.py` asks; a source whose
budget is used is stopped, and that is written down at it too.

One that may not be asked yet (`domain/pace.py`) waits: moment and reason are written down, then its task is
sent on to come back at that moment. Of several tasks one waits; where that is lost the tick finds the source.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, TypedDict
from zlib import crc32

from chalicelib.domain.brand import Brand
from chalicelib.domain.conditions import heard
from chalicelib.domain.matching import Match, matcher
from chalicelib.domain.mention import CAPPED, DRILL, MUTED, TEXT_LIMIT, Found, Mention, MentionKey
from chalicelib.domain.pace import DOWN
from chalicelib.domain.source import (
    ID_BYTES,
    Awaited,
    Source,
    SourceState,
    failed,
    halfway,
    is_stale,
    seen_mark,
    stopped,
    succeeded,
    waiting,
)
from chalicelib.errors import (
    BadInput,
    BudgetUsed,
    Conflict,
    Ended,
    NotFound,
    PlatformError,
    RateLimited,
    Unauthorized,
    Waits,
)
from chalicelib.ports import Brands, Listens, Mentions, Page, Sources, Tasks
from chalicelib.ports.upkeep import Tell, nobody
from chalicelib.tasks import LONGEST_DELAY, Poll, Understand, packed

if TYPE_CHECKING:
    from chalicelib.stages.pay import Purse

Told = Callable[[str, SourceState, datetime], tuple[list[timedelta], tuple[Awaited, ...]]]
"""`ready.Told`: of what a source of this brand waits for, how soon what is ready was, and what is not."""

PART = 500
"""New messages that one poll keeps, so that it ends in time; the next poll takes the rest."""

Again = Callable[[Source, SourceState], Sequence[Found] | None]
"""`look_again.changed`: what became of what a source brought; None where it was not looked."""

SAMPLE = 2
"""New messages of which is seen how soon they were ready."""
LONG_AGO = datetime(1995, 1, 1, tzinfo=UTC)
FOR_GOOD = timedelta(days=3_650)
"""So long nobody asks for what is gone, unless a person wants it."""
STORY = 150
"""Characters under which a text is no story (`copies.LEAST` words)."""
LeaveAlone = Callable[[Source, float], None]
"""What this source brought asks that nobody asks for it for so many seconds."""

CUT = 2_000
"""Messages that are remembered beside those of a page that was cut off."""


@dataclass(slots=True)
class Came:
    """What a source brought: messages in this hour, and texts that may be bait (`SourceState.like`). A `call`
    may come again and counts what is new; a poll that is repeated begins with what it began with."""

    number: int
    like: bytes = b""
    call: bool = False


def poll(
    task: Poll,
    *,
    sources: Sources,
    brands: Brands,
    mentions: Mentions,
    tasks: Tasks,
    connect: Callable[..., Any],
    told: Told,
    again: Again,
    leave_alone: LeaveAlone,
    now: datetime,
    tell: Tell = nobody,
    purse: Callable[[Source], "Purse | None"] = lambda source: None,
) -> dict[str, int]:
    """Ask one source; `purse` pays where its network charges. What it did wrong is kept at the source, not
    raised: its next turn comes anyway."""
    try:
        source, state = sources.get(task.brand, task.source)
    except NotFound:  # removed while its turn was in the queue
        return {"gone": 1}
    if source.paused:
        return {"paused": 1}
    if state.waits(now) and task.until:
        return _wait(task, state, tasks, now) if task.until == state.wait_until else {"passed": 1}
    brand = brands.get(task.brand)
    ports: Ports = {
        "sources": sources,
        "mentions": mentions,
        "tasks": tasks,
        "told": told,
        "again": again,
        "leave_alone": leave_alone,
        "now": now,
        "tell": tell,
    }
    if (pays := purse(source)) is None:
        return _poll(task, brand, source, state, lambda cursor: _ask(source, cursor, connect), **ports)
    try:
        held = pays.hold(brand, source, now)
    except BudgetUsed as used:
        from chalicelib.domain.month import month_of, span

        _, over = span(month_of(now, brand.zone), brand.zone)
        sources.set_state(source, state, stopped(state, now, used.scope, over))
        return {"stopped": 1}
    except Conflict:  # another asks it and pays for that: what it brings comes there
        return {"asked": 1}
    with held:
        _, state = sources.get(task.brand, task.source)  # it may have been asked since
        return _poll(task, brand, source, state, lambda cursor: held.ask(cursor, connect), **ports)


class Ports(TypedDict):
    """What a poll asks and does."""

    sources: Sources
    mentions: Mentions
    tasks: Tasks
    told: Told
    again: Again
    leave_alone: LeaveAlone
    now: datetime
    tell: Tell


def _poll(
    task: Poll,
    brand: Brand,
    source: Source,
    state: SourceState,
    ask: Callable[[str], Page],
    *,
    sources: Sources,
    mentions: Mentions,
    tasks: Tasks,
    told: Told,
    again: Again,
    leave_alone: LeaveAlone,
    now: datetime,
    tell: Tell,
) -> dict[str, int]:
    try:
        page = ask(state.cursor)
    except Waits as error:
        after = waiting(state, now, error.retry_after, error.reason, dead=error.reason == DOWN)
        if sources.set_state(source, state, after):
            return _wait(task, after, tasks, now)
        return {"passed": 1}  # by whoever wrote it meanwhile
    except (PlatformError, BadInput) as error:  # BadInput: a setting of the source is wrong
        rest = error.retry_after if isinstance(error, RateLimited) else 0
        if isinstance(error, Ended):
            rest = FOR_GOOD.total_seconds()
        reason = (
            error.reason if isinstance(error, PlatformError) else f"the source is not set up well: {error}"
        )
        sources.set_state(source, state, failed(state, now, reason, source.interval, rest))
        return {"failed": 1}
    fresh = _fresh(page, state)
    fresh, later = fresh[:PART], fresh[PART:]
    first = page.older or state.last_success is None or state.last_success < source.begins
    came = Came(state.came(now), state.like)
    of = replace(source, anew_at=now) if page.older else source  # however new: no work
    kept = accept(brand, of, fresh, came, first=first, mentions=mentions, tasks=tasks, now=now, tell=tell)
    if later:
        left = {found.id for found in later}
        seen = _seen(page, state, (found for found in page.found if found.id not in left))
        counted = 0 if first else _number(fresh)
        after = halfway(state, now, seen=seen, counted=counted, came=came.number, like=came.like)
        more = sources.set_state(source, state, after)  # else somebody else goes on
    else:
        wait = page.wait if page.wait > source.interval * 60 else 0
        if wait:
            leave_alone(source, wait)
        news = [each for each in fresh if not each.edited]
        looked = again(source, state) if bool(news) or is_stale(state, now) else None
        if looked:
            accept(
                brand, source, looked, came, first=False, mentions=mentions, tasks=tasks, now=now, tell=tell
            )
        delays, waits = measured(source, state, kept, told, now, noted=bool(news))
        _move_cursor(
            sources,
            source,
            state,
            page,
            now,
            came,
            fresh=news,
            first=first,
            wait=wait,
            delays=delays,
            awaited=waits,
            looked_again=None if looked is None else now,
        )
        more = page.more
    if more:
        tasks.send([task])
    return {"found": len(page.found), "new": len(fresh), "kept": len(kept)}


def measured(
    source: Source, state: SourceState, kept: Sequence[Mention], told: Told, now: datetime, *, noted: bool
) -> tuple[list[timedelta], tuple[Awaited, ...]]:
    """How soon what is waited for was ready, and what is to be waited for from now on; read only where the
    state is written anyway: something came (`noted`), or it was long ago that this was."""
    if not (noted or is_stale(state, now)):
        return [], state.awaited
    delays, left = told(source.brand, state, now) if state.awaited else ([], ())
    return delays, left or _awaited(kept)


def _awaited(kept: Sequence[Mention]) -> tuple[Awaited, ...]:
    """A few of these, by lot, of which it was told when they were published; none of what is history, or
    held."""
    heard_now = (each for each in kept if not (each.history or each.edit or each.held))
    news = [each for each in heard_now if each.posted_at < each.heard_at]
    drawn = sorted(news, key=lambda each: crc32(each.key.id.encode()))[:SAMPLE]
    return tuple(Awaited(each.key.platform, each.key.id, each.posted_at) for each in drawn)


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
    came: Came,
    *,
    first: bool,
    mentions: Mentions,
    tasks: Tasks,
    now: datetime,
    tell: Tell = nobody,
) -> Sequence[Mention]:
    """Keep what is for this brand and queue it for stage 2; what was queued. Safe to repeat. What we wrote
    ourselves comes back through webhooks: it is left out.

    What was kept before and has no verdict is queued again, as it was kept: a crash may have come
    between keeping and queueing. What has one is in the hands of the message that brought it.
    """
    channel = brand.channel(source.channel)
    listed = [one for one in found if not (channel and channel.is_us(one.platform, one.author.handle))]
    why = _why_held(brand, source, listed, came, now)
    kept = [
        _kept(brand, source, one, first, mentions, now, came, held)
        for one, held in zip(listed, why, strict=True)
    ]
    waiting = [mention for mention in kept if mention]
    if brand.hooks:
        from chalicelib.domain import events

        news = (each for each in waiting if not each.history and each.held in ("", CAPPED))
        tell(brand, "mention", map(events.mention, news))
    tasks.send(Understand(run) for run in packed(waiting))
    return waiting


def _why_held(brand: Brand, source: Source, found: Sequence[Found], came: Came, now: datetime) -> list[str]:
    """Of each why it is held as noise; "" for what is not. Most pages hold nothing that a rule may be
    about."""
    if source.mutes(now):
        return [MUTED] * len(found)
    if not brand.blocks and not any(_odd(one.text) for one in found):
        return [one.held for one in found]
    from chalicelib.domain import noise

    why, came.like = noise.sift(brand.blocks, source.platform, found, came.like, now)
    return [one.held or reason for one, reason in zip(found, why, strict=True)]


def _odd(text: str) -> bool:
    """May a rule of `noise.py` find anything in it? All of them ask for a link, or for several who are called
    on."""
    lower = text.lower()
    return "http" in lower or "www." in lower or text.count("@") > 1


def _kept(
    brand: Brand,
    source: Source,
    found: Found,
    first: bool,
    mentions: Mentions,
    now: datetime,
    came: Came,
    held: str,
) -> Mention | None:
    """The mention, if it is to be judged: it is new, was edited or removed, or still waits for a verdict."""
    mention = mention_of(brand, source, found, first=first, now=now, held=held)
    if found.edited or found.gone:
        from chalicelib.stages import follow  # few are

        own = found.article or _unproven(source, mention)
        follows = follow.gone if found.gone else follow.edited
        after = follows(mention, mentions, now, own=own)
        if after:
            return after
    asked = not source.watched or mention.direct or mention.watches
    if asked and found.address:
        first_one = mentions.at(found.address, mention)
        if first_one != mention.key:
            from chalicelib.stages import follow

            known, after = follow.at_address(first_one, mention, mentions, now, counted=found.counted)
            if known:
                return after
    if not asked or found.gone:
        return None
    kept = _counted(_capped(mention, source, came), mentions, came, found)
    if kept and found.article and len(kept.text) >= STORY and not (kept.copy_of or kept.edit or kept.held):
        from chalicelib.stages import copies  # few are stories

        return copies.settled(kept, mentions)
    return kept


def _unproven(source: Source, mention: Mention) -> bool:
    """Was it told by who proves nothing, and not asked for at its network?"""
    from chalicelib.domain.knock import UNPROVEN

    return source.settings.get("scheme") in UNPROVEN and mention.key.platform == source.platform


def _capped(mention: Mention, source: Source, came: Came) -> Mention:
    """Over the cap of its source, if it would be work and so many came before it in this hour."""
    over = 0 < source.cap <= came.number and not (mention.held or mention.history or mention.aside)
    return replace(mention, held=CAPPED) if over else mention


def _counted(mention: Mention, mentions: Mentions, came: Came, found: Found) -> Mention | None:
    """As `as_kept`, or as its author put it back or edited it while it was not listed; and one more came.
    Only of what may have been edited is kept of when its source tells."""
    told = mention if found.edited else replace(mention, as_of=None)
    kept, added = _kept_as(told, mentions, mention.as_of, listed=found.article and not found.edited)
    if (added or not came.call) and not mention.history and mention.held in ("", CAPPED):
        came.number += 1
    return kept


def as_kept(mention: Mention, mentions: Mentions) -> Mention | None:
    """The mention as the table holds it, if it still waits for a verdict."""
    return _kept_as(mention, mentions)[0]


def _kept_as(
    mention: Mention, mentions: Mentions, as_of: datetime | None = None, *, listed: bool = False
) -> tuple[Mention | None, bool]:
    """The same, and whether it is new; `as_of` as its source tells. What is `listed` stands there now, as it
    is said: with other words than before it was edited."""
    if mentions.add(mention):
        return mention, True
    try:
        before, verdict = mentions.get(mention.key)
    except NotFound:  # past its time, and not yet swept away
        return None, False
    if before.edit and as_of:
        from chalicelib.stages import follow

        if after := follow.back(replace(mention, as_of=as_of), mentions):
            return after, False
    if listed and before.text.split() != mention.text.split():
        from chalicelib.stages import follow

        if after := follow.edited(mention, mentions, mention.heard_at):
            return after, False
    return None if verdict else before, False


def mention_of(
    brand: Brand, source: Source, found: Found, *, first: bool, now: datetime, held: str = ""
) -> Mention:
    """A mention of ours, if a watch asks for it.

    History is what was posted before we began to listen here, or began anew; on a first poll since then also
    what has no date.
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
        history=undated or posted < source.begins,
        aside=bool(watches) and not found.direct and all(watch.aside for watch in watches),
        held=held,
        as_of=_plausible(found.as_of, now),
        links=_links(found, asked) if found.links else (),
        unproven=found.unproven,
    )


def _plausible(as_of: datetime | None, now: datetime) -> datetime | None:
    """Whole milliseconds, as it is kept; None for what no clock can have shown."""
    if as_of is None or not LONG_AGO <= as_of <= now + timedelta(days=1):
        return None
    return as_of.astimezone(UTC).replace(microsecond=as_of.microsecond // 1000 * 1000)


def _links(found: Found, asked: Sequence[Match]) -> tuple[str, ...]:
    from chalicelib.domain.origin import kept  # few have links behind their words

    return kept(found.links, found.text, (said for match in asked for said in match.fields))


def _move_cursor(
    sources: Sources,
    source: Source,
    state: SourceState,
    page: Page,
    now: datetime,
    came: Came,
    *,
    fresh: Sequence[Found],
    first: bool,
    wait: float,
    delays: Sequence[timedelta],
    awaited: tuple[Awaited, ...],
    looked_again: datetime | None,
) -> None:
    """What was there before we listened is in no day's tally."""
    seen = _seen(page, state, page.found) if page.found else state.seen
    after = succeeded(
        state,
        now,
        cursor=page.cursor,
        seen=seen,
        heard=bool(fresh),
        counted=0 if first else len(fresh),
        posted=[one.posted_at for one in fresh if one.posted_at],
        delays=delays,
        awaited=awaited,
        looked_again=looked_again,
        first=first,
        quota=page.quota,
        wait=wait,
        came=came.number,
        like=came.like,
    )
    if after is not state:
        sources.set_state(source, state, after)
