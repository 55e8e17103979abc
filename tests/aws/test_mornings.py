"""What `ports.Mornings` promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.mornings import Mornings
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.outreach import Deed, DeedState, Fan, Morning, Outreach
from chalicelib.errors import Conflict
from tests.conftest import NOW
from tests.harness.world import World

MENTION = MentionKey("lindebieb", "mastodon", "a/b:1")
DEED = Outreach(
    id="o-1",
    deed=Deed.SHARE,
    mention=MENTION,
    platform="mastodon",
    author="kees",
    url="https://social.example/@kees/1",
    excerpt="Wat een fijne leeszaal.",
    language="nl",
    times=3,
    glad=2,
    channel="masto",
    text="Kees schrijft: wat een fijne leeszaal.",
)
FOLLOW = replace(DEED, deed=Deed.FOLLOW)
FAN = Fan(
    platform="mastodon",
    author="kees",
    url="https://social.example/@kees",
    glad=2,
    times=3,
    days=2,
    shared=1,
    last=MENTION,
)


def morning(day: str = "2026-11-23", **changes: object) -> Morning:
    ordinary = Morning(
        brand="lindebieb", day=day, rev=1, made_at=NOW, outreach=(DEED,), fans=(FAN,), withheld=("masto",)
    )
    return replace(ordinary, **changes)  # type: ignore[arg-type]


def test_gives_back_what_it_was_given_once_a_day(mornings: Mornings) -> None:
    assert mornings.get("lindebieb", "2026-11-23") is None
    assert mornings.add(morning())
    assert mornings.get("lindebieb", "2026-11-23") == morning()
    assert not mornings.add(morning(fans=()))
    assert mornings.get("lindebieb", "2026-11-23") == morning()
    assert mornings.get("elders", "2026-11-23") is None


def test_of_two_changes_one_counts(mornings: Mornings) -> None:
    mornings.add(morning())
    done = replace(DEED, state=DeedState.DONE, by="Fatma", at=NOW, link="https://social.example/1")
    mornings.change(morning(rev=2, outreach=(done,)))
    with pytest.raises(Conflict, match="2026-11-23"):
        mornings.change(morning(rev=2, outreach=()))
    assert mornings.get("lindebieb", "2026-11-23") == morning(rev=2, outreach=(done,))
    with pytest.raises(Conflict):
        mornings.change(morning("2026-11-24", rev=2))


def test_whom_a_list_had_us_follow_is_kept_for_good(mornings: Mornings) -> None:
    """Not whom it only suggested or we passed over; the lists themselves are gone after a year."""
    long_ago = NOW - timedelta(days=366)
    done = replace(FOLLOW, author="a#b/c", state=DeedState.DONE, at=long_ago)
    passed = replace(FOLLOW, author="b", state=DeedState.PASSED)
    still, share = replace(FOLLOW, author="c"), replace(DEED, state=DeedState.DONE)
    listed = morning(made_at=long_ago, outreach=(replace(done, state=DeedState.OPEN), passed, still, DEED))
    mornings.add(listed)
    assert mornings.followed("lindebieb") == set()
    mornings.change(replace(listed, rev=2, outreach=(done, passed, still, DEED)))
    mornings.change(replace(listed, rev=3, outreach=(done, passed, still, share)))
    assert mornings.between("lindebieb", "2000-01-01", "2999-12-31") == []
    assert mornings.followed("lindebieb") == {("mastodon", "a#b/c")}
    assert mornings.followed("elders") == set()


def test_are_listed_by_day(mornings: Mornings) -> None:
    days = ["2026-11-30", "2026-12-01", "2026-11-29"]
    for day in days:
        mornings.add(morning(day))
    found = mornings.between("lindebieb", "2026-11-29", "2026-11-30")
    assert found == [morning("2026-11-29"), morning("2026-11-30")]
    assert mornings.between("lindebieb", "2026-11-30", "2026-11-29") == []
    assert mornings.between("elders", "2026-11-01", "2026-12-31") == []


def test_r26_the_expired_is_not_there(mornings: Mornings, aws: World) -> None:
    mornings.add(morning(made_at=NOW - timedelta(days=366)))
    assert mornings.get("lindebieb", "2026-11-23") is None
    assert mornings.between("lindebieb", "2026-01-01", "2026-12-31") == []
