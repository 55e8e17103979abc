"""Mentions from a file: judged and counted on their own days, work only where that is asked; once."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.mention import Author, Found
from chalicelib.stages import bring_in
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import BRAND, COMPLAINT, NOW, Town, brand
from tests.web.browser import Browser

OLD, NEW = NOW - timedelta(days=40), NOW - timedelta(days=1)
ROWS = [
    Found(
        id=f"old-{n}" if at is OLD else f"new-{n}",
        author=Author(id=f"a{n}", handle=f"a{n}"),
        text=COMPLAINT,
        posted_at=at,
        platform="mastodon",
    )
    for n, at in enumerate([OLD, OLD, NEW])
]
FILE = "posted,network,native_id,author,text\n" + "".join(
    f'{row.posted_at:%Y-%m-%dT%H:%M:%SZ},mastodon,{row.id},{row.author.handle},"{row.text}"\n'
    for row in ROWS
    if row.posted_at
)


def bring(town: Town, days: int = 0) -> int:
    return bring_in.run(
        brand(),
        ((row, None) for row in ROWS),
        work_since=town.now - timedelta(days=days),
        mentions=wiring.mentions(),
        tasks=wiring.tasks(),
        now=town.now,
    )


def test_they_are_judged_and_stand_on_their_own_days_and_open_no_case(town: Town, console: Browser) -> None:
    answer = console.post("/mentions/import", {"text": FILE, "do": "keep"})
    assert answer.headers["Location"] == "/mentions/import?kept=3&known=0"
    town.drain()
    assert len(town.judged()) == 3
    on_the_day, _ = wiring.mentions().day(BRAND, OLD.date().isoformat())
    assert [(each.label, each.state) for each in on_the_day] == [("negative", "ignore")] * 2
    assert town.cases() == []
    again = console.post("/mentions/import", {"text": FILE, "do": "keep", "days": "7"})
    assert again.headers["Location"] == "/mentions/import?kept=0&known=3"
    town.drain()
    assert town.cases() == []


def test_where_it_is_asked_the_last_days_open_cases(town: Town, console: Browser) -> None:
    console.post("/mentions/import", {"text": FILE, "do": "keep", "days": "2"})
    town.drain()
    assert town.case().mention.id == "new-2"


@pytest.mark.crash
@pytest.mark.parametrize("again", [False, True])
def test_broken_off_anywhere_and_brought_again_all_are_there_and_judged(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    def fresh() -> Town:
        return Town(aws.fresh(), feeds, monkeypatch)

    def run(town: Town, points: Points) -> None:
        bring(town, days=2)

    def after(town: Town) -> None:
        bring(town, days=2)
        if again:
            bring(town, days=2)
        town.drain()

    for mode, k, town in every_crash(fresh, run, after):
        broken_at = f"{mode} call {k}"
        assert len(town.mentions()) == len(town.judged()) == 3, broken_at
        assert town.case().mention.id == "new-2", broken_at
