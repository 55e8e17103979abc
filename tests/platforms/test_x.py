"""X: what its calls and lists tell, what it refuses, what it asks for."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import _x_listening, answering, can, charged, connect, x as module
from chalicelib.platforms._x_posts import begun, dated
from chalicelib.ports import Kit, ReplyTo
from chalicelib.ports.showing import Image
from tests.platforms.memory import MemoryShelf
from tests.platforms.peer_x import running, x
from tests.platforms.peers import platform
from tests.servers.x import OUR_ID, TOKEN, US, X

DATA = Path(__file__).parent.parent / "data/platforms"
SINCE = datetime.now(UTC) - timedelta(minutes=5)


def recorded(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


@pytest.fixture
def server() -> Iterator[X]:
    with running() as server:
        yield server


def to(post: Any) -> ReplyTo:
    return ReplyTo(id=str(post.id), author=post.author)


# calls -------------------------------------------------------------------------------------------------


def test_a_recorded_mention_is_read() -> None:
    (found,) = module.heard({}, recorded("x_activity_post_mention"))
    assert (found.platform, found.id, found.text) == ("x", "2080765813578191303", "hey @ExampleUser")
    assert (found.author.id, found.author.handle) == ("2222222222222222222", "OtherUser")
    assert found.author.url == "https://x.com/OtherUser"
    assert found.url == "https://x.com/OtherUser/status/2080765813578191303"
    assert found.posted_at == datetime(2026, 7, 24, 21, 23, 23, tzinfo=UTC)
    assert (found.direct, found.language, found.reply_to, found.edited) == (True, "", "", False)


def test_a_recorded_answer_whose_author_is_not_told_leads_there_all_the_same() -> None:
    (found,) = module.heard({}, recorded("x_activity_post_reply"))
    assert found.text == "@ExampleUser Great post — thanks for sharing!"
    assert (found.reply_to, found.language, found.direct) == ("2080761390344937796", "en", True)
    assert found.author.handle == found.author.id == "2222222222222222222"
    assert found.author.url == "https://x.com/i/user/2222222222222222222"
    assert found.url == "https://x.com/i/status/2090000000000000001"


def test_the_older_form_is_read_too() -> None:
    (found,) = module.heard({}, recorded("x_account_activity_mention_legacy"))
    assert (found.id, found.text, found.author.handle) == (
        "1301573587187331074",
        "Hey @XDevelopers",
        "developer",
    )
    assert found.posted_at == datetime(2018, 3, 26, 16, 33, 26, tzinfo=UTC)
    assert found.direct


def test_both_forms_and_the_poll_give_one_message_one_id(server: X) -> None:
    post = server.say("@brand hello")
    (polled,) = x(server).listen("").found
    event = {"event_type": "post.mention.create", "payload": server._post(post), "filter": {"user_id": "1"}}
    (called,) = module.heard({}, {"data": event})
    old = {"id_str": str(post.id), "text": "@brand hello", "user": {"id_str": "5", "screen_name": "anna"}}
    (legacy,) = module.heard({}, {"for_user_id": "1", "tweet_create_events": [old]})
    assert polled.id == called.id == legacy.id


def test_an_edited_post_is_the_first_one_edited() -> None:
    call = recorded("x_activity_post_mention")
    call["data"]["payload"] |= {"id": "2080765813578191399", "text": "hey @ExampleUser!"}
    (found,) = module.heard({}, call)
    assert (found.id, found.edited, found.text) == ("2080765813578191303", True, "hey @ExampleUser!")
    assert found.as_of == found.posted_at


def test_what_was_deleted_is_told_by_the_older_form() -> None:
    call = {"for_user_id": "1", "tweet_delete_events": [{"status": {"id": "77", "user_id": "5"}}, {}, 3]}
    (found,) = module.heard({}, call)
    assert (found.platform, found.id, found.gone) == ("x", "77", True)


def test_we_do_not_hear_ourselves_nor_what_is_only_passed_on() -> None:
    call = recorded("x_activity_post_mention")
    call["data"]["payload"]["author_id"] = "1111111111111111111"
    assert module.heard({}, call) == ()
    legacy = recorded("x_account_activity_mention_legacy")
    (post,) = legacy["tweet_create_events"]
    assert module.heard({}, {**legacy, "tweet_create_events": [{**post, "retweeted_status": {}}]}) == ()
    assert module.heard({}, {**legacy, "for_user_id": "1234567890"}) == ()


@pytest.mark.parametrize("kind", ["post.repost.create", "like.create", "", None])
def test_what_else_is_told_is_no_message(kind: Any) -> None:
    call = recorded("x_activity_post_mention")
    call["data"]["event_type"] = kind
    assert module.heard({}, call) == ()


@pytest.mark.parametrize("value", [None, [], {}, {"data": []}, "text", {"tweet_create_events": []}])
def test_what_is_no_call_of_x_is_refused(value: Any) -> None:
    with pytest.raises(BadInput, match="data"):
        module.heard({}, value)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"id": "x", "author_id": "2", "text": "t"},
        {"id": "1", "author_id": None, "text": "t"},
        {"id": "1", "author_id": "2", "text": ["t"]},
        {"id": "1", "author_id": "2", "text": " \u200b "},
    ],
)
def test_what_is_no_post_is_passed_over(payload: Any) -> None:
    call = recorded("x_activity_post_mention")
    call["data"]["payload"] = payload
    assert module.heard({}, call) == ()


@pytest.mark.parametrize("strange", [None, [], {"users": [3, {"id": []}]}, {"users": {}}])
def test_strange_people_beside_a_post_do_no_harm(strange: Any) -> None:
    call = recorded("x_activity_post_mention")
    call["data"]["includes"] = strange
    (found,) = module.heard({}, call)
    assert found.author.handle == "2222222222222222222"


OLD_EVENT = {
    "id_str": "7",
    "text": "hi @brand",
    "user": {"id_str": "5", "screen_name": "anna"},
    "created_at": "Mon Nov 30 16:33:26 +0000 2026",
}


def for_account(us: str, way: str) -> dict[str, Any]:
    """A call of X's for the account of this number."""
    if way == "old":
        return {"for_user_id": us, "tweet_create_events": [OLD_EVENT]}
    post = {"id": "7", "author_id": "5", "text": "hi @brand"}
    return {"data": {"event_type": "post.mention.create", "filter": {"user_id": us}, "payload": post}}


