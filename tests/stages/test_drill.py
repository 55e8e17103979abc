"""A drill from its start to how it went: its messages go the way of real ones, marked, and nothing of them
leaves, is counted or is learned from; on moto."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws.table import keys
from chalicelib.domain import audit
from chalicelib.domain.alerting import Notice
from chalicelib.domain.case import Case, CaseKey, CaseState, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.drill import Drill, Figures, figures, lines_of
from chalicelib.domain.drill_words import LANGUAGES, story
from chalicelib.domain.holding import ready
from chalicelib.domain.mention import DRILL, MentionKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import BadInput, BadTask, Conflict, NotFound
from chalicelib.platforms import names
from chalicelib.stages import answer, by_mail, claim, correct, drill, merge
from chalicelib.stages.surge import counted
from chalicelib.tasks import Deliver
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.test_alerting import desk, relate, subjects
from tests.stages.test_holding import SUNDAY, approval
from tests.stages.town import BRAND, COMPLAINT, Town, brand, deliverer, gatherer
from tests.web.fakes_people import ADA, Colleagues

SAID = f"marit: {COMPLAINT}\njan: {COMPLAINT} Echt waar.\nfan: Het is dinsdag."
REPLY = "@marit We kijken het vandaag na. Noor, Lindebieb"


def line(town: Town) -> Callable[[str, str], Any]:
    return lambda what, of: audit.line(BRAND, town.now, f"r.{what}", what, of=of, by="Noor", by_id="noor")


def start(town: Town, id: str = "d1", hours: int = 2, said: str = SAID) -> Drill:
    made = drill.made(BRAND, id, lines_of(said), timedelta(hours=hours), "Noor", town.now)
    return drill.start(
        made,
        line(town),
        drills=wiring.drills(),
        mentions=wiring.mentions(),
        tasks=wiring.tasks(),
    )


def end(town: Town) -> Drill:
    kept = wiring.drills().get(BRAND, "d1")
    return drill.end(kept, "Noor", line(town), drills=wiring.drills(), cases=wiring.cases(), now=town.now)


def running(town: Town) -> list[Case]:
    """A drill whose messages have become cases."""
    start(town)
    town.drain()
    return town.cases()


def practise(town: Town, case: Case, text: str = REPLY, by: str = "Noor", **more: Any) -> Case:
    given = {"brand": brand(), "cases": wiring.cases(), "now": town.now, **more}
    return answer.practise(case.key, case.rev, text, by, by_id=by.lower(), **given)


def how(town: Town) -> Figures:
    kept = wiring.drills().get(BRAND, "d1")
    found = wiring.cases().find_many(kept.keys)
    histories = {key: wiring.cases().history(key)[0] for key in found}
    return figures(kept, found, histories, notices())


def notices() -> list[Notice]:
    return wiring.notices().newest(BRAND)[0]


def waiting() -> list[CaseKey]:
    return [each.key for each in wiring.cases().waits(BRAND).cases]


@pytest.fixture(autouse=True)
def clock(aws: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What expires does so on the town's own clock."""
    monkeypatch.setattr(keys, "now", lambda: wiring.now().timestamp())


# the way of a real one -----------------------------------------------------------------------------


def test_its_messages_become_cases_marked_and_on_the_list(town: Town) -> None:
    cases = running(town)
    assert [(case.author, case.platform, case.channel) for case in cases] == [
        ("marit", "drill", ""),
        ("jan", "drill", ""),
    ], "and what asks for nothing becomes none"
    assert set(waiting()) == {case.key for case in cases}
    assert [each.kind for each in town.history(cases[0])[0]] == [EventKind.HEARD]
    lines, _ = wiring.audit().month(BRAND, f"{town.now:%Y-%m}", limit=10)
    assert [(each.what, each.of) for each in lines] == [("drill.start", "d1")]


