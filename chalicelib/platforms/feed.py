"""RSS, Atom and JSON feeds: asked with conditions, so that a feed without news costs next to nothing.

Settings:
* `url`: the feed's address. Another one of the same feed keeps its items' ids: where it had moved for good,
  or where an item with the same words and moment is there
* `backfill`: `yes` where its older pages, on the same origin, are fetched once, page after page: JSON Feed
  (`next_url`), RSS and Atom (RFC 5005: `prev-archive`, `next`)

The cursor is JSON: `etag`, `modified` and `ttl` as the feed gave them, `url` where it moved for good, `of`
(of which `url` setting all this is: a person may change it), `base` (the first `url`, where it was changed),
`loose` (marks of items that only the feed names), `shared` (`_feed_names.py`); while a backfill runs `next`
(where to go on) and `pages` (how many it had), afterwards `filled`. Of a document that was cut off neither
`etag` nor `modified` is kept: what it lacks is asked for again.

Etiquette: RFC 9110 (conditional requests, Retry-After), RFC 9111 (max-age), RSS 2.0 (ttl), read 2026-11-21;
its syndication module (`_syndication.py`).
Older pages: RFC 5005, read 2026-11-30.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.mention import TEXT_LIMIT, Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import (
    BadInput,
    Blocked,
    Ended,
    HttpError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from chalicelib.platforms._http_json import asks_for_rest, rest
from chalicelib.platforms._syndication import Document, Entry, NotAFeed, canonical, read
from chalicelib.platforms._text import decoded, one_line
from chalicelib.ports import N_, Answer, Ear, Http, Kit, Page, Setting

NAME = "feed"
ANSWERS = "browser"
CAN = frozenset[str]()
KEYLESS = True
WHY_NOT = N_("its source only brings messages: it is answered where it was written")
SOURCES = {
    "": Ear(
        label=N_("A feed (RSS, Atom, JSON Feed)"),
        settings=(
            Setting("url", "address", N_("Address")),
            Setting(
                "backfill",
                "yes",
                N_("Also what was there before"),
                N_("Its older pages, where it has them: read once, kept as history and counted. No cases."),
                needed=False,
            ),
        ),
        leaves_out=(
            N_("What came and went between two looks: a feed shows its newest items only."),
            N_("Comments under an article, unless they have a feed of their own."),
            N_("What stands behind a subscription or a login: only as much as the feed shows."),
        ),
    )
}

LIMIT = Limit(150, timedelta(minutes=5), ours=True)
"""All feeds of a host together: one request in two seconds, whatever their intervals, and however many brands
and workers ask there."""
PAGES = 1000
"""Pages of one backfill; a feed whose pages lead in a circle ends there."""
LONGEST_WAIT = 3600.0
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+|(urn|tag):\S+", re.IGNORECASE)
_NETWORK = re.compile(r"(?:[\w-]+\.)*?(bsky\.app|reddit\.com|youtube\.com|hnrss\.org|news\.ycombinator\.com)")
"""Hosts whose feeds are a network's own."""
_STATUS = re.compile(r"https://[^/]+/@[\w.-]+/\d{6,}")
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?![A-Za-z])")


def account(settings: Mapping[str, str]) -> str:
    """All feeds of a host are asked as one: it sees one stranger."""
    try:
        return urlsplit(settings.get("url", "")).hostname or ""
    except ValueError:
        return ""


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Feed":
    """Raises BadInput."""
    url = settings.get("url", "")
    if not url:
        raise BadInput("url", "the address of the feed")
    return Feed(url, settings.get("backfill") == "yes", kit.http)


