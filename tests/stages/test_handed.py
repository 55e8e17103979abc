"""What departments handed over to each other stands in the month's report, as a recount from the histories of
the cases gives it, and it costs no request for each case."""

import csv
import io
import json
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Department
from chalicelib.domain.case import Case, CaseKey, CaseState
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import answer, merge
from chalicelib.stages.gather import Gatherer
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.november import at, heard, opened
from tests.stages.test_evaluate import DUE, evaluator
from tests.stages.town import BRAND, COMPLAINT, Town, brand

FIRST = CaseKey(BRAND, "webhook", "r-1")
SECOND = CaseKey(BRAND, "webhook", "q-1")
TWO = replace(brand(), departments=(*brand().departments, Department(id="youth", name="Jeugd")))
MORE = "Wat een slechte service, nog steeds geen antwoord van de Lindebieb, ik ben boos"


def hand(key: CaseKey, to: str, now: datetime, reason: str = "Dit is van hen") -> Case:
    cases = wiring.cases()
    given: dict[str, Any] = {"brand": TWO, "cases": cases, "now": now}
    return answer.hand_over(key, cases.get(key).rev, to, reason, "Noor", **given)


def writes(town: Town, id: str, root: str = "r-1") -> None:
    town.hear(MORE, id=id, reply_to=root)
    town.drain()


def month(town: Town) -> None:
    """Cases that were answered in between, closed and opened again, and one that came months ago."""
    wiring.brands().put(TWO)
    cases = wiring.cases()
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    town.wait(minutes=40)
    hand(FIRST, "youth", town.now)
    town.wait(minutes=15)
    writes(town, "r-2")
    town.wait(minutes=50)
    hand(FIRST, "desk", town.now)
    town.approve(cases.get(FIRST))
    town.settle(3)
    assert cases.get(FIRST).state is CaseState.ANSWERED
    town.wait(days=2)
    writes(town, "r-3")
    town.wait(minutes=7)
    writes(town, "r-4")
    town.wait(minutes=7)
    hand(FIRST, "youth", town.now)

    town.hear(COMPLAINT, id="q-1", author="anna")
    town.drain()
    town.wait(minutes=5)
    answer.solve(SECOND, cases.get(SECOND).rev, "Noor", cases=cases, now=town.now)
    town.wait(days=3)
    answer.reopen(SECOND, cases.get(SECOND).rev, "Noor", brand=TWO, cases=cases, now=town.now)
    town.wait(minutes=90)
    hand(SECOND, "youth", town.now)

    old = opened(heard("old", at("2026-09-10 09:00"), state="answer"))
    hand(old.key, "youth", town.now + timedelta(hours=1))
    hand(old.key, "desk", at("2026-12-01 00:10"))  # ten past one, in December


# a recount, written by itself --------------------------------------------------------------------------


def recounted(world: World) -> dict[tuple[str, str], list[float]]:
    """Minutes waited by (from, to), read line by line from the raw histories, without any code of ours."""
    lines: dict[str, list[tuple[str, str, dict[str, str]]]] = defaultdict(list)
    for item in world.items("C#"):
        pk = item["pk"]["S"]
        if "event" in item:
            said = json.loads(item["event"]["S"])
            lines[pk].append((item["sk"]["S"].split("#")[1], said["kind"], said))
        if "case" in item:
            received = json.loads(item["listed"]["S"])["received_at"]
            lines[pk].append((f"{received.removesuffix('Z')[:19]}.000Z", "heard", {}))
        if "delivery" in item:
            lines[pk].append((json.loads(item["delivery"]["S"])["sent_at"], "answered", {}))
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for history in lines.values():
        began = None
        for moment, kind, said in sorted(history, key=lambda line: line[0]):
            now = datetime.fromisoformat(moment)
            if kind in ("answered", "solved"):
                began = None
            elif kind in ("heard", "reopened"):
                began = began or now
            elif kind == "handed":
                assert began is not None, "what is handed over waits"
                if "2026-10-31T23:00" <= moment < "2026-11-30T23:00":  # November in Amsterdam
                    found[said["origin"], said["department"]].append((now - began).total_seconds() / 60)
                began = now
    return found


def told(world: World) -> dict[str, Any]:
    report = json.loads(world.files()[f"{BRAND}/2026-11/report.json"])
    return {each["name"]: each for each in report["figures"] if each["name"].startswith("handed")}


