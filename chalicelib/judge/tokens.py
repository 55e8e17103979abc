"""A text cut into words, faces and marks, each with its place in the original."""

import re
from typing import NamedTuple

from chalicelib.judge.faces import EMOJI, EMOTICONS

_MARKS = frozenset(".,;:!?…()\n")
_EMOTICON = "|".join(
    re.escape(form)
    for face in sorted(EMOTICONS, key=len, reverse=True)
    for form in dict.fromkeys((face, face.upper()))
)
# Names and links come first and are dropped: nobody's name or address may sway a judgement. Every
# alternative takes what it began without going back, so the whole is one pass.
_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+|@\w+(?:[.@-]\w+)*"
    rf"|((?:{_EMOTICON})(?!\w)"
    rf"|[{''.join(EMOJI)}]"
    r"|[^\W\d_]+(?:['’`´][^\W\d_]+)*"
    r"|[.,;:!?…()\n]+)"
)
_APOSTROPHES = str.maketrans("’`´", "'''")


class Token(NamedTuple):
    """`text` in small letters with plain apostrophes; the original is `whole[start:end]`."""

    text: str
    start: int
    end: int
    loud: bool = False
    """A word of three letters or more in capitals."""


def tokens(whole: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(whole):
        text = match[1]
        if text:
            loud = len(text) > 2 and text.isupper()
            found.append(Token(text.lower().translate(_APOSTROPHES), match.start(), match.end(), loud))
    return found


def is_word(text: str) -> bool:
    return text[0].isalpha()


def is_mark(text: str) -> bool:
    """Ends a clause."""
    return text[0] in _MARKS and text not in EMOTICONS
