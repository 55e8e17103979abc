"""What a brand's corrections taught and how often its judge was right, as page, file and API read it."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.brand import Lessons
from chalicelib.domain.delta import Delta, Measured, Score, Why, why_not
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import teach
from chalicelib.web.visit import Visit

LEARNED = (Why.CHANCE, Why.CLASS, Why.ELSEWHERE, None)
"""Where something was learned, whether or not it judges along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`deltas` newest first, at most `teach.SHOWN`. What is counted is counted in the newest."""

    lessons: Lessons
    deltas: tuple[Delta, ...]

    @property
    def newest(self) -> Delta | None:
        return self.deltas[0] if self.deltas else None

    @property
    def live(self) -> Delta | None:
        """What judges along; None: the judge alone."""
        return next((each for each in self.deltas if each.version == self.lessons.live), None)

    @property
    def waits(self) -> bool:
        """Was something said that counts from the next morning on?"""
        said, until = self.lessons.said, self.lessons.until
        return said is not None and (until is None or said >= until)

    def may_judge(self, delta: Delta) -> bool:
        """May a person let it judge along, which it does not yet?"""
        return delta.version != self.lessons.live and teach.may_judge(delta, self.lessons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of one language and class. `right_taught` None: nothing was learned."""

    language: str
    label: str
    score: Score
    right_taught: int | None


def read(visit: Visit) -> Standing:
    """As it is now, in two requests."""
    deltas = visit.desk.deltas
    lessons = deltas.lessons(visit.brand.id)
    return Standing(lessons=lessons, deltas=tuple(deltas.newest(visit.brand.id, teach.SHOWN)))


def lines(delta: Delta | None) -> Iterator[Line]:
    for language, found in (delta.measured if delta else {}).items():
        yield from of_language(language, found)


def of_language(language: str, found: Measured) -> Iterator[Line]:
    """Its classes, in the order of `Sentiment`."""
    learned = why_not(found) in LEARNED
    for label in Sentiment:
        if score := found.classes.get(label.value):
            right = score.after if learned else None
            yield Line(language=language, label=label.value, score=score, right_taught=right)


def take_back(visit: Visit, rev: int) -> None:
    """Raises Conflict."""
    name = visit.member.name or visit.member.email
    teach.take_back(visit.brand.id, rev, name, visit.line(teach.BACK), deltas=visit.desk.deltas)


def let_judge(visit: Visit, rev: int, version: str) -> None:
    """Raises Conflict, BadInput."""
    teach.let_judge(visit.brand.id, rev, version, visit.line(teach.LIVE), deltas=visit.desk.deltas)
