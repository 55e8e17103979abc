"""What a page asks of AWS: counted on the calls really made, with a filled table behind the console."""

from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import pytest
from chalice.test import Client

from app import app
from chalicelib import wiring
from chalicelib.domain.brand import Channel
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryState
from chalicelib.web.desk import Desk
from tests.harness.meter import Meter
from tests.harness.world import World as Aws
from tests.web.browser import Browser
from tests.web.test_pages import COMPLAINT, PAGES, PRESS
from tests.web.world import BRAND, World

DEPARTMENTS = len(BRAND.departments)
MOST = 6
TODAY = DEPARTMENTS + 7
"""Of each department its list; the cases; their mentions; two for the sources; three for what was sent:
Today is made of more than any other page."""
ANSWERED = CaseKey(BRAND.id, "mastodon", "5")


@pytest.fixture
def desk(aws: Aws, world: World) -> Desk:
    """The desk as it is wired, with Monday's world in its table and something sent today."""
    world.sent(world.cases.get(ANSWERED), DeliveryState.CONFIRMED)
    wiring.brands().put(BRAND)
    for mention, verdict in world.mentions.kept.values():
        wiring.mentions().add(mention)
        assert verdict
        wiring.mentions().judge(mention, verdict, world.mentions.states[mention.key])
    for source, _ in world.sources.kept:
        wiring.sources().put(source)
    for key, case in world.cases.kept.items():
        wiring.cases().open(replace(case, rev=1))
        first, *later = world.cases.events[key]
        wiring.cases().note(key, first)
        for delivery in world.cases.deliveries.get(key, []):
            wiring.cases().approve(case, delivery, later[0])
    return replace(wiring.desk(), users=world.users, now=lambda: world.now)


@pytest.fixture
def signed_in(desk: Desk) -> Iterator[Browser]:
    with mock.patch.object(wiring, "desk", return_value=desk):
        browser = Browser(Client(app)).signed_in()
        browser.get("/sources")  # a minute's memory of the brand
        yield browser


@pytest.mark.parametrize(
    ("path", "most"),
    [
        *((path, TODAY if name == "today" else MOST) for name, path in PAGES.items()),
        ("/cases?department=jeugd", 3),
        (f"/cases/{ANSWERED.slug}", MOST),
    ],
)
def test_a_page_asks_little_of_aws(signed_in: Browser, path: str, most: int) -> None:
    with Meter() as meter:
        answer = signed_in.get(path)
    assert answer.status_code == (404 if path == PAGES["not-found"] else 200)
    assert sum(meter.calls.values()) <= most, meter.calls
    assert not [name for name in meter.calls if not name.startswith("dynamodb.")]


def test_the_pages_are_made_of_what_is_in_the_table(signed_in: Browser) -> None:
    assert "regenjas42" in signed_in.get("/").body.decode()
    assert ANSWERED.slug in signed_in.get("/").body.decode()
    assert "goes to @bibveldermeer (Mastodon)" in signed_in.get(f"/cases/{COMPLAINT}?lang=en").body.decode()
    assert "Open the original" in signed_in.get(f"/cases/{PRESS}").body.decode()


def test_counting_a_text_reads_no_secret(desk: Desk) -> None:
    settings = {"instance": "https://social.example", "account": "bieb"}
    brand = replace(BRAND, channels=(Channel(id="m", platform="mastodon", name="@bieb", settings=settings),))
    with Meter() as meter:
        counts = desk.counts(brand, "m")
        assert counts
        assert counts.length("Zie https://social.example/een-lang-adres-dat-anders-telt") == 27
        assert desk.counts(brand, "none") is None
    assert not meter.calls
