"""What `ports.Library` and `ports.KnownPages` promise, and what a change is worth in a crash."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.domain.audit import AuditLine, line
from chalicelib.domain.brand import NOTHING_KNOWN, Known
from chalicelib.domain.knowledge import Page, digest
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import know
from tests.conftest import NOW
from tests.harness.crash import Points, every_crash
from tests.harness.meter import Meter
from tests.harness.world import World
from tests.web.api.office import OURS, brand

PAGE = Page(id="open", title="Openingstijden", language="nl", text="## Hoe laat open?\nVan negen tot vijf.")
OTHER = Page(id="boete", title="Boete", language="nl", text="## Hoe hoog is de boete?\nTwintig cent.")


def said(deed: str, page: Page) -> AuditLine:
    return line(OURS, NOW, f"r-{deed}-{page.id}-{digest(page)}", f"knowledge.{deed}", of=page.id)


def keep(page: Page, was: str = "") -> None:
    ports = wiring.known_pages(), wiring.library()
    know.keep(brand(OURS), page, was, said("add", page), known_pages=ports[0], library=ports[1])


def remove(page: Page, was: str) -> None:
    ports = wiring.known_pages(), wiring.library()
    know.remove(brand(OURS), page.id, was, said("remove", page), known_pages=ports[0], library=ports[1])


def known() -> Known:
    return wiring.known_pages().of(OURS)


def found(text: str) -> list[str]:
    return [hit.passage.page for hit in wiring.library().find(OURS, known(), text, ("nl",), ())]


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """As in another sandbox: its /tmp is empty."""

    def forget() -> None:
        monkeypatch.setattr(tempfile, "tempdir", tempfile.mkdtemp(dir=tmp_path))
        wiring.library.cache_clear()

    forget()
    return forget


@pytest.mark.usefixtures("aws", "cold")
def test_a_page_is_kept_changed_and_taken_away() -> None:
    assert known() == NOTHING_KNOWN
    keep(PAGE)
    keep(OTHER)
    assert [page.title for page in wiring.library().pages(OURS, known())] == ["Boete", "Openingstijden"]
    assert found("hoe laat is de bieb open?") == ["open"]
    changed = replace(PAGE, text="## Hoe laat open?\nVan tien tot vijf.")
    keep(changed, digest(PAGE))
    assert wiring.library().page(OURS, known(), "open") == changed
    assert wiring.library().passage(OURS, known(), "open", 1).answer == "Van tien tot vijf."
    remove(changed, digest(changed))
    assert (known().rev, list(known().pages)) == (4, ["boete"])
    assert found("hoe laat open") == []
    for ask in (lambda: wiring.library().page(OURS, known(), "open"), lambda: remove(PAGE, "")):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotFound):
        wiring.library().passage(OURS, known(), "boete", 2)


@pytest.mark.usefixtures("aws", "cold")
def test_whoever_is_second_is_refused_and_whoever_changes_another_page_is_not() -> None:
    keep(PAGE)
    with pytest.raises(Conflict):
        keep(replace(PAGE, title="Tijden"))
    with pytest.raises(Conflict):
        keep(replace(PAGE, title="Tijden"), "0" * 24)
    with pytest.raises(Conflict):
        remove(PAGE, "0" * 24)
    stale, pages = known(), wiring.known_pages()
    keep(OTHER)
    with pytest.raises(Conflict):
        pages.settle(OURS, Known(rev=stale.rev + 1, pages={}))
    keep(PAGE)  # the same form, sent twice
    assert known().rev == 2


@pytest.mark.usefixtures("aws", "cold")
def test_what_is_wrong_is_not_kept() -> None:
    with pytest.raises(BadInput, match=r"text: an answer below this question \(line 3\)"):
        keep(replace(PAGE, text="## Een?\nJa.\n## Twee?"))
    assert known() == NOTHING_KNOWN


@pytest.mark.usefixtures("aws", "cold")
def test_there_are_so_many_pages_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(know, "MOST", 1)
    keep(PAGE)
    with pytest.raises(BadInput, match="at most 1 pages"):
        keep(OTHER)
    keep(replace(PAGE, title="Tijden"), digest(PAGE))


def test_a_brand_brings_what_it_knows_along(aws: World, cold: Callable[[], None]) -> None:
    wiring.brands().put(brand(OURS))
    keep(PAGE)
    with Meter() as meter:
        read, rev = wiring.brands().latest(OURS)
    assert sum(meter.calls.values()) == 1
    assert read.known == known()
    wiring.brands().change(replace(read, name="Linde"), rev)
    assert wiring.brands().latest(OURS)[0].known == known(), "who changes the brand leaves it"


def test_an_index_is_fetched_once_a_sandbox_and_made_where_it_is_missed(
    aws: World, cold: Callable[[], None]
) -> None:
    keep(PAGE)
    keep(OTHER)
    now = known()
    cold()
    with Meter() as meter:
        assert found("boete") == ["boete"]
        assert found("open") == ["open"]
    assert meter.calls["s3.GetObject"] == 1
    (index,) = (name for name in aws.files() if now.mark in name)
    aws.client("s3").delete_object(Bucket="webspin-test-reports", Key=index)
    cold()
    assert found("boete") == ["boete"]
    assert index in aws.files(), "whoever found none made it"
    with Meter() as meter:
        keep(replace(PAGE, title="Tijden"), digest(PAGE))
    assert meter.calls["s3.GetObject"] <= 2, "of the pages only what changed is read"
    folder = Path(tempfile.gettempdir())
    assert len(list(folder.glob("knowledge.*.sqlite"))) == 1, "an older one goes"


def test_a_brand_without_knowledge_asks_nothing(aws: World, cold: Callable[[], None]) -> None:
    with Meter() as meter:
        assert wiring.library().find(OURS, NOTHING_KNOWN, "open?", ("nl",), ()) == []
        assert wiring.library().pages(OURS, NOTHING_KNOWN) == []
    assert not meter.calls


@pytest.mark.crash
def test_a_change_counts_whole_or_not_at_all_and_its_index_follows(
    aws: World, cold: Callable[[], None]
) -> None:
    changed = replace(PAGE, text="## Hoe laat open?\nVan tien tot vijf.")

    def fresh() -> World:
        world = aws.fresh()
        cold()
        keep(PAGE)
        return world

    def run(world: World, points: Points) -> None:
        keep(changed, digest(PAGE))
        keep(OTHER)

    for mode, k, _ in every_crash(fresh, run, lambda world: cold()):
        broken_at = f"{mode} call {k}"
        pages = {page.id: page for page in wiring.library().pages(OURS, known())}
        assert pages in ({"open": PAGE}, {"open": changed}, {"open": changed, "boete": OTHER}), broken_at
        answer = wiring.library().find(OURS, known(), "hoe laat open?", ("nl",), ())[0].passage.answer
        assert answer in pages["open"].text, broken_at
        lines, _ = wiring.audit().month(OURS, "2026-11")
        assert len(lines) == known().rev, broken_at
        if pages["open"] == PAGE:
            keep(changed, digest(PAGE))
        elif "boete" not in pages:
            keep(OTHER)
