"""A brand with 100,000 kept mentions, as far as a page sees it, and an AWS that answers from it."""

import gc
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from unittest import mock
from urllib.parse import parse_qs

from bench.brand import THE_BRAND, account, asks, feed
from bench.table import Recorder, Stored
from bench.texts import texts
from chalicelib import wiring
from chalicelib.aws import clients
from chalicelib.aws.table import keys
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.case_items import from_item
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.posts import Posts
from chalicelib.aws.table.sources import Sources
from chalicelib.aws.table.store import decode
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState, token
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.post import Post, PostEvent, PostEventKind, PostKey, Slot, Variant
from chalicelib.domain.response import decide
from chalicelib.domain.source import SourceState
from chalicelib.domain.verdict import Verdict
from chalicelib.ports import Answer
from chalicelib.stages.respond import new_case
from chalicelib.tasks import Judged
from tests.harness.world import TABLE_NAME, environment, forget

TODAY, CASES, HELD, SENT, SOURCES = 4_000, 160, 12, 30, 40
CROWD, CROWD_FIRST = 100_000, 4_000
"""Cases that wait in a crowd, and how many of them, the first that are due, are kept."""
SHARES = ("service",) * 70 + ("lines",) * 28 + ("press",) * 2
"""Of a hundred cases, whose they are."""
EVERY, DAYS_BEFORE = timedelta(days=365) / 100_000, 900
"""Between two mentions of a year of 100,000, and how many of them."""
SEED = 20261123
Requests = list[str]
"""Names of what AWS was asked."""


@contextmanager
def canned(*, midnight: bool = False, crowd: bool = False) -> Iterator[tuple[Any, Requests, str]]:
    """The app, what AWS is asked, and the token of somebody who is signed in. Just after `midnight` the
    mentions of today are few, and those of the days before come at the pace of a year. In a `crowd` 100,000
    cases wait."""
    import app

    key, jwks = _key()
    requests: Requests = []
    with (
        mock.patch.dict(os.environ, environment()),
        mock.patch.object(wiring, "http", return_value=_Keys(jwks)),
        ExitStack() as own,
    ):
        forget()
        clients.reset()
        now = datetime.now(UTC)
        if midnight:
            now = now.replace(hour=0, minute=10, second=0, microsecond=0)
            own.enter_context(mock.patch.object(wiring, "now", return_value=now))
        _answer(_crowded(now) if crowd else _filled(now, midnight), requests)
        gc.freeze()  # the table is AWS's: no Lambda's memory holds it for the collector to walk through
        try:
            yield app.app, requests, _token(key, now)
        finally:
            gc.unfreeze()
            clients.reset()
            forget()


def event(path: str, token: str) -> dict[str, Any]:
    """As API Gateway calls a Lambda; on plain HTTP, for the names of the cookies."""
    route, _, query = path.partition("?")
    asked = parse_qs(query)
    return {
        "resource": route,
        "path": route,
        "httpMethod": "GET",
        "headers": {
            "host": "127.0.0.1:4580",
            "accept": "text/html",
            "accept-language": "nl",
            "cookie": f"webspin-id={token}; webspin-csrf=bench",
        },
        "multiValueQueryStringParameters": asked or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": "GET",
            "resourcePath": route,
            "requestId": "00000000-0000",
            "stage": "api",
        },
        "body": None,
        "isBase64Encoded": False,
    }


# who is signed in -----------------------------------------------------------------------------------


class _Keys:
    """Plays the door out, for the user pool's keys alone."""

    def __init__(self, jwks: bytes) -> None:
        self._jwks = jwks

    def request(self, method: str, url: str, **_: Any) -> Answer:
        return Answer(200, {}, self._jwks, url)


def _key() -> tuple[Any, bytes]:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from jwt.algorithms import RSAAlgorithm

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return key, json.dumps({"keys": [{**public, "kid": "bench", "use": "sig", "alg": "RS256"}]}).encode()


def _token(key: Any, now: datetime) -> str:
    import jwt

    claims = {
        "sub": "u-1",
        "aud": environment()["USER_CLIENT_ID"],
        "iss": environment()["TOKEN_ISSUER"],
        "token_use": "id",
        "exp": int((now + timedelta(hours=1)).timestamp()),
        "iat": int(now.timestamp()),
        "email": "anna@kwetterdam.example",
        "name": "Anna",
        "cognito:groups": ["manager"],
    }
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "bench"})


