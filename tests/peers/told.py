"""What each real server showed, in a line of its own at the end of the run."""

from collections import defaultdict

import pytest

SERVERS = {
    "snac": "snac, which speaks Mastodon's API and ignores Idempotency-Key",
    "mastodon for real": "the server of WEBSPIN_PEER_MASTODON",
    "bluesky": "Bluesky",
    "plain addresses": "WordPress with plain addresses",
    "PLAIN": "WordPress with plain addresses",
    "wordpress": "WordPress",
    "WORDPRESS": "WordPress",
    "pushed.py": "the WebSub hub",
}
"""By a part of a test's name, the first that fits."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    held: dict[str, list[str]] = defaultdict(list)
    broken: dict[str, list[str]] = defaultdict(list)
    for outcome, into in (("passed", held), ("failed", broken), ("error", broken)):
        for report in terminalreporter.stats.get(outcome, ()):
            if report.when == "call" or outcome != "passed":
                into[_server(report.nodeid)].append(report.nodeid)
    for server in dict.fromkeys([*held, *broken]):
        stories = [_words(each) for each in held[server] if "test_contract" not in each]
        counts = f"{len(held[server])} of {len(held[server]) + len(broken[server])} promises kept"
        terminalreporter.write_line(f"{server}: {counts}. {'; '.join(dict.fromkeys(stories))}".rstrip(" ."))


def _server(test: str) -> str:
    return next((name for part, name in SERVERS.items() if part in test), "another")


def _words(test: str) -> str:
    words = test.rpartition("::test_")[2].partition("[")[0].replace("_", " ")
    return f"{words}, where its word of it was lost" if "answer lost" in test else words
