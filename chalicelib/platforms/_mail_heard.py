"""E-mail as SES tells of it: notifications of mails to us, and of what became of ours."""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import BadInput
from chalicelib.platforms._http_json import moment, words
from chalicelib.platforms._text import one_line, tidy
from chalicelib.ports import Kit

if TYPE_CHECKING:
    from chalicelib.platforms._mail_in import Letter

NAME = "email"
STORED = 1_000_000
"""Bytes that are read of a mail in the bucket: what people wrote stands at its beginning."""
OBJECT = "receipt.action.objectKey"
LOST = frozenset({"MailboxFull", "MessageTooLarge", "ContentRejected", "AttachmentRejected"})
"""Of bounces that may pass those that say our mail was not taken; others are answers of machines."""

_SES_ID = re.compile(r"([^@\s]{1,200})@[a-z0-9-]+\.amazonses\.com")
_ROBOT = re.compile(r"(?:mailer-daemon|postmaster)@", re.IGNORECASE)


# hears -----------------------------------------------------------------------------------------------


def calls(value: Any) -> bool:
    """Is it of SES: of a mail, or of what became of one of ours?"""
    return isinstance(value, dict) and bool({"notificationType", "eventType", "Records"} & value.keys())


def only(value: Any, account: str) -> Any:
    """A call with the account that answers beside it: what that one wrote is our own."""
    return {**value, NAME: account} if isinstance(value, dict) else value


def fetched(value: Any, kit: Kit) -> Any:
    """A call with the mail itself, where that lies in our bucket. Raises BadInput where it does not."""
    receipt = value.get("receipt") if isinstance(value, dict) else None
    action = receipt.get("action") if isinstance(receipt, dict) else None
    if not isinstance(action, dict) or action.get("type") != "S3" or kit.mailbox is None:
        return value
    raw = kit.mailbox.stored(
        words(action.get("bucketName"), 100), words(action.get("objectKey"), 300), STORED
    )
    if raw is None:
        raise BadInput(OBJECT, "no mail in our bucket, under _mail/, or not any more")
    return {**value, "content": raw}


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A notification of SES, verified. Raises BadInput."""
    if not calls(value):
        raise BadInput("notificationType", "expected a notification of Amazon SES")
    kind = value.get("notificationType") or value.get("eventType")
    if kind in ("Bounce", "Complaint"):
        return tuple(_undelivered(value, str(kind), words(value.get(NAME), 254)))
    if kind not in ("Received", None):
        return ()
    account = words(value.get(NAME), 254)
    several = value.get("Records")
    told = (
        [each.get("ses") for each in several if isinstance(each, dict)]
        if isinstance(several, list)
        else [value]
    )
    each = (_found(one, account) for one in told if isinstance(one, dict))
    return tuple(one for one in each if one)


def _undelivered(value: Mapping[str, Any], kind: str, account: str) -> Iterator[Found]:
    """That a mail of ours did not arrive, or was taken for spam, in the conversation it is of. The topic
    tells of all that the identity sends: what another address sent, such as a newsletter, is none of ours."""
    from chalicelib.platforms._mail_names import mailboxes

    mail, told = _dict(value, "mail"), _dict(value, kind.lower())
    about = words(mail.get("messageId"), 200)
    soft = told.get("bounceType") == "Transient" and told.get("bounceSubType") not in LOST
    sent_by = [each.casefold() for _, each in mailboxes(words(mail.get("source"), 400))]
    if not about or soft or (account and sent_by and sent_by != [account]):
        return
    listed = told.get("bouncedRecipients")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    why, whom = one_line(words(first.get("diagnosticCode"), 500)), words(first.get("emailAddress"), 254)
    said = "marked our mail as spam" if kind == "Complaint" else "did not take our mail"
    yield Found(
        id=native_id(f"{kind.lower()}/{about}"),
        author=Author(id="ses", handle="Amazon SES", url=f"mailto:{quote(whom, safe='@')}" if whom else ""),
        text=tidy(f"Who we answered {said}.\n{why}"),
        posted_at=moment(told.get("timestamp")),
        reply_to=native_id(about),
        language="en",
        direct=True,
        platform=NAME,
    )


def _found(told: Mapping[str, Any], account: str) -> Found | None:
    """None for what no person wrote to us, and for our own."""
    from chalicelib.platforms._mail_in import read
    from chalicelib.platforms._mail_names import address
    from chalicelib.platforms._mail_out import answered_at

    mail, receipt = _dict(told, "mail"), _dict(told, "receipt")
    letter = read(_raw(told, mail))
    name, there = letter.sender
    proven = _proven(letter, mail, receipt)
    if there.casefold() == account and letter.reply_to[1].casefold() not in ("", account):
        (name, there), proven = letter.reply_to, False  # a form on our site, which writes in our name
    text, id = _text(letter), letter.id or words(mail.get("messageId"), 200)
    if not (there and text and id) or there.casefold() == account or _by_machine(letter, mail):
        return None
    who = f"{'' if proven else '?'}{there.casefold()}"
    return Found(
        id=known_as(id, who),
        author=Author(
            id=who,
            handle=_shown(name, there, proven),
            name=name,
            url=answered_at(letter, address(letter.reply_to[1]) or address(there)),
        ),
        text=text,
        posted_at=_when(letter.at, moment(mail.get("timestamp"))),
        reply_to=answered(letter.answers, who),
        language=letter.language,
        direct=True,
        unproven=not proven,
        held=_held(receipt),
        platform=NAME,
    )


def _shown(name: str, there: str, proven: bool) -> str:
    """Whoever is shown so is one person; who is not proven is another. A name that looks like an address is
    none."""
    called = there.rpartition("@")[0] if not name or set("@<>") & set(name) else name[:100]
    return f"{called} <{'' if proven else '?'}{there}>"


def _raw(told: Mapping[str, Any], mail: Mapping[str, Any]) -> bytes:
    """The mail; its headers alone where no more was told. Raises BadInput."""
    content = told.get("content")
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        if _dict(_dict(told, "receipt"), "action").get("encoding") != "BASE64":
            return content.encode("utf-8", "replace")
        try:
            return b64decode(content)
        except ValueError:
            raise BadInput("content", "expected base64") from None
    if _dict(_dict(told, "receipt"), "action").get("type") == "S3":
        raise BadInput(OBJECT, "its mail was not fetched")
    listed = mail.get("headers")
    given = [
        (words(each.get("name"), 100), words(each.get("value"), 100_000))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict)
    ]
    if not any(name.lower() == "date" for name, _ in given):
        given.append(("Date", words(_dict(mail, "commonHeaders").get("date"), 100)))
    lines = (re.sub(r"[\r\n]+", " ", f"{name}: {value}") for name, value in given)
    kept = (line for line in lines if not line.lower().startswith("content-"))
    return ("\r\n".join(kept) + "\r\n\r\n").encode()


def _text(letter: "Letter") -> str:
    """Subject, words, and what was attached; without the subject where it is the conversation's."""
    from chalicelib.platforms._mail_text import answers

    repeats = letter.answers and letter.text and answers(letter.subject)
    named = f"\N{PAPERCLIP} {', '.join(letter.attachments)}" if letter.attachments else ""
    return tidy("\n".join(["" if repeats else letter.subject, letter.text, named]))


