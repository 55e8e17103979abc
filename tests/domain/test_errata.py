"""An erratum says what is no longer as the report says, once; by rows, as counts may hide it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errata import Erratum, Rows, erratum, from_bytes, numbers, rows, to_bytes
from chalicelib.domain.month import DeliveryRow
from tests.domain.people import NOON


def of(**ids: str) -> Rows:
    """`mentions="abc"`: three rows."""
    return {name: dict.fromkeys(letters, 1) for name, letters in ids.items()}


FROZEN = of(mentions="abcd", positive="ab", posts="xyz")
MORE = of(mentions="abcdef")


def told(*steps: Rows) -> Erratum | None:
    """What was told after each of these in turn."""
    last = None
    for n, step in enumerate(steps):
        last = erratum(FROZEN, last, {**FROZEN, **step}, NOON + timedelta(days=n)) or last
    return last


@pytest.mark.parametrize(
    ("before", "present", "was", "now"),
    [
        ((), {}, None, None),
        ((), MORE, {"mentions": 4}, {"mentions": 6}),
        ((MORE,), MORE, None, None),
        ((MORE,), of(mentions="abcdefg"), {"mentions": 4}, {"mentions": 7}),
        (  # it says all that the one before it did
            (MORE,),
            {**MORE, **of(posts="xyzp")},
            {"mentions": 4, "posts": 3},
            {"mentions": 6, "posts": 4},
        ),
        ((MORE,), {}, {"mentions": 4}, {"mentions": 4}),  # taken back
        ((), of(mentions="abce"), {"mentions": 4}, {"mentions": 4}),  # one came, one went
        ((of(mentions="abce"),), of(mentions="abce"), None, None),
        ((of(mentions="abce"),), of(mentions="abcf"), {"mentions": 4}, {"mentions": 4}),
    ],
)
def test_only_what_is_new_is_told(before: tuple[Rows, ...], present: Rows, was: Any, now: Any) -> None:
    found = erratum(FROZEN, told(*before), {**FROZEN, **present}, NOON)
    assert (found and (found.was, found.present)) == ((was, now) if was else None)


def test_what_came_and_what_went_is_told_apart() -> None:
    found = erratum(FROZEN, None, {**FROZEN, **of(positive="bcd")}, NOON)
    assert found is not None
    assert (found.was, found.present) == ({"positive": 2}, {"positive": 3})
    assert (found.came, found.gone) == ({"positive": 2}, {"positive": 1})


def test_an_erratum_of_before_rows_were_kept_is_held_against_its_counts() -> None:
    old = from_bytes(b'{"at":"2026-11-23T12:00:00Z","is":{"mentions":6},"was":{"mentions":4}}')
    assert erratum(FROZEN, old, {**FROZEN, **MORE}, NOON) is None
    assert erratum(FROZEN, old, {**FROZEN, **of(mentions="abcdefg")}, NOON)


def test_which_rows_belong_to_what() -> None:
    mentions = [
        ("a", "positive", "thank"),
        ("b", "negative", "answer"),
        ("c", "mixed", "ignore"),
        ("d", "unsure", "ignore"),
    ]
    deliveries = [
        ("p", "post", "confirmed"),
        ("q", "post", "held"),
        ("r", "reply", "sent"),
        ("s", "reply", "failed"),
        ("h", "holding", "sent"),
    ]
    assert rows(mentions, deliveries) == of(
        mentions="abcd", positive="a", negative="b", asked="ab", posts="p", replies="r"
    )


def test_numbers_are_those_of_posts_that_left_and_what_is_not_given_is_no_zero() -> None:
    def row(id: str, **more: Any) -> DeliveryRow:
        plain = {"kind": "post", "slug": id, "channel": "c", "platform": "p", "state": "confirmed"}
        return DeliveryRow(id=id, at=NOON, due=NOON, **{**plain, **more})

    found = numbers(
        [
            row("a", reach=5, replies=44),
            row("b", reactions=0),
            row("h", state="held", reach=9),
            row("r", kind="reply", replies=3),
        ]
    )
    assert found == {"reach": {"a": 5}, "reactions": {"b": 0}, "replied": {"a": 44}}
    told = erratum({"reach": {}, "reactions": {}, "replied": {}}, None, found, NOON)
    assert told is not None
    assert told.was == {"reach": None, "reactions": None, "replied": None}
    assert told.present == {"reach": 5, "reactions": 0, "replied": 44}
    assert from_bytes(to_bytes(told)) == told


def test_it_is_read_as_it_was_written() -> None:
    made = erratum(FROZEN, None, {**FROZEN, **MORE}, NOON)
    assert made is not None
    assert from_bytes(to_bytes(made)) == made
    assert b'"is":{"mentions":6}' in to_bytes(made)
