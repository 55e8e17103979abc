"""What cannot be heard, and how well the rest is, for programs."""

from chalicelib import wiring
from chalicelib.domain.source import Source
from tests.conftest import NOW
from tests.web.api.office import OURS, Office

KRANT = Source(
    brand=OURS,
    id="krant",
    platform="feed",
    name="Krant",
    settings={"url": "https://krant.example/rss"},
    connected_at=NOW,
)


def test_what_cannot_be_heard_is_told_with_what_to_do(office: Office) -> None:
    wiring.sources().put(KRANT)
    caller = office.caller("read")
    there = {each["id"] for each in caller.get("/sources").json_body["items"]}
    items = caller.get("/unheard").json_body["items"]
    assert {each["source"] for each in items if each["why"] == "partly"} == there
    assert {"partly", "unconnected", "network"} <= {each["why"] for each in items}
    assert all(each["said"] and each["do"] for each in items)
    assert items[-1]["why"] == "closed"


def test_a_source_tells_how_well_it_is_heard_and_makes_nothing_up(office: Office) -> None:
    wiring.sources().put(KRANT)
    assert office.caller("read").get("/sources/krant").json_body["meter"] == {
        "week": None,
        "usual": None,
        "usual_hours": None,
        "delay_median": None,
        "delay_p95": None,
        "delays": 0,
        "faults": 0,
        "quota": None,
        "spent": 0.0,
    }
