"""What is wrong with a query, in the reader's language: the sentences of `querying/`; and examples."""

from chalicelib.web.i18n import N_

FORMS: tuple[tuple[str, str], ...] = (
    ("a query has at most %(most)s signs", N_("a query has at most %(most)s characters")),
    (
        "a query has at most %(most)s words, phrases and fields",
        N_("a query has at most %(most)s words, phrases and fields"),
    ),
    ("a phrase has at most %(most)s words", N_("a phrase has at most %(most)s words")),
    (
        "brackets and NOT stand at most %(most)s deep within each other",
        N_("brackets and NOT stand at most %(most)s deep within each other"),
    ),
    ("there is nothing here to look for", N_("there is nothing here to look for")),
    (
        "this says only what must not be there, or narrows: name something to look for",
        N_("this says only what must not be there, or narrows: name something to look for"),
    ),
    (
        "a * has no place in what is written exactly so",
        N_("a * has no place in what is written exactly so"),
    ),
    ("%(near)s looks at most %(most)s words far", N_("%(near)s looks at most %(most)s words far")),
    (
        "beside NEAR stand words and phrases, with OR between them in brackets",
        N_("beside NEAR stand words and phrases, with OR between them in brackets"),
    ),
    ("this { is not closed; expected a }", N_("this { is not closed; a } is missing")),
    ("this } closes nothing; expected a { before it", N_("this } closes nothing; a { is missing before it")),
    (
        "this quote is not closed; expected a quote after it",
        N_("this quotation mark is not closed; another is missing after it"),
    ),
    ("this bracket is not closed; expected a )", N_("this bracket is not closed; a ) is missing")),
    (
        "this bracket closes nothing; expected a ( before it",
        N_("this bracket closes nothing; a ( is missing before it"),
    ),
    ("there is nothing between these brackets", N_("there is nothing between these brackets")),
    ("expected a word right after %(name)s", N_("a word belongs right after %(name)s")),
    (
        "expected a word, a phrase or an opening bracket, got the end",
        N_("a word, a phrase or an opening bracket belongs here, and the query ends"),
    ),
    (
        "expected a word, a phrase or an opening bracket, got %(got)s",
        N_("a word, a phrase or an opening bracket belongs here, not %(got)s"),
    ),
    ("expected AND, OR or the end, got %(got)s", N_("AND, OR or nothing belongs here, not %(got)s")),
    (
        "write %(meant)s for that, or put quotes around %(got)s to look for it",
        N_("write %(meant)s for that, or put quotation marks around %(got)s to look for it"),
    ),
    (
        "write NEAR/ or ONEAR/ in capitals with a number, such as NEAR/5",
        N_("write NEAR/ or ONEAR/ in capitals with a number, such as NEAR/5"),
    ),
    ("write NOT before what must not be there", N_("write NOT before what must not be there")),
    (
        "write OR or AND between words, not %(got)s",
        N_("write OR or AND between words, not %(got)s"),
    ),
    (
        'write " around words that belong together, not %(got)s',
        N_('write " around words that belong together, not %(got)s'),
    ),
    (
        "write ( and ) around what belongs together, not %(got)s",
        N_("write ( and ) around what belongs together, not %(got)s"),
    ),
    (
        "write NEAR/ between the words for that, such as open NEAR/5 dag",
        N_("write NEAR/ between the words for that, such as open NEAR/5 day"),
    ),
    (
        "no word weighs more than another here: leave out %(got)s",
        N_("no word weighs more than another here: leave out %(got)s"),
    ),
    (
        "write OR between words, or put quotes around %(got)s to look for it",
        N_("write OR between words, or put quotation marks around %(got)s to look for it"),
    ),
    (
        "write * for any letters, or put quotes around %(got)s to look for it",
        N_("write * for any letters, or put quotation marks around %(got)s to look for it"),
    ),
    (
        "a site stands here without its port, such as %(site)s",
        N_("a site stands here without its port, such as %(site)s"),
    ),
    (
        "this asks for %(got)s and for its absence: nothing fits both",
        N_("this asks for %(got)s and for its absence: nothing fits both"),
    ),
    (
        "write link: before a site to look for links to it, such as link:example.org",
        N_("write link: before a site to look for links to it, such as link:example.org"),
    ),
    (
        "there is no field %(name)s: (did you mean %(near)s:?); put quotes around it to look for it",
        N_("there is no field %(name)s: (did you mean %(near)s:?); in quotation marks it is looked for"),
    ),
    (
        "there is no field %(name)s: (known are %(known)s); put quotes around it to look for it",
        N_("there is no field %(name)s: (there are %(known)s); in quotation marks it is looked for"),
    ),
    ("a word has at most %(most)s *", N_("a word has at most %(most)s *")),
    (
        "expected at least %(least)s letters beside a *",
        N_("at least %(least)s letters belong beside a *"),
    ),
    (
        "expected at least %(least)s letters in a row after a * that begins a word",
        N_("at least %(least)s letters in a row belong after a * that begins a word"),
    ),
    (
        "expected a name, such as jan or @jan, got %(got)s",
        N_("a name belongs here, such as jan or @jan, not %(got)s"),
    ),
    (
        "expected a site, such as example.org, got %(got)s",
        N_("a site belongs here, such as example.org, not %(got)s"),
    ),
    (
        "expected a language of two letters, such as nl, got %(got)s",
        N_("a language of two letters belongs here, such as nl, not %(got)s"),
    ),
    ("expected a number, such as 1000, got %(got)s", N_("a number belongs here, such as 1000, not %(got)s")),
    (
        "expected a network, such as mastodon, got %(got)s",
        N_("a network belongs here, such as mastodon, not %(got)s"),
    ),
    ("stands beside a query; keep one of the two", N_("Give words or a query, not both.")),
)
"""(as `querying/` says it, as it is said here); the first that fits wins."""

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("bieb OR bibliotheek", N_("one of the two, or both")),
    ("bieb boete", N_("both; a blank is AND")),
    ("bieb NOT (vacature* OR stage)", N_("but not where it also says one of those")),
    ('"open dag"', N_("these words one after another; also #opendag")),
    ("leenboete* OR *brood*", N_("* is any letters: leenboetes, zuurdesembroodje")),
    ("bieb NEAR/5 (boete OR klacht)", N_("at most five words between them, whichever comes first")),
    ("raad ONEAR/3 bieb", N_("the same, in this order")),
    ("{ING}", N_("capitals and accents exactly so")),
    ("@bieb OR #bieb", N_("only as a name or a hashtag; bieb alone finds these too")),
    ("author:jan* OR site:nos.nl", N_("who wrote it, or where it stands")),
    ("link:bieb.nl", N_("what links to a site")),
    (
        "bieb lang:nl platform:mastodon kind:reply min_followers:1000",
        N_("narrowed by language, network, kind (post, reply, direct) and followers"),
    ),
)
"""A query, and what it finds."""
