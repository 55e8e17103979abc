"""What can be asked of a message beside its words: who wrote it, where it stands, where it links.

An address is compared as `host/path`, in small letters, without scheme, `www.`, port, user and the point that
ends a sentence. A link in a text counts with its scheme or without, as `bieb.nl` and `www.bieb.nl/agenda`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from chalicelib.domain.terms import fold, globbed

if TYPE_CHECKING:
    from chalicelib.domain.conditions import Heard
    from chalicelib.domain.query import Field

MARKED = ("author", "site", "link")
"""Fields that few messages fit."""
KEPT = 120
"""Characters of the links beside its text that a mention keeps: it has to fit a write unit."""
_LONGEST = 80
_FEED = "feed"
_ACCOUNT = re.compile(
    r"https?://(?:(?P<host>[^/@]+)/@(?P<name>[\w.-]+)|bsky\.app/profile/(?P<handle>[\w.-]+))(?![^/?#])", re.I
)
_NETWORKS = {
    "mastodon": re.compile(r"https?://[^/@]+/@[\w.-]+/\d+(?![^/?#])", re.IGNORECASE),
    "bluesky": re.compile(r"https?://bsky\.app/profile/", re.IGNORECASE),
    "reddit": re.compile(r"https?://(?:\w+\.)?reddit\.com/", re.IGNORECASE),
    "youtube": re.compile(r"https?://(?:(?:www|m)\.)?(?:youtube\.com|youtu\.be)/", re.IGNORECASE),
    "hackernews": re.compile(r"https?://news\.ycombinator\.com/", re.IGNORECASE),
}
"""How the addresses begin of what their own feeds bring."""
_UNKNOWN = ("", "und")
_IN_TEXT = re.compile(
    r"""https?://[^\s<>"“”„«»]+|(?<![\w@#.:/-])(?:[\w-]+\.)+[a-z]{2,24}(?![\w@-])(?:[:/?#][^\s<>"“”„«»]*)?""",
    re.IGNORECASE,
)
_AFTER = ("", *"/?#&;=.")
"""What may follow a path that is asked for: /sport is not in /sportief."""
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ENDS = ".,;:!?…'’‘‚`)]}*_~|"
"""Signs after a link that are the sentence's."""


@dataclass(frozen=True, slots=True)
class Link:
    """`text[start:end]` leads to `to`. `bare`: it may also be two sentences without a blank between."""

    start: int
    end: int
    to: str
    bare: bool


@lru_cache(maxsize=4)
def links(text: str) -> tuple[Link, ...]:
    """Those that the text says, in order."""
    if "." not in text:
        return ()
    return tuple(_link(found) for found in _IN_TEXT.finditer(text))


def _link(found: re.Match[str]) -> Link:
    said = found[0].rstrip(_ENDS)
    if found[0][len(said) :].startswith(")") and said.count("(") > said.count(")"):
        said += ")"
    bare = not _SCHEME.match(said) and "/" not in said and not said.lower().startswith("www.")
    return Link(found.start(), found.start() + len(said), place(said), bare)


def place(address: str) -> str:
    """As addresses are compared."""
    host, path = re.fullmatch(r"([^/?#]*)(.*)", _SCHEME.sub("", address.strip(), count=1), re.DOTALL).groups()  # type: ignore[union-attr]
    name = re.match(r"[\w.-]*", host.rpartition("@")[2].lower())
    site = name[0].strip(".").removeprefix("www.") if name else ""
    if "xn--" in site or not site.isascii():
        site = ".".join(map(_spelled, site.split(".")))
    return site + path.lower().rstrip("/")


def _spelled(label: str) -> str:
    """`xn--mnchen-3ya` is münchen."""
    try:
        return label[4:].encode().decode("punycode") if label.startswith("xn--") else normalize("NFC", label)
    except UnicodeError:
        return label


def leads_to(wanted: str, there: str) -> bool:
    """To this site, one below it, or where a path is named to that place or below."""
    site, slash, path = wanted.partition("/")
    host = _host(there)
    if host != site and not host.endswith(f".{site}"):
        return False
    rest = there.removeprefix(host)
    return not path or (rest.startswith(slash + path) and rest[len(path) + 1 :][:1] in _AFTER)


