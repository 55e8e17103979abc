"""The door: who gets in, what a form must bring, and what nobody is told."""

import json
from datetime import timedelta

import pytest

from app import app
from chalicelib.domain.case import CaseKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.ports import Member
from chalicelib.web.request import own_path
from chalicelib.web.routes import OPEN
from tests.web import access
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import PASSWORD
from tests.web.world import World

SLUG = CaseKey("veldermeer", "mastodon", "1").slug
ROUTES = [(method, path) for path, entries in app.routes.items() for method in entries]
SAM = {"email": "sam@veldermeer.example", "password": PASSWORD}


@pytest.mark.parametrize(
    ("method", "path"),
    [route for route in ROUTES if route not in OPEN and not access.ROUTES[route].startswith(access.KEY)],
)
def test_no_page_or_deed_answers_without_a_session(visitor: Browser, method: str, path: str) -> None:
    real = path.replace("{slug}", SLUG).replace("{channel}", "proefkanaal").replace("{unknown}", "x")
    if method == "GET":
        answer = visitor.get(real)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in?next=%2F")
    else:
        answer = visitor.post(real, {"text": "x", "rev": "1"})
        assert answer.status_code == 401
    assert "regenjas42" not in answer.body.decode()


def test_what_is_open_is_what_should_be(visitor: Browser) -> None:
    assert set(OPEN) <= set(ROUTES)
    assert json.loads(visitor.get("/healthz").body) == {"ok": True}
    assert visitor.get("/sign-in").status_code == 200
    assert visitor.get("/static/..%2f..%2fapp.py").status_code == 404


def test_signing_in_leads_to_the_page_that_was_asked_for(visitor: Browser) -> None:
    there = visitor.get(f"/cases/{SLUG}?done=saved").headers["Location"]
    assert f'name="next" value="/cases/{SLUG}?done=saved"' in visitor.get(there).body.decode()
    answer = visitor.post("/sign-in", {**SAM, "next": f"/cases/{SLUG}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{SLUG}")
    assert visitor.get(f"/cases/{SLUG}").status_code == 200


def test_the_first_time_a_person_chooses_a_name_and_a_password(visitor: Browser, world: World) -> None:
    step = visitor.post("/sign-in", {"email": "noor@veldermeer.example", "password": PASSWORD})
    assert 'autocomplete="new-password"' in step.body.decode()
    form = {
        "email": "noor@veldermeer.example",
        "session": "step-1",
        "name": " Noor  Bos ",
        "password": "a" * 12,
    }
    assert visitor.post("/sign-in/new-password", {**form, "password": "a" * 11}).status_code == 422
    assert visitor.post("/sign-in/new-password", {**form, "name": ""}).status_code == 422
    assert visitor.post("/sign-in/new-password", {**form, "session": "old"}).status_code == 401
    assert visitor.post("/sign-in/new-password", form).status_code == 303
    assert world.users.valid["id-noor"].name == "Noor Bos"
    assert "Noor Bos" in visitor.get("/").body.decode()


def test_unknown_people_and_wrong_passwords_get_the_same_words(visitor: Browser) -> None:
    pages = [
        visitor.post("/sign-in", {"email": email, "password": word}).body.decode().replace(email, "X")
        for email, word in [("sam@veldermeer.example", "wrong"), ("nobody@veldermeer.example", PASSWORD)]
    ]
    assert pages[0] == pages[1]


def test_after_five_failures_an_address_rests_and_then_may_try_again(visitor: Browser, world: World) -> None:
    email = {"email": "jip@veldermeer.example", "password": "guess"}
    assert [visitor.post("/sign-in", email).status_code for _ in range(6)] == [401] * 5 + [429]
    assert visitor.post("/sign-in", {**email, "email": " JIP@veldermeer.example"}).status_code == 429
    assert visitor.post("/sign-in", SAM).status_code == 303
    world.now += timedelta(seconds=31)
    assert visitor.post("/sign-in", email).status_code == 401


def test_an_expired_session_is_refreshed_and_an_ended_one_is_not(browser: Browser, world: World) -> None:
    world.users.valid["id-new"] = Member("1", "sam@veldermeer.example", "Sam de Wit", ("agent",))
    world.users.refreshed["refresh-sam"] = "id-new"
    del world.users.valid["id-sam"]
    assert browser.get("/").status_code == 200
    assert browser.cookies["webspin-id"] == "id-new"
    world.users.valid.clear()
    world.users.refreshed.clear()
    assert browser.get("/").status_code == 303


def test_signing_out_ends_the_session_here_and_at_the_pool(browser: Browser, world: World) -> None:
    browser.get("/")
    answer = browser.post("/sign-out", {})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert world.users.ended == ["refresh-sam"]
    assert not {"webspin-id", "webspin-refresh"} & browser.cookies.keys()
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    ("host", "proto", "prefix", "secure"),
    [
        ("127.0.0.1:4580", "", "webspin-", False),
        ("localhost:4580", "http", "webspin-", False),
        ("localhost:4580", "https", "__Host-webspin-", True),
        ("social.veldermeer.example", "", "__Host-webspin-", True),
        ("social.veldermeer.example", "http", "__Host-webspin-", True),
        ("127.0.0.1.evil.example", "http", "__Host-webspin-", True),
    ],
)
def test_cookies_are_bound_to_host_and_tls_but_on_this_machine(
    visitor: Browser, host: str, proto: str, prefix: str, secure: bool
) -> None:
    visitor.host = host
    extra = {"x-forwarded-proto": proto} if proto else {}
    cookies = visitor.get("/sign-in?lang=en", **extra).headers["Set-Cookie"]
    assert cookies
    for line in cookies:
        assert line.startswith(prefix)
        assert "; Path=/" in line
        assert "; HttpOnly" in line
        assert "; SameSite=Lax" in line
        assert "Domain" not in line
        assert ("; Secure" in line) is secure


