"""E-mail by Amazon SES, asked for the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

from chalicelib.aws.mailbox import Mailbox
from chalicelib.http import Http
from chalicelib.platforms import connect, email as module
from chalicelib.ports import Kit, Page
from tests.platforms.memory import MemoryShelf
from tests.platforms.payloads import called
from tests.platforms.peers import Net, Peer
from tests.servers.email import BUCKET, US, Ses


@cache
def _session() -> Any:
    from botocore.session import get_session

    return get_session()


def client(server: Ses, name: str = "sesv2", **more: Any) -> Any:
    """As `aws/clients.py` makes one that does not ask again, of a server that stands for AWS."""
    from botocore.config import Config

    once = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 1}, **more)
    return _session().create_client(
        name,
        region_name="eu-west-1",
        endpoint_url=server.url,
        aws_access_key_id="fake",
        aws_secret_access_key="fake",
        config=once,
    )


def mailbox(server: Ses) -> Mailbox:
    ses = client(server)
    return Mailbox(lambda: ses, lambda: None, BUCKET)


def reached(server: Ses, id: str) -> str:
    """As the mentions of what it told say."""
    found = (each for call in server.calls for each in module.heard({}, module.only(call, US)))
    return next((each.author.url for each in found if each.id == id), "")


def email(server: Ses, **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    kit = Kit(http=Http(), shelf=MemoryShelf(), mailbox=mailbox(server), reached=partial(reached, server))
    return connect("email", {"account": US, **settings}, {}, kit)


class Called:
    """`Listens`, of who is called."""

    def __init__(self, server: Ses) -> None:
        self._server = server

    def listen(self, cursor: str) -> Page:
        calls = self._server.calls[int(cursor or 0) :]
        found = [each for call in calls for each in module.heard({}, module.only(call, US))]
        return Page(found=tuple(found), cursor=str(int(cursor or 0) + len(calls)))


class EmailPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    followed = False
    hears_itself = False
    polled = False
    traced = False
    keeps_tokens = False

    def __init__(self, server: Ses) -> None:
        self._server = server
        self.source = self.our_source = Called(server)
        self.channel = email(server)

    def say(self, text: str) -> str:
        return module.known_as(self._server.say(text), "anna@mail.example")

    def say_as_us(self, text: str) -> None:
        self._server.say(text, by=f"The bakery <{US}>")

    def ours(self) -> list[str]:
        return [each.text for each in self._server.sent]

    def fail(self, how: str) -> None:
        server = self._server
        server.refuses, server.denied = how == "refuse", how == "unauthorized"
        server.throttled = how == "rate-limited"
        server.answers = (503, b"<html>Down for maintenance</html>") if how == "down" else None
        server.fails_after_sending = how == "lost"


@contextmanager
def _email() -> Iterator[Peer]:
    with Ses() as server:
        yield EmailPeer(server)


NETS = {"email": Net(open=_email, posts=False, traced=False, keeps_tokens=False)}
PAYLOADS = {"ses_*": called("email"), "email_*": called("email")}
