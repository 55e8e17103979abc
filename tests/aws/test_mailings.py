"""What `ports.Mailings` promises: a mail is there with what it tells of, and goes by one caller at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.case import Case, CaseEvent, EventKind
from chalicelib.domain.mailing import Mailing
from chalicelib.errors import Conflict
from chalicelib.ports import Mailings
from tests.aws.people import case
from tests.conftest import NOW
from tests.harness.world import World

MAIL = Mailing(brand="lindebieb", id="one", to="noor@x.example", subject="Vraag", text="Weet jij dit?")
NOTE = CaseEvent(at=NOW, id="note-1", kind=EventKind.NOTED, by="Sam", text="@noor Weet jij dit?")
LATER = NOW + timedelta(minutes=9)


@pytest.fixture
def asked(aws: World) -> Case:
    kept = case()
    wiring.cases().open(kept)
    after = replace(kept, rev=kept.rev + 1)
    wiring.cases().ask(after, NOTE, [MAIL])
    return after


@pytest.fixture
def mailings(asked: Case) -> Mailings:
    return wiring.mailings()


def waiting(at: object) -> list[tuple[str, str]]:
    return wiring.alerts().waiting(at).mailings  # type: ignore[arg-type]


def test_it_waits_is_one_callers_and_is_gone(mailings: Mailings) -> None:
    assert waiting(NOW) == [("lindebieb", "one")]
    assert mailings.claim("lindebieb", "one", NOW, again=LATER) == MAIL
    assert mailings.claim("lindebieb", "one", NOW, again=LATER) is None
    assert waiting(NOW) == []
    assert waiting(LATER) == [("lindebieb", "one")], "it broke off"
    assert mailings.claim("lindebieb", "one", LATER, again=LATER + timedelta(minutes=9)) == MAIL
    mailings.settle(MAIL)
    assert waiting(LATER + timedelta(days=1)) == []
    assert mailings.claim("lindebieb", "one", LATER + timedelta(days=1), again=LATER) is None


def test_of_one_that_went_no_word_and_no_address_stay(aws: World, mailings: Mailings) -> None:
    mailings.settle(MAIL)
    assert not any("noor@x.example" in str(item) for item in aws.items())


def test_it_is_there_only_with_its_note(asked: Case) -> None:
    other = replace(MAIL, id="two")
    with pytest.raises(Conflict):
        wiring.cases().ask(asked, replace(NOTE, id="note-2"), [other])
    assert waiting(NOW) == [("lindebieb", "one")]
    assert [each.id for each in wiring.cases().history(asked.key)[0] if each.id == "note-2"] == []
