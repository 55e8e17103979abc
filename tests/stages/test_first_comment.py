"""A first comment goes below its post once that stands there, exactly once, and is a person's to decide about
when it did not."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.delivery import BRAKED, LATE, DeliveryState
from chalicelib.domain.post import COMMENT as BELOW, PostEventKind, PostKey
from chalicelib.errors import BadInput, Conflict, Left, PlatformError, RateLimited, Rejected, Unknown
from chalicelib.platforms import sandbox
from chalicelib.stages import plan
from tests.stages.town import BRAND, POST, Town
from tests.web.browser import Browser
from tests.web.checks import faults, text_of

WALL, AT = "2026-11-21T10:00", datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COMMENT = "Alles erover: https://bieb.example/zaterdag"
MINUTE = timedelta(minutes=1)


def sent(town: Town, mood: str = "") -> PostKey:
    """Its post has left, in this mood of the network from there on."""
    town.now = AT - MINUTE
    key = town.plan(WALL, comment=COMMENT)
    if mood:
        town.run(AT - MINUTE / 2)
        wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", mood)
    town.run(AT + 5 * MINUTE)
    return key


def below(patch: pytest.MonkeyPatch, error: PlatformError, arrives: bool = False) -> None:
    """The network takes the post, and says this to what goes below; that may arrive all the same."""
    told = sandbox.Sandbox.publish

    def publish(self: sandbox.Sandbox, to: object, *more: object, **named: object) -> object:
        if to and not arrives:
            raise error
        taken = told(self, to, *more, **named)  # type: ignore[arg-type]
        if to:
            raise error
        return taken

    patch.setattr(sandbox.Sandbox, "publish", publish)


def only_the_post(town: Town, monkeypatch: pytest.MonkeyPatch) -> PostKey:
    """The network takes the post, and refuses what goes below."""
    with monkeypatch.context() as patch:
        below(patch, Rejected("sandbox", "nothing goes below"))
        return sent(town)


def test_it_stands_below_its_post_and_was_approved_with_it(town: Town) -> None:
    key = sent(town)
    assert town.ours() == [POST, COMMENT]
    post, comment = town.delivery(key), town.comment(key)
    brand = wiring.brands().get(BRAND)
    assert [line.reply_to for line in wiring.desk().wall(brand, "wall") if line.text == COMMENT] == [
        post.remote_id
    ]
    assert comment.state is DeliveryState.CONFIRMED
    assert (comment.approved_by, comment.approved_at) == (post.approved_by, post.approved_at)
    kinds = [(event.kind, event.way == BELOW) for event in town.post(key).history]
    assert kinds == [
        (PostEventKind.PLANNED, False),
        (PostEventKind.SENT, False),
        (PostEventKind.CONFIRMED, False),
        (PostEventKind.SENT, True),
        (PostEventKind.CONFIRMED, True),
    ]


def test_it_is_no_post_of_the_calendar_the_month_or_what_is_measured(town: Town) -> None:
    key = sent(town)
    listed = wiring.deliveries().between(BRAND, AT - timedelta(days=1), AT + timedelta(days=1))
    assert [each.key for each in listed] == [town.delivery(key).key]
    assert list(wiring.deliveries().to_measure(AT + timedelta(days=30))) == [town.delivery(key).key]


def test_while_its_post_is_not_seen_it_does_not_leave(town: Town) -> None:
    key = sent(town, "lists-late")
    assert [each.key.comment for each in town.post(key).deliveries] in ([0], [0, 1])
    assert (town.delivery(key).state is DeliveryState.CONFIRMED) == (len(town.post(key).deliveries) == 2)


def test_changed_before_it_left_it_says_what_it_was_changed_to(town: Town) -> None:
    town.now = AT - MINUTE
    key = town.plan(WALL, comment=COMMENT)
    after = town.change(key, comment="Kom langs.")
    assert after.comment == "Kom langs." == town.delivery(key).comment
    assert town.delivery(key).approved_by == "Sam", "who changed it said yes to it"
    town.run(AT + 5 * MINUTE)
    assert town.ours() == [POST, "Kom langs."]


def test_taken_out_before_it_left_there_is_none(town: Town) -> None:
    town.now = AT - MINUTE
    key = town.plan(WALL, comment=COMMENT)
    town.change(key, comment="")
    town.run(AT + 5 * MINUTE)
    assert town.ours() == [POST]
    assert len(town.post(key).deliveries) == 1


def unseen(town: Town, monkeypatch: pytest.MonkeyPatch) -> PostKey:
    """The network took the post and does not show it yet, so that its comment is still to come."""
    with monkeypatch.context() as patch:
        patch.setattr(sandbox.Sandbox, "read_back", lambda self, id: None)
        town.now = AT - MINUTE
        key = town.plan(WALL, comment=COMMENT)
        town.run(AT + MINUTE / 2)
    assert town.delivery(key).state is DeliveryState.SENT
    return key


@pytest.mark.parametrize("comment", ["", "Kom langs."])
def test_once_its_post_left_it_is_not_changed_and_nobody_is_told_it_was(
    town: Town, comment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = unseen(town, monkeypatch)
    lines = town.post(key).history
    with pytest.raises(Left, match="the post has left, and its first comment stays as it was"):
        town.change(key, comment=comment)
    assert (town.post(key).post.comment, town.post(key).history) == (COMMENT, lines)
    town.change(key, title="Een andere titel")
    town.run(town.now + timedelta(minutes=30))
    assert town.ours() == [POST, COMMENT]


def test_one_is_not_added_below_what_left(town: Town) -> None:
    town.now = AT - MINUTE
    key = town.plan(WALL)
    town.run(AT + MINUTE)
    with pytest.raises(Left):
        town.change(key, comment=COMMENT)


def test_one_that_failed_is_tried_again_as_it_was_approved(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = only_the_post(town, monkeypatch)
    with pytest.raises(Left):
        town.change(key, comment="Kom langs.")
    town.release(town.comment(key).key)
    town.run(town.now + 5 * MINUTE)
    assert town.ours() == [POST, COMMENT]


def test_refused_it_waits_for_a_person_who_tries_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    key = only_the_post(town, monkeypatch)
    failed = town.comment(key)
    assert (failed.state, failed.reason) == (DeliveryState.FAILED, "nothing goes below")
    assert town.delivery(key).state is DeliveryState.CONFIRMED
    assert [each.key for each in wiring.deliveries().held(BRAND)] == [failed.key]
    assert len(town.world.mails()) == 1, "its department heard of it"
    town.release(failed.key)
    town.run(town.now + 5 * MINUTE)
    assert town.ours() == [POST, COMMENT]
    assert town.comment(key).key.comment == 2
    assert wiring.deliveries().held(BRAND) == []


def test_too_late_it_waits_for_a_person_as_a_post_does(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lateness is the post's, and counts from when that was seen; anew from when a person lets it go."""
    with monkeypatch.context() as patch:
        below(patch, RateLimited("sandbox", 20 * 3600))
        town.now = AT - MINUTE
        key = town.plan(WALL, comment=COMMENT, lateness=30)
        town.run(AT + 29 * MINUTE)
        assert town.comment(key).state is DeliveryState.PLANNED
    town.run(AT + timedelta(hours=24))
    assert town.ours() == [POST]
    held = town.comment(key)
    assert (held.state, held.reason) == (DeliveryState.HELD, LATE)
    assert [each.key for each in wiring.deliveries().held(BRAND)] == [held.key]
    assert len(town.world.mails()) == 1, "its department heard of it"
    town.release(held.key)
    town.run(town.now + 5 * MINUTE)
    assert town.ours() == [POST, COMMENT]


