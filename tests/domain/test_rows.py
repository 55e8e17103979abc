"""What a month's row keeps of a delivery, and how what we passed on is counted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.figures_sent import passed_on, posts_left
from chalicelib.domain.post import PostKey
from chalicelib.domain.rows import of_delivery

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BRAND = Brand(
    id="linde",
    name="Linde",
    zone="Europe/Amsterdam",
    languages=("nl",),
    departments=(Department(id="desk", name="Balie"),),
)


def sent(owner: CaseKey | PostKey, **changes: object) -> Delivery:
    made = Delivery(
        key=DeliveryKey(owner, "wall", 1),
        state=DeliveryState.CONFIRMED,
        text="Kom langs.",
        language="nl",
        due=NOW,
        approved_by="Noor",
        approved_at=NOW,
        token="t",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("promises", [0, 2])
def test_only_what_says_when_an_answer_comes_is_a_holding_reply(promises: int) -> None:
    case = CaseKey("linde", "mastodon", "1")
    answer = sent(case, promises=promises)
    assert not of_delivery(BRAND, NOW, answer, None, None).holding
    assert of_delivery(BRAND, NOW, replace(answer, answer_by=NOW), None, None).holding
    assert not of_delivery(BRAND, NOW, sent(PostKey("linde", "p")), None, None).holding


def test_a_quote_is_among_the_posts_and_a_boost_beside_them() -> None:
    rows = [
        of_delivery(BRAND, NOW, sent(PostKey("linde", f"p-{n}"), way=way), None, None)
        for n, way in enumerate(("", "quote", "boost", "boost"))
    ]
    assert [row.way for row in posts_left(rows)] == ["", "quote"]
    quotes, boosts = passed_on(rows)
    assert (quotes.value, boosts.value) == (1, 2)
    assert set(boosts.rows) == {row.id for row in rows[2:]}
