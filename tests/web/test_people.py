"""People: a list of good deeds that is done by hand, by one person each."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.measuring import Following
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.outreach import Deed, DeedState, Fan, Morning, Outreach
from chalicelib.domain.pulse import Failure
from chalicelib.errors import Conflict
from chalicelib.web.i18n import Words
from chalicelib.web.reading import wrote
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_sent import Mornings
from tests.web.test_pages import keep
from tests.web.world import NOW, World

DAY = "2026-11-23"
HOSTILE = '"><script>alert(1)</script>'


def suggestion(id: str, deed: Deed, **changes: object) -> Outreach:
    made = Outreach(
        id=id,
        deed=deed,
        mention=MentionKey("veldermeer", "mastodon", "3"),
        platform="mastodon",
        author="leest.in.bad",
        url="https://social.example/@leest.in.bad/3",
        excerpt="Half uur gezocht naar dat ene boek voor mijn vader. Goud waard.",
        language="nl",
        times=4,
        glad=3,
        channel="mastodon",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def morning(*outreach: Outreach, day: str = DAY, withheld: tuple[str, ...] = ()) -> Morning:
    fan = Fan(
        platform="mastodon",
        author="leest.in.bad",
        url="https://social.example/@leest.in.bad",
        glad=3,
        times=4,
        days=3,
        shared=2,
        last=MentionKey("veldermeer", "mastodon", "3"),
    )
    gone = replace(fan, author="stadslezer", glad=2, last=MentionKey("veldermeer", "mastodon", "gone"))
    return Morning(
        brand="veldermeer",
        day=day,
        rev=1,
        made_at=NOW,
        outreach=outreach,
        fans=(fan, gone),
        withheld=withheld,
    )


FOLLOW = suggestion("follow-1", Deed.FOLLOW, url="https://social.example/@leest.in.bad")
SHARE = suggestion(
    "share-1",
    Deed.SHARE,
    author="fietst.altijd",
    excerpt="Zondag eindelijk rustig kunnen studeren.",
    text="“Zondag eindelijk rustig kunnen studeren.”\nfietst.altijd: https://social.example/6?a=1&b=2",
    url="https://social.example/6?a=1&b=2",
    glad=0,
)
ANSWER = suggestion(
    "answer-1",
    Deed.ANSWER,
    author="",
    platform="feed",
    channel="",
    url="https://forum.example/t/7",
    excerpt="Does the library lend board games?",
    language="en",
    text="Yes, at the desk, three at a time. Kind regards, Bibliotheek Veldermeer",
)


@pytest.fixture
def listed(world: World) -> Mornings:
    world.mornings.add(morning(FOLLOW, SHARE, ANSWER, withheld=("proefkanaal",)))
    done = replace(FOLLOW, state=DeedState.DONE, by="Noor", at=NOW - timedelta(days=1))
    world.mornings.add(morning(done, SHARE, day="2026-11-22"))
    return world.mornings


def state_of(world: World, id: str) -> Outreach:
    found = world.mornings.get("veldermeer", DAY)
    assert found
    return next(each for each in found.outreach if each.id == id)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_morning_shows_each_deed_with_its_reason(
    browser: Browser, listed: Mornings, world: World, language: str
) -> None:
    browser.language = language
    as_editor(world)
    page = browser.get("/people")
    keep(f"people-{language}", page.body)
    assert faults(page.body.decode()) == []
    said = text_of(page.body.decode())
    told = {
        "nl": (
            "Drie goede daden staan open.",
            "Schreef 4 keer over ons, waarvan 3 keer blij.",
            "Schreef 4 keer over ons.",
            "Vraagt iets waar wij van weten.",
            "Op Proefkanaal (Sandbox) stellen we niemand voor",
        ),
        "en": (
            "Three good deeds are open.",
            "Wrote about us 4 times, 3 of them gladly.",
            "Wrote about us 4 times.",
            "Asks something that we know about.",
            "Nobody is suggested to follow on Proefkanaal (Sandbox)",
        ),
    }
    for each in told[language]:
        assert each in said
    assert "Worth gold" in said, "a fan with what they wrote last"
    assert "https://forum.example/t/7" in page.body.decode()


def as_editor(world: World) -> None:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("editor",))


def test_no_count_of_followers_ranks_anybody(browser: Browser, listed: Mornings) -> None:
    assert "volgers" not in text_of(browser.get("/people").body.decode()).casefold()


def test_a_share_goes_to_the_calendar_with_its_credit(
    browser: Browser, listed: Mornings, world: World
) -> None:
    assert "/calendar/new" not in browser.get("/people").body.decode(), (
        "who may not publish is not sent there"
    )
    as_editor(world)
    page = browser.get("/people").body.decode()
    href = page.partition('href="/calendar/new?')[2].partition('"')[0].replace("&amp;", "&")
    given = parse_qs(urlsplit("?" + href).query)
    assert given == {
        "title": ["Deel wat @fietst.altijd schreef"],
        "text": [SHARE.text],
        "shares": [SHARE.url],
        "of": [SHARE.mention.slug],
    }


@pytest.mark.parametrize(
    ("id", "form", "state", "link"),
    [
        ("follow-1", {"do": "done"}, DeedState.DONE, ""),
        ("share-1", {"do": "done"}, DeedState.DONE, ""),
        (
            "share-1",
            {"do": "done", "link": "https://forum.example/t/8"},
            DeedState.DONE,
            "https://forum.example/t/8",
        ),
        ("share-1", {"do": "pass"}, DeedState.PASSED, ""),
        (
            "answer-1",
            {"do": "done", "link": " https://forum.example/t/7#9 "},
            DeedState.DONE,
            "https://forum.example/t/7#9",
        ),
        ("answer-1", {"do": "pass", "link": "javascript:alert(1)"}, DeedState.PASSED, ""),
    ],
)
def test_a_deed_is_kept_with_who_did_it(
    browser: Browser,
    listed: Mornings,
    world: World,
    id: str,
    form: dict[str, str],
    state: DeedState,
    link: str,
) -> None:
    answer = browser.post(f"/people/{id}", {"day": DAY, **form})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/people?day={DAY}#d-{id}")
    found = state_of(world, id)
    assert (found.state, found.by, found.at, found.link) == (state, "Sam de Wit", NOW, link)
    said = text_of(browser.get("/people").body.decode())
    assert ("Gedaan door Sam de Wit" if state is DeedState.DONE else "Overgeslagen door Sam de Wit") in said


@pytest.mark.parametrize(
    "link",
    [
        "",
        "http://forum.example/9",
        "javascript:alert(1)",
        "https://user@evil.example/",
        "https://a b.example",
        "//evil.example",
        "https://a.example/\u0001",
        'https://a.example/"><script>',
    ],
)
def test_an_answer_needs_a_sound_address(browser: Browser, listed: Mornings, world: World, link: str) -> None:
    page = browser.post("/people/answer-1", {"day": DAY, "do": "done", "link": link})
    assert page.status_code == 422
    assert state_of(world, "answer-1").state is DeedState.OPEN
    assert "Plak het adres van je antwoord" in text_of(page.body.decode())
    assert 'aria-invalid="true"' in page.body.decode()
    assert faults(page.body.decode()) == []
    assert "<script>" not in page.body.decode()


def boxes(page: str) -> dict[str, tuple[str, str]]:
    """The texts to place, by suggestion: the attributes of its box, and what is in it."""
    found = re.findall(r'<textarea id="text-([^"]+)"([^>]*)>\n([^<]*)</textarea>', page)
    return {id: (attributes, text) for id, attributes, text in found}


def test_an_answer_is_signed_by_who_places_it(browser: Browser, world: World) -> None:
    signed = replace(ANSWER, text="Dag @cees, goede vraag. {agent}")
    bare = replace(ANSWER, id="answer-2", text="Dag @cees, kom [dag en tijd]. {agent}")
    quoted = replace(SHARE, text="“Vraag het {agent}”")
    world.mornings.add(morning(signed, bare, quoted))
    page = browser.get("/people").body.decode()
    assert faults(page) == []
    assert boxes(page)["answer-1"][1] == "Dag @cees, goede vraag. Sam de Wit"
    assert "readonly" in boxes(page)["answer-1"][0]
    assert boxes(page)["answer-2"][1] == "Dag @cees, kom [dag en tijd]. Sam de Wit"
    assert "readonly" not in boxes(page)["answer-2"][0]
    assert "Nog in te vullen: dag en tijd." in text_of(page)
    assert boxes(page)["share-1"][1] == "“Vraag het {agent}”", "nobody signs what somebody else wrote"


def test_a_share_can_be_placed_by_hand_where_no_channel_of_ours_is(
    browser: Browser, listed: Mornings, world: World
) -> None:
    page = browser.get("/people").body.decode()
    assert "Zondag eindelijk rustig kunnen studeren.”" in boxes(page)["share-1"][1]
    assert "readonly" in boxes(page)["share-1"][0]
    refused = browser.post("/people/share-1", {"day": DAY, "do": "done", "link": "https://"})
    assert refused.status_code == 422
    assert "Plak het adres van je bericht; het begint met https://." in text_of(refused.body.decode())
    assert faults(refused.body.decode()) == []
    assert state_of(world, "share-1").state is DeedState.OPEN
    browser.post("/people/share-1", {"day": DAY, "do": "done", "link": "https://forum.example/t/8"})
    assert 'href="https://forum.example/t/8"' in browser.get("/people").body.decode()


def test_the_second_one_sees_who_was_first(browser: Browser, listed: Mornings, world: World) -> None:
    both = morning(replace(FOLLOW, state=DeedState.DONE, by="Noor", at=NOW), SHARE, ANSWER)
    listed.change(replace(both, rev=2))
    page = browser.post("/people/follow-1", {"day": DAY, "do": "pass"})
    assert page.status_code == 409
    assert "Noor deed dit om 09:12" in text_of(page.body.decode())
    assert faults(page.body.decode()) == []
    assert state_of(world, "follow-1").by == "Noor"


def test_pressed_twice_is_done_once(browser: Browser, listed: Mornings, world: World) -> None:
    for _ in range(2):
        assert browser.post("/people/follow-1", {"day": DAY, "do": "done"}).status_code == 303
    kept = listed.get("veldermeer", DAY)
    assert kept
    assert kept.rev == 2


def test_two_who_do_different_deeds_at_once_both_succeed(
    browser: Browser, listed: Mornings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = listed.change

    def overtaken(mine: Morning, *lines: AuditLine) -> None:
        monkeypatch.setattr(listed, "change", real)
        real(replace(morning(FOLLOW, replace(SHARE, state=DeedState.DONE, by="Noor"), ANSWER), rev=2))
        raise Conflict("changed")

    monkeypatch.setattr(listed, "change", overtaken)
    assert browser.post("/people/follow-1", {"day": DAY, "do": "done"}).status_code == 303
    assert state_of(world, "share-1").by == "Noor"
    assert state_of(world, "follow-1").by == "Sam de Wit"


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/people/nobody", {"day": DAY, "do": "done"}, 404),
        ("/people/follow-1", {"day": "2026-11-20", "do": "done"}, 404),
        ("/people/follow-1", {"day": DAY, "do": "more"}, 400),
        ("/people/follow-1", {"day": "yesterday", "do": "done"}, 400),
        ("/people/follow-1", {"day": "0001-01-01", "do": "done"}, 400),
    ],
)
def test_a_form_that_no_page_of_ours_sends_does_nothing(
    browser: Browser, listed: Mornings, world: World, path: str, form: dict[str, str], status: int
) -> None:
    assert browser.post(path, form).status_code == status
    assert state_of(world, "follow-1").state is DeedState.OPEN


@pytest.mark.parametrize("day", ["2026-13-01", "0001-01-01", "9999-12-31", "23-11", "20261123", HOSTILE])
def test_a_day_that_is_none_is_told(browser: Browser, day: str) -> None:
    assert browser.get(f"/people?day={day}").status_code == 400


def test_older_days_are_kept(browser: Browser, listed: Mornings) -> None:
    today = text_of(browser.get("/people").body.decode())
    assert "Zondag 22 november 1 van 2 gedaan" in today
    page = browser.get("/people?day=2026-11-22").body.decode()
    assert "Gedaan door Noor" in text_of(page)
    assert "Maandag 23 november" not in text_of(page)
    assert faults(page) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_before_the_list_comes_the_page_says_so(browser: Browser, language: str) -> None:
    browser.language = language
    page = browser.get("/people")
    keep(f"people-empty-{language}", page.body)
    assert faults(page.body.decode()) == []
    assert {"nl": "Die komt in de ochtend", "en": "It comes in the morning"}[language] in text_of(
        page.body.decode()
    )
    past = browser.get("/people?day=2026-10-01").body.decode()
    assert {"nl": "geen lijst gemaakt", "en": "No list was made"}[language] in text_of(past)


def test_what_strangers_wrote_stays_text(browser: Browser, world: World) -> None:
    hostile = {
        "author": HOSTILE,
        "excerpt": HOSTILE,
        "url": "javascript:alert(1)",
        "text": "</textarea>" + HOSTILE,
        "channel": HOSTILE,
        "language": HOSTILE,
    }
    kinds = [
        suggestion(f"{deed.value}-9", deed, **hostile)
        for deed in Deed  # each has fields of its own
    ]
    done = suggestion(
        "done-9", Deed.ANSWER, **hostile, state=DeedState.DONE, by=HOSTILE, at=NOW, link="javascript:1"
    )
    made = morning(*kinds, done, withheld=(HOSTILE,))
    fan = replace(made.fans[0], author=HOSTILE, url='https://a.example/"onclick=alert(1)')
    world.mornings.add(replace(made, fans=(fan,)))
    as_editor(world)
    page = browser.get("/people").body.decode()
    assert [each for each in faults(page) if not each.startswith("no language")] == []
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'onclick=alert(1)"' not in page
    assert text_of(page).count("alert(1)") >= 8


@pytest.mark.parametrize(
    ("times", "glad", "nl", "en"),
    [
        (0, 0, "", ""),
        (1, 0, "Schreef 1 keer over ons.", "Wrote about us once."),
        (2, 0, "Schreef 2 keer over ons.", "Wrote about us 2 times."),
        (1, 1, "Schreef 1 keer over ons, blij.", "Wrote about us once, gladly."),
        (3, 3, "Schreef 3 keer over ons, blij.", "Wrote about us 3 times, gladly."),
        (
            3,
            1,
            "Schreef 3 keer over ons, waarvan 1 keer blij.",
            "Wrote about us 3 times, once gladly.",
        ),
        (
            4,
            2,
            "Schreef 4 keer over ons, waarvan 2 keer blij.",
            "Wrote about us 4 times, 2 of them gladly.",
        ),
    ],
)
def test_how_often_somebody_wrote_is_said_as_people_say_it(times: int, glad: int, nl: str, en: str) -> None:
    said = [wrote(times, glad, Words(language, "Europe/Amsterdam", NOW)) for language in ("nl", "en")]
    assert said == [nl, en]


def counted(world: World, followers: int | None, following: int | None) -> None:
    channel = FOLLOW.channel
    told = Following(channel=channel, day="2026-11-22", followers=followers, following=following)
    world.followings.put("veldermeer", told)


@pytest.mark.parametrize(
    ("followers", "following", "status"), [(10, 9, 422), (10, 10, 422), (11, 9, 303), (10, None, 303)]
)
def test_nobody_is_followed_past_as_many_as_follow_us(
    browser: Browser, listed: Mornings, world: World, followers: int, following: int | None, status: int
) -> None:
    """Whom we followed since the count is one of them: that of the day before."""
    as_editor(world)
    counted(world, followers, following)
    page = browser.get("/people").body.decode()
    assert ("Nu niet: we volgen daar zoveel mensen" in text_of(page)) == (status == 422)
    assert faults(page) == []
    answer = browser.post("/people/follow-1", {"do": "done", "day": DAY})
    assert answer.status_code == status
    assert state_of(world, "follow-1").state is (DeedState.DONE if status == 303 else DeedState.OPEN)
    if status == 422:
        assert faults(answer.body.decode()) == []
        assert browser.post("/people/follow-1", {"do": "pass", "day": DAY}).status_code == 303


def test_a_list_that_could_not_be_made_says_why(browser: Browser, world: World) -> None:
    world.pulse.failed("veldermeer", Failure(what=DAY, at=NOW, reason="a fault of ours: KeyError"))
    page = browser.get("/people").body.decode()
    assert "Deze lijst kon niet worden gemaakt" in text_of(page)
    assert "Webspin maakte een fout; wie het beheert" in text_of(page)
    assert faults(page) == []
    world.mornings.add(morning(FOLLOW))
    assert "kon niet worden gemaakt" not in text_of(browser.get("/people").body.decode())
