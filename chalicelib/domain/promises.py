"""What does an answer of ours promise, and by when? Rules over words, Dutch and English side by side.

A sentence is one promise, due at the first moment it names; or several, where each part of it promises and
names a moment of its own. None is what somebody else will do, what hangs on what they do first, a habit, a
question, and what is past. How often this is right is measured on written examples
(`tests/domain/test_promises.py`) and told in `docs/answering.md`.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from chalicelib.domain import honesty_words, promise_words as says, when
from chalicelib.domain.wording import pattern, sentences

UNDATED = 2
"""Working days for what names no moment: a guess, and shown as one."""
MOST = 8
"""Promises of one answer; who makes more makes too many."""


JOINTS = 20
"""Of one sentence that are looked at."""


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
    for sentence in filter(promises, sentences(text)):
        before = ""
        for part in parts(sentence, now, calendar):
            due = when.read(part, now, calendar, before)
            found.setdefault(part, Found(part, due or undated(now, calendar), due is not None))
            before = part
    return tuple(found.values())[:MOST]


def parts(sentence: str, now: datetime, calendar: when.Calendar) -> list[str]:
    """Of a sentence that promises: those that do so by a moment of their own; else the whole of it."""
    joints = list(islice(pattern(says.JOINT).finditer(sentence), JOINTS))
    ends = [*(joint.start() for joint in joints[1:]), len(sentence)]
    found, start = [], 0
    for joint, end in zip(joints, ends, strict=True) if joints else ():
        first, then = sentence[start : joint.start()], sentence[joint.end() : end]
        if all(_whole(each, now, calendar) for each in (first, then)):
            found.append(first)
            start = joint.end()
    return [*found, sentence[start:]]


def _whole(part: str, now: datetime, calendar: when.Calendar) -> bool:
    """Does it promise by itself, by a moment that it names? Who does it may have been said before."""
    binds = _binds(part) or pattern(says.GOES_ON).search(part)
    return bool(binds) and when.read(part, now, calendar) is not None


def undated(now: datetime, calendar: when.Calendar) -> datetime:
    """When a promise without a date is due."""
    return calendar.end(calendar.workday(calendar.today(now), UNDATED), now)


def promises(sentence: str) -> bool:
    """Does it bind us to something that is still to be done?"""
    if sentence.rstrip().endswith("?") or pattern(says.HANGS).search(sentence):
        return False
    if pattern(says.NONE).search(sentence):
        return False
    return _binds(sentence)


def _binds(part: str) -> bool:
    read = pattern(says.PAST).sub(" ", pattern(honesty_words.NO_PROMISE).sub(" ", part))
    return any(pattern(each).search(read) for each in (honesty_words.PROMISED, says.BINDS))
