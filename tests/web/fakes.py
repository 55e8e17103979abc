"""The ports in memory, and a small invented world to look at: a library on a Monday morning."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.parse import urlencode

from chalice.test import Client, HTTPResponse

from chalicelib import wiring
from chalicelib.domain.brand import Brand, Channel, Department, Watch
from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, CaseState, Draft, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.source import Source, SourceState
from chalicelib.domain.verdict import Evidence, Reading, Sentiment, Verdict
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Challenge, Counts, Listing, Member, Tokens
from chalicelib.tasks import Task
from chalicelib.web.desk import Desk, WallLine

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
"""Monday, 09:12 on the library's clock."""
HOST = "127.0.0.1:4580"
PASSWORD = "plainly a fake password"
WEEK = {day: ("09:00-17:30",) for day in ("mon", "tue", "wed", "thu", "fri")}

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
    watches=(Watch(id="naam", name="Onze naam", terms=("bieb veldermeer", "#zondagopen"), exclude=("camping",)),),
)


def at(text: str) -> datetime:
    """`22T15:40` in November 2026, UTC."""
    return datetime.fromisoformat(f"2026-11-{text}:00+00:00")


class Brands:
    def __init__(self, *brands: Brand) -> None:
        self.kept = {brand.id: brand for brand in brands}

    def get(self, brand: str) -> Brand:
        if brand not in self.kept:
            raise NotFound(brand)
        return self.kept[brand]

    def put(self, brand: Brand) -> None:
        self.kept[brand.id] = brand

    def all(self) -> list[Brand]:
        return list(self.kept.values())


class Mentions:
    def __init__(self) -> None:
        self.kept: dict[MentionKey, tuple[Mention, Verdict | None]] = {}
        self.states: dict[MentionKey, str] = {}

    def add(self, mention: Mention) -> bool:
        self.kept.setdefault(mention.key, (mention, None))
        return True

    def get(self, key: MentionKey) -> tuple[Mention, Verdict | None]:
        if key not in self.kept:
            raise NotFound(str(key))
        return self.kept[key]

    def get_many(self, keys: Sequence[MentionKey]) -> dict[MentionKey, tuple[Mention, Verdict | None]]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def judge(self, mention: Mention, verdict: Verdict, state: str) -> bool:
        self.kept[mention.key] = (mention, verdict)
        self.states[mention.key] = state
        return True

    def day(self, brand: str, day: str, *, limit: int = 50, before: str = "") -> tuple[list[Listing], str]:
        listed = [
            Listing(
                key=mention.key,
                posted_at=mention.posted_at,
                author=mention.author.handle,
                excerpt=mention.excerpt,
                language=verdict.reading.language,
                label=verdict.reading.sentiment.value,
                watches=mention.watches,
                state=self.states[mention.key],
            )
            for mention, verdict in self.kept.values()
            if verdict and mention.key.brand == brand and mention.posted_at.date().isoformat() == day
        ]
        listed.sort(key=lambda each: each.posted_at, reverse=True)
        start = int(before or 0)
        more = str(start + limit) if len(listed) > start + limit else ""
        return listed[start : start + limit], more


class Sources:
    def __init__(self) -> None:
        self.kept: list[tuple[Source, SourceState]] = []

    def get(self, brand: str, source: str) -> tuple[Source, SourceState]:
        return next(each for each in self.kept if each[0].id == source)

    def put(self, source: Source) -> None:
        self.kept.append((source, SourceState()))

    def listed(self) -> list[object]:  # type: ignore[override]
        return []

    def of(self, brand: str) -> list[tuple[Source, SourceState]]:
        return [each for each in self.kept if each[0].brand == brand]

    def set_state(self, source: Source, was: SourceState, now: SourceState) -> bool:
        return True

    def last_tick(self) -> datetime | None:
        return None

    def set_last_tick(self, at: datetime) -> None: ...


