"""E-mail: what people mail to us as SES tells it, and answers that stay in their conversation."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast
from urllib.parse import quote

import pytest
from hypothesis import given, strategies

from chalicelib import platforms
from chalicelib.domain.drafting import address as addressed
from chalicelib.domain.mention import Found, native_id
from chalicelib.errors import (
    BadInput,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unknown,
)
from chalicelib.http import Http
from chalicelib.platforms import _mail_in, _mail_out, connect, email as module
from chalicelib.ports import Kit, ReplyTo
from tests.platforms.memory import MemoryShelf
from tests.platforms.peer_email import email, mailbox
from tests.platforms.recorded import payload
from tests.servers.email import ANNA, BUCKET, START, US, Ses, message_id, notification

TEXT = "De soep was koud."
PLAIN = "text/plain; charset=utf-8"


@pytest.fixture
def server() -> Iterator[Ses]:
    with Ses() as running:
        yield running


def mail(body: bytes | str = TEXT, **headers: str) -> bytes:
    """As it is on the wire; a header of None is left out."""
    lines = {
        "From": ANNA,
        "To": US,
        "Subject": "Soep",
        "Message-ID": "<1@mail.example>",
        "Content-Type": PLAIN,
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return (
        head.encode("utf-8", "surrogateescape") + b"\r\n" + (body.encode() if isinstance(body, str) else body)
    )


def heard(raw: bytes, account: str = US, **told: Any) -> tuple[Found, ...]:
    return module.heard({}, module.only(notification(raw, **told), account))


def said(body: bytes | str = TEXT, **headers: str) -> str:
    (found,) = heard(mail(body, **headers))
    return found.text


def asked(server: Ses, **headers: str) -> ReplyTo:
    id = module.known_as(server.say(TEXT, **headers), "anna@mail.example")
    return ReplyTo(id=id, author=ANNA)


# in ----------------------------------------------------------------------------------------------------


def test_the_recorded_mail_is_a_mention() -> None:
    """A call of a Lambda has the headers alone."""
    (found,) = module.heard({}, payload("ses_inbound_lambda"))
    assert (found.platform, found.text, found.direct) == ("email", "Test Subject", True)
    assert (found.author.id, found.author.name) == ("janedoe@example.com", "Jane Doe")
    assert found.author.handle == "Jane Doe <janedoe@example.com>"
    assert (found.reply_to, found.url) == ("", "")
    assert (found.unproven, found.held) == (False, "")
    assert found.posted_at == datetime(2015, 10, 7, 19, 34, 56, tzinfo=UTC)


def test_a_mail_is_its_subject_and_its_words_when_ses_had_it() -> None:
    old = "Mon, 2 Nov 2026 10:00:00 +0100"
    (found,) = heard(mail("Beste mensen,\r\n\r\nDe soep was koud.\r\n", Date=old))
    assert found.text == "Soep\nBeste mensen,\nDe soep was koud."
    assert found.posted_at is not None
    assert START <= found.posted_at < START + timedelta(hours=1), "a clock that is behind makes nothing old"
    assert _mail_out.mailto(found.author.url)[0] == "anna@mail.example"


@pytest.mark.parametrize("utf8", [False, True])
def test_it_may_come_either_way_that_sns_has(utf8: bool) -> None:
    (found,) = module.heard({}, notification(mail("Één keer"), utf8=utf8))
    assert found.text == "Soep\nÉén keer"


def test_a_name_is_shown_with_its_address_and_called_by_name() -> None:
    (found,) = heard(mail(From="=?utf-8?q?Ren=C3=A9e?= <Renee@Mail.example>"))
    assert (found.author.handle, found.author.id) == ("Renée <Renee@mail.example>", "renee@mail.example")
    assert addressed(found.author.handle) == "Renée"
    (found,) = heard(mail(From="anna@mail.example"))
    assert found.author.handle == "anna <anna@mail.example>"
    (found,) = heard(mail(From='"bram@mail.example" <anna@mail.example>'))
    assert "bram" not in found.author.handle, "a name that is an address is none"


def test_the_same_mail_twice_is_one_and_the_name_of_ses_stands_in_for_none() -> None:
    twice = [heard(mail())[0].id, heard(mail(), spam="GRAY")[0].id]
    assert twice[0] == module.known_as("1@mail.example", "anna@mail.example")
    assert twice[0] == twice[1]
    raw = mail(Message_ID="")
    assert heard(raw)[0].id == module.known_as(notification(raw)["mail"]["messageId"], "anna@mail.example")
    own = heard(mail(Message_ID=""))[0].id
    assert own != twice[0]


def test_nobody_takes_the_place_of_anothers_mail_by_its_id() -> None:
    """Neither in their name without proof, nor in an own one; nor that of a message of ours or of SES."""
    (hers,) = heard(mail())
    (forged,) = heard(mail("Nee hoor."), dmarc="FAIL")
    (eve,) = heard(mail(From="Eve <eve@evil.example>"))
    assert len({hers.id, forged.id, eve.id}) == 3
    for id in ("bounce/0102018f-1@x", message_id("bounce/0102018f"), message_id("0102018f-1")):
        (found,) = heard(mail(Message_ID=f"<{id}>"))
        assert found.id.startswith("h.")


@pytest.mark.parametrize(
    ("headers", "above"),
    [
        ({"In_Reply_To": "<0@mail.example>"}, "0@mail.example"),
        ({"References": "<a@x.example> <b@x.example>"}, "b@x.example"),
        ({"In_Reply_To": "Anna's mail of Monday", "References": "<c@x.example>"}, "c@x.example"),
        (
            {"In_Reply_To": "<0102018f1a2b3c4d-1a2b-000000@eu-west-1.amazonses.com>"},
            "0102018f1a2b3c4d-1a2b-000000",
        ),
        ({}, ""),
    ],
)
def test_what_it_answers_is_known(headers: dict[str, str], above: str) -> None:
    (found,) = heard(mail(Subject="Re: Soep", **headers))
    ours = above.startswith("0102")
    assert found.reply_to == (above if ours else module.known_as(above, "anna@mail.example"))
    assert found.text == (TEXT if above else f"Re: Soep\n{TEXT}"), "a conversation's subject is said once"


# how it was packed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("één €".encode("cp1252"), {"Content_Type": "text/plain; charset=iso-8859-1"}),
        ("één €".encode("cp1252"), {"Content_Type": "text/plain; charset=nobody-knows"}),
        ("één €".encode(), {"Content_Type": "text/plain; charset=us-ascii"}),
        ("één €".encode(), {"Content_Type": ""}),
        ("één €".encode("utf-16"), {"Content_Type": "text/plain; charset=utf-16"}),
        (b"=C3=A9=C3=A9n =E2=82=AC", {"Content_Transfer_Encoding": "quoted-printable"}),
        (b64encode("één €".encode()), {"Content_Transfer_Encoding": "base64"}),
        (b64encode("één € ".encode()).rstrip(b"="), {"Content_Transfer_Encoding": "base64"}),
        ("één €".encode(), {"Content_Transfer_Encoding": "8bit, perhaps"}),
        ("<p>&eacute;&eacute;n<br>€".encode(), {"Content_Type": "text/html"}),
        ("<style>p{}</style><script>x()</script><p>één €</p>".encode(), {"Content_Type": "text/html"}),
    ],
)
def test_words_are_read_however_they_are_packed(body: bytes, headers: dict[str, str]) -> None:
    assert said(body, **headers).split()[1:] == ["één", "€"]


def test_a_subject_in_raw_bytes_is_read() -> None:
    assert said(Subject="Café".encode("latin-1").decode("utf-8", "surrogateescape")).startswith("Café\n")
    assert said(Subject="Café").startswith("Café\n")
    assert said(Subject="=?utf-8?q?Caf=C3=A9?= =?utf-8?q?_nu?=").startswith("Café nu\n")
    assert said(Subject="=?nobody?q?x?=\r\n and more").endswith(TEXT)


def parts(kind: str, *inside: tuple[str, str], end: str = "--b--\r\n") -> tuple[bytes, str]:
    body = "".join(f"--b\r\n{head}\r\n\r\n{text}\r\n" for head, text in inside)
    return (body + end).encode(), f'multipart/{kind}; boundary="b"'


HTML = ("Content-Type: text/html", "<p>From <b>HTML</b>")
WORDS = (f"Content-Type: {PLAIN}", "From plain")
PHOTO = ('Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename="koude soep.jpg"', "AAAA")
LOGO = ('Content-Type: image/png; name="logo.png"\r\nContent-Disposition: inline', "AAAA")
PASSED_ON = ("Content-Type: message/rfc822", "Subject: theirs\r\n\r\nTheir words.")


@pytest.mark.parametrize(
    ("kind", "inside", "text"),
    [
        ("alternative", (WORDS, HTML), "From plain"),
        ("alternative", (HTML, WORDS), "From plain"),
        ("alternative", ((WORDS[0], " "), HTML), "From HTML"),
        ("mixed", (WORDS, PHOTO, LOGO), "From plain\n📎 koude soep.jpg"),
        ("mixed", (HTML, WORDS), "From HTML\nFrom plain"),
        ("mixed", (WORDS, PASSED_ON), "From plain\n📎 message/rfc822"),
        ("mixed", (PHOTO,), "📎 koude soep.jpg"),
    ],
)
def test_what_was_written_is_found_among_its_parts(
    kind: str, inside: tuple[tuple[str, str], ...], text: str
) -> None:
    body, type = parts(kind, *inside)
    assert said(body, Content_Type=type) == f"Soep\n{text}"
    open, _ = parts(kind, *inside, end="")
    assert said(open, Content_Type=type) == f"Soep\n{text}", "nobody closed it"


def test_attachments_are_named_and_not_kept() -> None:
    body, type = parts("mixed", WORDS, *[(PHOTO[0].replace("koude", str(n)), "AAAA") for n in range(30)])
    names = said(body, Content_Type=type).partition("📎 ")[2].split(", ")
    assert names == [f"{n} soep.jpg" for n in range(_mail_in.NAMES)]


@pytest.mark.parametrize(
    "quoted",
    [
        "> De soep is warm.\n> Echt.",
        "On Mon, 30 Nov 2026 at 10:00, The bakery <help@bakery.example> wrote:\n> Warm.",
        "Op ma 30 nov 2026 om 10:00 schreef De bakkerij <\nhelp@bakery.example>:\n\n> Warm.",
        "Am 30.11.2026 um 10:00 schrieb Die Bäckerei:\n> Warm.",
        "Le lun. 30 nov. 2026 à 10:00, La boulangerie a écrit :\n> Warm.",
        "El lun, 30 nov 2026, La panadería escribió:\n> Warm.",
        "-----Oorspronkelijk bericht-----\nVan: De bakkerij\nWarm.",
        "________________________________\nVan: De bakkerij\nVerzonden: maandag\nAan: Anna\nWarm.",
        "From: The bakery <help@bakery.example>\nSent: Monday\nTo: Anna\nSubject: Soup\n\nWarm.",
    ],
)
def test_what_is_quoted_is_cut(quoted: str) -> None:
    assert said(f"{TEXT}\n\n{quoted}\n") == f"Soep\n{TEXT}"


@pytest.mark.parametrize(
    "text",
    [
        "Op maandag schreef mijn buurman:\nniets, en dat is alles.",
        "From: Utrecht, to: Leiden, by train.",
        "We meet on Monday: bring soup.",
    ],
)
def test_only_what_is_surely_quoted_is_cut(text: str) -> None:
    written = said(f"Hallo.\n{text}")
    assert written.endswith(text) or text.startswith("Op maandag schreef")


WROTE = "On Mon, 2 Nov 2026, Bakery wrote:"
ANGRY = "Your soup made me ill, and I want an answer to that before Friday."
FORWARD = (
    "Please help.\n---------- Forwarded message ---------\nFrom: Bob <bob@x.example>\nDate: Mon, 2 Nov 2026"
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{FORWARD}\nSubject: soup\n{ANGRY}", None),
        (
            f"FYI\nBegin forwarded message:\nFrom: Bob <bob@x.example>\nSubject: soup\nDate: 2 Nov\n{ANGRY}",
            None,
        ),
        (f"Kijk.\n---------- Doorgestuurd bericht ---------\nVan: Bob <bob@x.example>\n> {ANGRY}", None),
        (f"Hello,\n{WROTE}\n> Which order?\n\n{ANGRY}", f"Hello,\n{ANGRY}"),
        (f"Hi.\n{WROTE}\n\n> Which?\nOrder 1234\n> Which soup?\nTomato", "Hi.\nOrder 1234\nTomato"),
        (f'Hello,\nOn Monday your employee wrote:\n"the soup is free".\n{ANGRY}', None),
        (f"Mijn rit:\nVan: Utrecht\nNaar: Parijs\nDatum: 3 mei\n{ANGRY}", None),
        (f"Name: Anna\nFrom: Amsterdam\nTo: Paris\nDate: 3 May\n{ANGRY}", None),
        (f"From: Anna <anna@mail.example>\nTo: you\nSubject: soup\n{ANGRY}", None),
        (f"Zie:\n-----Original Message-----\n{'Dit schreef ik zelf. ' * 10}Echt.", None),
        ("Dank!\nFrom: Bakery <help@bakery.example>\nTo: Anna\nSubject: Soup\nWarm.", "Dank!"),
    ],
)
def test_what_somebody_wrote_is_never_cut(text: str, kept: str | None) -> None:
    assert said(text) == f"Soep\n{kept or text}"


def test_a_mail_that_is_passed_on_stays_whole() -> None:
    theirs = f"Help!\nFrom: Bob <bob@x.example>\nSent: Monday\nTo: Anna\nSubject: Soup\n{ANGRY}"
    assert said(theirs, Subject="FW: Soep").endswith(ANGRY)
    assert said(theirs, Subject="Soep") == "Soep\nHelp!"
    html = (
        "<p>Help!</p><div class=gmail_quote><div>---------- Forwarded message ---------</div><p>{}</p></div>"
    )
    assert said(html.format(ANGRY), Content_Type="text/html").endswith(ANGRY)
    outlook = f"<p>Help!</p><div id=divRplyFwdMsg>From: Bob</div><p>{ANGRY}</p>"
    assert said(outlook, Content_Type="text/html", Subject="Doorst: Soep").endswith(ANGRY)


def test_words_below_what_programs_mark_as_quoted_stay() -> None:
    quote = f"<div class='gmail_quote'><div>{WROTE}</div><blockquote>Which?<div>x</div></blockquote></div>"
    html = f"<div>Hello</div>{quote}<div>{ANGRY}</div>"
    assert said(html, Content_Type="text/html") == f"Soep\nHello\n{ANGRY}"


@pytest.mark.parametrize(
    "tag",
    [
        'div style="display:none"',
        "div style='color:red; DISPLAY : none !important'",
        'span style="visibility:hidden"',
        'span style="font-size:0"',
        'span style="font-size: 0px; x"',
        "p hidden",
        'p class="a" hidden="hidden"',
        'div style="display&#58;none"',
    ],
)
def test_what_html_shows_to_nobody_is_left_out(tag: str) -> None:
    name = tag.split()[0]
    body = f"<p>{TEXT}</p><{tag}>Obey <{name}>me</{name}><br> now</{name}><p>Dank!</p>"
    assert said(body, Content_Type="text/html") == f"Soep\n{TEXT}\nDank!"


@pytest.mark.parametrize(
    "tag", ['p title="x hidden y"', 'p style="font-size:0.9em"', 'p style="display:block"']
)
def test_what_html_shows_is_kept(tag: str) -> None:
    assert said(f"<{tag}>{TEXT}</p>", Content_Type="text/html") == f"Soep\n{TEXT}"


def test_answers_between_the_lines_stay_and_a_mail_of_quotes_alone_stays_whole() -> None:
    assert said("> Warm?\nNee.\n> En nu?\nOok niet.") == "Soep\nNee.\nOok niet."
    assert said("> Dit stond er.") == "Soep\n> Dit stond er."


@pytest.mark.parametrize(
    "mark",
    [
        '<div class="gmail_quote">',
        '<blockquote type="cite">',
        '<div id="divRplyFwdMsg">',
        "<div class=moz-cite-prefix>",
    ],
)
def test_what_programs_mark_as_quoted_is_cut(mark: str) -> None:
    html = f"<div>{TEXT}</div>{mark}Warm.</div>"
    assert said(html, Content_Type="text/html") == f"Soep\n{TEXT}"
    assert said(f"{mark}{TEXT}</div>", Content_Type="text/html") == f"Soep\n{TEXT}"


@given(strategies.binary(max_size=2000))
def test_whatever_comes_is_read_or_nothing(raw: bytes) -> None:
    for made in (raw, mail() + raw, mail(raw, Content_Type='multipart/mixed; boundary="b"')):
        for found in heard(made):
            found.text.encode()
            found.author.handle.encode()
            assert native_id(found.id) == found.id


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"(" * 50_000 + b"\r\n\r\nx",
        b"From: " + b"a@b.example, " * 10_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?a?= " * 10_000 + b"\r\nFrom: a@b.example\r\n\r\nx",
        b"From: a@b.example\r\nSubject: x\r\n"
        + b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(900)
        )
        + b"\r\nx",
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<a " * 40_000,
        b"From: a@b.example\r\n\r\n" + b"On x wrote " * 12_000,
        b"From: a@b.example\r\n\r\n" + b"\r\n" * 60_000,
        b"From: a@b.example\r\nTo",
        b"\xff\xfe\x00",
        b"",
    ],
    ids=range(10),
)
def test_nothing_that_comes_keeps_us_busy(raw: bytes) -> None:
    """The suite's own time limit is the judge of it."""
    for found in heard(raw):
        assert found.author.handle


