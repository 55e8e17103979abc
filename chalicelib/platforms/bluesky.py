"""Bluesky: own mentions, replies, quotes and a search, polled; posts, answers, figures.

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

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Author, Found
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, TooBig, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._atproto import (
    DID,
    HANDLE,
    POST,
    REPOST,
    Missing,
    Session,
    Taken,
    at_uri,
    record_key,
    session,
    short_id,
)
from chalicelib.platforms._bsky_views import author, numbers, ref, said, strong, url
from chalicelib.platforms._cards import card
from chalicelib.platforms._http_json import count, moment, origin, words
from chalicelib.platforms._latest import Latest, Reading
from chalicelib.platforms._richtext import GRAPHEMES as ROOM, facets, length, linked
from chalicelib.platforms._text import tidy
from chalicelib.ports import (
    N_,
    Allowance,
    Ear,
    Free,
    Http,
    Kit,
    LookedAgain,
    Page,
    ReplyTo,
    Sent,
    Setting,
    Terms,
)
from chalicelib.ports.showing import Image, Images

NAME = "bluesky"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "look-again", "boost", "quote", "check"})
NOT_BUILT = (
    "Videos, and more than four images.",
    "Its stream: messages are polled.",
    "Signing in by OAuth: an app password is asked for.",
)
WHY_NOT = ""
SERVICE = "https://bsky.social"
"""Where nearly all accounts sign in."""
OURS = Setting("handle", "handle", N_("Account"), N_("Its whole name, such as deeg.bsky.social."))
SERVER = Setting(
    "service",
    "server",
    N_("Server you sign in at"),
    N_("Only if it is not https://bsky.social."),
    needed=False,
    default=SERVICE,
)
PASSWORD = Setting(
    "app_password",
    "secret",
    N_("App password"),
    N_("Made in the account's settings, for Webspin alone; never the password you sign in with."),
)
CHATS = N_("Private chats.")
SOURCES = {
    "mentions": Ear(
        label=N_("Bluesky: who names our account"),
        settings=(OURS, SERVER, PASSWORD),
        addressed=True,
        leaves_out=(N_("Who speaks of you without naming your account."), CHATS),
    ),
    "search": Ear(
        label=N_("Bluesky: a search"),
        settings=(Setting("query", "text", N_("What to look for")), OURS, SERVER, PASSWORD),
        leaves_out=(N_("Accounts that keep out of the network's search, and what it does not find."), CHATS),
    ),
}
"""Nobody searches there without an account."""
CHANNEL = (OURS, SERVER, PASSWORD)
TERMS = Terms(
    allowances=(Allowance(1_666, timedelta(hours=1)), Allowance(11_666, timedelta(days=1))),
    checked=date(2026, 8, 20),
    source="https://docs.bsky.app/docs/advanced-guides/rate-limits",
)
"""A message is 3 of the 5,000 points of an hour, and of the 35,000 of a day."""

LIMIT = Limit(3_000, timedelta(minutes=5))
"""Of an address to the server it asks; what writes has points besides (`TERMS`). Read there on that day."""

IMAGES = Images(
    most=4,
    types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    size=2_000_000,
    alt=2000,
    checked=date(2026, 8, 20),
    source="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/embed/images.json",
)
"""What an image shows has no limit there; the network's own app takes 2,000 characters."""

BOOST = "repost/"
"""How a repost of ours is named: so, and its record's key."""
REASONS = ("mention", "reply", "quote")
ADDRESSED = ("mention", "reply")
AT_ONCE, SINGLY = 25, 10
"""Messages that one request asks for by their addresses, and those that are asked for singly in a look."""
NO_REPO = "Could not find repo"
"""So says the network of an account that is there no more."""
LIMITS = (100, 10, 1)
"""Entries on a page: the most there may be, and fewer where strangers' records make it too big."""


def account(settings: Mapping[str, str]) -> str:
    """`handle@server`."""
    return f"{settings.get('handle', '').removeprefix('@').lower()}@{settings.get('service') or SERVICE}"


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
    kept = session(kit.http, NAME, service, handle, secrets.get("app_password", ""))
    return Bluesky(kept, query, kit.pages or kit.http)


