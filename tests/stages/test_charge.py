"""A network that charges for what is written, and models that do for what they say: all of it is booked, a
person says yes to more than the budget, and what goes by itself stops."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Adviser, Brand, Drafter
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import UNPAID, DeliveryState
from chalicelib.domain.ledger import DRAFT, LOST, OPINION, SENT, Book, Entry
from chalicelib.errors import BadInput, Unavailable
from chalicelib.platforms import sandbox
from chalicelib.stages import answer, charge, modelled
from tests.conftest import NOW as TODAY
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.test_advise import ADVISED, Round
from tests.stages.test_alerting import subjects
from tests.stages.test_costs import book, one_at_a_time as one_at_a_time, sound
from tests.stages.test_crashes import breakable, mend, states
from tests.stages.town import ACCOUNT, BRAND, COMPLAINT, Town, brand
from tests.web.fakes import Model

PRICE = 15_000
"""Micro-dollars a message of ours, at the sandbox that makes believe."""
REPLY = "@kees We kijken het vandaag na. Noor, Lindebieb"
LINE = Entry(SENT, "sandbox", "wall", "brand", "desk")
"""The watch heard it."""


def charging(**more: Any) -> Brand:
    wall = replace(brand().channels[0], settings={"account": ACCOUNT, "paid": "yes"})
    made = replace(brand(), channels=(wall,), **more)
    wiring.brands().put(made)
    return made


def asked(town: Town, text: str = COMPLAINT) -> None:
    town.hear(text)
    town.drain()


def approve(town: Town, *, exceed: bool = False, text: str = REPLY) -> None:
    case, now = town.case(), wiring.brands().get(BRAND)
    till = charge.Till(brand=now, ledger=wiring.ledger(), alerts=wiring.alerts(), now=town.now)
    answer.approve(
        case.key,
        case.rev,
        text,
        "Noor",
        over=lambda case, messages: charge.over(case, PRICE * len(messages), till, wiring.mentions()),
        exceed=exceed,
        brand=now,
        cases=wiring.cases(),
        tasks=wiring.tasks(),
        counts=wiring.channel_platform(now, "wall"),
        now=town.now,
    )


def settled(town: Town) -> None:
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)


# what we write -------------------------------------------------------------------------------------


def test_an_answer_is_paid_for_by_the_watches_that_heard_the_message(town: Town) -> None:
    charging()
    asked(town)
    approve(town)
    settled(town)
    assert town.ours() == [REPLY]
    assert book().lines == {LINE: PRICE}
    assert not book().holds
    sound(book())


def test_where_no_watch_heard_it_the_department_pays_and_of_a_post_the_first(town: Town) -> None:
    charging()
    asked(town, "Wat een slechte service, ik ben boos: al drie dagen geen antwoord!")
    approve(town)
    key = town.plan("2026-11-16T11:00")
    town.settle(60)
    assert town.delivery(key).state is DeliveryState.CONFIRMED
    assert book().lines == {Entry(SENT, "sandbox", "wall", "", "desk"): 2 * PRICE}
    sound(book())


def test_an_answer_where_nothing_is_charged_costs_no_write(town: Town) -> None:
    asked(town)
    town.approve(town.case(), text=REPLY)
    settled(town)
    assert book() == replace(book(), lines={}, totals={}, holds={})


@pytest.mark.parametrize(
    ("mood", "sent"), [("refuse", 0), ("unauthorized", 0), ("lost", 1), ("lists-late", 1)]
)
def test_what_did_not_leave_costs_nothing_and_what_did_once(town: Town, mood: str, sent: int) -> None:
    charging()
    asked(town)
    wiring.desk().set_mood(brand(), "wall", mood)
    approve(town)
    town.settle(30)
    assert len(town.ours()) == sent
    assert book().lines == ({LINE: PRICE} if sent else {})
    assert not book().holds
    sound(book())


def _unreachable(*given: Any) -> None:
    raise Unavailable("sandbox", "away")


def test_what_nobody_knows_of_counts_as_lost_until_it_is_found(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    charging()
    asked(town)
    wiring.desk().set_mood(brand(), "wall", "lost")
    approve(town)
    with monkeypatch.context() as away:
        away.setattr(sandbox.Sandbox, "find", _unreachable)
        town.settle(8)
        assert states(town) == {DeliveryState.UNKNOWN}
        assert book().all_lines == {LINE._replace(kind=LOST): PRICE}
    town.settle(60)
    assert book().all_lines == {LINE: PRICE}


def test_a_person_says_yes_to_more_than_the_budget_and_only_then_it_leaves(town: Town) -> None:
    charging(budget=PRICE - 1)
    asked(town)
    with pytest.raises(BadInput) as refused:
        approve(town)
    assert refused.value.field == "exceed"
    assert town.case().state is CaseState.OPEN
    town.settle(3)
    assert town.ours() == []
    assert [each for each in subjects(town) if "udget" in each], "who it belongs to hears of it"
    approve(town, exceed=True)
    settled(town)
    assert book().lines == {LINE: PRICE}
    sound(book())


def test_a_post_over_its_budget_is_held_until_a_person_lets_it_go(town: Town) -> None:
    charging(budget=PRICE - 1)
    key = town.plan("2026-11-16T11:00")
    town.settle(60)
    held = town.delivery(key)
    assert (held.state, held.reason) == (DeliveryState.HELD, UNPAID)
    assert (town.ours(), book().lines) == ([], {})
    town.release(held.key)
    town.settle(5)
    assert town.delivery(key).state is DeliveryState.CONFIRMED
    assert book().spent == PRICE


def test_a_budget_that_goes_on_stops_no_answer(town: Town) -> None:
    charging(budget=0)
    asked(town)
    wiring.ledger().let_go_on(BRAND, "2026-11", "brand", "Sam")
    approve(town)
    settled(town)
    assert book().spent == PRICE


def test_an_answer_in_several_messages_pays_for_each(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    charging()
    asked(town)
    monkeypatch.setattr(sandbox.Sandbox, "threads", True)
    monkeypatch.setattr(sandbox, "ROOM", 60)
    case, now = town.case(), wiring.brands().get(BRAND)
    long = "@kees " + "We kijken het na. " * 6 + "Noor"
    counts = wiring.channel_platform(now, "wall")
    parts = answer.messages_of(long, case, counts)
    assert len(parts) > 1
    answer.approve(
        case.key,
        case.rev,
        long,
        "Noor",
        messages=len(parts),
        brand=now,
        cases=wiring.cases(),
        tasks=wiring.tasks(),
        counts=counts,
        now=town.now,
    )
    settled(town)
    assert book().lines == {LINE: PRICE * len(parts)}


@pytest.mark.crash
@pytest.mark.parametrize("mood", ["", "lost"])
def test_wherever_an_answer_breaks_off_it_is_sent_once_and_booked(
    mood: str, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        charging()
        asked(town)
        return town

    def run(town: Town, points: Points) -> None:
        wiring.desk().set_mood(brand(), "wall", mood)
        breakable(points, monkeypatch)
        approve(town)
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        if town.case().state is CaseState.OPEN:
            approve(town)
        settled(town)

    for mode, k, town in every_crash(fresh, run, redeliver):
        where = f"{mode} call {k}"
        assert town.ours() == [REPLY], where
        assert PRICE <= book().spent <= 2 * PRICE, f"{where}: never too little"
        sound(book())


# what models say -----------------------------------------------------------------------------------

ADVISER = Adviser(by="bedrock", a_day=3, model="m")
DRAFTER = Drafter(by="bedrock", model="some-model", a_day=20)


def drafted(town: Town, model: Model, **budgets: Any) -> None:
    now = charging(drafter=DRAFTER, **budgets)
    case = town.case()
    modelled.draft(
        case.key,
        case.rev,
        case.draft.text if case.draft else "",
        (),
        "Noor",
        by_id="noor",
        brand=now,
        cases=wiring.cases(),
        mentions=wiring.mentions(),
        opinions=wiring.opinions(),
        connect=lambda setting: model,
        till=charge.Till(brand=now, ledger=wiring.ledger(), alerts=wiring.alerts(), now=town.now),
        now=town.now,
    )


def test_a_draft_is_paid_for_by_who_heard_the_message(town: Town) -> None:
    asked(town)
    drafted(town, Model())
    assert book().lines == {Entry(DRAFT, "bedrock", "bedrock", "brand", "desk"): 400}
    assert not book().holds
    sound(book())


def test_a_draft_that_cannot_be_paid_for_is_not_asked_for(town: Town) -> None:
    asked(town)
    model = Model()
    with pytest.raises(BadInput) as refused:
        drafted(town, model, budget=700)
    assert refused.value.field == "budget"
    assert model.asked == []
    assert book().spent == 0


@pytest.mark.parametrize(
    ("reason", "kind", "amount"), [("ThrottlingException", DRAFT, 400), ("ReadTimeoutError", LOST, 800)]
)
def test_a_draft_that_never_came_counts_whole(town: Town, reason: str, kind: str, amount: int) -> None:
    asked(town)
    model = Model()
    model.said = Unavailable("bedrock", reason)
    with suppress(BadInput):
        drafted(town, model)
    assert book().all_lines == {Entry(kind, "bedrock", "bedrock", "brand", "desk"): amount}
    sound(book())


def test_second_opinions_are_paid_for_and_stop_with_the_budget(aws: World) -> None:
    ask, now = Round(), replace(ADVISED, budget=1_000)
    wiring.brands().put(now)

    def till(brand: Brand) -> charge.Till:
        return charge.Till(brand=brand, ledger=wiring.ledger(), alerts=wiring.alerts(), now=TODAY)

    def paid() -> Book:
        return wiring.ledger().book(now.id, "2026-11")

    assert ask("bah", brand=now, till=till) == ["bedrock-1"]
    assert {entry.kind: amount for entry, amount in paid().lines.items()} == {OPINION: 300}
    assert ask("boe", "foei", brand=now, till=till) == ["tables-5"] * 2, "700 are left; they may cost 1,000"
    assert ask.failed == [("bedrock", "the budget of brand is used")]
    assert ask("boe", brand=now, till=till) == ["tables-5"], "the day's number is spent"
    assert ask("boe", brand=replace(now, adviser=replace(ADVISER, a_day=9)), till=till) == ["bedrock-1"]
    assert paid().spent == 600
    sound(paid())


@pytest.mark.crash
def test_wherever_a_draft_breaks_off_no_more_is_spent_than_there_is(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Model()

    def fresh() -> Town:
        model.asked.clear()
        town = Town(aws.fresh(), feeds, monkeypatch)
        asked(town)
        return town

    def run(town: Town, points: Points) -> None:
        drafted(town, points.wrap(model), budget=2_000)

    def redeliver(town: Town) -> None:
        for _ in range(6):
            with suppress(BadInput):
                drafted(town, model, budget=2_000)

    for mode, k, _ in every_crash(fresh, run, redeliver):
        where = f"{mode} call {k}"
        assert 400 * len(model.asked) <= book().spent <= 2_000, where
        sound(book())
