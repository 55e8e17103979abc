"""Everything on the desk, in memory, and ways to fill it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain import clock
from chalicelib.domain.brand import Brand, Channel, Department, Watch
from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, CaseState, Draft, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.verdict import Evidence, Reading, Sentiment, Verdict
from chalicelib.errors import BadInput
from chalicelib.ports import Counts
from chalicelib.web.desk import Desk, WallLine
from tests.web import fakes

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
"""Monday, 09:12 on the library's clock."""
WEEK: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:30",))

BRAND = Brand(
    id="veldermeer",
    name="Bibliotheek Veldermeer",
    zone="Europe/Amsterdam",
    languages=("nl", "en"),
    departments=(
        Department(id="uitlening", name="Uitlening", hours={**WEEK, "sun": ("12:00-17:00",)}),
        Department(id="jeugd", name="Jeugd", hours=WEEK),
    ),
    channels=(
        Channel(id="proefkanaal", platform="sandbox", name="Proefkanaal", settings={"account": "veldermeer"}),
        Channel(id="mastodon", platform="mastodon", name="@bibveldermeer"),
    ),
    watches=(
        Watch(id="naam", name="Onze naam", terms=("bieb veldermeer", "#zondagopen"), exclude=("camping",)),
    ),
)


class World:
    """Everything on the desk, and what was done there."""

    def __init__(self) -> None:
        self.brands = fakes.Brands(BRAND)
        self.mentions = fakes.Mentions()
        self.sources = fakes.Sources()
        self.cases = fakes.Cases()
        self.tasks = fakes.Tasks()
        self.users = fakes.Users()
        self.lines: list[WallLine] = []
        self.mood = ""
        self.now = NOW

    def desk(self) -> Desk:
        return Desk(
            brands=self.brands,
            mentions=self.mentions,
            sources=self.sources,  # type: ignore[arg-type]
            cases=self.cases,
            deliveries=fakes.Deliveries(self.cases),
            shelf=fakes.Shelf(),
            tasks=self.tasks,
            users=self.users,
            counts=self.counts,
            say=self._say,
            wall=lambda brand, channel: list(self.lines),
            mood=lambda brand, channel: self.mood,
            set_mood=self._set_mood,
            now=lambda: self.now,
        )

    def counts(self, brand: Brand, channel: str) -> Counts | None:
        return fakes.Letters() if brand.channel(channel) else None

    def _say(self, brand: Brand, channel: str, author: str, text: str, at: datetime) -> None:
        self.lines.append(WallLine(id=f"in-{len(self.lines)}", author=author, ours=False, text=text, at=at))

    def _set_mood(self, brand: Brand, channel: str, mood: str) -> None:
        if mood not in ("", "refuse", "down"):
            raise BadInput("mood", "unknown")
        self.mood = mood

    # filling it -----------------------------------------------------------------------------------

    def heard(
        self,
        id: str,
        text: str,
        mood: Sentiment,
        *,
        marks: Sequence[str] = (),
        author: str = "regenjas42",
        when: datetime = NOW,
        language: str = "nl",
        platform: str = "mastodon",
        intents: tuple[str, ...] = (),
        state: str = "answer",
        **changes: str,
    ) -> Mention:
        key = MentionKey(BRAND.id, platform, id)
        mention = Mention(
            key=key,
            source="bron",
            author=Author(id=author, handle=author),
            text=text,
            posted_at=when,
            heard_at=when,
            url=changes.get("url", f"https://social.example/@{author.replace(' ', '')}/{id}"),
            watches=("naam",),
            channel=changes.get("channel", "mastodon"),
        )
        reading = Reading(
            language=language,
            sentiment=mood,
            probabilities=(0.94, 0.04, 0.02) if mood is Sentiment.NEGATIVE else (0.1, 0.2, 0.7),
            evidence=tuple(_evidence(text, mark) for mark in marks),
            intents=intents,
            urgency=2 if mood is Sentiment.NEGATIVE else 0,
            judge="lexicon-1",
        )
        verdict = Verdict(reading=reading, department="uitlening", rule="topic:reservering")
        self.mentions.judge(mention, verdict, state)
        return mention

    def case(self, mention: Mention, title: str, due: datetime, **changes: object) -> Case:
        _, verdict = self.mentions.get(mention.key)
        assert verdict
        case = Case(
            key=CaseKey(mention.key.brand, mention.key.platform, mention.key.id),
            rev=1,
            state=CaseState.OPEN,
            action=Action.ANSWER,
            department="uitlening",
            mention=mention.key,
            author=mention.author.handle,
            title=title,
            language=verdict.reading.language,
            sentiment=verdict.reading.sentiment,
            channel=mention.channel,
            received_at=mention.posted_at,
            due=due,
            reckoning=_lengths(mention.posted_at, due),
            rule="complaint",
            draft=Draft(
                text=f"@{mention.author.handle} Wat vervelend. We zoeken het uit en laten het je vandaag"
                " weten. Groet, {agent} van Bibliotheek Veldermeer",
                version=1,
                language="nl",
                source="Klacht",
            ),
            url=mention.url,
        )
        case = replace(case, **changes)  # type: ignore[arg-type]
        self.cases.open(case)
        heard = CaseEvent(at=mention.posted_at, id=mention.key.id, kind=EventKind.HEARD, mention=mention.key)
        self.cases.note(case.key, heard)
        return case

    def sent(self, case: Case, state: DeliveryState, reason: str = "") -> Delivery:
        """An approved answer in a state of its life, and the case as it then stands."""
        delivery = Delivery(
            key=DeliveryKey(case.key, case.channel, case.replies + 1),
            state=state,
            to=case.mention,
            to_author=case.author,
            text="@regenjas42 Het boek ligt nu bij de balie. Groet, Noor van Bibliotheek Veldermeer",
            language="nl",
            due=NOW,
            approved_by="Noor",
            approved_at=NOW - timedelta(minutes=2),
            token="t",
            sent_at=NOW - timedelta(minutes=1) if state in ("sent", "confirmed") else None,
            remote_url="https://social.example/@bibveldermeer/9" if state in ("sent", "confirmed") else "",
            reason=reason,
        )
        done = {"sent": "answered", "confirmed": "answered", "failed": "stuck"}.get(state.value, "sending")
        after = replace(
            case,
            rev=case.rev + 1,
            state=CaseState(done),
            draft=Draft(text=delivery.text, version=1, language="nl", source="", by="Noor")
            if done == "stuck"
            else None,
            replies=delivery.key.n,
            answered_at=delivery.sent_at,
            reason=reason,
        )
        event = CaseEvent(at=delivery.approved_at, id="reply-1", kind=EventKind.APPROVED, by="Noor", text="x")
        self.cases.approve(after, delivery, event)
        return delivery


def _lengths(received: datetime, due: datetime) -> tuple[int, ...]:
    """The sum of a promised hour, half day or day if it comes out so, else one open stretch."""
    hours = BRAND.departments[0].hours
    sums = (clock.due(received, within, hours, BRAND.zone) for within in (60, 240, 480))
    straight = (due - received) // timedelta(minutes=1)
    return next((found.lengths for found in sums if found.due == due), (straight,) if straight else ())


def _evidence(text: str, mark: str) -> Evidence:
    """`+goud waard` or `-er niets staat`: a passage of the text, and which way it speaks."""
    start = text.index(mark[1:])
    mood = Sentiment.POSITIVE if mark[0] == "+" else Sentiment.NEGATIVE
    return Evidence(start, start + len(mark) - 1, mood)
