"""The page of the platforms says what the modules say."""

from chalicelib.platforms import names
from tests.platforms.page import PAGE, page


def test_the_page_of_the_platforms_is_not_stale() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.platforms.page"


def test_every_platform_is_on_it() -> None:
    text = PAGE.read_text("utf-8")
    assert [name for name in names() if f"\n## {name}\n" not in text] == []
