"""A long text in several messages loses nothing, breaks nothing, and tells that there is more."""

import re

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.thread import MOST, bare, rest, split
from chalicelib.errors import BadInput

WORDS = st.text(st.sampled_from("abcéß🥣@#./:'-?!…"), min_size=1, max_size=12)
LINKS = st.just("https://wiekeling.example/zwemles?week=48#tijden")
TEXTS = st.lists(
    st.tuples(st.one_of(WORDS, LINKS), st.sampled_from([" ", " ", "\n", "\n\n", "  "])),
    min_size=1,
    max_size=120,
).map(lambda pieces: "".join(word + space for word, space in pieces).strip())


def stripped(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(TEXTS, st.integers(60, 300))
def test_nothing_is_lost_and_no_word_is_broken(text: str, room: int) -> None:
    try:
        parts = split(text, room, len)
    except BadInput:
        assert len(text) > (MOST - 1) * room * 0.4, "it would have gone"
        return
    assert all(0 < len(part) <= room for part in parts)
    if len(text) <= room:
        assert parts == (text,)
        return
    assert 2 <= len(parts) <= MOST
    bares = [bare(part, n, len(parts)) for n, part in enumerate(parts, 1)]
    assert [part.removeprefix(said) for part, said in zip(parts, bares, strict=True)] == [
        f" ({n}/{len(parts)})" for n in range(1, len(parts) + 1)
    ]
    assert [word for said in bares for word in said.split()] == text.split()
    assert all(stripped(said) for said in bares)
    assert rest(parts, 0).split() == text.split()


@pytest.mark.parametrize(
    ("text", "room", "parts"),
    [
        ("Kort.", 20, ("Kort.",)),
        ("Ja. Hier volgt een langere zin.", 25, ("Ja. Hier volgt een (1/2)", "langere zin. (2/2)")),
        ("Eerst deze hele zin. En dan deze.", 28, ("Eerst deze hele zin. (1/2)", "En dan deze. (2/2)")),
        (
            "Alinea een is zo.\n\nAlinea twee. Klaar.",
            36,
            ("Alinea een is zo. (1/2)", "Alinea twee. Klaar. (2/2)"),
        ),
        (
            "Klaar? Ja! (Echt.) En verder met meer woorden.",
            33,
            ("Klaar? Ja! (Echt.) (1/2)", "En verder met meer woorden. (2/2)"),
        ),
    ],
)
def test_it_is_cut_where_a_reader_would_pause(text: str, room: int, parts: tuple[str, ...]) -> None:
    assert split(text, room, len) == parts


@pytest.mark.parametrize("text", ["x" * 60, "Kijk op https://wiekeling.example/" + "a" * 60, "woord " * 200])
def test_what_does_not_go_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="10 messages") as refused:
        split(text, 50, len)
    assert refused.value.field == "text"


def test_the_length_is_the_networks() -> None:
    """Where a link counts for little, more goes into a message."""

    def length(text: str) -> int:
        return len(re.sub(r"https?://\S+", "x" * 23, text))

    link = "https://wiekeling.example/" + "a" * 100
    assert split(f"Zie {link} voor alles over de nieuwe tijden.", 60, length)[0].startswith(f"Zie {link}")


def test_of_the_rest_only_what_does_not_stand() -> None:
    parts = split("Een zin van ons. Een tweede zin. Een derde zin.", 26, len)
    assert rest(parts, 1) == "\n".join(bare(part, n, len(parts)) for n, part in enumerate(parts, 1) if n > 1)
    assert rest(parts, len(parts)) == ""
