"""What messages want, what they hint at and how soon: by cues that docs/judge.md promises no more of."""

import pytest

from chalicelib.domain.verdict import INTENTS
from chalicelib.judge.cues import heard
from chalicelib.judge.embedded import Embedded

JUDGE = Embedded()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Tip: zet er een bankje bij", "suggestion"),
        ("Would be nice to have a bench at the bus stop", "suggestion"),
        ("Ik wil graag een tafel voor vier reserveren", "order"),
        ("Can I book an appointment for Tuesday?", "order"),
        ("Na dertig jaar zeg ik mijn lidmaatschap op, ik stap over", "leaving"),
        ("I'm cancelling my membership, never coming back", "leaving"),
        ("VOLG MIJN PAGINA voor gratis cadeaubonnen", "spam"),
        ("Bestel nu met korting https://koop.example", "spam"),
        ("Persvraag: klopt het dat de bibliotheek sluit?", "press"),
        ("I'm a reporter with the local paper, who can I call?", "press"),
        ("Hebben jullie nog een vacature of stageplek?", "job"),
        ("Are you hiring for the summer?", "job"),
    ],
)
def test_an_intent_is_named_by_its_turn_of_phrase(text: str, intent: str) -> None:
    found = JUDGE.read(text)
    assert intent in found.intents
    assert set(found.intents) <= set(INTENTS)


@pytest.mark.parametrize(
    "text",
    ["De deur is dicht", "Wat een mooi boek", "The bus left at nine", "Mooie korting gekregen van jullie"],
)
def test_plain_words_name_none_of_these(text: str) -> None:
    assert not {"suggestion", "order", "leaving", "spam", "press", "job"} & set(JUDGE.read(text).intents)


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("Lekker dan, weer dicht", ("irony",)),
        ("Wat een kutzooi", ("profanity",)),
        ("Thanks for nothing, fucking useless", ("irony", "profanity")),
        ("Fijne dag nog", ()),
    ],
)
def test_irony_and_profanity_are_signals_and_no_intents(text: str, signals: tuple[str, ...]) -> None:
    assert JUDGE.read(text).signals == signals


def test_a_cue_is_found_only_as_whole_words() -> None:
    assert "profanity" not in heard(["scunthorpe", "kutch", "dickens"])
    assert "order" not in heard(["afspraak"])
    assert "?" in heard(["wat", "?"])
    assert heard([]) == set()


def test_an_accident_without_injured_is_no_emergency() -> None:
    assert JUDGE.read("Bij de brand raakte niemand gewond, de brandweer is weer weg").urgency < 3