class Cases:
    def __init__(self) -> None:
        self.kept: dict[CaseKey, Case] = {}
        self.links: dict[CaseKey, CaseKey] = {}
        self.events: dict[CaseKey, list[CaseEvent]] = {}
        self.deliveries: dict[CaseKey, list[Delivery]] = {}

    def get(self, key: CaseKey) -> Case:
        if key not in self.kept:
            raise NotFound(str(key))
        return self.kept[key]

    def find(self, key: CaseKey) -> Case | None:
        return self.kept.get(self.links.get(key, key))

    def open(self, case: Case) -> bool:
        if case.key in self.kept:
            return False
        self.kept[case.key] = case
        return True

    def change(self, case: Case, *events: CaseEvent) -> None:
        if self.kept[case.key].rev != case.rev - 1:
            raise Conflict("changed")
        self.kept[case.key] = case
        for event in events:
            self.note(case.key, event)

    def approve(self, case: Case, delivery: Delivery, event: CaseEvent) -> None:
        self.change(case, event)
        self.deliveries.setdefault(case.key, []).append(delivery)

    def conclude(self, case: Case | None, delivery: Delivery, event: CaseEvent) -> None:
        if case:
            self.change(case, event)
        self.deliveries[delivery.key.case][-1] = delivery

    def link(self, key: CaseKey, message: str) -> None:
        self.links[CaseKey(key.brand, key.platform, message)] = key

    def note(self, key: CaseKey, event: CaseEvent) -> None:
        self.events.setdefault(key, []).append(event)

    def history(self, key: CaseKey) -> tuple[list[CaseEvent], list[Delivery]]:
        return sorted(self.events.get(key, []), key=lambda e: e.at), list(self.deliveries.get(key, []))

    def work(self, brand: str, department: str, *, limit: int = 50) -> list[Case]:
        ours = [c for c in self.kept.values() if c.key.brand == brand and c.department == department]
        return sorted((c for c in ours if c.state.waits_for_us), key=lambda c: c.due)[:limit]


class Deliveries:
    def get(self, key: DeliveryKey) -> Delivery:
        raise NotFound(str(key))

    def claim(self, was: Delivery, claimed: Delivery) -> bool:
        return False

    def settle(self, delivery: Delivery) -> bool:
        return False

    def due(self, now: datetime, *, limit: int = 100) -> list[DeliveryKey]:
        return []


class Shelf:
    def put(self, account: str, name: str, document: str) -> bool:
        return True

    def replace(self, account: str, name: str, document: str) -> None: ...

    def get(self, account: str, name: str) -> str | None:
        return None

    def all(self, account: str) -> list[tuple[str, str]]:
        return []


class Tasks:
    def __init__(self) -> None:
        self.sent: list[Task] = []

    def send(self, tasks: Iterable[Task], *, delay: int = 0) -> None:
        self.sent += tasks


class Users:
    """One person, Sam, and one who has to choose a password first, Noor. Tokens are their own names."""

    def __init__(self) -> None:
        self.valid = {"id-sam": Member("1", "sam@veldermeer.example", "Sam de Wit")}
        self.refreshed = {"refresh-sam": "id-sam"}
        self.ended: list[str] = []

    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        if password != PASSWORD:
            raise BadInput("", "wrong")
        if email == "noor@veldermeer.example":
            return Challenge("NEW_PASSWORD_REQUIRED", "step-1", email)
        if email != "sam@veldermeer.example":
            raise BadInput("", "unknown")
        return Tokens("id-sam", "access-sam", "refresh-sam")

    def new_password(self, challenge: Challenge, password: str, name: str) -> Tokens | Challenge:
        if challenge.session != "step-1":
            raise BadInput("", "stale")
        self.valid["id-noor"] = Member("2", challenge.email, name)
        return Tokens("id-noor", "access-noor", "refresh-noor")

    def refresh(self, token: str) -> Tokens:
        if token not in self.refreshed:
            raise BadInput("", "ended")
        return Tokens(self.refreshed[token], "access-sam", "")

    def member(self, id_token: str, now: datetime) -> Member:
        if id_token not in self.valid:
            raise BadInput("", "no token of ours")
        return self.valid[id_token]

    def sign_out(self, access_token: str, refresh_token: str) -> None:
        self.ended.append(refresh_token)


