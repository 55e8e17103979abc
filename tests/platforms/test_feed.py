"""What is heard from feeds, what it costs them, and what a bad one is reported with (S9, S11, S13, S14)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from chalicelib import platforms
from chalicelib.domain.mention import TEXT_LIMIT, Found, native_id
from chalicelib.errors import BadInput, Ended, RateLimited, Rejected, Unauthorized, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import feed
from chalicelib.platforms.feed import Feed
from chalicelib.ports import Answer, Kit, Page
from tests.platforms.memory import MemoryShelf
from tests.platforms.peers import platform
from tests.servers import feeds
from tests.servers.base import Reply
from tests.servers.feeds import ATOM, JSON, RSS, Feeds, item, rss

DATA = Path(__file__).parent.parent / "data/feeds"
SATURDAY = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Feeds]:
    with Feeds() as server:
        yield server


class Brief:
    """The door with small limits, so that a test of them is soon over."""

    def __init__(self, http: Http, **limits: Any) -> None:
        self._http = http
        self._limits = limits

    def request(self, method: str, url: str, **more: Any) -> Answer:
        return self._http.request(method, url, **{**more, **self._limits})


def at(server: Feeds, path: str = "/news.xml", *, seconds: float = 5, **settings: str) -> Feed:
    http = Brief(Http(frozenset({(server.host, server.port)})), seconds=seconds)
    kit = Kit(http=http, shelf=MemoryShelf())
    return feed.connect({"url": server.url + path, **settings}, {}, kit)


def heard(server: Feeds, body: bytes, content_type: str = RSS) -> tuple[Found, ...]:
    server.publish("/news.xml", body, content_type)
    return at(server).listen("").found


def only(server: Feeds, body: bytes, content_type: str = RSS) -> Found:
    [found] = heard(server, body, content_type)
    return found


def refused(server: Feeds, body: bytes, content_type: str = RSS) -> str:
    server.publish("/news.xml", body, content_type)
    with pytest.raises(Rejected) as caught:
        at(server).listen("")
    assert not isinstance(caught.value, Unauthorized)
    return caught.value.reason


# what is heard ---------------------------------------------------------------------------------------


def test_an_rss_feed_is_heard(server: Feeds) -> None:
    found = only(server, (DATA / "feed_rss20.xml").read_bytes())
    assert found.id == native_id("tag:example.com,2026:1")
    assert found.text == "Post\nHello"
    assert found.author.name == "Example"
    assert found.url == "https://example.com/post"
    assert found.posted_at == SATURDAY
    assert not found.direct


def test_a_json_feed_is_heard(server: Feeds) -> None:
    second, first = heard(server, (DATA / "feed_json_1_1.json").read_bytes(), JSON)
    assert (second.text, second.posted_at) == ("This is a second item.", SATURDAY)
    assert (first.text, first.posted_at) == ("Hello, world!", None)
    assert first.url == "https://example.org/initial-post"


ATOM_FEED = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl-NL" xml:base="https://blad.example/">
<title>Buurtblad</title><entry><id>urn:uuid:1</id><title type="html">De &amp;lt;b&amp;gt;</title>
<author><name>Kees</name><uri>https://kees.example/</uri></author>
<link rel="alternate" href="/2026/a"/><updated>2026-11-21T11:00:00+01:00</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eén</p><p>twee</p></div></content>
</entry></feed>"""


def test_an_atom_feed_is_heard(server: Feeds) -> None:
    found = only(server, ATOM_FEED.encode(), ATOM)
    assert found.id == native_id("urn:uuid:1")
    assert found.text == "De <b>\nEén\ntwee"
    assert (found.author.name, found.author.url) == ("Kees", "https://kees.example/")
    assert found.url == "https://blad.example/2026/a"
    assert found.posted_at == SATURDAY
    assert found.language == "nl"


def test_entries_come_oldest_first_and_once(server: Feeds) -> None:
    dates = [format_datetime(SATURDAY - timedelta(hours=hours)) for hours in range(3)]
    body = rss(
        item("3", "third", date=dates[0]),
        item("1", "first", date=dates[2]),
        item("2", "second", date=dates[1]),
        item("2", "second again", date=dates[1]),
    )
    assert [found.text for found in heard(server, body)] == ["first", "second", "third"]