def test_its_alerts_say_so_and_tell_of_nothing_else(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    running(town)
    town.settle(12)
    told = {notice.bell: notice for notice in notices()}
    assert told.keys() == {"desk.negative", "desk.negative.drill"}
    real, drilled = told["desk.negative"], told["desk.negative.drill"]
    assert not any(key.drill for key in real.cases)
    assert drilled.cases
    assert all(key.drill for key in drilled.cases)
    assert drilled.escalates
    mails = [vars(mail) for mail in town.world.mails()]
    marked = [mail for mail in mails if mail["subject"].startswith("OEFENING: ")]
    assert {mail["subject"] for mail in marked} == {drilled.subject}
    assert all(mail["body"].startswith("Dit is een oefening") for mail in marked)
    assert len(marked) < len(mails)


def test_its_alerts_are_in_english_where_the_brand_is(town: Town) -> None:
    wiring.brands().put(replace(brand(), languages=("en", "nl")))
    running(town)
    (notice,) = notices()
    assert notice.subject.startswith("DRILL: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_stories_are_messages_and_most_of_them_ask_for_an_answer(town: Town, language: str) -> None:
    start(town, said=story(language, "Lindebieb"))
    town.drain()
    assert len(lines_of(story(language, "Lindebieb"))) == 8
    assert len(town.cases()) >= 6
    assert notices()


# nothing leaves ------------------------------------------------------------------------------------


def test_an_answer_is_kept_and_counts_and_nothing_leaves(town: Town) -> None:
    case, other = running(town)
    town.wait(minutes=5)
    taken = claim.take(case.key, case.rev, "Noor", by_id="noor", cases=wiring.cases(), now=town.now)
    town.wait(minutes=5)
    after = practise(town, taken)
    town.drain()
    assert (after.state, after.answered_at, after.replies) == (CaseState.ANSWERED, town.now, 0)
    events, deliveries = town.history(case)
    assert deliveries == []
    assert (events[-1].kind, events[-1].by, events[-1].text) == (EventKind.APPROVED, "Noor", REPLY)
    assert town.ours() == []
    assert waiting() == [other.key]
    with pytest.raises(Conflict):
        practise(town, taken)
    first, second, third = how(town).rows
    assert (first.taken_by, first.answered_by, first.answer) == ("Noor", "Noor", REPLY)
    assert first.wait == timedelta(minutes=10)
    assert (second.case, second.wait) == (other.key, None)
    assert third.case is None
    assert (how(town).answered, how(town).median) == (1, timedelta(minutes=10))


def test_a_reply_is_refused_at_the_write(town: Town) -> None:
    case, _ = running(town)
    with pytest.raises(BadInput) as refused:
        town.approve(case)
    assert refused.value.field == "drill"
    assert "nothing leaves" in refused.value.message
    assert town.history(case)[1] == []


@pytest.mark.parametrize("owner", ["drill", "real"])
def test_a_message_in_the_queue_sends_nothing_whatever_the_table_says(town: Town, owner: str) -> None:
    """S28: somebody put both there, the delivery and its message."""
    case, _ = running(town)
    town.hear(COMPLAINT)
    town.drain()
    real = next(each for each in town.cases() if not each.key.drill)
    mine = case if owner == "drill" else real
    key = DeliveryKey(mine.key, "wall", 1)
    forged = Delivery(
        key=key,
        state=DeliveryState.PLANNED,
        to=case.mention,
        to_author="marit",
        text=REPLY,
        language="nl",
        due=town.now,
        approved_by="Noor",
        approved_at=town.now,
        token="t",
    )
    event = town.history(mine)[0][0]
    sending = replace(mine, rev=mine.rev + 1, state=CaseState.SENDING, replies=1)
    wiring.cases().approve(sending, forged, event)
    with pytest.raises(BadTask, match="nothing leaves"):
        deliverer(town).run(Deliver(key))
    wiring.tasks().send([Deliver(key)])
    town.drain()
    assert town.ours() == []
    assert town.world.waiting("deliver-dead")


def test_no_holding_reply_goes_out_for_it(town: Town) -> None:
    town.now = SUNDAY
    approval(town)
    cases = running(town)
    assert len(cases) == 2
    for case in cases:
        assert ready(case, brand(), town.now) is None
        reachable = replace(case, channel="wall")
        assert ready(reachable, wiring.brands().get(BRAND), town.now) is None
        assert town.history(case)[1] == []
    assert town.ours() == []


def test_the_checks_of_a_real_answer_hold(town: Town) -> None:
    case, _ = running(town)
    desk = replace(brand().departments[0], four_eyes=True)
    with pytest.raises(BadInput) as refused:
        practise(town, case, brand=replace(brand(), departments=(desk,)))
    assert refused.value.field == "four_eyes"
    with pytest.raises(BadInput) as refused:
        practise(town, case, "Haal je klacht weg, dan helpen we je. Noor, Lindebieb")
    assert refused.value.field == "anyway"
    with pytest.raises(BadInput):
        practise(town, case, "We bellen {author}")
    town.hear(COMPLAINT)
    town.drain()
    real = next(each for each in town.cases() if not each.key.drill)
    with pytest.raises(BadInput):
        practise(town, real)
    with pytest.raises(BadInput):
        merge.merge(
            real.key, real.rev, case.key, "", "Noor", brand=brand(), cases=wiring.cases(), now=town.now
        )
    person = Colleagues().get(ADA)
    assert not by_mail.may_approve(person, None, case, brand())


# nothing is counted --------------------------------------------------------------------------------


def test_nothing_of_it_is_counted_listed_or_learned_from(town: Town) -> None:
    case, _ = running(town)
    practise(town, case)
    key = MentionKey(BRAND, "drill", "d1-01")
    assert wiring.mentions().get(key)[1] is not None, "it was judged"
    assert wiring.mentions().day(BRAND, f"{town.now:%Y-%m-%d}")[0] == []
    start_of = town.now.replace(minute=0, second=0, microsecond=0)
    assert counted(brand(), wiring.mentions(), start_of, start_of + timedelta(hours=1)) == (0, 0)
    facts = gatherer().facts(brand(), f"{town.now:%Y-%m}", (), town.now)
    assert (facts.mentions, facts.cases, facts.deliveries) == ((), (), ())
    assert wiring.cases().done(BRAND, f"{town.now:%Y-%m}")[0] == []
    with pytest.raises(NotFound):
        correct.correct(
            key,
            Sentiment.POSITIVE,
            "Noor",
            "noor",
            line=line(town)("verdict.correct", str(key)),
            brand=brand(),
            mentions=wiring.mentions(),
            corrections=wiring.corrections(),
            cases=wiring.cases(),
            now=town.now,
        )


def test_no_webhook_hears_of_it_and_no_digest_counts_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        wiring, "tell", lambda brand, kind, events: told.extend(f"{kind} {each}" for each in events)
    )
    cases = running(town)
    assert told == []
    desk(digest="daily")
    wiring.brands.cache_clear()
    town.now = datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
    relate(town)
    (letter,) = [each for each in subjects(town) if each.startswith("Balie:")]
    assert letter == "Balie: 0 wachten, 0 te laat"
    assert set(waiting()) == {case.key for case in cases}, "and they do wait"


def test_no_source_brings_messages_that_pass_for_a_drill(town: Town) -> None:
    assert DRILL not in names(), "there is nothing to connect to"
    town.hear(COMPLAINT, platform=DRILL)
    town.drain()
    assert not town.case().key.drill


# its end -------------------------------------------------------------------------------------------


def test_a_manager_ends_it_and_its_cases_leave_the_lists(town: Town) -> None:
    case, _ = running(town)
    town.wait(minutes=7)
    practise(town, case)
    town.wait(minutes=1)
    over = end(town)
    assert (over.ended_at, over.ended_by) == (town.now, "Noor")
    assert waiting() == []
    assert end(town) == over, "a second time changes nothing"
    answered, closed = town.cases()
    assert (answered.state, closed.state) == (CaseState.ANSWERED, CaseState.SOLVED)
    for each in (answered, closed):
        with pytest.raises(Conflict):
            answer.reopen(each.key, each.rev, "Noor", brand=brand(), cases=wiring.cases(), now=town.now)
    assert how(town).median == timedelta(minutes=7)
    lines, _ = wiring.audit().month(BRAND, f"{town.now:%Y-%m}", limit=99)
    assert {"drill.start", "drill.end"} <= {each.what for each in lines}


def test_it_ends_by_itself_and_soon_after_nothing_of_it_is_kept(town: Town) -> None:
    start(town, hours=1)
    town.drain()
    town.wait(minutes=60)
    town.settle(10)
    kept = wiring.drills().get(BRAND, "d1")
    assert kept.ended_at
    assert kept.ended_by == ""
    assert waiting() == []
    assert len(how(town).rows) == 3
    wiring.brands.cache_clear()
    town.wait(days=7)
    for gone in (lambda: wiring.drills().get(BRAND, "d1"), lambda: wiring.cases().get(kept.keys[0])):
        with pytest.raises(NotFound):
            gone()
    assert wiring.mentions().get_many([each.key for each in kept.mentions()]) == {}
    assert notices() == []


def test_what_was_understood_only_after_its_end_leaves_the_lists_too(town: Town) -> None:
    start(town)
    end(town)
    town.drain()
    assert waiting()
    town.settle(11)
    assert waiting() == []


def test_one_runs_at_a_time_and_the_same_form_is_one(town: Town) -> None:
    first = start(town)
    assert start(town) == first
    with pytest.raises(Conflict):
        start(town, id="d2")
    end(town)
    assert start(town, id="d2").id == "d2"
    assert [each.id for each in wiring.drills().of(BRAND)] in (["d2", "d1"], ["d1", "d2"])


@pytest.mark.parametrize("hours", [0, 25])
def test_it_lasts_a_day_at_most(town: Town, hours: int) -> None:
    with pytest.raises(BadInput):
        start(town, hours=hours)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("", "many"), ("geen dubbele punt", "1"), ("a: b\n\n: c", "3"), ("a:", "1"), ("a: b\n" * 21, "many")],
)
def test_what_is_no_message_is_said_by_its_line(text: str, wrong: str) -> None:
    with pytest.raises(BadInput) as refused:
        lines_of(text)
    assert (refused.value.field, refused.value.message) == ("lines", wrong)