# who wrote it ------------------------------------------------------------------------------------------

SIGNED = "v=1; a=rsa-sha256; d=mail.example; s=x; b=abc"


@pytest.mark.parametrize(
    ("headers", "told", "proven"),
    [
        ({}, {"dmarc": "PASS"}, True),
        ({}, {"dmarc": "FAIL"}, False),
        ({}, {"dmarc": "GRAY"}, False),
        ({"DKIM_Signature": SIGNED}, {"dmarc": "GRAY"}, True),
        ({"DKIM_Signature": SIGNED}, {"dmarc": "FAIL"}, False),
        ({"DKIM_Signature": SIGNED}, {"dmarc": "GRAY", "dkim": "FAIL"}, False),
        ({"DKIM_Signature": SIGNED.replace("mail.example", "evil.example")}, {"dmarc": "GRAY"}, False),
        ({"DKIM_Signature": SIGNED.replace("d=mail.example", "d=ail.example")}, {"dmarc": "GRAY"}, False),
        ({"From": f"{ANNA}, Bram <bram@evil.example>"}, {"dmarc": "PASS"}, False),
        (
            {"From": "Anna <anna@news.mail.example>", "DKIM_Signature": SIGNED},
            {"dmarc": "PROCESSING_FAILED"},
            True,
        ),
    ],
)
def test_who_is_not_proven_is_marked_and_is_nobody_we_know(
    headers: dict[str, str], told: dict[str, str], proven: bool
) -> None:
    (found,) = heard(mail(**headers), **told)
    assert found.unproven is not proven
    assert found.author.id.startswith("?") is not proven
    assert ("<?" in found.author.handle) is not proven


