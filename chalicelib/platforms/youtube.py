"""YouTube: what is said below a channel's videos, and videos that a search finds; answers to both.

API: https://developers.google.com/youtube/v3/docs (commentThreads, comments, search, channels), read
2026-11-21. A project may spend 10,000 units a day: a look costs 1, an answer, a change or a deletion 50. It
may search 100 times a day besides.

Settings:
* `kind`: `comments` (default) or `search`
* `account`: the id of our channel, such as UCxxxxxxxxxxxxxxxxxxxxxx
* `query`: for a search, what to look for
* `client_id`: where we write, of the app by which a person lets us

Secrets: `api_key` to listen; to write `token`, with the scope youtube.force-ssl, and `client_secret`.

Videos are uploaded by people; a feed hears of them. YouTube calls nobody about comments, so that they are
asked for: the latest hundred and what was said below them, each time, as it stands. Answers hang below the
comment at the top: one to an answer says whom it is for. Nothing makes a second one impossible: one whose
outcome was lost is looked for by its words, and by since when it can be there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Found
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms import _youtube as said
from chalicelib.platforms._http_json import count, moment, words
from chalicelib.platforms._text import tidy
from chalicelib.platforms._youtube import VIDEO, YouTubeApi, given, items, opening, snippet_of
from chalicelib.platforms._youtube_heard import Listening
from chalicelib.ports import N_, Allowance, Ear, Free, Kit, LookedAgain, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.connecting import OAuth

NAME = "youtube"
ANSWERS = "api"
CAN = frozenset({"delete", "measure", "look-again", "check", "edit"})
NOT_BUILT = (
    "Uploading videos.",
    "Approving comments that wait.",
)
WHY_NOT = ""
HINT = N_("Its id, under Settings, Advanced settings in YouTube: it begins with UC.")
ACCOUNT = Setting("account", "account", N_("Channel"), HINT)
OURS = Setting("account", "account", N_("Your own channel"), HINT, needed=False)
KEY = Setting("api_key", "secret", N_("API key"), N_("Of a project in Google Cloud that may use YouTube."))
CHANNEL = (
    ACCOUNT,
    Setting("client_id", "text", N_("Client ID"), N_("Of the OAuth client in that project.")),
    Setting("client_secret", "secret", N_("Client secret")),
    Setting("token", "secret", needed=False),
)
SOURCES = {
    "comments": Ear(
        label=N_("YouTube: comments on your videos"),
        settings=(ACCOUNT, KEY),
        addressed=True,
        leaves_out=(
            N_("Answers below a comment that is not among the latest hundred."),
            N_("Comments that wait for your approval in YouTube, and the live chat."),
        ),
    ),
    "search": Ear(
        label=N_("YouTube: a search for videos"),
        settings=(Setting("query", "text", N_("What to look for")), OURS, KEY),
        every=60,
        leaves_out=(
            N_("Videos that speak of you while neither title nor description says so."),
            N_("What is said below the videos of others."),
        ),
    ),
}
OAUTH = OAuth(
    authorize="https://accounts.google.com/o/oauth2/v2/auth",
    token="https://oauth2.googleapis.com/token",  # noqa: S106 (an address)
    scopes=("https://www.googleapis.com/auth/youtube.force-ssl",),
    pkce=True,
    extra={"access_type": "offline", "prompt": "consent"},
)
UNITS, ANSWER = 10_000, 53
"""Units a day, and those of an answer at most: whose video it is, written, read back with its video."""
TERMS = Terms(
    allowances=(Allowance(UNITS // ANSWER, timedelta(days=1)),),
    checked=date(2026, 11, 21),
    source="https://developers.google.com/youtube/v3/determine_quota_cost",
)
LIMIT = Limit(UNITS, timedelta(days=1))
"""Of a project, as `TERMS.source` says: each request costs a unit or more."""

API = "https://www.googleapis.com/youtube/v3"
ROOM = 10_000
"""Characters. Not in YouTube's documentation; it refuses what is too long itself."""
AT_ONCE, SINGLY = 50, 10
"""Comments asked for by their ids at once, and one by one, in a look."""
CLOCKS = timedelta(seconds=60)
GONE = N_("the message to answer is not there")


