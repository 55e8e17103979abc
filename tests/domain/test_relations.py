"""Five good deeds at most, nobody twice, the ratio kept; and fans by what they say and pass on."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.brand import Brand, Channel, Template, Watch
from chalicelib.domain.drafting import open_blanks
from chalicelib.domain.measuring import Following
from chalicelib.domain.mention import EXCERPT, Author, Mention, MentionKey
from chalicelib.domain.outreach import Deed, DeedState, Handle, Morning
from chalicelib.domain.people import Line, begins_passing_on, passes_on
from chalicelib.domain.relations import choose, morning, quote
from chalicelib.domain.verdict import Reading, Sentiment, Verdict
from tests.domain.people import LIBRARY, NOON

POSITIVE, NEUTRAL, NEGATIVE = Sentiment.POSITIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE
TOWN = replace(
    LIBRARY,
    channels=(
        Channel(id="toot", platform="mastodon", name="Toot"),
        Channel(id="sky", platform="bluesky", name="Lucht"),
    ),
    watches=(*LIBRARY.watches, Watch(id="council", name="Gemeente", kind="stakeholder")),
    templates=(
        Template(id="q", language="nl", when="question", text="Dag {author}, goede vraag. {agent}"),
        Template(id="o", language="en", when="other", text="Hello {author}."),
    ),
)
ROOM = {
    "toot": Following(channel="toot", day="2026-11-23", followers=100, following=50),
    "sky": Following(channel="sky", day="2026-11-23", followers=100, following=50),
}
Heard = tuple[Line, Mention, Verdict]


def heard(
    id: str,
    author: str = "kees",
    label: Sentiment = NEUTRAL,
    days_ago: float = 1,
    *,
    platform: str = "mastodon",
    state: str = "ignore",
    intents: tuple[str, ...] = (),
    watches: tuple[str, ...] = ("brand",),
    language: str = "nl",
    followers: int | None = None,
    **changes: Any,
) -> Heard:
    when = NOON - timedelta(days=days_ago)
    key = MentionKey("lindebieb", platform, id)
    url = f"https://social.example/@{author}"
    who = Author(id=author, handle=author, name=author.title(), url=url, followers=followers)
    ordinary: dict[str, Any] = {
        "author": who,
        "text": f"Bericht {id} over de Lindebieb",
        "url": f"https://social.example/@{author}/{id}",
        "channel": "toot",
        "watches": watches,
    }
    mention = Mention(key=key, source="s", posted_at=when, heard_at=when, **{**ordinary, **changes})
    reading = Reading(
        language=language, sentiment=label, probabilities=(0.1, 0.1, 0.8), intents=intents, judge="t"
    )
    line = Line(
        key=key,
        posted_at=when,
        day=when.date().isoformat(),
        author=mention.author.handle,
        label=label.value,
        watches=watches,
        state=state,
        passed_on=begins_passing_on(mention.excerpt),
    )
    return line, mention, Verdict(reading=reading, department="desk", rule="first")


def made(
    all_heard: Sequence[Heard],
    *,
    brand: Brand = TOWN,
    followings: dict[str, Following] = ROOM,
    earlier: Sequence[Morning] = (),
    followed: Collection[Handle] = (),
) -> Morning:
    choice = choose(brand, [line for line, _, _ in all_heard], followings, earlier, followed, NOON)
    whole = {mention.key: (mention, verdict) for _, mention, verdict in all_heard}
    return morning(brand, choice, lambda keys: {key: whole[key] for key in keys}, day="2026-11-23", now=NOON)


def deeds(found: Morning, deed: Deed) -> list[str]:
    return [one.author for one in found.outreach if one.deed is deed]


def glad_twice(author: str, platform: str = "mastodon", first: float = 10) -> list[Heard]:
    """On two days, too long ago to be shared."""
    return [
        heard(f"{author}-{n}", author, POSITIVE, first + n, platform=platform, url="https://x.example/1")
        for n in range(2)
    ]


# follow ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("messages", "follow"),
    [
        ([("a", POSITIVE, 10), ("b", POSITIVE, 11)], True),
        ([("a", POSITIVE, 10)], False),
        ([("a", POSITIVE, 10), ("b", POSITIVE, 10.1)], False),  # on one day
        ([("a", POSITIVE, 10), ("b", NEUTRAL, 11)], False),
        ([("a", POSITIVE, 10), ("b", POSITIVE, 31)], False),  # out of the window
        ([("a", NEGATIVE, 9), ("b", POSITIVE, 10), ("c", POSITIVE, 11)], False),
        ([("a", NEUTRAL, 9), ("b", POSITIVE, 10), ("c", POSITIVE, 11)], True),
    ],
)
def test_who_was_glad_on_two_days_is_worth_following(messages: Any, follow: bool) -> None:
    found = made([heard(id, "kees", label, days) for id, label, days in messages])
    assert deeds(found, Deed.FOLLOW) == (["kees"] if follow else [])


def test_the_reason_counts_what_they_wrote() -> None:
    (one,) = made([*glad_twice("kees"), heard("n", "kees", NEUTRAL, 9)]).outreach
    assert (one.deed, one.times, one.glad, one.channel) == (Deed.FOLLOW, 3, 2, "toot")
    assert (one.mention.id, one.url) == ("kees-0", "https://social.example/@kees")


def test_who_was_glad_on_most_days_comes_first() -> None:
    loud = [heard(f"l{n}", "anna", POSITIVE, 10 + n % 2) for n in range(8)]
    often = [heard(f"o{n}", "zoe", POSITIVE, 10 + n) for n in range(3)]
    assert deeds(made([*loud, *often]), Deed.FOLLOW) == ["zoe", "anna"]


def test_a_stakeholder_is_worth_following_unless_angry() -> None:
    council = heard("c", "gemeente", NEUTRAL, 10, watches=("brand", "council"))
    angry = heard("d", "wethouder", NEGATIVE, 10, watches=("council",))
    assert deeds(made([council, angry]), Deed.FOLLOW) == ["gemeente"]


@pytest.mark.parametrize(
    ("followers", "following", "suggested"),
    [(100, 99, 1), (100, 98, 2), (100, 100, 0), (100, 101, 0), (None, 5, 0), (100, None, 0), (0, 0, 0)],
)
def test_we_never_follow_more_than_follow_us(
    followers: int | None, following: int | None, suggested: int
) -> None:
    known = Following(channel="toot", day="2026-11-23", followers=followers, following=following)
    people = [*glad_twice("anna"), *glad_twice("bram")]
    found = made(people, followings={"toot": known, "sky": ROOM["sky"]})
    assert len(deeds(found, Deed.FOLLOW)) == suggested
    assert found.withheld == (() if suggested else ("toot",))


def follow(state: DeedState, done: datetime | None = None, channel: str = "toot") -> Morning:
    (one,) = made(glad_twice("zoe")).outreach
    one = replace(one, state=state, at=done, channel=channel)
    return Morning(brand="lindebieb", day="2026-11-20", rev=2, made_at=NOON, outreach=(one,), fans=())


@pytest.mark.parametrize(
    ("earlier", "suggested"),
    [
        (follow(DeedState.OPEN), 1),
        (follow(DeedState.PASSED, NOON), 2),
        (follow(DeedState.DONE, NOON), 1),
        (follow(DeedState.DONE), 1),  # on the day of its list
        (
            follow(DeedState.DONE, NOON - timedelta(days=3)),
            1,
        ),  # the day of the count: in it or not, nobody knows
        (follow(DeedState.DONE, NOON - timedelta(days=4)), 2),  # is in the count
        (follow(DeedState.OPEN, channel="sky"), 2),
    ],
)
def test_whom_we_followed_since_the_count_takes_room_too(earlier: Morning, suggested: int) -> None:
    known = Following(channel="toot", day="2026-11-20", followers=100, following=98)
    people = [*glad_twice("anna"), *glad_twice("bram"), *glad_twice("cees")]
    found = made(people, followings={"toot": known, "sky": ROOM["sky"]}, earlier=[earlier])
    assert len(deeds(found, Deed.FOLLOW)) == suggested


def test_a_channel_nobody_counted_is_withheld() -> None:
    found = made([*glad_twice("anna"), *glad_twice("bram", "bluesky")], followings={"sky": ROOM["sky"]})
    assert deeds(found, Deed.FOLLOW) == ["bram"]
    assert found.withheld == ("toot",)


def test_where_we_have_no_account_nobody_can_be_followed() -> None:
    assert made(glad_twice("anna", "reviews")).outreach == ()


def test_nothing_is_suggested_twice() -> None:
    everything = [
        *glad_twice("anna"),
        heard("s", "bram", POSITIVE, 2),
        heard("q", "cees", intents=("question",), channel=""),
    ]
    first = made(everything)
    assert sorted(one.deed.value for one in first.outreach) == ["answer", "follow", "share"]
    again = made(everything, earlier=[first])
    assert again.outreach == ()
    assert again.fans == first.fans
    assert deeds(made([*everything, *glad_twice("dirk")], earlier=[first]), Deed.FOLLOW) == ["dirk"]


def test_whom_we_follow_is_never_suggested_whatever_became_of_the_list() -> None:
    everyone = [*glad_twice("anna"), *glad_twice("anna", "bluesky"), *glad_twice("dirk")]
    found = made(everyone, followed={("mastodon", "anna")})
    follow = [(one.platform, one.author) for one in found.outreach if one.deed is Deed.FOLLOW]
    assert follow == [("bluesky", "anna"), ("mastodon", "dirk")]
    assert ("mastodon", "anna") in [(fan.platform, fan.author) for fan in found.fans]


def test_the_followed_leave_room_for_all_others() -> None:
    many = [each for n in range(60) for each in glad_twice(f"p{n:02}")]
    found = made(many, followed={("mastodon", f"p{n:02}") for n in range(58)})
    assert deeds(found, Deed.FOLLOW) == ["p58", "p59"]


# share, answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({}, True),
        ({"days_ago": 6.9}, True),
        ({"days_ago": 7.1}, False),
        ({"label": NEUTRAL}, False),
        ({"label": Sentiment.MIXED}, False),
        ({"url": ""}, False),
        ({"url": "javascript:alert(1)"}, False),
        ({"direct": True}, True),
        ({"direct": True, "reply_to": "9"}, False),
        ({"url": "https://x.example/" + "a" * 260}, False),
    ],
)
def test_what_is_shared(changes: dict[str, Any], share: bool) -> None:
    found = made([heard("1", "anna", **{"label": POSITIVE, **changes})])
    assert deeds(found, Deed.SHARE) == (["anna"] if share else [])


def test_a_share_has_its_credit() -> None:
    (one,) = made([heard("1", "anna", POSITIVE, text="Wat een fijne   plek")]).outreach
    assert one.text == "“Wat een fijne plek”\nAnna: https://social.example/@anna/1"


@pytest.mark.parametrize("words", ["[foto van de opening]", "een {naam} om te onthouden", "{agent} en {}"])
def test_a_share_can_be_planned_whatever_is_in_it(words: str) -> None:
    one = heard("1", "anna", POSITIVE, text=f"Wat een feest in de bieb, {words}")
    author = replace(one[1].author, name="Anna {B}")
    (share,) = made([(one[0], replace(one[1], author=author), one[2])]).outreach
    assert open_blanks(share.text) == ()


@given(st.text(max_size=600), st.text(max_size=60), st.integers(0, 260))
def test_a_quote_fits_and_names_its_source(text: str, author: str, length: int) -> None:
    url = "https://x.example/" + "a" * length
    found = quote(text, author, url)
    assert len(found) <= 280
    if found:
        assert found.endswith(url)
        assert author in found
        assert found.count("“") - author.count("“") == 1


def test_a_cut_quote_ends_with_a_word() -> None:
    found = quote("woord " * 100, "Anna", "https://x.example/1")
    assert found.startswith("“woord woord")
    assert "woord…”\nAnna: https://x.example/1" in found
    assert 270 <= len(found) <= 280


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, True),
        ({"channel": "toot"}, False),  # answered there, by a case
        ({"state": "answer"}, False),  # a case of ours
        ({"intents": ()}, False),
        ({"days_ago": 8}, False),
        ({"url": ""}, False),
    ],
)
def test_what_is_answered(changes: dict[str, Any], answer: bool) -> None:
    asked = {"intents": ("question",), "channel": "", **changes}
    found = made([heard("1", "anna", **asked)])
    assert deeds(found, Deed.ANSWER) == (["anna"] if answer else [])


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "Dag @anna, goede vraag. {agent}"), ("en", ""), ("de", "")],
)
def test_an_answer_begins_with_the_brands_own_words(language: str, text: str) -> None:
    """Only with a template for questions, in the question's language."""
    (one,) = made([heard("1", "anna", intents=("question",), channel="", language=language)]).outreach
    assert one.text == text


