"""The door for those who call us: every form of call, end to end; S1 to S8, as attacks on every form."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote

import pytest

import app
from chalicelib import wiring
from chalicelib.domain.knock import SIGNINGS, UNPROVEN, slots
from chalicelib.errors import Unreachable
from chalicelib.ports import Answer
from chalicelib.stages import hear
from tests.harness.hooks import hooked
from tests.harness.poller import Context
from tests.stages import callers
from tests.stages.town import BRAND, COMPLAINT, Town, signed

MENTION = {"id": "1", "text": COMPLAINT, "author": {"handle": "kees"}}
BODY = json.dumps({"type": "mention.created", "timestamp": "2026-11-16T09:12:00Z", "data": MENTION}).encode()
SIGNED = [
    scheme for scheme in SIGNINGS if scheme not in ("telegram", "google-pubsub", "webmention", "unsigned")
]
"""Those whose signature is over the body."""
TOLD = [scheme for scheme in SIGNINGS if scheme != "webmention"]
"""Those whose calls say themselves what was written; a link is looked at (`test_webmention_story.py`)."""
TIMED = ("standard-webhooks", "slack", "tiktok", "discord", "google-pubsub", "sns")
HEADERS = {
    "standard-webhooks": "webhook-signature",
    "github": "X-Hub-Signature-256",
    "meta": "X-Hub-Signature-256",
    "x": "x-twitter-webhooks-signature",
    "linkedin": "X-LI-Signature",
    "slack": "X-Slack-Signature",
    "discord": "X-Signature-Ed25519",
    "telegram": "X-Telegram-Bot-Api-Secret-Token",
    "tiktok": "TikTok-Signature",
    "discourse": "X-Discourse-Event-Signature",
    "mastodon": "X-Hub-Signature",
    "websub": "X-Hub-Signature",
    "teams": "Authorization",
    "google-pubsub": "Authorization",
}
"""Where the signature stands, for those that have it in a header."""
Ask = Callable[..., dict[str, Any]]


class Networks:
    """What stands at the addresses that are asked for public keys, and for a topic's confirmation."""

    def __init__(self, town: Town) -> None:
        self.asked: list[str] = []
        self.down = False
        self._pem = callers.certificate(town.now)

    def request(self, method: str, url: str, **more: Any) -> Answer:
        self.asked.append(url)
        if self.down:
            raise Unreachable("no answer")
        known = {
            "https://www.googleapis.com/oauth2/v3/certs": callers.google_keys(),
            callers.CERTIFICATE: self._pem,
        }
        confirmed = url.startswith("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription")
        body = known.get(url, b"<ok/>" if confirmed else b"")
        return Answer(status=200 if body else 404, headers={}, body=body, url=url)


@pytest.fixture
def networks(town: Town, monkeypatch: pytest.MonkeyPatch) -> Networks:
    made = Networks(town)
    monkeypatch.setattr(wiring, "http", lambda: made)
    return made


@pytest.fixture
def door(town: Town, networks: Networks) -> Ask:
    """Set up a source of a scheme, and call it: `headers` and `body` as the call says, if not otherwise."""

    def ask(scheme: str, said: bytes = BODY, *, source: str = "caller", **changes: Any) -> dict[str, Any]:
        if not any(wiring.secrets().get(slot) for slot in slots(BRAND, source)):
            listen(town, scheme, source)
        headers, made = callers.call(scheme, said, town.now)
        sent = {"headers": {"content-type": "application/json", **headers}, "body": made, **changes}
        raw = sent.pop("body")
        return town.call(raw, sent.pop("path", callers.path(scheme, source)), **sent)

    return ask


def listen(town: Town, scheme: str, source: str = "caller", **more: str) -> None:
    wiring.secrets().put(slots(BRAND, source)[0], callers.kept(scheme, **more))
    settings = {"scheme": scheme, "topic": callers.FEED}
    town.source(source, "webhook", settings, interval=0, watched=False, channel="wall")


