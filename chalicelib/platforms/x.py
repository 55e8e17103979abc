"""X: who names our account, and a search, polled or told by its webhook; posts, answers, figures.

API: https://docs.x.com/x-api (posts, users, activity, pay-per-use prices), version 2.167, read 2026-11-21.

Settings:
* `account`: our own name there, without the @
* `kind`: `mentions` (default) or `search`
* `query`: for a search, in the words of X, at most 512 characters
* `client_id`: of the app by which we sign in there

Secrets: `token` (for the account, with tweet.read, tweet.write, users.read, media.write; for a search also
the app's own), `refresh_token` beside it, which is another after each use, and `client_secret` of the app.

X charges for all that is read or written. It takes an answer by API only to who names our account in that
very post, or quotes one of ours, and lets few programs quote others: so we do not. It has no key by which a
post is written once: the same words soon after are refused, and then, as after a lost answer, our own latest
posts are looked through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Found
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._http_json import count, moment
from chalicelib.platforms._x_api import Api, data_of
from chalicelib.platforms._x_listening import LEAST, latest, listen
from chalicelib.platforms._x_posts import (
    address,
    answers,
    bare,
    key,
    number,
    numbers,
    text as text_of,
    told,
    told_of_old,
    without,
)
from chalicelib.ports import (
    N_,
    Allowance,
    Ear,
    Free,
    Kit,
    Page,
    Prices,
    ReplyTo,
    Sent,
    Setting,
    Shelf,
    Terms,
)
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

API = "https://api.x.com"
NAME = "x"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "check"})
NOT_BUILT = (
    "Quotes, which X lets few programs make.",
    "Videos, polls, and posts longer than 280.",
    "Corrections of what we wrote: X makes another post of one, and only for who pays it for that.",
)
WHY_NOT = ""
READ = date(2026, 11, 21)
ACCOUNT = Setting("account", "account", N_("Account"), N_("Without the @."))
CLIENT = Setting(
    "client_id", "text", N_("Client ID"), N_("Of your app, under Keys and tokens."), needed=False
)
CLIENT_SECRET = Setting("client_secret", "secret", N_("Client secret"), N_("Of the same app."), needed=False)
TOKEN = Setting("token", "secret", N_("Access token"), needed=False)
KEYS = (CLIENT, CLIENT_SECRET, TOKEN)
QUERY = Setting("query", "text", N_("Search for"), N_("In the words of X, at most 512 characters."))
OLDER = N_("What is older than your first look, and what was removed there since.")
PROTECTED = N_("Posts that only their author's followers may see, and private messages.")
SOURCES = {
    "mentions": Ear(
        label=N_("X: who names our account"),
        settings=(ACCOUNT, *KEYS),
        addressed=True,
        leaves_out=(N_("Who speaks of you without naming your account."), PROTECTED, OLDER),
        every=15,
    ),
    "search": Ear(
        label=N_("X: a search"),
        settings=(QUERY, ACCOUNT, *KEYS),
        leaves_out=(N_("What is older than seven days, and what its search does not find."), PROTECTED),
        every=60,
    ),
}
UNTOLD = (N_("Who speaks of you without naming your account."), PROTECTED)
CHANNEL = (ACCOUNT, *KEYS)
MOST = 500
"""Posts of one look."""
PRICES = {
    "mentions": Prices(
        read=15_000, least=LEAST[False], most=MOST, checked=READ, source="https://docs.x.com/x-api"
    ),
    "search": Prices(
        read=15_000, least=LEAST[True], most=MOST, checked=READ, source="https://docs.x.com/x-api"
    ),
}
"""At most: 0.005 dollars a post, and 0.010 for its author, whom X charges once a day. Where the app is the
account's own, X asks less."""
LIMIT = Limit(300, timedelta(minutes=15))
"""Of an account and its mentions, which is the lowest of what is asked often; X's answers say the others."""
ROOM = 280
AGAIN, CLOCKS = timedelta(days=1), timedelta(seconds=60)
"""How far back the same words are looked for, and how far X's clock may be behind ours."""
NUMBER_KEPT = timedelta(days=30)
OURS = ("tweet.fields", "created_at,entities,public_metrics,referenced_tweets")
OAUTH = OAuth(
    authorize="https://x.com/i/oauth2/authorize",
    token="https://api.x.com/2/oauth2/token",  # noqa: S106 (an address)
    scopes=("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
    pkce=True,
    basic=True,
)
IMAGES = Images(
    most=4,
    types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    size=5_000_000,
    alt=1000,
    checked=READ,
    source="https://docs.x.com/x-api/media",
)


def has_link(text: str) -> bool:
    """What X charges more for."""
    from chalicelib.platforms._weighted import links

    return "://" in text or any(True for _ in links(text))


TERMS = Terms(
    price=0.015,
    linked=0.20,
    has_link=has_link,
    allowances=(Allowance(100, timedelta(minutes=15)),),
    checked=READ,
    source="https://docs.x.com/x-api",
)
UNSUMMONED = N_("X takes answers of ours only to who names or quotes our account: answer there as a person")


def unanswered(*, direct: bool, age: timedelta) -> str:
    return "" if direct else UNSUMMONED


def account(settings: Mapping[str, str]) -> str:
    return settings.get("account", "").removeprefix("@").casefold()


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "X":
    """Raises BadInput for a wrong setting."""
    kind, query = settings.get("kind", "mentions"), " ".join(settings.get("query", "").split())
    if kind not in SOURCES:
        raise BadInput("kind", "mentions or search")
    if (kind == "search") != bool(query) or len(query) > 512:
        raise BadInput("query", "for a search, and only then: what to look for")
    if not account(settings):
        raise BadInput("account", "our own name there, without the @")
    headers = {"Authorization": f"Bearer {secrets.get('token', '')}"}
    return X(Api(kit.http, NAME, API, headers), account(settings), query, kit.shelf)


class X:
    """Listens (Metered), Speaks, Shows, Deletes, Measures, Checks and Counts. `query` is "" for who
    names our account."""

    threads = True
    comments = True
    once = False

    def __init__(self, api: Api, account: str, query: str, shelf: Shelf) -> None:
        self._api = api
        self._account = account
        self._query = query
        self._shelf = shelf

    def number(self) -> str:
        """By which X's calls name our account. It is asked for once a month. Raises as `check`."""
        place = f"{NAME}.{self._account}"
        if not (known := self._shelf.get(place, "number") or ""):
            us = self._api.user()
            if str(us.get("username")).casefold() != self._account:
                raise Unauthorized(NAME, "the key is of another account")
            known = number(us.get("id"))
            self._shelf.replace(place, "number", known, until=datetime.now(UTC) + NUMBER_KEPT)
        return known

    def listen(self, cursor: str, most: int = MOST) -> Page:
        """The first look brings the latest few; from then on all since `cursor`, which may take several: X
        gives the newest first, so that what is older than the `most` comes with the next."""
        return listen(self._api, self._account, self._query, cursor, most)

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer goes without the name of who wrote in front: X puts it there."""
        if to and not number(to.id):
            raise Rejected(NAME, N_("the message to answer is not there"))
        said = without(text, to.author) if to else text.strip()
        value: dict[str, Any] = {"reply": {"in_reply_to_tweet_id": to.id}} if to else {}
        return self._written(value, to.id if to else "", said, images)

    def _written(self, value: dict[str, Any], of: str, said: str, images: Sequence[Image] = ()) -> Sent:
        if not 1 <= self.length(said) <= ROOM:
            raise Rejected(NAME, f"a text has 1 to {ROOM} characters")
        if wrong := IMAGES.wrong(images):
            raise Rejected(NAME, wrong)
        value = {"text": said, **value}
        if images:
            value["media"] = {"media_ids": self._api.upload(images)}
        try:
            answer = self._api.post("/2/tweets", value, {})
        except Rejected as error:
            if "duplicate" not in error.reason.casefold():
                raise
            if sent := self._again(of, said):
                return sent
            raise Unknown(NAME, error.reason) from error  # it stands there, for all we know
        id = number(data_of(answer).get("id"))
        if not id:
            raise Unknown(NAME, "the answer is not a message")
        return Sent(
            remote_id=id, url=address(self._account, id), text=bare(said) if "reply" in value else said
        )

    def _again(self, of: str, said: str) -> Sent | None:
        """What an earlier try made, which is why X wants no second one."""
        try:
            return self._ours(of, said, datetime.now(UTC) - AGAIN, None)
        except (Unavailable, Rejected):
            return None

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our post with these words that answers `to`, or is no answer, written since then less a
        minute, and not another delivery's."""
        said = without(text, to.author) if to else text.strip()
        return self._ours(to.id if to else "", said, since - CLOCKS, free)

    def _ours(self, of: str, said: str, since: datetime, free: Free) -> Sent | None:
        for post in latest(self._api, OURS, since):
            sent = self._sent(post)
            above = answers(post)
            fits = sent and (of in above if of else not above)
            if sent and fits and key(sent.text) == key(said) and (free is None or free(sent.remote_id)):
                return sent
        return None

    def read_back(self, remote_id: str) -> Sent | None:
        post = self._post(remote_id)
        return self._sent(post) if post else None

    def delete(self, remote_id: str) -> None:
        if not number(remote_id):
            raise Rejected(NAME, "it is not a message of this account")
        self._api.delete(f"/2/tweets/{remote_id}")

    def _post(self, remote_id: str) -> Mapping[str, Any] | None:
        if not number(remote_id):
            return None
        value = self._api.get_if_there(f"/2/tweets/{remote_id}?{urlencode([OURS])}")
        post = data_of(value)
        if not post and value is not None and not (isinstance(value, dict) and value.get("errors")):
            raise Unavailable(NAME, "the answer is not a message")
        return post or None

    def _sent(self, post: Mapping[str, Any]) -> Sent | None:
        if not (id := number(post.get("id"))):
            return None
        at = moment(post.get("created_at"))
        return Sent(remote_id=id, url=address(self._account, id), text=text_of(post, ours=True), at=at)

    # measures, checks, counts ----------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        post = self._post(remote_id)
        return numbers(post) if post else None

    def following(self) -> tuple[int | None, int | None]:
        found = self._api.user("public_metrics").get("public_metrics")
        given = found if isinstance(found, dict) else {}
        return count(given.get("followers_count")), count(given.get("following_count"))

    def check(self) -> datetime | None:
        """Whose key it is. X does not say until when one holds."""
        if self._api.name().casefold() != self._account:
            raise Unauthorized(NAME, "the key is of another account")
        return None

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Characters as X weighs them, without the name in front that it puts there itself."""
        from chalicelib.platforms._weighted import length

        return length(without(text, to) if to else text.strip())


def only(value: Any, account: str) -> Any:
    """A call for this account (a number), or one that tells nothing in its place: one app calls for all of
    its own at one address. What does not say for whom it is stays."""
    of = data_of(value).get("filter")
    whose = of.get("user_id") if isinstance(of, dict) else None
    whose = whose or (value.get("for_user_id") if isinstance(value, dict) else None)
    return value if (number(whose) or account) == account else {"data": {}}


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its Activity API, or of the older one, verified. Raises BadInput."""
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        read = told(value["data"])
    elif isinstance(value, dict) and "for_user_id" in value:
        read = told_of_old(value)
    else:
        raise BadInput("data", "expected an event of X")
    return tuple(replace(each, platform=NAME) for each in read)
