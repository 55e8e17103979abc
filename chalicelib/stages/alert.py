"""Warn colleagues at once of what is strongly negative or strongly positive, and of posts that need them.

The first of a department goes out at once; what comes within `QUIET` after it is gathered and goes
out as one, so that a storm is one message every ten minutes and not a hundred. Complaints and praise ring
bells of their own, so that the one never waits for the other. What is to be told waits in a set until
a message with it has been sent: a crash in between sends one again, and loses none.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.delivery import Delivery, asks
from chalicelib.domain.post import PostKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import HttpError, NotFound, PlatformError, Unavailable
from chalicelib.ports import Alerts, Brands, Cases, Http, Mail, Posts, Secrets

QUIET = timedelta(minutes=10)
SHOWN = 20
"""Cases or posts named in one message; the console has the rest."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "negative": "ontevreden",
        "positive": "blij",
        "subject_one": "{author} is {mood}: {title}",
        "subject_more": "{count} zaken voor {department}",
        "posts_more": "{count} berichten voor {department}",
        "held": "te laat voor zijn moment, en niet geplaatst",
        "failed": "niet geplaatst",
        "confirmed": "niet verwijderd, het staat er nog",
        "sent": "verstuurd, maar niet te zien bij het netwerk",
        "unknown": "onbekend of het geplaatst is",
        "due": "antwoord uiterlijk {due}",
        "more": "En nog {count} andere.",
        "foot": "Je krijgt dit omdat je voor {department} van {brand} meldingen ontvangt.",
    },
    "en": {
        "negative": "unhappy",
        "positive": "happy",
        "subject_one": "{author} is {mood}: {title}",
        "subject_more": "{count} cases for {department}",
        "posts_more": "{count} posts for {department}",
        "held": "too late for its moment, and not published",
        "failed": "not published",
        "confirmed": "not removed, it is still there",
        "sent": "sent, but not to be seen at the network",
        "unknown": "unknown whether it was published",
        "due": "answer by {due}",
        "more": "And {count} more.",
        "foot": "You get this because you receive alerts for {department} of {brand}.",
    },
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A delivery of a post that a person must look at."""

    post: PostKey
    delivery: Delivery


Told = Case | Trouble


def bell(case: Case) -> str:
    """What rings for a case: its department and its mood."""
    return f"{case.department}.{case.sentiment.value}"


def bell_of_posts(brand: Brand) -> str:
    """What rings for a post: the first department."""
    return f"{brand.departments[0].id}.posts"


def flush(
    brand_id: str,
    bell: str,
    *,
    alerts: Alerts,
    cases: Cases,
    posts: Posts,
    brands: Brands,
    mail: Mail,
    http: Http,
    secrets: Secrets,
    failed: Callable[[str, str], None],
    now: datetime,
) -> int:
    """Send what waits for this department, if it was not told a moment ago; how many cases or posts.

    A way that fails (mail, webhook) is reported through `failed` with the reason, and never fails the work
    that caused the alert. Who was reached by one way is told; where none arrived, all are tried again
    when the quiet time is over.
    """
    brand = brands.get(brand_id)
    department = brand.department(bell.partition(".")[0])
    keys = alerts.claim(brand_id, bell, now, quiet_until=now + QUIET)
    if not keys:
        return 0
    found, open_ones = _read(keys, cases, posts, now)
    told = not found or _tell(brand, department, found, mail, http, secrets, failed)
    if told:
        alerts.done(brand_id, bell, [key for key in keys if key not in open_ones])
    return len(found) if told else 0


def flush_waiting(alerts: Alerts, flush_one: Callable[[str, str], int], now: datetime) -> int:
    """What was gathered while a department had its quiet; called by every tick."""
    return sum(flush_one(brand, bell) for brand, bell in alerts.waiting(now))


def _read(
    keys: Iterable[CaseKey | PostKey], cases: Cases, posts: Posts, now: datetime
) -> tuple[list[Told], set[CaseKey | PostKey]]:
    """What is to be told, the worst first; and the posts whose outcome is still to be written: their bell
    rang just before."""
    found: list[Case] = []
    troubles: list[Told] = []
    open_ones: set[CaseKey | PostKey] = set()
    for key in keys:
        try:
            if isinstance(key, CaseKey):
                found.append(cases.get(key))
                continue
            deliveries = posts.get(key)[1]
        except NotFound:
            continue
        asking = [Trouble(key, each) for each in deliveries if asks(each)]
        troubles += asking
        if not asking and any(not each.state.rests and each.due <= now for each in deliveries):
            open_ones.add(key)
    found.sort(key=lambda case: (case.sentiment is not Sentiment.NEGATIVE, case.due))
    return [*found, *troubles], open_ones


def _tell(
    brand: Brand,
    department: Department,
    found: Sequence[Told],
    mail: Mail,
    http: Http,
    secrets: Secrets,
    failed: Callable[[str, str], None],
) -> bool:
    """By every way the department has; True if one of them arrived, or there is none."""
    subject, text = message(brand, department, found)
    ways: dict[str, Callable[[], None]] = {}
    if department.alert_mail and brand.mail_from:
        ways["mail"] = lambda: mail.send(
            sender=brand.mail_from, to=department.alert_mail, subject=subject, text=text
        )
    if department.alert_webhook:
        ways["webhook"] = lambda: _call(brand, department, subject, text, found, http, secrets)
    arrived = 0
    for name, way in ways.items():
        try:
            way()
            arrived += 1
        except (PlatformError, HttpError) as error:
            failed(name, str(error))
    return arrived > 0 or not ways


def message(brand: Brand, department: Department, found: Sequence[Told]) -> tuple[str, str]:
    """Subject and plain text, in the brand's first language. Of each case who, what, by when, where; of
    each post what is wrong, and where."""
    words = WORDS.get(brand.languages[0], WORDS["en"])
    lines = []
    for each in found[:SHOWN]:
        said = _of_post(each, brand, words) if isinstance(each, Trouble) else _of_case(each, brand, words)
        lines += [*said, ""]
    if len(found) > SHOWN:
        lines += [words["more"].format(count=len(found) - SHOWN), ""]
    lines.append(words["foot"].format(department=department.name, brand=brand.name))
    more = "posts_more" if isinstance(found[0], Trouble) else "subject_more"
    subject = (
        lines[0] if len(found) == 1 else words[more].format(count=len(found), department=department.name)
    )
    return " ".join(subject.split())[:150], "\n".join(lines)


def _of_case(case: Case, brand: Brand, words: Mapping[str, str]) -> list[str]:
    from zoneinfo import ZoneInfo

    due = case.due.astimezone(ZoneInfo(brand.zone)).strftime("%d-%m %H:%M")
    mood = words["negative" if case.sentiment is Sentiment.NEGATIVE else "positive"]
    return [
        words["subject_one"].format(author=f"@{case.author}", mood=mood, title=case.title),
        f"{case.platform}, {words['due'].format(due=due)}",
        f"{brand.console_url}/cases/{case.key.slug}",
    ]


def _of_post(trouble: Trouble, brand: Brand, words: Mapping[str, str]) -> list[str]:
    delivery = trouble.delivery
    channel = brand.channel(delivery.key.channel)
    where = f" ({channel.name})" if channel else ""
    return [
        f"{delivery.title}: {words[delivery.state.value]}{where}",
        f"{brand.console_url}/posts/{trouble.post.id}",
    ]


def _call(
    brand: Brand,
    department: Department,
    subject: str,
    text: str,
    found: Sequence[Told],
    http: Http,
    secrets: Secrets,
) -> None:
    """POST the alert as JSON. `text` is what chat services show; the rest is for programs."""
    url = secrets.get(f"alert/{brand.id}/{department.id}").get("url", "")
    body = {
        "text": f"{subject}\n\n{text}",
        "brand": brand.id,
        "department": department.id,
        "cases": [
            {"case": str(case.key), "sentiment": case.sentiment.value, "due": case.due.isoformat()}
            for case in found[:SHOWN]
            if isinstance(case, Case)
        ],
        "posts": [
            {"post": str(each.post), "channel": each.delivery.key.channel, "state": each.delivery.state.value}
            for each in found[:SHOWN]
            if isinstance(each, Trouble)
        ],
    }
    answer = http.request(
        "POST",
        url,
        headers={"content-type": "application/json"},
        body=json.dumps(body, ensure_ascii=False).encode(),
        max_bytes=100_000,
    )
    if answer.status >= 300:
        raise Unavailable("alert", f"the address of {department.name} answered {answer.status}")
