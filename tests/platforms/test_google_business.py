"""Google Business Profile: stars and words, translations, changed reviews, and one answer to each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import BadInput, Rejected, Unauthorized
from chalicelib.http import Http
from chalicelib.platforms import webhook
from chalicelib.ports import Kit, ReplyTo
from tests.platforms.memory import MemoryShelf
from tests.platforms.peer_google_business import google_business, running
from tests.platforms.peers import platform
from tests.servers.google_business import PLACE, GoogleBusiness

SINCE = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[GoogleBusiness]:
    with running() as server:
        yield server


def heard(server: GoogleBusiness, cursor: str = "") -> Any:
    return google_business(server).listen(cursor)


def to(id: str) -> ReplyTo:
    return ReplyTo(id=id, author="Anna")


# in ----------------------------------------------------------------------------------------------------


def test_a_review_is_its_stars_and_its_words_and_is_for_us(server: GoogleBusiness) -> None:
    server.say("Slow service", "Anna de Wit", 2)
    (found,) = heard(server).found
    assert (found.text, found.direct, found.author.name) == ("★★☆☆☆\nSlow service", True, "Anna de Wit")
    assert found.posted_at is not None
    assert not found.edited


def test_stars_alone_are_a_review(server: GoogleBusiness) -> None:
    server.say("", stars=5)
    assert [each.text for each in heard(server).found] == ["★★★★★"]


def test_two_of_one_name_are_two_people(server: GoogleBusiness) -> None:
    server.say("Good", "Anna")
    server.say("Bad", "Anna")
    assert len({each.author.id for each in heard(server).found}) == 2


@pytest.mark.parametrize(
    "comment",
    [
        "Trage bediening\n\n(Translated by Google)\nSlow service",
        "(Translated by Google) Slow service\n\n(Original)\nTrage bediening",
    ],
)
def test_the_authors_own_words_are_kept_and_not_their_translation(
    server: GoogleBusiness, comment: str
) -> None:
    server.say(comment)
    assert [each.text for each in heard(server).found] == ["★★☆☆☆\nTrage bediening"]


def test_a_changed_review_is_told_again_as_changed(server: GoogleBusiness) -> None:
    review = server.say("Slow")
    first = heard(server)
    server.change(review, "Slow, but they called me")
    second = heard(server, first.cursor)
    (again,) = second.found
    assert (again.id, again.edited) == (first.found[0].id, True)
    assert again.text.endswith("Slow, but they called me")
    assert again.as_of is not None
    assert again.posted_at == first.found[0].posted_at
    assert heard(server, second.cursor).found == ()


def test_a_call_of_google_names_a_review_that_is_then_asked_for(server: GoogleBusiness) -> None:
    review = server.say("Slow service", id="AbC")
    pushed = (Path(__file__).parent.parent / "data/platforms/google_business_pubsub_push.json").read_bytes()
    for channel, texts in ((google_business(server), ["★★☆☆☆\nSlow service"]), (None, [])):
        kit = Kit(http=Http(), shelf=MemoryShelf(), through={"google_business": channel}.get)
        heard = webhook.Webhook("google-pubsub", "", kit).hear({}, pushed)
        assert [each.text for each in heard] == texts
        assert {each.platform for each in heard} <= {"google_business"}
    assert google_business(server).told(["accounts/9/locations/2/reviews/AbC"]) == (), "another's place"
    assert google_business(server).told([f"{PLACE}/reviews/gone"]) == ()
    assert review.id == google_business(server).told([f"{PLACE}/reviews/AbC"])[0].id


# answers -----------------------------------------------------------------------------------------------


def test_a_long_name_of_a_review_is_answered_all_the_same(server: GoogleBusiness) -> None:
    first = server.say("The first", id="x" * 90)
    (oldest,) = heard(server).found
    for n in range(60):
        server.say(f"Review {n}", id=f"{n:03}{'x' * 90}")
    assert oldest.id.startswith("h.")
    sent = google_business(server).publish(to(oldest.id), "Thank you", "t1", "en")
    assert first.answer == "Thank you"
    assert google_business(server).find(to(oldest.id), "Thank you", "t1", SINCE) == sent


def test_nobodys_answer_is_written_over(server: GoogleBusiness) -> None:
    review = server.say("Slow")
    review.answer, review.answered = "From a colleague", datetime.now(UTC)
    with pytest.raises(Rejected, match="has an answer already"):
        google_business(server).publish(to(review.id), "From me", "t1", "en")
    assert review.answer == "From a colleague"


def test_an_answer_is_changed_and_asked_twice_it_is_the_same(server: GoogleBusiness) -> None:
    review = server.say("Slow")
    channel = google_business(server)
    sent = channel.publish(to(review.id), "Sorry", "t1", "en")
    for _ in range(2):
        assert channel.edit(sent.remote_id, "Sorry, Anna").text == "Sorry, Anna"
    assert server.ours() == ["Sorry, Anna"]


def test_what_is_gone_is_not_answered_nor_changed(server: GoogleBusiness) -> None:
    for deed in ("publish", "edit"):
        given = (to("gone"), "Sorry", "t1", "en") if deed == "publish" else ("gone", "Sorry")
        with pytest.raises(Rejected, match="not there any more"):
            getattr(google_business(server), deed)(*given)


def test_bytes_are_counted(server: GoogleBusiness) -> None:
    review = server.say("Slow")
    channel = google_business(server)
    channel.publish(to(review.id), "é" * 2048, "t1", "nl")
    other = server.say("Slow too")
    with pytest.raises(Rejected, match="too long"):
        channel.publish(to(other.id), "é" * 2049, "t2", "nl")


def test_it_posts_nothing_of_its_own(server: GoogleBusiness) -> None:
    with pytest.raises(Rejected):
        google_business(server).publish(None, "Open day!", "t1", "en")


# the key -----------------------------------------------------------------------------------------------


def test_a_key_is_tried(server: GoogleBusiness) -> None:
    assert google_business(server).check() is None
    with pytest.raises(Unauthorized, match="invalid authentication credentials"):
        google_business(server, "another").check()
    server.forbids = True
    with pytest.raises(Unauthorized, match="does not have permission"):
        google_business(server).check()


@pytest.mark.parametrize(
    "place", ["", "locations/2", "accounts/1/locations/2/reviews", "accounts/../locations/2"]
)
def test_a_place_is_named_as_google_does(place: str) -> None:
    with pytest.raises(BadInput, match="location: the place as Google names it"):
        platform("google_business", {"location": place}, {}, Http())
