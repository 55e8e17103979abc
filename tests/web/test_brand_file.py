"""The brand as a file: without secrets, back again unchanged, and nothing changed unseen."""

import re
from dataclasses import replace

import pytest

from chalicelib.brandfile.file import read_apart
from chalicelib.domain.brand import Channel, Watch
from chalicelib.web.pages import brand_file
from tests.web.access import PAPER, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

LIBRARY = replace(
    BRAND,
    channels=(
        Channel(
            id="proefkanaal",
            platform="sandbox",
            name="Proefkanaal",
            settings={"account": "veldermeer.proefkanaal"},
        ),
        Channel(
            id="toot",
            platform="mastodon",
            name="Toot",
            settings={"instance": "https://social.example", "account": "veldermeer"},
        ),
    ),
    console_url="https://console.example",
    story="Eerste regel\n\nDerde: regel # geen commentaar",
)
SEEN = re.compile(r'name="seen" value="(\d+)"')


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    world.brands.put(LIBRARY)
    world.sources.kept.clear()
    world.sources.put(PAPER)
    world.secrets.kept = {"channel/veldermeer/toot": {"token": "fake-token"}}
    browser.language = "en"
    return in_role(browser, world, ("manager",))


def saved(browser: Browser) -> str:
    answer = browser.get("/brand/file")
    assert answer.status_code == 200
    assert "attachment" in str(answer.headers["Content-Disposition"])
    return answer.body.decode()


def take(browser: Browser, text: str, **more: str) -> tuple[int, str]:
    answer = browser.post("/brand/import", {"text": text, **more})
    return answer.status_code, answer.body.decode()


def test_the_file_holds_everything_but_the_secrets(manager: Browser, world: World) -> None:
    text = saved(manager)
    assert "fake-token" not in text
    assert 'token: "env:CHANNEL_TOOT_TOKEN"  # a secret: kept in Webspin, not in this file' in text
    setup = read_apart(text, now=world.now)
    assert replace(setup.brand, console_url=LIBRARY.console_url, templates=()) == LIBRARY
    assert [replace(each, connected_at=PAPER.connected_at) for each in setup.sources] == [PAPER]


def test_its_import_changes_nothing(manager: Browser, world: World) -> None:
    world.brands.put(replace(LIBRARY, templates=read_apart(saved(manager), now=world.now).brand.templates))
    status, page = take(manager, saved(manager))
    assert status == 200
    assert "Nothing: the file says what is here already." in text_of(page)
    assert faults(page) == []


def test_what_would_change_is_shown_and_then_done(manager: Browser, world: World) -> None:
    text = saved(manager).replace("name: Onze naam", "name: Naam") + "\nmail_from: wij@veldermeer.example\n"
    status, page = take(manager, text)
    said = text_of(page)
    assert status == 200
    assert "name: Onze naam" in said
    assert "name: Naam" in said
    assert "wij@veldermeer.example" in said
    assert faults(page) == []
    assert world.brands.kept[BRAND.id] == LIBRARY, "shown, not done"
    seen = SEEN.search(page)
    assert seen
    status, _ = take(manager, text, do="keep", seen=seen[1])
    assert status == 303
    brand = world.brands.kept[BRAND.id]
    assert (brand.watches[0].name, brand.mail_from) == ("Naam", "wij@veldermeer.example")
    assert brand.console_url == LIBRARY.console_url
    assert world.sources.of(BRAND.id)[0][0].connected_at == PAPER.connected_at, "its history stays history"
    assert {line.what for line in world.audit.lines} >= {"brand.import", "brand.change", "watch.change"}
    assert world.secrets.kept == {"channel/veldermeer/toot": {"token": "fake-token"}}


def test_a_watch_for_a_peer_that_a_file_leaves_out_is_remembered_as_one(
    manager: Browser, world: World
) -> None:
    text = saved(manager)
    peer = Watch(id="zuid", name="Zuid", terms=("boekerij zuid",), kind="peer")
    world.brands.put(replace(LIBRARY, watches=(*LIBRARY.watches, peer)))
    seen = SEEN.search(take(manager, text)[1])
    assert seen
    assert take(manager, text, do="keep", seen=seen[1])[0] == 303
    brand = world.brands.kept[BRAND.id]
    assert (brand.watches, brand.once_aside) == (LIBRARY.watches, ("zuid",))


