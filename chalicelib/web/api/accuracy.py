"""How often the judge was right, by language and class; and whether what corrections taught counts."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.delta import Delta, Measured, Why, why_not
from chalicelib.domain.verdict import Sentiment
from chalicelib.web import learned
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Given, Moment, Shape
from chalicelib.web.learned import Standing


class ClassScore(Shape):
    """Messages of which a person said that they are `label`; how many of them the judge reads so."""

    label: Sentiment
    cases: int
    right_alone: int
    right_taught: Annotated[
        int | None, Field(description="Each by what was learned from the others; null: nothing was learned")
    ]


class LanguageAccuracy(Shape):
    """`why_not`: why what was learned does not count; null where it helps."""

    language: str
    classes: list[ClassScore]
    why_not: Why | None
    others: Annotated[int, Field(description="Messages that nobody corrected, and that were read again")]
    read_otherwise: Annotated[int, Field(description="Of `others`, with what was learned")]


class LearnedVersion(Shape):
    """What was learned of a morning. `helps_in` are languages; `may_count`: it can be let count."""

    version: str
    day: str
    helps_in: list[str]
    counts: bool
    may_count: bool


class Accuracy(Shape):
    """`version` is what counts in new verdicts, null: nothing does. `held_by` is who took one back: then none
    counts by itself. `languages` are as of the newest version."""

    version: str | None
    held_by: str | None
    until: Annotated[Moment | None, Field(description="What was said before it is counted")]
    waits: Annotated[bool, Field(description="Was something said since?")]
    languages: list[LanguageAccuracy]
    versions: list[LearnedVersion]


class Choice(Given):
    version: Annotated[str, Field(min_length=1, max_length=80, examples=["tables-5+2026-11-23"])]


def get(call: Call) -> Accuracy:
    """How often the judge was right about what people corrected or checked. They mostly correct what is
    wrong, so it is right more often in life."""
    return _shown(learned.read(call.visit))


def take_back(call: Call, body: Empty) -> Accuracy:
    """Nothing that was learned counts in new verdicts, until a version is let count again."""
    learned.take_back(call.visit, _expected(call).lessons.rev)
    return get(call)


def let_count(call: Call, body: Choice) -> Accuracy:
    """Let a version count in new verdicts, within a minute."""
    learned.let_judge(call.visit, _expected(call).lessons.rev, body.version)
    return get(call)


def _expected(call: Call) -> Standing:
    found = learned.read(call.visit)
    call.expect(_shown(found))
    return found


def _shown(found: Standing) -> Accuracy:
    measured = found.newest.measured if found.newest else {}
    return Accuracy(
        version=found.live.version if found.live else None,
        held_by=found.lessons.held or None,
        until=found.lessons.until,
        waits=found.waits,
        languages=[_language(*each) for each in measured.items()],
        versions=[_version(found, each) for each in found.deltas],
    )


def _language(language: str, measured: Measured) -> LanguageAccuracy:
    return LanguageAccuracy(
        language=language,
        classes=[
            ClassScore(
                label=Sentiment(each.label),
                cases=each.score.cases,
                right_alone=each.score.before,
                right_taught=each.right_taught,
            )
            for each in learned.of_language(language, measured)
        ],
        why_not=why_not(measured),
        others=measured.others,
        read_otherwise=measured.moved,
    )


def _version(found: Standing, delta: Delta) -> LearnedVersion:
    return LearnedVersion(
        version=delta.version,
        day=delta.day,
        helps_in=sorted(delta.taught),
        counts=delta is found.live,
        may_count=found.may_judge(delta),
    )