@pytest.mark.parametrize("way", ["old", "activity"])
def test_of_calls_for_several_accounts_only_that_of_the_channel_is_heard(server: X, way: str) -> None:
    shelf = MemoryShelf()
    http = Http(allow=frozenset({(server.host, server.port)}))
    channel = connect("x", {"account": "Brand"}, {"token": TOKEN}, Kit(http=http, shelf=shelf))
    kit = Kit(http=http, shelf=shelf, through={"x": channel}.get, account=lambda network: "brand")
    ear = connect("webhook", {"scheme": "x"}, {}, kit)
    ours, theirs = (json.dumps(for_account(each, way)).encode() for each in (OUR_ID, "999"))
    assert [each.text for each in ear.hear({}, ours)] == ["hi @brand"]
    assert ear.hear({}, theirs) == ()
    assert len(server.requests) == 1, "its number is asked for once"
    assert shelf.ends["number"]
    alone = connect("webhook", {"scheme": "x"}, {}, Kit(http=http, shelf=shelf))
    assert len(alone.hear({}, theirs)) == 1, "where no channel answers all of it is heard"


def test_where_the_key_says_nothing_of_our_number_all_is_heard(server: X) -> None:
    server.expired_token = True
    http, shelf = Http(allow=frozenset({(server.host, server.port)})), MemoryShelf()
    channel = connect("x", {"account": "brand"}, {"token": TOKEN}, Kit(http=http, shelf=shelf))
    kit = Kit(http=http, shelf=shelf, through={"x": channel}.get, account=lambda network: "brand")
    ear = connect("webhook", {"scheme": "x"}, {}, kit)
    assert len(ear.hear({}, json.dumps(for_account("999", "old")).encode())) == 1


