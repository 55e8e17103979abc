"""Alerts from a message to a colleague who looked, or to those who hear that nobody did; and the digests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.alerting import Notice, Ways, secret_of
from chalicelib.domain.brand import Brand
from chalicelib.stages import claim
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Context
from tests.harness.world import World
from tests.servers.chats import Chats
from tests.servers.feeds import Feeds
from tests.stages.planning import BRAND
from tests.stages.town import COMPLAINT, COMPLIMENT, TICK, Town, brand

DANGER = "Er lekt gas in de Lindebieb, bel 112! Mensen worden onwel, er is brandgevaar."
PRESS = (
    "Ik ben journalist van de Veldermeerse Courant en heb een persvraag aan de Lindebieb voor een artikel."
)


@pytest.fixture
def chats(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chats]:
    with Chats() as server:
        allowed = f"{town.feeds.host}:{town.feeds.port},{server.host}:{server.port}"
        monkeypatch.setenv("HTTP_ALLOW", allowed)
        settings.cache_clear()
        wiring.http.cache_clear()
        yield server


def desk(**more: Any) -> Brand:
    """The town's brand with its one department changed."""
    changed = replace(brand(), departments=(replace(brand().departments[0], **more),))
    wiring.brands().put(changed)
    return changed


def mails(town: Town) -> list[dict[str, Any]]:
    return [vars(mail) for mail in town.world.mails()]


def notices() -> list[Notice]:
    return wiring.notices().newest(BRAND)[0][::-1]


def subjects(town: Town) -> list[str]:
    return [mail["subject"] for mail in mails(town)]


def hear(town: Town, text: str, n: int, author: str = "kees") -> None:
    town.hear(text, id=f"r-{n}", author=author)
    town.drain()


# what rings --------------------------------------------------------------------------------------


def test_danger_and_the_press_ring_bells_of_their_own(town: Town) -> None:
    for n, text in enumerate((COMPLAINT, DANGER, PRESS)):
        hear(town, text, n, f"a{n}")
    assert {notice.bell for notice in notices()} == {"desk.negative", "desk.urgent", "desk.press"}
    told = subjects(town)
    assert told[0].startswith("@a0 is ontevreden:")
    assert told[1].startswith("DRINGEND, @a1:")
    assert told[2].startswith("Pers, @a2:")


def test_the_link_in_an_alert_is_its_receipt(town: Town) -> None:
    hear(town, COMPLAINT, 1)
    (notice,) = notices()
    assert notice.reached == ("mail",)
    assert f"https://console.example{notice.path}?case={town.case().key.slug}" in mails(town)[0]["body"]


def test_praise_waits_for_the_end_of_the_quiet_hours_and_anger_does_not(town: Town) -> None:
    desk(quiet="10:00-11:00")  # it is 10:12 there
    hear(town, COMPLIMENT, 1, "blij")
    hear(town, COMPLAINT, 2, "boos")
    assert subjects(town) == [notices()[0].subject]
    assert subjects(town)[0].startswith("@boos")
    town.settle(46)
    assert not [subject for subject in subjects(town) if "blij" in subject]
    town.settle(4)
    assert [subject for subject in subjects(town) if subject.startswith("@blij is blij")]


NOOR = Ways(brand=BRAND, user="7f3a-1", name="Noor", mail="noor@lindebieb.example", quiet="10:00-11:00")


def told_to(town: Town, address: str) -> list[str]:
    mine = [mail["subject"] for mail in mails(town) if mail["destinations"]["ToAddresses"] == [address]]
    return [subject for subject in mine if not subject.startswith("Bijna te laat")]


