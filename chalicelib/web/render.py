"""From a template and its values to bytes. Autoescape is on, and a value that is missing is an error."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.web import static
from chalicelib.web.i18n import LANGUAGES, Words, catalogue

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent / "templates"
_SANDBOX = re.compile(r"/sandbox/[a-z0-9-]+(?:\.[a-z0-9-]+)?#[\w-]+")
_USERINFO = re.compile(r"^https?://[^/?#]*@", re.IGNORECASE)


def html(template: str, values: Mapping[str, Any], words: Words) -> bytes:
    page = environment(words.language).get_template(template)
    return page.render(words=words, languages=LANGUAGES, asset=static.names(), **values).encode()


@cache
def environment(language: str) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    found = catalogue(language)
    made.install_gettext_callables(found.gettext, found.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters["link"] = link
    made.filters["handle"] = handle
    return made


def link(url: str) -> str:
    """`url` if it may be an href: http or https, nobody's name before the host; else "" (no link).

    What lies on the sandbox is on a page of ours.
    """
    if _SANDBOX.fullmatch(url):
        return url
    plain = len(url) <= 2000 and all(ord(c) > 32 and c not in '\\"<>\x7f' for c in url)
    if not plain or not url.lower().startswith(("https://", "http://")) or _USERINFO.match(url):
        return ""
    return url


def handle(author: str) -> str:
    """@name as networks write it; a name of more words (a newspaper's) as it is."""
    return author if not author or any(c.isspace() for c in author) else f"@{author.lstrip('@')}"
