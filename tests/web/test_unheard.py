"""What cannot be heard is said, in the console and the API alike, each with something to do about it."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from chalicelib.domain.source import SourceState
from chalicelib.platforms import leaves_out, module, names
from chalicelib.web.i18n import Words, called
from chalicelib.web.unheard import BY_FEED, NETWORKS, Unheard, offered, unheard
from chalicelib.web.visit import Visit
from tests.web.access import PAPER, SHOP
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
    assert "Webspin can listen there, and nothing is connected." in said
    assert "Add a source: Mastodon" in said
    assert "News, blogs and forums" not in said, "there is one"
    for network in set(NETWORKS) - set(BY_FEED):
        assert (f"{called(network)} Webspin has no source for it." in said) is (network not in offered())
    assert "WhatsApp" in said
    assert 'href="/sources/stuk"' in page.replace("/api/", "/")
    rows = manager.get("/unheard?as=csv").body.decode("utf-8-sig").splitlines()
    assert rows[0] == '"why","what","said","do","source"'
    assert rows[1].startswith('"trouble","Stuk"')


@pytest.mark.parametrize(("name", "scheme"), [("slack", "slack"), ("whatsapp", "meta")])
def test_what_is_heard_by_its_own_calls_alone_is_named_until_it_calls_us(
    manager: Browser, world: World, name: str, scheme: str
) -> None:
    line = f"Add a source: {called(name)}"
    world.sources.kept[:] = [(PAPER, SourceState()), (SHOP, SourceState())]
    assert line in text_of(manager.get("/unheard").body.decode())
    world.sources.kept.append((replace(SHOP, id="roept", settings={"scheme": scheme}), SourceState()))
    assert line not in text_of(manager.get("/unheard").body.decode())
    for page in map(manager.get, ("/sources/new", "/sources/new?kind=mastodon-mentions")):
        assert f"{called(name)}: by its own calls" in text_of(page.body.decode())
    assert "by its own calls" not in manager.get("/sources/new?kind=webhook").body.decode()
    assert "TikTok: by its own calls" not in manager.get("/sources/new").body.decode(), "they say nothing"


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
        untold = getattr(module(name), "UNTOLD", ())
        assert not [each for each in untold if dutch.gettext(each) == each], name
    assert leaves_out("mastodon", {}) == leaves_out("mastodon", {"kind": "mentions"})
    assert {name for name in names() if module(name).SOURCES} - {"sandbox"} == set(offered())


@pytest.mark.parametrize(
    ("scheme", "said", "unsaid"),
    [
        ("github", "What GitHub, and what signs as it does itself sends is not read yet", "our own form:"),
        ("x", "Posts that only their author's followers may see", "is not read yet"),
        ("slack", "What other apps write, and what has no words", "is not read"),
        ("unsigned", "Trustpilot: every review, unless an account", "itself sends is not read"),
        ("unsigned", "What others send that is not in our own form", "itself sends is not read"),
        ("google-pubsub", "What a review says, unless an account of that place", "itself sends is not read"),
        ("google-pubsub", "What others send that is not in our own form", "itself sends is not read"),
        ("meta", "and what people take back", "itself sends is not read"),
        ("sns", "E-mail: answers of machines, mailing lists", "itself sends is not read"),
        ("sns", "What others send that is not in our own form", "itself sends is not read"),
        ("discourse", "What its sender leaves out", "our own form"),
        ("websub", "What its sender leaves out", "our own form"),
        ("webmention", "Pages that link to your site without telling it", "our own form"),
    ],
)
def test_of_who_calls_it_says_what_is_not_read_by_how_they_sign(
    manager: Browser, world: World, scheme: str, said: str, unsaid: str
) -> None:
    hook = replace(SHOP, settings={"scheme": scheme})
    world.sources.kept[:] = [(hook, SourceState())]
    for path in ("/unheard", f"/sources/{hook.id}"):
        page = text_of(manager.get(path).body.decode()).partition("An alert follows")[0]
        assert said in page, path
        assert unsaid not in page, path


def test_what_was_never_heard_or_cannot_be_read_is_not_heard_at_this_moment(
    manager: Browser, world: World
) -> None:
    reason = "a call could not be read: what its network itself sends is not read yet"
    unread = SourceState(failures=1, failing_since=NOW - timedelta(hours=1), reason=reason)
    world.sources.kept[:] = [
        (replace(SHOP, id="nieuw", name="Nieuw"), SourceState()),
        (replace(SHOP, id="oud", name="Oud", connected_at=NOW - timedelta(days=90)), SourceState()),
        (replace(SHOP, id="praat", name="Praat", settings={"scheme": "tiktok"}), unread),
        (replace(PAPER, id="weg", name="Weg", connected_at=NOW - timedelta(days=90)), SourceState()),
    ]
    rows = manager.get("/unheard?as=csv").body.decode("utf-8-sig").splitlines()
    now = {row.split('","')[1]: row for row in rows if row.startswith('"trouble"')}
    assert now.keys() == {"Nieuw", "Oud", "Praat", "Weg"}
    assert "Nothing heard yet." in now["Nieuw"]
    assert "Nobody called since" in now["Oud"]
    assert "What its network itself sends is not read yet." in now["Praat"]
    assert "Not asked since" in now["Weg"]
    said = text_of(manager.get("/sources/praat").body.decode())
    assert "What it sends cannot be read, since" in said
    assert "Nothing heard yet" not in said


def test_the_page_is_dutch_for_whoever_reads_dutch(manager: Browser, world: World) -> None:
    world.sources.kept[:] = [(SHOP, SourceState())]
    english = {each.said for each in heard_not("en", world)}
    left = {said for each in heard_not("nl", world) for said in each.said} & {
        said for each in english for said in each
    }
    assert left == set()


def heard_not(language: str, world: World) -> list[Unheard]:
    visit = SimpleNamespace(
        desk=world.desk(), brand=BRAND, now=NOW, words=Words(language, "Europe/Amsterdam", NOW)
    )
    return unheard(cast(Visit, visit), world.sources.of(BRAND.id))
