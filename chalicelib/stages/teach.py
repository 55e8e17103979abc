"""Stage 8, beside `relate`. From seven o'clock where the brand is: what its corrections taught.

The order of effects: read, learn and measure; put the day's delta, once; then the lessons, which decide what
judges along, with the log's line of it. A crash in between leaves what judged along before, and the next hour
learns anew, finds the delta that is there and goes by that one. Of two at once one settles. What judges along
is what was measured last: a delta that does not help leaves the judge alone, also where one did before.

Whether there is anything to learn stands beside the brand: an hour without costs no request. A brand that
fails stops no other. What a person took back stays back until a person lets a delta judge again.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from chalicelib.domain.audit import AuditLine, line
from chalicelib.domain.brand import Brand, Lessons
from chalicelib.domain.correction import Correction
from chalicelib.domain.delta import Delta
from chalicelib.domain.pulse import Failure, why
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Brands, Corrections, Deltas, Mentions, Pulse
from chalicelib.stages.relate import HOUR, listings

KEPT = timedelta(days=365)
"""So long a correction is there."""
MOST = 400
"""Corrections that are learned from, the newest: half a minute of this Lambda."""
OTHERS = 200
"""Messages that nobody corrected, the newest, on which it is seen what would be read otherwise."""
SHOWN = 12
"""Deltas that a person is shown and may let judge."""
ROOM_MS = 60_000
"""What must be left of the call to begin with a brand; the next hour goes on from there."""
FAILED = "lessons"
"""What could not be made, for `Failure`."""
LIVE, BACK = "delta.live", "delta.back"

Learn = Callable[[str, Sequence[Correction], datetime, Sequence[tuple[str, str]]], Delta]
"""Brand, corrections, the beginning of its day, before which they count, language and text of messages that
nobody corrected."""

log = logging.getLogger("webspin")


def run(
    *,
    brands: Brands,
    corrections: Corrections,
    mentions: Mentions,
    deltas: Deltas,
    learn: Learn,
    version: Callable[[], str],
    pulse: Pulse,
    remaining_ms: Callable[[], int],
    now: datetime,
) -> dict[str, int]:
    """Learn for each brand that has something to learn: how many were `taught` and `failed`."""
    counts = {"taught": 0, "failed": 0}
    for brand in brands.all():
        until = _morning(brand, now)
        if until is None or not _news(brand.lessons, until, version):
            continue
        if remaining_ms() < ROOM_MS:
            break
        try:
            counts["taught"] += _teach(brand, until, corrections, mentions, deltas, learn, version, now)
        except Exception as error:  # one brand must not take the others along
            counts["failed"] += 1
            log.error("corrections taught nothing", exc_info=error, extra={"brand": brand.id})
            pulse.failed(brand.id, Failure(what=FAILED, at=now, reason=why(error)))
    return counts


def _morning(brand: Brand, now: datetime) -> datetime | None:
    """The beginning of the brand's day, in its zone; None before its morning."""
    here = now.astimezone(ZoneInfo(brand.zone))
    return here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0) if here.hour >= HOUR else None


def _news(lessons: Lessons, until: datetime, version: Callable[[], str]) -> bool:
    """May something have been said before today that was not looked at, or is the judge another than was
    taught?"""
    if lessons.said is None:
        return False
    seen = lessons.until
    if seen is None or (seen < until and seen <= lessons.said):
        return True
    return version() != lessons.judge


def _teach(
    brand: Brand,
    until: datetime,
    corrections: Corrections,
    mentions: Mentions,
    deltas: Deltas,
    learn: Learn,
    version: Callable[[], str],
    now: datetime,
) -> bool:
    """True if this run settled it."""
    lessons = deltas.lessons(brand.id)
    if not _news(lessons, until, version):
        return False
    said = deque(corrections.between(brand.id, until - KEPT, now), maxlen=MOST)
    if lessons.until is None and all(one.at >= until for one in said):  # the first were today
        return False
    found = learn(brand.id, said, until, _others(brand, said, mentions, now))
    if not deltas.add(found):
        found = deltas.get(brand.id, found.version) or found
    live = found.version if found.helps and not lessons.held else ""
    after = replace(lessons, rev=lessons.rev + 1, live=live, until=until, judge=found.judge)
    try:
        deltas.settle(brand.id, after, *_lines(brand.id, lessons.live, live, now))
    except Conflict:
        return False
    return True


def _others(
    brand: Brand, said: Sequence[Correction], mentions: Mentions, now: datetime
) -> list[tuple[str, str]]:
    known = {(one.platform, one.id) for one in said}
    found = (
        (one.language, one.excerpt)
        for one in listings(brand.id, mentions, now)
        if (one.key.platform, one.key.id) not in known
    )
    return list(islice(found, OTHERS))


def _lines(brand: str, was: str, live: str, now: datetime) -> list[AuditLine]:
    """What the log says of it: nothing where nothing changed."""
    if was == live:
        return []
    what = LIVE if live else BACK
    return [line(brand, now, f"{what}.{live or was}", what, of=live or was, before=was, after=live)]


# what a person does -------------------------------------------------------------------------------


def take_back(brand: str, rev: int, by: str, line: AuditLine, *, deltas: Deltas) -> None:
    """The judge judges alone until a person lets a delta judge again; verdicts that stand stay.

    `rev` is that of the lessons as the person saw them. Raises Conflict where they are not so any more, or
    no delta judges along.
    """
    lessons = _seen(brand, rev, deltas)
    if not lessons.live:
        raise Conflict("no delta judges along")
    after = replace(lessons, rev=rev + 1, live="", held=by)
    deltas.settle(brand, after, replace(line, what=BACK, of=lessons.live, before=lessons.live))


def let_judge(brand: str, rev: int, version: str, line: AuditLine, *, deltas: Deltas) -> None:
    """This delta judges along from the next minute on. Raises BadInput for one that may not, Conflict."""
    lessons = _seen(brand, rev, deltas)
    if version not in {each.version for each in deltas.newest(brand, SHOWN) if may_judge(each, lessons)}:
        raise BadInput("version", "one that helped, of the judge as it is")
    if version == lessons.live:
        return
    after = replace(lessons, rev=rev + 1, live=version, held="")
    deltas.settle(brand, after, replace(line, what=LIVE, of=version, before=lessons.live, after=version))


def may_judge(delta: Delta, lessons: Lessons) -> bool:
    """Did it help when it was measured, and is the judge still the one that it was learned on?"""
    return delta.helps and delta.judge == lessons.judge


def _seen(brand: str, rev: int, deltas: Deltas) -> Lessons:
    lessons = deltas.lessons(brand)
    if lessons.rev != rev:
        raise Conflict(f"what judges along at {brand} changed meanwhile")
    return lessons
