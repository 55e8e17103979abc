"""The words that `honesty.py` goes by, Dutch and English, as patterns.

All are verbose patterns, read without regard to capitals where nothing else is said: blanks between words are
`\\s`, and `[^.!?\\n]{0,40}` is a stretch within the sentence.
"""

COMMON = r"""
    academisch|and|bank|bibliotheek|bibliotheken|centrum|city|clinic|club|company|council|county|een
    |energie|energy|foundation|gemeente|groep|group|het|hospital|hotel|huis|kliniek|library|museum|pool
    |school|service|services|shop|society|software|stad|stichting|swimming|telecom|the|theater|theatre
    |town|universiteit|university|van|vereniging|voor|winkel|ziekenhuis|zorg|zwembad
"""
"""Words of a name that do not yet say whose."""

GREETING = r"^(?:hoi|hallo|hi|hey|hello|dag|beste|dear|geachte|goede\w+)\s(?:\w+\s){0,2}?@?[^\W\d]+[,!.]"

MARK = r"(?:[\^/~]|[-–—]\s?)\s?"

PRAISED = r"""
    \b(?:de|het|veruit|absoluut)\s(?!(?:eer|laat|mee|min|jui|naa|va|kaa|woe|en)ste\b)\w{2,}ste\b
  | \b\w{4,}ste\s(?:van|uit|in|ter)\b
  | \bgeen\s\w+\szo\s
  | \b(?:the|every)\s(?:\w{3,}iest|time)\b
  | \bnothing\sbeats\b
  | \bno\scontest\b
  | \bhe(?:aven|mels)\b
  | \b(?:look|zoek\w*)\s(?:any|geen)\s?(?:further|verder)\b
  | \bmarvell?ous\b
  | \bbetter\s\w+\sanywhere\b
  | \b(?:geweldig|fantastisch|super|top|heerlijk|uitstekend|prachtig|onovertroffen|perfect|toppers?
      |klasse)\w*
  | \baanrader\b
  | \baan\ste\s(?:raden|bevelen)\b
  | \bnummer\s(?:1|één|een)\b
  | \b(?:the\s)?best\b
  | \b(?:great|amazing|fantastic|wonderful|excellent|brilliant|superb|outstanding|lovely)\b
  | \brecommend(?:ed)?\b
  | \bsecond\sto\snone\b
  | \bnumber\sone\b
  | \bcan(?:'|no)t\sbeat\b
  | \bunbeatable\b
  | \bzou\sik\b[^.!?\n]{0,40}\b(?:gaan|kiezen|nemen|doen|kopen)\b
  | \b(?:ik\szou|i'd|i\swould)\b[^.!?\n]{0,20}\b(?:naar|go|choose|pick)\b
  | \b(?:love|loved)\b
  | \btop[-\s]notch\b
  | \bhands\sdown\b
"""

THANKS = r"""
    \b(?:dank\w*|bedankt|merci|thanks?|cheers|compliment\w*|fijn\som|mooi\som|to\shear|om\ste\s(?:horen
      |lezen)|to\sread)\b
"""

BELONGS = r"""
    \b(?:wij|we|ons|onze|onszelf|our|ours|us|we're|we've|we'll|collega\w*|colleagues?|namens
      |onzerzijds)\b
  | \bik\swerk\b
  | \bi\s?(?:'m|am)?\swork(?:ing)?\b
  | \bon\sbehalf\b
  | \bbehalf\sof\b
  | \bmijn\s(?:werk|team)\b
  | \bmy\s(?:team|job)\b
  | \b(?:webcare|klantenservice)\b
  | \b(?:here|hier)\sbij\b
  | \b(?:from|van)\shet\steam\b
"""

CUSTOMER = r"""
    (?:klant|bezoek(?:er|ster)|gast|lid|patiënt|gebruik(?:er|ster)|huurder|reizig(?:er|ster)|abonnee
      |lezer|koper|supporter|student|customer|guest|visitor|member|patient|user|tenant|travell?er
      |passenger|reader|subscriber|client|commuter|fan|swimmer)
"""