def test_refused_a_person_may_leave_it_at_that(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    key = only_the_post(town, monkeypatch)
    plan.drop(town.comment(key).key, "Sam", posts=wiring.posts(), now=town.now)
    town.run(town.now + 5 * MINUTE)
    assert town.ours() == [POST]
    assert town.comment(key).state is DeliveryState.CANCELLED
    assert town.post(key).history[-1].way == BELOW
    assert wiring.deliveries().held(BRAND) == []


def test_it_cannot_be_moved_nor_let_go_where_it_stands(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    key = only_the_post(town, monkeypatch)
    with pytest.raises(BadInput, match="goes below its post at once"):
        town.release(town.comment(key).key, when="2026-11-21T12:00")
    town.release(town.comment(key).key)
    town.run(town.now + 5 * MINUTE)
    with pytest.raises(Conflict):
        town.release(town.comment(key).key)


def test_it_is_corrected_and_taken_away_alone(town: Town) -> None:
    key = sent(town)
    town.correct(town.comment(key).key, "Kom langs.")
    town.run(town.now + MINUTE)
    assert town.ours() == [POST, "Kom langs."]
    town.remove(town.comment(key).key)
    town.run(town.now + MINUTE)
    assert town.ours() == [POST]
    assert town.delivery(key).state is DeliveryState.CONFIRMED
    town.correct(town.delivery(key).key, "Zondag dicht.")
    town.run(town.now + 5 * MINUTE)
    assert town.ours() == ["Zondag dicht."], "a post that was corrected gets no second one"


def test_the_brake_stops_a_correction_and_takes_nothing_back(town: Town) -> None:
    """Of a post and of its first comment; taking them away goes on."""
    key = sent(town)
    town.correct(town.delivery(key).key, "Zondag open.")
    town.correct(town.comment(key).key, "Kom langs.")
    town.now += timedelta(seconds=1)
    town.pull()
    town.run(town.now + 5 * MINUTE)
    assert town.ours() == [POST, COMMENT]
    stand = town.post(key).deliveries
    assert [(each.state, each.reason) for each in stand] == [
        (DeliveryState.CONFIRMED, f"could not be corrected: {BRAKED}")
    ] * 2
    town.remove(town.delivery(key).key)
    town.run(town.now + MINUTE)
    assert town.ours() == []


def test_it_goes_with_its_post(town: Town) -> None:
    key = sent(town)
    town.remove(town.delivery(key).key)
    town.run(town.now + MINUTE)
    assert town.ours() == []
    assert town.post(key).states == [DeliveryState.REMOVED] * 2


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("refuses", [True, False])
def test_below_a_post_that_is_taken_away_none_is_sent_and_what_is_found_goes_too(
    town: Town, arrived: bool, refuses: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knew whether it had arrived. It is taken away, or never sent, whether or not the network lets
    its post be taken away."""
    with monkeypatch.context() as patch:
        below(patch, Unknown("sandbox", "no answer"), arrived)
        town.now = AT - MINUTE
        key = town.plan(WALL, comment=COMMENT)
        town.run(AT + MINUTE / 6)
    assert town.comment(key).state is DeliveryState.UNKNOWN
    post, delete = town.delivery(key).remote_id, sandbox.Sandbox.delete

    def but_the_post(self: sandbox.Sandbox, remote_id: str) -> None:
        if refuses and remote_id == post:
            raise Rejected("sandbox", "it stays")
        delete(self, remote_id)

    monkeypatch.setattr(sandbox.Sandbox, "delete", but_the_post)
    town.remove(town.delivery(key).key)
    town.run(town.now + timedelta(hours=3))
    assert town.ours() == ([POST] if refuses else [])
    gone = DeliveryState.REMOVED if arrived else DeliveryState.CANCELLED
    assert town.comment(key).state is gone
    assert town.post(key).history[-1].by == "", "nobody is said to have done what follows by itself"
    if not refuses:
        assert wiring.deliveries().held(BRAND) == []
        assert town.world.mails() == []


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_post_is_taken_away_while_its_comment_is_being_sent(
    town: Town, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just before the network takes it, and just after."""
    told = sandbox.Sandbox.publish
    town.now = AT - MINUTE
    key = town.plan(WALL, comment=COMMENT)

    def publish(self: sandbox.Sandbox, to: object, *more: object, **named: object) -> object:
        if to and mode == "before":
            town.remove(town.delivery(key).key)
        sent = told(self, to, *more, **named)  # type: ignore[arg-type]
        if to and mode == "after":
            town.remove(town.delivery(key).key)
        return sent

    monkeypatch.setattr(sandbox.Sandbox, "publish", publish)
    town.run(AT + timedelta(hours=1))
    assert town.ours() == []
    assert town.post(key).states == [DeliveryState.REMOVED] * 2


def test_a_post_is_taken_away_while_its_comment_is_being_corrected(town: Town) -> None:
    key = sent(town)
    town.correct(town.comment(key).key, "Kom langs.")
    town.remove(town.delivery(key).key)
    town.run(town.now + timedelta(hours=1))
    assert town.ours() == []
    assert town.post(key).states == [DeliveryState.REMOVED] * 2


def test_the_brake_stops_it_and_lets_it_go(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    key = only_the_post(town, monkeypatch)
    town.pull()
    town.release(town.comment(key).key)
    town.now += timedelta(seconds=1)
    town.pull()
    town.run(town.now + MINUTE)
    held = town.comment(key)
    if held.state is not DeliveryState.CONFIRMED:
        assert (held.state, held.reason) == (DeliveryState.HELD, BRAKED)
        assert [each.key for each in town.waiting()] == [held.key]
        assert town.decide("release") == []
        town.run(town.now + MINUTE)
    assert town.ours() == [POST, COMMENT]


@pytest.mark.parametrize(
    ("comment", "said"),
    [("x" * 501, "1 characters too long for sandbox"), ("Dag {wie}", "still to be filled in")],
)
def test_what_cannot_stand_there_is_told_before_anything_is_planned(
    town: Town, comment: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as wrong:
        town.plan(WALL, comment=comment)
    assert wrong.value.field == "comment"


# at the console ------------------------------------------------------------------------------------

FORM = {
    "id": "p-comment",
    "title": "Zaterdag open",
    "text": POST,
    "to.wall": "1",
    "when": WALL,
    "lateness": "120",
    "language": "nl",
    "comment": COMMENT,
}


def test_a_person_writes_it_sees_it_and_is_told_how_long_it_is(town: Town, console: Browser) -> None:
    page = console.get("/calendar/new").body.decode()
    assert faults(page) == []
    assert "Goes below the post once it stands there" in text_of(page)
    counted = console.post("/calendar/count", FORM).json_body
    assert counted["wall.comment"]["count"] == "First comment: 43 of 500"
    refused = console.post("/calendar/new", {**FORM, "comment": "x" * 501})
    assert refused.status_code == 422
    assert faults(refused.body.decode()) == []
    assert "1 character too many" in text_of(refused.body.decode())

    town.now = AT - MINUTE
    assert console.post("/calendar/new", FORM).status_code == 303
    shown = text_of(console.get("/posts/p-comment").body.decode())
    assert f"First comment, once it stands there:{COMMENT}" in shown
    assert COMMENT in console.get("/posts/p-comment/change").body.decode()
    month = text_of(console.get("/calendar?month=2026-11&view=list").body.decode())
    assert "first comment" in month
    town.run(AT + 5 * MINUTE)
    page = console.get("/posts/p-comment").body.decode()
    assert faults(page) == []
    assert "first comment: Seen at the network" in text_of(page)
    assert "Its first comment, answers and reactions go with it, for good." in text_of(page)


def test_a_form_that_was_open_when_the_post_left_is_told_so(
    town: Town, console: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = unseen(town, monkeypatch)
    rev = str(town.post(key).post.rev)
    late = console.post(f"/posts/{key.id}/change", {**FORM, "comment": "Kom langs.", "rev": rev})
    page = late.body.decode()
    assert (late.status_code, faults(page)) == (409, [])
    assert "Its first comment stays as it was: correct it once it stands there." in text_of(page)
    assert "Kom langs." in page, "what was typed is not lost"
    shown = text_of(console.get(f"/posts/{key.id}").body.decode())
    assert f"First comment, once it stands there:{COMMENT}" in shown
    assert "changed it" not in shown


def test_a_person_tries_it_again_or_leaves_it(
    town: Town, console: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = only_the_post(town, monkeypatch)
    page = console.get(f"/posts/{key.id}").body.decode()
    assert faults(page) == []
    assert "Try it again" in text_of(page)
    assert "Not sent: nothing goes below" in text_of(page)
    assert "first comment" in text_of(console.get("/").body.decode())
    named = {"channel": "wall", "n": "1", "comment": "1"}
    assert console.post(f"/posts/{key.id}/leave", named).status_code == 303
    assert town.comment(key).state is DeliveryState.CANCELLED
    assert console.post(f"/posts/{key.id}/leave", named).status_code == 409
    assert "Sam de Wit cancelled it" in text_of(console.get(f"/posts/{key.id}").body.decode())
    log = text_of(console.get("/audit?month=2026-11").body.decode())
    assert "could not send a post: its first comment" in log
    assert "cancelled a post: its first comment" in log


def test_a_person_corrects_it_and_takes_it_away(town: Town, console: Browser) -> None:
    key = sent(town)
    named = {"channel": "wall", "n": "1", "comment": "1"}
    wrong = console.post(f"/posts/{key.id}/edit", {**named, "text": "x" * 501})
    assert wrong.status_code == 422
    assert 'id="correct.wall.comment" name="text" rows="4" required dir="auto" aria-invalid="true"' in (
        wrong.body.decode()
    )
    assert console.post(f"/posts/{key.id}/edit", {**named, "text": "Kom langs."}).status_code == 303
    town.run(town.now + MINUTE)
    assert town.ours() == [POST, "Kom langs."]
    assert console.post(f"/posts/{key.id}/remove", named).status_code == 303
    town.run(town.now + MINUTE)
    assert town.ours() == [POST]
