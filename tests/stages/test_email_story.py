"""Somebody mails us: SES tells the topic, that calls us; a person answers, and it stays one conversation."""

import json
from dataclasses import replace
from email import message_from_string
from email.policy import default
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws import clients
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import Case, CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.keyring import Holder
from chalicelib.domain.knock import slots
from chalicelib.errors import Unauthorized
from chalicelib.platforms.email import known_as
from tests.harness.crash import Points, every_crash
from tests.harness.hooks import hooked
from tests.harness.world import BUCKET_NAME, World, verify
from tests.servers.email import ANNA, BUCKET, US, message_id, notification
from tests.servers.feeds import Feeds
from tests.stages import callers, networked
from tests.stages.test_crashes import states
from tests.stages.test_door import Networks
from tests.stages.town import BRAND, Town, brand

ANGRY = "Wat een slechte service bij de Lindebieb, ik ben boos!"
REPLY = "Wat vervelend, we kijken het vandaag na. Noor, Lindebieb"


def ours() -> Brand:
    channel = Channel(
        id="post", platform="email", name="Post", settings={"account": US, "sender": "Lindebieb"}
    )
    return replace(brand(), channels=(*brand().channels, channel))


@pytest.fixture
def town(aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> Town:
    return opened(aws, feeds, monkeypatch)


def opened(aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = Town(aws, feeds, monkeypatch)
    monkeypatch.setattr(wiring, "http", lambda: Networks(made))
    wiring.brands().put(ours())
    wiring.secrets().put(slots(BRAND, "caller")[0], callers.kept("sns"))
    made.source("caller", "webhook", {"scheme": "sns"}, interval=0, watched=False, channel="post")
    aws.client("sesv2").create_email_identity(EmailIdentity=US)
    return made


def mail(text: str = ANGRY, id: str = "1@mail.example", **headers: str) -> bytes:
    lines = {
        "From": ANNA,
        "To": US,
        "Subject": "Boete",
        "Message-ID": f"<{id}>",
        "Content-Type": "text/plain",
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    return ("".join(f"{name}: {value}\r\n" for name, value in lines.items()) + f"\r\n{text}\r\n").encode()


def told(town: Town, value: Any) -> None:
    headers, body = callers.call("sns", json.dumps(value).encode(), town.now)
    assert town.call(body, callers.path("sns"), headers=headers)["statusCode"] == 200
    town.drain()


def said(case: Case) -> str:
    return wiring.mentions().get(case.mention)[0].text


def answers(town: Town) -> list[Any]:
    """What SES was given to send to people outside."""
    return [each for each in town.world.mails() if hasattr(each, "raw_data")]


def test_a_mail_becomes_a_case_and_its_answer_a_mail_in_the_same_conversation(town: Town) -> None:
    for _ in range(2):
        told(town, notification(mail()))
    case = networked.heard(town)
    assert (case.key.platform, case.author, said(case)) == ("email", ANNA, f"Boete\n{ANGRY}")
    assert case.draft is not None
    assert case.draft.text.startswith("Anna de Vries "), "who mails is called by name"
    networked.approve(town, ours(), "post", REPLY)
    town.settle(3)
    (sent,) = answers(town)
    made: Any = message_from_string(sent.raw_data, policy=default)
    assert (sent.source, set(sent.destinations)) == (US, {"anna@mail.example"})
    assert (made["Subject"], made["In-Reply-To"], made["From"]) == (
        "Re: Boete",
        "<1@mail.example>",
        f"Lindebieb <{US}>",
    )
    assert made.get_content().strip() == REPLY
    assert states(town) == {DeliveryState.CONFIRMED}
    assert town.case().state is CaseState.ANSWERED
    again = f"<{message_id(sent.id)}>"
    told(town, notification(mail("Nee, het is nog steeds slecht!", "2@mail.example", In_Reply_To=again)))
    assert len(town.cases()) == 1
    assert town.case().state is CaseState.OPEN


def test_a_large_mail_is_read_in_the_bucket_and_a_missing_one_is_not_lost(town: Town) -> None:
    raw = mail(ANGRY + "\r\n" + "." * 200_000)
    town.world.client("s3").put_object(Bucket=BUCKET_NAME, Key="_mail/abc", Body=raw)
    value = notification(raw, stored="_mail/abc")
    value["receipt"]["action"]["bucketName"] = BUCKET_NAME
    told(town, value)
    assert said(networked.heard(town)).startswith(f"Boete\n{ANGRY}")
    for name, bucket in (("_mail/gone", BUCKET_NAME), ("_mail/abc", BUCKET), ("reports/abc", BUCKET_NAME)):
        value["receipt"]["action"] |= {"objectKey": name, "bucketName": bucket}
        told(town, value)
    assert len(town.cases()) == 1
    assert len(town.world.waiting("hear-dead")) == 3


def test_a_sender_whom_nobody_vouches_for_is_marked_and_spam_waits_apart(town: Town) -> None:
    told(town, notification(mail(), dmarc="FAIL"))
    case = networked.heard(town)
    mention, _ = wiring.mentions().get(case.mention)
    assert mention.unproven
    assert mention.author.id == "?anna@mail.example"
    told(town, notification(mail("Koop nu!", "2@mail.example"), spam="FAIL"))
    assert len(town.cases()) == 1
    held, _ = wiring.mentions().get(replace(case.mention, id=known_as("2@mail.example", "anna@mail.example")))
    assert held.held == "spam"


def test_a_mail_is_not_kept_out_by_another_of_the_same_id(town: Town) -> None:
    told(town, notification(mail("hoi", From="Eve <eve@evil.example>"), dmarc="FAIL", spam="FAIL"))
    told(town, notification(mail("hoi"), dmarc="FAIL", spam="FAIL"))
    told(town, notification(mail()))
    assert said(networked.heard(town)) == f"Boete\n{ANGRY}"


def test_where_the_answer_of_ses_is_lost_it_went_once_and_a_person_is_told(town: Town) -> None:
    told(town, notification(mail()))
    networked.heard(town)
    networked.approve(town, ours(), "post", REPLY)

    def lose(http_response: Any, model: Any, **_: Any) -> None:
        if model.name == "SendEmail":
            from botocore.exceptions import ReadTimeoutError

            raise ReadTimeoutError(endpoint_url="https://mail.example")

    with hooked(("after-call.sesv2.SendEmail", lose)):
        town.settle(100)
    assert len(answers(town)) == 1
    assert states(town) == {DeliveryState.UNKNOWN}
    assert town.case().state is not CaseState.ANSWERED


def test_what_did_not_arrive_comes_back_into_its_conversation(town: Town) -> None:
    told(town, notification(mail()))
    networked.heard(town)
    networked.approve(town, ours(), "post", REPLY)
    town.settle(3)
    (sent,) = answers(town)
    recipients = [{"emailAddress": "anna@mail.example", "diagnosticCode": "smtp; 550 user unknown"}]
    bounce = {"bounceType": "Permanent", "bouncedRecipients": recipients}
    told(town, {"notificationType": "Bounce", "bounce": bounce, "mail": {"messageId": sent.id}})
    assert len(town.cases()) == 1
    case = town.case()
    assert (case.state, case.author) == (CaseState.OPEN, "Amazon SES")
    assert "550 user unknown" in said(case)


def test_what_is_not_kept_any_more_is_answered_to_nobody(town: Town) -> None:
    told(town, notification(mail()))
    case = networked.heard(town)
    networked.approve(town, ours(), "post", REPLY)
    town.world.set_ttl_past(f"M#{BRAND}#email#{case.mention.id}")
    town.settle(3)
    assert answers(town) == []


def test_whether_ses_may_send_is_tried_without_a_key(town: Town) -> None:
    about = {"account": US}
    holder = Holder(kind="channel", brand=BRAND, id="post", platform="email", name="Post", settings=about)
    verify(US)
    assert wiring.try_key(holder) is None
    with pytest.raises(Unauthorized):
        wiring.try_key(replace(holder, settings={"account": "other@elsewhere.example"}))
    assert clients.client("sesv2", once=True) is not clients.client("sesv2")


@pytest.mark.crash
def test_broken_off_anywhere_an_answer_leaves_once_at_most(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        made = opened(aws.fresh(), feeds, monkeypatch)
        told(made, notification(mail()))
        networked.approve(made, ours(), "post", REPLY)
        return made

    def run(town: Town, points: Points) -> None:
        town.settle(1)

    def after(town: Town) -> None:
        town.settle(8)

    for mode, k, town in every_crash(fresh, run, after):
        assert len(answers(town)) <= 1, f"{mode} call {k}"
        known = states(town) <= {DeliveryState.CONFIRMED, DeliveryState.UNKNOWN}
        assert known, f"{mode} call {k}: {states(town)}"
        assert len(answers(town)) == 1 or states(town) == {DeliveryState.UNKNOWN}, f"{mode} call {k}"
