"""A mention as a row: what was said, the verdict with its reasons and who corrected it, and its case."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import CaseKey
from chalicelib.domain.correcting import CHOICES
from chalicelib.domain.mention import HELD, Mention, MentionKey
from chalicelib.domain.verdict import Sentiment, Verdict
from chalicelib.ports import Listing
from chalicelib.web import held, outgoing, people
from chalicelib.web.reading import Piece, View, label, said_of, view
from chalicelib.web.visit import Visit
from chalicelib.web.worklist import SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`slug` names the mention in an address, "" where the work is of a department that the member does not
    see: then nothing can be done to it. `case` is the slug to look under, "" where the mention asked for
    nothing. `held`: why it is held, "" where it is not; `block`: its block may be lifted with it.
    `corrected` says who changed the verdict from what, "" for nobody. `choices` are what it may be corrected
    to: value, word. `edited`: when we heard that its author changed it, "" for never. `first` is the slug of
    the first of the same story, where this is a copy of it; `sites` how many others took this one over."""

    slug: str
    at: datetime
    author: str
    person: str
    network: str
    url: str
    lang: str
    said: tuple[Piece, ...]
    edited: str
    mood: str
    label: str
    view: View | None
    corrected: str
    case: str
    held: str
    block: bool
    choices: tuple[tuple[str, str], ...]
    first: str
    sites: int


@dataclass(frozen=True, slots=True)
class Toast:
    """What was just done, and with which form it is undone: the mention's slug and what it was ("": it
    is as it was)."""

    said: str
    slug: str
    was: str


def of_listing(visit: Visit, listing: Listing, mention: Mention | None, verdict: Verdict | None) -> Row:
    """From the index, with the whole mention where it is there."""
    asks = listing.state in ("answer", "thank") and _is_ours(visit, verdict)
    return _row(visit, listing, mention, verdict, asks)


def of_mention(visit: Visit, mention: Mention, verdict: Verdict, asks: bool) -> Row:
    """`asks`: it is a case's."""
    reading = verdict.reading
    listing = Listing(
        key=mention.key,
        posted_at=mention.posted_at,
        author=mention.author.handle,
        excerpt=mention.excerpt,
        language=reading.language,
        label=reading.sentiment.value,
        watches=mention.watches,
        state="",
        copy_of=mention.copy_of,
    )
    return _row(visit, listing, mention, verdict, asks)


def toast(visit: Visit) -> Toast | None:
    """From the address that a correction led to: what it was, what it is, and of which mention."""
    slug, _, moods = visit.query.get("corrected", "").partition(".")
    was, _, now = moods.partition(".")
    known = {choice.value for choice in Sentiment}
    try:
        MentionKey.from_slug(slug)
    except ValueError:
        return None
    return told(visit, slug, was, now) if was in known and now in known else None


def told(visit: Visit, slug: str, was: str, now: str) -> Toast:
    word = label(now, visit.words)
    if was == now:
        return Toast(visit.words.gettext("The verdict stays: %(feeling)s.", feeling=word), slug, "")
    return Toast(visit.words.gettext("The verdict is now: %(feeling)s.", feeling=word), slug, was)


def _row(visit: Visit, listing: Listing, mention: Mention | None, verdict: Verdict | None, asks: bool) -> Row:
    words, key = visit.words, listing.key
    mood = verdict.reading.sentiment.value if verdict else listing.label
    evidence = verdict.reading.evidence if verdict else ()
    said = mention.text if mention else listing.excerpt
    return Row(
        slug=key.slug if _is_ours(visit, verdict) else "",
        at=listing.posted_at,
        author=listing.author,
        person=people.path(key.platform, listing.author),
        network=words.network(key.platform),
        url=mention.url if mention else "",
        lang=outgoing.other(listing.language, words),
        said=tuple(said_of(mention, said, evidence, words, SHOWN)),
        edited=words.moment(mention.edit.at) if mention and mention.edit and not mention.gone else "",
        mood=mood,
        label=label(mood, words),
        view=view(mention, verdict, visit.brand, words) if mention and verdict else None,
        corrected=_corrected(visit, verdict),
        case=CaseKey(key.brand, key.platform, key.id).slug if asks else "",
        held=held.told(listing.held, visit.brand, words) if listing.state in HELD else "",
        block=listing.held.startswith(("author ", "site ")),
        choices=tuple((each.value, label(each.value, words)) for each in CHOICES),
        first=listing.copy_of.slug if listing.copy_of else "",
        sites=len(mention.sites) if mention else 0,
    )


def _is_ours(visit: Visit, verdict: Verdict | None) -> bool:
    """The work of a department of the member's, as far as we can tell from here."""
    return verdict is None or visit.brand.department(verdict.department) in visit.departments


def _corrected(visit: Visit, verdict: Verdict | None) -> str:
    if verdict is None or verdict.corrected is None:
        return ""
    found = verdict.corrected
    return visit.words.gettext(
        "by %(name)s; was %(feeling)s", name=found.by, feeling=label(found.was.sentiment.value, visit.words)
    )
