"""One story on several sites is one piece of work, and its copies are its reach."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from chalicelib import wiring
from chalicelib.aws import queues
from chalicelib.aws.table import keys
from chalicelib.domain.audit import line
from chalicelib.domain.brand import Watch
from chalicelib.domain.case import CaseState
from chalicelib.domain.copies import OF_HEAD, OF_WHOLE, marks, site
from chalicelib.domain.figures import reckon
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.month import from_bytes, to_bytes
from chalicelib.ports import Wanted
from chalicelib.stages import copies, digest, follow, part, relate, surge
from chalicelib.stages.amend import Amender
from tests.harness.crash import Points, every_crash
from tests.harness.meter import Meter
from tests.harness.world import World
from tests.servers.feeds import Feeds, item, rss
from tests.stages.test_crashes import breakable, mend
from tests.stages.town import BRAND, COMPLAINT, NOW, Town, brand, gatherer
from tests.web.browser import Browser
from tests.web.checks import text_of

BODY = (
    "De Lindebieb in Veldermeer laat bezoekers al weken in de kou staan, en zij zijn boos. De verwarming viel"
    " begin november uit en een monteur is er volgens de balie nog altijd niet geweest. Een moeder vertelt"
    " dat haar kinderen met hun jas aan zitten te lezen. Zij noemt het een schande en een slechte service. De"
    " directie zegt dat een onderdeel uit Duitsland moet komen, en dat dat nog wel tot na de feestdagen kan"
    " duren."
)
TITLE = "Lezers zitten met hun jas aan in de bieb"
OTHER = "Kou in de Lindebieb: 'het is een schande'"
SITES = ("blad.example", "krant.example", "omroep.example")


@pytest.fixture(autouse=True)
def of_then(aws: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table forgets a mark after a week, by the clock that the stages have."""
    monkeypatch.setattr(keys, "now", lambda: wiring.now().timestamp())


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto puts the whole table back where a transaction is refused, and so undoes what another thread wrote
    meanwhile. What comes between the steps of two workers is told below."""
    monkeypatch.setattr(queues, "_side_by_side", lambda work, records, _: list(map(work, records)))


def story(
    host: str, n: int = 1, title: str = TITLE, text: str = BODY, posted: datetime = NOW
) -> tuple[str, str]:
    """A site, and its item."""
    link = f"https://{host}/{n}"
    whole = item(f"{host}-{n}", title, text, date=format_datetime(posted))
    return host, whole.replace("</item>", f"<link>{link}</link></item>")


def publish(town: Town, *stories: tuple[str, str]) -> None:
    """Each on the feed of its site, which is a source from then on."""
    by_site: dict[str, list[str]] = {}
    for host, whole in stories:
        by_site.setdefault(host, []).append(whole)
    for host, items in by_site.items():
        name = host.partition(".")[0]
        url = town.feeds.publish(f"/{name}.xml", rss(*items, channel=f"<title>{host}</title>"))
        town.source(name, "feed", {"url": url}, interval=1, channel="wall")


def heard(town: Town) -> None:
    town.tick()
    town.drain(duplicate=True)
    town.wait(minutes=2)


def mentions(town: Town) -> dict[str, Mention]:
    """By site."""
    keys = (MentionKey(*pk.split("#", 3)[1:]) for pk in town.mentions())
    found = (wiring.mentions().get(key)[0] for key in keys)
    return {site(each) or each.key.id: each for each in found}


def three(town: Town) -> dict[str, Mention]:
    """A wire's story on three sites: one after the other, the third cut short."""
    publish(town, story(SITES[0]))
    heard(town)
    publish(town, story(SITES[1], title=OTHER, text=f"VELDERMEER (ANP) - {BODY}"))
    heard(town)
    publish(town, story(SITES[2], title=OTHER, text=BODY[:260].rsplit(" ", 1)[0] + "… Lees verder"))
    heard(town)
    return mentions(town)


def test_three_sites_with_one_story_are_one_case_and_a_reach_of_three(town: Town) -> None:
    found = three(town)
    first = found[SITES[0]]
    assert set(found) == set(SITES)
    assert (first.copy_of, first.sites) == (None, SITES[1:])
    assert {found[each].copy_of for each in SITES[1:]} == {first.key}
    assert town.case().mention == first.key
    listed = wiring.mentions().copies(first.key)
    assert [(each.site, each.url) for each in listed] == [(each, f"https://{each}/1") for each in SITES[1:]]
    assert len(town.world.mails()) == 1, "a copy rings nobody"

    day, _ = wiring.mentions().day(BRAND, "2026-11-16")
    assert sorted(each.copy_of == first.key for each in day) == [False, True, True]
    for copies_, count in (("", 3), ("none", 1), ("only", 2)):
        found_, _ = wiring.mentions().day(BRAND, "2026-11-16", wanted=Wanted(copies=copies_))
        assert len(found_) == count