def test_in_a_colleagues_own_quiet_hours_praise_waits_for_them_alone(town: Town) -> None:
    wiring.notices().set_ways(NOOR)  # it is 10:12 there
    wiring.notices().set_ways(replace(NOOR, user="2", name="Kim", mail="kim@lindebieb.example", quiet=""))
    hear(town, COMPLIMENT, 1, "blij")
    hear(town, COMPLAINT, 2, "boos")
    town.wait(minutes=11)
    hear(town, COMPLIMENT + " Dank!", 3, "ook")
    assert [each[:5] for each in told_to(town, NOOR.mail)] == ["@boos"]
    assert [each[:5] for each in told_to(town, "kim@lindebieb.example")] == ["@blij", "@boos", "@ook "]
    town.settle(34)
    assert len(told_to(town, NOOR.mail)) == 1
    town.settle(6)
    assert told_to(town, NOOR.mail)[1:] == ["2 zaken voor Balie"]
    assert len(told_to(town, "desk@lindebieb.example")) == len(told_to(town, "kim@lindebieb.example")) == 3
    (own,) = [each for each in notices() if "@" in each.bell]
    assert own.reached == ("mail:Noor",)
    assert len(own.cases) == 2
    town.settle(30)
    assert len(told_to(town, NOOR.mail)) == 2


def test_who_is_told_no_more_or_is_no_longer_there_hears_nothing_when_the_hours_end(town: Town) -> None:
    wiring.notices().set_ways(NOOR)
    hear(town, COMPLIMENT, 1, "blij")
    wiring.notices().set_ways(replace(NOOR, departments=("elsewhere",), rev=2))
    town.settle(60)
    assert told_to(town, NOOR.mail) == []
    assert len(notices()) == 1


def test_what_is_nearly_late_rings_once_before_the_promise_is_broken(town: Town) -> None:
    desk(other_within=60)
    hear(town, "Hoe laat gaat de Lindebieb open?", 1, "vraag")
    case = town.case()
    assert mails(town) == []
    town.until(lambda: bool(mails(town)), minutes=60)
    assert subjects(town)[0].startswith("Bijna te laat, @vraag:")
    assert timedelta(minutes=15) < case.due - town.now <= timedelta(minutes=30)
    town.settle(60)
    assert len([subject for subject in subjects(town) if subject.startswith("Bijna te laat")]) == 1


def test_what_comes_in_with_little_time_left_rings_at_once(town: Town) -> None:
    desk(other_within=20)
    town.now = town.now.replace(minute=10)
    town.tick()
    hear(town, "Hoe laat gaat de Lindebieb open?", 1, "vraag")
    assert subjects(town)[0].startswith("Bijna te laat, @vraag:")
    town.settle(30)
    assert len(mails(town)) == 1


def test_what_was_answered_in_time_never_rings_as_late(town: Town) -> None:
    desk(other_within=60)
    hear(town, "Hoe laat gaat de Lindebieb open?", 1, "vraag")
    town.approve(town.case())
    town.drain()
    town.settle(70)
    assert mails(town) == []


# who is told -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["slack", "teams", "discord", "telegram", ""])
def test_a_department_is_told_in_its_chat(town: Town, chats: Chats, kind: str) -> None:
    desk(alert_webhook=True)
    wiring.secrets().put(f"alert/{BRAND}/desk", {"url": chats.address(kind)})
    hear(town, COMPLAINT, 1)
    (said,) = chats.taken[kind]
    assert "ontevreden" in said
    assert notices()[0].reached == ("mail", "webhook")


def test_a_colleague_is_told_by_two_ways_and_one_of_them_may_fail(town: Town, chats: Chats) -> None:
    wiring.notices().set_ways(
        Ways(brand=BRAND, user="1", name="Noor", mail="noor@lindebieb.example", chat=True)
    )
    wiring.secrets().put(secret_of(BRAND, "1"), {"url": chats.address("slack")})
    chats.mood = "down"
    hear(town, COMPLAINT, 1)
    assert notices()[0].reached == ("mail", "mail:Noor")
    assert [mail["destinations"]["ToAddresses"] for mail in mails(town)] == [
        ["desk@lindebieb.example"],
        ["noor@lindebieb.example"],
    ]
    chats.mood = ""
    town.wait(minutes=11)
    hear(town, COMPLAINT + " Weer.", 2, "ander")
    assert notices()[1].reached == ("mail", "mail:Noor", "chat:Noor")


