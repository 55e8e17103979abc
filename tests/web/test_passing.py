"""From somebody's message to a boost or a quote of it: one link, one choice a channel, one yes."""

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryKey
from chalicelib.domain.post import PostKey
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT
from tests.web.test_posts import WISH
from tests.web.world import BRAND, World

KEY = PostKey(BRAND.id, "p-1")
ADDRESS = "https://social.example/@regenjas42/1"
PASSED = {**WISH, "of": COMPLAINT, "shares": ADDRESS, "way.mastodon": "boost"}
PASSED["text"] = f"Lees dit: {ADDRESS}"


@pytest.fixture
def editor(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    return in_role(browser, world, ("editor",))


def test_the_case_leads_to_a_form_that_offers_what_its_network_can(editor: Browser, world: World) -> None:
    case = editor.get(f"/cases/{COMPLAINT}").body.decode()
    assert f"/calendar/new?of={COMPLAINT}&amp;" in case
    page = editor.get(f"/calendar/new?of={COMPLAINT}&shares={ADDRESS}").body.decode()
    assert faults(page) == []
    assert 'name="way.mastodon"' in page
    assert 'name="way.proefkanaal"' not in page, "it stands elsewhere"
    assert "Boost it: as it is, without words of ours" in text_of(page)
    world.cannot |= {("mastodon", "boost"), ("mastodon", "quote")}
    assert 'name="way.mastodon"' not in editor.get(f"/calendar/new?of={COMPLAINT}").body.decode()


def test_a_boost_is_planned_shown_as_what_it_is_and_changed_into_a_quote(
    editor: Browser, world: World
) -> None:
    assert editor.post("/calendar/new", PASSED).status_code == 303
    delivery = world.posts.deliveries[DeliveryKey(KEY, "mastodon", 1)]
    assert (delivery.way, delivery.text) == ("boost", "")
    assert delivery.of
    assert delivery.of.key.slug == COMPLAINT
    other = world.posts.deliveries[DeliveryKey(KEY, "proefkanaal", 1)]
    assert (other.way, other.of, other.text) == ("", None, PASSED["text"])
    page = editor.get("/posts/p-1").body.decode()
    assert faults(page) == []
    assert "A boost: what somebody else wrote, as it is." in text_of(page)

    form = editor.get("/posts/p-1/change").body.decode()
    assert f'name="of" value="{COMPLAINT}"' in form
    assert '<option value="boost" selected>' in form
    quote = {**PASSED, "rev": "1", "way.mastodon": "quote", "text.mastodon": "Dank voor het melden."}
    assert editor.post("/posts/p-1/change", quote).headers["Location"] == "/posts/p-1?done=changed"
    delivery = world.posts.deliveries[DeliveryKey(KEY, "mastodon", 1)]
    assert (delivery.way, delivery.text) == ("quote", "Dank voor het melden.")
    assert "A quote: what somebody else wrote" in text_of(editor.get("/posts/p-1").body.decode())


@pytest.mark.parametrize("slug", ["nonsense", COMPLAINT[:-4], CaseKey("ander", "mastodon", "1").slug])
def test_a_message_that_we_did_not_hear_is_shared_by_its_address_only(
    editor: Browser, world: World, slug: str
) -> None:
    answer = editor.post("/calendar/new", {**PASSED, "of": slug})
    assert answer.status_code == 422
    assert "We did not hear that message: share it by its address." in text_of(answer.body.decode())
    assert world.posts.kept == {}


def test_where_it_does_not_stand_it_is_not_boosted(editor: Browser, world: World) -> None:
    answer = editor.post("/calendar/new", {**PASSED, "way.proefkanaal": "boost"})
    assert answer.status_code == 422
    assert "only on the network where it stands" in text_of(answer.body.decode())
    assert world.posts.kept == {}
