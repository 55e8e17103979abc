"""One request for every operation of the API, with what has to be there for it to succeed."""

from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalice.test import HTTPResponse

from chalicelib import wiring
from chalicelib.brandfile import made
from chalicelib.domain.alerting import Notice, notice_id
from chalicelib.domain.audit import line
from chalicelib.domain.blocking import of_site
from chalicelib.domain.brand import Channel, Drafter, Lessons, Snippet, StandingApproval, Template
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryKey, DeliveryState, changed
from chalicelib.domain.delta import Delta, Measured, Score, Taught
from chalicelib.domain.drill import Drill, Line
from chalicelib.domain.hook import Call, Hook, Pause
from chalicelib.domain.knock import slots
from chalicelib.domain.knowledge import Page
from chalicelib.domain.mention import Copy, MentionKey, slug
from chalicelib.domain.outreach import Deed, Morning
from chalicelib.domain.post import PostEvent, PostEventKind, PostKey
from chalicelib.domain.promise import PromiseKey
from chalicelib.domain.roles import Grant, Role
from chalicelib.domain.source import Source
from chalicelib.stages import answer, claim, know, merge
from chalicelib.web.operations import Operation
from tests.aws.test_mornings import DEED, FAN
from tests.conftest import NOW
from tests.harness.world import SENDER
from tests.images import PNG
from tests.web.api.office import OURS, WISH, Caller, Office, brand
from tests.web.fakes_people import ADA, NOOR

