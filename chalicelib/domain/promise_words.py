"""The words that `promises.py` goes by beside those of the honesty check, as verbose patterns (see
`honesty_words.py`)."""

from chalicelib.domain.honesty_words import DOES

THEM = r"(?:u|je|jij|jullie|ge|gij|you)"

HANGS = rf"""
    ^\W*(?:als|indien|mits|wanneer|mocht|if|unless|should|once|when|whenever|provided)\b
  | \b(?:als|indien|mits|wanneer|mocht(?:en)?)\s(?:{THEM}|het|dit|dat|er|dan|nodig|gewenst)\b
  | \b(?:zodra|tenzij|nadat)\s{THEM}\b
  | \b(?:if|unless|once|when|provided|after|as\ssoon\sas)\s(?:that\s)?(?:you|necessary|needed)\b
  | \bif\sit\b
  | ^(?:[\w\s]{{0,20}},\s)?(?:stuur|mail|bel|app|dm|geef|laat|deel|zet|plaats|vul|haal|pas|kom|neem|meld
      |reageer|send|dm|drop|message|email|mail|call|ring|give|share|pop|put|reply|tell|let(?!\sme)|leave(?!\sit\swith)|post
      |take)\b[^.!?\n]{{0,90}}\b(?:,\sdan|dan\s(?:\w+\s)?(?:ik|we|wij|mijn|onze)|en\s(?:we|wij|ik)\b|zodat
      |and\s(?:i|we)(?:'ll|\swill)|so\s(?:that\s)?(?:i|we))
  | \b(?:kunt|kun|mag|wil|wilt)\s{THEM}\b[^.!?\n]{{0,90}}\bdan\b
"""
"""It hangs on something that they, or chance, do first."""

NONE = r"""
    \b(?:normaal|normaliter|doorgaans|meestal|gewoonlijk|altijd|nooit|elke|iedere|standaard|usually|normally
      |generally|typically|always|never|each)\b
  | \bevery\s(?!hour|half)
  | \b(?:niet|geen)\s(?:\w+\s){0,3}?belo(?:ven|ofd)\b
  | \bbeloof\b[^.!?\n]{0,25}\b(?:niets?|geen)\b
  | \b(?:can't|cannot|can\snot|won't|couldn't|don't|not)\s(?:\w+\s)?(?:promise|guarantee)\b
  | \b(?:will|shall|'ll)\snot\b | \bwon't\b
  | \b(?:said|(?<!been\s)told|schreef|zei|meldde|toegezegd|aangegeven)\b
  | \b(?:heeft|hebben|have|has|had)\s(?:\w+\s){0,2}(?:beloofd|promised)\b
  | \bwe\spromised\b
  | \b(?:zouden|should\shave|would\shave|would\slove|we'd|i'd)\b
  | \b(?:zouden?|zou)\s(?:we|ik|wij|u|je)\b
  | \b(?:doen|doe)\s(?:we|wij|ik)?\s?(?:ons|mijn)\sbest\b
"""
"""A habit, a refusal, somebody else's word, a wish."""

PAST = r"""
    \b(?:hebben|heb|had|hadden)\s(?:ik|we|wij)\b
  | \b(?:ik|we|wij)\s(?:hebben|heb|had|hadden)\b
"""

JOINT = r"""
    ,?\s(?:en|and|but|maar)\s(?:(?:dan|daarna|then)\s)?
  | [,;]\s(?:(?:dan|daarna|then)\s)?
"""
"""Between two things that one sentence says."""

GOES_ON = rf"""
    ^(?:{DOES}|(?:will\s)?(?:arrange|bring|call|check|collect|come|confirm|contact|deliver|drop|e?mail|fix|get|give
      |have|let|message|pay|phone|pick|post|refund|repair|repay|replace|report|ring|send|share|sort|tell
      |test|text|transfer|update|visit|write))\b(?!\s(?:us|me|our|ons|mij)\b)
"""
"""It begins with what is done: who does it was said before."""

BINDS = r"""
    \b(?:houden?|hou)\s(?:ik|we|wij)?\s?(?:u|je|jou|jullie)\s(?:\w+\s)?op\sde\shoogte\b
  | \bkoppel(?:en)?\b[^.!?\n]{0,30}\bterug\b
  | \bkeep\syou\s(?:posted|informed|updated|up\sto\sdate)\b
  | \b(?:our|my|the|a|your)\s(?:[\w-]+\s){1,4}(?:will|'ll)\s(?:go\sout|be\spaid|arrive|be\sready|be\swith|ring
      |call|phone|write|post|contact|mail)\b
  | \b(?:someone|somebody|one)\s(?:from|of)\s[^.!?\n]{1,30}\bwill\b
  | \b(?:komt|belt|mailt|neemt|schrijft|stuurt|brengt|zoekt|regelt|app?t|reageert)\b[^.!?\n]{0,60}\b(?:bij
      |met|aan|voor)\s(?:u|je|jou|jullie)\b
  | \b(?:dan|daarna|waarna|en)\s(?:hoort|hoor|krijgt|krijg)\s(?:u|je|jullie)\b
  | \b(?:hebt|heeft|heb|krijgt|krijg)\s(?:u|je|jullie)\b[^.!?\n]{0,40}\bvan\s(?:ons|mij|me)\b
"""
