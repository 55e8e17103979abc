"""The story over HTTP goes on for some days: posts leave on their minute, and do not when somebody says no;
good deeds are done in the morning; what failed on the way goes through once more.

In process, with a simulated clock over whole weekends: tests/stages/test_weekend.py.
"""

import json
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chalicelib.aws.queues import dead_letter
from chalicelib.tasks import Hear
from infra.local.world import HOOK
from tests.e2e.conftest import Stack, review, until
from tests.e2e.visitor import ZONE, Answer, Planned, Visitor

pytestmark = pytest.mark.e2e
BRAND, REVIEWS = HOOK
MINUTE = timedelta(minutes=1)
SATURDAY = 5
SEVEN = 7
"""The hour of the morning from which there is a list."""


@pytest.fixture(scope="module")
def sam(stack: Stack) -> Visitor:
    return stack.visitor()


def test_a_post_is_planned_where_the_calendar_shows_an_empty_slot(sam: Visitor) -> None:
    month = f"/calendar?month={datetime.now(ZONE) + timedelta(days=60):%Y-%m}"
    slots = re.findall(r'href="/calendar/new\?when=([\w:-]+)"', sam.get(month).html)
    (slot, *_) = [slot for slot in slots if datetime.fromisoformat(slot).weekday() == SATURDAY]
    moment = datetime.fromisoformat(slot).replace(tzinfo=ZONE)
    assert moment > datetime.now(UTC)
    post = sam.plan(moment, "Zaterdag open")
    page = sam.get(post.path).text
    assert re.search(rf"Saturday \d+ \w+(?: \d+)? {slot[11:]}\. Planned by Administrator", page)
    assert "Administrator planned it" in page
    after = sam.get(month)
    assert f"{slot[11:]} 1 channel Zaterdag open" in after.text
    assert f"when={slot}" not in after.html


def test_in_the_morning_there_is_a_list_of_good_deeds(guest_book: Stack, visitor: Visitor) -> None:
    today = datetime.now(ZONE)
    guest_book.wake("relate_to_people")
    if today.hour < SEVEN:
        assert "The list comes in the morning" in visitor.get("/people").text
        return
    page = until(lambda: with_words(visitor.get("/people"), "good deeds are open"))
    first, second, *_ = re.findall(r'id="d-(share-\w+)"', page.html)
    day = f"{today:%Y-%m-%d}"

    # One is made a post, with credit; then it is done, in somebody's name. Another is passed over.
    (link, *_) = re.findall(r'href="(/calendar/new\?title=[^"]+)"', page.html)
    composer = visitor.get(link.replace("&amp;", "&"))
    text = composer.form("/calendar/new").fields["text"]
    assert re.search(r"“.+”\n.+: https?://", text), text
    done = visitor.submit(page, f"/people/{first}", press="done")
    assert done.location == f"/people?day={day}#d-{first}"
    visitor.submit(page, f"/people/{second}", press="pass")
    after = visitor.get("/people")
    assert "Done by Administrator" in after.text
    assert "Passed over by Administrator" in after.text

    # Who has the page open still and does the other thing is told who was first.
    late = visitor.submit(page, f"/people/{first}", press="pass")
    assert late.status == 409
    assert re.search(r"Administrator did this at \d\d:\d\d", late.text)


def test_what_died_goes_through_once_more(stack: Stack, visitor: Visitor) -> None:
    """A call that failed five times, by a fault of ours that was mended since; and one nobody can read, which
    dies again."""
    told = {"type": "mention.created", "timestamp": datetime.now(UTC).isoformat()}
    body = json.dumps(
        {**told, "data": review("dead-1", "dode_dirk", "Wat een slechte douches, ik ben boos!")}
    )
    letter = Hear(BRAND, REVIEWS, {}, b64encode(body.encode()).decode(), datetime.now(UTC)).to_json()
    sqs = stack.client("sqs")
    (dead,) = [url for url in sqs.list_queues()["QueueUrls"] if "HearDead" in url]
    (queue,) = [url for url in sqs.list_queues()["QueueUrls"] if "HearQueue" in url]
    dead_letter(lambda: sqs, dead, letter, "KeyError: a fault of ours")
    sqs.send_message(QueueUrl=queue, MessageBody="no task at all")

    page = until(lambda: with_words(visitor.get("/status"), "Webspin cannot read this message of its own"))
    assert "One queue has work that failed" in page.text
    assert "A call was to be read: Recensies" in page.text
    again = visitor.submit(page, "/status/hear")
    assert again.location == "/status?again=hear"
    until(lambda: visitor.get("/cases").row("dode_dirk"))
    page = until(lambda: with_words(visitor.get("/status"), "Reading what was sent to us 0 0 1"))
    assert "dead-1" not in page.text
    sqs.purge_queue(QueueUrl=dead)
    until(lambda: "Nothing is stuck" in visitor.get("/status").text)


