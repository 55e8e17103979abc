"""Every page there is: whole, valid, light, and with nothing in it that is not ours."""

import re
from collections.abc import Iterator

import pytest

from app import app
from tests.web.access import ANYBODY, KEY, ROUTES
from tests.web.addresses import NO_PAGE, OUTSIDE, PAGES, THERE, WRONG, opened
from tests.web.browser import Browser, console
from tests.web.checks import faults
from tests.web.furnished import furnished
from tests.web.strict import unlawful

HEAVIEST = 120_000
"""Bytes of a page with its style sheets and scripts, as they are sent, without pictures."""
ASSET = re.compile(r'(?:href|src)="/static/([^"]+)"')
DEEDS = re.compile(r'<form [^>]*method="post" action="([^"]+)"')


@pytest.fixture(scope="module")
def member() -> Iterator[Browser]:
    with console(furnished()) as browser:
        yield browser.signed_in()


@pytest.fixture(scope="module")
def stranger() -> Iterator[Browser]:
    with console(furnished()) as browser:
        yield browser


def test_every_address_has_a_row_and_no_row_is_for_nothing() -> None:
    programs = {route for (_, route), who in ROUTES.items() if who.startswith(KEY)}
    routes = {path for path, ways in app.routes.items() if "GET" in ways} - programs
    rows = [*PAGES, *OUTSIDE, *NO_PAGE]
    assert sorted(rows) == sorted(routes), "a new page needs its row in tests/web/addresses.py"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("address", opened(PAGES))
def test_a_page_is_whole(member: Browser, address: str, language: str) -> None:
    check(member, address, language, 200)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("address", opened(OUTSIDE))
def test_a_page_for_strangers_is_whole(stranger: Browser, address: str, language: str) -> None:
    check(stranger, address, language, 200)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("address", WRONG)
def test_a_page_that_is_not_there_is_whole(member: Browser, address: str, language: str) -> None:
    check(member, address, language, 400 if "?" in address else 404)


@pytest.mark.parametrize("address", opened(PAGES))
def test_who_may_only_read_gets_no_form_for_what_they_may_not(address: str) -> None:
    """Also where the page itself is not for them."""
    with console(furnished(("reader",))) as browser:
        page = browser.signed_in().get(address.format_map(THERE)).body.decode()
    assert faults(page) == []
    deeds = {re.sub(r"^/people/.*", "/people/{id}", each) for each in DEEDS.findall(page)}
    assert deeds <= {route for (_, route), lowest in ROUTES.items() if lowest in ("reader", ANYBODY)}


def check(browser: Browser, address: str, language: str, status: int) -> None:
    browser.language = language
    answer = browser.get(address.format_map(THERE))
    page = answer.body.decode()
    assert answer.status_code == status
    assert f'<html lang="{language}">' in page
    assert faults(page) == []
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert weight(browser, answer.body) <= HEAVIEST


def weight(browser: Browser, page: bytes) -> int:
    """With what it asks for, as a browser gets that; every name it asks for is there."""
    names = sorted(set(ASSET.findall(page.decode())))
    answers = [browser.get(f"/static/{name}", **{"accept-encoding": "gzip, br"}) for name in names]
    assert {answer.status_code for answer in answers} == {200}
    kinds = [answer.headers["Content-Type"] for answer in answers]
    sizes = [len(answer.body) for answer in answers]
    return len(page) + sum(
        size for size, kind in zip(sizes, kinds, strict=True) if not kind.startswith("image/")
    )


# the check itself ------------------------------------------------------------------------------------

FRAME = '<!doctype html><html lang="nl"><head><title>x</title></head><body><main>{}</main></body></html>'


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("<p><div>x</div></p>", "<div> in <p>"),
        ("<span><p>x</p></span>", "<p> in <span>"),
        ("<ul><p>x</p></ul>", "<p> in <ul>"),
        ("<ul>x</ul>", "text in <ul>"),
        ("<li>x</li>", "<li> in <main>"),
        ("<table><tr><td>x</td></tr></table>", "<tr> in <table>"),
        ("<details><p>x</p></details>", "<details> without <summary>"),
        ("<details><p>x</p><summary>y</summary></details>", "<summary> is not the first"),
        ('<a href="/x"><button>y</button></a>', "<button> in <a>"),
        ('<a href="/x"><span><a href="/y">y</a></span></a>', "<a> in <a>"),
        ("<a>x</a>", "<a> leads nowhere"),
        ("<button>x</button>", "<button> outside any form"),
        ('<form method="post" action="/x"><select><option>x</option></select></form>', "cannot be sent"),
        ("<form><button>x</button></form>", "without method or address"),
        ('<p onclick="x()">y</p>', "onclick on <p>"),
        ('<p hx-get="/x">y</p>', "hx-get on <p>"),
        ('<p align="left">y</p>', "align on <p>"),
        ('<p tabindex="3">y</p>', "an order of its own"),
        ('<time datetime="gisteren">y</time>', "no moment"),
        ('<p lang="een taal">y</p>', "no language"),
        ('<div aria-label="x">y</div>', "a name unheard"),
        ('<section role="button">y</section>', "no role that is known"),
        ("<h2></h2>", "<h2> says nothing"),
        ("<center>x</center>", "<center> in <main>"),
        ('<input type="datetime">', "no type of field"),
        ("<dl><dd>x</dd></dl>", "<dl> with a term or a meaning alone"),
        ("<p>x<br/></p>", ""),
        ("<div/>", "<div/> does not close itself"),
        ('<svg width="9"><path d="M0 0"/></svg>', "no name on <svg>"),
        ('<ul><li><a href="/x">y</a></li></ul>', ""),
        ('<p><a href="/x"><strong>y</strong></a> <svg aria-hidden="true"><path d="M0 0"/></svg></p>', ""),
        ('<form id="a" method="post" action="/x"></form><p><button form="a">y</button></p>', ""),
    ],
)
def test_what_the_standard_does_not_allow_is_named(part: str, said: str) -> None:
    found = unlawful(FRAME.format(part))
    assert any(said in each for each in found) if said else found == []
