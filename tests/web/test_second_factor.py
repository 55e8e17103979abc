"""The second factor: asked for, set up, switched on and off; a password that was forgotten; out
everywhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import CODE, PASSWORD, SAM, SECRET
from tests.web.world import World

EMAIL = "sam@veldermeer.example"
SIGN_IN = {"email": EMAIL, "password": PASSWORD, "next": "/cases"}
STEP = {"email": EMAIL, "session": "step-2", "next": "/cases"}


@pytest.fixture
def app(visitor: Browser, world: World) -> Browser:
    """A visitor who gave Sam's password, and whose app is asked for a code."""
    world.users.factors.add(EMAIL)
    page = visitor.post("/sign-in", SIGN_IN)
    assert page.status_code == 200
    assert 'autocomplete="one-time-code"' in page.body.decode()
    assert faults(page.body.decode()) == []
    assert "webspin-id" not in visitor.cookies
    return visitor


def test_the_password_alone_does_not_let_in(app: Browser, world: World) -> None:
    assert app.get("/").status_code == 303
    wrong = app.post("/sign-in/code", {**STEP, "code": "000000"})
    assert wrong.status_code == 401
    assert faults(wrong.body.decode()) == []
    answer = app.post("/sign-in/code", {**STEP, "code": " 123 456 "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases")
    assert world.team.seen == {SAM: world.now}
    assert app.get("/").status_code == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345é"])
def test_what_is_no_code_is_not_asked_about(app: Browser, code: str) -> None:
    assert app.post("/sign-in/code", {**STEP, "code": code}).status_code == 401


def test_a_step_that_we_did_not_offer_is_none(app: Browser, world: World) -> None:
    """Emulators take it from anybody for anybody."""
    for change in ({"session": "made up"}, {"email": "noor@veldermeer.example"}, {"session": "step-1"}):
        answer = app.post("/sign-in/code", {**STEP, "code": CODE, **change})
        assert answer.status_code == 401
        assert "Deze stap duurde te lang" in text_of(answer.body.decode())
    form = {"email": EMAIL, "session": "step-2", "name": "Mallory", "password": "a" * 12, "code": CODE}
    assert app.post("/sign-in/new-password", form).status_code == 401
    assert app.post("/sign-in/set-up", {**form, "secret": SECRET}).status_code == 401
    world.now += timedelta(minutes=6)
    assert app.post("/sign-in/code", {**STEP, "code": CODE}).status_code == 401


def test_a_step_and_a_code_are_good_once(app: Browser, world: World) -> None:
    assert app.post("/sign-in/code", {**STEP, "code": CODE}).status_code == 303
    assert app.post("/sign-in/code", {**STEP, "code": CODE}).status_code == 401
    app.post("/sign-in", SIGN_IN)
    again = app.post("/sign-in/code", {**STEP, "code": CODE})
    assert again.status_code == 401
    assert "is al gebruikt" in text_of(again.body.decode())
    world.now += timedelta(minutes=3)
    app.post("/sign-in", SIGN_IN)
    assert app.post("/sign-in/code", {**STEP, "code": CODE}).status_code == 303


def test_codes_cannot_be_guessed_one_after_another(app: Browser) -> None:
    statuses = []
    for n in range(7):
        app.post("/sign-in", SIGN_IN)  # the right password does not wipe the slate
        statuses.append(app.post("/sign-in/code", {**STEP, "code": f"00000{n}"}).status_code)
    assert statuses == [401] * 5 + [429] * 2
    assert app.post("/sign-in/code", {**STEP, "code": CODE}).status_code == 429


def test_where_it_is_required_it_is_set_up_while_signing_in(visitor: Browser, world: World) -> None:
    world.users.required = True
    page = visitor.post("/sign-in", SIGN_IN).body.decode()
    assert faults(page) == []
    assert "JBSW Y3DP" in page
    assert "<svg" in page
    form = {**STEP, "session": "step-4", "secret": SECRET}
    wrong = visitor.post("/sign-in/set-up", {**form, "code": "000000"})
    assert (wrong.status_code, "JBSW Y3DP" in wrong.body.decode()) == (401, True)
    assert visitor.post("/sign-in/set-up", {**form, "code": CODE, "secret": "<b>"}).status_code == 401
    assert world.audit.lines == []
    assert visitor.post("/sign-in/set-up", {**form, "code": CODE}).status_code == 303
    assert world.users.factors == {EMAIL}
    (line,) = world.audit.lines
    assert (line.what, line.of, line.by_id, line.after) == (
        "team.second-factor",
        EMAIL,
        SAM,
        '{"state": "on"}',
    )


def test_it_is_switched_on_with_the_password_and_counts_once_a_code_was_typed(
    browser: Browser, world: World
) -> None:
    assert "Uit. Wie je wachtwoord" in text_of(browser.get("/me").body.decode())
    refused = browser.post("/me/second-factor", {"password": "guess"})
    assert refused.status_code == 422
    assert faults(refused.body.decode()) == []
    page = browser.post("/me/second-factor", {"password": PASSWORD}).body.decode()
    assert faults(page) == []
    assert "JBSW Y3DP" in page
    assert "style=" not in page
    assert world.users.factors == set()
    wrong = browser.post("/me/second-factor/code", {"secret": SECRET, "code": "000000"})
    assert (wrong.status_code, world.users.factors) == (422, set())
    assert browser.post("/me/second-factor/code", {"secret": "<script>", "code": CODE}).status_code == 400
    answer = browser.post("/me/second-factor/code", {"secret": SECRET, "code": CODE})
    assert answer.headers["Location"] == "/me?done=on"
    assert world.users.factors == {EMAIL}
    assert "Aan: een code" in text_of(browser.get("/me?done=on").body.decode())
    assert [line.what for line in world.audit.lines][-1] == "team.second-factor"
    assert SECRET not in str(world.audit.lines)


def test_it_is_switched_off_by_who_has_password_and_app(browser: Browser, world: World) -> None:
    world.users.factors.add(EMAIL)
    for form in ({"password": "guess", "code": CODE}, {"password": PASSWORD, "code": "000000"}):
        answer = browser.post("/me/second-factor/remove", form)
        assert answer.status_code == 422
        assert faults(answer.body.decode()) == []
    assert world.users.factors == {EMAIL}
    assert browser.post("/me/second-factor", {"password": PASSWORD}).status_code == 409
    answer = browser.post("/me/second-factor/remove", {"password": PASSWORD, "code": CODE})
    assert answer.headers["Location"] == "/me?done=off"
    assert world.users.factors == set()
    assert world.users.ended == ["refresh-sam"], "the session that proved it is not left open"


def test_who_sits_down_at_an_open_screen_does_not_guess_the_password(browser: Browser) -> None:
    for _ in range(5):
        browser.post("/me/second-factor", {"password": "guess"})
    page = browser.post("/me/second-factor", {"password": PASSWORD})
    assert page.status_code == 422
    assert "Te veel pogingen" in text_of(page.body.decode())


def test_a_forgotten_password_is_replaced_by_a_code_from_the_mail(visitor: Browser, world: World) -> None:
    assert faults(visitor.get("/forgot").body.decode()) == []
    page = visitor.post("/forgot", {"email": EMAIL}).body.decode()
    assert faults(page) == []
    assert world.users.mailed == [EMAIL]
    form = {"email": EMAIL, "code": CODE, "password": "b" * 12}
    assert visitor.post("/forgot/password", {**form, "password": "b" * 11}).status_code == 422
    assert visitor.post("/forgot/password", {**form, "code": "000000"}).status_code == 422
    assert world.audit.lines == []
    assert visitor.post("/forgot/password", form).headers["Location"] == "/sign-in?done=reset"
    (line,) = world.audit.lines
    assert (line.what, line.of, line.by_id) == ("team.password", world.colleagues.kept[SAM].email, SAM)
    assert "Je wachtwoord is gewijzigd" in text_of(visitor.get("/sign-in?done=reset").body.decode())
    assert visitor.post("/sign-in", {**SIGN_IN, "password": "b" * 12}).status_code == 303


def test_nobody_hears_whose_address_we_know(visitor: Browser) -> None:
    pages = [
        visitor.post("/forgot", {"email": email}).body.decode().replace(email, "X")
        for email in (EMAIL, "nobody@veldermeer.example")
    ]
    assert pages[0] == pages[1]
    form = {"code": "000000", "password": "b" * 12}
    pages = [
        visitor.post("/forgot/password", {**form, "email": email}).body.decode().replace(email, "X")
        for email in (EMAIL, "nobody@veldermeer.example")
    ]
    assert pages[0] == pages[1]
    assert visitor.post("/forgot", {"email": " "}).status_code == 422


def test_a_reset_code_cannot_be_guessed(visitor: Browser) -> None:
    visitor.post("/forgot", {"email": EMAIL})
    form = {"email": EMAIL, "password": "b" * 12}
    statuses = [visitor.post("/forgot/password", {**form, "code": f"00000{n}"}).status_code for n in range(6)]
    assert statuses == [422] * 5 + [429]
    assert visitor.post("/forgot/password", {**form, "code": CODE}).status_code == 429


def test_out_everywhere_is_out_here_too_and_at_once(browser: Browser, world: World) -> None:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], issued=int(world.now.timestamp()))
    assert browser.get("/").status_code == 200
    assert browser.post("/me/sign-out", {}).headers["Location"] == "/sign-in"
    assert world.team.renewed == {SAM: world.now}
    world.users.refreshed.clear()  # as the user pool does
    assert browser.get("/").status_code == 303
    assert browser.post("/me/sign-out", {}).status_code == 401