def test_a_second_sender_or_signature_proves_nothing() -> None:
    raw = mail(DKIM_Signature=SIGNED)
    other = b"DKIM-Signature: v=1; d=evil.example; b=x\r\n"
    assert heard(raw, dmarc="GRAY")[0].unproven is False
    assert heard(other + raw, dmarc="GRAY")[0].unproven is True
    assert heard(b"From: Bram <bram@evil.example>\r\n" + raw)[0].unproven is True


LONG = "\r\n ".join(["a " * 400] * 6)


@pytest.mark.parametrize(
    "sender",
    [
        f"(ceo@bank.example\r\n {LONG}) attacker@evil.example",
        f'"ceo@bank.example\r\n {LONG}" <attacker@evil.example>',
        "ceo@bank.example <attacker@evil.example>",
        "ceo@bank.example, <attacker@evil.example>",
        "<ceo@bank.example> <attacker@evil.example>",
        "<@evil.example:ceo@bank.example>",
        '"odd name"@evil.example, ceo@bank.example',
        "attacker@evil_.example, ceo@bank.example",
        "ceo@bank.example (attacker@evil.example",
        '"ceo@bank.example <attacker@evil.example>',
        "Bank: ceo@bank.example;",
        "Anna\\ <ceo@bank.example>",
    ],
)
@pytest.mark.parametrize("read", ["attacker@evil.example", "ceo@bank.example"])
def test_a_sender_who_can_be_read_in_two_ways_is_proven_in_neither(sender: str, read: str) -> None:
    told = notification(mail(From=sender))
    told["mail"]["commonHeaders"]["from"] = [read]
    (found,) = module.heard({}, module.only(told, US))
    assert found.unproven
    assert "<?" in found.author.handle


