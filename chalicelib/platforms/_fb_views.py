"""What Facebook tells of messages on a Page: by its webhook, and in its lists."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import BadInput
from chalicelib.platforms._graph import after, rows, unix
from chalicelib.platforms._http_json import link, moment, words
from chalicelib.platforms._lists import Listed
from chalicelib.platforms._text import one_line, tidy
from chalicelib.ports import Sent

NAME = "facebook"
_ITEMS = frozenset({"post", "status", "photo", "video", "share", "album", "note"})


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified: what was written, changed or removed on a Page. A mention elsewhere
    comes without its words, and is found by the poll of who tags us. Raises BadInput."""
    entries = value.get("entry") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise BadInput("entry", "expected a list")
    found = (_change(entry, each) for entry in entries for each in _changes(entry))
    return tuple(each for each in found if each)


def _changes(entry: Any) -> Iterable[Mapping[str, Any]]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    for each in changes if isinstance(changes, list) else ():
        if isinstance(each, dict) and each.get("field") == "feed" and isinstance(each.get("value"), dict):
            yield each["value"]


def _change(entry: Mapping[str, Any], value: Mapping[str, Any]) -> Found | None:
    page, verb, item = words(entry.get("id"), 100), value.get("verb"), value.get("item")
    comment, post = words(value.get("comment_id"), 200), words(value.get("post_id"), 200)
    id = comment if item == "comment" else post if item in _ITEMS else ""
    if not id or whose(value) == page:
        return None
    as_of = unix(entry.get("time"))
    if verb == "remove":
        nobody = Author(id="", handle="")
        return Found(
            id=native_id(id), author=nobody, text="", posted_at=None, platform=NAME, gone=True, as_of=as_of
        )
    if verb not in ("add", "edit", "edited"):
        return None
    shown = value.get("post")
    return _read(
        id,
        value,
        posted=unix(value.get("created_time")),
        url=link(shown.get("permalink_url")) if isinstance(shown, dict) else "",
        above=words(value.get("parent_id"), 200) or (post if comment else ""),
        platform=NAME,
        edited=verb != "add",
        as_of=as_of,
    )


def found(item: Mapping[str, Any], page: str) -> Found | None:
    """A comment or a post as the poll brings it; None for ours and for what has no words."""
    id, parent = words(item.get("id"), 200), item.get("parent")
    if not id or whose(item) == page:
        return None
    above = words(parent.get("id"), 200) if isinstance(parent, dict) else words(item.get("below"), 200)
    return _read(
        id, item, posted=moment(item.get("created_time")), url=link(item.get("permalink_url")), above=above
    )


def _read(
    id: str, value: Mapping[str, Any], *, posted: datetime | None, url: str, above: str, **more: Any
) -> Found | None:
    given, text = value.get("from"), tidy(words(value.get("message"), 100_000))
    name = one_line(words(given.get("name"), 300)) if isinstance(given, dict) else ""
    if not text:
        return None
    return Found(
        id=native_id(id),
        author=Author(id=whose(value), handle=name, name=name),
        text=text,
        posted_at=posted,
        url=url or f"https://www.facebook.com/{id}",
        reply_to=native_id(above) if above and above != id else "",
        direct=True,
        **more,
    )


def listed(value: Any, named: str, below: str = "") -> Listed:
    """`named` stands before the name of the next page; `below` is the post whose comments these are."""
    entries = []
    for each in rows(value):
        made, id = moment(each.get("created_time")), words(each.get("id"), 200)
        if made and id and " " not in id:
            entries.append((made, id, {**each, "below": below}))
    further = after(value)
    return Listed(entries, f"{named}{further}" if further else "")


def whose(value: Mapping[str, Any]) -> str:
    given = value.get("from")
    return words(given.get("id"), 100) if isinstance(given, dict) else ""


def as_sent(value: Any) -> Sent | None:
    if not isinstance(value, dict) or not (id := words(value.get("id"), 200)):
        return None
    text, url = tidy(words(value.get("message"), 100_000)), link(value.get("permalink_url"))
    return Sent(
        remote_id=native_id(id),
        url=url or f"https://www.facebook.com/{id}",
        text=text,
        at=moment(value.get("created_time")),
    )
