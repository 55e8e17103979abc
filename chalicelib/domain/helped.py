"""Did our answer help? What they write after it, read: thanks, the same complaint again, or neither.

Rules over words, Dutch and English side by side, with the verdict where words do not say. Nothing counts as
thanks in which something is still asked; how the rules read is in `tests/data/helped.tsv`.
"""

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
  | \b(?:binnen|aangekomen|terug\sop|terug\sontvangen)\b
  | \b(?:it|they|he|she)\s(?:has\s)?(?:just\s)?arrived\b
  | \bgot\smy\s(?:\w+\s)?(?:refund|money|parcel|order|reply|answer)\b
"""

_THANKS = r"""
    \b(?:\w*dank\w*|merci|thx|thanks?|thank\syou|cheers|ta|appreciated|held|top)\b
"""

_OPEN = r"""
    \?
  | \b(?:alvast|in\sadvance)\b
  | \b(?:ik\sga|ga\sik|ik\sprobeer|ik\swacht|we\swachten|afwachten|will\swait|wait\sand\ssee|i'll\s(?:try|give
      |see|check|have)|i\swill\s(?:try|give|see|check))\b
  | \b(?:kunnen|kun|kan|willen|wil|zouden|could|can|would|will)\s(?:jullie|u|je|jij|you|ik|i|we)\b
"""


def read(text: str, reading: Reading) -> Helped | None:
    """What a message says of the answer before it; None where it says neither."""
    if pattern(_AGAIN).search(text):
        return Helped.AGAIN
    solved, thanks = pattern(_SOLVED).search(text), pattern(_THANKS).search(text)
    still_open = pattern(_OPEN).search(text) or "question" in reading.intents
    angry = reading.sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED) or "complaint" in reading.intents
    if solved and not still_open:
        return Helped.THANKS
    if angry and not solved:
        return Helped.AGAIN
    return Helped.THANKS if thanks and not still_open else None


def silent(case: Case, now: datetime) -> bool:
    """Did they say nothing more after our answer?"""
    answered = case.state is CaseState.ANSWERED and case.answered_at is not None
    return answered and case.answered_at is not None and now - case.answered_at >= SILENT
