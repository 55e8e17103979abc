"""Is what a source brought still there, and as it was? Where its network can be asked for many messages at
once, that is looked up once an hour: of those that are young, and of those that began a case which waits for
us.

The order of effects: the network is asked; each message that it says was removed is kept without its text,
and each that has another text now with that, and they are queued, as one that a source told of
(`listen.accept`, `follow.py`); then the state says when it was looked. A crash in between looks again: what
lost its text a while ago is asked for too, and queued again. A network that does not answer, or refuses us,
says nothing of its messages: nothing is removed for that.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from chalicelib.domain.mention import TEXT_LIMIT, Author, Found, Mention, MentionKey
from chalicelib.domain.source import Source, SourceState
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import NotFound, PlatformError
from chalicelib.ports import Cases, Mentions, Wanted
from chalicelib.ports.platforms import LooksAgain
from chalicelib.stages.follow import MOST as EDITS

EVERY = timedelta(hours=1)
DAYS = 2
"""So many days back, and today."""
CRASHED = 2 * EVERY
"""So long what was removed is asked for again: whoever removed it may not have come to queue it."""
MOST = 100
"""Messages of one look: those of cases first, then the newest."""


def is_due(state: SourceState, now: datetime) -> bool:
    """Not at the first poll: there is nothing to look for yet."""
    return state.last_success is not None and (
        state.looked_again is None or now - state.looked_again >= EVERY
    )


def changed(
    source: Source,
    connect: Callable[..., LooksAgain],
    *,
    mentions: Mentions,
    cases: Cases,
    now: datetime,
) -> list[Found]:
    """What of its messages was removed or edited, as `listen.accept` takes it; nothing where it could not be
    asked."""
    ours = {mention.key.id: (mention, verdict) for mention, verdict in _ours(source, mentions, cases, now)}
    if not ours:
        return []
    try:
        looked = connect(source).look_again([*ours])
    except PlatformError:
        return []
    nobody = Author(id="", handle="")
    gone = [Found(id=id, author=nobody, text="", posted_at=None, gone=True) for id in looked.gone]
    return gone + [one for one in looked.edited if _is_news(*ours[one.id], one)]


def _is_news(kept: Mention, verdict: Verdict | None, found: Found) -> bool:
    """Has it another text, or one that whoever wrote it down may not have come to queue?"""
    if kept.gone or (kept.edit and kept.edit.number >= EDITS):
        return False
    if kept.text.split() == found.text[:TEXT_LIMIT].split():
        return kept.edit is not None and not (verdict and verdict.reading.judge)
    return kept.as_of is None or found.as_of is None or found.as_of > kept.as_of


def _ours(
    source: Source, mentions: Mentions, cases: Cases, now: datetime
) -> Iterator[tuple[Mention, Verdict | None]]:
    """Messages that this very source brought: an id of another server means nothing at this one."""
    for key in _looked_for(source, mentions, cases, now):
        try:
            kept, verdict = mentions.get(key)
        except NotFound:
            continue
        settled = kept.gone and kept.edit and now - kept.edit.at > CRASHED
        if kept.source == source.id and not settled:
            yield kept, verdict


def _looked_for(source: Source, mentions: Mentions, cases: Cases, now: datetime) -> list[MentionKey]:
    brand, platform = source.brand, source.platform
    waiting = (each.key for each in cases.all_waiting(brand) if each.key.platform == platform)
    keys = [MentionKey(brand, platform, key.root) for key in waiting]
    for back in range(DAYS + 1):
        day = (now - timedelta(days=back)).date().isoformat()
        listed, _ = mentions.day(brand, day, limit=MOST, wanted=Wanted(platform=platform))
        keys += [each.key for each in listed]
    return list(dict.fromkeys(keys))[:MOST]
