"""What webhooks tell: one class a type of event. `docs/webhooks.md` is made from these.

Every field is there in every event; a text that is not known is "". The id of an event is made from what it
is about, so that the same thing told twice has the same id.
"""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import blake2s
from typing import ClassVar, Protocol

from chalicelib.domain.case import Case
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.mention import Edit, Mention
from chalicelib.domain.post import PostKey
from chalicelib.domain.shape import dump, stamp
from chalicelib.domain.verdict import Verdict

LONGEST = 2_000
"""Characters of a text that are told; the address leads to the rest."""


class Data(Protocol):
    type: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`body` is what is sent, to the byte."""

    id: str
    type: str
    at: datetime
    body: str

    @property
    def kind(self) -> str:
        return self.type.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionHeard:
    """A message about or to the brand was heard."""

    type: ClassVar[str] = "mention.heard"
    brand: str
    mention: str
    """Brand, network and the network's id of it, as in the API."""
    platform: str
    author: str
    text: str
    url: str
    posted_at: datetime
    heard_at: datetime
    language: str
    """As the network says, often wrong; the verdict knows better."""
    watches: tuple[str, ...]
    copy_of: str
    """The first mention of the same story, where this is a copy on another site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionUpdated:
    """Its author changed a message where it stands. A verdict on the new text follows."""

    type: ClassVar[str] = "mention.updated"
    brand: str
    mention: str
    platform: str
    author: str
    text: str
    was: str
    """How the text before it began."""
    url: str
    edited_at: datetime
    """When we heard of that."""
    number: int
    """The how manieth change: of two that come out of order the higher one stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionDeleted:
    """A message was removed where it stood. Its text is kept no longer; it is still counted."""

    type: ClassVar[str] = "mention.deleted"
    brand: str
    mention: str
    platform: str
    deleted_at: datetime
    """When we heard of that."""
    number: int
    """As of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictGiven:
    """A mention was judged."""

    type: ClassVar[str] = "verdict.given"
    brand: str
    mention: str
    language: str
    sentiment: str
    """positive, negative, neutral, mixed or unsure."""
    certainty: float
    intents: tuple[str, ...]
    urgency: int
    """0 (can wait) to 3 (now)."""
    department: str
    judge: str
    """Name and version of who judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCorrected:
    """A person said that a verdict should have been another. Told of what asked for verdicts."""

    type: ClassVar[str] = "verdict.corrected"
    brand: str
    mention: str
    sentiment: str
    """positive, negative, neutral or mixed, as it is now."""
    was: str
    """As it was before; unsure too."""
    by: str
    """Who said so."""
    intents: tuple[str, ...]
    urgency: int
    """0 (can wait) to 3 (now)."""
    department: str
    judge: str
    """Name and version of who judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWaiting:
    """A case was opened, or a newer message came into one."""

    type: ClassVar[str] = "case.waiting"
    brand: str
    case: str
    mention: str
    """The message that waits for an answer."""
    action: str
    """answer or thank."""
    department: str
    author: str
    title: str
    sentiment: str
    received_at: datetime
    due: datetime
    link: str
    """The case in the console."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanged:
    """A post or reply was sent, confirmed, failed, held, removed, or nobody knows."""

    type: ClassVar[str] = "delivery.changed"
    brand: str
    delivery: str
    channel: str
    is_post: bool
    """False: a reply."""
    is_comment: bool
    """A post's first comment."""
    state: str
    text: str
    title: str
    """A post's working title."""
    approved_by: str
    url: str
    """Where it stands at the network."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade:
    """The report of a month is there."""

    type: ClassVar[str] = "report.made"
    brand: str
    month: str
    """As 2026-11."""
    link: str
    """The report in the console."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Somebody pressed the test button. Sent to one address, whatever it asked for."""

    type: ClassVar[str] = "test.asked"
    brand: str
    by: str


TYPES: tuple[type[Data], ...] = (
    MentionHeard,
    MentionUpdated,
    MentionDeleted,
    VerdictGiven,
    VerdictCorrected,
    CaseWaiting,
    DeliveryChanged,
    ReportMade,
    Tested,
)


