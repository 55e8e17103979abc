"""Images by the API: sent in once, named in a post."""

from base64 import b64encode

import pytest

from tests.images import from_a_phone
from tests.web.api.office import Office

ALT = "De balie, met een rij ervoor."


def test_a_program_sends_an_image_once_and_names_it_in_its_post(office: Office) -> None:
    caller = office.caller("write")
    data = {"data": b64encode(from_a_phone()).decode()}
    made = [caller.make("/images", data, token="a").json_body for _ in range(2)]
    assert made[0] == made[1]
    assert (made[0]["type"], made[0]["width"], made[0]["height"]) == ("image/jpeg", 4, 3)
    wish = {
        "title": "Zaterdag",
        "language": "nl",
        "texts": {"wall": "Kom langs."},
        "when": "2026-11-28T10:00",
        "images": [{"name": made[0]["id"], "alt": ""}],
    }
    refused = caller.make("/posts", wish)
    assert refused.status_code == 422
    assert "say what the image shows" in refused.body.decode()
    wish["images"] = [{"name": made[0]["id"], "alt": ALT}]
    planned = caller.make("/posts", wish).json_body
    assert planned["images"] == wish["images"] == planned["deliveries"][0]["images"]
    changed = caller.change(
        f"/posts/{planned['id']}", {**wish, "images": []}, f"/posts/{planned['id']}", "PUT"
    )
    assert changed.json_body["images"] == []


@pytest.mark.parametrize("data", ["no base64!", "\u00b7", b64encode(b"%PDF-1.7").decode(), ""])
def test_a_program_is_told_what_is_no_image(office: Office, data: str) -> None:
    answer = office.caller("write").make("/images", {"data": data})
    assert answer.status_code == 422
    assert "data" in answer.body.decode()


def test_a_program_names_only_what_was_sent(office: Office) -> None:
    wish = {
        "title": "Zaterdag",
        "language": "nl",
        "texts": {"wall": "Kom langs."},
        "when": "2026-11-28T10:00",
    }
    for name in ("evil", "0" * 32 + "-4x3-10.jpg"):
        answer = office.caller("write").make("/posts", {**wish, "images": [{"name": name, "alt": ALT}]})
        assert answer.status_code == 422
        assert "image" in answer.body.decode()
