"""A drill: invented messages go the way of real ones, so that a team can practise; and how it went.

A drill's messages and cases are of the platform `mention.DRILL`, which no network is: whatever they are kept,
shown or counted by carries that mark. Nothing of theirs ever leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from chalicelib.domain.alerting import Notice
from chalicelib.domain.case import Case, CaseEvent, CaseKey, EventKind
from chalicelib.domain.mention import DRILL, Author, Mention, MentionKey
from chalicelib.errors import BadInput

USUAL, LONGEST = timedelta(hours=2), timedelta(hours=24)
MOST = 20
"""Messages of one drill."""
NAME, TEXT = 40, 1_000
"""Characters of an author and of a text."""
OVER = "drill-over"
"""Why a case of it was closed that still waited at its end."""


@dataclass(frozen=True, slots=True)
class Line:
    """One invented message."""

    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """`rev` grows by one a write; every change is conditional on it. `ended_by` is "" where it ended by
    itself."""

    brand: str
    id: str
    lines: tuple[Line, ...]
    started_at: datetime
    until: datetime
    by: str
    ended_at: datetime | None = None
    ended_by: str = ""
    rev: int = 1

    def runs(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.until

    def end(self) -> datetime:
        """When it ended, or is to."""
        return self.ended_at or self.until

    @property
    def keys(self) -> tuple[CaseKey, ...]:
        """The case that each message has, if it asked for one, in their order."""
        return tuple(CaseKey(self.brand, DRILL, self._id(n)) for n in range(len(self.lines)))

    def mentions(self) -> list[Mention]:
        """As they are kept; said of us rather than to us, so that some may ask for no answer."""
        return [
            Mention(
                key=MentionKey(self.brand, DRILL, self._id(n)),
                source="",
                author=Author(id=line.author, handle=line.author),
                text=line.text,
                posted_at=self.started_at,
                heard_at=self.started_at,
            )
            for n, line in enumerate(self.lines)
        ]

    def _id(self, n: int) -> str:
        return f"{self.id}-{n + 1:02}"


def lines_of(text: str) -> tuple[Line, ...]:
    """Of lines `author: text`. Raises BadInput ("lines") with the number of the line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        author, colon, said = line.partition(":")
        if not colon:
            raise BadInput("lines", str(number))
        found.append(fit(author, said, number))
    if not 1 <= len(found) <= MOST:
        raise BadInput("lines", "many")
    return tuple(found)


def fit(author: str, text: str, number: int) -> Line:
    """Raises BadInput ("lines") with its number."""
    author, text = " ".join(author.split()).lstrip("@"), " ".join(text.split())
    if not (1 <= len(author) <= NAME and author.isprintable() and 1 <= len(text) <= TEXT):
        raise BadInput("lines", str(number))
    return Line(author, text)


# how it went ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How one message fared. `case` None: it asked for none, or is not understood yet. `answer` is the first,
    `wait` how long it took."""

    line: Line
    case: CaseKey | None = None
    department: str = ""
    taken_by: str = ""
    taken_at: datetime | None = None
    answered_by: str = ""
    answered_at: datetime | None = None
    answer: str = ""
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`median` of the messages that were answered; None where none was."""

    rows: tuple[Row, ...]
    answered: int
    median: timedelta | None
    alerts: tuple[Notice, ...]


def figures(
    drill: Drill,
    cases: Mapping[CaseKey, Case],
    histories: Mapping[CaseKey, Sequence[CaseEvent]],
    notices: Sequence[Notice],
) -> Figures:
    """What the team did up to the drill's end. `notices` may be others' too."""
    rows = tuple(
        _row(drill, line, cases.get(key), histories.get(key, ()))
        for line, key in zip(drill.lines, drill.keys, strict=True)
    )
    waits = [row.wait.total_seconds() for row in rows if row.wait is not None]
    keys = set(drill.keys)
    return Figures(
        rows=rows,
        answered=len(waits),
        median=timedelta(seconds=median(waits)) if waits else None,
        alerts=tuple(sorted((each for each in notices if keys & set(each.cases)), key=lambda each: each.at)),
    )


def _row(drill: Drill, line: Line, case: Case | None, events: Sequence[CaseEvent]) -> Row:
    if case is None:
        return Row(line=line)
    in_time = sorted((each for each in events if each.at <= drill.end()), key=lambda each: each.at)
    taken = next((each for each in in_time if each.kind is EventKind.TAKEN), None)
    answered = next((each for each in in_time if each.kind is EventKind.APPROVED), None)
    return Row(
        line=line,
        case=case.key,
        department=case.department,
        taken_by=taken.by if taken else "",
        taken_at=taken.at if taken else None,
        answered_by=answered.by if answered else "",
        answered_at=answered.at if answered else None,
        answer=answered.text if answered else "",
        wait=answered.at - drill.started_at if answered else None,
    )
