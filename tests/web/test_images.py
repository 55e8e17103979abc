"""Images of a post, from the form that one adds them to until its page shows them."""

import re
from dataclasses import replace

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.delivery import DeliveryKey
from chalicelib.domain.post import PostKey
from tests.images import GIF, JPEG, PLACE, PNG, from_a_phone
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_posts import WISH
from tests.web.world import BRAND, World

ALT = "De balie, met een rij ervoor."
MARK = "----boundary-of-a-browser"


@pytest.fixture
def editor(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    return in_role(browser, world, ("editor",))


def send(browser: Browser, path: str, form: dict[str, str], *images: bytes) -> HTTPResponse:
    """As a browser sends a form with files; where none was chosen its field is there, and empty."""
    if "webspin-csrf" not in browser.cookies:
        browser.get("/sign-in")
    given = {"csrf": browser.cookies["webspin-csrf"], **form}
    head = f'--{MARK}\r\nContent-Disposition: form-data; name="'
    body = "".join(f'{head}{name}"\r\n\r\n{said}\r\n' for name, said in given.items()).encode()
    for image in images or (b"",):
        named = f'{head}image"; filename="IMG_1.jpg"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body += named.encode() + image + b"\r\n"
    sent = {
        "origin": f"http://{browser.host}",
        "content-type": f"multipart/form-data; boundary={MARK}",
    }
    return browser.send("POST", path, sent, body + f"--{MARK}--\r\n".encode())


def named(page: str) -> list[str]:
    """The images that a form holds."""
    return re.findall(r'name="image\.\d+" value="([^"]+)"', page)


def filled(page: str, *alts: str) -> dict[str, str]:
    names = {f"image.{n}": name for n, name in enumerate(named(page))}
    return {**WISH, **names, **{f"alt.{n}": alt for n, alt in enumerate(alts)}}


def test_an_image_is_added_described_planned_and_shown(editor: Browser, world: World) -> None:
    added = send(editor, "/calendar/new", {**WISH, "add": "1"}, from_a_phone(6), PNG)
    page = added.body.decode()
    assert (added.status_code, faults(page)) == (200, [])
    assert len(named(page)) == 2
    assert "Zaterdag zijn we open." in page, "what was typed is still there"
    assert world.posts.kept == {}

    answer = send(editor, "/calendar/new", filled(page, ALT, "Het logo."))
    assert answer.headers["Location"] == "/posts/p-1?done=planned"
    post, deliveries = world.posts.get(PostKey(BRAND.id, "p-1"))
    assert [image.alt for image in post.images] == [ALT, "Het logo."]
    assert {each.images for each in deliveries} == {post.images}

    shown = editor.get("/posts/p-1").body.decode()
    assert faults(shown) == []
    assert shown.count(f'alt="{ALT}"') == 2, "once a channel"
    image = editor.get(f"/posts/p-1/images/{post.images[0].name}")
    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/jpeg")
    assert image.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in image.headers["Cache-Control"]
    assert image.body.startswith(b"\xff\xd8")
    assert PLACE not in image.body


def test_without_a_word_of_what_it_shows_it_is_not_planned_and_says_why(
    editor: Browser, world: World
) -> None:
    page = send(editor, "/calendar/new", WISH, JPEG).body.decode()
    assert "Say what the image shows, for who cannot see it." in text_of(page)
    assert '<a href="#images.0">' in page
    assert faults(page) == []
    again = send(editor, "/calendar/new", filled(page, "  "))
    assert again.status_code == 422
    assert world.posts.kept == {}
    assert send(editor, "/calendar/new", filled(page, ALT)).status_code == 303


def test_an_image_is_left_out_again_and_the_rest_keeps_its_words(editor: Browser) -> None:
    page = send(editor, "/calendar/new", {**WISH, "add": "1"}, JPEG, PNG, JPEG).body.decode()
    assert len(named(page)) == 2, "the same image is one"
    left = send(editor, "/calendar/new", {**filled(page, ALT, "Het logo."), "drop": "0"}).body.decode()
    assert [name.rpartition(".")[2] for name in named(left)] == ["png"]
    assert "Het logo." in left
    assert ALT not in left


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"<svg onload='alert(1)'/>", "choose a JPEG, PNG, WebP or GIF"),
        (JPEG[:200], "This image is damaged."),
        (PNG[:16] + b"\0\0\x40\0\0\0\x40\0" + PNG[24:], "An image has at most 33 million pixels."),
        (JPEG + bytes(4_000_000), "An image has at most 4 MB."),
    ],
)
def test_what_is_no_image_to_show_is_told_in_words(
    editor: Browser, world: World, given: bytes, said: str
) -> None:
    answer = send(editor, "/calendar/new", {**WISH, "add": "1"}, given)
    page = answer.body.decode()
    assert answer.status_code == 422
    assert said in text_of(page)
    assert '<a href="#image">' in page
    assert faults(page) == []
    assert not [name for name in world.bucket.kept if name.startswith("_uploads")]


