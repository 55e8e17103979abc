"""The facts of a brand's month, read from the table: every row that its report rests on.

Mentions are listed by day, and the rest of each is read in batches; a case is found by its message and its
turns are read from its history, a post, a reply or a hand-over by the month's index. Rows are in the order of
their moment, then their id, so that the same items give the same facts. The whole month is held in memory,
some 1.5 KB a mention: up to `MOST` mentions; a month with more is refused, as a report over a part of it
would be wrong in every figure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain import rows
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.figures_heard import story_of
from chalicelib.domain.kinds import Kinds
from chalicelib.domain.measuring import Measurement
from chalicelib.domain.month import (
    UNASKED,
    VERSION,
    CaseRow,
    CopyRow,
    CostRow,
    DeedRow,
    DeliveryRow,
    Earlier,
    Facts,
    FollowingRow,
    HeldRow,
    MentionRow,
    Named,
    before,
    began,
    month_of,
    span,
)
from chalicelib.domain.people import passes_on
from chalicelib.domain.post import PostKey
from chalicelib.domain.source import Source, SourceState
from chalicelib.errors import BadInput
from chalicelib.ports import (
    Cases,
    Deliveries,
    Followings,
    Ledger,
    Listing,
    Measurements,
    Mentions,
    Mornings,
    Outgoing,
    Posts,
    Sources,
    Wanted,
)
from chalicelib.ports.heard import EVERYTHING

MOST = 100_000
BATCH = 1_000
AT_ONCE = 8
"""Reads of single items under way at the same time."""
EXCERPT = 120

Stretch = tuple[datetime, datetime]
"""A month's, from its first moment to the next one's."""
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    """Reads months from these ports."""

    mentions: Mentions
    cases: Cases
    deliveries: Deliveries
    posts: Posts
    measurements: Measurements
    followings: Followings
    mornings: Mornings
    sources: Sources
    ledger: Ledger

    def facts(
        self,
        brand: Brand,
        month: str,
        earlier: Sequence[Earlier],
        now: datetime,
        waited: Sequence[str] = (),
        since: datetime | None = None,
    ) -> Facts:
        """`month` as `yyyy-mm`; `waited` are turns that the report of the month before could not judge yet,
        `since` where its rows ended, if that is not where this month begins. Raises BadInput for a month that
        is too big."""
        start, end = span(month, brand.zone)
        stretch = (since or start, end)
        listings, kinds = self.listings(brand, stretch), Kinds(brand)
        own = [each for each in listings if not each.copy_of]
        copied = [each for each in listings if each.copy_of and kinds.ours(each)]
        outgoing = self.outgoing(brand, stretch)
        sources = self.sources.of(brand.id)
        first, last = _days(month, brand.zone)
        return Facts(
            v=VERSION,
            brand=brand.id,
            name=brand.name,
            month=month,
            zone=brand.zone,
            language=brand.languages[0],
            frozen_at=now.replace(microsecond=0),
            goals=tuple(Named(id=goal.id, name=goal.name) for goal in brand.goals),
            channels=tuple(Named(id=channel.id, name=channel.name) for channel in brand.channels),
            departments=tuple(Named(id=each.id, name=each.name) for each in brand.departments),
            watches=tuple(Named(id=watch.id, name=watch.name, kind=watch.kind) for watch in brand.watches),
            mentions=tuple(self._mentions(list(filter(kinds.ours, own)))),
            beside=tuple(self._mentions(list(filter(kinds.aside, own)))),
            held=tuple(self._held(brand, stretch)),
            copies=tuple(self._copies(copied)),
            cases=tuple(self._cases(brand, stretch, listings, waited)),
            handovers=tuple(rows.of_handover(*one) for one in self.cases.handed(brand.id, *stretch)),
            deliveries=tuple(self.deliveries_of(brand, outgoing)),
            following=tuple(
                FollowingRow(
                    channel=channel.id, day=one.day, followers=one.followers, following=one.following
                )
                for channel in brand.channels
                for one in self.followings.of(brand.id, channel.id, first, last)
            ),
            sources=tuple(rows.of_sources(sources, *stretch)),
            deeds=tuple(self._deeds(brand, first, last)),
            earlier=tuple(earlier),
            since=since,
            costs=tuple(self._costs(brand, month)),
            began=None if earlier else self._began(brand, month, sources, outgoing),
        )

    def _costs(self, brand: Brand, month: str) -> Iterator[CostRow]:
        """Of this month and the one before."""
        for book in self.ledger.books(brand.id, [month, before(month)]):
            for entry, amount in book.all_lines.items():
                id = "/".join((book.month, *entry))
                yield CostRow(id=id, month=book.month, micro_usd=amount, **entry._asdict())

    def _began(
        self,
        brand: Brand,
        month: str,
        sources: Iterable[tuple[Source, SourceState]],
        outgoing: Sequence[Outgoing],
    ) -> datetime | None:
        """Of a brand without an earlier report; what left in the month before is looked up too."""
        left = (*self.outgoing(brand, span(before(month), brand.zone)), *outgoing)
        return began(
            month, brand.zone, (*(source.connected_at for source, _ in sources), *(one.at for one in left))
        )

    def since(self, brand: Brand, months: Sequence[str]) -> str:
        """The month in which the brand began: of its first source, or the first of `months` (oldest first) in
        which something left; "" where there is neither."""
        connected = [month_of(source.connected_at, brand.zone) for source, _ in self.sources.of(brand.id)]
        first = min(connected, default="")
        unknown = (month for month in months if not first or month < first)
        return next((month for month in unknown if self.outgoing(brand, span(month, brand.zone))), first)

    def listings(self, brand: Brand, stretch: Stretch) -> list[Listing]:
        """The mentions by moment: of every UTC day that touches it, those that lie in it. Raises BadInput."""
        start, end = stretch
        found: list[Listing] = []
        day, last = start.date(), (end - timedelta(milliseconds=1)).date()
        while day <= last:
            on_day = self._day(brand.id, day.isoformat(), EVERYTHING)
            found += [listing for listing in on_day if start <= listing.posted_at < end]
            if len(found) > MOST:
                month = month_of(end - timedelta(milliseconds=1), brand.zone)
                raise BadInput("month", f"{month} has more than {MOST:,} mentions")
            day += timedelta(days=1)
        return sorted(found, key=lambda listing: (listing.posted_at, str(listing.key)))

    def outgoing(self, brand: Brand, stretch: Stretch) -> list[Outgoing]:
        """What left in it, or should have; not what a person called off."""
        found = self.deliveries.between(brand.id, *stretch)
        kept = (one for one in found if one.state is not DeliveryState.CANCELLED)
        return sorted(kept, key=lambda one: (one.at, str(one.key)))

    def _held(self, brand: Brand, stretch: Stretch) -> Iterator[HeldRow]:
        """What is held as noise, `MOST` at most: noise must not keep a report from being made."""
        start, end = stretch
        days = (start.date() + timedelta(days=n) for n in range((end.date() - start.date()).days + 1))
        listed = (
            each for day in days for each in self._day(brand.id, day.isoformat(), Wanted(state="noise"))
        )
        found = islice((each for each in listed if start <= each.posted_at < end), MOST)
        for each in sorted(found, key=lambda listing: (listing.posted_at, str(listing.key))):
            yield HeldRow(
                id=str(each.key),
                at=each.posted_at,
                platform=each.key.platform,
                author=each.author,
                language=each.language,
                text=each.excerpt,
                held=each.held,
            )

    def _day(self, brand: str, day: str, wanted: Wanted) -> Iterator[Listing]:
        before = ""
        while True:
            page, before = self.mentions.day(brand, day, limit=BATCH, before=before, wanted=wanted)
            yield from page
            if not before:
                return

    def _mentions(self, listings: Sequence[Listing]) -> Iterator[MentionRow]:
        """A message that expired since it was listed is told by its listing alone."""
        for batch in _batches(listings):
            whole = self.mentions.get_many([listing.key for listing in batch])
            for listing in batch:
                mention, verdict = whole.get(listing.key, (None, None))
                yield MentionRow(
                    id=str(listing.key),
                    at=listing.posted_at,
                    platform=listing.key.platform,
                    author=listing.author,
                    language=listing.language,
                    label=listing.label,
                    state=listing.state,
                    intents=verdict.reading.intents if verdict else (),
                    watches=listing.watches,
                    department=verdict.department if verdict else "",
                    text=listing.excerpt,
                    url=mention.url if mention else "",
                    source=mention.source if mention else "",
                    passed_on=bool(mention and passes_on(mention.text)),
                    story=story_of(mention.text) if mention else "",
                    reach=mention.author.followers if mention else None,
                )

    def _copies(self, listings: Sequence[Listing]) -> Iterator[CopyRow]:
        """One that expired since it was listed is left out: nobody knows where it stood."""
        for batch in _batches(listings):
            whole = self.mentions.get_many([listing.key for listing in batch])
            for listing in batch:
                if listing.key in whole:
                    yield rows.of_copy(*whole[listing.key])

    def _cases(
        self, brand: Brand, stretch: Stretch, listings: Iterable[Listing], waited: Sequence[str]
    ) -> list[CaseRow]:
        """A row for each turn of a case of which a message came in this month, or that `waited`."""
        said_of = (listing.key for listing in listings if listing.state not in UNASKED)
        asked = [CaseKey(key.brand, key.platform, key.id) for key in said_of]
        asked += [CaseKey(*turn.rpartition("/")[0].split("/", 2)) for turn in waited]
        if not asked:
            return []
        from chalicelib.domain.turns import of_month, row, turns

        found = _at_once(self.cases.find, asked)
        cases = list({case.key: case for case in found if case}.values())
        histories = _at_once(lambda case: self.cases.history(case.key), cases)
        here = [
            (case, turn, came)
            for case, (events, sent) in zip(cases, histories, strict=True)
            for turn in turns(case, events, sent)
            if (came := of_month(case, turn, stretch, waited))
        ]
        keys = {one.mention for _, turn, _ in here for one in turn.heard}
        said = self.mentions.get_many(sorted(keys, key=str))
        start, _ = stretch
        made = (row(case, turn, came, said, brand) for case, turn, came in here)
        marked = (replace(each, carried=each.received_at < start) for each in made if each)
        return sorted(marked, key=lambda each: (each.received_at, each.id))

    def deliveries_of(self, brand: Brand, outgoing: Sequence[Outgoing]) -> Iterator[DeliveryRow]:
        """Their rows, each with what its network said last."""
        for batch in _batches(outgoing):
            whole = {one.key: one for one in self.deliveries.get_many([one.key for one in batch])}
            of_posts = {key.owner for key in whole if isinstance(key.owner, PostKey)}
            posts = {post.key: post for post in self.posts.get_many(sorted(of_posts, key=str))}
            measured = self._measured(one for one in whole.values() if one.measured)
            for one in batch:
                if delivery := whole.get(one.key):
                    owner = delivery.key.owner
                    post = posts.get(owner) if isinstance(owner, PostKey) else None
                    yield rows.of_delivery(brand, one.at, delivery, post, measured.get(delivery.key))

    def _measured(self, deliveries: Iterable[Delivery]) -> dict[DeliveryKey, Measurement]:
        """The oldest age at which each was measured."""
        owners = sorted({delivery.key.owner for delivery in deliveries}, key=str)
        latest: dict[DeliveryKey, Measurement] = {}
        for key, measurement in (pair for of in _at_once(self.measurements.of, owners) for pair in of):
            if key not in latest or measurement.step > latest[key].step:
                latest[key] = measurement
        return latest

    def _deeds(self, brand: Brand, first: str, last: str) -> Iterator[DeedRow]:
        for morning in self.mornings.between(brand.id, first, last):
            for deed in morning.outreach:
                yield DeedRow(
                    day=morning.day,
                    deed=deed.deed.value,
                    state=deed.state.value,
                    platform=deed.platform,
                    author=deed.author,
                    url=deed.url,
                    by=deed.by,
                    link=deed.link,
                )


def _days(month: str, zone: str) -> tuple[str, str]:
    """The first and the last day, as the brand dates them."""
    start, end = span(month, zone)
    here = ZoneInfo(zone)
    last = (end - timedelta(milliseconds=1)).astimezone(here)
    return start.astimezone(here).date().isoformat(), last.date().isoformat()


def _batches(found: Sequence[A]) -> Iterator[list[A]]:
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _at_once(read: Callable[[A], B], asked: Sequence[A]) -> list[B]:
    """The answers in the order of what was asked."""
    if not asked:
        return []
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(read, asked))
