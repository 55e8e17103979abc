"""The fields of what a brand is made of: how each is called, asked for, and read from a form.

A field's name is its place in the plain values that the brand file's forms take, with dots between.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.brandfile.connected import ASKED, EARS, METERED, PUBLISHES
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.brandfile.values import DAYS
from chalicelib.domain.holidays import places
from chalicelib.domain.source import CAP as USUAL_CAP
from chalicelib.ports import Ear, Setting
from chalicelib.web import callers
from chalicelib.web.brand_words import sentence
from chalicelib.web.honest import RULES
from chalicelib.web.i18n import LONG_DAYS, N_, Words

Choices = Sequence[tuple[str, str]]
_COLUMN = re.compile(r"column (\d+): ")
_AT = re.compile(r"[\w*#@/:.-]+|\S")


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: line, area, list (one a line, or with commas between), lines (one a line), number, choice,
    check, days (a line for each day), query or secret."""

    name: str
    label: str
    kind: str = "line"
    hint: str = ""
    choices: Choices = ()
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field on the page, in the reader's words. `parts` are those of a field of days."""

    name: str
    label: str
    kind: str
    hint: str = ""
    value: str = ""
    fault: str = ""
    choices: Choices = ()
    needed: bool = False
    parts: tuple["Shown", ...] = ()
    at: tuple[str, str, str] | None = None
    """Of a query that is at fault: what stands before the place, at it, and after."""


TERMS = N_("One a line. A * is any letters: zuurdesem* finds zuurdesembrood too, *brood* broodjes as well.")
TIMES = N_("Times such as 08:30, 16:30, on your own clock. A day without is left empty.")
_KINDS = {"secret": "secret", "hook-secret": "secret", "scheme": "choice", "yes": "check"}
"""The kind of field for how a setting is read; a line for all others."""
CHANNEL = Field("channel", N_("Answer it from"), "choice")
NAME = Field("name", N_("Name"), needed=True)
EVERY = Field("interval", N_("Ask every so many minutes"), "number")
CAP = Field(
    "cap",
    N_("Messages an hour"),
    "number",
    N_("What comes over it is kept and counted, and opens no case until you say so. 0: however many."),
)
WATCHED = Field("watched", N_("Keep only what a watch asks for"), "check")
PAYS = Field(
    "watch",
    N_("Read for"),
    "choice",
    N_("The watch that pays for it. Where none is chosen, those pay whose words are heard."),
)
SLOTS = Field("slots", N_("When it publishes"), "days", TIMES)

