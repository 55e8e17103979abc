"""What cannot be heard is said, in the console and the API alike, each with something to do about it."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.source import SourceState
from chalicelib.platforms import leaves_out, module, names
from chalicelib.web.i18n import Words
from chalicelib.web.unheard import offered
from tests.web.access import PAPER
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_source import manager as manager
from tests.web.world import BRAND, NOW, World


def test_the_page_names_what_is_left_out_and_what_to_do(manager: Browser, world: World) -> None:
    broken = SourceState(failures=2, failing_since=NOW - timedelta(hours=5), reason="HTTP 404")
    world.sources.kept[:] = [(PAPER, SourceState()), (replace(PAPER, id="stuk", name="Stuk"), broken)]
    page = manager.get("/unheard").body.decode()
    assert faults(page) == []
    said = text_of(page)
    assert said.index("Not heard at this moment") < said.index("Left out by what is connected")
    assert "Look whether its address still holds." in said
    assert "Comments under an article, unless they have a feed of their own." in said
    assert "What none of your watches asks for." in said
    assert "Mastodon Webspin can listen there, and nothing is connected." in said
    assert "News, blogs and forums" not in said, "there is one"
    assert "Instagram Webspin has no source for it." in said
    assert "WhatsApp" in said
    assert 'href="/sources/stuk"' in page.replace("/api/", "/")
    rows = manager.get("/unheard?as=csv").body.decode("utf-8-sig").splitlines()
    assert rows[0] == '"why","what","said","do","source"'
    assert rows[1].startswith('"trouble","Stuk"')


def test_it_is_reached_from_the_sources_and_from_where_no_mentions_are(
    manager: Browser, world: World
) -> None:
    for path in ("/sources", "/mentions?day=2001-01-01"):
        assert "/unheard" in manager.get(path).body.decode(), path
    paths = {f"/sources/new?kind={kind}" for kind in offered().values()}
    assert {manager.get(path).status_code for path in paths} == {200}


def test_where_there_is_no_watch_it_says_what_that_leaves_out(manager: Browser, world: World) -> None:
    world.sources.kept[:] = [(PAPER, SourceState())]
    sentence = "Everything that is not addressed to you"
    assert sentence not in text_of(manager.get("/unheard").body.decode())
    world.brands.put(replace(BRAND, watches=()))
    assert sentence in text_of(manager.get("/unheard").body.decode())


def test_every_platform_says_what_it_leaves_out_in_words_that_there_are() -> None:
    dutch = Words("nl", "Europe/Amsterdam", NOW)
    for name in names():
        for ear in module(name).SOURCES.values():
            assert ear.leaves_out, name
            assert not [each for each in ear.leaves_out if dutch.gettext(each) == each], name
    assert leaves_out("mastodon", {}) == leaves_out("mastodon", {"kind": "mentions"})
    assert set(names()) - {"sandbox"} == set(offered())
