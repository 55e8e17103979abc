"""Labels: folded, so that one word is one label; few, and short."""

import pytest

from chalicelib.domain.labels import changed, labels
from chalicelib.errors import BadInput


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["Boete"], ("boete",)),
        (["  te   laat ", "#Te laat"], ("te laat",)),
        (["boete, Jeugd,,"], ("boete", "jeugd")),
        (["cafe\u0301", "caf\u00e9"], ("caf\u00e9",)),
        (["", " , #"], ()),
        (["x" * 30], ("x" * 30,)),
    ],
)
def test_one_word_is_one_label(given: list[str], kept: tuple[str, ...]) -> None:
    assert labels(given) == kept
    assert labels(kept) == kept


@pytest.mark.parametrize("given", ["x" * 31, "a\u0000b", "a\u202eb"])
def test_what_cannot_be_read_or_is_too_long_is_none(given: str) -> None:
    with pytest.raises(BadInput, match="label"):
        labels([given])


def test_ten_stay() -> None:
    ten = [f"l{n}" for n in range(10)]
    assert len(changed([], ten, [])) == 10
    with pytest.raises(BadInput, match="10 labels"):
        changed(ten, ["one more"], [])
    assert "one more" in changed(ten, ["One more"], ["L3"])