# the table -------------------------------------------------------------------------------------------


def _filled(now: datetime, midnight: bool) -> Stored:
    recorder = Recorder()
    Brands(lambda: recorder, TABLE_NAME).put(THE_BRAND)
    _sources(recorder, now)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    even = [start + (now - start) * number / TODAY for number in range(TODAY)]
    _heard(recorder, [now - EVERY * number for number in range(DAYS_BEFORE)] if midnight else even)
    _posts(recorder, now)
    return recorder.items


def _crowded(now: datetime) -> Stored:
    """Of 100,000 cases that wait, so far apart in time as a month brings them, those that are due first: no
    request looks further. Their texts are those of a day, over and over."""
    recorder = Recorder()
    Brands(lambda: recorder, TABLE_NAME).put(THE_BRAND)
    small = Recorder()
    _heard(small, [now - timedelta(hours=1) for _ in range(TODAY)])
    kept = [from_item(decode(item)) for item in small.items.values() if "listed" in item]
    apart = timedelta(days=30) / CROWD
    cases = Cases(lambda: recorder, TABLE_NAME)
    for number in range(CROWD_FIRST):
        like = kept[number % len(kept)]
        key = replace(like.key, root=f"{like.key.root}-{number}")
        department = SHARES[number % len(SHARES)]
        due = now - timedelta(days=15) + apart * number
        cases.open(replace(like, key=key, department=department, due=due))
    return recorder.items


def _sources(recorder: Recorder, now: datetime) -> None:
    sources = Sources(lambda: recorder, TABLE_NAME)
    listed = [feed(n, now - timedelta(days=30)) for n in range(SOURCES - 2)]
    listed += [account(n, now - timedelta(days=30)) for n in range(2)]
    for source in listed:
        sources.put(source)
        sources.set_state(source, SourceState(), SourceState(rev=1, seen=bytes(160), last_success=now))


