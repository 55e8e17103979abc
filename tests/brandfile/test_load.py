"""Loading a brand writes what the file says, and repeating it changes nothing that time has given meaning."""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.brandfile.file import read
from chalicelib.brandfile.load import hook_path, load
from chalicelib.brandfile.made import BrandSetup
from chalicelib.domain.knock import Knock, Pace
from chalicelib.domain.source import SourceState
from chalicelib.stages.hear import answer, receive
from chalicelib.tasks import Task
from infra.local.world import EXAMPLE

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3)

pytestmark = pytest.mark.usefixtures("aws")


def loaded(setup: BrandSetup) -> list[str]:
    return load(
        setup,
        brands=wiring.brands(),
        sources=wiring.sources(),
        secrets=wiring.secrets(),
        tasks=wiring.tasks(),
    )


def test_what_the_file_says_is_there_for_the_lambdas() -> None:
    setup = read(EXAMPLE, now=NOW)

    lines = loaded(setup)

    assert wiring.brands().get("wiekeling") == setup.brand
    kept = {source.id: source for source, _ in wiring.sources().of("wiekeling")}
    assert kept == {source.id: source for source in setup.sources}
    assert lines == [
        "Zwembad De Wiekeling: 4 sources, 1 channels",
        "Recensies is called at POST /wiekeling/reviews; its secret is kept as hook/wiekeling/reviews",
    ]


def test_a_second_start_keeps_history_history_and_news_news() -> None:
    loaded(read(EXAMPLE, now=NOW))
    source, state = wiring.sources().get("wiekeling", "square")
    polled = SourceState(rev=1, cursor="c", last_success=NOW)
    assert wiring.sources().set_state(source, state, polled)

    loaded(read(EXAMPLE, now=LATER))

    again, kept = wiring.sources().get("wiekeling", "square")
    assert again.connected_at == NOW
    assert kept.cursor == "c"


def test_a_new_source_begins_now_and_a_changed_one_stays_connected() -> None:
    setup = read(EXAMPLE, now=NOW)
    loaded(replace(setup, sources=setup.sources[:1]))
    later = read(EXAMPLE, now=LATER)
    renamed = replace(later.sources[0], name="Plein", interval=9)

    loaded(replace(later, sources=(renamed, *later.sources[1:])))

    kept = {source.id: source for source, _ in wiring.sources().of("wiekeling")}
    assert (kept["square"].name, kept["square"].interval) == ("Plein", 9)
    assert kept["square"].connected_at == NOW
    assert kept["guestbook"].connected_at == LATER


def test_a_source_of_another_address_begins_anew_and_stays_connected() -> None:
    setup = read(EXAMPLE, now=NOW)
    loaded(setup)
    later = read(EXAMPLE, now=LATER)
    feed = next(each for each in later.sources if each.platform == "feed")
    moved = replace(feed, settings={**feed.settings, "url": "https://elders.example/feed"})

    loaded(replace(later, sources=tuple(moved if each is feed else each for each in later.sources)))

    kept = {source.id: source for source, _ in wiring.sources().of("wiekeling")}
    assert (kept[feed.id].connected_at, kept[feed.id].begins) == (NOW, LATER)
    assert {id for id, source in kept.items() if source.anew_at} == {feed.id}


def test_a_generated_secret_is_good_and_made_once() -> None:
    loaded(read(EXAMPLE, now=NOW))
    made = dict(wiring.secrets().get("hook/wiekeling/reviews", fresh=True))

    loaded(read(EXAMPLE, now=LATER))

    assert made["scheme"] == "standard-webhooks"
    assert 24 <= len(b64decode(made["secret"].removeprefix("whsec_"), validate=True)) <= 64
    assert wiring.secrets().get("hook/wiekeling/reviews", fresh=True) == made


