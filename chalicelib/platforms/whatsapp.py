"""WhatsApp: what people write to a number of ours, told by its webhook; answers to it within 24 hours.

API: https://developers.facebook.com/documentation/business-messaging/whatsapp (Cloud API, Graph API v26.0),
read 2026-11-21.

Settings:
* `number`: what WhatsApp calls the phone number (phone number ID), digits

Secrets: `token`, of a system user, with whatsapp_business_messaging and whatsapp_business_management;
`app_secret`: each request then proves that we know it.

Nobody can ask WhatsApp for messages: it tells its webhook of each, and of what became of ours. That is noted,
under the message and under the token that we gave along, so that an answer whose outcome was lost is found
again, and one that did not arrive is known. Theirs are known by WhatsApp's own name (`wamid.`) in the letters
of a key, ours by a hash of it: such a name holds a phone number. What is noted is kept for three months,
longer than WhatsApp tries to deliver a message.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import Any

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unavailable, Undelivered, Unknown
from chalicelib.platforms import _meta
from chalicelib.platforms._graph import FACEBOOK, Graph, at, unix
from chalicelib.platforms._http_json import count, words
from chalicelib.platforms._text import one_line, tidy
from chalicelib.ports import N_, Ear, Free, Kit, ReplyTo, Sent, Setting

NAME = "whatsapp"
API = FACEBOOK
ANSWERS = "api"
CAN = frozenset({"check"})
NOT_BUILT = (
    "Templates, without which nothing may be sent later than 24 hours after the last message.",
    "Images, files and videos of ours.",
    "Telling who wrote that it was read.",
)
WHY_NOT = ""
NUMBER = Setting("number", "text", N_("Phone number ID"), N_("Digits, as your app at Meta shows it."))
TOKEN = Setting("token", "secret", N_("Access token"), N_("Of a system user, which does not end."))
APP_SECRET = Setting("app_secret", "secret", N_("App secret"), N_("Under App settings, Basic."), needed=False)
CHANNEL = (NUMBER, TOKEN, APP_SECRET)
SOURCES: Mapping[str, Ear] = {}
"""It is not asked: it calls us."""
UNTOLD = (
    N_("WhatsApp: images, voice messages and the like without words, groups, and what people take back."),
)
LIMIT = Limit(4_800, timedelta(minutes=1))
"""80 messages a second of a number: .../whatsapp/throughput, read 2026-11-21."""
WINDOW = timedelta(hours=24)
TOO_LATE = N_(
    "WhatsApp takes no free answer more than 24 hours after what somebody wrote: use WhatsApp itself"
)

ROOM = 4_096
NOT_TOLD = N_("WhatsApp has not told yet whether it took it")
FAILED = "failed"
KEPT = timedelta(days=90)
STEPS = ("sent", "delivered", "read")
"""How far a message of ours came, in order."""


def unanswered(*, direct: bool, age: timedelta) -> str:
    return TOO_LATE if age > WINDOW else ""


def account(settings: Mapping[str, str]) -> str:
    return settings.get("number", "")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "WhatsApp":
    """Raises BadInput for a wrong setting."""
    number = settings.get("number", "")
    if not re.fullmatch(r"[0-9]{1,30}", number):
        raise BadInput("number", "the phone number ID, digits only")
    api = Graph(kit.http, NAME, API, secrets.get("token", ""), secrets.get("app_secret", ""))
    return WhatsApp(api, number, kit)


class WhatsApp:
    """Speaks, Checks and Counts."""

    threads = False  # a message has room for any answer
    once = False

    def __init__(self, api: Graph, number: str, kit: Kit) -> None:
        self._api = api
        self._number = number
        self._shelf = kit.shelf
        self._place = f"{NAME}.{number}"

    # what became of ours ---------------------------------------------------------------------------

    def told(self, statuses: Sequence[tuple[str, str, str]]) -> tuple[Found, ...]:
        """Note how far messages of ours came, by (name, token, status) as `named` gives them; in whatever
        order they come. No message is among them."""
        until = datetime.now(UTC) + KEPT
        for id, token, status in statuses:
            was = self._shelf.get(self._place, id) or ""
            if _further(status, was):
                self._shelf.replace(self._place, id, status, until=until)
            if token:
                self._shelf.put(self._place, _slip(token), id, until=until)
        return ()

    # speaks ----------------------------------------------------------------------------------------

    def publish(self, to: ReplyTo | None, text: str, token: str, language: str) -> Sent:
        """An answer to who wrote, below what they wrote. Raises Undelivered where an earlier try was taken
        and did not arrive: a person decides whether it goes again."""
        if to is None:
            raise Rejected(NAME, N_("WhatsApp takes answers only, and no posts"))
        if sent := self._noted(token, text):
            self._arrived(sent.remote_id)
            return sent
        above = wamid(to.id)
        value = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": to.author,
            "type": "text",
            "text": {"preview_url": "://" in text, "body": text},
            **({"context": {"message_id": above}} if above else {}),
            "biz_opaque_callback_data": token,
        }
        answer = self._api.post(f"{at(self._number)}/messages", value, {})
        several = answer.get("messages") if isinstance(answer, dict) else None
        first = several[0] if isinstance(several, list) and several else None
        id = ours(words(first.get("id"), 500)) if isinstance(first, dict) else ""
        if not id:
            raise Unknown(NAME, "the answer is not a message")
        return Sent(remote_id=id, url="", text=tidy(text))

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """What the webhook was told of a message with this `token`; None for one that did not arrive. Raises
        Unavailable where it was told nothing: that is late at times, and says nothing of the message."""
        sent = self._noted(token, text)
        if sent is None:
            raise Unavailable(NAME, NOT_TOLD)
        try:
            self._arrived(sent.remote_id)
        except Undelivered:
            return None
        return sent if free is None or free(sent.remote_id) else None

    def _noted(self, token: str, text: str) -> Sent | None:
        id = self._shelf.get(self._place, _slip(token))
        return Sent(remote_id=id, url="", text=tidy(text)) if id else None

    def read_back(self, remote_id: str) -> Sent | None:
        """Without its words, once the webhook was told that it left. Raises Undelivered, in WhatsApp's
        words."""
        return Sent(remote_id=remote_id, url="") if self._arrived(remote_id) else None

    def _arrived(self, remote_id: str) -> bool:
        """As far as was told; False where nothing was. Raises Undelivered."""
        status = self._shelf.get(self._place, remote_id)
        if status and status not in STEPS:
            raise Undelivered(NAME, status.removeprefix(f"{FAILED} ") or FAILED)
        return bool(status)

    # checks ----------------------------------------------------------------------------------------

    def check(self) -> datetime | None:
        """The key of a system user does not end."""
        self._api.get(at(self._number), [("fields", "id")])
        return None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(text.strip())


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified: what people wrote to us. Raises BadInput."""
    each = (_message(message, told) for told in _told(value) for message in _several(told, "messages"))
    return tuple(one for one in each if one)


