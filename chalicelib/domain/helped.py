"""Did our answer help? What they write after it, read: thanks, the same complaint again, or neither.

Rules over words, Dutch and English side by side, with the verdict where words do not say. Nothing counts as
thanks in which something is still asked; how the rules read is in `tests/data/helped.tsv`.
"""

import re
from datetime import datetime, timedelta

from chalicelib.domain.case import Case, CaseState, Helped
from chalicelib.domain.verdict import Reading, Sentiment
from chalicelib.domain.wording import pattern

SILENT = timedelta(days=7)
"""After so long without a word we know that there will be none."""

_AGAIN = r"""
    \b(?:nog\s(?:steeds|altijd|immer)|nogsteeds|alweer|opnieuw)\b
  | \b(?:still|yet)\s(?:not|no|nothing|isn't|doesn't|waiting|broken|down|wrong|hasn't|haven't|the\ssame)\b
  | \b(?:weer|again)\s(?:kapot|stuk|mis|fout|niet|uit\w*|plat|broken|down|wrong|late)\b
  | \b(?:down|broken|late|wrong|out|off|failed)\sagain\b
  | \b(?:nog|heb|hoor\w*|krijg\w*|lost?|helpt?|werkt?|doet)\b[^.!?\n]{0,20}\b(?:niet|niets|niks|geen)\b
  | \b(?:niet|not|n't|isn't|isnt|hasn't|wasn't|never)\s(?:\w+\s){0,2}?(?:opgelost|verholpen|geregeld|gelukt
      |terug|gekomen|fixed|solved|resolved|sorted|working|arrived|help|helped|come|called|helpful)\b
  | \b(?:niemand|nobody|no\sone)\b
  | \b(?:zelfde|same)\s(?:probleem|verhaal|problem|issue|story|thing|answer|antwoord)\b
  | \b(?:bedankt|dank|thanks|thank\syou)\s(?:voor|for)\s(?:niks|niets|nothing)\b
  | \b(?:and|en)\s(?:you\s|jullie\s)?(?:didn't|never)\b
  | \bdoes(?:\snot|n't)\b
"""

_SOLVED = r"""
    \b(?:opgelost|verholpen|geregeld|gelukt|gevonden|in\sorde)\b
  | \b(?:werkt|doet|doen)\b[^.!?\n]{0,15}\bweer\b
  | \b(?:works?|working|online|up|on|back)\s(?:again|now|online)\b
  | \b(?:solved|sorted|resolved|fixed)\b
  | \b(?:binnen(?!\s(?:\d|een|twee|drie))|aangekomen|terug\sop|terug\sontvangen)\b
  | \b(?:it|they|he|she)\s(?:has\s)?(?:just\s)?arrived\b
  | \bgot\smy\s(?:\w+\s)?(?:refund|money|parcel|order|reply|answer)\b
"""

_THANKS = r"""
    \b(?:\w*dank\w*|merci|thx|(?:no\s)?thanks?|thank\syou|cheers|ta|appreciated|held|top)\b
"""

_OPEN = r"""
    \?
  | \b(?:alvast|in\sadvance)\b
  | \b(?:ik\sga|ga\sik|ik\sprobeer|ik\swacht|we\swachten|afwachten|will\swait|wait\sand\ssee|i'll\s(?:try|give
      |see|check|have)|i\swill\s(?:try|give|see|check))\b
  | \b(?:kunnen|kun|kan|willen|wil|zouden|could|can|would|will)\s(?:jullie|u|je|jij|you|ik|i|we)\b
  | \b(?:maar|echter|alleen|behalve|but|however|except|though|although|unless|tenzij|until|totdat)\b
  | \b(?:stuur|hoor\s(?:graag|ik|van|het)|ik\shoor|verneem|geef|zet|haal|maak|regel|neem|doe|annuleer|wijzig
      |vergeet|please|pls|plz|aub|a\.u\.b|alsjeblieft|alstublieft|svp|let\s(?:me|us))\b
  | \bgraag\b(?!\sgedaan) | \bzorg\s(?:er|dat|voor)\b | \blaat\b[^.!?\n]{0,40}\bweten\b
  | (?<!de\s)(?<!je\s)(?<!uw\s)(?<!jullie\s)(?<!your\s)(?<!the\s)(?<!phone\s)\b(?:mail|e-mail|bel|app\s(?:me
      |mij|ons)|(?:send|call|email|phone|ring|tell|give|put|keep|bring|return)\s(?:me|us|it|them|him|her|my
      |the|that|this|another))\b
  | \b(?:kapot\w*|defect\w*|lek|gevallen|gewond|ziek|storing|schade|kwijt|mis|fout\w*|broken|fell|hurt|injured
      |damaged?|missing|wrong|leak\w*|stuck|opgezegd|opzeg\w*|overgestapt|overstap\w*|concurrent\w*
      |directeur|advocaat|jurist|politie|rechter|geschil\w*|leav\w+|cancel\w*|competitors?|lawyer|solicitor
      |police|court|ombudsman|elders|elsewhere)\b | (?<!een\s)\bstuk\b | \b(?:is|was|got|my)\slost\b
  | \b(?:moet|moeten|help\s(?:me|mij|ons|us)|must|need|needs|want|wants|wacht\w*|waiting)\b
"""
"""Something is still asked, announced or amiss."""

