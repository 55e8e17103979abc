"""Cases of one person are made one, across networks, and taken apart again; never half of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Topic
from chalicelib.domain.case import Case, CaseKey, CaseState, EventKind
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import answer, claim, merge
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import BRAND, COMPLAINT, Town, brand, gatherer

SECOND = "Ik ben boos op de Lindebieb: nu is ook mijn reservering weg, slecht geregeld!"
THIRD = "En nog steeds geen antwoord, wat een slechte service van de Lindebieb!"
REPLY = "@kees We kijken het vandaag na. Noor, Lindebieb"
SITE = CaseKey(BRAND, "webhook", "r-1")


def both(town: Town) -> tuple[Case, Case]:
    """One at the review site, and a newer one on the sandbox."""
    town.hear(COMPLAINT)
    town.drain()
    town.wait(minutes=1)
    wiring.desk().say(brand(), "wall", "kees", SECOND, town.now, "")
    town.until(lambda: len(town.cases()) == 2, 12)
    site = wiring.cases().get(SITE)
    (wall,) = [case for case in town.cases() if case.key.platform == "sandbox"]
    return site, wall


def join(town: Town, into: Case, part: Case, by: str = "Noor") -> Case:
    return merge.merge(
        into.key,
        wiring.cases().get(into.key).rev,
        part.key,
        "Dezelfde man",
        by,
        brand=brand(),
        cases=wiring.cases(),
        now=town.now,
    )


def split(town: Town, into: Case, part: Case) -> Case:
    return merge.split(
        into.key,
        wiring.cases().get(into.key).rev,
        part.key,
        "Noor",
        brand=brand(),
        cases=wiring.cases(),
        mentions=wiring.mentions(),
        now=town.now,
    )


def waiting() -> list[CaseKey]:
    return [each.key for each in wiring.cases().waits(BRAND).cases]


def said(town: Town, case: Case) -> list[str]:
    """The messages of a case in the order of its history, by their ids."""
    events, _ = town.history(case)
    found = [each.mention for each in events if each.kind is EventKind.HEARD]
    assert len(set(found)) == len(found), "each once"
    return [each.id for each in found if each]


def test_two_cases_are_one_conversation_on_two_networks(town: Town) -> None:
    topics = {"service": "service", "books": "reservering"}
    about = tuple(Topic(id=id, name=id, words=(word,)) for id, word in topics.items())
    wiring.brands().put(replace(brand(), topics=about))
    site, wall = both(town)
    town.wait(minutes=1)
    after = join(town, site, wall)
    assert waiting() == [site.key]
    assert wiring.cases().find(wall.key) == after
    assert wiring.cases().find_many([wall.key, site.key]) == {wall.key: after, site.key: after}
    assert set(after.topics) == {"service", "books"}, "about what either was"
    assert (after.mention, after.thread, after.title) == (wall.mention, wall.key, site.title)
    assert after.due == min(site.due, wall.due)
    assert said(town, site) == ["r-1", wall.mention.id]
    (row,) = wiring.cases().waits(BRAND).cases
    assert row.platform == "sandbox", "a list names the network of what waits"

    key = town.approve(after, text=REPLY)
    town.until(lambda: wiring.cases().get(site.key).state is CaseState.ANSWERED, 6)
    assert wiring.deliveries().get(key).to == wall.mention
    assert town.ours() == [REPLY]

    (ours,) = [line.id for line in wiring.desk().wall(brand(), "wall") if line.ours]
    wiring.desk().say(brand(), "wall", "kees", THIRD, town.now, ours)
    town.until(lambda: wiring.cases().get(site.key).state is CaseState.OPEN, 12)
    moved = wiring.cases().get(site.key)
    assert (moved.mention.platform, moved.thread) == ("sandbox", wall.key)

    town.wait(minutes=1)
    town.hear("De Lindebieb antwoordt hier niet, slecht!", id="r-2", reply_to="r-1")
    town.drain()
    moved = wiring.cases().get(site.key)
    assert (moved.mention.id, moved.thread) == ("r-2", None)
    assert waiting() == [site.key]
    assert said(town, site)[0] == "r-1"
    assert said(town, site)[-1] == "r-2"
    assert len(said(town, site)) == 4


def test_split_off_each_has_its_own_messages_and_what_waits_in_them(town: Town) -> None:
    site, wall = both(town)
    join(town, site, wall)
    town.approve(wiring.cases().get(site.key), text=REPLY)
    town.until(lambda: wiring.cases().get(site.key).state is CaseState.ANSWERED, 6)
    town.wait(minutes=1)
    (ours,) = [line.id for line in wiring.desk().wall(brand(), "wall") if line.ours]
    wiring.desk().say(brand(), "wall", "kees", THIRD, town.now, ours)
    town.until(lambda: wiring.cases().get(site.key).state is CaseState.OPEN, 12)
    third = wiring.cases().get(site.key).mention

    rest = split(town, site, wall)
    own = wiring.cases().get(wall.key)
    assert (rest.mention, rest.state, rest.joined) == (site.mention, CaseState.ANSWERED, ())
    assert (own.mention, own.state, own.into, own.title) == (third, CaseState.OPEN, None, wall.title)
    assert waiting() == [wall.key]
    assert said(town, site) == ["r-1"]
    assert said(town, wall) == [wall.mention.id, third.id]
    kinds = [[event.kind for event in town.history(case)[0]] for case in (site, wall)]
    assert {EventKind.MERGED, EventKind.SPLIT} <= set(kinds[0])
    assert {EventKind.JOINED, EventKind.PARTED} <= set(kinds[1])
    assert split(town, site, wall) == rest, "it is out already"


def test_split_at_once_is_as_it_was(town: Town) -> None:
    site, wall = both(town)
    join(town, site, wall)
    split(town, site, wall)
    for was in (site, wall):
        now_is = wiring.cases().get(was.key)
        assert (now_is.mention, now_is.state, now_is.due, now_is.title, now_is.department) == (
            was.mention,
            was.state,
            was.due,
            was.title,
            was.department,
        )
    assert sorted(waiting(), key=str) == sorted([site.key, wall.key], key=str)


def test_what_was_closed_together_is_closed_apart(town: Town) -> None:
    site, wall = both(town)
    after = join(town, site, wall)
    town.wait(minutes=1)
    answer.solve(site.key, after.rev, "Noor", cases=wiring.cases(), now=town.now)
    split(town, site, wall)
    assert {wiring.cases().get(case.key).state for case in (site, wall)} == {CaseState.SOLVED}
    assert waiting() == []


def test_what_comes_in_while_it_is_merged_moves_the_other_one_on(town: Town) -> None:
    """Also where the message is the very one that the merged case began with, heard again."""
    site, wall = both(town)
    join(town, wall, site)
    town.hear(COMPLAINT)
    town.drain()
    assert waiting() == [wall.key]
    town.hear(THIRD, id="r-2", reply_to="r-1")
    town.drain()
    moved = wiring.cases().get(wall.key)
    assert (moved.mention.id, moved.thread) == ("r-2", site.key)
    assert wiring.cases().get(site.key).into == wall.key


def test_of_two_merges_in_opposite_directions_one_is_refused(town: Town) -> None:
    site, wall = both(town)
    cases = wiring.cases()
    late = merge._together(wall, site, strict=False)
    join(town, site, wall)
    with pytest.raises(Conflict):
        cases.change_together([late, merge._merged(site, wall.key)], [])
    assert join(town, site, wall) == cases.get(site.key), "again changes nothing"
    with pytest.raises(Conflict, match="merged into"):
        join(town, wall, site) if cases.get(wall.key).into is None else claim.take(
            wall.key, cases.get(wall.key).rev, "Noor", cases=cases, now=town.now
        )
    assert cases.find(site.key) == cases.find(wall.key) == cases.get(site.key)


def test_a_case_with_others_in_it_takes_them_along(town: Town) -> None:
    site, wall = both(town)
    town.hear(THIRD, author="piet", id="r-9")
    town.drain()
    third = wiring.cases().get(CaseKey(BRAND, "webhook", "r-9"))
    join(town, site, wall)
    after = join(town, third, site)
    assert set(after.joined) == {site.key, wall.key}
    assert {wiring.cases().get(each).into for each in after.joined} == {third.key}
    assert waiting() == [third.key]
    assert sorted(said(town, third)) == sorted(["r-1", "r-9", wall.mention.id])
    split(town, third, wall)
    assert sorted(waiting(), key=str) == sorted([third.key, wall.key], key=str)
    assert sorted(said(town, third)) == ["r-1", "r-9"]


def test_what_is_being_sent_or_worked_on_is_not_merged(town: Town) -> None:
    site, wall = both(town)
    claim.take(wall.key, wall.rev, "Sam", by_id="sam", cases=wiring.cases(), now=town.now)
    with pytest.raises(BadInput, match="Sam works on it"):
        join(town, site, wall)
    with pytest.raises(BadInput, match="Sam works on it"):
        join(town, wall, site)
    town.wait(hours=2)
    town.approve(wiring.cases().get(wall.key), text=REPLY)
    for into, part in ((site, wall), (wall, site)):
        with pytest.raises(BadInput, match="on its way"):
            join(town, into, part)
    for other in (site.key, CaseKey(BRAND, "webhook", "none"), CaseKey("other", "webhook", "r-1")):
        with pytest.raises(BadInput, match="another case"):
            merge.merge(site.key, 1, other, "", "Noor", brand=brand(), cases=wiring.cases(), now=town.now)


def test_the_report_counts_merged_cases_once(town: Town) -> None:
    site, wall = both(town)
    after = join(town, site, wall)
    town.wait(minutes=1)
    answer.solve(site.key, after.rev, "Noor", cases=wiring.cases(), now=town.now)
    facts = gatherer().facts(brand(), f"{town.now:%Y-%m}", (), town.now + timedelta(days=40))
    assert [row.slug for row in facts.cases] == [site.key.slug]
    done, _ = wiring.cases().done(BRAND, f"{town.now:%Y-%m}")
    assert [each.key for each in done] == [site.key]


@pytest.mark.crash
def test_a_merge_that_breaks_off_is_done_or_not_begun(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.begun = both(town)  # type: ignore[attr-defined]
        return town

    def run(town: Town, points: Points) -> None:
        site, wall = town.begun  # type: ignore[attr-defined]
        join(town, site, wall)

    def again(town: Town) -> None:
        site, wall = town.begun  # type: ignore[attr-defined]
        part = wiring.cases().get(wall.key)
        assert (part.into is not None) is (waiting() == [site.key]), "never half"
        run(town, Points("before", 0))

    for mode, k, town in every_crash(fresh, run, again):
        site, wall = town.begun  # type: ignore[attr-defined]
        broken_at = f"{mode} call {k}"
        assert waiting() == [site.key], broken_at
        kinds = [event.kind for event in town.history(site)[0]]
        assert kinds.count(EventKind.MERGED) == 1, broken_at
        assert said(town, site) == ["r-1", wall.mention.id], broken_at


@pytest.mark.crash
def test_a_split_that_breaks_off_is_done_or_not_begun(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.begun = both(town)  # type: ignore[attr-defined]
        join(town, *town.begun)  # type: ignore[attr-defined]
        return town

    def run(town: Town, points: Points) -> None:
        split(town, *town.begun)  # type: ignore[attr-defined]

    for mode, k, town in every_crash(fresh, run, lambda town: run(town, Points("before", 0))):
        site, wall = town.begun  # type: ignore[attr-defined]
        broken_at = f"{mode} call {k}"
        assert sorted(waiting(), key=str) == sorted([site.key, wall.key], key=str), broken_at
        kinds = [event.kind for event in town.history(site)[0]]
        assert kinds.count(EventKind.SPLIT) == 1, broken_at
        assert said(town, site) == ["r-1"], broken_at
        assert said(town, wall) == [wall.mention.id], broken_at
