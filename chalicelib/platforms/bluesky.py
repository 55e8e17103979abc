"""Bluesky: own mentions, replies and quotes, a search, answers. Polled.

API: https://docs.bsky.app/docs/api/ and the lexicons of https://github.com/bluesky-social/atproto,
read 2026-08-20.

Settings:
* `handle`: our own name there, such as brand.bsky.social, without the @
* `service`: the server the account signs in at; https://bsky.social unless it is elsewhere
* `kind`: `mentions` (default) or `search`
* `query`: for a search, what to look for

Secret: `app_password`, made for this system alone under Settings, Privacy and security.

What reaches the network dated as if it were older than what we heard last is not heard: the network
puts it behind that. A search may leave out the rest of a very long list.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.mention import Author, Found
from chalicelib.errors import BadInput, Rejected, TooBig, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._atproto import (
    DID,
    HANDLE,
    POST,
    Missing,
    Session,
    Taken,
    at_uri,
    origin,
    record_key,
    session,
    short_id,
)
from chalicelib.platforms._http_json import count, moment, words
from chalicelib.platforms._latest import Latest, Reading
from chalicelib.platforms._richtext import GRAPHEMES, facets, length
from chalicelib.platforms._text import one_line, tidy
from chalicelib.ports import Kit, Page, ReplyTo, Sent

NAME = "bluesky"
ANSWERS = "api"
WHY_NOT = ""

SERVICE = "https://bsky.social"
REASONS = ("mention", "reply", "quote")
ADDRESSED = ("mention", "reply")
LIMITS = (100, 10, 1)
"""Entries on a page: the most there may be, and fewer where strangers' records make it too big."""


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Bluesky":
    """Raises BadInput for a wrong setting."""
    service = origin(settings.get("service") or SERVICE)
    if not service:
        raise BadInput("service", f"the server's address and nothing behind it, such as {SERVICE}")
    handle = settings.get("handle", "").removeprefix("@").lower()
    if not HANDLE.fullmatch(handle):
        raise BadInput("handle", "the account's whole name, such as brand.bsky.social")
    kind, query = settings.get("kind", "mentions"), settings.get("query", "").strip()
    if kind not in ("mentions", "search"):
        raise BadInput("kind", "mentions or search")
    if (kind == "search") != bool(query):
        raise BadInput("query", "for a search, and only then: what to look for")
    return Bluesky(session(kit.http, NAME, service, handle, secrets.get("app_password", "")), query)


