"""Reddit: its lists, and that nobody writes there by program."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any

import pytest

from chalicelib.errors import BadInput, RateLimited, Rejected, Unauthorized, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import answering, can, reddit as module
from tests.platforms.peer_reddit import reddit, running
from tests.platforms.peers import platform
from tests.servers.reddit import US, Reddit

DATA = Path(__file__).parent.parent / "data/platforms"


@pytest.fixture
def server() -> Iterator[Reddit]:
    with running() as server:
        yield server


def test_a_comment_is_read_as_it_is_shown(server: Reddit) -> None:
    thing = server.say("u/brand R&D <b>cold</b> soup", parent="t1_kabc123")
    (found,) = reddit(server).listen("").found
    assert (found.id, found.text) == (thing.name, "u/brand R&D <b>cold</b> soup")
    assert (found.author.id, found.author.handle) == ("t2_anna", "anna")
    assert found.author.url == "https://www.reddit.com/user/anna"
    assert found.url == "https://www.reddit.com/r/bakery/comments/17abcde/a_post/k00000/"
    assert found.posted_at == datetime.fromtimestamp(thing.at, UTC)
    assert (found.reply_to, found.direct, found.edited) == ("t1_kabc123", True, False)


def test_a_post_is_its_title_and_what_it_says(server: Reddit) -> None:
    server.say("Who bakes?", title="Looking for bread")
    server.say("", title="bread, and nothing more")
    posts = reddit(server, kind="search", query="bread").listen("").found
    assert [each.text for each in posts] == ["Looking for bread\nWho bakes?", "bread, and nothing more"]
    assert [(each.reply_to, each.direct) for each in posts] == [("", False)] * 2


def test_what_was_edited_says_since_when(server: Reddit) -> None:
    at = time() - 60
    server.say("u/brand, edited", at=at - 60, edited=at)
    (found,) = reddit(server).listen("").found
    assert (found.edited, found.as_of) == (True, datetime.fromtimestamp(at, UTC))


def test_in_communities_only_who_names_us_is_addressed_to_us(server: Reddit) -> None:
    server.say("their bread")
    server.say("ask U/Brand", community="soup")
    server.say("u/brandy is good", community="soup")
    server.say("elsewhere", community="gardens")
    found = reddit(server, kind="comments", communities="r/bakery+soup").listen("").found
    assert [(each.text, each.direct) for each in found] == [
        ("their bread", False),
        ("ask U/Brand", True),
        ("u/brandy is good", False),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "t4_private"},
        {"name": None},
        {"author": "[deleted]"},
        {"author": None},
        {"body": "[removed]", "body_html": None},
        {"body": None, "body_html": None},
    ],
)
def test_what_is_private_or_gone_is_no_mention(changes: dict[str, Any]) -> None:
    thing = {"name": "t1_a", "author": "anna", "body": "bread", "created_utc": 1.0, **changes}
    assert module.found(thing, "brand", True) is None


def test_an_answer_of_ours_as_reddit_gives_it_back_is_no_mention() -> None:
    answer = json.loads((DATA / "reddit_comment_reply_response.json").read_text())
    (thing,) = answer["json"]["data"]["things"]
    assert module.found(thing["data"], "brand", True) is None
    read = module.found({**thing["data"], "author": "anna"}, "brand", False)
    assert read
    assert (read.id, read.reply_to, read.text) == ("t1_kdef456", "t1_kabc123", "Thanks!")
    assert read.url == "https://www.reddit.com/r/test/comments/17abcde/a_post/kdef456/"


@pytest.mark.parametrize("moment", [None, False, True, "1", -1, 1e12, float("nan")])
def test_a_strange_moment_is_none(moment: Any) -> None:
    thing = {"name": "t1_a", "author": "anna", "body": "bread", "created_utc": moment, "edited": moment}
    read = module.found(thing, "brand", True)
    assert read
    assert (read.posted_at, read.edited) == (None, False)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"error": 401}', Unauthorized),
        (403, b'{"reason": "private"}', Unauthorized),
        (404, b"{}", Rejected),
        (500, b"<html>", Unavailable),
        (200, b"[]", Unavailable),
        (200, b'{"data": {"children": {}}}', Unavailable),
    ],
)
def test_each_failure_has_its_word(server: Reddit, status: int, body: bytes, error: type[Exception]) -> None:
    server.answers = status, body
    with pytest.raises(error):
        reddit(server).listen("")


def test_it_comes_back_when_reddit_says_and_tells_what_is_left(server: Reddit) -> None:
    page = reddit(server).listen("")
    assert page.quota
    assert page.quota.left == 598
    server.rate_limited = {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "42"}
    with pytest.raises(RateLimited) as refused:
        reddit(server).listen("")
    assert refused.value.retry_after == pytest.approx(42, abs=1)


def test_it_says_who_it_is_as_reddit_wants_it(server: Reddit) -> None:
    reddit(server, client_id="abc123").listen("")
    assert server.requests[-1].headers["user-agent"] == "web:abc123:0.1 (by /u/brand)"


def test_a_key_is_tried(server: Reddit) -> None:
    assert reddit(server).check() is None
    with pytest.raises(Unauthorized):
        reddit(server, token="another").check()
    server.answers = 200, b"{}"
    with pytest.raises(Unavailable):
        reddit(server).check()


def test_a_key_of_another_account_is_refused(server: Reddit) -> None:
    assert reddit(server, account=f"u/{US.upper()}").check() is None
    with pytest.raises(Unauthorized, match="the key is of another account"):
        reddit(server, account="private").check()


def test_a_person_answers_there() -> None:
    found = answering("reddit", direct=True, age=timedelta())
    assert (found.how, found.why_not) == ("browser", module.WHY_NOT)
    assert not can("reddit", "publish")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"account": ""}, "account"),
        ({"kind": "posts"}, "kind"),
        ({"kind": "search"}, "query"),
        ({"kind": "comments"}, "communities"),
        ({"kind": "comments", "communities": "bakery/soup"}, "communities"),
        ({"kind": "comments", "communities": "../me"}, "communities"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput, match=field):
        platform("reddit", {"account": "brand", **settings}, {"token": "t"}, Http())
