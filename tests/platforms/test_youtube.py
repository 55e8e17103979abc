"""YouTube: comments as they stand, with those deep below and edits; refusals by their reasons; the units."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

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
from chalicelib.platforms import _youtube, _youtube_heard, youtube as module
from chalicelib.ports import Page, ReplyTo
from tests.platforms.peer_youtube import COMMENTS, youtube
from tests.platforms.peers import platform
from tests.servers.youtube import ANNA, KEY, TOKEN, US, VIDEO, Video, YouTube

THREADS = Path(__file__).parent.parent / "data/platforms/youtube_comment_threads.json"
SINCE = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[YouTube]:
    with YouTube() as running:
        monkeypatch.setattr(module, "API", running.url)
        yield running


def texts(page: Page) -> list[str]:
    return [each.text for each in page.found]


def all_of(server: YouTube, cursor: str) -> tuple[list[str], str]:
    """What is heard until there is no more, and the last cursor."""
    heard: list[str] = []
    for _ in range(20):
        page = youtube(server).listen(cursor)
        heard, cursor = heard + texts(page), page.cursor
        if not page.more:
            return heard, cursor
    raise AssertionError("it goes on without end")


# in ----------------------------------------------------------------------------------------------------


def test_the_recorded_comment_is_a_mention_of_us(server: YouTube) -> None:
    server.answers = 200, THREADS.read_bytes()
    (found,) = youtube(server).listen("").found
    assert (found.id, found.text, found.direct) == ("UgxExample", "Nice & clear", True)
    assert (found.author.id, found.author.handle) == ("UC123", "someone")
    assert found.author.url == "https://www.youtube.com/channel/UC123"
    assert found.url == "https://www.youtube.com/watch?v=VIDEO_ID&lc=UgxExample"
    assert found.posted_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert found.reply_to == ""


def test_an_answer_hangs_below_the_comment_at_the_top(server: YouTube) -> None:
    top = server.say("How long does it bake?")
    server.say("An hour.", "UCbram", below=top)
    asked, answered = youtube(server).listen("").found
    assert (asked.reply_to, answered.reply_to) == ("", top)
    assert answered.id.startswith(f"{top}.")


def test_our_own_comments_and_those_on_the_videos_of_others_are_not_heard(server: YouTube) -> None:
    server.videos.append(Video("THEIRS", ANNA, "Their bread", ""))
    server.say("Elsewhere.", video="THEIRS")
    top = server.say("We bake at five.", US)
    server.say("So early!", below=top)
    assert texts(youtube(server).listen("")) == ["So early!"]


def test_where_nothing_changed_nothing_is_read_again(server: YouTube) -> None:
    top = server.say("Nice")
    first = youtube(server).listen("")
    same = youtube(server).listen(first.cursor)
    assert (same.unchanged, same.found, same.cursor) == (True, (), first.cursor)
    server.comment(top).text = "Nice and warm"
    assert texts(youtube(server).listen(first.cursor)) == ["Nice and warm"]


def test_an_answer_to_an_older_comment_is_heard_and_so_is_one_that_does_not_come_along(
    server: YouTube,
) -> None:
    top = server.say("Who is coming?")
    server.say("Something newer")
    for n in range(5):
        server.say(f"Me {n}", below=top)
    heard, cursor = all_of(server, "")
    assert "Me 4" in heard
    for n in range(5, 8):
        server.say(f"Me {n}", below=top)
    heard, cursor = all_of(server, cursor)
    assert {f"Me {n}" for n in range(8)} <= set(heard)
    asked = len(server.requests)
    server.say("Something newer still")
    heard, _ = all_of(server, cursor)
    assert "Something newer still" in heard
    assert len(server.requests) == asked + 1, "what is known is not fetched again"


def test_more_answers_than_one_look_fetches_come_with_the_next(
    server: YouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_youtube_heard, "DEEPER", 2)
    tops = [server.say(f"Top {n}") for n in range(5)]
    said = [
        server.say(f"Below {top} {n}", below=top) and f"Below {top} {n}" for top in tops for n in range(7)
    ]
    heard: set[str] = set()
    cursor = ""
    for _ in range(4):
        page = youtube(server).listen(cursor)
        heard |= set(texts(page))
        cursor = page.cursor
    assert set(said) <= heard
    assert youtube(server).listen(cursor).unchanged


def test_a_day_away_is_heard_whole(server: YouTube) -> None:
    server.say("before")
    _, cursor = all_of(server, "")
    said = [server.say(f"message {n:03}") and f"message {n:03}" for n in range(333)]
    heard, cursor = all_of(server, cursor)
    assert set(said) <= set(heard)
    server.say("after")
    heard, _ = all_of(server, cursor)
    assert heard[-1] == "after"
    assert len(heard) <= 100


def test_a_page_that_is_not_known_any_more_is_begun_anew(server: YouTube) -> None:
    server.say("before")
    _, cursor = all_of(server, "")
    for n in range(150):
        server.say(f"message {n:03}")
    half = youtube(server).listen(cursor)
    assert half.more
    server.answers = 400, b'{"error":{"code":400,"errors":[{"reason":"invalidPageToken"}]}}'
    again = youtube(server).listen(half.cursor)
    assert (again.found, again.more) == ((), False)
    server.answers = None
    heard, _ = all_of(server, again.cursor)
    assert {f"message {n:03}" for n in range(150)} <= set(heard)


@pytest.mark.parametrize(
    "strange",
    [
        None,
        "text",
        {},
        {"id": "1", "snippet": None},
        {"id": "1", "snippet": {"topLevelComment": []}},
        {"id": "1", "snippet": {"totalReplyCount": "3", "topLevelComment": {"id": 4, "snippet": {}}}},
        {"id": "1", "replies": {"comments": 3}, "snippet": {"topLevelComment": {"id": "1"}}},
        {"id": "1", "snippet": {"topLevelComment": {"id": "1", "snippet": {"textDisplay": "nobody"}}}},
    ],
)
def test_what_is_no_comment_is_passed_over(server: YouTube, strange: object) -> None:
    value = json.loads(THREADS.read_text())
    server.answers = 200, json.dumps({**value, "items": [strange, *value["items"]]}).encode()
    assert texts(youtube(server).listen("")) == ["Nice & clear"]


@pytest.mark.parametrize("body", [b"[]", b'{"items": 3}', b"{}", b"<html>", b"", b"null"])
@pytest.mark.parametrize("settings", [{}, {"kind": "search", "query": "bread"}])
def test_what_is_no_answer_is_a_failure_and_not_silence(
    server: YouTube, body: bytes, settings: dict[str, str]
) -> None:
    server.answers = 200, body
    with pytest.raises(Unavailable):
        youtube(server, **settings).listen("")


def test_a_video_that_a_search_finds_has_its_title_and_what_is_told(server: YouTube) -> None:
    server.videos = [Video("BAKED", ANNA, "Bread & <butter>", "Which is best? It's mine.")]
    (found,) = youtube(server, kind="search", query="bread").listen("").found
    assert found.text == "Bread & <butter>\nWhich is best? It's mine."
    assert (found.id, found.direct) == ("yt:video:BAKED", False)
    assert found.url == "https://www.youtube.com/watch?v=BAKED"


def test_what_is_not_shown_any_more_was_removed(server: YouTube) -> None:
    ids = [server.say(f"message {n}") for n in range(60)]
    server.comment(ids[3]).shown = server.comment(ids[57]).shown = False
    asked = len(server.requests)
    assert youtube(server).look_again([*ids, "yt:video:OTHER"]).gone == (ids[3], ids[57])
    assert len(server.requests) == asked + 4
    server.expired = True
    with pytest.raises(Unauthorized):
        youtube(server).look_again(ids)


# out ---------------------------------------------------------------------------------------------------


def test_an_answer_to_an_answer_says_whom_it_is_for(server: YouTube) -> None:
    top = server.say("How long does it bake?")
    below = server.say("An hour?", "UCbram", below=top)
    channel = youtube(server, TOKEN)
    channel.publish(ReplyTo(id=below, author="bram"), "Two, at least.", "t1", "en")
    channel.publish(ReplyTo(id=below, author="bram"), "Hi @Bram: or three.", "t2", "en")
    channel.publish(ReplyTo(id=below, author="bram"), "Ask @bramble, @bram.b or a@bram.", "t3", "en")
    channel.publish(ReplyTo(id=top, author="anna"), "Two hours.", "t3", "en")
    assert [each.text for each in server.ours()] == [
        "@bram Two, at least.",
        "Hi @Bram: or three.",
        "@bram Ask @bramble, @bram.b or a@bram.",
        "Two hours.",
    ]
    assert {each.id.partition(".")[0] for each in server.ours()} == {top}
    assert channel.length("Two", "bram") == len("@bram Two")


def test_a_video_of_others_is_answered_by_a_comment_below_it(server: YouTube) -> None:
    server.videos.append(Video("THEIRS", ANNA, "Bread", ""))
    channel = youtube(server, TOKEN)
    to = ReplyTo(id="yt:video:THEIRS", author="anna")
    sent = channel.publish(to, "Well baked!", "t", "en")
    assert sent.url == f"https://www.youtube.com/watch?v=THEIRS&lc={sent.remote_id}"
    assert channel.find(to, "Well baked!", "t", SINCE) == sent
    assert channel.read_back(sent.remote_id) == sent
    server.comment(sent.remote_id).likes = 2
    server.say("Thanks", below=sent.remote_id)
    numbers = channel.measure(sent.remote_id)
    assert (numbers.reactions, numbers.replies) == (2, 1)
    with pytest.raises(Rejected, match="not there"):
        channel.publish(ReplyTo(id="yt:video:GONE", author="anna"), "Hi", "t", "en")


def test_the_same_words_to_a_second_person_in_one_thread_are_a_second_answer(server: YouTube) -> None:
    top = server.say("Thanks!")
    below = server.say("Is it open?", "UCbram", below=top)
    channel = youtube(server, TOKEN)
    first = channel.publish(ReplyTo(id=top, author="anna"), "@bram You are welcome", "t1", "en")
    second = channel.publish(ReplyTo(id=below, author="bram"), "@bram You are welcome", "t2", "en")
    assert first.remote_id != second.remote_id
    assert len(server.ours()) == 2


def test_the_same_words_of_another_are_not_ours_nor_those_that_another_delivery_has(server: YouTube) -> None:
    top = server.say("Thanks!")
    server.say("You are welcome", "UCbram", below=top)
    channel, to = youtube(server, TOKEN), ReplyTo(id=top, author="anna")
    assert channel.find(to, "You are welcome", "t", SINCE) is None
    sent = channel.publish(to, "You are welcome", "t", "en")
    assert channel.find(to, "You are welcome", "t", SINCE, lambda id: id != sent.remote_id) is None
    assert channel.find(to, "You are welcome", "t", datetime.now(UTC) + timedelta(hours=1)) is None


def test_what_stands_beyond_what_is_looked_through_is_not_called_missing(
    server: YouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_youtube_heard, "PAGES", 1)
    top = server.say("Top")
    to, since = ReplyTo(id=top, author=ANNA[1]), datetime.now(UTC)
    sent = youtube(server, TOKEN).publish(to, "We zoeken het uit.", "t", "nl")
    for n in range(100):
        server.say(f"Me {n}", below=top)
    with pytest.raises(Unavailable, match="more than 100 comments to look through"):
        youtube(server, TOKEN).find(to, "We zoeken het uit.", "t", since)
    monkeypatch.setattr(_youtube_heard, "PAGES", 2)
    assert youtube(server, TOKEN).find(to, "We zoeken het uit.", "t", since) == sent
    assert youtube(server, TOKEN).find(to, "Iets anders.", "t", since) is None


def test_below_a_video_it_is_missing_only_where_all_since_then_was_read(server: YouTube) -> None:
    video = ReplyTo(id=f"{_youtube.VIDEO}{VIDEO}", author="")
    for n in range(101):
        server.say(f"Mooi {n}")
    look = youtube(server).find
    with pytest.raises(Unavailable, match="comments to look through"):
        look(video, "Dank!", "t", datetime.now(UTC) - timedelta(hours=1))
    assert look(video, "Dank!", "t", datetime.now(UTC) + timedelta(hours=1)) is None


def test_it_is_changed_where_it_stands(server: YouTube) -> None:
    top = server.say("When?")
    channel, to = youtube(server, TOKEN), ReplyTo(id=top, author="anna")
    sent = channel.publish(to, "At five.", "t", "en")
    for _ in range(2):
        assert channel.edit(sent.remote_id, "At six.").text == "At six."
    assert channel.read_back(sent.remote_id).text == "At six."
    server.fails_after_publishing = True
    with pytest.raises(Unknown):
        channel.edit(sent.remote_id, "At seven.")


def test_there_are_no_posts(server: YouTube) -> None:
    with pytest.raises(Rejected, match="videos and answers only"):
        youtube(server, TOKEN).publish(None, "Bread at seven", "t", "en")
    assert youtube(server, TOKEN).find(None, "Bread at seven", "t", SINCE) is None


# refusals, units, keys ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        ("commentsDisabled 403", Rejected),
        ("parentCommentNotFound 404", Rejected),
        ("parentCommentIsPrivate 400", Rejected),
        ("operationNotSupported 400", Rejected),
        ("commentTextTooLong 400", Rejected),
        ("forbidden 403", Unauthorized),
        ("ineligibleAccount 403", Unauthorized),
        ("authError 401", Unauthorized),
        ("processingFailure 400", Unavailable),
        ("rateLimitExceeded 403", RateLimited),
        ("quotaExceeded 403", RateLimited),
    ],
)
def test_each_reason_has_its_word(server: YouTube, refusal: str, error: type[PlatformError]) -> None:
    top = server.say("When?")
    server.refuses = refusal
    with pytest.raises(PlatformError) as refused:
        youtube(server, TOKEN).publish(ReplyTo(id=top, author="anna"), "At five.", "t", "en")
    assert type(refused.value) is error
    if not isinstance(refused.value, RateLimited):
        assert refusal.split()[0] in refused.value.reason
        assert "<" not in refused.value.reason


def test_a_wrong_key_is_told_apart_from_a_wrong_question(server: YouTube) -> None:
    told = {
        "error": {"code": 400, "details": [{"reason": "API_KEY_INVALID"}], "message": "API key not valid."}
    }
    server.answers = 400, json.dumps(told).encode()
    with pytest.raises(Unauthorized, match="not valid"):
        youtube(server).listen("")


def test_spent_units_come_back_at_midnight_in_california(server: YouTube) -> None:
    server.spent = True
    with pytest.raises(RateLimited) as waits:
        youtube(server).listen("")
    assert 0 < waits.value.retry_after <= 25 * 3600
    assert _youtube.until_midnight(datetime(2026, 11, 21, 20, tzinfo=UTC)) == 12 * 3600
    assert _youtube.until_midnight(datetime(2026, 7, 1, 6, 59, tzinfo=UTC)) == 60


def test_an_answer_costs_no_more_units_than_the_terms_say(server: YouTube) -> None:
    top = server.say("When?")
    (found,) = youtube(server).listen("").found
    server.units = 0
    channel = youtube(server, TOKEN)
    sent = channel.publish(ReplyTo(id=top, author="anna", url=found.url), "At five.", "t", "en")
    channel.read_back(sent.remote_id)
    assert server.units <= module.ANSWER
    assert module.TERMS.allowances[0].messages * module.ANSWER <= module.UNITS


def test_a_key_is_tried_and_must_be_of_our_channel(server: YouTube) -> None:
    assert youtube(server).check() is None
    assert youtube(server, TOKEN).check() is None
    for token in ("", TOKEN):
        with pytest.raises(Unauthorized, match="channel"):
            youtube(server, token, account="UCother").check()
    server.expired = True
    with pytest.raises(Unauthorized):
        youtube(server).check()


def test_who_hides_subscribers_has_no_number(server: YouTube) -> None:
    server.subscribers = 5
    assert youtube(server, TOKEN).following() == (5, None)
    server.hides_subscribers = True
    assert youtube(server, TOKEN).following() == (None, None)


def test_a_key_travels_in_no_address(server: YouTube) -> None:
    youtube(server).listen("")
    assert server.requests[-1].headers["x-goog-api-key"] == KEY
    assert KEY not in str(server.requests[-1].query)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"kind": "videos"}, "kind"),
        ({"kind": "comments"}, "account"),
        ({"kind": "search", "account": US}, "query"),
        ({**COMMENTS, "query": "bread"}, "query"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput, match=field):
        platform("youtube", settings, {"api_key": KEY}, Http())


def test_the_push_of_a_hub_tells_of_new_and_of_deleted_videos() -> None:
    """By the webhook source, with the channel's feed as its topic."""
    topic = "https://www.youtube.com/feeds/videos.xml?channel_id=CHANNEL_ID"
    ear = platform("webhook", {"scheme": "websub", "topic": topic}, {}, Http())
    kind = {"content-type": "application/atom+xml"}
    (new,) = ear.hear(kind, THREADS.with_name("youtube_push_video.xml").read_bytes())
    (gone,) = ear.hear(kind, THREADS.with_name("youtube_push_deleted.xml").read_bytes())
    assert (new.text, new.author.name, new.gone) == ("Video title", "Channel title", False)
    assert new.as_of == datetime(2015, 3, 9, 19, 5, 24, tzinfo=UTC)
    assert (gone.id, gone.gone, gone.as_of) == (new.id, True, datetime(2026, 11, 21, 10, tzinfo=UTC))


def test_our_video_is_where_comments_stand(server: YouTube) -> None:
    server.say("Nice")
    (found,) = youtube(server).listen("").found
    assert _youtube.video_of(found.url) == VIDEO
    assert _youtube.video_of("https://elsewhere.example/watch?v=X") == ""