def test_without_dates_the_feeds_own_order_counts(server: Feeds) -> None:
    body = rss(item("2", "newer", date=""), item("1", "older", date=""))
    assert [found.text for found in heard(server, body)] == ["older", "newer"]


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("Title", "Body", "Title\nBody"),
        ("Title", "", "Title"),
        ("", "Body", "Body"),
        ("The bakery is", "The bakery is closed", "The bakery is closed"),
        ("The bakery is…", "<p>The  bakery is closed</p>", "The bakery is closed"),
        ("THE BAKERY...", "The bakery is closed", "The bakery is closed"),
        ("A", "<p>one</p><script>x()</script><p>two</p>", "A\none\ntwo"),
    ],
)
def test_the_title_is_not_said_twice(server: Feeds, title: str, description: str, text: str) -> None:
    assert only(server, rss(item("1", title, description))).text == text


def test_an_entry_without_words_is_passed_over(server: Feeds) -> None:
    assert [found.text for found in heard(server, rss(item("1", ""), item("2", "words")))] == ["words"]


def test_the_full_text_is_preferred_to_the_summary(server: Feeds) -> None:
    full = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>Whole</content:encoded>"
    body = rss(f"<item><guid>1</guid><description>Short</description>{full}</item>")
    assert only(server, body).text == "Whole"


def test_a_long_text_is_cut(server: Feeds) -> None:
    assert len(only(server, rss(item("1", "Title", "word " * 20_000))).text) == TEXT_LIMIT


# identity --------------------------------------------------------------------------------------------


def test_a_uri_is_the_same_in_every_feed_another_guid_only_in_its_own(server: Feeds) -> None:
    body = rss(item("https://blad.example/?p=1", "a"), item("2", "b"))
    server.publish("/one.xml", body)
    server.publish("/two.xml", body)
    one, two = (
        {found.text: found.id for found in at(server, path).listen("").found}
        for path in ("/one.xml", "/two.xml")
    )
    assert one["a"] == two["a"] == native_id("https://blad.example?p=1")
    assert one["b"] != two["b"]


def test_without_guid_the_link_counts_and_without_link_the_words(server: Feeds) -> None:
    linked = "<item><title>a</title><link>https://blad.example/a</link></item>"
    by_text = {found.text: found.id for found in heard(server, rss(linked, item("", "b"), item("", "c")))}
    assert by_text["a"] == native_id("https://blad.example/a")
    assert by_text["b"] != by_text["c"]
    again = {found.text: found.id for found in heard(server, rss(item("", "b")))}
    assert again["b"] == by_text["b"]


def test_a_guid_that_is_no_address_is_no_link(server: Feeds) -> None:
    assert only(server, rss(item("12345", "a"))).url == ""
    assert only(server, rss(item("https://blad.example/1", "a"))).url == "https://blad.example/1"


def test_long_guids_that_begin_alike_stay_apart(server: Feeds) -> None:
    one, two = heard(server, rss(item("x" * 500 + "1", "a"), item("x" * 500 + "2", "b")))
    assert one.id != two.id


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "https://good@evil.example/"])
def test_a_link_that_is_none_is_left_out(server: Feeds, link: str) -> None:
    found = only(server, rss(f"<item><guid>1</guid><title>a</title><link>{link}</link></item>"))
    assert found.url == ""


# dates and encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Sat, 21 Nov 2026 12:00:00 +0200", 10),
        ("2026-11-21T10:00:00Z", 10),
        ("yesterday, about tea time", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Fri, 31 Dec 2099 00:00:00 GMT", None),
        ("Sat, 99 Nov 2026 99:99:99 GMT", None),
        ("0000-00-00", None),
        ("9" * 5000, None),
        ("", None),
    ],
)
def test_a_date_that_cannot_be_true_is_none(server: Feeds, date: str, hour: int | None) -> None:
    posted = only(server, rss(item("1", "a", date=date))).posted_at
    assert posted == (None if hour is None else SATURDAY.replace(hour=hour))


