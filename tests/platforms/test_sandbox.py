"""The sandbox, beyond what every network promises (test_contract.py): its visitors, its page, its moods."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import MentionKey
from chalicelib.errors import BadInput, Rejected
from chalicelib.platforms import sandbox
from chalicelib.ports import Kit, ReplyTo
from tests.platforms.memory import MemoryShelf, NoHttp

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


def connected(shelf: MemoryShelf, account: str = "bakery") -> sandbox.Sandbox:
    return sandbox.connect({"account": account}, {}, Kit(http=NoHttp(), shelf=shelf))


def test_the_page_shows_both_sides_by_moment(shelf: MemoryShelf) -> None:
    now = datetime.now(UTC) - timedelta(seconds=1)
    asked = sandbox.say(shelf, "bakery", "anna", "Open today?", now, language="en")
    sent = connected(shelf).publish(ReplyTo(id=asked, author="anna"), "Until six.", "t-1", "en")
    older = sandbox.say(shelf, "bakery", "bram", "Lekker brood!", now - timedelta(days=30), language="nl")

    entries = sandbox.wall(shelf, "bakery")

    assert [(entry.id, entry.note.author, entry.ours) for entry in entries] == [
        (older, "bram", False),
        (asked, "anna", False),
        (sent.remote_id, "bakery", True),
    ]
    assert entries[2].note.reply_to == asked
    assert sent.url == f"/sandbox/bakery#{sent.remote_id}"


def test_what_is_told_late_of_long_ago_is_heard_all_the_same(shelf: MemoryShelf) -> None:
    network = connected(shelf)
    sandbox.say(shelf, "bakery", "anna", "New.", NOW)
    cursor = network.listen("").cursor
    sandbox.say(shelf, "bakery", "bram", "Old.", NOW - timedelta(days=30))
    assert [found.text for found in network.listen(cursor).found] == ["Old."]


def test_a_visitor_who_presses_twice_said_it_once(shelf: MemoryShelf) -> None:
    first = sandbox.say(shelf, "bakery", "anna", "Hello?", NOW)
    assert sandbox.say(shelf, "bakery", "anna", "Hello?", NOW) == first
    assert sandbox.say(shelf, "bakery", "anna", "Hello?", NOW + timedelta(seconds=9)) != first
    assert len(sandbox.wall(shelf, "bakery")) == 2


def test_two_visitors_at_one_moment_are_both_heard(shelf: MemoryShelf) -> None:
    """The second counted before the first had written: its name is taken, so it takes the next."""
    shelf.blind = True
    sandbox.say(shelf, "bakery", "anna", "One.", NOW)
    sandbox.say(shelf, "bakery", "bram", "Two.", NOW)
    shelf.blind = False
    assert [found.text for found in connected(shelf).listen("").found] == ["One.", "Two."]


def test_accounts_do_not_hear_each_other(shelf: MemoryShelf) -> None:
    sandbox.say(shelf, "bakery", "anna", "For the bakery.", NOW)
    assert connected(shelf, "museum").listen("").found == ()


def test_an_id_is_fit_for_a_key(shelf: MemoryShelf) -> None:
    id = sandbox.say(shelf, "bakery", "anna", "Hello?", NOW)
    assert MentionKey("bakery", "sandbox", id).id == id


def test_a_visitors_message_is_not_one_of_ours(shelf: MemoryShelf) -> None:
    id = sandbox.say(shelf, "bakery", "anna", "Hello?", NOW)
    assert connected(shelf).read_back(id) is None
    assert connected(shelf).read_back("mood") is None


def test_an_empty_answer_is_refused(shelf: MemoryShelf) -> None:
    with pytest.raises(Rejected):
        connected(shelf).publish(ReplyTo(id="in-00000001", author="anna"), "", "t-1", "en")


@pytest.mark.parametrize("account", ["", "Bakery", "a/b", "a#b", "x" * 41])
def test_an_account_is_a_short_name(shelf: MemoryShelf, account: str) -> None:
    with pytest.raises(BadInput) as refused:
        connected(shelf, account)
    assert refused.value.field == "account"


def test_only_known_moods(shelf: MemoryShelf) -> None:
    for mood in sandbox.MOODS:
        sandbox.set_mood(shelf, "bakery", mood)
        assert sandbox.mood_of(shelf, "bakery") == mood
    with pytest.raises(BadInput, match="mood: one of refuse, "):
        sandbox.set_mood(shelf, "bakery", "angry")


# posts of ours -----------------------------------------------------------------------------------------


def test_a_post_stands_on_the_page_under_its_own_anchor(shelf: MemoryShelf) -> None:
    sent = connected(shelf).publish(None, "Open on Sunday!", "t-1", "en")
    (entry,) = sandbox.wall(shelf, "bakery")
    assert (entry.id, entry.ours, entry.note.reply_to) == ("out-t-1", True, "")
    assert sent.url == "/sandbox/bakery#out-t-1"


def test_what_was_deleted_no_later_try_publishes_again(shelf: MemoryShelf) -> None:
    network = connected(shelf)
    sent = network.publish(None, "Open on Sunday!", "t-1", "en")
    network.delete(sent.remote_id)
    for text in ("Open on Sunday!", "Other words"):
        with pytest.raises(Rejected, match="it was deleted"):
            network.publish(None, text, "t-1", "en")
    assert network.find(None, "Open on Sunday!", "t-1", NOW) is None
    assert sandbox.wall(shelf, "bakery") == []
    assert "Sunday" not in str(shelf.all("bakery")), "its words are gone, not only hidden"


def test_only_what_is_ours_is_deleted(shelf: MemoryShelf) -> None:
    id = sandbox.say(shelf, "bakery", "anna", "Hello?", NOW)
    sandbox.set_mood(shelf, "bakery", "lists-late")
    for name in (id, "mood", ""):
        connected(shelf).delete(name)
    assert len(sandbox.wall(shelf, "bakery")) == 1
    assert sandbox.mood_of(shelf, "bakery") == "lists-late"


def test_a_visitor_answers_a_post_and_is_heard_and_counted(shelf: MemoryShelf) -> None:
    network = connected(shelf)
    post = network.publish(None, "Open on Sunday!", "t-1", "en")
    sandbox.say(shelf, "bakery", "anna", "Until when?", NOW, post.remote_id)
    sandbox.say(shelf, "bakery", "bakery", "Until six.", NOW, post.remote_id)
    sandbox.say(shelf, "bakery", "bram", "Something else.", NOW)
    assert [found.reply_to for found in network.listen("").found] == [post.remote_id, ""]
    assert network.measure(post.remote_id) == Numbers(replies=2), "ours too, as elsewhere"
    assert network.following() == (2, None)


def test_it_gives_the_figures_that_were_laid_there(shelf: MemoryShelf) -> None:
    network = connected(shelf)
    id = network.publish(None, "Open on Sunday!", "t-1", "en").remote_id
    sandbox.set_numbers(shelf, "bakery", id, Numbers(reach=1200, reactions=0))
    assert network.measure(id) == Numbers(reach=1200, reactions=0, replies=0)
    network.delete(id)
    assert network.measure(id) is None


@pytest.mark.parametrize(
    "document",
    ["", "{", "7", "[]", "null", '{"reach": "many", "shares": -1, "replies": 9, "x": 1}', "[" * 9999],
)
def test_figures_that_are_none_are_not_given(shelf: MemoryShelf, document: str) -> None:
    network = connected(shelf)
    id = network.publish(None, "Open on Sunday!", "t-1", "en").remote_id
    shelf.replace("bakery", f"numbers-{id}", document)
    assert network.measure(id) == Numbers(replies=0)
