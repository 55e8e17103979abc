"""Alerts in chats, over HTTP: each in its network's form and room; the address is told nobody."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.alerting import chat_of
from chalicelib.errors import PlatformError, Rejected, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import _chats
from tests.servers.chats import Chats

KINDS = ("slack", "teams", "discord", "telegram", "")
HOSTILE = "<!channel> @everyone *vet* [klik](https://evil.example) & `x` \U0001f9d1\u200d\U0001f680"


@pytest.fixture
def chats() -> Iterator[Chats]:
    with Chats() as server:
        yield server


def tell(chats: Chats, kind: str, subject: str = "Boos", text: str = "@kees is ontevreden") -> None:
    _chats.tell(
        Http(frozenset({(chats.host, chats.port)})),
        chats.address(kind),
        subject,
        text,
        {"brand": "lindebieb"},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_told_in_its_own_form(chats: Chats, kind: str) -> None:
    assert chat_of(chats.address(kind)) == kind
    tell(chats, kind)
    (said,) = chats.taken[kind]
    assert "Boos" in said
    assert "@kees is ontevreden" in said


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_mail_says_again_below_its_subject_a_chat_says_once(chats: Chats, kind: str) -> None:
    tell(chats, kind, "@kees is ontevreden", "@kees is ontevreden\nantwoord uiterlijk 11:12")
    assert chats.taken[kind][0].count("@kees is ontevreden") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_alert_has_room_everywhere(chats: Chats, kind: str) -> None:
    tell(chats, kind, text="\n".join(f"{n} {HOSTILE}" for n in range(400)))
    assert len(chats.taken[kind]) == 1


def test_nobody_is_called_and_nothing_linked_by_a_strangers_words(chats: Chats) -> None:
    tell(chats, "slack", HOSTILE, HOSTILE)
    assert "<!channel>" not in chats.taken["slack"][0]
    assert "&lt;!channel&gt;" in chats.taken["slack"][0]
    tell(chats, "teams", HOSTILE, HOSTILE)
    assert "[klik](" not in chats.taken["teams"][0]
    tell(chats, "discord", HOSTILE, HOSTILE)  # the server asks that nobody is mentioned


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("mood", "error"), [("busy", Unavailable), ("down", Unavailable), ("gone", Rejected)]
)
def test_what_failed_is_told_without_the_address(
    chats: Chats, kind: str, mood: str, error: type[PlatformError]
) -> None:
    chats.mood = mood
    with pytest.raises(error) as raised:
        tell(chats, kind)
    assert "fake" not in str(raised.value)
    assert chats.url not in str(raised.value)


def test_an_address_inside_our_network_is_never_called(chats: Chats) -> None:
    with pytest.raises(Rejected) as raised:
        _chats.tell(Http(frozenset()), chats.address("telegram"), "Boos", "x", {})
    assert "fake" not in str(raised.value)
    assert chats.requests == []