def test_s22_a_form_from_elsewhere_is_refused(browser: Browser, world: World) -> None:
    browser.get("/")
    before = world.cases.get(CaseKey("veldermeer", "mastodon", "1"))
    form = {"text": "Beste", "rev": "1", "do": "send"}
    path = f"/cases/{SLUG}/reply"
    attacks = [
        browser.post(path, form, origin="https://evil.example"),
        browser.post(path, form, origin="null"),
        browser.post(path, form, origin="http://127.0.0.1:4580.evil.example"),
        browser.post(path, form, origin="http://127.0.0.1:4581"),
        browser.post(path, form, origin="http://[", referer="http://127.0.0.1:4580/"),
        browser.post(path, form, origin=""),
        browser.post(path, {**form, "csrf": ""}),
        browser.post(path, {**form, "csrf": "guess"}),
        browser.post(path, {**form, "csrf": "é" * 43}),
    ]
    assert [answer.status_code for answer in attacks] == [403] * len(attacks)
    assert world.cases.get(before.key) == before
    assert world.tasks.sent == []
    assert "Beste" in attacks[0].body.decode()  # what was typed is not lost
    del browser.cookies["webspin-csrf"]
    assert browser.post("/sign-in", {**SAM, "csrf": ""}).status_code == 403
    assert browser.post(path, form, origin="", referer="http://127.0.0.1:4580/x").status_code == 303


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/cases/abc?done=x", "/cases/abc?done=x"),
        ("", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/\tx", "/"),
        ("cases", "/"),
        ("/" + "x" * 2001, "/"),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(given: str, kept: str) -> None:
    assert own_path(given) == kept


def test_signed_out_while_typing_loses_no_word(visitor: Browser) -> None:
    answer = visitor.post(f"/cases/{SLUG}/reply", {"text": "Beste </textarea><b>", "rev": "1", "do": "send"})
    page = answer.body.decode()
    assert answer.status_code == 401
    assert "Beste &lt;/textarea&gt;&lt;b&gt;</textarea>" in page
    assert f"/sign-in?next=/cases/{SLUG}" in page


ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script>",
    "<math><mglyph><style><!--</style>",
]


