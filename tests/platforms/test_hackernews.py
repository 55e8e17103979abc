"""Hacker News: what its search shows late, in one second, of ourselves and in strange forms."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import BadInput, RateLimited, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import hackernews
from chalicelib.ports import Listens
from tests.platforms.peers import platform
from tests.servers.hackernews import FIRST, HackerNews

NOON = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HackerNews]:
    with HackerNews() as running:
        monkeypatch.setattr(hackernews, "API", running.url)
        yield running


def source(server: HackerNews, **settings: str) -> Any:
    return platform(
        "hackernews", {"query": "bread", **settings}, {}, Http(allow=frozenset({(server.host, server.port)}))
    )


def everything(ear: Listens, cursor: str) -> tuple[list[str], str]:
    """The ids, oldest first on each page, and the cursor to go on with."""
    ids: list[str] = []
    while True:
        page = ear.listen(cursor)
        ids += [item.id for item in page.found]
        cursor = page.cursor
        if not page.more:
            return ids, cursor


def test_a_comment_and_a_story_as_people_read_them(server: HackerNews) -> None:
    server.say("Good bread.\n\nReally <good> & cheap", at=NOON, parent=7)
    server.say("A bread oven", "bram", at=NOON + 1, url="https://oven.example/a")
    comment, story = source(server).listen("").found
    assert comment.text == "Good bread.\nReally <good> & cheap"
    assert (comment.reply_to, comment.author.handle) == ("7", "anna")
    assert comment.url == f"https://news.ycombinator.com/item?id={FIRST}"
    assert comment.posted_at == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert story.text == "A bread oven\nhttps://oven.example/a"
    assert story.reply_to == ""
    assert (comment.direct, story.direct) == (False, False)


def test_what_the_search_shows_late_is_heard_then_and_once(server: HackerNews) -> None:
    server.say("bread 1", at=NOON)
    late = server.say("bread, late", at=NOON + 5, shown=False)
    server.say("bread 2", at=NOON + 300)
    ear = source(server)
    _, cursor = everything(ear, "")
    server.say("bread 3", at=NOON + 301)
    assert everything(ear, cursor)[0] == [str(FIRST + 3)]
    cursor = everything(ear, cursor)[1]
    server.items[1].shown = True
    ids, cursor = everything(ear, cursor)
    assert ids == [late]
    assert everything(ear, cursor) == ([], cursor)


@pytest.mark.parametrize("apart", [0, 1])
def test_more_than_a_page_in_one_second_or_a_thousand_in_an_hour_are_heard_whole(
    server: HackerNews, apart: int
) -> None:
    server.say("bread", at=NOON)
    ear = source(server)
    _, cursor = everything(ear, "")
    said = [server.say(f"bread {n}", at=NOON + 900 + n * apart) for n in range(350 if apart == 0 else 1_200)]
    ids, _ = everything(ear, cursor)
    assert sorted(set(ids)) == sorted(said)


def test_links_to_a_site_are_looked_for_in_links_only(server: HackerNews) -> None:
    server.say("I like bieb.example", at=NOON)
    server.say("A library", at=NOON, url="https://bieb.example/news")
    (found,) = (
        platform(
            "hackernews",
            {"kind": "site", "site": "bieb.example"},
            {},
            Http(allow=frozenset({(server.host, server.port)})),
        )
        .listen("")
        .found
    )
    assert found.text.startswith("A library")


def test_the_recorded_answer_becomes_a_mention(server: HackerNews) -> None:
    recorded = Path(__file__).parent.parent / "data/platforms/hackernews_algolia_search.json"
    server.answers = 200, recorded.read_bytes()
    (found,) = source(server).listen("").found
    assert found.text == "We use ExampleBrand and it 'works'."
    assert (found.id, found.reply_to) == ("42000001", "42000000")


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"objectID": None, "created_at_i": 5},
        {"objectID": "1", "created_at_i": "soon", "author": "a", "comment_text": "x"},
        {"objectID": "1", "created_at_i": 10**30, "author": "a", "comment_text": "x"},
        {"objectID": "1", "created_at_i": 5, "author": None, "comment_text": "x"},
        {"objectID": "1", "created_at_i": 5, "author": "a", "comment_text": ["x"]},
        "a text",
        None,
    ],
)
def test_what_is_no_message_is_passed_over(server: HackerNews, strange: object) -> None:
    good = {"objectID": "2", "created_at_i": NOON, "author": "a", "comment_text": "bread"}
    server.answers = 200, json.dumps({"hits": [good, strange]}).encode()
    assert [item.id for item in source(server).listen("").found] == ["2"]


@pytest.mark.parametrize("body", [b"[]", b'{"hits": 3}', b"<html>", b"\xff", b""])
def test_what_is_no_answer_is_a_failure_and_not_silence(server: HackerNews, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        source(server).listen("")


def test_asked_for_rest_it_says_so(server: HackerNews) -> None:
    server.rate_limited = {"Retry-After": "30"}
    with pytest.raises(RateLimited) as refused:
        source(server).listen("")
    assert refused.value.retry_after == 30


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"query": " "}, "query"), ({"kind": "site"}, "query"), ({"kind": "users", "query": "a"}, "kind")],
)
def test_what_it_cannot_look_for_is_named(server: HackerNews, settings: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput, match=field):
        source(server, **settings)