class Bluesky:
    """Listens, LooksAgain, Speaks, Deletes, Measures and Counts. `query` is "" for what is meant for us."""

    threads = True
    comments = True
    once = True  # a record's key is made from the token: a second write meets the first

    def __init__(self, session: Session, query: str, pages: Http) -> None:
        self._session = session
        self._query = query
        self._pages = pages

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
            quota=self._session.quota,
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
        return self._read(item, direct=not self._query and reason in ADDRESSED)

    def _read(self, item: Mapping[str, Any], *, direct: bool = False) -> Found | None:
        by, record = author(item.get("author")), item.get("record")
        if not by or by.id == self._session.did or not isinstance(record, dict):
            return None
        text = tidy(words(record.get("text"), 20_000))
        if not text:
            return None
        posted, indexed = moment(record.get("createdAt")), moment(item.get("indexedAt"))
        langs = record.get("langs")
        return Found(
            id=short_id(item.get("uri")),
            author=by,
            text=text,
            posted_at=min(posted, indexed) if posted and indexed else indexed,
            url=url(by, item.get("uri")),
            reply_to=short_id(ref(record, "parent").get("uri")),
            language=words(langs[0], 35) if isinstance(langs, list) and langs else "",
            direct=direct,
            links=linked(record.get("facets")),
        )

    # looks again -----------------------------------------------------------------------------------

    def look_again(self, ids: Sequence[str]) -> LookedAgain:
        """Many are asked for at once. What is left out of the answer may be hidden from us, as its author
        blocks us: it is asked for alone, `SINGLY` at most, and is removed only where there is no such record.
        The network gives no moment of an edit: each is as it stands now.

        Raises Unauthorized, RateLimited, Rejected, Unavailable.
        """
        uris = {uri: id for id in ids if (uri := at_uri(id))}
        asked, there = [*uris], dict[str, dict[str, Any]]()
        for start in range(0, len(asked), AT_ONCE):
            there |= self._posts(asked[start : start + AT_ONCE])
        missing = [uri for uri in asked if uri not in there][:SINGLY]
        found = (self._read(there[uri]) for uri in asked if uri in there)
        return LookedAgain(
            tuple(uris[uri] for uri in missing if self._is_gone(uri)),
            tuple(replace(each, edited=True) for each in found if each),
        )

    def _is_gone(self, uri: str) -> bool:
        """Does the network say that there is no such record, or no such account any more?"""
        repo, key = uri.removeprefix("at://").split(f"/{POST}/")
        asked = [("repo", repo), ("collection", POST), ("rkey", key)]
        try:
            self._session.get("com.atproto.repo.getRecord", asked)
        except Missing:
            return True
        except Rejected as error:
            return NO_REPO in error.reason
        return False

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """Under a record key made from `token`, and only where nothing has that key.

        So what was written first stands, with its moment: a later try takes it as its own. Images are there
        before it, and the server throws away those that no record names; a post without gets the card of its
        first link.
        """
        if not 1 <= length(text) <= ROOM:
            raise Rejected(NAME, f"a text has 1 to {ROOM} characters")
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        marks = facets(text, self._did_of)
        embed = self._shown_with(images) if images else None if to else self._card(marks)
        more = {
            **({"reply": self._thread(to)} if to else {}),
            **({"embed": embed} if embed else {}),
        }
        return self._written(text, marks, language, token, more)

    def quote(self, of: ReplyTo, text: str, token: str, language: str) -> Sent:
        if not 1 <= length(text) <= ROOM:
            raise Rejected(NAME, f"a text has 1 to {ROOM} characters")
        post, subject = self._named(of)
        viewer = post.get("viewer")
        if isinstance(viewer, dict) and viewer.get("embeddingDisabled") is True:
            raise Rejected(NAME, "its author does not let it be quoted")
        embed = {"$type": "app.bsky.embed.record", "record": subject}
        return self._written(text, facets(text, self._did_of), language, token, {"embed": embed})

    def boost(self, of: ReplyTo, token: str) -> Sent:
        """A repost, under a record key made from `token` as a message of ours is."""
        _, subject = self._named(of)
        key = record_key(token)
        record = {"$type": REPOST, "subject": subject, "createdAt": _now()}
        value = {**self._place(key, REPOST), "record": record, "swapRecord": None}
        with suppress(Taken):  # by an earlier try
            self._session.post("com.atproto.repo.putRecord", value)
        return Sent(remote_id=f"{BOOST}{key}", url=_shown_at(subject["uri"]))

    def boosted(self, of: ReplyTo, token: str) -> Sent | None:
        return self.read_back(f"{BOOST}{record_key(token)}")

    def _written(self, text: str, marks: Any, language: str, token: str, more: Mapping[str, Any]) -> Sent:
        record = {
            "$type": POST,
            "text": text,
            "createdAt": _now(),
            **({"langs": [language]} if language else {}),
            **({"facets": marks} if marks else {}),
            **more,
        }
        value = {**self._place(record_key(token)), "record": record, "swapRecord": None}
        try:
            answer = self._session.post("com.atproto.repo.putRecord", value)
        except Taken:
            return self._arrived(token)
        sent = self._sent(answer, record)
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def _shown_with(self, images: Sequence[Image]) -> dict[str, Any]:
        shown = []
        for image in images:
            value = self._session.upload((image.read(), image.type))
            blob = value.get("blob") if isinstance(value, dict) else None
            if not isinstance(blob, dict):
                raise Unavailable(NAME, "the answer is not an image")
            ratio = {"width": image.width, "height": image.height}
            shown.append({"image": blob, "alt": image.alt, "aspectRatio": ratio})
        return {"$type": "app.bsky.embed.images", "images": shown}

    def _card(self, marks: Any) -> dict[str, Any] | None:
        """What the page behind the first link says of itself; None where there is none, or it does not
        say."""
        url = next(iter(linked(marks)), "")
        found = card(url, self._pages) if url else None
        if found is None:
            return None
        title, description = found
        return {
            "$type": "app.bsky.embed.external",
            "external": {"uri": url, "title": title, "description": description},
        }

    def _arrived(self, token: str) -> Sent:
        """An earlier try did: whatever hides it from us now, it must not be called undone."""
        try:
            sent = self._kept(token)
        except Unavailable as error:
            raise Unknown(NAME, error.reason) from error
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """What stands in our own records under this token's key: nothing else can be there."""
        return self._kept(token)

    def read_back(self, remote_id: str) -> Sent | None:
        """As readers get it; None while the network does not show it. A repost as it lies in our records."""
        if remote_id.startswith(BOOST):
            found = self._record(remote_id.removeprefix(BOOST), REPOST)
            record = found.get("value") if found else None
            subject = strong(record.get("subject")) if isinstance(record, dict) else None
            return Sent(remote_id=remote_id, url=_shown_at(subject["uri"])) if subject else None
        post = self._shown(remote_id)
        return self._sent(post, post.get("record")) if post else None

    def delete(self, remote_id: str) -> None:
        """Raises Rejected for what is not in our own records."""
        owner, _, key = at_uri(remote_id, self._session.did).rpartition(f"/{POST}/")
        if remote_id.startswith(BOOST):
            place = self._place(remote_id.removeprefix(BOOST), REPOST)
        elif owner == f"at://{self._session.did}":
            place = self._place(key)
        else:
            raise Rejected(NAME, "it is not a message of this account")
        try:
            self._session.post("com.atproto.repo.deleteRecord", place)
        except Missing:
            return

    def _place(self, key: str, kind: str = POST) -> dict[str, str]:
        """Where a record of ours lies."""
        return {"repo": self._session.did, "collection": kind, "rkey": key}

    def _kept(self, token: str) -> Sent | None:
        found = self._record(record_key(token))
        if found is None:
            return None
        sent = self._sent(found, found.get("value"))
        if sent is None:
            raise Unavailable(NAME, "the answer is not a message")
        return sent

    def _record(self, key: str, kind: str = POST) -> dict[str, Any] | None:
        """As it lies in our own records; None where there is none."""
        try:
            found = self._session.get("com.atproto.repo.getRecord", [*self._place(key, kind).items()])
        except Missing:
            return None
        if not isinstance(found, dict):
            raise Unavailable(NAME, "the answer is not a message")
        return found

    def _sent(self, given: Any, record: Any) -> Sent | None:
        uri = given.get("uri") if isinstance(given, dict) else None
        if not (id := short_id(uri)):
            return None
        us = Author(id=self._session.did, handle=self._session.handle)
        written = moment(record.get("createdAt")) if isinstance(record, dict) else None
        return Sent(remote_id=id, url=url(us, uri), text=said(record), at=written)

    def _thread(self, to: ReplyTo) -> dict[str, dict[str, str]]:
        """What is answered, and where its conversation began. What we wrote ourselves is read in our own
        records: readers get it seconds later."""
        uri = at_uri(to.id) or at_uri(to.id, self._did_of(to.author))
        ours = uri.startswith(f"at://{self._session.did}/{POST}/")
        post = self._record(uri.rpartition("/")[2]) if ours else self._post(uri) if uri else None
        parent = strong(post)
        if not post or not parent:
            raise Rejected(NAME, "the message that is answered is not there any more")
        viewer = post.get("viewer")
        if isinstance(viewer, dict) and viewer.get("replyDisabled") is True:
            raise Rejected(NAME, "its author does not take answers from us")
        record = post.get("value") if ours else post.get("record")
        return {"root": strong(ref(record, "root")) or parent, "parent": parent}

    def _named(self, of: ReplyTo) -> tuple[dict[str, Any], dict[str, str]]:
        """Somebody's message, and how a record of ours names it."""
        uri = at_uri(of.id) or at_uri(of.id, self._did_of(of.author))
        post = self._post(uri) if uri else None
        subject = strong(post)
        if not post or not subject:
            raise Rejected(NAME, "the message is not there any more")
        return post, subject

    def _shown(self, remote_id: str) -> dict[str, Any] | None:
        """A message of ours as readers get it."""
        uri = at_uri(remote_id, self._session.did)
        return self._post(uri) if uri else None

    def _post(self, uri: str) -> dict[str, Any] | None:
        return self._posts([uri]).get(uri)

    def _posts(self, uris: Sequence[str]) -> dict[str, dict[str, Any]]:
        """By address, those of these that we are shown."""
        value = self._session.get("app.bsky.feed.getPosts", [("uris", uri) for uri in uris])
        posts = value.get("posts") if isinstance(value, dict) else None
        if not isinstance(posts, list):
            raise Unavailable(NAME, "the answer is not a list")
        found = {post.get("uri"): post for post in posts if isinstance(post, dict)}
        return {uri: found[uri] for uri in uris if uri in found}

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

    # measures --------------------------------------------------------------------------------------

    def check(self) -> None:
        """Does the app password let us in? It does not end by itself."""
        self._session.begin_anew()

    def measure(self, remote_id: str) -> Numbers | None:
        """What becomes of a message that we reposted is its writer's."""
        if remote_id.startswith(BOOST):
            return Numbers() if self.read_back(remote_id) else None
        post = self._shown(remote_id)
        return numbers(post) if post else None

    def following(self) -> tuple[int | None, int | None]:
        us = self._session.get("app.bsky.actor.getProfile", [("actor", self._session.did)])
        if not isinstance(us, dict) or us.get("did") != self._session.did:
            raise Unavailable(NAME, "the server does not say who we are")
        return count(us.get("followersCount")), count(us.get("followsCount"))

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Grapheme clusters; more than there is room for where its bytes pass 3000."""
        return length(text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown_at(uri: str) -> str:
    """Where somebody's message is shown."""
    did, _, key = uri.removeprefix("at://").partition(f"/{POST}/")
    return f"https://bsky.app/profile/{did}/post/{key}"