def get(town: Town, scheme: str, query: str, **more: Any) -> dict[str, Any]:
    path = more.pop("path", callers.path(scheme))
    context = {"http": {"method": "GET", "path": path}}
    return town.call(
        b"", path, headers={"accept": "*/*"}, rawQueryString=query, requestContext=context, **more
    )


def refused(town: Town, answer: dict[str, Any], status: int = 401) -> str:
    """Why; and nothing came of it."""
    assert answer["statusCode"] == status, answer
    assert not town.world.waiting("hear")
    return str(json.loads(answer["body"])["error"])


@pytest.mark.parametrize("scheme", TOLD)
def test_a_good_call_of_every_form_becomes_a_case(town: Town, door: Ask, scheme: str) -> None:
    answer = door(scheme, BODY if scheme != "websub" else feed(COMPLAINT, town))
    assert answer["statusCode"] == SIGNINGS[scheme].status
    assert bool(answer["body"]) == (answer["statusCode"] == 202)
    town.drain()
    assert len(town.cases()) == 1
    assert town.world.reasons("hear") == []


@pytest.mark.parametrize("scheme", HEADERS)
@pytest.mark.parametrize("how", ["missing", "empty", "short", "loud", "twice", "other"])
def test_s1_a_wrong_signature_is_refused(town: Town, door: Ask, scheme: str, how: str) -> None:
    headers, body = callers.call(scheme, BODY, town.now)
    name = HEADERS[scheme]
    right = headers[name]
    headers[name] = {
        "missing": "",
        "empty": "",
        "short": right[:-1],
        "loud": right.upper(),
        "twice": f"{right},{right}",
        "other": right[:-3] + ("aaa" if not right.endswith("aaa") else "bbb"),
    }[how]
    if how == "missing":
        del headers[name]
    listen(town, scheme)
    before = town.world.items()
    answer = door(scheme, headers={**headers, "accept": "*/*"}, body=body)
    assert refused(town, answer) in ("missing", "malformed", "wrong")
    assert town.world.items() == before


@pytest.mark.parametrize("scheme", TIMED)
@pytest.mark.parametrize("minutes", [-6, 6])
def test_s2_a_call_of_another_time_is_refused(town: Town, door: Ask, scheme: str, minutes: int) -> None:
    slow = {"google-pubsub": 65, "sns": 70}.get(scheme, 6) if minutes > 0 else 6
    headers, body = callers.call(scheme, BODY, town.now)
    town.wait(minutes=slow if minutes > 0 else minutes)
    assert refused(town, door(scheme, headers=headers, body=body)) == "stale"


@pytest.mark.parametrize("scheme", TOLD)
def test_s3_an_exact_replay_is_taken_and_changes_nothing(town: Town, door: Ask, scheme: str) -> None:
    body = BODY if scheme != "websub" else feed(COMPLAINT, town)
    headers, sent = callers.call(scheme, body, town.now)
    for _ in range(3):
        answer = door(scheme, headers={"content-type": "application/json", **headers}, body=sent)
        assert answer["statusCode"] == SIGNINGS[scheme].status
        town.drain()
    assert len(town.mentions()) == len(town.cases()) == 1


@pytest.mark.parametrize("scheme", SIGNED)
def test_s4_the_same_said_in_other_bytes_is_refused(town: Town, door: Ask, scheme: str) -> None:
    headers, body = callers.call(scheme, BODY, town.now)
    others = [body.replace(b": ", b":", 1), body + b"\n", body.replace(b"a", b"\\u0061", 1)]
    for other in others:
        if other != body:
            answer = door(scheme, headers=headers, body=other)
            if scheme == "sns":  # spaces between its fields are not signed
                continue
            assert refused(town, answer) in ("wrong", "malformed")


@pytest.mark.parametrize("scheme", ["standard-webhooks", "meta", "slack", "discord", "websub", "telegram"])
def test_s5_bytes_that_are_no_text_are_verified_as_they_are(town: Town, door: Ask, scheme: str) -> None:
    """And what we took and cannot read is not lost."""
    body = b"\xff\xfe\x00 not UTF-8"
    assert door(scheme, body)["statusCode"] == SIGNINGS[scheme].status
    if scheme != "telegram":
        headers, _ = callers.call(scheme, body, town.now)
        text = body.decode("utf-8", "replace").encode()
        assert door(scheme, headers=headers, body=text)["statusCode"] == 401
    town.drain()
    assert town.mentions() == []
    assert len(town.world.reasons("hear")) == 1


