"""May what is done at the console be paid for? Asked only where it costs anything."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case
from chalicelib.stages.answer import Over, paid
from chalicelib.web.desk import Desk


def over(desk: Desk, brand: Brand, channel_id: str, now: datetime) -> Over:
    """Of answers that leave through this channel."""
    channel = brand.channel(channel_id)
    terms = desk.answering(channel.platform, channel.settings).terms if channel else None
    if terms is None or not (terms.price or terms.linked):
        return paid
    from chalicelib.stages import charge

    till = charge.Till(brand=brand, ledger=desk.ledger, alerts=desk.alerts, now=now)

    def passes(case: Case, messages: Sequence[str]) -> str:
        return charge.over(case, round(terms.cost(messages) * 1_000_000), till, desk.mentions)

    return passes
