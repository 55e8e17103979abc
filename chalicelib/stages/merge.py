"""Merge a case into another, across networks too, and split it off again.

Who is on both ends is for a person to say. The one that is merged stands still as it was, is on no list, and
leads to the other; what was said and sent stays under it, and is shown with the other's. What comes in by its
conversation moves the other one on. Split off, it is as it would be had it been on its own, as far as its
messages say: what was answered meanwhile is answered, what came after that waits.

Each is one transaction, conditional on all cases as they were read, with a line of history in both: of two
merges in opposite directions one is refused, so none can go round in a circle. A repeat changes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, CaseState, EventKind, heard
from chalicelib.domain.drafting import plain
from chalicelib.domain.labels import MOST as MOST_LABELS
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.response import Decision, decide
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import Cases, Mentions
from chalicelib.stages.claim import as_read, freed, must_be_free
from chalicelib.stages.respond import new_case
from chalicelib.tasks import Judged

MOST = 10
"""Cases that are merged into one."""
WHY = 500
STILL = (CaseState.OPEN, CaseState.ANSWERED, CaseState.SOLVED)
"""States in which nothing is on its way."""


def merge(
    key: CaseKey,
    rev: int,
    other: CaseKey,
    reason: str,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    now: datetime,
) -> Case:
    """The case `key` with `other` in it. Raises NotFound, Conflict if it changed since `rev`, BadInput:
    `other` for one that cannot be it, `many`, `sending` where an answer is on its way, `taken` where a
    colleague works on one of the two."""
    part = cases.find(other)
    if part is None or other == key or other.brand != key.brand or key.drill or part.key.drill:
        raise BadInput("other", "another case of this brand")
    if part.key == key:
        return part  # it is in there already
    into = as_read(cases, key, rev)
    parts = [part, *_kept(part.joined, cases)]
    if len(into.joined) + len(parts) > MOST:
        raise BadInput("many", f"at most {MOST} cases in one")
    _, sent = cases.history(part.key)
    if not (_still(into) and _still(part)) or not all(each.state.rests for each in sent):
        raise BadInput("sending", "an answer is on its way, or somebody has to look at it")
    must_be_free(into, by, by_id, now)
    must_be_free(part, by, by_id, now)
    after = _together(into, part, strict=part.wants_four_eyes(brand) or into.strict)
    line = CaseEvent(
        at=now,
        id=f"merged-{after.rev}",
        kind=EventKind.MERGED,
        by=by,
        by_id=by_id,
        text=plain(reason)[:WHY],
        case=part.key,
        title=part.title,
    )
    joined = replace(line, id=f"joined-{part.rev + 1}", kind=EventKind.JOINED, case=key, title=into.title)
    lines = [(key, line), (part.key, joined), (part.key, heard(part))]
    if after.mention != into.mention:
        lines.append((key, heard(into)))
    cases.change_together([after, *(_merged(each, key) for each in parts)], lines)
    return after


def split(
    key: CaseKey,
    rev: int,
    other: CaseKey,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    mentions: Mentions,
    now: datetime,
) -> Case:
    """The case `key` without `other`, which is one of its own again. Raises NotFound, Conflict if it changed
    since `rev`, BadInput as `merge`; `gone` where the messages are not kept any more."""
    part = cases.get(other)
    if part.into != key:
        return cases.get(key)  # it is out already
    into = as_read(cases, key, rev)
    if not _still(into):
        raise BadInput("sending", "an answer is on its way, or somebody has to look at it")
    must_be_free(into, by, by_id, now)
    parting = _Parting(into, part, cases, mentions, brand)
    try:
        rest, own = parting.rest(), parting.own()
    except NotFound:
        raise BadInput("gone", "its messages are not kept any more") from None
    line = CaseEvent(
        at=now,
        id=f"split-{rest.rev}",
        kind=EventKind.SPLIT,
        by=by,
        by_id=by_id,
        case=other,
        title=part.title,
    )
    parted = replace(line, id=f"parted-{own.rev}", kind=EventKind.PARTED, case=key, title=into.title)
    cases.change_together([rest, own], [(key, line), (other, parted)])
    return rest


def _kept(keys: Iterable[CaseKey], cases: Cases) -> Iterator[Case]:
    for key in keys:
        try:
            yield cases.get(key)
        except NotFound:  # older than what is kept
            continue


def _still(case: Case) -> bool:
    return case.state in STILL


def _merged(part: Case, into: CaseKey) -> Case:
    return replace(freed(part), rev=part.rev + 1, into=into, joined=(), asked=())


def _together(into: Case, part: Case, *, strict: bool) -> Case:
    """It waits with the newer message of the two that wait, and is due when the first of them is."""
    waits = [each for each in (into, part) if each.state is CaseState.OPEN]
    shown = max(waits, key=_newness, default=into)
    first = min(waits, key=lambda each: each.due, default=into)
    drafted = next((each.draft for each in (into, part) if each.draft and each.draft.by), shown.draft)
    asked = {each.id: each for each in (*into.asked, *part.asked)}
    return replace(
        shown,
        key=into.key,
        rev=into.rev + 1,
        thread=shown.thread if shown is into else shown.thread or part.key,
        joined=(*into.joined, part.key, *part.joined),
        title=into.title,
        topics=tuple(dict.fromkeys((*into.topics, *part.topics))),
        due=first.due,
        reckoning=first.reckoning,
        department=into.department,
        handed=into.handed,
        strict=strict,
        draft=drafted,
        replies=into.replies,
        reopened=into.reopened or into.state is not CaseState.OPEN or shown.reopened,
        labels=tuple(sorted({*into.labels, *part.labels}))[:MOST_LABELS],
        asked=tuple(asked.values()),
        taken_by=into.taken_by,
        taken_by_id=into.taken_by_id,
        taken_until=into.taken_until,
        snoozed_until=into.snoozed_until if shown is into and part not in waits else None,
    )


def _newness(case: Case) -> tuple[datetime, str]:
    return case.received_at, case.mention.id


class _Parting:
    """What each of two has of what they had together."""

    def __init__(self, into: Case, part: Case, cases: Cases, mentions: Mentions, brand: Brand) -> None:
        self._into, self._part = into, part
        self._cases, self._mentions, self._brand = cases, mentions, brand
        self._theirs = cases.history(part.key)[0]
        self._all = cases.history(into.key)[0]
        self._leaves = into.thread == part.key
        """Does what waits go with the part?"""

    def own(self) -> Case:
        """The part, as a case of its own."""
        part, into = self._part, self._into
        said = _said(self._theirs) | ({into.mention: into.received_at} if self._leaves else {})
        newest = _newest(said)
        since = max(
            (each.at for each in self._theirs if each.kind is EventKind.JOINED), default=part.received_at
        )
        lived = [
            each
            for each in self._all
            if each.at >= since and (each.kind is EventKind.HEARD or each not in self._theirs)
        ]
        state, at = _stands((part.state, part.answered_at), lived, said)
        if self._leaves and into.state is CaseState.OPEN:
            state, at = CaseState.OPEN, None
        bare = part if newest == part.mention else self._anew(part, newest)
        typed = into.draft if self._leaves and into.draft and into.draft.by else bare.draft
        return replace(
            bare,
            rev=part.rev + 1,
            state=state,
            answered_at=at,
            draft=typed,
            into=None,
            thread=None,
            joined=(),
        )

    def rest(self) -> Case:
        """The other one, without the part."""
        into = self._into
        joined = tuple(each for each in into.joined if each != self._part.key)
        if not self._leaves:
            return replace(into, rev=into.rev + 1, joined=joined)
        theirs = _said(self._theirs)
        said = {
            mention: at
            for mention, at in _said(self._all).items()
            if mention not in theirs and mention != into.mention
        }
        newest = _newest(said)
        thread = self._cases.thread(CaseKey(newest.brand, newest.platform, newest.id))
        lived = [each for each in self._all if each not in self._theirs]
        state, at = into.state, into.answered_at
        if state is CaseState.OPEN:
            state, at = _stands((CaseState.OPEN, None), lived, said)
        return replace(
            self._anew(into, newest),
            rev=into.rev + 1,
            state=state,
            answered_at=at,
            joined=joined,
            thread=thread if thread in joined else None,
        )

    def _anew(self, case: Case, newest: MentionKey) -> Case:
        """The same case, waiting with this message. Raises NotFound where it is not kept any more."""
        mention, verdict = self._mentions.get(newest)
        if verdict is None:
            raise NotFound(f"{newest} has no verdict")
        decision = decide(mention, verdict.reading, mention.heard_at)
        decision = Decision(decision.action or Action.ANSWER, decision.reason)
        fresh = new_case(case.key, Judged(mention, verdict), self._brand, decision)
        return replace(
            fresh,
            title=case.title,
            topics=fresh.topics or case.topics,
            replies=case.replies,
            department=case.department,
            handed=case.handed,
            strict=case.strict,
            labels=case.labels,
            reopened=case.reopened,
            asked=case.asked,
            taken_by=case.taken_by,
            taken_by_id=case.taken_by_id,
            taken_until=case.taken_until,
        )


def _said(events: Iterable[CaseEvent]) -> dict[MentionKey, datetime]:
    """Its messages, and when they came."""
    return {each.mention: each.at for each in events if each.kind is EventKind.HEARD and each.mention}


def _newest(said: dict[MentionKey, datetime]) -> MentionKey:
    """Raises NotFound where none is kept."""
    if not said:
        raise NotFound("no message is kept")
    return max(said, key=lambda mention: (said[mention], mention.id))


def _stands(
    was: tuple[CaseState, datetime | None], lived: Sequence[CaseEvent], said: Collection[MentionKey]
) -> tuple[CaseState, datetime | None]:
    """How a case stands after what happened, of which only the messages `said` are its own."""
    for event in lived:
        if event.kind is EventKind.APPROVED:
            was = CaseState.ANSWERED, event.at
        elif event.kind is EventKind.SOLVED:
            was = CaseState.SOLVED, event.at
        elif event.kind is EventKind.REOPENED or (event.kind is EventKind.HEARD and event.mention in said):
            was = CaseState.OPEN, None
    return was
