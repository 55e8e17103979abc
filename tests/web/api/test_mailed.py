"""Who is not proven to have written it, for programs."""

from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.mention import Author
from tests.web.api.office import Office


@pytest.mark.parametrize("unproven", [False, True])
def test_a_mention_says_whether_anybody_vouches_for_its_author(office: Office, unproven: bool) -> None:
    first = office.heard()
    author = Author(
        id="?anna@mail.example", handle="Anna <?anna@mail.example>", url="mailto:anna@mail.example"
    )
    key = replace(first.key, platform="email", id="1@mail.example")
    wiring.mentions().add(replace(first, key=key, author=author, unproven=unproven))
    shown = office.caller("read").get(f"/mentions/{key.slug}").json_body
    assert shown["unproven"] is unproven
    assert shown["author"]["url"] == "mailto:anna@mail.example"