class Bluesky:
    """Listens, Replies and Counts of `ports.py`. `query` is "" for what is addressed to our account."""

    def __init__(self, session: Session, query: str) -> None:
        self._session = session
        self._query = query

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """The first poll brings the latest page; from then on everything since `cursor`.

        What lacks an address, an author or words is passed over, and so is what we wrote.
        """
        reading = Reading.of(cursor)
        heard, following = reading.through(self._latest)
        found = (self._heard(item) for item in reversed(heard))
        return Page(
            found=tuple(item for item in found if item),
            cursor=str(following),
            more=bool(following.page),
        )

    def _latest(self, page: str) -> Latest:
        """One page, newest first. Raises Rejected and its kin."""
        older = [("cursor", page)] if page else []
        if self._query:
            asked, name = [("q", self._query), ("sort", "latest"), *older], "posts"
            value = self._listed("app.bsky.feed.searchPosts", asked)
        else:
            asked, name = [*(("reasons", reason) for reason in REASONS), *older], "notifications"
            value = self._listed("app.bsky.notification.listNotifications", asked)
        items = value.get(name) if isinstance(value, dict) else None
        if not isinstance(items, list):
            raise Unavailable(NAME, "the answer is not a list")
        usable = ((moment(item.get("indexedAt")), item) for item in items if isinstance(item, dict))
        entries = [(at, short_id(item.get("uri")), item) for at, item in usable if at]
        return Latest([entry for entry in entries if entry[1]], words(value.get("cursor"), 1000))

    def _listed(self, nsid: str, asked: list[tuple[str, str]]) -> Any:
        *more, least = LIMITS
        for limit in more:
            try:
                return self._session.get(nsid, [*asked, ("limit", str(limit))])
            except Unavailable as error:
                if not isinstance(error.__cause__, TooBig):
                    raise
        return self._session.get(nsid, [*asked, ("limit", str(least))])

    def _heard(self, item: Mapping[str, Any]) -> Found | None:
        reason = item.get("reason")
        if not self._query and reason not in REASONS:
            return None
        author, record = _author(item.get("author")), item.get("record")
        if not author or author.id == self._session.did or not isinstance(record, dict):
            return None
        text = tidy(words(record.get("text"), 20_000))
        if not text:
            return None
        posted, indexed = moment(record.get("createdAt")), moment(item.get("indexedAt"))
        langs = record.get("langs")
        return Found(
            id=short_id(item.get("uri")),
            author=author,
            text=text,
            posted_at=min(posted, indexed) if posted and indexed else indexed,
            url=_url(author, item.get("uri")),
            reply_to=short_id(_ref(record, "parent").get("uri")),
            language=words(langs[0], 35) if isinstance(langs, list) and langs else "",
            direct=not self._query and reason in ADDRESSED,
        )

    # replies ---------------------------------------------------------------------------------------

    def reply(self, to: ReplyTo, text: str, token: str, language: str) -> Sent:
        """A public answer under a record key made from `token`, written only where nothing has that key."""
        marks = facets(text, self._did_of)
        record = {
            "$type": POST,
            "text": text,
            "createdAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **({"langs": [language]} if language else {}),
            **({"facets": marks} if marks else {}),
            "reply": self._thread(to),
        }
        value = {
            "repo": self._session.did,
            "collection": POST,
            "rkey": record_key(token),
            "record": record,
            "swapRecord": None,
        }
        try:
            answer = self._session.post("com.atproto.repo.putRecord", value)
        except Taken:  # an earlier try did arrive
            sent = self._kept(token)
        else:
            sent = self._sent(answer, text)
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def find(self, to: ReplyTo, text: str, token: str, since: datetime) -> Sent | None:
        """What stands in our own records under this token's key: nothing else can be there."""
        return self._kept(token)

    def read_back(self, remote_id: str) -> Sent | None:
        """As readers get it; None while the network does not show it."""
        post = self._post(uri) if (uri := at_uri(remote_id)) else None
        return self._sent(post, _text(post.get("record"))) if post else None

    def _kept(self, token: str) -> Sent | None:
        query = [("repo", self._session.did), ("collection", POST), ("rkey", record_key(token))]
        try:
            found = self._session.get("com.atproto.repo.getRecord", query)
        except Missing:
            return None
        sent = self._sent(found, _text(found.get("value"))) if isinstance(found, dict) else None
        if sent is None:
            raise Unavailable(NAME, "the answer is not a message")
        return sent

    def _sent(self, given: Any, text: str) -> Sent | None:
        uri = given.get("uri") if isinstance(given, dict) else None
        if not (id := short_id(uri)):
            return None
        us = Author(id=self._session.did, handle=self._session.handle)
        return Sent(remote_id=id, url=_url(us, uri), text=text)

    def _thread(self, to: ReplyTo) -> dict[str, dict[str, str]]:
        """What is answered, and where its conversation began."""
        uri = at_uri(to.id) or at_uri(to.id, self._did_of(to.author))
        post = self._post(uri) if uri else None
        parent = _strong(post)
        if not post or not parent:
            raise Rejected(NAME, "the message that is answered is not there any more")
        viewer = post.get("viewer")
        if isinstance(viewer, dict) and viewer.get("replyDisabled") is True:
            raise Rejected(NAME, "its author does not take answers from us")
        return {"root": _strong(_ref(post.get("record"), "root")) or parent, "parent": parent}

    def _post(self, uri: str) -> dict[str, Any] | None:
        value = self._session.get("app.bsky.feed.getPosts", [("uris", uri)])
        posts = value.get("posts") if isinstance(value, dict) else None
        if not isinstance(posts, list):
            raise Unavailable(NAME, "the answer is not a list")
        return next((post for post in posts if isinstance(post, dict) and post.get("uri") == uri), None)

    def _did_of(self, handle: str) -> str:
        """The account behind a handle; "" where there is none."""
        if not HANDLE.fullmatch(handle):
            return ""
        try:
            value = self._session.get("com.atproto.identity.resolveHandle", [("handle", handle)])
        except Unauthorized:
            raise
        except Rejected:
            return ""
        did = words(value.get("did"), 600) if isinstance(value, dict) else ""
        return did if DID.fullmatch(did) else ""

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return GRAPHEMES

    def length(self, text: str) -> int:
        """Grapheme clusters; more than there is room for where its bytes pass 3000."""
        return length(text)


def _author(given: Any) -> Author | None:
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


def _url(author: Author, uri: Any) -> str:
    return f"{_profile(author.id, author.handle)}/post/{words(uri, 1200).rpartition('/')[2]}"


def _text(record: Any) -> str:
    return words(record.get("text"), 20_000) if isinstance(record, dict) else ""


def _ref(record: Any, name: str) -> dict[str, Any]:
    """One end of a record's `reply`; {} where it answers nothing."""
    reply = record.get("reply") if isinstance(record, dict) else None
    found = reply.get(name) if isinstance(reply, dict) else None
    return found if isinstance(found, dict) else {}


def _strong(given: Any) -> dict[str, str] | None:
    """A post's address and the hash of what it says."""
    uri, cid = (given.get("uri"), words(given.get("cid"), 200)) if isinstance(given, dict) else (None, "")
    return {"uri": str(uri), "cid": cid} if short_id(uri) and cid else None
