"""What may stand in a piece of a brand, told by the description as the forms have it."""

import json
from typing import Any

import jsonschema_rs
import pytest

from chalicelib.brandfile.connected import Connected
from chalicelib.brandfile.forms import FORMS
from chalicelib.web.api import openapi, pieces
from chalicelib.web.operations import OPERATIONS
from tests.web.api.office import OURS, Office
from tests.web.api.works import ENTRIES, scene

BRAND = "/brands/{brand}"


def body(path: str, method: str) -> Any:
    """The schema of a body, that can be asked what fits."""
    found = openapi.document()["paths"][BRAND + path][method]["requestBody"]["content"]["application/json"]
    return jsonschema_rs.validator_for({**found["schema"], "components": openapi.document()["components"]})


def test_no_answer_has_the_name_of_a_form() -> None:
    """Else its shape would be told as the form's."""
    returns = [openapi._kinds(each)["return"] for each in OPERATIONS]
    listed = [arg for kind in returns for arg in kind.__pydantic_generic_metadata__["args"]]
    answers = {kind.__name__ for kind in (*returns, *listed)}
    assert "ToldAlert" in answers, "those in a list among them"
    own = {form.__name__ for form in FORMS.values()}
    assert answers & own == set()


def test_the_description_leaves_no_piece_open() -> None:
    told = openapi.document()["components"]["schemas"]
    for form in FORMS.values():
        assert told[f"InFile.{form.__name__}"]["additionalProperties"] is False
    for section in pieces.SECTIONS:
        assert not body(f"/settings/{section}", "post").is_valid({"name": "x", "nosuch": "x"})
    for path, method in (("/settings", "put"), ("/trials/watches", "post"), ("/trials/sources", "post")):
        assert not body(path, method).is_valid({"name": "x", "nosuch": "x"})
    assert not body("/file", "put").is_valid({"file": {"name": "x"}})


@pytest.mark.parametrize(("shape", "form"), FORMS.items(), ids=map(str, FORMS))
def test_every_field_of_a_form_is_told_but_a_secret_under_settings(shape: tuple[str, ...], form: Any) -> None:
    told = openapi.document()["components"]["schemas"]
    in_file = told[f"InFile.{form.__name__}"]
    assert set(in_file["properties"]) == set(form.model_fields)
    secrets = set(form.SECRETS) if issubclass(form, Connected) else set()
    assert not secrets & set(in_file["required"]), "a file may leave a secret out"
    if shape and shape[0] in pieces.SECTIONS and len(shape) < 3 and shape[-1] != "alert":
        assert set(told[form.__name__]["properties"]) == set(form.model_fields) - secrets


@pytest.mark.parametrize("section", ENTRIES)
def test_what_is_read_fits_what_may_be_put(office: Office, section: str) -> None:
    reader = scene(office, section=section).reader
    kept = reader.get(f"/settings/{section}").json_body["items"]
    assert kept, f"no entry of {section}"
    for each in kept:
        body(f"/settings/{section}/{{entry}}", "put").validate(each["values"])
    body("/settings", "put").validate(reader.get("/settings").json_body["values"])
    file = reader.get("/file").json_body["file"]
    body("/file", "put").validate({"file": file})
    assert file["id"] == OURS


@pytest.mark.parametrize(
    ("section", "given", "fits"),
    [
        ("departments", {"name": "Balie", "hours": {"mon-fri": "09:00-17:00", "sat": ["10:00-12:00"]}}, True),
        ("departments", {"name": "Balie", "hours": {"maandag": "09:00-17:00"}}, False),
        ("departments", {"name": "Balie", "four_eyes": "yes"}, True),
        ("departments", {"name": "Balie", "four_eyes": "perhaps"}, False),
        ("departments", {"name": "Balie", "alert": {"webhook": "env:CHAT"}}, False),
        ("watches", {"name": "Kort", "terms": []}, False),
        ("watches", {"name": "Kort", "terms": ["a"], "kind": "peer"}, True),
        ("watches", {"name": "Kort", "query": "bieb NEAR/3 boete"}, True),
        ("watches", {"name": "Kort", "query": ""}, False),
        ("templates", {"when": "ever", "language": "nl", "text": "x"}, False),
        ("channels", {"name": "M", "platform": "mastodon", "instance": "https://m.example"}, False),
        ("sources", {"name": "S", "platform": "bluesky", "kind": "search", "query": "boek"}, False),
        (
            "sources",
            {"name": "S", "platform": "bluesky", "kind": "search", "query": "boek", "handle": "a.example"},
            True,
        ),
    ],
)
def test_the_description_tells_what_fits(section: str, given: dict[str, Any], fits: bool) -> None:
    assert body(f"/settings/{section}", "post").is_valid(given) is fits, json.dumps(given)


def test_a_source_that_is_tried_may_bring_its_secret() -> None:
    hashtag = {"name": "T", "platform": "mastodon", "kind": "hashtag", "instance": "https://m.example"}
    assert body("/trials/sources", "post").is_valid({**hashtag, "tag": "boek", "secret": "x"})
    assert not body("/trials/sources", "post").is_valid({"name": "S", "platform": "webhook", "secret": "x"})


def test_every_operation_has_a_name_of_its_own() -> None:
    paths = openapi.document()["paths"].values()
    ids = [each["operationId"] for methods in paths for each in methods.values()]
    assert len(set(ids)) == len(ids)
    assert {"settings_add_watches", "settings_browse_sources", "entry_secrets_put_channels"} < set(ids)
