"""Mail with people outside, through SES: answers go out, and what came in lies in our bucket.

SES keeps no idempotency: its client asks once, and an answer that was lost is Unknown.
"""

import re
from collections.abc import Callable
from typing import Any

from chalicelib.errors import PlatformError, RateLimited, Rejected, Unauthorized, Unavailable, Unknown

NAME = "email"
PLACE = "_mail/"
"""Where SES puts mail, in our bucket."""
REST = 30.0
"""Seconds: SES says that it is too much, and not until when."""

_FULL = {"LimitExceededException", "Throttling", "ThrottlingException", "TooManyRequestsException"}
_LATER = {"ConcurrentModificationException", "SendingPausedException"}
_UNSENT = {
    "ConnectTimeoutError",
    "EndpointConnectionError",
    "NoCredentialsError",
    "NoRegionError",
    "PartialCredentialsError",
    "ProxyConnectionError",
    "SSLError",
}
"""The SDK's words for a request that nobody got."""
_MISSING = {"NoSuchKey", "404"}
_OBJECT = re.compile(rf"{PLACE}[A-Za-z0-9._/-]{{1,200}}")
_WHOSE = re.compile(r"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")


class Mailbox:
    """Implements `ports.Mailbox`."""

    def __init__(self, ses: Callable[[], Any], s3: Callable[[], Any], bucket: str) -> None:
        self._ses = ses
        self._s3 = s3
        self._bucket = bucket

    def send(self, *, sender: str, to: str, raw: bytes) -> str:
        answer = self._asked(
            lambda: self._ses().send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": raw}},
            ),
            Unknown,
        )
        id = str(answer.get("MessageId") or "")
        if not id:
            raise Unknown(NAME, "the answer is not a message")
        return id

    def verified(self, identity: str) -> bool:
        answer = self._asked(lambda: self._ses().get_email_identity(EmailIdentity=identity), Unavailable)
        return bool(answer.get("VerifiedForSendingStatus"))

    def _asked(self, ask: Callable[[], Any], unclear: type[PlatformError]) -> Any:
        """Nothing where SES knows no such thing. Raises `unclear` where it may have happened."""
        from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

        try:
            return ask()
        except ClientError as error:
            said = error.response.get("Error", {})
            code, status = str(said.get("Code", "")), error.response["ResponseMetadata"]["HTTPStatusCode"]
            if code == "NotFoundException" and unclear is Unavailable:
                return {}
            raise _refused(code, str(said.get("Message", "")), status, unclear) from None
        except ParamValidationError:
            raise Rejected(NAME, "it refuses this") from None
        except BotoCoreError as error:
            unsent = type(error).__name__ in _UNSENT
            raise (Unavailable if unsent else unclear)(NAME, "Amazon did not answer") from None
        except (AttributeError, TypeError, ValueError):  # the SDK stumbles on an answer of another form
            raise unclear(NAME, "the answer is not in the form of SES") from None

    def stored(self, bucket: str, name: str, most: int) -> bytes | None:
        from botocore.exceptions import ClientError

        if bucket != self._bucket or not _OBJECT.fullmatch(name) or ".." in name:
            return None
        try:
            found = self._s3().get_object(Bucket=bucket, Key=name)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise
        body: bytes = found["Body"].read(most)
        found["Body"].close()
        return body


def _refused(code: str, message: str, status: int, unclear: type[PlatformError]) -> PlatformError:
    """In the words of SES, without addresses: the reason is shown and logged."""
    said = f"{code}: {_WHOSE.sub('…', ' '.join(message.split()))[:200]}".removesuffix(": ")
    if code in _FULL or status == 429:
        return RateLimited(NAME, REST)
    if status >= 500:
        return unclear(NAME, f"HTTP {status}")
    if code in _LATER:
        return Unavailable(NAME, said)
    return Unauthorized(NAME, said) if status in (401, 403) else Rejected(NAME, said)
