"""Posts of X as they come from its API, from its Activity API, and from the older Account Activity API.

Forms: https://docs.x.com/x-api (posts, activity/event-payloads, account-activity), read 2026-11-21.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from unicodedata import normalize

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.platforms._http_json import count, moment, words
from chalicelib.platforms._text import one_line, tidy, web_link

FIELDS = (
    (
        "tweet.fields",
        "created_at,conversation_id,in_reply_to_user_id,lang,referenced_tweets,entities,edit_history_tweet_ids",
    ),
    ("expansions", "author_id"),
    ("user.fields", "username,name,public_metrics,protected"),
)
SITE = "https://x.com"
EPOCH = 1_288_834_974_657
"""Milliseconds since 1970 at which the numbers of posts begin; they have 22 bits besides."""

_ID = re.compile(r"[0-9]{1,19}")
_NAMES = re.compile(r"(?:@\w{1,15}\s+)+")
_OWN_MEDIA = re.compile(r"https://(?:x|twitter)\.com/\w+/status/\d+/(?:photo|video)/\d+")


def number(value: Any) -> str:
    """The id of a post or of a person; "" for anything else."""
    given = words(value, 20)
    return given if _ID.fullmatch(given) else ""


def dated(id: str) -> datetime:
    """When the post of this number was written."""
    return datetime.fromtimestamp(((int(id) >> 22) + EPOCH) / 1000, UTC)


def begun(at: datetime) -> str:
    """The first number of that moment."""
    return str((int(at.timestamp() * 1000) - EPOCH) << 22)


def people(includes: Any) -> dict[str, Mapping[str, Any]]:
    users = includes.get("users") if isinstance(includes, dict) else None
    return {number(user.get("id")): user for user in _dicts(users)}


def found(post: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]], direct: bool) -> Found | None:
    """None for what has no words, no author or no number, and for what only its author's followers see."""
    id, by = number(post.get("id")), number(post.get("author_id"))
    user = users.get(by, {})
    said = text(post, ours=False)
    if not (id and by and said) or user.get("protected") is True or any(_refers(post, "retweeted")):
        return None
    handle = one_line(words(user.get("username"), 50)) or by
    figures = user.get("public_metrics")
    kept = user.get("name")
    first = next((each for each in map(number, _list(post.get("edit_history_tweet_ids"))) if each), id)
    at, language = moment(post.get("created_at")), words(post.get("lang"), 35)
    return Found(
        id=native_id(first),
        author=Author(
            id=by,
            handle=handle,
            name=one_line(words(kept, 200)),
            url=f"{SITE}/{handle}" if handle != by else f"{SITE}/i/user/{by}",
            followers=count(figures.get("followers_count")) if isinstance(figures, dict) else None,
        ),
        text=said,
        posted_at=at,
        url=address(handle if handle != by else "i", id),
        reply_to=next(iter(_refers(post, "replied_to")), ""),
        language=language if len(language) == 2 else "",
        direct=direct,
        edited=first != id,
        as_of=at if first != id else None,
    )


def address(handle: str, id: str) -> str:
    return f"{SITE}/{handle}/status/{id}"


def text(post: Mapping[str, Any], *, ours: bool) -> str:
    """Its words with whole links; of an answer of ours without the names that X puts in front."""
    entities = post.get("entities")
    said = words(post.get("text"), 30_000)
    for link in _dicts(entities.get("urls")) if isinstance(entities, dict) else ():
        short, whole = words(link.get("url"), 200), web_link(words(link.get("expanded_url"), 2000))
        if short and whole:
            said = said.replace(short, "" if _OWN_MEDIA.fullmatch(whole) else whole)
    said = unescape(said)
    return bare(said) if ours and any(_refers(post, "replied_to")) else said.strip() if ours else tidy(said)


def bare(said: str) -> str:
    """Without the names in front."""
    return _NAMES.sub("", said.strip(), count=1) if _NAMES.match(said.strip()) else said.strip()


def without(said: str, author: str) -> str:
    """Without the name of who is answered in front, which X puts there itself."""
    first, _, rest = said.strip().partition(" ")
    return rest.strip() if first.casefold() == f"@{author}".casefold() else said.strip()


