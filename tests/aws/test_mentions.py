"""What `ports.Mentions` promises."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.mentions import Mentions
from chalicelib.domain.mention import TEXT_LIMIT, Author, Edit, Mention, MentionKey
from chalicelib.domain.verdict import Evidence, Reading, Sentiment, Verdict
from chalicelib.errors import NotFound
from chalicelib.ports import Wanted
from tests.conftest import NOW
from tests.harness.world import World

Make = Callable[..., Mention]
DAY = f"{NOW:%Y-%m-%d}"


def verdict(judge: str = "lexicon-1", sentiment: Sentiment = Sentiment.NEGATIVE) -> Verdict:
    reading = Reading(
        language="nl",
        sentiment=sentiment,
        probabilities=(0.8125, 0.125, 0.0625),
        evidence=(Evidence(3, 14, Sentiment.NEGATIVE), Evidence(30, 41, Sentiment.MIXED)),
        intents=("complaint", "question"),
        urgency=2,
        judge=judge,
    )
    return Verdict(reading=reading, department="desk", rule="'kapot' sends it to the desk")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"text": ""},
        {"text": "kort"},
        {"text": "Eén naïef café ☕🕸️ " * 40},
        {"text": "x" * TEXT_LIMIT},
        {"author": Author(id="", handle="")},
        {"author": Author(id="9", handle="ö", followers=0)},
        {"url": "", "watches": (), "history": True, "channel": "masto", "reply_to": "0", "language": "nl"},
        {"direct": True},
        {"links": ("bieb.nl/agenda", "example.org")},
        {"links": ("bieb.nl",), "edit": Edit(1, NOW, "toen")},
        {"direct": True, "history": True},
        {"posted_at": NOW + timedelta(milliseconds=123)},
        {"posted_at": NOW - timedelta(days=365 * 90)},
    ],
)
def test_gives_back_what_it_was_given(mentions: Mentions, mention: Make, changes: dict[str, object]) -> None:
    said = mention("a/b:c@d.e", **changes)
    assert mentions.add(said)
    assert mentions.get(said.key) == (said, None)
    assert mentions.judge(said, verdict(), "answer")
    assert mentions.get(said.key) == (said, verdict())


def test_r1_keeps_the_first_of_two(mentions: Mentions, mention: Make) -> None:
    assert mentions.add(mention(text="first"))
    assert not mentions.add(mention(text="second"))
    assert mentions.get(mention().key)[0].text == "first"


def test_unknown_is_not_found(mentions: Mentions, mention: Make) -> None:
    with pytest.raises(NotFound, match="lindebieb/sandbox/none"):
        mentions.get(mention("none").key)
    with pytest.raises(NotFound, match="lindebieb/sandbox/none"):
        mentions.judge(mention("none"), verdict(), "ignore")


def test_r5_one_version_of_the_judge_speaks_once(mentions: Mentions, mention: Make) -> None:
    said = mention()
    mentions.add(said)
    assert mentions.judge(said, verdict("lexicon-1"), "answer")
    assert not mentions.judge(said, verdict("lexicon-1", Sentiment.POSITIVE), "thank")
    assert mentions.get(said.key)[1] == verdict("lexicon-1")
    assert mentions.judge(said, verdict("lexicon-2", Sentiment.POSITIVE), "thank")
    assert mentions.get(said.key)[1] == verdict("lexicon-2", Sentiment.POSITIVE)


def test_get_many_gives_those_there_are(mentions: Mentions, mention: Make) -> None:
    made = [mention(str(n)) for n in range(130)]
    for said in made:
        mentions.add(said)
    keys = [said.key for said in made]
    found = mentions.get_many([*keys, keys[0], MentionKey("lindebieb", "sandbox", "none")])
    assert found == {said.key: (said, None) for said in made}
    assert mentions.get_many([]) == {}


def test_a_day_is_listed_newest_first_in_pages(mentions: Mentions, mention: Make) -> None:
    moments = [NOW + timedelta(milliseconds=1500 * n) for n in range(7)]
    for n, at in enumerate(moments):
        said = mention(str(n), posted_at=at, watches=("brand", "topic") if n else ())
        mentions.add(said)
        mentions.judge(said, verdict(), "answer")
    waiting = mention("unjudged")
    mentions.add(waiting)
    tomorrow = mention("tomorrow", posted_at=NOW + timedelta(days=1))
    mentions.add(tomorrow)
    mentions.judge(tomorrow, verdict(), "answer")
    other = mention("other", brand="elders")
    mentions.add(other)
    mentions.judge(other, verdict(), "answer")

    first, place = mentions.day("lindebieb", "2026-11-23", limit=3)
    second, place = mentions.day("lindebieb", "2026-11-23", limit=3, before=place)
    third, end = mentions.day("lindebieb", "2026-11-23", limit=3, before=place)

    assert [line.key.id for line in first + second + third] == ["6", "5", "4", "3", "2", "1", "0"]
    assert [line.posted_at for line in first] == [moments[6], moments[5], moments[4]]
    assert end == ""
    line, said = first[0], mention("6")
    assert (line.author, line.excerpt, line.language) == ("kees", said.excerpt, "nl")
    assert (line.label, line.watches, line.state) == ("negative", ("brand", "topic"), "answer")
    assert third[0].watches == ()


def test_r26_the_expired_is_not_there(mentions: Mentions, mention: Make, aws: World) -> None:
    said = mention()
    mentions.add(said)
    mentions.judge(said, verdict(), "answer")
    aws.set_ttl_past("M#lindebieb#sandbox#1")
    with pytest.raises(NotFound):
        mentions.get(said.key)
    assert mentions.get_many([said.key]) == {}
    assert mentions.day("lindebieb", "2026-11-23") == ([], "")


def test_kept_for_a_year_after_it_was_heard(mentions: Mentions, mention: Make, aws: World) -> None:
    mentions.add(mention(posted_at=NOW - timedelta(days=900)))
    (item,) = aws.items("M#")
    assert int(item["ttl"]["N"]) == int((NOW + timedelta(days=365)).timestamp())


def test_r24_the_largest_mention_fits(mentions: Mentions, mention: Make) -> None:
    alphabet = [chr(0x1F300 + (n * 7919) % 700) for n in range(TEXT_LIMIT)]
    author = Author(id="i" * 500, handle="h" * 500, name="n" * 500, url="https://x.example/" + "u" * 2000)
    said = mention("x" * 80, text="".join(alphabet), author=author, url="https://x.example/" + "v" * 2000)
    assert mentions.add(said)
    assert mentions.judge(said, verdict(), "answer")
    assert mentions.get(said.key) == (said, verdict())


def test_a_day_is_listed_by_what_is_wanted(mentions: Mentions, mention: Make) -> None:
    def add(id: str, mood: Sentiment, minutes: int, **changes: object) -> None:
        one = mention(id, posted_at=NOW + timedelta(minutes=minutes), **changes)
        mentions.add(one)
        mentions.judge(one, verdict(sentiment=mood), "answer" if mood is Sentiment.NEGATIVE else "ignore")

    add("1", Sentiment.NEGATIVE, 1)
    add("2", Sentiment.POSITIVE, 2, watches=("brand", "sunday"))
    add("3", Sentiment.NEGATIVE, 3, platform="mastodon", author=Author(id="8", handle="noor"))
    add("4", Sentiment.NEGATIVE, 4)

    def ids(**wanted: str) -> list[str]:
        return [each.key.id for each in mentions.day("lindebieb", DAY, wanted=Wanted(**wanted))[0]]

    assert ids() == ["4", "3", "2", "1"]
    assert ids(label="negative") == ["4", "3", "1"]
    assert ids(label="negative", platform="sandbox") == ["4", "1"]
    assert ids(author="noor") == ["3"]
    assert ids(watch="sunday") == ["2"]
    assert ids(state="ignore") == ["2"]
    assert ids(language="en") == []
    first, place = mentions.day("lindebieb", DAY, limit=2, wanted=Wanted(label="negative"))
    assert [each.key.id for each in first] == ["4", "3"]
    rest, place = mentions.day("lindebieb", DAY, limit=2, before=place, wanted=Wanted(label="negative"))
    assert ([each.key.id for each in rest], place) == (["1"], "")


def test_a_look_says_how_many_were_looked_through(mentions: Mentions, mention: Make) -> None:
    for number in range(7):
        one = mention(str(number), posted_at=NOW + timedelta(minutes=number))
        mentions.add(one)
        mentions.judge(one, verdict(), "answer")
    nobody = Wanted(author="nobody")
    first = mentions.look("lindebieb", DAY, limit=2, through=4, wanted=nobody)
    assert (first.found, first.through) == ([], 4)
    rest = mentions.look("lindebieb", DAY, limit=2, through=4, before=first.place, wanted=nobody)
    assert (rest.found, rest.place, rest.through) == ([], "", 3)
    early = mentions.look(
        "lindebieb", DAY, limit=50, through=50, before=f"{NOW + timedelta(minutes=2):%H:%M}"
    )
    assert [each.key.id for each in early.found] == ["1", "0"]
    assert mentions.look("lindebieb", "2026-11-20", limit=2, through=4).through == 0


def edited(said: Mention, number: int = 1, text: str = "other words", gone: bool = False) -> Mention:
    return replace(said, text=text, edit=Edit(number, NOW, said.text[:280], gone))


def test_an_edit_takes_the_place_of_the_text_before_it_and_is_judged_anew(
    mentions: Mentions, mention: Make
) -> None:
    said = mention()
    mentions.add(said)
    mentions.judge(said, verdict(), "answer")
    after = edited(said)
    assert mentions.edit(after, None)
    kept, waiting = mentions.get(said.key)
    assert kept == after
    assert waiting is not None
    assert waiting.reading.judge == ""
    [listing], _ = mentions.day(said.key.brand, DAY)
    assert (listing.excerpt, listing.label) == ("other words", "negative")
    assert not mentions.judge(said, verdict(), "answer"), "what was thought of the text before comes too late"
    assert mentions.judge(after, verdict(sentiment=Sentiment.POSITIVE), "thank")
    assert mentions.get(said.key) == (after, verdict(sentiment=Sentiment.POSITIVE))


def test_of_two_edits_of_one_text_one_counts(mentions: Mentions, mention: Make) -> None:
    said = mention()
    mentions.add(said)
    assert mentions.edit(edited(said), None)
    assert not mentions.edit(edited(said, text="something else"), None)
    assert mentions.edit(edited(said, 2, ""), None)
    assert not mentions.edit(edited(mention("never-heard")), None)


def test_what_was_removed_keeps_its_verdict(mentions: Mentions, mention: Make) -> None:
    said = mention()
    mentions.add(said)
    mentions.judge(said, verdict(), "answer")
    after = edited(said, text="", gone=True)
    assert mentions.edit(after, verdict())
    assert mentions.get(said.key) == (after, verdict())
    assert not mentions.judge(after, verdict(), "ignore")


def test_an_address_is_of_who_was_there_first(mentions: Mentions, mention: Make) -> None:
    first, second = mention("first"), mention("second")
    page = "https://blad.example/stad"
    assert [mentions.at(page, each) for each in (first, second, first)] == [first.key] * 3
    assert mentions.at(f"{page}/ander", second) == second.key