def test_a_secret_that_was_given_replaces_the_one_there_was() -> None:
    setup = read(EXAMPLE, now=NOW)
    name = "hook/wiekeling/reviews"
    loaded(setup)
    given = {"scheme": "standard-webhooks", "secret": "whsec_ZmFrZS1mYWtlLWZha2UtZmFrZS1mYWtlLWZha2U="}

    loaded(replace(setup, secrets={name: given}))

    assert wiring.secrets().get(name, fresh=True) == given


def test_a_source_that_left_the_file_is_named() -> None:
    setup = read(EXAMPLE, now=NOW)
    loaded(setup)

    lines = loaded(replace(setup, sources=setup.sources[1:]))

    assert lines[-1] == "Marktplein (forum) (square) is no longer in the file, and is still listened to"


def test_nothing_is_asked_before_it_can_be_answered() -> None:
    """A poll that comes while the brand is loaded finds the source's brand and its secret."""
    order: list[str] = []
    setup = read(EXAMPLE, now=NOW)

    class Told:
        def __init__(self, name: str, inner: Any) -> None:
            self._name, self._inner = name, inner

        def put(self, *given: Any) -> None:
            order.append(self._name)
            self._inner.put(*given)

        add = put

        def get(self, *given: Any, **more: Any) -> Mapping[str, str] | Any:
            return self._inner.get(*given, **more)

        def latest(self, brand: str) -> Any:
            return self._inner.latest(brand)

        def of(self, brand: str) -> Any:
            return self._inner.of(brand)

        def remove(self, name: str) -> None:
            raise AssertionError("nothing is removed")

        def dates(self, brand: str) -> Any:
            return self._inner.dates(brand)

    class Queue:
        def send(self, tasks: Iterable[Task], *, delay: int = 0) -> None:
            order.extend(task.queue for task in tasks)

    load(
        setup,
        brands=Told("brand", wiring.brands()),  # type: ignore[arg-type]
        sources=Told("source", wiring.sources()),  # type: ignore[arg-type]
        secrets=Told("secret", wiring.secrets()),
        tasks=Queue(),
    )

    assert order == ["secret", "brand", *["source"] * 4, "poll", "poll", "poll"]


def test_the_path_is_the_one_the_door_reads() -> None:
    setup = read(EXAMPLE, now=NOW)
    loaded(setup)
    reviews = next(source for source in setup.sources if source.platform == "webhook")
    asked: list[str] = []

    def verify(scheme: str, secrets: Sequence[str], knock: Knock) -> bytes:
        asked.extend((scheme, *secrets))
        return knock.body

    line: dict[str, Any] = {}
    take = partial(
        receive,
        secrets=wiring.secrets(),
        verify=verify,
        greet=wiring.greet,
        ping=wiring.ping,
        pace=Pace(),
        tasks=wiring.tasks(),
    )
    event = {"rawPath": hook_path(reviews), "body": "{}", "requestContext": {"http": {"method": "POST"}}}
    answer(event, receive=take, refused=asked.append, line=line, now=NOW)

    assert line["source"] == "wiekeling/reviews"
    assert asked == ["standard-webhooks", wiring.secrets().get("hook/wiekeling/reviews")["secret"]]


def test_an_account_that_a_person_connected_stays_so_and_what_lies_beside_is_added_to() -> None:
    setup = read(EXAMPLE, now=NOW)
    kept = {"token": "given", "given_at": NOW.isoformat()}
    wiring.secrets().put("channel/wiekeling/toot", kept)
    wiring.secrets().put("channelapp/wiekeling/toot", {"client_of": "x"})
    typed = {
        "channel/wiekeling/toot": {"token": "of-the-file"},
        "channelapp/wiekeling/toot": {"client_secret": "s"},
        "channel/wiekeling/other": {"token": "of-the-file"},
    }
    loaded(replace(setup, secrets=typed))
    assert wiring.secrets().get("channel/wiekeling/toot") == kept
    assert wiring.secrets().get("channelapp/wiekeling/toot") == {"client_of": "x", "client_secret": "s"}
    assert wiring.secrets().get("channel/wiekeling/other") == {"token": "of-the-file"}