def test_tomorrow_is_believed_next_week_is_not(server: Feeds) -> None:
    now = datetime.now(UTC)
    soon, late = (format_datetime(now + timedelta(hours=hours)) for hours in (23, 25))
    by_text = {
        found.text: found.posted_at
        for found in heard(server, rss(item("1", "soon", date=soon), item("2", "late", date=late)))
    }
    assert by_text["soon"] is not None
    assert by_text["late"] is None


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("iso-8859-1", "application/xml"),
        ("iso-8859-1", "text/xml; charset=ISO-8859-1"),
        ("utf-16", "application/xml"),
        ("utf-8", "text/html"),
        ("utf-8", "text/xml; charset=us-ascii"),
    ],
)
def test_odd_encodings_are_read(server: Feeds, encoding: str, content_type: str) -> None:
    body = rss(item("1", "Café ëën"), encoding=encoding)
    assert only(server, body, content_type).text == "Café ëën"


@pytest.mark.parametrize(
    "inner",
    ["fish & chips", "caf\u00e9 &nbsp;fish", "a\x0bb", "<b>unclosed"],
)
def test_a_feed_that_is_not_quite_xml_is_still_heard(server: Feeds, inner: str) -> None:
    assert heard(server, rss(f"<item><guid>1</guid><title>{inner}</title></item>"))


# manners ---------------------------------------------------------------------------------------------


def test_what_did_not_change_is_not_sent_again(server: Feeds) -> None:
    server.publish("/news.xml", rss(item("1", "a")))
    first = at(server).listen("")
    second = at(server).listen(first.cursor)
    assert (second.unchanged, second.found, second.cursor) == (True, (), first.cursor)
    plain, conditional = server.requests
    assert "if-none-match" not in plain.headers
    assert conditional.headers["if-modified-since"] == "Sat, 21 Nov 2026 10:00:00 GMT"
    server.publish("/news.xml", rss(item("1", "a"), item("2", "b")))
    assert len(at(server).listen(first.cursor).found) == 2


def test_a_changed_address_in_the_settings_begins_anew(server: Feeds) -> None:
    server.publish("/news.xml", rss(item("1", "a")))
    cursor = at(server).listen("").cursor
    server.publish("/other.xml", rss(item("1", "a")))
    assert at(server, "/other.xml").listen(cursor).found
    assert "if-none-match" not in server.requests[-1].headers


@pytest.mark.parametrize("cursor", ["not json", "[]", "7", '{"etag":"\\"x\\""}'])
def test_a_foreign_cursor_is_none(server: Feeds, cursor: str) -> None:
    server.publish("/news.xml", rss(item("1", "a")))
    assert at(server).listen(cursor).found


def test_a_feed_that_moved_for_good_is_asked_there_and_keeps_its_ids(server: Feeds) -> None:
    server.publish("/news.xml", rss(item("1", "a")))
    before = at(server).listen("").found
    server.misbehave("/news.xml", feeds.redirect("/new.xml", 301))
    server.publish("/new.xml", rss(item("1", "a")))
    moved = at(server).listen("")
    again = at(server).listen(moved.cursor)
    assert moved.found == before
    assert again.unchanged
    assert [request.path for request in server.requests[1:]] == ["/news.xml", "/new.xml", "/new.xml"]


def test_a_feed_that_moved_for_now_is_asked_at_home(server: Feeds) -> None:
    server.misbehave("/news.xml", feeds.redirect("/new.xml", 302))
    server.publish("/new.xml", rss(item("1", "a")))
    at(server).listen(at(server).listen("").cursor)
    assert [request.path for request in server.requests] == ["/news.xml", "/new.xml"] * 2


PERIOD = (
    "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>%s</sy:updatePeriod>"
    "<sy:updateFrequency xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>%s</sy:updateFrequency>"
)


