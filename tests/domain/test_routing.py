"""Every mention comes to one department, and the rule says by which word."""

from dataclasses import replace

import pytest

from chalicelib.domain.conditions import Heard
from chalicelib.domain.routing import department, names, told
from tests.domain.people import LIBRARY


@pytest.mark.parametrize(
    ("text", "expected", "rule"),
    [
        ("Weer een boete gekregen", "lending", "topic:boete*"),
        ("Boetes door de lift!", "lending", "topic:boete*"),
        ("De LIFT is stuk", "building", "topic:lift"),
        ("Het jaarverslag is uit", "press", "watch:news:jaarverslag"),
        ("Het jaarverslag over lenen", "lending", "topic:lenen"),
        ("Die verbouwing...", "desk", "watch:gone:verbouwing"),
        ("Ik houd van Lindebieb", "desk", "first"),
        ("", "desk", "first"),
    ],
)
def test_topics_go_first_then_watches_then_the_first_department(text: str, expected: str, rule: str) -> None:
    assert department(LIBRARY, Heard(text=text, language="nl")) == (expected, rule)


def test_a_watch_of_another_language_does_not_route() -> None:
    assert department(LIBRARY, Heard(text="jaarverslag", language="de"))[0] == "desk"


@pytest.mark.parametrize(
    ("rule", "to", "nl", "en"),
    [
        ("topic:lift", "building", "“lift” is een woord van Gebouw", "“lift” is a word of Gebouw"),
        ("topic:24:00", "desk", "“24:00” is een woord van Balie", "“24:00” is a word of Balie"),
        (
            "watch:news:jaarverslag",
            "press",
            "“jaarverslag” raakt zoekopdracht Nieuws, die naar Pers gaat",
            "“jaarverslag” matches the watch Nieuws, which goes to Pers",
        ),
        (
            "watch:old:a:b",
            "press",
            "“a:b” raakt zoekopdracht old, die naar Pers gaat",
            "“a:b” matches the watch old, which goes to Pers",
        ),
        (
            "first",
            "desk",
            "geen woord wees een afdeling aan: naar Balie",
            "no word named a department: to Balie",
        ),
        ("later:{x}", "desk", "later:{x}", "later:{x}"),
    ],
)
def test_the_rule_is_told_in_the_readers_language(rule: str, to: str, nl: str, en: str) -> None:
    assert told(rule, LIBRARY, to, "nl") == nl
    assert told(rule, LIBRARY, to, "en") == told(rule, LIBRARY, to, "fr") == en


def test_a_word_in_braces_is_a_word() -> None:
    odd = replace(LIBRARY.departments[2], topics=("lift",), name="{word}")
    brand = replace(LIBRARY, departments=(odd,))
    assert told("topic:{department}", brand, "building", "en") == "“{department}” is a word of {word}"


def test_the_names_the_watches_look_for_are_told_once_each() -> None:
    text = "Lindebieb: de verbouwing van de lindebieb"
    assert names(LIBRARY, Heard(text=text)) == ("lindebieb", "verbouwing")
    assert names(LIBRARY, Heard(text="Mooi weer")) == ()
