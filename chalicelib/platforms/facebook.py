"""Facebook: a Page, the comments and posts on it and who tags it; posts with images, answers, figures.

API: https://developers.facebook.com/docs/graph-api (Graph API v26.0), read 2026-11-21.

Settings:
* `page`: the Page's number
* `client_id`: the app's number, where Facebook itself asks whose Page we are given
* `kind`: `page` (default) or `tagged`

Secrets: `token`, of the Page, with pages_show_list, pages_read_engagement, pages_read_user_content,
pages_manage_posts, pages_manage_engagement, and pages_manage_metadata for a webhook; `client_secret` of the
app: each request then proves that we know it.

What came on the Page since the last look is read below its newest posts; the webhook tells of all others too,
of edits and of removals. What we wrote is known again by its words, as Facebook keeps no name of ours with
it; the same post at once it refuses.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms import _meta
from chalicelib.platforms._fb_views import as_sent, found, heard as heard, listed, whose
from chalicelib.platforms._graph import (
    FACEBOOK,
    VERSION,
    Again,
    Graph,
    after,
    at,
    exchanged,
    folded,
    rows,
    total,
    unix,
)
from chalicelib.platforms._http_json import count, words
from chalicelib.platforms._lists import Listed, news
from chalicelib.platforms._text import tidy
from chalicelib.ports import N_, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

NAME = "facebook"
API = FACEBOOK
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "check", "edit"})
NOT_BUILT = (
    "Videos.",
    "Hiding what others wrote, and private answers to who commented.",
)
WHY_NOT = ""
PAGE = Setting("page", "text", N_("Page number"), N_("Under About, Page transparency: the Page ID."))
APP = Setting("client_id", "text", N_("App number"), N_("Of your app at Meta."), needed=False)
TOKEN = Setting("token", "secret", N_("Page access token"))
APP_SECRET = Setting(
    "client_secret", "secret", N_("App secret"), N_("Under App settings, Basic."), needed=False
)
CHANNEL = (PAGE, APP, TOKEN, APP_SECRET)
HIDDEN = N_("Messages in Messenger, profiles and groups: no program may read those.")
SOURCES = {
    "page": Ear(
        label=N_("Facebook: what people write on your Page"),
        settings=CHANNEL,
        addressed=True,
        leaves_out=(
            N_("Comments below your older posts, edits and removals, unless Facebook calls us too."),
            HIDDEN,
        ),
    ),
    "tagged": Ear(
        label=N_("Facebook: posts that tag your Page"),
        settings=CHANNEL,
        addressed=True,
        leaves_out=(N_("Who names your Page in a comment elsewhere, or without tagging it."), HIDDEN),
    ),
}
UNTOLD = (N_("The words of who names your Facebook Page elsewhere: add a source for posts that tag it."),)
TERMS = Terms(
    checked=date(2026, 11, 21), source="https://developers.facebook.com/docs/graph-api/overview/rate-limiting"
)
LIMIT = Limit(4_800, timedelta(days=1))
"""Of a page and each person who did anything with it that day, who is one at least: read 2026-11-21 at
`TERMS.source`."""
IMAGES = Images(
    most=10,
    types=("image/jpeg", "image/png"),
    size=10_000_000,
    alt=1_000,
    checked=date(2026, 11, 21),
    source="https://developers.facebook.com/docs/graph-api/reference/page/photos",
)
OAUTH = OAuth(
    authorize=f"https://www.facebook.com/{VERSION}/dialog/oauth",
    token=f"{FACEBOOK}/oauth/access_token",
    scopes=(
        "pages_show_list",
        "pages_manage_metadata",
        "pages_read_engagement",
        "pages_read_user_content",
        "pages_manage_posts",
        "pages_manage_engagement",
    ),
    separator=",",
    refreshes=False,
)

ROOM = 63_206
"""Of a post, as is said; a comment has less (about 8,000), which Facebook itself refuses."""
POSTS, COMMENTS, OURS, LOOKS = 25, 50, 100, 5
"""Of one page: posts, comments below each, messages of ours; and pages that are looked through for one."""
CLOCKS = timedelta(seconds=60)
"""How far Facebook's clock may be behind ours."""
WRITTEN = "id,message,from,created_time,permalink_url"
COMMENT = f"{WRITTEN},parent{{id}}"

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'()\[\]]")


def account(settings: Mapping[str, str]) -> str:
    return settings.get("page", "")


def only(value: Any, account: str) -> Any:
    """A call of its webhook without what it tells of other accounts."""
    return _meta.only(value, account, _meta.by_entry)


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Facebook":
    """Raises BadInput for a wrong setting."""
    page, kind = settings.get("page", ""), settings.get("kind", "page")
    if not re.fullmatch(r"[0-9]{1,30}", page):
        raise BadInput("page", "the number of the Page, digits only")
    if kind not in SOURCES:
        raise BadInput("kind", "page or tagged")
    token, secret = secrets.get("token", ""), secrets.get("client_secret", "")
    app = f"{settings.get('client_id', '')}|{secret}" if settings.get("client_id") and secret else ""
    return Facebook(kit, page, kind == "tagged", token, secret, app)


