"""What is held: its verdict and its count in one transaction; and the blocks, kept beside their brand.

A batch costs one write for the counts of each source in it, however many were held; what is not held costs
nothing here. A message counts when its verdict is first laid beside it, so a repeat counts nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.packing import pack_verdict
from chalicelib.aws.table.store import ABSENT, Refused, Store, Update
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Block, OverCap
from chalicelib.domain.mention import HELD
from chalicelib.domain.source import Source
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports.heard import Held

TOGETHER = 40
"""Messages of one transaction, beside their counts and the log's line."""
KINDS = ("muted", "blocked", "noise", "capped")
KEPT = timedelta(days=400)
"""Counts of a month."""


class Noise:
    """Implements `ports.Noise`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)
        self._hours: dict[tuple[str, str, str], list[int]] = {}

    def hold(self, held: Sequence[Held]) -> None:
        for run in _together(held):
            left = run
            while left:
                try:
                    self._store.put_together(updates=[*map(_first, left), *_counted(left, 1)])
                    break
                except Refused as refused:
                    for n in refused.parts:
                        self._again(left[n])
                    left = [each for n, each in enumerate(left) if n not in refused.parts]

    def _again(self, held: Held) -> None:
        """Judged before: by this judge, then all is done; else anew, and counted as far as that changes
        it."""
        mention = held.mention
        item = self._store.get(keys.mention(mention.key))
        if item is None:
            raise NotFound(str(mention.key))
        told = pack_verdict(held.verdict)
        if "corrected" in item or item.get("judge") == told["judge"]:
            return
        was = item.get("state", "")
        key, change, given, condition = _judged(held, "#judge = :judge_was AND #state = :state_was")
        given |= {"judge_was": item.get("judge", ""), "state_was": was}
        counted = (
            [] if (was in HELD) == (held.state in HELD) else _counted([held], 1 if held.state in HELD else -1)
        )
        try:
            self._store.put_together(updates=[(key, change, given, condition), *counted])
        except Refused:
            return  # somebody else judged it, or edited it

    def free(self, held: Sequence[Held], *lines: AuditLine) -> None:
        updates = [*map(_freed, held), *_counted(held, -1)]
        try:
            self._store.put_together(*map(put_of, lines), updates=updates)
        except Refused:
            raise Conflict("it was held no more") from None

    def counts(self, brand: str, sources: Sequence[str], at: datetime) -> dict[str, dict[str, int]]:
        items = self._store.get_all([keys.held_month(brand, id, at) for id in dict.fromkeys(sources)])
        return {
            item["pk"].split("#")[2]: {kind: item[kind] for kind in KINDS if item.get(kind, 0) > 0}
            for item in items
        }

    def heard(self, source: Source, number: int, at: datetime) -> int:
        hour = (source.brand, source.id, keys.moment(at)[:13])
        if hour not in self._hours:
            self._hours = {each: known for each, known in self._hours.items() if each[:2] != hour[:2]}
        known = self._hours.setdefault(hour, [0, 0])  # told to all, and not yet
        known[1] += number
        if known[1] * 10 >= source.cap:
            key = keys.calls_hour(source.brand, source.id, at)
            given = {"n": known[1], "ttl": int(at.timestamp()) + 2 * 86400, "v": keys.VERSION}
            change = "ADD #calls :n SET #ttl = :ttl, #v = :v"
            known[0] = self._store.update(key, change, given, returns="UPDATED_NEW")["calls"]
            known[1] = 0
        return known[0] + known[1]

    def leave(self, brand: str, source: str, at: datetime, *lines: AuditLine) -> None:
        given = {"left": keys.moment(at)}
        left = (keys.over_cap(brand, source), "SET #left = :left", given, "attribute_exists(#pk)")
        try:
            self._store.put_together(*map(put_of, lines), updates=[left])
        except Refused:
            raise NotFound(f"nothing is over the cap of {brand}/{source}") from None

    def block(self, brand: str, block: Block, *lines: AuditLine) -> bool:
        item = {**keys.block(brand, block.id), "v": keys.VERSION, "brand": brand}
        item |= {"block": to_text(block, "id", "held"), "held": 0}
        free = f"{ABSENT} OR attribute_exists(#ttl)"
        try:
            self._store.put_together((item, free, {}), *map(put_of, lines))
        except Refused:
            return False
        return True

    def lift(self, brand: str, block: str, *lines: AuditLine) -> None:
        """It expires: no role of ours may delete."""
        given = {"now": int(keys.now()) - 1}
        there = "attribute_exists(#pk) AND attribute_not_exists(#ttl)"
        gone = (keys.block(brand, block), "SET #ttl = :now", given, there)
        try:
            self._store.put_together(*map(put_of, lines), updates=[gone])
        except Refused:
            raise NotFound(f"block {brand}/{block}") from None


def blocks(items: Iterable[Item]) -> tuple[Block, ...]:
    """The newest first, of a brand's items."""
    there = (item for item in items if item["sk"].startswith("X#") and "block" in item)
    found = [from_text(Block, item["block"], id=item["sk"][2:], held=item.get("held", 0)) for item in there]
    return tuple(sorted(found, key=lambda each: (each.at, each.id), reverse=True))


