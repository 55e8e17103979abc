"""A mention and its verdict as attributes, kept small: a write unit is 1,024 bytes, and there are millions.

What the day index shows are attributes of their own: author, watches, and of the text its first 120
characters. All else is in `told` and `verdict`, JSON lists in the order written here; moments in
milliseconds, probabilities in ten-thousandths. `told` is deflated: its addresses resemble each other, and
the rest of the text is in it. A judged mention of 500 characters is some 870 bytes.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.domain.mention import EXCERPT, Author, Edit, Mention
from chalicelib.domain.verdict import Corrected, Evidence, Reading, Sentiment, Verdict

_WHOLE = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pack(mention: Mention) -> Item:
    """The whole item, as it is put once."""
    author = mention.author
    told = [
        mention.source,
        _millis(mention.posted_at),
        _millis(mention.heard_at),
        mention.url,
        mention.reply_to,
        mention.language,
        mention.channel,
        mention.history + 2 * mention.direct + 4 * mention.aside + 8 * mention.unproven,
        author.id,
        author.name,
        author.url,
        author.followers,
        mention.text[EXCERPT:],
    ]
    edit, as_of = mention.edit, mention.as_of
    if edit or as_of:
        edit = edit or Edit(0, mention.heard_at)
        told += [edit.number, _millis(edit.at), edit.was, edit.gone]
        told += [edit.back, edit.more, edit.past, _millis(as_of) if as_of else None]
    if mention.links:
        told.append([*mention.links])
    item: Item = {
        **keys.mention(mention.key),
        "v": keys.VERSION,
        "brand": mention.key.brand,
        "ttl": keys.ttl(mention.heard_at, mention.key.platform),
        "author": author.handle,
        "excerpt": mention.excerpt,
        "told": _deflated(_json(told)),
    }
    if mention.held:
        item["reason"] = f"{mention.source} {mention.held}"
    if mention.watches:
        item["watches"] = list(mention.watches)
    if mention.edit:
        item["edits"] = mention.edit.number
    if mention.copy_of:
        item["reason"] = keys.mention(mention.copy_of)["pk"]
    if mention.sites:
        item["sites"] = set(mention.sites)
    return item


def unpack(item: Item) -> Mention:
    source, posted, heard, url, reply_to, language, channel, marks, *more = json.loads(
        _inflated(item["told"])
    )
    links = more.pop() if isinstance(more[-1], list) else ()
    id, name, author_url, followers, rest, *edit = more
    return Mention(
        key=keys.read_mention(item["pk"]),
        source=source,
        author=Author(id=id, handle=item["author"], name=name, url=author_url, followers=followers),
        text=item["excerpt"] + rest,
        posted_at=_moment(posted),
        heard_at=_moment(heard),
        url=url,
        reply_to=reply_to,
        language=language,
        watches=tuple(item.get("watches", ())),
        channel=channel,
        direct=bool(marks & 2),
        history=bool(marks & 1),
        aside=bool(marks & 4),
        unproven=bool(marks & 8),
        held=item.get("reason", "").partition(" ")[2],
        edit=_edit(*edit[:7]) if edit and edit[0] else None,
        as_of=_moment(edit[7]) if edit[7:] and edit[7] is not None else None,
        copy_of=keys.read_mention(item["reason"]) if " " not in item.get("reason", " ") else None,
        links=tuple(links),
        sites=tuple(sorted(item.get("sites", ()))),
    )


def _edit(
    number: int,
    at: int,
    was: str,
    gone: bool,
    back: bool = False,
    more: bool = False,
    past: Sequence[str] = (),
) -> Edit:
    return Edit(number, _moment(at), was, gone, back, more, tuple(past))


def pack_verdict(verdict: Verdict) -> Item:
    """The attributes a verdict adds; `judge` stands apart since the update's condition asks for it."""
    reading = verdict.reading
    told: list[Any] = [
        [round(p * _WHOLE) for p in reading.probabilities],
        pack_evidence(reading.evidence),
        list(reading.intents),
        reading.urgency,
        verdict.department,
        verdict.rule,
    ]
    more = [list(reading.signals), list(verdict.topics), list(verdict.names)]
    if any(more):  # most mentions have none of these, and each byte is paid for a million times
        told += more
    item: Item = {
        "judge": reading.judge,
        "language": reading.language,
        "label": reading.sentiment.value,
        "verdict": _json(told),
    }
    if verdict.corrected:
        item["corrected"] = to_text(verdict.corrected)
    return item


def unpack_verdict(item: Item) -> Verdict | None:
    """None while the mention waits for its verdict."""
    if "verdict" not in item:
        return None
    (negative, neutral, positive), flat, intents, urgency, department, rule, *more = json.loads(
        item["verdict"]
    )
    signals, topics, names = map(tuple, more or ((), (), ()))
    reading = Reading(
        language=item["language"],
        sentiment=Sentiment(item["label"]),
        probabilities=(negative / _WHOLE, neutral / _WHOLE, positive / _WHOLE),
        evidence=unpack_evidence(flat),
        intents=tuple(intents),
        urgency=urgency,
        signals=signals,
        judge=item["judge"],
    )
    corrected = from_text(Corrected, item["corrected"]) if "corrected" in item else None
    return Verdict(
        reading=reading, department=department, rule=rule, corrected=corrected, topics=topics, names=names
    )


def pack_evidence(evidence: Iterable[Evidence]) -> list[int | str]:
    """Start, end and mark of each in turn."""
    return [part for each in evidence for part in (each.start, each.end, _signed(each))]


def unpack_evidence(flat: Sequence[Any]) -> tuple[Evidence, ...]:
    passages = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    return tuple(_passage(start, end, mark) for start, end, mark in passages)


_BY_START = {sentiment.value[:3]: sentiment for sentiment in Sentiment}
_WEIGHED = 100


def _signed(passage: Evidence) -> int | str:
    """Its weight in hundredths, below 0 for negative; without a weight, how its sentiment's name begins."""
    weight = round(passage.weight * _WEIGHED)
    if not weight:
        return passage.sentiment.value[:3]
    return -weight if passage.sentiment is Sentiment.NEGATIVE else weight


def _passage(start: int, end: int, mark: int | str) -> Evidence:
    if isinstance(mark, str):
        return Evidence(start, end, _BY_START[mark])
    return Evidence(start, end, Sentiment.POSITIVE if mark > 0 else Sentiment.NEGATIVE, abs(mark) / _WEIGHED)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _deflated(text: str) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(text.encode()) + packer.flush()


def _inflated(packed: bytes) -> str:
    return zlib.decompress(packed, -zlib.MAX_WBITS).decode()


def _millis(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _moment(millis: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=millis)