_FILLER = r"""
    @[\w.@-]+ | https?://\S+ | [#'’]
  | \b(?:de|het|'?t|een|dit|deze|die|dat|er|hij|ze|zij|ik|we|wij|u|je|jij|jullie|jou|mij|me|mijn|uw|van|voor
      |op|in|aan|om|te|bij|met|door|naar|en|is|was|zijn|heb|hebt|heeft|ben|bent|word|werd|al|nu|net
      |inmiddels|intussen|ondertussen|eindelijk|weer|toch|dan|nog|hoor|zeg|zo|heel|erg|zeer|echt|wat|alles
      |allemaal|iedereen|goed|fijn|fijne|mooi|mooie|leuk|leuke|lief|lieve|super|top|toppers?|topteam
      |behulpzaam|tof|toppie|kanjers?|schatten?|geweldig\w*|perfect|prima|prachtig|keurig|netjes
      |fantastisch\w*|prettig\w*|vriendelijk\w*|snel|snelle|vlot|vlotte|vlug|duidelijk\w*|helder|heldere
      |handig\w*|ok|oke|oké|okay|okido|ja|yes|joh|nou|ah|oh|aha|hoi|hallo|hi|hey|dag|beste|team|service|hulp
      |help|helpen|geholpen|helpt|meedenken|moeite|reactie|antwoord|antwoorden|bericht|berichtje|uitleg|info
      |informatie|tip|terugkoppeling|bericht|update|inzet|medewerking|geduld|actie|oplossing|klasse
      |complimenten|groet|groeten|groetjes|gr|mvg|dankbaar|blij|weekend|avond|middag|vandaag|gisteren|morgen
      |vanochtend|vanmorgen|vanmiddag|graag\sgedaan|duizendmaal|duizend|nogmaals|hartelijk\w*|veel|vele|maal
      |keer|gedaan|gedacht|mogelijk|gemaakt|weten|laten|fix|fixen|oplossen|regelen|kijken|checken|doen|doet
      |werkt|werk|zelf|waren|had|hadden|deed|deden|hielp|hielpen|reageerden?|kwam|kwamen|dachten|meedachten
      |oppakten?|reageert|reageren|luisterden?|luistert|luisteren)\b
  | \b(?:the|a|an|this|that|that's|it|it's|its|he|she|they|i|i'm|i've|im|ive|we|we're|you|you're|you've|your
      |youre|my|me|us|our|of|for|on|in|to|at|by|with|and|so|is|are|was|were|has|have|had|been|be|am|all|now
      |just|finally|already|again|very|really|much|many|million|ever|indeed|always|lot|lots|bunch|ton|tons
      |good|great|nice|lovely|perfect|brilliant|amazing|awesome|excellent|fantastic|wonderful|super|sweet
      |cool|quick|quickly|fast|speedy|prompt|promptly|swift|kind|kindly|clear|helpful|star|stars|legend
      |legends|hero|heroes|best|happy|glad|grateful|relieved|well|done|job|work|works|ok|okay|yes|yay|yep|ah
      |oh|hi|hello|hey|dear|team|guys|folks|everyone|service|help|helping|helped|support|reply|replying
      |response|responding|answers?|answering|message|explanation|information|info|update|tip|effort
      |patience|understanding|sorting|fixing|solving|looking|into|getting|back|letting|know|explaining
      |clearing|up|making|time|taking|trouble|regards|cheers|xx?x?|re|ve|m|s|ll|t|day|evening|weekend|today
      |yesterday|morning|afternoon|assistance|care|love|appreciate|appreciated|fixed|worked)\b
"""
"""What thanks, and news that it works, are dressed with."""
_NAME = r"[,\n]\s*(?:[A-ZÀ-Þ][\w.'-]*\s?){1,3}[\s.!]*\Z"
"""Who they thank or who signs, at the end."""
_FOR = r"\b(?:voor|dat|for|that|to)\b"
REST = 2
"""Words beside all this that what works, or what they thank for, may have: "the money, my parcel"."""


def read(text: str, reading: Reading) -> Helped | None:
    """What a message says of the answer before it; None where it says neither."""
    if pattern(_AGAIN).search(text):
        return Helped.AGAIN
    solved = pattern(_SOLVED).search(text)
    angry = reading.sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED) or "complaint" in reading.intents
    if angry and not solved:
        return Helped.AGAIN
    wants = set(reading.intents) - {"thanks", "compliment"}
    still_open = bool(wants) or pattern(_OPEN).search(text) is not None
    return Helped.THANKS if not still_open and _nothing_else(text) else None


def _nothing_else(text: str) -> bool:
    """Is it thanks or news that it works, and almost nothing beside? A stretch of the text that is neither
    has to be filler whole; one that is has room for what works, or what they thank for, else for a name."""
    said, rest = False, 0
    for stretch in re.split(r"[.!?;:,\n]+|\s[-–—]+\s", pattern(_NAME, 0).sub("", text)):
        works = pattern(_SOLVED).search(stretch)
        thanks = pattern(_THANKS).search(stretch)
        bare = pattern(_THANKS).sub(" ", pattern(_SOLVED).sub(" ", stretch))
        left = len(re.findall(r"\w+", pattern(_FILLER).sub(" ", bare)))
        room = REST if works or (thanks and pattern(_FOR).search(stretch)) else 1 if thanks else 0
        if left > room:
            return False
        said, rest = said or bool(works or thanks), rest + left
    return said and rest <= REST


def silent(case: Case, now: datetime) -> bool:
    """Did they say nothing more after our answer?"""
    answered = case.state is CaseState.ANSWERED and case.answered_at is not None
    return answered and case.answered_at is not None and now - case.answered_at >= SILENT
