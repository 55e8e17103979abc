"""A call that one message of a queue does not hold travels in several, and nothing of it is lost."""

import gzip
import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import parcels
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


def test_characters_of_every_kind_and_marks_in_texts_come_through_as_they_were() -> None:
    said = ['], [{"', "\\", '\\"', "\ud800", "één, twee", "\u0000"] * 50
    texts = [f"{n} {each} {noise(40)}" for n, each in enumerate(said)]
    parts = fitting(json.dumps({"data": texts}, indent=1).encode(), 8_000)
    assert len(parts) > 1
    assert [text for part in parts for text in json.loads(unpacked(part))["data"]] == texts


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_what_is_in_other_characters_is_cut_too(encoding: str) -> None:
    texts = [noise(400) for _ in range(20)]
    parts = fitting(json.dumps(texts, ensure_ascii=False).encode(encoding), ROOM)
    assert [text for part in parts for text in json.loads(unpacked(part))] == texts


def nested(depth: int) -> Any:
    value: Any = [1, 2]
    for _ in range(depth):
        value = [value, 0]
    return value


def peeled(layers: int, core: int) -> Any:
    """Each list holds nearly all, and a little beside it."""
    value: Any = noise(core)
    for _ in range(layers):
        value = [value, noise(20)]
    return value


HOSTILE = {
    "nested": [nested(90)] * 300 + [noise(200) for _ in range(400)],
    "nested too deep": [nested(900)] * 120 + [noise(200) for _ in range(400)],
    "lists of little": [[[1, 2]] * 60_000, [[3, 4]] * 60_000, noise(50_000)],
    "lists beside each other": {str(n): [noise(1_000), noise(1_000)] for n in range(60)},
    "peeled": peeled(90, 80_000),
    "much that goes with each": {"with": noise(60_000), "data": [noise(100) for _ in range(300)]},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_comes_is_parsed_once_never_written_anew_and_gone_through_only_so_often(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps(HOSTILE[name]).encode()
    loads, gone, packed = json.loads, list[int](), list[int]()
    parsed: list[int] = []

    def parse(text: Any) -> Any:
        parsed.append(len(text))
        return loads(text)

    def go(part: bytes, left: int) -> Any:
        gone.append(len(part))
        return best(part, left)

    def pack(part: bytes, room: int) -> bytes:
        packed.append(len(part))
        return whole(part, room)

    best, whole = parcels._best, parcels.whole
    monkeypatch.setattr(json, "loads", parse)
    monkeypatch.setattr(json, "dumps", None)
    monkeypatch.setattr(parcels, "_best", go)
    monkeypatch.setattr(parcels, "whole", pack)
    monkeypatch.setattr(parcels, "HANDLED", 5 * len(body))
    with suppress(ValueError):
        fitting(body, 20_000)
    assert len(parsed) <= 1
    assert len(gone) <= PARTS
    assert sum(gone) <= 5 * len(body)
    assert sum(packed) <= 6 * len(body)


@pytest.mark.parametrize("value", [[[]] * 200, {"a": [0] * 200}, [{"a": 1, "b": 2}] * 80])
def test_brackets_and_commas_are_looked_at_only_so_many_for_a_call(
    value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps([value, noise(200), noise(200)]).encode()
    assert len(fitting(body, 1_000)) > 1
    monkeypatch.setattr(parcels, "MARKS", 150)
    with pytest.raises(ValueError, match="marks"):
        fitting(body, 1_000)


def test_what_meta_saved_up_is_cut_into_few_parts_and_each_byte_is_handled_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = call([noise(300) for _ in range(1_500)], alone=True)
    assert 2_000_000 < len(body) < 3_000_000
    monkeypatch.setattr(parcels, "HANDLED", 4 * len(body))
    parts = fitting(body, 150_000)
    assert len(parts) <= 20
    assert [id for part in parts for id in told(part)] == [str(n) for n in range(1_500)]
