"""All published and computed vectors pass, and altered by one byte none does (`vectors.py` reads them)."""

import os

import pytest

from chalicelib.domain.knock import SIGNINGS
from chalicelib.errors import BadWebhook
from chalicelib.platforms import _handshakes, _signatures
from tests.platforms.vectors import (
    Vector,
    altered,
    refused,
    right,
    says_the_same,
    scheme_of,
    vectors,
)

ALL = vectors()
VALID = [vector for vector in ALL if vector.get("valid", True)]


def ids(found: list[Vector]) -> list[str]:
    return [str(vector.get("id", n)) for n, vector in enumerate(found)]


@pytest.mark.parametrize("vector", ALL, ids=ids(ALL))
def test_every_vector_is_answered_as_it_says(vector: Vector) -> None:
    assert (refused(vector) == "") == vector.get("valid", True), refused(vector)


@pytest.mark.parametrize("vector", VALID, ids=ids(VALID))
def test_altered_by_one_byte_it_is_refused(vector: Vector) -> None:
    tried = 0
    for what, other in altered(vector):
        if refused(other) == "" and not says_the_same(vector, other):
            pytest.fail(f"{what} was altered and nobody noticed")
        tried += 1
    assert tried > 20


@pytest.mark.parametrize("vector", [v for v in ALL if v.get("verify_token")], ids=lambda v: str(v["id"]))
def test_s6_a_challenge_with_another_token_is_forbidden(vector: Vector) -> None:
    with pytest.raises(BadWebhook) as refusal:
        right({**vector, "verify_token": f"{vector['verify_token']}x"})
    assert refusal.value.status == vector.get("on_token_mismatch", {}).get("status", 403)


def test_there_are_vectors_of_every_network_in_the_list() -> None:
    """Of those we bring; others may be fewer."""
    if os.environ.get("WEBSPIN_SIGNATURE_VECTORS"):
        assert ALL
        return
    assert len(ALL) == 45
    assert {vector["valid"] for vector in ALL if "valid" in vector} == {True, False}
    without = {"teams", "sns", "unsigned", "web-push", "webmention"}
    assert {scheme_of(vector) for vector in ALL} - {""} == set(SIGNINGS) - without


def test_every_scheme_that_can_be_chosen_has_its_function_and_no_other_has() -> None:
    assert set(_signatures.SCHEMES) == set(SIGNINGS)
    assert {*_handshakes._ASKED, *_handshakes._PINGED} < set(SIGNINGS)