def key(said: str) -> str:
    """What stays the same when X writes links and white space in its own way."""
    return "".join(normalize("NFC", bare(said)).replace("http://", "").replace("https://", "").split())


def answers(post: Mapping[str, Any]) -> list[str]:
    """The posts that it answers."""
    return _refers(post, "replied_to")


def numbers(post: Mapping[str, Any]) -> Numbers:
    """A figure that is not given is None; as shared counts who brought it on, with words or without."""
    found = post.get("public_metrics")
    given = found if isinstance(found, dict) else {}
    on, quoted = count(given.get("retweet_count")), count(given.get("quote_count"))
    return Numbers(
        reach=count(given.get("impression_count")),
        reactions=count(given.get("like_count")),
        shares=None if on is None or quoted is None else on + quoted,
        replies=count(given.get("reply_count")),
    )


def names(post: Mapping[str, Any], id: str, handle: str) -> bool:
    """Does it name the account of this number or handle?"""
    entities = post.get("entities")
    named = list(_dicts(entities.get("mentions"))) if isinstance(entities, dict) else []
    ours = handle.casefold()
    return any(
        (id and number(each.get("id")) == id) or words(each.get("username"), 50).casefold() == ours
        for each in named
    )


def _refers(post: Mapping[str, Any], kind: str) -> list[str]:
    named = (each for each in _dicts(post.get("referenced_tweets")) if each.get("type") == kind)
    return [id for id in (number(each.get("id")) for each in named) if id]


# calls -------------------------------------------------------------------------------------------------


def told(event: Mapping[str, Any]) -> Iterable[Found]:
    """What one event of the Activity API tells. Whatever names, answers or quotes us is addressed to us."""
    kind = words(event.get("event_type"), 60)
    post, of = event.get("payload"), event.get("filter")
    if kind not in ("post.mention.create", "post.reply.create", "post.quote.create"):
        return
    us = number(of.get("user_id")) if isinstance(of, dict) else ""
    if isinstance(post, dict) and (not us or number(post.get("author_id")) != us):
        read = found(post, people(event.get("includes")), direct=True)
        if read:
            yield read


def told_of_old(call: Mapping[str, Any]) -> Iterable[Found]:
    """What a call of the Account Activity API tells, which is on its way out."""
    us = number(call.get("for_user_id"))
    for post in _dicts(call.get("tweet_create_events")):
        user = post.get("user")
        user = user if isinstance(user, dict) else {}
        if number(user.get("id_str")) == us or "retweeted_status" in post:
            continue
        above = number(post.get("in_reply_to_status_id_str"))
        as_now = {
            "id": post.get("id_str"),
            "author_id": user.get("id_str"),
            "text": post.get("text"),
            "lang": post.get("lang"),
            "entities": post.get("entities"),
            "created_at": _old_moment(post.get("created_at")),
            "referenced_tweets": [{"type": "replied_to", "id": above}] if above else [],
        }
        person = {
            "username": user.get("screen_name"),
            "name": user.get("name"),
            "protected": user.get("protected"),
            "public_metrics": {"followers_count": user.get("followers_count")},
        }
        read = found(as_now, {number(user.get("id_str")): person}, direct=True)
        if read:
            yield read
    for gone in _dicts(call.get("tweet_delete_events")):
        of = gone.get("status")
        id = number(of.get("id")) if isinstance(of, dict) else ""
        if id:
            nobody = Author(id="", handle="")
            yield Found(id=id, author=nobody, text="", posted_at=None, gone=True)


def _old_moment(value: Any) -> str:
    """`Mon Mar 26 16:33:26 +0000 2018` as the others are written; "" for anything else."""
    parts = words(value, 60).split()
    if len(parts) != 6:
        return ""
    _, month, day, time, zone, year = parts
    try:
        return parsedate_to_datetime(f"{day} {month} {year} {time} {zone}").isoformat()
    except ValueError:
        return ""


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _dicts(value: Any) -> Iterable[Mapping[str, Any]]:
    return (each for each in _list(value) if isinstance(each, dict))
