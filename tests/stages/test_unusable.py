"""What is set up wrongly, or breaks between two steps, is said where a person looks, and loses nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from tests.stages.town import BRAND, COMPLAINT, Town, brand

NEUTRAL = "De vergadering is verplaatst naar dinsdag 3 november."
"""Opens a case only as it is addressed to us."""


def test_r2_what_is_addressed_to_us_is_so_still_after_a_crash_between_keeping_and_queueing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues: Any = type(wiring.tasks())
    send = queues.send
    broken: list[bool] = []

    def fail_once(self: Any, tasks: Any, **how: Any) -> None:
        tasks = list(tasks)
        if tasks and tasks[0].queue == "understand" and not broken:
            broken.append(True)
            raise ConnectionError
        send(self, tasks, **how)

    monkeypatch.setattr(queues, "send", fail_once)
    town.hear(NEUTRAL)
    town.settle(10)

    assert broken
    assert len(town.judged()) == 1
    assert town.case().rule in ("unsure", "direct")


def test_a_source_with_a_wrong_setting_is_reported_at_the_source_and_kills_no_message(town: Town) -> None:
    town.source("sky", "bluesky", {"service": "nowhere", "handle": "brand.example"}, interval=1)
    town.source("other", "no_such_network", interval=1)
    town.settle(3)

    for id, said in (("sky", "set up well: service: "), ("other", "set up well: platform: ")):
        _, state = wiring.sources().get(BRAND, id)
        assert state.failures > 0
        assert said in state.reason
    assert town.world.waiting("poll-dead") == []


def test_a_channel_with_a_wrong_setting_gives_the_case_back_to_a_person(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    town.approve(town.case())
    broken = replace(brand().channels[0], settings={"account": "NOT OURS"})
    wiring.brands().put(replace(brand(), channels=(broken,)))
    town.drain()

    case = town.case()
    assert case.state is CaseState.STUCK
    assert "account" in case.reason
    assert [delivery.state for delivery in town.history(case)[1]] == [DeliveryState.FAILED]


def test_what_a_backfill_brings_without_a_date_is_history_on_every_page(town: Town) -> None:
    def page(*ids: str, **more: str) -> bytes:
        items = [{"id": id, "content_text": f"{id}: {COMPLAINT}"} for id in ids]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items, **more}).encode()

    older = town.feeds.publish("/older.json", page("c", "d"))
    newest = town.feeds.publish("/newest.json", page("a", "b", next_url=older))
    town.source("archive", "feed", {"url": newest, "backfill": "yes"}, interval=1)
    town.tick()
    town.drain()
    assert len(town.judged()) == 4
    assert town.cases() == []

    town.feeds.publish("/newest.json", page("e", "a", "b", next_url=older))
    town.settle(2)
    assert town.case().title.startswith("e: ")
