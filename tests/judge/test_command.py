"""`python -m chalicelib.judge`: one JSON verdict a line, whatever the line holds."""

import json
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest

from chalicelib.judge.__main__ import main

FIELDS = {
    "language", "label", "p_negative", "p_neutral", "p_positive", "balanced_label", "intents", "urgency",
    "topics", "evidence",
}  # fmt: skip


def told(arguments: list[str], *lines: str) -> tuple[int, list[dict[str, Any]]]:
    out = StringIO()
    code = main(arguments, [f"{line}\n" for line in lines], out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_line_gets_a_verdict_with_these_fields() -> None:
    code, found = told([], "Wat een slechte service, ik ben boos", "", "😡", "What a lovely day")
    assert code == 0
    assert [set(one) for one in found] == [FIELDS] * 4
    assert [one["balanced_label"] for one in found] == ["negative", "unsure", "unsure", "positive"]
    angry = found[0]
    assert angry["language"] == "nl"
    assert angry["p_negative"] + angry["p_neutral"] + angry["p_positive"] == pytest.approx(1)
    passage = next(one for one in angry["evidence"] if "slechte" in one["text"])
    assert passage["speaks_for"] == "negative"
    assert passage["weight"] > 0


def test_a_line_of_json_brings_its_language() -> None:
    lines = [json.dumps({"text": "Balie?", "lang": lang}) for lang in ("nl", "en")]
    _, found = told(["--jsonl"], *lines, json.dumps({"text": "\ud800 goed"}))
    assert [one["language"] for one in found] == ["nl", "en", "nl"]
    assert told(["--lang", "nl"], "Balie?")[1][0]["language"] == "nl"


def test_a_line_of_json_may_bring_a_list_of_topics() -> None:
    topics = {"fines": ["boete*"], "lift": ["lift"], "none": []}
    line = json.dumps({"text": "De lift is stuk", "topics": topics})
    assert told(["--jsonl"], line)[1][0]["topics"] == ["lift"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[]",
        '{"text": 1}',
        '{"lang": "nl"}',
        "[" * 2000,
        '{"text": "a", "lang": 3}',
        '{"text": "a", "topics": {"b": [1]}}',
    ],
)
def test_a_line_that_is_no_such_json_is_named_and_the_rest_goes_on(line: str) -> None:
    code, found = told(["--jsonl"], line, json.dumps({"text": "goed"}))
    assert code == 1
    assert found[0]["error"].startswith("line 1: expected")
    assert set(found[1]) == FIELDS


def test_it_reads_standard_input_bad_bytes_and_all() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chalicelib.judge", "--lang", "nl"],
        input=b"goed \xff\xfe\x00\nfijn\r",
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert len(done.stdout.splitlines()) == 2
