"""A form with a file in it (`multipart/form-data`), read by the standard library's mail parser."""

from email import message_from_bytes
from email.message import Message

MOST = 20
"""Parts that are read."""


def fields(kind: str, body: bytes) -> dict[str, str]:
    """By name, a file by its contents; the last of a name counts, as in other forms.

    `kind` is the Content-Type. What is not UTF-8 has U+FFFD in it. Raises ValueError for what is no form.
    """
    if "\n" in kind or "\r" in kind:
        raise ValueError("a header of two lines")
    whole = message_from_bytes(b"Content-Type: " + kind.encode("ascii", "replace") + b"\r\n\r\n" + body)
    parts = whole.get_payload()
    if not whole.is_multipart() or not isinstance(parts, list) or len(parts) > MOST:
        raise ValueError("not a form")
    found = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition") if isinstance(part, Message) else None
        content = part.get_payload(decode=True) if isinstance(part, Message) else None
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise ValueError("a part without a name")
        found[name] = content.decode("utf-8-sig", "replace")
    return found
