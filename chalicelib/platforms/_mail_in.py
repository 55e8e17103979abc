"""A mail out of its bytes (RFC 5322, MIME), whatever they are: broken, in unknown characters, endless.

The standard library's parser is used with its modern policy, and only where it is bounded: its time grows
with the length of a header and with the number of parts that lie in each other, so both are cut before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.platforms._mail_names import decoded_words, likely, mailboxes
from chalicelib.platforms._mail_text import forwarded, unquoted, visible, written
from chalicelib.platforms._text import decoded, one_line, plain, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from email.message import EmailMessage

HEADER = 4_000
"""Characters that are read of one header."""
PARTS, DEEP = 50, 20
"""More parts than that, or deeper in each other, are nobody's mail: then its headers alone are read."""
NAMES = 20
"""Attachments that are named."""

_ID = re.compile(r"<([^<>\s]{1,900})>")
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,20}[a-z0-9-]{2,63}")
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`sender` and `reply_to` are (name, address), ("", "") where there is none: the first that is named,
    also one that we cannot write to. `sure`: its sender is one alone, and read as RFC 5322 says, whole.
    `id`, `answers` and `references` are without their brackets. `text` is what was written, without what it
    quotes. `marks` are the headers by which programs say that they wrote it, in small letters."""

    sender: tuple[str, str]
    reply_to: tuple[str, str]
    sure: bool
    subject: str
    id: str
    answers: str
    references: tuple[str, ...]
    at: datetime | None
    language: str
    text: str
    attachments: tuple[str, ...]
    signers: tuple[str, ...]
    """The domains that signed it (DKIM), as it says itself."""
    marks: Mapping[str, str]


def read(raw: bytes) -> Letter:
    """Never raises for what it is given."""
    message = _parsed(raw)
    headers = _headers(message)

    def first(name: str) -> str:
        return headers.get(name, [""])[0]

    subject = one_line(decoded_words(first("subject")))
    text, attachments = _content(message, forwarded(subject))
    senders, replies = mailboxes(first("from")), mailboxes(first("reply-to"))
    alone = len(senders) == 1 == len(headers.get("from", ()))
    answers = _ID.findall(first("in-reply-to"))
    references = _ID.findall(first("references"))
    return Letter(
        sender=senders[0] if senders else likely(first("from")),
        reply_to=replies[0] if replies else likely(first("reply-to")),
        sure=alone and not _cut(message, "from"),
        subject=subject,
        id=next(iter(_ID.findall(first("message-id"))), first("message-id").strip("<> \t")),
        answers=answers[0] if answers else (references[-1] if references else ""),
        references=tuple(references),
        at=_date(first("date")),
        language=(re.match(r"[A-Za-z]{2,3}", first("content-language")) or [""])[0].lower(),
        text=text,
        attachments=attachments,
        signers=tuple(_signer(each) for each in headers.get("dkim-signature", ())),
        marks={name: values[0].strip().lower() for name, values in headers.items() if name in MARKS},
    )


MARKS = frozenset(
    {
        "auto-submitted", "list-id", "precedence", "return-path", "x-auto-response-suppress", "x-autoreply",
        "x-autorespond", "x-webspin",
    }
)  # fmt: skip


# headers ---------------------------------------------------------------------------------------------


@cache
def _policy() -> Any:
    from email.policy import EmailPolicy

    class Bounded(EmailPolicy):
        def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
            name, value = super().header_source_parse(list(sourcelines))
            return name, value[:HEADER]

    return Bounded()


def _parsed(raw: bytes) -> EmailMessage:
    from email.parser import BytesHeaderParser, BytesParser

    few = len(_BOUNDARY.findall(raw)) <= PARTS
    try:
        found: EmailMessage = (BytesParser if few else BytesHeaderParser)(policy=_policy()).parsebytes(raw)
    except RecursionError:
        found = BytesHeaderParser(policy=_policy()).parsebytes(raw)
    return found


def _headers(message: EmailMessage) -> dict[str, list[str]]:
    """As they were sent, on one line each, by name in small letters."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), []).append(
            re.sub(r"\s*[\r\n]+\s*", " ", _unescaped(str(value))).strip()
        )
    return found


def _unescaped(value: str) -> str:
    """Of a header with bytes that are no ASCII, which the parser keeps as halves of characters."""
    if value.isascii():
        return value
    return decoded(value.encode("utf-8", "surrogateescape"))


def _cut(message: EmailMessage, name: str) -> bool:
    """Is there one so long that we did not read it whole?"""
    return any(each.lower() == name and len(str(value)) >= HEADER for each, value in message.raw_items())


def _date(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _signer(signature: str) -> str:
    """Its domain, whole; "" where it is none, or not surely read."""
    named = [
        value
        for tag, _, value in (each.partition("=") for each in signature.split(";"))
        if tag.strip() == "d"
    ]
    domain = named[0].strip().lower() if len(named) == 1 and len(signature) < HEADER else ""
    return domain if _DOMAIN.fullmatch(domain) else ""


# content ---------------------------------------------------------------------------------------------


def _content(message: EmailMessage, whole: bool) -> tuple[str, tuple[str, ...]]:
    """What was written, and the names of what is attached; `whole`: with what is quoted."""
    names = tuple(name for part in _leaves(message, 0) if (name := _attached(part)))
    return tidy(_body(message, 0, whole)), names[:NAMES]


def _leaves(part: Any, depth: int) -> Iterator[Any]:
    inside = part.get_payload() if part.is_multipart() and depth < DEEP else None
    if isinstance(inside, list) and part.get_content_maintype() != "message":
        for each in inside:
            yield from _leaves(each, depth + 1)
    else:
        yield part


def _attached(part: Any) -> str:
    """The name of an attachment; "" for what is part of the text."""
    try:
        said, name = part.get_content_disposition(), part.get_filename() or ""
        kind = part.get_content_type()
    except Exception:  # it raises whatever it happens to on some that are broken
        return ""
    if said == "attachment" or (name and said != "inline") or kind == "message/rfc822":
        return one_line(str(name))[:100] or kind
    return ""


def _body(part: Any, depth: int, whole: bool) -> str:
    """Of alternatives the plain one; of several below each other all."""
    inside = part.get_payload() if part.is_multipart() else None
    if isinstance(inside, list):
        if depth >= DEEP or part.get_content_maintype() == "message":
            return ""
        bodies = [(each.get_content_type(), _body(each, depth + 1, whole)) for each in inside[:PARTS]]
        there = [(kind, body) for kind, body in bodies if body.strip()]
        if part.get_content_subtype() == "alternative":
            return next((body for kind, body in there if kind == "text/plain"), there[-1][1] if there else "")
        return "\n".join(body for _, body in there)
    kind = part.get_content_type()
    if kind not in ("text/plain", "text/html") or _attached(part):
        return ""
    text = _text(part)
    if kind == "text/html":
        seen = visible(text)
        text = plain(seen if whole else unquoted(seen))
    return text if whole else written(text)


def _text(part: Any) -> str:
    try:
        body = part.get_payload(decode=True)
        charset = part.get_content_charset() or ""
    except Exception:  # as above
        return ""
    if not isinstance(body, bytes):
        return ""
    return decoded(body, f"charset={charset}" if charset else "")
