"""R7-R11, R13 for posts: break off before and after every call to AWS and to a network, while a person or the
machine does one thing; let somebody else come in between before every call; then let schedules and queues
do what they do. One post at most stands there, in the version a person approved last, and none is lost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from chalicelib import wiring
from chalicelib.domain.delivery import BRAKED, LATE, Delivery, DeliveryState
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.post import BOOST, Passed, PostKey
from chalicelib.errors import Conflict, Unknown
from chalicelib.ports import Sent
from tests.harness.crash import MODES, Crash, Points
from tests.stages.newsroom import Newsroom, Snapshot, around
from tests.stages.town import BRAND, POST, ZONE, Town

pytestmark = pytest.mark.crash

WALL, LATER = "2026-11-21T10:00", "2026-11-21T10:04"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NEW = "Zaterdag zijn we open tot 18 uur."
COMMENT = "Alles erover: https://bieb.example/zaterdag"
KEY = PostKey(BRAND, "post")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

REASONS = {
    "too late": {LATE},
    "brake": {BRAKED},
    "held by the brake": {BRAKED},
    "let go, and pulled anew": {BRAKED},
}
"""Of what a story leaves held."""
EFFECTS = (
    "PutItem",
    "PutObject",
    "DeleteObject",
    "UpdateItem",
    "TransactWriteItems",
    "SendMessageBatch",
    "SendEmail",
    "publish",
    "delete",
    "edit",
    "boost",
)
"""Calls that change something; the others read."""

Step = Callable[[Newsroom], object]


@pytest.fixture
def room(town: Town, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Forty seconds before the post's moment."""
    town.now = AT - 40 * SECOND
    return Newsroom(town, monkeypatch)


# what happens ------------------------------------------------------------------------------------


def plan(room: Newsroom) -> None:
    room.town.plan(WALL)


def on_its_way(room: Newsroom) -> None:
    """Planned, and its message in the queue."""
    plan(room)
    assert room.town.world.waiting("deliver")


def plan_shown(room: Newsroom) -> None:
    """With an image that was added to the form."""
    room.town.plan(WALL, images=(room.town.image(),))


def plan_commented(room: Newsroom) -> None:
    room.town.plan(WALL, comment=COMMENT)


def commented(room: Newsroom) -> None:
    plan_commented(room)
    room.run(AT + MINUTE, [AT])


def comment_unknown(room: Newsroom) -> None:
    """Its post stands there, and nobody knows yet whether its first comment does; it does."""
    plan_commented(room)
    room.mood("lost")
    room.run(AT + SECOND, [AT])
    while not any(each.key.comment and each.state is DeliveryState.UNKNOWN for each in room.deliveries()):
        room.run(room.town.now + SECOND)
    room.mood("")


def boost(room: Newsroom) -> None:
    """What anna wrote on the wall."""
    desk, brand = wiring.desk(), wiring.brands().get(BRAND)
    if not desk.wall(brand, "wall"):
        desk.say(brand, "wall", "anna", "Mooie bieb!", room.town.now, "")
    of = Passed(MentionKey(BRAND, "sandbox", "in-00000001"), "anna")
    room.town.plan(WALL, of=of, ways=(("wall", BOOST),))


def show_another(room: Newsroom) -> None:
    """The image is taken out, and another is in its place."""
    other = room.town.image("image/png", "De balie.")
    if room.town.post(KEY).post.images != (other,):
        room.town.change(KEY, images=(other,))


def sent(room: Newsroom) -> None:
    plan(room)
    room.run(AT + MINUTE, [AT])


def minute_of_work(room: Newsroom) -> None:
    """A tick that comes twice, and what is in the queue on its second."""
    room.run(AT + 10 * SECOND, [AT - 20 * SECOND, AT - 20 * SECOND])


def change(room: Newsroom) -> None:
    """As it stands on the screen a person fills in another text and moment, and sees it through."""
    if room.town.post(KEY).post.variants[0].text != NEW:
        room.town.change(KEY, text=NEW, when=LATER)


