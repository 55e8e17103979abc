"""S15, S16, S18: what others wrote is text, wherever it is shown, and an address that is none is no link."""

import re
from functools import cache

import pytest

from tests.security.hostile import bones, calm, links, poisoned
from tests.web.addresses import PAGES, THERE, opened
from tests.web.browser import console
from tests.web.checks import faults

ATTACKS = [
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</textarea></title></style><script>alert(1)</script>",
    '<math><mglyph><style><!--</style><img title="--><img src onerror=alert(1)>">',
    "&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;b",
    "javascript:alert(1)",
    "%3Cscript%3Ealert(1)%3C/script%3E %(name)s %s",
]
TEMPLATES = ["[[7*7]] ${7*7} #{7*7}", "(( 7*7 )) {% include 'x' %}", "{# gone #} {%- raw -%}"]
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "https://good.example@evil.example/",
    "https://user:word@evil.example/",
    "//evil.example/",
    "https:\\\\evil.example",
    "https://evil.example/ onclick=x",
    'https://evil.example/"onclick=alert(1)',
    "/sandbox/../sign-out",
    "file:///proc/self/environ",
]
OUTSIDE = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#][^\s\\\"<>]*)?")


@cache
def looked_at(text: str = "", url: str = "") -> dict[str, str]:
    """Every page of a world poisoned so, by address."""
    with console(poisoned(text, url)) as browser:
        browser.signed_in()
        answers = {each: browser.get(each.format_map(THERE)) for each in opened(PAGES)}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {each: answer.body.decode() for each, answer in answers.items()}


@pytest.mark.parametrize("attack", [" ".join(ATTACKS), " ".join(TEMPLATES)], ids=["s15", "s18"])
@pytest.mark.parametrize("address", opened(PAGES))
def test_s15_s18_a_page_has_the_same_bones_whatever_was_written(address: str, attack: str) -> None:
    html, plain = looked_at(attack)[address], looked_at(calm(attack))[address]
    assert faults(html) == []
    assert bones(html) == bones(plain)


def test_the_attack_is_shown_where_it_was_written() -> None:
    """Or the test above would hold for pages that leave everything out."""
    for address in ("/", "/mentions", "/cases", "/people", "/calendar?view=list", "/brake", "/audit"):
        assert "&lt;img src=x onerror=alert(1)&gt;" in looked_at(" ".join(ATTACKS))[address], address


@pytest.mark.parametrize("attack", ADDRESSES)
def test_s16_an_address_that_is_none_is_no_link(attack: str) -> None:
    for address, html in looked_at(url=attack).items():
        for link in links(html):
            ours = link.startswith(("/", "#")) and not link.startswith(("//", "/sandbox/.."))
            assert ours or OUTSIDE.fullmatch(link), (address, link)


def test_s16_what_is_one_is() -> None:
    assert "https://good.example/@x/1" in links(looked_at(url="https://good.example/@x/1")["/mentions"])
