"""The document of webhooks says what is sent."""

import json
from dataclasses import fields
from datetime import UTC, datetime

from chalicelib.domain import events
from infra.webhook_docs import DOC, described, written


def test_the_document_is_what_the_code_makes() -> None:
    text = DOC.read_text()
    assert written(text) == text, "run python -m infra.webhook_docs"
    for kind in events.TYPES:
        assert f"### {kind.type}" in described()
        for field in fields(kind):  # type: ignore[arg-type]
            assert f"| `{field.name}` |" in described()


def test_an_event_has_every_field_and_the_same_id_twice() -> None:
    now = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
    event = events.test("lindebieb", "", now, "r1")
    assert event == events.test("lindebieb", "", now, "r1")
    assert event.id != events.test("lindebieb", "", now, "r2").id
    body = json.loads(event.body)
    assert body == {
        "type": "test.asked",
        "timestamp": "2026-11-23T08:12:00Z",
        "data": {"brand": "lindebieb", "by": ""},
    }
