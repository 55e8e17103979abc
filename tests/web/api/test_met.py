"""One person over the API: all they wrote, however much, page by page."""

from datetime import timedelta

from chalicelib.web import people
from tests.conftest import NOW
from tests.web.api.office import Caller, Office, problem


def test_what_somebody_wrote_is_paged_through(office: Office, planner: Caller) -> None:
    mentions = [office.heard(str(n), when=NOW - timedelta(minutes=n)) for n in range(105)]
    path = people.path(mentions[0].key.platform, mentions[0].author.handle)
    found = planner.get(path).json_body
    assert len(found["mentions"]) == 100
    rest = planner.get(f"{path}?cursor={found['next']}").json_body
    assert rest["next"] is None
    assert [each["id"] for each in found["mentions"] + rest["mentions"]] == [
        each.key.slug for each in mentions
    ]
    assert rest["earlier"] == found["earlier"]
    refused = planner.get(f"{path}?cursor=W10")
    assert refused.status_code == 400
    assert problem(refused)["errors"][0]["parameter"] == "cursor"
