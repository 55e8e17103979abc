"""The report of a month: the same bytes always, safe with hostile text, and sensible in small months."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chalicelib import wiring
from chalicelib.domain.errata import Erratum
from chalicelib.domain.figures import reckon
from chalicelib.domain.month import FLAT, CopyRow, Earlier, Facts, MentionRow, Named, SourceRow
from chalicelib.domain.shape import load
from chalicelib.domain.source import Outage
from chalicelib.domain.spend import estimate, rates
from chalicelib.errors import NotFound
from chalicelib.tasks import QUEUES
from chalicelib.web import report
from chalicelib.web.i18n import DAYS, MONTHS as MONTH_NAMES, Words
from chalicelib.web.static import FOLDER
from tests.web.checks import faults
from tests.web.months import FROZEN, MONTHS, ZONE, at, empty, full, one_mention
from tests.web.test_style import DARK, LIGHT

ROOT = Path(__file__).parent.parent.parent
HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "</script><svg onload=alert(1)>",
    "{{7*7}} {% raw %}",
    "\ue000reach\ue0017\ue002",
    "=HYPERLINK(1)",
    "x' onclick='alert(1)",
)
FORMULAS = ("=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "  =1+1")
TABLES = (
    "mentions",
    "cases",
    "handovers",
    "deliveries",
    "following",
    "sources",
    "deeds",
    "earlier",
    "rates",
    "costs",
)
NAMES = ["report.json", "report.html", "mail.txt", *(f"{table}.csv" for table in TABLES)]
WELL = {
    "nl": "We bereikten meer mensen dan in september. 74% kreeg op tijd antwoord. "
    "3 klachten wachten nog op antwoord.",
    "en": "We reached more people than in September. We answered 74% in time. "
    "3 complaints still wait for an answer.",
}
CALM = {
    "nl": "We plaatsten niets. 5 van 6 kreeg op tijd antwoord. Van de 6 klachten die om antwoord vroegen, "
    "wacht er geen. 59 negatieve berichten werden geen zaak.",
    "en": "We published nothing. We answered 5 of 6 in time. Of the 6 complaints that asked for an answer, "
    "none waits. 59 negative messages became no case.",
}


def listening(language: str = "nl") -> Facts:
    """A source was connected, and that was all."""
    return replace(empty(language), sources=full().sources[:1])


def calm(language: str = "nl") -> Facts:
    """Six complaints were answered, and of what is older the judge found 59 negative."""
    whole = full(language)
    asked = [row for row in whole.cases if row.label == "negative" and row.answered_at][:6]
    old = replace(next(row for row in whole.mentions if row.label == "negative"), state="ignore", intents=())
    mentions = tuple(replace(old, id=f"veldermeer/mastodon/{n}") for n in range(59))
    return replace(empty(language), mentions=mentions, cases=tuple(asked), sources=())


EACH = [(name, language) for name in MONTHS for language in ("nl", "en")]


def made(facts: Facts) -> dict[str, bytes]:
    return {name: body for name, body, _kind in report.files(facts)}


def page(facts: Facts) -> str:
    return made(facts)["report.html"].decode()


def said(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"<(style|svg).*?</\1>", "", html, flags=re.S)).split())


def in_console(facts: Facts, language: str = "nl", **more: object) -> str:
    words = Words(language, ZONE, datetime(2027, 1, 5, tzinfo=UTC))
    return str(report.body(facts, words, "/api", **more))  # type: ignore[arg-type]


def opened(facts: Facts, figure: str, language: str = "nl") -> str:
    """The rows of a figure, as the console shows them."""
    return str(report.rows(facts, Words(language, ZONE, datetime(2027, 1, 5, tzinfo=UTC)), "/api", figure)[2])


def test_a_report_has_its_files() -> None:
    assert set(made(full())) == set(NAMES)
    assert [name for name, _body, _kind in report.files(full())][-1] == "report.json"


@pytest.mark.parametrize("name", MONTHS)
def test_the_same_facts_give_the_same_bytes(name: str) -> None:
    facts = MONTHS[name]()
    assert report.load(report.dump(facts)) == facts
    assert made(facts) == made(report.load(report.dump(facts)))


def test_another_process_gives_the_same_bytes() -> None:
    """With another seed of the hashes, another time zone and another locale."""
    code = (
        "import hashlib; from tests.web.months import full; from chalicelib.web import report;"
        "print(hashlib.sha256(b''.join(b for _, b, _ in report.files(full()))).hexdigest())"
    )
    found = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        around = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        found.add(
            subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, env=around, capture_output=True, check=True, text=True
            ).stdout
        )
    assert len(found) == 1


# words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "language"), EACH)
def test_small_months_are_told_in_sensible_words(name: str, language: str) -> None:
    facts = MONTHS[name](language)
    text = said(page(facts)) + made(facts)["mail.txt"].decode()
    assert not re.search(
        r"\bnan\b|\bNone\b(?! (?:of|was))|%\(|inf\b|\bnull\b", text, re.I if language == "nl" else 0
    )
    plurals = r"people|posts|complaints|cases|points|suggestions|mensen|berichten|klachten|zaken|punten"
    assert not re.search(rf"(?<![\d.,/-])1 (?:{plurals})\b", text)
    if not facts.mentions:
        assert "0%" not in text
    assert "!" not in text


@pytest.mark.parametrize(
    ("facts", "nl", "en"),
    [
        (
            empty,
            "Van oktober 2026 is niets bekend: Webspin luisterde en plaatste toen nog niet.",
            "Nothing is known of October 2026: Webspin did not listen or publish yet.",
        ),
        (
            listening,
            "Er was niets te horen en er is niets geplaatst.",
            "Nothing was heard and nothing was published.",
        ),
        (
            calm,
            CALM["nl"],
            CALM["en"],
        ),
        (one_mention, "We plaatsten niets. Niemand klaagde.", "We published nothing. Nobody complained."),
        (
            full,
            WELL["nl"],
            WELL["en"],
        ),
        (
            MONTHS["first"],
            "Ons bereik was 23.929. 74% kreeg op tijd antwoord. 3 klachten wachten nog op antwoord.",
            "Our reach was 23,929. We answered 74% in time. 3 complaints still wait for an answer.",
        ),
        (
            MONTHS["one-of-each"],
            "Ons bereik was 1. Geen antwoord kwam op tijd. 1 klacht wacht nog op antwoord.",
            "Our reach was 1. No answer came in time. 1 complaint still waits for an answer.",
        ),
    ],
)
def test_the_month_in_a_sentence(facts: object, nl: str, en: str) -> None:
    assert callable(facts)
    assert json.loads(made(facts("nl"))["report.json"])["statement"] == nl
    assert json.loads(made(facts("en"))["report.json"])["statement"] == en


def test_a_report_in_another_language_than_ours_is_english() -> None:
    assert '<html lang="en">' in page(empty("fy"))


def test_the_page_is_in_the_readers_language_and_the_file_in_the_brands() -> None:
    assert "What changed, and why" in in_console(full("nl"), "en")
    assert "Wat er veranderde, en waarom" in page(full("nl"))


def test_what_is_not_given_is_called_so() -> None:
    text = said(page(MONTHS["not-given"]("en")))
    assert "No network told how many people we reached." in text
    assert "Reach Not given" in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_where_no_network_tells_reach_that_is_said_once_and_reactions_stand_first(language: str) -> None:
    text = said(page(MONTHS["no-reach"](language)))
    never = {"nl": "Geen van de netwerken", "en": "None of the networks says how many people saw a post."}
    assert text.count(never[language]) == 1
    words = {
        "nl": ("Reacties per bericht", "Antwoorden per bericht: 1,5"),
        "en": ("Reactions per post", "Replies per post: 1.5"),
    }
    for each in words[language]:
        assert each in text
    assert not re.search(r"\b(Reach|Bereik)\b", text)
    mail = report.mail(MONTHS["no-reach"](language), "")[1]
    assert words[language][0] in mail
    assert never[language] in mail


@pytest.mark.parametrize("name", MONTHS)
def test_every_number_of_a_table_is_linked(name: str) -> None:
    """Of the tables of the report and of its charts; the rows themselves are what is opened."""
    html = page(MONTHS[name]("en")).partition('class="behind"')[0].partition('<div class="report">')[2]
    cells = re.findall(r"<td[^>]*><span>(.*?)</span></td>", html, re.S)
    bare = [said(re.sub(r"<a .*?</a>", "", each, flags=re.S)) for each in cells]
    nothing = r"0|0 of \d+|0% \(0 to \d+%\)|0%|0 to \d+%|@\w+|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w+"
    assert [each for each in bare if re.search(r"\d", each) and not re.fullmatch(nothing, each)] == []


def test_an_earlier_month_opens_what_its_report_said() -> None:
    facts = full("en")
    html = page(facts)
    rows = html.partition('id="rows-month-2026-09"')[2].partition("</details>")[0]
    assert "14,100" in said(rows)
    assert "/reports/" not in html
    shown = str(report.rows(facts, Words("en", ZONE, FROZEN), "/api", "month-2026-09")[2])
    assert 'href="/api/reports/2026-09"' in shown


def test_the_mail_is_the_first_page_with_the_link() -> None:
    subject, text = report.mail(
        replace(full("en"), name="Library\r\nBcc: x@y.example"), "https://c.example/reports/x"
    )
    assert subject == "Library Bcc: x@y.example: report of October 2026"
    for each in ("23,929", "74% of 123", "37% and 11% of 326", "94% of 36", "1. Answer the 3 complaints"):
        assert each in text
    assert text.endswith("https://c.example/reports/x\n")
    assert "\ue000" not in text
    assert "https" not in made(full("en"))["mail.txt"].decode()


def test_corrections_stand_above_the_sentence() -> None:
    at = datetime(2026, 11, 9, 6, tzinfo=UTC)
    erratum = Erratum(at=at, was={"mentions": 326, "negative": 35}, present={"mentions": 327, "negative": 36})
    html = in_console(full(), errata=[(erratum, 0)])
    assert html.index("Verbeterd op ma 9 november") < html.index("statement")
    assert "Vermeldingen: was 326 , is 327." in said(html)
    assert "Nieuw:" not in html


def test_a_correction_says_what_came_and_what_went() -> None:
    at = datetime(2026, 11, 9, 6, tzinfo=UTC)
    same: dict[str, int | None] = {"positive": 120, "reach": None, "replied": 0}
    erratum = Erratum(
        at=at,
        was=same,
        present={**same, "reach": 9_300, "replied": 44},
        came={"positive": 1},
        gone={"positive": 1},
    )
    html = said(in_console(full(), "en", errata=[(erratum, 0)])).replace(" ,", ",")
    assert "Positive: was 120, is 120. New: 1, no longer there: 1." in html
    assert "Reach, with the numbers of a week: was not given, is 9,300." in html
    assert "Replies, with the numbers of a week: was 0, is 44." in html


def test_what_a_correction_says_opens_its_rows() -> None:
    at = datetime(2026, 11, 9, 6, tzinfo=UTC)
    was: dict[str, int | None] = {"posts": 123, "reach": None}
    now: dict[str, int | None] = {"posts": 0, "reach": 0}
    kept, lost = (in_console(full(), errata=[(Erratum(at=at, was=was, present=now), n)]) for n in (3, 0))
    opened = {"posts", "reach&amp;later=3"}
    for html, links in ((kept, opened), (lost, {"posts"})):
        told = html.partition("erratum")[2].partition("</div>")[0]
        assert set(re.findall(r'href="[^"]*/reports/2026-10\?rows=([^"]+)"', told)) == links


@pytest.mark.parametrize(
    ("language", "none", "one", "rule"),
    [
        (
            "nl",
            "Er ging geen antwoord tegen",
            "1 antwoord ging tegen",
            "Het belooft iets zonder te zeggen wanneer",
        ),
        ("en", "No answer went out against", "1 answer went out against", "It promises something without"),
    ],
)
def test_what_went_against_the_honesty_check_is_told_with_who_and_why(
    language: str, none: str, one: str, rule: str
) -> None:
    facts = full(language)
    assert none in said(page(facts))
    post = next(row for row in facts.deliveries if row.state == "confirmed")
    reply = replace(
        post, id="one", kind="reply", despite=("promise",), anyway="Nothing is known <yet>.", by="Noor"
    )
    html = page(replace(facts, deliveries=(*facts.deliveries, reply)))
    assert one in said(html)
    assert all(each in said(html) for each in (rule, "Noor", "Nothing is known &lt;yet&gt;."))
    assert 'href="#rows-despite"' in html
    assert html.partition('id="rows-despite"')[2].partition("</details>")[0].count("<tr>") == 2


@pytest.mark.parametrize(
    ("language", "one"),
    [
        ("nl", "1 wachtbericht ging uit met een doorlopend akkoord"),
        ("en", "1 holding reply was sent under a"),
    ],
)
def test_what_was_sent_by_itself_is_told_with_its_rows_and_counts_as_no_answer(
    language: str, one: str
) -> None:
    facts = full(language)
    assert 'id="standing"' not in page(facts)
    post = next(row for row in facts.deliveries if row.state == "confirmed")
    sent = replace(post, id="one", kind="reply", holding=True, under="s1", by="Noor <N>", text="Tot maandag")
    html = page(replace(facts, deliveries=(*facts.deliveries, sent)))
    assert one in said(html)
    assert all(each in said(html) for each in ("Noor &lt;N&gt;", "Tot maandag"))
    assert html.partition('id="rows-standing"')[2].partition("</details>")[0].count("<tr>") == 2


def test_numbers_younger_than_a_week_are_told_with_their_rows() -> None:
    facts = full("en")
    young = (replace(row, step=1) if n < 3 else row for n, row in enumerate(facts.deliveries))
    html = page(replace(facts, deliveries=tuple(young)))
    assert "Younger than a week: the numbers of 3 of 35 posts." in said(html)
    assert 'href="#rows-young"' in html
    rows = html.partition('id="rows-young"')[2].partition("</details>")[0]
    assert rows.count("an hour") == rows.count("<tr>") - 1 == 3
    assert "Younger than a week" not in said(page(facts))


def test_what_was_not_heard_is_told_apart_from_what_brought_nothing() -> None:
    outages = (Outage(at(4), at(28)), Outage(at(30, 8), at(30, 11)))
    broken = SourceRow(id="wall", name="Wall", platform="feed", last_heard=FROZEN, outages=outages)
    never = SourceRow(id="hook", name="Hook", platform="webhook")
    facts = full("en")
    text = said(page(replace(facts, sources=(*facts.sources, broken, never))))
    assert "Not heard: Forum Lezerskring, Hook." in text
    assert "Not heard for a time: Wall (Sun 4 October to Wed 28 October, Fri 30 October)." in text
    assert "Asked, and brought nothing: Dorpskrant." in text
    assert "was heard" not in text


def test_why_a_source_failed_is_said_in_the_readers_language() -> None:
    facts = full("nl")
    asked, plain = "the server does not say who we are", "geen antwoord"
    failing = (replace(row, reason=asked if n else plain) for n, row in enumerate(facts.sources))
    facts = replace(facts, sources=tuple(replace(row, failing_since=at(14)) for row in failing))
    for html in (page(facts), opened(facts, "failing")):
        assert "het netwerk zegt niet wie we zijn" in html
        assert plain in html, "a network's own words stay as they are"
        assert asked not in html


def test_what_nobody_knows_is_said_in_report_mail_and_advice() -> None:
    facts = full("en")
    unsure = (replace(row, state="unknown") if n in (2, 3) else row for n, row in enumerate(facts.deliveries))
    facts = replace(facts, deliveries=tuple(unsure), cases=(), sources=())
    for text in (said(page(facts)).replace(" .", "."), report.mail(facts, "")[1]):
        assert "Outcome unknown: 2." in text
        assert "1 did not leave." in text
        assert "Look up whether 2 posts left: their outcome is unknown." in text
        assert "Decide on 1 post that did not leave." in text
    assert 'href="#rows-unknown"' in page(facts)


def test_what_may_have_left_is_not_called_nothing() -> None:
    saturday = datetime(2026, 10, 3, 10, tzinfo=UTC)
    one = replace(full("en").deliveries[0], at=saturday, due=saturday, state="unknown", kind="post")
    facts = replace(full("en"), mentions=(), cases=(), deliveries=(one,))
    text = report.mail(facts, "")[1]
    assert "Of 1 post nobody knows whether it left." in text
    assert "published nothing" not in text
    assert len(reckon(facts).weekends) == len(reckon(replace(facts, deliveries=())).weekends) - 1


def test_half_of_the_answers_is_not_half_of_the_cases() -> None:
    facts = full("en")
    few = tuple(
        replace(row, answered_at=row.answered_at if n < 2 else None) for n, row in enumerate(facts.cases)
    )
    assert "Of those answered, half within" in report.mail(replace(facts, cases=tuple(few)), "")[1]


def test_a_number_is_as_old_as_it_was_when_it_was_taken() -> None:
    facts = full("en")
    row = replace(facts.deliveries[0], step=1, reach=7)
    taken = replace(row, counted_at=row.at + timedelta(hours=12))
    for each, age in ((taken, "12 h 00"), (row, "an hour")):
        html = said(page(replace(facts, deliveries=(each,)))).replace("\u00a0", " ")
        assert f" {age} " in html.partition("Posts whose reach was given")[2].partition("Reach")[2]


def test_a_first_month_costs_from_the_day_it_began() -> None:
    facts = replace(
        full("en"), began=datetime(2026, 10, 30, tzinfo=UTC), mentions=(), deliveries=(), cases=()
    )
    whole = reckon(replace(facts, began=None))["cost"].value
    assert reckon(facts)["cost"].value == pytest.approx((whole or 0) * 47 / 745, abs=1)
    assert "Since Fri 30 October, when Webspin began here." in said(page(facts))


def test_what_is_not_due_yet_and_what_was_not_due_before_is_said() -> None:
    facts = full("en")
    early = replace(facts.cases[-1], id="veldermeer/mastodon/1/1", due=FROZEN + (at(2) - at(1)))
    before = replace(facts.cases[0], id="veldermeer/mastodon/2/1", carried=True)
    facts = replace(facts, cases=(*facts.cases, early, before))
    for text in (said(page(facts)).replace(" .", "."), report.mail(facts, "")[1]):
        assert "Not due yet: 1, for the next report." in text.replace(" ,", ",")
        assert "Left by an earlier report: 1." in text
    assert {"#rows-not-due", "#rows-carried"} <= set(re.findall(r'href="([^"]+)"', page(facts)))


def test_a_first_month_says_on_which_day_it_began() -> None:
    facts = replace(listening("en"), began=datetime(2026, 10, 28, 9, tzinfo=UTC))
    assert "Webspin began here on Wed 28 October." in said(page(facts))
    assert "Webspin began here" not in said(page(listening("en")))
    assert "weekend" not in " ".join(each["what"] for each in json.loads(made(facts)["report.json"])["to_do"])


def test_what_to_do_is_for_the_month_in_which_the_report_is_made() -> None:
    late = replace(full("en"), frozen_at=datetime(2027, 1, 20, tzinfo=UTC))
    for facts, month in ((full("en"), "November"), (late, "January")):
        assert f"To do in {month}" in said(page(facts))
        assert f"To do in {month}" in report.mail(facts, "")[1]


def test_posts_without_a_goal_have_their_reach() -> None:
    row = re.search(r"<tr><th scope=.row.>\s*No goal.*?</tr>", page(full("en")), re.S)
    assert row
    value = reckon(full())["reach-aimless"].value
    assert value
    (reach,) = re.findall(r'data-label="Reach">(.*?)</td>', row[0], re.S)
    assert said(reach) == f"{value:,}"


def test_what_was_found_afterwards_is_no_source_that_failed() -> None:
    text = said(page(calm("en")))
    assert "No source was connected yet in this month: what is here was found afterwards." in text
    assert "Not heard" not in text
    assert "No message came more than once" not in text


def test_the_cost_opens_what_it_is_made_of() -> None:
    facts = replace(full("en"), rates=rates(wiring.prices(), queues=2))
    html = page(facts)
    rows = said(html.partition('id="rows-cost"')[2].partition("</details>")[0])
    for part in ("Queues that wait for work 0.52 –", "Mentions – 0.0000027", "Posts and replies – 0.0000"):
        assert part in rows
    table = html.partition('id="report-cost"')[2].partition("</section>")[0]
    assert {"#rows-cost", "#rows-mentions", "#rows-sent"} == set(re.findall(r'href="([^"]+)"', table))


def test_a_month_costs_what_the_health_page_says_at_its_end() -> None:
    facts = replace(full("en"), rates=rates(wiring.prices(), queues=len(QUEUES)))
    sent = sum(row.state == "confirmed" for row in facts.deliveries)
    end = datetime(2026, 10, 31, 23, 0, tzinfo=UTC) - timedelta(milliseconds=1)
    whole = estimate(wiring.prices(), end, ZONE, queues=len(QUEUES), mentions=len(facts.mentions), sent=sent)
    cost = reckon(facts)["cost"].value
    assert cost == pytest.approx(1_000_000 * sum(part.usd for part in whole), abs=1)
    assert f"About US$ {sum(part.usd for part in whole):.2f}." in said(page(facts)).replace(" .", ".")


def test_a_month_of_before_rates_were_kept_costs_what_it_did() -> None:
    facts = replace(full("en"), rates=FLAT)
    assert "rates" not in json.loads(report.dump(facts))
    assert "All else, a month – 2.00" in said(page(facts))
    assert reckon(facts)["cost"].value == 2_000_000 + 815


# what can be opened ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "language"), EACH)
def test_every_number_opens_its_rows(name: str, language: str) -> None:
    html = page(MONTHS[name](language))
    anchors = set(re.findall(r'href="#([^"]+)"', html))
    ids = re.findall(r' id="([^"]+)"', html)
    assert anchors <= set(ids)
    assert len(ids) == len(set(ids))
    if name in ("full", "no-reach"):
        page_alone = html.partition('class="behind"')[0]
        linked = set(re.findall(r'href="#rows-([^"]+)"', page_alone))
        told = {figure.name for figure in reckon(MONTHS[name](language)).all.values() if figure.rows}
        every = {"reach-not-given"} if name == "no-reach" else set()
        assert linked == told - every, "where no network gives it, those are all posts"


def troubled(language: str = "nl") -> Facts:
    """Much is young, unknown, not due yet, or of before; no weekend but one had a post."""
    whole = full(language)
    late = {4: "unknown", 5: "claimed", 6: "failed"}
    posts = [row for row in whole.deliveries if row.due.weekday() < 5]
    rows = (replace(row, step=n % 3, state=late.get(n, row.state)) for n, row in enumerate(posts))
    unclear = next(n for n, row in enumerate(whole.cases) if not row.answered_at)
    cases = (
        replace(
            row,
            carried=n < 3,
            unsure=n == unclear,
            due=row.due if row.answered_at else FROZEN + timedelta(hours=1),
        )
        for n, row in enumerate(whole.cases)
    )
    return replace(whole, deliveries=tuple(rows), cases=tuple(cases), rates=FLAT)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("facts", [*MONTHS.values(), calm, listening, troubled])
def test_no_number_is_without_its_rows(facts: Callable[[str], Facts], language: str) -> None:
    assert _unopened(page(facts(language))) == []


_EACH_DAY, _EACH_MONTH = (
    "|".join(Words(language, ZONE, FROZEN).gettext(name) for language in ("nl", "en") for name in names)
    for names in (DAYS, MONTH_NAMES)
)
NO_COUNT = "|".join(
    (
        r"“[^”]*”",  # what others wrote
        r"@\w+",
        rf"\b(?:{_EACH_DAY}) \d{{1,2}} (?:{_EACH_MONTH})(?: \d{{2}}:\d{{2}})?",
        rf"\b(?:{_EACH_MONTH}) \d{{4}}",
        r"× [\d.,]+",  # the unit of an axis
        r"(?<![\d.,])0%?(?: \(?0? ?(?:to|tot) \d+%\)?)?(?![\d.,]*\d)",
    )
)
"""What is no number, and numbers without any row: nothing of something."""


def _unopened(html: str) -> list[str]:
    """Texts with a number that opens nothing. Left out are the head, the pictures (their numbers are in the
    tables below them), the names of rows and columns, and the rows themselves."""
    first = html.partition('<div class="report">')[2].partition('class="behind"')[0]
    plain = re.sub(r"<(svg|th|a)\b.*?</\1>", " ", first, flags=re.S)
    texts = (re.sub(NO_COUNT, "", " ".join(unescape(each).split())) for each in re.split(r"<[^>]*>", plain))
    return [each for each in texts if re.search(r"\d", each)]


def test_the_rows_are_those_of_the_figure_and_the_file_has_the_rest() -> None:
    html = page(full())
    part = html.partition('<div id="rows-mentions">')[2].partition("</details>")[0]
    assert part.count("<tr>") - 1 == report.SHOWN
    assert "De eerste 200; alle 326 staan in mentions.csv." in part
    waiting = html.partition('<div id="rows-waiting">')[2].partition("</details>")[0]
    assert waiting.count("<tr>") - 1 == 3
    assert "/cases/" not in html


def test_in_the_console_a_number_leads_to_a_page_with_its_rows() -> None:
    html = in_console(full())
    names = set(re.findall(r'href="/api/reports/2026-10\?rows=([^"]+)"', html))
    assert names == {name for name, figure in reckon(full()).all.items() if figure.rows}
    assert "<td" not in html.partition('class="behind"')[2]
    assert opened(full(), "mentions").count("<tr>") - 1 == report.IN_CONSOLE
    assert 'href="/api/cases/' in opened(full(), "waiting")
    for none in ("nowhere", "../x", "reach%"):
        with pytest.raises(NotFound):
            opened(full(), none)


def test_what_lies_on_the_sandbox_is_a_page_of_ours() -> None:
    facts = full()
    mention = replace(facts.mentions[0], url="/sandbox/veldermeer#t-1", platform="sandbox")
    facts = replace(facts, mentions=(mention, *facts.mentions[1:]))
    assert 'href="/api/sandbox/veldermeer#t-1"' in opened(facts, "mentions")
    assert "/sandbox/" not in page(facts)


def test_report_json_holds_every_figure_with_its_rows() -> None:
    facts = full()
    told = json.loads(made(facts)["report.json"])
    known = {row.id for row in facts.mentions} | {row.id for row in facts.cases}
    known |= {row.id for row in facts.deliveries} | {row.id for row in facts.sources}
    known |= {row.id for row in facts.handovers or ()} | {row.id for row in facts.costs}
    by_name = {figure["name"]: figure for figure in told["figures"]}
    assert by_name.keys() == reckon(facts).all.keys()
    for figure in told["figures"]:
        if figure["table"] not in ("following", "deeds", "earlier", "rates"):
            assert set(figure.get("rows", ())) <= known
    row = load(Earlier, told["earlier_row"])
    assert (row.month, row.mentions, row.reach, row.reached) == ("2026-10", 326, 23929, 34)


# hand-overs -------------------------------------------------------------------------------------------


def handed(html: str) -> str:
    """That section, as text."""
    return said(html.partition('aria-labelledby="report-handed">')[2].partition("</section>")[0])


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nl",
            (
                "Overdrachten tussen afdelingen 40 overdrachten aan een andere afdeling.",
                "op de klok, nachten en weekenden meegerekend",
                "Wat Balie overdroeg aan Uitlening, wachtte daarvoor bij elkaar het langst: 8 dagen .",
                "Van afdeling Naar afdeling Overdrachten De helft wachtte daar hooguit Langste wachttijd",
                "Balie Uitlening 20",
                "Uitlening Balie 10",
                "Balie press 10",
            ),
        ),
        (
            "en",
            (
                "Hand-overs between departments 40 hand-overs to another department.",
                "by the clock, nights and weekends too",
                "What Balie handed over to Uitlening waited longest before that, 8 days in all.",
                "From department To department Hand-overs Half waited there at most Longest wait",
            ),
        ),
    ],
)
def test_who_handed_what_to_whom_and_how_long_it_waited_there(language: str, told: tuple[str, ...]) -> None:
    for html in (page(full(language)), in_console(full(language), language)):
        for each in told:
            assert each in handed(html)
    rows = opened(full(), "handed-desk.lending")
    assert rows.count("<tr>") - 1 == 20
    assert 'href="/api/cases/' in rows
    assert "Gaat over een reservering" in said(rows)


def test_where_nothing_was_handed_over_that_is_said() -> None:
    none = replace(full("en"), handovers=())
    assert handed(page(none)) == (
        "Hand-overs between departments No case was handed over to another department."
    )
    alone = replace(none, departments=none.departments[:1])
    assert "There is one department, so nothing is handed over." in handed(page(alone))


def test_a_month_of_before_hand_overs_were_kept_stays_as_it_was() -> None:
    """Nobody knows how many there were: no table, no figure, no file, and none is called zero."""
    facts = replace(full("en"), handovers=None)
    assert b"handovers" not in report.dump(facts)
    files = made(report.load(report.dump(facts)))
    assert set(files) == set(NAMES) - {"handovers.csv"}
    assert not any(b"andover" in body or b"and-over" in body or b"handed" in body for body in files.values())
    with pytest.raises(NotFound):
        opened(facts, "handed")


def test_nothing_is_advised_where_nothing_waited_or_to_a_department_that_is_gone() -> None:
    rows = full("en").handovers or ()
    at_once = tuple(replace(row, since=row.at) for row in rows)
    gone = tuple(row for row in rows if row.department == "press")
    for these in (at_once, gone):
        told = handed(page(replace(full("en"), handovers=these)))
        assert "hand-overs to another department." in told
        assert "in all" not in told


# hostile text ----------------------------------------------------------------------------------------


def hostile(text: str) -> Facts:
    facts = full("en")
    mention = MentionRow(
        id="veldermeer/feed/evil",
        at=FROZEN.replace(month=10, day=2),
        platform="feed",
        author=text,
        language='"><b>',
        label="negative",
        state="answer",
        watches=(text,),
        department=text,
        text=text,
        url="javascript:alert(1)",
        reach=9_999_999,
    )
    return replace(
        facts,
        name=text,
        mentions=(mention, replace(mention, id="veldermeer/feed/evil2", url="https://good@evil.example/")),
        cases=tuple(replace(row, title=text, author=text, department=text) for row in facts.cases[:30]),
        handovers=tuple(replace(row, title=text, reason=text) for row in facts.handovers or ()),
        deliveries=tuple(
            replace(row, title=text, text=text, goal=text, url=text) for row in facts.deliveries
        ),
        sources=tuple(replace(row, name=text, reason=text) for row in facts.sources),
        goals=tuple(replace(row, name=text) for row in facts.goals),
        departments=tuple(replace(row, name=text) for row in facts.departments),
        channels=tuple(replace(row, name=text) for row in facts.channels),
        deeds=tuple(replace(row, author=text, url=text, deed=text, state=text) for row in facts.deeds),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_is_only_text(text: str) -> None:
    calm = page(hostile("calm"))
    behind = "".join(opened(hostile(text), name) for name, it in reckon(hostile(text)).all.items() if it.rows)
    for html in (page(hostile(text)), in_console(hostile(text)), behind):
        assert "<img" not in html
        assert "<script" not in html
        assert "javascript:" not in html
        assert "good@evil" not in html
        assert escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;") in html
    tags = re.findall(r"<[a-z]+", page(hostile(text)))
    assert set(tags) == set(re.findall(r"<[a-z]+", calm))
    assert not re.search(r"<[^>]* on[a-z]+=", re.sub(r'"[^"]*"', '""', page(hostile(text))))


@pytest.mark.parametrize("text", FORMULAS)
def test_s17_a_spreadsheet_reckons_nothing_that_others_wrote(text: str) -> None:
    facts = hostile(text)
    for name, body in made(facts).items():
        if name.endswith(".csv"):
            for row in list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[1:]:
                for cell in row:
                    assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝")), (name, cell)


@pytest.mark.parametrize("table", TABLES)
def test_the_files_have_every_row_and_column(table: str) -> None:
    body = made(full())[f"{table}.csv"]
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\r\n") == body.count(b"\n")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    facts = getattr(full(), table)
    assert len(rows) == len(facts)
    assert list(rows[0]) == [field.name for field in fields(facts[0])]


def test_a_number_is_a_number_and_what_was_not_given_is_empty() -> None:
    body = made(full())["mentions.csv"].decode("utf-8-sig").split("\r\n")
    assert body[1].endswith(",40")
    assert body[2].endswith(',""')


# as a page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "language"), EACH)
def test_s19_the_file_asks_nothing_of_others(name: str, language: str) -> None:
    html = page(MONTHS[name](language))
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert f'<html lang="{language}">' in html
    assert not re.search(r"\bsrc=|<link|@import|<script|<iframe|<object", html)
    assert not re.findall(r"url\((?!#chart-)", html)
    for link in re.findall(r'<a [^>]*href="(?!#)[^"]*"[^>]*>', html):
        assert 'rel="noopener noreferrer nofollow"' in link


@pytest.mark.parametrize(("name", "language"), EACH)
def test_the_part_in_the_console_is_whole_and_has_nothing_inline(name: str, language: str) -> None:
    part = in_console(MONTHS[name](language), language)
    html = (
        f'<!doctype html><html lang="{language}"><body><main id="main"><h1>x</h1>{part}</main></body></html>'
    )
    assert not [fault for fault in faults(html) if "chart" not in fault or "inline" in fault]
    assert "<style" not in part


@pytest.mark.parametrize(("name", "language"), EACH)
def test_charts_are_drawn_well_and_named(name: str, language: str) -> None:
    html = page(MONTHS[name](language))
    for svg in re.findall(r"<svg.*?</svg>", html, flags=re.S):
        drawing = ElementTree.fromstring(svg)
        assert drawing.get("role") == "img"
        assert re.search(r"\d", drawing.get("aria-label") or "")
        for shape in drawing.iter():
            for side in ("x", "y", "x1", "y1", "x2", "y2"):
                assert -1 <= float(shape.get(side) or 0) <= 281, (side, shape.attrib)
            for length in ("width", "height"):
                assert float(shape.get(length) or 0) >= 0
    assert html.count("<svg") == html.count('<details class="numbers">')
    if name == "empty":
        assert "<svg" not in html


def test_the_files_colours_are_the_consoles_tokens_by_day() -> None:
    html = page(empty())
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9A-F]{6})", html))
    assert tokens.items() <= LIGHT.items()
    sheet = re.sub(r"/\*.*?\*/", "", (FOLDER / "report.css").read_text(), flags=re.S)
    used = set(re.findall(r"var\(--([\w-]+)\)", html))
    assert used <= tokens.keys()
    assert set(re.findall(r"var\(--([\w-]+)\)", sheet)) <= DARK.keys()
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", sheet)
    assert len(sheet.encode()) <= 8_000


# copies ----------------------------------------------------------------------------------------------


def copied() -> Facts:
    """The first message was taken over by two sites, and one of another month by one."""
    facts = full("en")
    base = facts.mentions[0]
    copies = tuple(
        CopyRow(
            id=f"veldermeer/feed/{n}",
            at=base.at,
            platform="feed",
            author="Courant",
            site=f"courant-{n}.example",
            copy_of=of,
            text="Boeken te laat",
            url=f"https://courant-{n}.example/1",
        )
        for n, of in enumerate((base.id, base.id, "veldermeer/feed/long-ago"))
    )
    return replace(facts, copies=copies)


def test_a_story_counts_once_and_its_copies_are_told_with_it() -> None:
    facts = copied()
    text = said(page(facts))
    assert "3 copies of stories on other sites; a story counts once." in text
    assert "Times On other sites Followers of its authors" in text
    assert reckon(facts)["mentions"].value == reckon(full("en"))["mentions"].value
    rows = made(facts)["copies.csv"].decode("utf-8-sig").strip().split("\r\n")
    assert len(rows) == 4
    assert "copy_of" in rows[0]
    opened_ = opened(facts, "copies", "en")
    assert 'href="https://courant-2.example/1"' in opened_
    assert "courant-1.example" in opened_


def test_a_month_without_copies_says_nothing_of_them() -> None:
    for facts in (full("en"), replace(full("en"), copies=())):
        assert "copies.csv" not in made(facts)
        assert "On other sites" not in page(facts)
    assert b"copies" not in report.dump(full("en")), "facts of before copies were known stay as they were"


# share of voice ------------------------------------------------------------------------------------------


def beside() -> Facts:
    """A hundred messages of us; of a peer thirty, ten of which are of us as well; of a topic five."""
    base = next(row for row in full().mentions if row.watches)
    ours = tuple(replace(base, id=f"veldermeer/mastodon/{n}") for n in range(100))
    peer = tuple(replace(base, id=f"veldermeer/mastodon/{n}", watches=("south",)) for n in range(90, 120))
    topic = tuple(replace(base, id=f"veldermeer/mastodon/{n}", watches=("reading",)) for n in range(200, 205))
    watches = (
        Named(id="south", name="Boekerij Zuid", kind="peer"),
        Named(id="reading", name="Voorlezen", kind="topic"),
    )
    return replace(full("en"), mentions=ours, beside=(*peer, *topic), watches=watches)


def test_what_was_said_of_us_stands_beside_what_was_said_of_peers() -> None:
    text = said(page(beside()))
    assert "Share of voice" in text
    assert "Us 100 83%" in text
    assert "Boekerij Zuid 30 25%" in text
    assert "Topic: Voorlezen 5 –" in text
    assert len(made(beside())["beside.csv"].decode("utf-8-sig").strip().split("\r\n")) == 36
    assert "Said of Boekerij Zuid" in opened(beside(), "voice-of-south", "en")


def test_where_nothing_listens_for_peers_there_is_no_share() -> None:
    assert "Share of voice" not in said(page(full("en")))
    assert "beside.csv" not in made(full("en"))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", ("US$ 4,30 ging naar netwerken die geld vragen", "In september was het US$ 3,00.")),
        ("en", ("US$ 4.30 went to networks that charge", "In September it was US$ 3.00.")),
    ],
)
def test_what_networks_were_paid_is_told_against_the_month_before(
    language: str, told: tuple[str, ...]
) -> None:
    facts = full(language)
    whole = said(page(facts)).replace(" .", ".")
    for each in told:
        assert each in whole
    files = made(facts)
    rows = list(csv.DictReader(io.StringIO(files["costs.csv"].decode("utf-8-sig"), newline="")))
    assert sum(int(row["micro_usd"]) for row in rows if row["month"] == facts.month) == 4_300_000
    assert [int(row["micro_usd"]) for row in rows if row["month"] == "2026-09"] == [3_000_000]
    assert reckon(facts)["paid"].rows == tuple(row["id"] for row in rows if row["month"] == facts.month)


def test_where_no_network_charged_the_report_says_nothing_of_it() -> None:
    facts = replace(full("en"), costs=())
    assert "costs.csv" not in made(facts)
    assert "networks that charge" not in said(page(facts))
    first = replace(full("en"), costs=tuple(each for each in full().costs if each.month == "2026-10"))
    assert "In September it was nothing." in said(page(first))
