"""Watches: tried over what was kept before they are kept themselves."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chalicelib.brandfile.lines import Fault
from chalicelib.domain.brand import Watch
from chalicelib.domain.conditions import Heard
from chalicelib.domain.kinds import Kinds
from chalicelib.domain.matching import Hit, Matcher
from chalicelib.domain.mention import Author, Found
from chalicelib.domain.query import of_words
from chalicelib.domain.source import Source
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import Rejected
from chalicelib.platforms import mastodon
from chalicelib.platforms.x import PRICES
from chalicelib.ports import Prices
from chalicelib.querying.faults import QueryFault
from chalicelib.querying.parse import parse
from chalicelib.web import matched, query_words, trial
from chalicelib.web.brand_words import sentence
from chalicelib.web.i18n import Words
from tests.querying.cases import Wrong, wrong
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_brand import mark
from tests.web.world import BRAND, NOW, World

PATH = "/sources/watches/new"
GIVEN = {
    "name": "Boetes",
    "terms": "boete*\nte laat",
    "exclude": "camping",
    "kind": "topic",
    "department": "jeugd",
}


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    world.mentions.kept.clear()
    return in_role(browser, world, ("manager",))


def listened(world: World, days: float) -> None:
    since = NOW - timedelta(days=days)
    source = Source(brand=BRAND.id, id="paper", platform="feed", name="Krant", connected_at=since)
    world.sources.put(source)


def heard(world: World, id: str, text: str, days: int = 1) -> None:
    world.heard(id, text, Sentiment.NEUTRAL, when=NOW - timedelta(days=days))


def in_text(text: str, *terms: str) -> list[Hit]:
    return Matcher([of_words(terms)]).hits(Heard(text=text), [0])


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", [PATH, "/sources/watches/naam", "/sources"])
@pytest.mark.parametrize("role", ["reader", "manager"])
def test_every_page_is_whole_in_both_languages(
    browser: Browser, world: World, path: str, language: str, role: str
) -> None:
    browser.language = language
    answer = in_role(browser, world, (role,)).get(path)
    assert answer.status_code == 200
    assert faults(answer.body.decode()) == []


def test_a_trial_shows_what_it_would_have_found_with_the_words_marked_and_keeps_nothing(
    manager: Browser, world: World
) -> None:
    long = "Een lang verhaal. " * 30
    listened(world, 90)
    heard(world, "1", "Alweer een boetebrief gekregen")
    heard(world, "2", f"{long} En toen was ik te laat, zeiden ze.", 3)
    heard(world, "3", "De camping deelt een boete uit")
    heard(world, "4", "Mooie dag")
    heard(world, "5", "Een boete van lang geleden", 40)
    answer = manager.post(PATH, {**GIVEN, "do": "try"})
    page = answer.body.decode()
    said = text_of(page)
    assert answer.status_code == 200
    assert "It would have found 2 mentions" in said
    assert "In the 4 mentions that were kept in the last 31 days." in said
    assert "<mark>boetebrief</mark>" in page
    assert "<mark>te laat</mark>" in page
    assert "Less than one a day, over 31 days." in said
    assert 'value="Boetes"' in page
    assert faults(page) == []
    assert world.brands.kept[BRAND.id] == BRAND
    assert world.audit.lines == []


def test_a_watch_is_kept_changed_and_removed(manager: Browser, world: World) -> None:
    assert manager.post(PATH, {**GIVEN, "do": "save"}).status_code == 303
    kept = world.brands.kept[BRAND.id].watches[-1]
    assert kept == Watch(
        id="boetes",
        name="Boetes",
        terms=("boete*", "te laat"),
        exclude=("camping",),
        department="jeugd",
        kind="topic",
    )
    path = "/sources/watches/boetes"
    changed = {**GIVEN, "terms": "boete*", "do": "save", "mark": mark(manager, path)}
    assert manager.post(path, changed).status_code == 303
    assert world.brands.kept[BRAND.id].watches[-1].terms == ("boete*",)
    assert manager.post(path, {**changed, "terms": "x"}).status_code == 409, "changed since it was shown"
    asked = manager.post(path, {"do": "remove", "mark": mark(manager, path)})
    assert "What it found stays." in text_of(asked.body.decode())
    gone = {"do": "remove", "sure": "yes", "mark": mark(manager, path)}
    assert manager.post(path, gone).status_code == 303
    assert world.brands.kept[BRAND.id].watches == BRAND.watches
    assert [line.what for line in world.audit.lines] == ["watch.add", "watch.change", "watch.remove"]


@dataclass
class Line:
    watches: tuple[str, ...]
    state: str = "ignore"


def test_what_a_removed_watch_for_a_topic_heard_stays_talk_of_others(manager: Browser, world: World) -> None:
    assert manager.post(PATH, {**GIVEN, "do": "save"}).status_code == 303
    path = "/sources/watches/boetes"
    manager.post(path, {"do": "remove", "sure": "yes", "mark": mark(manager, path)})
    brand = world.brands.kept[BRAND.id]
    assert brand.watch("boetes") is None
    assert not Kinds(brand).ours(Line(("boetes",)))
    assert Kinds(brand).ours(Line(("boetes", BRAND.watches[0].id)))
    assert Kinds(brand).ours(Line(("never-was",)))


def test_a_change_is_tried_beside_what_is_kept(manager: Browser, world: World) -> None:
    heard(world, "1", "bieb veldermeer is open")
    heard(world, "2", "de boekenbus komt")
    answer = manager.post("/sources/watches/naam", {"name": "Naam", "terms": "boekenbus", "do": "try"})
    said = text_of(answer.body.decode())
    assert "It would have found 1 mention" in said
    assert "As it is kept now it finds 1." in said


@pytest.mark.parametrize("do", ["try", "save"])
def test_a_watch_without_words_is_refused_at_its_field(manager: Browser, world: World, do: str) -> None:
    answer = manager.post(PATH, {"name": "Leeg", "terms": "\n", "do": do})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert 'id="terms-fault"' in page
    assert faults(page) == []
    assert world.brands.kept[BRAND.id] == BRAND


def test_a_trial_reads_no_more_than_it_says(
    manager: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MOST", 5)
    for n in range(12):
        heard(world, str(n), f"boete {n}", days=1 + n)
    said = text_of(manager.post(PATH, {**GIVEN, "do": "try"}).body.decode())
    assert "It would have found 5 mentions" in said
    assert "In the newest 5 mentions that were kept, since" in said


@pytest.mark.parametrize(
    ("connected", "minutes", "count", "said"),
    [
        (2, 42, 60, "kept in the last 2 days.About 30 a day, over 2 days.That is little to go by"),
        (300, 42, 60, "kept in the last 31 days.About 2 a day, over 31 days.What no watch"),
        (1 / 8, 1, 60, "kept within a day.About 60 a day, over 1 day.That is little to go by"),
        (1 / 48, 1, 3, "kept within a day.About 3 a day, over 1 day.That is little to go by"),
        (300, 2.8, 1100, "About 515 a day, over 2 days."),
        (300, 0.5, 1100, "At least 1,000 a day: they came within one."),
    ],
)
def test_how_many_a_day_is_told_of_the_days_that_something_listened(
    manager: Browser, world: World, connected: float, minutes: float, count: int, said: str
) -> None:
    world.sources.kept.clear()
    listened(world, connected)
    for n in range(count):
        world.heard(str(n), f"boete {n}", Sentiment.NEUTRAL, when=NOW - timedelta(minutes=n * minutes))
    page = text_of(manager.post(PATH, {**GIVEN, "do": "try"}).body.decode())
    assert said in page, page[page.index("would have found") :][:200]


def test_a_trial_and_a_mention_go_by_the_language_that_the_source_said(
    manager: Browser, world: World
) -> None:
    heard(world, "1", "Een boete bij de balie")
    (key,) = world.mentions.kept
    mention, verdict = world.mentions.kept[key]
    watch = Watch(id="fines", name="Boetes", terms=("boete",), languages=("nl",))
    world.brands.kept[BRAND.id] = replace(BRAND, watches=(watch,))
    for language, hears in (("en", False), ("nl", True), ("", True)):
        world.mentions.kept[key] = (replace(mention, language=language, watches=("fines",)), verdict)
        answer = manager.post(PATH, {**GIVEN, "languages": "nl", "do": "try"})
        found = "It would have found 1 mention" in text_of(answer.body.decode())
        assert found is hears
        (told,) = matched.matched(world.mentions.kept[key][0], world.brands.kept[BRAND.id])
        assert bool(told.terms) is hears


def test_words_are_marked_where_they_stand_whatever_their_signs() -> None:
    text = "CAFÉ\u200b  de  Börse — #OpenDag!"
    found = trial.marked(text, in_text(text, "café", "borse", "open dag", "de"))
    assert [piece.text for piece in found if piece.mood] == ["CAFÉ", "de", "Börse", "#OpenDag"]
    assert "".join(piece.text for piece in found) == text
    assert "".join(p.text for p in trial.marked("x" * 500, in_text("x" * 500, "niets"))) == "x" * 300 + "…"


# queries -------------------------------------------------------------------------------------------------

QUERY = "bieb NEAR/4 (boete* OR klacht) NOT camping"


def test_a_query_is_tried_and_kept_as_it_was_typed_and_as_it_is_matched(
    manager: Browser, world: World
) -> None:
    heard(world, "1", "de bieb geeft mij een boetebrief")
    heard(world, "2", "boete! En dan nog heel wat woorden, en dan pas de bieb")
    given = {"name": "Boetes", "query": QUERY, "kind": "brand"}
    page = manager.post(PATH, {**given, "do": "try"}).body.decode()
    assert "It would have found 1 mention" in text_of(page)
    assert "<mark>boetebrief</mark>" in page
    assert "By: bieb, boete*" in text_of(page)
    assert faults(page) == []
    assert manager.post(PATH, {**given, "do": "save"}).status_code == 303
    kept = world.brands.kept[BRAND.id].watches[-1]
    assert (kept.query, kept.terms) == (QUERY, ())
    assert kept.plan == '{"all":[{"near":[["bieb"],4,["boete*","klacht"]]},{"not":"camping"}]}'
    assert QUERY in text_of(manager.get("/sources").body.decode())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "At sign 10: this bracket is not closed; a ) is missing"),
        ("nl", "Bij teken 10: dit haakje is niet gesloten; er ontbreekt een )"),
    ],
)
@pytest.mark.parametrize("do", ["try", "save"])
def test_a_wrong_query_is_shown_with_the_place_and_nothing_is_kept(
    manager: Browser, world: World, language: str, said: str, do: str
) -> None:
    manager.language = language
    answer = manager.post(PATH, {"name": "Boetes", "query": "bieb AND (boete", "do": do})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert said in text_of(page)
    assert "bieb AND <mark>(</mark>boete" in page
    assert 'aria-describedby="query-fault"' in page
    assert faults(page) == []
    assert world.brands.kept[BRAND.id] == BRAND


def test_words_and_a_query_are_not_mixed(manager: Browser) -> None:
    answer = manager.post(PATH, {"name": "Boetes", "query": "bieb", "terms": "boete", "do": "save"})
    assert answer.status_code == 422
    assert "Give words or a query, not both." in text_of(answer.body.decode())


@pytest.mark.parametrize("query", [query for query, _ in query_words.EXAMPLES])
def test_every_example_is_a_sound_query(query: str) -> None:
    assert parse(query)


@pytest.mark.parametrize("case", wrong(), ids=lambda case: case.query[:30])
def test_whatever_is_wrong_is_said_in_the_readers_language(case: Wrong) -> None:
    with pytest.raises(QueryFault) as raised:
        parse(case.query)
    fault = Fault(0, str(raised.value), ("query",))
    nl, en = (sentence(fault, Words(language, "Europe/Amsterdam", NOW)) for language in ("nl", "en"))
    assert nl.startswith(f"Bij teken {case.column}: ")
    assert en.startswith(f"At sign {case.column}: ")
    assert nl.partition(": ")[2] != en.partition(": ")[2]
    assert "expected" not in en


def test_what_reading_costs_is_told_where_a_network_charges(
    manager: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listened(world, 90)
    for n in range(31):
        heard(world, str(n), "boete", days=1 + n % 20)
    said = text_of(manager.post(PATH, {**GIVEN, "do": "try"}).body.decode())
    assert "Reading costs nothing at your networks." in said
    paid = Prices(read=5_000, most=40, checked=NOW.date(), source="")
    monkeypatch.setattr(mastodon, "PRICES", {"hashtag": paid}, raising=False)
    tag = {"kind": "hashtag", "tag": "bieb"}
    world.sources.put(
        Source(brand=BRAND.id, id="tag", platform="mastodon", name="#bieb", settings=tag, connected_at=NOW)
    )
    said = text_of(manager.post(PATH, {**GIVEN, "do": "try"}).body.decode())
    assert "Reading a message at Mastodon costs US$ 0.005. So many cost about US$ 0.15 a month." in said
    none = text_of(manager.post(PATH, {**GIVEN, "terms": "zeppelin", "do": "try"}).body.decode())
    assert "Of what was kept from there it finds none." in none


def x_search(world: World, watch: str = "") -> None:
    found = {"kind": "search", "query": "lindebieb"}
    world.sources.put(
        Source(
            brand=BRAND.id,
            id="xs",
            platform="x",
            name="Zoek op X",
            settings=found,
            connected_at=NOW,
            interval=60,
            watch=watch,
        )
    )


@pytest.mark.parametrize("kept", [0, 3])
def test_what_a_message_costs_is_told_before_any_of_that_network_was_kept(
    manager: Browser, world: World, kept: int
) -> None:
    x_search(world)
    for n in range(kept):
        heard(world, str(n), "boete")
    page = manager.post(PATH, {**GIVEN, "do": "try"}).body.decode()
    said = text_of(page)
    assert faults(page) == []
    assert f"Reading a message at X costs US$ {PRICES['search'].read / 1e6:.3f}" in said
    assert "What that is a month is not known yet" in said
    assert "costs nothing" not in said
    assert "as its key is kept where no page can read it: Zoek op X." in said


def test_a_source_that_is_read_for_another_watch_costs_this_one_nothing(
    manager: Browser, world: World
) -> None:
    x_search(world, watch="naam")
    assert "costs nothing" in text_of(manager.post(PATH, {**GIVEN, "do": "try"}).body.decode())
    own = manager.post("/sources/watches/naam", {"name": "Naam", "terms": "boete", "do": "try"})
    assert "Reading a message at X costs" in text_of(own.body.decode())


def test_a_source_that_charges_is_tried_once_a_person_says_yes_to_its_price(
    manager: Browser, world: World
) -> None:
    paid = {"account": "veldermeer.muur", "kind": "paid"}
    wall = Source(
        brand=BRAND.id, id="muur", platform="sandbox", name="De muur", settings=paid, connected_at=NOW
    )
    world.sources.put(wall)
    found = Found(id="1", author=Author(id="k", handle="k"), text="de bieb gaf een boete", posted_at=NOW)
    world.outside.feeds["sandbox"] = (found,)
    given = {"name": "Boetes", "query": QUERY, "do": "try", "at": "muur"}
    page = manager.post(PATH, given).body.decode()
    said = text_of(page)
    assert faults(page) == []
    assert "De muur was not asked yet" in said
    assert "Asking it now costs at most US$ 0.005." in said
    assert 'name="pays"' in page
    said = text_of(manager.post(PATH, {**given, "pays": "yes"}).body.decode())
    assert "At De muur it finds 1 of 1 item" in said


def test_fields_that_a_list_does_not_show_are_asked_of_the_whole_mention(
    manager: Browser, world: World
) -> None:
    heard(world, "1", "boete")
    found = {"name": "Site", "query": "boete site:social.example", "do": "try"}
    assert "It would have found 1 mention" in text_of(manager.post(PATH, found).body.decode())
    none = {**found, "query": "boete site:nos.nl"}
    assert "It would have found nothing" in text_of(manager.post(PATH, none).body.decode())


def test_a_watch_is_tried_on_what_a_source_has_now(manager: Browser, world: World) -> None:
    wall = Source(
        brand=BRAND.id,
        id="muur",
        platform="sandbox",
        name="De muur",
        settings={"account": "veldermeer.muur"},
        connected_at=NOW,
    )
    world.sources.put(wall)
    texts = ("de bieb gaf een boete", "mooi weer")
    world.outside.feeds["sandbox"] = tuple(
        Found(id=str(n), author=Author(id="k", handle="k"), text=text, posted_at=NOW)
        for n, text in enumerate(texts)
    )
    given = {"name": "Boetes", "query": QUERY, "do": "try"}
    assert '<option value="muur">De muur</option>' in manager.get(PATH).body.decode()
    said = text_of(manager.post(PATH, {**given, "at": "muur"}).body.decode())
    assert "At De muur it finds 1 of 2 items" in said
    assert world.mentions.kept == {}
    world.outside.feeds["sandbox"] = Rejected("sandbox", "answered 404")
    answer = manager.post(PATH, {**given, "at": "muur"})
    assert answer.status_code == 200
    assert "De muur could not be asked" in text_of(answer.body.decode())


def test_a_mention_tells_by_which_words_which_watch_heard_it(manager: Browser, world: World) -> None:
    world.heard("1", "Bij bieb veldermeer is het weer raak", Sentiment.NEGATIVE)
    world.heard("2", "Zonder een woord van ons", Sentiment.NEGATIVE)
    said = text_of(manager.get("/mentions").body.decode())
    name = BRAND.watches[0].name
    assert f"{name}: “" in said
    assert f"{name}, which was changed since" in said
