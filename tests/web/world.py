"""Everything on the desk, in memory, and ways to fill it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from chalicelib import platforms, wiring
from chalicelib.domain import clock
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, Channel, Department, Goal, Watch
from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, CaseState, Draft, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.keyring import Holder
from chalicelib.domain.mention import Author, Copy, Mention, MentionKey
from chalicelib.domain.post import (
    Post,
    PostEvent,
    PostEventKind,
    PostKey,
    Slot,
    Variant,
    post_id,
)
from chalicelib.domain.verdict import Evidence, Reading, Sentiment, Verdict
from chalicelib.errors import BadInput
from chalicelib.http import Http
from chalicelib.knowledge.answered import Answers
from chalicelib.knowledge.library import Library
from chalicelib.platforms import leaves_out
from chalicelib.platforms._oauth import Client
from chalicelib.platforms._text import tidy
from chalicelib.ports import Answering, Counts, Kit, Outgoing, SingleSignOn
from chalicelib.ports.showing import Images
from chalicelib.stages import answered, connect
from chalicelib.web.beside import Reader
from chalicelib.web.desk import Desk, WallLine
from tests.web import fakes, fakes_brand, fakes_noise, fakes_notices, fakes_people, fakes_roster, fakes_sent

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
"""Monday, 09:12 on the library's clock."""
WEEK: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:30",))

SLOTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:30", "16:30")),
    "sat": ("10:00", "15:00"),
    "sun": ("11:00", "20:00"),
}

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
        Channel(id="mastodon", platform="mastodon", name="@bibveldermeer", slots=SLOTS),
    ),
    goals=(Goal(id="jeugd", name="200 nieuwe jeugdleden voor de zomer"),),
    watches=(
        Watch(id="naam", name="Onze naam", terms=("bieb veldermeer", "#zondagopen"), exclude=("camping",)),
    ),
)


PRICES = dict.fromkeys(
    ("write_unit", "read_unit", "sqs_request", "lambda_request", "lambda_gb_second", "log_gb"), 0.000001
) | {"alarm_month": 0.1}


