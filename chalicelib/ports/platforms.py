"""What a platform module may be able to do. What it cannot is data in the module (`ANSWERS`, `WHY_NOT`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from chalicelib.domain.mention import Found
from chalicelib.ports.heard import Shelf
from chalicelib.ports.world import Http, Mailbox

if TYPE_CHECKING:
    from chalicelib.domain.measuring import Numbers
    from chalicelib.domain.source import Quota


Value = Literal[
    "text", "address", "server", "account", "handle", "tag", "yes", "secret", "scheme", "topic", "hook-secret"
]
"""How a setting is read: the types of `brandfile/connected.py`."""


def _nobody(network: str) -> None:
    """Plays `Kit.through` where there is no such channel."""


def _nowhere(network: str) -> str:
    """Plays `Kit.account` there, and `Kit.reached`."""
    return ""


def N_(text: str) -> str:
    """Marks a sentence of a module for translation; the console says it in the reader's language."""
    return text


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting or secret by its `name`. `label` and `hint` are English, marked with `N_`; without a label
    the console does not ask for it. One that is not `needed` is `default` where it is not given."""

    name: str
    value: Value
    label: str = ""
    hint: str = ""
    needed: bool = True
    default: str = ""

    @property
    def secret(self) -> bool:
        """Is it kept apart?"""
        return self.value in ("secret", "hook-secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """One way to listen on a network: a form in the console, an entry of `sources` in the brand file.

    `label` says in English, marked with `N_`, what is heard. `addressed`: nothing but what is addressed to
    us, so that no watch is needed. `leaves_out`: what it does not bring though it is said there, each a
    sentence, marked. `every`: minutes between two looks, where nobody says otherwise. `calls`:
    it is not asked, it calls us. `through`: it listens on the account of a channel, which the console calls
    so.
    """

    label: str
    settings: tuple[Setting, ...] = ()
    leaves_out: tuple[str, ...]
    addressed: bool = False
    every: int = 5
    calls: bool = False
    through: str = ""


@dataclass(frozen=True, slots=True)
class Kit:
    """What wiring hands a platform module beside its settings and secrets. `through`, for a source that calls
    us: by a network's name the object of the channel that answers what it brings, where that is of this
    network; `account`: the same channel's account, as its module's `account` names it, or "". `reached`, for
    a channel: by the native id of a message that is answered its author's address (`Author.url`), "" where we
    do not keep it any more."""

    http: Http
    shelf: Shelf
    pages: Http | None = None
    """For pages of anybody, which keep nobody's pace; None: `http` does."""
    through: Callable[[str], Any] = _nobody
    account: Callable[[str], str] = _nowhere
    reached: Callable[[str], str] = _nowhere
    mailbox: Mailbox | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one poll brought, oldest first."""

    found: tuple[Found, ...]
    cursor: str
    unchanged: bool = False
    """The source said that nothing is new (304); `found` is empty then."""
    more: bool = False
    """There is another page at `cursor`: ask again at once."""
    older: bool = False
    """An earlier page of what was there before us: what has no date here is history."""
    cut: bool = False
    """The source broke off: what it had before is not gone from it."""
    wait: float = 0
    """Seconds the source asked us to stay away beyond its interval."""
    quota: Quota | None = None
    """What its network said of how many requests are left, where it did."""
    read: int = 0
    """Messages that the network gave, where they are more than `found`: it charges for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a network asks for being read, in micro-dollars: `read` a message, `request` each time it is
    asked. It is asked for `least` to `most` messages at once. As read on the day `checked` at `source`, an
    address."""

    read: int
    request: int = 0
    least: int = 1
    most: int
    checked: date
    source: str

    def cost(self, messages: int) -> int:
        return self.request + messages * self.read


@dataclass(frozen=True, slots=True)
class Allowance:
    """An account may send so many messages in any stretch of time so long."""

    messages: int
    within: timedelta


def has_address(text: str) -> bool:
    """Does it say http:// or https://?"""
    return "://" in text


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms its network takes an answer: `price` in USD a message, `linked` with a link in it where
    that is another; `has_link` says whether there is one. As read on the day `checked` at `source`, an
    address."""

    price: float = 0.0
    linked: float | None = None
    has_link: Callable[[str], bool] = has_address
    allowances: tuple[Allowance, ...] = ()
    checked: date
    source: str

    def cost(self, messages: Sequence[str]) -> float:
        """In USD, of an answer that leaves in these."""
        return sum(
            self.linked if self.linked is not None and self.has_link(each) else self.price
            for each in messages
        )


@dataclass(frozen=True, slots=True)
class Answering:
    """How what is heard on a platform can be answered, or one message of it: `ANSWERS`, `WHY_NOT` and `TERMS`
    of its module, and what that says of this message (`unanswered`)."""

    how: str
    why_not: str
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a web page names, and what the page calls it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of ours as the network knows it: its `text`, and the moment `at` which it was published,
    where the network gives them back. It is the same message however exactly that moment is told."""

    remote_id: str
    url: str
    text: str = ""
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """What a reply answers. `id` is the native id as the platform module gave it. `post`: it is a post of our
    own, with no `author` to address."""

    id: str
    author: str
    url: str = ""
    post: bool = False


