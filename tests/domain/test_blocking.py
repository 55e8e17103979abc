"""Who and what may be blocked: one author, one site; never everybody by mistake."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain import noise
from chalicelib.domain.blocking import of_author, of_platform, of_site, site_of
from chalicelib.domain.mention import Author, Found, Mention, MentionKey
from chalicelib.errors import BadInput

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHO = ("spam", "Noor", NOW)


def said(id: str = "42", url: str = "") -> Mention:
    return Mention(
        key=MentionKey("deeg", "mastodon", "m1"),
        source="s",
        author=Author(id=id, handle="jan", name="Jan"),
        text="x",
        posted_at=NOW,
        heard_at=NOW,
        url=url,
    )


def found(platform: str = "", author: str = "42", url: str = "", handle: str = "other") -> Found:
    writer = Author(id=author, handle=handle)
    return Found(id="1", author=writer, text="hi", posted_at=NOW, url=url, platform=platform)


def test_an_author_is_blocked_by_the_networks_id_and_not_by_a_name() -> None:
    blocked = noise.Blocked([of_author(said(), *WHO)])
    assert blocked.reason(found("mastodon"), "webhook").startswith("author ")
    assert blocked.reason(found(), "mastodon").startswith("author ")
    assert blocked.reason(found("bluesky"), "") == ""
    assert blocked.reason(found("mastodon", author="43", handle="jan"), "") == ""
    with pytest.raises(BadInput, match="author"):
        of_author(said(id=""), *WHO)
    assert of_author(said(), *WHO).id == of_platform("mastodon", "42", "", *WHO).id


@pytest.mark.parametrize(
    ("site", "held", "let"),
    [
        (
            "farm.example",
            ["https://farm.example/a", "http://www.farm.example", "https://x.farm.example/b"],
            [],
        ),
        (
            "farm.example",
            [],
            ["https://notfarm.example/", "https://farm.example.org/", "https://a.example/farm.example"],
        ),
        (
            "https://www.Farm.example/Blog/?q=1#x",
            ["https://farm.example/blog", "https://farm.example/blog/1"],
            [],
        ),
        (
            "farm.example/blog",
            [],
            ["https://farm.example/blogs", "https://farm.example/", "https://farm.example/b"],
        ),
        ("jan.blogspot.com", ["https://jan.blogspot.com/1"], ["https://els.blogspot.com/1"]),
        ("medium.com/@jan", ["https://medium.com/@jan/1"], ["https://medium.com/@els/1"]),
    ],
)
def test_a_site_with_what_is_below_it(site: str, held: list[str], let: list[str]) -> None:
    blocked = noise.Blocked([of_site(site, *WHO)])
    assert all(blocked.reason(found(url=each), "feed") for each in held)
    assert not any(blocked.reason(found(url=each), "feed") for each in let)


@pytest.mark.parametrize("site", ["co.uk", "https://co.uk/", "com.au", "nl", "com", "or.at", "gov.uk"])
def test_an_ending_of_everybodys_is_always_refused(site: str) -> None:
    for all_of_it in (False, True):
        with pytest.raises(BadInput, match="everybody"):
            of_site(site, *WHO, all_of_it=all_of_it)


@pytest.mark.parametrize("site", ["blogspot.com", "https://www.medium.com/", "mastodon.social", "x.com"])
def test_what_many_share_is_refused_unless_all_of_it_is_meant(site: str) -> None:
    with pytest.raises(BadInput, match="many people share"):
        of_site(site, *WHO)
    assert of_site(site, *WHO, all_of_it=True).what == site_of(site)


@pytest.mark.parametrize(
    "site", ["", "no spaces.example", "ftp://farm.example", "farm..example", "-a.example"]
)
def test_what_is_no_site_is_refused(site: str) -> None:
    with pytest.raises(BadInput, match="site"):
        of_site(site, *WHO)


@pytest.mark.parametrize("why", ["", "  ", "x" * 201])
def test_without_a_reason_nobody_is_blocked(why: str) -> None:
    with pytest.raises(BadInput, match="reason"):
        of_site("farm.example", why, "Noor", NOW)
