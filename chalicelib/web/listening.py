"""Sources as the page shows them: does each listen as it should, and if not, since when and why?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.brand import Brand
from chalicelib.domain.budget import called
from chalicelib.domain.coverage import Coverage, coverage
from chalicelib.domain.habit import knows
from chalicelib.domain.hush import FEW, NOTHING, WAITS, Hush, fails_since, unasked_since
from chalicelib.domain.source import UNREADABLE, Source, SourceState
from chalicelib.web import outgoing
from chalicelib.web.gauge import quiet, usual
from chalicelib.web.i18n import N_, Words
from chalicelib.web.reasons import told

STATES = ("failing", "stopped", "silent", "waiting", "well", "paused")
"""Trouble first."""
MENDS = (
    (("HTTP 401", "HTTP 403", "refuse our key", "app password"), N_("Renew its key.")),
    (("is not a feed",), N_("Give it the address of its feed.")),
    (
        (
            "gone for good",
            "answered 404",
            "HTTP 404",
            "is not known",
            "the address",
            "are opened",
            "leads inside",
        ),
        N_("Look whether its address still holds."),
    ),
    (("is not set up well",), N_("Look at its settings.")),
)
"""What a reason holds, and what mends it."""
PATIENCE = N_("We keep trying; nothing is lost.")
OURS = N_("Have its calls sent in our own form. What could not be read lies on the health page for 14 days.")
"""Of calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """`state`: failing (or its calls cannot be read), stopped (its budget is used), silent (not asked, has to
    wait for long, or quiet where that is unusual, or `few`: it brings far less than usual), waiting (not
    asked or heard yet, or put off), well or paused. `known`: is enough known to say what is usual? `said`
    says it in words, `mend` the one thing to do about it; before `until` it is not asked, for a `reason`.
    `usual` is what an ordinary day brings, in words, "" while nobody can tell. `counted` is None for what
    calls us."""

    id: str
    name: str
    kind: str
    state: str
    said: str
    reason: str
    mend: str
    known: bool
    until: datetime | None
    success: datetime | None
    heard: datetime | None
    every: str
    counted: Coverage | None = None
    usual: str = ""
    few: bool = False

    @property
    def trouble(self) -> bool:
        return self.state in ("failing", "stopped", "silent")

    @property
    def deaf(self) -> bool:
        """Is nothing heard of it at this moment?"""
        return (self.trouble and not self.few) or self.state == "paused" or self.success is None

    @property
    def put_off(self) -> bool:
        """Is it well, and may not be asked yet?"""
        return self.state == "waiting" and self.until is not None


def ears(found: Iterable[tuple[Source, SourceState]], brand: Brand, words: Words) -> list[Ear]:
    """Trouble first, then by name."""
    made = [_ear(source, state, brand, words) for source, state in found]
    return sorted(made, key=lambda ear: (STATES.index(ear.state), ear.name.casefold()))


def _ear(source: Source, state: SourceState, brand: Brand, words: Words) -> Ear:
    _ = words.gettext
    calls = source.interval <= 0
    counted = None if calls else coverage(state, words.now)
    hush = quiet(source, state, brand, words)
    until = state.wait_until if state.waits(words.now) and not source.paused else None
    kind, said = _state(source, state, hush, brand, words)
    length = words.span(timedelta(minutes=source.interval))
    return Ear(
        id=source.id,
        name=source.name,
        kind=words.network(source.platform),
        state=kind,
        said=said,
        reason=sentence(told(state.reason, words)) if kind == "failing" or until else "",
        mend=_mend(kind, state, hush, words),
        known=state.meter is not None and knows(state.meter, source.resumed),
        until=until,
        success=state.last_success,
        heard=state.last_heard,
        every=_("sends by itself") if calls else _("every %(span)s", span=length),
        counted=counted,
        usual=usual(counted, words),
        few=kind == "silent" and hush is not None and hush.kind == FEW,
    )


def _state(
    source: Source, state: SourceState, hush: Hush | None, brand: Brand, words: Words
) -> tuple[str, str]:
    _, calls = words.gettext, source.interval <= 0
    if source.paused:
        return "paused", _("Paused")
    if state.stopped:
        return "stopped", _("Stopped: the budget of %(name)s is used", name=called(state.stopped, brand))
    if since := fails_since(source, state):
        time = words.moment(since)
        unread = state.reason.startswith(UNREADABLE)
        said = (
            _("What it sends cannot be read, since %(time)s", time=time)
            if unread
            else _("Fails since %(time)s", time=time)
        )
        return "failing", said
    if hush and hush.kind == WAITS:
        return "silent", _("Has had to wait since %(time)s", time=words.moment(hush.since))
    if state.waits(words.now) and state.wait_until:
        return "waiting", _("Waits until %(time)s", time=words.moment(state.wait_until))
    if since := unasked_since(source, state, words.now):
        return "silent", _("Not asked since %(time)s", time=words.moment(since))
    if hush:
        return "silent", _quiet(source, state, hush, words)
    if state.last_success is None:
        return "waiting", _("Nothing heard yet") if calls else _("Not asked yet")
    if not calls and state.last_success < source.listens_since:
        return "waiting", _("Not asked yet since it goes on")
    if state.meter is None or not knows(state.meter, source.resumed):
        return "well", _("Too little came yet to know what is usual")
    return "well", _("As usual")


