"""Boosts and quotes by the API: whose message, and on which channel in its network's own way."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.post import Passed, PostKey
from tests.web.api.office import OURS, Office

WISH: dict[str, Any] = {
    "title": "Mooi gezegd",
    "language": "nl",
    "texts": {"wall": "Dank je wel!"},
    "when": "2026-11-28T10:00",
}


@pytest.mark.parametrize(("way", "text"), [("boost", ""), ("quote", "Dank je wel!")])
def test_a_program_passes_on_what_was_heard(office: Office, way: str, text: str) -> None:
    mention = office.heard("109")
    wish = {**WISH, "of": mention.key.slug, "ways": {"wall": way}}
    made = office.caller("write").make("/posts", wish).json_body
    assert [(each["way"], each["text"]) for each in made["deliveries"]] == [(way, text)]
    post, (delivery,) = wiring.posts().get(PostKey(OURS, made["id"]))
    assert post.of == delivery.of == Passed(mention.key, mention.author.handle)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"of": MentionKey(OURS, "sandbox", "none").slug}, "#/of"),
        ({"of": MentionKey("veldermeer", "sandbox", "109").slug}, "#/of"),
        ({"of": "nonsense"}, "#/of"),
        ({"ways": {"wall": "boost"}}, "#/texts/wall"),
        ({"ways": {"wall": "shout"}}, "#/ways/wall"),
    ],
)
def test_what_stands_against_it_is_named_at_its_field(
    office: Office, changes: dict[str, Any], field: str
) -> None:
    office.heard("109")
    answer = office.caller("write").make("/posts", {**WISH, **changes})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json_body["errors"]] == [field]
