"""Connecting an account whose network asks the person: there and back, and every way in which the way back is
forged (S35, and the threats that docs/decisions/0019-connecting.md names)."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from chalicelib.domain.brand import Channel
from chalicelib.domain.source import Source
from chalicelib.errors import Unauthorized
from chalicelib.platforms import mastodon
from chalicelib.tasks import Poll
from chalicelib.web.connecting import LASTS
from tests.servers.oauth import OAuth
from tests.web.browser import HOST, Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

START = "/connect/channels/mastodon"
PAGE = "/brand/channels/mastodon"
KEPT = "channel/veldermeer/mastodon"
BESIDE = "channelapp/veldermeer/mastodon"


@pytest.fixture
def network(world: World) -> Iterator[OAuth]:
    """The server of the brand's account; Sam manages."""
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("administrator",))
    with OAuth("bibveldermeer") as server:
        settle(world, server)
        yield server


def settle(world: World, server: OAuth, **more: str) -> None:
    settings = {"instance": server.url, "account": "bibveldermeer", **more}
    channel = Channel(id="mastodon", platform="mastodon", name="@bibveldermeer", settings=settings)
    world.brands.kept[BRAND.id] = replace(BRAND, channels=(BRAND.channels[0], channel))
    world.allow.add((server.host, server.port))


def leave(browser: Browser, start: str = START) -> str:
    """Where the page leads."""
    answer = browser.post(start, {})
    page = answer.body.decode()
    assert answer.status_code == 200, text_of(page)
    assert faults(page) == []
    (link,) = [part.partition('"')[0] for part in page.split('href="')[1:] if "oauth/authorize" in part]
    return link.replace("&amp;", "&")


