"""What its author edits or removes where it stands, ours follows: by webhook, and by a feed."""

from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Watch
from chalicelib.domain.case import WITHDRAWN, Action, CaseState, EventKind
from chalicelib.domain.mention import Author, Found, Mention, MentionKey, native_id
from chalicelib.domain.origin import KEPT
from chalicelib.domain.query import to_text
from chalicelib.domain.source import Source
from chalicelib.domain.verdict import Sentiment, Verdict
from chalicelib.querying.parse import parse
from chalicelib.stages.follow import MOST
from chalicelib.stages.listen import Came, accept
from chalicelib.tasks import Poll
from chalicelib.web.matched import matched
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.base import Reply
from tests.servers.feeds import Feeds, item, rss
from tests.stages.test_crashes import breakable, mend
from tests.stages.town import BRAND, COMPLAINT, COMPLIMENT, Town, brand
from tests.web.browser import Browser
from tests.web.checks import text_of

REVIEW = MentionKey(BRAND, "webhook", "r-1")
MILDER = "Naschrift: de Lindebieb heeft gebeld en alles opgelost. Geweldig, dank jullie wel, wat een service!"


def kept(key: MentionKey = REVIEW) -> tuple[Mention, Verdict]:
    mention, verdict = wiring.mentions().get(key)
    assert verdict is not None
    return mention, verdict


def kinds(town: Town) -> list[EventKind]:
    return [event.kind for event in town.history(town.case())[0]]


