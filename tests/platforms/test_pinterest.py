"""Pinterest: a post becomes a Pin of an image; what it will not take is refused, and nothing written."""

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import pinterest as module
from chalicelib.ports import ReplyTo
from tests.platforms.peer_pinterest import pinterest, running
from tests.platforms.peers import platform
from tests.platforms.pictures import image
from tests.servers.pinterest import BOARD, Pinterest

SINCE = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[Pinterest]:
    with running() as server:
        yield server


def sent(server: Pinterest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(server.requests[-1].body)
    return found


def test_a_post_is_a_title_a_description_a_link_and_an_image_that_says_what_it_shows(
    server: Pinterest,
) -> None:
    text = "Fresh bread\nEvery day at seven: https://bakery.example/bread. Come!"
    pin = pinterest(server).publish(None, text, "t1", "en", [image(b"\x89PNGdata", alt="A loaf on a table")])
    assert sent(server) == {
        "board_id": BOARD,
        "title": "Fresh bread",
        "description": text,
        "link": "https://bakery.example/bread",
        "alt_text": "A loaf on a table",
        "media_source": {
            "source_type": "image_base64",
            "content_type": "image/png",
            "data": "iVBOR2RhdGE=",
        },
    }
    assert b64decode("iVBOR2RhdGE=") == b"\x89PNGdata"
    assert pin.url == f"https://www.pinterest.com/pin/{pin.remote_id}/"
    assert pin.at is not None
    assert abs(datetime.now(UTC) - pin.at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "images",
    [
        [],
        [image(), image(b"another")],
        [image(type="image/gif")],
        [image(b"x" * 10_000_001)],
        [image(alt="x" * 501)],
    ],
)
def test_an_image_it_will_not_take_is_refused_before_anything_is_written(
    server: Pinterest, images: list[Any]
) -> None:
    with pytest.raises(Rejected):
        pinterest(server).publish(None, "Bread", "t1", "en", images)
    assert server.requests == []


def test_a_pin_of_another_board_or_of_long_ago_is_not_the_one(server: Pinterest) -> None:
    channel = pinterest(server)
    pin = channel.publish(None, "Bread", "t1", "en", [image()])
    assert channel.find(None, "Bread", "t1", SINCE) == pin
    assert channel.find(None, "Bread", "t1", SINCE, lambda id: id != pin.remote_id) is None
    assert channel.find(None, "Bread", "t1", datetime.now(UTC) + timedelta(hours=1)) is None
    server.pins[0]["board_id"] = "7"
    assert channel.find(None, "Bread", "t1", SINCE) is None


def test_a_pin_behind_a_hundred_others_is_found(server: Pinterest) -> None:
    channel = pinterest(server)
    first = channel.publish(None, "Bread", "t1", "en", [image()])
    for n in range(120):
        channel.publish(None, f"Bread {n}", "t2", "en", [image()])
    assert channel.find(None, "Bread", "t1", SINCE) == first


def test_nobody_is_answered_there(server: Pinterest) -> None:
    with pytest.raises(Rejected, match="no program"):
        pinterest(server).publish(ReplyTo(id="1", author="anna"), "Thanks", "t1", "en")


def test_a_key_is_tried(server: Pinterest) -> None:
    assert pinterest(server).check() is None
    with pytest.raises(Unauthorized, match="Authentication failed"):
        pinterest(server, "another").check()


def test_a_key_of_an_account_that_has_not_the_board_is_refused(server: Pinterest) -> None:
    server.board = "7"
    with pytest.raises(Unauthorized, match="the account has no such board"):
        pinterest(server).check()
    server.answers = 403, b'{"code": 29, "message": "You are not permitted to access that resource."}'
    with pytest.raises(Unauthorized, match="not permitted"):
        pinterest(server).check()


@pytest.mark.parametrize("board", ["", "my-board", "1/2"])
def test_a_board_is_a_number(board: str) -> None:
    with pytest.raises(BadInput, match="board: the number"):
        platform("pinterest", {"board": board}, {}, Http())


def test_who_did_not_look_through_all_says_so(server: Pinterest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    channel = pinterest(server)
    for n in range(5):
        channel.publish(None, f"Bread {n}", f"t{n}", "en", [image()])
    with pytest.raises(Unavailable, match="look through"):
        channel.find(None, "Other words", "t", SINCE)