def test_s5_what_is_called_base64_and_is_not_is_refused(town: Town, door: Ask) -> None:
    door("github")
    town.drain()
    path = f"/{BRAND}/caller"
    event = {"rawPath": path, "headers": {}, "requestContext": {"http": {"method": "POST", "path": path}}}
    for body, flag in (("%%%", True), ("a", True), ("\ud800", False)):
        answer = app.receive_webhook({**event, "body": body, "isBase64Encoded": flag}, Context())
        assert refused(town, answer, 400) == "malformed"


CHALLENGE = "1158201444"
META = f"hub.mode=subscribe&hub.challenge={CHALLENGE}&hub.verify_token={callers.WORD}"
WEBSUB = f"hub.topic=https%3A%2F%2Fblog.example%2Ffeed.xml&hub.challenge={CHALLENGE}&hub.lease_seconds=864000"


@pytest.mark.parametrize(
    ("scheme", "query", "status"),
    [
        ("meta", META.replace(callers.WORD, "guessed"), 403),
        ("meta", META.replace(callers.WORD, ""), 403),
        ("meta", META.replace("subscribe", "unsubscribe"), 403),
        ("meta", META.replace(CHALLENGE, "%3Cscript%3Ealert(1)%3C/script%3E"), 403),
        ("meta", META.replace(CHALLENGE, "a" * 257), 403),
        ("meta", "", 403),
        ("websub", f"hub.mode=subscribe&{WEBSUB}".replace("feed.xml", "other.xml"), 404),
        ("websub", f"hub.mode=publish&{WEBSUB}", 404),
        ("websub", f"hub.mode=subscribe&{WEBSUB}".replace(CHALLENGE, "%3Cb%3E"), 403),
        ("websub", f"hub.mode=subscribe&{WEBSUB}".replace(CHALLENGE, "a%20%22b%22"), 403),
        ("websub", f"hub.mode=subscribe&{WEBSUB}".replace(CHALLENGE, "%C3%A9"), 403),
        ("x", "", 403),
        ("x", "crc_token=", 403),
        ("x", f"crc_token={'a' * 501}", 403),
        ("linkedin", "challengeCode=%3Cscript%3E", 403),
        ("linkedin", "", 403),
        ("slack", "challenge=abc", 405),
        ("github", "hub.challenge=abc", 405),
    ],
)
def test_s6_a_challenge_that_is_not_for_us_is_forbidden(
    town: Town, networks: Networks, scheme: str, query: str, status: int
) -> None:
    listen(town, scheme)
    answer = get(town, scheme, query)
    refused(town, answer, status)
    assert answer["headers"]["content-type"] == "application/json"
    assert "script" not in answer["body"]


@pytest.mark.parametrize("scheme", [each for each in SIGNINGS if each not in ("google-pubsub", "sns")])
def test_s7_a_call_good_at_one_source_is_refused_at_another(town: Town, door: Ask, scheme: str) -> None:
    other = ({} | dict.fromkeys(("unsigned", "webmention"), "another-word-that-nobody-guesses-x")).get(
        scheme, "another-secret-of-another-one"
    )
    if scheme == "standard-webhooks":
        other = "whsec_" + base64.b64encode(b"another secret of thirty-two byt").decode()
    if scheme == "discord":
        other = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    if scheme == "web-push":
        other = f"{callers.url64(bytes(16))}.{callers.url64(bytes(31) + bytes([9]))}"
    if scheme == "teams":
        other = base64.b64encode(b"another key of thirty-two bytes.").decode()
    listen(town, scheme, "other", secret=other)
    assert refused(town, door(scheme, source="other")) == "wrong"


def test_s7_a_token_for_one_address_is_refused_at_another(town: Town, door: Ask) -> None:
    listen(town, "google-pubsub", "other")
    assert refused(town, door("google-pubsub", source="other")) == "wrong"


