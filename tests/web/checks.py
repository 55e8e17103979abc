"""What is wrong with a page? Tags that do not nest, ids twice, labels astray, what is inline or not ours.

And what the standard does not allow, see strict.py.
"""

from html.parser import HTMLParser

from tests.web.strict import unlawful

VOID = {"meta", "link", "input", "br", "img", "hr"}
SVG_EMPTY = {"path", "circle", "rect"}
BLOCKS = {"p", "div", "ul", "ol", "dl", "table", "form", "section", "h1", "h2", "h3", "details", "fieldset"}
"""What no paragraph holds: browsers would end it there."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.wanted: list[str] = []
        self.found: list[str] = []
        self.headings: list[int] = []
        self.labelled: set[str] = set()
        self.fields: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._attributes(tag, given)
        if tag in BLOCKS and "p" in self.open:
            self.found.append(f"<{tag}> inside <p>")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag not in VOID and tag not in SVG_EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.found.append(f"</{tag}> closes <{self.open[-1] if self.open else ''}>")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style") and data.strip():
            self.found.append(f"inline <{self.open[-1]}>")
        self.text.append(data)

    def _attributes(self, tag: str, given: dict[str, str]) -> None:
        if len(given) != len(set(given)):
            self.found.append(f"<{tag}> has an attribute twice")
        if given.get("http-equiv") == "refresh" and "noscript" not in self.open:
            self.found.append("a page that goes off by itself")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"inline {name} on <{tag}>")
            ours = ("/static/", "/posts/") if tag == "img" else ("/static/",)
            if name == "src" and not value.startswith(ours):
                self.found.append(f"<{tag}> from elsewhere: {value}")
        if id := given.get("id"):
            if id in self.ids:
                self.found.append(f"id {id} twice")
            self.ids.add(id)
        for name in ("aria-labelledby", "aria-describedby", "form"):
            self.wanted += given.get(name, "").split()
        if tag == "label" and "for" in given:
            self.wanted.append(given["for"])
            self.labelled.add(given["for"])
        field = tag in ("textarea", "select") or (tag == "input" and given.get("type") != "hidden")
        if field and not given.get("aria-label") and "label" not in self.open:
            self.fields.append(given.get("id", ""))
        if tag == "a" and given.get("href", "").startswith("#"):
            self.wanted.append(given["href"][1:])


def faults(html: str) -> list[str]:
    page = _read(html)
    found = list(page.found)
    found += [f"<{tag}> is never closed" for tag in page.open]
    found += [f"#{id} is not there" for id in page.wanted if id not in page.ids]
    found += [f"field {id!r} has no label" for id in page.fields if id not in page.labelled]
    if page.headings.count(1) != 1 or page.headings[:1] != [1]:
        found.append("not exactly one h1, first")
    found += [
        f"h{after} follows h{before}"
        for before, after in zip(page.headings, page.headings[1:], strict=False)
        if after > before + 1
    ]
    if not html.startswith("<!doctype html>"):
        found.append("no doctype")
    return found + unlawful(html)


def text_of(html: str) -> str:
    return " ".join("".join(_read(html).text).split())


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page