def lasting(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> dict[str, str]:
    """The Page's own token for one of a person who looks after it; it does not end by itself."""
    secret = secrets.get("client_secret", "")
    client = [("client_id", settings.get("client_id", "")), ("client_secret", secret)]
    given = [
        ("grant_type", "fb_exchange_token"),
        *client,
        ("fb_exchange_token", secrets.get("token", "")),
    ]
    person = exchanged(kit, NAME, API, "/oauth/access_token", given)["token"]
    api, page, query = (
        Graph(kit.http, NAME, API, person, secret),
        settings.get("page", ""),
        [("limit", "100")],
    )
    for _ in range(LOOKS):
        pages = api.get("/me/accounts", [("fields", "id,access_token"), *query])
        for each in rows(pages):
            if each.get("id") == page and (token := words(each.get("access_token"), 5000)):
                return {"token": token}
        if not (further := after(pages)):
            break
        query = [("limit", "100"), ("after", further)]
    raise Unauthorized(NAME, N_("who signed in does not look after this Page"))


class Facebook:
    """Listens, Shows, Deletes, Edits, Measures, Checks and Counts."""

    threads = False  # a message has room for any answer
    comments = True
    once = False

    def __init__(self, kit: Kit, page: str, tagged: bool, token: str, secret: str, app: str) -> None:
        self._kit = kit
        self._page = page
        self._tagged = tagged
        self._token = token
        self._app = app
        self._api = Graph(kit.http, NAME, API, token, secret)

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """The first poll brings what stands below the newest posts; from then on all that is new there."""
        read = news(cursor, self._tags if self._tagged else self._lists)
        each = (found(item, self._page) for item in read.items)
        return Page(found=tuple(one for one in each if one), cursor=read.cursor, more=read.more)

    def _tags(self, older: str) -> list[Listed]:
        query = [("fields", WRITTEN), ("limit", str(OURS)), *([("after", older)] if older else [])]
        return [listed(self._api.get(f"{at(self._page)}/tagged", query), "")]

    def _lists(self, older: str) -> list[Listed]:
        """Our page of posts with what stands below each; or the next page of one, `<post> <after>`."""
        post, _, further = older.partition(" ")
        below = f"filter(stream).order(reverse_chronological).limit({COMMENTS})"
        if post:
            query = [("filter", "stream"), ("order", "reverse_chronological"), ("fields", COMMENT)]
            page = self._api.get(f"{at(post)}/comments", [*query, ("limit", str(OURS)), ("after", further)])
            return [listed(page, f"{post} ", post)]
        query = [("fields", f"{WRITTEN},comments.{below}{{{COMMENT}}}"), ("limit", str(POSTS))]
        if further:
            query.append(("after", further))
        page = self._api.get(f"{at(self._page)}/feed", query)
        posts = [(each, words(each.get("id"), 200)) for each in rows(page)]
        under = (
            listed(each.get("comments"), f"{id} ", id) for each, id in posts if id and "comments" in each
        )
        return [listed(page, " "), *under]

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer below the message, or a post on the Page: with its images, else with a card of its first
        link. Answers below one post are all in one list, so that the words alone do not say whom one of
        ours is for: whether it stands there is for `find`, which knows since when, and what is another's."""
        if to and images:
            raise Rejected(NAME, N_("images go with a post only"))
        if why := IMAGES.wrong(images):
            raise Rejected(NAME, why)
        value: dict[str, Any] = {"message": text}
        if images:
            value["attached_media"] = [{"media_fbid": self._photo(each)} for each in images]
        elif not to and (first := _LINK.search(text)):
            value["link"] = first[0]
        path = f"{at(to.id)}/comments" if to else f"{at(self._page)}/feed"
        try:
            answer = self._api.post(path, value, {})
        except Again as error:
            if not to and (sent := self._earlier(text)):
                return sent
            raise Unknown(NAME, error.reason) from error
        id = words(answer.get("id"), 200) if isinstance(answer, dict) else ""
        if not id:
            raise Unknown(NAME, "the answer is not a message")
        return self._told(id, text)

    def _photo(self, image: Image) -> str:
        """The number of a photo that nobody sees yet."""
        value = {"url": image.address(), "published": False, "alt_text_custom": image.alt}
        answer = self._api.call(f"{at(self._page)}/photos", value)
        if not isinstance(answer, dict) or not (id := words(answer.get("id"), 100)):
            raise Unavailable(NAME, "the answer is not an image")
        return id

    def _told(self, id: str, text: str) -> Sent:
        """What was just made, as Facebook shows it; where it does not yet, what we know."""
        try:
            seen = self.read_back(id)
        except (Unavailable, Rejected):
            seen = None
        return seen or Sent(remote_id=native_id(id), url=f"https://www.facebook.com/{id}", text=tidy(text))

    def _earlier(self, text: str) -> Sent | None:
        """The post that an earlier try made, which is why Facebook wants no second one."""
        try:
            return self.find(None, text, "", datetime.now(UTC) - timedelta(hours=1))
        except (Unavailable, Rejected):
            return None

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our post or our answer to this message with these words, posted since then less a minute, and not
        another delivery's. Raises Unavailable where there is too much to look through."""
        if to:
            return self._below(to, text, since - CLOCKS, free)
        query = [("since", str(int((since - CLOCKS).timestamp())))]
        return self._ours(f"{at(self._page)}/posts", query, text, since - CLOCKS, free)

    def _below(self, to: ReplyTo, text: str, since: datetime, free: Free) -> Sent | None:
        """What answers an answer stands beside that."""
        above = self._above(to.id)
        if above is None:
            return None
        query = [("filter", "stream"), ("order", "reverse_chronological")]
        return self._ours(f"{at(above)}/comments", query, text, since, free)

    def _above(self, id: str) -> str | None:
        """Below what an answer to this stands; None where it is not there. A post knows no `parent`."""
        if id.startswith(f"{self._page}_"):
            return id
        try:
            value = self._api.seen(at(id), [("fields", "id,parent{id}")])
        except Unauthorized:
            raise
        except Rejected:
            return id
        if value is None:
            return None
        parent = value.get("parent") if isinstance(value, dict) else None
        return (words(parent.get("id"), 200) if isinstance(parent, dict) else "") or id

    def _ours(
        self,
        path: str,
        query: Sequence[tuple[str, str]],
        text: str,
        since: datetime,
        free: Free,
    ) -> Sent | None:
        wanted, further = folded(text), ""
        for _ in range(LOOKS):
            asked = [*query, ("fields", WRITTEN), ("limit", str(OURS))]
            page = self._api.seen(path, [*asked, *([("after", further)] if further else [])])
            if page is None:
                return None
            for each in rows(page):
                sent = as_sent(each)
                if sent is None or whose(each) != self._page or folded(sent.text) != wanted:
                    continue
                if (sent.at is None or sent.at >= since) and (free is None or free(sent.remote_id)):
                    return sent
            if not (further := after(page)):
                return None
        raise Unavailable(NAME, f"more than {LOOKS * OURS} messages to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        return as_sent(self._api.seen(at(remote_id), [("fields", WRITTEN)]))

    def delete(self, remote_id: str) -> None:
        self._api.delete(at(remote_id))

    def edit(self, remote_id: str, text: str) -> Sent:
        """Its images and the card of its link stay."""
        answer = self._api.post(at(remote_id), {"message": text}, {})
        if not isinstance(answer, dict) or answer.get("success") is not True:
            raise Unknown(NAME, "the answer does not say that it was changed")
        return Sent(
            remote_id=native_id(remote_id), url=f"https://www.facebook.com/{remote_id}", text=tidy(text)
        )

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """How many saw it is not asked for. A post that nobody shared says nothing of shares; what answers an
        answer stands beside it, and is not counted."""
        post = remote_id.startswith(f"{self._page}_")
        counted = "reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)"
        fields = f"id,{counted},shares" if post else f"id,{counted},parent{{id}}"
        value = self._api.seen(at(remote_id), [("fields", fields)])
        if value is None:
            return None
        if not isinstance(value, dict) or not value.get("id"):
            raise Unavailable(NAME, "the answer is not a message")
        shared = value.get("shares", {"count": 0}) if post else None
        return Numbers(
            reactions=total(value, "reactions"),
            replies=None if value.get("parent") else total(value, "comments"),
            shares=count(shared.get("count")) if isinstance(shared, dict) else None,
        )

    def following(self) -> tuple[int | None, int | None]:
        page = self._api.get(at(self._page), [("fields", "followers_count")])
        return (count(page.get("followers_count")) if isinstance(page, dict) else None), None

    # checks ----------------------------------------------------------------------------------------

    def check(self) -> datetime | None:
        """Where the app is known, Facebook says when the key ends, or what it may read."""
        if not self._app:
            us = self._api.get(at(self._page), [("fields", "id")])
            if not isinstance(us, dict) or us.get("id") != self._page:
                raise Unauthorized(NAME, N_("the key is not of this Page"))
            return None
        app = Graph(self._kit.http, NAME, API, self._app)
        value = app.get("/debug_token", [("input_token", self._token)])
        data = value.get("data") if isinstance(value, dict) else None
        if not isinstance(data, dict) or not isinstance(data.get("is_valid"), bool):
            raise Unavailable(NAME, "the answer does not say whether the key holds")
        if not data["is_valid"] or str(data.get("profile_id", self._page)) != self._page:
            raise Unauthorized(NAME, N_("the key does not hold any more, or is not of this Page"))
        ends = (unix(data.get(name)) for name in ("expires_at", "data_access_expires_at"))
        return min((end for end in ends if end), default=None)

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(text.strip())