def test_each_channel_says_what_it_takes_before_anything_is_kept(editor: Browser, world: World) -> None:
    page = text_of(send(editor, "/calendar/new", {**WISH, "add": "1"}, JPEG).body.decode())
    assert "at most 4 images; JPEG, PNG, WEBP, GIF, at most 17 MB each" in page
    channels = [replace(each, platform="feed", settings={}) for each in BRAND.channels[:1]]
    world.brands.kept[BRAND.id] = replace(BRAND, channels=(*channels, *BRAND.channels[1:]))
    page = text_of(send(editor, "/calendar/new", {**WISH, "add": "1"}, JPEG).body.decode())
    assert "This network takes no images: the text leaves without." in page


def test_more_than_a_network_takes_is_told_at_its_channel(editor: Browser, world: World) -> None:
    given = [GIF[:13] + bytes((n,)) + GIF[14:] for n in range(5)]
    page = send(editor, "/calendar/new", {**WISH, "add": "1"}, *given).body.decode()
    assert "At most 4 images leave there." in text_of(page)
    answer = send(editor, "/calendar/new", filled(page, *["Een kleur."] * 5))
    assert answer.status_code == 422
    assert "@bibveldermeer (Mastodon): At most 4 images leave there." in text_of(answer.body.decode())
    assert world.posts.kept == {}


def test_a_planned_post_gets_another_image_and_the_first_is_thrown_away(
    editor: Browser, world: World
) -> None:
    page = send(editor, "/calendar/new", {**WISH, "add": "1"}, JPEG).body.decode()
    send(editor, "/calendar/new", filled(page, ALT))
    changing = editor.get("/posts/p-1/change").body.decode()
    assert named(changing) == named(page)
    assert ALT in changing
    change = {**filled(changing, ALT), "rev": "1", "zone": BRAND.zone}
    other = send(editor, "/posts/p-1/change", {**change, "drop": "0"}, PNG).body.decode()
    change = {**filled(other, "Het logo."), "rev": "1", "zone": BRAND.zone}
    assert send(editor, "/posts/p-1/change", change).headers["Location"] == "/posts/p-1?done=changed"
    delivery = world.posts.deliveries[DeliveryKey(PostKey(BRAND.id, "p-1"), "mastodon", 1)]
    assert [image.alt for image in delivery.images] == ["Het logo."]
    kept = [name for name in world.bucket.kept if name.startswith("_images/")]
    assert kept == [f"_images/{BRAND.id}/p-1/{delivery.images[0].name}"]


def test_of_two_who_change_it_the_second_keeps_the_image_they_added(editor: Browser, world: World) -> None:
    send(editor, "/calendar/new", WISH)
    added = send(editor, "/posts/p-1/change", {**WISH, "rev": "1", "add": "1"}, PNG).body.decode()
    world.posts.kept[PostKey(BRAND.id, "p-1")] = replace(world.posts.kept[PostKey(BRAND.id, "p-1")], rev=2)
    late = send(editor, "/posts/p-1/change", {**filled(added, ALT), "rev": "1"})
    assert late.status_code == 409
    assert named(late.body.decode()) == named(added)


@pytest.mark.parametrize("name", ["x.jpg", "0" * 32 + "-4x3-10.jpg", "..%2f..%2fveldermeer"])
def test_s12_nobody_reads_another_file_by_an_images_address(editor: Browser, name: str) -> None:
    assert editor.get(f"/posts/p-1/images/{name}").status_code == 404


def test_a_name_that_was_made_up_is_no_image(editor: Browser, world: World) -> None:
    for name, status in (("evil.jpg", 400), ("0" * 32 + "-4x3-10.jpg", 422)):
        answer = send(editor, "/calendar/new", {**WISH, "image.0": name, "alt.0": ALT})
        assert answer.status_code == status
    assert world.posts.kept == {}


def test_other_forms_take_no_files_so_large(editor: Browser) -> None:
    """S29: only the form of a post."""
    assert send(editor, "/calendar/import", {"text": "x"}, bytes(700_000)).status_code == 413
    assert send(editor, "/calendar/new", WISH, bytes(4_500_000)).status_code == 413
