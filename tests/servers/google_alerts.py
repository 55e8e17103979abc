"""The feed of a Google alert, as it is seen: Atom, the newest twenty first, each behind Google's link."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import quote

from tests.servers.base import Reply, Request, Server

MOST = 20


@dataclass
class Hit:
    page: str
    text: str
    at: datetime


class GoogleAlerts(Server):
    """`find` lets Google find a page. `answers`: this status and body to everything; `rests`: 429 with these
    headers."""

    def __init__(self) -> None:
        super().__init__()
        self.hits: list[Hit] = []
        self.answers: tuple[int, bytes] | None = None
        self.rests: dict[str, str] | None = None

    def find(self, text: str, page: str = "") -> str:
        """Its address."""
        page = page or f"https://www.site{len(self.hits)}.example/a/{len(self.hits)}?x=1&y=2"
        at = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(minutes=len(self.hits))
        self.hits.append(Hit(page, text, at))
        return page

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rests is not None:
            return Reply(429, b"Sorry", self.rests)
        entries = [self._entry(n, hit) for n, hit in enumerate(self.hits)]
        body = (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
            f"<title>Google Alert - bread</title>{''.join(reversed(entries[-MOST:]))}</feed>"
        )
        return Reply(200, body.encode(), {"Content-Type": "application/atom+xml; charset=UTF-8"})

    @staticmethod
    def _entry(n: int, hit: Hit) -> str:
        link = f"https://www.google.com/url?rct=j&sa=t&url={quote(hit.page, safe=':/')}&ct=ga&usg=x"
        at = hit.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return (
            f"<entry><id>tag:google.com,2013:googlealerts/feed:{n}</id>"
            f'<title type="html">{escape("Our <b>bread</b>")}</title><link href="{escape(link)}"/>'
            f"<published>{at}</published><updated>{at}</updated>"
            f'<content type="html">{escape(escape(hit.text))}</content><author><name></name></author></entry>'
        )
