"""The log of changes: newest first, page by page, only ever added to."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.brakes import Brakes
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.posts import Posts
from chalicelib.aws.table.shelf import Shelf
from chalicelib.aws.table.sources import Sources
from chalicelib.domain import audit as lines
from chalicelib.domain.audit import ROOM, AuditLine
from chalicelib.domain.case import CaseEvent, EventKind, heard
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.logged import facts
from chalicelib.domain.post import PostEventKind, Slot
from chalicelib.domain.source import Source
from chalicelib.errors import Conflict
from tests.aws import people
from tests.conftest import NOW


def noted(log: Audit, count: int, at: datetime = NOW) -> list[AuditLine]:
    made = [
        lines.line("veldermeer", at + timedelta(seconds=n), f"r{n}", "post.cancel", of=f"p-{n}", by="Noor")
        for n in range(count)
    ]
    for line in made:
        log.note(line)
    return made


def test_a_month_is_read_newest_first_page_by_page(audit: Audit) -> None:
    made = noted(audit, 5)
    first, go_on = audit.month("veldermeer", "2026-11", limit=3)
    rest, end = audit.month("veldermeer", "2026-11", limit=3, before=go_on)
    assert first + rest == made[::-1]
    assert end == ""
    assert audit.month("veldermeer", "2026-10") == ([], "")
    assert audit.month("another", "2026-11") == ([], "")


def test_the_same_line_twice_is_one_line(audit: Audit) -> None:
    assert noted(audit, 1) == noted(audit, 1)
    assert len(audit.month("veldermeer", "2026-11")[0]) == 1


def test_long_texts_are_cut_where_it_shows() -> None:
    line = lines.line("veldermeer", NOW, "r", "brand.change", before="x" * ROOM, after="y" * (ROOM + 1))
    assert line.before == "x" * ROOM
    assert len(line.after) == ROOM
    assert line.after.endswith("y…")


# what is written together with its line -----------------------------------------------------------


def what(log: Audit, brand: str = "lindebieb") -> list[tuple[str, str, str]]:
    """Of each line, oldest first, what was done to what by whom."""
    found, _ = log.month(brand, "2026-11")
    return [(line.what, line.of, line.by) for line in reversed(found)]


def test_a_persons_part_of_a_cases_history_is_in_the_log(cases: Cases, audit: Audit) -> None:
    cases.open(people.case())
    drafted = CaseEvent(
        at=NOW, id="draft-2", kind=EventKind.DRAFTED, by="Noor", text="Sorry!", before="Wat vervelend."
    )
    cases.change(replace(people.case(), rev=2), drafted)
    key = people.case().key
    (line,), _ = audit.month("lindebieb", "2026-11")
    assert (line.what, line.of, line.by) == ("case.drafted", f"{key.platform}/{key.root}", "Noor")
    assert json.loads(line.before) == {"text": "Wat vervelend."}
    assert json.loads(line.after) == {"text": "Sorry!"}
    assert replace(drafted, before="") in cases.history(key)[0]


def test_what_was_only_heard_costs_no_line(cases: Cases, audit: Audit) -> None:
    cases.open(people.case())
    cases.change(replace(people.case(), rev=2), heard(people.case()))
    assert what(audit) == []


def test_a_posts_change_tells_what_it_was_and_what_it_became(posts: Posts, audit: Audit) -> None:
    was = people.post_delivery()
    posts.add(people.post(), [was], people.post_event("planned", by="Fatma"))
    sunday = Slot("2026-11-29T11:00", "Europe/Amsterdam")
    now = replace(was, slot=sunday, due=sunday.at(), epoch=1)
    event = people.post_event("moved-2", 1, PostEventKind.MOVED, by="Noor")
    posts.change(people.post(rev=2, slot=sunday), [(was, now)], event)
    (moved, planned), _ = audit.month("lindebieb", "2026-11")
    assert (planned.what, planned.by, planned.before) == ("post.planned", "Fatma", "")
    assert json.loads(planned.after)["text.wall"] == was.text
    assert json.loads(moved.before) == {"when": "2026-11-28T10:00 Europe/Amsterdam"}
    assert json.loads(moved.after) == {"when": "2026-11-29T11:00 Europe/Amsterdam"}


def test_what_was_sent_is_in_the_log_though_nobody_did_it_just_then(posts: Posts, audit: Audit) -> None:
    was = people.post_delivery()
    posts.add(people.post(), [was], people.post_event("planned", by="Fatma"))
    sent = replace(was, state=DeliveryState.SENT, sent_at=NOW, remote_id="9")
    event = people.post_event("sent-1", 1, PostEventKind.SENT, channel="wall", url="https://social.example/9")
    posts.conclude(sent, event)
    assert what(audit)[1:] == [("post.sent", "p-1", "")]


def test_a_refused_change_leaves_no_line(cases: Cases, audit: Audit) -> None:
    cases.open(people.case())
    drafted = CaseEvent(at=NOW, id="draft-2", kind=EventKind.DRAFTED, by="Noor", text="Sorry!")
    with pytest.raises(Conflict):
        cases.change(replace(people.case(), rev=7), drafted)
    assert what(audit) == []


def test_the_brake_is_pulled_and_lifted_with_its_line(brakes: Brakes, audit: Audit) -> None:
    brake = brakes.pull("lindebieb", "Fatma", NOW)
    brakes.pull("lindebieb", "Noor", NOW + timedelta(seconds=1))
    assert what(audit) == [("brake.pull", "", "Fatma")], "who came second pulled nothing"
    assert brakes.lift("lindebieb", brake, "Noor", NOW + timedelta(minutes=1))
    assert what(audit)[1:] == [("brake.lift", "", "Noor")]


def test_sources_and_shelves_change_with_their_line(sources: Sources, shelf: Shelf, audit: Audit) -> None:
    source = Source(brand="lindebieb", id="news", platform="feed", name="News", connected_at=NOW)
    sources.put(source, lines.line("lindebieb", NOW, "r1", "source.change", of="news", by="Noor"))
    assert sources.get("lindebieb", "news")[0] == source
    shelf.replace(
        "lindebieb.wall", "mood", "down", lines.line("lindebieb", NOW, "r2", "sandbox.mood", by="Noor")
    )
    assert shelf.get("lindebieb.wall", "mood") == "down"
    assert what(audit) == [("source.change", "news", "Noor"), ("sandbox.mood", "", "Noor")]


def test_facts_of_any_length_stay_readable() -> None:
    told = facts({"text": 'x"\n' * ROOM, "channel": "wall", "url": ""})
    assert len(told) <= ROOM
    assert json.loads(told)["channel"] == "wall"
    assert json.loads(told)["text"].endswith("…")
    assert facts({"url": ""}) == ""
