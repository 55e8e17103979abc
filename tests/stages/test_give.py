"""The next case: due first of those that fit, and never to two."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as some

from chalicelib import wiring
from chalicelib.domain.alerting import Ways
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, Draft, EventKind
from chalicelib.domain.roster import Shift, Week
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import give
from chalicelib.stages.give import Given
from tests.domain.test_roster import shift
from tests.harness.crash import Points, every_crash
from tests.harness.world import World as Aws
from tests.servers.feeds import Feeds
from tests.stages.town import Town, brand as town_brand
from tests.web import fakes
from tests.web.world import BRAND, NOW, World

LANGUAGES = ("nl", "en", "fr")


class Racing(fakes.Cases):
    """At the call of this number, of those that are made, somebody else does something first."""

    def __init__(self, at: int, other: Callable[[], object]) -> None:
        super().__init__()
        self.at, self.other, self.calls = at, other, 0

    def _step(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            self.other()

    def get(self, key: CaseKey) -> Case:
        self._step()
        return super().get(key)

    def change(self, case: Case, *events: CaseEvent) -> None:
        self._step()
        super().change(case, *events)


def case(n: int, due: int = 0, language: str = "nl", **more: Any) -> Case:
    world = World()

    heard = world.heard(str(n), "Waar is mijn boek?", Sentiment.NEUTRAL, language=language)
    return replace(world.case(heard, "Boek", NOW + timedelta(minutes=due)), draft=None, **more)


def press(world: World, user: str, now: datetime = NOW, brand: Brand | None = None, **more: Any) -> Given:
    return give.next_case(
        brand or world.brands.get(BRAND.id),
        None,
        user.title(),
        user,
        cases=more.pop("cases", world.cases),
        notices=world.notices,
        rosters=world.rosters,
        now=now,
        **more,
    )


def speaks(world: World, user: str, *languages: str, capacity: int = 5) -> None:
    ways = Ways(brand=BRAND.id, user=user, name=user.title(), languages=languages, capacity=capacity)
    world.notices.of[BRAND.id, user] = ways


def rota(world: World, *users: str) -> None:
    shifts: tuple[Shift, ...] = tuple(
        shift("2026-11-23T09:00", "2026-11-23T17:00", user, of="uitlening") for user in users
    )
    world.rosters.keep(Week(brand=BRAND.id, monday="2026-11-23", rev=1, shifts=shifts))


def root(given: Given) -> str:
    return given.case.key.root if given.case else ""


@pytest.fixture
def world() -> World:
    return World()


@given(
    some.lists(some.tuples(some.integers(-60, 60), some.sampled_from(LANGUAGES)), min_size=1, max_size=6),
    some.integers(1, 6),
    some.sets(some.sampled_from(LANGUAGES)),
)
def test_two_who_press_at_once_never_get_the_same_and_each_the_first_that_fits(
    waiting: list[tuple[int, str]], at: int, languages: set[str]
) -> None:
    world, got = World(), {}

    def noor() -> None:
        got["noor"] = press(world, "noor")

    racing = Racing(at, noor)
    for n, (due, language) in enumerate(waiting):
        racing.open(case(n, due, language))
    world.cases = racing
    speaks(world, "sam", *sorted(languages))
    sams = press(world, "sam")
    if "noor" not in got:
        racing.at = 0
        noor()
    assert not sams.case or sams.case.key != (got["noor"].case.key if got["noor"].case else None)
    in_due_order = sorted(enumerate(waiting), key=lambda each: each[1][0])
    fits = [str(n) for n, (_, language) in in_due_order if not languages or language in languages]
    assert root(sams) in ([*fits, ""][:2] if fits else [""]), "the first, or the one after it"
    assert root(got["noor"]) in [*[str(n) for n, _ in in_due_order][:2], ""]
    holders = [each.taken_by_id for each in racing.kept.values() if each.taken_by_id]
    assert sorted(holders) == sorted(
        user for user, found in (("sam", sams), ("noor", got["noor"])) if found.case
    )


@given(some.lists(some.tuples(some.integers(-60, 60), some.sampled_from(LANGUAGES)), max_size=6))
def test_everything_is_handed_out_in_due_order_among_what_fits(waiting: list[tuple[int, str]]) -> None:
    world = World()
    for n, (due, language) in enumerate(waiting):
        world.cases.open(case(n, due, language))
    speaks(world, "sam", "nl", "en", capacity=50)
    order = []
    while (found := press(world, "sam")).case:
        order.append((found.case.due, found.case.language))
    assert [due for due, _ in order] == sorted(due for due, _ in order)
    assert len(order) == sum(language != "fr" for _, language in waiting)
    assert found == Given()


def test_nobody_gets_more_than_they_want_at_once_until_one_is_free(world: World) -> None:
    for n in range(4):
        world.cases.open(case(n, n))
    speaks(world, "sam", capacity=2)
    assert [root(press(world, "sam")) for _ in range(2)] == ["0", "1"]
    assert press(world, "sam") == Given(full=True)
    assert root(press(world, "noor")) == "2", "another one is not held up"
    assert root(press(world, "sam", NOW + timedelta(hours=2))) == "0", "the hour is over"


def test_what_somebody_has_sleeps_or_waits_for_other_eyes_is_not_given(world: World) -> None:
    strict = replace(BRAND, departments=(replace(BRAND.departments[0], four_eyes=True),))
    draft = Draft(text="Ja", version=1, language="nl", source="", by="Sam", by_id="sam")
    later = NOW + timedelta(minutes=30)
    world.cases.open(case(1, 1, taken_by="Noor", taken_by_id="noor", taken_until=later))
    world.cases.open(case(2, 2, snoozed_until=later))
    world.cases.open(replace(case(3, 3), draft=draft))
    world.cases.open(case(4, 4, state=CaseState.SENDING))
    world.cases.open(case(5, 5))
    assert root(press(world, "sam", brand=strict)) == "5"
    assert root(press(world, "noor", brand=strict)) == "3"


@pytest.mark.parametrize(
    ("on", "others_speak", "gets"),
    [
        ((), ("fr",), ""),  # no roster: who answers in French may be there
        (("sam", "noor"), ("fr",), ""),
        (("sam", "noor"), (), ""),  # in any
        (("sam", "noor"), ("nl",), "1"),
        (("sam",), ("fr",), "1"),
    ],
)
def test_a_language_one_does_not_answer_in_comes_only_where_nobody_else_on_duty_does(
    world: World, on: tuple[str, ...], others_speak: tuple[str, ...], gets: str
) -> None:
    world.cases.open(case(1, 1, "fr"))
    speaks(world, "sam", "nl")
    speaks(world, "noor", *others_speak)
    if on:
        rota(world, *on)
    assert root(press(world, "sam")) == gets


@pytest.mark.parametrize("language", ["", "und"])
def test_what_is_in_no_known_language_fits_everybody(world: World, language: str) -> None:
    world.cases.open(case(1, 1, language))
    speaks(world, "sam", "nl")
    assert root(press(world, "sam")) == "1"


def test_only_ones_own_departments_are_given(world: World) -> None:
    world.cases.open(case(1, 1))
    world.cases.open(case(2, 2, department="jeugd"))
    found = give.next_case(
        BRAND,
        {"jeugd"},
        "Sam",
        "sam",
        cases=world.cases,
        notices=world.notices,
        rosters=world.rosters,
        now=NOW,
    )
    assert root(found) == "2"


@pytest.mark.crash
def test_whatever_breaks_a_case_is_theirs_with_its_line_or_nobodys(
    aws: Aws, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.hear("Hoe laat gaat de Lindebieb open?", id="r-1", author="vraag")
        town.drain()
        return town

    def run(town: Town, points: Points) -> None:
        give.next_case(
            town_brand(),
            None,
            "Sam",
            "sam",
            cases=wiring.cases(),
            notices=wiring.notices(),
            rosters=wiring.rosters(),
            now=town.now,
        )

    for mode, k, town in every_crash(fresh, run, lambda town: town.settle(1)):
        events, _ = wiring.cases().history(town.case().key)
        taken = [event.by for event in events if event.kind is EventKind.TAKEN]
        assert taken == ["Sam"] * bool(town.case().taken_by), f"{mode} call {k}"
