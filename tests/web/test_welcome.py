"""The guide: from nothing to the first mention, each step kept; nobody but an administrator begins."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.verdict import Sentiment
from tests.web import fakes_brand
from tests.web.access import FEED, in_role
from tests.web.browser import HOST, Browser
from tests.web.checks import faults, text_of
from tests.web.test_source import ITEMS
from tests.web.world import World

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def empty(world: World) -> World:
    world.brands = fakes_brand.Brands(world.audit)
    world.sources.kept.clear()
    world.mentions.kept.clear()
    world.outside.feeds[FEED] = ITEMS
    return world


@pytest.fixture
def admin(browser: Browser, empty: World) -> Browser:
    browser.language = "en"
    return in_role(browser, empty, ("administrator",))


BRAND = {
    "step": "brand",
    "name": "Bakkerij Deeg",
    "languages": "nl, en",
    "zone": "Europe/Amsterdam",
    "hours.mon": "07:00-12:30, 13:00-18:00",
}


def go(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    page = answer.body.decode()
    assert faults(page) == []
    return page


def step(browser: Browser, given: dict[str, str]) -> str:
    """Send a step; where it leads."""
    answer = browser.post("/welcome", given)
    assert answer.status_code == 303, text_of(answer.body.decode())
    return str(answer.headers["Location"])


@pytest.mark.parametrize("path", ["/", "/sources", "/brand", "/nergens", "/cases"])
def test_where_nothing_is_every_way_leads_an_administrator_to_the_guide(admin: Browser, path: str) -> None:
    answer = admin.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", ["reader", "manager"])
def test_others_are_told_in_plain_words(browser: Browser, empty: World, role: str, language: str) -> None:
    browser.language = language
    answer = in_role(browser, empty, (role,)).get("/")
    page = answer.body.decode()
    assert answer.status_code == 404
    assert {"nl": "Hier is nog niets ingericht", "en": "Nothing was set up here yet"}[language] in text_of(
        page
    )
    assert faults(page) == []
    assert in_role(browser, empty, (role,)).get("/welcome").status_code == 403


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_whole_way_on_foot(admin: Browser, empty: World, language: str) -> None:
    admin.language = language
    assert 'value="Europe/' in go(admin, "/welcome")
    go(admin, step(admin, BRAND))
    brand = empty.brands.kept["bakkerij-deeg"]
    assert (brand.zone, brand.languages) == ("Europe/Amsterdam", ("nl", "en"))
    assert brand.console_url == f"http://{HOST}"
    assert brand.departments[0].hours == {"mon": ("07:00-12:30", "13:00-18:00")}
    assert len(brand.templates) == 10

    page = go(admin, "/welcome")
    assert 'name="terms"' in page
    watch = {"step": "watch", "name": "Deeg", "terms": "bakkerij deeg\nmarkt"}
    tried = admin.post("/welcome", {**watch, "do": "try"})
    assert tried.status_code == 200
    assert faults(tried.body.decode()) == []
    assert empty.brands.kept["bakkerij-deeg"].watches == ()
    assert step(admin, {**watch, "do": "save"}) == "/welcome?step=source"

    looked = admin.post("/welcome", {"step": "source", "url": FEED, "do": "look"})
    page = looked.body.decode()
    assert looked.status_code == 200
    assert "<mark>Markt</mark>" in page
    assert faults(page) == []
    assert empty.sources.kept == []
    carried = dict(HIDDEN.findall(page))
    assert step(admin, {"step": "source", "url": carried["url"], "name": carried["name"], "do": "save"}) == (
        "/welcome?step=channel"
    )
    assert [task.source for task in empty.tasks.sent] == ["krant-example"]  # type: ignore[attr-defined]

    page = go(admin, "/welcome?step=channel")
    assert 'name="platform" value="sandbox"' in page
    assert 'name="token"' in go(admin, "/welcome?step=channel&platform=mastodon")
    channel = {"step": "channel", "platform": "sandbox", "name": "Proef", "do": "save"}
    assert step(admin, channel) == "/welcome?step=done"
    assert empty.brands.kept["bakkerij-deeg"].channels[0].settings == {"account": "bakkerij-deeg.proef"}

    page = go(admin, "/welcome?step=done")
    assert 'http-equiv="refresh"' in page
    assert [line.what for line in empty.audit.lines] == [
        "brand.add",
        "watch.add",
        "source.add",
        "channel.add",
    ]
    assert {line.brand for line in empty.audit.lines} == {"bakkerij-deeg"}


def test_the_first_mention_is_shown_and_the_page_waits_no_longer(admin: Browser, world: World) -> None:
    step(admin, BRAND)
    mention = world.heard("1", "Lekker brood", Sentiment.POSITIVE)
    kept, verdict = world.mentions.kept.pop(mention.key)
    key = replace(mention.key, brand="bakkerij-deeg")
    world.mentions.states[key] = "ignore"
    world.mentions.kept[key] = (replace(kept, key=key), verdict)
    page = go(admin, "/welcome?step=done")
    assert "Lekker brood" in page
    assert 'http-equiv="refresh"' not in page


def test_one_can_stop_and_go_on_where_one_was(admin: Browser, empty: World) -> None:
    step(admin, BRAND)
    assert 'name="step" value="watch"' in go(admin, "/welcome")
    step(admin, {"step": "watch", "name": "Deeg", "terms": "deeg", "do": "save"})
    assert 'name="step" value="source"' in go(admin, "/welcome")
    step(admin, {"step": "source", "url": FEED, "do": "save"})
    assert 'name="step" value="channel"' in go(admin, "/welcome")
    assert step(admin, {"step": "channel", "do": "skip"}) == "/welcome?step=done"
    assert admin.get("/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"zone": "Mars"}, "zone"),
        ({"languages": "dutch"}, "languages"),
        ({"hours.mon": "9-5"}, "hours.mon"),
        ({"hours.mon": ""}, "hours"),
    ],
)
def test_a_step_with_a_fault_keeps_nothing_and_says_it_at_the_field(
    admin: Browser, empty: World, change: dict[str, str], field: str
) -> None:
    answer = admin.post("/welcome", {**BRAND, **change})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in page
    assert faults(page) == []
    assert empty.brands.kept == {}


def test_a_source_that_cannot_be_reached_says_so(admin: Browser, empty: World) -> None:
    step(admin, BRAND)
    answer = admin.post("/welcome", {"step": "source", "url": "https://weg.example", "do": "save"})
    assert answer.status_code == 422
    assert "We cannot listen there" in text_of(answer.body.decode())
    assert faults(answer.body.decode()) == []
    assert empty.sources.kept == []


@pytest.mark.parametrize("given", [{"step": "watch", "name": "x"}, {"step": "nonsense"}, {}])
def test_no_step_before_there_is_a_brand(admin: Browser, empty: World, given: dict[str, str]) -> None:
    assert admin.post("/welcome", given).status_code == 400
    assert empty.brands.kept == {}


def test_the_brand_sent_twice_is_one_brand_and_leads_on_to_it(admin: Browser, empty: World) -> None:
    assert [step(admin, BRAND) for _ in range(2)] == ["/welcome?brand=bakkerij-deeg"] * 2
    assert list(empty.brands.kept) == ["bakkerij-deeg"]
    assert [line.what for line in empty.audit.lines] == ["brand.add"]
    go(admin, "/welcome?brand=bakkerij-deeg")
    step(admin, {"step": "watch", "name": "Deeg", "terms": "deeg", "do": "save"})
    assert step(admin, BRAND) == "/welcome?brand=bakkerij-deeg", "also when the guide has gone on"
    assert empty.brands.kept["bakkerij-deeg"].watches, "and nothing of it is undone"


def test_sent_twice_beside_another_of_that_name_it_is_one_too(admin: Browser, empty: World) -> None:
    step(admin, BRAND)
    empty.once.marks.clear()  # somebody else's, or of long ago
    assert [step(admin, BRAND) for _ in range(2)] == ["/welcome?brand=bakkerij-deeg-2"] * 2
    assert len(empty.brands.kept) == 2


def test_another_name_is_another_brand(admin: Browser, empty: World) -> None:
    step(admin, BRAND)
    assert step(admin, {**BRAND, "name": "Bakkerij Rijs"}) == "/welcome?brand=bakkerij-rijs"
    assert step(admin, {**BRAND, "name": "Bakkerij: Deeg"}) == "/welcome?brand=bakkerij-deeg-2"
    empty.now += timedelta(days=2)
    assert step(admin, BRAND) == "/welcome?brand=bakkerij-deeg-3", "the guide was done long ago"


def test_the_same_step_sent_twice_makes_one(admin: Browser, empty: World) -> None:
    for _ in range(2):
        step(admin, BRAND)
    for _ in range(2):
        step(admin, {"step": "source", "url": FEED, "do": "save"})
    assert len(empty.brands.kept) == 1


def named(page: str) -> str:
    """What the guide's form is called."""
    found = re.search(r'name="form" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_form_sent_again_however_late_leads_on_to_what_it_made(admin: Browser, empty: World) -> None:
    brand = {**BRAND, "form": named(go(admin, "/welcome"))}
    assert step(admin, brand) == "/welcome?brand=bakkerij-deeg"
    empty.now += timedelta(days=40)
    assert step(admin, brand) == "/welcome?brand=bakkerij-deeg"
    watch = {"step": "watch", "name": "Deeg", "terms": "deeg", "do": "save"}
    watch["form"] = named(go(admin, "/welcome?step=watch"))
    source = {"step": "source", "url": FEED, "do": "save"}
    source["form"] = named(admin.post("/welcome", {**source, "do": "look"}).body.decode())
    channel = {"step": "channel", "platform": "mastodon", "name": "Deeg", "do": "save", "token": "geheim"}
    channel |= {"instance": "https://social.example", "account": "deeg"}
    channel["form"] = named(go(admin, "/welcome?step=channel&platform=mastodon"))
    for form, leads in ((watch, "source"), (source, "channel"), (channel, "done")):
        for _ in range(3):
            assert step(admin, form) == f"/welcome?step={leads}"
    kept = empty.brands.kept["bakkerij-deeg"]
    assert list(empty.brands.kept) == ["bakkerij-deeg"]
    assert [each.id for each in kept.watches] == ["deeg"]
    assert [each.id for each in kept.channels] == ["deeg"]
    assert len(empty.sources.kept) == 1
    assert empty.secrets.kept["channel/bakkerij-deeg/deeg"] == {"token": "geheim"}


def test_another_form_makes_another(admin: Browser, empty: World) -> None:
    step(admin, BRAND)
    watch = {"step": "watch", "name": "Deeg", "terms": "deeg", "do": "save"}
    for _ in range(2):
        step(admin, {**watch, "form": named(go(admin, "/welcome?step=watch"))})
    assert [each.id for each in empty.brands.kept["bakkerij-deeg"].watches] == ["deeg", "deeg-2"]
    form = named(go(admin, "/welcome?step=watch"))
    step(admin, {**watch, "form": form})
    step(admin, {**watch, "form": form, "name": "Rijs", "terms": "rijst"})
    watches = empty.brands.kept["bakkerij-deeg"].watches
    assert [each.id for each in watches][2:] == ["deeg-3", "rijs"], "what was typed anew is not thrown away"


def test_a_watch_sent_twice_at_the_same_moment_is_one(
    admin: Browser, empty: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    step(admin, BRAND)
    watch = {"step": "watch", "name": "Deeg", "terms": "deeg", "do": "save", "form": "eenmaal"}
    change, twice = empty.brands.change, iter((True,))

    def beside(*given: object) -> None:
        """The other of the two comes through just before."""
        if next(twice, False):
            step(admin, watch)
        change(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(empty.brands, "change", beside)
    assert step(admin, watch) == "/welcome?step=source"
    assert [each.id for each in empty.brands.kept["bakkerij-deeg"].watches] == ["deeg"]


TOOT = {"platform": "mastodon", "instance": "https://social.example", "account": "deeg"}
SKY = {"platform": "bluesky", "handle": "deeg.bsky.social", "_key": "app_password"}


def test_a_channel_whose_network_asks_a_person_leads_to_where_it_is_connected(
    admin: Browser, empty: World
) -> None:
    step(admin, BRAND)
    answer = admin.post("/welcome", {"step": "channel", "name": "Deeg", "do": "save", **TOOT})
    assert answer.headers["Location"] == "/brand/channels/deeg"
    assert 'action="/connect/channels/deeg"' in admin.get("/brand/channels/deeg").body.decode()


@pytest.mark.parametrize(
    ("channel", "key", "said"),
    [
        (SKY, "", "Fill this in."),
        (SKY, "k" * 3000, "This cannot be a key."),
        ({**TOOT, "_key": "token"}, "k" * 3000, "This cannot be a key."),
    ],
)
def test_a_channel_without_its_key_is_not_kept(
    admin: Browser, empty: World, channel: dict[str, str], key: str, said: str
) -> None:
    step(admin, BRAND)
    field = channel["_key"]
    answer = admin.post("/welcome", {"step": "channel", "name": "Deeg", "do": "save", field: key, **channel})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in page
    assert said in text_of(page)
    assert faults(page) == []
    assert empty.brands.kept["bakkerij-deeg"].channels == ()
    assert empty.secrets.kept == {}