def cancel(room: Newsroom) -> None:
    if not room.town.post(KEY).post.cancelled:
        room.town.cancel(KEY)


def pull(room: Newsroom) -> None:
    room.town.pull()


def let_go(room: Newsroom) -> None:
    """Whatever waits, a person lets go; twice, where the first time broke off."""
    room.town.decide("release")


def let_through(room: Newsroom) -> None:
    """The brake stays on; this one message passes."""
    delivery = room.town.delivery(KEY)
    if delivery.state is DeliveryState.HELD:
        room.town.release(delivery.key)


def a_second(room: Newsroom) -> None:
    room.town.now += SECOND


def remove(room: Newsroom) -> None:
    delivery = room.town.delivery(KEY)
    if delivery.state is DeliveryState.CONFIRMED and not delivery.reason:
        room.town.remove(delivery.key)


def correct(room: Newsroom) -> None:
    delivery = room.town.delivery(KEY)
    if delivery.state is DeliveryState.CONFIRMED and delivery.text != NEW:
        room.town.correct(delivery.key, NEW)


def too_late(room: Newsroom) -> None:
    room.town.now = AT + timedelta(hours=3)
    room.settle(1)


def leave(room: Newsroom) -> None:
    """Schedules and queues until all rests."""
    room.rest()


@dataclass(frozen=True)
class Story:
    """`before` and `after` go undisturbed; `broken` is broken off at every call, and done again after it, as
    who saw an error does. `shown` stands at the network in the end."""

    before: tuple[Step, ...]
    broken: tuple[Step, ...]
    after: tuple[Step, ...]
    shown: tuple[str, ...]
    mood: str = ""


STORIES = {
    "plan": Story((), (plan,), (leave,), (POST,)),
    "plan with an image": Story((), (plan_shown,), (leave,), (POST,)),
    "another image": Story((plan_shown,), (show_another,), (leave,), (POST,)),
    "send an image": Story((plan_shown,), (minute_of_work,), (leave,), (POST,)),
    "send an image, its answer lost": Story(
        (plan_shown,), (minute_of_work, leave), (leave,), (POST,), "lost"
    ),
    "boost": Story((boost,), (minute_of_work,), (leave,), ("",)),
    "boost, its answer lost": Story((boost,), (minute_of_work, leave), (leave,), ("",), "lost"),
    "tick, claim, send, confirm": Story((plan,), (minute_of_work,), (leave,), (POST,)),
    "send, its answer lost": Story((plan,), (minute_of_work, leave), (leave,), (POST,), "lost"),
    "change": Story((on_its_way,), (change,), (leave,), (NEW,)),
    "cancel": Story((on_its_way,), (cancel,), (leave,), ()),
    "brake": Story((on_its_way,), (pull,), (leave,), ()),
    "held by the brake": Story((on_its_way, pull), (minute_of_work,), (leave,), ()),
    "let go": Story((on_its_way, pull, leave), (let_go,), (let_go, leave), (POST,)),
    "let through the brake": Story((on_its_way, pull, leave), (let_through,), (let_through, leave), (POST,)),
    "let go, and pulled anew": Story((on_its_way, pull, let_go, a_second), (pull,), (leave,), ()),
    "too late": Story((on_its_way,), (too_late,), (leave,), ()),
    "too late, let go": Story((on_its_way, too_late), (let_go,), (let_go, leave), (POST,)),
    "first comment": Story((plan_commented,), (minute_of_work,), (leave,), (COMMENT, POST)),
    "first comment, an answer lost": Story(
        (plan_commented,), (minute_of_work, leave), (leave,), (COMMENT, POST), "lost"
    ),
    "remove with its first comment": Story((commented,), (remove, leave), (leave,), ()),
    "remove, its first comment unknown": Story((comment_unknown,), (remove, leave), (leave,), ()),
    "correct": Story((sent,), (correct, leave), (leave,), (NEW,)),
    "correct, its answer lost": Story((sent,), (correct, leave), (leave,), (NEW,), "lost"),
    "correct, braked": Story((sent, correct, a_second, pull), (leave,), (leave,), (POST,)),
    "remove": Story((sent,), (remove, leave), (leave,), ()),
}


