"""What fits a message is found, and called clear only where it is right: tests/data/knowledge.tsv."""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.domain.knowledge import Hit, Page, clear
from chalicelib.knowledge.index import Index, build
from chalicelib.knowledge.stems import stems
from tests.knowledge.table import Asked, asked, pages

EACH = asked()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("index") / "known.sqlite"
    build(path, pages())
    return Index(path)


def place(hit: Hit) -> str:
    return f"{hit.passage.page}.{hit.passage.n}"


def said(index: Index, one: Asked) -> str:
    """What a draft would be made from; "" for the template."""
    found = clear(index.find(one.text, (one.language,), ()))
    return f"{found.page}.{found.n}" if found else ""


def test_the_table_is_large_enough_to_say_something() -> None:
    assert len(pages()) >= 15
    assert len([one for one in EACH if one.wanted != "-"]) >= 40
    assert len([one for one in EACH if one.wanted == "-"]) >= 30
    assert {one.language for one in EACH} == {"nl", "en"}


@pytest.mark.parametrize("part", ["tune", "held"])
def test_what_is_called_clear_is_right(index: Index, part: str) -> None:
    """Precision first: a wrong answer costs more than a missing one."""
    rows = [(one, said(index, one)) for one in EACH if one.part == part]
    drafted = [(one, found) for one, found in rows if found]
    right = [one for one, found in drafted if one.wanted == found]
    wanted = [one for one, _ in rows if one.wanted != "-"]
    precision, recall = len(right) / len(drafted), len(right) / len(wanted)
    print(f"knowledge, {part} ({len(rows)}): precision {precision:.2f}, recall {recall:.2f}")
    assert precision >= {"tune": 1.0, "held": 0.9}[part]
    assert recall >= 0.5


def test_the_right_answer_is_among_the_three_shown(index: Index) -> None:
    for one in EACH:
        if one.wanted != "-":
            assert one.wanted in [place(hit) for hit in index.find(one.text, (one.language,), ())[:3]], one


def test_other_forms_of_a_word_find_it(index: Index) -> None:
    for text, wanted in (
        ("de verlenging", "verlengen.1"),
        ("reserveringen?", "reserveren.1"),
        ("ingeleverd", "boete.1"),
    ):
        assert place(index.find(text, ("nl",), ())[0]) == wanted
    assert place(index.find("renewed", ("en",), ())[0]) == "renew.1"
    assert stems("Cafés CAFÉ", "nl") == stems("cafes cafe", "nl")


def test_a_department_says_its_own_and_everybodys(tmp_path: Path) -> None:
    text = "## Mag mijn hond mee?\nNee."
    mine = Page(id="mine", title="Hond", language="nl", text=text, department="jeugd")
    all_of_us = Page(id="all", title="Hond", language="nl", text=text)
    build(tmp_path / "x", [mine, all_of_us])
    found = Index(tmp_path / "x")
    assert {place(hit) for hit in found.find("mag de hond mee", ("nl",), ("jeugd",))} == {"mine.1", "all.1"}
    assert [place(hit) for hit in found.find("mag de hond mee", ("nl",), ("balie",))] == ["all.1"]


@pytest.mark.parametrize(
    "text",
    ["", "?!", '"; DROP TABLE pages; --', "OR AND NOT NEAR/3 *", "\x00", "x" * 50_000, "a " * 20_000, "🙂🙂"],
)
def test_any_message_is_looked_for(index: Index, text: str) -> None:
    assert isinstance(index.find(text, ("nl", "en", "xx"), ()), list)
    assert len(index.pages()) == len(pages())


def test_the_index_asks_nothing_of_sqlite_that_aws_lambda_lacks() -> None:
    """Its Python 3.11 brings 3.7.17."""
    source = (Path(__file__).parent.parent.parent / "chalicelib/knowledge/index.py").read_text("utf-8")
    code = source.partition('"""\n\nimport')[2].lower()
    for newer in ("fts5", "without rowid", "on conflict", "with recursive", "over (", "returning", "json("):
        assert newer not in code
    assert "using fts4" in code


def test_two_stemmers_are_loaded_and_not_all_of_them() -> None:
    code = (
        "import sys; from chalicelib.knowledge.stems import stems;"
        "before = len(sys.modules); stems('boeken', 'nl'); stems('books', 'en');"
        "print([name for name in sys.modules if name.startswith('snowball')], len(sys.modules) - before)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.count("_stemmer'") == 2
    assert int(told.split()[-1]) <= 10