def test_a_rewrite_a_short_message_and_the_same_site_again_are_their_own(town: Town) -> None:
    rewrite = (
        "Wie in de Lindebieb wil lezen, houdt zijn sjaal om. Sinds de ketel het begaf is het er niet warmer"
        " dan twaalf graden. Wethouder Jansen vindt het een slechte beurt en heeft de directeur gebeld. Die"
        " wacht op een pomp, en kan niet zeggen wanneer die er is. Ouders klagen, een oudere lezer is woedend"
        " en zegt zijn pas op."
    )
    publish(town, story(SITES[0]), story(SITES[0], 2), story(SITES[0], 3, "Gefeliciteerd", COMPLAINT))
    heard(town)
    publish(town, story(SITES[1], text=rewrite), story(SITES[1], 2, "Gefeliciteerd", COMPLAINT))
    heard(town)
    assert len(town.mentions()) == len(town.cases()) == 5


def test_two_that_arrive_at_once_do_not_both_come_first(town: Town) -> None:
    """All three feeds are asked in one minute."""
    publish(town, *(story(each) for each in SITES))
    heard(town)
    assert len(town.cases()) == 1
    assert sorted(len(each.sites) for each in mentions(town).values()) == [0, 0, 2]


class _Between:
    """Somebody else comes in, just before a story asks for a mark."""

    def __init__(self, comes: Callable[[], object]) -> None:
        self._comes: Callable[[], object] | None = comes

    def __getattr__(self, name: str) -> object:
        if name == "hold" and self._comes:
            comes, self._comes = self._comes, None
            comes()
        return getattr(wiring.mentions(), name)


def test_two_workers_between_each_others_steps_make_one_group(town: Town) -> None:
    one, other = _kept(SITES[0]), _kept(SITES[1])
    known: list[Mention] = []
    between = _Between(lambda: known.append(copies.settled(other, wiring.mentions())))
    first = copies.settled(one, between)  # type: ignore[arg-type]
    assert [first.copy_of, known[0].copy_of] == [other.key, None]
    assert copies.settled(one, wiring.mentions()).copy_of == other.key, "who was told the same finds the same"


def test_a_chain_is_refused_and_nothing_is_lost(town: Town) -> None:
    """A first with copies never becomes a copy, and no copy has copies."""
    one, other, third = (_kept(each) for each in SITES)
    table = wiring.mentions()
    assert table.copy(one, copies._line(other))
    assert not table.copy(third, copies._line(_read(one)))
    assert not table.copy(_read(other), copies._line(third))
    assert [_read(each).copy_of for each in (one, other, third)] == [None, one.key, None]


def _kept(host: str, **more: object) -> Mention:
    from tests.domain.test_copies import mention

    made = replace(mention(f"{TITLE}\n{BODY}", host), posted_at=NOW, heard_at=NOW, **more)  # type: ignore[arg-type]
    wiring.mentions().add(made)
    return made


def _read(mention: Mention) -> Mention:
    return wiring.mentions().get(mention.key)[0]


def test_the_first_is_the_one_heard_first(town: Town) -> None:
    publish(town, story(SITES[0]))
    heard(town)
    publish(town, story(SITES[1], posted=NOW - timedelta(minutes=40)))
    heard(town)
    assert mentions(town)[SITES[1]].copy_of == mentions(town)[SITES[0]].key


def test_after_a_week_it_is_another_story(town: Town) -> None:
    publish(town, story(SITES[0]))
    heard(town)
    town.wait(days=8)
    publish(town, story(SITES[1], posted=town.now))
    heard(town)
    assert len(town.cases()) == 2


def test_what_was_there_before_we_listened_takes_no_work_away(town: Town) -> None:
    """It opened no case, so it cannot speak for one that would."""
    publish(town, story(SITES[0], posted=NOW - timedelta(days=2)))
    heard(town)
    assert mentions(town)[SITES[0]].history
    publish(town, story(SITES[1]))
    heard(town)
    assert town.case().mention == mentions(town)[SITES[1]].key


def test_what_only_a_topics_watch_heard_takes_no_work_away(town: Town) -> None:
    topic = Watch(id="kou", name="Kou in huis", kind="topic", terms=("verwarming",))
    wiring.brands().put(replace(brand(), watches=(*brand().watches, topic)))
    town.wait(minutes=2)
    publish(town, story(SITES[0], text=BODY.replace("Lindebieb", "bibliotheek")))
    heard(town)
    assert mentions(town)[SITES[0]].aside
    for each in SITES[1:]:
        publish(town, story(each))
        heard(town)
    found = mentions(town)
    assert [found[each].copy_of for each in SITES] == [None, None, found[SITES[1]].key]
    assert len(town.cases()) == 1


