"""LinkedIn: comments on a page's posts, and who names it, polled or told by its webhook; posts, answers.

API: https://learn.microsoft.com/en-us/linkedin/marketing/ (posts, comments, images, social action
notifications), version 202607, read 2026-11-21; share statistics, social metadata and changes of what stands
there read 2026-11-30. Each version holds a year at least; then it is refused (426).

Settings:
* `page`: the number of our organisation's page
* `client_id`: of the app by which we sign in there

Secrets: `token` of an administrator of the page, with r_organization_social, w_organization_social and
rw_organization_admin, good for 60 days; `refresh_token` where the app may have one, 365 days;
`client_secret`.

LinkedIn has no key by which a post is written once, but refuses one that says the same soon after, and names
the first. Comments it does not compare: before one is written we look whether it stands there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from re import compile as pattern
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Found
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._cards import card
from chalicelib.platforms._http_json import count, words
from chalicelib.platforms._linkedin_api import COUNT, PAGES, Api, Turn, said_of, shared
from chalicelib.platforms._linkedin_views import (
    address,
    at,
    first_link,
    found,
    in_path,
    little,
    post_of,
    short,
    unmarked,
    urn,
    without,
)
from chalicelib.ports import N_, Ear, Free, Http, Kit, Page, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

API = "https://api.linkedin.com"
NAME = "linkedin"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "check", "edit"})
NOT_BUILT = (
    "Videos and polls, and the image of a link's card.",
    "Names of people or pages that work as links.",
)
WHY_NOT = ""
READ = date(2026, 11, 21)
DOCS = "https://learn.microsoft.com/en-us/linkedin/marketing/"
PAGE = Setting(
    "page",
    "text",
    N_("Page"),
    N_("Its number, as in the address while you look after it: linkedin.com/company/12345/admin."),
)
CLIENT = Setting("client_id", "text", N_("Client ID"), N_("Of your app, under Auth."), needed=False)
CLIENT_SECRET = Setting("client_secret", "secret", N_("Client secret"), N_("Of the same app."), needed=False)
TOKEN = Setting("token", "secret", N_("Access token"), needed=False)
CHANNEL = (PAGE, CLIENT, CLIENT_SECRET, TOKEN)
UNTOLD = (
    N_("Groups, and messages between members: LinkedIn lets no program in. Go there as yourself."),
    N_("Who speaks of you without naming your page, and posts that not everybody may see."),
)
SOURCES = {
    "": Ear(
        label=N_("LinkedIn: a page's comments, and who names it"),
        settings=CHANNEL,
        addressed=True,
        leaves_out=(*UNTOLD, N_("Likes, and what is older than 60 days.")),
    )
}
TERMS = Terms(checked=READ, source=DOCS)
"""Nothing; how many posts a day LinkedIn takes it says in its portal only."""
LIMIT = Limit(300, timedelta(minutes=5), ours=True)
"""LinkedIn tells its numbers, of a day, in its portal only (`DOCS`, on that day): this one is ours. Its
answers say when a day's are used."""
OAUTH = OAuth(
    authorize="https://www.linkedin.com/oauth/v2/authorization",
    token="https://www.linkedin.com/oauth/v2/accessToken",  # noqa: S106 (an address)
    scopes=("r_organization_social", "w_organization_social", "rw_organization_admin"),
)
IMAGES = Images(
    most=20,
    types=("image/jpeg", "image/png", "image/gif"),
    size=8_000_000,
    alt=4_000,
    checked=READ,
    source=DOCS,
)
"""LinkedIn tells no number and size there; these are ours."""
ROOM, ANSWER_ROOM = 3_000, 1_250
"""Of a post, and of a comment: of the second no page of LinkedIn's speaks, but all guides to it agree."""
AGAIN, CLOCKS = timedelta(days=1), timedelta(seconds=60)
"""How far back the same comment is looked for, and how far LinkedIn's clock may be behind ours."""

_TWIN = pattern(r"urn:li:(?:share|ugcPost):[0-9]{1,19}")


def account(settings: Mapping[str, str]) -> str:
    return settings.get("page", "")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "LinkedIn":
    """Raises BadInput for a wrong setting."""
    page = settings.get("page", "").strip()
    if not (page.isascii() and page.isdecimal() and len(page) <= 19):
        raise BadInput("page", "the number of the page, such as 12345")
    return LinkedIn(Api(kit.http, NAME, API, secrets.get("token", "")), page, kit.pages or kit.http)


class _TooMuch(Unavailable):
    """There is more than is looked through."""