class Listens(Protocol):
    def listen(self, cursor: str) -> Page:
        """What is new since `cursor` ("" at first). Raises Unavailable, Rejected and their kin."""


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """What a network says of messages that were heard: the ids of those that are `gone`, and, as they stand
    there now, those that were `edited`, or may have been."""

    gone: tuple[str, ...] = ()
    edited: tuple[Found, ...] = ()


class LooksAgain(Protocol):
    def look_again(self, ids: Sequence[str]) -> LookedAgain:
        """What became of these messages, in few requests; `gone` only where the network says so of that one,
        nothing of what could not be asked for. Raises Unavailable, Rejected and their kin."""


class Metered(Protocol):
    def listen(self, cursor: str, most: int = ...) -> Page:
        """As `Listens`, and no more than so many messages: each costs money."""


class Hears(Protocol):
    def hear(self, headers: Mapping[str, str], body: bytes) -> Sequence[Found]:
        """Read a verified call. Raises BadInput, naming the field."""

    def apart(self, body: bytes) -> Sequence[bytes]:
        """The same call as calls of one message each, so that a bad one does not take the others along."""


Free = Callable[[str], bool] | None
"""May a message with this id be the one that is looked for: is it no other's of ours? None: any may."""


class Speaks(Protocol):
    """Publishes, once for one `token` where the network allows; `to` is what it answers, None for a post.

    `once`: the same token never makes a second message there, whatever became of the first. False where we
    have only the network's word for it.
    """

    once: bool

    def publish(self, to: ReplyTo | None, text: str, token: str, language: str) -> Sent:
        """Raises Rejected, Unauthorized, RateLimited, Unavailable (it did not happen) or Unknown."""

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Look for a message of ours that may have been published at or after `since`.

        Where it is known by its words only (not `once`), another's may have the same: only one is taken whose
        id is `free`. None says that it is not there, and lets it be sent again; who cannot tell, as it looked
        through a part only, raises Unavailable.
        """

    def read_back(self, remote_id: str) -> Sent | None:
        """The message as it stands at the network; None if it is not there (yet). Raises Undelivered where
        the network took it and says that it never arrived."""


class Deletes(Protocol):
    def delete(self, remote_id: str) -> None:
        """Take a message of ours away; one that is gone already is no error. Raises as `publish` does."""


class Measures(Protocol):
    def measure(self, remote_id: str) -> Numbers | None:
        """What the network says of a message of ours; None if it is not there. Raises PlatformError."""

    def following(self) -> tuple[int | None, int | None]:
        """(followers, following) of our account; None for what it does not give. Raises PlatformError."""


class Counts(Protocol):
    """`threads`: what is longer may go as several messages, each answering the one before. Where a post of
    ours can have a first comment below it (skill `comment`), `comments` is True, and `comment_room` says how
    long that may be, if not as any message."""

    threads: bool

    def room(self) -> int:
        """How long a message may be, counted as `length` counts."""

    def length(self, text: str, to: str = "") -> int:
        """Of the text as it leaves: where it answers `to` (a handle), with what the network puts to it."""
