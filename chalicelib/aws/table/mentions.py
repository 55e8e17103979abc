"""Mentions: put once as they came, judged by one update, listed by day."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.packing import pack, pack_verdict, unpack, unpack_verdict
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.mention import Copy, Mention, MentionKey
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import NotFound
from chalicelib.ports import Listing, Looked, Wanted
from chalicelib.ports.heard import EVERYTHING

if TYPE_CHECKING:
    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.case import Case
    from chalicelib.domain.hook import Call

SCANNED = 2_500
"""Of a day's mentions that one request looks through for what is wanted: what 1 MB holds."""


class Mentions:
    """Implements `ports.Mentions`. Three write units a mention: put, verdict, index entry."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def add(self, mention: Mention) -> bool:
        try:
            self._store.put(pack(mention), ABSENT)
        except Refused:
            return False
        return True

    def get(self, key: MentionKey) -> tuple[Mention, Verdict | None]:
        item = self._store.get(keys.mention(key))
        if item is None:
            raise NotFound(str(key))
        return unpack(item), unpack_verdict(item)

    def get_many(self, keys_: Sequence[MentionKey]) -> dict[MentionKey, tuple[Mention, Verdict | None]]:
        items = self._store.get_all([keys.mention(key) for key in dict.fromkeys(keys_)])
        return {keys.read_mention(item["pk"]): (unpack(item), unpack_verdict(item)) for item in items}

    def judge(self, mention: Mention, verdict: Verdict, state: str, *, now: datetime | None = None) -> bool:
        given = {**pack_verdict(verdict), "state": state}
        text, edits = _of_text(mention.edit.number if mention.edit else 0)
        if not mention.key.drill:  # what counts or lists what was said goes by the day
            given |= keys.mention_day(mention.key, mention.posted_at, state)
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        if now:
            change += ", #judged = if_not_exists(#judged, :judged)"
            given["judged"] = int(now.timestamp())
        try:
            self._store.update(
                keys.mention(mention.key),
                change,
                given | edits,
                condition="attribute_exists(#pk) AND attribute_not_exists(#corrected)"
                f" AND (attribute_not_exists(#judge) OR #judge <> :judge) AND {text}",
            )
        except Refused as refused:
            if refused.item is None:
                raise NotFound(str(mention.key)) from None
            return False
        return True

    def judged_at(self, key: MentionKey) -> datetime | None:
        item = self._store.get(keys.mention(key))
        return datetime.fromtimestamp(int(item["judged"]), UTC) if item and "judged" in item else None

    def at(self, address: str, mention: Mention) -> MentionKey:
        key = mention.key
        place = keys.address(key.brand, address)
        told = {"v": keys.VERSION, "brand": key.brand, "ttl": keys.ttl(mention.heard_at)}
        try:
            self._store.put({**place, **told, "of": keys.mention(key)["pk"]}, ABSENT)
        except Refused:
            kept = self._store.get(place)
            return keys.read_mention(kept["of"]) if kept else key
        return key

    def hold(self, mark: str, mention: Mention, instead: MentionKey | None = None) -> MentionKey:
        from chalicelib.aws.table import copies  # few mentions are stories

        return copies.hold(self._store, mark, mention, instead)

    def copy(self, first: Mention, copy: Copy) -> bool:
        from chalicelib.aws.table import copies

        return copies.copy(self._store, first, copy)

    def copies(self, first: MentionKey) -> list[Copy]:
        from chalicelib.aws.table import copies

        return copies.of(self._store, first)

    def part(
        self,
        copy: Mention,
        state: str,
        line: "AuditLine",
        *,
        sites: Sequence[str],
        case: "Case | None" = None,
        calls: "Sequence[Call]" = (),
    ) -> None:
        from chalicelib.aws.table import copies

        copies.part(self._store, copy, state, line, sites=sites, case=case, calls=calls)

    def edit(self, mention: Mention, verdict: Verdict | None) -> bool:
        if mention.edit is None:
            raise ValueError("an edit says which it is")
        whole = pack(mention)
        changed = ("told", "excerpt", "edits", "watches")
        given: keys.Item = {name: whole[name] for name in changed if name in whole}
        given |= pack_verdict(verdict) if verdict else {"judge": ""}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        text, edits = _of_text(mention.edit.number - 1)
        try:
            self._store.update(
                keys.mention(mention.key),
                change if verdict else change + " REMOVE #corrected",
                given | edits,
                condition=f"attribute_exists(#pk) AND {text}",
            )
        except Refused:
            return False
        return True

    def day(
        self, brand: str, day: str, *, limit: int = 50, before: str = "", wanted: Wanted = EVERYTHING
    ) -> tuple[list[Listing], str]:
        looked = self.look(brand, day, limit=limit, through=SCANNED, before=before, wanted=wanted)
        return looked.found, looked.place

    def look(
        self,
        brand: str,
        day: str,
        *,
        limit: int,
        through: int,
        before: str = "",
        wanted: Wanted = EVERYTHING,
    ) -> Looked:
        chosen, values = _filter(brand, wanted)
        of = keys.noise_day if wanted.state == keys.NOISE else keys.day
        more: dict[str, Any] = {"FilterExpression": chosen} if chosen else {}
        begun, last, looked = self._store.begun(
            "#day = :day AND #day_key < :before" if before else "#day = :day",
            {"day": of(brand, day), **({"before": before} if before else {}), **values},
            index="by_day",
            ScanIndexForward=False,
            Limit=through if chosen else limit,
            **more,
        )
        items = list(islice(begun, limit + 1))
        if len(items) > limit:
            items, last = items[:limit], items[limit - 1]
        return Looked([_listing(item) for item in items], last["day_key"] if last else "", looked)


def _of_text(edits: int) -> tuple[str, keys.Item]:
    """The condition that this text is the one that stands there, and the value that it needs."""
    return ("#edits = :text", {"text": edits}) if edits else ("attribute_not_exists(#edits)", {})


def _filter(brand: str, wanted: Wanted) -> tuple[str, keys.Item]:
    """What the table leaves out by itself, and the values that this needs."""
    parts = {
        "label": "#label = :label",
        "language": "#language = :language",
        "state": "#state = :state",
        "author": "#author = :author",
        "watch": "contains(#watches, :watch)",
        "source": "begins_with(#reason, :source)",
        "platform": "begins_with(#pk, :platform)",
    }
    values = {name: getattr(wanted, name) for name in parts if getattr(wanted, name)}
    copies = {
        "only": "(attribute_exists(#reason) AND NOT contains(#reason, :blank))",
        "none": "(attribute_not_exists(#reason) OR contains(#reason, :blank))",
    }
    wishes = [parts[name] for name in values]
    chosen = " AND ".join([*wishes, copies[wanted.copies]] if wanted.copies else wishes)
    if wanted.copies:
        values["blank"] = " "
    if wanted.source:
        values["source"] = f"{wanted.source} "
    if wanted.platform:
        values["platform"] = keys.mentions_of(brand, wanted.platform)
    return chosen, values


def _listing(item: keys.Item) -> Listing:
    return Listing(
        key=keys.read_mention(item["pk"]),
        posted_at=keys.read_mention_day(item),
        author=item["author"],
        excerpt=item["excerpt"],
        language=item["language"],
        label=item["label"],
        watches=tuple(item.get("watches", ())),
        state=item["state"],
        held=item.get("reason", "").partition(" ")[2],
        copy_of=keys.read_mention(item["reason"]) if " " not in item.get("reason", " ") else None,
    )