@pytest.mark.parametrize("scheme", ["standard-webhooks", "slack", "discord", "sns", "google-pubsub", "meta"])
@pytest.mark.parametrize("shape", ["deep", "long"])
def test_s8_what_no_parser_can_bear_is_answered_at_once(
    town: Town, door: Ask, scheme: str, shape: str
) -> None:
    body = {"deep": b"[" * 100_000, "long": b"1" * 100_000}[shape]
    headers, _ = callers.call(scheme, body, town.now)
    answer = door(scheme, headers=headers, body=body)
    assert answer["statusCode"] in (200, 202, 204, 401)
    town.drain()
    assert town.mentions() == []


@pytest.mark.parametrize("size", [3_000_001, 10_000_000])
def test_s8_ten_megabytes_are_not_taken(town: Town, door: Ask, size: int) -> None:
    assert refused(town, door("github", b"x" * size), 413) == "too-big"


@pytest.mark.parametrize("scheme", sorted(UNPROVEN))
def test_who_proves_nothing_brings_little_and_more_is_not_even_looked_at(
    town: Town, door: Ask, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door(scheme, b"x" * 64_000)["statusCode"] == 202
    (task,) = town.world.waiting("hear")
    monkeypatch.setattr(wiring, "verify", None)
    answer = door(scheme, b"x" * 64_001)
    assert answer["statusCode"] == 413
    assert town.world.waiting("hear") == [task]


def many(number: int, filler: int) -> bytes:
    """A call of so many messages, each with so many characters that pack badly."""
    chance = Random(1)
    said = ("".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(filler)) for _ in range(number))
    data = [
        {"id": f"m{n}", "text": f"{COMPLAINT} {each}", "author": {"handle": f"kees{n}"}}
        for n, each in enumerate(said)
    ]
    whole = {"type": "mention.created", "timestamp": "2026-11-16T09:12:00Z", "data": data}
    return json.dumps(whole, ensure_ascii=False).encode()


def test_what_a_network_saved_up_is_taken_whole_in_several_messages(town: Town, door: Ask) -> None:
    body = many(40, 4_000)
    assert len(body) > 450_000
    assert door("github", body)["statusCode"] == 202
    assert len(town.world.waiting("hear")) > 1
    town.drain()
    assert len(town.mentions()) == 40
    assert town.world.reasons("hear") == []


def spoilt(*messages: dict[str, Any]) -> bytes:
    """A call of these and, in their midst, one that says nothing and one that is no message."""
    data = [*messages[:1], {"id": "none", "author": {"handle": "kees"}, "text": ""}, {"id": 7}, *messages[1:]]
    whole = {"type": "mention.created", "timestamp": "2026-11-16T09:12:00Z", "data": data}
    return json.dumps(whole).encode()


def said(id: str, text: str) -> dict[str, Any]:
    return {"id": id, "text": f"{COMPLAINT} {text}", "author": {"handle": f"kees-{id}"}}


@pytest.mark.parametrize("scheme", ["standard-webhooks", "github"])
def test_of_a_packed_call_only_the_bad_messages_are_lost_to_the_dead_letters(
    town: Town, door: Ask, scheme: str
) -> None:
    """Each of the large ones is more than a message of the queue holds as it is."""
    body = spoilt(*(said(str(n), f"De soep was koud {n}. " * 9_000) for n in range(4)))
    assert len(body) < 1_000_000
    assert door(scheme, body)["statusCode"] < 300
    assert len(town.world.waiting("hear")) == 1, "packed"
    town.drain()
    assert [each.rsplit("#")[-1] for each in town.mentions()] == ["0", "1", "2", "3"]
    lost = [
        json.loads(base64.b64decode(json.loads(letter)["body"])) for letter, _ in town.world.reasons("hear")
    ]
    assert [each["data"]["id"] for each in lost] == ["none", 7]
    assert not town.world.waiting("hear")


