"""What a mention keeps to be answered by mail, and the answer in bytes (RFC 5322).

Ids and addresses came from strangers, and the standard library reads encoded words anywhere: what it would
take for one is never handed to it, and what it made is looked at before it goes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode

from chalicelib.errors import Rejected
from chalicelib.platforms._mail_text import answers
from chalicelib.platforms._text import tidy
from chalicelib.ports import N_

if TYPE_CHECKING:
    from email.message import EmailMessage

    from chalicelib.platforms._mail_in import Letter

NAME = "email"
UNFIT = N_("this cannot be written as a mail")

_ID = re.compile(r"<(?=[^@]+@[^@]+>\Z)(?!.*=\?)[!-;=?-~]{3,248}>")
_ENCODED = re.compile(r"=(?=\?)")


def mailto(url: str) -> tuple[str, dict[str, str]]:
    """Address and headers (RFC 6068); "" and nothing for any other."""
    from chalicelib.platforms._mail_names import address

    scheme, _, rest = url.partition(":")
    there, _, query = rest.partition("?")
    if scheme != "mailto":
        return "", {}
    fields = ((name.lower(), " ".join(tidy(value).split())) for name, value in parse_qsl(query))
    return address(unquote(there)), dict(fields)


def answered_at(letter: "Letter", there: str) -> str:
    """Below this mail, with the ids of the thread that it is of: the first and the last few."""
    if not there:
        return ""
    fields = {"subject": letter.subject[:200]}
    if own := ids([f"<{letter.id}>"]):
        above = ids(f"<{each}>" for each in letter.references or (letter.answers,))
        fields |= {"in-reply-to": own[0], "references": " ".join([*above[:1], *above[1:][-4:]])}
    query = urlencode({name: value for name, value in fields.items() if value}, quote_via=quote)
    return f"mailto:{quote(there, safe='@')}{f'?{query}' if query else ''}"


def ids(given: Iterable[str]) -> list[str]:
    """Those that may stand in a mail of ours, in their brackets: plain, whole, and not long."""
    return [each for each in given if _ID.fullmatch(each)]


def subject_of(given: str) -> str:
    return given if answers(given) else f"Re: {given}".strip()


def written(
    sender: tuple[str, str], there: str, asked: Mapping[str, str], text: str, own: Mapping[str, str]
) -> bytes:
    """The answer, of `sender` (name, address), with headers of our `own`; the ids of a thread are never
    folded where they fit a line, as some programs then lose it. Raises Rejected."""
    try:
        mail = _mail(sender, there, asked, text, own)
        raw = bytes(mail)
    except Exception:  # the standard library raises whatever it happens to; nothing has left yet
        raise Rejected(NAME, UNFIT) from None
    if not _as_meant(mail, raw):
        raise Rejected(NAME, UNFIT)
    return raw


def _mail(
    sender: tuple[str, str], there: str, asked: Mapping[str, str], text: str, own: Mapping[str, str]
) -> "EmailMessage":
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP

    mail = EmailMessage(policy=SMTP.clone(max_line_length=990))
    mail["From"] = Address(_unencoded(sender[0]), addr_spec=sender[1])
    mail["To"] = Address(addr_spec=there)
    mail["Subject"] = _unencoded(subject_of(asked.get("subject", "")))
    if above := ids([asked.get("in-reply-to", "")]):
        mail["In-Reply-To"] = above[0]
        mail["References"] = " ".join([*ids(asked.get("references", "").split()), *above])
    mail.set_content(text.strip() + "\n", cte="quoted-printable")
    for name, value in own.items():
        if value:
            mail[name] = value
    return mail


def _unencoded(given: str) -> str:
    """Without what would be read as an encoded word: its text may hold the end of a line."""
    return _ENCODED.sub("= ", given)


def _as_meant(mail: "EmailMessage", raw: bytes) -> bool:
    """Are its headers those that we wrote, each once, and nothing of them elsewhere?"""
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in head if line[:1] not in b" \t"]
    whole = not any(b"\r" in line or b"\n" in line for line in head)
    return whole and names == list(mail.keys()) and len({each.lower() for each in names}) == len(names)
