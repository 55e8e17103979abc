"""The sandbox: the wall of what was said there, a visitor's voice, and how it is told to fail."""

from chalicelib.domain.brand import Brand, Channel
from chalicelib.errors import BadInput, NotFound
from chalicelib.web.i18n import N_
from chalicelib.web.visit import Go, Outcome, Page, Visit

LONGEST_NAME, LONGEST_TEXT = 40, 2000
LINES = 100
MOODS = {
    "": N_("Works as it should"),
    "refuse": N_("Refuses what we write"),
    "unauthorized": N_("Does not know our key"),
    "rate-limited": N_("Asks us to wait"),
    "down": N_("Does not answer"),
    "lost": N_("Publishes, and loses its answer"),
    "lists-late": N_("Shows what we write only later"),
}


def show(visit: Visit, name: str) -> Page:
    return _page(visit, *_channel(visit, name))


def say(visit: Visit, name: str) -> Outcome:
    """A visitor writes; the next poll hears it."""
    brand, channel = _channel(visit, name)
    author = visit.form.get("author", "").strip().lstrip("@")
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    _ = visit.words.gettext
    faults = {}
    if not 1 <= len(author) <= LONGEST_NAME or any(c.isspace() for c in author):
        faults["author"] = _("Give the visitor a name without spaces.")
    if not 1 <= len(text) <= LONGEST_TEXT:
        faults["text"] = _(
            "Write what the visitor says, in at most %(count)s characters.", count=LONGEST_TEXT
        )
    if faults:
        return _page(visit, brand, channel, author=author, text=text, faults=faults)
    visit.desk.say(brand, channel.id, author, text, visit.now)
    return Go(f"/sandbox/{channel.id}?done=said")


def set_mood(visit: Visit, name: str) -> Outcome:
    brand, channel = _channel(visit, name)
    try:
        visit.desk.set_mood(brand, channel.id, visit.form.get("mood", ""))
    except BadInput:
        raise BadInput("mood", "not one of the sandbox's") from None
    return Go(f"/sandbox/{channel.id}?done=mood")


def _channel(visit: Visit, name: str) -> tuple[Brand, Channel]:
    """By its id or by its account: links to a message there hold the account. Raises NotFound."""
    for brand in (visit.brand, *visit.brands):
        for channel in brand.channels:
            names = (channel.id, channel.settings.get("account"))
            if channel.platform == "sandbox" and name in names:
                return brand, channel
    raise NotFound("no such sandbox")


def _page(
    visit: Visit,
    brand: Brand,
    channel: Channel,
    *,
    author: str = "",
    text: str = "",
    faults: dict[str, str] | None = None,
) -> Page:
    lines = sorted(visit.desk.wall(brand, channel.id), key=lambda line: line.at, reverse=True)
    values = {
        "channel": channel,
        "lines": lines[:LINES],
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
