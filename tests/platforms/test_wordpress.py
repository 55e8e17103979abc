"""WordPress: comments as they stand, late ones and edits too; posts with images; refusals by their codes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.errors import (
    BadInput,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unknown,
)
from chalicelib.http import Http
from chalicelib.platforms import _wordpress
from chalicelib.ports import Page, ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.peer_wordpress import wordpress
from tests.platforms.peers import platform
from tests.servers.base import Reply, Request
from tests.servers.wordpress import OUR_ID, PASSWORD, WordPress

COMMENT = Path(__file__).parent.parent / "data/platforms/wordpress_comment.json"
SINCE = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[WordPress]:
    with WordPress() as running:
        yield running


def texts(page: Page) -> list[str]:
    return [each.text for each in page.found]


def to(server: WordPress, id: int) -> ReplyTo:
    return ReplyTo(id=f"{server.site}/{id}", author="Anna")


def image(alt: str, name: str = "a1") -> Image:
    return Image(
        name=name,
        type="image/png",
        size=3,
        width=1,
        height=1,
        alt=alt,
        read=lambda: b"png",
        address=lambda: "https://images.example/a1.png",
    )


# in ----------------------------------------------------------------------------------------------------


def test_the_recorded_comment_is_a_mention_of_us(server: WordPress) -> None:
    server.answers = 200, b"[%s]" % COMMENT.read_bytes()
    with pytest.raises(Unavailable, match="who we are"):
        wordpress(server).listen("")
    found = _wordpress.found(json.loads(COMMENT.read_text()), "blog.example")
    assert found
    assert (found.id, found.text, found.direct) == ("blog.example/17", "Nice post", True)
    assert (found.author.handle, found.reply_to) == ("Reader", "")
    assert found.url == "https://blog.example/post/#comment-17"
    assert found.posted_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_an_answer_leads_to_what_it_answers_and_a_pingback_to_its_page(server: WordPress) -> None:
    first = server.say("Who bakes?")
    server.say("I do.", "Bram", parent=first.id, url="https://bram.example")
    server.say("[...] the bread of [...]", "A blog", kind="pingback", url="https://a.blog.example/bread")
    asked, answer, linked = wordpress(server).listen("").found
    assert (asked.reply_to, answer.reply_to) == ("", asked.id)
    assert answer.author.url == "https://bram.example"
    assert linked.url == "https://a.blog.example/bread"


def test_who_may_not_write_posts_hears_comments_alone(server: WordPress) -> None:
    server.say("Who bakes?")
    server.say("[...] the bread of [...]", "A blog", kind="pingback", url="https://a.blog.example/bread")
    assert len(texts(wordpress(server).listen(""))) == 2
    server.subscriber = True
    assert texts(wordpress(server).listen("")) == ["Who bakes?"]


def test_what_a_plug_in_notes_among_the_comments_is_not_heard(server: WordPress) -> None:
    server.say("Order 7 was paid.", "WooCommerce", kind="order_note")
    assert wordpress(server).listen("").found == ()


def test_we_do_not_hear_ourselves_nor_what_waits_for_approval(server: WordPress) -> None:
    server.say("We bake.", "The brand", author=OUR_ID)
    server.say("Buy this!", status="hold")
    server.say("Nice", author=9)
    (found,) = wordpress(server).listen("").found
    assert (found.text, found.author.id) == ("Nice", f"{server.site}/u9")


def test_what_is_edited_or_approved_late_is_told_again(server: WordPress) -> None:
    held = server.say("First", status="hold")
    edited = server.say("Second")
    first = wordpress(server).listen("")
    held.status, edited.html = "approved", "Second thoughts"
    again = wordpress(server).listen(first.cursor)
    assert texts(again) == ["First", "Second thoughts"]
    assert again.cursor == first.cursor


def test_a_day_away_is_heard_whole(server: WordPress) -> None:
    server.say("before")
    cursor = wordpress(server).listen("").cursor
    said = [server.say(f"message {n:03}") and f"message {n:03}" for n in range(333)]
    heard: set[str] = set()
    pages = 0
    while True:
        page = wordpress(server).listen(cursor)
        heard |= set(texts(page))
        cursor, pages = page.cursor, pages + 1
        if not page.more:
            break
    assert set(said) <= heard
    assert pages == 4
    assert len(texts(wordpress(server).listen(cursor))) == 100


@pytest.mark.parametrize(
    "strange",
    [
        None,
        "text",
        {},
        {"id": "17", "content": {"rendered": "x"}},
        {"id": 17, "content": "x"},
        {"id": 17, "content": {"rendered": "<p></p>"}},
        {"id": 17, "content": {"rendered": "x"}, "status": "spam"},
    ],
)
def test_what_is_no_comment_is_passed_over(server: WordPress, strange: object) -> None:
    connected = wordpress(server)
    connected.__dict__["_us"] = OUR_ID
    server.answers = 200, json.dumps([strange, json.loads(COMMENT.read_text())]).encode()
    assert texts(connected.listen("")) == ["Nice post"]


@pytest.mark.parametrize("body", [b"{}", b"3", b"<html>", b""])
def test_what_is_no_answer_is_a_failure_and_not_silence(server: WordPress, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        wordpress(server).listen("")


# out ---------------------------------------------------------------------------------------------------


def test_a_post_has_its_first_line_as_title_and_links_that_lead_somewhere(server: WordPress) -> None:
    text = "Bread at seven: don't wait\n\nCome <early> & taste:\nhttps://bread.example/a?b=1&c=2."
    sent = wordpress(server).publish(None, text, "t", "en")
    (post,) = server.posts
    assert post.title == "Bread at seven: don't wait"
    assert post.html == (
        "<p>Come &lt;early&gt; &amp; taste:<br>\n"
        '<a href="https://bread.example/a?b=1&amp;c=2">https://bread.example/a?b=1&amp;c=2</a>.</p>'
    )
    assert post.slug.startswith("bread-at-seven-don-t-wait-")
    assert sent.remote_id == f"{server.site}/p{post.id}"
    assert sent.url == f"https://blog.example/{post.slug}/"


def test_what_looks_like_a_shortcode_is_shown_and_not_run(server: WordPress) -> None:
    text = 'Photos\n[gallery ids="1"] https://bread.example/[gallery]?a_(b) (https://bread.example/c_(d))'
    sent = wordpress(server).publish(None, text, "t", "en")
    (post,) = server.posts
    assert "[" not in post.html
    assert 'href="https://bread.example/c_(d)"' in post.html
    assert sent.text == text


def test_a_post_brings_its_images_with_what_they_say(server: WordPress) -> None:
    images = [image('Bread & "butter"'), image("", name="../B2!")]
    wordpress(server).publish(None, "Fresh", "t", "en", images)
    assert server.uploads == [("a1.png", "image/png", b"png"), ("b2.png", "image/png", b"png")]
    (post,) = server.posts
    assert 'src="https://blog.example/up/a1.png" alt="Bread &amp; &quot;butter&quot;"' in post.html
    again = wordpress(server).publish(None, "Fresh", "t", "en", images)
    assert again.remote_id.endswith(f"p{post.id}")
    assert len(server.uploads) == 2


def test_an_image_that_the_site_refuses_leaves_no_post(server: WordPress) -> None:
    server.refuses = "rest_upload_file_too_big 413"
    with pytest.raises(Rejected, match="too_big"):
        wordpress(server).publish(None, "Fresh", "t", "en", [image("Bread")])
    server.refuses = ""
    server.loses_uploads = True
    with pytest.raises(Unavailable):
        wordpress(server).publish(None, "Fresh", "t", "en", [image("Bread")])
    assert server.posts == []
    asked = server.say("Who bakes?")
    with pytest.raises(Rejected, match="posts only"):
        wordpress(server).publish(to(server, asked.id), "We do", "t", "en", [image("Bread")])


def test_an_answer_is_known_again_though_the_site_dresses_its_quotes(server: WordPress) -> None:
    asked = server.say("Is it warm?")
    channel = wordpress(server)
    sent = channel.publish(to(server, asked.id), "It's warm... <very> & fresh", "t", "en")
    assert sent.text == "It\u2019s warm\u2026 <very> & fresh"
    assert channel.find(to(server, asked.id), "It's warm... <very> & fresh", "t", SINCE) == sent
    assert (
        channel.find(to(server, asked.id), "It's warm... <very> & fresh", "t", SINCE, lambda id: False)
        is None
    )


def test_the_same_words_below_another_are_refused_by_wordpress(server: WordPress) -> None:
    first, second = server.say("Thanks"), server.say("Thank you")
    channel = wordpress(server)
    channel.publish(to(server, first.id), "You are welcome", "t1", "en")
    with pytest.raises(Unknown, match="duplicate"):
        channel.publish(to(server, second.id), "You are welcome", "t2", "en")


def test_what_waits_for_approval_was_taken_and_is_not_said_to_stand(server: WordPress) -> None:
    asked, channel = server.say("Who bakes?"), wordpress(server)
    server.holds = True
    sent = channel.publish(to(server, asked.id), "We do", "t", "en")
    assert sent.remote_id == f"{server.site}/{server.comments[-1].id}"
    assert channel.read_back(sent.remote_id) is None
    with pytest.raises(Unknown, match="duplicate"):
        channel.publish(to(server, asked.id), "We do", "t", "en")
    server.comments[-1].status = "approved"
    assert channel.read_back(sent.remote_id) == channel.find(to(server, asked.id), "We do", "t", SINCE)


def test_who_did_not_look_through_all_says_so(server: WordPress) -> None:
    asked, channel = server.say("Who bakes?"), wordpress(server)
    for n in range(100):
        server.say(f"Me too {n}", parent=asked.id)
    with pytest.raises(Unavailable, match="look through"):
        channel.find(to(server, asked.id), "We do", "t", SINCE)
    assert channel.find(to(server, asked.id), "We do", "t", datetime.now(UTC) + timedelta(hours=1)) is None


def test_posts_and_answers_are_changed_where_they_stand(server: WordPress) -> None:
    asked = server.say("When?")
    channel = wordpress(server)
    answer = channel.publish(to(server, asked.id), "At five", "t1", "en")
    post = channel.publish(None, "Bread\n\nAt five", "t2", "en")
    for _ in range(2):
        assert channel.edit(answer.remote_id, "At six").text == "At six"
        assert channel.edit(post.remote_id, "Bread\n\nAt six").text == "Bread\nAt six"
    assert channel.read_back(post.remote_id).url == post.url
    with pytest.raises(Rejected):
        channel.edit("elsewhere.example/1", "At six")


@pytest.mark.parametrize("place", ["elsewhere.example/17", "17", "", "x/p", "x/17p", "x/-1"])
def test_what_is_of_no_such_site_is_not_touched(server: WordPress, place: str) -> None:
    channel = wordpress(server)
    assert channel.read_back(place) is None
    channel.delete(place)
    assert server.requests == []
    with pytest.raises(Rejected, match="not there"):
        channel.publish(ReplyTo(id=place, author="Anna"), "Hi", "t", "en")


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        ("rest_comment_closed 403", Rejected),
        ("rest_comment_trash_post 403", Rejected),
        ("comment_content_column_length 400", Rejected),
        ("comment_duplicate 409", Unknown),
        ("rest_cannot_create 401", Unauthorized),
        ("rest_comment_login_required 401", Unauthorized),
        ("rest_forbidden 403", Unauthorized),
        ("comment_flood 400", RateLimited),
    ],
)
def test_each_code_has_its_word(server: WordPress, refusal: str, error: type[PlatformError]) -> None:
    asked = server.say("When?")
    server.refuses = refusal
    with pytest.raises(PlatformError) as refused:
        wordpress(server).publish(to(server, asked.id), "At five", "t", "en")
    assert type(refused.value) is error
    if error is not RateLimited:
        assert refusal.split()[0] in refused.value.reason
        assert "<" not in refused.value.reason


def test_a_password_is_tried(server: WordPress) -> None:
    assert wordpress(server).check() is None
    with pytest.raises(Unauthorized, match="incorrect_password"):
        wordpress(server, "wrong").check()
    server.revoked = True
    with pytest.raises(Unauthorized):
        wordpress(server).check()


def test_length_counts_the_bytes_that_the_column_holds(server: WordPress) -> None:
    channel = wordpress(server)
    assert channel.length(" a & <b>\n") == len("a &amp; &lt;b&gt;")
    asked = server.say("When?")
    with pytest.raises(Rejected, match="longer"):
        channel.publish(to(server, asked.id), "&" * 14_000, "t", "en")


@pytest.mark.parametrize("folder", ["", "/blog", "/" + "a-very-long-folder-name-" * 4])
def test_an_id_leads_to_its_place_however_long_the_sites_name(folder: str) -> None:
    with WordPress(folder) as server:
        server.say("Who bakes?")
        channel = wordpress(server)
        (found,) = channel.listen("").found
        assert len(found.id) <= 64
        sent = channel.publish(ReplyTo(id=found.id, author="Anna"), "We do", "t", "en")
        assert channel.read_back(sent.remote_id) == sent


@pytest.mark.parametrize(
    "site",
    [
        "",
        "blog.example",
        "http://blog.example",
        "https://a@blog.example",
        "https://blog.example/?p=1",
        "https://[",
        "x",
    ],
)
def test_what_is_no_site_is_bad_input(site: str) -> None:
    with pytest.raises(BadInput, match="site"):
        platform("wordpress", {"site": site, "account": "brand"}, {"app_password": PASSWORD}, Http())


# where the API is --------------------------------------------------------------------------------------


class Elsewhere(WordPress):
    """A site whose addresses are plain: its API is a word of the query. `says` where: in `header`, in `page`;
    what else is asked for answers `stranger`."""

    header = page = ""
    stranger = Reply(404, b"<html>Nothing here</html>", {"Content-Type": "text/html"})

    def answer(self, request: Request) -> Reply:
        route = request.query.pop("rest_route", [""])[0]
        if request.path == "/index.php" and route:
            return super().answer(replace(request, path=f"/wp-json{route}"))
        if request.path == "/":
            links = {"Link": self.header} if self.header else {}
            return Reply(200, self.page.encode(), {"Content-Type": "text/html", **links})
        return self.stranger


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as running:
        running.header = f'<{running.url}/index.php?rest_route=/>; rel="https://api.w.org/"'
        yield running


HOME = Reply(200, b"<html>Welcome</html>", {"Content-Type": "text/html"})


@pytest.mark.parametrize("stranger", [Elsewhere.stranger, HOME], ids=["404", "the home page"])
def test_the_api_is_where_the_site_says(elsewhere: Elsewhere, stranger: Reply) -> None:
    elsewhere.stranger = stranger
    asked = elsewhere.say("Who bakes?")
    channel = wordpress(elsewhere)
    assert texts(channel.listen("")) == ["Who bakes?"]
    answer = channel.publish(to(elsewhere, asked.id), "We do.", "token", "en")
    post = channel.publish(None, "Open!", "other", "en")
    assert len(elsewhere.ours()) == 2
    assert [each.path for each in elsewhere.requests].count("/") == 1, "once is enough"
    wordpress(elsewhere).delete(answer.remote_id)
    assert wordpress(elsewhere).read_back(post.remote_id) == post
    assert "Closed" in wordpress(elsewhere).edit(post.remote_id, "Closed.").text
    assert len(elsewhere.ours()) == 1


def test_its_page_says_it_too(elsewhere: Elsewhere) -> None:
    elsewhere.header = '<https://elsewhere.example/feed>; rel="alternate"'
    elsewhere.page = (
        f"<head><link rel='https://api.w.org/' href='{elsewhere.url}/index.php?rest_route=/' /></head>"
    )
    elsewhere.say("Who bakes?")
    assert texts(wordpress(elsewhere).listen("")) == ["Who bakes?"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        '<http://plain.example/?rest_route=/>; rel="https://api.w.org/"',
        '<{url}/wp-json/>; rel="https://api.w.org/"',
    ],
    ids=["nowhere", "in clear text", "where nothing is"],
)
def test_where_there_is_no_api_nothing_is_said_to_be_gone(elsewhere: Elsewhere, header: str) -> None:
    elsewhere.header = header.format(url=elsewhere.url)
    channel = wordpress(elsewhere)
    for ask in (channel.delete, channel.read_back):
        with pytest.raises(Rejected, match="shows no REST API"):
            ask(f"{elsewhere.site}/17")


def test_a_site_that_does_not_answer_may_say_it_later(elsewhere: Elsewhere) -> None:
    channel = wordpress(elsewhere)
    elsewhere.page = "x" * 3_000_000
    with pytest.raises(Unavailable):
        channel.listen("")
    elsewhere.page = ""
    assert channel.listen("").found == ()
