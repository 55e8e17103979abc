"""What a network asks before it calls, or to hear whether we are there: answered at once, and not heard.

By the name of its scheme, as in `_signatures.py`. What is given back as it came is short, without a sign that
a browser could take for more, and plain text (S6).
"""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.knock import Greeting, Knock
from chalicelib.errors import BadWebhook
from chalicelib.platforms._public_keys import Fetch

JSON = "application/json"

_ECHO = re.compile(r"[!-~]{1,256}")
_MARKUP = re.compile(r"[<>&\"'`]")
_SNS_CONFIRM = re.compile(
    r"https://sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?/\?Action=ConfirmSubscription&[!-~]+"
)


def greet(scheme: str, kept: Mapping[str, str], knock: Knock) -> Greeting:
    """The answer to a GET. `kept` is the source's secret as it lies in the store: `secret`, perhaps `word`
    and `topic`. Raises BadWebhook: 405 where nobody asks in that way, else 403 or 404."""
    if scheme not in _ASKED:
        raise BadWebhook(405, "method")
    return _ASKED[scheme](kept, knock)


def ping(scheme: str, knock: Knock, body: bytes, fetch: Fetch) -> Greeting | None:
    """The answer to a call that was verified and tells nothing; None for one that does."""
    return _PINGED[scheme](knock, body, fetch) if scheme in _PINGED else None


def _echo(challenge: str) -> Greeting:
    if not _plain(challenge):
        raise BadWebhook(403, "challenge")
    return Greeting(200, challenge)


def _plain(given: str) -> bool:
    """Any string that is given out as random, as long as it could be nothing of a page."""
    return _ECHO.fullmatch(given) is not None and not _MARKUP.search(given)


def _same(given: str, ours: str) -> bool:
    return bool(ours) and hmac.compare_digest(given.encode("utf-8", "replace"), ours.encode())


def _meta(kept: Mapping[str, str], knock: Knock) -> Greeting:
    """https://developers.facebook.com/docs/graph-api/webhooks/getting-started"""
    query = knock.query
    if query.get("hub.mode") != "subscribe" or not _same(
        query.get("hub.verify_token", ""), kept.get("word", "")
    ):
        raise BadWebhook(403, "token")
    return _echo(query.get("hub.challenge", ""))


def _websub(kept: Mapping[str, str], knock: Knock) -> Greeting:
    """For the topic we wait for, at the address that only we and the hub know; whether it begins or ends.
    https://www.w3.org/TR/websub/#hub-verifies-intent"""
    query = knock.query
    if not _same(knock.word, kept.get("word", "")) or query.get("hub.topic") != kept.get("topic"):
        raise BadWebhook(404, "topic")
    if query.get("hub.mode") == "denied":
        return Greeting(200)
    if query.get("hub.mode") not in ("subscribe", "unsubscribe"):
        raise BadWebhook(404, "mode")
    return _echo(query.get("hub.challenge", ""))


def _crc(kept: Mapping[str, str], knock: Knock) -> Greeting:
    """https://docs.x.com/x-api/webhooks/quickstart"""
    token = knock.query.get("crc_token", "")
    if not 1 <= len(token) <= 500 or not kept.get("secret"):
        raise BadWebhook(403, "challenge")
    answer = hmac.digest(kept["secret"].encode(), token.encode("utf-8", "replace"), "sha256")
    return _json({"response_token": f"sha256={b64encode(answer).decode()}"})


def _linkedin(kept: Mapping[str, str], knock: Knock) -> Greeting:
    code = knock.query.get("challengeCode", "")
    if not _plain(code) or not kept.get("secret"):
        raise BadWebhook(403, "challenge")
    answer = hmac.digest(kept["secret"].encode(), code.encode(), "sha256").hex()
    return _json({"challengeCode": code, "challengeResponse": answer})


def _slack(knock: Knock, body: bytes, fetch: Fetch) -> Greeting | None:
    """https://docs.slack.dev/reference/events/url_verification"""
    said = _said(body)
    return _echo(str(said.get("challenge", ""))) if said.get("type") == "url_verification" else None


def _discord(knock: Knock, body: bytes, fetch: Fetch) -> Greeting | None:
    """Of an interaction, and of the webhook of events: https://docs.discord.com/developers/events/webhook-events"""
    said = _said(body)
    if said.get("type") == 1 and "event" not in said:
        return _json({"type": 1})
    return Greeting(204) if said.get("type") == 0 else None


def _named(header: str) -> Callable[[Knock, bytes, Fetch], Greeting | None]:
    """Of a network whose event has its name in a header."""

    def answer(knock: Knock, body: bytes, fetch: Fetch) -> Greeting | None:
        return Greeting(200) if knock.headers.get(header) == "ping" else None

    return answer


def _sns(knock: Knock, body: bytes, fetch: Fetch) -> Greeting | None:
    """A topic asks to be subscribed to: it is ours, so that we say yes."""
    said = _said(body)
    if said.get("Type") == "SubscriptionConfirmation":
        address = str(said.get("SubscribeURL", ""))
        if not _SNS_CONFIRM.fullmatch(address):
            raise BadWebhook(403, "challenge")
        fetch(address)
        return Greeting(200)
    return Greeting(200) if said.get("Type") == "UnsubscribeConfirmation" else None


def _said(body: bytes) -> dict[str, Any]:
    """What a verified body says, {} where it is no object."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _json(body: Mapping[str, Any]) -> Greeting:
    return Greeting(200, json.dumps(body), JSON)


_ASKED: dict[str, Callable[[Mapping[str, str], Knock], Greeting]] = {
    "meta": _meta,
    "websub": _websub,
    "x": _crc,
    "linkedin": _linkedin,
}
_PINGED: dict[str, Callable[[Knock, bytes, Fetch], Greeting | None]] = {
    "slack": _slack,
    "discord": _discord,
    "discourse": _named("x-discourse-event"),
    "github": _named("x-github-event"),
    "sns": _sns,
}
