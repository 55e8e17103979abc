"""Sources as the page shows them: does each listen as it should, and if not, since when and why?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.source import NOTE_SUCCESS_EVERY, Source, SourceState
from chalicelib.web.i18n import Words
from chalicelib.web.reasons import told

LATE = 3
"""A source is called silent after so many intervals without an answer, beyond what is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """`state`: failing, silent, waiting (not asked or heard yet) or well. `said` says it in words."""

    name: str
    kind: str
    state: str
    said: str
    reason: str
    success: datetime | None
    heard: datetime | None
    every: str

    @property
    def trouble(self) -> bool:
        return self.state in ("failing", "silent")


def ears(found: Iterable[tuple[Source, SourceState]], words: Words) -> list[Ear]:
    """Trouble first, then by name."""
    made = [_ear(source, state, words) for source, state in found]
    order = ("failing", "silent", "waiting", "well")
    return sorted(made, key=lambda ear: (order.index(ear.state), ear.name.casefold()))


def _ear(source: Source, state: SourceState, words: Words) -> Ear:
    _ = words.gettext
    kind, said = _state(source, state, words)
    calls = source.interval <= 0
    length = words.span(timedelta(minutes=source.interval))
    return Ear(
        name=source.name,
        kind=words.network(source.platform),
        state=kind,
        said=said,
        reason=told(state.reason, words) if kind == "failing" else "",
        success=state.last_success,
        heard=state.last_heard,
        every=_("sends by itself") if calls else _("every %(span)s", span=length),
    )


def _state(source: Source, state: SourceState, words: Words) -> tuple[str, str]:
    _, now = words.gettext, words.now
    if state.failures:
        since = state.failing_since or now
        return "failing", _("Fails since %(time)s", time=words.moment(since))
    last = state.last_success or state.last_heard
    if last is None:
        return "waiting", _("Nothing heard yet") if source.interval <= 0 else _("Not asked yet")
    patience = NOTE_SUCCESS_EVERY + LATE * timedelta(minutes=source.interval)
    if state.wait_until:
        patience = max(patience, state.wait_until - last + LATE * timedelta(minutes=source.interval))
    if source.interval > 0 and now - last > patience:
        return "silent", _("Not asked since %(time)s", time=words.moment(last))
    return "well", _("As usual")
