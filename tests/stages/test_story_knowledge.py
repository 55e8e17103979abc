"""From a page of knowledge to the draft of a question, through queue and handlers as AWS has them."""

import tempfile
from pathlib import Path
from unittest import mock

import pytest

from chalicelib import wiring
from chalicelib.domain.audit import line
from chalicelib.domain.case import Case, Quoted
from chalicelib.domain.knowledge import Page
from chalicelib.knowledge.library import Library
from chalicelib.stages import know
from tests.harness.crash import Points, every_crash
from tests.harness.meter import Meter
from tests.harness.world import BUCKET_NAME, World
from tests.servers.feeds import Feeds
from tests.stages.town import BRAND, Town, brand

OPEN = Page(
    id="open",
    title="Openingstijden",
    language="nl",
    text="## Hoe laat zijn jullie open?\nOp werkdagen van 9.00 tot 17.30 uur.",
)
ASKED = "Hoe laat zijn jullie open?"


def knows(town: Town, page: Page) -> None:
    written = line(BRAND, town.now, "r1", "knowledge.add", of=page.id)
    ports = wiring.known_pages(), wiring.library()
    know.keep(brand(), page, "", written, known_pages=ports[0], library=ports[1])
    wiring.brands.cache_clear()


@pytest.fixture
def heard(town: Town) -> Town:
    knows(town, OPEN)
    return town


def case_of(town: Town, text: str) -> Case:
    town.hear(text)
    town.drain()
    return town.case()


def test_a_question_that_is_clear_is_drafted_from_its_page(heard: Town) -> None:
    draft = case_of(heard, ASKED).draft
    assert draft
    assert "Op werkdagen van 9.00 tot 17.30 uur." in draft.text
    assert "{agent}" in draft.text, "a named person signs"
    assert (draft.by, draft.source, draft.pages) == ("", "", (Quoted("open", "Openingstijden"),))
    assert draft.language == "nl"


@pytest.mark.parametrize(
    "text",
    [
        "Waarom zijn jullie alweer dicht? Schandalig slecht.",
        "Hebben jullie ook stripboeken?",
        "What are your opening hours?",
    ],
)
def test_without_a_clear_answer_the_template_is_the_draft(heard: Town, text: str) -> None:
    draft = case_of(heard, text).draft
    assert draft is None or draft.pages == ()


def test_a_case_waits_for_no_library(heard: Town) -> None:
    with mock.patch.object(Library, "find", side_effect=OSError("S3 is away")):
        case = case_of(heard, ASKED)
    assert case.draft is None or case.draft.pages == ()


def test_a_brand_without_knowledge_loads_and_asks_nothing(town: Town) -> None:
    with Meter() as meter, mock.patch.object(wiring, "library", side_effect=AssertionError):
        case_of(town, ASKED)
    assert not [name for name in meter.calls if name.startswith("s3.")]


def test_the_index_is_asked_for_once_a_sandbox(heard: Town) -> None:
    with Meter() as meter:
        for n in range(3):
            heard.hear(ASKED, id=f"q-{n}")
            heard.drain()
    assert meter.calls["s3.GetObject"] <= 1


@pytest.mark.crash
def test_a_question_is_drafted_from_its_page_wherever_it_broke_off(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where its index has to be made first."""

    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        knows(town, OPEN)
        for name in [each for each in aws.files() if each.startswith("_indexes/")]:
            aws.client("s3").delete_object(Bucket=BUCKET_NAME, Key=name)
        monkeypatch.setattr(tempfile, "tempdir", tempfile.mkdtemp(dir=tmp_path))
        wiring.library.cache_clear()
        return town

    def run(town: Town, points: Points) -> None:
        town.hear(ASKED)
        town.drain()

    def redeliver(town: Town) -> None:
        town.hear(ASKED)
        town.until(lambda: len(town.cases()) == 1, 12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        draft = town.case().draft
        assert draft, f"{mode} call {k}"
        assert draft.pages == (Quoted("open", "Openingstijden"),), f"{mode} call {k}"
