"""Promises beside the story: the same thing once, poison apart, a broken source alone, a shut door."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Channel
from chalicelib.domain.delta import Delta
from chalicelib.domain.mention import Mention
from chalicelib.ports import Answer
from chalicelib.tasks import Understand
from tests.servers.base import Reply
from tests.servers.feeds import bomb, drip, endless, hang, item, redirect, rss
from tests.stages.town import BRAND, COMPLAINT, COMPLIMENT, Town, brand, signed

Make = Callable[..., Mention]


def test_the_same_mention_five_times_by_poll_and_by_webhook_is_one(town: Town) -> None:
    guid = "https://blog.example/0"
    town.feed(COMPLAINT)
    town.feeds.publish("/copy.xml", rss(item(guid, COMPLAINT, date="Mon, 16 Nov 2026 09:12:00 GMT")))
    town.source("copy", "feed", {"url": f"{town.feeds.url}/copy.xml"}, interval=1, channel="wall")
    town.tick()
    town.drain()
    for n in range(3):
        town.wait(seconds=20)
        assert town.hear(COMPLAINT, id=guid, platform="feed", author=f"a{n}")["statusCode"] == 202
        town.drain()
    town.settle(2)

    assert len(town.mentions()) == len(town.cases()) == 1
    assert len(town.history(town.case())[0]) == 1


def test_r14_one_poison_mention_among_two_hundred(
    town: Town, mention: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten messages of twenty mentions each: 199 done once, 1 in the dead-letter queue with its reason."""
    everyone = [
        mention(f"m-{n}", text=f"{COMPLAINT} ({n})", heard_at=town.now, posted_at=town.now)
        for n in range(200)
    ]
    for one in everyone:
        wiring.mentions().add(one)
    judge = wiring.judge()
    judged: list[str] = []

    class Poisoned:
        version = judge.version

        def read(self, text: str, hint: str = "", delta: Delta | None = None) -> object:
            if text.endswith("(123)"):
                raise RuntimeError("it chokes on this")
            judged.append(text)
            return judge.read(text, hint, delta)

    monkeypatch.setattr(wiring, "judge", Poisoned)
    wiring.tasks().send(Understand(tuple(everyone[n : n + 20])) for n in range(0, 200, 20))
    town.drain()

    assert len(judged) == len(set(judged)) == 199
    assert len(town.judged()) == 199
    ((body, reason),) = town.world.reasons("understand")
    assert [m["key"]["id"] for m in json.loads(body)["mentions"]] == ["m-123"]
    assert reason == "RuntimeError: it chokes on this"


