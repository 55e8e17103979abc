"""The documents are true: what they link to and name is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCS]

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"```.*?```", re.DOTALL)
PATH = re.compile(r"\.?[\w-]+(?:/[\w.-]+)*(?:\.(?:py|ya?ml|md|json|txt|toml)|/)")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
PREFIXES = ("", "chalicelib/", "docs/")
"""A document may leave these out where the meaning is plain."""
FOLDERS = ("chalicelib", "infra", "tests", "bench")
"""Where a file may be that is named without its folder."""
INVENTED = {"my-brand.yaml"}
MADE = {".peers/", ".webspin/", "build/", "facts.json", "report.json", "mail.txt"}
"""What only running makes."""

WORKPLACE = re.compile("|".join(("/" + "work/", "/" + "home/", "/" + "root/", "/" + "tmp/")))


@pytest.fixture(params=DOCS, ids=NAMES)
def doc(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_there_are_documents_to_read() -> None:
    for name in (
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/runbook.md",
        "docs/adding-a-platform.md",
    ):
        assert ROOT / name in DOCS
    assert len(list((ROOT / "docs" / "decisions").glob("*.md"))) >= 9


def test_every_link_leads_somewhere(doc: Path) -> None:
    text = doc.read_text()
    for link in LINK.findall(FENCE.sub("", text)):
        if "://" in link:
            assert link.startswith("https://"), link
            continue
        path, _, heading = link.partition("#")
        target = (doc.parent / path).resolve() if path else doc
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{link} leaves the repository"
        if heading:
            assert heading in set(_headings(target)), f"{link}: no such heading"


def test_every_file_that_is_named_exists(doc: Path) -> None:
    for code in CODE.findall(FENCE.sub("", doc.read_text())):
        if not PATH.fullmatch(code) or code in INVENTED | MADE:
            continue
        assert _is_there(code), f"`{code}` does not exist"


def test_every_make_target_that_is_named_exists(doc: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = doc.read_text()
    shown = [*CODE.findall(FENCE.sub("", text)), *FENCE.findall(text)]
    for target in (target for code in shown for target in TARGET.findall(code)):
        assert target in targets, f"make {target}: there is no such target"


def test_no_document_knows_a_machine_it_was_written_on(doc: Path) -> None:
    assert not WORKPLACE.search(doc.read_text())


def test_the_readme_shows_how_to_begin() -> None:
    text = (ROOT / "README.md").read_text()
    for command in (
        "make run\n",
        "make run BRAND=my-brand.yaml\n",
        "make test",
        "make bench",
        "make deploy STAGE=",
    ):
        assert command in text
    assert "TODO" not in text


def test_every_decision_says_when_why_and_what_follows() -> None:
    numbers = []
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = path.read_text()
        number = int(path.name[:4])
        numbers.append(number)
        assert re.match(rf"# {number}\. \S.*\n\n\d{{4}}-\d\d-\d\d, (accepted|replaced by \[)", text), (
            path.name
        )
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert f"\n{heading}\n" in text, f"{path.name} lacks {heading}"
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_architecture_names_every_stage_and_lambda() -> None:
    """Whoever adds one draws it."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    handlers = re.findall(r"^def (\w+)\(event", (ROOT / "app.py").read_text(), re.MULTILINE)
    for name in (name for name in handlers if name != "consume"):
        assert name in text, f"{name} is not in the architecture"
    for stage in (ROOT / "chalicelib" / "stages").glob("[a-z]*.py"):
        assert f"stages/{stage.name}" in text or stage.stem == "alert", (
            f"{stage.name} is not in the architecture"
        )


def _is_there(named: str) -> bool:
    if any((ROOT / prefix / named).exists() for prefix in PREFIXES):
        return True
    return "/" not in named and any(found for folder in FOLDERS for found in (ROOT / folder).rglob(named))


def _headings(path: Path) -> Iterator[str]:
    for line in path.read_text().splitlines():
        if line.startswith("#"):
            plain = re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower())
            yield plain.replace(" ", "-")
