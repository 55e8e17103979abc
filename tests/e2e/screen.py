"""What is measured of a page in a real browser: read by axe, walked through by key, held against a ruler."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Route

from tests.e2e.chromium import LONGEST, OUTPUT
from tests.web.browser import HOST, Browser
from tests.web.vocabulary import VOID

THUMB = 44
"""Pixels, both ways, of what is touched."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = ("serious", "critical")

TREE = """(html) => {
  const found = [];
  const walk = (one, depth) => {
    for (const child of one.children) {
      found.push(`${depth} ${child.localName}`);
      walk(child, depth + 1);
    }
  };
  walk(new DOMParser().parseFromString(html, "text/html"), 0);
  return found;
}"""
"""The elements as the browser's own parser understands them."""

SMALL = """(least) => {
  const shown = (one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible"
    && !one.closest(".unseen") && getComputedStyle(one).clipPath === "none";
  const running = (one) => {
    if (one.localName !== "a" || one.matches(".button") || !getComputedStyle(one).display.startsWith("inline")) return false;
    const block = one.closest("p, li, td, th, dd, dt, h1, h2, h3, figcaption, caption, summary");
    return block && block.textContent.trim().length > one.textContent.trim().length + 1;
  };
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => shown(one) && !running(one)).map((one) => {
      const boxes = [one, ...(one.labels || [])].map((each) => each.getBoundingClientRect());
      const wide = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
      const high = Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top));
      return { one, wide, high };
    })
    .filter(({ wide, high }) => wide < least - 0.5 || high < least - 0.5)
    .map(({ one, wide, high }) =>
      `${one.outerHTML.slice(0, 90)}: ${Math.round(wide)} by ${Math.round(high)}`);
}"""
"""What is smaller than a thumb. A link within a sentence may be as high as its line (WCAG 2.5.8)."""

BEYOND_THE_EDGE = """() => {
  const inside = (one) => {
    const box = one.closest("[tabindex='0'][role=region], svg, .unseen, thead");
    const folded = one.closest("details:not([open])");
    return (box && box !== one) || (folded && folded !== one && one.localName !== "summary");
  };
  const wide = document.documentElement.scrollWidth;
  const found = [...document.querySelectorAll("body *:not(.unseen)")]
    .filter((one) => one.getClientRects().length && !inside(one)
      && (one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1))
    .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`).slice(0, 3);
  return wide > innerWidth ? [`${wide} pixels wide`, ...found] : found;
}"""
"""What is cut off at the side, or makes one scroll sideways. What scrolls inside a region of its own does not."""

BACKWARDS = """() => {
  const still = (one) => {
    for (let up = one; up; up = up.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(up).position)) return false;
    }
    return true;
  };
  const seen = [...document.querySelectorAll("main :is(h1, h2, h3, p, label, input, select, textarea, button, a, summary, caption)")]
    .filter((one) => one.getClientRects().length && !one.closest(".unseen, svg, thead") && still(one)
      && getComputedStyle(one).position !== "absolute");
  const found = [];
  seen.slice(1).forEach((one, i) => {
    const [last, next] = [seen[i].getBoundingClientRect(), one.getBoundingClientRect()];
    if (next.bottom <= last.top + 1) {
      found.push(`${one.outerHTML.slice(0, 70)} stands above ${seen[i].outerHTML.slice(0, 70)}`);
    }
  });
  return found;
}"""
"""What comes later in the source, and stands higher on the page."""

FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(x, y);
  const all = [...document.querySelectorAll("*")];
  return {
    at: all.indexOf(one),
    said: one.outerHTML.slice(0, 90),
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    colour: style.outlineColor,
    seen: !!top && (one.contains(top) || top.contains(one) || [...(one.labels || [])].some((each) => each.contains(top))),
  };
}"""
"""What has the focus: where in the source it stands, its ring, and whether anything lies over it."""


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
        return list(self.page.evaluate(SMALL, THUMB))

    def beyond(self) -> list[str]:
        return list(self.page.evaluate(BEYOND_THE_EDGE))

    def unfold(self) -> None:
        """Open whatever can be opened."""
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def backwards(self) -> list[str]:
        return list(self.page.evaluate(BACKWARDS))

    def by_key(self, most: int = 400) -> list[str]:
        """Walk through the page with the tab key: each stop has a ring that is seen, in the source's order."""
        found, last, stops = [], -1, 0
        for _ in range(most):
            self.page.keyboard.press("Tab")
            stop: dict[str, Any] | None = self.page.evaluate(FOCUS)
            if stop is None or stop["at"] < last and stop["at"] <= self._first:
                break
            if stop["ring"] < 2:
                found.append(f"no ring: {stop['said']}")
            if not stop["seen"]:
                found.append(f"hidden: {stop['said']}")
            if stop["at"] < last:
                found.append(f"out of order: {stop['said']}")
            last, stops = stop["at"], stops + 1
        return found if stops > 2 else [*found, f"only {stops} stops"]

    @property
    def _first(self) -> int:
        """Where the first link of the page stands: after the last stop a walk begins anew."""
        return int(self.page.evaluate("[...document.querySelectorAll('*')].indexOf(document.querySelector('a'))"))

    def misread(self, html: str) -> list[str]:
        """Where the browser's parser found another tree than was written: it mended something."""
        written, read = _written(html), list(self.page.evaluate(TREE, html))
        pairs = zip(written, read, strict=False)
        first = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
        if first is None and len(written) == len(read):
            return []
        at = first if first is not None else min(len(written), len(read))
        return [f"element {at}: written {written[at : at + 2]}, read {read[at : at + 2]}"]


def open_screen(chromium: Chromium, console: Browser, *, javascript: bool = True, **how: Any) -> Screen:
    """A fresh page; `how` as a context of Playwright takes it. Nothing moves, so nothing is waited for."""
    context = chromium.new_context(java_script_enabled=javascript, reduced_motion="reduce", **how)
    made = Screen(context.new_page(), console, [], [])
    _listen(context, made)
    return made


def _listen(context: BrowserContext, screen: Screen) -> None:
    def answer(route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        if parts.netloc != HOST:
            screen.asked_elsewhere.append(f"asked for {request.url}")
            route.abort()
            return
        kept = {name: value for name, value in request.headers.items() if name not in ("host", "cookie")}
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        got = screen.console.send(request.method, path, kept, request.post_data_buffer or b"")
        headers = {
            name: value if isinstance(value, str) else value[-1]
            for name, value in got.headers.items()
            if name.lower() not in ("set-cookie", "content-length")
        }
        route.fulfill(status=got.status_code, headers=headers, body=got.body)

    def said(kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 4" not in text:
            screen.complaints.append(f"{kind}: {text}")

    context.route("**/*", answer)
    screen.page.on("console", lambda message: said(message.type, message.text))
    screen.page.on("pageerror", lambda error: said("error", str(error)))
    screen.page.on("dialog", lambda dialog: (screen.complaints.append("a dialog"), dialog.dismiss()))


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
