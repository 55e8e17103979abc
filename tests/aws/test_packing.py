"""A mention costs one write unit, and its verdict another, up to 1,024 bytes: what that holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table import keys
from chalicelib.aws.table.packing import pack, pack_verdict, unpack_verdict
from chalicelib.aws.table.store import encode
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.verdict import Evidence, Reading, Sentiment, Verdict
from tests.conftest import NOW
from tests.harness.sizes import item_bytes

UNIT = 1024

DUTCH = (
    "Vanochtend weer twintig minuten voor een gesloten deur gestaan bij de bibliotheek, terwijl op jullie"
    " site staat dat jullie om negen uur open zijn. Dit is nu al de derde keer deze maand en ik begin er "
    "een beetje genoeg van te krijgen. Mijn dochter moest haar boeken inleveren en heeft nu een boete "
    "gekregen die we niet willen betalen. Kan iemand mij uitleggen waarom de openingstijden niet kloppen "
    "en wanneer dit wordt opgelost? Ik heb al twee keer gemaild en nog steeds geen antwoord ontvangen. "
    "Jammer, want de medewerkers aan de balie zijn altijd ontzettend vriendelijk en behulpzaam. Groeten "
    "van een trouwe lezer."
)
ENGLISH = (
    "Honestly, the reading room upstairs is the best place in town to get some work done on a rainy "
    "Tuesday. The heating works, the coffee is cheap, and when I could not find the atlas I needed for my"
    " daughter's school project, one of the librarians spent half an hour looking through the depot with "
    "me. She came back covered in dust and smiling, with three atlases and a map nobody had asked for "
    "since 1987. If you have not been there since the renovation: go, take the stairs, and say hello to "
    "whoever is behind the desk."
)


def said(text: str) -> Mention:
    author = Author(
        id="109876543210987654",
        handle="marijke_van_den_berg",
        name="Marijke van den Berg",
        url="https://social.example/@marijke_van_den_berg",
        followers=1234,
    )
    return Mention(
        key=MentionKey("lindebieb", "mastodon", "115579203841123456"),
        source="mentions",
        author=author,
        text=text,
        posted_at=NOW,
        heard_at=NOW + timedelta(milliseconds=123_456),
        url="https://social.example/@marijke_van_den_berg/115579203841123456",
        language="nl",
        watches=("brand", "opening"),
        channel="mastodon",
    )


VERDICT = Verdict(
    reading=Reading(
        language="nl",
        sentiment=Sentiment.NEGATIVE,
        probabilities=(0.8123, 0.1211, 0.0666),
        evidence=tuple(Evidence(n, n + 18, Sentiment.NEGATIVE) for n in (12, 212, 412)),
        intents=("complaint", "question"),
        urgency=1,
        judge="lexicon-1",
    ),
    department="desk",
    rule="the word 'openingstijden' belongs to desk",
)


@pytest.mark.parametrize("text", [DUTCH, ENGLISH], ids=["Dutch", "English"])
@pytest.mark.parametrize("length", [0, 120, 300, 500])
@pytest.mark.parametrize(
    "links", [(), ("bieb.example/agenda/lezen-met-je-kind-in-de-zomervakantie", "wwf.example/kas-2-jo")]
)
def test_an_ordinary_mention_and_its_verdict_fit_one_write_unit(
    text: str, length: int, links: tuple[str, ...]
) -> None:
    mention = replace(said(text[:length]), links=links)
    assert len(mention.text) == length
    put = pack(mention)
    judged = {
        **put,
        **pack_verdict(VERDICT),
        **keys.mention_day(mention.key, mention.posted_at, "answer"),
        "state": "answer",
    }
    entry = {name: judged[name] for name in ("pk", "sk", "day", "day_key", *keys.BY_DAY) if name in judged}
    assert item_bytes(encode(put)) < item_bytes(encode(judged)) <= UNIT
    assert item_bytes(encode(entry)) <= UNIT


@pytest.mark.parametrize(
    "verdict",
    [
        VERDICT,
        replace(VERDICT, topics=("fines", "lift"), names=("lindebieb",)),
        replace(VERDICT, reading=replace(VERDICT.reading, signals=("irony", "profanity"))),
    ],
)
def test_a_verdict_comes_back_as_it_was_given(verdict: Verdict) -> None:
    assert unpack_verdict(pack_verdict(verdict)) == verdict


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "é"}}, 4),
        ({"n": {"N": "7"}}, 3),
        ({"n": {"N": "1795424400"}}, 6),
        ({"n": {"N": "-12.5"}}, 5),
        ({"b": {"B": b"\x00" * 10}}, 11),
        ({"s": {"SS": ["ab", "c"]}}, 4),
        ({"l": {"L": [{"S": "ab"}, {"S": ""}]}}, 8),
        ({"m": {"M": {"k": {"BOOL": True}}}}, 7),
    ],
)
def test_sizes_are_counted_as_dynamodb_counts(item: dict[str, dict[str, object]], size: int) -> None:
    assert item_bytes(item) == size