class Letters(Counts):
    def room(self) -> int:
        return 500

    def length(self, text: str) -> int:
        return len(text)


class World:
    """Everything on the desk, and what was done there."""

    def __init__(self) -> None:
        self.brands = Brands(BRAND)
        self.mentions = Mentions()
        self.sources = Sources()
        self.cases = Cases()
        self.tasks = Tasks()
        self.users = Users()
        self.lines: list[WallLine] = []
        self.mood = ""
        self.now = NOW
        self.calls: list[str] = []

    def desk(self) -> Desk:
        return Desk(
            brands=self.brands,
            mentions=self.mentions,
            sources=self.sources,  # type: ignore[arg-type]
            cases=self.cases,
            deliveries=Deliveries(),
            shelf=Shelf(),
            tasks=self.tasks,
            users=self.users,
            counts=lambda brand, channel: Letters() if brand.channel(channel) else None,
            say=self._say,
            wall=lambda brand, channel: list(self.lines),
            mood=lambda brand, channel: self.mood,
            set_mood=self._set_mood,
            now=lambda: self.now,
        )

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
        rule = "“reservering” is een woord van Uitlening"
        self.mentions.judge(mention, Verdict(reading=reading, department="uitlening", rule=rule), state)
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
            sum="Ontvangen, plus een uur.",
            rule="een klacht verdient antwoord van een mens",
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


def _evidence(text: str, mark: str) -> Evidence:
    """`+goud waard` or `-er niets staat`: a passage of the text, and which way it speaks."""
    start = text.index(mark[1:])
    mood = Sentiment.POSITIVE if mark[0] == "+" else Sentiment.NEGATIVE
    return Evidence(start, start + len(mark) - 1, mood)


def monday() -> World:
    """Five cases of different urgency, a few days of mentions, sources of which two are in trouble."""
    world = World()
    _cases(world)
    _mentions(world)
    _sources(world)
    world.lines = [
        WallLine(id="in-1", author="veldkijker", ours=False, text="Is de leeszaal zondag open?", at=at("23T07:20")),
        WallLine(
            id="out-1",
            author="veldermeer",
            ours=True,
            text="@veldkijker Ja, van 12:00 tot 17:00. Tot dan. Groet, Noor van Bibliotheek Veldermeer",
            at=at("23T07:30"),
            reply_to="in-1",
        ),
    ]
    return world


def _cases(world: World) -> None:
    complaint = world.heard(
        "1",
        "Derde keer dat mijn reservering “klaarligt” en er niets staat. Bel ik, krijg ik een bandje.",
        Sentiment.NEGATIVE,
        marks=("-Derde keer", "-er niets staat", "-krijg ik een bandje"),
        when=at("22T15:40"),
        intents=("complaint",),
    )
    world.case(complaint, "Derde keer dat mijn reservering “klaarligt” en er niets staat", at("23T08:40"))
    question = world.heard(
        "2",
        "Kun je met de stadspas ook e-books lenen, of alleen boeken van de plank?",
        Sentiment.NEUTRAL,
        author="stadslezer",
        when=at("23T08:04"),
        intents=("question",),
        platform="sandbox",
        channel="proefkanaal",
        url="/sandbox/veldermeer#in-1",
    )
    world.case(question, "Kun je met de stadspas ook e-books lenen", at("23T12:04"))
    praise = world.heard(
        "3",
        "Somebody at the desk spent half an hour finding that one book on weaving with my father. Worth gold.",
        Sentiment.POSITIVE,
        marks=("+Worth gold",),
        author="leest.in.bad",
        when=at("22T14:12"),
        language="en",
        intents=("compliment",),
    )
    world.case(
        praise,
        "Somebody at the desk spent half an hour finding that one book on weaving",
        at("24T09:20"),
        action=Action.THANK,
    )
    press = world.heard(
        "4",
        "Zondagopening trekt jongeren naar de bibliotheek; de straat klaagt over fietsen.",
        Sentiment.MIXED,
        marks=("+trekt jongeren", "-klaagt over fietsen"),
        author="Veldermeerse Bode",
        when=at("22T16:00"),
        platform="feed",
        channel="",
    )
    world.case(press, "Zondagopening trekt jongeren naar de bibliotheek", at("23T12:00"), draft=None, channel="")
    late = world.heard(
        "5", "Kan de schrijver van de voorleesdag ook bij ons op school komen?", Sentiment.NEUTRAL,
        author="juf.op.klompen", when=at("20T10:00"), intents=("question",),
    )
    world.case(late, "Kan de schrijver ook bij ons op school komen?", at("23T08:00"), department="jeugd")