KIN = r"""
    (?:kinderen|kind|kids|zoon(?:tje)?|dochter(?:tje)?|man|vrouw|partner|vriend(?:in)?|moeder|vader
      |ouders|gezin|oma|opa|children|son|daughter|wife|husband|mum|mom|mother|father|dad|family|parents
      |gran|boyfriend|girlfriend)
"""

WORKED = r"""
    (?:nagekeken|gecontroleerd|gebeld|uitgezocht|doorgegeven|gesproken|gezien|gemeld|geregeld|gestuurd
      |gelezen|nagegaan|bekeken|gevraagd|aangepast|opgelost|checked|looked|called|asked|sent|spoken|rung)
"""

LIVED = rf"""
    \bals\s(?:[^\W\d]+e\s|zelf\s)?{CUSTOMER}\b[^.!?\n]{{0,25}}\b(?:ik|wij|mij)\b
  | \b(?:ik|wij|we)\b[^.!?\n]{{0,50}}\bals\s(?:[^\W\d]+e\s|zelf\s)?{CUSTOMER}\b
  | \b(?:ik|we|wij)\b[^.!?\n]{{0,25}}\b(?:zelf|ook)\b[^.!?\n]{{0,25}}\b{CUSTOMER}\b
  | \b(?:ik|we|wij)\s(?:kom|koop|gebruik|zwem|eet|shop|bankier|reis|huur|bestel|sport|logeer|lees|rijd?
      |ga|drink|komen|gebruiken|zwemmen|eten|gaan|zit|slaap|woon)\b[^.!?\n]{{0,40}}\b(?:zelf|al\s(?:jaren
      |\w+\sjaar|lang|sinds)|jarenlang|elke\s\w+|iedere\s\w+|altijd|regelmatig|vaak|graag)\b
  | \b(?:zelf|persoonlijk|privé)\b[^.!?\n]{{0,15}}\b(?:kom|koop|gebruik|zwem|eet|shop|bankier|reis
      |bestel|heb|zit)\s?ik\b[^.!?\n]{{0,60}}\b(?:jaren|jaar|tevreden|nooit|altijd|elke|ook)\b
  | \b(?:ik|wij|we)\b[^.!?\n]{{0,20}}\b(?:ben|zijn|was
      |waren)\b[^.!?\n]{{0,20}}\bzelf\b[^.!?\n]{{0,30}}\b(?:geweest|klant|behandeld|geholpen|bevallen
      |geopereerd|tevreden)\b
  | \bik\s(?:ben|heb|was|had)\b[^.!?\n]{{0,25}}\bzelf\b(?!\s(?:ook\s)?(?:mama|papa|moeder|vader
      |ouder)\b)(?!\s(?:even\s)?{WORKED})(?![^.!?\n]{{0,40}}\b{WORKED})
  | \b(?:heb|ben|was)\sik\s(?:er\s|daar\s)?zelf\b(?![^.!?\n]{{0,40}}\b{WORKED})
  | \bik\s(?:gebruikte|kocht|zwom|kwam|bestelde|logeerde|huurde|reisde|at)\b[^.!?\n]{{0,60}}\b(?:zelf
      |mijn|vroeger|jaren|ook)\b
  | \b(?:mijn|m'n)\s(?:eigen\s)?(?:rekening|studie|bestelling|verblijf|vakantie|bevalling|operatie
      |huis)\b
  | \bmy\s(?:own\s)?(?:bills?|subscription|order|stay|holiday|studies|house|home|wedding|mortgage
      |membership)\b
  | \bi\b(?!'ll|\swill|[^.!?\n]{{0,60}}\b(?:checked|looked|rang|asked|sent|wrote|read|made)\b)
      [^.!?\n]{{0,50}}\bmyself\b
  | ^same\shere\b
  | \bik\sook!
  | \b(?:mijn|m'n|onze)\s(?:eigen\s)?{KIN}\b
  | \buit\s(?:eigen|mijn\seigen)\servaring\b
  | \b(?:mijn|eigen)\serva(?:ring|ren)\b
  | \bas\s(?:an?|your)\s(?:[a-z-]+\s){{0,2}}{CUSTOMER}\b[^.!?\n]{{0,30}}\b(?:myself|i|me|here)\b
  | \bi\b[^.!?\n]{{0,40}}\b(?:am|'m|was|been)\b[^.!?\n]{{0,15}}\b{CUSTOMER}\b
  | \bspeaking\sas\san?\b
  | \bi(?:'ve|\shave)\s(?:been|used|bought|stayed|banked|shopped|travelled|eaten|swum
      |had)\b[^.!?\n]{{0,50}}\b(?:years|myself|ages|since|always|never|months|times)\b
  | \bi\s(?:use|come|shop|swim|bank|stay|eat|buy|travel|go|take|read|ride)\b[^.!?\n]{{0,40}}\b(?:myself
      |every|always|for\syears|too|regularly|all\sthe\stime|daily|weekly|often)\b
  | \bmy\s(?:own\s)?(?:\w+\s)?{KIN}\b
  | \bmy\sown\sexperience\b
  | \bin\smy\sexperience\b
  | \bfrom\sexperience\b
"""

