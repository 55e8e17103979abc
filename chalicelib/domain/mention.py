"""One public message about or to the brand, as it came."""

import re
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""The form of our own short names: brand, department, channel, source, watch."""

DRILL = "drill"
"""The platform of what was invented to practise with (`drill.py`). No network is called so, and no source
brings it."""
_PLAIN_ID = re.compile(r"[A-Za-z0-9._:@/-]{1,64}")
EXCERPT = 120
HELD = frozenset({"noise", "capped"})
"""The states of what is held."""
MUTED, CAPPED, AUTHOR, SITE = "muted", "capped", "author", "site"
"""How `Mention.held` begins where no rule of `noise.py` held it; of a block its id follows."""
TEXT_LIMIT = 20_000
"""Characters kept of one mention; the link leads to the rest."""


def native_id(given: str) -> str:
    """The network's own id in a form fit for a key: as it is if short and plain, else hashed.

    The same id gives the same answer by whichever way it came, poll or webhook.
    """
    if _PLAIN_ID.fullmatch(given):
        return given
    return "h." + b32encode(blake2s(given.encode(), digest_size=15).digest()).decode().lower()


def slug(text: str) -> str:
    """Fit for a path: letters, digits, - and _ only (Chalice does not decode path parameters)."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unslug(given: str) -> str:
    """Raises ValueError for anything that `slug` did not make."""
    text = urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
    if slug(text) != given:
        raise ValueError("not a slug")
    return text


def why_held(held: str) -> str:
    """Of `Mention.held`, what kept it from us: muted, blocked, noise (a rule) or capped; "" for nothing."""
    word = held.partition(" ")[0]
    return {"": "", MUTED: MUTED, CAPPED: CAPPED, AUTHOR: "blocked", SITE: "blocked"}.get(word, "noise")


@dataclass(frozen=True, slots=True)
class MentionKey:
    """Identifies a mention everywhere: table, queues, logs."""

    brand: str
    platform: str
    id: str

    def __post_init__(self) -> None:
        if not (SLUG.fullmatch(self.brand) and re.fullmatch(r"[a-z][a-z0-9_]{0,29}", self.platform)):
            raise ValueError("brand and platform are short names in small letters")
        if not 1 <= len(self.id) <= 80 or "#" in self.id:
            raise ValueError("id has 1 to 80 characters and no #")

    def __str__(self) -> str:
        return f"{self.brand}/{self.platform}/{self.id}"

    @property
    def drill(self) -> bool:
        """Is it invented, to practise with?"""
        return self.platform == DRILL

    @property
    def slug(self) -> str:
        return slug(str(self))

    @classmethod
    def from_slug(cls, given: str) -> "MentionKey":
        """Raises ValueError for anything that `slug` did not make."""
        brand, platform, id = unslug(given).split("/", 2)
        return cls(brand, platform, id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote it, as the network gave it. `followers` is None where it gave none."""

    id: str
    handle: str
    """Without the leading @."""
    name: str = ""
    url: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a platform module reads from its network: a mention that is not ours yet."""

    id: str
    author: Author
    text: str
    """Plain text, without markup."""
    posted_at: datetime | None
    """None where the source gave no usable date: then the moment we heard it counts."""
    url: str = ""
    reply_to: str = ""
    """Native id of the message it answers, in the form of `native_id`; "" if it begins a conversation."""
    language: str = ""
    """What the network says of the language; a hint, often wrong."""
    direct: bool = False
    """Addressed to us (a mention of our account, a review of our place): no watch needed."""
    platform: str = ""
    """Set by sources that carry other networks' messages (the generic webhook)."""
    address: str = ""
    """Of a feed's item that alone leads there, without what only says how one came there; "" where its id
    says as much."""
    edited: bool = False
    """Known to have had another text before; or it may have had."""
    counted: bool = False
    """Its id is its address and a number, which some publishers count on with each edit."""
    gone: bool = False
    """It was removed at its source: then only `id` and `platform` say anything."""
    as_of: datetime | None = None
    """When it stood there so, or was removed, as its source tells: what was told of an earlier moment and
    comes later changes nothing. None: now."""
    links: tuple[str, ...] = ()
    """Addresses to which it links behind its words, where its text does not say them whole."""
    article: bool = False
    """An item of a site, as other sites take over (`copies.py`)."""
    unproven: bool = False
    """Its network cannot say that who is named as its author wrote it."""
    held: str = ""
    """`virus` or `spam`, where its network takes it for that."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of a message at its source since it was heard: the `number`-th change, heard of `at` then.

    `was` is how the text before it began. `gone`: it was removed, and no text of it is kept; `back`: it had
    been, and its author put it back. `more`: it says a good deal that it did not say before. `past` are marks
    of the texts before it that its source told of the same moment (`Mention.as_of`).
    """

    number: int
    at: datetime
    was: str = ""
    gone: bool = False
    back: bool = False
    more: bool = False
    past: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A mention that is a copy, as it is listed with the first one: enough to show it without its item."""

    key: MentionKey
    site: str
    """The host."""
    author: str
    url: str
    posted_at: datetime
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """As it came; what we think of it lies beside it (`verdict.py`). Only its author changes it (`edit`, the
    last time that happened).

    `heard_at` and `posted_at` are aware. `history` marks what was posted before we began to listen
    at its source: it is judged and counted, and opens no case.
    """

    key: MentionKey
    source: str
    author: Author
    text: str
    posted_at: datetime
    heard_at: datetime
    url: str = ""
    reply_to: str = ""
    language: str = ""
    watches: tuple[str, ...] = ()
    """Ids of the watches it matched; may be empty for a direct message."""
    direct: bool = False
    """Addressed to us, by account or place; somebody expects an answer."""
    channel: str = ""
    """Id of the channel we can answer it through; "" where no API of ours reaches it."""
    history: bool = False
    aside: bool = False
    """Only watches for a topic or a peer asked for it: it is no talk of us, and no work."""
    held: str = ""
    """Why it was held when it came, as noise or over its source's cap: a word and what belongs to it,
    such as `links 9 11`; "" for nearly all."""
    edit: Edit | None = None
    as_of: datetime | None = None
    """Of what was edited, removed, or first heard of as an edit: as `Found.as_of`."""
    copy_of: MentionKey | None = None
    """The first of the same story on another site (`copies.py`), whose reach this is: it is no work."""
    links: tuple[str, ...] = ()
    """Some of those of `Found`, as `origin.kept` chose and cut them."""
    sites: tuple[str, ...] = ()
    """The other sites that took it over, by name."""
    unproven: bool = False
    """As of `Found`."""

    @property
    def gone(self) -> bool:
        """Was it removed at its source?"""
        return self.edit is not None and self.edit.gone

    @property
    def kept_from(self) -> str:
        """As `why_held`."""
        return why_held(self.held)

    @property
    def excerpt(self) -> str:
        """The first `EXCERPT` characters, for lists."""
        return self.text[:EXCERPT]
