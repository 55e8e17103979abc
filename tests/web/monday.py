"""A small invented world to look at: a library on a Monday morning."""

from datetime import datetime

from chalicelib.domain.case import Action
from chalicelib.domain.source import Source, SourceState
from chalicelib.domain.verdict import Sentiment
from chalicelib.web.desk import WallLine
from tests.web.world import BRAND, World


def at(text: str) -> datetime:
    """`22T15:40` in November 2026, UTC."""
    return datetime.fromisoformat(f"2026-11-{text}:00+00:00")


def monday() -> World:
    """Five cases of different urgency, a few days of mentions, sources of which two are in trouble."""
    world = World()
    _cases(world)
    _mentions(world)
    _sources(world)
    world.lines = [
        WallLine(
            id="in-1", author="veldkijker", ours=False, text="Is de leeszaal zondag open?", at=at("23T07:20")
        ),
        WallLine(
            id="out-1",
            author="veldermeer",
            ours=True,
            text="@veldkijker Ja, van 12:00 tot 17:00. Tot dan. Groet, Noor van Bibliotheek Veldermeer",
            at=at("23T07:30"),
            reply_to="in-1",
        ),
    ]
    return world


def _cases(world: World) -> None:
    complaint = world.heard(
        "1",
        "Derde keer dat mijn reservering “klaarligt” en er niets staat. Bel ik, krijg ik een bandje.",
        Sentiment.NEGATIVE,
        marks=("-Derde keer", "-er niets staat", "-krijg ik een bandje"),
        when=at("22T15:40"),
        intents=("complaint",),
    )
    world.case(complaint, "Derde keer dat mijn reservering “klaarligt” en er niets staat", at("23T08:40"))
    question = world.heard(
        "2",
        "Kun je met de stadspas ook e-books lenen, of alleen boeken van de plank?",
        Sentiment.NEUTRAL,
        author="stadslezer",
        when=at("23T08:04"),
        intents=("question",),
        platform="sandbox",
        channel="proefkanaal",
        url="/sandbox/veldermeer#in-1",
    )
    world.case(question, "Kun je met de stadspas ook e-books lenen", at("23T12:04"))
    praise = world.heard(
        "3",
        "Somebody at the desk spent half an hour finding that one book for my father. Worth gold.",
        Sentiment.POSITIVE,
        marks=("+Worth gold",),
        author="leest.in.bad",
        when=at("22T14:12"),
        language="en",
        intents=("compliment",),
    )
    world.case(
        praise,
        "Somebody at the desk spent half an hour finding that one book on weaving",
        at("24T09:20"),
        action=Action.THANK,
    )
    press = world.heard(
        "4",
        "Zondagopening trekt jongeren naar de bibliotheek; de straat klaagt over fietsen.",
        Sentiment.MIXED,
        marks=("+trekt jongeren", "-klaagt over fietsen"),
        author="Veldermeerse Bode",
        when=at("22T16:00"),
        platform="feed",
        channel="",
    )
    world.case(
        press, "Zondagopening trekt jongeren naar de bibliotheek", at("23T12:00"), draft=None, channel=""
    )
    late = world.heard(
        "5",
        "Kan de schrijver van de voorleesdag ook bij ons op school komen?",
        Sentiment.NEUTRAL,
        author="juf.op.klompen",
        when=at("20T10:00"),
        intents=("question",),
    )
    world.case(late, "Kan de schrijver ook bij ons op school komen?", at("23T08:00"), department="jeugd")


def _mentions(world: World) -> None:
    world.heard(
        "6",
        "Zondag eindelijk rustig kunnen studeren. Alleen nergens plek voor je fiets.",
        Sentiment.MIXED,
        marks=("+eindelijk rustig", "-nergens plek"),
        author="fietst.altijd",
        when=at("23T07:51"),
        state="ignore",
    )
    world.heard(
        "7",
        "Wat mag je verwachten van een bibliotheek die op zondag opengaat?",
        Sentiment.UNSURE,
        author="weekendkrant.veld",
        when=at("21T13:58"),
        platform="feed",
        state="ignore",
        language="und",
    )


def _sources(world: World) -> None:
    def source(id: str, name: str, platform: str, interval: int, state: SourceState) -> None:
        made = Source(
            brand=BRAND.id,
            id=id,
            platform=platform,
            name=name,
            interval=interval,
            connected_at=at("01T00:00"),
        )
        world.sources.kept.append((made, state))

    heard = at("23T08:04")
    source(
        "wij",
        "Mastodon, wij genoemd",
        "mastodon",
        1,
        SourceState(last_success=at("23T08:10"), last_heard=heard),
    )
    source(
        "bode",
        "Veldermeerse Bode",
        "feed",
        15,
        SourceState(last_success=at("23T07:55"), last_heard=at("22T16:00")),
    )
    source(
        "balie",
        "Reviews balie",
        "feed",
        5,
        SourceState(last_success=at("22T21:12"), last_heard=at("18T08:12")),
    )
    failing = SourceState(failures=3, failing_since=at("22T07:50"), reason="De server weigert: HTTP 403.")
    source("forum", "Veldermeer Forum", "feed", 5, failing)
    source("form", "Contactformulier", "webhook", 0, SourceState())
