"""What a message can bring beside its words, and what can be done with one that stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chalicelib.ports.platforms import ReplyTo, Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """`name` is the same for the same bytes; `type` such as `image/jpeg`; `size` in bytes, `width` and
    `height` in pixels; `alt` is what it says to who does not see it. `read` gives its bytes, `address` a link
    under which the network can fetch it within the hour."""

    name: str
    type: str
    size: int
    width: int
    height: int
    alt: str
    read: Callable[[], bytes]
    address: Callable[[], str]


class Pictured(Protocol):
    """What of an image decides whether a network takes it."""

    @property
    def type(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def alt(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """`IMAGES` of a module: what its network takes with one message. `size` in bytes an image; `alt` in
    characters, 0 where it has no place for it; `text`: how long the words of a message with images may be, as
    its module counts, 0 where as long as without; `needed`: no message without one. As read on the day
    `checked` at `source`, an address."""

    most: int
    types: tuple[str, ...]
    size: int
    alt: int
    text: int = 0
    needed: bool = False
    checked: date
    source: str

    def wrong(self, images: Sequence["Pictured"]) -> str:
        """Why its network would not take these with one message; "" where it would."""
        if self.needed and not images:
            return "no message is taken there without an image"
        if len(images) > self.most:
            return f"at most {self.most} images there"
        for each in images:
            if each.type not in self.types:
                return f"no {each.type.partition('/')[2].upper()} images there"
            if each.size > self.size:
                return f"at most {self.size / 1_000_000:.3g} MB an image there"
            if self.alt and len(each.alt) > self.alt:
                return f"at most {self.alt} characters there for what an image shows"
        return ""


class Shows(Protocol):
    """`Speaks`, of a module that has `IMAGES`."""

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """As `Speaks` has it; an image that the network will not take is Rejected before anything is
        written."""


class Boosts(Protocol):
    """Its skill is `boost`."""

    def boost(self, of: ReplyTo, token: str) -> Sent:
        """Bring somebody's message to those who follow us, as it is; done twice it is done once, so after a
        lost answer it is done again. `read_back` and `delete` know what it gives. Raises as `publish`."""

    def boosted(self, of: ReplyTo, token: str) -> Sent | None:
        """Do we already, whoever lost the answer? None where we do not. Raises as `find` does."""


class Quotes(Protocol):
    """Its skill is `quote`."""

    def quote(self, of: ReplyTo, text: str, token: str, language: str) -> Sent:
        """The same with words of ours: a message that `find`, `read_back` and `delete` know."""


class Edits(Protocol):
    """Its skill is `edit`."""

    def edit(self, remote_id: str, text: str) -> Sent:
        """A message of ours says this from now on; asked twice, the same. Raises as `publish` does."""