WHO = (
    NAME,
    Field(
        "languages", N_("Languages"), "list", N_("Codes such as nl or en, the first one first."), needed=True
    ),
    Field("zone", N_("Time zone"), "zone", N_("Such as Europe/Amsterdam."), needed=True),
    Field(
        "story",
        N_("Story"),
        "area",
        N_("Who you are and what you stand for, for who writes in your name."),
    ),
    Field(
        "tone",
        N_("Tone"),
        "choice",
        choices=(("", N_("Not given")), ("formal", N_("Formal (u)")), ("informal", N_("Informal (je)"))),
    ),
    Field(
        "disclosure",
        N_("On whose behalf"),
        hint=N_("The sentence by which you say who is speaking."),
    ),
)
MAIL = (
    Field("mail_from", N_("Sender of our mails"), hint=N_("An address that Amazon SES knows as yours.")),
    Field("report_mail", N_("Who gets the month's report"), "list", N_("E-mail addresses, one a line.")),
)
HONESTY = tuple(
    Field(
        f"honesty.{rule.value}",
        said,
        "choice",
        choices=(("warn", N_("We only say so")), ("block", N_("It is sent only with a reason"))),
    )
    for rule, (said, _mend) in RULES.items()
)
CLOSED = (
    Field(
        "closed.holidays",
        N_("Public holidays of"),
        "choice",
        choices=(("", N_("None")), *places().items()),
    ),
    Field(
        "closed.open_on",
        N_("But open on"),
        "lines",
        N_("Names of public holidays as they are listed here, one a line."),
    ),
    Field(
        "closed.days",
        N_("Closed on days of your own"),
        "lines",
        N_("One a line: 2026-12-24 Christmas Eve, or 2026-12-24/2027-01-03 Holidays."),
    ),
    Field(
        "closed.feed",
        N_("Closed as a calendar says"),
        hint=N_("Address of a calendar (iCal, .ics). Its whole-day events close; it is read once a day."),
    ),
)
DRAFTER = (
    Field(
        "drafter.model",
        N_("Model of Amazon Bedrock"),
        hint=N_("Its id, of a model that is switched on in your AWS account. Left empty, no model drafts."),
    ),
    Field("drafter.a_day", N_("Drafts a day, at most"), "number", N_("Left empty: 50.")),
    Field(
        "drafter.four_eyes",
        N_("Who approves such a draft"),
        "choice",
        choices=(("yes", N_("A colleague of who asked for it")), ("no", N_("Also who asked for it"))),
    ),
)
BUDGET = Field(
    "budget",
    N_("Budget a month, in US dollars"),
    hint=N_(
        "What networks and models may ask for what is read, sent and drafted, such as 25 or 12.50. Once it "
        "is used, reading and drafts wait for the first of the month, and what is sent asks for one more "
        "yes. Left empty: no limit."
    ),
)
BUDGETS = (
    BUDGET,
    Field("warn_at", N_("Warn when so much per cent is used"), "number", N_("Also of the budgets below it.")),
)
HOURS = Field(
    "hours",
    N_("Open"),
    "days",
    N_("Blocks such as 09:00-12:30, 13:00-17:00. A day on which you are closed is left empty."),
)
DEPARTMENT = (
    NAME,
    HOURS,
    Field(
        "answer_within.complaint",
        N_("Promise for a complaint"),
        "number",
        N_("Working minutes to a first answer."),
    ),
    Field("answer_within.other", N_("Promise for a question or anything else"), "number"),
    Field("answer_within.praise", N_("Promise for praise"), "number"),
    Field("topics", N_("Words that send a message here"), "list", TERMS),
    Field("always", N_("Works on closed days too"), "check"),
    BUDGET,
    Field("four_eyes", N_("Who wrote an answer does not approve it"), "check"),
    Field("four_eyes_unhappy", N_("Nor an answer to somebody who is unhappy"), "check"),
    Field(
        "four_eyes_reach",
        N_("Nor one to somebody with so many followers, or more"),
        "number",
        N_("0: the number of followers makes no difference."),
    ),
    Field(
        "alert.mail",
        N_("Who hears at once of what cannot wait"),
        "list",
        N_(
            "Very angry and very happy messages, danger, the press, an answer that is nearly late. E-mail "
            "addresses, one a line."
        ),
    ),
    Field("alert.escalate", N_("Who hears if nobody looked"), "list", N_("E-mail addresses, one a line.")),
    Field("alert.unopened", N_("So many minutes later"), "number"),
    Field(
        "alert.quiet",
        N_("Quiet hours"),
        hint=N_("Such as 22:00-07:30. What can wait is told afterwards: praise, and posts that need you."),
    ),
    Field(
        "alert.digest",
        N_("Overview by mail"),
        "choice",
        N_("To the same addresses: what came, what was answered, what waits."),
        choices=(("", N_("None")), ("daily", N_("Every morning")), ("weekly", N_("Every Monday"))),
    ),
)
WATCH = (
    NAME,
    Field("terms", N_("Words we listen for"), "list", TERMS),
    Field("exclude", N_("But not where it also says"), "list", N_("One a line.")),
    Field(
        "query",
        N_("Or a query"),
        "query",
        N_("In place of words: with AND, OR, NOT, NEAR and more, see below."),
    ),
    Field("languages", N_("Only in these languages"), "list", N_("Codes such as nl or en; empty for all.")),
    Field("department", N_("Whose work it is"), "choice"),
    Field(
        "kind",
        N_("What it is for"),
        "choice",
        N_("What only a subject or others like us bring is counted, and opens no case."),
        choices=(
            ("brand", N_("Our name")),
            ("topic", N_("A subject")),
            ("stakeholder", N_("People and organisations around us")),
            ("peer", N_("Others like us")),
        ),
    ),
    BUDGET,
)
GOAL = (Field("name", N_("Goal"), hint=N_("A sentence with a measure and a date."), needed=True),)
TEMPLATE = (
    Field(
        "when",
        N_("For"),
        "choice",
        choices=(
            ("complaint", N_("A complaint")),
            ("question", N_("A question")),
            ("praise", N_("Praise")),
            ("other", N_("Anything else")),
            ("holding", N_("While nobody is there (a holding reply)")),
        ),
    ),
    Field("language", N_("Language"), hint=N_("A code such as nl or en."), needed=True),
    Field(
        "text",
        N_("Text"),
        "area",
        N_(
            "{author}, {agent}, {brand} and {department} are filled in; of a holding reply also {when}, as"
            " Monday before 10:00. A [day] is left for a person."
        ),
        needed=True,
    ),
)
SNIPPET = (
    NAME,
    Field("language", N_("Language"), hint=N_("A code such as nl or en."), needed=True),
    Field(
        "text",
        N_("Text"),
        "area",
        N_("{author}, {agent}, {brand} and {department} are filled in. A [day] is left for a person."),
        needed=True,
    ),
    Field("link", N_("Link"), hint=N_("A page or file that goes along; it begins with https://.")),
    Field("department", N_("For whom"), "choice"),
)


def _field(setting: Setting) -> Field:
    kind = _KINDS.get(setting.value, "line")
    choices = callers.choices() if setting.value == "scheme" else ()
    return Field(setting.name, setting.label, kind, setting.hint, choices, needed=setting.needed)


def _listening(ear: Ear, *, metered: bool) -> tuple[Field, ...]:
    asked = [_field(each) for each in ear.settings if each.label]
    return (
        NAME,
        *(each for each in asked if each.kind != "secret"),
        replace(CHANNEL, label=ear.through, needed=True) if ear.through else CHANNEL,
        *(PAYS,) * metered,
        *(WATCHED,) * (not ear.addressed and not ear.calls),
        *(EVERY,) * (not ear.calls),
        CAP,
        *(each for each in asked if each.kind == "secret"),
    )


