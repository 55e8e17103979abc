"""Mentions whole, and from a file, as a program takes and brings them."""

import json
from datetime import timedelta

from chalicelib import wiring
from chalicelib.domain.mention import MentionKey
from tests.conftest import NOW
from tests.web.api.office import OURS, Caller, Office, problem

HEAD = "posted,network,native_id,author,text\n"
FILE = HEAD + "2026-11-20T09:00Z,mastodon,1,jip,Mooi\n2026-11-22T09:00Z,feed,2,zoë,=1+1\n"


def test_all_of_them_come_page_by_page_as_lines_that_an_import_takes(office: Office) -> None:
    for n in range(60):
        office.heard(f"{n:03}", when=NOW - timedelta(minutes=n))
    reader = office.caller("read")
    items, path = [], "/mention-rows?since=2026-11-01"
    for _ in range(20):
        page = reader.get(path).json_body
        assert len(page["items"]) <= 50
        items += page["items"]
        if not page["next"]:
            break
        path = f"/mention-rows?since=2026-11-01&cursor={page['next']}"
    assert [each["native_id"] for each in items] == [f"{n:03}" for n in range(60)]
    text = "\n".join(json.dumps(each) for each in items)
    rows = office.caller("admin").ask("POST", "/trials/mention-imports", {"text": text}).json_body["rows"]
    assert [row["state"] for row in rows] == ["known"] * 60
    assert reader.get("/mention-rows?cursor=x").status_code == 400
    assert reader.get("/mention-rows?since=2026-11-23&day=2026-11-22").status_code == 400


def test_a_file_is_kept_whole_or_not_at_all_and_once(office: Office) -> None:
    admin = office.caller("admin")
    rows = admin.ask("POST", "/trials/mention-imports", {"text": FILE}).json_body["rows"]
    assert [(row["place"], row["state"]) for row in rows] == [(2, "new"), (3, "new")]
    bad = problem(admin.make("/mention-imports", {"text": FILE + "nooit,feed,3,a,b\n"}))
    assert [each["pointer"] for each in bad["errors"]] == ["#/text/4/posted"]
    keys = [MentionKey(OURS, "mastodon", "1"), MentionKey(OURS, "feed", "2")]
    assert wiring.mentions().get_many(keys) == {}

    first = admin.make("/mention-imports", {"text": FILE, "days": 2}, "one").json_body
    assert first["mentions"] == [key.slug for key in keys]
    assert admin.make("/mention-imports", {"text": FILE, "days": 2}, "one").json_body == first
    assert admin.make("/mention-imports", {"text": FILE}, "two").json_body["mentions"] == first["mentions"]
    kept = wiring.mentions().get_many(keys)
    assert [kept[key][0].history for key in keys] == [True, False]
    assert kept[keys[1]][0].text == "=1+1"
    lines, _ = wiring.audit().month(OURS, "2026-11")
    told = [json.loads(line.after) for line in lines if line.what == "mention.import"]
    assert sorted(each["number"] for each in told) == [0, 2]


def test_a_key_that_may_write_brings_nothing_in(planner: Caller) -> None:
    assert planner.make("/mention-imports", {"text": FILE}).status_code == 403
