"""The work a mention asks for: answer, thank; with its department, due time and history."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.mention import DRILL, MentionKey, slug, unslug
from chalicelib.domain.verdict import Evidence, Sentiment

if TYPE_CHECKING:
    from chalicelib.domain.brand import Brand


class Action(StrEnum):
    """What a case asks of us."""

    ANSWER = "answer"
    THANK = "thank"


class CaseState(StrEnum):
    """`OPEN`: waits for us. `SENDING`: approved, on its way. `ANSWERED`: seen at the network.

    `STUCK`: sending failed or its outcome is unknown; a person must look. `SOLVED`: closed by a person, or
    by the thanks of who wrote (`Case.helped`).
    """

    OPEN = "open"
    SENDING = "sending"
    STUCK = "stuck"
    ANSWERED = "answered"
    SOLVED = "solved"

    @property
    def waits_for_us(self) -> bool:
        return self in (CaseState.OPEN, CaseState.STUCK)


class Helped(StrEnum):
    """What they said after our answer: that it helped, or the same complaint once more."""

    THANKS = "thanks"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class CaseKey:
    """`root` is the native id of the message the conversation began with."""

    brand: str
    platform: str
    root: str

    def __post_init__(self) -> None:
        MentionKey(self.brand, self.platform, self.root)  # the same rules

    def __str__(self) -> str:
        return f"{self.brand}/{self.platform}/{self.root}"

    @property
    def drill(self) -> bool:
        """Is it of a drill? Nothing of it ever leaves."""
        return self.platform == DRILL

    @property
    def slug(self) -> str:
        return slug(str(self))

    @classmethod
    def from_slug(cls, given: str) -> "CaseKey":
        """Raises ValueError for anything that `slug` did not make."""
        brand, platform, root = unslug(given).split("/", 2)
        return cls(brand, platform, root)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A page of the brand's knowledge that a draft has an answer of, as it was called then."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A reply of ours, to another message, that a draft was made from; `by` approved it."""

    case: CaseKey
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A proposed answer. `by` is "" for the system, else the person's name; `by_id` who that is."""

    text: str
    version: int
    language: str
    source: str
    """What it was made from: the template's id, or "" where it was made from none."""
    pages: tuple[Quoted, ...] = ()
    snippets: tuple[str, ...] = ()
    """Names of those that were put into it, as they were called then."""
    earlier: tuple[Earlier, ...] = ()
    by: str = ""
    by_id: str = ""
    model: str = ""
    """The model that drafted it, or part of it; "" for none."""
    made: str = ""
    """As it was first made, of a template or of a page; "" where it still is that, or a person wrote it."""

    @property
    def original(self) -> str:
        """As it was first made; "" where a person wrote it from nothing."""
        return self.made or ("" if self.by else self.text)

    def is_of(self, name: str, id: str) -> bool:
        """Did this person write it? By name only where no id was kept with it."""
        return self.by_id == id if self.by_id else bool(self.by) and self.by == name


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here, by the id of their account. `email` is never kept with a case."""

    id: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`rev` grows by one a write; every change is conditional on it.

    `mention` is the message that waits for an answer (the conversation's newest from outside).
    `rule` is the key of why there is a case (`response.told`), `reckoning` the lengths of how `due` was
    reckoned (`clock.recall`): both are put into words for who reads them.
    """

    key: CaseKey
    rev: int
    state: CaseState
    action: Action
    department: str
    mention: MentionKey
    author: str
    title: str
    language: str
    sentiment: Sentiment
    channel: str
    received_at: datetime
    due: datetime
    reckoning: tuple[int, ...]
    rule: str
    draft: Draft | None = None
    replies: int = 0
    """How many deliveries this case has had; the next one's number is one more."""
    answered_at: datetime | None = None
    url: str = ""
    reason: str = ""
    """Why it is stuck, in words; of a closed one `UNASKED`, `WITHDRAWN` or ""."""
    said: str = ""
    """How the message begins, as a list shows it: at most `SAID` characters."""
    evidence: tuple[Evidence, ...] = ()
    """Of the verdict, as far as `said` goes."""
    intents: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """Ids of the brand's topics that it is about: what its newest message with any names."""
    strong: bool = False
    """Clearly angry or clearly happy."""
    handed: bool = False
    """A person chose the department: no later message of the conversation changes it."""
    strict: bool = False
    """A department that it was with wants four eyes: handing it over does not take those away."""

    taken_by: str = ""
    taken_by_id: str = ""
    taken_until: datetime | None = None
    """Whose it is to answer, until then (`stages/claim.py`)."""
    snoozed_until: datetime | None = None
    """It is on no list until then."""
    helped: Helped | None = None
    """What they said last after an answer of ours. Solved with THANKS: by the customer's word, not by us."""
    asked: tuple[Colleague, ...] = ()
    """Colleagues who were asked by a note, and have written none since (`stages/ask.py`)."""
    labels: tuple[str, ...] = ()
    """As `labels.py` folds them."""
    reopened: bool = False
    """It was answered or closed before: a person opened it again, or they wrote again."""
    joined: tuple[CaseKey, ...] = ()
    """Cases that were merged into this one (`stages/merge.py`)."""
    thread: CaseKey | None = None
    """Of these the one by whose conversation `mention` came; None: by its own."""
    into: CaseKey | None = None
    """The case that it was merged into; then it is on no list, and stands still as it was."""
    below: str = ""
    """The id of our last message that stands, of an answer in several that was broken off: what is left goes
    on from it."""
    direct: bool = True
    """`mention` is addressed to us: some networks take answers of ours to such only."""
    reach: int = 0
    """Followers of who wrote, as their network last gave them."""
    edits: int = 0
    """Of `mention`, that it has followed (`Edit.number`)."""
    turned: bool = False
    """While our answer was on its way its author edited `mention`, so that it asks for another."""
    promised: datetime | None = None
    """A holding reply told them that an answer comes before then."""

    @property
    def platform(self) -> str:
        """Where the message stands that waits; where cases were merged it may be another than the key's."""
        return self.mention.platform

    @property
    def solved_by_them(self) -> bool:
        return self.state is CaseState.SOLVED and self.helped is Helped.THANKS

    def wants_four_eyes(self, brand: "Brand") -> bool:
        """May who wrote its answer not approve it? By the department, the message's tone or reach, or as a
        model drafted it."""
        department = brand.department(self.department)
        unhappy = self.sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED)
        far = 0 < department.four_eyes_reach <= self.reach
        asked = department.four_eyes or (department.four_eyes_unhappy and unhappy) or far
        return self.strict or asked or self._modelled(brand)

    def _modelled(self, brand: "Brand") -> bool:
        """Did a model draft what lies here, and does the brand want somebody else to read that?"""
        drafted = self.draft is not None and bool(self.draft.model)
        return drafted and (brand.drafter is None or brand.drafter.four_eyes)

    def taken(self, now: datetime) -> bool:
        """Does somebody work on it now?"""
        return self.taken_until is not None and now < self.taken_until

    def is_with(self, name: str, id: str) -> bool:
        """Is it this person who does? By name only where no id was kept."""
        return self.taken_by_id == id if self.taken_by_id else self.taken_by == name