# the list --------------------------------------------------------------------------------------------


def many() -> list[Heard]:
    found = [each for name in "abcdefg" for each in glad_twice(name)]
    found += [heard(f"s{n}", f"s{n}", POSITIVE, 1 + n / 10) for n in range(6)]
    return found + [
        heard(f"q{n}", f"q{n}", days_ago=1 + n / 10, intents=("question",), channel="") for n in range(6)
    ]


def kinds(found: Morning) -> list[str]:
    return sorted(one.deed.value for one in found.outreach)


def test_five_at_most_and_two_of_a_kind_unless_others_lack() -> None:
    everything = many()
    assert kinds(made(everything)) == ["answer", "answer", "follow", "share", "share"]
    no_questions = [each for each in everything if each[0].label == POSITIVE]
    assert kinds(made(no_questions)) == ["follow", "follow", "share", "share", "share"]
    only_people = [each for name in "abcdefg" for each in glad_twice(name)]
    assert kinds(made(only_people)) == ["follow"] * 5
    assert made([]).outreach == ()


@given(st.permutations(many()))
def test_the_same_in_any_order(shuffled: list[Heard]) -> None:
    assert made(shuffled) == made(many())


def test_each_suggestion_has_an_id_of_its_own() -> None:
    ids = [one.id for one in made(many()).outreach]
    assert len(set(ids)) == 5


