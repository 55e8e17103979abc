"""What an address holds, seen before a source is kept: its newest items, the feeds its page names, or why
not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.brandfile.connected import CONNECTED
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.domain.feed_address import feed_address, lacks_server, page_address
from chalicelib.domain.keyring import TOKEN
from chalicelib.domain.source import Source
from chalicelib.errors import BadInput, PlatformError
from chalicelib.ports import FeedLink
from chalicelib.web import keeping, listening, trial
from chalicelib.web.i18n import N_
from chalicelib.web.reasons import told
from chalicelib.web.trial import Hit
from chalicelib.web.visit import Visit

NO_SERVER = N_(
    "A name alone does not say where it is: write @somebody@mastodon.example, @somebody.bsky.social, "
    "r/thenetherlands, or the address of a page."
)
NOTHING_OLDER = N_("This feed has no older pages: what it shows now is all that it tells of before.")
PREVIEW = 10
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an address holds: a source as it would be kept and its newest items, or the feeds its page names,
    or a reason why not. `kept` of `count` items would be kept; `week` of them are of the last seven days:
    None where some have no date. `known` is the source that listens there already. `older`: has
    it pages with what was there before?"""

    source: Source | None = None
    known: Source | None = None
    hits: tuple[Hit, ...] = ()
    count: int = 0
    kept: int = 0
    week: int | None = None
    older: bool = False
    links: tuple[FeedLink, ...] = ()
    reason: str = ""
    faults: tuple[Fault, ...] = ()


def at_address(visit: Visit, given: Plain) -> Look:
    """The feed of what was pasted as `url`: where its network has it, at that address, or named by the page
    there."""
    pasted = str(given.get("url", ""))
    if lacks_server(pasted):
        return Look(reason=visit.words.gettext(NO_SERVER))
    page = page_address(pasted)
    given = {**given, "url": feed_address(pasted)}
    source, faults = keeping.wish(visit, {"name": _name(pasted, given["url"]), **_filled(given)})
    if source is None:
        return Look(faults=tuple(faults))
    look = _tried(visit, source, {})
    guessed = page not in ("", given["url"])
    elsewhere = "web page" in look.reason or "not a feed" in look.reason
    if not (elsewhere or (guessed and look.reason.startswith("answered 4"))):
        return _worded(visit, look)
    return _named(visit, given, page or given["url"], look if guessed else None)


def _named(visit: Visit, given: Plain, page: str, guess: Look | None) -> Look:
    """The feed that a page names. `guess`: what its network's address brought, which is said where the page
    cannot be asked."""
    try:
        links = tuple(visit.desk.feeds_at(page))
    except PlatformError as error:
        return _worded(visit, guess or Look(reason=error.reason))
    if not links:
        return Look(reason=visit.words.gettext("This page names no feed. Look on the site for RSS or Atom."))
    if len(links) > 1:
        return Look(links=links)
    if guess and links[0].url == given["url"]:
        return _worded(visit, guess)
    name = given.get("name") or links[0].title or _host(links[0].url)
    found, faults = keeping.wish(visit, {**_filled(given), "url": links[0].url, "name": name})
    return Look(faults=tuple(faults)) if found is None else _worded(visit, _tried(visit, found, {}))


def ask(visit: Visit, given: Plain, secrets: Mapping[str, str]) -> Look:
    """Of a source that is no feed: can it be asked, with this key?"""
    source, faults = keeping.wish(visit, given)
    if source is None:
        return Look(faults=tuple(faults))
    if not all(map(keeping.usable, secrets.values())):
        return Look(reason=visit.words.gettext("This cannot be a key. Copy it again."))
    if source.platform == "webhook" or waits(source, secrets):
        return Look(source=source, known=keeping.twin(visit, source))
    return _worded(visit, _tried(visit, source, secrets))


def waits(source: Source, secrets: Mapping[str, str]) -> bool:
    """Does it listen only once a person connected its account?"""
    return (source.platform, source.settings.get("kind", "")) in CONNECTED and TOKEN not in secrets


def _tried(visit: Visit, source: Source, secrets: Mapping[str, str]) -> Look:
    """With its reason as the platform says it."""
    try:
        page = visit.desk.try_source(_filling(source), secrets)
    except PlatformError as error:
        return Look(source=source, reason=error.reason)
    except BadInput as error:
        return Look(source=source, reason=f"the source is not set up well: {error}")
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    hits = trial.on_found(page.found, brand.watches, source)
    ages = [(visit.now - hit.at).days if hit.at else None for hit in hits]
    dated = bool(ages) and None not in ages
    return Look(
        source=source,
        known=keeping.twin(visit, source),
        hits=tuple(hits[:PREVIEW]),
        count=len(hits),
        kept=sum(hit.kept for hit in hits),
        older=page.more,
        week=sum(age is not None and age < WEEK for age in ages) if dated else None,
    )


def _filling(source: Source) -> Source:
    """A feed that may go back, so that it says whether there is anything older."""
    return (
        replace(source, settings={**source.settings, "backfill": "yes"})
        if source.platform == "feed"
        else source
    )


def _worded(visit: Visit, look: Look) -> Look:
    if not look.reason:
        fills = look.source and look.source.settings.get("backfill")
        return replace(look, reason=visit.words.gettext(NOTHING_OLDER)) if fills and not look.older else look
    return Look(source=look.source, reason=_said(visit, look.reason))


def _said(visit: Visit, reason: str) -> str:
    return listening.sentence(told(reason, visit.words))


def _filled(given: Plain) -> Plain:
    return {name: value for name, value in given.items() if value not in ("", [])}


def _name(pasted: str, url: str) -> str:
    """A handle's own; else the name of the site."""
    whole = "://" in pasted or url == f"https://{pasted}"
    return (_host(url) if whole else pasted.strip().strip("/")) or "feed"


def _host(url: object) -> str:
    from urllib.parse import urlsplit

    try:
        return (urlsplit(str(url)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
