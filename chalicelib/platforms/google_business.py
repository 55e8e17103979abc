"""Google Business Profile: the reviews of one place, polled; the one answer that a review can have.

API: https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews, read 2026-11-21.
Access has to be asked for; until Google grants it, the project may ask nothing.

Settings:
* `location`: the place as Google names it, `accounts/1/locations/2`
* `client_id`: of the project in Google's console

Secrets: `client_secret`; `token` and what renews it, given by Google when somebody connects.

A review is changed by its author as long as it stands, and counts as new each time. It has one answer: who
answers it a second time would write over what a colleague wrote, so that is refused here; `edit` changes it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unavailable, Unknown
from chalicelib.platforms._http_json import JsonApi, moment, words
from chalicelib.platforms._latest import Latest, page
from chalicelib.platforms._reviews import GONE, NO_ANSWER, NO_POSTS, ONE_ANSWER, TOO_LONG, said, same
from chalicelib.platforms._text import one_line
from chalicelib.ports import N_, Allowance, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.connecting import OAuth

NAME = "google_business"
ANSWERS = "api"
CAN = frozenset({"delete", "edit", "check"})
NOT_BUILT = (
    "Local posts.",
    "Reviews of many places in one request: a source is one place.",
)
WHY_NOT = ""
CHANNEL = (
    Setting("location", "text", N_("Place"), N_("As Google names it: accounts/1/locations/2.")),
    Setting("client_id", "text", N_("Client ID"), N_("Of your project in Google's console.")),
    Setting("client_secret", "secret", N_("Client secret"), N_("Of the same project.")),
    Setting("token", "secret", needed=False),
)
SOURCES = {
    "": Ear(
        label=N_("Google Business Profile: reviews of a place"),
        settings=CHANNEL,
        leaves_out=(N_("Questions, photos and chats of your profile, and reviews that Google took away."),),
        addressed=True,
        every=15,
    )
}
OAUTH = OAuth(
    authorize="https://accounts.google.com/o/oauth2/v2/auth",
    token="https://oauth2.googleapis.com/token",  # noqa: S106 (an address)
    scopes=("https://www.googleapis.com/auth/business.manage",),
    pkce=True,
    extra={"access_type": "offline", "prompt": "consent"},
)
TERMS = Terms(
    allowances=(Allowance(10, timedelta(minutes=1)),),
    checked=date(2026, 11, 21),
    source="https://developers.google.com/my-business/content/limits",
)
LIMIT = Limit(300, timedelta(minutes=1))
"""Of a project, unless Google sets another: https://developers.google.com/my-business/content/limits, read
2026-11-21."""

API = "https://mybusiness.googleapis.com"
ROOM = 4096
"""Bytes."""
PAGE = 50
LOOKS = 5
"""Pages that are looked through for a review whose name is too long to be its id here."""
STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}

UNTOLD = (N_("What a review says, unless an account of that place is chosen at this source."),)
"""Of what calls us."""

_NAME = re.compile(r"accounts/\d{1,30}/locations/\d{1,30}/reviews/[\w-]{1,1000}")
_PLACE = re.compile(r"accounts/\d{1,30}/locations/\d{1,30}")
_TRANSLATED = re.compile(r"\(Translated by Google\).*?\(Original\)\s*", re.DOTALL)
_TRANSLATION = re.compile(r"\s*\(Translated by Google\).*", re.DOTALL)


def account(settings: Mapping[str, str]) -> str:
    """Google counts the requests of a project."""
    return settings.get("client_id", "")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "GoogleBusiness":
    """Raises BadInput for a wrong setting."""
    place = settings.get("location", "").strip("/")
    if not _PLACE.fullmatch(place):
        raise BadInput("location", "the place as Google names it, such as accounts/1/locations/2")
    headers = {"Authorization": f"Bearer {secrets.get('token', '')}"}
    return GoogleBusiness(JsonApi(kit.http, NAME, API, headers), place)


class GoogleBusiness:
    """Listens, Speaks (answers only), Deletes, Edits, Checks and Counts."""

    threads = False
    once = True  # an answer is put in its one place

    def __init__(self, api: JsonApi, place: str) -> None:
        self._api = api
        self._path = f"/v4/{place}/reviews"

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        return page(cursor, self._latest, _heard, self._api)

    def _latest(self, page: str) -> Latest:
        asked = [("pageSize", str(PAGE)), ("orderBy", "updateTime desc")]
        value = self._api.get(self._path, [*asked, ("pageToken", page)] if page else asked)
        if not isinstance(value, dict) or not isinstance(value.get("reviews", []), list):
            raise Unavailable(NAME, "the answer is not a list")
        reviews = (each for each in value.get("reviews", ()) if isinstance(each, dict))
        usable = ((moment(each.get("updateTime")), _id(each), each) for each in reviews)
        entries = [(at, f"{id}@{at.isoformat()}", each) for at, id, each in usable if at and id]
        return Latest(entries, words(value.get("nextPageToken"), 2000))

    # answers ---------------------------------------------------------------------------------------

    def publish(self, to: ReplyTo | None, text: str, token: str, language: str) -> Sent:
        """The answer to a review; what stands there already, where it says the same."""
        if to is None:
            raise Rejected(NAME, NO_POSTS)
        review = self._review(to.id)
        if review is None:
            raise Rejected(NAME, GONE)
        if (stands := _answer(review)) is not None:
            if same(stands.text, text):
                return stands
            raise Rejected(NAME, ONE_ANSWER)
        return self._put(_id(review), text)

    def edit(self, remote_id: str, text: str) -> Sent:
        review = self._review(remote_id)
        if review is None or _answer(review) is None:
            raise Rejected(NAME, NO_ANSWER)
        return self._put(_id(review), text)

    def _put(self, id: str, text: str) -> Sent:
        if self.length(text) > ROOM:
            raise Rejected(NAME, TOO_LONG)
        value = self._api.put(f"{self._at(id)}/reply", {"comment": text.strip()})
        sent = _answer({"reviewId": id, "reviewReply": value})
        if sent is None:
            raise Unknown(NAME, "the answer is not a reply")
        return sent

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """What stands below the review, where it says this."""
        sent = self.read_back(to.id) if to else None
        return sent if sent and same(sent.text, text) else None

    def read_back(self, remote_id: str) -> Sent | None:
        review = self._review(remote_id)
        return _answer(review) if review else None

    def delete(self, remote_id: str) -> None:
        review = self._review(remote_id)
        if review is not None and _answer(review) is not None:
            self._api.delete(f"{self._at(_id(review))}/reply")

    def check(self) -> None:
        """A key that holds may read the reviews; Google does not say when it ends."""
        self._api.get(self._path, [("pageSize", "1")])

    def told(self, ids: Iterable[str]) -> tuple[Found, ...]:
        """Reviews of this place that a call names. Raises as `listen` does."""
        here = (name.rpartition("/reviews/") for name in ids)
        reviews = (self._review(id) for place, _, id in here if f"/v4/{place}/reviews" == self._path and id)
        heard = (_heard(each) for each in reviews if each)
        return tuple(replace(each, platform=NAME) for each in heard if each)

    def _review(self, id: str) -> dict[str, Any] | None:
        """A name too long to be an id is looked for among the latest."""
        if not id.startswith("h."):
            value = self._api.get_if_there(self._at(id))
            return value if isinstance(value, dict) and _id(value) else None
        page = ""
        for _ in range(LOOKS):
            latest = self._latest(page)
            for _, _, review in latest.entries:
                if native_id(_id(review)) == id:
                    return review
            if not (page := latest.older):
                break
        return None

    def _at(self, id: str) -> str:
        return f"{self._path}/{quote(id, safe='')}"

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Bytes."""
        return len(text.strip().encode())


