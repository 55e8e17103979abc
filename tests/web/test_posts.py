"""Posts in the console: planned once, changed by who read them, let go, cancelled, taken away."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.delivery import LATE, DeliveryKey, DeliveryState
from chalicelib.domain.measuring import Measurement, Numbers
from chalicelib.domain.post import PostKey, Slot
from chalicelib.stages import plan
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import keep
from tests.web.world import BRAND, NOW, World

WISH = {
    "id": "p-1",
    "title": "Zaterdag open",
    "text": "Kom zaterdag langs.",
    "to.mastodon": "1",
    "to.proefkanaal": "1",
    "text.mastodon": "Zaterdag zijn we open.",
    "when": "2026-11-28T10:00",
    "lateness": "60",
    "language": "nl",
    "goal": "jeugd",
    "audience": "gezinnen",
    "why": "dan is er tijd",
}


@pytest.fixture
def editor(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    return in_role(browser, world, ("editor",))


def state(world: World, key: PostKey, channel: str = "mastodon", n: int = 1) -> DeliveryState:
    return world.posts.deliveries[DeliveryKey(key, channel, n)].state


def test_a_form_plans_one_post_however_often_it_is_sent(editor: Browser, world: World) -> None:
    for _ in range(2):
        answer = editor.post("/calendar/new", WISH)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/posts/p-1?done=planned")
    assert len(world.posts.kept) == 1
    post, deliveries = world.posts.get(PostKey(BRAND.id, "p-1"))
    assert {each.channel: each.text for each in post.variants} == {
        "mastodon": "Zaterdag zijn we open.",
        "proefkanaal": "Kom zaterdag langs.",
    }
    assert (post.slot.wall, post.slot.zone, post.lateness) == ("2026-11-28T10:00", BRAND.zone, 60)
    assert (post.goal, post.audience, post.why, post.planned_by) == (
        "jeugd",
        "gezinnen",
        "dan is er tijd",
        "Sam de Wit",
    )
    assert [each.state for each in deliveries] == [DeliveryState.PLANNED] * 2


def test_each_form_that_is_opened_has_an_id_of_its_own(editor: Browser) -> None:
    ids = {
        re.search(r'name="id" value="([^"]+)"', editor.get("/calendar/new").body.decode()).group(1)  # type: ignore[union-attr]
        for _ in range(3)
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"title": " "}, "title", "Give it a working title."),
        ({"text.mastodon": "x" * 501}, "text.mastodon", "@bibveldermeer (Mastodon): 1 character too many."),
        ({"text.mastodon": "Dag {naam}"}, "text.mastodon", "Still to be filled in: naam."),
        ({"text": "", "text.mastodon": ""}, "text.mastodon", "There is nothing to send yet. Write a text."),
        ({"when": "2026-11-22T10:00"}, "when", "That moment has passed. Choose one ahead."),
        ({"when": ""}, "when", "Choose a day and a time."),
        ({"when": "zaterdag"}, "when", "Write 2026-11-28T10:00, on the clock of Europe/Amsterdam."),
        ({"when": "2026-11-28T10:00Z"}, "when", "Write 2026-11-28T10:00, on the clock"),
        ({"when": "2026-11-23T09:06"}, "when", "That moment has passed. Choose one ahead."),
        ({"when": "2029-01-01T10:00"}, "when", "Choose a moment within a year."),
        ({"when": "9999-12-31T23:59"}, "when", "Choose a moment within a year."),
        ({"when": "0001-01-01T00:00"}, "when", "Write 2026-11-28T10:00, on the clock"),
        ({"shares": "https://social.example/@anna/1"}, "text.mastodon", "Say where it is from"),
        ({"lateness": "0"}, "lateness", "Choose 1 to 10080 minutes."),
        ({"lateness": "veel"}, "lateness", "Write it as a number of minutes."),
        ({"goal": "andermans"}, "goal", "Choose a goal that the organisation has."),
        ({"language": "klingon"}, "language", "Name a language by its code"),
    ],
)
def test_a_fault_is_named_at_its_field_and_nothing_typed_is_lost(
    editor: Browser, world: World, changes: dict[str, str], field: str, said: str
) -> None:
    answer = editor.post("/calendar/new", {**WISH, **changes})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert faults(page) == []
    assert f'<a href="#{field}">' in page
    assert f'id="{field}-fault"' in page
    assert said in text_of(page)
    assert "gezinnen" in page
    assert world.posts.kept == {}


def test_words_in_brackets_are_ones_own(editor: Browser, world: World) -> None:
    text = "[WINACTIE] Doe mee en win een boekenpakket!"
    assert editor.post("/calendar/new", {**WISH, "text.mastodon": text}).status_code == 303
    assert world.posts.deliveries[DeliveryKey(PostKey(BRAND.id, "p-1"), "mastodon", 1)].text == text


def test_what_leaves_is_counted_not_what_is_typed(editor: Browser) -> None:
    """A mark that nobody sees, and that does not leave, is none of the 500."""
    typed = {**WISH, "title": "", "text.mastodon": "x\u200b" + "e\u0301" * 499}
    assert "500 of 500" in text_of(editor.post("/calendar/new", typed).body.decode())


def test_all_faults_are_named_at_once_in_the_order_of_the_form(editor: Browser) -> None:
    given = {"id": "p-1", "title": "", "when": "x", "language": "nl"}
    page = editor.post("/calendar/new", given).body.decode()
    assert re.findall(r'<li><a href="#([\w.]+)">', page) == ["title", "texts", "when"]


def test_a_channel_that_cannot_publish_is_not_offered(editor: Browser, world: World) -> None:
    world.cannot.add(("mastodon", "publish"))
    page = editor.get("/calendar/new").body.decode()
    assert "to.proefkanaal" in page
    assert "to.mastodon" not in page


def test_a_link_begins_a_post(editor: Browser) -> None:
    asked = "title=Van+ons&text=Lees+dit&shares=https%3A%2F%2Fsocial.example%2F1&channel=mastodon"
    page = editor.get(f"/calendar/new?{asked}&when=2026-11-28T15:00").body.decode()
    assert faults(page) == []
    assert 'value="Van ons"' in page
    assert "Lees dit</textarea>" in page
    assert 'value="https://social.example/1"' in page
    assert 'name="to.mastodon" value="1" checked' in page
    assert 'name="to.proefkanaal" value="1">' in page


def test_a_free_slot_is_put_in_place_and_the_rest_stays(editor: Browser, world: World) -> None:
    answer = editor.post("/calendar/new", {**WISH, "pick": "2026-11-28T15:00"})
    assert answer.status_code == 200
    assert 'value="2026-11-28T15:00"' in answer.body.decode()
    assert "Zaterdag zijn we open.</textarea>" in answer.body.decode()
    assert world.posts.kept == {}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("state", list(DeliveryState))
def test_a_post_has_a_page_in_every_state(
    editor: Browser, world: World, state: DeliveryState, language: str
) -> None:
    editor.language = language
    key = world.post("Voorlezen", "2026-11-23T09:00", state, reason=LATE if state == "held" else "")
    answer = editor.get(f"/posts/{key.id}")
    page = answer.body.decode()
    keep(f"post-{state.value}-{language}", answer.body)
    assert faults(page) == []
    moving = state in ("planned", "claimed", "sent", "unknown", "removing", "editing")
    assert ('http-equiv="refresh"' in page) is moving
    assert ('/release"' in page) is (state in ("held", "failed"))
    assert ('/remove"' in page) is (state is DeliveryState.CONFIRMED)
    assert ('/cancel"' in page) is (state in ("planned", "held", "failed"))


def test_what_is_planned_for_later_does_not_make_the_page_wait(editor: Browser, world: World) -> None:
    key = world.post("Voorlezen", "2026-11-28T15:00")
    assert "http-equiv" not in editor.get(f"/posts/{key.id}").body.decode()


def test_what_a_network_does_not_give_is_never_zero(editor: Browser, world: World) -> None:
    key = world.post("Voorlezen", "2026-11-22T11:00", DeliveryState.CONFIRMED)
    numbers = Numbers(reactions=0, replies=12)
    delivery = world.posts.deliveries[DeliveryKey(key, "mastodon", 1)]
    world.measurements.add(delivery, Measurement(step=1, at=NOW - timedelta(hours=1), numbers=numbers))
    shown = text_of(editor.get(f"/posts/{key.id}").body.decode())
    assert "after 1 hour Not given 0 12 Not given" in shown


def test_a_change_follows_on_every_channel(editor: Browser, world: World) -> None:
    key = world.post("Voorlezen", "2026-11-28T15:00")
    form = editor.get(f"/posts/{key.id}/change")
    assert form.status_code == 200
    assert faults(form.body.decode()) == []
    assert "Voorlezen. Kom langs.</textarea>" in form.body.decode()
    given = {**WISH, "rev": "1", "when": "2026-11-29T11:00"}
    assert editor.post(f"/posts/{key.id}/change", given).headers["Location"].endswith("done=changed")
    delivery = world.posts.deliveries[DeliveryKey(key, "mastodon", 1)]
    assert delivery.text == "Zaterdag zijn we open."
    assert delivery.slot
    assert delivery.slot.wall == "2026-11-29T11:00"
    assert "Sam de Wit changed it" in text_of(editor.get(f"/posts/{key.id}").body.decode())


AWAY = "America/New_York"


@pytest.mark.parametrize(
    ("slot", "changes", "kept", "moved"),
    [
        (Slot("2026-11-28T10:00", AWAY), {}, True, False),
        (Slot("2026-10-25T02:30", "UTC"), {}, True, False),
        (Slot("2026-11-28T10:00", AWAY), {"when": "2026-11-28T11:00"}, False, True),
        (Slot("2026-11-28T10:00", AWAY), {"zone": "Asia/Tokyo"}, False, True),
        (Slot("2026-11-28T10:00", AWAY), {"zone": "../x"}, False, True),
    ],
)
def test_a_moment_stays_on_the_clock_it_was_planned_on(
    editor: Browser, world: World, slot: Slot, changes: dict[str, str], kept: bool, moved: bool
) -> None:
    world.now = NOW.replace(month=10, day=20)
    key = world.post("Voorlezen", "2026-11-28T15:00")
    world.posts.kept[key] = replace(world.posts.kept[key], slot=slot)
    for each in world.posts.get(key)[1]:
        world.posts.deliveries[each.key] = replace(each, slot=slot, due=slot.at())
    page = editor.get(f"/posts/{key.id}/change").body.decode()
    assert faults(page) == []
    assert f'name="zone" value="{slot.zone}"' in page
    assert f"on the clock of {slot.zone}" in text_of(page)
    assert f"on the clock of {slot.zone}" in text_of(editor.get(f"/posts/{key.id}").body.decode())
    given = {**WISH, "rev": "1", "title": "Anders", "when": slot.wall, "zone": slot.zone, **changes}
    refused = editor.post(f"/posts/{key.id}/change", {**given, "title": ""}).body.decode()
    assert f'name="zone" value="{slot.zone if kept else BRAND.zone}"' in refused
    assert editor.post(f"/posts/{key.id}/change", given).status_code == 303
    after, deliveries = world.posts.get(key)
    wanted = slot if kept else Slot(given["when"], BRAND.zone)
    assert after.slot == wanted
    assert {each.due for each in deliveries} == {wanted.at()}
    assert (wanted.at() != slot.at()) is moved


def test_a_slot_that_is_picked_is_on_the_brands_clock(editor: Browser, world: World) -> None:
    key = world.post("Voorlezen", "2026-11-28T15:00")
    world.posts.kept[key] = replace(world.posts.kept[key], slot=Slot("2026-11-28T15:00", AWAY))
    given = {**WISH, "rev": "1", "zone": AWAY, "pick": "2026-11-28T15:00"}
    page = editor.post(f"/posts/{key.id}/change", given).body.decode()
    assert f'name="zone" value="{BRAND.zone}"' in page


def test_a_new_moment_lies_ahead_and_one_that_stays_may_have_passed(editor: Browser, world: World) -> None:
    assert editor.post("/calendar/new", {**WISH, "when": "2026-11-23T09:08"}).status_code == 303, "for typing"
    key = world.post("Voorlezen", "2026-11-23T08:30")
    given = {**WISH, "rev": "1", "when": "2026-11-23T08:30"}
    assert editor.post(f"/posts/{key.id}/change", {**given, "when": "2026-11-23T08:31"}).status_code == 422
    assert editor.post(f"/posts/{key.id}/change", given).status_code == 303


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "9999-12-31T23:59", "2029-01-01T10:00"])
def test_no_moment_is_further_than_a_year_however_it_is_chosen(
    editor: Browser, world: World, when: str
) -> None:
    key = world.post("Voorlezen", "2026-11-28T15:00")
    late = world.post("Te laat", "2026-11-22T11:00", DeliveryState.HELD, reason=LATE)
    later = {"channel": "mastodon", "n": "1", "do": "later", "when": when}
    for path, given in (
        (f"/posts/{key.id}/change", {**WISH, "rev": "1", "when": when}),
        (f"/posts/{late.id}/release", later),
    ):
        answer = editor.post(path, given)
        assert answer.status_code == 422
        assert faults(answer.body.decode()) == []
    assert (state(world, key), state(world, late)) == (DeliveryState.PLANNED, DeliveryState.HELD)


def test_a_channel_that_is_gone_is_named_before_its_message_is_cancelled(
    editor: Browser, world: World
) -> None:
    key = world.post("Voorlezen", "2026-11-28T15:00")
    without = replace(BRAND, channels=BRAND.channels[:1])
    world.brands.put(without)
    editor = in_role(editor, world, ("editor",))
    page = editor.get(f"/posts/{key.id}/change").body.decode()
    assert faults(page) == []
    assert "mastodon: nothing can be published there any more. If you keep the change" in text_of(page)
    given = {**WISH, "rev": "1", "title": "Anders"}
    assert editor.post(f"/posts/{key.id}/change", given).status_code == 303
    assert state(world, key) is DeliveryState.CANCELLED
    shown = text_of(editor.get(f"/posts/{key.id}").body.decode())
    assert "Sam de Wit changed it" in shown
    assert "mastodon: Sam de Wit cancelled it" in shown
    assert state(world, key, "proefkanaal") is DeliveryState.PLANNED


def test_who_is_second_reads_what_happened_and_keeps_every_word(editor: Browser, world: World) -> None:
    key = world.post("Voorlezen", "2026-11-28T15:00")
    plan.cancel(key, 1, "Noor", posts=world.posts, now=NOW)
    answer = editor.post(f"/posts/{key.id}/change", {**WISH, "rev": "1"})
    page = answer.body.decode()
    keep("post-conflict-en", answer.body)
    assert answer.status_code == 409
    assert faults(page) == []
    assert "Noor cancelled it, 09:12" in text_of(page)
    assert "Zaterdag zijn we open.</textarea>" in page
    assert editor.post(f"/posts/{key.id}/cancel", {"rev": "1"}).status_code == 409


def test_what_has_left_stands_there_to_be_read(editor: Browser, world: World) -> None:
    key = world.post("Voorlezen", "2026-11-28T15:00")
    sent = DeliveryKey(key, "mastodon", 1)
    world.posts.deliveries[sent] = replace(world.posts.deliveries[sent], state=DeliveryState.CONFIRMED)
    page = editor.get(f"/posts/{key.id}/change").body.decode()
    assert faults(page) == []
    assert 'name="to.mastodon"' not in page
    assert 'name="to.proefkanaal"' in page
    given = {**WISH, "rev": "1", "text": "Alleen hier nog anders."}
    assert editor.post(f"/posts/{key.id}/change", given).status_code == 409, "it had left meanwhile"
    del given["to.mastodon"]
    assert editor.post(f"/posts/{key.id}/change", given).status_code == 303
    assert world.posts.deliveries[sent].text == "Voorlezen. Kom langs."
    assert world.posts.deliveries[DeliveryKey(key, "proefkanaal", 1)].text == "Alleen hier nog anders."


def test_what_waits_for_a_person_goes_now_or_at_a_new_moment(editor: Browser, world: World) -> None:
    key = world.post("Te laat", "2026-11-22T11:00", DeliveryState.HELD, reason=LATE)
    path = f"/posts/{key.id}/release"
    wrong = editor.post(path, {"channel": "mastodon", "n": "1", "do": "later", "when": ""})
    assert wrong.status_code == 422
    assert faults(wrong.body.decode()) == []
    assert "Choose a day and a time." in text_of(wrong.body.decode())
    assert editor.post(path, {"channel": "mastodon", "n": "1", "do": "now"}).status_code == 303
    later = {"channel": "proefkanaal", "n": "1", "do": "later", "when": "2026-11-28T15:00"}
    assert editor.post(path, later).status_code == 303
    assert state(world, key) is DeliveryState.PLANNED
    assert world.posts.deliveries[DeliveryKey(key, "proefkanaal", 1)].due.day == 28
    again = editor.post(path, {"channel": "mastodon", "n": "7", "do": "now"})
    assert again.status_code == 404
    assert editor.post(path, {"channel": "none", "n": "1", "do": "now"}).status_code == 404


def test_a_message_is_taken_away_only_where_it_stands(editor: Browser, world: World) -> None:
    there = world.post("Staat er", "2026-11-22T11:00", DeliveryState.CONFIRMED)
    failed = world.post("Staat er niet", "2026-11-22T12:00", DeliveryState.FAILED)
    which = {"channel": "mastodon", "n": "1"}
    assert editor.post(f"/posts/{there.id}/remove", which).status_code == 303
    assert state(world, there) is DeliveryState.REMOVING
    assert editor.post(f"/posts/{failed.id}/remove", which).status_code == 409
    world.cannot.add(("mastodon", "delete"))
    assert "/remove" not in editor.get(f"/posts/{failed.id}").body.decode()


def test_a_message_is_corrected_only_where_it_stands_and_its_network_lets_one(
    editor: Browser, world: World
) -> None:
    there = world.post("Staat er", "2026-11-22T11:00", DeliveryState.CONFIRMED)
    failed = world.post("Staat er niet", "2026-11-22T12:00", DeliveryState.FAILED)
    before = world.posts.deliveries[DeliveryKey(there, "mastodon", 1)].text
    new = {"channel": "mastodon", "n": "1", "text": "Staat er nu goed."}
    assert editor.post(f"/posts/{failed.id}/edit", new).status_code == 409
    wrong = editor.post(f"/posts/{there.id}/edit", {**new, "text": "x" * 501})
    assert wrong.status_code == 422
    assert "1 character too many." in text_of(wrong.body.decode())
    assert "x" * 501 in wrong.body.decode(), "what was typed is still there"
    assert editor.post(f"/posts/{there.id}/edit", new).headers["Location"].endswith("?done=editing")
    after = world.posts.deliveries[DeliveryKey(there, "mastodon", 1)]
    assert (after.state, after.text, after.correction) == (DeliveryState.EDITING, before, new["text"])
    assert after.approved_by == "Sam de Wit"
    page = editor.get(f"/posts/{there.id}").body.decode()
    assert faults(page) == []
    assert f"It said: “{before}” It shall say: “Staat er nu goed.”" in text_of(page)
    other = world.post("Ook", "2026-11-22T13:00", DeliveryState.CONFIRMED)
    world.cannot |= {("mastodon", "edit"), ("proefkanaal", "edit")}
    page = editor.get(f"/posts/{other.id}").body.decode()
    assert f"/posts/{other.id}/edit" not in page
    assert "This network lets nobody correct a message." in text_of(page)


def test_who_may_not_publish_is_offered_nothing(editor: Browser, world: World) -> None:
    keys = [world.post(f"Bericht {s.value}", "2026-11-28T15:00", s) for s in DeliveryState]
    agent = in_role(editor, world, ("agent",))
    for key in keys:
        page = agent.get(f"/posts/{key.id}").body.decode()
        assert not re.search(r'action="/posts|/change"', page)
    assert "<form class" not in agent.get("/calendar/new").body.decode()


@pytest.mark.parametrize("id", ["none", "A-B", "p_1", "..%2f"])
def test_a_post_that_is_not_there_is_not_found(editor: Browser, id: str) -> None:
    for path in (f"/posts/{id}", f"/posts/{id}/change"):
        assert editor.get(path).status_code == 404


def test_today_begins_with_what_needs_a_decision(editor: Browser, world: World) -> None:
    key = world.post("Te laat", "2026-11-23T06:00", DeliveryState.HELD, reason=LATE)
    world.post("Straks", "2026-11-23T12:15")
    page = editor.get("/").body.decode()
    assert faults(page) == []
    shown = text_of(page)
    assert "One message needs a decision." in shown
    assert shown.index("Needs a decision") < shown.index("Waits for you")
    assert f'<a class="button primary" href="/posts/{key.id}">Decide' in page
    assert page.count("button primary") == 1
    assert "12:15 Straks" in shown.partition("Going out today")[2]
