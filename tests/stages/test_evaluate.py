"""R6, R22, R23: a month's report rests on frozen facts that a recount from the items gives too; broken off
anywhere and run again there is one set of files, the same bytes, and a mail."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app
from chalicelib import wiring
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseState, heard as of_case
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errata import FIGURES
from chalicelib.domain.figures import reckon
from chalicelib.domain.measuring import Following, Measurement, Numbers
from chalicelib.domain.month import Facts, from_bytes, to_bytes, unjudged
from chalicelib.domain.outreach import Deed, DeedState, Morning, Outreach
from chalicelib.domain.source import Source, SourceState, failed, succeeded
from chalicelib.domain.spend import rates
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import Incomplete, Rejected
from chalicelib.stages import answer, gather
from chalicelib.stages.evaluate import Evaluator, due_month
from chalicelib.tasks import QUEUES
from tests.harness.crash import MODES, Crash, Points
from tests.harness.poller import Context
from tests.harness.world import World
from tests.stages.november import BRAND, ZONE, at, heard, library, opened, posted, replied
from tests.stages.town import TICK

GLAD, ANGRY = Sentiment.POSITIVE, Sentiment.NEGATIVE
DUE = at("2026-12-01 05:00")
"""Six o'clock on the 1st."""
LATER = at("2026-12-01 06:00")
"""An hour in which nothing is corrected."""


def files(facts: Facts) -> Iterator[tuple[str, bytes, str]]:
    """A small report: what the real one promises, that the same facts give the same bytes, holds here too."""
    row = {"month": facts.month, "mentions": len(facts.mentions), "positive": 0, "negative": 0}
    report = {
        "earlier_row": row,
        "frozen_at": str(facts.frozen_at),
        "months": [e.month for e in facts.earlier],
    }
    yield "report.json", json.dumps(report).encode(), "application/json"
    yield "report.html", f"<h1>{facts.name} {len(facts.mentions)}</h1>".encode(), "text/html"


def letter(facts: Facts, link: str) -> tuple[str, str]:
    return f"{facts.name} {facts.month}", f"{len(facts.mentions)} berichten, {link}"


def evaluator(now: datetime, **changes: Any) -> Evaluator:
    parts: dict[str, Any] = {
        "brands": wiring.brands(),
        "mentions": wiring.mentions(),
        "cases": wiring.cases(),
        "deliveries": wiring.deliveries(),
        "posts": wiring.posts(),
        "measurements": wiring.measurements(),
        "followings": wiring.followings(),
        "mornings": wiring.mornings(),
        "sources": wiring.sources(),
        "ledger": wiring.ledger(),
        "bucket": wiring.bucket(),
        "mail": wiring.mail(),
        "files": files,
        "letter": letter,
        "prices": wiring.prices,
        "now": lambda: now,
        "pulse": wiring.pulse(),
    }
    return Evaluator(**{**parts, **changes})


def frozen(world: World, month: str = "2026-11", brand: str = BRAND) -> Facts:
    return from_bytes(world.files()[f"{brand}/{month}/facts.json"])


@pytest.fixture
def november(aws: World) -> World:
    """A month with something of everything."""
    return lay(aws)


def lay(world: World) -> World:
    wiring.brands().put(library())
    angry = heard("angry", at("2026-11-03 08:00"), ANGRY, state="answer", intents=("complaint", "question"))
    replied(opened(angry), at("2026-11-03 08:40"))
    heard("glad", at("2026-11-14 19:00"), GLAD, author="anna", state="thank")
    heard("plain", at("2026-11-20 12:00"), author="bram")
    heard("october", at("2026-10-20 12:00"), GLAD)
    heard("december", at("2026-11-30 23:00"), GLAD)
    goal = {"goal": "members", "why": "Zaterdag is er tijd", "audience": "ouders"}
    post = posted("saturday", "2026-11-14T10:00", post=goal)
    for step, hours in ((1, 1), (2, 24)):
        now_there = wiring.deliveries().get(post.key)
        numbers = Numbers(reach=100 * step, reactions=step)
        measured = Measurement(step=step, at=at("2026-11-14 09:00") + timedelta(hours=hours), numbers=numbers)
        assert wiring.measurements().add(now_there, measured)
    posted("held", "2026-11-15T10:00", DeliveryState.HELD, reason="too late for its moment")
    posted("called-off", "2026-11-16T10:00", DeliveryState.CANCELLED)
    wiring.followings().put(BRAND, Following(channel="wall", day="2026-11-01", followers=7))
    wiring.followings().put(BRAND, Following(channel="wall", day="2026-12-01", followers=9))
    connected("2026-11-01 09:00")
    deed = Outreach(
        id="share-1",
        deed=Deed.SHARE,
        mention=angry.key,
        platform="sandbox",
        author="anna",
        url="https://social.example/1",
        excerpt="fijn",
        language="nl",
        times=1,
        glad=1,
        state=DeedState.DONE,
        by="Noor",
        link="https://social.example/2",
    )
    wiring.mornings().add(
        Morning(
            brand=BRAND, day="2026-11-15", rev=1, made_at=at("2026-11-15 06:00"), outreach=(deed,), fans=()
        )
    )
    return world


def connected(moment: str, *, brand: str = BRAND, id: str = "inbox") -> Source:
    source = Source(brand=brand, id=id, platform="sandbox", name="Muur", connected_at=at(moment))
    wiring.sources().put(source)
    return source


