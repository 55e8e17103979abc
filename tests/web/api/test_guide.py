"""The guide is true: its examples are run as they are written, by a shell, over HTTP."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.web.api.bridge import wsgi
from tests.web.api.office import OURS, Caller, Office

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"
EXAMPLES = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    with make_server("127.0.0.1", 0, wsgi(office.client), handler_class=Quiet) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_every_example_of_the_guide_works(office: Office, planner: Caller, address: str) -> None:
    assert shutil.which("curl"), "the examples are run with curl"
    office.case(office.heard())
    (first, *rest) = EXAMPLES
    assert "WEBSPIN=" in first
    set_up = f"set -eu\nWEBSPIN={address}/api/v1/brands/{OURS}\nKEY='Authorization: Bearer {planner.text}'\n"
    kept = "\n".join(line for line in first.splitlines() if not line.startswith(("WEBSPIN=", "KEY=")))
    done = subprocess.run(
        ["sh", "-c", "\n".join([set_up, kept, *rest])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for said in ('"title":"Open on Sunday"', '"approved_by":"Sam de Wit via Planner"', '"on":true'):
        assert said in done.stdout
