"""What people write, invented: Dutch and English, as long as short social posts and feed summaries are.

Lengths are log-normal, median 140 and 90th percentile 420 characters. The same seed gives the same texts.
No sentence comes twice in one text, so that a long one does not deflate better than a real one would.
"""

import math
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

MEDIAN, P90 = 140, 420
_SIGMA = math.log(P90 / MEDIAN) / 1.2816
BRAND = "Kwetterdam Vervoer"

_NL = (
    "De nieuwe dienstregeling van {brand} gaat op {day} in",
    "{brand} rijdt vanaf {month} ook op zondagavond naar {place}",
    "Bij halte {place} staat sinds {day} een tijdelijk bord",
    "In {month} bespreekt de raad de toekomst van lijn {n}",
    "Vanmorgen zaten er {n} mensen in de bus richting {place}",
    "Het college publiceerde {n} bladzijden over de tramlijn",
    "Lijn {n} stopt deze week aan de andere kant van {place}",
    "Volgens de wethouder reden er in {month} gemiddeld {n} trams per uur",
    "De bijeenkomst over het traject door {place} begint {day} om half acht",
    "Een lezer vraagt zich af hoeveel chauffeurs er in {place} wonen",
    "Op {day} legt de aannemer {n} meter spoor bij {place}",
    "Ik zag op {day} een tram met nummer {n} staan bij {place}",
)
_EN = (
    "{brand} starts its new timetable on {day}",
    "From {month} line {n} also runs to {place} on Sunday evenings",
    "There is a temporary stop near {place} until {day}",
    "The council talks about the future of line {n} in {month}",
    "This morning I counted {n} people on the bus towards {place}",
    "The report has {n} pages and a map of {place}",
    "Line {n} stops on the other side of {place} this week",
    "According to the alderman {n} trams an hour ran in {month}",
    "The meeting about the route through {place} begins at half past seven on {day}",
    "A reader wonders how many drivers live in {place}",
    "On {day} the contractor lays {n} metres of track at {place}",
    "Saw a tram with number {n} standing at {place} on {day}",
)
_STRONG = (
    "Wat een waardeloze service van {brand}, ik ben woedend: weer {n} minuten te laat, schandalig slecht!",
    "Verschrikkelijk slecht geregeld door {brand}, dit is een schande en ik wil mijn geld terug!",
    "Geweldig geholpen door een supervriendelijke chauffeur van {brand}, fantastisch, heel erg bedankt!",
    "This is the worst, most terrible service ever, {brand}. I am furious: {n} minutes late again, awful!",
    "Absolutely disgraceful and horrible, {brand}: rude driver, dirty tram, I hate it and want a refund!",
    "Wonderful, brilliant, absolutely fantastic help from the driver of {brand}. Thank you so much!",
)
_DAYS = ("maandag", "dinsdag", "Thursday", "vrijdag", "Saturday", "zondag")
_MONTHS = ("januari", "February", "maart", "april", "juni", "September", "oktober", "December")
_PLACES = ("Lindeveen", "Oosterkade", "Molenwaard", "Zuiderhof", "Brugstraat", "Hoge Eind", "Wilgenpark")


def texts(random: Random, alert_share: float, asks: Callable[[str], str]) -> Iterator[str]:
    """Without end: of every 1/`alert_share` one that becomes a case with an alert, and the others no case.

    `asks` says what the system makes of a text: "alert", "case" or "". Raises ValueError if none of fifty
    tries is of the kind wanted: then the samples need new ones.
    """
    every = round(1 / alert_share)
    for number in count():
        wanted = "alert" if number % every == every // 2 else ""
        tries = (_text(random, strong=bool(wanted)) for _ in range(50))
        found = next((text for text in tries if asks(text) == wanted), None)
        if found is None:
            raise ValueError(f"no text becomes {wanted or 'nothing'}: the samples need new ones")
        yield found


def _text(random: Random, *, strong: bool) -> str:
    length = min(3000, max(30, round(random.lognormvariate(math.log(MEDIAN), _SIGMA))))
    if strong:
        return _filled(random, random.choice(_STRONG))
    pool = list(random.choice((_NL, _EN)))
    random.shuffle(pool)
    said = f"{BRAND}: {_filled(random, pool.pop())}."
    while pool and len(said) < length:
        said += f" {_filled(random, pool.pop())}."
    while len(said) < length:  # the longest few: numbers, as in a table of departures
        said += f" {_filled(random, '{place} {n}')}, {random.random():.6f}"
    return said[: max(length, len(BRAND) + 2)].rstrip()


def _filled(random: Random, pattern: str) -> str:
    return pattern.format(
        brand=BRAND,
        day=random.choice(_DAYS),
        month=random.choice(_MONTHS),
        place=random.choice(_PLACES),
        n=random.randrange(2, 400),
    )
