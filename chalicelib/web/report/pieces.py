"""Sentences in which numbers lead to their rows, and numbers as they are written."""

import re
from dataclasses import dataclass
from math import floor

from chalicelib.domain.figures_chance import ENOUGH
from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.domain.month import Facts, month_of
from chalicelib.web.i18n import MONTHS, SHORT_MONTHS, Words

OPEN, MIDDLE, SHUT = "\ue000", "\ue001", "\ue002"
"""Private characters around a number within a sentence; no text of others keeps them (`quoted`)."""
_LEFT_OUT = re.compile(rf"[{OPEN}-{SHUT}]|https?://\S+")
_LINKED = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}([^{SHUT}]*){SHUT}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `rows` is the name of the figure that it opens, or ""."""

    text: str
    rows: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`said` are sentences; `rows` a table under `head`, whose cells are sentences too. The first cell of a
    row names it; those from `numbers` on are numbers."""

    id: str
    title: str
    said: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: int = 1


def linked(text: str, figure: Figure) -> str:
    """A number for a sentence; it opens the rows of this figure, if there are any."""
    return opening(text, figure.name if figure.rows else "") if text else ""


def opening(text: str, rows: str) -> str:
    """A number that opens what is called so."""
    return f"{OPEN}{rows}{MIDDLE}{text}{SHUT}"


def reported(text: str, month: str, figures: Figures) -> str:
    """A number of an earlier month; it opens what the report of that month said."""
    return linked(text, figures[f"month-{month}"]) if text else ""


def number(figure: Figure, words: Words) -> str:
    """A count that opens its rows; what was not given is called so."""
    if figure.value is None:
        return words.gettext("Not given")
    return linked(words.number(figure.value), figure)


def pieces(sentence: str) -> list[Piece]:
    found, at = [], 0
    for match in _LINKED.finditer(sentence):
        found += [Piece(sentence[at : match.start()]), Piece(match[2], match[1], True)]
        at = match.end()
    found.append(Piece(sentence[at:]))
    return [piece for piece in found if piece.text]


def plain(sentence: str) -> str:
    return "".join(piece.text for piece in pieces(sentence))


def quoted(text: str, limit: int = 80) -> str:
    """What another wrote, on one line, without addresses, ended at a word."""
    line = " ".join(_LEFT_OUT.sub("", text).split())
    return line if len(line) <= limit else line[:limit].rsplit(None, 1)[0] + "…"


def month_name(month: str, words: Words, *, year: bool = False) -> str:
    """october in `2026-10`, as within a sentence."""
    name = words.gettext(MONTHS[int(month[5:]) - 1])
    return f"{name} {month[:4]}" if year else name


def month_ahead(facts: Facts, words: Words) -> str:
    """The one in which the report was made: what it advises can be done from then on."""
    return month_name(month_of(facts.frozen_at, facts.zone), words)


def short_month(month: str, words: Words) -> str:
    return words.gettext(SHORT_MONTHS[int(month[5:]) - 1])


def decimal(value: float, words: Words, places: int = 1) -> str:
    """1.5, in Dutch 1,5."""
    whole, _, rest = f"{value:.{places}f}".partition(".")
    comma = "," if words.language == "nl" else "."
    return f"{words.number(int(whole))}{comma}{rest}" if rest else words.number(int(whole))


def percent(part: int, whole: int) -> str:
    """Rounded, but never to nothing or all where it is not."""
    share = floor(100 * part / whole + 0.5)
    if part and not share:
        return "<1%"
    return ">99%" if part < whole and share == 100 else f"{share}%"


def share(part: int, whole: int, words: Words) -> str:
    """41%; 3 of 4 where a percentage would promise too much; "" of nothing."""
    if not whole:
        return ""
    if whole < ENOUGH:
        return words.gettext("%(part)s of %(whole)s", part=words.number(part), whole=words.number(whole))
    return percent(part, whole)


def average(figure: Figure, words: Words) -> str:
    """What `value` comes to for each of `of`; "" where nothing was given."""
    if figure.value is None or not figure.of:
        return ""
    mean = figure.value / figure.of
    return decimal(mean, words) if mean < 10 and figure.value % figure.of else words.number(round(mean))


def dollars(usd: float, words: Words) -> str:
    """To the cent; of less than a cent as far as it says something."""
    return decimal(usd, words, 2 if usd >= 0.01 or not usd else 7)