def test_the_report_says_what_a_recount_of_the_histories_gives(town: Town) -> None:
    month(town)
    evaluator(DUE, files=wiring.report_files).run(BRAND, "2026-11")
    ways = recounted(town.world)
    assert {way: len(waits) for way, waits in ways.items()} == {("desk", "youth"): 4, ("youth", "desk"): 1}
    minutes = sorted(round(each) for each in ways["desk", "youth"])
    assert minutes[:3] == [14, 40, 90], "by hand: after r-3, after r-1, after it was opened again"
    assert minutes[3] > 60 * 24 * 60, "of September"
    assert [round(each) for each in ways["youth", "desk"]] == [65], "from the hand-over before"
    figures = told(town.world)
    assert figures["handed"]["value"] == 5
    for (origin, to), waits in ways.items():
        way = f"{origin}.{to}"
        count, half, longest = (
            figures[f"{name}-{way}"] for name in ("handed", "handedhalf", "handedlongest")
        )
        assert (count["value"], count["of"], len(count["rows"])) == (len(waits), 5, len(waits))
        assert half["value"] == pytest.approx(60 * median(waits), abs=1)
        assert longest["value"] == pytest.approx(60 * max(waits), abs=1)
        assert set(longest["rows"]) <= set(count["rows"])
        assert len(longest["rows"]) == 1


def test_each_hand_over_is_a_row_of_its_own_in_the_file(town: Town) -> None:
    month(town)
    evaluator(DUE, files=wiring.report_files).run(BRAND, "2026-11")
    body = town.world.files()[f"{BRAND}/2026-11/handovers.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert {row["title"] for row in rows if "/r-1/" in row["id"]} == {wiring.cases().get(FIRST).title}
    assert [(row["origin"], row["department"]) for row in rows if "/old/" in row["id"]] == [("desk", "youth")]
    assert {row["reason"] for row in rows} == {"Dit is van hen"}
    html = town.world.files()[f"{BRAND}/2026-11/report.html"].decode()
    page = " ".join(re.sub(r"<[^>]*>", " ", html).split())
    assert "5 overdrachten aan een andere afdeling." in page
    assert "Wat Balie overdroeg aan Jeugd, wachtte daarvoor bij elkaar het langst" in page


def test_a_merged_case_waited_where_it_is_as_long_as_it_did_itself(town: Town) -> None:
    wiring.brands().put(TWO)
    cases = wiring.cases()
    for id, author in (("r-1", "kees"), ("q-1", "anna")):
        town.hear(COMPLAINT, id=id, author=author)
    town.drain()
    town.wait(minutes=10)
    came = town.now
    hand(FIRST, "youth", came)
    town.wait(hours=5)
    hand(SECOND, "youth", town.now)
    town.wait(minutes=1)
    merge.merge(FIRST, cases.get(FIRST).rev, SECOND, "Eén mens", "Noor", brand=TWO, cases=cases, now=town.now)
    town.wait(minutes=1)
    hand(FIRST, "desk", town.now)
    *_, (key, last) = cases.handed(BRAND, came, town.now + timedelta(hours=1))
    assert (key, last.origin, last.since) == (FIRST, "youth", came)


def test_a_month_with_many_hand_overs_takes_no_request_more(aws: World) -> None:
    """A query of the list and a read of up to a hundred at once, also of cases that nothing else is of."""
    wiring.brands().put(TWO)
    ports = (
        "mentions",
        "cases",
        "deliveries",
        "posts",
        "measurements",
        "followings",
        "mornings",
        "sources",
        "ledger",
    )
    gatherer = Gatherer(**{name: getattr(wiring, name)() for name in ports})

    def asked(first: int, last: int) -> int:
        for n in range(first, last):
            case = opened(heard(f"old-{n}", at("2026-05-10 09:00"), state="answer"))
            hand(case.key, "youth", at("2026-08-10 09:00") + timedelta(minutes=n))
        with Points("", 0) as points:
            facts = gatherer.facts(TWO, "2026-08", (), DUE)
        assert len(facts.handovers or ()) == last
        return len(points.names)

    assert asked(0, 1) == asked(1, 60)


def test_a_hand_over_that_is_refused_at_the_write_is_not_listed(town: Town) -> None:
    month(town)
    before = wiring.cases().handed(BRAND, at("2026-11-01 00:00"), DUE)
    rev = wiring.cases().get(FIRST).rev
    hand(FIRST, "desk", town.now)
    with pytest.raises(Conflict):
        answer.hand_over(FIRST, rev, "desk", "te laat", "Sam", brand=TWO, cases=wiring.cases(), now=town.now)
    assert len(wiring.cases().handed(BRAND, at("2026-11-01 00:00"), DUE)) == len(before) + 1


@pytest.mark.crash
def test_a_hand_over_is_done_with_its_line_on_the_list_or_not_at_all(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        wiring.brands().put(TWO)
        town.hear(COMPLAINT)
        town.drain()
        return town

    def run(town: Town, points: Points) -> None:
        hand(FIRST, "youth", town.now)

    def again(town: Town) -> None:
        with suppress(BadInput):  # it is theirs already
            run(town, Points("", 0))

    for mode, k, town in every_crash(fresh, run, again):
        broken_at = f"{mode} call {k}"
        (one,) = wiring.cases().handed(BRAND, at("2026-11-01 00:00"), DUE)
        events, _ = town.history(town.case())
        assert one == (FIRST, events[-1]), broken_at
        assert town.case().department == one[1].department == "youth", broken_at
