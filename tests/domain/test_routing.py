"""Every mention comes to one department, and the rule says by which word."""

from dataclasses import replace

import pytest

from chalicelib.domain.routing import department
from tests.domain.people import LIBRARY, reading


@pytest.mark.parametrize(
    ("text", "expected", "rule"),
    [
        ("Weer een boete gekregen", "lending", "“boete*” is een woord van Uitleen"),
        ("Boetes door de lift!", "lending", "“boete*” is een woord van Uitleen"),
        ("De LIFT is stuk", "building", "“lift” is een woord van Gebouw"),
        ("Het jaarverslag is uit", "press", "“jaarverslag” raakt zoekopdracht Nieuws, die naar Pers gaat"),
        ("Het jaarverslag over lenen", "lending", "“lenen” is een woord van Uitleen"),
        ("Die verbouwing...", "desk", "“verbouwing” raakt zoekopdracht Oud, die naar Balie gaat"),
        ("Ik houd van Lindebieb", "desk", "geen woord wees een afdeling aan: naar Balie"),
        ("", "desk", "geen woord wees een afdeling aan: naar Balie"),
    ],
)
def test_topics_go_first_then_watches_then_the_first_department(text: str, expected: str, rule: str) -> None:
    assert department(LIBRARY, text, reading()) == (expected, rule)


def test_a_watch_of_another_language_does_not_route() -> None:
    assert department(LIBRARY, "jaarverslag", reading(language="de"))[0] == "desk"


def test_the_rule_is_in_the_first_language_of_the_brand() -> None:
    english = replace(LIBRARY, languages=("en", "nl"))
    assert department(english, "de lift", reading()) == ("building", "“lift” is a word of Gebouw")
    assert department(english, "hm", reading())[1] == "no word named a department: to Balie"
