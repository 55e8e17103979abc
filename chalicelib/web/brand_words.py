"""What is wrong with a brand, in the reader's language: the file's own sentences, for who fills in a form."""

from chalicelib.brandfile.lines import Fault, place
from chalicelib.web import query_words
from chalicelib.web.i18n import N_, Words
from chalicelib.web.reasons import told

FORMS: tuple[tuple[str, str], ...] = (
    ("is missing", N_("Fill this in.")),
    ("is missing; one of %(known)s", N_("Choose one of: %(known)s.")),
    ("is empty", N_("Fill this in.")),
    ("cannot be a key", N_("This cannot be a key. Copy it again.")),
    ("is empty; fill it in or remove the line%(more)s", N_("Fill this in.")),
    ("is longer than %(room)s signs", N_("Keep this to %(room)s characters.")),
    ("needs at least one open day", N_("Name at least one day on which you are open.")),
    ("needs at least one", N_("Name at least one.")),
    ("needs mail_from, the address that sends it", N_("Fill in the address that sends it too.")),
    (
        "expected a time zone such as Europe/Amsterdam, got %(got)s (did you mean %(near)s?)",
        N_("%(got)s is no time zone. Did you mean %(near)s?"),
    ),
    (
        "expected a time zone such as Europe/Amsterdam, got %(got)s",
        N_("%(got)s is no time zone. Write one such as Europe/Amsterdam."),
    ),
    (
        "expected a language of two small letters such as nl or en, got %(got)s",
        N_("Name a language by its code, such as nl or en."),
    ),
    ("expected an e-mail address, got %(got)s", N_("%(got)s is no e-mail address.")),
    (
        "expected an address that begins with https://, got %(got)s",
        N_("An address begins with https://. This says %(got)s."),
    ),
    ("expected an address that begins with https://, got ", N_("An address begins with https://.")),
    (
        "has a name or password in it; that cannot stay in this file",
        N_("Leave the name and password out of the address."),
    ),
    (
        "expected a server such as https://social.example, got %(got)s",
        N_("Name the server alone, such as https://social.example."),
    ),
    (
        "expected an account's whole name such as deeg.bsky.social, got %(got)s",
        N_("Write the account's whole name, such as deeg.bsky.social."),
    ),
    (
        "expected a name of letters, digits and _ (no # or @), got %(got)s",
        N_("Use letters, digits and _ only, without # or @."),
    ),
    ("expected 09:00-17:30, got %(got)s", N_("Write hours as 09:00-17:30. This says %(got)s.")),
    ("expected 09:00-17:30, got ", N_("Write hours as 09:00-17:30.")),
    ("%(later)s begins before %(block)s ends", N_("%(later)s begins before %(block)s ends.")),
    ("has more than %(most)s lines", N_("At most %(most)s lines go here.")),
    (
        "expected a date such as 2026-12-24 and a name, got %(got)s",
        N_("Write a day as 2026-12-24 and a name. This says %(got)s."),
    ),
    (
        "expected at most a year, first day first, got %(got)s",
        N_("Write the first day first, and at most a year. This says %(got)s."),
    ),
    (
        "expected a country or region such as NL or DE-BY, got %(got)s",
        N_("Choose a country or region from the list."),
    ),
    (
        "expected US dollars such as 25 or 12.50, got %(got)s",
        N_("Write US dollars as 25 or 12.50. This says %(got)s."),
    ),
    ("expected US dollars such as 25 or 12.50, got ", N_("Write US dollars as 25 or 12.50.")),
    (
        "expected quiet hours such as 22:00-07:30, got %(got)s",
        N_("Write quiet hours as 22:00-07:30. This says %(got)s."),
    ),
    ("expected a time such as 08:30, got %(got)s", N_("Write a time as 08:30. This says %(got)s.")),
    ("expected a time such as 08:30, got ", N_("Write a time as 08:30.")),
    ("%(what)s is given twice", N_("%(what)s stands here twice.")),
    (
        "these days run backwards; the week begins on mon",
        N_("These days run backwards. The week begins on mon."),
    ),
    (
        "expected a day such as mon, or days such as mon-fri%(more)s",
        N_("Write a day as mon, or days as mon-fri."),
    ),
    ("expected a day such as mon, or days such as mon-fri", N_("Write a day as mon, or days as mon-fri.")),
    (
        "expected a word or phrase, got %(got)s",
        N_("Write a word or phrase. This says %(got)s."),
    ),
    (
        "{%(name)s} is not known here%(more)s",
        N_("{%(name)s} is not known. Use {author}, {agent}, {brand} or {department}."),
    ),
    ("a { or } stands alone", N_("A { or } stands alone.")),
    (
        "expected small letters, digits and -, at most 40, got %(got)s",
        N_("Use small letters, digits and - only, at most 40."),
    ),
    (
        "expected a model's id such as %(known)s, got %(got)s",
        N_("Write the model's id as Amazon Bedrock has it, such as %(known)s."),
    ),
    ("expected a whole number, got %(got)s", N_("Write this as a whole number.")),
    ("expected at least %(least)s, got %(got)s", N_("Write %(least)s or more.")),
    ("expected at most %(most)s, got %(got)s", N_("Write %(most)s or less.")),
    ("expected yes or no, got %(got)s", N_("Write yes or no.")),
    ("expected one of %(known)s, got %(got)s", N_("Choose one of: %(known)s.")),
    ("expected one of %(known)s, got ", N_("Choose one of: %(known)s.")),
    (
        "expected a list (lines that begin with -), got %(got)s",
        N_("A list goes here: lines that begin with -."),
    ),
    (
        "expected lines of the form `name: value`, got %(got)s",
        N_("Lines with a name, a colon and a value go here."),
    ),
    ("expected a text, got %(got)s", N_("A text goes here.")),
    ("there is no department %(got)s (%(more)s)", N_("There is no department %(got)s.")),
    ("there is no channel %(got)s (%(more)s)", N_("There is no channel %(got)s.")),
    ("there is no watch %(got)s (%(more)s)", N_("There is no watch %(got)s.")),
    ("a second %(id)s; give each its own id", N_("There is a second %(id)s. Give each an id of its own.")),
    ("%(channel)s is not a sandbox channel", N_("%(channel)s is no practice channel.")),
    (
        "a secret does not belong in this file; put it in a variable and write env:ITS_NAME",
        N_("A secret does not belong in this file. Fill it in on its own page, after this."),
    ),
    (
        "needs the address of the feed that pushes, or of the site",
        N_("Fill in the address of the feed, or of your site."),
    ),
    (
        "only a source of the scheme websub or webmention has a topic",
        N_("Only a feed that pushes (WebSub) or Webmention has this."),
    ),
    (
        "stands here a second time (first on line %(line)s)",
        N_("This stands here a second time; first on line %(line)s."),
    ),
    ("is not known here (did you mean %(near)s?)", N_("This name is not known. Did you mean %(near)s?")),
    ("is not known here (known: %(known)s)", N_("This name is not known. Known are: %(known)s.")),
    (
        "%(tag)s is not known here (did you mean %(near)s?)",
        N_("%(tag)s is not known. Did you mean %(near)s?"),
    ),
    ("%(tag)s is not known here (known: %(known)s)", N_("%(tag)s is not known. Known are: %(known)s.")),
    ("the file is empty", N_("There is nothing in the file.")),
    ("the file is larger than %(size)s MB", N_("The file is larger than %(size)s MB.")),
    ("a text that begins with * needs quotes", N_("A text that begins with * needs quotes.")),
    ("a text that begins with & or ! needs quotes", N_("A text that begins with & or ! needs quotes.")),
    ("a text that begins with { or [ needs quotes", N_("A text that begins with { or [ needs quotes.")),
    (
        "--- begins a second document; a brand file has one",
        N_("--- begins a second document. A file has one."),
    ),
    ("too many groups within groups", N_("There are too many groups within groups.")),
    (
        "a sign that cannot stand in a text; write it anew",
        N_("There is a sign here that cannot stand in a text. Write it anew."),
    ),
    ("column %(column)s: %(inner)s", N_("At sign %(column)s: %(inner)s")),
    (
        "a text with a colon in it needs quotes, and names of a group line up",
        N_("a text with a colon in it needs quotes, and names of a group line up"),
    ),
    (
        "a tab; indent with spaces",
        N_("a tab; indent with spaces"),
    ),
    (
        "a text that begins with this sign needs quotes",
        N_("a text that begins with this sign needs quotes"),
    ),
    (
        "the lines do not line up, or a text goes on after its closing quote or }",
        N_("the lines do not line up, or a text goes on after its closing quote or }"),
    ),
    (
        "a quote is opened and never closed",
        N_("a quote is opened and never closed"),
    ),
    (
        "a name without a colon, or a line that is indented too little",
        N_("a name without a colon, or a line that is indented too little"),
    ),
    (
        "a text that begins with { needs quotes",
        N_("a text that begins with { needs quotes"),
    ),
    (
        "a list that begins with [ is not closed, or its text needs quotes",
        N_("a list that begins with [ is not closed, or its text needs quotes"),
    ),
)
"""(as the brand file says it, as it is said here); the first that fits wins."""
_ALL = FORMS + query_words.FORMS


def sentence(fault: Fault, words: Words) -> str:
    return told(fault.said, words, _ALL)


def line(fault: Fault, words: Words) -> tuple[str, str, str]:
    """Of a file: which line, the place in it, and what is wrong there."""
    where = words.gettext("Line %(number)s") % {"number": fault.line}
    return where, place(fault.path), sentence(fault, words)
