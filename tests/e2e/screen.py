"""What is measured of a page in a real browser: read by axe, walked through by key, held against a ruler."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser as Chromium, Dialog, Page, Request

from tests.e2e.chromium import LONGEST, OUTPUT
from tests.web.browser import console
from tests.web.vocabulary import VOID
from tests.web.world import World

THUMB = 44
"""Pixels, both ways, of what is touched."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
GRAVE = ("serious", "critical")
RING = 2
"""Pixels, at least, around what has the focus."""

MEASURES = (Path(__file__).parent / "screen.js").read_text("utf-8")


@dataclass
class Screen:
    """One page of a browser, with the whole app behind it in this process."""

    page: Page
    console: str
    """Its address, without a slash at its end."""
    scripted: bool = True
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note what the browser complains of, and whom else it asks."""

        def said(kind: str, text: str) -> None:
            if kind in ("error", "warning", "dialog") and "status of 4" not in text:
                self.complaints.append(f"{kind}: {text}")

        def asked(dialog: Dialog) -> None:
            said("dialog", dialog.message)
            dialog.dismiss()

        def sent(request: Request) -> None:
            if not request.url.startswith(f"{self.console}/"):
                self.complaints.append(f"asked for {request.url}")

        self.page.on("console", lambda message: said(message.type, message.text))
        self.page.on("pageerror", lambda error: said("error", str(error)))
        self.page.on("dialog", asked)
        self.page.on("request", sent)

    def sign_in(self) -> None:
        """As Sam, without the form."""
        kept = {"webspin-id": "id-sam", "webspin-refresh": "refresh-sam"}
        for name, value in kept.items():
            self.page.context.add_cookies([{"name": name, "value": value, "url": self.console}])

    def speak(self, language: str) -> None:
        self.page.context.add_cookies([{"name": "webspin-lang", "value": language, "url": self.console}])

    def open(self, address: str) -> str:
        """The page as it was sent."""
        answer = self.page.goto(self.console + address)
        assert answer, address
        return answer.text()

    def tell(self) -> list[str]:
        """What was noted since the last time."""
        found = list(self.complaints)
        self.complaints.clear()
        return found

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def picture(self, name: str) -> None:
        """Keep what is seen, as far down as it goes."""
        size = self.page.viewport_size
        assert size
        high = int(self.page.evaluate("document.documentElement.scrollHeight"))
        self.resize(size["width"], min(max(size["height"], high), LONGEST))  # bars stay below
        self.page.screenshot(path=OUTPUT / f"{name}.png")
        self.resize(size["width"], size["height"])

    # what is measured -----------------------------------------------------------------------------

    def grave(self) -> list[str]:
        """What axe finds that keeps people out."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("(options) => axe.run(options)", RULES)
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in GRAVE
            for node in one["nodes"]
        ]

    def small(self) -> list[str]:
        return list(self._measure("small", THUMB))

    def beyond(self) -> list[str]:
        return list(self._measure("beyond"))

    def backwards(self) -> list[str]:
        return list(self._measure("backwards"))

    def unfold(self) -> None:
        """Open whatever can be opened."""
        self._measure("unfold")

    def by_key(self, most: int = 400) -> list[str]:
        """Walk through the page with the tab key: each stop has a ring, nothing over it, and its turn."""
        found, last, stops = [], -1, 0
        for _ in range(most):
            self.page.keyboard.press("Tab")
            stop = self._measure("focus")
            if stop is None or stop["at"] <= stop["first"] < last:
                break  # round the corner, and at the first link again
            if stop["ring"] < RING:
                found.append(f"no ring: {stop['said']}")
            if not stop["seen"]:
                found.append(f"hidden: {stop['said']}")
            if stop["at"] < last:
                found.append(f"out of order: {stop['said']}")
            last, stops = stop["at"], stops + 1
        return found if stops > 2 else [*found, f"only {stops} stops"]

    def misread(self, html: str) -> list[str]:
        """Where the browser's parser found another tree than was written: it mended something."""
        written, read = _written(html), list(self._measure("tree", html))
        pairs = enumerate(zip(written, read, strict=False))
        at = next((at for at, (one, other) in pairs if one != other), min(len(written), len(read)))
        if written[at:] == read[at:] == []:
            return []
        return [f"element {at}: written {written[at : at + 2]}, read {read[at : at + 2]}"]

    def _measure(self, name: str, given: object = None) -> Any:
        return self.page.evaluate(f"([name, given]) => ({MEASURES})[name](given)", [name, given])


@contextmanager
def served(world: World) -> Iterator[str]:
    """The whole app with this world on its desk; its address, without a slash at its end."""
    with console(world) as browser:
        turn = Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with turn:  # a test client answers one at a time
                    asked = dict(self.headers.items())
                    got = browser.client.http.request(self.command, self.path, headers=asked, body=body)
                self.send_response(got.status_code)
                for name, value in got.headers.items():
                    for each in value if isinstance(value, list) else [value]:
                        self.send_header(name, each)
                self.send_header("Content-Length", str(len(got.body)))
                self.end_headers()
                self.wfile.write(got.body)

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


def open_screen(chromium: Chromium, console: str, *, javascript: bool = True, **how: Any) -> Screen:
    """A fresh page; `how` as a context of Playwright takes it. Nothing moves, so nothing is waited for."""
    context = chromium.new_context(
        java_script_enabled=javascript, reduced_motion="reduce", locale="nl-NL", **how
    )
    made = Screen(context.new_page(), console, javascript)
    made.listen()
    return made


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"{self.depth} {tag}")
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"{self.depth} {tag}")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1


def _written(html: str) -> list[str]:
    """Every element as the source has it: how deep, and its name."""
    page = _Tags()
    page.feed(html)
    page.close()
    return page.found