def test_what_expired_before_it_was_read_is_left_out() -> None:
    choice = choose(TOWN, [line for line, _, _ in many()], ROOM, [], [], NOON)
    found = morning(TOWN, choice, lambda keys: {}, day="2026-11-23", now=NOON)
    assert found.outreach == ()
    assert [fan.author for fan in found.fans] == list("abcdefg")


def test_what_fits_is_found_behind_fifty_that_do_not() -> None:
    """Nobody else is read for it than who comes into question, and of each kind five hundred at most."""
    question = heard("q", "vraag", NEUTRAL, 3, intents=("question",), channel="", platform="feed")
    praise = heard(
        "g", "anna", POSITIVE, 3, text="Wat een heerlijke middag in de Lindebieb, dank jullie wel!"
    )
    ignored = [heard(f"n{n}", f"m{n}", NEUTRAL, 1 + n / 1000) for n in range(120)]
    lost = [heard(f"s{n}", f"s{n}", POSITIVE, 1 + n / 1000, url="") for n in range(120)]
    found = made([question, praise, *ignored, *lost])
    assert (deeds(found, Deed.ANSWER), deeds(found, Deed.SHARE)) == (["vraag"], ["anna"])
    far = [heard(f"n{n}", f"m{n}", NEUTRAL, 1 + n / 1000) for n in range(500)]
    assert deeds(made([question, *far]), Deed.ANSWER) == []


