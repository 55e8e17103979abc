"""Health: calm when all is well; what died is told in words, and goes once more through by one press."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.brand import Channel
from chalicelib.domain.pulse import KeyState, Tally
from chalicelib.domain.source import Source, SourceState
from chalicelib.ports import Letter, Queue
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import keep
from tests.web.world import BRAND, NOW, World

HOSTILE = '"><script>alert(1)</script>'
QUEUES = [
    Queue(name=name, waiting=waiting, at_work=1, dead=0)
    for name, waiting in [("poll", 0), ("hear", 0), ("understand", 12), ("respond", 0), ("deliver", 3)]
]


def letter(id: str, reason: str, about: str = "deliver veldermeer/mastodon/1/mastodon/1") -> Letter:
    return Letter(id=id, about=about, reason=reason, at=NOW - timedelta(hours=2))


@pytest.fixture
def ticking(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    world.pipes.queues = list(QUEUES)
    monkeypatch.setattr(world.sources, "last_tick", lambda: NOW - timedelta(seconds=40))
    return world


def well(world: World) -> World:
    """Only sources that listen as they should."""
    world.sources.kept = [each for each in world.sources.kept if each[0].id in ("wij", "bode", "form")]
    return world


def broken(world: World) -> World:
    world.pipes.dead["deliver"] = [
        letter("1", "Unauthorized: mastodon: HTTP 401: invalid_token"),
        letter("2", ""),
    ]
    world.pipes.dead["understand"] = [letter("3", "BadTask: not JSON: " + HOSTILE, HOSTILE)]
    return world


def as_manager(world: World) -> None:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("manager",))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_when_all_is_well_the_page_is_calm(browser: Browser, ticking: World, language: str) -> None:
    browser.language = language
    well(ticking)
    page = browser.get("/status")
    keep(f"health-well-{language}", page.body)
    said = text_of(page.body.decode())
    calm = {
        "nl": "Alles loopt. De klok tikte het laatst om 09:11. Niets zit vast.",
        "en": "Everything runs. The clock last ticked at 09:11. Nothing is stuck.",
    }
    assert calm[language] in said
    assert {"nl": "Nog eens proberen", "en": "Try once more"}[language] not in said
    assert "band failed" not in page.body.decode()
    assert faults(page.body.decode()) == []


@pytest.mark.parametrize(
    ("paused", "said"),
    [
        (1, "2 of 3 sources listen, 1 paused."),
        (3, "0 of 3 sources listen, 3 paused."),
    ],
)
def test_a_source_that_is_paused_does_not_listen(
    browser: Browser, ticking: World, paused: int, said: str
) -> None:
    browser.language = "en"
    kept = well(ticking).sources.kept
    kept[:] = [(replace(source, paused=n < paused), state) for n, (source, state) in enumerate(kept)]
    page = browser.get("/status").body.decode()
    assert faults(page) == []
    assert said in text_of(page)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_wrong_is_told_in_words(browser: Browser, ticking: World, language: str) -> None:
    browser.language = language
    as_manager(broken(ticking))
    page = browser.get("/status")
    keep(f"health-{language}", page.body)
    assert faults(page.body.decode()) == []
    said = text_of(page.body.decode())
    told = {
        "nl": (
            "Twee rijen hebben werk dat niet lukte. Twee bronnen vragen aandacht.",
            "Mastodon: het netwerk weigert onze sleutel (invalid_token)",
            "zonder reden",
        ),
        "en": (
            "Two queues have work that failed. Two sources are in trouble.",
            "Mastodon: the network refuses our key (invalid_token)",
            "no reason was given",
        ),
    }
    for each in told[language]:
        assert each in said
    assert said.count({"nl": "Nog eens proberen", "en": "Try once more"}[language]) == 2, "one a queue"
    assert "<script>alert" not in page.body.decode()


@pytest.mark.parametrize(
    ("ago", "stale"), [(None, True), (599, False), (600, False), (601, True), (90_000, True)]
)
def test_a_clock_that_stands_still_is_told(
    browser: Browser, ticking: World, monkeypatch: pytest.MonkeyPatch, ago: int | None, stale: bool
) -> None:
    ticked = None if ago is None else NOW - timedelta(seconds=ago)
    monkeypatch.setattr(ticking.sources, "last_tick", lambda: ticked)
    page = browser.get("/status").body.decode()
    assert ("De klok staat stil." in text_of(page)) is stale
    assert faults(page) == []


def test_one_press_sends_a_queue_through_once_more(browser: Browser, ticking: World) -> None:
    as_manager(broken(ticking))
    answer = browser.post("/status/deliver", {})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/status?again=deliver")
    assert ticking.pipes.redriven == ["deliver"]
    page = text_of(browser.get("/status?again=deliver").body.decode())
    assert "“Versturen” gaat er nog eens door." in page
    assert page.count("Nog eens proberen") == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "zonder reden"),
        ("unknown", "zonder reden"),
        ("Unreachable: forum.example could not be reached", "forum.example is niet bereikbaar"),
        ("BadTask: not an object", "Webspin kan dit bericht van zichzelf niet lezen"),
        ("KeyError: 'x'", "Webspin maakte een fout; wie het beheert"),
        (
            "RateLimited: bluesky: rate limited for 30 s",
            "Bluesky: het netwerk vraagt ons 30 seconden te wachten",
        ),
        (
            "RateLimited: bluesky: rate limited for 72000 s",
            "Bluesky: het netwerk vraagt ons 20 u 00 te wachten",
        ),
        ("Rejected: mastodon: " + HOSTILE, "Mastodon: " + HOSTILE),
    ],
)
def test_a_reason_is_worded_for_a_person(browser: Browser, ticking: World, reason: str, said: str) -> None:
    ticking.pipes.dead["deliver"] = [letter("1", reason)]
    assert said in text_of(browser.get("/status").body.decode())


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (
            "deliver veldermeer/mastodon/1/mastodon/1",
            "Een bericht of antwoord moest weg: @bibveldermeer (Mastodon)",
        ),
        ("poll veldermeer/gone", "Een bron moest gevraagd worden: gone"),
        (
            "understand veldermeer/mastodon/1, veldermeer/mastodon/2 +7",
            "Er moesten berichten beoordeeld worden",
        ),
        ("212 bytes", "Een oproep van Webspins klok"),
    ],
)
def test_a_letter_is_named_in_words_and_by_no_key(
    browser: Browser, ticking: World, about: str, said: str
) -> None:
    ticking.pipes.dead["deliver"] = [letter("1", "HTTP 401", about)]
    page = text_of(browser.get("/status").body.decode())
    assert said in page
    assert about not in page


@pytest.mark.parametrize("path", ["/status", "/status?as=csv", "/status?as=json"])
def test_of_another_brands_letters_nothing_is_told(browser: Browser, ticking: World, path: str) -> None:
    ticking.pipes.dead["deliver"] = [
        letter("1", "HTTP 401", "deliver camping/mastodon/1/mastodon/1"),
        letter("2", "HTTP 402", "deliver veldermeer/mastodon/7/mastodon/1"),
    ]
    told = browser.get(path).body.decode()
    assert "401" not in told
    assert "camping" not in told
    assert "402" in told


def test_of_many_letters_some_are_shown(
    browser: Browser, ticking: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking.pipes, "state", lambda: [replace(QUEUES[4], dead=1_240)])
    monkeypatch.setattr(ticking.pipes, "letters", lambda queue: [letter("1", "HTTP 401")])
    assert "Nog 1.239 staan hier niet." in text_of(browser.get("/status").body.decode())


@pytest.mark.parametrize("queue", ["nothing", "DELIVER", HOSTILE.replace("/", "")])
def test_no_other_queue_is_sent_through(browser: Browser, ticking: World, queue: str) -> None:
    from urllib.parse import quote

    as_manager(broken(ticking))
    assert browser.post(f"/status/{quote(queue)}", {}).status_code == 404
    assert ticking.pipes.redriven == []
    assert "<script>alert" not in browser.get(f"/status?again={quote(queue)}").body.decode()


def test_who_may_not_is_not_offered_it(browser: Browser, ticking: World) -> None:
    page = browser.get("/status").body.decode()
    assert 'action="/health' not in page
    broken(ticking)
    page = text_of(browser.get("/status").body.decode())
    assert "Een manager kan het nog eens proberen." in page
    answer = browser.post("/status/deliver", {})
    assert answer.status_code == 403
    assert "Jouw rol mag dit niet." in text_of(answer.body.decode())
    assert ticking.pipes.redriven == []


def test_each_channel_with_what_it_can_do(browser: Browser, ticking: World) -> None:
    ticking.cannot.add(("mastodon", "measure"))
    said = text_of(browser.get("/status").body.decode())
    assert "Proefkanaal (Sandbox) plaatst, verwijdert, meet" in said
    assert "@bibveldermeer (Mastodon) plaatst, verwijdert niet: meet" in said


# sources --------------------------------------------------------------------------------------------


def failing(world: World, reason: str) -> None:
    made = Source(brand="veldermeer", id="x", platform="feed", name="Forum", connected_at=NOW)
    state = SourceState(failures=2, failing_since=NOW - timedelta(hours=1), reason=reason)
    world.sources.kept = [(made, state)]


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        ("HTTP 401: invalid_token", "Vernieuw de sleutel."),
        ("there is no app password", "Vernieuw de sleutel."),
        ("is not a feed: it is a web page", "Geef het adres van de feed zelf."),
        ("answered 410: the feed is gone for good", "Kijk of het adres"),
        ("the name forum.example is not known", "Kijk of het adres"),
        ("forum.example leads inside the network", "Kijk of het adres"),
        ("the source is not set up well: account", "Kijk naar de instellingen."),
        ("forum.example could not be reached", "We blijven het proberen; niets is verloren."),
        ("something nobody foresaw", "We blijven het proberen; niets is verloren."),
        (HOSTILE, "We blijven het proberen; niets is verloren."),
    ],
)
def test_a_failing_source_comes_with_the_one_thing_to_do(
    browser: Browser, world: World, reason: str, mend: str
) -> None:
    failing(world, reason)
    page = browser.get("/sources").body.decode()
    assert mend in text_of(page)
    assert faults(page) == []
    assert "<script>alert" not in page


def test_coverage_says_both_numbers_and_what_we_cannot_hear(browser: Browser, world: World) -> None:
    other = Channel(id="brief", platform="bluesky", name='"><b>brief')
    world.brands.put(replace(BRAND, channels=(*BRAND.channels, other)))
    page = browser.get("/sources").body.decode()
    said = text_of(page)
    assert "2 van 5 bronnen luisteren" in said
    assert 'Naar wat er tegen Proefkanaal (Sandbox), "><b>brief (Bluesky) gezegd wordt' in said
    assert faults(page) == []


def shown(browser: Browser) -> str:
    html = browser.get("/status").body.decode()
    assert faults(html) == []
    return text_of(html)


def test_a_schedule_that_is_late_is_told(browser: Browser, world: World) -> None:
    world.pulse.ran_at = {"measure": world.now - timedelta(hours=2), "relate": world.now}
    told = shown(browser)
    assert "Eén schema is te laat." in told
    assert "te laat, liep het laatst 07:12" in told
    assert "heeft nog niet gelopen" in told, "the report's never ran: new is not late"


def test_a_key_that_is_refused_is_told_since_when(browser: Browser, world: World) -> None:
    world.pulse.states = [KeyState(channel="mastodon", refused_since=world.now - timedelta(minutes=30))]
    told = shown(browser)
    assert "@bibveldermeer (Mastodon) geweigerd sinds 08:42" in told
    world.pulse.states = [KeyState(channel="mastodon", worked=world.now)]
    assert "@bibveldermeer (Mastodon) aangenomen 09:12" in shown(browser)


def test_the_spend_is_an_estimate_with_its_parts(browser: Browser, world: World) -> None:
    world.pulse.count(BRAND.id, Tally(month="2026-11", at=world.now, mentions=1_000_000, sent=1000))
    told = shown(browser)
    assert "Het is geen rekening." in told
    assert "1.000.000" in told
    assert "zijn geteld om 09:12" in told
    world.pulse.tally = None
    assert "worden eens per dag geteld" in shown(browser)
