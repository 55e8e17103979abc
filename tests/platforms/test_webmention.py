"""Webmention: a page that says it links to ours is fetched, and is a mention only if it does."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from chalicelib.domain.mention import Found
from chalicelib.errors import BadInput
from chalicelib.http import Http
from chalicelib.platforms import _webmention, connect
from chalicelib.ports import Kit
from tests.platforms.memory import MemoryShelf
from tests.servers.base import Reply
from tests.servers.feeds import Feeds, bomb, endless

SITE = "https://bakery.example/blog"
TARGET = "https://bakery.example/blog/bread?id=1"
HTML = "text/html; charset=utf-8"
ENTRY = """<!doctype html><html><head><title>A page</title></head><body><nav>Home</nav>
<article class="post h-entry"><h1 class="p-name">Warm &amp; fresh</h1>
<p>by <a class="p-author h-card" href="/me"><img src="/me.png">Anna <b>B.</b></a>
<time class="dt-published" datetime="2026-11-20T09:00:00+01:00">Friday</time></p>
<div class="e-content"><p>I had <a href="{target}">their bread</a>.<br>Lovely!</p><script>x()</script></div>
</article><aside class="e-content">Advertisement</aside></body></html>"""
RECORDED = Path(__file__).parent.parent / "data/platforms/webmention_request.json"


@pytest.fixture
def pages() -> Iterator[Feeds]:
    with Feeds() as server:
        yield server


def link(to: str = TARGET) -> bytes:
    return ENTRY.replace("{target}", to.replace("&", "&amp;")).encode()


def tell(pages: Feeds, source: str, target: str = TARGET, site: str = SITE) -> tuple[Found, ...]:
    """As it arrives at the source, behind the queue."""
    http = Http(allow=frozenset({(pages.host, pages.port)}))
    settings = {"scheme": "webmention", "topic": site}
    ear = connect("webhook", settings, {}, Kit(http=http, shelf=MemoryShelf()))
    body = urlencode({"source": source, "target": target}).encode()
    found: tuple[Found, ...] = ear.hear({"content-type": "application/x-www-form-urlencoded"}, body)
    assert ear.apart(body) == [body]
    return found


def test_a_page_that_links_to_ours_is_a_mention_by_its_author(pages: Feeds) -> None:
    source = pages.publish("/post", link(), HTML)
    (found,) = tell(pages, source)
    assert found.text == "Warm & fresh\nI had their bread.\nLovely!"
    assert (found.author.name, found.author.handle) == ("Anna B.", "Anna B.")
    assert found.posted_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert (found.url, found.direct, found.edited, found.gone) == (source, True, True, False)


def test_told_again_it_is_the_same_page_as_it_stands_now(pages: Feeds) -> None:
    source = pages.publish("/post", link(), HTML)
    (first,) = tell(pages, source)
    pages.publish("/post", link().replace(b"Lovely", b"Awful"), HTML)
    (second,) = tell(pages, source)
    assert (first.id, "Awful" in second.text) == (second.id, True)
    pages.publish("/post", b"<p>Nothing any more</p>", HTML)
    (gone,) = tell(pages, source)
    assert (gone.id, gone.gone, gone.text) == (first.id, True, "")


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_gone_here(pages: Feeds, status: int) -> None:
    (found,) = tell(pages, pages.misbehave("/post", Reply(status)))
    assert found.gone


@pytest.mark.parametrize(
    "page",
    [
        "<p>https://bakery.example/blog/bread?id=1</p>",
        '<a href="https://bakery.example/blog/bread?id=12">no</a>',
        '<a href="https://bakery.example/blog/bread">no</a>',
        '<a href="https://evil.example/?u=https://bakery.example/blog/bread?id=1">no</a>',
        '<!-- <a href="https://bakery.example/blog/bread?id=1">no</a> -->',
        '<script>"<a href=https://bakery.example/blog/bread?id=1>"</script>',
        "",
    ],
)
def test_what_does_not_link_to_exactly_that_page_is_no_mention(pages: Feeds, page: str) -> None:
    (found,) = tell(pages, pages.publish("/post", page.encode(), HTML))
    assert found.gone


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("https://bakery.example/blog/bread?a=1&b=2", True),
        ("https://bakery.example/blog", True),
        ("https://www.bakery.example/blog/x", True),
        ("http://bakery.example/blog/x", True),
        ("https://bakery.example/blogger/x", False),
        ("https://bakery.example/", False),
        ("https://elsewhere.example/blog/x", False),
        ("ftp://bakery.example/blog/x", False),
        ("https://[", False),
        ("x", False),
    ],
)
def test_only_pages_of_our_site_are_linked_to(pages: Feeds, target: str, said: bool) -> None:
    source = pages.publish("/post", link(target), HTML)
    assert bool(tell(pages, source, target)) is said
    assert bool(pages.requests) is said, "nothing is fetched for others"


@pytest.mark.parametrize(
    "source",
    ["https://bakery.example/blog/other", "javascript:alert(1)", "x", "https://[", "http://169.254.169.254/"],
)
def test_nothing_is_heard_of_our_own_pages_or_of_what_is_none(pages: Feeds, source: str) -> None:
    assert tell(pages, source) == ()


@pytest.mark.parametrize("reply", [Reply(500), Reply(403), Reply(200, drop=True), bomb(50), endless(HTML)])
def test_a_page_that_does_not_answer_well_tells_nothing(pages: Feeds, reply: Reply) -> None:
    assert tell(pages, pages.misbehave("/post", reply)) == ()


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<title>My &amp; page</title><p>Look at <a href="{t}">this</a></p>', "My & page\nLook at this"),
        ('<div class=h-entry>Look: <a class="u-like-of" href="{t}"></a></div>', "Look:"),
        ('<div class="h-entry"><p class="p-summary">Short</p><a href="{t}">x</a></div>', "Short"),
        ('<p class="e-content">Not in an entry</p><a href="{t}"></a>', "Not in an entry"),
        ('<img src="{t}">', ""),
    ],
)
def test_a_page_without_an_entry_has_its_title_and_its_beginning(pages: Feeds, page: str, text: str) -> None:
    (found,) = tell(pages, pages.publish("/post", page.replace("{t}", TARGET).encode(), HTML))
    assert found.text == (text or pages.host)
    assert found.author.name == pages.host


def test_a_long_page_without_an_entry_is_cut(pages: Feeds) -> None:
    page = f'<a href="{TARGET}">x</a>{"<p>word</p>" * 5000}'
    (found,) = tell(pages, pages.publish("/post", page.encode(), HTML))
    assert len(found.text) <= _webmention.EXCERPT


def test_the_recorded_request_names_both() -> None:
    body = json.loads(RECORDED.read_text())["body"]
    assert _webmention.asked(body.encode()) == (
        "https://waterpigs.example/post-by-barnaby",
        "https://aaronpk.example/post-by-aaron",
    )


@pytest.mark.parametrize("body", [b"", b"source=", b"target=https://a.example", b"a=1&source=x", b"\xff"])
def test_what_is_no_such_form_is_refused(pages: Feeds, body: bytes) -> None:
    assert _webmention.asked(body) is None
    ear = connect(
        "webhook", {"scheme": "webmention", "topic": SITE}, {}, Kit(http=Http(), shelf=MemoryShelf())
    )
    with pytest.raises(BadInput):
        ear.hear({}, body)


def test_who_proves_nothing_tells_nothing_but_which_page_links_here() -> None:
    ours = {"id": "1", "platform": "mastodon", "author": {"handle": "a"}, "text": "x"}
    told = {"type": "mention.created", "timestamp": "2026-11-23T09:12:00Z", "data": ours}
    ear = connect(
        "webhook", {"scheme": "webmention", "topic": SITE}, {}, Kit(http=Http(), shelf=MemoryShelf())
    )
    with pytest.raises(BadInput, match="expected a form with source and target"):
        ear.hear({}, json.dumps(told).encode())