@pytest.mark.parametrize(
    ("headers", "channel", "wait"),
    [
        ({}, "", 0),
        ({"Cache_Control": "public, max-age=600"}, "", 600),
        ({"Cache_Control": "max-age=600", "Age": "590"}, "", 10),
        ({"Cache_Control": "max-age=600", "Age": "700"}, "", 0),
        ({"Cache_Control": "s-maxage=600"}, "", 0),
        ({"Cache_Control": "max-age=999999999999"}, "", 3600),
        ({"Cache_Control": "max-age=soon"}, "", 0),
        ({}, "<ttl>30</ttl>", 1800),
        ({}, "<ttl>1440</ttl>", 3600),
        ({}, "<ttl>often</ttl>", 0),
        ({"Cache_Control": "max-age=60"}, "<ttl>5</ttl>", 300),
        ({}, PERIOD % ("hourly", "6"), 600),
        ({}, PERIOD % ("hourly", "1"), 900),
        ({}, PERIOD % ("weekly", "1"), 900),
        ({}, PERIOD % (" Daily ", "200"), 420),
        ({}, PERIOD % ("hourly", "0"), 0),
        ({}, PERIOD % ("hourly", "often"), 0),
        ({}, PERIOD % ("always", "1"), 0),
        ({}, "<ttl>30</ttl>" + PERIOD % ("hourly", "6"), 1800),
    ],
)
def test_rest_is_granted_where_it_is_asked_for(
    server: Feeds, headers: dict[str, str], channel: str, wait: float
) -> None:
    server.publish("/news.xml", rss(item("1", "a"), channel=channel), **headers)
    assert at(server).listen("").wait == wait


def test_validators_that_could_not_be_sent_back_are_not_kept(server: Feeds) -> None:
    server.publish("/news.xml", rss(item("1", "a")), ETag='"' + "x" * 5000 + '"', Last_Modified="caf\u00e9")
    assert len(at(server).listen("").cursor) < 200


MOVED = ("1", "Brood van gisteren"), ("2", "Brood van vandaag"), ("3", "Taart")


def at_addresses(server: Feeds, first: str, second: str) -> tuple[list[str], list[str]]:
    """Ids of what stands at the one; and where the address is changed by hand, of what stands at the
    other."""
    before = platform("feed", {"url": server.url + first}, {}, server_http(server))
    page = before.listen("")
    after = platform("feed", {"url": server.url + second}, {}, server_http(server)).listen(page.cursor)
    again = platform("feed", {"url": server.url + second}, {}, server_http(server)).listen(after.cursor)
    assert [each.id for each in again.found] in ([], [each.id for each in after.found])
    return [each.id for each in page.found], [each.id for each in after.found]


def server_http(server: Feeds) -> Http:
    return Http(allow=frozenset({(server.host, server.port)}))


def loose(*named: tuple[str, str], minute: int = 0) -> bytes:
    dates = (f"Mon, 16 Nov 2026 09:1{minute}:0{n} GMT" for n in range(9))
    return rss(*(item(guid, text, date=date) for (guid, text), date in zip(named, dates, strict=False)))


def test_a_feed_that_is_elsewhere_now_doubles_nothing_that_only_it_names(server: Feeds) -> None:
    """Nobody ever saw a redirect."""
    server.publish("/old.xml", loose(*MOVED))
    server.publish("/new.xml", loose(*MOVED, ("4", "Koek")))
    was, now = at_addresses(server, "/old.xml", "/new.xml")
    assert now[:3] == was
    assert now[3] not in was


def test_another_feed_with_the_same_names_is_another(server: Feeds) -> None:
    server.publish("/old.xml", loose(*MOVED))
    server.publish("/other.xml", loose(("1", "Kaas"), ("2", "Melk"), minute=5))
    was, now = at_addresses(server, "/old.xml", "/other.xml")
    assert not set(was) & set(now)


def test_the_same_words_at_another_moment_are_no_proof(server: Feeds) -> None:
    server.publish("/old.xml", loose(*MOVED))
    server.publish("/other.xml", loose(*MOVED, minute=7))
    was, now = at_addresses(server, "/old.xml", "/other.xml")
    assert not set(was) & set(now)


def test_of_many_entries_none_is_left_out(server: Feeds) -> None:
    dated = (item(str(n), f"n{n}", date=format_datetime(SATURDAY - timedelta(minutes=n))) for n in range(900))
    found = heard(server, rss(*dated))
    assert [one.text for one in found] == [f"n{n}" for n in reversed(range(900))]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_what_was_cut_off_is_asked_for_again_in_full(server: Feeds, cut: float) -> None:
    whole = rss(*(item(str(n), f"n{n}") for n in range(20)))
    server.publish("/news.xml", whole[: int(len(whole) * cut)])
    page = at(server).listen("")
    assert len(page.found) < 20
    server.publish("/news.xml", whole)
    server.requests.clear()
    assert len(at(server).listen(page.cursor).found) == 20
    assert "if-none-match" not in server.requests[0].headers