def _proven(letter: "Letter", mail: Mapping[str, Any], receipt: Mapping[str, Any]) -> bool:
    """Did who owns the domain of this address say that it is from them? Only where Amazon, whose word that
    is, read the same sender as we do."""
    from chalicelib.platforms._mail_names import mailboxes

    said = _dict(mail, "commonHeaders").get("from")
    read = mailboxes(words(said[0], 4_000)) if isinstance(said, list) and len(said) == 1 else []
    there = letter.sender[1].casefold()
    if not letter.sure or [each.casefold() for _, each in read] != [there]:
        return False
    dmarc, dkim = _verdict(receipt, "dmarc"), _verdict(receipt, "dkim")
    domain = there.rpartition("@")[2]
    aligned = letter.signers and all(each and f".{domain}".endswith(f".{each}") for each in letter.signers)
    return dmarc == "PASS" or (dkim == "PASS" and dmarc != "FAIL" and bool(aligned))


def _held(receipt: Mapping[str, Any]) -> str:
    return next((each for each in ("virus", "spam") if _verdict(receipt, each) == "FAIL"), "")


def _verdict(receipt: Mapping[str, Any], of: str) -> str:
    return words(_dict(receipt, f"{of}Verdict").get("status"), 30)


def _by_machine(letter: "Letter", mail: Mapping[str, Any]) -> bool:
    """RFC 3834, and what programs do besides; also a mail of ours that comes back from somewhere."""
    marks = letter.marks
    back = mail.get("source", "?") in ("", "<>") or marks.get("return-path") == "<>"
    return bool(
        back
        or _ROBOT.match(letter.sender[1])
        or marks.get("auto-submitted", "no").partition(";")[0].strip() != "no"
        or marks.get("precedence") in ("bulk", "list", "junk", "auto_reply")
        or marks.keys() & {"x-auto-response-suppress", "x-autoreply", "x-autorespond", "list-id", "x-webspin"}
    )


def _when(said: datetime | None, received: datetime | None) -> datetime | None:
    """When SES had it; a clock of theirs that is behind makes nothing older than that."""
    return max((each.astimezone(UTC) for each in (said, received) if each), default=None)


def _dict(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


# names of mails ------------------------------------------------------------------------------------


def known_as(id: str, who: str) -> str:
    """A Message-ID as the id of a mention by this author (`Author.id`): anybody can write any Message-ID, and
    takes nobody's place by that."""
    return native_id(f"{id} {who}") if id else ""


def answered(id: str, who: str) -> str:
    """The message that this author answers: one of ours, whose Message-ID SES made of what `SendEmail` gave,
    or an earlier one of their own."""
    ours = _SES_ID.fullmatch(id)
    return native_id(ours[1]) if ours else known_as(id, who)
