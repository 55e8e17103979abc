"""Mastodon, and the servers that speak its API: own mentions and a hashtag, polled; posts, replies, figures.

API: https://docs.joinmastodon.org/methods/ (notifications, timelines, statuses, accounts, instance),
read 2026-07-02 for servers 4.5 and 4.6.

Settings:
* `instance`: the server's address, such as https://social.example
* `kind`: `mentions` (default) or `hashtag`
* `tag`: for a hashtag, without the #
* `account`: our own name there, so that our own messages are not heard

Secret: `token`, with read:notifications, read:accounts, read:statuses, write:statuses and write:media: what
the server gives a person who connects the account, or pasted. A hashtag can be heard without one where the
server allows it.

Heard are public and unlisted messages only. One that its author addressed to followers or to named
people is theirs: it is not copied into a table that colleagues read. A message that reaches the
server later than newer ones with the same hashtag lies behind the cursor and is not heard.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from time import sleep
from typing import Any
from urllib.parse import quote, urlsplit

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, PlatformError, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._http_json import JsonApi, count, link, moment, origin, words
from chalicelib.platforms._text import one_line, plain, tidy
from chalicelib.ports import N_, Allowance, Ear, Free, Kit, LookedAgain, Page, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

NAME = "mastodon"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "look-again", "edit", "boost", "quote", "check"})
NOT_BUILT = (
    "Videos, polls and content warnings of our own.",
    "Its full-text search, its stream, Web Push, and the webhooks of a server of one's own.",
)
WHY_NOT = ""
INSTANCE = Setting("instance", "server", N_("Server"), N_("Such as https://social.example."))
ACCOUNT = Setting("account", "account", N_("Account"), N_("Without the @."))
OURS = Setting("account", "account", N_("Your own account"), N_("Whose messages are yours."), needed=False)
TAG = Setting("tag", "tag", N_("Hashtag"), N_("Without the #."))
TOKEN = Setting("token", "secret", N_("Access token"))
FOLLOWERS = N_("Messages that are meant for followers or for a few people only.")
SOURCES = {
    "mentions": Ear(
        label=N_("Mastodon: who names our account"),
        settings=(INSTANCE, ACCOUNT, TOKEN),
        addressed=True,
        leaves_out=(N_("Who speaks of you without naming your account."), FOLLOWERS),
    ),
    "hashtag": Ear(
        label=N_("Mastodon: a hashtag"),
        settings=(INSTANCE, TAG, OURS, replace(TOKEN, needed=False)),
        leaves_out=(
            N_("Messages without this hashtag."),
            N_("Messages on servers that the server of your account does not know."),
            FOLLOWERS,
        ),
    ),
}
"""Most servers show a hashtag to anyone; some ask for a token."""
CHANNEL = (INSTANCE, ACCOUNT, TOKEN)
OAUTH = OAuth(
    authorize="{instance}/oauth/authorize",
    token="{instance}/oauth/token",  # noqa: S106 - an address
    registers="{instance}/api/v1/apps",
    scopes=("read:notifications", "read:accounts", "read:statuses", "write:statuses", "write:media"),
    pkce=True,
    refreshes=False,
)
"""docs.joinmastodon.org/methods/oauth and /methods/apps; tokens do not end by themselves. Servers before 4.3
pass the challenge over."""
TERMS = Terms(
    allowances=(Allowance(300, timedelta(hours=3)),),
    checked=date(2026, 7, 2),
    source="https://github.com/mastodon/mastodon/blob/main/app/lib/rate_limiter.rb",
)

LIMIT = Limit(300, timedelta(minutes=5))
"""Of an account, and of an address it asks from: config/initializers/rack_attack.rb of the server, read
2026-07-02. Posts and deletions have others besides; the server's answer says when to come back."""

