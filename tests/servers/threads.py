"""A Threads account, as its documentation says (developers.facebook.com/docs/threads, v1.0)."""

from dataclasses import dataclass
from typing import Any

from tests.servers.base import Reply, Request
from tests.servers.graph import SECRET, Graph, Note, error, given, gone, listed, moment, now, page, told

USER = "17841474524784051"
NAME = "bakery"
HOUR = "token-of-an-hour"
NEXT = "token-of-the-next-sixty-days"


@dataclass
class Said(Note):
    """`to` is what it answers, `quotes` what it shows."""

    to: str = ""
    quotes: str = ""
    likes: int = 0
    reposts: int = 0
    images: tuple[tuple[str, str], ...] = ()


class Threads(Graph):
    """`say` lets a stranger write; `ours` are the messages of the account, in order, without its `home`.

    Besides what any of Meta's does:
    * `slow`: this many looks find a container still busy; `spoils`: then it is this
    * `bare`: insights hold nothing
    """

    def __init__(self) -> None:
        super().__init__("v1.0")
        self.said: list[Said] = []
        self.containers: dict[str, dict[str, Any]] = {}
        self.slow = 0
        self.spoils = ""
        self.bare = False
        self.followers = 0
        self.name = NAME
        self.home = self._keep(NAME, "Welcome to our bakery")

    def say(self, text: str, *, to: str = "", by: str = "anna") -> Said:
        with self.lock:
            return self._keep(by, text, to)

    def ours(self) -> list[Said]:
        return [each for each in self.said if each.by == NAME and not each.deleted and each is not self.home]

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
                good = query["access_token"] == self.token and query["grant_type"] == "th_refresh_token"
                return self._token(NEXT) if good else error(190, 0, "Invalid token")
            case ["keyword_search"]:
                return self._list([each for each in self.said if query["q"] in each.text], request)
            case [id] if id == USER:
                return told({"id": USER, "username": self.name})
            case [id, "threads"] if id == USER and request.method == "POST":
                return self._contain(given(request))
            case [id, "threads_publish"] if id == USER:
                return self._publish(given(request)["creation_id"])
            case [id, "threads_insights"] if id == USER:
                return told({"data": [{"name": "followers_count", "total_value": {"value": self.followers}}]})
            case [id, "threads" | "replies" as edge] if id == USER:
                since = int(query.get("since", "0"))
                mine = [
                    each for each in self.said if each.by == NAME and bool(each.to) == (edge == "replies")
                ]
                return self._list([each for each in mine if each.at.timestamp() >= since], request)
            case [id, "mentions"] if id == USER:
                return self._list([each for each in self.said if f"@{NAME}" in each.text], request)
            case [id] if id in self.containers:
                return told({"id": id, **self._status(self.containers[id])})
        return self._thing(request, path.strip("/").split("/"))

    @staticmethod
    def _token(token: str) -> Reply:
        return told({"access_token": token, "token_type": "bearer", "expires_in": 5_183_944})

    def _find(self, id: str) -> Said | None:
        return next((each for each in self.said if each.id == id and not each.deleted), None)

    def _thing(self, request: Request, parts: list[str]) -> Reply:
        found = self._find(parts[0])
        if found is None:
            return gone()
        match parts[1:]:
            case []:
                return told(self._shown(found))
            case ["conversation"]:
                return self._list(
                    [each for each in self.said if self._root(each) is found and each.to], request
                )
            case ["insights"]:
                return told({"data": [] if self.bare else self._insights(found)})
        return error(100, 0, "Unknown path components")

    def _root(self, said: Said) -> Said:
        above = self._find(said.to) if said.to else None
        return self._root(above) if above else said

    def _insights(self, said: Said) -> list[dict[str, Any]]:
        figures = {
            "likes": said.likes,
            "replies": sum(each.to == said.id for each in self.said),
            "reposts": said.reposts,
            "quotes": sum(each.quotes == said.id for each in self.said),
        }
        return [{"name": name, "values": [{"value": value}]} for name, value in figures.items()]

    def _list(self, said: list[Said], request: Request) -> Reply:
        shown, paging = ([], {}) if self.late() else page(said, request)
        return told(listed([self._shown(each) for each in shown], paging))

    def _contain(self, value: dict[str, Any]) -> Reply:
        if self.refuses or len(value.get("text", "")) > 500:
            return error(*(self.refuses or (100, 0)))
        named = [value[each] for each in ("reply_to_id", "quote_post_id") if value.get(each)]
        if any(self._find(each) is None for each in named):
            return gone()
        images = (
            [value] if "image_url" in value else [self.containers[id] for id in value.get("children", ())]
        )
        id = next(self.numbers)
        shown = tuple((each["image_url"], each.get("alt_text", "")) for each in images)
        self.containers[id] = {**value, "busy": self.slow, "shown": shown}
        return told({"id": id})

    def _status(self, container: dict[str, Any]) -> dict[str, str]:
        if container.get("published"):
            return {"status": "PUBLISHED"}
        if container["busy"] > 0:
            container["busy"] -= 1
            return {"status": "IN_PROGRESS"}
        return (
            {"status": self.spoils, "error_message": "FAILED_DOWNLOAD"}
            if self.spoils
            else {"status": "FINISHED"}
        )

    def _publish(self, id: str) -> Reply:
        container = self.containers[id]
        if self._status(container)["status"] != "FINISHED":
            return error(24, 4279009, "The media is not ready")
        container["published"] = True
        said = self._keep(NAME, container["text"], container.get("reply_to_id", ""))
        said.quotes, said.images = container.get("quote_post_id", ""), container["shown"]
        return self.made({"id": said.id})

    def _keep(self, by: str, text: str, to: str = "") -> Said:
        said = Said(next(self.numbers), by, text, now(), to=to)
        self.said.append(said)
        return said

    def _shown(self, said: Said) -> dict[str, Any]:
        return {
            "id": said.id,
            "text": said.text,
            "username": said.by,
            "timestamp": moment(said.at),
            "permalink": f"https://www.threads.com/@{said.by}/post/{said.id}",
            "has_replies": any(each.to == said.id for each in self.said),
            **({"replied_to": {"id": said.to}} if said.to else {}),
        }
