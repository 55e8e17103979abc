"""A network that is not there: it keeps what it is sent, shows it on a page, and fails when told to.

For trying the whole of the system without an account anywhere. Settings: `account`, our short name on it;
`kind` `paid` makes believe that it charges for what is read, `paid` `yes` that it does for what is written.

Everything lies on a shelf (`ports.Shelf`), one document a name:

| name             | holds                                                                          |
| ---------------- | ------------------------------------------------------------------------------ |
| `in-00000001`    | what a visitor wrote; counted in order of arrival, so that the last is a cursor |
| `out-<token>`    | what we wrote; the name is the idempotency key. Deleted it is empty, so that    |
|                  | no later try can write it again                                                |
| `numbers-<id>`   | what it says of a message of ours, as JSON: `reach`, `reactions`, `shares`     |
| `following`      | how many follow us, and whom we follow, as a JSON list; perhaps not there       |
| `mood`           | how it is to fail: one of `MOODS`                                              |
| `looks-<id>`     | how often a message was looked for while lists are late                        |
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from json import dumps, loads

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import SLUG, Author, Found
from chalicelib.domain.shape import dump, load
from chalicelib.errors import BadInput, RateLimited, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._http_json import count
from chalicelib.ports import N_, Ear, Free, Kit, Page, Prices, ReplyTo, Sent, Setting, Shelf, Terms
from chalicelib.ports.showing import Image, Images

NAME = "sandbox"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "edit", "boost", "quote"})
KEYLESS = True
WHY_NOT = ""
PRACTICE = Ear(
    label=N_("The practice page"),
    every=1,
    through=N_("Practice channel"),
    leaves_out=(N_("Everything real: it is for practice."),),
)
SOURCES = {
    "": PRACTICE,
    "paid": replace(PRACTICE, label=N_("The practice page, as if it charged for reading")),
}
CHANNEL = (
    Setting(
        "paid",
        "yes",
        N_("As if it charged for what you write"),
        N_("Nobody is paid: to practise with budgets."),
        needed=False,
    ),
)
TERMS = Terms(checked=date(2026, 11, 30), source="")
PAID = replace(TERMS, price=0.015)
"""What X asked a message, to practise with."""
PRICES = {"paid": Prices(read=5_000, most=40, checked=date(2026, 11, 30), source="")}
"""By kind of source. Nobody is paid: what X asks a message, to practise with."""

IMAGES = Images(
    most=4,
    types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    size=4_000_000,
    alt=1500,
    checked=date(2026, 11, 30),
    source="",
)


def terms(settings: Mapping[str, str]) -> Terms:
    """Of a channel."""
    return PAID if settings.get("paid") == "yes" else TERMS


ROOM = 500
PAGE = 40
REST = 30.0
LATE_LOOKS = 2
MOODS = {
    "": "well",
    "refuse": "refuses what we write",
    "unauthorized": "does not know our key",
    "rate-limited": f"asks us to wait {REST:.0f} seconds",
    "down": "does not answer; nothing happens",
    "lost": "publishes what we write, and loses its answer",
    "lists-late": f"shows what we write only after it was looked for {LATE_LOOKS} times",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One message as it lies on the shelf. `author` is the account itself where it is ours."""

    author: str
    text: str
    at: datetime
    reply_to: str = ""
    language: str = ""
    images: tuple[str, ...] = ()
    """What its images show; they themselves are not kept here."""
    passes_on: str = ""
    """The id of a visitor's message that it brings to attention: with words of ours, or ("") as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message for the sandbox's page."""

    id: str
    note: Note
    ours: bool


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Sandbox":
    """Raises BadInput for a wrong setting."""
    account = settings.get("account", "")
    if not all(SLUG.fullmatch(part) for part in account.split(".", 1)):
        raise BadInput("account", "<brand>.<channel>, in small letters, digits and hyphens")
    return Sandbox(kit.shelf, account)


