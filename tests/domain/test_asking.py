"""Whom a note asks: a name behind an @, of one colleague and of no other."""

import pytest

from chalicelib.domain.asking import asked
from chalicelib.domain.case import Colleague

SAM = Colleague("1", "Sam de Wit", "sam@veldermeer.example")
NOOR = Colleague("2", "Noor Bakker", "n.bakker@veldermeer.example")
JIP = Colleague("3", "Jip", "jip@veldermeer.example")
OTHER_NOOR = Colleague("4", "Noor Smit", "noor.smit@veldermeer.example")
OTHER_JIP = Colleague("5", "Jip", "jip@elders.example")
TEAM = (SAM, NOOR, JIP)


@pytest.mark.parametrize(
    ("text", "names", "strangers"),
    [
        ("@sam kun jij dit?", ["Sam de Wit"], ()),
        ("Vraag het (@SAM), of @jip.", ["Sam de Wit", "Jip"], ()),
        ("@n.bakker en @Noor: wie?", ["Noor Bakker"], ()),
        ("@Noor Bakker, weet jij dit?", ["Noor Bakker"], ()),
        ("@n.bakker@veldermeer.example?", ["Noor Bakker"], ()),
        ("@sam @sam @Sam de Wit", ["Sam de Wit"], ()),
        ("Mail naar sam@veldermeer.example", [], ()),
        ("@samira en @n.bak", [], ("samira", "n.bak")),
        ("@regenjas42 vroeg het @sam", ["Sam de Wit"], ("regenjas42",)),
        ("@sam@mastodon.example schreef", [], ("sam",)),
        ("@sam-jan?", [], ("sam-jan",)),
        ("Om 5 @ de balie, @, @@", [], ()),
        ("", [], ()),
    ],
)
def test_a_name_behind_an_at_is_a_colleague_or_told_as_a_stranger(
    text: str, names: list[str], strangers: tuple[str, ...]
) -> None:
    found, unknown = asked(text, TEAM)
    assert ([each.name for each in found], unknown) == (names, strangers)


def test_of_two_of_one_name_nobody_is_guessed() -> None:
    team = (*TEAM, OTHER_NOOR, OTHER_JIP)
    assert asked("@Noor @jip", team) == ((), ("Noor", "jip"))
    found, unknown = asked("@Noor Smit, @n.bakker en @jip@elders.example", team)
    assert ([each.id for each in found], unknown) == (["4", "2", "5"], ())


def test_ones_own_handle_goes_before_anothers_first_name() -> None:
    noor = Colleague("6", "Noor", "noor@veldermeer.example")
    found, _ = asked("@noor", (NOOR, noor))
    assert found == (noor,)
