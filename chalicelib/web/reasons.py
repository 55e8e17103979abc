"""Why something failed, in the reader's language.

Reasons are kept as platforms, `http.py` and stages say them: one line of English. Here each is known by its
form and worded for a person; what has no form here (a network's own words) is shown as it came.
"""

import re
from datetime import timedelta
from functools import cache

from chalicelib.web.i18n import N_, Words

PLACE = re.compile(r"%\((\w+)\)s")
NUMBERS = ("status", "room", "number", "rest", "seconds", "size", "times", "port", "over", "least", "most")
"""Places that only a number fills: "answered 502" is an answer of a network, "answered meanwhile" none."""
_FILLED = {**dict.fromkeys(NUMBERS, r"[\d.,]+"), **dict.fromkeys(("host",), r"\S+")}

FORMS: tuple[tuple[str, str], ...] = (
    # a reason within a reason
    ("could not look: %(inner)s", N_("we could not look whether it is there: %(inner)s")),
    ("could not be corrected: %(inner)s", N_("it could not be corrected: %(inner)s")),
    ("could not be removed: %(inner)s", N_("it could not be removed: %(inner)s")),
    # a calendar of closed days
    ("this is not a calendar", N_("there is no calendar at this address")),
    ("this calendar cannot be read: %(what)s", N_("there is something in it that cannot be read")),
    (
        "a calendar with more than %(most)s closed days a year",
        N_("it closes more than %(most)s times a year"),
    ),
    # how a message can be answered
    ("Webspin does not write on this network", N_("Webspin does not write on this network")),
    ("no account of ours is connected there", N_("no account of ours is connected there")),
    (
        "the account it was heard by is not connected any more",
        N_("our account there is not connected any more"),
    ),
    # what a network answers
    ("HTTP 401: %(said)s", N_("the network refuses our key (%(said)s)")),
    ("HTTP 403: %(said)s", N_("the network refuses our key (%(said)s)")),
    ("HTTP 401", N_("the network refuses our key")),
    ("HTTP 403", N_("the network refuses our key")),
    ("HTTP %(status)s, but its answer is not JSON", N_("the network gave an answer that we cannot read")),
    ("HTTP %(status)s: %(said)s", N_("the network says: %(said)s")),
    ("HTTP %(status)s", N_("the network answered with error %(status)s")),
    ("answered 410: the feed is gone for good", N_("the feed is gone for good, so it is not asked any more")),
    ("answered %(status)s", N_("answered with error %(status)s")),
    ("the answer is not %(what)s", N_("the network gave an answer that we cannot read")),
    ("the answer holds no %(what)s", N_("the network gave an answer that we cannot read")),
    ("the answer does not say %(what)s", N_("the network gave an answer that we cannot read")),
    ("the answer does not show", N_("our answer does not show there yet")),
    ("it is still busy with what it was sent", N_("the network is not ready with the image yet")),
    ("it shows, and is not listed yet", N_("it was posted there, and we look where it stands")),
    ("it shows already, and is looked for", N_("it was posted there, and we look where it stands")),
    (
        "LinkedIn took the correction, and does not show it",
        N_("LinkedIn took the correction and does not show it"),
    ),
    ("its container is %(status)s", N_("the network says of what we sent: %(status)s")),
    ("more than %(number)s messages of ours to look through", N_("we wrote too much there since to find it")),
    ("more than %(number)s %(what)s to look through", N_("too much was written there since to find it")),
    ("too much was %(done)s since then to look through", N_("too much was written there since to find it")),
    ("the server still works on the image", N_("the network is not ready with the image yet")),
    ("it refuses this: %(said)s", N_("the network says: %(said)s")),
    ("it refuses this", N_("the network refuses this")),
    ("the answer to our sign-in is not one", N_("the network gave an answer that we cannot read")),
    ("the server does not say what it can", N_("the network gave an answer that we cannot read")),
    ("the server does not say who we are", N_("the network does not say who we are")),
    ("the site does not say who we are", N_("the network does not say who we are")),
    ("there is no app password", N_("the app password is missing")),
    ("it is not connected yet", N_("its account is not connected yet")),
    ("the key is of another account", N_("the key is of another account")),
    ("its key is being renewed", N_("its key is being renewed")),
    ("it is not a message of this account", N_("the message is not of this account")),
    ("its author does not let it be quoted", N_("its writer does not let it be quoted")),
    ("this server does not quote messages", N_("this server does not quote messages yet")),
    ("its author does not take answers from us", N_("its writer does not take answers from us")),
    ("the message is not there any more", N_("the message is not there any more")),
    ("the message that is answered is not there any more", N_("the message is not there any more")),
    ("a text has 1 to %(room)s characters", N_("the text is empty, or longer than %(room)s characters")),
    ("rate limited for %(rest)s s", N_("the network asks us to wait %(rest)s")),
    # why an account is not asked yet
    (
        "the network allows %(number)s requests in %(rest)s s",
        N_("the network allows %(number)s requests in %(rest)s"),
    ),
    (
        "we ask one site %(number)s times in %(rest)s at most",
        N_("we ask one site %(number)s times in %(rest)s at most"),
    ),
    ("the network asks for rest", N_("the network asks for rest")),
    ("the network does not answer", N_("the network does not answer")),
    ("it asks not to be asked more often", N_("it asks not to be asked more often")),
    (
        "its last requests are kept for answers",
        N_("the network allows only a few requests more, and those are kept for answers"),
    ),
    ("too many of us ask it at once", N_("too much goes there at once")),
    # what a source that calls us says
    (
        "a call could not be read: what its network itself sends is not read yet",
        N_("what its network itself sends is not read yet"),
    ),
    (
        "a call could not be read: the account that its network is asked by has to be chosen at this source",
        N_("an account of its network has to be chosen at this source: only it can say what is true"),
    ),
    ("a call could not be read: %(what)s", N_("a call could not be read (%(what)s)")),
    # what a feed that pushes, or its hub, says
    ("its hub does not call us: %(inner)s", N_("it does not push to us: %(inner)s")),
    ("this feed names no hub: it does not push", N_("this feed does not push; add it as a feed")),
    (
        "this feed pushes as %(what)s: add that address instead",
        N_("this feed pushes as %(what)s: add that address instead"),
    ),
    ("its hub is not reached by https", N_("who pushes it cannot be reached by https")),
    ("the hub answered %(status)s: %(said)s", N_("who pushes it refuses: %(said)s")),
    ("the hub answered %(status)s", N_("who pushes it refuses, with error %(status)s")),
    ("the feed answered %(status)s", N_("answered with error %(status)s")),
    # what a server sends
    ("did not answer within %(seconds)s seconds", N_("did not answer within %(seconds)s seconds")),
    ("sent more than %(size)s MB", N_("sent more than %(size)s MB")),
    ("Amazon did not answer", N_("Amazon did not answer")),
    ("broke off its answer, or did not answer in HTTP", N_("broke off its answer")),
    ("broke off its answer", N_("broke off its answer")),
    ("answered in an encoding we did not ask for", N_("sent something that we cannot read")),
    ("sent something that cannot be unpacked", N_("sent something that we cannot read")),
    ("is not a feed: it is a web page", N_("this is a web page, not a feed")),
    ("is not a feed: %(why)s", N_("this is not a feed")),
    # where an address leads
    ("%(host)s leads inside the network", N_("%(host)s leads inside our own network, and is not opened")),
    ("redirects more than %(times)s times", N_("sends us on more than %(times)s times")),
    ("port %(port)s is not opened, only 80 and 443", N_("port %(port)s is not opened, only 80 and 443")),
    ("only http and https addresses are opened", N_("only addresses with http or https are opened")),
    (
        "an address with a user name or password in it is not opened",
        N_("an address with a user name or password in it is not opened"),
    ),
    ("the address has no usable host name", N_("the address is not a good one")),
    ("the address is not a URL", N_("the address is not a good one")),
    (
        "the address is too long or has characters that do not belong in one",
        N_("the address is not a good one"),
    ),
    ("no secure connection with %(host)s could be made", N_("no secure connection with %(host)s")),
    ("the name %(host)s is not known", N_("there is no %(host)s")),
    ("%(host)s could not be reached", N_("%(host)s cannot be reached")),
    ("%(host)s has no valid certificate: %(why)s", N_("the certificate of %(host)s is not valid")),
    # what a delivery meets
    ("not seen at the network", N_("not seen at the network")),
    ("not seen at the network; a person has it in hand", N_("not seen at the network")),
    ("not seen at the network yet", N_("not seen at the network yet")),
    ("the channel is gone: %(which)s", N_("the channel is not there any more")),
    ("the channel is not set up well: %(inner)s", N_("the channel is not set up well (%(inner)s)")),
    ("the source is not set up well: %(inner)s", N_("the source is not set up well (%(inner)s)")),
    ("its budget for this month is used", N_("its budget for this month is used")),
    (
        "it is asked by another at this moment",
        N_("it is being asked at this moment; try again in a minute"),
    ),
    ("answered meanwhile", N_("they were answered meanwhile")),
    ("its time is over", N_("its time was over before it could leave")),
    (
        "its standing approval does not hold any more",
        N_("the standing approval for it does not hold any more"),
    ),
    # what is wrong with a setting
    ("platform: %(which)s is not one of %(known)s", N_("there is no network %(which)s")),
    (
        "url: the address of an alert's feed: %(example)s",
        N_("this is not the address of an alert's feed, such as %(example)s"),
    ),
    ("site: the site's address, such as %(example)s", N_("its site is an address, such as %(example)s")),
    ("account: the id of the channel: it begins with UC", N_("a channel's id begins with UC")),
    ("url: the address of the feed", N_("the address of the feed is missing")),
    (
        "%(field)s: the server's address and nothing behind it, such as %(example)s",
        N_("its server is an address with nothing behind it, such as %(example)s"),
    ),
    (
        "handle: the account's whole name, such as %(example)s",
        N_("its name is the whole one, such as %(example)s"),
    ),
    ("kind: %(one)s or %(other)s", N_("its kind is “%(one)s” or “%(other)s”")),
    (
        "account: our own name there, without %(mark)s",
        N_("our own name there is missing; it goes without %(mark)s"),
    ),
    ("page: the number of the page, such as %(example)s", N_("its page is a number, such as %(example)s")),
    (
        "communities: their names without r/, with + between several",
        N_("its communities are names without r/, with + between several"),
    ),
    (
        "%(field)s: the number of the %(what)s, digits only",
        N_("it is known by its number there, which has digits only"),
    ),
    (
        "number: the phone number ID, digits only",
        N_("a phone number is known by its ID, which has digits only"),
    ),
    (
        "business_unit: the business as Trustpilot names it, letters and digits",
        N_("its business is an ID of letters and digits"),
    ),
    (
        "location: the place as Google names it, such as %(example)s",
        N_("its place is what Google calls it, such as %(example)s"),
    ),
    (
        "link: expected a channel's link, such as %(example)s",
        N_("its channel is a link, such as %(example)s"),
    ),
    (
        "token: expected what BotFather gives, such as %(example)s",
        N_("its token is what BotFather gives, such as %(example)s"),
    ),
    ("account: an address such as help@shop.example", N_("its account is not an e-mail address")),
    (
        "address: expected what the app Workflows shows, which begins with https://",
        N_("its address is what the app Workflows shows; it begins with https://"),
    ),
    ("platform: TikTok lets no program read or write what people say there", N_("TikTok lets no program in")),
    ("query: what to look for", N_("what to look for is missing")),
    (
        "tag: for a hashtag, and only then: the word without the #",
        N_("a hashtag is the word without the #, and only where one is listened to"),
    ),
    (
        "query: for a search, and only then: what to look for",
        N_("what to look for is missing, or is there without a search"),
    ),
    (
        "account: <brand>.<channel>, in small letters, digits and hyphens",
        N_("its account is <brand>.<channel>, in small letters, digits and hyphens"),
    ),
    ("the network took it, and does not show it", N_("the network took it, and does not show it")),
    (
        "another post of the same words has its message",
        N_("the network took it for another post of the same words"),
    ),
    ("tried %(times)s times, never seen at the network", N_("tried %(times)s times, never seen there")),
    # why a post waits
    ("the brake was on", N_("the brake was on")),
    ("the budget that pays for it is used", N_("the budget that pays for it is used")),
    ("a person stopped it", N_("somebody stopped it")),
    ("too late for its moment", N_("it is too late for its moment")),
    # what is wrong with a post
    (
        "the post has left, and its first comment stays as it was",
        N_("The post has left. Its first comment stays as it was: correct it once it stands there."),
    ),
    ("a working title", N_("Give it a working title.")),
    ("at most %(room)s characters", N_("Keep this to %(room)s characters.")),
    ("a language's code, such as nl or en", N_("Name a language by its code, such as nl or en.")),
    ("a goal of this brand", N_("Choose a goal that the organisation has.")),
    ("an address begins with https://", N_("An address begins with https://.")),
    ("it is shared already", N_("It is shared already. If it shall be so once more, tick that below.")),
    ("choose a channel", N_("Choose a channel.")),
    ("at most %(number)s channels", N_("Choose at most %(number)s channels.")),
    ("one text a channel", N_("Give each channel one text.")),
    ("there is no such channel", N_("The organisation has no such channel.")),
    ("nothing can be published on %(network)s", N_("Nothing can be published there.")),
    ("there is nothing to send", N_("There is nothing to send yet. Write a text.")),
    ("still to be filled in: %(names)s", N_("Still to be filled in: %(names)s.")),
    (
        "the address of what is shared is not in it",
        N_("Say where it is from: put the address of what you share in the text."),
    ),
    (
        "we did not hear the message that is passed on",
        N_("We did not hear that message: share it by its address."),
    ),
    ("a way in which its network passes a message on", N_("Choose how it is shared there.")),
    (
        "only where the message stands can it be passed on so",
        N_("It can be boosted or quoted only on the network where it stands."),
    ),
    ("its network does not pass messages on so", N_("This network does not share messages so.")),
    ("a boost has no words of ours", N_("A boost has no words of ours to correct.")),
    ("1 characters too long for %(network)s", N_("1 character too many.")),
    ("%(over)s characters too long for %(network)s", N_("%(over)s characters too many.")),
    # what is wrong with an image
    ("at most %(size)s MB an image", N_("An image has at most %(size)s MB. Make it smaller first.")),
    (
        "an image is a JPEG, PNG, WebP or GIF",
        N_("This is no image that can be shown: choose a JPEG, PNG, WebP or GIF."),
    ),
    ("this image is broken off or damaged", N_("This image is damaged. Choose it once more.")),
    (
        "at most %(number)s million pixels an image",
        N_("An image has at most %(number)s million pixels. Make it smaller first."),
    ),
    ("at most %(number)s images", N_("Choose at most %(number)s images.")),
    ("at most 1 images there", N_("At most 1 image leaves there.")),
    ("at most %(number)s images there", N_("At most %(number)s images leave there.")),
    (
        "say what the image shows, for who cannot see it",
        N_("Say what the image shows, for who cannot see it."),
    ),
    (
        "this image is not there any more; add it again",
        N_("This image is not there any more: add it once more."),
    ),
    ("no message is taken there without an image", N_("There a message has an image: add one.")),
    ("no images are taken there", N_("no images are taken there")),
    ("no %(kind)s images there", N_("There it takes no %(kind)s.")),
    ("at most %(size)s MB an image there", N_("There an image has at most %(size)s MB.")),
    (
        "at most %(number)s characters there for what an image shows",
        N_("There at most %(number)s characters say what an image shows."),
    ),
    ("its image is not kept any more", N_("its image is not kept any more")),
    ("the network could not read the image", N_("the network could not read the image")),
    ("%(least)s to %(most)s minutes", N_("Choose %(least)s to %(most)s minutes.")),
    ("a number of minutes", N_("Write it as a number of minutes.")),
    ("the same as row %(number)s", N_("This says the same as %(number)s: leave one out.")),
    ("a date and time", N_("Choose a day and a time.")),
    (
        "a moment as 2026-11-28T10:00, on the clock of %(zone)s",
        N_("Write 2026-11-28T10:00, on the clock of %(zone)s."),
    ),
    ("at most a year ahead", N_("Choose a moment within a year.")),
    ("that moment is past", N_("That moment has passed. Choose one ahead.")),
    (
        "a named person approves",
        N_("Your account has no name to sign with. Ask the administrator to add it."),
    ),
    ("this network lets nobody correct a message", N_("This network lets nobody correct a message.")),
    (
        "no chosen channel takes a first comment",
        N_("No chosen channel takes a first comment. Choose another, or leave it out."),
    ),
    (
        "a first comment goes below its post at once",
        N_("A first comment goes below its post at once: it has no moment of its own."),
    ),
    (
        "an answer in several messages is not corrected: take it back, answer anew",
        N_("An answer in several messages is not corrected. Take it back and answer anew."),
    ),
    (
        "two people see each answer here: take it back, answer anew",
        N_("Two people see each answer here. Take it back and answer anew."),
    ),
    (
        "the honesty check found: %(rules)s",
        N_("The honesty check would stop this text. Say it otherwise, or take the answer back."),
    ),
    (
        "a correction makes no new promise: answer anew",
        N_("A correction makes no new promise: what is promised is kept an eye on from the answer it is in."),
    ),
    ("that is what it says", N_("That is what it says already.")),
    ("this network cannot take a message away; do it there", N_("Take it away at the network itself.")),
    # what an address of the customer's did
    ("it answered %(status)s", N_("it answered %(status)s")),
    ("its secret is not there", N_("its secret is not there; make a new one")),
    ("choose at least one event", N_("Choose at least one event.")),
    ("at most %(number)s addresses", N_("Keep to %(number)s addresses.")),
    # what could not be made
    (
        "%(month)s has more than %(most)s mentions",
        N_("there are more than %(most)s mentions in it, too many for one report"),
    ),
    ("mail: %(why)s", N_("the mail was refused (%(why)s)")),
    ("a fault of ours: %(type)s", N_("Webspin made a mistake; whoever looks after it finds it in the log")),
    # what the sandbox was told
    ("it was deleted, and is not published again", N_("it was deleted, and is not published again")),
    ("it was told to refuse our key", N_("the sandbox was told to refuse our key")),
    ("it was told to refuse", N_("the sandbox was told to refuse")),
    ("it was told to be down", N_("the sandbox was told to be down")),
    ("it was told to lose its answer", N_("the sandbox was told to lose its answer")),
)
"""(as it is kept, as it is said); the first that fits wins."""


def told(reason: str, words: Words, forms: tuple[tuple[str, str], ...] = FORMS) -> str:
    """The reason in the reader's language."""
    for form, said in _compiled(forms):
        if found := form.fullmatch(reason):
            parts = found.groupdict()
            if "inner" in parts:
                parts["inner"] = told(parts["inner"], words, forms)
            if "rest" in parts:
                parts["rest"] = _span(parts["rest"], words)
            return words.gettext(said, **parts)
    return words.gettext(reason) if reason else ""


def _span(seconds: str, words: Words) -> str:
    """As people say it; from a minute on in minutes, hours or days."""
    if not seconds.isdecimal() or len(seconds) > 9:
        return seconds
    if int(seconds) < 60:
        return words.ngettext("%(num)s second", "%(num)s seconds", int(seconds))
    return words.span(timedelta(seconds=int(seconds)))


@cache
def _compiled(forms: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_pattern(form), re.DOTALL), said) for form, said in forms)


def _pattern(form: str) -> str:
    pieces = PLACE.split(form)  # text and names in turn
    return "".join(
        f"(?P<{p}>{_FILLED.get(p, '.+?')})" if n % 2 else re.escape(p) for n, p in enumerate(pieces)
    )
