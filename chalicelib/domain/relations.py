"""Whom to follow, what to share, what to answer: a morning's list, from the last month's mentions.

In two steps, so that few whole messages are read: `choose` picks from what the day index shows, `morning`
decides when those were read: some at a time, the best first, until enough fit. The same for the same input,
in whatever order it comes.

* Follow: glad on two days, a stakeholder, or who wrote about a topic or a peer of ours on two days; not whom
  we followed, nor whose last message was negative, and never on a channel where we would then follow more
  people than follow us.
* Share: clearly glad, of the last week, with an address, no part of a conversation with us, and asking or
  complaining of nothing.
* Answer: a question of the last week that is no case of ours: where no channel of ours reaches, or about a
  topic.

What only watches for topics and peers heard makes nobody a fan; what is said of a peer is not shared or
answered.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2s
from itertools import islice, zip_longest
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Action
from chalicelib.domain.drafting import draft
from chalicelib.domain.kinds import Kinds
from chalicelib.domain.measuring import Following
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.outreach import Deed, DeedState, Handle, Morning, Outreach
from chalicelib.domain.people import (
    Line,
    Person,
    Read,
    address,
    enthusiasts,
    fans,
    met,
    newest_first,
    page,
    to_follow,
    to_read,
)
from chalicelib.domain.response import subject
from chalicelib.domain.verdict import Verdict

WINDOW = timedelta(days=30)
RECENT = timedelta(days=7)
MOST = 5
READ, READ_AT_MOST = 50, 500
"""Of each kind so many are read whole at a time, and in all."""
ROOM = 280
"""Characters of a quote with its credit: what the tightest network takes."""
LEAST = 40
"""Characters of somebody's words below which quoting them says nothing."""
NAME = 60
SHOWN = 200
"""Characters of a message in the list."""
WANTS = frozenset({"question", "complaint"})
"""Whoever wants something is answered, not quoted."""

_WITHIN = str.maketrans("“”{}", "‘’()")
"""What in somebody's words would end the quote, or keep it from leaving as something to be filled in."""

T = TypeVar("T")
Whole = Callable[[Sequence[MentionKey]], Read]
"""Gives messages with their verdicts, those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What comes into question, the best first. `room`: how many more we may follow, by channel."""

    people: Mapping[Handle, Person]
    """By what they wrote of us."""
    enthusiasts: Sequence[Person]
    follow: Sequence[Person]
    share: Sequence[Line]
    answer: Sequence[Line]
    room: Mapping[str, int]

    @property
    def to_read(self) -> list[MentionKey]:
        """What is read first: some 350 at most, and what else of twenty people does not show in the index."""
        found = [key for one in self.enthusiasts for key in to_read(one)]
        found += [one.best.key for one in self.follow[:READ]]
        found += [line.key for line in (*self.share[:READ], *self.answer[:READ])]
        return list(dict.fromkeys(found))


def choose(
    brand: Brand,
    lines: Iterable[Line],
    followings: Mapping[str, Following],
    earlier: Sequence[Morning],
    followed: Collection[Handle],
    now: datetime,
) -> Choice:
    """`followings` are the latest counts by channel; `earlier` the lists of the last `WINDOW`: what they
    suggested is not suggested again. Nor is ever who is `followed`."""
    lines = newest_first(line for line in lines if now - WINDOW <= line.posted_at <= now)
    kinds = Kinds(brand)
    people = met(line for line in lines if kinds.ours(line))
    done = {one.mention for morning in earlier for one in morning.outreach if one.deed is not Deed.FOLLOW}
    known = {
        (one.platform, one.author)
        for morning in earlier
        for one in morning.outreach
        if one.deed is Deed.FOLLOW
    }.union(followed)
    told = (line for line in lines if kinds.ours(line) or kinds.topic(line))
    fresh = [line for line in told if now - line.posted_at <= RECENT and line.key not in done]
    room = {
        channel.id: left(followings.get(channel.id), earlier, brand.zone, open_too=True) or 0
        for channel in brand.channels
    }
    by_handle = {one.handle: one for one in people}
    open_to_us = {channel.platform for channel in brand.channels if room[channel.id] > 0}
    follow = to_follow(kinds, by_handle, lines, open_to_us)
    return Choice(
        people=by_handle,
        enthusiasts=enthusiasts(people),
        follow=[one for one in follow if one.handle not in known][:READ_AT_MOST],
        share=[line for line in fresh if line.glad][:READ_AT_MOST],
        answer=[line for line in fresh if line.state == "ignore"][:READ_AT_MOST],
        room=room,
    )


def morning(brand: Brand, choice: Choice, whole: Whole, *, day: str, now: datetime) -> Morning:
    """The list of `day`, the brand's own. `whole` gives messages, as far as they are there: first those of
    `choice.to_read`, and more of a kind while too few of it fit."""
    read = dict(whole(choice.to_read))
    make = _Maker(brand, choice, read, whole, day)
    answer = make.some(make.answer, choice.answer, _key_of)
    share = make.some(make.share, choice.share, _key_of)
    room = sum(left for left in choice.room.values() if left > 0)
    follow = make.some(make.follow, choice.follow, lambda one: one.best.key, make.with_room, min(MOST, room))
    return Morning(
        brand=brand.id,
        day=day,
        rev=1,
        made_at=now,
        outreach=_mixed(answer, share, follow),
        fans=fans(choice.enthusiasts, read),
        withheld=tuple(channel for channel, left in choice.room.items() if left <= 0),
    )


