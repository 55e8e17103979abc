"""What rings, what waits for the end of the quiet hours, and whose an address is."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.alerting import (
    Notice,
    Ways,
    bell,
    chat_of,
    heard_by,
    own_bell,
    owner,
    quiet_block,
    quiet_until,
    ring,
)
from chalicelib.domain.verdict import Reading, Sentiment
from chalicelib.errors import BadInput

ZONE = "Europe/Amsterdam"


def reading(sentiment: Sentiment, certainty: float = 0.9, **more: object) -> Reading:
    rest = (1 - certainty) / 2
    odds = {Sentiment.NEGATIVE: (certainty, rest, rest), Sentiment.POSITIVE: (rest, rest, certainty)}
    probabilities = odds.get(sentiment, (rest, certainty, rest))
    return Reading(language="nl", sentiment=sentiment, probabilities=probabilities, judge="test", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of", "rung"),
    [
        (reading(Sentiment.NEGATIVE), "negative"),
        (reading(Sentiment.POSITIVE), "positive"),
        (reading(Sentiment.NEGATIVE, 0.6), ""),
        (reading(Sentiment.NEUTRAL), ""),
        (reading(Sentiment.NEUTRAL, urgency=2), "urgent"),
        (reading(Sentiment.POSITIVE, urgency=3), "urgent"),
        (reading(Sentiment.NEUTRAL, intents=("question", "press")), "press"),
        (reading(Sentiment.NEGATIVE, intents=("press",)), "press"),
        (reading(Sentiment.NEUTRAL, urgency=2, intents=("press",)), "urgent"),
        (reading(Sentiment.NEUTRAL, urgency=1), ""),
    ],
)
def test_what_a_message_rings_for(of: Reading, rung: str) -> None:
    assert ring(of) == rung


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        ("22:00-07:30", "2026-11-23T21:59+01:00", None),
        ("22:00-07:30", "2026-11-23T22:00+01:00", "2026-11-24T07:30+01:00"),
        ("22:00-07:30", "2026-11-24T03:00+01:00", "2026-11-24T07:30+01:00"),
        ("22:00-07:30", "2026-11-24T07:30+01:00", None),
        ("12:00-13:00", "2026-11-23T12:30+01:00", "2026-11-23T13:00+01:00"),
        ("12:00-13:00", "2026-11-23T13:00+01:00", None),
        ("", "2026-11-23T03:00+01:00", None),
        # the clock goes back an hour at 03:00 on 25 October, and forward at 02:00 on 29 March
        ("22:00-07:30", "2026-10-24T23:00+02:00", "2026-10-25T07:30+01:00"),
        ("22:00-07:30", "2026-03-28T23:00+01:00", "2026-03-29T07:30+02:00"),
        ("22:00-02:30", "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"),
    ],
)
def test_quiet_hours_are_those_of_the_wall_there(quiet: str, now: str, until: str | None) -> None:
    assert quiet_until(quiet, ZONE, at(now)) == (at(until) if until else None)


@pytest.mark.parametrize("wrong", ["22-7", "22:00", "24:00-07:00", "07:00-07:00", "a:00-b:00", "22:00-07:60"])
def test_what_are_no_quiet_hours(wrong: str) -> None:
    with pytest.raises(ValueError, match="22:00-07:30"):
        quiet_block(wrong)


def test_a_colleague_hears_of_their_departments_and_of_what_can_wait_after_their_quiet_hours() -> None:
    night = at("2026-11-24T02:00+01:00")
    own = Ways(brand="b", user="1", name="Noor", departments=("desk",), quiet="22:00-07:30")
    assert own.hears(bell("desk", "negative"))
    assert not own.hears(bell("shop", "urgent"))
    assert own.until(bell("desk", "negative"), ZONE, night) is None
    assert own.until(bell("desk", "positive"), ZONE, night) == at("2026-11-24T07:30+01:00")
    assert own.until(bell("desk", "positive"), ZONE, at("2026-11-24T12:00+01:00")) is None
    anybody = Ways(brand="b", user="1", name="Noor")
    assert anybody.hears(bell("shop", "positive"))
    assert anybody.until(bell("shop", "positive"), ZONE, night) is None


@pytest.mark.parametrize("drill", [False, True])
def test_a_bell_is_a_department_and_a_ring_and_may_be_ones_own(drill: bool) -> None:
    desks = bell("front-desk", "late", drill=drill)
    theirs = own_bell(desks, "7f3a-1")
    assert heard_by(desks) == heard_by(theirs) == ("front-desk", "late")
    assert (owner(desks), owner(theirs)) == ("", "7f3a-1")
    notice = Notice(brand="b", id="", at=at("2026-11-24T12:00+01:00"), bell=theirs, subject="")
    assert notice.drill is drill


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://hooks.slack.com/services/T0/B0/fake", "slack"),
        ("https://discord.com/api/webhooks/1/fake", "discord"),
        ("https://discord.com/api/webhooks/1/fake?thread_id=2", "discord"),
        ("https://api.telegram.org/bot1:fake/sendMessage?chat_id=-100", "telegram"),
        (
            "https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=f",
            "teams",
        ),
        ("https://x.api.powerplatform.com/anything?sig=fake", "teams"),
        ("https://chat.example/in", ""),
        ("https://hooks.slack.com.evil.example/in", ""),
    ],
)
def test_the_address_tells_whose_chat_it_is(address: str, kind: str) -> None:
    assert chat_of(address) == kind


@pytest.mark.parametrize(
    "address",
    ["https://org.webhook.office.com/webhookb2/x", "https://api.telegram.org/bot1:fake/sendMessage"],
)
def test_an_address_that_cannot_work_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        chat_of(address)