@pytest.mark.parametrize("attack", [*ATTACKS, "{{7*7}}", "{% include 'x' %}", "%(name)s %s"])
@pytest.mark.parametrize("page", ["/", "/mentions", "/cases", "case", "/sandbox/proefkanaal"])
def test_s15_s18_what_strangers_write_is_shown_as_they_wrote_it(
    browser: Browser, world: World, attack: str, page: str
) -> None:
    mention = world.heard("x", attack, Sentiment.NEGATIVE, marks=(f"-{attack[2:6]}",), author=f"a{attack}")
    case = world.case(mention, attack, world.now)
    world.desk().say(world.brands.get("veldermeer"), "proefkanaal", f"b{attack}", attack, world.now, "")
    html = browser.get(f"/cases/{case.key.slug}" if page == "case" else page).body.decode()
    assert faults(html) == []
    plain = text_of(html).replace("reden: ", "").replace(" (einde reden)", "")
    assert " ".join(attack.split()) in plain


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://good.example@evil.example/",
        "https://user:word@evil.example/",
        "//evil.example/",
        "/sandbox/../sign-out",
        "https:\\\\evil.example",
        "https://evil.example/ onclick=x",
        "vbscript:x",
    ],
)
def test_s16_a_link_that_is_none_is_not_a_link(browser: Browser, world: World, url: str) -> None:
    mention = world.heard("x", "Kijk hier eens", Sentiment.NEUTRAL, url=url)
    case = world.case(mention, "Kijk hier eens", world.now)
    for page in ("/mentions", f"/cases/{case.key.slug}"):
        html = browser.get(page).body.decode()
        assert f'href="{url}' not in html
        assert "evil.example" not in html
        assert "javascript" not in html.lower()


def test_s23_no_other_site_is_let_in(browser: Browser) -> None:
    for origin in ("null", "https://evil.example"):
        headers = browser.get("/", origin=origin).headers
        assert not [name for name in headers if name.lower().startswith("access-control")]


def test_s25_a_page_that_fails_tells_nothing_and_notes_where(
    browser: Browser, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("canary-7f3a sam@veldermeer.example")

    world.cases.waits = broken  # type: ignore[method-assign, assignment]
    answer = browser.get("/")
    page = answer.body.decode()
    assert answer.status_code == 500
    assert faults(page) == []
    assert "Vermeldingen" in page  # the way out is there
    for secret in ("canary", "Traceback", "RuntimeError", "fakes.py"):
        assert secret not in page
    assert "RuntimeError" in caplog.text
    assert "canary" not in caplog.text  # S24
    assert app.debug is False


def test_a_broken_desk_still_gets_an_answer(browser: Browser, world: World) -> None:
    def broken() -> None:
        raise KeyError("missing from the environment")

    world.brands.all = broken  # type: ignore[method-assign, assignment]
    assert browser.get("/").status_code == 500
    assert browser.get("/sign-in").status_code == 500


def test_every_page_is_locked_down(browser: Browser) -> None:
    headers = browser.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    browser.host = "social.veldermeer.example"
    assert "max-age" in browser.get("/sign-in").headers["Strict-Transport-Security"]


def test_static_files_are_kept_for_ever_under_the_name_of_their_content(visitor: Browser) -> None:
    page = visitor.get("/sign-in").body.decode()
    path = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    again = visitor.get(path, **{"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.body) == (304, b"")
    assert visitor.get("/static/webspin.css").status_code == 404


def test_links_carry_the_stage_where_aws_adds_one(browser: Browser) -> None:
    """On API Gateway's own host name the stage is part of the path, on a domain of our own it is not."""
    event = {
        "requestContext": {"httpMethod": "GET", "resourcePath": "/", "path": "/api", "stage": "api"},
        "headers": {"host": "abc123.execute-api.eu-west-1.amazonaws.com"},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
    }
    answer = app(event, None)
    assert answer["headers"]["Location"] == "/api/sign-in?next=%2F"
    event["headers"] = {"host": "social.veldermeer.example"}
    assert app(event, None)["headers"]["Location"] == "/sign-in?next=%2F"


def test_a_form_that_is_none_of_ours_is_refused(browser: Browser) -> None:
    browser.get("/")
    assert browser.post("/sign-in", {f"f{i}": "" for i in range(120)}).status_code == 400
    assert browser.post("/sign-in", {"email": "x" * 200_001}).status_code == 413
    assert browser.post(f"/cases/{SLUG}/reply", {"text": "x", "rev": "-1"}).status_code == 400
    assert browser.get("/mentions?day=23-11-2026").status_code == 400
    assert browser.get("/mentions?from=x~y").status_code == 400
    for slug in ("x", "%2e%2e", "bm90aGluZw", "YS9iL2M", "é"):
        assert browser.get(f"/cases/{slug}").status_code == 404
    assert browser.get("/nowhere").status_code == 404
    assert browser.get("/sandbox/mastodon").status_code == 404
