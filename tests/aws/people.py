"""An invented library's cases, deliveries and sources, for the tests of the table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, CaseState, Draft, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.post import Post, PostEvent, PostEventKind, PostKey, Slot, Variant
from chalicelib.domain.source import Source
from chalicelib.domain.verdict import Reading, Sentiment, Verdict
from tests.conftest import NOW

KEY = CaseKey("lindebieb", "sandbox", "1")
POST = PostKey("lindebieb", "p-1")
SATURDAY = Slot("2026-11-28T10:00", "Europe/Amsterdam")
VERDICT = Verdict(
    reading=Reading(language="nl", sentiment=Sentiment.MIXED, probabilities=(0.5, 0.25, 0.25), judge="a-1"),
    department="desk",
    rule="first",
)


def case(key: CaseKey = KEY, **changes: Any) -> Case:
    ordinary = Case(
        key=key,
        rev=1,
        state=CaseState.OPEN,
        action=Action.ANSWER,
        department="desk",
        mention=MentionKey(key.brand, key.platform, key.root),
        author="kees",
        title="Al drie dagen staat de boekenkast dicht.",
        language="nl",
        sentiment=Sentiment.NEGATIVE,
        channel="wall",
        received_at=NOW,
        due=NOW + timedelta(hours=1),
        reckoning=(20, -960, 40),
        rule="complaint",
        draft=Draft(text="Dag Kees, vervelend!", version=1, language="nl", source="sorry"),
    )
    return replace(ordinary, **changes)


def event(id: str = "e1", minutes: int = 0, kind: EventKind = EventKind.HEARD, **more: Any) -> CaseEvent:
    return CaseEvent(at=NOW + timedelta(minutes=minutes), id=id, kind=kind, **more)


def delivery(n: int = 1, key: CaseKey = KEY, **changes: Any) -> Delivery:
    ordinary = Delivery(
        key=DeliveryKey(key, "wall", n),
        state=DeliveryState.PLANNED,
        to=MentionKey(key.brand, key.platform, key.root),
        to_author="kees",
        text="Dag Kees, vervelend! We kijken het na.",
        language="nl",
        due=NOW,
        approved_by="Fatma",
        approved_at=NOW + timedelta(minutes=n),
        token=f"fake-token-{n}",
    )
    return replace(ordinary, **changes)


def post(key: PostKey = POST, **changes: Any) -> Post:
    ordinary = Post(
        key=key,
        rev=1,
        title="Voorlezen op zaterdag",
        language="nl",
        variants=(Variant(channel="wall", text="Zaterdag om elf uur lezen we voor."),),
        slot=SATURDAY,
        planned_by="Fatma",
        planned_at=NOW,
    )
    return replace(ordinary, **changes)


def post_event(
    id: str = "e1", minutes: int = 0, kind: PostEventKind = PostEventKind.PLANNED, **more: Any
) -> PostEvent:
    return PostEvent(at=NOW + timedelta(minutes=minutes), id=id, kind=kind, **more)


def post_delivery(key: PostKey = POST, channel: str = "wall", n: int = 1, **changes: Any) -> Delivery:
    ordinary = Delivery(
        key=DeliveryKey(key, channel, n),
        state=DeliveryState.PLANNED,
        text="Zaterdag om elf uur lezen we voor.",
        language="nl",
        title="Voorlezen op zaterdag",
        slot=SATURDAY,
        lateness=120,
        due=SATURDAY.at(),
        approved_by="Fatma",
        approved_at=NOW,
        token=f"fake-token-{n}",
    )
    return replace(ordinary, **changes)


def source(id: str = "news", **changes: Any) -> Source:
    ordinary = Source(
        brand="lindebieb",
        id=id,
        platform="feed",
        name="Streeknieuws",
        settings={"url": "https://news.example/feed"},
        connected_at=NOW,
    )
    return replace(ordinary, **changes)
