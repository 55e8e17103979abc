"""The page of the platforms says what the modules say."""

from chalicelib.platforms import module, names
from tests.platforms.page import PAGE, page


def test_the_page_of_the_platforms_is_not_stale() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.platforms.page"


def test_every_platform_is_on_it() -> None:
    text = PAGE.read_text("utf-8")
    assert [name for name in names() if f"\n## {name}\n" not in text] == []


def test_it_says_what_a_text_and_its_images_may_be_and_what_is_not_done() -> None:
    """Of each that publishes or answers."""
    about = dict(part.split("\n", 1) for part in PAGE.read_text("utf-8").split("\n## ")[1:])
    for name in names():
        of = module(name)
        assert ("* **A text** may be " in about[name]) is hasattr(of, "CHANNEL"), name
        assert ("* **Images**: none." in about[name]) is (
            hasattr(of, "CHANNEL") and not hasattr(of, "IMAGES")
        )
        assert all(each in about[name] for each in getattr(of, "NOT_BUILT", ())), name
    assert "Publishing videos and photos." in about["tiktok"]
    assert (
        "1 to 10; JPEG; at most 8 MB; 1,000 characters for what it shows. Read 2026-11-21"
        in about["instagram"]
    )
