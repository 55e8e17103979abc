"""What `ports.Deltas` promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.deltas import Deltas, said
from chalicelib.aws.table.store import Store
from chalicelib.domain.audit import line
from chalicelib.domain.brand import Lessons
from chalicelib.domain.delta import Delta, Measured, Score, Taught
from chalicelib.errors import Conflict
from tests.conftest import NOW
from tests.harness.meter import Meter
from tests.harness.world import TABLE_NAME, World
from tests.stages.november import BRAND, library

DELTA = Delta(
    brand=BRAND,
    judge="tables-3",
    day="2026-11-23",
    until=NOW,
    taught={"nl": Taught(always=(0.1, -0.2), words={"wasbeer": (-1.5, 2.25)})},
    measured={"nl": Measured(classes={"positive": Score(cases=30, gained=20)}, others=40, moved=2)},
)
LESSONS = Lessons(rev=1, live=DELTA.version, until=NOW, judge="tables-3")
LINE = line(BRAND, NOW, "r1", "delta.live", of=DELTA.version)


@pytest.fixture
def deltas(aws: World) -> Deltas:
    return Deltas(lambda: aws.client("dynamodb"), TABLE_NAME)


def test_one_of_a_version_is_kept_and_never_changes(deltas: Deltas) -> None:
    assert deltas.get(BRAND, "tables-3+2026-11-22") is None
    assert deltas.add(DELTA)
    assert not deltas.add(replace(DELTA, taught={}))
    assert deltas.get(BRAND, DELTA.version) == DELTA


def test_the_newest_come_first_and_of_this_brand(deltas: Deltas) -> None:
    days = ("2026-11-21", "2026-11-23", "2026-11-22")
    for day in days:
        deltas.add(replace(DELTA, day=day))
    deltas.add(replace(DELTA, judge="tables-5"))
    deltas.add(replace(DELTA, brand="elsewhere", day="2026-11-24"))
    assert [each.version for each in deltas.newest(BRAND, 3)] == [
        "tables-5+2026-11-23",
        "tables-3+2026-11-23",
        "tables-3+2026-11-22",
    ]


def test_what_was_read_is_remembered(aws: World) -> None:
    from chalicelib import wiring

    wiring.deltas().add(DELTA)
    with Meter() as meter:
        for _ in range(3):
            assert wiring.deltas().get(BRAND, DELTA.version) == DELTA
            wiring.deltas().get("nobody", DELTA.version)
    assert sum(meter.calls.values()) == 2


def test_it_holds_people_s_words_and_expires_as_they_do(deltas: Deltas, aws: World) -> None:
    deltas.add(DELTA)
    aws.set_ttl_past(f"D#{BRAND}")
    assert deltas.newest(BRAND, 9) == []
    assert deltas.get(BRAND, DELTA.version) is None


def test_one_settles_with_its_line_or_none(deltas: Deltas, audit: Audit) -> None:
    assert deltas.lessons(BRAND) == Lessons()
    deltas.settle(BRAND, LESSONS, LINE)
    assert deltas.lessons(BRAND) == LESSONS
    other = line(BRAND, NOW, "r2", "delta.back")
    for late in (replace(LESSONS, live=""), replace(LESSONS, rev=3, live="")):
        with pytest.raises(Conflict):
            deltas.settle(BRAND, late, other)
    assert audit.month(BRAND, f"{NOW:%Y-%m}")[0] == [LINE]
    deltas.settle(BRAND, replace(LESSONS, rev=2, live="", held="Mia"))
    assert deltas.lessons(BRAND).held == "Mia"


def test_they_come_with_the_brand_and_neither_writes_over_the_other(deltas: Deltas, aws: World) -> None:
    brands = Brands(lambda: aws.client("dynamodb"), TABLE_NAME)
    store = Store(lambda: aws.client("dynamodb"), TABLE_NAME)
    brands.put(library())
    assert brands.latest(BRAND)[0].lessons == Lessons()
    later = NOW + timedelta(minutes=5)
    store.put(said(BRAND, later))
    assert brands.latest(BRAND)[0].lessons == Lessons(said=later)
    deltas.settle(BRAND, LESSONS)
    before, rev = brands.latest(BRAND)
    assert before.lessons == replace(LESSONS, said=later)
    deltas.settle(BRAND, replace(LESSONS, rev=2, live=""))
    brands.change(replace(before, name="Anders", watches=()), rev)
    after, _ = brands.latest(BRAND)
    assert (after.name, after.watches) == ("Anders", ())
    assert after.lessons == replace(LESSONS, rev=2, live="", said=later)
    assert deltas.lessons(BRAND) == after.lessons