# when --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "zone", "month"),
    [
        ("2026-12-01 04:59", ZONE, "2026-10"),
        ("2026-12-01 05:00", ZONE, "2026-11"),
        ("2026-12-31 22:59", ZONE, "2026-11"),
        ("2026-12-31 23:00", ZONE, "2026-11"),  # midnight: not six yet
        ("2027-01-01 05:00", ZONE, "2026-12"),
        ("2026-07-01 03:59", ZONE, "2026-05"),
        ("2026-07-01 04:00", ZONE, "2026-06"),
        ("2026-12-01 10:59", "America/New_York", "2026-10"),
        ("2026-12-01 11:00", "America/New_York", "2026-11"),
        ("2026-11-30 20:59", "Asia/Tokyo", "2026-10"),
        ("2026-11-30 21:00", "Asia/Tokyo", "2026-11"),
    ],
)
def test_a_month_is_due_from_six_oclock_where_the_brand_is(now: str, zone: str, month: str) -> None:
    assert due_month(at(now), zone) == month


def test_each_month_is_made_once_and_mailed_once(november: World) -> None:
    runs = [evaluator(DUE + timedelta(hours=n)).run("", "") for n in range(3)]
    assert [run["made"] for run in runs] == [1, 0, 0]
    assert sorted(november.files()) == [
        f"{BRAND}/2026-11/{file}" for file in ("facts.json", "mailed", "report.html", "report.json")
    ]
    (mail,) = november.mails()
    assert mail.body == "3 berichten, https://console.example/reports/2026-11?brand=lindebieb"
    assert mail.destinations["ToAddresses"] == ["directie@lindebieb.example"]


def reported(world: World) -> list[str]:
    return sorted({name.split("/")[1] for name in world.files() if name.endswith("/mailed")})


def test_months_that_ended_while_nothing_ran_are_made_when_it_runs_again(aws: World) -> None:
    """From 28 November to 5 January: November ended too, and December is compared with it."""
    wiring.brands().put(library())
    connected("2026-10-20 09:00")
    heard("found-later", at("2026-08-10 10:00"), GLAD)
    evaluator(at("2026-11-01 05:00")).run()
    heard("nov", at("2026-11-10 10:00"), GLAD)
    heard("dec", at("2026-12-10 10:00"), GLAD)
    runs = [evaluator(at(f"2027-01-05 {hour:02}:00")).run() for hour in range(3, 8)]
    assert [run["made"] for run in runs] == [2, 0, 0, 0, 0]
    assert reported(aws) == ["2026-10", "2026-11", "2026-12"], "in August there was no such brand"
    assert [row.month for row in frozen(aws, "2026-12").earlier] == ["2026-10", "2026-11"]
    assert [mail.body.split("reports/")[1][:7] for mail in aws.mails()] == ["2026-10", "2026-12"]


def test_a_missed_month_that_fails_holds_no_other_up_and_is_tried_once_a_day(aws: World) -> None:
    wiring.brands().put(library())
    connected("2026-11-20 09:00")

    def but_november(facts: Facts) -> Any:
        if facts.month == "2026-11":
            raise RuntimeError("made by a test")
        return files(facts)

    first = evaluator(at("2027-01-05 03:00"), files=but_november).run()
    assert (first["made"], first["failed"], reported(aws)) == (1, 1, ["2026-12"])
    assert [evaluator(at(f"2027-01-05 0{hour}:00")).run()["made"] for hour in (4, 5)] == [0, 1]
    assert (reported(aws), len(aws.mails())) == (["2026-11", "2026-12"], 1)


def test_a_brand_without_a_source_began_with_what_it_sent(aws: World) -> None:
    wiring.brands().put(library())
    posted("first", "2026-10-20T10:00")
    evaluator(DUE).run()
    assert reported(aws) == ["2026-10", "2026-11"]


def test_where_nobody_is_to_be_told_it_is_done_all_the_same(november: World) -> None:
    wiring.brands().put(library(report_mail=()))
    assert evaluator(DUE).run()["made"] == 1
    assert evaluator(LATER).run()["made"] == 0
    assert november.mails() == []


# R6: the facts are what a recount gives ---------------------------------------------------------------


def local_month(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(ZONE)).strftime("%Y-%m")


def recounted(world: World, month: str) -> dict[str, Any]:
    """From the raw items, without any code of ours."""
    mentions, labels, cases, sent = set(), Counter[str](), set(), {}
    for item in world.items("M#"):
        day, time = item["day"]["S"].split("#")[1], item["day_key"]["S"].split("#")[0]
        if local_month(f"{day}T{time}+00:00") == month:
            mentions.add(item["pk"]["S"].removeprefix("M#").replace("#", "/"))
            labels[item["label"]["S"]] += 1
    for item in world.items("C#"):
        if "case" in item:
            received = json.loads(item["listed"]["S"])["received_at"]
            if local_month(received.replace("Z", "+00:00")) == month:
                cases.add(item["pk"]["S"].removeprefix("C#").replace("#", "/"))
    for item in [*world.items("P#"), *world.items("C#")]:
        if "delivery" in item and item["state"]["S"] != "cancelled":
            told = json.loads(item["delivery"]["S"])
            moment = told.get("sent_at") or told["due"]
            if local_month(moment.replace("Z", "+00:00")) == month:
                sent[f"{item['pk']['S']}|{item['sk']['S']}"] = item["state"]["S"]
    return {"mentions": mentions, "labels": labels, "cases": cases, "states": Counter(sent.values())}


@pytest.mark.parametrize("month", ["2026-10", "2026-11"])
def test_the_rows_are_those_of_a_recount(month: str, november: World) -> None:
    evaluator(DUE).run(BRAND, month)
    facts = frozen(november, month)
    assert {
        "mentions": {row.id for row in facts.mentions},
        "labels": Counter(row.label for row in facts.mentions),
        "cases": {row.id.rpartition("/")[0] for row in facts.cases},
        "states": Counter(row.state for row in facts.deliveries),
    } == recounted(november, month)


