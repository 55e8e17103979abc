"""The sandbox: the wall of what was said there, a visitor's voice, and how it is told to fail."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.logged import facts
from chalicelib.errors import BadInput, NotFound
from chalicelib.web.desk import WallLine
from chalicelib.web.i18n import N_
from chalicelib.web.visit import Go, Outcome, Page, Visit

LONGEST_NAME, LONGEST_TEXT = 40, 2000
LINES = 100
WORKS = "works"
"""What the log calls the mood without a name."""
EXCERPT = 60
"""Characters of the message that a line answers."""
MOODS = {
    "": N_("Works as it should"),
    "refuse": N_("Refuses what we write"),
    "unauthorized": N_("Does not know our key"),
    "rate-limited": N_("Asks us to wait"),
    "down": N_("Does not answer"),
    "lost": N_("Publishes, and loses its answer"),
    "lists-late": N_("Shows what we write only later"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line, what it answers (None: nothing that is still there), and how many answered it."""

    line: WallLine
    above: WallLine | None
    answers: int

    @property
    def post(self) -> bool:
        """Said by us of our own accord?"""
        return self.line.ours and not self.line.reply_to

    @property
    def excerpt(self) -> str:
        """The beginning of what it answers."""
        text = " ".join(self.above.text.split()) if self.above else ""
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0].rstrip('.,;:')}…"


def show(visit: Visit, name: str) -> Page:
    return _page(visit, *find(visit, name), answer=visit.query.get("answer", ""))


def say(visit: Visit, name: str) -> Outcome:
    """A visitor writes; the next poll hears it."""
    brand, channel = find(visit, name)
    author = visit.form.get("author", "").strip().lstrip("@")
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    _ = visit.words.gettext
    answer = visit.form.get("answer", "")
    faults = {}
    if not 1 <= len(author) <= LONGEST_NAME or any(c.isspace() for c in author):
        faults["author"] = _("Give the visitor a name without spaces.")
    if not 1 <= len(text) <= LONGEST_TEXT:
        faults["text"] = _(
            "Write what the visitor says, in at most %(count)s characters.", count=LONGEST_TEXT
        )
    if answer and all(line.id != answer for line in visit.desk.wall(brand, channel.id)):
        faults["answer"] = _("The message you answer is not there any more.")
    if faults:
        return _page(visit, brand, channel, answer=answer, author=author, text=text, faults=faults)
    speak(visit, brand, channel, author, text, answer)
    return Go(f"/sandbox/{channel.id}?done=said")


def speak(visit: Visit, brand: Brand, channel: Channel, author: str, text: str, answer: str) -> None:
    line = visit.line("sandbox.say", channel.id, after=facts({"author": author, "text": text}))
    visit.desk.audit.note(replace(line, brand=brand.id))
    visit.desk.say(brand, channel.id, author, text, visit.now, answer)


def set_mood(visit: Visit, name: str) -> Outcome:
    brand, channel = find(visit, name)
    feel(visit, brand, channel, visit.form.get("mood", ""))
    return Go(f"/sandbox/{channel.id}?done=mood")


def feel(visit: Visit, brand: Brand, channel: Channel, mood: str) -> None:
    """Raises BadInput for a mood that it does not know."""
    before = visit.desk.mood(brand, channel.id)
    line = visit.line(
        "sandbox.mood",
        channel.id,
        before=facts({"mood": before or WORKS}),
        after=facts({"mood": mood or WORKS}),
    )
    try:
        visit.desk.set_mood(brand, channel.id, mood, replace(line, brand=brand.id))
    except BadInput:
        raise BadInput("mood", "not one of the sandbox's") from None


def find(visit: Visit, name: str) -> tuple[Brand, Channel]:
    """By its id or by its account: links to a message there hold the account. Raises NotFound, Forbidden."""
    for brand in (visit.brand, *visit.brands):
        for channel in brand.channels:
            names = (channel.id, channel.settings.get("account"))
            if channel.platform == "sandbox" and name in names:
                return visit.brand_of(brand.id), channel
    raise NotFound("no such sandbox")


def _page(
    visit: Visit,
    brand: Brand,
    channel: Channel,
    *,
    answer: str = "",
    author: str = "",
    text: str = "",
    faults: dict[str, str] | None = None,
) -> Page:
    """Newest first. `answer` is the id of the line that the visitor answers."""
    wall = sorted(visit.desk.wall(brand, channel.id), key=lambda line: line.at, reverse=True)
    lines = _shown(wall)
    values = {
        "channel": channel,
        "lines": lines[:LINES],
        "answered": next((shown for shown in lines if shown.line.id == answer), None),
        "mood": visit.desk.mood(brand, channel.id),
        "moods": {key: visit.words.gettext(said) for key, said in MOODS.items()},
        "author": author,
        "text": text,
        "faults": faults or {},
        "done": visit.query.get("done", ""),
        "longest": LONGEST_TEXT,
    }
    return Page(
        template="sandbox.html", place="sandbox", values=values, status=422 if faults else 200, brand=brand
    )


def _shown(wall: Sequence[WallLine]) -> list[Shown]:
    known = {line.id: line for line in wall}
    answers = Counter(line.reply_to for line in wall)
    return [Shown(line, known.get(line.reply_to), answers[line.id]) for line in wall]
