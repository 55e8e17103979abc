"""A server of the fediverse on this machine that speaks Mastodon's API: snac, out of Debian's packages.

It knows no `Idempotency-Key`. Like most it is meant to stand behind a web server, which is also the proxy by
which its two accounts reach each other (`front.py`).
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.peers.fetch import LIBRARIES, debian, debian_alone, listening, port, running
from tests.peers.front import front

HOST = "snac.example"
"""No port: it takes none in a mention."""
OURS, STRANGER = "brand", "anna"


@contextmanager
def served() -> Iterator[Mapping[str, str]]:
    """The variables by which the contract finds it."""
    debian("curl")  # brings the library it needs
    program = debian_alone("snac2", backports=True) / "usr/bin/snac"
    with TemporaryDirectory() as name:
        data, log, behind, before = Path(name) / "data", Path(name) / "snac.log", port(), port()
        _made(program, data, behind)
        passwords = {each: _joined(program, data, each) for each in (OURS, STRANGER)}
        env = {"LD_LIBRARY_PATH": LIBRARIES, "http_proxy": f"http://127.0.0.1:{before}"}
        with running([str(program), "httpd", str(data)], log, env) as process, front(before, behind):
            listening(behind, process, log)
            address = f"http://127.0.0.1:{before}"
            tokens = [_signed_in(address, each, password) for each, password in passwords.items()]
            yield {"WEBSPIN_PEER_SNAC": address, "WEBSPIN_PEER_SNAC_TOKENS": " ".join(tokens)}


def _made(program: Path, data: Path, number: int) -> None:
    _said(program, "init", data, told=f"127.0.0.1\n{number}\n{HOST}\n\n\n")
    settings = data / "server.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"protocol": "http"}))


def _joined(program: Path, data: Path, name: str) -> str:
    """The password of a new account."""
    if told := re.search(r"password is (\S+)", _said(program, "adduser", data, name)):
        return told[1]
    raise RuntimeError(f"snac makes no account {name}")


def _said(program: Path, *words: object, told: str = "") -> str:
    """Of one of its commands, which ask on standard input."""
    env = {**os.environ, "LD_LIBRARY_PATH": LIBRARIES}
    command = [str(program), *map(str, words)]
    done = subprocess.run(command, input=told, env=env, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def _signed_in(address: str, name: str, password: str) -> str:
    """A token of this account, by the form it has for that."""
    form = urlencode({"login": name, "passwd": password}).encode()
    with urlopen(f"{address}/oauth/x-snac-get-token", form, timeout=20) as answer:
        page = answer.read().decode()
    if found := re.search(r"\b[0-9a-f]{32}\b", page):
        return found[0]
    raise RuntimeError(f"snac gives {name} no token: {page[:300]}")
