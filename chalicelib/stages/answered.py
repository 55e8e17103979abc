"""What was answered before, gathered from the months' index of what was sent, for the file that pages read.

It writes nothing. A brand costs a request a month, and one for each hundred replies, messages and cases.
"""

from datetime import datetime, timedelta

from chalicelib.domain.answered import ASKED, HEARD, MOST, SINCE, Answered, nameless
from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.mention import Mention
from chalicelib.ports import Cases, Deliveries, Mentions


def gather(
    brand: str, now: datetime, *, deliveries: Deliveries, mentions: Mentions, cases: Cases
) -> list[Answered]:
    """The newest first. Replies that a person approved for this message alone, as the network shows them."""
    listed = [
        each.key
        for each in deliveries.between(brand, now - SINCE, now + timedelta(milliseconds=1))
        if isinstance(each.key.owner, CaseKey) and each.state is DeliveryState.CONFIRMED and not each.holding
    ][-MOST:]
    sent = [each for each in deliveries.get_many(listed) if each.to and not each.answer_by]
    heard = mentions.get_many([each.to for each in sent if each.to])
    owners = cases.find_many([each.key.owner for each in sent if isinstance(each.key.owner, CaseKey)])
    found = []
    for each in sent:
        owner, message = each.key.owner, heard.get(each.to) if each.to else None
        if isinstance(owner, CaseKey) and owner in owners and message and message[0].heard_at > now - HEARD:
            found.append(_answered(each, owner, owners[owner], message[0]))
    return sorted(found, key=lambda each: (each.at, str(each.case), each.n), reverse=True)


def _answered(sent: Delivery, owner: CaseKey, case: Case, message: Mention) -> Answered:
    name, agents = message.author.name, (sent.approved_by, sent.written_by)
    return Answered(
        case=owner,
        n=sent.key.n,
        at=sent.sent_at or sent.approved_at,
        by=sent.approved_by,
        language=sent.language,
        department=case.department,
        asked=message.text[:ASKED],
        text=nameless(sent.text, sent.to_author, name, *agents),
    )
