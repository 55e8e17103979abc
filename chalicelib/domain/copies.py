"""Is this the same story, taken over by another site?

A site takes over a wire's or another paper's text with a headline of its own, a credit before it, a line
after it, a word changed, or only its beginning. So the headline is left out, and what counts is how much of
the shorter text stands in the longer one, word for word in runs of `RUN`. Who tells the same facts in words
of their own has no copy; nor has a text so short that many people write it.

Texts are looked up by their `marks`, a few of all runs of four words, chosen by their digest (min-wise
hashing): of the beginning, where an excerpt and its story have one in common, and of the whole, where texts
have that begin differently. What has one in common is compared whole.
"""

import re
from datetime import timedelta
from hashlib import blake2s
from urllib.parse import urlsplit

from chalicelib.domain.mention import Mention
from chalicelib.domain.terms import fold

LEAST = 35
"""Words that a story has, without its headline."""
SHARE = 0.8
"""Of the shorter text's words."""
WITHIN = timedelta(days=7)
"""Between two copies, as they are dated; and from then on a story is no news."""
RUN = 5
"""Words in a row that are no chance."""
HEAD, MARK, OF_HEAD, OF_WHOLE = 40, 4, 2, 4
"""Words of the beginning, of a mark, and marks of the beginning and of the whole of a story."""
HEADLINE = 25
"""Words that the first line has at most, where it is one."""

_WORD = re.compile(r"\w+")
_MORE = re.compile(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\])? ?(?:lees (?:verder|meer|ook)|meer lezen|read more|read the full"
    r"|continue reading|the post .{1,200} appeared first).{0,200}\Z",
    re.IGNORECASE,
)
"""What leads on from an excerpt."""
_CREDIT = re.compile(
    r"[^\w(\[]{0,3}(?:[^.]{0,40}?[(\[](?:anp|belga|novum|reuters|ap|afp|pa|dpa|bloomberg)[)\]] ?[-–—:]*"
    r"|(?:door|by|van) [^.]{3,60}(?:redactie|reporter|verslaggever|correspondent|editor)\b ?[.:–—-]+)",
    re.IGNORECASE,
)
"""A place and a wire, or a byline."""
_SAME_SITE = ("www.", "m.", "amp.")


def is_story(mention: Mention) -> bool:
    """May it be taken over, or be taken over from another site: an item that was news when we heard it, and
    long enough?"""
    if mention.history or mention.direct or mention.reply_to or mention.gone or not site(mention):
        return False
    fresh = mention.heard_at - mention.posted_at <= WITHIN
    return fresh and len(body(mention.text)) >= LEAST


def marks(text: str) -> tuple[str, ...]:
    """Of a story, in an order that is the same for all: at most `OF_HEAD` and `OF_WHOLE`."""
    words = body(text)
    runs = [" ".join(words[n : n + MARK]) for n in range(len(words) - MARK + 1)]
    digests = [blake2s(run.encode(), digest_size=10).hexdigest() for run in runs]
    of_head = sorted(set(digests[: HEAD - MARK + 1]))[:OF_HEAD]
    return tuple(sorted({*of_head, *sorted(set(digests))[:OF_WHOLE]}))


def same(first: Mention, other: Mention) -> bool:
    """Is the one the other's story, on another site and within days?"""
    near = abs(first.posted_at - other.posted_at) <= WITHIN
    return near and site(first) != site(other) and share(first.text, other.text) >= SHARE


def share(one: str, other: str) -> float:
    """Of the shorter one's words, how many stand in the other one as they stand here: 0.0 to 1.0."""
    shorter, longer = sorted((body(one), body(other)), key=len)
    known = {tuple(longer[n : n + RUN]) for n in range(len(longer) - RUN + 1)}
    found: set[int] = set()
    for n in range(len(shorter) - RUN + 1):
        if tuple(shorter[n : n + RUN]) in known:
            found.update(range(n, n + RUN))
    return len(found) / max(len(shorter), 1)


def body(text: str) -> list[str]:
    """Its words without accents and capitals; without headline, credit, and what only leads on."""
    title, _, rest = text.strip().partition("\n")
    said = rest if len(_WORD.findall(rest)) > len(_WORD.findall(title)) <= HEADLINE else text
    said = _MORE.sub("", " ".join(said.split()))
    return _WORD.findall(fold(_CREDIT.sub("", said, count=1) if _CREDIT.match(said) else said))


def site(mention: Mention) -> str:
    """The host that it stands on; "" where it stands on none."""
    try:
        host = (urlsplit(mention.url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    for prefix in _SAME_SITE:
        host = host.removeprefix(prefix)
    return host
