"""Where an answer goes out is named: by the channel, whichever network the message came from."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.brand import Channel
from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.roles import Role, Standing
from chalicelib.domain.verdict import Sentiment
from chalicelib.ports import Member
from chalicelib.web import outgoing
from chalicelib.web.i18n import Words
from chalicelib.web.visit import Visit
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import keep
from tests.web.world import BRAND, NOW, World


@pytest.fixture
def review(world: World) -> Case:
    """Heard by webhook, answered on the sandbox."""
    heard = world.heard(
        "r-1", "De lift is stuk", Sentiment.NEGATIVE, platform="webhook", channel="proefkanaal"
    )
    return world.case(heard, "De lift is stuk", NOW + timedelta(minutes=20))


@pytest.mark.parametrize(
    ("channel", "label"),
    [
        (Channel(id="a", platform="mastodon", name="@bieb"), "@bieb (Mastodon)"),
        (Channel(id="a", platform="sandbox", name="Sandbox"), "Sandbox"),
        (Channel(id="b", platform="mastodon", name="@bieb"), "a"),
    ],
)
def test_a_channel_goes_by_its_name_and_its_network(channel: Channel, label: str) -> None:
    brand = replace(BRAND, channels=(channel,))
    assert outgoing.channel(brand, "a", Words("nl", BRAND.zone, NOW)) == label
    assert outgoing.channel(brand, "", Words("nl", BRAND.zone, NOW)) == ""


def test_the_page_of_a_case_names_the_channel_of_the_answer(
    browser: Browser, world: World, review: Case
) -> None:
    browser.language = "en"
    path = f"/cases/{review.key.slug}"
    before = text_of(browser.get(path).body.decode())
    assert "Public on Proefkanaal (Sandbox)" in before
    assert "it goes to Proefkanaal (Sandbox) at once" in before
    world.sent(review, DeliveryState.CONFIRMED)
    assert "We, approved by Noor Proefkanaal (Sandbox)" in text_of(browser.get(path).body.decode())


def test_the_list_of_today_names_it_too(browser: Browser, review: Case) -> None:
    page = text_of(browser.get("/").body.decode())
    assert "@regenjas42 Webhook De lift is stuk" in page
    assert "Via Proefkanaal (Sandbox)" in page


def test_today_shows_what_went_out_and_how_it_stands(browser: Browser, world: World, review: Case) -> None:
    browser.language = "en"
    press = world.cases.get(CaseKey("veldermeer", "mastodon", "1"))
    world.sent(press, DeliveryState.FAILED, "HTTP 422: too rude")
    world.sent(review, DeliveryState.CONFIRMED)
    html = browser.get("/").body.decode()
    assert faults(html) == []
    keep("today-sent-en", html.encode())
    assert f'href="/cases/{review.key.slug}">@regenjas42 Het boek ligt nu bij de balie.' in html
    shown = text_of(html).partition("Going out today")[2]
    assert "Proefkanaal (Sandbox) Confirmed: it is there" in shown
    assert "@bibveldermeer (Mastodon) Not sent: the network says: too rude" in shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2026-11-22T22:59", False),  # Sunday 23:59 on the library's clock
        ("2026-11-22T23:00", True),  # Monday 00:00, by UTC still Sunday
        ("2026-11-23T08:11", True),
    ],
)
def test_today_is_the_day_of_the_brand(world: World, review: Case, sent: str, shown: bool) -> None:
    delivery = world.sent(review, DeliveryState.SENT)
    moment = datetime.fromisoformat(f"{sent}+00:00")
    world.cases.deliveries[review.key] = [replace(delivery, sent_at=moment)]
    visit = Visit(
        desk=world.desk(),
        member=Member("1", "sam@veldermeer.example", "Sam"),
        brands=(BRAND,),
        brand=BRAND,
        words=Words("nl", BRAND.zone, NOW),
        now=NOW,
        standings={BRAND.id: Standing(Role.READER)},
        query={},
        form={},
    )
    assert [line.at for line in outgoing.today(visit)] == ([moment] if shown else [])


def test_cases_of_one_department_have_an_address(browser: Browser) -> None:
    assert "juf.op.klompen" in browser.get("/cases").body.decode()
    page = browser.get("/cases?department=jeugd").body.decode()
    assert faults(page) == []
    assert "juf.op.klompen" in page
    assert "regenjas42" not in page
    assert '<option value="jeugd" selected>' in page
    assert browser.get("/cases?department=none").status_code == 404


def test_reasons_are_in_the_language_of_the_reader(browser: Browser) -> None:
    path = f"/cases/{CaseKey('veldermeer', 'mastodon', '1').slug}"
    for language, why, rule in (
        ("nl", "een klacht verdient antwoord van een mens", "“reservering” is een woord van Uitlening"),
        ("en", "a complaint deserves an answer from a person", "“reservering” is a word of Uitlening"),
    ):
        browser.language = language
        assert why in text_of(browser.get(path).body.decode())
        assert rule in text_of(browser.get("/mentions").body.decode())
