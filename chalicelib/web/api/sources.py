"""Sources: what we listen to, and whether it listens as it should."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.coverage import coverage
from chalicelib.domain.habit import habit
from chalicelib.domain.ledger import by
from chalicelib.domain.month import month_of
from chalicelib.domain.rate import by_hour
from chalicelib.domain.source import Source as Kept, SourceState
from chalicelib.errors import NotFound
from chalicelib.stages import noise
from chalicelib.web import blocking, callers, keeping, listening
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Given, Listed, Moment, Shape, show
from chalicelib.web.pages import refused


class Refusal(Shape):
    """A call that was refused: `status` is our answer, `reason` why, in one word."""

    at: Moment
    status: int
    reason: str


class Left(Shape):
    """What the network said at the last poll: so many requests are left, of so many, until then."""

    left: int
    of: int | None
    until: Moment | None


class Meter(Shape):
    """How well it is heard. `week`: seven days, Monday first, of 24 hours on the brand's clock: of a hundred
    such hours of the last four weeks so many brought something; null as long as under two weeks are known.
    `usual`: messages to be expected on each day of the week, Monday first, and `usual_hours` the same of each
    hour of it; null while that is not known, or where it calls us, which is not counted.
    `delay_median` and `delay_p95` in minutes from publication until colleagues were told, or until its
    verdict was there where it rang for nobody, as the next of 1, 2, 5, 10, 15, 30, 60, 120, 240, 480 and
    1440; null where nothing told when it was published, or beyond a day: `delays` says of how many, a few
    of each poll or call. `spent` in micro-dollars (millionths of a US dollar) this month."""

    week: list[list[int]] | None
    usual: list[float] | None
    usual_hours: list[list[float]] | None
    delay_median: int | None
    delay_p95: int | None
    delays: int
    faults: Annotated[int, Field(description="Requests of the last seven days that were not answered")]
    quota: Left | None
    spent: int


class HeldCounts(Shape):
    """Of what came this month (UTC): held by a rule, by a block, while muted, and over its cap."""

    noise: int = 0
    blocked: int = 0
    muted: int = 0
    capped: int = 0


class Source(Shape):
    """`state`: well, waiting (not heard yet, or put off until `waits_until`), silent (not asked in time,
    beyond its habit, or with far less than usual), stopped (the budget of `stopped_by` is used), failing or
    paused. `reason`: why it fails or is put off. What it is set to stands under settings."""

    id: str
    platform: str
    name: str
    interval: Annotated[int, Field(description="Minutes between two polls; 0: it calls us")]
    channel: str
    address: Annotated[
        str | None,
        Field(description="Where it calls us; null if it does not, or if it ends in a word shown once"),
    ]
    state: Literal["well", "waiting", "silent", "stopped", "failing", "paused"]
    reason: str
    stopped_by: Annotated[str | None, Field(description="brand, department/id or watch/id")]
    waits_until: Moment | None
    failing_since: Moment | None
    last_success: Moment | None
    last_heard: Moment | None
    meter: Meter
    muted: Annotated[str, Field(description="yes, or until which moment what it brings is held; else empty")]
    cap: Annotated[
        int, Field(description="Messages an hour before it opens no more cases by itself; 0: none")
    ]
    held: HeldCounts
    over_cap: Annotated[int, Field(description="Messages over its cap that wait for somebody to decide")]


class OverCap(Given):
    let_through: Annotated[bool, Field(description="The newest 40 go on; false: all stay where they are")]


def browse(call: Call) -> Listed[Source]:
    """All sources of the brand, trouble first."""
    kept = call.desk.sources.of(call.brand.id)
    counts = call.desk.noise.counts(call.brand.id, [source.id for source, _ in kept], call.visit.now)
    spent = _spent(call)
    found = [_shown(call, *each, counts, spent) for each in kept]
    return Listed[Source](items=sorted(found, key=lambda each: (listening.STATES.index(each.state), each.id)))


def get(call: Call, source: str) -> Source:
    """One source."""
    found = (each for each in call.desk.sources.of(call.brand.id) if each[0].id == source)
    if (one := next(found, None)) is None:
        raise NotFound("no such source")
    counts = call.desk.noise.counts(call.brand.id, [source], call.visit.now)
    return _shown(call, *one, counts, _spent(call))


def decide_over_cap(call: Call, source: str, body: OverCap) -> Source:
    """What becomes of what came over its cap."""
    call.expect(get(call, source))
    if body.let_through:
        blocking.let_cap_through(call.visit, source)
    else:
        blocking.leave_cap(call.visit, source)
    brand, _ = call.desk.brands.latest(call.brand.id)
    fresh = replace(call, visit=replace(call.visit, brand=brand))
    return get(fresh, source)


def refusals(call: Call, source: str) -> Listed[Refusal]:
    """Its calls of the last 24 hours that were refused, the newest first: at most 50, from our log."""
    found = refused.calling(call.visit, source)
    told = call.desk.refusals.of(found.brand, source, call.visit.now)
    return Listed[Refusal](items=[show(Refusal, each) for each in told])


def poll(call: Call, source: str, body: Empty) -> Source:
    """Ask it now. One that calls us, or is paused, is not asked."""
    keeping.poll_now(call.visit, source)
    return get(call, source)


def _spent(call: Call) -> Mapping[str, int]:
    """By source."""
    book = call.desk.ledger.book(call.brand.id, month_of(call.visit.now, call.brand.zone))
    return by(book.all_lines, "source")


def _shown(
    call: Call,
    source: Kept,
    state: SourceState,
    counts: Mapping[str, Mapping[str, int]],
    spent: Mapping[str, int],
) -> Source:
    (ear,) = listening.ears([(source, state)], call.brand, call.visit.words)
    times = {name: getattr(state, name) for name in ("failing_since", "last_success", "last_heard")}
    reason = state.reason if ear.state == "failing" or ear.until else ""
    calls = source.platform == "webhook"
    address = callers.address(call.desk.webhook_url, source) if calls else ""
    return show(
        Source,
        source,
        address=address or None,
        state=ear.state,
        reason=reason,
        stopped_by=state.stopped or None,
        waits_until=ear.until,
        meter=_metered(call, source, state, spent.get(source.id, 0)),
        held=HeldCounts(**counts.get(source.id, {})),
        over_cap=sum(
            one.held for one in noise.waiting(call.brand, call.visit.now) if one.source == source.id
        ),
        **times,
    )


def _metered(call: Call, source: Kept, state: SourceState, spent: int) -> Meter:
    found = habit(state.meter, call.brand.zone)
    usual = coverage(state, call.visit.now).usual if source.interval > 0 else None
    return Meter(
        week=[list(day) for day in found.week] if found.week else None,
        usual=[round(each, 2) for each in usual] if usual else None,
        usual_hours=[list(day) for day in by_hour(usual, found.week)] if usual and found.week else None,
        delay_median=found.median,
        delay_p95=found.most,
        delays=found.told,
        faults=found.faults,
        quota=show(Left, state.quota) if state.quota else None,
        spent=spent,
    )