@pytest.mark.parametrize(
    ("read", "proven"),
    [
        ([ANNA], True),
        (["Anna@MAIL.example"], True),
        (["attacker@evil.example"], False),
        ([ANNA, "attacker@evil.example"], False),
        ([f"{ANNA}, attacker@evil.example"], False),
        ([], False),
        (None, False),
        ([3], False),
    ],
)
def test_only_a_sender_whom_amazon_read_too_is_proven(read: Any, proven: bool) -> None:
    told = notification(mail())
    told["mail"]["commonHeaders"]["from"] = read
    (found,) = module.heard({}, module.only(told, US))
    assert found.unproven is not proven


@pytest.mark.parametrize(
    ("domain", "proven"),
    [
        ("mail.example", True),
        ("MAIL.example ", True),
        ("mail.example_.evil.example", False),
        ("mail.exampleé.evil.example", False),
        ("mail.example .evil.example", False),
        ("mail.example; d=evil.example", False),
        ("example", False),
        ("il.example", False),
        ("news.mail.example", False),
    ],
)
def test_a_signature_counts_by_its_whole_domain(domain: str, proven: bool) -> None:
    signed = SIGNED.replace("mail.example", domain)
    (found,) = heard(mail(DKIM_Signature=signed), dmarc="GRAY")
    assert found.unproven is not proven


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("josé@example.com", "josé <josé@example.com>"),
        ("a..b@docomo.ne.jp", "a..b <a..b@docomo.ne.jp>"),
        ("Jan <jan.@docomo.ne.jp>", "Jan <jan.@docomo.ne.jp>"),
        ('"john doe"@example.com', '"john doe" <"john doe"@example.com>'),
        ("=?utf-8?q?a?=@evil.example", "=?utf-8?q?a?= <=?utf-8?q?a?=@evil.example>"),
    ],
)
def test_who_cannot_be_written_to_is_heard_and_the_reason_said(server: Ses, sender: str, shown: str) -> None:
    (found,) = heard(mail(From=sender))
    assert found.author.handle.replace("<?", "<") == shown
    with pytest.raises(Rejected, match="can write to no address"):
        reached_at(server, found.author.url).publish(ReplyTo(id="1", author=shown), "Hi", "t", "nl")
    assert server.sent == []