def test_one_that_comes_out_too_large_for_the_queue_takes_no_other_along(
    town: Town, door: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = json.loads(many(1, 3_000))["data"][0]
    body = spoilt(said("a", "Koud."), large, said("b", "Lauw."))
    door("github", body)
    monkeypatch.setattr(hear, "ROOM", 2_000)
    town.drain()
    assert [each.rsplit("#")[-1] for each in town.mentions()] == ["a", "b"]
    whole = [
        reason
        for letter, reason in town.world.reasons("hear")
        if base64.b64decode(json.loads(letter)["body"]) == body
    ]
    assert whole == ["BadTask: data: 1 of 5 are too large to be read alone, the others are"]
    assert len(town.world.reasons("hear")) == 3


@pytest.mark.parametrize("headers", [{}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}])
def test_one_message_that_no_queue_holds_and_what_is_forged_leave_nothing(
    town: Town, door: Ask, headers: dict[str, str]
) -> None:
    listen(town, "github")
    before = town.world.items()
    answer = door("github", many(1, 200_000), **({"headers": headers} if headers else {}))
    assert refused(town, answer, 401 if headers else 413) == ("wrong" if headers else "too-big")
    assert town.world.items() == before


def test_s29_a_flood_of_one_source_is_slowed_and_the_others_go_on(town: Town, door: Ask) -> None:
    wiring.pace.cache_clear()
    answers = [door("github")["statusCode"] for _ in range(250)]
    assert answers == [202] * 200 + [429] * 50
    slowed = door("github")
    assert (slowed["statusCode"], slowed["headers"]["retry-after"]) == (429, "10")
    assert door("discourse", source="forum")["statusCode"] == 200
    town.wait(seconds=10)
    assert door("github")["statusCode"] == 202


def test_s29_who_cannot_sign_does_not_slow_down_who_can(town: Town, door: Ask) -> None:
    wiring.pace.cache_clear()
    for _ in range(250):
        assert door("github", headers={"X-Hub-Signature-256": "sha256=" + "0" * 64})["statusCode"] == 401
    assert door("github")["statusCode"] == 202


def test_s29_made_up_addresses_are_not_all_looked_up_and_slow_down_nobody(town: Town, door: Ask) -> None:
    wiring.pace.cache_clear()
    assert door("github")["statusCode"] == 202
    asked: list[str] = []

    def count(params: dict[str, Any], **_: Any) -> None:
        asked.append(params["Name"])

    with hooked(("provide-client-params.ssm.GetParameter", count)):
        answers = [town.call(b"{}", f"/{BRAND}/made-up-{n}", headers={})["statusCode"] for n in range(300)]
        assert set(answers) == {404, 429}
        assert len(asked) <= 100
        assert door("github")["statusCode"] == 202, "one that was met goes on"
    town.wait(seconds=10)
    assert door("discourse", source="later")["statusCode"] == 200, "a new one is heard a little later"


# handshakes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("challenge", ["a.b+c/d=e", "x==", "~{f47ac10b:58cc}", "a,b;c!d"])
def test_a_hubs_challenge_is_any_string_that_a_browser_takes_for_no_more(
    town: Town, networks: Networks, challenge: str
) -> None:
    listen(town, "websub")
    query = f"hub.mode=subscribe&{WEBSUB}".replace(CHALLENGE, quote(challenge, safe=""))
    answer = get(town, "websub", query)
    assert (answer["statusCode"], answer["body"]) == (200, challenge)
    assert answer["headers"]["content-type"].startswith("text/plain")
    assert answer["headers"]["x-content-type-options"] == "nosniff"


