"""What Bluesky's answers hold: who wrote it, where it is shown, what it refers to, how it fares."""

from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Author
from chalicelib.platforms._atproto import DID, HANDLE, short_id
from chalicelib.platforms._http_json import count, words
from chalicelib.platforms._text import one_line


def author(given: Any) -> Author | None:
    if not isinstance(given, dict):
        return None
    did, handle = words(given.get("did"), 600), words(given.get("handle"), 300)
    if not DID.fullmatch(did) or not HANDLE.fullmatch(handle):
        return None
    return Author(
        id=did,
        handle=handle,
        name=one_line(words(given.get("displayName"), 200)),
        url=_profile(did, handle),
        followers=count(given.get("followersCount")),
    )


def _profile(did: str, handle: str) -> str:
    """Where an account is shown. A handle that is not proven reads `handle.invalid`, for all alike."""
    return f"https://bsky.app/profile/{did if handle == 'handle.invalid' else handle}"


def url(by: Author, uri: Any) -> str:
    return f"{_profile(by.id, by.handle)}/post/{words(uri, 1200).rpartition('/')[2]}"


def said(record: Any) -> str:
    return words(record.get("text"), 20_000) if isinstance(record, dict) else ""


def ref(record: Any, name: str) -> dict[str, Any]:
    """One end of a record's `reply`; {} where it answers nothing."""
    reply = record.get("reply") if isinstance(record, dict) else None
    found = reply.get(name) if isinstance(reply, dict) else None
    return found if isinstance(found, dict) else {}


def strong(given: Any) -> dict[str, str] | None:
    """A post's address and the hash of what it says."""
    uri, cid = (given.get("uri"), words(given.get("cid"), 200)) if isinstance(given, dict) else (None, "")
    return {"uri": str(uri), "cid": cid} if short_id(uri) and cid else None


def numbers(view: dict[str, Any]) -> Numbers:
    """Quotes pass a post on as reposts do. How many saw it Bluesky does not count."""
    reposts, quotes = count(view.get("repostCount")), count(view.get("quoteCount"))
    return Numbers(
        reactions=count(view.get("likeCount")),
        shares=None if reposts is None or quotes is None else reposts + quotes,
        replies=count(view.get("replyCount")),
    )