def mention(of: Mention) -> Event:
    """That it was heard; or, of one that its author changed or removed since, that."""
    if of.edit:
        return _followed(of, of.edit)
    data = MentionHeard(
        brand=of.key.brand,
        mention=str(of.key),
        platform=of.key.platform,
        author=of.author.handle,
        text=of.text[:LONGEST],
        url=of.url,
        posted_at=of.posted_at,
        heard_at=of.heard_at,
        language=of.language,
        watches=of.watches,
        copy_of=str(of.copy_of or ""),
    )
    return _event(data, of.heard_at, str(of.key))


def _followed(of: Mention, edit: Edit) -> Event:
    data: Data
    about = {"brand": of.key.brand, "mention": str(of.key), "platform": of.key.platform}
    if edit.gone:
        data = MentionDeleted(**about, deleted_at=edit.at, number=edit.number)
    else:
        data = MentionUpdated(
            **about,
            author=of.author.handle,
            text=of.text[:LONGEST],
            was=edit.was,
            url=of.url,
            edited_at=edit.at,
            number=edit.number,
        )
    return _event(data, edit.at, str(of.key), str(edit.number))


def verdict(of: Mention, given: Verdict) -> Event:
    reading = given.reading
    data = VerdictGiven(
        brand=of.key.brand,
        mention=str(of.key),
        language=reading.language,
        sentiment=reading.sentiment.value,
        certainty=round(reading.certainty, 4),
        intents=reading.intents,
        urgency=reading.urgency,
        department=given.department,
        judge=reading.judge,
    )
    if of.edit:  # another text, and so another verdict
        return _event(data, of.edit.at, str(of.key), reading.judge, str(of.edit.number))
    return _event(data, of.heard_at, str(of.key), reading.judge)


def correction(of: Mention, was: Verdict, given: Verdict, by: str, now: datetime) -> Event:
    reading = given.reading
    data = VerdictCorrected(
        brand=of.key.brand,
        mention=str(of.key),
        sentiment=reading.sentiment.value,
        was=was.reading.sentiment.value,
        by=by,
        intents=reading.intents,
        urgency=reading.urgency,
        department=given.department,
        judge=reading.judge,
    )
    return _event(data, now, str(of.key), stamp(now))


def case(of: Case, heard_at: datetime, console: str) -> Event:
    data = CaseWaiting(
        brand=of.key.brand,
        case=str(of.key),
        mention=str(of.mention),
        action=of.action.value,
        department=of.department,
        author=of.author,
        title=of.title,
        sentiment=of.sentiment.value,
        received_at=of.received_at,
        due=of.due,
        link=f"{console}/cases/{of.key.slug}",
    )
    return _event(data, heard_at, str(of.key), str(of.mention))


def delivery(of: Delivery, now: datetime) -> Event:
    data = DeliveryChanged(
        brand=of.key.brand,
        delivery=str(of.key),
        channel=of.key.channel,
        is_post=isinstance(of.key.owner, PostKey),
        is_comment=bool(of.key.comment),
        state=of.state.value,
        text=of.text[:LONGEST],
        title=of.title,
        approved_by=of.approved_by,
        url=of.remote_url,
        reason=of.reason,
    )
    return _event(data, now, str(of.key), of.state.value, str(of.epoch))


def report(brand: str, month: str, made_at: datetime, console: str) -> Event:
    data = ReportMade(brand=brand, month=month, link=f"{console}/reports/{month}?brand={brand}")
    return _event(data, made_at, brand, month)


def test(brand: str, by: str, now: datetime, cause: str) -> Event:
    """`cause` is the request that asked, so that asking once is one event."""
    return _event(Tested(brand=brand, by=by), now, brand, cause)


def _event(data: Data, at: datetime, *about: str) -> Event:
    id = "msg_" + blake2s("\0".join((data.type, *about)).encode(), digest_size=16).hexdigest()
    told = {field.name: dump(getattr(data, field.name)) for field in fields(data)}  # type: ignore[arg-type]
    body = {"type": data.type, "timestamp": stamp(at), "data": told}
    return Event(
        id=id, type=data.type, at=at, body=json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    )
