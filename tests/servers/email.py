"""Amazon SES as its documentation says: API v2 for what goes out, notifications of what comes in.

It calls nobody by itself: what its topic would be told lies in `calls`.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import format_datetime
from itertools import count
from typing import Any
from urllib.parse import unquote

from tests.servers.base import Reply, Request, Server

US = "help@bakery.example"
ANNA = "Anna de Vries <anna@mail.example>"
BUCKET = "our-bucket"
PASSED = ("spam", "virus", "spf", "dkim", "dmarc")
START = datetime(2026, 11, 30, 9, tzinfo=UTC)


@dataclass
class Mailed:
    """A mail that SES took from us."""

    id: str
    sender: str
    to: list[str]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    @property
    def text(self) -> str:
        return str(self.mail.get_content()).replace("\r\n", "\n").strip()


@dataclass
class Ses(Server):
    """`say` lets somebody mail us; `sent` are our answers, in order.

    How it misbehaves:
    * `fails_after_sending`: sends it, then answers 500
    * `drops_after_sending`: sends it, then closes the connection
    * `refuses`: takes no message (MessageRejected)
    * `denied`: our role may not
    * `throttled`: answers 429
    * `answers`: this status, body and perhaps headers to everything
    """

    fails_after_sending: bool = False
    drops_after_sending: bool = False
    refuses: bool = False
    denied: bool = False
    throttled: bool = False
    answers: tuple[Any, ...] | None = None
    verified: dict[str, bool] = field(default_factory=lambda: {US: True})
    sent: list[Mailed] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    lists_late: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self._numbers = count(1)

    # in --------------------------------------------------------------------------------------------

    def say(self, text: str, by: str = ANNA, subject: str = "The soup", **headers: str) -> str:
        """Somebody writes it in a mail program; its Message-ID, without brackets."""
        mail = EmailMessage(policy=default.clone(max_line_length=990))
        mail["From"], mail["To"], mail["Subject"] = by, US, subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        id = f"{next(self._numbers)}@mail.example"
        mail["Message-ID"] = f"<{id}>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.calls.append(notification(bytes(mail)))
        return id

    def bounces(self, mailed: Mailed, why: str, kind: str = "Permanent", sub: str = "General") -> None:
        """The topic is told that one of ours did not arrive."""
        recipient = {"emailAddress": mailed.to[0], "action": "failed", "diagnosticCode": why}
        told = {
            "notificationType": "Bounce",
            "bounce": {
                "bounceType": kind,
                "bounceSubType": sub,
                "bouncedRecipients": [recipient],
                "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
                "feedbackId": "0102018f",
            },
            "mail": {"messageId": mailed.id, "source": mailed.sender, "destination": mailed.to},
        }
        self.calls.append(told)

    # out -------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.throttled:
            return _no(429, "TooManyRequestsException", "Maximum sending rate exceeded.")
        if self.denied:
            return _no(403, "AccessDeniedException", "User is not authorized to perform ses:SendRawEmail")
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["v2", "email", "outbound-emails"]:
                return self._send(json.loads(request.body))
            case "GET", ["v2", "email", "identities", identity]:
                return self._identity(unquote(identity))
        return _no(404, "NotFoundException", "no such thing")

    def _send(self, given: dict[str, Any]) -> Reply:
        sender, to = given["FromEmailAddress"], given["Destination"]["ToAddresses"]
        if self.refuses or not self._may(sender):
            return _no(400, "MessageRejected", f"Email address is not verified: {sender}")
        number = next(self._numbers)
        id = f"0102018f{number:08x}-1a2b3c4d-1234-5678-9abc-def012345678-000000"
        self.sent.append(Mailed(id, sender, to, b64decode(given["Content"]["Raw"]["Data"])))
        if self.drops_after_sending:
            return Reply(drop=True)
        if self.fails_after_sending:
            return _no(500, "InternalServiceErrorException", "")
        return Reply(200, json.dumps({"MessageId": id}).encode(), {"Content-Type": "application/json"})

    def _may(self, sender: str) -> bool:
        return any(self.verified.get(each) for each in (sender, sender.rpartition("@")[2]))

    def _identity(self, identity: str) -> Reply:
        if identity not in self.verified:
            return _no(404, "NotFoundException", f"Email identity {identity} does not exist.")
        told = {"IdentityType": "EMAIL_ADDRESS", "VerifiedForSendingStatus": self.verified[identity]}
        return Reply(200, json.dumps(told).encode(), {"Content-Type": "application/json"})


def _no(status: int, kind: str, message: str) -> Reply:
    body = json.dumps({"message": message}).encode()
    return Reply(status, body, {"Content-Type": "application/json", "x-amzn-ErrorType": kind})


def message_id(id: str, region: str = "eu-west-1") -> str:
    """The Message-ID that SES gives a mail of ours."""
    return f"{id}@{region}.amazonses.com"


def _read(mail: Message) -> list[str]:
    """Who it is from, as SES tells it: decoded, one entry each."""
    try:
        return [str(each) for each in default.header_factory("from", str(mail["From"] or "")).addresses]
    except Exception:  # the standard library stumbles on some that are broken
        return []


def notification(raw: bytes, *, stored: str = "", utf8: bool = False, **verdicts: str) -> dict[str, Any]:
    """What the topic is told of a mail: with it inside, or `stored` under that name in the bucket."""
    mail = message_from_bytes(raw)
    when = START + timedelta(minutes=len(raw) % 50)
    action = {"type": "SNS", "topicArn": "arn:aws:sns:eu-west-1:123456789012:mail", "encoding": "BASE64"}
    content: dict[str, Any] = {"content": b64encode(raw).decode()}
    if utf8:
        action["encoding"], content = "UTF8", {"content": raw.decode("utf-8", "replace")}
    if stored:
        action = {"type": "S3", "bucketName": BUCKET, "objectKeyPrefix": "_mail/", "objectKey": stored}
        content = {}
    status = {each: {"status": verdicts.get(each, "PASS")} for each in PASSED}
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": f"{when:%Y-%m-%dT%H:%M:%S.000Z}",
            "source": verdicts.get("source", "anna@mail.example"),
            "messageId": f"ses{len(raw):08d}",
            "destination": [US],
            "headersTruncated": False,
            "headers": [{"name": name, "value": str(value)} for name, value in mail.raw_items()],
            "commonHeaders": {"returnPath": "anna@mail.example", "from": _read(mail)},
        },
        "receipt": {
            "timestamp": f"{when:%Y-%m-%dT%H:%M:%S.000Z}",
            "processingTimeMillis": 574,
            "recipients": [US],
            **{f"{each}Verdict": value for each, value in status.items()},
            "action": action,
        },
        **content,
    }
