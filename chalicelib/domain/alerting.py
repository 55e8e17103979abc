"""What rings a bell, what may wait for the end of the quiet hours, and what somebody must have opened.

A bell is a department and a ring, such as `desk.negative`; each is gathered on its own. What waits for the
end of a colleague's own quiet hours is gathered behind a bell of theirs, such as `desk.positive@7f3a`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand
from chalicelib.domain.budget import Spent
from chalicelib.domain.case import CaseKey
from chalicelib.domain.hush import Hush
from chalicelib.domain.post import PostKey
from chalicelib.domain.spike import Surge
from chalicelib.domain.verdict import Reading
from chalicelib.errors import BadInput

URGENT, PRESS, NEGATIVE, POSITIVE = "urgent", "press", "negative", "positive"
LATE, POSTS, SPIKE, PROMISED = "late", "posts", "spike", "promised"
UNSENT, SILENT, OVER_CAP, SPENT, KEYS = "unsent", "silent", "capped", "spent", "keys"
CAN_WAIT = frozenset({POSITIVE, POSTS, SILENT, SPENT, KEYS})
"""Rings that quiet hours hold back."""
MUST_BE_OPENED = frozenset({URGENT, PRESS, NEGATIVE, LATE, SPIKE, UNSENT})
"""Rings that somebody else hears of where nobody opened them."""
SOON = timedelta(minutes=30)
"""So long before it is due a case that still waits is told of, or up to `EVERY` sooner."""
EVERY = timedelta(minutes=10)
"""How often one looks for such cases."""
CAPACITY = 5
"""Cases at once, for who did not say otherwise."""
DRILLED = ".drill"
"""How the bell ends of what is told of a drill."""
PRESSING = 2
"""The urgency from which a message is told of whatever its tone."""


def ring(reading: Reading) -> str:
    """What a message that became work rings for; "" for what can be read on the list."""
    if reading.urgency >= PRESSING:
        return URGENT
    if PRESS in reading.intents:
        return PRESS
    return reading.sentiment.value if reading.strong else ""


def looked_until(now: datetime) -> datetime:
    """Cases due up to then have been looked at, by the look of `now` or the last one before it."""
    return now.replace(minute=now.minute - now.minute % 10, second=0, microsecond=0) + SOON


def bell(department: str, ring: str, *, drill: bool = False) -> str:
    """A drill's rings apart: no message tells of both."""
    return f"{department}.{ring}{DRILLED if drill else ''}"


def bell_of_posts(brand: Brand) -> str:
    """What rings for a post: the first department."""
    return bell(brand.departments[0].id, POSTS)


def own_bell(bell: str, user: str) -> str:
    """The bell of one colleague, who hears later what this one rang for."""
    return f"{bell}@{user}"


def owner(bell: str) -> str:
    """Whose own bell it is; "" for a department's."""
    return bell.partition("@")[2]


def heard_by(bell: str) -> tuple[str, str]:
    """Its department's id, and the ring."""
    department, _, rung = bell.partition("@")[0].removesuffix(DRILLED).partition(".")
    return department, rung


# quiet hours -------------------------------------------------------------------------------------


def quiet_block(text: str) -> tuple[int, int] | None:
    """Minutes of the day of `22:00-07:30`, which may run over midnight; None for "". Raises ValueError."""
    if not text:
        return None
    first, dash, last = text.partition("-")
    start, end = _minute(first), _minute(last)
    if not dash or start == end:
        raise ValueError("two times, such as 22:00-07:30")
    return start, end


