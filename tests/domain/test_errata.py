"""An erratum says what is no longer as the report says, once."""

from typing import Any

import pytest

from chalicelib.domain.errata import Erratum, counts, erratum, from_bytes, to_bytes
from tests.domain.people import NOON

FROZEN = {"mentions": 10, "positive": 4, "posts": 3}


@pytest.mark.parametrize(
    ("told", "present", "was", "now"),
    [
        ({}, {}, None, None),
        ({}, {"mentions": 12}, {"mentions": 10}, {"mentions": 12}),
        ({"mentions": 12}, {"mentions": 12}, None, None),
        ({"mentions": 12}, {"mentions": 13}, {"mentions": 10}, {"mentions": 13}),
        (  # it says all that the one before it did
            {"mentions": 12},
            {"mentions": 12, "posts": 4},
            {"mentions": 10, "posts": 3},
            {"mentions": 12, "posts": 4},
        ),
        ({"mentions": 12}, {}, {"mentions": 10}, {"mentions": 10}),  # taken back
    ],
)
def test_only_what_is_new_is_told(told: Any, present: Any, was: Any, now: Any) -> None:
    found = erratum(FROZEN, told, {**FROZEN, **present}, NOON)
    assert (found and (found.was, found.present)) == ((was, now) if was else None)


def test_what_is_counted() -> None:
    mentions = [("positive", "thank"), ("negative", "answer"), ("mixed", "ignore"), ("unsure", "ignore")]
    deliveries = [("post", "confirmed"), ("post", "held"), ("reply", "sent"), ("reply", "failed")]
    assert counts(mentions, deliveries) == {
        "mentions": 4,
        "positive": 1,
        "negative": 1,
        "asked": 2,
        "posts": 1,
        "replies": 1,
    }


def test_it_is_read_as_it_was_written() -> None:
    made = Erratum(at=NOON, was={"mentions": 1}, present={"mentions": 2})
    assert to_bytes(made) == b'{"at":"2026-11-23T12:00:00Z","is":{"mentions":2},"was":{"mentions":1}}'
    assert from_bytes(to_bytes(made)) == made
