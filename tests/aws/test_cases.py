"""What `ports.Cases` promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.domain.case import (
    Case,
    CaseEvent,
    CaseKey,
    CaseState,
    Colleague,
    Draft,
    EventKind,
    heard,
    waiting,
)
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.mention import DRILL, MentionKey
from chalicelib.domain.verdict import Evidence, Sentiment
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Viewer
from tests.aws.people import KEY, case, delivery, event
from tests.conftest import NOW
from tests.harness.sizes import item_bytes
from tests.harness.world import World
from tests.web.api.office import brand


def test_gives_back_what_it_was_given(cases: Cases) -> None:
    given = case(answered_at=NOW, url="https://x.example", reason="why", replies=2)
    assert cases.open(given)
    assert cases.get(KEY) == given
    bare = case(CaseKey("lindebieb", "sandbox", "2"), draft=None)
    assert cases.open(bare)
    assert cases.get(bare.key) == bare
    with pytest.raises(NotFound, match="lindebieb/sandbox/none"):
        cases.get(CaseKey("lindebieb", "sandbox", "none"))


def test_a_conversation_has_one_case(cases: Cases) -> None:
    assert cases.open(case())
    assert not cases.open(case(title="another"))
    assert cases.get(KEY).title == case().title


def test_a_message_leads_to_the_case_it_belongs_to(cases: Cases) -> None:
    cases.open(case())
    cases.link(KEY, "2")
    cases.link(KEY, "2")
    second = CaseKey("lindebieb", "sandbox", "2")
    assert cases.find(second) == case()
    assert cases.find(KEY) == case()
    assert cases.find(CaseKey("lindebieb", "sandbox", "3")) is None
    assert not cases.open(case(second))
    with pytest.raises(NotFound):
        cases.get(second)


def test_a_link_does_not_cover_a_case(cases: Cases) -> None:
    other = case(CaseKey("lindebieb", "sandbox", "2"))
    cases.open(other)
    cases.link(KEY, "2")
    cases.link(KEY, "1")
    assert cases.find(other.key) == other
    assert cases.find(KEY) is None


def test_of_two_changes_one_counts(cases: Cases) -> None:
    cases.open(case())
    cases.change(case(rev=2, title="first"), event("first"))
    with pytest.raises(Conflict, match="lindebieb/sandbox/1"):
        cases.change(case(rev=2, title="second"), event("second"))
    with pytest.raises(Conflict):
        cases.change(case(rev=2, title="second"))
    assert cases.get(KEY).title == "first"
    assert cases.history(KEY) == ([heard(case()), event("first")], [])
    cases.change(case(rev=3, title="third"))
    assert cases.get(KEY).title == "third"


def test_what_is_not_there_cannot_be_changed(cases: Cases) -> None:
    with pytest.raises(Conflict):
        cases.change(case(rev=2), event())
    assert cases.history(KEY) == ([], [])


def test_an_approval_is_case_delivery_and_event_or_nothing(cases: Cases, deliveries: Deliveries) -> None:
    cases.open(case())
    sending = case(rev=2, state=CaseState.SENDING, replies=1)
    approved = event("approved-1", kind=EventKind.APPROVED, by="Fatma")
    cases.approve(sending, delivery(), approved)
    assert cases.get(KEY) == sending
    assert deliveries.get(delivery().key) == delivery()
    assert cases.history(KEY) == ([heard(case()), approved], [delivery()])

    with pytest.raises(Conflict):
        cases.approve(sending, delivery(2), event("late"))
    with pytest.raises(Conflict):
        cases.approve(case(rev=3), delivery(1, text="another"), event("same number"))
    assert cases.history(KEY) == ([heard(case()), approved], [delivery()])
    assert cases.get(KEY).rev == 2


def test_the_history_is_in_order_and_a_repeat_adds_nothing(cases: Cases) -> None:
    cases.open(case())
    mention = MentionKey("lindebieb", "sandbox", "7")
    told = [
        event("a", 0, mention=mention),
        event("b#1", 0, EventKind.DRAFTED, text="Dag"),
        event("a", 5, EventKind.SOLVED, by="Fatma", url="https://x.example"),
    ]
    for one in [told[2], told[0], told[1], told[0]]:
        cases.note(KEY, one)
    assert cases.history(KEY) == ([heard(case()), *told], [])


def test_who_has_it_before_them_is_one_line_each_and_no_part_of_the_history(cases: Cases, aws: World) -> None:
    cases.open(case())
    noor, sam = Viewer("noor", "Noor", NOW), Viewer("sam", "Sam", NOW)
    again = noor._replace(at=NOW + timedelta(minutes=3))
    for each in (noor, sam, again):
        cases.viewed(KEY, each)
    assert cases.dossier(KEY).viewers == [again, sam]
    kept = {i["sk"]["S"]: int(i["ttl"]["N"]) for i in aws.items("C#") if i["sk"]["S"].startswith("V#")}
    hour = timedelta(hours=1)
    assert kept == {f"V#{each.id}": int((each.at + hour).timestamp()) for each in (again, sam)}
    assert cases.history(KEY) == ([heard(case())], [])


def test_open_cases_of_a_department_come_by_due_time(cases: Cases) -> None:
    def numbered(n: int, **changes: object) -> None:
        key = CaseKey("lindebieb", "sandbox", str(n))
        cases.open(case(key, due=NOW + timedelta(minutes=changes.pop("due", 0)), **changes))  # type: ignore[arg-type]

    numbered(1, due=30)
    numbered(2, due=10, state=CaseState.STUCK)
    numbered(3, due=20)
    numbered(4, department="press")
    for n, state in enumerate((CaseState.SENDING, CaseState.ANSWERED, CaseState.SOLVED), 5):
        numbered(n, state=state)
    cases.open(case(CaseKey("elders", "sandbox", "1")))

    assert [found.key.root for found in cases.waits("lindebieb", ["desk"]).cases] == ["2", "3", "1"]
    two = cases.waits("lindebieb", ["desk"], limit=2)
    assert [found.key.root for found in two.cases] == ["2", "3"]
    assert two.more
    assert [each.key.root for each in cases.all_waiting("lindebieb", ["desk"])] == ["2", "3", "1"]
    assert [each.key.root for each in cases.all_waiting("lindebieb")] == ["4", "2", "3", "1"]
    assert cases.waits("lindebieb", ["none"]).cases == ()
    everything = cases.waits("lindebieb")
    assert [found.key.root for found in everything.cases] == ["4", "2", "3", "1"]
    assert not everything.more


def test_the_index_of_work_has_all_that_a_row_shows(cases: Cases) -> None:
    said = "Derde keer dat er niets staat. Bel ik, krijg ik een bandje."
    angry = Evidence(0, 10, Sentiment.NEGATIVE, 0.5)
    given = case(said=said, evidence=(angry,), intents=("complaint",), strong=True, reason="why")
    cases.open(given)
    (found,) = cases.waits("lindebieb").cases
    assert found == waiting(given)
    assert found.drafted == ""
    assert cases.get(KEY) == given


def test_what_is_held_stands_before_all_cases_in_the_same_answer(
    cases: Cases, deliveries: Deliveries
) -> None:
    cases.open(case(due=NOW - timedelta(days=2)))
    held = delivery(state=DeliveryState.HELD, reason="the brake was on", due=NOW)
    cases.approve(case(rev=2), held, event("approved", kind=EventKind.APPROVED))
    waits = cases.waits("lindebieb")
    assert [each.key for each in waits.held] == [held.key]
    assert (waits.held[0].state, waits.held[0].reason) == (DeliveryState.HELD, "the brake was on")
    assert [each.key for each in waits.cases] == [KEY]
    assert [each.key for each in deliveries.held("lindebieb")] == [held.key]


def test_what_is_done_is_listed_by_month_newest_first(cases: Cases) -> None:
    for n, state in enumerate((CaseState.ANSWERED, CaseState.SOLVED, CaseState.OPEN)):
        key = CaseKey("lindebieb", "sandbox", str(n))
        cases.open(case(key, state=state, answered_at=NOW + timedelta(minutes=n)))
    month = f"{NOW:%Y-%m}"
    first, place = cases.done("lindebieb", month, limit=1)
    assert [each.key.root for each in first] == ["1"]
    assert (first[0].state, first[0].department, first[0].at) == (
        CaseState.SOLVED,
        "desk",
        NOW + timedelta(minutes=1),
    )
    second, place = cases.done("lindebieb", month, limit=1, before=place)
    assert [each.key.root for each in second] == ["0"]
    if place:  # the table may say so only when it looks once more
        assert cases.done("lindebieb", month, limit=1, before=place) == ([], "")
    cases.change(case(CaseKey("lindebieb", "sandbox", "1"), rev=2, state=CaseState.OPEN))
    assert [each.key.root for each in cases.done("lindebieb", month)[0]] == ["0"], "opened again"


def handed(id: str, at: str, **more: Any) -> CaseEvent:
    moment = datetime.fromisoformat(f"{at}Z")
    given = {"origin": "desk", "department": "youth", "since": moment - timedelta(hours=1), **more}
    return CaseEvent(at=moment, id=id, kind=EventKind.HANDED, by="Fatma", title="Boekenkast", **given)


def test_hand_overs_are_listed_from_one_moment_up_to_another(cases: Cases) -> None:
    other = CaseKey("lindebieb", "sandbox", "2")
    lines = [
        (KEY, handed("a", "2026-09-30T21:59:59.999")),
        (other, handed("b", "2026-09-30T22:00:00.000")),
        (KEY, handed("c", "2026-10-15T12:00:00.000", text="Jeugdboek")),
        (other, handed("d", "2026-10-31T22:59:59.999")),
        (KEY, handed("e", "2026-10-31T23:00:00.000")),
        (CaseKey("camping", "sandbox", "1"), handed("f", "2026-10-15T12:00:00.000")),
        (CaseKey("lindebieb", DRILL, "1"), handed("g", "2026-10-15T12:00:00.000")),
        (KEY, event("h", kind=EventKind.NOTED, by="Fatma")),
    ]
    for key, line in lines:
        cases.note(key, line)
        cases.note(key, line)
    start, end = (datetime(2026, *day, tzinfo=UTC) for day in ((9, 30, 22), (10, 31, 23)))
    assert cases.handed("lindebieb", start, end) == lines[1:4]
    assert cases.handed("lindebieb", end, start) == []
    assert cases.history(KEY)[0][0] == lines[0][1], "and it is a line of the history as every other"


def test_many_hand_overs_are_all_listed(cases: Cases) -> None:
    moments = [datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=n) for n in range(230)]
    for n, moment in enumerate(moments):
        key = CaseKey("lindebieb", "sandbox", str(n % 90))
        cases.note(key, handed(f"handed-{n}", f"{moment:%Y-%m-%dT%H:%M:%S}"))
    found = cases.handed("lindebieb", moments[0], moments[-1] + timedelta(days=1))
    assert [line.at for _, line in found] == moments


def test_many_are_found_at_once_also_by_a_later_message(cases: Cases) -> None:
    cases.open(case())
    cases.link(KEY, "7")
    alias, none = CaseKey("lindebieb", "sandbox", "7"), CaseKey("lindebieb", "sandbox", "8")
    assert cases.find_many([KEY, alias, none]) == {KEY: case(), alias: case()}
    assert cases.find_many([alias]) == {alias: case()}


def test_answered_work_leaves_the_list_and_comes_back_when_it_waits_again(cases: Cases) -> None:
    cases.open(case())
    cases.change(case(rev=2, state=CaseState.SENDING))
    assert cases.waits("lindebieb", ["desk"]).cases == ()
    cases.change(case(rev=3, state=CaseState.STUCK))
    assert [found.rev for found in cases.waits("lindebieb", ["desk"]).cases] == [3]


def test_r26_the_expired_is_not_there(cases: Cases, aws: World) -> None:
    cases.open(case())
    cases.note(KEY, event())
    cases.link(KEY, "2")
    aws.set_ttl_past("C#")
    assert cases.find(KEY) is None
    assert cases.find(CaseKey("lindebieb", "sandbox", "2")) is None
    assert cases.history(KEY) == ([], [])
    assert cases.waits("lindebieb", ["desk"]).cases == ()


def test_a_case_of_the_usual_length_is_one_write_unit(cases: Cases, aws: World) -> None:
    """With a sum of three parts, a full title and a draft of 300 characters."""
    draft = Draft(text="x" * 300, version=1, language="nl", source="complaint-nl")
    url = "https://social.example/@regenjas42/112233445566778899"
    key = CaseKey("lindebieb", "mastodon", "112233445566778899")
    cases.open(case(key, title="y" * 80, draft=draft, url=url))
    (item,) = aws.items("C#lindebieb#mastodon")
    assert item_bytes(item) <= 1024
    assert len(case().reckoning) == 3


def test_labels_and_who_is_asked_are_on_every_list(cases: Cases) -> None:
    asked = (Colleague("u-1", "Noor"),)
    labelled = case(labels=("boete", "te laat"), asked=asked, topics=("fines",))
    cases.open(labelled)
    assert cases.get(KEY) == labelled
    (row,) = cases.waits("lindebieb").cases
    assert (row.labels, row.asked, row.topics) == (labelled.labels, asked, ("fines",))
    cases.change(replace(labelled, rev=2, state=CaseState.SOLVED, answered_at=NOW))
    (done,), _ = cases.done("lindebieb", f"{NOW:%Y-%m}")
    assert done.labels == ("boete", "te laat")


def test_labels_are_offered_from_the_change_on_that_put_them_on(aws: World, cases: Cases) -> None:
    wiring.brands().put(brand("lindebieb"))
    cases.open(case())
    cases.label(case(rev=2, labels=("boete",)), event("first"), offered=("boete",))
    with pytest.raises(Conflict):
        cases.label(case(rev=2, labels=("jeugd",)), event("second"), offered=("jeugd",))
    assert cases.get(KEY).labels == ("boete",)
    assert wiring.brands().latest("lindebieb")[0].labels == ("boete",)
    later = replace(event("third"), at=NOW + timedelta(days=365))
    cases.label(case(rev=3, labels=("boete", "jeugd")), later, offered=("jeugd",))
    brand_now, rev = wiring.brands().latest("lindebieb")
    assert brand_now.labels == ("boete", "jeugd"), "of this year and the last"
    wiring.brands().change(brand_now, rev)
    (head,) = [item for item in aws.items("B#lindebieb") if item["sk"]["S"] == "B"]
    assert "boete" not in head["doc"]["S"], "kept once"


def test_a_departments_own_list_is_read_however_many_others_wait(cases: Cases) -> None:
    def put(number: int, department: str, **changes: Any) -> Case:
        key = CaseKey("lindebieb", "sandbox", f"{department}-{number}")
        made = case(key, department=department, due=NOW + timedelta(minutes=number), **changes)
        assert cases.open(made)
        return made

    for number in range(5):
        put(number, "desk")
    youth = [put(number, "youth") for number in (7, 3, 5)]
    asleep = put(4, "youth", snoozed_until=NOW + timedelta(hours=1))
    found = cases.waits_of("lindebieb", "youth", limit=2, awake=NOW)
    assert [each.due for each in found.cases] == sorted(each.due for each in youth)[:2]
    assert (found.count, found.more) == (3, False)
    later = cases.waits_of("lindebieb", "youth", awake=NOW + timedelta(hours=2))
    assert asleep.key in {each.key for each in later.cases}
    first = cases.get(found.cases[0].key)
    cases.change(replace(first, rev=2, department="desk"))
    second = cases.get(found.cases[1].key)
    cases.change(replace(second, rev=2, state=CaseState.SOLVED, answered_at=NOW))
    assert [each.key for each in cases.waits_of("lindebieb", "youth", awake=NOW).cases] == [youth[0].key]
    assert cases.waits_of("lindebieb", "attic", awake=NOW).cases == ()
