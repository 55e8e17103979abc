"""Bluesky, beyond what every network promises (test_contract.py): what is heard, and how far back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.brandfile.file import read
from chalicelib.domain.mention import Author
from chalicelib.errors import BadInput, Rejected, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import _latest, bluesky
from chalicelib.ports import Kit
from tests.platforms.memory import MemoryShelf
from tests.platforms.peers import bluesky as connected
from tests.servers.bluesky import PASSWORD, US, Bluesky, did_of

ROOT = Path(__file__).parent.parent.parent
LIST = "app.bsky.notification.listNotifications"
START = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Bluesky]:
    with Bluesky() as server:
        yield server


def sample(name: str) -> Any:
    return json.loads((ROOT / f"tests/data/platforms/{name}.json").read_text())


def page(server: Bluesky, value: Any, **settings: str) -> Any:
    """The module, with a server that answers every question for a list with `value`."""
    server.answers = (200, json.dumps(value).encode())
    server.answers_to = "searchPosts" if settings else "listNotifications"
    return connected(server, **settings)


def notification(**fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = sample("bluesky_list_notifications")["notifications"][1]
    return {name: value for name, value in {**found, **fields}.items() if value is not ...}


def recorded(**fields: Any) -> dict[str, Any]:
    record = {**notification()["record"], **fields}
    return notification(record={name: value for name, value in record.items() if value is not ...})


def all_pages(source: Any, cursor: str) -> tuple[list[str], str, int]:
    """What is heard until there is no more, the last cursor, and how many pages it took."""
    texts: list[str] = []
    for n in range(1, 50):
        heard = source.listen(cursor)
        texts += [found.text for found in heard.found]
        cursor = heard.cursor
        if not heard.more:
            return texts, cursor, n
    raise AssertionError("it never ends")


# what is heard -----------------------------------------------------------------------------------------


def test_the_documented_notifications(server: Bluesky) -> None:
    reply, mention = page(server, sample("bluesky_list_notifications")).listen("").found
    assert mention.id == "alice/3m64zkagm222b"
    assert mention.text == "hey @brand.example how do I return this?"
    assert mention.author == Author(
        id="did:plc:alice", handle="alice.test", url="https://bsky.app/profile/alice.test"
    )
    assert mention.posted_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert mention.url == "https://bsky.app/profile/alice.test/post/3m64zkagm222b"
    assert (mention.reply_to, mention.language, mention.direct) == ("", "en", True)
    assert (reply.reply_to, reply.language, reply.direct) == ("brand/3m64zk2222222", "", True)


def test_it_asks_as_documented(server: Bluesky) -> None:
    connected(server).listen("")
    connected(server, kind="search", query='"soup of the day"').listen("")
    asked = [(request.path, request.query) for request in server.requests if request.method == "GET"]
    assert asked == [
        (f"/xrpc/{LIST}", {"reasons": ["mention", "reply", "quote"], "limit": ["100"]}),
        (
            "/xrpc/app.bsky.feed.searchPosts",
            {"q": ['"soup of the day"'], "sort": ["latest"], "limit": ["100"]},
        ),
    ]


def test_a_quote_is_about_us_and_a_reply_is_to_us(server: Bluesky) -> None:
    ours = server.say("Fresh soup", US)
    server.say("Mine was cold", parent=ours)
    server.say("Look at them", quotes=ours)
    reply, quote = connected(server).listen("").found
    assert (reply.direct, reply.reply_to) == (True, "/".join(ours.split("/")[i] for i in (2, 4))[8:])
    assert (quote.direct, quote.reply_to) == (False, "")


def test_what_a_search_finds_is_not_addressed_to_us(server: Bluesky) -> None:
    server.say("Cold soup today", "anna.test")
    (found,) = connected(server, kind="search", query="soup").listen("").found
    assert (found.text, found.author.name, found.direct) == ("Cold soup today", "Anna", False)


def test_our_own_are_known_by_account_whatever_its_name(server: Bluesky) -> None:
    server.say("Our soup", US)
    server.handles[did_of(US)] = "renamed.test"
    assert connected(server, kind="search", query="soup").listen("").found == ()


BROKEN: tuple[dict[str, Any], ...] = (
    {"reason": "like"},
    {"reason": ["mention"]},
    {"reason": ...},
    {"uri": ...},
    {"uri": 7},
    {"uri": "at://did:plc:carol/app.bsky.feed.like/3m64zkagm222c"},
    {"author": ...},
    {"author": "carol"},
    {"author": {"did": "carol", "handle": "carol.test"}},
    {"author": {"did": "did:plc:carol", "handle": "<b>"}},
    {"record": ...},
    {"record": []},
    {"indexedAt": ...},
    {"indexedAt": 1763719200},
    {"indexedAt": "2026-11-21T10:01:01"},
)
HOSTILE: list[Any] = [
    None,
    7,
    "x",
    [],
    {},
    *(notification(**change) for change in BROKEN),
    *(recorded(text=text) for text in (..., None, "", " \n", ["indeed"])),
]


def test_items_of_no_use_harm_no_other(server: Bluesky) -> None:
    good = [notification(uri=f"at://did:plc:carol/app.bsky.feed.post/{n}") for n in "abc"]
    heard = page(server, {"notifications": [good[0], *HOSTILE, *good[1:]]}).listen("")
    assert [found.id for found in heard.found] == ["carol/c", "carol/b", "carol/a"]


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        (recorded(langs="en"), "language", ""),
        (recorded(langs=[]), "language", ""),
        (recorded(langs=[7]), "language", ""),
        (recorded(langs=["pt-BR", "en"]), "language", "pt-BR"),
        (recorded(reply="x"), "reply_to", ""),
        (recorded(reply={"parent": []}), "reply_to", ""),
        (recorded(reply={"parent": {"uri": "at://x"}}), "reply_to", ""),
        (recorded(text="half \ud83d"), "text", "half ?"),
        (recorded(text="a\u202eb\n\n\nc"), "text", "ab\nc"),
        (recorded(createdAt="2026-11-21T09:00:00Z"), "posted_at", START - timedelta(hours=1)),
        (recorded(createdAt="2036-11-21T09:00:00Z"), "posted_at", START + timedelta(seconds=61)),
        (recorded(facets={}), "links", ()),
        (recorded(facets=[7, {"features": 7}]), "links", ()),
        (recorded(facets=[{"features": [7, {"uri": 7}, {"uri": "at://did:plc:carol/x"}]}]), "links", ()),
        (recorded(createdAt=...), "posted_at", START + timedelta(seconds=61)),
        (recorded(createdAt="soon"), "posted_at", START + timedelta(seconds=61)),
        (
            notification(author={"did": "did:plc:carol", "handle": "handle.invalid"}),
            "url",
            "https://bsky.app/profile/did:plc:carol/post/3m64zkagm222c",
        ),
    ],
)
def test_a_field_of_no_use_is_left_out(server: Bluesky, item: Any, field: str, value: Any) -> None:
    (found,) = page(server, {"notifications": [item]}).listen("").found
    assert getattr(found, field) == value


def test_a_link_that_the_app_shortened_in_the_text_is_known_whole(server: Bluesky) -> None:
    whole = "https://www.lindebieb.nl/agenda/een-heel-lange-naam"
    mark = {"$type": "app.bsky.richtext.facet#link", "uri": whole}
    marks = [{"index": {"byteStart": 4, "byteEnd": 30}, "features": [mark, {"tag": "bieb"}]}]
    item = recorded(text="Zie www.lindebieb.nl/agenda/een-h...", facets=marks)
    (found,) = page(server, {"notifications": [item]}).listen("").found
    assert found.links == (whole,)


@pytest.mark.parametrize(
    ("followers", "kept"), [(12, 12), (-1, None), ("12", None), (True, None), (..., None)]
)
def test_followers_are_a_number_or_unknown(server: Bluesky, followers: Any, kept: int | None) -> None:
    author = {"did": "did:plc:carol", "handle": "carol.test", "followersCount": followers}
    author = {name: value for name, value in author.items() if value is not ...}
    (found,) = (
        page(server, {"posts": [notification(author=author)]}, kind="search", query="x").listen("").found
    )
    assert found.author.followers == kept


@pytest.mark.parametrize("value", [[], None, {}, {"notifications": {}}, "x"])
def test_an_answer_without_a_list_is_no_answer(server: Bluesky, value: Any) -> None:
    with pytest.raises(Unavailable):
        page(server, value).listen("")


# how far back ------------------------------------------------------------------------------------------


def test_of_one_moment_none_is_lost_and_none_is_heard_twice(server: Bluesky) -> None:
    source = connected(server)
    server.say(f"@{US} One", at=START)
    first = source.listen("")
    server.say(f"@{US} Two", at=START)
    second = source.listen(first.cursor)
    server.say(f"@{US} Three", at=START)
    third = source.listen(second.cursor)
    assert [[found.text[-3:] for found in heard.found] for heard in (first, second, third)] == [
        ["One"],
        ["Two"],
        ["ree"],
    ]
    assert source.listen(third.cursor).found == ()


def test_asked_twice_with_one_cursor_it_gives_the_same_again(server: Bluesky) -> None:
    source = connected(server)
    server.say(f"@{US} One", at=START)
    cursor = source.listen("").cursor
    server.say(f"@{US} Two", at=START + timedelta(seconds=1))
    assert source.listen(cursor) == source.listen(cursor)


def test_the_first_poll_brings_one_page(server: Bluesky) -> None:
    for n in range(130):
        server.say(f"@{US} {n}", at=START + timedelta(seconds=n))
    heard = connected(server).listen("")
    assert (len(heard.found), heard.found[0].text, heard.more) == (100, f"@{US} 30", False)


@pytest.mark.parametrize("kind", ["mentions", "search"])
def test_a_flood_longer_than_one_reading_is_heard_whole(
    server: Bluesky, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A reading that stops half way goes on; what comes meanwhile is heard after it."""
    monkeypatch.setattr(_latest, "PAGES", 2)
    monkeypatch.setattr(bluesky, "LIMITS", (10,))
    source = connected(server, kind=kind, **({"query": US} if kind == "search" else {}))
    server.say(f"@{US} before", at=START)
    cursor = source.listen("").cursor
    said = [f"@{US} {n}" for n in range(75)]
    for n, text in enumerate(said):
        server.say(text, at=START + timedelta(seconds=1 + n // 4))
    half = source.listen(cursor)
    assert (len(half.found), half.more) == (20, True)
    rest, cursor, readings = all_pages(source, half.cursor)
    assert sorted([found.text for found in half.found] + rest) == sorted(said)
    assert readings == 3
    server.say(f"@{US} after", at=START + timedelta(hours=1))
    assert all_pages(source, cursor)[0] == [f"@{US} after"]


def test_what_comes_during_a_long_reading_is_not_lost(
    server: Bluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_latest, "PAGES", 1)
    monkeypatch.setattr(bluesky, "LIMITS", (10,))
    source = connected(server)
    server.say(f"@{US} before", at=START)
    cursor = source.listen("").cursor
    for n in range(25):
        server.say(f"@{US} {n}", at=START + timedelta(seconds=1 + n))
    heard = source.listen(cursor)
    server.say(f"@{US} late", at=START + timedelta(minutes=1))
    texts, cursor, _ = all_pages(source, heard.cursor)
    assert f"@{US} late" not in texts
    assert f"@{US} late" in all_pages(source, cursor)[0]


def test_a_network_that_goes_no_further_back_ends_the_reading(server: Bluesky) -> None:
    items = [notification(uri=f"at://did:plc:carol/app.bsky.feed.post/{n}") for n in range(3)]
    source = page(server, {"notifications": items, "cursor": "again"})
    reading = source.listen("2026-11-20T00:00:00+00:00 x")
    assert not reading.more, "the same page twice is the end"
    top = "2026-11-21T10:01:01+00:00 carol/0"
    server.answers = (400, b'{"error": "InvalidRequest", "message": "Bad cursor"}')
    stopped = source.listen(f"2026-11-20T00:00:00+00:00 x|{top}|offset:900")
    assert (stopped.found, stopped.cursor, stopped.more) == ((), top, False)
    with pytest.raises(Rejected, match="InvalidRequest: Bad cursor"):
        source.listen(top)


def test_a_stranger_with_a_heavy_record_does_not_deafen_us(server: Bluesky) -> None:
    source = connected(server)
    server.say(f"@{US} before", at=START)
    cursor = source.listen("").cursor
    for n in range(3):
        server.say(f"@{US} {n}", at=START + timedelta(seconds=1 + n), ballast="x" * 900_000)
    assert all_pages(source, cursor)[0] == [f"@{US} {n}" for n in range(3)]


# settings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "handle"),
        ({"handle": "brand"}, "handle"),
        ({"handle": "brand.test\r\nX: 1"}, "handle"),
        ({"handle": "brand.test", "service": "bsky.social"}, "service"),
        ({"handle": "brand.test", "service": "http://bsky.social"}, "service"),
        ({"handle": "brand.test", "service": "https://bsky.social/xrpc"}, "service"),
        ({"handle": "brand.test", "kind": "hashtag"}, "kind"),
        ({"handle": "brand.test", "kind": "search"}, "query"),
        ({"handle": "brand.test", "query": "soup"}, "query"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        bluesky.connect(settings, {}, Kit(http=Http(allow=frozenset()), shelf=MemoryShelf()))
    assert refused.value.field == field


def test_what_a_brand_file_says_is_what_the_module_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The section of the guide, whole, and a search beside it."""
    monkeypatch.setenv("BLUESKY_PASSWORD", PASSWORD)
    guide = (ROOT / "docs/brand-file.md").read_text("utf-8").partition("## An account on Bluesky")[2]
    shown = guide.partition("```yaml\n")[2].partition("```")[0]
    search = (
        "  - {name: Zoek, platform: bluesky, kind: search, query: zuurdesem, service: pds.example,\n"
        '     handle: "@Deeg.Example", app_password: "env:BLUESKY_PASSWORD"}\n'
    )
    head = "name: Deeg\nzone: Europe/Amsterdam\nlanguages: nl\ndepartments:\n  - name: Balie\n"
    (tmp_path / "deeg.yaml").write_text(head + shown.replace("channels:", search + "channels:"))
    setup = read(tmp_path / "deeg.yaml", now=START)

    home = {"service": "https://bsky.social", "handle": "deeg.bsky.social"}
    assert [source.settings for source in setup.sources] == [
        {**home, "kind": "mentions"},
        {"service": "https://pds.example", "handle": "deeg.example", "kind": "search", "query": "zuurdesem"},
    ]
    assert [channel.settings for channel in setup.brand.channels] == [home]
    assert list(setup.secrets.values()) == [{"app_password": PASSWORD}] * 3
    kit = Kit(http=Http(allow=frozenset()), shelf=MemoryShelf())
    for settings in (*(s.settings for s in setup.sources), home):
        assert bluesky.connect(settings, {"app_password": PASSWORD}, kit).room() == 300


def test_a_wrong_handle_in_a_brand_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.brandfile.file import BrandFileError

    monkeypatch.setenv("BLUESKY_PASSWORD", PASSWORD)
    source = (
        '  - {name: B, platform: bluesky, kind: mentions, handle: deeg, app_password: "env:BLUESKY_PASSWORD"}'
    )
    head = "name: Deeg\nzone: Europe/Amsterdam\nlanguages: nl\ndepartments:\n  - name: Balie\nsources:\n"
    (tmp_path / "deeg.yaml").write_text(head + source)
    with pytest.raises(BrandFileError) as refused:
        read(tmp_path / "deeg.yaml", now=START)
    assert refused.value.faults == [
        "line 7: sources[0].handle: expected an account's whole name such as deeg.bsky.social, got deeg"
    ]
