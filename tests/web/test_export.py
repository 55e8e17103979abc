"""Files of a table: what a spreadsheet reads of them, and how large ones leave."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import pytest

from chalicelib.web import cells as cells_of

ATTACKS = (
    '=HYPERLINK("http://x.example","klik")',
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ttab",
    "＝1",
    "＋1",
    "－1",
    "＠SUM",
    "  =1+1",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
)


def cells(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ATTACKS)
def test_s17_a_spreadsheet_reckons_with_nothing_that_strangers_wrote(text: str) -> None:
    body = cells_of.as_csv(["text"], [[text]])
    assert body.startswith(b"\xef\xbb\xbf")
    assert cells(body)[1][0].startswith("'")


@pytest.mark.parametrize(
    "text",
    [
        "kijk;=1+1",
        "kijk\n=1+1",
        "kijk;\t@SUM(A1)",
        "mooi;=cmd|' /C calc'!A0;groet",
        "mooi; \u200b=1+1",
        'mooi;"=1+1',
        "mooi\t＝1+1",
        "mooi;-(1+1)",
        "mooi;-D cmd|' /C calc'!A0",
    ],
)
def test_nor_where_it_expects_semicolons(text: str) -> None:
    """A Dutch or German spreadsheet cuts the line at `;` and a quote inside it begins no cell."""
    found = cells_of.as_csv(["a", "text"], [["x", text]]).decode("utf-8-sig").splitlines()
    for piece in re.split(r"[;\t]", ";".join(found[1:])):
        assert not piece.lstrip(' \u200b"').startswith(("=", "@", "＝", "-"))


def test_what_is_harmless_stays_as_it_is() -> None:
    said = 'Goed zo; 3 = 3, "echt" a@b.example\nwaar ;-) en ;=) of ;-D; zo ;-]\tja ;-P'
    assert cells(cells_of.as_csv(["text"], [[said]]))[1] == [said]


def test_numbers_are_numbers_and_what_is_missing_is_empty() -> None:
    row = [-3, 1.5, None, datetime(2026, 11, 23, 9, 12, tzinfo=UTC), date(2026, 11, 23), ("a", "b"), "-3"]
    line = cells_of.as_csv(list("abcdefg"), [row]).decode("utf-8-sig").split("\r\n")[1]
    assert line == '-3,1.5,"","2026-11-23T09:12:00Z","2026-11-23","a, b","\'-3"'


def test_json_has_the_same_rows_untouched() -> None:
    at = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
    body = cells_of.as_json(["n", "text", "at", "of"], [[3, "=1", at, ("a", "b")], [None, "é", at, ()]])
    assert json.loads(body) == [
        {"n": 3, "text": "=1", "at": "2026-11-23T09:12:00Z", "of": ["a", "b"]},
        {"n": None, "text": "é", "at": "2026-11-23T09:12:00Z", "of": []},
    ]