FILE = "title,when,text\nVoorlezen,2026-12-05T10:00,Kom je luisteren?\n"
BRAND_FILE = """
name: Linde
id: lindebieb
zone: Europe/Amsterdam
languages: [nl]
departments: [{name: Balie, id: desk}]
"""
SNIPPET = Snippet(id="desk", name="Balie", language="nl", text="Kom op [dag] langs, {author}.")
KNOWN = Page(id="k-1", title="Open", language="nl", text="## Hoe laat zijn jullie open?\nVan negen tot vijf.")
PAGE = {"title": "Boetes", "language": "nl", "text": "## Wat kost te laat?\n20 cent per dag."}
MENTIONS = "posted,network,author,text,url\n2026-11-20T09:00Z,feed,jip,Mooi,https://krant.example/1\n"
BODIES: dict[str, dict[str, Any]] = {
    "mention_files_bring_in": {"text": MENTIONS, "days": 2},
    "mention_files_trial": {"text": MENTIONS},
    "mentions_correct": {"label": "positive"},
    "copies_part": {},
    "sources_poll": {},
    "sources_decide_over_cap": {"let_through": False},
    "mentions_let_through": {},
    "blocks_add": {"kind": "site", "site": "farm.example", "why": "spam"},
    "blocks_lift": {},
    "costs_go_on": {"scope": "brand"},
    "bulk_act": {"things": [], "correct": {"label": "positive"}},
    "sandboxes_say": {"author": "kees", "text": "Waar is mijn boek?"},
    "sandboxes_set_mood": {"mood": "down"},
    "settings_change": {"name": "Linde", "zone": "Europe/Amsterdam", "languages": ["nl"]},
    "settings_add": {"name": "Boetes", "terms": ["boete*"]},
    "settings_change_entry": {"name": "Our name", "terms": ["linde"]},
    "settings_remove": {},
    "entry_secrets_put": {"secret": "https://chat.example/in"},
    "entry_secrets_remove": {},
    "entry_secrets_end_old": {},
    "entry_secrets_connect": {},
    "brandfiles_replace": {"text": BRAND_FILE},
    "knowledge_add": PAGE,
    "knowledge_change": PAGE | {"title": "Boete"},
    "knowledge_remove": {},
    "knowledge_let_model_draft": {},
    "knowledge_put_answered": {"case": CaseKey(OURS, "sandbox", "308").slug, "n": 1},
    "knowledge_put_snippet": {"snippet": "desk"},
    "knowledge_put": {"page": "k-1", "n": 1},
    "team_invite": {
        "name": "Jip",
        "email": "jip@lindebieb.example",
        "role": "agent",
        "departments": ["desk"],
    },
    "team_set_role": {"role": "agent", "departments": ["desk"]},
    "team_remind": {},
    "team_disable": {},
    "team_enable": {},
    "team_sign_out": {},
    "roster_replace": {
        "shifts": [
            {
                "department": "desk",
                "colleague": ADA,
                "start": "2026-11-23T09:00",
                "end": "2026-11-23T17:00",
            }
        ]
    },
    "trials_watch": {"name": "Boetes", "terms": ["boete*"]},
    "trials_source": {"name": "Visitors", "platform": "sandbox", "channel": "wall"},
    "trials_file": {"text": BRAND_FILE},
    "trials_post": WISH,
    "trials_imported": {"text": FILE},
    "trials_texts": {"texts": {"wall": "Zondag open"}},
    "reply_trials_reply": {"text": "Ik zoek het uit."},
    "webhooks_rotate": {},
    "webhooks_test": {},
    "webhooks_resend": {"id": "msg_1", "at": NOW.isoformat()},
    "cases_hand_over": {"department": "youth", "reason": "Het gaat over de jeugd"},
    "giving_take_next": {},
    "claims_take": {},
    "claims_lay_down": {},
    "claims_snooze": {"until": (NOW + timedelta(minutes=5)).isoformat(), "reason": "Wacht op de uitgever"},
    "claims_merge": {"other": CaseKey(OURS, "sandbox", "210").slug},
    "claims_split": {"other": CaseKey(OURS, "sandbox", "210").slug},
    "claims_change_labels": {"add": ["boete"]},
    "claims_note": {"text": "Bel haar eerst"},
    "cases_reopen": {},
    "promises_keep": {},
    "promises_move": {"due": (NOW + timedelta(days=3)).isoformat(), "reason": "Het onderdeel is te laat"},
    "promises_drop": {"reason": "Het is al gebeurd"},
    "accuracy_take_back": {},
    "accuracy_let_count": {"version": "tables-5+2026-11-22"},
    "webhooks_add": {"address": "https://hooks.example/in", "kinds": ["case"]},
    "webhooks_pause": {},
    "webhooks_resume": {},
    "webhooks_remove": {},
    "cases_save_draft": {"text": "@kees We zoeken het uit."},
    "replies_approve": {"text": "@kees We zoeken het uit."},
    "asking_ask": {"colleague": ADA},
    "replies_hold_off": {},
    "replies_correct": {"text": "@kees We zochten het uit."},
    "replies_remove": {},
    "standing_revoke": {},
    "drills_start": {"messages": [{"author": "marit", "text": "Wat een puinhoop!"}], "hours": 1},
    "drills_end": {},
    "cases_solve": {"note": "aan de balie"},
    "images_add": {"data": b64encode(PNG).decode()},
    "posts_plan": WISH,
    "posts_change": WISH,
    "posts_cancel": {},
    "posts_release": {},
    "posts_leave": {},
    "posts_remove": {},
    "posts_edit": {"text": "Kom zaterdag luisteren, om elf uur."},
    "imports_plan": {"text": FILE},
    "brake_pull": {},
    "brake_release": {"decisions": {}},
    "people_act": {"do": "pass"},
    "reports_ask": {},
    "health_redrive": {},
    "keys_make": {"name": "Another", "scope": "read"},
    "keys_revoke": {},
}
ENTRIES = {
    "departments": "desk",
    "watches": "name",
    "goals": "loans",
    "templates": "complaint-nl",
    "snippets": "desk",
    "channels": "wall",
    "sources": "visitors",
}
"""One that is there, by section."""
KEYED = {"departments": "desk", "channels": "mastodon", "sources": "shop"}
"""One that may have a secret."""
CONNECTED = {"channels": "pins", "sources": "reddit"}
"""One whose network asks a person."""
STATES = {"posts_release": DeliveryState.HELD, "posts_leave": DeliveryState.HELD}
STATES |= {"posts_remove": DeliveryState.CONFIRMED}
STATES["posts_edit"] = DeliveryState.CONFIRMED
"""In which a post must be; planned for all others."""
TRACELESS = {"brake_release", "health_redrive", "images_add", "reports_ask", "sources_poll"}
"""Succeed here without leaving a trace in the table."""