CRITICISM = r"""
    (?:reviews?|recen[st]ies?|tekst(?:je)?|beoordeling(?:en)?|sterren|ster|bericht(?:je)?|post|tweet
      |reactie|commentaar|klacht|kritiek|score|waardering|opmerking|oordeel|cijfer|rating|comments?
      |stars?|complaint|feedback|message|words|thread)
"""

UNDO = r"""
    (?:verwijder\w*|weg(?:ge)?ha+l\w*|weg\ste\shalen|ha+l(?:t|en)?|afha+l\w*|weg|eraf|er\saf|off|down
      |gone?|goes(?!\s(?:up|to|into|on)\b)|pull(?:ing)?|aanpas\w*|aan\ste\spassen|past?\b[^.!?\n]{0,40}\baan|zachter|vriendelijker
      |milder|wijzig\w*|verander\w*|herzien?|herziet|bijstel\w*|bij\ste\sstellen|intrekk?\w*
      |in\ste\strekken|trekt?|schrap\w*|offline|verhog\w*|verhoogt?|verbeter\w*|heroverweeg\w*
      |heroverweg\w*|bijwerk\w*|bij\ste\swerken|update\w*|remov\w+|delet\w+|edit\w*|chang(?:e|ing)
      |revis\w+|reconsider\w*|withdraw\w*|amend\w*|adjust\w*|rethink\w*|rais(?:e|ing)|improv(?:e|ing)
      |upgrad(?:e|ing)|bump\w*|vijf|5|five|extra)
"""

THAT = rf"""
    \b(?:deze|die|dit|dat|het|hem|it|this|that|them)\b[^.!?\n]{{0,30}}\b{UNDO}\b
  | \b{UNDO}\b\s(?:it|this|that|hem|het|deze|die|dit)\b
"""

ASKED = rf"\b{UNDO}\b[^.!?\n]{{0,60}}\b{CRITICISM}\b | \b{CRITICISM}\b[^.!?\n]{{0,60}}\b{UNDO}\b"

TIED = rf"""
    \b(?:zolang|pas\sals|mits|op\svoorwaarde|as\slong\sas|until|once|unless|only\sif
      |on\scondition)\b[^.!?\n]{{0,60}}\b{CRITICISM}\b
  | \b(?:ster|sterren|stars?)\b[^.!?\n]{{0,25}}\b(?:maakt?|maken|geeft?|geven|wordt|worden|make|into
      |give)\b
"""

TO_THEM = r"""
    \b(?:u|uw|je|jij|jouw|jullie|ge|gij|uwen|you|your|please|graag|aub|alsjeblieft|alstublieft)\b
  | \?$
  | ^(?:haal|verwijder|pas\b.*\baan|trek|wijzig|remove|delete|take|change|edit|withdraw)\b
  | \b(?:ik|wij|we|i)\s(?:verzoek\w*|vraag|vragen|ask|request)\b
"""