SAID = 280
UNASKED = "unasked"
"""Why a case was closed: a correction of the verdict, after which nothing was asked of us any more."""
NO_WORDS = "[…]"
"""Stands where the words of a message stood that was removed."""
WITHDRAWN = "withdrawn"
"""Why a case was closed: its message was removed where it stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case that waits for us as the index of work shows it: a row of a list, without its item.

    `drafted` is None where it has no draft, "" where the system made it, else the person's name.
    """

    key: CaseKey
    rev: int
    state: CaseState
    action: Action
    department: str
    author: str
    said: str
    evidence: tuple[Evidence, ...]
    intents: tuple[str, ...]
    strong: bool
    language: str
    sentiment: Sentiment
    channel: str
    received_at: datetime
    due: datetime
    reason: str
    drafted: str | None
    drafted_by_id: str = ""
    taken_by: str = ""
    taken_by_id: str = ""
    taken_until: datetime | None = None
    snoozed_until: datetime | None = None
    helped: Helped | None = None
    asked: tuple[Colleague, ...] = ()
    labels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    reopened: bool = False
    direct: bool = True
    """As in `Case`."""
    platform: str
    """As `Case.platform`."""

    def asks(self, id: str) -> bool:
        """Is a word of this colleague's waited for?"""
        return any(each.id == id for each in self.asked)

    def is_of(self, name: str, id: str, now: datetime) -> bool:
        """Does this person work on it, or did they write its draft? By name only where no id was kept."""
        ours = (self.holder(now), self.taken_by_id), (self.drafted or "", self.drafted_by_id)
        return any(who and (kept == id if kept else who == name) for who, kept in ours)

    def holder(self, now: datetime) -> str:
        """Who works on it now; "" for nobody."""
        return self.taken_by if self.taken_until and now < self.taken_until else ""

    def asleep(self, now: datetime) -> bool:
        return self.snoozed_until is not None and now < self.snoozed_until