def test_an_address_that_is_the_departments_too_is_told_once(town: Town) -> None:
    wiring.notices().set_ways(Ways(brand=BRAND, user="1", name="Noor", mail="desk@lindebieb.example"))
    hear(town, COMPLAINT, 1)
    assert len(mails(town)) == 1


def test_each_colleague_is_told_in_their_own_language_and_the_department_in_the_brands(
    town: Town, chats: Chats
) -> None:
    ways = Ways(brand=BRAND, user="1", name="Kim", mail="kim@lindebieb.example", chat=True, told_in="en")
    wiring.notices().set_ways(ways)
    wiring.notices().set_ways(Ways(brand=BRAND, user="2", name="Noor", mail="noor@lindebieb.example"))
    wiring.secrets().put(secret_of(BRAND, "1"), {"url": chats.address("slack")})
    hear(town, COMPLAINT, 1)
    told = {mail["destinations"]["ToAddresses"][0]: mail for mail in mails(town)}
    assert told["kim@lindebieb.example"]["subject"].startswith("@kees is unhappy:")
    assert "answer by" in told["kim@lindebieb.example"]["body"]
    for theirs in ("desk@lindebieb.example", "noor@lindebieb.example"):
        assert told[theirs]["subject"].startswith("@kees is ontevreden:")
        assert "antwoord uiterlijk" in told[theirs]["body"]
    (said,) = chats.taken["slack"]
    assert "is unhappy" in said
    (notice,) = notices()
    assert notice.subject_in("nl").startswith("@kees is ontevreden:")
    assert notice.subject_in("en").startswith("@kees is unhappy:")
    assert notice.subject_in("fr") == notice.subject


def test_an_english_brand_tells_a_dutch_reader_in_dutch(town: Town) -> None:
    wiring.brands().put(replace(brand(), languages=("en", "nl")))
    ways = Ways(brand=BRAND, user="1", name="Noor", mail="noor@lindebieb.example", told_in="nl")
    wiring.notices().set_ways(ways)
    hear(town, COMPLAINT, 1)
    assert [each.split(":")[0] for each in subjects(town)] == ["@kees is unhappy", "@kees is ontevreden"]


# nobody looked -----------------------------------------------------------------------------------


def test_where_nobody_looked_others_hear_of_it_once(town: Town) -> None:
    desk(escalate_mail=("hoofd@lindebieb.example",), escalate_after=15)
    hear(town, COMPLAINT, 1)
    town.settle(14)
    assert len(mails(town)) == 1
    town.settle(2)
    assert mails(town)[1]["destinations"]["ToAddresses"] == ["hoofd@lindebieb.example"]
    assert subjects(town)[1].startswith("Niemand keek: @kees is ontevreden")
    assert notices()[0].escalated_at
    town.settle(30)
    escalated = [subject for subject in subjects(town) if subject.startswith("Niemand keek")]
    assert len([subject for subject in escalated if "ontevreden" in subject]) == 1


@pytest.mark.parametrize("deed", ["open", "take", "answer"])
def test_who_looked_took_or_answered_in_time_is_left_in_peace(town: Town, deed: str) -> None:
    desk(escalate_mail=("hoofd@lindebieb.example",), escalate_after=15)
    hear(town, COMPLAINT, 1)
    town.settle(5)
    case = town.case()
    if deed == "open":
        wiring.notices().opened(notices()[0], "Noor", "1", town.now)
    elif deed == "take":
        claim.take(case.key, case.rev, "Noor", cases=wiring.cases(), now=town.now)
    else:
        town.approve(case)
        town.drain()
    town.settle(25)
    assert not [subject for subject in subjects(town) if subject.startswith("Niemand keek")]


def test_praise_is_nobodys_alarm(town: Town) -> None:
    desk(escalate_mail=("hoofd@lindebieb.example",))
    hear(town, COMPLIMENT, 1)
    town.settle(30)
    assert len(mails(town)) == 1