def over(items: Iterable[Item]) -> tuple[OverCap, ...]:
    found = [
        OverCap(
            source=item["sk"][2:],
            held=item["held"],
            last=keys.read_moment(item["last"]),
            left=keys.read_moment(item["left"]) if "left" in item else None,
        )
        for item in items
        if item["sk"].startswith("O#") and item.get("held", 0) > 0
    ]
    return tuple(sorted(found, key=lambda each: each.source))


def _together(held: Sequence[Held]) -> Iterable[list[Held]]:
    by_month: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for each in {each.mention.key: each for each in held}.values():
        by_month[each.mention.key.brand, keys.moment(each.mention.heard_at)[:7]].append(each)
    for run in by_month.values():
        for start in range(0, len(run), TOGETHER):
            yield run[start : start + TOGETHER]


def _first(held: Held) -> Update:
    return _judged(held, "attribute_not_exists(#state)")


def _judged(held: Held, condition: str) -> Update:
    mention = held.mention
    given = {**pack_verdict(held.verdict), "state": held.state}
    given |= keys.mention_day(mention.key, mention.posted_at, held.state)
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
    if mention.edit:
        given["text"] = mention.edit.number
    text = "#edits = :text" if mention.edit else "attribute_not_exists(#edits)"
    return keys.mention(mention.key), change, given, f"attribute_exists(#pk) AND {condition} AND {text}"


def _freed(held: Held) -> Update:
    mention = held.mention
    given = {"state": held.state, **keys.mention_day(mention.key, mention.posted_at, held.state)}
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in given) + " REMOVE #reason"
    given["reason"] = f"{mention.source} {mention.held}"
    return keys.mention(mention.key), change, given, "#reason = :reason AND attribute_exists(#state)"


def _counted(held: Sequence[Held], sign: int) -> list[Update]:
    """Of each source and month, of each block, and of what waits over a cap. `sign` -1: they are held no
    more."""
    months: dict[tuple[str, str, datetime], Counter[str]] = defaultdict(Counter)
    by_block: Counter[tuple[str, str]] = Counter()
    capped: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for mention, _, state in held:
        if sign > 0 and state not in HELD:
            continue
        brand, heard = mention.key.brand, mention.heard_at
        month = heard.replace(day=1, hour=0, minute=0, second=0)
        months[brand, mention.source, month][mention.kept_from] += sign
        if mention.kept_from == "blocked":
            by_block[brand, mention.held.partition(" ")[2]] += sign
        if mention.kept_from == "capped":
            capped[brand, mention.source].append(heard)
    made = [_month(*of, counts) for of, counts in months.items()]
    for (brand, block), count in by_block.items():
        made.append((keys.block(brand, block), "ADD #held :n", {"n": count}, ""))
    for (brand, source), at in capped.items():
        made.append(_over(brand, source, at, sign))
    return made


def _month(brand: str, source: str, at: datetime, counts: Counter[str]) -> Update:
    given: Item = dict(counts)
    added = ", ".join(f"#{name} :{name}" for name in given)
    rest = {"v": keys.VERSION, "brand": brand, "ttl": int((at + KEPT).timestamp())}
    change = f"ADD {added} SET " + ", ".join(f"#{name} = :{name}" for name in rest)
    return keys.held_month(brand, source, at), change, {**given, **rest}, ""


def _over(brand: str, source: str, at: Sequence[datetime], sign: int) -> Update:
    key = keys.over_cap(brand, source)
    if sign < 0:
        return key, "ADD #held :n", {"n": -len(at)}, ""
    rest = {"v": keys.VERSION, "brand": brand, "last": keys.moment(max(at))}
    change = "ADD #held :n SET " + ", ".join(f"#{name} = :{name}" for name in rest)
    return key, change, {"n": len(at), **rest}, ""