def test_where_the_first_is_removed_its_copies_stay_and_the_next_begins_anew(town: Town) -> None:
    publish(town, story(SITES[0]))
    heard(town)
    publish(town, story(SITES[1]))
    heard(town)
    first = mentions(town)[SITES[0]]
    assert follow.gone(first, wiring.mentions(), town.now)
    for host in ("laat.example", "later.example"):
        publish(town, story(host))
        heard(town)
    after = mentions(town)
    assert after[SITES[1]].copy_of == first.key
    assert [each.site for each in wiring.mentions().copies(first.key)] == [SITES[1]]
    assert after["laat.example"].copy_of is None
    assert after["later.example"].copy_of == after["laat.example"].key


def test_an_edit_leaves_a_copy_what_it_is(town: Town) -> None:
    publish(town, story(SITES[0]))
    heard(town)
    for text in (BODY, f"{BODY} De wethouder reageert morgen."):
        publish(town, story(SITES[1], text=text))
        heard(town)
    copy = mentions(town)[SITES[1]]
    assert copy.edit is not None
    assert copy.copy_of == mentions(town)[SITES[0]].key
    assert len(town.cases()) == 1


def test_a_person_makes_it_a_story_of_its_own(town: Town) -> None:
    found = three(town)
    first, copy = found[SITES[0]], found[SITES[1]]

    def said() -> object:
        return part.part(
            copy.key,
            line=line(BRAND, town.now, "r-1", "verdict.part"),
            brand=brand(),
            mentions=wiring.mentions(),
            now=town.now,
        )

    assert said() is not None
    assert said() is None, "said twice it changes nothing"
    assert {case.mention for case in town.cases()} == {first.key, copy.key}
    assert (_read(copy).copy_of, _read(first).sites) == (None, SITES[2:])
    assert [each.site for each in wiring.mentions().copies(first.key)] == [SITES[2]]
    [listing] = [each for each in wiring.mentions().day(BRAND, "2026-11-16")[0] if each.key == copy.key]
    assert (listing.copy_of, listing.state) == (None, "answer")
    lines, _ = wiring.audit().month(BRAND, "2026-11")
    assert [each.what for each in lines] == ["verdict.part"]
    heard(town)  # polled again, it is no copy again
    assert _read(copy).copy_of is None


def test_a_site_with_two_copies_stays_while_one_does(town: Town) -> None:
    publish(town, story(SITES[0]))
    heard(town)
    publish(town, story(SITES[1]), story(SITES[1], 2))
    heard(town)
    first = mentions(town)[SITES[0]]
    assert first.sites == (SITES[1],)
    one, two = wiring.mentions().copies(first.key)
    for each, left in ((one, (SITES[1],)), (two, ())):
        part.part(
            each.key,
            line=line(BRAND, town.now, each.key.id, "verdict.part"),
            brand=brand(),
            mentions=wiring.mentions(),
            now=town.now,
        )
        assert _read(first).sites == left


def test_a_correction_of_the_first_keeps_its_sites(town: Town) -> None:
    from chalicelib.domain.verdict import Sentiment
    from chalicelib.stages import correct

    first = three(town)[SITES[0]]
    correct.correct(
        first.key,
        Sentiment.POSITIVE,
        "Noor",
        "noor",
        line=line(BRAND, town.now, "r-1", "verdict.correct"),
        brand=brand(),
        mentions=wiring.mentions(),
        corrections=wiring.corrections(),
        cases=wiring.cases(),
        now=town.now,
    )
    assert _read(first).sites == SITES[1:]


def test_the_console_tells_and_parts(town: Town, console: Browser) -> None:
    found = three(town)
    first, copy = found[SITES[0]].key.slug, found[SITES[1]].key.slug
    case = text_of(console.get(f"/cases/{town.case().key.slug}").body.decode())
    assert "Also on 2 other sites" in case
    page = console.get(f"/mentions/{first}/copies").body.decode()
    assert all(f'href="https://{each}/1"' in page for each in SITES)
    days = console.get("/mentions?day=2026-11-16&copies=none").body.decode()
    assert (f"m-{first}" in days, f"m-{copy}" in days) == (True, False)
    assert "/cases/" in console.post(f"/mentions/{copy}/part", {}).headers["Location"]
    assert len(town.cases()) == 2
    assert "Also on 1 other site" in text_of(console.get(f"/cases/{first}").body.decode())
    log = text_of(console.get("/audit").body.decode())
    assert "said that a copy is a story of its own" in log


