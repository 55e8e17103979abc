"""The morning's list: at most five good deeds, each with its reason, and the fans.

Pure shapes; what is suggested and why is reckoned in `relations.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.mention import MentionKey

Handle = tuple[str, str]
"""Platform and handle."""


class Deed(StrEnum):
    """`FOLLOW` a person, `SHARE` their message with credit, `ANSWER` a question from our knowledge."""

    FOLLOW = "follow"
    SHARE = "share"
    ANSWER = "answer"


class DeedState(StrEnum):
    OPEN = "open"
    DONE = "done"
    PASSED = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outreach:
    """One suggestion. `times` is how often they wrote of us in the last `relations.WINDOW`, `glad` how
    often gladly: the reason, put into words for who reads it. `text` is what to post, where there is any (an
    answer's is signed when it is shown: `drafting.sign`); `url` where the person goes for it. `link` is the
    address pasted back when it was done.
    """

    id: str
    deed: Deed
    mention: MentionKey
    """The message it springs from."""
    platform: str
    author: str
    url: str
    excerpt: str
    language: str
    times: int
    glad: int
    aside: str = ""
    """The id of the watch for a topic or a peer that heard it; then it need not be of us."""
    channel: str = ""
    """Ours on that network, where we have one."""
    text: str = ""
    state: DeedState = DeedState.OPEN
    by: str = ""
    at: datetime | None = None
    link: str = ""
    post: str = ""
    """The id of the post it became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Somebody glad who passes it on: of their `times` messages in the window `glad` were glad and `shared`
    had a link or passed on another's words; on how many `days` they wrote. Never by follower count."""

    platform: str
    author: str
    url: str
    glad: int
    times: int
    days: int
    shared: int
    last: MentionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The list of one day (`yyyy-mm-dd`, the brand's own). `withheld`: channels on which nobody is
    suggested to follow, as we follow more than follow us there, or do not know."""

    brand: str
    day: str
    rev: int
    made_at: datetime
    outreach: tuple[Outreach, ...]
    fans: tuple[Fan, ...]
    withheld: tuple[str, ...] = ()