def test_meta_and_the_hubs_hear_their_own_challenge_as_plain_text(town: Town, networks: Networks) -> None:
    listen(town, "meta")
    answer = get(town, "meta", META)
    assert (answer["statusCode"], answer["body"]) == (200, CHALLENGE)
    assert answer["headers"]["content-type"].startswith("text/plain")
    assert answer["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("mode", ["subscribe", "unsubscribe"])
def test_a_hub_is_told_that_we_meant_it_at_the_address_that_it_was_given(
    town: Town, networks: Networks, mode: str
) -> None:
    listen(town, "websub")
    guessed = get(town, "websub", f"hub.mode={mode}&{WEBSUB}", path=f"/{BRAND}/caller")
    assert refused(town, guessed, 404) == "topic"
    answer = get(town, "websub", f"hub.mode={mode}&{WEBSUB}")
    assert (answer["statusCode"], answer["body"]) == (200, CHALLENGE)


def test_a_hub_that_says_no_is_heard_out(town: Town, networks: Networks) -> None:
    listen(town, "websub")
    answer = get(
        town, "websub", "hub.mode=denied&hub.topic=https%3A%2F%2Fblog.example%2Ffeed.xml&hub.reason=no"
    )
    assert (answer["statusCode"], answer["body"]) == (200, "")


def test_x_and_linkedin_are_shown_that_we_know_the_secret(town: Town, networks: Networks) -> None:
    listen(town, "x")
    answer = get(town, "x", "crc_token=a%2Bb%2F%3D")
    mac = base64.b64encode(callers._mac(callers.secret("x"), b"a+b/=")).decode()
    assert json.loads(answer["body"]) == {"response_token": f"sha256={mac}"}
    listen(town, "linkedin")
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    answer = get(town, "linkedin", f"challengeCode={code}&applicationId=1")
    mac = callers._mac(callers.secret("linkedin"), code.encode()).hex()
    assert json.loads(answer["body"]) == {"challengeCode": code, "challengeResponse": mac}
    assert answer["headers"]["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("scheme", "body", "status", "told", "more"),
    [
        ("slack", {"type": "url_verification", "challenge": "3eZbrw1aBm2rZgRN"}, 200, "3eZbrw1aBm2rZgRN", {}),
        ("discord", {"type": 1, "id": "7", "token": "t", "version": 1}, 200, '{"type": 1}', {}),
        ("discord", {"type": 0, "version": 1, "application_id": "1"}, 204, "", {}),
        ("discourse", {"ping": "OK"}, 200, "", {"X-Discourse-Event": "ping"}),
        ("github", {"zen": "Keep it logically awesome."}, 200, "", {"X-GitHub-Event": "ping"}),
    ],
)
def test_a_network_that_only_asks_whether_we_are_there_is_answered_and_not_heard(
    town: Town, door: Ask, scheme: str, body: Any, status: int, told: str, more: dict[str, str]
) -> None:
    raw = json.dumps(body).encode()
    headers, _ = callers.call(scheme, raw, town.now)
    answer = door(scheme, raw, headers={**headers, **more})
    assert (answer["statusCode"], answer["body"]) == (status, told)
    assert not town.world.waiting("hear")
    wrong = door(
        scheme, raw, headers={**headers, **more, HEADERS[scheme]: headers[HEADERS[scheme]][:-4] + "0000"}
    )
    assert refused(town, wrong) == "wrong"


def test_s6_slacks_challenge_is_given_back_only_if_it_is_plain(town: Town, door: Ask) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "<script>alert(1)</script>"}).encode()
    assert refused(town, door("slack", body), 403) == "challenge"


CONFIRM = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=2336412f"


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_topic_of_ours_is_subscribed_to(town: Town, door: Ask, networks: Networks, version: str) -> None:
    confirm = {"Message": "You have chosen", "SubscribeURL": CONFIRM, "Token": "2336412f"}
    headers, body = callers.sns(town.now, "SubscriptionConfirmation", version, **confirm)
    assert door("sns", headers=headers, body=body)["statusCode"] == 200
    assert networks.asked == [callers.CERTIFICATE, CONFIRM]
    assert not town.world.waiting("hear")


@pytest.mark.parametrize(
    "change",
    [
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:mentions"},
        {
            "SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-00000000.pem"
        },
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-00000000.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-00000000.pem"},
        {"SubscribeURL": "https://169.254.169.254/"},
    ],
)
def test_a_strangers_topic_and_a_strangers_certificate_are_not_believed(
    town: Town, door: Ask, networks: Networks, change: dict[str, str]
) -> None:
    confirm = {"Message": "You have chosen", "SubscribeURL": CONFIRM, "Token": "2336412f", **change}
    headers, body = callers.sns(town.now, "SubscriptionConfirmation", **confirm)
    answer = door("sns", headers=headers, body=body)
    assert answer["statusCode"] in (401, 403)
    assert not [url for url in networks.asked if url != callers.CERTIFICATE]


