"""One realistic event for each handler, and the table and secrets it finds."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.brand import THE_BRAND, feed, hook, rss, webhook
from bench.table import Recorder, Stored
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.cases import Cases
from chalicelib.aws.table.mentions import Mentions
from chalicelib.aws.table.posts import Posts
from chalicelib.aws.table.shelf import Shelf
from chalicelib.aws.table.sources import Sources
from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState, token
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.month import before, month_of, span
from chalicelib.domain.post import Post, PostEvent, PostEventKind, PostKey, Variant
from chalicelib.domain.shape import dump
from chalicelib.domain.slots import slot_of
from chalicelib.domain.verdict import Reading, Sentiment, Verdict
from chalicelib.platforms.sandbox import Note
from chalicelib.tasks import Deliver, Hear, Judged, Poll, Respond, Task, Understand
from tests.harness.poller import body_event
from tests.harness.world import TABLE_NAME

Event = dict[str, Any]

SECRET = b"not-a-secret-only-a-measurement!"
PARAMETERS = {
    "/webspin/test/hook/kwetterdam/reviews": json.dumps(
        {"scheme": "standard-webhooks", "secret": f"whsec_{base64.b64encode(SECRET).decode()}"}
    )
}
"""By name, as SSM keeps them."""
TEXT = "Wat een waardeloze service van Kwetterdam Vervoer, ik ben woedend: weer te laat, schandalig!"


def seed(host: str, now: datetime) -> Stored:
    """The table as the handlers find it; the feed lies at `host`, such as http://127.0.0.1:4000."""
    recorder = Recorder()
    connected_at = now - timedelta(days=30)
    Brands(lambda: recorder, TABLE_NAME).put(THE_BRAND)
    sources = Sources(lambda: recorder, TABLE_NAME)
    sources.put(feed(1, connected_at, host))
    sources.put(hook(connected_at))
    case = _case(connected_at + timedelta(days=1))
    event = CaseEvent(at=case.received_at, id="reply-1", kind=EventKind.APPROVED, by="Anna")
    Cases(lambda: recorder, TABLE_NAME).approve(case, _delivery(case), event)
    _published(recorder, now - timedelta(hours=2))
    last_month = _mention(span(_last_month(now), THE_BRAND.zone)[0] + timedelta(days=3))
    mentions = Mentions(lambda: recorder, TABLE_NAME)
    mentions.add(last_month)
    mentions.judge(last_month, _verdict(), "answer")
    return recorder.items


def _published(recorder: Recorder, at: datetime) -> None:
    """A post on the sandbox's page, to be measured for the first time an hour after `at`."""
    post = Post(
        key=PostKey(THE_BRAND.id, "zondag"),
        rev=1,
        title="Zondag",
        language="nl",
        variants=(Variant(channel="sandbox", text="Zondag rijden we ook."),),
        slot=slot_of(at, THE_BRAND.zone),
        planned_by="Anna",
        planned_at=at,
    )
    key = DeliveryKey(post.key, "sandbox", 1)
    delivery = Delivery(
        key=key,
        state=DeliveryState.CONFIRMED,
        text=post.variants[0].text,
        language="nl",
        due=at,
        approved_by="Anna",
        approved_at=at,
        token=token(key),
        slot=post.slot,
        sent_at=at,
        remote_id=f"out-{token(key)}",
    )
    planned = PostEvent(at=at, id="planned", kind=PostEventKind.PLANNED, by="Anna")
    Posts(lambda: recorder, TABLE_NAME).add(post, [delivery], planned)
    note = Note(author=THE_BRAND.id, text=delivery.text, at=at)
    Shelf(lambda: recorder, TABLE_NAME).put(THE_BRAND.id, delivery.remote_id, json.dumps(dump(note)))


def _last_month(now: datetime) -> str:
    return before(month_of(now, THE_BRAND.zone))


def page(now: datetime) -> bytes:
    """A feed of twenty items, all new."""
    return rss(1, [(number, f"{TEXT} {number}") for number in range(20)], now)


def scheduled(now: datetime) -> Event:
    return {
        "version": "0",
        "id": "tick",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": now.isoformat(),
        "region": "eu-west-1",
        "resources": ["arn:aws:events:eu-west-1:123456789012:rule/tick"],
        "detail": {},
    }


