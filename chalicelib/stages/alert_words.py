"""What an alert says, in the language of who is told: of each case who, what, by when and where; of each post
what is wrong; of more than usual how much; of a source since when; of a budget how much is used. Every link
leads by the notice, so that opening one is a receipt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.alerting import LATE, PRESS, SPIKE, UNSENT, URGENT, Notice, heard_by
from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.budget import Spent, dollars
from chalicelib.domain.case import Case
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.hush import ENDS, FAILS, REFUSED, UNASKED, UNREAD, WAITS, Hush
from chalicelib.domain.post import PostKey
from chalicelib.domain.spike import Surge
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import remind
from chalicelib.stages.remind import Reminder

LONGEST = 80
"""Characters of what a case begins with."""
SHOWN = 20
"""Cases or posts named in one message; the console has the rest."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "drill": "OEFENING",
        "drilled": "Dit is een oefening: het bericht is verzonnen, en wat je antwoordt gaat nergens heen.",
        "negative": "{author} is ontevreden: {title}",
        "positive": "{author} is blij: {title}",
        "urgent": "DRINGEND, {author}: {title}",
        "press": "Pers, {author}: {title}",
        "late": "Bijna te laat, {author}: {title}",
        "unsent": "Antwoord niet verstuurd, {author}: {title}",
        "subject_more": "{count} zaken voor {department}",
        "urgent_more": "DRINGEND: {count} zaken voor {department}",
        "press_more": "Pers: {count} zaken voor {department}",
        "late_more": "Bijna te laat: {count} zaken voor {department}",
        "unsent_more": "Antwoord niet verstuurd: {count} zaken voor {department}",
        "posts_more": "{count} berichten voor {department}",
        "held": "te laat voor zijn moment, en niet geplaatst",
        "failed": "niet geplaatst",
        "confirmed": "niet verwijderd, het staat er nog",
        "uncorrected": "niet verbeterd, er staat wat er stond",
        "sent": "verstuurd, maar niet te zien bij het netwerk",
        "unknown": "onbekend of het geplaatst is",
        "due": "antwoord uiterlijk {due}",
        "spike": "Meer dan anders: {count} berichten in een uur, waarvan {negative} ontevreden",
        "usual": (
            "Tot {time}. Op dit uur van de week zijn het er meestal {usual}, waarvan "
            "{usual_negative} ontevreden."
        ),
        "fails": "Bron antwoordt niet: {name}",
        "fails_since": "Sinds {time}. Wat daar gezegd wordt horen we nu niet.",
        "silent": "Bron ongewoon stil: {name}",
        "silent_since": "Hij antwoordt, en bracht sinds {time} niets nieuws: langer dan hij anders doet.",
        "unread": "Wat deze bron stuurt is niet te lezen: {name}",
        "unread_since": "Sinds {time}. Dat horen we nu niet; wat kwam ligt nog bij Gezondheid.",
        "waits": "Bron moet al lang wachten: {name}",
        "waits_since": "Sinds {time}: het netwerk vraagt om rust. Wat daar gezegd wordt horen we nu niet.",
        "unasked": "Bron wordt niet bevraagd: {name}",
        "unasked_since": "Sinds {time}, al was het zijn beurt. Wat daar gezegd wordt horen we nu niet.",
        "few": "Bron brengt veel minder dan anders: {name}",
        "few_since": "Hij antwoordt, en brengt veel minder dan op zulke dagen gewoon is: kijk of dat klopt.",
        "nothing": "Bron brengt niets: {name}",
        "nothing_since": "Niets sinds {time}. Wat gewoon is weten we nog niet: kijk of dat klopt.",
        "silent_more": "{count} bronnen worden niet gehoord",
        "refused": "Sleutel wordt niet meer aangenomen: {name}",
        "refused_since": "Sinds {time}. Verbind het account opnieuw, of stel een nieuwe sleutel in.",
        "ends-14": "Sleutel eindigt binnen twee weken: {name}",
        "ends-14_since": "Op {time}. Verbind het account opnieuw, of stel een nieuwe sleutel in.",
        "ends-7": "Sleutel eindigt binnen een week: {name}",
        "ends-7_since": "Op {time}. Verbind het account opnieuw, of stel een nieuwe sleutel in.",
        "ends-1": "Sleutel eindigt binnen een dag: {name}",
        "ends-1_since": "Op {time}. Verbind het account opnieuw, of stel een nieuwe sleutel in.",
        "keys_more": "{count} sleutels die aandacht vragen",
        "capped": "Bron boven zijn maximum: {name}",
        "capped_since": "Op {time} kwam er meer dan vanzelf zaken mag openen. Het is bewaard, en wacht.",
        "capped_more": "{count} bronnen boven hun maximum",
        "near": "Budget van {name} bijna op",
        "near_text": "Van de {amount} dollar voor deze maand is al {share} % uitgegeven, of meer.",
        "used": "Budget van {name} op",
        "used_text": (
            "De {amount} dollar voor deze maand is op. Wat het betaalt wordt niet meer gelezen tot de eerste "
            "van de maand, of tot iemand het budget verhoogt of laat doorgaan."
        ),
        "spent_more": "{count} budgetten bijna of helemaal op",
        "more": "En nog {count} andere.",
        "foot": "Je krijgt dit omdat je voor {department} van {brand} meldingen ontvangt.",
        "unopened": "Niemand keek: {subject}",
        "unopened_text": (
            "Deze melding voor {department} ging om {time} uit. Niemand opende haar, en er is "
            "niemand mee bezig."
        ),
        "unopened_foot": (
            "Je krijgt dit omdat je het hoort als een melding voor {department} van {brand} blijft liggen."
        ),
    },
    "en": {
        "drill": "DRILL",
        "drilled": "This is a drill: the message is invented, and what you answer goes nowhere.",
        "negative": "{author} is unhappy: {title}",
        "positive": "{author} is happy: {title}",
        "urgent": "URGENT, {author}: {title}",
        "press": "Press, {author}: {title}",
        "late": "Nearly late, {author}: {title}",
        "unsent": "Answer not sent, {author}: {title}",
        "subject_more": "{count} cases for {department}",
        "urgent_more": "URGENT: {count} cases for {department}",
        "press_more": "Press: {count} cases for {department}",
        "late_more": "Nearly late: {count} cases for {department}",
        "unsent_more": "Answer not sent: {count} cases for {department}",
        "posts_more": "{count} posts for {department}",
        "held": "too late for its moment, and not published",
        "failed": "not published",
        "confirmed": "not removed, it is still there",
        "uncorrected": "not corrected, it says what it said",
        "sent": "sent, but not to be seen at the network",
        "unknown": "unknown whether it was published",
        "due": "answer by {due}",
        "spike": "More than usual: {count} messages in an hour, {negative} of them unhappy",
        "usual": (
            "Up to {time}. At this hour of the week there are usually {usual}, {usual_negative} of "
            "them unhappy."
        ),
        "fails": "Source does not answer: {name}",
        "fails_since": "Since {time}. We do not hear what is said there.",
        "silent": "Source unusually silent: {name}",
        "few": "Source brings far less than usual: {name}",
        "few_since": "It answers, and brings far less than is usual on such days: see whether that is so.",
        "silent_since": "It answers, and brought nothing new since {time}: longer than it usually does.",
        "unread": "What this source sends cannot be read: {name}",
        "unread_since": "Since {time}. We do not hear what is said there; what came lies on the health page.",
        "waits": "Source has had to wait for long: {name}",
        "waits_since": "Since {time}: its network asks for rest. We do not hear what is said there.",
        "unasked": "Source is not asked: {name}",
        "unasked_since": "Since {time}, though it was its turn. We do not hear what is said there.",
        "nothing": "Source brings nothing: {name}",
        "nothing_since": "Nothing since {time}. What is usual is not known yet: look whether that is right.",
        "silent_more": "{count} sources are not heard",
        "refused": "Key is not taken any more: {name}",
        "refused_since": "Since {time}. Connect the account anew, or set a new key.",
        "ends-14": "Key ends within two weeks: {name}",
        "ends-14_since": "On {time}. Connect the account anew, or set a new key.",
        "ends-7": "Key ends within a week: {name}",
        "ends-7_since": "On {time}. Connect the account anew, or set a new key.",
        "ends-1": "Key ends within a day: {name}",
        "ends-1_since": "On {time}. Connect the account anew, or set a new key.",
        "keys_more": "{count} keys that need somebody",
        "capped": "Source over its cap: {name}",
        "capped_since": "On {time} more came than may open cases by itself. It is kept, and waits for you.",
        "capped_more": "{count} sources over their cap",
        "near": "Budget of {name} nearly used",
        "near_text": "Of the {amount} dollars for this month {share} % is spent, or more.",
        "used": "Budget of {name} used",
        "used_text": (
            "The {amount} dollars for this month are spent. What it pays for is not read any more until the "
            "first of the month, or until somebody raises the budget or lets it go on."
        ),
        "spent_more": "{count} budgets nearly or wholly used",
        "more": "And {count} more.",
        "foot": "You get this because you receive alerts for {department} of {brand}.",
        "unopened": "Nobody looked: {subject}",
        "unopened_text": (
            "This alert for {department} went out at {time}. Nobody opened it, and nobody works on it."
        ),
        "unopened_foot": (
            "You get this because you hear when an alert for {department} of {brand} is left alone."
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A delivery of a post that a person must look at."""

    post: PostKey
    delivery: Delivery


Told = Case | Trouble | Surge | Hush | Spent | Reminder


def message(
    brand: Brand, department: Department, notice: Notice, found: Sequence[Told], language: str
) -> tuple[str, str]:
    """Subject and plain text."""
    if reminders := [each for each in found if isinstance(each, Reminder)]:
        return remind.message(brand, department, reminders, notice.path, language)
    words = _words(language)
    ring = heard_by(notice.bell)[1]
    lines = [words["drilled"], ""] if notice.drill else []
    for each in found[:SHOWN]:
        lines += [*_lines(each, ring, brand, notice, words), ""]
    if len(found) > SHOWN:
        lines += [words["more"].format(count=len(found) - SHOWN), f"{brand.console_url}{notice.path}", ""]
    lines.append(words["foot"].format(department=department.name, brand=brand.name))
    subject = lines[2 if notice.drill else 0]
    if len(found) > 1:
        more = f"{ring}_more" if f"{ring}_more" in words else "subject_more"
        subject = words[more].format(count=len(found), department=department.name)
    if notice.drill:
        subject = f"{words['drill']}: {subject}"
    return _one_line(subject), "\n".join(lines)


def subjects(brand: Brand, department: Department, notice: Notice, found: Sequence[Told]) -> dict[str, str]:
    """In the languages that we have words in, beside the brand's first one."""
    others = [each for each in WORDS if each != brand.languages[0]]
    return {each: message(brand, department, notice, found, each)[0] for each in others}


def unopened(brand: Brand, department: Department, notice: Notice, language: str) -> tuple[str, str]:
    """Subject and text for those who hear of a notice that was left alone."""
    words = _words(language)
    subject = notice.subject_in(language)
    about = {"department": department.name, "brand": brand.name, "time": _time(notice.at, brand)}
    text = "\n".join(
        (
            subject,
            words["unopened_text"].format(**about),
            f"{brand.console_url}{notice.path}",
            "",
            words["unopened_foot"].format(**about),
        )
    )
    return _one_line(words["unopened"].format(subject=subject)), text


def facts(notice: Notice, found: Sequence[Told]) -> dict[str, object]:
    """The same for programs."""
    return {
        "brand": notice.brand,
        "department": heard_by(notice.bell)[0],
        "ring": heard_by(notice.bell)[1],
        "drill": notice.drill,
        "cases": [
            {"case": str(each.key), "sentiment": each.sentiment.value, "due": each.due.isoformat()}
            for each in found[:SHOWN]
            if isinstance(each, Case)
        ],
        "posts": [
            {"post": str(each.post), "channel": each.delivery.key.channel, "state": each.delivery.state.value}
            for each in found[:SHOWN]
            if isinstance(each, Trouble)
        ],
        "spikes": [
            {"at": each.at.isoformat(), "count": each.count, "usual": each.usual, "negative": each.negative}
            for each in found
            if isinstance(each, Surge)
        ],
        "sources": [
            {"source": each.source, "name": each.name, "state": each.kind, "since": each.since.isoformat()}
            for each in found
            if isinstance(each, Hush)
        ],
        "budgets": [
            {"scope": each.scope, "name": each.name, "state": each.kind, "usd": dollars(each.amount)}
            for each in found
            if isinstance(each, Spent)
        ],
    }


def _lines(each: Told, ring: str, brand: Brand, notice: Notice, words: Mapping[str, str]) -> list[str]:
    if isinstance(each, Surge):
        return _of_surge(each, brand, notice, words)
    if isinstance(each, Hush):
        return _of_source(each, brand, notice, words)
    if isinstance(each, Spent):
        return _of_budget(each, brand, notice, words)
    if isinstance(each, Trouble):
        return _of_post(each, brand, notice, words)
    return _of_case(each, ring, brand, notice, words) if isinstance(each, Case) else []


def _of_case(case: Case, ring: str, brand: Brand, notice: Notice, words: Mapping[str, str]) -> list[str]:
    due = case.due.astimezone(ZoneInfo(brand.zone)).strftime("%d-%m %H:%M")
    mood = "negative" if case.sentiment is Sentiment.NEGATIVE else "positive"
    said = words[ring if ring in (URGENT, PRESS, LATE, UNSENT) else mood]
    return [
        said.format(author=f"@{case.author}", title=_begins(case)),
        f"{case.platform}, {words['due'].format(due=due)}",
        f"{brand.console_url}{notice.path}?case={case.key.slug}",
    ]


def _begins(case: Case) -> str:
    """How the message that waits begins: the title is the conversation's, and may be an older one's."""
    line = " ".join((case.said or case.title).split())
    return line if len(line) <= LONGEST else line[:LONGEST].rsplit(" ", 1)[0] + "…"


def _of_post(trouble: Trouble, brand: Brand, notice: Notice, words: Mapping[str, str]) -> list[str]:
    delivery = trouble.delivery
    channel = brand.channel(delivery.key.channel)
    where = f" ({channel.name})" if channel else ""
    return [
        f"{delivery.title}: {words[_fate(delivery)]}{where}",
        f"{brand.console_url}{notice.path}?post={trouble.post.id}",
    ]


def _of_surge(surge: Surge, brand: Brand, notice: Notice, words: Mapping[str, str]) -> list[str]:
    return [
        words[SPIKE].format(count=surge.count, negative=surge.negative),
        words["usual"].format(
            time=_time(surge.at, brand), usual=surge.usual, usual_negative=surge.usual_negative
        ),
        f"{brand.console_url}{notice.path}",
    ]


def _of_source(hush: Hush, brand: Brand, notice: Notice, words: Mapping[str, str]) -> list[str]:
    since = hush.since.astimezone(ZoneInfo(brand.zone))
    exact = hush.kind in (FAILS, UNASKED, UNREAD, WAITS, REFUSED, *ENDS.values())
    time = since.strftime("%d-%m %H:%M" if exact else "%d-%m")
    return [
        words[hush.kind].format(name=hush.name),
        words[f"{hush.kind}_since"].format(time=time),
        f"{brand.console_url}{notice.path}",
    ]


def _of_budget(spent: Spent, brand: Brand, notice: Notice, words: Mapping[str, str]) -> list[str]:
    return [
        words[spent.kind].format(name=spent.name),
        words[f"{spent.kind}_text"].format(amount=dollars(spent.amount), share=brand.warn_at),
        f"{brand.console_url}{notice.path}",
    ]


def _words(language: str) -> Mapping[str, str]:
    return WORDS.get(language, WORDS["en"])


def _time(at: datetime, brand: Brand) -> str:
    return at.astimezone(ZoneInfo(brand.zone)).strftime("%H:%M")


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:150]


def _fate(delivery: Delivery) -> str:
    """What a person has to decide about."""
    return "uncorrected" if delivery.reason.startswith("could not be corrected: ") else delivery.state.value
