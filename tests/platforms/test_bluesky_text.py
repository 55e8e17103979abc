"""Bluesky's rules of text and names. The published cases of both are in `test_text_cases.py`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.mention import native_id
from chalicelib.platforms._atproto import HANDLE, at_uri, record_key, short_id, tid
from chalicelib.platforms._http_json import origin
from chalicelib.platforms._richtext import facets, length
from tests.platforms.test_text_cases import spans

RULES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data/platforms/bluesky_text.json").read_text()
)
POST = "app.bsky.feed.post"
NAME = "abcdefghijklmnopqrstuvwx"
KEY = "3m64zkagm222b"


# lengths -----------------------------------------------------------------------------------------------


def test_a_text_of_too_many_bytes_is_too_long_however_short_it_looks() -> None:
    family = "👨‍👩‍👧‍👧"
    assert (length(family * 120), len((family * 120).encode())) == (120, 3000)
    assert length(family * 120 + "!") == 301
    assert length(family * 240) == 600
    assert length("x" * 4000) == 4000


# facets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("☕ @Anna.Test", [(4, 14, "mention", "did:fake:anna.test")]),
        ("@anna", []),
        ("@handle.com_x", []),
        ("http://soup.example!", [(0, 19, "link", "http://soup.example")]),
        ("httpbin.org/get", [(0, 15, "link", "https://httpbin.org/get")]),
        ("https:// and https://)", []),
        ("SOUP.NL", [(0, 7, "link", "https://SOUP.NL")]),
        ("(https://a.nl/(@b.nl", [(1, 20, "link", "https://a.nl/(@b.nl")]),
        ("#️⃣ and #" + "x" * 65, []),
        ("#" + "x" * 64, [(0, 65, "tag", "x" * 64)]),
        ("＃wide", [(0, 7, "tag", "wide")]),
    ],
)
def test_further_cases(text: str, found: list[tuple[int, int, str, str]]) -> None:
    assert spans(text) == found


def test_a_name_nobody_has_is_plain_text() -> None:
    assert facets("@nobody.test and @anna.test", lambda handle: "did:x:1" if "anna" in handle else "") == [
        {
            "index": {"byteStart": 17, "byteEnd": 27},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:x:1"}],
        }
    ]


# record keys -------------------------------------------------------------------------------------------


def test_one_token_has_one_key_of_the_published_form_and_of_the_past() -> None:
    form = re.compile(RULES["tid"]["regex"])
    assert all(form.match(key) for key in RULES["tid"]["valid"])
    assert not any(form.match(key) for key in RULES["tid"]["invalid"])
    keys = {record_key(f"token-{n}") for n in range(2000)}
    assert len(keys) == 2000
    assert all(form.match(key) and tid(1_700_000_000_000_000, 0) <= key < "3lg" for key in keys)
    assert record_key("token-1") == record_key("token-1")


# ids ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("did", "id"),
    [
        (f"did:plc:{NAME}", f"{NAME}/{KEY}"),
        ("did:web:soup.example", f"web:soup.example/{KEY}"),
        ("did:web:" + "a" * 38 + ".example", "web:" + "a" * 38 + f".example/{KEY}"),
    ],
)
def test_an_address_has_a_short_id_that_leads_back(did: str, id: str) -> None:
    uri = f"at://{did}/{POST}/{KEY}"
    assert short_id(uri) == id
    assert native_id(id) == id
    assert at_uri(id) == uri


@pytest.mark.parametrize("did", ["did:web:" + "a" * 50 + ".example", "did:web:soup.example%3A8443"])
def test_an_id_with_a_hashed_name_leads_back_for_who_knows_the_name(did: str) -> None:
    uri = f"at://{did}/{POST}/{KEY}"
    id = short_id(uri)
    assert re.fullmatch(rf"h\.[a-z2-7]{{24}}/{KEY}", id)
    assert (at_uri(id), at_uri(id, "did:web:other.example"), at_uri(id, did)) == ("", "", uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        None,
        7,
        "https://soup.example/",
        f"at://anna.test/{POST}/{KEY}",
        f"at://did:plc:{NAME}/app.bsky.feed.like/{KEY}",
        f"at://did:plc:{NAME}/{POST}/",
        f"at://did:plc:{NAME}/{POST}/{KEY}/x",
        f"at://did:plc:{NAME}/{POST}/{KEY}\n",
    ],
)
def test_what_is_no_post_has_no_id(uri: Any) -> None:
    assert short_id(uri) == ""


@pytest.mark.parametrize(
    "id", ["", "103186126728800000", "/", f"{NAME}/", f"/{KEY}", f"h.x/{KEY}", "a b/c", "h.x"]
)
def test_what_is_no_id_of_ours_leads_nowhere(id: str) -> None:
    assert at_uri(id) == ""


@pytest.mark.parametrize(
    ("handle", "good"),
    [
        ("anna.test", True),
        ("a-b.c.example", True),
        ("anna", False),
        ("-anna.test", False),
        ("anna.test.", False),
        ("anna.1", False),
        ("a" * 64 + ".test", False),
        ("a." * 130 + "test", False),
        ("anna.test\n", False),
    ],
)
def test_a_handle_is_a_host_name(handle: str, good: bool) -> None:
    assert bool(HANDLE.fullmatch(handle)) is good


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://pds.example/", "https://pds.example"),
        ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
        ("http://pds.example", ""),
        ("https://us@pds.example", ""),
        ("https://pds.example/x", ""),
        ("https://pds.example?x", ""),
        ("https://pds.example:x", ""),
        ("https://[pds", ""),
        ("https://", ""),
        (None, ""),
    ],
)
def test_a_token_travels_only_to_a_whole_safe_address(given: Any, found: str) -> None:
    assert origin(given) == found