def test_what_is_planned_for_this_minute_leaves_now(stack: Stack, sam: Visitor) -> None:
    post = sam.plan(datetime.now(UTC), "Nu meteen")
    page = until(lambda: post_with(sam, post, "Confirmed: it is there"))
    (there,) = re.findall(r'href="(/sandbox/[^"#]+)#out-', page.html)
    assert sam.get(there).text.count(post.text) == 1
    assert stack.dead_letters() == []


def test_what_was_planned_leaves_on_its_minute_and_what_was_cancelled_never(
    soon: tuple[Planned, Planned], sam: Visitor
) -> None:
    leaves, never = soon
    until(lambda: datetime.now(UTC) > leaves.moment - MINUTE / 2)
    page = until(lambda: post_with(sam, leaves, "Confirmed: it is there"))
    assert "Sent to the network" in page.text
    assert timedelta(0) <= seen_at(sam, leaves) - leaves.moment < MINUTE
    assert "Cancelled: it was not sent" in sam.get(never.path).text
    assert on_the_wall(sam, never) == 0


def test_the_brake_stops_everything_until_each_is_decided_on(stack: Stack, sam: Visitor) -> None:
    # Pressed from any page, it is seen on every page.
    assert sam.submit(sam.get("/people"), "/brake").location == "/brake"
    for path in ("/", "/calendar", "/reports"):
        assert "Administrator pulled the emergency brake" in sam.get(path).text

    # What would leave now does not.
    one, other = sam.plan(datetime.now(UTC), "Mag straks"), sam.plan(datetime.now(UTC), "Mag niet")
    for post in (one, other):
        until(partial(post_with, sam, post, "Held back: the brake was on"))
        assert on_the_wall(sam, post) == 0

    # One is let go, and leaves though the brake is on still; the last decision lifts it.
    assert decide(sam, {one: "release"}) == "/brake?done=some"
    until(lambda: post_with(sam, one, "Confirmed: it is there"))
    assert "Emergency brake on" in sam.get("/").text
    rest = sam.get("/brake").form("/brake/release").fields
    waiting = dict.fromkeys((name for name in rest if name.startswith(("P.", "C."))), "release")
    assert decide(sam, {other: "cancel"}, waiting) == "/brake?done=all"
    assert "Emergency brake on" not in sam.get("/").text
    assert "Cancelled: it was not sent" in sam.get(other.path).text
    assert (on_the_wall(sam, one), on_the_wall(sam, other)) == (1, 0)
    assert stack.dead_letters() == []


# what is there -----------------------------------------------------------------------------------


def decide(visitor: Visitor, chosen: dict[Planned, str], others: dict[str, str] | None = None) -> str:
    """On the brake's page, about these posts, and about `others` by name; where it leads."""
    page = visitor.get("/brake")
    names = {f"P.{post.path.rpartition('/')[2]}.wall.1": choice for post, choice in chosen.items()}
    return visitor.submit(page, "/brake/release", **{**(others or {}), **names}).location


def post_with(visitor: Visitor, post: Planned, words: str) -> Answer | None:
    return with_words(visitor.get(post.path), words)


def with_words(page: Answer, words: str) -> Answer | None:
    assert page.status == 200, page.text
    return page if words in page.text else None


def on_the_wall(visitor: Visitor, post: Planned) -> int:
    return visitor.get("/sandbox/wall").text.count(post.text)


def seen_at(visitor: Visitor, post: Planned) -> datetime:
    """The moment that the network has of it."""
    (row,) = [row for row in visitor.get("/sandbox/wall").html.split("<li ") if post.text in row]
    (at,) = re.findall(r'<time datetime="([^"]+)"', row)
    return datetime.fromisoformat(at)
