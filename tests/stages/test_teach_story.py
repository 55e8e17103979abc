"""Corrections, told once: said in the console, counted the next morning, in the next verdict, taken back."""

from datetime import timedelta

import app
from chalicelib import wiring
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.verdict import Sentiment, Verdict
from tests.e2e.visitor import forms
from tests.harness.poller import Context
from tests.judge.test_teaching import ORDINARY, PLACES, SEEN
from tests.stages.town import BRAND, TICK, Town
from tests.web.browser import Browser
from tests.web.checks import text_of

MASCOT = [form.format(place) for place in PLACES for form in SEEN]
FIRST = "tables-5+2026-11-17"
SAID = "Een wasbeer op het dak van de Lindebieb"


def key(id: str) -> MentionKey:
    return MentionKey(BRAND, "webhook", id)


def verdict(town: Town, id: str, text: str) -> Verdict:
    """Somebody writes this, and it is judged."""
    wiring.brands.cache_clear()  # more than a minute has passed
    town.hear(text, id=id)
    town.drain()
    _, found = wiring.mentions().get(key(id))
    assert found
    return found


def test_from_corrections_to_other_verdicts_and_back(town: Town, console: Browser) -> None:
    # On Monday people write of the raccoon, in which the judge sees nothing; and of other things.
    for n, text in enumerate(MASCOT):
        town.hear(text, id=f"m-{n}")
    for n, text in enumerate(ORDINARY):
        town.hear(text, id=f"o-{n}")
    town.drain()
    assert "Nobody said yet whether a verdict is right" in text_of(console.get("/accuracy").body.decode())

    # Sam says what it is: the raccoon is this library's joy.
    rows = {f"m.{key(f'm-{n}').slug}": "1" for n in range(len(MASCOT))}
    console.get("/mentions")
    assert console.post("/bulk", {**rows, "do": "positive"}).status_code == 200
    assert "Counted tomorrow morning" in text_of(console.get("/accuracy").body.decode())
    before = wiring.judge().read(SAID)
    assert (before.judge, before.sentiment is Sentiment.POSITIVE) == ("tables-5", False)

    # On Tuesday at seven, not before, it counts.
    town.now = town.now.replace(hour=5, minute=59) + timedelta(days=1)
    app.relate_to_people(TICK, Context())
    assert wiring.deltas().lessons(BRAND).live == ""
    town.wait(minutes=1)
    wiring.brands.cache_clear()
    app.relate_to_people(TICK, Context())
    assert wiring.deltas().lessons(BRAND).live == FIRST
    now = verdict(town, "x-2", SAID).reading
    assert (now.judge, now.sentiment) == (FIRST, Sentiment.POSITIVE)
    glad = [SAID[each.start : each.end] for each in now.evidence if each.sentiment is Sentiment.POSITIVE]
    assert any("wasbeer" in passage for passage in glad), "the evidence is the word that was taught"
    mentions = text_of(console.get("/mentions").body.decode())
    assert f"{FIRST} Your corrections counted in it, as of Tue 17 November." in mentions
    assert verdict(town, "x-3", "There is a raccoon in the shed").reading.judge == "tables-5", "not taught"

    # The page says how much it helps, and Sam takes it back.
    page = console.get("/accuracy").body.decode()
    assert "Your corrections count in every new verdict" in text_of(page)
    (form,) = [form for form in forms(page) if form.action == "/accuracy"]
    assert (
        console.post("/accuracy", {**form.fields, "do": "back"}).headers["Location"] == "/accuracy?done=back"
    )
    back = verdict(town, "x-4", SAID).reading
    assert (back.judge, back.sentiment, back.evidence) == (before.judge, before.sentiment, before.evidence)
    _, stands = wiring.mentions().get(key("x-2"))
    assert stands
    assert stands.reading == now, "what was judged stays so"

    # Wednesday's morning does not overrule Sam; Sam does.
    town.now = town.now + timedelta(days=1)
    wiring.brands.cache_clear()
    app.relate_to_people(TICK, Context())
    assert wiring.deltas().lessons(BRAND).live == ""
    (form,) = [each for each in forms(console.get("/accuracy").body.decode()) if each.action == "/accuracy"]
    assert console.post("/accuracy", {**form.fields, "do": "live"}).status_code == 303
    assert verdict(town, "x-5", SAID).reading.judge == FIRST