def test_each_row_tells_what_its_item_holds(november: World) -> None:
    evaluator(DUE).run()
    facts = frozen(november)
    angry, glad, plain = facts.mentions
    assert (angry.intents, angry.department, angry.state) == (("complaint", "question"), "desk", "answer")
    assert (glad.author, glad.label, glad.url) == ("anna", "positive", "https://social.example/@anna/glad")
    assert plain.reach is None
    assert len({angry.story, glad.story, plain.story}) == 3
    (case,) = facts.cases
    assert (case.state, case.answered_at) == ("answered", at("2026-11-03 08:40"))
    reply, post, held = facts.deliveries
    assert (reply.kind, reply.slug, reply.text, reply.by) == ("reply", case.slug, "Dag Kees,", "Noor")
    assert (post.kind, post.slug, post.platform, post.goal) == ("post", "saturday", "sandbox", "members")
    assert (post.step, post.reach, post.reactions, post.replies) == (2, 200, 2, None)
    assert post.at == post.due == at("2026-11-14 09:00")
    assert (held.state, held.reason, held.step, held.reach) == ("held", "too late for its moment", 0, None)
    (day,) = facts.following
    assert (day.day, day.followers, day.following) == ("2026-11-01", 7, None)
    (source,) = facts.sources
    assert (source.id, source.last_success) == ("inbox", None)
    (deed,) = facts.deeds
    assert (deed.day, deed.state, deed.by) == ("2026-11-15", "done", "Noor")
    assert facts.rates == rates(wiring.prices(), queues=len(QUEUES))


BORDERS = [
    ("2026-09-30 21:59:59", "2026-09"),
    ("2026-09-30 22:00:00", "2026-10"),  # midnight in summer time
    ("2026-10-31 22:59:59", "2026-10"),
    ("2026-10-31 23:00:00", "2026-11"),  # midnight in winter time
    ("2026-11-30 22:59:59", "2026-11"),
    ("2026-11-30 23:00:00", "2026-12"),
]


def test_a_month_begins_and_ends_where_the_brand_is(aws: World) -> None:
    wiring.brands().put(library())
    for n, (moment, _) in enumerate(BORDERS):
        opened(heard(f"m{n}", at(moment), state="answer"))
        replied(opened(heard(f"r{n}", at("2026-08-01 09:00"))), at(moment))
    for month in ("2026-09", "2026-10", "2026-11"):
        evaluator(DUE).run(BRAND, month)
        facts = frozen(aws, month)
        expected = [f"m{n}" for n, (_, of) in enumerate(BORDERS) if of == month]
        assert [row.id.rpartition("/")[2] for row in facts.mentions] == expected
        assert [row.id.split("/")[-2] for row in facts.cases] == expected
        assert [row.at for row in facts.deliveries] == [at(moment) for moment, of in BORDERS if of == month]


