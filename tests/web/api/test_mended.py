"""Answers that stand at their network, corrected and taken back by the API."""

from chalicelib import wiring
from chalicelib.domain.delivery import DeliveryKey, DeliveryState
from tests.web.api.office import Caller, Office
from tests.web.api.works import stands

OLD, NEW = "@kees We zoeken het uit.", "@kees We zochten het uit."


def replied(office: Office) -> tuple[Caller, DeliveryKey, str]:
    """An answer that stands there, with its address."""
    case, writer = office.case(office.heard("109")), office.caller("write")
    path = f"/cases/{case.key.slug}"
    sent = writer.ask(
        "POST", f"{path}/replies", {"text": OLD}, if_match=writer.etag(path), idempotency_key="seed"
    )
    key = DeliveryKey(case.key, "wall", int(sent.json_body["id"]))
    stands(key)
    return writer, key, f"{path}/replies/{sent.json_body['id']}"


def test_a_program_corrects_an_answer_once(office: Office) -> None:
    writer, key, path = replied(office)
    after = writer.change(f"{path}/correct", {"text": NEW}, of=path).json_body
    assert (after["state"], after["text"]) == ("editing", OLD)
    assert wiring.deliveries().get(key).correction == NEW
    assert writer.change(f"{path}/correct", {"text": NEW}, of=path).status_code == 409
    kinds = [
        each["kind"] for each in writer.get(f"{path.rpartition('/replies')[0]}/history").json_body["items"]
    ]
    assert kinds.count("editing") == 1


def test_a_program_takes_an_answer_back(office: Office) -> None:
    writer, key, path = replied(office)
    assert writer.ask("POST", f"{path}/remove", {}).status_code == 428, "as it was read"
    assert writer.change(f"{path}/remove", {}, of=path).json_body["state"] == "removing"
    assert wiring.deliveries().get(key).state is DeliveryState.REMOVING


def test_what_cannot_stand_there_is_named_at_its_field(office: Office) -> None:
    writer, _, path = replied(office)
    answer = writer.change(f"{path}/correct", {"text": OLD}, of=path)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json_body["errors"]] == ["#/text"]
