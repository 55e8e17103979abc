"""LinkedIn: what its calls and lists tell, its own format of text, what it refuses."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.measuring import Numbers
from chalicelib.errors import BadInput, RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import answering, linkedin as module
from chalicelib.platforms._linkedin_views import little, post_of, short, unmarked, urn
from chalicelib.ports import ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.peer_linkedin import linkedin, running
from tests.platforms.peers import platform
from tests.servers.base import Reply, Request, Server
from tests.servers.linkedin import PAGE, RESERVED, TOKEN, US, LinkedIn

DATA = Path(__file__).parent.parent / "data/platforms"
SINCE = datetime.now(UTC) - timedelta(minutes=5)


def recorded(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


@pytest.fixture
def server() -> Iterator[LinkedIn]:
    with running() as server:
        yield server


def call(**changes: Any) -> Any:
    value = recorded("linkedin_social_action_comment")
    value["notifications"][0] |= changes
    return value


# calls -------------------------------------------------------------------------------------------------


def test_the_recorded_comment_is_read() -> None:
    (found,) = module.heard({}, recorded("linkedin_social_action_comment"))
    assert (found.platform, found.text, found.direct) == ("linkedin", "Commenting", True)
    assert found.id == "activity:7094637247890620418/7094977717598625792"
    assert (found.author.id, found.author.handle) == ("person:zLqTygBP8S", "zLqTygBP8S")
    assert found.posted_at == datetime(2023, 8, 9, 9, 48, 26, 310_000, UTC)
    assert found.url == (
        "https://www.linkedin.com/feed/update/urn:li:activity:7094637247890620418/?commentUrn="
        "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7094637247890620418%2C7094977717598625792%29"
    )
    assert found.reply_to == "", "each comment below a post begins a conversation"


def test_poll_and_call_give_one_comment_one_id(server: LinkedIn) -> None:
    server.say("Cold soup")
    (polled,) = linkedin(server).listen("").found
    (called,) = module.heard({}, {"notifications": server.notifications})
    assert (polled.id, polled.text) == (called.id, called.text)


def test_an_answer_to_a_comment_leads_to_it() -> None:
    value = call()
    above = "urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598620000)"
    value["notifications"][0]["decoratedGeneratedActivity"]["comment"]["parentComment"] = above
    (found,) = module.heard({}, value)
    assert found.reply_to == "activity:7094637247890620418/7094977717598620000"


def test_what_is_edited_or_removed_there_is_so_here() -> None:
    (edited,) = module.heard({}, call(action="COMMENT_EDIT"))
    assert (edited.edited, edited.gone, edited.text) == (True, False, "Commenting")
    assert edited.as_of == datetime(2023, 8, 9, 9, 48, 26, 310_000, UTC)
    (gone,) = module.heard({}, call(action="COMMENT_DELETE", decoratedGeneratedActivity=None))
    assert (gone.id, gone.gone, gone.text, gone.platform) == (edited.id, True, "", "linkedin")


@pytest.mark.parametrize("action", ["SHARE", "SHARE_MENTION"])
def test_who_shares_us_or_names_us_is_heard(action: str) -> None:
    shared = {"entity": "urn:li:share:77", "owner": "urn:li:organization:5", "text": "Best bread"}
    (found,) = module.heard({}, call(action=action, decoratedGeneratedActivity={"share": shared}))
    assert (found.id, found.text) == ("share:77", "Best bread")
    assert found.author.url == "https://www.linkedin.com/company/5"
    assert found.url == "https://www.linkedin.com/feed/update/urn:li:share:77/"


@pytest.mark.parametrize("action", ["LIKE", "ADMIN_COMMENT", "", None, 3])
def test_what_else_is_told_is_no_message(action: Any) -> None:
    assert module.heard({}, call(action=action)) == ()


def test_we_do_not_hear_ourselves() -> None:
    value = call()
    value["notifications"][0]["decoratedGeneratedActivity"]["comment"]["owner"] = (
        "urn:li:organization:96072893"
    )
    assert module.heard({}, value) == ()


@pytest.mark.parametrize("value", [None, [], {}, {"notifications": {}}, "text"])
def test_what_is_no_call_of_linkedins_is_refused(value: Any) -> None:
    with pytest.raises(BadInput, match="notifications"):
        module.heard({}, value)


@pytest.mark.parametrize(
    "changes",
    [
        {"decoratedGeneratedActivity": None},
        {"decoratedGeneratedActivity": {"comment": []}},
        {"decoratedGeneratedActivity": {"comment": {"owner": "urn:li:person:a", "text": None}}},
        {"decoratedGeneratedActivity": {"comment": {"owner": None, "text": "x"}}},
        {
            "decoratedGeneratedActivity": {"comment": {"owner": "urn:li:person:a", "text": "x"}},
            "generatedActivity": 3,
        },
    ],
)
def test_what_is_no_comment_is_passed_over(changes: Any) -> None:
    assert module.heard({}, call(**changes)) == ()


@pytest.mark.parametrize("when", [None, "x", -1, 1 << 60])
def test_a_comment_without_a_moment_is_heard_all_the_same(when: Any) -> None:
    (found,) = module.heard({}, call(lastModifiedAt=when))
    assert found.posted_at is None


def test_a_source_that_linkedin_calls_reads_what_it_sends() -> None:
    ear = platform("webhook", {"scheme": "linkedin"}, {}, Http())
    (found,) = ear.hear({}, json.dumps(recorded("linkedin_social_action_comment")).encode())
    assert found.platform == "linkedin"


# listens -----------------------------------------------------------------------------------------------


def test_sixty_days_are_asked_for_with_the_version_and_names_spelled_out(server: LinkedIn) -> None:
    server.mention("We love Brand")
    (found,) = linkedin(server).listen("").found
    assert found.text == "We love Brand"
    (asked,) = server.requests
    assert asked.headers["linkedin-version"] == "202607"
    assert asked.headers["x-restli-protocol-version"] == "2.0.0"
    assert asked.query["organizationalEntity"] == [US]
    begin, end = asked.query["timeRange"][0].removeprefix("(start:").removesuffix(")").split(",end:")
    assert int(end) - int(begin) == timedelta(days=60) // timedelta(milliseconds=1)


def test_what_shows_up_late_is_heard_and_nothing_twice(server: LinkedIn) -> None:
    server.say("first")
    ear = linkedin(server)
    cursor = ear.listen("").cursor
    late = server.say("late")
    server.notifications[-1]["lastModifiedAt"] -= 90_000
    page = ear.listen(cursor)
    assert [each.text for each in page.found] == ["late"]
    assert ear.listen(page.cursor).found == ()
    server.tell("COMMENT_EDIT", replace(late, text="late, edited"))
    assert [(each.text, each.edited) for each in ear.listen(page.cursor).found] == [("late, edited", True)]


def test_more_than_one_look_can_bring_is_heard_whole(server: LinkedIn) -> None:
    ear = linkedin(server)
    said = [server.say(f"comment {n}").text for n in range(720)]
    first = ear.listen("")
    assert (first.more, len(first.found)) == (True, 500)
    server.say("meanwhile")
    second = ear.listen(first.cursor)
    assert (second.more, len(second.found)) == (False, 220)
    assert sorted(each.text for each in (*first.found, *second.found)) == sorted(said)
    assert "meanwhile" in [each.text for each in ear.listen(second.cursor).found]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"elements": {}}', b"", b"<html>"])
def test_what_is_no_answer_is_a_failure_and_not_silence(server: LinkedIn, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        linkedin(server).listen("")


# its own format ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Sample text Post (with escapes) #news", "Sample text Post \\(with escapes\\) {hashtag|\\#|news}"),
        (
            "a_b *c* ~d~ <e> {f} [g] h|i \\ @j",
            "a\\_b \\*c\\* \\~d\\~ \\<e\\> \\{f\\} \\[g\\] h\\|i \\\\ \\@j",
        ),
        ("#Brood! #2026 C# a#b #bread_day", "{hashtag|\\#|Brood}! \\#2026 C\\# a\\#b \\#bread\\_day"),
        ("see https://soup.nl/a_b?c=(d)#e.", "see https://soup.nl/a_b?c=%28d%29#e."),
        ("(https://soup.nl/a)", "\\(https://soup.nl/a\\)"),
        ("https://soup.nl/Brood_(voedsel)", "https://soup.nl/Brood_%28voedsel%29"),
        ("(https://soup.nl/a_(b)).", "\\(https://soup.nl/a_%28b%29\\)."),
    ],
)
def test_a_post_is_written_so_that_nothing_is_cut(text: str, written: str) -> None:
    assert little(text) == written


def test_the_recorded_post_is_what_we_write(server: LinkedIn) -> None:
    wanted = {**recorded("linkedin_create_post")["request"], "author": US}
    linkedin(server).publish(None, "Sample text Post (with escapes) #news", "t", "en")
    assert json.loads(server.requests[-1].body) == wanted


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: "://" not in text))
def test_whatever_is_said_is_read_as_it_was_said(text: str) -> None:
    written = little(text)
    assert unmarked(written) == text
    without_tags = "".join(part if n % 2 == 0 else "" for n, part in enumerate(_apart(written)))
    assert not RESERVED.search(without_tags)


def _apart(written: str) -> list[str]:
    return re.split(r"(\{hashtag\|\\#\|\w+\})", written)


def test_a_name_of_somebody_is_read_as_people_read_it() -> None:
    assert unmarked("Thanks @[Deeg \\(Delft\\)](urn:li:organization:5)!") == "Thanks Deeg (Delft)!"


def test_what_would_have_been_cut_stands_whole(server: LinkedIn) -> None:
    text = "Bread (fresh) & soup * only today_ @home <now> #bread https://soup.example/a_b"
    sent = linkedin(server).publish(None, text, "t", "en")
    assert sent.text == text
    assert linkedin(server).read_back(sent.remote_id) == sent


# speaks ------------------------------------------------------------------------------------------------


def test_a_comment_is_answered_below_it_as_recorded(server: LinkedIn) -> None:
    asked = server.say("Cold soup")
    to = ReplyTo(id=short(asked.urn), author="zLqTygBP8S")
    sent = linkedin(server).publish(to, "@zLqTygBP8S Sorry! (really)", "t", "en")
    wanted = recorded("linkedin_create_comment")["request"]["body"]
    given = json.loads(server.requests[-1].body)
    assert given.keys() == wanted.keys()
    assert given == {
        "actor": US,
        "object": asked.post,
        "message": {"text": "Sorry! (really)"},
        "parentComment": asked.urn,
    }
    assert sent.remote_id.startswith(f"{short(asked.post)}/")
    assert linkedin(server).length("@zLqTygBP8S Sorry!", "zLqTygBP8S") == 6


def test_who_names_us_is_answered_below_their_post(server: LinkedIn) -> None:
    server.mention("We love Brand")
    (found,) = linkedin(server).listen("").found
    sent = linkedin(server).publish(ReplyTo(id=found.id, author="x"), "Thank you!", "t", "en")
    given = json.loads(server.requests[-1].body)
    assert "parentComment" not in given
    assert given["object"] == urn(found.id) == post_of(sent.remote_id)


def test_the_same_post_again_is_the_first_one_only_if_it_says_the_same(server: LinkedIn) -> None:
    sent = linkedin(server).publish(None, "Bread at seven", "t1", "en")
    assert linkedin(server).publish(None, "Bread at seven", "t1", "en") == sent
    server.lists_late = 1
    with pytest.raises(Unknown, match="duplicate of urn:li:share"):
        linkedin(server).publish(None, "Bread at seven", "t2", "en")


def test_who_did_not_look_through_all_says_so_and_answers_all_the_same(
    server: LinkedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGES", 1)
    urn_ = server.mention("We love Brand")
    for n in range(100):
        server.say(f"Me too {n}", post=urn_)
    to, channel = ReplyTo(id=short(urn_), author="x"), linkedin(server)
    with pytest.raises(Unavailable, match="look through"):
        channel.find(to, "Thank you!", "t", SINCE)
    assert channel.publish(to, "Thank you!", "t", "en").text == "Thank you!"


def test_another_deliverys_post_is_not_taken(server: LinkedIn) -> None:
    sent = linkedin(server).publish(None, "Bread at seven", "t1", "en")
    ear = linkedin(server)
    assert ear.find(None, "Bread at seven", "t2", SINCE, lambda id: id != sent.remote_id) is None
    assert ear.find(None, "Bread at seven", "t2", datetime.now(UTC) + timedelta(hours=1)) is None


def image(**changes: Any) -> Image:
    made = Image(
        name="a1",
        type="image/png",
        size=4,
        width=1,
        height=1,
        alt="A loaf",
        read=lambda: b"\x89PNG",
        address=lambda: "https://media.example/a1",
    )
    return replace(made, **changes)


def test_images_go_with_a_post(server: LinkedIn) -> None:
    linkedin(server).publish(None, "One", "t", "en", (image(),))
    linkedin(server).publish(None, "Two", "t", "en", (image(), image(alt="")))
    one, two = (post.content for post in server.posts)
    assert one["media"]["altText"] == "A loaf"
    assert server.images[one["media"]["id"]] == b"\x89PNG"
    assert ["altText" in each for each in two["multiImage"]["images"]] == [True, False]


@pytest.mark.parametrize("images", [[image()] * 21, [image(type="image/webp")], [image(size=8_000_001)]])
def test_an_image_that_does_not_fit_is_refused_before_anything_is_sent(server: LinkedIn, images: Any) -> None:
    with pytest.raises(Rejected):
        linkedin(server).publish(None, "Bread", "t", "en", images)
    with pytest.raises(Rejected, match="posts only"):
        linkedin(server).publish(ReplyTo(id="share:1", author="a"), "Hi", "t", "en", (image(),))
    assert server.requests == []


def test_an_image_that_did_not_arrive_is_no_unknown_post(server: LinkedIn) -> None:
    server.answers = 503, b"<html>"
    with pytest.raises(Unavailable) as failed:
        linkedin(server).publish(None, "Bread", "t", "en", (image(),))
    assert not isinstance(failed.value, Unknown)


BREAD = b"<meta property='og:title' content='Bread'><meta name='description' content='From seven.'>"


class Site(Server):
    def answer(self, request: Request) -> Reply:
        return Reply(200, BREAD, {"Content-Type": "text/html"})


def test_a_post_brings_the_card_of_its_first_link_as_its_page_says_it(server: LinkedIn) -> None:
    with Site() as site:
        http = Http(allow=frozenset({(server.host, server.port), (site.host, site.port)}))
        channel = platform("linkedin", {"page": PAGE}, {"token": TOKEN}, http)
        channel.publish(None, f"Look ({site.url}/bread) now", "t1", "en")
        channel.publish(None, "No link", "t2", "en")
        channel.publish(None, f"{site.url}/bread in an image", "t3", "en", (image(),))
    first, second, third = (post.content for post in server.posts)
    assert first == {
        "article": {"source": f"{site.url}/bread", "title": "Bread", "description": "From seven."}
    }
    assert second == {}
    assert list(third) == ["media"]


def test_a_page_that_says_nothing_of_itself_is_no_card(server: LinkedIn) -> None:
    linkedin(server).publish(None, f"Look {server.url}/nowhere", "t", "en")
    assert [post.content for post in server.posts] == [{}]


def test_a_correction_is_written_as_a_post_is(server: LinkedIn) -> None:
    channel = linkedin(server)
    sent = channel.publish(None, "Bread at seven", "t", "en")
    assert channel.edit(sent.remote_id, "Bread (fresh) #bread").text == "Bread (fresh) #bread"
    assert server.posts[0].written == "Bread \\(fresh\\) {hashtag|\\#|bread}"


@pytest.mark.parametrize("answer", [False, True])
def test_a_correction_that_linkedin_took_and_does_not_show_is_unknown(server: LinkedIn, answer: bool) -> None:
    channel, to = linkedin(server), ReplyTo(id=short(server.say("Cold soup").urn), author="x")
    sent = channel.publish(to if answer else None, "Bread at seven", "t", "en")
    server.keeps_words = True
    with pytest.raises(Unknown, match="does not show"):
        channel.edit(sent.remote_id, "Bread at eight")
    server.keeps_words, server.lists_late = False, 1
    with pytest.raises(Unknown, match="does not show"):
        channel.edit(sent.remote_id, "Bread at eight")
    assert channel.edit(sent.remote_id, "Bread at eight").text == "Bread at eight"


def test_a_corrected_answer_goes_without_the_number_in_front_as_it_did(server: LinkedIn) -> None:
    channel, to = linkedin(server), ReplyTo(id=short(server.say("Cold soup").urn), author="zLq")
    sent = channel.publish(to, "@zLq Sorry!", "t", "en")
    assert channel.edit(sent.remote_id, "@zLq So sorry!").text == "So sorry!"
    assert channel.edit(sent.remote_id, "@all").text == "@all"
    assert channel.edit(sent.remote_id, "@all of you").text == "@all of you"


def test_what_has_no_room_is_refused_before_it_is_sent(server: LinkedIn) -> None:
    channel, to = linkedin(server), ReplyTo(id=short(server.say("Cold soup").urn), author="x")
    assert channel.length("x" * 1_250, "x") == 1_250
    assert channel.length("x" * 1_251, "x") > channel.room() >= channel.length("x" * 1_251)
    sent = channel.publish(to, "x" * 1_250, "t1", "en")
    for text in ("x" * 1_251, ""):
        with pytest.raises(Rejected, match="1250 characters"):
            channel.publish(to, text, "t2", "en")
        with pytest.raises(Rejected, match="1250 characters"):
            channel.edit(sent.remote_id, text)
    with pytest.raises(Rejected):
        channel.edit("somewhere", "Bread")


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ({"elements": []}, Numbers()),
        ({"elements": [{"totalShareStatistics": {"likeCount": -1, "commentCount": 2}}]}, Numbers(replies=2)),
        ({"elements": [{"totalShareStatistics": []}]}, Numbers()),
    ],
)
def test_a_figure_that_is_not_given_is_not_nought(server: LinkedIn, body: Any, numbers: Numbers) -> None:
    server.answers = 200, json.dumps(body).encode()
    assert linkedin(server).measure("share:1") == numbers


def test_reactions_of_every_kind_to_a_comment_count(server: LinkedIn) -> None:
    kinds = {"LIKE": {"count": 2}, "PRAISE": {"count": 1}, "EMPATHY": None}
    server.answers = 200, json.dumps({"reactionSummaries": kinds}).encode()
    assert linkedin(server).measure("activity:1/2") == Numbers(reactions=3)
    server.answers = 200, b"[]"
    assert linkedin(server).measure("activity:1/2") == Numbers()
    assert linkedin(server).following() == (None, None)


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, {"message": "Field Value validation failed"}, Rejected, "validation failed"),
        (401, {"serviceErrorCode": 65601}, Unauthorized, "401"),
        (403, {"message": "Not enough permissions"}, Unauthorized, "403"),
        (404, {}, Rejected, "404"),
        (422, {"message": "Content is a duplicate of urn:li:share:1"}, Unknown, "duplicate"),
        (426, {"message": "Requested version 20250101 is not active"}, Rejected, "not active"),
        (429, {}, RateLimited, "rate limited"),
        (500, {}, Unknown, "500"),
        (201, {}, Unknown, "not a message"),
    ],
)
def test_each_refusal_has_its_word(
    server: LinkedIn, status: int, body: Any, error: type[Exception], said: str
) -> None:
    server.answers = status, json.dumps(body).encode()
    with pytest.raises(error, match=said) as refused:
        linkedin(server).publish(None, "Bread", "t", "en")
    assert type(refused.value) is error


def test_a_key_is_tried(server: LinkedIn) -> None:
    assert linkedin(server).check() is None
    with pytest.raises(Unauthorized):
        linkedin(server, token="another").check()


def test_what_is_no_message_is_not_answered_nor_deleted(server: LinkedIn) -> None:
    with pytest.raises(Rejected, match="not there"):
        linkedin(server).publish(ReplyTo(id="somewhere", author="a"), "Hi", "t", "en")
    with pytest.raises(Rejected, match="not a message"):
        linkedin(server).delete("somewhere")


# names, settings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_urn", "id"),
    [
        ("urn:li:comment:(urn:li:activity:1,2)", "activity:1/2"),
        ("urn:li:comment:(activity:1,2)", "activity:1/2"),
        ("urn:li:ugcPost:1", "ugcPost:1"),
        ("urn:li:person:a", ""),
        ("urn:li:share:1\n", ""),
        (None, ""),
    ],
)
def test_a_name_has_a_short_id_that_leads_back(given_urn: Any, id: str) -> None:
    assert short(given_urn) == id
    assert short(urn(id)) == id


@pytest.mark.parametrize("page", ["", "brand", "１２", "1" * 20])
def test_a_page_is_a_number(page: str) -> None:
    with pytest.raises(BadInput, match="page"):
        platform("linkedin", {"page": page}, {"token": "t"}, Http())


def test_groups_are_for_people_and_comments_for_us() -> None:
    assert answering("linkedin", direct=False, age=timedelta(days=9)).how == "api"
    assert any("Groups" in each for each in module.SOURCES[""].leaves_out)
    assert module.account({"page": PAGE}) == PAGE