def signed_call(id: int, text: str, now: datetime) -> Event:
    """A call of the Function URL (payload version 2), signed by Standard Webhooks."""
    body, seconds = webhook(id, text, now), str(int(now.timestamp()))
    signature = hmac.digest(SECRET, f"call-{id}.{seconds}.".encode() + body, "sha256")
    return {
        "version": "2.0",
        "rawPath": f"/{THE_BRAND.id}/reviews",
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            "webhook-id": f"call-{id}",
            "webhook-timestamp": seconds,
            "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
        },
        "requestContext": {"http": {"method": "POST", "path": f"/{THE_BRAND.id}/reviews"}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _page_request(now: datetime) -> Event:
    """The sign-in page: what API Gateway sends for a browser's first visit."""
    return {
        "resource": "/sign-in",
        "path": "/sign-in",
        "httpMethod": "GET",
        "headers": {"Accept": "text/html", "Accept-Language": "nl", "Host": "console.kwetterdam.example"},
        "multiValueHeaders": {
            "Accept": ["text/html"],
            "Accept-Language": ["nl"],
            "Host": ["console.kwetterdam.example"],
        },
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": "GET",
            "resourcePath": "/sign-in",
            "path": "/api/sign-in",
            "stage": "api",
            "domainName": "console.kwetterdam.example",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": None,
        "isBase64Encoded": False,
    }


def _one(kind: Callable[[datetime], Task]) -> Callable[[datetime], Event]:
    def event(now: datetime) -> Event:
        task = kind(now)
        return body_event(task.queue, task.to_json())

    return event


def _mention(now: datetime, number: int = 1) -> Mention:
    return Mention(
        key=MentionKey(THE_BRAND.id, "feed", f"{number}"),
        source="feed-1",
        author=Author(id="redactie", handle="redactie"),
        text=TEXT,
        posted_at=now,
        heard_at=now,
        watches=("brand",),
    )


def _hear(now: datetime) -> Task:
    body = base64.b64encode(webhook(1, TEXT, now)).decode()
    return Hear(THE_BRAND.id, "reviews", {"content-type": "application/json"}, body, now)


def _respond(now: datetime) -> Task:
    return Respond((Judged(_mention(now), _verdict()),))


def _verdict() -> Verdict:
    reading = Reading(
        language="nl",
        sentiment=Sentiment.NEGATIVE,
        probabilities=(0.95, 0.04, 0.01),
        urgency=2,
        judge="bench-1",
    )
    return Verdict(reading=reading, department="service", rule="bench")


def _case(at: datetime) -> Case:
    key = CaseKey(THE_BRAND.id, "sandbox", "in-00000001")
    return Case(
        key=key,
        rev=2,
        state=CaseState.SENDING,
        action=Action.ANSWER,
        department="service",
        mention=MentionKey(key.brand, key.platform, key.root),
        author="anna",
        title=TEXT[:80],
        language="nl",
        sentiment=Sentiment.NEGATIVE,
        channel="sandbox",
        received_at=at,
        due=at,
        reckoning=(),
        rule="",
        replies=1,
    )


def _delivery(case: Case) -> Delivery:
    key = DeliveryKey(case.key, "sandbox", 1)
    return Delivery(
        key=key,
        state=DeliveryState.PLANNED,
        to=case.mention,
        to_author=case.author,
        text="Hoi Anna, dat is vervelend.",
        language="nl",
        due=case.due,
        approved_by="Anna",
        approved_at=case.due,
        token=token(key),
    )


EVENTS: Mapping[str, Callable[[datetime], Event]] = {
    "tick": scheduled,
    "poll_sources": _one(lambda now: Poll(THE_BRAND.id, "feed-1")),
    "receive_webhook": lambda now: signed_call(1, TEXT, now.astimezone(UTC)),
    "hear_webhooks": _one(_hear),
    "understand_mentions": _one(lambda now: Understand(tuple(_mention(now, n) for n in range(5)))),
    "respond_to_mentions": _one(_respond),
    "deliver_replies": _one(lambda now: Deliver(DeliveryKey(_case(now).key, "sandbox", 1))),
    "measure_posts": scheduled,
    "relate_to_people": scheduled,
    "evaluate_months": lambda now: {
        **scheduled(now),
        "detail": {"brand": THE_BRAND.id, "month": _last_month(now)},
    },
    "notify_hooks": lambda now: {},
    "api_handler": _page_request,
}
"""By handler: an event at a moment."""