class Feed:
    """Listens of `ports.py`."""

    def __init__(self, url: str, backfill: bool, http: Http) -> None:
        self._url = url
        self._backfill = backfill
        self._http = http

    def listen(self, cursor: str) -> Page:
        """The feed's entries, oldest first, or word that nothing changed.

        Raises Rejected, Unauthorized, RateLimited, Unavailable.
        """
        now = datetime.now(UTC)
        known = self._known(cursor)
        if known.get("next"):
            return self._older(known, now)
        fills = self._backfill and not known.get("filled")
        answer = self._ask(known.get("url") or self._url, {} if fills else known, now)
        if answer.moved:
            known["url"] = answer.moved
        if answer.status == 304:
            return Page(
                found=(), cursor=_packed(known), unchanged=True, wait=_wait(answer, known.get("ttl", ""))
            )
        document = _document(answer)
        known["ttl"] = document.ttl if document.ttl.isdigit() else ""
        for name, header in (("etag", "etag"), ("modified", "last-modified")):
            known[name] = _validator(answer, header) if document.whole else ""
        found = tuple(self._entries(document, known, now))
        if fills:
            _turn_page(known, answer.url, document.next_url)
        if known.get("next"):
            return Page(found=found, cursor=_packed(known), more=True)
        wait = _wait(answer, document.ttl)
        return Page(found=found, cursor=_packed(known), cut=not document.whole, wait=wait)

    def pushed(self, content_type: str, body: bytes) -> list[Found]:
        """What a hub sent of it, oldest first. Raises BadInput."""
        try:
            document = read(decoded(body, content_type), self._url)
        except NotAFeed as error:
            raise BadInput("", f"is not a feed: {error}") from None
        return self._entries(document, {}, datetime.now(UTC), pushed=True)

    def _older(self, known: dict[str, Any], now: datetime) -> Page:
        """One page of the backfill. One that is refused ends it: the feed itself must go on."""
        found: list[Found] = []
        try:
            answer = self._ask(known["next"], {}, now)
            document = _document(answer)
        except Rejected:
            _end_backfill(known)
        else:
            found = self._entries(document, known, now)
            _turn_page(known, answer.url, document.next_url)
        return Page(found=tuple(found), cursor=_packed(known), more="next" in known, older=True)

    def _known(self, cursor: str) -> dict[str, Any]:
        """What the cursor says, if it is of this address; of one that moved here, what names its items."""
        try:
            known = json.loads(cursor) if cursor else {}
        except ValueError:
            known = {}
        if not isinstance(known, dict):
            known = {}
        if known.get("of") == self._url:
            return known
        begun: dict[str, Any] = {"of": self._url}
        if known.get("of"):
            base = known.get("base") or known["of"]
            if known.get("url") == self._url:
                begun |= {"base": base, "shared": known.get("shared", [])}
            elif known.get("loose"):  # the same feed, perhaps: its items tell (`_settle`)
                begun |= {"was": base, "loose": known["loose"]}
        return begun

    def _ask(self, url: str, known: Mapping[str, Any], now: datetime) -> Answer:
        headers = {"Accept": ACCEPT}
        if known.get("etag"):
            headers["If-None-Match"] = known["etag"]
        if known.get("modified"):
            headers["If-Modified-Since"] = known["modified"]
        try:
            answer = self._http.request("GET", url, headers=headers)
        except Blocked as error:
            raise Rejected(NAME, str(error)) from None
        except HttpError as error:
            raise Unavailable(NAME, str(error)) from None
        _refuse(answer, now)
        return answer

    def _entries(
        self, document: Document, known: dict[str, Any], now: datetime, *, pushed: bool = False
    ) -> list[Found]:
        """Oldest first; one without a usable date is new now. Feeds list their newest first. Of what was
        `pushed` each may be an edit; of what is listed only who keeps it knows."""
        own = _own(document.entries, known)
        if not pushed:
            _settle(known, [each for each in map(own, document.entries) if _is_loose(each)])
        base = known.get("base") or self._url
        once: dict[str, Found] = {}
        for entry in reversed(document.entries):
            one = self._found(entry, _id(own(entry), base), document, base, now)
            if one.text:
                once[one.id] = replace(one, edited=True, as_of=entry.changed) if pushed else one
        gone = [self._gone(guid, base, at) for guid, at in document.gone]
        return sorted(_placed(list(once.values())), key=lambda one: one.posted_at or now) + gone

    def _found(self, entry: Entry, id: str, document: Document, base: str, now: datetime) -> Found:
        host = urlsplit(self._url).hostname or ""
        name = one_line(entry.author) or one_line(document.title) or host
        language = _LANGUAGE.match(entry.language)
        found = Found(
            id=id,
            author=Author(
                id=native_id(f"{base} {name}"),
                handle=name.removeprefix("@"),
                name=name,
                url=entry.author_url,
            ),
            text=_text(entry),
            posted_at=_plausible(entry.published, now),
            url=entry.link,
            language=language[1].lower() if language else "",
            links=entry.links,
            article=True,
            counted=_counts_on(entry),
        )
        if (network := _NETWORK.fullmatch(host.lower())) is None:
            return found
        from chalicelib.platforms import _feed_places  # few feeds are a network's

        return _feed_places.of_network(found, entry, network[1])

    def _gone(self, guid: str, base: str, at: datetime | None) -> Found:
        if network := _NETWORK.fullmatch((urlsplit(self._url).hostname or "").lower()):
            from chalicelib.platforms import _feed_places

            platform, id = _feed_places.named(guid, network[1])
            if id:
                return replace(_gone(id, at), platform=platform)
        return _gone(_by_guid(guid, base), at)


def _refuse(answer: Answer, now: datetime) -> None:
    """Raises what the status means, if it is neither 200 nor 304."""
    status = answer.status
    if status in (401, 403):
        raise Unauthorized(NAME, f"answered {status}")
    if asks_for_rest(answer):
        raise RateLimited(NAME, rest(answer.headers, now))
    if status == 410:
        raise Ended(NAME, "answered 410: the feed is gone for good")
    if status == 408 or status >= 500:
        raise Unavailable(NAME, f"answered {status}")
    if status not in (200, 304):
        raise Rejected(NAME, f"answered {status}")


