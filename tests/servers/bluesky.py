"""A Bluesky server of one account, as the lexicons say (com.atproto.*, app.bsky.* of bluesky-social/atproto).

It is the account's data server and the network's view in one: records under keys, signed by sessions
whose tokens run out; notifications and search newest first, page by page backwards.
"""

import json
import re
from base64 import b32encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any

import regex

from tests.servers.base import Reply, Request, Server

PASSWORD = "fake-app-password"
US = "brand.test"
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
TID = re.compile(rf"[234567a-j][{ALPHABET}]{{12}}")


def did_of(handle: str) -> str:
    """A made up name of the usual form and length."""
    return "did:plc:" + b32encode(sha256(handle.encode()).digest()).decode().lower()[:24]


def cid_of(record: Any) -> str:
    hashed = sha256(json.dumps(record, sort_keys=True).encode()).digest()
    return "bafyrei" + b32encode(hashed).decode().lower()[:52]


@dataclass
class Post:
    did: str
    rkey: str
    record: dict[str, Any]
    at: datetime
    """When the network first took it in."""
    likes: int = 0
    reposts: int = 0
    quotes: int = 0

    @property
    def uri(self) -> str:
        return f"at://{self.did}/{POST}/{self.rkey}"

    @property
    def cid(self) -> str:
        return cid_of(self.record)

    @property
    def ref(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


class Refused(Exception):
    """An XRPC refusal: status, name, words."""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status, self.name, self.message = status, name, message


class Bluesky(Server):
    """`say` lets a stranger write; `ours` are the account's posts; `sign_ins`, `renewals` are counted.

    Others react by `like`, `repost`, `say(quotes=...)` and `say(parent=...)`, and `follow` the account.

    How it misbehaves:
    * `overwrites`: puts a record over another, though it was said not to
    * `fails_after_publishing`: keeps the record (or deletes it), then answers 500
    * `drops_answer`: keeps the record (or deletes it), then closes the connection
    * `misses`: answers RecordNotFound to a wish to delete what is gone, not "done"
    * `miscounts`: these figures instead of those there are
    * `hides`: addresses that it leaves out of `getPosts`, as their authors block us
    * `lists_late`: this many look-ups do not show our own posts
    * `shows_late`: readers do not get our own posts yet, though they lie in our records
    * `locked`: nobody is let in, by password or token
    * `refuses`: answers 400 to every record, and to every wish to delete one
    * `rate_limited`: answers 429 with these headers
    * `stalls`: seconds of silence before each answer
    * `answers`: this status and body to everything whose path ends in `answers_to`
    """

    def __init__(self) -> None:
        super().__init__()
        self.handles = {did_of(US): US}
        self.posts: dict[str, Post] = {}
        self.notifications: list[tuple[str, Post]] = []
        self.sign_ins = self.renewals = 0
        self.access, self.renewal = set[str](), set[str]()
        self.blobs: dict[str, bytes] = {}
        self.reposts: dict[str, dict[str, Any]] = {}
        """Those of the account, by record key."""
        self.home = ""
        self.followers: set[str] = set()
        self.overwrites = self.fails_after_publishing = self.drops_answer = False
        self.locked = self.refuses = self.misses = self.shows_late = False
        self.miscounts: dict[str, Any] = {}
        self.hides = set[str]()
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.stalls = 0.0
        self.answers: tuple[int, bytes] | None = None
        self.answers_to = ""
        self._numbers = count(1)

    def say(
        self,
        text: str,
        handle: str = "anna.test",
        *,
        did: str = "",
        parent: str = "",
        quotes: str = "",
        at: datetime | None = None,
        **record: Any,
    ) -> str:
        """Somebody writes; the address of it. Who names, answers or quotes the account notifies it."""
        did = did or did_of(handle)
        at = at or datetime.now(UTC)
        said: dict[str, Any] = {"$type": POST, "text": text, "createdAt": _iso(at), "langs": ["en"]}
        with self.lock:
            self.handles[did] = handle
            if parent:
                above = self.posts[parent]
                said["reply"] = {
                    "root": above.record.get("reply", {}).get("root", above.ref),
                    "parent": above.ref,
                }
            post = Post(did, f"3m{next(self._numbers):011}".translate(_DIGITS), said | record, at)
            self.posts[post.uri] = post
            if quotes in self.posts:
                self.posts[quotes].quotes += 1
            ours = f"at://{did_of(US)}/"
            reason = "reply" if parent.startswith(ours) else "quote" if quotes.startswith(ours) else ""
            reason = "mention" if f"@{US}" in text else reason
            if reason and handle != US:
                self.notifications.append((reason, post))
        return post.uri

    def ours(self) -> list[Post]:
        with self.lock:
            return [post for post in self.posts.values() if post.did == did_of(US)]

    def take_away(self, uri: str) -> None:
        """Its author removes it."""
        gone = self.posts.pop(uri)
        self.notifications = [(reason, post) for reason, post in self.notifications if post is not gone]

    def edit(self, uri: str, text: str, at: datetime | None = None) -> None:
        """Its author puts another record under its key, which the network takes in; it gives no moment."""
        self.posts[uri].record = {**self.posts[uri].record, "text": text}

    def like(self, uri: str) -> None:
        self.posts[uri].likes += 1

    def repost(self, uri: str) -> None:
        self.posts[uri].reposts += 1

    def follow(self, handle: str) -> None:
        self.followers.add(handle)

    def answer(self, request: Request) -> Reply:
        if self.answers and request.path.endswith(self.answers_to):
            return Reply(self.answers[0], self.answers[1], stall=self.stalls)
        if self.rate_limited is not None:
            return _json(
                {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429, self.rate_limited
            )
        try:
            reply = self._route(request)
        except Refused as refused:
            reply = _json({"error": refused.name, "message": refused.message}, refused.status)
        reply.stall = self.stalls
        return reply

    def _route(self, request: Request) -> Reply:
        nsid, token = request.path.removeprefix("/xrpc/"), request.headers.get("authorization", "")
        if self.locked:
            raise Refused(401, "AuthenticationRequired", "Invalid identifier or password")
        if nsid == "com.atproto.server.createSession":
            return self._sign_in(json.loads(request.body))
        if nsid == "com.atproto.server.refreshSession":
            return self._renew(token, request)
        if token.removeprefix("Bearer ") not in self.access:
            raise Refused(400, "ExpiredToken", "Token has expired")
        query = {name: values[0] for name, values in request.query.items()}
        match nsid:
            case "app.bsky.notification.listNotifications":
                return self._listed(query, "notifications", self._notified(request.query["reasons"]))
            case "app.bsky.feed.searchPosts":
                return self._listed(query, "posts", self._searched(query["q"]))
            case "app.bsky.feed.getPosts":
                asked, hidden = request.query["uris"], f"at://{did_of(US)}/" if self.shows_late else "\n"
                if len(asked) > 25:
                    raise Refused(400, "InvalidRequest", "uris must not have more than 25 elements")
                there = [uri for uri in asked if uri not in self.hides and not uri.startswith(hidden)]
                posts = [self.posts.get(uri) for uri in there]
                return _json({"posts": [self._view(post) for post in posts if post and not self._late(post)]})
            case "com.atproto.repo.getRecord":
                return self._record(query)
            case "app.bsky.actor.getProfile":
                return self._profile(query["actor"])
            case "com.atproto.identity.resolveHandle":
                return self._resolved(query["handle"])
            case "com.atproto.repo.uploadBlob" if request.method == "POST":
                return self._take_in(request)
            case "com.atproto.repo.putRecord" if request.method == "POST":
                return self._put(json.loads(request.body))
            case "com.atproto.repo.deleteRecord" if request.method == "POST":
                return self._delete(json.loads(request.body))
        raise Refused(501, "MethodNotImplemented", "Method Not Implemented")

    # sessions --------------------------------------------------------------------------------------

    def _sign_in(self, given: dict[str, str]) -> Reply:
        self.sign_ins += 1
        if given != {"identifier": US, "password": PASSWORD}:
            raise Refused(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _renew(self, token: str, request: Request) -> Reply:
        self.renewals += 1
        if request.body:
            raise Refused(400, "InvalidRequest", "A request body was provided when none was expected")
        if (used := token.removeprefix("Bearer ")) not in self.renewal:
            raise Refused(400, "ExpiredToken", "Token has been revoked")
        self.renewal.discard(used)
        return self._session()

    def _session(self) -> Reply:
        access, renewal = (f"fake.{kind}.{next(self._numbers)}" for kind in ("access", "refresh"))
        self.access.add(access)
        self.renewal.add(renewal)
        home = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.home}
        document = {"id": did_of(US), "service": [home] if self.home else []}
        tokens = {"accessJwt": access, "refreshJwt": renewal}
        return _json({"did": did_of(US), "handle": US, **tokens, "didDoc": document, "active": True})

    # reading ---------------------------------------------------------------------------------------

    def _notified(self, reasons: list[str]) -> list[tuple[Post, dict[str, Any]]]:
        return [
            (post, {**self._view(post), "reason": reason, "isRead": False})
            for reason, post in self.notifications
            if reason in reasons
        ]

    def _searched(self, words: str) -> list[tuple[Post, dict[str, Any]]]:
        return [
            (post, self._view(post)) for post in self.posts.values() if words in post.record["text"].lower()
        ]

    def _listed(self, query: dict[str, str], name: str, found: list[tuple[Post, dict[str, Any]]]) -> Reply:
        """Newest first; of one moment the last one taken in first."""
        newest = [view for _, view in sorted(found, key=lambda entry: entry[0].at)][::-1]
        start, limit = int(query.get("cursor", 0)), min(int(query["limit"]), 100)
        page = newest[start : start + limit]
        more = {"cursor": str(start + limit)} if start + limit < len(newest) else {}
        return _json({name: page, **more})

    def _record(self, query: dict[str, str]) -> Reply:
        if query["collection"] == REPOST:
            if (record := self.reposts.get(query["rkey"])) is None or self.lists_late:
                self.lists_late -= self.lists_late > 0
                raise Refused(400, "RecordNotFound", "Could not locate record")
            return _json({"uri": f"at://{did_of(US)}/{REPOST}/{query['rkey']}", "value": record})
        post = self.posts.get(f"at://{query['repo']}/{query['collection']}/{query['rkey']}")
        if query["repo"] not in self.handles:
            raise Refused(400, "InvalidRequest", f"Could not find repo: {query['repo']}")
        if post is None or self._late(post):
            raise Refused(400, "InvalidRequest", "Could not locate record: at://")
        return _json({**post.ref, "value": post.record})

    def _resolved(self, handle: str) -> Reply:
        did = next((did for did, known in self.handles.items() if known == handle), "")
        if not did:
            raise Refused(400, "InvalidRequest", "Unable to resolve handle")
        return _json({"did": did})

    def _profile(self, did: str) -> Reply:
        if did not in self.handles:
            raise Refused(400, "InvalidRequest", "Profile not found")
        figures = {"followersCount": len(self.followers), "followsCount": 3, "postsCount": len(self.posts)}
        return _json({"did": did, "handle": self.handles[did], **figures} | self.miscounts)

    def _late(self, post: Post) -> bool:
        late = self.lists_late > 0 and post.did == did_of(US)
        self.lists_late -= late
        return late

    def _view(self, post: Post) -> dict[str, Any]:
        handle = self.handles[post.did]
        author = {"did": post.did, "handle": handle, "displayName": handle.partition(".")[0].title()}
        return {
            **post.ref,
            "author": author,
            "record": post.record,
            "indexedAt": _iso(post.at),
            "viewer": {"replyDisabled": False},
            "likeCount": post.likes,
            "repostCount": post.reposts,
            "quoteCount": post.quotes,
            "replyCount": sum(
                other.record.get("reply", {}).get("parent") == post.ref for other in self.posts.values()
            ),
        } | self.miscounts

    # writing ---------------------------------------------------------------------------------------

    def _take_in(self, request: Request) -> Reply:
        kind, size = request.headers["content-type"], len(request.body)
        link = cid_of(request.body.hex())
        self.blobs[link] = request.body
        return _json({"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": kind, "size": size}})

    def _check_embed(self, embed: dict[str, Any]) -> None:
        quoted = embed.get("record")
        if quoted and (quoted["uri"] not in self.posts or self.posts[quoted["uri"]].cid != quoted["cid"]):
            raise Refused(400, "InvalidRequest", "Record/embed/record is not there")
        for image in embed.get("images", ()):
            blob = image["image"]
            if blob["ref"]["$link"] not in self.blobs or blob["size"] > 2_000_000 or "alt" not in image:
                raise Refused(400, "InvalidRequest", "Record/embed/images is invalid")
        if len(embed.get("images", ())) > 4 or (external := embed.get("external", {})) != {
            **external,
            **{name: str(external[name]) for name in ("uri", "title", "description") if external},
        }:
            raise Refused(400, "InvalidRequest", "Record/embed is invalid")

    def _put(self, given: dict[str, Any]) -> Reply:
        record, rkey = given["record"], given["rkey"]
        if self.refuses:
            raise Refused(400, "InvalidRequest", "Invalid record")
        if given["collection"] == REPOST and TID.fullmatch(rkey):
            return self._pass_on(rkey, record, given)
        if given["repo"] != did_of(US) or given["collection"] != POST or not TID.fullmatch(rkey):
            raise Refused(400, "InvalidRequest", f"Invalid record key: {rkey}")
        self._check(record)
        post = Post(did_of(US), rkey, record, datetime.now(UTC))
        before = self.posts.get(post.uri)
        if before and before.cid != post.cid and given.get("swapRecord", 0) is None and not self.overwrites:
            raise Refused(400, "InvalidSwap", f"Record was at {before.cid}")
        self.posts[post.uri] = replace(post, at=before.at) if before else post
        return self._done({**post.ref, "validationStatus": "valid"})

    def _delete(self, given: dict[str, str]) -> Reply:
        if self.refuses or given["repo"] != did_of(US):
            raise Refused(400, "InvalidRequest", "Could not delete record")
        if given["collection"] == REPOST:
            self.reposts.pop(given["rkey"], None)
            return self._done({})
        gone = self.posts.pop(f"at://{given['repo']}/{given['collection']}/{given['rkey']}", None)
        if gone is None and self.misses:
            raise Refused(400, "RecordNotFound", "Could not locate record")
        return self._done({})

    def _pass_on(self, rkey: str, record: dict[str, Any], given: dict[str, Any]) -> Reply:
        subject = record["subject"]
        if subject["uri"] not in self.posts or self.posts[subject["uri"]].cid != subject["cid"]:
            raise Refused(400, "InvalidRequest", "Record/subject is not there")
        if self.reposts.get(rkey, record) != record and given.get("swapRecord", 0) is None:
            raise Refused(400, "InvalidSwap", "Record was at another")
        self.reposts[rkey] = record
        return self._done({"uri": f"at://{did_of(US)}/{REPOST}/{rkey}", "cid": cid_of(record)})

    def _done(self, answer: dict[str, Any]) -> Reply:
        if self.fails_after_publishing:
            return Reply(500, b"<h1>Internal Server Error</h1>")
        return Reply(drop=True) if self.drops_answer else _json(answer)

    def _check(self, record: dict[str, Any]) -> None:
        raw, end = record["text"].encode(), 0
        if len(regex.findall(r"\X", record["text"])) > 300:
            raise Refused(400, "InvalidRequest", "Record/text must not be longer than 300 graphemes")
        if len(raw) > 3000:
            raise Refused(400, "InvalidRequest", "Record/text must not be longer than 3000 characters")
        datetime.fromisoformat(record["createdAt"])
        for facet in record.get("facets", []):
            start, stop = facet["index"]["byteStart"], facet["index"]["byteEnd"]
            if not end <= start < stop <= len(raw):
                raise Refused(400, "InvalidRequest", "Record/facets are out of order")
            end = stop
            raw[start:stop].decode()
        self._check_embed(record.get("embed", {}))
        for ref in record.get("reply", {}).values():
            if ref["uri"] not in self.posts or self.posts[ref["uri"]].cid != ref["cid"]:
                raise Refused(400, "InvalidRequest", "Record/reply is not there")


_DIGITS = str.maketrans("0123456789", "234567abcd")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
