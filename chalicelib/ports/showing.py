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


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """`IMAGES` of a module: what its network takes with one message. `size` in bytes an image, `alt` in
    characters; `needed`: no message without one. As read on the day `checked` at `source`, an address."""

    most: int
    types: tuple[str, ...]
    size: int
    alt: int
    needed: bool = False
    checked: date
    source: str


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
        """Bring somebody's message to those who follow us, as it is; done twice it is done once. Raises as
        `publish` does."""


class Quotes(Protocol):
    """Its skill is `quote`."""

    def quote(self, of: ReplyTo, text: str, token: str, language: str) -> Sent:
        """The same with words of ours: a message that `find`, `read_back` and `delete` know."""


class Edits(Protocol):
    """Its skill is `edit`."""

    def edit(self, remote_id: str, text: str) -> Sent:
        """A message of ours says this from now on; asked twice, the same. Raises as `publish` does."""
