"""Health: does the clock tick, are the queues empty, and what died in them. All brands share the queues."""

from chalicelib.errors import NotFound
from chalicelib.ports import Queue as Kept
from chalicelib.web import running
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Listed, Moment, Shape, show
from chalicelib.web.pages import health as page


class Letter(Shape):
    """A message that no worker could do. `about` names what it is of, never its words."""

    about: str
    reason: str
    at: Moment | None


class QueueLine(Shape):
    """About so many messages; `dead` could not be done."""

    name: str
    waiting: int
    at_work: int
    dead: int


class Queue(QueueLine):
    """`letters` are some of the dead ones that are of this brand alone."""

    letters: list[Letter]


class Schedule(Shape):
    name: str
    ran: Moment | None
    late: bool


class KeyState(Shape):
    """Of a channel or source: `worked` last, `refused` since when its network takes its key no more, `tried`
    last by itself (once a day, where its network can be asked), `ends` by when somebody must set another.
    `path` is its page in the console, where that is done."""

    name: str
    worked: Moment | None
    refused: Moment | None
    tried: Moment | None
    ends: Moment | None
    path: str


class Spend(Shape):
    """An estimate of this month so far in USD, from our own counts; `counted` is when those were made."""

    total: str
    parts: dict[str, str]
    counted: Moment | None


class Health(Shape):
    """`stands_still`: the clock has not ticked for ten minutes."""

    last_tick: Moment | None
    stands_still: bool
    queues: list[QueueLine]
    schedules: list[Schedule]
    keys: list[KeyState]
    spend: Spend


class Redriven(Shape):
    """`id` is the queue's name: look there what became of it."""

    id: str


def get(call: Call) -> Health:
    """How everything runs."""
    tick = call.desk.sources.last_tick()
    stale = tick is None or call.visit.now - tick > page.STALE
    states, tally = call.desk.pulse.of(call.brand.id, running.month(call.visit))
    tests = call.desk.pulse.tested(call.brand.id)
    keys = running.keys(call.visit, call.desk.sources.of(call.brand.id), states, tests)
    spend = running.spent(call.visit, tally)
    return Health(
        last_tick=tick,
        stands_still=stale,
        queues=[show(QueueLine, each) for each in call.desk.pipes.state()],
        schedules=[show(Schedule, each) for each in running.schedules(call.visit, tick)],
        keys=[show(KeyState, each) for each in keys],
        spend=show(Spend, spend, parts={name: usd for name, usd, _ in spend.parts}),
    )


def queue(call: Call, queue: str) -> Queue:
    """One queue, with the reasons of what died in it."""
    found = _find(call, queue)
    letters = call.desk.pipes.letters(queue) if found.dead else []
    hidden = {"about": ""} if call.visit.restricted else {}
    ours = [show(Letter, each, **hidden) for each in letters if page.is_ours(each.about, call.brand.id)]
    return show(Queue, found, letters=ours)


def redrive(call: Call, queue: str, body: Empty) -> Redriven:
    """What is dead goes through its queue once more; asked again, only what was dead at the first time."""
    page.once_more(call.visit, queue, call.first_asked if call.asked_again else None)
    return Redriven(id=queue)


def queues(call: Call) -> Listed[QueueLine]:
    """All queues, in the order of the work."""
    return Listed[QueueLine](items=[show(QueueLine, each) for each in call.desk.pipes.state()])


def _find(call: Call, name: str) -> Kept:
    found = next((each for each in call.desk.pipes.state() if each.name == name), None)
    if found is None:
        raise NotFound("no such queue")
    return found
