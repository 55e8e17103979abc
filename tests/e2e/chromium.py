"""The browser that the console is tried in: any Chromium or Chrome; a loud word where there is none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.local.emulator import ROOT

OUTPUT = ROOT / "tests" / "output"
"""Where pictures are kept, to be looked at."""
LONGEST = 4000
"""Pixels of a picture: what is further down a long page is more of the same."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def launched(config: pytest.Config) -> Iterator[Browser]:
    """In CI (`CI=true`) having none is a failure."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        said = f"NO BROWSER FOUND ({', '.join(NAMES)}): the console was not tried in one."
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        plugins = config.pluginmanager
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            plugins.getplugin("terminalreporter").write_line(f"\n{said}", yellow=True)
        pytest.skip(said)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()
