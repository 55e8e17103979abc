"""Tokens are renewed by one worker and never lost; every key is tried once a day, and who is told of one that
does not hold is told once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import app
from chalicelib import wiring
from chalicelib.aws.table import keys
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.keyring import Holder
from chalicelib.errors import Unauthorized, Unavailable
from chalicelib.platforms import mastodon
from chalicelib.stages import connect, renew
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Context
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.servers.oauth import OAuth
from tests.stages import networked
from tests.stages.test_alerting import mails, subjects
from tests.stages.town import BRAND, TICK, Town, brand

KEPT = f"channel/{BRAND}/masto"
BESIDE = f"channelapp/{BRAND}/masto"


@pytest.fixture(autouse=True)
def _refreshes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a network whose tokens end."""
    monkeypatch.setattr(mastodon, "OAUTH", replace(mastodon.OAUTH, refreshes=True))


@pytest.fixture
def network() -> Iterator[OAuth]:
    with OAuth("brand") as server:
        server.client("us", "s")
        server.rotates = True
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, network: OAuth, monkeypatch: pytest.MonkeyPatch) -> Town:
    return connected(aws, feeds, network, monkeypatch)


def connected(aws: World, feeds: Feeds, network: OAuth, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A channel that a person connected now, for two hours, and a source with a pasted key."""
    about = {"instance": network.url, "kind": "mentions", "account": "brand"}
    town = Town(aws, feeds, monkeypatch)
    monkeypatch.setattr(keys, "now", lambda: town.now.timestamp())
    networked.connect(town, ours(network), "masto", network, {"token": "pasted"}, about, monkeypatch)
    network.given["pasted"] = "brand"
    given = network._made("brand", refresh=True)
    kept = {
        "token": given["access_token"],
        "refresh_token": given["refresh_token"],
        "given_at": town.now.isoformat(),
        "expires_at": (town.now + timedelta(hours=2)).isoformat(),
    }
    wiring.secrets().put(KEPT, kept)
    wiring.secrets().put(BESIDE, {"client_id": "us", "client_secret": "s"})
    return town


def ours(network: OAuth, *more: Channel) -> Brand:
    about = {"instance": network.url, "account": "brand"}
    channel = Channel(id="masto", platform="mastodon", name="Mastodon", settings=about)
    return replace(brand(), channels=(*brand().channels, channel, *more))


def use(network: OAuth, *, fresh: bool = False) -> None:
    """A worker asks the network with the channel's key; it works."""
    wiring.channel_platform(ours(network), "masto", fresh=fresh).following()


def kept() -> dict[str, str]:
    return dict(wiring.secrets().get(KEPT, fresh=True))


def renewals(network: OAuth) -> int:
    return sum(each.path == "/oauth/token" for each in network.requests)


# renewed --------------------------------------------------------------------------------------------


def test_a_token_is_renewed_before_it_ends_and_what_was_there_is_kept_beside(
    town: Town, network: OAuth
) -> None:
    was = kept()
    use(network)
    assert renewals(network) == 0, "it is good for two hours"
    town.now += timedelta(minutes=101)
    use(network)
    use(network)
    assert renewals(network) == 1
    now = kept()
    assert now["token"] in network.given
    assert now["token"] != was["token"]
    assert (now["token_before"], now["refresh_token_before"]) == (was["token"], was["refresh_token"])
    assert now["expires_at"] == (town.now + timedelta(hours=2)).isoformat()
    town.now += timedelta(minutes=101)
    use(network)
    assert kept()["token_before"] == now["token"], "two versions, no more"


def test_a_token_that_is_refused_early_is_renewed_at_once(town: Town, network: OAuth) -> None:
    network.revoke(kept()["token"])
    with pytest.raises(Unauthorized):
        use(network)
    use(network, fresh=True)
    assert renewals(network) == 1


def test_who_was_refused_with_what_another_renewed_takes_that(town: Town, network: OAuth) -> None:
    use(network)
    network.revoke(kept()["token"])
    other = wiring.secrets()
    wiring.secrets.cache_clear()
    with pytest.raises(Unauthorized):
        use(network)
    use(network, fresh=True)
    wiring.secrets.cache_clear()
    assert other is not wiring.secrets()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "secrets", lambda: other)
        with pytest.raises(Unauthorized):
            use(network)
        use(network, fresh=True)
    assert renewals(network) == 1