@pytest.mark.parametrize("kind", ["spam", "virus"])
def test_what_amazon_takes_for_spam_or_a_virus_is_held(kind: str) -> None:
    (found,) = heard(mail(), **{kind: "FAIL"})
    assert found.held == kind
    (found,) = heard(mail(), spam="GRAY", virus="PROCESSING_FAILED")
    assert found.held == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "Bulk"},
        {"Precedence": "list"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<news.mail.example>"},
        {"Return_Path": "<>"},
        {"From": "Mail Delivery <MAILER-DAEMON@eu-west-1.amazonses.com>"},
        {module.MARK.replace("-", "_"): "one of ours, by way of a list"},
        {"From": f"The bakery <{US.upper()}>"},
        {"From": f"The bakery <{US}>", "Reply_To": US},
        {"From": "nobody at all"},
    ],
)
def test_what_no_person_wrote_and_our_own_is_no_mention(headers: dict[str, str]) -> None:
    assert heard(mail(**headers)) == ()


def test_an_empty_return_path_is_a_machines() -> None:
    assert heard(mail(), source="") == ()
    assert heard(mail(), source="<>") == ()
    assert len(heard(mail(Auto_Submitted="no", Precedence="normal"))) == 1


def test_a_form_on_our_site_writes_in_our_name_for_somebody() -> None:
    (found,) = heard(mail(From=f"Site <{US}>", Reply_To="Anna <anna@mail.example>"))
    assert (found.author.handle, found.unproven) == ("Anna <?anna@mail.example>", True)
    assert _mail_out.mailto(found.author.url)[0] == "anna@mail.example"


def test_an_answer_goes_where_they_want_it() -> None:
    (found,) = heard(mail(Reply_To="shop@mail.example"))
    assert found.author.handle == ANNA
    assert _mail_out.mailto(found.author.url)[0] == "shop@mail.example"


# calls -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, [], {}, {"mail": {}}, "x"])
def test_what_is_not_of_ses_is_refused(value: Any) -> None:
    assert not module.calls(value)
    with pytest.raises(BadInput, match="notificationType"):
        module.heard({}, value)


@pytest.mark.parametrize(
    "value",
    [
        {"notificationType": "AmazonSnsSubscriptionSucceeded", "message": "x"},
        {"notificationType": "Delivery", "mail": {"messageId": "1"}},
        {"notificationType": "Received"},
        {"notificationType": "Received", "mail": 3, "receipt": []},
        {"notificationType": "Received", "mail": {"headers": [3, {"name": 3}]}},
        {"Records": 3},
        {"Records": [3, {}, {"ses": 3}]},
        {"notificationType": "Bounce"},
        {"notificationType": "Bounce", "bounce": {"bouncedRecipients": [3]}, "mail": {"messageId": 3}},
    ],
)
def test_a_call_without_a_mail_tells_nothing(value: Any) -> None:
    assert module.heard({}, module.only(value, US)) == ()


def test_base64_that_is_none_is_named() -> None:
    with pytest.raises(BadInput, match="content: expected base64"):
        module.heard({}, {**notification(mail()), "content": "é"})


def kit(stored: bytes | None) -> Kit:
    class Box:
        asked: tuple[Any, ...] = ()

        def stored(self, *asked: Any) -> bytes | None:
            self.asked = asked
            return stored

    return Kit(http=Http(), shelf=MemoryShelf(), mailbox=cast(Any, Box()))


def test_a_mail_in_the_bucket_is_read_there() -> None:
    there = kit(mail())
    value = module.fetched(notification(mail(), stored="_mail/abc"), there)
    (found,) = module.heard({}, value)
    assert found.text == f"Soep\n{TEXT}"
    assert cast(Any, there.mailbox).asked == (BUCKET, "_mail/abc", 1_000_000)
    whole = notification(mail())
    assert module.fetched(whole, there) is whole