@pytest.mark.parametrize("value", [{}, [], None, {"data": 3}, {"data": {}}, {"data": {"filter": None}}])
def test_what_does_not_say_for_whom_it_is_stays(value: Any) -> None:
    assert module.only(value, "1") == value


def test_a_source_that_x_calls_reads_what_it_sends() -> None:
    ear = platform("webhook", {"scheme": "x"}, {}, Http())
    (found,) = ear.hear({}, json.dumps(recorded("x_activity_post_mention")).encode())
    assert (found.platform, found.id) == ("x", "2080765813578191303")


# listens -----------------------------------------------------------------------------------------------


def test_the_recorded_page_is_heard(server: X) -> None:
    server.answers = 200, json.dumps(recorded("x_user_mentions_page")).encode()
    page = x(server).listen("1|1")
    (found, *_) = page.found
    assert found.text == "Hey @XDevelopers, love the new API!"
    assert (found.author.handle, found.author.name) == ("developer", "Dev Person")
    assert found.url == "https://x.com/developer/status/1301573587187331074"


def test_a_post_is_plain_with_whole_links_and_reach(server: X) -> None:
    server.say("@brand R&D at <b>https://soup.example/a?b=1&c=2</b> ")
    (found,) = x(server).listen("").found
    assert found.text == "@brand R&D at <b>https://soup.example/a?b=1&c=2</b>"
    assert (found.author.followers, found.author.name, found.language) == (12, "Anna", "en")


def test_what_only_followers_may_see_stays_theirs(server: X) -> None:
    server.protected.add("anna")
    server.say("@brand for my followers")
    server.say("@brand for all", "bram")
    assert [each.text for each in x(server).listen("").found] == ["@brand for all"]


def test_no_more_is_read_than_is_paid_for_and_nothing_is_lost(server: X) -> None:
    server.say("@brand before")
    ear = x(server)
    cursor = ear.listen("").cursor
    said = [server.say(f"@brand {n}").text for n in range(237)]
    heard: list[str] = []
    while True:
        page = ear.listen(cursor, 60)
        assert page.read == len(page.found) <= 60
        heard += [each.text for each in page.found]
        cursor = page.cursor
        if not page.more:
            break
    assert sorted(heard) == sorted(said)
    assert ear.listen(cursor, 60).found == ()


def test_a_first_look_costs_little(server: X) -> None:
    for n in range(40):
        server.say(f"@brand {n} #bread")
    assert x(server).listen("").read == module.PRICES["mentions"].least == 5
    search = x(server, kind="search", query="#bread")
    assert search.listen("").read == module.PRICES["search"].least == 10


def test_a_page_that_lapsed_is_begun_anew(server: X) -> None:
    server.say("@brand before")
    ear = x(server)
    cursor = ear.listen("").cursor
    for n in range(40):
        server.say(f"@brand {n}")
    first = ear.listen(cursor, 20)
    assert first.more
    server.forgets_pages = True
    lapsed = ear.listen(first.cursor, 20)
    assert (lapsed.found, lapsed.more, lapsed.cursor) == ((), False, cursor)
    server.forgets_pages = False
    assert len(ear.listen(lapsed.cursor).found) == 40


def test_after_silence_nothing_between_the_looks_is_missed(server: X) -> None:
    cursor = x(server).listen("").cursor
    for n in range(9):
        server.say(f"@brand {n}")
    assert len(x(server).listen(cursor).found) == 9


def test_a_search_goes_on_after_a_week_of_silence(server: X) -> None:
    ear = x(server, kind="search", query="#bread")
    old = f"|{begun(datetime.now(UTC) - timedelta(days=9))}"
    server.say("fresh #bread")
    assert [each.text for each in ear.listen(old).found] == ["fresh #bread"]