BY_US = r"""
    \b(?:ik|wij|we|i|our\steam|moderator\w*|collega\w*)\b(?:'ve|'ll)?\s(?:\w+\s){0,4}(?:verwijder\w*
      |weggehaald|haal\w*|aangepast|pas\w*|verwerk\w*|remov\w+|delet\w+|took|take|taken|edit\w*|chang\w+
      |updat\w+|improv\w+|adjust\w*|verander\w*|verbeter\w*|wijzig\w*|neem\w*|nem\w*|lees|lezen|read)\b
  | \b(?:verwijder\w*|haal|halen|passen|pas|nemen|verbeteren|veranderen)\s(?:ik|we|wij)\b
  | \b(?:niet|nooit|geen|not|never|no\sneed)\b[^.!?\n]{0,40}\b(?:aan\ste\spassen|weg\ste\shalen
      |te\sverwijderen|verwijder\w*|aanpassen|weg\w*|remov\w+|delet\w+|chang\w+|take)\b
  | n't\b[^.!?\n]{0,40}\b(?:remov\w+|delet\w+|chang\w+|take)\b
"""

OFFERED = r"""
    \b(?:kortings(?:code|actie|bon)|korting\sop|actie(?:code|prijs|weken)|aanbieding(?:en)?|bestel\snu
      |koop\w*|upgrad\w+)\b
  | \b(?:premium|pro-versie|plus-abonnement|collectie|webshop|profiteer\w*|voordeel\w*|deals?
      |voordelig\w*)\b
  | \b(?:sluit|neem)\b[^.!?\n]{0,40}\b(?:abonnement|verzekering|pakket|lidmaatschap|servicecontract)\b
  | \b(?:bestel|boek)\s(?:het|de|een|nu|direct|via|ze|hem)\b
  | \bstap\s(?:\w+\s)?over\b
  | \boverstap\w*\b
  | \bsluit\b[^.!?\n]{0,30}\baf\b
  | \b(?:neem|met|met\sons|met\sonze)\b[^.!?\n]{0,30}\b(?:pro|plus|max|premium|extra)\b
  | \b\w*(?:plus|max|premium|pro)[-\s]?(?:pakket|abonnement|versie|plan|tier|package|account)\b
  | \b(?:switch|move|go)\s(?:over\s)?to\s(?:our|the|a)\s[^.!?\n]{0,25}\b(?:plan|deal|package|tier|pro
      |plus|tariff|version)\b
  | \b(?:probeer|ontdek|bekijk|check|kijk)\b[^.!?\n]{0,20}\b(?:onze|ons|nieuwe)\b
  | \bnu\s(?:voor\s)?(?:maar|slechts|met|tijdelijk)\b
  | \bslechts\s€
  | \bmaar\s€
  | \btijdelijk\b[^.!?\n]{0,30}(?:%|€)
  | \bcode\b[^.!?\n]{0,40}\b(?:volgende|aankoop|bestelling|next|purchase|order|checkout)\b
  | \b(?:have|take)\sa\slook\sat\s(?:our|the)\b
  | \b(?:first|eerste)\s(?:\w+\s)?(?:months?|maand\w*)\s(?:free|gratis|half)\b
  | \b(?:discount|promo\w*|coupon|special\soffers?|offers?|deals?|upgrad\w+|subscrib\w+|buy|premium
      |sale)\b
  | \b(?:order|shop|book)\s(?:now|today|your\snext|our)\b
  | \bcheck\sout\s(?:our|the\snew)\b
  | \bsign\sup\b
  | \b(?:save|get)\s(?:up\sto\s)?\d+\s?%
  | \bnew\s(?:collection|range|menu|plan)\b
  | \bonly\s[£€$]
  | \b\d+\s?%\s(?:off|korting)\b
  | \b[a-z]+\d{2}\b(?=[^.!?\n]{0,20}\b(?:code|kassa|checkout)\b)
"""

MADE_GOOD = r"\b(?:vergoed\w*|terugbeta\w*|teruggestort|compens\w+|refund\w*|reimburs\w+|credit\w*)\b"

AGAIN = r"\b(?:volgende|nieuwe?|next|new|code)\b"

PHONE = r"(?<![\w/.#])(?:\+|00)?\(?\d[\d\s().-]{7,14}\d(?!\w)"

OF_ALL = r"^(?:\+?31)?\s?\(?0?(?:800|900|88|906|909|14)"

