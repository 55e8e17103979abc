"""A `*` in a list of words is what it is in a query; what nearly every word fits is refused, at its place."""

import pytest
from pydantic import TypeAdapter, ValidationError

from chalicelib.brandfile.values import Terms
from chalicelib.domain.conditions import Heard
from chalicelib.domain.matching import Matcher, hits
from chalicelib.querying.parse import parse

TERMS: TypeAdapter[tuple[str, ...]] = TypeAdapter(Terms)
TEXTS = ("zuurdesembroodje", "Brood!", "broeden", "lekker #landbrood", "het brood van deeg", "wachtwoorden")


@pytest.mark.parametrize("term", ["*brood*", "*brood", "brood*", "br*d", "wach*wo*rd*", "het *brood*"])
def test_it_finds_what_the_query_finds(term: str) -> None:
    (kept,) = TERMS.validate_python([term])
    query = parse(f'"{term}"' if " " in term else term)
    for text in TEXTS:
        assert bool(hits((kept,), text)) == bool(Matcher([query]).found(Heard(text=text))), text
    assert any(hits((kept,), text) for text in TEXTS)


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("*br", "column 1: expected at least 3 letters in a row after a * that begins a word"),
        ("het *br*", "column 5: expected at least 3 letters in a row after a * that begins a word"),
        ("*b*", "column 1: expected at least 2 letters beside a *"),
        ("brood * deeg", "column 1: expected at least 2 letters beside a *"),
        ("b*r*o*o*d*s", "column 1: a word has at most 4 *"),
        ("**", "expected a word or phrase, got **"),
    ],
)
def test_what_nearly_every_word_fits_is_refused(term: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TERMS.validate_python(["brood", term])
    (error,) = refused.value.errors()
    assert error["loc"] == (1,)
    assert error["msg"].endswith(said)
