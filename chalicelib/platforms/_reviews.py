"""What networks of reviews share: stars that are part of what was said, and the one answer a review has."""

from chalicelib.platforms._text import tidy
from chalicelib.ports import N_

ONE_ANSWER = N_("This review has an answer already. Change that one: a second would replace it")
GONE = N_("the review to answer is not there any more")
NO_ANSWER = N_("the answer is not there any more")
TOO_LONG = N_("the answer is too long")
NO_POSTS = N_("reviews are answered there, and nothing else is written")


def said(stars: int | None, *parts: str) -> str:
    """Stars of five first, then each part on a line of its own; a title that the words begin with is not said
    twice."""
    shown = "★" * stars + "☆" * (5 - stars) if stars and 1 <= stars <= 5 else ""
    lines = [tidy(part) for part in parts]
    first, *rest = lines
    if rest and first and rest[0].startswith(first.rstrip(".…")):
        lines = rest
    return "\n".join(filter(None, (shown, *lines)))


def same(one: str, other: str) -> bool:
    """Do they say the same, however their lines are broken?"""
    return one.split() == other.split()
