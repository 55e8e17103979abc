"""Adding a source is pasting what one has: a handle, a page, or the address of the feed itself."""

import pytest

from chalicelib.domain.feed_address import feed_address, lacks_server, page_address

YOUTUBE = "UCBR8-60-B28hp2BmDPdntcQ"


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("@lindebieb@mastodon.example", "https://mastodon.example/@lindebieb.rss"),
        ("lindebieb@mastodon.example", "https://mastodon.example/@lindebieb.rss"),
        ("https://mastodon.example/@lindebieb", "https://mastodon.example/@lindebieb.rss"),
        ("mastodon.example/@lindebieb/", "https://mastodon.example/@lindebieb.rss"),
        ("https://mastodon.example/tags/zwemmen", "https://mastodon.example/tags/zwemmen.rss"),
        ("@veldermeer.bsky.social", "https://bsky.app/profile/veldermeer.bsky.social/rss"),
        ("https://bsky.app/profile/veldermeer.nl", "https://bsky.app/profile/veldermeer.nl/rss"),
        (
            "https://bsky.app/profile/did:plc:z72i7hdynmk6",
            "https://bsky.app/profile/did:plc:z72i7hdynmk6/rss",
        ),
        ("r/thenetherlands", "https://www.reddit.com/r/thenetherlands/new/.rss"),
        ("/r/thenetherlands/", "https://www.reddit.com/r/thenetherlands/new/.rss"),
        (
            "https://old.reddit.com/r/thenetherlands/?sort=new",
            "https://www.reddit.com/r/thenetherlands/new/.rss",
        ),
        ("reddit.com/user/anna", "https://www.reddit.com/user/anna/new/.rss"),
        (
            f"https://www.youtube.com/channel/{YOUTUBE}",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={YOUTUBE}",
        ),
        (
            f"youtube.com/channel/{YOUTUBE}/videos",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={YOUTUBE}",
        ),
        (
            "https://www.youtube.com/playlist?list=PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG&si=a",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG",
        ),
        (
            "https://www.youtube.com/user/veldermeer/videos",
            "https://www.youtube.com/feeds/videos.xml?user=veldermeer",
        ),
        (
            "https://www.reddit.com/r/thenetherlands/comments/1abc/de_titel/",
            "https://www.reddit.com/r/thenetherlands/comments/1abc/.rss",
        ),
        (
            "old.reddit.com/r/thenetherlands/comments/1abc/titel/k9x/?context=3",
            "https://www.reddit.com/r/thenetherlands/comments/1abc/.rss",
        ),
        ("jan.bsky.social", "https://bsky.app/profile/jan.bsky.social/rss"),
        ("https://mastodon.example/users/jan", "https://mastodon.example/@jan.rss"),
        ("https://elders.example/@jan@mastodon.example", "https://mastodon.example/@jan.rss"),
        ("https://forum.example/c/zwemles/12", "https://forum.example/c/zwemles/12.rss"),
        # these name their feed themselves, or are one
        ("https://www.youtube.com/@wiekeling", "https://www.youtube.com/@wiekeling"),
        ("https://www.youtube.com/c/Wiekeling", "https://www.youtube.com/c/Wiekeling"),
        ("https://www.reddit.com/r/a/comments/1abc/.rss", "https://www.reddit.com/r/a/comments/1abc/.rss"),
        ("https://bsky.social", "https://bsky.social"),
        ("https://forum.example/latest.rss", "https://forum.example/latest.rss"),
        ("https://mastodon.example/@lindebieb.rss", "https://mastodon.example/@lindebieb.rss"),
        ("https://mastodon.example/@lindebieb/112233", "https://mastodon.example/@lindebieb/112233"),
        ("veldermeer.example", "https://veldermeer.example"),
        ("http://veldermeer.example/feed", "http://veldermeer.example/feed"),
        # as people copy them
        ("https://www.reddit.com/r/thenetherlands/new/", "https://www.reddit.com/r/thenetherlands/new/.rss"),
        ("sh.reddit.com/r/thenetherlands/top/?t=week", "https://www.reddit.com/r/thenetherlands/new/.rss"),
        ("https://m.reddit.com/r/thenetherlands", "https://www.reddit.com/r/thenetherlands/new/.rss"),
        ("r/thenetherlands+veldermeer", "https://www.reddit.com/r/thenetherlands+veldermeer/new/.rss"),
        ("https://www.reddit.com/r/a+b/", "https://www.reddit.com/r/a+b/new/.rss"),
        ("feed://veldermeer.example/rss", "https://veldermeer.example/rss"),
        ("feed:https://veldermeer.example/rss", "https://veldermeer.example/rss"),
        ("feed:http://veldermeer.example/rss", "http://veldermeer.example/rss"),
        ("<https://veldermeer.example/rss>", "https://veldermeer.example/rss"),
        ('"veldermeer.example/rss"', "https://veldermeer.example/rss"),
        ("https://veldermeer.example/een pagina/", "https://veldermeer.example/een%20pagina/"),
        ("  ", ""),
        ("geen adres", "https://geen adres"),
    ],
)
def test_what_is_pasted_leads_to_its_feed(pasted: str, address: str) -> None:
    assert feed_address(pasted) == address


@pytest.mark.parametrize(
    ("pasted", "page"),
    [
        ("medium.example/@bieb", "https://medium.example/@bieb"),
        ("https://blog.example/tags/bieb/", "https://blog.example/tags/bieb/"),
        ("@lindebieb@mastodon.example", ""),
        ("r/thenetherlands", ""),
        ("", ""),
    ],
)
def test_the_page_that_was_pasted_is_not_forgotten(pasted: str, page: str) -> None:
    assert page_address(pasted) == page


@pytest.mark.parametrize(
    ("pasted", "lacks"),
    [
        ("@lindebieb", True),
        ("lindebieb", True),
        ("lindebieb.nl", False),
        ("@lindebieb@mastodon.example", False),
        ("r/thenetherlands", False),
        ("", False),
    ],
)
def test_a_name_without_its_server_is_nowhere(pasted: str, lacks: bool) -> None:
    assert lacks_server(pasted) is lacks


def test_a_feed_stays_what_it_is() -> None:
    """What was kept once is not rewritten when it is looked at again."""
    for pasted in (
        "@a@b.example",
        "r/anna",
        "@a.bsky.social",
        f"youtube.com/channel/{YOUTUBE}",
        "x.example/c/a/1",
        "youtube.com/user/anna",
        "reddit.com/r/a/comments/1abc/x",
        "mastodon.example/users/anna",
        "anna.bsky.social",
    ):
        assert feed_address(feed_address(pasted)) == feed_address(pasted)
