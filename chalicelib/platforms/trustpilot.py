"""Trustpilot: the reviews of one business, polled or told by its webhook; the one answer of each.

API: https://developers.trustpilot.com/, read 2026-11-21 and 2026-11-30. Its use is paid for, as a part of a
plan. What it says of limits was not to be verified.

Settings:
* `business_unit`: the business as Trustpilot names it, 24 letters and digits
* `client_id`: the API key
* `business_user`: who answers, where the kind of access needs to be told

Secrets: `client_secret`; `token` and what renews it, given by Trustpilot when somebody connects.

The list goes by the day on which a review was written, so what its author changes later is told by the
webhook alone.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, PlatformError, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._http_json import JsonApi, count, moment, words
from chalicelib.platforms._latest import Latest, page
from chalicelib.platforms._reviews import GONE, NO_POSTS, ONE_ANSWER, TOO_LONG, said, same
from chalicelib.platforms._text import one_line
from chalicelib.ports import N_, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.connecting import OAuth

NAME = "trustpilot"
ANSWERS = "api"
CAN = frozenset({"delete", "check"})
NOT_BUILT = ("Reviews of single products.",)
WHY_NOT = ""
CHANNEL = (
    Setting("business_unit", "text", N_("Business"), N_("Its ID at Trustpilot: 24 letters and digits.")),
    Setting("client_id", "text", N_("API key"), N_("Under Integrations, Developers.")),
    Setting("client_secret", "secret", N_("API secret"), N_("Shown beside the key.")),
    Setting(
        "business_user", "text", N_("Who answers"), N_("The ID of your user there, if asked."), needed=False
    ),
    Setting("token", "secret", needed=False),
)
SOURCES = {
    "": Ear(
        label=N_("Trustpilot: reviews of your business"),
        settings=CHANNEL,
        leaves_out=(
            N_("Reviews of single products, and what an author changes later, unless a webhook tells it."),
        ),
        addressed=True,
        every=15,
    )
}
OAUTH = OAuth(
    authorize="https://authenticate.trustpilot.com",
    token="https://api.trustpilot.com/v1/oauth/oauth-business-users-for-applications/accesstoken",  # noqa: S106
    basic=True,
)
TERMS = Terms(checked=date(2026, 11, 21), source="https://developers.trustpilot.com/")
LIMIT = Limit(833, timedelta(minutes=5))
"""What Trustpilot advises at https://developers.trustpilot.com/, read 2026-11-21; not verified."""

UNTOLD = (N_("Trustpilot: every review, unless an account of that business is chosen at this source."),)
"""Of what calls us."""

API = "https://api.trustpilot.com"
PAGE = 100
ROOM = 10_000
"""Characters; Trustpilot names no limit."""
EVENT = "service-review-"

_ID = re.compile(r"[0-9a-zA-Z]{8,40}")


def account(settings: Mapping[str, str]) -> str:
    """Trustpilot counts the requests of an API key."""
    return settings.get("client_id", "")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Trustpilot":
    """Raises BadInput for a wrong setting."""
    unit = settings.get("business_unit", "").strip()
    if not _ID.fullmatch(unit):
        raise BadInput("business_unit", "the business as Trustpilot names it, letters and digits")
    headers = {"Authorization": f"Bearer {secrets.get('token', '')}"}
    return Trustpilot(JsonApi(kit.http, NAME, API, headers), unit, settings.get("business_user", ""))


