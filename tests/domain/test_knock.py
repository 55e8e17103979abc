"""What may be a secret of which scheme, and how many calls one source may bring."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.knock import SIGNINGS, USUAL, Pace, fits, slots

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


def whsec(length: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * length).decode()


@pytest.mark.parametrize(
    ("scheme", "secret", "good"),
    [
        (USUAL, whsec(24), True),
        (USUAL, whsec(64), True),
        (USUAL, whsec(32).rstrip("="), True),
        (USUAL, whsec(23), False),
        (USUAL, whsec(65), False),
        (USUAL, whsec(32).removeprefix("whsec_"), False),
        (USUAL, "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", True),
        (USUAL, "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR", False),
        ("meta", "0123456789abcdef0123456789abcdef", True),
        ("meta", "short", False),
        ("meta", "with a\nbreak in it", False),
        ("discord", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", True),
        ("discord", "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A", False),
        ("telegram", "Th1s_is-A-Secret_T0ken", True),
        ("telegram", "no spaces in one of these", False),
        ("google-pubsub", "push@project.iam.gserviceaccount.com", True),
        ("google-pubsub", "no address", False),
        ("sns", "arn:aws:sns:eu-west-1:123456789012:mentions", True),
        ("sns", "arn:aws:sqs:eu-west-1:123456789012:mentions", False),
        ("unsigned", "a" * 31, False),
        ("unsigned", "a" * 32, True),
        ("unsigned", "a/b" * 20, False),
    ],
)
def test_what_may_be_a_secret(scheme: str, secret: str, good: bool) -> None:
    assert fits(scheme, secret) is good


def test_a_source_has_two_places_and_shares_none() -> None:
    assert len({*slots("a", "b"), *slots("a", "c"), *slots("b", "b")}) == 6


def test_what_is_in_a_path_can_stand_in_one() -> None:
    for scheme, signing in SIGNINGS.items():
        if signing.in_path and not signing.word:
            assert not fits(scheme, "x" * 40 + "/"), scheme


def test_a_source_brings_so_many_at_once_and_then_so_many_a_second() -> None:
    pace = Pace(rate=2, burst=3)
    assert [pace.allows("a", NOW) for _ in range(5)] == [True] * 3 + [False] * 2
    assert pace.allows("b", NOW), "each its own"
    assert [pace.allows("a", NOW + timedelta(seconds=1)) for _ in range(3)] == [True, True, False]
    later = NOW + timedelta(hours=1)
    assert [pace.allows("a", later) for _ in range(4)] == [True] * 3 + [False]


def test_a_clock_that_goes_back_gives_nothing() -> None:
    pace = Pace(rate=1, burst=1)
    assert pace.allows("a", NOW)
    assert not pace.allows("a", NOW - timedelta(hours=1))
    assert not pace.allows("a", NOW)
