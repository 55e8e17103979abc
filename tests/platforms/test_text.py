"""Strangers' markup becomes text that can be kept, shown and searched; whatever they send, and soon."""

import unicodedata
from time import process_time

import pytest

from chalicelib.domain.mention import TEXT_LIMIT
from chalicelib.platforms._text import LINE_LIMIT, decoded, links, one_line, plain, tidy, web_link

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("just words", "just words"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<td>a</td><td>b</td>", "a\nb"),
        ("a <b>bold</b> w<i>or</i>d", "a bold word"),
        ("broken\n  over   lines", "broken over lines"),
        ("<p>\n\n</p>\n<p>a</p>", "a"),
        ("Fish &amp; chips &euro;5 &#8364;6 &#x20AC;7", "Fish & chips €5 €6 €7"),
        ("a&nbsp;b", "a b"),
        ("&lt;b&gt;", "<b>"),
        ("a<script>alert('<p>')</script>b<style>p {}</style>c", "abc"),
        ("a<SCRIPT >x</SCRIPT\n>b", "ab"),
        ("a<script>never closed", "a"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a<!-->b", "ab"),
        ("a<!-- never closed", "a"),
        ("a<!DOCTYPE html>b<?php echo ?>c", "abc"),
        ("<![CDATA[a]]>b", "b"),
        ("<img alt='1 > 0' src=x onerror=alert(1)>b", "b"),
        ('<a href="x" title="a>b">c</a>', "c"),
        ("1 < 2 and 3 > 2, I <3 you", "1 < 2 and 3 > 2, I <3 you"),
        ("a<b never closed", "a"),
        ("<a href='x>y</a> z", "y z"),
        ("</p>a</p>", "a"),
        ("&#xD800;&#0;&#9999999999;", "\ufffd\ufffd"),
        ("<scripted>a</scripted>", "a"),
    ],
)
def test_markup_becomes_text(html: str, text: str) -> None:
    assert plain(html) == text


def test_controls_and_overrides_of_direction_are_removed() -> None:
    assert plain("a\x00b\x07c\x1bd\x85e") == "abcd e"
    assert tidy("pay \u202e001\u202c now \u2066x\u2069") == "pay 001 now x"
    assert tidy("koopjes\u00adjager\u200b\ufeff") == "koopjesjager"
    assert tidy("half \ud83d a face") == "half a face"


def test_what_belongs_to_writing_stays() -> None:
    family, persian = "👩\u200d👧", "می\u200cخواهم"
    assert tidy(f"{family} {persian}") == f"{family} {persian}"


def test_text_is_composed() -> None:
    assert plain("cafe\u0301") == "caf\u00e9"


def test_text_is_bounded() -> None:
    assert len(plain("é" * MEGABYTE)) == TEXT_LIMIT
    assert len(tidy("\u0958" * TEXT_LIMIT)) == TEXT_LIMIT  # composing makes it longer
    assert len(one_line("word " * 1000)) <= LINE_LIMIT
    assert one_line(" two\n lines ") == "two lines"


def test_a_heap_of_marks_on_one_letter_is_cut() -> None:
    text = tidy("z" + "\u0301\u0316" * 5000 + " end")
    assert len(text) < 50
    assert text.endswith(" end")
    assert unicodedata.is_normalized("NFC", text)