def _speaking(settings: Sequence[Setting], *, publishes: bool) -> tuple[Field, ...]:
    asked = [_field(each) for each in settings if each.label]
    secrets = [each for each in asked if each.kind == "secret"]
    slots = (SLOTS,) * publishes
    return (NAME, *(each for each in asked if each not in secrets), *slots, *secrets)


def begin(shape: tuple[str, str]) -> Plain:
    """What a new source has as long as nobody says otherwise."""
    return {"watched": "yes", "interval": EARS[shape].every, "cap": USUAL_CAP}


CHANNELS = {
    platform: _speaking(settings, publishes=platform in PUBLISHES) for platform, settings in ASKED.items()
}
SOURCES = {shape: _listening(ear, metered=shape in METERED) for shape, ear in EARS.items()}
KINDS = {shape: ear.label for shape, ear in EARS.items()}
"""By platform, and for a source also its kind: what it asks for, and what is heard there."""


LASTING = ("scheme", "topic")
"""Fields that are chosen when a source is added, and stay."""


def changeable(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.name not in LASTING)


def read(fields: Sequence[Field], form: Mapping[str, str]) -> Plain:
    """What the form says, as the brand file would. What is left empty is "", [] or {}."""
    found: Plain = {}
    for field in fields:
        if field.kind != "secret":
            *above, last = field.name.split(".")
            inner = found
            for name in above:
                inner = inner.setdefault(name, {})
            inner[last] = _given(field, form)
    return found


def _given(field: Field, form: Mapping[str, str]) -> Any:
    if field.kind == "days":
        days = {day: form.get(f"{field.name}.{day}", "").strip() for day in DAYS}
        return {day: given for day, given in days.items() if given}
    given = form.get(field.name, "").replace("\r\n", "\n").strip()
    if field.kind == "list":
        return [part.strip() for part in re.split("[\n,]", given) if part.strip()]
    if field.kind == "lines":
        return [line.strip() for line in given.split("\n") if line.strip()]
    if field.kind == "check":
        return "yes" if given else "no"
    return given


def secrets(fields: Sequence[Field], form: Mapping[str, str]) -> dict[str, str]:
    """What was typed in the form's fields for secrets."""
    given = {field.name: form.get(field.name, "").strip() for field in fields if field.kind == "secret"}
    return {name: value for name, value in given.items() if value}


def shown(
    fields: Sequence[Field],
    values: Plain,
    words: Words,
    *,
    faults: Sequence[Fault] = (),
    choices: Mapping[str, Choices] | None = None,
) -> list[Shown]:
    """`choices` of those fields whose choices are the brand's own."""
    told: dict[str, str] = {}
    columns: dict[str, int] = {}
    for fault in faults:
        told.setdefault(place_of(fault, fields), sentence(fault, words))
        if found := _COLUMN.match(fault.said):
            columns.setdefault(place_of(fault, fields), int(found[1]))
    made = [_shown(field, values, words, told, (choices or {}).get(field.name)) for field in fields]
    return [
        replace(each, at=_parted(each.value, columns[each.name])) if each.name in columns else each
        for each in made
    ]


def _parted(text: str, column: int) -> tuple[str, str, str]:
    """Before, the word or sign at this place (counted from 1), and after."""
    before, rest = text[: column - 1], text[column - 1 :]
    at = _AT.match(rest)
    end = at.end() if at else 0
    return before, rest[:end], rest[end:]


def place_of(fault: Fault, fields: Sequence[Field]) -> str:
    """The name of the field that a fault is at; "" where none is."""
    dotted = ".".join(part for part in fault.path if isinstance(part, str))
    for field in fields:
        if field.kind == "days" and dotted.startswith(f"{field.name}."):
            return dotted if dotted.removeprefix(f"{field.name}.") in DAYS else field.name
        if dotted == field.name:
            return field.name
    return ""


def _shown(field: Field, values: Plain, words: Words, told: Mapping[str, str], own: Choices | None) -> Shown:
    value: Any = values
    for name in field.name.split("."):
        value = value.get(name, "") if isinstance(value, dict) else ""
    parts: tuple[Shown, ...] = ()
    if field.kind == "days":
        days = value if isinstance(value, dict) else {}
        parts = tuple(
            Shown(
                name=(name := f"{field.name}.{day}"),
                label=words.gettext(label),
                kind="line",
                value=str(days.get(day, "")),
                fault=told.get(name, ""),
            )
            for day, label in zip(DAYS, LONG_DAYS, strict=True)
        )
    return Shown(
        name=field.name,
        label=words.gettext(field.label),
        kind=field.kind,
        hint=words.gettext(field.hint) if field.hint else "",
        value=_as_text(value) if not parts and field.kind != "secret" else "",
        fault=told.get(field.name, ""),
        choices=own if own is not None else [(id, words.gettext(label)) for id, label in field.choices],
        needed=field.needed,
        parts=parts,
    )


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
