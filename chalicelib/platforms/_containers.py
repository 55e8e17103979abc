"""Publishing in two steps, as Instagram and Threads have it: a container that nobody sees, then that.

A container can be made again: it ends by itself after a day. Only the second step shows anything.
"""

from collections.abc import Callable
from time import sleep
from typing import Any

from chalicelib.errors import Rejected, Unavailable, Unknown
from chalicelib.platforms._graph import Graph, at
from chalicelib.platforms._http_json import words

WAITS = (1.0, 2.0, 3.0, 4.0)
"""Seconds between looks whether a container is ready."""
READY, WORKING, FAILED = "FINISHED", "IN_PROGRESS", "ERROR"


class Containers:
    """Of one account: `user` is its number, `make` and `show` the two edges, `status` the field that says how
    far a container is, `why` the one that says what is wrong with it."""

    def __init__(
        self, api: Graph, platform: str, user: str, *, make: str, show: str, status: str, why: str
    ) -> None:
        self._api = api
        self._platform = platform
        self._user = user
        self._make = make
        self._show = show
        self._status = status
        self._why = why
        self._sleep: Callable[[float], None] = sleep

    def made(self, value: dict[str, Any]) -> str:
        """The number of a new one. Raises Rejected, Unavailable and their kin: nothing shows."""
        answer = self._api.call(f"{at(self._user)}/{self._make}", value)
        if not isinstance(answer, dict) or not (id := words(answer.get("id"), 100)):
            raise Unavailable(self._platform, "the answer is not a container")
        return id

    def wait(self, id: str) -> None:
        """Until it is ready. Raises Rejected where it is wrong, Unavailable where it takes longer."""
        for seconds in (*WAITS, 0):
            value = self._api.get(at(id), [("fields", f"{self._status},{self._why}")])
            status = words(value.get(self._status), 30) if isinstance(value, dict) else ""
            if status == READY:
                return
            if status == FAILED:
                said = " ".join(words(value.get(self._why), 300).split())
                raise Rejected(self._platform, said or "it could not use what it was sent")
            if status != WORKING:
                raise Unavailable(self._platform, f"its container is {status or 'nowhere'}")
            self._sleep(seconds)
        raise Unavailable(self._platform, "it is still busy with what it was sent")

    def shown(self, id: str) -> str:
        """The number of the message that it becomes. Raises as `publish` does."""
        answer = self._api.post(f"{at(self._user)}/{self._show}", {"creation_id": id}, {})
        if not isinstance(answer, dict) or not (found := words(answer.get("id"), 100)):
            raise Unknown(self._platform, "the answer is not a message")
        return found