# more than usual ---------------------------------------------------------------------------------


def test_a_storm_against_the_habit_is_told_once(town: Town) -> None:
    hour = town.now.replace(minute=0, second=0, microsecond=0)
    wiring.notices().set_habit(BRAND, {hour - timedelta(hours=n): (1, 0) for n in range(24 * 7 * 5)}, None)
    for n in range(30):
        hear(town, f"Vandaag nummer {n} in de Lindebieb.", n, f"a{n}")
    town.wait(minutes=1)
    app.measure_posts(TICK, Context())
    town.settle(1)
    spikes = [notice for notice in notices() if notice.bell == "desk.spike"]
    assert spikes[0].subject.startswith("Meer dan anders: 30 berichten in een uur")
    assert spikes[0].surges[0].usual == 1
    town.wait(minutes=15)
    app.measure_posts(TICK, Context())
    town.settle(2)
    assert len([notice for notice in notices() if notice.bell == "desk.spike"]) == 1


def test_hours_are_counted_once_they_are_over(town: Town) -> None:
    hear(town, COMPLAINT, 1)
    town.wait(hours=1)
    app.measure_posts(TICK, Context())
    hour = town.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    assert wiring.notices().habit(BRAND)[0] == {hour: (1, 1)}
    app.measure_posts(TICK, Context())
    town.wait(hours=3)
    app.measure_posts(TICK, Context())
    known = wiring.notices().habit(BRAND)[0]
    assert known[hour] == (1, 1)
    assert [known[hour + timedelta(hours=n)] for n in (1, 2, 3)] == [(0, 0)] * 3


# the digest --------------------------------------------------------------------------------------


def relate(town: Town) -> None:
    app.relate_to_people(TICK, Context())


def test_the_morning_after_a_department_reads_what_came_was_done_and_waits(town: Town) -> None:
    desk(digest="daily")
    hear(town, COMPLAINT, 1, "boos")
    hear(town, COMPLIMENT, 2, "blij")
    case = next(each for each in town.cases() if each.author == "blij")
    town.approve(case)
    town.drain()
    before = len(mails(town))
    town.now = datetime(2026, 11, 17, 5, 50, tzinfo=UTC)  # 06:50 there
    relate(town)
    assert len(mails(town)) == before
    town.wait(minutes=60)
    for _ in range(3):
        relate(town)
    (letter,) = mails(town)[before:]
    assert letter["destinations"]["ToAddresses"] == ["desk@lindebieb.example"]
    assert letter["subject"] == "Balie: 1 wachten, 1 te laat"
    assert "Gisteren (16-11): 2 berichten over Lindebieb, waarvan 1 ontevreden en 1 blij." in letter["body"]
    assert (
        "Balie: 1 beantwoord, 0 gesloten zonder antwoord. Nu wachten er 1, waarvan 1 te laat."
        in letter["body"]
    )
    assert "@boos: " in letter["body"]


def test_a_week_is_told_of_on_monday_to_who_asked(town: Town) -> None:
    wiring.notices().set_ways(
        Ways(brand=BRAND, user="1", name="Noor", mail="noor@lindebieb.example", digest="weekly")
    )
    hear(town, COMPLAINT, 1, "boos")
    before = len(mails(town))
    for day in (17, 18, 22):
        town.now = datetime(2026, 11, day, 7, 30, tzinfo=UTC)
        relate(town)
    assert len(mails(town)) == before
    town.now = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    relate(town)
    (letter,) = mails(town)[before:]
    assert "Vorige week (16-11 t/m 22-11): 1 berichten" in letter["body"]


