"""Sources: added by pasting an address, looked at first; paused, changed, removed; their keys never shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.mention import Author, Found
from chalicelib.domain.source import Quota, SourceState, succeeded
from chalicelib.errors import RateLimited, Rejected, Unauthorized
from chalicelib.ports import FeedLink
from tests.web.access import FEED, PAPER, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_brand import mark
from tests.web.world import BRAND, NOW, World

SITE = "https://krant.example/"


def found(id: str, text: str, days: float = 1, **more: Any) -> Found:
    at = NOW - timedelta(days=days)
    return Found(id=id, author=Author(id="k", handle="Krant"), text=text, posted_at=at, **more)


ITEMS = (
    found("1", "Bieb Veldermeer sluit eerder", 9),
    found("2", "Markt verplaatst", 3),
    found("3", "#zondagopen!", 1),
)


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    world.sources.kept.clear()
    world.outside.feeds[FEED] = ITEMS
    return in_role(browser, world, ("manager",))


def look(browser: Browser, url: str, **more: str) -> tuple[int, str]:
    given = {"kind": "feed", "url": url, "watched": "yes", "interval": "5", "do": "look", **more}
    answer = browser.post("/sources/new", given)
    return answer.status_code, answer.body.decode()


def test_an_address_is_looked_at_and_nothing_is_kept(manager: Browser, world: World) -> None:
    status, page = look(manager, FEED)
    said = text_of(page)
    assert status == 200
    assert "2 of its 3 items would be kept" in said
    assert "2 were posted in the last seven days." in said
    assert "<mark>Bieb Veldermeer</mark>" in page
    assert "not kept: no watch asks for it" in said
    assert "What is there already is kept as history and opens no case." in said
    assert faults(page) == []
    assert world.sources.kept == []
    assert world.tasks.sent == []


def test_then_it_is_kept_and_asked_at_once(manager: Browser, world: World) -> None:
    status, page = look(manager, FEED, do="save", name="De krant", channel="proefkanaal")
    assert status == 303
    ((source, _),) = world.sources.kept
    assert (source.id, source.name, source.channel) == ("de-krant", "De krant", "proefkanaal")
    assert source.settings == {"url": FEED}
    assert source.connected_at == NOW, "what was posted before is history"
    assert [task.source for task in world.tasks.sent] == ["de-krant"]  # type: ignore[attr-defined]
    (line,) = world.audit.lines
    assert (line.what, line.of) == ("source.add", "de-krant")
    assert page == ""


def test_an_address_without_a_scheme_is_taken_as_people_write_it(manager: Browser, world: World) -> None:
    status, page = look(manager, "krant.example/feed.xml")
    assert status == 200
    assert "2 of its 3 items would be kept" in text_of(page)
    assert 'value="krant.example"' in page, "named after its site until somebody names it"


@pytest.mark.parametrize(
    ("pasted", "url", "name"),
    [
        (
            "@lindebieb@mastodon.example",
            "https://mastodon.example/@lindebieb.rss",
            "@lindebieb@mastodon.example",
        ),
        ("r/thenetherlands", "https://www.reddit.com/r/thenetherlands/new/.rss", "r/thenetherlands"),
        ("https://bsky.app/profile/krant.example", "https://bsky.app/profile/krant.example/rss", "bsky.app"),
    ],
)
def test_a_handle_is_enough(manager: Browser, world: World, pasted: str, url: str, name: str) -> None:
    world.outside.feeds[url] = world.outside.feeds[FEED]
    _, page = look(manager, pasted)
    assert "2 of its 3 items would be kept" in text_of(page)
    assert f'value="{url}"' in page
    assert f'value="{name}"' in page
    assert look(manager, pasted, do="save")[0] == 303
    assert world.sources.kept[0][0].settings == {"url": url}


def test_a_page_that_names_one_feed_leads_to_it(manager: Browser, world: World) -> None:
    world.outside.pages[SITE] = (FeedLink(FEED, "Krantenkoppen"),)
    status, page = look(manager, SITE)
    assert status == 200
    assert "2 of its 3 items would be kept" in text_of(page)
    assert f'value="{FEED}"' in page
    assert 'value="Krantenkoppen"' in page


def test_what_was_there_before_is_offered_where_the_feed_has_it(manager: Browser, world: World) -> None:
    world.outside.older.add(FEED)
    page = look(manager, FEED)[1]
    assert faults(page) == []
    assert 'name="backfill"' in page
    assert "has no older pages" not in text_of(page)
    assert look(manager, FEED, do="save", backfill="yes", name="De krant")[0] == 303
    assert world.sources.kept[0][0].settings == {"url": FEED, "backfill": "yes"}


def test_a_feed_without_older_pages_says_so_and_nothing_is_kept_in_vain(
    manager: Browser, world: World
) -> None:
    page = look(manager, FEED)[1]
    assert faults(page) == []
    assert 'name="backfill"' not in page
    assert "This feed has no older pages" in text_of(page)
    status, page = look(manager, FEED, do="save", backfill="yes")
    assert status == 422
    assert "This feed has no older pages" in text_of(page)
    assert world.sources.kept == []
    assert look(manager, FEED, do="save")[0] == 303
    assert world.sources.kept[0][0].settings == {"url": FEED}


PAGE = "https://verhalen.example/@bieb"


@pytest.mark.parametrize(
    "page", [PAGE, "https://blog.example/tags/bieb/", "https://winkel.example/c/boeken/12"]
)
def test_where_no_feed_is_behind_a_page_the_page_names_it(manager: Browser, world: World, page: str) -> None:
    """Many a site has addresses of the form that Mastodon's or Discourse's have."""
    world.outside.pages[page] = (FeedLink(FEED, "Verhalen"),)
    status, shown = look(manager, page)
    assert status == 200
    assert "2 of its 3 items would be kept" in text_of(shown)
    assert f'value="{FEED}"' in shown
    assert 'value="Verhalen"' in shown


def test_where_its_page_names_none_either_that_is_said(manager: Browser, world: World) -> None:
    world.outside.pages[PAGE] = ()
    assert "This page names no feed." in text_of(look(manager, PAGE)[1])
    del world.outside.pages[PAGE]
    assert "Answered with error 404." in text_of(look(manager, PAGE)[1])
    world.outside.pages[PAGE] = (FeedLink(FEED, "Verhalen"),)
    world.outside.feeds[f"{PAGE}.rss"] = RateLimited("feed", 60)
    assert "asks us to wait" in text_of(look(manager, PAGE)[1]), "the feed is there: later"


@pytest.mark.parametrize(
    "pasted",
    [FEED, FEED.upper().replace("HTTPS", "https"), FEED.replace("https://", "http://www."), f"{FEED}/"],
)
def test_where_we_listen_already_is_said_at_the_look_and_nothing_is_kept_twice(
    kept: Browser, world: World, pasted: str
) -> None:
    world.outside.feeds[pasted] = ITEMS
    status, page = look(kept, pasted)
    assert status == 200
    assert faults(page) == []
    assert "We listen there already" in text_of(page)
    assert 'href="/api/sources/krant"' in page or 'href="/sources/krant"' in page
    status, page = look(kept, pasted, do="save", name="Nog eens")
    assert status == 422
    assert "We listen there already" in text_of(page)
    assert len(world.sources.kept) == 1


def test_an_account_is_not_listened_to_twice_either(manager: Browser, world: World) -> None:
    world.outside.feeds["mastodon"] = ()
    assert manager.post("/sources/new", MASTODON).status_code == 303
    again = manager.post("/sources/new", {**MASTODON, "name": "Nog eens"})
    assert "We listen there already" in text_of(again.body.decode())
    other = {**MASTODON, "name": "Andere", "account": "anders"}
    assert manager.post("/sources/new", other).status_code == 303
    assert len(world.sources.kept) == 2


def test_a_page_that_names_several_asks_which(manager: Browser, world: World) -> None:
    world.outside.pages[SITE] = (FeedLink(FEED, "Koppen"), FeedLink("https://krant.example/sport", ""))
    status, page = look(manager, SITE)
    assert status == 200
    assert "This page names several feeds" in text_of(page)
    assert page.count("Look at this one") == 2
    assert faults(page) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://leeg.example/", "This page names no feed."),
        ("https://krant.example/weg", "Answered with error 404."),
        ("http://10.0.0.1/", "leads inside our own network"),
        ("@lindebieb", "A name alone does not say where it is"),
        ("lindebieb", "A name alone does not say where it is"),
        ("not an address", "An address begins with https://"),
        ("https://u:p@krant.example/", "Leave the name and password out of the address."),
        ("", "Fill this in."),
        ("javascript:alert(1)", "An address begins with https://"),
    ],
)
def test_what_cannot_be_heard_says_why(manager: Browser, world: World, url: str, said: str) -> None:
    world.outside.pages["https://leeg.example/"] = ()
    world.outside.feeds["http://10.0.0.1/"] = Rejected("feed", "10.0.0.1 leads inside the network")
    for do in ("look", "save"):
        status, page = look(manager, url, do=do)
        assert status == 422
        assert said in text_of(page)
        assert faults(page) == []
    assert world.sources.kept == []


MASTODON = {
    "kind": "mastodon-mentions",
    "name": "Genoemd",
    "instance": "social.example",
    "account": "veldermeer",
    "interval": "5",
    "token": "fake-token-1",
    "do": "save",
}


def test_a_source_with_a_key_is_asked_before_it_is_kept(manager: Browser, world: World) -> None:
    world.outside.feeds["mastodon"] = ()
    assert manager.post("/sources/new", MASTODON).status_code == 303
    assert world.outside.tried[-1][1] == {"token": "fake-token-1"}
    assert world.secrets.kept == {"source/veldermeer/genoemd": {"token": "fake-token-1"}}
    assert [line.what for line in world.audit.lines] == ["secret.set", "source.add"]
    page = manager.get("/sources/genoemd").body.decode()
    assert "It is never shown." in page
    assert "fake-token-1" not in page
    assert faults(page) == []


def test_a_key_that_is_refused_keeps_nothing_and_is_not_repeated(manager: Browser, world: World) -> None:
    world.outside.feeds["mastodon"] = Unauthorized("mastodon", "HTTP 401")
    answer = manager.post("/sources/new", MASTODON)
    page = answer.body.decode()
    assert answer.status_code == 422
    assert "The network refuses our key." in text_of(page)
    assert "fake-token-1" not in page
    assert (world.sources.kept, world.secrets.kept) == ([], {})


def test_the_secret_of_a_webhook_is_made_and_shown_once(manager: Browser, world: World) -> None:
    answer = manager.post("/sources/new", {"kind": "webhook", "name": "Recensies", "do": "save"})
    page = answer.body.decode()
    secret = world.secrets.kept["hook/veldermeer/recensies"]["secret"]
    assert secret in page
    assert faults(page) == []
    assert secret not in manager.get("/sources/recensies").body.decode()
    again = manager.post("/sources/recensies/secret", {"do": "set"}).body.decode()
    assert world.secrets.kept["hook/veldermeer/recensies/b"]["secret"] in again
    assert secret not in again
    assert all("whsec_" not in line.before + line.after for line in world.audit.lines)


@pytest.fixture
def kept(manager: Browser, world: World) -> Browser:
    world.sources.put(PAPER)
    return manager


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", ["reader", "manager"])
@pytest.mark.parametrize(
    "path",
    [
        "/sources",
        "/sources/krant",
        "/sources/new",
        *(
            f"/sources/new?kind={kind}"
            for kind in (
                "mastodon-mentions",
                "mastodon-hashtag",
                "bluesky-mentions",
                "bluesky-search",
                "webhook",
                "sandbox",
            )
        ),
    ],
)
def test_every_page_is_whole_in_both_languages(
    kept: Browser, world: World, path: str, role: str, language: str
) -> None:
    kept.language = language
    answer = in_role(kept, world, (role,)).get(path)
    assert answer.status_code == 200
    assert faults(answer.body.decode()) == []


def test_a_source_is_changed_and_stays_connected(kept: Browser, world: World) -> None:
    given = {"name": "Het blad", "url": FEED, "interval": "15", "watched": "", "channel": ""}
    seen = mark(kept, "/sources/krant")
    assert kept.post("/sources/krant", {**given, "do": "save", "mark": seen}).status_code == 303
    source, _ = world.sources.get(BRAND.id, "krant")
    assert source == replace(PAPER, name="Het blad", interval=15, watched=False)
    answer = kept.post("/sources/krant", {**given, "name": "Ander", "do": "save", "mark": seen})
    assert answer.status_code == 409
    assert "Het blad" in answer.body.decode()
    assert faults(answer.body.decode()) == []


def test_a_source_rests_and_goes_on(kept: Browser, world: World) -> None:
    assert (
        kept.post("/sources/krant", {"do": "pause", "mark": mark(kept, "/sources/krant")}).status_code == 303
    )
    assert world.sources.get(BRAND.id, "krant")[0] == replace(PAPER, paused=True)
    page = text_of(kept.get("/sources").body.decode())
    assert "0 of 0 sources listen" in page
    assert "1 paused" in page
    assert world.tasks.sent == []
    page = kept.get("/sources/krant").body.decode()
    assert faults(page) == []
    assert "what came meanwhile is kept as history" in text_of(page)
    assert (
        kept.post("/sources/krant", {"do": "resume", "mark": mark(kept, "/sources/krant")}).status_code == 303
    )
    assert world.sources.get(BRAND.id, "krant")[0] == replace(PAPER, resumed=(NOW,), anew_at=NOW)
    assert len(world.tasks.sent) == 1


def test_a_source_goes_on_with_what_came_meanwhile_only_where_that_is_asked_for(
    kept: Browser, world: World
) -> None:
    kept.post("/sources/krant", {"do": "pause", "mark": mark(kept, "/sources/krant")})
    answer = kept.post("/sources/krant", {"do": "catch-up", "mark": mark(kept, "/sources/krant")})
    assert answer.headers["Location"].endswith("?kept=catch-up")
    assert world.sources.get(BRAND.id, "krant")[0] == replace(PAPER, resumed=(NOW,))


def test_another_address_begins_anew_and_says_so(kept: Browser, world: World) -> None:
    given = {"name": PAPER.name, "interval": "5", "watched": "yes", "channel": ""}
    url = "https://krant.example/elders.xml"
    seen = mark(kept, "/sources/krant")
    answer = kept.post("/sources/krant", {**given, "url": url, "do": "save", "mark": seen})
    assert answer.headers["Location"].endswith("?kept=anew")
    assert "It begins anew" in text_of(kept.get("/sources/krant?kept=anew").body.decode())
    source, _ = world.sources.get(BRAND.id, "krant")
    assert (source.connected_at, source.begins) == (PAPER.connected_at, NOW)


def test_a_source_is_removed_after_it_was_said_what_that_means(kept: Browser, world: World) -> None:
    world.secrets.kept["source/veldermeer/krant"] = {"token": "fake"}
    asked = kept.post("/sources/krant", {"do": "remove", "mark": mark(kept, "/sources/krant")})
    assert "The mentions it brought, and their cases, stay." in text_of(asked.body.decode())
    assert len(world.sources.kept) == 1
    gone = {"do": "remove", "sure": "yes", "mark": mark(kept, "/sources/krant")}
    assert kept.post("/sources/krant", gone).status_code == 303
    assert (world.sources.kept, world.secrets.kept) == ([], {})
    assert kept.get("/sources/krant").status_code == 404


def counted(*days: int) -> SourceState:
    state = SourceState()
    for back, count in zip(range(len(days) - 1, -1, -1), days, strict=True):
        at = NOW - timedelta(days=back)
        state = succeeded(state, at, cursor="", seen=b"", heard=count > 0, counted=count)
    return state


def test_what_came_stands_beside_what_is_usual_and_no_figure_is_made_up(
    manager: Browser, world: World
) -> None:
    quiet = replace(PAPER, id="stil", name="Stil")
    new = replace(PAPER, id="nieuw", name="Nieuw")
    world.sources.kept[:] = [
        (PAPER, counted(*[3, 4, 5, 4] * 5, 2)),
        (quiet, counted(*[4] * 20, 0, 0, 0, 0)),
        (new, counted(1, 2)),
        (replace(PAPER, id="haak", name="Haak", platform="webhook", interval=0, settings={}), SourceState()),
    ]
    page = manager.get("/sources").body.decode()
    said = text_of(page)
    assert faults(page) == []
    assert "2 of 4 sources listen" in said
    assert "Quiet: it answers, and brought nothing for 3 days" in said
    assert "27 messages; 82 in 28 days" in said
    assert "about 4" in said
    assert "3 messages, of 2 days" in said
    assert "not known yet" in said
    assert "not counted" in said
    assert said.index("Stil") < said.index("Krant"), "trouble first"
    rows = manager.get("/sources?as=csv").body.decode("utf-8-sig").splitlines()
    assert len(rows) == 5
    assert rows[0].startswith('"source","kind","state"')


def test_what_is_usual_is_told_by_the_day_of_the_week(manager: Browser, world: World) -> None:
    began = NOW - timedelta(days=NOW.weekday() + 35)
    state = SourceState()
    while began <= NOW:
        count = 12 if began.weekday() < 5 else 0
        state = succeeded(state, began, cursor="", seen=b"", heard=count > 0, counted=count)
        began += timedelta(days=1)
    world.sources.kept[:] = [(PAPER, state)]
    told = "Mon, Tue, Wed, Thu, Fri: about 12; Sat, Sun: none"
    assert told in text_of(manager.get("/sources").body.decode())
    page = manager.get("/sources/krant").body.decode()
    assert faults(page) == []
    assert told in text_of(page)
    rows = manager.get("/sources?as=csv").body.decode("utf-8-sig").splitlines()
    assert rows[1].endswith(",12.0" * 5 + ",0.0" * 2)


def test_one_that_brings_far_less_is_told_of_and_is_not_called_deaf(manager: Browser, world: World) -> None:
    world.sources.kept[:] = [(PAPER, counted(*[40] * 30, 1, 0, 1, 1, 0))]
    page = manager.get("/sources").body.decode()
    assert "Brings far less than usual" in text_of(page)
    assert "Brings far less than usual" in text_of(manager.get("/").body.decode())
    assert "Brings far less" not in text_of(manager.get("/unheard").body.decode())


def test_its_page_says_how_well_it_is_heard_and_makes_no_figure_up(manager: Browser, world: World) -> None:
    at, state = NOW - timedelta(days=30), SourceState()
    while at < NOW:
        heard = at.hour in range(8, 12)
        delays = [timedelta(minutes=4)] * heard
        state = succeeded(state, at, cursor="", seen=b"", heard=heard, delays=delays)
        at += timedelta(hours=1)
    state = replace(state, quota=Quota(left=4980, of=5000, until=NOW + timedelta(minutes=5)))
    new = replace(PAPER, id="nieuw", name="Nieuw")
    world.sources.kept[:] = [(PAPER, state), (new, SourceState())]
    page = manager.get("/sources/krant").body.decode()
    assert faults(page) == []
    said = text_of(page)
    assert "half within 5 min of publication, 95 in 100 within 5 min" in said
    assert "Usually on Mon, Tue, Wed, Thu, Fri, Sat, Sun, between 09:00 and 13:00." in said
    assert "4,980 of 5,000, until" in said
    assert "nothing: its network asks nothing for reading" in said
    page = manager.get("/sources/nieuw").body.decode()
    assert "not known yet: it takes two weeks" in text_of(page)
    assert "its network does not say" in text_of(page)
