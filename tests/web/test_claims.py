"""Who works on a case: one at a time, for an hour; what sleeps comes back by itself; notes stay inside."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Viewer
from chalicelib.stages import answer, claim
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}"
TEXT = "@regenjas42 Het boek ligt klaar. Groet, Sam van Bibliotheek Veldermeer"


def lines(world: World) -> list[CaseEvent]:
    """What was added to the history."""
    return [event for event in world.cases.events[KEY] if event.kind is not EventKind.HEARD]


def now_is(world: World) -> Case:
    return world.cases.get(KEY)


def take(world: World, name: str, id: str, at: timedelta = timedelta()) -> Case:
    case = now_is(world)
    return claim.take(KEY, case.rev, name, by_id=id, cases=world.cases, now=NOW + at)


# the rule itself ----------------------------------------------------------------------------------


def test_what_one_took_nobody_else_works_on_until_the_hour_is_over(world: World) -> None:
    take(world, "Noor", "noor")
    rev = now_is(world).rev
    given: dict[str, Any] = {"by_id": "sam", "cases": world.cases}
    tries: list[Callable[[timedelta], object]] = [
        lambda at: answer.save_draft(KEY, rev, TEXT, "Sam", now=NOW + at, **given),
        lambda at: answer.solve(KEY, rev, "Sam", now=NOW + at, **given),
        lambda at: claim.lay_down(KEY, rev, "Sam", now=NOW + at, **given),
        lambda at: claim.snooze(KEY, rev, NOW + at * 2, "", "Sam", now=NOW + at, **given),
        lambda at: answer.hand_over(
            KEY, rev, "jeugd", "jeugdboek", "Sam", brand=BRAND, now=NOW + at, **given
        ),
        lambda at: answer.approve(
            KEY, rev, TEXT, "Sam", brand=BRAND, tasks=world.tasks, counts=None, now=NOW + at, **given
        ),
    ]
    for each in tries:
        with pytest.raises(BadInput, match="taken: Noor works on it"):
            each(timedelta(minutes=59))
    assert (now_is(world).rev, world.tasks.sent) == (rev, [])
    assert answer.save_draft(KEY, rev, TEXT, "Sam", now=NOW + timedelta(hours=1), **given)


def test_of_two_who_take_at_once_the_second_is_refused_at_the_write(world: World) -> None:
    rev = now_is(world).rev
    claim.take(KEY, rev, "Noor", by_id="noor", cases=world.cases, now=NOW)
    with pytest.raises(Conflict):
        claim.take(KEY, rev, "Sam", by_id="sam", cases=world.cases, now=NOW)
    assert [(line.kind, line.by_id) for line in lines(world)] == [(EventKind.TAKEN, "noor")]


def test_who_took_it_from_whom_and_who_laid_it_down_is_told_in_the_history(world: World) -> None:
    take(world, "Noor", "noor")
    take(world, "Noor", "noor", timedelta(minutes=10))
    after = take(world, "Sam", "sam", timedelta(minutes=20))
    assert after.taken_until == NOW + timedelta(minutes=80)
    after = take(world, "Noor", "noor", timedelta(minutes=80))
    claim.lay_down(KEY, after.rev, "Noor", by_id="noor", cases=world.cases, now=NOW + timedelta(minutes=81))
    told = [(line.kind.value, line.by_id, line.before) for line in lines(world)]
    assert told == [
        ("taken", "noor", ""),
        ("taken", "noor", ""),
        ("taken", "sam", "Noor"),
        ("taken", "noor", ""),  # what is over is not taken over
        ("laid-down", "noor", ""),
    ]


def test_what_nobody_has_is_not_laid_down_nor_woken(world: World) -> None:
    rev = late(world, timedelta(days=1))
    rev = claim.snooze(KEY, rev, NOW + timedelta(hours=2), "", "Noor", cases=world.cases, now=NOW).rev
    with pytest.raises(Conflict):
        claim.lay_down(KEY, rev, "Sam", by_id="sam", cases=world.cases, now=NOW)
    assert now_is(world).snoozed_until == NOW + timedelta(hours=2)


@pytest.mark.parametrize("state", [CaseState.SENDING, CaseState.ANSWERED, CaseState.SOLVED])
def test_what_does_not_wait_is_not_taken_or_snoozed(world: World, state: CaseState) -> None:
    world.cases.kept[KEY] = replace(now_is(world), state=state)
    rev = now_is(world).rev
    with pytest.raises(Conflict):
        claim.take(KEY, rev, "Noor", cases=world.cases, now=NOW)
    with pytest.raises(Conflict):
        claim.snooze(KEY, rev, NOW + timedelta(hours=1), "", "Noor", cases=world.cases, now=NOW)
    with pytest.raises(Conflict):
        answer.save_draft(KEY, rev, TEXT, "Noor", cases=world.cases, now=NOW)
    with pytest.raises(Conflict):
        answer.solve(KEY, rev, "Noor", cases=world.cases, now=NOW)


def test_whoever_sends_or_hands_over_lays_it_down(world: World) -> None:
    rev = take(world, "Noor", "noor").rev
    after = answer.hand_over(
        KEY, rev, "jeugd", "jeugdboek", "Noor", by_id="noor", brand=BRAND, cases=world.cases, now=NOW
    )
    assert (after.taken_by, after.taken_until) == ("", None)


def late(world: World, by: timedelta) -> int:
    world.cases.kept[KEY] = replace(now_is(world), due=NOW + by)
    return now_is(world).rev


@pytest.mark.parametrize(
    ("due", "until", "refused"),
    [
        (timedelta(hours=5), timedelta(hours=5), ""),
        (timedelta(hours=5), timedelta(hours=5, seconds=1), "before it is due"),
        (timedelta(hours=-1), timedelta(days=3), ""),  # late already: somebody else's answer is waited for
        (timedelta(days=90), timedelta(days=60), ""),
        (timedelta(days=90), timedelta(days=60, seconds=1), "within 60 days"),
        (timedelta(hours=5), timedelta(), "within 60 days"),
    ],
)
def test_nothing_sleeps_past_its_due_time(
    world: World, due: timedelta, until: timedelta, refused: str
) -> None:
    rev = late(world, due)
    if refused:
        with pytest.raises(BadInput, match=refused):
            claim.snooze(KEY, rev, NOW + until, "", "Noor", cases=world.cases, now=NOW)
    else:
        after = claim.snooze(KEY, rev, NOW + until, "", "Noor", cases=world.cases, now=NOW)
        assert (after.snoozed_until, after.due) == (NOW + until, NOW + due)


def test_the_same_note_twice_is_one(world: World) -> None:
    given: dict[str, Any] = {"by_id": "noor", "cases": world.cases}
    for seconds in (0, 2, 59):
        claim.write_note(KEY, "Bel haar eerst", "Noor", now=NOW + timedelta(seconds=seconds), **given)
    claim.write_note(KEY, "Bel haar eerst", "Sam", now=NOW + timedelta(seconds=5), **given)
    claim.write_note(KEY, "Bel haar eerst", "Noor", now=NOW + timedelta(seconds=120), **given)
    assert [(event.by, event.text) for event in lines(world)] == [
        ("Noor", "Bel haar eerst"),
        ("Sam", "Bel haar eerst"),
        ("Noor", "Bel haar eerst"),
    ]


# the pages ----------------------------------------------------------------------------------------


def test_a_case_is_taken_worked_on_and_laid_down(browser: Browser, world: World) -> None:
    page = browser.get(PATH).body.decode()
    assert "Ik pak dit op" in text_of(page)
    answer = browser.post(f"{PATH}/take", {"rev": "1", "do": "take"})
    page = browser.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "Van jou tot 10:12." in text_of(page)
    assert "niemand anders antwoordt intussen" in text_of(page)
    mine = text_of(browser.get("/cases?mine=1").body.decode())
    assert "Sam de Wit werkt eraan tot 10:12" in mine
    assert browser.post(f"{PATH}/take", {"rev": "2", "do": "lay_down"}).status_code == 303
    assert "werkt eraan" not in text_of(browser.get("/cases").body.decode())


def test_a_colleagues_case_is_taken_over_first(browser: Browser, world: World) -> None:
    take(world, "Noor", "noor")
    page = text_of(browser.get(PATH).body.decode())
    assert "Noor werkt eraan tot 10:12. Neem hem over" in page
    for path, form in (
        ("reply", {"text": TEXT, "do": "save"}),
        ("solve", {"do": "close"}),
        ("hand", {"department": "jeugd", "reason": "x"}),
        ("snooze", {"until": "2026-11-23T09:30"}),
    ):
        refused = browser.post(f"{PATH}/{path}", {**form, "rev": "2"})
        assert refused.status_code == 422, path
        assert "Neem hem eerst over." in text_of(refused.body.decode()), path
        assert faults(refused.body.decode()) == []
    bulk = browser.post("/bulk", {"do": "solve", f"c.{COMPLAINT}": "2"}).body.decode()
    assert "Neem hem eerst over." in text_of(bulk)
    assert browser.post(f"{PATH}/take", {"rev": "2", "do": "take"}).status_code == 303
    assert "Sam de Wit nam hem over van Noor" in text_of(browser.get(PATH).body.decode())
    assert browser.post(f"{PATH}/reply", {"text": TEXT, "do": "save", "rev": "3"}).status_code == 303


def test_what_sleeps_is_on_no_list_and_comes_back_by_itself(browser: Browser, world: World) -> None:
    before = len(list(world.cases.all_waiting(BRAND.id)))
    late(world, timedelta(days=1))
    form = {"rev": "1", "until": "2026-11-23T14:00", "why": "Wacht op de uitgever"}
    answer = browser.post(f"{PATH}/snooze", form)
    page = browser.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "Hij komt terug om 14:00, of als ze weer schrijven." in text_of(page)
    assert "Wacht op de uitgever" in text_of(page)
    assert COMPLAINT not in browser.get("/cases").body.decode()
    assert COMPLAINT not in browser.get("/").body.decode()
    asleep = browser.get("/cases?state=asleep").body.decode()
    assert faults(asleep) == []
    assert asleep.count('<li class="row" id="c-') == 1
    assert "Sluimert tot 14:00" in text_of(asleep)
    assert len(list(world.cases.all_waiting(BRAND.id))) == before, "the API still has it"
    world.now = NOW + timedelta(hours=5)
    assert COMPLAINT in browser.get("/cases").body.decode()


def test_a_moment_that_cannot_be_is_said_at_its_field(browser: Browser, world: World) -> None:
    late(world, timedelta(hours=2))
    for until, said in (
        ("", "Kies een dag en een tijd"),
        ("2026-11-23T13:00", "Hij moet eerder beantwoord zijn."),
        ("2026-11-22T13:00", "binnen zestig dagen"),
    ):
        refused = browser.post(f"{PATH}/snooze", {"rev": "1", "until": until, "why": "omdat"})
        page = refused.body.decode()
        assert refused.status_code == 422
        assert said in text_of(page)
        assert 'href="#until"' in page
        assert 'value="omdat"' in page
        assert faults(page) == []


def test_nothing_waits_is_said_only_where_nothing_does(browser: Browser, world: World) -> None:
    case = now_is(world)
    world.cases.kept = {}
    for n in range(160):
        key = replace(KEY, root=f"s{n}")
        asleep = replace(case, key=key, due=NOW - timedelta(hours=1), snoozed_until=NOW + timedelta(days=3))
        world.cases.kept[key] = asleep
    world.cases.kept[KEY] = replace(case, due=NOW + timedelta(hours=1))
    today = text_of(browser.get("/").body.decode())
    assert "zaak wacht op antwoord." in today
    assert "Meer dan" not in today
    asleep_page = text_of(browser.get("/cases?state=asleep").body.decode())
    assert "160 zaken sluimeren." in asleep_page


def test_an_empty_list_of_what_sleeps_says_what_comes_there(browser: Browser, world: World) -> None:
    page = browser.get("/cases?state=asleep").body.decode()
    assert faults(page) == []
    assert "Wat je bij een zaak laat sluimeren, wacht hier" in text_of(page)


def test_who_has_nothing_reads_how_it_comes_there(browser: Browser, world: World) -> None:
    page = browser.get("/cases?mine=1").body.decode()
    assert faults(page) == []
    assert "Een zaak die je oppakt, of waarvan je het concept schrijft, staat hier." in text_of(page)


def test_today_does_not_call_unanswered_what_a_colleague_has(browser: Browser, world: World) -> None:
    world.cases.kept = {KEY: replace(now_is(world), strong=True, draft=None)}
    assert "Niemand antwoordt nog" in text_of(browser.get("/").body.decode())
    take(world, "Noor", "noor")
    assert "Niemand antwoordt nog" not in text_of(browser.get("/").body.decode())


def test_mine_is_mine_and_not_a_namesakes(browser: Browser, world: World) -> None:
    take(world, "Sam de Wit", "another")
    assert COMPLAINT not in browser.get("/cases?mine=1").body.decode()
    take(world, "Sam de Wit via Planner", SAM)
    assert COMPLAINT in browser.get("/cases?mine=1").body.decode()


def test_who_is_late_reads_who_was_first_and_keeps_what_was_typed(browser: Browser, world: World) -> None:
    take(world, "Noor", "noor")
    for path, form, kept in (
        ("hand", {"department": "jeugd", "reason": "Gaat over jeugd"}, "Gaat over jeugd"),
        ("snooze", {"until": "2026-11-23T09:30", "why": "Wacht op de uitgever"}, "Wacht op de uitgever"),
        ("solve", {"do": "close", "note": "Al gebeld"}, "Al gebeld"),
        ("take", {"do": "take"}, ""),
    ):
        late_one = browser.post(f"{PATH}/{path}", {**form, "rev": "1"})
        page = late_one.body.decode()
        assert late_one.status_code == 409, path
        assert "Noor pakte dit om 09:12 op" in text_of(page), path
        assert f'value="{kept}"' in page or not kept, path
        assert faults(page) == []
    refused = browser.post(f"{PATH}/solve", {"do": "close", "note": "Al gebeld", "rev": "2"})
    assert 'value="Al gebeld"' in refused.body.decode()


def test_a_correction_closes_nothing_under_a_colleagues_hands(browser: Browser, world: World) -> None:
    take(world, "Noor", "noor")
    browser.post("/mentions/correct", {"to": f"{now_is(world).mention.slug}.neutral"})
    assert now_is(world).state is CaseState.OPEN
    assert now_is(world).taken_by == "Noor"


def test_what_a_correction_closed_is_awake_when_it_is_opened_again(browser: Browser, world: World) -> None:
    rev = late(world, timedelta(days=5))
    claim.snooze(KEY, rev, NOW + timedelta(days=3), "", "Sam", cases=world.cases, now=NOW)
    browser.post("/mentions/correct", {"to": f"{now_is(world).mention.slug}.neutral"})
    assert now_is(world).state is CaseState.SOLVED
    answer.reopen(KEY, now_is(world).rev, "Sam", brand=BRAND, cases=world.cases, now=NOW)
    assert COMPLAINT in browser.get("/cases").body.decode()


def test_files_say_who_has_it(browser: Browser, world: World) -> None:
    take(world, "Noor", "noor")
    file = browser.get("/cases?as=csv").body.decode()
    assert '"taken_by","taken_until","snoozed_until"' in file
    assert '"Noor","2026-11-23T09:12' in file


def test_a_note_is_read_by_colleagues_and_sent_nowhere(browser: Browser, world: World) -> None:
    answer = browser.post(f"{PATH}/note", {"note": "Bel haar eerst. <b>Let op</b>"})
    page = browser.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "&lt;b&gt;Let op" in page
    assert "Notities voor collega's" in text_of(page)
    assert now_is(world).rev == 1
    assert world.tasks.sent == []
    for text in ("", "x" * 2001):
        refused = browser.post(f"{PATH}/note", {"note": text})
        assert refused.status_code == 422
        assert 'href="#note"' in refused.body.decode()


# who is looking -----------------------------------------------------------------------------------


def test_who_opened_it_within_five_minutes_is_named_to_others_and_not_to_oneself(
    browser: Browser, world: World
) -> None:
    def page() -> str:
        return text_of(browser.get(PATH).body.decode())

    opened = f"{(NOW - timedelta(minutes=4, seconds=59)).astimezone(ZoneInfo(BRAND.zone)):%H:%M}"
    world.cases.viewed(KEY, Viewer("noor", "Noor", NOW - timedelta(minutes=4, seconds=59)))
    world.cases.viewed(KEY, Viewer("piet", "Piet", NOW - timedelta(minutes=5)))
    assert f"Noor bekijkt deze zaak, geopend om {opened}." in page()
    assert "Piet" not in page()
    assert faults(browser.get(PATH).body.decode()) == []
    me = Viewer("1", "Sam de Wit", NOW)
    assert world.cases.viewers[KEY]["1"] == me
    assert "Sam de Wit bekijkt" not in page()


def test_a_page_that_refreshes_itself_writes_no_oftener_than_once_a_minute(
    browser: Browser, world: World
) -> None:
    for seconds, kept in ((59, 59), (60, 0)):
        world.cases.viewed(KEY, Viewer("1", "Sam de Wit", NOW - timedelta(seconds=seconds)))
        browser.get(PATH)
        assert world.cases.viewers[KEY]["1"].at == NOW - timedelta(seconds=kept)


def test_who_may_not_see_a_case_does_not_look_at_it(browser: Browser, world: World) -> None:
    assert browser.get("/cases/bm8vc3VjaC9jYXNl").status_code == 404
    assert world.cases.viewers == {}
