"""A note that asks a colleague, and a label, broken off around every call and then asked for again."""

import pytest

from chalicelib import wiring
from chalicelib.domain.case import Colleague, EventKind
from chalicelib.stages import ask, label
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import COMPLAINT, Town, brand

NOOR = Colleague("u-noor", "Noor Bakker", "noor@lindebieb.example")
ASKED = "@noor Weet jij dit?"


def asks(town: Town) -> ask.Noted:
    return ask.note(
        town.case().key,
        ASKED,
        "Sam",
        by_id="u-sam",
        id="one",
        colleagues=lambda: [NOOR],
        brand=brand(),
        cases=wiring.cases(),
        mail=wiring.mail(),
        once=wiring.once(),
        now=town.now,
    )


@pytest.mark.crash
def test_a_colleague_is_asked_once_and_stands_on_the_list(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.hear(COMPLAINT)
        town.drain()
        return town

    def run(town: Town, points: Points) -> None:
        asks(town)

    for mode, k, town in every_crash(fresh, run, asks):
        broken_at = f"{mode} call {k}"
        events, _ = town.history(town.case())
        assert [e.text for e in events if e.kind is EventKind.NOTED] == [ASKED], broken_at
        (waiting,) = wiring.cases().waits("lindebieb").cases
        assert [each.id for each in waiting.asked] == ["u-noor"], broken_at
        mails = [mail for mail in town.world.mails() if ASKED in vars(mail)["body"]]
        assert len(mails) <= 1, broken_at
        assert mails or mode != "whole"


@pytest.mark.crash
def test_a_label_is_put_on_with_its_line_and_offered_or_not_at_all(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.hear(COMPLAINT)
        town.drain()
        return town

    def run(town: Town, points: Points) -> None:
        labels(town)

    def labels(town: Town) -> None:
        key, cases = town.case().key, wiring.cases()
        label.label(key, ["Boete"], [], "Sam", brand=brand(), cases=cases, now=town.now)

    for mode, k, town in every_crash(fresh, run, labels):
        broken_at = f"{mode} call {k}"
        events, _ = town.history(town.case())
        assert [e.text for e in events if e.kind is EventKind.LABELLED] == ["boete"], broken_at
        assert town.case().labels == wiring.brands().latest("lindebieb")[0].labels == ("boete",), broken_at