@dataclass
class Scene:
    """What the paths name."""

    reader: Caller
    names: dict[str, str]

    def path(self, operation: Operation, of: str = "") -> str:
        return (of or operation.path).format(**{"brand": OURS, **self.names})

    def ask(self, caller: Caller, operation: Operation, **headers: str) -> HTTPResponse:
        """As it should be asked: what it is conditional on is read by one who may."""
        path = f"/api/v1{self.path(operation)}"
        if operation.of:
            headers["if_match"] = self.reader.etag(f"/api/v1{self.path(operation, operation.of)}")
        if operation.create:
            headers["idempotency_key"] = "one"
        return caller.ask(operation.method, path, self.body(operation), **headers)

    def body(self, operation: Operation) -> Any:
        found = BODIES.get(operation.id)
        if operation.id == "replies_hold_off":
            ready = self.reader.get(f"/cases/{self.names['case']}/holding-reply")
            found = {"text": ready.json_body["text"]}
        if operation.id == "bulk_act":
            id = self.names["mention"]
            found = {
                **BODIES[operation.id],
                "things": [{"id": id, "etag": self.reader.etag(f"/mentions/{id}")}],
            }
        return found


def copied(key: MentionKey) -> MentionKey:
    """Another site took over what was said there: the copy, judged."""
    first, verdict = wiring.mentions().get(key)
    copy = replace(first, key=MentionKey(OURS, "feed", "copy"), url="https://krant.example/1")
    wiring.mentions().add(copy)
    told = Copy(key=copy.key, site="krant.example", author="Krant", url=copy.url, posted_at=NOW, followers=40)
    assert wiring.mentions().copy(first, told)
    assert verdict
    wiring.mentions().judge(copy, verdict, "ignore")
    return copy.key


def asks_a_person() -> None:
    """A channel and a source that are connected at their networks, which know us."""
    known = {"client_id": "c"}
    pins = Channel(id="pins", platform="pinterest", name="Pins", settings={**known, "board": "1"})
    wiring.brands().put(replace(brand(OURS), channels=(*brand(OURS).channels, pins)))
    told = {**known, "kind": "mentions", "account": "linde"}
    reddit = Source(brand=OURS, id="reddit", platform="reddit", name="R", settings=told, connected_at=NOW)
    wiring.sources().put(reddit)


