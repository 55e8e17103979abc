"""Who changed what, and when: the log that is only ever added to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One change or one send.

    `id` makes it unique at its moment and comes from what caused it (a request's id, an event's id), so
    that a repeat writes the same item again. `what` is a slug such as `brand.change` or `team.grant`;
    `of` names the thing (`mastodon/109`), `before` and `after` are short and in plain words or JSON,
    never a secret. `by` is a person's name, or "" for what the system did; `by_id` who that is.
    """

    brand: str
    at: datetime
    id: str
    what: str
    of: str = ""
    by: str = ""
    by_id: str = ""
    before: str = ""
    after: str = ""


ROOM = 2_000
"""Characters of `before` and `after` that are kept."""


def line(
    brand: str,
    at: datetime,
    id: str,
    what: str,
    *,
    of: str = "",
    by: str = "",
    by_id: str = "",
    before: str = "",
    after: str = "",
) -> AuditLine:
    """A line whose long texts are cut, with an ellipsis where they were."""
    return AuditLine(
        brand=brand,
        at=at,
        id=id,
        what=what,
        of=of,
        by=by,
        by_id=by_id,
        before=_cut(before),
        after=_cut(after),
    )


def _cut(text: str) -> str:
    return text if len(text) <= ROOM else text[: ROOM - 1] + "…"
