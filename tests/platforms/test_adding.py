"""The guide, followed to the letter: the file of its example put into a copy of the package is a platform."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.platforms import names
from tests.servers.base import Reply, Request, Server

ROOT = Path(__file__).parents[2]
OUR_OWN = ("feed", "sandbox", "webhook")
"""What is no network: the house stands on these."""
GUIDE = ROOT / "docs" / "adding-a-platform.md"
BRAND = """
name: Deeg
zone: Europe/Amsterdam
languages: [nl]
departments: [{name: Balie}]
sources:
  - name: Shouts
    platform: shouts
    server: https://shouts.example
    account: deeg
    token: env:SHOUTS_TOKEN
"""
USE = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from chalicelib import platforms
from chalicelib.brandfile.file import BrandFileError, read
from chalicelib.http import Http
from chalicelib.ports import Kit

url, port, brand = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
assert "shouts" in platforms.names()
assert not platforms.can("shouts", "publish")
assert platforms.leaves_out("shouts", {})

read_setup = read(brand, now=datetime(2026, 11, 23, tzinfo=UTC))
(source,) = read_setup.sources
assert source.settings == {"server": "https://shouts.example", "account": "deeg"}, source.settings
assert read_setup.secrets == {"source/deeg/shouts": {"token": "test-token"}}, read_setup.secrets

from chalicelib.web.brand_fields import KINDS, SOURCES
assert KINDS["shouts", ""] == "Shouts: who names our account"
asked = [field.name for field in SOURCES["shouts", ""]]
assert asked == ["name", "server", "account", "channel", "interval", "cap", "token"], asked

from chalicelib.web.unheard import offered
assert offered()["shouts"] == "shouts"

kit = Kit(http=Http(frozenset({("127.0.0.1", port)})), shelf=None)
ear = platforms.connect("shouts", {"server": url, "account": "deeg"}, {"token": "test-token"}, kit)
first = ear.listen("")
assert [each.text for each in first.found] == ["Warm <bread> & soup"], first
assert ear.listen(first.cursor).found == ()
print("heard")
"""


class Shouts(Server):
    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != "Bearer test-token":
            return Reply(401, b"{}")
        html, at = "<p>Warm &lt;bread&gt; &amp; soup", "2026-11-22T09:00:00Z"
        said = [{"id": "7", "by": "anna", "html": html, "at": at}]
        return Reply(200, json.dumps([] if request.query.get("after") == ["7"] else said).encode())


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package with the example's file in it, and nothing else."""
    shutil.copytree(
        ROOT / "chalicelib", tmp_path / "chalicelib", ignore=shutil.ignore_patterns("__pycache__")
    )
    (example,) = re.findall(r"```python\n(\"\"\"Shouts.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "chalicelib" / "platforms" / "shouts.py").write_text(example, "utf-8")
    (tmp_path / "deeg.yaml").write_text(BRAND, "utf-8")
    return tmp_path


def run(package: Path, script: str, *given: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(package), "SHOUTS_TOKEN": "test-token"}
    return subprocess.run(
        [sys.executable, "-c", script, *given],
        cwd=package,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_of_the_guide_is_a_platform_by_being_there(package: Path) -> None:
    with Shouts() as server:
        done = run(package, USE, server.url, str(server.port), str(package / "deeg.yaml"))
    assert (done.returncode, done.stdout) == (0, "heard\n"), done.stderr


GONE = """
import sys
from chalicelib import platforms
from chalicelib.errors import BadInput
from chalicelib.brandfile import plain
from chalicelib.brandfile.forms import BrandForm
from chalicelib.domain.source import Source
from chalicelib.web.brand_fields import CHANNELS, SOURCES

name = sys.argv[1]
assert name not in platforms.names()
assert name not in {each for each, _ in SOURCES} | set(CHANNELS)
assert platforms.leaves_out(name, {}) == ()
assert platforms.answering(name).how == "browser"
try:
    platforms.connect(name, {}, {}, None)
except BadInput as error:
    print(error)
"""


@pytest.mark.parametrize("name", [name for name in names() if name not in OUR_OWN])
def test_a_platform_whose_file_is_deleted_is_gone_and_said_to_be(package: Path, name: str) -> None:
    (package / "chalicelib" / "platforms" / f"{name}.py").unlink()
    done = run(package, GONE, name)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"platform: {name!r} is not one of ")