def _host(there: str) -> str:
    return re.split("[/?#]", there, maxsplit=1)[0]


def kept(beside: Sequence[str], text: str, fields: Iterable[str]) -> tuple[str, ...]:
    """Of a message's links beside its text what is kept of it: first those that a watch asked for, by its
    fields that fit, such as `link:bieb.nl`; whatever there is room for."""
    said = {link.to for link in links(text)}
    asked = [field.removeprefix("link:") for field in fields if field.startswith("link:")]
    found = [each for each in dict.fromkeys(map(place, beside)) if each and each not in said]
    found.sort(key=lambda each: not any(leads_to(wanted, each) for wanted in asked))
    room, left = KEPT, []
    for each in (re.split("[?#]", each, maxsplit=1)[0][:_LONGEST] for each in found):
        if len(each) <= room and each not in left:
            left.append(each)
            room -= len(each)
    return tuple(left)


def key(field: "Field") -> str:
    """What `marks` has of a message that fits the field; "" for one that many fit."""
    return f"{field.name} {field.value.partition('/')[0]}" if field.name in MARKED else ""


def marks(of: "Heard", asked: Iterable[str]) -> set[str]:
    """By which the fields are found that it may fit, of these of `MARKED`."""
    found: set[str] = set()
    for name in asked:
        if name == "author":
            found.update(f"author {each}" for each in names(of))
        else:
            there = {place(of.url)} if name == "site" else {link.to for link in links(of.text)}
            there |= set(map(place, of.links)) if name == "link" else set()
            hosts = {_host(each) for each in there}
            found.update(f"{name} {part}" for host in hosts for part in _parts(host))
            if name == "link" and there:
                found.add("link *")
    return found


def _parts(host: str) -> Iterator[str]:
    """The site, and those it is below."""
    while host:
        yield host
        host = host.partition(".")[2]


def linked(value: str, of: "Heard") -> tuple[bool, Sequence[tuple[int, int]]]:
    """Does it link there (`*`: anywhere), and where in its text?"""
    found = links(of.text)
    if value == "*":
        spans = [(link.start, link.end) for link in found if not link.bare]
        return bool(spans or of.links), spans
    spans = [(link.start, link.end) for link in found if leads_to(value, link.to)]
    return bool(spans) or any(leads_to(value, place(each)) for each in of.links), spans


def says(field: "Field", of: "Heard") -> bool | None:
    """None: nobody knows."""
    value = field.value
    match field.name:
        case "lang":
            spoken = re.split("[-_]", of.language.lower(), maxsplit=1)[0]
            return None if spoken in _UNKNOWN else spoken == value
        case "author":
            return any(globbed(value, name) if "*" in value else value == name for name in names(of))
        case "site":
            return bool(of.url) and leads_to(value, place(of.url))
        case "link":
            return linked(value, of)[0]
        case "min_followers":
            return of.followers is not None and of.followers >= int(value)
        case "kind":
            return {"reply": of.reply, "direct": of.direct}.get(value, not of.reply)
    return of.platform == value or (of.platform == _FEED and _network(of.url) == value)


def names(of: "Heard") -> tuple[str, ...]:
    """By which its author may be asked for. A network's own feed tells the handle by the address alone."""
    handle = handle_of(of.author)
    found = [handle, handle.partition("@")[0], fold(of.name)]
    if of.platform == _FEED and (account := _ACCOUNT.match(of.url)):
        name, host = fold(account["name"] or account["handle"]), (account["host"] or "").lower()
        found += [name, f"{name}@{host}"] if host else [name]
    return tuple(found)


def handle_of(given: str) -> str:
    """As it is compared: `@Jan` and `/u/jan` are jan."""
    return re.sub("^(@|/?u/)", "", fold(given))


def _network(url: str) -> str:
    """Whose feed an item is of that leads there."""
    return next((name for name, there in _NETWORKS.items() if there.match(url)), "")