@pytest.mark.parametrize("name", STORIES)
def test_broken_off_anywhere_it_ends_as_if_it_was_not(name: str, room: Newsroom) -> None:
    """R7, R10, R11: the process dies before a call, or after it and before its answer.

    What only reads is passed over: to die there is to die after the effect before it.
    """
    story = STORIES[name]
    for step in story.before:
        step(room)
    room.mood(story.mood)
    kept = room.town.world.files()
    for where in _broken(story, room, lambda: room.town.world.lay(kept)):
        for step in (*story.broken, *story.after):
            step(room)
        assert room.shown() == list(story.shown), where
        room.told_true(where)
        _one_each(room, where)
        _told(name, room, where)
        _pictured(room, where)


class Worded:
    """A network that knows a message by its words only. It may keep the key of each, and lose its first two
    answers."""

    once = False

    def __init__(self, keeps_key: bool, loses: bool) -> None:
        self.keeps_key, self.loses = keeps_key, loses
        self.clear()

    def clear(self) -> None:
        self.texts: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.lost = 2 * self.loses

    def publish(self, to: object, text: str, token: str, language: str) -> Sent:
        id = self.keys.get(token, "") if self.keeps_key else ""
        id = id or f"m{len(self.texts)}"
        self.texts[id], self.keys[token] = text, id
        if self.lost:
            self.lost -= 1
            raise Unknown("worded", "its answer was lost")
        return Sent(remote_id=id, url="")

    def find(
        self, to: object, text: str, token: str, since: datetime, free: Callable[[str], bool]
    ) -> Sent | None:
        found = (id for id, said in reversed(self.texts.items()) if said == text and free(id))
        return next((Sent(remote_id=id, url="") for id in found), None)

    def read_back(self, remote_id: str) -> Sent | None:
        return Sent(remote_id=remote_id, url="") if remote_id in self.texts else None

    def room(self) -> int:
        return 500

    def length(self, text: str) -> int:
        return len(text)


@pytest.mark.parametrize("keeps_key", [True, False])
@pytest.mark.parametrize("loses", [True, False])
def test_two_posts_of_the_same_words_broken_off_anywhere_are_two_messages(
    keeps_key: bool, loses: bool, room: Newsroom
) -> None:
    """R7, R8: at one moment on one channel; neither is taken for the other, and each has one of its own."""
    network = Worded(keeps_key, loses)
    room._connect = lambda *_, **__: network
    plan(room)
    room.town.plan(WALL, id="twin")
    for where in _broken(Story((), (minute_of_work,), (), ()), room, network.clear):
        room.rest(90)
        found = room.deliveries()
        assert [each.state for each in found] == [DeliveryState.CONFIRMED] * 2, where
        assert sorted(each.remote_id for each in found) == ["m0", "m1"] == sorted(network.texts), where