def waiting(case: Case) -> Waiting:
    return Waiting(
        key=case.key,
        rev=case.rev,
        state=case.state,
        action=case.action,
        department=case.department,
        author=case.author,
        said=case.said or case.title,
        evidence=case.evidence,
        intents=case.intents,
        strong=case.strong,
        language=case.language,
        sentiment=case.sentiment,
        channel=case.channel,
        received_at=case.received_at,
        due=case.due,
        reason=case.reason,
        drafted=case.draft.by if case.draft else None,
        drafted_by_id=case.draft.by_id if case.draft else "",
        taken_by=case.taken_by,
        taken_by_id=case.taken_by_id,
        taken_until=case.taken_until,
        snoozed_until=case.snoozed_until,
        helped=case.helped,
        asked=case.asked,
        labels=case.labels,
        topics=case.topics,
        platform=case.platform,
        reopened=case.reopened,
        direct=case.direct,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A case that is answered or closed, as the index of days shows it; `at` is when."""

    key: CaseKey
    at: datetime
    state: CaseState
    department: str
    author: str
    title: str
    language: str
    sentiment: Sentiment
    by_them: bool = False
    """Solved by the customer's word."""
    labels: tuple[str, ...] = ()
    platform: str
    """As `Case.platform`."""


class EventKind(StrEnum):
    """What can happen to a case, in the order in which it can within one moment. Append-only; the
    history is read from these."""

    HEARD = "heard"
    EDITED = "edited"
    GONE = "gone"
    BACK = "back"
    MERGED = "merged"
    JOINED = "joined"
    SPLIT = "split"
    PARTED = "parted"
    CORRECTED = "corrected"
    HANDED = "handed"
    TAKEN = "taken"
    LAID_DOWN = "laid-down"
    SNOOZED = "snoozed"
    NOTED = "noted"
    KEPT = "kept"
    MOVED = "moved"
    DROPPED = "dropped"
    LABELLED = "labelled"
    UNLABELLED = "unlabelled"
    DRAFTED = "drafted"
    ASKED = "asked"
    APPROVED = "approved"
    HOLDING = "holding"
    HELD = "held"
    RELEASED = "released"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    PART = "part"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    REMOVING = "removing"
    REMOVED = "removed"
    EDITING = "editing"
    MENDED = "mended"
    SOLVED = "solved"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One line of a case's history.

    `id` makes it unique at its moment and comes from what caused it (a mention's id, a delivery's
    number and epoch), so that a repeat writes the same item again.
    """

    at: datetime
    id: str
    kind: EventKind
    by: str = ""
    by_id: str = ""
    """Who `by` is; like `before` for the log of changes alone."""
    mention: MentionKey | None = None
    text: str = ""
    """The text sent, or the reason given; of a correction what the verdict became, a Sentiment's value; the
    labels that were put on or taken off."""
    """The text sent, the reason given, or who was asked to approve; of a correction what the verdict became,
    a Sentiment's value."""
    url: str = ""
    department: str = ""
    """The one it was handed over to."""
    origin: str = ""
    """The department that handed it over."""
    since: datetime | None = None
    """Of a hand-over: since when it waited there (`handing.waits_since`)."""
    until: datetime | None = None
    """Until when it was taken, or snoozed."""
    asked: tuple[Colleague, ...] = ()
    """Of a note: whom it asks, of those who may see the case."""
    strangers: tuple[str, ...] = ()
    """Of a note: the words behind an @ that are nobody's name, or more than one's."""
    case: CaseKey | None = None
    """The other one, of a case that another was merged into (`MERGED`) or split off (`SPLIT`), and of the
    one that was merged (`JOINED`) or split (`PARTED`)."""
    title: str = ""
    """The other one's; of a hand-over its own."""
    thread: CaseKey | None = None
    """Of a message: under which merged case it is kept; None: under its own."""
    despite: tuple[str, ...] = ()
    """Of an approval: the rules of `honesty.py` that would have stopped the text; `anyway` is why it went."""
    anyway: str = ""
    made: str = ""
    """Of an approval: the draft as it was first made, where another text was sent."""
    pages: tuple[Quoted, ...] = ()
    """Of an approval: the pages that its draft was made from."""
    model: str = ""
    """Of a draft that was kept, or approved: the model that had a part in it."""
    signed_at: datetime | None = None
    """Of a holding reply that the system sent: when `by` signed the standing approval for it."""
    was: str = ""
    """Of an edit: how the message began before it; `text` is how it begins since. Of an answer that is taken
    back or corrected: what it said."""
    before: str = ""
    """What stood there before. For the log of changes alone: the history itself tells it by its lines."""


def heard(case: Case) -> CaseEvent:
    """The history's line of the message that a case now waits with."""
    return CaseEvent(
        at=case.received_at,
        id=case.mention.id,
        kind=EventKind.HEARD,
        mention=case.mention,
        thread=case.thread,
    )