IMAGES = Images(
    most=4,
    types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    size=16_777_216,
    alt=1500,
    checked=date(2026, 7, 2),
    source="https://docs.joinmastodon.org/user/posting/#media",
)
BOOST = "boost/"
"""How what we boosted is named: so, and the id of the message itself."""
QUOTES_SINCE = 7
"""The version of the API (`api_versions.mastodon`) from which messages may be quoted: that of server 4.5."""
PAUSE, PAUSES = 1.0, 10
"""Seconds between two looks at an image that the server still works on, and how many of them."""
NOTIFICATIONS = 80
STATUSES = 40
"""The most one page may hold. A server that gives fewer loses nothing: `min_id` goes on from the oldest."""
AT_ONCE, SINGLY = 20, 10
"""Messages that one request asks for by their ids, which servers of 4.3 and later take; and those that are
asked for one by one in a look."""
PAGES = 5
"""Pages of our own messages looked through for one that may have been published."""
ROOM = 500
URL_LENGTH = 23
CLOCKS = timedelta(seconds=60)
"""How far the server's clock may be behind ours."""

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'()\[\]]")
_REMOTE = re.compile(r"(?<![=/\w])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@\w+(?:[.-]+\w+)*(?::[0-9]+)?")


def account(settings: Mapping[str, str]) -> str:
    """`name@host`. Raises BadInput."""
    host = urlsplit(_base(settings)).hostname
    return f"{settings.get('account', '').removeprefix('@').casefold().removesuffix(f'@{host}')}@{host}"


