"""Health: is everything running? Queues and what died in them, the clock, the sources, our channels."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.errors import NotFound
from chalicelib.ports import Letter, Queue
from chalicelib.web import export, held, listening, outgoing, running
from chalicelib.web.i18n import N_, Words
from chalicelib.web.noting import noted
from chalicelib.web.reasons import told
from chalicelib.web.visit import Go, Outcome, Page, Visit

STALE = timedelta(minutes=10)
"""The clock ticks each minute; five in a row are never missed by chance."""

QUEUES = {
    "poll": N_("Asking the sources"),
    "hear": N_("Reading what was sent to us"),
    "understand": N_("Judging mentions"),
    "respond": N_("Making cases"),
    "deliver": N_("Sending"),
}
ABOUT = {
    "poll": N_("A source was to be asked"),
    "hear": N_("A call was to be read"),
    "understand": N_("Messages were to be judged"),
    "respond": N_("Messages were to become cases"),
    "deliver": N_("A post or answer was to be sent"),
}
OTHER = N_("A call of Webspin's clock")
"""By the queue, as `aws/pipes.py` names it; of anything else its length."""
NETWORK = re.compile(r"(?:Unavailable|Rejected|Unauthorized|RateLimited|Unknown): ([a-z_]+): (.*)", re.DOTALL)
KIND = re.compile(r"([A-Z]\w*): (.*)", re.DOTALL)
"""How `aws/log.py` writes an error: its class, for a network's also the network, and what it says."""
CAN = {"publish": N_("publishes"), "delete": N_("removes"), "measure": N_("measures")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """`about` says what a letter is of, `key` names it; `reason` is worded for the reader."""

    key: str
    about: str
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe:
    """A queue; `dead` counts its dead letters, of which `letters` are some."""

    id: str
    name: str
    waiting: int
    at_work: int
    dead: int
    letters: tuple[Dead, ...]


def show(visit: Visit) -> Outcome:
    """As a file it is what died; `of` asks for its other tables."""
    words, desk = visit.words, visit.desk
    if export.asked(visit) and visit.query.get("of") == "spend":
        return export.download(visit, "spend", ("part", "number", "usd"), running.spend_rows(visit))
    sources = desk.sources.of(visit.brand.id)
    named = {source.id: source.name for source, _state in sources}
    pipes = [_pipe(queue, named, visit) for queue in desk.pipes.state()]
    if export.asked(visit):
        return _file(visit, pipes)
    ears = listening.ears(sources, visit.brand, words)
    key_states, tally = desk.pulse.of(visit.brand.id, running.month(visit))
    tick = desk.sources.last_tick()
    again = visit.query.get("again", "")
    values = {
        "pipes": pipes,
        "dead": [pipe for pipe in pipes if pipe.dead],
        "ears": [ear for ear in ears if ear.trouble],
        "put_off": [ear for ear in ears if ear.put_off],
        "listening": sum(ear.state != "paused" for ear in ears),
        "paused": sum(ear.state == "paused" for ear in ears),
        "over": held.over(visit, named),
        "blocked": sum(block.held for block in visit.brand.blocks),
        "tick": tick,
        "stale": tick is None or visit.now - tick > STALE,
        "channels": [_channel(visit, channel.id) for channel in visit.brand.channels],
        "schedules": (runs := running.schedules(visit, tick)),
        "late": [each for each in runs[1:] if each.late and each.ran],
        "keys": (keys := running.keys(visit, sources, key_states, visit.desk.pulse.tested(visit.brand.id))),
        "refused": [key for key in keys if key.refused],
        "spend": running.spent(visit, tally),
        "again": name(again, words) if again in QUEUES else "",
    }
    return Page(template="health.html", place="health", values=values)


def _file(visit: Visit, pipes: Sequence[Pipe]) -> Outcome:
    if visit.query.get("of") == "queues":
        queues = ((pipe.id, pipe.waiting, pipe.at_work, pipe.dead) for pipe in pipes)
        return export.download(visit, "queues", ("queue", "waiting", "at_work", "stuck"), queues)
    dead = (
        (pipe.id, each.at, "" if visit.restricted else each.key, each.reason)
        for pipe in pipes
        for each in pipe.letters
    )
    return export.download(visit, "dead-letters", ("queue", "at", "about", "reason"), dead)


def redrive(visit: Visit, queue: str) -> Outcome:
    """What is dead in this queue goes through it once more."""
    once_more(visit, queue)
    return Go(f"/status?again={queue}")


def once_more(visit: Visit, queue: str, until: datetime | None = None) -> None:
    """With `until` only what died before. Raises NotFound."""
    if queue not in {each.name for each in visit.desk.pipes.state()}:
        raise NotFound("no such queue")
    with noted(visit.desk, visit.line("queue.redrive", queue)):
        visit.desk.pipes.redrive(queue, until)


def name(queue: str, words: Words) -> str:
    return words.gettext(QUEUES[queue]) if queue in QUEUES else queue


def _pipe(queue: Queue, sources: Mapping[str, str], visit: Visit) -> Pipe:
    letters = visit.desk.pipes.letters(queue.name) if queue.dead else []
    ours = [letter for letter in letters if is_ours(letter.about, visit.brand.id)]
    return Pipe(
        id=queue.name,
        name=name(queue.name, visit.words),
        waiting=queue.waiting,
        at_work=queue.at_work,
        dead=queue.dead,
        letters=tuple(_dead(letter, sources, visit) for letter in ours),
    )


def _dead(letter: Letter, sources: Mapping[str, str], visit: Visit) -> Dead:
    about = _about(letter.about, sources, visit)
    return Dead(key=letter.about, about=about, reason=_reason(letter.reason, visit.words), at=letter.at)


def is_ours(about: str, brand: str) -> bool:
    """`deliver brand/...`: does every name in it begin with this brand? What names nothing is everybody's."""
    _, _, names = about.partition(" ")
    return "/" not in names or all(each.startswith(f"{brand}/") for each in names.split(", "))


def _about(key: str, sources: Mapping[str, str], visit: Visit) -> str:
    """What a letter is of, without its keys; the source or channel by name where it is of this brand."""
    kind, _dash, ids = key.partition(" ")
    said = visit.words.gettext(ABOUT.get(kind, OTHER))
    parts = ids.split("/")
    if parts[0] != visit.brand.id:
        return said
    if kind == "deliver":
        return f"{said}: {outgoing.channel(visit.brand, parts[-2], visit.words)}"
    if kind in ("poll", "hear"):
        return f"{said}: {sources.get(parts[-1], parts[-1])}"
    return said


def _reason(reason: str, words: Words) -> str:
    """Why a letter died: what a network or its address did is worded, what is a fault of ours says so."""
    _ = words.gettext
    if found := NETWORK.fullmatch(reason):
        return f"{words.network(found[1])}: {told(found[2], words)}"
    if found := KIND.fullmatch(reason):
        kind, said = found.groups()
        if kind in ("Blocked", "Unreachable", "Lost", "TooBig"):
            return told(said, words)
        if kind == "BadTask":
            return _("Webspin cannot read this message of its own")
        return _("Webspin made a mistake; whoever looks after it finds it in the log")
    return told(reason, words) if reason != "unknown" else ""


def _channel(visit: Visit, channel: str) -> tuple[str, list[str], list[str]]:
    """A channel with what its network can do, and what it cannot."""
    words = visit.words
    able = {what: visit.desk.can(visit.brand, channel, what) for what in CAN}
    can = [words.gettext(said) for what, said in CAN.items() if able[what]]
    cannot = [words.gettext(said) for what, said in CAN.items() if not able[what]]
    return outgoing.channel(visit.brand, channel, words), can, cannot
