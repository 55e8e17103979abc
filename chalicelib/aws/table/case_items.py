"""A case as attributes: `listed` has what a list shows and the index of work projects, `case` the rest."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.packing import pack_evidence, unpack_evidence
from chalicelib.domain.case import Action, Case, CaseState, Colleague, Done, Helped, Waiting
from chalicelib.domain.mention import EXCERPT
from chalicelib.domain.shape import dump, load
from chalicelib.domain.verdict import Sentiment

LISTED = (
    "state",
    "action",
    "department",
    "author",
    "said",
    "evidence",
    "intents",
    "strong",
    "language",
    "sentiment",
    "channel",
    "received_at",
    "reason",
    "taken_by",
    "taken_by_id",
    "taken_until",
    "snoozed_until",
    "helped",
    "asked",
    "labels",
    "topics",
    "reopened",
    "direct",
)
"""Fields of a case that are kept in `listed`, with `rev`, and `drafted` where there is a draft."""


def to_item(case: Case) -> Item:
    fields = dump(case)
    listed: dict[str, Any] = {name: fields.pop(name) for name in LISTED if name in fields}
    listed["rev"] = case.rev
    if case.platform != case.key.platform:
        listed["platform"] = case.platform
    if case.evidence:
        listed["evidence"] = pack_evidence(case.evidence)
    if case.draft:
        listed["drafted"] = case.draft.by
        if case.draft.by_id:
            listed["drafted_by_id"] = case.draft.by_id
    rest = {name: value for name, value in fields.items() if name not in ("key", "rev")}
    rest["mention"] = f"{case.mention.platform}/{case.mention.id}"
    item: Item = {
        **keys.case(case.key),
        "v": keys.VERSION,
        "brand": case.key.brand,
        "ttl": keys.ttl(case.received_at, case.key.platform),
        "rev": case.rev,
        "listed": _json(listed),
        "case": _json(rest),
    }
    if case.into:
        return item
    if case.state.waits_for_us:
        item |= keys.case_work(case.key, case.due)
        item |= keys.case_open(case.key, case.department, case.due)
        if case.snoozed_until:
            item["reason"] = keys.moment(case.snoozed_until)
    elif case.answered_at and not case.key.drill:
        item |= {
            **keys.case_done(case.key, case.answered_at),
            "author": case.author,
            "excerpt": case.title[:EXCERPT],
            "label": case.sentiment.value,
            "language": case.language,
            "state": case.state.value,
            "department": case.department,
            **({"watches": list(case.labels)} if case.labels else {}),
        }
        if told := _told(case):
            item["reason"] = told
    return item


def _told(case: Case) -> str:
    """What a list of those that are done tells besides, each a word: solved by them, another network."""
    word = Helped.THANKS.value if case.solved_by_them else ""
    return " ".join(filter(None, (word, case.platform if case.platform != case.key.platform else "")))


def from_item(item: Item) -> Case:
    listed = json.loads(item["listed"])
    for name in ("drafted", "drafted_by_id", "platform"):
        listed.pop(name, None)
    if "evidence" in listed:
        listed["evidence"] = dump(unpack_evidence(listed["evidence"]))
    key = keys.read_case(item["pk"])
    rest = json.loads(item["case"])
    platform, _, id = rest["mention"].partition("/")
    rest["mention"] = {"brand": key.brand, "platform": platform, "id": id}
    return load(Case, {**rest, "key": dump(key), **listed})


def read_waiting(item: Item) -> Waiting:
    """Of an entry of the index of work."""
    listed = json.loads(item["listed"])
    key = keys.read_case(item["pk"])
    return Waiting(
        key=key,
        rev=listed["rev"],
        state=CaseState(listed["state"]),
        action=Action(listed["action"]),
        department=listed["department"],
        author=listed["author"],
        said=listed.get("said", ""),
        evidence=unpack_evidence(listed.get("evidence", ())),
        intents=tuple(listed.get("intents", ())),
        strong=listed.get("strong", False),
        language=listed["language"],
        sentiment=Sentiment(listed["sentiment"]),
        channel=listed["channel"],
        received_at=keys.read_moment(listed["received_at"]),
        due=keys.read_work(item),
        reason=listed.get("reason", ""),
        drafted=listed.get("drafted"),
        drafted_by_id=listed.get("drafted_by_id", ""),
        taken_by=listed.get("taken_by", ""),
        taken_by_id=listed.get("taken_by_id", ""),
        taken_until=_moment(listed, "taken_until"),
        snoozed_until=_moment(listed, "snoozed_until"),
        helped=Helped(listed["helped"]) if "helped" in listed else None,
        asked=tuple(Colleague(**each) for each in listed.get("asked", ())),
        labels=tuple(listed.get("labels", ())),
        topics=tuple(listed.get("topics", ())),
        platform=listed.get("platform", key.platform),
        reopened=listed.get("reopened", False),
        direct=listed.get("direct", True),
    )


def _moment(listed: Mapping[str, Any], name: str) -> datetime | None:
    return keys.read_moment(listed[name]) if name in listed else None


def read_done(item: Item) -> Done:
    """Of an entry of the index of days."""
    key = keys.read_case(item["pk"])
    told = item.get("reason", "").split()
    platforms = [word for word in told if word != Helped.THANKS.value]
    return Done(
        key=key,
        at=keys.read_month(item),
        state=CaseState(item["state"]),
        department=item["department"],
        author=item["author"],
        title=item["excerpt"],
        language=item["language"],
        sentiment=Sentiment(item["label"]),
        by_them=Helped.THANKS.value in told,
        labels=tuple(item.get("watches", ())),
        platform=platforms[0] if platforms else key.platform,
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
