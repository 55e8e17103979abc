"""The address of a page that a person pastes, to say where something of ours stands."""

import re

LONGEST = 2_000

_LABEL = r"[^/?#@:.\\\"<>\[\]]+"
_PAGE = re.compile(rf"https://{_LABEL}(\.{_LABEL})+(:[0-9]{{1,5}})?([/?#][^\\\"<>]*)?", re.IGNORECASE)


def is_page(url: str) -> bool:
    """Can it lead somewhere: https, a host with a dot in it and nobody's name before it, and nothing that
    is blank, not seen, or turns the rest around?"""
    return len(url) <= LONGEST and " " not in url and url.isprintable() and bool(_PAGE.fullmatch(url))
