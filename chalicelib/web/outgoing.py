"""What goes out: the channel by its name, and what we sent today."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain.brand import Brand
from chalicelib.domain.delivery import Delivery
from chalicelib.web.i18n import Words
from chalicelib.web.reasons import told
from chalicelib.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A delivery in a list: `text` is its first line, `slug` its case. `state` is a DeliveryState's value."""

    at: datetime
    slug: str
    channel: str
    text: str
    lang: str
    state: str
    reason: str


def channel(brand: Brand, id: str, words: Words) -> str:
    """`@lindebieb (Mastodon)`; "" for none, its id for one that was removed."""
    found = brand.channel(id)
    if found is None:
        return id
    network = words.network(found.platform)
    return found.name if found.name.casefold() == network.casefold() else f"{found.name} ({network})"


def today(visit: Visit, most: int) -> list[Line]:
    """The newest of the brand's own day. The table lists by UTC day, and two of those may share in it."""
    brand, words = visit.brand, visit.words
    midnight = words.local(visit.now).replace(hour=0, minute=0, second=0, microsecond=0)
    day, first = visit.now.astimezone(UTC).date(), midnight.astimezone(UTC).date()
    found: list[Delivery] = []
    while day >= first and len(found) < most:
        listed = visit.desk.deliveries.day(brand.id, day.isoformat(), limit=most)
        found += [delivery for delivery in listed if _at(delivery) >= midnight]
        day -= timedelta(days=1)
    return [_line(delivery, brand, words) for delivery in found[:most]]


def _line(delivery: Delivery, brand: Brand, words: Words) -> Line:
    return Line(
        at=_at(delivery),
        slug=delivery.key.case.slug,
        channel=channel(brand, delivery.key.channel, words),
        text=delivery.text.strip().partition("\n")[0],
        lang=delivery.language if delivery.language not in ("", "und", words.language) else "",
        state=delivery.state.value,
        reason=told(delivery.reason, words),
    )


def _at(delivery: Delivery) -> datetime:
    return delivery.sent_at or delivery.due
