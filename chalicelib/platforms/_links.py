"""What a page or feed says it belongs with: (rel, address) of its header `Link` (RFC 8288) and of its tags
`<link>`."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urljoin

HEAD = 300_000
"""Characters that are looked through: what it says of itself is at its top."""
_LINK = re.compile(r"<(?:[a-zA-Z]\w*:)?link\b([^>]{1,2000})>")
_SAYS = re.compile(r"""\b(rel|href)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HEADER = re.compile(r"""<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)""")
_REL = re.compile(r"""\brel\s*=\s*(?:"([^"]*)"|([^\s",;]+))""")


def in_header(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for found in _HEADER.finditer(headers.get("link", "")[:20_000]):
        if rel := _REL.search(found[2]):
            yield rel[1] or rel[2] or "", found[1]


def in_tags(text: str) -> Iterator[tuple[str, str]]:
    for link in _LINK.finditer(text[:HEAD]):
        says = {each[1]: unescape(each[2] or each[3] or "") for each in _SAYS.finditer(link[1])}
        if "rel" in says and says.get("href"):
            yield says["rel"], says["href"]


def joined(base: str, address: str) -> str:
    """ "" for what is no address."""
    try:
        return urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""