def scene(office: Office, operation: str = "", section: str = "") -> Scene:
    """Everything that the table of operations names, in the state that this one asks for."""
    if operation == "entry_secrets_end_old":
        section = "sources"
    if operation == "entry_secrets_connect":
        section = section or "channels"
        asks_a_person()
    section = section or ("departments" if operation.startswith("entry_secrets") else "watches")
    mention = office.heard()
    case = office.case(mention)
    post = office.post()
    into(post, STATES.get(operation, DeliveryState.PLANNED))
    wiring.mornings().add(morning())
    wiring.sources().put(
        Source(brand=OURS, id="visitors", platform="sandbox", name="Visitors", connected_at=NOW)
    )
    wiring.bucket().put_once(f"{OURS}/2026-09/report.json", b"{}", "application/json")
    wiring.hooks().add(hook())
    taught()
    wiring.hooks().queue([Call(brand=OURS, hook=hook().id, at=NOW, id="msg_1", type="test.asked", body="{}")])
    noor = Grant(
        brand=OURS,
        user=NOOR,
        name="Noor",
        email="noor@lindebieb.example",
        role=Role.READER,
        departments=("desk",),
        since=NOW,
    )
    wiring.team().change(noor, line(OURS, NOW, "seed", "team.grant"))
    if section == "templates":
        wiring.brands().put(replace(brand(OURS), templates=made.templates((), ("nl",))))
    if section == "snippets" or operation == "knowledge_put_snippet":
        wiring.brands().put(replace(brand(OURS), snippets=(SNIPPET,)))
    keyed = CONNECTED if operation == "entry_secrets_connect" else KEYED
    if operation.startswith("entry_secrets") and keyed is KEYED:
        settings = {"instance": "https://social.example", "account": "linde"}
        mastodon = Channel(id="mastodon", platform="mastodon", name="Mastodon", settings=settings)
        wiring.brands().put(replace(brand(OURS), channels=(*brand(OURS).channels, mastodon)))
        shop = Source(brand=OURS, id="shop", platform="webhook", name="Shop", interval=0, connected_at=NOW)
        wiring.sources().put(shop)
        if section == "sources":
            for slot in slots(OURS, "shop"):
                wiring.secrets().put(slot, {"scheme": "github", "secret": "x"})
    if operation == "entry_secrets_remove":
        wiring.secrets().put(f"alert/{OURS}/desk", {"url": "https://chat.example/in"})
    if operation == "sources_refusals":
        calls = Source(brand=OURS, id="calls", platform="webhook", name="Calls", interval=0, connected_at=NOW)
        wiring.sources().put(calls)
    told = Notice(
        brand=OURS, id=notice_id(NOW, "desk.negative"), at=NOW, bell="desk.negative", subject="Boos"
    )
    wiring.notices().keep(told)
    names = {
        "alert": told.id,
        "webhook": hook().id,
        "mention": CaseKey(OURS, "sandbox", mention.key.id).slug,
        "case": case.key.slug,
    }
    if operation.startswith("copies"):
        names["mention"] = copied(mention.key).slug
    know.keep(brand(OURS), KNOWN, "", line(OURS, NOW, "seed", "knowledge.add"), **knowing())
    names |= {"page": KNOWN.id}
    names |= {"post": post.id, "channel": "wall", "n": "1", "day": "2026-11-23", "deed": "follow-1"}
    names |= {
        "month": "2026-10" if operation == "reports_ask" else "2026-09",
        "file": "report.json",
        "queue": "deliver",
        "week": "2026-11-23",
        "source": "calls" if operation == "sources_refusals" else "visitors",
        "colleague": NOOR,
        "platform": "sandbox",
        "author": slug("kees"),
        "promise": PromiseKey(case.key, 1, 1).slug,
        "approval": "s1",
        "drill": "d1",
        "section": section,
        "entry": (keyed if operation.startswith("entry_secrets") else ENTRIES)[section],
    }
    standing(operation.startswith("standing_"))
    if operation.startswith("drills_") and operation != "drills_start":
        kept = Drill(
            brand=OURS, id="d1", lines=(Line("a", "b"),), started_at=NOW, until=NOW + timedelta(1), by="Noor"
        )
        wiring.drills().add(kept)
    if operation in ("replies_holding", "replies_hold_off"):
        closed()
    if operation in ("replies_get", "replies_correct", "replies_remove") or operation.startswith("promises"):
        caller = office.caller("write")
        caller.ask(
            "POST",
            f"/cases/{case.key.slug}/replies",
            {"text": "We bellen u morgen."},
            if_match=caller.etag(f"/cases/{case.key.slug}"),
            idempotency_key="seed",
        )
    if operation in ("replies_correct", "replies_remove"):
        stands(DeliveryKey(case.key, "wall", 1))
    if operation == "blocks_get" or operation == "blocks_lift":
        farm = of_site("farm.example", "spam", "Noor", NOW)
        wiring.noise().block(OURS, farm, line(OURS, NOW, "seed-b", "block.add"))
        names["block"] = farm.id
    if operation in ("mentions_let_through", "sources_decide_over_cap"):
        held = office.held("capped", "visitors")
        names["mention"] = held.slug
    if operation == "costs_go_on":
        wiring.brands().put(replace(brand(OURS), budget=5_000_000))
    if operation == "knowledge_let_model_draft":
        wiring.brands().put(replace(brand(OURS), drafter=Drafter(by="bedrock", model="m", a_day=9)))
    if operation == "knowledge_put_answered":
        office.replied("308", "@kees Kijk eens bij de balie. Noor van Linde")
    if operation in ("claims_merge", "claims_split"):
        other = office.case(office.heard("210")).key
        if operation == "claims_split":
            merge.merge(case.key, 1, other, "", "Noor", brand=brand(OURS), cases=wiring.cases(), now=NOW)
    if operation == "asking_ask":
        answer.save_draft(case.key, 1, "Ja.", "Noor", by_id=NOOR, cases=wiring.cases(), now=NOW)
        wiring.brands().put(replace(brand(OURS), mail_from=SENDER))
    if operation == "claims_lay_down":
        claim.take(case.key, 1, "Sam de Wit via Planner", cases=wiring.cases(), now=NOW)
    if operation == "cases_reopen":
        answer.solve(case.key, 1, "Noor", cases=wiring.cases(), now=NOW)
    if operation == "webhooks_resume":
        wiring.hooks().change(hook(), replace(hook(), paused=Pause.PERSON))
    return Scene(office.caller("admin", by_id=ADA), {**names, "key": office.caller("read").key.id})


