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
        mailings=wiring.mailings(),
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

    points = Points("", 0)

    def run(town: Town, now: Points) -> None:
        nonlocal points
        points = now
        asks(town)

    def nobody_asks_again(town: Town) -> None:
        town.settle(11)

    def asked_again(town: Town) -> None:
        asks(town)
        town.settle(11)

    for after in (nobody_asks_again, asked_again):
        for mode, k, town in every_crash(fresh, run, after):
            broken_at = f"{mode} call {k}, then {after.__name__}"
            events, _ = town.history(town.case())
            noted = [e.text for e in events if e.kind is EventKind.NOTED]
            assert noted == [ASKED] or (noted == [] and after is nobody_asks_again), broken_at
            (waiting,) = wiring.cases().waits("lindebieb").cases
            assert [each.id for each in waiting.asked] == ["u-noor"] * len(noted), broken_at
            mails = [mail for mail in town.world.mails() if ASKED in vars(mail)["body"]]
            assert len(mails) >= len(noted), f"{broken_at}: kept, and never mailed"
            gone = {"after": points.names[k - 1 :], "before": points.names[k - 2 :]}.get(mode, [""])[0]
            assert len(mails) <= (2 if gone == "SendEmail" else 1), broken_at
            assert wiring.alerts().waiting(town.now).mailings == [], broken_at


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
