"""An invented library and the people who write to it, for the tests of the rules."""

from datetime import UTC, datetime

from chalicelib.domain.brand import Brand, Department, Template, Watch
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.verdict import Reading, Sentiment

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

LIBRARY = Brand(
    id="lindebieb",
    name="Lindebieb",
    zone="Europe/Amsterdam",
    languages=("nl", "en"),
    departments=(
        Department(id="desk", name="Balie", complaint_within=60, other_within=240, praise_within=480),
        Department(id="lending", name="Uitleen", topics=("boete*", "lenen")),
        Department(id="building", name="Gebouw", topics=("verwarming", "lift", "boetes")),
        Department(id="press", name="Pers"),
    ),
    watches=(
        Watch(id="brand", name="Onze naam", terms=("lindebieb",)),
        Watch(id="news", name="Nieuws", terms=("jaarverslag",), languages=("nl",), department="press"),
        Watch(id="gone", name="Oud", terms=("verbouwing",), department="removed"),
    ),
    templates=(
        Template(
            id="sorry", language="nl", when="complaint", text="Dag {author}, vervelend! {agent}, {brand}"
        ),
        Template(id="thanks", language="nl", when="praise", text="Dank je {author}! Groet, {department}"),
        Template(id="any", language="nl", when="other", text="Dag {author}, {reason} {}"),
        Template(id="any-en", language="en", when="other", text="Hello {author}. {agent} for {brand}"),
    ),
)


def mention(text: str = "hoi", *, direct: bool = False, handle: str = "kees") -> Mention:
    return Mention(
        key=MentionKey("lindebieb", "sandbox", "1"),
        source="inbox",
        author=Author(id="7", handle=handle, name="Kees {x} [y]"),
        text=text,
        posted_at=NOON,
        heard_at=NOON,
        watches=("brand",),
        direct=direct,
    )


def reading(
    sentiment: Sentiment = Sentiment.NEUTRAL, *intents: str, certainty: float = 0.9, language: str = "nl"
) -> Reading:
    rest = (1 - certainty) / 2
    return Reading(
        language=language,
        sentiment=sentiment,
        probabilities=(certainty, rest, rest),
        intents=intents,
        judge="test-1",
    )
