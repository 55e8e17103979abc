"""The rows of a source, of a copy, of a hand-over, and of a post or reply with what its network said of it,
in a month's facts."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseEvent, CaseKey
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.measuring import Measurement, Numbers
from chalicelib.domain.mention import Mention
from chalicelib.domain.month import CopyRow, DeliveryRow, HandoverRow, SourceRow
from chalicelib.domain.post import Post, PostKey
from chalicelib.domain.source import Source, SourceState
from chalicelib.domain.verdict import Verdict

EXCERPT = 120


def of_sources(
    known: Iterable[tuple[Source, SourceState]], start: datetime, end: datetime
) -> Iterator[SourceRow]:
    """Those connected before the month ended. A failure that began after it is none of the month's, nor is an
    outage that was over before it."""
    for source, state in sorted(known, key=lambda pair: pair[0].id):
        if source.connected_at >= end:
            continue
        failed = state.failing_since is not None and state.failing_since < end
        yield SourceRow(
            id=source.id,
            name=source.name,
            platform=source.platform,
            last_success=state.last_success,
            last_heard=state.last_heard,
            failing_since=state.failing_since if failed else None,
            reason=state.reason if failed else "",
            outages=tuple(one for one in state.outages if one.since < end and one.until > start),
        )


def of_copy(mention: Mention, verdict: Verdict | None) -> CopyRow:
    from chalicelib.domain.copies import site  # most months have none

    return CopyRow(
        id=str(mention.key),
        at=mention.posted_at,
        platform=mention.key.platform,
        author=mention.author.handle,
        site=site(mention),
        copy_of=str(mention.copy_of or ""),
        language=verdict.reading.language if verdict else "",
        text=mention.excerpt,
        url=mention.url,
        source=mention.source,
        reach=mention.author.followers,
    )


def of_handover(key: CaseKey, event: CaseEvent) -> HandoverRow:
    return HandoverRow(
        id=f"{key}/{event.id}",
        slug=key.slug,
        platform=key.platform,
        title=event.title,
        at=event.at,
        origin=event.origin,
        department=event.department,
        since=min(event.since or event.at, event.at),
        reason=event.text[:EXCERPT],
    )


def of_delivery(
    brand: Brand, at: datetime, delivery: Delivery, post: Post | None, measured: Measurement | None
) -> DeliveryRow:
    owner = delivery.key.owner
    channel = brand.channel(delivery.key.channel)
    numbers = measured.numbers if measured else Numbers()
    return DeliveryRow(
        id=str(delivery.key),
        kind="post" if isinstance(owner, PostKey) else "reply",
        slug=owner.id if isinstance(owner, PostKey) else owner.slug,
        channel=delivery.key.channel,
        platform=channel.platform if channel else "",
        at=at,
        due=_due(delivery, post),
        state=delivery.state.value,
        reason=delivery.reason,
        title=delivery.title,
        text=next(iter(delivery.text.splitlines()), "")[:EXCERPT],
        url=delivery.remote_url,
        by=delivery.approved_by,
        despite=delivery.despite,
        anyway=delivery.anyway,
        holding=delivery.answer_by is not None,
        under=delivery.under,
        way=delivery.way,
        goal=post.goal if post else "",
        audience=post.audience if post else "",
        why=post.why if post else "",
        shares=post.shares if post else "",
        step=measured.step if measured else 0,
        counted_at=measured.at if measured else None,
        reach=numbers.reach,
        reactions=numbers.reactions,
        replies=numbers.replies,
        shared=numbers.shares,
    )


def _due(delivery: Delivery, post: Post | None) -> datetime:
    """Its moment as it was planned: what was held back and let go later did not leave on it."""
    if delivery.slot is None:
        return delivery.approved_at
    return min(delivery.slot.at(), post.slot.at()) if post else delivery.slot.at()