class Sandbox:
    """Listens (Metered too), Speaks, Deletes, Measures and Counts."""

    threads = True
    comments = True
    once = True  # the token is the document's name

    def __init__(self, shelf: Shelf, account: str) -> None:
        self._shelf = shelf
        self._account = account

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str, most: int = PAGE) -> Page:
        self._fail()
        new = [(id, note) for id, note in _notes(self._shelf, self._account, "in-") if id > cursor]
        page = new[:most]
        return Page(
            found=tuple(self._found(id, note) for id, note in page if note.author != self._account),
            cursor=page[-1][0] if page else cursor,
            more=len(new) > most,
            read=len(page),
        )

    def _found(self, id: str, note: Note) -> Found:
        return Found(
            id=id,
            author=Author(id=note.author, handle=note.author),
            text=note.text,
            posted_at=note.at,
            url=_url(self._account, id),
            reply_to=note.reply_to,
            language=note.language,
            direct=True,
        )

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        mood = self._may_write()
        if not 1 <= self.length(text) <= ROOM:
            raise Rejected(NAME, f"a text has 1 to {ROOM} characters")
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        if any(len(image.read()) != image.size for image in images):
            raise Rejected(NAME, "the network could not read the image")
        note = Note(
            author=self._account,
            text=text,
            at=datetime.now(UTC),
            reply_to=to.id if to else "",
            language=language,
            images=tuple(image.alt for image in images),
        )
        return self._laid(token, note, mood)

    def _laid(self, token: str, note: Note, mood: str) -> Sent:
        """Once for one token."""
        id = f"out-{token}"
        if not self._shelf.put(self._account, id, _written(note)):
            kept = self._note(id)
            if kept is None:
                raise Rejected(NAME, "it was deleted, and is not published again")
            note = kept
        if mood == "lost":
            raise Unknown(NAME, "it was told to lose its answer")
        return self._sent(id, note)

    def boost(self, of: ReplyTo, token: str) -> Sent:
        return self._pass_on(of, "", token, "")

    def boosted(self, of: ReplyTo, token: str) -> Sent | None:
        return self.read_back(f"out-{token}")

    def quote(self, of: ReplyTo, text: str, token: str, language: str) -> Sent:
        if not 1 <= self.length(text) <= ROOM:
            raise Rejected(NAME, f"a text has 1 to {ROOM} characters")
        return self._pass_on(of, text, token, language)

    def _pass_on(self, of: ReplyTo, text: str, token: str, language: str) -> Sent:
        mood = self._may_write()
        if not (of.id.startswith("in-") and self._shelf.get(self._account, of.id)):
            raise Rejected(NAME, "the message is not there any more")
        note = Note(author=self._account, text=text, at=datetime.now(UTC), language=language, passes_on=of.id)
        return self._laid(token, note, mood)

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """A message is known by its token here: neither words nor moment are needed."""
        return self.read_back(f"out-{token}")

    def read_back(self, remote_id: str) -> Sent | None:
        note = self._shown(remote_id)
        return self._sent(remote_id, note) if note else None

    def delete(self, remote_id: str) -> None:
        mood = self._may_write()
        if remote_id.startswith("out-"):
            self._shelf.replace(self._account, remote_id, "")
        if mood == "lost":
            raise Unknown(NAME, "it was told to lose its answer")

    def edit(self, remote_id: str, text: str) -> Sent:
        mood, note = self._may_write(), self._note(remote_id)
        if note is None:
            raise Rejected(NAME, "the message is not there any more")
        if not 1 <= self.length(text) <= ROOM:
            raise Rejected(NAME, f"a text has 1 to {ROOM} characters")
        after = replace(note, text=text)
        self._shelf.replace(self._account, remote_id, _written(after))
        if mood == "lost":
            raise Unknown(NAME, "it was told to lose its answer")
        return self._sent(remote_id, after)

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """Answers are counted; the rest is as it was laid there, or not given."""
        if self._shown(remote_id) is None:
            return None
        laid = _numbers(self._shelf.get(self._account, f"numbers-{remote_id}") or "{}")
        answers = (note for kind in ("in-", "out-") for _, note in _notes(self._shelf, self._account, kind))
        return replace(laid, replies=sum(note.reply_to == remote_id for note in answers))

    def following(self) -> tuple[int | None, int | None]:
        """As it was laid there; else who ever wrote here follows us, and whom we follow is not given."""
        self._fail()
        if laid := self._shelf.get(self._account, "following"):
            followers, following = loads(laid)
            return count(followers), count(following)
        return len({note.author for note in self._visitors()}), None

    def _visitors(self) -> Iterator[Note]:
        notes = (note for _, note in _notes(self._shelf, self._account, "in-"))
        return (note for note in notes if note.author != self._account)

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Grapheme clusters."""
        import regex

        return len(regex.findall(r"\X", text))

    def _may_write(self) -> str:
        mood = self._fail()
        if mood == "refuse":
            raise Rejected(NAME, "it was told to refuse")
        return mood

    def _fail(self) -> str:
        """The mood, where it lets us in at all."""
        mood = mood_of(self._shelf, self._account)
        if mood == "unauthorized":
            raise Unauthorized(NAME, "it was told to refuse our key")
        if mood == "rate-limited":
            raise RateLimited(NAME, REST)
        if mood == "down":
            raise Unavailable(NAME, "it was told to be down")
        return mood

    def _shown(self, id: str) -> Note | None:
        """A message of ours, once its lists show it."""
        mood, note = self._fail(), self._note(id)
        return None if note and mood == "lists-late" and self._looked(id) <= LATE_LOOKS else note

    def _looked(self, id: str) -> int:
        looks = int(self._shelf.get(self._account, f"looks-{id}") or 0) + 1
        self._shelf.replace(self._account, f"looks-{id}", str(looks))
        return looks

    def _note(self, id: str) -> Note | None:
        document = self._shelf.get(self._account, id) if id.startswith("out-") else None
        return _read(document) if document else None

    def _sent(self, id: str, note: Note) -> Sent:
        return Sent(remote_id=id, url=_url(self._account, id), text=note.text, at=note.at)


# for those who show it and play its visitors --------------------------------------------------------


def say(
    shelf: Shelf, account: str, author: str, text: str, now: datetime, reply_to: str = "", language: str = ""
) -> str:
    """A visitor writes to `account`; the message's id. The same message twice is one."""
    note = Note(author=author, text=text, at=now, reply_to=reply_to, language=language)
    document = _written(note)
    there = [(name, kept) for name, kept in shelf.all(account) if name.startswith("in-")]
    for name, kept in there:
        if kept == document:
            return name
    number = len(there) + 1
    while not shelf.put(account, f"in-{number:08d}", document):
        number += 1
    return f"in-{number:08d}"


