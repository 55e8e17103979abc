"""What `ports.Mailbox` promises; what each answer of SES means is in `tests/platforms/test_email.py`."""

from typing import Any

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from chalicelib.aws import clients
from chalicelib.aws.mailbox import Mailbox
from chalicelib.errors import PlatformError, Rejected, Unavailable, Unknown
from tests.harness.faults import refusing
from tests.harness.hooks import hooked
from tests.harness.world import BUCKET_NAME, SENDER, World, verify

MAILBOX = Mailbox(lambda: clients.client("sesv2", once=True), lambda: clients.client("s3"), BUCKET_NAME)
RAW = "From: us@lindebieb.example\r\nTo: anna@mail.example\r\nSubject: Één\r\n\r\nHallo ☕\r\n".encode()


def send() -> str:
    return MAILBOX.send(sender=SENDER, to="anna@mail.example", raw=RAW)


def test_a_mail_leaves_as_it_is_and_its_id_comes_back(aws: World) -> None:
    id = send()
    (mail,) = aws.mails()
    assert (mail.id, mail.source, set(mail.destinations)) == (id, SENDER, {"anna@mail.example"})
    assert mail.raw_data.encode() == RAW


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (EndpointConnectionError, Unavailable),
        (ConnectTimeoutError, Unavailable),
        (ReadTimeoutError, Unknown),
        (ConnectionClosedError, Unknown),
    ],
)
def test_what_nobody_got_is_told_from_what_nobody_knows_and_is_asked_once(
    aws: World, error: Any, word: type[PlatformError]
) -> None:
    asked = []

    def fail(**_: Any) -> None:
        asked.append(1)
        raise error(endpoint_url="https://mail.example")

    with hooked(("before-send.sesv2", fail)), pytest.raises(word):
        send()
    assert len(asked) == 1


def test_what_the_sdk_does_not_even_send_is_refused(aws: World) -> None:
    with pytest.raises(Rejected, match="refuses this"):
        MAILBOX.send(sender=SENDER, to="anna@mail.example", raw=3)  # type: ignore[arg-type]


def test_a_verified_identity_is_told_from_another(aws: World) -> None:
    assert not MAILBOX.verified(SENDER), "it waits for the click in the mail that SES sent there"
    verify(SENDER)
    assert MAILBOX.verified(SENDER)
    assert not MAILBOX.verified("stranger@elsewhere.example")


def test_a_mail_is_read_from_its_place_and_from_nowhere_else(aws: World) -> None:
    for name in ("_mail/a/b-1", "reports/a"):
        aws.client("s3").put_object(Bucket=BUCKET_NAME, Key=name, Body=b"0123456789")
    assert MAILBOX.stored(BUCKET_NAME, "_mail/a/b-1", 100) == b"0123456789"
    assert MAILBOX.stored(BUCKET_NAME, "_mail/a/b-1", 4) == b"0123"
    for bucket, name in (
        (BUCKET_NAME, "_mail/gone"),
        (BUCKET_NAME, "reports/a"),
        (BUCKET_NAME, "_mail/../reports/a"),
        (BUCKET_NAME, ""),
        ("another", "_mail/a/b-1"),
    ):
        assert MAILBOX.stored(bucket, name, 100) is None


def test_a_bucket_that_does_not_answer_is_tried_again(aws: World) -> None:
    from botocore.exceptions import ClientError

    with refusing("GetObject", "AccessDenied", times=1), pytest.raises(ClientError):
        MAILBOX.stored(BUCKET_NAME, "_mail/a", 100)