def test_no_more_is_read_than_it_takes() -> None:
    shares = [
        heard(f"g{n}", f"a{n}", POSITIVE, 1 + n / 1000, text="Heerlijke middag! " * 3) for n in range(200)
    ]
    choice = choose(TOWN, [line for line, _, _ in shares], ROOM, [], [], NOON)
    whole = {mention.key: (mention, verdict) for _, mention, verdict in shares}
    asked: list[int] = []

    def read(keys: Sequence[MentionKey]) -> dict[MentionKey, tuple[Mention, Verdict | None]]:
        asked.append(len(keys))
        return {key: whole[key] for key in keys}

    assert len(morning(TOWN, choice, read, day="2026-11-23", now=NOON).outreach) == 5
    assert asked[0] >= 50
    assert all(each <= 50 for each in asked[1:])
    assert len(asked) < 10


def test_a_second_account_is_used_when_the_first_has_no_room_left() -> None:
    channels = (
        Channel(id="toot", platform="mastodon", name="Toot"),
        Channel(id="toot2", platform="mastodon", name="Toot2"),
    )
    room = {
        "toot": Following(channel="toot", day="2026-11-23", followers=51, following=50),
        "toot2": Following(channel="toot2", day="2026-11-23", followers=2, following=0),
    }
    glad = [each for author in "abcd" for each in glad_twice(author)]
    found = made(glad, brand=replace(TOWN, channels=channels), followings=room)
    assert [one.channel for one in found.outreach if one.deed is Deed.FOLLOW] == ["toot", "toot2", "toot2"]


