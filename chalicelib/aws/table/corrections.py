"""What people said of verdicts: with the mention, as its history, and by moment, for the judge.

Each notes at its brand that there is something to learn: who has the brand knows it without asking.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from chalicelib.aws.table import audit, case_items, cases, deltas, hooks, keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.packing import pack_verdict
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.case import Case, CaseEvent
from chalicelib.domain.correction import Correction
from chalicelib.domain.hook import Call
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import Conflict

_UNCHANGED = "#label = :was_label AND #verdict = :was_verdict"


class Corrections:
    """Implements `ports.Corrections`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def keep(
        self,
        correction: Correction,
        mention: Mention,
        was: Verdict,
        verdict: Verdict,
        state: str,
        line: AuditLine,
        *,
        case: Case | None = None,
        events: Sequence[CaseEvent] = (),
        calls: Sequence[Call] = (),
    ) -> None:
        judged = {
            **pack_verdict(verdict),
            **keys.mention_day(mention.key, mention.posted_at, state),
            "state": state,
        }
        before = pack_verdict(was)
        kept = {"v": keys.VERSION, "brand": correction.brand, "ttl": keys.ttl(mention.heard_at)}
        doc = {**kept, "correction": to_text(correction)}
        puts: list[Put] = [
            ({**keys.correction(mention.key, correction.at), **doc}, "", {}),
            ({**keys.listed_correction(mention.key, correction.at), **doc}, "", {}),
            audit.put_of(line),
            (deltas.said(correction.brand, correction.at), "", {}),
            *hooks.puts_of(calls),
        ]
        if case:
            condition = "#rev = :was" if case.rev > 1 else ABSENT
            values: Item = {"was": case.rev - 1} if case.rev > 1 else {}
            puts.append((case_items.to_item(case), condition, values))
            puts += [put for event in events for put in cases.event_puts(case.key, event)]
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in judged)
        values_of_both = {**judged, "was_label": before["label"], "was_verdict": before["verdict"]}
        lies_beside = (keys.mention(mention.key), change, values_of_both, _UNCHANGED)
        try:
            self._store.put_together(*puts, updates=[lies_beside])
        except Refused:
            raise Conflict(f"the verdict of {mention.key} or its case was changed by someone else") from None

    def of(self, key: MentionKey) -> list[Correction]:
        where = "#pk = :pk AND begins_with(#sk, :sk)"
        values = {"pk": keys.mention(key)["pk"], "sk": "V#"}
        return [_read(item) for item in self._store.query(where, values)]

    def between(self, brand: str, start: datetime, end: datetime) -> Iterator[Correction]:
        where = "#pk = :pk AND #sk BETWEEN :start AND :end"
        values = {"pk": keys.corrections(brand), "start": keys.moment(start), "end": keys.moment(end)}
        return map(_read, self._store.query(where, values))


def _read(item: Item) -> Correction:
    return from_text(Correction, item["correction"])