def account(settings: Mapping[str, str]) -> str:
    """The project counts together; of one that is not named, our channel."""
    return settings.get("client_id", "") or settings.get("account", "") or "search"


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "YouTube":
    """Raises BadInput for a wrong setting."""
    kind, query = settings.get("kind", "comments"), settings.get("query", "").strip()
    if kind not in SOURCES:
        raise BadInput("kind", "comments or search")
    if (kind == "search") != bool(query):
        raise BadInput("query", "for a search, and only then: what to look for")
    ours = settings.get("account", "")
    if kind == "comments" and not ours:
        raise BadInput("account", "the id of the channel: it begins with UC")
    key = secrets.get("api_key", "")
    headers = {"X-Goog-Api-Key": key} if key else {"Authorization": f"Bearer {secrets.get('token', '')}"}
    return YouTube(YouTubeApi(kit.http, NAME, API, headers), ours, query, by_key=bool(key))


def _is_edited(found: Found) -> bool:
    return bool(found.as_of and found.posted_at and found.as_of > found.posted_at)


class YouTube(Listening):
    """Listens, LooksAgain, Speaks, Deletes, Edits, Measures, Checks and Counts."""

    threads = False  # a comment has room for any answer
    once = False

    def __init__(self, api: YouTubeApi, account: str, query: str, *, by_key: bool) -> None:
        super().__init__(api, account, query)
        self._by_key = by_key

    # looks again -----------------------------------------------------------------------------------

    def look_again(self, ids: Sequence[str]) -> LookedAgain:
        """Of comments: those that YouTube does not show any more, of `SINGLY` at most, and those that were
        edited."""
        asked = [id for id in ids if not id.startswith((VIDEO, "h."))]
        there: dict[str, Mapping[str, Any]] = {}
        for start in range(0, len(asked), AT_ONCE):
            found = self._comments(asked[start : start + AT_ONCE])
            there |= {words(each.get("id"), 200): each for each in found}
        missing = [id for id in asked if id not in there][:SINGLY]
        seen = (said.heard(there[id], "") for id in asked if id in there)
        return LookedAgain(
            tuple(id for id in missing if not self._comments([id])),
            tuple(replace(each, edited=True) for each in seen if each and _is_edited(each)),
        )

    def _comments(self, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        """Those that are there."""
        path = f"/comments?part=snippet&textFormat=plainText&id={','.join(map(_safe, ids))}"
        value = self._api.get_if_there(path)
        return items(value) if value is not None else []

    # speaks ----------------------------------------------------------------------------------------

    def publish(self, to: ReplyTo | None, text: str, token: str, language: str) -> Sent:
        """An answer below a comment, or a comment below a video."""
        if to is None:
            raise Rejected(NAME, N_("YouTube takes videos and answers only"))
        words_ = {"textOriginal": _full(text, to)}
        if to.id.startswith(VIDEO):
            of = to.id.removeprefix(VIDEO)
            top = {"snippet": words_}
            value = {"snippet": {"channelId": self._owner(of), "videoId": of, "topLevelComment": top}}
            thread = self._api.post("/commentThreads?part=snippet", value, {})
            sent = self._sent(opening(given(thread)), of)
        else:
            value = {"snippet": {"parentId": said.thread_of(to.id), **words_}}
            sent = self._sent(given(self._api.post("/comments?part=snippet", value, {})), self._video(to))
        if sent is None:
            raise Unknown(NAME, "the answer is not a comment")
        return sent

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Ours below the same comment or video with these words, written since then less a minute, and not
        another delivery's. Raises Unavailable where there is too much to look through."""
        if to is None:
            return None
        try:
            (below, whole), video = self._below(to, since - CLOCKS), self._video(to)
        except Unauthorized:
            raise
        except Rejected:  # it is not there, nor is anything below it
            return None
        wanted = _folded(_full(text, to))
        for comment in below:
            sent = self._sent(comment, video) if said.writer(comment) == self._account else None
            if sent is None or _folded(sent.text) != wanted or (sent.at and sent.at < since - CLOCKS):
                continue
            if free is None or free(sent.remote_id):
                return sent
        if not whole:
            raise Unavailable(NAME, f"more than {len(below)} comments to look through")
        return None

    def _below(self, to: ReplyTo, since: datetime) -> tuple[list[Mapping[str, Any]], bool]:
        """What stands there, and whether all of it that was written since then; below a video the newest come
        first."""
        if not to.id.startswith(VIDEO):
            return self.all_answers(said.thread_of(to.id))
        threads = self.threads_of(("videoId", to.id.removeprefix(VIDEO)), "")
        found = [opening(each) for each in items(threads)]
        oldest = moment(snippet_of(found[-1]).get("publishedAt")) if found else None
        return found, not (threads and threads.get("nextPageToken")) or bool(oldest and oldest < since)

    def _video(self, to: ReplyTo) -> str:
        return to.id.removeprefix(VIDEO) if to.id.startswith(VIDEO) else said.video_of(to.url)

    def _owner(self, video: str) -> str:
        found = items(self._api.get("/videos", [("part", "snippet"), ("id", video)]))
        if not found:
            raise Rejected(NAME, GONE)
        return words(snippet_of(found[0]).get("channelId"), 200)

    def _sent(self, comment: Mapping[str, Any], video: str) -> Sent | None:
        id, snippet = words(comment.get("id"), 200), snippet_of(comment)
        if not id:
            return None
        url = said.comment_link(id, words(snippet.get("videoId"), 40) or video)
        at = moment(snippet.get("publishedAt"))
        return Sent(remote_id=id, url=url, text=said.said_in(comment), at=at)

    def read_back(self, remote_id: str) -> Sent | None:
        found = self._comments([remote_id])
        return self._sent(found[0], self._place(remote_id)) if found else None

    def _place(self, id: str) -> str:
        """The video below which it stands; of a comment alone the API does not say."""
        asked = [("part", "snippet"), ("id", said.thread_of(id))]
        threads = items(self._api.get("/commentThreads", asked))
        return words(snippet_of(threads[0]).get("videoId"), 40) if threads else ""

    def edit(self, remote_id: str, text: str) -> Sent:
        value = {"id": remote_id, "snippet": {"textOriginal": text}}
        sent = self._sent(given(self._api.put("/comments?part=snippet", value)), self._place(remote_id))
        if sent is None:
            raise Unknown(NAME, "the answer is not a comment")
        return sent

    def delete(self, remote_id: str) -> None:
        self._api.delete(f"/comments?id={_safe(remote_id)}")

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """Answers are counted below a comment at the top only. How many saw it YouTube does not say."""
        if not (found := self._comments([remote_id])):
            return None
        replies = None
        if "." not in remote_id:
            threads = items(self._api.get("/commentThreads", [("part", "snippet"), ("id", remote_id)]))
            replies = count(snippet_of(threads[0]).get("totalReplyCount")) if threads else None
        return Numbers(reactions=count(snippet_of(found[0]).get("likeCount")), replies=replies)

    def following(self) -> tuple[int | None, int | None]:
        """Rounded by YouTube; None where the channel hides it."""
        figures = given(self._us("statistics").get("statistics"))
        hidden = figures.get("hiddenSubscriberCount") is True
        return None if hidden else said.number(figures.get("subscriberCount")), None

    def check(self) -> datetime | None:
        """Tokens end within the hour and are renewed, so that no end is told. Raises as `Checks` does."""
        us = words(self._us("id").get("id"), 200)
        if self._account and us != self._account:
            wrong = N_("the key is of another channel") if us else N_("YouTube knows no such channel")
            raise Unauthorized(NAME, wrong)
        return None

    def _us(self, part: str) -> Mapping[str, Any]:
        """Our channel: a person's word says which, a key shows any."""
        which = ("id", self._account) if self._by_key else ("mine", "true")
        return next(iter(items(self._api.get("/channels", [("part", part), which]))), {})

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(_addressed(text, to).strip())


def _safe(id: str) -> str:
    """Of an id what may stand in an address."""
    return "".join(sign for sign in id if sign.isascii() and (sign.isalnum() or sign in "._-"))


def _full(text: str, to: ReplyTo) -> str:
    return _addressed(text, to.author) if "." in to.id and not to.id.startswith(VIDEO) else text


def _addressed(text: str, author: str) -> str:
    """With "@author" in front, unless it holds that name."""
    whole = rf"(?<![\w.-])@{re.escape(author)}(?![\w·-]|\.\w)"
    held = not author or re.search(whole, text, re.IGNORECASE)
    return text if held else f"@{author} {text}"


def _folded(text: str) -> str:
    """What stays the same however white space is shown."""
    return "".join(tidy(text).split())
