"""S20 at the console: a token that somebody made up opens no page and does no deed.

Each way of forging one is refused in tests/aws/test_users.py; here the door is asked, with the real verifier.
"""

from collections.abc import Callable

import pytest

from tests.aws.test_users import (
    Door,
    by_hand,
    claims,
    hs256_with_our_public_key,
    ours,
    public,
    signed,
    theirs,
    users as verifier,
)
from tests.web import access
from tests.web.browser import Browser
from tests.web.test_pages import COMPLAINT
from tests.web.world import World

FORGED: dict[str, Callable[[], str]] = {
    "unsigned": lambda: by_hand({"alg": "none", "kid": "k1"}, claims()),
    "our public key as a secret": hs256_with_our_public_key,
    "signed by another": lambda: signed(claims(), key=theirs()),
    "another issuer": lambda: signed(claims(iss="https://cognito-idp.eu-west-1.amazonaws.com/another")),
    "for another client": lambda: signed(claims(aud="another")),
    "an access token": lambda: signed(claims(token_use="access")),
    "expired": lambda: signed(claims(exp=0)),
    "without an end": lambda: signed(claims(exp=None)),
    "a key that is a path": lambda: signed(claims(), kid="../../../../dev/null"),
    "groups of one's own": lambda: by_hand({"alg": "RS256", "kid": "k1"}, claims(), b"x"),
}


class Refusing:
    """The pool's own verifier, and a refresh token that is nobody's."""

    def __init__(self, world: World) -> None:
        self._users = world.users
        self.member = verifier(Door(public("k1", ours()))).member
        self.refresh = world.users.refresh


@pytest.mark.parametrize("name", FORGED)
def test_s20_a_forged_token_opens_nothing(browser: Browser, world: World, name: str) -> None:
    world.users = Refusing(world)  # type: ignore[assignment]
    browser.cookies |= {"webspin-id": FORGED[name](), "webspin-refresh": "guessed"}
    before = world.cases.kept.copy()
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2F")
    assert browser.post(f"/cases/{COMPLAINT}/reply", {**access.FORM, "do": "send"}).status_code == 401
    assert world.cases.kept == before


def test_s20_the_right_one_does(browser: Browser, world: World) -> None:
    """Or all of the above would hold for a door that is shut."""
    world.users = Refusing(world)  # type: ignore[assignment]
    groups = {"cognito:groups": ["agent"], "exp": 4_000_000_000}
    browser.cookies["webspin-id"] = signed(claims(**groups))
    assert browser.get("/").status_code == 200
