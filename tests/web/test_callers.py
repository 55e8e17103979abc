"""A source that calls us, from choosing who calls to ending an old secret: at the console and by the API; and
with what stands there, a call is taken at the door."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.knock import SIGNINGS, slots
from chalicelib.domain.source import SourceState
from chalicelib.ports import Refusal
from chalicelib.web.callers import CALLERS
from chalicelib.web.pages.refused import REASONS
from tests.web.access import SHOP, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_brand import mark
from tests.web.world import BRAND, NOW, World

A, B = slots(BRAND.id, "winkel")
OURS = [scheme for scheme, signing in SIGNINGS.items() if signing.ours]
THEIRS = {
    "meta": "0123456789abcdef0123456789abcdef",
    "x": "s0me-C0nsumer-Secret",
    "linkedin": "WPL_AP1.TestClientSecret",
    "slack": "8f742231b10e8888abcd99yyyzzz85a5",
    "discord": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "tiktok": "tiktok-client-secret",
    "mastodon": "b1946ac92492d2347c6235b4d2611184",
    "teams": base64.b64encode(b"a key of thirty-two bytes or so.").decode(),
    "google-pubsub": "push@project.iam.gserviceaccount.com",
    "sns": "arn:aws:sns:eu-west-1:123456789012:mentions",
}
TOPIC = "https://krant.example/feed.xml"


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    world.sources.kept.clear()
    return in_role(browser, world, ("manager",))


def add(browser: Browser, scheme: str, **more: str) -> tuple[int, str]:
    given = {"kind": "webhook", "name": "Winkel", "scheme": scheme, "do": "save", **more}
    if SIGNINGS[scheme].topic:
        given = {"topic": TOPIC, **given}
    answer = browser.post("/sources/new", given)
    return answer.status_code, answer.body.decode()


def test_every_scheme_can_be_chosen_and_every_reason_is_said() -> None:
    assert set(CALLERS) == set(SIGNINGS)
    assert set(THEIRS) | set(OURS) == set(SIGNINGS)
    assert all(bool(CALLERS[scheme].secret) != signing.ours for scheme, signing in SIGNINGS.items())
    assert {"missing", "malformed", "stale", "wrong", "secret", "unknown-source", "too-many"} < set(REASONS)


@pytest.mark.parametrize("scheme", OURS)
def test_a_secret_of_ours_is_made_and_shown_once_with_what_to_paste(
    manager: Browser, world: World, scheme: str
) -> None:
    status, page = add(manager, scheme)
    kept = world.secrets.kept[A]
    assert status == 200, text_of(page)
    assert faults(page) == []
    assert kept["scheme"] == scheme
    shown = {"web-push": f"public of {len(kept['secret'])}"}.get(scheme, kept["secret"])
    assert shown in page
    assert CALLERS[scheme].paste in text_of(page)
    if SIGNINGS[scheme].in_path:
        word = kept.get("word", kept["secret"])
        assert f"https://door.example/veldermeer/winkel/{word}" in page
    else:
        assert "https://door.example/veldermeer/winkel" in page
    again = manager.get("/sources/winkel").body.decode()
    assert faults(again) == []
    assert kept["secret"] not in again
    assert kept.get("word", "-") == "-" or kept["word"] not in again


@pytest.mark.parametrize("scheme", THEIRS)
def test_a_secret_of_a_network_is_filled_in_and_never_shown(
    manager: Browser, world: World, scheme: str
) -> None:
    status, page = add(manager, scheme, secret=THEIRS[scheme])
    assert status in (200, 303), text_of(page)
    assert world.secrets.kept[A]["secret"] == THEIRS[scheme]
    word = world.secrets.kept[A].get("word", "")
    assert bool(word) == SIGNINGS[scheme].word
    assert word in page
    seen = page + manager.get("/sources/winkel").body.decode()
    assert f">{THEIRS[scheme]}<" not in seen
    assert all(THEIRS[scheme] not in line.before + line.after for line in world.audit.lines)


def test_a_secret_that_its_network_shows_only_later_is_filled_in_later(
    manager: Browser, world: World
) -> None:
    assert add(manager, "mastodon")[0] == 303
    assert world.secrets.kept == {}
    page = manager.get("/sources/winkel").body.decode()
    assert "Not set: every call is refused." in text_of(page)
    assert "https://door.example/veldermeer/winkel" in page
    wrong = manager.post("/sources/winkel/secret", {"do": "set", "secret": "short"})
    assert wrong.status_code == 422
    assert faults(wrong.body.decode()) == []
    empty = manager.post("/sources/winkel/secret", {"do": "set", "secret": ""})
    assert empty.status_code == 422
    set_ = manager.post("/sources/winkel/secret", {"do": "set", "secret": THEIRS["mastodon"]})
    assert set_.status_code == 303
    assert world.secrets.kept[A]["secret"] == THEIRS["mastodon"]


@pytest.mark.parametrize(
    ("scheme", "more", "said"),
    [
        ("discord", {"secret": "not a public key"}, "This cannot be its secret."),
        ("telegram", {"secret": "with spaces in it and more"}, "This cannot be its secret."),
        ("websub", {"topic": ""}, "Fill in the address of the feed, or of your site."),
        ("github", {"topic": TOPIC}, "Only a feed that pushes (WebSub) or Webmention has this."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    manager: Browser, world: World, scheme: str, more: dict[str, str], said: str
) -> None:
    status, page = add(manager, scheme, **more)
    assert status == 422
    assert said in text_of(page)
    assert faults(page) == []
    assert (world.sources.kept, world.secrets.kept) == ([], {})


def test_while_a_secret_is_renewed_both_are_good_until_the_old_one_is_ended(
    manager: Browser, world: World
) -> None:
    add(manager, "github")
    assert "End the old one" not in manager.get("/sources/winkel").body.decode()
    first = world.secrets.kept[A]["secret"]
    renewed = manager.post("/sources/winkel/secret", {"do": "set"}).body.decode()
    second = world.secrets.kept[B]["secret"]
    assert second in renewed
    assert first not in renewed
    assert "is good too, until you end it" in text_of(renewed)
    assert world.secrets.kept[A]["secret"] == first

    assert manager.post("/sources/winkel/secret", {"do": "end"}).status_code == 303
    assert set(world.secrets.kept) == {B}
    assert manager.post("/sources/winkel/secret", {"do": "end"}).status_code == 404, "the last one stays"

    manager.post("/sources/winkel/secret", {"do": "set"})
    third = world.secrets.kept[A]["secret"]
    assert world.secrets.kept[B]["secret"] == second
    manager.post("/sources/winkel/secret", {"do": "set"})
    assert world.secrets.kept[A]["secret"] == third, "whoever renews again loses the oldest"
    assert world.secrets.kept[B]["secret"] != second

    gone = {"do": "remove", "sure": "yes", "mark": mark(manager, "/sources/winkel")}
    assert manager.post("/sources/winkel", gone).status_code == 303
    assert world.secrets.kept == {}
    told = {(line.what, line.of) for line in world.audit.lines}
    assert {(what, of) for what in ("secret.set", "secret.remove") for of in (A, B)} < told


def test_who_calls_is_chosen_once(manager: Browser, world: World) -> None:
    add(manager, "websub")
    given = {"name": "Anders", "channel": "", "scheme": "unsigned", "topic": "https://x.example/"}
    saved = {**given, "do": "save", "mark": mark(manager, "/sources/winkel")}
    assert manager.post("/sources/winkel", saved).status_code == 303
    source, _ = world.sources.get(BRAND.id, "winkel")
    assert (source.name, source.settings) == ("Anders", {"scheme": "websub", "topic": TOPIC})


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_was_refused_is_told_with_what_to_do(browser: Browser, world: World, language: str) -> None:
    browser.language = language
    in_role(browser, world, ("reader",))
    world.sources.kept.append((SHOP, SourceState()))
    empty = browser.get("/sources/winkel/refused").body.decode()
    assert faults(empty) == []
    world.refusals.kept[BRAND.id, "winkel"] = [
        Refusal(at=NOW - timedelta(minutes=n), status=401, reason=reason)
        for n, reason in enumerate((*REASONS, "something-new"))
    ]
    page = browser.get("/sources/winkel/refused").body.decode()
    assert faults(page) == []
    assert page.count('class="row"') == len(REASONS) + 1
    assert browser.get("/sources/nergens/refused").status_code == 404


def test_a_source_that_we_ask_has_no_such_page(manager: Browser, world: World) -> None:
    world.outside.feeds[TOPIC] = ()
    manager.post("/sources/new", {"kind": "feed", "url": TOPIC, "name": "Krant", "do": "save"})
    assert manager.get("/sources/krant/refused").status_code == 404


def test_what_the_console_made_is_what_the_door_goes_by(manager: Browser, world: World) -> None:
    """The values as they were shown, used by somebody who calls."""
    from chalicelib.domain.knock import Knock, Pace
    from chalicelib.platforms import _handshakes, _signatures
    from chalicelib.stages.hear import answer, receive

    def nowhere(url: str) -> bytes:
        raise AssertionError(url)

    class Store:
        def get(self, name: str, *, fresh: bool = False) -> dict[str, str]:
            return world.secrets.kept.get(name, {})

    def call(event: dict[str, Any]) -> tuple[int, str]:
        def take(method: str, brand: str, source: str, knock: Knock) -> Any:
            return receive(
                method,
                brand,
                source,
                knock,
                secrets=Store(),  # type: ignore[arg-type]
                verify=lambda scheme, secrets, knock: _signatures.verify(scheme, secrets, knock, nowhere),
                greet=_handshakes.greet,
                ping=lambda scheme, knock, body: _handshakes.ping(scheme, knock, body, nowhere),
                pace=Pace(),
                tasks=world.tasks,
            )

        told = answer(event, receive=take, refused=lambda reason: None, line={}, now=NOW)
        return told["statusCode"], told["body"]

    add(manager, "meta", secret=THEIRS["meta"])
    word = world.secrets.kept[A]["word"]
    query = f"hub.mode=subscribe&hub.challenge=115&hub.verify_token={word}"
    path = {"rawPath": "/veldermeer/winkel", "requestContext": {"http": {"method": "GET"}}}
    assert call({**path, "rawQueryString": query}) == (200, "115")
    body = b'{"object": "page", "entry": []}'
    mac = hmac.new(THEIRS["meta"].encode(), body, hashlib.sha256).hexdigest()
    post = {
        "rawPath": "/veldermeer/winkel",
        "requestContext": {"http": {"method": "POST"}},
        "headers": {"X-Hub-Signature-256": f"sha256={mac}"},
        "body": body.decode(),
    }
    assert call(post) == (200, "")
    assert call({**post, "body": body.decode() + " "})[0] == 401
    assert json.loads(call({**post, "headers": {}})[1]) == {"error": "missing"}
