"""What does an answer of ours promise, and by when? Rules over words, Dutch and English side by side.

A sentence is one promise at most, due at the first moment it names. None is what somebody else will do, what
hangs on what they do first, a habit, a question, and what is past. How often this is right is measured on
written examples (`tests/domain/test_promises.py`) and told in `docs/answering.md`.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import honesty_words, promise_words as says, when
from chalicelib.domain.wording import pattern, sentences

UNDATED = 2
"""Working days for what names no moment: a guess, and shown as one."""
MOST = 8
"""Promises of one answer; who makes more makes too many."""


@dataclass(frozen=True, slots=True)
class Found:
    """`passage` as it stands in the text; `due` in UTC. Not `dated`: it says no moment, `due` is
    our guess."""

    passage: str
    due: datetime
    dated: bool


def find(text: str, now: datetime, calendar: when.Calendar) -> tuple[Found, ...]:
    """The promises of a text that is sent `now` (aware), in its order; each passage once."""
    found: dict[str, Found] = {}
    for sentence in sentences(text):
        if promises(sentence) and len(found) < MOST:
            due = when.read(sentence, now, calendar)
            found.setdefault(sentence, Found(sentence, due or undated(now, calendar), due is not None))
    return tuple(found.values())


def undated(now: datetime, calendar: when.Calendar) -> datetime:
    """When a promise without a date is due."""
    return calendar.end(calendar.workday(calendar.today(now), UNDATED), now)


def promises(sentence: str) -> bool:
    """Does it bind us to something that is still to be done?"""
    if sentence.rstrip().endswith("?") or pattern(says.HANGS).search(sentence):
        return False
    if pattern(says.NONE).search(sentence):
        return False
    read = pattern(says.PAST).sub(" ", pattern(honesty_words.NO_PROMISE).sub(" ", sentence))
    return any(pattern(each).search(read) for each in (honesty_words.PROMISED, says.BINDS))
