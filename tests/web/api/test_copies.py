"""Copies, for programs: who carries a story, and that one of them is a story of its own."""

from chalicelib import wiring
from chalicelib.domain.case import CaseKey
from tests.web.api.office import OURS, Office
from tests.web.api.works import copied


def test_they_are_found_at_their_first_and_parted_from_it(office: Office) -> None:
    first = office.heard()
    copy = copied(first.key)
    planner = office.caller("write")
    shown = planner.get(f"/mentions/{first.key.slug}").json_body
    assert (shown["copy_of"], shown["sites"]) == (None, ["krant.example"])
    [listed] = planner.get(f"/mentions/{first.key.slug}/copies").json_body["items"]
    assert listed == {
        "id": copy.slug,
        "site": "krant.example",
        "author": "Krant",
        "url": "https://krant.example/1",
        "posted_at": "2026-11-23T09:12:00Z",
        "followers": 40,
    }
    of = f"/mentions/{copy.slug}"
    assert planner.get(of).json_body["copy_of"] == first.key.slug
    assert [each["copy_of"] for each in planner.get("/mentions?copies=only").json_body["items"]] == [
        first.key.slug
    ]
    assert [each["id"] for each in planner.get("/mentions?copies=none").json_body["items"]] == [
        first.key.slug
    ]

    assert planner.ask("POST", f"{of}/part", {}).status_code == 428
    assert planner.ask("POST", f"{of}/part", {}, if_match='"old"').status_code == 412
    after = planner.change(f"{of}/part", {}, of).json_body
    assert (after["copy_of"], after["case"]) == (None, CaseKey(OURS, copy.platform, copy.id).slug)
    assert planner.get(f"/mentions/{first.key.slug}").json_body["sites"] == []
    lines, _ = wiring.audit().month(OURS, "2026-11")
    assert [(each.what, each.of) for each in lines if each.what == "verdict.part"] == [
        ("verdict.part", "feed/copy")
    ]
