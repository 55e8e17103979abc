"""Microsoft Teams, beyond what every network promises (test_contract.py)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.errors import BadInput, PlatformError, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.http import Http
from chalicelib.platforms import teams as module
from chalicelib.ports import ReplyTo
from tests.platforms.peer_teams import teams
from tests.platforms.peers import platform
from tests.servers.teams import Teams

DATA = Path(__file__).parent.parent / "data/platforms"
FLOW = "https://prod-1.westeurope.logic.azure.com/workflows/x/triggers/manual/paths/invoke?sig=fake"


@pytest.fixture
def server() -> Iterator[Teams]:
    with Teams() as running:
        yield running


def test_a_post_is_a_card_of_the_documented_form(server: Teams) -> None:
    teams(server).publish(None, "Bread at seven", "t", "en")
    ours = json.loads(server.requests[-1].body)
    theirs = json.loads((DATA / "teams_workflow_adaptive_card.json").read_text())
    (mine,), (given,) = ours.pop("attachments"), theirs.pop("attachments")
    assert ours == theirs
    assert {name: mine[name] for name in ("contentType", "contentUrl")} == {
        name: given[name] for name in ("contentType", "contentUrl")
    }
    for name in ("$schema", "type", "version"):
        assert mine["content"][name] == given["content"][name]
    assert set(mine["content"]["body"][0]) <= set(given["content"]["body"][0])
    assert server.texts() == ["Bread at seven"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*Bread* at [seven]", r"\*Bread\* at \[seven\]"),
        ("One\nTwo", "One\n\nTwo"),
        (
            "See https://a.example/x_y?b=1 (or https://b.example/)!",
            r"See [https://a.example/x\_y?b=1](https://a.example/x_y?b=1) (or [https://b.example/](https://b.example/))!",
        ),
        ("  padded \n", "padded"),
    ],
)
def test_words_stay_as_they_are_and_addresses_become_links(text: str, shown: str) -> None:
    assert module.said(text) == shown


def test_what_it_would_take_and_never_show_is_not_sent(server: Teams) -> None:
    channel = teams(server)
    most = "ï" * (channel.room() // 2)
    channel.publish(None, most, "t", "nl")
    assert len(server.shown) == 1, "the longest is shown"
    for text in (most + "x", "*" * (channel.room() // 2), "", " \n"):
        with pytest.raises(Rejected, match="longer"):
            channel.publish(None, text, "t", "nl")
    assert len(server.requests) == 1


def test_nobody_answers_there(server: Teams) -> None:
    with pytest.raises(Rejected, match="not answer"):
        teams(server).publish(ReplyTo(id="1", author="anna"), "Hi", "t", "en")
    assert server.requests == []


def test_nobody_can_look_so_that_nothing_is_sent_again_or_said_to_be_seen(server: Teams) -> None:
    server.fails_after_posting = True
    with pytest.raises(Unknown):
        teams(server).publish(None, "Bread", "t", "en")
    with pytest.raises(Unavailable, match="look there"):
        teams(server).find(None, "Bread", "t", datetime.now(UTC))
    with pytest.raises(Unavailable, match="look there"):
        teams(server).read_back("t")


@pytest.mark.parametrize(
    ("harm", "word", "said"),
    [
        ("renewed", Unauthorized, "credentials are not valid"),
        ("refuses", Rejected, "switched off"),
        ("fails_after_posting", Unknown, "HTTP 502"),
    ],
)
def test_its_errors_have_their_word_and_none_tells_the_address(
    server: Teams, harm: str, word: type[PlatformError], said: str
) -> None:
    setattr(server, harm, True)
    with pytest.raises(word, match=said) as refused:
        teams(server).publish(None, "Bread", "t", "en")
    assert "fake" not in str(refused.value)
    assert server.url not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://brand.webhook.office.com/webhookb2/x",
        "https://example.com/x",
        "x",
        FLOW.replace("https:", "http:"),
        "https://hooks.slack.com/services/T0/B0/fake",
        "https://api.telegram.org/bot1:fake/sendMessage",
    ],
)
def test_what_is_no_workflow_is_bad_input(address: str) -> None:
    with pytest.raises(BadInput, match="address") as refused:
        platform("teams", {}, {"address": address}, Http())
    assert "fake" not in str(refused.value)


def test_an_address_of_a_connector_that_ended_says_what_to_do() -> None:
    with pytest.raises(BadInput, match="Workflows"):
        platform("teams", {}, {"address": "https://brand.webhook.office.com/webhookb2/x"}, Http())


@pytest.mark.parametrize("address", [FLOW, ""])
def test_how_much_room_there_is_needs_no_address(address: str) -> None:
    assert platform("teams", {}, {"address": address}, Http()).room() == 24_000
