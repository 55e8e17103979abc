"""A model's draft broken off before and after every call: never asked more than a day allows, never sent."""

from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Drafter
from chalicelib.domain.delivery import DeliveryState
from chalicelib.errors import BadInput
from chalicelib.stages import modelled
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import COMPLAINT, Town, brand
from tests.web.fakes import Model

DRAFTER = Drafter(by="bedrock", model="some-model", a_day=2)
REPLY = "@kees We kijken het vandaag na. Noor, Lindebieb"


def press(town: Town, model: Model) -> None:
    case = town.case()
    modelled.draft(
        case.key,
        case.rev,
        case.draft.text if case.draft else "",
        (),
        "Noor",
        by_id="noor",
        brand=replace(brand(), drafter=DRAFTER),
        cases=wiring.cases(),
        mentions=wiring.mentions(),
        opinions=wiring.opinions(),
        connect=lambda setting: model,
        now=town.now,
    )


@pytest.mark.crash
def test_a_model_is_asked_within_its_budget_and_what_it_drafts_is_whole_or_not_there(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Model()

    def fresh() -> Town:
        model.asked.clear()
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.hear(COMPLAINT)
        town.drain()
        return town

    def drafted(town: Town) -> bool:
        draft = town.case().draft
        return draft is not None and draft.model == DRAFTER.model

    def run(town: Town, points: Points) -> None:
        press(town, points.wrap(model))

    def redeliver(town: Town) -> None:
        if not drafted(town):
            press(town, model)
        for _ in range(3):  # and again, as who saw no answer does
            with suppress(BadInput):
                press(town, model)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        draft = town.case().draft
        assert draft, broken_at
        assert (draft.model, draft.by_id) == (DRAFTER.model, "noor"), broken_at
        assert len(model.asked) <= DRAFTER.a_day, broken_at
        assert town.history(town.case())[1] == [], broken_at
        town.drain()
        assert town.ours() == [], broken_at


@pytest.mark.crash
def test_the_days_file_of_answers_is_made_by_who_comes_after(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        wiring.answers.cache_clear()
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.hear(COMPLAINT)
        town.drain()
        town.approve(town.case(), text=REPLY)
        town.until(lambda: town.history(town.case())[1][0].state is DeliveryState.CONFIRMED, 12)
        return town

    def texts(town: Town) -> list[str]:
        case = town.case()
        found = wiring.answers().like(case.key.brand, COMPLAINT, case.language, town.now)
        return [each.text for each in found]

    def run(town: Town, points: Points) -> None:
        texts(town)

    def redeliver(town: Town) -> None:
        wiring.answers.cache_clear()

    for mode, k, town in every_crash(fresh, run, redeliver):
        assert texts(town) == ["{author} We kijken het vandaag na. {agent}, Lindebieb"], f"{mode} call {k}"
        assert len([name for name in aws.files() if name.startswith("_answered/")]) == 1
