"""Google Alerts, as the contract is asked of it (`peers.py`)."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.platforms import google_alerts as module
from chalicelib.ports import Answer, Kit
from tests.platforms.memory import MemoryShelf
from tests.platforms.payloads import polled
from tests.platforms.peers import Net, Peer
from tests.servers.google_alerts import GoogleAlerts

ALERT = "https://www.google.com/alerts/feeds/123/456"
PAYLOADS = {"google_alerts_*": polled("google_alerts", {"url": ALERT}, kind="application/atom+xml")}


class AtGoogle:
    """`ports.Http` that finds Google at the server of the test."""

    def __init__(self, server: GoogleAlerts) -> None:
        from chalicelib.http import Http

        self._http = Http(allow=frozenset({(server.host, server.port)}))
        self._url = server.url

    def request(self, method: str, url: str, **how: object) -> Answer:
        found: Answer = self._http.request(method, url.replace("https://www.google.com", self._url), **how)  # type: ignore[arg-type]
        return found


def google_alerts(server: GoogleAlerts, url: str = ALERT) -> module.GoogleAlerts:
    """The platform module, connected to a server of `tests/servers/`."""
    return module.connect({"url": url}, {}, Kit(http=AtGoogle(server), shelf=MemoryShelf()))


class GoogleAlertsPeer(Peer):
    def __init__(self, server: GoogleAlerts) -> None:
        self._server = server
        self.source = self.our_source = google_alerts(server)

    def say(self, text: str) -> str:
        return self._server.find(text)


@contextmanager
def _google_alerts() -> Iterator[Peer]:
    with GoogleAlerts() as server:
        yield GoogleAlertsPeer(server)


NETS = {"google_alerts": Net(open=_google_alerts, posts=False, answers=False, lists=True)}