def test_a_token_from_before_a_change_of_role_is_renewed_and_says_the_new_role(
    browser: Browser, world: World
) -> None:
    """The role in a token is up to an hour old; a change does not wait for that."""
    sam = replace(world.users.valid["id-sam"], groups=("manager",), issued=int(world.now.timestamp()))
    world.users.valid["id-sam"] = sam
    assert browser.get("/team").status_code == 200
    world.now += timedelta(minutes=1)
    world.team.renew(SAM, world.now)
    world.users.valid["id-new"] = replace(sam, groups=("reader",), issued=int(world.now.timestamp()) + 1)
    world.users.refreshed["refresh-sam"] = "id-new"
    assert browser.get("/team").status_code == 403
    assert browser.cookies["webspin-id"] == "id-new"
    assert browser.get("/").status_code == 200


def test_a_code_that_set_the_app_up_lets_in_nobody_more(visitor: Browser, world: World) -> None:
    world.users.required = True
    visitor.post("/sign-in", SIGN_IN)
    form = {**STEP, "session": "step-4", "secret": SECRET}
    assert visitor.post("/sign-in/set-up", {**form, "code": CODE}).status_code == 303
    visitor.cookies.clear()
    visitor.post("/sign-in", SIGN_IN)
    assert visitor.post("/sign-in/code", {**STEP, "code": CODE}).status_code == 401


def test_a_code_that_switched_it_on_lets_in_nobody_more(browser: Browser, world: World) -> None:
    browser.post("/me/second-factor", {"password": PASSWORD})
    assert browser.post("/me/second-factor/code", {"secret": SECRET, "code": CODE}).status_code == 303
    browser.cookies.clear()
    browser.post("/sign-in", SIGN_IN)
    assert browser.post("/sign-in/code", {**STEP, "code": CODE}).status_code == 401


def test_who_knows_the_password_does_not_guess_the_code_that_switches_it_off(
    browser: Browser, world: World
) -> None:
    world.users.factors.add(EMAIL)
    wrong = [
        browser.post("/me/second-factor/remove", {"password": PASSWORD, "code": f"00000{n}"}).status_code
        for n in range(6)
    ]
    assert wrong == [422] * 5 + [429]
    assert browser.post("/me/second-factor/remove", {"password": PASSWORD, "code": CODE}).status_code == 429
    assert world.users.factors == {EMAIL}
    world.now += timedelta(hours=1)
    assert browser.post("/me/second-factor/remove", {"password": PASSWORD, "code": CODE}).status_code == 303
