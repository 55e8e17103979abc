"""What a page of the console costs: our processor time, requests of AWS, bytes; beside what was asked for.

The whole app, warm, as Lambda calls it, with AWS answered in process: canned answers as long as those of a
brand with 100,000 kept mentions. What botocore takes to build and read a call is in it; what the network and
AWS take is not. `first` counts what is then remembered for a minute too: brands, sources, the morning's list.
"""

import gc
import re
from base64 import b64decode
from collections.abc import Generator, Iterator
from contextlib import redirect_stdout
from html import unescape
from io import StringIO
from statistics import median
from time import process_time
from typing import Any

from bench import Figure, Line, Note
from bench.brand import THE_BRAND
from bench.first_answer import Context
from bench.pages_town import CASES, CROWD, HELD, SHARES, SOURCES, TODAY, Requests, canned, event
from chalicelib import wiring
from chalicelib.stages import claim
from chalicelib.web import static

ROUNDS, CALLS = 7, 5
ASKED_MS, ASKED_REQUESTS, ASKED_KB = 60, 3, 120
PAGES = {
    "today": "/",
    "mentions": "/mentions",
    "mentions_of_a_feeling": "/mentions?label=negative",
    "mentions_that_ask": "/mentions?state=answer",
    "mentions_of_a_watch": "/mentions?watch=naam",
    "mentions_of_a_network": "/mentions?platform=mastodon",
    "mentions_of_a_language": "/mentions?language=nl",
    "mentions_of_a_person": "/mentions?author=reiziger7",
    "mentions_of_nobody": "/mentions?author=niemand",
    "cases": "/cases",
}
GOES_ON = ("mentions", "mentions_of_a_feeling", "mentions_of_a_person", "mentions_of_nobody")
"""Of these also the page that their last link leads to."""
SENDS_STYLE = ("modern-normalize.css", "webspin.css", "htmx.js", "webspin.js")


def figures() -> Iterator[Line]:
    yield Note(f"pages: median of {ROUNDS} rounds of {CALLS} calls, warm, the whole app with its log line;")
    yield Note(f"{TODAY} mentions today, {CASES} cases that wait, {HELD} messages held, {SOURCES} sources")
    yield Note(f"asked of today and mentions: {ASKED_MS} ms, {ASKED_REQUESTS} requests, {ASKED_KB} kB")
    with canned() as (app, requests, token):
        for name, path in PAGES.items():
            answer = yield from _page(name, app, event(path, token), requests)
            if name in GOES_ON:
                older = event(_next(answer), token)
                yield from _page(f"{name}_older", app, older, requests)
    with canned(midnight=True) as (app, requests, token):
        yield from _page("mentions_at_midnight", app, event(PAGES["mentions"], token), requests)
    yield from _crowd()
    yield Note("weight: the page as it is, style sheets and scripts as a browser is sent them (gzip)")


def _crowd() -> Iterator[Line]:
    """The work list of a department, and taking a case from it."""
    shares = ", ".join(f"{SHARES.count(each)}% {each}" for each in dict.fromkeys(SHARES))
    yield Note(f"a crowd: {CROWD} cases wait: {shares}")
    yield Note(f"asked of a department's list: {ASKED_MS} ms, {ASKED_REQUESTS} requests, one of them a query")
    with canned(crowd=True) as (app, requests, token):
        for department in dict.fromkeys(SHARES):
            path = f"/cases?department={department}"
            yield from _page(f"crowd_{department}", app, event(path, token), requests)
            _, warm = _asked(app, event(path, token), requests)
            yield Figure(f"page_crowd_{department}_queries", warm.count("Query"), "requests")
        yield from _page("crowd_everybody", app, event("/cases", token), requests)
        first = wiring.cases().waits(THE_BRAND.id, limit=1).cases[0]
        requests.clear()
        claim.take(first.key, first.rev, "Anna", by_id="u-1", cases=wiring.cases(), now=wiring.now())
        yield Figure("claim_reads", requests.count("GetItem"), "requests")
        yield Figure("claim_writes", len(requests) - requests.count("GetItem"), "requests")


def _page(
    name: str, app: Any, page: dict[str, Any], requests: Requests
) -> Generator[Line, None, dict[str, Any]]:
    _, first = _asked(app, page, requests)
    answer, warm = _asked(app, page, requests)
    yield Figure(f"page_{name}_rows", b64decode(answer["body"]).count(b'<li class="row'), "rows")
    yield Figure(f"page_{name}_cpu", round(_ms(app, page), 1), "ms")
    yield Figure(f"page_{name}_requests", len(warm), "requests")
    yield Figure(f"page_{name}_requests_first", len(first), "requests")
    sent, plain = _weight(answer)
    yield Figure(f"page_{name}_weight", round(sent / 1000, 1), "kB")
    yield Figure(f"page_{name}_weight_unpacked", round(plain / 1000, 1), "kB")
    return answer


def _next(answer: dict[str, Any]) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', b64decode(answer["body"]).decode())
    if found is None:
        raise RuntimeError("the page leads no further")
    return unescape(found[1])


def _asked(app: Any, page: dict[str, Any], requests: Requests) -> tuple[dict[str, Any], list[str]]:
    """The answer, and what AWS was asked for it."""
    requests.clear()
    with redirect_stdout(StringIO()):
        answer: dict[str, Any] = app(page, Context())
    if answer["statusCode"] != 200:
        raise RuntimeError(f"the page was answered {answer['statusCode']}")
    return answer, list(requests)


def _ms(app: Any, page: dict[str, Any]) -> float:
    rounds = []
    with redirect_stdout(StringIO()):
        for _ in range(ROUNDS):
            gc.collect()
            began = process_time()
            for _ in range(CALLS):
                app(page, Context())
            rounds.append((process_time() - began) / CALLS)
    return median(rounds) * 1e3


def _weight(answer: dict[str, Any]) -> tuple[int, int]:
    page = b64decode(answer["body"])
    assets = [static.find(static.names()[name]) for name in SENDS_STYLE]
    found = [asset for asset in assets if asset]
    return (
        len(page) + sum(len(asset.packed) for asset in found),
        len(page) + sum(len(asset.body) for asset in found),
    )
