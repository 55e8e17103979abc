"""The organisation or one of its brands: who it is, who answers, what it listens for."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.hook import Hook


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A saved query: words, of which a text holds one and none of `exclude`; or a query (docs/listening.md)
    with its `plan`, which is what is matched (`query.py`)."""

    id: str
    name: str
    terms: tuple[str, ...] = ()
    """Words or phrases, matched whole, without regard to case or accents; `*` at the end: any ending."""
    exclude: tuple[str, ...] = ()
    query: str = ""
    plan: str = ""
    languages: tuple[str, ...] = ()
    """ISO 639-1; empty: all. Applied where the network names the language."""
    department: str = ""
    kind: str = "brand"
    """What it listens for: brand, topic, stakeholder or peer."""
    budget: int | None = None
    """Micro-dollars that what it hears may cost a month (`budget.py`); None: as much as there is."""

    @property
    def aside(self) -> bool:
        """Is what it finds no talk of us? Then it is no work, and counts for topics and peers alone."""
        return self.kind in ASIDE


ASIDE = ("topic", "peer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """`hours`: for "mon" to "sun" the open blocks as "09:00-17:30", local time; a day left out is closed.

    `within` are the promised working minutes to a first answer for a complaint, a question or
    anything else, and praise.
    """

    id: str
    name: str
    hours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complaint_within: int = 60
    other_within: int = 240
    praise_within: int = 480
    topics: tuple[str, ...] = ()
    """Words that send a mention here."""
    alert_mail: tuple[str, ...] = ()
    four_eyes: bool = False
    """Nobody approves a text of their own here."""
    four_eyes_unhappy: bool = False
    """Nor where it answers who is unhappy."""
    four_eyes_reach: int = 0
    """Nor where it answers somebody with so many followers, or more; 0: however many."""
    alert_webhook: bool = False
    """An address (kept as a secret) is told of alerts too."""
    quiet: str = ""
    """Hours in which nothing is told that can wait, as `22:00-07:30` (`alerting.quiet_until`)."""
    escalate_mail: tuple[str, ...] = ()
    """Who hears of an alert that nobody opened."""
    escalate_after: int = 15
    """So many minutes after it went out."""
    digest: str = ""
    """How often its addresses get an overview: daily, weekly or ""."""
    always: bool = False
    """It works on the brand's closed days too."""
    budget: int | None = None
    """Micro-dollars that networks may ask for its work a month; None: as much as there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text the drafts are made of. `{...}` may be: author, agent, brand, department; of a holding reply
    also when."""

    id: str
    language: str
    when: str
    """complaint, question, praise or other; holding: while nobody is there (`holding.py`)."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of text that people put into answers. `{...}` as a template's; a `[date]` is left for who
    answers. `link` is a page or file that goes along, `department` "": everybody's."""

    id: str
    name: str
    language: str
    text: str
    link: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """An account of ours on a platform. `settings` are the platform module's own."""

    id: str
    platform: str
    name: str
    settings: dict[str, str] = field(default_factory=dict)
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For "mon" to "sun" the local times at which it publishes, as "08:30"; a day left out has none."""

    def is_us(self, platform: str, handle: str) -> bool:
        """Is this account on `platform` the channel's own?"""
        own = self.settings.get("account") or self.settings.get("handle", "")
        names = [name.strip().removeprefix("@").casefold() for name in (own, handle)]
        return platform == self.platform and names[0] == names[1] != ""

    def reaches(self, platform: str) -> bool:
        """Can what was written on `platform` be answered here? Only at home; and on the sandbox, which
        stands in for any network."""
        return self.platform in (platform, "sandbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What the brand's mentions may be about; `words` as a watch's terms. A mention may have several."""

    id: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """Who is asked for a second opinion where our own judge is unsure (`advice.py`); each costs money."""

    by: str
    """comprehend or bedrock."""
    a_day: int
    """Texts at most, a UTC day."""
    model: str = ""
    """The id of a model of Amazon Bedrock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafter:
    """Whose language model drafts an answer when a person asks for it (`modelled.py`); each costs money."""

    by: str
    """bedrock."""
    model: str
    """The id of a model of Amazon Bedrock."""
    a_day: int
    """Drafts at most, a UTC day."""
    four_eyes: bool = True
    """Who asked for such a draft does not approve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the organisation wants to reach, in a sentence with a measure and a date."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """How far the brand's corrections have taught the judge (`delta.py`)."""

    rev: int = 0
    live: str = ""
    """Version of the delta that judges along; "": the judge alone."""
    held: str = ""
    """Who took one back: until somebody lets one judge again, none does so by itself. Then `live` is ""."""
    until: datetime | None = None
    """Corrections before it were looked at."""
    judge: str = ""
    """Version of the judge that was taught then."""
    said: datetime | None = None
    """When somebody last said what a verdict should have been."""


UNTAUGHT = Lessons()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Which pages the brand's knowledge has (`knowledge.py`): the digest of each by its id."""

    rev: int = 0
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """The same for the same pages."""
        from hashlib import blake2s

        named = "\n".join(f"{id} {digest}" for id, digest in sorted(self.pages.items()))
        return blake2s(named.encode(), digest_size=12).hexdigest()


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingApproval:
    """A named person's yes to exactly these holding replies: the system sends them by itself on these
    channels while the department is closed, up to `until` (`holding.py`). It never changes but for a second
    signature and for being revoked; `rev` grows by one with each."""

    brand: str
    id: str
    rev: int = 1
    department: str
    channels: tuple[str, ...]
    texts: dict[str, str]
    """By language. `{author}` and `{when}` are filled in for each person."""
    at_night: bool = False
    """Also at night to who is angry or in a hurry."""
    until: datetime
    signed_by: str
    signed_by_id: str
    signed_at: datetime
    second_by: str = ""
    second_by_id: str = ""
    second_at: datetime | None = None
    """The other person's, where the department wants four eyes."""
    revoked_by: str = ""
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDays:
    """Days on which nobody works, whatever weekday they are (`holidays`)."""

    holidays: str = ""
    """Whose public holidays: a country, or a region of one, such as NL or DE-BY; "": none."""
    open_on: tuple[str, ...] = ()
    """Names of those on which it works all the same."""
    days: tuple[str, ...] = ()
    """Its own: `2026-12-24 Kerstavond`, or a stretch, `2026-12-24/2027-01-03 Kerstvakantie`."""
    feed: str = ""
    """Address of a calendar whose whole-day events close as well (`Fed`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What the calendar at `ClosedDays.feed` said when it was read; `days` as `ClosedDays.days`.

    `fault`: why it could not be read at `asked_at`; then the days are those of `read_at`.
    """

    address: str = ""
    days: tuple[str, ...] = ()
    read_at: datetime | None = None
    asked_at: datetime | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Whose messages, or from where, are held as noise, by a person's word. `kind`: author or site. `what`:
    of an author `platform/id`, the network's own id; of a site its name, with a path or without.

    `name` is what people read, `held` how many it held.
    """

    id: str
    kind: str
    what: str
    name: str
    why: str
    by: str
    at: datetime
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OverCap:
    """Of a source so many messages wait that came over its cap, the `last` then. `left`: when somebody said
    that they stay where they are."""

    source: str
    held: int
    last: datetime
    left: datetime | None = None

    def waits(self, now: datetime) -> bool:
        """For a person to decide; a week on it is too late to answer them."""
        return self.held > 0 and now - self.last < WEEK and (self.left is None or self.last > self.left)


WEEK = timedelta(days=7)
UNFED = Fed()
NEVER_CLOSED = ClosedDays()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """One item of the table; `departments[0]` is where unclaimed work goes."""

    id: str
    name: str
    zone: str
    """IANA name."""
    languages: tuple[str, ...]
    departments: tuple[Department, ...]
    channels: tuple[Channel, ...] = ()
    watches: tuple[Watch, ...] = ()
    once_aside: tuple[str, ...] = ()
    """Ids of watches for topics and peers that were removed: what only these heard stays talk of others."""
    templates: tuple[Template, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    goals: tuple[Goal, ...] = ()
    topics: tuple[Topic, ...] = ()
    adviser: Adviser | None = None
    """None: nobody outside is asked."""
    drafter: Drafter | None = None
    """None: no model drafts."""
    report_mail: tuple[str, ...] = ()
    """Who gets the month's report."""
    console_url: str = ""
    """Where links in mails lead; no slash at the end."""
    mail_from: str = ""
    story: str = ""
    """Who it is and what it stands for, for whoever writes in its name."""
    tone: str = ""
    """How it addresses people: formal, informal, or "" where that was not said."""
    disclosure: str = ""
    """The sentence by which it says on whose behalf it speaks."""
    honesty: dict[str, str] = field(default_factory=dict)
    """What a rule of `honesty.py` does here, block or warn; one that is not named does as usual."""
    closed: ClosedDays = NEVER_CLOSED
    budget: int | None = None
    """Micro-dollars that networks may ask a month in all; None: as much as they like."""
    warn_at: int = 80
    """Per cent of a budget from which on people are warned, once a month."""
    hooks: tuple[Hook, ...] = ()
    """Addresses that are told what happens; read with the brand, written on their own (`ports.Hooks`)."""
    fed: Fed = UNFED
    """Read with the brand, written on its own (`ports.Brands.feed`)."""
    lessons: Lessons = UNTAUGHT
    """Read with the brand, written on its own (`ports.Deltas`)."""
    labels: tuple[str, ...] = ()
    """Put on cases this year or the last; read with the brand, written with them (`ports.Cases`)."""
    known: Known = NOTHING_KNOWN
    """Read with the brand, written on its own (`ports.KnownPages`)."""
    standing: tuple[StandingApproval, ...] = ()
    """Also those that ended; read with the brand, written on their own (`ports.StandingApprovals`)."""

    blocks: tuple[Block, ...] = ()
    """Read with the brand, written on their own (`ports.Noise`)."""
    over: tuple[OverCap, ...] = ()
    """Read with the brand, counted on its own (`ports.Noise`)."""

    rostered: tuple[str, ...] = ()
    """Mondays of weeks with shifts; read with the brand, written on their own (`ports.Rosters`)."""

    def following(self, was: "Brand") -> "Brand":
        """This brand, with what is remembered of it as it was."""
        once = {*was.once_aside, *(watch.id for watch in was.watches if watch.aside)}
        return replace(self, once_aside=tuple(sorted(once - {watch.id for watch in self.watches})))

    def department(self, id: str) -> Department:
        """The one with this id, or the first: a department that was removed leaves its work there."""
        return next((d for d in self.departments if d.id == id), self.departments[0])

    def channel(self, id: str) -> Channel | None:
        return next((c for c in self.channels if c.id == id), None)

    def goal(self, id: str) -> Goal | None:
        return next((g for g in self.goals if g.id == id), None)

    def watch(self, id: str) -> Watch | None:
        return next((w for w in self.watches if w.id == id), None)