OUR_PHONE = r"""
    \b(?:bel|bellen|belt|bereik\w*|call|phone|ring|reach|whatsapp|app|appen)\b[^.!?\n]{0,45}\b(?:ons
      |onze|naar|us|our|we)\b
  | \b(?:ons|onze|our|us)\b[^.!?\n]{0,40}\b(?:nummer|number|telefonisch|bereik\w*|phone|line|lijn|call
      |bel\w*|balie|desk|klantenservice|receptie|team)\b
  | \b(?:klantenservice|receptie|balie|servicedesk|help\s?desk|customer\sservice|front\sdesk|reception
      |huisartsenpost)\b
"""

CALLED = r"""
    \b(?:desk|line|lijn|team|office|bel|bellen|belt|call|calling|ring|phone|telefoon\w*|telefonisch
      |tel)\b
"""

THEIR_PHONE = r"""
    \b(?:uw|jouw|je|your|his|her|zijn|haar|mijn|my|prive|privé\w*
      |mobile\sof)\b[^.!?\n]{0,25}\b(?:nummer|mobiel\w*|telefoon\w*|number|mobile|phone|cell)\b
  | \b(?:u|je|jou|you|him|her|hem|haar)\b[^.!?\n]{0,25}\b(?:op|on|at|via)\s[^.!?\n]{0,4}$
"""

MAIL = r"(?<![\w.+@-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"

FREE = r"""
    @(?:gmail|hotmail|outlook|live|yahoo|icloud|ziggo|kpnmail|xs4all|telenet|planet|casema|protonmail
      |gmx|me|msn|home)\.
"""

OFFICE = r"""
    ^(?:info|support|help\w*|klantenservice|contact|service\w*|webcare|privacy|hallo|hello|balie|team
      |zwemles|zorg|care|post|mail|receptie|reception|office|enquir\w*|feedback|complaints|klachten\w*
      |customer\w*|desk|admin\w*|bezwaar|fan\w*|members\w*|leden\w*)@
"""

NUMBERED = r"""
    \b(?:klant|order|bestel|polis|dossier|contract|lid|patiënt|reserverings?|boekings?|zaak
      |lidmaatschaps?|rekening|account|customer|booking|policy|case|member|patient|reference|client
      |membership|reservation)(?:s?[-\s]?(?:nummer|nr\.?|number|no\.?|id|code|referentie
      |reference))?\s?(?:is|:|\#|was|met\snummer|van\su)?\s?\#?\s?[A-Z]{0,4}[-\s]?\d[\d.-]{3,}
"""

BANK = r"\b[A-Z]{2}\d{2}\s?(?:[A-Z]{4}|\d{4})[\s\d]{6,}"

CITIZEN = r"""
    \b(?:bsn|burgerservicenummer|rijksregisternummer|national\sinsurance|ni\snumber|ssn
      |sofinummer)\b[^.!?\n]{0,15}[\dA-Z]{2}[\d\sA-Z.-]{4,}
"""

BORN = r"\b(?:geboren|geboortedatum|geb\.|date\sof\sbirth|dob|born)\b[^.!?\n]{0,15}\d{1,2}[\s/.-]"

STREET = r"""
    \b[A-Z][\w'-]*(?:straat|laan|weg|plein|gracht|kade|dreef|hof|singel|steeg|pad|lei|dijk)\s\d+
  | \b\d{1,4}[a-z]?\s[A-Z]\w+(?:\s[A-Z]\w+)?\s(?:Street|Road|Lane|Avenue|Close|Drive|Way|Court|Gardens
      |Crescent|Terrace|St|Rd)\b
  | \b\d{4}\s?[A-Z]{2}\b
"""

