"""What a library heard and said, laid in the table as the stages before would have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.domain.brand import Brand, Channel, Department, Goal, Template, Watch
from chalicelib.domain.case import Action, Case, CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState, token
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.post import Post, PostEvent, PostEventKind, PostKey, Slot, Variant
from chalicelib.domain.verdict import Evidence, Reading, Sentiment, Verdict
from chalicelib.ports import Held
from tests.harness.world import SENDER

BRAND = "lindebieb"
ZONE = "Europe/Amsterdam"


def at(text: str) -> datetime:
    """`2026-11-23 09:12`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def library(**changes: Any) -> Brand:
    ordinary = Brand(
        id=BRAND,
        name="Lindebieb",
        zone=ZONE,
        languages=("nl", "en"),
        departments=(Department(id="desk", name="Balie"),),
        channels=(
            Channel(id="wall", platform="sandbox", name="Muur", settings={"account": "lindebieb.wall"}),
        ),
        watches=(
            Watch(id="brand", name="Lindebieb", terms=("lindebieb",)),
            Watch(id="council", name="Gemeente", terms=("gemeente",), kind="stakeholder"),
        ),
        templates=(
            Template(id="q-nl", language="nl", when="question", text="Dag {author}, goede vraag. {agent}"),
            Template(id="o-en", language="en", when="other", text="Hello {author}. {agent}"),
        ),
        goals=(Goal(id="members", name="400 nieuwe leden in december"),),
        report_mail=("directie@lindebieb.example",),
        console_url="https://console.example",
        mail_from=SENDER,
    )
    return replace(ordinary, **changes)


def heard(
    id: str,
    posted: datetime,
    label: Sentiment = Sentiment.NEUTRAL,
    *,
    brand: str = BRAND,
    platform: str = "sandbox",
    author: str = "kees",
    state: str = "ignore",
    intents: tuple[str, ...] = (),
    language: str = "nl",
    department: str = "desk",
    evidence: tuple[Evidence, ...] = (),
    urgency: int = 0,
    **changes: Any,
) -> Mention:
    """A mention with its verdict, kept and listed."""
    who = Author(id=author, handle=author, name=author.title(), url=f"https://social.example/@{author}")
    ordinary: dict[str, Any] = {
        "source": "inbox",
        "author": who,
        "text": f"De Lindebieb, bericht {id}",
        "posted_at": posted,
        "heard_at": posted,
        "url": f"https://social.example/@{author}/{id}",
        "watches": ("brand",),
        "channel": "wall",
    }
    mention = Mention(key=MentionKey(brand, platform, id), **{**ordinary, **changes})
    reading = Reading(
        language=language,
        sentiment=label,
        probabilities=(0.1, 0.1, 0.8),
        evidence=evidence,
        intents=intents,
        urgency=urgency,
        judge="test-1",
    )
    wiring.mentions().add(mention)
    verdict = Verdict(reading=reading, department=department, rule="first")
    if mention.held:
        wiring.noise().hold([Held(mention, verdict, state)])
    else:
        wiring.mentions().judge(mention, verdict, state)
    return mention


def opened(mention: Mention, **changes: Any) -> Case:
    """Its case."""
    case = Case(
        key=CaseKey(mention.key.brand, mention.key.platform, mention.key.id),
        rev=1,
        state=CaseState.OPEN,
        action=Action.ANSWER,
        department="desk",
        mention=mention.key,
        author=mention.author.handle,
        title=mention.excerpt,
        language="nl",
        sentiment=Sentiment.NEGATIVE,
        channel="wall",
        received_at=mention.posted_at,
        due=mention.posted_at + timedelta(hours=1),
        reckoning=(60,),
        rule="complaint",
    )
    case = replace(case, **changes)
    wiring.cases().open(case)
    return case


def replied(case: Case, when: datetime, n: int = 1, **changes: Any) -> Delivery:
    case = wiring.cases().get(case.key)
    key = DeliveryKey(case.key, "wall", n)
    given: dict[str, Any] = {"remote_id": "out-1", "sent_at": when, **changes}
    delivery = Delivery(
        key=key,
        state=given.pop("state", DeliveryState.CONFIRMED),
        to=given.pop("to", case.mention),
        to_author=case.author,
        text="Dag Kees,\nhij is weer open.",
        language="nl",
        due=when,
        approved_by="Noor",
        approved_at=when,
        token=token(key),
        **given,
    )
    after = replace(case, rev=case.rev + 1, state=CaseState.ANSWERED, answered_at=when, replies=n)
    event = CaseEvent(at=when, id="approved-1", kind=EventKind.APPROVED, by="Noor")
    wiring.cases().approve(after, delivery, event)
    return delivery


def posted(
    id: str,
    wall: str,
    state: DeliveryState = DeliveryState.CONFIRMED,
    *,
    brand: str = BRAND,
    channel: str = "wall",
    post: dict[str, Any] | None = None,
    **changes: Any,
) -> Delivery:
    """A post whose moment was `wall` (`2026-11-28T10:00`), and its one delivery."""
    key, slot = PostKey(brand, id), Slot(wall, ZONE)
    when, planned = slot.at(), slot.at() - timedelta(days=2)
    text = f"Zaterdag voorlezen ({id})\nKom ook."
    plan = Post(
        key=key,
        rev=1,
        title=f"Voorlezen {id}",
        language="nl",
        variants=(Variant(channel=channel, text=text),),
        slot=slot,
        planned_by="Noor",
        planned_at=planned,
        **(post or {}),
    )
    left = state in (DeliveryState.CONFIRMED, DeliveryState.SENT)
    given = {"remote_id": f"r-{id}", "sent_at": when} if left else {}
    delivery = Delivery(
        key=DeliveryKey(key, channel, 1),
        state=state,
        text=text,
        language="nl",
        due=when,
        approved_by="Noor",
        approved_at=planned,
        token=token(DeliveryKey(key, channel, 1)),
        title=plan.title,
        slot=slot,
        **{**given, **changes},
    )
    event = PostEvent(at=planned, id="planned", kind=PostEventKind.PLANNED, by="Noor")
    assert wiring.posts().add(plan, [delivery], event)
    return delivery
