"""What Instagram tells of comments: by its webhook, and in its lists."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import BadInput
from chalicelib.platforms._graph import after, rows, unix
from chalicelib.platforms._http_json import link, moment, words
from chalicelib.platforms._lists import Listed
from chalicelib.platforms._text import one_line, tidy
from chalicelib.ports import Sent

NAME = "instagram"
COMMENTS = frozenset({"comments", "live_comments"})


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified: comments below our posts. It tells no moment but its own. Raises
    BadInput."""
    each = (_comment(entry, given) for entry, field, given in _changes(value) if field in COMMENTS)
    return tuple(one for one in each if one)


def named(value: Any) -> tuple[tuple[str, str], ...]:
    """Posts and comments elsewhere that name us, of which a call tells no words, as `told` of the module's
    object takes them: (post, comment or "")."""
    ids = (
        (words(given.get("media_id"), 100), words(given.get("comment_id"), 100))
        for _, field, given in _changes(value)
        if field == "mentions"
    )
    return tuple(pair for pair in ids if pair[0].isdecimal() and (not pair[1] or pair[1].isdecimal()))


def _changes(value: Any) -> Iterator[tuple[Mapping[str, Any], str, Mapping[str, Any]]]:
    entries = value.get("entry") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise BadInput("entry", "expected a list")
    for entry in entries:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        for each in changes if isinstance(changes, list) else ():
            if isinstance(each, dict) and isinstance(each.get("value"), dict):
                yield entry, words(each.get("field"), 100), each["value"]


def _comment(entry: Mapping[str, Any], value: Mapping[str, Any]) -> Found | None:
    media = value.get("media")
    post = words(media.get("id"), 100) if isinstance(media, dict) else ""
    at = unix(entry.get("time"))
    return _read(
        value, words(entry.get("id"), 100), "", posted=at, post=post, url="", platform=NAME, as_of=at
    )


def found(item: Mapping[str, Any], user: str, account: str) -> Found | None:
    """A comment as the poll brings it; None for ours and for what has no words."""
    media = item.get("media")
    url = link(item.get("below_url")) or (link(media.get("permalink")) if isinstance(media, dict) else "")
    return _read(
        item,
        user,
        account,
        posted=moment(item.get("timestamp")),
        post=words(item.get("below"), 100),
        url=url,
    )


def mentioned(value: Any, media: str, comment: str, user: str, account: str) -> Found | None:
    """What names us elsewhere; None for what is below a post of ours, which is told of as a comment."""
    given = (
        value.get("mentioned_comment" if comment else "mentioned_media") if isinstance(value, dict) else None
    )
    if not isinstance(given, dict):
        return None
    of = given.get("media") if comment else given
    of = of if isinstance(of, dict) else {}
    owner, author = of.get("owner"), _author(given)
    text = tidy(words(given.get("text" if comment else "caption"), 100_000))
    ours = isinstance(owner, dict) and owner.get("id") == user
    if ours or not text or not author.handle or author.handle.casefold() == account:
        return None
    return Found(
        id=native_id(f"m/{media}/{comment}" if comment else f"m/{media}"),
        author=author,
        text=text,
        posted_at=moment(given.get("timestamp")),
        url=link(of.get("permalink")),
        reply_to=native_id(f"m/{media}") if comment else "",
        direct=True,
        platform=NAME,
    )


def _read(
    value: Mapping[str, Any],
    user: str,
    account: str,
    *,
    posted: datetime | None,
    post: str,
    url: str,
    **more: Any,
) -> Found | None:
    id, author, text = words(value.get("id"), 100), _author(value), tidy(words(value.get("text"), 20_000))
    ours = author.id in (user, _self(value)) or (account and author.handle.casefold() == account)
    if not (id and text and author.handle) or ours:
        return None
    above = words(value.get("parent_id"), 100) or post
    return Found(
        id=native_id(id),
        author=author,
        text=text,
        posted_at=posted,
        url=url,
        reply_to=native_id(above) if above else "",
        direct=True,
        **more,
    )


def _author(value: Mapping[str, Any]) -> Author:
    given = value.get("from")
    given = given if isinstance(given, dict) else {}
    handle = one_line(words(given.get("username") or value.get("username"), 200))
    url = f"https://www.instagram.com/{quote(handle, safe='')}/" if handle else ""
    return Author(id=words(given.get("id"), 100) or handle, handle=handle, url=url)


def _self(value: Mapping[str, Any]) -> str:
    """Our own number as Instagram counts those who write to us; a call may say it of who wrote."""
    given = value.get("from")
    return words(given.get("self_ig_scoped_id"), 100) if isinstance(given, dict) else ""


def listed(value: Any, media: str, url: str) -> list[Listed]:
    """Comments below a post, and what answers each; the next page is `<post> <after>`."""
    entries, under = [], []
    for each in rows(value):
        entries += _entries([each], media, url)
        under += _entries(rows(each.get("replies")), media, url)
    further = after(value)
    return [Listed(entries, f"{media} {further}" if further else ""), Listed(under)]


def _entries(items: list[dict[str, Any]], media: str, url: str) -> list[tuple[datetime, str, dict[str, Any]]]:
    made = ((moment(each.get("timestamp")), words(each.get("id"), 100), each) for each in items)
    more = {"below": media, "below_url": url}
    return [(at, id, {**each, **more}) for at, id, each in made if at and id and " " not in id]


def as_sent(value: Any) -> Sent | None:
    """A post or a comment of ours."""
    if not isinstance(value, dict) or not (id := words(value.get("id"), 100)):
        return None
    media = value.get("media")
    shown = media if isinstance(media, dict) else value
    return Sent(
        remote_id=native_id(id),
        url=link(shown.get("permalink")),
        text=tidy(words(value.get("text"), 20_000) or words(value.get("caption"), 20_000)),
        at=moment(value.get("timestamp")),
    )
