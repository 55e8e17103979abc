"""What `ports.Corrections` promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.corrections import Corrections
from chalicelib.aws.table.mentions import Mentions
from chalicelib.domain.audit import line
from chalicelib.domain.case import CaseKey, EventKind
from chalicelib.domain.correcting import corrected, correction
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import Conflict
from chalicelib.ports import Wanted
from tests.aws.people import VERDICT, case, event
from tests.aws.test_mentions import Make
from tests.conftest import NOW
from tests.harness.world import TABLE_NAME, World

LINE = line(
    "lindebieb", NOW, "r1", "verdict.correct", of="sandbox/1", by="Sam", before="mixed", after="negative"
)


@pytest.fixture
def corrections(aws: World) -> Corrections:
    return Corrections(lambda: aws.client("dynamodb"), TABLE_NAME)


def test_mention_correction_log_and_case_are_one(
    mentions: Mentions, mention: Make, corrections: Corrections, cases: Cases, audit: Audit
) -> None:
    given = mention(brand="lindebieb")
    mentions.add(given)
    mentions.judge(given, VERDICT, "ignore")
    now = corrected(VERDICT, Sentiment.NEGATIVE, "Sam", NOW)
    kept = correction(given, VERDICT.reading, Sentiment.NEGATIVE, "u-1", NOW)
    key = CaseKey(given.key.brand, given.key.platform, given.key.id)
    said = event("corrected-1", kind=EventKind.CORRECTED, by="Sam", text="negative")
    corrections.keep(kept, given, VERDICT, now, "answer", LINE, case=case(key), events=[said])

    assert mentions.get(given.key) == (given, now)
    day = given.posted_at.date().isoformat()
    (listed,), _ = mentions.day(given.key.brand, day, wanted=Wanted(label="negative"))
    assert (listed.key, listed.state) == (given.key, "answer")
    assert corrections.of(given.key) == [kept]
    assert list(corrections.between("lindebieb", NOW, NOW + timedelta(minutes=1))) == [kept]
    assert list(corrections.between("lindebieb", NOW + timedelta(minutes=1), NOW + timedelta(hours=1))) == []
    assert cases.get(key) == case(key)
    assert said in cases.history(key)[0]
    assert {line.what for line in audit.month("lindebieb", f"{NOW:%Y-%m}")[0]} == {
        "verdict.correct",
        "case.corrected",
    }

    # what was read is not what is there any more: nothing of a second one is kept
    with pytest.raises(Conflict):
        corrections.keep(replace(kept, at=NOW + timedelta(minutes=5)), given, VERDICT, now, "answer", LINE)
    assert corrections.of(given.key) == [kept]


def test_a_case_that_somebody_changed_meanwhile_stops_the_whole(
    mentions: Mentions, mention: Make, corrections: Corrections, cases: Cases
) -> None:
    given = mention(brand="lindebieb")
    mentions.add(given)
    mentions.judge(given, VERDICT, "answer")
    key = CaseKey(given.key.brand, given.key.platform, given.key.id)
    cases.open(case(key))
    cases.change(case(key, rev=2))
    now = corrected(VERDICT, Sentiment.NEUTRAL, "Sam", NOW)
    kept = correction(given, VERDICT.reading, Sentiment.NEUTRAL, "u-1", NOW)
    for late in (case(key, rev=2), case(key, rev=1)):
        with pytest.raises(Conflict):
            corrections.keep(kept, given, VERDICT, now, "ignore", LINE, case=late)
    assert mentions.get(given.key) == (given, VERDICT)
    assert corrections.of(given.key) == []


def test_no_judge_speaks_after_a_person(mentions: Mentions, mention: Make, corrections: Corrections) -> None:
    given = mention(brand="lindebieb")
    mentions.add(given)
    mentions.judge(given, VERDICT, "ignore")
    now = corrected(VERDICT, Sentiment.POSITIVE, "Sam", NOW)
    kept = correction(given, VERDICT.reading, Sentiment.POSITIVE, "u-1", NOW)
    corrections.keep(kept, given, VERDICT, now, "thank", LINE)
    newer = replace(VERDICT, reading=replace(VERDICT.reading, judge="a-2"))
    assert not mentions.judge(given, newer, "ignore")
    assert mentions.get(given.key) == (given, now)
