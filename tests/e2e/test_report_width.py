"""The month's report on a large screen: no table is wider than its column, whatever the networks gave."""

import pytest
from playwright.sync_api import Browser

from chalicelib.web import report
from tests.web.months import MONTHS

pytestmark = pytest.mark.e2e
WIDER = """() => [...document.querySelectorAll("table")]
    .map((one) => [one, one.getBoundingClientRect().width - one.parentElement.getBoundingClientRect().width])
    .filter(([, beyond]) => beyond > 0.5)
    .map(([one, beyond]) => `${one.getAttribute("aria-labelledby") || one.ariaLabel}: ${beyond}`)"""


@pytest.mark.parametrize("name", MONTHS)
def test_no_table_is_wider_than_its_column(chromium: Browser, name: str) -> None:
    files = {file: body for file, body, _ in report.files(MONTHS[name]())}
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.set_content(files["report.html"].decode())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate(WIDER) == []
    page.close()