def _heard(recorder: Recorder, moments: Sequence[datetime]) -> None:
    """Mentions of these moments, judged by the judge that is deployed; of every 25th there is a case."""
    mentions, cases = Mentions(lambda: recorder, TABLE_NAME), Cases(lambda: recorder, TABLE_NAME)
    written = islice(texts(Random(SEED), 1 / 4, asks), len(moments))
    for number, (at, text) in enumerate(zip(moments, written, strict=True)):
        key = MentionKey(THE_BRAND.id, "mastodon", str(110_000_000_000_000_000 + number))
        mention = Mention(
            key=key,
            source="account-0",
            author=Author(id=str(number), handle=f"reiziger{number % 900}", url="https://m.example/@r"),
            text=text,
            posted_at=at,
            heard_at=at,
            url=f"https://m.example/@r/{key.id}",
            watches=("naam",),
            channel=THE_BRAND.channels[0].id,
            direct=number % (TODAY // CASES) == 0,
        )
        reading = wiring.judge().read(text)
        verdict = Verdict(reading=reading, department="service", rule="first")
        decision = decide(mention, reading, at)
        mentions.add(mention)
        mentions.judge(mention, verdict, decision.action.value if decision.action else "ignore")
        if mention.direct and decision.action:
            conversation = CaseKey(key.brand, key.platform, key.id)
            cases.open(new_case(conversation, Judged(mention, verdict), THE_BRAND, decision))


def _posts(recorder: Recorder, now: datetime) -> None:
    posts = Posts(lambda: recorder, TABLE_NAME)
    channel = THE_BRAND.channels[0].id
    for number in range(HELD + SENT):
        key, state = PostKey(THE_BRAND.id, f"p-{number}"), DeliveryState.CONFIRMED
        at = now - timedelta(minutes=number)
        slot = Slot(f"{at:%Y-%m-%dT%H:%M}", "UTC")
        text = f"De trams rijden weer volgens de dienstregeling, lijn {number}"
        post = Post(
            key=key,
            rev=1,
            title=text,
            language="nl",
            variants=(Variant(channel=channel, text=text),),
            slot=slot,
            planned_by="Anna",
            planned_at=now - timedelta(days=2),
        )
        delivery_key = DeliveryKey(key, channel, 1)
        delivery = Delivery(
            key=delivery_key,
            state=state,
            text=text,
            title=text,
            language="nl",
            slot=slot,
            due=at,
            approved_by="Anna",
            approved_at=post.planned_at,
            token=token(delivery_key),
            sent_at=at,
        )
        if number < HELD:
            delivery = replace(delivery, state=DeliveryState.HELD, reason="the brake was on", sent_at=None)
        event = PostEvent(at=post.planned_at, id="planned", kind=PostEventKind.PLANNED, by="Anna", text=text)
        posts.add(post, [delivery], event)


# answering -------------------------------------------------------------------------------------------


def _answer(stored: Stored, requests: Requests) -> None:
    """Each question is worked out once; asked again it costs a look in a dictionary."""
    known: dict[tuple[str, bytes], bytes] = {}

    def answer(request: Any, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        target = request.headers.get("X-Amz-Target", b"")
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        requests.append(operation)
        asked = operation, request.body
        if asked not in known:
            known[asked] = json.dumps(_reply(operation, json.loads(request.body), stored)).encode()
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, _Raw(known[asked]))

    clients.session().register("before-send", answer)


class _Raw:
    """A body as urllib3 would give it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


def _reply(operation: str, asked: dict[str, Any], stored: Stored) -> dict[str, Any]:
    match operation:
        case "GetItem":
            found = stored.get(_name(asked["Key"]))
            return {"Item": found} if found else {}
        case "BatchGetItem":
            ((table, wanted),) = asked["RequestItems"].items()
            names = map(_name, wanted["Keys"])
            return {"Responses": {table: [stored[name] for name in names if name in stored]}}
        case "Query":
            return _queried(asked, stored)
        case "TransactWriteItems":
            return {}
    raise RuntimeError(f"no page asks for {operation}")


def _name(key: dict[str, Any]) -> str:
    return f"{key['pk']['S']}|{key['sk']['S']}"


def _queried(asked: dict[str, Any], stored: Stored) -> dict[str, Any]:
    """By the partition and the sort key's range or beginning; in order, as far as the limit, projected."""
    index = asked.get("IndexName", "")
    pk, sk = {"work": ("work", "work_key"), "by_day": ("day", "day_key")}.get(index, ("pk", "sk"))
    shown = {"work": keys.WORK, "by_day": keys.BY_DAY}.get(index, ())
    given = asked["ExpressionAttributeValues"]
    values = {name[1:]: held for name, value in given.items() for held in value.values()}
    found = [item for item in stored.values() if item.get(pk, {}).get("S") in values.values()]
    if "BETWEEN" in asked["KeyConditionExpression"]:
        first, last = values["after"], values["before"]
        found = [item for item in found if first <= item[sk]["S"] <= last]
    elif "begins_with" in asked["KeyConditionExpression"]:
        found = [item for item in found if item[sk]["S"].startswith(tuple(values.values()))]
    elif "<" in asked["KeyConditionExpression"]:
        found = [item for item in found if item[sk]["S"] < values["before"]]
    found.sort(key=lambda item: item[sk]["S"], reverse=asked.get("ScanIndexForward") is False)
    limit = asked.get("Limit", len(found))
    page, more = found[:limit], found[limit:]
    through = len(page)
    if "FilterExpression" in asked:
        page = [item for item in page if _is(item, values)]
    own = ("pk", "sk", pk, sk, *shown)
    items = [{name: item[name] for name in own if name in item} if index else item for item in page]
    last_key = {name: found[limit - 1][name] for name in ("pk", "sk", pk, sk)} if more else None
    reply = {"Items": items, "Count": len(items), "ScannedCount": through}
    return {**reply, **({"LastEvaluatedKey": last_key} if last_key else {})}


def _is(item: dict[str, Any], values: dict[str, Any]) -> bool:
    """Is it what the filters of a page of mentions leave?"""
    named = [name for name in ("label", "language", "state", "author") if name in values]
    watches = [each["S"] for each in item.get("watches", {}).get("L", ())]
    return (
        all(item[name]["S"] == values[name] for name in named)
        and item["pk"]["S"].startswith(values.get("platform", ""))
        and ("watch" not in values or values["watch"] in watches)
    )