BAD: dict[str, tuple[Callable[[], Reply], str]] = {
    "hangs": (hang, "within"),
    "is endless": (endless, "MB"),
    "is a bomb": (bomb, "MB"),
    "is slow": (drip, "within"),
    "is not XML": (
        lambda: Reply(body=b"<html><body>Welkom", headers={"Content-Type": "text/html"}),
        "not a feed",
    ),
    "leads inside": (lambda: redirect("http://169.254.169.254/latest/meta-data/"), "network"),
    "answers 500": (lambda: Reply(500), "500"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_feed_is_reported_at_its_source_and_stops_nothing_else(
    what: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = wiring.http()

    class Hasty:
        """Waits one second where the real thing waits ten."""

        def request(self, *args: Any, **named: Any) -> Answer:
            return http.request(*args, **{**named, "seconds": 1})

    monkeypatch.setattr(wiring, "http", Hasty)
    reply, words = BAD[what]
    url = town.feeds.misbehave("/bad.xml", reply)
    town.source("bad", "feed", {"url": url}, interval=1)
    town.feed(COMPLIMENT)
    town.tick()
    town.drain()

    state = wiring.sources().get(BRAND, "bad")[1]
    assert state.failures == 1
    assert words in state.reason, state.reason
    assert state.failing_since == town.now
    assert len(town.cases()) == 1, "the other feed was heard all the same"
    assert town.world.waiting("poll-dead") == []

    # It is asked again, later and later; and when it is well, nothing is left of it.
    town.wait(minutes=1)
    town.tick()
    town.feeds.publish("/bad.xml", rss(item("https://blog.example/late", COMPLAINT)))
    town.settle(3)
    healed = wiring.sources().get(BRAND, "bad")[1]
    assert (healed.failures, healed.reason, healed.failing_since) == (0, "", None)


BODY = json.dumps(
    {
        "type": "mention.created",
        "timestamp": "2026-11-16T09:12:00Z",
        "data": {"id": "1", "text": COMPLAINT, "author": {"handle": "kees"}},
    }
).encode()


@pytest.mark.parametrize(
    ("status", "reason", "how"),
    [
        (401, "wrong", {"headers": {"webhook-signature": "v1,AAAA"}}),
        (401, "missing", {"without": "webhook-signature"}),
        (401, "stale", {"late": timedelta(minutes=6)}),
        (401, "stale", {"late": timedelta(minutes=-6)}),
        (401, "wrong", {"body": BODY.replace(b": ", b":")}),
        (404, "unknown-source", {"path": f"/{BRAND}/nobody"}),
        (404, "unknown-source", {"path": "/other/reviews"}),
        (404, "unknown-source", {"path": "/../../etc/passwd"}),
        (405, "method", {"method": "GET"}),
        (413, "too-big", {"body": b"x" * 3_000_001}),
    ],
)
def test_what_is_refused_at_the_door_writes_nothing_and_is_counted(
    town: Town, capsys: pytest.CaptureFixture[str], status: int, reason: str, how: dict[str, object]
) -> None:
    """S1, S2, S4, S7, S8."""
    late = how.get("late", timedelta())
    assert isinstance(late, timedelta)
    headers = signed(BODY, town.now - late)
    other = how.get("headers", {})
    assert isinstance(other, dict)
    headers |= other
    headers.pop(str(how.get("without", "")), None)
    body = how.get("body", BODY)
    assert isinstance(body, bytes)
    path = str(how.get("path", f"/{BRAND}/reviews"))
    before = town.world.items()
    capsys.readouterr()

    answer = town.call(
        body,
        path,
        headers=headers,
        requestContext={"http": {"method": how.get("method", "POST"), "path": path}},
    )

    assert answer["statusCode"] == status
    assert json.loads(answer["body"]) == {"error": reason}
    assert town.world.items() == before
    assert not town.world.waiting("hear")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["reason"] for line in lines if line.get("refused") == 1.0] == [reason]


def test_s3_an_exact_replay_is_accepted_and_changes_nothing(town: Town) -> None:
    headers = signed(BODY, town.now)
    for _ in range(3):
        assert town.call(BODY, headers=dict(headers))["statusCode"] == 202
        town.drain()
    assert len(town.mentions()) == len(town.cases()) == 1


def test_what_we_accepted_and_cannot_read_is_kept_with_the_field_that_is_wrong(town: Town) -> None:
    body = BODY.replace(b'"handle"', b'"handel"')
    assert town.call(body)["statusCode"] == 202
    town.drain()
    ((_, reason),) = town.world.reasons("hear")
    assert "author" in reason
    assert "handel" in reason or "handle" in reason
    assert town.mentions() == []


def test_s28_a_message_that_is_not_ours_gets_nowhere(town: Town, mention: Make) -> None:
    """Injected into the queue: a mention that was never kept, of a brand that is not there."""
    wiring.tasks().send([Understand((mention("x"),)), Understand((mention("y", brand="stranger"),))])
    town.drain()
    assert town.cases() == []
    assert town.mentions() == []
    assert len(town.world.reasons("understand")) == 2


def test_an_outage_of_ours_is_caught_up_in_one_tick(town: Town) -> None:
    """Ticks were missed for an hour: every source is asked once, at the next."""
    town.feed(COMPLAINT)
    town.wait(minutes=60)
    town.tick()
    assert len(town.world.waiting("poll")) == 2
    town.drain()
    assert len(town.cases()) == 1


def test_one_alert_for_a_storm(town: Town) -> None:
    """The first goes out at once, what follows is gathered, and everything is told in the end."""
    for n in range(12):
        town.hear(f"{COMPLAINT} Alweer nummer {n}!", id=f"r-{n}", author=f"a{n}")
        town.drain()
        town.wait(seconds=10)
    assert len(town.world.mails()) == 1
    town.settle(11)
    first, rest = (vars(mail)["body"] for mail in town.world.mails())
    assert "@a0 " in first
    assert all(f"@a{n} " in rest for n in range(1, 12))


def test_an_alert_that_cannot_be_mailed_stops_nothing_and_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.errors import Unavailable

    class Down:
        def send(self, **_: object) -> None:
            raise Unavailable("mail", "throttled")

    real = wiring.mail
    monkeypatch.setattr(wiring, "mail", Down)
    town.hear(COMPLAINT)
    town.drain()
    assert len(town.cases()) == 1
    assert town.world.waiting("respond-dead") == []
    monkeypatch.setattr(wiring, "mail", real)
    town.settle(11)
    assert len(town.world.mails()) == 1


def test_a_webhook_of_the_department_is_told_too(town: Town) -> None:
    """Any address: told with the same words, and with the cases for programs to read."""
    desk = replace(brand().departments[0], alert_webhook=True)
    wiring.brands().put(replace(brand(), departments=(desk,)))
    address = town.feeds.misbehave("/alarm", Reply(204))
    wiring.secrets().put(f"alert/{BRAND}/desk", {"url": address})
    town.hear(COMPLAINT, author="regenjas42")
    town.drain()

    (told,) = (request for request in town.feeds.requests if request.path == "/alarm")
    body = json.loads(told.body)
    assert told.method == "POST"
    assert "@regenjas42 is ontevreden" in body["text"]
    assert body["cases"] == [
        {
            "case": str(town.case().key),
            "sentiment": "negative",
            "due": town.case().due.isoformat(),
        }
    ]
    assert len(town.world.mails()) == 1


def test_an_alert_that_reached_nobody_is_tried_again(town: Town) -> None:
    desk = replace(brand().departments[0], alert_webhook=True, alert_mail=())
    wiring.brands().put(replace(brand(), departments=(desk,)))
    address = town.feeds.misbehave("/alarm", Reply(500))
    wiring.secrets().put(f"alert/{BRAND}/desk", {"url": address})
    town.hear(COMPLAINT)
    town.drain()
    town.feeds.misbehave("/alarm", Reply(200))
    town.settle(11)
    assert [request.path for request in town.feeds.requests].count("/alarm") == 2
    town.settle(11)
    assert [request.path for request in town.feeds.requests].count("/alarm") == 2, "told once is told"


def test_one_bad_message_in_a_call_of_many_goes_to_the_dead_letters_alone(town: Town) -> None:
    data = [{"id": f"m-{n}", "text": COMPLAINT, "author": {"handle": f"a{n}"}} for n in range(3)]
    data[1]["posted_at"] = "0001-01-01T00:00:00+14:00"
    body = {"type": "mention.created", "timestamp": "2026-11-16T09:12:00Z", "data": data}
    assert town.call(json.dumps(body).encode())["statusCode"] == 202
    town.drain()

    assert len(town.cases()) == 2
    ((dead, reason),) = town.world.reasons("hear")
    assert "posted_at" in reason
    assert json.loads(base64.b64decode(json.loads(dead)["body"]))["data"]["id"] == "m-1"


def test_a_message_is_answered_only_where_its_network_is(town: Town) -> None:
    """What a webhook tells of a network is not sent through a channel of another."""
    elsewhere = Channel(id="masto", platform="mastodon", name="M", settings={"instance": "https://m.example"})
    wiring.brands().put(replace(brand(), channels=(*brand().channels, elsewhere)))
    town.source("reviews", "webhook", interval=0, watched=False, channel="masto")
    town.hear(COMPLAINT, id="r-1")
    town.hear(COMPLAINT, id="103186126728896492", platform="mastodon")
    town.drain()
    assert {case.key.platform: case.channel for case in town.cases()} == {"webhook": "", "mastodon": "masto"}