STREET_TYPED = r"""
    \b[a-z][\w'-]+(?:straat|laan|plein|gracht|singel|steeg|dreef)\s\d{1,4}[a-z]?\b
  | \b(?!onderweg)[a-z][\w'-]+(?:weg|kade|dijk)\s\d{1,4}[a-z]?\b(?!\s(?:uur|minu|dagen|jaar|km|keer|euro
      |meter))
  | \b\d{1,4}[a-z]?\s(?!(?:of|the|this|that|our|your|by|per|more|other|miles?|metres?)\b)[a-z]+\s
      (?:street|road|lane|avenue|crescent|terrace|gardens)\b
  | \b[1-9]\d{3}(?!km|kg|ml|px|cm|mm|mb|gb|kb|tb|kw|mw|wh|mg|hz|ha|st|nd|rd|th|am|pm)[a-z]{2}\b
  | \b(?:woon\w*|adres\w*|postcode)\b[^.!?\n]{0,20}\b[1-9]\d{3}\s(?!is|of|en|in|om|op|de|we|ik|je|er
      |al|te|nu|zo|na|uw|km|kg|by|to|at|on|it|as|an|or|if|no|so)[a-z]{2}\b
"""
"""As people type it, in small letters or capitals only: what is no other word, as "2026 is" would be."""

OUR_PLACE = r"""
    \b(?:we|wij|we're|ons|onze|our|us|bezoekadres|balie|kantoor|filiaal|winkel|kom|come|visit|loop
      |langs|open\w*|desk|office|branch|shop|store|entrance|ingang|halte|stop|vindt|find|locatie|location
      |vestiging)\b
"""

THEIR_PLACE = r"\b(?:uw|je|jouw|your|u|you|woont|live|lives|bij\su|thuis|home|bezorg\w*|deliver\w*)\b"

DATUM = r"""
    (?:telefoon\w*|mobiele?\s?nummer|06|adres\w*|woonadres|e-?mail\w*|mailadres|klantnummer|klantnr
      |order\s?n\w+|bestel(?:ling\s?)?n\w+|geboorte\w*|bsn|iban|rekening\w*|postcode\w*|polis\w*
      |lidnummer|reserverings\w*|kenteken|huisnummer|gegevens|naw\w*|phone(?:\snumber)?|mobile|number
      |address|order\snumber|customer\snumber|account\snumber|date\sof\sbirth|birthday|booking\s\w+
      |membership\snumber|details|reference)
"""

ASKS = rf"""
    \b(?:stuur|geef|deel|vermeld|zet|plaats|laat|post|share|send|give|leave|tell|reply|drop|noem
      |reageer|meld|comment|put|wat\s(?:is|was)|what\s(?:is|was)|what's|pop
      |typ)\b[^.!?\n]{{0,70}}\b{DATUM}\b
  | \b(?:kun(?:t|\sje)|kan|mag|mogen|wil|wilt|zou|can|could|may
      |would)\b[^.!?\n]{{0,60}}\b{DATUM}\b[^.!?\n]{{0,40}}\b(?:geven|sturen|doorgeven|delen|plaatsen
      |noemen|zetten|weten|hebben|achterlaten|vermelden|have|please|here)\b
  | \b(?:op\swelk|wat\sis\s(?:het|uw|je))\snum+er\b
  | \bwhat\snumber\b
  | \b{DATUM}\b[^.!?\n]{{0,40}}\b(?:hieronder|onder\sdit|in\seen\sreactie|below|in\sthe\scomments
      |in\sa\scomment)\b
"""

WARNED = r"\b(?:niet|geen|nooit|never|not)\b | n't\b"

PRIVATE = r"""
    \b(?:priv[eéa]\w*|dm\w*|pb\w*|pm|direct\smessage|direct\sbericht|persoonlijk\sbericht|inbox|chat\w*
      |mail(?!adres)\w*|bel|bellen|call|whatsapp|via\sde\ssite|formulier|form|portal|portaal|balie|desk
      |not\s(?:here|in\spublic)|niet\s(?:hier|openbaar))\b
"""

US = r"""
    (?:ik|wij|we|een\s\w+(?:er|eur|ist|ieker)|(?:mijn|onze|een)\s(?:directe\s)?collega(?:'?s)?
      |ons\steam|iemand\svan\s(?:ons|het\steam)|het\steam|de\s\w+dienst|de\smonteur|onze\s\w+)
"""

