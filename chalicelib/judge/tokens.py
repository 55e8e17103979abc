"""A text cut into words, faces, numbers and marks, each with its place in the original."""

import re
from typing import NamedTuple

from chalicelib.judge.faces import EMOTICONS

LONGEST = 3_000
"""Characters read of a text: a verdict on what stands behind them would be late and no other."""
_MARKS = frozenset(".,;:!?…()\n")
_EMOTICON = "|".join(
    re.escape(form)
    for face in sorted(EMOTICONS, key=len, reverse=True)
    for form in dict.fromkeys((face, face.upper()))
)
# Names and links come first and are dropped: nobody's name or address may sway a judgement. Every
# alternative takes what it began without going back, so the whole is one pass.
_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+|\bhttps?\b|@\w+(?:[.@-]\w+)*"
    rf"|((?:{_EMOTICON})(?!\w)"
    r"|[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\u2B55\u203C\u2049]"
    r"|[^\W\d_]+(?:['’`´][^\W\d_]+)*"
    r"|\d[\d.,:]*"
    r"|[.,;:!?…()\n]+|[%€$£&*/\"“”‘’+=-])"
)
_APOSTROPHES = str.maketrans("’`´", "'''")
_CAMEL = re.compile(r"[^\W\d_][^\WA-Z\d_]*")


class Token(NamedTuple):
    """`text` in small letters with plain apostrophes; the original is `whole[start:end]`."""

    text: str
    start: int
    end: int
    loud: bool = False
    """A word of three letters or more in capitals."""


def tokens(whole: str) -> list[Token]:
    """Of the first `LONGEST` characters. A hashtag written #LikeThis is two words."""
    found = []
    for match in _TOKEN.finditer(whole, 0, LONGEST):
        text = match[1]
        if text:
            start = match.start()
            if text[0].isalpha() and not text.islower() and len(text) > 2:
                if start and whole[start - 1] == "#" and not text.isupper():
                    found += [
                        Token(part[0].lower(), start + part.start(), start + part.end())
                        for part in _CAMEL.finditer(text)
                    ]
                    continue
                found.append(Token(text.lower().translate(_APOSTROPHES), start, match.end(), text.isupper()))
            else:
                found.append(Token(text.lower().translate(_APOSTROPHES), start, match.end()))
    return found


def is_word(text: str) -> bool:
    return text[0].isalpha()


def is_mark(text: str) -> bool:
    """Ends a clause."""
    return text[0] in _MARKS and text not in EMOTICONS


def is_said(text: str) -> bool:
    """Anything but numbers and signs, which no phrase of ours holds."""
    return not text[0].isdigit() and text[0] not in '%€$£&*/"“”‘’+=-'