HOSTILE = [
    "<",
    "<a",
    "</",
    "<!",
    "<!--",
    "<?",
    "<![CDATA[",
    "<a b='",
    '<a b="',
    "<a b='><a b=\">",
    "<a =",
    "<script>",
    "</script",
    "<script></script ",
    "<script>x</script>",
    "<a href='",
    '<a href="',
    '<a href="https://a.nl/">',
    " href=",
    "<p>",
    "&",
    "&a",
    "&#",
    "&#9",
    "&#x9",
    " ",
    "\n",
    " \n",
    "a\u0301\u0316",
    "\u0301\u0316",
    "\u202e",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_of_anything_is_read_soon(unit: str) -> None:
    """Quadratic time would be minutes here; the bound leaves room for a slow machine."""
    began = process_time()
    plain(unit * (MEGABYTE // len(unit)))
    links(f"<a{unit * (MEGABYTE // len(unit))}")
    links(unit * (MEGABYTE // len(unit)) + "<a")
    assert process_time() - began < 5


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('lees <a href="https://www.bieb.nl/agenda">de agenda</a>', ["https://www.bieb.nl/agenda"]),
        ("<A class=x HREF = 'http://bieb.nl/?a=1&amp;b=2'>x</A>", ["http://bieb.nl/?a=1&b=2"]),
        ("<a href=https://a.nl/1>x</a><a href=//b.nl/2>y</a>", ["https://a.nl/1", "https://b.nl/2"]),
        ('<a href="https://a.nl/">x</a> <a href="https://a.nl/">y</a>', ["https://a.nl/"]),
        ('<a href="/hier">x</a><a href="https://www.site.nl/2">y</a><a href="#top">z</a>', []),
        ('<a href="javascript:alert(1)">x</a><a name="x">y</a><a href="">z</a>', []),
        ('<!-- <a href="https://a.nl/">x</a> --><script><a href="https://b.nl/"></script>', []),
        ('<abbr href="https://a.nl/">x</abbr><p data-href="https://b.nl/">y</p>', []),
        (
            "".join(f'<a href="https://a.nl/{n}">x</a>' for n in range(60)),
            [f"https://a.nl/{n}" for n in range(50)],
        ),
    ],
)
def test_where_markup_leads_beside_its_own_site(html: str, found: list[str]) -> None:
    assert list(links(html, "https://site.nl/1")) == found


def test_one_number_of_a_megabyte_is_read_soon() -> None:
    assert plain("a&#" + "9" * MEGABYTE + ";b") == "a b"
    assert plain("a&#x" + "9" * 10_000 + ";b") == "a\ufffdb"


@pytest.mark.parametrize(
    ("given", "base", "link"),
    [
        ("https://blad.example/a", "", "https://blad.example/a"),
        ("/a?b#c", "https://blad.example/feed.xml", "https://blad.example/a?b#c"),
        ("//ander.example/a", "https://blad.example/", "https://ander.example/a"),
        (" https://blad.example/a\n", "", "https://blad.example/a"),
        ("a.html", "", ""),
        ("javascript:alert(1)", "https://blad.example/", ""),
        ("java\nscript:alert(1)", "https://blad.example/", ""),
        ("data:text/html,x", "", ""),
        ("https://good@evil.example/", "", ""),
        ("https:///a", "", ""),
        ("https://[::1", "", ""),
        ("https://blad.example/\u202egpj.exe", "", ""),
        ("https://blad.example/" + "a" * 3000, "", ""),
    ],
)
def test_only_web_addresses_become_links(given: str, base: str, link: str) -> None:
    assert web_link(given, base) == link


XML = '<?xml version="1.0" encoding="{}"?><a>Café “€”</a>'


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", ""),
        ("utf-8", "text/xml"),
        ("utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-8-sig", "text/xml; charset=windows-1252"),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", "application/xml; charset=utf-8"),
        ("utf-32", ""),
        ("windows-1252", ""),
        ("windows-1252", "application/rss+xml; charset=windows-1252"),
        ("cp1252", 'text/xml; charset="ISO-8859-1"'),
        ("gb18030", ""),
    ],
)
def test_text_is_decoded_as_declared(encoding: str, content_type: str) -> None:
    text = XML.format(encoding)
    assert decoded(text.encode(encoding), content_type) == text


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "unicode_escape", "hex", "rot13", "zip", "no-such", "utf-7"]
)
def test_an_encoding_that_is_none_is_not_used(name: str) -> None:
    body = b"+AGE- \\x41 <a/>"
    assert decoded(body, f"text/xml; charset={name}") == body.decode()


def test_bytes_that_fit_nothing_still_give_text() -> None:
    assert decoded(b"caf\xe9 \x81", "text/xml; charset=utf-8") == "café \ufffd"