def _mentions(world: World) -> None:
    world.heard(
        "6",
        "Zondag eindelijk rustig kunnen studeren. Alleen nergens plek voor je fiets.",
        Sentiment.MIXED,
        marks=("+eindelijk rustig", "-nergens plek"),
        author="fietst.altijd",
        when=at("23T07:51"),
        state="ignore",
    )
    world.heard(
        "7", "Wat mag je verwachten van een bibliotheek die op zondag opengaat?", Sentiment.UNSURE,
        author="weekendkrant.veld", when=at("21T13:58"), platform="feed", state="ignore", language="und",
    )


def _sources(world: World) -> None:
    def source(id: str, name: str, platform: str, interval: int, state: SourceState) -> None:
        made = Source(
            brand=BRAND.id, id=id, platform=platform, name=name, interval=interval, connected_at=at("01T00:00")
        )
        world.sources.kept.append((made, state))

    heard = at("23T08:04")
    source("wij", "Mastodon, wij genoemd", "mastodon", 1, SourceState(last_success=at("23T08:10"), last_heard=heard))
    source("bode", "Veldermeerse Bode", "feed", 15, SourceState(last_success=at("23T07:55"), last_heard=at("22T16:00")))
    source("balie", "Reviews balie", "feed", 5, SourceState(last_success=at("22T21:12"), last_heard=at("18T08:12")))
    failing = SourceState(failures=3, failing_since=at("22T07:50"), reason="De server weigert: HTTP 403.")
    source("forum", "Veldermeer Forum", "feed", 5, failing)
    source("form", "Contactformulier", "webhook", 0, SourceState())


# a browser ----------------------------------------------------------------------------------------


class Browser:
    """Keeps cookies and sends forms as a browser would; knows no JavaScript."""

    def __init__(self, client: Client, host: str = HOST) -> None:
        self.client = client
        self.host = host
        self.cookies: dict[str, str] = {}
        self.language = "nl"

    def signed_in(self) -> "Browser":
        self.cookies |= {"webspin-id": "id-sam", "webspin-refresh": "refresh-sam"}
        return self

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return self._ask("GET", path, headers, b"")

    def post(self, path: str, form: dict[str, str], **headers: str) -> HTTPResponse:
        """With the token of a page that was opened before, and from our own origin."""
        if "webspin-csrf" not in self.cookies:
            self.get("/sign-in")
        given = {"csrf": self.cookies.get("webspin-csrf", ""), **form}
        sent = {"origin": f"http://{self.host}", "content-type": "application/x-www-form-urlencoded", **headers}
        return self._ask("POST", path, sent, urlencode(given).encode())

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> HTTPResponse:
        sent = {"host": self.host, "accept-language": self.language, **headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.http.request(method, path, headers=sent, body=body)
        for line in answer.headers.get("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in line:
                del self.cookies[name]
        return answer


@contextmanager
def console(world: World) -> Iterator[Browser]:
    """The whole app with this world on its desk."""
    from app import app

    with mock.patch.object(wiring, "desk", world.desk):
        yield Browser(Client(app))
