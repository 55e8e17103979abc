"""Noise for programs: blocked and lifted, taken out, and let through over a cap."""

from chalicelib import wiring
from tests.conftest import NOW
from tests.web.api.office import OURS, Caller, Office, problem
from tests.web.api.works import scene


def test_a_site_is_blocked_once_and_lifted_as_it_was_read(office: Office, planner: Caller) -> None:
    wanted = {"kind": "site", "site": "https://www.farm.example/blog/?x=1", "why": "spam"}
    made = planner.make("/blocks", wanted)
    assert made.status_code == 201, made.body
    block = made.json_body
    assert (block["what"], block["why"], block["held"]) == ("farm.example/blog", "spam", 0)
    assert planner.make("/blocks", wanted).json_body["id"] == block["id"]
    assert len(planner.get("/blocks").json_body["items"]) == 1
    path = f"/blocks/{block['id']}"
    assert planner.change(f"{path}/lift", {}, path).status_code == 200
    assert planner.get(path).status_code == 404
    for site in ("co.uk", "blogspot.com"):
        assert problem(planner.make("/blocks", {**wanted, "site": site}))["status"] == 422


def test_an_author_is_blocked_by_a_message_of_theirs(office: Office, planner: Caller) -> None:
    mention = office.heard()
    made = planner.make("/blocks", {"kind": "author", "mention": mention.key.slug, "why": "spam"})
    assert made.json_body["what"] == "sandbox/kees", made.body
    assert problem(planner.make("/blocks", {"kind": "author", "why": "spam"}))["status"] == 422


def test_a_message_is_taken_out_of_the_noise_and_its_block_lifted(office: Office, planner: Caller) -> None:
    block = planner.make("/blocks", {"kind": "site", "site": "farm.example", "why": "spam"}).json_body
    key = office.held(f"site {block['id']}")
    (listed,) = planner.get("/mentions?state=noise").json_body["items"]
    assert listed["held"] == f"site {block['id']}"
    assert planner.get(f"/blocks/{block['id']}").json_body["held"] == 1
    path = f"/mentions/{key.slug}"
    after = planner.change(f"{path}/let-through", {"lift_block": True}, path)
    assert (after.status_code, after.json_body["held"]) == (200, "")
    assert planner.get("/mentions?state=noise").json_body["items"] == []
    assert planner.get("/blocks").json_body["items"] == []


def test_what_is_over_a_cap_is_counted_left_and_let_through(office: Office, planner: Caller) -> None:
    scene(office)
    for n in range(3):
        office.held("capped", id=f"c{n}")
    wiring.brands().latest(OURS)
    found = planner.get("/sources/visitors").json_body
    assert (found["held"]["capped"], found["over_cap"], found["cap"]) == (3, 3, 300)
    left = planner.change("/sources/visitors/over-cap", {"let_through": False}, "/sources/visitors")
    assert left.json_body["over_cap"] == 0, left.body
    office.held("capped", id="c4")
    gone = planner.change("/sources/visitors/over-cap", {"let_through": True}, "/sources/visitors")
    assert gone.json_body["held"]["capped"] == 0, gone.body
    lines, _ = wiring.audit().month(OURS, f"{NOW:%Y-%m}", limit=50)
    assert {"source.leave", "source.let-through"} <= {each.what for each in lines}
