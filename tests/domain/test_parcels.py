"""A call that one message of a queue does not hold travels in several, and nothing of it is lost."""

import gzip
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.parcels import PARTS, WHOLE, fitting

ROOM = 2_000
RANDOM = Random(1)


def unpacked(part: bytes) -> bytes:
    return gzip.decompress(part) if part.startswith(b"\x1f\x8b") else part


def noise(length: int) -> str:
    """Words that pack badly."""
    return "".join(chr(RANDOM.randrange(0x4E00, 0x9FFF)) for _ in range(length))


def told(part: bytes) -> list[str]:
    value = json.loads(unpacked(part))
    changes = [change["value"] for entry in value["entry"] for change in entry["changes"]]
    return [message["id"] for change in changes for message in change["messages"]]


def call(texts: list[str], *, alone: bool = False) -> bytes:
    """As WhatsApp's: in one change, or each message in an entry of its own."""
    messages = [{"id": str(n), "text": {"body": text}} for n, text in enumerate(texts)]
    contacts = [{"wa_id": "31", "profile": {"name": "Anna"}}]
    groups = [[each] for each in messages] if alone else [messages]
    changes = [[{"field": "messages", "value": {"messages": each, "contacts": contacts}}] for each in groups]
    entries = [{"id": "1", "changes": each} for each in changes]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def test_what_fits_goes_as_it_came() -> None:
    assert fitting(b'{"a": 1}', ROOM) == [b'{"a": 1}']


def test_what_fits_packed_goes_whole() -> None:
    body = call(["soup " * 100] * 20)
    (part,) = fitting(body, ROOM)
    assert len(part) <= ROOM < len(body)
    assert unpacked(part) == body


@pytest.mark.parametrize("alone", [True, False])
@given(lengths=st.lists(st.integers(1, 400), min_size=1, max_size=12))
def test_what_does_not_is_cut_and_each_message_comes_once_with_who_wrote_it(
    lengths: list[int], alone: bool
) -> None:
    parts = fitting(call([noise(each) for each in lengths], alone=alone), ROOM)
    assert all(len(part) <= ROOM for part in parts)
    assert [id for part in parts for id in told(part)] == [str(n) for n in range(len(lengths))]
    assert all(b"Anna" in unpacked(part) for part in parts)


def test_no_part_is_larger_unpacked_than_is_read_at_once() -> None:
    parts = fitting(call(["soup " * 100] * 5_000), 150_000)
    assert len(parts) > 1
    assert all(len(unpacked(part)) <= WHOLE for part in parts)
    assert sum(len(told(part)) for part in parts) == 5_000


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"data": {"text": noise(5_000)}}).encode(),
        json.dumps([noise(5_000)]).encode(),
        b"[" * (WHOLE + 1),
        bytes(RANDOM.randbytes(ROOM + 1)),
        gzip.compress(RANDOM.randbytes(ROOM + 1)),
        call([noise(500) for _ in range(2 * PARTS)]),
    ],
)
def test_what_cannot_be_cut_so_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        fitting(body, ROOM)


@pytest.mark.parametrize("value", [{"a": [1, 2], "b": "x" * WHOLE}, [["y" * WHOLE, 1], "z"]])
def test_what_is_too_large_and_stays_so_is_told(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        fitting(json.dumps(value).encode(), ROOM)
