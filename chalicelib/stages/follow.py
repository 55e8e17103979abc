"""What becomes of a message at its source: its author edits or removes it, and ours follows.

The order of effects: the mention's new text, conditional on the one that stood there; then the queue, as for
what is new. A crash in between repeats both: an edit whose text has no verdict yet is queued again, and so is
what was removed. What its case makes of it is in `followed.py`.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import SAID
from chalicelib.domain.mention import Edit, Mention, MentionKey
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import NotFound
from chalicelib.ports import Mentions

TRIES = 5
MOST = 20
"""Edits of a message that are followed: a text with a counter in it changes each time that it is read."""
ALIKE = 0.5
"""Of the words."""


def edited(found: Mention, mentions: Mentions, now: datetime) -> Mention | None:
    """The mention with its new text, to be judged anew; None where there is nothing to follow.

    Only the source that told of it tells of its edits: two feeds may have the same item in two lengths.
    """
    for _ in range(TRIES):
        try:
            kept, verdict = mentions.get(found.key)
        except NotFound:
            return None
        number = kept.edit.number + 1 if kept.edit else 1
        if kept.gone or kept.source != found.source:
            return None
        if _same(kept.text, found.text):
            return kept if kept.edit and not (verdict and verdict.reading.judge) else None
        if number > MOST:
            return None
        after = replace(
            kept,
            text=found.text,
            language=found.language,
            watches=found.watches or kept.watches,
            links=found.links,
            edit=Edit(number, _second(now), kept.text[:SAID]),
        )
        if mentions.edit(after, None):
            return after
    return None


def under(first: MentionKey, found: Mention, mentions: Mentions) -> Mention | None:
    """What was found, under the key of the item that the same source had at this address: some publishers
    give an item another guid when they edit it. None where there is none, or with quite another text."""
    try:
        kept, _ = mentions.get(first)
    except NotFound:
        return None
    if kept.gone or kept.source != found.source or not alike(kept.text, found.text):
        return None
    return replace(found, key=first)


def gone(found: Mention, mentions: Mentions, now: datetime) -> Mention | None:
    """The mention without its text: what was thought of it stays, so that it is counted; None for what is not
    known here."""
    for _ in range(TRIES):
        try:
            kept, verdict = mentions.get(found.key)
        except NotFound:
            return None
        if kept.gone:
            return kept
        number = kept.edit.number + 1 if kept.edit else 1
        after = replace(kept, text="", url="", links=(), edit=Edit(number, _second(now), gone=True))
        if mentions.edit(after, _without_words(verdict) if verdict else None):
            return after
    return None


def _without_words(verdict: Verdict) -> Verdict:
    """Its evidence was places in the text."""
    return replace(verdict, names=(), reading=replace(verdict.reading, evidence=()))


def alike(was: str, now: str) -> bool:
    """Do they share half of their words? Then the one may be the other, edited."""
    first, second = set(was.casefold().split()), set(now.casefold().split())
    return len(first & second) >= ALIKE * max(min(len(first), len(second)), 1)


def _same(was: str, now: str) -> bool:
    return was.split() == now.split()


def _second(now: datetime) -> datetime:
    return now.replace(microsecond=0)