def test_while_one_renews_the_others_go_on_or_come_back(town: Town, network: OAuth) -> None:
    town.now += timedelta(minutes=101)
    assert lease(town)
    use(network)
    assert renewals(network) == 0
    town.now += timedelta(minutes=30)
    assert lease(town)
    with pytest.raises(Unavailable, match="being renewed"):
        use(network)
    town.now += renew.LEASE
    use(network)
    assert renewals(network) == 1


def lease(town: Town) -> bool:
    """Another worker begins."""
    mark = blake2s(f"renew\0{KEPT}".encode(), digest_size=20).hexdigest()
    return wiring.once().first(mark, town.now, town.now + renew.LEASE)


@pytest.mark.parametrize("how", ["lost", "garbage", "empty", "none", "down", "refused", "rest"])
def test_a_good_token_is_never_written_over_by_none(town: Town, network: OAuth, how: str) -> None:
    was = kept()
    town.now += timedelta(minutes=101)
    answers = {
        "garbage": (200, b"<html>"),
        "none": (200, b"{}"),
        "down": (503, b""),
        "refused": (400, b'{"error": "invalid_grant"}'),
        "rest": (429, b""),
    }
    network.drops = how == "lost"
    network.empty = "" if how == "empty" else None
    if how in answers:
        network.fails, network.says, network.failures = *answers[how], 1
    with pytest.MonkeyPatch.context() as patch:
        if how == "lost":
            network.forgives = True
        use_token(network, patch)
    assert kept() == was
    network.drops, network.empty, network.fails = False, None, 0
    network.forgives = True
    town.now += renew.REST if how == "refused" else renew.LEASE
    use(network)
    assert kept()["token"] != was["token"]


def use_token(network: OAuth, patch: pytest.MonkeyPatch) -> None:
    """The token there is works on, whatever the token endpoint does."""
    from chalicelib.platforms._oauth import Client

    asked = Client.renew

    def renewed(self: Client, token: str) -> dict[str, str]:
        try:
            return asked(self, token)
        finally:
            network.drops = False

    patch.setattr(Client, "renew", renewed)
    use(network)


def test_a_refresh_token_that_is_not_given_again_stays(town: Town, network: OAuth) -> None:
    network.rotates = False
    was = kept()
    town.now += timedelta(minutes=101)
    use(network)
    assert kept()["refresh_token"] == was["refresh_token"]
    assert kept()["token"] != was["token"]


