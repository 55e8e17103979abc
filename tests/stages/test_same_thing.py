"""The same message by its network and by a feed of that network that somebody pasted is one mention."""

from dataclasses import replace
from email.utils import format_datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.mention import Author, Found
from chalicelib.stages.listen import Came, accept
from tests.servers.feeds import item, rss
from tests.servers.mastodon import HOST, Mastodon
from tests.stages.test_mastodon_story import SAID, network, town
from tests.stages.town import BRAND, Town

__all__ = ["network", "town"]


@pytest.fixture
def feed_first(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.mark.parametrize("feed_first", [True, False], indirect=True)
def test_mastodon_and_its_own_feed(town: Town, network: Mastodon, feed_first: bool) -> None:
    town.settle(2)
    id = network.say(SAID, "bram", at=town.now)
    link = f"https://{HOST}/@bram/{id}"

    def by_feed() -> None:
        url = town.feeds.publish("/bram.rss", rss(item(link, SAID, date=format_datetime(town.now))))
        town.source("bram", "feed", {"url": url}, interval=1, watched=False, channel="masto")
        town.settle(2)

    if feed_first:
        network.notifications, held = [], network.notifications
        by_feed()
        network.notifications = held
    town.settle(3)
    if not feed_first:
        by_feed()
    assert len(town.judged()) == 1
    assert len(town.cases()) == 1
    assert town.case().key.platform == ("feed" if feed_first else "mastodon")


def test_what_is_said_to_us_is_work_though_a_muted_feed_had_it_first(town: Town, network: Mastodon) -> None:
    town.settle(2)
    id = network.say(SAID, "bram", at=town.now)
    network.notifications, held = [], network.notifications
    link = f"https://{HOST}/@bram/{id}"
    url = town.feeds.publish("/bram.rss", rss(item(link, SAID, date=format_datetime(town.now))))
    town.source("bram", "feed", {"url": url}, interval=1, watched=False, muted="yes")
    town.settle(2)
    assert town.cases() == []
    network.notifications = held
    town.settle(3)
    assert [case.key.platform for case in town.cases()] == ["mastodon"]


def test_a_network_s_id_is_one_mention_whichever_way_it_came(town: Town) -> None:
    brand = wiring.brands().get(BRAND)
    source, _ = wiring.sources().get(BRAND, "masto")
    feed = town.source("sky", "feed", {"url": "https://bsky.app/profile/x/rss"}, interval=1, watched=False)
    one = Found(
        id="abc/3lb", author=Author(id="did:plc:abc", handle="anna.test"), text=SAID, posted_at=town.now
    )
    for by, waits in ((source, 1), (feed, 0)):
        kept = accept(
            brand,
            replace(by, watched=False),
            [replace(one, platform="bluesky", article=by is feed)],
            Came(0),
            first=False,
            mentions=wiring.mentions(),
            tasks=wiring.tasks(),
            now=town.now,
        )
        assert len(kept) == waits
        town.drain()
    assert len(town.judged()) == 1
