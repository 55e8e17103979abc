"""What would come of something, before it is kept: a watch, a source, a file, a post.

What is refused there is refused here, in the same words and at the same fields; nothing is ever kept.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.brandfile import plain
from chalicelib.errors import BadInput
from chalicelib.web import keeping, looking, trial as trials, wishing
from chalicelib.web.api import brandfiles, imports, posts, settings
from chalicelib.web.api.brandfiles import NewFile
from chalicelib.web.api.call import Call
from chalicelib.web.api.imports import File
from chalicelib.web.api.posts import PostWish, Text
from chalicelib.web.api.settings import Piece
from chalicelib.web.api.shapes import Given, Moment, Shape, show
from chalicelib.web.looking import Look
from chalicelib.web.pages import watch as page


class Span(Shape):
    """`text[start:end]` is a term of a watch."""

    start: int
    end: int


class Hit(Shape):
    """A message, of a long one the part around the first term. `by`: the words and fields it fits by."""

    author: str
    at: Moment | None
    text: str
    terms: list[Span]
    by: list[str]


class ReadPrice(Shape):
    """Of a network that charges for being read: a `message`, and a `month` at the number that the watch
    finds, in US dollars; null where nothing of that network was kept yet."""

    platform: str
    message: float
    month: float | None


class Found(Shape):
    """Of the `looked` messages that were kept in the last `days` days, `count` fit; `hits` are the newest.
    `days` are fewer than 31 where something listened for less long, and one at least; `little`: under three,
    which is little to go by. `since`: those before were not looked at; null: all were. `prices` of the
    networks that charge for being read, and that such a watch is read from; `price`: their months together,
    as far as they are known."""

    looked: int
    count: int
    per_day: float
    days: float
    little: bool
    since: Moment | None
    price: float
    prices: list[ReadPrice]
    hits: list[Hit]


class WatchWish(Piece):
    """A watch as under settings; `at` is the id of a source that is asked without a key: it is tried on what
    is there now too. Where its network charges for that, it is asked only if `pays`: the cost is booked."""

    at: Annotated[str, Field(max_length=40, examples=[""])] = ""
    pays: bool = False


class Fetched(Shape):
    """Of the `count` messages that the source has now, `fits` fit; `hits` are the newest. `reason`: why it
    could not be asked. `asks`: nobody was, as nobody said that it `pays`, what it costs at most in US
    dollars; else null."""

    source: str
    count: int
    fits: int
    reason: str | None
    asks: float | None
    hits: list[Hit]


class WatchTrial(Found):
    """`before`: what the watch of this id finds as it is kept; null for a new one. `fetched`: what this one
    finds at the source that was named; null where none was."""

    before: Found | None
    fetched: Fetched | None


class SourceWish(Piece):
    """A source as under settings, with its `secret` where its network asks for one: that is not kept."""

    secret: Annotated[str, Field(max_length=keeping.LONGEST, repr=False)] = ""


class Feed(Shape):
    url: str
    title: str


class Item(Hit):
    """`kept`: it would be, as it is ours or fits a watch."""

    url: str
    kept: bool


class SourceTrial(Shape):
    """`source` is how it would be kept: the feed at its address, or the one that the page there names; null
    where the page names several, `feeds`, or none. `reason`: why it cannot be asked. `kept` of `count`
    messages would be kept, `week` are of the last seven days (null: some have no date), `items` the last.
    `known`: the id of the source that listens there already. `older`: the feed has older pages, which
    `backfill` reads."""

    source: dict[str, Any] | None
    known: str | None
    older: bool
    feeds: list[Feed]
    reason: str | None
    count: int
    kept: int
    week: int | None
    items: list[Item]


class Change(Shape):
    """`state` left: a source that the file does not name stays. What differs, `before` and `after`, as in the
    log."""

    section: str
    name: str
    state: Literal["new", "changed", "gone", "left"]
    before: str
    after: str


class FileTrial(Shape):
    """What the file would change."""

    changes: list[Change]


class Length(Shape):
    """As the channel's network counts; null where it sets no limit."""

    channel: str
    length: int | None
    room: int | None
    over: bool


class Texts(Given):
    """By channel."""

    texts: Annotated[dict[str, Text], Field(max_length=20)]


class TextsTrial(Shape):
    texts: list[Length]


class PostTrial(TextsTrial):
    """It can be planned, and leaves at `at`."""

    at: Moment


class Row(Shape):
    """A post of the file. `state` new: it would be planned; double: `post` has its title and moment already,
    so it is planned only with `doubles`; known or cancelled: it was planned before, as `post`."""

    title: str
    when: str
    zone: str
    at: Moment
    channels: list[str]
    state: Literal["new", "double", "known", "cancelled"]
    post: str | None


class ImportTrial(Shape):
    rows: list[Row]


