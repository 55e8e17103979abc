"""From a chat's own markup to words: what is held back stays as it is shown, signs of style go."""

import re
from collections.abc import Callable, Sequence

from chalicelib.platforms._text import tidy

_HELD = "\ue000"
"""Stands for what is no text to be styled: names, links."""


def style(sign: str) -> re.Pattern[str]:
    """Words between two of these signs (one character, perhaps twice), in time in proportion to the text."""
    one, mark = re.escape(sign[0]), re.escape(sign)
    if len(sign) > 1:
        return re.compile(rf"{mark}(?=\S)((?:(?!{mark})[^\n])++){mark}")
    return re.compile(rf"(?<![\w{one}]){mark}(?=\S)([^{one}\n]++)(?<=\S){mark}(?![\w{one}])")


def plain(
    text: str,
    held: re.Pattern[str],
    shown: Callable[[re.Match[str]], str],
    styles: Sequence[re.Pattern[str]],
    last: Callable[[str], str] = str,
) -> str:
    """`held` finds what is shown as `shown` says; `last` is done to all of it in the end."""
    text = text.replace(_HELD, "").replace("```", "\n")
    kept = iter([shown(mark) for mark in held.finditer(text)])
    text = held.sub(_HELD, text)
    for each in styles:
        text = each.sub(r"\1", text)
    return tidy(last(re.sub(_HELD, lambda _: next(kept), text)))
