"""What `ports.Mail` promises."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.aws import clients
from chalicelib.aws.mail import Mailer
from chalicelib.errors import PlatformError, Rejected, Unavailable
from tests.harness.faults import refusing
from tests.harness.hooks import hooked
from tests.harness.world import SENDER, World

MAILER = Mailer(lambda: clients.client("sesv2"))


def send(sender: str = SENDER) -> None:
    MAILER.send(
        sender=sender,
        to=["balie@lindebieb.example", "pers@lindebieb.example"],
        subject="Kees is ontevreden ☕",
        text="Één zaak wacht.\nhttp://127.0.0.1/",
    )


def test_a_mail_goes_out_as_plain_text_to_everyone(aws: World) -> None:
    send()
    (mail,) = aws.mails()
    assert (mail.source, mail.subject) == (SENDER, "Kees is ontevreden ☕")
    assert mail.body == "Één zaak wacht.\nhttp://127.0.0.1/"
    assert mail.destinations["ToAddresses"] == ["balie@lindebieb.example", "pers@lindebieb.example"]


def test_a_sender_that_is_not_ours_is_rejected(aws: World) -> None:
    with pytest.raises(Rejected, match="mail: MessageRejected"):
        send("stranger@elders.example")
    assert aws.mails() == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("TooManyRequestsException", Unavailable),
        ("LimitExceededException", Unavailable),
        ("SendingPausedException", Unavailable),
        ("AccountSuspendedException", Rejected),
        ("BadRequestException", Rejected),
        ("MailFromDomainNotVerifiedException", Rejected),
    ],
)
def test_later_and_never_are_told_apart(aws: World, code: str, error: type[PlatformError]) -> None:
    with refusing("SendEmail", code, times=1), pytest.raises(error, match=f"mail: {code}"):
        send()


@pytest.mark.parametrize("error", [EndpointConnectionError, ReadTimeoutError])
def test_no_answer_is_later(aws: World, error: Any) -> None:
    def fail(**_: Any) -> None:
        raise error(endpoint_url="https://mail.example")

    with hooked(("before-call.sesv2", fail)), pytest.raises(Unavailable, match=error.__name__):
        send()