# what it is reported with ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (400, Rejected, "answered 400"),
        (401, Unauthorized, "answered 401"),
        (403, Unauthorized, "answered 403"),
        (404, Rejected, "answered 404"),
        (410, Ended, "gone for good"),
        (204, Rejected, "answered 204"),
        (500, Unavailable, "answered 500"),
        (503, Unavailable, "answered 503"),
    ],
)
def test_a_status_says_what_to_do(server: Feeds, status: int, kind: type[Exception], reason: str) -> None:
    server.misbehave("/news.xml", Reply(status))
    with pytest.raises(kind, match=reason) as caught:
        at(server).listen("")
    assert type(caught.value) is kind


@pytest.mark.parametrize("status", [429, 503])
def test_a_feed_that_asks_for_rest_gets_it(server: Feeds, status: int) -> None:
    server.misbehave("/news.xml", Reply(status, headers={"Retry-After": "120"}))
    with pytest.raises(RateLimited) as caught:
        at(server).listen("")
    assert caught.value.retry_after == 120
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=False)
    server.misbehave("/news.xml", Reply(status, headers={"Retry-After": date}))
    with pytest.raises(RateLimited) as caught:
        at(server).listen("")
    assert 590 < caught.value.retry_after <= 600


def test_s9_a_feed_inside_the_network_is_rejected() -> None:
    kit = Kit(http=Http(), shelf=MemoryShelf())
    inside = feed.connect({"url": "http://169.254.169.254/latest/meta-data/"}, {}, kit)
    with pytest.raises(Rejected, match="inside the network"):
        inside.listen("")


def test_s11_a_feed_that_leads_inside_the_network_is_rejected(server: Feeds) -> None:
    server.misbehave("/news.xml", feeds.redirect("http://169.254.169.254/latest/meta-data/"))
    with pytest.raises(Rejected, match="inside the network"):
        at(server).listen("")


def test_s13_a_feed_that_hangs_is_unavailable(server: Feeds) -> None:
    server.misbehave("/news.xml", feeds.hang())
    with pytest.raises(Unavailable, match=r"did not answer within 0\.2 seconds"):
        at(server, seconds=0.2).listen("")


def test_s13_a_feed_that_drips_is_unavailable(server: Feeds) -> None:
    server.misbehave("/news.xml", feeds.drip)
    with pytest.raises(Unavailable, match=r"did not answer within 0\.2 seconds"):
        at(server, seconds=0.2).listen("")


@pytest.mark.parametrize("reply", [feeds.endless, feeds.bomb], ids=["endless", "bomb"])
def test_s13_a_feed_of_a_gigabyte_is_unavailable(server: Feeds, reply: Any) -> None:
    server.misbehave("/news.xml", reply)
    with pytest.raises(Unavailable, match="sent more than 2 MB"):
        at(server).listen("")


ENTITIES = """<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>"""
EXTERNAL = """<!DOCTYPE rss SYSTEM "{url}/evil.dtd">"""
FILE = """<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>"""


@pytest.mark.parametrize("doctype", [ENTITIES, EXTERNAL, FILE, "<!DOCTYPE rss>", "<!ENTITY a 'b'>"])
@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>\n<!-- <rss> --> <?x y?>\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_s14_a_document_type_is_refused_and_nothing_fetched(
    server: Feeds, doctype: str, before: str, encoding: str
) -> None:
    document = before + doctype.format(url=server.url) + "<rss version='2.0'><channel><title>&b;&x;</title>"
    body = document.encode(encoding)
    assert refused(server, body) == "is not a feed: it declares a document type"
    assert [request.path for request in server.requests] == ["/news.xml"]


def test_s14_an_inclusion_is_refused_and_nothing_fetched(server: Feeds) -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>'
    body = rss(f"<item><guid>1</guid><title>{include}</title></item>")
    assert refused(server, body) == "is not a feed: it wants to include other documents"
    assert [request.path for request in server.requests] == ["/news.xml"]