DOES = r"""
    (?:bel|belt|bellen|mail|mailt|mailen|(?<!te\s)la(?:at|ten)(?=[^.!?\n]{0,50}\b(?:weten|\w{3,}en)\b)
      |kom(?:en|t)?(?=[^.!?\n]{0,40}\b(?:terug|langs|erop|bij\s(?:u|je|jou|jullie))\b)|ga(?:at
      |an)?(?=[^.!?\n]{0,60}\b(?:\w{3,}en|na|doen|slag|achteraan|erachteraan)\b)|zoek|zoekt|zoeken|kijk
      |kijkt|kijken|vraag|vraagt|vragen|los|lost|lossen|herstel\w*|vergoed\w*|betaal|betalen|stort
      |storten|stuur|stuurt|sturen|neem|neemt|nemen|zorg|zorgt|zorgen|regel|regelt|regelen|repareer\w*
      |repareren|maak|maakt|maken|pak|pakt|pakken|geef|geeft|geven|bespreek|bespreken|onderzoek
      |onderzoekt|onderzoeken|zet|zetten|zal|zullen|controleer\w*|controleren|check|checken|leg|leggen
      |vervang\w*|plan|plannen|app|appen|antwoord\w*|reageer\w*|reageren|houd|houden|verbeter\w*)
"""

SENT = r"""
    [^.!?\n]{0,60}\b(?:bericht|antwoord|reactie|mail\w*|geld|bedrag|terug\w*|vergoeding|bevestiging
      |belletje|telefoontje|brief|nieuwe?)\b
"""

PROMISED = rf"""
    \b{US}\s(?:\w+\s){{0,2}}?{DOES}\b
  | \b{DOES}\s(?:ik|wij|we|ons\steam|(?:mijn|een)\scollega)\b
  | \b(?:u|je|jij|jullie)\s(?:hoort|hoor|horen|(?:krijg\w*|ontvang\w*)(?={SENT}))\b
  | \b(?:hoort|hoor|(?:krijgt|krijg|ontvangt|ontvang)(?={SENT}))\s(?:u|je|jullie)\b
  | \bwordt\b[^.!?\n]{{0,50}}\b(?:gerepareerd|vervangen|teruggestort|terugbetaald|hersteld|opgelost
      |nagezonden|verholpen|teruggebeld|gemaakt)\b
  | \bbeloofd?\b
  | \bwe\spromise\b
  | \bi\spromise\b
  | \b(?:i|we|one\sof\s(?:us|our|the|my)(?:\s[\w-]+){{0,3}}|(?:a|my|our
      |the)\s(?:[\w-]+\s){{0,2}}(?:colleagues?|team|manager|engineers?|department|people|specialists?
      |technicians?)|somebody|someone)(?:'ll|\swill?|\sshall|'m\sgoing\sto|\sam\sgoing\sto|'re\sgoing\sto
      |\sare\sgoing\sto|\sis\sgoing\sto)\s(?!be\s(?:happy|glad|open|closed|there|here|delighted)|miss|not
      |never|always|see|love|gladly\swelcome|have\sto)\w+
  | \b(?:is|are)\sgoing\sto\sbe\s\w+(?:ed|t)\b
  | \b(?:you'll|you\swill)\s(?:hear|get|receive|have)\b
  | \byour\s\w+\swill\sbe\s\w+ed\b
  | \bwill\sbe\s(?:refunded|repaired|replaced|fixed|resolved|sorted|sent)\b
  | \blet\s(?:me|us)\s(?:find|check|look|ask|see|get|sort)\b
  | \b(?:i'm|we're|i\sam|we\sare)\s(?:looking\sinto|sorting|sending|arranging|on\sit|checking|asking)\b
  | \b(?:looking\sinto\sit|get\sback\sto\syou|be\sin\stouch)\b
"""

