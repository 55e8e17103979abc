"""First comments by the API: given with the post, and decided about as the post itself is."""

from dataclasses import replace

from chalicelib import wiring
from chalicelib.domain.delivery import DeliveryState, first_comment
from chalicelib.domain.post import COMMENT, PostEvent, PostEventKind, PostKey
from tests.conftest import NOW
from tests.web.api.office import OURS, WISH, Office

LINKS = "Alles erover: https://bieb.example/zaterdag"


def failed(id: str) -> PostKey:
    """Its post stands at the network, and what goes below was refused."""
    key, posts = PostKey(OURS, id), wiring.posts()
    _, (was,) = posts.get(key)
    there = replace(was, state=DeliveryState.CONFIRMED, remote_id="1", sent_at=NOW)
    below = first_comment(there, NOW)
    assert below
    posts.conclude(there, PostEvent(at=NOW, id="c", kind=PostEventKind.CONFIRMED), below=below)
    line = PostEvent(at=NOW, id="f", kind=PostEventKind.FAILED, channel="wall", way=COMMENT)
    posts.conclude(replace(below, state=DeliveryState.FAILED, reason="no"), line)
    return key


def test_a_program_gives_it_reads_it_and_tries_it_again(office: Office) -> None:
    writer = office.caller("write")
    made = writer.make("/posts", {**WISH, "comment": LINKS}).json_body
    assert made["comment"] == LINKS
    assert [(each["comment"], each["below"]) for each in made["deliveries"]] == [(LINKS, None)]
    path = f"/posts/{made['id']}"
    none = writer.change(f"{path}/deliveries/wall/1/release", {"comment": True}, of=path)
    assert none.status_code == 404, "it stands below nothing yet"
    failed(made["id"])
    (shown,) = writer.get(path).json_body["deliveries"]
    assert (shown["state"], shown["below"]["state"], shown["below"]["text"]) == ("confirmed", "failed", LINKS)
    after = writer.change(f"{path}/deliveries/wall/1/release", {"comment": True}, of=path).json_body
    assert [(each["below"]["sending"], each["below"]["state"]) for each in after["deliveries"]] == [
        (2, "planned")
    ]
    ways = [(each["kind"], each["way"]) for each in writer.get(f"{path}/history").json_body["items"]]
    assert ("failed", COMMENT) in ways
    assert ("released", COMMENT) in ways


def test_a_program_leaves_it_unsent(office: Office) -> None:
    writer = office.caller("write")
    made = writer.make("/posts", {**WISH, "comment": LINKS}).json_body
    failed(made["id"])
    path = f"/posts/{made['id']}"
    after = writer.change(f"{path}/deliveries/wall/1/leave", {"comment": True}, of=path).json_body
    assert [each["below"]["state"] for each in after["deliveries"]] == ["cancelled"]
    assert [each["state"] for each in after["deliveries"]] == ["confirmed"]


def test_what_cannot_stand_there_is_named_at_its_field(office: Office) -> None:
    answer = office.caller("write").make("/posts", {**WISH, "comment": "x" * 501})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json_body["errors"]] == ["#/comment"]


def test_once_its_post_left_a_program_is_told_that_it_stays_as_it_was(office: Office) -> None:
    writer = office.caller("write")
    made = writer.make("/posts", {**WISH, "comment": LINKS}).json_body
    failed(made["id"])
    path = f"/posts/{made['id']}"
    answer = writer.change(path, {**WISH, "comment": "Kom langs."}, path, "PUT")
    assert answer.status_code == 409
    assert answer.json_body["detail"] == (
        "The post has left, and its first comment stays as it was. Correct it where it stands."
    )
    assert writer.get(path).json_body["comment"] == LINKS
