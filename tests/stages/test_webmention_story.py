"""A page elsewhere links to ours and says so at the door; behind the queue it is looked at, and is work."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib import wiring
from tests.platforms.test_webmention import HTML, SITE, TARGET, link
from tests.servers.base import Reply
from tests.stages.test_feed_names import texts
from tests.stages.town import BRAND, Town

WORD = "a-word-that-stands-in-the-head-of-our-pages"


@pytest.fixture(autouse=True)
def source(town: Town) -> None:
    kept = {"scheme": "webmention", "secret": WORD, "topic": SITE}
    wiring.secrets().put(f"hook/{BRAND}/links", kept)
    about = {"scheme": "webmention", "topic": SITE}
    town.source("links", "webhook", about, interval=0, watched=False, channel="wall")


def say(town: Town, source: str, word: str = WORD) -> dict[str, Any]:
    body = urlencode({"source": source, "target": TARGET}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return town.call(body, f"/{BRAND}/links/{word}", headers=headers)


def test_it_is_taken_at_once_and_looked_at_behind_the_queue(town: Town) -> None:
    page = town.feeds.publish("/post", link(), HTML)
    asked = len(town.feeds.requests)
    told = say(town, page)
    assert (told["statusCode"], json.loads(told["body"])) == (202, {"accepted": True})
    assert len(town.feeds.requests) == asked, "not while the caller waits"
    town.drain(duplicate=True)
    assert texts(town) == ["Warm & fresh\nI had their bread.\nLovely!"]
    assert town.case().said == texts(town)[0]
    town.feeds.misbehave("/post", Reply(410))
    say(town, page)
    town.drain()
    assert texts(town) == [""]


def test_what_does_not_link_to_us_leaves_nothing_and_nothing_that_failed(town: Town) -> None:
    for reply in (Reply(200, b"<p>Buy this</p>"), Reply(500), Reply(200, drop=True)):
        say(town, town.feeds.misbehave("/spam", reply))
        town.drain()
    assert texts(town) == []
    assert say(town, "https://a.example/", "another-word-that-nobody-told-us-of")["statusCode"] == 401


@pytest.mark.parametrize("body", [b"", b"junk", b'{"type": "mention.created"}', b"\x1f\x8bjunk", b"source=a"])
def test_what_is_no_webmention_is_dropped_and_counted_as_everybody_knows_the_address(
    town: Town, capsys: pytest.CaptureFixture[str], body: bytes
) -> None:
    before = town.world.items()
    assert town.call(body, f"/{BRAND}/links/{WORD}", headers={})["statusCode"] == 202
    capsys.readouterr()
    town.drain()
    assert town.world.reasons("hear") == []
    assert town.world.items() == before
    assert '"junk":1' in capsys.readouterr().out


def test_whoever_finds_the_address_removes_nothing_and_forges_nothing(town: Town) -> None:
    page = town.feeds.publish("/post", link(), HTML)
    say(town, page)
    town.drain()
    before, case = texts(town), town.case()
    for kind, told in (
        ("mention.deleted", {"id": page}),
        ("mention.created", {"id": "z", "author": {"handle": "mayor"}, "text": "A disgrace!"}),
    ):
        body = json.dumps({"type": kind, "timestamp": "2026-11-16T00:00:00Z", "data": told}).encode()
        path = f"/{BRAND}/links/{WORD}"
        assert town.call(body, path, headers={"content-type": "application/json"})["statusCode"] == 202
        town.drain()
    assert texts(town) == before
    assert town.case() == case