def _broken(story: Story, room: Newsroom, anew: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Each place where the story broke off, as soon as it did; last, where it did not."""
    start = Snapshot(room)
    for mode in MODES:
        for k in count(1):
            start.restore()
            anew()
            room.points = points = Effects(mode, k)
            try:
                with points:
                    for step in story.broken:
                        step(room)
            except Crash:
                pass
            room.points = None
            if not points.crashed:
                break
            yield f"{mode} {points.names[-1]}, effect {k}"
    assert k > 1, "there is something to break off at"
    yield "nowhere"


class Effects(Points):
    """Counts only what changes something."""

    def _begin(self, name: str) -> int:
        return super()._begin(name) if name in EFFECTS else 0


def _one_each(room: Newsroom, where: str) -> None:
    """The sandbox takes a token once; how often it was asked shows who did not look before."""
    looked = [line.token for line in room.lines]
    assert len(looked) <= len(set(looked)) + 1, where
    assert {line.text for line in room.lines} <= {POST, NEW, COMMENT}, where


def _pictured(room: Newsroom, where: str) -> None:
    """What stands there shows what the post says, and nothing of it was lost on the way."""
    for each in room.deliveries():
        lines = wiring.desk().wall(wiring.brands().get(BRAND), each.key.channel)
        shown = [line.images for line in lines if line.ours]
        assert set(shown) <= {tuple(image.alt for image in each.images)}, where
        (post, _) = wiring.posts().get(KEY)
        assert each.state is not DeliveryState.CONFIRMED or each.images == post.images, where


def _told(name: str, room: Newsroom, where: str) -> None:
    """A person hears of what is theirs to decide, and of nothing else."""
    mails = [vars(mail)["subject"] for mail in room.town.world.mails()]
    if name.startswith("too late"):
        if not mails:
            room.settle(12)  # broken off between its quiet time and the mail: told when that is over
            mails = [vars(mail)["subject"] for mail in room.town.world.mails()]
        assert 1 <= len(mails) <= 2, where
        assert all("te laat voor zijn moment" in mail for mail in mails), where
    elif name == "correct, braked":
        assert all("niet verbeterd, er staat wat er stond" in mail for mail in mails), (where, mails)
    else:
        assert mails == [], where
    reasons = {each.reason for each in room.held()}
    assert reasons == REASONS.get(name, set()), where


# in between --------------------------------------------------------------------------------------


class Between(Points):
    """Instead of breaking off, somebody else does something at that place."""

    def __init__(self, mode: str, k: int, meanwhile: Callable[[], object]) -> None:
        super().__init__(mode, k)
        self._meanwhile = meanwhile

    def _crash(self) -> None:
        self.crashed, self._on = True, False
        self._meanwhile()
        self._on = True


def another_worker(room: Newsroom) -> None:
    room.run(room.town.now + SECOND)


def a_worker_when_the_lease_ran_out(room: Newsroom) -> None:
    """Whoever has it now sleeps for five minutes, and the machine goes on without them."""
    room.settle(5)


MEANWHILE: dict[str, Step] = {
    "change": change,
    "cancel": cancel,
    "pull": pull,
    "another worker": another_worker,
    "the lease runs out": a_worker_when_the_lease_ran_out,
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_whoever_comes_in_between_one_of_the_two_wins(name: str, room: Newsroom) -> None:
    """R8-R10, R13: a person, or a second worker, before each call of the worker that has it."""
    plan(room)
    room.run(AT - SECOND, [AT - 20 * SECOND])
    start = Snapshot(room)
    for k in count(1):
        start.restore()
        seen: list[DeliveryState] = []
        refused = False

        def meanwhile(seen: list[DeliveryState] = seen) -> None:
            nonlocal refused
            seen.append(room.town.delivery(KEY).state)
            try:
                MEANWHILE[name](room)
            except Conflict:
                refused = True

        room.points = points = Between("before", k, meanwhile)
        with points:
            room.run(AT + 10 * SECOND)
        room.points = None
        if not points.crashed:
            break
        where = f"before {points.names[k - 1]}, call {k}, while {seen}"
        room.rest()
        room.told_true(where)
        assert len(room.shown()) <= 1, where
        assert [line.text for line in room.lines] in ([POST], [NEW], [POST, POST], []), where
        early = seen == [DeliveryState.PLANNED]
        if early and not refused:
            expected = {"change": [NEW], "cancel": [], "pull": []}
            assert room.shown() == expected.get(name, [POST]), where
        if not early or refused:
            assert room.shown() == [POST], where
        if name == "another worker":
            assert len(room.lines) == 1, where
    assert k > 8, "there are calls to come in between of"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("mood", ["", "lost", "lists-late"])
def test_a_second_worker_within_the_call_of_the_first(mood: str, after: bool, room: Newsroom) -> None:
    """R7-R9, R13: while the network has our message in hand, the same task comes to another worker; with its
    lease, and again when the lease ran out."""
    room.mood(mood)
    plan(room)
    room.run(AT - 20 * SECOND, [AT - 20 * SECOND])
    assert len(room.town.world.waiting("deliver")) == 2
    start = Snapshot(room)
    for pause in (SECOND, 5 * MINUTE):
        start.restore()

        seen: list[Delivery] = []

        def second(pause: timedelta = pause, seen: list[Delivery] = seen) -> None:
            room.town.tick()
            room.run(room.town.now + pause, around(AT, 0, 6))
            seen += room.deliveries()

        room.inside, room.inside_after = second, after
        room.run(AT + 10 * SECOND)
        room.rest()
        assert room.shown() == [POST]
        room.told_true()
        assert room.town.post(KEY).states == [DeliveryState.CONFIRMED]
        if after or pause == SECOND:
            assert len(room.lines) == 1, "whoever comes second looks first, and it is there"
        (then,), (now,) = seen, room.deliveries()
        assert now.epoch >= then.epoch, "whoever wakes up late writes nothing over it"
        if pause == SECOND:
            assert then.state is DeliveryState.CLAIMED, "while the lease lasts nobody else touches it"


def test_what_was_cancelled_while_its_worker_died_is_nobodys_business_any_more(room: Newsroom) -> None:
    """R10: it never left, and nobody is told that it is too late, although it would be."""
    room.town.plan(WALL, lateness=1)

    def died() -> None:
        raise Crash("within the call")

    room.inside = died
    with pytest.raises(Crash):
        room.run(AT + SECOND)
    assert room.town.post(KEY).states == [DeliveryState.CLAIMED]
    cancel(room)
    room.rest()
    room.settle(2)
    assert room.town.post(KEY).states == [DeliveryState.CANCELLED]
    assert room.shown() == []
    assert room.town.world.mails() == []


def test_what_may_be_gone_is_looked_for_before_anybody_says_it_stands(room: Newsroom) -> None:
    """R8: the network takes it away and loses every answer; or it is down, and it does stand there."""
    for mood, shown, state in (
        ("lost", [], DeliveryState.REMOVED),
        ("down", [POST], DeliveryState.CONFIRMED),
    ):
        now = room.town.now.astimezone(ZoneInfo(ZONE))
        room.town.plan(f"{now:%Y-%m-%dT%H:%M}", id=mood)
        room.rest()
        (key,) = [each.key for each in room.deliveries() if each.state is DeliveryState.CONFIRMED]
        room.mood(mood)
        room.town.remove(key)
        room.rest()
        room.mood("")
        assert room.shown() == shown
        assert wiring.deliveries().get(key).state is state
        room.told_true()
    assert "niet verwijderd, het staat er nog" in vars(room.town.world.mails()[-1])["body"]


def test_what_a_network_was_asked_goes_under_another_key_once_its_text_is_another(room: Newsroom) -> None:
    """R10: it said that it is down, and may remember the key with the old text all the same."""
    plan(room)
    room.mood("down")
    room.run(AT + 5 * SECOND)
    room.town.change(KEY, text=NEW)
    room.mood("")
    room.rest()
    first, last = room.lines
    assert (first.text, last.text) == (POST, NEW)
    assert first.token != last.token
    assert room.shown() == [NEW]
    room.told_true()


def test_what_has_left_is_not_called_cancelled(room: Newsroom) -> None:
    """R10: nobody is shown "cancelled" for what stands there."""
    sent(room)
    with pytest.raises(Conflict):
        room.town.cancel(KEY)
    with pytest.raises(Conflict):
        room.town.change(KEY, text=NEW)
    assert room.shown() == [POST]
    assert not wiring.posts().get(KEY)[0].cancelled
