"""Words, dates and numbers in the reader's language, on the brand's clock.

English sentences in code and templates are the keys; `translations/` holds the others. How things
are written: 09:40, ma 23 november, 48.300, 2 u 03; relative words for yesterday and tomorrow.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from chalicelib.domain.mention import DRILL
from chalicelib.ports import N_ as N_

LANGUAGES = {"nl": "Nederlands", "en": "English"}
SOURCE = "en"
"""The language of the sentences in code and templates."""

_FOLDER = Path(__file__).parent / "translations"


CALLED = {
    "bluesky": "Bluesky",
    "discord": "Discord",
    "discourse": "Discourse",
    "email": "E-mail",
    "facebook": "Facebook",
    "google_alerts": "Google Alerts",
    "google_business": "Google Business",
    "hackernews": "Hacker News",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "pinterest": "Pinterest",
    "reddit": "Reddit",
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "telegram": "Telegram",
    "threads": "Threads",
    "tiktok": "TikTok",
    "trustpilot": "Trustpilot",
    "whatsapp": "WhatsApp",
    "wordpress": "WordPress",
    "x": "X",
    "youtube": "YouTube",
}
"""How networks are written, by the name that a platform has everywhere; also those that only others bring."""
TEMPLATES = {
    "complaint": N_("for a complaint"),
    "question": N_("for a question"),
    "praise": N_("for praise"),
    "other": N_("for everything else"),
    "holding": N_("for while nobody is there"),
}
"""What a template of the brand is for, as it follows "the template"."""
ROLES = {
    "reader": N_("Reader"),
    "agent": N_("Agent"),
    "editor": N_("Editor"),
    "manager": N_("Manager"),
    "administrator": N_("Administrator"),
}
DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
LONG_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
SHORT_MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
NEAR = {-1: N_("yesterday"), 1: N_("tomorrow")}
COUNTS = (
    N_("None"),
    N_("One"),
    N_("Two"),
    N_("Three"),
    N_("Four"),
    N_("Five"),
    N_("Six"),
    N_("Seven"),
    N_("Eight"),
    N_("Nine"),
    N_("Ten"),
    N_("Eleven"),
    N_("Twelve"),
)
COSTS = {
    "queues": N_("Queues that wait for work"),
    "alarms": N_("Alarms"),
    "clock": N_("The clock"),
    "mentions": N_("Mentions"),
    "sending": N_("Posts and replies"),
    "house": N_("All else, a month"),
}
"""The parts of what a month costs."""
INTENTS = {
    "question": N_("Question"),
    "complaint": N_("Complaint"),
    "compliment": N_("Compliment"),
    "thanks": N_("Thanks"),
    "suggestion": N_("Suggestion"),
    "order": N_("Order or appointment"),
    "leaving": N_("Threatens to leave"),
    "spam": N_("Spam"),
    "press": N_("Press"),
    "job": N_("Looks for work"),
}
SPOKEN = {
    "nl": N_("Dutch"),
    "en": N_("English"),
    "de": N_("German"),
    "fr": N_("French"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "pt": N_("Portuguese"),
}
"""Languages that a mention may be in; others are shown by their code."""


@cache
def catalogue(language: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    with (_FOLDER / language / "LC_MESSAGES" / "webspin.mo").open("rb") as file:
        return GNUTranslations(file)


def choose(kept: str, accepted: str, spoken: tuple[str, ...] = ()) -> str:
    """The reader's language: as chosen before, else as the browser asks, else the brand's, else English."""
    asked = (part.partition(";")[0].strip().lower()[:2] for part in accepted[:200].split(","))
    return next((code for code in (kept, *asked, *spoken) if code in LANGUAGES), SOURCE)


def number(value: int, language: str) -> str:
    plain = f"{value:,}"
    return plain.replace(",", ".") if language == "nl" else plain


def grouped(values: Mapping[str, object], language: str) -> dict[str, object]:
    """What a sentence is filled in with: its numbers as readers of this language write them."""
    return {name: number(value, language) if type(value) is int else value for name, value in values.items()}


def called(platform: str) -> str:
    """Of one that is not among them its own name, with a capital."""
    return CALLED.get(platform) or platform.replace("_", " ").capitalize()


class Words:
    """`language` is one of LANGUAGES, `zone` an IANA name, `now` the moment of the page."""

    def __init__(self, language: str, zone: str, now: datetime) -> None:
        self.language = language
        self.zone = ZoneInfo(zone)
        self.now = now
        self._catalogue = catalogue(language)

    def gettext(self, message: str, /, **values: object) -> str:
        found = self._catalogue.gettext(message)
        return found % grouped(values, self.language) if values else found

    def ngettext(self, one: str, many: str, num: int, /, **values: object) -> str:
        found = self._catalogue.ngettext(one, many, num)
        return found % grouped({"num": num, **values}, self.language)

    # numbers and spans ---------------------------------------------------------------------------

    def role(self, name: str) -> str:
        return self.gettext(ROLES[name])

    def number(self, value: int) -> str:
        return number(value, self.language)

    def usd(self, amount: float) -> str:
        """1,20: two decimals, and never none of a sum that there is."""
        text = f"{amount:,.2f}" if amount >= 0.01 or amount == 0 else "< 0.01"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "nl" else text

    def price(self, amount: float) -> str:
        """0,015 or 0,20: of one thing, with as many decimals as it has, two to six."""
        whole, _, rest = f"{amount:,.6f}".partition(".")
        text = f"{whole}.{rest[:2]}{rest[2:].rstrip('0')}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "nl" else text

    def count(self, value: int) -> str:
        """As a sentence begins with it: a word to twelve, figures above."""
        return self.gettext(COUNTS[value]) if 0 <= value < len(COUNTS) else self.number(value)

    def span(self, length: timedelta) -> str:
        """28 min; 2 h 03; 3 days."""
        minutes = max(0, int(length.total_seconds() // 60))
        if minutes < 60:
            return self.gettext("%(minutes)s\u00a0min", minutes=minutes)
        if minutes < 24 * 60:
            hours, rest = divmod(minutes, 60)
            return self.gettext("%(hours)s\u00a0h\u00a0%(minutes)s", hours=hours, minutes=f"{rest:02}")
        return self.ngettext("%(num)s\u00a0day", "%(num)s\u00a0days", minutes // (24 * 60))

    # moments -------------------------------------------------------------------------------------

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def today(self) -> date:
        return self.local(self.now).date()

    def time(self, at: datetime) -> str:
        return f"{self.local(at):%H:%M}"

    def moment(self, at: datetime) -> str:
        """As short as is clear: 09:40 today, yesterday 16:40, Wed 18 Nov 09:12. A weekday alone could be of
        two weeks."""
        day, time = self._near(self.local(at).date()), self.time(at)
        return f"{day} {time}" if day else time

    def at(self, at: datetime) -> str:
        """The same as a sentence goes on with it: at 09:40, yesterday at 16:40, on Wed 18 Nov at 09:12."""
        local, time = self.local(at).date(), self.time(at)
        day = self._near(local)
        if not day:
            return self.gettext("at %(time)s", time=time)
        if (local - self.today()).days in NEAR:
            return self.gettext("%(day)s at %(time)s", day=day, time=time)
        return self.gettext("on %(day)s at %(time)s", day=day, time=time)

    def _near(self, day: date) -> str:
        """ "" for today; yesterday, tomorrow; Wed 18 Nov, with its year if that is another than this."""
        away = (day - self.today()).days
        if away in NEAR:
            return self.gettext(NEAR[away])
        return self._dated(DAYS[day.weekday()], day, SHORT_MONTHS) if away else ""

    def day(self, day: date) -> str:
        """Mon 23 November, with its year if that is another than this."""
        return self._dated(DAYS[day.weekday()], day)

    def day_title(self, day: date) -> str:
        """Monday 23 November, fit for a heading."""
        title = self._dated(LONG_DAYS[day.weekday()], day)
        return title[0].upper() + title[1:]

    def long_moment(self, at: datetime) -> str:
        """Saturday 28 November 10:00, spelled out to be checked."""
        return f"{self.day_title(self.local(at).date())} {self.time(at)}"

    def month(self, day: date) -> str:
        """November 2026, fit for a heading."""
        name = self.month_name(day)
        return f"{name[0].upper()}{name[1:]} {day.year}"

    def month_name(self, day: date) -> str:
        return self.gettext(MONTHS[day.month - 1])

    def weekday(self, day: date) -> str:
        return self.gettext(DAYS[day.weekday()])

    def midnight(self, day: date) -> datetime:
        """When the day begins on this clock."""
        return datetime.combine(day, time(), self.zone)

    def at_wall(self, wall: str) -> datetime:
        """The moment at which this clock shows `2026-11-29T20:00`."""
        return datetime.fromisoformat(wall).replace(tzinfo=self.zone)

    def _dated(self, weekday: str, day: date, months: Sequence[str] = MONTHS) -> str:
        year = f" {day.year}" if day.year != self.today().year else ""
        return f"{self.gettext(weekday)} {day.day} {self.gettext(months[day.month - 1])}{year}"

    # names of things ------------------------------------------------------------------------------

    def intent(self, intent: str) -> str:
        return self.gettext(INTENTS[intent]) if intent in INTENTS else intent

    def template(self, when: str) -> str:
        return self.gettext(TEMPLATES[when]) if when in TEMPLATES else ""

    def spoken(self, language: str) -> str:
        """A mention's language by name; what has none by its code."""
        return self.gettext(SPOKEN[language]) if language in SPOKEN else language

    def network(self, platform: str) -> str:
        """`mastodon` as it is written on the page; of a drill that it is one."""
        if platform == DRILL:
            return self.gettext("DRILL")
        return called(platform)
