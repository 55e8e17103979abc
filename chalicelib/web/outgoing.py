"""What goes out: the channel by its name, and posts and replies as lines of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.post import BOOST, COMMENT, QUOTE, PostKey
from chalicelib.ports import Outgoing
from chalicelib.web.i18n import N_, Words
from chalicelib.web.reasons import told
from chalicelib.web.visit import Visit

Sent = TypeVar("Sent", Delivery, Outgoing)

WORST = (
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.HELD,
    DeliveryState.CLAIMED,
    DeliveryState.PLANNED,
    DeliveryState.REMOVING,
    DeliveryState.EDITING,
    DeliveryState.SENT,
    DeliveryState.CONFIRMED,
    DeliveryState.REMOVED,
    DeliveryState.CANCELLED,
)
"""A post on several channels stands as the worst of them does."""
WAYS = {BOOST: N_("boost"), QUOTE: N_("quote"), COMMENT: N_("first comment")}
"""What a post's message is, where it is not one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A post, with all its channels, or one reply. `state` is a DeliveryState's value; under the brake
    what is planned is held. `path` is its page; `text` a post's working title, a reply's first line."""

    at: datetime
    path: str
    is_post: bool
    channels: tuple[str, ...]
    text: str
    lang: str
    state: str
    reason: str
    ways: tuple[str, ...] = ()
    """Of a post what it is beside messages of its own, in words (`WAYS`)."""


def channel(brand: Brand, id: str, words: Words) -> str:
    """`@lindebieb (Mastodon)`; "" for none, its id for one that was removed."""
    found = brand.channel(id)
    if found is None:
        return id
    network = words.network(found.platform)
    return found.name if found.name.casefold() == network.casefold() else f"{found.name} ({network})"


def lines(found: Iterable[Outgoing], brand: Brand, words: Words, *, braked: bool = False) -> list[Line]:
    """By moment. Of a channel that failed and was sent anew the last sending counts."""
    groups: dict[object, dict[tuple[str, bool], Outgoing]] = {}
    for each in found:
        owner = each.key.owner if isinstance(each.key.owner, PostKey) else each.key
        part = each.key.channel, bool(each.key.comment)
        known = groups.setdefault(owner, {}).get(part)
        if known is None or (known.key.n, known.key.comment) < (each.key.n, each.key.comment):
            groups[owner][part] = each
    made = [_line(list(group.values()), brand, words, braked) for group in groups.values()]
    return sorted(made, key=lambda line: line.at)


def today(visit: Visit) -> list[Line]:
    """Posts and replies of the brand's own day: sent, and still to leave."""
    midnight = visit.words.local(visit.now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = visit.desk.deliveries.between(visit.brand.id, midnight, midnight + timedelta(days=1))
    return lines(own(visit, found), visit.brand, visit.words, braked=visit.brake is not None)


def own(visit: Visit, found: Iterable[Sent]) -> list[Sent]:
    """Without the replies of departments whose work the member does not see; for who is restricted, a request
    more."""
    listed = list(found)
    if not visit.restricted:
        return listed
    owners = [each.key.owner for each in listed if isinstance(each.key.owner, CaseKey)]
    seen = {key for key, case in visit.desk.cases.find_many(owners).items() if visit.owns(case)}
    return [each for each in listed if isinstance(each.key.owner, PostKey) or each.key.owner in seen]


def path(owner: CaseKey | PostKey) -> str:
    """The page of a post or case, without the prefix."""
    return f"/posts/{owner.id}" if isinstance(owner, PostKey) else f"/cases/{owner.slug}"


def other(language: str, words: Words) -> str:
    """The language as a `lang` attribute, where it is another than the page's; else ""."""
    return language if language not in ("", "und", words.language) else ""


def _line(group: Sequence[Outgoing], brand: Brand, words: Words, braked: bool) -> Line:
    worst = min(group, key=lambda each: WORST.index(each.state))
    live = [each for each in group if each.state is worst.state]
    state = worst.state
    if braked and state is DeliveryState.PLANNED:
        state = DeliveryState.HELD
    return Line(
        at=min(each.at for each in live),
        path=path(worst.key.owner),
        is_post=isinstance(worst.key.owner, PostKey),
        channels=tuple(dict.fromkeys(channel(brand, each.key.channel, words) for each in group)),
        text=worst.text,
        lang=other(worst.language, words),
        state=state.value,
        reason=told(worst.reason, words),
        ways=tuple(words.gettext(WAYS[way]) for way in WAYS if any(way in _ways(each) for each in group)),
    )


def _ways(each: Outgoing) -> tuple[str, ...]:
    below = each.commented or each.key.comment
    return each.way, COMMENT if below else ""


def why(delivery: Delivery, words: Words) -> str:
    """Its reason; of what is put off with the moment up to which."""
    said = told(delivery.reason, words)
    if not said or delivery.state is not DeliveryState.PLANNED or delivery.due <= words.now:
        return said
    return words.gettext("%(reason)s (until %(time)s)", reason=said, time=words.moment(delivery.due))
