"""Forms: each for the brand it was shown for, none of its words lost, counted while it is typed."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from chalicelib.domain.delivery import BRAKED, DeliveryKey, DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.ports import Brake
from chalicelib.web.request import LONGEST, MAX_BODY
from tests.web.access import in_role
from tests.web.browser import HOST, Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import PAGES
from tests.web.test_people import FOLLOW, morning
from tests.web.test_posts import WISH
from tests.web.world import BRAND, NOW, World

OTHER = replace(BRAND, id="camping", name="Camping Veldermeer")
FORM = re.compile(r'<form [^>]*method="post"[^>]*action="([^"]+)".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
FILE = "title,when,text\nZaterdag open,2026-11-28 10:00,Kom langs"


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    world.brands.put(OTHER)
    return in_role(browser, world, ("manager",))


def form_on(page: str, action: str) -> dict[str, str]:
    """What the form to this address carries out of sight."""
    found = next(each for each in FORM.finditer(page) if each.group(1) == action)
    return {unescape(name): unescape(value) for name, value in HIDDEN.findall(found.group())}


def upload(browser: Browser, text: str) -> tuple[int, str]:
    """The file form, as a browser sends it."""
    given = {"csrf": browser.cookies["webspin-csrf"], "text": text, "do": "check"}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in given.items()]
    sent = {"origin": f"http://{HOST}", "content-type": "multipart/form-data; boundary=b"}
    answer = browser.send("POST", "/calendar/import", sent, ("".join(parts) + "--b--\r\n").encode())
    return answer.status_code, answer.body.decode()


# its brand ----------------------------------------------------------------------------------------


def done_at(world: World) -> set[str]:
    """The brands at which something was done."""
    return {
        *(key.brand for key in world.posts.kept),
        *world.brakes.kept,
        *(each.brand for each in world.mornings.kept.values() if each.rev > 1),
        *(brand for brand, _ in world.asked),
    }


@pytest.mark.parametrize(
    ("page", "action", "typed"),
    [
        ("/calendar/new", "/calendar/new", WISH),
        ("/", "/brake", {}),
        ("/calendar/import", "/calendar/import", {"text": FILE, "do": "plan"}),
        ("/people", "/people/follow-1", {"do": "done"}),
        ("/reports/2026-09", "/reports/2026-09", {}),
    ],
)
def test_a_form_acts_on_the_brand_it_was_shown_for(
    manager: Browser, world: World, page: str, action: str, typed: dict[str, str]
) -> None:
    for brand in (BRAND, OTHER):
        world.mornings.add(replace(morning(FOLLOW), brand=brand.id))
    shown = form_on(manager.get(f"{page}?brand={BRAND.id}").body.decode(), action)
    manager.get(f"/?brand={OTHER.id}")  # on another tab
    answer = manager.post(action, {**shown, **typed})
    assert answer.status_code == 303
    assert done_at(world) == {BRAND.id}
    there = manager.get(answer.headers["Location"])
    assert (there.status_code, BRAND.name in there.body.decode()) == (200, True)


def test_a_form_for_no_brand_of_ours_finds_nothing(manager: Browser, world: World) -> None:
    assert manager.post("/brake", {"brand": "none"}).status_code == 404
    assert done_at(world) == set()


@pytest.mark.parametrize("path", [*PAGES.values(), "/calendar/new", "/calendar/import", "/brake", "/people"])
def test_every_form_names_its_brand(manager: Browser, world: World, path: str) -> None:
    world.mornings.add(morning(FOLLOW))
    forms = [dict(HIDDEN.findall(each.group())) for each in FORM.finditer(manager.get(path).body.decode())]
    assert forms
    assert {each["brand"] for each in forms} == {BRAND.id}


# the brake ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "allowed"), [("editor", False), ("manager", True)])
@pytest.mark.parametrize("do", ["now", "later"])
def test_past_the_brake_a_message_goes_only_by_who_may_take_it_off(
    manager: Browser, world: World, role: str, allowed: bool, do: str
) -> None:
    key = world.post("Te laat", "2026-11-22T15:00", DeliveryState.HELD, ("mastodon",), reason=BRAKED)
    world.brakes.kept[BRAND.id] = Brake(NOW, "Noor")
    person = in_role(manager, world, (role,))
    page = person.get(f"/posts/{key.id}").body.decode()
    assert faults(page) == []
    assert (f"/posts/{key.id}/release" in page) is allowed
    assert ("A manager decides what leaves." in text_of(page)) is not allowed
    form = {"channel": "mastodon", "n": "1", "do": do, "when": "2026-11-28T10:00"}
    answer = person.post(f"/posts/{key.id}/release", form)
    assert answer.status_code == (303 if allowed else 403)
    assert ("A manager decides what leaves." in text_of(answer.body.decode())) is not allowed
    delivery = world.posts.deliveries[DeliveryKey(key, "mastodon", 1)]
    assert delivery.released == (NOW if allowed else None)
    assert (delivery.state is DeliveryState.PLANNED) is allowed


def test_a_brake_that_was_pulled_meanwhile_is_not_passed_by_an_editor(manager: Browser, world: World) -> None:
    key = world.post("Te laat", "2026-11-22T15:00", DeliveryState.HELD, ("mastodon",))
    pulls = iter([None, Brake(NOW, "Noor"), Brake(NOW, "Noor")])
    world.brakes.get = lambda brand: next(pulls)  # type: ignore[method-assign]
    person = in_role(manager, world, ("editor",))
    person.post(f"/posts/{key.id}/release", {"channel": "mastodon", "n": "1", "do": "now"})
    assert world.posts.deliveries[DeliveryKey(key, "mastodon", 1)].released is None


# no word is lost ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_signed_out_at_the_composer_the_form_is_sent_again_as_it_was(
    manager: Browser, world: World, language: str
) -> None:
    manager.language = language
    typed = {**WISH, "text": "\nKom </textarea>\n“zaterdag”\n\nlangs", "brand": BRAND.id}
    session = {name: manager.cookies.pop(name) for name in ("webspin-id", "webspin-refresh")}
    answer = manager.post("/calendar/new", typed)
    page = answer.body.decode()
    assert (answer.status_code, faults(page)) == (401, [])
    assert "Kom &lt;/textarea&gt;" in page
    for name in ("title", "text", "text.mastodon", "audience", "why", "when"):
        assert " ".join(typed[name].split()) in text_of(page)
    again = form_on(page, "/calendar/new")
    assert typed.items() <= again.items()
    manager.cookies |= session
    assert manager.post("/calendar/new", again).status_code == 303
    post, _ = world.posts.get(PostKey(BRAND.id, "p-1"))
    assert (post.title, post.why) == (typed["title"], typed["why"])


def test_signed_out_with_a_file_it_is_sent_again_as_a_file(manager: Browser) -> None:
    manager.get("/")
    manager.cookies = {"webspin-csrf": manager.cookies["webspin-csrf"]}
    status, page = upload(manager, FILE)
    assert status == 401
    assert 'enctype="multipart/form-data"' in page
    assert form_on(page, "/calendar/import")["text"].splitlines() == FILE.splitlines()


def test_who_may_not_has_all_they_typed_to_copy(manager: Browser, world: World) -> None:
    page = in_role(manager, world, ("reader",)).post("/calendar/new", WISH).body.decode()
    assert faults(page) == []
    assert all(WISH[name] in text_of(page) for name in ("title", "text", "text.mastodon", "audience", "why"))


def test_a_password_is_never_shown_again(visitor: Browser) -> None:
    form = {
        "email": "sam@veldermeer.example",
        "password": "canary-7f3a",
        "session": "step-1",
        "text": "canary",
    }
    for path in ("/sign-in", "/sign-in/new-password", "/calendar/new"):
        for csrf in ({}, {"csrf": "guess"}):
            assert "canary" not in visitor.post(path, {**form, **csrf}).body.decode()


@pytest.mark.parametrize(
    ("path", "limit"), [("/calendar/new", f"{MAX_BODY // 1000} kB"), ("/cases/x/reply", "200 kB")]
)
def test_a_form_that_is_too_large_is_told_so_with_the_limit(manager: Browser, path: str, limit: str) -> None:
    answer = manager.post(path, {"text": "x" * MAX_BODY})
    page = answer.body.decode()
    assert (answer.status_code, faults(page)) == (413, [])
    assert limit in text_of(page)


@pytest.mark.parametrize("letter", ["x", "é", "€", "🙂", "\r\n"])
def test_a_file_is_as_long_as_is_said_whatever_its_letters(manager: Browser, letter: str) -> None:
    manager.get("/")
    text = letter * LONGEST
    status, page = upload(manager, text)
    assert status == 422  # it is no list of posts
    assert "at most 150" not in text_of(page)


@pytest.mark.parametrize("much", [LONGEST + 1, 5 * LONGEST])
def test_a_file_that_is_longer_is_told_so_with_the_limit(manager: Browser, much: int) -> None:
    manager.get("/")
    status, page = upload(manager, "é" * much)
    assert status in (413, 422)
    assert re.search(r"at most 150\W000 characters", text_of(page))
    assert faults(page) == []


# counted while it is typed ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "Kom zaterdag langs.", "é" * 501])
def test_a_text_is_counted_as_the_form_counts_it_when_it_is_kept(
    manager: Browser, world: World, text: str
) -> None:
    form = {**WISH, "title": "", "text": text, "text.mastodon": "", "comment": "Meer: https://bieb.example"}
    answer = manager.post("/calendar/count", form)
    assert answer.headers["Content-Type"] == "application/json"
    page = manager.post("/calendar/new", form).body.decode()
    counted = json.loads(answer.body)
    below = {channel: counted.pop(f"{channel}.comment") for channel in ("mastodon", "proefkanaal")}
    assert set(counted) == set(below)
    for channel, said in below.items():
        assert f'id="count.{channel}.comment">{said["count"]}</p>' in page
    for channel, said in counted.items():
        state = ' data-state="failed"' if said["over"] else ""
        assert f'id="count.{channel}"{state}>{said["count"]}</span>' in page
    assert counted["mastodon"]["over"] is (len(text) > 500)
    assert world.posts.kept == {}


def test_counting_leaves_the_brand_of_the_other_tab_alone(manager: Browser, world: World) -> None:
    manager.get(f"/?brand={OTHER.id}")
    manager.post("/calendar/count", {**WISH, "brand": BRAND.id})
    assert manager.cookies["webspin-brand"] == OTHER.id


def test_the_form_says_where_it_is_counted(manager: Browser) -> None:
    answer = manager.get("/calendar/new")
    assert 'data-count="/calendar/count"' in answer.body.decode()
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]


# the language -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "link"),
    [
        (
            "/calendar?view=list&month=2026-12&lang=en",
            "/calendar?view=list&amp;month=2026-12&amp;lang=nl",
        ),
        ("/calendar", "/calendar?lang=nl"),
        ("/mentions?q=%22%3E%26lang%3Dxx", "/mentions?q=%22%3E%26lang%3Dxx&amp;lang=nl"),
        ("/sign-in?next=%2Fcalendar%3Fview%3Dlist", "/sign-in?next=%2Fcalendar%3Fview%3Dlist&amp;lang=nl"),
    ],
)
def test_another_language_is_the_same_page(manager: Browser, path: str, link: str) -> None:
    assert f'href="{link}"' in manager.get(path).body.decode()