NO_PROMISE = r"""
    \blaat\s(?:(?:het|dat|dan|even|gerust|maar|aan)\s){0,3}(?:me|mij|ons|maar
      |gerust)\s(?:\w+\s){0,3}weten\b
  | \blet\s(?:us|me)\sknow\b
  | \bkom(?:en)?\s(?:gerust|maar|dan|een|eens|jullie|u|je)\b
  | \bhou(?:d|den)?\s(?:we|ik|wij)?\s?(?:ook\s)?van\b
  | \b(?:we|ik|wij)\s(?:geven|geef)\s(?:om|je\sgelijk|u\sgelijk|toe)\b
  | \b(?:vraag|vragen|kijk|kijken|neem|nemen|maak|maken|gaan|doen)\s(?:we|wij|ik)\s(?:altijd|nooit|elke
      |al|standaard)\b
  | \b(?:we|wij|ik)\s(?:vragen|kijken|nemen|maken|gaan|geven|sturen|controleren|houden)\s(?:altijd
      |nooit|elke|al|standaard|geen|niet|je\sgelijk)\b
  | \bnooit\b
  | \bhoor(?:t|en)?\s(?:we|ik|wij)\b
  | \b(?:ik|we|wij)\s(?:hoor|horen)\b
  | \bik\sga\sover\b
  | \bmaken\s(?:we|ons)\sons\b
  | \bga\ser\svan\suit\b
  | \bgaat\s(?:het|dit|om|over)\b
  | \b(?:you'll|you\swill)\s(?:get|have)\sa\s(?:lot|great|lovely)\b
"""

WHEN = r"""
    \b(?:vandaag|vanmiddag|vanavond|vanochtend|vanmorgen|vannacht|morgen\w*|overmorgen|meteen|direct|nu
      |straks|dadelijk|dezelfde\sdag)\b
  | \bbinnen\s(?:een|één|\d+|twee|drie|vier|vijf|tien|het|\w+)\s?\w*(?:minu\w+|uur|uren|dag\w*
      |werkdag\w*|we[e]?k\w*|maand\w*)
  | \b(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*\b
  | \b(?:deze|volgende|komende)\s(?:week|maand|ochtend|middag|avond|dagen|nacht)\b
  | \b(?:dit|volgend|komend)\sweekend\b
  | \b(?:eind|einde|begin)\s(?:van\s)?(?:de(?:ze)?|volgende|komende)?\s?(?:dag|week|maand|middag
      |ochtend)\b
  | \buiterlijk\b
  | \bover\s(?:een|\d+|twee|drie|enkele)\s(?:\w+\s)?(?:minu\w+|uur|uurtje|dagen|weken|week
      |kwartier\w*)\b
  | \bkwartier\w*\b
  | \buurtje\b
  | \b(?:om|voor|na|rond|tot)\s\d{1,2}(?:[:.]\d{2})?\b
  | \b(?:om|voor|na|rond|tegen|tot)\s(?:half|kwart)\s\w+
  | \b(?:half|quarter)\s(?:past|to)\s\w+ | \beod\b | \bend\sof\s(?:the\s)?day\b
  | \b\d{1,2}[:.]\d{2}\b
  | \b\d+\s(?:uur|minuten|werkdagen|dagen|hours?|minutes?|days?)\b
  | \b\d{1,2}\s(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\w*
  | \b(?:today|tonight|tomorrow|right\saway|right\snow|now|immediately|straight\saway|at\sonce)\b
  | \bthis\s(?:morning|afternoon|evening|week|weekend|month|hour)\b
  | \bnext\s(?:week|month)\b
  | \b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b
  | \bwithin\s(?:an?|the|\d+|one|two|three|four|five|ten|\w+)\b
  | \b(?:by|before)\s(?:noon|midday|the\send|close|\d|lunch|mon|tue|wed|thu|fri|sat|sun|end)\w*
  | \bend\sof\s(?:the\s|this\s)?(?:day|week|month|play)\b
  | \bin\s(?:an?|\d+|one|two|three|five|ten|half|the\snext)\s(?:\w+\s)?(?:minutes?|hours?|days?
      |weeks?)\b
  | \b\d{1,2}(?::\d{2})?\s?(?:am|pm)\b
  | \b\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:january|february|march|april|may|june|july|august|september
      |october|november|december)\b
  | \b(?:january|february|march|april|june|july|august|september|october|november|december)\s\d
"""

TERM = r"\b(?:uiterlijk|binnen\s\w+\s\w*(?:dag|uur|week)|within\s\w+|by\sthe\send)\b"
