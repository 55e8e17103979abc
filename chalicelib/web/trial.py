"""A trial run: what a watch would have found, before it is kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.brand import Watch
from chalicelib.domain.matching import matches, spans, watches_of
from chalicelib.domain.mention import EXCERPT, Found
from chalicelib.ports import Listing
from chalicelib.web.reading import Piece
from chalicelib.web.visit import Visit

DAYS = 31
MOST = 1000
"""Mentions that one trial reads, the newest first."""
SHOWN = 10
BEFORE, LENGTH = 80, 300
"""Characters of a text that are shown before the first hit, and in all."""
TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A text with the terms that hit marked in it (`mood` TERM). `kept`: a watch asks for it."""

    author: str
    at: datetime | None
    pieces: tuple[Piece, ...]
    url: str = ""
    kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`looked` mentions since `since`; `count` of them fit, of which `hits` are the newest. `whole`: that is
    all there is of the last `DAYS` days."""

    looked: int
    count: int
    since: datetime | None
    whole: bool
    hits: tuple[Hit, ...]
    days: int

    @property
    def per_day(self) -> float:
        return self.count / self.days


def on_kept(visit: Visit, watch: Watch) -> Trial:
    """Over the mentions that were kept lately."""
    listed = list(_newest(visit))
    whole = len(listed) <= MOST
    listed = listed[:MOST]
    texts = _texts(visit, listed)
    found = [(each, texts[each.key]) for each in listed if each.key in texts]
    fits = [(each, text) for each, text in found if matches(watch, text, each.language)]
    since = None if whole or not listed else listed[-1].posted_at
    return Trial(
        looked=len(found),
        count=len(fits),
        since=since,
        whole=whole,
        hits=tuple(
            Hit(author=each.author, at=each.posted_at, pieces=marked(text, watch.terms))
            for each, text in fits[:SHOWN]
        ),
        days=max(1, (visit.now - since).days) if since else DAYS,
    )


def on_found(found: Sequence[Found], watches: Sequence[Watch], *, watched: bool) -> list[Hit]:
    """What a source holds now, newest first; `watched`: only what a watch asks for would be kept."""
    terms = tuple(term for watch in watches for term in watch.terms)
    return [
        Hit(
            author=each.author.handle,
            at=each.posted_at,
            pieces=marked(each.text, terms),
            url=each.url,
            kept=each.direct or not watched or bool(watches_of(watches, each.text, each.language)),
        )
        for each in reversed(found)
    ]


def marked(text: str, terms: tuple[str, ...]) -> tuple[Piece, ...]:
    """A part of the text around its first hit, in pieces."""
    hits = spans(terms, text)
    start = max(0, hits[0][0] - BEFORE) if hits and hits[0][0] > LENGTH - BEFORE else 0
    end = min(len(text), start + LENGTH)
    found = [Piece("…")] if start else []
    for first, last in hits:
        if first >= start and last <= end:
            found += [Piece(text[start:first]), Piece(text[first:last], TERM)]
            start = last
    found.append(Piece(text[start:end] + ("…" if end < len(text) else "")))
    return tuple(piece for piece in found if piece.text)


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


def _texts(visit: Visit, listed: Iterable[Listing]) -> dict[object, str]:
    """By key; an excerpt that is the whole text is not asked for again."""
    found: dict[object, str] = {}
    long = []
    for each in listed:
        if len(each.excerpt) >= EXCERPT:
            long.append(each.key)
        else:
            found[each.key] = each.excerpt
    whole = visit.desk.mentions.get_many(long)
    return {**found, **{key: mention.text for key, (mention, _) in whole.items()}}
