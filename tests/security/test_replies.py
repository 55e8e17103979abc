"""S31: what leaves is what was read. No letter that is not seen turns a text around or hides in it."""

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.domain.post import PostKey
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.test_pages import COMPLAINT
from tests.web.test_posts import WISH
from tests.web.world import BRAND, World

KEY = CaseKey(BRAND.id, "mastodon", "1")
UNSEEN = {
    "turned around": ("Beste \u202egnirevreser\u202c", "Beste gnirevreser"),
    "turned by isolates": ("a\u2067b\u2069c", "abc"),
    "of no width": ("be\u200bste\u2060 \ufeffdag", "beste dag"),
    "control characters": ("a\x00b\x07c\x1b[31md\x7f", "abc[31md"),
    "a soft hyphen": ("wacht\u00adwoord", "wachtwoord"),
    "written in pieces": ("cafe\u0301", "caf\u00e9"),
    "tags of another plane": ("vlag\U000e0067\U000e007f", "vlag"),
    "for private use": ("a\ue000b", "ab"),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_s31_an_answer_is_kept_and_sent_without_what_is_not_seen(
    browser: Browser, world: World, name: str
) -> None:
    given, kept = UNSEEN[name]
    browser.post(f"/cases/{COMPLAINT}/reply", {"text": given, "rev": "1", "do": "save"})
    draft = world.cases.get(KEY).draft
    assert draft
    assert draft.text == kept
    browser.post(f"/cases/{COMPLAINT}/reply", {"text": given, "rev": "2", "do": "send"})
    (delivery,) = world.cases.history(KEY)[1]
    assert delivery.text == kept


@pytest.mark.parametrize("name", UNSEEN)
def test_s31_a_post_too(browser: Browser, world: World, name: str) -> None:
    given, kept = UNSEEN[name]
    wish = {**WISH, "title": given, "text": given, "text.mastodon": given}
    assert in_role(browser, world, ("editor",)).post("/calendar/new", wish).status_code == 303
    post, deliveries = world.posts.get(PostKey(BRAND.id, WISH["id"]))
    assert (post.title, {each.text for each in deliveries}) == (kept, {kept})


def test_s31_what_is_too_long_for_the_network_does_not_leave(browser: Browser, world: World) -> None:
    long = "x" * 10_240
    answer = browser.post(f"/cases/{COMPLAINT}/reply", {"text": long, "rev": "1", "do": "send"})
    assert answer.status_code == 422
    assert long in answer.body.decode(), "nothing typed is lost"
    assert world.cases.history(KEY)[1] == []
    assert world.tasks.sent == []
