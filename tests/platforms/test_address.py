"""When two addresses lead to one page, and when two texts may be one that was edited."""

import pytest

from chalicelib.platforms._syndication import canonical
from chalicelib.stages.follow import alike


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Blad.Example/stad/?utm_source=rss&utm_medium=feed", "https://blad.example/stad"),
        ("http://blad.example:80/stad?b=2&a=1&fbclid=x", "https://blad.example/stad?a=1&b=2"),
        ("https://blad.example:8443/stad#xtor=RSS-1", "https://blad.example:8443/stad"),
        ("https://blad.example/stad#reactie-12", "https://blad.example/stad#reactie-12"),
        ("https://blad.example/?p=12", "https://blad.example?p=12"),
        ("https://blad.example/?utm_source=rss", ""),
        ("https://blad.example/", ""),
        ("https://blad.example:99999/x", ""),
        ("urn:x:1", ""),
        ("", ""),
    ],
)
def test_an_address_says_where_and_not_how_one_came(url: str, expected: str) -> None:
    assert canonical(url) == expected


def test_an_edit_shares_half_of_its_words() -> None:
    assert alike("De brug is dicht", "De brug is weer open")
    assert alike("De brug is dicht", "De brug is dicht tot morgen, zegt de gemeente in een bericht")
    assert not alike("De brug is dicht", "Feest op het plein")
    assert not alike("", "Feest")
