"""The generic webhook says what it was told, or which field it could not use (S5, S8)."""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, cast
from urllib.parse import quote_plus

import pytest

from chalicelib.domain.mention import TEXT_LIMIT, Author, Found, MentionKey, native_id
from chalicelib.errors import BadInput
from chalicelib.http import Http
from chalicelib.platforms import linkedin
from chalicelib.platforms.webhook import NETWORKS, SCHEME, THEIRS, Webhook, leaves_out
from chalicelib.ports import Kit
from tests.platforms.peers import platform
from tests.platforms.recorded import payload

DATA = Path(__file__).parent.parent / "data/platforms"

KIT = Kit(http=cast(Any, None), shelf=cast(Any, None))
"""Nobody outside is asked for what comes in our own form."""


def call(data: Any = None, **envelope: Any) -> bytes:
    whole = {"type": "mention.created", "timestamp": "2026-11-23T09:12:00Z", "data": data, **envelope}
    return json.dumps({name: value for name, value in whole.items() if value is not ...}).encode()


def item(**fields: Any) -> dict[str, Any]:
    whole = {"id": "review-1", "author": {"handle": "anna"}, "text": "Cold soup.", **fields}
    return {name: value for name, value in whole.items() if value is not ...}


def hear(body: bytes) -> tuple[Found, ...]:
    return Webhook(SCHEME, "", KIT).hear({}, body)


def fault(body: bytes) -> BadInput:
    with pytest.raises(BadInput) as refused:
        hear(body)
    return refused.value


def test_the_least_that_makes_a_mention() -> None:
    (found,) = hear(call(item()))
    assert found == Found(
        id="review-1",
        author=Author(id="anna", handle="anna"),
        text="Cold soup.",
        posted_at=None,
        direct=True,
        platform="webhook",
        as_of=datetime(2026, 11, 23, 9, 12, tzinfo=UTC),
    )


def test_all_that_can_be_told() -> None:
    author = {"id": "77", "handle": "@anna", "name": "Anna", "url": "https://r.example/anna", "followers": 12}
    given = item(
        author=author,
        platform="reviews",
        url="https://r.example/1",
        posted_at="2026-11-23T10:10:00+01:00",
        reply_to="review-0",
        language="nl",
    )
    assert hear(call([given])) == (
        Found(
            id="review-1",
            author=Author(id="77", handle="anna", name="Anna", url="https://r.example/anna", followers=12),
            text="Cold soup.",
            posted_at=datetime(2026, 11, 23, 9, 10, tzinfo=UTC),
            url="https://r.example/1",
            reply_to="review-0",
            language="nl",
            direct=True,
            platform="reviews",
            as_of=datetime(2026, 11, 23, 9, 12, tzinfo=UTC),
        ),
    )


def test_many_at_once_keep_their_order() -> None:
    found = hear(call([item(id=str(n)) for n in range(100)]))
    assert [one.id for one in found] == [str(n) for n in range(100)]


def test_a_polled_message_has_the_same_key_by_webhook() -> None:
    guid = "https://blog.example/?p=7&preview=no#c"
    (found,) = hear(call(item(id=guid, reply_to=guid, platform="feed")))
    assert (found.platform, found.id, found.reply_to) == ("feed", native_id(guid), native_id(guid))
    assert MentionKey("bakery", found.platform, found.id)


def test_markup_is_text_unless_it_is_said_to_be_html() -> None:
    (as_text,) = hear(call(item(text="<b>1 &lt; 2</b>")))
    (as_html,) = hear(call(item(text="<b>1 &lt; 2</b><script>alert(1)</script>", text_is_html=True)))
    assert (as_text.text, as_html.text) == ("<b>1 &lt; 2</b>", "1 < 2")


def test_what_nobody_sees_is_not_kept() -> None:
    (found,) = hear(call(item(text="Cold\x00 \u202esoup.\r\n\n\nAgain.", author={"handle": "@an\u200bna\n"})))
    assert (found.text, found.author.handle) == ("Cold soup.\nAgain.", "anna")


