"""Mail through SES, plain text."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.errors import Rejected, Unavailable

_LATER = {"LimitExceededException", "SendingPausedException", "Throttling", "ThrottlingException"}
_LATER |= {"TooManyRequestsException", "InternalServiceErrorException"}


class Mailer:
    """Implements `ports.Mail`."""

    def __init__(self, ses: Callable[[], Any]) -> None:
        self._ses = ses

    def send(self, *, sender: str, to: Sequence[str], subject: str, text: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        body = {"Text": {"Data": text, "Charset": "UTF-8"}}
        content = {"Simple": {"Subject": {"Data": subject, "Charset": "UTF-8"}, "Body": body}}
        try:
            self._ses().send_email(
                FromEmailAddress=sender, Destination={"ToAddresses": list(to)}, Content=content
            )
        except ClientError as error:
            code, status = (
                error.response["Error"]["Code"],
                error.response["ResponseMetadata"]["HTTPStatusCode"],
            )
            if code in _LATER or status >= 500:
                raise Unavailable("mail", code) from None
            raise Rejected("mail", code) from None
        except BotoCoreError as error:
            raise Unavailable("mail", type(error).__name__) from None
