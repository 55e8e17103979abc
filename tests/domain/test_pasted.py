"""What a person pastes to say where something stands leads there, or is asked for again."""

import pytest

from chalicelib.domain.pasted import LONGEST, is_page


@pytest.mark.parametrize(
    "url",
    [
        "https://bode.example/1#reactie",
        "HTTPS://Forum.example",
        "https://forum.example:8443/t/7?a=1&b=%20#9",
        "https://bücher.example/größe",
        "https://forum.example?topic=[7]",
        "https://x.example/" + "y" * (LONGEST - 18),
    ],
)
def test_an_address_of_a_page_is_taken(url: str) -> None:
    assert is_page(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https://forum",
        "https://.example",
        "https://forum.",
        "https://forum..example",
        "http://forum.example/9",
        "ftp://forum.example/9",
        "javascript:alert(1)",
        "//forum.example/9",
        "forum.example/9",
        "https://user@forum.example/",
        "https://x y.example",
        "https://forum.example/x y",
        "https://forum.example/\u00a0x",
        "https://forum.example/\u0001",
        "https://\u202egro.elbaf",
        "https://forum.example/\u202egpj",
        'https://forum.example/"><script>',
        "https://forum.example\\@evil.example",
        "https://forum.example/1\n",
        "https://x.example/" + "y" * (LONGEST - 17),
    ],
)
def test_what_leads_nowhere_is_not(url: str) -> None:
    assert not is_page(url)
