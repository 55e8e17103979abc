"""Sources as the page shows them: does each listen as it should, and if not, since when and why?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.brand import Brand
from chalicelib.domain.source import NOTE_SUCCESS_EVERY, Source, SourceState
from chalicelib.web import outgoing
from chalicelib.web.i18n import N_, Words
from chalicelib.web.reasons import told

LATE = 3
"""A source is called silent after so many intervals without an answer, beyond what is written down."""
MENDS = (
    (("HTTP 401", "HTTP 403", "refuse our key", "app password"), N_("Renew its key.")),
    (("is not a feed",), N_("Put the address of its feed in the brand's file.")),
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
        N_("Look whether its address in the brand's file still holds."),
    ),
    (("is not set up well",), N_("Look at its settings in the brand's file.")),
)
"""What a reason holds, and what mends it."""
PATIENCE = N_("We keep trying; nothing is lost.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """`state`: failing, silent, waiting (not asked or heard yet) or well. `said` says it in words, `mend`
    the one thing to do about it."""

    name: str
    kind: str
    state: str
    said: str
    reason: str
    mend: str
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
        reason=_sentence(told(state.reason, words)) if kind == "failing" else "",
        mend=_mend(kind, state, words),
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


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}{'' if said[-1:] in ('', '.', '?', '!') else '.'}"


def _mend(kind: str, state: SourceState, words: Words) -> str:
    if kind == "silent":
        return words.gettext("We ask it again; look at the health page whether the clock ticks.")
    if kind != "failing":
        return ""
    signs = (mend for known, mend in MENDS if any(sign in state.reason for sign in known))
    return words.gettext(next(signs, PATIENCE))


def deaf(brand: Brand, found: Iterable[tuple[Source, SourceState]], words: Words) -> list[str]:
    """Our channels on networks that no source of ours listens to."""
    heard = {source.platform for source, _ in found}
    return [
        outgoing.channel(brand, channel.id, words)
        for channel in brand.channels
        if channel.platform not in heard
    ]
