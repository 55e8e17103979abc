"""A Facebook Page, as its documentation says (developers.facebook.com/docs/graph-api, v26.0)."""

import re
from dataclasses import dataclass
from typing import Any

from tests.servers.base import Reply, Request
from tests.servers.graph import (
    SECRET,
    TOKEN,
    Graph,
    Note,
    error,
    given,
    gone,
    listed,
    moment,
    now,
    page,
    part,
    told,
)

PAGE = "448242228374517"
APP = "123456"
ANNA = "9012345678901234"
PERSON = "token-of-a-person"
LASTING = "lasting-token-of-a-person"


@dataclass
class Said(Note):
    """A post, or below `post` a comment, perhaps on another one (`parent`)."""

    name: str = ""
    post: str = ""
    parent: str = ""
    reactions: int = 0
    shares: int = 0
    tags: bool = False
    link: str = ""
    photos: tuple[str, ...] = ()


class Facebook(Graph):
    """`say` lets a stranger write; `ours` are the messages of the Page, in order, without its `home`.

    Besides what any of Meta's does:
    * `ends`: when the token ends, and the right to read, as `debug_token` says
    * `nameless`: strangers stay without a name
    """

    def __init__(self) -> None:
        super().__init__("v26.0")
        self.said: list[Said] = []
        self.photos: dict[str, dict[str, Any]] = {}
        self.followers = 0
        self.ends = (0, 0)
        self.nameless = False
        self.pages = {PAGE: TOKEN}
        self.home = self._keep(PAGE, "Welcome to our bakery")

    def say(self, text: str, *, to: str = "", by: str = ANNA, tags: bool = False) -> Said:
        """Below `to`, or a post of their own on the Page, or with `tags` on their own one."""
        with self.lock:
            return self._keep(by, text, to, tags=tags)

    def ours(self) -> list[Said]:
        return [each for each in self.said if each.by == PAGE and not each.deleted and each is not self.home]

    def knows(self, request: Request, path: str) -> bool:
        if path == "/oauth/access_token":
            return not self.expired_token
        who = request.headers.get("authorization", "").removeprefix("Bearer ")
        if path == "/debug_token":
            return who == f"{APP}|{SECRET}"
        return not self.expired_token and who in (LASTING, self.token)

    def graph(self, request: Request, path: str) -> Reply:
        query = {name: values[0] for name, values in request.query.items()}
        match path.strip("/").split("/"):
            case ["oauth", "access_token"]:
                good = query["fb_exchange_token"] == PERSON and query["client_secret"] == SECRET
                lasting = {"access_token": LASTING, "token_type": "bearer", "expires_in": 5_183_944}
                return told(lasting) if good else error(190, 460, "The session is invalid")
            case ["me", "accounts"]:
                return told({"data": [{"id": id, "access_token": each} for id, each in self.pages.items()]})
            case ["debug_token"]:
                good = query["input_token"] == self.token and not self.expired_token
                ends = {"expires_at": self.ends[0], "data_access_expires_at": self.ends[1]}
                return told({"data": {"is_valid": good, "profile_id": PAGE, **ends}})
            case [id] if id == PAGE:
                return told({"id": PAGE, "followers_count": self.followers})
            case [id, "feed"] if id == PAGE and request.method == "POST":
                return self._post(given(request))
            case [id, "photos"] if id == PAGE:
                return self._photo(given(request))
            case [id, "feed"] if id == PAGE:
                return self._feed(request)
            case [id, "posts"] if id == PAGE:
                posts = [each for each in self.said if each.by == PAGE and not each.post]
                since = int(query.get("since", "0"))
                return self._list([each for each in posts if each.at.timestamp() >= since], request)
            case [id, "tagged"] if id == PAGE:
                return self._list([each for each in self.said if each.tags], request)
        return self._thing(request, path.strip("/").split("/"))

    def _thing(self, request: Request, parts: list[str]) -> Reply:
        found = next((each for each in self.said if each.id == parts[0] and not each.deleted), None)
        if found is None:
            return gone()
        match request.method, parts[1:]:
            case "GET", []:
                fields = request.query["fields"][0]
                wrong = next(
                    (name for name in ("shares", "parent") if name in fields and self._lacks(found, name)), ""
                )
                if wrong:
                    return error(100, message=f"(#100) Tried accessing nonexisting field ({wrong})")
                return told(self._shown(found))
            case "GET", ["comments"]:
                return self._list([each for each in self.said if self._below(each, found)], request)
            case "POST", ["comments"]:
                return self._comment(found, given(request))
            case "POST", []:
                return self._change(found, given(request))
            case "DELETE", []:
                return self._delete(found)
        return error(100, message="Unknown path components")

    @staticmethod
    def _lacks(said: Said, field: str) -> bool:
        return bool(said.post) == (field == "shares")

    @staticmethod
    def _below(each: Said, above: Said) -> bool:
        return each.parent == above.id if above.post else each.post == above.id

    def _feed(self, request: Request) -> Reply:
        posts, paging = page([each for each in self.said if not each.post and not each.tags], request)
        limit = re.search(r"comments\.[\w().]*limit\((\d+)\)", request.query["fields"][0])
        assert limit
        data = []
        for post in posts:
            below, further = part([each for each in self.said if each.post == post.id], int(limit[1]))
            under = {"comments": listed([self._shown(each) for each in below], further)} if below else {}
            data.append({**self._shown(post), **under})
        return told(listed(data, paging))

    def _list(self, said: list[Said], request: Request) -> Reply:
        shown, paging = ([], {}) if self.late() else page(said, request)
        return told(listed([self._shown(each) for each in shown], paging))

    def _post(self, value: dict[str, Any]) -> Reply:
        text = value["message"].strip()
        if self.refuses or not 1 <= len(text) <= 63_206:
            return error(*(self.refuses or (100, 0)))
        if (ours := [each for each in self.ours() if not each.post]) and ours[-1].text == text:
            return error(506, message="Duplicate status message")
        photos = tuple(each["media_fbid"] for each in value.get("attached_media", ()))
        if set(photos) - self.photos.keys():
            return error(100)
        post = self._keep(PAGE, text)
        post.link, post.photos = value.get("link", ""), photos
        return self.made({"id": post.id})

    def _photo(self, value: dict[str, Any]) -> Reply:
        if self.refuses:
            return error(*self.refuses)
        id = next(self.numbers)
        self.photos[id] = value
        return told({"id": id})

    def _comment(self, above: Said, value: dict[str, Any]) -> Reply:
        if self.refuses or not 1 <= len(value["message"]) <= 8_000:
            return error(*(self.refuses or (100, 0)))
        return self.made({"id": self._keep(PAGE, value["message"], above.id).id})

    def _change(self, said: Said, value: dict[str, Any]) -> Reply:
        """Other words only: what hangs on it stays."""
        if self.refuses or said.by != PAGE or value.keys() != {"message"}:
            return error(*(self.refuses or (200, 0)))
        said.text = value["message"]
        return self.made({"success": True})

    def _delete(self, said: Said) -> Reply:
        if self.refuses or said.by != PAGE:
            return error(*(self.refuses or (200, 0)))
        for each in self.said:
            each.deleted |= each is said or said.id in (each.post, each.parent)
        return self.made({"success": True})

    def _keep(self, by: str, text: str, to: str = "", *, tags: bool = False) -> Said:
        """What answers an answer stands below what that answers."""
        above = next((each for each in self.said if each.id == to), None)
        post = (above.post or above.id) if above else ""
        parent = (above.parent or above.id) if above and above.post else ""
        owner = post.partition("_")[2] if post else by if tags else PAGE
        name = "Our bakery" if by == PAGE else "Anna Test"
        said = Said(
            f"{owner}_{next(self.numbers)}", by, text, now(), name=name, post=post, parent=parent, tags=tags
        )
        self.said.append(said)
        return said

    def _shown(self, said: Said) -> dict[str, Any]:
        below = [each for each in self.said if self._below(each, said) and not each.deleted]
        named = said.by == PAGE or not self.nameless
        return {
            "id": said.id,
            "message": said.text,
            "created_time": moment(said.at),
            "permalink_url": f"https://www.facebook.com/{PAGE}/posts/{said.id.partition('_')[2]}",
            **({"from": {"id": said.by, "name": said.name}} if named else {}),
            **({"parent": {"id": said.parent}} if said.parent else {}),
            **({"shares": {"count": said.shares}} if said.shares else {}),
            "reactions": {"data": [], "summary": {"total_count": said.reactions}},
            "comments": {"data": [], "summary": {"total_count": len(below)}},
        }
