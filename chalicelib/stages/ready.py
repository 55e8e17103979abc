"""How soon what a source brought was ready: from its publication until colleagues were told, or, where it
rang for nobody, until its verdict was there.

Nothing is written for it. Of what a source brings a few messages are remembered with its state, which is
written anyway (`Awaited`), and looked up when that is written the next time. A message that is not ready a
day after it was published counts as later than that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.source import LIMITS, Awaited, SourceState
from chalicelib.errors import NotFound
from chalicelib.ports import Cases, Mentions, Notices

LOOKED_AT = 50
"""Notices, the newest, in which an alert is looked for."""
LATEST = timedelta(minutes=LIMITS[-1])


@dataclass(frozen=True, slots=True)
class Told:
    """Reads when messages were ready. Plays `listen.Told`."""

    mentions: Mentions
    cases: Cases
    notices: Notices

    def __call__(
        self, brand: str, state: SourceState, now: datetime
    ) -> tuple[list[timedelta], tuple[Awaited, ...]]:
        delays, left = [], []
        for each in state.awaited:
            ready = self._ready(MentionKey(brand, each.platform, each.id))
            if ready is None and now - each.posted_at <= LATEST:
                left.append(each)
            else:
                delays.append((ready or now) - each.posted_at)
        return delays, tuple(left)

    def _ready(self, key: MentionKey) -> datetime | None:
        from chalicelib.domain.alerting import ring
        from chalicelib.domain.response import decide

        judged_at = self.mentions.judged_at(key)
        if judged_at is None:
            return None
        try:
            mention, verdict = self.mentions.get(key)
        except NotFound:
            return None
        rings = verdict and decide(mention, verdict.reading, mention.heard_at).action
        if not (verdict and rings and ring(verdict.reading)):
            return judged_at
        return self._rung(mention)

    def _rung(self, mention: Mention) -> datetime | None:
        from chalicelib.domain.case import CaseKey

        key = mention.key
        case: CaseKey | None = CaseKey(key.brand, key.platform, key.id)
        if case and mention.reply_to:
            case = self.cases.thread(case)
        newest, _ = self.notices.newest(key.brand, limit=LOOKED_AT)
        told = [each.at for each in newest if case in each.cases and each.at >= mention.heard_at]
        return min(told, default=None)
