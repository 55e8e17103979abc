"""Images of posts on their way: laid with the post, given to its network, thrown away with what held them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.post import PostEventKind, PostKey
from chalicelib.errors import BadInput, Rejected
from chalicelib.platforms import sandbox
from chalicelib.stages.images import GONE
from tests.images import PLACE, SMALL, from_a_phone
from tests.stages.town import BRAND, POST, Town

SATURDAY = "2026-11-21T10:00"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ALT = "Een brood, opengesneden."


def kept(town: Town, folder: str = "_images") -> list[str]:
    return sorted(name for name in town.world.files() if name.startswith(folder))


def shown(town: Town) -> list[tuple[str, ...]]:
    lines = wiring.desk().wall(wiring.brands().get(BRAND), "wall")
    return [line.images for line in lines if line.ours]


def leave(town: Town) -> None:
    town.now = AT - timedelta(minutes=1)
    town.run(AT + timedelta(minutes=5))


def test_a_post_leaves_with_its_image_and_what_it_shows(town: Town) -> None:
    image = town.image()
    key = town.plan(SATURDAY, images=(image,))
    assert kept(town, "_uploads") == [f"_uploads/{BRAND}/{image.name}"]
    assert kept(town) == [f"_images/{BRAND}/post/{image.name}"]
    leave(town)
    assert (town.ours(), shown(town)) == ([POST], [(ALT,)])
    assert town.post(key).states == [DeliveryState.CONFIRMED]


def test_what_only_the_camera_knew_is_nowhere(town: Town) -> None:
    image = wiring.album().take_in(BRAND, from_a_phone(6))
    town.plan(SATURDAY, images=(replace(image, alt=ALT),))
    assert len(town.world.files()) == 2
    assert not [name for name, body in town.world.files().items() if PLACE in body]


@pytest.mark.parametrize("alt", ["", "   ", "\u200b"])
def test_an_image_does_not_leave_before_somebody_says_what_it_shows(town: Town, alt: str) -> None:
    with pytest.raises(BadInput, match=r"images\.0: say what the image shows, for who cannot see it"):
        town.plan(SATURDAY, images=(town.image(alt=alt),))
    assert kept(town) == []


def test_what_a_network_does_not_take_is_told_before_anything_is_planned(town: Town) -> None:
    image = town.image()
    with pytest.raises(BadInput, match=r"texts\.wall: at most 4 images there"):
        town.plan(SATURDAY, images=(image,) * 5)
    with pytest.raises(BadInput, match=r"images\.0: this image is not there any more; add it again"):
        town.plan(SATURDAY, images=(replace(image, name="0" * 32 + "-4x3-90.jpg"),))


def test_words_that_are_too_long_beside_an_image_are_told_of_before(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "IMAGES", replace(sandbox.IMAGES, text=len(POST) - 2))
    with pytest.raises(BadInput, match=r"texts\.wall: 2 characters too long for sandbox"):
        town.plan(SATURDAY, images=(town.image(),))
    town.plan(SATURDAY)


def test_an_image_that_a_change_drops_is_removed_and_the_others_stay(town: Town) -> None:
    first, second = town.image(), town.image("image/png", "De balie.")
    key = town.plan(SATURDAY, images=(first, second))
    town.change(key, images=(second,))
    assert kept(town) == [f"_images/{BRAND}/post/{second.name}"]
    leave(town)
    assert shown(town) == [("De balie.",)]
    kinds = [event.kind for event in town.post(key).history]
    assert kinds[:2] == [PostEventKind.PLANNED, PostEventKind.CHANGED]


def test_another_word_for_what_it_shows_is_another_text(town: Town) -> None:
    """Whoever says yes says so to it, too."""
    key = town.plan(SATURDAY, images=(town.image(),))
    after = town.change(key, by="Sam", images=(town.image(alt="Een heel brood."),))
    (delivery,) = town.post(key).deliveries
    assert (after.images, delivery.approved_by) == (delivery.images, "Sam")
    leave(town)
    assert shown(town) == [("Een heel brood.",)]


def test_what_left_keeps_its_image_whatever_is_changed_then(town: Town) -> None:
    key = town.plan(SATURDAY, images=(town.image(),))
    leave(town)
    town.change(key, title="Anders", images=())
    assert len(kept(town)) == 1
    assert shown(town) == [(ALT,)]


def test_an_image_is_gone_in_time_and_a_person_hears_of_it(town: Town) -> None:
    key = town.plan(SATURDAY, images=(town.image(),))
    town.world.lay({})
    leave(town)
    (delivery,) = town.post(key).deliveries
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, GONE)
    assert town.ours() == []


def test_its_network_is_asked_again_what_it_takes_when_it_leaves(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = town.plan(SATURDAY, images=(town.image(),))
    monkeypatch.setattr(wiring, "images", lambda brand, channel: None)
    leave(town)
    (delivery,) = town.post(key).deliveries
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "no images are taken there")


def test_a_network_may_fetch_it_for_an_hour_and_nobody_else_may(town: Town) -> None:
    key = town.plan(SATURDAY, images=(town.image(),))
    delivery = town.delivery(key)
    (image,) = wiring.album().given(delivery, wiring.brands().get(BRAND))
    assert image.read() == SMALL["image/jpeg"]
    assert f"_images/{BRAND}/post/{image.name}?" in image.address()
    assert "Expires" in image.address()
    town.world.lay({})
    with pytest.raises(Rejected, match=GONE):
        image.read()


def test_posts_hold_their_images_apart(town: Town) -> None:
    image = town.image()
    town.plan(SATURDAY, images=(image,))
    town.plan(SATURDAY, id="other", images=(image,))
    town.change(PostKey(BRAND, "other"), images=())
    assert kept(town) == [f"_images/{BRAND}/post/{image.name}"]