def watch(call: Call, body: WatchWish) -> WatchTrial:
    """What a watch would have found. With the `id` of one there is, it is tried in its place; with `at`, over
    what a source has now too."""
    brand, _ = call.desk.brands.latest(call.brand.id)
    given = body.fields()
    kept = brand.watch(given.get("id", ""))
    own = kept.id if kept else ""
    if kept:
        given = settings.whole(plain.watch(kept), given, ("id",))
    found, faults = page.wished(call.visit, brand, own, given)
    if found is None:
        raise settings.faulty(faults)
    source = None
    if body.at:
        source = next((each for each, _ in call.desk.sources.of(brand.id) if each.id == body.at), None)
        if source is None or not source.interval:
            raise BadInput("at", "a source of the brand that is asked")
    now, before = page.trials(call.visit, brand, own, found)
    return WatchTrial(
        **_figures(now).model_dump(),
        before=_figures(before) if before else None,
        fetched=_fetched(body.at, trials.at_source(call.visit, source, found, pays=body.pays))
        if source
        else None,
    )


def source(call: Call, body: SourceWish) -> SourceTrial:
    """What is at a source: asked once, now. A web page that names a feed leads to it."""
    given = body.fields()
    settings.keyless("sources", given)
    if given.get("platform") == "feed" and not body.secret:
        return _looked(looking.at_address(call.visit, given))
    return _looked(looking.ask(call.visit, given, _secrets(given, body.secret)))


def file(call: Call, body: NewFile) -> FileTrial:
    """What a brand file would change."""
    found = brandfiles.understood(call, body)
    return FileTrial(changes=[show(Change, each) for each in found.changes])


def post(call: Call, body: PostWish) -> PostTrial:
    """Can this post be planned? How long it is on each channel, and when it leaves."""
    wish = posts.sound(call, body)
    return PostTrial(texts=_lengths(call, body.texts), at=wish.slot.at())


def imported(call: Call, body: File) -> ImportTrial:
    """What a file of posts would plan."""
    looked = imports.sound(call, body)
    found = []
    for wish in looked.wishes:
        state, there = looked.there(wish)
        found.append(
            show(
                Row,
                wish,
                when=wish.slot.wall,
                zone=wish.slot.zone,
                at=wish.slot.at(),
                channels=[channel for channel, _ in wish.texts],
                state=state,
                post=there.id if there else None,
            )
        )
    return ImportTrial(rows=found)


def texts(call: Call, body: Texts) -> TextsTrial:
    """How long texts are on their channels, also those that are too long."""
    return TextsTrial(texts=_lengths(call, body.texts))


def _fetched(source: str, found: trials.Fetched) -> Fetched:
    return Fetched(
        source=source,
        count=found.count,
        fits=found.fits,
        reason=found.reason or None,
        asks=found.asks or None,
        hits=[_hit(each) for each in found.hits],
    )


def _figures(found: trials.Trial) -> Found:
    prices = [show(ReadPrice, each) for each in found.prices]
    return show(Found, found, prices=prices, hits=[_hit(each) for each in found.hits])


def _hit(found: trials.Hit) -> Hit:
    return Hit(author=found.author, at=found.at, by=list(found.by), **_text(found))


def _text(hit: trials.Hit) -> dict[str, Any]:
    spans, at = [], 0
    for piece in hit.pieces:
        if piece.mood == trials.TERM:
            spans.append(Span(start=at, end=at + len(piece.text)))
        at += len(piece.text)
    return {"text": "".join(piece.text for piece in hit.pieces), "terms": spans}


def _secrets(given: plain.Plain, secret: str) -> dict[str, str]:
    """By the name that its platform knows it under. Raises BadInput where there is none to give."""
    named = settings.secret_names("sources", given)
    if not secret:
        return {}
    if not named or given.get("platform") == "webhook":
        raise BadInput("secret", "nothing: this is asked without")
    return {named[0]: secret}


def _looked(look: Look) -> SourceTrial:
    """Raises Refusal for what is wrong, each at its field."""
    if look.faults:
        raise settings.faulty(look.faults)
    return SourceTrial(
        source=settings.shown("sources", plain.source(look.source)) if look.source else None,
        known=look.known.id if look.known else None,
        older=look.older,
        feeds=[show(Feed, each) for each in look.links],
        reason=look.reason or None,
        count=look.count,
        kept=look.kept,
        week=look.week,
        items=[show(Item, each, **_text(each)) for each in look.hits],
    )


def _lengths(call: Call, texts: Mapping[str, str]) -> list[Length]:
    return [_length(call, channel, text) for channel, text in texts.items()]


def _length(call: Call, channel: str, text: str) -> Length:
    """Raises BadInput for a channel that there is not."""
    if call.brand.channel(channel) is None:
        raise BadInput(f"texts.{channel}", "there is no such channel")
    length, room = wishing.length(call.desk, call.brand, channel, text)
    known = room > 0
    return Length(
        channel=channel,
        length=length if known else None,
        room=room if known else None,
        over=known and length > room,
    )
