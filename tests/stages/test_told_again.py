"""What a source tells twice, out of turn, or takes back: what was told of the latest moment stands."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.case import WITHDRAWN, Action, CaseState, EventKind
from chalicelib.domain.verdict import Sentiment
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Poller
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.test_crashes import breakable, mend
from tests.stages.test_follow import MILDER, complained, kept, kinds
from tests.stages.town import BRAND, COMPLAINT, COMPLIMENT, HANDLERS, Town, signed
from tests.web.browser import Browser
from tests.web.checks import text_of

WORSE = f"{COMPLAINT} Nu al vier dagen, en niemand neemt op."


def call(town: Town, kind: str, text: str, ago: float = 0) -> tuple[bytes, dict[str, str]]:
    """A signed call that tells of a moment so many seconds back."""
    data: dict[str, Any] = {"id": "r-1"}
    if kind != "mention.deleted":
        data |= {"text": text, "author": {"handle": "kees"}}
    at = town.now - timedelta(seconds=ago)
    body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()
    return body, signed(body, town.now, f"msg_{kind[8:]}{round(ago)}")


def tell(town: Town, told: tuple[bytes, dict[str, str]]) -> None:
    assert town.call(told[0], headers=told[1])["statusCode"] == 202
    town.drain(duplicate=True)


def test_s3_an_older_edit_told_again_changes_nothing(town: Town) -> None:
    complained(town)
    town.wait(minutes=1)
    first = call(town, "mention.updated", WORSE)
    tell(town, first)
    town.wait(seconds=30)
    tell(town, call(town, "mention.updated", MILDER))
    tell(town, first)
    assert kept()[0].text == town.case().said == MILDER


def test_s3_nor_where_both_tell_of_one_moment(town: Town) -> None:
    complained(town)
    first, second = call(town, "mention.updated", WORSE), call(town, "mention.updated", MILDER)
    tell(town, first)
    tell(town, second)
    tell(town, first)
    assert kept()[0].text == MILDER


def test_what_comes_out_of_turn_is_passed_over(town: Town) -> None:
    town.wait(minutes=5)
    tell(town, call(town, "mention.updated", MILDER))  # who tells of an edit first tells of the message
    tell(town, call(town, "mention.updated", WORSE, ago=120))
    assert kept()[0].text == MILDER
    tell(town, call(town, "mention.deleted", "", ago=60))
    assert kept()[0].text == MILDER
    tell(town, call(town, "mention.deleted", ""))
    assert kept()[0].gone


def test_its_author_may_go_back_to_what_stood_there(town: Town) -> None:
    complained(town)
    for text in (WORSE, MILDER, WORSE):
        town.wait(seconds=1)
        tell(town, call(town, "mention.updated", text))
    assert kept()[0].text == WORSE


def answered(town: Town, text: str) -> None:
    town.hear(text)
    town.drain()
    town.approve(town.case())
    town.drain()
    town.settle(3)
    assert town.case().state is CaseState.ANSWERED


def mails(town: Town) -> int:
    return len(town.world.mails())


def test_praise_that_was_answered_and_turns_into_a_complaint_is_work_again(town: Town) -> None:
    answered(town, COMPLIMENT)
    town.settle(12)
    before, rung = town.case(), mails(town)
    town.edit(COMPLAINT)
    town.drain(duplicate=True)
    town.settle(3)

    case = town.case()
    assert (case.state, case.action, case.sentiment) == (CaseState.OPEN, Action.ANSWER, Sentiment.NEGATIVE)
    assert (case.reopened, case.rule, case.said) == (True, "complaint", COMPLAINT)
    assert case.draft is not None
    assert "Wat vervelend" in case.draft.text
    assert case.due > town.now, "due as if it had come when it was edited"
    assert case.received_at == before.received_at
    assert [each.key for each in wiring.cases().waits(BRAND).cases] == [case.key]
    assert mails(town) > rung
    assert kinds(town)[-2:] == [EventKind.EDITED, EventKind.REOPENED]

    town.approve(case)
    town.drain()
    town.settle(3)
    assert town.case().state is CaseState.ANSWERED


def test_a_complaint_that_goes_on_after_our_answer_is_work_again(town: Town) -> None:
    answered(town, COMPLAINT)
    town.edit(f"{COMPLAINT}!")
    town.drain()
    assert town.case().state is CaseState.ANSWERED, "a slip of the pen is no work"
    town.edit(f"{COMPLAINT} Naschrift: ze belden terug en hingen op, schandalig.")
    town.drain()
    assert town.case().state is CaseState.OPEN


def test_what_turns_while_our_answer_is_on_its_way_waits_once_that_has_come(town: Town) -> None:
    town.hear(COMPLIMENT)
    town.drain()
    town.approve(town.case())
    town.edit(COMPLAINT)
    Poller(town.world, {name: HANDLERS[name] for name in HANDLERS if name != "deliver"}).drain()
    assert town.case().state is CaseState.SENDING
    town.drain()
    town.settle(3)
    case = town.case()
    assert len(town.ours()) == 1
    assert (case.state, case.rule, case.reopened) == (CaseState.OPEN, "complaint", True)


def test_what_is_put_back_comes_back_and_opens_its_case(town: Town, console: Browser) -> None:
    complained(town)
    title = town.case().title
    first = call(town, "mention.created", COMPLAINT)
    town.wait(minutes=1)
    tell(town, call(town, "mention.deleted", ""))
    assert (town.case().state, town.case().reason) == (CaseState.SOLVED, WITHDRAWN)
    tell(town, first)
    assert kept()[0].gone, "what is told again of before it was removed brings nothing back"

    town.wait(minutes=1)
    tell(town, call(town, "mention.created", COMPLAINT))
    mention, verdict = kept()
    assert (mention.text, mention.gone, bool(verdict.reading.judge)) == (COMPLAINT, False, True)
    case = town.case()
    assert (case.state, case.reason, case.title, case.said) == (CaseState.OPEN, "", title, COMPLAINT)
    assert case.draft is not None
    assert kinds(town)[-2:] == [EventKind.BACK, EventKind.REOPENED]
    history = text_of(console.get(f"/cases/{case.key.slug}").body.decode())
    assert "Put back where it stood" in history
    assert "Opened again: the message is back where it stood" in history

    town.wait(minutes=1)
    tell(town, call(town, "mention.deleted", ""))
    assert kept()[0].gone
    assert town.case().state is CaseState.SOLVED


def test_what_is_removed_is_in_no_alert_any_more(town: Town, console: Browser) -> None:
    other = COMPLAINT.replace("Wat een slechte", "Nog zo'n slechte")
    complained(town)
    town.settle(11)
    town.hear(other, id="r-2", author="jan")
    town.drain()
    town.settle(1)
    before = text_of(console.get("/alerts").body.decode())
    assert COMPLAINT[:30] in before
    assert other[:30] in before
    town.retract()
    town.drain(duplicate=True)
    after = text_of(console.get("/alerts").body.decode())
    assert COMPLAINT[:30] not in after
    assert other[:30] in after, "what others wrote stays"
    assert "Wat een slechte" not in str(town.world.items(""))


def test_what_is_edited_after_it_was_removed_is_back_too(town: Town) -> None:
    complained(town)
    town.wait(minutes=1)
    tell(town, call(town, "mention.deleted", ""))
    town.wait(minutes=1)
    tell(town, call(town, "mention.updated", MILDER))
    assert kept()[0].text == town.case().said == MILDER


@pytest.mark.crash
@pytest.mark.parametrize("what", ["turned", "back"])
def test_a_case_that_an_edit_opens_again_bears_breaking_off_anywhere(
    what: str, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        if what == "turned":
            answered(town, COMPLIMENT)
        else:
            complained(town)
            town.wait(minutes=1)
            town.retract()
            town.drain()
        town.settle(12)
        monkeypatch.setattr(town, "told", mails(town), raising=False)
        monkeypatch.setattr(town, "again", call(town, KIND[what], COMPLAINT), raising=False)
        return town

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        body, headers = vars(town)["again"]
        town.call(body, headers=headers)
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        body, headers = vars(town)["again"]
        town.call(body, headers=headers)
        town.settle(1)
        town.until(lambda: mails(town) > vars(town)["told"], 12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        mention, verdict = kept()
        assert (mention.text, bool(verdict.reading.judge)) == (COMPLAINT, True), broken_at
        case = town.case()
        assert (case.state, case.said, case.reopened) == (CaseState.OPEN, COMPLAINT, True), broken_at
        assert kinds(town).count(EventKind.REOPENED) == 1, broken_at


KIND = {"turned": "mention.updated", "back": "mention.created"}
