"""Months of an invented library, as they were frozen: a full one, a first, an empty one, and small ones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.month import (
    VERSION,
    CaseRow,
    CostRow,
    DeedRow,
    DeliveryRow,
    Earlier,
    Facts,
    FollowingRow,
    HandoverRow,
    MentionRow,
    Named,
    Rate,
    SourceRow,
)

ZONE = "Europe/Amsterdam"
FROZEN = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
PEOPLE = ("ineke", "tomvdb", "bram_leest", "fatima.k", "Veldermeer Courant", "joost", "amina", "wim")
SAID = {
    "positive": "Wat een fijne middag in de bieb van Veldermeer, dank jullie wel",
    "negative": "Weer drie weken wachten op een gereserveerd boek bij Bibliotheek Veldermeer",
    "neutral": "Bibliotheek Veldermeer is maandag open tot 20 uur",
    "mixed": "Mooie nieuwe zaal, maar de koffie is op",
    "unsure": "nou, de bieb weer hoor",
}
TURN = ("positive", "neutral", "positive", "negative", "neutral", "positive", "mixed", "neutral", "unsure")
STORY = "Oma leert appen in de bieb: wat een prachtig verhaal"


RATES = (
    Rate(name="queues", usd=2.42),
    Rate(name="alarms", usd=0.6),
    Rate(name="clock", usd=0.23),
    Rate(name="mentions", usd=0.0000028),
    Rate(name="sending", usd=0.0000541),
)


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def empty(language: str = "nl") -> Facts:
    return Facts(
        v=VERSION,
        brand="veldermeer",
        name="Bibliotheek Veldermeer",
        month="2026-10",
        zone=ZONE,
        language=language,
        frozen_at=FROZEN,
        goals=(),
        channels=(Named(id="masto", name="@veldermeer op Mastodon"), Named(id="sky", name="Bluesky")),
        departments=(Named(id="desk", name="Balie"), Named(id="lending", name="Uitlening")),
        handovers=(),
        rates=RATES,
    )


def full(language: str = "nl") -> Facts:
    return replace(
        empty(language),
        goals=(
            Named(id="readers", name="500 nieuwe leden onder de 18 voor 1 juni 2027"),
            Named(id="apps", name="200 ouderen leren appen voor 1 mei 2027"),
            Named(id="noise", name="Minder klachten over reserveren"),
        ),
        watches=(Named(id="name", name="Onze naam"), Named(id="booking", name="Reserveren")),
        mentions=tuple(sorted(_mentions(), key=lambda row: (row.at, row.id))),
        cases=tuple(_cases()),
        handovers=tuple(sorted(_handovers(), key=lambda row: (row.at, row.id))),
        deliveries=tuple(sorted(_deliveries(), key=lambda row: (row.at, row.id))),
        following=(*_following(), FollowingRow(channel="sky", day="2026-10-31")),
        sources=(
            SourceRow(
                id="masto", name="Mastodon", platform="mastodon", last_success=FROZEN, last_heard=FROZEN
            ),
            SourceRow(
                id="forum",
                name="Forum Lezerskring",
                platform="feed",
                last_success=at(14),
                last_heard=at(13),
                failing_since=at(14, 9),
                reason="The server refuses us (403).",
            ),
            SourceRow(id="press", name="Dorpskrant", platform="feed", last_success=FROZEN),
        ),
        deeds=tuple(
            DeedRow(
                day=date(2026, 10, d).isoformat(),
                deed=("follow", "share", "answer")[d % 3],
                state="done" if d % 4 == 0 else "open",
                platform="mastodon",
                author=PEOPLE[d % 8],
                url=f"https://toot.example/@x/{d}",
                by="Sam" if d % 4 == 0 else "",
            )
            for d in range(1, 20)
        ),
        earlier=tuple(_earlier()),
        costs=tuple(
            CostRow(
                id=f"{month}/read/x/forum/{watch}/lending",
                month=month,
                kind="read",
                platform="x",
                source="forum",
                watch=watch,
                department="lending",
                micro_usd=micro,
            )
            for month, watch, micro in (
                ("2026-10", "naam", 4_205_000),
                ("2026-10", "", 95_000),
                ("2026-09", "naam", 3_000_000),
            )
        ),
    )


def first(language: str = "nl") -> Facts:
    return replace(full(language), earlier=())


def one_mention(language: str = "nl") -> Facts:
    return replace(empty(language), mentions=(_mention(1, 12, "positive", "ineke"),))


def one_of_each(language: str = "nl") -> Facts:
    """A single row of everything, and of September too."""
    whole = full(language)
    return replace(
        empty(language),
        goals=whole.goals[:1],
        mentions=(_mention(1, 12, "negative", "ineke"),),
        cases=(replace(_case(1, 12, 200), answered_at=None),),
        handovers=whole.handovers[:1] if whole.handovers else (),
        deliveries=(replace(_post(1, 12, 10, 0), reach=1, reactions=1),),
        following=whole.following[:1],
        sources=whole.sources[:1],
        deeds=whole.deeds[:1],
        earlier=(
            Earlier(
                month="2026-09",
                mentions=1,
                positive=1,
                negative=0,
                reach=1,
                reached=1,
                cases=1,
                posts=1,
                wait=60,
            ),
        ),
    )


def not_given(language: str = "nl") -> Facts:
    """Posts went out, and no network says what came of them."""
    whole = full(language)
    silent = (replace(row, reach=None, reactions=None, step=0) for row in whole.deliveries)
    quiet = (replace(row, reach=None) for row in whole.mentions)
    earlier = (replace(row, reach=None, reached=0) for row in whole.earlier)
    return replace(
        whole,
        deliveries=tuple(silent),
        mentions=tuple(quiet),
        earlier=tuple(earlier),
        following=(FollowingRow(channel="sky", day="2026-10-31"),),
    )


def no_reach(language: str = "nl") -> Facts:
    """A brand on Mastodon and Bluesky: they tell reactions and replies, and never how many people saw it."""
    whole = full(language)
    silent = (
        replace(row, reach=None, reactions=n % 9, replies=n % 4) for n, row in enumerate(whole.deliveries)
    )
    earlier = (replace(row, reach=None, reached=0, reactions=90, reacted=30) for row in whole.earlier)
    return replace(whole, deliveries=tuple(silent), earlier=tuple(earlier))


MONTHS = {
    "full": full,
    "first": first,
    "empty": empty,
    "one-mention": one_mention,
    "one-of-each": one_of_each,
    "not-given": not_given,
    "no-reach": no_reach,
}


def _mentions() -> list[MentionRow]:
    rows = [_mention(n, n % 31 + 1, TURN[n % 9], PEOPLE[(n * n) % 8]) for n in range(310)]
    story = [
        replace(
            _mention(1000 + n, 11, "positive", f"lezer{n}"),
            text=f"{STORY} https://kort.example/{n}",
            reach=90,
        )
        for n in range(16)
    ]
    return rows + story


def _mention(n: int, day: int, label: str, author: str) -> MentionRow:
    return MentionRow(
        id=f"veldermeer/mastodon/{10_000 + n}",
        at=at(day, 8 + n % 12, n % 60),
        platform="mastodon",
        author=author,
        language="nl",
        label=label,
        state={"negative": "answer", "positive": "thank"}.get(label, "ignore"),
        watches=("name", "booking") if label == "negative" else ("name",),
        department="lending" if label == "negative" else "desk",
        text=f"{SAID[label]} ({n})",
        url=f"https://toot.example/@{n}/{10_000 + n}",
        source="masto",
        intents=("complaint",) if label == "negative" else (),
        reach=None if n % 3 else 40 + n,
    )


def _cases() -> list[CaseRow]:
    cases = [_case(n, n % 31 + 1, 30 + (n * 37) % 260) for n in range(120)]
    return [*cases, *(replace(_case(500 + n, 20 + n, 0), answered_at=None) for n in range(3))]


def _case(n: int, day: int, minutes: int) -> CaseRow:
    received = at(day, 9, n % 60)
    return CaseRow(
        id=f"veldermeer/mastodon/{10_000 + n}",
        slug=f"dmVsZGVybWVlci{n}",
        action="answer",
        department="lending" if n % 3 else "desk",
        platform="mastodon",
        author=PEOPLE[n % 8],
        title="Drie weken wachten op een gereserveerd boek",
        label="negative" if n % 2 or n >= 500 else "neutral",
        state="answered" if minutes else "open",
        received_at=received,
        due=received + timedelta(hours=4),
        answered_at=received + timedelta(minutes=minutes),
        intents=("complaint",) if n % 2 or n >= 500 else ("question",),
    )


def _handovers() -> list[HandoverRow]:
    """Often from the desk to lending, seldom back, and some to a department that is gone."""
    ways = (("desk", "lending"), ("desk", "lending"), ("lending", "desk"), ("desk", "press"))
    return [
        HandoverRow(
            id=f"veldermeer/mastodon/{10_000 + n}/handed-2",
            slug=f"dmVsZGVybWVlci{n}",
            platform="mastodon",
            title="Drie weken wachten op een gereserveerd boek",
            at=at(n % 31 + 1, 9) + timedelta(minutes=(n * 97) % 1500),
            origin=ways[n % 4][0],
            department=ways[n % 4][1],
            since=at(n % 31 + 1, 9),
            reason="Gaat over een reservering",
        )
        for n in range(40)
    ]


def _deliveries() -> list[DeliveryRow]:
    """Every day one, on weekends two; nothing on the weekend of the 24th; the forum post never left."""
    posts, n = [], 0
    for day in range(1, 32):
        if day in (24, 25):
            continue
        free = date(2026, 10, day).weekday() >= 5
        for hour in (10, 20) if free else (12,):
            n += 1
            posts.append(_post(n, day, hour, (900 if free else 420) + (n * 53) % 160))
    posts[4] = replace(posts[4], reach=None, reactions=None)
    posts[7] = replace(posts[7], state="held", reason="the brake was on", reach=None, reactions=None, url="")
    posts[9] = replace(posts[9], at=posts[9].due + timedelta(minutes=9), goal="")
    posts[15] = replace(posts[15], goal="")
    return posts


def _post(n: int, day: int, hour: int, reach: int) -> DeliveryRow:
    due = at(day, hour)
    return DeliveryRow(
        id=f"veldermeer/p-{n:03}/masto/1",
        kind="post",
        slug=f"p-{n:03}",
        channel="masto",
        platform="mastodon",
        at=due + timedelta(seconds=n % 7),
        due=due,
        state="confirmed",
        title=f"Lezer van de dag, {n}",
        text="Wat las jij als kind? Vertel het ons.",
        url=f"https://toot.example/@veldermeer/{n}",
        by="Noor",
        goal="readers" if n % 2 else "apps",
        step=3,
        reach=reach,
        reactions=reach // 40,
        replies=2,
        shared=1,
    )


def _following() -> list[FollowingRow]:
    days = (date(2026, 10, day).isoformat() for day in range(1, 32))
    return [
        FollowingRow(channel="masto", day=d, followers=2100 + n, following=340) for n, d in enumerate(days)
    ]


def _earlier() -> list[Earlier]:
    reach = (11200, 10400, 12100, 12900, 12400, 11300, 10100, 10600, 13300, 14100)
    months = ("2025-11", "2025-12", *(f"2026-{n:02}" for n in range(1, 10) if n != 7))
    return [
        Earlier(
            month=month,
            mentions=300 + 7 * n,
            positive=100 + 3 * n,
            negative=44 - n,
            reach=value,
            reached=26,
            cases=90 + n,
            on_time=70 + n,
            wait=6600,
            posts=30,
            punctual=29,
        )
        for n, (month, value) in enumerate(zip(months, reach, strict=True))
    ]