def wall(shelf: Shelf, account: str) -> list[Entry]:
    """Everything that was written, by moment."""
    entries = [Entry(id=id, note=note, ours=False) for id, note in _notes(shelf, account, "in-")]
    entries += [Entry(id=id, note=note, ours=True) for id, note in _notes(shelf, account, "out-")]
    return sorted(entries, key=lambda entry: (entry.note.at, entry.ours, entry.id))


def mood_of(shelf: Shelf, account: str) -> str:
    return shelf.get(account, "mood") or ""


def set_mood(shelf: Shelf, account: str, mood: str, *lines: AuditLine) -> None:
    """`lines` are what the log says of it. Raises BadInput for a mood that is not one of `MOODS`."""
    if mood not in MOODS:
        raise BadInput("mood", f"one of {', '.join(filter(None, MOODS))}, or nothing")
    shelf.replace(account, "mood", mood, *lines)


def set_numbers(shelf: Shelf, account: str, id: str, numbers: Numbers) -> None:
    """What the sandbox shall say of a message of ours; answers it counts itself."""
    given = {"reach": numbers.reach, "reactions": numbers.reactions, "shares": numbers.shares}
    shelf.replace(account, f"numbers-{id}", dumps(given))


def set_following(shelf: Shelf, account: str, followers: int, following: int) -> None:
    """What the sandbox shall say of our account from now on."""
    shelf.replace(account, "following", dumps([followers, following]))


def _numbers(document: str) -> Numbers:
    try:
        given = loads(document)
    except (ValueError, RecursionError):
        given = None
    given = given if isinstance(given, dict) else {}
    return Numbers(**{name: count(given.get(name)) for name in ("reach", "reactions", "shares")})


def _notes(shelf: Shelf, account: str, kind: str) -> Iterator[tuple[str, Note]]:
    kept = ((name, document) for name, document in shelf.all(account) if name.startswith(kind))
    return ((name, _read(document)) for name, document in kept if document)


def _written(note: Note) -> str:
    return dumps(dump(note), ensure_ascii=False)


def _read(document: str) -> Note:
    return load(Note, loads(document))


def _url(account: str, id: str) -> str:
    return f"/sandbox/{account}#{id}"
