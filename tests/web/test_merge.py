"""Cases are merged and split at the console; a merged one leads to the other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseKey, CaseState
from chalicelib.stages import claim, merge
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT, PRESS
from tests.web.world import BRAND, NOW, World

KEY, OTHER = CaseKey.from_slug(COMPLAINT), CaseKey.from_slug(PRESS)
PATH = f"/cases/{COMPLAINT}"


def join(world: World) -> None:
    rev = world.cases.get(KEY).rev
    merge.merge(KEY, rev, OTHER, "Dezelfde", "Noor", brand=BRAND, cases=world.cases, now=NOW)


def test_a_case_is_chosen_merged_and_split_off_again(browser: Browser, world: World) -> None:
    page = browser.get(f"{PATH}/merge").body.decode()
    assert faults(page) == []
    form = {"rev": "1", "address": f"https://console.example/cases/{PRESS}?done=saved", "reason": "Dezelfde"}
    answer = browser.post(f"{PATH}/merge", form)
    assert answer.status_code == 303, text_of(answer.body.decode())
    page = browser.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "De zaken zijn één." in text_of(page)
    assert "Sam de Wit voegde" in text_of(page)
    mention, _ = world.mentions.get(world.cases.get(OTHER).mention)
    assert mention.text[:30] in text_of(page)
    assert browser.get(f"/cases/{PRESS}").headers["Location"].endswith(PATH)
    rows = browser.get("/cases").body.decode()
    assert f'id="c-{PRESS}"' not in rows
    assert rows.count(f'id="c-{COMPLAINT}"') == 1
    assert "Dezelfde" in text_of(page)

    answer = browser.post(f"{PATH}/split", {"rev": "2", "other": PRESS})
    page = browser.get(answer.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "Hij is weer een eigen zaak." in text_of(page)
    assert f'id="c-{PRESS}"' in browser.get("/cases").body.decode()
    assert browser.get(f"/cases/{PRESS}").status_code == 200


def test_their_other_cases_are_offered(browser: Browser, world: World) -> None:
    case, mention = world.cases.get(KEY), world.mentions.get(world.cases.get(KEY).mention)[0]
    again = world.heard(
        "again", "En nog eens boos over de reservering", case.sentiment, author=mention.author.handle
    )
    key = CaseKey(BRAND.id, again.key.platform, again.key.id)
    world.cases.kept[key] = replace(case, key=key, mention=again.key, title="En nog eens boos")
    page = browser.get(f"{PATH}/merge").body.decode()
    assert faults(page) == []
    assert f'name="other" value="{key.slug}"' in page
    assert f'value="{COMPLAINT}"' not in page.partition("<fieldset")[2], "not itself"
    assert browser.post(f"{PATH}/merge", {"rev": "1", "other": key.slug}).status_code == 303
    assert world.cases.get(key).into == KEY


@pytest.mark.parametrize(
    "given", ["", "https://example.org/", COMPLAINT, "/cases/nothing", "../../etc", "dmVs", f"{PRESS}x"]
)
def test_what_is_no_other_case_is_said(browser: Browser, world: World, given: str) -> None:
    refused = browser.post(f"{PATH}/merge", {"rev": "1", "address": given, "reason": "Dezelfde"})
    page = refused.body.decode()
    assert refused.status_code == 422
    assert "Kies een andere zaak" in text_of(page)
    assert 'value="Dezelfde"' in page
    assert faults(page) == []


def test_a_colleagues_case_is_taken_over_first(browser: Browser, world: World) -> None:
    claim.take(OTHER, 1, "Noor", by_id="noor", cases=world.cases, now=NOW)
    refused = browser.post(f"{PATH}/merge", {"rev": "1", "other": PRESS})
    assert refused.status_code == 422
    assert "Een collega werkt aan een van de twee." in text_of(refused.body.decode())
    world.cases.kept[OTHER] = replace(
        world.cases.get(OTHER), state=CaseState.SENDING, taken_by="", taken_until=None
    )
    refused = browser.post(f"{PATH}/merge", {"rev": "1", "other": PRESS})
    assert "is onderweg" in text_of(refused.body.decode())
    refused = browser.post(f"{PATH}/merge", {"rev": "7", "other": PRESS})
    assert refused.status_code == 409
    assert faults(refused.body.decode()) == []


def test_who_still_works_on_the_merged_one_is_led_to_the_other_and_loses_no_word(
    browser: Browser, world: World
) -> None:
    join(world)
    text = "@regenjas42 Het boek ligt klaar. Groet, Sam van Bibliotheek Veldermeer"
    late = browser.post(f"/cases/{PRESS}/reply", {"text": text, "do": "send", "rev": "1"})
    assert late.status_code == 409
    page = late.body.decode()
    assert text in text_of(page)
    assert f"/cases/{COMPLAINT}" in page
    for path, form in (("take", {"do": "take"}), ("solve", {"do": "close"}), ("snooze", {"until": "x"})):
        answer = browser.post(f"/cases/{PRESS}/{path}", {"rev": "1", **form})
        assert answer.status_code in (409, 422), path
    assert browser.post(f"/cases/{PRESS}/note", {"note": "Bel haar"}).status_code == 303
    browser.post(f"/cases/{PRESS}/labels", {"label": "boete"})
    assert world.cases.get(KEY).labels == ("boete",)
    assert world.cases.get(OTHER).labels == ()
    assert world.tasks.sent == []


def test_a_merged_case_keeps_labels_and_strictness_of_both(world: World) -> None:
    world.cases.kept[KEY] = replace(world.cases.get(KEY), labels=("a",))
    world.cases.kept[OTHER] = replace(
        world.cases.get(OTHER), labels=("b",), strict=True, snoozed_until=NOW + timedelta(hours=1)
    )
    join(world)
    after = world.cases.get(KEY)
    assert (after.labels, after.strict, after.snoozed_until) == (("a", "b"), True, None)