def test_a_long_text_is_cut_where_all_are() -> None:
    (found,) = hear(call(item(text="é" * 50_000)))
    assert found.text == "é" * TEXT_LIMIT


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "contact.created"}, "type"),
        ({"type": ...}, "type"),
        ({"timestamp": ...}, "timestamp"),
        ({"timestamp": "2026-11-23"}, "timestamp"),
        ({"timestamp": "2026-11-23T09:12:00"}, "timestamp"),
        ({"timestamp": 1764000000}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"data": ...}, "data"),
        ({"data": None}, "data"),
        ({"data": "x"}, "data"),
        ({"data": []}, "data"),
        ({"data": [item()] * 101}, "data"),
        ({"data": [item(), 7]}, "data[1]"),
        ({"brand": "other"}, "brand"),
    ],
)
def test_a_fault_of_the_envelope_is_named(change: dict[str, Any], field: str) -> None:
    assert fault(call(**{"data": item(), **change})).field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ...}, "id"),
        ({"id": 7}, "id"),
        ({"id": " "}, "id"),
        ({"id": "x" * 1001}, "id"),
        ({"text": ...}, "text"),
        ({"text": None}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "<br>", "text_is_html": True}, "text"),
        ({"text_is_html": "yes"}, "text_is_html"),
        ({"author": ...}, "author"),
        ({"author": "anna"}, "author"),
        ({"author": {}}, "author.handle"),
        ({"author": {"handle": "@"}}, "author.handle"),
        ({"author": {"handle": "a" * 201}}, "author.handle"),
        ({"author": {"handle": "a", "id": "x" * 1001}}, "author.id"),
        ({"author": {"handle": "a", "name": ["a"]}}, "author.name"),
        ({"author": {"handle": "a", "followers": -1}}, "author.followers"),
        ({"author": {"handle": "a", "followers": True}}, "author.followers"),
        ({"author": {"handle": "a", "followers": 1e3}}, "author.followers"),
        ({"author": {"handle": "a", "followers": 10**30}}, "author.followers"),
        ({"author": {"handle": "a", "url": "javascript:alert(1)"}}, "author.url"),
        ({"author": {"handle": "a", "role": "admin"}}, "author.role"),
        ({"url": "http://r.example/"}, "url"),
        ({"url": "https://good.example@evil.example/"}, "url"),
        ({"url": "https://r.example/\r\nSet-Cookie: a"}, "url"),
        ({"url": "https://[r.example/"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://r.example/" + "x" * 2000}, "url"),
        ({"posted_at": "yesterday"}, "posted_at"),
        ({"posted_at": "2026-11-23T09:12:00"}, "posted_at"),
        ({"posted_at": "0001-01-01T00:00:00+14:00"}, "posted_at"),
        ({"reply_to": "x" * 1001}, "reply_to"),
        ({"language": "x" * 36}, "language"),
        ({"platform": "Feed#1"}, "platform"),
        ({"platform": ""}, "platform"),
        ({"brand": "other"}, "brand"),
    ],
)
@pytest.mark.parametrize("place", ["data", "data[3]"])
def test_a_fault_of_a_message_is_named(change: dict[str, Any], field: str, place: str) -> None:
    bad = item(**change)
    assert fault(call(bad if place == "data" else [item(), item(), item(), bad])).field == f"{place}.{field}"


def test_another_event_of_the_same_sender_is_refused_by_name() -> None:
    sample = json.loads((DATA / "standard_webhook_other_event.json").read_text())
    assert fault(json.dumps(sample["body"]).encode()).field == "type"


def test_s8_many_fair_messages_can_be_too_much_at_once() -> None:
    assert fault(call([item(text="x" * 15_000)] * 100)).field == ""
    assert len(hear(call([item(text="x" * 9_000)] * 100))) == 100


def test_s5_bytes_that_are_no_text() -> None:
    for body in (b"\xff\xfe", call(item()).replace(b"Cold", b"C\xf6ld")):
        assert "UTF-8" in fault(body).message


def test_s5_half_a_character_is_refused_before_a_table_chokes_on_it() -> None:
    assert fault(call(item(text="\ud83d"))).field == ""


@pytest.mark.parametrize(
    "hostile",
    [
        lambda: b"[" * 100_000,
        lambda: b"[" * 100_000 + b"]" * 100_000,
        lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        lambda: call(item(author={"handle": "a", "followers": 0})).replace(
            b": 0}", b": " + b"9" * 100_000 + b"}"
        ),
        lambda: call(item(text="x" * 10_000_000)),
        lambda: call(item(**{"k" * 900_000: 1})),
        lambda: b"NaN",
        lambda: b"",
        lambda: b"null",
    ],
    ids=["open", "nested-list", "nested-object", "long-int", "10-mb", "long-key", "nan", "empty", "null"],
)
def test_s8_size_and_depth_are_refused_fast_and_in_few_words(hostile: Callable[[], bytes]) -> None:
    body = hostile()
    started = perf_counter()
    assert len(str(fault(body))) < 400
    assert perf_counter() - started < 1