def calls(value: Any) -> bool:
    """Is this what Google says of a review, out of a call of Pub/Sub? Its form is not documented."""
    return isinstance(value, dict) and bool(_NAME.fullmatch(words(value.get("review"), 2000)))


def named(value: Any) -> tuple[str, ...]:
    """The review that a call is about, to be asked for (`told`)."""
    return (words(value.get("review"), 2000),)


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call only says that there is a review."""
    return ()


def _heard(review: Mapping[str, Any]) -> Found | None:
    """Stars first, then the words of the author, if any; not what Google made of them in another language."""
    stars = STARS.get(words(review.get("starRating"), 20))
    text = said(stars, _original(words(review.get("comment"), 20_000)))
    created, updated = (moment(review.get(name)) for name in ("createTime", "updateTime"))
    id = _id(review)
    if not (id and text):
        return None
    by = review.get("reviewer")
    name = one_line(words(by.get("displayName"), 200)) if isinstance(by, dict) else ""
    return Found(
        id=native_id(id),
        author=Author(id=native_id(id), handle=name or "?", name=name),  # Google says no more of who it is
        text=text,
        posted_at=created or updated,
        direct=True,
        edited=bool(created and updated and updated > created),
        as_of=updated,
    )


def _original(comment: str) -> str:
    """Google gives a translation before or behind the author's own words."""
    if _TRANSLATED.search(comment):
        return _TRANSLATED.sub("", comment, count=1)
    return _TRANSLATION.sub("", comment, count=1) or comment


def _answer(review: Mapping[str, Any]) -> Sent | None:
    """What stands below it: it is known by its review, which has one."""
    reply = review.get("reviewReply")
    comment = words(reply.get("comment"), 20_000) if isinstance(reply, dict) else ""
    if not comment or not isinstance(reply, dict):
        return None
    return Sent(remote_id=_id(review), url="", text=comment, at=moment(reply.get("updateTime")))


def _id(review: Mapping[str, Any]) -> str:
    return words(review.get("reviewId"), 1000) or words(review.get("name"), 2000).rpartition("/")[2]