class Trustpilot:
    """Listens, Speaks (answers only), Deletes, Checks and Counts."""

    threads = False
    once = False

    def __init__(self, api: JsonApi, unit: str, user: str) -> None:
        self._api = api
        self._list = f"/v1/private/business-units/{unit}/reviews"
        self._user = user

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        return page(cursor, self._latest, review, self._api)

    def _latest(self, page: str) -> Latest:
        number = int(page) if page.isdecimal() else 1
        asked = [("perPage", str(PAGE)), ("orderBy", "createdat.desc"), ("page", str(number))]
        value = self._api.get(self._list, asked)
        reviews = value.get("reviews") if isinstance(value, dict) else None
        if not isinstance(reviews, list):
            raise Unavailable(NAME, "the answer is not a list")
        usable = (
            (moment(each.get("createdAt")), words(each.get("id"), 100), each)
            for each in reviews
            if isinstance(each, dict)
        )
        entries = [(at, id, each) for at, id, each in usable if at and id]
        return Latest(entries, str(number + 1) if len(reviews) == PAGE else "")

    # answers ---------------------------------------------------------------------------------------

    def publish(self, to: ReplyTo | None, text: str, token: str, language: str) -> Sent:
        """The answer to a review; what stands there already, where it says the same."""
        if to is None:
            raise Rejected(NAME, NO_POSTS)
        if self.length(text) > ROOM:
            raise Rejected(NAME, TOO_LONG)
        found = self._review(to.id)
        if found is None:
            raise Rejected(NAME, GONE)
        if stands := _answer(found):
            return self._same(stands, text)
        value = {"message": text.strip()} | ({"authorBusinessUserId": self._user} if self._user else {})
        try:
            self._api.post(f"/v1/private/reviews/{to.id}/reply", value, {})
        except Unauthorized:
            raise
        except Rejected:  # somebody answered just now, perhaps an earlier try of ours
            if (found := self._review(to.id)) and (stands := _answer(found)):
                return self._same(stands, text)
            raise
        try:
            sent = self.read_back(to.id)
        except PlatformError as error:  # it was taken, and we cannot look
            raise Unknown(NAME, error.reason) from error
        if sent is None:
            raise Unknown(NAME, "the answer does not show")
        return sent

    def _same(self, stands: Sent, text: str) -> Sent:
        if same(stands.text, text):
            return stands
        raise Rejected(NAME, ONE_ANSWER)

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """What stands below the review, where it says this."""
        sent = self.read_back(to.id) if to else None
        return sent if sent and same(sent.text, text) and (free is None or free(sent.remote_id)) else None

    def read_back(self, remote_id: str) -> Sent | None:
        found = self._review(remote_id)
        return _answer(found) if found else None

    def delete(self, remote_id: str) -> None:
        if _ID.fullmatch(remote_id):
            self._api.delete(f"/v1/private/reviews/{remote_id}/reply")

    def check(self) -> None:
        """A key that holds may read the reviews; Trustpilot does not say when it ends."""
        self._api.get(self._list, [("perPage", "1")])

    def told(self, ids: Iterable[str]) -> tuple[Found, ...]:
        """Reviews that a call names, as they stand: a call proves nothing. Raises as `listen` does."""
        each = ((id, self._review(id)) for id in ids if _ID.fullmatch(id))
        heard = (review(found, edited=True, platform=NAME) if found else _gone(id) for id, found in each)
        return tuple(one for one in heard if one)

    def _review(self, id: str) -> dict[str, Any] | None:
        value = self._api.get_if_there(f"/v1/private/reviews/{id}") if _ID.fullmatch(id) else None
        return value if isinstance(value, dict) and words(value.get("id"), 100) else None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(text.strip())


def calls(value: Any) -> bool:
    """Is this a call of its webhook?"""
    return isinstance(value, dict) and isinstance(value.get("events"), list)


def named(value: Any) -> tuple[str, ...]:
    """The reviews that a call is about, to be asked for (`told`)."""
    about = (each.get("eventData") for each in value["events"][:100] if _ours(each))
    return tuple(dict.fromkeys(id for each in about if (id := words(each.get("id"), 100))))


def _ours(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and words(event.get("eventName"), 100).startswith(EVENT)
        and isinstance(event.get("eventData"), dict)
    )


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook: reviews that were written or changed; nothing for any other event. That one was
    removed is not believed from who proves nothing: `told` asks. Raises BadInput."""
    events = value.get("events") if isinstance(value, dict) else None
    if not isinstance(events, list):
        raise BadInput("events", "expected a list")
    told = (_event(each, f"events[{n}]") for n, each in enumerate(events[:100]))
    return tuple(each for each in told if each)


def _event(event: Any, place: str) -> Found | None:
    name = words(event.get("eventName"), 100) if isinstance(event, dict) else ""
    if not name.startswith(EVENT):
        return None
    given = event.get("eventData")
    if not isinstance(given, dict) or not words(given.get("id"), 100):
        raise BadInput(f"{place}.eventData.id", "is missing")
    if name.endswith("-deleted"):
        return None
    return review(given, edited=name.endswith("-updated"), platform=NAME)


def _gone(id: str) -> Found:
    nobody = Author(id="", handle="")
    return Found(id=native_id(id), author=nobody, text="", posted_at=None, platform=NAME, gone=True)


def review(given: Mapping[str, Any], edited: bool = False, platform: str = "") -> Found | None:
    """As the list and the webhook give it; None for one without words and stars."""
    id = words(given.get("id"), 100)
    text = said(count(given.get("stars")), words(given.get("title"), 1000), words(given.get("text"), 20_000))
    if not (id and text):
        return None
    by = given.get("consumer")
    by = by if isinstance(by, dict) else {}
    name = one_line(words(by.get("displayName") or by.get("name"), 200))
    return Found(
        id=native_id(id),
        author=Author(id=words(by.get("id"), 100) or native_id(id), handle=name or "?", name=name),
        text=text,
        posted_at=moment(given.get("createdAt")),
        url=f"https://www.trustpilot.com/reviews/{id}" if _ID.fullmatch(id) else "",
        language=words(given.get("language"), 35),
        direct=True,
        platform=platform,
        edited=edited,
        as_of=moment(given.get("updatedAt")) if edited else None,
    )


def _answer(found: Mapping[str, Any]) -> Sent | None:
    """What stands below a review, which has one."""
    reply = found.get("companyReply")
    text = words(reply.get("text"), 20_000) if isinstance(reply, dict) else ""
    if not text or not isinstance(reply, dict):
        return None
    id = words(found.get("id"), 100)
    return Sent(id, f"https://www.trustpilot.com/reviews/{id}", text, moment(reply.get("createdAt")))
