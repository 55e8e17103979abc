"""The next case: due first of those that fit, and never to two."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as some

from chalicelib import wiring
from chalicelib.domain.alerting import Ways
from chalicelib.domain.brand import Brand, Topic
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


def topical(world: World) -> Brand:
    """The brand with its roster, and two topics."""
    return replace(world.brands.get(BRAND.id), topics=(FINES, LIFT))


def skilled(world: World, user: str, *topics: str, **more: Any) -> None:
    ways = Ways(brand=BRAND.id, user=user, name=user.title(), topics=topics, capacity=50, **more)
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


FINES, LIFT, CAKE = (Topic(id=each, name=each.title(), words=(each,)) for each in ("fines", "lift", "cake"))
SOON, LATER = 30, 31


@pytest.mark.parametrize(
    ("about", "due", "knows", "on", "other", "gets"),
    [
        # who knows it, or said nothing of it
        (("fines",), LATER, ("fines",), (), ("fines",), "1"),
        (("fines", "lift"), LATER, ("fines",), (), ("lift",), "1"),
        (("fines",), LATER, (), (), ("fines",), "1"),
        ((), LATER, ("lift",), (), (), "1"),
        # who does not, while somebody else may be there who does
        (("fines",), LATER, ("lift",), (), ("fines",), ""),
        (("fines",), LATER, ("lift",), (), (), ""),
        (("fines",), LATER, ("lift",), ("sam", "noor"), ("fines",), ""),
        (("fines",), LATER, ("lift",), ("sam", "noor"), (), ""),
        # nothing waits past its time for them
        (("fines",), SOON, ("lift",), ("sam", "noor"), ("fines",), "1"),
        (("fines",), SOON, ("lift",), (), ("fines",), "1"),
        (("fines",), -60, ("lift",), (), ("fines",), "1"),
        # nobody there knows it
        (("fines",), LATER, ("lift",), (), ("lift",), "1"),
        (("fines",), LATER, ("lift",), (), None, "1"),
        (("fines",), LATER, ("lift",), ("sam", "noor"), ("lift",), "1"),
        (("fines",), LATER, ("lift",), ("sam",), ("fines",), "1"),
        # topics that the brand no longer has
        (("cake",), LATER, ("lift",), (), ("fines",), "1"),
        (("fines",), LATER, ("cake",), (), ("fines",), "1"),
        (("fines",), LATER, ("lift",), (), ("cake",), ""),
    ],
)
def test_who_knows_the_subject_comes_first_and_nothing_waits_past_its_time_for_them(
    world: World,
    about: tuple[str, ...],
    due: int,
    knows: tuple[str, ...],
    on: tuple[str, ...],
    other: tuple[str, ...] | None,
    gets: str,
) -> None:
    world.cases.open(case(1, due, topics=about))
    skilled(world, "sam", *knows)
    if other is not None:
        skilled(world, "noor", *other)
    if on:
        rota(world, *on)
    assert root(press(world, "sam", brand=topical(world))) == gets


def test_who_knows_the_subject_but_not_the_language_or_the_department_keeps_it_from_nobody(
    world: World,
) -> None:
    world.cases.open(case(1, LATER, topics=("fines",)))
    skilled(world, "sam", "lift")
    skilled(world, "noor", "fines", languages=("fr",))
    skilled(world, "ada", "fines", departments=("jeugd",))
    assert root(press(world, "sam", brand=topical(world))) == "1"


def test_a_subject_one_knows_gives_no_language(world: World) -> None:
    world.cases.open(case(1, SOON, "fr", topics=("fines",)))
    skilled(world, "sam", "fines", languages=("nl",))
    assert root(press(world, "sam", brand=topical(world))) == ""


def test_what_is_due_first_goes_first_and_what_one_knows_only_among_what_is_due_as_soon(world: World) -> None:
    world.cases.open(case(1, 2, topics=("fines",)))
    world.cases.open(case(2, 2, topics=("lift",)))
    world.cases.open(case(3, 1, topics=("fines",)))
    world.cases.open(case(4, 3, topics=("lift",)))
    skilled(world, "sam", "lift")
    assert [root(press(world, "sam", brand=topical(world))) for _ in range(4)] == ["3", "2", "1", "4"]


def test_a_case_is_about_what_its_newest_message_with_a_topic_names(
    aws: Aws, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(aws, feeds, monkeypatch)
    fines = replace(FINES, words=("boete*",))
    wiring.brands().put(replace(town_brand(), topics=(fines, LIFT)))

    def about(text: str, id: str, reply_to: str = "") -> tuple[str, ...]:
        town.wait(minutes=5)
        town.hear(text, id=id, reply_to=reply_to)
        town.drain()
        (row,) = wiring.cases().waits(town_brand().id).cases
        assert row.topics == town.case().topics
        return row.topics

    assert about("Ik ben boos: een boete van de Lindebieb, slecht!", "r-1") == ("fines",)
    assert about("En nog steeds geen antwoord, slecht!", "r-2", "r-1") == ("fines",)
    assert about("Ook de lift is stuk, wat een slechte service!", "r-3", "r-1") == ("lift",)


@given(
    some.lists(
        some.tuples(some.integers(-60, 600), some.sets(some.sampled_from(("fines", "lift", "cake")))),
        max_size=6,
    ),
    some.sets(some.sampled_from(("fines", "lift"))),
    some.sets(some.sampled_from(("fines", "lift"))),
    some.booleans(),
)
def test_whatever_two_know_all_that_waits_is_given_to_one_of_them_by_its_time(
    waiting: list[tuple[int, set[str]]], sams: set[str], noors: set[str], roster: bool
) -> None:
    world = World()
    for n, (due, about) in enumerate(waiting):
        world.cases.open(case(n, due, topics=tuple(sorted(about))))
    skilled(world, "sam", *sorted(sams))
    skilled(world, "noor", *sorted(noors))
    if roster:
        rota(world, "sam", "noor")
    got = 0
    for user in ("sam", "noor"):
        while press(world, user, brand=topical(world)).case:
            got += 1
    assert got == len(waiting), "what one does not know the other does, or nobody"


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