def _quiet(source: Source, state: SourceState, hush: Hush, words: Words) -> str:
    if hush.kind == FEW:
        return words.gettext("Brings far less than usual")
    if state.last_success is None:
        return words.gettext("Nobody called since %(time)s", time=words.moment(hush.since))
    until = words.now if source.interval <= 0 else state.last_success
    days = max(0, int(until.timestamp()) // 86400 - int(hush.since.timestamp()) // 86400 - 1)
    if hush.kind == NOTHING:
        return words.ngettext(
            "Brought nothing for %(num)s day; what is usual is not known yet",
            "Brought nothing for %(num)s days; what is usual is not known yet",
            days,
        )
    if not days:
        return words.gettext("Quiet: it brought nothing for longer than it usually does")
    if source.interval <= 0:
        return words.ngettext(
            "Quiet: nothing was sent to us for %(num)s day",
            "Quiet: nothing was sent to us for %(num)s days",
            days,
        )
    return words.ngettext(
        "Quiet: it answers, and brought nothing for %(num)s day",
        "Quiet: it answers, and brought nothing for %(num)s days",
        days,
    )


def sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}{'' if said[-1:] in ('', '.', '?', '!') else '.'}"


def _mend(kind: str, state: SourceState, hush: Hush | None, words: Words) -> str:
    if kind == "silent" and hush and hush.kind == WAITS:
        return words.gettext("Nothing is lost. Ask less often there, or by another account.")
    if kind == "silent" and hush and state.last_success is None:
        return words.gettext("Look at the other end whether it has our address and secret.")
    if kind == "silent" and hush:
        return words.gettext("Look whether it says something new there.")
    if kind == "failing" and state.reason.startswith(UNREADABLE):
        return words.gettext(OURS)
    if kind == "stopped":
        return words.gettext("Raise the budget, or let it go on this month, under What it costs.")
    if kind == "silent":
        return words.gettext("We ask it again; look at the health page whether the clock ticks.")
    if kind != "failing":
        return ""
    if state.waits(words.now) and state.wait_until:
        again = words.gettext("We ask it again %(time)s; nothing is lost.", time=words.at(state.wait_until))
    else:
        again = words.gettext(PATIENCE)
    signs = (mend for known, mend in MENDS if any(sign in state.reason for sign in known))
    return next((words.gettext(mend) for mend in signs), again)


def deaf(brand: Brand, found: Iterable[tuple[Source, SourceState]], words: Words) -> list[str]:
    """Our channels on networks that no source of ours listens to."""
    heard = {source.platform for source, _ in found}
    return [
        outgoing.channel(brand, channel.id, words)
        for channel in brand.channels
        if channel.platform not in heard
    ]


BAR, STEP, TALL = 12, 19, 30
"""Of a chart of seven days, in pixels: a bar, from one to the next, and the highest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A chart of seven days: bars as (x, y, height), none where a day has no figure; `usual`: the same of
    what is to be expected of each, empty while nobody can tell."""

    bars: tuple[tuple[int, int, int], ...]
    usual: tuple[tuple[int, int, int], ...]


def week(counted: Coverage) -> Week:
    most = max(1.0, *(count or 0 for count in counted.days), *(counted.expects or ()))

    def scaled(counts: Iterable[float | None]) -> tuple[tuple[int, int, int], ...]:
        high = [
            (at * STEP + 3, round(TALL * count / most) or 1)
            for at, count in enumerate(counts)
            if count is not None
        ]
        return tuple((x, TALL + 2 - height, height) for x, height in high)

    return Week(bars=scaled(counted.days), usual=scaled(counted.expects or ()))


def row(ear: Ear) -> tuple[str | float | datetime | None, ...]:
    """A source as a row of a file."""
    counted = ear.counted
    usual = [round(count, 1) for count in counted.usual] if counted and counted.usual else [None] * 7
    got = (counted.week, counted.month) if counted and counted.month_days else (None, None)
    return ear.name, ear.kind, ear.state, ear.success, ear.heard, *got, *usual
