"""A source that is not heard rings once for its cause, and again when it was mended and breaks anew."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import wiring
from chalicelib.domain.source import Source, SourceState, failed, succeeded
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Context
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.planning import BRAND
from tests.stages.test_alerting import desk, subjects
from tests.stages.town import TICK, Town


def broken(town: Town, hours: int = 4) -> Source:
    """A feed that has failed for so long, and is not asked meanwhile."""
    source = town.source("krant", "feed", {"url": "https://krant.example/rss"}, interval=0)
    return fails(town, source, hours)


def fails(town: Town, source: Source, hours: int) -> Source:
    _, was = wiring.sources().get(BRAND, source.id)
    since = town.now - timedelta(hours=hours)
    assert wiring.sources().set_state(source, was, failed(was, since, "HTTP 404", 60))
    return source


def mend(town: Town, source: Source) -> None:
    _, was = wiring.sources().get(BRAND, source.id)
    assert wiring.sources().set_state(source, was, succeeded(was, town.now, cursor="", seen=b"", heard=True))


def look(town: Town) -> None:
    """The hour, and the ticks after it."""
    town.wait(hours=1)
    app.relate_to_people(TICK, Context())
    town.settle(2)


def told(town: Town) -> list[str]:
    return [subject for subject in subjects(town) if "Krant" in subject]


def test_it_rings_once_a_cause_and_the_warning_goes_away_by_itself(town: Town) -> None:
    source = broken(town)
    for _ in range(3):
        look(town)
    assert told(town) == ["Bron antwoordt niet: Krant"]
    assert [each.source for each in wiring.notices().hushes(BRAND)] == ["krant"]
    mend(town, source)
    look(town)
    assert wiring.notices().hushes(BRAND) == ()
    assert len(told(town)) == 1
    fails(town, source, 3)
    look(town)
    assert len(told(town)) == 2, "it broke anew"


def test_silence_beyond_its_habit_rings_and_the_alert_says_since_when(town: Town) -> None:
    source = town.source("krant", "feed", {"url": "https://krant.example/rss"}, interval=0)
    state, start = SourceState(), town.now - timedelta(days=70)
    for hour in range(24 * 70 - 1):
        heard = hour < 24 * 66 and hour % 24 in range(8, 18)
        state = succeeded(
            state, start + timedelta(hours=hour), cursor="", seen=b"", heard=heard, counted=int(heard)
        )
    wiring.sources().set_state(source, SourceState(), replace(state, rev=1))
    look(town)
    assert told(town) == ["Bron ongewoon stil: Krant"]
    (notice,) = (each for each in wiring.notices().newest(BRAND)[0] if each.hushes)
    assert notice.bell == "desk.silent"
    assert town.now - notice.hushes[0].since > timedelta(days=3)
    assert notice.subjects == {"en": "Source unusually silent: Krant"}


def test_a_source_that_nobody_asks_rings_though_it_never_failed(town: Town) -> None:
    """Its poll dies each time, so that nothing is written at it."""
    alone(town)
    source = town.source("krant", "feed", {"url": "https://krant.example/rss"}, interval=60)
    town.wait(hours=5)
    app.relate_to_people(TICK, Context())
    town.settle(2)
    assert told(town) == ["Bron wordt niet bevraagd: Krant"]
    (found,) = (each for each in wiring.notices().hushes(BRAND) if each.source == "krant")
    assert found.since == source.connected_at


def alone(town: Town) -> None:
    """Nobody asks the other sources, and nobody should."""
    for source, _ in wiring.sources().of(BRAND):
        wiring.sources().put(replace(source, interval=0))


SECRET = "github-signs-with-this"


def github(town: Town, body: object) -> int:
    """A call as GitHub signs it; the status it got."""
    raw = json.dumps(body).encode()
    signed = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"x-hub-signature-256": f"sha256={signed}", "content-type": "application/json"}
    answer = town.call(raw, path=f"/{BRAND}/krant", headers=headers)
    town.drain()
    return int(answer["statusCode"])


def hooked(town: Town) -> None:
    name = f"hook/{BRAND}/krant"
    wiring.secrets().put(name, {"scheme": "github", "secret": SECRET, "since": "2026-01-01T00:00:00+00:00"})
    town.source("krant", "webhook", {"scheme": "github"}, interval=0)


THEIRS = {"action": "created", "comment": {"body": "Lindebieb is slecht"}}


@pytest.mark.crash
def test_whatever_breaks_a_call_that_cannot_be_read_is_kept_and_shows(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        hooked(town)
        return town

    def run(town: Town, points: Points) -> None:
        github(town, THEIRS)

    def redeliver(town: Town) -> None:
        github(town, THEIRS)  # who got no answer calls again
        town.settle(12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        _, state = wiring.sources().get(BRAND, "krant")
        assert state.failing_since, f"{mode} call {k}"
        assert town.world.reasons("hear"), f"{mode} call {k}"


def test_calls_that_cannot_be_read_show_at_their_source_and_ring(town: Town) -> None:
    alone(town)
    hooked(town)
    assert github(town, THEIRS) == 202
    _, state = wiring.sources().get(BRAND, "krant")
    assert (state.failing_since, state.last_success) == (town.now, None)
    assert "what its network itself sends is not read yet" in state.reason
    assert len(town.world.reasons("hear")) == 1, "and it is kept"
    assert github(town, THEIRS) == 202
    assert wiring.sources().get(BRAND, "krant")[1].rev == state.rev, "written once"
    town.wait(hours=3)
    look(town)
    assert told(town) == ["Wat deze bron stuurt is niet te lezen: Krant"]
    ours = {"id": "s-1", "text": "De Lindebieb is slecht!", "author": {"handle": "anna"}}
    said = {"type": "mention.created", "timestamp": "2026-11-16T09:12:00Z", "data": ours}
    assert github(town, said) == 202
    _, state = wiring.sources().get(BRAND, "krant")
    assert (state.failing_since, state.reason, state.last_heard) == (None, "", state.last_success)


def test_in_quiet_hours_it_waits_for_their_end(town: Town) -> None:
    desk(quiet="00:00-23:00")
    broken(town)
    look(town)
    assert told(town) == []


@pytest.mark.crash
def test_whatever_breaks_a_dead_feed_is_told_of(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        broken(town)
        return town

    def run(town: Town, points: Points) -> None:
        app.relate_to_people(TICK, Context())

    def redeliver(town: Town) -> None:
        look(town)
        look(town)

    for mode, k, town in every_crash(fresh, run, redeliver):
        assert len(told(town)) in (1, 2), f"{mode} call {k}"


def test_a_source_over_its_cap_rings_once_a_day_and_not_for_each(town: Town) -> None:
    source, _ = wiring.sources().get(BRAND, "reviews")
    wiring.sources().put(replace(source, cap=1))
    for n in range(3):
        town.hear("De Lindebieb is slecht, ik ben boos!", id=f"r-{n}")
    town.drain()
    wiring.brands().latest(BRAND)  # a process knows a brand for a minute
    for _ in range(3):
        look(town)
    rung = [subject for subject in subjects(town) if "boven zijn maximum" in subject]
    assert rung == ["Bron boven zijn maximum: Reviews"]
