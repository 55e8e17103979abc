"""A draft is made of the brand's words; what nobody knows yet stays to be seen, and stops the sending."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.case import Action, Quoted
from chalicelib.domain.drafting import draft, fill, from_passage, open_blanks, open_placeholders, plain, sign
from chalicelib.domain.knowledge import Passage
from chalicelib.domain.verdict import Reading, Sentiment
from tests.domain.people import LIBRARY, mention, reading

ANSWER, THANK = Action.ANSWER, Action.THANK


def text_of(read: Reading, action: Action = ANSWER, handle: str = "kees", department: str = "lending") -> str:
    found = draft(LIBRARY, mention(handle=handle), read, action, department=department)
    assert found
    return found.text


@pytest.mark.parametrize(
    ("read", "action", "template", "expected"),
    [
        (reading(Sentiment.NEGATIVE), ANSWER, "sorry", "Dag @kees, vervelend! {agent}, Lindebieb"),
        (reading(Sentiment.POSITIVE), THANK, "thanks", "Dank je @kees! Groet, Uitleen"),
        (reading(Sentiment.NEUTRAL, "question"), ANSWER, "any", "Dag @kees, [reason] […]"),
        (reading(Sentiment.NEUTRAL), ANSWER, "any", "Dag @kees, [reason] […]"),
        (reading(Sentiment.NEGATIVE, language="en"), ANSWER, "any-en", "Hello @kees. {agent} for Lindebieb"),
        (
            reading(Sentiment.NEGATIVE, language="und"),
            ANSWER,
            "sorry",
            "Dag @kees, vervelend! {agent}, Lindebieb",
        ),
        (
            reading(Sentiment.NEGATIVE, language="de"),
            ANSWER,
            "sorry",
            "Dag @kees, vervelend! {agent}, Lindebieb",
        ),
    ],
)
def test_the_template_fits_language_and_subject(
    read: Reading, action: Action, template: str, expected: str
) -> None:
    found = draft(LIBRARY, mention(), read, action, department="lending")
    assert found
    assert (found.source, found.text, found.version, found.by) == (template, expected, 1, "")


def test_without_a_template_there_is_no_draft() -> None:
    assert draft(replace(LIBRARY, templates=()), mention(), reading(), ANSWER) is None


def test_a_draft_is_open_until_a_named_person_signs_it() -> None:
    text = text_of(reading(Sentiment.NEGATIVE))
    assert open_placeholders(text) == ("agent",)
    assert sign(text, "") == text
    assert sign(text, "Noor") == "Dag @kees, vervelend! Noor, Lindebieb"
    assert open_placeholders(sign(text, "Noor")) == ()
    signed = draft(LIBRARY, mention(), reading(Sentiment.NEGATIVE), ANSWER, "Noor")
    assert signed
    assert signed.text == sign(text, "Noor")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dag [naam], {agent} en [naam]", ("naam", "agent")),
        ("We bellen je [dag en tijd].", ("dag en tijd",)),
        ("Dag […]", ("…",)),
        ("Zie [1] en {}", ("…",)),
        ("Zie [1] en a[0], [12] en [3, 4-6].", ()),
        ("{\n} en [naam\nvan de klant]", ("…", "naam van de klant")),
        ("Kost [€ bedrag] op [1e datum], [ dag ].", ("€ bedrag", "1e datum", "dag")),
        ("Dag ['naam'] [2_keuze] [-] []", ("'naam'", "2_keuze", "-", "…")),
        ("Dit is [" + "x" * 61 + "] en {" + "y" * 300 + "}", ("x" * 61, "y" * 300)),
        ("Dag [[naam]] (zie [bijlage])", ("naam", "bijlage")),
        ("Gewoon een antwoord.", ()),
    ],
)
def test_what_is_still_to_be_filled_in_is_named(text: str, left: tuple[str, ...]) -> None:
    assert open_placeholders(text) == left


@given(st.text(st.characters(exclude_characters="{}")))
def test_whatever_a_template_leaves_open_keeps_it_from_being_sent(name: str) -> None:
    filled = fill(f"Kost {{{name}}}.", {"author": "@kees"})
    assert ("{" in filled or "[" in filled) == bool(open_placeholders(filled))
    assert open_placeholders(filled) or name.strip() == "author"


@pytest.mark.parametrize(
    "name", ["1", "12", " 1, 2 ", "1e datum", "€ bedrag", "'naam'", "x" * 61, "a\nb", "[1"]
)
def test_a_template_may_call_its_places_what_it_likes(name: str) -> None:
    assert open_placeholders(fill(f"Kost {{{name}}}.", {}))


@pytest.mark.parametrize(
    ("handle", "start"),
    [
        ("@kees", "Dank je @kees!"),
        ("kees@example.social", "Dank je @kees@example.social!"),
        ("Kees Bakker", "Dank je Kees Bakker!"),
        ("{agent}", "Dank je @agent!"),
        ("[naam]\n{brand}", "Dank je naam brand!"),
        ("", "Dank je Kees x y!"),
    ],
)
def test_a_name_cannot_pass_for_a_placeholder(handle: str, start: str) -> None:
    text = text_of(reading(Sentiment.POSITIVE), THANK, handle)
    assert text.startswith(start)
    assert open_placeholders(text) == ()


def test_an_author_without_any_name_stays_to_be_filled_in() -> None:
    nobody = mention(handle="")
    nobody = replace(nobody, author=replace(nobody.author, name=""))
    found = draft(LIBRARY, nobody, reading(Sentiment.POSITIVE), THANK)
    assert found
    assert open_placeholders(found.text) == ("author",)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[WINACTIE] Doe mee", ()),
        ("Een feest [foto van de opening], […]", ()),
        ("Dag {author}, {} en {author}", ("author", "…")),
    ],
)
def test_brackets_of_a_post_are_its_writers_own(text: str, left: tuple[str, ...]) -> None:
    assert open_blanks(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: two words within one
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f wint",
        "\U0001f3f4 en \U0001f469\u200d\U0001f692 \u2764\ufe0f",
    ],
)
def test_what_joins_letters_and_pictures_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a\r\nb\rc \n", "a\nb\nc"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\u200b\u202eb\x07\ue000", "ab"),
        ("a\U000e0067\U000e007f", "a"),  # letters nobody sees
        ("\U0001f3f4\U000e0067 wint", "\U0001f3f4 wint"),  # of a flag that does not end
        ("\u200c \u200d", ""),
    ],
)
def test_what_nobody_sees_is_left_out(typed: str, kept: str) -> None:
    assert plain(typed) == kept


PASSAGE = Passage(
    page="open",
    n=1,
    title="Openingstijden",
    language="nl",
    questions=("Hoe laat zijn jullie open?",),
    answer="Van 9 tot 17 uur, vraag het {department}. {later}",
)


@pytest.mark.parametrize(
    ("language", "tone", "disclosure", "begins", "ends"),
    [
        ("nl", "informal", "", "Hoi @kees! Van", "Groet, {agent} van Lindebieb"),
        ("nl", "", "", "Dag @kees, Van", "Groet, {agent} van Lindebieb"),
        (
            "nl",
            "formal",
            "Wij zijn de bieb.",
            "Beste @kees, Van",
            "Wij zijn de bieb. Met vriendelijke groet,",
        ),
        ("en", "informal", "", "Hi @kees! Van", "Best, {agent} from Lindebieb"),
        ("en", "formal", "", "Dear @kees, Van", "Kind regards, {agent} from Lindebieb"),
        ("de", "formal", "", "@kees Van", "{agent}, Lindebieb"),
    ],
)
def test_an_answer_we_know_is_said_in_the_brands_tone(
    language: str, tone: str, disclosure: str, begins: str, ends: str
) -> None:
    brand = replace(LIBRARY, tone=tone, disclosure=disclosure)
    passage = replace(PASSAGE, language=language)
    found = from_passage(brand, mention().author, passage, department="lending")
    above, _, below = found.text.partition("\n\n")
    assert above.startswith(begins)
    assert above.endswith("vraag het Uitleen. [later]"), "what nobody knows stays to be seen"
    assert below.startswith(ends)
    assert (found.language, found.source, found.by, found.version) == (language, "", "", 1)
    assert found.pages == (Quoted("open", "Openingstijden"),)
    assert open_placeholders(sign(found.text, "Noor")) == ("later",)


def test_no_name_of_a_stranger_passes_for_a_placeholder() -> None:
    author = replace(mention().author, handle="{agent}")
    assert from_passage(LIBRARY, author, PASSAGE).text.startswith("Dag @agent,")
