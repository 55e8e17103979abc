"""The log of changes: newest first, page by page, only ever added to."""

from datetime import UTC, datetime, timedelta

from chalicelib.aws.table.audit import Audit
from chalicelib.domain import audit as lines
from chalicelib.domain.audit import ROOM, AuditLine

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)


def noted(log: Audit, count: int, at: datetime = NOW) -> list[AuditLine]:
    made = [
        lines.line("veldermeer", at + timedelta(seconds=n), f"r{n}", "post.cancel", of=f"p-{n}", by="Noor")
        for n in range(count)
    ]
    for line in made:
        log.note(line)
    return made


def test_a_month_is_read_newest_first_page_by_page(audit: Audit) -> None:
    made = noted(audit, 5)
    first, go_on = audit.month("veldermeer", "2026-11", limit=3)
    rest, end = audit.month("veldermeer", "2026-11", limit=3, before=go_on)
    assert first + rest == made[::-1]
    assert end == ""
    assert audit.month("veldermeer", "2026-10") == ([], "")
    assert audit.month("another", "2026-11") == ([], "")


def test_the_same_line_twice_is_one_line(audit: Audit) -> None:
    assert noted(audit, 1) == noted(audit, 1)
    assert len(audit.month("veldermeer", "2026-11")[0]) == 1


def test_long_texts_are_cut_where_it_shows() -> None:
    line = lines.line("veldermeer", NOW, "r", "brand.change", before="x" * ROOM, after="y" * (ROOM + 1))
    assert line.before == "x" * ROOM
    assert len(line.after) == ROOM
    assert line.after.endswith("y…")
