"""What was answered before: our own replies to messages like this one, to be used again by a person.

Nobody's name goes along: the other person's stands as `{author}`, that of who signed as `{agent}`.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.case import CaseKey
from chalicelib.domain.drafting import address

SINCE = timedelta(days=60)
"""Of so long the replies are offered,"""
HEARD = timedelta(days=180)
"""to messages that we heard no longer ago: far less than any message is kept."""
MOST = 500
"""Replies of a brand, the newest."""
ASKED = 280
"""Characters kept of the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A reply that a person approved and the network shows; `n` is its number at `case`.

    `asked` is how the message began, `text` the reply with places for names. `department` as the case has it.
    """

    case: CaseKey
    n: int
    at: datetime
    by: str
    language: str
    department: str
    asked: str
    text: str


def nameless(text: str, handle: str, name: str, *agents: str) -> str:
    """A reply with places for the names in it: of the person it was for, and of who signed it."""
    places = [(address(handle), "{author}"), (name.strip(), "{author}")]
    places += [(agent.strip(), "{agent}") for agent in agents]
    for said, place in sorted(places, key=lambda each: -len(each[0])):
        if len(said) > 2:
            text = re.sub(rf"(?<![\w@]){re.escape(said)}(?![\w-]|[.@]\w)", place, text, flags=re.IGNORECASE)
    return text