class LinkedIn:
    """Listens, Speaks, Shows, Deletes, Edits, Measures, Checks and Counts."""

    threads = False
    comments = True
    once = False

    def __init__(self, api: Api, page: str, pages: Http) -> None:
        self._api = api
        self._page = page
        self._pages = pages
        self._us = f"urn:li:organization:{page}"

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """At first what LinkedIn still tells of the last 60 days; from then on all since `cursor`, also what
        shows up a little late."""
        told, turn = Turn.of(cursor).through(self._api, self._us)
        heard = (found(each, self._page) for each in told)
        return Page(
            found=tuple(each for each in heard if each),
            cursor=str(turn),
            more=bool(turn.row),
            quota=self._api.quota,
        )

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer is a comment below the message; images go with posts only. A post without any gets the
        card of its first link."""
        said = without(text, to.author) if to else text.strip()
        _fits(said, ANSWER_ROOM if to else ROOM)
        if to and images:
            raise Rejected(NAME, N_("images go with posts only"))
        if wrong := IMAGES.wrong(images):
            raise Rejected(NAME, wrong)
        return self._answer(to.id, said) if to else self._post(said, images)

    def _post(self, said: str, images: Sequence[Image]) -> Sent:
        uploaded = [
            {"id": self._api.upload(image, self._us), **({"altText": image.alt} if image.alt else {})}
            for image in images
        ]
        value: dict[str, Any] = {
            "author": self._us,
            "commentary": little(said),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if uploaded:
            value["content"] = (
                {"media": uploaded[0]} if len(uploaded) == 1 else {"multiImage": {"images": uploaded}}
            )
        elif linked := self._card(said):
            value["content"] = {"article": linked}
        try:
            made = short(self._api.create("/rest/posts", value))
        except Rejected as error:
            if isinstance(error, Unauthorized) or "duplicate" not in error.reason.casefold():
                raise
            if sent := self._twin(error.reason, said):
                return sent
            raise Unknown(NAME, error.reason) from error  # it stands there, for all we know
        if not made:
            raise Unknown(NAME, "the answer is not a message")
        return Sent(remote_id=made, url=address(made), text=unmarked(little(said)))

    def _card(self, said: str) -> dict[str, str] | None:
        """What the page behind the first link says of itself: LinkedIn does not look there. None where there
        is no link, or the page does not say."""
        url = first_link(said)
        found = card(url, self._pages) if url else None
        if found is None:
            return None
        title, description = found
        return {"source": url, "title": title, **({"description": description} if description else {})}

    def _twin(self, reason: str, said: str) -> Sent | None:
        """The first post of these words, which is why LinkedIn wants no second one."""
        first = _TWIN.search(reason)
        try:
            sent = self.read_back(short(first[0])) if first else None
        except (Unavailable, Rejected):
            return None
        return sent if sent and _key(sent.text) == _key(unmarked(little(said))) else None

    def _answer(self, above: str, said: str) -> Sent:
        there = urn(above)
        if not there:
            raise Rejected(NAME, N_("the message to answer is not there"))
        try:
            sent = self._below(above, said, datetime.now(UTC) - AGAIN, None)
        except _TooMuch:  # so many stand there that no earlier try is known
            sent = None
        if sent:
            return sent
        value = {"actor": self._us, "object": post_of(above), "message": {"text": said}}
        if there != post_of(above):
            value["parentComment"] = there
        number = self._api.create(f"/rest/socialActions/{in_path(there)}/comments", value)
        if not urn(made := f"{above.partition('/')[0]}/{number}"):
            raise Unknown(NAME, "the answer is not a message")
        return Sent(remote_id=made, url=address(made), text=said)

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our post or comment with these words, made since then less a minute, and not another delivery's.
        Raises Unavailable where there are too many comments to look through."""
        if to:
            return self._below(to.id, without(text, to.author), since - CLOCKS, free)
        rows = self._api.elements(
            f"/rest/posts?author={in_path(self._us)}&q=author&count=10&sortBy=LAST_MODIFIED"
        )
        return _chosen(map(self._shown, rows), unmarked(little(text.strip())), since - CLOCKS, free)

    def _below(self, above: str, said: str, since: datetime, free: Free) -> Sent | None:
        if not (there := urn(above)):
            return None
        for page in range(PAGES):
            rows = self._api.elements_if_there(
                f"/rest/socialActions/{in_path(there)}/comments?start={page * COUNT}&count={COUNT}"
            )
            ours = (self._comment(row, above) for row in rows if row.get("actor") == self._us)
            if sent := _chosen(ours, said, since, free):
                return sent
            if len(rows) < COUNT:
                return None
        raise _TooMuch(NAME, f"more than {PAGES * COUNT} comments to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        place = _place(remote_id)
        row = self._api.get_if_there(place) if place else None
        if row is None:
            return None
        sent = self._comment(row, remote_id) if "/" in remote_id else self._shown(row)
        if sent is None:
            raise Unavailable(NAME, "the answer is not a message")
        return sent

    def delete(self, remote_id: str) -> None:
        if not (place := _place(remote_id)):
            raise Rejected(NAME, "it is not a message of this account")
        self._api.delete(f"{place}?actor={in_path(self._us)}" if "/" in remote_id else place)

    def edit(self, remote_id: str, text: str) -> Sent:
        """Its images and its card stay. LinkedIn may say that it did so, and not have: only what reads so is
        corrected."""
        place, said = _place(remote_id), text.strip()
        if not place:
            raise Rejected(NAME, "it is not a message of this account")
        below = "/" in remote_id
        said = self._as_it_stands(remote_id, said) if below else said
        _fits(said, ANSWER_ROOM if below else ROOM)
        wanted = said if below else unmarked(little(said))
        if below:
            self._api.change(f"{place}?actor={in_path(self._us)}", {"message": {"$set": {"text": said}}})
        else:
            self._api.change(place, {"$set": {"commentary": little(said)}})
        try:
            seen = self.read_back(remote_id)
        except Unavailable as error:
            raise Unknown(NAME, error.reason) from error
        if seen is None or _key(seen.text) != _key(wanted):
            raise Unknown(NAME, "LinkedIn took the correction, and does not show it")
        return seen

    def _as_it_stands(self, remote_id: str, said: str) -> str:
        """Without a name in front, where the comment has none: it went without (`without`)."""
        first, _, rest = said.partition(" ")
        named = first.startswith("@") and rest
        stands = self.read_back(remote_id) if named else None
        return rest.strip() if stands and not stands.text.startswith("@") else said

    def _shown(self, row: Any) -> Sent | None:
        """A post of ours."""
        id = short(row.get("id")) if isinstance(row, dict) else ""
        if not id or row.get("author") != self._us:
            return None
        text, when = unmarked(words(row.get("commentary"), 20_000)), at(row.get("publishedAt"))
        return Sent(remote_id=id, url=address(id), text=text, at=when)

    def _comment(self, row: Any, near: str) -> Sent | None:
        """A comment below the same post as `near`."""
        message = row.get("message") if isinstance(row, dict) else None
        made = row.get("created") if isinstance(row, dict) else None
        if not isinstance(message, dict) or not urn(id := f"{near.partition('/')[0]}/{row.get('id')}"):
            return None
        when = at(made.get("time")) if isinstance(made, dict) else None
        return Sent(remote_id=id, url=address(id), text=words(message.get("text"), 20_000), at=when)

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """Of a post what its page's statistics say, without what was paid for; of a comment who reacted to it
        and answered it."""
        place = _place(remote_id)
        if not place or self._api.get_if_there(place) is None:
            return None
        if "/" in remote_id:
            return said_of(self._api.get(f"/rest/socialMetadata/{in_path(urn(remote_id))}"))
        kind = "ugcPosts" if remote_id.startswith("ugcPost") else "shares"
        rows = self._api.elements(
            f"/rest/organizationalEntityShareStatistics?q=organizationalEntity"
            f"&organizationalEntity={in_path(self._us)}&{kind}=List({in_path(urn(remote_id))})"
        )
        return shared(rows[0]) if rows else Numbers()

    def following(self) -> tuple[int | None, int | None]:
        size = self._api.get(f"/rest/networkSizes/{in_path(self._us)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER")
        return (count(size.get("firstDegreeSize")) if isinstance(size, dict) else None), None

    # checks, counts --------------------------------------------------------------------------------

    def check(self) -> datetime | None:
        """LinkedIn does not say here until when a key holds: that is kept with it."""
        self._api.elements(f"/rest/posts?author={in_path(self._us)}&q=author&count=1")
        return None

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Characters that people read, without those that escape them; an answer of more than 1,250 counts
        as one for which there is no room."""
        seen = len(without(text, to))
        return ROOM - ANSWER_ROOM + seen if to and seen > ANSWER_ROOM else seen


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified. Raises BadInput."""
    told = value.get("notifications") if isinstance(value, dict) else None
    if not isinstance(told, list):
        raise BadInput("notifications", "expected what LinkedIn tells")
    read = (found(each, "") for each in told if isinstance(each, dict))
    return tuple(replace(each, platform=NAME) for each in read if each)


def _fits(said: str, room: int) -> None:
    if not 1 <= len(said) <= room:
        raise Rejected(NAME, f"a text has 1 to {room} characters")


def _place(id: str) -> str:
    """Where a post or a comment is asked for; "" for what is neither."""
    if not urn(id):
        return ""
    _, _, comment = id.partition("/")
    post = in_path(post_of(id))
    return f"/rest/socialActions/{post}/comments/{comment}" if comment else f"/rest/posts/{post}"


def _chosen(sent: Iterable[Sent | None], said: str, since: datetime, free: Free) -> Sent | None:
    for each in sent:
        new = each and (each.at is None or each.at >= since)
        if each and new and _key(each.text) == _key(said) and (free is None or free(each.remote_id)):
            return each
    return None


def _key(text: str) -> str:
    """What stays the same when LinkedIn writes white space in its own way."""
    return "".join(text.split())