def test_few_messages_are_read() -> None:
    storm = [heard(f"m{n}", f"p{n % 40}", POSITIVE, n % 30, intents=("question",)) for n in range(3_000)]
    choice = choose(TOWN, [line for line, _, _ in storm], ROOM, [], [], NOON)
    assert len(choice.to_read) <= 350


# fans ------------------------------------------------------------------------------------------------


def fan_names(found: Morning) -> list[str]:
    return [fan.author for fan in found.fans]


def test_fans_are_ranked_by_enthusiasm_then_sharing_never_by_followers() -> None:
    loud = [heard(f"l{n}", "loud", POSITIVE, 10 + n / 100) for n in range(9)]  # all on one day
    often = [heard(f"o{n}", "often", POSITIVE, 10 + n) for n in range(4)]
    famous = [heard(f"f{n}", "star", POSITIVE, 10 + n, followers=1_000_000) for n in range(2)]
    sharing = [heard(f"h{n}", "sharing", POSITIVE, 10 + n, text="Lees https://x.example/1") for n in range(2)]
    found = made([*loud, *famous, *sharing, *often])
    assert fan_names(found) == ["often", "sharing", "star", "loud"]
    by_name = {fan.author: fan for fan in found.fans}
    assert (by_name["sharing"].shared, by_name["star"].shared) == (2, 0)
    loud_fan = by_name["loud"]
    assert (loud_fan.glad, loud_fan.times, loud_fan.days) == (9, 9, 1)


@pytest.mark.parametrize(
    ("labels", "fan"),
    [  # the newest first
        ((POSITIVE, POSITIVE), True),
        ((POSITIVE,), False),
        ((NEGATIVE, POSITIVE, POSITIVE, POSITIVE), False),
        ((NEUTRAL, POSITIVE, POSITIVE), True),
        ((POSITIVE, POSITIVE, NEGATIVE, NEGATIVE), False),
        ((POSITIVE, POSITIVE, NEGATIVE), True),
    ],
)
def test_who_is_a_fan(labels: tuple[Sentiment, ...], fan: bool) -> None:
    found = made([heard(f"m{n}", "kees", label, 10 + n) for n, label in enumerate(labels)])
    assert fan_names(found) == (["kees"] if fan else [])


