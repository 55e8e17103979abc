"""Which language is this? By function words, and by runs of letters in the words that are none.

Tells Dutch and English apart from each other and from five neighbours; any other is "und". Our own
tables: not a linguist's, but a few words say enough of most messages.
"""

from collections.abc import Sequence

_WORDS = {
    "nl": """
        de het een en van is dat die in te niet ik je jij jullie op aan met voor er maar om dan zijn was
        heeft hebben heb had wordt worden ook als naar bij nog uit wat hoe waar wie waarom wanneer geen wel
        al zo dit deze mijn ons onze u uw hij zij ze we wij me mij hun hem haar kan kunnen kun moet moeten
        wil willen zou zouden door over tot toch alleen weer nu hier daar meer veel heel erg echt gewoon
        iemand niemand niets iets alles altijd nooit want omdat dus na sinds tegen zonder onder tussen
        vandaag gisteren morgen gaat gaan komt komen zit staat bent ben doen doet weet mag even steeds
        eindelijk bedankt dank goed goede mooi mooie lekker leuk fijn beter slecht jammer 't 'n m'n z'n nie
        da ge gij wij hallo hoi dag graag jaar uur dagen weken keer mensen beste hebt kon wilde eens zeer
        top per vanaf nieuw nieuwe beter ondanks vraagt
        """,
    "en": """
        the a an and of to in is that it you for on with as at this but be are was were have has had not
        they we he she his her their my your our me him them its i'm it's don't can't won't i've you're what
        how when where who why which there from by or if so do does did will would could should can just
        about out up all any no yes more very really too been being get got go going than then now only some
        over after before again never always still because into off here these those i us am let please
        thanks thank good great love best worst back one time day today new like know think see want make
        way anyone someone nothing everything didn't doesn't isn't wasn't couldn't wouldn't haven't hello hi
        hey
        """,
    "de": """
        der die das und ist nicht ich du ein eine einen einem einer zu mit auf für von den dem des im am
        auch es sich sie wir ihr mir mich dich dir aber wie was wenn noch nur schon sind war hat haben habe
        wird werden kann bei nach aus oder als so doch mal ja nein kein keine über unter sehr mehr hier
        immer heute morgen gestern gut bitte danke warum wer wo euch uns ihn ihm bin bist seit zum zur vom
        beim dass weil wieder jetzt alles nichts diese dieser dieses hallo leider
        """,
    "fr": """
        le la les un une des et est pas je tu il elle nous vous ils que qui dans pour sur avec ce cette ces
        du au aux en ne se mon ma mes ton ta son sa ses plus mais ou où comme tout tous très bien fait être
        avoir suis es sont était ont ai as j'ai c'est qu'il d'un d'une l'on n'est ça si non oui merci
        bonjour par sans aussi encore toujours jamais rien quand pourquoi comment votre notre leur leurs y
        """,
    "es": """
        el la los las un una unos y es no que de en por para con se lo me te mi tu su sus más pero como muy
        ya está estoy eres soy son hay fue ser si sí cuando porque qué quién cómo dónde todo todos nada
        también le les nos al del este esta esto ese eso sin sobre hasta desde gracias hola hoy ayer mañana
        yo él ella ellos tengo tiene hacer bien
        """,
    "it": """
        il lo la gli le un una uno e è non che di in per con si mi ti ci vi ma come più anche sono sei siamo
        ho hai ha hanno del della dei delle al alla nel nella dal sul questo questa quello quella se perché
        cosa chi dove quando molto tutto tutti bene grazie ciao oggi ieri domani io tu lui lei noi voi mio
        mia suo sua era fatto essere solo ancora sempre mai
        """,
    "pt": """
        o a os as um uma e é não que de em por para com se me te meu minha teu seu sua mas como mais muito
        já está estou são foi ser eu você vocês ele ela eles nós isso isto este esta esse essa quando porque
        quem onde tudo todos nada também ao aos do da dos das no na nos nas pelo pela sem até obrigado
        obrigada olá hoje ontem amanhã tem ter bem só vai vou pra
        """,
}
_RUNS = {
    "nl": "ij aa uu oe eeu ieu cht sch lijk heid tje pje zw kl gr vr nde gen den ven nk oo ee aai ooi ui",
    "en": "th wh sh ck ing ght ough ea tion ly ful ness ould ew ay ll wn 'll 've n't 're 's",
    "de": "sch ei ä ö ü ß ung keit lich cht pf tz ich zw isch ie",
    "fr": "ez eau eux oi ç ê è é à aux tion ique ment qu' d' l' j' c' ais ait œ",
    "es": "ñ ción ó í á ll ado ido ando iendo rr dad ¿ mente ue",
    "it": "zione gli cch zz ghi tt ù ò ì gn are ere ato ssi ggi",
    "pt": "ão ção õ nh lh ã â ê ç inh mente dade ei ou ões",
}
LANGUAGES = tuple(_WORDS)
_RUN = 0.25
"""What a run of letters says beside a function word, which says 1."""
_ENOUGH = 0.9
"""Points from which no hint is needed."""
_AHEAD = 1.15
"""How far the first must be ahead of the second."""
_SHARE = 0.16
"""Points a word below which a text is none of these languages."""
_FEW = 5
"""Words up to which a hint is believed though nothing speaks for it."""
_MOST_WORDS = 200
"""Read of a text; more would not change the answer."""


def _shared(tables: dict[str, str], weight: float) -> dict[str, tuple[tuple[int, float], ...]]:
    owners: dict[str, list[int]] = {}
    for index, listed in enumerate(tables.values()):
        for item in dict.fromkeys(listed.split()):
            owners.setdefault(item, []).append(index)
    return {item: tuple((i, weight / len(found)) for i in found) for item, found in owners.items()}


_WORD_POINTS = _shared(_WORDS, 1.0)
_RUN_POINTS = _shared(_RUNS, _RUN)


def guess(words: Sequence[str], hint: str = "") -> str:
    """The language of a text's words, in small letters: ISO 639-1, or "und".

    `hint` (ISO 639-1, a region is ignored) decides where the words say too little.
    """
    latin = [word for word in words[:_MOST_WORDS] if word[0] < "\u0250"]
    if not latin or 2 * len(latin) < len(words[:_MOST_WORDS]):
        return "und"
    points = [0.0] * len(LANGUAGES)
    for word in latin:
        for index, weight in _WORD_POINTS.get(word) or _by_runs(word):
            points[index] += weight
    first, second = sorted(points, reverse=True)[:2]
    share = first / len(latin)
    if first >= _ENOUGH and share >= _SHARE and first > _AHEAD * second:
        return LANGUAGES[points.index(first)]
    hint = hint[:2].lower()
    if hint in LANGUAGES:
        backed = share >= _SHARE and points[LANGUAGES.index(hint)] >= first / 2
        if backed or len(latin) <= _FEW:
            return hint
    if first >= _ENOUGH / 2 and share >= _SHARE and first > _AHEAD * second:
        return LANGUAGES[points.index(first)]
    return "und"


def _by_runs(word: str) -> list[tuple[int, float]]:
    return [owner for run, owners in _RUN_POINTS.items() if run in word for owner in owners]
