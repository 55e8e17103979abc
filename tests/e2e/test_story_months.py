"""The story over HTTP to its end: the month's report, in S3."""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.request import urlopen

import pytest

from infra.local.run import STAGE
from infra.local.world import HOOK
from tests.e2e.conftest import Stack, until
from tests.e2e.visitor import ZONE, Answer, Visitor

pytestmark = pytest.mark.e2e
BRAND = HOOK[0]
CSV = (
    "cases.csv",
    "deeds.csv",
    "deliveries.csv",
    "earlier.csv",
    "following.csv",
    "handovers.csv",
    "mentions.csv",
    "rates.csv",
    "sources.csv",
)
FILES = {*CSV, "facts.json", "mail.txt", "report.html", "report.json"}


def test_last_months_report_is_made_on_demand_and_lies_in_s3(guest_book: Stack, visitor: Visitor) -> None:
    # It is asked for on its page, which waits for it.
    stack = guest_book
    month = f"{datetime.now(ZONE).replace(day=1) - timedelta(days=1):%Y-%m}"
    path = f"/reports/{month}"
    asked = visitor.submit(visitor.get(path), path)
    assert re.fullmatch(rf"{path}\?asked=\d+", asked.location), asked.text
    assert "The report is being made" in visitor.get(asked.location).text or is_made(visitor.get(path))
    page = until(lambda: is_made(visitor.get(path)))

    # Every file is behind a short link to S3, and what they say agrees.
    assert set(re.findall(rf'href="{path}/([^"]+)"', page.html)) == FILES
    files = fetched(visitor, path, FILES)
    report = json.loads(files["report.json"])
    figures = {figure["name"]: figure for figure in report["figures"]}
    assert (report["brand"], report["month"]) == (BRAND, month)
    mentions = files["mentions.csv"].decode("utf-8-sig").splitlines()
    assert figures["mentions"]["value"] == len(mentions) - 1 == len(figures["mentions"]["rows"]) > 100
    assert figures["positive"]["value"] > 0
    assert figures["negative"]["value"] > 0
    sheet = files["report.html"].decode()
    assert '<html lang="nl">' in sheet
    assert "<svg" in sheet
    assert not re.search(r'(?:src|href)="(?!#|https?://)', sheet), "nothing of it lies elsewhere"

    # Its number opens its rows, on the page as in the file.
    assert f'href="{path}?rows=mentions"' in page.html
    assert visitor.get(f"{path}?rows=mentions").html.count("<tr>") > 50
    assert 'id="rows-mentions"' in sheet

    # The mail leads to the page; and made once more nothing is another byte, nobody is told again.
    (mail,) = mails(stack, month)
    assert f"{stack.console}{path}?brand={BRAND}" in mail
    for _ in range(2):
        evaluate(stack, month)
    assert fetched(visitor, path, FILES) == files
    assert len(mails(stack, month)) == 1
    again = visitor.post(path, visitor.get(path).form("/sign-out").fields)
    assert again.location == path, "what is there is not asked for again"

    # No other file has a link, and without a session none has.
    assert visitor.get(f"{path}/mailed").status == 404
    assert Visitor(stack.console).get(f"{path}/report.json").location.startswith("/sign-in?next=")


# what is there -----------------------------------------------------------------------------------


def is_made(page: Answer) -> Answer | None:
    return with_words(page, "from what was known then")


def with_words(page: Answer, words: str) -> Answer | None:
    assert page.status == 200, page.text
    return page if words in page.text else None


def fetched(visitor: Visitor, path: str, names: Iterable[str]) -> dict[str, bytes]:
    """What S3 answers to the link behind each name."""
    found = {}
    for name in sorted(names):
        link = visitor.get(f"{path}/{name}")
        assert link.status == 303, name
        with urlopen(link.location, timeout=30) as answer:
            found[name] = answer.read()
    return found


def evaluate(stack: Stack, month: str) -> None:
    """As the console asks for it, and until it is done."""
    names = ("account", "region", "source", "detail-type", "id", "time", "version")
    event = {**dict.fromkeys(names, ""), "resources": [], "detail": {"brand": BRAND, "month": month}}
    name = f"webspin-{STAGE}-evaluate-months"
    answer = stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer, answer["Payload"].read()


def mails(stack: Stack, month: str) -> list[str]:
    """Texts of those that bring the month's report."""
    return [mail["BodyText"] for mail in stack.mails() if f"/reports/{month}" in mail["BodyText"]]
