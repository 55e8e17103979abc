"""Labels on cases: put on, taken off, filtered by, and still there when they write again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseKey, CaseState, EventKind
from chalicelib.errors import Conflict
from chalicelib.stages import claim, label
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT, PRESS
from tests.web.world import BRAND, NOW, World

KEY, OTHER = CaseKey.from_slug(COMPLAINT), CaseKey.from_slug(PRESS)
PATH = f"/cases/{COMPLAINT}"


def put(world: World, *labels: str, key: CaseKey = KEY) -> None:
    label.label(key, labels, [], "Noor", brand=BRAND, cases=world.cases, now=NOW)


def test_a_label_is_put_on_and_taken_off_with_a_line_each(browser: Browser, world: World) -> None:
    answer = browser.post(f"{PATH}/labels", {"label": "Boete, te laat"})
    page = browser.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert world.cases.get(KEY).labels == ("boete", "te laat")
    assert "Sam de Wit plakte erop: boete, te laat" in text_of(page)
    page = browser.get(browser.post(f"{PATH}/labels", {"drop": "boete"}).headers["Location"]).body.decode()
    assert world.cases.get(KEY).labels == ("te laat",)
    assert "Sam de Wit haalde eraf: boete" in text_of(page)
    assert world.cases.offered == {"boete", "te laat"}


def test_the_same_label_again_writes_nothing(world: World) -> None:
    put(world, "Boete")
    put(world, "boete ")
    assert world.cases.get(KEY).rev == 2
    kinds = [event.kind for event in world.cases.events[KEY]]
    assert kinds.count(EventKind.LABELLED) == 1


@pytest.mark.parametrize("given", ["x" * 31, ",".join(f"l{n}" for n in range(11))])
def test_what_is_too_much_is_said_at_its_field(browser: Browser, world: World, given: str) -> None:
    refused = browser.post(f"{PATH}/labels", {"label": given})
    page = refused.body.decode()
    assert refused.status_code == 422
    assert "Hooguit tien labels per zaak" in text_of(page)
    assert 'href="#label"' in page
    assert f'value="{given}"' in page
    assert faults(page) == []


def test_the_list_is_filtered_by_label_open_and_done(browser: Browser, world: World) -> None:
    put(world, "boete")
    page = browser.get("/cases?label=boete").body.decode()
    assert faults(page) == []
    assert COMPLAINT in page
    assert PRESS not in page
    assert '<option value="boete" selected>' in page
    put(world, "boete", key=OTHER)
    case = world.cases.get(OTHER)
    world.cases.kept[OTHER] = replace(case, state=CaseState.SOLVED, answered_at=NOW)
    done = browser.get("/cases?state=done&label=boete").body.decode()
    assert faults(done) == []
    assert PRESS in done
    assert PRESS not in browser.get("/cases?state=done&label=anders").body.decode()


def test_labels_in_use_are_offered(browser: Browser, world: World) -> None:
    world.brands.put(replace(BRAND, labels=("jeugd", "te laat")))
    for path in (PATH, "/cases"):
        assert '<option value="te laat"' in browser.get(path).body.decode()


def test_several_cases_are_labelled_taken_and_snoozed_at_once(browser: Browser, world: World) -> None:
    for key in (KEY, OTHER):
        world.cases.kept[key] = replace(world.cases.get(key), due=NOW + timedelta(days=2))

    def do(name: str, **form: str) -> str:
        rows = {f"c.{key.slug}": str(world.cases.get(key).rev) for key in (KEY, OTHER)}
        page = browser.post("/bulk", {"do": name, "back": "/cases", **rows, **form}).body.decode()
        assert faults(page) == []
        return text_of(page)

    assert "Labels: boete." in do("label", label="Boete")
    assert "Labels: geen." in do("unlabel", label="boete")
    assert "Hooguit tien labels" in do("label", label="x" * 31)
    assert "Van jou tot 10:12." in do("take")
    assert {world.cases.get(key).taken_by for key in (KEY, OTHER)} == {"Sam de Wit"}
    assert "Kies een dag en een tijd" in do("snooze")
    assert "Sluimert tot" in do("snooze", until="2026-11-23T14:00", why="Wacht op de uitgever")
    assert all(world.cases.get(key).snoozed_until for key in (KEY, OTHER))
    assert not any(world.cases.get(key).taken_by for key in (KEY, OTHER))


def test_the_bar_offers_what_may_be_done_to_the_rows(browser: Browser) -> None:
    for path in ("/cases", "/mentions"):
        page = browser.get(path).body.decode()
        assert faults(page) == []
        for do in ("take", "label", "unlabel", "snooze", "solve", "hand"):
            assert f'<button name="do" value="{do}"' in page, (path, do)


def test_who_labels_all_the_time_does_not_undo_what_another_does(world: World) -> None:
    """A label needs no fresh page: what changed meanwhile is read, and stays."""
    change = world.cases.change
    tries: list[int] = []

    def meanwhile(case: object, *events: object) -> None:
        if not tries:
            tries.append(1)
            now_is = world.cases.get(KEY)
            claim.take(KEY, now_is.rev, "Noor", by_id="noor", cases=world.cases, now=NOW)
            raise Conflict("changed")
        change(case, *events)  # type: ignore[arg-type]

    world.cases.label = lambda case, *events, offered: meanwhile(case, *events)  # type: ignore[method-assign]
    put(world, "boete")
    assert (world.cases.get(KEY).taken_by, world.cases.get(KEY).labels) == ("Noor", ("boete",))