def quote(text: str, author: str, url: str, room: int = ROOM) -> str:
    """`“text”`, author and address in at most `room` characters, the text cut at a word; "" where too
    little of it would be left."""
    text = " ".join(text.split()).translate(_WITHIN)
    credit = f"\n{author}: {url}" if author else f"\n{url}"
    left = room - len(credit) - 2
    if len(text) > left <= LEAST:
        return ""
    return f"“{_cut(text, left)}”{credit}"


def _cut(text: str, room: int) -> str:
    """At most `room` characters, cut at a word."""
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[LEAST:] else cut).rstrip(" ,.;:") + "…"


def left(counted: Following | None, lists: Iterable[Morning], zone: str, *, open_too: bool) -> int | None:
    """How many more we may follow until as many as follow us; None where either is not given.

    A count is of a day, and some days old: whom `lists` let us follow since it, that day included, is
    followed; with `open_too` also whom they still suggest.
    """
    if counted is None or counted.followers is None or counted.following is None:
        return None
    here = ZoneInfo(zone)

    def taken(one: Outreach, day: str) -> bool:
        if one.deed is not Deed.FOLLOW or one.channel != counted.channel:
            return False
        if one.state is DeedState.OPEN:
            return open_too
        done = one.at.astimezone(here).date().isoformat() if one.at else day
        return one.state is DeedState.DONE and done >= counted.day

    since = sum(taken(one, morning.day) for morning in lists for one in morning.outreach)
    return counted.followers - counted.following - since


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes suggestions from whole messages; None where one turns out not to fit."""

    brand: Brand
    choice: Choice
    read: dict[MentionKey, tuple[Mention, Verdict | None]]
    whole: Whole
    day: str

    def some(
        self,
        make: Callable[[T], Outreach | None],
        chosen: Sequence[T],
        key: Callable[[T], MentionKey],
        fitting: Callable[[list[Outreach]], list[Outreach]] = list,
        enough: int = MOST,
    ) -> list[Outreach]:
        """The first that are `fitting`; more are read whole as long as those are not `enough`."""
        made: list[Outreach] = []
        for start in range(0, len(chosen), READ):
            few = chosen[start : start + READ]
            if start and (left := [key(one) for one in few if key(one) not in self.read]):
                self.read.update(self.whole(left))
            made += filter(None, map(make, few))
            if len(fitting(made)) >= enough:
                break
        return fitting(made)

    def with_room(self, follow: list[Outreach]) -> list[Outreach]:
        """On each channel as many as we may follow there: each on the first of ours at that network that has
        room left."""
        left, kept = dict(self.choice.room), []
        for one in follow:
            ours = (channel.id for channel in self.brand.channels if channel.platform == one.platform)
            if channel := next((each for each in ours if left[each] > 0), ""):
                left[channel] -= 1
                kept.append(replace(one, channel=channel))
        return kept

    def follow(self, one: Person) -> Outreach | None:
        mention, _ = self.read.get(one.best.key, (None, None))
        url = page(mention) if mention else ""
        return self._outreach(Deed.FOLLOW, one.best, url) if url else None

    def share(self, line: Line) -> Outreach | None:
        mention, verdict = self.read.get(line.key, (None, None))
        if mention is None or (mention.direct and mention.reply_to) or not address(mention.url):
            return None
        if verdict is None or not verdict.reading.strong or WANTS.intersection(verdict.reading.intents):
            return None
        # by name where there is one: a handle of one network may be somebody else's on another
        author = " ".join((mention.author.name or mention.author.handle).split())[:NAME].translate(_WITHIN)
        text = quote(mention.text, author, mention.url)
        return self._outreach(Deed.SHARE, line, mention.url, text) if text else None

    def answer(self, line: Line) -> Outreach | None:
        mention, verdict = self.read.get(line.key, (None, None))
        if mention is None or verdict is None or not address(mention.url):
            return None
        if mention.channel and not Kinds(self.brand).topic(line):
            return None
        if "question" not in verdict.reading.intents:
            return None
        return self._outreach(Deed.ANSWER, line, mention.url, self._reply(mention, verdict))

    def _reply(self, mention: Mention, verdict: Verdict) -> str:
        """From the brand's own template for a question in this language; else empty."""
        reading = verdict.reading
        made = draft(self.brand, mention, reading, Action.ANSWER, department=verdict.department)
        if made is None or made.language != reading.language or subject(reading) != "question":
            return ""
        for_questions = {template.id for template in self.brand.templates if template.when == "question"}
        return made.text if made.source in for_questions else ""

    def _outreach(self, deed: Deed, line: Line, url: str, text: str = "") -> Outreach:
        mention, verdict = self.read[line.key]
        platform = line.key.platform
        handle = (platform, line.author)
        theirs = self.choice.people.get(handle)
        ours = (channel.id for channel in self.brand.channels if channel.platform == platform)
        mark = blake2s(f"{self.day}/{deed}/{line.key}".encode(), digest_size=8).hexdigest()
        return Outreach(
            id=f"{deed}-{mark}",
            deed=deed,
            mention=line.key,
            platform=platform,
            author=line.author,
            url=url,
            excerpt=_cut(" ".join(mention.text.split()), SHOWN),
            language=verdict.reading.language if verdict else mention.language,
            times=len(theirs.lines) if theirs else 0,
            glad=theirs.glad if theirs else 0,
            aside=Kinds(self.brand).aside(line),
            channel=next(ours, ""),
            text=text,
        )


def _key_of(line: Line) -> MentionKey:
    return line.key


def _mixed(*kinds: Sequence[Outreach]) -> tuple[Outreach, ...]:
    """One of each kind in turn: more than two of one only where the others lack."""
    turns = (one for turn in zip_longest(*kinds) for one in turn if one)
    return tuple(islice(turns, MOST))