# what its network wraps it in ------------------------------------------------------------------------


def wrapped(scheme: str, body: bytes) -> bytes:
    if scheme == "sns":
        return json.dumps({"Type": "Notification", "Message": body.decode()}).encode()
    if scheme == "google-pubsub":
        return json.dumps({"message": {"data": b64encode(body).decode()}, "subscription": "s"}).encode()
    return b"payload=" + quote_plus(body).encode()


SOUP = "De soep was koud: één € te veel 😀, 100% + b"
PLAIN = call([item(id="1", text=SOUP), item(id="2")])
TEXT = json.dumps(json.loads(PLAIN), ensure_ascii=False)
FORM = "application/x-www-form-urlencoded"
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    b'--x\r\nContent-Disposition: form-data; name="payload"; filename="p.json"\r\n'
    b"Content-Type: application/json\r\n\r\n" + TEXT.encode() + b"\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", TEXT.encode("utf-8-sig")),
        ("application/json; charset=utf-16", TEXT.encode("utf-16")),
        ("application/json", TEXT.encode("utf-16-le")),
        ("", TEXT.encode("utf-16-be")),
        (FORM, b"a=1&payload=" + quote_plus(TEXT).encode() + b"&b=2"),
        (FORM, b"payload=" + quote_plus(TEXT).encode()),
        ("multipart/form-data; boundary=x", MULTIPART),
        ("multipart/form-data; boundary=x", MULTIPART.replace(b"\r\n", b"\n")),
        ("application/json", gzip.compress(TEXT.encode())),
        (FORM, gzip.compress(b"a=1&payload=" + quote_plus(TEXT).encode())),
    ],
)
def test_what_a_call_tells_is_read_however_it_is_packed(content_type: str, body: bytes) -> None:
    reader = Webhook("github", "", KIT)
    found = reader.hear({"content-type": content_type}, body)
    assert [each.text for each in found] == [SOUP, "Cold soup."]
    parts = reader.apart(body)
    assert len(parts) == 2, "so that one that is bad spoils no other"
    (first,) = reader.hear({"content-type": content_type}, parts[0])
    assert first.text == SOUP


def test_a_call_of_one_is_smaller_than_the_call_that_it_came_in() -> None:
    whole = json.loads(call([item(text="Één"), item(text="", id="2")]))
    for body in (json.dumps(whole, ensure_ascii=False, separators=(",", ":")), json.dumps(whole)):
        parts = Webhook("github", "", KIT).apart(body.encode())
        assert [json.loads(part)["data"]["text"] for part in parts] == ["Één", ""]
        assert sum(map(len, parts)) < len(body.encode()) + len(call([])), "what goes with it comes twice"


@pytest.mark.parametrize(
    ("charset", "text"), [("iso-8859-1", "Één koude"), ("windows-1252", "Één €"), ("iso-8859-2", "Zupa była")]
)
def test_what_is_said_to_be_in_older_characters_is_read_in_those(charset: str, text: str) -> None:
    body = json.dumps(json.loads(call(item(text=text))), ensure_ascii=False).encode(charset)
    (found,) = Webhook("github", "", KIT).hear({"content-type": f"application/json; charset={charset}"}, body)
    assert found.text == text


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b" " * 2_000_000 + PLAIN),
        gzip.compress(PLAIN)[:-20],
        b"\x1f\x8bnothing of it",
        b"a=1&b=2",
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n{}\r\n--x--\r\n',
        b"--" * 50_000,
        b"a=1&" * 30_000,
    ],
)
def test_what_is_packed_to_hurt_is_refused_at_once(body: bytes) -> None:
    started = perf_counter()
    fault(body)
    assert perf_counter() - started < 1
    assert Webhook(SCHEME, "", KIT).apart(body) == [body]


@pytest.mark.parametrize("scheme", ["slack", "sns", "google-pubsub"])
def test_our_form_is_found_in_what_a_network_wraps_it_in(scheme: str) -> None:
    body = call([item(id="1", text="Één"), item(id="2", text=7)])
    reader = Webhook(scheme, "", KIT)
    with pytest.raises(BadInput) as refused:
        reader.hear({}, wrapped(scheme, body))
    assert refused.value.field == "data[1].text"
    good, bad = reader.apart(wrapped(scheme, body))
    assert [found.text for found in reader.hear({}, good)] == ["Één"]
    with pytest.raises(BadInput):
        reader.hear({}, bad)


