"""The brand's knowledge in the console: managers write it, everybody reads it, a fault names its line."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain.knowledge import digest
from tests.web.access import KNOWN, in_role, knows
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

TEXT = "## Ik ben mijn pas kwijt\nMeld het aan de balie."
FORM = {"title": "Pas kwijt", "language": "nl", "department": "", "text": TEXT, "was": "", "do": "save"}


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    return in_role(browser, world, ("manager",))


def shown(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    html = str(answer.body.decode())
    assert faults(html) == []
    return html


def fresh(browser: Browser) -> str:
    found = re.search(r'name="id" value="(k-[0-9a-f]+)"', shown(browser, "/knowledge/new"))
    assert found
    return found[1]


def test_a_first_page_is_written_looked_at_and_kept(manager: Browser, world: World) -> None:
    assert "Nog geen pagina" in text_of(shown(manager, "/knowledge"))
    id = fresh(manager)
    looked = manager.post("/knowledge/new", {**FORM, "id": id, "do": "preview"})
    assert looked.status_code == 200
    assert faults(looked.body.decode()) == []
    assert "Zo wordt het gebruikt" in text_of(looked.body.decode())
    assert world.known_pages.of(BRAND.id).pages == {}
    for _ in range(2):  # a form that was sent twice
        assert (
            manager.post("/knowledge/new", {**FORM, "id": id}).headers["Location"] == "/knowledge?done=kept"
        )
    told = text_of(shown(manager, "/knowledge?done=kept"))
    assert "Pas kwijt" in told
    assert "1 antwoord" in told
    assert [line.what for line in world.audit.lines] == ["knowledge.add"]
    assert f"_knowledge/veldermeer/{id}-" in "".join(world.bucket.kept)


def test_what_is_wrong_names_its_line_and_loses_no_word(manager: Browser, world: World) -> None:
    bad = "## Een?\nJa.\n\n## Twee?\n## Drie?"
    refused = manager.post("/knowledge/new", {**FORM, "id": fresh(manager), "title": "", "text": bad})
    html = refused.body.decode()
    assert refused.status_code == 422
    assert faults(html) == []
    assert "Regel 5: Schrijf onder deze vraag een antwoord." in text_of(html)
    assert "Geef de pagina een titel" in text_of(html)
    assert "## Drie?" in html
    assert 'href="#text"' in html
    assert world.known_pages.of(BRAND.id).pages == {}


def test_a_page_is_changed_and_taken_away(manager: Browser, world: World) -> None:
    knows(world, KNOWN)
    path = f"/knowledge/{KNOWN.id}"
    was = digest(KNOWN)
    form = {**FORM, "title": "Openingstijden", "department": "jeugd", "was": was}
    assert manager.post(path, form).status_code == 303
    told = text_of(shown(manager, "/knowledge"))
    assert "Jeugd" in told
    late = manager.post(path, {**form, "text": "## Hoe laat?\nAltijd."})
    assert late.status_code == 409
    assert faults(late.body.decode()) == []
    assert "Iemand wijzigde deze pagina intussen" in text_of(late.body.decode())
    assert "Meld het aan de balie." in late.body.decode(), "theirs"
    assert "Altijd." in late.body.decode(), "and what was typed"
    now = world.known_pages.of(BRAND.id).pages[KNOWN.id]
    sure = manager.post(path, {"do": "remove", "was": now})
    assert sure.status_code == 200
    assert faults(sure.body.decode()) == []
    assert "weghalen?" in text_of(sure.body.decode()) or "verwijderen?" in text_of(sure.body.decode())
    assert manager.post(path, {"do": "remove", "was": now, "sure": "yes"}).status_code == 303
    assert manager.get(path).status_code == 404
    assert [line.what for line in world.audit.lines] == ["knowledge.change", "knowledge.remove"]


def test_who_manages_nothing_reads_along(browser: Browser, world: World) -> None:
    in_role(browser, world, ("agent",))
    knows(world, KNOWN)
    html = shown(browser, f"/knowledge/{KNOWN.id}")
    assert "<textarea" not in html
    assert "Op werkdagen van 9.00 tot 17.30 uur." in text_of(html)
    assert "/knowledge/new" not in shown(browser, "/knowledge")


def test_what_a_page_says_is_text_and_no_markup(manager: Browser, world: World) -> None:
    knows(world, replace(KNOWN, title="<script>x</script>", text="## <i\n5 < 6 & {{ 7 * 7 }}"))
    html = shown(manager, "/knowledge") + shown(manager, f"/knowledge/{KNOWN.id}")
    assert "<script>x" not in html
    assert "{{ 7 * 7 }}" in html
