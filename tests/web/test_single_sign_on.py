"""Signing in where the organisation does: there and back, and every way in which the way back is forged
(S35)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.aws.sso import HostedSignIn
from chalicelib.aws.tokens import Tokens as Verifier
from chalicelib.aws.users import CognitoUsers
from chalicelib.domain.roles import Grant, Role
from chalicelib.http import Http
from tests.servers.hosted import CALLBACK, CLIENT, Hosted
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import World

START = "/sign-in/organisation?next=/cases"


@pytest.fixture
def hosted(world: World) -> Iterator[Hosted]:
    """Set up for this world, with the code that runs on AWS between the two."""
    with Hosted() as server:
        server.now = int(world.now.timestamp())
        http = Http(frozenset({(server.host, server.port)}))
        keys = Verifier(
            client_ids=("fakeclient", CLIENT), jwks_url=server.keys, issuer=server.issuer, http=http
        )
        world.users = CognitoUsers(lambda: None, client_id="fakeclient", sso_client_id=CLIENT, tokens=keys)  # type: ignore[assignment]
        world.sso = HostedSignIn(
            host=server.url, client_id=CLIENT, provider="organisation", callback=CALLBACK, http=http
        )
        yield server


def leave(visitor: Browser, start: str = START) -> str:
    """Where the browser is sent."""
    answer = visitor.get(start)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def back(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_where_it_is_not_set_up_nothing_shows(visitor: Browser) -> None:
    assert "organisation" not in visitor.get("/sign-in").body.decode()
    assert visitor.get(START).status_code == 404
    assert visitor.get("/sign-in/back?code=x&state=y").status_code == 404


def test_there_and_back(visitor: Browser, world: World, hosted: Hosted) -> None:
    page = visitor.get("/sign-in?next=/cases").body.decode()
    assert f'href="{START}"' in page
    there = leave(visitor)
    assert there.startswith(f"{hosted.url}/oauth2/authorize?")
    answer = visitor.get(back(hosted.let_in(there)))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases")
    assert world.team.seen == {"7": world.now}
    assert visitor.cookies["webspin-refresh"] == "sso:refresh"
    assert "webspin-sso" not in visitor.cookies
    refused = visitor.get("/cases")
    assert refused.status_code == 403
    assert "Je hebt hier nog geen toegang" in text_of(refused.body.decode())
    sam = world.users.member(visitor.cookies["webspin-id"], world.now)
    assert (sam.name, sam.username, sam.federated) == ("Vera Smit", "organisation_7", True)


def test_what_we_send_along_is_new_each_time_and_shows_no_secret(visitor: Browser, hosted: Hosted) -> None:
    first, second = leave(visitor), leave(visitor)
    kept = visitor.cookies["webspin-sso"].split(".")
    assert kept[0] in second
    assert kept[1] in second
    assert kept[2] not in second, "the verifier stays here"
    assert kept[0] not in first
    line = next(each for each in visitor.get(START).headers["Set-Cookie"] if "sso" in each)
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Max-Age=600" in line


def test_s35_a_code_comes_back_once(visitor: Browser, hosted: Hosted) -> None:
    kept = leave(visitor)
    cookie = visitor.cookies["webspin-sso"]
    way = back(hosted.let_in(kept))
    assert visitor.get(way).status_code == 303
    visitor.cookies["webspin-sso"] = cookie
    asked = len(hosted.requests)
    assert visitor.get(way).status_code == 400
    assert len(hosted.requests) == asked, "the state was used up: the code is not even tried"


@pytest.mark.parametrize(
    "change", ["no cookie", "another's state", "no state", "no code", "another's code", "an error"]
)
def test_s35_who_did_not_leave_from_here_does_not_come_in(
    visitor: Browser, hosted: Hosted, change: str
) -> None:
    """A code of an attacker's own account, sent to a victim, must not sign the victim in as the attacker."""
    theirs = back(hosted.let_in(leave(visitor)))
    ours = back(hosted.let_in(leave(visitor)))
    given = dict(part.split("=") for part in ours.split("?")[1].split("&"))
    code, state = given["code"], given["state"]
    if change == "no cookie":
        del visitor.cookies["webspin-sso"]
    way = {
        "no cookie": ours,
        "another's state": theirs,
        "no state": f"/sign-in/back?code={code}",
        "no code": f"/sign-in/back?state={state}",
        "another's code": f"/sign-in/back?code=guess&state={state}",
        "an error": f"/sign-in/back?error=access_denied&error_description=<b>hoi</b>&state={state}",
    }[change]
    answer = visitor.get(way)
    page = answer.body.decode()
    assert answer.status_code == 400
    assert "webspin-id" not in visitor.cookies
    assert "Je organisatie liet je niet binnen" in text_of(page)
    assert "hoi" not in page
    assert faults(page) == []


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another's"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [CLIENT]},
        {"iss": "https://evil.example"},
        {"token_use": "access"},
        {"exp": 1},
        {"sub": ""},
    ],
)
def test_s35_a_token_that_is_not_for_this_sign_in_opens_nothing(
    visitor: Browser, hosted: Hosted, claims: dict[str, Any]
) -> None:
    hosted.claims = claims
    assert visitor.get(back(hosted.let_in(leave(visitor)))).status_code == 400
    assert "webspin-id" not in visitor.cookies


def test_s35_nobody_is_sent_elsewhere(visitor: Browser, hosted: Hosted) -> None:
    there = leave(visitor, "/sign-in/organisation?next=https://evil.example/")
    answer = visitor.get(back(hosted.let_in(there)))
    assert answer.headers["Location"] == "/"
    there = leave(visitor)
    parts = visitor.cookies["webspin-sso"].split(".")
    visitor.cookies["webspin-sso"] = ".".join([*parts[:3], b"//evil.example".hex()])
    assert visitor.get(back(hosted.let_in(there))).headers["Location"] == "/"


def test_a_page_that_fails_is_our_fault_in_plain_words(visitor: Browser, hosted: Hosted) -> None:
    way = back(hosted.let_in(leave(visitor)))
    hosted.broken = 503
    assert visitor.get(way).status_code == 500


def test_who_comes_from_there_has_no_second_factor_here(
    visitor: Browser, world: World, hosted: Hosted
) -> None:
    visitor.get(back(hosted.let_in(leave(visitor))))
    grant = Grant(brand="veldermeer", user="7", name="Vera", email="v@x", role=Role.AGENT, since=world.now)
    world.team.kept["veldermeer", "7"] = grant
    page = visitor.get("/me").body.decode()
    assert "Je logt in via je organisatie" in text_of(page)
    assert visitor.post("/me/second-factor", {"password": "x"}).status_code == 400