@pytest.mark.parametrize(
    ("scheme", "body"),
    [
        ("slack", b"payload="),
        ("slack", b"payload=%FF"),
        ("slack", b"payload=%7B&" + b"a=1&" * 200),
        ("sns", b'{"Type": "Notification"}'),
        ("google-pubsub", b'{"message": {"data": "\xc3\xa9"}}'),
        ("google-pubsub", b'{"message": {"data": "a"}}'),
        ("google-pubsub", b'{"message": {}}'),
        ("websub", b"<html><body>Welkom"),
        ("websub", b""),
    ],
)
def test_what_is_wrapped_wrongly_is_said_to_be(scheme: str, body: bytes) -> None:
    reader = Webhook(scheme, "https://blog.example/feed.xml", KIT)
    with pytest.raises(BadInput):
        reader.hear({}, body)
    assert reader.apart(body) == [body]


def test_a_hub_brings_what_the_feed_itself_brings() -> None:
    """Its items have the ids that a poll gives them, and are the feed's."""
    entry = "<entry><id>x-1</id><title>T</title><content>Cold soup.</content><link href='/1'/></entry>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title>{entry}</feed>".encode()
    topic = "https://blog.example/feed.xml"
    (found,) = Webhook("websub", topic, KIT).hear({"content-type": "application/atom+xml"}, body)
    assert (found.id, found.platform, found.direct) == (native_id(f"{topic} x-1"), "feed", False)
    assert found.url == "https://blog.example/1"


def test_what_meta_asks_about_a_person_lands_before_somebody() -> None:
    with pytest.raises(BadInput) as refused:
        Webhook("meta", "", KIT).hear({}, b'{"algorithm": "HMAC-SHA256", "user_id": "1"}')
    assert "Forgetting a person" in str(refused.value)


def test_who_cannot_sign_speaks_for_no_other_network() -> None:
    body = call([item(platform="mastodon"), item(id="2")])
    assert [found.platform for found in Webhook("unsigned", "", KIT).hear({}, body)] == ["webhook"] * 2
    assert [found.platform for found in hear(body)] == ["mastodon", "webhook"]


@pytest.mark.parametrize(
    "body", [call(item()), call({"id": "review-1"}, type="mention.deleted"), b"", b"source="]
)
def test_at_an_address_for_links_that_everybody_knows_only_a_link_is_told(body: bytes) -> None:
    hook = Webhook("webmention", "https://brand.example", KIT)
    with pytest.raises(BadInput, match="a form with source and target"):
        hook.hear({"content-type": "application/json"}, body)
    assert hook.apart(call([item(), item(id="2")])) == [call([item(), item(id="2")])]


def test_what_stands_there_now_may_be_an_edit() -> None:
    (found,) = hear(call(item(), type="mention.updated"))
    (new,) = hear(call(item()))
    assert (found.edited, new.edited) == (True, False)
    assert replace(found, edited=False) == new


def test_what_was_removed_has_but_an_id() -> None:
    first, second = hear(call([{"id": "1"}, {"id": "2", "platform": "reviews"}], type="mention.deleted"))
    assert (first.id, first.platform, first.gone, first.text) == ("1", "webhook", True, "")
    assert (second.id, second.platform, second.gone) == ("2", "reviews", True)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "data.id"),
        ({"id": " "}, "data.id"),
        ({"id": "x" * 1001}, "data.id"),
        ({"id": "1", "platform": "No!"}, "data.platform"),
        ({"id": "1", "text": "still here"}, "data.text"),
        ([{"id": "1"}, {"id": ""}], "data[1].id"),
    ],
)
def test_a_removal_that_cannot_be_read_says_where(data: Any, field: str) -> None:
    assert fault(call(data, type="mention.deleted")).field == field


def test_what_linkedin_tells_is_read_and_nowhere_said_not_to_be() -> None:
    ear = platform("webhook", {"scheme": "linkedin"}, {}, Http())
    assert ear.hear({}, json.dumps(payload("linkedin_social_action_comment")).encode())
    said = leaves_out({"scheme": "linkedin"})
    assert THEIRS not in said
    assert set(linkedin.UNTOLD) <= set(said)


def test_the_guide_names_as_not_read_those_whose_own_messages_are_not() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "callers.md").read_text(encoding="utf-8")
    (told,) = (each for each in guide.split("\n\n") if "not read yet" in each)
    names = told.partition(" themselves send")[0]
    for network in NETWORKS:
        assert THEIRS in leaves_out({"scheme": network})
        assert network in names.casefold()
    assert "linkedin" not in names.casefold()
