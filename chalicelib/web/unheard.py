"""What a brand cannot hear, and what can be done about each: no mentions is never to be taken for silence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.source import Source, SourceState
from chalicelib.web import callers, listening
from chalicelib.web.i18n import N_, called
from chalicelib.web.visit import Visit

Why = Literal["trouble", "stopped", "paused", "partly", "unconnected", "network", "closed", "unwatched"]

NETWORKS = (
    "facebook",
    "google_business",
    "instagram",
    "linkedin",
    "pinterest",
    "reddit",
    "threads",
    "tiktok",
    "trustpilot",
    "x",
    "youtube",
)
"""That many people speak on: each is told of for as long as Webspin has no source for it."""
BY_FEED = {
    "reddit": N_("Only the posts of a subreddit that you add, as r/name; not what is said below them."),
    "youtube": N_("Only the videos of a channel that you add; not what is said below them."),
}
"""Of these, those of which a feed brings something."""
NO_SOURCE = N_("Webspin has no source for it.")
IN_WORDS = {
    "feed": N_("News, blogs and forums, by their feeds"),
    "webhook": N_("What other programs and forms send"),
}
"""What is heard by those that are no network."""
PRACTICE, CALLS = "sandbox", "webhook"


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
        if ear.deaf:
            said = tuple(filter(None, (f"{ear.said}.", ear.reason)))
            yield Unheard(
                why="paused" if ear.state == "paused" else "stopped" if ear.state == "stopped" else "trouble",
                what=ear.name,
                said=said,
                do=ear.mend or (_("Let it go on.") if ear.state == "paused" else _("Look at its settings.")),
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
        said = left_out(visit, source)
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


def left_out(visit: Visit, source: Source) -> list[str]:
    """What it does not bring though it is said there, in sentences."""
    caller = callers.named(source, visit.words) if source.platform == "webhook" else ""
    found = visit.desk.leaves_out(source.platform, source.settings)
    return [visit.words.gettext(each) % {"caller": caller} for each in found]


def _unconnected(visit: Visit, found: Sequence[tuple[Source, SourceState]]) -> Iterable[Unheard]:
    _ = visit.words.gettext
    there = {source.platform for source, _state in found}
    there |= {by for by, scheme in calling().items() if scheme in _schemes(found)}
    for platform, kind in {**offered(), **dict.fromkeys(calling(), CALLS)}.items():
        if platform not in there:
            yield Unheard(
                why="unconnected",
                what=_(IN_WORDS[platform]) if platform in IN_WORDS else called(platform),
                said=(_("Webspin can listen there, and nothing is connected."),),
                do=_("Add a source"),
                path=f"/sources/new?kind={kind}",
            )


def offered() -> dict[str, str]:
    """Platforms that can be connected, each with the first kind of its form."""
    from chalicelib.web.brand_fields import SOURCES

    found: dict[str, str] = {}
    for platform, kind in SOURCES:
        if platform != PRACTICE:
            found.setdefault(platform, f"{platform}-{kind}" if kind else platform)
    return found


def calling() -> Mapping[str, str]:
    """Platforms that are heard by their own calls only, each with the scheme by which it signs them."""
    from chalicelib.brandfile.connected import CALLING

    return CALLING


def _schemes(found: Sequence[tuple[Source, SourceState]]) -> set[str]:
    return {callers.scheme_of(source) for source, _state in found if source.platform == CALLS}


def _networks(visit: Visit) -> Iterable[Unheard]:
    _ = visit.words.gettext
    there = offered()
    for network in (each for each in NETWORKS if each not in there):
        yield Unheard(
            why="network",
            what=called(network),
            said=(_(BY_FEED.get(network, NO_SOURCE)),),
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
            _(
                "Groups on Facebook and WhatsApp, those on Telegram, Slack and Discord without a bot of "
                "yours, and everything that takes a login."
            ),
            _("No program may read along there, and Webspin does not try."),
        ),
        do=_("Ask a colleague who is a member to tell you, and say where people can reach you in public."),
    )
