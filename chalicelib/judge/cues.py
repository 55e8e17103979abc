"""Turns of phrase by what they hint at: `heard` says which kinds a message holds.

A cue is one or more tokens in small letters, parted by spaces; it is found only as whole tokens. Cues are
looked up by their first word, so that a hundred more cost nothing.
"""

from collections.abc import Sequence

_LISTED = {
    "irony": """
        lekker dan | fijn dan | mooi dan | top hoor | fijn hoor | mooi hoor | leuk hoor | knap hoor | goed
        hoor | bravo hoor | lekker bezig | lekker weer | nou lekker | nou fijn | nou geweldig | wat fijn dat
        | fijn dat jullie | leuk dat jullie | geweldig dat jullie | bedankt voor niets | bedankt voor niks |
        lekker geregeld | oh great | just great | great , another | great another | thanks for nothing |
        nice one | way to go | love how | love it when | how lovely | how nice of | 🙃 | 🙄 | 👏
        """,
    "thanks": """
        bedankt | dank | dankjewel | dankuwel | dankje | merci | thanks | thank | thx | cheers | danke |
        dankeschön | gracias | grazie | obrigado | obrigada | valeu
        """,
    "another": """
        weer | alweer | opnieuw | again | another | yet
        """,
    "in advance": """
        alvast | bij voorbaat | in advance | im voraus | par avance | d'avance
        """,
    "ask": """
        weet iemand | iemand een idee | iemand enig idee | heeft iemand | kan iemand | weet jij of | weten
        jullie of | ik vraag me af | vraagje | ik heb een vraag | does anyone | anyone know | can anyone |
        can someone | could someone | i was wondering | i wonder if | quick question | weiß jemand | sabe
        alguien | alguém sabe | qualcuno sa | quelqu'un sait
        """,
    "rhetorical": """
        hoe moeilijk | serieus ? | meen je | menen jullie | waarom toch | een grap | hoe dan ? | wat is dit
        voor | hoe kan het dat | hoe haal je | hoe bestaat | wie bedenkt | toch ? | how hard | seriously ? |
        kidding | are you serious | a joke | really ? | who does that | how is this | how is that | why
        would | why bother | what is wrong with | right ?
        """,
    "complaint": """
        klacht | geld terug | nog steeds geen | nog steeds niet | nog altijd geen | nog altijd niet |
        complaint | money back | still no | still not | still waiting | still haven't | disappointed
        """,
    "involved": """
        ik | wij | we | mij | me | mijn | ons | onze | m'n | jullie | jij | je | jouw | u | uw | i | i'm |
        i've | my | me | we | us | our | you | your | you're
        """,
    "suggestion": """
        tip : | tip van | tipje | suggestie | voorstel : | ideetje | misschien een idee | idee : | is het
        een idee | zou het niet | zouden jullie niet | zou handig zijn | zou fijn zijn | zou mooi zijn | zou
        leuk zijn | zou helpen | zou schelen | scheelt een hoop | waarom niet gewoon | maak er | maak van |
        zet er | zet op de | kunnen jullie niet gewoon | kunnen jullie geen | kan er niet | kan er geen |
        kan er een | komt er nog een | zou er een | zouden jullie een | kunnen jullie een donkere |
        toevoegen ? | had ik graag | zou ik graag zien | graag een optie | misschien kunnen jullie | is het
        mogelijk om | mis nog een | mis alleen | suggestion | have you considered | have you thought of |
        would be nice | would be great if | would be good if | would be handy | would be helpful | would
        help | would be lovely | it'd be | how about | why not just | any chance of | could you add | can
        you add | please add | could we have | can we have | could we get | can we get | i'd suggest | i
        would suggest | feature request | one idea | an idea : | maybe add | perhaps add | wish you would |
        wish there was | you should add | you could put | could you put | if you could add | if only you |
        kan de gemeente niet gewoon | zou het helpen | zou je in de | would be a nice | make the first |
        misschien gewoon eens | idea for | please could you add | why don't you | waarom niet een | wat als
        jullie | what if you | kunnen jullie niet | kunnen jullie ook
        """,
    "order": """
        afspraak maken | afspraak inplannen | een afspraak | afspraak verzetten | afspraak afzeggen |
        reserveren | reservering | wil ik bestellen | wil graag bestellen | graag bestellen | bestellen ? |
        kan ik bestellen | wil boeken | graag boeken | kamer boeken | tafel voor | tafeltje voor | kaarten
        voor | graag ontvangen | graag aanvragen | wil ik aanvragen | aanvragen ? | tweede pas | nieuwe pas
        | graag twee | graag drie | graag vijf | graag een offerte | offerte | graag een voorstel | apart
        leggen | apart houden | zoeken we een | inschrijven voor | aanmelden voor | wil me aanmelden |
        inplannen | opzeggen per | graag annuleren | kan daar iemand naar | monteur sturen | iemand langs
        sturen | iemand sturen | book a | book an | i'd like to book | like to book | can i book | to book |
        reserve a | hold a table | table for | make an appointment | an appointment | reschedule | please
        send | please cancel | i'd like to order | like to order | can i order | want to order | place an
        order | i'd like to cancel | like to reserve | sign me up | put me down for | can i get a quote | a
        quote for | please could i | need assistance | replacement card | send someone | send a | zou ik een
        | graag boek ik | boek ik | wil ik boeken | bestelling van | terugbellen over | kan iemand mij
        terugbellen | can someone call me | call me about | i need to book | need to cancel my | add me to |
        additional seats | twee zakken | ophalen donderdag | can collect
        """,
    "leaving": """
        zeg op | zeggen op | opgezegd | opzeggen | ik ben weg | wij zijn weg | ben weg hier | stap over |
        stappen over | overgestapt | overstappen | stap ik over | ik ga weg | ga naar een ander | naar de
        concurrent | bij de concurrent | ga elders | ben er klaar mee | klaar met jullie | klaar met deze |
        nooit weer | niet meer terug | zien jullie niet | kom hier niet meer | kom niet meer | geen klant
        meer | lidmaatschap opzeggen | abonnement opzeggen | haal mijn geld | vanaf nu zonder | i'm leaving
        | i am leaving | leaving for | leaving you | we're leaving | cancelled my | cancelling my | cancel
        my subscription | cancel my membership | cancel my account | closing my account | close my account |
        switching to | switched to | switch to another | i'm switching | switching provider | i'm done |
        done with you | i'm out | never again | never coming back | not coming back | won't be back | will
        not be back | won't be renewing | not renewing | not going back | last time i | lost a customer |
        losing a customer | taking my business | moving to a competitor | to a competitor | take me off the
        list | going elsewhere | go elsewhere | moved everything | elsewhere from now | pinpas doorgeknipt |
        closed the account | i've closed | ik stop ermee | machtiging stoppen | zonder mij | without me from
        | stopped volunteering | season ticket cancelled | that's me done | thats me done | zeg mijn | zeg
        ik mijn | weg bij | vertrek ik | nooit meer energie | nooit meer bij jullie | hier nooit meer |
        nooit meer iets bij | kom nooit meer | nooit meer hier
        """,
    "spam": """
        volg mijn pagina | gratis cadeaubon | verdien nu | verdien geld | verdien thuis | per dag verdienen
        | geen oplichting | app me via | stuur prive | stuur een dm | privébericht aan | link in bio | link
        in mijn profiel | link in mn profiel | link in profiel | echte volgers | volgers kopen | lening
        nodig | scriptie laten schrijven | plagiaatvrij | goktips | beleggen met | like en deel | like deel
        | klik op de link | click my bio | click the link | in my bio | link in bio | essay help |
        plagiarism free | free followers | real followers | make money | earn money | join my channel |
        whatsapp me | text me on | forex | recovered my | recovered all | one simple trick | lose weight |
        link bio | click my | hot singles | vijfsterrenreviews | five star reviews | banknr | msg now | dm
        us now | dm me now | dm for link | dm us to | crypto signals | guaranteed profit | gegarandeerd
        winst | gegarandeerd voldoende | winnen gegarandeerd | verdien bitmunt | snel rijk | get rich |
        designer watches | plagiarism-free | do assignment | do your homework | reselling | gov scheme | pay
        customs | thuiswerk verdien | reageer met ja | sugar daddy | onlyfans | miljoen volgers | gratis
        volgers | telefoon winnen | win vip | like , deel | lening zonder | loan without | instant loan |
        bank insiders
        """,
    "press": """
        persvraag | journalist | journaliste | verslaggever | redactie | redacteur | persvoorlichter |
        woordvoerder | interviewen | uitzending | mijn column | voor de krant | zaterdagkrant | wederhoor |
        reporter | press office | press team | media team | press enquiry | press inquiry | writing a piece
        | writing an article | writing for | i write for | i write a | for comment | a comment on | radio
        piece | documentary on | documentary about | your spokesperson | on the record | copy due | we go
        live | voor een stuk over | voor een artikel | interviewen over | would like to interview | for an
        interview | zoeken we een deskundige | feature next | a feature for | schrijf een stuk | schrijf een
        artikel | avondjournaal | studentenblad | streekblad | lokale omroep | local radio | documentaire
        maken
        """,
    "job": """
        vacature | vacatures | sollicitatie | solliciteren | solliciteer | stage lopen | stageplek |
        stageplaats | stagiair | bijbaan | bijbaantje | werken bij | gezocht : | gezocht | zoeken nog iemand
        | zoeken jullie nog | zoeken jullie | vrijwilligers voor | vrijwilliger worden | cv | handen nodig |
        openstaande | vacancy | hiring | apply for | internship | interns | apprenticeship | apprenticeships
        | apprentice | apprentices | volunteers needed | volunteer with | job opening | job openings | any
        jobs | looking for work | a cv | phd applicant | closing date | work for you | promovendus gezocht |
        vacancies at | any vacancies | taking on | saturday help | saturday assistant | testers again | open
        sollicitatie | collectanten | maatschappelijke stage | work experience | graduate scheme |
        recruiting
        """,
    "safety": """
        gaslucht | gaslek | gas ruik | ruik gas | ruiken gas | brandlucht | er is brand | staat in brand |
        vliegt in brand | in de brand | vlam gevat | rookontwikkeling | veel rook | komt rook | rook uit |
        brandweer nodig | ambulance | gewond | gewonden | bewusteloos | ademt niet | flauwgevallen |
        insuline | allergische reactie | allergie-aanval | voedselvergiftiging | zelfmoord | suïcidaal | wil
        niet meer leven | in de lift vast | vast in de lift | opgesloten in | kortsluiting | onder stroom |
        stroomdraad | losliggende kabel | vonken | benauwd | pijn op de borst | hartaanval | beroerte |
        bloedt | bloeding | verkeerde medicatie | verkeerde medicijnen | dubbele dosis | dreigt te vallen |
        instorten | ingestort | te water | uitgegleden | niet overeind | koolmonoxide | gaat een man met een
        mes | met een mes | gas leak | smell gas | smell of gas | smelling gas | caught fire | on fire |
        catches fire | smoke coming | smoke from | full of smoke | injured | unconscious | not breathing |
        can't breathe | collapsed | insulin | allergic reaction | anaphylactic | epipen | food poisoning |
        suicide | suicidal | don't want to live | in the lift | stuck in the lift | stuck in the elevator |
        electric shock | live wire | live cable | sparking | bleeding | chest pain | heart attack | wrong
        medication | wrong dose | double dose | carbon monoxide | about to fall | hanging loose | with a
        knife | on the tracks | op het spoor | brandalarm | bhv | explosie | explosion | exploded | ontploft
        | vergiftigd | poisoned | gestikt | choking | verdrinkt | drowning | fainted | passed out | seizure
        | epileptische aanval | aangevallen | attacked | met een wapen | gunshot | levensgevaarlijk | life
        threatening | levensgevaar | blokkeer mijn rekening | haar pen gebruikt | zijn pen gebruikt | used
        her pen | used his pen | zitten vast op | oude mensen vast | following girls | won't wake up | niet
        wakker | hypo | overdosis | overdose | glass in | rattengif | spoor gelopen | van het dak | dak
        gewaaid | gaslucht in | stinkt naar gas | blood everywhere | ingezakt | sinkhole | kabel hangt |
        cable hanging | brandende | burning smell | brandlucht in | kinderen bij | kids standing | while the
        train is moving | deur gaat open tijdens
        """,
    "pressing": """
        zonder verwarming | geen verwarming | zonder internet | zonder stroom | geen stroom | stroom uit |
        stroom eraf | zonder water | geen water | geen warm water | zonder medicijnen | spoed | spoedgeval |
        dringend | zo snel mogelijk | nu meteen | vandaag nog | voor vanavond | vanavond nog | voor de deur
        | sta hier | staan hier | sta nu | staan nu | sta al een uur | buitengesloten | buiten gesloten |
        gestrand | stranden | rolstoel | lekkage | lekt | onder water | wateroverlast | hele straat | hele
        wijk | ligt eruit | ligt plat | platgelegd | storing in | al een uur | vlucht gemist | moet vandaag
        | deadline vandaag | sluit vandaag | inleveren voor | pinpas gestolen | gehackt | pas geblokkeerd |
        rekening geblokkeerd | fraude | opgelicht | niet inloggen , deadline | urgent | asap | emergency |
        immediately | right now | stranded | locked out | without heating | no heating | without power | no
        power | power cut | power is out | without water | no water | no hot water | without internet | no
        internet | call me back | wheelchair | flooding | flooded | leaking | burst pipe | whole street |
        whole building | is down | everything's down | due today | due tonight | deadline today | deadline
        is today | by midnight | closes today | before it closes | stolen card | card stolen | been hacked |
        account hacked | fraud | standing outside | standing here | stuck at | stuck on | last train | met
        een baby | baby van | newborn | pasgeboren | noodtelefoon | emergency line | deadline is | due at |
        payroll | kan er niet in | kunnen er niet in | can't get in | dichte deur | op straat gezet |
        ontruiming | eviction | medicatie op | medicijnen op | out of medication | out of insulin | a&e |
        spoedeisende hulp | seh | dialyse | dialysis | zuurstof | oxygen | traplift | stairlift | care home
        | verpleeghuis | verzorgingshuis | alarmknop | pull cord | rolstoelgebruiker | vast in | zit vast |
        zitten vast | nog iemand wakker | pinpas kwijt | ingeslikt | swallowed my card | blokkeren | block
        my card | tentamen begint | exam starts | vlucht vertrekt | flight leaves | laatste trein | laatste
        bus | kinderen alleen | alone with | for hours now | urenlang | down since | eruit sinds | plat
        sinds | ring me | bel mij | bel me | terugbellen vandaag | cold baby | ijskoud | freezing in here
        """,
    "waiting": """
        nog steeds | nog altijd | al dagen | al weken | weken | maanden | alweer | weer niet | derde keer |
        still | weeks | months | late again | broken again | down again | third time | yet again
        """,
    "profanity": """
        kut | kutzooi | klote | klotezooi | kloten | klootzak | klootzakken | godverdomme | gvd | verdomme |
        tering | teringzooi | tyfus | tyfuszooi | kanker | kankerzooi | kk | hoer | hoeren | lul | lullen |
        eikel | eikels | mongool | mongolen | debiel | debielen | sukkels | flikker op | rot op |
        opgeflikkerd | schijt | shit | bullshit | fuck | fucking | fucked | fuckers | fuckin | wtf | stfu |
        asshole | assholes | arsehole | arseholes | bastard | bastards | bitch | bitches | cunt | cunts |
        dick | dickhead | wanker | wankers | twat | twats | bollocks | pissed off | crap | bloody hell |
        scheiße | scheiss | scheiß | arschloch | fick | wichser | hurensohn | merde | putain | connard |
        connards | enculé | salope | mierda | joder | coño | puta | cabrón | gilipollas | cazzo | vaffanculo
        | stronzo | stronzi | merda | coglione | coglioni | porra | caralho | foda-se | fdp | filho da puta
        """,
    "offer": """
        guaranteed | gegarandeerd | win een | winnen ? | investment | join my | today only | casino | crypto
        | bitcoin | giveaway | promo code | work from home | no experience needed | limited offer |
        worldwide shipping | klik hier | click here | claim your | replica | make $ | 100% legaal | gratis |
        free | bestel nu | order now | korting | discount | vraag offerte | laatste dagen |
        opheffingsuitverkoop | verdien | earn | win | no cost to you | top price | free gift | volg mijn |
        singles | subsidy | subsidie | dm | dm me | dm us | dm for | app ons | msg | bio | link bio
        """,
    "calm": """
        geen gewonden | niemand gewond | no injuries | nobody hurt | no one hurt | no one was hurt | nobody
        was hurt | vacature | oefening | drill | jubileum
        """,
}
_OPENERS = """
    hoe | wanneer | waar kan | waar vind | wat kost | hoeveel | kunnen jullie | kun je | kan ik | mag ik |
    hebben jullie | zijn jullie | is er | gaat de | how do | how can | how much | how long | when do |
    when does | when is | where can | where do | where is | what time | what does | what is | do you |
    can i | can you | could you | is there | are there | are you open
    """


def _parted(listed: str) -> list[str]:
    return [" ".join(cue.split()) for cue in listed.split("|")]


_BY_FIRST: dict[str, list[tuple[str, str]]] = {}
for _kind, _cues in _LISTED.items():
    for _cue in _parted(_cues):
        _BY_FIRST.setdefault(_cue.partition(" ")[0], []).append((f" {_cue} ", _kind))
_OPENS = tuple(f" {cue} " for cue in _parted(_OPENERS))


def heard(said: Sequence[str]) -> set[str]:
    """The kinds of cue among these tokens; "opener" where they begin as a question does, "?" where one is."""
    found: set[str] = set()
    joined = f" {' '.join(said)} "
    for word in set(said):
        for cue, kind in _BY_FIRST.get(word, ()):
            if kind not in found and cue in joined:
                found.add(kind)
    if joined.startswith(_OPENS):
        found.add("opener")
    if " ?" in joined:
        found.add("?")
    return found
