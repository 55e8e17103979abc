"""The brand's knowledge for programs."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Drafter
from tests.web.api.office import OURS, TEXT, Caller, Office, brand, problem
from tests.web.api.works import PAGE


@pytest.fixture
def manager(office: Office) -> Caller:
    return office.caller("admin")


def test_a_page_is_written_read_changed_and_taken_away(manager: Caller) -> None:
    made = manager.make("/knowledge", PAGE, "one")
    assert made.status_code == 201, made.body
    page = made.json_body
    assert page["answers"] == [
        {"n": 1, "questions": ["Wat kost te laat?"], "answer": "20 cent per dag."},
    ]
    path = f"/knowledge/{page['id']}"
    assert made.headers["Location"].endswith(path)
    assert manager.get(path).json_body == page
    tag = manager.etag(path)
    changed = manager.change(path, {**PAGE, "department": "youth"}, path, "PUT")
    assert (changed.status_code, changed.json_body["department"]) == (200, "youth")
    assert manager.ask("PUT", path, PAGE, if_match=tag).status_code == 412
    assert [each["title"] for each in manager.get("/knowledge").json_body["items"]] == ["Boetes"]
    assert manager.change(f"{path}/remove", {}, path).status_code == 200
    assert manager.get(path).status_code == 404
    lines, _ = wiring.audit().month(OURS, "2026-11")
    told = sorted(line.what for line in lines if line.what.startswith("knowledge"))
    assert told == ["knowledge.add", "knowledge.change", "knowledge.remove"]


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"text": "## Een?\nJa.\n## Twee?"}, "#/text", "an answer below this question (line 3)"),
        ({"language": "fr"}, "#/language", "one of the languages of the brand"),
        ({"department": "nowhere"}, "#/department", "a department of the brand, or none"),
        ({"title": " "}, "#/title", "a title of one line, at most 100 characters"),
    ],
)
def test_what_is_wrong_names_its_field_and_line(
    manager: Caller, changes: dict[str, Any], pointer: str, said: str
) -> None:
    refused = problem(manager.make("/knowledge", PAGE | changes))
    (wrong,) = refused["errors"]
    assert (refused["status"], wrong["pointer"]) == (422, pointer)
    assert said in wrong["detail"]


def test_a_page_is_written_once_a_token_also_where_it_broke_off(
    manager: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(wiring.api_keys(), "tell", lambda *args: 1 / 0)
        assert manager.make("/knowledge", PAGE, "one").status_code == 500
    (kept,) = manager.get("/knowledge").json_body["items"]
    path = f"/knowledge/{kept['id']}"
    manager.change(path, {**PAGE, "department": "youth"}, path, "PUT")
    again = manager.make("/knowledge", PAGE, "one")
    assert (again.status_code, again.json_body["id"]) == (201, kept["id"])
    assert again.json_body["department"] == "youth", "as it is now"
    assert len(manager.get("/knowledge").json_body["items"]) == 1


@pytest.fixture
def slug(office: Office, manager: Caller) -> str:
    text = "## Mijn reservering ligt klaar en er staat niets\nKijk bij de balie."
    assert manager.make("/knowledge", {"title": "Plank", "language": "nl", "text": text}).status_code == 201
    english = {"title": "Shelf", "language": "en", "text": "## My reservation is missing\nAsk the desk."}
    assert manager.make("/knowledge", english).status_code == 201
    wiring.brands.cache_clear()
    wiring.desk.cache_clear()
    return office.case(office.heard()).key.slug


def test_what_fits_a_case_is_told_and_put_into_its_draft(office: Office, manager: Caller, slug: str) -> None:
    path = f"/cases/{slug}"
    (found,) = manager.get(f"{path}/known").json_body["items"]
    assert (found["title"], found["answer"]) == ("Plank", "Kijk bij de balie.")
    assert 0 < found["sure"] <= 1
    (other,) = manager.get(f"{path}/known?text=reservation").json_body["items"]
    assert other["title"] == "Shelf"
    place = {"page": found["page"], "n": found["n"]}
    reader = office.caller("read")
    assert reader.ask("POST", f"{path}/known", place, if_match=reader.etag(path)).status_code == 403
    put = manager.change(f"{path}/known", place, path)
    assert put.status_code == 200, put.body
    draft = put.json_body["draft"]
    assert "Kijk bij de balie." in draft["text"]
    assert draft["pages"] == [{"id": found["page"], "title": "Plank"}]
    assert "Sam de Wit" in draft["by"]
    gone = problem(manager.change(f"{path}/known", {"page": "weg", "n": 1}, path))
    assert (gone["status"], [each["pointer"] for each in gone["errors"]]) == (422, ["#/page"])
    text = draft["text"].replace("{agent}", "Sam de Wit")
    changed = {"text": text.replace("Kijk", "Loop")}
    reply = manager.ask(
        "POST", f"{path}/replies", changed, if_match=manager.etag(path), idempotency_key="one"
    )
    assert reply.status_code == 201, reply.body
    event = manager.get(f"{path}/history").json_body["items"][-1]
    assert (event["kind"], event["made"], event["pages"]) == ("approved", text, draft["pages"])


def test_a_brand_that_wrote_nothing_is_told_nothing(office: Office, manager: Caller) -> None:
    slug = office.case(office.heard()).key.slug
    assert manager.get(f"/cases/{slug}/known").json_body["items"] == []


def test_a_snippet_is_put_below_a_draft(office: Office, manager: Caller) -> None:
    path = f"/cases/{office.case(office.heard()).key.slug}"
    snippet = {"name": "Balie", "language": "nl", "text": "Kom op [dag] langs.", "department": "desk"}
    made = manager.make("/settings/snippets", snippet)
    assert made.status_code == 201, made.body
    wiring.brands.cache_clear()
    wiring.desk.cache_clear()
    for given, status in (({"snippet": "nowhere"}, 422), ({"snippet": made.json_body["id"]}, 200)):
        answer = manager.change(f"{path}/snippets", given, path)
        assert answer.status_code == status, answer.body
    draft = answer.json_body["draft"]
    assert draft["text"].endswith("Kom op [dag] langs.")
    assert (draft["snippets"], draft["pages"]) == (["Balie"], [])
    open_one = manager.ask(
        "POST", f"{path}/replies", {"text": draft["text"]}, if_match=manager.etag(path), idempotency_key="one"
    )
    assert open_one.status_code == 422, "what is open is not sent"
    elsewhere = {**snippet, "name": "Weg", "department": "nowhere"}
    assert manager.make("/settings/snippets", elsewhere).status_code == 422


def test_what_was_answered_before_is_told_and_put_into_a_draft(office: Office, manager: Caller) -> None:
    path = f"/cases/{office.case(office.heard()).key.slug}"
    given = office.replied("308", "@kees Kijk eens bij de balie. Groet, Noor van Linde")
    office.replied("309", "@kees Bij de jeugd ligt het. Groet, Noor van Linde", department="youth")
    ours, youth = (
        next(each for each in manager.get(f"{path}/known").json_body["answered"] if word in each["text"])
        for word in ("balie", "jeugd")
    )
    assert (ours["case"], ours["n"], ours["by"]) == (given.owner.slug, 1, "Noor")  # type: ignore[union-attr]
    assert ours["text"] == "{author} Kijk eens bij de balie. Groet, {agent} van Linde"
    assert ours["asked"] == TEXT
    place = {"case": ours["case"], "n": 1}
    put = manager.change(f"{path}/answered", place, path)
    assert put.status_code == 200, put.body
    draft = put.json_body["draft"]
    assert draft["text"].endswith("@kees Kijk eens bij de balie. Groet, {agent} van Linde")
    assert draft["earlier"] == [{"case": ours["case"], "at": ours["at"], "by": "Noor"}]
    for wrong in ({"case": ours["case"], "n": 2}, {"case": "nowhere", "n": 1}):
        refused = problem(manager.change(f"{path}/answered", wrong, path))
        assert (refused["status"], refused["errors"][0]["pointer"]) == (422, "#/case")
    assert youth["case"] != ours["case"]
    assert sum(each["kind"] == "drafted" for each in manager.get(f"{path}/history").json_body["items"]) == 1


def test_a_model_drafts_for_a_program_and_its_person_approves_none_of_it(
    office: Office, manager: Caller
) -> None:
    path = f"/cases/{office.case(office.heard()).key.slug}"
    refused = problem(manager.change(f"{path}/model", {}, path))
    assert (refused["status"], refused["detail"]) == (422, "this brand lets no model draft")
    setting = Drafter(by="bedrock", model="some-model", a_day=1)
    wiring.brands().put(replace(brand(OURS), drafter=setting))
    wiring.brands.cache_clear()
    wiring.desk.cache_clear()
    done = manager.change(f"{path}/model", {}, path)
    assert done.status_code == 200, done.body
    draft = done.json_body["draft"]
    assert (draft["model"], draft["by"]) == ("some-model", "Sam de Wit via Planner")
    assert "We zoeken het uit." in draft["text"]
    again = problem(manager.change(f"{path}/model", {}, path))
    assert again["detail"] == "a model drafted as often today as the brand allows"
    text = draft["text"].replace("{agent}", "Sam de Wit")
    reply = manager.ask(
        "POST", f"{path}/replies", {"text": text}, if_match=manager.etag(path), idempotency_key="one"
    )
    assert reply.status_code == 403, reply.body
    event = manager.get(f"{path}/history").json_body["items"][-1]
    assert (event["kind"], event["model"]) == ("drafted", "some-model")
    assert len(office.model.asked) == 1
