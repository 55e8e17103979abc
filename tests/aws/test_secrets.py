"""What `ports.Secrets` promises, and that asking for what is not there costs little."""

from typing import Any

import pytest

from chalicelib.aws import clients, secrets as module
from chalicelib.aws.secrets import DOOR_SECONDS, KNOWN_SECONDS, MOST, UNKNOWN_SECONDS, SecretStore
from chalicelib.domain.knock import slots
from tests.harness.hooks import hooked
from tests.harness.world import World

PATH = "/webspin/test"


class Clock:
    now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def secrets(aws: World, clock: Clock) -> SecretStore:
    return SecretStore(lambda: clients.client("ssm"), PATH)


class Asked:
    """Names asked of SSM while it is hooked."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, params: dict[str, Any], **_: Any) -> None:
        self.names.append(params["Name"])


def asking(asked: Asked) -> Any:
    return hooked(("provide-client-params.ssm.GetParameter", asked))


def test_gives_back_what_it_was_given_and_keeps_it_encrypted(secrets: SecretStore, aws: World) -> None:
    secrets.put("channel/lindebieb/wall", {"token": "fake-tökén", "base": "https://x.example"})
    assert secrets.get("channel/lindebieb/wall") == {"token": "fake-tökén", "base": "https://x.example"}
    assert secrets.get("channel/lindebieb/wall", fresh=True)["token"] == "fake-tökén"
    (kept,) = aws.client("ssm").describe_parameters()["Parameters"]
    assert (kept["Name"], kept["Type"]) == (f"{PATH}/channel/lindebieb/wall", "SecureString")


def test_unknown_is_empty(secrets: SecretStore) -> None:
    assert secrets.get("hook/lindebieb/none") == {}


def test_s27_a_key_changed_elsewhere_is_seen_within_the_hour_or_at_once_when_asked(
    secrets: SecretStore, clock: Clock
) -> None:
    elsewhere = SecretStore(lambda: clients.client("ssm"), PATH)
    secrets.put("source/lindebieb/news", {"key": "old-fake"})
    elsewhere.put("source/lindebieb/news", {"key": "new-fake"})
    assert secrets.get("source/lindebieb/news") == {"key": "old-fake"}
    assert secrets.get("source/lindebieb/news", fresh=True) == {"key": "new-fake"}
    elsewhere.put("source/lindebieb/news", {"key": "newest-fake"})
    clock.now += KNOWN_SECONDS - 1
    assert secrets.get("source/lindebieb/news") == {"key": "new-fake"}
    clock.now += 1
    assert secrets.get("source/lindebieb/news") == {"key": "newest-fake"}


@pytest.mark.parametrize("name", ["hook/lindebieb/desk", "alert/lindebieb/desk", "notify/lindebieb/w1-a"])
def test_s27_what_webhooks_and_alerts_go_by_is_seen_within_five_minutes(
    secrets: SecretStore, clock: Clock, name: str
) -> None:
    secrets.put(name, {"url": "https://old.example/fake"})
    SecretStore(lambda: clients.client("ssm"), PATH).put(name, {"url": "https://new.example/fake"})
    assert secrets.get(name) == {"url": "https://old.example/fake"}
    clock.now += DOOR_SECONDS
    assert secrets.get(name) == {"url": "https://new.example/fake"}


def test_the_unknown_are_not_asked_for_again_within_a_minute(secrets: SecretStore, clock: Clock) -> None:
    with asking(asked := Asked()):
        for _ in range(3):
            secrets.get("hook/lindebieb/none")
        clock.now += UNKNOWN_SECONDS
        secrets.get("hook/lindebieb/none")
    assert len(asked.names) == 2


def test_s29_a_thousand_invented_names_do_not_fill_the_memory(
    secrets: SecretStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "_ask", lambda name: {})
    for n in range(MOST + 50):
        secrets.get(f"hook/lindebieb/n{n}")
    assert len(secrets._known) == MOST


def test_s29_invented_names_do_not_push_out_what_is_known(
    secrets: SecretStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.put("hook/lindebieb/reviews", {"secret": "ours-fake"})
    monkeypatch.setattr(secrets, "_ask", lambda name: {})
    for n in range(MOST + 50):
        secrets.get(f"hook/lindebieb/n{n}")
    assert secrets.get("hook/lindebieb/reviews") == {"secret": "ours-fake"}


@pytest.mark.parametrize(
    "name", ["", "hook", "hook/../x", "hook/A/b", "hook/a/b/c", "/hook/a", "hook/a/", "hook/a/b ", "hook//b"]
)
def test_s32_an_odd_name_is_never_looked_up(secrets: SecretStore, name: str) -> None:
    with asking(asked := Asked()):
        assert secrets.get(name) == {}
    assert asked.names == []
    with pytest.raises(ValueError, match="no name"):
        secrets.put(name, {})


def test_what_is_kept_is_listed_with_its_moment_and_not_read(secrets: SecretStore, aws: World) -> None:
    for name in ("channel/bieb/toot", "hook/bieb/reviews", "alert/bieb/desk", "source/bieb-2/feed"):
        secrets.put(name, {"token": "fake"})
    for n in range(60):
        secrets.put(f"source/bieb/s-{n}", {"token": "fake"})
    asked = Asked()
    with asking(asked):
        kept = secrets.dates("bieb")
    assert asked.names == []
    assert len(kept) == 63
    assert "source/bieb-2/feed" not in kept
    assert kept["channel/bieb/toot"].tzinfo is not None


def test_what_is_removed_is_gone_at_once_and_twice_is_no_fault(secrets: SecretStore) -> None:
    secrets.put("channel/bieb/toot", {"token": "fake"})
    secrets.remove("channel/bieb/toot")
    secrets.remove("channel/bieb/toot")
    assert secrets.get("channel/bieb/toot") == {}
    assert secrets.dates("bieb") == {}


def test_a_source_that_calls_us_has_two_places_for_its_secrets(secrets: SecretStore) -> None:
    for slot in slots("lindebieb", "reviews"):
        secrets.put(slot, {"secret": slot})
    assert [secrets.get(slot, fresh=True)["secret"] for slot in slots("lindebieb", "reviews")] == [
        *slots("lindebieb", "reviews")
    ]
    assert set(secrets.dates("lindebieb")) == {*slots("lindebieb", "reviews")}