BEFORE = (
    "Een hele middag in de nieuwe leeszaal gezeten, met koffie en drie kranten, en niemand die haast had."
)


def test_passing_on_is_counted_over_all_they_wrote() -> None:
    """Also where only the end of a message shows it, in more of them than are read for anything else."""
    many = [
        heard(f"h{n:02}", "kees", POSITIVE, 1 + n / 10, text="Lees https://x.example/1") for n in range(20)
    ]
    (fan,) = made(many).fans
    assert (fan.times, fan.glad, fan.shared) == (20, 20, 20)
    ends = [f"{BEFORE} En dan ook nog: {'https://x.example/1' if n % 2 else 'soep'}" for n in range(40)]
    some = [heard(f"h{n:02}", "kees", POSITIVE, 1 + n / 10, text=text) for n, text in enumerate(ends)]
    (fan,) = made(some).fans
    assert (fan.times, fan.shared) == (40, 20)


def test_who_passed_on_long_ago_is_ranked_by_it_too() -> None:
    link = "Lees https://x.example/1"
    lately = [heard(f"a{n}", "lately", POSITIVE, 10 + n / 100, text=link) for n in range(2)]
    before = [heard(f"b{n}", "before", POSITIVE, 10 + n / 100, text=link * (n > 9)) for n in range(20)]
    assert fan_names(made([*lately, *before])) == ["before", "lately"]


@given(st.text(alphabet="RTFWD: htps/x.via@“”»\n", max_size=200) | st.text(max_size=200))
def test_a_beginning_never_tells_what_the_whole_denies(text: str) -> None:
    shown = begins_passing_on(text[:EXCERPT])
    assert shown in (None, passes_on(text))


def test_ten_fans() -> None:
    people = [each for n in range(14) for each in glad_twice(f"p{n:02}")]
    assert fan_names(made(people)) == [f"p{n:02}" for n in range(10)]


# topics and peers --------------------------------------------------------------------------------------

ASIDE = replace(
    TOWN,
    watches=(
        *TOWN.watches,
        Watch(id="reading", name="Voorlezen", kind="topic"),
        Watch(id="other", name="Andere bieb", kind="peer"),
    ),
)


def test_who_writes_about_a_topic_on_two_days_is_worth_following_and_the_reason_names_it() -> None:
    said = [heard(f"t{n}", "ans", NEUTRAL, 3 + n, watches=("reading",)) for n in range(2)]
    (one,) = made(said, brand=ASIDE).outreach
    assert (one.deed, one.aside, one.times, one.glad) == (Deed.FOLLOW, "reading", 0, 0)
    assert made(said[:1], brand=ASIDE).outreach == ()


def test_a_question_about_a_topic_is_worth_an_answer_also_where_a_channel_reaches() -> None:
    question = heard("q", "ans", intents=("question",), watches=("reading",))
    (one,) = made([question], brand=ASIDE).outreach
    assert (one.deed, one.aside) == (Deed.ANSWER, "reading")
    assert made([heard("q", "ans", intents=("question",))], brand=ASIDE).outreach == ()


def test_what_is_said_of_a_peer_is_not_shared_or_answered_and_makes_nobody_our_fan() -> None:
    glad = [heard(f"p{n}", "kees", POSITIVE, 1 + n, watches=("other",)) for n in range(3)]
    found = made([*glad, heard("q", "ans", intents=("question",), watches=("other",))], brand=ASIDE)
    assert [(one.deed, one.author, one.aside) for one in found.outreach] == [(Deed.FOLLOW, "kees", "other")]
    assert found.fans == ()


def test_what_is_about_us_as_well_counts_for_us() -> None:
    glad = [heard(f"p{n}", "kees", POSITIVE, 9 + n, watches=("other", "brand")) for n in range(2)]
    found = made(glad, brand=ASIDE)
    assert deeds(found, Deed.FOLLOW) == ["kees"]
    assert [fan.author for fan in found.fans] == ["kees"]
