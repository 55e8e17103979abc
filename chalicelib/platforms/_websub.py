"""Asking a feed's hub to call us: where the feed names it, and how it is asked.

W3C WebSub (https://www.w3.org/TR/websub/), JSON Feed 1.1 (`hubs`), read 2026-11-21.

The rest of it lies at the door: `_handshakes.py` confirms, `_signatures.py` verifies what is pushed.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from chalicelib.domain.subscribing import LEASE
from chalicelib.errors import (
    Blocked,
    HttpError,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from chalicelib.platforms._http_json import asks_for_rest, origin, rest, words
from chalicelib.platforms._links import in_header, in_tags, joined
from chalicelib.platforms._text import decoded, one_line, plain
from chalicelib.ports import Answer, Http

NAME = "webhook"
HUBS = 3
"""Of those that a feed names so many are tried, one after the other."""
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


def subscribe(http: Http, topic: str, callback: str, secret: str) -> str:
    """Ask the hub that the feed `topic` names to call `callback`: the hub that took it. It asks back
    before it is sure. Raises Rejected, RateLimited, Unavailable."""
    hubs = _hubs(http, topic)
    for number, hub in enumerate(hubs, 1):
        try:
            _ask(http, hub, topic, callback, secret)
        except PlatformError:
            if number == len(hubs):
                raise
        else:
            return hub
    raise Rejected(NAME, "this feed names no hub: it does not push")


def _hubs(http: Http, topic: str) -> list[str]:
    """In the feed's order. Raises Rejected where it names none, or goes by another address."""
    answer = _sent(http, "GET", topic, {"Accept": ACCEPT}, None)
    if answer.status != 200:
        raise Unavailable(NAME, f"the feed answered {answer.status}")
    named: dict[str, list[str]] = {"hub": [], "self": []}
    for rel, address in (*in_header(answer.headers), *_in_feed(answer)):
        for each in rel.lower().split():
            if each in named and (there := joined(answer.url, address)):
                named[each].append(there)
    if named["self"] and topic not in named["self"]:
        raise Rejected(NAME, f"this feed pushes as {named['self'][0][:150]}: add that address instead")
    hubs = list(dict.fromkeys(each for each in named["hub"] if _safe(each)))[:HUBS]
    if named["hub"] and not hubs:
        raise Rejected(NAME, "its hub is not reached by https")
    return hubs


def _in_feed(answer: Answer) -> Iterator[tuple[str, str]]:
    text = decoded(answer.body, answer.headers.get("content-type", ""))
    if text.lstrip().startswith("{"):
        yield from _in_json(text)
        return
    yield from in_tags(text.partition("<entry")[0].partition("<item")[0])


def _in_json(text: str) -> Iterator[tuple[str, str]]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return
    hubs = feed.get("hubs")
    for each in hubs if isinstance(hubs, list) else ():
        if isinstance(each, dict) and words(each.get("type"), 20).lower() == "websub":
            yield "hub", words(each.get("url"), 2000)
    if address := words(feed.get("feed_url"), 2000):
        yield "self", address


def _safe(hub: str) -> bool:
    """Our secret never travels in clear text."""
    try:
        parts = urlsplit(hub)
    except ValueError:
        return False
    return len(hub) <= 2000 and bool(origin(f"{parts.scheme}://{parts.netloc}"))


def _ask(http: Http, hub: str, topic: str, callback: str, secret: str) -> None:
    form = {
        "hub.mode": "subscribe",
        "hub.topic": topic,
        "hub.callback": callback,
        "hub.secret": secret,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
        "hub.verify": "async",  # of the hubs before the standard
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = _sent(http, "POST", hub, kind, urlencode(form).encode())
    if 200 <= answer.status < 300:
        return
    said = one_line(plain(answer.body[:500].decode("utf-8", "replace")))[:150]
    reason = ": ".join(filter(None, (f"the hub answered {answer.status}", said)))
    raise (Unavailable if answer.status >= 500 else Rejected)(NAME, reason)


def _sent(http: Http, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    try:
        answer = http.request(method, url, headers=headers, body=body, redirects=3 if body is None else 0)
    except Blocked as error:
        raise Rejected(NAME, str(error)) from None
    except HttpError as error:
        raise Unavailable(NAME, str(error)) from None
    if asks_for_rest(answer):
        raise RateLimited(NAME, rest(answer.headers, datetime.now(UTC)))
    return answer
