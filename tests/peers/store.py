"""A store that other servers of this folder need: Redis."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.peers.fetch import LIBRARIES, debian, listening, port, running


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    number, log = port(), folder / "redis.log"
    if program := shutil.which("redis-server"):
        env: Mapping[str, str] = {}
    else:
        program, env = str(debian("redis-server") / "usr/bin/redis-server"), {"LD_LIBRARY_PATH": LIBRARIES}
    command = [program, "--port", str(number), "--save", "", "--dir", str(folder)]
    with running(command, log, env) as process:
        listening(number, process, log)
        yield f"127.0.0.1:{number}"