def test_of_a_search_only_who_names_us_is_addressed_to_us(server: X) -> None:
    server.say("their #bread")
    server.say("@brand your #bread", "bram")
    server.say("our #bread", US)
    found = x(server, kind="search", query="#bread").listen("").found
    assert [(each.text, each.direct) for each in found] == [
        ("their #bread", False),
        ("@brand your #bread", True),
    ]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"data": 3, "meta": {}}', b'{"data": {}, "meta": 3}', b""])
def test_what_is_no_answer_is_a_failure_and_not_silence(server: X, body: bytes) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        x(server).listen("1|1")


def test_a_number_says_when_it_was_given() -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert dated(begun(at)) == at
    assert _x_listening.Turn.of(str(_x_listening.Turn("1", "2", "3", "a|b"))).page == "a|b"


# answers and posts --------------------------------------------------------------------------------


def test_only_who_summons_us_is_answered(server: X) -> None:
    stranger, caller = server.say("Cold soup"), server.say("@brand cold soup")
    with pytest.raises(Rejected, match="you were not mentioned") as refused:
        x(server).publish(to(stranger), "Sorry", "t", "en")
    assert not isinstance(refused.value, Unauthorized)
    assert x(server).publish(to(caller), "Sorry", "t", "en").remote_id


def test_what_cannot_be_answered_says_so_before() -> None:
    assert answering("x").how == "api"
    unasked = answering("x", direct=False)
    assert (unasked.how, unasked.why_not) == ("browser", module.UNSUMMONED)
    assert unasked.terms is module.TERMS


def test_the_name_in_front_is_left_to_x(server: X) -> None:
    caller = server.say("@brand cold soup")
    channel = x(server)
    sent = channel.publish(to(caller), "@anna Sorry! @bram is on it", "t", "en")
    given = json.loads(server.requests[-1].body)
    assert given == {
        "text": "Sorry! @bram is on it",
        "reply": {"in_reply_to_tweet_id": str(caller.id)},
    }
    assert channel.length("@anna Sorry!", "anna") == 6
    assert channel.length("@anna Sorry!") == 12
    assert sent.url == f"https://x.com/brand/status/{sent.remote_id}"
    assert channel.read_back(sent.remote_id) == sent
    assert channel.find(to(caller), "@anna Sorry! @bram is on it", "t", SINCE) == sent


def test_the_same_words_again_are_the_same_post(server: X) -> None:
    sent = x(server).publish(None, "Bread at seven", "t1", "en")
    assert x(server).publish(None, "Bread at seven", "t1", "en") == sent
    server.lists_late = 1
    with pytest.raises(Unknown, match="duplicate content"):  # it stands there, and X does not list it yet
        x(server).publish(None, "Bread at seven", "t2", "en")


def test_who_did_not_look_through_all_says_so(server: X, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_x_listening, "PAGES", 1)
    for n in range(101):
        server.say(f"Bread {n}", US)
    with pytest.raises(Unavailable, match="look through"):
        x(server).find(None, "Bread at seven", "t", SINCE)


def test_another_deliverys_post_is_not_taken(server: X) -> None:
    sent = x(server).publish(None, "Bread at seven", "t1", "en")
    assert x(server).find(None, "Bread at seven", "t2", SINCE, lambda id: id != sent.remote_id) is None
    assert x(server).find(None, "Bread at seven", "t2", datetime.now(UTC) + timedelta(hours=1)) is None


def test_x_lets_few_quote_by_api_so_we_offer_it_to_nobody(server: X) -> None:
    assert not can("x", "quote")
    assert not hasattr(x(server), "quote")


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


def test_an_image_goes_first_with_what_it_says(server: X) -> None:
    x(server).publish(None, "Bread", "t", "en", (image(), image(name="a2", alt="")))
    (post,) = server.ours()
    assert [server.images[id] for id in post.media] == ["A loaf", ""]


