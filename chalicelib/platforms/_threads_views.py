"""What Threads tells of messages: by its webhook, in its lists, and in figures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import BadInput
from chalicelib.platforms._graph import after, rows, unix
from chalicelib.platforms._http_json import count, link, moment, words
from chalicelib.platforms._lists import Listed
from chalicelib.platforms._text import one_line, tidy
from chalicelib.ports import Sent

NAME = "threads"


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified: answers, mentions, and what was removed. Raises BadInput."""
    given = value.get("values") if isinstance(value, dict) else None
    if not isinstance(given, (dict, list)):
        raise BadInput("values", "expected an object or a list")
    as_of = unix(value.get("time"))
    each = (_told(one, as_of) for one in (given if isinstance(given, list) else [given]))
    return tuple(one for one in each if one)


def _told(given: Any, as_of: datetime | None) -> Found | None:
    field, value = (given.get("field"), given.get("value")) if isinstance(given, dict) else ("", None)
    if not isinstance(value, dict):
        return None
    if field == "delete" and (id := words(value.get("id"), 100)):
        nobody = Author(id="", handle="")
        return Found(
            id=native_id(id), author=nobody, text="", posted_at=None, platform=NAME, gone=True, as_of=as_of
        )
    read = found(value) if field in ("replies", "mentions") else None
    return replace(read, platform=NAME, as_of=as_of) if read else None


def found(value: Mapping[str, Any]) -> Found | None:
    """A message as lists and calls have it; None for what has no words. Who wrote it is a name only."""
    id, handle = words(value.get("id"), 100), one_line(words(value.get("username"), 200))
    text, answers = tidy(words(value.get("text"), 20_000)), above(value)
    if not (id and handle and text):
        return None
    return Found(
        id=native_id(id),
        author=Author(id=handle, handle=handle, url=f"https://www.threads.com/@{quote(handle, safe='')}"),
        text=text,
        posted_at=moment(value.get("timestamp")),
        url=link(value.get("permalink")),
        reply_to=native_id(answers) if answers else "",
        direct=True,
    )


def above(value: Mapping[str, Any]) -> str:
    """What it answers."""
    given = value.get("replied_to")
    return words(given.get("id"), 100) if isinstance(given, dict) else ""


def listed(value: Any, named: str) -> Listed:
    """`named` stands before the name of the next page."""
    made = ((moment(each.get("timestamp")), words(each.get("id"), 100), each) for each in rows(value))
    further = after(value)
    entries = [(at, id, each) for at, id, each in made if at and id and " " not in id]
    return Listed(entries, f"{named}{further}" if further else "")


def figure(value: Mapping[str, Any]) -> int | None:
    """Of an insight, whichever way it is told."""
    whole, several = value.get("total_value"), value.get("values")
    first = several[0] if isinstance(several, list) and several else whole
    return count(first.get("value")) if isinstance(first, dict) else None


def as_sent(value: Any) -> Sent | None:
    if not isinstance(value, dict) or not (id := words(value.get("id"), 100)):
        return None
    return Sent(
        remote_id=native_id(id),
        url=link(value.get("permalink")),
        text=tidy(words(value.get("text"), 20_000)),
        at=moment(value.get("timestamp")),
    )