class World:
    """Everything on the desk, and what was done there."""

    def __init__(self) -> None:
        self.audit = fakes.Audit()
        self.brands = fakes_brand.Brands(self.audit, BRAND)
        self.mentions = fakes.Mentions()
        self.sources = fakes_brand.Sources(self.audit)
        self.secrets = fakes_brand.Secrets(NOW)
        self.allow: set[tuple[str, int]] = set()
        """Servers on this machine that accounts are connected at."""
        self.lasting: dict[str, str] = {}
        """What a network gives so that a token lasts."""
        self.once = fakes_people.Once()
        self.pauses: list[float] = []
        """How long somebody waited for a key that another worker writes."""
        self.accounts = connect.Accounts(
            secrets=fakes_brand.Typed(self.secrets),
            way=wiring.way,
            server=self._asks,
            lasting=lambda holder, secret: self.lasting,
            holds=self._holds,
            once=self.once,
            now=lambda: self.now,
            pause=self.pauses.append,
        )
        self.outside = fakes_brand.Outside()
        self.refusals = fakes_brand.Refusals()
        self.cases = fakes.Cases()
        self.promises = fakes.Promises(self.cases)
        self.posts = fakes_sent.Posts()
        self.brakes = fakes_sent.Brakes()
        self.deliveries = fakes_sent.Deliveries(self.cases, self.posts, self.brakes)
        self.noise = fakes_noise.Noise(self.brands, self.mentions, self.audit)
        self.drills = fakes_sent.Drills(self.audit)
        self.standing = fakes_sent.StandingApprovals(self.brands, self.cases, self.audit)
        self.measurements = fakes_sent.Measurements(self.deliveries)
        self.followings = fakes_sent.Followings()
        self.mornings = self.posts.mornings
        self.notices = fakes_notices.Notices(self.audit)
        self.alerts = fakes_notices.Alerts()
        self.rosters = fakes_roster.Rosters(self.brands, self.audit)
        self.bucket = fakes_sent.Bucket()
        self.pipes = fakes_sent.Pipes()
        self.tasks = fakes.Tasks()
        self.users = fakes_people.Users()
        self.colleagues = fakes_people.Colleagues()
        self.mailings = fakes.Mailings(self.cases)
        self.mail = fakes.Mail()
        self.sso: SingleSignOn | None = None
        self.api_keys = fakes.ApiKeys()
        self.hooks = fakes.Hooks()
        self.known_pages = fakes_brand.KnownPages(self.brands, self.audit)
        self.library = Library(self.bucket)
        gather = partial(
            answered.gather, deliveries=self.deliveries, mentions=self.mentions, cases=self.cases
        )
        self.opinions = fakes.Opinions()
        self.model = fakes.Model()
        self.answers = Answers(self.bucket, gather)
        self.pulse = fakes.Pulse()
        self.called = 0
        """How often the worker of webhooks was started."""
        self.corrections = fakes.Corrections(self.mentions, self.cases, self.audit)
        self.cases.held = lambda brand: [_listed(each) for each in self.deliveries.held(brand)]
        self.deltas = fakes.Deltas(self.audit)
        self.team = fakes_people.Team(self.brakes, self.audit)
        self.lines: list[WallLine] = []
        self.mood = ""
        self.asked: list[tuple[str, str]] = []
        """Reports that were asked for: brand and month."""
        self.cannot: set[tuple[str, str]] = set()
        """Channel and what it cannot do."""
        self.answering: Callable[..., Answering] = platforms.answering
        self.now = NOW
        self.ledger = fakes_brand.Ledger(self.audit)

    def desk(self) -> Desk:
        return Desk(
            brands=self.brands,
            mentions=self.mentions,
            sources=self.sources,  # type: ignore[arg-type]
            cases=self.cases,
            corrections=self.corrections,
            beside=Reader(self.sources, self.mornings),  # type: ignore[arg-type]
            deltas=self.deltas,
            deliveries=self.deliveries,
            posts=self.posts,
            promises=self.promises,
            brakes=self.brakes,
            standing=self.standing,
            drills=self.drills,
            noise=self.noise,
            measurements=self.measurements,
            followings=self.followings,
            mornings=self.mornings,
            notices=self.notices,
            alerts=self.alerts,
            rosters=self.rosters,
            bucket=self.bucket,
            pipes=self.pipes,
            shelf=fakes.Shelf(),
            tasks=self.tasks,
            users=self.users,
            team=self.team,
            colleagues=self.colleagues,
            once=self.once,
            mailings=self.mailings,
            mail=self.mail,
            sso=self.sso,
            audit=self.audit,
            api_keys=self.api_keys,
            secrets=self.secrets,
            accounts=self.accounts,
            link_key=lambda: b"not a key, only a test of one",
            push_keys=lambda secret: (f"public of {len(secret)}", secret.partition(".")[0]),
            webhook_url="https://door.example/",
            refusals=self.refusals,
            try_source=self.outside.try_source,
            feeds_at=self.outside.feeds_at,
            read_calendar=self.outside.read_calendar,
            hooks=self.hooks,
            known_pages=self.known_pages,
            library=self.library,
            answers=self.answers,
            opinions=self.opinions,
            drafter=lambda setting: self.model,
            pulse=self.pulse,
            prices=lambda: PRICES,
            keyless=lambda platform: platform == "sandbox",
            tidy=tidy,
            read_prices=lambda source: platforms.prices(source.platform, source.settings.get("kind", "")),
            ledger=self.ledger,
            leaves_out=leaves_out,
            call_hooks=self._call_hooks,
            vet_address=_vet,
            ask_report=lambda brand, month: self.asked.append((brand, month)),
            counts=self.counts,
            answering=lambda platform, settings=None, **of: self.answering(platform, **of),
            can=lambda brand, channel, what: (channel, what) not in self.cannot,
            images=self.images,
            say=self._say,
            wall=lambda brand, channel: list(self.lines),
            mood=lambda brand, channel: self.mood,
            set_mood=self._set_mood,
            now=lambda: self.now,
        )

    def _http(self) -> Http:
        return Http(frozenset(self.allow))

    def _asks(self, holder: Holder, client: Mapping[str, str]) -> Client:
        way = platforms.module(holder.platform).OAUTH
        return Client(self._http(), holder.platform, way, holder.settings, client, lambda: self.now)

    def _holds(self, holder: Holder, secret: Mapping[str, str]) -> None:
        kit = Kit(http=self._http(), shelf=fakes.Shelf())
        platforms.connect(holder.platform, holder.settings, secret, kit).check()

    def counts(self, brand: Brand, channel: str) -> Counts | None:
        return fakes.Letters() if brand.channel(channel) else None

    def images(self, brand: Brand, channel: str) -> Images | None:
        found = brand.channel(channel)
        return platforms.images(found.platform) if found else None

    def _call_hooks(self) -> None:
        self.called += 1

    def _say(
        self, brand: Brand, channel: str, author: str, text: str, at: datetime, reply_to: str = ""
    ) -> None:
        id = f"in-{len(self.lines)}"
        self.lines.append(WallLine(id=id, author=author, ours=False, text=text, at=at, reply_to=reply_to))

    def _set_mood(self, brand: Brand, channel: str, mood: str, *lines: AuditLine) -> None:
        if mood not in ("", "refuse", "down"):
            raise BadInput("mood", "unknown")
        self.mood = mood
        for line in lines:
            self.audit.note(line)

    # filling it -----------------------------------------------------------------------------------

    def copied(
        self, first: str, copy: str, site: str = "krant.example", followers: int | None = None
    ) -> None:
        """A mention, by its slug, is a copy of another."""
        mention, _ = self.mentions.get(MentionKey.from_slug(first))
        key = MentionKey.from_slug(copy)
        told = Copy(
            key=key,
            site=site,
            author="Krant",
            url=f"https://{site}/1",
            posted_at=self.now,
            followers=followers,
        )
        assert self.mentions.copy(mention, told)

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
            said=mention.text,
            evidence=verdict.reading.evidence,
            intents=verdict.reading.intents,
            strong=verdict.reading.strong,
        )
        case = replace(case, **changes)  # type: ignore[arg-type]
        self.cases.open(case)
        heard = CaseEvent(at=mention.posted_at, id=mention.key.id, kind=EventKind.HEARD, mention=mention.key)
        self.cases.note(case.key, heard)
        return case

    def post(
        self,
        title: str,
        wall: str,
        state: DeliveryState = DeliveryState.PLANNED,
        channels: Sequence[str] = ("mastodon", "proefkanaal"),
        **changes: object,
    ) -> PostKey:
        """A post, all its messages in this state, with these `changes`. Its id is made of its title."""
        key = PostKey(BRAND.id, post_id(title))
        slot, text = Slot(wall, BRAND.zone), f"{title}. Kom langs."
        post = Post(
            key=key,
            rev=1,
            title=title,
            language="nl",
            variants=tuple(Variant(channel=id, text=text) for id in channels),
            slot=slot,
            planned_by="Noor",
            planned_at=min(slot.at() - timedelta(days=3), NOW - timedelta(hours=1)),
        )
        left = state in ("sent", "confirmed")
        deliveries = [
            Delivery(
                key=DeliveryKey(key, id, 1),
                state=state,
                text=text,
                title=title,
                language="nl",
                slot=slot,
                lateness=post.lateness,
                due=slot.at(),
                approved_by="Noor",
                approved_at=post.planned_at,
                token="t",
                sent_at=slot.at() if left else None,
                remote_id="9" if left else "",
                remote_url=f"https://social.example/@bibveldermeer/{key.id}" if left else "",
            )
            for id in channels
        ]
        event = PostEvent(at=post.planned_at, id="planned", kind=PostEventKind.PLANNED, by="Noor", text=title)
        self.posts.add(post, [replace(each, **changes) for each in deliveries], event)  # type: ignore[arg-type]
        return key

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


def _vet(url: str) -> None:
    if not url.startswith("https://"):
        raise BadInput("address", "an address begins with https://")


def _listed(delivery: Delivery) -> Outgoing:
    return Outgoing(
        key=delivery.key,
        at=delivery.slot.at() if delivery.slot else delivery.due,
        state=delivery.state,
        text=delivery.title or delivery.text.strip().partition("\n")[0],
        language=delivery.language,
        reason=delivery.reason,
        way=delivery.way,
        commented=bool(delivery.comment),
    )


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