def test_one_that_is_not_there_is_not_lost_in_silence() -> None:
    told = notification(mail(), stored="_mail/abc")
    for read in (lambda: module.fetched(told, kit(None)), lambda: module.heard({}, told)):
        with pytest.raises(BadInput, match=r"receipt\.action\.objectKey"):
            read()


def test_the_source_that_calls_us_reads_it_and_leaves_our_own_out() -> None:
    """SNS wraps it; what else comes by SNS in our own form is read as before."""
    hears = connect("webhook", {"scheme": "sns"}, {}, kit(mail()))
    told = {"Type": "Notification", "Message": json.dumps(notification(mail(), stored="_mail/abc"))}
    (found,) = hears.hear({}, json.dumps(told).encode())
    assert (found.platform, found.text) == ("email", f"Soep\n{TEXT}")
    item = {"id": "1", "author": {"handle": "a"}, "text": "x"}
    own = {"type": "mention.created", "timestamp": "2026-11-30T09:00:00Z", "data": item}
    (found,) = hears.hear({}, json.dumps({**told, "Message": json.dumps(own)}).encode())
    assert found.platform == "webhook"


@pytest.mark.parametrize(
    ("kind", "sub", "heard"),
    [
        ("Permanent", "General", True),
        ("Undetermined", "Undetermined", True),
        ("Transient", "MailboxFull", True),
        ("Transient", "General", False),
    ],
)
def test_what_did_not_arrive_is_told_in_its_conversation(
    server: Ses, kind: str, sub: str, heard: bool
) -> None:
    sent = email(server).publish(asked(server), "Sorry!", "t", "nl")
    server.bounces(server.sent[0], "smtp; 550 5.1.1 user unknown", kind, sub)
    found = module.heard({}, server.calls[-1])
    assert len(found) == heard
    for each in found:
        assert each.reply_to == sent.remote_id
        assert each.text == "Who we answered did not take our mail.\nsmtp; 550 5.1.1 user unknown"
        assert _mail_out.mailto(each.author.url) == ("anna@mail.example", {})


@pytest.mark.parametrize(
    ("source", "heard"),
    [(US, True), (f"Bakery <{US.upper()}>", True), ("newsletter@bakery.example", False)],
)
def test_what_another_address_sent_and_did_not_arrive_is_none_of_ours(
    server: Ses, source: str, heard: bool
) -> None:
    email(server).publish(asked(server), "Sorry!", "t", "nl")
    server.bounces(server.sent[0], "550")
    told = server.calls[-1]
    told["mail"]["source"] = source
    assert len(module.heard({}, module.only(told, US))) == heard


def test_who_takes_us_for_spam_is_told_too() -> None:
    told = {"notificationType": "Complaint", "complaint": {}, "mail": {"messageId": "0102-1"}}
    (found,) = module.heard({}, told)
    assert (found.reply_to, found.text) == ("0102-1", "Who we answered marked our mail as spam.")


# out ---------------------------------------------------------------------------------------------------


def test_an_answer_stays_in_its_conversation(server: Ses) -> None:
    references = "<a@x.example> <b@x.example>"
    to = asked(server, subject="Koude soep €", In_Reply_To="<b@x.example>", References=references)
    sent = email(server, sender="De bakkerij ☕").publish(
        to, "Sorry!\n\nWarm nu: https://x.example 🥣", "token-1", "nl"
    )
    (mailed,) = server.sent
    made = mailed.mail
    assert (mailed.sender, mailed.to) == (US, ["anna@mail.example"])
    assert (made["From"], made["To"]) == (f"De bakkerij ☕ <{US}>", "anna@mail.example")
    assert made["Subject"] == "Re: Koude soep €"
    assert made["In-Reply-To"] == "<1@mail.example>"
    assert made["References"] == f"{references} <1@mail.example>"
    assert made.get_content_type() == "text/plain"
    assert mailed.text == "Sorry!\n\nWarm nu: https://x.example 🥣"
    assert (made["Content-Language"], made[module.MARK]) == ("nl", "token-1")
    assert "Message-ID" not in made
    assert sent.remote_id == mailed.id == native_id(mailed.id)
    assert max(map(len, mailed.raw.split(b"\r\n"))) < 998


def test_what_answers_ours_is_of_the_same_conversation(server: Ses) -> None:
    sent = email(server).publish(asked(server), "Sorry!", "t", "nl")
    for region in ("eu-west-1", "email"):
        server.say("Dank!", In_Reply_To=f"<{message_id(sent.remote_id, region)}>")
        (found,) = module.heard({}, server.calls[-1])
        assert found.reply_to == sent.remote_id


def test_ours_that_comes_back_is_dropped(server: Ses) -> None:
    """From a list or a forward that changed who it is from, too."""
    email(server).publish(asked(server), "Sorry!", "t", "nl")
    raw = server.sent[0].raw
    assert heard(raw) == ()
    assert heard(raw.replace(f"From: {US}".encode(), b"From: list@lists.example")) == ()


def test_long_ids_are_never_folded_or_encoded(server: Ses) -> None:
    ids = [f"<{n}{'a' * 200}@x.example>" for n in range(9)]
    to = asked(server, References=" ".join(ids))
    email(server).publish(to, "Sorry!", "t", "nl")
    made = server.sent[0].mail
    assert made["References"].split() == [ids[0], *ids[-4:], "<1@mail.example>"]
    assert b"=?" not in server.sent[0].raw.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@x.example", "x\nBcc: all@x.example", "\u2028Bcc: all@x.example"]
)
def test_a_subject_brings_no_header_of_its_own(server: Ses, evil: str) -> None:
    fields = f"subject={quote(evil)}&in-reply-to={quote('<a@b>' + evil)}&bcc=all@x.example"
    url = f"mailto:anna@mail.example?{fields}"
    there = Kit(http=Http(), shelf=MemoryShelf(), mailbox=mailbox(server), reached=lambda id: url)
    connect("email", {"account": US}, {}, there).publish(ReplyTo(id="1", author=ANNA), "Hi", "t", "nl")
    made = server.sent[0].mail
    assert (made["Bcc"], made["To"]) == (None, "anna@mail.example")


