"""What goes out, of pages and API alike: the headers that every answer has, static files, and what the log
says where something failed."""

import json
import logging
import traceback
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.web import static
from chalicelib.web.request import Request

Headers = dict[str, str | list[str]]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
log = logging.getLogger("webspin.console")


def response(
    status: int, body: bytes, more: Mapping[str, str | list[str]], *, secure: bool = False
) -> Response:
    """`secure`: it was asked for over https."""
    headers: Headers = {**HEADERS, **more}
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return Response(body=body, status_code=status, headers=headers)


def file(raw: Any, name: str) -> Response:
    """A static file, for ever; 304 to who has it."""
    asset = static.find(name)
    if asset is None:
        return response(404, b"404\n", {"Content-Type": "text/plain"})
    headers: Headers = {
        "Content-Type": asset.type,
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": asset.etag,
    }
    if asset.etag in raw.headers.get("if-none-match", ""):
        return response(304, b"", headers)
    if "gzip" in raw.headers.get("accept-encoding", ""):
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return response(200, asset.packed, headers)
    return response(200, asset.body, headers)


def note(request: Request | None, error: BaseException) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    found = {
        "message": "a page of the console failed",
        "route": request.route if request else "",
        "reference": request.id if request else "",
        "error": type(error).__name__,
        "where": where,
    }
    log.error(json.dumps(found))