def _document(answer: Answer) -> Document:
    """Raises Rejected."""
    try:
        return read(decoded(answer.body, answer.headers.get("content-type", "")), answer.url)
    except NotAFeed as error:
        raise Rejected(NAME, f"is not a feed: {error}") from None


# the cursor ------------------------------------------------------------------------------------------


def _packed(known: Mapping[str, Any]) -> str:
    return json.dumps({name: value for name, value in known.items() if value}, separators=(",", ":"))


def _validator(answer: Answer, name: str) -> str:
    """To be sent back as it came; one that could not be is none."""
    value = answer.headers.get(name, "")
    return value if len(value) <= 500 and value.isascii() and value.isprintable() else ""


def _turn_page(known: dict[str, Any], at: str, next_url: str) -> None:
    """`known` then says where the page after this one is, if any."""
    pages = int(known.get("pages", 0)) + 1
    known.pop("next", None)
    if next_url != at and _origin(next_url) == _origin(at) and pages < PAGES:
        known.update(next=next_url, pages=pages)
    else:
        _end_backfill(known)


def _end_backfill(known: dict[str, Any]) -> None:
    for name in ("next", "pages"):
        known.pop(name, None)
    known["filled"] = True


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


# the entries -----------------------------------------------------------------------------------------


def _gone(id: str, at: datetime | None) -> Found:
    nobody = Author(id="", handle="")
    return Found(
        id=id, author=nobody, text="", posted_at=None, edited=True, gone=True, as_of=at, article=True
    )


def _own(entries: Sequence[Entry], known: dict[str, Any]) -> Callable[[Entry], Entry]:
    """An entry with the names that are its own: no other item of the feed has them, or had."""
    given = [name for each in entries if (name := each.name or each.place)]
    if not known.get("shared") and len(set(given)) == len(given):
        return lambda entry: entry
    from chalicelib.platforms import _feed_names  # few need it

    several = known["shared"] = _feed_names.shared(entries, known.get("shared", []))
    return lambda entry: _feed_names.own(entry, several)


def _is_loose(entry: Entry) -> bool:
    """Is it known in its own feed only?"""
    return not _URI.fullmatch(entry.name) if entry.name else not entry.link


def _settle(known: dict[str, Any], loose: Sequence[Entry]) -> None:
    """Of a feed whose address was changed by hand: is it the same one? And what tells so the next time."""
    was, before = known.pop("was", ""), known.pop("loose", "")
    if loose:
        from chalicelib.platforms import _feed_places  # most feeds have none

        if was and _feed_places.same(str(before), loose):
            known["base"] = was
        known["loose"] = _feed_places.marks(loose)


def _id(entry: Entry, feed: str) -> str:
    if guid := entry.name:
        return _by_guid(guid, feed)
    return native_id(entry.place or f"{feed} {entry.title}\n{entry.body}")


def _by_guid(guid: str, feed: str) -> str:
    """A URI is the same wherever it appears; any other guid counts in its own feed only."""
    guid = canonical(guid) or guid
    return native_id(guid if _URI.fullmatch(guid) else f"{feed} {guid}")


def _counts_on(entry: Entry) -> bool:
    """Is its guid its address and a number? Then the next number is the same item, edited."""
    place, _, number = entry.name.partition("#")
    return bool(number) and place == canonical(entry.link)


def _placed(found: list[Found]) -> list[Found]:
    """Each with its address, where it is the only one there and not known by it anyway."""
    places = [canonical(one.url) for one in found]
    count = Counter(places)
    return [
        replace(one, address=place) if place and count[place] == 1 and _tells(one, place) else one
        for one, place in zip(found, places, strict=True)
    ]


def _tells(one: Found, place: str) -> bool:
    """Does its address tell more than its id? A network's id is the same whichever way it comes; a message on
    Mastodon is known by its address alone, as each server counts by itself."""
    if one.platform:
        return False
    return canonical(one.id) != place or _STATUS.fullmatch(place) is not None


def _text(entry: Entry) -> str:
    """Title and body, or the body alone where it begins with the title, whole or cut short."""
    title, body = " ".join(entry.title.split()), entry.body
    if not body:
        return title
    start = title.rstrip("….").casefold()
    if " ".join(body[: len(title) + 10].split()).casefold().startswith(start):
        return body
    return f"{title}\n{body}"[:TEXT_LIMIT]


def _plausible(published: datetime | None, now: datetime) -> datetime | None:
    """Feeds tell of 1970 and 2099: then the moment we heard of it counts."""
    return published if published and EARLIEST <= published <= now + timedelta(days=1) else None


def _wait(answer: Answer, ttl: str) -> float:
    """Seconds the feed asks us to stay away, at most an hour; counted from now."""
    asked = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    age = answer.headers.get("age", "")
    left = float(asked[1]) - (int(age) if re.fullmatch(r"\d{1,9}", age) else 0) if asked else 0
    minutes = int(ttl) if re.fullmatch(r"\d{1,6}", ttl) else 0
    return min(max(left, minutes * 60.0, 0), LONGEST_WAIT)