def coded(text: str) -> str:
    """As an encoded word."""
    return f"=?utf-8?b?{b64encode(text.encode()).decode()}?="


def reached_at(server: Ses, url: str, **settings: str) -> Any:
    """A channel for whose mentions that address is kept."""
    there = Kit(http=Http(), shelf=MemoryShelf(), mailbox=mailbox(server), reached=lambda id: url)
    return connect("email", {"account": US, **settings}, {}, there)


EVIL = [
    "\r\nBcc: all@x.example",
    "\r\nContent-Type: text/html\r\n\r\n<a href=https://evil.example>Log in</a>",
]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("before", ["", "a", 'a"'])
def test_an_id_brings_no_header_and_no_body_of_its_own(server: Ses, evil: str, before: str) -> None:
    """What is read as encoded in an id is written by nobody; also where an older mention keeps it."""
    id = f"<{before}{coded(evil)};@x>"
    whole = "<0@mail.example>"
    (found,) = heard(mail(Message_ID=id, References=f"{whole} {id}"))
    old = f"mailto:anna@mail.example?in-reply-to={quote(id)}&references={quote(f'{whole} {id}')}"
    other = f"mailto:anna@mail.example?in-reply-to={quote(whole)}&references={quote(f'{id} {whole}')}"
    for url in (found.author.url, old, other):
        reached_at(server, url).publish(ReplyTo(id="1", author=ANNA), "Sorry!", "t", "nl")
        made = server.sent[-1].mail
        assert (made["Bcc"], made.get_content_type()) == (None, "text/plain")
        assert server.sent[-1].text == "Sorry!"
        assert b"=?" not in server.sent[-1].raw
    assert made["References"] == f"{whole} {whole}"


@pytest.mark.parametrize(
    ("id", "fits"),
    [
        ("<1@mail.example>", True),
        ("<CAB+x=y%z$1.2@[10.0.0.1]>", True),
        (f"<{'a' * 236}@mail.example>", False),
        ("<no-at-sign>", False),
        ("<a@b@c>", False),
        ("<a b@c>", False),
        ("<é@mail.example>", False),
        ("<a=?b@mail.example>", False),
        ("1@mail.example", False),
        ("<@>", False),
        ("<1@mail.example>\n", False),
    ],
)
def test_only_a_plain_id_stands_in_an_answer(id: str, fits: bool) -> None:
    assert _mail_out.ids([id]) == [id] * fits


@pytest.mark.parametrize("evil", EVIL)
def test_a_subject_or_a_name_that_is_encoded_twice_brings_none_either(server: Ses, evil: str) -> None:
    (found,) = heard(mail(Subject=coded(coded(evil))))
    channel = reached_at(server, found.author.url, sender=f"Bakery {coded(evil)}")
    channel.publish(ReplyTo(id="1", author=ANNA), "Sorry!", "t", "nl")
    (sent,) = server.sent
    assert (sent.mail["Bcc"], sent.mail.get_content_type(), sent.text) == (None, "text/plain", "Sorry!")


@pytest.mark.parametrize("local", ["=?utf-8?q?a_b?=", coded(EVIL[0]), "=?x?q?a?="])
def test_an_address_that_reads_as_something_else_is_never_written_to(server: Ses, local: str) -> None:
    """Nothing stumbles over it when it is time to answer; from an older mention neither."""
    (found,) = heard(mail(Reply_To=f"{local}@evil.example"))
    assert _mail_out.mailto(found.author.url)[0] == "anna@mail.example"
    channel = reached_at(server, f"mailto:{quote(local)}@evil.example")
    with pytest.raises(Rejected, match="can write to no address"):
        channel.publish(ReplyTo(id="1", author=ANNA), "Hi", "t", "nl")
    with pytest.raises(BadInput, match="account"):
        email(server, account=f"{local}@evil.example")
    assert server.sent == []


@pytest.mark.parametrize(
    ("text", "token", "language"),
    [("\ud800", "t", ""), ("Hi", "t\r\nBcc: a@b.example", ""), ("Hi", "t", "n\nl")],
)
def test_what_cannot_be_written_is_refused_before_anything_left(
    server: Ses, text: str, token: str, language: str
) -> None:
    with pytest.raises(Rejected, match="cannot be written"):
        email(server).publish(asked(server), text, token, language)
    assert server.sent == []


@pytest.mark.parametrize(
    "spoilt",
    [lambda raw: b"Bcc: a@b.example\r\n" + raw, lambda raw: raw.replace(b"\r\nTo:", b"\r\nTo: x\r\nTo:")],
)
def test_a_mail_with_other_headers_than_ours_never_leaves(
    server: Ses, monkeypatch: pytest.MonkeyPatch, spoilt: Callable[[bytes], bytes]
) -> None:
    """Whatever the library makes of what it is given."""
    to, honest = asked(server), EmailMessage.as_bytes
    monkeypatch.setattr(EmailMessage, "__bytes__", lambda self: spoilt(honest(self)))
    with pytest.raises(Rejected, match="cannot be written"):
        email(server).publish(to, "Hi", "t", "")
    assert server.sent == []


