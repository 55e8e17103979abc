"""May what is done at the console be paid for? Asked only where it costs anything."""

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case
from chalicelib.stages.answer import Over, paid
from chalicelib.web.visit import Visit


def over(visit: Visit, brand: Brand, channel_id: str) -> Over:
    """Of answers that leave through this channel."""
    channel = brand.channel(channel_id)
    terms = visit.desk.answering(channel.platform, channel.settings).terms if channel else None
    price = round(terms.price * 1_000_000) if terms else 0
    if not price:
        return paid
    from chalicelib.stages import charge

    desk = visit.desk
    till = charge.Till(brand=brand, ledger=desk.ledger, alerts=desk.alerts, now=visit.now)

    def passes(case: Case, messages: int) -> str:
        return charge.over(case, price, messages, till, desk.mentions)

    return passes