def test_s14_a_document_type_that_is_only_quoted_is_no_harm(server: Feeds) -> None:
    quoted = "<![CDATA[<!DOCTYPE html><p>how to begin a page</p>]]>"
    body = rss(f"<item><guid>1</guid><description>{quoted}</description></item>")
    assert only(server, body).text == "how to begin a page"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is empty"),
        (b"   \n", "it is empty"),
        (b"Not found", "neither XML nor JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither XML nor JSON"),
        (b"<!doctype html><html><body>Hello", "it is a web page"),
        (b"<html><body>Hello", "it is a web page"),
        (b"<!-- x --><HTML>", "it is a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "XML, but neither RSS nor Atom"),
        (b"<", "broken XML"),
        (b"<!-- never closed", "broken XML"),
        (b"{", "broken JSON"),
        (b'{"version": 1}', "JSON, but no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "JSON, but no JSON Feed"),
        (b'{"items":' + b"[" * 100_000, "broken JSON"),
        (b'{"items":[' + b"9" * 100_000 + b"]}", "broken JSON"),
    ],
    ids=range(15),
)
def test_what_is_no_feed_is_rejected_with_what_it_is(server: Feeds, body: bytes, reason: str) -> None:
    assert refused(server, body, "text/plain") == f"is not a feed: {reason}"


