"""A WebSub hub with a feed of its own, as the W3C's recommendation says (https://www.w3.org/TR/websub/).

It has no way to a door of its own: who tests hands it one, `call(method, path, query, headers, body)`.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.servers.base import Reply, Request, Server

Door = Callable[[str, str, str, Mapping[str, str], bytes], tuple[int, str]]


@dataclass
class Asked:
    callback: str
    topic: str
    secret: str
    lease: int


class Hub(Server):
    """`asked` are wishes that wait to be verified, `active` until when each callback is called, with what.

    How it misbehaves:
    * `refuses`: this status and text to every wish
    * `grants`: seconds, whatever was asked for; 0: it does not say
    * `method`: how it signs
    * `page`: what its feed says; `links`: the header `Link` of it
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.active: dict[str, tuple[Asked, datetime]] = {}
        self.refuses: tuple[int, bytes] | None = None
        self.grants: int | None = None
        self.method = "sha256"
        self.links = ""
        self.page: bytes | None = None

    @property
    def topic(self) -> str:
        return f"{self.url}/feed.xml"

    def feed(self, *entries: str) -> bytes:
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>A blog</title>'
            f'<link rel="self" href="{self.topic}"/><link rel="hub" href="{self.url}/hub"/>'
            f"{''.join(entries)}</feed>"
        ).encode()

    def answer(self, request: Request) -> Reply:
        if request.method == "GET":
            links = {"Link": self.links} if self.links else {}
            body = self.feed() if self.page is None else self.page
            return Reply(200, body, {"Content-Type": "application/atom+xml", **links})
        if self.refuses:
            return Reply(*self.refuses)
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form["hub.mode"] != "subscribe" or len(form["hub.secret"].encode()) >= 200:
            return Reply(400, b"hub.mode or hub.secret is wrong")
        lease = int(form.get("hub.lease_seconds", "864000"))
        self.asked.append(Asked(form["hub.callback"], form["hub.topic"], form["hub.secret"], lease))
        return Reply(202)

    # towards the door ------------------------------------------------------------------------------

    def verify(self, door: Door, now: datetime) -> int:
        """Ask back about every wish; how many were confirmed."""
        confirmed = 0
        for wish in self.asked:
            lease = wish.lease if self.grants is None else self.grants
            challenge = token_urlsafe(20)
            query = {"hub.mode": "subscribe", "hub.topic": wish.topic, "hub.challenge": challenge}
            query |= {"hub.lease_seconds": str(lease)} if lease else {}
            status, body = door("GET", urlsplit(wish.callback).path, urlencode(query), {}, b"")
            if (status, body) == (200, challenge):
                self.active[wish.callback] = wish, now + timedelta(seconds=lease or wish.lease)
                confirmed += 1
        self.asked.clear()
        return confirmed

    def deny(self, door: Door, reason: str) -> None:
        for wish in self.asked:
            query = urlencode({"hub.mode": "denied", "hub.topic": wish.topic, "hub.reason": reason})
            door("GET", urlsplit(wish.callback).path, query, {}, b"")
        self.asked.clear()

    def push(self, door: Door, body: bytes, now: datetime) -> list[int]:
        """To all whose lease holds; what each answers."""
        answers = []
        for callback, (wish, until) in self.active.items():
            if until > now:
                mac = hmac.new(wish.secret.encode(), body, self.method).hexdigest()
                headers = {"x-hub-signature": f"{self.method}={mac}", "content-type": "application/atom+xml"}
                answers.append(door("POST", urlsplit(callback).path, "", headers, body)[0])
        return answers
