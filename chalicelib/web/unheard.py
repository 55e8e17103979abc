"""What a brand cannot hear, and what can be done about each: no mentions is never to be taken for silence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.source import Source, SourceState
from chalicelib.web import listening
from chalicelib.web.i18n import N_
from chalicelib.web.visit import Visit

Why = Literal["trouble", "stopped", "paused", "partly", "unconnected", "network", "closed", "unwatched"]

LEFT_OUT = {
    "between": N_("What came and went between two looks: a feed shows its newest items only."),
    "comments": N_("Comments under an article, unless they have a feed of their own."),
    "behind": N_("What stands behind a subscription or a login: only as much as the feed shows."),
    "unnamed": N_("Who speaks of you without naming your account."),
    "untagged": N_("Messages without this hashtag."),
    "servers": N_("Messages on servers that the server of your account does not know."),
    "followers": N_("Messages that are meant for followers or for a few people only."),
    "chats": N_("Private chats."),
    "unlisted": N_("Accounts that keep out of the network's search, and what it does not find."),
    "sender": N_("What its sender leaves out, and calls that it never makes."),
    "practice": N_("Everything real: it is for practice."),
}
"""What a platform module's `LEAVES_OUT` names, in words."""
NETWORKS = (
    "Facebook",
    "Google",
    "Instagram",
    "LinkedIn",
    "Pinterest",
    "Reddit",
    "Threads",
    "TikTok",
    "Trustpilot",
    "X",
    "YouTube",
)
"""That many people speak on, and that Webspin has no source for."""
BY_FEED = {
    "Reddit": N_("Only the posts of a subreddit that you add, as r/name; not what is said below them."),
    "YouTube": N_("Only the videos of a channel that you add; not what is said below them."),
}
"""Of these, those of which a feed brings something."""
OFFERED = {
    "feed": ("feed", N_("News, blogs and forums, by their feeds")),
    "mastodon": ("mastodon-mentions", "Mastodon"),
    "bluesky": ("bluesky-mentions", "Bluesky"),
    "webhook": ("webhook", N_("What other programs and forms send")),
}
"""Platforms that can be connected: the form's kind, and what is heard there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """`what` is not heard, as `said`; `do` is the one thing to do about it, and `path` where: "" outside the
    console. `source` is its id, where it is of one."""

    why: Why
    what: str
    said: tuple[str, ...]
    do: str
    path: str = ""
    source: str = ""


def unheard(visit: Visit, found: Sequence[tuple[Source, SourceState]]) -> list[Unheard]:
    """What is wrong now first, then what is left out, then what is not connected, then what never can be."""
    return [
        *_troubled(visit, found),
        *_unwatched(visit, found),
        *_partly(visit, found),
        *_unconnected(visit, found),
        *_networks(visit),
        _closed(visit),
    ]


def _troubled(visit: Visit, found: Iterable[tuple[Source, SourceState]]) -> Iterable[Unheard]:
    _ = visit.words.gettext
    for ear in listening.ears(found, visit.brand, visit.words):
        if ear.trouble or ear.state == "paused":
            said = tuple(filter(None, (f"{ear.said}.", ear.reason)))
            yield Unheard(
                why="paused" if ear.state == "paused" else "stopped" if ear.state == "stopped" else "trouble",
                what=ear.name,
                said=said,
                do=ear.mend or _("Let it go on."),
                path="/costs" if ear.state == "stopped" else f"/sources/{ear.id}",
                source=ear.id,
            )


def _unwatched(visit: Visit, found: Iterable[tuple[Source, SourceState]]) -> Iterable[Unheard]:
    _ = visit.words.gettext
    if not visit.brand.watches and any(source.watched for source, _state in found):
        yield Unheard(
            why="unwatched",
            what=_("Everything that is not addressed to you"),
            said=(_("No watch yet: only what is addressed to you is kept."),),
            do=_("Add a watch"),
            path="/sources/watches/new",
        )


def _partly(visit: Visit, found: Iterable[tuple[Source, SourceState]]) -> Iterable[Unheard]:
    words = visit.words
    for source, _state in sorted(found, key=lambda pair: pair[0].name.casefold()):
        codes = visit.desk.leaves_out(source.platform, source.settings.get("kind", ""))
        said = [words.gettext(LEFT_OUT[code]) for code in codes]
        if source.watched:
            said.append(words.gettext("What none of your watches asks for."))
        yield Unheard(
            why="partly",
            what=source.name,
            said=tuple(said),
            do=words.gettext("Look at its settings."),
            path=f"/sources/{source.id}",
            source=source.id,
        )


def _unconnected(visit: Visit, found: Iterable[tuple[Source, SourceState]]) -> Iterable[Unheard]:
    _ = visit.words.gettext
    there = {source.platform for source, _state in found}
    for platform, (kind, name) in OFFERED.items():
        if platform not in there:
            yield Unheard(
                why="unconnected",
                what=_(name),
                said=(_("Webspin can listen there, and nothing is connected."),),
                do=_("Add a source"),
                path=f"/sources/new?kind={kind}",
            )


def _networks(visit: Visit) -> Iterable[Unheard]:
    _ = visit.words.gettext
    for network in NETWORKS:
        yield Unheard(
            why="network",
            what=network,
            said=(_(BY_FEED.get(network, N_("Webspin has no source for it."))),),
            do=_("Add a source")
            if network in BY_FEED
            else _("Look there yourself, or have a program that reads it call us."),
            path=f"/sources/new?kind={'feed' if network in BY_FEED else 'webhook'}",
        )


def _closed(visit: Visit) -> Unheard:
    _ = visit.words.gettext
    return Unheard(
        why="closed",
        what=_("Private messages and closed groups"),
        said=(
            _("Groups on Facebook, WhatsApp, Telegram and Discord, and everything that takes a login."),
            _("No program may read along there, and Webspin does not try."),
        ),
        do=_("Ask a colleague who is a member to tell you, and say where people can reach you in public."),
    )