N = 100_000
TOO_MANY = "more elements or attributes than feeds have"
HOSTILE: dict[str, tuple[bytes, int | str]] = {
    "deep": (b"<rss version='2.0'>" + b"<a>" * N, TOO_MANY),
    "deep items": (b"<rss version='2.0'><channel>" + b"<item>" * N, TOO_MANY),
    "deep and closed": (b"<rss version='2.0'>" + b"<a>" * N + b"</a>" * N + b"</rss>", TOO_MANY),
    "a long author": (rss(f"<item><guid>1</guid><title>a</title><author>{'a' * N}</author></item>"), 1),
    "many authors": (rss("<item><title>a</title>" + "<author>a</author>" * (N // 10) + "</item>"), 1),
    "many tags": (
        rss(
            "<item><title>a</title>" + "".join(f"<category>{n}</category>" for n in range(N // 4)) + "</item>"
        ),
        1,
    ),
    "many attributes": (b"<rss " + b" ".join(b"a%d=''" % n for n in range(N // 10)) + b"/>", TOO_MANY),
    "many namespaces": (
        b"<rss version='2.0' " + b" ".join(b"xmlns:a%d='u:%d'" % (n, n) for n in range(N // 10)) + b"/>",
        TOO_MANY,
    ),
    "newlines": (b"\n" * N + b"<?xml version='1.0'?>" + b"\n" * N + rss(item("1", "a")), 1),
    "comments": (b"<!-- -->" * N + rss(item("1", "a")).partition(b"?>")[2], 1),
    "open tags": (b"<rss version='2.0'>&nbsp;" + b"<a b='" * (N // 6), 0),
    "ampersands": (b"<rss version='2.0'>" + b"&" * N, 0),
    "a long date": (rss(item("1", "a", date="2026-" * (N // 5))), 1),
    "stumbling": (b"<rss version='2.0'><channel><item><gml:poslist>1</gml:poslist>", "it cannot be read"),
    "huge references": (b"<rss version='2.0'>&nbsp;<channel><title>&#99999999999;", "it cannot be read"),
}


@pytest.mark.parametrize(("body", "outcome"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_read_or_rejected_soon(server: Feeds, body: bytes, outcome: int | str) -> None:
    """Quadratic time would be many minutes for the largest body; the bound leaves room for a slow machine."""
    began = process_time()
    if isinstance(outcome, str):
        assert outcome in refused(server, body)
    else:
        assert len(heard(server, body)) == outcome
    assert process_time() - began < 5


def test_what_else_feeds_carry_does_no_harm(server: Feeds) -> None:
    extras = """<category domain="x">news</category><category>town</category>
        <comments>https://blad.example/c</comments><slash:comments>0</slash:comments>
        <enclosure url="https://blad.example/a.mp3" length="1" type="audio/mpeg"/>
        <dc:creator>Kees</dc:creator>
        <media:content url="https://blad.example/a.jpg"><media:title>Photo</media:title></media:content>
        <georss:point>52.1 5.1</georss:point><itunes:keywords>a,b,c</itunes:keywords>"""
    names = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "media": "http://search.yahoo.com/mrss/",
        "georss": "http://www.georss.org/georss",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
    }
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    body = rss(f"<item><guid>1</guid><title>Open</title><description>Again</description>{extras}</item>")
    found = only(server, body.replace(b"<rss ", f"<rss {declared} ".encode()))
    assert (found.text, found.author.name) == ("Open\nAgain", "Kees")


def test_a_json_feed_with_values_of_the_wrong_kind_is_heard_all_the_same(server: Feeds) -> None:
    items: list[Any] = [
        None,
        7,
        {"id": 7, "content_text": "number"},
        {"id": {"a": 1}, "title": ["x"], "content_html": "<p>html</p>", "url": 5, "authors": "me"},
        {"id": "s", "content_text": "half \ud83d", "date_published": "soon", "authors": [7]},
        {"id": True, "content_text": "bool", "date_published": 1e400, "author": {"name": "Kees"}},
    ]
    value = {"version": "https://jsonfeed.org/version/1", "items": items, "title": {}, "next_url": 3}
    found = heard(server, json.dumps(value).encode(), JSON)
    assert sorted(one.text for one in found) == ["bool", "half", "html", "number"]
    assert {one.author.name for one in found} == {"Kees", server.host}


# backfill --------------------------------------------------------------------------------------------


def history(server: Feeds, path: str, numbers: range, next_url: str = "") -> None:
    items = [
        {
            "id": f"tag:{n}",
            "content_text": f"n{n}",
            "date_published": f"{SATURDAY - timedelta(minutes=n):%FT%TZ}",
        }
        for n in numbers
    ]
    value = {"version": "https://jsonfeed.org/version/1.1", "items": items, "next_url": next_url}
    server.publish(path, json.dumps(value).encode(), JSON)


def walked(server: Feeds, cursor: str = "") -> tuple[list[Page], str]:
    pages = []
    while True:
        page = at(server, backfill="yes").listen(cursor)
        pages.append(page)
        cursor = page.cursor
        if not page.more:
            return pages, cursor
        assert len(pages) < 20


def test_a_backfill_walks_all_pages_once_and_then_listens(server: Feeds) -> None:
    history(server, "/news.xml", range(2), "/older.json")
    history(server, "/older.json", range(2, 4), f"{server.url}/oldest.json")
    history(server, "/oldest.json", range(4, 6))
    pages, cursor = walked(server)
    assert [[found.text for found in page.found] for page in pages] == [
        ["n1", "n0"],
        ["n3", "n2"],
        ["n5", "n4"],
    ]
    [page], cursor = walked(server, cursor)
    assert page.unchanged
    history(server, "/news.xml", range(-1, 1), "/older.json")
    [page], _ = walked(server, cursor)
    assert [found.text for found in page.found] == ["n0", "n-1"]


def paged(server: Feeds, path: str, number: int, links: str, *, as_rss: bool) -> None:
    """A document with one entry, and links of its feed."""
    if as_rss:
        channel = f"<title>Oud</title>{links.replace('<link', '<atom:link')}"
        body = rss(item(f"tag:{number}", f"n{number}"), channel=channel)
        body = body.replace(b"<rss ", b'<rss xmlns:atom="http://www.w3.org/2005/Atom" ', 1)
    else:
        entry = f"<entry><id>tag:{number}</id><title>n{number}</title></entry>"
        feed = '<feed xmlns="http://www.w3.org/2005/Atom">'
        body = f"{feed}<id>tag:feed</id><title>Oud</title>{links}{entry}</feed>".encode()
    server.publish(path, body)


@pytest.mark.parametrize("as_rss", [True, False])
@pytest.mark.parametrize("rel", ["next", "prev-archive", "Next"])
def test_rss_and_atom_have_older_pages_by_rfc_5005(server: Feeds, rel: str, as_rss: bool) -> None:
    beside = '<link rel="self" href="/news.xml"/><link rel="next-archive" href="/newer.xml"/>'
    paged(server, "/news.xml", 0, f'{beside}<link rel="{rel}" href="older.xml"/>', as_rss=as_rss)
    paged(server, "/older.xml", 1, f'<link rel="{rel}" href="{server.url}/oldest.xml"/>', as_rss=as_rss)
    paged(server, "/oldest.xml", 2, beside, as_rss=as_rss)
    assert not at(server).listen("").more
    pages, cursor = walked(server)
    assert [[found.text for found in page.found] for page in pages] == [["n0"], ["n1"], ["n2"]]
    assert [page.older for page in pages] == [False, True, True]
    [page], _ = walked(server, cursor)
    assert page.unchanged


def test_an_archive_is_walked_by_its_documents_and_stays_on_its_origin(server: Feeds) -> None:
    links = '<link rel="next" href="/page2.xml"/><link rel="prev-archive" href="/2025.xml"/>'
    paged(server, "/news.xml", 0, links, as_rss=False)
    away = '<link rel="prev-archive" href="http://169.254.169.254/2024.xml"/>'
    paged(server, "/2025.xml", 1, away, as_rss=False)
    pages, _ = walked(server)
    assert [[found.text for found in page.found] for page in pages] == [["n0"], ["n1"]]


def test_a_backfill_that_is_asked_for_later_is_made_though_the_feed_has_nothing_new(server: Feeds) -> None:
    history(server, "/news.xml", range(2), "/older.json")
    history(server, "/older.json", range(2, 4))
    before = at(server).listen("")
    assert at(server).listen(before.cursor).unchanged
    pages, _ = walked(server, before.cursor)
    assert [len(page.found) for page in pages] == [2, 2]


def test_a_backfill_loses_nothing_of_a_long_page(server: Feeds) -> None:
    history(server, "/news.xml", range(450))
    [page], _ = walked(server)
    assert len({found.id for found in page.found}) == 450


def test_without_backfill_older_pages_are_left_alone(server: Feeds) -> None:
    history(server, "/news.xml", range(2), "/older.json")
    assert not at(server).listen("").more


def test_a_backfill_stays_on_its_origin(server: Feeds) -> None:
    history(server, "/news.xml", range(2), "http://169.254.169.254/older.json")
    pages, _ = walked(server)
    assert len(pages) == 1


def test_a_backfill_in_a_circle_ends(server: Feeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGES", 5)
    history(server, "/news.xml", range(1), "/older.json")
    history(server, "/older.json", range(1, 2), "/news.xml")
    pages, _ = walked(server)
    assert len(pages) == 5


def test_an_older_page_that_is_gone_ends_the_backfill_not_the_feed(server: Feeds) -> None:
    history(server, "/news.xml", range(2), "/gone.json")
    pages, cursor = walked(server)
    assert [len(page.found) for page in pages] == [2, 0]
    history(server, "/news.xml", range(-1, 1))
    [page], _ = walked(server, cursor)
    assert len(page.found) == 2


def test_an_older_page_that_fails_is_asked_again(server: Feeds) -> None:
    history(server, "/news.xml", range(2), "/older.json")
    server.misbehave("/older.json", Reply(500))
    first = at(server, backfill="yes").listen("")
    with pytest.raises(Unavailable, match="answered 500"):
        at(server, backfill="yes").listen(first.cursor)
    history(server, "/older.json", range(2, 4))
    [page], _ = walked(server, first.cursor)
    assert len(page.found) == 2


# the registry ----------------------------------------------------------------------------------------


def test_a_platform_is_registered_by_lying_in_the_folder() -> None:
    folder = Path(platforms.__file__).parent
    files = {path.stem for path in folder.glob("[!_]*.py")}
    assert set(platforms.names()) == files
    assert "feed" in files


@pytest.mark.parametrize("name", platforms.names())
def test_every_platform_says_how_what_it_hears_is_answered(name: str) -> None:
    module = platforms.module(name)
    assert module.ANSWERS in ("api", "browser", "person", "never")
    assert bool(module.WHY_NOT) == (module.ANSWERS != "api")
    assert callable(module.connect)


@pytest.mark.parametrize("name", ["", "fax", "_text", "feed.py", "os", "../feed"])
def test_a_platform_we_do_not_know_is_bad_input(name: str) -> None:
    with pytest.raises(BadInput, match="is not one of"):
        platforms.connect(name, {}, {}, Kit(http=Http(), shelf=MemoryShelf()))


def test_a_feed_without_address_is_bad_input() -> None:
    with pytest.raises(BadInput, match="url"):
        platforms.connect("feed", {}, {}, Kit(http=Http(), shelf=MemoryShelf()))
