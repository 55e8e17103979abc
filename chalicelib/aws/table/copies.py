"""Stories that several sites carry: the marks of their texts, and copies under the first one.

A story costs a write for each of its marks, a copy a transaction of three: itself, its line under the first
one, and the first one's sites.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store, Update
from chalicelib.domain.copies import WITHIN
from chalicelib.domain.mention import Copy, Mention, MentionKey
from chalicelib.errors import Conflict

if TYPE_CHECKING:
    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.case import Case
    from chalicelib.domain.hook import Call

FIRST = "attribute_not_exists(#reason)"
"""It is no copy itself."""
OVER = 1
"""A `ttl` long past: not there any more for any read, and swept away by the table."""


def hold(store: Store, mark: str, mention: Mention, instead: MentionKey | None) -> MentionKey:
    key = mention.key
    place = keys.mark(key.brand, mark)
    told = {"v": keys.VERSION, "brand": key.brand, "ttl": int((mention.heard_at + WITHIN).timestamp())}
    free = f"{ABSENT} OR #ttl <= :now" + (" OR #of = :instead" if instead else "")
    values: keys.Item = {"now": int(keys.now())}
    if instead:
        values["instead"] = keys.mention(instead)["pk"]
    try:
        store.put({**place, **told, "of": keys.mention(key)["pk"]}, free, values)
    except Refused:
        kept = store.get(place)
        return keys.read_mention(kept["of"]) if kept else key
    return key


def copy(store: Store, first: Mention, copy: Copy) -> bool:
    listed = {
        **keys.copy(first.key, copy.key),
        "v": keys.VERSION,
        "brand": first.key.brand,
        "ttl": keys.ttl(first.heard_at),
        "copy": to_text(copy),
    }
    itself: Update = (
        keys.mention(copy.key),
        "SET #reason = :first",
        {"first": keys.mention(first.key)["pk"]},
        f"{FIRST} AND attribute_not_exists(#judge) AND attribute_not_exists(#sites)",
    )
    theirs: Update = (
        keys.mention(first.key),
        "ADD #sites :sites",
        {"sites": {copy.site}},
        f"attribute_exists(#pk) AND {FIRST}",
    )
    try:
        store.put_together((listed, "", {}), updates=(itself, theirs))
    except Refused:
        return False
    return True


def of(store: Store, first: MentionKey) -> list[Copy]:
    where = "#pk = :pk AND begins_with(#sk, :sk)"
    items = store.query(where, {"pk": keys.mention(first)["pk"], "sk": "X#"})
    found = [from_text(Copy, item["copy"]) for item in items]
    return sorted(found, key=lambda each: (each.posted_at, each.site, str(each.key)))


def part(
    store: Store,
    copy: Mention,
    state: str,
    line: AuditLine,
    *,
    sites: Sequence[str],
    case: Case | None,
    calls: Sequence[Call],
) -> None:
    from chalicelib.aws.table import audit, case_items, hooks  # which who polls never needs

    if copy.copy_of is None:
        raise ValueError("it is no copy")
    first = keys.mention(copy.copy_of)
    puts: list[Put] = [audit.put_of(line), *hooks.puts_of(calls)]
    if case:
        puts.append((case_items.to_item(case), ABSENT, {}))
    updates: list[Update] = [
        (
            keys.mention(copy.key),
            "SET #state = :state REMOVE #reason",
            {"state": state, "first": first["pk"]},
            "#reason = :first",
        ),
        (keys.copy(copy.copy_of, copy.key), "SET #ttl = :over", {"over": OVER}, ""),
    ]
    if sites:
        updates.append((first, "DELETE #sites :sites", {"sites": set(sites)}, "attribute_exists(#pk)"))
    try:
        store.put_together(*puts, updates=updates)
    except Refused:
        raise Conflict(f"{copy.key} was changed by someone else") from None