@pytest.mark.parametrize("given", ["Re: Soep", "RE: Soep", "Antw: Soep", "AW: Soep", "Re[2]: Soep"])
def test_re_is_said_once(given: str) -> None:
    assert _mail_out.subject_of(given) == given
    assert _mail_out.subject_of("Soep") == "Re: Soep"
    assert _mail_out.subject_of("") == "Re:"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://x.example",
        "mailto:",
        "mailto:nobody",
        "mailto:a@b.example,c@d.example",
        "mailto:a..b@x.example",
    ],
)
def test_a_mail_that_is_forgotten_is_not_answered(server: Ses, url: str) -> None:
    there = Kit(http=Http(), shelf=MemoryShelf(), mailbox=mailbox(server), reached=lambda id: url)
    channel = connect("email", {"account": US}, {}, there)
    with pytest.raises(Rejected, match="not kept any more"):
        channel.publish(ReplyTo(id="1", author=ANNA), "Hi", "t", "nl")
    assert server.sent == []


def test_posts_and_empty_answers_are_refused(server: Ses) -> None:
    channel = email(server)
    with pytest.raises(Rejected, match="answers only"):
        channel.publish(None, "Hi", "t", "nl")
    with pytest.raises(Rejected, match="empty"):
        channel.publish(asked(server), " \n", "t", "nl")


# what goes wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (400, "MessageRejected", Rejected),
        (400, "MailFromDomainNotVerifiedException", Rejected),
        (400, "AccountSuspendedException", Rejected),
        (400, "BadRequestException", Rejected),
        (404, "NotFoundException", Rejected),
        (400, "SendingPausedException", Unavailable),
        (400, "LimitExceededException", RateLimited),
        (429, "TooManyRequestsException", RateLimited),
        (400, "ThrottlingException", RateLimited),
        (403, "AccessDeniedException", Unauthorized),
        (403, "ExpiredTokenException", Unauthorized),
        (500, "InternalServiceErrorException", Unknown),
        (503, "ServiceUnavailable", Unknown),
    ],
)
def test_each_refusal_of_ses_has_its_word_and_names_nobody(
    server: Ses, status: int, kind: str, error: type[PlatformError]
) -> None:
    to, body = asked(server), json.dumps({"message": f"no mail for anna@mail.example ({kind})"}).encode()
    server.answers = (status, body, {"x-amzn-ErrorType": kind})
    with pytest.raises(error) as refused:
        email(server).publish(to, "Hi", "t", "nl")
    assert type(refused.value) is error
    assert "anna@" not in str(refused.value)


@pytest.mark.parametrize("harm", ["fails_after_sending", "drops_after_sending"])
def test_an_answer_whose_outcome_is_lost_went_once_and_never_again(server: Ses, harm: str) -> None:
    """The SDK does not ask a second time by itself either."""
    to, channel = asked(server), email(server)
    setattr(server, harm, True)
    with pytest.raises(Unknown):
        channel.publish(to, "Sorry!", "t", "nl")
    assert len(server.sent) == 1
    with pytest.raises(Unavailable, match="no list"):
        channel.find(to, "Sorry!", "t", datetime.now(UTC))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'"x"', b"{}"])
def test_an_answer_that_names_no_message_is_unknown(server: Ses, body: bytes) -> None:
    to = asked(server)
    server.answers = (200, body)
    with pytest.raises(Unknown):
        email(server).publish(to, "Sorry!", "t", "nl")


def test_who_cannot_be_reached_sent_nothing() -> None:
    with Ses() as gone:
        channel, to = email(gone), asked(gone)
    with pytest.raises(Unavailable):
        channel.publish(to, "Sorry!", "t", "nl")


@pytest.mark.parametrize(
    ("verified", "good"),
    [
        ({US: True}, True),
        ({"bakery.example": True}, True),
        ({US: False, "bakery.example": True}, True),
        ({US: False}, False),
        ({}, False),
    ],
)
def test_the_address_or_its_domain_has_to_be_verified(
    server: Ses, verified: dict[str, bool], good: bool
) -> None:
    server.verified = verified
    if good:
        assert email(server).check() is None
        return
    with pytest.raises(Unauthorized, match="verify it"):
        email(server).check()


@pytest.mark.parametrize("given", ["", "x", "x@", "@x.example", "x@y", "a b@x.example", "é@x.example"])
def test_an_address_is_an_address(server: Ses, given: str) -> None:
    with pytest.raises(BadInput, match="account"):
        email(server, account=given)


# as data -----------------------------------------------------------------------------------------------


def test_what_it_says_of_itself() -> None:
    way = platforms.answering("email", {"account": US})
    assert (way.how, way.why_not) == ("api", "")
    assert platforms.charged("email", {"account": US}, TEXT) == 100
    assert platforms.keyless("email")
    assert not platforms.can("email", "publish")
    assert module.account({"account": f" {US.upper()} "}) == US


def test_a_mail_made_by_the_standard_library_comes_through(server: Ses) -> None:
    made = EmailMessage(policy=default)
    made["From"], made["Subject"], made["Message-ID"] = ANNA, "Soep ☕", "<9@mail.example>"
    made.set_content("Koud — écht.\n")
    made.add_alternative("<p>Koud — <b>écht</b>.</p>", subtype="html")
    made.add_attachment(b"x", maintype="image", subtype="jpeg", filename="bon ☕.jpg")
    (found,) = heard(bytes(made))
    assert found.text == "Soep ☕\nKoud — écht.\n📎 bon ☕.jpg"
