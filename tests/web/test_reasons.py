"""Every reason that our code gives is worded for the reader, in Dutch and in English."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.domain import delivery
from chalicelib.domain.delivery import OPENED, OVERTAKEN, REVOKED, STOPPED
from chalicelib.web.i18n import Words
from chalicelib.web.reasons import FORMS, NUMBERS, PLACE, told

CODE = Path(__file__).parent.parent.parent / "chalicelib"
FILES = [
    *CODE.glob("platforms/*.py"),
    CODE / "aws" / "mailbox.py",
    CODE / "http.py",
    CODE / "addresses.py",
    CODE / "stages" / "deliver.py",
    CODE / "stages" / "pay.py",
]
GIVE = {
    *("Unavailable", "Rejected", "Unauthorized", "Unknown", "Lost", "Unreachable", "Blocked", "TooBig"),
    *("unclear", "_failed", "_without", "_blind", "_unclear", "_wait", "_later"),
}
SETTINGS = [
    "handle: the account's whole name, such as brand.bsky.social",
    "service: the server's address and nothing behind it, such as https://bsky.social",
    "instance: the server's address and nothing behind it, such as https://social.example",
    "forum: the server's address and nothing behind it, such as https://forum.example",
    "kind: mentions or hashtag",
    "kind: mentions or search",
    "kind: search or site",
    "kind: comments or search",
    "account: the id of the channel: it begins with UC",
    "url: the address of an alert's feed: https://www.google.com/alerts/feeds/...",
    "site: the site's address, such as https://blog.example",
    "query: what to look for",
    "tag: for a hashtag, and only then: the word without the #",
    "query: for a search, and only then: what to look for",
    "account: our own name there, without the @",
    "account: our own name there, without u/",
    "kind: mentions, search or comments",
    "communities: their names without r/, with + between several",
    "page: the number of the page, such as 12345",
    "kind: page or tagged",
    "kind: replies, mentions or search",
    "page: the number of the Page, digits only",
    "user: the number of the account, digits only",
    "board: the number of the board, digits only",
    "number: the phone number ID, digits only",
    "business_unit: the business as Trustpilot names it, letters and digits",
    "location: the place as Google names it, such as accounts/1/locations/2",
    "link: expected a channel's link, such as https://discord.com/channels/1234/5678",
    "link: expected a channel's link, such as https://yours.slack.com/archives/C0123ABCD",
    "token: expected what BotFather gives, such as 123456:ABC-def",
    "address: expected what the app Workflows shows, which begins with https://",
    "platform: TikTok lets no program read or write what people say there",
    "account: an address such as help@shop.example",
    "url: the address of the feed",
    "account: <brand>.<channel>, in small letters, digits and hyphens",
    "platform: 'orkut' is not one of bluesky, feed",
]
"""What `connect` of a network says of a setting."""
REASON = re.compile(r"[a-z]+(?: [a-z,]+)+")
"""A line of English among the constants of a module."""
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
NL, EN = (Words(language, "Europe/Amsterdam", NOW) for language in ("nl", "en"))


def given() -> set[str]:
    """What is said in the code, with 7 for what is filled in; networks' own words are not among it."""
    found = {each for each in vars(delivery).values() if isinstance(each, str) and REASON.fullmatch(each)}
    for path in FILES:
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            named = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
            for argument in [*(call.args if name in GIVE else ()), *named]:
                if isinstance(argument, ast.Constant) and " " in str(argument.value):
                    found.add(str(argument.value))
                if isinstance(argument, ast.JoinedStr):
                    parts = (p.value if isinstance(p, ast.Constant) else "7" for p in argument.values)
                    found.add("".join(map(str, parts)))
    return found


@pytest.mark.parametrize("reason", [*sorted(given()), "not seen at the network; a person has it in hand"])
def test_a_reason_of_ours_is_worded_in_dutch(reason: str) -> None:
    assert told(reason, NL) not in (reason, told(reason, EN))


@pytest.mark.parametrize("words", ["7", "some words"])
@pytest.mark.parametrize(("form", "said"), FORMS)
def test_a_reason_is_worded_as_itself_and_not_as_one_that_stands_before_it(
    form: str, said: str, words: str
) -> None:
    """With a number filled in, and with words where they can stand."""
    reason = PLACE.sub(lambda place: "7" if place[1] in (*NUMBERS, "host") else words, form)
    assert told(reason, EN) == told(reason, EN, ((form, said),))


@pytest.mark.parametrize(
    ("reason", "dutch"),
    [
        (OVERTAKEN, "er is intussen geantwoord"),
        ("answered 502", "antwoordde met fout 502"),
        ("it answered 502", "het antwoordde 502"),
    ],
)
def test_only_a_number_is_a_networks_answer(reason: str, dutch: str) -> None:
    assert told(reason, NL) == dutch


def test_a_reason_of_a_delivery_is_never_read_as_another() -> None:
    said = [told(each, EN) for each in (STOPPED, OVERTAKEN, OPENED, REVOKED)]
    assert len(set(said)) == len(said)
    assert not any("error" in each for each in said)


def test_a_reason_within_a_reason_is_worded_too() -> None:
    said = told("could not look: HTTP 503", NL)
    assert said == "we konden niet kijken of het er staat: het netwerk antwoordde met fout 503"


@pytest.mark.parametrize("fault", SETTINGS)
@pytest.mark.parametrize("what", ["channel", "source"])
def test_what_is_wrong_with_a_setting_is_worded_within_its_reason(what: str, fault: str) -> None:
    dutch, english = (told(f"the {what} is not set up well: {fault}", words) for words in (NL, EN))
    assert fault.partition(": ")[2] not in dutch
    assert fault not in english
    assert dutch.startswith({"channel": "het kanaal", "source": "de bron"}[what])


def test_every_setting_that_a_network_refuses_is_among_those() -> None:
    found = set()
    for path in (CODE / "platforms").glob("[a-z]*.py"):
        connect = [
            n for n in ast.parse(path.read_text()).body if getattr(n, "name", "") in ("connect", "_base")
        ]
        for call in (node for each in connect for node in ast.walk(each) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", "") == "BadInput" and path.stem != "webhook":
                found.add(".".join(str(part.value) for part in call.args if isinstance(part, ast.Constant)))
    assert found
    left = {each for each in found if not any(one.replace(": ", ".", 1).startswith(each) for one in SETTINGS)}
    assert not left


def test_what_has_no_form_is_shown_as_it_came() -> None:
    assert told("Validation failed: too long", NL) == "Validation failed: too long"
    assert told("HTTP 422: Validation failed", EN) == "the network says: Validation failed"
