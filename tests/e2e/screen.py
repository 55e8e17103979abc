"""What is measured of a page in a real browser: read by axe, walked through by key, held against a ruler."""

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Dialog, Page, Route

from tests.e2e.chromium import LONGEST, OUTPUT
from tests.web.browser import HOST, Browser
from tests.web.vocabulary import VOID

THUMB = 44
"""Pixels, both ways, of what is touched."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = ("serious", "critical")
RING = 2
"""Pixels, at least, around what has the focus."""

MEASURES = (Path(__file__).parent / "screen.js").read_text("utf-8")


@dataclass
class Screen:
    """One page of a browser, with the whole app behind it in this process and no network at all."""

    page: Page
    console: Browser
    asked_elsewhere: list[str]
    complaints: list[str]

    def open(self, address: str) -> None:
        answer = self.page.goto(f"http://{HOST}{address}")
        assert answer, address

    def tell(self) -> list[str]:
        """What the browser complained of, and whom else it asked, since the last time."""
        found = [*self.asked_elsewhere, *self.complaints]
        self.asked_elsewhere.clear()
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
        found = Axe().run(self.page, options=RULES).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found
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


def open_screen(chromium: Chromium, console: Browser, *, javascript: bool = True, **how: Any) -> Screen:
    """A fresh page; `how` as a context of Playwright takes it. Nothing moves, so nothing is waited for."""
    context = chromium.new_context(
        java_script_enabled=javascript, reduced_motion="reduce", locale="nl-NL", **how
    )
    made = Screen(context.new_page(), console, [], [])
    _listen(context, made)
    return made


def _listen(context: BrowserContext, screen: Screen) -> None:
    """Answer what the page asks for from this process; note what it complains of."""

    def answer(route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        if parts.netloc != HOST:
            screen.asked_elsewhere.append(f"asked for {request.url}")
            route.abort()
            return
        ours = ("host", "cookie", "accept-language")
        kept = {name: value for name, value in request.headers.items() if name not in ours}
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        got = screen.console.send(request.method, path, kept, request.post_data_buffer or b"")
        headers = {name: value for name, value in got.headers.items() if isinstance(value, str)}
        headers.pop("Content-Length", None)
        route.fulfill(status=got.status_code, headers=headers, body=got.body)

    def said(kind: str, text: str) -> None:
        if kind in ("error", "warning", "dialog") and "status of 4" not in text:
            screen.complaints.append(f"{kind}: {text}")

    def asked(dialog: Dialog) -> None:
        said("dialog", dialog.message)
        dialog.dismiss()

    context.route("**/*", answer)
    screen.page.on("console", lambda message: said(message.type, message.text))
    screen.page.on("pageerror", lambda error: said("error", str(error)))
    screen.page.on("dialog", asked)


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
