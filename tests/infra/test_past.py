"""The example's past is played by the stages themselves: dated last month, answered in time and late."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import app
from chalicelib import wiring
from chalicelib.brandfile.file import read
from chalicelib.brandfile.load import load
from chalicelib.domain.brand import Brand
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.month import Facts, span
from chalicelib.domain.post import PostKey
from chalicelib.domain.slots import free
from chalicelib.platforms.sandbox import wall
from infra.local.world import EXAMPLE, past, posts
from infra.local.world.times import ZONE, Calendar, boiler, last_month, lines
from tests.conftest import NOW
from tests.harness.poller import Poller
from tests.harness.world import World
from tests.stages.town import gatherer

MONTH = "2026-10"
WORKERS = {"understand": app.understand_mentions, "respond": app.respond_to_mentions}
PAGE = "wiekeling.wall"
"""The sandbox's account."""


@pytest.fixture
def calendar(tmp_path: Path) -> Calendar:
    return Calendar(tmp_path, NOW)


@pytest.fixture
def brand(aws: World) -> Brand:
    setup = read(EXAMPLE, now=NOW)
    load(
        setup,
        brands=wiring.brands(),
        sources=wiring.sources(),
        secrets=wiring.secrets(),
        tasks=wiring.tasks(),
    )
    return setup.brand


def facts(brand: Brand) -> Facts:
    return gatherer().facts(brand, MONTH, (), NOW)


