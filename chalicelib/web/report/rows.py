"""The rows behind the figures: as tables of the report, and as CSV files."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from chalicelib.domain.figures_kinds import deed_ids, following_ids
from chalicelib.domain.figures_sent import MILLION
from chalicelib.domain.mention import why_held
from chalicelib.domain.month import (
    CaseRow,
    CopyRow,
    CostRow,
    DeedRow,
    DeliveryRow,
    Earlier,
    Facts,
    FollowingRow,
    HandoverRow,
    HeldRow,
    MentionRow,
    Rate,
    SourceRow,
)
from chalicelib.domain.shape import stamp
from chalicelib.domain.source import Outage
from chalicelib.domain.spend import COUNTED
from chalicelib.web import cells
from chalicelib.web.i18n import COSTS, Words
from chalicelib.web.reading import label
from chalicelib.web.render import handle, link
from chalicelib.web.report.pieces import dollars, month_name, quoted
from chalicelib.web.report.titles import AGED, DEEDS, HEADS, PAID, STATES, WAYS, WHY_HELD
from chalicelib.web.report.unheard import outages

KINDS: dict[str, type] = {
    "mentions": MentionRow,
    "beside": MentionRow,
    "held": HeldRow,
    "copies": CopyRow,
    "cases": CaseRow,
    "handovers": HandoverRow,
    "deliveries": DeliveryRow,
    "following": FollowingRow,
    "sources": SourceRow,
    "deeds": DeedRow,
    "earlier": Earlier,
    "rates": Rate,
    "costs": CostRow,
}
"""The files with rows, by name without `.csv`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`link` is an address that may be an href, or "". `lang` where it is another's text."""

    text: str
    link: str = ""
    number: bool = False
    lang: str = ""


