"""What becomes of a message at its source: its author edits or removes it, and ours follows.

The order of effects: the mention's new text, conditional on the one that stood there; then the queue, as for
what is new. A crash in between repeats both: an edit whose text has no verdict yet is queued again, and so is
what was removed. What its case makes of it is in `followed.py`.

Where a source tells of which moment it speaks (`Found.as_of`), what is told again or out of turn changes
nothing: what stands here is what was told of the latest moment.
"""

from dataclasses import replace
from datetime import datetime
from hashlib import blake2s

from chalicelib.domain.case import SAID
from chalicelib.domain.mention import Edit, Mention, MentionKey
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import NotFound
from chalicelib.ports import Mentions

TRIES = 5
MOST = 20
"""Edits of a message that are followed: a text with a counter in it changes each time that it is read."""
MORE = 5
"""Words that were not there before: who mends a slip of the pen has fewer."""
ALIKE = 0.5
"""Of the words."""


def edited(found: Mention, mentions: Mentions, now: datetime, *, own: bool = True) -> Mention | None:
    """The mention with its new text, to be judged anew; None where there is nothing to follow, or where only
    its own source can tell of it (`own`) and another did: two feeds may have the same item in two lengths."""
    for _ in range(TRIES):
        try:
            kept, verdict = mentions.get(found.key)
        except NotFound:
            return None
        number = kept.edit.number + 1 if kept.edit else 1
        if (own and kept.source != found.source) or (kept.gone and not _is_back(kept, found)):
            return None
        if _same(kept.text, found.text):
            return kept if kept.edit and not (verdict and verdict.reading.judge) else None
        if number > MOST or _is_past(kept, found):
            return None
        after = replace(
            kept,
            text=found.text,
            url=kept.url or found.url,
            language=found.language,
            watches=found.watches or kept.watches,
            links=found.links,
            edit=Edit(
                number,
                _second(now),
                kept.text[:SAID],
                back=kept.gone,
                more=_more(kept.text, found.text),
                past=_past(kept, found),
            ),
            as_of=found.as_of,
        )
        if mentions.edit(after, None):
            return after
    return None


def back(found: Mention, mentions: Mentions) -> Mention | None:
    """The mention as its author put it back, to be judged anew; None for what was not removed, or is told of
    from before that."""
    kept, verdict = mentions.get(found.key)
    if kept.gone:
        return edited(found, mentions, found.heard_at)
    again = kept.edit and kept.edit.back and _same(kept.text, found.text)
    return kept if again and not (verdict and verdict.reading.judge) else None


def _is_back(kept: Mention, found: Mention) -> bool:
    """Does its source tell that it stands there at a moment after it was removed?"""
    removed = kept.as_of or (kept.edit.at if kept.edit else kept.heard_at)
    return found.as_of is not None and found.as_of > removed


def _is_past(kept: Mention, found: Mention) -> bool:
    """Is it known what became of this text? What stands here was told of a later moment, or of the same one,
    and later."""
    if found.as_of is None or kept.as_of is None:
        return False
    if found.as_of == kept.as_of and kept.edit:
        return _mark(found.text) in kept.edit.past
    return found.as_of < kept.as_of


def _past(kept: Mention, found: Mention) -> tuple[str, ...]:
    """The marks of what was told of this very moment before."""
    if found.as_of is None or found.as_of != kept.as_of:
        return ()
    return (*(kept.edit.past if kept.edit else ()), _mark(kept.text))


def _mark(text: str) -> str:
    return blake2s(" ".join(text.split()).encode(), digest_size=6).hexdigest()


def at_address(
    first: MentionKey, found: Mention, mentions: Mentions, now: datetime, *, counted: bool
) -> tuple[bool, Mention | None]:
    """Is what was found the item that was at its address first, and if so, what is to be judged of it.

    Half of the words are the same, and so is all of the text, or the moment; or its id is the address with
    another number (`counted`). Some publishers give an item another guid when they edit it, and the feeds of
    one site may have one each. Of one address otherwise, as a page of notices or the newest post of a topic,
    each is an item of its own.
    """
    try:
        kept, verdict = mentions.get(first)
    except NotFound:
        return False, None
    ours = kept.source == found.source
    one = ((counted and ours) or kept.posted_at == found.posted_at or _same(kept.text, found.text)) and alike(
        kept.text, found.text
    )
    apart = found.direct and (kept.history or kept.aside or kept.held)  # what is said to us is work
    if kept.gone or apart or not one:
        return False, None
    if ours:
        return True, edited(replace(found, key=first), mentions, now)
    return True, None if verdict else kept


def gone(found: Mention, mentions: Mentions, now: datetime, *, own: bool = False) -> Mention | None:
    """The mention without its text: what was thought of it stays, so that it is counted; None for what is not
    known here, or where only its own source can tell of it (`own`) and another did."""
    for _ in range(TRIES):
        try:
            kept, verdict = mentions.get(found.key)
        except NotFound:
            return None
        if kept.gone:
            return kept
        if (own and kept.source != found.source) or _is_past(kept, found):
            return None
        number = kept.edit.number + 1 if kept.edit else 1
        at = found.as_of or _second(now)
        edit = Edit(number, _second(now), gone=True)
        after = replace(kept, text="", url="", links=(), edit=edit, as_of=at)
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


def _more(was: str, now: str) -> bool:
    return len(set(now.casefold().split()) - set(was.casefold().split())) >= MORE


def _same(was: str, now: str) -> bool:
    return was.split() == now.split()


def _second(now: datetime) -> datetime:
    return now.replace(microsecond=0)
