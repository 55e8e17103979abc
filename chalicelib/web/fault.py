"""What the page of an error shows: no word that was typed is lost."""

from typing import Any
from urllib.parse import quote

from chalicelib.web.request import LONGEST, MAX_BODY, Request, own_path

TYPED = ("title", "text", "url", "link", "note", "author", "audience", "why", "shares", "when", "file")
"""Fields in which a person writes; those that begin with `text.` too."""

SECRETS = frozenset({"password", "secret", "token", "app_password"})


def values(request: Request | None, status: int, refused: str) -> dict[str, Any]:
    """For `fault.html`. `refused`: not for this person's "role", or not as long as the "brake" is on.

    `typed` is to be copied; `form` is all of it, for who was signed out: to send again once they are back. A
    form with a password or a key is not shown.
    """
    found: dict[str, Any] = {
        "status": status,
        "refused": refused,
        "reference": request.id if request else "",
        "typed": {},
        "form": {},
        "again": "/",
        "most": MAX_BODY // 1000,
        "longest": LONGEST,
        "has_file": request is not None and request.has_file,
    }
    if request is None or request.method != "POST" or not SECRETS.isdisjoint(request.form):
        return found
    found["typed"] = {name: value for name, value in request.form.items() if _written(name) and value.strip()}
    found["again"] = own_path("/" + request.path.strip("/").rpartition("/")[0])
    if status == 401:
        found["form"] = {name: value for name, value in request.form.items() if name != "csrf"}
        found["action"] = quote(request.path)
    return found


def _written(name: str) -> bool:
    return name in TYPED or name.startswith("text.")
