"""One request as the console reads it: Chalice's, made plain, with every byte taken as hostile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalicelib.errors import BadInput, TooLarge

MAX_BODY = 200_000
LONGEST = 150_000
"""Characters of a file."""
MAX_FILE = 4 * LONGEST + 50_000
"""Of a form with a file: whatever its characters are, and the form's other fields."""
MAX_IMAGES = 4_400_000
"""Of a form with images: a Lambda is handed no more."""
WITH_IMAGES = ("/calendar/new", "/posts/{id}/change")
MAX_FIELDS = 100
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`route` is the pattern that matched, `path` what was asked for, without the stage.

    `prefix` stands before every path we hand out: the stage's name on AWS's own host name, "" on a
    domain of our own and on the emulator. `secure` is False only for plain HTTP on this machine.
    """

    method: str
    route: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in small letters."""
    host: str
    prefix: str
    secure: bool
    id: str
    images: tuple[bytes, ...] = ()
    """Those of its form, as they came."""

    @property
    def origin(self) -> str:
        """Our own address, as it was asked. No slash at the end."""
        return f"{'https' if self.secure else 'http'}://{self.host}{self.prefix}"

    @property
    def has_file(self) -> bool:
        """Is its form of the kind that carries files?"""
        return self.headers.get("content-type", "").lower().startswith("multipart/form-data")

    def cookie_name(self, name: str) -> str:
        """Browsers bind `__Host-` to this host over TLS; on plain HTTP some refuse to keep it."""
        return f"__Host-webspin-{name}" if self.secure else f"webspin-{name}"

    def cookie(self, name: str) -> str:
        return self.cookies.get(self.cookie_name(name), "")


def read(raw: Any) -> Request:
    """From a `chalice.app.Request`, without its form."""
    headers = {name.lower(): value for name, value in raw.headers.items()}
    host = headers.get("host", "")
    stage = raw.context.get("stage", "")
    return Request(
        method=raw.method,
        route=raw.path,
        path=_path(raw.path, raw.uri_params or {}),
        query=dict(raw.query_params or {}),
        form={},
        cookies=_cookies(headers.get("cookie", "")),
        headers=headers,
        host=host,
        prefix=f"/{stage}" if stage and ".execute-api." in host else "",
        secure=not (_hostname(host) in LOOPBACK and headers.get("x-forwarded-proto", "http") == "http"),
        id=str(raw.context.get("requestId", ""))[:8],
    )


def with_form(request: Request, body: bytes) -> Request:
    """Raises BadInput for a body that no form of ours sends, and TooLarge."""
    kind = request.headers.get("content-type", "")
    most = MAX_IMAGES if request.route in WITH_IMAGES else MAX_FILE
    if len(body) > (most if request.has_file else MAX_BODY):
        raise TooLarge("", "the form is too large")
    try:
        if request.has_file:
            from chalicelib.web import multipart

            form, images = multipart.fields(kind, body)
            return replace(request, form=form, images=images)
        text = body.decode("utf-8")
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
        return replace(request, form=form)
    except ValueError:
        raise BadInput("", "the form could not be read") from None


def own_path(given: str) -> str:
    """`given` if it is a path of this console, else "/": nobody is sent elsewhere after signing in."""
    plain = len(given) <= 2000 and all(32 < ord(c) < 127 and c != "\\" for c in given)
    if not plain or not given.startswith("/") or given.startswith("//"):
        return "/"
    try:
        parts = urlsplit(given)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else given


def _path(route: str, params: Mapping[str, str]) -> str:
    for name, value in params.items():
        route = route.replace("{" + name + "}", value)
    return route


def _cookies(header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, equals, value = part.strip().partition("=")
        if equals:
            found.setdefault(name, value)
    return found


def _hostname(host: str) -> str:
    return host.rpartition(":")[0] or host
