"""What a person may block: an author by the network's own id, or a site with what lies below it.

A name that people chose is no identity: it can be changed, and worn by somebody else. A site that many share
is refused unless the person says that they mean all of it; a part of the address space that is nobody's,
always.
"""

import re
from datetime import datetime
from hashlib import blake2s
from urllib.parse import urlsplit

from chalicelib.domain.brand import Block
from chalicelib.domain.mention import AUTHOR, SITE, Mention
from chalicelib.errors import BadInput

MOST = 500
"""Blocks of a brand: they are read with it."""
WHY = 200
"""Characters of a reason."""

_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_SECOND = frozenset(
    ("ac", "co", "com", "edu", "gen", "gov", "gob", "go", "gv", "gouv", "lg", "ltd", "me", "mil", "ne", "net",
     "nhs", "nom", "or", "org", "police", "plc", "sch", "web")
)  # fmt: skip
"""Before a country's two letters these are no site: `co.uk`, `com.au`, `or.at`."""
_OWN_SECOND = frozenset({"web.de"})
"""A site that only looks so."""
_SHARED = frozenset(
    ("blogspot.com", "blogger.com", "wordpress.com", "tumblr.com", "medium.com", "substack.com", "github.io",
     "gitlab.io", "netlify.app", "vercel.app", "pages.dev", "web.app", "weebly.com", "wixsite.com",
     "jimdo.com", "jimdofree.com", "google.com", "sites.google.com", "livejournal.com", "typepad.com",
     "ghost.io", "hubpages.com", "facebook.com", "instagram.com", "threads.net", "twitter.com", "x.com",
     "linkedin.com", "tiktok.com", "youtube.com", "youtu.be", "reddit.com", "pinterest.com", "t.me",
     "telegram.org", "vk.com", "bsky.app", "mastodon.social", "mastodon.online", "mstdn.social", "mas.to",
     "mastodon.nl", "social.coop", "hachyderm.io", "trustpilot.com", "tripadvisor.com", "yelp.com",
     "quora.com", "stackoverflow.com", "discourse.group", "amazonaws.com", "cloudfront.net",
     "azurewebsites.net", "herokuapp.com", "web-log.nl", "hyves.nl", "123website.nl") )  # fmt: skip
"""Where many people write who have nothing to do with each other."""


def of_author(mention: Mention, why: str, by: str, now: datetime) -> Block:
    """Raises BadInput (`author`) where the network gave no id of theirs."""
    author = mention.author
    if not author.id:
        raise BadInput("author", "an author whom the network names by an id; block the site instead")
    return _made(AUTHOR, f"{mention.key.platform}/{author.id}", author.handle or author.name, why, by, now)


def of_site(given: str, why: str, by: str, now: datetime, *, all_of_it: bool = False) -> Block:
    """`given`: an address or a site's name, with a path or without. `all_of_it`: also of one that many share.
    Raises BadInput (`site`)."""
    site = site_of(given)
    host, _, path = site.partition("/")
    if is_suffix(host):
        raise BadInput("site", "the name of one site: under this ending stand the sites of everybody")
    if host in _SHARED and not path and not all_of_it:
        raise BadInput("site", "a page or an author there: many people share this site")
    return _made(SITE, site, site, why, by, now)


def site_of(given: str) -> str:
    """Host and path in small letters, without `www.` and what comes after the path. Raises BadInput."""
    text = given.strip().lower()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host = (parts.hostname or "").removeprefix("www.").encode("idna").decode()
    except UnicodeError:
        host = ""
    if not (_HOST.fullmatch(host) or re.fullmatch("[a-z]{2,24}", host)) or parts.scheme not in (
        "http",
        "https",
    ):
        raise BadInput("site", "a site such as example.org, or an address there")
    path = parts.path.strip("/")[:200]
    return f"{host}/{path}" if path else host


def is_suffix(host: str) -> bool:
    """Is it an ending under which anybody has a site?"""
    labels = host.split(".")
    if len(labels) < 2:
        return True
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SECOND and host not in _OWN_SECOND


def of_platform(platform: str, id: str, name: str, why: str, by: str, now: datetime) -> Block:
    """An author of whom only the id is known. Raises BadInput."""
    if not id.strip() or not re.fullmatch(r"[a-z][a-z0-9_]{0,29}", platform):
        raise BadInput("author", "a network and the author's id there")
    return _made(AUTHOR, f"{platform}/{id.strip()[:200]}", name or id, why, by, now)


def _made(kind: str, what: str, name: str, why: str, by: str, now: datetime) -> Block:
    """The same for the same author or site. Raises BadInput (`why`)."""
    reason = " ".join(why.split())
    if not reason or len(reason) > WHY:
        raise BadInput("why", f"a reason of at most {WHY} characters")
    id = blake2s(f"{kind} {what}".encode(), digest_size=8).hexdigest()
    at = now.replace(microsecond=0)
    return Block(id=id, kind=kind, what=what, name=name[:200], why=reason, by=by, at=at)