def _minute(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    if colon and len(minute) == 2 and 1 <= len(hour) <= 2 and (hour + minute).isdecimal():
        found = int(hour) * 60 + int(minute)
        if int(minute) < 60 and found < 24 * 60:
            return found
    raise ValueError("two times, such as 22:00-07:30")


def quiet_until(text: str, zone: str, now: datetime) -> datetime | None:
    """When the quiet hours end that `now` lies in, on the clock of the wall there; None outside them."""
    found = quiet_block(text)
    if found is None:
        return None
    start, end = found
    here = now.astimezone(ZoneInfo(zone))
    wall = here.hour * 60 + here.minute
    inside = start <= wall < end if start < end else wall >= start or wall < end
    if not inside:
        return None
    day = here.date() + timedelta(days=wall >= end)
    over = datetime(day.year, day.month, day.day, *divmod(end, 60), tzinfo=here.tzinfo).astimezone(UTC)
    return max(over, now + timedelta(minutes=1))


# who is told, and whether they looked ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How one colleague wants to be told of a brand's work, beside what their department gets.

    `mail` is the address, "" for none. `chat`: an address of their own, kept as a secret
    (`secret_of`). `quiet` as `quiet_block` reads it. `digest`: daily, weekly or "".
    """

    brand: str
    user: str
    name: str
    mail: str = ""
    chat: bool = False
    departments: tuple[str, ...] = ()
    """Empty: all."""
    quiet: str = ""
    digest: str = ""
    languages: tuple[str, ...] = ()
    """In which they answer, ISO 639-1; empty: any."""
    topics: tuple[str, ...] = ()
    """Ids of the brand's topics that they know; empty: all."""
    capacity: int = CAPACITY
    """Cases that they want to be given at once, at most."""
    told_in: str = ""
    """The language of what they are told, ISO 639-1; "": the brand's first one."""
    rev: int = 1

    def answers_in(self, language: str) -> bool:
        """Also what is in no known language."""
        return not self.languages or language in (*self.languages, "", "und")

    def reads(self, brand: Brand) -> str:
        """The language of what they are told."""
        return self.told_in or brand.languages[0]

    def knows(self, topics: Collection[str], brand: Brand) -> bool:
        """Is one of these known to them? Topics that the brand no longer has are nobody's, and who knows only
        such ones knows all."""
        if not topics or not self.topics:
            return True
        there = {each.id for each in brand.topics}
        about, theirs = there.intersection(topics), there.intersection(self.topics)
        return not about or not theirs or bool(about & theirs)

    def hears(self, bell: str) -> bool:
        """At once, or when their quiet hours end?"""
        return not self.departments or heard_by(bell)[0] in self.departments

    def until(self, bell: str, zone: str, now: datetime) -> datetime | None:
        """When their quiet hours end, for what can wait so long; None: now."""
        return quiet_until(self.quiet, zone, now) if heard_by(bell)[1] in CAN_WAIT else None


def secret_of(brand: str, user: str) -> str:
    """The name under which a colleague's own address is kept."""
    return f"alert/{brand}/p-{user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was told of at once, and who looked. `id` sorts as time does."""

    brand: str
    id: str
    at: datetime
    bell: str
    subject: str
    """In the brand's first language."""
    subjects: dict[str, str] = field(default_factory=dict)
    """In the others that we have words in, by language."""
    cases: tuple[CaseKey, ...] = ()
    posts: tuple[PostKey, ...] = ()
    surges: tuple[Surge, ...] = ()
    hushes: tuple[Hush, ...] = ()
    spent: tuple[Spent, ...] = ()
    reached: tuple[str, ...] = ()
    """By which ways it went: `mail`, `webhook`, and of colleagues `mail:name`, `chat:name`."""
    opened_by: str = ""
    opened_by_id: str = ""
    opened_at: datetime | None = None
    escalated_at: datetime | None = None

    @property
    def path(self) -> str:
        """Its page; opening it is the receipt."""
        return f"/alerts/{self.brand}/{self.id}"

    def subject_in(self, language: str) -> str:
        return self.subjects.get(language, self.subject)

    @property
    def drill(self) -> bool:
        """Does it tell of a drill?"""
        return self.bell.partition("@")[0].endswith(DRILLED)

    @property
    def escalates(self) -> bool:
        """Must somebody have opened it?"""
        return heard_by(self.bell)[1] in MUST_BE_OPENED


def notice_id(at: datetime, bell: str) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}{at.microsecond // 1000:03}-{bell}"


# chats -------------------------------------------------------------------------------------------

ENDED = "Microsoft ended these addresses; make one with the app Workflows"
NO_CHAT = "an address of Telegram ends with ?chat_id= and the number of the chat"
CHATS: Mapping[str, str] = {
    "slack": "Slack", "teams": "Microsoft Teams", "discord": "Discord", "telegram": "Telegram",
}  # fmt: skip


def chat_of(address: str) -> str:
    """Which network an address of alerts is of, by how it looks; "" for any that takes JSON. Raises BadInput
    (`secret`) for one that no longer works, or that lacks something."""
    parts = urlsplit(address)
    host, path = (parts.hostname or "").lower(), parts.path
    if host == "hooks.slack.com" or (path.startswith("/services/T") and path.count("/") == 4):
        return "slack"
    if path.startswith("/api/webhooks/"):
        return "discord"
    if path.startswith("/bot") and path.endswith("/sendMessage"):
        if "chat_id=" not in parts.query:
            raise BadInput("secret", NO_CHAT)
        return "telegram"
    if host.endswith(".webhook.office.com"):
        raise BadInput("secret", ENDED)
    flows = (".logic.azure.com", ".api.powerplatform.com", ".azure-apihub.net")
    return "teams" if host.endswith(flows) or "/triggers/manual/paths/invoke" in path else ""