# crashes -------------------------------------------------------------------------------------------


@pytest.mark.crash
def test_a_start_that_breaks_off_is_begun_or_is_not(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody sends the form again: either there is no drill, or all its messages become cases, once."""

    def fresh() -> Town:
        return Town(aws.fresh(), feeds, monkeypatch)

    def run(town: Town, points: Points) -> None:
        start(town)

    def redeliver(town: Town) -> None:
        town.settle(11)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        there = wiring.drills().of(BRAND)
        assert len(town.cases()) == 2 * len(there), broken_at
        assert all(len(town.history(case)[0]) == 1 for case in town.cases()), broken_at
        lines, _ = wiring.audit().month(BRAND, f"{town.now:%Y-%m}", limit=99)
        assert len([each for each in lines if each.what == "drill.start"]) == len(there), broken_at


@pytest.mark.crash
def test_an_end_and_an_answer_that_break_off_leave_nothing_half(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        running(town)
        return town

    def run(town: Town, points: Points) -> None:
        practise(town, town.cases()[0])
        end(town)

    def redeliver(town: Town) -> None:
        town.wait(hours=2)
        town.settle(11)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert waiting() == [], broken_at
        assert wiring.drills().get(BRAND, "d1").ended_at, broken_at
        assert town.ours() == [], broken_at
        for case in town.cases():
            events, deliveries = town.history(case)
            ends = [each for each in events if each.kind in (EventKind.APPROVED, EventKind.SOLVED)]
            assert (len(ends), deliveries) == (1, []), broken_at
