"""What `ports.Posts` promises: a post, its deliveries and its history are written together."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.aws.table.mornings import Mornings
from chalicelib.aws.table.posts import Posts
from chalicelib.domain import audit
from chalicelib.domain.delivery import LATE, Delivery, DeliveryState, claim
from chalicelib.domain.outreach import DeedState
from chalicelib.domain.post import PostEventKind, PostKey, Variant
from chalicelib.errors import Conflict, NotFound, NotOurs
from tests.aws.people import POST, SATURDAY, delivery, post, post_delivery, post_event
from tests.aws.test_mornings import DEED, morning
from tests.conftest import NOW
from tests.harness.world import World

FULL: dict[str, Any] = {
    "variants": (Variant(channel="wall", text="a", n=2), Variant(channel="masto", text="b")),
    "lateness": 30,
    "goal": "readers",
    "audience": "young families",
    "why": "nobody comes on Saturdays",
    "shares": "https://social.example/@kees/1",
    "cancelled": True,
}


@pytest.fixture
def planned(posts: Posts) -> Delivery:
    assert posts.add(post(), [post_delivery()], post_event())
    return post_delivery()


def held(was: Delivery, **more: Any) -> Delivery:
    return replace(was, state=DeliveryState.HELD, reason=LATE, epoch=was.epoch + 1, **more)


def test_gives_back_what_it_was_given(posts: Posts) -> None:
    given = post(**FULL)
    sent = [post_delivery(channel=channel, n=n) for channel, n in (("wall", 2), ("masto", 1), ("wall", 1))]
    sent[0] = replace(sent[0], released=NOW, state=DeliveryState.CONFIRMED, sent_at=NOW, measured=2)
    assert posts.add(given, sent, post_event())
    assert posts.get(POST) == (given, [sent[1], sent[2], sent[0]])
    assert posts.history(POST) == [post_event()]
    bare = post(PostKey("lindebieb", "p-2"))
    assert posts.add(bare, [], post_event())
    assert sorted(posts.get_many([POST, bare.key, bare.key]), key=lambda p: p.key.id) == [given, bare]
    missing = PostKey("lindebieb", "none")
    assert posts.get_many([missing]) == posts.get_many([]) == []
    assert posts.history(missing) == []
    with pytest.raises(NotFound, match="lindebieb/none"):
        posts.get(missing)


def test_asked_twice_it_is_planned_once_and_nothing_changes(posts: Posts, planned: Delivery) -> None:
    again = post(title="another"), [post_delivery(text="another"), post_delivery(channel="masto")]
    assert not posts.add(*again, post_event("e2", 1))
    assert not posts.add(post(title="another"), [], post_event("e2", 1))
    assert posts.get(POST) == (post(), [planned])
    assert posts.history(POST) == [post_event()]


def test_a_post_has_room_for_twenty_channels(posts: Posts) -> None:
    sent = [post_delivery(channel=f"wall-{n:02}") for n in range(20)]
    assert posts.add(post(), sent, post_event())
    moved = [(one, replace(one, epoch=1)) for one in sent]
    posts.change(post(rev=2), moved, post_event("e2"))
    assert [one.epoch for one in posts.get(POST)[1]] == [1] * 20


def test_a_change_writes_post_deliveries_and_event_together(posts: Posts, planned: Delivery) -> None:
    moved = replace(planned, text="Zondag.", epoch=1)
    new = post_delivery(channel="masto")
    changed = post(rev=2, title="Voorlezen op zondag")
    posts.change(changed, [(planned, moved), (None, new)], post_event("e2", 1, PostEventKind.CHANGED))
    assert posts.get(POST) == (changed, [new, moved])
    assert [event.id for event in posts.history(POST)] == ["e1", "e2"]


@pytest.mark.parametrize(
    ("changes", "was"),
    [
        ({"rev": 3}, {}),
        ({"rev": 1}, {}),
        ({"rev": 2}, {"epoch": 1}),
        ({"rev": 2}, {"state": DeliveryState.HELD}),
        ({"rev": 2}, None),
    ],
    ids=["post-is-older", "post-is-newer", "another-epoch", "another-state", "is-there"],
)
def test_r12_what_was_changed_in_between_stays_whole(
    posts: Posts, planned: Delivery, changes: dict[str, Any], was: dict[str, Any] | None
) -> None:
    read = None if was is None else replace(planned, **was)
    with pytest.raises(Conflict, match="lindebieb/p-1"):
        posts.change(post(**changes, title="lost"), [(read, replace(planned, epoch=9))], post_event("e2", 1))
    assert posts.get(POST) == (post(), [planned])
    assert posts.history(POST) == [post_event()]


def test_r12_a_claim_in_between_wins_over_an_edit(
    posts: Posts, deliveries: Deliveries, planned: Delivery
) -> None:
    ours = claim(planned, SATURDAY.at())
    assert ours
    assert deliveries.claim(planned, ours)
    edited = replace(planned, text="too late", epoch=1)  # the very epoch of the claim
    with pytest.raises(Conflict):
        posts.change(post(rev=2), [(planned, edited)], post_event("e2"))
    assert posts.get(POST) == (post(), [ours])


def test_an_outcome_is_written_with_its_event_or_not_at_all(posts: Posts, planned: Delivery) -> None:
    outcome = replace(planned, state=DeliveryState.FAILED, reason="refused")
    posts.conclude(outcome, post_event("e2", 1, PostEventKind.FAILED, channel="wall", text="refused"))
    assert posts.get(POST) == (post(), [outcome])
    with pytest.raises(Conflict, match="lindebieb/p-1/wall/1"):
        posts.conclude(replace(outcome, epoch=1), post_event("e3", 2))
    assert posts.get(POST) == (post(), [outcome])
    assert [event.id for event in posts.history(POST)] == ["e1", "e2"]
    with pytest.raises(TypeError, match="of no post"):
        posts.conclude(delivery(), post_event())


def test_a_good_deed_is_done_with_its_post_or_neither_is(posts: Posts, mornings: Mornings) -> None:
    first = morning()
    assert mornings.add(first)
    done = replace(DEED, state=DeedState.DONE, by="Noor", at=NOW, post=POST.id)
    after = replace(first, rev=2, outreach=(done,))
    line = audit.line("lindebieb", NOW, "r", "people.done", by="Noor")
    with pytest.raises(Conflict, match="good deed"):
        posts.add(post(), [post_delivery()], post_event(), (replace(after, rev=3), line))
    assert posts.get_many([POST]) == []
    assert posts.add(post(), [post_delivery()], post_event(), (after, line))
    assert mornings.get("lindebieb", "2026-11-23") == after
    assert not posts.add(post(), [post_delivery()], post_event(), (replace(after, rev=3), line))
    assert mornings.get("lindebieb", "2026-11-23") == after


def test_r7_a_message_of_a_channel_is_of_one_delivery(posts: Posts, planned: Delivery) -> None:
    """Written again by the same one, as an answer of the table may be lost; on another channel there may be
    one of the same id. What was changed meanwhile is called so before whose message it is."""
    second, elsewhere = post_delivery(n=2), post_delivery(channel="masto")
    posts.change(post(rev=2), [(None, second), (None, elsewhere)], post_event("e2"))
    sent = [replace(one, remote_id="m1", state=DeliveryState.SENT) for one in (planned, second, elsewhere)]
    assert posts.whose("lindebieb", "wall", "m1") is None
    for one in (sent[0], sent[0], sent[2]):
        posts.conclude(one, post_event(str(one.key), 3), alone=True)
    with pytest.raises(NotOurs, match="m1 is not that of lindebieb/p-1/wall/2"):
        posts.conclude(sent[1], post_event("e4", 4), alone=True)
    with pytest.raises(Conflict, match="changed by someone else"):
        posts.conclude(replace(sent[1], epoch=5), post_event("e5", 4), alone=True)
    assert posts.whose("lindebieb", "wall", "m1") == planned.key
    assert posts.whose("lindebieb", "masto", "m1") == elsewhere.key
    assert second in posts.get(POST)[1]


def test_history_is_told_in_order_and_a_repeat_adds_nothing(posts: Posts, planned: Delivery) -> None:
    told = [
        post_event("z", 5, PostEventKind.SENT, channel="wall", by="Fatma", url="https://x.example/1"),
        post_event("a", 5, PostEventKind.CONFIRMED),
        post_event("b", 3, PostEventKind.MOVED, text="naar zondag"),
    ]
    for event in told + told:
        posts.note(POST, event)
    assert posts.history(POST) == [post_event(), told[2], told[0], told[1]]
    assert posts.get(POST) == (post(), [planned])


def test_our_own_words_do_not_expire(posts: Posts, planned: Delivery, aws: World) -> None:
    posts.change(post(rev=2), [(planned, held(planned))], post_event("e2"))
    assert all("ttl" not in item for item in aws.items("P#lindebieb"))


def test_posts_of_brands_are_apart(posts: Posts, planned: Delivery) -> None:
    other = PostKey("elders", "p-1")
    assert posts.add(post(other, planned_at=NOW + timedelta(days=1)), [], post_event())
    assert posts.get(POST) == (post(), [planned])
    assert [one.key for one in posts.get_many([other])] == [other]