@pytest.mark.parametrize(
    "images",
    [
        [image()] * 5,
        [image(type="image/tiff")],
        [image(size=5_000_001)],
        [image(alt="a" * 1001)],
    ],
)
def test_an_image_that_x_does_not_take_is_refused_before_anything_is_sent(server: X, images: Any) -> None:
    with pytest.raises(Rejected):
        x(server).publish(None, "Bread", "t", "en", images)
    assert server.requests == []


def test_an_image_that_did_not_arrive_is_no_unknown_post(server: X) -> None:
    server.answers = 503, b"<html>"
    with pytest.raises(Unavailable) as failed:
        x(server).publish(None, "Bread", "t", "en", (image(),))
    assert not isinstance(failed.value, Unknown)


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, {"detail": "One or more parameters were invalid."}, Rejected, "parameters were invalid"),
        (401, {"title": "Unauthorized"}, Unauthorized, "401"),
        (
            402,
            {"title": "CreditsDepleted", "detail": "Your enrolled account has no credits"},
            Rejected,
            "credits",
        ),
        (403, {"detail": "You are not permitted"}, Rejected, "not permitted"),
        (403, {"type": "https://api.x.com/2/problems/client-forbidden"}, Unauthorized, "403"),
        (403, [], Rejected, "it refuses this"),
        (404, {"errors": [{"message": "Gone"}]}, Rejected, "Gone"),
        (503, {"detail": "Over capacity"}, Unknown, "503"),
        (200, {"data": {"id": None}}, Unknown, "not a message"),
        (200, {"data": {"id": "x"}}, Unknown, "not a message"),
    ],
)
def test_each_refusal_has_its_word(
    server: X, status: int, body: Any, error: type[Exception], said: str
) -> None:
    server.answers = status, json.dumps(body).encode()
    with pytest.raises(error, match=said) as refused:
        x(server).publish(None, "Bread", "t", "en")
    assert type(refused.value) is error


def test_a_key_is_tried(server: X) -> None:
    assert x(server).check() is None
    with pytest.raises(Unauthorized):
        x(server, token="another").check()


def test_a_key_of_another_account_is_refused(server: X) -> None:
    assert x(server, account=f"@{US.upper()}").check() is None
    with pytest.raises(Unauthorized, match="the key is of another account"):
        x(server, account="private").check()
    server.answers = 200, b'{"data": {"id": "7"}}'
    with pytest.raises(Unavailable, match="does not say who we are"):
        x(server).check()


def test_the_recorded_answer_to_a_post_is_ours(server: X) -> None:
    given = recorded("x_create_post_reply")
    server.answers = given["response"]["status"], json.dumps(given["response"]["body"]).encode()
    sent = x(server).publish(ReplyTo(id="1234567890", author="anna"), "This is a reply!", "t", "en")
    assert json.loads(server.requests[-1].body) == given["request"]
    assert sent.remote_id == "1445880548472328192"


# prices, settings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("messages", "dollars"),
    [
        (["Sorry!"], 0.015),
        (["See https://soup.example/a"], 0.20),
        (["See soup.nl"], 0.20),
        (["Mail us at soup@soup.nl"], 0.015),
        (["One (1/2)", "Two, see www.soup.nl (2/2)"], 0.215),
    ],
)
def test_a_link_costs_more(messages: list[str], dollars: float) -> None:
    assert module.TERMS.cost(messages) == pytest.approx(dollars)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"account": ""}, "account"),
        ({"kind": "likes"}, "kind"),
        ({"query": "bread"}, "query"),
        ({"kind": "search"}, "query"),
        ({"kind": "search", "query": "a" * 513}, "query"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput, match=field):
        platform("x", {"account": "brand", **settings}, {"token": "t"}, Http())


@pytest.mark.parametrize(
    ("text", "cost"), [("Sorry!", 15_000), ("See https://soup.example/a", 200_000), ("", 15_000)]
)
def test_what_a_message_is_booked_for_is_what_its_words_cost(text: str, cost: int) -> None:
    assert charged("x", {"account": "brand"}, text) == cost
