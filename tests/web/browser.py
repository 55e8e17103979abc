"""A browser for tests: keeps cookies, sends forms, knows no JavaScript."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from urllib.parse import urlencode

from chalice.test import Client, HTTPResponse

from chalicelib import wiring
from tests.web.world import World

HOST = "127.0.0.1:4580"


class Browser:
    """Keeps cookies and sends forms as a browser would; knows no JavaScript."""

    def __init__(self, client: Client, host: str = HOST) -> None:
        self.client = client
        self.host = host
        self.cookies: dict[str, str] = {}
        self.language = "nl"

    def signed_in(self) -> "Browser":
        self.cookies |= {"webspin-id": "id-sam", "webspin-refresh": "refresh-sam"}
        return self

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return self.send("GET", path, headers, b"")

    def post(self, path: str, form: dict[str, str], **headers: str) -> HTTPResponse:
        """With the token of a page that was opened before, and from our own origin."""
        if "webspin-csrf" not in self.cookies:
            self.get("/sign-in")
        given = {"csrf": self.cookies.get("webspin-csrf", ""), **form}
        sent = {
            "origin": f"http://{self.host}",
            "content-type": "application/x-www-form-urlencoded",
            **headers,
        }
        return self.send("POST", path, sent, urlencode(given).encode())

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> HTTPResponse:
        """As it is, with the cookies there are."""
        sent = {"host": self.host, "accept-language": self.language, **headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.http.request(method, path, headers=sent, body=body)
        for line in answer.headers.get("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in line:
                del self.cookies[name]
        return answer


@contextmanager
def console(world: World) -> Iterator[Browser]:
    """The whole app with this world on its desk."""
    from app import app

    with mock.patch.object(wiring, "desk", world.desk):
        yield Browser(Client(app))
