"""What a message wants, how soon, and whether it may mean the opposite: by turns of phrase.

A cue is looked for in the text's tokens joined by single spaces, so " top hoor " is whole words.
"""

from collections.abc import Iterable

from chalicelib.domain.verdict import Sentiment


def _cues(listed: str) -> tuple[str, ...]:
    return tuple(f" {cue.strip()} " for cue in listed.split("|"))


_IRONY = _cues(
    """
    lekker dan | fijn dan | mooi dan | top hoor | fijn hoor | mooi hoor | leuk hoor | knap hoor |
    goed hoor | bravo hoor | lekker bezig | lekker weer | nou lekker | nou fijn | nou geweldig |
    wat fijn dat | fijn dat jullie | leuk dat jullie | geweldig dat jullie | bedankt voor niets |
    bedankt voor niks | lekker geregeld | oh great | just great | great , another | great another |
    thanks for nothing | nice one | way to go | love how | love it when | how lovely | how nice of | 🙃 |
    🙄 | 👏
    """
)
_THANKS = _cues(
    """
    bedankt | dank | dankjewel | dankuwel | dankje | merci | thanks | thank | thx | cheers
    """
)
_ANOTHER = _cues(
    """
    weer | alweer | opnieuw | again | another | yet
    """
)
_IN_ADVANCE = _cues(
    """
    alvast | bij voorbaat | in advance
    """
)

_ASKS = _cues(
    """
    weet iemand | iemand een idee | iemand enig idee | heeft iemand | kan iemand | weet jij of |
    weten jullie of | ik vraag me af | vraagje | ik heb een vraag | does anyone | anyone know |
    can anyone | can someone | could someone | i was wondering | i wonder if | quick question
    """
)
_OPENERS = _cues(
    """
    hoe | wanneer | waar kan | waar vind | wat kost | hoeveel | kunnen jullie | kun je | kan ik | mag ik |
    hebben jullie | zijn jullie | is er | gaat de | how do | how can | how much | how long | when do |
    when does | when is | where can | where do | where is | what time | what does | what is | do you |
    can i | can you | could you | is there | are there | are you open
    """
)
_RHETORICAL = _cues(
    """
    hoe moeilijk | serieus ? | meen je | menen jullie | waarom toch | een grap | hoe dan ? |
    wat is dit voor | hoe kan het dat | hoe haal je | hoe bestaat | wie bedenkt | toch ? | how hard |
    seriously ? | kidding | are you serious | a joke | really ? | who does that | how is this |
    how is that | why would | why bother | what is wrong with | right ?
    """
)
_COMPLAINS = _cues(
    """
    klacht | geld terug | nog steeds geen | nog steeds niet | nog altijd geen | nog altijd niet |
    complaint | money back | still no | still not | still waiting | still haven't | disappointed
    """
)
_INVOLVED = _cues(
    """
    ik | wij | we | mij | me | mijn | ons | onze | m'n | jullie | jij | je | jouw | u | uw | i | i'm |
    i've | my | me | we | us | our | you | your | you're
    """
)

_SAFETY = _cues(
    """
    gaslucht | gaslek | brandlucht | er is brand | staat in brand | vliegt in brand | rookontwikkeling |
    veel rook | ambulance | 112 | gewond | gewonden | bewusteloos | insuline | allergische reactie |
    voedselvergiftiging | zelfmoord | in de lift vast | vast in de lift | kortsluiting | onder stroom |
    benauwd | gas leak | smell gas | smell of gas | caught fire | on fire | smoke coming | injured |
    unconscious | insulin | allergic reaction | food poisoning | suicide | suicidal | in the lift |
    stuck in the elevator | electric shock | bleeding | chest pain
    """
)
_PRESSING = _cues(
    """
    zonder verwarming | zonder internet | zonder stroom | zonder water | zonder medicijnen | spoed |
    dringend | zo snel mogelijk | nu meteen | vandaag nog | voor de deur | sta hier | staan hier |
    buitengesloten | gestrand | rolstoel | lekkage | urgent | asap | emergency | immediately | right now |
    stranded | locked out | without heating | no heating | without power | no power | without water |
    no hot water | without internet | no internet | call me back | wheelchair | flooding
    """
)
_WAITING = _cues(
    """
    nog steeds | nog altijd | al dagen | al weken | weken | maanden | alweer | weer niet | derde keer |
    still | weeks | months | late again | broken again | down again | third time | yet again
    """
)


def ironic(joined: str) -> bool:
    """Turns of phrase that often mean the opposite of their words."""
    return _any(_IRONY, joined) or (_any(_THANKS, joined) and _any(_ANOTHER, joined))


def intents(joined: str, sentiment: Sentiment, urgent: int, praised: bool) -> tuple[str, ...]:
    """`praised`: something was called good in so many words. Danger is a complaint, however calmly told."""
    found = []
    angry = sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED)
    asked = " ?" in joined
    if (asked or _any(_ASKS, joined) or joined.startswith(_OPENERS)) and not _any(_RHETORICAL, joined):
        found.append("question")
    told = sentiment is not Sentiment.POSITIVE and not asked and _any(_COMPLAINS, joined)
    if urgent == 3 or told or (angry and _any(_INVOLVED, joined)):
        found.append("complaint")
    if sentiment is Sentiment.POSITIVE and praised:
        found.append("compliment")
    if not angry and _any(_THANKS, joined) and not _any(_IN_ADVANCE, joined):
        found.append("thanks")
    return tuple(found)


def urgency(joined: str, sentiment: Sentiment) -> int:
    """3: safety or health. 2: pressing. 1: waited long. 0: can wait, and all praise."""
    if sentiment is Sentiment.POSITIVE:
        return 0
    for degree, cues in ((3, _SAFETY), (2, _PRESSING)):
        if _any(cues, joined):
            return degree
    angry = sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED)
    return int(angry and _any(_WAITING, joined))


def _any(cues: Iterable[str], joined: str) -> bool:
    return any(cue in joined for cue in cues)
