"""Two brands on moto with the real stores, and programs that hold keys of one of them.

office = Office(monkeypatch)
office.caller("write").post("/posts", {...})         # below /api/v1/brands/lindebieb
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any

import pytest
from chalice.test import Client, HTTPResponse

from app import app
from chalicelib import wiring
from chalicelib.domain import apikey
from chalicelib.domain.apikey import ApiKey, Scope
from chalicelib.domain.audit import line
from chalicelib.domain.brand import Brand, Channel, Department, Goal, Watch
from chalicelib.domain.case import Case, Draft
from chalicelib.domain.delivery import DeliveryKey, DeliveryState
from chalicelib.domain.mention import CAPPED, Mention, MentionKey
from chalicelib.domain.post import PostKey, Slot
from chalicelib.domain.verdict import Evidence, Sentiment
from chalicelib.stages import answer, plan
from tests.conftest import NOW
from tests.stages.november import heard, opened
from tests.web.fakes import Model
from tests.web.fakes_people import Colleagues

BASE = "/api/v1"
OURS, THEIRS = "lindebieb", "veldermeer"
SLOTS: dict[str, tuple[str, ...]] = {"mon": ("16:30",), "sat": ("10:00",), "sun": ("11:00",)}
DEPARTMENTS = (Department(id="desk", name="Balie"), Department(id="youth", name="Jeugd"))
TEXT = "Derde keer dat mijn reservering klaarligt en er niets staat."
_SECRETS = count(1)


def brand(id: str) -> Brand:
    return Brand(
        id=id,
        name=id.title(),
        zone="Europe/Amsterdam",
        languages=("nl", "en"),
        departments=DEPARTMENTS,
        channels=(
            Channel(
                id="wall",
                platform="sandbox",
                name="Sandbox",
                settings={"account": f"{id}.wall"},
                slots=SLOTS,
            ),
        ),
        goals=(Goal(id="loans", name="1,000 more loans before 1 July"),),
        watches=(Watch(id="name", name="Our name", terms=(id,)),),
    )


@dataclass
class Caller:
    """A program with a key. What it asks is below its own brand, unless the path begins with `BASE`."""

    client: Client
    key: ApiKey
    text: str
    brand: str = OURS
    tokens: Any = field(default_factory=lambda: count(1))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HTTPResponse:
        sent = {"host": "127.0.0.1:4580", "content-type": "application/json"}
        sent["authorization"] = f"Bearer {self.text}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        whole = path if path.startswith(BASE) else f"{BASE}/brands/{self.brand}{path}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.http.request(method, whole, headers=sent, body=raw)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return self.ask("GET", path, **headers)

    def etag(self, path: str) -> str:
        return str(self.get(path).headers["ETag"])

    def make(self, path: str, body: Any, token: str = "") -> HTTPResponse:
        return self.ask("POST", path, body, idempotency_key=token or f"token-{next(self.tokens)}")

    def change(self, path: str, body: Any, of: str, method: str = "POST") -> HTTPResponse:
        """With the tag of `of` as it is now."""
        return self.ask(method, path, body, if_match=self.etag(of))


class Office:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        self.colleagues = Colleagues()
        self.rung = 0
        monkeypatch.setattr(wiring, "now", lambda: self.now)
        monkeypatch.setattr(wiring, "colleagues", lambda: self.colleagues)
        monkeypatch.setattr(wiring, "call_hooks", self._ring)
        self.model = Model()
        monkeypatch.setattr(wiring, "drafter", lambda setting: self.model)
        wiring.desk.cache_clear()
        for id in (OURS, THEIRS):
            wiring.brands().put(brand(id))

    def _ring(self) -> None:
        """In place of the Lambda that calls webhooks."""
        self.rung += 1

    @cached_property
    def client(self) -> Client:
        return Client(app)

    def caller(self, scope: str, *, of: str = OURS, **changes: Any) -> Caller:
        number = next(_SECRETS)
        secret = f"{number:043}"
        ordinary: dict[str, Any] = {
            "name": "Planner",
            "by": "Sam de Wit",
            "by_id": "sam",
            "made_at": NOW - timedelta(days=1),
        }
        key = ApiKey(
            brand=of,
            id=f"k{number}",
            scope=Scope(scope),
            hash=apikey.digest(secret),
            **{**ordinary, **changes},
        )
        wiring.api_keys().add(key, line(of, key.made_at, key.id, "key.make"))
        return Caller(self.client, key, apikey.written(of, key.id, secret))

    # filling it -----------------------------------------------------------------------------------

    def heard(
        self,
        id: str = "109",
        *,
        of: str = OURS,
        when: datetime = NOW,
        department: str = "desk",
        text: str = TEXT,
    ) -> Mention:
        return heard(
            id,
            when,
            Sentiment.NEGATIVE,
            brand=of,
            state="answer",
            intents=("complaint",),
            department=department,
            evidence=(Evidence(0, 10, Sentiment.NEGATIVE, 1.5),),
            urgency=1,
            source="visitors",
            text=text,
            watches=("name",),
        )

    def held(self, why: str, source: str = "visitors", id: str = "666") -> MentionKey:
        """A complaint that is held for this."""
        mention = heard(
            id,
            NOW,
            Sentiment.NEGATIVE,
            brand=OURS,
            state="capped" if why == CAPPED else "noise",
            intents=("complaint",),
            source=source,
            watches=("name",),
            held=why,
        )
        return mention.key

    def case(self, mention: Mention, department: str = "desk") -> Case:
        draft = Draft(text="@kees Wat vervelend.", version=1, language="nl", source="complaint-nl")
        return opened(mention, department=department, draft=draft, url=mention.url)

    def replied(self, id: str, text: str, *, department: str = "desk") -> DeliveryKey:
        """A case of another message, answered by Noor and seen at the network."""
        mention = self.heard(id, department=department)
        case = self.case(mention, department)
        key = answer.approve(
            case.key,
            case.rev,
            text,
            "Noor",
            anyway="gezien",
            brand=brand(OURS),
            cases=wiring.cases(),
            tasks=wiring.tasks(),
            counts=None,
            now=self.now,
        )
        was = wiring.deliveries().get(key)
        seen = replace(was, state=DeliveryState.CONFIRMED, sent_at=self.now)
        assert wiring.deliveries().settle(seen)
        return key

    def post(self, id: str = "p-zaterdag", wall: str = "2026-11-28T10:00", *, of: str = OURS) -> PostKey:
        wish = plan.Wish(
            id=id,
            title="Zaterdag open",
            language="nl",
            texts=(("wall", "Kom langs"),),
            slot=Slot(wall, "Europe/Amsterdam"),
        )
        desk = wiring.desk()
        post = plan.plan(
            wish,
            "Noor",
            brand=brand(of),
            posts=desk.posts,
            tasks=desk.tasks,
            counts=lambda channel: desk.counts(brand(of), channel),
            now=self.now,
        )
        return post.key


WISH = {
    "title": "Zondag open",
    "language": "nl",
    "texts": {"wall": "Zondag zijn we open van 12 tot 17."},
    "when": "2026-11-29T11:00",
}


def problem(answer: HTTPResponse) -> Any:
    """Of an answer that is one."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.body
    assert answer.json_body["status"] == answer.status_code
    return answer.json_body


def later(**span: float) -> datetime:
    return datetime(2026, 11, 23, 9, 12, tzinfo=UTC) + timedelta(**span)
