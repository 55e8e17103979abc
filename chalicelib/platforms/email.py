"""E-mail: what people mail to an address of yours, by Amazon SES; answers by the same.

API: https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html and SES API v2
(SendEmail, GetEmailIdentity), read 2026-11-21.

Settings:
* `account`: the address that answers; it or its domain is a verified identity of SES where Webspin runs
* `sender`: the name before it; left out: none

No secret: the rights of our own Lambdas are the key.

SES tells a topic of SNS of each mail, and that calls us. A mail lies in the notification itself, or in our
bucket, of which it then names the object. Repeats of one mail by one author have one Message-ID, and are
one mention.

Who wrote it is proven by DMARC, or by DKIM where every signature is of the domain that it says it is from;
else the mention is marked, and its author is another than the one who was proven. What an answer needs
stands in the mention alone, as a `mailto:` of its author with subject and ids: it is forgotten with that.

SES has no idempotency and shows nobody what it sent: an answer whose outcome was lost is never sent again by
itself. It makes the Message-ID of ours, and gives it back: that is how what answers it is known.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.mention import native_id
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable
from chalicelib.platforms._mail_heard import (
    calls as calls,
    fetched as fetched,
    heard as heard,
    known_as as known_as,
    only as only,
)
from chalicelib.platforms._text import one_line, tidy
from chalicelib.ports import N_, Ear, Free, Kit, ReplyTo, Sent, Setting, Terms

if TYPE_CHECKING:
    from chalicelib.ports import Mailbox

NAME = "email"
ANSWERS = "api"
CAN = frozenset({"check"})
KEYLESS = True
NOT_BUILT = (
    "Attachments: theirs are named, in the first megabyte of a mail, and not kept; ours are not sent.",
    "Mail that begins a conversation, and newsletters.",
    "Answers to several people at once: one goes to who wrote, or to their Reply-To.",
    "Looking up what was sent: SES shows nobody a list.",
    "Mail in encrypted form (S/MIME, PGP), and what SES encrypts itself with a key of KMS.",
)
WHY_NOT = ""
SOURCES: Mapping[str, Ear] = {}
"""It is not asked: SES tells a topic, which calls us."""
UNTOLD = (
    N_("E-mail: answers of machines, mailing lists, and mails without words."),
    N_("A mail of more than about 100 kB where it comes within the call: let SES put it into the bucket."),
)
CHANNEL = (
    Setting("account", "text", N_("E-mail address"), N_("Amazon SES must be allowed to send from it.")),
    Setting("sender", "text", N_("Name of the sender"), N_("It stands before the address."), needed=False),
)
TERMS = Terms(price=0.0001, checked=date(2026, 11, 21), source="https://aws.amazon.com/ses/pricing/")
"""What goes out. Amazon charges what comes in too, per mail and per 256 kB of it: docs/connecting.md."""

ROOM = 20_000
MARK = "X-Webspin"
"""A header of ours: a mail that has it comes back to us from somewhere."""
NO_LOOK = N_("Amazon SES shows no list of what it sent: ask who wrote to you whether it arrived")
UNVERIFIED = N_("Amazon SES may not send from this address yet: verify it, or its domain")
FORGOTTEN = N_("the mail that it answers is not kept any more, or Amazon SES can write to no address of it")


def account(settings: Mapping[str, str]) -> str:
    return settings.get("account", "").strip().casefold()


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Email":
    """Raises BadInput for a wrong setting."""
    from chalicelib.platforms._mail_names import address

    ours = address(settings.get("account", ""))
    if not ours:
        raise BadInput("account", "an address such as help@shop.example")
    return Email(ours, one_line(settings.get("sender", "")), kit)


class Email:
    """Speaks (answers only), Checks and Counts."""

    threads = False  # a mail has room for any answer
    once = False

    def __init__(self, account: str, sender: str, kit: Kit) -> None:
        self._account = account
        self._sender = sender
        self._kit = kit

    @property
    def _mailbox(self) -> "Mailbox":
        assert self._kit.mailbox is not None  # wiring gives it to every channel
        return self._kit.mailbox

    # speaks ----------------------------------------------------------------------------------------

    def publish(self, to: ReplyTo | None, text: str, token: str, language: str) -> Sent:
        """An answer to who wrote, below what they wrote. What cannot be written is Rejected: nothing left."""
        from chalicelib.platforms._mail_out import mailto, written

        if to is None:
            raise Rejected(NAME, N_("E-mail takes answers only, and no posts"))
        if not 0 < self.length(text) <= ROOM:
            raise Rejected(NAME, N_("it is empty, or longer than a mail of ours may be"))
        there, asked = mailto(self._kit.reached(to.id))
        if not there:
            raise Rejected(NAME, FORGOTTEN)
        own = {"X-Auto-Response-Suppress": "OOF, AutoReply", MARK: token, "Content-Language": language}
        raw = written((self._sender, self._account), there, asked, text, own)
        id = self._mailbox.send(sender=self._account, to=there, raw=raw)
        return Sent(remote_id=native_id(id), url="", text=tidy(text))

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Nobody can look; and as we cannot, nothing is sent again. Raises Unavailable."""
        raise Unavailable(NAME, NO_LOOK)

    def read_back(self, remote_id: str) -> Sent | None:
        """SES took it, and nobody can ask for more. What did not arrive it tells later, as a message in the
        conversation."""
        return Sent(remote_id=remote_id, url="")

    # checks ----------------------------------------------------------------------------------------

    def check(self) -> datetime | None:
        """An identity does not end."""
        domain = self._account.rpartition("@")[2]
        if not any(self._mailbox.verified(each) for each in (self._account, domain)):
            raise Unauthorized(NAME, UNVERIFIED)
        return None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(text.strip())