# what is counted -------------------------------------------------------------------------------------


def test_forty_sites_are_no_storm_and_no_forty_suggestions(town: Town) -> None:
    for n in range(40):
        _judged(town, _copied(n))
    hour = timedelta(hours=1)
    assert surge.counted(brand(), wiring.mentions(), NOW - hour, NOW + hour) == (1, 1)
    assert len(list(relate.listings(BRAND, wiring.mentions(), NOW + hour))) == 40
    assert len(relate.lines_of(brand(), wiring.mentions(), NOW + hour)) == 1
    assert digest._came(brand(), wiring.mentions(), (NOW.date(), NOW.date())).count == 1


def _copied(n: int) -> Mention:
    made = _kept(f"site{n}.example")
    return copies.settled(made, wiring.mentions())


def _judged(town: Town, mention: Mention) -> None:
    from chalicelib.domain.response import decide
    from chalicelib.domain.verdict import Verdict

    reading = wiring.judge().read(mention.text)
    action = decide(mention, reading, mention.heard_at).action
    verdict = Verdict(reading=reading, department="desk", rule="")
    wiring.mentions().judge(mention, verdict, action.value if action else "ignore")


def test_the_month_counts_a_story_once_and_tells_of_its_copies(town: Town) -> None:
    for n in range(40):
        _judged(town, _copied(n))
    facts = gatherer().facts(brand(), "2026-11", (), NOW + timedelta(days=20))
    facts = from_bytes(to_bytes(facts))
    assert not Amender(gatherer(), wiring.bucket())._differs(brand(), facts, None, facts.frozen_at)
    figures = reckon(facts)
    first = facts.mentions[0]
    assert figures["mentions"].value == figures["negative"].value == 1
    assert figures["copies"].rows == tuple(row.id for row in facts.copies or ())
    assert len(figures["copies"].rows) == 39
    [told] = figures.stories
    assert {row.copy_of for row in facts.copies or ()} == {first.id}
    assert figures[told.elsewhere].value == 39


# what it costs ---------------------------------------------------------------------------------------


def test_it_costs_a_story_a_write_for_each_mark_and_anything_else_none(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    spent = {}
    long = BODY.replace("Lindebieb", "Lindebieb van de straat")
    for name, told in {
        "short": story("kort.example", title="", text=COMPLAINT),
        "story": story(SITES[0]),
        "copy": story(SITES[1], text=BODY),
        "other story of the same site": story(SITES[0], 2, text=long[:40] + "ander " * 40),
    }.items():
        publish(town, told)
        with Meter() as meter:
            town.tick()
            town.drain()
        causes = {cause: units for (price, cause), units in meter.units.items() if price == "write_unit"}
        spent[name] = {cause: n for cause, n in causes.items() if "I/X" in cause or "Transact" in cause}
        town.wait(minutes=2)
    with capsys.disabled():
        print(f"\n{spent}")
    assert spent["short"] == {}
    assert spent["story"] == {"PutItem I/X": len(marks(BODY))}
    assert OF_WHOLE <= len(marks(BODY)) <= OF_HEAD + OF_WHOLE
    moved = {"TransactWriteItems M/X": 2, "TransactWriteItems M/M": 4}
    assert spent["copy"] == {"PutItem I/X refused": 1, **moved}


# crashes ---------------------------------------------------------------------------------------------


@pytest.mark.crash
@pytest.mark.parametrize("what", ["copy", "part"])
def test_a_copy_broken_off_anywhere_is_one_group(
    what: str, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        publish(town, story(SITES[0]))
        heard(town)
        if what == "part":
            publish(town, story(SITES[1]))
            heard(town)
        return town

    def tell(town: Town) -> None:
        if what == "copy":
            publish(town, story(SITES[1]))
            town.tick()
            return
        part.part(
            mentions(town)[SITES[1]].key,
            line=line(BRAND, NOW, "r-1", "verdict.part"),
            brand=brand(),
            mentions=wiring.mentions(),
            now=town.now,
        )

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        tell(town)
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        tell(town)
        town.settle(3)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        found = mentions(town)
        first, other = found[SITES[0]], found[SITES[1]]
        own = what == "part"
        assert other.copy_of == (None if own else first.key), broken_at
        assert first.sites == (() if own else SITES[1:2]), broken_at
        assert len(wiring.mentions().copies(first.key)) == (0 if own else 1), broken_at
        assert len(town.cases()) == (2 if own else 1), broken_at
        assert all(case.state is CaseState.OPEN for case in town.cases()), broken_at
