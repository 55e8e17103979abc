"""A trial run: what a watch would have found, before it is kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import conditions, matching
from chalicelib.domain.brand import Watch
from chalicelib.domain.conditions import Heard
from chalicelib.domain.matching import Matcher, query_of
from chalicelib.domain.mention import EXCERPT, Found, Mention
from chalicelib.domain.query import fields
from chalicelib.domain.source import Source
from chalicelib.errors import BadInput, PlatformError
from chalicelib.ports import Listing
from chalicelib.web import listening
from chalicelib.web.reading import Piece
from chalicelib.web.reasons import told
from chalicelib.web.visit import Visit

DAYS = 31
MONTH = 30
LEAST, LITTLE = 1, 3
"""Days: what comes is never spread over less than the one, and under the other it is little to go by."""
MOST = 1000
"""Mentions that one trial reads, the newest first."""
SHOWN = 10
BEFORE, LENGTH = 80, 300
"""Characters of a text that are shown before the first hit, and in all."""
TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A text with the terms that hit marked in it (`mood` TERM). `kept`: a watch asks for it, `by` these
    words and fields."""

    author: str
    at: datetime | None
    pieces: tuple[Piece, ...]
    url: str = ""
    kept: bool = True
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What reading costs at a network that charges, by the dearest source there that such a watch is read
    from: a `message`, and a `month` at the number it would find, in US dollars; None where nothing of that
    network was kept, so that nobody knows how many."""

    platform: str
    message: float
    month: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`looked` mentions since `since`; `count` of them fit, of which `hits` are the newest. `whole`: that is
    all there is of the last `DAYS` days. `days`: how long something listened for that, a day at least.
    `prices` of the networks that charge for being read."""

    looked: int
    count: int
    since: datetime | None
    whole: bool
    hits: tuple[Hit, ...]
    days: float
    prices: tuple[Price, ...] = ()

    @property
    def per_day(self) -> float:
        return self.count / self.days

    @property
    def little(self) -> bool:
        """Is it little to go by?"""
        return self.days < LITTLE

    @property
    def price(self) -> float:
        """A month, as far as it is known."""
        return sum(each.month or 0.0 for each in self.prices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a watch finds among the `count` items that a source has now; `reason`: why it could not be
    asked. `asks`: nobody was, until a person says yes to what it costs at most, in US dollars."""

    name: str
    asks: float = 0.0
    count: int = 0
    fits: int = 0
    hits: tuple[Hit, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Mentions that were kept lately, newest first, with what can be asked of each. `whole`: all there is of
    the last `DAYS` days. `days`: for how long something listened here, a day at least."""

    listed: tuple[tuple[Listing, Heard], ...]
    since: datetime | None
    whole: bool
    days: float


def kept(visit: Visit, *watches: Watch) -> Kept:
    """As these watches need it: what only the whole message tells is read where one asks for it."""
    listed = list(_newest(visit))
    whole = len(listed) <= MOST
    listed = listed[:MOST]
    found = _heard(visit, listed, all_of_it=any(fields(query_of(watch)) for watch in watches))
    return Kept(
        listed=tuple((each, found[each.key]) for each in listed if each.key in found),
        since=None if whole or not listed else listed[-1].posted_at,
        whole=whole,
        days=_span(visit, listed, whole=whole),
    )


def _span(visit: Visit, listed: Sequence[Listing], *, whole: bool) -> float:
    """Days of which these are what was kept: since the oldest of them, or since we listen where that is
    longer ago and there were no more."""
    began = [listed[-1].posted_at] if listed else []
    if whole:
        began += [source.connected_at for source, _ in visit.desk.sources.of(visit.brand.id)]
    since = min(began, default=visit.now - timedelta(days=DAYS))
    return min(max((visit.now - since) / timedelta(days=1), LEAST), DAYS)


def on_kept(visit: Visit, watch: Watch, lately: Kept | None = None) -> Trial:
    """Over the mentions that were kept lately."""
    lately = lately or kept(visit, watch)
    matcher = Matcher([query_of(watch)])
    fits = [(each, of, found[0]) for each, of in lately.listed if (found := matcher.found(of))]
    days = lately.days
    return Trial(
        looked=len(lately.listed),
        count=len(fits),
        since=lately.since,
        whole=lately.whole,
        hits=tuple(
            Hit(
                author=each.author,
                at=each.posted_at,
                pieces=marked(of.text, matcher.hits(of, [0])),
                by=(*match.terms, *match.fields),
            )
            for each, of, match in fits[:SHOWN]
        ),
        days=days,
        prices=tuple(_prices(visit, watch, lately, [each for each, _, _ in fits])),
    )


def at_source(visit: Visit, source: Source, watch: Watch, *, pays: bool = False) -> Fetched:
    """What is there now at a source that asks for no key; where its network charges for that, only once a
    person says yes to it: it is booked as any reading, and within its budget."""
    if not visit.desk.keyless(source.platform):
        raise BadInput("at", "a source that is asked without a key")
    if not pays and (asks := costs(visit, source)):
        return Fetched(name=source.name, asks=asks)
    try:
        page = visit.desk.try_source(source, {})
    except (PlatformError, BadInput) as error:
        said = error.reason if isinstance(error, PlatformError) else f"the source is not set up well: {error}"
        return Fetched(name=source.name, reason=listening.sentence(told(said, visit.words)))
    fits = [hit for hit in on_found(page.found, [watch], source) if hit.by]
    return Fetched(name=source.name, count=len(page.found), fits=len(fits), hits=tuple(fits[:SHOWN]))


def on_found(found: Sequence[Found], watches: Sequence[Watch], source: Source) -> list[Hit]:
    """What a source holds now, newest first; of one that is `watched` only what a watch asks for would be
    kept."""
    matcher = Matcher(map(query_of, watches))
    hits = []
    for each in reversed(found):
        of = conditions.heard(each, platform=each.platform or source.platform)
        matches = matcher.found(of)
        hits.append(
            Hit(
                author=each.author.handle,
                at=each.posted_at,
                pieces=marked(each.text, matcher.hits(of, [match.number for match in matches])),
                url=each.url,
                kept=each.direct or not source.watched or bool(matches),
                by=tuple(said for match in matches for said in (*match.terms, *match.fields)),
            )
        )
    return hits


def marked(text: str, hits: Sequence[matching.Hit]) -> tuple[Piece, ...]:
    """A part of the text around its first hit, in pieces."""
    start = max(0, hits[0].start - BEFORE) if hits and hits[0].start > LENGTH - BEFORE else 0
    end = min(len(text), start + LENGTH)
    found = [Piece("…")] if start else []
    for hit in hits:
        if hit.start >= start and hit.end <= end:
            found += [Piece(text[start : hit.start]), Piece(text[hit.start : hit.end], TERM)]
            start = hit.end
    found.append(Piece(text[start:end] + ("…" if end < len(text) else "")))
    return tuple(piece for piece in found if piece.text)


def costs(visit: Visit, source: Source) -> float:
    """Asking it once for as few as it gives, in US dollars at most; 0 where that costs nothing."""
    prices = visit.desk.read_prices(source)
    return prices.cost(prices.least) / 1_000_000 if prices else 0.0


def _prices(visit: Visit, watch: Watch, lately: Kept, found: Sequence[Listing]) -> Iterator[Price]:
    """Of the networks that this watch would be read from; a source that is for another watch is not."""
    dearest: dict[str, float] = {}
    for source, _ in visit.desk.sources.of(visit.brand.id):
        if source.watch in ("", watch.id) and (prices := visit.desk.read_prices(source)):
            dearest[source.platform] = max(dearest.get(source.platform, 0.0), prices.read / 1_000_000)
    there = {each.key.platform for each, _ in lately.listed}
    for platform, message in sorted(dearest.items()):
        count = sum(each.key.platform == platform for each in found)
        month = message * count / lately.days * MONTH if platform in there else None
        yield Price(platform=platform, message=message, month=month)


def _newest(visit: Visit) -> Iterator[Listing]:
    """Until there are more than `MOST`, or `DAYS` days have been read."""
    count = 0
    for back in range(DAYS):
        day, before = (visit.now - timedelta(days=back)).date().isoformat(), ""
        while True:
            found, before = visit.desk.mentions.day(visit.brand.id, day, limit=200, before=before)
            yield from found
            count += len(found)
            if count > MOST:
                return
            if not before:
                break


def _heard(visit: Visit, listed: Iterable[Listing], *, all_of_it: bool) -> dict[object, Heard]:
    """By key; an excerpt that is the whole text is not asked for again, unless `all_of_it` is needed."""
    found: dict[object, Heard] = {}
    whole = []
    for each in listed:
        if all_of_it or len(each.excerpt) >= EXCERPT:
            whole.append(each.key)
        else:
            found[each.key] = Heard(text=each.excerpt, platform=each.key.platform, author=each.author)
    known = visit.desk.mentions.get_many(whole)
    mentions: dict[object, Mention] = {key: mention for key, (mention, _) in known.items()}
    return found | {key: conditions.heard(mention) for key, mention in mentions.items()}
