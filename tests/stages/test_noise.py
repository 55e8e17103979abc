"""What is held as noise, muted or over a cap: kept, counted, no case, no bell; and let through by a
person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain import audit
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Block
from chalicelib.domain.figures import reckon
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.noise import traces
from chalicelib.domain.source import FOR_GOOD
from chalicelib.errors import NotFound
from chalicelib.ports import Listing, Wanted
from chalicelib.stages import noise
from chalicelib.stages.surge import counted
from chalicelib.web.report import files
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds, item, rss
from tests.stages.test_crashes import breakable, mend
from tests.stages.town import BRAND, COMPLAINT, NOW, Town, gatherer

FARM = "Lindebieb boeken " + " ".join(f"https://farm.example/{n}" for n in range(9))
DANGER = "Brand in de Lindebieb! Bel 112, mensen gewond. " + FARM


def line(town: Town, what: str = "mention.no-noise") -> AuditLine:
    return audit.line(BRAND, town.now, "Noor", what)


def listed(town: Town, state: str, source: str = "") -> list[Listing]:
    wanted = Wanted(state=state, source=source)
    day = f"{town.now:%Y-%m-%d}"
    return wiring.mentions().day(BRAND, day, limit=500, wanted=wanted)[0]


def counts(town: Town, *sources: str) -> dict[str, dict[str, int]]:
    return wiring.noise().counts(BRAND, sources, town.now)


def let_through(town: Town, *keys: MentionKey) -> int:
    return noise.let_through(
        keys, mentions=wiring.mentions(), noise=wiring.noise(), tasks=wiring.tasks(), line=line(town)
    )


def block(town: Town, kind: str, what: str) -> None:
    made = Block(id="b1", kind=kind, what=what, name=what, why="spam", by="Noor", at=town.now)
    assert wiring.noise().block(BRAND, made, line(town, "block.add"))
    wiring.brands().latest(BRAND)


def heard_all(town: Town) -> list[Mention]:
    keys = [MentionKey(*pk.split("#", 3)[1:]) for pk in town.judged()]
    return [wiring.mentions().get(key)[0] for key in keys]


def feed_of(town: Town, count: int, first: int = 0, source: str = "news") -> None:
    texts = [f"De Lindebieb is slecht, ik ben boos: klacht {first + n}!" for n in range(count)]
    items = [item(f"https://blog.example/{first + n}", text) for n, text in enumerate(texts)]
    town.feeds.publish(f"/{source}.xml", rss(*items))


def test_a_link_farm_is_held_counted_taken_out_and_opens_a_case(town: Town) -> None:
    town.feed(FARM + " klacht: wat slecht, ik ben boos!", COMPLAINT)
    town.tick()
    town.drain()
    assert [case.title[:10] for case in town.cases()] == [COMPLAINT[:10]]
    (held,) = listed(town, "noise")
    assert held.held.split()[:2] == ["links", "9"]
    assert [each.key for each in listed(town, "")] != [held.key], "the day's list has the complaint alone"
    assert len(listed(town, "")) == 1
    assert counts(town, "news") == {"news": {"noise": 1}}
    hour = town.now.replace(minute=0, second=0, microsecond=0)
    total, _ = counted(
        wiring.brands().get(BRAND), wiring.mentions(), hour - timedelta(hours=1), hour + timedelta(hours=1)
    )
    assert total == 1

    assert let_through(town, held.key) == 1
    town.drain()
    assert len(town.cases()) == 2
    assert (listed(town, "noise"), len(listed(town, ""))) == ([], 2)
    assert counts(town, "news") == {"news": {}}
    assert wiring.mentions().get(held.key)[0].held == ""
    assert let_through(town, held.key) == 0, "said twice it changes nothing"
    with pytest.raises(NotFound):
        let_through(town, MentionKey(BRAND, "feed", "none"))


def test_what_is_pressing_and_what_is_addressed_to_us_is_never_held_by_a_rule(town: Town) -> None:
    town.feed(DANGER)
    town.tick()
    town.hear(FARM, id="direct")
    town.drain()
    assert {case.said for case in town.cases()} == {DANGER, FARM}
    assert listed(town, "noise") == []
    assert counts(town, "news", "reviews") == {}


def test_what_a_blocked_author_or_site_brings_is_held_and_counted_at_the_block(town: Town) -> None:
    block(town, "site", "blog.example")
    town.feed(COMPLAINT)
    town.tick()
    town.drain()
    assert town.cases() == []
    (one,) = wiring.brands().latest(BRAND)[0].blocks
    assert (one.held, one.why, one.by) == (1, "spam", "Noor")
    assert counts(town, "news") == {"news": {"blocked": 1}}
    wiring.noise().lift(BRAND, "b1", line(town, "block.lift"))
    assert wiring.brands().latest(BRAND)[0].blocks == ()
    with pytest.raises(NotFound):
        wiring.noise().lift(BRAND, "b1", line(town, "block.lift"))


def test_a_blocked_author_is_held_when_they_write_to_us_too_but_not_in_danger(town: Town) -> None:
    block(town, "author", "webhook/kees")
    town.hear(COMPLAINT, author="kees", id="a")
    town.hear(DANGER, author="kees", id="b")
    town.hear(COMPLAINT, author="keest", id="c")
    town.drain()
    assert sorted(case.author for case in town.cases()) == ["kees", "keest"]
    assert [each.held for each in listed(town, "noise")] == ["author b1"]


def test_a_muted_source_is_polled_and_nothing_floods_when_it_is_heard_again(town: Town) -> None:
    town.feed(COMPLAINT)
    source, _ = wiring.sources().get(BRAND, "news")
    until = (town.now + timedelta(minutes=3)).isoformat().replace("+00:00", "Z")
    wiring.sources().put(replace(source, muted=until, connected_at=NOW - timedelta(days=5)))
    town.tick()
    town.drain()
    _, state = wiring.sources().get(BRAND, "news")
    assert (town.cases(), town.world.mails(), state.last_success is not None) == ([], [], True)
    assert counts(town, "news") == {"news": {"muted": 1}}
    town.wait(minutes=3)
    feed_of(town, 2, first=10)
    town.settle(2)
    assert len(town.cases()) == 2, "only what came after it"
    assert counts(town, "news") == {"news": {"muted": 1}}
    assert replace(source, muted=FOR_GOOD).mutes(NOW + timedelta(days=9999))


def test_over_its_cap_a_source_opens_no_cases_and_the_storm_is_counted(town: Town) -> None:
    town.feed("niets")
    source, _ = wiring.sources().get(BRAND, "news")
    wiring.sources().put(replace(source, cap=5, connected_at=NOW - timedelta(days=1)))
    feed_of(town, 0)
    town.tick()
    town.drain()
    for first in (0, 4, 8):
        feed_of(town, 4, first)
        town.wait()
        town.tick()
        town.drain()
    assert len(town.cases()) == 5
    assert len(listed(town, "capped", "news")) == 7
    assert len(listed(town, "")) == 12, "they are talk of us, and in every figure"
    later = town.now + timedelta(minutes=1)
    brand = wiring.brands().get(BRAND)
    assert counted(brand, wiring.mentions(), later - timedelta(days=1), later)[0] == 12, "a storm warns"
    (over,) = wiring.brands().latest(BRAND)[0].over
    assert (over.source, over.held, over.waits(town.now)) == ("news", 7, True)
    assert counts(town, "news") == {"news": {"capped": 7}}

    found = noise.over_cap(wiring.brands().latest(BRAND)[0], "news", wiring.mentions(), town.now)
    assert let_through(town, *found) == 7
    town.drain()
    assert len(town.cases()) == 12
    assert (listed(town, "capped"), wiring.brands().latest(BRAND)[0].over) == ([], ())


def test_the_next_hour_has_a_cap_of_its_own(town: Town) -> None:
    town.feed("niets")
    source, _ = wiring.sources().get(BRAND, "news")
    wiring.sources().put(replace(source, cap=2, connected_at=NOW - timedelta(days=1)))
    feed_of(town, 3)
    town.tick()
    town.drain()
    town.wait(hours=1)
    feed_of(town, 2, first=10)
    town.tick()
    town.drain()
    assert (len(town.cases()), len(listed(town, "capped", "news"))) == (4, 1)


def test_a_source_that_calls_us_has_a_cap_too_and_a_repeated_call_counts_once(town: Town) -> None:
    source, _ = wiring.sources().get(BRAND, "reviews")
    wiring.sources().put(replace(source, cap=3))
    for _ in range(2):
        for n in range(5):
            town.hear(COMPLAINT, id=f"r-{n}", author=f"p{n}")
        town.drain(duplicate=True)
    assert len(town.cases()) == 3
    assert counts(town, "reviews") == {"reviews": {"capped": 2}}


BAIT = "Gratis boeken bij de Lindebieb ophalen, klik hier voor jouw cadeaukaart https://{}.example/win"


def bait(town: Town, n: int, id: str = "", author: str = "") -> None:
    town.hear(BAIT.format(f"site{n}"), author=author or f"bot{n}", id=id or f"b-{n}", direct=False)


def test_the_same_bait_in_one_call_each_is_held_and_counted(town: Town) -> None:
    for n in range(7):
        bait(town, n)
        town.drain()
    held = listed(town, "noise")
    assert [each.held.split()[0] for each in held] == ["bait"] * 3, "the fifth and those after it"
    assert counts(town, "reviews")["reviews"]["noise"] == 3


def test_calls_that_come_together_are_compared_too(town: Town) -> None:
    """However they are spread over workers."""
    for n in range(9):
        bait(town, n)
    town.drain()
    assert len(listed(town, "noise")) >= 4
    _, state = wiring.sources().get(BRAND, "reviews")
    assert len(traces(state.like)) == 9


def test_a_call_that_comes_again_is_no_copy_of_itself(town: Town) -> None:
    for n in (0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3):
        bait(town, n)
        town.drain()
    assert listed(town, "noise") == []


def test_what_is_not_within_two_hours_is_not_compared(town: Town) -> None:
    for n in range(8):
        bait(town, n)
        town.drain()
        town.wait(minutes=50)
    assert listed(town, "noise") == []


def test_a_call_that_may_be_no_bait_costs_no_write_more(town: Town) -> None:
    town.hear(COMPLAINT, id="a")
    town.drain()
    before = wiring.sources().get(BRAND, "reviews")[1]
    for n in range(4):
        town.hear(f"{COMPLAINT} Nummer {n}.", id=f"c-{n}", direct=False)
        town.drain()
    assert wiring.sources().get(BRAND, "reviews")[1].rev == before.rev


def test_left_where_they_are_they_are_asked_about_no_more(town: Town) -> None:
    source, _ = wiring.sources().get(BRAND, "reviews")
    wiring.sources().put(replace(source, cap=1))
    town.hear(COMPLAINT, id="a")
    town.hear(COMPLAINT, id="b")
    town.drain()
    brand = wiring.brands().latest(BRAND)[0]
    assert len(noise.waiting(brand, town.now)) == 1
    wiring.noise().leave(BRAND, "reviews", town.now, line(town, "source.leave"))
    assert noise.waiting(wiring.brands().latest(BRAND)[0], town.now) == []
    town.wait()
    town.hear(COMPLAINT, id="c")
    town.drain()
    (again,) = noise.waiting(wiring.brands().latest(BRAND)[0], town.now)
    assert again.held == 2
    assert noise.waiting(wiring.brands().latest(BRAND)[0], town.now + timedelta(days=8)) == []


def test_an_edit_that_makes_it_pressing_lets_it_through_and_counts_it_no_more(town: Town) -> None:
    block(town, "author", "webhook/kees")
    town.hear(COMPLAINT)
    town.drain()
    assert counts(town, "reviews") == {"reviews": {"blocked": 1}}
    town.edit(DANGER)
    town.drain()
    assert len(town.cases()) == 1
    assert counts(town, "reviews") == {"reviews": {}}
    town.edit(COMPLAINT)
    town.drain()
    assert counts(town, "reviews") == {"reviews": {"blocked": 1}}


def test_the_months_report_says_what_was_held_and_its_rows_can_be_counted_again(town: Town) -> None:
    town.feed(FARM, FARM + " nog een", COMPLAINT)
    town.tick()
    town.drain()
    brand = wiring.brands().get(BRAND)
    facts = gatherer().facts(brand, f"{town.now:%Y-%m}", (), town.now)
    figures = reckon(facts)
    kept = {str(each.key) for each in heard_all(town) if each.kept_from == "noise"}
    assert figures["held"].value == len(kept) == 2
    assert set(figures["held"].rows) == {row.id for row in facts.held} == kept
    assert counts(town, "news") == {"news": {"noise": 2}}
    assert [row.text for row in facts.mentions] == [COMPLAINT]
    made = {name: body for name, body, _ in files(facts)}
    assert len(made["held.csv"].decode("utf-8-sig").strip().split("\r\n")) == 3
    assert "Als ruis vastgehouden" in made["report.html"].decode()
    quiet = {name for name, _, _ in files(replace(facts, held=()))}
    assert "held.csv" not in quiet


@pytest.mark.crash
def test_what_is_held_is_counted_once_wherever_it_broke_off(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.feed(FARM, FARM + " nog een", COMPLAINT)
        source, _ = wiring.sources().get(BRAND, "reviews")
        wiring.sources().put(replace(source, cap=1))
        return town

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        town.hear(COMPLAINT, id="a")
        town.hear(COMPLAINT, id="b")
        town.tick()
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        town.hear(COMPLAINT, id="a")
        town.hear(COMPLAINT, id="b")
        town.until(lambda: len(town.judged()) == 5, 12)
        town.settle(1)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert len(town.judged()) == 5, broken_at
        held = counts(town, "news", "reviews")
        assert held["news"] == {"noise": len(listed(town, "noise"))} == {"noise": 2}, broken_at
        capped = len(listed(town, "capped"))
        assert held.get("reviews", {}).get("capped", 0) == capped <= 1, broken_at
        assert len(town.cases()) == 3 - capped, broken_at


@pytest.mark.crash
def test_letting_through_is_done_once_wherever_it_broke_off(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        block(town, "author", "webhook/kees")
        town.hear(COMPLAINT)
        town.drain()
        return town

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        let_through(town, MentionKey(BRAND, "webhook", "r-1"))
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        let_through(town, MentionKey(BRAND, "webhook", "r-1"))
        town.settle(2)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert len(town.cases()) == 1, broken_at
        assert counts(town, "reviews") == {"reviews": {}}, broken_at
        (one,) = wiring.brands().latest(BRAND)[0].blocks
        assert one.held == 0, broken_at
        lines, _ = wiring.audit().month(BRAND, f"{town.now:%Y-%m}", limit=100)
        assert sum(each.what == "mention.no-noise" for each in lines) == 1, broken_at