def back(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc == HOST
    return f"{parts.path}?{parts.query}"


def asked_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def refused(browser: Browser, way: str, words: str) -> str:
    answer = browser.get(way)
    page = answer.body.decode()
    assert answer.status_code == 400
    assert words in text_of(page)
    assert "Er is niets veranderd" in text_of(page)
    assert faults(page) == []
    return page


# there and back -----------------------------------------------------------------------------------------


def test_a_person_types_the_server_and_the_rest_goes_by_itself(
    browser: Browser, world: World, network: OAuth
) -> None:
    page = browser.get(PAGE).body.decode()
    assert f'action="{START}"' in page
    assert "Nog niet verbonden" in text_of(page)
    there = leave(browser)
    asked = asked_of(there)
    assert there.startswith(f"{network.url}/oauth/authorize?")
    assert asked["redirect_uri"].startswith(f"http://{HOST}/connect/back/mastodon-")
    assert asked["scope"].split(" ") == list(mastodon.OAUTH.scopes)
    assert asked["code_challenge_method"] == "S256"
    answer = browser.get(back(network.agree(there)))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?secret=connected")
    (token,) = network.given
    assert world.secrets.kept[KEPT]["token"] == token
    assert world.secrets.kept[KEPT]["expires_at"] > world.secrets.kept[KEPT]["given_at"]
    page = browser.get(f"{PAGE}?secret=connected").body.decode()
    assert "Opnieuw verbinden" in text_of(page)
    assert faults(page) == []
    told = [(line.what, line.of) for line in world.audit.lines]
    assert told[-2:] == [("secret.ask", KEPT), ("secret.connect", KEPT)]


def test_the_second_time_the_client_that_was_made_is_used(
    browser: Browser, world: World, network: OAuth
) -> None:
    for _ in range(2):
        browser.get(back(network.agree(leave(browser))))
    assert len(network.clients) == 1
    assert len(network.given) == 2
    with OAuth("bibveldermeer") as other:
        settle(world, other)
        browser.get(back(other.agree(leave(browser))))
        assert len(other.clients) == 1, "another server knows nothing of it"


def test_a_source_is_added_without_a_key_connected_and_asked_at_once(
    browser: Browser, world: World, network: OAuth
) -> None:
    form = {
        "kind": "mastodon-mentions",
        "name": "Ons",
        "instance": network.url,
        "account": "bibveldermeer",
        "interval": "5",
        "cap": "500",
        "do": "save",
    }
    answer = browser.post("/sources/new", form)
    assert answer.headers["Location"] == "/sources/ons?kept=connect"
    assert "Verbind hieronder" in text_of(browser.get("/sources/ons?kept=connect").body.decode())
    world.tasks.sent.clear()
    answer = browser.get(back(network.agree(leave(browser, "/connect/sources/ons"))))
    assert answer.headers["Location"] == "/sources/ons?kept=connected"
    assert world.secrets.kept["source/veldermeer/ons"]["token"] in network.given
    assert world.tasks.sent == [Poll("veldermeer", "ons")]


def test_a_client_that_a_person_made_is_named_and_its_address_shown_to_copy(
    browser: Browser, world: World, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon, "OAUTH", replace(mastodon.OAUTH, registers="", basic=True))
    page = text_of(browser.get(PAGE).body.decode())
    assert "Bewaar eerst de client-id" in page
    assert START not in browser.get(PAGE).body.decode()
    answer = browser.post(START, {})
    assert answer.status_code == 422
    assert "Vul eerst in hoe Mastodon deze console noemt" in text_of(answer.body.decode())
    settle(world, network, client_id="bieb")
    page = browser.get(PAGE).body.decode()
    callback = page.partition(f"<code>http://{HOST}/connect/back/")[2].partition("</code>")[0]
    network.client("bieb", "s3cr:et&", f"http://{HOST}/connect/back/{callback}")
    network.basic = True
    world.secrets.kept[BESIDE] = {"client_secret": "s3cr:et&"}
    assert browser.get(back(network.agree(leave(browser)))).status_code == 303
    assert world.secrets.kept[BESIDE] == {"client_secret": "s3cr:et&"}


def test_what_was_there_stands_until_the_new_one_is_there(
    browser: Browser, world: World, network: OAuth
) -> None:
    world.secrets.kept[KEPT] = {"token": "pasted"}
    there = leave(browser)
    assert world.secrets.kept[KEPT] == {"token": "pasted"}
    network.fails = 503
    refused(browser, back(network.agree(there)), "Mastodon kon nu niet bevraagd worden")
    assert world.secrets.kept[KEPT] == {"token": "pasted"}
    assert world.audit.lines[-1].what == "secret.connect.failed"


@pytest.mark.parametrize("status", [503, 429, 200])
@pytest.mark.parametrize("was", [None, {"token": "good", "refresh_token": "good too"}])
def test_a_key_that_cannot_be_tried_takes_the_place_of_none(
    browser: Browser, world: World, network: OAuth, status: int, was: dict[str, str] | None
) -> None:
    if was:
        world.secrets.kept[KEPT] = was
    way = back(network.agree(leave(browser)))
    network.fails, network.fails_at = status, "/api/v1/accounts"
    if was:
        refused(browser, way, "Mastodon kon nu niet bevraagd worden")
        assert world.secrets.kept[KEPT] == was
        assert world.audit.lines[-1].what == "secret.connect.failed"
        network.fails = 0
        way = back(network.agree(leave(browser)))
    assert browser.get(way).status_code == 303
    assert world.secrets.kept[KEPT]["token"] in network.given


def test_a_token_that_was_made_to_last_does_not_end_with_the_one_it_was_made_of(
    browser: Browser, world: World, network: OAuth
) -> None:
    """As a Page's token, which has no end, of a person's."""
    network.given["of the page"] = "bibveldermeer"
    network.more = {"refresh_token_expires_in": 9_000}
    world.lasting = {"token": "of the page"}
    browser.get(back(network.agree(leave(browser))))
    kept = world.secrets.kept[KEPT]
    assert kept == {"token": "of the page", "given_at": kept["given_at"]}
    world.lasting |= {"expires_at": "2027-02-01T00:00:00+00:00"}
    browser.get(back(network.agree(leave(browser))))
    assert world.secrets.kept[KEPT]["expires_at"] == world.lasting["expires_at"]
    world.lasting = {}
    browser.get(back(network.agree(leave(browser))))
    assert {"expires_at", "refresh_token", "refresh_expires_at"} < world.secrets.kept[KEPT].keys()


def test_a_board_that_the_account_has_not_is_said(
    browser: Browser, world: World, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Pinterest's module says it."""

    def has_not(self: object) -> None:
        raise Unauthorized("pinterest", "the account has no such board")

    monkeypatch.setattr(mastodon.Mastodon, "check", has_not)
    refused(browser, back(network.agree(leave(browser))), "Kijk of het nummer klopt")
    assert KEPT not in world.secrets.kept


def test_a_key_is_forgotten_when_asked(browser: Browser, world: World, network: OAuth) -> None:
    browser.get(back(network.agree(leave(browser))))
    browser.post(f"{PAGE}/secret", {"do": "remove"})
    assert KEPT not in world.secrets.kept
    assert "Nog niet verbonden" in text_of(browser.get(PAGE).body.decode())


# what is forged -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["another's state", "no state", "no code", "guessed state", "another's channel", "too late"]
)
def test_s35_what_was_not_begun_here_connects_nothing(
    browser: Browser, world: World, network: OAuth, change: str
) -> None:
    given = asked_of(network.agree(leave(browser)))
    where = urlsplit(network.agree(leave(browser))).path
    ways = {
        "another's state": {**given, "state": "x" * 43 + ".channel.mastodon"},
        "no state": {"code": given["code"]},
        "no code": {"state": given["state"]},
        "guessed state": {**given, "state": "mastodon"},
        "another's channel": {**given, "state": given["state"].replace("mastodon", "proefkanaal")},
        "too late": given,
    }
    if change == "too late":
        world.now += LASTS
    refused(browser, f"{where}?{urlencode(ways[change])}", "Dit is niet hier door jou begonnen")
    assert KEPT not in world.secrets.kept
    assert network.given == {}


def test_s35_it_comes_back_once(browser: Browser, world: World, network: OAuth) -> None:
    way = back(network.agree(leave(browser)))
    assert browser.get(way).status_code == 303
    asked = len(network.requests)
    refused(browser, way, "Dit is niet hier door jou begonnen")
    assert len(network.requests) == asked, "the state was used up: the code is not even tried"
    assert world.secrets.kept[KEPT]["token"] in network.given


def test_s35_a_colleague_does_not_bring_back_what_another_began(
    browser: Browser, world: World, network: OAuth
) -> None:
    """An attacker's own code, in a link that a victim follows, must not make the attacker's account ours."""
    way = back(network.agree(leave(browser)))
    world.users.valid["id-other"] = replace(world.users.valid["id-sam"], id="another")
    kept = browser.cookies["webspin-id"]
    browser.cookies["webspin-id"] = "id-other"
    refused(browser, way, "Dit is niet hier door jou begonnen")
    browser.cookies |= {"webspin-id": kept, "webspin-refresh": "refresh-of-another-session"}
    refused(browser, way, "Dit is niet hier door jou begonnen")
    browser.cookies["webspin-refresh"] = "refresh-sam"
    assert browser.get(way).status_code == 303, "whoever began it still can"


def test_s35_a_code_of_one_network_is_not_brought_to_another(
    browser: Browser, world: World, network: OAuth
) -> None:
    """A server that sends the person on to an honest one waits for that one's code."""
    with OAuth() as evil:
        settle(world, evil)
        there = leave(browser)
        state = asked_of(there)["state"]
        honest = {
            "client_id": "c",
            "redirect_uri": f"http://{HOST}/connect/back/mastodon-0123456789ab",
            "state": state,
        }
        network.client("c", "s", honest["redirect_uri"])
        way = network.agree(f"{network.url}/oauth/authorize?response_type=code&{urlencode(honest)}")
        asked = len(evil.requests)
        refused(browser, back(way), "Dit is niet hier door jou begonnen")
        assert len(evil.requests) == asked, "the code went nowhere"


@pytest.mark.parametrize(
    ("issuer", "status"), [("", 303), ("own", 303), ("https://evil.example", 400), ("[", 400)]
)
def test_s35_who_gave_the_code_is_who_was_asked(
    browser: Browser, world: World, network: OAuth, issuer: str, status: int
) -> None:
    network.issuer = network.url if issuer == "own" else issuer
    assert browser.get(back(network.agree(leave(browser)))).status_code == status
    assert (KEPT in world.secrets.kept) == (status == 303)


def test_s35_a_code_without_the_verifier_is_worth_nothing(
    browser: Browser, world: World, network: OAuth
) -> None:
    """Injected: a code that was given to another's challenge, with a state of ours."""
    there = leave(browser)
    mine = asked_of(network.agree(there))
    theirs = asked_of(network.agree(f"{there}&code_challenge=x".replace("code_challenge=", "_=", 1)))
    way = f"{urlsplit(asked_of(there)['redirect_uri']).path}?"
    refused(browser, way + urlencode({**mine, "code": theirs["code"]}), "nam niet aan wat terugkwam")
    assert KEPT not in world.secrets.kept


def test_s35_nobody_is_sent_elsewhere(browser: Browser, world: World, network: OAuth) -> None:
    """Where the network is, and where it is left to, is read from the channel and nowhere else."""
    there = leave(browser, f"{START}?redirect_uri=https://evil.example&next=//evil.example")
    assert "evil" not in there
    way = back(network.agree(there))
    answer = browser.get(f"{way}&next=https://evil.example&redirect_uri=https://evil.example")
    assert answer.headers["Location"] == f"{PAGE}?secret=connected"


def test_s35_a_link_cannot_begin_it(browser: Browser, network: OAuth) -> None:
    assert browser.get(START).status_code in (404, 405)
    assert browser.post(START, {"csrf": "guess"}).status_code == 403
    assert network.requests == []


def test_the_account_must_be_the_one_that_is_named(browser: Browser, world: World, network: OAuth) -> None:
    way = back(network.agree(leave(browser), as_="prive"))
    refused(browser, way, "was je ingelogd met een ander account")
    assert KEPT not in world.secrets.kept


def test_what_the_network_says_no_to_is_said_and_its_words_are_not_shown(
    browser: Browser, world: World, network: OAuth
) -> None:
    way = back(network.agree(leave(browser), error="access_denied"))
    assert "hoi" not in refused(browser, way, "Mastodon zegt dat je niet akkoord ging")
    refused(browser, way, "Dit is niet hier door jou begonnen")


ANSWERS = [
    (200, b"garbage", "kon nu niet bevraagd worden"),
    (200, b"{}", "kon nu niet bevraagd worden"),
    (200, b'{"access_token": ""}', "kon nu niet bevraagd worden"),
    (200, b'{"access_token": "a b\\r\\nX-Y: 1"}', "kon nu niet bevraagd worden"),
    (200, b'{"access_token": ["x"]}', "kon nu niet bevraagd worden"),
    (200, b"[" * 50_000, "kon nu niet bevraagd worden"),
    (200, b'{"access_token": "x", "pad": "' + b"x" * 200_000 + b'"}', "kon nu niet bevraagd worden"),
    (302, b"", "kon nu niet bevraagd worden"),
    (500, b"", "kon nu niet bevraagd worden"),
    (429, b"", "kon nu niet bevraagd worden"),
    (400, b'{"error": "invalid_grant", "error_description": "token=sesam"}', "nam niet aan wat terugkwam"),
    (401, b"", "nam niet aan wat terugkwam"),
]


@pytest.mark.parametrize(("status", "body", "words"), ANSWERS)
def test_a_server_that_misbehaves_leaves_all_as_it_was(
    browser: Browser, world: World, network: OAuth, status: int, body: bytes, words: str
) -> None:
    world.secrets.kept[KEPT] = {"token": "good"}
    way = back(network.agree(leave(browser)))
    network.fails, network.says = status, body
    page = refused(browser, way, words)
    assert "sesam" not in page
    assert world.secrets.kept[KEPT] == {"token": "good"}


# what is told to nobody -------------------------------------------------------------------------------


def test_no_code_state_or_token_stands_in_a_page_a_link_or_the_log(
    browser: Browser, world: World, network: OAuth, capsys: pytest.CaptureFixture[str]
) -> None:
    way = back(network.agree(leave(browser)))
    given = asked_of(way)
    browser.get(way)
    (token,) = network.given
    client_secret = world.secrets.kept[BESIDE]["client_secret"]
    seen = [browser.get(way).body.decode()]
    seen += [browser.get(page).body.decode() for page in (PAGE, "/brand", "/log", "/brand/file", "/status")]
    seen += ["".join(capsys.readouterr()), repr(world.audit.lines)]
    for each in seen:
        for secret in (given["code"], given["state"], token, client_secret):
            assert secret not in each
    assert browser.get(way).headers["Referrer-Policy"] == "same-origin"


def test_who_has_to_sign_in_first_takes_no_code_along(visitor: Browser, world: World, network: OAuth) -> None:
    answer = visitor.get("/connect/back/mastodon?code=geheim&state=ook")
    assert answer.headers["Location"] == "/sign-in?next=%2Fconnect%2Fback%2Fmastodon"


def test_a_network_that_asks_nobody_has_no_such_way(browser: Browser, world: World, network: OAuth) -> None:
    assert browser.post("/connect/channels/proefkanaal", {}).status_code == 404
    assert browser.post("/connect/departments/jeugd", {}).status_code == 404
    feed = Source(brand=BRAND.id, id="krant", platform="feed", name="Krant", connected_at=world.now)
    world.sources.put(feed)
    assert browser.post("/connect/sources/krant", {}).status_code == 404
