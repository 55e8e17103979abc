"""What a feed lists is each item once, and every item: whatever its publisher does with guids and links."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

from chalicelib import wiring
from chalicelib.domain.mention import Mention, MentionKey
from tests.servers import feeds as serving
from tests.servers.feeds import rss
from tests.stages.town import BRAND, COMPLAINT, Town

COMPLAINTS = (
    "De Lindebieb gaat dicht op zondag, schandalig",
    "De Lindebieb vraagt boete terwijl alles op tijd was, wat slecht",
    "Bij de Lindebieb zijn alle automaten kapot en niemand helpt, boos",
    "De Lindebieb laat ons te veel parkeergeld betalen, belachelijk",
)


def entry(town: Town, guid: str, link: str, text: str, ago: int = 0) -> str:
    date = format_datetime(town.now - timedelta(minutes=ago))
    name = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return f"<item>{name}<link>{link}</link><title>{text}</title><pubDate>{date}</pubDate></item>"


def listed(town: Town, *entries: str, path: str = "/paper.xml") -> str:
    url = town.feeds.publish(path, rss(*entries))
    town.wait(minutes=2)
    town.tick()
    town.drain(duplicate=True)
    return url


def heard(town: Town) -> list[Mention]:
    keys = [MentionKey(*pk.split("#", 3)[1:]) for pk in town.mentions()]
    return [wiring.mentions().get(key)[0] for key in keys]


def texts(town: Town) -> list[str]:
    return sorted(each.text for each in heard(town))


def test_where_all_have_one_guid_each_is_known_by_its_link(town: Town) -> None:
    town.feed(id="paper")
    site = "https://krant.example"
    items = [
        entry(town, site, f"{site}/{number}", text, ago=9 - number) for number, text in enumerate(COMPLAINTS)
    ]
    listed(town, *items[:3])
    assert texts(town) == sorted(COMPLAINTS[:3])
    listed(town, items[3])
    listed(town, items[3], items[0])
    listed(town, *items)
    assert texts(town) == sorted(COMPLAINTS)
    assert len(town.cases()) == 4


def test_where_they_have_one_link_too_each_is_known_by_its_words(town: Town) -> None:
    town.feed(id="paper")
    page = "https://krant.example/storingen"
    for guid in (page, ""):
        items = [entry(town, guid, page, f"{text} {guid}", ago=n) for n, text in enumerate(COMPLAINTS)]
        before = len(town.mentions())
        listed(town, *items[:3])
        listed(town, items[3])
        listed(town, items[3], items[1])
        assert len(town.mentions()) == before + 4


def test_one_item_under_two_links_or_before_and_after_an_edit_is_one(town: Town) -> None:
    town.feed(id="paper")
    site = "https://krant.example"
    listed(
        town,
        entry(town, "1", f"{site}/stad/1", COMPLAINT, ago=3),
        entry(town, "1", f"{site}/sport/1", COMPLAINT, ago=3),
        entry(town, "2", f"{site}/2", COMPLAINTS[0], ago=3),
        entry(town, "2", f"{site}/2", f"{COMPLAINTS[0]} (aangevuld)", ago=3),
    )
    assert len(town.mentions()) == 2


def test_a_new_message_at_the_same_address_is_no_edit_of_the_last(town: Town) -> None:
    """A page of notices, a topic of which the feed has the newest post: one link, other guids."""
    town.feed(id="paper")
    page = "https://krant.example/storingen"
    notice = "Alweer storing bij de Lindebieb {}: de uitleenautomaat doet het niet, wat een slechte service!"
    listed(town, entry(town, "1", page, notice.format("Noord")))
    listed(town, entry(town, "2", page, notice.format("Zuid")))
    assert texts(town) == [notice.format("Noord"), notice.format("Zuid")]
    assert len(town.cases()) == 2


def test_one_item_in_two_feeds_of_a_site_is_one(town: Town) -> None:
    site = "https://krant.example"
    for name in ("all", "culture"):
        town.feed(id=name)
    items = [entry(town, f"{n} at krant", f"{site}/{n}", text, ago=5) for n, text in enumerate(COMPLAINTS)]
    longer = entry(town, "0 at krant", f"{site}/0", f"{COMPLAINTS[0]}. Lees verder", ago=5)
    for _ in range(2):
        town.feeds.publish("/all.xml", rss(*items))
        listed(town, *items[1:], longer, path="/culture.xml")
    assert len(town.mentions()) == 4, "whichever of the two was asked first"
    assert len(town.cases()) == 4


def test_a_feed_that_moved_keeps_its_items_when_its_new_address_is_put(town: Town) -> None:
    town.feed(id="paper")
    items = [entry(town, str(n), "", text, ago=5) for n, text in enumerate(COMPLAINTS[:3])]
    listed(town, *items[:2])
    new = town.feeds.publish("/new.xml", rss(*items[:2]))
    town.feeds.misbehave("/paper.xml", serving.redirect("/new.xml", 301))
    for _ in range(2):
        town.wait(minutes=2)
        town.tick()
        town.drain()
    source, _ = wiring.sources().get(BRAND, "paper")
    wiring.sources().put(replace(source, settings={"url": new}))
    listed(town, *items, path="/new.xml")
    assert texts(town) == sorted(COMPLAINTS[:3])
    assert len(town.cases()) == 3


TOPIC = "https://www.youtube.example/feed.xml?channel=c"
WORD = "w" * 20


def hub(town: Town) -> None:
    wiring.secrets().put(
        f"hook/{BRAND}/films", {"scheme": "websub", "secret": WORD, "word": WORD, "topic": TOPIC}
    )
    town.source("films", "webhook", {"scheme": "websub", "topic": TOPIC}, interval=0)


def push(town: Town, body: bytes) -> None:
    mac = hmac.new(WORD.encode(), body, hashlib.sha256).hexdigest()
    headers = {"x-hub-signature": f"sha256={mac}", "content-type": "application/atom+xml"}
    told = town.call(body, path=f"/{BRAND}/films/{WORD}", headers=headers)
    assert told["statusCode"] in (200, 202, 204)
    town.drain(duplicate=True)


def film(title: str, minute: int) -> bytes:
    return f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Films</title><entry><id>yt:video:V1</id>
        <title>{title}</title><link rel="alternate" href="https://www.youtube.example/watch?v=V1"/>
        <author><name>K</name></author><published>2026-11-16T09:00:00+00:00</published>
        <updated>2026-11-16T09:{minute:02}:00+00:00</updated></entry></feed>""".encode()


