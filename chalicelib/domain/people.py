"""The authors we met, across their messages; and who of them are our fans.

A fan is glad on more than one occasion, and last of all not unhappy. They are ranked by enthusiasm (on how
many days they were glad) and by sharing (how often they passed something on), never by follower count.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.kinds import Kinds
from chalicelib.domain.mention import EXCERPT, Mention, MentionKey
from chalicelib.domain.outreach import Fan, Handle
from chalicelib.domain.verdict import Sentiment, Verdict

FANS = 10
GLAD = 2
"""Glad messages a fan has at least."""
LOOKED_AT, MESSAGES_EACH = 20, 10
"""How many people's messages are read whole to rank them, and how many of each; of the others those of which
the index does not show whether they pass something on."""

_PASSED_ON = re.compile(r"https?://\S|^(?:RT|FWD?)\b|\bvia @\w|[“”»]", re.IGNORECASE)

Read = Mapping[MentionKey, tuple[Mention, Verdict | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A mention as the day index shows it. `day` is the brand's own."""

    key: MentionKey
    posted_at: datetime
    day: str
    author: str
    label: str
    watches: tuple[str, ...]
    state: str
    passed_on: bool | None
    """As far as its beginning shows (`passes_on`): None where the rest would have to be read."""

    @property
    def glad(self) -> bool:
        return self.label == Sentiment.POSITIVE


@dataclass(frozen=True, slots=True)
class Person:
    """`lines` newest first."""

    handle: Handle
    lines: tuple[Line, ...]

    @property
    def glad(self) -> int:
        return sum(line.glad for line in self.lines)

    @property
    def glad_days(self) -> int:
        return len({line.day for line in self.lines if line.glad})

    @property
    def soured(self) -> bool:
        """Their last message was negative."""
        return self.lines[0].label == Sentiment.NEGATIVE

    @property
    def best(self) -> Line:
        """Their newest glad message; the newest of all where none is."""
        return next((line for line in self.lines if line.glad), self.lines[0])


def newest_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.posted_at, str(line.key)), reverse=True)


def met(lines: Iterable[Line]) -> list[Person]:
    """By platform and handle; a message without a name is nobody's."""
    by_handle: dict[Handle, list[Line]] = defaultdict(list)
    for line in newest_first(lines):
        if line.author:
            by_handle[line.key.platform, line.author].append(line)
    return [Person(handle, tuple(by_handle[handle])) for handle in sorted(by_handle)]


def by_gladness(people: Iterable[Person]) -> list[Person]:
    """Those glad on most days first."""
    return sorted(people, key=lambda one: (-one.glad_days, -one.glad, one.handle))


def enthusiasts(people: Iterable[Person]) -> list[Person]:
    """Fans, whose messages are to be read to rank them."""
    return by_gladness(one for one in people if is_fan([line.label for line in one.lines]))[:LOOKED_AT]


def to_follow(
    kinds: Kinds, people: Mapping[Handle, Person], told: Iterable[Line], open_to_us: Collection[str]
) -> list[Person]:
    """`people` by what they wrote of us, `told` that and of topics and peers. Those glad of us first."""

    def fits(one: Person) -> bool:
        us = people.get(one.handle)
        if (us and us.soured) or one.handle[0] not in open_to_us:
            return False
        beside = {line.day for line in one.lines if kinds.aside(line)}
        glad = us.glad_days if us else 0
        return glad >= 2 or len(beside) >= 2 or any(map(kinds.stakeholder, one.lines))

    fitting = list(filter(fits, met(told)))
    of_us = [people[one.handle] for one in fitting if one.handle in people]
    return [*by_gladness(of_us), *by_gladness(one for one in fitting if one.handle not in people)]


def is_fan(labels: Sequence[str]) -> bool:
    """Of somebody's messages, newest first: glad more than once, more often than not, and last not unhappy.
    The rule of the morning's list and of the month's report."""
    glad = sum(label == Sentiment.POSITIVE for label in labels)
    return glad >= GLAD and glad * 2 > len(labels) and labels[0] != Sentiment.NEGATIVE


def fans(enthusiasts: Sequence[Person], read: Read) -> tuple[Fan, ...]:
    """The first `FANS`: glad on most days, then passing on most."""
    found = [(one, _fan(one, read)) for one in enthusiasts]
    found.sort(key=lambda pair: (-pair[0].glad_days, -pair[1].shared, -pair[1].glad, pair[0].handle))
    return tuple(fan for _, fan in found[:FANS])


def passes_on(text: str) -> bool:
    """Does it bring on a page, or somebody else's words?"""
    return bool(_PASSED_ON.search(text))


def begins_passing_on(excerpt: str) -> bool | None:
    """Does a message that begins so pass something on? None where what comes after it may."""
    return passes_on(excerpt) or (None if len(excerpt) >= EXCERPT else False)


def to_read(one: Person) -> list[MentionKey]:
    """Of which messages the whole is needed to make a fan of somebody."""
    newest, older = one.lines[:MESSAGES_EACH], one.lines[MESSAGES_EACH:]
    return [line.key for line in (*newest, *(line for line in older if line.passed_on is None))]


def address(url: str) -> str:
    """The address of a page, or "" for anything else that strangers call an address."""
    return url if url.startswith(("https://", "http://")) else ""


def page(mention: Mention) -> str:
    """Where its author is found; else their message."""
    return address(mention.author.url) or address(mention.url)


def _fan(one: Person, read: Read) -> Fan:
    whole = [read[line.key][0] for line in one.lines if line.key in read]
    platform, author = one.handle
    return Fan(
        platform=platform,
        author=author,
        url=next(filter(None, map(page, whole)), ""),
        glad=one.glad,
        times=len(one.lines),
        days=len({line.day for line in one.lines}),
        shared=sum(_passed_on(line, read) for line in one.lines),
        last=one.lines[0].key,
    )


def _passed_on(line: Line, read: Read) -> bool:
    if line.passed_on is None:
        return line.key in read and passes_on(read[line.key][0].text)
    return line.passed_on
