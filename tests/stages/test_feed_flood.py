"""R3, R4: a feed grows to 10,000 items while it is asked 25 times, by two at once, and fails at random."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from random import Random
from statistics import median, quantiles
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.source import Source, SourceState
from chalicelib.ports import Page
from chalicelib.tasks import Poll, Understand
from tests.harness.poller import Context, Poller, body_event
from tests.harness.world import laid
from tests.servers.base import Reply
from tests.servers.feeds import RSS, item, rss
from tests.stages.town import BRAND, COMPLAINT, HANDLERS, Town

ITEMS, POLLS = 10_000, 25
STEP = ITEMS // POLLS
WINDOW = 1_600
"""Items that the feed holds: what it publishes in four polls, so that two that fail lose nothing by it."""
PATH = "/flood.xml"


@dataclass
class Flood:
    """A feed whose newest `WINDOW` items stand there. `versions` are its documents, by their ETag."""

    town: Town
    random: Random
    items: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    in_a_row: int = 0

    def grow(self) -> None:
        first = len(self.items)
        for n in range(first, min(first + STEP, ITEMS)):
            date = format_datetime(self.town.now - timedelta(seconds=self.random.randrange(60)))
            text = f"Bericht {n} over de Lindebieb"
            self.items.append(item(f"https://flood.example/{n}", text, date=date))
        body = rss(*reversed(self.items[-WINDOW:]))
        self.versions[f'"{sha256(body).hexdigest()[:12]}"'] = len(self.items)
        self.town.feeds.publish(PATH, body)
        self.town.feeds.misbehave(PATH, lambda: self._answer(body))

    def _answer(self, body: bytes) -> Reply:
        """One ask in three fails, never three in a row: or it breaks off in the middle of the document, under
        the ETag of the whole."""
        etag = f'"{sha256(body).hexdigest()[:12]}"'
        whole = Reply(body=body, headers={"Content-Type": RSS, "ETag": etag})
        if self.random.random() > 0.35 or self.in_a_row >= 2:
            self.in_a_row = 0
            return whole
        self.in_a_row += 1
        self.refused += 1
        bad = Reply(500), Reply(429, headers={"Retry-After": "30"}), Reply(drop=True)
        cut = Reply(body=body[: self.random.randrange(len(body))], headers=whole.headers)
        return self.random.choice([*bad, cut])


class Overlapping:
    """A platform whose poll is overtaken: with its page in hand, another asks, and keeps all it got."""

    def __init__(self, inner: Any, other: Callable[[], None]) -> None:
        self._inner = inner
        self._other = other

    def listen(self, cursor: str) -> Page:
        page: Page = self._inner.listen(cursor)
        self._other()
        return page


def test_a_feed_of_ten_thousand_items_loses_none_and_doubles_none(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(5)
    flood = Flood(town, random)
    url = town.feeds.publish(PATH, rss())
    town.source("flood", "feed", {"url": url}, interval=1, channel="wall")
    written = watched_cursor(monkeypatch)
    depth: list[int] = []

    def poll() -> None:
        app.poll_sources(body_event("poll", Poll(BRAND, "flood").to_json()), Context())

    def other() -> None:
        """Not in the other one's turn, and not each time; the feed may have gone on meanwhile."""
        if depth or random.random() < 0.6:
            return
        depth.append(1)
        poll()
        depth.pop()

    connect = wiring.source_platform
    monkeypatch.setattr(
        wiring, "source_platform", lambda *args, **more: Overlapping(connect(*args, **more), other)
    )
    for _ in range(POLLS):
        flood.grow()
        town.wait(minutes=1)
        poll()
        if random.random() < 0.2:  # SQS brings it twice
            poll()
        rest = Poller(town.world, {"poll": HANDLERS["poll"]})
        while rest.step():  # what was left of a page
            pass
    while flood.versions.get(written.etags[-1]) != ITEMS:  # the last ones may have failed
        town.wait(minutes=1)
        poll()
    assert town.world.waiting("poll") == []

    # No item is lost or doubled, and each goes on to be judged.
    assert len(flood.items) == ITEMS
    expected = sorted(f"M#{BRAND}#feed#https://flood.example/{n}" for n in range(ITEMS))
    kept = [found["pk"]["S"] for found in laid() if found["pk"]["S"].startswith("M#")]
    assert sorted(kept) == expected
    queued = [Understand.from_json(body) for body in town.world.waiting("understand")]
    assert {mention.key.id for task in queued for mention in task.mentions} == {
        f"https://flood.example/{n}" for n in range(ITEMS)
    }

    # The cursor never went back.
    assert written.revs == sorted(set(written.revs))
    versions = [flood.versions[etag] for etag in written.etags if etag in flood.versions]
    assert versions == sorted(versions)
    assert versions[-1] == ITEMS
    assert flood.refused > 10
    assert written.refused > 3
    assert town.world.waiting("poll-dead") == []
    delays = sorted(delay(MentionKey(BRAND, "feed", f"https://flood.example/{n}")) for n in range(ITEMS))
    print(
        f"\n{ITEMS:,} items, {POLLS} polls, {flood.refused} answers failed, {written.refused} cursors refused"
        f"; from publication to kept: median {median(delays):.0f} s, p95 {quantiles(delays, n=20)[-1]:.0f} s,"
        f" most {delays[-1]:.0f} s"
    )


def test_a_document_of_thousands_is_kept_in_parts(town: Town) -> None:
    """Also by who breaks off between them; what has no date is history in each of them."""
    items = [item(f"https://archive.example/{n}", f"{COMPLAINT} {n}", date="") for n in range(900)]
    url = town.feeds.publish("/archive.xml", rss(*items))
    town.source("archive", "feed", {"url": url}, interval=1, channel="wall")
    app.poll_sources(body_event("poll", Poll(BRAND, "archive").to_json()), Context())
    _, state = wiring.sources().get(BRAND, "archive")
    assert (state.cursor, state.last_success, len(state.marks)) == ("", None, 500)
    town.drain(duplicate=True)
    assert len([pk for pk in town.judged() if "archive" in pk]) == 900
    assert town.cases() == []
    _, state = wiring.sources().get(BRAND, "archive")
    assert "etag" in state.cursor
    assert sum(state.tally) == 0


@dataclass
class Written:
    """What was written of the source's state, in order."""

    revs: list[int] = field(default_factory=list)
    etags: list[str] = field(default_factory=list)
    refused: int = 0


def watched_cursor(monkeypatch: pytest.MonkeyPatch) -> Written:
    written = Written()
    sources = wiring.sources()
    original = sources.set_state

    def set_state(source: Source, was: SourceState, now: SourceState) -> bool:
        done = original(source, was, now)
        if source.id == "flood":
            written.refused += not done
            if done:
                written.revs.append(now.rev)
                written.etags.append(json.loads(now.cursor or "{}").get("etag", ""))
        return done

    monkeypatch.setattr(sources, "set_state", set_state)
    return written


def delay(key: MentionKey) -> float:
    """Seconds from its publication to when it was kept."""
    mention, _ = wiring.mentions().get(key)
    late: datetime = mention.heard_at
    return (late - mention.posted_at).total_seconds()
