"""Pinterest: Pins of ours on one board. Nothing is heard there: it tells no program what people say.

API: https://developers.pinterest.com/docs/api/v5/, 5.23.0, read 2026-11-21. While an application is on trial,
only its owner sees the Pins.

Settings:
* `board`: the board's number
* `client_id`: of the application at Pinterest

Secrets: `client_secret`; `token` and what renews it, given by Pinterest when somebody connects.

A Pin is an image with a description; the first line of a post is its title too, and the first address in it
is where the Pin leads. Pinterest keeps no name of ours with a Pin, so one is known again by its words.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._http_json import JsonApi, link, moment, words
from chalicelib.platforms._text import one_line
from chalicelib.ports import N_, Ear, Free, Kit, ReplyTo, Sent, Setting
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

NAME = "pinterest"
ANSWERS = "browser"
CAN = frozenset({"publish", "delete", "check"})
NOT_BUILT = (
    "Videos, and Pins of several images.",
    "Figures of Pins.",
)
WHY_NOT = N_("Pinterest lets no program read or write comments")
SOURCES: dict[str, Ear] = {}
CHANNEL = (
    Setting("board", "text", N_("Board"), N_("Its number at Pinterest.")),
    Setting("client_id", "text", N_("App ID"), N_("Of your app at developers.pinterest.com.")),
    Setting("client_secret", "secret", N_("App secret"), N_("Shown beside the ID.")),
    Setting("token", "secret", needed=False),
)
OAUTH = OAuth(
    authorize="https://www.pinterest.com/oauth/",
    token="https://api.pinterest.com/v5/oauth/token",  # noqa: S106 (an address)
    scopes=("boards:read", "pins:read", "pins:write"),
    separator=",",
    basic=True,
)
IMAGES = Images(
    most=1,
    types=("image/jpeg", "image/png"),
    size=10_000_000,
    alt=500,
    needed=True,
    checked=date(2026, 11, 21),
    source="https://developers.pinterest.com/docs/api/v5/",
)
"""The size is a bound of ours: Pinterest tells none for what is sent so."""

API = "https://api.pinterest.com"
ROOM, TITLE, ADDRESS = 800, 100, 2048
PAGE, LOOKS = 50, 4
CLOCKS = timedelta(seconds=60)
"""How far its clock may be behind ours."""

_PIN = re.compile(r"\d{1,40}")
LIMIT = Limit(1_000, timedelta(days=1))
"""Of an app on trial; others may ask more. Read 2026-11-21 at https://developers.pinterest.com/docs/api/v5/."""


def account(settings: Mapping[str, str]) -> str:
    """Pinterest counts the requests of an application and of who connected."""
    return settings.get("client_id", "")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Pinterest":
    """Raises BadInput for a wrong setting."""
    board = settings.get("board", "").strip()
    if not _PIN.fullmatch(board):
        raise BadInput("board", "the number of the board, digits only")
    headers = {"Authorization": f"Bearer {secrets.get('token', '')}"}
    return Pinterest(JsonApi(kit.http, NAME, API, headers), board)


class Pinterest:
    """Speaks (posts only), Shows, Deletes, Checks and Counts."""

    threads = False
    once = False

    def __init__(self, api: JsonApi, board: str) -> None:
        self._api = api
        self._board = board

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        if to is not None:
            raise Rejected(NAME, WHY_NOT)
        if wrong := IMAGES.wrong(images):
            raise Rejected(NAME, wrong)
        if self.length(text) > ROOM:
            raise Rejected(NAME, N_("the description is too long"))
        (image,) = images
        source = {
            "source_type": "image_base64",
            "content_type": image.type,
            "data": b64encode(image.read()).decode(),
        }
        value = {
            "board_id": self._board,
            "title": _title(text),
            "description": text.strip(),
            "alt_text": image.alt,
            "media_source": source,
        }
        if address := _address(text):
            value["link"] = address
        sent = _sent(self._api.post("/v5/pins", value, {}))
        if sent is None:
            raise Unknown(NAME, "the answer is not a Pin")
        return sent

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """A Pin of ours on the board with these words, made since then less a minute, and not another
        delivery's. Raises Unavailable where there are more than are looked through."""
        if to is not None:
            return None
        page = ""
        for _ in range(LOOKS):
            asked = [("page_size", str(PAGE))]
            value = self._api.get("/v5/pins", [*asked, ("bookmark", page)] if page else asked)
            pins = value.get("items") if isinstance(value, dict) else None
            if not isinstance(pins, list):
                raise Unavailable(NAME, "the answer is not a list")
            for pin in (each for each in pins if isinstance(each, dict)):
                sent = _sent(pin)
                if sent is None or pin.get("board_id") != self._board or sent.text.split() != text.split():
                    continue
                late = sent.at is not None and sent.at < since - CLOCKS
                if not late and (free is None or free(sent.remote_id)):
                    return sent
            if not (page := words(value.get("bookmark"), 2000)):
                return None
        raise Unavailable(NAME, f"more than {LOOKS * PAGE} Pins to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        there = _PIN.fullmatch(remote_id)
        return _sent(self._api.get_if_there(f"/v5/pins/{remote_id}")) if there else None

    def delete(self, remote_id: str) -> None:
        if _PIN.fullmatch(remote_id):
            self._api.delete(f"/v5/pins/{remote_id}")

    def check(self) -> None:
        """Pinterest shows a board only to the account whose it is, and who shares it; it does not say when a
        key ends."""
        if self._api.get_if_there(f"/v5/boards/{self._board}") is None:
            raise Unauthorized(NAME, N_("the account has no such board"))

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(text.strip())


def _title(text: str) -> str:
    lines = text.strip().splitlines()
    return one_line(lines[0])[:TITLE] if lines else ""


def _address(text: str) -> str:
    """Where the Pin leads: the first address in its words."""
    found = re.search(r"https://[^\s<>\"]+", text)
    address = link(found[0].rstrip(".,;:!?)]")) if found else ""
    return address if len(address) <= ADDRESS else ""


def _sent(pin: Any) -> Sent | None:
    id = words(pin.get("id"), 100) if isinstance(pin, dict) else ""
    if not _PIN.fullmatch(id):
        return None
    made = words(pin.get("created_at"), 40)
    at = moment(made) or moment(f"{made}Z")  # it says no zone; it is UTC
    return Sent(id, f"https://www.pinterest.com/pin/{id}/", words(pin.get("description"), 2000), at)