def play(brand: Brand, calendar: Calendar, aws: World) -> None:
    past.hear(brand, calendar)
    past.publish(brand, posts.past(brand, calendar), calendar.first_start)
    past.count_followers(brand, calendar)
    workers = Poller(aws, WORKERS)

    def rounds() -> Iterator[bool]:
        """Nothing has a case when the answering begins; then all is judged at once."""
        yield False
        workers.drain()
        yield False
        yield True

    past.reply(brand, calendar, rounds())
    assert not workers.errors


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the month: moto copies its whole table in every transaction."""
    every, talks = posts.past, past.talks
    monkeypatch.setattr(posts, "past", lambda brand, calendar: every(brand, calendar)[::4])
    monkeypatch.setattr(past, "talks", lambda calendar: [*talks(calendar)][:4])


# posts -------------------------------------------------------------------------------------------


def test_last_month_is_posted_on_its_slots_through_weekdays_and_weekends(
    brand: Brand, calendar: Calendar
) -> None:
    found = posts.past(brand, calendar)

    walls = [planned.wish.slot.wall for planned in found]
    assert len(found) >= 20
    assert walls == sorted(set(walls))
    days = [datetime.fromisoformat(wall) for wall in walls]
    (channel,) = brand.channels
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert all(f"{day:%H:%M}" in channel.slots[names[day.weekday()]] for day in days)
    assert {day.date() for day in days} <= set(last_month(calendar))
    assert min(Counter(day.weekday() >= 5 for day in days).values()) >= 8
    assert {planned.wish.goal for planned in found} == {"", *(goal.id for goal in brand.goals)}
    told = next(planned for planned in found if "koud" in planned.wish.texts[0][1])
    assert told.wish.slot.wall[:10] == str(boiler(calendar))
    assert all(planned.by for planned in found)


@pytest.mark.parametrize("day", range(7))
def test_the_next_days_are_planned_through_the_weekend_and_leave_room(brand: Brand, day: int) -> None:
    now = NOW + timedelta(days=day)
    found = [planned.wish.slot for planned in posts.coming(brand, (), now)]
    again = [planned.wish.slot for planned in posts.coming(brand, (), now + timedelta(minutes=7))]

    assert all(now <= slot.at() <= now + posts.AHEAD for slot in found)
    assert {5, 6} & {datetime.fromisoformat(slot.wall).weekday() for slot in found}
    assert len({slot.wall for slot in found}) == len(found)
    assert 8 <= len(found) <= 13 < 16 <= len(free(brand, (), now, now + posts.AHEAD))
    assert again == found, "a second start plans no others"


def test_what_is_planned_already_and_what_was_cancelled_stays(brand: Brand) -> None:
    past.plan_ahead(brand, NOW)
    (first, *_) = wiring.deliveries().planned("wiekeling", NOW)
    post, _ = wiring.posts().get(first.key.owner) if isinstance(first.key.owner, PostKey) else (None, None)
    assert post is not None
    before = {each.key for each in wiring.deliveries().planned(brand.id, NOW)}

    past.plan_ahead(brand, NOW + timedelta(minutes=3))

    assert {each.key for each in wiring.deliveries().planned(brand.id, NOW)} == before
    assert post.slot.at() <= NOW, "one leaves at once"


# the whole month ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("few")
def test_last_month_is_there_as_if_we_had_been_there(brand: Brand, calendar: Calendar, aws: World) -> None:
    play(brand, calendar, aws)
    found = facts(brand)

    start, end = span(MONTH, brand.zone)
    sent = [row for row in found.deliveries if row.kind == "post"]
    replies = [row for row in found.deliveries if row.kind == "reply"]
    assert {row.state for row in found.deliveries} == {DeliveryState.CONFIRMED}
    assert all(start <= row.at < end for row in sent)
    assert len(sent) == len(posts.past(brand, calendar))
    assert {row.step for row in sent} == {3}
    zone = ZoneInfo(brand.zone)
    reach = Counter[bool]()
    number = Counter[bool]()
    for row in sent:
        weekend = row.at.astimezone(zone).weekday() >= 5
        reach[weekend] += row.reach or 0
        number[weekend] += 1
    assert reach[True] / number[True] > 1.2 * reach[False] / number[False]

    talked = list(past.talks(calendar))
    assert len(found.cases) == len(talked) == len(replies)
    assert {row.state for row in found.cases} == {"answered"}
    late = [row for row in found.cases if row.answered_at and row.answered_at > row.due]
    assert len(late) == sum(talk.share > 1 for talk in talked)
    assert 0 < len(late) < len(found.cases) / 2
    assert all(row.answered_at and row.answered_at < NOW for row in found.cases)
    assert {row.by for row in found.deliveries} <= {"Sanne Veltman", "Bram Oosterhof", "Jolien Hagedoorn"}
    assert [row.day for row in found.following] == [str(day) for day in last_month(calendar)]
    followed = [row.followers or 0 for row in found.following]
    assert wiring.channel_platform(brand, "wall").following()[0] >= followed[-1] > followed[0]
    dates = [entry.note.at for entry in wall(wiring.shelf(), PAGE)]
    assert len(dates) == len(sent) + len(replies)
    assert max(dates) < NOW.replace(day=1), "nothing of the past stands on the page as of today"


@pytest.mark.usefixtures("few")
def test_a_second_start_changes_nothing(brand: Brand, calendar: Calendar, aws: World) -> None:
    play(brand, calendar, aws)
    before = aws.items()
    sent = len(aws.mails())

    play(brand, calendar, aws)

    assert sorted(aws.items(), key=str) == sorted(before, key=str)
    assert len(aws.mails()) == sent


@pytest.mark.usefixtures("few")
def test_a_start_that_broke_off_goes_on(
    brand: Brand, calendar: Calendar, aws: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as power:
        power.setattr(past, "_measure", crash)
        with pytest.raises(RuntimeError):
            play(brand, calendar, aws)
    play(brand, calendar, aws)

    assert {row.step for row in facts(brand).deliveries if row.kind == "post"} == {3}


def test_on_the_first_of_a_month_everything_was_answered_before(tmp_path: Path) -> None:
    calendar = Calendar(tmp_path, datetime(2026, 12, 1, 7, tzinfo=UTC))
    found = list(past.talks(calendar))

    assert {talk.at.strftime("%Y-%m") for talk in found} == {"2026-11"}
    assert len({talk.id for talk in found}) == len(found)
    assert max(talk.at for talk in found) < datetime(2026, 11, 26, tzinfo=UTC)


def test_nobody_posts_or_asks_what_somebody_else_wrote(calendar: Calendar) -> None:
    rows = (EXAMPLE.parent / "posts.tsv").read_text("utf-8").splitlines()
    texts = [row.split("\t")[-1] for row in rows if not row.startswith("#")]
    texts += [talk.text for talk in past.talks(calendar)]
    texts += [line.text for name in ("history.tsv", "square.tsv", "reviews.tsv") for line in lines(name)]
    assert len(set(texts)) == len(texts)


def test_this_month_is_there_until_the_first_start_and_no_later(brand: Brand, calendar: Calendar) -> None:
    planned = [*posts.recent(brand, calendar)]
    today = calendar.first_start.astimezone(ZONE).date()

    assert [*posts.recent(brand, calendar)] == planned
    assert len({each.wish.id for each in planned}) == len(planned) >= today.day - 1
    days = {date.fromisoformat(each.wish.slot.wall[:10]) for each in planned}
    assert all(today.replace(day=1) <= day < today for day in days)
