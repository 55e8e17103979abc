"""The library's posts around that Monday: what left in November, and what is planned."""

from datetime import date, timedelta

from chalicelib.domain.delivery import BRAKED, LATE, DeliveryState
from tests.web.world import World

COMING = (
    ("Welk boek kreeg jij ooit cadeau?", "2026-11-23T12:15"),
    ("Waarom we op zondag opengaan", "2026-11-23T16:30"),
    ("Taalcafé vanavond", "2026-11-24T08:30"),
    ("Vraag van een lezer: stadspas", "2026-11-24T16:30"),
    ("Digitaal spreekuur", "2026-11-25T08:30"),
    ("Nieuw op de plank", "2026-11-25T16:30"),
    ("Tweede kans voor oude boeken", "2026-11-26T08:30"),
    ("Boekenclub leest mee", "2026-11-26T16:30"),
    ("Bericht van de heemkundekring", "2026-11-27T08:30"),
    ("Weekendtips", "2026-11-27T16:30"),
    ("Leestip voor de regen", "2026-11-28T10:00"),
    ("Voorlezen, live", "2026-11-28T15:00"),
    ("Wat lees jij nu?", "2026-11-28T20:00"),
    ("Zondag open, fietsen achterom", "2026-11-29T11:00"),
    ("Boek van de maand", "2026-11-30T08:30"),
)


def fill(world: World) -> None:
    """Two a day that left, one that failed, one too late, one held by the brake, and a week to come."""
    day = date(2026, 10, 26)
    while day < date(2026, 11, 23):
        for time in ("08:30", "16:30"):
            failed = f"{day}T{time}" == "2026-11-18T16:30"
            state = DeliveryState.FAILED if failed else DeliveryState.CONFIRMED
            reason = "HTTP 422: too long" if failed else ""
            world.post(f"Leestip {day} {time}", f"{day}T{time}", state, reason=reason)
        day += timedelta(days=1)
    world.post("Voorleesochtend: nog 6 plekken", "2026-11-23T08:30", DeliveryState.CONFIRMED)
    world.post("Ochtendgroet", "2026-11-23T06:00", DeliveryState.HELD, reason=LATE)
    for title, wall in COMING:
        world.post(title, wall)
    world.post("Wacht op Noor", "2026-11-22T20:00", DeliveryState.HELD, ("mastodon",), reason=BRAKED)
