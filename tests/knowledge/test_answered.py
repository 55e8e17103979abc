"""What was answered before: nobody's name goes along, and only messages that are alike find it."""

import pytest

from chalicelib.domain.answered import Answered, nameless
from chalicelib.domain.case import CaseKey
from chalicelib.knowledge.answered import Entry, alike
from chalicelib.knowledge.stems import stems
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("text", "nobodys"),
    [
        ("Dag @anna, fijn!", "Dag {author}, fijn!"),
        ("Dag @Anna.", "Dag {author}."),
        (
            "@anna@other.example en @annabel en @anna.de.boer",
            "@anna@other.example en @annabel en @anna.de.boer",
        ),
        ("Beste Anna Boer, tot dan. Noor", "Beste {author}, tot dan. {agent}"),
        ("Noordzee van Noor", "Noordzee van {agent}"),
        ("mail anna@boer.example", "mail anna@boer.example"),
    ],
)
def test_names_become_places(text: str, nobodys: str) -> None:
    assert nameless(text, "anna", "Anna Boer", "Noor", "") == nobodys


def test_a_name_with_signs_is_taken_as_it_is_written() -> None:
    assert nameless("Dag A.* (b), hallo", "", "A.* (b)") == "Dag {author}, hallo"
    assert nameless("Dag ik, hallo", "x", "ik") == "Dag ik, hallo", "too short to be sure of"


def entry(n: int, said: str) -> Entry:
    answered = Answered(
        case=CaseKey("linde", "sandbox", str(n)),
        n=1,
        at=NOW,
        by="Noor",
        language="nl",
        department="",
        asked=said,
        text="Ja.",
    )
    return Entry(answered, tuple(set(stems(said, "nl"))))


def test_alike_are_messages_that_share_what_is_rare() -> None:
    said = (
        "Mijn reservering ligt niet klaar bij de balie",
        "Er ligt alweer geen reservering voor mij",
        "Kan ik mijn abonnement opzeggen?",
        "Wat een fijne voorleesmiddag was dat!",
    )
    entries = [entry(n, text) for n, text in enumerate(said)]

    def found(text: str) -> list[str]:
        return [each.case.root for each in alike(entries, stems(text, "nl"))]

    assert found("Waar is mijn reservering? Hij ligt niet klaar") == ["0", "1"]
    assert found("Hoe zeg ik het abonnement op? Opzeggen lukt niet") == ["2"]
    assert found("Hebben jullie stripboeken?") == []
    assert found("") == []
