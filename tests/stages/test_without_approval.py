"""S28 for answers: what is put into a queue by whoever can sends nothing that no person approved."""

import json
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.delivery import DeliveryKey, DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.stages import answer
from chalicelib.tasks import Deliver
from tests.harness.world import queue_url
from tests.stages.planning import BRAND
from tests.stages.town import COMPLAINT, Town

pytestmark = pytest.mark.flow


def waiting(town: Town) -> DeliveryKey:
    """A case with a draft that nobody approved; what its reply's key would be."""
    town.hear(COMPLAINT)
    town.drain()
    case = town.case()
    assert case.draft
    answer.save_draft(case.key, case.rev, "Niemand zei ja.", "Noor", cases=wiring.cases(), now=town.now)
    return DeliveryKey(case.key, "wall", 1)


def test_a_message_for_a_reply_that_nobody_approved(town: Town) -> None:
    key = waiting(town)
    wiring.tasks().send([Deliver(key), Deliver(replace(key, n=2)), Deliver(replace(key, channel="other"))])
    town.drain()
    assert town.ours() == []
    assert len(town.world.reasons("deliver")) >= 1, "and whoever looks after it is told"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"send it",
        b'{"text": "Niemand zei ja."}',
        b'{"delivery": "x", "text": "Niemand zei ja.", "approved_by": "Noor"}',
    ],
)
def test_a_message_that_brings_its_own_text_and_yes(town: Town, body: bytes) -> None:
    waiting(town)
    send = town.world.client("sqs").send_message
    send(QueueUrl=queue_url("deliver"), MessageBody=body.decode() or " ")
    town.drain()
    assert town.ours() == []


def test_a_yes_laid_into_the_message_of_a_real_reply_changes_nothing(town: Town) -> None:
    """Only its key is read; the text is the one that was approved."""
    town.hear(COMPLAINT)
    town.drain()
    key = town.approve(town.case(), text="@kees Dit is goedgekeurd. Noor, Lindebieb")
    task = json.loads(Deliver(key).to_json())
    task["text"] = "Iets heel anders"
    send = town.world.client("sqs").send_message
    send(QueueUrl=queue_url("deliver"), MessageBody=json.dumps(task))
    town.drain()
    assert town.ours() == ["@kees Dit is goedgekeurd. Noor, Lindebieb"]


@pytest.mark.parametrize("deed", ["hold", "drop"])
def test_a_message_for_a_reply_that_somebody_stopped(town: Town, deed: str) -> None:
    town.hear(COMPLAINT)
    town.drain()
    key = town.approve(town.case())
    given = {"deliveries": wiring.deliveries(), "cases": wiring.cases(), "now": town.now}
    (answer.hold if deed == "hold" else answer.drop)(key, "Noor", **given)  # type: ignore[arg-type]
    for _ in range(3):
        wiring.tasks().send([Deliver(key)])
        town.drain()
    assert town.ours() == []
    assert wiring.deliveries().get(key).state in (DeliveryState.HELD, DeliveryState.CANCELLED)


def test_a_message_for_what_is_no_reply_and_no_post(town: Town) -> None:
    waiting(town)
    wiring.tasks().send([Deliver(DeliveryKey(PostKey(BRAND, "p-9"), "wall", 1))])
    town.drain()
    assert town.ours() == []


def test_a_message_delivered_often_is_sent_once(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    key = town.approve(town.case())
    wiring.tasks().send([Deliver(key)] * 5)
    town.drain(duplicate=True)
    assert len(town.ours()) == 1
