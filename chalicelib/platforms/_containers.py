"""Publishing in two steps, as Instagram and Threads have it: a container that nobody sees, then that.

A container can be made again: it ends by itself after a day. Only the second step shows anything, and that
once: so the container of a message is noted under the name that we give it, and what became of it is known.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from time import sleep
from typing import Any

from chalicelib.errors import Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._graph import Graph, at
from chalicelib.platforms._http_json import words
from chalicelib.ports import Sent, Shelf

ALREADY = "it shows already, and is looked for"
WAITS = (1.0, 2.0, 3.0, 4.0)
"""Seconds between looks whether a container is ready."""
READY, WORKING, FAILED, SHOWN = "FINISHED", "IN_PROGRESS", "ERROR", "PUBLISHED"
NOTED = timedelta(days=7)
"""So long a container is noted: longer than a message is tried for."""


class Containers:
    """Of one account: `user` is its number, `make` and `show` the two edges, `status` the field that says how
    far a container is, `why` the one that says what is wrong with it."""

    def __init__(
        self,
        api: Graph,
        shelf: Shelf,
        platform: str,
        user: str,
        *,
        make: str,
        show: str,
        status: str,
        why: str,
    ) -> None:
        self._api = api
        self._platform = platform
        self._user = user
        self._make = make
        self._show = show
        self._status = status
        self._why = why
        self._shelf = shelf
        self._place = f"{platform}.{user}"
        self._sleep: Callable[[float], None] = sleep

    def made(self, value: dict[str, Any]) -> str:
        """The number of a new one. Raises Rejected, Unavailable and their kin: nothing shows."""
        answer = self._api.call(f"{at(self._user)}/{self._make}", value)
        if not isinstance(answer, dict) or not (id := words(answer.get("id"), 100)):
            raise Unavailable(self._platform, "the answer is not a container")
        return id

    def once(self, token: str, make: Callable[[], str]) -> str:
        """The number of our message `token`, which is shown, unless it was. `make` makes its container.
        Raises as `publish` does."""
        container, message = self._noted(token)
        if message:
            return message
        status = self.status(container) if container else ""
        if status == SHOWN:
            raise Unknown(self._platform, ALREADY)
        if status not in (READY, WORKING):
            container = make()
            self._note(token, container)
        self.wait(container)
        message = self.shown(container)
        self._note(token, f"{container} {message}")
        return message

    def found(
        self, token: str, read: Callable[[str], Sent | None], look: Callable[[], Sent | None]
    ) -> Sent | None:
        """Our message `token`, read by its number where that is known; else what its container says of it,
        and where it shows, or is not known here, what the lists do. Raises as `find`."""
        container, message = self._noted(token)
        if message:
            return read(message)
        status = self.status(container) if container else ""
        if status in (READY, WORKING):
            return None
        sent = look()
        if status != SHOWN:
            return sent
        if sent is None:
            raise Unavailable(self._platform, "it shows, and is not listed yet")
        self._note(token, f"{container} {sent.remote_id}")
        return sent

    def _note(self, token: str, noted: str) -> None:
        self._shelf.replace(self._place, _slip(token), noted, until=datetime.now(UTC) + NOTED)

    def _noted(self, token: str) -> tuple[str, str]:
        """Container and number, "" for what is not known."""
        container, _, message = (self._shelf.get(self._place, _slip(token)) or "").partition(" ")
        return container, message

    def status(self, id: str) -> str:
        """How far it is; "" where there is none. Raises as `wait`."""
        value = self._api.seen(at(id), [("fields", self._status)])
        return words(value.get(self._status), 30) if isinstance(value, dict) else ""

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
        """The number of the message that it becomes. Raises as `publish` does; Unknown where it shows
        already, by an earlier try whose answer was lost."""
        try:
            answer = self._api.post(f"{at(self._user)}/{self._show}", {"creation_id": id}, {})
        except Unauthorized:
            raise
        except Rejected:
            if self.status(id) != SHOWN:
                raise
            raise Unknown(self._platform, ALREADY) from None
        if not isinstance(answer, dict) or not (found := words(answer.get("id"), 100)):
            raise Unknown(self._platform, "the answer is not a message")
        return found


def _slip(token: str) -> str:
    return blake2s(token.encode(), digest_size=16).hexdigest()