def test_an_overview_is_in_the_language_of_who_reads_it(town: Town) -> None:
    for user, language in (("1", "en"), ("2", "")):
        mail = f"{user}@lindebieb.example"
        ways = Ways(brand=BRAND, user=user, name=user, mail=mail, digest="daily", told_in=language)
        wiring.notices().set_ways(ways)
    hear(town, COMPLAINT, 1, "boos")
    before = len(mails(town))
    town.now = datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
    relate(town)
    letters = {mail["destinations"]["ToAddresses"][0]: mail["body"] for mail in mails(town)[before:]}
    assert letters["1@lindebieb.example"].startswith("Yesterday (16-11): 1 ")
    assert letters["2@lindebieb.example"].startswith("Gisteren (16-11): 1 ")


# broken off anywhere -----------------------------------------------------------------------------


@pytest.mark.crash
def test_whatever_breaks_somebody_hears_that_nobody_looked_and_that_time_runs_out(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same mail may come twice, and never not at all."""

    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        desk(escalate_mail=("hoofd@lindebieb.example",), other_within=60)
        town.hear(COMPLAINT, id="r-1", author="boos")
        town.hear("Hoe laat gaat de Lindebieb open?", id="r-2", author="vraag")
        town.drain()
        town.now = town.now.replace(minute=50)  # both fall due on a tick that looks
        return town

    def run(town: Town, points: Points) -> None:
        town.tick()

    def redeliver(town: Town) -> None:
        town.settle(25)

    for mode, k, town in every_crash(fresh, run, redeliver):
        told = subjects(town)
        assert any(subject.startswith("Niemand keek: @boos") for subject in told), f"{mode} call {k}"
        assert any(subject.startswith("Bijna te laat") for subject in told), f"{mode} call {k}"
        assert len(told) <= 8, f"{mode} call {k}"


@pytest.mark.crash
def test_whatever_breaks_praise_is_told_when_the_quiet_hours_of_a_colleague_end(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        wiring.notices().set_ways(NOOR)
        town.hear(COMPLIMENT, id="r-1", author="blij")
        return town

    def run(town: Town, points: Points) -> None:
        town.drain()
        town.now = town.now.replace(hour=10, minute=0)  # 11:00 there
        town.tick()

    def redeliver(town: Town) -> None:
        town.settle(70)

    for mode, k, town in every_crash(fresh, run, redeliver):
        assert len(told_to(town, NOOR.mail)) in (1, 2), f"{mode} call {k}"
        assert len(told_to(town, "desk@lindebieb.example")) in (1, 2), f"{mode} call {k}"


@pytest.mark.crash
def test_whatever_breaks_the_digest_comes_that_morning(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        desk(digest="daily")
        town.hear(COMPLAINT)
        town.drain()
        town.now = datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
        return town

    def run(town: Town, points: Points) -> None:
        relate(town)

    def redeliver(town: Town) -> None:
        town.wait(hours=1)
        relate(town)
        relate(town)

    for mode, k, town in every_crash(fresh, run, redeliver):
        letters = [subject for subject in subjects(town) if subject.startswith("Balie:")]
        assert len(letters) in (1, 2), f"{mode} call {k}"


@pytest.mark.crash
def test_whatever_breaks_a_storm_is_told_of_and_its_hours_counted(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        hour = town.now.replace(minute=0, second=0, microsecond=0)
        hours = {hour - timedelta(hours=n): (1, 0) for n in range(2, 24 * 7 * 5)}
        wiring.notices().set_habit(BRAND, hours, None)
        for n in range(15):
            town.hear(f"Vandaag nummer {n} in de Lindebieb.", id=f"r-{n}", author=f"a{n}")
        town.drain()
        town.wait(minutes=1)
        return town

    def run(town: Town, points: Points) -> None:
        app.measure_posts(TICK, Context())

    def redeliver(town: Town) -> None:
        town.settle(2)
        app.measure_posts(TICK, Context())
        town.settle(12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        told = [notice for notice in notices() if notice.bell == "desk.spike"]
        assert len(told) in (1, 2), f"{mode} call {k}"
        hour = town.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        assert wiring.notices().habit(BRAND)[0][hour] == (0, 0), f"{mode} call {k}"