def only(value: Any, account: str) -> Any:
    """A call of its webhook without what it tells of other numbers."""
    return _meta.only(value, account, _number)


def _number(entry: Mapping[str, Any], change: Mapping[str, Any]) -> str:
    told = change.get("value")
    about = told.get("metadata") if isinstance(told, dict) else None
    return words(about.get("phone_number_id"), 30) if isinstance(about, dict) else ""


def named(value: Any) -> tuple[tuple[str, str, str], ...]:
    """What became of messages of ours, as `told` of the module's object notes it: (name, token, status)."""
    each = (_status(status) for told in _told(value) for status in _several(told, "statuses"))
    return tuple(one for one in each if one)


def _told(value: Any) -> Iterator[Mapping[str, Any]]:
    entries = value.get("entry") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise BadInput("entry", "expected a list")
    for entry in entries:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        for each in changes if isinstance(changes, list) else ():
            told = each.get("value") if isinstance(each, dict) and each.get("field") == "messages" else None
            if isinstance(told, dict):
                yield told


def _several(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    given = told.get(name)
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _message(value: Mapping[str, Any], told: Mapping[str, Any]) -> Found | None:
    """None for our own, and for what has no words."""
    id, who, text = short(words(value.get("id"), 500)), words(value.get("from"), 200), _text(value)
    about = told.get("metadata")
    own = re.sub(r"\D", "", words(about.get("display_phone_number"), 30)) if isinstance(about, dict) else ""
    if not (id and who and text) or who == own:
        return None
    return Found(
        id=id,
        author=Author(id=who, handle=who, name=_name(who, told)),
        text=text,
        posted_at=unix(value.get("timestamp")),
        url=f"https://wa.me/{who}" if who.isascii() and who.isdecimal() else "",
        reply_to=_above(value.get("context"), own),
        direct=True,
        platform=NAME,
    )


def _above(context: Any, own: str) -> str:
    """What it answers, a message of ours or of theirs."""
    if not isinstance(context, dict):
        return ""
    id, who = words(context.get("id"), 500), words(context.get("from"), 200)
    return ours(id) if own and who == own else short(id)


def _text(value: Mapping[str, Any]) -> str:
    """What was written, or chosen, or stands with an image."""
    kind = value.get("type")
    part = value.get(kind) if isinstance(kind, str) else None
    if not isinstance(part, dict):
        return ""
    if kind == "interactive":
        chosen = part.get(str(part.get("type")))
        part = chosen if isinstance(chosen, dict) else {}
    said = (part.get(name) for name in ("body", "caption", "text", "title"))
    return "" if kind in ("reaction", "system") else tidy(words(next(filter(None, said), ""), 20_000))


def _name(who: str, told: Mapping[str, Any]) -> str:
    for each in _several(told, "contacts"):
        profile = each.get("profile")
        if who in (each.get("wa_id"), each.get("user_id")) and isinstance(profile, dict):
            return one_line(words(profile.get("name"), 200))
    return ""


def _status(value: Mapping[str, Any]) -> tuple[str, str, str] | None:
    id, status = ours(words(value.get("id"), 500)), words(value.get("status"), 30)
    if not id or status not in (*STEPS, FAILED):
        return None
    why = next((_why(each) for each in _several(value, "errors")), "")
    said = f"{FAILED} {why}".strip() if status == FAILED else status
    return id, words(value.get("biz_opaque_callback_data"), 512), said


def _why(error: Mapping[str, Any]) -> str:
    data = error.get("error_data")
    details = words(data.get("details"), 300) if isinstance(data, dict) else ""
    said = one_line(details or words(error.get("message"), 300) or words(error.get("title"), 300))
    return f"{said} ({count(error.get('code'))})"


def _further(status: str, was: str) -> bool:
    """Does it say more than what is noted? What did not arrive stays so."""
    if status not in STEPS:
        return was not in ("delivered", "read")
    return not was or (was in STEPS and STEPS.index(status) > STEPS.index(was))


def short(given: str) -> str:
    """`wamid.<base64>` as a name for a key."""
    bare = given.removeprefix("wamid.").translate(_URL).rstrip("=")
    return native_id(bare) if bare else ""


def wamid(id: str) -> str:
    """The name behind a short one; "" where it was too long, and hashed."""
    return "" if "." in id else f"wamid.{id.translate(_PLAIN)}{'=' * (-len(id) % 4)}"


def ours(given: str) -> str:
    """The name of a message of ours, which tells nobody's number."""
    return f"ours.{blake2s(given.encode(), digest_size=15).hexdigest()}" if given else ""


def _slip(token: str) -> str:
    """Under what is noted which message has this token."""
    return f"token.{blake2s(token.encode(), digest_size=12).hexdigest()}"


_URL, _PLAIN = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")