def test_what_a_hub_pushes_again_is_an_edit_and_what_it_says_is_gone_goes(town: Town) -> None:
    hub(town)
    push(town, film(COMPLAINTS[0], 1))
    push(town, film(COMPLAINTS[1], 5))
    push(town, film(COMPLAINTS[0], 1))  # late, or again
    assert texts(town) == [COMPLAINTS[1]]
    assert town.case().said == COMPLAINTS[1]

    gone = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
        <at:deleted-entry ref="yt:video:V1" when="2026-11-16T09:10:00+00:00">
        <link href="https://www.youtube.example/watch?v=V1"/></at:deleted-entry></feed>"""
    push(town, gone)
    (mention,) = heard(town)
    assert mention.gone
    push(town, film(COMPLAINTS[1], 5))
    assert texts(town) == [""]


def test_a_feed_takes_nothing_of_another_away(town: Town) -> None:
    town.feed(COMPLAINT)
    town.tick()
    town.drain()
    hub(town)
    push(
        town,
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
        <at:deleted-entry ref="https://blog.example/0" when="2026-11-16T09:10:00+00:00"/></feed>""",
    )
    assert texts(town) == [COMPLAINT]


def test_the_first_push_of_a_whole_feed_without_dates_is_history(town: Town) -> None:
    hub(town)
    push(
        town,
        rss(*[serving.item(f"https://o.example/{n}", text, date="") for n, text in enumerate(COMPLAINTS)]),
    )
    assert [each.history for each in heard(town)] == [True] * 4
    assert town.cases() == []
    push(town, rss(serving.item("https://o.example/9", COMPLAINT, date="")))
    assert town.case().said == COMPLAINT


def test_a_site_that_goes_to_https_or_loses_its_www_brings_nothing_twice(town: Town) -> None:
    def items(site: str, end: str = "") -> list[str]:
        places = [f"{site}/{number}{end}" for number in range(len(COMPLAINTS))]
        return [
            entry(town, place if guid else "", place, text)
            for place, text, guid in zip(places, COMPLAINTS, (True, False, True, False), strict=True)
        ]

    town.feed(id="paper")
    listed(town, *items("http://krant.example", "?utm_source=rss"))
    listed(town, *items("https://www.krant.example", "/"))
    listed(town, *items("https://krant.example"))
    assert texts(town) == sorted(COMPLAINTS)
    assert len(town.cases()) == 4


def test_pages_that_only_look_alike_are_their_own(town: Town) -> None:
    """Two items whose addresses differ by no more than a mark that others set to count visitors."""
    town.feed(id="paper")
    site = "https://krant.example/lees"
    listed(
        town,
        *(
            entry(town, f"{site}?at_nr={n}", f"{site}?at_nr={n}", text, ago=n)
            for n, text in enumerate(COMPLAINTS)
        ),
    )
    assert texts(town) == sorted(COMPLAINTS)
    assert len(town.cases()) == 4


FIVE = "De Lindebieb sluit morgen om vijf uur, zegt de directie, en dat vinden veel lezers heel erg slecht."
SIX = FIVE.replace("vijf", "zes")


def test_an_edit_is_followed_when_its_item_is_listed_again(town: Town) -> None:
    town.feed(id="paper")
    listed(town, entry(town, "g1", "https://krant.example/1", FIVE, ago=9))
    listed(town, entry(town, "g2", "https://krant.example/2", COMPLAINTS[0]))
    listed(town, entry(town, "g1", "https://krant.example/1", SIX, ago=9))
    listed(town, entry(town, "g2", "https://krant.example/2", COMPLAINTS[0]))
    listed(town, entry(town, "g1", "https://krant.example/1", SIX, ago=9))
    assert texts(town) == sorted([SIX, COMPLAINTS[0]])
    assert len(town.cases()) == 2