def test_while_the_keys_of_a_network_cannot_be_had_it_is_asked_to_come_again(
    town: Town, door: Ask, networks: Networks
) -> None:
    wiring._fetched.cache_clear()
    networks.down = True
    assert refused(town, door("google-pubsub"), 503) == "unreachable"
    networks.down = False
    assert door("google-pubsub")["statusCode"] == 200
    town.wait(minutes=1)
    assert door("google-pubsub")["statusCode"] == 200
    assert len(networks.asked) == 2, "they are remembered"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "other@project.iam.gserviceaccount.com"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"iss": "https://evil.example"},
        {"aud": "https://elsewhere.example/"},
        {"exp": "soon"},
    ],
)
def test_another_account_of_googles_is_refused(town: Town, door: Ask, claims: dict[str, Any]) -> None:
    headers, body = callers.google(BODY, town.now, **claims)
    assert refused(town, door("google-pubsub", headers=headers, body=body)) in ("wrong", "malformed")


# two secrets at once ---------------------------------------------------------------------------------


def test_while_a_secret_is_replaced_both_are_good_and_then_one(town: Town, door: Ask) -> None:
    first, second = slots(BRAND, "caller")
    new = "another-secret-of-the-same-source"
    assert door("github")["statusCode"] == 202
    old_call = callers.call("github", BODY, town.now)[0]
    new_call = {"X-Hub-Signature-256": "sha256=" + callers._mac(new, BODY).hex()}
    assert refused_after(town, lambda: door("github", headers=new_call)) == "wrong"

    wiring.secrets().put(second, {"scheme": "github", "secret": new, "since": "2026-11-16"})
    for headers in (old_call, new_call):
        assert door("github", headers=headers)["statusCode"] == 202

    wiring.secrets().remove(first)
    assert refused_after(town, lambda: door("github", headers=old_call, path=f"/{BRAND}/caller")) == "wrong"


def refused_after(town: Town, ask: Callable[[], dict[str, Any]]) -> str:
    town.drain()
    return refused(town, ask())


def test_the_newest_secret_answers_a_challenge(town: Town, networks: Networks) -> None:
    listen(town, "x", since="2026-01-01")
    wiring.secrets().put(
        slots(BRAND, "caller")[1], callers.kept("x", secret="the newest", since="2026-02-01")
    )
    mac = base64.b64encode(callers._mac("the newest", b"abc")).decode()
    assert json.loads(get(town, "x", "crc_token=abc")["body"])["response_token"] == f"sha256={mac}"


def test_a_secret_that_cannot_be_used_is_not_passed_over_in_silence(town: Town, door: Ask) -> None:
    listen(town, "standard-webhooks")
    wiring.secrets().put(slots(BRAND, "caller")[1], {"scheme": "standard-webhooks", "secret": "whsec_"})
    headers = signed(BODY, town.now)
    wiring.secrets().put(slots(BRAND, "caller")[0], {"scheme": "standard-webhooks", "secret": "whsec_AAAA"})
    assert refused(town, door("standard-webhooks", headers=headers)) == "secret"


def test_an_address_that_holds_no_word_takes_none(town: Town, door: Ask) -> None:
    door("github")
    town.drain()
    assert refused(town, door("github", path=f"/{BRAND}/caller/{callers.WORD}"), 404) == "unknown-source"
    assert refused(town, door("unsigned", source="open", path=f"/{BRAND}/open")) == "missing"
    wrong = door("unsigned", source="open", path=f"/{BRAND}/open/{callers.WORD}x")
    assert refused(town, wrong) == "wrong"


def feed(text: str, town: Town) -> bytes:
    at = (town.now - timedelta(minutes=1)).isoformat()
    entry = (
        "<entry><id>https://blog.example/1</id><title>T</title><author><name>Kees</name></author>"
        f"<updated>{at}</updated><content>{text}</content><link href='https://blog.example/1'/></entry>"
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title>{entry}</feed>".encode()
