"""A crisis of our own, invented, to begin a drill with: personal data of customers seem to have leaked."""

from collections.abc import Mapping, Sequence

_NL = (
    "marit_k: Ik kreeg net een mail van {brand} met de naam en het adres van iemand anders. Wat is dit?!",
    "jdvries: Slechte zaak, {brand}. Mijn gegevens liggen op straat en jullie zeggen niets. Ik ben woedend.",
    "redactie_regio: Ik ben journalist en schrijf over het datalek bij {brand}. Wie staat de pers te woord?",
    "opa_henk: Iemand die alles van mij weet belt mij nu op, door {brand}. Ik ben bang. Wat moet ik doen?",
    "sanne88: Klopt het dat er gegevens gelekt zijn bij {brand}? En de mijne ook?",
    "boze_buurman: Dit is de tweede keer. Ik ga vandaag nog weg bij {brand}, wat een puinhoop.",
    "lotte.v: Ik sta al een uur in de wacht bij {brand} over het datalek. Niemand neemt op.",
    "timo_helpt: Die medewerker van {brand} aan de telefoon was heel vriendelijk en eerlijk, dank je wel!",
)
_EN = (
    "marit_k: I just got a mail from {brand} with the name and address of somebody else. What is this?!",
    "jdvries: Terrible, {brand}. My data is out on the street and you say nothing. I am furious.",
    "regional_news: I am a journalist, writing about the data leak at {brand}. Who can comment today?",
    "grandpa_henk: Somebody who knows all about me calls me, because of {brand}. I am scared. Help me?",
    "sanne88: Is it true that data was leaked at {brand}? And is mine among it?",
    "angry_neighbour: This is the second time. I am leaving {brand} today, what a mess.",
    "lotte.v: I have been on hold with {brand} for an hour about the leak. Nobody picks up.",
    "timo_helps: The colleague of {brand} on the phone was so kind and honest, thank you!",
)
_STORIES: Mapping[str, Sequence[str]] = {"nl": _NL, "en": _EN}
LANGUAGES = tuple(_STORIES)


def story(language: str, brand: str) -> str:
    """As lines `author: text`; in Dutch, else in English."""
    return "\n".join(_STORIES.get(language, _EN)).replace("{brand}", brand)
