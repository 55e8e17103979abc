"""The text of a call's body, out of how it was packed: gzip, a form of either kind, and its characters.

By what the bytes are rather than by what is said of them: a call is verified over its bytes, and cut into
calls of one message without its headers.
"""

import json
import re
import zlib
from urllib.parse import unquote_to_bytes

from chalicelib.errors import BadInput
from chalicelib.platforms._text import decoded

MOST = 1_000_000
"""Bytes, unpacked."""
FIELD = b"payload"
"""The field of a form that holds the JSON."""
_FORM = re.compile(rb"[\w.%+-]{1,100}=")
_NAMED = re.compile(rb"content-disposition:[^\r\n]*;\s*name=\"?payload\"?(?:[;\s]|$)", re.IGNORECASE)


def unpacked(body: bytes) -> bytes:
    """Out of gzip, where it is that. Raises BadInput."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    whole = zlib.decompressobj(31)
    try:
        found = whole.decompress(body, MOST + 1)
    except zlib.error:
        raise BadInput("", "cannot be unpacked") from None
    if len(found) > MOST or not whole.eof:
        raise BadInput("", f"at most {MOST} bytes, unpacked and whole")
    return found


def told(body: bytes, content_type: str) -> str:
    """The JSON that an unpacked body holds, as text; what is no Unicode as its header says. Raises
    BadInput."""
    if body.startswith(b"--"):
        body = _part(body)
    elif _FORM.match(body):
        pairs = (pair.partition(b"=") for pair in body.split(b"&", 1000))
        found = (value for name, _, value in pairs if name == FIELD)
        body = unquote_to_bytes(next(found, b"").replace(b"+", b" "))
    encoding = json.detect_encoding(body)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        if "charset" not in content_type.lower():
            raise BadInput("", "not in UTF-8, nor said to be in anything else") from None
        return decoded(body, content_type)


def _part(body: bytes) -> bytes:
    """The field of a `multipart/form-data` form; its first line divides it."""
    divider = body.partition(b"\n")[0].rstrip(b"\r")
    for part in body.split(divider, 20):
        head, _, content = part.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
        if _NAMED.search(head):
            return content.rstrip(b"\n")
    return b""
