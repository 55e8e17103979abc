"""A form with a file in it (`multipart/form-data`), read by the standard library's mail parser."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from email import message_from_bytes
from email.message import Message

MOST = 120
"""Parts that are read."""
IMAGE = "image"
"""The name of a part that is a file to be kept as it is."""
TABLE = "table"
"""The name of a part that is a table in whatever characters a spreadsheet saved it."""


def fields(kind: str, body: bytes) -> tuple[dict[str, str], tuple[bytes, ...]]:
    """By name, a file by its contents; the last of a name counts, as in other forms. Besides, the files that
    are kept as they are.

    `kind` is the Content-Type. What is not UTF-8 has U+FFFD in it. Raises ValueError for what is no form.
    """
    if "\n" in kind or "\r" in kind:
        raise ValueError("a header of two lines")
    whole = message_from_bytes(b"Content-Type: " + kind.encode("ascii", "replace") + b"\r\n\r\n" + body)
    parts = whole.get_payload()
    if not whole.is_multipart() or not isinstance(parts, list) or len(parts) > MOST:
        raise ValueError("not a form")
    found, images = dict[str, str](), list[bytes]()
    for part in parts:
        name = part.get_param("name", header="content-disposition") if isinstance(part, Message) else None
        content = part.get_payload(decode=True) if isinstance(part, Message) else None
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise ValueError("a part without a name")
        if name == IMAGE:
            images += [content] if content else []
            continue
        found[name] = decoded(content) if name == TABLE else content.decode("utf-8-sig", "replace")
    return found, tuple(images)


def decoded(content: bytes) -> str:
    """In UTF-8, UTF-16 or, as a Western Excel saves "CSV", Windows-1252; what is none `is_garbled`."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    even, odd = content[:200:2].count(0), content[1:200:2].count(0)
    if max(even, odd) > len(content[:200]) // 4:
        return content.decode("utf-16-be" if even > odd else "utf-16-le", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace") + "\0"


def is_garbled(text: str) -> bool:
    """Were its bytes in no encoding that we know? A U+FFFD alone may have been written so."""
    return "\0" in text
