"""What the honesty check finds in answers, and how often it is right."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from chalicelib.brandfile.forms import HonestyForm
from chalicelib.brandfile.made import TEMPLATES
from chalicelib.domain.honesty import BLOCK, USUAL, WARN, Answer, Rule, blocking, check
from infra.local.world import EXAMPLE

EXAMPLES = Path(__file__).parents[1] / "data" / "honesty.tsv"
SIGNED = " Groet, Sanne van De Wiekeling"


@dataclass(frozen=True)
class Example:
    part: str
    language: str
    answer: Answer
    faults: frozenset[str]


def examples() -> list[Example]:
    """Written without sight of the rules; by those of the part `tune` they were mended, never by `held`."""
    rows = [line.split("\t") for line in EXAMPLES.read_text("utf-8").splitlines()[1:]]
    return [
        Example(
            part,
            language,
            Answer(text=text, names=(sender,), organisation=organisation, complaint=about == "complaint"),
            frozenset(faults.split(",")) - {"-"},
        )
        for part, language, about, sender, organisation, faults, text in rows
    ]


def found(text: str, *, complaint: bool = False) -> dict[Rule, str]:
    answer = Answer(
        text=text,
        names=("Sanne de Boer",),
        organisation="Zwembad De Wiekeling",
        complaint=complaint,
    )
    return {each.rule: each.passage for each in check(answer)}


@pytest.mark.parametrize(
    ("broken", "kept", "rule"),
    [
        ("Het bad is weer open.", "Het bad is weer open. ^SB De Wiekeling", Rule.UNNAMED),
        ("Het bad is weer open. Groet, Sanne", "Het bad is weer open. /Sanne, Wiekeling", Rule.UNNAMED),
        (
            "De Wiekeling is het mooiste zwembad van de streek! Sanne",
            "Wij vinden De Wiekeling ook het mooiste zwembad van de streek! Sanne",
            Rule.PRAISE,
        ),
        ("Ik zwem er zelf al jaren.", "Ik heb het zelf nagekeken.", Rule.EXPERIENCE),
        ("As a regular visitor myself I love it.", "I looked it up myself.", Rule.EXPERIENCE),
        ("Wil je je review aanpassen?", "Je review mag gewoon blijven staan.", Rule.REMOVAL),
        ("Could you take down your comment?", "We took down our own post.", Rule.REMOVAL),
        (
            "Je kunt me bereiken op 06-12345678.",
            "Bel ons gerust op 0512-345678.",
            Rule.PERSONAL,
        ),
        ("Ik mail je op kees.bakker@gmail.com.", "@kees@social.example Het bad is open.", Rule.PERSONAL),
        ("Stuur hier je telefoonnummer.", "Stuur je telefoonnummer in een privébericht.", Rule.PERSONAL),
        ("We bellen u terug.", "We bellen u morgen voor 12 uur terug.", Rule.PROMISE),
        ("I'll find out and get back to you.", "I'll find out and get back to you by Friday.", Rule.PROMISE),
    ],
)
def test_a_rule_finds_what_breaks_it_and_leaves_its_neighbour_alone(
    broken: str, kept: str, rule: Rule
) -> None:
    unsigned = rule in (Rule.UNNAMED, Rule.PRAISE)
    assert rule in found(broken if unsigned else broken + SIGNED)
    assert rule not in found(kept if unsigned else kept + SIGNED)


@pytest.mark.parametrize(
    ("given", "none"),
    [
        ("Uw iban is nl91abna0417164300.", "Het kan op lijn nl91 van Rotterdam."),
        ("Uw rekening is nl91 abna 0417 1643 00.", "Uw rekening is bekend."),
        ("Het geld ging naar be68539007547034.", "Het geld ging naar de club."),
        ("Is dit het: gb29nwbk60161331926819.", "Is dit het."),
        ("Uw Bsn is 123456782.", "Uw bsn."),
        ("Het ligt bij u op kerkstraat 12.", "Het ligt bij u op straat."),
        ("Het ligt bij u op KERKSTRAAT 12.", "Hij is bij u onderweg 12 minuten later."),
        ("Het ging naar u, dorpsweg 3a.", "U bent 3 uur onderweg 12 keer per jaar."),
        ("You live at 12 high street.", "You are 5 miles of road away from home."),
        ("U woont op 1234ab.", "U kunt 1500km rijden."),
        ("U woont op 1234 ab.", "U woont daar sinds 2026 en dat klopt."),
        ("Uw postcode is 1234 ab.", "Uw adres is in 2026 op de site te wijzigen."),
        ("Mail ging naar JAN.DEVRIES@GMAIL.COM.", "Mail ging naar u."),
        ("Uw KLANTNUMMER is ab-12345.", "Uw klantnummer staat op de brief."),
    ],
)
def test_personal_data_are_known_however_they_are_typed(given: str, none: str) -> None:
    assert Rule.PERSONAL in found(given + SIGNED)
    assert Rule.PERSONAL in found(given.lower() + SIGNED)
    assert Rule.PERSONAL in found(given.upper() + SIGNED)
    assert Rule.PERSONAL not in found(none + SIGNED)


def test_what_is_for_sale_is_offered_to_who_asks_not_to_who_complains() -> None:
    text = "Neem een premium abonnement, dan heb je daar geen last van." + SIGNED

    assert found(text, complaint=True)[Rule.SALE] == text.partition(" Groet")[0]
    assert Rule.SALE not in found(text)


def test_a_greeting_and_the_organisations_own_name_are_no_signature() -> None:
    assert Rule.UNNAMED in found("Hoi Sanne, De Wiekeling is morgen open.")
    bakery = Answer(
        text="Bakker Van Loon is open.",
        names=("Pieter van Loon",),
        organisation="Bakker Van Loon",
        complaint=False,
    )
    assert [each.rule for each in check(bakery)] == [Rule.UNNAMED]


@pytest.mark.parametrize(("part", "precision", "recall"), [("tune", 0.97, 0.94), ("held", 0.88, 0.75)])
def test_how_often_the_rules_are_right_on_written_examples(
    part: str, precision: float, recall: float, capsys: pytest.CaptureFixture[str]
) -> None:
    these = [each for each in examples() if each.part == part]
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for each in these:
        told = {one.rule.value for one in check(each.answer)}
        right.update(told & each.faults)
        wrong.update(told - each.faults)
        missed.update(each.faults - told)

    with capsys.disabled():
        print(f"\nhonesty check, {part}, {len(these)} answers: precision and recall")
        for rule in Rule:
            hits, extra, lost = right[rule], wrong[rule], missed[rule]
            print(f"  {rule:10} {hits / max(hits + extra, 1):.2f} {hits / max(hits + lost, 1):.2f}")
        print(f"  {'all':10} {_share(right, wrong):.2f} {_share(right, missed):.2f}")
    assert len(these) >= 120
    assert {each.language for each in these} == {"nl", "en"}
    assert all(right[rule] for rule in Rule)
    assert _share(right, wrong) >= precision
    assert _share(right, missed) >= recall


def _share(right: Counter[str], other: Counter[str]) -> float:
    return right.total() / (right.total() + other.total())


@given(st.text(max_size=500), st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_whatever_is_written_there_is_an_answer_and_each_passage_is_in_the_text(
    text: str, name: str, organisation: str, complaint: bool
) -> None:
    told = check(Answer(text=text, names=(name,), organisation=organisation, complaint=complaint))

    assert all(each.passage in text for each in told)
    assert len({each.rule for each in told}) == len(told)


def test_a_brand_says_which_rules_stop_an_answer() -> None:
    told = check(
        Answer(text="Ik zwem er zelf al jaren.", names=("Sanne",), organisation="Wiekeling", complaint=False)
    )

    assert blocking(told, {}) == (Rule.EXPERIENCE,)
    assert blocking(told, {"experience": WARN, "unnamed": BLOCK}) == (Rule.UNNAMED,)
    assert HonestyForm().model_dump() == dict(USUAL), "the file takes for granted what the check does"


@pytest.mark.parametrize("file", [TEMPLATES, EXAMPLE], ids=("ours", "the example's"))
def test_no_draft_that_the_system_makes_raises_a_doubt(file: Path) -> None:
    for template in yaml.safe_load(file.read_text("utf-8"))["templates"]:
        text = template["text"].format(
            author="@bram",
            agent="Sanne de Boer",
            brand="Zwembad De Wiekeling",
            department="Balie",
            when={"nl": "maandag voor 10:00", "en": "Monday before 10:00"}[template["language"]],
        )
        assert found(text, complaint=template["when"] in ("complaint", "holding")) == {}, text