def test_a_module_may_renew_in_a_way_of_its_own(
    town: Town, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []
    until = (town.now + timedelta(days=60)).isoformat()

    def renewed(settings: Any, secrets: Any, kit: Any) -> dict[str, str]:
        asked.append(dict(secrets))
        network.given["longer"] = "brand"
        return {"token": "longer", "expires_at": until}

    monkeypatch.setattr(mastodon, "renewed", renewed, raising=False)
    town.now += timedelta(minutes=101)
    use(network)
    assert (kept()["token"], kept()["expires_at"]) == ("longer", until)
    assert asked[0]["client_secret"] == "s"
    assert renewals(network) == 0
    monkeypatch.setattr(mastodon, "renewed", lambda *_: {"token": ""}, raising=False)
    town.now += timedelta(days=55)
    use(network)
    assert kept()["token"] == "longer"


def test_where_the_refresh_token_is_refused_the_one_before_is_tried_as_nothing_is_lost(
    town: Town, network: OAuth
) -> None:
    was = kept()
    wiring.secrets().put(
        KEPT, {**was, "refresh_token": "of-a-lost-race", "refresh_token_before": was["refresh_token"]}
    )
    town.now += timedelta(hours=3)
    network.revoke(was["token"])
    use(network)
    assert kept()["token"] in network.given


@pytest.mark.parametrize("then", [{"token": "by-hand", "refresh_token": "its own"}, {}])
def test_what_a_person_connected_or_threw_away_while_it_was_renewed_stands(
    town: Town, network: OAuth, monkeypatch: pytest.MonkeyPatch, then: dict[str, str]
) -> None:
    from chalicelib.platforms._oauth import Client

    network.given["by-hand"] = "brand"
    asked = Client.renew

    def renewed(self: Client, token: str) -> dict[str, str]:
        wiring.secrets().put(KEPT, then) if then else wiring.secrets().remove(KEPT)
        return asked(self, token)

    monkeypatch.setattr(Client, "renew", renewed)
    town.now += timedelta(minutes=101)
    if then:
        use(network)
        assert network.requests[-1].headers["authorization"] == "Bearer by-hand"
    else:
        with pytest.raises(Unauthorized):
            use(network)
    assert renewals(network) == 1
    assert kept() == then


# connected anew -------------------------------------------------------------------------------------


REDIRECT = "https://console.example/connect/back/mastodon"


def holder(network: OAuth) -> Holder:
    settings = {"instance": network.url, "account": "brand"}
    return Holder(
        kind="channel", brand=BRAND, id="masto", platform="mastodon", name="Mastodon", settings=settings
    )


def connect_anew(network: OAuth) -> None:
    """A person does, who was asked already."""
    ours, verifier = holder(network), "v" * 43
    there = wiring.connecting().begin(ours, redirect=REDIRECT, state="s", verifier=verifier)
    code = parse_qs(urlsplit(network.agree(there)).query)["code"][0]
    wiring.connecting().finish(ours, code=code, redirect=REDIRECT, verifier=verifier)


def test_who_connects_while_it_is_renewed_waits_and_uses_no_code(
    town: Town, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "PAUSE", 0)
    was = kept()
    assert lease(town)
    with pytest.raises(Unavailable, match="being renewed"):
        connect_anew(network)
    assert renewals(network) == 0, "nothing was asked"
    assert kept() == was
    town.now += renew.LEASE
    connect_anew(network)
    assert kept()["token"] != was["token"]
    connect_anew(network)
    assert lease(town), "it is let go"


def test_what_is_connected_while_a_worker_would_renew_it_stands(
    town: Town, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.platforms._oauth import Client

    town.now += timedelta(minutes=101)
    asked, used = Client.exchange, list[str]()

    def exchange(self: Client, **given: str) -> dict[str, str]:
        use(network)
        used.append("on with the token there is")
        return asked(self, **given)

    monkeypatch.setattr(Client, "exchange", exchange)
    connect_anew(network)
    assert used
    assert renewals(network) == 1, "the code; nobody renewed"
    now = kept()
    use(network)
    assert kept() == now


def test_a_key_that_is_refused_when_it_is_connected_is_let_go(town: Town, network: OAuth) -> None:
    was = kept()
    network.account = "another"
    with pytest.raises(Unauthorized):
        connect_anew(network)
    assert kept() == was
    assert lease(town)


@pytest.mark.crash
def test_wherever_connecting_breaks_off_there_is_a_good_key(
    aws: World, feeds: Feeds, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, points_now = wiring.authorization, list[Points]()
    monkeypatch.setattr(
        wiring, "authorization", lambda *of: points_now[-1].wrap(ask(*of)) if points_now else ask(*of)
    )

    def fresh() -> Town:
        points_now.clear()
        return connected(aws.fresh(), feeds, network, monkeypatch)

    def run(town: Town, points: Points) -> None:
        points_now.append(points)
        connect_anew(network)

    def redeliver(town: Town) -> None:
        points_now.clear()
        wiring.secrets.cache_clear()
        use(network)
        town.now += renew.LEASE
        connect_anew(network)
        use(network)

    for mode, k, town in every_crash(fresh, run, redeliver):
        assert kept()["token"] in network.given, f"{mode} call {k}"
        town.now += timedelta(minutes=101)
        use(network)
        assert kept()["token"] in network.given, f"{mode} call {k}"


@pytest.mark.crash
@pytest.mark.parametrize("forgives", [True, False])
def test_wherever_a_renewal_breaks_off_the_account_is_not_lost(
    aws: World, feeds: Feeds, network: OAuth, monkeypatch: pytest.MonkeyPatch, forgives: bool
) -> None:
    network.forgives = forgives
    ask, points_now = wiring.authorization, list[Points]()
    monkeypatch.setattr(wiring, "authorization", lambda *of: points_now[-1].wrap(ask(*of)))

    def fresh() -> Town:
        town = connected(aws.fresh(), feeds, network, monkeypatch)
        town.now += timedelta(minutes=101)
        return town

    def run(town: Town, points: Points) -> None:
        points_now.append(points)
        use(network)

    def redeliver(town: Town) -> None:
        wiring.secrets.cache_clear()
        assert kept()["token"] in network.given, "what is kept is a token that is good"
        town.now += renew.LEASE
        use(network)
        use(network)

    for mode, k, town in every_crash(fresh, run, redeliver):
        place = f"{mode} call {k}"
        assert kept()["token"] in network.given, place
        if forgives or mode == "whole":
            town.now += timedelta(hours=1)
            use(network)
            town.now += timedelta(hours=1)
            use(network)
            assert kept()["refresh_token"] in network.refreshing, place


def test_a_channel_whose_network_was_not_asked_yet_says_so(town: Town, network: OAuth) -> None:
    wiring.secrets().remove(KEPT)
    with pytest.raises(Unauthorized, match="not connected yet"):
        use(network)


# tried once a day --------------------------------------------------------------------------------------


def measure(town: Town, **later: int) -> datetime:
    """When it ran."""
    town.now += timedelta(**later)
    at = town.now
    app.measure_posts(TICK, Context())
    town.tick()
    town.settle(2)
    return at


def day(town: Town) -> None:
    """Until 08:12 of the brand's next day, when it is tried, and its bell is done."""
    here = town.now.replace(hour=7, minute=12)
    measure(town, seconds=int((here - town.now).total_seconds()) + 86_400)


def alone(town: Town) -> None:
    """Only the source with the pasted key, which nobody polls."""
    wiring.secrets().remove(KEPT)
    for source, _ in wiring.sources().of(BRAND):
        wiring.sources().put(replace(source, interval=1_440 if source.id == "masto" else 0))


def told(town: Town) -> list[str]:
    return [subject for subject in subjects(town) if "leutel" in subject]


def learned(of: str = "source/masto") -> Any:
    return wiring.pulse().tested(BRAND).get(of)


def tries(network: OAuth) -> int:
    return sum(each.path.endswith("verify_credentials") for each in network.requests)


def test_a_key_is_tried_once_a_day_from_seven_where_the_brand_is(town: Town, network: OAuth) -> None:
    alone(town)
    assert measure(town) == learned().held, "never tried: at once"
    asked = tries(network)
    for _ in range(20):
        measure(town, minutes=15)
    assert tries(network) == asked
    before = town.now
    town.now = town.now.replace(hour=5, minute=45) + timedelta(days=1)
    measure(town)
    assert learned().tried < before
    assert measure(town, minutes=30) == learned().tried
    assert told(town) == []


def test_a_key_that_is_refused_rings_once_with_the_way_to_mend_it(town: Town, network: OAuth) -> None:
    alone(town)
    measure(town)
    network.revoke("pasted")
    for _ in range(3):
        day(town)
    assert told(town) == ["Sleutel wordt niet meer aangenomen: Masto"]
    (mail,) = (each for each in mails(town) if "leutel" in each["subject"])
    assert "https://console.example/alerts/" in str(mail)
    (notice,) = (each for each in wiring.notices().newest(BRAND)[0] if each.bell == "desk.keys")
    assert [hush.path for hush in notice.hushes] == ["/sources/masto"]
    network.given["pasted"] = "brand"
    day(town)
    assert wiring.notices().lapses(BRAND) == ()
    network.revoke("pasted")
    day(town)
    assert len(told(town)) == 2, "it broke anew"


def test_several_places_of_one_account_are_one_cause(town: Town, network: OAuth) -> None:
    about = {"instance": network.url, "account": "brand"}
    second = Channel(id="second", platform="mastodon", name="Ook", settings=about)
    wiring.brands().put(ours(network, second))
    wiring.secrets().put(f"channel/{BRAND}/second", {"token": "pasted"})
    network.given.clear()
    network.refreshing.clear()
    measure(town)
    day(town)
    assert told(town) == ["Sleutel wordt niet meer aangenomen: Mastodon"]
    (hush,) = wiring.notices().lapses(BRAND)
    assert hush.path == "/brand/channels/masto"
    assert all(learned(of).refused for of in ("channel/masto", "channel/second", "source/masto"))


def test_an_outage_is_no_broken_key(town: Town, network: OAuth) -> None:
    alone(town)
    measure(town)
    network.fails = 503
    day(town)
    assert (learned().refused, told(town)) == (None, [])
    assert learned().reason
    asked = tries(network)
    measure(town, minutes=15)
    assert tries(network) == asked, "it is left alone for an hour"
    network.fails = 0
    assert measure(town, minutes=60) == learned().held
    assert learned().reason == ""


def test_it_warns_two_weeks_a_week_and_a_day_ahead(
    town: Town, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone(town)
    ends = town.now + timedelta(days=20)
    monkeypatch.setattr(mastodon.Mastodon, "check", lambda self: ends)
    for _ in range(20):
        day(town)
    assert told(town) == [
        "Sleutel eindigt binnen twee weken: Masto",
        "Sleutel eindigt binnen een week: Masto",
        "Sleutel eindigt binnen een dag: Masto",
    ]
    assert learned().ends == ends


def test_what_renews_itself_warns_of_nothing_until_that_ends(town: Town, network: OAuth) -> None:
    wiring.secrets().put(f"source/{BRAND}/masto", kept())
    wiring.secrets().put(f"sourceapp/{BRAND}/masto", {"client_id": "us", "client_secret": "s"})
    wiring.secrets().remove(KEPT)
    for _ in range(3):
        day(town)
    assert told(town) == []
    assert learned().ends is None
    ends = (town.now + timedelta(days=10)).isoformat()
    secret = dict(wiring.secrets().get(f"source/{BRAND}/masto", fresh=True))
    wiring.secrets().put(f"source/{BRAND}/masto", {**secret, "refresh_expires_at": ends})
    network.rotates = False
    day(town)
    assert told(town) == ["Sleutel eindigt binnen twee weken: Masto"]


def test_a_source_that_was_told_of_as_it_does_not_answer_is_not_told_of_again(
    town: Town, network: OAuth
) -> None:
    alone(town)
    measure(town)
    network.revoke("pasted")
    town.run(town.now + timedelta(hours=1))
    source, state = wiring.sources().get(BRAND, "masto")
    failing = replace(
        state, rev=state.rev + 1, failing_since=town.now - timedelta(hours=5), reason="HTTP 401"
    )
    assert wiring.sources().set_state(source, state, failing)
    town.now += timedelta(hours=1)
    app.relate_to_people(TICK, Context())
    town.settle(2)
    assert "Bron antwoordt niet: Masto" in subjects(town)
    day(town)
    assert learned().refused
    assert told(town) == []
    app.relate_to_people(TICK, Context())
    day(town)
    assert told(town) == []


def test_a_channel_that_is_not_connected_yet_is_no_broken_key(town: Town, network: OAuth) -> None:
    wiring.secrets().remove(KEPT)
    wiring.secrets().remove(f"source/{BRAND}/masto")
    day(town)
    assert wiring.pulse().tested(BRAND) == {}
    assert told(town) == []


@pytest.mark.crash
def test_wherever_the_test_breaks_off_it_is_told_at_least_once_and_at_most_twice(
    aws: World, feeds: Feeds, network: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = connected(aws.fresh(), feeds, network, monkeypatch)
        alone(town)
        network.given.clear()
        return town

    def run(town: Town, points: Points) -> None:
        app.measure_posts(TICK, Context())

    def redeliver(town: Town) -> None:
        for _ in range(2):
            measure(town, minutes=15)

    for mode, k, town in every_crash(fresh, run, redeliver):
        assert 1 <= len(told(town)) <= 2, f"{mode} call {k}"
        assert len(wiring.notices().lapses(BRAND)) == 1, f"{mode} call {k}"


def test_no_token_is_told_to_the_log(town: Town, network: OAuth, capsys: pytest.CaptureFixture[str]) -> None:
    was = kept()
    network.fails, network.says = 400, json.dumps({"error": "x", "hint": was["refresh_token"]}).encode()
    town.now += timedelta(hours=3)
    measure(town)
    said = "".join(capsys.readouterr())
    assert was["token"] not in said
    assert was["refresh_token"] not in said
    assert isinstance(town.now, datetime)
