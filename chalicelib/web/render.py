"""From a template and its values to bytes. Autoescape is on, and a value that is missing is an error."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.web import static
from chalicelib.web.i18n import LANGUAGES, Words, catalogue, grouped

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
    for name in ("gettext", "ngettext"):
        said: Any = made.globals[name]
        made.globals[name] = _grouping(said, language)
    made.filters["link"] = link
    made.filters["handle"] = handle
    return made


def _grouping(said: Callable[..., str], language: str) -> Callable[..., str]:
    """As jinja2 has it, with the numbers in a sentence as they are written in its language."""
    from jinja2 import pass_context

    @pass_context
    def grouping(context: Any, *given: Any, **values: Any) -> str:
        counted = {"num": given[-1]} if len(given) > 1 else {}
        return said(context, *given, **grouped({**counted, **values}, language))

    return grouping


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