def knowing() -> dict[str, Any]:
    return {"known_pages": wiring.known_pages(), "library": wiring.library()}


def standing(there: bool) -> None:
    """Noor signed one for the desk."""
    approval = StandingApproval(
        brand=OURS,
        id="s1",
        department="desk",
        channels=("wall",),
        texts={"nl": "{author} Wij antwoorden {when}. Noor, Linde"},
        until=NOW + timedelta(days=30),
        signed_by="Noor",
        signed_by_id=NOOR,
        signed_at=NOW,
    )
    if there:
        wiring.standing().add(approval, line(OURS, NOW, "seed-s1", "standing.sign"))


def closed() -> None:
    """The desk opens in a moment, and has a holding reply."""
    desk, *others = brand(OURS).departments
    text = Template(
        id="h", language="nl", when="holding", text="{author} Wij antwoorden {when}. {agent}, Linde"
    )
    soon = replace(desk, hours={"mon": ("10:13-17:00",)})
    wiring.brands().put(replace(brand(OURS), departments=(soon, *others), templates=(text,)))


def hook() -> Hook:
    return Hook(
        brand=OURS, id="w-1", url="https://hooks.example/in", kinds=("case",), made_at=NOW, made_by="Noor"
    )


def taught() -> None:
    """Two mornings taught something, and the second one counts."""
    score = Measured(classes={"positive": Score(cases=30, before=5, gained=20)})
    days = ("2026-11-22", "2026-11-23")
    first, second = (
        Delta(
            brand=OURS,
            judge="tables-5",
            day=day,
            until=NOW - timedelta(hours=10),
            taught={"nl": Taught()},
            measured={"nl": score},
        )
        for day in days
    )
    for each in (first, second):
        wiring.deltas().add(each)
    standing = Lessons(rev=1, live=second.version, until=second.until, judge="tables-5")
    wiring.deltas().settle(OURS, standing)


def stands(key: DeliveryKey) -> None:
    """This answer is at its network."""
    was = wiring.deliveries().get(key)
    there = replace(was, state=DeliveryState.CONFIRMED, sent_at=NOW, remote_id="9")
    assert wiring.deliveries().settle(there)


def into(key: PostKey, state: DeliveryState) -> None:
    """Every message of a post in this state."""
    posts = wiring.posts()
    post, deliveries = posts.get(key)
    if state is DeliveryState.PLANNED:
        return
    sent = NOW if state is DeliveryState.CONFIRMED else None
    changes = [
        (was, changed(replace(was, state=state, sent_at=sent, remote_id="9" if sent else "")))
        for was in deliveries
    ]
    event = PostEvent(at=NOW, id="seed", kind=PostEventKind.HELD)
    posts.change(replace(post, rev=post.rev + 1), changes, event)


def morning(day: str = "2026-11-23") -> Morning:
    key = MentionKey(OURS, "sandbox", "109")
    follow = replace(DEED, id="follow-1", deed=Deed.FOLLOW, mention=key, platform="sandbox", channel="")
    fan = replace(FAN, platform="sandbox", last=key)
    made = NOW - timedelta(hours=2)
    return Morning(brand=OURS, day=day, rev=1, made_at=made, outreach=(follow,), fans=(fan,))


def named(operation: Operation) -> str:
    return operation.id
