"""Small words of the languages that the judge tells apart, and of others it must not take for one of them.

Our own tables: not a linguist's. Texts made of them teach what no labelled text here could.
"""

OURS = {
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
OTHERS = {
    "af": """
        die nie en het is van wat ek jy hy sy ons julle hulle aan met vir op dit 'n was sal kan moet
        word hierdie daardie baie goed dankie asseblief gaan kom maak sê my jou se nog ook maar as
        dat deur oor tot uit by
        """,
    "fy": """
        de it en fan is yn te net dat hy sy ik do wy jim har myn dyn syn mei foar op oan as mar ek
        noch wurdt hat hawwe wie wiene kin moat sil goed tige tank hjir dêr wat hoe wêr heit mem
        bern jier dei
        """,
    "da": """
        det er jeg ikke en et og i at på til med for den de har som vi du han hun var men om kan
        skal vil meget godt tak hvor hvad hvorfor hvornår også fra ved efter nu her der dig mig os
        jer noget ingen
        """,
    "no": """
        det er jeg ikke en et og i at på til med for den de har som vi du han hun var men om kan
        skal vil veldig bra takk hvor hva hvorfor når også fra ved etter nå her der deg meg oss dere
        noe ingen
        """,
    "sv": """
        det är jag inte en ett och i att på till med för den de har som vi du han hon var men om kan
        ska vill mycket bra tack var vad varför när också från vid efter nu här där dig mig oss er
        något ingen är
        """,
    "fi": """
        on ei ja se en hän minä sinä me te he että mutta kun niin myös vain nyt jos kuin tämä mitä
        missä miksi kiitos hyvä huono paljon olen olet oli ovat voi pitää kanssa ilman jo vielä aina
        """,
    "pl": """
        nie to się na jest że do jak ale co za tak mnie już tylko od po czy może ja ty on ona my wy
        oni bardzo dobrze dziękuję dzień dobry dlaczego kiedy gdzie który była był będzie jestem mam
        z w i o
        """,
    "cs": """
        je to se na že ne jak ale co za tak mě už jen od po ja ty on ona my vy oni velmi dobře
        děkuji proč kdy kde který byla byl bude jsem mám v s o do pro není jsou nebo také
        """,
    "tr": """
        bir ve bu ne için çok da de ben sen o biz siz onlar değil var yok ama gibi daha iyi kötü
        teşekkürler neden nasıl nerede kim şey olan olarak her zaman bugün yarın lütfen evet hayır
        kadar sonra
        """,
    "id": """
        yang dan di ini itu untuk tidak dengan ada saya kamu dia kami mereka akan bisa sudah belum
        dari ke juga sangat baik terima kasih kenapa bagaimana kapan orang apa atau karena lagi aja
        gak banget
        """,
    "ro": """
        nu și de la în că este cu pe un o mai ce se din pentru am ai are sunt era foarte bine
        mulțumesc cum când unde cine dar sau după fără acum aici asta acest această lui ei noi voi
        """,
    "hu": """
        a az és nem hogy is van egy ez mi én te ő mi ti ők de ha mint már csak még nagyon jó rossz
        köszönöm miért hogyan hol mikor ki volt lesz vagyok vagy meg el fel ki be kell lehet
        """,
    "hr": """
        je i u na se da to ne za su od sam što kako ali ili kao bi sve samo već još vrlo dobro hvala
        zašto kada gdje tko bio bila biti ja ti on ona mi vi oni mogu može
        """,
    "ca": """
        el la els les de i que és a en un una per no amb com més però molt bé gràcies això aquest
        aquesta jo tu ell ella nosaltres vosaltres són ha han meu teu seu avui ahir demà també fer
        """,
    "lt": """
        ir yra kad ne tai su į iš bet kaip aš tu jis ji mes jūs jie labai gerai ačiū kodėl kada kur
        kas buvo bus
        """,
    "hi": """
        hai ka ki ke ko se mein nahi aur ye wo kya kyun kab kahan main tum hum aap bahut accha
        dhanyavaad tha thi raha rahi kar karo ho gaya bhi to par toh yeh woh mera tera apna sab log
        bhai yaar
        """,
    "tl": """
        ang ng sa na at ay mga ko mo niya kami kayo sila hindi oo salamat po bakit paano kailan saan
        sino ito iyan lang naman din rin pa ba kasi pero para kung
        """,
    "vi": """
        là và của có không cho được với này đó người tôi bạn anh chị em rất tốt cảm ơn tại sao khi
        nào ở đâu ai gì
        """,
    "sw": """
        na ya wa ni kwa la za katika hii hiyo mimi wewe yeye sisi nyinyi wao sana nzuri asante kwa
        nini lini wapi
        """,
}
