"""An Instagram account, as its documentation says (developers.facebook.com/docs/instagram-platform, v26.0).

It is both hosts in one: the mentions are asked for under `/facebook`, as with a key of Facebook.
"""

import re
from dataclasses import dataclass
from typing import Any

from tests.servers.base import Reply, Request
from tests.servers.graph import (
    SECRET,
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

USER = "17841474524784050"
NAME = "bakery"
ANNA = "17841474524780000"
HOUR = "token-of-an-hour"
NEXT = "token-of-the-next-sixty-days"


@dataclass
class Said(Note):
    """A post (`media` is "") or below `media` a comment, perhaps on another one (`parent`)."""

    name: str = ""
    media: str = ""
    parent: str = ""
    likes: int = 0
    images: tuple[tuple[str, str], ...] = ()
    """Address and what it shows."""


class Instagram(Graph):
    """`say` lets a stranger comment; `ours` are the messages of the account, in order, without its `home`.

    Besides what any of Meta's does:
    * `slow`: this many looks find a container still busy; `spoils`: then it is this
    * `private`: strangers' posts cannot be seen
    """

    def __init__(self) -> None:
        super().__init__("v26.0")
        self.said: list[Said] = []
        self.containers: dict[str, dict[str, Any]] = {}
        self.slow = 0
        self.spoils = ""
        self.private = False
        self.follows = (0, 3)
        self.name = NAME
        self.home = self._keep(USER, "Welcome to our bakery")
        self.theirs = self._keep(ANNA, "Look what I found @bakery")

    def say(self, text: str, *, to: str = "", by: str = ANNA) -> Said:
        """Below `to`, or below our own post."""
        with self.lock:
            return self._keep(by, text, to or self.home.id)

    def ours(self) -> list[Said]:
        return [each for each in self.said if each.by == USER and not each.deleted and each is not self.home]

    def knows(self, request: Request, path: str) -> bool:
        if path in ("/access_token", "/refresh_access_token"):
            return not self.expired_token
        return super().knows(request, path)

    def graph(self, request: Request, path: str) -> Reply:
        query = {name: values[0] for name, values in request.query.items()}
        match path.strip("/").split("/"):
            case ["access_token"]:
                good = query["access_token"] == HOUR and query["client_secret"] == SECRET
                return self._token(self.token) if good else error(190, 0, "Invalid token")
            case ["refresh_access_token"]:
                good = query["access_token"] == self.token and query["grant_type"] == "ig_refresh_token"
                return self._token(NEXT) if good else error(190, 0, "Invalid token")
            case [id] if id == USER:
                return self._us(query["fields"])
            case [id, "media"] if id == USER and request.method == "POST":
                return self._contain(given(request))
            case [id, "media_publish"] if id == USER:
                return self._publish(given(request)["creation_id"])
            case [id, "mentions"] if id == USER:
                return self._mention(given(request))
            case [id, "media"] if id == USER:
                return self._media(request)
            case [id] if id in self.containers:
                return told({"id": id, **self._status(self.containers[id])})
        return self._thing(request, path.strip("/").split("/"))

    @staticmethod
    def _token(token: str) -> Reply:
        return told({"access_token": token, "token_type": "bearer", "expires_in": 5_183_944})

    def _us(self, fields: str) -> Reply:
        value: dict[str, Any] = {"id": USER, "username": self.name}
        value |= {"followers_count": self.follows[0], "follows_count": self.follows[1]}
        found = re.match(
            r"mentioned_(comment)\.comment_id\((\d+)\)|mentioned_(media)\.media_id\((\d+)\)", fields
        )
        if found:
            said = self._find(found[2] or found[4])
            if said is None or (self.private and said is not self.home):
                return error(10, 0, "No permission") if said is None else error(100, 2207006, "Not visible")
            return told({"id": USER, f"mentioned_{found[1] or found[3]}": self._shown(said)})
        return told(value)

    def _find(self, id: str) -> Said | None:
        return next((each for each in self.said if each.id == id and not each.deleted), None)

    def _thing(self, request: Request, parts: list[str]) -> Reply:
        found = self._find(parts[0])
        if found is None:
            return gone()
        match request.method, parts[1:]:
            case "GET", []:
                wanted = "text" if not found.media else "caption"
                if wanted in request.query["fields"][0].split(","):
                    return error(100, 0, f"(#100) Tried accessing nonexisting field ({wanted})")
                return told(self._shown(found))
            case "GET", ["comments"]:
                return self._list([each for each in self.said if self._top(each, found)], request)
            case "GET", ["replies"]:
                return self._list([each for each in self.said if each.parent == found.id], request)
            case "POST", ["replies"] if found.media:
                return self._comment(found.id, given(request)["message"])
            case "POST", ["comments"] if not found.media:
                return self._comment(found.id, given(request)["message"])
        return error(100, 0, "Unknown path components")

    @staticmethod
    def _top(each: Said, post: Said) -> bool:
        return each.media == post.id and not each.parent

    def _media(self, request: Request) -> Reply:
        since = int(request.query.get("since", ["0"])[0])
        posts = [
            each for each in self.said if each.by == USER and not each.media and each.at.timestamp() >= since
        ]
        if "comments" not in request.query["fields"][0]:
            return self._list(posts, request)
        limit = re.search(r"comments\.limit\((\d+)\)", request.query["fields"][0])
        assert limit
        shown, paging = page(posts, request)
        data = []
        for post in shown:
            below, further = part([each for each in self.said if self._top(each, post)], int(limit[1]))
            under = {"comments": listed([self._shown(each) for each in below], further)} if below else {}
            data.append({**self._shown(post), **under})
        return told(listed(data, paging))

    def _list(self, said: list[Said], request: Request) -> Reply:
        shown, paging = ([], {}) if self.late() else page(said, request)
        return told(listed([self._shown(each) for each in shown], paging))

    def _contain(self, value: dict[str, Any]) -> Reply:
        images = [value] if "image_url" in value else [self.containers[id] for id in value["children"]]
        if self.refuses or len(value.get("caption", "")) > 2_200 or not images:
            return error(*(self.refuses or (100, 2207010)))
        id = next(self.numbers)
        shown = tuple((each["image_url"], each.get("alt_text", "")) for each in images)
        self.containers[id] = {**value, "busy": self.slow, "images": shown}
        return told({"id": id})

    def _status(self, container: dict[str, Any]) -> dict[str, str]:
        if container.get("published"):
            return {"status_code": "PUBLISHED"}
        if container["busy"] > 0:
            container["busy"] -= 1
            return {"status_code": "IN_PROGRESS"}
        if self.spoils:
            return {"status_code": self.spoils, "status": f"{self.spoils}: the image cannot be used"}
        return {"status_code": "FINISHED"}

    def _publish(self, id: str) -> Reply:
        container = self.containers[id]
        if self._status(container)["status_code"] != "FINISHED":
            return error(9007, 2207027, "The media is not ready")
        container["published"] = True
        post = self._keep(USER, container["caption"])
        post.images = container["images"]
        return self.made({"id": post.id})

    def _comment(self, to: str, text: str) -> Reply:
        if self.refuses or not 1 <= len(text) <= 300:
            return error(*(self.refuses or (100, 0)))
        return self.made({"id": self._keep(USER, text, to).id})

    def _mention(self, value: dict[str, Any]) -> Reply:
        if self._find(value["media_id"]) is None:
            return gone()
        return self._comment(value.get("comment_id") or value["media_id"], value["message"])

    def _keep(self, by: str, text: str, to: str = "") -> Said:
        """What answers an answer stands below what that answers."""
        above = self._find(to) if to else None
        media = (above.media or above.id) if above else ""
        parent = (above.parent or above.id) if above and above.media else ""
        name = NAME if by == USER else "anna"
        said = Said(next(self.numbers), by, text, now(), name=name, media=media, parent=parent)
        self.said.append(said)
        return said

    def _shown(self, said: Said) -> dict[str, Any]:
        value: dict[str, Any] = {"id": said.id, "timestamp": moment(said.at), "username": said.name}
        value["like_count"] = said.likes
        if not said.media:
            below = sum(each.media == said.id and not each.deleted for each in self.said)
            link = f"https://www.instagram.com/p/{said.id}/"
            return {
                **value,
                "caption": said.text,
                "permalink": link,
                "comments_count": below,
                "owner": {"id": said.by},
            }
        post = self._find(said.media)
        assert post
        shown = self._shown(post)
        under = [each for each in self.said if each.parent == said.id]
        return {
            **value,
            "text": said.text,
            "from": {"id": said.by, "username": said.name},
            "media": {name: shown[name] for name in ("id", "permalink", "owner")},
            **({"parent_id": said.parent} if said.parent else {}),
            **({"replies": {"data": [self._shown(each) for each in under]}} if under else {}),
        }
