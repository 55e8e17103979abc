"""The tables in the package are those that were made, and no other is read."""

import json
import re
from hashlib import sha256
from pathlib import Path
from zlib import compress

import pytest

from chalicelib.judge import table
from chalicelib.judge.embedded import Embedded
from chalicelib.judge.language import Tongues
from chalicelib.judge.lexicon import LANGUAGES

FOLDER = Path(table.FOLDER)
CARD = Path(__file__).parents[2] / "docs" / "judge_card.md"
HEAD = {"bits": 2, "scale": 0.5}
COLUMNS = [bytes([128, 129, 130, 0]), bytes([128, 127, 128, 255])]


def test_the_tables_are_the_ones_the_model_card_names() -> None:
    named = dict(re.findall(r"\| `(\w+)\.table` \| [\d,]+ \| `(\w+)` \|", CARD.read_text(encoding="utf-8")))
    there = {
        name: sha256((FOLDER / f"{name}.table").read_bytes()).hexdigest()[:16] for name in table.present()
    }
    assert there == named
    assert set(there) == {"language", *LANGUAGES}


def test_dutch_and_english_stay_under_two_megabytes_and_all_under_six() -> None:
    """Zipped, as the package holds them."""
    sizes = {name: len(compress((FOLDER / f"{name}.table").read_bytes())) for name in table.present()}
    assert sizes["nl"] + sizes["en"] < 2_000_000
    assert sum(sizes.values()) < 6_000_000


def test_a_table_reads_what_was_written() -> None:
    found = table.Table("small", table.written(HEAD, COLUMNS))
    assert found.sums([1, 2, 2]) == (0.5 * (1 + 2 + 2), 0.5 * -1)
    assert found.sums([3 + 4 * 1000]) == (-64.0, 63.5)
    assert found.sums([]) == (0.0, 0.0)


@pytest.mark.parametrize("place", [0, 14, 20, 90, -1])
def test_one_changed_byte_is_refused_with_name_and_checksum(place: int) -> None:
    raw = bytearray(table.written(HEAD, COLUMNS))
    asked = sha256(raw.partition(b"\n")[2]).hexdigest()
    raw[place] ^= 1
    with pytest.raises(table.TableError) as caught:
        table.Table("small", bytes(raw))
    assert "table small" in str(caught.value)
    assert asked[:10] in str(caught.value)


@pytest.mark.parametrize("raw", [b"", b"\n", b"webspin-table 2 " + b"0" * 64 + b"\n{}\n", b"\x00" * 500])
def test_what_is_no_table_of_this_version_is_refused(raw: bytes) -> None:
    with pytest.raises(table.TableError, match="table small: expected 'webspin-table 1 "):
        table.Table("small", raw)


def test_a_judge_does_not_start_with_a_corrupt_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in FOLDER.glob("*.table"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(table, "FOLDER", str(tmp_path))
    Embedded()
    raw = (tmp_path / "nl.table").read_bytes()
    (tmp_path / "nl.table").write_bytes(raw[:-1])
    with pytest.raises(table.TableError, match="table nl: expected"):
        Embedded()
    (tmp_path / "nl.table").write_bytes(raw)
    (tmp_path / "language.table").unlink()
    with pytest.raises(table.TableError, match="table language"):
        Embedded()


def test_a_hint_adds_to_what_the_words_say() -> None:
    tongues = Tongues(table.load("language"))
    names = tongues.names
    without, hinted = (dict(zip(names, tongues.likely(["balie"], hint), strict=True)) for hint in ("", "nl"))
    assert hinted["nl"] > without["nl"]
    assert sum(hinted.values()) <= 1
    assert json.dumps(sorted(names)) == json.dumps(sorted(LANGUAGES))
