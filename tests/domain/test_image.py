"""What is kept of an image: its picture alone, known by its bytes."""

from random import Random

import pytest

from chalicelib.domain import image
from chalicelib.domain.image import clean
from chalicelib.domain.post import ImageFile
from chalicelib.errors import BadInput
from tests.images import (
    GIF,
    JPEG,
    PLACE,
    PNG,
    SMALL,
    WEBP,
    from_a_phone,
    told_gif,
    told_png,
    told_webp,
)

TOLD = {
    "image/jpeg": from_a_phone(),
    "image/png": told_png(),
    "image/webp": told_webp(),
    "image/gif": told_gif(),
}


@pytest.mark.parametrize("kind", SMALL)
def test_a_plain_image_is_kept_to_the_byte(kind: str) -> None:
    found, kept = clean(SMALL[kind])
    assert kept == SMALL[kind]
    assert (found.type, found.width, found.height, found.size) == (kind, 4, 3, len(kept))
    assert clean(kept) == (found, kept)


@pytest.mark.parametrize("kind", TOLD)
def test_where_by_whom_and_with_what_it_was_taken_does_not_stay(kind: str) -> None:
    given = TOLD[kind]
    found, kept = clean(given)
    assert PLACE in given
    assert not [word for word in (PLACE, b"Phone", b"52 22", b"film", b"XMP") if word in kept]
    assert (found.type, found.width, found.height) == (kind, 4, 3)
    assert clean(kept) == (found, kept)


def test_what_shows_the_picture_stays() -> None:
    """Of a JPEG all but what was told of it; the loops of a GIF; the rest of a PNG and a WebP."""
    assert clean(from_a_phone())[1] == JPEG
    assert clean(told_png())[1] == PNG
    assert clean(told_gif())[1] == GIF[:19] + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" + GIF[19:]
    assert clean(told_webp())[1].endswith(WEBP[12:])
    assert clean(told_webp())[1][20] & 0x0C == 0, "it says no more that it has an Exif block"


@pytest.mark.parametrize("up", range(1, 9))
def test_which_way_is_up_stays(up: int) -> None:
    """Or a photo that was taken upright would lie on its side."""
    found, kept = clean(from_a_phone(up))
    assert (found.width, found.height) == ((4, 3) if up < 5 else (3, 4))
    assert (b"Exif" in kept) == (up != 1)
    assert clean(kept) == (found, kept)


def test_colours_of_a_camera_stay() -> None:
    profile = b"ICC_PROFILE\0\x01\x01" + bytes(40)
    with_colours = JPEG[:20] + b"\xff\xe2" + (len(profile) + 2).to_bytes(2, "big") + profile + JPEG[20:]
    assert clean(with_colours)[1] == with_colours


@pytest.mark.parametrize(
    "given", [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"BM" + bytes(60)]
)
def test_what_is_no_image_is_refused(given: bytes) -> None:
    with pytest.raises(BadInput, match="an image is a JPEG, PNG, WebP or GIF"):
        clean(given)


@pytest.mark.parametrize("kind", SMALL)
def test_half_an_image_is_refused(kind: str) -> None:
    whole = SMALL[kind]
    for end in range(16, len(whole) - 1):
        with pytest.raises(BadInput):
            clean(whole[:end])


def test_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = PNG[:16] + (9000).to_bytes(4, "big") * 2 + PNG[24:]
    with pytest.raises(BadInput, match="at most 33 million pixels"):
        clean(wide)
    monkeypatch.setattr(image, "SIZE", 100)
    with pytest.raises(BadInput, match="MB an image"):
        clean(JPEG)


def test_whatever_comes_it_is_taken_or_refused() -> None:
    """S12: bytes of strangers, in hostile order."""
    chance = Random(8)
    for whole in (*SMALL.values(), *TOLD.values()):
        for _ in range(400):
            hurt = bytearray(whole)
            for _ in range(chance.randrange(1, 6)):
                hurt[chance.randrange(len(hurt))] = chance.randrange(256)
            try:
                found, kept = clean(bytes(hurt))
            except BadInput:
                continue
            assert found.size == len(kept) <= len(whole) + 40


@pytest.mark.parametrize("name", ["", "a.jpg", "../x.jpg", "0" * 32 + "-1x1-1.svg", "0" * 32 + "-1x1-1.jpg/"])
def test_a_name_is_of_our_own_making(name: str) -> None:
    with pytest.raises(ValueError, match="made of its bytes"):
        ImageFile(name)