def _base(settings: Mapping[str, str]) -> str:
    if base := origin(settings.get("instance", "")):
        return base
    raise BadInput("instance", "the server's address and nothing behind it, such as https://social.example")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Mastodon":
    """Raises BadInput for a wrong setting."""
    base = _base(settings)
    kind, tag = settings.get("kind", "mentions"), settings.get("tag", "").removeprefix("#")
    if kind not in ("mentions", "hashtag"):
        raise BadInput("kind", "mentions or hashtag")
    if (kind == "hashtag") != bool(tag):
        raise BadInput("tag", "for a hashtag, and only then: the word without the #")
    token = secrets.get("token", "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    name, _, _ = account(settings).rpartition("@")
    return Mastodon(JsonApi(kit.http, NAME, base, headers), tag, name)


class Mastodon:
    """Listens, LooksAgain, Speaks, Deletes, Checks, Measures and Counts. `tag` is "" for our account's
    mentions."""

    threads = True
    comments = True
    once = False  # Mastodon keeps a key for an hour; others that speak its language may not know keys at all

    def __init__(self, api: JsonApi, tag: str, account: str) -> None:
        self._api = api
        self._tag = tag
        self._account = account

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """The first poll brings the latest page; from then on every page since `cursor`.

        What lacks an id, an author, words or a public audience is passed over.
        """
        limit = STATUSES if self._tag else NOTIFICATIONS
        query = [("limit", str(limit))]
        if cursor:
            query.append(("min_id", cursor))
        if self._tag:
            items = self._api.get(f"/api/v1/timelines/tag/{quote(self._tag, safe='')}", query)
        else:
            items = self._api.get("/api/v1/notifications", [("types[]", "mention"), *query])
        if not isinstance(items, list):
            raise Unavailable(NAME, "the answer is not a list")
        newest = next((id for id in map(_id, items) if id), cursor)
        found = (self._heard(item) for item in reversed(items))
        return Page(
            found=tuple(item for item in found if item),
            cursor=newest,
            more=bool(cursor) and newest != cursor and len(items) >= limit,
            quota=self._api.quota,
        )

    def _heard(self, item: Any) -> Found | None:
        if not isinstance(item, dict) or (not self._tag and item.get("type") != "mention"):
            return None
        return self._read(item if self._tag else item.get("status"))

    def _read(self, status: Any) -> Found | None:
        if not isinstance(status, dict) or status.get("visibility") not in ("public", "unlisted"):
            return None
        author = _author(status.get("account"))
        id, text = _id(status), _text(status)
        if not (id and author and text) or author.handle.casefold() == self._account:
            return None
        reply_to = words(status.get("in_reply_to_id"), 200)
        return Found(
            id=native_id(id),
            author=author,
            text=text,
            posted_at=moment(status.get("created_at")),
            url=link(status.get("url")),
            address=link(status.get("url")),
            reply_to=native_id(reply_to) if reply_to else "",
            language=words(status.get("language"), 35),
            direct=not self._tag,
        )

    # looks again -----------------------------------------------------------------------------------

    def look_again(self, ids: Sequence[str]) -> LookedAgain:
        """Many are asked for at once; what is not in the answer is asked for alone, `SINGLY` at most, and is
        removed only where that is answered with 404 or 410. What has an `edited_at` was edited then.

        Raises Unauthorized, RateLimited, Rejected, Unavailable.
        """
        there: dict[str, Any] = {}
        known = [id for id in ids if id.isascii() and id.isdigit()]
        for start in range(0, len(known), AT_ONCE):
            asked = known[start : start + AT_ONCE]
            page = self._api.get("/api/v1/statuses", [("id[]", id) for id in asked])
            if not isinstance(page, list):
                raise Unavailable(NAME, "the answer is not a list")
            there |= {_id(status): status for status in page}
        missing = [id for id in known if id not in there][:SINGLY]
        gone = (id for id in missing if self._api.get_if_there(_path(id)) is None)
        edited = (self._edited(there[id]) for id in known if id in there)
        return LookedAgain(tuple(gone), tuple(each for each in edited if each))

    def _edited(self, status: dict[str, Any]) -> Found | None:
        at = moment(status.get("edited_at"))
        found = self._read(status) if at else None
        return replace(found, edited=True, as_of=at) if found else None

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """In public. An answer gets "@author" in front where the text lacks it, or they would not hear.

        The server keeps the key for an hour: in that time the same `token` gives the same message. Images
        are there before it; one that no message names the server throws away after a day.
        """
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        media = [self._uploaded(image) for image in images]
        value = {
            "status": _full(text, to),
            **({"media_ids": media} if media else {}),
            **({"in_reply_to_id": to.id} if to else {}),
        }
        return self._written(value, token, language)

    def _written(self, value: dict[str, Any], token: str, language: str) -> Sent:
        value = {**value, "visibility": "public", **({"language": language} if language else {})}
        sent = _sent(self._api.post("/api/v1/statuses", value, {"Idempotency-Key": token}))
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def _uploaded(self, image: Image) -> str:
        """Its id, once the server is ready with it."""
        about = {"description": image.alt}
        value = self._api.upload_form("/api/v2/media", "file", (image.read(), image.type), about)
        if not (id := _id(value)):
            raise Unavailable(NAME, "the answer is not an image")
        for _ in range(PAUSES):
            if isinstance(value, dict) and value.get("url"):
                return id
            sleep(PAUSE)
            value = self._api.get(f"/api/v1/media/{quote(id, safe='')}")
        raise Unavailable(NAME, "the server still works on the image")

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our answer to this message (None: our post) with these words, posted since then less a minute, and
        not another delivery's.

        What we passed on of others (a boost) is neither. Raises Unavailable where we wrote too much
        since to look through.
        """
        wanted, floor = folded(_full(text, to)), since - CLOCKS
        path = f"/api/v1/accounts/{quote(self._our_id, safe='')}/statuses"
        ours = [("limit", str(STATUSES)), ("exclude_reblogs", "true")]
        query = ours
        for _ in range(PAGES):
            page = self._api.get(path, query)
            if not isinstance(page, list):
                raise Unavailable(NAME, "the answer is not a list")
            for status in page:
                sent = _ours(status, to)
                if sent is None or folded(sent.text) != wanted or (sent.at and sent.at < floor):
                    continue
                if free is None or free(sent.remote_id):
                    return sent
            oldest = next((status for status in reversed(page) if _id(status)), None)
            if oldest is None or (len(page) < STATUSES and query[-1] == ("max_id", _id(oldest))):
                return None  # no more, or the same again: some give all at once, whatever is asked
            posted = moment(oldest.get("created_at"))
            if posted and posted < floor:
                return None
            query = [*ours, ("max_id", _id(oldest))]
        raise Unavailable(NAME, f"more than {PAGES * STATUSES} messages of ours to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        status = self._api.get_if_there(_path(remote_id.removeprefix(BOOST)))
        return _boosted(status) if remote_id.startswith(BOOST) else _sent(status)

    def delete(self, remote_id: str) -> None:
        """The server lets an account delete thirty messages in half an hour; then it says when to go on. Some
        that speak its language know no deleting: they say 404 of what is there."""
        if not remote_id.startswith(BOOST):
            if not self._api.delete(_path(remote_id)) and self.read_back(remote_id):
                raise Rejected(NAME, N_("this server deletes nothing by its API"))
        elif self.read_back(remote_id):
            self._api.post(f"{_path(remote_id.removeprefix(BOOST))}/unreblog", {}, {})

    def boost(self, of: ReplyTo, token: str) -> Sent:
        """The server keeps one of each message, whoever asks again."""
        answer = self._api.post(f"{_path(of.id)}/reblog", {"visibility": "public"}, {})
        inner = answer.get("reblog") if isinstance(answer, dict) else None
        if not isinstance(inner, dict) or not (id := _id(inner)):
            raise Unknown(NAME, "the answer is not a message")
        return Sent(remote_id=f"{BOOST}{id}", url=link(inner.get("url")))

    def boosted(self, of: ReplyTo, token: str) -> Sent | None:
        return self.read_back(f"{BOOST}{of.id}")

    def quote(self, of: ReplyTo, text: str, token: str, language: str) -> Sent:
        """Where the server is new enough, and the writer lets it be quoted."""
        if not self._quotes():
            raise Rejected(NAME, "this server does not quote messages")
        return self._written({"status": text, "quoted_status_id": of.id}, token, language)

    def _quotes(self) -> bool:
        versions = self._instance.get("api_versions")
        return isinstance(versions, dict) and (count(versions.get("mastodon")) or 0) >= QUOTES_SINCE

    def edit(self, remote_id: str, text: str) -> Sent:
        """Its images stay, and whom it answers stays named. Raises as `publish` does."""
        status = self._api.get_if_there(_path(remote_id))
        if not isinstance(status, dict) or not _id(status):
            raise Rejected(NAME, "the message is not there any more")
        media = [id for each in _dicts(status.get("media_attachments")) if (id := _id(each))]
        answers, named = status.get("in_reply_to_account_id"), _dicts(status.get("mentions"))
        author = next((words(each.get("acct"), 200) for each in named if each.get("id") == answers), "")
        value = {
            "status": addressed(text, author),
            **({"media_ids": media} if media else {}),
            **({"language": status["language"]} if status.get("language") else {}),
        }
        sent = _sent(self._api.put(_path(remote_id), value))
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    @cached_property
    def _our_id(self) -> str:
        return _id(self._us())

    def _us(self) -> dict[str, Any]:
        us = self._api.get("/api/v1/accounts/verify_credentials")
        if not isinstance(us, dict) or not _id(us):
            raise Unavailable(NAME, "the server does not say who we are")
        return us

    # checks ----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Whose key it is. A token does not end by itself."""
        name = words(self._us().get("acct"), 200).casefold()
        if self._account and name != self._account:
            raise Unauthorized(NAME, "the key is of another account")

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """How many saw it Mastodon does not count. What becomes of a message that we boosted is its
        writer's."""
        if remote_id.startswith(BOOST):
            return Numbers() if self.read_back(remote_id) else None
        status = self._api.get_if_there(_path(remote_id))
        if status is None:
            return None
        if not isinstance(status, dict) or not _id(status):
            raise Unavailable(NAME, "the answer is not a message")
        return Numbers(
            reactions=count(status.get("favourites_count")),
            shares=count(status.get("reblogs_count")),
            replies=count(status.get("replies_count")),
        )

    def following(self) -> tuple[int | None, int | None]:
        us = self._us()
        return count(us.get("followers_count")), count(us.get("following_count"))

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        """What the server says; 500 while it does not say."""
        try:
            return self._room
        except (PlatformError, LookupError, TypeError):
            self.__dict__.pop("_instance", None)  # what it said is of no use: it is asked again
            return ROOM

    @cached_property
    def _instance(self) -> dict[str, Any]:
        found = self._api.get("/api/v2/instance")
        if not isinstance(found, dict):
            raise Unavailable(NAME, "the server does not say what it can")
        return found

    @cached_property
    def _room(self) -> int:
        room = self._instance["configuration"]["statuses"]["max_characters"]
        if not count(room):
            raise TypeError("max_characters is not a number of characters")
        return int(room)

    def length(self, text: str, to: str = "") -> int:
        """Grapheme clusters; a link counts 23, of a remote name only the part before its server.

        Source: app/validators/status_length_validator.rb of the server.
        """
        import regex

        counted = _REMOTE.sub(r"\1", _LINK.sub("x" * URL_LENGTH, addressed(text, to)))
        return len(regex.findall(r"\X", counted))


def addressed(text: str, author: str) -> str:
    """The text with "@author" in front, unless it holds that name."""
    name = re.compile(rf"(?<![\w@/])@{re.escape(author)}(?![\w@]|[.-]\w)", re.IGNORECASE)
    return text if not author or name.search(text) else f"@{author} {text}"


def _full(text: str, to: ReplyTo | None) -> str:
    return addressed(text, to.author) if to else text


def folded(text: str) -> str:
    """What stays the same when a server makes HTML of our words and we make words of that.

    It shows "@anna" for "@anna@elsewhere.example", and white space as it pleases.
    """
    return "".join(tidy(_REMOTE.sub(r"\1", text)).split())


def _id(item: Any) -> str:
    return words(item.get("id"), 200) if isinstance(item, dict) else ""


def _path(remote_id: str) -> str:
    return f"/api/v1/statuses/{quote(remote_id, safe='')}"


def _boosted(status: Any) -> Sent | None:
    """What we boosted, as long as we do."""
    if not (id := _id(status)) or status.get("reblogged") is not True:
        return None
    return Sent(remote_id=f"{BOOST}{id}", url=link(status.get("url")))


def _dicts(given: Any) -> list[dict[str, Any]]:
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _text(status: Mapping[str, Any]) -> str:
    """A warning that hides the message is part of what its author said."""
    warning, content = words(status.get("spoiler_text"), 1000), words(status.get("content"), 200_000)
    return "\n".join(part for part in (tidy(warning), plain(content)) if part)


def _author(account: Any) -> Author | None:
    if not isinstance(account, dict):
        return None
    id, handle = _id(account), one_line(words(account.get("acct"), 200))
    if not (id and handle):
        return None
    return Author(
        id=id,
        handle=handle,
        name=one_line(words(account.get("display_name"), 200)),
        url=link(account.get("url")),
        followers=count(account.get("followers_count")),
    )


def _ours(status: Any, to: ReplyTo | None) -> Sent | None:
    """A message of our account in words of our own, if it answers this one (None: if it answers none)."""
    if not isinstance(status, dict) or status.get("reblog"):
        return None
    above = to.id if to else ""
    return _sent(status) if words(status.get("in_reply_to_id"), 200) == above else None


def _sent(status: Any) -> Sent | None:
    if not (id := _id(status)):
        return None
    return Sent(
        remote_id=id,
        url=link(status.get("url")),
        text=plain(words(status.get("content"), 200_000)),
        at=moment(status.get("created_at")),
    )