class Rows:
    """The rows of a month by their ids, as cells. `prefix` leads to the console's pages, None where the
    report stands by itself."""

    def __init__(self, facts: Facts, words: Words, prefix: str | None) -> None:
        self._words = words
        self._prefix = prefix
        self._reached = {
            "deliveries": any(row.reach is not None for row in facts.deliveries),
            "earlier": any(row.reach is not None for row in facts.earlier),
        }
        """Else the column would say "not given" in every row."""
        self._channels = {each.id: each.name for each in facts.channels}
        self._departments = {each.id: each.name for each in facts.departments}
        self._watches = {each.id: each.name for each in facts.watches}
        self._sources = {each.id: each.name for each in facts.sources} | self._channels
        self._rows: dict[str, dict[str, Any]] = {
            "mentions": {row.id: row for row in facts.mentions},
            "beside": {row.id: row for row in facts.beside},
            "held": {row.id: row for row in facts.held},
            "copies": {row.id: row for row in facts.copies or ()},
            "cases": {row.id: row for row in facts.cases},
            "handovers": {row.id: row for row in facts.handovers or ()},
            "deliveries": {row.id: row for row in facts.deliveries},
            "following": dict(zip(following_ids(facts), facts.following, strict=True)),
            "sources": {row.id: row for row in facts.sources},
            "deeds": dict(zip(deed_ids(facts.deeds), facts.deeds, strict=True)),
            "earlier": {row.month: row for row in facts.earlier},
            "rates": {row.name: row for row in facts.rates},
            "costs": {row.id: row for row in facts.costs},
        }
        self._cells: dict[str, Callable[[Any], Sequence[Cell]]] = {
            "mentions": self._mention,
            "beside": self._mention,
            "held": self._held,
            "copies": self._copy,
            "cases": self._case,
            "handovers": self._handover,
            "deliveries": self._delivery,
            "following": self._following,
            "sources": self._source,
            "deeds": self._deed,
            "earlier": self._earlier,
            "rates": self._rate,
            "costs": self._cost,
        }

    def head(self, table: str) -> list[str]:
        without = "" if self._reached.get(table, True) else "Reach"
        return [self._words.gettext(each) for each in HEADS[table] if each != without]

    def cells(self, table: str, ids: Iterable[str]) -> list[Sequence[Cell]]:
        return [self._cells[table](self._rows[table][id]) for id in ids]

    def _mention(self, row: MentionRow) -> Sequence[Cell]:
        return (
            self._moment(row.at),
            Cell(self._words.network(row.platform)),
            Cell(handle(row.author)),
            Cell(
                row.text or self._words.gettext("Original"),
                self._link(row.url),
                lang=self._lang(row.language),
            ),
            Cell(label(row.label, self._words)),
            Cell(self._departments.get(row.department, row.department)),
        )

    def _held(self, row: HeldRow) -> Sequence[Cell]:
        return (
            self._moment(row.at),
            Cell(self._words.network(row.platform)),
            Cell(handle(row.author)),
            Cell(row.text, lang=self._lang(row.language)),
            Cell(self._words.gettext(WHY_HELD[why_held(row.held)])),
        )

    def _copy(self, row: CopyRow) -> Sequence[Cell]:
        return (
            self._moment(row.at),
            Cell(row.site),
            Cell(handle(row.author)),
            Cell(
                row.text or self._words.gettext("Original"),
                self._link(row.url),
                lang=self._lang(row.language),
            ),
        )

    def _case(self, row: CaseRow) -> Sequence[Cell]:
        return (
            self._moment(row.received_at),
            Cell(self._words.network(row.platform)),
            Cell(handle(row.author)),
            Cell(row.title, self._page("cases", row.slug)),
            Cell(self._departments.get(row.department, row.department)),
            self._moment(row.due),
            self._answered(row),
        )

    def _answered(self, row: CaseRow) -> Cell:
        _ = self._words.gettext
        if row.answered_at:
            return self._moment(row.answered_at)
        if row.by_them:
            return Cell(_("Solved, they say"))
        if row.closed:
            return Cell(_("Closed without an answer"))
        return Cell(_("Unknown") if row.unsure else _("Not yet"))

    def _handover(self, row: HandoverRow) -> Sequence[Cell]:
        return (
            self._moment(row.at),
            Cell(row.title, self._page("cases", row.slug)),
            Cell(self._departments.get(row.origin, row.origin)),
            Cell(self._departments.get(row.department, row.department)),
            self._moment(row.since),
            Cell(self._words.span(row.at - row.since), number=True),
            Cell(row.reason),
        )

    def _delivery(self, row: DeliveryRow) -> Sequence[Cell]:
        said = row.title or row.text or row.slug
        said += f" ({self._words.gettext(WAYS[row.way])})" if row.way in WAYS else ""
        page = self._page("posts" if row.kind == "post" else "cases", row.slug)
        return (
            self._moment(row.at),
            Cell(self._channels.get(row.channel, row.channel)),
            Cell(said, page or self._link(row.url)),
            Cell(self._state(row.state)),
            *self._reach("deliveries", row.reach),
            self._number(row.reactions),
            self._number(row.replies),
            Cell(self._age(row)),
        )

    def _following(self, row: FollowingRow) -> Sequence[Cell]:
        return (
            Cell(self._day(row.day)),
            Cell(self._channels.get(row.channel, row.channel)),
            self._number(row.followers),
            self._number(row.following),
        )

    def _source(self, row: SourceRow) -> Sequence[Cell]:
        never = Cell(self._words.gettext("Never"))
        return (
            Cell(row.name),
            Cell(self._words.network(row.platform)),
            self._moment(row.last_heard) if row.last_heard else never,
            self._moment(row.failing_since) if row.failing_since else Cell(""),
            Cell(self._why(row.reason)),
            Cell(", ".join(outages(row, self._words))),
        )

    def _deed(self, row: DeedRow) -> Sequence[Cell]:
        return (
            Cell(self._day(row.day)),
            Cell(self._words.gettext(DEEDS[row.deed]) if row.deed in DEEDS else row.deed),
            Cell(self._words.network(row.platform)),
            Cell(handle(row.author), self._link(row.link) or self._link(row.url)),
            Cell(self._state(row.state)),
            Cell(row.by),
        )

    def _earlier(self, row: Earlier) -> Sequence[Cell]:
        """What an earlier report said; its own page opens the rows."""
        kept = (row.reactions, row.posts, row.punctual, row.cases, row.on_time)
        return (
            Cell(month_name(row.month, self._words, year=True), self._page("reports", row.month)),
            *(self._number(value) for value in (row.mentions, row.positive, row.negative)),
            *self._reach("earlier", row.reach),
            *(self._number(value) for value in kept),
        )

    def _rate(self, row: Rate) -> Sequence[Cell]:
        cost, none = Cell(dollars(row.usd, self._words), number=True), Cell("–", number=True)
        name = Cell(self._words.gettext(COSTS[row.name]))
        return (name, none, cost) if row.name in COUNTED else (name, cost, none)

    def _why(self, reason: str) -> str:
        """As the console words it; its forms are loaded only where something failed."""
        if not reason:
            return ""
        from chalicelib.web.reasons import told

        return told(reason, self._words)

    def _cost(self, row: CostRow) -> Sequence[Cell]:
        return (
            Cell(month_name(row.month, self._words, year=True)),
            Cell(self._words.network(row.platform)),
            Cell(quoted(self._sources.get(row.source, row.source), 60)),
            Cell(quoted(self._watches.get(row.watch, row.watch), 60) or "–"),
            Cell(self._departments.get(row.department, row.department)),
            Cell(self._words.gettext(PAID.get(row.kind, row.kind))),
            Cell(dollars(row.micro_usd / MILLION, self._words), number=True),
        )

    def _age(self, row: DeliveryRow) -> str:
        """How old it was when its numbers were taken; after an outage that is not what was meant."""
        if row.counted_at:
            return self._words.span(row.counted_at - row.at)
        return self._words.gettext(AGED[row.step]) if row.step in AGED else "–"

    def _reach(self, table: str, value: int | None) -> list[Cell]:
        return [self._number(value)] if self._reached[table] else []

    def _state(self, state: str) -> str:
        return self._words.gettext(STATES[state]) if state in STATES else state

    def _number(self, value: int | None) -> Cell:
        text = self._words.gettext("Not given") if value is None else self._words.number(value)
        return Cell(text, number=True)

    def _moment(self, at: datetime) -> Cell:
        return Cell(f"{self._words.day(self._words.local(at).date())} {self._words.time(at)}")

    def _day(self, day: str) -> str:
        return self._words.day(date.fromisoformat(day))

    def _lang(self, language: str) -> str:
        return language if language.isalpha() and language not in ("und", self._words.language) else ""

    def _link(self, url: str) -> str:
        """The sandbox is a page of ours: there is none of it where the report stands by itself."""
        found = link(url)
        if not found.startswith("/"):
            return found
        return "" if self._prefix is None else f"{self._prefix}{found}"

    def _page(self, place: str, slug: str) -> str:
        return "" if self._prefix is None else f"{self._prefix}/{place}/{slug}"


def as_csv(table: str, facts: Facts) -> bytes:
    """A file of rows, their fields as columns."""
    names = [field.name for field in fields(KINDS[table])]
    rows = ([_value(getattr(row, name)) for name in names] for row in getattr(facts, table))
    return cells.as_csv(names, rows)


def _value(value: Any) -> Any:
    """Outages as ISO 8601 writes stretches of time."""
    if isinstance(value, tuple):
        return tuple(f"{stamp(v.since)}/{stamp(v.until)}" if isinstance(v, Outage) else v for v in value)
    return value