def complained(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()


def test_an_edit_is_the_same_message_judged_anew(town: Town) -> None:
    complained(town)
    before = town.case()
    town.wait(minutes=3)
    town.edit(MILDER)
    town.drain(duplicate=True)

    mention, verdict = kept()
    assert mention.text == MILDER
    assert verdict.reading.sentiment is Sentiment.POSITIVE
    assert all(mention.text[e.start : e.end].strip() for e in verdict.reading.evidence)
    assert len(town.mentions()) == 1

    case = town.case()
    assert (case.state, case.action, case.sentiment) == (CaseState.OPEN, Action.THANK, Sentiment.POSITIVE)
    assert case.said == MILDER
    assert case.due <= before.due
    assert case.draft is not None
    assert case.draft.text.startswith("@kees Dank je wel!")
    assert kinds(town) == [EventKind.HEARD, EventKind.EDITED]
    line = town.history(case)[0][1]
    assert (line.was, line.text) == (COMPLAINT, MILDER)

    town.edit(MILDER)  # told again
    town.drain()
    assert town.case().rev == case.rev


def test_what_a_person_drafted_stays(town: Town) -> None:
    from chalicelib.stages import answer

    complained(town)
    case = town.case()
    answer.save_draft(
        case.key, case.rev, "@kees Wij bellen. Noor", "Noor", cases=wiring.cases(), now=town.now
    )
    town.edit(f"{COMPLAINT} Nu vier dagen.")
    town.drain()
    case = town.case()
    assert case.draft is not None
    assert case.draft.text == "@kees Wij bellen. Noor"
    assert case.said.endswith("Nu vier dagen.")


def test_an_edit_may_ask_for_what_was_not_asked(town: Town) -> None:
    town.hear("De Lindebieb is op maandag dicht.", direct=False)
    town.drain()
    assert town.cases() == []
    town.edit(COMPLAINT)
    town.drain(duplicate=True)
    assert town.case().said == COMPLAINT
    assert kinds(town) == [EventKind.HEARD]


def test_an_edit_after_our_answer_is_a_line_of_its_history(town: Town) -> None:
    complained(town)
    town.approve(town.case())
    town.drain()
    town.wait(minutes=5)
    town.edit(MILDER)
    town.drain()
    assert town.case().state is CaseState.ANSWERED
    assert kinds(town)[-1] is EventKind.EDITED


def test_an_edit_before_the_first_verdict_counts(town: Town) -> None:
    """Both wait in the queues; in whichever order they come, what stands there now is what was judged."""
    town.hear(COMPLAINT)
    town.edit(MILDER)
    town.drain(duplicate=True)
    mention, verdict = kept()
    assert (mention.text, verdict.reading.sentiment) == (MILDER, Sentiment.POSITIVE)
    assert town.case().said == MILDER


def test_told_again_as_it_was_new_is_no_edit(town: Town) -> None:
    complained(town)
    town.hear(f"{COMPLAINT} En nog iets.")
    town.drain()
    assert kept()[0].text == COMPLAINT


def test_a_text_that_always_changes_is_followed_so_often(town: Town) -> None:
    complained(town)
    for number in range(MOST + 2):
        town.edit(f"{COMPLAINT} {number} keer gelezen.")
        town.drain()
    assert kept()[0].edit is not None
    assert kept()[0].text == f"{COMPLAINT} {MOST - 1} keer gelezen."


def test_what_is_removed_takes_its_text_along_and_is_still_counted(town: Town) -> None:
    complained(town)
    town.edit(f"{COMPLAINT} Nu vier dagen.")
    town.drain()
    town.wait(minutes=3)
    town.retract()
    town.drain(duplicate=True)

    mention, verdict = kept()
    assert mention.gone
    assert (mention.text, mention.url, verdict.reading.evidence) == ("", "", ())
    assert verdict.reading.sentiment is Sentiment.NEGATIVE
    [listing], _ = wiring.mentions().day(BRAND, f"{town.now:%Y-%m-%d}")
    assert (listing.label, listing.excerpt) == ("negative", "")

    case = town.case()
    assert (case.state, case.reason, case.draft) == (CaseState.SOLVED, WITHDRAWN, None)
    assert wiring.cases().waits(BRAND).cases == ()
    assert kinds(town) == [EventKind.HEARD, EventKind.EDITED, EventKind.GONE, EventKind.SOLVED]
    assert [found["pk"]["S"] for found in town.world.items("") if "slechte service" in str(found)] == []


def test_what_is_removed_before_its_verdict_is_counted_too(town: Town) -> None:
    town.hear(COMPLAINT)
    town.retract()
    town.drain(duplicate=True)
    mention, _ = kept()
    assert mention.gone
    assert len(town.judged()) == 1
    assert wiring.cases().waits(BRAND).cases == ()


@pytest.mark.parametrize("scheme", ["unsigned", "webmention"])
def test_who_proves_nothing_removes_only_what_it_told_of_itself(town: Town, scheme: str) -> None:
    complained(town)
    before = town.case()
    open_door = town.source("open", "webhook", {"scheme": scheme}, interval=0)
    gone = Found(
        id="r-1", author=Author(id="", handle=""), text="", posted_at=None, platform="webhook", gone=True
    )
    assert accepted(town, open_door, gone) == 0
    assert (kept()[0].text, town.case()) == (COMPLAINT, before)
    theirs = replace(gone, id="o-1", author=Author(id="anna", handle="anna"), text=COMPLAINT, gone=False)
    assert accepted(town, open_door, replace(theirs, direct=True)) == 1
    town.drain()
    assert accepted(town, open_door, replace(gone, id="o-1")) == 1
    town.drain()
    assert wiring.mentions().get(MentionKey(BRAND, "webhook", "o-1"))[0].gone


@pytest.mark.parametrize(
    ("scheme", "platform", "follows"),
    [
        ("github", "webhook", True),  # signed
        ("unsigned", "trustpilot", True),  # asked for at its network
        ("unsigned", "webhook", False),
    ],
)
def test_an_edit_that_another_source_of_the_message_tells_is_followed_if_it_is_proven(
    town: Town, scheme: str, platform: str, follows: bool
) -> None:
    """As where one is polled, and its network calls when it was changed."""
    polled = town.source("polled", "webhook", {"scheme": "github"}, interval=0)
    caller = town.source("caller", "webhook", {"scheme": scheme}, interval=0)
    anna = Author(id="anna", handle="anna")
    said = Found(id="o-1", author=anna, text=COMPLAINT, posted_at=None, platform=platform, direct=True)
    assert accepted(town, polled, said) == 1
    town.drain()
    assert accepted(town, caller, replace(said, text=MILDER, edited=True)) == follows
    town.drain()
    found = kept(MentionKey(BRAND, platform, "o-1"))[0]
    assert (found.text == MILDER, found.source) == (follows, "polled")


def accepted(town: Town, source: Source, found: Found) -> int:
    """How many of what this source tells go on."""
    came = Came(0, b"", call=True)
    heard = accept(
        wiring.brands().get(BRAND),
        source,
        [found],
        came,
        first=False,
        mentions=wiring.mentions(),
        tasks=wiring.tasks(),
        now=town.now,
    )
    return len(heard)


def test_what_was_never_heard_cannot_be_removed(town: Town) -> None:
    town.retract("r-9")
    town.drain()
    assert town.mentions() == []
    town.edit(COMPLAINT, id="r-8")  # who tells of an edit first tells of the message
    town.drain()
    assert town.case().said == COMPLAINT


def test_an_earlier_message_of_a_conversation_leaves_the_case_open(town: Town) -> None:
    complained(town)
    town.wait(minutes=2)
    town.hear("Nog steeds niets gehoord, wat een slechte service!", id="r-2", reply_to="r-1")
    town.drain()
    town.retract("r-1")
    town.drain()
    case = town.case()
    assert (case.state, case.mention.id) == (CaseState.OPEN, "r-2")
    assert "slechte" not in case.title
    assert EventKind.GONE in kinds(town)


def test_an_item_of_a_feed_is_edited_under_its_guid(town: Town) -> None:
    town.feed(COMPLAINT, COMPLIMENT)
    town.tick()
    town.drain()
    assert len(town.cases()) == 2
    town.wait(minutes=2)
    first, second = (f"https://blog.example/{n}" for n in range(2))
    town.feeds.publish("/news.xml", rss(item(first, MILDER), item(second, COMPLIMENT)))
    town.tick()
    town.drain(duplicate=True)
    mention, verdict = kept(MentionKey(BRAND, "feed", first))
    assert (mention.text, verdict.reading.sentiment) == (MILDER, Sentiment.POSITIVE)
    assert len(town.mentions()) == len(town.cases()) == 2
    _, state = wiring.sources().get(BRAND, "news")
    assert sum(state.tally) == 0, "an edit is nothing new"

    # What a feed does not list any more is not gone.
    town.wait(minutes=2)
    town.feeds.publish("/news.xml", rss(item(second, COMPLIMENT)))
    town.tick()
    town.drain()
    assert kept(MentionKey(BRAND, "feed", first))[0].text == MILDER


def article(guid: str, link: str, text: str) -> str:
    return item(guid, text).replace("</item>", f"<link>{link}</link></item>")


def test_where_its_words_lead_is_heard_kept_and_told_and_alone_no_edit(town: Town, console: Browser) -> None:
    watch = Watch(id="links", name="Links naar ons", plan=to_text(parse("link:lindebieb.example")))
    wiring.brands().put(replace(brand(), watches=(*brand().watches, watch)))
    town.feed(id="paper")
    guid, words = "https://blad.example/1", "Een gedoe, lees %s<a href='%s'>de agenda</a> maar."
    elsewhere = "".join(
        f"<a href='https://{n}.example/een-lang-verhaal/over-iets-anders'>x</a>" for n in range(9)
    )
    for there in ("https://www.lindebieb.example/agenda?jaar=2026", "https://lindebieb.example/boeken"):
        town.feeds.publish("/paper.xml", rss(item(guid, "Bibliotheek", words % (elsewhere, there))))
        town.tick()
        town.drain(duplicate=True)
        town.wait(minutes=2)
    mention, _ = kept(MentionKey(BRAND, "feed", guid))
    assert mention.watches == ("links",)
    assert mention.links[0] == "lindebieb.example/agenda"
    assert sum(map(len, mention.links)) <= KEPT
    assert mention.edit is None
    (found,) = matched(mention, wiring.brands().get(BRAND))
    assert found.fields == ("link:lindebieb.example",)


def test_an_item_under_another_guid_at_its_address_is_an_edit(town: Town) -> None:
    """Some publishers count their guids on with each edit, and some put into links how they were come by."""
    page = "https://blad.example/stad/lindebieb"
    town.feed(id="paper")
    polls = [
        article(f"{page}#0", f"{page}?utm_source=rss", COMPLAINT),
        article(f"{page}#1", f"{page}/?at_medium=RSS", f"{COMPLAINT} De wethouder reageert vandaag."),
        article(f"{page}#2", page, f"{COMPLAINT} De wethouder reageert morgen."),
    ]
    for each in polls:
        town.feeds.publish("/paper.xml", rss(each))
        town.tick()
        town.drain(duplicate=True)
        town.wait(minutes=2)
    assert len(town.mentions()) == 1
    first = MentionKey(BRAND, "feed", native_id(f"{page}#0"))
    assert kept(first)[0].text.endswith("reageert morgen.")


def test_items_that_all_lead_to_one_page_or_say_something_else_are_their_own(town: Town) -> None:
    town.feed(id="paper")
    page = "https://blad.example/storingen"
    both = [article(str(n), page, f"{COMPLAINT} Om {n} uur.") for n in range(2)]
    polls = [
        [*both, article("3", "https://blad.example/", COMPLAINT)],
        [article("4", page, COMPLIMENT)],
        [article("5", page, COMPLAINT)],
    ]
    for each in polls:
        town.feeds.publish("/paper.xml", rss(*each))
        town.tick()
        town.drain()
        town.wait(minutes=2)
    assert len(town.mentions()) == 5


def test_two_feeds_with_one_item_in_two_lengths_edit_nothing(town: Town) -> None:
    town.feed(COMPLAINT)
    town.feed(f"{COMPLAINT} Lees verder op onze site.", id="more")
    for _ in range(3):
        town.tick()
        town.drain()
        town.wait(minutes=2)
    assert kept(MentionKey(BRAND, "feed", "https://blog.example/0"))[0].edit is None


def test_a_feed_that_is_gone_for_good_is_not_asked_any_more_and_says_so(town: Town) -> None:
    town.feed(id="paper")
    town.tick()
    town.drain()
    town.feeds.misbehave("/paper.xml", Reply(410))
    town.wait(minutes=2)
    town.tick()
    town.drain()
    asked = len(town.feeds.requests)
    for _ in range(4):
        town.wait(hours=24)
        town.tick()
        town.drain()
    assert len(town.feeds.requests) == asked
    state = wiring.sources().get(BRAND, "paper")[1]
    assert state.reason == "answered 410: the feed is gone for good"
    town.feeds.publish("/paper.xml", rss(item("https://blad.example/1", "Bibliotheek", COMPLAINT)))
    wiring.tasks().send([Poll(BRAND, "paper")])
    town.drain()
    assert wiring.sources().get(BRAND, "paper")[1].reason == "", "a person asks again"


def test_the_console_says_so(town: Town, console: Browser) -> None:
    complained(town)
    town.edit(f"{COMPLAINT} Nu vier dagen.")
    town.drain()
    slug = town.case().key.slug
    mentions = text_of(console.get("/mentions?day=2026-11-16").body.decode())
    assert "Edited by its author: 10:12" in mentions
    history = text_of(console.get(f"/cases/{slug}").body.decode())
    assert f"Edited by its author. Before: “{COMPLAINT}” After: “{COMPLAINT} Nu vier dagen.”" in history

    town.retract()
    town.drain()
    gone = "Removed where it stood; its text is not kept"
    assert gone in text_of(console.get("/mentions?day=2026-11-16").body.decode())
    history = text_of(console.get(f"/cases/{slug}").body.decode())
    assert gone in history
    assert "Closed: the message was removed where it stood" in history
    assert "slechte service" not in history


@pytest.mark.crash
@pytest.mark.parametrize("what", ["edit", "remove"])
def test_an_edit_or_removal_broken_off_anywhere_is_followed_once(
    what: str, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        complained(town)
        town.wait(minutes=1)
        return town

    def tell(town: Town) -> None:
        if what == "edit":
            town.edit(MILDER)
        else:
            town.retract()

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        tell(town)
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        tell(town)  # who got no answer calls again
        town.settle(3)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        mention, verdict = kept()
        case = town.case()
        assert mention.text == (MILDER if what == "edit" else ""), broken_at
        assert verdict.reading.judge, broken_at
        if what == "edit":
            assert (case.state, case.said) == (CaseState.OPEN, MILDER), broken_at
            assert kinds(town).count(EventKind.EDITED) == 1, broken_at
        else:
            assert (case.state, case.reason) == (CaseState.SOLVED, WITHDRAWN), broken_at
            assert kinds(town).count(EventKind.SOLVED) == 1, broken_at
            assert "slechte service" not in str(aws.items("N#")), broken_at
        assert not any(aws.waiting(f"{queue}-dead") for queue in ("hear", "understand", "respond")), broken_at
