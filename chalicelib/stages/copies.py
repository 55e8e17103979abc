"""A story that other sites take over is one piece of work: copies are kept under the first that was heard.

The order of effects: the mention itself, as any other (`listen.py`); then its marks, from the lowest up, each
put under the condition that no story has it; and where another story has one, and it is the same, the copy:
itself, its line under the first one and the first one's sites in one transaction. Only then it is queued. A
crash anywhere repeats what has no verdict yet, and finds its own marks, or itself a copy.

Two copies that arrive at once, in one batch or at two workers: both are kept before they ask for marks, and
both ask in the same order, so at the lowest that they share the one gets it and the other finds it. Should
they share none, or should the one be made a copy of a third while the other is made a copy of it, the
transaction refuses and there are two groups, each with its first; nothing is lost, and there are no chains.

The first is the one heard first, also where another was published before it. It gives its marks away to the
next copy where it cannot speak for it: where its text was removed at the source, where it is dated more than
a week apart, or where only a topic's or a peer's watch heard it and the next is talk of us. What was a copy
of it stays that. An edit makes nothing a copy, and parts none.
"""

from dataclasses import replace

from chalicelib.domain.copies import WITHIN, is_story, marks, same, site
from chalicelib.domain.mention import Copy, Mention, MentionKey
from chalicelib.errors import NotFound
from chalicelib.ports import Mentions

TRIES = 5


def settled(mention: Mention, mentions: Mentions) -> Mention:
    """The mention, as a copy of the first where it is one."""
    if not is_story(mention):
        return mention
    for mark in marks(mention.text):
        first = _first(mark, mention, mentions)
        if first is None:
            continue
        if mentions.copy(first, _line(mention)):
            return replace(mention, copy_of=first.key)
        known = mentions.get(mention.key)[0].copy_of
        if known:  # somebody who was told the same was faster
            return replace(mention, copy_of=known)
    return mention


def _first(mark: str, mention: Mention, mentions: Mentions) -> Mention | None:
    """The first of the same story, if one has this mark; None where the mark is this one's, or another
    story's."""
    holder = mentions.hold(mark, mention)
    for _ in range(TRIES):
        if holder == mention.key:
            return None
        first = _leader(holder, mentions)
        if first and _speaks_for(first, mention):
            return first if same(first, mention) else None
        holder = mentions.hold(mark, mention, instead=holder)
    return None


def _leader(holder: MentionKey, mentions: Mentions) -> Mention | None:
    """Who has the mark, or what that one is a copy of; None for what is not there any more."""
    try:
        found, _ = mentions.get(holder)
        return mentions.get(found.copy_of)[0] if found.copy_of else found
    except NotFound:
        return None


def _speaks_for(first: Mention, mention: Mention) -> bool:
    near = abs(mention.posted_at - first.posted_at) <= WITHIN
    return near and not first.gone and (mention.aside or not first.aside)


def _line(mention: Mention) -> Copy:
    return Copy(
        key=mention.key,
        site=site(mention),
        author=mention.author.handle,
        url=mention.url,
        posted_at=mention.posted_at,
        followers=mention.author.followers,
    )