def test_nothing_is_kept_that_was_not_seen(manager: Browser, world: World) -> None:
    text = saved(manager).replace("Onze naam", "Naam")
    _, page = take(manager, text)
    seen = SEEN.search(page)
    assert seen
    theirs = replace(LIBRARY, watches=(*LIBRARY.watches, Watch(id="x", name="X", terms=("x",))))
    world.brands.put(theirs)
    status, page = take(manager, text, do="keep", seen=seen[1])
    assert status == 409
    assert "Is taken away" in text_of(page)
    assert world.brands.kept[BRAND.id] == theirs


def test_every_fault_is_named_with_its_line(manager: Browser, world: World) -> None:
    wrong = "name: Veldermeer\nid: veldermeer\nzone: Europe/Amsterdm\nlanguages: nl\n"
    wrong += "departments:\n  - nme: Balie\n"
    status, page = take(manager, wrong)
    said = text_of(page)
    assert status == 422
    assert "Line 3, zone: Europe/Amsterdm is no time zone. Did you mean Europe/Amsterdam?" in said
    assert "Line 6, departments[0].name: Fill this in." in said
    assert "This name is not known. Did you mean name?" in said
    assert "Europe/Amsterdm" in page.split("<textarea")[1], "the file is there to be mended"
    assert faults(page) == []
    assert world.brands.kept[BRAND.id] == LIBRARY


@pytest.mark.parametrize("text", ["", "a: [", "\x00", "- x", "name: &a x", "[" * 500, "🐘" * 10])
def test_what_is_no_brand_file_is_refused_in_words(manager: Browser, world: World, text: str) -> None:
    status, page = take(manager, text)
    assert status == 422
    assert "nothing was changed" in text_of(page)
    assert faults(page) == []


def test_another_brands_file_is_not_taken_for_this_one(manager: Browser) -> None:
    status, page = take(manager, saved(manager).replace("id: veldermeer", "id: overveen"))
    assert status == 422
    assert "its id is overveen, not veldermeer" in text_of(page)


def test_new_sources_are_added_and_asked_and_get_the_secret_they_are_called_with(
    manager: Browser, world: World
) -> None:
    text = saved(manager).replace(
        "sources:\n",
        "sources:\n  - name: Recensies\n    platform: webhook\n  - name: Blog\n    platform: feed\n"
        "    url: https://blog.example/feed\n",
    )
    _, page = take(manager, text)
    seen = SEEN.search(page)
    assert seen
    assert take(manager, text, do="keep", seen=seen[1])[0] == 303
    assert {source.id for source, _ in world.sources.of(BRAND.id)} == {"krant", "recensies", "blog"}
    assert world.secrets.kept["hook/veldermeer/recensies"]["secret"].startswith("whsec_")
    assert [task.source for task in world.tasks.sent] == ["blog"]  # type: ignore[attr-defined]
    said = "".join(line.before + line.after for line in world.audit.lines)
    assert "whsec_" not in said


def test_the_log_has_each_piece_that_a_file_changed(
    manager: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brand_file, "TOGETHER", 2)
    desks = "departments:\n  - name: Nieuwe balie\n    four_eyes: yes\n  - name: Archief\n"
    text = saved(manager).replace("departments:\n", desks)
    text = text.replace("name: Onze naam", "name: Naam").replace("name: Toot", "name: Mastodon")
    _, page = take(manager, text)
    seen = SEEN.search(page)
    assert seen
    assert take(manager, text, do="keep", seen=seen[1])[0] == 303
    told = {(line.what, line.of): (line.before, line.after) for line in world.audit.lines}
    before, after = told["brand.import", BRAND.id]
    assert "Naam (name: Naam)" in after
    assert "Nieuwe balie" in after
    assert "Archief" in after
    assert "(name: Onze naam)" in before
    assert "Archief" not in before
    watch = LIBRARY.watches[0].id
    assert told["watch.change", watch] == ('{"name": "Onze naam"}', '{"name": "Naam"}')
    assert told["channel.change", "toot"] == ('{"name": "Toot"}', '{"name": "Mastodon"}')
    assert told["department.add", "nieuwe-balie"][0] == ""
    assert '"four_eyes": "yes"' in told["department.add", "nieuwe-balie"][1]
    assert ("department.add", "archief") in told, "also what one write has no room for"
