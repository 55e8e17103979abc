"""What the console may ask for; `wiring.py` fills it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.ports import Brands, Cases, Counts, Deliveries, Mentions, Shelf, Sources, Tasks, Users


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLine:
    """One message on the sandbox. `reply_to` is the id of the line it answers, or ""."""

    id: str
    author: str
    ours: bool
    text: str
    at: datetime
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports, and what only some channels have.

    `counts` gives a channel's text counter, or None where its network sets no limit. `say` lets a
    visitor write on the sandbox: brand, channel, author, text, moment. `wall` is everything written
    there, by moment; `mood` how it is told to fail ("": it works). `set_mood` raises BadInput.
    """

    brands: Brands
    mentions: Mentions
    sources: Sources
    cases: Cases
    deliveries: Deliveries
    shelf: Shelf
    tasks: Tasks
    users: Users
    counts: Callable[[Brand, str], Counts | None]
    say: Callable[[Brand, str, str, str, datetime], None]
    wall: Callable[[Brand, str], Sequence[WallLine]]
    mood: Callable[[Brand, str], str]
    set_mood: Callable[[Brand, str, str], None]
    now: Callable[[], datetime]