def test_pages_and_batches_lose_nothing(aws: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wiring.brands().put(library())
    monkeypatch.setattr(gather, "BATCH", 3)
    start = at("2026-11-10 09:00")
    for n in range(11):
        opened(heard(f"m{n:02}", start + timedelta(minutes=n // 2), state="answer"))
    evaluator(DUE).run()
    facts = frozen(aws)
    ids = [f"m{n:02}" for n in range(11)]
    assert [row.id.rpartition("/")[2] for row in facts.mentions] == ids
    assert [row.id.split("/")[-2] for row in facts.cases] == ids


def test_one_case_of_many_messages_is_one_row(aws: World) -> None:
    wiring.brands().put(library())
    case = opened(heard("root", at("2026-11-10 09:00"), state="answer"))
    for n in range(3):
        later = heard(f"more-{n}", at("2026-11-11 09:00"), state="answer", reply_to="root")
        wiring.cases().link(case.key, later.key.id)
    evaluator(DUE).run()
    assert [row.slug for row in frozen(aws).cases] == [case.key.slug]


def test_a_case_has_a_row_in_each_month_in_which_it_waited(aws: World) -> None:
    wiring.brands().put(library())
    first = heard("root", at("2026-10-10 09:00"), state="answer")
    case = opened(first, received_at=at("2026-11-10 09:00"))
    later = heard("more", at("2026-11-10 09:00"), state="answer", reply_to="root")
    wiring.cases().link(case.key, later.key.id)
    for month in ("2026-10", "2026-11"):
        evaluator(DUE).run(BRAND, month)
    assert frozen(aws, "2026-10").cases == ()
    assert [row.slug for row in frozen(aws).cases] == [case.key.slug]


def went_on(case: Case, id: str, moment: str, intents: tuple[str, ...] = ()) -> Case:
    """A message came in a case, and the case moved on to it, as `respond` does it."""
    mention = heard(id, at(moment), ANGRY, state="answer", reply_to=case.key.root, intents=intents)
    was = wiring.cases().get(case.key)
    after = replace(
        was,
        rev=was.rev + 1,
        state=CaseState.OPEN,
        answered_at=None,
        mention=mention.key,
        received_at=at(moment),
        due=at(moment) + timedelta(hours=1),
    )
    wiring.cases().change(after, of_case(was))
    wiring.cases().link(case.key, id)
    return after


def rows_of_cases(world: World, month: str = "2026-11") -> list[tuple[str, datetime, datetime | None]]:
    evaluator(DUE).run(BRAND, month)
    return [(row.id.rpartition("/")[2], row.due, row.answered_at) for row in frozen(world, month).cases]


def test_a_late_first_answer_is_not_hidden_by_a_prompt_second(aws: World) -> None:
    """When the first was due is reckoned anew: any hour counts at this desk."""
    wiring.brands().put(library())
    case = opened(heard("root", at("2026-11-10 09:00"), state="answer", intents=("question",)))
    replied(case, at("2026-11-11 10:00"))
    case = went_on(case, "more", "2026-11-11 12:00")
    replied(case, at("2026-11-11 12:05"), n=2)
    promised = library().departments[0].other_within

    first = (at("2026-11-10 09:00") + timedelta(minutes=promised), at("2026-11-11 10:00"))
    second = (at("2026-11-11 13:00"), at("2026-11-11 12:05"))
    assert rows_of_cases(aws) == [("1", *first), ("2", *second)]
    on_time = reckon(frozen(aws))["on-time"]
    assert (on_time.value, on_time.of) == (1, 2)


def test_a_case_answered_promptly_that_goes_on_is_one_row_answered_and_one_waiting(aws: World) -> None:
    wiring.brands().put(library())
    case = opened(heard("root", at("2026-10-31 09:00"), state="answer"))
    replied(case, at("2026-10-31 09:05"))
    went_on(case, "more", "2026-11-11 12:00", ("complaint",))

    assert [row[2] for row in rows_of_cases(aws, "2026-10")] == [at("2026-10-31 09:05")]
    assert rows_of_cases(aws) == [("2", at("2026-11-11 13:00"), None)]
    figures = reckon(frozen(aws))
    assert figures["waiting"].rows == figures["late"].rows == (f"{case.key}/2",)


def test_what_came_before_one_answer_is_one_turn_and_what_came_underway_waits(aws: World) -> None:
    wiring.brands().put(library())
    case = opened(heard("root", at("2026-11-10 09:00"), state="answer"))
    case = went_on(case, "more", "2026-11-10 09:10")
    asked = case
    case = went_on(case, "underway", "2026-11-10 09:20")
    replied(case, at("2026-11-10 09:21"), to=asked.mention)
    assert [(n, answered) for n, _, answered in rows_of_cases(aws)] == [
        ("1", at("2026-11-10 09:21")),
        ("2", None),
    ]


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.CLAIMED])
def test_where_nobody_knows_whether_the_answer_left_the_next_report_judges(
    state: DeliveryState, aws: World
) -> None:
    wiring.brands().put(library())
    connected("2026-11-01 09:00")
    case = opened(heard("root", at("2026-11-10 09:00"), ANGRY, state="answer", intents=("complaint",)))
    asked = case
    case = went_on(case, "underway", "2026-11-10 12:00")
    sent = replied(case, at("2026-11-10 09:21"), to=asked.mention, state=state, sent_at=None)
    evaluator(DUE).run()
    figures = reckon(frozen(aws))
    names = ("unclear", "on-time", "late", "waiting", "complaint-cases")
    assert [len(figures[name].rows) for name in names] == [1, 0, 1, 0, 1]
    known = replace(sent, state=DeliveryState.CONFIRMED, sent_at=at("2026-11-10 09:22"))
    assert wiring.deliveries().settle(known)
    evaluator(at("2027-01-01 05:00")).run()
    figures = reckon(frozen(aws, "2026-12"))
    assert [len(figures[name].rows) for name in ("unclear", "on-time", "late")] == [0, 1, 0]


@pytest.mark.parametrize("url", ["https://wall.example/1", ""])
def test_who_closes_a_case_answered_it_if_they_name_the_answer(url: str, aws: World) -> None:
    wiring.brands().put(library())
    case = opened(heard("root", at("2026-11-10 09:00"), ANGRY, state="answer", intents=("complaint",)))
    answer.solve(case.key, case.rev, "Noor", cases=wiring.cases(), now=at("2026-11-10 09:30"), url=url)
    went_on(case, "more", "2026-11-12 09:00")
    assert [row[2] for row in rows_of_cases(aws)] == [at("2026-11-10 09:30") if url else None, None]
    figures = reckon(frozen(aws))
    counted = [len(figures[name].rows) for name in ("on-time", "wait", "closed", "waiting")]
    assert counted == ([1, 1, 0, 0] if url else [0, 0, 1, 0])
    assert unjudged(frozen(aws)) == (), "what was closed is not judged later either"


def test_what_is_due_after_the_report_is_judged_by_the_next_and_by_no_other(aws: World) -> None:
    wiring.brands().put(library())
    connected("2026-11-01 09:00")
    late, soon, still = (
        opened(heard(id, at("2026-11-30 16:00"), ANGRY, state="answer", intents=("complaint",)), due=at(due))
        for id, due in (
            ("late", "2026-12-01 09:00"),
            ("soon", "2026-12-01 09:00"),
            ("still", "2027-01-04 09:00"),
        )
    )
    opened(heard("past", at("2026-11-30 16:00"), ANGRY, state="answer"), due=at("2026-11-30 17:00"))
    evaluator(DUE).run()
    replied(soon, at("2026-12-01 08:00"))
    replied(late, at("2026-12-08 09:00"), n=1)
    evaluator(at("2027-01-01 05:00")).run()
    evaluator(at("2027-02-01 05:00")).run()

    def told(month: str) -> list[set[str]]:
        figures = reckon(frozen(aws, month))
        names = ("judged", "on-time", "not-due", "carried", "complaint-cases")
        return [{row.split("/")[2] for row in figures[name].rows} for name in names]

    assert told("2026-11") == [{"past"}, set(), {"late", "soon", "still"}, set(), {"late", "soon", "still"}]
    assert told("2026-12") == [{"late", "soon"}, {"soon"}, {"still"}, {"late", "soon"}, set()]
    assert told("2027-01") == [{"still"}, set(), set(), {"still"}, set()]
    assert still.key.root == "still"


# a month that the brand, or a source, was not there in -------------------------------------------------


def test_a_month_before_the_brand_is_not_reported_by_itself(aws: World) -> None:
    wiring.brands().put(library())
    connected("2026-11-30 23:00")
    assert evaluator(DUE).run() == {"made": 0, "failed": 0, "errata": 0}
    assert (aws.files(), aws.mails()) == ({}, [])

    assert evaluator(DUE).run(BRAND, "2026-11")["made"] == 1
    assert not frozen(aws).known
    assert evaluator(LATER).run()["made"] == 0
    assert aws.mails() == []


def test_a_source_belongs_to_the_months_from_its_connection_on(november: World) -> None:
    connected("2026-11-30 23:00", id="later")
    late = connected("2026-11-02 09:00", id="broken")
    state = wiring.sources().of(BRAND)
    was = next(state for source, state in state if source.id == "broken")
    wiring.sources().set_state(late, was, failed(was, at("2026-12-01 01:00"), "refused", 5))

    evaluator(DUE).run()
    facts = frozen(november)
    assert [(row.id, row.failing_since, row.reason) for row in facts.sources] == [
        ("broken", None, ""),
        ("inbox", None, ""),
    ]
    assert {row.source for row in facts.mentions} == {"inbox"}
    assert reckon(facts)["silent"].rows == ("broken",)


def test_an_outage_that_is_over_is_told_with_its_days(november: World) -> None:
    forum = connected("2026-11-01 09:00", id="forum")
    was = SourceState()
    for day, hour in ((2, 10), (4, 10), (20, 10), (20, 20)):
        was = failed(was, at(f"2026-11-{day:02} {hour}:00"), "HTTP 500", 5)
        if day in (2, 20):
            again = at(f"2026-11-{day:02} {hour}:00") + (timedelta(minutes=20), timedelta(days=8))[day == 20]
            was = succeeded(was, again, cursor="", seen=b"", heard=True)
    wiring.sources().set_state(forum, SourceState(), replace(was, rev=1))

    evaluator(DUE).run()
    assert [outage.since.day for outage in frozen(november).sources[0].outages] == [4, 20]
    assert reckon(frozen(november))["broken"].rows == ("forum",)
    facts = frozen(november)
    assert "Not heard for a time" in wiring.report_mail(replace(facts, language="en"), "")[1]


def test_an_outage_belongs_to_the_months_it_touches(november: World) -> None:
    source, was = wiring.sources().of(BRAND)[0]
    broken = failed(was, at("2026-10-30 10:00"), "HTTP 500", 5)
    mended = succeeded(broken, at("2026-11-02 10:00"), cursor="", seen=b"", heard=True)
    wiring.sources().set_state(source, was, replace(mended, rev=1))
    evaluator(DUE).run()
    assert len(frozen(november).sources[0].outages) == 1
    evaluator(at("2027-01-01 05:00")).run(BRAND, "2026-12")
    assert frozen(november, "2026-12").sources[0].outages == ()


def test_of_two_sources_of_one_message_the_second_is_heard_too(november: World) -> None:
    second = connected("2026-11-01 09:00", id="copy")
    heard_too = succeeded(SourceState(), at("2026-11-14 19:05"), cursor="", seen=b"", heard=True)
    wiring.sources().set_state(second, SourceState(), heard_too)
    evaluator(DUE).run()
    facts = frozen(november)
    assert {row.source for row in facts.mentions} == {"inbox"}
    assert reckon(facts)["silent"].rows == ()


@pytest.mark.parametrize("posted_on", [None, "2026-11-30 09:00"])
def test_an_empty_month_a_first_month_one_mention(posted_on: str | None, aws: World) -> None:
    wiring.brands().put(library())
    connected("2026-11-30 22:59")
    if posted_on:
        heard("only", at(posted_on))
    assert evaluator(DUE).run() == {"made": 1, "failed": 0, "errata": 0}
    facts = frozen(aws)
    assert len(facts.mentions) == bool(posted_on)
    assert (facts.cases, facts.deliveries, facts.earlier) == ((), (), ())
    assert len(aws.mails()) == 1


@pytest.mark.parametrize(
    ("month", "left", "began"),
    [
        ("2026-10", None, "2026-10-28 09:00"),
        ("2026-10", "2026-10-20T10:00", "2026-10-20 08:00"),
        ("2026-10", "2026-09-20T10:00", None),
        ("2026-11", None, None),
        ("2026-09", None, None),
    ],
)
def test_a_brand_begins_with_its_first_source_or_what_left_first(
    month: str, left: str | None, began: str | None, aws: World
) -> None:
    wiring.brands().put(library())
    connected("2026-10-28 09:00")
    connected("2026-11-10 09:00", id="later")
    heard("found-later", at("2026-10-02 09:00"))
    if left:
        posted("first", left)
    evaluator(DUE).run(BRAND, month)
    assert frozen(aws, month).began == (at(began) if began else None)


def test_with_an_earlier_report_the_brand_began_before(november: World) -> None:
    evaluator(DUE).run(BRAND, "2026-10")
    evaluator(DUE).run()
    assert frozen(november).began is None


def failures() -> dict[str, str]:
    return {what: failure.reason for what, failure in wiring.pulse().failures(BRAND).items()}


def test_a_month_that_is_too_big_is_refused_and_not_cut(november: World, monkeypatch: Any) -> None:
    with monkeypatch.context() as small:
        small.setattr(gather, "MOST", 2)
        assert evaluator(LATER).run() == {"made": 0, "failed": 1, "errata": 0}
        assert november.files() == {}
        assert failures() == {"2026-11": "2026-11 has more than 2 mentions"}
        assert evaluator(DUE).run(BRAND, "2026-11")["refused"] == 1
    assert evaluator(LATER).run()["made"] == 1
    assert failures() == {}


def test_the_call_fails_where_a_brand_failed_after_the_others_were_made(
    november: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wiring.brands().put(library(id="aaa-first", name="Eerste"))
    connected("2026-11-01 09:00", brand="aaa-first")
    real = wiring.report_files

    def some_files(facts: Facts) -> Any:
        if facts.brand == "aaa-first":
            raise KeyError("made by a test")
        return real(facts)

    monkeypatch.setattr(wiring, "report_files", some_files)
    monkeypatch.setattr(wiring, "now", lambda: LATER)
    with pytest.raises(Incomplete):
        app.evaluate_months(TICK, Context())
    assert f"{BRAND}/2026-11/mailed" in november.files()
    assert wiring.pulse().failures("aaa-first")["2026-11"].reason == "a fault of ours: KeyError"
    assert "made by a test" not in str(november.items("Y#"))


def test_while_the_mail_is_refused_what_came_late_is_told_all_the_same(november: World) -> None:
    class Down:
        def send(self, **_: Any) -> None:
            raise Rejected("mail", "MessageRejected")

    evaluator(DUE, mail=Down()).run()
    heard("late", at("2026-11-21 12:00"), ANGRY)
    assert evaluator(DUE + timedelta(days=1), mail=Down()).run() == {"made": 0, "failed": 1, "errata": 1}
    assert len(errata(november)) == 1
    assert failures() == {"2026-11": "mail: MessageRejected"}


def test_earlier_reports_are_compared_with(november: World) -> None:
    for month in ("2026-10", "2026-08"):
        evaluator(DUE).run(BRAND, month)
    wiring.bucket().put_once(f"{BRAND}/2026-09/report.json", b'{"of": "another form"}', "application/json")
    evaluator(DUE).run()
    assert [(row.month, row.mentions) for row in frozen(november).earlier] == [("2026-08", 0), ("2026-10", 1)]


# R22: the same bytes, wherever it broke off -----------------------------------------------------------


def test_facts_keep_their_bytes(november: World) -> None:
    evaluator(DUE).run()
    body = november.files()[f"{BRAND}/2026-11/facts.json"]
    assert to_bytes(from_bytes(body)) == body


def test_two_runs_in_two_worlds_give_the_same_bytes(aws: World) -> None:
    found = []
    for _ in range(2):
        world = lay(aws.fresh())
        evaluator(DUE).run()
        found.append(world.files())
    assert found[0] == found[1]


def telling_points() -> list[int]:
    """Each call of a run but the inner ones of a row of the same reads: between those nothing happens."""
    with Points("", 0) as points:
        evaluator(LATER).run()
    names = ["", *points.names, ""]
    inner = [names[k - 1] == names[k] == names[k + 1] != "PutObject" for k in range(1, len(names) - 1)]
    return [k for k, skipped in enumerate(inner, 1) if not skipped]


@pytest.mark.crash
def test_broken_off_anywhere_one_set_of_files_and_a_mail(aws: World) -> None:
    lay(aws.fresh())
    seen = set()
    for mode, k in product(MODES, telling_points()):
        broken_at, world = f"{mode} call {k}", lay(aws.fresh())
        with pytest.raises(Crash), Points(mode, k):
            evaluator(LATER).run()
        heard("late", at("2026-11-21 12:00"), ANGRY)
        for hours in (1, 2):
            evaluator(LATER + timedelta(hours=hours)).run()

        kept = world.files()
        facts = from_bytes(kept[f"{BRAND}/2026-11/facts.json"])
        derived = {f"{BRAND}/2026-11/{name}": body for name, body, _ in files(facts)}
        marks = {f"{BRAND}/2026-11/mailed", f"{BRAND}/2026-11/facts.json"}
        assert {name: body for name, body in kept.items() if name not in marks} == derived, broken_at
        assert kept.keys() == derived.keys() | marks, broken_at
        mails = {mail.body for mail in world.mails()}
        assert mails == {letter(facts, "https://console.example/reports/2026-11?brand=lindebieb")[1]}, (
            broken_at
        )
        seen.add((len(facts.mentions), len(world.mails())))
    # the late one is in where it broke off before the freeze, and never after; a second mail only where the
    # first one had gone out, and its mark was not put
    assert seen == {(3, 1), (3, 2), (4, 1)}


class Meddling:
    """A bucket before whose first write of facts something else happens."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile: Callable[[], object] | None = meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(wiring.bucket(), name)

    def put_once(self, name: str, body: bytes, kind: str) -> bool:
        if self._meanwhile and name.endswith("facts.json"):
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return wiring.bucket().put_once(name, body, kind)


def test_of_two_at_once_the_first_facts_count(november: World) -> None:
    def other() -> None:
        heard("late", at("2026-11-21 12:00"))
        assert evaluator(LATER).run()["made"] == 1

    evaluator(DUE, bucket=Meddling(other)).run()
    assert len(frozen(november).mentions) == 4
    assert b"4</h1>" in november.files()[f"{BRAND}/2026-11/report.html"]
    assert {mail.body[:1] for mail in november.mails()} == {"4"}
    assert len(november.mails()) == 2


def test_a_mail_that_fails_is_tried_again(november: World) -> None:
    class Down:
        def send(self, **_: Any) -> None:
            raise RuntimeError("made by a test")

    assert evaluator(DUE, mail=Down()).run() == {"made": 0, "failed": 1, "errata": 0}
    assert f"{BRAND}/2026-11/mailed" not in november.files()
    assert evaluator(LATER).run()["made"] == 1
    assert len(november.mails()) == 1


def test_a_brand_that_fails_stops_no_other(november: World) -> None:
    wiring.brands().put(library(id="aaa-first", name="Eerste"))
    connected("2026-11-01 09:00", brand="aaa-first")

    def some_files(facts: Facts) -> Any:
        if facts.brand == "aaa-first":
            raise RuntimeError("made by a test")
        return files(facts)

    assert evaluator(DUE, files=some_files).run() == {"made": 1, "failed": 1, "errata": 0}
    assert f"{BRAND}/2026-11/mailed" in november.files()
    assert evaluator(LATER).run() == {"made": 1, "failed": 0, "errata": 0}


# R23: what comes late ---------------------------------------------------------------------------------


def errata(world: World, month: str = "2026-11") -> list[dict[str, Any]]:
    prefix = f"{BRAND}/{month}/erratum-"
    return [json.loads(body) for name, body in sorted(world.files().items()) if name.startswith(prefix)]


def test_what_came_late_is_told_beside_the_report_and_once(november: World) -> None:
    evaluator(DUE).run()
    before = november.files()
    heard("late", at("2026-11-21 12:00"), ANGRY, state="answer")

    tomorrow = DUE + timedelta(days=1)
    counts = [evaluator(tomorrow + timedelta(hours=n)).run()["errata"] for n in range(-1, 26)]
    assert sum(counts) == 1
    (told,) = errata(november)
    assert told["was"] == {"mentions": 3, "negative": 1, "asked": 2}
    assert told["is"] == {"mentions": 4, "negative": 2, "asked": 3}
    assert datetime.fromisoformat(told["at"]).astimezone(UTC) == tomorrow
    after = november.files()
    later = from_bytes(after.pop(f"{BRAND}/2026-11/later-1.json"))
    figures = reckon(later)
    for name, value in told["is"].items():
        assert len(figures[FIGURES[name]].rows) == value
    assert {name: body for name, body in after.items() if "erratum" not in name} == before

    heard("later-still", at("2026-11-22 12:00"))
    evaluator(tomorrow + timedelta(days=1)).run()
    assert [one["is"]["mentions"] for one in errata(november)] == [4, 5]
    assert len(november.mails()) == 1


@pytest.mark.crash
def test_an_erratum_broken_off_anywhere_is_put_once_and_of_the_rows_beside_it(aws: World) -> None:
    lay(aws.fresh())
    evaluator(DUE).run()
    tomorrow = DUE + timedelta(days=1)
    heard("late", at("2026-11-21 12:00"), ANGRY, state="answer")
    with Points("", 0) as points:
        evaluator(tomorrow).run()
    puts = [k for k, name in enumerate(points.names, 1) if name == "PutObject"]
    assert len(puts) == 2
    for mode, k in product(MODES, puts):
        world = lay(aws.fresh())
        evaluator(DUE).run()
        heard("late", at("2026-11-21 12:00"), ANGRY, state="answer")
        with pytest.raises(Crash), Points(mode, k):
            evaluator(tomorrow).run()
        heard("last", at("2026-11-22 12:00"))
        for days in (1, 2):
            evaluator(tomorrow + timedelta(days=days)).run()
        kept = world.files()
        for n, one in enumerate(errata(world), 1):
            later = from_bytes(kept[f"{BRAND}/2026-11/later-{n}.json"])
            assert one["is"]["mentions"] == len(later.mentions), (mode, k)
        assert errata(world)[-1]["is"]["mentions"] == 5, (mode, k)


def test_one_that_came_and_one_that_went_do_not_cancel_out(november: World) -> None:
    evaluator(DUE).run()
    heard("late", at("2026-11-21 12:00"), GLAD, author="anna", state="thank")
    november.set_ttl_past(f"M#{BRAND}#sandbox#glad")
    assert evaluator(DUE + timedelta(days=1)).run()["errata"] == 1
    (told,) = errata(november)
    assert told["was"] == told["is"] == {"mentions": 3, "positive": 1, "asked": 2}
    assert told["came"] == told["gone"] == {"mentions": 1, "positive": 1, "asked": 1}
    assert evaluator(DUE + timedelta(days=2)).run()["errata"] == 0


def measured(key: Any, step: int, moment: str, **numbers: int) -> None:
    now_there = wiring.deliveries().get(key)
    given = Measurement(step=step, at=at(moment), numbers=Numbers(**numbers))
    assert wiring.measurements().add(now_there, given)


def test_the_numbers_of_a_week_are_told_when_the_last_post_has_them(november: World) -> None:
    last = posted("last", "2026-11-30T20:00").key
    measured(last, 1, "2026-11-30 20:00", reach=10, reactions=1)
    evaluator(DUE).run()
    assert len(reckon(frozen(november))["young"].rows) == 2
    (saturday,) = (row.key for row in wiring.deliveries().between(BRAND, at("2026-11-14"), at("2026-11-15")))
    measured(saturday, 3, "2026-11-21 09:00", reach=300, reactions=4)
    days = [evaluator(at(f"2026-12-0{day} 05:10")).run()["errata"] for day in (2, 5, 7)]
    assert days == [0, 0, 0]
    measured(last, 3, "2026-12-07 19:00", reach=9_000, reactions=80)
    assert evaluator(at("2026-12-08 05:10")).run()["errata"] == 1
    (told,) = errata(november)
    assert (told["was"], told["is"]) == (
        {"reach": 210, "reactions": 3},
        {"reach": 9_300, "reactions": 84},
    )
    assert evaluator(at("2026-12-09 05:10")).run()["errata"] == 0


def test_a_post_that_was_never_measured_holds_the_numbers_up_two_weeks_at_most(november: World) -> None:
    posted("last", "2026-11-30T20:00")
    evaluator(DUE).run()
    (saturday,) = (row.key for row in wiring.deliveries().between(BRAND, at("2026-11-14"), at("2026-11-15")))
    measured(saturday, 3, "2026-11-21 09:00", reach=300, reactions=4)
    days = [evaluator(at(f"2026-12-{day} 05:10")).run()["errata"] for day in (10, 14, 15, 16)]
    assert days == [0, 0, 1, 0]


def test_replies_that_came_later_are_told_too(november: World) -> None:
    last = posted("last", "2026-11-28T10:00").key
    measured(last, 1, "2026-11-28 10:00", replies=0)
    evaluator(DUE).run()
    (saturday,) = (row.key for row in wiring.deliveries().between(BRAND, at("2026-11-14"), at("2026-11-15")))
    measured(saturday, 3, "2026-11-21 09:00", reach=200, reactions=2)
    measured(last, 3, "2026-12-05 09:00", replies=44)
    assert evaluator(at("2026-12-06 05:10")).run()["errata"] == 1
    (told,) = errata(november)
    assert (told["was"], told["is"]) == ({"replied": 0}, {"replied": 44})


def test_ordinary_work_afterwards_is_no_error_of_the_report(november: World) -> None:
    case = opened(heard("open", at("2026-11-29 12:00"), state="answer"))
    evaluator(DUE).run()
    replied(case, at("2026-12-01 10:00"))
    assert evaluator(DUE + timedelta(days=1)).run()["errata"] == 0


def test_a_brand_that_moves_makes_no_erratum_and_loses_or_doubles_nothing(november: World) -> None:
    heard("evening", at("2026-11-30 22:30"), GLAD)  # 23:30 in Amsterdam
    heard("night", at("2026-11-30 23:30"), GLAD)  # past midnight there, and not yet in London
    posted("small-hours", "2026-12-01T00:20")
    evaluator(DUE).run()
    wiring.brands().put(library(zone="Europe/London"))
    assert evaluator(DUE + timedelta(days=1, hours=1)).run()["errata"] == 0
    evaluator(at("2027-01-01 06:00")).run()
    first, second = (frozen(november, month) for month in ("2026-11", "2026-12"))
    assert {row.id.split("/")[-1] for row in first.mentions} >= {"evening"}
    assert {row.id.split("/")[-1] for row in second.mentions} == {"night", "december"}
    assert not {row.id for row in second.mentions} & {row.id for row in first.mentions}
    assert [row.slug for row in second.deliveries] == ["small-hours"]
    assert second.since == at("2026-11-30 23:00")
    assert evaluator(at("2027-01-02 06:00")).run()["errata"] == 0
    wiring.brands().put(library(zone="Europe/Amsterdam"))
    heard("new-year", at("2026-12-31 23:30"), GLAD)  # still December in London
    assert evaluator(at("2027-01-03 05:00")).run()["errata"] == 1
    evaluator(at("2027-02-01 05:00")).run()
    assert [row.id for row in frozen(november, "2027-01").mentions] == []


def test_two_reported_months_are_corrected_and_no_older_one(november: World) -> None:
    for month in ("2026-09", "2026-10", "2026-11"):
        evaluator(DUE).run(BRAND, month)
    for day in ("2026-09-10 12:00", "2026-10-10 12:00", "2026-11-10 12:00"):
        heard(f"late-{day[:7]}", at(day))
    assert evaluator(DUE + timedelta(days=1)).run()["errata"] == 2
    assert (len(errata(november)), len(errata(november, "2026-10"))) == (1, 1)
    assert errata(november, "2026-09") == []
    assert evaluator(DUE + timedelta(days=1)).run(BRAND, "2026-09")["errata"] == 1  # asked for, it is


# on demand --------------------------------------------------------------------------------------------


def test_on_demand_an_older_month_is_made_and_not_mailed(november: World) -> None:
    assert evaluator(DUE).run(BRAND, "2026-10") == {"made": 1, "failed": 0, "errata": 0}
    assert len(frozen(november, "2026-10").mentions) == 1
    assert november.mails() == []
    assert f"{BRAND}/2026-10/mailed" not in november.files()


def test_on_demand_the_last_month_is_mailed_once(november: World) -> None:
    early = at("2026-12-01 00:30")  # half past one: the month has ended, nobody is evaluated yet
    assert evaluator(early).run(BRAND, "2026-11")["made"] == 1
    assert evaluator(early).run(BRAND, "2026-11")["made"] == 1
    assert evaluator(DUE).run() == {"made": 0, "failed": 0, "errata": 0}
    assert len(november.mails()) == 1


@pytest.mark.parametrize(
    ("brand", "month"),
    [
        (BRAND, "2026-12"),
        (BRAND, "2027-03"),
        (BRAND, "2025-12"),
        (BRAND, "0000-00"),
        (BRAND, "9999-12"),
        (BRAND, ""),
        (BRAND, "2026-W5"),
        (BRAND, "../../x"),
        ("nobody", "2026-11"),
        ("", "2026-11"),
    ],
)
def test_on_demand_what_cannot_be_made_is_refused(brand: str, month: str, november: World) -> None:
    assert evaluator(DUE).run(brand, month) == {"made": 0, "failed": 0, "errata": 0, "refused": 1}
    assert november.files() == {}


def test_on_demand_a_failure_is_raised_for_lambda_to_try_again(november: World) -> None:
    def broken(facts: Facts) -> Any:
        raise RuntimeError("made by a test")

    with pytest.raises(RuntimeError):
        evaluator(DUE, files=broken).run(BRAND, "2026-11")
    assert failures() == {"2026-11": "a fault of ours: RuntimeError"}
    evaluator(DUE).run(BRAND, "2026-11")
    assert failures() == {}


def test_every_brand_has_its_own_month(november: World) -> None:
    tokyo: Brand = library(id="tokyo", zone="Asia/Tokyo")
    wiring.brands().put(tokyo)
    heard("there", at("2026-11-30 14:59"), brand="tokyo")
    heard("tomorrow", at("2026-11-30 15:00"), brand="tokyo")
    assert evaluator(at("2026-11-30 21:00")).run()["made"] == 2
    assert [row.id for row in frozen(november, brand="tokyo").mentions] == ["tokyo/sandbox/there"]
    assert f"{BRAND}/2026-10/mailed" in november.files()


def test_with_the_real_report(november: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the Lambda's handler, on the hour and on demand."""
    monkeypatch.setattr(wiring, "now", lambda: DUE)
    app.evaluate_months(TICK, Context())
    app.evaluate_months({**TICK, "detail": {"brand": BRAND, "month": "2026-10"}}, Context())
    kept = november.files()
    for month in ("2026-10", "2026-11"):
        made = {name.rpartition("/")[2]: body for name, body in kept.items() if f"/{month}/" in name}
        assert {"facts.json", "report.html", "report.json"} <= made.keys()
        for name, body, _ in wiring.report_files(frozen(november, month)):
            assert made[name] == body
    (mail,) = november.mails()
    assert "https://console.example/reports/2026-11?brand=lindebieb" in mail.body
