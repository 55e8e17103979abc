"""Minimal pairs, made of templates: what must turn a judgement, and what must leave it as it is.

Not learned from: `training/` reads none of this.
"""

from collections.abc import Iterator
from itertools import product

Pair = tuple[str, str, str]
"""Language, a text, and the same text with one thing changed."""

_PLAIN = {
    "nl": [
        ("De {noun} is {word}", "De {noun} is niet {word}"),
        ("Ik vind de {noun} {word}", "Ik vind de {noun} niet {word}"),
        ("Ik vond jullie {noun} echt {word}.", "Ik vond jullie {noun} echt niet {word}."),
        ("Jullie {noun} was vandaag {word}!", "Jullie {noun} was vandaag helemaal niet {word}!"),
        ("Jullie {noun} is altijd {word}", "Jullie {noun} is nooit {word}"),
    ],
    "en": [
        ("The {noun} is {word}", "The {noun} is not {word}"),
        ("I think the {noun} is {word}", "I don't think the {noun} is {word}"),
        ("Your {noun} was really {word}.", "Your {noun} wasn't really {word}."),
        ("I found your {noun} {word} today!", "I didn't find your {noun} {word} today!"),
        ("Your {noun} has always been {word}", "Your {noun} has never been {word}"),
    ],
}
_PRAISE = {
    "nl": ["goed", "vriendelijk", "behulpzaam", "duidelijk", "prettig", "handig", "snel", "fijn", "netjes"],
    "en": ["good", "friendly", "helpful", "clear", "pleasant", "useful", "fast", "nice", "reliable"],
}
_NOUN = {
    "nl": ["service", "website", "medewerker", "app", "monteur", "levering", "balie"],
    "en": ["service", "website", "staff", "app", "engineer", "delivery", "front desk"],
}
_SAID = {
    "nl": [
        ("Al drie weken wacht ik op een reactie, dit is echt waardeloos", "negative"),
        ("Weer een storing vanochtend, wat een ellende", "negative"),
        ("De monteur kwam niet opdagen en niemand belt terug", "negative"),
        ("Wat een slechte service, ik ben zwaar teleurgesteld", "negative"),
        ("Pakket kapot aangekomen en de klantenservice is onbereikbaar", "negative"),
        ("Super vriendelijk geholpen aan de balie, dank jullie wel", "positive"),
        ("Heerlijk gegeten en de bediening was geweldig", "positive"),
        ("Mijn probleem is binnen vijf minuten opgelost, top", "positive"),
        ("Wat een mooi concert gisteren, we hebben genoten", "positive"),
        ("Complimenten voor de chauffeur, echt een topper", "positive"),
        ("Hoe laat gaat de winkel morgen open", "neutral"),
        ("De raad vergadert donderdag over het plan", "neutral"),
        ("Kan ik mijn afspraak via de website verzetten", "neutral"),
        ("De trein naar het zuiden vertrekt van spoor vier", "neutral"),
    ],
    "en": [
        ("Waiting three weeks for a reply, this is absolutely useless", "negative"),
        ("Another outage this morning, what a mess", "negative"),
        ("The engineer never showed up and nobody calls back", "negative"),
        ("Terrible service, I am really disappointed", "negative"),
        ("My parcel arrived broken and customer service is unreachable", "negative"),
        ("Such friendly help at the front desk, thank you so much", "positive"),
        ("Lovely meal and the staff were wonderful", "positive"),
        ("My problem was solved within five minutes, brilliant", "positive"),
        ("What a beautiful concert last night, we loved it", "positive"),
        ("Hats off to the driver, a real star", "positive"),
        ("What time does the shop open tomorrow", "neutral"),
        ("The council meets on Thursday to discuss the plan", "neutral"),
        ("Can I change my appointment on the website", "neutral"),
        ("The train to the south leaves from platform four", "neutral"),
    ],
}
_ADDED = ("@jansen {text}", "{text} https://example.org/a", "{text} @kwetterdam", "{text} 42", "{text} 2031")
_FACES = (("🙂", "😡"), ("😍", "😢"), ("👍", "👎"), (":)", ":("), ("🎉", "🤬"))


def negations() -> Iterator[Pair]:
    """Praise, and the same denied."""
    for language, templates in _PLAIN.items():
        for (plain, denied), noun, word in product(templates, _NOUN[language], _PRAISE[language]):
            made = [text.format(noun=noun, word=word) for text in (plain, denied)]
            yield language, made[0], made[1]


def sames() -> Iterator[Pair]:
    """Texts with a name, a link or a number more, or one letter wrong: the label must stay."""
    for language, said in _SAID.items():
        for text, _ in said:
            yield from ((language, text, added.format(text=text)) for added in _ADDED)
            yield from ((language, text, wrong) for wrong in typos(text))


def typos(text: str) -> Iterator[str]:
    """Two letters swapped in the middle of each of the longer words, one at a time."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if len(word) > 5 and word.isalpha():
            middle = len(word) // 2
            swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
            if swapped != word:
                yield " ".join([*words[:at], swapped, *words[at + 1 :]])


def faces() -> Iterator[Pair]:
    """Texts with a happy face, and with an angry one: that must make the second less positive."""
    for language, said in _SAID.items():
        for (text, _), (happy, angry) in product(said, _FACES):
            yield language, f"{text} {happy}", f"{text} {angry}"
